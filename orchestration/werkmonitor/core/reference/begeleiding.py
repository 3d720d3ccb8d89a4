"""Item 4 of contract 2: trajecten, their fases, and what became of people afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise

from werkmonitor.core.reference.dates import ONE_DAY, Period, add_months
from werkmonitor.core.reference.grid import TOTAL, Needs, Number, Place, World, mean, rate
from werkmonitor.core.reference.kinds import (
    Counted,
    KindRow,
    Members,
    counted_cells,
    kind_rows,
    number_cells,
    of_each_person,
    person_cells,
    share_cells,
    stand,
)
from werkmonitor.core.reference.mediaan import Duration, median_number
from werkmonitor.core.reference.model import Cell, Row
from werkmonitor.core.reference.outcomes import WORK, age_class, duration_class
from werkmonitor.core.reference.persons import ONBEKEND, Person, known_until
from werkmonitor.core.reference.plaatsingen import ON_WORK, placements
from werkmonitor.core.reference.spells import (
    Interval,
    any_covers,
    covers,
    cut_end,
    merge_days,
    row_of_day,
    touches,
)

TRAJECT: Needs = ("traject",)
AGES = ("0-26", "27-34", "35-44", "45-54", "55+", ONBEKEND)
DURATIONS = ("0-1", "1-2", "2-5", "5+")
SENT_BACK = (
    "terugmelding_tijdelijk",
    "terugmelding_structureel",
    "terugmelding_geen_doelgroep",
    "terugmelding_niet_verschenen",
    "terugmelding_zoekperiode",
)
END_REASONS = ("geplaatst", "onderwijs", *SENT_BACK, "overig", ONBEKEND)
PHASES = ("intensieve_begeleiding", "op_weg_naar_werk", "jobready")
JOBCOACH = "30"
TRANSITIONS = tuple(f"{van} > {naar}" for van in PHASES for naar in PHASES if van != naar)


@dataclass(frozen=True)
class Traject:
    """One accepted traject after the cut; `begin` is None where it was announced and never began."""

    traject_id: str
    persoon: str
    gemeente: str
    aanmelding: date
    begin: date | None
    eind: date | None
    reden: str | None

    @property
    def counted(self) -> Counted:
        return Counted(self.gemeente, self.persoon, item=self)


def trajecten(world: World) -> list[Traject]:
    """'Other days after the peildatum: the row is ignored; a begindatum that is optional after it: unknown.'"""
    cut = world.parameters.peildatum
    found = []
    for row in world.history.traject:
        eind = cut_end(row.get("einddatum"), cut)
        if row["aanmelddatum"] <= cut:
            found.append(
                Traject(
                    traject_id=row["traject_id"],
                    persoon=row["persoon"],
                    gemeente=row["gemeente_code"],
                    aanmelding=row["aanmelddatum"],
                    begin=known_until(row.get("begindatum"), cut),
                    eind=eind,
                    reden=None if eind is None else row.get("reden_einde"),
                )
            )
    return found


def in_service_rows(world: World) -> list[KindRow]:
    """Trajecten that began, as rows of a kind."""
    rows = [row for row in world.history.traject if row["aanmelddatum"] <= world.parameters.peildatum]
    return kind_rows(rows, "traject_id", world.parameters.peildatum)


def in_service(world: World) -> Members:
    """The stand of kandidaten_in_dienstverlening."""
    rows = in_service_rows(world)

    def members(periode: Period) -> list[Counted]:
        day = periode.last
        return [
            Counted(
                one.row["gemeente_code"],
                one.persoon,
                {
                    "leeftijd": age_class(world.people[one.persoon].geboortedatum, day),
                    "trajectduur": duration_class(one.begin, day),
                },
                one,
            )
            for one in stand(rows, day)
        ]

    return members


def served_in(world: World) -> Members:
    """The trajecten with a day in the period."""
    rows = in_service_rows(world)

    def members(periode: Period) -> list[Counted]:
        return [Counted(row["gemeente_code"], row.persoon) for row in rows if touches(row, periode.first, periode.last)]

    return members


def candidate_cells(world: World) -> list[Cell]:
    """kandidaten_in_dienstverlening, _uniek and kandidaten_langer_dan_2_jaar."""
    standing = in_service(world)
    return [
        *counted_cells(
            world,
            "kandidaten_in_dienstverlening",
            "personen",
            "JJ KW",
            TRAJECT,
            standing,
            {"leeftijd": AGES, "trajectduur": DURATIONS},
        ),
        *person_cells(world, "kandidaten_in_dienstverlening_uniek", "JJ", TRAJECT, served_in(world)),
        *share_cells(world, "kandidaten_langer_dan_2_jaar", "JJ KW", TRAJECT, standing, longer_than_two_years),
    ]


def longer_than_two_years(periode: Period, one: Counted) -> bool:
    """'Of the stand, those with b + 24 months <= P + 1.'"""
    return add_months(one.item.begin, 24) <= periode.last + ONE_DAY


def by_day(found: list[Traject], day_of: Callable[[Traject], date | None]) -> Members:
    """The trajecten of which this day falls in the period, with the reason why they ended."""

    def members(periode: Period) -> list[Counted]:
        here = []
        for traject in found:
            day = day_of(traject)
            if day is not None and periode.holds(day):
                reason = traject.reden if traject.reden in END_REASONS else ONBEKEND
                traits: dict[str, str | tuple[str, ...]] = {"reden_einde_traject": reason, "reden_terugmelding": reason}
                here.append(Counted(traject.gemeente, traject.persoon, traits, traject))
        return here

    return members


def sent_back(world: World) -> list[Traject]:
    """'Those whose reason begins with terugmelding_.'"""
    return [t for t in trajecten(world) if t.reden is not None and t.reden.startswith("terugmelding_")]


def flow_cells(world: World) -> list[Cell]:
    """aanmeldingen, trajecten_beeindigd, terugmeldingen."""
    everything = trajecten(world)
    announced = by_day(everything, lambda t: t.aanmelding)
    ended = by_day(everything, lambda t: t.eind)
    back = by_day(sent_back(world), lambda t: t.eind)
    reasons, kinds = {"reden_einde_traject": END_REASONS}, {"reden_terugmelding": SENT_BACK}
    return [
        *counted_cells(world, "aanmeldingen", "momenten", "JJ KW", TRAJECT, announced),
        *counted_cells(world, "trajecten_beeindigd", "momenten", "JJ KW", TRAJECT, ended, reasons),
        *counted_cells(world, "terugmeldingen", "momenten", "JJ KW", TRAJECT, back, kinds),
    ]


def traject_of(world: World, phase: Row) -> Row:
    """'The traject of that number of its own source, else of the first source that has it'; none: empty."""
    found = [
        row
        for row in world.history.traject
        if row["traject_id"] == phase["traject_id"] and row["aanmelddatum"] <= world.parameters.peildatum
    ]
    return min(found, key=lambda row: (row["bron"] != phase["bron"], row["bron_volgorde"]), default={})


def transition_cells(world: World) -> list[Cell]:
    """faseovergangen: 'consecutive rows (by begindatum) of one source and traject with another fase, on the begin of
    the later one'.
    """
    phases: dict[tuple[str, str], list[Row]] = {}
    for row in world.history.trajectfase:
        if row["begindatum"] <= world.parameters.peildatum:
            phases.setdefault((row["bron"], row["traject_id"]), []).append(row)
    steps: list[tuple[date, Counted]] = []
    for _, rows in sorted(phases.items()):
        traject = traject_of(world, rows[0])
        for before, after in pairwise(sorted(rows, key=lambda row: (row["begindatum"], row["bron_volgorde"]))):
            if before["fase"] != after["fase"]:
                step = f"{before['fase']} > {after['fase']}"
                where, whose = traject.get("gemeente_code", ""), traject.get("persoon", "")
                steps.append((after["begindatum"], Counted(where, whose, {"faseovergang": step})))

    def members(periode: Period) -> list[Counted]:
        return [one for day, one in steps if periode.holds(day)]

    needs = ("traject", "trajectfase")
    dimensions = {"faseovergang": TRANSITIONS}
    return counted_cells(world, "faseovergangen", "momenten", "JJ KW", needs, members, dimensions)


def duration_cells(world: World) -> list[Cell]:
    """trajectduur_mediaan, wachttijd_traject_mediaan, verblijf_gemiddeld."""
    everything, cut = trajecten(world), world.parameters.peildatum

    def lasted(traject: Traject) -> Duration:
        assert traject.begin is not None
        return Duration(((traject.eind or cut) - traject.begin).days + 1, traject.eind is not None)

    def waited(traject: Traject) -> Duration:
        until = traject.begin or min(traject.eind or cut, cut)
        return Duration(max(0, (until - traject.aanmelding).days), traject.begin is not None)

    def median_of(measure: Callable[[Traject], Duration]) -> Callable[[Place, list[Counted]], Number]:
        return lambda place, here: median_number([measure(one.item) for one in here], world.settled(place.periode.last))

    def stayed(place: Place, here: list[Counted]) -> Number:
        days: list[Fraction | int] = [lasted(one.item).days for one in here]
        return mean(days, world.settled(place.periode.last))

    begun = [traject for traject in everything if traject.begin is not None]
    families = (
        ("trajectduur_mediaan", by_day(begun, lambda t: t.begin), median_of(lasted)),
        ("wachttijd_traject_mediaan", by_day(everything, lambda t: t.aanmelding), median_of(waited)),
        ("verblijf_gemiddeld", by_day(begun, lambda t: t.eind), stayed),
    )
    return [
        cell
        for name, members, number_of in families
        for cell in number_cells(world, name, "dagen", "JJ", TRAJECT, members, number_of)
    ]


# -- placed -----------------------------------------------------------------------------------------------------------


def placed_cells(world: World) -> list[Cell]:
    """kandidaten_geplaatst and aanmeldingen_geplaatst_12."""
    placed = {persoon: [row.begin for row in own] for persoon, own in of_each_person(placements(world, ON_WORK))}

    def share(place: Place, here: list[Counted]) -> Number:
        served = {one.persoon for one in here}
        teller = {persoon for persoon in served if any(map(place.periode.holds, placed.get(persoon, [])))}
        return rate(len(teller), len(served), world.settled(place.periode.last))

    def placed_by(one: Traject, t: date) -> bool:
        return any(one.aanmelding <= day <= t for day in placed.get(one.persoon, []))

    needs, announced = ("traject", "plaatsing"), trajecten(world)
    return [
        *number_cells(world, "kandidaten_geplaatst", "%", "JJ", needs, served_in(world), share),
        *later_cells(world, "aanmeldingen_geplaatst_12", needs, announced, lambda t: t.aanmelding, placed_by),
    ]


# -- fases, activities, jobcoaches -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Phase:
    """A fase of a traject, cut at the peildatum and at the end of its traject."""

    fase: str
    begin: date
    eind: date | None
    bron_volgorde: int


@dataclass(frozen=True)
class Stay:
    """Days after each other in one fase of one traject."""

    fase: str
    begin: date
    eind: date | None


def phases_by_traject(world: World) -> dict[tuple[str, str], list[Phase]]:
    """The fases of every traject, by its source and number."""
    cut = world.parameters.peildatum
    found: dict[tuple[str, str], list[Phase]] = {}
    for row in world.history.trajectfase:
        traject = traject_of(world, row)
        if row["begindatum"] > cut or not traject:
            continue
        ends = [e for e in (cut_end(row.get("einddatum"), cut), cut_end(traject.get("einddatum"), cut)) if e]
        eind = min(ends, default=None)
        if eind is None or row["begindatum"] <= eind:
            phase = Phase(row["fase"], row["begindatum"], eind, row["bron_volgorde"])
            found.setdefault((traject["bron"], traject["traject_id"]), []).append(phase)
    return found


def phase_on(phases: list[Phase], day: date) -> str | None:
    """'Of its fases that cover the day the one with the latest begin, then the first source.'"""
    covering = [phase for phase in phases if covers(phase, day)]
    return max(covering, key=lambda phase: (phase.begin, -phase.bron_volgorde)).fase if covering else None


def stays(phases: list[Phase]) -> list[Stay]:
    """What fase there is can only change where one begins or the day after one ends."""
    days = sorted({p.begin for p in phases} | {p.eind + ONE_DAY for p in phases if p.eind is not None})
    found: list[Stay] = []
    for first, following in zip(days, [*days[1:], None], strict=True):
        fase = phase_on(phases, first)
        last = None if following is None else following - ONE_DAY
        if fase is None:
            continue
        touching = found and found[-1].eind == first - ONE_DAY and found[-1].fase == fase
        if touching:
            found[-1] = Stay(fase, found[-1].begin, last)
        else:
            found.append(Stay(fase, first, last))
    return found


def phase_cells(world: World) -> list[Cell]:
    """kandidaten_per_fase and kandidaten_met_activiteit."""
    rows, phases = in_service_rows(world), phases_by_traject(world)
    helped = dict(of_each_person(kind_rows(world.history.voorziening, "voorziening_id", world.parameters.peildatum)))

    def members(periode: Period) -> list[Counted]:
        found = []
        for one in stand(rows, periode.last):
            traject = one.row.row
            fase = phase_on(phases.get((traject["bron"], traject["traject_id"]), []), periode.last) or ONBEKEND
            found.append(Counted(traject["gemeente_code"], one.persoon, {"fase": fase}))
        return found

    def active(periode: Period, one: Counted) -> bool:
        return any_covers(helped.get(one.persoon, []), periode.last)

    needs, dimensions = ("traject", "trajectfase"), {"fase": (*PHASES, ONBEKEND)}
    more = (*needs, "voorziening")
    return [
        *counted_cells(world, "kandidaten_per_fase", "personen", "JJ KW", needs, members, dimensions),
        *share_cells(world, "kandidaten_met_activiteit", "JJ KW", more, members, active, dimensions),
    ]


def stay_cells(world: World) -> list[Cell]:
    """verblijf_in_fase_mediaan: per fase only."""
    whose = {(t["bron"], t["traject_id"]): t for t in world.history.traject}
    found = [(whose[key], stay) for key, phases in phases_by_traject(world).items() for stay in stays(phases)]

    def members(periode: Period) -> list[Counted]:
        return [
            Counted(traject["gemeente_code"], traject["persoon"], {"fase_verblijf": stay.fase}, stay)
            for traject, stay in found
            if periode.holds(stay.begin)
        ]

    needs, dimensions = ("traject", "trajectfase"), {"fase_verblijf": PHASES}
    cells = number_cells(
        world, "verblijf_in_fase_mediaan", "dagen", "JJ", needs, members, median_so_far(world), dimensions
    )
    return [cell for cell in cells if cell.dimensie != TOTAL]


def so_far(days: Interval, peildatum: date) -> Duration:
    """From the first day to the last one, or to the peildatum while it goes on."""
    return Duration(((days.eind or peildatum) - days.begin).days + 1, days.eind is not None)


def median_so_far(world: World) -> Callable[[Place, list[Counted]], Number]:
    """Of the days that the counted items have."""
    cut = world.parameters.peildatum
    return lambda place, here: median_number([so_far(one.item, cut) for one in here], world.settled(place.periode.last))


def coach_cells(world: World) -> list[Cell]:
    """jobcoaching and jobcoaching_duur_mediaan: voorzieningen of type 30."""
    coached = [row for row in world.history.voorziening if row["type"] == JOBCOACH]
    rows = kind_rows(coached, "voorziening_id", world.parameters.peildatum)
    merged = [(persoon, days) for persoon, own in of_each_person(rows) for days in merge_days(own, 0)]

    def standing(periode: Period) -> list[Counted]:
        day = periode.last
        return [Counted(world.gemeente_of(one.persoon, day), one.persoon) for one in stand(rows, day)]

    def begun(periode: Period) -> list[Counted]:
        return [
            Counted(world.gemeente_of(persoon, days.begin), persoon, item=days)
            for persoon, days in merged
            if periode.holds(days.begin)
        ]

    needs = ("voorziening",)
    return [
        *counted_cells(world, "jobcoaching", "personen", "JJ KW", needs, standing),
        *number_cells(world, "jobcoaching_duur_mediaan", "dagen", "JJ", needs, begun, median_so_far(world)),
    ]


def announced_cells(world: World) -> list[Cell]:
    """uitkering_aangemeld: 'of stand_personen, those in the stand of [aanmelddatum, einddatum] of trajecten'."""
    rows = [KindRow(t.persoon, t.aanmelding, t.eind, t.traject_id, {}) for t in trajecten(world)]

    def members(periode: Period) -> list[Counted]:
        day = periode.last
        announced = {one.persoon for one in stand(rows, day)}
        return [
            Counted(row_of_day(spell, day).gemeente, person.persoon, item=person.persoon in announced)
            for person, spell in world.spells
            if spell.begin <= day and (spell.eind is None or spell.eind > day)
        ]

    def is_announced(_: Period, one: Counted) -> bool:
        return bool(one.item)

    return share_cells(world, "uitkering_aangemeld", "JJ KW", ("uitkering", "traject"), members, is_announced)


# -- twelve months later ----------------------------------------------------------------------------------------------


def gone(person: Person, day: date) -> bool:
    """Died or departed on the day or before."""
    return any(lost is not None and lost <= day for lost in (person.overlijdensdatum, person.vertrekdatum))


def later_cells(
    world: World,
    indicator: str,
    needs: Needs,
    found: list[Traject],
    day_of: Callable[[Traject], date | None],
    met: Callable[[Traject, date], bool],
) -> list[Cell]:
    """A share of trajecten, on t = a day of theirs + 12 months: 'meetbaar as horizon 12', who died or departed beside
    it."""

    def number_of(place: Place, here: list[Counted]) -> Number:
        waiting = world.waiting(place.periode, 12)
        if waiting is not None:
            return waiting
        pairs = [(one.item, add_months(day, 12)) for one in here if (day := day_of(one.item)) is not None]
        followed = [(traject, t) for traject, t in pairs if not gone(world.people[traject.persoon], t)]
        teller = sum(1 for traject, t in followed if met(traject, t))
        return rate(teller, len(followed), "definitief", len(here) - len(followed))

    return number_cells(world, indicator, "%", "JJ", needs, by_day(found, day_of), number_of)


def twelve_months_cells(world: World) -> list[Cell]:
    """terugkeer_dienstverlening_12, na_terugmelding_werk_12, na_terugmelding_uitkering_12."""
    everything = trajecten(world)
    begins: dict[str, list[date]] = {}
    for traject in everything:
        if traject.begin is not None:
            begins.setdefault(traject.persoon, []).append(traject.begin)

    def the_end(traject: Traject) -> date | None:
        return traject.eind

    def came_back(traject: Traject, t: date) -> bool:
        assert traject.eind is not None
        return any(traject.eind < begin <= t for begin in begins[traject.persoon])

    def works(traject: Traject, t: date) -> bool:
        return any_covers([job for job in world.people[traject.persoon].jobs if job.soort in WORK], t)

    def has_benefit(traject: Traject, t: date) -> bool:
        return any_covers(world.people[traject.persoon].return_spells, t)

    begun, back = [t for t in everything if t.begin is not None], sent_back(world)
    return [
        *later_cells(world, "terugkeer_dienstverlening_12", TRAJECT, begun, the_end, came_back),
        *later_cells(world, "na_terugmelding_werk_12", ("traject", "uitkering", "dienstverband"), back, the_end, works),
        *later_cells(world, "na_terugmelding_uitkering_12", ("traject", "uitkering"), back, the_end, has_benefit),
    ]
