"""What `make test` does where no browser is to be had: tests/browser/klaarzetten.sh has an exit code for it."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
NOT_TO_BE_HAD = 75
Ended = subprocess.CompletedProcess[str]


@pytest.fixture
def prepare(tmp_path: Path) -> Callable[..., Ended]:
    """The script in a folder of its own, with stand-ins for what it calls: no apt-get, an npm that does as asked."""
    tools = tmp_path / "bin"
    tools.mkdir()
    for name in ("sh", "dirname", "id", "touch", "mkdir", "mktemp", "cat", "grep", "rm"):
        found = shutil.which(name)
        assert found is not None
        (tools / name).symlink_to(found)
    for name in ("klaarzetten.sh", "package.json", "package-lock.json"):
        shutil.copy(ROOT / "tests" / "browser" / name, tmp_path)
        os.utime(tmp_path / name, (0, 0))  # older than anything made here, on any file system
    (tmp_path / "chromium").touch(mode=0o755)

    def run(npm: str = "exit 0", browser: str = "chromium") -> Ended:
        (tools / "npm").write_text(f"#!/bin/sh\n{npm}\n", encoding="utf-8")
        (tools / "npm").chmod(0o755)
        env = {"PATH": str(tools), "CHROMIUM": str(tmp_path / browser), "HOME": str(tmp_path)}
        command = [os.fspath(tmp_path / "klaarzetten.sh")]
        return subprocess.run(command, env=env, capture_output=True, text=True, check=False)

    return run


def test_without_a_browser_and_without_a_way_to_install_it(prepare: Callable[..., Ended]) -> None:
    ended = prepare(browser="nergens")
    assert ended.returncode == NOT_TO_BE_HAD and "ontbreekt: chromium" in ended.stderr


def test_without_a_registry(prepare: Callable[..., Ended]) -> None:
    ended = prepare(npm="exit 1")
    assert ended.returncode == NOT_TO_BE_HAD and "niet bereikbaar" in ended.stderr


def test_packages_that_do_not_install_though_the_registry_answers_are_a_failure(prepare: Callable[..., Ended]) -> None:
    ended = prepare(npm='[ "$1" = ping ]')
    assert ended.returncode == 1 and "package-lock.json" in ended.stderr


@pytest.mark.parametrize("fault", ["ETIMEDOUT", "ECONNRESET", "EAI_AGAIN", "E503"])
def test_a_network_that_fails_now_and_then_is_no_failure(prepare: Callable[..., Ended], fault: str) -> None:
    ended = prepare(npm=f'[ "$1" = ping ] || {{ echo "npm error code {fault}" >&2; exit 1; }}')
    assert ended.returncode == NOT_TO_BE_HAD and f"npm error code {fault}" in ended.stderr


def test_packages_are_fetched_once(prepare: Callable[..., Ended], tmp_path: Path) -> None:
    fetch = 'mkdir -p node_modules; echo "$1" >> aangeroepen'
    assert [prepare(npm=fetch).returncode, prepare(npm=fetch).returncode] == [0, 0]
    assert (tmp_path / "aangeroepen").read_text(encoding="utf-8").split() == ["ci"]
