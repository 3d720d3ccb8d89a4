"""The line through the last years and the end of a year of which some quarters are known, against sums done by hand."""

from __future__ import annotations

import math

import pytest
from werkmonitor.core.projection import trend, year_end

# 10, 12, 11, 15, 17 over five years: mean 13, slope (-2*10 - 12 + 15 + 2*17) / 10 = 1.7, residuals 0.4, 0.7, -2, 0.3,
# 0.6; their squares add up to 5.1, so that s^2 = 5.1 / 3 = 1.7. A year ahead (3 from the middle): 13 + 5.1 = 18.1, and
# s^2 (1 + 1/5 + 9/10) = 3.57; two years ahead: 19.8, and 1.7 (1 + 1/5 + 16/10) = 4.76. t(3) = 3.1824463.
FIVE = {2020: 10.0, 2021: 12.0, 2022: 11.0, 2023: 15.0, 2024: 17.0}


def test_the_line_and_its_interval_are_those_of_the_hand() -> None:
    first, second = trend(FIVE)
    assert (first.year, second.year) == (2025, 2026)
    assert (first.value, second.value) == (pytest.approx(18.1), pytest.approx(19.8))
    for found, square in ((first, 3.57), (second, 4.76)):
        half = 3.1824463052837078 * math.sqrt(square)
        assert (found.low, found.high) == (pytest.approx(found.value - half), pytest.approx(found.value + half))


def test_only_the_last_five_years_count() -> None:
    assert trend({2012: 900.0, 2019: 500.0} | FIVE) == trend(FIVE)


def test_four_years_are_enough_and_three_are_not() -> None:
    four = {year: value for year, value in FIVE.items() if year != 2021}
    # 10, 11, 15, 17 in 2020 and 2022 to 2024: mean 13.25 at 2022.25, slope 15.75 / 8.75 = 1.8.
    assert trend(four)[0].value == pytest.approx(13.25 + 1.8 * 2.75)
    assert trend({year: value for year, value in four.items() if year != 2020}) == ()
    assert trend({}) == ()


def test_years_further_back_do_not_fill_up_what_is_masked_in_the_last_five() -> None:
    assert trend({2010: 1.0, 2011: 2.0, 2012: 3.0, 2022: 11.0, 2023: 15.0, 2024: 17.0}) == ()


def test_no_line_is_drawn_over_a_break() -> None:
    assert trend(FIVE, since=2022) == ()
    assert trend(FIVE, since=2021) == trend({year: value for year, value in FIVE.items() if year > 2020})
    assert trend(FIVE, since=2015) == trend(FIVE), "a break before the last five years does no harm"


def test_a_line_without_noise_has_no_room_around_it() -> None:
    first, second = trend({year: 2.0 * year for year in range(2020, 2025)})
    assert (first.low, first.value, first.high) == (pytest.approx(4050.0),) * 3 and second.value == pytest.approx(4052)


def test_rounded_figures_make_the_interval_wider() -> None:
    """Five years of 5% may be anything from 4.5 to 5.5: a line without room around it would say too much."""
    first = trend(dict.fromkeys(range(2020, 2025), 5.0), rounding=0.5)[0]
    assert (first.low, first.value, first.high) == (pytest.approx(4.5), pytest.approx(5.0), pytest.approx(5.5))


# ---- the end of the year

# The rule at two quarters: so far + rest of the year before x so far / first half of the year before.
# 2021 by the rule: 110 + 100 x 110/100 = 220, was 231: +5%. 2022: 100 + 121 x 100/110 = 210, was 199.5: -5%.
# 2023: 100 + 99.5 x 100/100 = 199.5, was 199.5: 0. 2024: 120 + 99.5 x 1.2 = 239.4, was 239.4: 0.
# 2025: 60 + 119.4 x 60/120 = 119.7.
HALVES = {2020: (100.0, 100.0), 2021: (110.0, 121.0), 2022: (100.0, 99.5), 2023: (100.0, 99.5), 2024: (120.0, 119.4)}
QUARTERS = {(year, quarter): HALVES[year][quarter > 2] / 2 for year in HALVES for quarter in (1, 2, 3, 4)}
NOW = {(2025, 1): 20.0, (2025, 2): 40.0}


def test_the_end_of_the_year_is_that_of_the_hand() -> None:
    found = year_end(QUARTERS | NOW, 2025, 2)
    assert found is not None
    assert (found.so_far, found.expected, found.tried) == (60.0, pytest.approx(119.7), 4)
    assert found.worst == pytest.approx(5.0)
    half = 2.7764451051977934 * math.sqrt((0.05**2 + 0.05**2) / 4) * 119.7
    assert (found.low, found.high) == (pytest.approx(119.7 - half), pytest.approx(119.7 + half))


def test_the_interval_never_lies_below_what_is_there_already() -> None:
    wild = QUARTERS | {(2023, 3): 500.0, (2022, 4): 1.0} | NOW
    found = year_end(wild, 2025, 2)
    assert found is not None and found.low == found.so_far == 60.0


@pytest.mark.parametrize("hidden", [(2025, 1), (2024, 2), (2024, 4)])
def test_nothing_is_expected_where_a_part_is_masked(hidden: tuple[int, int]) -> None:
    shown = {key: value for key, value in (QUARTERS | NOW).items() if key != hidden}
    assert year_end(shown, 2025, 2) is None


def test_a_year_that_is_masked_further_back_is_not_tried() -> None:
    shown = {key: value for key, value in (QUARTERS | NOW).items() if key != (2020, 3)}
    found = year_end(shown, 2025, 2)
    assert found is not None and found.tried == 3
    fewer = {key: value for key, value in shown.items() if key[0] > 2021}
    assert year_end(fewer, 2025, 2) is None, "two years are too few to say how far off it may be"


def test_nothing_so_far_last_year_says_nothing_of_this_year() -> None:
    assert year_end(QUARTERS | NOW | {(2024, 1): 0.0, (2024, 2): 0.0}, 2025, 2) is None
