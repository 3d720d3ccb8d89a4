"""Whether there are new deliveries that are complete, from names, sizes and times of files alone.

A delivery is complete when nothing in the landing has changed for a while and the newest folder of each source holds
every file that the folder before it held. What waits for longer is taken in by the night as it is then. Not here:
starting a run (`werkmonitor/sensors.py`), what is in a file.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from werkmonitor.core.deliveries import DeliveredFile, delivered_files
from werkmonitor.settings import Settings

# Nothing may have changed for so long: uploads that stall are slower than this, but not often.
QUIET_SECONDS = 90


@dataclass(frozen=True)
class Watch:
    """What to do now: start a run for the listing `start` (None: not now, for `reason`), and what to remember."""

    cursor: str
    start: str | None
    reason: str


def watch(settings: Settings, cursor: str | None, now: float) -> Watch:
    """Compare the landing with what was seen and started before. `now` only measures how long it has been quiet."""
    seen, since, started = _read(cursor)
    files = delivered_files(settings)
    everything = _digest(_marks(_all_files(settings)))
    relevant = _digest(_marks(item.path for item in files))
    if everything != seen:
        since = now
    if relevant == started:
        return Watch(_written(everything, since, started), None, "Er zijn geen nieuwe aanleveringen.")
    kept = _written(everything, since, started)
    # A clock that was set back must not keep a delivery waiting for a day.
    if 0 <= now - since < QUIET_SECONDS:
        return Watch(kept, None, "Er is zojuist iets veranderd in de landing; er wordt gewacht tot het stil is.")
    if missing := unfinished(files):
        return Watch(kept, None, f"{' '.join(missing)} De nacht neemt mee wat er dan is.")
    return Watch(_written(everything, since, relevant), relevant, "Er zijn nieuwe aanleveringen.")


def unfinished(files: Iterable[DeliveredFile]) -> list[str]:
    """Of each source whose newest folder lacks a file that the folder before it had: a sentence."""
    held: dict[str, dict[str, set[str]]] = {}
    for item in files:
        held.setdefault(item.bron, {}).setdefault(item.leverdatum.isoformat(), set()).add(item.path.stem.lower())
    sentences = []
    for bron, days in held.items():
        ordered = sorted(days)
        missing = days[ordered[-2]] - days[ordered[-1]] if len(ordered) > 1 else set()
        if missing:
            sentences.append(f"In {bron}/{ordered[-1]} ontbreekt nog: {', '.join(sorted(missing))}.")
    return sentences


def _all_files(settings: Settings) -> Iterable[Path]:
    """Everything below the folders of the sources, also hidden files: tools upload under a hidden or other name."""
    for bron in settings.bronnen:
        yield from (path for path in (settings.monitor.landing / bron).rglob("*") if path.is_file())


def _marks(paths: Iterable[Path]) -> list[str]:
    found = []
    for path in paths:
        try:
            facts = path.stat()
        except FileNotFoundError:
            continue  # gone since it was listed: the next look sees the difference
        found.append(f"{path.as_posix()}\t{facts.st_size}\t{facts.st_mtime_ns}")
    return sorted(found)


def _digest(lines: list[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode("utf-8")).hexdigest()[:32]


def _read(cursor: str | None) -> tuple[str, float, str]:
    try:
        values = json.loads(cursor or "{}")
        return str(values["gezien"]), float(values["sinds"]), str(values["gestart"])
    except (ValueError, KeyError, TypeError):
        return "", 0.0, ""


def _written(seen: str, since: float, started: str) -> str:
    return json.dumps({"gezien": seen, "sinds": since, "gestart": started})
