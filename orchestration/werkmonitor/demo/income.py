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

WEEKS_A_MONTH = 52 / 12
WAGE = 9.9  # EUR an hour in 2014, 3% more every year
FIRST_MONTHS = 2  # of a job with which somebody leaves benefit: it often begins before the last benefit day


def inkomsten(jobs: Jobs, people: People, rng: np.random.Generator) -> pa.Table:
    """One row a person and month: wages of all jobs together."""
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
    return pa.table(
        {
            "persoon_id": people.ids(person[opens]),
            "maand": columns.months(month[opens]),
            "bedrag": columns.decimals(total / 100),
            "soort": pa.array(np.full(len(opens), "loon"), pa.string()),
        }
    )
