"""Every cell that differs between two releases, with its cause, and nothing that was not public."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import duckdb
import pytest
import release_example as example
from release_example import OWN, PARTS, cell, count
from werkmonitor.core import changes, disclosure
from werkmonitor.core.datapackage import WIJZIGINGEN, column_names
from werkmonitor.settings import DisclosureSettings

INSIDE = DisclosureSettings(methode="geen", publiek=False)


def manifest(**changed: Any) -> dict[str, Any]:
    """The parts of a manifest that tell two runs apart; `code="b"` is another code."""
    protection = changed.pop(
        "geheimhouding", {"methode": "afronden", "drempel": 5, "drempel_noemer": 10, "publiek": True}
    )
    series = changed.pop("reeks", "r1")
    return {
        "peildatum": changed.pop("peildatum", "2025-12-31"),
        "indeling_jaar": changed.pop("indeling_jaar", 2025),
        "geheimhouding": protection,
        "samenvattingen": {name: changed.get(name, "a") for name in PARTS},
        "aanleveringen": [{"entiteit": "uitkering", "sha256": "u"}, {"entiteit": "reeks", "sha256": series}],
    }


def compare(
    old: list[dict[str, Any]],
    new: list[dict[str, Any]],
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    old_protection: DisclosureSettings | None = None,
) -> list[dict[str, Any]]:
    context = changes.context_of(before or manifest(), after or manifest(invoer="b"))
    with duckdb.connect() as con:
        for name, cells in (("oude", old), ("nieuwe", new)):
            example.load_figures(con, cells)
            disclosure.apply_to(con, old_protection or DisclosureSettings() if name == "oude" else DisclosureSettings())
            con.execute(f"CREATE TABLE {name} AS SELECT * FROM gepubliceerd.reeksen")
        query = changes.query(con, "oude", "nieuwe", context)
        return con.execute(query).to_arrow_table().to_pylist()


def only_cause(*args: Any, **more: Any) -> str:
    (row,) = compare(*args, **more)
    return row["oorzaak"]


def test_the_first_release_has_nothing_to_differ_from() -> None:
    with duckdb.connect() as con:
        table = con.execute(changes.query(con, None, "nergens", None)).to_arrow_table()
    assert (table.num_rows, table.column_names) == (0, column_names(WIJZIGINGEN))


def test_equal_releases_differ_nowhere() -> None:
    cells = [count(20), cell(status="niet_geleverd", periode="2020JJ00")]
    assert compare(cells, cells) == []


def test_a_changed_count_shows_both_published_values() -> None:
    (row,) = compare([count(20)], [count(33)])
    assert (row["soort"], row["oorzaak"], row["kolommen"]) == ("gewijzigd", "nieuwe_levering", "waarde;teller")
    assert (row["waarde_oud"], row["waarde_nieuw"], row["status_oud"]) == (20, 35, "definitief")


def test_a_change_below_the_rounding_is_no_change() -> None:
    assert compare([count(33)], [count(37)]) == []


@pytest.mark.parametrize(
    ("old", "new", "cause"),
    [
        ([count(20)], [count(20), count(20, periode="2025JJ00")], "nieuwe_periode"),
        ([count(20)], [count(20), count(20, indicator_id="instroom")], "nieuwe_indicator"),
        ([count(20)], [count(20), count(20, definitie_id="uitstroom@2")], "definitie_gewijzigd"),
        ([count(20)], [count(20), cell(bron="CBS", waarde=1.0, meettype="reeks")], "nieuwe_bron"),
        ([count(20)], [count(20), count(20, regio_code="GM0296")], "nieuwe_levering"),
        ([count(20), cell(bron="CBS", waarde=1.0, meettype="reeks")], [count(20)], "bron_vervallen"),
        ([count(20), count(20, indicator_id="instroom")], [count(20)], "indicator_vervallen"),
        ([cell(status="nog_niet_meetbaar", meetbaar_vanaf=date(2026, 1, 1))], [count(20)], "meetbaar_geworden"),
        ([count(20, status="voorlopig")], [count(20)], "definitief_geworden"),
        ([count(20, status="voorlopig")], [count(40)], "nieuwe_levering"),
    ],
)
def test_the_cause_that_a_cell_tells(old: list[dict[str, Any]], new: list[dict[str, Any]], cause: str) -> None:
    assert only_cause(old, new) == cause


@pytest.mark.parametrize(
    ("changed", "cause"),
    [
        ({"invoer": "b"}, "nieuwe_levering"),
        ({"configuratie": "b"}, "configuratie_gewijzigd"),
        ({"code": "b"}, "code_gewijzigd"),
        ({"lijsten": "b"}, "lijst_gewijzigd"),
        ({"correcties": "b"}, "correctie_gewijzigd"),
        ({"definities": "b"}, "definitie_gewijzigd"),
        ({"definities": "b", "code": "b"}, "code_gewijzigd"),
        ({"peildatum": "2026-01-31"}, "peildatum_gewijzigd"),
        ({"invoer": "b", "peildatum": "2026-01-31"}, "nieuwe_levering;peildatum_gewijzigd"),
        ({}, "onbekend"),
    ],
)
def test_the_cause_that_the_manifests_tell(changed: dict[str, Any], cause: str) -> None:
    assert only_cause([count(20)], [count(40)], after=manifest(**changed)) == cause


def test_a_series_of_another_source_changes_by_its_delivery() -> None:
    series = {"bron": "CBS", "meettype": "reeks"}
    rows = compare(
        [count(20), cell(**series, waarde=1.0)],
        [count(40), cell(**series, waarde=2.0)],
        after=manifest(invoer="b", code="b", reeks="r2"),
    )
    causes = {row["bron"]: row["oorzaak"] for row in rows}
    assert causes == {"CBS": "nieuwe_levering", OWN: "nieuwe_levering;code_gewijzigd"}


def test_another_division_renames_every_cell() -> None:
    rows = compare([count(20)], [count(20, indeling_jaar=2026)], after=manifest(indeling_jaar=2026))
    assert {(row["soort"], row["oorzaak"]) for row in rows} == {
        ("nieuw", "indeling_gewijzigd"),
        ("vervallen", "indeling_gewijzigd"),
    }


def test_an_internal_release_does_not_come_out_by_the_difference() -> None:
    """Unrounded inside, rounded outside: neither the old number nor whether it was equal may be told."""
    inside = {"methode": "geen", "drempel": 5, "drempel_noemer": 10, "publiek": False}
    rows = compare(
        [count(20), count(23, periode="2023JJ00"), count(3, periode="2022JJ00")],
        [count(20), count(23, periode="2023JJ00"), count(3, periode="2022JJ00")],
        before=manifest(geheimhouding=inside),
        after=manifest(configuratie="b"),
        old_protection=INSIDE,
    )
    assert len(rows) == 3
    for row in rows:
        assert row["oorzaak"] == "configuratie_gewijzigd" and row["kolommen"] is None
        assert [row[name] for name in row if name.endswith("_oud")] == [None] * 4


def test_an_older_release_without_a_column_still_compares() -> None:
    context = changes.context_of(manifest(), manifest(invoer="b"))
    with duckdb.connect() as con:
        example.load_figures(con, [count(20)])
        disclosure.apply_to(con, DisclosureSettings())
        con.execute("CREATE TABLE oude AS SELECT * EXCLUDE (reeksbreuk) FROM gepubliceerd.reeksen")
        query = changes.query(con, "oude", "gepubliceerd.reeksen", context)
        assert con.execute(query).fetchall() == []
