"""One run at a time: the second is refused and told who, and a killed run leaves no lock."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from werkmonitor.core.lock import run_lock
from werkmonitor.core.types import AlreadyRunning, ConfigurationError

HOLDER = """
import sys
from pathlib import Path
from werkmonitor.core.lock import run_lock
with run_lock(Path(sys.argv[1])):
    print("bezet", flush=True)
    sys.stdin.read()
"""


def holder(path: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
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


def test_what_a_dead_process_wrote_hinders_nobody(tmp_path: Path) -> None:
    """Its number may be that of another process by now, of the one that locks even, or nonsense."""
    path = tmp_path / "slot"
    for text in (json.dumps({"pid": os.getpid(), "sinds": "2020-01-01"}), json.dumps({"pid": 1}), "[1", "\0" * 40):
        path.write_text(text)
        with run_lock(path):
            assert json.loads(path.read_text())["pid"] == os.getpid()


def test_a_holder_on_another_machine_is_named_with_its_machine(tmp_path: Path) -> None:
    path = tmp_path / "slot"
    with run_lock(path):
        path.write_text(json.dumps({"pid": 12, "machine": "rekenknecht2", "sinds": "2026-01-15T02:30:00+01:00"}))
        with pytest.raises(AlreadyRunning, match=r"proces 12 op machine rekenknecht2, sinds 2026"), run_lock(path):
            pass


def test_a_share_without_locks_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", refuse)
    with pytest.raises(ConfigurationError, match="kent geen sloten"), run_lock(tmp_path / "slot"):
        pass
