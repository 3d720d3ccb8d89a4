"""What Dagster watches in production: new deliveries, and nights that ended without being able to say so.

Only the wiring: whether a delivery is complete is decided in core/landing_watch, what is said in core/notices.
"""

from __future__ import annotations

import os
import time
from datetime import date

import dagster as dg

from werkmonitor.core.landing_watch import watch
from werkmonitor.core.notices import Ending
from werkmonitor.core.trouble import passes_by_itself
from werkmonitor.core.types import WerkmonitorError
from werkmonitor.meldingen import after_night
from werkmonitor.settings import load_settings

LOOK_EVERY_SECONDS = 120
# Set on a run that told how it ended, or that had nobody to tell.
TOLD_TAG = "werkmonitor/gemeld"
BROKEN_OFF = (
    "De run in Dagster stopte voordat de nacht klaar was (afgebroken, of geen geheugen meer). Kijk in Dagster bij "
    "Runs, en start de job 'nacht' opnieuw."
)


def new_deliveries(job: str) -> dg.SensorDefinition:
    """Start a night when a complete delivery has come; wait while files are still growing."""

    @dg.sensor(
        name="nieuwe_aanleveringen",
        job_name=job,
        minimum_interval_seconds=LOOK_EVERY_SECONDS,
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Kijkt elke twee minuten in de landing en start de nacht als er een hele nieuwe levering staat.",
    )
    def nieuwe_aanleveringen(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
        try:
            found = watch(load_settings(None, os.environ), context.cursor, time.time())
        except Exception as error:
            if passes_by_itself(error):
                return dg.SkipReason(str(error))
            raise
        context.update_cursor(found.cursor)
        if found.start is None:
            return dg.SkipReason(found.reason)
        return dg.RunRequest(run_key=f"levering-{found.start}", tags={"werkmonitor/aanleiding": "levering"})

    return nieuwe_aanleveringen


def broken_nights(job: dg.UnresolvedAssetJobDefinition) -> dg.SensorDefinition:
    """Tell operators of a night that was killed: what is killed cannot tell it itself."""

    @dg.run_failure_sensor(
        name="afgebroken_nachten",
        monitored_jobs=[job],
        default_status=dg.DefaultSensorStatus.RUNNING,
        description="Meldt een nacht die werd afgebroken; een nacht die zelf mislukte, heeft dat zelf al gemeld.",
    )
    def afgebroken_nachten(context: dg.RunFailureSensorContext) -> dg.SkipReason:
        run = context.instance.get_run_by_id(context.dagster_run.run_id) or context.dagster_run
        if TOLD_TAG in run.tags:
            return dg.SkipReason("De nacht heeft dit zelf al gemeld.")
        try:
            settings = load_settings(None, os.environ)
        except WerkmonitorError as error:
            return dg.SkipReason(str(error))
        said = after_night(settings, Ending("fout", (BROKEN_OFF,), date.today()), None)
        return dg.SkipReason(" ".join(said) or "Er is niemand om het aan te melden.")

    return afgebroken_nachten
