"""Uitkeringsperioden and werkperioden: cutting at the peildatum, merging rows, and what holds on one day. No persons,
no periods of a report.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol, TypeVar

from werkmonitor.core.reference.dates import ONE_DAY


class Interval(Protocol):
    """Anything with a first and a last day that counts; an open end is None."""

    @property
    def begin(self) -> date: ...

    @property
    def eind(self) -> date | None: ...


T = TypeVar("T", bound=Interval)


@dataclass(frozen=True)
class BenefitRow:
    """One accepted row of `uitkering` after the cut."""

    dossier_id: str
    regeling: str
    gemeente: str
    begin: date
    eind: date | None
    reden: str | None
    leefvorm: str | None


@dataclass(frozen=True)
class JobRow:
    """One accepted row of `dienstverband` after the cut."""

    soort: str
    begin: date
    eind: date | None
    dienstverband_id: str
    contract: str | None
    uren: Any


@dataclass(frozen=True)
class Days:
    """A stretch of days without further content: an lks decision, a place, a werkperiode."""

    begin: date
    eind: date | None


@dataclass(frozen=True)
class Spell:
    """A uitkeringsperiode: the merged rows, with the reason of the row that ends last (None while open)."""

    begin: date
    eind: date | None
    reden: str | None
    rows: tuple[BenefitRow, ...]


def cut_end(eind: date | None, peildatum: date) -> date | None:
    """'An end (with its reason) after it reads as open.'"""
    return None if eind is None or eind > peildatum else eind


def covers(interval: Interval, day: date) -> bool:
    """'The day named as end date is the last day that counts.' 'Has a benefit on day d: b <= d <= e.'"""
    return interval.begin <= day and (interval.eind is None or day <= interval.eind)


def any_covers(intervals: Sequence[Interval], day: date) -> bool:
    return any(covers(interval, day) for interval in intervals)


def touches(interval: Interval, first: date, last: date) -> bool:
    """The interval has a day in [first, last]."""
    return first <= last and interval.begin <= last and (interval.eind is None or interval.eind >= first)


def group_by_gap(rows: Sequence[T], largest_gap: int) -> list[list[T]]:
    """'Merged while the gap (next begin - running maximum of the end dates - 1; touching or overlapping is 0) is at
    most' largest_gap.
    """
    groups: list[list[T]] = []
    for row in sorted(rows, key=lambda r: r.begin):
        if groups:
            end = latest_end(groups[-1])
            if end is None or (row.begin - end).days - 1 <= largest_gap:
                groups[-1].append(row)
                continue
        groups.append([row])
    return groups


def latest_end(rows: Sequence[Interval]) -> date | None:
    """The last day of rows together; None when one of them is open."""
    ends = []
    for row in rows:
        if row.eind is None:
            return None
        ends.append(row.eind)
    return max(ends)


def merge_benefit(rows: Sequence[BenefitRow], largest_gap: int) -> list[Spell]:
    """The uitkeringsperioden of one person, in order."""
    spells = []
    for group in group_by_gap(rows, largest_gap):
        begin, eind = min(row.begin for row in group), latest_end(group)
        spells.append(Spell(begin, eind, end_reason(group) if eind is not None else None, tuple(group)))
    return spells


def end_reason(rows: Sequence[BenefitRow]) -> str | None:
    """'That of the row that ends last, tie highest dossier_id (bytes), then highest reden_einde (empty lowest).'

    Python compares text by code point, which is the order of the bytes in UTF-8.
    """
    ended = [(row.eind, row.dossier_id, row.reden or "") for row in rows if row.eind is not None]
    return max(ended)[2] or None


def merge_days(rows: Sequence[Interval], largest_gap: int) -> list[Days]:
    """Rows of one kind as stretches of days."""
    return [Days(min(r.begin for r in group), latest_end(group)) for group in group_by_gap(rows, largest_gap)]


def row_of_day(spell: Spell, day: date) -> BenefitRow:
    """'That of the row covering d with the highest dossier_id, then gemeente_code; in a filled gap, of the row that
    ended last before d.' Lezing §3: then leefvorm, unknown lowest.
    """
    covering = [row for row in spell.rows if covers(row, day)]
    if covering:
        return max(covering, key=order_of_rows)
    ended = [(row.eind, row) for row in spell.rows if row.eind is not None and row.eind < day]
    return max(ended, key=lambda pair: (pair[0], order_of_rows(pair[1])))[1]


def order_of_rows(row: BenefitRow) -> tuple[str, str, str]:
    """Which of several rows speaks for a day: the highest. What is left equal says the same."""
    return row.dossier_id, row.gemeente, row.leefvorm or ""


@dataclass(frozen=True)
class Move:
    """One day on which the gemeente changes inside a spell."""

    day: date
    van: str
    naar: str


def moves(spell: Spell, peildatum: date) -> list[Move]:
    """'One for each day on which the gemeente changes inside a spell': d in (b, min(e, peildatum)].

    The row of the day can only change where a row begins or just after one ends, so only those days are looked at.
    """
    last = peildatum if spell.eind is None else min(spell.eind, peildatum)
    days = {row.begin for row in spell.rows} | {row.eind + ONE_DAY for row in spell.rows if row.eind is not None}
    found = []
    for day in sorted(d for d in days if spell.begin < d <= last):
        van, naar = row_of_day(spell, day - ONE_DAY).gemeente, row_of_day(spell, day).gemeente
        if van != naar:
            found.append(Move(day, van, naar))
    return found
