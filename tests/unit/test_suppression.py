"""`onderdrukken` by hand: which cells are masked and why, what a masked cell still says, and that nothing depends on
the order of rows. The attack on it is in tests/property/test_disclosure_attack.py."""

from __future__ import annotations

import random
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pytest
import release_example as example
from release_example import cell, count, rate
from werkmonitor.core import disclosure
from werkmonitor.core.registry import Dimension, load_registry
from werkmonitor.core.registry import _check as check_registry
from werkmonitor.core.suppression.tables import build_tables, stand_groups
from werkmonitor.settings import DisclosureSettings

A, B, C, ALL = "GM0001", "GM0002", "GM0003", "AM08"
REGIONS = (A, B, C)
MASKED = "onderdrukt"


def published(cells: list[dict[str, Any]], **chosen: Any) -> dict[tuple[str, ...], dict[str, Any]]:
    """What is published, by indicator, region, period, dimensie and categorie."""
    with duckdb.connect() as con:
        example.load_figures(con, cells)
        disclosure.apply_to(con, DisclosureSettings(**({"methode": "onderdrukken"} | chosen)))
        rows = con.execute("SELECT * FROM gepubliceerd.reeksen").to_arrow_table().to_pylist()
    names = ("indicator_id", "regio_code", "periode", "dimensie", "categorie")
    return {tuple(row[name] for name in names): row for row in rows}


def table(
    numbers: dict[str, list[int]], indicator: str = "uitstroom", dimensie: str = "leeftijd"
) -> list[dict[str, Any]]:
    """Counts per region and category, with the totals that belong to them."""
    rows = dict(numbers)
    rows[ALL] = [sum(column) for column in zip(*numbers.values(), strict=True)]
    cells = []
    for region, line in rows.items():
        place = {"indicator_id": indicator, "regio_code": region}
        cells += [count(n, dimensie=dimensie, categorie=f"c{i}", **place) for i, n in enumerate(line)]
        cells.append(count(sum(line), **place))
    return cells


def masked(cells: list[dict[str, Any]], **chosen: Any) -> set[tuple[str, str]]:
    """Region and category of what is masked."""
    return {(key[1], key[4]) for key, row in published(cells, **chosen).items() if row["status"] == MASKED}


def test_nothing_small_nothing_masked() -> None:
    assert masked(table({A: [20, 30, 40], B: [10, 5, 50], C: [12, 0, 9]})) == set()


def test_a_small_cell_takes_the_smallest_of_its_row_and_of_the_columns() -> None:
    cells = table({A: [3, 30, 40], B: [20, 35, 50], C: [60, 70, 80]})
    assert masked(cells) == {(A, "c0"), (A, "c1"), (B, "c0"), (B, "c1")}
    rows = published(cells)
    assert rows["uitstroom", C, "2024JJ00", "leeftijd", "c0"]["teller"] == 60


def test_an_empty_cell_hides_nothing_and_is_not_chosen_first() -> None:
    assert (A, "c1") not in masked(table({A: [3, 0, 40], B: [20, 0, 50], C: [60, 0, 80]}))


def test_two_small_cells_that_would_tell_their_sum_take_a_third() -> None:
    """The fix-point is content with two masked cells in a row; 1 + 2 = 3 would still be told by the total. Which of
    the two is 1 is not told: that is enough when not strict."""
    cells = table({A: [1, 2, 40, 50], B: [20, 35, 50, 60], C: [60, 70, 80, 90]})
    hidden = masked(cells, strengheid="streng")
    assert {(A, "c0"), (A, "c1"), (A, "c2")} <= hidden and (A, "c3") not in hidden
    assert masked(cells) == {(A, "c0"), (A, "c1"), (B, "c0"), (B, "c1")}


def test_what_is_small_in_one_thema_hides_nothing_of_another() -> None:
    benefits = table({A: [30, 40], B: [20, 50], C: [60, 70]})
    waiting = table({A: [3, 40], B: [20, 50], C: [60, 70]}, indicator="wachtlijst")
    same = published(benefits + waiting)
    assert same["uitstroom", A, "2024JJ00", "leeftijd", "c0"]["status"] == MASKED
    apart = published(
        [one | {"thema": "uitkering"} for one in benefits] + [one | {"thema": "wacht"} for one in waiting]
    )
    assert apart["uitstroom", A, "2024JJ00", "leeftijd", "c0"]["waarde"] == 30
    assert apart["wachtlijst", A, "2024JJ00", "leeftijd", "c0"]["status"] == MASKED
    assert apart["wachtlijst", A, "2024JJ00", "leeftijd", "c1"]["status"] == MASKED


def sheltered(outside: list[list[int]], inside: list[int]) -> list[dict[str, Any]]:
    """Werkvormen per region, with the share that works outside the walls beside them."""
    names = ["werken_op_locatie", "detachering_groep", "detachering_individueel", "sw_beschut"]
    lines = {code: [*line, n] for code, line, n in zip(REGIONS, outside, inside, strict=True)}
    lines[ALL] = [sum(column) for column in zip(*lines.values(), strict=True)]
    cells = []
    for code, line in lines.items():
        place = {"regio_code": code, "thema": "sw"}
        here = [count(n, dimensie="werkvorm", categorie=name, **place) for name, n in zip(names, line, strict=True)]
        here.append(count(sum(line), **place))
        cells += [one | {"indicator_id": "sw_personen", "definitie_id": "sw_personen@1"} for one in here]
        cells.append(rate(sum(line[:-1]), sum(line), indicator_id="sw_buiten_de_muren", **place))
    return cells


def test_a_share_that_tells_a_category_is_no_cover() -> None:
    """sw_beschut is the smallest other, but the share beside it says how many that are: 3 would follow."""
    hidden = masked(sheltered([[3, 40, 50], [30, 45, 60], [35, 55, 65]], [20, 25, 28]))
    assert (A, "totaal") not in hidden and (A, "sw_beschut") in hidden
    assert {(A, "werken_op_locatie"), (A, "detachering_groep")} <= hidden
    assert (A, "detachering_individueel") not in hidden


def test_what_a_share_leaves_of_the_total_is_a_group() -> None:
    """3 of 60 without the subsidy of the share: of one category that is a cell, and the total is masked."""
    place = {"regio_code": A, "thema": "lks"}
    cells = [count(60, indicator_id="lks_stand", **place), rate(57, 900, indicator_id="lks_dichtheid", **place)]
    assert masked(cells) == {(A, "totaal")}
    assert masked([one | {"thema": "elders", "indicator_id": "x" + one["indicator_id"]} for one in cells]) == set()


def test_a_share_with_a_number_of_another_thema_is_shown_where_both_are() -> None:
    cells = []
    for code, (benefits, small) in {A: (300, 3), B: (400, 40), C: (500, 50), ALL: (1200, 93)}.items():
        cells += [count(n, indicator_id=name, regio_code=code, thema="uitkering")
                  for name, n in (("stand_uitkeringen", benefits), ("instroom", small))]  # fmt: skip
        place = {"regio_code": code, "thema": "nieuw_beschut"}
        cells += [
            count(benefits // 10, indicator_id="nieuw_beschut_plekken", **place),
            rate(benefits // 10, benefits, indicator_id="nieuw_beschut_per_uitkering", **place),
        ]
    rows = published(cells)
    hidden = {name: {key[1] for key, row in rows.items() if key[0] == name and row["status"] == MASKED}
              for name in ("stand_uitkeringen", "nieuw_beschut_per_uitkering", "nieuw_beschut_plekken")}  # fmt: skip
    assert hidden["stand_uitkeringen"] == hidden["nieuw_beschut_per_uitkering"] == {A, B}
    assert hidden["nieuw_beschut_plekken"] == set()


@pytest.mark.parametrize(
    ("part", "changed"),
    [("sommen", {"indicator": "sw_fte_oud"}), ("sommen", {"dimensie": "leeftijd"}), ("sommen", {"van": "lks_stand"}),
     ("sommen", {"categorieen": ["binnen"]}), ("gelijke_categorieen", {"paren": {"jongeren": "0-99"}}),
     ("ook_van_thema", {"thema": "uitkeringen"})],
)  # fmt: skip
def test_what_is_told_twice_must_exist(part: str, changed: dict[str, Any]) -> None:
    right = load_registry()
    first, *others = getattr(right, part)
    wrong = right.model_copy(update={part: [first.model_copy(update=changed), *others]})
    check_registry(right)
    with pytest.raises(ValueError, match=r"sommen|gelijke_categorieen|ook_van_thema"):
        check_registry(wrong)


def test_categories_of_the_same_people_are_masked_together() -> None:
    placed = table({A: [3, 30, 40], B: [20, 35, 50], C: [60, 70, 80]}, "plaatsingen_werk")
    renamed = {"c0": "onbekend", "c1": "0-26", "c2": "27-34"}
    placed = [one | {"categorie": renamed.get(one["categorie"], one["categorie"])} for one in placed]
    young = [one | {"dimensie": "prioriteitsgroep", "categorie": "jongeren"} for one in placed
             if one["categorie"] == "0-26"]  # fmt: skip
    hidden = masked(placed + young)
    assert (A, "0-26") in hidden and (C, "0-26") not in hidden
    assert {code for code, category in hidden if category == "jongeren"} == {
        code for code, category in hidden if category == "0-26"
    }


def test_categories_that_overlap_add_up_over_the_regions_only(monkeypatch: pytest.MonkeyPatch) -> None:
    cells = table({A: [3, 30, 40], B: [20, 35, 50], C: [60, 70, 80]}, dimensie="doelgroep")
    assert len(masked(cells)) == 4
    registry = load_registry()
    overlapping = registry.dimensies | {"doelgroep": Dimension(naam="doelgroep", overlappend=True)}
    changed = registry.model_copy(update={"dimensies": overlapping})
    monkeypatch.setattr("werkmonitor.core.suppression.tables.load_registry", lambda: changed)
    assert masked(cells) == {(A, "c0"), (B, "c0")}


def test_accounts_are_of_no_person_and_pass_unchanged() -> None:
    account = cell(indicator_id="resultaat", meettype="vrij", eenheid="EUR", waarde=-3.5, thema="geld")
    row = published([account])["resultaat", "GM0268", "2024JJ00", "totaal", "totaal"]
    assert (row["waarde"], row["status"]) == (-3.5, "definitief")


def test_the_threshold_is_a_setting() -> None:
    cells = table({A: [8, 30, 40], B: [20, 35, 50], C: [60, 70, 80]})
    assert masked(cells) == set()
    assert (A, "c0") in masked(cells, drempel=10)


@pytest.mark.parametrize(
    ("teller", "noemer", "beside", "hidden", "strictly"),
    [(30, 60, 0, False, False), (3, 60, 0, True, True), (57, 60, 0, True, True), (2, 4, 0, True, True),
     (30, 60, 3, False, True), (0, 60, 0, False, False), (60, 60, 5, False, False)],
)  # fmt: skip
def test_numerator_complement_denominator_and_those_not_followed(
    teller: int, noemer: int, beside: int, hidden: bool, strictly: bool
) -> None:
    for chosen, expected in (("gewoon", hidden), ("streng", strictly)):
        row = published([rate(teller, noemer, n_niet_volgbaar=beside)], strengheid=chosen)[
            "duurzaam", "GM0268", "2024JJ00", "totaal", "totaal"
        ]
        assert (row["status"] == MASKED) is expected
        numbers = [row[name] for name in ("waarde", "teller", "noemer", "n_niet_volgbaar")]
        shown_beside = None if 1 <= beside < 5 else beside
        wanted: list[float | None] = [teller * 100.0 / noemer, teller, noemer, shown_beside]
        assert numbers == ([None] * 4 if expected else wanted)


def test_one_mask_for_every_measure_horizon_and_population() -> None:
    cells = table({A: [3, 30, 40], B: [20, 35, 50], C: [60, 70, 80]})
    for indicator in ("instroom", "stand_personen"):
        cells += table({A: [300, 310, 320], B: [200, 350, 500], C: [600, 700, 800]}, indicator)
    rows = published(cells)
    by_cell: dict[tuple[str, ...], set[str]] = {}
    for key, row in rows.items():
        by_cell.setdefault(key[1:], set()).add(row["status"])
    assert all(len(statuses) == 1 for statuses in by_cell.values())
    assert rows["instroom", A, "2024JJ00", "leeftijd", "c0"]["status"] == MASKED


@pytest.mark.parametrize(
    ("large", "small"),
    [
        ("uitstroom", "uitstroom_werk_reden"),
        ("uitstroom_werk_inkomen", "uitstroom_werk_polis"),
        ("bestemming_6__alle", "bestemming_6__werk_reden"),
    ],
)
def test_a_population_within_another_tells_who_is_outside_it(large: str, small: str) -> None:
    rows = published([count(50, indicator_id=large), count(47, indicator_id=small)])
    assert {row["status"] for row in rows.values()} == {MASKED}
    rows = published([count(50, indicator_id=large), count(45, indicator_id=small)])
    assert {row["status"] for row in rows.values()} == {"definitief"}


def test_the_disagreement_on_work_tells_its_two_halves() -> None:
    """42 by reason, 41 by income, 5 on one list only: 3 on the one and 2 on the other."""
    cells = [
        count(100, indicator_id="uitstroom"), count(42, indicator_id="uitstroom_werk_reden"),
        count(41, indicator_id="uitstroom_werk_inkomen"), rate(5, 100, indicator_id="uitstroom_werk_verschil"),
    ]  # fmt: skip
    assert {row["status"] for row in published(cells, strengheid="streng").values()} == {MASKED}


def test_a_small_stand_is_not_told_by_the_flows_of_the_next_period() -> None:
    """3 at the end of the year, 20 in and 7 out in the next: the 16 at its end would tell the 3."""
    later = {"periode": "2025JJ00"}
    cells = [
        count(3, indicator_id="stand_personen"), count(16, indicator_id="stand_personen", **later),
        count(20, indicator_id="instroom", **later), count(7, indicator_id="uitstroom", **later),
    ]  # fmt: skip
    assert {row["status"] for row in published(cells).values()} == {MASKED}


def test_the_same_stand_is_masked_in_december_in_the_fourth_quarter_and_in_the_year() -> None:
    cells = [
        count(number, indicator_id="stand_personen", regio_code=region, periode=period)
        for period in ("2024MM12", "2024KW04", "2024JJ00")
        for region, number in ((A, 3), (B, 20), (C, 30), (ALL, 53))
    ]
    by_region: dict[str, set[str]] = {}
    for key, row in published(cells).items():
        by_region.setdefault(key[1], set()).add(row["status"])
    assert by_region == {A: {MASKED}, B: {MASKED}, C: {"definitief"}, ALL: {"definitief"}}


def test_a_quarter_is_not_the_rest_of_the_year() -> None:
    quarters = {A: [3, 20, 30, 40], B: [25, 26, 27, 28], C: [50, 51, 52, 53]}
    cells = []
    for region, line in [*quarters.items(), (ALL, [sum(column) for column in zip(*quarters.values(), strict=True)])]:
        cells += [count(n, regio_code=region, periode=f"2024KW{q:02d}") for q, n in enumerate(line, 1)]
        cells.append(count(sum(line), regio_code=region))
    hidden = {(key[1], key[2]) for key, row in published(cells).items() if row["status"] == MASKED}
    assert hidden == {(A, "2024KW01"), (A, "2024KW02"), (B, "2024KW01"), (B, "2024KW02")}


def test_a_rate_over_nothing_says_so_in_a_masked_cell_too() -> None:
    row = published([count(3), rate(0, 0, n_niet_volgbaar=3)])["duurzaam", "GM0268", "2024JJ00", "totaal", "totaal"]
    assert row["status"] == "nvt"
    assert [row[name] for name in ("waarde", "teller", "noemer", "n_niet_volgbaar")] == [None] * 4


def test_what_has_no_figure_yet_keeps_its_status() -> None:
    later = cell(indicator_id="duurzaam", status="nog_niet_meetbaar", meettype="percentage", eenheid="%")
    rows = published([count(3), later])
    assert rows["duurzaam", "GM0268", "2024JJ00", "totaal", "totaal"]["status"] == "nog_niet_meetbaar"


def test_figures_of_others_pass_unchanged() -> None:
    series = cell(bron="CBS", indicator_id="stand", waarde=3.0, meettype="reeks")
    row = published([count(3), series])["stand", "GM0268", "2024JJ00", "totaal", "totaal"]
    assert (row["waarde"], row["status"]) == (3.0, "definitief")


CURVE: dict[str, Any] = {
    "indicator_id": "terugkeer_km__alle", "eenheid": "%", "meettype": "curve", "dimensie": "maanden_sinds_uitstroom",
}  # fmt: skip


def curve(begin: int) -> list[dict[str, Any]]:
    return [
        cell(**CURVE, categorie=f"{month:02d}", waarde=value, ondergrens=0.5, bovengrens=40.4, n_risico=begin - month)
        for month, value in enumerate((0.0, 2.4, 25.5))
    ]


def test_a_curve_reads_whole_percents_and_hides_a_handful_of_returns() -> None:
    rows = published([count(103), *curve(103)])
    shown = [rows["terugkeer_km__alle", "GM0268", "2024JJ00", CURVE["dimensie"], m] for m in ("00", "01", "02")]
    assert [row["status"] for row in shown] == ["definitief", MASKED, "definitief"]  # 2.4% of 103 are 2 persons
    assert [(row["waarde"], row["n_risico"]) for row in shown] == [(0, 105), (None, None), (26, 100)]


@pytest.mark.parametrize(("total", "begin"), [(4, 4), (50, 4), (3, 60)])
def test_a_curve_on_too_few_or_of_a_masked_total_is_not_shown(total: int, begin: int) -> None:
    rows = published([count(total), *curve(begin)])
    assert {row["status"] for key, row in rows.items() if key[0] == "terugkeer_km__alle"} == {MASKED}


def with_basis(rows: list[dict[str, Any]], methode: str) -> list[dict[str, Any]]:
    """Publish rows that say on how many persons and employers they rest."""
    with duckdb.connect() as con:
        example.load_figures(con, [count(0)])
        con.execute("DELETE FROM pub_cijfers")
        con.execute("ALTER TABLE pub_cijfers ADD COLUMN n_personen BIGINT")
        con.execute("ALTER TABLE pub_cijfers ADD COLUMN n_werkgevers BIGINT")
        con.execute("ALTER TABLE pub_cijfers ADD COLUMN grootste_aandeel DOUBLE")
        con.register("_rijen", pa.Table.from_pylist(rows))
        con.execute("INSERT INTO pub_cijfers BY NAME SELECT * FROM _rijen")
        disclosure.apply_to(con, DisclosureSettings.model_validate({"methode": methode}))
        return con.execute("SELECT * FROM gepubliceerd.reeksen").to_arrow_table().to_pylist()


@pytest.mark.parametrize("methode", ["afronden", "onderdrukken"])
@pytest.mark.parametrize(
    ("basis", "hidden"),
    [
        ({"meettype": "gemiddelde", "n_personen": 4}, True),
        ({"meettype": "gemiddelde", "n_personen": 5}, False),
        ({"meettype": "gemiddelde"}, True),
        ({"meettype": "som", "n_personen": 50, "n_werkgevers": 2, "grootste_aandeel": 0.5}, True),
        ({"meettype": "som", "n_personen": 50, "n_werkgevers": 3, "grootste_aandeel": 0.5}, False),
        ({"meettype": "som", "n_personen": 50, "n_werkgevers": 9, "grootste_aandeel": 0.51}, True),
        ({"meettype": "som", "n_personen": 50, "n_werkgevers": 9}, True),
        ({"meettype": "werkgevers", "teller": 10, "waarde": 10.0, "n_werkgevers": 10, "grootste_aandeel": 0.2}, False),
        ({"meettype": "werkgevers", "teller": 10, "waarde": 10.0}, True),
        ({"meettype": "werkgevers", "teller": 2, "waarde": 2.0, "n_werkgevers": 2, "grootste_aandeel": 0.5}, True),
    ],
)
def test_means_sums_and_employers(methode: str, basis: dict[str, Any], hidden: bool) -> None:
    (row,) = with_basis([cell(indicator_id="loonwaarde", eenheid="EUR", **({"waarde": 61.5} | basis))], methode)
    assert (row["status"], row["waarde"]) == ((MASKED, None) if hidden else ("definitief", basis.get("waarde", 61.5)))
    assert "n_personen" not in row and "grootste_aandeel" not in row


def test_the_order_of_rows_changes_nothing() -> None:
    rng = np.random.default_rng(3)
    cells = table({code: rng.integers(0, 30, 6).tolist() for code in REGIONS})
    shuffled = list(cells)
    random.Random(5).shuffle(shuffled)
    assert published(cells) == published(shuffled)


def keyed(*keys: tuple[str, str, str, str]) -> pa.Table:
    names = ("regio_code", "periode", "dimensie", "categorie")
    return pa.table({name: list(column) for name, column in zip(names, zip(*keys, strict=True), strict=True)})


def test_the_crossed_pair_adds_up_to_the_two_breakdowns() -> None:
    year, pair = "2024JJ00", "d x v"
    cells = keyed((ALL, year, "d", "1"), (ALL, year, "d x v", "1 x p"), (ALL, year, "totaal", "totaal"),
                  (ALL, year, "v", "p"))  # fmt: skip
    (crossed,) = [found for found in build_tables(cells) if found.dimensie == pair]
    assert crossed.cells.tolist() == [[1, 0], [3, 2]]


def test_cells_that_tell_the_same_stand() -> None:
    cells = keyed(*((ALL, period, "totaal", "totaal") for period in ("2024JJ00", "2024KW04", "2024MM12", "2025JJ00")))
    shown, opening = stand_groups(cells)
    assert len(set(shown[:3])) == 1 and opening[3] == shown[0] != shown[3]
