"""What came out of the example, read from its release: the product's own figures, as published.

What belongs here: finding the published figure that belongs to an aim. What does not: any counting of our own.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from werkmonitor.demo.report import REGION, RELEASE, RowSource

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
              and (dimensie = 'totaal' or (dimensie = 'maanden_sinds_uitstroom' and categorie = ?))
        """
        found = connection.execute(query, [str(release / "reeksen.parquet"), CURVE_MONTH]).fetchall()
        self.cells = {row[:4]: row[5:] for row in found}
        self.indicators = {row[0] for row in found}

    def yearly(self, name: str, indicator: str, year: int, gemeente: str | None = None) -> tuple[float | None, str]:
        if indicator not in self.indicators:
            return self.rows.yearly(name, indicator, year, gemeente)
        cell = self.cells.get((indicator, gemeente or REGION, year, "totaal"))
        return (None if cell is None else float(cell[0])), RELEASE

    def share(self, name: str, indicator: str) -> tuple[float | None, str]:
        if indicator not in self.indicators:
            return self.rows.share(name, indicator)
        own = [(key[3], cell) for key, cell in self.cells.items() if key[:2] == (indicator, REGION)]
        if own[0][0] != "totaal":
            return sum(cell[0] for _, cell in own) / len(own), RELEASE
        return 100.0 * sum(cell[1] for _, cell in own) / sum(cell[2] for _, cell in own), RELEASE
