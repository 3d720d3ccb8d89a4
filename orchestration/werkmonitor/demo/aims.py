"""What the example organisation aims at: published totals (`data/*.csv`, sources in its README) and published curves.

What belongs here: numbers to aim at and where they come from. What does not: how people are made up (the other
modules).
"""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

DATA = Path(__file__).resolve().parent / "data"
PUBLISHED_PERSONS = 10_000  # the level to which the published totals belong; other sizes are scaled

# Share (%) that is back on benefit within so many months, all outflow: Divosa benchmark herinstroom 2014.
BACK_WITHIN = {6: 15.0, 12: 22.0, 24: 30.0}
# Of outflow to a job (loondienst, no benefit one month on): share (%) in work without benefit. CBS, cohort of 2021.
IN_WORK_AFTER = {6: 82.0, 18: 72.0}
# Of the same outflow after 18 months: back on benefit; in work without an interruption. CBS, cohort of 2021.
JOB_BACK_AFTER_18 = 9.0
JOB_UNBROKEN_AFTER_18 = 51.0
WORK_TARGET = 1100  # outflow to work a year, 2016-2020: begrotingen of WerkBedrijf Rijk van Nijmegen
WORK_TARGET_YEARS = range(2016, 2021)


def read(name: str) -> list[dict[str, str]]:
    """The rows of one of the data files."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@lru_cache(maxsize=1)
def years() -> tuple[int, ...]:
    return tuple(int(row["jaar"]) for row in read("jaren"))


@lru_cache(maxsize=1)
def _stock_index() -> tuple[float, ...]:
    return tuple(float(row["stand_index"]) for row in read("jaren"))


def stock_target(persons: int) -> NDArray[np.int64]:
    """Persons on benefit at each month's end from December before the first year, in straight lines."""
    index = np.array(_stock_index())
    anchors = np.concatenate([index[:1], index]) / index.mean()
    months = np.arange(len(index) * 12 + 1) / 12
    return np.round(np.interp(months, np.arange(len(anchors)), anchors) * persons).astype(np.int64)


def work_outflow(persons: int) -> dict[int, float]:
    """Outflow to work aimed at in each year."""
    return {int(row["jaar"]): float(row["uitstroom_werk"]) * persons / PUBLISHED_PERSONS for row in read("jaren")}
