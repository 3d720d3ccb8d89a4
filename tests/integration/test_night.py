"""The order of a night and what it leaves behind, with fakes for the rooms and the real lock, key, digests and
folders."""

from __future__ import annotations

import errno
import io
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from werkmonitor.core import interrupt
from werkmonitor.core.types import (
    AlreadyRunning,
    CheckDidNotRun,
    CheckResult,
    ConfigurationError,
    Delivery,
    DeliveryUnreadable,
    HeldByGate,
    Outcome,
    Severity,
    Verdict,
    WerkmonitorError,
)
from werkmonitor.core.workspace import Workspace
from werkmonitor.night import (
    KEPT_NIGHTS,
    DiskFull,
    Night,
    NightOutcome,
    Phases,
    Progress,
    is_disk_full,
    newest_night,
    read_json,
    run_night,
)
from werkmonitor.settings import MonitorSettings, Settings, SourceSettings

KEY = b"k" * 64
RESULTS = [CheckResult("uitkering.overlap", "levering", "uitkering", Outcome.PASS, Severity.BLOCKING)]
PUBLISH = Verdict(True, "gepubliceerd", ("Alle controles slaagden.",))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    monitor = MonitorSettings(
        naam="Voorbeeld",
        regio_code="AM08",
        landing=tmp_path / "landing",
        werkmap=tmp_path / "werk",
        releases=tmp_path / "releases",
    )
    (monitor.landing / "uitkeringen").mkdir(parents=True)
    return Settings(monitor=monitor, bronnen={"uitkeringen": SourceSettings(entiteiten=["uitkering"])})


class Rooms:
    """Fakes of every room that write down what was asked of them; `publish` keeps releases the way the real one
    does."""

    def __init__(self, settings: Settings) -> None:
        self.calls: list[str] = []
        self.recorded: list[tuple[str, str]] = []
        self.content = "a" * 64
        self.verdict = PUBLISH
        self.live: Path | None = None
        self.live_candidate = ""
        self.settings = settings

    def phases(self, **replaced: Callable[..., Any]) -> Phases:
        return replace(
            Phases(
                find=self.find,
                current=lambda settings: self.live,
                clean_staging=lambda settings: None,
                already=self.already,
                ingest=lambda night: self.calls.append("ingest"),
                transform=lambda night: self.calls.append("transform"),
                disclose=lambda night: self.calls.append("disclose"),
                audit=self.audit,
                settle=lambda night, results, today: self.calls.append("settle"),
                decide=lambda night, results, today: self.verdict,
                publish=self.publish,
                record=lambda settings, outcome, reason, run: self.recorded.append((outcome, reason)),
            ),
            **replaced,
        )

    def find(self, settings: Settings, until: date | None) -> list[Delivery]:
        relative = "uitkeringen/2026-01-15/uitkering.csv"
        path = settings.monitor.landing / relative
        return [Delivery("uitkeringen", 0, date(2026, 1, 15), "uitkering", path, relative, self.content)]

    def already(self, night: Night) -> Any:
        if self.live_candidate != night.run.candidate_digest:
            return None
        return SimpleNamespace(path=self.live, nieuw=False, bericht="Niets gewijzigd.")

    def audit(self, night: Night) -> list[CheckResult]:
        self.calls.append("audit")
        return RESULTS

    def publish(self, night: Night, verdict: Verdict, results: Any) -> Any:
        if not verdict.publish:
            raise (CheckDidNotRun if verdict.outcome == "controlefout" else HeldByGate)("\n".join(verdict.reasons))
        self.calls.append("publish")
        self.live, self.live_candidate = night.settings.monitor.releases / "r1", night.run.candidate_digest
        return SimpleNamespace(path=self.live, nieuw=True, bericht="Release r1 is gepubliceerd.")


@pytest.fixture
def rooms(settings: Settings) -> Rooms:
    return Rooms(settings)


def go(rooms: Rooms, phases: Phases | None = None, **more: Any) -> NightOutcome:
    progress = Progress(io.StringIO())
    return run_night(rooms.settings, KEY, progress=progress, phases=phases or rooms.phases(), **more)


def nights(settings: Settings) -> list[Path]:
    return sorted(Workspace(settings.monitor.werkmap).nights.iterdir())


class TestOrder:
    def test_every_phase_once_in_order(self, rooms: Rooms) -> None:
        outcome = go(rooms)
        assert rooms.calls == ["ingest", "transform", "disclose", "audit", "settle", "publish"]
        assert (outcome.outcome, outcome.exit_code) == ("gepubliceerd", 0)
        assert (outcome.peildatum, outcome.indeling_jaar) == (date(2025, 12, 31), 2025)

    @pytest.mark.parametrize(
        ("stop", "calls"),
        [
            ("ingest", ["ingest"]),
            ("transform", ["ingest", "transform", "disclose"]),
            ("audit", ["ingest", "transform", "disclose", "audit"]),
        ],
    )
    def test_a_rehearsal_stops_there_and_leaves_the_releases_alone(
        self, rooms: Rooms, stop: Any, calls: list[str]
    ) -> None:
        outcome = go(rooms, stop_after=stop)
        assert rooms.calls == calls
        assert (outcome.outcome, outcome.exit_code) == ("gestopt", 0)
        assert rooms.recorded == []
        assert not rooms.settings.monitor.releases.exists()

    def test_the_phases_see_peildatum_and_division_filled_in(self, rooms: Rooms) -> None:
        seen: list[Night] = []
        go(rooms, rooms.phases(ingest=seen.append), peildatum=date(2024, 6, 30))
        monitor = seen[0].settings.monitor
        assert (monitor.peildatum, monitor.indeling_jaar) == (date(2024, 6, 30), 2024)

    def test_one_line_a_phase_in_a_log(self, rooms: Rooms) -> None:
        log = io.StringIO()
        run_night(rooms.settings, KEY, progress=Progress(log), phases=rooms.phases())
        lines = log.getvalue().splitlines()
        assert len(lines) == 6
        assert lines[1].startswith("Inlezen: klaar in ")

    def test_a_site_without_the_pages_to_explore_is_told_in_one_line(self, rooms: Rooms) -> None:
        def publish(*given: Any) -> Any:
            made = rooms.publish(*given)
            page = made.path / "site" / "verkennen" / "index.html"
            page.parent.mkdir(parents=True)
            page.write_text("niet gebouwd", encoding="utf-8")
            return made

        log = io.StringIO()
        run_night(rooms.settings, KEY, progress=Progress(log), phases=rooms.phases(publish=publish))
        told = [line for line in log.getvalue().splitlines() if "werkmonitor verkennen bouwen" in line]
        assert len(told) == 1 and told[0].startswith("De site heeft geen 'Zelf zoeken'")


class TestAgain:
    def test_the_same_inputs_do_nothing_and_say_so(self, rooms: Rooms) -> None:
        go(rooms)
        rooms.calls.clear()
        outcome = go(rooms)
        assert rooms.calls == []
        assert (outcome.outcome, outcome.exit_code, outcome.release) == ("ongewijzigd", 0, rooms.live)
        assert rooms.recorded == [("ongewijzigd", "Niets gewijzigd.")]
        assert len(nights(rooms.settings)) == 1

    def test_other_inputs_run_again(self, rooms: Rooms) -> None:
        go(rooms)
        rooms.content = "b" * 64
        assert go(rooms).outcome == "gepubliceerd"

    def test_a_rehearsal_runs_although_nothing_changed(self, rooms: Rooms) -> None:
        go(rooms)
        assert go(rooms, stop_after="ingest").outcome == "gestopt"

    def test_another_key_is_refused_unless_it_is_meant(self, rooms: Rooms) -> None:
        go(rooms)
        with pytest.raises(ConfigurationError, match="--nieuwe-sleutel"):
            run_night(rooms.settings, b"x" * 64, progress=Progress(io.StringIO()), phases=rooms.phases())
        outcome = run_night(
            rooms.settings, b"x" * 64, replace_key=True, progress=Progress(io.StringIO()), phases=rooms.phases()
        )
        assert outcome.outcome == "ongewijzigd"


class TestVerdicts:
    def test_held(self, rooms: Rooms) -> None:
        go(rooms)
        rooms.content, rooms.verdict = "b" * 64, Verdict(False, "tegengehouden", ("Te veel quarantaine.",))
        outcome = go(rooms)
        assert (outcome.outcome, outcome.exit_code, outcome.release) == ("tegengehouden", 3, rooms.live)
        assert outcome.message == "Te veel quarantaine."

    def test_a_check_in_error(self, rooms: Rooms) -> None:
        rooms.verdict = Verdict(False, "controlefout", ("Een controle liep vast.",))
        outcome = go(rooms)
        assert (outcome.outcome, outcome.exit_code) == ("controlefout", 4)
        assert read_json(nights(rooms.settings)[0] / "night.json")["uitkomst"] == "controlefout"


def failing(error: BaseException) -> Callable[..., Any]:
    def fail(*_: Any) -> Any:
        raise error

    return fail


class TestBadEnds:
    @pytest.mark.parametrize(
        ("error", "recorded"),
        [
            (DeliveryUnreadable("uitkering.csv: leeg"), "onleesbaar"),
            (WerkmonitorError("dbt mislukte"), "fout"),
            (RuntimeError("intern"), "fout"),
        ],
    )
    def test_an_error_is_recorded_and_kept_as_evidence(self, rooms: Rooms, error: Exception, recorded: str) -> None:
        with pytest.raises(type(error)):
            go(rooms, rooms.phases(transform=failing(error)))
        assert [outcome for outcome, _ in rooms.recorded] == [recorded]
        # latest.json is read by outsiders: the message itself may name files and rows.
        assert str(error) not in rooms.recorded[0][1]
        assert read_json(nights(rooms.settings)[0] / "night.json")["uitkomst"] == "fout"

    def test_a_rehearsal_that_fails_is_not_recorded(self, rooms: Rooms) -> None:
        with pytest.raises(DeliveryUnreadable):
            go(rooms, rooms.phases(ingest=failing(DeliveryUnreadable("x"))), stop_after="ingest")
        assert rooms.recorded == []

    @pytest.mark.parametrize(
        "error",
        [
            OSError(errno.ENOSPC, "No space left on device", "/x/y"),
            OSError(errno.EDQUOT, "Disk quota exceeded"),
            RuntimeError('IO Error: Could not write file "/w/candidate.duckdb": No space left on device'),
        ],
    )
    def test_a_full_disk_names_the_folder_and_frees_the_night(self, rooms: Rooms, error: Exception) -> None:
        with pytest.raises(DiskFull) as caught:
            go(rooms, rooms.phases(transform=failing(error)))
        assert caught.value.exit_code == 1
        assert "is volgelopen" in str(caught.value)
        assert "MB vrij" in str(caught.value)
        assert nights(rooms.settings) == []

    def test_a_full_disk_behind_another_error(self) -> None:
        try:
            try:
                raise OSError(errno.ENOSPC, "No space left on device")
            except OSError as error:
                raise ValueError("kon niet schrijven") from error
        except ValueError as error:
            assert is_disk_full(error)
        assert not is_disk_full(ValueError("iets anders"))

    def test_breaking_off_leaves_no_half_night(self, rooms: Rooms) -> None:
        with pytest.raises(KeyboardInterrupt):
            go(rooms, rooms.phases(transform=failing(KeyboardInterrupt())))
        assert nights(rooms.settings) == []
        assert [outcome for outcome, _ in rooms.recorded] == ["afgebroken"]

    def test_breaking_off_counts_although_a_library_made_something_else_of_it(
        self, rooms: Rooms, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked = threading.Event()
        monkeypatch.setattr(interrupt, "_asked", asked)

        def like_dbt(night: Night) -> None:
            asked.set()
            raise WerkmonitorError("De berekening is mislukt")

        with pytest.raises(KeyboardInterrupt):
            go(rooms, rooms.phases(transform=like_dbt))
        assert [outcome for outcome, _ in rooms.recorded] == ["afgebroken"]
        assert nights(rooms.settings) == []

    def test_a_failure_to_record_does_not_hide_the_failure(self, rooms: Rooms) -> None:
        broken = rooms.phases(ingest=failing(DeliveryUnreadable("leeg")), record=failing(OSError("vol")))
        with pytest.raises(DeliveryUnreadable, match="leeg"):
            go(rooms, broken)

    def test_a_misspelt_check_is_refused_before_the_work(self, rooms: Rooms) -> None:
        with pytest.raises(ConfigurationError):
            go(rooms, rooms.phases(validate=failing(ConfigurationError("Onbekende controle"))))
        assert rooms.calls == []


class TestLeftovers:
    def test_the_last_nights_are_kept(self, rooms: Rooms) -> None:
        for number in range(KEPT_NIGHTS + 2):
            rooms.content = f"{number}" * 64
            go(rooms)
        assert len(nights(rooms.settings)) == KEPT_NIGHTS
        newest = newest_night(Workspace(rooms.settings.monitor.werkmap))
        assert newest and read_json(newest.state)["kandidaat"] == rooms.live_candidate

    def test_a_night_without_an_outcome_was_killed_and_is_removed(self, rooms: Rooms) -> None:
        go(rooms)
        killed = Workspace(rooms.settings.monitor.werkmap).night("20260101T000000-x-1").create()
        killed.state.write_text('{"begonnen": "2026-')
        go(rooms)
        assert not killed.root.exists()
        assert len(nights(rooms.settings)) == 1

    def test_half_a_copy_of_a_delivery_is_removed(self, rooms: Rooms) -> None:
        go(rooms)
        snapshots = Workspace(rooms.settings.monitor.werkmap).snapshots
        (snapshots / ".bezig-x").write_text("half")
        (snapshots / "heel.csv").write_text("heel")
        go(rooms)
        assert [path.name for path in snapshots.iterdir()] == ["heel.csv"]

    def test_the_night_is_private(self, rooms: Rooms) -> None:
        outcome = go(rooms)
        assert outcome.folder and outcome.folder.root.stat().st_mode & 0o077 == 0


SLEEPER = """
import io, json, sys
from pathlib import Path
sys.path.insert(0, sys.argv[2])
from test_night import Rooms, go
from werkmonitor.settings import Settings
rooms = Rooms(Settings.model_validate_json(Path(sys.argv[1]).read_text()))
def sleep(night):
    print("bezig", flush=True)
    sys.stdin.read()
go(rooms, rooms.phases(transform=sleep))
"""


def sleeping_run(settings: Settings, folder: Path) -> subprocess.Popen[str]:
    """A run in another process that hangs in the transform phase."""
    file = folder / "settings.json"
    file.write_text(settings.model_dump_json())
    command = [sys.executable, "-c", SLEEPER, str(file), str(Path(__file__).parent)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout and process.stdout.readline() == "bezig\n"
    return process


class TestTwoRuns:
    def test_a_second_run_is_refused_and_a_killed_one_hinders_nobody(self, rooms: Rooms, tmp_path: Path) -> None:
        process = sleeping_run(rooms.settings, tmp_path)
        try:
            with pytest.raises(AlreadyRunning, match=f"proces {process.pid}"):
                go(rooms)
            # The other run goes on: its outcome is the newest, not our refusal.
            assert rooms.recorded == []
        finally:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
        assert len(nights(rooms.settings)) == 1
        assert go(rooms).outcome == "gepubliceerd"
        assert len(nights(rooms.settings)) == 1


def test_night_json_says_what_the_night_was(rooms: Rooms) -> None:
    outcome = go(rooms)
    assert outcome.folder
    state = json.loads(outcome.folder.state.read_text())
    assert [phase["fase"] for phase in state["fasen"]] == ["ingest", "transform", "geheimhouding", "audit", "publish"]
    assert (state["uitkomst"], state["peildatum"], state["indeling_jaar"]) == ("gepubliceerd", "2025-12-31", 2025)
    assert state["aanleveringen"] == ["uitkeringen/2026-01-15/uitkering.csv"]
