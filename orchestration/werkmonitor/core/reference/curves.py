"""Kaplan-Meier and Aalen-Johansen on whole months, as sums and products in loops (lezing §4). Knows months and
events, no benefits.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from werkmonitor.core.reference.dates import add_months
from werkmonitor.core.reference.outcomes import Outflow

Z = 1.959963984540054
LAST_MONTH = 36
RETURN, COMPETING, CENSORED = "terugkeer", "concurrerend", "gecensureerd"


@dataclass(frozen=True)
class Subject:
    """One outflow on the clock of its curve: the month and kind of what happened first."""

    month: int
    event: str


@dataclass(frozen=True)
class Point:
    """The curve at m whole months, in %."""

    n_risico: int
    waarde: float
    ondergrens: float | None
    bovengrens: float | None


def months_since(e: date, day: date) -> int:
    """'A return on x counts in the smallest m with x <= e + m months.'"""
    m = 0
    while add_months(e, m) < day:
        m += 1
    return m


def competing_day(outflow: Outflow) -> date | None:
    """'Death, departure, AOW compete.' e for an outflow by overlijden, verhuizing or pensioen; else the earliest day,
    never before e.
    """
    if outflow.reason_group in ("overlijden", "verhuizing", "pensioen"):
        return outflow.e
    person = outflow.person
    dated = [
        day for day in (person.overlijdensdatum, person.vertrekdatum) if day is not None and day > outflow.spell.begin
    ]
    if person.aow_day is not None:
        dated.append(person.aow_day)
    return max(min(dated), outflow.e) if dated else None


def subject(outflow: Outflow, censoring_day: date) -> Subject:
    """The first of return and competing event up to the censoring day; 'on one day return first'; neither: censored."""
    x, y = outflow.return_day, competing_day(outflow)
    if x is not None and x <= censoring_day and (y is None or x <= y):
        return Subject(months_since(outflow.e, x), RETURN)
    if y is not None and y <= censoring_day:
        return Subject(months_since(outflow.e, y), COMPETING)
    return Subject(months_since(outflow.e, censoring_day), CENSORED)


def at_risk(subjects: Sequence[Subject], month: int) -> int:
    """Subjects whose event or censoring month is >= m: 'events before censoring'."""
    return sum(1 for s in subjects if s.month >= month)


def happened(subjects: Sequence[Subject], month: int, events: tuple[str, ...]) -> int:
    return sum(1 for s in subjects if s.month == month and s.event in events)


def kaplan_meier(subjects: Sequence[Subject]) -> list[Point]:
    """1 - S(m), S the product of 1 - d/n; 'km censors at death, departure and AOW'; log-log interval with Greenwood's
    variance.
    """
    points = []
    survival, greenwood = 1.0, 0.0
    for month in range(LAST_MONTH + 1):
        n = at_risk(subjects, month)
        d = happened(subjects, month, (RETURN,))
        if d > 0:
            survival *= 1 - d / n
            greenwood += d / (n * (n - d)) if n > d else 0.0
        lower = upper = None
        if d > 0 and d == n:
            survival = 0.0
        if 0 < survival < 1:
            spread = Z * math.sqrt(greenwood) / abs(math.log(survival))
            lower = 100 * (1 - survival ** math.exp(-spread))
            upper = 100 * (1 - survival ** math.exp(spread))
        points.append(Point(n, 100 * (1 - survival), lower, upper))
    return points


def aalen_johansen(subjects: Sequence[Subject]) -> list[Point]:
    """F(m), the sum of S(j-1) d_j/n_j with S the survival from every event; interval log(-log) on F."""
    points: list[Point] = []
    steps: list[tuple[int, int, int, float, float]] = []  # n, returns, all events, S before, F after
    survival, incidence = 1.0, 0.0
    for month in range(LAST_MONTH + 1):
        n = at_risk(subjects, month)
        returns = happened(subjects, month, (RETURN,))
        events = returns + happened(subjects, month, (COMPETING,))
        before = survival
        if events > 0:
            incidence += before * returns / n
            survival *= 1 - events / n
            steps.append((n, returns, events, before, incidence))
        lower = upper = None
        if 1e-12 < incidence < 1 - 1e-12:
            spread = Z * math.sqrt(incidence_variance(steps)) / (incidence * abs(math.log(incidence)))
            lower = 100 * incidence ** math.exp(spread)
            upper = 100 * incidence ** math.exp(-spread)
        points.append(Point(n, 100 * incidence, lower, upper))
    return points


def incidence_variance(steps: Sequence[tuple[int, int, int, float, float]]) -> float:
    """Var F(m) by the delta method (Marubini and Valsecchi; Collett, p. 411)."""
    now = steps[-1][4]
    variance = 0.0
    for n, returns, events, before, then in steps:
        if n > events:  # when all at risk have their event, F does not change any more and the term is 0
            variance += (now - then) ** 2 * events / (n * (n - events))
        variance += before**2 * returns * (n - returns) / n**3
        variance -= 2 * (now - then) * before * returns / n**2
    return max(variance, 0.0)
