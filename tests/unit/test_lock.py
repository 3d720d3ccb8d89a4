"""One run at a time: the second is refused and told who, and a killed run leaves no lock."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from werkmonitor.core.lock import run_lock
from werkmonitor.core.types import AlreadyRunning

HOLDER = """
import sys, time
from pathlib import Path
from werkmonitor.core.lock import run_lock
with run_lock(Path(sys.argv[1])):
    print("bezet", flush=True)
    time.sleep(60)
"""


def holder(path: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen([sys.executable, "-c", HOLDER, str(path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout and process.stdout.readline() == "bezet\n"
    return process


def test_the_second_run_is_told_who_runs_and_a_kill_frees_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "slot"
    process = holder(path)
    try:
        with pytest.raises(AlreadyRunning) as caught, run_lock(path):
            pass
        assert f"proces {process.pid}" in str(caught.value)
        assert "sinds 20" in str(caught.value)
        assert caught.value.exit_code == 1
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    with run_lock(path):
        assert str(os.getpid()) in path.read_text()


def test_the_lock_is_free_after_the_block_and_after_an_error(tmp_path: Path) -> None:
    path = tmp_path / "slot"
    with run_lock(path):
        pass
    with pytest.raises(ValueError, match="x"), run_lock(path):
        raise ValueError("x")
    with run_lock(path):
        pass


def test_a_holder_that_has_not_signed_yet(tmp_path: Path) -> None:
    path = tmp_path / "slot"
    with run_lock(path):
        path.write_text("")
        with pytest.raises(AlreadyRunning, match="zojuist gestart"), run_lock(path):
            pass
