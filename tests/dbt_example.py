"""A candidate of a random organisation built by dbt itself, with the compiled SQL of every data test. No tests here."""

from __future__ import annotations

import importlib.util
import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from werkmonitor.core.contracts import contract
from werkmonitor.core.types import Delivery
from werkmonitor.core.workspace import NightFolder
from werkmonitor.settings import Settings
from werkmonitor.transform import build_and_test, lay_input_ready

LEVERDATUM = date(2025, 10, 1)
ENTITIES = ("uitkering", "dienstverband", "persoon", "kenmerk", "lks", "nieuw_beschut", "reeks")
ARROW_TYPES = {
    "DATE": pa.date32(),
    "BOOLEAN": pa.bool_(),
    "BIGINT": pa.int64(),
    "INTEGER": pa.int32(),
    "DOUBLE": pa.float64(),
    "VARCHAR": pa.string(),
}


@dataclass(frozen=True)
class DataTest:
    """One data test: its id, and the SQL that returns the failing rows."""

    check_id: str
    name: str
    sql: str


def invented_organisation(persons: int, seed: int) -> tuple[Any, Any]:
    """Parameters and history of the random organisation of the property tests, which live in a folder of their own."""
    path = Path(__file__).parent / "property" / "organisation.py"
    spec = importlib.util.spec_from_file_location("verzonnen_organisatie", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.parameters(), module.organisation(seed, persons)


def lay_ready(folder: Path, persons: int = 300, seed: int = 11) -> NightFolder:
    """A night folder with the accepted rows of an invented organisation, and a candidate that holds invoer only."""
    parameters, history = invented_organisation(persons, seed)
    night = NightFolder(folder).create()
    for entiteit in ENTITIES:
        _write_accepted(night, entiteit, history.rows_of(entiteit))
    schema = pa.schema({"persoon": pa.string(), "entiteit": pa.string()})
    pq.write_table(pa.Table.from_pylist([dict(row) for row in history.quarantaine], schema=schema), night.quarantine)
    with duckdb.connect(str(night.candidate)) as connection:
        deliveries = [_delivery(s.naam, n, e) for n, s in enumerate(parameters.sources) for e in s.entiteiten]
        lay_input_ready(
            connection, _settings(parameters), night, parameters.peildatum, parameters.indeling_jaar, deliveries
        )
    return night


def build(folder: Path, persons: int = 300, seed: int = 11) -> NightFolder:
    """A candidate with every model, built and tested by dbt."""
    night = lay_ready(folder, persons, seed)
    build_and_test(night)
    return night


def data_tests(night: NightFolder) -> dict[str, DataTest]:
    """The data tests that dbt ran in this night, by check id."""
    results = json.loads((night.dbt_target / "run_results.json").read_text(encoding="utf-8"))["results"]
    nodes = json.loads((night.dbt_target / "manifest.json").read_text(encoding="utf-8"))["nodes"]
    found = {}
    for result in results:
        node = nodes.get(result["unique_id"], {})
        if node.get("resource_type") == "test":
            check_id = node["config"]["meta"]["check_id"]
            found[check_id] = DataTest(check_id, node["name"], result["compiled_code"])
    return found


def _settings(parameters: Any) -> Settings:
    sources = {
        source.naam: {
            "entiteiten": list(source.entiteiten),
            "dekking": source.dekking,
            "historie_vanaf": source.historie_vanaf,
        }
        for source in parameters.sources
    }
    monitor = {
        "naam": "Voorbeeld",
        "regio_code": parameters.regio_code,
        "gemeenten": list(parameters.gemeenten),
        "peildatum": parameters.peildatum,
        "indeling_jaar": parameters.indeling_jaar,
    }
    return Settings.model_validate({"monitor": monitor, "bronnen": sources})


def _delivery(bron: str, order: int, entiteit: str) -> Delivery:
    return Delivery(bron, order, LEVERDATUM, entiteit, Path("/landing") / bron, f"{bron}/{entiteit}.csv", "0" * 64)


def _write_accepted(night: NightFolder, entiteit: str, rows: list[Any]) -> None:
    columns = contract(entiteit).accepted_schema()
    schema = pa.schema({name: ARROW_TYPES.get(kind, pa.decimal128(18, 4)) for name, kind in columns.items()})
    added = {"leverdatum": LEVERDATUM, "bestand": f"{entiteit}.csv"}
    if entiteit == "reeks":
        added |= {"levering_bron": "jaarverslagen", "bron_volgorde": 0}
    full = [{**row, **added, "rij": number} for number, row in enumerate(rows, 2)]
    pq.write_table(pa.Table.from_pylist(full, schema=schema), night.accepted_file(entiteit))
