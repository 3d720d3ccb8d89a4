"""When a new delivery starts a night: complete, quiet, and really new."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from werkmonitor.core.landing_watch import QUIET_SECONDS, Watch, watch
from werkmonitor.core.types import LandingGone
from werkmonitor.settings import MonitorSettings, Settings, SourceSettings


class Landing:
    """A landing with one source, and a clock that we set."""

    def __init__(self, root: Path) -> None:
        self.root, self.now, self.cursor = root, 1_000_000.0, ""
        self.settings = Settings(
            monitor=MonitorSettings(
                naam="X", regio_code="AM08", landing=root / "landing", werkmap=root / "werk", releases=root / "uit"
            ),
            bronnen={"u": SourceSettings(entiteiten=["persoon", "uitkering"])},
        )

    def put(self, name: str, content: str = "x") -> None:
        path = self.root / "landing" / "u" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")

    def look(self, after: float = 0.0) -> Watch:
        self.now += after
        found = watch(self.settings, self.cursor, self.now)
        self.cursor = found.cursor
        return found

    def starts(self) -> bool:
        """Whether a run starts within two looks that are far enough apart."""
        return bool(self.look().start or self.look(QUIET_SECONDS).start)


@pytest.fixture
def landing(tmp_path: Path) -> Landing:
    found = Landing(tmp_path)
    found.put("2026-01-15/persoon.csv")
    found.put("2026-01-15/uitkering.csv")
    return found


def test_a_delivery_starts_one_run_when_it_has_been_quiet(landing: Landing) -> None:
    assert landing.look().start is None
    assert "stil" in landing.look(QUIET_SECONDS - 1).reason
    assert landing.look(1).start is not None
    assert landing.look(QUIET_SECONDS).start is None
    assert landing.look(QUIET_SECONDS).reason == "Er zijn geen nieuwe aanleveringen."


def test_a_file_that_grows_is_waited_for(landing: Landing) -> None:
    assert landing.starts()
    for size in range(1, 5):
        landing.put("2026-02-15/persoon.csv", "x" * size)
        landing.put("2026-02-15/uitkering.csv", "x" * size)
        assert landing.look(QUIET_SECONDS).start is None
    assert landing.look(QUIET_SECONDS).start is not None


@pytest.mark.parametrize("name", [".uitkering.csv.k3x9", "uitkering.csv.filepart"])
def test_an_upload_under_another_name_is_waited_for(landing: Landing, name: str) -> None:
    landing.put("2026-02-15/persoon.csv")
    landing.put("2026-02-15/uitkering.csv")
    for size in range(3):
        landing.put(f"2026-02-15/{name}", "x" * size)
        assert landing.look(QUIET_SECONDS).start is None


def test_a_folder_that_lacks_what_the_one_before_had_is_waited_for(landing: Landing) -> None:
    assert landing.starts()
    landing.put("2026-02-15/persoon.csv")
    assert not landing.starts()
    assert "In u/2026-02-15 ontbreekt nog: uitkering." in landing.look().reason
    landing.put("2026-02-15/uitkering.csv")
    assert landing.starts()


def test_what_is_not_read_starts_nothing(landing: Landing) -> None:
    assert landing.starts()
    landing.put("2026-01-15/leesmij.txt")
    landing.put("2026-01-15/.DS_Store")
    assert not landing.starts()


def test_a_replaced_file_of_the_same_size_is_new(landing: Landing) -> None:
    assert landing.starts()
    path = landing.root / "landing" / "u" / "2026-01-15" / "uitkering.csv"
    os.utime(path, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns + 1))
    assert landing.starts()


def test_a_clock_that_is_set_back_keeps_nothing_waiting(landing: Landing) -> None:
    landing.look()
    assert landing.look(-86_400).start is not None


@pytest.mark.parametrize("cursor", ["", "kapot", "[]", '{"gezien": 1}'])
def test_a_lost_cursor_only_means_looking_again(landing: Landing, cursor: str) -> None:
    assert landing.starts()
    landing.cursor = cursor
    assert landing.starts()


def test_a_share_that_is_away_is_said_and_starts_nothing(landing: Landing) -> None:
    assert landing.starts()
    cursor = landing.cursor
    (landing.root / "werk").mkdir()
    (landing.root / "werk" / "leveringen.json").write_text('{"leveringen": []}', encoding="utf-8")
    (landing.root / "landing").rename(landing.root / "elders")
    with pytest.raises(LandingGone, match="aangekoppeld"):
        landing.look()
    (landing.root / "elders").rename(landing.root / "landing")
    assert landing.cursor == cursor and not landing.starts()
