"""What runs by itself: where, when (also in the nights in which the clock changes), on which delivery; what Dagster
tries again and what not; and how Dagster itself is configured."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import dagster as dg
import pytest
import yaml
from dagster._config import process_config
from dagster._core.instance.config import dagster_instance_config_schema
from dagster._core.storage.tags import RETRY_ON_ASSET_OR_OP_FAILURE_TAG, WILL_RETRY_TAG
from dagster._core.test_utils import instance_for_test
from dagster._utils.schedules import schedule_execution_time_iterator
from dagster_kit import failures, faked, make_organisation, manifest
from werkmonitor.assets.delivery import results
from werkmonitor.assets.ingest import ingest_assets
from werkmonitor.assets.naming import COUNTS, RELEASE
from werkmonitor.assets.session import NightResource
from werkmonitor.core.lock import run_lock
from werkmonitor.core.types import ConfigurationError
from werkmonitor.core.workspace import Workspace
from werkmonitor.definitions import JOB, JOB_TAGS, build_definitions
from werkmonitor.schedules import NIGHTLY, TIMEZONE, nightly, runs_by_itself
from werkmonitor.sensors import TOLD_TAG, broken_nights, new_deliveries
from werkmonitor.settings import PROJECT_ROOT, load_settings

AMSTERDAM = ZoneInfo(TIMEZONE)
DAGSTER_YAML = PROJECT_ROOT / "orchestration" / "dagster.yaml"
POSTGRES_YAML = PROJECT_ROOT / "orchestration" / "beheer" / "dagster-postgres.yaml"


# ---- where ---------------------------------------------------------------------------------------


def test_only_production_runs_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    # Its own logger, not what every library of this process says; dbt also switches off loggers that it does not know.
    monkeypatch.setattr(logging.getLogger("werkmonitor.definitions"), "warning", said.append)
    production = build_definitions(manifest=manifest(), environment={"WERKMONITOR_OMGEVING": "productie"})
    dg.Definitions.validate_loadable(production)
    assert [one.name for one in production.schedules or ()] == ["elke_nacht"]
    assert {one.name for one in production.sensors or ()} == {"nieuwe_aanleveringen", "afgebroken_nachten"}
    assert not said
    for environment in ({}, {"WERKMONITOR_OMGEVING": "ontwikkeling"}):
        elsewhere = build_definitions(manifest=manifest(), environment=environment)
        assert not elsewhere.schedules and not elsewhere.sensors
        assert "er draait niets vanzelf" in said.pop()


def test_a_misspelt_environment_is_refused_with_the_nearest() -> None:
    with pytest.raises(ConfigurationError, match="Bedoelde u 'productie'"):
        runs_by_itself({"WERKMONITOR_OMGEVING": "prodcutie"})


# ---- when ----------------------------------------------------------------------------------------


def ticks(first: date, days: int) -> Iterator[datetime]:
    begin = datetime(first.year, first.month, first.day, tzinfo=AMSTERDAM)
    for tick in schedule_execution_time_iterator(begin.timestamp(), NIGHTLY, TIMEZONE, ascending=True):
        if tick >= begin + timedelta(days=days):
            return
        yield tick


def test_every_night_of_three_years_has_one_tick_also_when_the_clock_changes() -> None:
    found = [tick.astimezone(AMSTERDAM) for tick in ticks(date(2025, 1, 1), 3 * 365)]
    assert [tick.date() for tick in found] == [date(2025, 1, 1) + timedelta(days=n) for n in range(3 * 365)]
    odd = {tick.date(): tick.strftime("%H:%M") for tick in found if tick.strftime("%H:%M") != "02:30"}
    assert odd == dict.fromkeys((date(2025, 3, 30), date(2026, 3, 29), date(2027, 3, 28)), "03:00")


def test_each_night_in_amsterdam_is_asked_for_once() -> None:
    summer = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)  # 03:00: 02:30 does not exist
    first, second = datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)  # both 02:30
    before_midnight = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)
    with instance_for_test() as instance:
        assert ask(instance, summer) == "nacht-2026-03-29"
        assert ask(instance, before_midnight) == "nacht-2026-07-01"
        assert ask(instance, first) == "nacht-2026-10-25"
        assert ask(instance, second) == "De nacht van 2026-10-25 is al gestart."


def ask(instance: dg.DagsterInstance, moment: datetime) -> str | None:
    """The key of the run that the schedule asks for at a moment, which is then made; or why it asks for none."""
    with dg.build_schedule_context(instance=instance, scheduled_execution_time=moment) as context:
        found = nightly(JOB).evaluate_tick(context)
    for request in found.run_requests or ():
        instance.create_run_for_job(a_job, tags=dict(request.tags))
        return request.run_key
    return found.skip_message


# ---- on a delivery -------------------------------------------------------------------------------


@pytest.fixture
def organisation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("werkmonitor.assets.session.WAITS", (0.0, 0.0))
    return make_organisation(tmp_path, monkeypatch)


def test_the_sensor_starts_a_run_for_a_new_delivery_and_none_when_nothing_changed(
    organisation: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sensor, clock, cursor = new_deliveries(JOB), [1_000_000.0], None
    monkeypatch.setattr("werkmonitor.sensors.time.time", lambda: clock[0])
    keys = []
    with dg.DagsterInstance.ephemeral() as instance:
        for _ in range(4):
            with dg.build_sensor_context(instance=instance, cursor=cursor) as context:
                found = sensor.evaluate_tick(context)
            keys.append([request.run_key for request in found.run_requests or ()])
            cursor, clock[0] = found.cursor, clock[0] + 120
    assert [len(asked) for asked in keys] == [0, 1, 0, 0]
    assert keys[1][0].startswith("levering-")


def test_the_sensor_says_that_the_share_is_away(organisation: Path) -> None:
    Workspace(organisation / "werk").create().inventory.write_text('{"leveringen": []}', encoding="utf-8")
    (organisation / "landing").rename(organisation / "elders")
    with dg.DagsterInstance.ephemeral() as instance, dg.build_sensor_context(instance=instance) as context:
        found = new_deliveries(JOB).evaluate_tick(context)
    assert not found.run_requests and "netwerkschijf" in (found.skip_message or "")


def test_a_delivery_that_is_late_shows_at_what_it_delivers(organisation: Path) -> None:
    settings = load_settings(organisation / "werkmonitor.toml", {})

    def shown(today: date) -> dict[str, dg.AssetCheckResult]:
        return {one.asset_key.path[-1]: one for one in results(settings, today) if one.asset_key}

    in_time, late = shown(date(2026, 2, 15)), shown(date(2026, 2, 16))
    assert in_time["uitkering"].passed and late["dienstverband"].passed
    assert not late["uitkering"].passed and late["uitkering"].severity is dg.AssetCheckSeverity.WARN
    assert "verwacht werd uiterlijk 2026-02-15" in (late["uitkering"].description or "")
    assert "geen bron levert dit" in (late["dienstverband"].description or "")


# ---- again, or not -------------------------------------------------------------------------------


class Tries:
    """Fails with these errors, one a call; then does nothing."""

    def __init__(self, *errors: Exception) -> None:
        self.errors, self.calls = list(errors), 0

    def __call__(self, *_: Any) -> list[str]:
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)
        return []


@dg.asset(key=RELEASE, deps=[COUNTS])
def second_phase(nacht: NightResource) -> None:
    """Stands for every phase after the first."""
    with nacht.step() as run:
        run.transform()
        run.outcome = run.night.ended("tegengehouden")


@contextmanager
def ran(**phases: Any) -> Iterator[tuple[Any, dict[str, str]]]:
    """The first phase and another one, with the retries of dagster.yaml; the run and the tags that it got."""
    definitions = dg.Definitions(
        assets=[ingest_assets(), second_phase],
        jobs=[dg.define_asset_job(JOB, tags=JOB_TAGS)],
        resources={"nacht": faked(**phases)},
        executor=dg.in_process_executor,
    )
    retries = {"run_retries": yaml.safe_load(DAGSTER_YAML.read_text("utf-8"))["run_retries"]}
    with dg.DagsterInstance.ephemeral(settings=retries) as instance:
        job = definitions.resolve_job_def(JOB)
        ended = job.execute_in_process(instance=instance, raise_on_error=False)
        run = instance.get_run_by_id(ended.run_id)
        assert run is not None
        yield ended, dict(run.tags)


def test_a_share_that_comes_back_is_waited_for_within_the_run(organisation: Path) -> None:
    find = Tries(OSError(116, "Stale file handle"), OSError(116, "Stale file handle"))
    told = Tries()
    with ran(keep=find, tell=told) as (ended, tags):
        assert ended.success and find.calls == 3
        assert told.calls == 1 and tags[TOLD_TAG] == "ja"


def test_what_somebody_has_to_mend_is_tried_once(organisation: Path) -> None:
    broken = Tries(ConfigurationError("Zet het goed."), ConfigurationError("Zet het goed."))
    told = Tries()
    with ran(validate=broken, tell=told) as (ended, tags):
        assert broken.calls == 1 and "Zet het goed." in failures(ended)["inlezen"]
        assert told.calls == 1 and tags[WILL_RETRY_TAG] == "false"


def test_a_second_run_waits_and_then_says_who_runs(organisation: Path) -> None:
    told = Tries()
    with (
        run_lock(Workspace(organisation / "werk").create().lock),
        ran(tell=told) as (ended, _),
    ):
        assert "Er loopt al een run" in failures(ended)["inlezen"]
        assert [event.event_type_value for event in ended.all_events].count("STEP_RESTARTED") == 2
        assert told.calls == 1


@pytest.mark.parametrize(("error", "again"), [(OSError(116, "Stale file handle"), "true"), (ValueError("x"), "false")])
def test_after_the_first_phase_the_whole_night_is_run_again_when_that_can_help(
    organisation: Path, error: Exception, again: str
) -> None:
    with ran(transform=Tries(error)) as (ended, tags):
        assert set(failures(ended)) == {"release"}
        assert tags[WILL_RETRY_TAG] == again
        assert tags.get(RETRY_ON_ASSET_OR_OP_FAILURE_TAG, "false") == again
        assert tags["dagster/retry_strategy"] == "ALL_STEPS"


# ---- a night that could not say how it ended -----------------------------------------------------


@dg.op
def nothing() -> None:
    return None


@dg.job(name=JOB)
def a_job() -> None:
    nothing()


@pytest.mark.parametrize(("tags", "messages"), [({}, 1), ({TOLD_TAG: "ja"}, 0)])
def test_only_a_night_that_was_killed_is_told_by_the_sensor(
    organisation: Path, monkeypatch: pytest.MonkeyPatch, tags: dict[str, str], messages: int
) -> None:
    sent: list[str] = []
    monkeypatch.setattr("werkmonitor.meldingen.send_one", lambda address, title, body: not sent.append(body))  # type: ignore[func-returns-value]
    monkeypatch.setenv("WERKMONITOR_MELDINGEN__BEHEER", "json://wacht.voorbeeld.nl")
    with dg.DagsterInstance.ephemeral() as instance:
        run = instance.create_run_for_job(a_job, tags=tags)
        instance.report_run_failed(run, "weg")
        event = next(
            record.event_log_entry.dagster_event
            for record in instance.get_records_for_run(run.run_id).records
            if record.event_log_entry.dagster_event and record.event_log_entry.dagster_event.is_failure
        )
        context = dg.build_run_status_sensor_context(
            sensor_name="x", dagster_instance=instance, dagster_run=run, dagster_event=event
        ).for_run_failure()
        skipped = broken_nights(dg.define_asset_job(JOB))(context)
    assert len(sent) == messages
    assert all("stopte voordat de nacht klaar was" in body for body in sent)
    assert isinstance(skipped, dg.SkipReason)


# ---- how Dagster itself runs ---------------------------------------------------------------------


@pytest.mark.parametrize("path", [DAGSTER_YAML, POSTGRES_YAML], ids=lambda path: path.name)
def test_dagster_accepts_its_configuration(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"HOST": "db", "PORT": "5432", "USER": "dagster", "PASSWORD": "x", "DB": "dagster"}.items():
        monkeypatch.setenv(f"DAGSTER_PG_{name}", value)
    checked = process_config(dagster_instance_config_schema(), yaml.safe_load(path.read_text(encoding="utf-8")))
    assert checked.success, checked.errors


def test_postgres_has_the_same_rules_as_here_and_no_password() -> None:
    here, there = (yaml.safe_load(path.read_text(encoding="utf-8")) for path in (DAGSTER_YAML, POSTGRES_YAML))
    storage = there.pop("storage")["postgres"]["postgres_db"]
    assert there == here
    assert storage.pop("scheme") == "postgresql+psycopg2"
    assert all(set(value) == {"env"} for value in storage.values())


def test_the_rules_are_one_night_at_a_time_and_no_retry_of_a_failed_night(tmp_path: Path) -> None:
    overrides = yaml.safe_load(DAGSTER_YAML.read_text(encoding="utf-8"))
    with instance_for_test(overrides=overrides, temp_dir=str(tmp_path)) as instance:
        limits = instance.get_concurrency_config().run_queue_config
        assert limits is not None and limits.max_concurrent_runs == 1
        assert [(one["key"], one["limit"]) for one in limits.tag_concurrency_limits] == [("werkmonitor/nacht", 1)]
        assert instance.run_retries_enabled and not instance.run_retries_retry_on_asset_or_op_failure
        assert instance.run_monitoring_enabled and not instance.telemetry_enabled
