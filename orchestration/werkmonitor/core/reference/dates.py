"""Calendar arithmetic of contract 2: months, periods, the AOW day. Knows nothing of persons or benefits."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)

AOW_MONTHS = {
    2013: 65 * 12 + 1,
    2014: 65 * 12 + 2,
    2015: 65 * 12 + 3,
    2016: 65 * 12 + 6,
    2017: 65 * 12 + 9,
    2018: 66 * 12,
    2019: 66 * 12 + 4,
    2020: 66 * 12 + 4,
    2021: 66 * 12 + 4,
    2022: 66 * 12 + 7,
    2023: 66 * 12 + 10,
    2024: 67 * 12,
    2025: 67 * 12,
    2026: 67 * 12,
    2027: 67 * 12,
}


def last_day_of_month(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def add_months(day: date, months: int) -> date:
    """'`d + n months` is the same day n months later, clamped to the month's end.'"""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = last_day_of_month(year, month + 1)
    return min(last, last.replace(day=min(day.day, last.day)))


def aow_months(year: int) -> int:
    """'AOW age in force': to 2012 65y, the list, 2028 on 67y3m."""
    if year <= 2012:
        return 65 * 12
    return AOW_MONTHS.get(year, 67 * 12 + 3)


def aow_day(born: date) -> date:
    """'First day d with d >= geboortedatum + AOW age in force in the year of d.'"""
    year = born.year + 60
    while True:
        reached = add_months(born, aow_months(year))
        if reached <= date(year, 12, 31):
            return max(reached, date(year, 1, 1))
        year += 1


@dataclass(frozen=True)
class Period:
    """A year, quarter or month in the notation of CBS: 2020JJ00, 2020KW01, 2020MM01."""

    code: str
    kind: str
    first: date
    last: date

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last


def periods(kind: str, begin: date, end: date) -> list[Period]:
    """Every period of this kind (JJ, KW, MM) that lies whole in [begin, end]."""
    length = {"JJ": 12, "KW": 3, "MM": 1}[kind]
    found = []
    for year in range(begin.year, end.year + 1):
        for number in range(12 // length):
            first = date(year, number * length + 1, 1)
            last = add_months(first, length) - ONE_DAY
            if begin <= first and last <= end:
                found.append(Period(f"{year}{kind}{0 if kind == 'JJ' else number + 1:02d}", kind, first, last))
    return found


def month_days(code: str) -> tuple[date, date]:
    """The first and the last day of a month written as 2020-01."""
    year, month = int(code[:4]), int(code[5:7])
    return date(year, month, 1), last_day_of_month(year, month)


def period_end(code: str) -> date:
    """The last day of a period written as 2020JJ00, 2020KW01 or 2020MM01."""
    year, kind, number = int(code[:4]), code[4:6], int(code[6:])
    if kind == "JJ":
        return date(year, 12, 31)
    return last_day_of_month(year, number * 3 if kind == "KW" else number)
