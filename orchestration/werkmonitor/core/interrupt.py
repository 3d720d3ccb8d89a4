"""Being asked to stop (Ctrl-C, or SIGTERM from a scheduler), also where a library swallows the exception: dbt turns it
into
a failed model. No clean-up here; whoever holds something cleans it up on the way out."""

from __future__ import annotations

import signal
import threading
from types import FrameType

_asked = threading.Event()


def listen() -> None:
    """From now on both signals end the run in the same way. Main thread only."""
    _asked.clear()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)


def _stop(number: int, frame: FrameType | None) -> None:
    _asked.set()
    raise KeyboardInterrupt


def check() -> None:
    """Raise KeyboardInterrupt if stopping was asked for and somebody on the way made something else of it."""
    if _asked.is_set():
        raise KeyboardInterrupt
