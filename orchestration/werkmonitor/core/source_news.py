"""What a night meant for each source: rows delivered and refused, findings opened and closed. Counts and rules only.

Reads the files of one night and the state of findings. No row numbers, values or ids are read here, because what comes
from here goes into messages (`notices.py`).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb

from werkmonitor.core.open_rows import unmended
from werkmonitor.core.workspace import NightFolder

REFUSED, REMARKED = "quarantaine", "bevinding"
# Of a rule, which of the two it is: (soort, regel).
Rules = Counter[tuple[str, str]]


@dataclass
class SourceNews:
    """One source in one night. `opened` and `closed`: what the night opened and closed, by kind and rule; `refused`:
    all that is in quarantine now, by rule."""

    bron: str
    leverdatum: date | None = None
    delivered: int = 0
    accepted: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    opened: Rules = field(default_factory=Counter)
    closed: Rules = field(default_factory=Counter)


def source_news(folder: NightFolder | None, state: Path, today: date) -> dict[str, SourceNews]:
    """Per source what the night found; empty when it did not come that far."""
    found: dict[str, SourceNews] = {}
    with duckdb.connect() as connection:
        if folder is not None and folder.counts.exists():
            for bron, *numbers in connection.execute(
                "SELECT bron, max(leverdatum), sum(aangeleverd)::BIGINT, sum(aanvaard)::BIGINT"
                " FROM read_parquet(?) GROUP BY bron",
                [str(folder.counts)],
            ).fetchall():
                found[bron] = SourceNews(bron, *numbers)
        if folder is not None and folder.quarantine.exists():
            for bron, regel, rows in connection.execute(
                f"SELECT bron, regel, count(*) FROM ({unmended('?')}) GROUP BY ALL", [str(folder.quarantine)]
            ).fetchall():
                found.setdefault(bron, SourceNews(bron)).refused[regel] = rows
        if state.exists():
            _changes(connection, state, today, found)
    return found


def _changes(connection: duckdb.DuckDBPyConnection, state: Path, today: date, found: dict[str, SourceNews]) -> None:
    """What opened today and is open still, and what closed today and was open before."""
    for bron, soort, regel, opened, closed in connection.execute(
        "SELECT bron, soort, regel,"
        " coalesce(sum(aantal) FILTER (geopend = $today AND gesloten IS NULL), 0)::BIGINT,"
        " coalesce(sum(aantal) FILTER (gesloten = $today AND geopend < $today), 0)::BIGINT"
        " FROM read_parquet($path) WHERE geopend = $today OR gesloten = $today GROUP BY ALL",
        {"path": str(state), "today": today},
    ).fetchall():
        news = found.setdefault(bron, SourceNews(bron))
        if opened:
            news.opened[soort, regel] = opened
        if closed:
            news.closed[soort, regel] = closed
