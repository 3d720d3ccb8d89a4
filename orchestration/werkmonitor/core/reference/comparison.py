"""Two sets of cells side by side: what differs, readably. Knows nothing of how either was made."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import fields
from typing import Any

from werkmonitor.core.reference.model import Cell

KEY_COLUMNS = (
    "indicator_id",
    "definitie_id",
    "regio_code",
    "indeling_jaar",
    "periode",
    "dimensie",
    "categorie",
    "bron",
)
VALUE_COLUMNS = tuple(f.name for f in fields(Cell) if f.name not in KEY_COLUMNS)


def compare(cells_a: Iterable[Cell], cells_b: Iterable[Cell], limit: int = 20) -> list[str]:
    """The first differing cells, one line each; empty when the sets are equal (floats to 1e-9). The last line says
    how many more.
    """
    first, second = list(cells_a), list(cells_b)
    problems = [f"tweemaal in a: {key}" for key in doubles(first)] + [
        f"tweemaal in b: {key}" for key in doubles(second)
    ]
    a, b = {cell.key: cell for cell in first}, {cell.key: cell for cell in second}
    for key in sorted(a.keys() | b.keys()):
        if key not in b:
            problems.append(f"alleen in a: {name(key)}: {a[key].status} {a[key].waarde}")
        elif key not in a:
            problems.append(f"alleen in b: {name(key)}: {b[key].status} {b[key].waarde}")
        else:
            wrong = [column for column in VALUE_COLUMNS if not same(getattr(a[key], column), getattr(b[key], column))]
            if wrong:
                shown = ", ".join(f"{c}: {getattr(a[key], c)!r} <> {getattr(b[key], c)!r}" for c in wrong)
                problems.append(f"{name(key)}: {shown}")
    if len(problems) > limit:
        return [*problems[:limit], f"... en nog {len(problems) - limit}"]
    return problems


def doubles(cells: list[Cell]) -> list[str]:
    seen: set[tuple[Any, ...]] = set()
    found = []
    for cell in cells:
        if cell.key in seen:
            found.append(name(cell.key))
        seen.add(cell.key)
    return found


def name(key: tuple[Any, ...]) -> str:
    indicator, _, regio, _, periode, dimensie, categorie, bron = key
    return f"{indicator} {regio} {periode} {dimensie}={categorie} ({bron})"


def same(a: Any, b: Any) -> bool:
    if isinstance(a, float) and isinstance(b, float):
        return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9)
    return bool(a == b)
