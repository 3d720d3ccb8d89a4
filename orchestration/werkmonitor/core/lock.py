"""One run at a time per werkmap: a lock that the kernel frees when its holder dies, so a killed run never needs a
manual clean-up."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from werkmonitor.core import clock
from werkmonitor.core.types import AlreadyRunning


@contextmanager
def run_lock(path: Path) -> Iterator[None]:
    """Hold the lock for as long as the block lasts; raises AlreadyRunning, with who and since when, if another process
    holds it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(_sentence(path)) from None
        _sign(descriptor)
        yield
    finally:
        # The file stays: removing it would let a third process lock a new file of the same name beside the holder of
        # the old one.
        os.close(descriptor)


def _sign(descriptor: int) -> None:
    holder = {"pid": os.getpid(), "sinds": clock.local_now().isoformat(timespec="seconds")}
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, json.dumps(holder).encode(), 0)


def _sentence(path: Path) -> str:
    try:
        holder = json.loads(path.read_text(encoding="utf-8"))
        who = f"proces {holder['pid']}, sinds {holder['sinds']}"
    except (OSError, ValueError, KeyError, TypeError):
        # The holder is between taking the lock and signing it.
        who = "een ander proces, zojuist gestart"
    return f"Er loopt al een run in {path.parent} ({who}). Wacht tot die klaar is, of stop dat proces en begin opnieuw."
