"""The audit phase: every check on deliveries, tables and figures of one candidate, written to checks.json.

Reads the candidate (read only), the night folder and the previous release. Not here: what a check is (expectations/,
checks/) and what its outcome means for publishing (core/gate.py).
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from werkmonitor.checks.dbt_results import dbt_definitions, dbt_results
from werkmonitor.checks.definitions import (
    DBT_PREFIX,
    CheckDefinition,
    load_suites,
    suite_definitions,
    unknown_check,
)
from werkmonitor.core.atomic import write_file
from werkmonitor.core.types import CheckResult, Delivery
from werkmonitor.core.workspace import NightFolder
from werkmonitor.settings import Settings


def audit(
    settings: Settings,
    night: NightFolder,
    previous_release: Path | None,
    deliveries: list[Delivery],
    peildatum: date,
    today: date | None = None,
) -> list[CheckResult]:
    """Run every check and write `night.checks`: the results, and the measurements the next night compares with.

    `today` is only for saying that a source is late; left out, the newest delivery of the required sources takes its
    place and the outcome does not depend on the day.
    """
    from werkmonitor.checks.preparation import measurements
    from werkmonitor.checks.previous import read_previous
    from werkmonitor.checks.runner import run_suite
    from werkmonitor.checks.session import open_session

    validate_overrides(settings)
    results: list[CheckResult] = []
    seconds: dict[str, float] = {}
    with open_session(settings, night, deliveries, peildatum, today, read_previous(previous_release)) as session:
        for suite in load_suites():
            begin = time.monotonic()
            results += run_suite(session, suite)
            seconds[suite.naam] = round(time.monotonic() - begin, 3)
        metingen = measurements(session)
    results += dbt_results(night.dbt_target, settings)
    _write(
        night.checks, {"controles": [result.as_dict() for result in results], "metingen": metingen, "seconden": seconds}
    )
    return results


def catalogue(settings: Settings | None = None) -> list[CheckDefinition]:
    """Every check there is, with its texts; with `settings` as it is set for this organisation."""
    from werkmonitor.checks.definitions import overridden

    tests = dbt_definitions()
    return [*suite_definitions(settings), *([overridden(test, settings) for test in tests] if settings else tests)]


def validate_overrides(settings: Settings) -> None:
    """Refuse a name in `[controles]` that is no check. dbt tests without an id of their own are named `dbt.<test>`."""
    if not settings.controles:
        return
    known = [check.check_id for check in catalogue()]
    for check_id in settings.controles:
        if check_id not in known and not check_id.startswith(DBT_PREFIX):
            raise unknown_check(check_id, known)


def read_checks(night: NightFolder) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The results and the measurements that `audit` wrote."""
    content = json.loads(night.checks.read_text(encoding="utf-8"))
    return content["controles"], content["metingen"]


def counts_by_outcome(results: Iterable[CheckResult]) -> dict[str, int]:
    """How many checks had each outcome, for a line of progress."""
    counts: dict[str, int] = {}
    for result in results:
        counts[str(result.outcome)] = counts.get(str(result.outcome), 0) + 1
    return counts


def _write(path: Path, content: dict[str, Any]) -> None:
    """Readable by the owner only: examples name files and rows of a delivery."""
    write_file(path, json.dumps(content, ensure_ascii=False, indent=1).encode(), mode=0o600)
