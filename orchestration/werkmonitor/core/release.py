"""Making a release: the files of contract 3 in a staging folder, synced, renamed, and `current` switched in one step.

The verdict is the gate's and the figures are those of `gepubliceerd.reeksen`; this module only writes them down.
What happens to releases afterwards (list, show, verify, rollback, prune) is in `release_store` and is offered from
here too, so that callers need one name.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from werkmonitor.core import (
    atomic,
    breaks,
    changes,
    clock,
    comparability,
    datapackage,
    gate,
    manifest,
    publication_calendar,
)
from werkmonitor.core import release_store as store
from werkmonitor.core.csvio import sql_text, write_csv
from werkmonitor.core.manifest import RunInfo, configuration_digest, input_digest, release_id_of
from werkmonitor.core.release_store import (
    ReleaseInfo,
    clean_staging,
    current_release,
    latest_run,
    list_releases,
    manifest_of,
    record_run,
    rollback,
    show,
    verify,
)
from werkmonitor.core.trouble import in_words
from werkmonitor.core.types import CheckResult, Verdict, WerkmonitorError
from werkmonitor.core.workspace import NightFolder
from werkmonitor.settings import Settings

__all__ = [
    "PublishedRelease",
    "ReleaseInfo",
    "RunInfo",
    "already_published",
    "clean_staging",
    "configuration_digest",
    "current_release",
    "diff",
    "input_digest",
    "latest_run",
    "list_releases",
    "manifest_of",
    "publish",
    "record_run",
    "release_id_of",
    "rollback",
    "show",
    "verify",
]

UNCHANGED = "ongewijzigd"
TABLE = "gepubliceerd.reeksen"
DESCRIBED = (
    "reeksen.parquet",
    "reeksen.csv",
    "reeksen-excel.csv",
    "vergelijkbaarheid.csv",
    "definities.json",
    "kwaliteit.json",
    "wijzigingen.csv",
)
_KEY = ", ".join(datapackage.REEKSEN_KEY)
# Writes into the folder of a release that is not there yet, and gives the names of what it wrote.
AddReport = Callable[[Path], Sequence[str]]


@dataclass(frozen=True)
class PublishedRelease:
    """What publishing came to. `nieuw` is False when nothing was switched; `bericht` says in Dutch what happened and
    why."""

    release_id: str
    path: Path
    nieuw: bool
    bericht: str


def publish(
    settings: Settings,
    night: NightFolder,
    verdict: Verdict,
    results: Sequence[CheckResult],
    run: RunInfo,
    *,
    registry: Mapping[str, Any] | None = None,
    add_report: AddReport | None = None,
) -> PublishedRelease:
    """Publish the candidate of this night and write latest.json.

    `add_report` writes the report into the staged release, when every other file of it is there.

    A verdict that does not publish is recorded in latest.json and raised as HeldByGate or CheckDidNotRun; the
    current release stays.
    """
    error = gate.error_for(verdict)
    if error is not None:
        _record(settings, verdict.outcome, "\n".join(verdict.reasons), run, None)
        raise error
    with store.locked(settings), _disk_trouble_in_words():
        atomic.clean_leftovers(store.releases_root(settings))
        before = already_published(settings, run)
        if before is not None:
            _record(settings, UNCHANGED, before.bericht, run, before.release_id)
            return before
        definitions = registry if registry is not None else import_module("werkmonitor.core.registry").as_published()
        path = _make_release(settings, night, verdict, results, run, definitions, add_report)
        _switch(settings, path, verdict, run)
    _prune_in_words(settings)
    return PublishedRelease(path.name, path, True, f"Release {path.name} is gepubliceerd.")


def already_published(settings: Settings, run: RunInfo) -> PublishedRelease | None:
    """Are these inputs out already, or were they rolled back? Then nothing is to be done, and `bericht` says so. Ask
    before computing."""
    current = current_release(settings)
    if current is not None and manifest_of(current)["kandidaat"] == run.candidate_digest:
        text = (
            f"Niets veranderd: dezelfde aanleveringen, instellingen, definities en code als release {current.name}. "
            "Er is niets gedaan."
        )
        return PublishedRelease(current.name, current, False, text)
    rolled_back = store.rolled_back_candidates(settings).get(run.candidate_digest)
    if rolled_back is None or current is None:
        return None
    text = (
        f"Niets gedaan: deze invoer is eerder gepubliceerd als release {rolled_back} en die is teruggedraaid; release "
        f"{current.name} blijft staan. "
        f"Wilt u haar toch, geef dan `werkmonitor release rollback {rolled_back}`; nieuwe invoer wordt gewoon "
        "gepubliceerd."
    )
    return PublishedRelease(current.name, current, False, text)


def diff(settings: Settings, a: str, b: str) -> pa.Table:
    """Every cell that differs from release `a` to release `b`, with the columns of wijzigingen.csv."""
    old, new = store.find_release(settings, a), store.find_release(settings, b)
    context = changes.context_of(manifest_of(old), manifest_of(new))
    with duckdb.connect() as con:
        query = changes.query(con, _parquet(old), _parquet(new), context)
        return con.execute(query).to_arrow_table()


def _make_release(
    settings: Settings,
    night: NightFolder,
    verdict: Verdict,
    results: Sequence[CheckResult],
    run: RunInfo,
    definitions: Mapping[str, Any],
    add_report: AddReport | None,
) -> Path:
    """The release under its own name, whole and synced; not yet current."""
    root = store.releases_root(settings)
    target = root / release_id_of(run, verdict)
    if target.exists():
        return _reused(target)
    staging = root / f"{atomic.STAGING_PREFIX}{target.name}-{os.getpid()}"
    try:
        staging.mkdir()
        _write_files(settings, night, verdict, results, run, definitions, staging, add_report)
        atomic.seal_folder(staging)
        os.rename(staging, target)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise
    atomic.fsync_path(root)
    return target


def _reused(target: Path) -> Path:
    """The same inputs were published before, then others (another peildatum, say): the old folder is the release, if
    it is still whole."""
    problems = verify(target)
    if problems:
        raise WerkmonitorError(
            f"Release {target.name} bestaat al maar is niet heel: {'; '.join(problems)}. Zet de map terug van de "
            "reservekopie of verwijder haar."
        )
    return target


def _write_files(
    settings: Settings,
    night: NightFolder,
    verdict: Verdict,
    results: Sequence[CheckResult],
    run: RunInfo,
    definitions: Mapping[str, Any],
    folder: Path,
    add_report: AddReport | None,
) -> None:
    previous = current_release(settings)
    publication = publication_calendar.decide(
        settings.geheimhouding, run.peildatum, publication_calendar.peildatum_of(store.public_release(settings))
    )
    content = manifest.build(
        settings,
        night,
        verdict,
        results,
        run,
        previous.name if previous else None,
        publication,
        number=store.next_number(settings),
    )
    with duckdb.connect(str(night.candidate), read_only=True) as con:
        _write_series(con, folder)
        grades = comparability.build(con, TABLE, definitions.get("vergelijkbaarheid", ()))
        con.register("vergelijkbaarheid_rijen", grades)
        write_csv(con, "SELECT * FROM vergelijkbaarheid_rijen", folder / "vergelijkbaarheid.csv")
        write_csv(con, _changes_since(con, previous, content), folder / "wijzigingen.csv")
    _write_json(folder / "definities.json", {**definitions, "reeksbreuken": breaks.as_published(settings)})
    _write_json(folder / "kwaliteit.json", manifest.quality_report(run, night, results, settings))
    package = datapackage.build(content["release_id"], settings.monitor.naam, content["peildatum"], folder, DESCRIBED)
    _write_json(folder / "datapackage.json", package)
    _write_json(folder / store.MANIFEST, content)
    # The report reads the manifest too; its own files are added to it when they are written.
    names = [*DESCRIBED, "datapackage.json", *(add_report(folder) if add_report else ())]
    _write_json(folder / store.MANIFEST, manifest.with_files(content, folder, names))


def _write_series(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    rows = f"SELECT {', '.join(datapackage.column_names(datapackage.REEKSEN))} FROM {TABLE} ORDER BY {_KEY}"
    con.execute(f"COPY ({rows}) TO {sql_text(str(folder / 'reeksen.parquet'))} (FORMAT parquet, COMPRESSION zstd)")
    write_csv(con, rows, folder / "reeksen.csv")
    write_csv(con, rows, folder / "reeksen-excel.csv", excel=True)


def _changes_since(con: duckdb.DuckDBPyConnection, previous: Path | None, content: Mapping[str, Any]) -> str:
    if previous is None:
        return changes.query(con, None, TABLE, None)
    return changes.query(con, _parquet(previous), TABLE, changes.context_of(manifest_of(previous), content))


def _switch(settings: Settings, path: Path, verdict: Verdict, run: RunInfo) -> None:
    """latest.json is ready beside before the switch: a disk that is full then leaves the old release current."""
    reason = "\n".join(verdict.reasons)
    ready = store.prepare_run(
        settings,
        verdict.outcome,
        reason,
        clock.now(),
        path.name,
        run.peildatum,
        run.candidate_digest,
        path.name,
    )
    store.switch_to(settings, path.name, ready)


def _record(settings: Settings, outcome: str, reason: str, run: RunInfo, release_id: str | None) -> None:
    digest = run.candidate_digest
    record_run(settings, outcome, reason, clock.now(), release_id, run.peildatum, candidate_digest=digest)


def _prune_in_words(settings: Settings) -> None:
    try:
        with store.locked(settings):
            store.prune(settings)
    except OSError as error:
        raise WerkmonitorError(
            f"De release is gepubliceerd, maar oude releases zijn niet op te ruimen: {in_words(error)}. Controleer de "
            "rechten op de map met releases."
        ) from error


@contextlib.contextmanager
def _disk_trouble_in_words() -> Iterator[None]:
    """A full disk or missing rights: nothing was switched, and the message says what to do."""
    try:
        yield
    except (OSError, duckdb.IOException, duckdb.OutOfMemoryException) as error:
        detail = in_words(error) if isinstance(error, OSError) else "de database kon niet schrijven"
        raise WerkmonitorError(
            f"De release kon niet worden weggeschreven ({detail}). De vorige release staat er nog heel. Maak ruimte "
            "of herstel de rechten op de map "
            "met releases en draai opnieuw."
        ) from error


def _parquet(release: Path) -> str:
    return f"read_parquet({sql_text(str(release / 'reeksen.parquet'))})"


def _write_json(path: Path, value: Any) -> None:
    path.write_bytes(manifest.as_json(value))
