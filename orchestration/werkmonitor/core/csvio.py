"""CSV as contract 3 wants it, written by DuckDB: no row passes through Python.

Two dialects: the plain one (comma, decimal point, LF) and the one that a Dutch Excel opens by a double click (`;`,
decimal comma, byte-order mark). Which columns a file has is known by its writer; this module knows only how a value
looks.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

BYTE_ORDER_MARK = "\ufeff"
FLOATING = {"DOUBLE", "FLOAT"}


def number_text(expression: str, *, decimal_comma: bool = False) -> str:
    """SQL for a double as text: the shortest that reads back as the same number, whole ones without `.0`.

    DuckDB's cast gives the shortest round trip, the same text as Python's repr; adding 0.0 turns -0.0 into 0.
    """
    text = f"regexp_replace(CAST({expression} + 0.0 AS VARCHAR), '\\.0$', '')"
    return f"replace({text}, '.', ',')" if decimal_comma else text


def write_csv(con: duckdb.DuckDBPyConnection, query: str, path: Path, *, excel: bool = False) -> None:
    """Write the rows of `query`, in its order, to `path`."""
    described = con.execute(f"DESCRIBE {query}").fetchall()
    columns = [
        _column(name, kind, excel=excel, first=position == 0) for position, (name, kind, *_) in enumerate(described)
    ]
    options = f"FORMAT csv, HEADER true, DELIMITER '{';' if excel else ','}', NULL ''"
    con.execute(f"COPY (SELECT {', '.join(columns)} FROM ({query})) TO {sql_text(str(path))} ({options})")


def sql_text(value: str) -> str:
    """A text as an SQL literal."""
    return "'" + value.replace("'", "''") + "'"


def sql_name(value: str) -> str:
    """A name as a quoted SQL identifier."""
    return '"' + value.replace('"', '""') + '"'


def _column(name: str, kind: str, *, excel: bool, first: bool) -> str:
    # The mark goes in front of the first heading: COPY cannot write bytes of its own before the header.
    heading = BYTE_ORDER_MARK + name if excel and first else name
    value = number_text(sql_name(name), decimal_comma=excel) if kind in FLOATING else sql_name(name)
    return f"{value} AS {sql_name(heading)}"
