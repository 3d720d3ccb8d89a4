"""What dead processes leave: half files, a night that could not say that it published, folders that nobody may remove,
a number that was given to another process.

Not here: the dying itself (test_killed.py).
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
import release_example as example
from chaos.test_clock import organisation
from integration.test_night import go
from werkmonitor.core import atomic, release
from werkmonitor.core.workspace import Workspace
from werkmonitor.night import clean_leftovers, newest_night, read_json

NOBODY = 4_194_304 + 1  # the kernel gives no process a number as high as this


def test_a_night_that_published_and_could_not_say_so_stays(tmp_path: Path) -> None:
    rooms = organisation(tmp_path)
    held = go(rooms)
    workspace = Workspace(rooms.settings.monitor.werkmap)
    live, other = workspace.night("20990101T000000-a-1").create(), workspace.night("20990101T000001-b-1").create()
    for night, candidate in ((live, "levend"), (other, "anders")):
        night.checks.write_text("[]")
        night.state.write_text(json.dumps({"kandidaat": candidate, "fasen": []}))
    clean_leftovers(workspace, "levend")
    newest = newest_night(workspace)
    assert newest and newest.root == live.root and not other.root.exists()
    assert read_json(live.state)["uitkomst"] == "gepubliceerd"
    assert held.folder and held.folder.root.exists()


def test_half_states_go_but_not_what_a_living_process_is_writing(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "werk").create()
    workspace.masks.mkdir()
    half = [
        workspace.root / f".bezig-bevindingen.parquet-{NOBODY}",
        workspace.root / f".bezig-waivers.json-{os.getpid()}",  # of a process that had our number before us
        workspace.masks / ".bezig-x.parquet-1",
        workspace.snapshots / f".bezig-abc-{NOBODY}",
    ]
    alive = workspace.root / f".bezig-waivers.json-{os.getppid()}"
    for path in (*half, alive, workspace.waivers):
        path.write_text("half")
    clean_leftovers(workspace)
    assert [path for path in half if path.exists()] == []
    assert alive.exists() and workspace.waivers.exists()


def test_a_leftover_with_our_own_number_is_no_obstacle(tmp_path: Path) -> None:
    """In a container every run has the same number."""
    settings = example.settings(tmp_path)
    night = example.night_with(tmp_path / "nacht", settings)
    run = example.run_info(tmp_path)
    root = settings.monitor.releases
    name = release.release_id_of(run, example.PUBLISH)
    (root / f".bezig-{name}-{os.getpid()}").mkdir(parents=True)
    (root / f".bezig-current-{os.getpid()}").symlink_to("nergens")
    (root / f".bezig-latest.json-{os.getpid()}").write_text("half")
    made = release.publish(settings, night, example.PUBLISH, [example.success()], run, registry=example.REGISTRY)
    assert made.release_id == name and release.verify(made.path) == []
    assert [path for path in os.listdir(root) if path.startswith((".bezig", ".weg"))] == []


def test_replacing_leaves_the_old_file_when_the_writer_fails(tmp_path: Path) -> None:
    path = tmp_path / "toestand"
    path.write_text("oud")
    with pytest.raises(ValueError, match="stuk"), atomic.replacing(path) as beside:
        beside.write_text("half")
        raise ValueError("stuk")
    assert (path.read_text(), os.listdir(tmp_path)) == ("oud", ["toestand"])
    with atomic.replacing(path) as beside:
        beside.write_text("nieuw")
    assert (path.read_text(), path.stat().st_mode & 0o777) == ("nieuw", 0o600)
