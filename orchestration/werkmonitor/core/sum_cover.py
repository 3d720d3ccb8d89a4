"""Which sums (of amounts, hours, fte) are masked so that no masked one is had by subtracting.

A sum is published as it is, so a total less its other parts is exactly the part that was left out: the organisation
less the other gemeenten, the year less the other quarters. What belongs here: which cells are masked for that, beside
those that rest on too few; one rule for every method. What does not: how a masked row reads (`core/disclosure`) and
counts (rounded, or `core/suppression`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import duckdb
import numpy as np
import pyarrow as pa

from werkmonitor.core.csvio import sql_text
from werkmonitor.core.datapackage import REEKSEN_KEY, VISIBLE
from werkmonitor.core.registry import indicators, load_registry

COVER_TABLE = "sommen_ter_dekking"
_GEMEENTE = re.compile(r"GM\d{4}")
_KEY = ", ".join(REEKSEN_KEY)
# What one table of regions x periods has in common.
_SERIES = tuple(name for name in REEKSEN_KEY if name not in ("regio_code", "periode"))

Cell = tuple[str, str]  # regio_code, periode


@dataclass(frozen=True)
class Line:
    """A total and its parts (of a stand: the year and its last quarter). `same_people`: the parts may be of the same
    persons (quarters), so that together they are known to be no more than the largest of them; gemeenten are of
    different ones."""

    total: Cell
    parts: tuple[Cell, ...]
    same_people: bool

    @property
    def cells(self) -> tuple[Cell, ...]:
        return (*self.parts, self.total)


@dataclass(frozen=True)
class Sum:
    """`persons`: how many it rests on. `empty`: of nobody and 0, which the counts beside it tell: it covers nothing
    and there is nothing in it to protect."""

    persons: int
    masked: bool
    empty: bool = False


def prepare(con: duckdb.DuckDBPyConnection, threshold: int, figures: str, published: str) -> None:
    """Make the temporary table `sommen_ter_dekking`: the key of every row that is masked besides those that `published`
    masks already. `figures` are what they are before disclosure control."""
    con.execute(f"CREATE OR REPLACE TEMP TABLE {COVER_TABLE} AS SELECT {_KEY} FROM {figures} LIMIT 0")
    rows = con.execute(
        f"""SELECT {_KEY}, coalesce(f.n_personen, 0) AS n_personen, p.status = 'onderdrukt' AS geheim,
                coalesce(f.n_personen, 0) = 0 AND f.waarde = 0 AS leeg
            FROM {figures} AS f JOIN {published} AS p USING ({_KEY})
            WHERE f.meettype = 'som' AND (p.status = 'onderdrukt' OR p.status IN {_shown()}) ORDER BY {_KEY}"""
    ).to_arrow_table()
    con.register(
        "_sommen", pa.Table.from_pylist(_cover_of(rows.to_pylist(), threshold), schema=rows.select(REEKSEN_KEY).schema)
    )
    con.execute(f"INSERT INTO {COVER_TABLE} SELECT {_KEY} FROM _sommen")
    con.unregister("_sommen")
    con.execute(f"INSERT INTO {COVER_TABLE} {_quotients(published)}")


def _cover_of(rows: list[dict[str, object]], threshold: int) -> list[dict[str, object]]:
    """One table a series and year; of an indicator that is not in the registry nothing is known to add up."""
    registered = {one.indicator_id: one for one in indicators(load_registry())}
    series: dict[tuple[object, ...], dict[Cell, Sum]] = {}
    for row in rows:
        year = str(row["periode"])[:4]
        cells = series.setdefault((*(row[name] for name in _SERIES), year), {})
        persons, masked, empty = row["n_personen"], row["geheim"], row["leeg"]
        cells[str(row["regio_code"]), str(row["periode"])] = Sum(int(str(persons)), bool(masked), bool(empty))
    found = []
    for key, cells in series.items():
        named = dict(zip(_SERIES, key[:-1], strict=True))
        one = registered.get(str(named["indicator_id"]))
        if one is None:
            continue
        stand = one.family.meettype == "stand" and not one.sums.perioden
        found_lines = lines(cells, regions=one.sums.gemeenten != "nee", periods=one.sums.perioden, stand=stand)
        chosen = cover(cells, found_lines, threshold)
        found += [named | {"regio_code": region, "periode": period} for region, period in chosen]
    return found


def lines(cells: Iterable[Cell], *, regions: bool, periods: bool, stand: bool = False) -> list[Line]:
    """Every total with its parts among these cells. A total or part that does not exist is left out. `stand`: a
    longer period has the number of the last shorter one."""
    present = sorted(set(cells))
    found = []
    if regions:
        found += list(_over_regions(present))
    if periods:
        found += list(_over_periods(present))
    if stand:
        found += [Line(one.total, one.parts[-1:], same_people=True) for one in _over_periods(present) if _closes(one)]
    return found


def _over_regions(present: list[Cell]) -> Iterator[Line]:
    for region, period in present:
        if not _GEMEENTE.fullmatch(region):
            parts = tuple(one for one in present if one[1] == period and _GEMEENTE.fullmatch(one[0]))
            if parts:
                yield Line((region, period), parts, same_people=False)


def _over_periods(present: list[Cell]) -> Iterator[Line]:
    """Quarters to their year and months to their quarter."""
    parts: dict[Cell, list[Cell]] = {}
    for region, period in present:
        if period[4:6] == "KW":
            parts.setdefault((region, f"{period[:4]}JJ00"), []).append((region, period))
        elif period[4:6] == "MM":
            parts.setdefault((region, f"{period[:4]}KW{(int(period[6:]) + 2) // 3:02d}"), []).append((region, period))
    for total in present:
        if total in parts:
            yield Line(total, tuple(parts[total]), same_people=True)


def _closes(line: Line) -> bool:
    """Whether the last part ends on the last day of the total."""
    (_, total), (_, part) = line.total, line.parts[-1]
    return int(part[6:]) == (4 if part[4:6] == "KW" else 3 * int(total[6:]))


def cover(cells: dict[Cell, Sum], found: list[Line], threshold: int) -> list[Cell]:
    """The cells to be masked besides those that are. Until nothing changes: a line that gives away its masked part
    masks its smallest other; then the same for what follows from several lines together."""
    masked = {cell for cell, one in cells.items() if one.masked}
    before = set(masked)
    while (cell := _next(cells, found, masked, threshold)) is not None:
        masked.add(cell)
    return sorted(masked - before)


def _next(cells: dict[Cell, Sum], found: list[Line], masked: set[Cell], threshold: int) -> Cell | None:
    for line in found:
        if _gives_away(cells, line, masked, threshold):
            smallest = _smallest(
                cells, line.cells if len(_hidden(cells, line.cells, masked)) == 1 else line.parts, masked
            )
            if smallest is not None:
                return smallest
    for cell in determined(cells, found, masked):
        beside = [other for line in found if cell in line.cells for other in line.cells]
        smallest = _smallest(cells, beside, masked) or _smallest(cells, cells, masked)
        if smallest is not None:
            return smallest
    return None


def _gives_away(cells: dict[Cell, Sum], line: Line, masked: set[Cell], threshold: int) -> bool:
    """One masked cell in the line (which may be the total), or masked parts of a shown total that together are of
    fewer than drempel persons."""
    hidden = _hidden(cells, line.cells, masked)
    if len(hidden) <= 1 or line.total in masked:
        return len(hidden) == 1
    persons = [cells[cell].persons for cell in hidden]
    return (max(persons) if line.same_people else sum(persons)) < threshold


def _hidden(cells: dict[Cell, Sum], wanted: Iterable[Cell], masked: set[Cell]) -> list[Cell]:
    return [cell for cell in wanted if cell in masked and not cells[cell].empty]


def _smallest(cells: dict[Cell, Sum], wanted: Iterable[Cell], masked: set[Cell]) -> Cell | None:
    """The shown cell of the fewest persons; of equals a gemeente before the organisation, a part before its total."""
    shown = [cell for cell in wanted if cell not in masked and not cells[cell].empty]
    return min(
        shown,
        key=lambda cell: (cells[cell].persons, not _GEMEENTE.fullmatch(cell[0]), _length(cell[1]), cell),
        default=None,
    )


def _length(period: str) -> int:
    return ("MM", "KW", "JJ").index(period[4:6])


def determined(cells: dict[Cell, Sum], found: list[Line], masked: set[Cell]) -> list[Cell]:
    """Masked cells that follow from all that is shown, by adding and subtracting lines: those that have no freedom in
    the solutions of 'the parts are the total'."""
    unknown = sorted(cell for cell in masked if not cells[cell].empty)
    if not unknown or not found:
        return []
    place = {cell: position for position, cell in enumerate(unknown)}
    equations = np.zeros((len(found), len(unknown)))
    for row, line in enumerate(found):
        for cell in line.cells:
            if cell in place:
                equations[row, place[cell]] = -1.0 if cell == line.total else 1.0
    known = np.einsum("ij,ji->i", np.linalg.pinv(equations), equations)
    return [cell for cell, share in zip(unknown, known, strict=True) if share > 1 - 1e-6]


def _quotients(published: str) -> str:
    """Rows that are a sum divided by a number that is shown: who has them, has the sum. They go with it."""
    of = {one.indicator_id: one.family.quotient_van for one in indicators(load_registry()) if one.family.quotient_van}
    if not of:
        return f"SELECT {_KEY} FROM {published} LIMIT 0"
    pairs = ", ".join(f"({sql_text(name)}, {sql_text(total)})" for name, total in sorted(of.items()))
    place = ("regio_code", "indeling_jaar", "periode", "dimensie", "categorie", "bron")
    same = ", ".join(place)
    return f"""
        WITH paar(indicator_id, som) AS (VALUES {pairs}), geheim AS (
            SELECT indicator_id AS som, {same} FROM {COVER_TABLE}
            UNION SELECT indicator_id, {same} FROM {published} WHERE status = 'onderdrukt'
        )
        SELECT {_KEY} FROM {published} JOIN paar USING (indicator_id) JOIN geheim USING (som, {same})
        WHERE status IN {_shown()}"""


def _shown() -> str:
    return "(" + ", ".join(sql_text(status) for status in VISIBLE) + ")"
