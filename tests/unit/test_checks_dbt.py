"""dbt's test results: status to outcome, what meta says, and what is missing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from checks_example import dbt_artifacts, settings
from werkmonitor.checks.dbt_results import RESULTS_ID, dbt_definitions, dbt_results
from werkmonitor.core.types import CheckResult, Outcome, Severity


def read(target: Path, status: str | None, **meta: object) -> CheckResult:
    dbt_artifacts(target, {"uniek_int_uitstroom": (status, meta)})
    (result,) = dbt_results(target, settings())
    return result


@pytest.mark.parametrize(
    ("status", "outcome", "failing"),
    [
        ("pass", Outcome.PASS, 0),
        ("fail", Outcome.FAIL, 3),
        ("warn", Outcome.FAIL, 3),
        ("error", Outcome.ERROR, 0),
        ("runtime error", Outcome.ERROR, 0),
        ("skipped", Outcome.ERROR, 0),
        (None, Outcome.ERROR, 0),
    ],
)
def test_status_becomes_outcome(status: str | None, outcome: Outcome, failing: int, tmp_path: Path) -> None:
    result = read(tmp_path, status)
    assert (result.outcome, result.failing) == (outcome, failing)
    assert bool(result.fingerprint) is (outcome is Outcome.FAIL)


def test_without_meta_a_test_blocks_and_has_its_own_name(tmp_path: Path) -> None:
    result = read(tmp_path, "fail")
    assert (result.check_id, result.severity, result.subject) == (
        "dbt.uniek_int_uitstroom",
        Severity.BLOCKING,
        "int_uitstroom",
    )
    assert result.layer == "tabel" and result.explanation and result.remedy


def test_meta_names_id_severity_and_texts(tmp_path: Path) -> None:
    result = read(
        tmp_path,
        "warn",
        check_id="uitstroom.uniek",
        ernst="waarschuwing",
        uitleg="Waarom.",
        herstel="Wat te doen.",
        wat="een uitstroom komt dubbel voor",
    )
    assert (result.check_id, result.severity) == ("uitstroom.uniek", Severity.WARNING)
    assert (result.explanation, result.remedy) == ("Waarom.", "Wat te doen.")
    assert result.message == "Een uitstroom komt dubbel voor: 3 keer."


def test_tolerance_of_meta_and_of_the_configuration(tmp_path: Path) -> None:
    meta = {"check_id": "uitstroom.uniek", "tolerantie": {"absoluut": 3}}
    assert read(tmp_path, "warn", **meta).outcome is Outcome.PASS
    strict = settings(controles={"uitstroom.uniek": {"tolerantie_absoluut": 2, "ernst": "waarschuwing"}})
    (result,) = dbt_results(tmp_path, strict)
    assert (result.outcome, result.severity) == (Outcome.FAIL, Severity.WARNING)


def test_two_tests_with_one_id_stay_apart(tmp_path: Path) -> None:
    meta = {"check_id": "uitstroom.uniek"}
    dbt_artifacts(tmp_path, {"een": ("pass", meta), "twee": ("fail", meta)})
    results = dbt_results(tmp_path, settings())
    assert sorted(result.check_id for result in results) == ["uitstroom.uniek", "uitstroom.uniek_2"]
    assert sorted(str(result.outcome) for result in results) == ["FAIL", "PASS"]


@pytest.mark.parametrize("damage", ["absent", "cut", "empty"])
def test_without_readable_results_there_is_an_error(damage: str, tmp_path: Path) -> None:
    dbt_artifacts(tmp_path, {"een": ("pass", {})})
    path = tmp_path / "run_results.json"
    if damage == "absent":
        path.unlink()
    else:
        path.write_text('{"results": [' if damage == "cut" else "{}", encoding="utf-8")
    (result,) = dbt_results(tmp_path, settings())
    assert (result.check_id, result.outcome) == (RESULTS_ID, Outcome.ERROR)


def test_a_message_of_dbt_loses_what_could_be_a_person(tmp_path: Path) -> None:
    dbt_artifacts(tmp_path, {"een": ("error", {})})
    content = json.loads((tmp_path / "run_results.json").read_text(encoding="utf-8"))
    content["results"][0]["message"] = "Conversion Error: '123456782'\ntweede regel"
    (tmp_path / "run_results.json").write_text(json.dumps(content), encoding="utf-8")
    (result,) = dbt_results(tmp_path, settings())
    assert "12345" not in result.message and "tweede regel" not in result.message


def test_ids_are_found_in_the_files_of_a_project(tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    (tmp_path / "tests").mkdir()
    (tmp_path / "models" / "m.yml").write_text(
        "models: [{name: m, data_tests: [{unique: {config: {meta: {check_id: m.uniek, uitleg: Waarom.}}}}]}]",
        encoding="utf-8",
    )
    (tmp_path / "tests" / "t.sql").write_text("{{ config(meta={'check_id': 'm.optelling'}) }} select 1")
    found = {check.check_id: check.explanation for check in dbt_definitions(tmp_path)}
    assert set(found) == {RESULTS_ID, "m.uniek", "m.optelling"}
    assert found["m.uniek"] == "Waarom."
