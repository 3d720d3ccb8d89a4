"""Item 3 of contract 2: work beside benefit, counted in person-months."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from werkmonitor.core.reference.dates import Period, month_days
from werkmonitor.core.reference.grid import Needs, Number, Place, World, amount, count, exact, mean
from werkmonitor.core.reference.kinds import Counted, number_cells, person_cells
from werkmonitor.core.reference.model import Cell
from werkmonitor.core.reference.spells import touches

NEEDS: Needs = ("inkomsten", "uitkering")
EARNED = ("loon", "onderneming")
MONTHS = {"JJ": 12, "KW": 3, "MM": 1}


@dataclass(frozen=True)
class PersonMonth:
    """A person who earned something in a month of which a day has a benefit."""

    persoon: str
    last: date
    gemeente: str
    bedrag: Fraction


def person_months(world: World) -> list[PersonMonth]:
    """'sum(bedrag) over soort loon and onderneming > 0 in it, and a day of the month with a benefit.'"""
    sums: dict[tuple[str, str], Fraction] = {}
    for row in world.history.inkomsten:
        if row["soort"] in EARNED:
            key = row["persoon"], row["maand"]
            sums[key] = sums.get(key, Fraction(0)) + exact(row["bedrag"])
    found = []
    for (persoon, maand), bedrag in sorted(sums.items()):
        first, last = month_days(maand)
        if bedrag <= 0 or last > world.parameters.peildatum:
            continue
        spells = [spell for spell in world.people[persoon].spells if touches(spell, first, last)]
        if spells:
            day = max(min(last, spell.eind or last) for spell in spells)
            found.append(PersonMonth(persoon, last, world.gemeente_of(persoon, day), bedrag))
    return found


def cells(world: World) -> list[Cell]:
    """parttime_met_uitkering, _uniek and _bedrag."""
    found = person_months(world)

    def members(periode: Period) -> list[Counted]:
        return [Counted(one.gemeente, one.persoon, item=one) for one in found if periode.holds(one.last)]

    def in_a_month(place: Place, here: list[Counted]) -> Number:
        status = world.settled(place.periode.last)
        if place.periode.kind == "MM":
            return count(len(here), status)
        return amount(Fraction(len(here), MONTHS[place.periode.kind]), status)

    def earned(place: Place, here: list[Counted]) -> Number:
        return mean((one.item.bedrag for one in here), world.settled(place.periode.last))

    name = "parttime_met_uitkering"
    return [
        *number_cells(world, name, "personen", "JJ KW MM", NEEDS, members, in_a_month),
        *person_cells(world, f"{name}_uniek", "JJ", NEEDS, members),
        *number_cells(world, f"{name}_bedrag", "EUR", "JJ KW", NEEDS, members, earned),
    ]
