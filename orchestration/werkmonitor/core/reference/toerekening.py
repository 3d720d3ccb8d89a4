"""Item 15 of contract 2: outflow to work beside placements and trajecten before it. No cause is claimed."""

from __future__ import annotations

from datetime import timedelta

from werkmonitor.core.reference.begeleiding import in_service_rows
from werkmonitor.core.reference.dates import ONE_DAY, Period
from werkmonitor.core.reference.grid import Dimensions, Needs, Number, Place, World, count
from werkmonitor.core.reference.kinds import Counted, KindRow, number_cells
from werkmonitor.core.reference.model import Cell
from werkmonitor.core.reference.outcomes import Outflow
from werkmonitor.core.reference.plaatsingen import EVERY_KIND, placements
from werkmonitor.core.reference.spells import touches

CONTACT: Dimensions = {"toerekening": ("plaatsing", "alleen_traject", "geen_contact")}
NEEDS: Needs = ("uitkering", "plaatsing", "traject")


def contact(world: World, outflow: Outflow, placed: list[KindRow], served: list[KindRow]) -> str:
    """'A plaatsing of any soort with begin in [e - toerekening_dagen, e + 1]; else a traject with a day in it.'"""
    first, last = outflow.e - timedelta(days=world.parameters.toerekening_dagen), outflow.e + ONE_DAY
    persoon = outflow.person.persoon
    if any(row.persoon == persoon and first <= row.begin <= last for row in placed):
        return "plaatsing"
    if any(row.persoon == persoon and touches(row, first, last) for row in served):
        return "alleen_traject"
    return "geen_contact"


def cells(world: World) -> list[Cell]:
    """toerekening__werk_reden and toerekening__werk_polis."""
    placed, served = placements(world, EVERY_KIND), in_service_rows(world)
    found = []
    for population, needs in (("werk_reden", NEEDS), ("werk_polis", (*NEEDS, "dienstverband"))):

        def members(periode: Period, population: str = population) -> list[Counted]:
            return [
                Counted(
                    outflow.gemeente,
                    outflow.person.persoon,
                    {"toerekening": contact(world, outflow, placed, served)},
                )
                for outflow in world.outflows
                if periode.holds(outflow.e) and population in outflow.populations
            ]

        def number_of(place: Place, here: list[Counted], population: str = population) -> Number:
            if population == "werk_polis":
                return world.waiting(place.periode, 1) or count(len(here), "definitief")
            return count(len(here), world.settled(place.periode.last))

        indicator = f"toerekening__{population}"
        # Break-downs of werk_reden are for the organisation only.
        everywhere, organisation = (CONTACT, None) if population == "werk_polis" else (None, CONTACT)
        found += number_cells(
            world, indicator, "momenten", "JJ KW", needs, members, number_of, everywhere, organisation
        )
    return found
