"""The same history through the SQL: accepted Parquet, the schema `invoer`, dbt's compiled models, and back as cells.

dbt compiles once a process (seconds); after that a history costs about a second, in memory. No expectations here.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from werkmonitor.compiled import lay_input_ready, open_memory_candidate, run_models
from werkmonitor.core import disclosure
from werkmonitor.core.contracts import contracts
from werkmonitor.core.reference import Cell, History, Parameters
from werkmonitor.core.types import Delivery
from werkmonitor.core.workspace import NightFolder
from werkmonitor.settings import Settings

LEVERDATUM = date(2025, 10, 1)
ARROW_TYPES = {
    "DATE": pa.date32(),
    "BOOLEAN": pa.bool_(),
    "BIGINT": pa.int64(),
    "INTEGER": pa.int32(),
    "DOUBLE": pa.float64(),
    "VARCHAR": pa.string(),
}
ENTITIES = tuple(name for name in History.__dataclass_fields__ if name != "quarantaine")
CELL_COLUMNS = tuple(Cell.__dataclass_fields__)


def sql_cells(
    history: History, parameters: Parameters, methode: str = "geen", only: Collection[str] | None = None
) -> list[Cell]:
    """The cells of `pub_cijfers` for this history, or with `afronden` those of `gepubliceerd.reeksen`.

    `only`: just these indicators; most of the time goes to cells of others.
    """
    with tempfile.TemporaryDirectory() as folder:
        night = NightFolder(Path(folder)).create()
        write_night(night, history, parameters)
        settings = settings_of(parameters, methode)
        connection = open_memory_candidate()
        # With few rows a second thread only waits for the first; whole nights run with all threads there are.
        connection.execute("set threads = 1")
        try:
            lay_input_ready(
                connection, settings, night, parameters.peildatum, parameters.indeling_jaar, deliveries_of(parameters)
            )
            if only is not None:
                narrow_grid(connection, only)
            run_models(connection)
            if methode == "geen":
                return read_cells(connection, "main.pub_cijfers", only)
            disclosure.apply_to(connection, settings.geheimhouding)
            return read_cells(connection, "gepubliceerd.reeksen", only)
        finally:
            connection.close()


def narrow_grid(connection: duckdb.DuckDBPyConnection, only: Collection[str]) -> None:
    """Leave periods and break-downs of these indicators only: the others get no cells. What is counted stays."""
    for table in ("indicator_periode", "indicator_uitsplitsing"):
        connection.execute(f"delete from invoer.{table} where not list_contains(?, indicator_id)", [list(only)])


def read_cells(connection: duckdb.DuckDBPyConnection, table: str, only: Collection[str] | None = None) -> list[Cell]:
    query = f"select {', '.join(CELL_COLUMNS)} from {table} where ? or list_contains(?, indicator_id)"
    return [Cell(*row) for row in connection.execute(query, [only is None, list(only or ())]).fetchall()]


def settings_of(parameters: Parameters, methode: str = "geen") -> Settings:
    """The configuration that says the same as these parameters."""
    monitor = {
        "naam": "Voorbeeld",
        "regio_code": parameters.regio_code,
        "gemeenten": list(parameters.gemeenten),
        "peildatum": parameters.peildatum,
        "reeks_begin": parameters.reeks_begin,
        "indeling_jaar": parameters.indeling_jaar,
        "taken": {taak: {"gemeenten": list(codes)} for taak, codes in parameters.taken.items()},
    }
    names = (
        *("regelingen", "regelingen_terugkeer", "onderbreking_dagen", "werk_onderbreking_dagen"),
        *("registratievertraging_maanden", "index_basisjaar"),
        *("voltijd_uren", "toerekening_dagen", "normale_arbeidsduur"),
    )
    chosen = {name: getattr(parameters, name) for name in names}
    sources = {
        source.naam: {
            "entiteiten": list(source.entiteiten) or ["persoon"],
            "dekking": source.dekking,
            "historie_vanaf": source.historie_vanaf,
        }
        for source in parameters.sources
    }
    return Settings.model_validate(
        {
            "monitor": monitor,
            "parameters": {key: list(v) if isinstance(v, tuple) else v for key, v in chosen.items()},
            "geheimhouding": {"methode": methode, "publiek": False},
            "bronnen": sources,
        }
    )


def deliveries_of(parameters: Parameters) -> list[Delivery]:
    return [
        Delivery(s.naam, order, LEVERDATUM, entiteit, Path("/landing") / s.naam, f"{s.naam}/{entiteit}.csv", "0" * 64)
        for order, s in enumerate(parameters.sources)
        for entiteit in s.entiteiten
    ]


def write_night(night: NightFolder, history: History, parameters: Parameters) -> None:
    """What the intake would have written: an accepted file for each delivered entity, and the quarantine."""
    delivered = {entiteit for source in parameters.sources for entiteit in source.entiteiten}
    for entiteit in ENTITIES:
        if entiteit in delivered:
            rows = [as_accepted(entiteit, number, row) for number, row in enumerate(history.rows_of(entiteit), 2)]
            pq.write_table(accepted_table(entiteit, rows), night.accepted_file(entiteit))
    schema = pa.schema({"persoon": pa.string(), "entiteit": pa.string()})
    quarantined = [dict(row) for row in history.quarantaine]
    pq.write_table(pa.Table.from_pylist(quarantined, schema=schema), night.quarantine)


def as_accepted(entiteit: str, number: int, row: Mapping[str, Any]) -> dict[str, Any]:
    added = {"leverdatum": LEVERDATUM, "bestand": f"{entiteit}.csv", "rij": number}
    if entiteit == "reeks":
        added |= {"levering_bron": "jaarverslagen", "bron_volgorde": 0}
    return {**row, **added}


def accepted_table(entiteit: str, rows: list[dict[str, Any]]) -> pa.Table:
    columns = contracts()[entiteit].accepted_schema()
    schema = pa.schema({name: ARROW_TYPES.get(kind, pa.decimal128(18, 4)) for name, kind in columns.items()})
    decimals = {field.name for field in schema if pa.types.is_decimal(field.type)}
    return pa.Table.from_pylist(
        [{name: as_decimal(value) if name in decimals else value for name, value in row.items()} for row in rows],
        schema=schema,
    )


def as_decimal(value: Any) -> Decimal | None:
    """Arrow makes no decimal of a float."""
    return None if value is None else Decimal(str(value))
