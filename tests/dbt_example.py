"""A candidate of a random organisation built by dbt itself, with the compiled SQL of every data test. No tests here."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import ModuleType

import duckdb
from werkmonitor.core.workspace import NightFolder
from werkmonitor.settings import BreakSettings
from werkmonitor.transform import build_and_test, lay_input_ready

PROPERTY = Path(__file__).parent / "property"
BREAKS = (
    BreakSettings(id="stelsel", vanaf=date(2024, 2, 15), indicatoren=["uitstroom"], toelichting="Overal."),
    BreakSettings(
        id="dossiers", vanaf=date(2024, 3, 31), indicatoren=["uitstroom", "herinstroom"], regio=["GM0268"],
        toelichting="Een gemeente.",
    ),
)  # fmt: skip


@dataclass(frozen=True)
class DataTest:
    """One data test: its id, and the SQL that returns the failing rows."""

    check_id: str
    name: str
    sql: str


@contextmanager
def _of_the_property_tests(*names: str) -> Iterator[list[ModuleType]]:
    """Modules of the property tests, which live in a folder of their own."""
    sys.path.insert(0, str(PROPERTY))
    try:
        yield [importlib.import_module(name) for name in names]
    finally:
        sys.path.remove(str(PROPERTY))


def lay_ready(folder: Path, persons: int = 300, seed: int = 11) -> NightFolder:
    """A night folder with the accepted rows of an invented organisation that delivers every entity, and a candidate
    that holds invoer only."""
    night = NightFolder(folder).create()
    with _of_the_property_tests("services", "sql_adapter") as (services, adapter):
        parameters, history = services.full_parameters(), services.full_organisation(seed, persons)
        adapter.write_night(night, history, parameters)
        with duckdb.connect(str(night.candidate)) as connection:
            settings = adapter.settings_of(parameters).model_copy(update={"reeksbreuken": list(BREAKS)})
            deliveries = adapter.deliveries_of(parameters)
            lay_input_ready(connection, settings, night, parameters.peildatum, parameters.indeling_jaar, deliveries)
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
