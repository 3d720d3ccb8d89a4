"""What the example organisation aims at: published totals and indices (`data/*.csv`, sources in its README) and
published curves.

What belongs here: numbers to aim at and where they come from. What does not: how people are made up (the other
modules) and what came out (`report.py`).
"""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

DATA = Path(__file__).resolve().parent / "data"
PUBLISHED_PERSONS = 10_000  # the level to which the published totals belong; other sizes are scaled

# Share (%) that is back on benefit within so many months, all outflow: Divosa benchmark herinstroom 2014.
BACK_WITHIN = {6: 15.0, 12: 22.0, 18: 30.0, 24: 30.0}
# Of outflow to a job (loondienst, no benefit one month on): share (%) in work without benefit. CBS, cohort of 2021.
IN_WORK_AFTER = {6: 82.0, 18: 72.0}
# Of the same outflow after 18 months: back on benefit; in work without an interruption. CBS, cohort of 2021.
JOB_BACK_AFTER_18 = 9.0
JOB_UNBROKEN_AFTER_18 = 51.0
LOONWAARDE = {2019: 59.0, 2020: 56.0}  # mean of those with a loonkostensubsidie: evaluation, par. 5.4.1
CANDIDATES = 4_500.0  # between 4,200 and 4,800 candidates at a time: evaluation, par. 4.2.1
LONG_SERVICE = 35.0  # of the candidates, those in service for more than two years (%): evaluation, figure 2.3 (2020)
STOCK, WORK_OUTFLOW, SW = "uitkeringen", "uitstroom_werk", "sw"


@lru_cache(maxsize=16)
def read(name: str) -> tuple[dict[str, str], ...]:
    """The rows of one of the data files."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return tuple(csv.DictReader(handle))


@lru_cache(maxsize=1)
def years() -> tuple[int, ...]:
    return tuple(int(row["jaar"]) for row in read("jaren"))


@lru_cache(maxsize=1)
def gemeenten() -> tuple[str, ...]:
    """The gemeenten of the organisation as they are today, the largest first."""
    return tuple(dict.fromkeys(row["gemeente_code"] for row in read("gemeenten")))


@lru_cache(maxsize=2)
def sw_gemeenten() -> tuple[str, ...]:
    """The gemeenten of the task sw: West Maas en Waal takes part, Mook en Middelaar does not."""
    return tuple(row["gemeente_code"] for row in read("aandelen") if row["reeks"] == SW)


@lru_cache(maxsize=32)
def yearly(column: str) -> Floats:
    """One column of `jaren.csv`: totals at the published size."""
    return np.array([float(row[column]) for row in read("jaren")])


@lru_cache(maxsize=16)
def published_index(series: str) -> dict[tuple[str, int], float]:
    """The printed index of a series by region and year (tables B1-B8 of the evaluation)."""
    rows = [row for row in read("indexcijfers") if row["reeks"] == series]
    return {(row["regio_code"], int(row["jaar"])): float(row["index"]) for row in rows}


@lru_cache(maxsize=16)
def shares(series: str) -> Floats:
    """Year x gemeente: which part of the year's total is whose; outside the printed years as in the nearest of them.

    The printed index per gemeente times its share in the base year. A series without shares of its own takes those of
    the stock.
    """
    names = sw_gemeenten() if series == SW else gemeenten()
    own = {row["reeks"] for row in read("aandelen")}
    base = {
        r["gemeente_code"]: float(r["aandeel"])
        for r in read("aandelen")
        if r["reeks"] == (series if series in own else STOCK)
    }
    index = published_index(series)
    printed = sorted({year for _, year in index})
    total = {year: index["AM08", year] for year in printed}
    nearest = np.clip(years(), printed[0], printed[-1]).tolist()
    weights = np.array([[base[g] * index.get((g, y), total[y]) for g in names] for y in nearest])
    return weights / weights.sum(axis=1, keepdims=True)


@lru_cache(maxsize=16)
def per_gemeente(series: str, column: str) -> Floats:
    """Year x gemeente: the numbers aimed at, at the published size."""
    return yearly(column)[:, None] * shares(series)


@lru_cache(maxsize=8)
def priority(group: str) -> Floats:
    """Placements of a priority group each year, at the published size: as printed, and with the share of the nearest
    printed year in the others."""
    known = {int(row["jaar"]): float(row[group]) for row in read("prioriteit") if row[group]}
    total = dict(zip(years(), yearly("plaatsingen").tolist(), strict=True))
    nearest = [min(known, key=lambda other: (abs(other - year), other)) for year in years()]
    return np.array([total[year] * known[near] / total[near] for year, near in zip(years(), nearest, strict=True)])


def stock_target(persons: int) -> NDArray[np.int64]:
    """Month x gemeente: persons on benefit at each month's end from December before the first year, in straight
    lines."""
    level = yearly("stand_index") / yearly("stand_index").mean() * persons
    by_year = level[:, None] * shares(STOCK)
    anchors = np.concatenate([by_year[:1], by_year])
    months = np.arange(len(by_year) * 12 + 1) / 12
    lines = [np.interp(months, np.arange(len(anchors)), anchors[:, g]) for g in range(anchors.shape[1])]
    return np.round(np.array(lines).T).astype(np.int64)


def scaled(series: str, column: str, persons: int) -> Floats:
    """Year x gemeente: the numbers aimed at for this many persons."""
    return per_gemeente(series, column) * persons / PUBLISHED_PERSONS
