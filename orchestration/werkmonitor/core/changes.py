"""wijzigingen.csv: every cell that differs between two releases, and why.

Only published values of both releases are read. A cell that either release masks says that it changed, never a number:
what was visible before covers what is masked now. An internal release with less protection before a public one is
guarded here too. The cause is found by comparing
the manifests; where more than one thing changed and a cell does not tell which of them did it, all are named rather
than one guessed. Sets of rows only; no files are written here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import duckdb

from werkmonitor.core.csvio import sql_text
from werkmonitor.core.datapackage import REEKSEN, REEKSEN_KEY, VISIBLE, WIJZIGINGEN, column_names
from werkmonitor.core.types import OWN

SERIES_ENTITY = "reeks"
_VALUES = [column.name for column in REEKSEN if column.name not in REEKSEN_KEY]
_KEY = ", ".join(REEKSEN_KEY)
_NUMBERS = [f"{name}_{side}" for name in ("waarde", "teller", "noemer") for side in ("oud", "nieuw")]
# Which difference between two manifests is which cause; the order is that in which they are named.
_DIGEST_CAUSES = (
    ("invoer", "nieuwe_levering"),
    ("correcties", "correctie_gewijzigd"),
    ("configuratie", "configuratie_gewijzigd"),
    ("lijsten", "lijst_gewijzigd"),
    ("code", "code_gewijzigd"),
)


@dataclass(frozen=True)
class Context:
    """What the manifests of two releases say of the difference between them."""

    causes: tuple[str, ...]
    series_delivered: bool
    division_changed: bool
    hide_old: bool


def context_of(old: Mapping[str, Any], new: Mapping[str, Any]) -> Context:
    """Compare two manifests."""
    before, after = old["samenvattingen"], new["samenvattingen"]
    causes = [cause for digest, cause in _DIGEST_CAUSES if before.get(digest) != after.get(digest)]
    if old["peildatum"] != new["peildatum"]:
        causes.append("peildatum_gewijzigd")
    if not causes and before.get("definities") != after.get("definities"):
        # A changed definition has another definitie_id, hence another cell. It explains an equal cell only when nothing
        # else does.
        causes.append("definitie_gewijzigd")
    return Context(
        causes=tuple(causes) or ("onbekend",),
        series_delivered=_series(old) != _series(new),
        division_changed=old["indeling_jaar"] != new["indeling_jaar"],
        hide_old=_less_protected(old["geheimhouding"], new["geheimhouding"]),
    )


def query(con: duckdb.DuckDBPyConnection, old: str | None, new: str, context: Context | None) -> str:
    """SQL of the changed cells between the relations `old` and `new`, sorted by the key. Without an earlier release:
    no rows."""
    if old is None or context is None:
        return f"SELECT {', '.join(f'CAST(NULL AS {column.sql}) AS {column.name}' for column in WIJZIGINGEN)} LIMIT 0"
    return f"""
        WITH oud AS (SELECT {_old_columns(con, old)}, true AS is_oud FROM {old}),
        nieuw AS (SELECT {", ".join(column_names(REEKSEN))}, true AS is_nieuw FROM {new}),
        samen AS (
            SELECT {_KEY}, {_side("oud")}, {_side("nieuw")}, {_differing_columns()} AS verschil,
                CASE WHEN is_oud IS NULL THEN 'nieuw' WHEN is_nieuw IS NULL THEN 'vervallen'
                    ELSE 'gewijzigd' END AS soort
            FROM oud FULL JOIN nieuw USING ({_KEY})
        ), gewijzigd AS (
            SELECT * FROM samen WHERE soort <> 'gewijzigd' OR verschil <> '' OR {_sql_bool(context.hide_old)}
        )
        SELECT {_output(context)} FROM gewijzigd ORDER BY {_KEY}"""


def _output(context: Context) -> str:
    expressions = {
        "soort": "soort",
        "oorzaak": _cause(context),
        "kolommen": "CASE WHEN soort = 'gewijzigd' THEN verschil END",
    }
    masked = "(status_oud = 'onderdrukt' OR status_nieuw = 'onderdrukt')"
    for name in _NUMBERS:
        expressions[name] = f"CASE WHEN NOT coalesce({masked}, false) THEN {name} END"
    expressions["kolommen"] = (
        f"CASE WHEN soort <> 'gewijzigd' THEN NULL WHEN {masked} AND status_oud <> status_nieuw THEN 'status' "
        "ELSE verschil END"
    )
    if context.hide_old:
        expressions["kolommen"] = "CAST(NULL AS VARCHAR)"
        old_names = [name for name in column_names(WIJZIGINGEN) if name.endswith("_oud")]
        kinds = {column.name: column.sql for column in WIJZIGINGEN}
        expressions |= {name: f"CAST(NULL AS {kinds[name]})" for name in old_names}
    return ", ".join(f"{expressions.get(name, name)} AS {name}" for name in column_names(WIJZIGINGEN))


def _cause(context: Context) -> str:
    return f"""CASE
        WHEN soort = 'gewijzigd' THEN {_cause_of_change(context)}
        WHEN {_sql_bool(context.division_changed)} THEN 'indeling_gewijzigd'
        WHEN soort = 'nieuw' THEN CASE
            WHEN NOT {_seen("oud", "bron")} THEN 'nieuwe_bron'
            WHEN NOT {_seen("oud", "indicator_id")} THEN 'nieuwe_indicator'
            WHEN NOT {_seen("oud", "definitie_id")} THEN 'definitie_gewijzigd'
            WHEN NOT {_seen("oud", "definitie_id", "bron", "periode")} THEN 'nieuwe_periode'
            ELSE {_run_causes(context)} END
        ELSE CASE
            WHEN NOT {_seen("nieuw", "bron")} THEN 'bron_vervallen'
            WHEN NOT {_seen("nieuw", "indicator_id")} THEN 'indicator_vervallen'
            WHEN NOT {_seen("nieuw", "definitie_id")} THEN 'definitie_gewijzigd'
            ELSE {_run_causes(context)} END
        END"""


def _cause_of_change(context: Context) -> str:
    if context.hide_old:
        # Finer causes would say how an old, less protected figure relates to the new one.
        return "'configuratie_gewijzigd'"
    provisional = ", ".join(sql_text(status) for status in VISIBLE if status != "definitief")
    return f"""CASE
        WHEN status_oud = 'nog_niet_meetbaar' AND status_nieuw <> 'nog_niet_meetbaar' THEN 'meetbaar_geworden'
        WHEN verschil = 'status' AND status_oud IN ({provisional}) AND status_nieuw = 'definitief'
            THEN 'definitief_geworden'
        ELSE {_run_causes(context)} END"""


def _run_causes(context: Context) -> str:
    """What changed between the runs. A published series of another source changes only by a delivery of series, when
    there was one."""
    everything = sql_text(";".join(context.causes))
    if not context.series_delivered:
        return everything
    return f"CASE WHEN bron <> {sql_text(OWN)} THEN 'nieuwe_levering' ELSE {everything} END"


def _seen(side: str, *columns: str) -> str:
    """Did that release have these values at all? Semi-join on the few distinct ones."""
    names = ", ".join(columns)
    return f"(({names}) IN (SELECT ({names}) FROM {side}))"


def _side(side: str) -> str:
    return ", ".join(f"{side}.{name} AS {name}_{side}" for name in _VALUES)


def _differing_columns() -> str:
    tests = (f"CASE WHEN oud.{name} IS DISTINCT FROM nieuw.{name} THEN {sql_text(name)} END" for name in _VALUES)
    return f"concat_ws(';', {', '.join(tests)})"


def _old_columns(con: duckdb.DuckDBPyConnection, old: str) -> str:
    """An older release may lack a column that was added since; its cells then read as empty."""
    present = {row[0] for row in con.execute(f"DESCRIBE SELECT * FROM {old}").fetchall()}
    return ", ".join(
        column.name if column.name in present else f"CAST(NULL AS {column.sql}) AS {column.name}" for column in REEKSEN
    )


def _series(manifest: Mapping[str, Any]) -> set[str]:
    return {item["sha256"] for item in manifest["aanleveringen"] if item["entiteit"] == SERIES_ENTITY}


def _less_protected(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """An internal release protected otherwise than the public one after it: its figures may not come out by the
    difference."""
    strengths = ("methode", "drempel", "drempel_noemer")
    return bool(new["publiek"] and not old["publiek"] and any(old[name] != new[name] for name in strengths))


def _sql_bool(value: bool) -> str:
    return "true" if value else "false"
