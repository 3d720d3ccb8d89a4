"""What the page for operators names exists, and the units and examples say what the page says."""

from __future__ import annotations

import configparser
import re
import subprocess
from pathlib import Path

import pytest
from werkmonitor.cli import app, release_app
from werkmonitor.core.mailbox import KEPT_DAYS
from werkmonitor.patience import WAITS
from werkmonitor.schedules import ENVIRONMENT, ENVIRONMENTS, PRODUCTION
from werkmonitor.settings import PROJECT_ROOT

PAGE = (PROJECT_ROOT / "docs" / "beheer.md").read_text(encoding="utf-8")
FOLDER = PROJECT_ROOT / "orchestration" / "beheer"
UNITS = sorted(FOLDER.glob("*.service"))


def unit(path: Path) -> configparser.RawConfigParser:
    parser = configparser.RawConfigParser(strict=False)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string(path.read_text(encoding="utf-8"))
    return parser


def test_every_command_and_file_that_the_page_names_exists() -> None:
    known = {command.name or command.callback.__name__ for command in app.registered_commands if command.callback}
    known |= {f"release {command.name}" for command in release_app.registered_commands}
    named = set(re.findall(r"werkmonitor (release \w+|run|status|meldingen|bevindingen|demo)\b", PAGE))
    assert len(named) >= 6 and named <= known
    scripts = set(re.findall(r"(?:orchestration/beheer/|`)([\w-]+\.(?:sh|conf|yaml))", PAGE))
    assert len(scripts) >= 7 and {name for name in scripts if not (FOLDER / name).exists()} == set()
    assert {path.name for path in FOLDER.iterdir()} - {"README.md"} <= set(
        re.findall(r"`([\w.-]+)`", (FOLDER / "README.md").read_text(encoding="utf-8"))
    )


def test_the_page_says_the_numbers_that_the_code_has() -> None:
    minutes = [str(wait // 60) for wait in WAITS]
    assert f"na {', '.join(minutes[:-1])} en {minutes[-1]} minuten" in PAGE
    assert KEPT_DAYS == 30 and "dertig dagen" in PAGE
    assert all(name in PAGE for name in ENVIRONMENTS)


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_a_unit_runs_confined_and_gets_the_key_from_systemd(path: Path) -> None:
    service = unit(path)["Service"]
    assert service["User"] == "werkmonitor" and service["ProtectSystem"] == "strict"
    assert service["LoadCredential"] == "sleutel:/etc/werkmonitor/sleutel"
    assert "/opt/werkmonitor/.venv/bin/" in service["ExecStart"]
    text = path.read_text(encoding="utf-8")
    assert "WERKMONITOR_SLEUTEL=" not in text and "PASSWORD=" not in text
    by_itself = f"{ENVIRONMENT}={PRODUCTION}" in text
    assert by_itself == ("dagster" in path.name)


def test_the_timer_and_dagster_do_not_both_run_the_night() -> None:
    assert unit(FOLDER / "werkmonitor.timer")["Unit"]["Conflicts"] == "werkmonitor-dagster-daemon.service"
    assert unit(FOLDER / "werkmonitor-dagster-daemon.service")["Unit"]["Conflicts"] == "werkmonitor.timer"


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.sh")), ids=lambda path: path.name)
def test_a_script_is_executable_and_bash_can_read_it(path: Path) -> None:
    assert path.stat().st_mode & 0o111
    assert subprocess.run(["bash", "-n", str(path)], capture_output=True, text=True).stderr == ""


@pytest.mark.parametrize("name", ["nginx-werkmonitor.conf", "nginx-oidc.conf"])
def test_the_proxy_shows_releases_only_and_sets_the_name_itself(name: str) -> None:
    text = (FOLDER / name).read_text(encoding="utf-8")
    assert "include snippets/werkmonitor-release.conf;" in text
    text += (FOLDER / "nginx-release.conf").read_text(encoding="utf-8")
    shown = set(re.findall(r"(?:root|alias) (\S+);", text))
    assert shown and all(path.startswith("/srv/werkmonitor/releases/") for path in shown)
    for block in re.findall(r"location /dagster \{(.*?)\n    \}", text, re.S):
        assert "proxy_set_header X-Werkmonitor-Gebruiker $" in block
