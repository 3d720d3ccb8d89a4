"""The gate: may this candidate be published? A pure decision over check results, waivers and settings; it reads and
writes nothing.

The reasons end up in `latest.json`, which readers of releases see: they name checks and masked counts, never a row,
a value or the text of an exception. The steward finds those in the night folder (`werkmonitor bevindingen`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from werkmonitor.core.places import places
from werkmonitor.core.types import (
    CheckDidNotRun,
    CheckResult,
    ConfigurationError,
    HeldByGate,
    Outcome,
    Severity,
    Verdict,
    WerkmonitorError,
)
from werkmonitor.core.waivers import Waiver, valid_waivers
from werkmonitor.settings import Settings

PUBLISHED = "gepubliceerd"
HELD = "tegengehouden"
CHECK_ERROR = "controlefout"
# Of a long list: how many failed checks or causes, how many names of checks, how many places.
SHOWN, NAMED, PLACES = 10, 8, 3


def decide(
    results: Sequence[CheckResult], waivers: Sequence[Waiver], settings: Settings, today: date, candidate_digest: str
) -> Verdict:
    """Publish only if nothing is in ERROR and every blocking FAIL carries a valid waiver."""
    if not settings.gate.blokkeren and settings.geheimhouding.publiek:
        raise ConfigurationError(
            "[gate] blokkeren = false mag niet als [geheimhouding] publiek = true. Zet blokkeren op true of publiek "
            "op false."
        )
    errors = [result for result in results if result.outcome is Outcome.ERROR]
    if errors or not results:
        return Verdict(False, CHECK_ERROR, _error_reasons(errors), details=_error_details(errors))
    failures = [r for r in results if r.outcome is Outcome.FAIL and r.severity is Severity.BLOCKING]
    covered = valid_waivers(waivers, failures, today, candidate_digest)
    # By identity: two results of one check and subject are two failures, and a waiver of one says nothing of the other.
    open_failures = [failure for failure in failures if not any(failure is result for result, _ in covered)]
    threshold = settings.geheimhouding.drempel
    if open_failures and settings.gate.blokkeren:
        notes = [_waiver_note(result, waivers, today, candidate_digest) for result in open_failures]
        pairs = list(zip(open_failures, notes, strict=True))
        reasons = _condensed([_failure_reason(result, note, threshold) for result, note in pairs])
        return Verdict(False, HELD, reasons, details=_condensed([_failure_detail(*pair) for pair in pairs]))
    used = sorted((waiver.as_published() for _, waiver in covered), key=lambda item: (item["controle"], item["bereik"]))
    return Verdict(True, PUBLISHED, _published_reasons(results, len(used), open_failures), tuple(used))


def error_for(verdict: Verdict) -> WerkmonitorError | None:
    """The error (with its exit code) that a run ends with; None when it publishes."""
    if verdict.publish:
        return None
    kind = CheckDidNotRun if verdict.outcome == CHECK_ERROR else HeldByGate
    opening = (
        "Niet gepubliceerd: niet elke controle kon worden uitgevoerd."
        if kind is CheckDidNotRun
        else "Tegengehouden door de controles; er is niets gepubliceerd."
    )
    return kind("\n".join([opening, *(f"- {reason}" for reason in verdict.reasons)]))


def shown_count(count: int | None, threshold: int) -> int | str | None:
    """A count as outsiders may see it: `<5` when it lies in 1..threshold-1."""
    if count is None or count == 0 or count >= threshold:
        return count
    return f"<{threshold}"


def _condensed(lines: Sequence[str]) -> tuple[str, ...]:
    """The first of a long list; `bevindingen` has the whole of it."""
    more = len(lines) - SHOWN
    if more <= 0:
        return tuple(lines)
    rest = "Nog 1 controle mislukte" if more == 1 else f"Nog {more} controles mislukten"
    return (*lines[:SHOWN], f"{rest}; `werkmonitor bevindingen` noemt ze alle.")


def _named(results: Sequence[CheckResult]) -> str:
    """The names of checks, the first few of many."""
    names = list(dict.fromkeys(result.check_id for result in results))
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" en nog {more}" if more > 0 else "")


def _error_reasons(errors: Sequence[CheckResult]) -> tuple[str, ...]:
    if not errors:
        return ("Er is geen enkele controle uitgevoerd. Zonder controles wordt niets gepubliceerd.",)
    number = len({result.check_id for result in errors})
    could = "1 controle kon" if number == 1 else f"{number} controles konden"
    return (
        f"{could} niet worden uitgevoerd: {_named(errors)}. Dat kan geen waiver opheffen: herstel de oorzaak "
        "(`werkmonitor bevindingen`) en draai opnieuw.",
    )


def _error_details(errors: Sequence[CheckResult]) -> tuple[str, ...]:
    """One cause often stops a hundred checks: each cause once, with the checks that it stopped."""
    causes: dict[str, list[CheckResult]] = {}
    for result in errors:
        causes.setdefault(result.message, []).append(result)
    ordered = sorted(causes.items(), key=lambda item: -len(item[1]))
    lines = [f"{_named(results)}: {message}" for message, results in ordered[:SHOWN]]
    more = len(ordered) - SHOWN
    return (*lines, *([f"En nog {more} andere oorzaken; `werkmonitor bevindingen` noemt ze alle."] if more > 0 else []))


def _failure_reason(result: CheckResult, note: str, threshold: int) -> str:
    count = shown_count(result.failing, threshold)
    explanation = f" {result.explanation.rstrip('.')}." if result.explanation else ""
    remedy = f" Wat te doen: {result.remedy.rstrip('.')}." if result.remedy else ""
    return (
        f"De controle {result.check_id} op {result.subject} mislukte ({count} foute rijen of "
        f"cellen).{explanation}{remedy}{note}"
    )


def _failure_detail(result: CheckResult, note: str) -> str:
    """For the steward: what was found, where, and what to do."""
    where = places(result.examples, PLACES, result.failing)
    parts = [
        f"{result.check_id} op {result.subject}. {result.message or result.explanation}",
        f"Waar: {where.removesuffix('.')}." if where else "",
        f"Wat te doen: {result.remedy.rstrip('.')}." if result.remedy else "",
        note.strip(),
    ]
    return "\n  ".join(part for part in parts if part)


def _waiver_note(result: CheckResult, waivers: Sequence[Waiver], today: date, candidate_digest: str) -> str:
    """Why the newest waiver of this check did not help; silence when nobody ever asked for one."""
    own = [waiver for waiver in waivers if (waiver.check_id, waiver.scope) == (result.check_id, result.subject)]
    if not own:
        return ""
    return f" Waiver {own[-1].waiver_id} geldt niet: {own[-1].why_not(result, today, candidate_digest)}."


def _published_reasons(
    results: Sequence[CheckResult], waived: int, open_failures: Sequence[CheckResult]
) -> tuple[str, ...]:
    passed = sum(result.outcome is Outcome.PASS for result in results)
    absent = sum(result.outcome is Outcome.NVT for result in results)
    warned = sum(result.outcome is Outcome.FAIL and result.severity is Severity.WARNING for result in results)
    parts = [
        f"{passed} geslaagd",
        "1 waarschuwing" if warned == 1 else f"{warned} waarschuwingen",
        *([f"{waived} met waiver"] if waived else []),
        f"{absent} niet van toepassing",
    ]
    reasons = [f"Controles: {', '.join(parts)}."]
    if open_failures:
        names = ", ".join(sorted({result.check_id for result in open_failures}))
        reasons.append(f"Niet geblokkeerd omdat [gate] blokkeren = false; mislukt: {names}.")
    return tuple(reasons)
