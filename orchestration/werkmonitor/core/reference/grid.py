"""The grid of contract 2: places, numbers, statuses, and the world in which all of it is counted. No indicators."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property

from werkmonitor.core.reference.dates import Period, add_months, month_days, periods
from werkmonitor.core.reference.model import Cell, History, Parameters, Row
from werkmonitor.core.reference.outcomes import Outflow, traits_of_day
from werkmonitor.core.reference.persons import Person, build_everyone, build_persons
from werkmonitor.core.reference.spells import Move, Spell, covers, moves, row_of_day

OWN = "eigen registratie"
TOTAL = "totaal"
Needs = tuple[str, ...]  # the entities of an indicator; the first one may be a task with gemeenten of its own
BENEFIT: Needs = ("uitkering",)
JOBS: Needs = ("uitkering", "dienstverband")
WITHOUT_HISTORY = ("persoon", "kenmerk", "koppeling", "doelstelling", "reeks")
Dimensions = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Place:
    """The key of a cell, apart from the indicator."""

    regio: str
    periode: Period
    dimensie: str = TOTAL
    categorie: str = TOTAL


@dataclass(frozen=True)
class Number:
    """What a cell holds."""

    status: str
    waarde: float | None = None
    ondergrens: float | None = None
    bovengrens: float | None = None
    teller: int | None = None
    noemer: int | None = None
    n_niet_volgbaar: int | None = None
    n_risico: int | None = None
    meetbaar_vanaf: date | None = None


@dataclass(frozen=True)
class Standing:
    """One person in the stand of a day."""

    gemeente: str
    dossier: str
    traits: dict[str, str]


@dataclass(frozen=True)
class Inflow:
    """A merged spell that began on b."""

    b: date
    gemeente: str
    had_spell_before: bool
    traits: dict[str, str]


@dataclass
class World:
    """All persons and parameters, with the lists of outflow, inflow and moves that the families count."""

    history: History
    parameters: Parameters
    persons: list[Person] = field(default_factory=list)
    only: Collection[str] | None = None

    def wants(self, *beginnings: str) -> bool:
        """Is any indicator asked for that begins like this? Without `only` everything is."""
        return self.only is None or any(name.startswith(beginnings) for name in self.only)

    @cached_property
    def people(self) -> dict[str, Person]:
        """Everybody whom any delivered row is about, with or without a benefit."""
        return build_everyone(self.history, self.parameters)

    @cached_property
    def spells(self) -> list[tuple[Person, Spell]]:
        return [(person, spell) for person in self.persons for spell in person.spells]

    @cached_property
    def outflows(self) -> list[Outflow]:
        """'Uitstroom: a merged spell that ended on e <= peildatum.'"""
        gap = self.parameters.werk_onderbreking_dagen
        return [Outflow(person, spell, spell.eind, gap) for person, spell in self.spells if spell.eind is not None]

    @cached_property
    def inflows(self) -> list[Inflow]:
        """'Instroom: one that began on b, likewise.'"""
        return [
            Inflow(
                spell.begin,
                row_of_day(spell, spell.begin).gemeente,
                had_spell_before(person, spell.begin),
                traits_of_day(person, spell, spell.begin),
            )
            for person, spell in self.spells
        ]

    @cached_property
    def moves(self) -> list[Move]:
        return [move for _, spell in self.spells for move in moves(spell, self.parameters.peildatum)]

    def standing(self, day: date) -> list[Standing]:
        """'Stand at the last day P of a period: merged spells with b <= P that are open or end after P.'"""
        found = []
        for person, spell in self.spells:
            if spell.begin <= day and (spell.eind is None or spell.eind > day):
                row = row_of_day(spell, day)
                found.append(Standing(row.gemeente, row.dossier_id, traits_of_day(person, spell, day)))
        return found

    # -- which cells exist --------------------------------------------------------------------------------------------

    def in_region(self, gemeente: str, regio: str) -> bool:
        return regio in (self.parameters.regio_code, gemeente)

    def gemeente_of(self, persoon: str, day: date) -> str:
        """Gemeente of a person on a day: the row of the counted benefit spell that holds it, else persoon; else ''."""
        person = self.people[persoon]
        spell = next((spell for spell in person.spells if covers(spell, day)), None)
        return row_of_day(spell, day).gemeente if spell is not None else person.gemeente_code or ""

    def history_from(self, entiteit: str) -> date | None:
        """The latest historie_vanaf of the sources of an entity; a source without one: 'the earliest begin, month or
        year that it delivered'.
        """
        found = []
        for source in self.parameters.sources_of(entiteit):
            rows = [row for row in self.history.rows_of(entiteit) if row.get("bron") == source.naam]
            begins = [day for row in rows for day in first_days(entiteit, row)]
            begin = source.historie_vanaf if source.historie_vanaf is not None else min(begins, default=None)
            if begin is not None:
                found.append(begin)
        return max(found, default=None)

    def series_begin(self, needs: Needs) -> date:
        """reeks_begin: 'default, per indicator: the first 1 January on or after the latest historie_vanaf of its
        sources'. Nothing delivered at all: the year of the peildatum, so that its cells can say niet_geleverd.
        """
        if self.parameters.reeks_begin is not None:
            return self.parameters.reeks_begin
        dated = [entiteit for entiteit in needs if entiteit not in WITHOUT_HISTORY]
        known = [begin for begin in map(self.history_from, dated) if begin is not None]
        latest = max(known, default=date(self.parameters.peildatum.year, 1, 1))
        return latest if (latest.month, latest.day) == (1, 1) else date(latest.year + 1, 1, 1)

    def periods(self, kind: str, needs: Needs) -> list[Period]:
        """Lezing §1: first day on or after reeks_begin, last day on or before the peildatum."""
        return periods(kind, self.series_begin(needs), self.parameters.peildatum)

    def places(self, kinds: str, needs: Needs) -> list[Place]:
        """The totals: every region and every period of these kinds ('JJ KW MM')."""
        return [
            Place(regio, periode)
            for kind in kinds.split()
            for periode in self.periods(kind, needs)
            for regio in self.parameters.regions_of(needs[0])
        ]

    def is_organisation(self, place: Place) -> bool:
        return place.regio == self.parameters.regio_code

    # -- statuses -----------------------------------------------------------------------------------------------------

    def with_lag(self, day: date) -> date:
        return add_months(day, self.parameters.registratievertraging_maanden)

    def settled(self, day: date) -> str:
        """'Counts of stand or stroom are voorlopig until their period's last day + lag <= peildatum.'"""
        return "definitief" if self.with_lag(day) <= self.parameters.peildatum else "voorlopig"

    def waiting(self, periode: Period, months: int) -> Number | None:
        """'Before that a cell reads nog_niet_meetbaar with meetbaar_vanaf'; None once all days of the period are
        measurable.
        """
        measurable = self.with_lag(add_months(periode.last, months))
        if measurable <= self.parameters.peildatum:
            return None
        return Number("nog_niet_meetbaar", meetbaar_vanaf=measurable)

    def missing(self, needs: Needs) -> Number | None:
        """niet_geleverd: 'an entity under needs has no delivery, or (work) no source of dienstverband with dekking
        volledig has one'.
        """
        return None if all(map(self.parameters.is_delivered, needs)) else Number("niet_geleverd")

    def missing_for(self, dimensie: str, needs: Needs) -> Number | None:
        """The same for a break-down: werk_na_uitstroom needs jobs and lks."""
        return self.missing((*needs, "dienstverband", "lks") if dimensie == "werk_na_uitstroom" else needs)

    def cell(self, indicator: str, eenheid: str, place: Place, number: Number) -> Cell:
        return Cell(
            indicator_id=indicator,
            definitie_id=f"{indicator}@1",
            regio_code=place.regio,
            indeling_jaar=self.parameters.indeling_jaar,
            periode=place.periode.code,
            dimensie=place.dimensie,
            categorie=place.categorie,
            eenheid=eenheid,
            bron=OWN,
            **vars(number),
        )


def had_spell_before(person: Person, begin: date) -> bool:
    """herinstroom_terugkijkend: 'a merged spell with e + 12 months > b before' (lezing §2: and e < b)."""
    return any(s.eind is not None and s.eind < begin < add_months(s.eind, 12) for s in person.spells)


def count(number: int, status: str) -> Number:
    """Lezing §2: 'Count: waarde = teller = the count; noemer null.'"""
    return Number(status, waarde=float(number), teller=number)


def rate(teller: int, noemer: int, status: str, n_niet_volgbaar: int | None = None) -> Number:
    """'Rates: teller * 100.0 / noemer. Noemer 0: nvt.'"""
    if noemer == 0:
        return Number("nvt", teller=teller, noemer=0, n_niet_volgbaar=n_niet_volgbaar)
    return Number(status, waarde=teller * 100.0 / noemer, teller=teller, noemer=noemer, n_niet_volgbaar=n_niet_volgbaar)


def break_downs(place: Place, dimensions: Dimensions) -> list[Place]:
    """'Break-downs: per year, one at a time.'"""
    if place.periode.kind != "JJ":
        return []
    return [
        Place(place.regio, place.periode, d, category)
        for d, categories in dimensions.items()
        for category in categories
    ]


def in_category(traits: dict[str, str], place: Place) -> bool:
    return place.dimensie == TOTAL or traits[place.dimensie] == place.categorie


def build_world(history: History, parameters: Parameters, only: Collection[str] | None = None) -> World:
    return World(history, parameters, build_persons(history, parameters), only)


def first_days(entiteit: str, row: Row) -> list[date]:
    """The days of a row that can be the first that its source tells of."""
    if "jaar" in row:
        return [date(row["jaar"], 1, 1)]
    if "maand" in row:
        return [month_days(row["maand"])[0]]
    names = ("aanmelddatum", "adviesdatum", "datum", "begindatum")
    return [row[name] for name in names if row.get(name) is not None]


# -- numbers ----------------------------------------------------------------------------------------------------------


def exact(value: object) -> Fraction:
    """A delivered number (hours, EUR, scores) without the rounding of floats."""
    return Fraction(str(value))


def mean(values: Iterable[Fraction | int], status: str) -> Number:
    """'waarde is the number, unrounded; noemer = the number of observations. No observation: a mean is nvt.'"""
    observed = list(values)
    if not observed:
        return Number("nvt")
    return Number(status, waarde=float(Fraction(sum(observed), len(observed))), noemer=len(observed))


def amount(value: Fraction | int | None, status: str) -> Number:
    """A sum, an account or any other number that is no count; None: it cannot be computed."""
    return Number("nvt") if value is None else Number(status, waarde=float(value))
