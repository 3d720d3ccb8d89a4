"""What was made, beside what was aimed at.

What belongs here: the aims in words, counts of the invented rows that can be added up over blocks, and the lines of the
report. What came out is read from a release once there is one, measured with the product's own definitions; what the
release does not hold is counted in the simplest way from the invented rows, and marked as such.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from werkmonitor.core import regions
from werkmonitor.demo import aims
from werkmonitor.demo.days import LAST_DAY, OPEN, PEILDATUM, add_months, day, year_index
from werkmonitor.demo.jobs import PAYROLL, UWV, Jobs
from werkmonitor.demo.placements import FULL_TIME, SHELTERED, priority_groups
from werkmonitor.demo.population import CODES, PARTNER_WORKS, Flags, Floats, Ints, Spells
from werkmonitor.demo.sheltered import ABSENCE

if TYPE_CHECKING:
    from werkmonitor.demo.faults import Planted
    from werkmonitor.demo.people import People
    from werkmonitor.demo.placements import Placements, Subsidies
    from werkmonitor.demo.sheltered import Employees
    from werkmonitor.demo.trajectories import Trajects

UNMEASURABLE = ("03", "04", "32", "33")
REGION = "AM08"
ROWS, RELEASE = "rijen", "release"
Cell = tuple[str, str]  # of an indicator: dimensie and categorie
TOTAL: Cell = ("totaal", "totaal")
PART_TIME: Cell = ("dienstverband_omvang", "parttime")
EVALUATED = range(2016, 2021)
# Priority groups of placements: their name here, in a release, and in the report.
PRIORITY = (
    ("jongeren", "jongeren", "jonger dan 27"),
    ("ouderen", "55+", "55 of ouder"),
    ("statushouders", "statushouders", "statushouders"),
    ("arbeidsbeperking", "arbeidsbeperking", "met een arbeidsbeperking"),
)
TALLIES = "telling.json"  # in the folder: counts of the invented rows, for what a release does not hold
SHOWN = 8  # names of aims in a sentence
ROUNDED = 2.5  # a published count is a multiple of 5


@dataclass
class Tallies:
    """Counts of invented rows by name: vectors that can be added up over blocks."""

    counts: dict[str, Floats] = field(default_factory=dict)

    def add(self, name: str, values: Floats) -> None:
        self.counts[name] = self.counts.get(name, np.zeros_like(values, dtype=float)) + values

    def merge(self, other: Tallies) -> None:
        for name, values in other.counts.items():
            self.add(name, values)


@dataclass(frozen=True)
class Aim:
    """One number of a series (its name in Dutch; `period` a year, or empty): what was aimed at, what came out (None:
    there is none), the unit, where it came from (`rijen`, invented ones, or `release`) and how far it may be off."""

    name: str
    period: str
    aimed: float
    came_out: float | None
    unit: str
    source: str = ROWS
    allowed: float = 3.0

    @property
    def near(self) -> bool:
        """Whether what came out is as near as it should be."""
        return self.came_out is not None and abs(self.came_out - self.aimed) <= self.allowed


@dataclass(frozen=True)
class DemoReport:
    """What `generate` wrote: rows a file, aims with what came out, and the planted mistakes with their number."""

    folder: Path
    persons: int
    seed: int
    rows: dict[str, int]
    aims: tuple[Aim, ...]
    faults: tuple[Planted, ...] = ()

    @property
    def configuration(self) -> Path:
        return self.folder / "werkmonitor.toml"

    @property
    def key_file(self) -> Path:
        return self.folder / "sleutel"

    def lines(self, with_aims: bool = True) -> list[str]:
        """The report in plain Dutch, one line a fact."""
        head = [
            f"Voorbeeldorganisatie in {self.folder} (verzonnen gegevens, {self.persons} personen, seed {self.seed})"
        ]
        files = [f"  {name}: {number} rijen" for name, number in self.rows.items()]
        return [*head, "Bestanden", *files, *(aim_lines(self.aims) if with_aims else []), *self._fault_lines()]

    def _fault_lines(self) -> list[str]:
        """How many mistakes there are in each delivery; the list itself is a file."""
        if not self.faults:
            return []
        where = Counter(fault.where for fault in self.faults)
        return [
            f"Ingebrachte fouten: {len(self.faults)} soorten, op te zoeken in {self.folder / 'fouten.csv'}",
            *(f"  {name}: {number}" for name, number in where.items()),
        ]


def aim_lines(found: tuple[Aim, ...]) -> list[str]:
    """Aims and what came out side by side, `beoogd/geworden`: the years of a series on one line."""
    if not found:
        return []
    released = any(aim.source == RELEASE for aim in found)
    head = (
        "Beoogd/geworden, zoals de release het meldt (* staat er nog niet in: geteld in de verzonnen rijen)"
        if released
        else "Beoogd/geworden, geteld in de verzonnen rijen (--run meet het met de definities van de monitor)"
    )
    series: dict[str, list[Aim]] = {}
    for aim in found:
        mark = "*" if released and aim.source == ROWS else ""
        series.setdefault(f"{aim.name}{mark} ({aim.unit})", []).append(aim)
    width = max(len(name) for name in series)
    return [head, *(f"  {name:{width}}  {_side_by_side(own)}" for name, own in series.items()), *_summary(found)]


def _side_by_side(own: list[Aim]) -> str:
    pairs = (f"{aim.period} {_number(aim.aimed)}/{_number(aim.came_out)}".strip() for aim in own)
    return "  ".join(pairs)


def _summary(found: tuple[Aim, ...]) -> list[str]:
    known = [aim for aim in found if aim.came_out is not None]
    far = [f"{aim.name} {aim.period}".strip() for aim in known if not aim.near]
    sentences = [f"{len(known) - len(far)} van de {len(known)} liggen dicht bij wat is beoogd."]
    if far:
        more = f" en {len(far) - SHOWN} andere" if len(far) > SHOWN else ""
        sentences.append(f"Verder weg: {', '.join(far[:SHOWN])}{more}.")
    if len(known) < len(found):
        sentences.append(f"Van {len(found) - len(known)} is er geen cijfer, omdat het om te weinig mensen gaat (-).")
    return [f"  {' '.join(sentences)}"]


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:,.0f}".replace(",", ".")


# ---- counting invented rows ----------------------------------------------------------------------


def tally(
    spells: Spells, people: People, jobs: Jobs, trajects: Trajects, places: Placements, subsidies: Subsidies
) -> Tallies:
    """Everything about clients and candidates that `aims_from_rows` needs, as counts."""
    found = Tallies()
    _count_stock(found, spells, people)
    _count_work_outflow(found, spells, people)
    _count_returns(found, spells)
    _count_work(found, spells, jobs)
    _count_placements(found, people, places, subsidies)
    _count_trajects(found, trajects)
    return found


def tally_employees(found: Tallies, employees: Employees, absence: pa.Table) -> None:
    """Adds the employees of the sw at each year's end, and the days on which they were absent."""
    found.add("sw", np.array([float((employees.end > day(year, 12, 31)).sum()) for year in aims.years()]))
    year = pc.utf8_slice_codeunits(absence["maand"], 0, 4).cast(pa.int64()).to_numpy() - aims.years()[0]
    days = [
        np.bincount(year, absence[name].to_numpy(), len(aims.years())) for name in ("verzuimdagen", "beschikbare_dagen")
    ]
    found.add("verzuim", np.array(days, dtype=np.float64).T)


def _count_placements(found: Tallies, people: People, places: Placements, subsidies: Subsidies) -> None:
    paid = places.job >= 0
    found.add("plaatsingen", _by_year(places.begin[paid]))
    found.add("plaatsingen_parttime", _by_year(places.begin[paid & (places.hours < FULL_TIME)]))
    for (name, _, _), mine in zip(PRIORITY, priority_groups(people, places.person, places.begin), strict=True):
        found.add(name, _by_year(places.begin[paid & mine]))
    found.add("lks", _by_year(subsidies.begin))
    measured = ~subsidies.flat & (places.kind[subsidies.placement] != SHELTERED)
    begin = subsidies.begin[measured]
    found.add("loonwaarde", np.array([_by_year(begin, subsidies.worth[measured] / 100), _by_year(begin)]).T)


def _count_trajects(found: Tallies, trajects: Trajects) -> None:
    found.add("aanmeldingen", _by_year(trajects.reported))
    found.add("terugmeldingen", _by_year(trajects.end[(trajects.reason >= 2) & (trajects.reason <= 6)]))
    ends = [day(year, 12, 31) for year in aims.years()]
    running = [(trajects.begin <= end) & (trajects.end > end) for end in ends]
    long = [add_months(np.minimum(trajects.begin, LAST_DAY), 24) <= end + 1 for end in ends]
    found.add("kandidaten", np.array([float(flags.sum()) for flags in running]))
    found.add(
        "langer", np.array([[(on & old).sum(), on.sum()] for on, old in zip(running, long, strict=True)], dtype=float)
    )


def _by_year(days: Ints, weights: Floats | None = None) -> Floats:
    year = year_index(np.minimum(days, OPEN))
    inside = (year >= 0) & (year < len(aims.years()))
    chosen = None if weights is None else weights[inside]
    return np.bincount(year[inside], chosen, len(aims.years())).astype(float)


def _count_stock(found: Tallies, spells: Spells, people: People) -> None:
    weight = 1.0 + people.partner[spells.household]
    gemeente = people.gemeente[spells.household]
    stock = []
    for year in aims.years():
        last = day(year, 12, 31)
        there = (spells.begin <= last) & (spells.end > last)
        stock.append(np.bincount(gemeente[there], weight[there], len(aims.gemeenten())))
    found.add("stand", np.array(stock, dtype=np.float64))


def _count_work_outflow(found: Tallies, spells: Spells, people: People) -> None:
    """Outflow with a reason of work: heads, and the partners who on average work as well."""
    work = np.isin(np.where(spells.reason >= 0, CODES[spells.reason], "-"), ("11", "13"))
    year = year_index(np.minimum(spells.end, LAST_DAY))
    weight = (1 + PARTNER_WORKS * people.partner[spells.household]) * (work & (year >= 0))
    count = len(aims.gemeenten())
    group = np.maximum(year, 0) * count + people.gemeente[spells.household]
    counted = np.bincount(group, weight, len(aims.years()) * count).astype(np.float64)
    found.add("uitstroom_werk", counted.reshape(-1, count))


def _measured(spells: Spells, months: int) -> Flags:
    return (
        (spells.end != OPEN)
        & (add_months(np.minimum(spells.end, LAST_DAY), months + 3) <= LAST_DAY)
        & (spells.end >= day(2014, 1, 1))
        & ~np.isin(np.where(spells.reason >= 0, CODES[spells.reason], ""), UNMEASURABLE)
    )


def _returned(spells: Spells, months: int) -> Flags:
    return spells.back <= add_months(np.minimum(spells.end, LAST_DAY), months)


def _count_returns(found: Tallies, spells: Spells) -> None:
    for months in aims.BACK_WITHIN:
        measured = _measured(spells, months)
        found.add(f"terug_{months}", np.array([(measured & _returned(spells, months)).sum(), measured.sum()], float))


def _count_work(found: Tallies, spells: Spells, jobs: Jobs) -> None:
    out = np.minimum(spells.end, LAST_DAY)
    head = 2 * spells.household
    month_on = add_months(out, 1)
    to_job = _on_day(jobs, jobs.kind == PAYROLL, head, month_on) & (spells.back > month_on)
    for months in aims.IN_WORK_AFTER:
        whole = to_job & _measured(spells, months)
        works = _on_day(jobs, jobs.kind != UWV, head, add_months(out, months)) & ~_returned(spells, months)
        found.add(f"werk_{months}", np.array([(whole & works).sum(), whole.sum()], float))
    whole = to_job & _measured(spells, 18)
    found.add("werk_terug_18", np.array([(whole & _returned(spells, 18)).sum(), whole.sum()], float))


def _on_day(jobs: Jobs, counted: Flags, who: Ints, when: Ints) -> Flags:
    """Whether counted rows of the person reach the day (of all rows begun by then the latest end)."""
    person, begin, end = jobs.person[counted], jobs.begin[counted], jobs.end[counted]
    span = 1 << 22
    key = person * span + begin
    reach = np.maximum.accumulate(person * span + np.minimum(end, span - 1))
    position = np.searchsorted(key, who * span + when, side="right") - 1
    return (position >= 0) & (reach[np.maximum(position, 0)] >= who * span + when)


# ---- aims ----------------------------------------------------------------------------------------


def aims_from_rows(tallies: Tallies, persons: int) -> tuple[Aim, ...]:
    """What was aimed at, beside what the invented rows hold."""
    return _aims(RowSource(tallies), persons)


def aims_from_release(release: Path, folder: Path, persons: int) -> tuple[Aim, ...]:
    """What was aimed at, beside what the release says; what it does not hold is taken from the counts of the rows that
    `generate` left in the folder."""
    from werkmonitor.demo.measured import ReleaseSource

    tallies = json.loads((folder / TALLIES).read_text(encoding="utf-8"))
    rows = Tallies({name: np.array(values) for name, values in tallies.items()})
    return _aims(ReleaseSource(release, RowSource(rows)), persons)


class RowSource:
    """Answers from the counts of the invented rows."""

    def __init__(self, tallies: Tallies) -> None:
        self.counts = tallies.counts

    def yearly(
        self, name: str, indicator: str, year: int, gemeente: str | None = None, cell: Cell = TOTAL
    ) -> tuple[float | None, str]:
        """The number of a year, of the organisation or one gemeente; `cell` of a release that holds the indicator."""
        values = self.counts[name][aims.years().index(year)]
        if gemeente is not None:
            return float(values[aims.gemeenten().index(gemeente)]), ROWS
        return float(np.sum(values)), ROWS

    def rate(self, name: str, indicator: str, year: int) -> tuple[float | None, str]:
        """The percentage or mean of a year, of the organisation."""
        part, whole = self.counts[name][aims.years().index(year)]
        return (100.0 * float(part / whole) if whole else None), ROWS

    def share(self, name: str, indicator: str) -> tuple[float | None, str]:
        """The share over all years that can be measured."""
        if name not in self.counts or not self.counts[name][1]:
            return None, ROWS
        part, whole = self.counts[name]
        return 100.0 * float(part / whole), ROWS


def _aims(source: RowSource, persons: int) -> tuple[Aim, ...]:
    return (
        *_totals(source, persons),
        *_shares(source),
        *_services(source, persons),
        *_indices(source, "stand", "stand_personen", aims.STOCK, "stand"),
        *_indices(source, "uitstroom_werk", "uitstroom_werk_reden", aims.WORK_OUTFLOW, "uitstroom naar werk"),
    )


def _count(name: str, year: int, aimed: float, answer: tuple[float | None, str], unit: str, part: float) -> Aim:
    """A number that may be off by a part, by chance (small organisations) and by rounding."""
    allowed = part * aimed + 2.0 * aimed**0.5 + ROUNDED
    return Aim(name, str(year), aimed, answer[0], unit, answer[1], allowed)


def _totals(source: RowSource, persons: int) -> list[Aim]:
    stock = aims.stock_target(persons).sum(axis=1)[12::12]
    work = aims.scaled(aims.WORK_OUTFLOW, "uitstroom_werk", persons).sum(axis=1)
    return [
        _count(label, year, float(target[index]), source.yearly(name, indicator, year), unit, 0.01)
        for name, indicator, label, unit, target in (
            ("stand", "stand_personen", "met uitkering op 31-12", "personen", stock),
            ("uitstroom_werk", "uitstroom_werk_reden", "uitstroom naar werk", "momenten", work),
        )
        for index, year in enumerate(aims.years())
    ]


def _shares(source: RowSource) -> list[Aim]:
    wanted = [
        *(
            ("terug in de uitkering", f"{months} mnd", aimed, f"terug_{months}", _return_indicator(months))
            for months, aimed in aims.BACK_WITHIN.items()
        ),
        *(
            (
                "uit naar loondienst: werk, geen uitkering",
                f"{months} mnd",
                aimed,
                f"werk_{months}",
                f"duurzaam_werk_moment_{months}__werk_polis",
            )
            for months, aimed in aims.IN_WORK_AFTER.items()
        ),
        (
            "uit naar loondienst: onafgebroken werk",
            "18 mnd",
            aims.JOB_UNBROKEN_AFTER_18,
            "onafgebroken_18",
            "duurzaam_werk_onafgebroken_18__werk_polis",
        ),
        (
            "uit naar loondienst: terug in de uitkering",
            "18 mnd",
            aims.JOB_BACK_AFTER_18,
            "werk_terug_18",
            "herinstroom_18__werk_polis",
        ),
    ]
    found = []
    for name, period, aimed, counted, indicator in wanted:
        came, origin = source.share(counted, indicator)
        # What only the rules of the monitor can measure is not guessed from the rows.
        if came is not None:
            found.append(Aim(name, period, aimed, came, "%", origin))
    return found


def _return_indicator(months: int) -> str:
    return f"herinstroom_{months}__alle" if months < 24 else "terugkeer_km__alle"


def _services(source: RowSource, persons: int) -> list[Aim]:
    size = persons / aims.PUBLISHED_PERSONS
    printed: list[tuple[str, str, Iterable[int], str, str, Cell]] = [
        ("lks", "verstrekte loonkostensubsidies", (2016, 2020), "beschikkingen", "lks_verstrekkingen", TOTAL),
        ("plaatsingen", "plaatsingen op werk", EVALUATED, "plaatsingen", "plaatsingen_werk", TOTAL),
        ("plaatsingen_parttime", "waarvan parttime", EVALUATED, "plaatsingen", "plaatsingen_werk", PART_TIME),
        ("aanmeldingen", "aanmeldingen", EVALUATED, "momenten", "aanmeldingen", TOTAL),
        ("terugmeldingen", "terugmeldingen", EVALUATED, "momenten", "terugmeldingen", TOTAL),
        ("sw", "medewerkers sw op 31-12", EVALUATED, "personen", "sw_personen", TOTAL),
    ]
    found = [
        _count(label, year, size * float(aims.yearly(column)[aims.years().index(year)]), answer, unit, 0.03)
        for column, label, years, unit, indicator, cell in printed
        for year in years
        for answer in (source.yearly(column, indicator, year, cell=cell),)
    ]
    return [*found, *_priority(source, size), *_candidates(source, size), *_rates(source)]


def _priority(source: RowSource, size: float) -> list[Aim]:
    """Placements of the priority groups; of some there were fewer in the invented organisation than were printed."""
    found = []
    for group, category, label in PRIORITY:
        for row in aims.read("prioriteit"):
            if row[group]:
                answer = source.yearly(group, "plaatsingen_werk", int(row["jaar"]), cell=("prioriteitsgroep", category))
                aimed = size * float(row[group])
                found.append(_count(f"waarvan {label}", int(row["jaar"]), aimed, answer, "plaatsingen", 0.12))
    return found


def _candidates(source: RowSource, size: float) -> list[Aim]:
    aimed = size * aims.CANDIDATES
    return [
        Aim("kandidaten op 31-12", str(year), aimed, number, "personen", origin, 0.12 * aimed)
        for year in EVALUATED
        for number, origin in (source.yearly("kandidaten", "kandidaten_in_dienstverlening", year),)
    ]


def _rates(source: RowSource) -> list[Aim]:
    wanted = [
        ("kandidaten langer dan twee jaar", 2020, aims.LONG_SERVICE, "langer", "kandidaten_langer_dan_2_jaar"),
        *(
            ("gemiddelde loonwaarde", year, level, "loonwaarde", "gemiddelde_loonwaarde")
            for year, level in aims.LOONWAARDE.items()
        ),
        *(
            ("verzuim sw", year, float(ABSENCE[aims.years().index(year)]), "verzuim", "sw_verzuim")
            for year in EVALUATED
        ),
    ]
    return [
        Aim(label, str(year), aimed, came, "%", origin)
        for label, year, aimed, name, indicator in wanted
        for came, origin in (source.rate(name, indicator, year),)
    ]


@cache
def gemeente_names() -> dict[str, str]:
    """Names of the gemeenten by code."""
    names = regions.region_names(PEILDATUM.year).to_pydict().values()
    return dict(zip(*names, strict=True))


def _indices(source: RowSource, name: str, indicator: str, series: str, label: str) -> list[Aim]:
    """The index of each gemeente as it was printed. A small gemeente may be off by what rounding does to its counts."""
    printed = aims.published_index(series)
    years = sorted({year for _, year in printed})
    found = []
    for gemeente in aims.gemeenten():
        where = gemeente_names()[gemeente]
        base, _ = source.yearly(name, indicator, years[0], gemeente)
        for year in years[1:]:
            value, origin = source.yearly(name, indicator, year, gemeente)
            came = 100.0 * value / base if value is not None and base else None
            aimed = printed[gemeente, year]
            chance = (1.0 + aimed / 100) * (ROUNDED + 1.0) / base if base else 0.0
            unit = f"{years[0]} = 100"
            found.append(Aim(f"{label} {where}", str(year), aimed, came, unit, origin, 3.0 + 100 * chance))
    return found
