"""The entity `dienstverband`: jobs after outflow, beside benefit and before it, self-employment and UWV benefits.

What belongs here: how long people stay in work, with changes of job and gaps, steered to the published curves. What
does not: who leaves benefit and who returns (`population.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from werkmonitor.demo import columns
from werkmonitor.demo.days import FIRST_DAY, KNOWN_TO, OPEN, Ints
from werkmonitor.demo.people import People
from werkmonitor.demo.population import DEATH, EMPLOYED, SELF_EMPLOYED, WORK, YEAR, Floats, Spells

MONTH = YEAR / 12
PAYROLL, OWN, UWV = range(3)
OUT, NEXT, BESIDE, OTHER = range(4)  # the job of the outflow, one after it, beside the benefit, any other
KINDS = ("loondienst", "zelfstandig", "uwv_uitkering")
CONTRACTS = ("tijdelijk", "uitzend", "oproep", "vast", None)
WORKPLACES = ("GM0268", "GM0296", "GM0209", "GM0202", "GM0228", "GM0225", None)
EMPLOYERS = 3800  # of whom the first hire by far the most: about 1,240 a year (figure 4.2)

# Of those who do not return to benefit: share that is without an interruption in work after so many months.
UNBROKEN_MONTHS = np.array([0.0, 1.2, 6.0, 18.0, 60.0, 240.0])
UNBROKEN_SHARE = np.array([1.0, 0.985, 0.82, 0.55, 0.31, 0.02])
WORK_AGAIN = 0.76  # share that finds work again after an interruption
INTERRUPTION_MEAN = 95  # days, on top of the first 33


@dataclass
class _Ledger:
    """Rows gathered so far, as lists of vectors."""

    person: list[Ints] = field(default_factory=list)
    begin: list[Ints] = field(default_factory=list)
    end: list[Ints] = field(default_factory=list)
    kind: list[Ints] = field(default_factory=list)
    origin: list[Ints] = field(default_factory=list)

    def add(self, person: Ints, begin: Ints, end: Ints, kind: int, origin: int) -> None:
        kept = (begin <= KNOWN_TO) & (end >= begin) & (end >= FIRST_DAY)
        self.person.append(person[kept])
        self.begin.append(begin[kept])
        self.end.append(end[kept])
        self.kind.append(np.full(int(kept.sum()), kind))
        self.origin.append(np.full(int(kept.sum()), origin))


@dataclass(frozen=True)
class Jobs:
    """One element a row: person, first and last day (OPEN), kind (PAYROLL, OWN, UWV), origin (OUT, NEXT, BESIDE,
    OTHER), hours a week and number of the employer. Placements may still change the hours."""

    person: Ints
    begin: Ints
    end: Ints
    kind: Ints
    origin: Ints
    hours: Floats
    employer: Ints


def simulate(spells: Spells, people: People, rng: np.random.Generator) -> Jobs:
    """Every job and UWV benefit, sorted by person and begin."""
    ledger = _Ledger()
    _after_outflow(ledger, spells, people, rng)
    _beside_benefit(ledger, spells, people, rng)
    _before_benefit(ledger, spells, people, rng)
    _self_employed_with_tozo(ledger, people, rng)
    person, begin, end, kind, origin = (
        np.concatenate(parts) for parts in (ledger.person, ledger.begin, ledger.end, ledger.kind, ledger.origin)
    )
    alive = begin <= people.death[person]
    person, begin, end, kind, origin = (values[alive] for values in (person, begin, end, kind, origin))
    end = np.minimum(end, people.death[person])
    order = np.lexsort((kind, end, begin, person))
    employer = np.floor(EMPLOYERS * rng.random(len(order)) ** 2.2).astype(np.int64)
    hours = _hours(rng, origin[order])
    return Jobs(person[order], begin[order], end[order], kind[order], origin[order], hours, employer)


def _after_outflow(ledger: _Ledger, spells: Spells, people: People, rng: np.random.Generator) -> None:
    """Work of heads as the simulation drew it, and of some partners of those who left for work."""
    limit = _limits(spells, people, rng)
    for job, kind in ((EMPLOYED, PAYROLL), (SELF_EMPLOYED, OWN)):
        chosen = np.flatnonzero((spells.job == job) & (spells.end != OPEN))
        _careers(ledger, 2 * spells.household[chosen], spells.end[chosen], limit[chosen], kind, rng)
    left_for_work = np.isin(spells.reason, WORK) & people.partner[spells.household]
    partners = np.flatnonzero(left_for_work & (rng.random(len(spells)) < 0.3))
    _careers(
        ledger, people.partner_number(spells.household[partners]), spells.end[partners], limit[partners], PAYROLL, rng
    )
    unemployed = np.flatnonzero(
        (spells.reason >= 0) & (spells.job == 0) & (spells.reason < DEATH) & (rng.random(len(spells)) < 0.05)
    )
    begin = spells.end[unemployed] + 1
    end = np.minimum(begin + rng.integers(90, 700, len(unemployed)), limit[unemployed])
    ledger.add(2 * spells.household[unemployed], begin, end, UWV, OTHER)


def _limits(spells: Spells, people: People, rng: np.random.Generator) -> Ints:
    """The last day in work: around the return to benefit, or death, or some time after the AOW day."""
    head = 2 * spells.household
    around_return = np.where(
        spells.back < OPEN, np.maximum(spells.back - rng.integers(-5, 70, len(spells)), spells.end + 36), OPEN
    )
    return np.minimum(
        around_return, np.minimum(people.death[head], people.aow[head] + rng.integers(0, 900, len(spells)))
    )


def _careers(ledger: _Ledger, person: Ints, outflow: Ints, limit: Ints, kind: int, rng: np.random.Generator) -> None:
    """From shortly before or after the outflow: stretches of work with interruptions between, until the limit."""
    number = len(person)
    start = np.where(
        rng.random(number) < 0.62,
        outflow - rng.integers(0, 45, number),
        outflow + np.where(rng.random(number) < 0.75, 1, rng.integers(2, 22, number)),
    )
    for stretch in range(5):
        end = np.minimum(start + _unbroken_days(rng, len(start)), limit)
        _stretch(ledger, person, start, end, kind, OUT if stretch == 0 else NEXT, rng)
        if stretch == 0 and kind == PAYROLL:
            _uwv_after(ledger, person, end, limit, rng)
        again = (rng.random(len(start)) < WORK_AGAIN) & (end < limit - 60)
        person, limit = person[again], limit[again]
        start = end[again] + 33 + rng.exponential(INTERRUPTION_MEAN, int(again.sum())).astype(np.int64)
        usable = start < np.minimum(limit - 20, KNOWN_TO)
        person, limit, start = person[usable], limit[usable], start[usable]


def _unbroken_days(rng: np.random.Generator, number: int) -> Ints:
    months = np.interp(1 - rng.random(number), UNBROKEN_SHARE[::-1], UNBROKEN_MONTHS[::-1])
    return np.maximum(20, np.round(months * MONTH)).astype(np.int64)


def _stretch(
    ledger: _Ledger, person: Ints, start: Ints, stop: Ints, kind: int, origin: int, rng: np.random.Generator
) -> None:
    """One stretch without a long interruption: jobs that follow each other at once or with a short gap."""
    for _ in range(12):
        if len(person) == 0:
            return
        mean = 260.0 if kind == PAYROLL else 1500.0
        length = np.clip(rng.lognormal(np.log(mean), 0.9, len(person)), 25, 6000).astype(np.int64)
        end = np.where(start + length > stop - 45, stop, start + length)
        ledger.add(person, start, end, kind, origin)
        origin = NEXT
        gap = np.where(rng.random(len(person)) < 0.55, 0, rng.integers(1, 26, len(person)))
        goes_on = (end < stop) & (end < KNOWN_TO)
        person, stop, start = person[goes_on], stop[goes_on], (end + 1 + gap)[goes_on]
    ledger.add(person, start, stop, kind, NEXT)


def _uwv_after(ledger: _Ledger, person: Ints, end: Ints, limit: Ints, rng: np.random.Generator) -> None:
    """Some have a WW benefit after a job: it arrives as an inkomstenverhouding and is never work."""
    chosen = (rng.random(len(person)) < 0.18) & (end < limit - 40)
    until = np.minimum(end + rng.integers(60, 400, len(person)), limit)
    ledger.add(person[chosen], end[chosen] + 1, until[chosen], UWV, OTHER)


def _beside_benefit(ledger: _Ledger, spells: Spells, people: People, rng: np.random.Generator) -> None:
    """A few hours of work beside the benefit, once or twice in a longer spell."""
    last = np.minimum(spells.end, KNOWN_TO)
    room = last - np.maximum(spells.begin, FIRST_DAY)
    for share in (0.42, 0.22):
        chosen = np.flatnonzero((room > 150) & (rng.random(len(spells)) < share))
        begin = np.maximum(spells.begin, FIRST_DAY)[chosen] + 30
        begin = begin + (rng.random(len(chosen)) * (room[chosen] - 90)).astype(np.int64)
        end = np.minimum(begin + rng.integers(30, 600, len(chosen)), spells.end[chosen])
        ledger.add(2 * spells.household[chosen], begin, end, PAYROLL, BESIDE)


def _before_benefit(ledger: _Ledger, spells: Spells, people: People, rng: np.random.Generator) -> None:
    """What newcomers did before: a job that ended, for some a WW benefit in between."""
    opening = np.append(True, spells.household[1:] != spells.household[:-1]) & (spells.begin > FIRST_DAY)
    chosen = np.flatnonzero(opening & (rng.random(len(spells)) < 0.45))
    had_ww = rng.random(len(chosen)) < 0.4
    person, begin = 2 * spells.household[chosen], spells.begin[chosen]
    ww = np.where(had_ww, rng.integers(60, 730, len(chosen)), 0)
    end = begin - 1 - ww - rng.integers(0, 90, len(chosen))
    start = np.maximum(end - rng.integers(60, 1500, len(chosen)), people.birth[person] + round(16 * YEAR))
    ledger.add(person, start, end, PAYROLL, OTHER)
    ledger.add(person[had_ww], (begin - ww)[had_ww], begin[had_ww] - 1, UWV, OTHER)


def _self_employed_with_tozo(ledger: _Ledger, people: People, rng: np.random.Generator) -> None:
    number = len(people.extra.number)
    begin = people.extra.begin - rng.integers(100, 2500, number)
    end = np.where(rng.random(number) < 0.3, people.extra.end + rng.integers(0, 900, number), OPEN)
    ledger.add(people.extra.number, begin, end, OWN, OTHER)


def _hours(rng: np.random.Generator, origin: Ints) -> Floats:
    number = len(origin)
    regular = np.array([40, 38, 36, 32, 28, 24, 20, 16, 12])[
        columns.pick(rng, number, (0.16, 0.14, 0.12, 0.18, 0.10, 0.12, 0.10, 0.05, 0.03))
    ]
    return np.where(origin == BESIDE, rng.integers(3, 17, number), regular).astype(float)


def dienstverband(jobs: Jobs, people: People, rng: np.random.Generator) -> pa.Table:
    """The entity as it is delivered, in the order of its id."""
    person, begin, end, kind = jobs.person, jobs.begin, jobs.end, jobs.kind
    number = len(person)
    payroll = kind == PAYROLL
    contract = np.where(
        jobs.origin == BESIDE,
        columns.pick(rng, number, (0.30, 0.25, 0.42, 0.03, 0.0)),
        columns.pick(rng, number, (0.56, 0.20, 0.07, 0.15, 0.02)),
    )
    return pa.table(
        {
            "dienstverband_id": columns.ids("J", np.arange(1, number + 1), 8),
            "persoon_id": people.ids(person),
            "werkgever_id": _where(payroll, columns.ids("W", jobs.employer, 4)),
            "begindatum": columns.dates(begin),
            "einddatum": columns.dates(end, end <= KNOWN_TO),
            "soort": columns.texts(KINDS, kind),
            "contract": _where(payroll, columns.texts(CONTRACTS, contract)),
            "uren_per_week": pa.array(jobs.hours, mask=~payroll),
            "gemeente_code_werk": _where(
                payroll, columns.texts(WORKPLACES, columns.pick(rng, number, (0.52, 0.1, 0.06, 0.12, 0.08, 0.04, 0.08)))
            ),
        }
    )


def _where(present: np.ndarray, values: pa.Array) -> pa.Array:
    return pc.if_else(pa.array(present), values, pa.scalar(None, pa.string()))
