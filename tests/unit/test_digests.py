"""The digests of a run: what is code, definition or list changes them; where folders are and what running leaves does
not."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from werkmonitor.core import digests
from werkmonitor.core.types import Delivery
from werkmonitor.settings import MonitorSettings, Settings, SourceSettings


def settings(mapping: Path | None = None, landing: Path = Path("/a")) -> Settings:
    source = SourceSettings(entiteiten=["uitkering"], mapping=mapping)
    monitor = MonitorSettings(naam="Voorbeeld", regio_code="AM08", landing=landing)
    return Settings(monitor=monitor, bronnen={"uitkeringen": source})


def test_names_and_contents_count_and_what_running_leaves_does_not(tmp_path: Path) -> None:
    (tmp_path / "a.sql").write_text("select 1")
    first = digests.tree_digest(tmp_path)
    (tmp_path / "target").mkdir()
    (tmp_path / "target" / "manifest.json").write_text("{}")
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "a.pyc").write_bytes(b"x")
    (tmp_path / ".user.yml").write_text("id: 1")
    assert digests.tree_digest(tmp_path) == first
    (tmp_path / "a.sql").write_text("select 2")
    second = digests.tree_digest(tmp_path)
    assert second != first
    (tmp_path / "a.sql").rename(tmp_path / "b.sql")
    assert digests.tree_digest(tmp_path) not in (first, second)


def test_a_part_that_is_left_out_does_not_count(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("1")
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "x.csv").write_text("1")
    first = digests.tree_digest(tmp_path, without=[tmp_path / "lists"])
    (tmp_path / "lists" / "x.csv").write_text("2")
    assert digests.tree_digest(tmp_path, without=[tmp_path / "lists"]) == first


def test_a_mapping_counts_by_its_content_not_by_its_place(tmp_path: Path) -> None:
    here, there = tmp_path / "a.yml", tmp_path / "b.yml"
    here.write_text("x: y\n")
    there.write_text("x: y\n")
    assert digests.lists_digest(settings(here)) == digests.lists_digest(settings(there))
    there.write_text("x: z\n")
    assert digests.lists_digest(settings(here)) != digests.lists_digest(settings(there))


def delivery(sha256: str, landing: str = "/a") -> Delivery:
    relative = "uitkeringen/2026-01-15/uitkering.csv"
    return Delivery("uitkeringen", 0, date(2026, 1, 15), "uitkering", Path(landing, relative), relative, sha256)


def candidate(sha256: str, landing: str = "/a", year: int = 2025, started: int = 1) -> str:
    moment = datetime(2026, 1, started, tzinfo=UTC)
    found = [delivery(sha256, landing)]
    return digests.run_info(settings(landing=Path(landing)), found, date(2025, 12, 31), year, moment).candidate_digest


def test_the_same_inputs_are_the_same_candidate_on_any_day_and_in_any_folder() -> None:
    assert candidate("a") == candidate("a", landing="/b", started=2)


def test_other_inputs_or_another_division_are_another_candidate() -> None:
    assert len({candidate("a"), candidate("b"), candidate("a", year=2026)}) == 3
