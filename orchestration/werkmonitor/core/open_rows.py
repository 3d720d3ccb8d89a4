"""Which rows of a night's quarantine and findings are still open: the SELECT that every list of open rows starts from.
No running of SQL, no texts and no state over runs (`findings.py`).
"""

from __future__ import annotations


def unmended(path: str) -> str:
    """The SELECT of the rows of a night's quarantine or findings that are still to be mended; `path` is an SQL text.

    A quarantined message of a monthly file stays in quarantine when a later one mends it, but is not open any more.
    """
    return (
        "SELECT * EXCLUDE (hersteld) FROM (SELECT CAST(NULL AS DATE) AS hersteld WHERE false UNION ALL BY NAME"
        f" SELECT * FROM read_parquet({path})) WHERE hersteld IS NULL"
    )
