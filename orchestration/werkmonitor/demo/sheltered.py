"""The entities `sw` and `verzuim`: the old social employment, to which nobody has been added since 2015.

What belongs here: employees, their form of work and their absence. What does not: nieuw beschut (`placements.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from werkmonitor.demo import aims, benefit, columns
from werkmonitor.demo.days import FIRST_DAY, KNOWN_TO, OPEN, aow_day, day, month_index, month_starts
from werkmonitor.demo.population import YEAR, Floats, Ints

FORMS = ("sw_beschut", "werken_op_locatie", "detachering_groep", "detachering_individueel", "begeleid_werken")
FORM_SHARES = (0.35, 0.16, 0.24, 0.18, 0.07)
HIRED_OUT = day(2020, 1, 1)  # from 2020 a company hires most of those who worked within the walls
HIRED_OUT_SHARE = 0.77
# Absence (%) aimed at: above the target of 15 in every year (table 4.3 of the evaluation); the level is invented.
ABSENCE = np.array([15.4, 15.7, 16.0, 15.6, 15.9, 16.2, 16.8, 16.4, 16.9, 16.3, 16.1, 16.0])
SHORT_SHARE, SHORT_DAYS = 0.13, 5.0  # person-months with a short absence, and its mean length in days
BEFORE = day(2013, 6, 1)


@dataclass
class Employees:
    """One element an employee: birth, gemeente (a number in `aims.sw_gemeenten()`), last day (OPEN), fte."""

    birth: Ints
    gemeente: Ints
    end: Ints
    fte: Floats
    begin: Ints

    def __len__(self) -> int:
        return len(self.birth)


def simulate(persons: int, rng: np.random.Generator) -> Employees:
    """Who was there in 2014, and when they leave so that each gemeente follows what is aimed at."""
    stand = np.round(aims.scaled(aims.SW, "sw", persons)).astype(np.int64)
    first = np.round(stand[0] * 1.05).astype(np.int64)
    gemeente = np.repeat(np.arange(stand.shape[1]), first)
    rank = np.concatenate([np.arange(number) for number in first])
    # Who has this place in the row leaves in the first year at whose end there are no more than that.
    lowest = np.minimum.accumulate(stand, axis=0)
    gone = lowest[:, gemeente] <= rank
    year = np.where(gone.any(axis=0), gone.argmax(axis=0), -1)
    number = len(gemeente)
    new_year = np.array([day(y, 1, 1) for y in aims.years()])
    end = np.where(year >= 0, new_year[np.maximum(year, 0)] + rng.integers(0, 365, number), OPEN)
    last = np.minimum(end, KNOWN_TO)
    retires = (end != OPEN) & (rng.random(number) < 0.55)
    age = np.where(retires, 66.2, 38 + 26 * rng.random(number))
    birth = last - (age * YEAR).astype(np.int64)
    birth = birth + np.maximum(0, last + 1 - aow_day(birth))  # nobody works on past the AOW day
    begin = BEFORE - (rng.random(number) * 20 * YEAR).astype(np.int64)
    fte = np.round(np.array([1.0, 0.89, 0.8, 0.67, 0.5])[columns.pick(rng, number, (0.45, 0.15, 0.2, 0.1, 0.1))], 2)
    return Employees(birth, gemeente, end, fte, np.minimum(np.maximum(begin, birth + round(18 * YEAR)), BEFORE))


def sw(found: Employees, ids: pa.Array, rng: np.random.Generator) -> pa.Table:
    """One row a form of work: most of those within the walls are hired out from 2020 on."""
    number = len(found)
    form = columns.pick(rng, number, FORM_SHARES)
    changes = (form == 0) & (rng.random(number) < HIRED_OUT_SHARE) & (found.end >= HIRED_OUT)
    who = np.concatenate([np.arange(number), np.flatnonzero(changes)])
    first = np.arange(len(who)) < number
    begin = np.where(first, found.begin[who], HIRED_OUT)
    end = np.where(first & changes[who], HIRED_OUT - 1, found.end[who])
    severe = rng.random(number) < 0.17
    return pa.table(
        {
            "persoon_id": ids.take(pa.array(who)),
            "gemeente_code": benefit.codes_on_the_day(np.array(aims.sw_gemeenten())[found.gemeente[who]], begin),
            "begindatum": columns.dates(begin),
            "einddatum": columns.dates(end, end <= KNOWN_TO),
            "fte": columns.decimals(found.fte[who]),
            "arbeidshandicap": pa.array(np.where(severe, "ernstig", "matig")[who], pa.string()),
            "werkvorm": columns.texts(FORMS, np.where(first, form[who], 2)),
        }
    ).sort_by([("persoon_id", "ascending"), ("begindatum", "ascending")])


def verzuim(found: Employees, ids: pa.Array, rng: np.random.Generator) -> pa.Table:
    """Every month that somebody was employed: no absence, a short one, or the whole month in part or in full."""
    starts = month_starts(12 * len(aims.years()))
    first, last = month_index(np.array([FIRST_DAY]))[0], month_index(np.minimum(found.end, KNOWN_TO)) - 0
    last = np.minimum(last, first + 12 * len(aims.years()) - 1)
    months = np.maximum(last - first + 1, 0)
    who = np.repeat(np.arange(len(found)), months)
    month = np.arange(len(who)) - np.repeat(np.cumsum(months) - months, months)
    days = (starts[month + 1] - starts[month]).astype(float)
    weak = rng.gamma(0.8, 1.25, len(found))[who]
    short = rng.random(len(who)) < SHORT_SHARE
    of_short = 100 * SHORT_SHARE * SHORT_DAYS / 30.4
    long = rng.random(len(who)) < np.minimum(0.97, (ABSENCE[month // 12] - of_short) / 100 / 0.9 * weak)
    degree = np.where(rng.random(len(who)) < 0.2, 0.5, 1.0)
    absent = np.where(long, days * degree, np.where(short, rng.geometric(1 / SHORT_DAYS, len(who)), 0.0))
    fte = found.fte[who]
    return pa.table(
        {
            "persoon_id": ids.take(pa.array(who)),
            "maand": columns.months(first + month),
            "verzuimdagen": columns.decimals(np.minimum(absent, days) * fte),
            "beschikbare_dagen": columns.decimals(days * fte),
            "meldingen": pa.array((short & ~long).astype(np.int64)),
        }
    )
