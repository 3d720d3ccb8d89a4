"""The entities `persoon` and `kenmerk`: who the invented people are, with traits, deaths and departures.

Persons are numbered: 2 x household is its head, 2 x household + 1 the partner; after those come the self-employed
with TOZO only. What does not belong here: benefit and jobs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

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
    """Everything about persons by number, and about households by number (partner, place, own_dossier)."""

    exists: Flags
    birth: Ints
    death: Ints
    aow: Ints
    partner: Flags
    place: Ints
    place_weights: tuple[float, ...]
    old_gemeente: np.ndarray
    own_dossier: Flags
    extra: Extra
    client: Ints

    def ids(self, numbers: Ints) -> pa.Array:
        """The clientnummer: not in the order in which people were made up."""
        return columns.ids("P", self.client[numbers])

    def partner_number(self, households: Ints) -> Ints:
        return 2 * households + 1


def make(households: Households, spells: Spells, persons: int, rng: np.random.Generator) -> People:
    """Persons of the households and the self-employed beside them."""
    number = len(households)
    places = aims.read("gemeenten")
    weights = tuple(float(row["personen"]) for row in places)
    place = columns.pick(rng, number, weights)
    birth_extra, begin_extra, end_extra = extra_self_employed(persons, rng)
    extra = Extra(2 * number + np.arange(len(birth_extra)), begin_extra, end_extra)
    birth = np.empty(2 * number + len(birth_extra), dtype=np.int64)
    birth[0 : 2 * number : 2] = households.birth
    birth[1 : 2 * number : 2] = _partner_births(households, spells, rng)
    birth[2 * number :] = birth_extra
    exists = np.ones(len(birth), dtype=bool)
    exists[1 : 2 * number : 2] = households.partner
    return People(
        exists=exists,
        birth=birth,
        death=_deaths(households, birth, rng),
        aow=aow_day(birth),
        partner=households.partner,
        place=place,
        place_weights=weights,
        old_gemeente=np.array([row["vroeger_code"] for row in places])[place],
        own_dossier=rng.random(number) < 0.06,
        extra=extra,
        client=1 + rng.permutation(len(birth)),
    )


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


def _first_days(people: People, spells: Spells) -> Ints:
    """The first benefit day of each person: before it nothing was known about them."""
    first = np.full(len(people.birth), OPEN, dtype=np.int64)
    opening = np.append(True, spells.household[1:] != spells.household[:-1])
    first[2 * spells.household[opening]] = spells.begin[opening]
    first[2 * spells.household[opening] + 1] = spells.begin[opening]
    first[people.extra.number] = people.extra.begin
    return first


def persoon_and_kenmerk(people: People, spells: Spells, rng: np.random.Generator) -> tuple[pa.Table, pa.Table]:
    """One row a person who was ever on benefit, and the history of three traits for most of them."""
    first = _first_days(people, spells)
    here = np.flatnonzero(people.exists & (first <= KNOWN_TO) & (first <= people.death))
    limited = rng.random(len(here)) < 0.21
    status = rng.random(len(here)) < _refugee_share(first[here])
    ability = columns.pick(rng, len(here), (0.22, 0.16, 0.15, 0.21, 0.26))
    persoon = _persoon(people, spells, here, limited, status, ability, rng)
    kenmerk = _kenmerk(people, here, first[here], limited, status, ability, rng)
    return persoon.sort_by("persoon_id"), kenmerk


def _refugee_share(first: Ints) -> Floats:
    """More statushouders among those who came in from 2015 to 2017 and from 2022 on."""
    return np.interp(
        first,
        [FIRST_DAY, day(2015, 6, 1), day(2017, 1, 1), day(2019, 1, 1), day(2022, 6, 1)],
        [0.06, 0.22, 0.2, 0.1, 0.16],
    )


def _persoon(
    people: People, spells: Spells, here: Ints, limited: Flags, status: Flags, ability: Ints, rng: np.random.Generator
) -> pa.Table:
    number = len(here)
    leave = _departures(people, spells, rng)[here]
    death = people.death[here]
    registered = limited & (rng.random(number) < 0.6)
    since = np.maximum(day(2015, 1, 1), KNOWN_TO - rng.integers(0, 3900, number))
    ended = registered & (rng.random(number) < 0.08) & (since + 400 < KNOWN_TO)
    yes_no = np.array(["nee", "ja", ""])
    unknown = rng.random(number) < 0.02
    household = np.minimum(here // 2, len(people.place) - 1)
    today = np.array([row["gemeente_code"] for row in aims.read("gemeenten")])
    return pa.table(
        {
            "persoon_id": people.ids(here),
            "geboortedatum": columns.dates(people.birth[here]),
            "geslacht": columns.texts(GENDERS, columns.pick(rng, number, (0.495, 0.495, 0.004, 0.006))),
            "gemeente_code": pa.array(today[people.place[household]], pa.string()),
            "overlijdensdatum": columns.dates(death, death <= KNOWN_TO),
            "vertrekdatum": columns.dates(leave, (leave <= KNOWN_TO) & (leave < death)),
            "doelgroepregister_begin": columns.dates(since, registered),
            "doelgroepregister_eind": columns.dates(since + 399, ended),
            "statushouder": pa.array(yes_no[np.where(unknown, 2, status)], pa.string()),
            "arbeidsbeperking": pa.array(yes_no[np.where(unknown, 2, limited)], pa.string()),
            "arbeidsvermogen": columns.texts(ABILITIES, ability),
        }
    )


def _kenmerk(
    people: People, here: Ints, first: Ints, limited: Flags, status: Flags, ability: Ints, rng: np.random.Generator
) -> pa.Table:
    """History: arbeidsvermogen with at most one change, statushouder for five years, arbeidsbeperking once found."""
    number = len(here)
    kept = rng.random(number) < 0.7
    changed = kept & (rng.random(number) < 0.35)
    change = first + rng.integers(120, 1500, number)
    known_to = np.minimum(KNOWN_TO, people.death[here])
    changed &= change <= known_to
    before = columns.pick(rng, number, (0.45, 0.2, 0.1, 0.15, 0.1))
    found = first + rng.integers(0, 500, number)
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
