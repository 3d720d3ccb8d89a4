"""What passes by itself and what does not, told apart in one place; and waiting for the first only."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest
from werkmonitor.core.trouble import passes_by_itself
from werkmonitor.core.types import (
    AlreadyRunning,
    CheckDidNotRun,
    ConfigurationError,
    DeliveryChanging,
    DeliveryUnreadable,
    HeldByGate,
    LandingGone,
    WerkmonitorError,
)
from werkmonitor.night import DiskFull
from werkmonitor.patience import WAITS, patiently


def behind(outer: Exception, inner: Exception) -> Exception:
    try:
        try:
            raise inner
        except Exception as error:
            raise outer from error
    except Exception as error:
        return error


@pytest.mark.parametrize(
    "error",
    [
        AlreadyRunning("bezet"),
        DeliveryChanging("veranderde"),
        LandingGone("weg"),
        OSError(errno.ESTALE, "x"),
        OSError(errno.EBUSY, "x"),
        OSError(errno.EIO, "x"),
        ConnectionRefusedError(errno.ECONNREFUSED, "x"),
        TimeoutError(errno.ETIMEDOUT, "x"),
        behind(DeliveryUnreadable("kan niet worden geopend"), OSError(errno.EHOSTDOWN, "x")),
        behind(RuntimeError("dbt"), RuntimeError('IO Error: Could not set lock on file "/x": Conflicting lock')),
    ],
)
def test_this_may_pass_by_itself(error: Exception) -> None:
    assert passes_by_itself(error)


@pytest.mark.parametrize(
    "error",
    [
        ConfigurationError("onbekende sleutel"),
        DeliveryUnreadable("leeg"),
        HeldByGate("tegengehouden"),
        CheckDidNotRun("stuk"),
        DiskFull("vol"),
        WerkmonitorError("beschadigd"),
        ValueError("fout van ons"),
        MemoryError(),
        PermissionError(errno.EACCES, "x"),
        FileNotFoundError(errno.ENOENT, "x"),
        OSError(errno.EROFS, "x"),
        behind(DiskFull("vol"), OSError(errno.ENOSPC, "x")),
        behind(ConfigurationError("niet te lezen"), PermissionError(errno.EACCES, "x")),
    ],
)
def test_this_needs_somebody(error: Exception) -> None:
    assert not passes_by_itself(error)


class Attempts:
    """Fails with these errors, one an attempt, and then succeeds."""

    def __init__(self, *errors: Exception) -> None:
        self.errors, self.slept, self.said = list(errors), [], []  # type: ignore[var-annotated]

    def __call__(self) -> str:
        if self.errors:
            raise self.errors.pop(0)
        return "klaar"

    def run(self, waits: tuple[float, ...] = WAITS) -> str:
        return patiently(self, waits, self.said.append, self.slept.append)


def test_what_passes_is_tried_again_after_each_wait() -> None:
    attempts = Attempts(AlreadyRunning("Er loopt al een run."), OSError(errno.ESTALE, "weg"))
    assert attempts.run() == "klaar"
    assert attempts.slept == [60, 300]
    assert attempts.said[0] == "Er loopt al een run.\nDit kan vanzelf overgaan. Nieuwe poging over 1 minuut."


def test_in_the_end_it_gives_up_with_the_last_error() -> None:
    attempts = Attempts(*[AlreadyRunning(str(number)) for number in range(9)])
    with pytest.raises(AlreadyRunning, match="3"):
        attempts.run()
    assert attempts.slept == list(WAITS)


def test_what_needs_somebody_is_tried_once() -> None:
    attempts = Attempts(ConfigurationError("fout"), ConfigurationError("nog eens"))
    with pytest.raises(ConfigurationError, match="fout"):
        attempts.run()
    assert attempts.slept == [] and attempts.said == []


def test_without_waits_nothing_is_tried_again(tmp_path: Path) -> None:
    with pytest.raises(AlreadyRunning):
        Attempts(AlreadyRunning("bezet")).run(waits=())
