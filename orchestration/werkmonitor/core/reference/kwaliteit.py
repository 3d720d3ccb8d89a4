"""Items 10 and 11 of contract 2: the job after outflow, development between two measurements, tevredenheid."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from werkmonitor.core.reference.begeleiding import served_in
from werkmonitor.core.reference.dates import Period, add_months
from werkmonitor.core.reference.grid import (
    JOBS,
    Dimensions,
    Needs,
    Number,
    Place,
    World,
    break_downs,
    count,
    exact,
    rate,
)
from werkmonitor.core.reference.kinds import Counted, number_cells
from werkmonitor.core.reference.model import Cell, Row
from werkmonitor.core.reference.outcomes import Outflow
from werkmonitor.core.reference.persons import ONBEKEND
from werkmonitor.core.reference.spells import JobRow, covers

QUALITY: Dimensions = {
    "contract": ("vast", "tijdelijk", "uitzend", "oproep", ONBEKEND),
    "uren_klasse": ("0-12", "12-24", "24-35", "35+", ONBEKEND),
    "werk_na_uitstroom": ("regulier", "lks", "nieuw_beschut", ONBEKEND),
}
INSTRUMENTS: Dimensions = {"instrument": ("participatieladder", "zrm_werk", "doelladder")}
GROUPS: Dimensions = {"groep_tevredenheid": ("kandidaat", "werkgever", "medewerker_sw")}
TEVREDENHEID: Needs = ("tevredenheid",)


# -- quality of the job -----------------------------------------------------------------------------------------------


def job_after(outflow: Outflow) -> JobRow:
    """'That in loondienst on e + 1 month with the most hours (unknown lowest), then the highest dienstverband_id.'"""
    jobs = [j for j in outflow.person.jobs if j.soort == "loondienst" and covers(j, outflow.month_later)]
    return max(jobs, key=lambda j: (-1 if j.uren is None else exact(j.uren), j.dienstverband_id))


def hours_class(uren: object) -> str:
    """'Lower bound in, upper out.'"""
    if uren is None:
        return ONBEKEND
    for name, least in (("35+", 35), ("24-35", 24), ("12-24", 12)):
        if exact(uren) >= least:
            return name
    return "0-12"


def quality_cells(world: World) -> list[Cell]:
    """kwaliteit_baan: the outflow of uitstroom_werk_polis by the job it went to."""

    def members(periode: Period) -> list[Counted]:
        found = []
        for outflow in world.outflows:
            if periode.holds(outflow.e) and outflow.to_work_by_job:
                job = job_after(outflow)
                traits: dict[str, str | tuple[str, ...]] = {
                    "contract": job.contract if job.contract in QUALITY["contract"] else ONBEKEND,
                    "uren_klasse": hours_class(job.uren),
                    "werk_na_uitstroom": outflow.work_kind,
                }
                found.append(Counted(outflow.gemeente, outflow.person.persoon, traits))
        return found

    def number_of(place: Place, here: list[Counted]) -> Number:
        return world.waiting(place.periode, 1) or count(len(here), "definitief")

    return number_cells(world, "kwaliteit_baan", "momenten", "JJ KW", JOBS, members, number_of, QUALITY)


# -- development ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Pair:
    """Two measurements of a person with one instrument, about a year apart."""

    persoon: str
    instrument: str
    day: date
    before: Fraction
    after: Fraction


def best_per_day(rows: Iterable[Row]) -> dict[date, Fraction]:
    """'Two scores on one day: the highest.'"""
    found: dict[date, Fraction] = {}
    for row in rows:
        score = exact(row["score"])
        found[row["datum"]] = max(score, found.get(row["datum"], score))
    return found


def pairs_in(world: World, periode: Period) -> list[Pair]:
    """'The last meting in the year, and of the metingen on days in [d - 15 months, d - 9 months] the one nearest to
    d - 12 months (tie: the later).'
    """
    cut = world.parameters.peildatum
    rows = [row for row in world.history.meting if row["datum"] <= cut]
    pairs = []
    for persoon, instrument in sorted({(row["persoon"], row["instrument"]) for row in rows}):
        scores = best_per_day(r for r in rows if (r["persoon"], r["instrument"]) == (persoon, instrument))
        in_year = [day for day in scores if periode.holds(day)]
        if not in_year:
            continue
        last = max(in_year)
        ago = add_months(last, -12)
        earlier = [day for day in scores if add_months(last, -15) <= day <= add_months(last, -9)]
        if earlier:
            nearest = min(earlier, key=lambda day: (abs((day - ago).days), -day.toordinal()))
            pairs.append(Pair(persoon, instrument, last, scores[nearest], scores[last]))
    return pairs


def development_cells(world: World) -> list[Cell]:
    """ontwikkeling and ontwikkeling_gemeten."""

    def members(periode: Period) -> list[Counted]:
        return [
            Counted(world.gemeente_of(pair.persoon, pair.day), pair.persoon, {"instrument": pair.instrument}, pair)
            for pair in pairs_in(world, periode)
        ]

    def improved(place: Place, here: list[Counted]) -> Number:
        teller = sum(1 for one in here if one.item.after > one.item.before)
        return rate(teller, len(here), world.settled(place.periode.last))

    def measured(place: Place, here: list[Counted]) -> Number:
        served = {one.persoon for one in here}
        with_pair = {pair.persoon for pair in pairs_in(world, place.periode)}
        return rate(len(served & with_pair), len(served), world.settled(place.periode.last))

    return [
        *number_cells(world, "ontwikkeling", "%", "JJ", ("meting",), members, improved, INSTRUMENTS),
        *number_cells(world, "ontwikkeling_gemeten", "%", "JJ", ("meting", "traject"), served_in(world), measured),
    ]


# -- tevredenheid -----------------------------------------------------------------------------------------------------


def satisfaction(rows: list[Row], status: str) -> Number:
    """'Mean of score weighted by n; noemer = sum(n).'"""
    answers = sum(row["n"] for row in rows)
    if answers == 0:
        return Number("nvt")
    total = sum((exact(row["score"]) * row["n"] for row in rows), Fraction(0))
    return Number(status, waarde=float(total / answers), noemer=answers)


def response(rows: list[Row], status: str) -> Number:
    """'sum(n) / sum(uitgenodigd) of rows with uitgenodigd'."""
    invited = [row for row in rows if row.get("uitgenodigd") is not None]
    return rate(sum(row["n"] for row in invited), sum(row["uitgenodigd"] for row in invited), status)


def satisfaction_cells(world: World) -> list[Cell]:
    """tevredenheid and tevredenheid_respons: by group only, organisation only."""
    cells = []
    for total in world.places("JJ", TEVREDENHEID):
        if not world.is_organisation(total):
            continue
        status = world.settled(total.periode.last)
        for place in break_downs(total, GROUPS):
            year, groep = place.periode.first.year, place.categorie
            rows = [r for r in world.history.tevredenheid if (r["jaar"], r["groep"]) == (year, groep)]
            missing = world.missing(TEVREDENHEID)
            score, share = satisfaction(rows, status), response(rows, status)
            cells.append(world.cell("tevredenheid", "rapportcijfer", place, missing or score))
            cells.append(world.cell("tevredenheid_respons", "%", place, missing or share))
    return cells
