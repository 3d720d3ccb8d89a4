"""Dated parameter lists: sorted, without gaps or doubles, and equal to amounts as they were printed."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest
from werkmonitor.core import dated_lists, regions

HALF_YEARS = [date(year, month, 1) for year in range(2015, 2027) for month in (1, 7)]
# Percentage of the adult wage per age (Besluit minimumjeugdloonregeling), in force from that day.
YOUTH = {
    date(2015, 1, 1): {15: "30", 16: "34.5", 17: "39.5", 18: "45.5", 19: "52.5", 20: "61.5", 21: "72.5", 22: "85"},
    date(2017, 7, 1): {15: "30", 16: "34.5", 17: "39.5", 18: "47.5", 19: "55", 20: "70", 21: "85"},
    date(2019, 7, 1): {15: "30", 16: "34.5", 17: "39.5", 18: "50", 19: "60", 20: "80"},
}


def wages() -> dict[date, dict[int, Decimal]]:
    found: dict[date, dict[int, Decimal]] = {}
    for row in dated_lists.minimum_wages().to_pylist():
        found.setdefault(row["geldig_van"], {})[row["leeftijd"]] = row["bedrag"]
    return found


def test_the_minimum_wage_is_known_for_every_half_year_and_every_age_of_that_day() -> None:
    keys = [(row["geldig_van"], row["leeftijd"]) for row in dated_lists.minimum_wages().to_pylist()]
    assert keys == sorted(set(keys))
    assert sorted(wages()) == HALF_YEARS
    adult = {day: 23 if day < date(2017, 7, 1) else 22 if day < date(2019, 7, 1) else 21 for day in HALF_YEARS}
    assert {day: sorted(ages) for day, ages in wages().items()} == {
        day: list(range(15, last + 1)) for day, last in adult.items()
    }


def test_a_wage_holds_until_the_day_before_the_next_and_the_newest_stays() -> None:
    spans = sorted(
        {(row["geldig_van"], row["geldig_tm"]) for row in dated_lists.minimum_wages().to_pylist()}, key=lambda it: it[0]
    )
    assert [end for _, end in spans] == [*(begin - timedelta(days=1) for begin, _ in spans[1:]), None]


def test_per_month_until_2024_and_per_hour_from_then_on() -> None:
    per = {(row["geldig_van"] >= date(2024, 1, 1), row["per"]) for row in dated_lists.minimum_wages().to_pylist()}
    assert per == {(False, "maand"), (True, "uur")}


@pytest.mark.parametrize(
    ("day", "age", "amount"),
    [
        (date(2015, 1, 1), 23, "1501.80"),
        (date(2015, 7, 1), 18, "686.05"),
        (date(2016, 7, 1), 22, "1306.60"),
        (date(2017, 7, 1), 22, "1565.40"),
        (date(2018, 1, 1), 21, "1341.30"),
        (date(2019, 1, 1), 19, "888.70"),
        (date(2019, 7, 1), 21, "1635.60"),
        (date(2020, 1, 1), 21, "1653.60"),
        (date(2021, 1, 1), 20, "1347.85"),
        (date(2022, 7, 1), 18, "878.10"),
        (date(2023, 7, 1), 21, "1995.00"),
        (date(2024, 1, 1), 21, "13.27"),
        (date(2024, 7, 1), 21, "13.68"),
        (date(2025, 1, 1), 18, "7.03"),
        (date(2025, 7, 1), 21, "14.40"),
        (date(2026, 1, 1), 20, "11.77"),
        (date(2026, 7, 1), 21, "14.99"),
    ],
)
def test_against_amounts_as_printed(day: date, age: int, amount: str) -> None:
    assert wages()[day][age] == Decimal(amount)


def test_every_youth_wage_is_its_percentage_of_the_adult_wage() -> None:
    """The lists come from many pages; a slip of the pen in any of them shows here. Months are rounded to five cents."""
    wrong = []
    for day, ages in wages().items():
        step = Decimal("0.05") if day < date(2024, 1, 1) else Decimal("0.01")
        adult = ages[max(ages)]
        for age, share in YOUTH[max(begin for begin in YOUTH if begin <= day)].items():
            expected = (adult * Decimal(share) / 100 / step).quantize(Decimal(1), ROUND_HALF_UP) * step
            wrong += [] if ages[age] == expected else [(day, age, ages[age], expected)]
    assert wrong == []


def test_the_factors_of_the_subsidy() -> None:
    rows = dated_lists.subsidy_factors().to_pylist()
    newest = {row["naam"]: row["waarde"] for row in rows if row["geldig_tm"] is None}
    assert newest == {
        "vakantietoeslag": Decimal("1.08"),
        "maximum": Decimal("0.70"),
        "forfaitair": Decimal("0.50"),
        "werkgeverslasten": Decimal("1.235"),
        "weken": 52,
        "dagen": 365,
    }
    keys = [(row["naam"], row["geldig_van"]) for row in rows]
    assert keys == sorted(set(keys))
    assert min(day for _, day in keys) <= HALF_YEARS[0]


def test_the_taakstelling_as_printed_for_gemeenten_that_existed() -> None:
    rows = dated_lists.sheltered_quotas().to_pylist()
    keys = [(row["jaar"], row["gemeente_code"]) for row in rows]
    assert keys == sorted(set(keys))
    assert {code for _, code in keys} <= set(regions.gemeenten())
    found = {(row["jaar"], row["gemeente_code"]): row["plekken"] for row in rows}
    assert (found[2017, "GM0014"], found[2018, "GM0014"], found[2017, "GM0153"]) == (44, 70, 32)
    assert (2018, "GM0153") not in found, "what was not published is not a row"


def test_every_row_names_its_source() -> None:
    tables = (dated_lists.minimum_wages(), dated_lists.subsidy_factors(), dated_lists.sheltered_quotas())
    assert [table for table in tables if any(not re.search(r"\w{3}", bron) for bron in table["bron"].to_pylist())] == []
