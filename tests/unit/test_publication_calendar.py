"""Which release is for the public: at most one a calendar period, the others are internal."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import release_example as example
from werkmonitor.core import release
from werkmonitor.core.publication_calendar import decide, period_of
from werkmonitor.settings import DisclosureSettings, Settings


@pytest.mark.parametrize(
    ("calendar", "period"),
    [("dagelijks", "2025-12-31"), ("wekelijks", "2026-W01"), ("maandelijks", "2025-12"), ("kwartaal", "2025-KW4")],
)
def test_the_period_of_a_day(calendar: str, period: str) -> None:
    assert period_of(calendar, date(2025, 12, 31)) == period


@pytest.mark.parametrize(
    ("calendar", "publiek", "last", "kind"),
    [
        ("maandelijks", True, None, "openbaar"),
        ("maandelijks", True, date(2025, 11, 30), "openbaar"),
        ("maandelijks", True, date(2025, 12, 1), "intern"),
        ("maandelijks", True, date(2026, 1, 31), "intern"),
        ("maandelijks", False, None, "intern"),
        ("kwartaal", True, date(2025, 11, 30), "intern"),
        ("dagelijks", True, date(2025, 12, 30), "openbaar"),
        ("dagelijks", True, date(2025, 12, 31), "intern"),
    ],
)
def test_public_or_internal(calendar: str, publiek: bool, last: date | None, kind: str) -> None:
    chosen = DisclosureSettings.model_validate({"publicatie_kalender": calendar, "publiek": publiek})
    assert decide(chosen, date(2025, 12, 31), last)["soort"] == kind


def published(settings: Settings, folder: Path, night: int, **run: Any) -> str:
    files = example.night_with(folder / f"nacht{night}", settings)
    info = example.run_info(folder, minute=night, **run)
    return release.publish(settings, files, example.PUBLISH, [], info, registry=example.REGISTRY).release_id


def test_every_night_is_current_and_one_a_month_is_public(tmp_path: Path) -> None:
    settings = example.settings(tmp_path)
    november = published(settings, tmp_path, 1, peildatum=date(2025, 11, 30))
    december = published(settings, tmp_path, 2, invoer="b")
    nightly = published(settings, tmp_path, 3, invoer="c")
    kinds = {name: release.show(settings, name)["publicatie"]["soort"] for name in (november, december, nightly)}
    assert kinds == {november: "openbaar", december: "openbaar", nightly: "intern"}
    latest = json.loads((settings.monitor.releases / "latest.json").read_text())
    assert (latest["huidige_release"], latest["openbare_release"]) == (nightly, december)


def test_what_is_rolled_back_is_not_public_any_more(tmp_path: Path) -> None:
    settings = example.settings(tmp_path)
    november = published(settings, tmp_path, 1, peildatum=date(2025, 11, 30))
    published(settings, tmp_path, 2, invoer="b")
    release.rollback(settings, november)
    latest = json.loads((settings.monitor.releases / "latest.json").read_text())
    assert latest["openbare_release"] == november
    again = published(settings, tmp_path, 3, invoer="c")
    assert release.show(settings, again)["publicatie"]["soort"] == "openbaar"
