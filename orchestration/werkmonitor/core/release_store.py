"""The folder of releases as readers and stewards see it: which release is current, whether it is whole, the newest
run, rollbacks, pruning.

Making a new release is `release`. Every function here works on whole releases only and never alters a file inside
one.

Layout: `<releases>/<release_id>/`, `current` (symlink), `latest.json` (the newest run, also when it published
nothing), `herstel.jsonl` (every rollback, with the candidates that were rolled back), `.slot` (lock), `.bezig-*` and
`.weg-*` (left by a process that was killed; nobody reads them).
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, NoReturn

from werkmonitor.core import atomic, clock, manifest
from werkmonitor.core.datapackage import sha256_of
from werkmonitor.core.types import ConfigurationError, WerkmonitorError
from werkmonitor.settings import Settings

RELEASE_ID = re.compile(r"\d{4}-\d{2}-\d{2}-[0-9a-f]{12}")
CURRENT, LATEST, ROLLBACKS, MANIFEST = "current", "latest.json", "herstel.jsonl", "manifest.json"
OPEN = "openbaar"
ROLLED_BACK = "teruggedraaid"
# A reader resolves `current` once and reads on from there; for so long after the switch its release is left alone.
READING_SECONDS = 3600


@dataclass(frozen=True)
class ReleaseInfo:
    """One line of `release list`. `teruggedraaid`: somebody moved away from it; an unchanged night does not bring it
    back."""

    release_id: str
    peildatum: str
    gemaakt: str
    vorige: str | None
    huidig: bool
    teruggedraaid: bool


def releases_root(settings: Settings) -> Path:
    return settings.monitor.releases


def locked(settings: Settings) -> AbstractContextManager[None]:
    """One process at a time switches or cleans; readers need no lock."""
    releases_root(settings).mkdir(parents=True, exist_ok=True)
    return atomic.exclusive(releases_root(settings) / ".slot")


def current_release(settings: Settings) -> Path | None:
    """The release that readers see. Resolve once, then read from the path that is given: that is what makes a mix
    impossible."""
    link = releases_root(settings) / CURRENT
    path = link.resolve()
    return path if link.is_symlink() and (path / MANIFEST).is_file() else None


def current_id(settings: Settings) -> str | None:
    path = current_release(settings)
    return path.name if path else None


class ReleaseDamaged(WerkmonitorError):
    """Somebody or something changed a release after it was published."""


def manifest_of(path: Path) -> dict[str, Any]:
    """The manifest of a release; ReleaseDamaged when it cannot be read."""
    try:
        content = json.loads((path / MANIFEST).read_text("utf-8"))
        return content if {"release_id", "kandidaat", "gemaakt", "bestanden"} <= set(content) else _damaged(path)
    except (OSError, ValueError, TypeError):
        return _damaged(path)


def _damaged(path: Path) -> NoReturn:
    raise ReleaseDamaged(
        f"Release {path.name} is beschadigd: {MANIFEST} is niet te lezen. Zet de map {path} terug van de reservekopie, "
        "of verwijder haar; kies zo nodig eerst een hele release met `werkmonitor release rollback`."
    )


def _readable(path: Path) -> bool:
    try:
        manifest_of(path)
    except ReleaseDamaged:
        return False
    return True


def verify(path: Path) -> list[str]:
    """Recompute the sha256 of every file that the manifest names. The problems, in Dutch; none means that the
    release is whole."""
    try:
        files = manifest_of(path)["bestanden"]
    except ReleaseDamaged:
        return [f"{path.name}/{MANIFEST}: ontbreekt of is niet te lezen"]
    problems = []
    for name, expected in files.items():
        file = path / name
        if not file.is_file():
            problems.append(f"{path.name}/{name}: ontbreekt")
        elif file.stat().st_size != expected["bytes"] or sha256_of(file) != expected["sha256"]:
            problems.append(f"{path.name}/{name}: wijkt af van het manifest")
    present = {str(file.relative_to(path)) for file in path.rglob("*") if file.is_file()}
    problems.extend(
        f"{path.name}/{name}: staat niet in het manifest" for name in sorted(present - set(files) - {MANIFEST})
    )
    return problems


def release_paths(settings: Settings) -> list[Path]:
    """Every release, newest first; a damaged one has no place in that order and is left out."""
    root = releases_root(settings)
    if not root.is_dir():
        return []
    found = [p for p in root.iterdir() if RELEASE_ID.fullmatch(p.name) and _readable(p)]
    return sorted(found, key=lambda path: (*_made(manifest_of(path)), path.name), reverse=True)


def next_number(settings: Settings) -> int:
    """The number of a release that is made now. Call while holding the lock."""
    newest = release_paths(settings)[:1]
    return 1 + sum(manifest_of(path).get("volgnummer", 0) for path in newest)


def _made(content: Mapping[str, Any]) -> tuple[int, datetime]:
    """The order in which releases were made: by number, since the clock may have been set back in between. Releases
    from before there were numbers come first, by their time."""
    return content.get("volgnummer", 0), datetime.fromisoformat(content["gemaakt"])


def public_release(settings: Settings) -> Path | None:
    """The newest release that is for the public (core/publication_calendar) and was not rolled back."""
    rolled_back = rolled_back_candidates(settings)
    found = []
    for path in release_paths(settings):
        content = manifest_of(path)
        if content.get("publicatie", {}).get("soort") == OPEN and content["kandidaat"] not in rolled_back:
            found.append((content["peildatum"], _made(content), path))
    return max(found)[-1] if found else None


def find_release(settings: Settings, release_id: str) -> Path:
    """The folder of a release; wrong use when there is none."""
    path = releases_root(settings) / release_id
    if not RELEASE_ID.fullmatch(release_id) or not (path / MANIFEST).is_file():
        known = ", ".join(p.name for p in release_paths(settings)[:5]) or "geen"
        raise ConfigurationError(f"Er is geen release {release_id}. De nieuwste releases: {known}.")
    return path


def list_releases(settings: Settings) -> list[ReleaseInfo]:
    """Every release, newest first."""
    current, rolled_back = current_id(settings), rolled_back_candidates(settings)
    return [_info(manifest_of(path), current, rolled_back) for path in release_paths(settings)]


def show(settings: Settings, release_id: str | None = None) -> dict[str, Any]:
    """The manifest of one release (default the current one), whether it is current and what is wrong with its files."""
    path = find_release(settings, release_id) if release_id else current_release(settings)
    if path is None:
        raise ConfigurationError("Er is nog geen release gepubliceerd. `werkmonitor run` maakt de eerste.")
    return {**manifest_of(path), "huidig": path.name == current_id(settings), "gebreken": verify(path)}


def latest_run(settings: Settings) -> dict[str, Any] | None:
    """latest.json; None before the first run."""
    path = releases_root(settings) / LATEST
    try:
        return json.loads(path.read_text("utf-8")) if path.exists() else None
    except ValueError:
        raise WerkmonitorError(
            f"{path} is beschadigd en niet te lezen. Verwijder dit bestand; de volgende run schrijft het opnieuw."
        ) from None


def record_run(
    settings: Settings,
    verdict_outcome: str,
    reason: str,
    time: datetime,
    release_id: str | None,
    peildatum: date | None,
    *,
    candidate_digest: str | None = None,
) -> None:
    """Write latest.json: the newest run, also when it published nothing. `reason` is read by outsiders: no rows, no
    names, no paths."""
    atomic.put_in_place(
        prepare_run(
            settings, verdict_outcome, reason, time, release_id, peildatum, candidate_digest, current_id(settings)
        ),
        releases_root(settings) / LATEST,
    )


def prepare_run(
    settings: Settings,
    outcome: str,
    reason: str,
    time: datetime,
    release_id: str | None,
    peildatum: date | None,
    candidate_digest: str | None,
    current: str | None,
) -> Path:
    """The text of latest.json in a file beside it, so that a full disk is met before the switch and not after it."""
    releases_root(settings).mkdir(parents=True, exist_ok=True)
    public = public_release(settings)
    content = {
        "uitkomst": outcome,
        "tijd": time.isoformat(timespec="seconds"),
        "reden": _without_folders(settings, reason),
        "peildatum": peildatum.isoformat() if peildatum else None,
        "release_id": release_id,
        "huidige_release": current,
        "openbare_release": public.name if public else None,
        "kandidaat": candidate_digest,
    }
    return atomic.write_beside(releases_root(settings) / LATEST, manifest.as_json(content))


def _without_folders(settings: Settings, text: str) -> str:
    """latest.json is read by outsiders, and a message of an error may name where the organisation keeps its files."""
    for folder in (settings.monitor.landing, settings.monitor.werkmap, settings.monitor.releases):
        if folder.is_absolute() and folder.name:
            text = text.replace(str(folder), folder.name)
    return text


def switch_to(settings: Settings, release_id: str, ready: Path) -> None:
    """Make a whole release the current one and put its latest.json (of `prepare_run`) in place. Call while holding the
    lock."""
    try:
        _date_departure(settings)
        atomic.point_symlink(releases_root(settings) / CURRENT, release_id)
        atomic.put_in_place(ready, releases_root(settings) / LATEST)
    except BaseException:
        ready.unlink(missing_ok=True)
        raise


def _date_departure(settings: Settings) -> None:
    """The date of a release's folder is the moment at which it stopped being current: `prune` goes by it. Before the
    switch, so that a reader who is in it is safe although this process is killed here."""
    current = current_release(settings)
    if current is not None:
        with suppress(PermissionError):  # a folder of another user: publishing does not depend on it
            os.utime(current)


def rolled_back_candidates(settings: Settings) -> dict[str, str]:
    """candidate digest → release_id of what was rolled back and not chosen again since."""
    found: dict[str, str] = {}
    for entry in _rollbacks(settings):
        found |= {item["kandidaat"]: item["release_id"] for item in entry["teruggedraaid"]}
        found.pop(entry["kandidaat"], None)
    return found


def withdrawals(settings: Settings) -> list[dict[str, str]]:
    """Every rollback as a reader may know it, oldest first: from which release, to which, when."""
    return [
        {"van": entry["van"], "naar": entry["naar"], "tijd": entry["tijd"]}
        for entry in _rollbacks(settings)
        if entry["van"]
    ]


def rollback(settings: Settings, release_id: str, *, time: datetime | None = None) -> Path:
    """Make an earlier (or later) release the current one, atomically.

    What is moved away from is remembered in herstel.jsonl: the same inputs do not bring it back by themselves, only
    another `rollback` to it does. New inputs are published as always.
    """
    time = time or clock.now()
    with locked(settings):
        target, current = find_release(settings, release_id), current_release(settings)
        if current is not None and current.name == release_id:
            raise ConfigurationError(f"Release {release_id} is al de huidige; er is niets gewijzigd.")
        problems = verify(target)
        if problems:
            raise WerkmonitorError(f"Release {release_id} is niet heel en wordt niet gekozen: {'; '.join(problems)}.")
        left = _between(settings, current, target)
        reason = f"Teruggezet naar release {release_id}" + (f"; vervangt {current.name}." if current else ".")
        # The log first: killed right after it, the current release is still the old one and a next run treats it as
        # current.
        _log_rollback(settings, target, current, left, time)
        ready = prepare_run(
            settings, ROLLED_BACK, reason, time, release_id, date.fromisoformat(manifest_of(target)["peildatum"]),
            manifest_of(target)["kandidaat"], release_id,
        )  # fmt: skip
        switch_to(settings, release_id, ready)
    return target


def prune(settings: Settings) -> list[str]:
    """Keep the newest `bewaar_releases`, the current one whatever its age, and what somebody may still be reading.
    Call while holding the lock."""
    current = current_id(settings)
    old = [p for p in release_paths(settings)[settings.monitor.bewaar_releases :] if p.name != current]
    doomed = [path for path in old if not _may_be_read(path)]
    for path in doomed:
        atomic.remove_folder(path)
    return [path.name for path in doomed]


def _may_be_read(path: Path) -> bool:
    """Did it stop being current less than READING_SECONDS ago? One that left in the future (the clock was set back
    since) may have left just now: it is dated anew and goes at the first pruning that is long enough after this one."""
    age = clock.now().timestamp() - path.stat().st_mtime
    if age < 0:
        os.utime(path)
    return age < READING_SECONDS


def clean_staging(settings: Settings) -> list[str]:
    """Remove what a killed run left behind. Waits for a run that is publishing right now."""
    with locked(settings):
        return atomic.clean_leftovers(releases_root(settings))


def _info(content: dict[str, Any], current: str | None, rolled_back: dict[str, str]) -> ReleaseInfo:
    return ReleaseInfo(
        release_id=content["release_id"],
        peildatum=content["peildatum"],
        gemaakt=content["gemaakt"],
        vorige=content["vorige_release"],
        huidig=content["release_id"] == current,
        teruggedraaid=content["kandidaat"] in rolled_back and content["release_id"] != current,
    )


def _between(settings: Settings, current: Path | None, target: Path) -> list[dict[str, str]]:
    """The releases that are moved away from: back along 'vorige' to the target, or the current one alone when the
    target is no ancestor."""
    left: list[dict[str, str]] = []
    path = current
    while path is not None and path.name != target.name:
        if not _readable(path):
            return left  # its candidate cannot be known, so the same inputs may bring it back, whole
        content = manifest_of(path)
        left.append({"release_id": path.name, "kandidaat": content["kandidaat"]})
        previous = content["vorige_release"]
        known = {item["release_id"] for item in left}
        follows = (
            previous is not None and previous not in known and (releases_root(settings) / previous / MANIFEST).is_file()
        )
        path = releases_root(settings) / previous if follows else None
    return left if path is not None else left[:1]


def _rollbacks(settings: Settings) -> list[dict[str, Any]]:
    path = releases_root(settings) / ROLLBACKS
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


def _log_rollback(
    settings: Settings, target: Path, current: Path | None, left: list[dict[str, str]], time: datetime
) -> None:
    entry = {
        "tijd": time.isoformat(timespec="seconds"),
        "van": current.name if current else None,
        "naar": target.name,
        "kandidaat": manifest_of(target)["kandidaat"],
        "teruggedraaid": left,
    }
    lines = [json.dumps(item, ensure_ascii=False) for item in [*_rollbacks(settings), entry]]
    atomic.write_file(releases_root(settings) / ROLLBACKS, ("\n".join(lines) + "\n").encode())
