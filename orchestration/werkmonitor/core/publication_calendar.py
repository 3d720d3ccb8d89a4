"""Which release is for the public: `publicatie_kalender` (contract 3).

Every run that passes becomes `current`, for the organisation itself. The first one of a calendar period is for the
public too (`openbaar`); the others are internal (`intern`). The period is that of the peildatum, because nothing here
reads the clock. manifest.json of each release says which it is (`publicatie`), latest.json names the newest public one
(`openbare_release`); a release never changes afterwards.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from werkmonitor.core import release_store as store
from werkmonitor.settings import DisclosureSettings

OPEN, INSIDE = store.OPEN, "intern"


def period_of(calendar: str, day: date) -> str:
    """The calendar period of a day: 2025-12-31, 2026-W01, 2025-12, 2025-KW4."""
    if calendar == "dagelijks":
        return day.isoformat()
    if calendar == "wekelijks":
        year, week, _ = day.isocalendar()
        return f"{year}-W{week:02d}"
    if calendar == "kwartaal":
        return f"{day.year}-KW{(day.month + 2) // 3}"
    return f"{day:%Y-%m}"


def decide(chosen: DisclosureSettings, peildatum: date, last_public: date | None) -> dict[str, str]:
    """Is a release of this peildatum for the public, given the peildatum of the newest one that is?"""
    calendar = chosen.publicatie_kalender
    period = period_of(calendar, peildatum)
    newer = last_public is None or (peildatum > last_public and period != period_of(calendar, last_public))
    return {"soort": OPEN if chosen.publiek and newer else INSIDE, "kalender": calendar, "periode": period}


def peildatum_of(release: Path | None) -> date | None:
    """The peildatum of a release, if there is one."""
    return date.fromisoformat(store.manifest_of(release)["peildatum"]) if release else None
