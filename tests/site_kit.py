"""What tests of the site share: the product's own server for the time of a block, and the downloads of a site beside
the rows of reeksen.csv that they came from.

No assertions: what must hold is said by each test.
"""

from __future__ import annotations

import csv
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from werkmonitor.report.server import address_of, make_server
from werkmonitor.settings import Settings

KEYS = ("indicator_id", "regio_code", "periode", "dimensie", "categorie", "bron")
Row = dict[str, str]


@contextmanager
def served(settings: Settings) -> Iterator[str]:
    """The address of `werkmonitor site`, while it runs in a thread."""
    with make_server(settings, 0) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield address_of(server)
        finally:
            server.shutdown()
            thread.join()


def rows_of(path: Path) -> list[Row]:
    """The rows of a csv file of a release."""
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def downloads(release: Path) -> dict[str, list[tuple[Row, Row]]]:
    """By name of the download: each of its rows, with the same columns of the row of reeksen.csv with its key."""
    whole = {tuple(row[key] for key in KEYS): row for row in rows_of(release / "reeksen.csv")}

    def beside(row: Row) -> Row:
        same = whole[tuple(row[key] for key in KEYS)]
        return {name: same[name] for name in row}

    files = sorted((release / "site" / "data").glob("*.csv"))
    return {path.name: [(row, beside(row)) for row in rows_of(path)] for path in files}
