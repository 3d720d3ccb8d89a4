"""From what a check measured to a `CheckResult`: tolerance, outcome and the sentence a steward reads.

Not here: how it was measured (gx.py, dbt_results.py) and what the outcome means for publishing (core/gate.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from werkmonitor.checks.definitions import CheckDefinition
from werkmonitor.core.types import CheckResult, Outcome

MAX_EXAMPLES = 10
_MAX_REASON = 300
# Where the database begins to quote the query.
_QUERY = re.compile(r"\[SQL:|\bLINE \d+:|Candidate bindings:")
# A message of the database may quote a value: digits that could be somebody's number and pseudonyms are taken out.
_PERSONAL = re.compile(r"[0-9a-fA-F]{16,}|\d{5,}")


@dataclass(frozen=True)
class Failing:
    """Which rows or cells failed: their number, a hash over their identities, and at most ten of them."""

    number: int
    fingerprint: str = ""
    examples: tuple[dict[str, Any], ...] = field(default_factory=tuple)


def number(value: float) -> str:
    """A number as it is written in Dutch: 1.234 and 0,5."""
    if float(value).is_integer():
        return f"{int(value):,}".replace(",", ".")
    return f"{value:,.2f}".rstrip("0").replace(",", "_").replace(".", ",").replace("_", ".")


def percentage(part: float, whole: float) -> str:
    """`part` of `whole` in percents with one decimal; very small is said as such."""
    share = 100.0 * part / whole
    return "minder dan 0,1%" if 0 < share < 0.1 else f"{share:.1f}".replace(".", ",") + "%"


def without_personal_data(text: str) -> str:
    """A technical reason on one line, without the query and without anything that could be a person's number."""
    return _PERSONAL.sub("…", " ".join(_QUERY.split(text)[0].split()))[:_MAX_REASON]


def judged(check: CheckDefinition, failing: Failing, tested: int | None, unit: str) -> CheckResult:
    """PASS or FAIL by the tolerance of the check."""
    allowed = check.allowed(tested)
    failed = failing.number > allowed
    message = (
        _found(check, failing.number, tested, unit, allowed)
        if failed
        else _in_order(check, failing.number, tested, unit)
    )
    return _result(
        check,
        Outcome.FAIL if failed else Outcome.PASS,
        message,
        failing=failing.number,
        tested=tested,
        fingerprint=failing.fingerprint,
        examples=failing.examples[:MAX_EXAMPLES],
    )


def not_applicable(check: CheckDefinition, reason: str) -> CheckResult:
    """NVT, with the reason."""
    return _result(check, Outcome.NVT, f"Niet van toepassing: {reason}.")


def did_not_run(check: CheckDefinition, reason: str) -> CheckResult:
    """ERROR: the check itself failed; that says nothing about the data."""
    text = without_personal_data(reason)
    return _result(check, Outcome.ERROR, f"De controle kon niet worden uitgevoerd: {text}")


def _found(check: CheckDefinition, found: int, tested: int | None, unit: str, allowed: float) -> str:
    what = check.what[:1].upper() + check.what[1:]
    amount = (
        f"{number(found)} van {number(tested)} {unit} ({percentage(found, tested)})"
        if tested
        else f"{number(found)} keer"
    )
    limit = f" Toegestaan: hoogstens {number(int(allowed))}." if allowed >= 1 else ""
    return f"{what}: {amount}.{limit}"


def _in_order(check: CheckDefinition, found: int, tested: int | None, unit: str) -> str:
    looked = f" {number(tested)} {unit} bekeken." if tested is not None else ""
    tolerated = f" {number(found)} gevonden, binnen de tolerantie: {check.what}." if found else ""
    return f"In orde.{looked}{tolerated}"


def _result(check: CheckDefinition, outcome: Outcome, message: str, **values: Any) -> CheckResult:
    return CheckResult(
        check_id=check.check_id,
        layer=check.layer,
        subject=check.subject,
        outcome=outcome,
        severity=check.severity,
        message=message,
        explanation=check.explanation,
        remedy=check.remedy,
        **values,
    )
