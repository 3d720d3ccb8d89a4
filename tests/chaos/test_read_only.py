"""A folder on a disk that can only be read, for real: what is told, and that nothing was touched.

Only root may mount; elsewhere test_killed.py gives the same error to every change on disk.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from chaos.scenario import states
from integration import organisation_kit as kit
from integration.organisation_kit import Organisation


@pytest.fixture
def organisation(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Organisation:
    """An organisation of its own, with one release."""
    return kit.copy(kit.published(tmp_path_factory.getbasetemp()), tmp_path / "proef")


@pytest.fixture
def read_only() -> Iterator[Callable[[Path], None]]:
    """Mounts a folder upon itself, to be read only."""
    mounted: list[Path] = []

    def mount(folder: Path) -> None:
        for command in (["mount", "--bind", str(folder), str(folder)], ["mount", "-o", "remount,bind,ro", str(folder)]):
            if shutil.which("mount") is None or subprocess.run(command, capture_output=True).returncode != 0:
                pytest.skip("mounting a disk needs root")
            if folder not in mounted:
                mounted.append(folder)

    yield mount
    for folder in mounted:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize("name", ["werk", "releases"])
def test_nothing_can_be_written(organisation: Organisation, read_only: Callable[[Path], None], name: str) -> None:
    organisation.deliver("uitkeringen/uitkering", kit.benefits()[:200])
    before = (organisation.series(), states(organisation))
    read_only(organisation.root / name)
    ended = kit.call(organisation, "run")
    assert ended.code == 1, ended.text
    assert str(organisation.root / name) in ended.err
    assert "de schijf is alleen te lezen" in ended.err
    assert "Read-only" not in ended.text and "Error" not in ended.text
    after = states(organisation)
    assert organisation.series() == before[0]
    assert {file: after[file] for file in before[1]} == before[1]


def test_a_landing_that_can_only_be_read_is_read(organisation: Organisation, read_only: Callable[[Path], None]) -> None:
    read_only(organisation.landing)
    ended = kit.call(organisation, "run")
    assert (ended.code, "Niets veranderd" in ended.text) == (0, True), ended.text
