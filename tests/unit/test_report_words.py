"""How figures are said: shares, numbers, days, statuses, trends, and what chance explains."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import pytest
from werkmonitor.core.datapackage import STATUSES
from werkmonitor.core.registry import load_registry
from werkmonitor.report import headlines, sentences, statistics, words
from werkmonitor.report.release_files import Cell, ReleaseFiles

ROUNDED = cast(ReleaseFiles, SimpleNamespace(rounded=True, threshold=5, target=lambda *_: None))
MASKED = cast(ReleaseFiles, SimpleNamespace(rounded=False, threshold=5, target=lambda *_: None))


def cell(**values: Any) -> Cell:
    base: dict[str, Any] = {
        "indicator_id": "duurzaam", "definitie_id": "duurzaam@1", "regio_code": "AM08", "regio_naam": "Regio",
        "periode": "2023JJ00", "dimensie": "totaal", "categorie": "totaal", "waarde": 78.0, "ondergrens": None,
        "bovengrens": None, "eenheid": "%", "teller": 780, "noemer": 1000, "n_niet_volgbaar": None, "n_risico": None,
        "status": "definitief", "meetbaar_vanaf": None, "bron": "eigen registratie", "reeksbreuk": None,
    }  # fmt: skip
    return Cell(**(base | values))


def hidden(status: str, **values: Any) -> Cell:
    return cell(waarde=None, teller=None, noemer=None, status=status, **values)


@pytest.mark.parametrize(
    ("value", "numerator", "denominator", "said"),
    [
        (78.0, 780, 1000, "bijna 8 van de 10"),
        (72.0, 720, 1000, "ruim 7 van de 10"),
        (60.4, 604, 1000, "6 van de 10"),
        (50.0, 500, 1000, "de helft van de"),
        (25.4, 254, 1000, "1 op de 4"),
        (74.6, 746, 1000, "3 van de 4"),
        (8.0, 80, 1000, "ongeveer 1 op de 12"),
        (3.0, 30, 1000, "minder dan 1 op de 20"),
        (0.0, 0, 1000, "geen van de"),
        (96.0, 960, 1000, "bijna alle"),
        (14.0, 140, 1000, "ruim 1 van de 10"),
    ],
)
def test_a_share_as_people_say_it(value: float, numerator: int, denominator: int, said: str) -> None:
    assert words.share(value, numerator, denominator, rounded=True) == said


def test_everybody_is_said_only_of_exact_counts() -> None:
    assert words.share(100.0, 40, 40, rounded=False) == "alle"
    assert words.share(100.0, 40, 40, rounded=True) == "(bijna) alle"


def test_numbers_days_and_periods_are_dutch() -> None:
    assert words.number(1234.5) == "1.234,5"
    assert words.percent(78.0) == "78%"
    assert words.percent(77.777) == "77,8%"
    assert words.day(date(2026, 3, 31)) == "31 maart 2026"
    assert [words.period(code) for code in ("2024JJ00", "2024KW02", "2024MM05")] == [
        "2024",
        "tweede kwartaal 2024",
        "mei 2024",
    ]
    assert words.listed(["a", "b", "c"]) == "a, b en c"


def test_every_status_and_every_category_of_the_registry_has_words() -> None:
    assert set(words.STATUS_WORDS) == {code for code, _ in STATUSES}
    for name, dimension in load_registry().dimensies.items():
        for code in dimension.categorieen:
            said = words.category(name, code)
            assert "_" not in said
            assert said != code or said.isalpha(), (name, code)


def test_a_category_that_is_a_gemeente_is_said_by_its_name() -> None:
    assert words.category("werkplek", "GM0268") == "Nijmegen"
    assert words.category("werkplek", "elders") == "buiten de eigen gemeenten"


def test_what_a_share_is_of_is_said_in_words() -> None:
    assert [family.indicator_id for family in load_registry().indicatoren if "_" in (family.noemer or "")] == []


@pytest.mark.parametrize(
    "status", [code for code, _ in STATUSES if code not in ("voorlopig", "nader_voorlopig", "definitief")]
)
@pytest.mark.parametrize("short", [True, False])
def test_what_is_not_shown_is_said_in_words_never_as_a_number(status: str, short: bool) -> None:
    said = sentences.figure(hidden(status, meetbaar_vanaf=date(2027, 3, 31)), MASKED, short=short)
    assert said and said == said.strip() and "_" not in said and "None" not in said
    assert not said[0].isdigit()


def test_a_masked_count_is_called_small_only_when_each_is_masked_on_its_own() -> None:
    masked = hidden("onderdrukt", eenheid="momenten")
    assert sentences.figure(masked, ROUNDED) == "minder dan 5"
    assert sentences.figure(masked, MASKED) == "niet getoond"


def test_provisional_is_said_with_the_number() -> None:
    assert sentences.figure(cell(waarde=2765.0, eenheid="momenten", status="voorlopig"), ROUNDED) == "2.765 (voorlopig)"


def test_the_interval_of_wilson() -> None:
    low, high = statistics.wilson(15, 50) or (0, 0)  # Wilson score interval by hand: 0.1910 and 0.4375
    assert (round(low, 2), round(high, 2)) == (19.1, 43.75)
    assert statistics.wilson(0, 10) == pytest.approx((0.0, 27.7533), abs=1e-3)
    assert statistics.wilson(3, 0) is None


def test_a_difference_within_chance_is_no_trend() -> None:
    old = cell(periode="2022JJ00", waarde=79.0, teller=790)
    assert sentences.trend([old, cell()], ROUNDED) == "Ongeveer gelijk aan 2022 (79%)."
    lower = cell(waarde=70.0, teller=700)
    assert sentences.trend([old, lower], ROUNDED) == "9 procentpunt lager dan in 2022 (79%)."
    assert sentences.differs(cell(eenheid="momenten", waarde=100.0), cell(eenheid="momenten", waarde=200.0))
    assert not sentences.differs(cell(eenheid="momenten", waarde=100.0), cell(eenheid="momenten", waarde=110.0))


def test_small_groups_are_not_compared() -> None:
    few, before = cell(teller=5, noemer=10, waarde=50.0), cell(periode="2022JJ00", teller=10, noemer=10, waarde=100.0)
    assert sentences.differs(few, before) is None
    assert "Te weinig mensen" in sentences.trend([before, few], ROUNDED)
    assert "te klein" in sentences.against_organisation(few, cell(), ROUNDED)
    assert "geen conclusie" in sentences.margin(few)


def test_a_year_that_was_not_shown_is_named_as_such() -> None:
    assert "2022 is niet getoond" in sentences.trend([hidden("onderdrukt", periode="2022JJ00"), cell()], ROUNDED)


def test_a_break_is_said_in_the_trend() -> None:
    assert "breuk in de reeks in 2023" in sentences.trend([cell(periode="2022JJ00"), cell(reeksbreuk="nieuw")], ROUNDED)
    cells = [cell(periode="2022JJ00"), cell(reeksbreuk="nieuw")]
    assert headlines.change_in_words(cells, cells[1], ROUNDED) == "niet te vergelijken: breuk in de reeks"
    # Before the first figure there is nothing to compare it with.
    assert "breuk" not in sentences.trend([cell(periode="2022JJ00", reeksbreuk="nieuw"), cell()], ROUNDED)


@pytest.mark.parametrize("outcome", ["behaald", "niet behaald"])
def test_a_target_is_said_with_the_verdict_of_the_release(outcome: str) -> None:
    norm = {"doel": 1100.0, "waarde": 1090.0, "tolerantie_pct": 5.0, "uitkomst": outcome}
    found = sentences.judged(cell(waarde=1090.0, eenheid="momenten"), norm)
    assert found == f"Het doel voor 2023 was 1.100 (met 5% speling): {outcome}."
    unknown = norm | {"waarde": None, "uitkomst": "niet te bepalen"}
    assert sentences.judged(hidden("onderdrukt"), unknown).endswith("niet te bepalen.")


def test_what_waits_for_the_same_days_is_told_once() -> None:
    waiting = hidden("nog_niet_meetbaar", periode="2024JJ00", meetbaar_vanaf=date(2026, 3, 31))
    later = replace(waiting, meetbaar_vanaf=date(2026, 9, 30))
    assert sentences.not_yet({"a": [waiting], "b": [waiting]}) == (
        "Nog niet meetbaar: 2024 (dat kan vanaf 31 maart 2026)."
    )
    assert "a van 2024; b van 2024" in sentences.not_yet({"a": [waiting], "b": [later]})
    assert sentences.not_yet({"a": [cell()]}) == ""
