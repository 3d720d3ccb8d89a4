"""An example organisation that is too large for one piece: Parquet, written block by block.

What belongs here: blocks, the processes that invent them and the files that they end up in. What does not: how anything
is made up (`organisation.py`).
"""

from __future__ import annotations

import multiprocessing
import shutil
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from werkmonitor.demo import organisation, report
from werkmonitor.demo.days import LEVERDATUM

BLOCK = 25_000  # persons invented at a time: bounds the memory of a process
PROCESSES = 2
STAGING = ".in-aanmaak"


@dataclass(frozen=True)
class _Written:
    """What a process hands back: where its tables are, and the sums."""

    folder: Path
    norm_paid: np.ndarray
    sw_fte: np.ndarray
    tallies: report.Tallies


def write(landing: Path, persons: int, seed: int) -> tuple[dict[str, int], report.Tallies]:
    """Writes every delivery as one Parquet file, a row group a block; gives the rows a file and the counts."""
    sizes = _sizes(persons)
    staging = landing / STAGING
    shutil.rmtree(staging, ignore_errors=True)
    files = _Files(landing)
    tallies = report.Tallies()
    sums: list[tuple[np.ndarray, np.ndarray]] = []
    # Spawned and not forked: Arrow's threads do not survive a fork.
    context = multiprocessing.get_context("spawn")
    try:
        with ProcessPoolExecutor(min(PROCESSES, len(sizes)), mp_context=context) as pool:
            jobs = [pool.submit(_invent, staging / str(block), size, seed, block) for block, size in enumerate(sizes)]
            for job in jobs:
                done = job.result()
                tallies.merge(done.tallies)
                sums.append((done.norm_paid, done.sw_fte))
                files.take(done.folder)
        totals = [np.sum(parts, axis=0) for parts in zip(*sums, strict=True)]
        for name, table in organisation.without_persons(totals[0], totals[1], persons).items():
            files.add(name, table)
    finally:
        files.close()
        shutil.rmtree(staging, ignore_errors=True)
    return files.rows, tallies


def _sizes(persons: int) -> list[int]:
    """Blocks of about the same size."""
    number = max(1, round(persons / BLOCK))
    return [persons // number + (block < persons % number) for block in range(number)]


def _invent(folder: Path, persons: int, seed: int, block: int) -> _Written:
    """One block, in a process of its own: its tables as Arrow files, which are read back without copying."""
    pa.set_cpu_count(1)
    made = organisation.invent(persons, seed, block)
    for name, table in made.tables.items():
        path = folder / f"{name}.arrow"
        path.parent.mkdir(parents=True, exist_ok=True)
        with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
            writer.write_table(table)
    return _Written(folder, made.norm_paid, made.sw_fte, made.tallies)


class _Files:
    """The Parquet files of the landing, open until the last block is in them."""

    def __init__(self, landing: Path) -> None:
        self.landing = landing
        self.rows: dict[str, int] = {}
        self._open: dict[str, tuple[Path, pq.ParquetWriter]] = {}

    def take(self, folder: Path) -> None:
        """Adds the tables of a block and removes them."""
        for path in sorted(folder.rglob("*.arrow")):
            with pa.memory_map(str(path)) as source:
                self.add(path.relative_to(folder).with_suffix("").as_posix(), pa.ipc.open_file(source).read_all())
        shutil.rmtree(folder)

    def add(self, name: str, table: pa.Table) -> None:
        if name not in self._open:
            bron, entiteit = name.split("/")
            path = self.landing / bron / LEVERDATUM.isoformat() / f"{entiteit}.parquet"
            path.parent.mkdir(parents=True, exist_ok=True)
            beside = path.with_name(path.name + ".nieuw")
            self._open[name] = (path, pq.ParquetWriter(beside, table.schema, compression="zstd"))
        self._open[name][1].write_table(table)
        self.rows[name] = self.rows.get(name, 0) + table.num_rows

    def close(self) -> None:
        """Gives the files their names; what was begun and not finished has no row in `rows` worth keeping."""
        for path, writer in self._open.values():
            writer.close()
            path.with_name(path.name + ".nieuw").replace(path)
