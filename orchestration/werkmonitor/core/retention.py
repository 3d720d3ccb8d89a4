"""How long deliveries are kept: after `bewaartermijn_maanden` a delivered file goes, and its hash stays.

The inventory (`<werkmap>/leveringen.json`) names every delivery there has been with its hash, the day to which it is
kept and the day on which it went. A file that a full source still rests on (its newest) stays: without it there is no
registration left to report on. Age is measured against the newest delivery in the landing, so that a run over the same
landing does the same on any day. Not here: nights and releases, which have their own limits and hold no delivered
file.
"""

from __future__ import annotations

import calendar
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

from werkmonitor.core import atomic
from werkmonitor.core.deliveries import DeliveredFile, delivered_files, file_sha256
from werkmonitor.core.types import Delivery
from werkmonitor.core.workspace import Workspace
from werkmonitor.settings import Settings


@dataclass(frozen=True)
class Kept:
    """One delivered file in the inventory. `verwijderd`: the day (of the newest delivery) on which it went."""

    bron: str
    leverdatum: date
    bestand: str
    sha256: str
    bewaren_tot: date
    verwijderd: date | None = None

    def as_dict(self) -> dict[str, str | None]:
        return {name: None if value is None else str(value) for name, value in asdict(self).items()}


@dataclass(frozen=True)
class Outcome:
    """What one application of the terms did: files that went, and files that could not be removed, by name."""

    verwijderd: tuple[str, ...] = ()
    mislukt: tuple[str, ...] = ()

    def sentences(self) -> list[str]:
        found = []
        if self.verwijderd:
            found.append(f"Bewaartermijn: {len(self.verwijderd)} bestanden verwijderd ({_few(self.verwijderd)}).")
        if self.mislukt:
            found.append(
                f"Bewaartermijn: {_few(self.mislukt)} kon niet worden verwijderd. Verwijder het zelf, of geef de "
                "gebruiker die de monitor draait schrijfrechten in de landing."
            )
        return found


def months_after(day: date, months: int) -> date:
    """The same day some months later, clamped to the end of the month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def inventory(workspace: Workspace) -> list[Kept]:
    """Every delivered file there has been, as far as runs have seen it."""
    try:
        rows = json.loads(workspace.inventory.read_text(encoding="utf-8"))["leveringen"]
    except FileNotFoundError:
        return []
    return [
        Kept(
            bron=row["bron"],
            leverdatum=date.fromisoformat(row["leverdatum"]),
            bestand=row["bestand"],
            sha256=row["sha256"],
            bewaren_tot=date.fromisoformat(row["bewaren_tot"]),
            verwijderd=date.fromisoformat(row["verwijderd"]) if row["verwijderd"] else None,
        )
        for row in rows
    ]


def apply(settings: Settings, workspace: Workspace, today: date | None = None) -> Outcome:
    """Removes what is past its term, from the landing and from the snapshots, and notes it in the inventory.

    `today` left out: the newest delivery date in the landing. What is to go is written down before it goes, so that a
    run that is broken off half-way is finished by the next.
    """
    if not settings.monitor.landing.is_dir():
        return Outcome()
    present = {item.relative: item for item in delivered_files(settings)}
    reference = today or max((item.leverdatum for item in present.values()), default=None)
    if reference is None:
        return Outcome()
    listed = {_key(item): _with_term(settings, item) for item in inventory(workspace)}
    going = [item for item in present.values() if _past(settings, item, reference)]
    hashes = {item.bestand: item.sha256 for item in listed.values()}
    for item in going:
        kept = _as_kept(settings, item, hashes.get(item.relative) or file_sha256(item.path, item.relative))
        listed[_key(kept)] = replace(kept, verwijderd=reference)
    for key, kept in listed.items():
        if kept.bestand not in present and kept.verwijderd is None and kept.bewaren_tot < reference:
            listed[key] = replace(kept, verwijderd=reference)
    _write(workspace, listed.values())
    failed = tuple(item.relative for item in going if not _unlink(item.path))
    if failed:
        listed = {key: replace(k, verwijderd=None) if k.bestand in failed else k for key, k in listed.items()}
        _write(workspace, listed.values())
    _drop_snapshots(workspace, listed.values())
    return Outcome(tuple(item.relative for item in going if item.relative not in failed), failed)


def note(settings: Settings, workspace: Workspace, deliveries: Iterable[Delivery]) -> None:
    """Adds the deliveries that a run reads to the inventory."""
    listed = {_key(item): item for item in inventory(workspace)}
    for item in deliveries:
        if item.bron not in settings.bronnen:
            continue
        kept = _as_kept(settings, item, item.sha256)
        listed[_key(kept)] = kept
    _write(workspace, listed.values())


def _key(item: Kept) -> tuple[str, str]:
    return item.bestand, item.sha256


def _past(settings: Settings, item: DeliveredFile, reference: date) -> bool:
    """Of a full source the newest delivery is the registration itself; a monthly file is one message of many."""
    source = settings.bronnen[item.bron]
    if item.telt and source.soort_levering == "volledig":
        return False
    return months_after(item.leverdatum, source.bewaartermijn_maanden) < reference


def _as_kept(settings: Settings, item: Delivery | DeliveredFile, sha256: str) -> Kept:
    months = settings.bronnen[item.bron].bewaartermijn_maanden
    return Kept(item.bron, item.leverdatum, item.relative, sha256, months_after(item.leverdatum, months))


def _with_term(settings: Settings, item: Kept) -> Kept:
    """The term as it is configured now; of a source that is gone, as it was."""
    source = settings.bronnen.get(item.bron)
    if source is None:
        return item
    return replace(item, bewaren_tot=months_after(item.leverdatum, source.bewaartermijn_maanden))


def _unlink(path: Path) -> bool:
    """Removes a delivered file, and its folder when that is empty then."""
    try:
        path.unlink(missing_ok=True)
        if not any(path.parent.iterdir()):
            path.parent.rmdir()
    except OSError:
        return not path.exists()
    return True


def _drop_snapshots(workspace: Workspace, listed: Iterable[Kept]) -> None:
    """The copies of what went, unless a file with the same content is still kept."""
    items = list(listed)
    gone = {item.sha256 for item in items if item.verwijderd} - {item.sha256 for item in items if not item.verwijderd}
    for path in workspace.snapshots.glob("*"):
        if path.stem in gone:
            path.unlink(missing_ok=True)


def _write(workspace: Workspace, items: Iterable[Kept]) -> None:
    rows = [item.as_dict() for item in sorted(items, key=lambda i: (i.bron, i.leverdatum, i.bestand, i.sha256))]
    content = (json.dumps({"leveringen": rows}, ensure_ascii=False, indent=2) + "\n").encode()
    if not workspace.inventory.exists() or workspace.inventory.read_bytes() != content:
        workspace.create()
        atomic.write_file(workspace.inventory, content, mode=0o600)


def _few(names: Iterable[str]) -> str:
    found = list(names)
    return ", ".join(found[:3]) + (f" en nog {len(found) - 3}" if len(found) > 3 else "")
