"""The compiled SQL of the dbt models, to be run straight in one DuckDB connection without starting dbt.

For the property tests (hundreds of random histories) and the benchmark's floor. The nightly run uses dbt itself
(transform.py); the SQL is the same to the letter, because it comes from dbt's own compilation of the same manifest.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb

from werkmonitor.core.types import WerkmonitorError
from werkmonitor.core.workspace import NightFolder
from werkmonitor.transform import lay_input_ready, run_dbt

DATABASE = "candidate"


@dataclass(frozen=True)
class CompiledModel:
    name: str
    sql: str
    is_view: bool


@cache
def compiled_models() -> tuple[CompiledModel, ...]:
    """Every model with its compiled SQL, each after the models that it reads."""
    with tempfile.TemporaryDirectory() as folder:
        night = NightFolder(Path(folder))
        run_dbt(night, ("compile",))
        manifest = json.loads((night.dbt_target / "manifest.json").read_text(encoding="utf-8"))
    models = {key: node for key, node in manifest["nodes"].items() if node["resource_type"] == "model"}
    order = TopologicalSorter(
        {key: [parent for parent in node["depends_on"]["nodes"] if parent in models] for key, node in models.items()}
    )
    return tuple(_compiled_model(models[key]) for key in order.static_order())


def _compiled_model(node: dict[str, Any]) -> CompiledModel:
    sql = node.get("compiled_code")
    if not sql:
        raise WerkmonitorError(f"dbt heeft {node['name']} niet gecompileerd.")
    return CompiledModel(node["name"], sql, node["config"]["materialized"] == "view")


def open_memory_candidate() -> duckdb.DuckDBPyConnection:
    """An in-memory database under the name that the compiled SQL uses."""
    connection = duckdb.connect()
    connection.execute(f"attach ':memory:' as {DATABASE}")
    connection.execute(f"use {DATABASE}")
    return connection


def run_models(connection: duckdb.DuckDBPyConnection) -> None:
    """Build every model from the schema `invoer` that `lay_input_ready` has laid ready in this connection."""
    for model in compiled_models():
        kind = "view" if model.is_view else "table"
        connection.execute(f"create or replace {kind} {DATABASE}.main.{model.name} as {model.sql}")


__all__ = ["CompiledModel", "compiled_models", "lay_input_ready", "open_memory_candidate", "run_models"]
