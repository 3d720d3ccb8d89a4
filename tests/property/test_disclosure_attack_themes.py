"""Nothing below the threshold is recovered in the themes beside benefits, where a release holds numbers twice: a share
is the sum of categories, two break-downs have a category of the same people. Where the mask does not know of it the
attack succeeds, so it can fail."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from invented_themes import THEMES, theme_problem, variables_of
from test_disclosure_attack import PLAIN, STRICT, Attack, pinned, publish, told
from werkmonitor.core.suppression import families, mask, tables
from werkmonitor.settings import DisclosureSettings

SIZES = [(0, 100, 4), (1, 300, 5), (2, 700, 6), (3, 2000, 7)]


def recovered(rows: list[dict[str, Any]], chosen: DisclosureSettings, attack: Attack) -> list[Any]:
    shown = variables_of(publish(rows, chosen=chosen))
    true = variables_of(rows)
    return attack(theme_problem(shown), true)


@pytest.mark.parametrize("thema", THEMES)
@pytest.mark.parametrize(("seed", "events", "regions"), SIZES)
def test_no_thema_gives_a_small_number(thema: str, seed: int, events: int, regions: int) -> None:
    rows = THEMES[thema](seed, events, regions)
    assert recovered(rows, PLAIN, pinned) == []
    assert recovered(rows, STRICT, told) == []


@pytest.mark.parametrize("thema", THEMES)
def test_who_does_not_know_what_is_told_twice_gives_it_away(thema: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(families, "category_sums", lambda: ())
    monkeypatch.setattr(mask, "category_sums", lambda: ())
    monkeypatch.setattr(mask, "same_cells", lambda _: np.zeros((0, 2), dtype=np.int64))
    monkeypatch.setattr(tables._Builder, "_overlapping", lambda *_: iter(()))
    assert any(recovered(THEMES[thema](*size), PLAIN, pinned) for size in SIZES)
