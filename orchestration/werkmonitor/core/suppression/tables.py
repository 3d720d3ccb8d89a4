"""Which cells add up to which: every table of contract 3 as a matrix of cell numbers whose last row and last column are
totals.

Regions x categories of a dimensie and year (totals: the organisation; the region's total), regions x quarters of a
year, regions x months of a quarter, and the crossed pairs of the organisation. Categories that overlap do not add up
to the total, but each adds up over the regions: a table each, without a total. No values and no masks here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from werkmonitor.core.registry import load_registry

Key = tuple[str, str, str, str]  # regio_code, periode, dimensie, categorie
TOTAL = "totaal"
CROSS = " x "
_PERIOD = re.compile(r"(\d{4})(JJ00|KW0[1-4]|MM(?:0[1-9]|1[0-2]))")
_MUNICIPALITY = re.compile(r"GM\d{4}")


@dataclass(frozen=True)
class Table:
    """`cells[row, column]` are cell numbers; `absent` (the number of cells) where there is no such cell. `kind` is
    `dimensie`, `perioden` or `kruising`; `columns` are the categories or periods without the total."""

    kind: str
    dimensie: str
    cells: np.ndarray
    columns: tuple[str, ...]


def build_tables(cells: pa.Table) -> list[Table]:
    """Every table in these cells, by year and name."""
    keys: list[Key] = list(zip(*(cells.column(i).to_pylist() for i in range(4)), strict=True))
    return list(_Builder(keys).tables())


class _Builder:
    def __init__(self, keys: list[Key]) -> None:
        self.number = {key: position for position, key in enumerate(keys)}
        self.absent = len(keys)
        self.overlapping = {name for name, dimension in load_registry().dimensies.items() if dimension.overlappend}
        regions = sorted({key[0] for key in keys})
        wholes = [region for region in regions if not _MUNICIPALITY.fullmatch(region)]
        self.whole = wholes[0] if wholes else ""
        self.parts = [region for region in regions if region != self.whole]
        self.years = sorted({match[1] for key in keys if (match := _PERIOD.fullmatch(key[1]))})
        self.categories: dict[tuple[str, str], set[str]] = {}
        for _, period, dimensie, category in keys:
            self.categories.setdefault((period, dimensie), set()).add(category)

    def tables(self) -> Iterator[Table]:
        for year in self.years:
            whole_year = f"{year}JJ00"
            quarters = [f"{year}KW{quarter:02d}" for quarter in range(1, 5)]
            yield from self._periods(whole_year, quarters)
            for position, quarter in enumerate(quarters):
                yield from self._periods(quarter, [f"{year}MM{3 * position + m:02d}" for m in (1, 2, 3)])
            for period, dimensie in sorted(self.categories):
                if period == whole_year and dimensie in self.overlapping:
                    yield from self._overlapping(period, dimensie)
                elif period == whole_year and dimensie != TOTAL:
                    yield self._crossed(period, dimensie) if CROSS in dimensie else self._dimension(period, dimensie)

    def _periods(self, whole: str, parts: list[str]) -> Iterator[Table]:
        columns = [(period, TOTAL, TOTAL) for period in (*parts, whole)]
        ids = self._matrix(columns)
        if (ids != self.absent).any():
            yield Table("perioden", TOTAL, ids, tuple(parts))

    def _dimension(self, period: str, dimensie: str) -> Table:
        categories = sorted(self.categories[period, dimensie])
        columns = [*((period, dimensie, category) for category in categories), (period, TOTAL, TOTAL)]
        return Table("dimensie", dimensie, self._matrix(columns), tuple(categories))

    def _overlapping(self, period: str, dimensie: str) -> Iterator[Table]:
        for category in sorted(self.categories[period, dimensie]):
            ids = self._matrix([(period, dimensie, category)])
            nothing = np.full_like(ids, self.absent)
            yield Table("dimensie", dimensie, np.concatenate([ids, nothing], axis=1), (category,))

    def _matrix(self, columns: list[tuple[str, str, str]]) -> np.ndarray:
        rows = [*self.parts, self.whole]
        return np.array([[self._cell((region, *column)) for column in columns] for region in rows], dtype=np.int64)

    def _crossed(self, period: str, dimensie: str) -> Table:
        """Rows and columns are the categories of the two dimensies; their totals are the cells of those alone."""
        first, second = dimensie.split(CROSS, 1)
        pairs = [category.split(CROSS, 1) for category in self.categories[period, dimensie] if CROSS in category]
        rows, columns = sorted({pair[0] for pair in pairs}), sorted({pair[1] for pair in pairs})
        ids = np.full((len(rows) + 1, len(columns) + 1), self.absent, dtype=np.int64)
        for i, row in enumerate(rows):
            for j, column in enumerate(columns):
                ids[i, j] = self._cell((self.whole, period, dimensie, f"{row}{CROSS}{column}"))
            ids[i, -1] = self._cell((self.whole, period, first, row))
        for j, column in enumerate(columns):
            ids[-1, j] = self._cell((self.whole, period, second, column))
        ids[-1, -1] = self._cell((self.whole, period, TOTAL, TOTAL))
        return Table("kruising", dimensie, ids, tuple(columns))

    def _cell(self, key: tuple[str, ...]) -> int:
        return self.number.get((key[0], key[1], key[2], key[3]), self.absent)


def same_cells(cells: pa.Table) -> np.ndarray:
    """Pairs of cells that hold the same people, by their numbers: one of a pair tells the other."""
    keys: list[Key] = list(zip(*(cells.column(i).to_pylist() for i in range(4)), strict=True))
    number = {key: position for position, key in enumerate(keys)}
    pairs = [
        (number[region, period, same.dimensie, category], number[region, period, same.ander, same.paren[category]])
        for same in load_registry().gelijke_categorieen
        for region, period, dimensie, category in keys
        if dimensie == same.dimensie
        and category in same.paren
        and (region, period, same.ander, same.paren[category]) in number
    ]
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


def stand_groups(cells: pa.Table) -> tuple[np.ndarray, np.ndarray]:
    """Cells that tell the same stand. The first array numbers the stand that a cell shows, the second the one that
    follows from it (the stand at the begin of its period); -1 outside the totals.

    Stand of the year end = of the fourth quarter = of December; and a visible next period gives it as stand - instroom
    + uitstroom.
    """
    shown = np.full(cells.num_rows + 1, -1, dtype=np.int64)
    opening = shown.copy()
    numbers: dict[tuple[str, int], int] = {}
    columns = (cells.column(i).to_pylist() for i in range(3))
    for position, (region, period, dimensie) in enumerate(zip(*columns, strict=True)):
        match = _PERIOD.fullmatch(period)
        if dimensie != TOTAL or not match:
            continue
        last, length = _last_month(int(match[1]), match[2])
        shown[position] = numbers.setdefault((region, last), len(numbers))
        opening[position] = numbers.setdefault((region, last - length), len(numbers))
    return shown, opening


def _last_month(year: int, code: str) -> tuple[int, int]:
    """The last month of a period, counted from year 0, and its length in months."""
    number = int(code[2:])
    if code.startswith("JJ"):
        return 12 * year + 12, 12
    return (12 * year + 3 * number, 3) if code.startswith("KW") else (12 * year + number, 1)
