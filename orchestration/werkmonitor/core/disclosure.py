"""Disclosure control: from the figures of the candidate (`main.pub_cijfers`) to exactly what is published
(`gepubliceerd.reeksen`).

A method is one SQL query over `invoer_cijfers` (the checked figures); `apply` checks what goes in, runs the method
of the settings and checks what comes out. Computing figures is dbt's work; writing files is `release`'s. Nothing but
this module decides what is shown.

meettype tells how a row is treated: `aantal` (a count), `percentage` (teller and noemer), `curve` (an estimate per
month since outflow), `reeks` and `index` (figures that somebody else published already: pass unchanged).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import duckdb

from werkmonitor.core.csvio import sql_text
from werkmonitor.core.datapackage import REEKSEN, REEKSEN_KEY, STATUSES, VISIBLE, column_names
from werkmonitor.core.types import ConfigurationError, WerkmonitorError
from werkmonitor.core.workspace import NightFolder
from werkmonitor.settings import DisclosureSettings, Settings

MEETTYPES = ("aantal", "percentage", "curve", "reeks", "index")
PUBLISHED_ALREADY = ("reeks", "index")
ROUND_TO = 5
_KEY = ", ".join(REEKSEN_KEY)
_CURVE = ", ".join(name for name in REEKSEN_KEY if name != "categorie")


def apply(settings: Settings, night: NightFolder) -> None:
    """Make `gepubliceerd.reeksen` in the candidate database, with the columns of contract 3, sorted by its key."""
    check_allowed(settings)
    with duckdb.connect(str(night.candidate)) as con:
        apply_to(con, settings.geheimhouding)


def check_allowed(settings: Settings) -> None:
    """Refuse a method that may not be used; to be called before the night begins as well as here."""
    chosen = settings.geheimhouding
    if chosen.methode == "geen" and chosen.publiek:
        raise ConfigurationError(
            '[geheimhouding] methode = "geen" mag alleen als publiek = false. Kies "afronden" of zet publiek op false.'
        )
    if chosen.methode not in METHODS:
        raise ConfigurationError(
            f'[geheimhouding] methode = "{chosen.methode}" kan deze versie nog niet. Kies "afronden" (of "geen" met '
            "publiek = false)."
        )


def apply_to(con: duckdb.DuckDBPyConnection, chosen: DisclosureSettings) -> None:
    """The same on an open connection: all of it or nothing."""
    con.execute("BEGIN")
    try:
        con.execute("CREATE OR REPLACE TEMP VIEW invoer_cijfers AS SELECT * FROM main.pub_cijfers")
        _check_figures(con)
        con.execute("CREATE SCHEMA IF NOT EXISTS gepubliceerd")
        con.execute(
            f"CREATE OR REPLACE TABLE gepubliceerd.reeksen AS SELECT {_typed_columns()} FROM "
            f"({METHODS[chosen.methode](chosen)}) ORDER BY {_KEY}"
        )
        con.execute("DROP VIEW invoer_cijfers")
        con.execute("COMMIT")
    except BaseException:
        con.execute("ROLLBACK")
        raise


def _unmasked(_: DisclosureSettings) -> str:
    return "SELECT * FROM invoer_cijfers"


def _rounded(chosen: DisclosureSettings) -> str:
    """`afronden` (contract 3 and §6 of our reading): every count on its own, rates from the rounded counts, whole
    percents."""
    counts = ("teller", "noemer", "n_niet_volgbaar", "n_risico")
    rounded = ", ".join(f"{_rounded_count(name, chosen.drempel)} AS {name}_r" for name in counts)
    masked = ", ".join(f"{name} IS NOT NULL AND {name}_r IS NULL AS {name}_geheim" for name in counts)
    shown = ", ".join(f"CASE WHEN al_gepubliceerd THEN {name} ELSE {name}_r END AS {name}" for name in counts)
    bounds = ", ".join(
        f"CASE WHEN al_gepubliceerd THEN {name} WHEN NOT verborgen THEN {_whole(name)} END AS {name}"
        for name in ("ondergrens", "bovengrens")
    )
    return f"""
        WITH afgerond AS (
            SELECT *, {rounded}, meettype IN {_sql_list(PUBLISHED_ALREADY)} AS al_gepubliceerd,
                -- A curve is shown only when it starts with at least drempel persons: n_risico falls with the months.
                max(n_risico) OVER (PARTITION BY {_CURVE}) AS n_begin
            FROM invoer_cijfers
        ), gemaskeerd AS (
            SELECT *, {masked} FROM afgerond
        ), beslist AS (
            SELECT *, NOT al_gepubliceerd AND status IN {_sql_list(VISIBLE)} AND coalesce(CASE meettype
                WHEN 'aantal' THEN teller_geheim
                WHEN 'percentage' THEN teller_geheim OR noemer_geheim OR noemer_r < {chosen.drempel_noemer}
                WHEN 'curve' THEN n_begin < {chosen.drempel}
            END, true) AS verborgen FROM gemaskeerd
        )
        SELECT * REPLACE (
            CASE
                WHEN al_gepubliceerd THEN waarde
                WHEN verborgen THEN NULL
                WHEN status NOT IN {_sql_list(VISIBLE)} THEN NULL
                WHEN meettype = 'aantal' THEN teller_r
                -- Integers throughout: whole percents with halves up, exact.
                WHEN meettype = 'percentage' THEN (200 * teller_r + noemer_r) // (2 * noemer_r)
                ELSE {_whole("waarde")}
            END AS waarde,
            {bounds}, {shown},
            CASE WHEN verborgen THEN 'onderdrukt' ELSE status END AS status
        ) FROM beslist"""


METHODS: dict[str, Callable[[DisclosureSettings], str]] = {"afronden": _rounded, "geen": _unmasked}


def _rounded_count(name: str, threshold: int) -> str:
    """0 stays 0; 1..drempel-1 is masked (NULL), and so is what would read 0 without being it; else the nearest
    multiple of 5."""
    nearest = f"({name} + {ROUND_TO // 2}) // {ROUND_TO} * {ROUND_TO}"
    return f"CASE WHEN {name} = 0 THEN 0 WHEN {name} >= {threshold} THEN nullif({nearest}, 0) END"


def _whole(name: str) -> str:
    """A whole percent, halves up. Rounded at nine decimals first: 12.5 that was computed as 12.499999999999996 is
    still 12.5."""
    return f"floor(round({name}, 9) + 0.5)"


def _typed_columns() -> str:
    return ", ".join(f"CAST({column.name} AS {column.sql}) AS {column.name}" for column in REEKSEN)


def _sql_list(values: tuple[str, ...]) -> str:
    return "(" + ", ".join(sql_text(value) for value in values) + ")"


def _check_figures(con: duckdb.DuckDBPyConnection) -> None:
    """Figures that break the shape of contract 3 are a fault of the program: better no release than a number that
    should be hidden."""
    _check_columns(con)
    for condition, problem in _faults():
        _refuse_rows(con, f"SELECT {_KEY} FROM invoer_cijfers WHERE {condition}", problem)
    duplicates = f"SELECT {_KEY} FROM invoer_cijfers GROUP BY ALL HAVING count(*) > 1"
    _refuse_rows(con, duplicates, "een sleutel die meer dan eens voorkomt")


def _faults() -> Iterator[tuple[str, str]]:
    """What may not occur: an SQL condition and its name in Dutch."""
    shown, own = f"status IN {_sql_list(VISIBLE)}", f"meettype NOT IN {_sql_list(PUBLISHED_ALREADY)}"
    statuses = _sql_list(tuple(code for code, _ in STATUSES))
    counts = "teller, noemer, n_niet_volgbaar, n_risico"
    yield f"meettype IS NULL OR meettype NOT IN {_sql_list(MEETTYPES)}", "een onbekend meettype"
    yield f"status IS NULL OR status NOT IN {statuses}", "een onbekende status"
    yield " OR ".join(f"{name} IS NULL" for name in REEKSEN_KEY), "een lege sleutelkolom"
    yield f"{shown} AND {own} AND waarde IS NULL", "een getoonde status zonder waarde"
    yield f"NOT {shown} AND waarde IS NOT NULL", "een waarde bij een status die er geen heeft"
    hidden = f"{own} AND NOT {shown} AND status <> 'nvt'"
    yield f"{hidden} AND coalesce({counts}) IS NOT NULL", "een aantal zonder getoonde status"
    yield f"{shown} AND meettype = 'aantal' AND waarde IS DISTINCT FROM teller", "waarde en teller die verschillen"
    yield f"{shown} AND meettype = 'percentage' AND coalesce(noemer, 0) = 0", "een percentage zonder noemer"
    yield f"least({counts}) < 0", "een negatief aantal"
    yield "NOT isfinite(waarde)", "een waarde die geen getal is"


def _check_columns(con: duckdb.DuckDBPyConnection) -> None:
    present = {row[0] for row in con.execute("DESCRIBE invoer_cijfers").fetchall()}
    missing = [name for name in (*column_names(REEKSEN), "meettype") if name not in present]
    if missing:
        raise WerkmonitorError(
            f"De tabel pub_cijfers mist de kolom(men) {', '.join(missing)}. Dit is een fout in het programma."
        )


def _refuse_rows(con: duckdb.DuckDBPyConnection, query: str, problem: str) -> None:
    """Cells are named by their key: indicator, region and period, never a person."""
    found = con.execute(f"SELECT count(*) FROM ({query})").fetchone()
    if not found or not found[0]:
        return
    first = con.execute(f"{query} ORDER BY ALL LIMIT 3").fetchall()
    cells = "; ".join(" / ".join(str(part) for part in cell) for cell in first)
    raise WerkmonitorError(
        f"De cijfers bevatten {found[0]} cel(len) met {problem}, zoals {cells}. Dit is een fout in het programma; er "
        "is niets gepubliceerd."
    )
