"""A backup that is made, damaged and restored, by the scripts that an operator runs."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from werkmonitor.core.lock import run_lock
from werkmonitor.core.release_store import verify
from werkmonitor.settings import PROJECT_ROOT

SCRIPTS = PROJECT_ROOT / "orchestration" / "beheer"
RELEASE = "2025-12-31-aaaaaaaaaaaa"


def script(name: str, *arguments: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    variables = {**os.environ, "BIN": str(Path(sys.executable).parent), **environment}
    command = ["bash", str(SCRIPTS / name), *map(str, arguments)]
    return subprocess.run(command, env=variables, capture_output=True, text=True)


class Organisation:
    """A werkmap and one whole release, under names that are not the usual ones."""

    def __init__(self, root: Path) -> None:
        self.root, self.copies = root, root / "reserve"
        self.werkmap, self.releases = root / "werkmap van ons", root / "uitgaven"
        release = self.releases / RELEASE
        release.mkdir(parents=True)
        (release / "reeksen.csv").write_text("indicator_id,waarde\nuitstroom,10\n", encoding="utf-8")
        content = (release / "reeksen.csv").read_bytes()
        files = {"reeksen.csv": {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}}
        manifest = {"release_id": RELEASE, "kandidaat": "a", "gemaakt": "2026-01-16", "bestanden": files}
        (release / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
        (self.releases / "current").symlink_to(RELEASE)
        (self.releases / ".bezig-latest.json-1").write_text("half", encoding="utf-8")
        self.werkmap.mkdir()
        (self.werkmap / "waivers.json").write_text('{"waivers": []}', encoding="utf-8")
        (self.werkmap / "waivers.json").chmod(0o600)
        (root / "werkmonitor.toml").write_text(
            '[monitor]\nnaam = "X"\nregio_code = "AM08"\nwerkmap = "werkmap van ons"\nreleases = "uitgaven"\n'
            '[bronnen.u]\nentiteiten = ["uitkering"]\n',
            encoding="utf-8",
        )

    def backup(self, **environment: str) -> subprocess.CompletedProcess[str]:
        return script(
            "reservekopie.sh", self.copies, WERKMONITOR_CONFIG=str(self.root / "werkmonitor.toml"), **environment
        )

    def newest(self) -> Path:
        return max(path for path in self.copies.iterdir() if path.suffix != ".sha256")

    def restore(self, folder: str = "terug", **environment: str) -> subprocess.CompletedProcess[str]:
        return script("terugzetten.sh", self.newest(), self.root / folder, **environment)


@pytest.fixture
def organisation(tmp_path: Path) -> Organisation:
    return Organisation(tmp_path)


def test_what_is_restored_is_whole_and_only_for_its_owner(organisation: Organisation) -> None:
    made = organisation.backup(VERSLEUTEL="tr a-z n-za-m", BEWAAR="1")
    assert made.returncode == 0, made.stderr
    assert organisation.newest().name.endswith(".tar.gz.versleuteld")
    assert organisation.newest().stat().st_mode & 0o777 == 0o600
    restored = organisation.restore(ONTSLEUTEL="tr a-z n-za-m")
    assert restored.returncode == 0, restored.stderr
    assert "1 release is heel." in restored.stdout
    folder = organisation.root / "terug"
    assert verify(folder / "releases" / RELEASE) == []
    assert os.readlink(folder / "releases" / "current") == RELEASE
    assert (folder / "werk" / "waivers.json").stat().st_mode & 0o777 == 0o600
    names = {path.name for path in folder.rglob("*")}
    assert not names & {"slot", ".slot", ".bezig-latest.json-1"}
    again = organisation.restore(ONTSLEUTEL="tr a-z n-za-m")
    assert again.returncode == 2 and "bestaat al" in again.stderr


def test_a_damaged_copy_is_not_restored(organisation: Organisation) -> None:
    assert organisation.backup().returncode == 0
    copy = organisation.newest()
    copy.write_bytes(copy.read_bytes()[:-20])
    restored = organisation.restore()
    assert restored.returncode == 1 and "is beschadigd" in restored.stderr
    copy.with_name(f"{copy.name}.sha256").unlink()
    assert organisation.restore().returncode == 1
    assert not list(organisation.root.glob("terug*"))


def test_a_release_that_was_not_whole_is_named_and_not_restored(organisation: Organisation) -> None:
    (organisation.releases / RELEASE / "reeksen.csv").write_text("veranderd", encoding="utf-8")
    assert organisation.backup().returncode == 0
    restored = organisation.restore()
    assert restored.returncode == 1 and f"{RELEASE}/reeksen.csv: wijkt af van het manifest" in restored.stdout
    assert not list(organisation.root.glob("terug*"))


def test_while_a_night_runs_no_copy_is_made(organisation: Organisation) -> None:
    with run_lock(organisation.werkmap / "slot"):
        made = organisation.backup(WACHT="0")
    assert made.returncode == 1 and "Er loopt een run" in made.stderr
    assert not list(organisation.copies.iterdir())


def test_only_the_newest_copies_stay(organisation: Organisation) -> None:
    organisation.copies.mkdir()
    for day in ("20260101", "20260102", "20260103"):
        for suffix in ("", ".sha256"):
            (organisation.copies / f"werkmonitor-{day}T000000Z.tar.gz{suffix}").write_text("oud", encoding="utf-8")
    (organisation.copies / "iets-anders.txt").write_text("blijft", encoding="utf-8")
    assert organisation.backup(BEWAAR="2").returncode == 0
    left = sorted(path.name for path in organisation.copies.iterdir())
    assert len(left) == 5 and left[0] == "iets-anders.txt" and left[1].startswith("werkmonitor-20260103")
