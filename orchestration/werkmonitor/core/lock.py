"""One run at a time per werkmap: a lock that the kernel frees when its holder dies, so a killed run never needs a
manual clean-up. What the file says is for the message only: whose number it is, or whether that number was given to
another process since, decides nothing."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from werkmonitor.core import clock
from werkmonitor.core.types import AlreadyRunning, ConfigurationError

NO_LOCKS = (errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL)


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
        except OSError as error:
            if error.errno not in NO_LOCKS:
                raise
            raise ConfigurationError(
                f"De schijf van {path.parent} kent geen sloten, zodat twee runs elkaar niet zouden zien. Zet [monitor] "
                "werkmap op een schijf van deze machine zelf."
            ) from error
        _sign(descriptor)
        yield
    finally:
        # The file stays: removing it would let a third process lock a new file of the same name beside the holder of
        # the old one.
        os.close(descriptor)


def _sign(descriptor: int) -> None:
    since = clock.local_now().isoformat(timespec="seconds")
    holder = {"pid": os.getpid(), "machine": socket.gethostname(), "sinds": since}
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, json.dumps(holder).encode(), 0)


def _sentence(path: Path) -> str:
    try:
        holder = json.loads(path.read_text(encoding="utf-8"))
        machine = holder.get("machine", socket.gethostname())
        where = "" if machine == socket.gethostname() else f" op machine {machine}"
        who = f"proces {holder['pid']}{where}, sinds {holder['sinds']}"
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        # The holder is between taking the lock and signing it.
        who = "een ander proces, zojuist gestart"
    return f"Er loopt al een run in {path.parent} ({who}). Wacht tot die klaar is, of stop dat proces en begin opnieuw."
