"""What a series would become: the coming years at unchanged policy, and the end of a year that is under way.

Both are arithmetic on published figures, done here and nowhere else, and both come with an interval that says how far
they may be off. What belongs here: numbers in, numbers out. What does not: which series are projected and how it is
said (report), anything that knows a registration.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WINDOW = 5  # years that the line is drawn through
LEAST = 4  # shown years without which there is no line
AHEAD = 2
QUARTERS = (1, 2, 3, 4)
LOOKED_BACK = 4  # earlier years on which the rule for the year's end is tried
LEAST_TRIED = 3
# Student's t, 97.5%, by degrees of freedom; no more are met: WINDOW - 2 and LOOKED_BACK at most.
T_975 = {2: 4.302652729749462, 3: 3.1824463052837078, 4: 2.7764451051977934}


@dataclass(frozen=True)
class Projected:
    """A year that is not there yet, with its 95% prediction interval."""

    year: int
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class YearEnd:
    """The expected total of a year. `worst`: how far the rule was off at most in `tried` earlier years, in percent."""

    so_far: float
    expected: float
    low: float
    high: float
    worst: float
    tried: int


def trend(
    shown: Mapping[int, float], *, since: int | None = None, ahead: int = AHEAD, rounding: float = 0.0
) -> tuple[Projected, ...]:
    """The years after the newest one if the straight line (least squares) through the last five goes on.

    `shown`: year to published value; a year without one is left out. `since`: the year in which the series broke, so
    that what lies before it does not count. `rounding`: how far a published value may lie from the one behind it (0.5
    for whole percents), by which the interval is wider. Empty when fewer than four of those years are left.
    """
    if not shown:
        return ()
    newest = max(shown)
    first = max(newest - WINDOW + 1, newest - WINDOW + 1 if since is None else since)
    years = [year for year in sorted(shown) if year >= first]
    if len(years) < LEAST:
        return ()
    found = _line(years, [shown[year] for year in years], range(newest + 1, newest + ahead + 1))
    return tuple(Projected(one.year, one.value, one.low - rounding, one.high + rounding) for one in found)


def _line(years: Sequence[int], values: Sequence[float], wanted: Sequence[int]) -> tuple[Projected, ...]:
    """Ordinary least squares, and for each wanted year the 95% interval in which one new value falls."""
    count = len(years)
    middle, mean = sum(years) / count, sum(values) / count
    spread = sum((year - middle) ** 2 for year in years)
    slope = sum((year - middle) * (value - mean) for year, value in zip(years, values, strict=True)) / spread
    residuals = [value - mean - slope * (year - middle) for year, value in zip(years, values, strict=True)]
    noise = math.sqrt(sum(rest * rest for rest in residuals) / (count - 2))
    found = []
    for year in wanted:
        value = mean + slope * (year - middle)
        half = T_975[count - 2] * noise * math.sqrt(1 + 1 / count + (year - middle) ** 2 / spread)
        found.append(Projected(year, value, value - half, value + half))
    return tuple(found)


def year_end(quarters: Mapping[tuple[int, int], float], year: int, known: int) -> YearEnd | None:
    """The total of `year` when its first `known` quarters are there (1, 2 or 3).

    The rule: what came so far, and the remaining quarters of the year before times this year's ratio so far. The
    interval comes from how far that rule was off in the four years before (95%, Student's t around no error); it never
    lies below what is there already. `quarters`: (year, quarter) to published value, without those that are masked.
    None when a part is missing, or when the rule can be tried on fewer than three earlier years.
    """
    expected = _by_rule(quarters, year, known)
    if expected is None:
        return None
    errors = [
        error for earlier in range(year - LOOKED_BACK, year) if (error := _miss(quarters, earlier, known)) is not None
    ]
    if len(errors) < LEAST_TRIED:
        return None
    so_far = sum(quarters[year, quarter] for quarter in QUARTERS[:known])
    scale = math.sqrt(sum(error * error for error in errors) / len(errors))
    half = T_975[len(errors)] * scale * expected
    worst = 100 * max(abs(error) for error in errors)
    return YearEnd(so_far, expected, max(so_far, expected - half), expected + half, worst, len(errors))


def _by_rule(quarters: Mapping[tuple[int, int], float], year: int, known: int) -> float | None:
    """Sum so far and the rest of the year before, scaled; None when a part of it is missing or nothing came before."""
    here = [quarters.get((year, quarter)) for quarter in QUARTERS[:known]]
    before = [quarters.get((year - 1, quarter)) for quarter in QUARTERS]
    found = [value for value in (*here, *before) if value is not None]
    base = sum(value for value in before[:known] if value is not None)
    if len(found) < len(here) + len(before) or base <= 0:
        return None
    so_far, rest = sum(found[:known]), sum(found[2 * known :])
    return so_far + rest * so_far / base


def _miss(quarters: Mapping[tuple[int, int], float], year: int, known: int) -> float | None:
    """How far the rule was off in a whole year, as a part of what it gave."""
    whole = [quarters.get((year, quarter)) for quarter in QUARTERS]
    shown = [value for value in whole if value is not None]
    expected = _by_rule(quarters, year, known)
    if expected is None or expected <= 0 or len(shown) < len(whole):
        return None
    return (sum(shown) - expected) / expected
