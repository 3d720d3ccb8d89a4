"""Days as whole numbers (days since 1970) for vectors: months, AOW days, the fixed dates of the example. No
randomness here."""

from __future__ import annotations

from datetime import date
from functools import cache

import numpy as np
from numpy.typing import NDArray

from werkmonitor.core import regions

Ints = NDArray[np.int64]
Days = Ints


def day(year: int, month: int, dom: int) -> int:
    return (date(year, month, dom) - date(1970, 1, 1)).days


FIRST_DAY = day(2014, 1, 1)
PEILDATUM = date(2025, 12, 31)
LAST_DAY = day(2025, 12, 31)
LEVERDATUM = date(2026, 1, 15)
LATER = date(2026, 3, 15)  # of the delivery with mistakes
KNOWN_TO = day(2026, 1, 12)  # what happens later had not been registered when the delivery was made
OPEN = day(9000, 1, 1)


def month_starts(number: int) -> Days:
    """The first days of `number` months from FIRST_DAY, and that of the month after."""
    return np.arange(np.datetime64("2014-01"), np.datetime64("2014-01") + number + 1).astype("M8[D]").astype(np.int64)


def year_index(days: Days) -> Ints:
    """The calendar year of each day, counted from 2014 (negative before it)."""
    return days.astype("M8[D]").astype("M8[Y]").astype(np.int64) + 1970 - 2014


def month_index(days: Days) -> Ints:
    """The calendar month of each day, counted from January 1970."""
    return days.astype("M8[D]").astype("M8[M]").astype(np.int64)


def add_months(days: Days, months: int | Days) -> Days:
    """The same day of the month so many months later, clamped to the month's end."""
    whole = np.asarray(days, dtype=np.int64).astype("M8[D]")
    month = whole.astype("M8[M]")
    in_month = (whole - month.astype("M8[D]")).astype(np.int64)
    target = month + np.asarray(months).astype("m8[M]")
    first = target.astype("M8[D]").astype(np.int64)
    length = (target + 1).astype("M8[D]").astype(np.int64) - first
    return first + np.minimum(in_month, length - 1)


@cache
def _aow_ages() -> list[dict[str, int]]:
    return list(regions.aow_ages().to_pylist())


def aow_day(birth: Days) -> Days:
    """First day on which somebody is not younger than the AOW age that is in force in the year of that day."""
    best = np.full(len(birth), OPEN, dtype=np.int64)
    for row in _aow_ages():
        reached = np.maximum(add_months(birth, row["maanden"]), day(max(row["van_jaar"], 1900), 1, 1))
        in_force = reached <= day(row["tot_jaar"], 12, 31)
        best = np.where(in_force, np.minimum(best, reached), best)
    return best
