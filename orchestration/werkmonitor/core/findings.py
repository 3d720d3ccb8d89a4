"""Findings over runs: when each was opened, and when it closed because a later delivery no longer had it.

A finding is known by its source, entity, rule, column and the keyed hash of the row's key: not by file and row, which
change with every delivery. The state is one Parquet file in the werkmap, readable by its owner only; it holds no ids.
Not here: finding them (`ingest.py`) and showing those of one night (`status.py`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb

from werkmonitor.core import atomic
from werkmonitor.core.contracts.conversion import literal
from werkmonitor.core.open_rows import unmended
from werkmonitor.core.workspace import NightFolder

IDENTITY = ("soort", "bron", "entiteit", "regel", "kolom", "sleutel")
COLUMNS = {
    **dict.fromkeys(IDENTITY, "VARCHAR"),
    "aantal": "BIGINT",
    "bestand": "VARCHAR",
    "rij": "BIGINT",
    "waarde": "VARCHAR",
    "geopend": "DATE",
    "geopend_levering": "DATE",
    "gezien": "DATE",
    "gesloten": "DATE",
    "gesloten_levering": "DATE",
}


@dataclass(frozen=True)
class Settled:
    """How many findings a run opened, closed, and left open."""

    geopend: int
    gesloten: int
    open: int

    def sentence(self) -> str:
        """For the log of a run; empty when nothing changed."""
        parts = [
            f"{self.gesloten} hersteld" if self.gesloten else "",
            f"{self.geopend} nieuw" if self.geopend else "",
        ]
        said = ", ".join(part for part in parts if part)
        return f"Bevindingen sinds de vorige run: {said}; {self.open} open." if said else ""


def settle(night: NightFolder, state: Path, today: date) -> Settled:
    """Holds the findings of a night against the state and writes the new one.

    Only what was delivered can close: of a source or entity that is not in this run nothing is known.
    """
    if not night.counts.exists():
        return Settled(0, 0, 0)
    with duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar = false")
        _load(connection, night, state)
        same = " AND ".join(f"o.{column} = n.{column}" for column in IDENTITY)
        connection.execute(
            "CREATE TABLE lopend AS SELECT * FROM oud WHERE gesloten IS NULL;"
            "CREATE TABLE nieuw AS SELECT n.*, coalesce(o.geopend, $today) AS geopend,"
            " coalesce(o.geopend_levering, n.leverdatum) AS geopend_levering, o.geopend IS NULL AS vers"
            f" FROM nu AS n LEFT JOIN lopend AS o ON {same}".replace("$today", f"DATE {literal(today.isoformat())}")
        )
        connection.execute(
            "CREATE TABLE verdwenen AS SELECT o.*, b.leverdatum AS gekeken FROM lopend AS o"
            f" ANTI JOIN nu AS n ON {same} LEFT JOIN bekeken AS b ON b.bron = o.bron AND b.entiteit = o.entiteit"
        )
        counts = connection.execute(
            "SELECT (SELECT count(*) FROM nieuw WHERE vers),"
            " (SELECT count(*) FROM verdwenen WHERE gekeken IS NOT NULL),"
            " (SELECT count(*) FROM nieuw) + (SELECT count(*) FROM verdwenen WHERE gekeken IS NULL)"
        ).fetchone()
        _write(connection, state, today)
    return Settled(*(counts or (0, 0, 0)))


def prune(state: Path, keep_months: dict[str, int], today: date) -> None:
    """Forgets findings that closed longer ago than their source is kept (31 days a month, so never too soon)."""
    if not state.exists() or not keep_months:
        return
    cases = " OR ".join(
        f"(bron = {literal(bron)} AND gesloten < DATE {literal((today - timedelta(days=31 * months)).isoformat())})"
        for bron, months in keep_months.items()
    )
    with duckdb.connect() as connection:
        _replace(
            connection, f"SELECT * FROM read_parquet({literal(str(state))}) WHERE NOT coalesce({cases}, false)", state
        )


def closed(state: Path, bron: str | None = None) -> list[tuple[object, ...]]:
    """What was mended, newest first, a line a delivery and rule: soort, bron, entiteit, regel, kolom, how many, opened
    first, closed, and the delivery that closed it.
    """
    if not state.exists():
        return []
    with duckdb.connect() as connection:
        return connection.execute(
            "SELECT soort, bron, entiteit, regel, kolom, count(*), min(geopend), gesloten, gesloten_levering"
            " FROM read_parquet($path) WHERE gesloten IS NOT NULL AND coalesce(bron = $bron, true)"
            " GROUP BY ALL ORDER BY gesloten DESC, bron, entiteit, regel, kolom",
            {"path": str(state), "bron": bron},
        ).fetchall()


def _load(connection: duckdb.DuckDBPyConnection, night: NightFolder, state: Path) -> None:
    """`oud` the state, `nu` the findings of the night by identity, `bekeken` what the night looked at."""
    columns = ", ".join(f"{column} {kind}" for column, kind in COLUMNS.items())
    connection.execute(f"CREATE TABLE oud ({columns})")
    if state.exists():
        connection.execute(f"INSERT INTO oud BY NAME SELECT * FROM read_parquet({literal(str(state))})")
    parts = " UNION ALL ".join(
        f"SELECT {literal(soort)} AS soort, bron, entiteit, regel, kolom, sleutel, bestand, rij, waarde, leverdatum"
        f" FROM ({unmended(literal(str(path)))})"
        for soort, path in (("quarantaine", night.quarantine), ("bevinding", night.findings))
    )
    filled = ", ".join(f"coalesce({column}, '') AS {column}" for column in IDENTITY)
    connection.execute(
        f"CREATE TABLE nu AS SELECT {filled}, count(*) AS aantal, arg_max(bestand, leverdatum) AS bestand,"
        " arg_max(rij, leverdatum) AS rij, arg_max(waarde, leverdatum) AS waarde, max(leverdatum) AS leverdatum"
        f" FROM ({parts}) GROUP BY ALL"
    )
    # A finding about a file that belongs to no entity is looked at in every run.
    connection.execute(
        "CREATE TABLE bekeken AS SELECT bron, entiteit, max(leverdatum) AS leverdatum FROM"
        f" read_parquet({literal(str(night.counts))}) GROUP BY ALL"
        " UNION ALL SELECT DISTINCT bron, '', (SELECT max(leverdatum) FROM"
        f" read_parquet({literal(str(night.counts))})) FROM oud WHERE entiteit = ''"
    )


def _write(connection: duckdb.DuckDBPyConnection, state: Path, today: date) -> None:
    """The new state. Where the clock was set back a finding closes on the day it was opened, not before it."""
    day = f"DATE {literal(today.isoformat())}"
    names = ", ".join(COLUMNS)
    _replace(
        connection,
        f"SELECT {names} FROM (SELECT * FROM oud WHERE gesloten IS NOT NULL"
        f" UNION ALL BY NAME SELECT * EXCLUDE (vers, leverdatum), {day} AS gezien FROM nieuw"
        f" UNION ALL BY NAME SELECT * EXCLUDE (gekeken, gesloten, gesloten_levering),"
        f" CASE WHEN gekeken IS NOT NULL THEN greatest({day}, geopend) END AS gesloten, gekeken AS gesloten_levering"
        " FROM verdwenen)"
        " ORDER BY ALL",
        state,
    )


def _replace(connection: duckdb.DuckDBPyConnection, select: str, state: Path) -> None:
    """Beside first, then renamed: a reader sees the old state or the new one."""
    with atomic.replacing(state) as beside:
        connection.execute(f"COPY ({select}) TO {literal(str(beside))} (FORMAT parquet, COMPRESSION zstd)")
