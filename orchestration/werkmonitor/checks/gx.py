"""Great Expectations on DuckDB by push-down: the adapter, and the only module that imports Great Expectations.

Three things are done here because Great Expectations does not do them (seen with 1.24.1 on duckdb-engine 0.17.0):
the result of a query is kept before its connection goes back to the pool (duckdb-engine hands back a closed cursor);
an expectation that raised is told apart from one that failed (both say success=False); and values are never fetched,
only counted, because a value may be somebody's number. There is no project folder, no context and no network.
Not here: which rows failed (rows.py) and what the counts mean (outcomes.py).
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import duckdb

from werkmonitor.checks.definitions import ROWS, CheckDefinition

RESULT_FORMAT = {"result_format": "BASIC", "partial_unexpected_count": 0}
_ID = "controle"


@dataclass(frozen=True)
class Counted:
    """The expectation ran: how many rows do not meet it."""

    failing: int


@dataclass(frozen=True)
class Raised:
    """The expectation did not run."""

    reason: str


@dataclass(frozen=True)
class _Tools:
    """The classes that can only be made once Great Expectations is imported, which takes four seconds."""

    engine: type
    batch_data: type
    validator: type
    expectations: Any
    no_rows: type


def _tools() -> _Tools:
    # At every use: the environment may have been laid anew since the import.
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    return _imported_tools()


@cache
def _imported_tools() -> _Tools:
    import great_expectations.expectations as expectations
    from great_expectations.execution_engine import SqlAlchemyExecutionEngine
    from great_expectations.execution_engine.sqlalchemy_batch_data import SqlAlchemyBatchData
    from great_expectations.validator.validator import Validator

    # A failed expectation is a result, not something for the log; an error reaches the steward as ERROR.
    logging.getLogger("great_expectations").setLevel(logging.CRITICAL)

    class KeptResultEngine(SqlAlchemyExecutionEngine):
        """Reads the whole result while the connection is still held."""

        def execute_query(self, query: Any) -> Any:
            with self.engine.connect() as connection:
                result = connection.execute(query)
                return result.freeze()() if result.returns_rows else result

    class ExpectNoRows(expectations.UnexpectedRowsExpectation):  # type: ignore[misc]
        """`UnexpectedRowsExpectation` that runs its query once, for the count, and fetches no row."""

        metric_dependencies = ("unexpected_rows_query.row_count",)

        def _validate(
            self, metrics: dict[str, Any], runtime_configuration: Any = None, execution_engine: Any = None
        ) -> dict[str, Any]:
            found = metrics["unexpected_rows_query.row_count"]
            return {"success": found == 0, "result": {"unexpected_count": found}}

    return _Tools(KeptResultEngine, SqlAlchemyBatchData, Validator, expectations, ExpectNoRows)


def raised(exception_info: Mapping[str, Any] | None) -> str | None:
    """The reason when an expectation raised, from either shape of `exception_info`; None when it ran.

    Flat: `{"raised_exception": bool, "exception_message": ...}`. Nested: one of those per metric that was asked for.
    """
    if not exception_info:
        return None
    if "raised_exception" in exception_info:
        shapes: Iterable[Any] = [exception_info]
    else:
        shapes = exception_info.values()
    for shape in shapes:
        if isinstance(shape, Mapping) and shape.get("raised_exception"):
            return str(shape.get("exception_message") or "onbekende fout")
    return None


def measured(result: Mapping[str, Any]) -> Counted | Raised:
    """What one validation result says. Without a count it has not measured anything, whatever `success` says."""
    reason = raised(result.get("exception_info"))
    if reason is not None:
        return Raised(reason)
    count = (result.get("result") or {}).get("unexpected_count")
    if count is None:
        return Raised("Great Expectations gaf geen aantal terug")
    return Counted(int(count))


def run_expectations(
    connection: duckdb.DuckDBPyConnection, table: str, checks: list[CheckDefinition]
) -> dict[str, Counted | Raised]:
    """Run the expectations of one table (a name that the connection can see without schema); one answer a check.

    They are handed over together, so that counts over the same table share a scan. What goes wrong in one of them,
    or in all of them, is an answer too.
    """
    answers: dict[str, Counted | Raised] = {}
    configurations = []
    for check in checks:
        try:
            configurations.append(_expectation(check).configuration)
        except Exception as error:
            answers[check.check_id] = Raised(str(error))
    try:
        for result in _validate(connection, table, configurations):
            content = result.to_json_dict()
            answers[content["expectation_config"]["meta"][_ID]] = measured(content)
    except Exception as error:
        for check in checks:
            answers.setdefault(check.check_id, Raised(str(error)))
    for check in checks:
        answers.setdefault(check.check_id, Raised("Great Expectations gaf geen uitslag"))
    return answers


def query(check: CheckDefinition) -> str:
    """The query of a check of type `rijen`, with its tolerance filled in and `{batch}` left for the table."""
    assert check.spec is not None and check.spec.sql is not None
    return check.spec.sql.replace("{absoluut}", repr(check.absolute)).replace("{relatief}", repr(check.relative))


def _expectation(check: CheckDefinition) -> Any:
    assert check.spec is not None
    meta = {_ID: check.check_id}
    if check.spec.type == ROWS:
        return _tools().no_rows(unexpected_rows_query=query(check), meta=meta)
    name = "".join(part.capitalize() for part in check.spec.type.split("_"))
    return getattr(_tools().expectations, name)(**check.spec.kwargs, meta=meta)


def _validate(connection: duckdb.DuckDBPyConnection, table: str, configurations: list[Any]) -> list[Any]:
    if not configurations:
        return []
    tools = _tools()
    engine = tools.engine(engine=_sqlalchemy_engine(connection))
    engine.load_batch_data(table, tools.batch_data(execution_engine=engine, table_name=table, create_temp_table=False))
    validator = tools.validator(execution_engine=engine)
    validator.metrics_calculator.show_progress_bars = False
    return validator.graph_validate(
        configurations=configurations, runtime_configuration={"result_format": dict(RESULT_FORMAT)}
    )


def _sqlalchemy_engine(connection: duckdb.DuckDBPyConnection) -> Any:
    """An engine over the connection that is open already: temporary tables stay visible and no second one is opened."""
    import sqlalchemy
    from duckdb_engine import ConnectionWrapper
    from sqlalchemy.pool import StaticPool

    class Borrowed(ConnectionWrapper):
        """Great Expectations closes its engine when it is done; the connection is not its own to close."""

        def close(self) -> None:
            self.closed = True

    return sqlalchemy.create_engine("duckdb://", creator=lambda: Borrowed(connection), poolclass=StaticPool)
