"""A clock that jumps and a night in which the hour comes twice: what follows what does not depend on it, and every time
that is written down says its offset.

Publishing is the real one on an invented candidate; nights are the real ones with fakes for the heavy phases.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import release_example as example
from integration.test_night import Rooms, go
from release_example import PUBLISH, count, success
from werkmonitor.core import clock, release, release_store
from werkmonitor.core.lock import run_lock
from werkmonitor.core.workspace import Workspace
from werkmonitor.night import newest_night, read_json
from werkmonitor.settings import MonitorSettings, Settings, SourceSettings

NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)
SetClock = Callable[[datetime], None]


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    """Lets the clock on the wall say a moment."""

    def set_to(moment: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)

    return set_to


@pytest.fixture
def in_amsterdam(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    # The rule itself and not its name: a bare machine has no table of time zones.
    monkeypatch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def publish(settings: Settings, folder: Path, number: int) -> str:
    night = example.night_with(folder / f"nacht{number}", settings, [count(20 + 5 * number)])
    run = example.run_info(folder, invoer=str(number))
    run = type(run)(**{**vars(run), "started": clock.now()})
    return release.publish(settings, night, PUBLISH, [success()], run, registry=example.REGISTRY).release_id


def test_releases_follow_each_other_although_the_clock_goes_back_a_year(tmp_path: Path, set_clock: SetClock) -> None:
    settings = example.settings(tmp_path, monitor={"bewaar_releases": 2})
    made = []
    for number, moment in enumerate((NOON, NOON + timedelta(days=1), NOON - timedelta(days=365), NOON)):
        set_clock(moment)
        made.append(publish(settings, tmp_path, number))
    assert [info.release_id for info in release.list_releases(settings)] == made[::-1]
    newest = release_store.public_release(settings)
    assert newest is not None and newest.name == made[0]  # the first of the month stays the public one
    set_clock(datetime.now(UTC))
    example.age_releases(settings)
    with release_store.locked(settings):
        assert set(release_store.prune(settings)) == set(made[:2])
    written = release.latest_run(settings)
    assert written is not None and (written["huidige_release"], written["tijd"]) == (made[3], NOON.isoformat())


def organisation(folder: Path) -> Rooms:
    monitor = MonitorSettings(
        naam="Voorbeeld", regio_code="AM08", landing=folder / "landing", werkmap=folder / "werk",
        releases=folder / "releases",
    )  # fmt: skip
    (monitor.landing / "uitkeringen").mkdir(parents=True)
    return Rooms(Settings(monitor=monitor, bronnen={"uitkeringen": SourceSettings(entiteiten=["uitkering"])}))


def nights_at(rooms: Rooms, moments: list[datetime], set_clock: SetClock) -> list[str]:
    """One night at each of the moments, each with other deliveries; the newest night after each of them."""
    workspace = Workspace(rooms.settings.monitor.werkmap)
    newest = []
    for number, moment in enumerate(moments):
        set_clock(moment)
        rooms.content = f"{number}" * 64
        outcome = go(rooms)
        found = newest_night(workspace)
        assert outcome.folder and found and found.root == outcome.folder.root
        newest.append(read_json(found.state)["begonnen"])
    return newest


def test_the_newest_night_is_the_last_one_whatever_the_clock_says(tmp_path: Path, set_clock: SetClock) -> None:
    moments = [NOON, NOON + timedelta(days=1), NOON - timedelta(days=365), NOON + timedelta(hours=1), NOON]
    begun = nights_at(organisation(tmp_path), moments, set_clock)
    assert [datetime.fromisoformat(one) for one in begun] == moments


def test_an_hour_that_comes_twice(tmp_path: Path, set_clock: SetClock, in_amsterdam: None) -> None:
    """27 October 2024: 02:45 summer time, then 02:30 winter time, three quarters of an hour later."""
    first = datetime(2024, 10, 27, 0, 45, tzinfo=UTC)
    begun = nights_at(organisation(tmp_path), [first, first + timedelta(minutes=45)], set_clock)
    assert begun == ["2024-10-27T02:45:00+02:00", "2024-10-27T02:30:00+01:00"]


def test_an_hour_that_never_comes(tmp_path: Path, set_clock: SetClock, in_amsterdam: None) -> None:
    """30 March 2025: a second before 02:00 winter time it is a second before 03:00 summer time."""
    last = datetime(2025, 3, 30, 0, 59, 59, tzinfo=UTC)
    begun = nights_at(organisation(tmp_path), [last, last + timedelta(seconds=1)], set_clock)
    assert begun == ["2025-03-30T01:59:59+01:00", "2025-03-30T03:00:00+02:00"]
    assert clock.today() == date(2025, 3, 30)
    # Half past two does not exist that night; whoever runs then is in the new hour.
    set_clock(datetime(2025, 3, 30, 1, 30, tzinfo=UTC))
    with run_lock(tmp_path / "slot"):
        holder = json.loads((tmp_path / "slot").read_text(encoding="utf-8"))
    assert holder["sinds"] == "2025-03-30T03:30:00+02:00"


def test_every_time_in_a_release_says_its_offset(tmp_path: Path, in_amsterdam: None) -> None:
    settings = example.settings(tmp_path)
    first, second = publish(settings, tmp_path, 1), publish(settings, tmp_path, 2)
    release.rollback(settings, first)
    latest = release.latest_run(settings)
    assert latest is not None
    (line,) = (settings.monitor.releases / "herstel.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [latest["tijd"], json.loads(line)["tijd"]]
    texts += [release.manifest_of(settings.monitor.releases / name)["gemaakt"] for name in (first, second)]
    assert all(datetime.fromisoformat(text).utcoffset() is not None for text in texts)
