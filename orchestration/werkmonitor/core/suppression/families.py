"""The figures as count families: one row a family (teller, noemer, their difference, n_niet_volgbaar, and every
difference that a reader can make inside one cell), one column a cell (regio, periode, dimensie, categorie).

What belongs here: which counts there are and which follow from others. What does not: tables and masks. An attacker
does the same sums; a difference that is missing here is a hole.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import duckdb
import numpy as np
import pyarrow as pa

from werkmonitor.core.datapackage import VISIBLE
from werkmonitor.core.registry import indicators, load_registry
from werkmonitor.core.types import OWN

CELL = ("regio_code", "periode", "dimensie", "categorie")
CURVES = "maanden_sinds_uitstroom"
REASONS = "reden_niet_volgbaar"
# Counts of a day, which do not add up over periods; the same number stands in several cells. Beside these every
# indicator of which the registry says that its periods do not add up.
STANDS = ("stand_", "uitstroompercentage_divosa:n", "uitstroompercentage_divosa:c", "uitstroompercentage_cbs:n",
          "uitstroompercentage_cbs:c")  # fmt: skip
NESTED_POPULATIONS = (
    ("alle", "werk_reden"),
    ("alle", "werk_polis"),
    ("alle", "werk_onderneming_onderwijs"),
    ("werk_onderneming_onderwijs", "werk_reden"),
)
NESTED_FLOWS = (
    ("uitstroom:t", "uitstroom_werk_reden:t"),
    ("uitstroom:t", "uitstroom_werk_polis:t"),
    ("uitstroom:t", "uitstroom_werk_inkomen:t"),
    ("uitstroom_werk_inkomen:t", "uitstroom_werk_polis:t"),
    ("uitstroom:t", "kwaliteit_baan:t"),
)


@cache
def _no_sums_of_periods() -> tuple[str, ...]:
    return tuple(one.indicator_id for one in indicators(load_registry()) if not one.sums.perioden)


@dataclass(frozen=True)
class CategorySum:
    """A number that a total tells of a break-down: family `part` is the sum of `categories` of family `whole`, and
    what is left of the total is that of the `others`."""

    part: str
    whole: str
    dimensie: str
    categories: tuple[str, ...]
    others: tuple[str, ...]


@cache
def category_sums() -> tuple[CategorySum, ...]:
    """Those of the registry."""
    marks, dimensies = {"teller": "t", "noemer": "n"}, load_registry().dimensies
    return tuple(
        CategorySum(
            f"{one.indicator}:{marks[one.telling]}",
            f"{one.van}:t",
            one.dimensie,
            tuple(one.categorieen),
            tuple(name for name in dimensies[one.dimensie].categories() if name not in one.categorieen),
        )
        for one in load_registry().sommen
    )


@dataclass(frozen=True)
class Figures:
    """`values[family, cell]`, NaN where there is no such number. The last column is a cell that never exists, so that
    tables may point at it. `zero_shown`: a rate over nothing says so (`nvt`), also in a masked cell."""

    cells: pa.Table
    names: list[str]
    values: np.ndarray
    zero_shown: np.ndarray
    opening: np.ndarray  # stand at the begin of the period, which follows from stand and flows in the cell
    # Where a small number makes a cell primary; elsewhere it is shown by nobody and follows from differences only.
    counts: np.ndarray
    strict: bool

    @property
    def is_stand(self) -> np.ndarray:
        of_a_day = tuple(f"{indicator}{mark}" for indicator in _no_sums_of_periods() for mark in ":#")
        return np.array([name.startswith((*STANDS, *of_a_day)) for name in self.names], dtype=bool)

    @property
    def size(self) -> np.ndarray:
        """The largest count of a cell: how much is lost when it is masked."""
        return np.nan_to_num(np.fmax.reduce(self.values, axis=0, initial=np.nan), nan=0.0)


def load_figures(con: duckdb.DuckDBPyConnection, source: str, *, strict: bool = False) -> Figures:
    """Read the own counts of a relation with the columns of `reeksen`. Cells are sorted by key, so that the order of
    rows changes nothing. `strict`: every difference of two measures is a number to protect; else only those that are
    the number of persons of a group (contract 3 and decisions/0005)."""
    keys = ", ".join(CELL)
    cells = con.execute(
        f"SELECT DISTINCT {keys} FROM {source} WHERE bron = '{OWN}' AND dimensie <> '{CURVES}' ORDER BY {keys}"
    ).to_arrow_table()
    return _figures(con, source, cells, strict)


def _figures(con: duckdb.DuckDBPyConnection, source: str, cells: pa.Table, strict: bool) -> Figures:
    numbered = cells.append_column("cel", pa.array(np.arange(cells.num_rows)))
    con.register("_cellen", numbered)
    shown = ", ".join(f"'{status}'" for status in VISIBLE)
    # Two versions of a definition side by side are two families: a name each.
    rows = con.execute(
        f"""
        WITH eigen AS (
            SELECT *, dense_rank() OVER (PARTITION BY indicator_id ORDER BY definitie_id DESC) AS versie
            FROM {source} WHERE bron = '{OWN}' AND dimensie <> '{CURVES}' AND (status IN ({shown}) OR status = 'nvt')
        ), lang AS (
            SELECT {", ".join(CELL)}, status, versie, indicator_id, unnest([
                {{'soort': 't', 'getal': CASE WHEN dimensie <> '{REASONS}' THEN teller END}},
                {{'soort': 'n', 'getal': noemer}},
                {{'soort': 'c', 'getal': noemer - teller}},
                {{'soort': 'v', 'getal': n_niet_volgbaar}}]) AS telling
            FROM eigen
        )
        SELECT indicator_id || CASE WHEN versie > 1 THEN '#' || versie ELSE '' END || ':' || telling.soort AS familie,
            cel, telling.getal AS getal, status = 'nvt' AND telling.soort <> 'v' AS nul
        FROM lang JOIN _cellen USING ({", ".join(CELL)}) WHERE telling.getal IS NOT NULL
        """
    ).to_arrow_table()
    con.unregister("_cellen")
    families = rows.column("familie").combine_chunks().dictionary_encode()
    names = sorted(families.dictionary.to_pylist())
    order = {name: position for position, name in enumerate(names)}
    renumber = np.array([order[name] for name in families.dictionary.to_pylist()], dtype=np.int64)
    family = renumber[families.indices.to_numpy()] if names else np.zeros(0, dtype=np.int64)
    cell = rows.column("cel").to_numpy()
    values = np.full((len(names), cells.num_rows + 1), np.nan, dtype=np.float32)
    values[family, cell] = rows.column("getal").to_numpy()
    zero = np.zeros(values.shape, dtype=bool)
    zero[family, cell] = rows.column("nul").to_numpy(zero_copy_only=False)
    return _with_differences(cells, names, values, zero, strict)


def _with_differences(cells: pa.Table, names: list[str], values: np.ndarray, zero: np.ndarray, strict: bool) -> Figures:
    place = {name: position for position, name in enumerate(names)}
    added: list[tuple[str, np.ndarray]] = []

    def difference(large: str, small: str) -> None:
        if large in place and small in place:
            added.append((f"{large} - {small}", values[place[large]] - values[place[small]]))

    for large, small in NESTED_FLOWS:
        difference(large, small)
    for one in category_sums():
        # What several categories are together is no cell; those cells are protected in the mask.
        if strict or len(one.others) == 1:
            difference(one.whole, one.part)
    for name in names:
        for outer, inner in NESTED_POPULATIONS:
            if f"__{outer}:" in name and (strict or name.endswith(":n") or name.startswith("bestemming_")):
                difference(name, name.replace(f"__{outer}:", f"__{inner}:"))
        if strict and name.startswith("duurzaam_werk_moment_") and name.endswith(":t"):
            difference(name, name.replace("_moment_", "_onafgebroken_"))
    if strict:
        added.extend(_disagreement(place, values))
    opening = _opening(place, values)
    if added:
        extra = np.stack([row for _, row in added]).astype(np.float32)
        names = [*names, *(name for name, _ in added)]
        values = np.concatenate([values, extra])
        zero = np.concatenate([zero, np.zeros(extra.shape, dtype=bool)])
    return Figures(cells, names, values, zero, opening, _counts(cells, names, strict), strict)


def _counts(cells: pa.Table, names: list[str], strict: bool) -> np.ndarray:
    """Contract 3 makes teller, noemer and their difference primary. n_niet_volgbaar is a count of its own in the rows
    of its reasons; elsewhere it stands beside a rate, where a small one is left out (core/disclosure)."""
    counts = np.ones((len(names), cells.num_rows + 1), dtype=bool)
    if not strict:
        reasons = np.append(np.array(cells.column("dimensie").to_pylist(), dtype=object) == REASONS, False)
        beside = np.array([name.endswith(":v") for name in names], dtype=bool)
        counts[beside] = reasons
    return counts


def _disagreement(place: dict[str, int], values: np.ndarray) -> list[tuple[str, np.ndarray]]:
    """Reden, inkomen and the number on which they disagree give the two halves of the disagreement."""
    wanted = ("uitstroom_werk_reden:t", "uitstroom_werk_inkomen:t", "uitstroom_werk_verschil:t")
    if any(name not in place for name in wanted):
        return []
    reason, income, differ = (values[place[name]] for name in wanted)
    return [
        ("alleen reden werk", (reason - income + differ) / 2),
        ("alleen inkomen", (income - reason + differ) / 2),
    ]


def _opening(place: dict[str, int], values: np.ndarray) -> np.ndarray:
    """stand(begin) = stand(end) - instroom + uitstroom - verhuizing_in + verhuizing_uit, where the cell has them."""
    nothing = np.full(values.shape[1], np.nan, dtype=np.float32)
    parts = ("stand_personen:t", "instroom:t", "uitstroom:t", "verhuizing_in:t", "verhuizing_uit:t")
    end, inflow, outflow, moved_in, moved_out = (
        values[place[name]] if name in place else nothing for name in parts
    )  # fmt: skip
    return end - inflow + outflow - np.nan_to_num(moved_in) + np.nan_to_num(moved_out)


def public_before(con: duckdb.DuckDBPyConnection, figures: Figures, release: str) -> np.ndarray:
    """Which numbers (family x cell) the relation `release` shows as they still are."""
    before = _figures(con, release, figures.cells, figures.strict)
    place = {name: position for position, name in enumerate(before.names)}
    known = np.zeros(figures.values.shape, dtype=bool)
    for position, name in enumerate(figures.names):
        if name in place:
            known[position] = figures.values[position] == before.values[place[name]]
    return known
