"""Item 8 of contract 2: places of nieuw beschut, what they are held against, and who waits for one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction

from werkmonitor.core.reference.anderen import Laid, added_up, published, read_list, target, weakest
from werkmonitor.core.reference.dates import Period
from werkmonitor.core.reference.grid import Needs, Number, Place, World, amount, exact, mean, rate
from werkmonitor.core.reference.kinds import (
    Counted,
    KindRow,
    Members,
    counted_cells,
    kind_rows,
    left,
    number_cells,
    stand,
)
from werkmonitor.core.reference.mediaan import Duration, median_number
from werkmonitor.core.reference.model import Cell, Row
from werkmonitor.core.reference.persons import known_until

BESCHUT: Needs = ("nieuw_beschut",)
HOURS_OF_A_PLACE = 31


def positive(world: World) -> list[Row]:
    """'Other days (adviesdatum) after the peildatum: the row is ignored.'"""
    cut = world.parameters.peildatum
    return [r for r in world.history.nieuw_beschut if r["advies"] == "positief" and r["adviesdatum"] <= cut]


def place_rows(world: World) -> list[KindRow]:
    """'Place: rows with advies positief and a begindatum.'"""
    return kind_rows(positive(world), "adviesdatum", world.parameters.peildatum)


def on_a_place(world: World) -> Members:
    rows = place_rows(world)
    return lambda periode: [
        Counted(one.row["gemeente_code"], one.persoon, item=one.row) for one in stand(rows, periode.last)
    ]


def advice_cells(world: World) -> list[Cell]:
    """nieuw_beschut_adviezen: every advice by adviesdatum."""
    cut = world.parameters.peildatum
    advices = [row for row in world.history.nieuw_beschut if row["adviesdatum"] <= cut]

    def members(periode: Period) -> list[Counted]:
        return [
            Counted(row["gemeente_code"], row["persoon"], {"advies": row["advies"]})
            for row in advices
            if periode.holds(row["adviesdatum"])
        ]

    outcomes = {"advies": ("positief", "negatief")}
    return counted_cells(world, "nieuw_beschut_adviezen", "momenten", "JJ KW", BESCHUT, members, outcomes)


def left_cells(world: World) -> list[Cell]:
    """nieuw_beschut_uitstroom: 'merged places by the last day'."""
    return counted_cells(world, "nieuw_beschut_uitstroom", "momenten", "JJ KW", BESCHUT, left(place_rows(world)))


def full_places(here: list[Counted]) -> Fraction:
    """'sum of uren_per_week of the rows of P / 31 (unknown hours 0)'."""
    return sum((exact(one.item["uren_per_week"] or 0) for one in here), Fraction(0)) / HOURS_OF_A_PLACE


def quota_of(world: World, regio: str, periode: Period) -> Laid | None:
    """reeks, else doelstelling of plekken_31, else of plekken, else the dated list (codes as printed)."""
    listed = [
        Laid(exact(row["plekken"]))
        for row in read_list("taakstelling_beschut")
        if (row["gemeente_code"], row["jaar"]) == (regio, str(periode.first.year))
    ]
    return (
        published(world, "nieuw_beschut_taakstelling", regio, periode.code)
        or target(world, "nieuw_beschut_plekken_31", regio, periode.code)
        or target(world, "nieuw_beschut_plekken", regio, periode.code)
        or (listed[0] if listed else None)
    )


def quota(world: World, place: Place) -> Laid | None:
    """'Organisation without one of its own: the sum of its gemeenten where all have one.'"""
    own = quota_of(world, place.regio, place.periode)
    if own is not None or not world.is_organisation(place):
        return own
    gemeenten = world.parameters.gemeenten_of("nieuw_beschut")
    return added_up([quota_of(world, gemeente, place.periode) for gemeente in gemeenten])


def quota_cells(world: World) -> list[Cell]:
    """nieuw_beschut_taakstelling and nieuw_beschut_realisatie."""

    def laid_down(place: Place, here: list[Counted]) -> Number:
        found = quota(world, place)
        if found is None:
            return Number("niet_geleverd")
        return amount(found.waarde, weakest(world.settled(place.periode.last), found.status))

    def realised(place: Place, here: list[Counted]) -> Number:
        found = quota(world, place)
        if found is None:
            return Number("niet_geleverd")
        status = weakest(world.settled(place.periode.last), found.status)
        return amount(full_places(here) * 100 / found.waarde if found.waarde else None, status)

    members = on_a_place(world)
    return [
        *number_cells(world, "nieuw_beschut_taakstelling", "plekken", "JJ", BESCHUT, members, laid_down),
        *number_cells(world, "nieuw_beschut_realisatie", "%", "JJ", BESCHUT, members, realised),
    ]


def place_cells(world: World) -> list[Cell]:
    """nieuw_beschut_plekken, nieuw_beschut_plekken_31, nieuw_beschut_per_uitkering."""
    members = on_a_place(world)

    def hours(place: Place, here: list[Counted]) -> Number:
        return amount(full_places(here), world.settled(place.periode.last))

    def per_benefit(place: Place, here: list[Counted]) -> Number:
        standing = world.standing(place.periode.last)
        dossiers = {one.dossier for one in standing if world.in_region(one.gemeente, place.regio)}
        return rate(len(here), len(dossiers), world.settled(place.periode.last))

    needs = ("nieuw_beschut", "uitkering")
    return [
        *counted_cells(world, "nieuw_beschut_plekken", "personen", "JJ KW", BESCHUT, members),
        *number_cells(world, "nieuw_beschut_plekken_31", "plekken", "JJ KW", BESCHUT, members, hours),
        *number_cells(world, "nieuw_beschut_per_uitkering", "%", "JJ KW", needs, members, per_benefit),
    ]


# -- waiting ----------------------------------------------------------------------------------------------------------


def is_open(row: Row, day: date) -> bool:
    """'adviesdatum <= P, no begindatum on or before P and no einde_advies on or before P.'"""
    later = [row.get(column) is None or row[column] > day for column in ("begindatum", "einde_advies")]
    return row["adviesdatum"] <= day and all(later)


def waiting_list(world: World) -> Members:
    """Persons with an open advice and no place: 'of several such rows the earliest advice speaks for the person'."""
    advices, places = positive(world), place_rows(world)

    def members(periode: Period) -> list[Counted]:
        placed = {one.persoon for one in stand(places, periode.last)}
        first: dict[str, Row] = {}
        for row in sorted(advices, key=lambda r: (r["adviesdatum"], r.get("bron_volgorde", 0))):
            if is_open(row, periode.last) and row["persoon"] not in placed:
                first.setdefault(row["persoon"], row)
        return [Counted(row["gemeente_code"], persoon, item=row) for persoon, row in first.items()]

    return members


def waited(world: World) -> Callable[[Row], Duration]:
    """From advice to place; 'censored at min(einde_advies, peildatum) - adviesdatum'."""
    cut = world.parameters.peildatum

    def duration(row: Row) -> Duration:
        begin = known_until(row.get("begindatum"), cut)
        until = begin or known_until(row.get("einde_advies"), cut) or cut
        return Duration(max(0, (until - row["adviesdatum"]).days), begin is not None)

    return duration


def waiting_cells(world: World) -> list[Cell]:
    """nieuw_beschut_wachtlijst, nieuw_beschut_wachttijd_mediaan, nieuw_beschut_wachttijd_tot_nu."""
    advices, on_list, duration = positive(world), waiting_list(world), waited(world)

    def advised(periode: Period) -> list[Counted]:
        return [
            Counted(row["gemeente_code"], row["persoon"], item=row)
            for row in advices
            if periode.holds(row["adviesdatum"])
        ]

    def median_of(place: Place, here: list[Counted]) -> Number:
        return median_number([duration(one.item) for one in here], world.settled(place.periode.last))

    def so_far(place: Place, here: list[Counted]) -> Number:
        days = ((place.periode.last - one.item["adviesdatum"]).days for one in here)
        return mean(days, world.settled(place.periode.last))

    return [
        *counted_cells(world, "nieuw_beschut_wachtlijst", "personen", "JJ KW", BESCHUT, on_list),
        *number_cells(world, "nieuw_beschut_wachttijd_mediaan", "dagen", "JJ", BESCHUT, advised, median_of),
        *number_cells(world, "nieuw_beschut_wachttijd_tot_nu", "dagen", "JJ", BESCHUT, on_list, so_far),
    ]
