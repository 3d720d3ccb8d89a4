"""When the night runs by itself, and where: only in an environment that says it is production.

What belongs here: the schedule and the reading of WERKMONITOR_OMGEVING. What starts a run on a delivery, and what is
watched, is in `sensors.py`.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from zoneinfo import ZoneInfo

import dagster as dg

from werkmonitor.core.types import ConfigurationError

ENVIRONMENT = "WERKMONITOR_OMGEVING"
PRODUCTION = "productie"
ENVIRONMENTS = (PRODUCTION, "acceptatie", "ontwikkeling")
NIGHTLY = "30 2 * * *"
TIMEZONE = "Europe/Amsterdam"
NIGHT_TAG = "werkmonitor/nacht_van"
NOTHING_BY_ITSELF = (
    f"{ENVIRONMENT} is niet '{PRODUCTION}': er draait niets vanzelf. Start de job 'nacht' met de hand, of zet "
    f"{ENVIRONMENT}={PRODUCTION} op de machine die elke nacht moet draaien."
)


def runs_by_itself(environment: Mapping[str, str]) -> bool:
    """Whether this is production. There is no default: what says nothing runs nothing. A name that is not known is
    refused, because a misspelt 'productie' would be a night that never comes."""
    named = environment.get(ENVIRONMENT, "").strip().lower()
    if named and named not in ENVIRONMENTS:
        near = difflib.get_close_matches(named, ENVIRONMENTS, n=1, cutoff=0.5)
        hint = f" Bedoelde u '{near[0]}'?" if near else ""
        raise ConfigurationError(f"{ENVIRONMENT} '{named}' is onbekend. Kies uit: {', '.join(ENVIRONMENTS)}.{hint}")
    return named == PRODUCTION


def nightly(job: str, cron: str = NIGHTLY) -> dg.ScheduleDefinition:
    """Every night at half past two. In March that hour does not exist and the night starts at three; in October it is
    there twice and the second is taken. A night that was started is not started again, whatever the clock does: a run
    key would only see to that within one tick."""

    @dg.schedule(
        name="elke_nacht",
        job_name=job,
        cron_schedule=cron,
        execution_timezone=TIMEZONE,
        default_status=dg.DefaultScheduleStatus.RUNNING,
        description="Elke nacht om 02:30 (Europe/Amsterdam): de hele nacht, ook als er niets geleverd is.",
    )
    def elke_nacht(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        day = context.scheduled_execution_time.astimezone(ZoneInfo(TIMEZONE)).date().isoformat()
        tags = {"werkmonitor/aanleiding": "schema", NIGHT_TAG: day}
        if context.instance.get_runs(dg.RunsFilter(tags={NIGHT_TAG: day}), limit=1):
            return dg.SkipReason(f"De nacht van {day} is al gestart.")
        return dg.RunRequest(run_key=f"nacht-{day}", tags=tags)

    return elke_nacht
