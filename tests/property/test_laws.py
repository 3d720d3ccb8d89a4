"""Every law of contract 2 holds on random histories, and the bookkeeping of cells that follows from it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import pairwise
from typing import Any

import pytest
from histories import GEMEENTEN, histories, parameters_strategy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from other_histories import ENTITIES as OTHER_ENTITIES
from werkmonitor.core.reference import Cell, History, Parameters, compare, compute
from werkmonitor.core.reference.dates import ONE_DAY, add_months
from werkmonitor.core.reference.figures import DURABILITY, build_world
from werkmonitor.core.reference.model import Row
from werkmonitor.core.reference.outcomes import HORIZONS
from werkmonitor.core.reference.persons import build_persons
from werkmonitor.core.reference.spells import moves, row_of_day

LAWS = settings(
    deadline=None, max_examples=25, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
QUICK = settings(LAWS, max_examples=150)
ADDING = ("teller", "noemer", "n_niet_volgbaar")
SOME = {
    *("stand_personen", "instroom", "uitstroom", "verhuizing_in", "verhuizing_uit", "herinstroom_terugkijkend"),
    *("uitstroom_werk_polis", "uitstroom_werk_verschil", "bestemming_6__alle", "terugkeer_cif__alle"),
    *("herinstroom_12__alle", "duurzaam_werk_onafgebroken_6__alle", "duurzaam_uit_uitkering_6__werk_polis"),
    *("kandidaten_in_dienstverlening", "terugmeldingen", "plaatsingen_werk", "lks_stand", "nieuw_beschut_plekken"),
    *("sw_personen", "kwaliteit_baan", "toerekening__werk_reden", "uitkering_bij_plaatsing", "ontwikkeling"),
    *("kandidaten_met_activiteit", "sw_werkladder", "nieuw_beschut_uitstroom", "jobcoaching", "uitkering_aangemeld"),
}
# Of the days on which something runs, whichever row says so: cutting a row in two changes none of them.
OF_STRETCHES = {
    *("kandidaten_in_dienstverlening", "kandidaten_in_dienstverlening_uniek", "kandidaten_langer_dan_2_jaar"),
    *("lks_stand", "lks_bedrag", "nieuw_beschut_plekken", "sw_personen", "toerekening__werk_reden"),
    *("sw_uitstroom", "nieuw_beschut_uitstroom", "jobcoaching", "jobcoaching_duur_mediaan"),
}
OF_BENEFITS = (
    *("stand_", "instroom", "uitstroom", "verhuizing_", "herinstroom_", "bestemming_", "kwaliteit_baan"),
    "toerekening_",
)
# Somebody, or an employer, may count in several gemeenten and is one to the organisation.
ONCE_IN_THE_ORGANISATION = (
    *("kandidaten_in_dienstverlening_uniek", "lks_personen", "parttime_met_uitkering_uniek", "unieke_werkgevers"),
    *("werken_met_behoud_van_uitkering_personen", "ontwikkeling_gemeten", "kandidaten_geplaatst"),
)
OVERLAPPING = ("prioriteitsgroep",)
NAMES = ("uitkering", "dienstverband", "persoon", "kenmerk", *OTHER_ENTITIES)
Key = tuple[str, str, str, str, str]


def by_place(cells: list[Cell]) -> dict[Key, Cell]:
    return {(c.indicator_id, c.regio_code, c.periode, c.dimensie, c.categorie): c for c in cells}


def numbers(cell: Cell) -> tuple[int, ...]:
    """Teller, noemer and n_niet_volgbaar, with nothing for what has none."""
    return tuple(getattr(cell, column) or 0 for column in ADDING)


def total(cells: list[Cell]) -> tuple[int, ...]:
    return tuple(sum(column) for column in zip(*map(numbers, cells), strict=True)) if cells else (0, 0, 0)


# -- laws of one outflow ----------------------------------------------------------------------------------------------


@QUICK
@given(histories(others=False), parameters_strategy())
def test_longer_implies_shorter(history: History, chosen: Parameters) -> None:
    """uit_uitkering 18 ⇒ 12 ⇒ 6; onafgebroken ⇒ moment ⇒ no benefit on t."""
    for outflow in build_world(history, chosen).outflows:
        if all(outflow.not_followable(h) is None for h in HORIZONS):
            stayed = [outflow.stayed_out(h) for h in HORIZONS]
            assert stayed == sorted(stayed, reverse=True)
        for h in HORIZONS:
            assert outflow.works_at(h) or not outflow.worked_throughout(h)
            assert not (outflow.works_at(h) and outflow.has_benefit(add_months(outflow.e, h)))
            assert not (outflow.works_at(h) and outflow.destination(h) in ("uitkering", "uitkering_met_werk"))


@QUICK
@given(histories(others=False), parameters_strategy())
def test_not_followable_once_means_later_too(history: History, chosen: Parameters) -> None:
    """Who is lost at 6 months is lost at 12 and 18, unless (dates only) the return came first; never the other way."""
    for outflow in build_world(history, chosen).outflows:
        lost = [outflow.not_followable(h) is not None for h in HORIZONS]
        assert lost == sorted(lost)


@QUICK
@given(histories(others=False), parameters_strategy())
def test_spells_are_apart_and_cover_their_rows(history: History, chosen: Parameters) -> None:
    for person in build_persons(history, chosen):
        for first, second in pairwise(person.spells):
            assert first.eind is not None
            assert (second.begin - first.eind).days - 1 > chosen.onderbreking_dagen
        for spell in person.spells:
            assert spell.begin == min(row.begin for row in spell.rows)
            assert spell.eind is None or spell.eind <= chosen.peildatum


@QUICK
@given(histories(others=False), parameters_strategy())
def test_moves_are_the_days_on_which_the_gemeente_changes(history: History, chosen: Parameters) -> None:
    """The shortcut of `moves` (only days on which a row begins or has ended) against looking at every day."""
    for person in build_persons(history, chosen):
        for spell in person.spells:
            last = spell.eind or chosen.peildatum
            days = [spell.begin + timedelta(days=n) for n in range(1, (last - spell.begin).days + 1)]
            changed = [d for d in days if row_of_day(spell, d).gemeente != row_of_day(spell, d - ONE_DAY).gemeente]
            assert [move.day for move in moves(spell, chosen.peildatum)] == changed


# -- laws of cells ----------------------------------------------------------------------------------------------------


@LAWS
@given(histories(), parameters_strategy())
def test_cells_add_up(history: History, chosen: Parameters) -> None:
    """One computation, every law that one set of cells must obey."""
    cells = compute(history, chosen)
    found = by_place(cells)
    assert len({cell.key for cell in cells}) == len(cells)
    assert cells == sorted(cells, key=lambda cell: cell.key)
    check_complement(found)
    check_one_denominator(found)
    check_gemeenten_add_up(found, shared_dossiers(history))
    check_stock(found)
    check_categories_add_up(cells)
    check_periods_add_up(cells)
    check_statuses(cells, chosen)


def shared_dossiers(history: History) -> bool:
    places: dict[str, set[str]] = defaultdict(set)
    for row in history.uitkering:
        places[row["dossier_id"]].add(row["gemeente_code"])
    return any(len(gemeenten) > 1 for gemeenten in places.values())


def check_complement(found: dict[Key, Cell]) -> None:
    """herinstroom + duurzaam_uit_uitkering = 100."""
    for (indicator, *place), cell in found.items():
        if (
            indicator.startswith("herinstroom_")
            and "__" in indicator
            and cell.waarde is not None
            and cell.eenheid == "%"
        ):
            other = found[(indicator.replace("herinstroom", "duurzaam_uit_uitkering"), *place)]  # type: ignore[index]
            assert other.waarde is not None
            assert abs(cell.waarde + other.waarde - 100) < 1e-9


def check_one_denominator(found: dict[Key, Cell]) -> None:
    """'One denominator for all measures of one h.'"""
    for (indicator, *place), cell in found.items():
        if indicator.startswith("herinstroom_") and "__" in indicator:
            for measure in DURABILITY:
                other = found.get((indicator.replace("herinstroom", measure), *place))  # type: ignore[arg-type]
                assert other is not None
                assert (other.noemer, other.n_niet_volgbaar) == (cell.noemer, cell.n_niet_volgbaar)


def check_gemeenten_add_up(found: dict[Key, Cell], dossiers_are_shared: bool) -> None:
    """'Gemeenten add up to the organisation' (a dossier in two gemeenten is one dossier to the organisation). What is
    not counted in benefits may be of a person whose gemeente is not known or not one of them: to at most it."""
    for (indicator, regio, *place), cell in found.items():
        parts = [found.get((indicator, g, *place)) for g in GEMEENTEN]  # type: ignore[arg-type]
        if regio != "AM08" or None in parts or (dossiers_are_shared and counts_dossiers(indicator)):
            continue
        known = [part for part in parts if part is not None]
        if indicator in ONCE_IN_THE_ORGANISATION or cell.dimensie == "maanden_sinds_uitstroom":
            continue
        if of_benefits(indicator):
            assert total(known) == numbers(cell), cell
        elif cell.teller is not None:
            assert all(part <= whole for part, whole in zip(total(known), numbers(cell), strict=True)), cell


def of_benefits(indicator: str) -> bool:
    return indicator.startswith((*OF_BENEFITS, *DURABILITY))


def counts_dossiers(indicator: str) -> bool:
    return indicator in (
        *("stand_uitkeringen", "uitstroompercentage_divosa", "nieuw_beschut_per_uitkering"),
        "bijstandsdichtheid_huishoudens",
    )


def check_stock(found: dict[Key, Cell]) -> None:
    """stand(end) = stand(begin) + instroom - uitstroom (+ verhuizing per gemeente), quarter by quarter."""
    regions = {regio for indicator, regio, *_ in found if indicator == "stand_personen"}
    quarters = sorted({periode for _, _, periode, *_ in found if "KW" in periode})
    for regio in regions:
        for before, after in pairwise(quarters):
            value = partial(count_of, found, regio, after)
            grown = value("instroom") - value("uitstroom") + value("verhuizing_in") - value("verhuizing_uit")
            assert value("stand_personen") == count_of(found, regio, before, "stand_personen") + grown


def count_of(found: dict[Key, Cell], regio: str, periode: str, indicator: str) -> int:
    teller = found[indicator, regio, periode, "totaal", "totaal"].teller
    assert teller is not None
    return teller


def check_categories_add_up(cells: list[Cell]) -> None:
    """The categories of a break-down add up to the total; of reden_niet_volgbaar to n_niet_volgbaar."""
    found, parts = by_place(cells), defaultdict(list)
    for cell in cells:
        without_total = ("totaal", "maanden_sinds_uitstroom", "groep_tevredenheid", "fase_verblijf", *OVERLAPPING)
        if cell.dimensie not in without_total and cell.status != "niet_geleverd":
            parts[cell.indicator_id, cell.regio_code, cell.periode, cell.dimensie].append(cell)
    for (indicator, regio, periode, dimensie), members in parts.items():
        whole = found[indicator, regio, periode, "totaal", "totaal"]
        if counts_dossiers(indicator) or (dimensie == "werk_na_uitstroom" and members[0].status != whole.status):
            continue
        if dimensie == "reden_niet_volgbaar":
            assert total(members)[2] == numbers(whole)[2]
        else:
            assert total(members) == numbers(whole), whole


def check_periods_add_up(cells: list[Cell]) -> None:
    """Flows of the months and of the quarters add up to those of the year."""
    parts: dict[tuple[str, str, str, str], list[Cell]] = defaultdict(list)
    flows = (
        *("instroom", "uitstroom", "uitstroom_werk_reden", "uitstroom_werk_polis", "verhuizing_in", "aanmeldingen"),
        *("trajecten_beeindigd", "terugmeldingen", "faseovergangen", "plaatsingen_werk", "plaatsingen_banenafspraak"),
        *("werken_met_behoud_van_uitkering_plaatsingen", "lks_verstrekkingen", "uitkering_bij_plaatsing"),
        *("kwaliteit_baan", "toerekening__werk_reden", "toerekening__werk_polis", "lks_bedrag", "banen_25_5"),
        *("sw_uitstroom", "nieuw_beschut_adviezen", "nieuw_beschut_uitstroom"),
    )
    for cell in cells:
        if cell.indicator_id in flows and cell.dimensie == "totaal":
            parts[cell.indicator_id, cell.regio_code, cell.periode[:4], cell.periode[4:6]].append(cell)
    for (indicator, regio, year, kind), members in parts.items():
        whole = parts.get((indicator, regio, year, "JJ"))
        if kind != "JJ" and whole and whole[0].waarde is not None:
            assert total(members) == numbers(whole[0])
            if whole[0].eenheid in ("EUR", "banen"):
                assert sum(cell.waarde or 0 for cell in members) == pytest.approx(whole[0].waarde)


def check_statuses(cells: list[Cell], chosen: Parameters) -> None:
    """A value with a status that shows one, none with any other; meetbaar_vanaf with nog_niet_meetbaar, later."""
    for cell in cells:
        assert (cell.waarde is not None) == (cell.status in ("definitief", "voorlopig", "nader_voorlopig")), cell
        assert (cell.meetbaar_vanaf is not None) == (cell.status == "nog_niet_meetbaar")
        assert cell.meetbaar_vanaf is None or cell.meetbaar_vanaf > chosen.peildatum


# -- what must change nothing -----------------------------------------------------------------------------------------


def same(history: History, other: History, chosen: Parameters) -> None:
    first, second = compute(history, chosen, SOME), compute(other, chosen, SOME)
    assert compare(first, second) == []


@LAWS
@given(histories(), parameters_strategy(), st.randoms(use_true_random=False))
def test_order_of_rows(history: History, chosen: Parameters, rng: Any) -> None:
    same(
        history, replace(history, **{n: rng.sample(history.rows_of(n), len(history.rows_of(n))) for n in NAMES}), chosen
    )


@LAWS
@given(histories(), parameters_strategy(), st.data())
def test_row_delivered_twice(history: History, chosen: Parameters, data: st.DataObject) -> None:
    row = data.draw(st.sampled_from(history.uitkering))
    jobs = history.dienstverband + history.dienstverband[:1]
    same(history, replace(history, uitkering=[*history.uitkering, row], dienstverband=jobs), chosen)


@LAWS
@given(histories(), parameters_strategy(), st.data())
def test_row_split_in_two(history: History, chosen: Parameters, data: st.DataObject) -> None:
    """Two touching rows of the same dossier and end reason are the same as one."""
    benefit = [part for row in history.uitkering for part in split(row, data.draw(st.integers(0, 400)))]
    jobs = [part for row in history.dienstverband for part in split(row, data.draw(st.integers(0, 400)))]
    other = replace(history, uitkering=benefit, dienstverband=jobs)
    same(history, other, chosen)


def split(row: Any, days: int) -> list[Row]:
    """The row in two, the first of `days` + 1 days; whole when it is not that long."""
    middle = row["begindatum"] + timedelta(days=days)
    if row["einddatum"] is not None and middle >= row["einddatum"]:
        return [dict(row)]
    return [{**row, "einddatum": middle}, {**row, "begindatum": middle + ONE_DAY}]


@LAWS
@given(histories(), parameters_strategy(), st.data())
def test_row_of_another_kind_split_in_two(history: History, chosen: Parameters, data: st.DataObject) -> None:
    """'Merged with gap 0': a decision, traject, place or sw row may as well be written down as two that touch. (Where
    rows overlap, the one that began last speaks for gemeente and kind, and then it is another one.)"""

    def in_two(row: Row) -> list[Row]:
        return [row] if row["begindatum"] is None else split(row, data.draw(st.integers(0, 500)))

    names = ("lks", "traject", "voorziening", "nieuw_beschut", "sw")
    cut = {name: [part for row in history.rows_of(name) for part in in_two(row)] for name in names}
    first, second = (totals(compute(one, chosen, OF_STRETCHES)) for one in (history, replace(history, **cut)))
    assert compare(first, second) == []


def totals(cells: list[Cell]) -> list[Cell]:
    """Totals of the organisation."""
    return [
        cell
        for cell in cells
        if cell.indicator_id in OF_STRETCHES and (cell.regio_code, cell.dimensie) == ("AM08", "totaal")
    ]


@LAWS
@given(histories(), histories(("X", "Y")), parameters_strategy())
def test_another_person_adds_and_changes_nothing(history: History, others: History, chosen: Parameters) -> None:
    """Cells of two groups together are the sum of the cells of each."""
    together = History(**{name: [*history.rows_of(name), *others.rows_of(name)] for name in (*NAMES, "quarantaine")})
    first, second = (by_place(compute(h, chosen, SOME)) for h in (history, others))
    for place, cell in by_place(compute(together, chosen, SOME)).items():
        # The n of a median is that of the cell; a cell without a median has none.
        if cell.indicator_id.endswith("_mediaan") or counts_dossiers(cell.indicator_id):
            continue
        if cell.dimensie != "maanden_sinds_uitstroom":
            assert numbers(cell) == total([first[place], second[place]]), cell


@LAWS
@given(histories(), parameters_strategy(), st.integers(1, 12))
def test_definitive_stays(history: History, chosen: Parameters, months: int) -> None:
    """With the same deliveries and a later peildatum, what was definitief does not change any more (with a lag that is
    longer than the tolerance; curves not, because peildatum - lag clamps to the month's end)."""
    chosen = replace(chosen, registratievertraging_maanden=3)
    # A row of kenmerk that begins after the peildatum is ignored: until then what persoon says is used.
    known = [row for row in history.kenmerk if row["begindatum"] <= chosen.peildatum]
    history = replace(history, kenmerk=known)
    later = by_place(compute(history, replace(chosen, peildatum=add_months(chosen.peildatum, months)), SOME))
    for place, cell in by_place(compute(history, chosen, SOME)).items():
        if cell.status == "definitief" and cell.dimensie != "maanden_sinds_uitstroom":
            assert cell == later[place]
