"""Waiting for what passes by itself: how long, how often, and trying again. What passes is known by core/trouble.

No phases and no messages here: the command line waits here with the whole night, Dagster asks for the same waits.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from werkmonitor.core.trouble import passes_by_itself

Result = TypeVar("Result")

# Seconds before the second, third and fourth attempt: a restart of a file server is over within a quarter of an hour,
# and what still is not there by three o'clock needs a person.
WAITS = (60, 300, 900)


def patiently(
    attempt: Callable[[], Result],
    waits: Sequence[float],
    say: Callable[[str], None],
    sleep: Callable[[float], None] = time.sleep,
) -> Result:
    """Do it, and once more after each of the waits as long as it fails for a reason that passes by itself."""
    for wait in waits:
        try:
            return attempt()
        except Exception as error:
            if not passes_by_itself(error):
                raise
            say(f"{error}\nDit kan vanzelf overgaan. {again(wait)}")
        sleep(wait)
    return attempt()


def again(wait: float) -> str:
    """When the next attempt is, in words."""
    minutes = round(wait / 60)
    return f"Nieuwe poging over {minutes} {'minuut' if minutes == 1 else 'minuten'}." if minutes else "Nieuwe poging."
