"""Figures that are made of published figures: index, doelbereik and kosten per uitstroom, added to
`gepubliceerd.reeksen` after disclosure control.

Made of what is shown, so that they say nothing that is not: an index of a masked year is masked, and whether a target
was reached can be judged by every reader from the same numbers. What belongs here: these figures and the verdict on
targets, in SQL. What does not: figures of the registrations (dbt), what is masked (core/disclosure), sentences
(report).

Leaves two tables beside `reeksen`: `gepubliceerd.afgeleid`, the rows that were added, and `gepubliceerd.doelen`, every
target with the figure it is about and the verdict, also of a target that no indicator answers.
"""

from __future__ import annotations

from itertools import takewhile

import duckdb
import pyarrow as pa

from werkmonitor.core.csvio import sql_text
from werkmonitor.core.datapackage import REEKSEN, REEKSEN_KEY, STATUSES, VISIBLE, column_names
from werkmonitor.core.registry import Indicator, indicators, load_registry
from werkmonitor.core.types import OWN
from werkmonitor.core.workspace import NightFolder
from werkmonitor.settings import Settings

OWN_SQL = sql_text(OWN)
NO_ROWS = "SELECT * FROM gepubliceerd.afgeleid LIMIT 0"
LEAST_BASE = 20  # contract 2, item 13
BEHAALD, NIET_BEHAALD, NIET_TE_BEPALEN = "behaald", "niet behaald", "niet te bepalen"
# A cost, and of what number it is the cost per one.
COST_PER = (("kosten_per_uitstroom", "uitstroom_werk_reden"), ("kosten_per_plaatsing", "plaatsingen_werk"))
_SHOWN = "(" + ", ".join(sql_text(status) for status in VISIBLE) + ")"
# The statuses stand in the order in which they apply (contract 3).
_BEFORE_NVT = f"({', '.join(map(sql_text, takewhile(lambda name: name != 'nvt', (name for name, _ in STATUSES))))})"
_NAMES = ", ".join(column_names(REEKSEN))


def apply(settings: Settings, night: NightFolder) -> None:
    """Add the derived figures to the published ones of a night."""
    with duckdb.connect(str(night.candidate)) as con:
        add(con, settings.parameters.index_basisjaar)


def add(con: duckdb.DuckDBPyConnection, base_year: int) -> None:
    """The same on an open connection with `gepubliceerd.reeksen` and `invoer.doelstelling`; all of it or nothing."""
    con.execute("BEGIN")
    try:
        con.execute(f"CREATE OR REPLACE TEMP TABLE _eigen AS SELECT * FROM gepubliceerd.reeksen WHERE bron = {OWN_SQL}")
        con.execute("CREATE OR REPLACE TABLE gepubliceerd.afgeleid AS SELECT * FROM gepubliceerd.reeksen LIMIT 0")
        _lay_names_ready(con)
        _keep(con, [*(_cost(*pair) for pair in COST_PER), _index(base_year)])
        # After the others: a target may be about one of them.
        con.execute(f"CREATE OR REPLACE TABLE gepubliceerd.doelen AS {_targets()}")
        _keep(con, [_attainment()])
        con.execute(
            f"""CREATE OR REPLACE TABLE gepubliceerd.reeksen AS SELECT * FROM (
                SELECT {_NAMES} FROM gepubliceerd.reeksen UNION ALL SELECT {_NAMES} FROM gepubliceerd.afgeleid
            ) ORDER BY {", ".join(REEKSEN_KEY)}"""
        )
        con.execute("DROP TABLE _eigen")
        con.execute("COMMIT")
    except BaseException:
        con.execute("ROLLBACK")
        raise


def _keep(con: duckdb.DuckDBPyConnection, queries: list[str]) -> None:
    """Add what the queries give to the derived rows, and to the figures that later ones may be about. A kind of figure
    leaves out the columns that it does not have."""
    rows = " UNION ALL BY NAME ".join(f"({query})" for query in (NO_ROWS, *queries))
    con.execute(f"CREATE OR REPLACE TEMP TABLE _nieuw AS SELECT {_NAMES} FROM ({rows})")
    for table in ("gepubliceerd.afgeleid", "_eigen"):
        con.execute(f"INSERT INTO {table} SELECT * FROM _nieuw")
    con.execute("DROP TABLE _nieuw")


def has_index(indicator: Indicator) -> bool:
    """Counts have an index; where people are at a horizon after outflow is a division of a count that has one."""
    return indicator.openbaarmaking == "aantal" and indicator.horizon is None and not indicator.family.maandgemiddelde


def _lay_names_ready(con: duckdb.DuckDBPyConnection) -> None:
    """`_met_index`: indicators that have one. `_bedoeld`: which cell a target means by a name of the registry."""
    published = indicators(load_registry())
    meant = [(one.indicator_id, one.indicator_id, "totaal", "totaal") for one in published]
    meant += [
        (alias, one.indicator_id, cell.dimensie, cell.categorie)
        for one in published
        for alias, cell in one.family.aliassen.items()
    ]
    _table(con, "_met_index", {"indicator_id": [one.indicator_id for one in published if has_index(one)]})
    columns = zip(*meant, strict=True)
    names = ("naam", "indicator_id", "dimensie", "categorie")
    _table(con, "_bedoeld", {name: list(values) for name, values in zip(names, columns, strict=True)})


def _table(con: duckdb.DuckDBPyConnection, name: str, columns: dict[str, list[str]]) -> None:
    con.register("_arrow", pa.table({key: pa.array(values, pa.string()) for key, values in columns.items()}))
    con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM _arrow")
    con.unregister("_arrow")


def _index(base_year: int) -> str:
    """Every own yearly total that is a count, on one base year; over a masked, absent or small base there is none.
    It carries every break between its base and its year."""
    usable = f"basis.waarde >= {LEAST_BASE}"
    return f"""
        WITH jaar AS (
            SELECT * FROM _eigen SEMI JOIN _met_index USING (indicator_id)
            WHERE dimensie = 'totaal' AND periode LIKE '____JJ00'
        ), basis AS (
            SELECT * FROM jaar WHERE periode = '{base_year}JJ00'
        ), breuk AS (
            SELECT indicator_id, definitie_id, regio_code, periode AS vanaf, unnest(string_split(reeksbreuk, ' ')) AS id
            FROM jaar
        ), breuken AS (
            SELECT indicator_id, definitie_id, regio_code, jaar.periode, string_agg(DISTINCT id, ' ' ORDER BY id) AS ids
            FROM jaar JOIN breuk USING (indicator_id, definitie_id, regio_code)
            WHERE vanaf > least(jaar.periode, '{base_year}JJ00') AND vanaf <= greatest(jaar.periode, '{base_year}JJ00')
            GROUP BY ALL
        )
        SELECT 'index_' || jaar.indicator_id AS indicator_id, 'index_' || jaar.definitie_id AS definitie_id,
            jaar.regio_code, jaar.regio_naam, jaar.indeling_jaar, jaar.periode, jaar.dimensie, jaar.categorie,
            CASE WHEN {usable} THEN jaar.waarde * 100.0 / basis.waarde END AS waarde,
            CASE WHEN {usable} AND jaar.waarde IS NOT NULL THEN jaar.teller END AS teller,
            CASE WHEN {usable} AND jaar.waarde IS NOT NULL THEN basis.teller END AS noemer,
            CASE
                WHEN jaar.status IN {_BEFORE_NVT} THEN jaar.status
                WHEN NOT coalesce({usable}, false) THEN 'nvt'
                WHEN jaar.waarde IS NULL THEN jaar.status
                WHEN 'voorlopig' IN (jaar.status, basis.status) THEN 'voorlopig'
                ELSE jaar.status
            END AS status,
            'index' AS eenheid, CASE WHEN {usable} THEN jaar.meetbaar_vanaf END AS meetbaar_vanaf, jaar.bron,
            breuken.ids AS reeksbreuk
        FROM jaar LEFT JOIN basis USING (indicator_id, definitie_id, regio_code, indeling_jaar)
        LEFT JOIN breuken
            ON jaar.indicator_id = breuken.indicator_id AND jaar.definitie_id = breuken.definitie_id
            AND jaar.regio_code = breuken.regio_code AND jaar.periode = breuken.periode"""


def _targets() -> str:
    """Every target with the published figure it is about. Of a target delivered twice the first source speaks."""
    # What lies on the border is inside: a target less 15 percent is seldom the same number in floating point.
    border = "1e-9 * greatest(1, abs(grens))"
    better = f"CASE richting WHEN 'hoger_is_beter' THEN waarde >= grens - {border} ELSE waarde <= grens + {border} END"
    return f"""
        WITH geleverd AS (
            SELECT *, abs(waarde) * coalesce(tolerantie_pct, 0) / 100.0 AS speling FROM invoer.doelstelling
            QUALIFY row_number() OVER (
                PARTITION BY indicator_id, regio_code, periode ORDER BY bron_volgorde, bestand, rij
            ) = 1
        ), bedoeld AS (
            SELECT geleverd.*, _bedoeld.indicator_id AS gemeten_met, _bedoeld.dimensie, _bedoeld.categorie,
                (waarde + CASE richting WHEN 'hoger_is_beter' THEN -speling ELSE speling END)::DOUBLE AS grens
            FROM geleverd LEFT JOIN _bedoeld ON geleverd.indicator_id = _bedoeld.naam
        ), beoordeeld AS (
            SELECT bedoeld.* EXCLUDE (waarde), bedoeld.waarde::DOUBLE AS doel, cel.waarde, cel.status, cel.definitie_id,
                cel.regio_naam, cel.indeling_jaar, cel.meetbaar_vanaf, cel.bron AS bron_van_cijfer,
                cel.reeksbreuk
            FROM bedoeld LEFT JOIN _eigen AS cel
                ON bedoeld.gemeten_met = cel.indicator_id AND bedoeld.regio_code = cel.regio_code
                AND bedoeld.periode = cel.periode AND bedoeld.dimensie = cel.dimensie
                AND bedoeld.categorie = cel.categorie
        )
        SELECT indicator_id, regio_code, regio_naam, indeling_jaar, periode, soort, richting, doel,
            tolerantie_pct::DOUBLE AS tolerantie_pct, document, pagina, gemeten_met, dimensie, categorie, waarde,
            status, meetbaar_vanaf, bron_van_cijfer, reeksbreuk,
            CASE WHEN waarde IS NULL THEN {sql_text(NIET_TE_BEPALEN)} WHEN {better} THEN {sql_text(BEHAALD)}
                ELSE {sql_text(NIET_BEHAALD)} END AS uitkomst
        FROM beoordeeld ORDER BY indicator_id, regio_code, periode"""


def _attainment() -> str:
    """doelbereik: the figure as a percentage of its target, one row a target that has a figure."""
    return f"""
        SELECT 'doelbereik' AS indicator_id, 'doelbereik@1' AS definitie_id, regio_code, regio_naam, indeling_jaar,
            periode, 'doel' AS dimensie, indicator_id AS categorie,
            CASE WHEN doel <> 0 THEN waarde * 100.0 / doel END AS waarde, '%' AS eenheid,
            CASE WHEN doel = 0 AND status IN {_SHOWN} THEN 'nvt' ELSE status END AS status, meetbaar_vanaf,
            bron_van_cijfer AS bron, reeksbreuk
        FROM gepubliceerd.doelen WHERE status IS NOT NULL"""


def _cost(name: str, per: str) -> str:
    """The costs of part werk for each of `per`; nothing where the number is masked. Where either breaks, this does."""
    ids = "string_split(concat_ws(' ', aantal.reeksbreuk, lasten.reeksbreuk), ' ')"
    broken = f"nullif(array_to_string(list_sort(list_distinct({ids})), ' '), '')"
    return f"""
        SELECT {sql_text(name)} AS indicator_id, {sql_text(name + "@1")} AS definitie_id, aantal.regio_code,
            aantal.regio_naam, aantal.indeling_jaar, aantal.periode, 'totaal' AS dimensie, 'totaal' AS categorie,
            CASE WHEN aantal.waarde > 0 THEN lasten.waarde / aantal.waarde END AS waarde, 'EUR' AS eenheid,
            CASE WHEN aantal.waarde > 0 AND lasten.waarde IS NOT NULL THEN aantal.teller END AS noemer,
            CASE
                WHEN aantal.status IN {_BEFORE_NVT} THEN aantal.status
                WHEN lasten.waarde IS NULL THEN lasten.status
                WHEN aantal.waarde = 0 THEN 'nvt'
                WHEN aantal.waarde IS NULL THEN aantal.status
                WHEN 'voorlopig' IN (aantal.status, lasten.status) THEN 'voorlopig'
                ELSE aantal.status
            END AS status, aantal.bron, {broken} AS reeksbreuk
        FROM _eigen AS aantal
        JOIN _eigen AS lasten
            ON aantal.regio_code = lasten.regio_code AND aantal.periode = lasten.periode
            AND lasten.indicator_id = 'lasten' AND lasten.dimensie = 'onderdeel' AND lasten.categorie = 'werk'
        WHERE aantal.indicator_id = {sql_text(per)} AND aantal.dimensie = 'totaal' AND aantal.periode LIKE '____JJ00'"""
