"""When a candidate is published, when it is held, and what outsiders may read about it."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import release_example as example
from release_example import TODAY, failure, success
from werkmonitor.core import gate
from werkmonitor.core.types import (
    CheckDidNotRun,
    CheckResult,
    ConfigurationError,
    HeldByGate,
    Outcome,
    Severity,
    Verdict,
)
from werkmonitor.core.waivers import Approval, Waiver, fingerprint_of

CANDIDATE = "kandidaat-1"


def waiver_for(result: CheckResult, **values: Any) -> Waiver:
    base: dict[str, Any] = {
        "waiver_id": "W1",
        "check_id": result.check_id,
        "scope": result.subject,
        "reason": "Bekend bij de leverancier, hersteld in de volgende levering",
        "requested_by": "anna",
        "requested_on": TODAY,
        "fingerprint": fingerprint_of(result),
        "max_rows": result.failing,
        "until": TODAY,
        "approvals": (Approval("bram", TODAY, CANDIDATE),),
    }
    return Waiver(**(base | values))


def decide(
    folder: Path, *results: CheckResult, waivers: tuple[Waiver, ...] = (), today: date = TODAY, **sections: Any
) -> Verdict:
    return gate.decide(results, waivers, example.settings(folder, **sections), today, CANDIDATE)


def test_all_passed_is_published(tmp_path: Path) -> None:
    verdict = decide(tmp_path, success())
    assert (verdict.publish, verdict.outcome, gate.error_for(verdict)) == (True, "gepubliceerd", None)


def test_a_blocking_failure_holds(tmp_path: Path) -> None:
    verdict = decide(tmp_path, success(), failure())
    error = gate.error_for(verdict)
    assert (verdict.publish, verdict.outcome) == (False, "tegengehouden")
    assert isinstance(error, HeldByGate) and error.exit_code == 3
    assert "uitkering.overlap" in str(error) and "Laat de leverancier" in str(error)


def test_a_warning_and_what_does_not_apply_never_hold(tmp_path: Path) -> None:
    verdict = decide(
        tmp_path,
        failure(severity=Severity.WARNING),
        failure("volume.vorige", outcome=Outcome.NVT, failing=0),
    )
    assert verdict.publish


@pytest.mark.parametrize("severity", list(Severity))
def test_a_check_that_did_not_run_holds_whatever_its_severity_or_waiver(tmp_path: Path, severity: Severity) -> None:
    broken = failure(outcome=Outcome.ERROR, severity=severity)
    verdict = decide(tmp_path, broken, failure("andere"), waivers=(waiver_for(broken),))
    error = gate.error_for(verdict)
    assert (verdict.publish, verdict.outcome) == (False, "controlefout")
    assert isinstance(error, CheckDidNotRun) and error.exit_code == 4


def test_a_check_that_did_not_run_holds_also_when_the_gate_does_not_block(tmp_path: Path) -> None:
    verdict = decide(
        tmp_path, failure(outcome=Outcome.ERROR), gate={"blokkeren": False}, geheimhouding={"publiek": False}
    )
    assert verdict.outcome == "controlefout"


def test_without_any_check_nothing_is_published(tmp_path: Path) -> None:
    assert decide(tmp_path).outcome == "controlefout"


def test_a_gate_that_does_not_block_reports_and_publishes_inside_only(tmp_path: Path) -> None:
    verdict = decide(tmp_path, failure(), gate={"blokkeren": False}, geheimhouding={"publiek": False})
    assert verdict.publish and any("uitkering.overlap" in reason for reason in verdict.reasons)
    with pytest.raises(ConfigurationError, match="publiek"):
        decide(tmp_path, failure(), gate={"blokkeren": False})


def test_a_valid_waiver_lets_the_failure_through_and_is_named_by_role(tmp_path: Path) -> None:
    failed = failure()
    verdict = decide(tmp_path, failed, waivers=(waiver_for(failed),))
    assert verdict.publish
    (used,) = verdict.waivers_used
    assert (used["controle"], used["aangevraagd_door"], used["goedgekeurd_door"]) == (
        "uitkering.overlap",
        "steward",
        "goedkeurder",
    )
    assert "anna" not in str(used) and "bram" not in str(used)


@pytest.mark.parametrize(
    "change",
    [
        {"fingerprint": "andere rijen"},
        {"max_rows": 6},
        {"until": TODAY - timedelta(days=1)},
        {"scope": "dienstverband"},
        {"check_id": "andere"},
        {"approvals": ()},
        {"approvals": (Approval("bram", TODAY, "andere kandidaat"),)},
        {"approvals": (Approval("anna", TODAY, CANDIDATE),)},  # a file edited by hand: the author approves
        {"lapsed_because": "de controle slaagt weer"},
    ],
)
def test_a_waiver_that_does_not_fit_lets_nothing_through(tmp_path: Path, change: dict[str, Any]) -> None:
    failed = failure()
    assert decide(tmp_path, failed, waivers=(waiver_for(failed, **change),)).outcome == "tegengehouden"


def test_the_waiver_is_said_to_be_why_not(tmp_path: Path) -> None:
    failed = failure()
    verdict = decide(tmp_path, failed, waivers=(waiver_for(failed, approvals=()),))
    assert "Waiver W1 geldt niet: is nog niet goedgekeurd voor deze kandidaat." in verdict.reasons[0]


def test_one_waiver_never_covers_two_failures_of_the_same_check(tmp_path: Path) -> None:
    """Two results may share check and subject (one a gemeente): their rows differ, so the waiver is of one of them."""
    first, second = failure(rows=7), failure(rows=6)
    verdict = decide(tmp_path, first, second, waivers=(waiver_for(first, max_rows=9),))
    assert verdict.outcome == "tegengehouden" and len(verdict.reasons) == 1


def test_failures_without_fingerprint_are_told_apart(tmp_path: Path) -> None:
    waived = failure(fingerprint="", message="12% minder")
    other = failure(fingerprint="", message="60% minder")
    assert decide(tmp_path, waived, waivers=(waiver_for(waived),)).publish
    assert not decide(tmp_path, other, waivers=(waiver_for(waived),)).publish


def test_the_reasons_hold_no_small_count_and_no_row(tmp_path: Path) -> None:
    """They end up in latest.json, which is read by outsiders."""
    (reason,) = decide(tmp_path, failure(rows=3)).reasons
    assert "<5" in reason and "rij 12" not in reason and "uitkering.csv" not in reason
    broken = failure(outcome=Outcome.ERROR, message="Conversion Error: 123456782")
    assert "123456782" not in "".join(decide(tmp_path, broken).reasons)
