"""vergelijkbaarheid.csv: for every indicator and pair of sources that publish it, how well their figures compare,
and why.

The same definition is `gelijk`; for other pairs of definitions only the registry can name a grade; without one it is
`onbekend`. Nothing is guessed from names, years or values.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import Any

import duckdb
import pyarrow as pa

from werkmonitor.core.datapackage import VERGELIJKBAARHEID, column_names

WEAKEST_FIRST = ("niet_vergelijkbaar", "onbekend", "vergelijkbaar", "gelijk")
Graded = tuple[str, str]


def build(con: duckdb.DuckDBPyConnection, reeksen: str, grades: Iterable[Mapping[str, Any]]) -> pa.Table:
    """The table for the published `reeksen`. `grades`: the registry's `vergelijkbaarheid`, items of
    {definitie_a, definitie_b, grade, redenen}; the order of a and b has no meaning."""
    named = {_pair(item["definitie_a"], item["definitie_b"]): _named(item) for item in grades}
    rows = []
    for indicator, by_source in _definitions(con, reeksen).items():
        for source_a, source_b in combinations(sorted(by_source, key=str.encode), 2):
            grade, reasons = _grade(by_source[source_a], by_source[source_b], named)
            rows.append((indicator, source_a, source_b, grade, reasons))
    names = column_names(VERGELIJKBAARHEID)
    columns = {name: [row[position] for row in rows] for position, name in enumerate(names)}
    return pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})


def _definitions(con: duckdb.DuckDBPyConnection, reeksen: str) -> dict[str, dict[str, set[str]]]:
    """indicator → source → definitions; one row per indicator, source and definition, not per cell."""
    found: dict[str, dict[str, set[str]]] = {}
    query = f"SELECT DISTINCT indicator_id, bron, definitie_id FROM {reeksen} ORDER BY ALL"
    for indicator, source, definition in con.execute(query).fetchall():
        found.setdefault(indicator, {}).setdefault(source, set()).add(definition)
    return found


def _grade(left: set[str], right: set[str], named: Mapping[frozenset[str], Graded]) -> Graded:
    """The weakest grade of the definitions that meet: a shared one meets itself, the others meet all of the other
    source."""
    met = [_same(definition) for definition in sorted(left & right)]
    for definition in sorted(left ^ right):
        others = right if definition in left else left
        met.extend(_other(definition, other, named) for other in sorted(others))
    ordered = sorted(met, key=lambda item: WEAKEST_FIRST.index(item[0]))
    reasons = list(dict.fromkeys(reason for _, reason in ordered))
    return ordered[0][0], "; ".join(reasons)


def _same(definition: str) -> Graded:
    return "gelijk", f"zelfde definitie {definition}"


def _other(left: str, right: str, named: Mapping[frozenset[str], Graded]) -> Graded:
    first, second = sorted((left, right))
    grade, reason = named.get(_pair(left, right), ("onbekend", "het register noemt geen graad"))
    return grade, f"{first} en {second}: {reason}"


def _named(item: Mapping[str, Any]) -> Graded:
    grade, reasons = item["grade"], item.get("redenen", ())
    if grade not in WEAKEST_FIRST:
        raise ValueError(f"Het register noemt een onbekende graad van vergelijkbaarheid: {grade}")
    return grade, reasons if isinstance(reasons, str) else ", ".join(reasons)


def _pair(left: str, right: str) -> frozenset[str]:
    return frozenset((left, right))
