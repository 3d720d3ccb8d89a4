"""Which rows or cells failed a check: the query that names them, the hash over their identities, at most ten examples.

Only run for a check that found something. No person's id, pseudonym or date of birth leaves this module.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import duckdb

from werkmonitor.checks import gx
from werkmonitor.checks.definitions import ROWS, CheckDefinition, CheckSpec
from werkmonitor.checks.outcomes import MAX_EXAMPLES, Failing

# Columns that name or nearly name a person; ids of dossiers, jobs and employers lead to one as well.
_PERSONAL = re.compile(r"^(persoon|bsn|clientnummer|geboortedatum|overlijdensdatum|.*_id)$")
_NOT_PERSONAL = {"indicator_id", "definitie_id", "onderzoek_id"}


def failing_rows(
    connection: duckdb.DuckDBPyConnection, table: str, check: CheckDefinition, identity: list[str]
) -> Failing:
    """The rows of `table` that fail `check`: number, fingerprint over `identity`, examples."""
    source = failing_query(check, table, identity)
    key = ", ".join(f"coalesce({_quoted(column)}::varchar, '')" for column in identity)
    number, fingerprint = connection.execute(
        f"""
        select count(*), sha256(coalesce(string_agg(sleutel, chr(10) order by sleutel), ''))
        from (select concat_ws(chr(31), $regel, {key}) as sleutel from ({source}))
        """,
        {"regel": check.check_id},
    ).fetchall()[0]
    return Failing(number, fingerprint, _examples(connection, source, identity))


def failing_query(check: CheckDefinition, table: str, identity: list[str]) -> str:
    """The query that returns the failing rows of a check, of whatever type."""
    assert check.spec is not None
    if check.spec.type == ROWS:
        return gx.query(check).format(batch=table).strip().rstrip(";")
    columns = ", ".join(_quoted(column) for column in dict.fromkeys([*identity, *_columns(check.spec)]))
    return f"select {columns} from {table} where {_condition(check.spec)}"


def is_shareable(column: str) -> bool:
    """May a column be shown in an example?"""
    return column in _NOT_PERSONAL or not _PERSONAL.match(column)


def _columns(spec: CheckSpec) -> list[str]:
    return [spec.kwargs[name] for name in ("column", "column_A", "column_B") if name in spec.kwargs]


def _condition(spec: CheckSpec) -> str:
    """The rows that an expectation counts as unexpected, in SQL."""
    given = spec.kwargs
    if spec.type == "expect_column_pair_values_a_to_be_greater_than_b":
        operator = ">=" if given.get("or_equal") else ">"
        return f"not ({_quoted(given['column_A'])} {operator} {_quoted(given['column_B'])})"
    column = _quoted(given["column"])
    if spec.type == "expect_column_values_to_not_be_null":
        return f"{column} is null"
    if spec.type == "expect_column_values_to_be_in_set":
        return f"{column} not in ({', '.join(_literal(value) for value in given['value_set'])})"
    bounds = []
    if given.get("min_value") is not None:
        bounds.append(f"{column} < {_literal(given['min_value'])}")
    if given.get("max_value") is not None:
        bounds.append(f"{column} > {_literal(given['max_value'])}")
    return " or ".join(bounds)


def _examples(connection: duckdb.DuckDBPyConnection, source: str, identity: list[str]) -> tuple[dict[str, Any], ...]:
    order = ", ".join(_quoted(column) for column in identity)
    cursor = connection.execute(f"select * from ({source}) order by {order} limit {MAX_EXAMPLES}")
    names = [column[0] for column in cursor.description]
    shown = [(position, name) for position, name in enumerate(names) if is_shareable(name)]
    return tuple({name: _plain(row[position]) for position, name in shown} for row in cursor.fetchall())


def _plain(value: Any) -> Any:
    """A value as JSON can hold it."""
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value


def _quoted(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def _literal(value: Any) -> str:
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        return str(value)
    return "'" + str(value).replace("'", "''") + "'"
