"""The entities `persoon` and `kenmerk`: who the invented people are, with traits, deaths and departures.

Persons are numbered: 2 x household is its head, 2 x household + 1 the partner; after those come the self-employed
with TOZO only. What does not belong here: benefit and jobs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from werkmonitor.demo import aims, columns
from werkmonitor.demo.days import FIRST_DAY, KNOWN_TO, OPEN, aow_day, day
from werkmonitor.demo.population import (
    CODES,
    YEAR,
    Flags,
    Floats,
    Households,
    Ints,
    Spells,
    extra_self_employed,
)

ABILITIES = ("onbekend", "tijdelijk_onbemiddelbaar", "onder_wml", "wml_met_hulp", "wml_zelfstandig")
GENDERS = ("M", "V", "X", None)


@dataclass
class Extra:
    """Persons with TOZO only: number, begin and end of it."""

    number: Ints
    begin: Ints
    end: Ints


@dataclass
class People:
    """Everything about persons by number, and about households by number (partner, gemeente, place, own_dossier).

    `place` is a row of `gemeenten.csv`: where the household lives after its last move; `first_place` before its first.
    """

    exists: Flags
    birth: Ints
    death: Ints
    aow: Ints
    partner: Flags
    gemeente: Ints
    first_place: Ints
    place: Ints
    limited: Flags
    status: Flags
    ability: Ints
    own_dossier: Flags
    extra: Extra
    client: Ints
    candidate: Ints
    first: Ints
    subsidised: Ints  # first day with a loonkostensubsidie (OPEN: never)

    def ids(self, numbers: Ints) -> pa.Array:
        """The clientnummer: not in the order in which people were made up."""
        return columns.ids("P", self.client[numbers])

    def candidates(self, numbers: Ints) -> pa.Array:
        """The number that the werkbedrijf gave them: another one, which `koppeling` ties to the clientnummer."""
        return columns.ids("K", self.candidate[numbers])

    def employees(self, number: int) -> pa.Array:
        """Numbers of the werkbedrijf for so many employees of the sw, who are no clients."""
        return columns.ids("K", len(self.candidate) + np.arange(1, number + 1))

    def partner_number(self, households: Ints) -> Ints:
        return 2 * households + 1


def make(households: Households, spells: Spells, persons: int, rng: np.random.Generator) -> People:
    """Persons of the households and the self-employed beside them."""
    number = len(households)
    place = _places(households.gemeente, rng)
    birth_extra, begin_extra, end_extra = extra_self_employed(persons, rng)
    extra = Extra(2 * number + np.arange(len(birth_extra)), begin_extra, end_extra)
    birth = np.empty(2 * number + len(birth_extra), dtype=np.int64)
    birth[0 : 2 * number : 2] = households.birth
    birth[1 : 2 * number : 2] = _partner_births(households, spells, rng)
    birth[2 * number :] = birth_extra
    exists = np.ones(len(birth), dtype=bool)
    exists[1 : 2 * number : 2] = households.partner
    first = _first_days(len(birth), spells, extra)
    limited = rng.random(len(birth)) < 0.21
    return People(
        exists=exists,
        birth=birth,
        death=_deaths(households, birth, rng),
        aow=aow_day(birth),
        partner=households.partner,
        gemeente=households.gemeente,
        first_place=place,
        place=place.copy(),
        limited=limited,
        status=rng.random(len(birth)) < _refugee_share(first),
        ability=columns.pick(rng, len(birth), (0.22, 0.16, 0.15, 0.21, 0.26)),
        own_dossier=rng.random(number) < 0.06,
        extra=extra,
        client=1 + rng.permutation(len(birth)),
        candidate=1 + rng.permutation(len(birth)),
        first=first,
        subsidised=np.full(len(birth), OPEN),
    )


def _places(gemeente: Ints, rng: np.random.Generator) -> Ints:
    """A row of `gemeenten.csv` for each household: those of Berg en Dal by the gemeente that it was before 2015."""
    rows = aims.read("gemeenten")
    weights = np.array([float(row["personen"]) for row in rows])
    owner = np.array([aims.gemeenten().index(row["gemeente_code"]) for row in rows])
    # The running total of the weights over the rows, in which those of one gemeente stand together.
    upto = np.cumsum(weights)
    begin = np.array([upto[owner < g].max(initial=0.0) for g in range(len(aims.gemeenten()))])
    total = np.bincount(owner, weights)
    return np.searchsorted(upto, begin[gemeente] + rng.random(len(gemeente)) * total[gemeente], side="right")


def _partner_births(households: Households, spells: Spells, rng: np.random.Generator) -> Ints:
    """Some years younger or older than the head, but 18 when the first benefit began."""
    number = len(households)
    years = np.clip(rng.normal(0, 4, number), -3, 9)
    adult = np.full(number, OPEN)
    np.minimum.at(adult, spells.household, spells.begin)
    return np.minimum(households.birth + np.round(years * YEAR).astype(np.int64), adult - round(18.1 * YEAR))


def _deaths(households: Households, birth: Ints, rng: np.random.Generator) -> Ints:
    """Heads as the simulation drew them; partners by a flat small rate, those with TOZO only not at all."""
    death = FIRST_DAY + (rng.exponential(160.0, len(birth)) * YEAR).astype(np.int64)
    death[0 : 2 * len(households) : 2] = households.death
    death[2 * len(households) :] = OPEN
    return death


def _departures(people: People, spells: Spells, rng: np.random.Generator) -> Ints:
    """First day outside the area: soon after an end by moving, or at random after the last spell. OPEN: stayed."""
    leave = np.full(len(people.birth), OPEN, dtype=np.int64)
    last = np.append(spells.household[1:] != spells.household[:-1], True) & (spells.end != OPEN)
    household, end, reason = spells.household[last], spells.end[last], spells.reason[last]
    gone = spells.back[last] > KNOWN_TO
    moved = gone & np.isin(CODES[np.maximum(reason, 0)], ("32", "33"))
    later = gone & ~moved & (rng.random(len(end)) < 0.10)
    leave[2 * household[moved]] = end[moved] + 1 + rng.integers(0, 6, int(moved.sum()))
    leave[2 * household[later]] = end[later] + 30 + rng.integers(0, 2000, int(later.sum()))
    heads = leave[0 : 2 * len(people.partner) : 2]
    leave[1 : 2 * len(people.partner) : 2] = heads
    return leave


def _first_days(number: int, spells: Spells, extra: Extra) -> Ints:
    """The first benefit day of each person: before it nothing was known about them."""
    first = np.full(number, OPEN, dtype=np.int64)
    opening = np.append(True, spells.household[1:] != spells.household[:-1])
    first[2 * spells.household[opening]] = spells.begin[opening]
    first[2 * spells.household[opening] + 1] = spells.begin[opening]
    first[extra.number] = extra.begin
    return first


def persoon_and_kenmerk(people: People, spells: Spells, rng: np.random.Generator) -> tuple[pa.Table, pa.Table]:
    """One row a person who was ever on benefit, and the history of three traits for most of them."""
    here = np.flatnonzero(people.exists & (people.first <= KNOWN_TO) & (people.first <= people.death))
    persoon = _persoon(people, spells, here, rng)
    kenmerk = _kenmerk(people, here, rng)
    return persoon.sort_by("persoon_id"), kenmerk


def persons_of_the_werkbedrijf(
    people: People, known: Ints, employees: pa.Array, births: Ints, gemeenten: Sequence[str]
) -> pa.Table:
    """The persons that the werkbedrijf delivers itself: its candidates, and the employees of the sw (born on `births`,
    living in `gemeenten`)."""
    return pa.table(
        {
            "persoon_id": pa.concat_arrays([people.candidates(known), employees]),
            "geboortedatum": columns.dates(np.concatenate([people.birth[known], births])),
            "gemeente_code": pa.array([*_lives_in(people, known), *gemeenten], pa.string()),
        }
    ).sort_by("persoon_id")


def _lives_in(people: People, numbers: Ints) -> NDArray[np.str_]:
    """Today's code of the gemeente in which the household of each person lives after its last move."""
    household = np.minimum(numbers // 2, len(people.place) - 1)
    codes: NDArray[np.str_] = np.array([row["gemeente_code"] for row in aims.read("gemeenten")])
    return codes[people.place[household]]


def koppeling(people: People, known: Ints, block: int) -> tuple[pa.Table, pa.Table]:
    """Ties the clientnummer and the number of the werkbedrijf of the same persons: both sources deliver the bsn."""
    numbers = columns.service_numbers(1 + np.argsort(np.argsort(people.client[known])), block)
    found = []
    for ids, space in ((people.ids(known), "organisatie"), (people.candidates(known), "werkbedrijf")):
        spaces = pa.array(np.full(len(known), space), pa.string())
        found.append(pa.table({"clientnummer": ids, "naamruimte": spaces, "bsn": numbers}).sort_by("clientnummer"))
    return found[0], found[1]


def _refugee_share(first: Ints) -> Floats:
    """More statushouders among those who came in from 2015 to 2017 and from 2022 on."""
    return np.interp(
        first,
        [FIRST_DAY, day(2015, 6, 1), day(2017, 1, 1), day(2019, 1, 1), day(2022, 6, 1)],
        [0.08, 0.3, 0.3, 0.16, 0.2],
    )


def _persoon(people: People, spells: Spells, here: Ints, rng: np.random.Generator) -> pa.Table:
    number = len(here)
    limited, status, ability = people.limited[here], people.status[here], people.ability[here]
    leave = _departures(people, spells, rng)[here]
    death = people.death[here]
    subsidised = people.subsidised[here]
    registered = (limited & (rng.random(number) < 0.6)) | (subsidised != OPEN)
    since = np.maximum(day(2015, 1, 1), KNOWN_TO - rng.integers(0, 3900, number))
    since = np.minimum(since, subsidised)
    ended = registered & (rng.random(number) < 0.08) & (since + 400 < KNOWN_TO) & (subsidised == OPEN)
    yes_no = np.array(["nee", "ja", ""])
    unknown = rng.random(number) < 0.02
    return pa.table(
        {
            "persoon_id": people.ids(here),
            "geboortedatum": columns.dates(people.birth[here]),
            "geslacht": columns.texts(GENDERS, columns.pick(rng, number, (0.495, 0.495, 0.004, 0.006))),
            "gemeente_code": pa.array(_lives_in(people, here), pa.string()),
            "overlijdensdatum": columns.dates(death, death <= KNOWN_TO),
            "vertrekdatum": columns.dates(leave, (leave <= KNOWN_TO) & (leave < death)),
            "doelgroepregister_begin": columns.dates(since, registered),
            "doelgroepregister_eind": columns.dates(since + 399, ended),
            "statushouder": pa.array(yes_no[np.where(unknown, 2, status)], pa.string()),
            "arbeidsbeperking": pa.array(yes_no[np.where(unknown, 2, limited)], pa.string()),
            "arbeidsvermogen": columns.texts(ABILITIES, ability),
        }
    )


def _kenmerk(people: People, here: Ints, rng: np.random.Generator) -> pa.Table:
    """History: arbeidsvermogen with at most one change, statushouder for five years, arbeidsbeperking once found."""
    number = len(here)
    first, limited, status, ability = (
        values[here] for values in (people.first, people.limited, people.status, people.ability)
    )
    kept = rng.random(number) < 0.7
    changed = kept & (rng.random(number) < 0.35)
    change = first + rng.integers(120, 1500, number)
    known_to = np.minimum(KNOWN_TO, people.death[here])
    changed &= change <= known_to
    before = columns.pick(rng, number, (0.45, 0.2, 0.1, 0.15, 0.1))
    found = np.maximum(first, np.minimum(first + rng.integers(0, 500, number), people.subsidised[here]))
    parts = [
        (changed, "arbeidsvermogen", np.array(ABILITIES)[before], first, change - 1),
        (changed, "arbeidsvermogen", np.array(ABILITIES)[ability], change, np.full(number, OPEN)),
        (kept & ~changed, "arbeidsvermogen", np.array(ABILITIES)[ability], first, np.full(number, OPEN)),
        (kept & status, "statushouder", np.full(number, "ja"), first, first + 1825),
        (kept & limited & (found <= known_to), "arbeidsbeperking", np.full(number, "ja"), found, np.full(number, OPEN)),
    ]
    tables = [
        pa.table(
            {
                "persoon_id": people.ids(here[rows]),
                "kenmerk": pa.array(np.full(int(rows.sum()), name), pa.string()),
                "waarde": pa.array(value[rows], pa.string()),
                "begindatum": columns.dates(begin[rows]),
                "einddatum": columns.dates(end[rows], end[rows] <= KNOWN_TO),
            }
        )
        for rows, name, value, begin, end in parts
    ]
    return pa.concat_tables(tables).sort_by(
        [("persoon_id", "ascending"), ("kenmerk", "ascending"), ("begindatum", "ascending")]
    )
