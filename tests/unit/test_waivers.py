"""The state machine of waivers: two persons, one candidate, and never back from lapsed."""

from __future__ import annotations

import json
import multiprocessing
import stat
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import release_example as example
from release_example import TODAY, failure, success
from werkmonitor.core import waivers
from werkmonitor.core.types import CheckResult, ConfigurationError, Outcome, Severity
from werkmonitor.settings import Settings

REASON = "Bekend bij de leverancier, hersteld in de volgende levering"
UNTIL = TODAY + timedelta(days=10)


def ask(settings: Settings, *checks: CheckResult, by: str = "anna", **values: Any) -> waivers.Waiver:
    base: dict[str, Any] = {"check_id": "uitkering.overlap", "reason": REASON, "until": UNTIL, "max_rows": None}
    return waivers.request(settings, **(base | values), by=by, checks=checks or (failure(),), today=TODAY)


def test_asked_for_then_approved_by_another(tmp_path: Path) -> None:
    settings = example.settings(tmp_path)
    waiver = ask(settings)
    assert (waiver.waiver_id, waiver.max_rows, waiver.state(TODAY)) == ("W1", 7, "aangevraagd")
    assert waivers.valid_waivers([waiver], [failure()], TODAY, "k1") == []
    approved = waivers.approve(settings, "W1", "bram", "k1", today=TODAY)
    assert approved.state(TODAY) == "goedgekeurd"
    assert waivers.load(settings) == [approved]
    assert [waiver for _, waiver in waivers.valid_waivers([approved], [failure()], TODAY, "k1")] == [approved]


def test_an_approval_belongs_to_one_candidate(tmp_path: Path) -> None:
    settings = example.settings(tmp_path)
    ask(settings)
    waivers.approve(settings, "W1", "bram", "k1", today=TODAY)
    assert waivers.valid_waivers(waivers.load(settings), [failure()], TODAY, "k2") == []
    waivers.approve(settings, "W1", "bram", "k2", today=TODAY)
    assert len(waivers.valid_waivers(waivers.load(settings), [failure()], TODAY, "k2")) == 1
    assert len(waivers.valid_waivers(waivers.load(settings), [failure()], TODAY, "k1")) == 1


def test_the_author_can_never_approve_also_with_both_roles(tmp_path: Path) -> None:
    settings = example.settings(tmp_path)
    ask(settings, by="cato")
    with pytest.raises(ConfigurationError, match="niet zelf goedkeuren"):
        waivers.approve(settings, "W1", "cato", "k1", today=TODAY)
    assert waivers.approve(settings, "W1", "bram", "k1", today=TODAY).approvals[0].by == "bram"


@pytest.mark.parametrize("by", ["bram", "onbekend"])
def test_only_a_steward_asks(tmp_path: Path, by: str) -> None:
    with pytest.raises(ConfigurationError, match="rol 'steward'"):
        ask(example.settings(tmp_path), by=by)


@pytest.mark.parametrize("by", ["anna", "onbekend"])
def test_only_an_approver_approves(tmp_path: Path, by: str) -> None:
    settings = example.settings(tmp_path)
    ask(settings, by="cato")
    with pytest.raises(ConfigurationError, match="rol 'goedkeurder'"):
        waivers.approve(settings, "W1", by, "k1", today=TODAY)


@pytest.mark.parametrize(
    ("checks", "values", "words"),
    [
        ([failure()], {"check_id": "bestaat.niet"}, "heeft geen controle"),
        ([success("uitkering.overlap")], {}, "niet mislukt"),
        ([failure(outcome=Outcome.ERROR)], {}, "geen waiver"),
        ([failure(severity=Severity.WARNING)], {}, "waarschuwt alleen"),
        ([failure(), failure(subject="traject")], {}, "uitkering"),
        ([failure()], {"until": TODAY - timedelta(days=1)}, "al voorbij"),
        ([failure()], {"reason": "zomaar"}, "reden"),
        ([failure()], {"reason": "Klopt voor cliënt 123456782 volgens dossier"}, "acht of meer cijfers"),
        ([failure()], {"max_rows": 6}, "dekt die niet"),
    ],
)
def test_a_request_that_makes_no_sense_is_refused(
    tmp_path: Path, checks: list[CheckResult], values: dict[str, Any], words: str
) -> None:
    settings = example.settings(tmp_path)
    with pytest.raises(ConfigurationError, match=words):
        ask(settings, *checks, **values)
    assert waivers.load(settings) == []


def test_the_scope_chooses_between_subjects(tmp_path: Path) -> None:
    waiver = ask(example.settings(tmp_path), failure(), failure(subject="traject"), scope="traject")
    assert waiver.scope == "traject"


@pytest.mark.parametrize(
    ("result", "because"),
    [
        (success("uitkering.overlap"), "slaagt weer"),
        (failure(rows=8), "meer foute rijen"),
        (failure(fingerprint="anders"), "andere foute rijen"),
    ],
)
def test_a_waiver_lapses_for_good(tmp_path: Path, result: CheckResult, because: str) -> None:
    settings = example.settings(tmp_path)
    ask(settings)
    waivers.approve(settings, "W1", "bram", "k1", today=TODAY)
    (lapsed,) = waivers.settle(settings, [result], TODAY)
    assert because in lapsed.lapsed_because
    # The same failure as before: too late, it has lapsed.
    assert waivers.settle(settings, [failure()], TODAY) == []
    assert waivers.valid_waivers(waivers.load(settings), [failure()], TODAY, "k1") == []
    assert waivers.list_waivers(settings, TODAY)[0]["toestand"] == "vervallen"
    with pytest.raises(ConfigurationError, match="vervallen"):
        waivers.approve(settings, "W1", "bram", "k2", today=TODAY)


@pytest.mark.parametrize("results", [[], [failure(outcome=Outcome.ERROR)], [failure(outcome=Outcome.NVT)], [failure()]])
def test_a_check_that_says_nothing_new_lapses_nothing(tmp_path: Path, results: list[CheckResult]) -> None:
    settings = example.settings(tmp_path)
    ask(settings)
    assert waivers.settle(settings, results, TODAY) == []


def test_the_last_day_counts(tmp_path: Path) -> None:
    settings = example.settings(tmp_path)
    ask(settings, until=TODAY)
    waivers.approve(settings, "W1", "bram", "k1", today=TODAY)
    assert len(waivers.valid_waivers(waivers.load(settings), [failure()], TODAY, "k1")) == 1
    after = TODAY + timedelta(days=1)
    assert waivers.valid_waivers(waivers.load(settings), [failure()], after, "k1") == []
    assert waivers.list_waivers(settings, after)[0]["toestand"] == "vervallen"
    assert len(waivers.settle(settings, [failure()], after)) == 1


def test_the_user_is_that_of_the_system_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    own = waivers.os_user()
    monkeypatch.setenv("USER", "bram")
    monkeypatch.setenv("LOGNAME", "bram")
    assert waivers.acting_user(None) == waivers.acting_user(own) == own
    with pytest.raises(ConfigurationError, match="--door"):
        waivers.acting_user(own + "x")


def test_the_file_is_for_its_owner_and_a_broken_one_is_said(tmp_path: Path) -> None:
    settings = example.settings(tmp_path)
    ask(settings)
    path = settings.monitor.werkmap / "waivers.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.write_text(json.dumps({"waivers": [{"waiver_id": "W1"}]}))
    with pytest.raises(ConfigurationError, match=r"waivers\.json"):
        waivers.load(settings)


def _ask_some(folder: Path, number: int) -> None:
    settings = example.settings(folder)
    for _ in range(number):
        ask(settings)


def test_two_stewards_at_once_lose_no_request(tmp_path: Path) -> None:
    context = multiprocessing.get_context("forkserver")
    processes = [context.Process(target=_ask_some, args=(tmp_path, 10)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0, 0]
    known = [waiver.waiver_id for waiver in waivers.load(example.settings(tmp_path))]
    assert known == [f"W{number}" for number in range(1, 31)]
