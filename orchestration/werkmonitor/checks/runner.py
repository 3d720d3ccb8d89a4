"""Run a suite on the open candidate: which checks apply, what they count, which rows fail, one result a check.

Whatever goes wrong in one check is that check's ERROR; the others go on.
"""

from __future__ import annotations

from dataclasses import dataclass

from werkmonitor.checks import gx, outcomes
from werkmonitor.checks.definitions import ROWS, CheckDefinition, CheckSpec, Suite, definition
from werkmonitor.checks.outcomes import Failing
from werkmonitor.checks.preparation import prepare
from werkmonitor.checks.previous import rules_digest
from werkmonitor.checks.rows import failing_rows
from werkmonitor.checks.session import Session
from werkmonitor.core.types import CheckResult

VIEW_PREFIX = "controle_"


@dataclass(frozen=True)
class _Scope:
    """The table of a suite as the checks see it."""

    suite: Suite
    view: str
    rows: int


def run_suite(session: Session, suite: Suite) -> list[CheckResult]:
    """The result of every check of one suite, in the order of the suite."""
    checks = [definition(suite, spec, session.settings) for spec in suite.controles]
    results: dict[str, CheckResult] = {}
    for check in checks:
        reason = _why_not(session, suite, _spec(check))
        if reason is not None:
            results[check.check_id] = outcomes.not_applicable(check, reason)
        elif defect := _defect(session, _spec(check)):
            results[check.check_id] = outcomes.did_not_run(check, defect)
    open_checks = [check for check in checks if check.check_id not in results]
    try:
        scope = _scope(session, suite) if open_checks else None
    except Exception as error:
        results |= {check.check_id: outcomes.did_not_run(check, str(error)) for check in open_checks}
        scope = None
    if scope is not None:
        results |= _run(session, scope, open_checks)
    return [results[check.check_id] for check in checks]


def _run(session: Session, scope: _Scope, checks: list[CheckDefinition]) -> dict[str, CheckResult]:
    if scope.rows == 0 and scope.suite.leeg_is_nvt:
        return {check.check_id: outcomes.not_applicable(check, "er zijn geen rijen") for check in checks}
    # An expectation counts nothing in an empty table, not even zero; a query of our own does.
    idle = [check for check in checks if scope.rows == 0 and _spec(check).type != ROWS]
    results = {check.check_id: outcomes.not_applicable(check, "er zijn geen rijen") for check in idle}
    checks = [check for check in checks if check.check_id not in results]
    answers = gx.run_expectations(session.connection, scope.view, checks)
    return results | {check.check_id: _result(session, scope, check, answers[check.check_id]) for check in checks}


def _result(session: Session, scope: _Scope, check: CheckDefinition, answer: gx.Counted | gx.Raised) -> CheckResult:
    if isinstance(answer, gx.Raised):
        return outcomes.did_not_run(check, answer.reason)
    try:
        tested = _tested(session, scope, _spec(check))
        failing = _failing(session, scope, check, answer.failing)
        return outcomes.judged(check, failing, tested, scope.suite.eenheid)
    except Exception as error:
        return outcomes.did_not_run(check, str(error))


def _failing(session: Session, scope: _Scope, check: CheckDefinition, counted: int) -> Failing:
    if counted == 0:
        return Failing(0)
    failing = failing_rows(session.connection, scope.view, check, scope.suite.identiteit)
    if failing.number != counted:
        raise ValueError(f"er zijn {counted} geteld, maar {failing.number} teruggevonden")
    return failing


def _tested(session: Session, scope: _Scope, spec: CheckSpec) -> int:
    """What was looked at: all rows of the table, or those that the check is about (`basis`)."""
    return scope.rows if spec.basis is None else session.count(f"{scope.view} where {spec.basis}")


def _scope(session: Session, suite: Suite) -> _Scope:
    """Great Expectations sees no schemas in DuckDB: a view without one is what it looks at."""
    if suite.voorbereiding is not None:
        reason = prepare(session, suite.voorbereiding)
        if reason is not None:
            raise RuntimeError(reason)
    view = VIEW_PREFIX + suite.naam
    session.connection.execute(f"create or replace temp view {view} as select * from {suite.tabel}")
    return _Scope(suite, view, session.count(view))


def _why_not(session: Session, suite: Suite, spec: CheckSpec) -> str | None:
    """Why a check does not apply, or None when it does."""
    for entity in [*([suite.entiteit] if suite.entiteit else []), *spec.vereist]:
        if entity not in session.configured:
            return f"geen bron levert '{entity}'"
        if entity not in session.delivered:
            return f"'{entity}' is niet geleverd"
    method = session.settings.geheimhouding.methode
    if spec.methode and method not in spec.methode:
        return f"de methode van geheimhouding is '{method}'"
    return _why_not_compared(session, spec)


def _why_not_compared(session: Session, spec: CheckSpec) -> str | None:
    if spec.vorige == "nee":
        return None
    if session.previous is None:
        return "er is nog geen vorige uitgave om mee te vergelijken"
    if session.previous.defect is not None:
        return None
    if spec.vorige == "metingen" and not session.previous.metingen:
        return "de vorige uitgave bevat geen metingen om mee te vergelijken"
    same_rules = session.previous.metingen.get("rekenregels") == rules_digest(session.settings)
    if spec.vorige == "cijfers_zelfde_rekenregels" and not same_rules:
        return "de rekenregels zijn sinds de vorige uitgave veranderd"
    return None


def _defect(session: Session, spec: CheckSpec) -> str | None:
    """Why the previous release cannot be compared with although there is one."""
    if spec.vorige == "nee" or session.previous is None or session.previous.defect is None:
        return None
    return f"de vorige uitgave {session.previous.release_id}: {session.previous.defect}"


def _spec(check: CheckDefinition) -> CheckSpec:
    if check.spec is None:
        raise ValueError(f"{check.check_id} is geen controle uit expectations/")
    return check.spec
