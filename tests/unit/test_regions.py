"""Regions and code lists: internal consistency, worked examples, and (where they are at hand) the published lists."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from werkmonitor.core import regions
from werkmonitor.core.types import ConfigurationError
from werkmonitor.settings import MonitorSettings, Settings, SourceSettings

SHARED = Path(__file__).resolve().parents[3] / "shared/data"
SOURCE = SourceSettings(entiteiten=["uitkering"])
RIJK_VAN_NIJMEGEN = ["GM0209", "GM0225", "GM0252", "GM0268", "GM0296", "GM0944", "GM1945"]


def make_settings(**monitor: object) -> Settings:
    return Settings(monitor=MonitorSettings(naam="Proef", **monitor), bronnen={"u": SOURCE})  # type: ignore[arg-type]


def valid_codes(day: date) -> set[str]:
    return {code for code, row in regions.gemeenten().items() if row.valid_on(day)}


def test_every_ended_code_has_a_successor_that_is_valid_on_the_next_day() -> None:
    known = regions.gemeenten()
    wrong = [
        row.code
        for row in known.values()
        if row.geldig_tot
        and not (row.opvolger in known and known[row.opvolger].valid_on(row.geldig_tot + timedelta(days=1)))
    ]
    assert wrong == []


def test_a_code_that_still_exists_has_no_successor_and_no_period_is_reversed() -> None:
    rows = regions.gemeenten().values()
    assert [row.code for row in rows if row.opvolger and not row.geldig_tot] == []
    assert [row.code for row in rows if row.geldig_van and row.geldig_tot and row.geldig_van > row.geldig_tot] == []


@pytest.mark.parametrize(
    ("year", "number"), [(2017, 388), (2019, 355), (2021, 352), (2022, 345), (2023, 342), (2026, 342)]
)
def test_number_of_gemeenten(year: int, number: int) -> None:
    assert len(valid_codes(date(year, 1, 1))) == number


@pytest.mark.parametrize(
    ("file", "column", "separator", "encoding", "year"),
    [
        ("gemeentenalfabetisch2017.csv", "Gemeentecode", ";", "utf-8-sig", 2017),
        ("gemeenten-alfabetisch-2021.csv", "Gemeentecode", ",", "utf-8-sig", 2021),
        ("gemeenten-alfabetisch-2023.csv", "Gemeentecode", ",", "utf-8-sig", 2023),
        ("gemeente_arbeidsmarktregio_2026.csv", "gemeentecode", ",", "utf-8-sig", 2026),
    ],
)
def test_against_the_published_lists(file: str, column: str, separator: str, encoding: str, year: int) -> None:
    path = SHARED / "regio" / file
    if not path.exists():
        pytest.skip("de gepubliceerde lijsten zijn hier niet aanwezig")
    with path.open(encoding=encoding, errors="replace", newline="") as handle:
        published = {"GM" + row[column].zfill(4) for row in csv.DictReader(handle, delimiter=separator)}
    assert valid_codes(date(year, 1, 1)) == published


@pytest.mark.parametrize(
    ("code", "first", "last"),
    [
        ("GM0241", None, date(2015, 12, 31)),
        ("GM0265", date(1955, 1, 1), date(2014, 12, 31)),
        ("GM0282", None, date(2014, 12, 31)),
        ("GM1945", date(2016, 1, 1), None),
        ("GM0457", None, date(2022, 3, 23)),
        ("GM1992", date(2023, 1, 1), None),
    ],
)
def test_first_and_last_valid_day(code: str, first: date | None, last: date | None) -> None:
    row = regions.gemeenten()[code]
    assert (row.geldig_van, row.geldig_tot) == (first, last)


@pytest.mark.parametrize(
    ("code", "year", "expected"),
    [
        ("GM0282", 2014, "GM0282"),
        ("GM0282", 2015, "GM0241"),  # merged into Groesbeek
        ("GM0282", 2016, "GM1945"),  # and the chain goes on: renamed Berg en Dal
        ("GM0241", 2026, "GM1945"),
        ("GM1945", 2026, "GM1945"),
        ("GM1945", 2014, "GM1945"),  # younger than the division: counts under itself
        ("GM0457", 2022, "GM0457"),  # the division of 2022 is that of 1 January
        ("GM0457", 2023, "GM0363"),
        ("GM0055", 2026, "GM0080"),
        ("GM0268", 2026, "GM0268"),
    ],
)
def test_counted_under(code: str, year: int, expected: str) -> None:
    assert regions.counted_under(code, year) == expected


def test_periods_count_under_codes_that_exist_in_the_division() -> None:
    table = regions.gemeente_periods(2026)
    assert table.column_names == ["code", "geldig_van", "geldig_tot", "opvolger"]
    assert set(table["opvolger"].to_pylist()) == valid_codes(date(2026, 1, 1))
    assert len(set(table["code"].to_pylist())) == table.num_rows


def test_the_region_of_nijmegen_in_several_divisions() -> None:
    settings = make_settings(regio_code="AM08")
    assert regions.organisation_gemeenten(settings) == RIJK_VAN_NIJMEGEN
    assert regions.organisation_gemeenten(settings, 2026) == RIJK_VAN_NIJMEGEN
    assert regions.organisation_gemeenten(settings, 2020) == RIJK_VAN_NIJMEGEN
    old = [code for code in RIJK_VAN_NIJMEGEN if code != "GM1945"]
    assert regions.organisation_gemeenten(settings, 2015) == sorted([*old, "GM0241"])
    assert regions.organisation_gemeenten(settings, 2014) == sorted([*old, "GM0241", "GM0265", "GM0282"])


def test_the_division_left_out_is_that_of_the_settings_else_of_the_peildatum() -> None:
    old = make_settings(regio_code="AM08", indeling_jaar=2014, peildatum=date(2025, 12, 31))
    assert "GM0282" in regions.organisation_gemeenten(old)
    assert "GM0241" in regions.organisation_gemeenten(make_settings(regio_code="AM08", peildatum=date(2015, 12, 31)))


def test_configured_gemeenten_win_and_count_under_their_successor() -> None:
    settings = make_settings(regio_code="ORG1", gemeenten=["GM0282", "GM0268", "GM1945"])
    assert regions.organisation_gemeenten(settings, 2026) == ["GM0268", "GM1945"]


@pytest.mark.parametrize(
    ("monitor", "words"),
    [
        ({"regio_code": "ORG1"}, "ORG1"),
        ({"regio_code": "ORG1", "gemeenten": ["GM9999"]}, "GM9999"),
    ],
)
def test_wrong_configuration_says_what_is_wrong(monitor: dict[str, object], words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        regions.organisation_gemeenten(make_settings(**monitor), 2026)


def test_names_and_is_region() -> None:
    table = regions.region_names(2026)
    names = dict(zip(table["regio_code"].to_pylist(), table["regio_naam"].to_pylist(), strict=True))
    assert names["GM1945"] == "Berg en Dal"
    assert names["GM0282"] == "Ubbergen"
    assert names["AM08"] == "Rijk van Nijmegen"
    assert names["AM35"] == "Gorinchem"
    assert names["NL01"] == "Nederland"
    assert names["GM1900"] == "Súdwest-Fryslân"
    assert len(names) == table.num_rows
    assert all(regions.is_region(code) for code in ("GM0265", "AM23", "NL01"))
    assert not any(regions.is_region(code) for code in ("GM9999", "GM0000", "AM99", "", "nl01"))


def test_each_gemeente_of_the_region_table_is_valid_in_its_year() -> None:
    for year, table in regions._labour_market_regions().items():
        assert set(table) == valid_codes(date(year, 1, 1))


def test_reason_groups_are_those_of_the_contract() -> None:
    groups: dict[str, set[str]] = {}
    for row in regions.reason_groups().to_pylist():
        groups.setdefault(row["groep"], set()).add(row["code"])
    assert groups == {
        "werk": {"11", "13"},
        "onderwijs": {"01"},
        "andere_uitkering": {"14", "15"},
        "ander_inkomen": {"17", "18", "19"},
        "pensioen": {"03"},
        "overlijden": {"04"},
        "verhuizing": {"32", "33"},
        "handhaving": {"06", "07", "31", "34", "35"},
        "overig": {"02", "05", "97", "98"},
    }


@pytest.mark.parametrize(
    ("year", "months"),
    [
        (1990, 780),
        (2012, 780),
        (2013, 781),
        (2016, 786),
        (2018, 792),
        (2021, 796),
        (2024, 804),
        (2027, 804),
        (2028, 807),
        (2060, 807),
    ],
)
def test_aow_ages_cover_every_year_once(year: int, months: int) -> None:
    in_force = [row["maanden"] for row in regions.aow_ages().to_pylist() if row["van_jaar"] <= year <= row["tot_jaar"]]
    assert in_force == [months]
