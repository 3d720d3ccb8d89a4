"""The adapter to Great Expectations: counts by push-down, FAIL told from ERROR, one check's error kept to itself."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
from checks_example import Example, build, only
from werkmonitor.checks import gx, runner
from werkmonitor.checks.definitions import CheckDefinition, CheckSpec, Suite, definition
from werkmonitor.checks.gx import Counted, Raised
from werkmonitor.core.types import Outcome

FLAT = {"raised_exception": True, "exception_message": "plat", "exception_traceback": "..."}
NESTED = {"MetricConfigurationID(...)": {"raised_exception": True, "exception_message": "genest"}}


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        opened.execute(
            """create table t as select i as rij, 'b.csv' as bestand, case when i % 4 = 0 then null else i end as getal,
               case when i = 7 then 'Z' else 'A' end as code, date '2024-01-01' + i::int as begin,
               date '2024-01-05' as eind from range(20) r(i)"""
        )
        yield opened


def check(check_id: str, **spec: Any) -> CheckDefinition:
    base = {"id": check_id, "ernst": "blokkerend", "wat": "wat", "uitleg": "uitleg", "herstel": "herstel"}
    suite = Suite(naam="t", onderwerp="t", laag="levering", tabel="t", identiteit=["bestand", "rij"], controles=[])
    return definition(suite, CheckSpec.model_validate(base | spec))


NOT_NULL = check("t.gevuld", type="expect_column_values_to_not_be_null", kwargs={"column": "getal"})
ABSENT = check("t.afwezig", type="expect_column_values_to_not_be_null", kwargs={"column": "bestaat_niet"})
WRONG_SQL = check("t.sql", type="rijen", sql="select bestand, rij from {batch} where bestaat_niet")
ROWS = check(
    "t.rijen", type="rijen", sql="select bestand, rij from {batch} where regexp_full_match(code, '[Y-Z]{{1}}')"
)


def test_every_type_counts_by_push_down(connection: duckdb.DuckDBPyConnection) -> None:
    pair = {"column_A": "eind", "column_B": "begin", "or_equal": True, "ignore_row_if": "either_value_is_missing"}
    checks = [
        NOT_NULL,
        ROWS,
        check("t.code", type="expect_column_values_to_be_in_set", kwargs={"column": "code", "value_set": ["A"]}),
        check("t.bereik", type="expect_column_values_to_be_between", kwargs={"column": "getal", "max_value": 15}),
        check("t.volgorde", type="expect_column_pair_values_a_to_be_greater_than_b", kwargs=pair),
    ]
    answers = gx.run_expectations(connection, "t", checks)
    assert answers == {
        "t.gevuld": Counted(5),
        "t.rijen": Counted(1),
        "t.code": Counted(1),
        "t.bereik": Counted(3),
        "t.volgorde": Counted(15),
    }
    assert connection.execute("select count(*) from t").fetchone() == (20,), "the connection is still open"


def test_a_column_that_is_absent_and_wrong_sql_are_errors_and_the_others_go_on(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    answers = gx.run_expectations(connection, "t", [ABSENT, NOT_NULL, WRONG_SQL, ROWS])
    assert isinstance(answers["t.afwezig"], Raised) and "bestaat_niet" in answers["t.afwezig"].reason
    assert isinstance(answers["t.sql"], Raised) and "bestaat_niet" in answers["t.sql"].reason
    assert answers["t.gevuld"] == Counted(5)
    assert answers["t.rijen"] == Counted(1)


def test_an_expectation_that_cannot_be_made_and_a_table_that_is_absent_are_errors(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    impossible = check("t.onzin", type="expect_column_values_to_be_between", kwargs={"colum": "getal"})
    answers = gx.run_expectations(connection, "t", [impossible, NOT_NULL])
    assert isinstance(answers["t.onzin"], Raised)
    assert answers["t.gevuld"] == Counted(5)
    assert isinstance(gx.run_expectations(connection, "weg", [NOT_NULL])["t.gevuld"], Raised)


@pytest.mark.parametrize(
    ("info", "reason"),
    [
        (None, None),
        ({}, None),
        ({"raised_exception": False, "exception_message": None}, None),
        ({"MetricConfigurationID(...)": {"raised_exception": False}}, None),
        (FLAT, "plat"),
        (NESTED, "genest"),
        ({"a": {"raised_exception": False}, "b": NESTED["MetricConfigurationID(...)"]}, "genest"),
        ({"raised_exception": True, "exception_message": None}, "onbekende fout"),
    ],
)
def test_both_shapes_of_exception_info_are_known(info: dict[str, Any] | None, reason: str | None) -> None:
    assert gx.raised(info) == reason


@pytest.mark.parametrize(
    ("result", "answer"),
    [
        ({"success": False, "result": {"unexpected_count": 3}, "exception_info": None}, Counted(3)),
        ({"success": False, "result": {"unexpected_count": 3}, "exception_info": FLAT}, Raised("plat")),
        ({"success": False, "result": {}, "exception_info": NESTED}, Raised("genest")),
        ({"success": False, "result": {}}, Raised("Great Expectations gaf geen aantal terug")),
        ({"success": True, "result": {}}, Raised("Great Expectations gaf geen aantal terug")),
    ],
)
def test_without_a_count_nothing_was_measured(result: dict[str, Any], answer: Counted | Raised) -> None:
    assert gx.measured(result) == answer


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Example:
    return build(tmp_path_factory.mktemp("gx") / "nacht")


def test_a_check_that_raises_is_an_error_of_that_check_alone(example: Example, tmp_path: Path) -> None:
    damaged = example.copy(tmp_path / "nacht")
    damaged.change("alter table invoer.uitkering drop column norm_bedrag")
    suite = only("uitkering.norm_bedrag.aannemelijk")
    both = suite.model_copy(update={"controles": [*suite.controles, *only("uitkering.overlap").controles]})
    with damaged.session() as session:
        absent, overlap = runner.run_suite(session, both)
    assert (absent.outcome, overlap.outcome) == (Outcome.ERROR, Outcome.PASS)
    assert absent.message.startswith("De controle kon niet worden uitgevoerd") and "norm_bedrag" in absent.message


def test_a_table_that_is_absent_is_an_error_of_its_suite_alone(example: Example, tmp_path: Path) -> None:
    damaged = example.copy(tmp_path / "nacht")
    damaged.change("drop table gepubliceerd.reeksen")
    assert damaged.check("uitgave.sleutel.uniek").outcome is Outcome.ERROR
    assert damaged.check("cijfers.sleutel.uniek").outcome is Outcome.PASS
    damaged.night.counts.unlink()
    result = damaged.check("levering.aanwezig")
    assert result.outcome is Outcome.ERROR and "levering" in result.message
    assert damaged.check("vulling.kolom_gedaald").outcome is Outcome.NVT


def test_rows_that_cannot_be_found_again_are_an_error(example: Example, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gx, "run_expectations", lambda _c, _t, checks: {one.check_id: Counted(4) for one in checks})
    result = example.check("uitkering.overlap")
    assert result.outcome is Outcome.ERROR and "4 geteld" in result.message and "0 teruggevonden" in result.message


def test_an_unreadable_previous_release_is_an_error_of_the_comparisons_alone(example: Example, tmp_path: Path) -> None:
    release = tmp_path / "vorige"
    release.mkdir()
    (release / "kwaliteit.json").write_text("{", encoding="utf-8")
    with_defect = replace(example, previous=release)
    assert with_defect.check("levering.rijen_gedaald").outcome is Outcome.ERROR
    assert with_defect.check("vorige.definitief_aantal").outcome is Outcome.ERROR
    assert with_defect.check("levering.aanwezig").outcome is Outcome.PASS


def test_nothing_is_sent_and_nothing_is_written_outside_the_night(
    example: Example, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, here = tmp_path / "thuis", tmp_path / "hier"
    home.mkdir()
    here.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("GX_ANALYTICS_ENABLED", raising=False)
    monkeypatch.chdir(here)

    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("the network was used")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    before = example.night.candidate.read_bytes()
    assert example.check("uitkering.regeling.gevuld").outcome is Outcome.PASS
    assert list(home.rglob("*")) == [] and list(here.rglob("*")) == []
    assert example.night.candidate.read_bytes() == before
    assert os.environ["GX_ANALYTICS_ENABLED"] == "false"
