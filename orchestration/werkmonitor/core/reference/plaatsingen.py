"""Items 5, 6 and 11 (employers) of contract 2: placements on work and with benefit, and the employers of the year."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from fractions import Fraction

from werkmonitor.core.reference.dates import ONE_DAY, Period, add_months
from werkmonitor.core.reference.grid import Dimensions, Needs, Number, Place, World, amount, count, exact, rate
from werkmonitor.core.reference.kinds import (
    Counted,
    KindRow,
    Members,
    counted_cells,
    kind_rows,
    number_cells,
    person_cells,
    share_cells,
)
from werkmonitor.core.reference.model import Cell
from werkmonitor.core.reference.outcomes import age_class
from werkmonitor.core.reference.persons import ONBEKEND
from werkmonitor.core.reference.spells import any_covers

PLAATSING: Needs = ("plaatsing",)
ON_WORK = ("regulier", "detachering_individueel", "detachering_groep", "begeleid_werken", "nieuw_beschut")
WITH_BENEFIT = ("proefplaatsing", "leerwerkplek", "ontwikkeltraject")
EVERY_KIND = (*ON_WORK, *WITH_BENEFIT)
ELSEWHERE = "elders"
DIMENSIONS: Dimensions = {
    "soort_plaatsing": ON_WORK,
    "dienstverband_omvang": ("voltijd", "parttime", ONBEKEND),
    "prioriteitsgroep": ("jongeren", "55+", "statushouders", "arbeidsbeperking"),
    "leeftijd": ("0-26", "27-34", "35-44", "45-54", "55+", ONBEKEND),
}


def placements(world: World, soorten: tuple[str, ...]) -> list[KindRow]:
    rows = [row for row in world.history.plaatsing if row["soort"] in soorten]
    return kind_rows(rows, "plaatsing_id", world.parameters.peildatum)


def hours_class(world: World, row: KindRow) -> str:
    """voltijd: uren_per_week >= voltijd_uren."""
    if row["uren_per_week"] is None:
        return ONBEKEND
    return "voltijd" if exact(row["uren_per_week"]) >= exact(world.parameters.voltijd_uren) else "parttime"


def priority_groups(world: World, row: KindRow) -> tuple[str, ...]:
    """'Overlapping: jongeren: begin < geboortedatum + 324 months; 55+: geboortedatum + 660 months <= begin;
    statushouders, arbeidsbeperking: trait ja on the begin'.
    """
    person = world.people[row.persoon]
    born = person.geboortedatum
    member = {
        "jongeren": born is not None and row.begin < add_months(born, 27 * 12),
        "55+": born is not None and add_months(born, 55 * 12) <= row.begin,
        "statushouders": person.trait("statushouder", row.begin) == "ja",
        "arbeidsbeperking": person.trait("arbeidsbeperking", row.begin) == "ja",
    }
    return tuple(name for name, belongs in member.items() if belongs)


def workplace(world: World, row: KindRow) -> str:
    """'The organisation's gemeenten by gemeente_code_werk, elders, onbekend.'"""
    code = row["gemeente_code_werk"]
    if code is None:
        return ONBEKEND
    return str(code) if code in world.parameters.gemeenten else ELSEWHERE


def placed(world: World, row: KindRow) -> Counted:
    """A placement, where its person lives on the begin."""
    traits: dict[str, str | tuple[str, ...]] = {
        "soort_plaatsing": row["soort"],
        "soort_behoud": row["soort"],
        "dienstverband_omvang": hours_class(world, row),
        "prioriteitsgroep": priority_groups(world, row),
        "leeftijd": age_class(world.people[row.persoon].geboortedatum, row.begin),
        "werkplek": workplace(world, row),
    }
    return Counted(world.gemeente_of(row.persoon, row.begin), row.persoon, traits, row)


def begun_in(world: World, rows: list[KindRow], belongs: Callable[[KindRow], bool] = lambda row: True) -> Members:
    """The placements that began in the period, 'each row once'."""
    found = [placed(world, row) for row in rows if belongs(row)]
    return lambda periode: [one for one in found if periode.holds(one.item.begin)]


def in_target_group(world: World, row: KindRow) -> bool:
    """'doelgroepregister_begin <= begin and no doelgroepregister_eind before begin'; nieuw beschut is no job of it."""
    person = world.people[row.persoon]
    begin, eind = person.doelgroepregister_begin, person.doelgroepregister_eind
    return row["soort"] != "nieuw_beschut" and begin is not None and begin <= row.begin <= (eind or date.max)


def has_benefit_at_begin(world: World, row: KindRow) -> bool:
    return any_covers(world.people[row.persoon].spells, row.begin)


def hours_as_jobs(place: Place, here: list[Counted], status: str) -> Number:
    """banen_25_5: 'sum(uren_per_week) / 25.5 (unknown hours count 0)'."""
    hours = sum((exact(one.item["uren_per_week"] or 0) for one in here), Fraction(0))
    return amount(hours / Fraction("25.5"), status)


def work_placement_cells(world: World) -> list[Cell]:
    """plaatsingen_werk, uitkering_bij_plaatsing, plaatsingen_banenafspraak, banen_25_5."""
    rows = placements(world, ON_WORK)
    everything = begun_in(world, rows)
    target = begun_in(world, rows, lambda row: in_target_group(world, row))
    werkplek: Dimensions = {"werkplek": (*world.parameters.gemeenten, ELSEWHERE, ONBEKEND)}
    needs = ("plaatsing", "persoon")
    return [
        *counted_cells(world, "plaatsingen_werk", "plaatsingen", "JJ KW", PLAATSING, everything, DIMENSIONS, werkplek),
        *share_cells(
            world,
            "uitkering_bij_plaatsing",
            "JJ KW",
            ("plaatsing", "uitkering"),
            everything,
            lambda _, one: has_benefit_at_begin(world, one.item),
        ),
        *counted_cells(world, "plaatsingen_banenafspraak", "plaatsingen", "JJ KW", needs, target),
        *number_cells(
            world,
            "banen_25_5",
            "banen",
            "JJ KW",
            needs,
            target,
            lambda place, here: hours_as_jobs(place, here, world.settled(place.periode.last)),
        ),
    ]


def with_benefit_cells(world: World) -> list[Cell]:
    """werken_met_behoud_van_uitkering, as placements and as persons."""
    members = begun_in(world, placements(world, WITH_BENEFIT))
    name = "werken_met_behoud_van_uitkering"
    dimensions: Dimensions = {"soort_behoud": WITH_BENEFIT}
    return [
        *counted_cells(world, f"{name}_plaatsingen", "plaatsingen", "JJ KW", PLAATSING, members, dimensions),
        *person_cells(world, f"{name}_personen", "JJ", PLAATSING, members),
    ]


def trial_cells(world: World) -> list[Cell]:
    """proefplaatsingen_werk: 'of the rows that ended, those whose person has work in loondienst on e + 1 month'."""
    ended = [(row, row.eind) for row in placements(world, ("proefplaatsing",)) if row.eind is not None]

    def members(periode: Period) -> list[Counted]:
        return [
            Counted(world.gemeente_of(row.persoon, e), row.persoon, item=add_months(e, 1))
            for row, e in ended
            if periode.holds(e)
        ]

    def works(one: Counted) -> bool:
        return any_covers([job for job in world.people[one.persoon].jobs if job.soort == "loondienst"], one.item)

    def number_of(place: Place, here: list[Counted]) -> Number:
        return world.waiting(place.periode, 1) or rate(sum(map(works, here)), len(here), "definitief")

    needs = ("plaatsing", "dienstverband")
    return number_cells(world, "proefplaatsingen_werk", "%", "JJ", needs, members, number_of)


def employer_cells(world: World) -> list[Cell]:
    """unieke_werkgevers: 'distinct werkgever_id of placements of any soort with a begin in (P - 12 months, P]'."""
    found = [placed(world, row) for row in placements(world, EVERY_KIND)]

    def members(periode: Period) -> list[Counted]:
        after = add_months(periode.last, -12) + ONE_DAY
        return [one for one in found if after <= one.item.begin <= periode.last]

    def number_of(place: Place, here: list[Counted]) -> Number:
        employers = Counter(one.item["werkgever_id"] for one in here)
        return count(len(employers), world.settled(place.periode.last))

    return number_cells(world, "unieke_werkgevers", "werkgevers", "JJ", PLAATSING, members, number_of)
