"""`onderdrukken` (contract 3): which cells of the release are masked so that nothing below the threshold is recovered.

What belongs here: the figures as count families over cells (`families`), the tables that add up (`tables`), the mask
(`mask`) and what earlier releases gave away or kept (`history`). What does not: how a masked row reads
(`core/disclosure`) and writing releases. The reasoning is in docs/decisions/0005-onderdrukken.md.
"""

from __future__ import annotations

from collections.abc import Callable

import duckdb
import numpy as np
import pyarrow as pa

from werkmonitor.core.csvio import sql_text
from werkmonitor.core.suppression.families import CELL, Figures, load_figures, public_before
from werkmonitor.core.suppression.history import MaskHistory
from werkmonitor.core.suppression.mask import Masker, MaskResult
from werkmonitor.core.suppression.tables import build_tables
from werkmonitor.core.types import OWN

MASK_TABLE = "gemaskeerde_cellen"

__all__ = ["CELL", "MASK_TABLE", "Figures", "MaskHistory", "MaskResult", "compute_mask", "prepare"]


def prepare(
    con: duckdb.DuckDBPyConnection,
    threshold: int,
    history: MaskHistory | None = None,
    source: str = "invoer_cijfers",
    *,
    strict: bool = False,
) -> None:
    """Make the temporary table `gemaskeerde_cellen` (thema and key of every masked cell) from the figures of `source`.

    One mask a thema: measures of the same people share it (contract 3), and a waiting list of three must not hide how
    many have a benefit. `strict`: no small number can be told to be small, also not by differences of measures; else
    none can be computed."""
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE {MASK_TABLE} ({', '.join(f'{name} VARCHAR' for name in ('thema', *CELL))})"
    )
    themes = con.execute(
        f"SELECT DISTINCT coalesce(thema, '') FROM {source} WHERE bron = '{OWN}' ORDER BY ALL"
    ).fetchall()
    for (theme,) in themes:
        con.execute(
            "CREATE OR REPLACE TEMP VIEW _thema AS "
            f"SELECT * FROM {source} WHERE coalesce(thema, '') = {sql_text(theme)}"
        )
        masked = _masked_cells(con, threshold, history, strict)
        con.register("_masker", masked)
        con.execute(f"INSERT INTO {MASK_TABLE} SELECT {sql_text(theme)}, {', '.join(CELL)} FROM _masker")
        con.unregister("_masker")
    con.execute("DROP VIEW IF EXISTS _thema")


def _masked_cells(
    con: duckdb.DuckDBPyConnection, threshold: int, history: MaskHistory | None, strict: bool
) -> pa.Table:
    """The masked cells of the figures in `_thema`."""
    figures = load_figures(con, "_thema", strict=strict)
    sticky = history.unchanged_masked_cells(con, "_thema") if history else set()
    known = np.zeros(figures.values.shape, dtype=bool)
    for release in history.releases if history else ():
        known |= public_before(con, figures, release)
    result = compute_mask(figures, threshold, sticky=sticky, known=known, strict=strict)
    return figures.cells.take(pa.array(np.flatnonzero(result.mask)))


def compute_mask(
    figures: Figures,
    threshold: int,
    *,
    sticky: set[tuple[str, ...]] | None = None,
    known: np.ndarray | None = None,
    strict: bool = False,
    on_pass: Callable[[int], None] | None = None,
) -> MaskResult:
    """The mask over the cells of `figures`. `sticky` cells are masked whatever they hold; `known` (family x cell) are
    figures that an earlier release shows and that did not change: masking them protects nothing."""
    masker = Masker(figures, build_tables(figures.cells), threshold, known, strict=strict)
    if sticky:
        keys = zip(*(figures.cells.column(name).to_pylist() for name in CELL), strict=True)
        masker.add(np.fromiter((key in sticky for key in keys), dtype=bool, count=figures.cells.num_rows))
    return masker.run(on_pass)
