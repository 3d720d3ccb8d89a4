"""How long the intake takes, and how much memory, on as many csv rows as asked: `python tests/benchmarks/inname.py`.

Makes invented deliveries in a temporary folder (uitkering, `--rijen` rows of `--personen` persons, with a little of
everything that can be wrong), then runs the intake in a process of its own and prints seconds, peak memory and counts.
Not a test: nothing here is run by pytest. The figures that were measured are in docs/snelheid.md.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

# Cents of a percent: one row in this many has the fault.
FAULTS = 1_000
DELIVERED = """
COPY (
    SELECT 'D' || lpad(i::VARCHAR, 8, '0') AS dossier_id,
        'C' || lpad((hash(i) % {personen})::VARCHAR, 7, '0') AS persoon_id,
        CASE i % 20 WHEN 0 THEN 'IOAW' WHEN 1 THEN 'IOAZ' ELSE 'PW' END AS regeling,
        CASE i % 7 WHEN 0 THEN '268' WHEN 1 THEN 'GM0296' ELSE 'GM0268' END AS gemeente_code,
        CASE WHEN i % {fouten} = 0 THEN '20200231' ELSE strftime(begin, '%Y-%m-%d') END AS begindatum,
        CASE WHEN i % 3 = 0 THEN '' ELSE strftime(begin + (hash(i + 1) % 900)::INTEGER, '%Y-%m-%d') END AS einddatum,
        CASE WHEN i % 3 = 0 THEN '' WHEN i % 2 = 0 THEN '1' ELSE '32' END AS reden_einde,
        1 + i % 4 AS leefvorm, 1 + i % 3 AS kostendelers, '1000,' || lpad((i % 100)::VARCHAR, 2, '0') AS norm_bedrag
    FROM (SELECT i, DATE '2014-01-01' + (hash(i + 2) % 4200)::INTEGER AS begin FROM range({rijen}) AS t(i))
) TO '{target}' (FORMAT csv, HEADER, DELIMITER ';')
"""


def deliver(root: Path, rows: int, persons: int) -> Path:
    """Writes the delivery; the same numbers give the same file."""
    import duckdb

    target = root / "landing" / "uitkeringen" / "2026-01-15" / "uitkering.csv"
    target.parent.mkdir(parents=True)
    with duckdb.connect() as connection:
        connection.execute(DELIVERED.format(rijen=rows, personen=persons, fouten=FAULTS, target=target))
    return target


def take_in(root: Path) -> None:
    """The intake itself, from listing the deliveries to the counts; prints what it took."""
    from werkmonitor.core.deliveries import find_deliveries
    from werkmonitor.core.ingest import ingest
    from werkmonitor.core.workspace import Workspace
    from werkmonitor.settings import Settings

    settings = Settings.model_validate(
        {
            "monitor": {
                "naam": "Snelheid",
                "regio_code": "EIGEN",
                "gemeenten": ["GM0268", "GM0296"],
                "landing": root / "landing",
                "werkmap": root / "werk",
                "releases": root / "releases",
            },
            "bronnen": {"uitkeringen": {"entiteiten": ["uitkering"], "scheiding": ";", "decimaal": ","}},
        }
    )
    workspace = Workspace(settings.monitor.werkmap).create()
    begin, cpu = time.monotonic(), time.process_time()
    result = ingest(settings, b"s" * 32, find_deliveries(settings), workspace, workspace.night("nacht"), 2026)
    seconds, cpu = time.monotonic() - begin, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    counts = {n: result.total(n) for n in ("aangeleverd", "aanvaard", "dubbel", "buiten_bereik", "quarantaine")}
    print(f"{seconds:.1f} s (rekentijd {cpu:.1f} s), piek {peak:.2f} GB, {counts}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rijen", type=int, default=5_000_000)
    parser.add_argument("--personen", type=int, default=1_000_000)
    parser.add_argument("--map", type=Path, help="an earlier delivery (or a place for it), to be used again")
    parser.add_argument("--inname", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.inname:
        take_in(given.inname)
        return
    with tempfile.TemporaryDirectory() as temporary:
        root = given.map or Path(temporary)
        if not (root / "landing").exists():
            print(f"{deliver(root, given.rijen, given.personen).stat().st_size / 1024**2:.0f} MB csv gemaakt")
        # A process of its own, so that making the delivery does not count in the memory.
        subprocess.run([sys.executable, __file__, "--inname", str(root)], check=True)


if __name__ == "__main__":
    main()
