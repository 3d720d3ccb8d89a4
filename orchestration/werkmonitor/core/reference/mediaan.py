"""The median by Kaplan-Meier in days, ongoing ones counted. Knows durations, no trajecten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from werkmonitor.core.reference.grid import Number


@dataclass(frozen=True)
class Duration:
    """How long something lasted, or has lasted so far (`ended` is False)."""

    days: int
    ended: bool


def median(durations: Sequence[Duration]) -> int | None:
    """'S just after each day with an event; the median is the smallest duration with S <= 0.5.' 'Event first.'"""
    survival = Fraction(1)
    for day in sorted({d.days for d in durations if d.ended}):
        at_risk = sum(1 for d in durations if d.days >= day)
        events = sum(1 for d in durations if d.days == day and d.ended)
        survival *= 1 - Fraction(events, at_risk)
        if survival <= Fraction(1, 2):
            return day
    return None


def median_number(durations: Sequence[Duration], status: str) -> Number:
    """'nvt where S stays above it', and where there is nobody to follow."""
    found = median(durations)
    return Number("nvt") if found is None else Number(status, waarde=float(found), noemer=len(durations))
