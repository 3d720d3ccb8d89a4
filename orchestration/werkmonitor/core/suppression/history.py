"""What earlier releases kept hidden: a masked figure stays masked while its value is unchanged.

A release does not hold the values that it masks, so a keyed fingerprint of each (HMAC of the cell and its counts) is
kept in `<werkmap>/maskers`, one file a candidate. Without that file (another key, another werkmap) nobody can tell
whether a value changed: then everything that was masked stays masked. Never part of a release.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from werkmonitor.core import atomic
from werkmonitor.core.csvio import sql_text
from werkmonitor.core.datapackage import REEKSEN_KEY
from werkmonitor.core.keys import fingerprint
from werkmonitor.core.registry import load_registry
from werkmonitor.core.suppression.families import CELL, CURVES
from werkmonitor.core.types import OWN

METHOD = "onderdrukken"
_COUNTS = ("teller", "noemer", "n_niet_volgbaar")
_KEY = ", ".join(REEKSEN_KEY)
_CELL = ", ".join(CELL)


@dataclass(frozen=True)
class MaskHistory:
    """`folder` of the fingerprints; `candidate` is the digest of this run, `previous` the releases that are live."""

    folder: Path
    key: bytes
    candidate: str
    previous: tuple[Path, ...] = ()

    @property
    def _suppressed(self) -> list[tuple[Path, str]]:
        """Live releases under this method, with their candidate."""
        found = []
        for path in dict.fromkeys(self.previous):
            content = json.loads((path / "manifest.json").read_text("utf-8"))
            if content["geheimhouding"]["methode"] == METHOD:
                found.append((path, content["kandidaat"]))
        return found

    @property
    def releases(self) -> list[str]:
        """The live releases as relations, to see what they show."""
        return [_relation(path) for path, _ in self._suppressed]

    def unchanged_masked_cells(self, con: duckdb.DuckDBPyConnection, source: str) -> set[tuple[str, ...]]:
        """Cells that a live release masks and in which a figure other than 0 is unchanged, or everything is."""
        cells: set[tuple[str, ...]] = set()
        for path, candidate in self._suppressed:
            con.register("_vroeger", self._marks_of(path, candidate, con))
            now = self._marks(con, f"SELECT * FROM {source} SEMI JOIN _vroeger USING ({_KEY})")
            con.register("_nu", now)
            rows = con.execute(
                f"""SELECT {_CELL} FROM _vroeger JOIN _nu USING ({_KEY}) GROUP BY ALL
                HAVING bool_or((_vroeger.merk = '' OR _vroeger.merk = _nu.merk) AND _nu.niet_nul)
                    OR bool_and(_vroeger.merk = '' OR _vroeger.merk = _nu.merk)"""
            ).fetchall()
            cells.update(rows)
            con.unregister("_vroeger")
            con.unregister("_nu")
        return cells

    def remember(self, con: duckdb.DuckDBPyConnection, source: str, published: str, keep: Collection[str] = ()) -> None:
        """Write the fingerprints of what this candidate masks; drop those of candidates that are not in `keep`."""
        masked = f"SELECT * FROM {source} SEMI JOIN ({_masked_rows(published)}) USING ({_KEY})"
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        target = self._file(self.candidate)
        with atomic.replacing(target) as beside:
            pq.write_table(self._marks(con, masked), beside)
        wanted = {self._file(candidate).name for candidate in (*keep, self.candidate)}
        for path in self.folder.glob("*.parquet"):
            if path.name not in wanted:
                path.unlink(missing_ok=True)

    def _file(self, candidate: str) -> Path:
        return self.folder / f"{candidate[:32]}-{fingerprint(self.key)[:16]}.parquet"

    def _marks_of(self, path: Path, candidate: str, con: duckdb.DuckDBPyConnection) -> pa.Table:
        """The fingerprints of a release; with an empty one for every masked row when they are not there."""
        file = self._file(candidate)
        if file.exists():
            return pq.read_table(file, columns=[*REEKSEN_KEY, "merk"])
        return con.execute(f"SELECT {_KEY}, '' AS merk FROM ({_masked_rows(_relation(path))})").to_arrow_table()

    def _marks(self, con: duckdb.DuckDBPyConnection, rows: str) -> pa.Table:
        """Key columns, a fingerprint of the counts, and whether any of them is other than 0."""
        counts = ", ".join(f"coalesce({name}::VARCHAR, '-')" for name in _COUNTS)
        keys = ", ".join(f"{name}::VARCHAR" for name in REEKSEN_KEY)
        table = con.execute(
            f"""SELECT {_KEY}, concat_ws(chr(31), {keys}, {counts}) AS tekst,
                coalesce(greatest({", ".join(_COUNTS)}), 0) > 0 AS niet_nul FROM ({rows}) ORDER BY {_KEY}"""
        ).to_arrow_table()
        texts = table.column("tekst").to_pylist()
        marks = [hmac.digest(self.key, b"masker\x1f" + text.encode(), "sha256").hex()[:32] for text in texts]
        return table.drop_columns(["tekst"]).append_column("merk", pa.array(marks, type=pa.string()))


def _masked_rows(relation: str) -> str:
    """A share that is masked because another thema masks its number says nothing of the other rows of its cell; both of
    its numbers are remembered in the thema that they are of."""
    elsewhere = ", ".join(sql_text(one.indicator) for one in load_registry().ook_van_thema)
    return (
        f"SELECT {_KEY} FROM {relation} WHERE bron = '{OWN}' AND dimensie <> '{CURVES}' AND status = 'onderdrukt' "
        f"AND indicator_id NOT IN ({elsewhere})"
    )


def _relation(release: Path) -> str:
    return f"read_parquet({sql_text(str(release / 'reeksen.parquet'))})"
