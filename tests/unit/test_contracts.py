"""The contracts as data: complete, consistent, and each type reads what contract 1 says and nothing else."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import pytest
from pydantic import ValidationError
from werkmonitor.core.contracts import ENTITIES, FOLDER, Column, Entity, contract, contracts, rules
from werkmonitor.core.contracts import conversion as sql


def read(expression: str, text: str | None) -> Any:
    row = duckdb.execute(f"SELECT {expression} FROM (SELECT CAST(? AS VARCHAR) AS t)", [text]).fetchone()
    assert row is not None
    return row[0]


def test_every_entity_of_contract_1_is_there_and_no_other() -> None:
    files = {path.stem for path in FOLDER.glob("*.yml")} - {"regels"}
    assert files == set(ENTITIES) == set(contracts())
    assert all(entity.entiteit == name for name, entity in contracts().items())


def test_keys_are_required_or_part_of_financien() -> None:
    for entity in contracts().values():
        optional = set(entity.sleutel) - set(entity.required)
        assert not optional or entity.entiteit == "financien", entity.entiteit


def test_what_is_referred_to_comes_first() -> None:
    order = list(ENTITIES)
    for entity in contracts().values():
        for other in entity.verwijzingen.values():
            assert order.index(other) < order.index(entity.entiteit)


def test_provenance_never_hides_a_column_of_the_contract() -> None:
    assert contract("reeks").source_column == "levering_bron"
    assert contract("uitkering").source_column == "bron"
    assert list(contract("meting").accepted_schema())[:2] == ["persoon", "datum"]


def test_every_rule_that_a_conversion_can_break_is_explained() -> None:
    assert set(sql.RULE_OF_TYPE.values()) <= set(rules())


def test_a_misspelt_key_in_a_contract_is_refused() -> None:
    with pytest.raises(ValidationError):
        Column.model_validate({"type": "text", "omschrijving": "x", "verplciht": True})
    with pytest.raises(ValidationError):
        Entity.model_validate({"entiteit": "x", "omschrijving": "x", "sleutel": ["weg"], "kolommen": {}})


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2020-02-29", date(2020, 2, 29)),
        ("20200229", date(2020, 2, 29)),
        ("29-02-2020", date(2020, 2, 29)),
        ("1-2-2020", date(2020, 2, 1)),
        ("2020-01-31 00:00:00", date(2020, 1, 31)),
        ("2020-01-31T00:00:00.000000", date(2020, 1, 31)),
        ("31-01-2020 0:00", date(2020, 1, 31)),
        ("9999-12-31", date(9999, 12, 31)),
        ("2021-02-29", None),
        ("31-02-2020", None),
        ("20200231", None),
        ("20200100", None),
        ("2020-01-31 12:30:00", None),
        ("0000-01-01", None),
        ("2020-1-31", None),
        ("morgen", None),
        (None, None),
    ],
)
def test_dates(text: str | None, value: date | None) -> None:
    assert read(sql.date("t"), text) == value


@pytest.mark.parametrize("text", ["20200100", "20200000", "00000000", "2020-01-00", "00-01-2020"])
def test_unknown_days_are_told_from_dates_that_do_not_exist(text: str) -> None:
    assert read(sql.unknown_day("t"), text) is True
    assert read(sql.unknown_day("t"), "2020-02-31") is False


@pytest.mark.parametrize(
    ("text", "sign", "value"),
    [
        ("1100.5", ".", Decimal("1100.5000")),
        ("1100,5", ",", Decimal("1100.5000")),
        ("-3", ".", Decimal("-3.0000")),
        (".5", ".", Decimal("0.5000")),
        ("1100,5", ".", None),
        ("1100.5", ",", None),
        ("1.100,50", ",", None),
        ("1e3", ".", None),
        ("99999999999999999999", ".", None),
        ("€ 5", ".", None),
    ],
)
def test_decimals_have_the_sign_of_the_source(text: str, sign: str, value: Decimal | None) -> None:
    assert read(sql.decimal("t", "DECIMAL(18, 4)", sign), text) == value


def test_published_figures_are_not_rounded() -> None:
    column = contract("reeks").kolommen["waarde"]
    assert read(sql.typed(column, "t", ".", "bsn", ""), "33.333333333333336") == 33.333333333333336


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", True),
        ("ja", True),
        ("J", True),
        ("True", True),
        ("0", False),
        ("NEE", False),
        ("n", False),
        ("misschien", None),
    ],
)
def test_booleans(text: str, value: bool | None) -> None:
    assert read(sql.boolean("t"), text) is value


@pytest.mark.parametrize(
    ("text", "value"),
    [("1", "01"), ("01", "01"), ("11", "11"), ("12", None), ("001", None), ("x", None)],
)
def test_end_reasons_get_their_zero_back(text: str, value: str | None) -> None:
    assert read(sql.typed(contract("uitkering").kolommen["reden_einde"], "t", ".", "bsn", ""), text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("268", "GM0268"),
        ("0268", "GM0268"),
        ("GM268", "GM0268"),
        ("gm0268", "GM0268"),
        ("GM02680", None),
        ("Nijmegen", None),
    ],
)
def test_gemeente_codes(text: str, value: str | None) -> None:
    assert read(sql.gemeente("t"), text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("111222333", "111222333"),
        ("10000008", "010000008"),
        ("123456789", None),
        ("0", None),
        ("000000000", None),
        ("1112223330", None),
        ("11122233x", None),
    ],
)
def test_bsn_is_padded_and_passes_the_eleven_test(text: str, value: str | None) -> None:
    assert read(sql.bsn("t"), text) == value


@pytest.mark.parametrize(
    ("kenmerk", "text", "value"),
    [
        ("geslacht", "V", "V"),
        ("statushouder", "J", "ja"),
        ("arbeidsbeperking", "0", "nee"),
        ("arbeidsvermogen", "onder_wml", "onder_wml"),
        ("statushouder", "onder_wml", None),
    ],
)
def test_the_value_of_a_kenmerk_is_read_as_that_trait(kenmerk: str, text: str, value: str | None) -> None:
    column = contract("kenmerk").kolommen["waarde"]
    assert read(sql.typed(column, "t", ".", "bsn", sql.literal(kenmerk)), text) == value


def test_of_a_persons_number_two_digits_are_shown_and_of_long_numbers_too() -> None:
    person, begin = contract("uitkering").kolommen["persoon_id"], contract("uitkering").kolommen["begindatum"]
    assert read(sql.shown(person, "t"), "111222334") == "…34"
    assert read(sql.shown(person, "t"), "12") == "…"
    assert read(sql.shown(begin, "t"), "111222333") == "…33"
    assert read(sql.shown(begin, "t"), "20200231") == "20200231"
    assert read(sql.shown(begin, "t"), "31-02-2020") == "31-02-2020"
    assert read(sql.shown(begin, "t"), None) is None
