"""A night folder made of a random organisation with the real models, for tests of the audit phase. No tests here."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from checks_example import Example, dbt_artifacts
from werkmonitor.compiled import lay_input_ready, run_models
from werkmonitor.core import disclosure
from werkmonitor.core.contracts import contract
from werkmonitor.core.types import Delivery
from werkmonitor.core.workspace import NightFolder
from werkmonitor.settings import Settings

LEVERDATUM = date(2025, 7, 10)
ENTITIES = ("uitkering", "dienstverband", "persoon", "kenmerk", "lks", "nieuw_beschut", "reeks")


def _invented() -> Any:
    """The random organisations of the property tests, which live in a folder of their own."""
    path = Path(__file__).parent / "property" / "organisation.py"
    spec = importlib.util.spec_from_file_location("willekeurige_organisatie", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def build(folder: Path, seed: int, persons: int = 150, methode: str = "afronden") -> Example:
    """Accepted rows of a random organisation, the candidate that dbt's own SQL makes of them, and what is published."""
    invented = _invented()
    parameters, history = invented.parameters(), invented.organisation(seed, persons)
    sources: dict[str, Any] = {
        source.naam: {
            "entiteiten": list(source.entiteiten),
            "dekking": source.dekking,
            "historie_vanaf": source.historie_vanaf,
        }
        for source in parameters.sources
    }
    settings = Settings.model_validate(
        {
            "monitor": {"naam": "Willekeurig", "regio_code": "AM08", "gemeenten": list(parameters.gemeenten)},
            "geheimhouding": {"methode": methode, "publiek": methode != "geen"},
            "bronnen": sources | {"jaarstukken": {"entiteiten": ["reeks"]}},
        }
    )
    night = NightFolder(folder).create()
    counted = [row for entiteit in ENTITIES for row in _accepted(night, entiteit, history.rows_of(entiteit))]
    _provenance(night, counted)
    deliveries = [
        Delivery(row["bron"], 0, LEVERDATUM, row["entiteit"], Path(row["bestand"]), row["bestand"], "0" * 64)
        for row in counted
    ]
    with duckdb.connect(str(night.candidate)) as connection:
        lay_input_ready(connection, settings, night, parameters.peildatum, parameters.indeling_jaar, deliveries)
        run_models(connection)
        disclosure.apply_to(connection, settings.geheimhouding)
    dbt_artifacts(night.dbt_target, {"een": ("pass", {"check_id": "tabel.een"})})
    return replace(Example(settings, night, deliveries), peildatum=parameters.peildatum)


def _accepted(night: NightFolder, entiteit: str, rows: list[Any]) -> list[dict[str, Any]]:
    """Write the accepted rows with their provenance; what the intake would have counted of each source."""
    source = contract(entiteit).source_column
    complete, counts = [], {}
    for position, row in enumerate(rows, start=2):
        bron = row.get(source, "jaarstukken") if entiteit != "reeks" else "jaarstukken"
        file = f"{bron}/{LEVERDATUM}/{entiteit}.csv"
        extra = {source: bron, "bron_volgorde": row.get("bron_volgorde", 0), "leverdatum": LEVERDATUM}
        complete.append(dict(row) | extra | {"bestand": file, "rij": position})
        counts[bron] = counts.get(bron, 0) + 1
    with duckdb.connect() as connection:
        columns = ", ".join(f'"{name}" {kind}' for name, kind in contract(entiteit).accepted_schema().items())
        connection.execute(f"create table rijen ({columns})")
        connection.register("_rijen", pa.Table.from_pylist(complete))
        connection.execute("insert into rijen by name select * from _rijen")
        connection.execute(f"copy rijen to '{night.accepted_file(entiteit)}' (format parquet)")
    return [
        {"bron": bron, "entiteit": entiteit, "bestand": f"{bron}/{LEVERDATUM}/{entiteit}.csv", "aangeleverd": number}
        for bron, number in counts.items()
    ]


def _provenance(night: NightFolder, counted: list[dict[str, Any]]) -> None:
    zero = {"leverdatum": LEVERDATUM, "sha256": "0" * 64, "dubbel": 0, "buiten_bereik": 0, "quarantaine": 0}
    rows = [row | zero | {"aanvaard": row["aangeleverd"]} for row in counted]
    pq.write_table(pa.Table.from_pylist(rows), night.counts)
    text = ("bron", "entiteit", "bestand", "regel", "kolom", "waarde")
    findings = pa.schema([*((name, pa.string()) for name in text), ("leverdatum", pa.date32()), ("rij", pa.int64())])
    pq.write_table(findings.empty_table(), night.findings)
    quarantine = findings.append(pa.field("persoon", pa.string()))
    pq.write_table(quarantine.empty_table(), night.quarantine)
