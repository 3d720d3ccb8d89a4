"""The runbook for when things go wrong names checks and commands that exist."""

from __future__ import annotations

import re
from pathlib import Path

from werkmonitor.audit import catalogue
from werkmonitor.cli import app, release_app, waiver_app

RUNBOOK = (Path(__file__).parents[2] / "docs" / "runbooks" / "als-het-misgaat.md").read_text(encoding="utf-8")
SUBJECTS = ("levering", "bestand", "vulling", "gemeente", "vorige", "uitgave", "cijfers", "uitkering", "bron")


def test_every_check_it_names_exists() -> None:
    named = set(re.findall(rf"`((?:{'|'.join(SUBJECTS)})\.[a-z0-9_.]+)`", RUNBOOK))
    known = {check.check_id for check in catalogue()}
    assert len(named) > 5
    assert named <= known


def test_every_command_it_names_exists() -> None:
    known = {command.name or command.callback.__name__ for command in app.registered_commands if command.callback}
    for group, name in ((release_app, "release"), (waiver_app, "waiver")):
        known |= {f"{name} {command.name}" for command in group.registered_commands}
    named = set(re.findall(r"werkmonitor ((?:release|waiver) \w+|\w+)", RUNBOOK)) - {"toml"}
    assert len(named) > 5
    assert named <= known
