"""What was made, beside what was aimed at: totals computed in the simplest way from the invented spells and rows.

What belongs here: the report of `generate` and its lines. These are no figures of the monitor: they leave out most
rules of contract 2.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from werkmonitor.demo import aims
from werkmonitor.demo.days import LAST_DAY, OPEN, add_months, day
from werkmonitor.demo.jobs import PAYROLL, UWV, Jobs
from werkmonitor.demo.people import People
from werkmonitor.demo.population import CODES, Flags, Ints, Spells

UNMEASURABLE = ("03", "04", "32", "33")


@dataclass(frozen=True)
class Aim:
    """One total: its name in Dutch, what was aimed at and what came out (both in `unit`)."""

    name: str
    aimed: float
    came_out: float
    unit: str


@dataclass(frozen=True)
class DemoReport:
    """What `generate` wrote: rows a file, aims with what came out, and how many of each planted mistake."""

    folder: Path
    persons: int
    seed: int
    rows: dict[str, int]
    aims: tuple[Aim, ...]
    faults: dict[str, int] = field(default_factory=dict)

    @property
    def configuration(self) -> Path:
        return self.folder / "werkmonitor.toml"

    @property
    def key_file(self) -> Path:
        return self.folder / "sleutel"

    def lines(self) -> list[str]:
        """The report in plain Dutch, one line a fact."""
        head = [
            f"Voorbeeldorganisatie in {self.folder} (verzonnen gegevens, {self.persons} personen, seed {self.seed})"
        ]
        files = [f"  {name}: {number} rijen" for name, number in self.rows.items()]
        aimed = [f"  {a.name}: beoogd {a.aimed:.0f} {a.unit}, geworden {a.came_out:.0f} {a.unit}" for a in self.aims]
        faults = [f"  {name}: {number}" for name, number in self.faults.items()]
        return [
            *head,
            "Bestanden",
            *files,
            "Beoogd en geworden",
            *aimed,
            *(["Ingebrachte fouten (rijen)", *faults] if faults else []),
        ]


def compute_aims(spells: Spells, people: People, jobs: Jobs, persons: int) -> tuple[Aim, ...]:
    """Stock, outflow to work, return and work after outflow."""
    return (*_stocks(spells, people, persons), *_outflow(spells, people, persons), *_back(spells), *_work(spells, jobs))


def _stocks(spells: Spells, people: People, persons: int) -> list[Aim]:
    target = aims.stock_target(persons)
    weight = 1 + people.partner[spells.household]
    found = []
    for index, year in enumerate(aims.years()):
        last = day(year, 12, 31)
        there = (spells.begin <= last) & (spells.end > last)
        found.append(
            Aim(
                f"personen met uitkering 31-12-{year}",
                float(target[12 * (index + 1)]),
                float(weight[there].sum()),
                "personen",
            )
        )
    return found


def _outflow(spells: Spells, people: People, persons: int) -> list[Aim]:
    """Outflow with a reason of work, of heads only: with partners who also work it is a few percent more."""
    code = np.where(spells.reason >= 0, CODES[spells.reason], "-")
    extra = 1 + 0.2 * people.partner[spells.household]
    found = []
    for year, aimed in aims.work_outflow(persons).items():
        ended = (spells.end >= day(year, 1, 1)) & (spells.end <= day(year, 12, 31)) & np.isin(code, ("11", "13"))
        found.append(Aim(f"uitstroom naar werk {year}", aimed, float(extra[ended].sum()), "momenten"))
    return found


def _measured(spells: Spells, months: int) -> Flags:
    return (
        (spells.end != OPEN)
        & (add_months(np.minimum(spells.end, LAST_DAY), months + 3) <= LAST_DAY)
        & (spells.end >= day(2014, 1, 1))
    )


def _share(part: Flags, whole: Flags) -> float:
    return 100.0 * float((part & whole).sum()) / max(1, int(whole.sum()))


def _back(spells: Spells) -> list[Aim]:
    lasting = ~np.isin(np.where(spells.reason >= 0, CODES[spells.reason], ""), UNMEASURABLE)
    return [
        Aim(
            f"terug in de uitkering binnen {months} maanden",
            aimed,
            _share(_returned(spells, months), _measured(spells, months) & lasting),
            "%",
        )
        for months, aimed in aims.BACK_WITHIN.items()
    ]


def _returned(spells: Spells, months: int) -> Flags:
    return spells.back <= add_months(np.minimum(spells.end, LAST_DAY), months)


def _work(spells: Spells, jobs: Jobs) -> list[Aim]:
    out = np.minimum(spells.end, LAST_DAY)
    head = 2 * spells.household
    lasting = ~np.isin(np.where(spells.reason >= 0, CODES[spells.reason], ""), UNMEASURABLE)
    to_job = (
        lasting & _on_day(jobs, jobs.kind == PAYROLL, head, add_months(out, 1)) & (spells.back > add_months(out, 1))
    )
    found = []
    for months, aimed in aims.IN_WORK_AFTER.items():
        then = add_months(out, months)
        works = _on_day(jobs, jobs.kind != UWV, head, then) & ~_returned(spells, months)
        found.append(
            Aim(
                f"in werk zonder uitkering na {months} maanden",
                aimed,
                _share(works, to_job & _measured(spells, months)),
                "%",
            )
        )
    found.append(
        Aim(
            "uit loondienst terug in de uitkering binnen 18 maanden",
            aims.JOB_BACK_AFTER_18,
            _share(_returned(spells, 18), to_job & _measured(spells, 18)),
            "%",
        )
    )
    return found


def _on_day(jobs: Jobs, counted: Flags, who: Ints, when: Ints) -> Flags:
    """Whether counted rows of the person reach the day (of all rows begun by then the latest end)."""
    person, begin, end = jobs.person[counted], jobs.begin[counted], jobs.end[counted]
    span = 1 << 22
    key = person * span + begin
    reach = np.maximum.accumulate(person * span + np.minimum(end, span - 1))
    position = np.searchsorted(key, who * span + when, side="right") - 1
    return (position >= 0) & (reach[np.maximum(position, 0)] >= who * span + when)
