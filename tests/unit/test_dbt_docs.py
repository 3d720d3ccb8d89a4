"""The documentation of the dbt project is whole and true: every model and column described, nothing described that is
not there, no shared text that nobody uses. What the tests of the project find is in tests/integration/test_dbt.py."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from werkmonitor.compiled import lay_input_ready, open_memory_candidate, run_models
from werkmonitor.core.examples_dbt import UNIT_TESTS_FILE, render
from werkmonitor.core.workspace import NightFolder
from werkmonitor.settings import Settings
from werkmonitor.transform import DBT_PROJECT, load_manifest

SETTINGS = Settings.model_validate(
    {"monitor": {"naam": "Leeg", "regio_code": "AM08"}, "bronnen": {"sociaal": {"entiteiten": ["uitkering"]}}}
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """Every model, built from no rows at all: columns do not depend on rows."""
    night = NightFolder(tmp_path_factory.mktemp("leeg")).create()
    schema = pa.schema({"persoon": pa.string(), "entiteit": pa.string()})
    pq.write_table(schema.empty_table(), night.quarantine)
    with open_memory_candidate() as connection:
        lay_input_ready(connection, SETTINGS, night, date(2024, 12, 31), 2024, [])
        run_models(connection)
        yield connection


@pytest.fixture(scope="module")
def described() -> dict[str, dict[str, str]]:
    """Per model the description of itself (under the empty name) and of its columns, as rendered."""
    nodes = [node for node in load_manifest().nodes.values() if node.resource_type == "model"]
    return {
        node.name: {"": node.description} | {name: column.description for name, column in node.columns.items()}
        for node in nodes
    }


def test_every_model_and_column_is_described(
    built: duckdb.DuckDBPyConnection, described: dict[str, dict[str, str]]
) -> None:
    found = built.execute(
        "select table_name, list(column_name order by ordinal_position) from information_schema.columns "
        "where table_catalog = current_database() and table_schema = 'main' group by table_name"
    ).fetchall()
    assert {model: [name for name in columns if name] for model, columns in described.items()} == dict(found)


def test_no_description_is_empty(described: dict[str, dict[str, str]]) -> None:
    short = [(model, name) for model, texts in described.items() for name, text in texts.items() if len(text) < 10]
    assert short == []


def test_every_source_is_described_and_exists(built: duckdb.DuckDBPyConnection) -> None:
    tables = built.execute("select table_name from information_schema.tables where table_schema = 'invoer'").fetchall()
    sources = {source.name: source.description for source in load_manifest().sources.values()}
    assert set(sources) <= {name for (name,) in tables}
    assert [name for name, text in sources.items() if len(text) < 10] == []


def test_every_shared_text_is_used() -> None:
    blocks = set(re.findall(r"{% docs (\w+) %}", (DBT_PROJECT / "models" / "docs.md").read_text(encoding="utf-8")))
    used = {name for path in described_in() for name in re.findall(r"doc\('(\w+)'\)", path.read_text(encoding="utf-8"))}
    assert blocks == used


def described_in() -> list[Path]:
    return sorted((DBT_PROJECT / "models").rglob("_*.yml"))


def test_the_unit_tests_of_the_worked_examples_are_up_to_date() -> None:
    """When this fails: `python -m werkmonitor.core.examples_dbt`."""
    assert UNIT_TESTS_FILE.read_text(encoding="utf-8") == render()
