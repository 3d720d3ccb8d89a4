"""Waivers: the steward's reasoned exception to a failed check, approved by another person for one candidate.

Here: the file `werkmap/waivers.json`, the state machine (aangevraagd, goedgekeurd, vervallen) and who may do what.
Not here: the decision to publish (`gate`), the checks, the command line. Names of users stay in this file; what
leaves it for a release has roles only.
"""

from __future__ import annotations

import hashlib
import json
import os
import pwd
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from werkmonitor.core import atomic, clock
from werkmonitor.core.types import CheckResult, ConfigurationError, Outcome, Severity
from werkmonitor.core.workspace import Workspace
from werkmonitor.settings import Settings

REQUESTED = "aangevraagd"
APPROVED = "goedgekeurd"
LAPSED = "vervallen"
STEWARD = "steward"
APPROVER = "goedkeurder"
MINIMUM_REASON = 10


@dataclass(frozen=True)
class Approval:
    """One approval: by whom, on which day, of which candidate. Another candidate needs another approval."""

    by: str
    day: date
    candidate_digest: str


@dataclass(frozen=True)
class Waiver:
    """One waiver with everything contract 3 asks of it."""

    waiver_id: str
    check_id: str
    scope: str
    reason: str
    requested_by: str
    requested_on: date
    fingerprint: str
    max_rows: int
    until: date
    approvals: tuple[Approval, ...] = ()
    lapsed_because: str = ""

    def state(self, today: date) -> str:
        """aangevraagd, goedgekeurd or vervallen. 'goedgekeurd' says nothing yet of the candidate at hand."""
        if self.lapsed_because or today > self.until:
            return LAPSED
        return APPROVED if self.approvals else REQUESTED

    def why_not(self, result: CheckResult, today: date, candidate_digest: str) -> str | None:
        """Why this waiver does not cover this failure of this candidate, in Dutch; None when it does."""
        if (result.check_id, result.subject) != (self.check_id, self.scope):
            return "hoort bij een andere controle"
        if self.lapsed_because:
            return self.lapsed_because
        if today > self.until:
            return f"liep tot en met {self.until.isoformat()}"
        if _grown(self, result):
            return "er zijn meer foute rijen dan de waiver dekt"
        if fingerprint_of(result) != self.fingerprint:
            return "er zijn andere foute rijen dan die waarvoor de waiver is aangevraagd"
        if not any(_counts(self, approval, candidate_digest) for approval in self.approvals):
            return "is nog niet goedgekeurd voor deze kandidaat"
        return None

    def as_published(self) -> dict[str, Any]:
        """What a release says of it: roles, not names."""
        return {
            "controle": self.check_id,
            "bereik": self.scope,
            "reden": self.reason,
            "aangevraagd_door": STEWARD,
            "goedgekeurd_door": APPROVER,
            "vingerafdruk": self.fingerprint,
            "hoogstens_rijen": self.max_rows,
            "tot_en_met": self.until.isoformat(),
        }


def fingerprint_of(result: CheckResult) -> str:
    """The fingerprint of the failing rows; a check that has none is told by its subject, counts and message.

    Without this, two different failures of a check without fingerprint would be covered by one waiver.
    """
    if result.fingerprint:
        return result.fingerprint
    parts = [result.check_id, result.subject, str(result.failing), str(result.tested), result.message]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def os_user() -> str:
    """The user as the operating system knows it; the environment (USER, LOGNAME) can be set by anybody and is not
    asked."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


def acting_user(door: str | None) -> str:
    """The person behind a command: the OS user; `--door` is refused when it names somebody else."""
    user = os_user()
    if door is not None and door != user:
        raise ConfigurationError(
            f"--door {door}: u bent aangemeld als {user}. Een waiver wordt aangevraagd en goedgekeurd onder de eigen "
            "aanmeldnaam; "
            "laat --door weg of meld u aan als die persoon."
        )
    return user


def roles_of(settings: Settings, user: str) -> set[str]:
    """The roles of a user in `[rollen]`."""
    roles = settings.rollen.get(user, [])
    return {roles} if isinstance(roles, str) else set(roles)


def load(settings: Settings) -> list[Waiver]:
    """Every waiver ever requested, oldest first."""
    path = Workspace(settings.monitor.werkmap).waivers
    if not path.exists():
        return []
    try:
        return [_from_json(item) for item in json.loads(path.read_text("utf-8"))["waivers"]]
    except (ValueError, KeyError, TypeError) as error:
        raise ConfigurationError(
            f"{path}: dit bestand met waivers is niet te lezen. Zet de laatste goede versie terug; zonder dit bestand "
            "gelden er geen waivers."
        ) from error


def request(
    settings: Settings,
    check_id: str,
    reason: str,
    until: date,
    max_rows: int | None,
    by: str,
    checks: Sequence[CheckResult],
    *,
    scope: str | None = None,
    today: date | None = None,
) -> Waiver:
    """Ask for a waiver of a failed check of the newest run. `max_rows` left out is the number of rows that fail now."""
    today = today or clock.today()
    _require_role(settings, by, STEWARD, "een waiver aanvragen")
    result = _failure(checks, check_id, scope)
    covered = result.failing if max_rows is None else max_rows
    _check_request(reason, until, covered, result, today)
    with _locked(settings):
        waivers = load(settings)
        waiver = Waiver(
            waiver_id=f"W{len(waivers) + 1}",
            check_id=check_id,
            scope=result.subject,
            reason=reason.strip(),
            requested_by=by,
            requested_on=today,
            fingerprint=fingerprint_of(result),
            max_rows=covered,
            until=until,
        )
        _store(settings, [*waivers, waiver])
    return waiver


def approve(settings: Settings, waiver_id: str, by: str, candidate_digest: str, *, today: date | None = None) -> Waiver:
    """Approve a waiver for one candidate. Whoever asked for it can never approve it."""
    today = today or clock.today()
    _require_role(settings, by, APPROVER, "een waiver goedkeuren")
    if not candidate_digest:
        raise ConfigurationError("Er is geen kandidaat om de goedkeuring aan te binden. Draai eerst `werkmonitor run`.")
    with _locked(settings):
        waivers = load(settings)
        position = _position(waivers, waiver_id)
        waiver = waivers[position]
        _check_approval(waiver, by, today)
        if any(_counts(waiver, approval, candidate_digest) for approval in waiver.approvals):
            return waiver
        approved = replace(waiver, approvals=(*waiver.approvals, Approval(by, today, candidate_digest)))
        waivers[position] = approved
        _store(settings, waivers)
    return approved


def list_waivers(settings: Settings, today: date) -> list[dict[str, Any]]:
    """Every waiver with its state on `today`, for `waiver list` (internal: with the names of users)."""
    return [_to_json(waiver) | {"toestand": waiver.state(today)} for waiver in load(settings)]


def valid_waivers(
    waivers: Iterable[Waiver], results: Iterable[CheckResult], today: date, candidate_digest: str
) -> list[tuple[CheckResult, Waiver]]:
    """Which failures of this candidate are covered, and by which waiver (the one that ends last)."""
    newest_end_first = sorted(waivers, key=lambda waiver: waiver.until, reverse=True)
    covered = []
    for result in results:
        if result.outcome is not Outcome.FAIL:
            continue
        fitting = (waiver for waiver in newest_end_first if waiver.why_not(result, today, candidate_digest) is None)
        first = next(fitting, None)
        if first is not None:
            covered.append((result, first))
    return covered


def settle(settings: Settings, results: Sequence[CheckResult], today: date) -> list[Waiver]:
    """Write down which waivers lapse because of this run; a lapsed one never comes back. Returns those that lapsed now.

    Call it once per run that is to publish, with the results of all checks, before the gate. A check that did not
    run (ERROR) or is NVT says nothing of its rows and lapses nothing.
    """
    by_subject = {(result.check_id, result.subject): result for result in results}
    lapsed = []
    with _locked(settings):
        waivers = load(settings)
        for position, waiver in enumerate(waivers):
            because = _lapses(waiver, by_subject.get((waiver.check_id, waiver.scope)), today)
            if because and not waiver.lapsed_because:
                waivers[position] = replace(waiver, lapsed_because=because)
                lapsed.append(waivers[position])
        if lapsed:
            _store(settings, waivers)
    return lapsed


def _lapses(waiver: Waiver, result: CheckResult | None, today: date) -> str:
    if today > waiver.until:
        return f"liep tot en met {waiver.until.isoformat()}"
    if result is None or result.outcome in (Outcome.ERROR, Outcome.NVT):
        return ""
    if result.outcome is Outcome.PASS:
        return "de controle slaagt weer"
    if _grown(waiver, result):
        return "er zijn meer foute rijen dan de waiver dekt"
    if fingerprint_of(result) != waiver.fingerprint:
        return "er zijn andere foute rijen dan die waarvoor de waiver is aangevraagd"
    return ""


def _grown(waiver: Waiver, result: CheckResult) -> bool:
    return result.failing > waiver.max_rows


def _counts(waiver: Waiver, approval: Approval, candidate_digest: str) -> bool:
    """Held here as well as in `approve`: a file edited by hand must not let an author approve."""
    return approval.by != waiver.requested_by and approval.candidate_digest == candidate_digest


def _require_role(settings: Settings, user: str, role: str, what: str) -> None:
    if role not in roles_of(settings, user):
        raise ConfigurationError(
            f"{user} mag niet {what}: daarvoor is de rol '{role}' nodig. De beheerder geeft rollen in [rollen] van "
            "werkmonitor.toml."
        )


def _failure(checks: Sequence[CheckResult], check_id: str, scope: str | None) -> CheckResult:
    named = [result for result in checks if result.check_id == check_id and scope in (None, result.subject)]
    if not named:
        raise ConfigurationError(
            f"De nieuwste run heeft geen controle '{check_id}'{f' op {scope!r}' if scope else ''}. `werkmonitor "
            "status` noemt de controles."
        )
    if any(result.outcome is Outcome.ERROR for result in named):
        raise ConfigurationError(
            f"De controle '{check_id}' kon niet worden uitgevoerd; daarvoor bestaat geen waiver. Herstel de oorzaak."
        )
    failed = [result for result in named if result.outcome is Outcome.FAIL]
    if not failed:
        raise ConfigurationError(
            f"De controle '{check_id}' is in de nieuwste run niet mislukt; er is geen waiver nodig."
        )
    if len(failed) > 1:
        subjects = ", ".join(sorted(result.subject for result in failed))
        raise ConfigurationError(
            f"De controle '{check_id}' mislukte op meer onderdelen ({subjects}). Noem het onderdeel waar de waiver "
            "voor is."
        )
    if failed[0].severity is not Severity.BLOCKING:
        raise ConfigurationError(
            f"De controle '{check_id}' waarschuwt alleen en houdt niets tegen; er is geen waiver nodig."
        )
    return failed[0]


def _check_request(reason: str, until: date, covered: int, result: CheckResult, today: date) -> None:
    if len(reason.strip()) < MINIMUM_REASON:
        raise ConfigurationError(
            f"Geef een reden van ten minste {MINIMUM_REASON} tekens; ze wordt met de release gepubliceerd."
        )
    if re.search(r"\d{8,}", reason):
        raise ConfigurationError(
            "De reden bevat een getal van acht of meer cijfers. Ze wordt gepubliceerd: noem geen BSN of cliëntnummer."
        )
    if until < today:
        raise ConfigurationError(f"De einddag {until.isoformat()} is al voorbij. Kies vandaag of een latere dag.")
    if covered < result.failing:
        raise ConfigurationError(
            f"Er zijn nu {result.failing} foute rijen; een waiver voor hoogstens {covered} rijen dekt die niet. "
            "Verhoog het aantal of herstel rijen."
        )


def _check_approval(waiver: Waiver, by: str, today: date) -> None:
    if by == waiver.requested_by:
        raise ConfigurationError(
            f"{by} vroeg waiver {waiver.waiver_id} aan en kan die niet zelf goedkeuren. Vraag een andere goedkeurder."
        )
    if waiver.state(today) == LAPSED:
        because = waiver.lapsed_because or f"liep tot en met {waiver.until.isoformat()}"
        raise ConfigurationError(f"Waiver {waiver.waiver_id} is vervallen ({because}). Vraag zo nodig een nieuwe aan.")


def _position(waivers: Sequence[Waiver], waiver_id: str) -> int:
    for position, waiver in enumerate(waivers):
        if waiver.waiver_id == waiver_id:
            return position
    known = ", ".join(waiver.waiver_id for waiver in waivers) or "geen"
    raise ConfigurationError(f"Er is geen waiver {waiver_id}. Bekende waivers: {known}.")


def _locked(settings: Settings) -> Any:
    """Two stewards at once: reading and writing back happen under one lock, so that no request is lost."""
    werkmap = Workspace(settings.monitor.werkmap).root
    werkmap.mkdir(parents=True, exist_ok=True, mode=0o700)
    return atomic.exclusive(werkmap / "waivers.slot")


def _store(settings: Settings, waivers: Sequence[Waiver]) -> None:
    path: Path = Workspace(settings.monitor.werkmap).waivers
    text = json.dumps({"versie": 1, "waivers": [_to_json(waiver) for waiver in waivers]}, ensure_ascii=False, indent=2)
    atomic.write_file(path, (text + "\n").encode(), mode=0o600)


def _to_json(waiver: Waiver) -> dict[str, Any]:
    item = asdict(waiver)
    item["requested_on"], item["until"] = waiver.requested_on.isoformat(), waiver.until.isoformat()
    item["approvals"] = [asdict(approval) | {"day": approval.day.isoformat()} for approval in waiver.approvals]
    return item


def _from_json(item: dict[str, Any]) -> Waiver:
    approvals = tuple(Approval(a["by"], date.fromisoformat(a["day"]), a["candidate_digest"]) for a in item["approvals"])
    days = {name: date.fromisoformat(item[name]) for name in ("requested_on", "until")}
    return Waiver(**(item | days | {"approvals": approvals}))
