"""One night: ingest → transform → disclosure → audit → gate → publish, under one lock, with everything that can go
wrong said in Dutch.

What belongs here: the order of the phases, what a night leaves behind, and which error becomes which outcome.
What does not: what a phase does (the rooms), printing figures (cli.py). Heavy modules are imported when their phase
begins,
so that a night in which nothing changed ends within a second.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TextIO

from werkmonitor.core import clock, interrupt
from werkmonitor.core.atomic import clean_leftovers as clean_half_files
from werkmonitor.core.atomic import write_file
from werkmonitor.core.keys import guard_key
from werkmonitor.core.lock import run_lock
from werkmonitor.core.trouble import chain
from werkmonitor.core.types import (
    AlreadyRunning,
    CheckDidNotRun,
    CheckResult,
    ConfigurationError,
    Delivery,
    DeliveryUnreadable,
    HeldByGate,
    Verdict,
    WerkmonitorError,
)
from werkmonitor.core.workspace import NightFolder, Workspace
from werkmonitor.patience import patiently
from werkmonitor.settings import Settings, effective_indeling_jaar, effective_peildatum, resolved

if TYPE_CHECKING:
    from werkmonitor.core.notices import Ending
    from werkmonitor.core.release import PublishedRelease, RunInfo

StopAfter = Literal["ingest", "transform", "audit", "publish"]
Outcome = Literal["gepubliceerd", "ongewijzigd", "tegengehouden", "controlefout", "gestopt"]

KEPT_NIGHTS = 3
MOMENT = "%Y%m%dT%H%M%S"  # with which the name of a night begins: UTC, always later than the night before it
NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
NO_ROOM_IN_WORDS = ("no space left on device", "disk quota exceeded", "database or disk is full", "file too large")
EXIT_CODES: dict[str, int] = {
    "tegengehouden": HeldByGate.exit_code,
    "controlefout": CheckDidNotRun.exit_code,
}


class DiskFull(WerkmonitorError):
    """No space left: named apart because the remedy is another one than for a bug."""


# latest.json is read by outsiders: no rows, no paths, no names. The whole message is on standard error.
REASONS: tuple[tuple[type[BaseException], str, str], ...] = (
    (DeliveryUnreadable, "onleesbaar", "Een aanlevering kon niet worden gelezen."),
    (ConfigurationError, "fout", "De instellingen klopten niet."),
    (DiskFull, "fout", "De schijf was vol."),
    (Exception, "fout", "De run is misgegaan."),
    (BaseException, "afgebroken", "De run is afgebroken."),
)


@dataclass(frozen=True)
class NightOutcome:
    """How a night ended. `release` is the folder that is live afterwards (None: nothing was ever published)."""

    outcome: Outcome
    peildatum: date
    indeling_jaar: int
    release: Path | None = None
    message: str = ""
    verdict: Verdict | None = None
    results: tuple[CheckResult, ...] = ()
    folder: NightFolder | None = None

    @property
    def exit_code(self) -> int:
        return EXIT_CODES.get(self.outcome, 0)


@dataclass
class Night:
    """What the phases of one night share. Dagster's assets use the same object, so both ways give the same release.

    `settings` has peildatum and indeling_jaar filled in.
    """

    settings: Settings
    key: bytes
    workspace: Workspace
    folder: NightFolder
    run: RunInfo
    previous: Path | None = None
    state: dict[str, Any] = field(default_factory=dict)

    @property
    def deliveries(self) -> list[Delivery]:
        return list(self.run.deliveries)

    def note(self, **facts: Any) -> None:
        """Keep a fact in night.json; a night without `uitkomst` there was killed."""
        self.state |= facts
        write_json(self.folder.state, self.state)

    def ended(self, outcome: Outcome, **more: Any) -> NightOutcome:
        run = self.run
        return NightOutcome(outcome, run.peildatum, run.indeling_jaar, folder=self.folder, **more)


# ---- the phases: each imports its room when it begins


def _find(settings: Settings, until: date | None) -> list[Delivery]:
    from werkmonitor.core.deliveries import find_deliveries

    return find_deliveries(settings, until)


def _current(settings: Settings) -> Path | None:
    from werkmonitor.core.release_store import current_release

    return current_release(settings)


def _clean_staging(settings: Settings) -> None:
    from werkmonitor.core.release_store import clean_staging

    clean_staging(settings)


def _validate(settings: Settings) -> None:
    """A misspelt check in [controles] is refused before the work, not after it."""
    if settings.controles:
        from werkmonitor.audit import validate_overrides

        validate_overrides(settings)


def _already(night: Night) -> PublishedRelease | None:
    from werkmonitor.core.release import already_published

    return already_published(night.settings, night.run)


def _ingest(night: Night) -> None:
    from werkmonitor.core.ingest import ingest

    ingest(night.settings, night.key, night.deliveries, night.workspace, night.folder, night.run.indeling_jaar)


def _keep(settings: Settings, workspace: Workspace) -> list[str]:
    """Terms first: what is past them is not read any more."""
    from werkmonitor.core import retention

    return retention.apply(settings, workspace).sentences()


def _note(night: Night) -> None:
    """Which files this run reads, and the register of processing that goes with them."""
    from werkmonitor.core import processing_register, retention

    retention.note(night.settings, night.workspace, night.deliveries)
    processing_register.write(night.settings)


def _settle_findings(night: Night, today: date) -> str:
    from werkmonitor.core import findings

    months = {bron: source.bewaartermijn_maanden for bron, source in night.settings.bronnen.items()}
    findings.prune(night.workspace.findings_state, months, today)
    return findings.settle(night.folder, night.workspace.findings_state, today).sentence()


def _transform(night: Night) -> None:
    from werkmonitor.transform import transform

    transform(night.settings, night.folder, night.run.peildatum, night.run.indeling_jaar, night.deliveries)


def _disclose(night: Night) -> None:
    from werkmonitor.core import derived
    from werkmonitor.core.disclosure import apply, history_of

    apply(night.settings, night.folder, history_of(night.settings, night.key, night.run.candidate_digest))
    derived.apply(night.settings, night.folder)


def _audit(night: Night) -> list[CheckResult]:
    from werkmonitor.audit import audit

    return audit(night.settings, night.folder, night.previous, night.deliveries, night.run.peildatum)


def _decide(night: Night, results: Sequence[CheckResult], today: date) -> Verdict:
    from werkmonitor.core import gate, waivers

    return gate.decide(results, waivers.load(night.settings), night.settings, today, night.run.candidate_digest)


def _settle(night: Night, results: Sequence[CheckResult], today: date) -> None:
    from werkmonitor.core import waivers

    waivers.settle(night.settings, results, today)


def _publish(night: Night, verdict: Verdict, results: Sequence[CheckResult]) -> PublishedRelease:
    from functools import partial

    from werkmonitor.core.release import publish
    from werkmonitor.report.publishing import add_report

    report = partial(add_report, night.settings, night.folder)
    return publish(night.settings, night.folder, verdict, results, night.run, add_report=report)


def _lacking(release: Path) -> str:
    from werkmonitor.verkennen import absence

    return absence(release)


def _record(settings: Settings, outcome: str, reason: str, run: RunInfo | None) -> None:
    from werkmonitor.core.release_store import current_id, record_run

    peildatum, candidate = (run.peildatum, run.candidate_digest) if run else (None, None)
    time, live = clock.local_now(), current_id(settings)
    record_run(settings, outcome, reason, time, live, peildatum, candidate_digest=candidate)


def _tell(settings: Settings, ending: Ending, folder: NightFolder | None) -> list[str]:
    from werkmonitor.meldingen import after_night

    return after_night(settings, ending, folder)


@dataclass(frozen=True)
class Phases:
    """The steps of a night; a test replaces any of them. `publish` also records a verdict that does not publish, and
    raises it."""

    find: Callable[[Settings, date | None], list[Delivery]] = _find
    current: Callable[[Settings], Path | None] = _current
    clean_staging: Callable[[Settings], None] = _clean_staging
    validate: Callable[[Settings], None] = _validate
    keep: Callable[[Settings, Workspace], list[str]] = _keep
    note: Callable[[Night], None] = _note
    already: Callable[[Night], PublishedRelease | None] = _already
    ingest: Callable[[Night], None] = _ingest
    settle_findings: Callable[[Night, date], str] = _settle_findings
    transform: Callable[[Night], None] = _transform
    disclose: Callable[[Night], None] = _disclose
    audit: Callable[[Night], list[CheckResult]] = _audit
    settle: Callable[[Night, Sequence[CheckResult], date], None] = _settle
    decide: Callable[[Night, Sequence[CheckResult], date], Verdict] = _decide
    publish: Callable[[Night, Verdict, Sequence[CheckResult]], PublishedRelease] = _publish
    record: Callable[[Settings, str, str, RunInfo | None], None] = _record
    tell: Callable[[Settings, Ending, NightFolder | None], list[str]] = _tell


# ---- progress ------------------------------------------------------------------------------------


class Progress:
    """One line a phase. On a terminal the line is there while the phase runs; in a log it comes when the phase is
    done."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._terminal = self._stream.isatty()

    def line(self, text: str) -> None:
        print(text, file=self._stream, flush=True)

    @contextmanager
    def phase(self, label: str) -> Iterator[None]:
        begin = time.monotonic()
        if self._terminal:
            print(f"{label} ...", end="", file=self._stream, flush=True)
        try:
            yield
        except BaseException:
            if self._terminal:
                print(file=self._stream, flush=True)
            raise
        seconds = f"{time.monotonic() - begin:.1f}".replace(".", ",")
        print(f" {seconds} s" if self._terminal else f"{label}: klaar in {seconds} s", file=self._stream, flush=True)


# ---- the night -----------------------------------------------------------------------------------


def run_night(
    settings: Settings,
    key: bytes,
    *,
    peildatum: date | None = None,
    until: date | None = None,
    stop_after: StopAfter = "publish",
    replace_key: bool = False,
    progress: Progress | None = None,
    phases: Phases | None = None,
    today: date | None = None,
    waits: Sequence[float] = (),
) -> NightOutcome:
    """Run one night, and tell those who asked for it how it went. Raises WerkmonitorError (Dutch message, exit code)
    where no verdict could be reached; a held release is an outcome, not an error.

    A rehearsal (`stop_after` other than publish) leaves the releases folder alone, latest.json included, and tells
    nobody. `waits`: what passes by itself is tried again after each of them (patience.py).
    """
    phases, progress = phases or Phases(), progress or Progress()

    def once() -> NightOutcome:
        with open_night(
            settings,
            key,
            peildatum=peildatum,
            until=until,
            stop_after=stop_after,
            replace_key=replace_key,
            progress=progress,
            phases=phases,
            today=today,
        ) as run:
            if run.unchanged is None:
                run.every_phase()
        return run.result

    told = stop_after == "publish"
    try:
        outcome = patiently(once, waits, progress.line)
    except Exception as error:
        # Who starts a second run at a terminal reads there that one is going; a second run that waited for it does not.
        if told and (waits or not isinstance(error, AlreadyRunning)):
            tell(settings, error, phases, progress, today)
        raise
    if told:
        tell(settings, outcome, phases, progress, today)
    return outcome


def tell(
    settings: Settings,
    ended: NightOutcome | BaseException,
    phases: Phases,
    progress: Progress,
    today: date | None = None,
) -> None:
    """Let operators and owners of sources know how a night ended, once no further attempt follows."""
    from werkmonitor.core.notices import Ending, ending_of_error

    day = today or clock.today()
    if isinstance(ended, BaseException):
        ending, folder = ending_of_error(ended, day), None
    else:
        reasons = ended.verdict.reasons if ended.verdict else ()
        ending, folder = Ending(ended.outcome, tuple(reasons), day), ended.folder
    for sentence in phases.tell(settings, ending, folder):
        progress.line(sentence)


@contextmanager
def open_night(
    settings: Settings,
    key: bytes,
    *,
    peildatum: date | None = None,
    until: date | None = None,
    stop_after: StopAfter = "publish",
    replace_key: bool = False,
    progress: Progress | None = None,
    phases: Phases | None = None,
    today: date | None = None,
) -> Iterator[NightRun]:
    """One night under its lock, with its files, ready for its phases: `run_night` calls them in a row, Dagster one an
    asset. What goes wrong inside the block is recorded and reported here, whoever drives."""
    phases, progress = phases or Phases(), progress or Progress()
    with night_lock(settings) as workspace, reported(settings, phases, rehearsal=stop_after != "publish"):
        guard_key(key, workspace.key_fingerprint, replace=replace_key)
        clean_leftovers(workspace, _live_candidate(settings, phases))
        phases.clean_staging(settings)
        # A rehearsal, or a look back at what was known before, changes nothing of what is kept.
        lasting = stop_after == "publish" and until is None
        for sentence in phases.keep(settings, workspace) if lasting else ():
            progress.line(sentence)
        night = prepare_night(settings, key, workspace, peildatum=peildatum, until=until, phases=phases)
        if lasting:
            phases.note(night)
        run = NightRun(night, phases, progress, stop_after, today or clock.today(), lasting=lasting)
        if stop_after == "publish":
            run.unchanged = phases.already(night)
        if run.unchanged:
            phases.record(night.settings, "ongewijzigd", run.unchanged.bericht, night.run)
            yield run
            return
        with night_files(night):
            yield run
            night.note(uitkomst=run.result.outcome, klaar=_now())
        prune_nights(workspace, keep=night.folder.root.name)


@contextmanager
def night_lock(settings: Settings) -> Iterator[Workspace]:
    """The werkmap, made if need be, locked for one run."""
    with disk_trouble(settings):
        workspace = Workspace(settings.monitor.werkmap).create()
        with run_lock(workspace.lock):
            yield workspace


def prepare_night(
    settings: Settings,
    key: bytes,
    workspace: Workspace,
    *,
    peildatum: date | None = None,
    until: date | None = None,
    phases: Phases | None = None,
) -> Night:
    """Find the deliveries, settle peildatum and division, compute the digests. Nothing is written."""
    from werkmonitor.core.digests import run_info
    from werkmonitor.settings_loader import check_gemeenten
    from werkmonitor.verkennen import explore_build

    phases = phases or Phases()
    phases.validate(settings)
    deliveries = phases.find(settings, until)
    day = effective_peildatum(settings, deliveries, peildatum)
    year = effective_indeling_jaar(settings, day)
    check_gemeenten(settings, year)
    settled = resolved(settings, day, year)
    run = run_info(settled, deliveries, day, year, clock.local_now(), explore_build())
    name = f"{_moment_for(run.started, workspace):{MOMENT}}-{run.candidate_digest[:8]}-{os.getpid()}"
    return Night(settled, key, workspace, workspace.night(name), run, phases.current(settings))


@dataclass
class NightRun:
    """The phases of one night, to be called in this order, each once. `open_night` makes it."""

    night: Night
    phases: Phases
    progress: Progress
    stop_after: StopAfter
    today: date
    lasting: bool = False
    unchanged: PublishedRelease | None = None
    results: tuple[CheckResult, ...] = ()
    verdict: Verdict | None = None
    outcome: NightOutcome | None = None

    @property
    def result(self) -> NightOutcome:
        """How the night ended: nothing to do, published or held, or stopped before that as it was asked."""
        if self.unchanged:
            run, done = self.night.run, self.unchanged
            return NightOutcome("ongewijzigd", run.peildatum, run.indeling_jaar, done.path, done.bericht)
        ending: dict[str, Any] = {"verdict": self.verdict, "results": self.results}
        return self.outcome or self.night.ended("gestopt", release=self.night.previous, **ending)

    def every_phase(self) -> None:
        """All phases up to and including the one after which this night stops."""
        steps: tuple[tuple[StopAfter, Callable[[], None]], ...] = (
            ("ingest", self.ingest),
            ("transform", self.transform),
            ("transform", self.disclose),
            ("audit", self.audit),
            ("publish", self.publish),
        )
        order = [name for name, _ in steps]
        for _, step in steps[: len(order) - order[::-1].index(self.stop_after)]:
            step()

    def ingest(self) -> None:
        run = self.night.run
        self.progress.line(f"Peildatum {run.peildatum}, indeling {run.indeling_jaar}, {len(run.deliveries)} bestanden.")
        with _phase(self.night, self.progress, "ingest", "Inlezen"):
            self.phases.ingest(self.night)
            changed = self.phases.settle_findings(self.night, self.today) if self.lasting else ""
        if changed:
            self.progress.line(changed)

    def transform(self) -> None:
        with _phase(self.night, self.progress, "transform", "Rekenen"):
            self.phases.transform(self.night)

    def disclose(self) -> None:
        with _phase(self.night, self.progress, "geheimhouding", "Geheimhouding"):
            self.phases.disclose(self.night)

    def audit(self) -> None:
        """Run the checks and let the gate decide; only a night that is to be published settles waivers."""
        with _phase(self.night, self.progress, "audit", "Controleren"):
            results = self.phases.audit(self.night)
            if self.stop_after == "publish":
                self.phases.settle(self.night, results, self.today)
            self.verdict = self.phases.decide(self.night, results, self.today)
        self.results = tuple(results)

    def publish(self) -> None:
        """Publish or hold, as the gate decided: `outcome` says which. A held release is no error here."""
        if self.verdict is None:
            raise RuntimeError("publish was called before audit")
        ending: dict[str, Any] = {"verdict": self.verdict, "results": self.results}
        try:
            with _phase(self.night, self.progress, "publish", "Publiceren" if self.verdict.publish else "Tegenhouden"):
                release = self.phases.publish(self.night, self.verdict, self.results)
        except (HeldByGate, CheckDidNotRun) as error:
            held: Outcome = "controlefout" if isinstance(error, CheckDidNotRun) else "tegengehouden"
            self.outcome = self.night.ended(held, release=self.night.previous, message=str(error), **ending)
            return
        outcome: Outcome = "gepubliceerd" if release.nieuw else "ongewijzigd"
        if release.nieuw and (lacking := _lacking(release.path)):
            self.progress.line(lacking)
        self.outcome = self.night.ended(outcome, release=release.path, message=release.bericht, **ending)


@contextmanager
def _phase(night: Night, progress: Progress, name: str, label: str) -> Iterator[None]:
    begin = time.monotonic()
    try:
        with progress.phase(label):
            yield
    except Exception:
        interrupt.check()
        raise
    interrupt.check()
    night.note(fasen=[*night.state.get("fasen", []), {"fase": name, "seconden": round(time.monotonic() - begin, 2)}])


# ---- what a night leaves behind ------------------------------------------------------------------


@contextmanager
def night_files(night: Night) -> Iterator[None]:
    """The night folder: kept as evidence with its outcome; removed when the run was broken off or the disk is full,
    since half of it says nothing."""
    night.folder.create()
    night.note(
        kandidaat=night.run.candidate_digest,
        peildatum=night.run.peildatum.isoformat(),
        indeling_jaar=night.run.indeling_jaar,
        begonnen=night.run.started.isoformat(timespec="seconds"),
        aanleveringen=[item.relative for item in night.run.deliveries],
    )
    try:
        yield
    except Exception as error:
        if is_disk_full(error):
            shutil.rmtree(night.folder.root, ignore_errors=True)
        else:
            with suppress(OSError):
                night.note(uitkomst="fout", fout=type(error).__name__, klaar=_now())
        raise
    except BaseException:
        shutil.rmtree(night.folder.root, ignore_errors=True)
        raise


def clean_leftovers(workspace: Workspace, live: str = "") -> None:
    """Remove what a killed run left: nights without an outcome, half copies, half states. Only under the lock.

    A night that was killed between its switch and its last note did publish (`live` is its candidate): it is complete,
    and the only evidence there is of the release that everybody sees.
    """
    clean_half_files(workspace.snapshots)
    clean_half_files(workspace.masks)
    clean_half_files(workspace.root, spare_living=True)  # a steward asks for waivers without this lock
    for folder in _night_folders(workspace):
        night = NightFolder(folder)
        state = read_json(night.state)
        if "uitkomst" in state:
            continue
        if live and state.get("kandidaat") == live and night.checks.exists():
            write_json(night.state, state | {"uitkomst": "gepubliceerd", "klaar": _now()})
        else:
            shutil.rmtree(folder, ignore_errors=True)


def _live_candidate(settings: Settings, phases: Phases) -> str:
    """Which candidate the current release is of; empty when there is none, or none that can be read."""
    current = phases.current(settings)
    return str(read_json(current / "manifest.json").get("kandidaat", "")) if current else ""


def prune_nights(workspace: Workspace, keep: str) -> None:
    """Keep the newest nights as evidence; what `keep` names always stays."""
    old = [folder for folder in _night_folders(workspace) if folder.name != keep]
    for folder in old[: max(0, len(old) - (KEPT_NIGHTS - 1))]:
        shutil.rmtree(folder, ignore_errors=True)


def newest_night(workspace: Workspace) -> NightFolder | None:
    """The newest night that has an outcome."""
    for folder in reversed(_night_folders(workspace)):
        if "uitkomst" in read_json(NightFolder(folder).state):
            return NightFolder(folder)
    return None


def _night_folders(workspace: Workspace) -> list[Path]:
    """Oldest first, as their names say."""
    return sorted(path for path in workspace.nights.iterdir() if path.is_dir()) if workspace.nights.is_dir() else []


def _moment_for(started: datetime, workspace: Workspace) -> datetime:
    """When a night began, or just after the newest one where the clock was set back since: names follow each other."""
    newest = [folder.name[:15] for folder in _night_folders(workspace)][-1:]
    try:
        before = [datetime.strptime(name, MOMENT).replace(tzinfo=UTC) for name in newest]
    except ValueError:
        before = []  # somebody put another folder there
    return max([started.astimezone(UTC), *(moment + timedelta(seconds=1) for moment in before)])


def read_json(path: Path) -> dict[str, Any]:
    """The object in a JSON file; empty when it is not there or was cut off."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Write beside and rename, so that a reader never sees half a file."""
    write_file(path, (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode(), mode=0o600)


def _now() -> str:
    return clock.local_now().isoformat(timespec="seconds")


# ---- what goes wrong -----------------------------------------------------------------------------


@contextmanager
def reported(settings: Settings, phases: Phases, *, rehearsal: bool) -> Iterator[None]:
    """Every end without a verdict is in latest.json too, so that the site can show that a night failed."""
    try:
        with disk_trouble(settings):
            yield
    except BaseException as error:
        if not rehearsal:
            outcome, reason = next((found, text) for kind, found, text in REASONS if isinstance(error, kind))
            # The run failed already; that latest.json could not be written either must not hide why.
            with suppress(Exception):
                phases.record(settings, outcome, f"{reason} De vorige release blijft staan.", None)
        raise


@contextmanager
def disk_trouble(settings: Settings) -> Iterator[None]:
    """Turn a full disk, wherever it was met, into a message that names the folder."""
    try:
        yield
    except DiskFull:
        raise
    except Exception as error:
        if not is_disk_full(error):
            raise
        raise DiskFull(_disk_full_sentence(settings, error)) from error


def is_disk_full(error: BaseException) -> bool:
    """Whether a full disk is what was behind an error. DuckDB and dbt say so in words only."""
    return any(_says_disk_full(link) for link in chain(error))


def _says_disk_full(error: BaseException) -> bool:
    if isinstance(error, DiskFull) or (isinstance(error, OSError) and error.errno in NO_ROOM):
        return True
    words = str(error).lower()
    return any(sign in words for sign in NO_ROOM_IN_WORDS)


def _disk_full_sentence(settings: Settings, error: BaseException) -> str:
    monitor = settings.monitor
    named = next(
        (Path(str(link.filename)) for link in chain(error) if isinstance(link, OSError) and link.filename), None
    )
    # What was half is removed by now: the nearest folder above it that is still there.
    near = next((folder for folder in (named, *named.parents) if folder.is_dir()), None) if named else None
    folders = [folder for folder in (monitor.werkmap, monitor.releases) if folder.exists()]
    folder = near or min(folders or [Path.cwd()], key=lambda path: shutil.disk_usage(path).free)
    free = shutil.disk_usage(folder).free // 1_000_000
    return (
        f"De schijf van {folder} is volgelopen (na opruimen is er {free} MB vrij). Maak ruimte en begin opnieuw; "
        "de aanleveringen en de vorige release zijn ongemoeid."
    )
