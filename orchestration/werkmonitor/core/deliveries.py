"""What lies in the landing: which files count for a run, what was found beside them, and a copy that nobody can
change under us.

Not here: what is inside a file (`reading.py`, `ingest.py`). Hidden files (a name that begins with a dot) are the
operating system's and are passed over; everything else that is not read is named.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from werkmonitor.core.contracts import ENTITIES
from werkmonitor.core.mappings import Mapping, load_mapping
from werkmonitor.core.trouble import in_words
from werkmonitor.core.types import (
    ConfigurationError,
    Delivery,
    DeliveryChanging,
    DeliveryUnreadable,
    LandingGone,
)
from werkmonitor.core.workspace import Workspace
from werkmonitor.settings import Settings, SourceSettings

CHUNK = 1 << 20
# xlsx is a delivery too (contract 1): it is found here so that an older csv is never read in its place.
SUFFIXES = (".csv", ".parquet", ".xlsx")


@dataclass(frozen=True)
class LandingNote:
    """Something in the landing that is not read: which source and day it lies under (where known), the rule, its
    path.
    """

    bron: str
    leverdatum: date | None
    regel: str
    bestand: str


@dataclass(frozen=True)
class DeliveredFile:
    """A file of a source in the landing, read or not: `telt` when it is one of those that count now."""

    bron: str
    leverdatum: date
    path: Path
    relative: str
    telt: bool


@dataclass(frozen=True)
class _Found:
    bron: str
    leverdatum: date
    entiteit: str
    path: Path


def find_deliveries(settings: Settings, until: date | None = None) -> list[Delivery]:
    """The files that count, hashed: of a full delivery the newest per entity, of a maandbestand all of them.

    `until` (`--leveringen-tot`) rebuilds what was known then. Order: source, delivery date, entity, path.
    """
    found, _ = _scan(settings)
    if until is not None:
        found = [item for item in found if item.leverdatum <= until]
    counted = [item for bron, source in settings.bronnen.items() for item in _counted(found, bron, source)]
    order = {bron: position for position, bron in enumerate(settings.bronnen)}
    landing = settings.monitor.landing
    # One file may hold several entities (a mapping says so); it is read for each of them, and hashed once.
    paths = dict.fromkeys(item.path for item in counted)
    hashes = {path: file_sha256(path, path.relative_to(landing).as_posix()) for path in paths}
    return [
        Delivery(
            bron=item.bron,
            bron_volgorde=order[item.bron],
            leverdatum=item.leverdatum,
            entiteit=item.entiteit,
            path=item.path,
            relative=item.path.relative_to(landing).as_posix(),
            sha256=hashes[item.path],
        )
        for item in sorted(
            counted, key=lambda i: (order[i.bron], i.leverdatum, ENTITIES.index(i.entiteit), i.path.name)
        )
    ]


def delivered_files(settings: Settings) -> list[DeliveredFile]:
    """Every file of a source in the landing, once, without looking into it; also those that a newer one replaced."""
    found, _ = _scan(settings)
    counted = {item.path for bron, source in settings.bronnen.items() for item in _counted(found, bron, source)}
    landing = settings.monitor.landing
    return [
        DeliveredFile(item.bron, item.leverdatum, path, path.relative_to(landing).as_posix(), path in counted)
        for path, item in sorted({item.path: item for item in found}.items())
    ]


def landing_notes(settings: Settings) -> list[LandingNote]:
    """Folders and files in the landing that belong to no configured source, day or entity; they are not read."""
    return _scan(settings)[1]


def file_sha256(path: Path, relative: str) -> str:
    """Hash of a file, read in pieces."""
    digest = hashlib.sha256()
    try:
        with path.open("rb") as handle:
            while piece := handle.read(CHUNK):
                digest.update(piece)
    except OSError as error:
        raise _cannot_open(relative, error) from error
    return digest.hexdigest()


def snapshot(delivery: Delivery, workspace: Workspace) -> Path:
    """Copies a delivered file to the werkmap under its hash and gives the copy; a copy that stands is used again.

    The run reads the copy, so a file that changes under us cannot matter. What was copied must have the hash that was
    seen when the deliveries were listed: else the file was being written, and nothing is read.
    """
    target = workspace.snapshots / f"{delivery.sha256}{delivery.path.suffix.lower()}"
    if target.exists():
        return target
    workspace.snapshots.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, beside = tempfile.mkstemp(prefix=".bezig-", dir=workspace.snapshots)  # mode 0600
    try:
        with os.fdopen(handle, "wb") as out:
            digest = _copy(delivery, out)
            out.flush()
            os.fsync(out.fileno())
        if digest != delivery.sha256:
            raise DeliveryChanging(
                f"{delivery.relative}: het bestand veranderde terwijl het gelezen werd. "
                "Wacht tot de levering klaar is en start de run opnieuw."
            )
        os.replace(beside, target)
    finally:
        Path(beside).unlink(missing_ok=True)
    return target


def _copy(delivery: Delivery, out: object) -> str:
    digest = hashlib.sha256()
    try:
        source = delivery.path.open("rb")
    except OSError as error:
        raise _cannot_open(delivery.relative, error) from error
    with source:
        while piece := source.read(CHUNK):
            digest.update(piece)
            out.write(piece)  # type: ignore[attr-defined]
    return digest.hexdigest()


def _cannot_open(relative: str, error: OSError) -> DeliveryUnreadable:
    # Listed a moment ago and gone now: somebody is busy there.
    kind = DeliveryChanging if isinstance(error, FileNotFoundError) else DeliveryUnreadable
    return kind(
        f"{relative}: het bestand kan niet worden geopend ({in_words(error)}). "
        "Kijk of het er nog staat en of de gebruiker die de monitor draait het mag lezen."
    )


def _counted(found: list[_Found], bron: str, source: SourceSettings) -> Iterator[_Found]:
    own = [item for item in found if item.bron == bron]
    if source.soort_levering == "maandbestand":
        yield from own
        return
    newest: dict[str, date] = {}
    for item in own:
        newest[item.entiteit] = max(item.leverdatum, newest.get(item.entiteit, item.leverdatum))
    yield from (item for item in own if item.leverdatum == newest[item.entiteit])


def _scan(settings: Settings) -> tuple[list[_Found], list[LandingNote]]:
    landing = settings.monitor.landing
    if not landing.is_dir() and Workspace(settings.monitor.werkmap).inventory.exists():
        raise LandingGone(
            f"[monitor] landing: de map {landing} is weg, terwijl er eerder aanleveringen stonden. Is de netwerkschijf "
            "aangekoppeld?"
        )
    if not landing.is_dir():
        raise ConfigurationError(
            f"[monitor] landing: de map {landing} bestaat niet. Maak haar, of verbeter de plaats in de configuratie."
        )
    found: list[_Found] = []
    notes: list[LandingNote] = []
    for entry in _visible(landing):
        source = settings.bronnen.get(entry.name) if entry.is_dir() else None
        if source is None:
            rule = "levering.map_onbekend" if entry.is_dir() else "levering.bestand_onbekend"
            notes.append(LandingNote(entry.name if entry.is_dir() else "", None, rule, entry.name))
        else:
            _scan_source(entry, source, landing, found, notes)
    return found, notes


def _scan_source(
    folder: Path, source: SourceSettings, landing: Path, found: list[_Found], notes: list[LandingNote]
) -> None:
    mapping = load_mapping(source.mapping) if source.mapping else None
    for entry in _visible(folder):
        relative = entry.relative_to(landing).as_posix()
        day = _day(entry.name) if entry.is_dir() else None
        if day is None:
            rule = "levering.map_geen_datum" if entry.is_dir() else "levering.bestand_onbekend"
            notes.append(LandingNote(folder.name, None, rule, relative))
            continue
        for path in _visible(entry):
            held = _entities_in(path, source, mapping, day)
            found.extend(_Found(folder.name, day, entiteit, path) for entiteit in held)
            if not held:
                shown = path.relative_to(landing).as_posix()
                notes.append(LandingNote(folder.name, day, "levering.bestand_onbekend", shown))


def _entities_in(path: Path, source: SourceSettings, mapping: Mapping | None, day: date) -> list[str]:
    """The entities of the source that a file holds: the one it is named after, and those that the mapping finds in a
    file of that name.
    """
    if not path.is_file() or path.suffix.lower() not in SUFFIXES:
        return []
    version = mapping.version(day) if mapping else None
    named = [path.stem.lower(), *(version.entities_of(path.stem) if version else [])]
    return [entiteit for entiteit in ENTITIES if entiteit in named and entiteit in source.entiteiten]


def _visible(folder: Path) -> list[Path]:
    return sorted(entry for entry in folder.iterdir() if not entry.name.startswith("."))


def _day(text: str) -> date | None:
    """JJJJ-MM-DD and nothing else; fromisoformat alone would also take 20260115."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
