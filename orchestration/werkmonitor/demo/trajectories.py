"""The entities `traject`, `trajectfase`, `meting`: candidates whom the werkbedrijf helps while they are on benefit.

What belongs here: who is reported, helped and reported back, steered to the published numbers. What does not: jobs
and placements (`placements.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from werkmonitor.demo import aims, benefit, columns, quotas
from werkmonitor.demo.days import FIRST_DAY, KNOWN_TO, OPEN, year_index
from werkmonitor.demo.people import People
from werkmonitor.demo.population import REASONS, WORK, YEAR, Ints, Spells

PLACED, EDUCATION, TEMPORARY, STRUCTURAL, NO_TARGET, ABSENT, SEARCH, OTHER = range(8)
REASON_NAMES = (
    *("geplaatst", "onderwijs", "terugmelding_tijdelijk", "terugmelding_structureel"),
    *("terugmelding_geen_doelgroep", "terugmelding_niet_verschenen", "terugmelding_zoekperiode", "overig"),
)
BACK_SHARES = (0.32, 0.30, 0.18, 0.14)  # the first four kinds of terugmelding; the fifth is for those under 27
CONTRACTS = ("Arbeidsbemiddeling", "Jongerenloket", "Op Weg Naar Werk")
PHASES = ("intensieve_begeleiding", "op_weg_naar_werk", "jobready")
# The order in which a traject goes through the phases, and how often: sometimes somebody falls back.
ORDERS, ORDER_SHARES = np.array([(0, 1, 2), (0, 2, 1), (1, 2, 0), (2, 1, 0)]), (0.85, 0.08, 0.04, 0.03)
ROUNDS = 9  # trajects one after another in one spell
# Many short trajects and some very long ones: a third of those in service have been there for two years (figure 2.3).
MEDIAN_DAYS, SPREAD, SHORTEST, LONGEST = 400.0, 1.6, 45, 4000
WITH_THE_SPELL = 0.2  # weight of trajects that end because the spell does, beside those that end before it


@dataclass
class Trajects:
    """One element a traject: person, household, day of report, first day (OPEN: never began), last day (OPEN), the day
    on which it is meant to end, reason (-1 while it runs) and contract."""

    person: Ints
    household: Ints
    reported: Ints
    begin: Ints
    end: Ints
    planned: Ints
    reason: Ints
    contract: Ints

    def __len__(self) -> int:
        return len(self.person)

    def numbers(self) -> Ints:
        return np.arange(1, len(self) + 1)


def simulate(spells: Spells, people: People, persons: int, rng: np.random.Generator) -> Trajects:
    """Every traject, sorted by person and day."""
    person, spell, reported, planned = _possible(spells, people, rng)
    gemeente = people.gemeente[spells.household[spell]]
    year = year_index(reported)
    count = len(aims.gemeenten())
    quota = quotas.whole(rng, aims.scaled("aanmeldingen", "aanmeldingen", persons)).ravel()
    quota = np.append(quota, [quota[: 2 * count].sum(), quota[:count].sum()])
    # Before 2014: those that still ran then. After 2025: the first days of the year, at the pace of the last.
    group = np.where(
        year < 0, len(quota) - 2, np.where(year >= len(aims.years()), len(quota) - 1, year * count + gemeente)
    )
    weight = np.where(planned < spells.end[spell], 1.0, WITH_THE_SPELL)
    kept = quotas.draw(rng, group, weight, quota)
    person, spell, reported, planned, gemeente = (v[kept] for v in (person, spell, reported, planned, gemeente))
    last = spells.end[spell]
    end = np.minimum(planned, last)
    reason = _reasons(spells.reason[spell], planned >= last, end, gemeente, people.birth[person], persons, rng)
    began = rng.random(len(person)) < 0.95
    begin = np.where(began, reported + rng.integers(3, 40, len(person)), OPEN)
    begin = np.where(begin <= np.minimum(end, KNOWN_TO), begin, OPEN)
    young = (reported - people.birth[person]) / YEAR < 27
    contract = np.where(rng.random(len(person)) < 0.09, 2, np.where(young, 1, 0))
    end = np.where(end > KNOWN_TO, OPEN, end)
    reason = np.where(end == OPEN, -1, reason)
    order = np.lexsort((reported, person))
    values = (person, spells.household[spell], reported, begin, end, planned, reason, contract)
    return Trajects(*(value[order] for value in values))


def _possible(spells: Spells, people: People, rng: np.random.Generator) -> tuple[Ints, Ints, Ints, Ints]:
    """Person, spell, day of report and planned end of more trajects than are wanted, one after another in a spell."""
    second = np.flatnonzero(people.partner[spells.household] & (rng.random(len(spells)) < 0.5))
    spell = np.concatenate([np.arange(len(spells)), second])
    person = np.concatenate([2 * spells.household, people.partner_number(spells.household[second])])
    number = len(spell)
    long_ago = spells.begin[spell] < FIRST_DAY
    day = np.where(
        long_ago, FIRST_DAY + rng.integers(-700, 900, number), spells.begin[spell] + rng.integers(4, 90, number)
    )
    day = np.maximum(day, spells.begin[spell])
    stop = np.minimum(np.minimum(spells.end[spell] - 10, KNOWN_TO), people.death[person] - 10)
    stop = np.minimum(stop, people.aow[person] - 30)
    found: list[tuple[Ints, ...]] = []
    for _ in range(ROUNDS):
        usable = day <= stop
        person, spell, day, stop = (values[usable] for values in (person, spell, day, stop))
        length = np.clip(rng.lognormal(np.log(MEDIAN_DAYS), SPREAD, len(day)), SHORTEST, LONGEST).astype(np.int64)
        found.append((person, spell, day, day + length))
        day = day + length + 10 + rng.exponential(50.0, len(day)).astype(np.int64)
    person, spell, day, planned = (np.concatenate(parts) for parts in zip(*found, strict=True))
    planned = np.minimum(planned, np.minimum(people.death[person], people.aow[person] - 1))
    still = planned >= FIRST_DAY
    return person[still], spell[still], day[still], planned[still]


def _reasons(
    of_spell: Ints,
    with_spell: np.ndarray,
    end: Ints,
    gemeente: Ints,
    birth: Ints,
    persons: int,
    rng: np.random.Generator,
) -> Ints:
    """With the spell: what ended that. Before it: reported back, as many as are aimed at, or placed and the like."""
    education = np.array([item.kind == "onderwijs" for item in REASONS])
    reason = np.where(np.isin(of_spell, WORK), PLACED, np.where(education[of_spell], EDUCATION, OTHER))
    year = year_index(end)
    count = len(aims.gemeenten())
    inside = ~with_spell & (year >= 0) & (year < len(aims.years()))
    quota = quotas.whole(rng, aims.scaled("terugmeldingen", "terugmeldingen", persons)).ravel()
    back = quotas.draw(rng, np.where(inside, year * count + gemeente, 0), inside.astype(float), quota)
    young = (end - birth) / YEAR < 27
    kind = TEMPORARY + columns.pick(rng, len(end), BACK_SHARES)
    kind = np.where(young & (rng.random(len(end)) < 0.25), SEARCH, kind)
    without = np.where(rng.random(len(end)) < 0.6, PLACED, OTHER)
    return np.where(back, kind, np.where(with_spell, reason, without))


def traject(found: Trajects, people: People) -> pa.Table:
    """The entity as it is delivered."""
    ended = found.end != OPEN
    return pa.table(
        {
            "traject_id": columns.ids("T", found.numbers()),
            "persoon_id": people.candidates(found.person),
            "gemeente_code": benefit.gemeente_codes(people.first_place[found.household], found.reported),
            "aanmelddatum": columns.dates(found.reported),
            "begindatum": columns.dates(found.begin, found.begin != OPEN),
            "einddatum": columns.dates(found.end, ended),
            "contract": columns.texts(CONTRACTS, found.contract),
            "reden_einde": columns.texts((*REASON_NAMES, None), np.where(ended, found.reason, len(REASON_NAMES))),
        }
    )


def trajectfase(found: Trajects, rng: np.random.Generator) -> pa.Table:
    """Phases that follow each other without a gap, from the first to the last day of the traject; mostly forwards."""
    mine = np.flatnonzero((found.begin != OPEN) & (found.planned - found.begin > 30))
    begin, planned, end = found.begin[mine], np.maximum(found.planned[mine], found.begin[mine] + 31), found.end[mine]
    first = columns.pick(rng, len(mine), (0.45, 0.35, 0.2))
    parts = 0.2 + rng.random((3, len(mine)))
    parts[np.arange(3)[:, None] < first] = 0.0
    edges = np.concatenate([np.zeros((1, len(mine))), np.cumsum(parts / parts.sum(axis=0), axis=0)])
    days = begin + np.round(edges * (planned - begin + 1)).astype(np.int64)
    order = columns.pick(rng, len(mine), ORDER_SHARES)
    rows = []
    for phase in range(3):
        from_day, to_day = days[phase], np.where(phase == 2, end, np.minimum(days[phase + 1] - 1, end))
        to_day = np.where(days[phase + 1] - 1 >= end, end, to_day)
        there = (parts[phase] > 0) & (from_day <= np.minimum(end, KNOWN_TO))
        rows.append((found.numbers()[mine][there], ORDERS[order[there], phase], from_day[there], to_day[there]))
    number, phase_of, from_day, to_day = (np.concatenate(column) for column in zip(*rows, strict=True))
    by_day = np.lexsort((from_day, number))
    number, phase_of, from_day, to_day = (v[by_day] for v in (number, phase_of, from_day, to_day))
    return pa.table(
        {
            "traject_id": columns.ids("T", number),
            "fase": columns.texts(PHASES, phase_of),
            "begindatum": columns.dates(from_day),
            "einddatum": columns.dates(to_day, to_day <= KNOWN_TO),
        }
    )


def meting(found: Trajects, people: People, rng: np.random.Generator) -> pa.Table:
    """The participatieladder at the begin and about every year after it; for some other instruments as well."""
    began = np.flatnonzero(found.begin != OPEN)
    last = np.minimum(found.end[began], KNOWN_TO)
    parts = []
    for name, share, top in (("participatieladder", 0.8, 6), ("zrm_werk", 0.3, 5), ("doelladder", 0.1, 5)):
        mine = rng.random(len(began)) < share
        who, until = began[mine], last[mine]
        day = found.begin[who] + rng.integers(0, 30, len(who))
        score = 1 + columns.pick(rng, len(who), (0.15, 0.3, 0.3, 0.25))
        for _ in range(5):
            there = day <= until
            who, until, day, score = who[there], until[there], day[there], score[there]
            parts.append((found.person[who], day, np.full(len(who), name), score))
            day = day + rng.integers(280, 430, len(who))
            score = np.clip(score + columns.pick(rng, len(who), (0.12, 0.5, 0.38)) - 1, 1, top)
    person, day, name_of, score = (np.concatenate(column) for column in zip(*parts, strict=True))
    # Two trajects of one person may measure on the same day with the same instrument: one of the two is enough.
    _, one = np.unique(np.char.add(name_of.astype(str), (person * 100_000 + day).astype(str)), return_index=True)
    person, day, name_of, score = person[one], day[one], name_of[one], score[one]
    return pa.table(
        {
            "persoon_id": people.candidates(person),
            "datum": columns.dates(day),
            "instrument": pa.array(name_of.astype(object), pa.string()),
            "score": pa.array(score.astype(float)),
        }
    )


def running_on(found: Trajects, person: Ints, day: Ints) -> np.ndarray:
    """Whether the person has a traject that runs on the day (trajects of one person follow each other)."""
    if len(found) == 0:
        return np.zeros(len(person), dtype=bool)
    span = 1 << 22
    key = found.person * span + np.maximum(found.reported, 0)
    position = np.searchsorted(key, person * span + day, side="right") - 1
    at = np.maximum(position, 0)
    return (position >= 0) & (found.person[at] == person) & (found.end[at] >= day)
