"""The Dagster job is the night: the same release as the command line, the same ends, every check shown as what it is.

One test runs a real night twice (once each way); the others put quick fakes in the place of the heavy phases.
"""

from __future__ import annotations

import json
import os
import socket
from functools import cache
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from dagster._core.execution.execute_in_process_result import ExecuteInProcessResult
from dagster_kit import (
    KEY,
    FakeNight,
    Quiet,
    execute,
    failures,
    faked,
    latest,
    make_organisation,
    manifest,
    result,
)
from werkmonitor.assets.audit import all_checks
from werkmonitor.assets.delivery import ON_TIME
from werkmonitor.assets.naming import RELEASE, SERIES, check_name, descriptions
from werkmonitor.assets.session import NightResource
from werkmonitor.core.lock import run_lock
from werkmonitor.core.types import Outcome, Severity
from werkmonitor.core.workspace import Workspace
from werkmonitor.definitions import JOB, build_definitions
from werkmonitor.night import Night, newest_night, read_json, run_night
from werkmonitor.settings import load_settings


@pytest.fixture
def organisation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    # A test does not wait a minute for what passes by itself.
    monkeypatch.setattr("werkmonitor.assets.session.WAITS", (0.0,))
    return make_organisation(tmp_path, monkeypatch)


@cache
def graph() -> dg.AssetGraph:
    return build_definitions(manifest=manifest()).resolve_asset_graph()


def models() -> set[str]:
    return {node["name"] for node in manifest()["nodes"].values() if node["resource_type"] == "model"}


# ---- the definitions -----------------------------------------------------------------------------


def test_the_definitions_load_without_configuration_key_or_network(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("WERKMONITOR_CONFIG", "WERKMONITOR_SLEUTEL", "WERKMONITOR_SLEUTEL_BESTAND", "WERKMONITOR_OMGEVING"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(socket.socket, "connect", _no_network)
    definitions = build_definitions()
    dg.Definitions.validate_loadable(definitions)
    assert definitions.resolve_job_def(JOB).executor_def is dg.in_process_executor
    assert not definitions.schedules and not definitions.sensors


def _no_network(*_: Any) -> None:
    raise AssertionError("the definitions reached for the network")


def test_every_described_asset_exists_and_every_asset_is_described_owned_and_grouped() -> None:
    nodes = [graph().get(key) for key in graph().get_all_asset_keys()]
    assert [node.key.to_user_string() for node in nodes if not (node.description and node.owners)] == []
    assert {node.group_name for node in nodes}.isdisjoint({None, "default"})
    assert models() == set(descriptions().modellen)
    assert set(descriptions().instellingen) <= {source["name"] for source in manifest()["sources"].values()}


def test_lineage_runs_from_the_delivery_through_every_model_to_the_release() -> None:
    upstream = graph().get_ancestor_asset_keys(RELEASE)
    assert dg.AssetKey(["aanlevering", "uitkering"]) in upstream
    assert {dg.AssetKey(name) for name in models()} <= upstream
    assert graph().get(dg.AssetKey("stg_uitkering")).parent_keys >= {dg.AssetKey(["invoer", "uitkering"])}


def test_every_check_and_every_dbt_test_is_shown_under_a_name_of_its_own() -> None:
    checks = all_checks(manifest())
    names = {check_name(check.check_id) for check in checks}
    tests = [node for node in manifest()["nodes"].values() if node["resource_type"] == "test"]
    assert len(names) == len(checks) > len(tests)
    assert {key.name for key in graph().asset_check_keys} == names | {ON_TIME}


# ---- one real night, both ways -------------------------------------------------------------------


def test_the_job_publishes_the_same_release_as_the_command_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from werkmonitor.demo import generate

    generate(tmp_path, 200, 1, False)
    # A short series and one landing for both: everything but the folders that they write to.
    for name, value in {
        "WERKMONITOR_CONFIG": tmp_path / "werkmonitor.toml",
        "WERKMONITOR_SLEUTEL": KEY,
        "WERKMONITOR_MONITOR__REEKS_BEGIN": "2024-01-01",
        "WERKMONITOR_MONITOR__WERKMAP": tmp_path / "werk_dagster",
        "WERKMONITOR_MONITOR__RELEASES": tmp_path / "releases_dagster",
    }.items():
        monkeypatch.setenv(name, str(value))
    by_job = execute(NightResource())
    assert by_job.success
    evaluated = [one for one in by_job.get_asset_check_evaluations() if one.check_name != ON_TIME]
    assert len(evaluated) == len(all_checks(manifest()))
    assert {one.metadata["uitkomst"].value for one in evaluated} <= {"PASS", "FAIL", "NVT"}

    monkeypatch.setenv("WERKMONITOR_MONITOR__WERKMAP", str(tmp_path / "werk"))
    monkeypatch.setenv("WERKMONITOR_MONITOR__RELEASES", str(tmp_path / "releases"))
    settings = load_settings(None, os.environ)
    by_command = run_night(settings, KEY.encode(), progress=Quiet())
    assert by_command.release is not None

    published = tmp_path / "releases_dagster" / by_command.release.name
    assert _whole_files(published) == _whole_files(by_command.release)
    assert _without_time(published) == _without_time(by_command.release)


def _whole_files(release: Path) -> dict[str, bytes]:
    found = [path for path in release.rglob("*") if path.is_file() and path.name != "manifest.json"]
    return {path.relative_to(release).as_posix(): path.read_bytes() for path in found}


def _without_time(release: Path) -> dict[str, Any]:
    content = json.loads((release / "manifest.json").read_text(encoding="utf-8"))
    assert content.pop("gemaakt")
    return content


# ---- how a night ends, with fakes ----------------------------------------------------------------


def skipped(result: ExecuteInProcessResult) -> set[str]:
    return {str(event.step_key) for event in result.all_events if event.is_step_skipped}


def outcome_shown(evaluated: ExecuteInProcessResult, check_id: str) -> tuple[bool, dg.AssetCheckSeverity, Any]:
    check = shown(evaluated, check_id)
    return check.passed, check.severity, check.metadata["uitkomst"].value


def shown(evaluated: ExecuteInProcessResult, check_id: str) -> dg.AssetCheckEvaluation:
    found = [one for one in evaluated.get_asset_check_evaluations() if one.check_name == check_name(check_id)]
    assert len(found) == 1
    return found[0]


def test_a_blocking_check_that_fails_holds_the_release_and_says_why(organisation: Path) -> None:
    results = [
        result("uitkering.overlap", Outcome.FAIL),
        result("persoon.sleutel.uniek", Outcome.FAIL, Severity.WARNING),
        result("lks.sleutel.uniek", Outcome.NVT),
        result("kenmerk.sleutel.uniek"),
    ]
    ended = execute(faked(audit=lambda night: results))
    told = failures(ended)
    assert set(told) == {"publiceren"}
    assert "Tegengehouden" in told["publiceren"] and "uitkering.overlap" in told["publiceren"]
    assert latest(organisation)["uitkomst"] == "tegengehouden"

    assert outcome_shown(ended, "uitkering.overlap") == (False, dg.AssetCheckSeverity.ERROR, "FAIL")
    assert outcome_shown(ended, "persoon.sleutel.uniek") == (False, dg.AssetCheckSeverity.WARN, "FAIL")
    assert outcome_shown(ended, "lks.sleutel.uniek")[::2] == (True, "NVT")
    assert outcome_shown(ended, "kenmerk.sleutel.uniek")[::2] == (True, "PASS")
    assert shown(ended, "uitkering.overlap").asset_key == dg.AssetKey(["invoer", "uitkering"])

    data = next(event.step_failure_data for event in ended.all_events if event.is_step_failure).user_failure_data
    assert data is not None and data.metadata["exitcode"].value == 3


def test_a_check_that_did_not_run_is_told_apart_from_one_that_failed(organisation: Path) -> None:
    ended = execute(faked(audit=lambda night: [result("uitkering.overlap", Outcome.ERROR)]))
    assert outcome_shown(ended, "uitkering.overlap") == (False, dg.AssetCheckSeverity.ERROR, "ERROR")
    assert (shown(ended, "uitkering.overlap").description or "").startswith("Controle niet uitgevoerd.")
    assert "kon niet worden uitgevoerd" in failures(ended)["publiceren"]
    assert latest(organisation)["uitkomst"] == "controlefout"
    # A check without any result did not run either.
    assert outcome_shown(ended, "persoon.sleutel.uniek")[::2] == (False, "ERROR")


def test_when_nothing_changed_the_job_says_so_and_makes_nothing(organisation: Path) -> None:
    class Done:
        bericht = "Er is niets veranderd."
        path = organisation / "releases" / "vorige"

    ended = execute(faked(already=lambda night: Done()))
    assert ended.success
    assert skipped(ended) == {"rekenen", "geheimhouding", "controleren", "publiceren", "uitslagen"}
    assert not [event for event in ended.all_events if event.event_type is dg.DagsterEventType.ASSET_MATERIALIZATION]
    assert latest(organisation)["uitkomst"] == "ongewijzigd"


def test_a_part_of_the_night_is_a_rehearsal(organisation: Path) -> None:
    upto = dg.AssetSelection.assets(SERIES).upstream().required_multi_asset_neighbors()
    executable = [key for key in upto.resolve(graph()) if graph().get(key).is_executable]
    ended = execute(FakeNight(), asset_selection=executable)
    assert failures(ended) == {}
    assert not (organisation / "releases" / "latest.json").exists()
    night = newest_night(Workspace(organisation / "werk"))
    assert night is not None and read_json(night.state)["uitkomst"] == "gestopt"


def test_a_step_without_its_night_is_refused_in_words(organisation: Path) -> None:
    told = failures(execute(FakeNight(), asset_selection=[RELEASE]))
    assert "hoort bij een hele nacht" in told["publiceren"]


def test_a_phase_that_breaks_ends_the_night_as_on_the_command_line(organisation: Path) -> None:
    def broken(night: Night) -> None:
        raise ValueError("kapot")

    ended = execute(faked(transform=broken))
    assert set(failures(ended)) == {"rekenen"} and "kapot" in failures(ended)["rekenen"]
    assert latest(organisation)["uitkomst"] == "fout"
    night = newest_night(Workspace(organisation / "werk"))
    assert night is not None and read_json(night.state)["uitkomst"] == "fout"
    with run_lock(Workspace(organisation / "werk").lock):
        pass  # the lock is free again


def test_a_run_that_is_ended_between_two_steps_was_broken_off(organisation: Path) -> None:
    night = FakeNight()
    night.begin([RELEASE])
    night.teardown_after_execution(dg.build_init_resource_context())
    assert latest(organisation)["uitkomst"] == "afgebroken"
    with run_lock(Workspace(organisation / "werk").lock):
        assert newest_night(Workspace(organisation / "werk")) is None


def test_a_second_run_while_one_is_going_is_refused_in_words(organisation: Path) -> None:
    workspace = Workspace(organisation / "werk").create()
    with run_lock(workspace.lock):
        told = failures(execute(FakeNight()))
    assert "Er loopt al een run" in told["inlezen"]


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"configuratie": "bestaat_niet.toml"}, "bestaat_niet.toml"),
        ({"peildatum": "31-12-2025"}, "JJJJ-MM-DD"),
        ({"leveringen_tot": "morgen"}, "JJJJ-MM-DD"),
        ({"peildatum": "2027-12-31"}, "volledig tot en met"),
    ],
)
def test_wrong_use_is_told_in_dutch(organisation: Path, how: dict[str, str], words: str) -> None:
    with pytest.raises(dg.Failure, match=words) as told:
        FakeNight(**how).begin([RELEASE])
    assert told.value.allow_retries is False


def test_a_missing_key_is_told_in_dutch(organisation: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WERKMONITOR_SLEUTEL")
    with pytest.raises(dg.Failure, match="Er is geen sleutel"):
        FakeNight().begin([RELEASE])
