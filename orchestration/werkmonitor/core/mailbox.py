"""What has been told to which address, and what could not be delivered: the state behind 'not twice' and 'again'.

The state is one JSON file in the werkmap, readable by its owner only. Addresses are kept as a hash, because they may
hold a password. Pure but for reading and writing that file; sending is `werkmonitor/meldingen.py`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from werkmonitor.core import atomic
from werkmonitor.core.notices import Letter, News

# After this many days an undelivered message says nothing any more to whom it was meant for.
KEPT_DAYS = 30


@dataclass
class Box:
    """One address. `told`: of a subject the fingerprint of what was said last; `waiting`: (day, news) not delivered."""

    shown: str = ""  # the address without its secrets
    told: dict[str, str] = field(default_factory=dict)
    waiting: list[tuple[date, News]] = field(default_factory=list)
    failing_since: date | None = None
    attempts: int = 0


@dataclass
class Mailbox:
    """The boxes of all addresses, by kind and hash of the address."""

    boxes: dict[str, Box] = field(default_factory=dict)

    def due(self, letter: Letter, today: date) -> Letter | None:
        """What of this letter is news for its address, and what could not be delivered before; None: nothing."""
        box = self.boxes.setdefault(letter.key, Box())
        subjects = {item.subject for item in letter.news}
        # What is not said any more is over: when it comes back it is news again.
        box.told = {subject: mark for subject, mark in box.told.items() if subject in subjects}
        fresh = [item for item in letter.news if self._is_news(box, item)]
        replaced = {item.subject for item in fresh}
        late = [
            replace(item, text=f"(Van {day}, eerder niet bezorgd.) {item.text}")
            for day, item in box.waiting
            if item.subject not in replaced and not item.lasting and (today - day).days <= KEPT_DAYS
        ]
        return replace(letter, news=(*late, *fresh)) if late or fresh else None

    def _is_news(self, box: Box, item: News) -> bool:
        told = box.told.get(item.subject)
        return told is not None if item.all_clear else told != item.fingerprint

    def delivered(self, letter: Letter) -> None:
        """Remember what has been said; nothing waits any more."""
        box = self.boxes[letter.key]
        for item in letter.news:
            if item.all_clear:
                box.told.pop(item.subject, None)
            else:
                box.told[item.subject] = item.fingerprint
        box.waiting, box.failing_since, box.attempts = [], None, 0

    def failed(self, letter: Letter, original: Letter, shown: str, today: date) -> None:
        """Keep what could not be delivered, each with the day on which it was first said."""
        box = self.boxes[letter.key]
        fresh = {item.subject for item in original.news if self._is_news(box, item)}
        older = [(day, item) for day, item in box.waiting if item.subject not in fresh]
        box.waiting = [
            *older,
            *((today, item) for item in original.news if item.subject in fresh and not item.all_clear),
        ]
        box.shown, box.attempts = shown, box.attempts + 1
        box.failing_since = box.failing_since or today

    def keep_only(self, keys: Iterable[str]) -> None:
        """Forget addresses that are no longer configured."""
        kept = set(keys)
        self.boxes = {key: box for key, box in self.boxes.items() if key in kept}

    def undelivered(self) -> dict[str, str]:
        """A sentence for each address that messages do not reach."""
        return {
            key: f"Berichten aan {box.shown} ({key.partition(':')[0]}) komen sinds {box.failing_since} niet aan. "
            "Kijk of het adres klopt en of de server bereikbaar is: werkmonitor meldingen --proef. De volgende run "
            "probeert het opnieuw."
            for key, box in sorted(self.boxes.items())
            if box.failing_since
        }


def load(path: Path) -> Mailbox:
    """The state; empty when there is none or when it cannot be read (then something may be told twice)."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return Mailbox({key: _box(values) for key, values in content["adressen"].items()})
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Mailbox()


def save(mailbox: Mailbox, path: Path) -> None:
    """Write the state beside and rename."""
    content = {"adressen": {key: _plain(box) for key, box in sorted(mailbox.boxes.items())}}
    atomic.write_file(path, (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode(), mode=0o600)


def _plain(box: Box) -> dict[str, Any]:
    return {
        "adres": box.shown,
        "gezegd": box.told,
        "wacht": [
            {"dag": day.isoformat(), "onderwerp": item.subject, "tekst": item.text, "blijvend": item.lasting}
            for day, item in box.waiting
        ],
        "niet_bezorgd_sinds": box.failing_since.isoformat() if box.failing_since else None,
        "pogingen": box.attempts,
    }


def _box(values: dict[str, Any]) -> Box:
    since = values["niet_bezorgd_sinds"]
    return Box(
        shown=values["adres"],
        told=dict(values["gezegd"]),
        waiting=[
            (date.fromisoformat(item["dag"]), News(item["onderwerp"], item["tekst"], item["blijvend"]))
            for item in values["wacht"]
        ],
        failing_since=date.fromisoformat(since) if since else None,
        attempts=values["pogingen"],
    )
