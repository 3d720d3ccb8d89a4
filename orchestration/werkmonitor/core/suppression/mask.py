"""The mask: primary cells, the fix-point of contract 3, and more cells until every small number is protected.

What protected means: within a table, with everything visible in it filled in, a masked number below the threshold may
for all that a reader can compute be larger than it is; when strict, as large as the threshold. `_bounds` proves it with
a lower bound of what linear programming would find as the maximum (a move of persons that leaves every visible sum as
it is), so that no programme has to be solved here; the tests solve them (tests/property/test_disclosure_attack.py).

Masks only grow, ties go by the order of cells, nothing depends on the order of rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from werkmonitor.core.suppression.families import CategorySum, Figures, category_sums
from werkmonitor.core.suppression.tables import Table, same_cells, stand_groups

FREE = np.float32(np.inf)
# Categories that a reader knows as soon as the region's total is visible: another indicator counts the same persons.
# Per dimensie the categories, and what the family's name must hold.
TOLD_BY_TOTAL: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "bestemming": (("niet_volgbaar", "werk_onafgebroken", "werk_met_onderbreking"), ("bestemming_",)),
    "reden_groep": (("werk", "onderwijs"), ("__alle:", "uitstroom:")),
    "werk_na_uitstroom": (("onbekend",), ("uitstroom:", "__werk_polis:")),
}


@dataclass(frozen=True)
class MaskResult:
    """`mask` and `primary` per cell. `open_ends`: small numbers that no mask can protect, because what would cover
    them was published before."""

    mask: np.ndarray
    primary: np.ndarray
    open_ends: int
    passes: int


@dataclass
class _Work:
    """A table with only the families that have a small number in it, made once."""

    table: Table
    families: np.ndarray
    values: np.ndarray  # family x row x column, NaN where there is no number
    known: np.ndarray
    stand: np.ndarray
    told: np.ndarray  # families x columns that the row's total tells
    exists: np.ndarray
    counts: np.ndarray
    seen: bytes = b""
    stuck: int = 0


class Masker:
    def __init__(
        self, figures: Figures, tables: list[Table], threshold: int, known: np.ndarray | None = None, *,
        strict: bool = False,
    ) -> None:  # fmt: skip
        self.figures, self.threshold, self.strict = figures, threshold, strict
        self.absent = figures.cells.num_rows
        self.mask = np.zeros(self.absent + 1, dtype=bool)
        self.size = figures.size
        self.shown_stand, self.opening_stand = stand_groups(figures.cells)
        self.stands = int(max(self.shown_stand.max(initial=-1), self.opening_stand.max(initial=-1))) + 1
        small = self._small(figures.values) & figures.counts
        self.primary = small.any(axis=0) | self._small(figures.opening)
        self.mask |= self.primary
        given = figures.zero_shown if known is None else figures.zero_shown | known
        self.same = same_cells(figures.cells)
        self.work = [self._prepare(table, small, given) for table in tables]
        self.work += [
            part for work in self.work for one in category_sums() for part in self._parts_of(work, one, small, given)
        ]

    def _small(self, values: np.ndarray) -> np.ndarray:
        return (values >= 1) & (values < self.threshold)

    def _prepare(self, table: Table, small: np.ndarray, given: np.ndarray) -> _Work:
        ids = table.cells
        chosen = np.flatnonzero(small[:, ids].any(axis=(1, 2)))
        names = [self.figures.names[position] for position in chosen]
        told = np.zeros((len(chosen), ids.shape[1] - 1), dtype=bool)
        categories, marks = TOLD_BY_TOTAL.get(table.dimensie, ((), ()))
        for row, name in enumerate(names):
            if any(mark in name for mark in marks):
                told[row] = [column in categories for column in table.columns]
        return _Work(
            table,
            chosen,
            self.figures.values[chosen][:, ids],
            given[chosen][:, ids],
            self.figures.is_stand[chosen],
            told,
            ids != self.absent,
            self.figures.counts[chosen][:, ids],
        )

    def _parts_of(self, work: _Work, one: CategorySum, small: np.ndarray, given: np.ndarray) -> Iterator[_Work]:
        """Where a total tells what some categories are together, persons move within those and within the others, not
        between. Such rows (`split`) are settled in a table of each of the two groups, and count as known in the table
        of all categories. Of a group of one category the total tells the number itself.

        A row in which the numbers do not agree (who has two subsidies at once) is told nothing by it.
        """
        names = self.figures.names
        if work.table.dimensie != one.dimensie or one.whole not in names or one.part not in names:
            return
        ids, family, part = work.table.cells, names.index(one.whole), names.index(one.part)
        values, total = self.figures.values[family][ids], ids[:, -1]
        inside = np.array([category in one.categories for category in work.table.columns], dtype=bool)
        sums = np.nansum(values[:, :-1] * inside, axis=1)
        split = (self.figures.values[part][total] == sums) & (values[:, -1] == np.nansum(values[:, :-1], axis=1))
        work.known[work.families == family, :, :-1] |= split[:, None]
        for group in (np.flatnonzero(inside), np.flatnonzero(~inside)):
            columns = np.append(group, ids.shape[1] - 1)
            if not split.any() or not small[family, ids[:, group]].any():
                continue
            mine, known = values[:, columns].copy(), given[family][ids[:, columns]].copy()
            mine[:, -1] = np.where(split, np.nansum(mine[:, :-1], axis=1), np.nan)
            counts = self.figures.counts[family][ids[:, columns]].copy()
            counts[:, -1] = False  # the sums are families of their own, in the table of the whole
            known[:, :-1] |= ~split[:, None]
            known[:, -1] |= given[part][total]
            yield _Work(
                Table("deel", one.dimensie, ids[:, columns], tuple(work.table.columns[place] for place in group)),
                np.array([family]),
                mine[None],
                known[None],
                self.figures.is_stand[[family]],
                np.full((1, len(group)), len(group) == 1),
                ids[:, columns] != self.absent,
                counts[None],
            )

    def add(self, cells: np.ndarray) -> None:
        """Mask these cells (one bool a cell) whatever they hold."""
        self.mask[: self.absent] |= cells

    def run(self, on_pass: Callable[[int], None] | None = None) -> MaskResult:
        passes = 0
        while True:
            passes += 1
            before = int(self.mask.sum())
            self.mask[self.same] = self.mask[self.same].any(axis=1, keepdims=True)
            for work in self.work:
                self._fix_point(work)
            # Only when the fix-point holds everywhere: a cell that one table masks may be shown by another until then.
            if int(self.mask.sum()) == before:
                for work in self.work:
                    self._settle(work)
            if on_pass:
                on_pass(passes)
            if int(self.mask.sum()) == before:
                break
        open_ends = sum(work.stuck for work in self.work)
        return MaskResult(self.mask[: self.absent].copy(), self.primary[: self.absent], open_ends, passes)

    # ---- one table

    def _settle(self, work: _Work) -> None:
        """Protect the small numbers of a table, unless nothing changed in it since it was looked at."""
        if not len(work.families):
            return
        ids = work.table.cells
        known_stands = self._known_stands()[ids] if work.stand.any() else np.zeros(ids.shape, dtype=bool)
        state = self.mask[ids].tobytes() + known_stands.tobytes()
        if state != work.seen:
            work.stuck = self._strengthen(work, known_stands)
            work.seen = state

    def _fix_point(self, work: _Work) -> None:
        """Contract 3: a row or column with exactly one masked cell masks its smallest other. Beside that: who hides a
        total hides its parts, so that all that is linked to the total can move with it."""
        ids, exists = work.table.cells, work.exists
        # A part of a table has no rule of its own: its cells have that of the whole.
        while work.table.kind != "deel":
            masked = self.mask[ids] & exists
            hidden = masked.copy()
            hidden[:-1] |= masked[:-1, -1:] & exists[:-1]
            hidden[:, :-1] |= masked[-1:, :-1] & exists[:, :-1]
            for axis in (0, 1):
                lines, present = (hidden, exists) if axis == 0 else (hidden.T, exists.T)
                numbers = ids if axis == 0 else ids.T
                for line in np.flatnonzero((lines.sum(axis=1) == 1) & (present.sum(axis=1) > 1)):
                    others = np.flatnonzero(present[line] & ~lines[line])
                    lines[line, others[self._smallest(numbers[line, others])]] = True
            if (hidden == masked).all():
                return
            self.mask[ids[hidden]] = True

    def _smallest(self, cells: np.ndarray) -> int:
        """The place of the smallest cell; an empty one hides nothing and comes last."""
        size = self.size[cells]
        return int(np.lexsort((cells, size, size == 0))[0])

    def _strengthen(self, work: _Work, told_elsewhere: np.ndarray) -> int:
        """Mask what the unprotected small numbers need. Returns how many cannot be protected."""
        known = self._known(work, told_elsewhere)
        bounds, small = self._bounds(work, known)
        failing = np.argwhere(small & (bounds < self._needed(work.values)))
        if not len(failing):
            return 0
        # One family a cell, the one that needs most; in the order of cells.
        values = work.values[tuple(failing.T)]
        need = self._needed(values) - values
        order = np.lexsort((failing[:, 0], -need, failing[:, 2], failing[:, 1]))
        failing = failing[order]
        _, first = np.unique(failing[:, 1:], axis=0, return_index=True)
        stuck = 0
        for family, row, column in failing[np.sort(first)]:
            stuck += not self._cover(work, known, int(family), int(row), int(column))
        return stuck

    def _needed(self, values: np.ndarray) -> np.ndarray:
        """How large a small number must be able to be: the threshold when strict, else more than it is."""
        return np.full_like(values, self.threshold) if self.strict else values + 1

    def _known(self, work: _Work, told_elsewhere: np.ndarray) -> np.ndarray:
        """What a reader knows of the numbers in masked cells, family x row x column."""
        known = work.known.copy()
        known[work.stand] |= told_elsewhere
        total_visible = ~self.mask[work.table.cells[:, -1]] & work.exists[:, -1]
        total_known = total_visible[None, :] | (known[:, :, -1] & work.exists[:, -1])
        known[:, :, :-1] |= work.told[:, None, :] & total_known[:, :, None]
        return known

    def _known_stands(self) -> np.ndarray:
        """Cells whose stand is told by a visible cell: the same day elsewhere, or the next period by its flows."""
        told = np.zeros(self.stands + 1, dtype=bool)
        visible = ~self.mask
        visible[self.absent] = False
        for groups in (self.shown_stand, self.opening_stand):
            told[groups[visible & (groups >= 0)]] = True
        return np.where(self.shown_stand >= 0, told[self.shown_stand], False)

    # ---- what a reader can compute

    def _bounds(self, work: _Work, known: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """A lower bound of the largest value that each number can have for a reader, and which numbers are small and
        unknown (family x row x column)."""
        values = work.values
        none = np.isnan(values)
        unknown = self.mask[work.table.cells][None] & work.exists[None] & ~known & ~none
        small = unknown & self._small(values) & work.counts
        amount = np.where(unknown, np.maximum(np.nan_to_num(values), 0), 0).astype(np.float32)
        periods = work.table.kind == "perioden"
        no_sum = work.stand[:, None] & periods
        row_free = unknown[:, :-1, -1] | none[:, :-1, -1] | no_sum
        column_free = unknown[:, -1, :-1] | none[:, -1, :-1]
        total_free = unknown[:, -1, -1] | none[:, -1, -1]
        bounds = np.full(values.shape, 0, dtype=np.float32)
        inner, mine = amount[:, :-1, :-1], unknown[:, :-1, :-1]
        bounds[:, :-1, :-1] = self._inner_bounds(inner, mine, row_free, column_free, total_free | no_sum[:, 0])
        bounds[:, :-1, -1] = np.where(total_free[:, None], FREE, (amount[:, :-1, -1]).sum(axis=1, keepdims=True))
        over_columns = (amount[:, -1, :-1] * column_free).sum(axis=1, keepdims=True)
        # Somebody more in a region whose total is unknown; or a family that the organisation alone has.
        somewhere = (row_free[:, :, None] & mine).any(axis=1) | none[:, :-1, :-1].all(axis=1)
        free_columns = (total_free | no_sum[:, 0])[:, None] & somewhere
        bounds[:, -1, :-1] = np.where(free_columns, FREE, over_columns)
        parts = unknown[:, -1, :-1].any(axis=1) | none[:, -1, :-1].all(axis=1) | no_sum[:, 0]
        bounds[:, -1, -1] = np.where(parts, FREE, 0)
        return bounds, small

    def _inner_bounds(
        self, amount: np.ndarray, unknown: np.ndarray, row_free: np.ndarray, column_free: np.ndarray,
        total_free: np.ndarray,
    ) -> np.ndarray:  # fmt: skip
        """Moves of persons: between regions whose totals are unknown, between categories whose totals are unknown,
        and within a block of unknown cells (whose entry can be as large as the smaller of its row and column)."""
        between_regions = (amount * row_free[:, :, None]).sum(axis=1)[:, None, :]
        between_columns = (amount * column_free[:, None, :]).sum(axis=2)[:, :, None]
        bounds = np.maximum(
            np.where(row_free[:, :, None], between_regions, 0), np.where(column_free[:, None, :], between_columns, 0)
        )
        free = row_free[:, :, None] & column_free[:, None, :] & total_free[:, None, None]
        bounds = np.where(free, FREE, bounds)
        short = unknown & (amount > 0) & (bounds < self._needed(amount)) & (amount < self.threshold)
        for family in np.flatnonzero(short.any(axis=(1, 2))):
            bounds[family] = np.maximum(bounds[family], _block_bounds(amount[family], unknown[family]))
        return np.where(unknown, bounds, 0)

    # ---- masking more

    def _cover(self, work: _Work, known: np.ndarray, family: int, row: int, column: int) -> bool:
        """Mask the smallest extra cells that may help one small number. False when there is nothing left to mask."""
        values = np.nan_to_num(work.values[family])
        usable = work.exists & ~known[family] & ~np.isnan(work.values[family])
        ids = work.table.cells
        if work.stand[family] and self._mask_same_stand(ids[:, column], work.known[family, :, column]):
            return True
        last_row, last_column = ids.shape[0] - 1, ids.shape[1] - 1
        if row < last_row and column < last_column:
            if self._close_block(ids, values, usable, row, column):
                return True
            lines = [(ids[row, :-1], usable[row, :-1]), (ids[:-1, column], usable[:-1, column])]
            lines += [(ids[row, -1:], usable[row, -1:]), (ids[:-1, -1], usable[:-1, -1])]
            lines += [(ids[-1, column : column + 1], usable[-1, column : column + 1])]
        elif column == last_column:
            lines = [(ids[:-1, -1], usable[:-1, -1] & (values[:-1, -1] > 0)), (ids[:-1, -1], usable[:-1, -1])]
        else:
            lines = [(ids[-1, :-1], usable[-1, :-1] & (values[-1, :-1] > 0)), (ids[-1, :-1], usable[-1, :-1])]
        lines += [(ids[-1], work.exists[-1]), (ids[:, -1], work.exists[:, -1])]
        return any(self._mask_smallest(cells, may) for cells, may in lines)

    def _mask_same_stand(self, cells: np.ndarray, known: np.ndarray) -> bool:
        """A masked stand protects nothing when another cell tells it: mask the smallest such everywhere."""
        told = self._known_stands()
        left = cells[self.mask[cells] & told[cells] & ~known & (cells != self.absent)]
        if not len(left):
            return False
        same = self.shown_stand[left[self._smallest(left)]]
        everywhere = (self.shown_stand == same) | (self.opening_stand == same)
        grows = bool((everywhere & ~self.mask).any())
        self.mask |= everywhere
        return grows

    def _mask_smallest(self, cells: np.ndarray, may: np.ndarray) -> bool:
        left = cells[may & ~self.mask[cells] & (cells != self.absent)]
        if not len(left):
            return False
        self.mask[left[self._smallest(left)]] = True
        return True

    def _close_block(self, ids: np.ndarray, values: np.ndarray, usable: np.ndarray, row: int, column: int) -> bool:
        """Mask the cheapest block of rows by columns around a number in which it can grow as far as it must."""
        inner = ids[:-1, :-1]
        cost = np.where(self.mask[inner], 0.0, self.size[inner] + 1)
        amount, may = np.maximum(values[:-1, :-1], 0), usable[:-1, :-1]
        needed = int(self._needed(amount)[row, column])
        across = _blocks(amount, may, cost, row, column, needed)
        down = _blocks(amount.T, may.T, cost.T, column, row, needed)
        found = [*across, *((price, rows, columns) for price, columns, rows in down)]
        if not found:
            return False
        _, rows, columns = min(found, key=lambda block: (block[0], len(block[1]) * len(block[2]), *block[1:]))
        # Nothing new to mask: then this block protects the number already, and `_bounds` did not look for it.
        self.mask[inner[np.ix_(rows, columns)]] = True
        return True


Block = tuple[float, tuple[int, ...], tuple[int, ...]]  # cost, rows, columns


def _blocks(
    amount: np.ndarray, may: np.ndarray, cost: np.ndarray, row: int, column: int, needed: int
) -> Iterator[Block]:
    """Blocks around (row, column): one other column that gives enough to this row, or as many as are needed; and then
    the cheapest rows that together hold enough of this column."""
    others = np.flatnonzero(may[row] & (amount[row] > 0))
    others = others[others != column]
    enough: list[tuple[int, ...]] = [
        (int(other),) for other in others if amount[row, column] + amount[row, other] >= needed
    ]
    if not enough:
        largest = others[np.lexsort((others, -amount[row, others]))]
        reached = np.flatnonzero(amount[row, column] + amount[row, largest].cumsum() >= needed)
        enough = [tuple(sorted(int(other) for other in largest[: reached[0] + 1]))] if len(reached) else []
    for extra in enough:
        columns = (column, *extra)
        rows = np.flatnonzero(may[:, columns].all(axis=1) & (amount[:, column] > 0))
        rows = rows[rows != row]
        price = cost[np.ix_(rows, columns)].sum(axis=1)
        order = np.lexsort((rows, -amount[rows, column], price))
        reached = np.flatnonzero(amount[row, column] + amount[rows[order], column].cumsum() >= needed)
        if len(reached):
            chosen = order[: reached[0] + 1]
            total = float(price[chosen].sum() + cost[row, columns].sum())
            yield total, (row, *sorted(int(other) for other in rows[chosen])), columns


def _block_bounds(amount: np.ndarray, unknown: np.ndarray) -> np.ndarray:
    """For one family (row x column): the largest entry in the best of three kinds of block of unknown cells that hold
    it: two columns, two rows, all unknown columns of its row."""
    seen = unknown.astype(np.float32)
    # Two columns j, k: rows unknown in both; the column j over those rows, against the row over j and k.
    column_sum = amount.T @ seen  # [j, k]
    row_pair = amount[:, :, None] + amount[:, None, :]  # [i, j, k]
    pair = np.minimum(row_pair, column_sum[None])
    pair = np.where(unknown[:, None, :] & ~np.eye(amount.shape[1], dtype=bool)[None], pair, 0)
    best = pair.max(axis=2, initial=0)
    # Two rows i, k: columns unknown in both.
    row_sum = amount @ seen.T  # [i, k]
    column_pair = amount[:, None, :] + amount[None, :, :]  # [i, k, j]
    both = np.minimum(column_pair, row_sum[:, :, None])
    both = np.where(unknown[None, :, :] & ~np.eye(amount.shape[0], dtype=bool)[:, :, None], both, 0)
    best = np.maximum(best, both.max(axis=1, initial=0))
    # All unknown columns of row i, over every row that is unknown in all of those.
    holds = (seen @ (1 - seen).T) == 0  # [i, k]: the unknown columns of i are unknown in k too
    columns = holds.astype(np.float32) @ amount
    whole = np.minimum(amount.sum(axis=1, keepdims=True), columns)
    return np.where(unknown, np.maximum(best, whole), 0)
