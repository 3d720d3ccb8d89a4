"""What came out of the example, read from its release: the product's own figures, as published.

What belongs here: finding the published figure that belongs to an aim. What does not: any counting of our own.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from werkmonitor.demo.report import REGION, RELEASE, TOTAL, Cell, RowSource

CURVE_MONTH = "24"


class ReleaseSource(RowSource):
    """Answers from a release; where it holds no such figure, from the counts of the invented rows."""

    def __init__(self, release: Path, rows: RowSource) -> None:
        self.counts = rows.counts
        self.rows = rows
        connection = duckdb.connect()
        query = """
            select indicator_id, regio_code, periode[1:4]::int, dimensie, categorie, waarde, teller, noemer
            from read_parquet(?) where bron = 'eigen registratie' and periode[5:6] = 'JJ' and waarde is not null
              and (dimensie in ('totaal', 'dienstverband_omvang', 'prioriteitsgroep')
                   or (dimensie = 'maanden_sinds_uitstroom' and categorie = ?))
        """
        found = connection.execute(query, [str(release / "reeksen.parquet"), CURVE_MONTH]).fetchall()
        self.cells = {row[:5]: row[5:] for row in found}
        self.known = {(row[0], row[3]) for row in found}

    def yearly(
        self, name: str, indicator: str, year: int, gemeente: str | None = None, cell: Cell = TOTAL
    ) -> tuple[float | None, str]:
        if (indicator, cell[0]) not in self.known:
            return self.rows.yearly(name, indicator, year, gemeente, cell)
        found = self.cells.get((indicator, gemeente or REGION, year, *cell))
        return (None if found is None else float(found[0])), RELEASE

    def rate(self, name: str, indicator: str, year: int) -> tuple[float | None, str]:
        if (indicator, TOTAL[0]) not in self.known:
            return self.rows.rate(name, indicator, year)
        return self.yearly(name, indicator, year)

    def share(self, name: str, indicator: str) -> tuple[float | None, str]:
        own = [(key[3], found) for key, found in self.cells.items() if key[:2] == (indicator, REGION)]
        if not own:
            return self.rows.share(name, indicator)
        if own[0][0] != TOTAL[0]:
            return sum(found[0] for _, found in own) / len(own), RELEASE
        return 100.0 * sum(found[1] for _, found in own) / sum(found[2] for _, found in own), RELEASE
