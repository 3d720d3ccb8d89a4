"""The undamaged example passes every check that applies to it; without that, a test of a damage proves nothing."""

from __future__ import annotations

from pathlib import Path

from checks_example import PEILDATUM, build
from werkmonitor.audit import audit, catalogue
from werkmonitor.core.types import Outcome


def test_nothing_is_wrong_with_the_example(tmp_path: Path) -> None:
    example = build(tmp_path / "nacht")
    results = audit(example.settings, example.night, None, example.deliveries, PEILDATUM)
    wrong = {r.check_id: r.message for r in results if r.outcome not in (Outcome.PASS, Outcome.NVT)}
    assert wrong == {}
    assert sum(result.outcome is Outcome.PASS for result in results) > 90
    assert {result.check_id for result in results} >= {check.check_id for check in catalogue() if check.suite != "dbt"}
