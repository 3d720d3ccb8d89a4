"""The entity `inkomsten`: what people earn in the months in which they are on benefit.

What belongs here: amounts a month from the jobs. What does not: the jobs (`jobs.py`).
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from werkmonitor.demo import columns
from werkmonitor.demo.days import FIRST_DAY, KNOWN_TO, month_index
from werkmonitor.demo.jobs import BESIDE, OUT, PAYROLL, Jobs
from werkmonitor.demo.people import People
from werkmonitor.demo.population import Ints

KINDS = ("loon", "onderneming", "overig")
WAGES, PROFIT, OTHER = range(3)
WEEKS_A_MONTH = 52 / 12
WAGE = 9.9  # EUR an hour in 2014, 3% more every year
OWN_BUSINESS, OTHER_INCOME = 0.06, 0.03  # share of persons whose wages are profit; who receive something else as well
FIRST_MONTHS = 2  # of a job with which somebody leaves benefit: it often begins before the last benefit day


def inkomsten(jobs: Jobs, people: People, rng: np.random.Generator) -> pa.Table:
    """One row a person, month and kind: wages or profit of all jobs together, and for some a sum beside them."""
    mine = np.flatnonzero((jobs.kind == PAYROLL) & np.isin(jobs.origin, (BESIDE, OUT)) & (jobs.begin >= FIRST_DAY))
    first = month_index(jobs.begin[mine])
    last = month_index(np.minimum(jobs.end[mine], KNOWN_TO))
    months = np.where(jobs.origin[mine] == OUT, np.minimum(last - first + 1, FIRST_MONTHS), last - first + 1)
    row = np.repeat(np.arange(len(mine)), months)
    month = np.arange(len(row)) - np.repeat(np.cumsum(months) - months, months) + first[row]
    wage = WAGE * 1.03 ** ((month - month_index(np.array([FIRST_DAY]))[0]) / 12)
    amount = jobs.hours[mine][row] * WEEKS_A_MONTH * wage * (0.85 + 0.3 * rng.random(len(row)))
    cents = np.round(amount * 100).astype(np.int64)
    person = jobs.person[mine][row]
    order = np.lexsort((month, person))
    person, month, cents = person[order], month[order], cents[order]
    opens = np.flatnonzero(np.append(True, (person[1:] != person[:-1]) | (month[1:] != month[:-1]))[: len(person)])
    total = np.add.reduceat(cents, opens) if len(opens) else cents
    person, month = person[opens], month[opens]
    kinds = columns.pick(rng, len(people.exists), (1 - OWN_BUSINESS - OTHER_INCOME, OWN_BUSINESS, OTHER_INCOME))
    more = np.flatnonzero(kinds[person] == OTHER)
    return pa.concat_tables(
        [
            _rows(people, person, month, total, np.where(kinds[person] == PROFIT, PROFIT, WAGES)),
            _rows(people, person[more], month[more], 5000 + 100 * (person[more] % 200), np.full(len(more), OTHER)),
        ]
    ).sort_by([("persoon_id", "ascending"), ("maand", "ascending"), ("soort", "ascending")])


def _rows(people: People, person: Ints, month: Ints, cents: Ints, kind: Ints) -> pa.Table:
    return pa.table(
        {
            "persoon_id": people.ids(person),
            "maand": columns.months(month),
            "bedrag": columns.decimals(cents / 100),
            "soort": columns.texts(KINDS, kind),
        }
    )
