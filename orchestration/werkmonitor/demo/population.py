"""Who is on benefit from when to when: a month by month simulation of households, steered to the aims.

What belongs here: households, their benefit spells, why a spell ended and when they come back. What does not: the
rows of registrations (`benefit.py`), jobs (`jobs.py`), traits (`people.py`), files.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from werkmonitor.demo import aims, quotas
from werkmonitor.demo.days import FIRST_DAY, KNOWN_TO, OPEN, Days, aow_day, month_starts

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Ints = NDArray[np.int64]

COUPLES = 0.16  # share of households of two persons on benefit
NO_JOB, EMPLOYED, SELF_EMPLOYED = 0, 1, 2
YEAR = 365.25


@dataclass(frozen=True)
class Reason:
    """An end reason: outflow a year per 10,000 persons, share back within 24 months, chance of a job (own business)."""

    code: str
    yearly: float
    back: float
    employed: float = 0.0
    self_employed: float = 0.0
    kind: str = "overig"


# Work is steered per year (aims.work_outflow); death and pension follow from ages. The other numbers are invented.
REASONS = (
    Reason("11", 0, 0.14, 0.93, 0.02, "werk"),
    Reason("13", 0, 0.20, 0.05, 0.88, "werk"),
    Reason("01", 120, 0.29, 0.10, 0.0, "onderwijs"),
    Reason("14", 55, 0.44, 0.05),
    Reason("15", 65, 0.33, 0.02),
    Reason("17", 15, 0.54, 0.05),
    Reason("18", 35, 0.54, 0.03),
    Reason("19", 170, 0.56, 0.12),
    Reason("32", 290, 0.04, 0.25, 0.02, "verhuizing"),
    Reason("33", 45, 0.06, 0.0, 0.0, "verhuizing"),
    Reason("06", 6, 0.55, 0.10, 0.0, "jong"),
    Reason("07", 30, 0.60, 0.02, 0.0, "handhaving"),
    Reason("31", 200, 0.67, 0.14, 0.02, "handhaving"),
    Reason("34", 65, 0.62, 0.12, 0.0, "handhaving"),
    Reason("35", 25, 0.57, 0.12, 0.0, "handhaving"),
    Reason("02", 110, 0.52, 0.20, 0.01),
    Reason("05", 50, 0.70, 0.0, 0.0, "handhaving"),
    Reason("98", 140, 0.67, 0.15, 0.02),
    Reason("", 25, 0.60, 0.15),
    Reason("04", 0, 0.0, kind="overlijden"),
    Reason("03", 0, 0.0, kind="pensioen"),
)
CODES = np.array([reason.code for reason in REASONS])
STEERED = len(REASONS) - 2  # the last two follow from the household itself
DEATH, PENSION = STEERED, STEERED + 1
WORK = tuple(i for i, reason in enumerate(REASONS) if reason.kind == "werk")
SELF_EMPLOYED_SHARE = 0.07  # of outflow to work

# When those who return within 24 months do so: cumulative share at so many months (shape of the Divosa benchmark).
RETURN_MONTHS = np.array([1.04, 6.0, 12.0, 18.0, 24.0])
RETURN_SHARE = np.array([0.0, 0.485, 0.715, 0.965, 1.0])
RETURN_LEVEL = 1.03  # brings all shares together to the level that is aimed at
LATE_RETURN = 0.06  # returns between 24 and 84 months, of those who did not return before


@dataclass
class Households:
    """One element a household: `partner` says whether a second person is on benefit with the head, `gemeente` (a
    number in `aims.gemeenten()`) where it lived when it came in."""

    birth: Ints
    death: Ints
    aow: Ints
    partner: Flags
    gemeente: Ints

    def __len__(self) -> int:
        return len(self.birth)


@dataclass
class Spells:
    """One element a benefit spell of a household; OPEN and -1 while it runs; `back` is the day of return or OPEN."""

    household: Ints
    begin: Ints
    end: Ints
    reason: Ints
    back: Ints
    job: Ints

    def __len__(self) -> int:
        return len(self.household)


class _Register:
    """Households that have come in so far, in arrays that grow."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng
        self.size = 0
        self._columns: dict[str, Ints] = {}
        self._capacity = 0

    def __getitem__(self, name: str) -> Ints:
        return self._columns[name][: self.size]

    def add(self, birth: Ints, gemeente: Ints, today: int) -> Ints:
        """Adds households and gives their numbers. Nobody dies before the day on which the household came in."""
        number = len(birth)
        new = {
            "birth": birth,
            "death": _death_days(self.rng, birth, today),
            "aow": aow_day(birth),
            "partner": ((self.rng.random(number) < COUPLES) & ((today - birth) / YEAR > 21)).astype(np.int64),
            "gemeente": gemeente,
        }
        if self.size + number > self._capacity:
            self._grow(self.size + number)
        for name, values in new.items():
            self._columns[name][self.size : self.size + number] = values
        numbers = np.arange(self.size, self.size + number)
        self.size += number
        return numbers

    def _grow(self, needed: int) -> None:
        self._capacity = max(needed, 2 * self._capacity, 1024)
        names = ("birth", "death", "aow", "partner", "gemeente")
        self._columns = {name: _padded(self._columns.get(name), self._capacity) for name in names}

    def households(self) -> Households:
        return Households(self["birth"], self["death"], self["aow"], self["partner"].astype(bool), self["gemeente"])


def _padded(column: Ints | None, capacity: int) -> Ints:
    longer = np.zeros(capacity, dtype=np.int64)
    if column is not None:
        longer[: len(column)] = column
    return longer


def _death_days(rng: np.random.Generator, birth: Ints, today: int) -> Ints:
    """Gompertz, somewhat above the population at large, given that the person lives today."""
    rate, slope = 4.5e-5, 0.094
    hazard = rate * np.exp(slope * (today - birth) / YEAR)
    years = np.log1p(-slope / hazard * np.log(rng.random(len(birth)))) / slope
    return today + 1 + (years * YEAR).astype(np.int64)


def _ages(rng: np.random.Generator, number: int, shares: tuple[float, ...]) -> Floats:
    """Ages in years: classes 18-26, 27-34, 35-44, 45-54, 55-64."""
    edges = np.array([18.0, 27.0, 35.0, 45.0, 55.0, 64.0])
    group = rng.choice(len(shares), size=number, p=np.array(shares) / sum(shares))
    return edges[group] + rng.random(number) * (edges[group + 1] - edges[group])


def _begin_days(rng: np.random.Generator, number: int, first: int, last: int) -> Ints:
    """A third begins on the first of the month."""
    days = rng.integers(first, last + 1, number)
    return np.where(rng.random(number) < 0.33, first, days)


def simulate(persons: int, rng: np.random.Generator) -> tuple[Households, Spells]:
    """Households and their spells from 2014 on, of which those of the first day began long before."""
    return _Simulation(persons, rng).run()


class _Simulation:
    def __init__(self, persons: int, rng: np.random.Generator) -> None:
        self.persons, self.rng = persons, rng
        self.register = _Register(rng)
        self.months = 12 * len(aims.years()) + 1
        self.starts = month_starts(self.months)
        stock = aims.stock_target(persons)
        self.stock = np.concatenate([stock, stock[-1:]])
        self.work = self._work_quotas()
        self.active = np.zeros(0, dtype=np.int64)
        self.begin = np.zeros(0, dtype=np.int64)
        self.returns: dict[int, list[tuple[Ints, Ints]]] = {}
        self.ended: list[tuple[Ints, ...]] = []

    def run(self) -> tuple[Households, Spells]:
        self._initial_stock()
        for month in range(self.months):
            self._returns(month)
            self._exits(month)
            self._newcomers(month)
        return self.register.households(), self._spells()

    def _work_quotas(self) -> Ints:
        """Month x gemeente x (dienstbetrekking, eigen bedrijf): households that leave for work."""
        yearly = aims.scaled(aims.WORK_OUTFLOW, "uitstroom_werk", self.persons) / (1 + COUPLES * PARTNER_WORKS)
        months = np.concatenate([np.repeat(yearly, 12, axis=0), yearly[-1:]])
        season = np.array([_season(month) for month in range(self.months)]) / 12 * WORK_LOST
        kinds = np.array([1 - SELF_EMPLOYED_SHARE, SELF_EMPLOYED_SHARE])
        return quotas.whole(self.rng, (months * season[:, None])[:, :, None] * kinds)

    def _number_of_households(self, persons: Ints) -> Ints:
        return np.maximum(0, np.round(persons / (1 + COUPLES))).astype(np.int64)

    def _initial_stock(self) -> None:
        numbers = self._number_of_households(self.stock[0])
        gemeente = np.repeat(np.arange(len(numbers)), numbers)
        number = len(gemeente)
        ages = _ages(self.rng, number, (0.09, 0.17, 0.25, 0.26, 0.23))
        years = np.minimum(self.rng.lognormal(np.log(2.3), 1.1, number), ages - 18.0)
        birth = FIRST_DAY - (ages * YEAR).astype(np.int64)
        begin = FIRST_DAY - 1 - (years * YEAR).astype(np.int64)
        self._join(self.register.add(birth, gemeente, FIRST_DAY), begin)

    def _join(self, households: Ints, begin: Ints) -> None:
        self.active = np.concatenate([self.active, households])
        self.begin = np.concatenate([self.begin, begin])

    def _returns(self, month: int) -> None:
        """Those whose day of return lies in this month, unless they died or reached the AOW age."""
        due = self.returns.pop(month, [])
        if due:
            households, days = (np.concatenate(parts) for parts in zip(*due, strict=True))
            able = (self.register["death"][households] > days + 30) & (self.register["aow"][households] > days + 30)
            self._join(households[able], days[able])

    def _newcomers(self, month: int) -> None:
        """As many new households in each gemeente as its stock of this month's end still needs."""
        weight = 1 + self.register["partner"][self.active]
        now = np.bincount(self.register["gemeente"][self.active], weight, self.stock.shape[1])
        numbers = self._number_of_households(self.stock[month + 1] - now)
        gemeente = np.repeat(np.arange(len(numbers)), numbers)
        first, last = int(self.starts[month]), int(self.starts[month + 1]) - 1
        ages = _ages(self.rng, len(gemeente), (0.27, 0.25, 0.21, 0.16, 0.11))
        begin = _begin_days(self.rng, len(gemeente), first, last)
        self._join(self.register.add(first - (ages * YEAR).astype(np.int64), gemeente, last), begin)

    def _exits(self, month: int) -> None:
        first, last = int(self.starts[month]), int(self.starts[month + 1]) - 1
        reason, end = self._steered(month, first, last)
        death, pension = self.register["death"][self.active], self.register["aow"][self.active] - 1
        for number, fixed in ((PENSION, pension), (DEATH, death)):
            now = (
                (fixed >= np.maximum(first, self.begin)) & (fixed <= last) & (fixed <= np.where(reason >= 0, end, last))
            )
            reason, end = np.where(now, number, reason), np.where(now, fixed, end)
        out = reason >= 0
        job = self._jobs(reason[out])
        back = self._back(self.active[out], reason[out], end[out], job)
        self.ended.append((self.active[out], self.begin[out], end[out], reason[out], back, job))
        self.active, self.begin = self.active[~out], self.begin[~out]

    def _steered(self, month: int, first: int, last: int) -> tuple[Ints, Ints]:
        """Draws who leaves this month for a reason whose number is aimed at: -1 for who stays."""
        number = len(self.active)
        years_on = np.maximum(first - self.begin, 0) / YEAR
        age = (first - self.register["birth"][self.active]) / YEAR
        long_enough = self.begin <= last - 20
        weights = {kind: weight * long_enough for kind, weight in _weights(years_on, age).items()}
        chosen = self._to_work(month, weights["werk"])
        chance = np.zeros(number)
        draw = self.rng.random(number)
        for index in range(len(WORK), STEERED):
            weight = weights[REASONS[index].kind]
            step = np.minimum(0.4, self._monthly(index, month) * weight / max(weight.sum(), 1e-9))
            chosen = np.where((chosen < 0) & (draw >= chance) & (draw < chance + step), index, chosen)
            chance = chance + step
        earliest = np.maximum(first, self.begin + 10)
        day = earliest + (self.rng.random(number) * (last - earliest + 1)).astype(np.int64)
        return chosen, np.where(self.rng.random(number) < 0.45, last, day)

    def _to_work(self, month: int, weight: Floats) -> Ints:
        """Exactly as many of each gemeente as are aimed at leave for work: -1 for the others."""
        gemeente = self.register["gemeente"][self.active]
        chosen = np.full(len(weight), -1, dtype=np.int64)
        for kind, index in enumerate(WORK):
            free = np.where(chosen < 0, weight, 0.0)
            chosen[quotas.draw(self.rng, gemeente, free, self.work[month, :, kind])] = index
        return chosen

    def _monthly(self, index: int, month: int) -> float:
        """Households that should leave for this reason (not work) in this month."""
        yearly = REASONS[index].yearly * self.persons / aims.PUBLISHED_PERSONS / (1 + COUPLES)
        return float(yearly * _season(month) / 12)

    def _jobs(self, reason: Ints) -> Ints:
        employed = np.array([item.employed for item in REASONS])[reason]
        own = np.array([item.self_employed for item in REASONS])[reason]
        draw = self.rng.random(len(reason))
        return np.where(draw < employed, EMPLOYED, np.where(draw < employed + own, SELF_EMPLOYED, NO_JOB))

    def _back(self, households: Ints, reason: Ints, end: Ints, job: Ints) -> Ints:
        """Draws who returns and when, and keeps it for the month in which they do."""
        share = np.array([item.back for item in REASONS])[reason] * RETURN_LEVEL
        is_work = np.isin(reason, WORK)
        share = np.where(job == EMPLOYED, np.minimum(share, 0.105), np.where(is_work & (job == NO_JOB), 0.4, share))
        share = np.where(self.register["partner"][households] == 1, share * 0.9, share)
        number = len(reason)
        months = np.interp(self.rng.random(number), RETURN_SHARE, RETURN_MONTHS)
        late = 24 + 60 * self.rng.random(number)
        draw = self.rng.random(number)
        soon, later = draw < share, (draw >= share) & (draw < share + (1 - share) * LATE_RETURN)
        later &= reason < STEERED
        days = end + 1 + np.maximum(31, np.round(np.where(soon, months, late) * YEAR / 12)).astype(np.int64)
        able = (self.register["death"][households] > days + 30) & (self.register["aow"][households] > days + 30)
        back = np.where((soon | later) & able, days, OPEN)
        month = np.searchsorted(self.starts, back, side="right") - 1
        for value in np.unique(month[(month >= 0) & (month < self.months)]):
            here = month == value
            self.returns.setdefault(int(value), []).append((households[here], back[here]))
        return back

    def _spells(self) -> Spells:
        still = len(self.active)
        running = (self.active, self.begin, *(np.full(still, v, dtype=np.int64) for v in (OPEN, -1, OPEN, NO_JOB)))
        household, begin, end, reason, back, job = (
            np.concatenate(parts) for parts in zip(*self.ended, running, strict=True)
        )
        known = begin <= KNOWN_TO
        later = end > KNOWN_TO
        spells = Spells(
            household,
            begin,
            np.where(later, OPEN, end),
            np.where(later, -1, reason),
            back,
            np.where(later, NO_JOB, job),
        )
        columns = [getattr(spells, name)[known] for name in ("household", "begin", "end", "reason", "back", "job")]
        order = np.lexsort((columns[1], columns[0]))
        return Spells(*(column[order] for column in columns))


WORK_LOST = 1.0  # a few leave for work and die, reach the AOW age or come back within the tolerance: made up for
PARTNER_WORKS = 0.2  # share of households leaving for work in which the partner's row says work as well


def _season(month: int) -> float:
    """More leave in the spring than in the autumn."""
    return float(1 + 0.12 * np.sin(2 * np.pi * (month % 12 - 3) / 12))


def _weights(years_on: Floats, age: Floats) -> dict[str, Floats]:
    """How likely each household leaves for a kind of reason, relative to the others."""
    recent = 1 / (0.35 + years_on)
    young = np.where(age < 27, 1.0, 0.0)
    return {
        "werk": recent**0.9 * np.interp(age, [18, 27, 40, 55, 66], [1.5, 1.3, 1.0, 0.5, 0.12]),
        "onderwijs": np.where(age < 30, 1.0, 0.02) * recent**0.5,
        "jong": young + 1e-9,
        "verhuizing": recent**0.4 * np.interp(age, [18, 30, 50, 66], [1.6, 1.2, 0.6, 0.3]),
        "handhaving": recent**0.7 * np.interp(age, [18, 30, 50, 66], [1.8, 1.2, 0.7, 0.3]),
        "overig": recent**0.5,
    }


def extra_self_employed(persons: int, rng: np.random.Generator) -> tuple[Days, Days, Days]:
    """Persons with TOZO in 2020-21 who are on benefit at no other time: birth, begin and end of their TOZO."""
    number = round(persons * 0.06)
    start = month_starts(12 * len(aims.years()))
    begin = start[74] + rng.integers(0, 92, number)
    length = rng.choice(np.array([91, 183, 306, 487]), number, p=[0.45, 0.3, 0.15, 0.1])
    end = np.minimum(begin + length, start[93] - 1)
    birth = begin - ((24 + 38 * rng.random(number)) * YEAR).astype(np.int64)
    return birth, begin, end
