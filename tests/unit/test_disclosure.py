"""What is shown and what is not: worked examples of `afronden`, and a program fault never published."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest
import release_example as example
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from release_example import cell, count, rate
from werkmonitor.core import disclosure
from werkmonitor.core.datapackage import REEKSEN, REEKSEN_KEY
from werkmonitor.core.types import ConfigurationError, WerkmonitorError
from werkmonitor.settings import DisclosureSettings

CURVE = {"indicator_id": "terugkeer_cif", "meettype": "curve", "eenheid": "%", "dimensie": "maanden_sinds_uitstroom"}


def published(*cells: Mapping[str, Any], **chosen: Any) -> list[dict[str, Any]]:
    with duckdb.connect() as con:
        example.load_figures(con, cells)
        disclosure.apply_to(con, DisclosureSettings(**chosen))
        return con.execute("SELECT * FROM gepubliceerd.reeksen").to_arrow_table().to_pylist()


def only(*cells: Mapping[str, Any], **chosen: Any) -> dict[str, Any]:
    (row,) = published(*cells, **chosen)
    return row


@pytest.mark.parametrize(
    ("number", "shown"),
    [(0, 0), (1, None), (4, None), (5, 5), (7, 5), (8, 10), (12, 10), (13, 15), (1_000_002, 1_000_000)],
)
def test_a_count_is_rounded_or_masked(number: int, shown: int | None) -> None:
    row = only(count(number))
    assert (row["waarde"], row["teller"]) == (shown, shown)
    assert row["status"] == ("onderdrukt" if shown is None else "definitief")


@pytest.mark.parametrize(("number", "shown"), [(9, None), (10, 10), (11, 10), (13, 15)])
def test_the_threshold_is_a_setting(number: int, shown: int | None) -> None:
    assert only(count(number), drempel=10)["teller"] == shown


def test_a_count_above_a_low_threshold_never_reads_zero() -> None:
    assert only(count(2), drempel=2)["status"] == "onderdrukt"
    assert only(count(3), drempel=2)["waarde"] == 5


@pytest.mark.parametrize(
    ("numerator", "denominator", "value", "shown_numerator", "shown_denominator"),
    [
        (30, 40, 75, 30, 40),
        (13, 41, 38, 15, 40),  # 37.5: halves go up
        (0, 40, 0, 0, 40),
        (3, 40, None, None, 40),  # the numerator is masked, the denominator is not
        (0, 4, None, 0, None),
        (4, 4, None, None, None),
        (5, 7, None, 5, 5),  # rounded denominator below drempel_noemer
        (5, 8, 50, 5, 10),
        (60, 50, 120, 60, 50),
    ],
)
def test_a_rate_is_made_of_rounded_counts(
    numerator: int, denominator: int, value: int | None, shown_numerator: int | None, shown_denominator: int | None
) -> None:
    row = only(rate(numerator, denominator))
    assert (row["waarde"], row["teller"], row["noemer"]) == (value, shown_numerator, shown_denominator)
    assert row["status"] == ("onderdrukt" if value is None else "definitief")


def test_a_rate_over_nothing_stays_nvt() -> None:
    row = only(rate(0, 0, n_niet_volgbaar=7))
    assert (row["status"], row["waarde"], row["teller"], row["noemer"], row["n_niet_volgbaar"]) == (
        "nvt",
        None,
        0,
        0,
        5,
    )


def test_a_masked_count_beside_a_rate_leaves_the_status() -> None:
    row = only(rate(30, 40, n_niet_volgbaar=2, status="voorlopig"))
    assert (row["waarde"], row["n_niet_volgbaar"], row["status"]) == (75, None, "voorlopig")


def test_a_count_of_those_not_followed_is_a_count() -> None:
    row = only(count(3, dimensie="reden_niet_volgbaar", categorie="overlijden", n_niet_volgbaar=3))
    assert (row["waarde"], row["teller"], row["n_niet_volgbaar"], row["status"]) == (None, None, None, "onderdrukt")


def test_a_curve_is_shown_in_whole_percents() -> None:
    row = only(cell(**CURVE, categorie="03", waarde=12.499999999999996, ondergrens=8.4, bovengrens=18.51, n_risico=22))
    assert (row["waarde"], row["ondergrens"], row["bovengrens"], row["n_risico"]) == (13, 8, 19, 20)


def test_a_curve_on_too_few_is_not_shown_at_all() -> None:
    months = [
        cell(
            **CURVE, categorie=f"{month:02d}", waarde=5.0 * month, ondergrens=1.0, bovengrens=30.0, n_risico=24 - month
        )
        for month in range(3)
    ]
    assert {row["status"] for row in published(*months, drempel=25)} == {"onderdrukt"}
    assert {(row["waarde"], row["ondergrens"], row["bovengrens"]) for row in published(*months, drempel=25)} == {
        (None,) * 3
    }
    # One month below the threshold on a curve that starts above it: the estimate is on all who started.
    assert {row["status"] for row in published(*months, drempel=24)} == {"definitief"}


def test_figures_of_others_pass_unchanged() -> None:
    series = cell(bron="CBS", waarde=3.25, meettype="reeks", status="nader_voorlopig")
    index = cell(bron="CBS", indicator_id="index_uitstroom", waarde=101.23, teller=3, noemer=21, meettype="index")
    shown = {row["indicator_id"]: row for row in published(series, index)}
    assert (shown["uitstroom"]["waarde"], shown["uitstroom"]["status"]) == (3.25, "nader_voorlopig")
    assert (shown["index_uitstroom"]["waarde"], shown["index_uitstroom"]["teller"]) == (101.23, 3)


def test_a_cell_without_figure_keeps_its_status() -> None:
    row = only(cell(status="niet_geleverd"))
    assert (row["status"], row["waarde"], row["teller"]) == ("niet_geleverd", None, None)


def test_geen_shows_everything_and_only_inside() -> None:
    row = only(rate(13, 41), methode="geen", publiek=False)
    assert (row["waarde"], row["teller"]) == (13 * 100.0 / 41, 13)


def test_a_method_that_may_not_be_used_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="geheimhouding"):
        disclosure.check_allowed(example.settings(tmp_path, geheimhouding={"methode": "geen"}))


def test_columns_types_and_order_are_those_of_the_contract() -> None:
    cells = [count(20, regio_code=code, bron=bron) for code in ("GM1", "AM08", "gm", "é") for bron in ("b", "B")]
    with duckdb.connect() as con:
        example.load_figures(con, cells)
        disclosure.apply_to(con, DisclosureSettings())
        described = [(row[0], row[1]) for row in con.execute("DESCRIBE gepubliceerd.reeksen").fetchall()]
        keys = con.execute(f"SELECT {', '.join(REEKSEN_KEY)} FROM gepubliceerd.reeksen").fetchall()
    assert described == [(column.name, column.sql) for column in REEKSEN]
    assert keys == sorted(keys, key=lambda key: [str(part).encode() for part in key])


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ([count(7), count(8)], "meer dan eens"),
        ([count(7, meettype="raar")], "meettype"),
        ([count(7, status="raar")], "onbekende status"),
        ([count(7, regio_code=None)], "lege sleutelkolom"),
        ([cell(teller=7)], "zonder waarde"),
        ([count(7, status="nog_niet_meetbaar")], "status die er geen heeft"),
        ([cell(teller=7, status="niet_geleverd")], "zonder getoonde status"),
        ([cell(teller=3, waarde=30)], "verschillen"),
        ([count(-1)], "negatief"),
        ([cell(waarde=float("nan"), meettype="curve")], "geen getal"),
        ([cell(waarde=12.0, teller=3, meettype="percentage")], "zonder noemer"),
    ],
)
def test_a_fault_of_the_program_is_never_published(cells: list[dict[str, Any]], words: str) -> None:
    with duckdb.connect() as con:
        example.load_figures(con, [count(50, indicator_id="eerder")])
        disclosure.apply_to(con, DisclosureSettings())
        example.load_figures(con, cells)
        with pytest.raises(WerkmonitorError, match=words):
            disclosure.apply_to(con, DisclosureSettings())
        assert con.execute("SELECT indicator_id FROM gepubliceerd.reeksen").fetchall() == [("eerder",)]


def test_the_candidate_file_gets_the_table(tmp_path: Path) -> None:
    night = example.night_with(tmp_path / "nacht", example.settings(tmp_path))
    with duckdb.connect(str(night.candidate), read_only=True) as con:
        assert con.execute("SELECT count(*) FROM gepubliceerd.reeksen").fetchone() == (len(example.FIGURES),)


@hypothesis_settings(max_examples=40, deadline=None)
@given(
    pairs=st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=40),
    threshold=st.integers(2, 15),
    least=st.integers(1, 30),
)
def test_no_small_count_comes_out(pairs: list[tuple[int, int]], threshold: int, least: int) -> None:
    cells = [rate(min(pair), max(pair), categorie=f"{position:03d}") for position, pair in enumerate(pairs)]
    rows = published(*cells, drempel=threshold, drempel_noemer=least)
    for (small, large), row in zip([(min(pair), max(pair)) for pair in pairs], rows, strict=True):
        for true, shown in ((small, row["teller"]), (large, row["noemer"])):
            assert (
                shown is None if 0 < true < threshold else shown is None or (shown % 5 == 0 and abs(shown - true) <= 2)
            )
        if row["waarde"] is not None:
            assert row["noemer"] >= least
            assert row["waarde"] == int(row["teller"] * 100 / row["noemer"] + 0.5)
