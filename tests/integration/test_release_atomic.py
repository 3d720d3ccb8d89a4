"""Publishing is killed half-way, again and again, while a reader reads: the reader sees a whole old release or a
whole new one.

First killed at every single system call that matters, one after the other; then by the kernel in the middle of a
write, DuckDB's own as well. And a file that may not grow: the disk that is full, for real. Nothing here waits for a
number of seconds: a slow machine takes longer and comes to the same end.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import resource
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest
import release_example as example
from release_example import PUBLISH, count, success
from werkmonitor.core import release
from werkmonitor.core.types import WerkmonitorError
from werkmonitor.core.workspace import NightFolder
from werkmonitor.settings import Settings

CALLS = ("fsync", "mkdir", "rename", "replace", "symlink", "fchmod", "utime")
CANDIDATES = 4

# A server that has the modules loaded forks in milliseconds; a fresh interpreter takes a second a child.
context = multiprocessing.get_context("forkserver")
context.set_forkserver_preload(["release_example", "werkmonitor.core.release"])


def settings_of(folder: Path) -> Settings:
    """Few releases are kept, so that pruning is killed half-way as well."""
    return example.settings(folder, monitor={"bewaar_releases": 3})


def publish(folder: Path, number: int) -> release.PublishedRelease:
    settings = settings_of(folder)
    night = NightFolder(folder / f"nacht{number % CANDIDATES}")
    run = example.run_info(folder, invoer=str(number), minute=number % 60)
    return release.publish(settings, night, PUBLISH, [success()], run, registry=example.REGISTRY)


def publish_and_die(folder: Path, number: int, kill_at: int, after: bool) -> None:
    """Publish; SIGKILL this process before (or after) the kill_at-th of the calls that matter."""
    seen = 0

    def watched(call: Callable[..., Any]) -> Callable[..., Any]:
        def replacement(*args: Any, **kwargs: Any) -> Any:
            nonlocal seen
            seen += 1
            mine = seen == kill_at
            if mine and not after:
                os.kill(os.getpid(), signal.SIGKILL)
            try:
                return call(*args, **kwargs)
            finally:
                if mine:
                    os.kill(os.getpid(), signal.SIGKILL)

        return replacement

    for name in CALLS:
        setattr(os, name, watched(getattr(os, name)))
    publish(folder, number)


def publish_within(folder: Path, number: int, limit: int) -> None:
    """Publish while no file may grow beyond `limit` bytes; exit code 7 when that is said as it should be."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    try:
        publish(folder, number)
    except WerkmonitorError as error:
        sys.exit(7 if "niet worden weggeschreven" in str(error) else 8)


def publish_until_byte(folder: Path, number: int, limit: int) -> None:
    """Publish; the kernel kills this process in the write that would let a file grow beyond `limit` bytes."""
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    publish(folder, number)


def child(target: Callable[..., object], *args: Any) -> BaseProcess:
    process = context.Process(target=target, args=args)
    process.start()
    return process


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Candidates of different figures, so that two releases never look alike."""
    folder = tmp_path_factory.mktemp("doden")
    settings = settings_of(folder)
    for number in range(CANDIDATES):
        cells = [count(20 + 5 * number, periode=f"{year}JJ00") for year in range(2016, 2025)]
        example.night_with(folder / f"nacht{number}", settings, [*cells, *example.FIGURES[1:]])
    publish(folder, 0)
    return folder


class Reader(threading.Thread):
    """Reads as a website would: resolve `current` once, then check every byte of what is there."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(daemon=True)
        self.settings = settings
        self.problems: list[str] = []
        self.seen: set[str] = set()
        self.stopped = False
        self.turn = threading.Condition()
        self.begun = self.ended = 0

    def run(self) -> None:
        while not self.stopped:
            self._in_turn("begun")
            try:
                self._read()
            except Exception as error:
                self.problems.append(repr(error))
            self._in_turn("ended")
            time.sleep(0.002)

    def _read(self) -> None:
        path = release.current_release(self.settings)
        if path is None:
            self.problems.append("geen huidige release")
            return
        self.problems.extend(release.verify(path))
        self.seen.add(path.name)

    def _in_turn(self, moment: str) -> None:
        with self.turn:
            setattr(self, moment, getattr(self, moment) + 1)
            self.turn.notify_all()

    def read_once_more(self) -> None:
        """Wait until a reading has ended that began after this call, however slow the machine is."""
        with self.turn:
            begun = self.begun
            self.turn.wait_for(lambda: self.ended > begun)


@contextmanager
def reading(settings: Settings) -> Iterator[Reader]:
    reader = Reader(settings)
    reader.start()
    try:
        yield reader
        reader.read_once_more()
    finally:
        reader.stopped = True
        reader.join()
    assert reader.problems == []
    assert reader.seen


def assert_whole(settings: Settings) -> str:
    """After a kill: everything under a real name is whole, and the leftovers go when they are cleaned."""
    path = release.current_release(settings)
    assert path is not None
    for info in release.list_releases(settings):
        assert release.verify(settings.monitor.releases / info.release_id) == []
    release.clean_staging(settings)
    left = [name for name in os.listdir(settings.monitor.releases) if name.startswith((".bezig", ".weg"))]
    assert left == []
    # A run killed right after the switch is not in latest.json: that is whole all the same, and names a release that is
    # there.
    written = release.latest_run(settings)
    assert written is not None and (settings.monitor.releases / written["release_id"]).is_dir()
    return path.name


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_killed_at_every_call(place: Path, after: bool) -> None:
    settings = settings_of(place)
    old, killed, number = publish(place, 1000 * (1 + after)).release_id, 0, 1000 * (1 + after)
    switched = []
    with reading(settings) as reader:
        while True:
            number += 1
            reader.read_once_more()  # it is in the current release or in none, so the old ones may go
            example.age_releases(settings)
            process = child(publish_and_die, place, number, killed + 1, after)
            process.join()
            now = assert_whole(settings)
            if process.exitcode == 0:
                break
            assert process.exitcode == -signal.SIGKILL
            killed += 1
            switched.append(now != old)
            old = now
    # Nine files, folders, the rename and the switch were all met; once a call comes after the switch, later ones do.
    assert killed >= 15
    assert switched == sorted(switched) and 0 < sum(switched) < killed


def test_killed_in_the_middle_of_a_write(place: Path) -> None:
    settings = settings_of(place)
    whole = publish(place, 5000).path
    sizes = sorted(path.stat().st_size for path in whole.iterdir())
    chance = random.Random(20260115)
    # One in every file, at a byte that the seed chooses; a file that was as long or longer comes to its turn first.
    limits = [chance.randrange(1 + smaller, size) for smaller, size in zip([0, *sizes], sizes, strict=False)]
    with reading(settings):
        for number, limit in enumerate(limits, 5001):
            process = child(publish_until_byte, place, number, limit)
            process.join()
            assert process.exitcode == -signal.SIGXFSZ
            assert assert_whole(settings) == whole.name


@pytest.mark.parametrize("limit", [100, 700, 2500, 6000])
def test_a_disk_that_is_full(place: Path, limit: int) -> None:
    settings = settings_of(place)
    before, known = release.current_release(settings), os.listdir(settings.monitor.releases)
    with reading(settings):
        process = child(publish_within, place, 9000 + limit, limit)
        process.join()
    assert process.exitcode == 7
    assert release.current_release(settings) == before
    assert sorted(os.listdir(settings.monitor.releases)) == sorted(known)


def test_readers_never_miss_a_release_while_releases_follow_each_other(place: Path) -> None:
    settings = settings_of(place)
    with reading(settings) as reader:
        names = {publish(place, number).release_id for number in range(7000, 7015)}
    assert reader.seen & names
    # All of them are there still, although three are kept: who was in the first one could finish.
    assert names <= {info.release_id for info in release.list_releases(settings)}
