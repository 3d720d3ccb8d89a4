"""Numbers that others laid down and that figures are held against: published series, targets, the taakstelling."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from pathlib import Path

from werkmonitor.core.reference.grid import Number, Place, World, exact, rate
from werkmonitor.core.reference.series import WEAKEST_FIRST

LISTS = Path(__file__).resolve().parents[1] / "lists"


@dataclass(frozen=True)
class Laid:
    """A number of somebody else with its status."""

    waarde: Fraction
    status: str = "definitief"


@cache
def read_list(name: str) -> tuple[dict[str, str], ...]:
    """A dated list of core/lists as it stands."""
    with (LISTS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def weakest(*statuses: str) -> str:
    """'A rate has the status of its weakest count.'"""
    return min(statuses, key=WEAKEST_FIRST.index)


def published(world: World, indicator: str, regio: str, periode: str) -> Laid | None:
    """The total of a published series: 'first bron by name (then definitie_id), a row without waarde is no row'."""
    rows = [
        row
        for row in world.history.reeks
        if (row["indicator_id"], row["regio_code"], row["periode"]) == (indicator, regio, periode)
        and row["uitsplitsing"] == "totaal"
        and row.get("waarde") is not None
    ]
    if not rows:
        return None
    row = min(rows, key=lambda r: (r["bron"], r["definitie_id"]))
    return Laid(exact(row["waarde"]), row["status"])


def target(world: World, indicator: str, regio: str, periode: str) -> Laid | None:
    """The target for an indicator: 'doelstelling: first source'."""
    rows = [
        row
        for row in world.history.doelstelling
        if (row["indicator_id"], row["regio_code"], row["periode"]) == (indicator, regio, periode)
    ]
    return Laid(exact(min(rows, key=lambda r: r.get("bron_volgorde", 0))["waarde"])) if rows else None


def added_up(parts: list[Laid | None]) -> Laid | None:
    """'The sum of its gemeenten where all have one.'"""
    known = [part for part in parts if part is not None]
    if not known or len(known) < len(parts):
        return None
    return Laid(sum((part.waarde for part in known), Fraction(0)), weakest(*(part.status for part in known)))


def noemer_of(world: World, indicator: str, entiteit: str, place: Place) -> Laid | None:
    """The published number that a figure is divided by."""
    own = published(world, indicator, place.regio, place.periode.code)
    if own is not None or not world.is_organisation(place):
        return own
    gemeenten = world.parameters.gemeenten_of(entiteit)
    return added_up([published(world, indicator, gemeente, place.periode.code) for gemeente in gemeenten])


def share_of_published(world: World, teller: int, indicator: str, entiteit: str, place: Place) -> Number:
    """A count against a published number; 'noemer is that number as a whole one, halves up'."""
    noemer = noemer_of(world, indicator, entiteit, place)
    if noemer is None:
        return Number("niet_geleverd")
    status = weakest(world.settled(place.periode.last), noemer.status)
    return rate(teller, math.floor(noemer.waarde + Fraction(1, 2)), status)
