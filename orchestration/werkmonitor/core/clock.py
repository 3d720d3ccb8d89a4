"""The clock on the wall, read in this one place: for what a run says of itself and for days that end (waivers).

No figure depends on it. It may jump: nothing may rely on a later reading being later, so releases and nights are
numbered and not ordered by their time. Every time that is written down is in UTC or says its offset.
"""

from __future__ import annotations

from datetime import UTC, date, datetime


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def local_now() -> datetime:
    """This moment as the people here would say it, with its offset: 02:30 twice in an October night are two times."""
    return now().astimezone()


def today() -> date:
    """The calendar day here."""
    return local_now().date()
