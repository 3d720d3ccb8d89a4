"""Disclosure control: from the figures of the candidate (`main.pub_cijfers`) to exactly what is published
(`gepubliceerd.reeksen`).

A method is one SQL query over `invoer_cijfers` (the checked figures); `apply` checks what goes in, runs the method
of the settings and checks what comes out. Computing figures is dbt's work; writing files is `release`'s. Nothing but
this module decides what is shown.

meettype tells how a row is treated: `aantal` (a count), `percentage` (teller and noemer), `curve` (an estimate per
month since outflow), `gemiddelde` (also a median) and `som` (of amounts of persons), `werkgevers` (a count of
employers), `reeks` and `index` (figures that somebody else published already) and `vrij` (accounts, which are of no
person): these three pass unchanged. A mean of the counts of months (`maandgemiddelde` of the registry) is a count
here: three times that of a quarter is the sum of its months.

A row of persons' amounts or of employers says on how many it rests in columns that pub_cijfers may have and that are
never published: `n_personen`, `n_werkgevers`, `grootste_aandeel` (of one employer, 0 to 1). Left out is unknown, and
unknown is not shown. Which cells `onderdrukken` masks is in `core/suppression`, which sums are masked as cover for
others (by both methods) in `core/sum_cover`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import duckdb

from werkmonitor.core import sum_cover, suppression
from werkmonitor.core.csvio import sql_text
from werkmonitor.core.datapackage import REEKSEN, REEKSEN_KEY, STATUSES, VISIBLE, column_names
from werkmonitor.core.registry import indicators, load_registry
from werkmonitor.core.release_store import current_release, manifest_of, public_release, release_paths
from werkmonitor.core.suppression import MASK_TABLE, MaskHistory
from werkmonitor.core.types import ConfigurationError, WerkmonitorError
from werkmonitor.core.workspace import NightFolder, Workspace
from werkmonitor.settings import DisclosureSettings, Settings

AMOUNTS = ("gemiddelde", "som")
PASS_UNCHANGED = ("reeks", "index", "vrij")
MONTH_MEAN = "maandgemiddelde"
MEETTYPES = ("aantal", "percentage", "curve", *AMOUNTS, "werkgevers", MONTH_MEAN, *PASS_UNCHANGED)
ROUND_TO = 5
LEAST_EMPLOYERS, LARGEST_SHARE = 3, 0.5
# Of what a row is and what it rests on; a candidate without such rows need not have these columns.
BASIS = {"thema": "VARCHAR", "n_personen": "BIGINT", "n_werkgevers": "BIGINT", "grootste_aandeel": "DOUBLE"}
_KEY = ", ".join(REEKSEN_KEY)
_CURVE = ", ".join(name for name in REEKSEN_KEY if name != "categorie")


def apply(settings: Settings, night: NightFolder, history: MaskHistory | None = None) -> None:
    """Make `gepubliceerd.reeksen` in the candidate database, with the columns of contract 3, sorted by its key.

    `history` (see `history_of`) keeps masked what earlier releases masked; it matters to `onderdrukken` only.
    """
    check_allowed(settings)
    with duckdb.connect(str(night.candidate)) as con:
        apply_to(con, settings.geheimhouding, history)
        if history is not None and settings.geheimhouding.methode == "onderdrukken":
            keep = [manifest_of(path)["kandidaat"] for path in release_paths(settings)]
            history.remember(con, "main.pub_cijfers", "gepubliceerd.reeksen", keep)


def history_of(settings: Settings, key: bytes, candidate: str) -> MaskHistory:
    """What readers have: the current release and the newest public one."""
    live = tuple(path for path in (current_release(settings), public_release(settings)) if path is not None)
    return MaskHistory(Workspace(settings.monitor.werkmap).masks, key, candidate, live)


def check_allowed(settings: Settings) -> None:
    """Refuse a method that may not be used; to be called before the night begins as well as here."""
    chosen = settings.geheimhouding
    if chosen.methode == "geen" and chosen.publiek:
        raise ConfigurationError(
            '[geheimhouding] methode = "geen" mag alleen als publiek = false. Kies "afronden" of zet publiek op false.'
        )
    if chosen.methode not in METHODS:
        raise ConfigurationError(
            f'[geheimhouding] methode = "{chosen.methode}" bestaat niet. Kies "afronden", "onderdrukken", of "geen" '
            "met publiek = false."
        )


def apply_to(con: duckdb.DuckDBPyConnection, chosen: DisclosureSettings, history: MaskHistory | None = None) -> None:
    """The same on an open connection: all of it or nothing."""
    con.execute("BEGIN")
    try:
        con.execute(f"CREATE OR REPLACE TEMP VIEW invoer_cijfers AS {_with_basis(con)}")
        _check_figures(con)
        if chosen.methode == "onderdrukken":
            suppression.prepare(con, chosen.drempel, history, strict=chosen.strengheid == "streng")
        con.execute("CREATE SCHEMA IF NOT EXISTS gepubliceerd")
        con.execute(f"CREATE OR REPLACE TEMP TABLE uitkomst AS {METHODS[chosen.methode](chosen)}")
        if chosen.methode != "geen":
            sum_cover.prepare(con, chosen.drempel, "invoer_cijfers", "uitkomst")
            _mask_cover(con)
        con.execute(
            f"CREATE OR REPLACE TABLE gepubliceerd.reeksen AS SELECT {_typed_columns()} FROM uitkomst ORDER BY {_KEY}"
        )
        con.execute("DROP TABLE temp.uitkomst")
        con.execute("DROP VIEW invoer_cijfers")
        con.execute(f"DROP TABLE IF EXISTS temp.{MASK_TABLE}")
        con.execute("COMMIT")
    except BaseException:
        con.execute("ROLLBACK")
        raise


def _mask_cover(con: duckdb.DuckDBPyConnection) -> None:
    """Mask the rows of `core/sum_cover`."""
    numbers = ("waarde", "ondergrens", "bovengrens", "teller", "noemer", "n_niet_volgbaar", "n_risico")
    same = " AND ".join(f"uitkomst.{name} = dekking.{name}" for name in REEKSEN_KEY)
    con.execute(
        f"UPDATE uitkomst SET {', '.join(f'{name} = NULL' for name in numbers)}, status = 'onderdrukt' "
        f"FROM {sum_cover.COVER_TABLE} AS dekking WHERE {same}"
    )
    con.execute(f"DROP TABLE temp.{sum_cover.COVER_TABLE}")


def _unmasked(_: DisclosureSettings) -> str:
    return "SELECT * FROM invoer_cijfers"


def _rounded(chosen: DisclosureSettings) -> str:
    """`afronden` (contract 3 and §6 of our reading): every count on its own, rates from the rounded counts, whole
    percents."""
    counts = ("teller", "noemer", "n_niet_volgbaar", "n_risico")
    rounded = ", ".join(f"{_rounded_count(name, chosen.drempel)} AS {name}_r" for name in counts)
    rounded += f", {_rounded_mean('waarde', chosen.drempel)} AS maandgemiddelde_r"
    masked = ", ".join(f"{name} IS NOT NULL AND {name}_r IS NULL AS {name}_geheim" for name in counts)
    shown = ", ".join(f"CASE WHEN ongemoeid THEN {name} ELSE {name}_r END AS {name}" for name in counts)
    bounds = ", ".join(
        f"CASE WHEN ongemoeid THEN {name} WHEN NOT verborgen THEN {_whole(name)} END AS {name}"
        for name in ("ondergrens", "bovengrens")
    )
    return f"""
        WITH afgerond AS (
            SELECT *, {rounded}, meettype IN {_sql_list(PASS_UNCHANGED)} AS ongemoeid,
                -- A curve is shown only when it starts with at least drempel persons: n_risico falls with the months.
                max(n_risico) OVER (PARTITION BY {_CURVE}) AS n_begin
            FROM invoer_cijfers
        ), gemaskeerd AS (
            SELECT *, {masked} FROM afgerond
        ), beslist AS (
            SELECT *, NOT ongemoeid AND status IN {_sql_list(VISIBLE)} AND coalesce(CASE meettype
                WHEN 'aantal' THEN teller_geheim
                WHEN 'percentage' THEN teller_geheim OR noemer_geheim OR noemer_r < {chosen.drempel_noemer}
                WHEN 'curve' THEN n_begin < {chosen.drempel}
                WHEN 'werkgevers' THEN teller_geheim OR {_too_few(chosen.drempel)}
                WHEN '{MONTH_MEAN}' THEN maandgemiddelde_r IS NULL
                ELSE {_too_few(chosen.drempel)}
            END, true) AS verborgen FROM gemaskeerd
        )
        SELECT * REPLACE (
            CASE
                WHEN ongemoeid THEN waarde
                WHEN verborgen THEN NULL
                WHEN status NOT IN {_sql_list(VISIBLE)} THEN NULL
                WHEN meettype IN ('aantal', 'werkgevers') THEN teller_r
                WHEN meettype = '{MONTH_MEAN}' THEN maandgemiddelde_r
                -- Integers throughout: whole percents with halves up, exact.
                WHEN meettype = 'percentage' THEN (200 * teller_r + noemer_r) // (2 * noemer_r)
                WHEN meettype = 'curve' THEN {_whole("waarde")}
                ELSE waarde
            END AS waarde,
            {bounds}, {shown},
            CASE WHEN verborgen THEN 'onderdrukt' ELSE status END AS status
        ) FROM beslist"""


def _suppressed(chosen: DisclosureSettings) -> str:
    """`onderdrukken` (contract 3 and §6 of our reading): what `core/suppression` masks is masked for every measure of
    the cell; the rest is exact. A curve has no counts of its own to mask: it follows the total of its region and year,
    and reads whole percents, because exact ones give the number that returned in each month."""
    places = ", ".join(f"c.{name}" for name in ("regio_code", "periode"))
    parts = ", ".join(
        f"CASE WHEN c.meettype = 'curve' THEN 'totaal' ELSE c.{name} END" for name in ("dimensie", "categorie")
    )
    counts = ", ".join(f"CASE WHEN NOT gemaskeerd THEN {name} END AS {name}" for name in ("teller", "noemer"))
    # A cell may be visible beside a small n_niet_volgbaar: the number itself is then not shown.
    counts += f""", CASE WHEN NOT gemaskeerd AND (n_niet_volgbaar = 0 OR n_niet_volgbaar >= {chosen.drempel})
        THEN n_niet_volgbaar END AS n_niet_volgbaar"""
    bounds = ", ".join(
        f"CASE WHEN verborgen THEN NULL WHEN meettype = 'curve' THEN {_whole(name)} ELSE {name} END AS {name}"
        for name in ("ondergrens", "bovengrens")
    )
    own = f"meettype NOT IN {_sql_list(PASS_UNCHANGED)}"
    return f"""
        WITH geteld AS (
            SELECT c.*, {own} AND coalesce(m.regio_code, g.regio_code, o.regio_code) IS NOT NULL AS gemaskeerd,
                max(c.n_risico) OVER (PARTITION BY {_in(_CURVE, "c")}) AS n_begin
            FROM invoer_cijfers AS c
            LEFT JOIN {MASK_TABLE} AS m
                ON (m.thema, m.regio_code, m.periode, m.dimensie, m.categorie)
                    = (coalesce(c.thema, ''), {places}, {parts})
            LEFT JOIN ({_with_a_masked_month()}) AS g
                ON c.meettype = '{MONTH_MEAN}' AND (g.thema, g.regio_code, g.periode, g.dimensie, g.categorie)
                    = (coalesce(c.thema, ''), {places}, {parts})
            LEFT JOIN {MASK_TABLE} AS o
                ON (o.thema, o.regio_code, o.periode, o.dimensie, o.categorie) = ({_other_theme()}, {places}, {parts})
        ), beslist AS (
            SELECT *, {own} AND status IN {_sql_list(VISIBLE)} AND coalesce(CASE
                WHEN gemaskeerd THEN true
                WHEN meettype = 'curve' THEN n_begin < {chosen.drempel}
                    OR (waarde > 0 AND waarde * n_begin < 100 * ({chosen.drempel} - 0.5))
                WHEN meettype IN {_sql_list((*AMOUNTS, "werkgevers"))} THEN {_too_few(chosen.drempel)}
                ELSE false
            END, true) AS verborgen FROM geteld
        )
        SELECT * REPLACE (
            CASE WHEN verborgen THEN NULL WHEN meettype = 'curve' THEN {_whole("waarde")} ELSE waarde END AS waarde,
            {bounds}, {counts},
            CASE WHEN meettype IN {_sql_list(PASS_UNCHANGED)} THEN n_risico
                WHEN NOT verborgen THEN {_rounded_count("n_risico", chosen.drempel)} END AS n_risico,
            CASE WHEN verborgen THEN 'onderdrukt' ELSE status END AS status
        ) FROM beslist"""


def _other_theme() -> str:
    """Of a share with a number of another thema: that thema; else none."""
    cases = (f"WHEN {sql_text(one.indicator)} THEN {sql_text(one.thema)}" for one in load_registry().ook_van_thema)
    return f"CASE c.indicator_id {' '.join(cases)} END"


def _with_a_masked_month() -> str:
    """The quarters and years of masked months: an exact mean would give the month back."""
    quarter = "substr(periode, 1, 4) || 'KW0' || ((substr(periode, 7, 2)::INTEGER + 2) // 3)"
    return f"""SELECT DISTINCT * EXCLUDE (periode), unnest([{quarter}, substr(periode, 1, 4) || 'JJ00']) AS periode
        FROM {MASK_TABLE} WHERE periode[5:6] = 'MM'"""


def _too_few(threshold: int) -> str:
    """Means, medians and sums on fewer than drempel persons, or told by one or two employers. What is not known is too
    few; employers count where the row names them, and always for a count of employers."""
    employers = f"n_werkgevers < {LEAST_EMPLOYERS} OR grootste_aandeel IS NULL OR grootste_aandeel > {LARGEST_SHARE}"
    return f"""CASE WHEN meettype = 'werkgevers' OR n_werkgevers IS NOT NULL THEN coalesce({employers}, true)
        ELSE false END OR (meettype <> 'werkgevers' AND coalesce(n_personen, 0) < {threshold})"""


METHODS: dict[str, Callable[[DisclosureSettings], str]] = {
    "afronden": _rounded,
    "onderdrukken": _suppressed,
    "geen": _unmasked,
}


def _in(names: str, alias: str) -> str:
    return ", ".join(f"{alias}.{name}" for name in names.split(", "))


def _with_basis(con: duckdb.DuckDBPyConnection) -> str:
    """The figures with every column of BASIS, empty where the candidate has none; means of months by their name."""
    present = {row[0] for row in con.execute("DESCRIBE main.pub_cijfers").fetchall()}
    missing = [f"CAST(NULL AS {kind}) AS {name}" for name, kind in BASIS.items() if name not in present]
    means = _sql_list(tuple(one.indicator_id for one in indicators(load_registry()) if one.family.maandgemiddelde))
    kind = f"CASE WHEN meettype = 'gemiddelde' AND indicator_id IN {means} THEN '{MONTH_MEAN}' ELSE meettype END"
    return f"SELECT {', '.join([f'* REPLACE ({kind} AS meettype)', *missing])} FROM main.pub_cijfers"


def _rounded_count(name: str, threshold: int) -> str:
    """0 stays 0; 1..drempel-1 is masked (NULL), and so is what would read 0 without being it; else the nearest
    multiple of 5."""
    nearest = f"({name} + {ROUND_TO // 2}) // {ROUND_TO} * {ROUND_TO}"
    return f"CASE WHEN {name} = 0 THEN 0 WHEN {name} >= {threshold} THEN nullif({nearest}, 0) END"


def _rounded_mean(name: str, threshold: int) -> str:
    """The same for a mean of counts, which need not be whole; halves up, with the care of `_whole`."""
    exact = f"round({name}, 9)"
    nearest = f"floor({exact} / {ROUND_TO} + 0.5) * {ROUND_TO}"
    return f"CASE WHEN {exact} = 0 THEN 0 WHEN {exact} >= {threshold} THEN nullif({nearest}, 0) END"


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
    shown, own = f"status IN {_sql_list(VISIBLE)}", f"meettype NOT IN {_sql_list(PASS_UNCHANGED)}"
    statuses = _sql_list(tuple(code for code, _ in STATUSES))
    counts = "teller, noemer, n_niet_volgbaar, n_risico"
    yield f"meettype IS NULL OR meettype NOT IN {_sql_list(MEETTYPES)}", "een onbekend meettype"
    yield f"status IS NULL OR status NOT IN {statuses}", "een onbekende status"
    yield " OR ".join(f"{name} IS NULL" for name in REEKSEN_KEY), "een lege sleutelkolom"
    yield f"{shown} AND {own} AND waarde IS NULL", "een getoonde status zonder waarde"
    yield f"NOT {shown} AND waarde IS NOT NULL", "een waarde bij een status die er geen heeft"
    hidden = f"{own} AND NOT {shown} AND status <> 'nvt'"
    yield f"{hidden} AND coalesce({counts}) IS NOT NULL", "een aantal zonder getoonde status"
    yield (
        f"{shown} AND meettype IN ('aantal', 'werkgevers') AND waarde IS DISTINCT FROM teller",
        "waarde en teller die verschillen",
    )
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
