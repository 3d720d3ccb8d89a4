"""Index, doelbereik and kosten per uitstroom: made of what is shown, and saying nothing of what is not."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest
import release_example as example
from release_example import cell, count
from werkmonitor.core import derived, disclosure
from werkmonitor.settings import DisclosureSettings

Rows = dict[tuple[str, str, str, str], dict[str, Any]]
WHOLE = {"regio_code": "AM08", "regio_naam": "Rijk van Nijmegen"}


def target(indicator: str, value: float, **more: Any) -> dict[str, Any]:
    base = {"indicator_id": indicator, "regio_code": "GM0268", "periode": "2024JJ00", "waarde": value, "soort": "norm",
            "richting": "hoger_is_beter", "tolerantie_pct": None, "document": "Begroting", "pagina": "4"}  # fmt: skip
    return base | more


def published(
    cells: list[dict[str, Any]], targets: list[dict[str, Any]] | None = None, method: str = "afronden"
) -> tuple[Rows, dict[str, dict[str, Any]]]:
    """What is published, by indicator, region, period and category; and the targets, by name."""
    with duckdb.connect() as con:
        example.load_figures(con, cells)
        con.execute(
            """CREATE SCHEMA invoer; CREATE TABLE invoer.doelstelling (indicator_id VARCHAR, regio_code VARCHAR,
            periode VARCHAR, waarde DOUBLE, soort VARCHAR, richting VARCHAR, tolerantie_pct DOUBLE, document VARCHAR,
            pagina VARCHAR, bron_volgorde INTEGER, bestand VARCHAR, rij INTEGER)"""
        )
        for number, one in enumerate(targets or []):
            con.execute(
                f"INSERT INTO invoer.doelstelling VALUES ({', '.join('?' * 9)}, 1, 'd', ?)", [*one.values(), number]
            )
        disclosure.apply_to(con, DisclosureSettings(methode=method, publiek=False))
        derived.add(con, 2020)
        rows = con.execute("SELECT * FROM gepubliceerd.reeksen").to_arrow_table().to_pylist()
        aims = con.execute("SELECT * FROM gepubliceerd.doelen").to_arrow_table().to_pylist()
    names = ("indicator_id", "regio_code", "periode", "categorie")
    return {tuple(row[name] for name in names): row for row in rows}, {row["indicator_id"]: row for row in aims}


def years(**numbers: int) -> list[dict[str, Any]]:
    return [count(number, periode=f"{year.removeprefix('j')}JJ00") for year, number in numbers.items()]


def test_the_index_is_made_of_the_rounded_figures() -> None:
    """41 reads 40 and 63 reads 65: 100 x 65 / 40, not 100 x 63 / 41."""
    rows, _ = published(years(j2020=41, j2024=63))
    row = rows["index_uitstroom", "GM0268", "2024JJ00", "totaal"]
    assert (row["waarde"], row["teller"], row["noemer"], row["eenheid"]) == (162.5, 65, 40, "index")
    assert row["definitie_id"] == "index_uitstroom@1" and row["status"] == "definitief"
    assert rows["index_uitstroom", "GM0268", "2020JJ00", "totaal"]["waarde"] == 100


@pytest.mark.parametrize("base", [3, 17], ids=["masked", "smaller than 20"])
@pytest.mark.parametrize("value", [63, 3], ids=["shown", "masked too"])
def test_no_index_over_a_masked_or_small_base(base: int, value: int) -> None:
    """nvt goes before what the year itself lacks: the order of contract 3."""
    row = published(years(j2020=base, j2024=value))[0]["index_uitstroom", "GM0268", "2024JJ00", "totaal"]
    assert (row["waarde"], row["teller"], row["noemer"], row["status"]) == (None, None, None, "nvt")


def test_an_index_of_a_masked_year_is_masked() -> None:
    row = published(years(j2020=41, j2024=3))[0]["index_uitstroom", "GM0268", "2024JJ00", "totaal"]
    assert (row["waarde"], row["teller"], row["noemer"], row["status"]) == (None, None, None, "onderdrukt")


def test_without_the_base_year_there_is_no_index() -> None:
    assert published(years(j2021=41))[0]["index_uitstroom", "GM0268", "2021JJ00", "totaal"]["status"] == "nvt"


def test_an_index_names_every_break_between_its_base_and_its_year() -> None:
    """From 2020 forward those of 2021 and 2022, backward that of 2020 and none of 2019: 2019 lies behind that."""
    said = {2018: "vroeger", 2020: "basis", 2022: "m a", 2024: "z"}
    cells = [count(50, periode=f"{year}JJ00", reeksbreuk=said.get(year)) for year in range(2018, 2025)]
    rows, _ = published(cells)
    found = {key[2][:4]: row["reeksbreuk"] for key, row in rows.items() if key[0] == "index_uitstroom"}
    assert found == {
        "2018": "basis", "2019": "basis", "2020": None, "2021": None, "2022": "a m", "2023": "a m", "2024": "a m z",
    }  # fmt: skip


def test_what_is_made_of_a_figure_breaks_where_it_does() -> None:
    costs = cell(indicator_id="lasten", dimensie="onderdeel", categorie="werk", waarde=90_000.0, eenheid="EUR",
                 meettype="vrij", reeksbreuk="z b")  # fmt: skip
    number = count(30, indicator_id="uitstroom_werk_reden", reeksbreuk="c b")
    rows, _ = published([costs, number], [target("uitstroom_werk_reden", 30)])
    assert rows["kosten_per_uitstroom", "GM0268", "2024JJ00", "totaal"]["reeksbreuk"] == "b c z"
    assert rows["doelbereik", "GM0268", "2024JJ00", "uitstroom_werk_reden"]["reeksbreuk"] == "c b"


def test_only_yearly_totals_that_are_counts_have_an_index() -> None:
    cells = [*years(j2020=41), count(50, periode="2020KW01"), count(50, dimensie="leeftijd", categorie="0-26")]
    rows, _ = published(cells)
    assert [key for key in rows if key[0].startswith("index_")] == [("index_uitstroom", "GM0268", "2020JJ00", "totaal")]


@pytest.mark.parametrize(
    ("value", "more", "outcome"),
    [
        (60, {}, "behaald"),
        (60.1, {}, "niet behaald"),
        (66, {"tolerantie_pct": 10}, "behaald"),
        (67, {"tolerantie_pct": 10}, "niet behaald"),
        (60, {"richting": "lager_is_beter"}, "behaald"),
        (59, {"richting": "lager_is_beter"}, "niet behaald"),
        (55, {"richting": "lager_is_beter", "tolerantie_pct": 10}, "behaald"),
        (54, {"richting": "lager_is_beter", "tolerantie_pct": 10}, "niet behaald"),
        (-10, {"tolerantie_pct": 10}, "behaald"),
    ],
)
def test_a_target_is_judged_on_what_is_published(value: float, more: dict[str, Any], outcome: str) -> None:
    """62 is published as 60."""
    rows, aims = published([count(62)], [target("uitstroom", value, **more)])
    assert aims["uitstroom"]["uitkomst"] == outcome
    row = rows["doelbereik", "GM0268", "2024JJ00", "uitstroom"]
    assert (row["dimensie"], row["eenheid"], row["status"]) == ("doel", "%", "definitief")
    assert row["waarde"] == pytest.approx(60 * 100 / value)


def test_a_masked_figure_decides_nothing() -> None:
    rows, aims = published([count(3)], [target("uitstroom", 1)])
    assert aims["uitstroom"]["uitkomst"] == "niet te bepalen"
    row = rows["doelbereik", "GM0268", "2024JJ00", "uitstroom"]
    assert (row["waarde"], row["status"]) == (None, "onderdrukt")


def test_a_target_of_zero_has_a_verdict_and_no_percentage() -> None:
    rows, aims = published([count(62)], [target("uitstroom", 0)])
    assert aims["uitstroom"]["uitkomst"] == "behaald"
    assert rows["doelbereik", "GM0268", "2024JJ00", "uitstroom"]["status"] == "nvt"


def test_a_target_that_no_indicator_answers_stays_visible() -> None:
    rows, aims = published([count(62)], [target("klachten", 10)])
    assert aims["klachten"]["gemeten_met"] is None and aims["klachten"]["uitkomst"] == "niet te bepalen"
    assert not [key for key in rows if key[0] == "doelbereik"]


def test_costs_are_per_published_number() -> None:
    """1,000,000 EUR over 62, which is published as 60."""
    costs = cell(indicator_id="lasten", dimensie="onderdeel", categorie="werk", waarde=1_000_000.0, eenheid="EUR",
                 meettype="vrij", **WHOLE)  # fmt: skip
    number = count(62, indicator_id="uitstroom_werk_reden", **WHOLE)
    row = published([costs, number])[0]["kosten_per_uitstroom", "AM08", "2024JJ00", "totaal"]
    assert row["waarde"] == pytest.approx(1_000_000 / 60) and row["noemer"] == 60 and row["eenheid"] == "EUR"


def test_no_costs_per_masked_number() -> None:
    costs = cell(indicator_id="lasten", dimensie="onderdeel", categorie="werk", waarde=1_000_000.0, eenheid="EUR",
                 meettype="vrij", **WHOLE)  # fmt: skip
    number = count(3, indicator_id="uitstroom_werk_reden", **WHOLE)
    row = published([costs, number])[0]["kosten_per_uitstroom", "AM08", "2024JJ00", "totaal"]
    assert (row["waarde"], row["noemer"], row["status"]) == (None, None, "onderdrukt")


@pytest.mark.parametrize(
    ("realised", "aim", "more", "outcome"),
    [
        (115.0, 100, {"richting": "lager_is_beter", "tolerantie_pct": 15}, "behaald"),
        (115.1, 100, {"richting": "lager_is_beter", "tolerantie_pct": 15}, "niet behaald"),
        (246.0, 300, {"tolerantie_pct": 18}, "behaald"),
        # A loss of 50,000 with a tenth of room: 55,000 is on the border, and 50,000 is the target itself.
        (-50_000.0, -50_000, {"tolerantie_pct": 10}, "behaald"),
        (-55_000.0, -50_000, {"tolerantie_pct": 10}, "behaald"),
        (-55_001.0, -50_000, {"tolerantie_pct": 10}, "niet behaald"),
        (-45_000.0, -50_000, {"richting": "lager_is_beter", "tolerantie_pct": 10}, "behaald"),
        (-44_000.0, -50_000, {"richting": "lager_is_beter", "tolerantie_pct": 10}, "niet behaald"),
    ],
)
def test_room_beside_a_target(realised: float, aim: float, more: dict[str, Any], outcome: str) -> None:
    """On the border is inside, and room for a loss is a larger loss."""
    amount = cell(indicator_id="resultaat", waarde=realised, eenheid="EUR", meettype="vrij")
    assert published([amount], [target("resultaat", aim, **more)])[1]["resultaat"]["uitkomst"] == outcome


def test_costs_of_a_gemeente() -> None:
    costs = cell(indicator_id="lasten", dimensie="onderdeel", categorie="werk", waarde=90_000.0, eenheid="EUR",
                 meettype="vrij")  # fmt: skip
    row = published([costs, count(30, indicator_id="uitstroom_werk_reden")])[0]
    assert row["kosten_per_uitstroom", "GM0268", "2024JJ00", "totaal"]["waarde"] == 3000
