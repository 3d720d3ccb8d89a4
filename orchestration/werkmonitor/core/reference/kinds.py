"""Rows of the other kinds (traject, plaatsing, lks, nieuw_beschut, sw): the cut, the stand of a day, and how what was
found is counted per cell. No indicators, and nothing of benefits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from werkmonitor.core.reference.dates import Period
from werkmonitor.core.reference.grid import (
    TOTAL,
    Dimensions,
    Needs,
    Number,
    Place,
    World,
    break_downs,
    count,
    rate,
)
from werkmonitor.core.reference.model import Cell, Row
from werkmonitor.core.reference.spells import covers, cut_end, group_by_gap, latest_end


@dataclass(frozen=True)
class KindRow:
    """One accepted row after the cut, with the days on which it runs. `key` decides between rows of one begin."""

    persoon: str
    begin: date
    eind: date | None
    key: str
    row: Row

    def __getitem__(self, column: str) -> Any:
        return self.row.get(column)


def kind_rows(rows: Iterable[Row], key: str, peildatum: date) -> list[KindRow]:
    """'A begin after the peildatum: ignored; an end after it: open'; without a begin it never began."""
    return [
        KindRow(row["persoon"], row["begindatum"], cut_end(row.get("einddatum"), peildatum), str(row[key]), row)
        for row in rows
        if row["begindatum"] is not None and row["begindatum"] <= peildatum
    ]


@dataclass(frozen=True)
class Present:
    """One person in the stand of a day: the begin of the merged spell, and the row of that day."""

    persoon: str
    begin: date
    row: KindRow


def of_each_person(rows: Iterable[KindRow]) -> list[tuple[str, list[KindRow]]]:
    """Every person with the own rows."""
    by_person: dict[str, list[KindRow]] = {}
    for row in rows:
        by_person.setdefault(row.persoon, []).append(row)
    return sorted(by_person.items())


def stand(rows: Iterable[KindRow], day: date) -> list[Present]:
    """'A person's rows of one kind merged with gap 0 (touching or overlapping), b <= P and open or e > P.'"""
    found = []
    for persoon, own in of_each_person(rows):
        for group in group_by_gap(own, 0):
            begin, eind = min(row.begin for row in group), latest_end(group)
            if begin <= day and (eind is None or eind > day):
                found.append(Present(persoon, begin, row_of(group, day)))
    return found


def row_of(rows: Sequence[KindRow], day: date) -> KindRow:
    """'Of the rows that cover P the one with the latest begin, then the highest key (bytes), then the first source.'"""
    covering = [row for row in rows if covers(row, day)]
    return max(covering, key=lambda row: (row.begin, row.key, -row.row.get("bron_volgorde", 0)))


# -- counting ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Counted:
    """One thing that is counted: where, of whom, and in which categories (several where they overlap)."""

    gemeente: str
    persoon: str = ""
    traits: dict[str, str | tuple[str, ...]] = field(default_factory=dict)
    item: Any = None

    def is_in(self, place: Place) -> bool:
        if place.dimensie == TOTAL:
            return True
        own = self.traits[place.dimensie]
        return place.categorie in own if isinstance(own, tuple) else own == place.categorie


Members = Callable[[Period], list[Counted]]


def left(rows: Sequence[KindRow]) -> Members:
    """Uitstroom of other kinds: merged rows that ended, on their last day, in the gemeente of the row of that day."""
    ended: list[tuple[date, Counted]] = []
    for persoon, own in of_each_person(rows):
        for group in group_by_gap(own, 0):
            eind = latest_end(group)
            if eind is not None:
                ended.append((eind, Counted(row_of(group, eind)["gemeente_code"], persoon)))
    return lambda periode: [one for day, one in ended if periode.holds(day)]


def per_place(world: World, kinds: str, needs: Needs, members: Members) -> Iterator[tuple[Place, list[Counted]]]:
    """Every total of the grid with what is counted there."""
    known: dict[str, list[Counted]] = {}
    for place in world.places(kinds, needs):
        if place.periode.code not in known:
            known[place.periode.code] = members(place.periode)
        yield place, [one for one in known[place.periode.code] if world.in_region(one.gemeente, place.regio)]


def number_cells(
    world: World,
    indicator: str,
    eenheid: str,
    kinds: str,
    needs: Needs,
    members: Members,
    number_of: Callable[[Place, list[Counted]], Number],
    dimensions: Dimensions | None = None,
    organisation_only: Dimensions | None = None,
) -> list[Cell]:
    """The cells of one indicator: totals, and per year its break-downs."""
    cells = []
    for total, here in per_place(world, kinds, needs, members):
        own = organisation_only if world.is_organisation(total) and organisation_only else {}
        for place in (total, *break_downs(total, {**(dimensions or {}), **own})):
            number = world.missing_for(place.dimensie, needs)
            if number is None:
                number = number_of(place, [one for one in here if one.is_in(place)])
            cells.append(world.cell(indicator, eenheid, place, number))
    return cells


def counted_cells(
    world: World,
    indicator: str,
    eenheid: str,
    kinds: str,
    needs: Needs,
    members: Members,
    dimensions: Dimensions | None = None,
    organisation_only: Dimensions | None = None,
) -> list[Cell]:
    """Every member once, with the status of a count."""

    def number_of(place: Place, here: list[Counted]) -> Number:
        return count(len(here), world.settled(place.periode.last))

    return number_cells(world, indicator, eenheid, kinds, needs, members, number_of, dimensions, organisation_only)


def person_cells(world: World, indicator: str, kinds: str, needs: Needs, members: Members) -> list[Cell]:
    """uniek_in_periode: distinct persons."""

    def number_of(place: Place, here: list[Counted]) -> Number:
        return count(len({one.persoon for one in here}), world.settled(place.periode.last))

    return number_cells(world, indicator, "personen", kinds, needs, members, number_of)


def share_cells(
    world: World,
    indicator: str,
    kinds: str,
    needs: Needs,
    members: Members,
    met: Callable[[Period, Counted], bool],
    dimensions: Dimensions | None = None,
) -> list[Cell]:
    """A percentage: of the members those for whom it holds."""

    def number_of(place: Place, here: list[Counted]) -> Number:
        teller = sum(1 for one in here if met(place.periode, one))
        return rate(teller, len(here), world.settled(place.periode.last))

    return number_cells(world, indicator, "%", kinds, needs, members, number_of, dimensions)
