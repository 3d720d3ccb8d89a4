"""Readers in processes of their own, in a loop during fifty publishes: each reading is one release, whole.

Not here: who is killed meanwhile (integration/test_release_atomic.py) and pruning (unit/test_release.py).
"""

from __future__ import annotations

import multiprocessing
import os
import time
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import release_example as example
from release_example import PUBLISH, count, success
from werkmonitor.core import release
from werkmonitor.core.workspace import NightFolder

PUBLISHES, READERS, CANDIDATES = 50, 2, 4

context = multiprocessing.get_context("forkserver")
context.set_forkserver_preload(["release_example", "werkmonitor.core.release"])


def publish(folder: Path, number: int) -> str:
    settings = example.settings(folder, monitor={"bewaar_releases": 5})
    run = example.run_info(folder, invoer=str(number), minute=number)
    night = NightFolder(folder / f"nacht{number % CANDIDATES}")
    return release.publish(settings, night, PUBLISH, [success()], run, registry=example.REGISTRY).release_id


def read_on(folder: Path, reading: Any, ended: Any, told: Any) -> None:
    """Read until it is ended; tell what was seen and what was wrong. `reading`: a reading was completed."""
    settings = example.settings(folder)
    seen: list[str] = []
    problems: list[str] = []
    last = False
    while not last:
        last = ended.is_set()  # asked first: one whole reading follows the last publish
        try:
            problems += _read(settings, seen)
        except Exception as error:
            problems.append(repr(error))
        reading.set()
        time.sleep(0.01)  # others want the processor as well
    told.put((sorted(set(seen)), problems))


def _read(settings: Any, seen: list[str]) -> list[str]:
    path = release.current_release(settings)
    if path is None:
        return ["geen huidige release"]
    manifest = release.manifest_of(path)
    table = pq.read_table(path / "reeksen.parquet")
    lines = (path / "reeksen.csv").read_bytes().count(b"\n") - 1
    wrong = release.verify(path)
    if (manifest["release_id"], table.num_rows) != (path.name, lines):
        wrong.append(f"{path.name}: manifest, parquet en csv horen niet bij elkaar")
    seen.append(path.name)
    return wrong


def test_fifty_publishes_and_no_torn_release(tmp_path: Path) -> None:
    settings = example.settings(tmp_path)
    for number in range(CANDIDATES):
        cells = [count(20 + 5 * number, periode=f"{year}JJ00") for year in range(2016, 2020 + number)]
        example.night_with(tmp_path / f"nacht{number}", settings, [*cells, *example.FIGURES[1:]])
    published = {publish(tmp_path, 0)}
    ended, told = context.Event(), context.Queue()
    begun = [context.Event() for _ in range(READERS)]
    readers = [context.Process(target=read_on, args=(tmp_path, event, ended, told)) for event in begun]
    for reader, event in zip(readers, begun, strict=True):
        reader.start()
        event.wait()
    published |= {publish(tmp_path, number) for number in range(1, PUBLISHES + 1)}
    ended.set()
    reports = [told.get() for _ in readers]
    for reader in readers:
        reader.join()
    assert len(published) == PUBLISHES + 1
    assert [problems for _, problems in reports] == [[]] * READERS
    # The first and the last were read for certain, however the machine shared its time.
    last = os.readlink(settings.monitor.releases / "current")
    assert all({last} < set(seen) <= published for seen, _ in reports)
