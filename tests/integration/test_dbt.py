"""The dbt project as it runs in a night: the contract on what leaves, every data test on a sound candidate and on one
that was damaged, and the unit tests.

One candidate is built by dbt for the whole module; each damage is done within a transaction that is rolled back.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pytest
import yaml
from dbt_example import DataTest, build, data_tests
from werkmonitor import transform
from werkmonitor.checks.dbt_results import dbt_results
from werkmonitor.core import gate
from werkmonitor.core.registry import load_registry
from werkmonitor.core.types import CheckDidNotRun, Outcome
from werkmonitor.core.workspace import NightFolder
from werkmonitor.settings import Settings
from werkmonitor.transform import run_dbt

SETTINGS = Settings.model_validate(
    {"monitor": {"naam": "Voorbeeld", "regio_code": "AM08"}, "bronnen": {"sociaal": {"entiteiten": ["uitkering"]}}}
)


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> NightFolder:
    return build(tmp_path_factory.mktemp("nacht"))


@pytest.fixture(scope="module")
def damaged(night: NightFolder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """A copy of the candidate that may be damaged; the compiled SQL calls the database by the name of its file."""
    copy = tmp_path_factory.mktemp("schade") / night.candidate.name
    shutil.copyfile(night.candidate, copy)
    with duckdb.connect(str(copy)) as connection:
        yield connection


@pytest.fixture(scope="module")
def tests(night: NightFolder) -> dict[str, DataTest]:
    return data_tests(night)


@dataclass(frozen=True)
class Damage:
    """What is done to a sound candidate, and what must be true of at least one row that the test then returns."""

    check_id: str
    sql: str
    found: str


def read_damages() -> list[Damage]:
    written = yaml.safe_load(Path(__file__).with_name("dbt_damages.yml").read_text(encoding="utf-8"))
    return [Damage(check_id, **damage) for check_id, damages in written.items() for damage in damages]


DAMAGES = read_damages()


def failing_rows(connection: duckdb.DuckDBPyConnection, test: DataTest, found: str = "true") -> int:
    """How many rows the test returns for which `found` holds."""
    row = connection.execute(f"select count(*) from ({test.sql}) where {found}").fetchone()
    assert row is not None
    return int(row[0])


def test_every_data_test_passes_on_a_sound_candidate(night: NightFolder) -> None:
    results = dbt_results(night.dbt_target, SETTINGS)
    assert {result.check_id for result in results if result.outcome != Outcome.PASS} == set()
    assert len(results) > 50


def test_the_sound_candidate_has_something_to_test(night: NightFolder) -> None:
    """A test on an empty table says nothing."""
    with duckdb.connect(str(night.candidate), read_only=True) as connection:
        tables = connection.execute(
            "select table_name from information_schema.tables where table_schema = 'main'"
        ).fetchall()
        empty = [name for (name,) in tables if connection.execute(f"select 1 from {name} limit 1").fetchone() is None]
    assert empty == []


def test_a_break_of_the_settings_stands_with_its_cells_and_no_other(night: NightFolder) -> None:
    """Of year, quarter and month those in which it begins, of every break-down, and only where it is said to be."""
    with duckdb.connect(str(night.candidate), read_only=True) as connection:
        found = connection.execute(
            """select indicator_id, periode, regio_code = 'GM0268', reeksbreuk, count(distinct dimensie) > 1
            from pub_cijfers where reeksbreuk is not null and indicator_id not like 'herinstroom%' group by all"""
        ).fetchall()
        again = connection.execute(
            """select count(distinct indicator_id) > 10, bool_and(starts_with(indicator_id, 'herinstroom_')),
                bool_and(regio_code = 'GM0268' and periode in ('2024JJ00', '2024KW01') and reeksbreuk = 'dossiers')
            from pub_cijfers where reeksbreuk is not null and indicator_id <> 'uitstroom'"""
        ).fetchall()
    assert sorted(found) == [
        ("uitstroom", "2024JJ00", False, "stelsel", True),
        ("uitstroom", "2024JJ00", True, "dossiers stelsel", True),
        ("uitstroom", "2024KW01", False, "stelsel", False),
        ("uitstroom", "2024KW01", True, "dossiers stelsel", False),
        ("uitstroom", "2024MM02", False, "stelsel", False),
        ("uitstroom", "2024MM02", True, "stelsel", False),
        ("uitstroom", "2024MM03", True, "dossiers", False),
    ]
    assert again == [(True, True, True)]


def test_each_data_test_says_what_a_steward_needs(night: NightFolder) -> None:
    nodes = json.loads((night.dbt_target / "manifest.json").read_text(encoding="utf-8"))["nodes"].values()
    metas = {node["name"]: node["config"]["meta"] for node in nodes if node["resource_type"] == "test"}
    assert len({meta["check_id"] for meta in metas.values()}) == len(metas)
    for name, meta in metas.items():
        assert meta["ernst"] in ("blokkerend", "waarschuwing"), name
        assert min(len(meta[key]) for key in ("wat", "uitleg", "herstel")) >= 20, name


def test_each_data_test_has_a_damage_that_it_finds(tests: dict[str, DataTest]) -> None:
    assert {damage.check_id for damage in DAMAGES} == set(tests)


@pytest.mark.parametrize("damage", DAMAGES, ids=[f"{n:03d}-{d.check_id}" for n, d in enumerate(DAMAGES)])
def test_data_test_finds_the_damage(
    damage: Damage, damaged: duckdb.DuckDBPyConnection, tests: dict[str, DataTest]
) -> None:
    test = tests[damage.check_id]
    assert failing_rows(damaged, test) == 0
    damaged.execute("begin")
    try:
        damaged.execute(damage.sql)
        assert failing_rows(damaged, test, damage.found) > 0
    finally:
        damaged.execute("rollback")


def test_the_types_of_what_leaves_are_enforced(night: NightFolder) -> None:
    nodes = json.loads((night.dbt_target / "manifest.json").read_text(encoding="utf-8"))["nodes"]
    node = nodes["model.werkmonitor.pub_cijfers"]
    with duckdb.connect(str(night.candidate), read_only=True) as connection:
        described = connection.execute("describe pub_cijfers").fetchall()
    assert node["contract"]["enforced"]
    assert [(name, kind) for name, kind, *_ in described] == [
        (c["name"], c["data_type"]) for c in node["columns"].values()
    ]
    required = {name for name, _, null, *_ in described if null == "NO"}
    assert {"indicator_id", "regio_code", "periode", "status", "bron"} <= required and "waarde" not in required


def test_every_horizon_of_the_registry_is_measured(night: NightFolder) -> None:
    """The tests on durability compare horizons with one another: all of them must be there."""
    horizons = {horizon for family in load_registry().indicatoren for horizon in family.horizons}
    with duckdb.connect(str(night.candidate), read_only=True) as connection:
        found = {row[0] for row in connection.execute("select distinct horizon from int_duurzaamheid").fetchall()}
    assert found == horizons


def test_every_unit_test_passes(night: NightFolder, tmp_path: Path) -> None:
    """dbt takes the types of the given rows from tables; on a copy, because the artifacts of the night are in use."""
    copy = NightFolder(tmp_path).create()
    shutil.copyfile(night.candidate, copy.candidate)
    run_dbt(copy, ("test", "--select", "test_type:unit"))
    results = json.loads((copy.dbt_target / "run_results.json").read_text(encoding="utf-8"))["results"]
    assert {result["unique_id"]: result["message"] for result in results if result["status"] != "pass"} == {}
    assert {"int_uitkeringsrij", "int_duurzaamheid", "fct_terugkeer", "pub_rooster"} <= {
        result["unique_id"].split(".")[2] for result in results
    }


def test_a_data_test_that_raises_is_an_error_and_stops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All models stand, all other tests have run, and the gate ends with exit code 4 and the name of the check."""
    manifest = transform.load_manifest()
    tests = [node for node in manifest.nodes.values() if node.resource_type == "test"]
    node = next(test for test in tests if test.config.meta.get("check_id") == "tabel.persoon.een_rij")
    node.raw_code = "select * from een_tabel_die_er_niet_is"
    monkeypatch.setattr(transform, "load_manifest", lambda: manifest)
    night = build(tmp_path, persons=20)

    with duckdb.connect(str(night.candidate), read_only=True) as connection:
        assert connection.execute("select count(*) > 0 from pub_cijfers").fetchall() == [(True,)]
    results = dbt_results(night.dbt_target, SETTINGS)
    raised = [result for result in results if result.outcome == Outcome.ERROR]
    assert [result.check_id for result in raised] == ["tabel.persoon.een_rij"] and len(results) > 50
    error = gate.error_for(gate.decide(results, [], SETTINGS, date(2025, 1, 1), "0" * 64))
    assert isinstance(error, CheckDidNotRun) and error.exit_code == 4
    assert "tabel.persoon.een_rij" in str(error)
