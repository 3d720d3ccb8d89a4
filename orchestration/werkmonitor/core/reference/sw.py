"""Item 9 of contract 2: sociale werkvoorziening in people, fte and SE, the werkladder, verzuim and value added."""

from __future__ import annotations

from fractions import Fraction

from werkmonitor.core.reference.dates import ONE_DAY, Period, month_days
from werkmonitor.core.reference.geld import post_amount
from werkmonitor.core.reference.grid import Dimensions, Needs, Number, Place, World, amount, exact
from werkmonitor.core.reference.kinds import (
    Counted,
    KindRow,
    Members,
    counted_cells,
    kind_rows,
    left,
    number_cells,
    share_cells,
    stand,
)
from werkmonitor.core.reference.model import Cell
from werkmonitor.core.reference.spells import touches

SW: Needs = ("sw",)
INSIDE = "sw_beschut"
FORMS: Dimensions = {
    "werkvorm": (INSIDE, "werken_op_locatie", "detachering_groep", "detachering_individueel", "begeleid_werken")
}
LADDER = FORMS["werkvorm"]  # from the lowest rung to the highest
STEPS: Dimensions = {"werkladder_stap": ("hoger", "gelijk", "lager")}
SE_OF_SEVERE = Fraction("1.25")


def sw_rows(world: World) -> list[KindRow]:
    return kind_rows(world.history.sw, "begindatum", world.parameters.peildatum)


def employed(world: World) -> Members:
    rows = sw_rows(world)
    return lambda periode: [
        Counted(one.row["gemeente_code"], one.persoon, {"werkvorm": one.row["werkvorm"]}, one.row)
        for one in stand(rows, periode.last)
    ]


def fte(here: list[Counted]) -> Fraction:
    """'Sum of fte of the rows of P.'"""
    return sum((exact(one.item["fte"]) for one in here), Fraction(0))


def standard_units(here: list[Counted]) -> Fraction:
    """'fte x 1.25 where ernstig.'"""
    weights = {"ernstig": SE_OF_SEVERE}
    return sum(
        (exact(one.item["fte"]) * weights.get(one.item["arbeidshandicap"], Fraction(1)) for one in here), Fraction(0)
    )


def people_cells(world: World) -> list[Cell]:
    """sw_personen, sw_fte, sw_se, sw_buiten_de_muren."""
    members = employed(world)

    def in_fte(place: Place, here: list[Counted]) -> Number:
        return amount(fte(here), world.settled(place.periode.last))

    def in_se(place: Place, here: list[Counted]) -> Number:
        return amount(standard_units(here), world.settled(place.periode.last))

    def outside(_: Period, one: Counted) -> bool:
        return bool(one.item["werkvorm"] != INSIDE)

    return [
        *counted_cells(world, "sw_personen", "personen", "JJ KW", SW, members, FORMS),
        *number_cells(world, "sw_fte", "fte", "JJ KW", SW, members, in_fte),
        *number_cells(world, "sw_se", "SE", "JJ KW", SW, members, in_se),
        *share_cells(world, "sw_buiten_de_muren", "JJ KW", SW, members, outside),
    ]


def step_cells(world: World) -> list[Cell]:
    """sw_werkladder: 'persons in the stand of both P and the last day before the year, by the rung of each'."""
    rows = sw_rows(world)

    def members(periode: Period) -> list[Counted]:
        before = {one.persoon: LADDER.index(one.row["werkvorm"]) for one in stand(rows, periode.first - ONE_DAY)}
        found = []
        for one in stand(rows, periode.last):
            if one.persoon in before:
                now, then = LADDER.index(one.row["werkvorm"]), before[one.persoon]
                step = "hoger" if now > then else "lager" if now < then else "gelijk"
                found.append(Counted(one.row["gemeente_code"], one.persoon, {"werkladder_stap": step}))
        return found

    return counted_cells(world, "sw_werkladder", "personen", "JJ", SW, members, STEPS)


def left_cells(world: World) -> list[Cell]:
    """sw_uitstroom: 'merged rows by the last day'."""
    members = left(sw_rows(world))
    return counted_cells(world, "sw_uitstroom", "momenten", "JJ KW", SW, members)


def value_added_cells(world: World) -> list[Cell]:
    """sw_toegevoegde_waarde_per_fte: organisation only."""

    def per_fte(place: Place, here: list[Counted]) -> Number:
        value = post_amount(world, place, "toegevoegde_waarde", "realisatie", "sw", "sw")
        if value is None:
            return Number("niet_geleverd")
        return amount(value / fte(here) if fte(here) else None, world.settled(place.periode.last))

    cells = number_cells(
        world, "sw_toegevoegde_waarde_per_fte", "EUR", "JJ", ("sw", "financien"), employed(world), per_fte
    )
    return [cell for cell in cells if cell.regio_code == world.parameters.regio_code]


def absence(world: World) -> Members:
    """Rows of verzuim by month, at 'the sw row with the latest begin among those with a day in the month'."""
    rows, found = sw_rows(world), []
    for row in world.history.verzuim:
        first, last = month_days(row["maand"])
        if last <= world.parameters.peildatum:
            own = [one for one in rows if one.persoon == row["persoon"] and touches(one, first, last)]
            latest = max(own, key=lambda one: (one.begin, -one.row.get("bron_volgorde", 0)), default=None)
            where = "" if latest is None else latest["gemeente_code"]
            found.append((last, Counted(where, row["persoon"], item=row)))
    return lambda periode: [one for day, one in found if periode.holds(day)]


def absence_cells(world: World) -> list[Cell]:
    """sw_verzuim and sw_meldingsfrequentie."""
    members = absence(world)

    def days(place: Place, here: list[Counted]) -> Number:
        available = sum((exact(one.item["beschikbare_dagen"]) for one in here), Fraction(0))
        lost = sum((exact(one.item["verzuimdagen"]) for one in here), Fraction(0))
        return amount(lost * 100 / available if available else None, world.settled(place.periode.last))

    def reports(place: Place, here: list[Counted]) -> Number:
        known = [one.item for one in here if one.item.get("meldingen") is not None]
        months = len({(row["persoon"], row["maand"]) for row in known})
        total = sum(row["meldingen"] for row in known)
        return amount(Fraction(total * 12, months) if months else None, world.settled(place.periode.last))

    needs = ("sw", "verzuim")
    return [
        *number_cells(world, "sw_verzuim", "%", "JJ KW", needs, members, days),
        *number_cells(world, "sw_meldingsfrequentie", "meldingen per medewerker", "JJ", needs, members, reports),
    ]
