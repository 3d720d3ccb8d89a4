"""The grid of contract 2: for every cell that exists, who is counted and with which status. One function a family of
indicators.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from werkmonitor.core.reference.curves import aalen_johansen, kaplan_meier, subject
from werkmonitor.core.reference.dates import ONE_DAY, Period, add_months, periods
from werkmonitor.core.reference.model import Cell, History, Parameters
from werkmonitor.core.reference.outcomes import HORIZONS, POPULATIONS, REASON_GROUPS, Outflow, durable, traits_of_day
from werkmonitor.core.reference.persons import ONBEKEND, TRAITS, Person, build_persons
from werkmonitor.core.reference.series import index_cells, published_cells
from werkmonitor.core.reference.spells import Move, Spell, moves, row_of_day

OWN = "eigen registratie"
TOTAL = "totaal"
DURATIONS = ("0-1", "1-2", "2-5", "5+")
SHARED_DIMENSIONS: dict[str, tuple[str, ...]] = {
    "leeftijd": ("0-26", "27-34", "35-44", "45-54", "55+", ONBEKEND),
    "uitkeringsduur": DURATIONS,
    "leefvorm": ("1", "2", "3", "4", ONBEKEND),
    **TRAITS,
}
OUTFLOW_DIMENSIONS: dict[str, tuple[str, ...]] = {
    **SHARED_DIMENSIONS,
    "reden_groep": (*REASON_GROUPS, ONBEKEND),
    "werk_na_uitstroom": ("regulier", "lks", "nieuw_beschut", ONBEKEND),
}
CROSSED = "uitkeringsduur x arbeidsvermogen"
CROSSED_CATEGORIES = tuple(f"{duur} x {vermogen}" for duur in DURATIONS for vermogen in TRAITS["arbeidsvermogen"])
NOT_FOLLOWABLE = ("bronfout", "overlijden", "verhuizing", "pensioen")
DESTINATIONS = (
    "niet_volgbaar",
    "uitkering_met_werk",
    "uitkering",
    "werk_onafgebroken",
    "werk_met_onderbreking",
    "uwv_uitkering",
    "geen_van_deze",
)
DURABILITY = ("duurzaam_uit_uitkering", "duurzaam_werk_moment", "duurzaam_werk_onafgebroken", "herinstroom")


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

    def history_from(self, entiteit: str) -> date | None:
        """The latest historie_vanaf of the sources of an entity; a source without one: 'the earliest begindatum it
        delivered'.
        """
        found = []
        for source in self.parameters.sources_of(entiteit):
            begins = [r["begindatum"] for r in self.history.rows_of(entiteit) if r.get("bron") == source.naam]
            begin = source.historie_vanaf if source.historie_vanaf is not None else min(begins, default=None)
            if begin is not None:
                found.append(begin)
        return max(found, default=None)

    def series_begin(self, work: bool) -> date:
        """reeks_begin: 'default, per indicator: the first 1 January on or after the latest historie_vanaf of its
        sources'. Nothing delivered at all: the year of the peildatum, so that its cells can say niet_geleverd.
        """
        if self.parameters.reeks_begin is not None:
            return self.parameters.reeks_begin
        entities = ("uitkering", "dienstverband") if work else ("uitkering",)
        known = [begin for begin in map(self.history_from, entities) if begin is not None]
        latest = max(known, default=date(self.parameters.peildatum.year, 1, 1))
        return latest if (latest.month, latest.day) == (1, 1) else date(latest.year + 1, 1, 1)

    def periods(self, kind: str, work: bool = False) -> list[Period]:
        """Lezing §1: first day on or after reeks_begin, last day on or before the peildatum."""
        return periods(kind, self.series_begin(work), self.parameters.peildatum)

    def places(self, kinds: str, work: bool = False) -> list[Place]:
        """The totals: every region and every period of these kinds ('JJ KW MM')."""
        return [
            Place(regio, periode)
            for kind in kinds.split()
            for periode in self.periods(kind, work)
            for regio in self.parameters.regions
        ]

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

    def missing(self, work: bool) -> Number | None:
        """'Otherwise every work measure reads niet_geleverd'; without benefits nothing can be said at all."""
        delivered = self.parameters.benefits_delivered and (self.parameters.work_delivered or not work)
        return None if delivered else Number("niet_geleverd")

    def missing_for(self, dimensie: str, work: bool) -> Number | None:
        """The same for a break-down: werk_na_uitstroom needs jobs and lks."""
        if dimensie == "werk_na_uitstroom" and not self.parameters.lks_delivered:
            return Number("niet_geleverd")
        return self.missing(work or dimensie == "werk_na_uitstroom")

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


def break_downs(place: Place, dimensions: dict[str, tuple[str, ...]]) -> list[Place]:
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


def stand_cells(world: World) -> list[Cell]:
    """stand_personen and stand_uitkeringen ('distinct dossier of the row valid on P')."""
    cells = []
    standing = {p.last: world.standing(p.last) for kind in ("JJ", "KW", "MM") for p in world.periods(kind)}
    for total in world.places("JJ KW MM"):
        people = [s for s in standing[total.periode.last] if world.in_region(s.gemeente, total.regio)]
        status = world.settled(total.periode.last)
        for place in (total, *break_downs(total, SHARED_DIMENSIONS)):
            here = [s for s in people if in_category(s.traits, place)]
            persons = world.missing(False) or count(len(here), status)
            dossiers = world.missing(False) or count(len({s.dossier for s in here}), status)
            cells.append(world.cell("stand_personen", "personen", place, persons))
            cells.append(world.cell("stand_uitkeringen", "uitkeringen", place, dossiers))
    return cells


def inflow_cells(world: World) -> list[Cell]:
    """instroom: 'inflow counts for the gemeente on b'."""
    cells = []
    for total in world.places("JJ KW MM"):
        begun = [i for i in world.inflows if total.periode.holds(i.b) and world.in_region(i.gemeente, total.regio)]
        for place in (total, *break_downs(total, SHARED_DIMENSIONS)):
            number = count(sum(1 for i in begun if in_category(i.traits, place)), world.settled(total.periode.last))
            cells.append(world.cell("instroom", "momenten", place, world.missing(False) or number))
    return cells


def outflow_of(world: World, place: Place, population: str = "alle") -> list[Outflow]:
    """The outflow of a region in a period: 'outflow for that on e'."""
    return [
        o
        for o in world.outflows
        if place.periode.holds(o.e) and world.in_region(o.gemeente, place.regio) and population in o.populations
    ]


def outflow_cells(world: World) -> list[Cell]:
    """uitstroom, with reden_groep and werk_na_uitstroom (which 'follows uitstroom_werk_polis')."""
    cells = []
    for total in world.places("JJ KW MM"):
        ended = outflow_of(world, total)
        for place in (total, *break_downs(total, OUTFLOW_DIMENSIONS)):
            number = count(sum(1 for o in ended if in_category(o.traits, place)), world.settled(total.periode.last))
            if place.dimensie == "werk_na_uitstroom":
                number = world.waiting(place.periode, 1) or count(number.teller or 0, "definitief")
            cells.append(world.cell("uitstroom", "momenten", place, world.missing_for(place.dimensie, False) or number))
    return cells


def move_cells(world: World) -> list[Cell]:
    """verhuizing_in and verhuizing_uit; the organisation holds the sum of its gemeenten."""
    cells = []
    for place in world.places("JJ KW"):
        status = world.settled(place.periode.last)
        here = [m for m in world.moves if place.periode.holds(m.day)]
        arrived = count(sum(1 for m in here if world.in_region(m.naar, place.regio)), status)
        left = count(sum(1 for m in here if world.in_region(m.van, place.regio)), status)
        cells.append(world.cell("verhuizing_in", "momenten", place, world.missing(False) or arrived))
        cells.append(world.cell("verhuizing_uit", "momenten", place, world.missing(False) or left))
    return cells


def work_outflow_cells(world: World) -> list[Cell]:
    """uitstroom_werk_reden, _polis, _inkomen and _verschil."""
    cells = []
    for place in world.places("JJ KW"):
        by_reason = count(
            sum(1 for o in outflow_of(world, place) if o.to_work_by_reason), world.settled(place.periode.last)
        )
        cells.append(world.cell("uitstroom_werk_reden", "momenten", place, world.missing(False) or by_reason))
    for place in world.places("JJ KW", work=True):
        ended = outflow_of(world, place)
        instead = world.missing(True) or world.waiting(place.periode, 1)
        by_job = count(sum(1 for o in ended if o.to_work_by_job), "definitief")
        by_income = count(sum(1 for o in ended if o.to_work_by_income), "definitief")
        disagree = rate(sum(1 for o in ended if o.reason_and_income_disagree), len(ended), "definitief")
        cells.append(world.cell("uitstroom_werk_polis", "momenten", place, instead or by_job))
        cells.append(world.cell("uitstroom_werk_inkomen", "momenten", place, instead or by_income))
        cells.append(world.cell("uitstroom_werk_verschil", "%", place, instead or disagree))
    return cells


def backward_return_cells(world: World) -> list[Cell]:
    """herinstroom_terugkijkend; 'a cell with any day before historie_vanaf + 12 months is nvt'."""
    cells = []
    history = world.history_from("uitkering")
    for place in world.places("JJ KW"):
        begun = [i for i in world.inflows if place.periode.holds(i.b) and world.in_region(i.gemeente, place.regio)]
        returned = sum(1 for i in begun if i.had_spell_before)
        number = rate(returned, len(begun), world.settled(place.periode.last))
        if history is not None and place.periode.first < add_months(history, 12):
            number = Number("nvt")
        cells.append(world.cell("herinstroom_terugkijkend", "%", place, world.missing(False) or number))
    return cells


def percentage_cells(world: World) -> list[Cell]:
    """uitstroompercentage_divosa and uitstroompercentage_cbs, per year."""
    cells = []
    for place in world.places("JJ"):
        status = world.settled(place.periode.last)
        ended = outflow_of(world, place)
        before = [s for s in world.standing(place.periode.first - ONE_DAY) if world.in_region(s.gemeente, place.regio)]
        after = [s for s in world.standing(place.periode.last) if world.in_region(s.gemeente, place.regio)]
        divosa = rate(len({o.dossier for o in ended}), len({s.dossier for s in before}), status)
        cbs = rate(len(ended), len(after) + len(ended), status)
        cells.append(world.cell("uitstroompercentage_divosa", "%", place, world.missing(False) or divosa))
        cells.append(world.cell("uitstroompercentage_cbs", "%", place, world.missing(False) or cbs))
    return cells


def breaks_down(world: World, place: Place, population: str) -> bool:
    """'Organisation and gemeente for the populations alle and werk_polis; the other populations for the organisation
    only.'
    """
    return population in ("alle", "werk_polis") or place.regio == world.parameters.regio_code


def durability_places(world: World, total: Place, population: str) -> list[Place]:
    """A total with its break-downs; the crossed pair for the organisation only."""
    if not breaks_down(world, total, population):
        return [total]
    found = [total, *break_downs(total, OUTFLOW_DIMENSIONS)]
    if total.regio == world.parameters.regio_code:
        found += break_downs(total, {CROSSED: CROSSED_CATEGORIES})
    return found


def durability_cells(world: World) -> list[Cell]:
    """The four durability measures at 6, 12 and 18 months for the four populations, 'one denominator for all measures
    of one h'.
    """
    cells = []
    for measure in DURABILITY:
        for population in POPULATIONS:
            work = measure.startswith("duurzaam_werk") or population == "werk_polis"
            for total in world.places("JJ KW", work):
                ended = outflow_of(world, total, population)
                for h in (h for h in HORIZONS if world.wants(f"{measure}_{h}__{population}")):
                    cells += durability_of_period(world, total, ended, measure, h, population, work)
    return cells


def durability_of_period(
    world: World, total: Place, ended: Sequence[Outflow], measure: str, h: int, population: str, work: bool
) -> list[Cell]:
    indicator = f"{measure}_{h}__{population}"
    waiting = world.waiting(total.periode, h)
    lost = {id(o): o.not_followable(h) for o in ended} if waiting is None else {}
    met = {id(o): durable(o, measure, h) for o in ended} if waiting is None else {}
    cells = []
    for place in durability_places(world, total, population):
        number = world.missing_for(place.dimensie, work) or waiting
        if number is None:
            here = [o for o in ended if in_category(o.traits, place)]
            followed = [o for o in here if lost[id(o)] is None]
            teller = sum(1 for o in followed if met[id(o)])
            number = rate(teller, len(followed), "definitief", len(here) - len(followed))
        cells.append(world.cell(indicator, "%", place, number))
    if breaks_down(world, total, population):
        for place in break_downs(total, {"reden_niet_volgbaar": NOT_FOLLOWABLE}):
            number = world.missing(work) or waiting
            if number is None:
                n = sum(1 for o in ended if lost[id(o)] == place.categorie)
                number = Number("definitief", waarde=float(n), teller=n, n_niet_volgbaar=n)
            cells.append(world.cell(indicator, "momenten", place, number))
    return cells


def destination_cells(world: World) -> list[Cell]:
    """bestemming_h: all outflow of the population over seven places; the total row is that outflow."""
    cells = []
    for population in POPULATIONS:
        for total in world.places("JJ KW", work=True):
            ended = outflow_of(world, total, population)
            for h in (h for h in HORIZONS if world.wants(f"bestemming_{h}__{population}")):
                instead = world.missing(True) or world.waiting(total.periode, h)
                places = [] if instead else [o.destination(h) for o in ended]
                cells.append(
                    world.cell(
                        f"bestemming_{h}__{population}", "momenten", total, instead or count(len(ended), "definitief")
                    )
                )
                if breaks_down(world, total, population):
                    for place in break_downs(total, {"bestemming": DESTINATIONS}):
                        number = instead or count(places.count(place.categorie), "definitief")
                        cells.append(world.cell(f"bestemming_{h}__{population}", "momenten", place, number))
    return cells


def curve_cells(world: World) -> list[Cell]:
    """terugkeer_cif and terugkeer_km per outflow year for alle and werk_reden, whole months 0-36, 'stops where n at
    risk < 20'.
    """
    cells = []
    censoring_day = add_months(world.parameters.peildatum, -world.parameters.registratievertraging_maanden)
    for name, estimate in (("terugkeer_cif", aalen_johansen), ("terugkeer_km", kaplan_meier)):
        for population in ("alle", "werk_reden"):
            for total in world.places("JJ"):
                if not breaks_down(world, total, population):
                    continue
                ended = outflow_of(world, total, population)
                followed = [o for o in ended if o.e <= censoring_day]
                points = estimate([subject(o, censoring_day) for o in followed])
                for month, point in enumerate(points):
                    place = Place(total.regio, total.periode, "maanden_sinds_uitstroom", f"{month:02d}")
                    number = world.missing(False) or Number("nvt")
                    if number.status == "nvt" and point.n_risico >= 20:
                        number = Number(
                            world.settled(add_months(total.periode.last, month)),
                            waarde=point.waarde,
                            ondergrens=point.ondergrens,
                            bovengrens=point.bovengrens,
                            n_risico=point.n_risico,
                        )
                    cells.append(world.cell(f"{name}__{population}", "%", place, number))
    return cells


FAMILIES: tuple[tuple[Callable[[World], list[Cell]], tuple[str, ...]], ...] = (
    (stand_cells, ("stand_",)),
    (inflow_cells, ("instroom",)),
    (outflow_cells, ("uitstroom",)),
    (move_cells, ("verhuizing_",)),
    (work_outflow_cells, ("uitstroom_werk_",)),
    (backward_return_cells, ("herinstroom_terugkijkend",)),
    (percentage_cells, ("uitstroompercentage_",)),
    (durability_cells, DURABILITY),
    (destination_cells, ("bestemming_",)),
    (curve_cells, ("terugkeer_",)),
)


def build_world(history: History, parameters: Parameters, only: Collection[str] | None = None) -> World:
    return World(history, parameters, build_persons(history, parameters), only)


def compute(history: History, parameters: Parameters, only: Collection[str] | None = None) -> list[Cell]:
    """Every cell of the grid and every published series, before disclosure control, sorted by the key of contract 3.

    `only` spares time: what has nothing to do with these indicators may be left out (never a cell of one of them).
    """
    world = build_world(history, parameters, only)
    cells = [cell for family, beginnings in FAMILIES if world.wants(*beginnings) for cell in family(world)]
    published = published_cells(history.reeks, parameters)
    return sorted([*cells, *published, *index_cells(published, parameters)], key=lambda cell: cell.key)
