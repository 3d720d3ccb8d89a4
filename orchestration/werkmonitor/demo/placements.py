"""The entities `plaatsing`, `lks`, `nieuw_beschut`, `voorziening`: what the werkbedrijf did to get people to work.

What belongs here: which jobs count as a placement, who works with a subsidy or in a sheltered place, who works while
keeping the benefit. Everybody in `lks` has a placement and a job; everybody on a sheltered place an advice. What does
not: the jobs themselves (`jobs.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from werkmonitor.demo import aims, benefit, columns, quotas
from werkmonitor.demo.days import FIRST_DAY, KNOWN_TO, OPEN, add_months, day, year_index
from werkmonitor.demo.jobs import BESIDE, EMPLOYERS, NEXT, OUT, PAYROLL, WORKPLACES, Jobs
from werkmonitor.demo.people import People
from werkmonitor.demo.population import Floats, Ints
from werkmonitor.demo.trajectories import Trajects, running_on

KINDS = (
    *("regulier", "detachering_individueel", "detachering_groep", "begeleid_werken", "nieuw_beschut"),
    *("proefplaatsing", "leerwerkplek", "ontwikkeltraject"),
)
SHELTERED, TRIAL = 4, 5
FULL_TIME = 35  # hours a week
PAID_SHARES = (0.76, 0.12, 0.09, 0.03)
TRIAL_SHARES = (0.35, 0.35, 0.30)  # proefplaatsing, leerwerkplek, ontwikkeltraject
TRIAL_DAYS = np.array([91, 183, 365])
# New sheltered places a year at the published size; nobody before 2015, when it began. Invented.
SHELTERED_A_YEAR = np.array([0, 12, 20, 32, 36, 38, 36, 42, 44, 46, 48, 50], dtype=float)
PRIORITY = ("jongeren", "ouderen", "statushouders", "arbeidsbeperking")
ROUNDS = 6  # of steering the priority groups
STATUS_DAYS = 1825  # how long somebody counts as statushouder
LASTING = 2500  # days
WAITING, GAVE_UP = 0.45, 0.55  # advices without a place for each with one; share of the positive ones that gave up
UNKNOWN_HOURS = 0.01  # share of placements and decisions of which nobody wrote down the hours
PARTICIPATION_ACT = day(2015, 1, 1)
WORKPLACE_SHARES = (0.52, 0.1, 0.06, 0.12, 0.08, 0.04, 0.08)
# Types of SRG. A jobcoach (30), another workplace (29) and another facility (59) as CBS has them since 2019, the others
# invented.
SRG_TEMPORARY, SRG_SUBSIDY, SRG_SHELTERED, SRG_COACH, SRG_TRANSPORT, SRG_PLACE, SRG_OTHER = (
    *("01", "04", "05", "30", "59", "29", "99"),
)


@dataclass
class Placements:
    """One element a placement; `job` is the row of the job, -1 for those who keep their benefit."""

    person: Ints
    job: Ints
    begin: Ints
    end: Ints
    kind: Ints
    hours: Floats
    employer: Ints

    def __len__(self) -> int:
        return len(self.person)


@dataclass
class Subsidies:
    """One element a decision for loonkostensubsidie, with the placement that it belongs to."""

    placement: Ints
    begin: Ints
    end: Ints
    flat: np.ndarray
    worth: Floats


def simulate(jobs: Jobs, people: People, trajects: Trajects, persons: int, rng: np.random.Generator) -> Placements:
    """Every placement, sorted by person and first day. Gives the jobs of placements their hours."""
    paid = _paid(jobs, people, trajects, persons, rng)
    kept = _with_benefit_kept(trajects, people, persons, rng)
    both = Placements(*(np.concatenate(pair) for pair in zip(vars(paid).values(), vars(kept).values(), strict=True)))
    order = np.lexsort((both.kind, both.begin, both.person))
    return Placements(*(values[order] for values in vars(both).values()))


def _paid(jobs: Jobs, people: People, trajects: Trajects, persons: int, rng: np.random.Generator) -> Placements:
    gemeente, year = _gemeente(jobs.person, people), year_index(jobs.begin)
    possible = (
        (jobs.kind == PAYROLL)
        & np.isin(jobs.origin, (OUT, NEXT, BESIDE))
        & (jobs.begin >= FIRST_DAY)
        & (year < len(aims.years()))
        & (jobs.begin < people.aow[jobs.person] - 60)
    )
    group = np.where(possible, year, 0) * len(aims.gemeenten()) + gemeente
    weight = possible * np.where(running_on(trajects, jobs.person, jobs.begin), 4.0, 1.0)
    total = aims.scaled("plaatsingen", "plaatsingen", persons)
    part = aims.scaled("plaatsingen", "plaatsingen_parttime", persons)
    number = quotas.whole(rng, total - part).ravel(), quotas.whole(rng, part).ravel()
    full, few = _steered(jobs, people, year, np.where(possible, weight, 0.0), persons, group, number, rng)
    jobs.hours[full] = np.array([35, 36, 38, 40])[columns.pick(rng, int(full.sum()), (0.1, 0.35, 0.25, 0.3))]
    jobs.hours[few] = rng.integers(8, 34, int(few.sum()))
    job = np.flatnonzero(full | few)
    kind = columns.pick(rng, len(job), PAID_SHARES)
    sheltered = people.limited[jobs.person[job]] & few[job] & (jobs.begin[job] >= PARTICIPATION_ACT)
    quota = quotas.whole(rng, (SHELTERED_A_YEAR * persons / aims.PUBLISHED_PERSONS)[:, None]).ravel()
    lasting = np.minimum(jobs.end[job] - jobs.begin[job], LASTING) ** 2.0  # a sheltered place is meant to stay
    kind[quotas.draw(rng, year[job], sheltered * lasting, quota)] = SHELTERED
    jobs.hours[job[kind == SHELTERED]] = rng.integers(12, 32, int((kind == SHELTERED).sum()))
    return Placements(jobs.person[job], job, jobs.begin[job], jobs.end[job], kind, jobs.hours[job], jobs.employer[job])


def _steered(
    jobs: Jobs,
    people: People,
    year: Ints,
    weight: Floats,
    persons: int,
    group: Ints,
    number: tuple[Ints, Ints],
    rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray]:
    """Which jobs are a placement, full time and part time: weights are adjusted until as many of each priority group
    are among them as were printed."""
    year = np.clip(year, 0, len(aims.years()) - 1)
    groups = priority_groups(people, jobs.person, jobs.begin)
    wanted = np.array([aims.priority(name) for name in PRIORITY]) * persons / aims.PUBLISHED_PERSONS
    push = np.ones_like(wanted)
    chance = rng.bit_generator.state
    for _ in range(ROUNDS):
        rng.bit_generator.state = chance  # the same luck each time, so that only the weights tell
        pushed = weight * np.prod([np.where(mine, push[g][year], 1.0) for g, mine in enumerate(groups)], axis=0)
        full = quotas.draw(rng, group, pushed * np.array([1.0, 0.25, 0.01, 0.0])[jobs.origin], number[0])
        few = quotas.draw(rng, group, pushed * np.array([0.5, 0.5, 1.0, 0.0])[jobs.origin] * ~full, number[1])
        found = np.array([np.bincount(year, mine & (full | few), len(aims.years())) for mine in groups])
        push = push * np.clip((wanted + 1) / (found + 1), 0.5, 2.0)
    return full, few


def priority_groups(people: People, person: Ints, day: Ints) -> list[np.ndarray]:
    """Who is in which priority group on the day, in the order of PRIORITY; the groups overlap."""
    birth = people.birth[person]
    return [
        day < add_months(birth, 324),
        day >= add_months(birth, 660),
        people.status[person] & (day <= people.first[person] + STATUS_DAYS),
        people.limited[person],
    ]


def _with_benefit_kept(trajects: Trajects, people: People, persons: int, rng: np.random.Generator) -> Placements:
    """A trial place, a place to learn on or a development track, some time after the beginning of a traject."""
    mine = np.flatnonzero(trajects.begin != OPEN)
    last = np.minimum(trajects.end[mine], KNOWN_TO)
    begin = trajects.begin[mine] + (rng.random(len(mine)) * np.maximum(last - trajects.begin[mine], 1)).astype(np.int64)
    year = year_index(begin)
    inside = (year >= 0) & (year < len(aims.years())) & (begin <= last)
    group = np.where(inside, year * len(aims.gemeenten()) + people.gemeente[trajects.household[mine]], 0)
    quota = quotas.whole(rng, aims.scaled("behoud", "behoud", persons)).ravel()
    chosen = quotas.draw(rng, group, inside.astype(float), quota)
    mine, begin = mine[chosen], begin[chosen]
    number = len(mine)
    kind = columns.pick(rng, number, TRIAL_SHARES)
    length = (TRIAL_DAYS[kind] * (0.3 + 0.7 * rng.random(number))).astype(np.int64)
    return Placements(
        trajects.person[mine],
        np.full(number, -1),
        begin,
        np.minimum(begin + length, trajects.end[mine]),
        kind + TRIAL,
        rng.integers(12, 37, number).astype(float),
        np.floor(EMPLOYERS * rng.random(number)).astype(np.int64),
    )


def _gemeente(person: Ints, people: People) -> Ints:
    return people.gemeente[np.minimum(person // 2, len(people.gemeente) - 1)]


def subsidise(places: Placements, people: People, persons: int, rng: np.random.Generator) -> Subsidies:
    """Decisions of a year (half a year where flat), renewed while the job lasts, as many a year as are aimed at."""
    limited = people.limited[places.person] & (places.job >= 0) & (places.begin >= PARTICIPATION_ACT)
    eligible = limited & ((places.kind == SHELTERED) | (places.end - places.begin > 60))
    quota = quotas.whole(rng, (aims.yearly("lks") * persons / aims.PUBLISHED_PERSONS)[:, None]).ravel()
    due: tuple[Ints, Ints] = (np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))
    found: list[tuple[Ints, Ints, Ints, np.ndarray]] = []
    year_of = year_index(places.begin)
    for year, number in enumerate(quota):
        now = year_index(due[1]) == year
        new = np.flatnonzero(eligible & (year_of == year))
        placement = np.concatenate([due[0][now], new])
        begin = np.concatenate([due[1][now], places.begin[new]])
        # A sheltered place always has one; of the others renewals come first.
        weight = np.where(
            places.kind[placement] == SHELTERED, 1e6, np.where(np.arange(len(begin)) < now.sum(), 5.0, 1.0)
        )
        chosen = quotas.draw(rng, np.zeros(len(begin), dtype=np.int64), weight, np.array([number]))
        placement, begin = placement[chosen], begin[chosen]
        flat = (rng.random(len(begin)) < 0.18) & (begin == places.begin[placement])
        until = np.where(flat, begin + 182, begin + 364)
        found.append((placement, begin, np.minimum(until, places.end[placement]), flat))
        on = until < np.minimum(places.end[placement], KNOWN_TO)
        due = (np.concatenate([due[0][~now], placement[on]]), np.concatenate([due[1][~now], until[on] + 1]))
    placement, begin, end, flat = (np.concatenate(column) for column in zip(*found, strict=True))
    level = np.interp(year_index(begin), [2, 5, 6, 11], [60.0, aims.LOONWAARDE[2019], aims.LOONWAARDE[2020], 56.5])
    sheltered = places.kind[placement] == SHELTERED
    worth = np.clip(rng.normal(np.where(sheltered, 38.0, level), 14.0), 20, 95)
    order = np.lexsort((begin, placement))
    return Subsidies(placement[order], begin[order], end[order], flat[order], np.round(worth)[order])


def note_disability(places: Placements, subsidies: Subsidies, people: People) -> None:
    """From the first subsidy on the person is known to have a disability and to be in the register of the doelgroep."""
    np.minimum.at(people.subsidised, places.person[subsidies.placement], subsidies.begin)


def plaatsing(places: Placements, people: People, rng: np.random.Generator) -> pa.Table:
    """The entity as it is delivered."""
    number = len(places)
    return pa.table(
        {
            "plaatsing_id": columns.ids("B", np.arange(1, number + 1)),
            "persoon_id": people.candidates(places.person),
            "werkgever_id": columns.ids("W", places.employer, 4),
            "begindatum": columns.dates(places.begin),
            "einddatum": columns.dates(places.end, places.end <= KNOWN_TO),
            "soort": columns.texts(KINDS, places.kind),
            "uren_per_week": pa.array(places.hours, mask=rng.random(number) < UNKNOWN_HOURS),
            "gemeente_code_werk": columns.texts(WORKPLACES, columns.pick(rng, number, WORKPLACE_SHARES)),
        }
    )


def lks(places: Placements, found: Subsidies, people: People, rng: np.random.Generator) -> pa.Table:
    """The entity as it is delivered."""
    sheltered = places.kind[found.placement] == SHELTERED
    return pa.table(
        {
            "beschikking_id": columns.ids("L", np.arange(1, len(found.placement) + 1)),
            "persoon_id": people.candidates(places.person[found.placement]),
            "werkgever_id": columns.ids("W", places.employer[found.placement], 4),
            "begindatum": columns.dates(found.begin),
            "einddatum": columns.dates(found.end, found.end <= KNOWN_TO),
            "loonwaarde": columns.decimals(found.worth, ~found.flat),
            "forfaitair": columns.yes_no(found.flat),
            "uren_per_week": pa.array(
                places.hours[found.placement], mask=rng.random(len(found.placement)) < UNKNOWN_HOURS
            ),
            "nieuw_beschut": columns.yes_no(sheltered),
        }
    )


def nieuw_beschut(places: Placements, people: People, trajects: Trajects, rng: np.random.Generator) -> pa.Table:
    """An advice for every sheltered place, and advices of those who wait, who gave up or who were turned down."""
    placed = np.flatnonzero(places.kind == SHELTERED)
    placed = placed[np.unique(places.person[placed], return_index=True)[1]]
    number = len(placed)
    advice = np.maximum(places.begin[placed] - rng.integers(14, 420, number), PARTICIPATION_ACT)
    advice = np.minimum(advice, places.begin[placed])
    others = np.flatnonzero((trajects.reported >= PARTICIPATION_ACT) & (trajects.begin != OPEN))
    others = others[people.limited[trajects.person[others]] & ~np.isin(trajects.person[others], places.person[placed])]
    others = others[np.unique(trajects.person[others], return_index=True)[1]]
    others = np.sort(rng.permutation(others)[: round(WAITING * number)])
    day_of = trajects.begin[others]
    negative = rng.random(len(others)) < 0.3
    gave_up = ~negative & (rng.random(len(others)) < GAVE_UP)
    none = np.full(len(others), OPEN)
    person = np.concatenate([places.person[placed], trajects.person[others]])
    day_of = np.concatenate([advice, day_of])
    ends = np.concatenate([np.full(number, OPEN), np.where(gave_up, trajects.begin[others] + 200, OPEN)])
    begin, end = (np.concatenate([values[placed], none]) for values in (places.begin, places.end))
    hours = np.concatenate([places.hours[placed], np.zeros(len(others))])
    positive = np.concatenate([np.ones(number, dtype=bool), ~negative])
    house = np.minimum(person // 2, len(people.gemeente) - 1)
    return pa.table(
        {
            "persoon_id": people.candidates(person),
            "gemeente_code": benefit.gemeente_codes(people.first_place[house], day_of),
            "adviesdatum": columns.dates(day_of),
            "advies": pa.array(np.where(positive, "positief", "negatief"), pa.string()),
            "einde_advies": columns.dates(ends, ends <= KNOWN_TO),
            "begindatum": columns.dates(begin, begin != OPEN),
            "einddatum": columns.dates(end, end <= KNOWN_TO),
            "uren_per_week": pa.array(hours, mask=begin == OPEN),
        }
    ).sort_by([("persoon_id", "ascending"), ("adviesdatum", "ascending")])


def voorziening(
    places: Placements, found: Subsidies, people: People, trajects: Trajects, rng: np.random.Generator
) -> pa.Table:
    """What SRG asks about: subsidies, sheltered places, coaches, places to learn on and other help."""
    begun = np.flatnonzero(trajects.begin != OPEN)
    helped = begun[rng.random(len(begun)) < 0.3]
    sheltered, trial = np.flatnonzero(places.kind == SHELTERED), np.flatnonzero(places.kind > TRIAL)
    coached = np.unique(found.placement)
    coached = coached[rng.random(len(coached)) < 0.5]
    moved = coached[rng.random(len(coached)) < 0.1]
    subsidy = np.where(found.begin < day(2017, 1, 1), SRG_TEMPORARY, SRG_SUBSIDY)
    stop = np.minimum(trajects.end[helped], trajects.begin[helped] + rng.integers(30, 500, len(helped)))
    parts = [
        (subsidy, places.person[found.placement], found.begin, found.end),
        *(
            (np.full(len(rows), code), places.person[rows], places.begin[rows], places.end[rows])
            for code, rows in (
                (SRG_SHELTERED, sheltered),
                (SRG_COACH, coached),
                (SRG_TRANSPORT, moved),
                (SRG_PLACE, trial),
            )
        ),
        (np.full(len(helped), SRG_OTHER), trajects.person[helped], trajects.begin[helped], stop),
    ]
    kind, person, begin, end = (np.concatenate(column) for column in zip(*parts, strict=True))
    ended = end <= KNOWN_TO
    reason = np.array(["1", "2", "3"])[columns.pick(rng, len(end), (0.6, 0.3, 0.1))]
    return pa.table(
        {
            "voorziening_id": columns.ids("V", np.arange(1, len(end) + 1)),
            "persoon_id": people.candidates(person),
            "type": pa.array(kind.astype(object), pa.string()),
            "begindatum": columns.dates(begin),
            "einddatum": columns.dates(end, ended),
            "reden_einde": pa.array(np.where(ended, reason, ""), pa.string()),
        }
    )
