"""The curves of the reference against lifelines, on whole months, and the comparison that everything leans on."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date

import pytest
from lifelines import AalenJohansenFitter, KaplanMeierFitter
from werkmonitor.core.reference import Cell, compare
from werkmonitor.core.reference.curves import (
    CENSORED,
    COMPETING,
    RETURN,
    Point,
    Subject,
    aalen_johansen,
    kaplan_meier,
    months_since,
)
from werkmonitor.core.reference.rounding import rounded_count, whole_percent

CODES = {CENSORED: 0, RETURN: 1, COMPETING: 2}


class DiscreteAalenJohansen(AalenJohansenFitter):  # type: ignore[misc]
    """lifelines without its random jitter: on whole months a return and a death in one month are one step."""

    @staticmethod
    def _check_for_duplicates(durations: object, events: object) -> bool:
        return False


def subjects(seed: int, number: int, first_month: int = 1) -> list[Subject]:
    rng = random.Random(seed)
    events = (RETURN, RETURN, COMPETING, CENSORED)
    return [Subject(rng.randint(first_month, 45), rng.choice(events)) for _ in range(number)]


def shifted(people: list[Subject]) -> tuple[list[int], list[int]]:
    """Months one later, because lifelines lets nothing happen at 0."""
    return [s.month + 1 for s in people], [CODES[s.event] for s in people]


def agrees(point: Point, estimate: float, lower: float, upper: float) -> None:
    assert point.waarde == pytest.approx(100 * estimate, abs=1e-9)
    if point.ondergrens is not None:
        assert point.ondergrens == pytest.approx(100 * lower, abs=1e-7)
        assert point.bovengrens == pytest.approx(100 * upper, abs=1e-7)


@pytest.mark.parametrize("seed", range(8))
def test_kaplan_meier(seed: int) -> None:
    people = subjects(seed, 60 + 40 * seed, first_month=seed % 2)
    months, codes = shifted(people)
    fitted = KaplanMeierFitter().fit(months, [code == 1 for code in codes])
    survival, interval = fitted.survival_function_["KM_estimate"], fitted.confidence_interval_survival_function_
    points = kaplan_meier(people)
    for m in range(37):
        row = survival.index[survival.index <= m + 1].max()
        lower, upper = interval.loc[row]
        agrees(points[m], 1 - survival.loc[row], 1 - upper, 1 - lower)
    assert sum(1 for point in points if point.ondergrens is not None) > 30


@pytest.mark.parametrize("seed", range(8))
def test_aalen_johansen(seed: int) -> None:
    people = subjects(seed, 60 + 40 * seed, first_month=seed % 2)
    months, codes = shifted(people)
    fitted = DiscreteAalenJohansen().fit(months, codes, event_of_interest=1)
    incidence, interval = fitted.cumulative_density_["CIF_1"], fitted.confidence_interval_
    points = aalen_johansen(people)
    for m in range(37):
        row = incidence.index[incidence.index <= m + 1].max()
        lower, upper = sorted(interval.loc[row])
        agrees(points[m], incidence.loc[row], lower, upper)
    assert sum(1 for point in points if point.ondergrens is not None) > 30


def test_everybody_returns_or_nobody() -> None:
    """No interval where the estimate is 0 or 100%."""
    everybody, nobody = [Subject(2, RETURN)] * 25, [Subject(2, COMPETING)] * 25
    for estimate in (kaplan_meier, aalen_johansen):
        assert estimate(everybody)[2] == Point(25, 100.0, None, None)
        assert estimate(everybody)[1] == Point(25, 0.0, None, None)
        assert estimate(nobody)[2] == Point(25, 0.0, None, None)


@pytest.mark.parametrize(
    ("e", "day", "month"),
    [
        ("2020-06-30", "2020-06-30", 0),
        ("2020-06-30", "2020-07-01", 1),
        ("2020-06-30", "2020-07-30", 1),
        ("2020-06-30", "2020-07-31", 2),
        ("2020-01-31", "2020-02-29", 1),
        ("2020-01-31", "2020-03-01", 2),
        ("2020-02-29", "2021-02-28", 12),
        ("2020-02-29", "2021-03-01", 13),
        ("2020-06-30", "2020-01-01", 0),
    ],
)
def test_month_of_a_day(e: str, day: str, month: int) -> None:
    assert months_since(date.fromisoformat(e), date.fromisoformat(day)) == month


@pytest.mark.parametrize(
    ("count", "shown"), [(0, 0), (1, None), (4, None), (5, 5), (7, 5), (8, 10), (12, 10), (13, 15), (None, None)]
)
def test_rounded_count(count: int | None, shown: int | None) -> None:
    assert rounded_count(count, 5) == shown


def test_whole_percents_go_up_at_the_half() -> None:
    assert [whole_percent(v) for v in (0.5, 1.5, 2.4999, 99.5, None)] == [1.0, 2.0, 2.0, 100.0, None]


CELL = Cell(
    *("uitstroom", "uitstroom@1", "AM08", 2024, "2022JJ00", "totaal", "totaal", 33.3, None, None, "%"),
    *(1, 3, 0, None, "definitief", None, "eigen registratie"),
)


@pytest.mark.parametrize(
    "change", [{"waarde": 33.4}, {"waarde": None}, {"teller": 2}, {"status": "voorlopig"}, {"periode": "2021JJ00"}]
)
def test_compare_sees_a_difference(change: dict[str, object]) -> None:
    assert compare([CELL], [replace(CELL, **change)]) != []  # type: ignore[arg-type]


def test_compare_sees_doubles_and_allows_rounding_noise() -> None:
    assert compare([CELL], [replace(CELL, waarde=33.3 + 1e-12)]) == []
    assert compare([CELL, CELL], [CELL]) != []
    assert compare([CELL], []) != []
