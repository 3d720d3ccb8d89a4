"""Findings over runs: opened once, kept while they stay, closed by a later delivery in which they are mended."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from ingest_kit import KEY, Landing, uitkering
from werkmonitor.core.findings import Settled, closed, prune, settle
from werkmonitor.core.status import open_items, summary

GOOD = "D1,C1,PW,GM0268,2020-01-01,,,"
BAD = "D2,C2,PW,GM0268,20200231,,,"
MENDED = "D2,C2,PW,GM0268,20200229,,,"
FIRST, SECOND, THIRD = date(2026, 1, 16), date(2026, 2, 16), date(2026, 3, 16)


def settled(landing: Landing, today: date, key: bytes = KEY) -> Settled:
    landing.run(key=key)
    return settle(landing.night, landing.workspace.findings_state, today)


def state(landing: Landing) -> list[dict[str, Any]]:
    return pq.read_table(landing.workspace.findings_state).to_pylist()


def test_a_mended_row_closes_its_finding(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    landing.put("uitkering", uitkering(GOOD, BAD), day="2026-01-15")
    assert settled(landing, FIRST) == Settled(1, 0, 1)
    landing.put("uitkering", uitkering(MENDED, GOOD), day="2026-02-15")
    assert settled(landing, SECOND) == Settled(0, 1, 0)
    (row,) = state(landing)
    assert (row["regel"], row["kolom"], row["waarde"]) == ("datum.onleesbaar", "begindatum", "20200231")
    assert (row["geopend"], row["geopend_levering"]) == (FIRST, date(2026, 1, 15))
    assert (row["gesloten"], row["gesloten_levering"]) == (SECOND, date(2026, 2, 15))
    assert closed(landing.workspace.findings_state, "bron")[0][5:] == (1, FIRST, SECOND, date(2026, 2, 15))
    assert closed(landing.workspace.findings_state, "ander") == []


def test_a_row_is_known_again_in_another_place_of_a_later_delivery(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    landing.put("uitkering", uitkering(GOOD, BAD), day="2026-01-15")
    settled(landing, FIRST)
    landing.put("uitkering", uitkering(BAD, GOOD), day="2026-02-15")
    assert settled(landing, SECOND) == Settled(0, 0, 1)
    (row,) = state(landing)
    assert (row["geopend"], row["gezien"], row["rij"], row["gesloten"]) == (FIRST, SECOND, 2, None)
    assert row["bestand"] == "bron/2026-02-15/uitkering.csv"


def test_the_same_fault_in_another_row_is_another_finding(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    landing.put("uitkering", uitkering(BAD), day="2026-01-15")
    settled(landing, FIRST)
    landing.put("uitkering", uitkering(BAD.replace("D2", "D3")), day="2026-02-15")
    assert settled(landing, SECOND) == Settled(1, 1, 1)


def test_a_fault_that_comes_back_opens_anew(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    landing.put("uitkering", uitkering(BAD), day="2026-01-15")
    settled(landing, FIRST)
    landing.put("uitkering", uitkering(MENDED), day="2026-02-15")
    settled(landing, SECOND)
    landing.put("uitkering", uitkering(BAD), day="2026-03-15")
    assert settled(landing, THIRD) == Settled(1, 0, 1)
    assert sorted((row["geopend"], row["gesloten"] is None) for row in state(landing)) == [
        (FIRST, False),
        (THIRD, True),
    ]


def test_what_is_not_in_this_run_stays_open(tmp_path: Path) -> None:
    source = {"entiteiten": ["uitkering"]}
    landing = Landing(tmp_path, een=source, twee=source)
    first = landing.put("uitkering", uitkering(BAD), bron="een")
    landing.put("uitkering", uitkering(BAD), bron="twee")
    assert settled(landing, FIRST) == Settled(2, 0, 2)
    first.unlink()
    assert settled(landing, SECOND) == Settled(0, 0, 2)


def test_findings_of_rows_that_count_and_of_files_close_too(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    stray = landing.put("overig", "a\n1\n")
    landing.put("uitkering", uitkering("D1,C1,PW,GM0268,2020-01-01,,99,"))
    assert settled(landing, FIRST) == Settled(2, 0, 2)
    stray.unlink()
    landing.put("uitkering", uitkering(GOOD), day="2026-02-15")
    assert settled(landing, SECOND) == Settled(0, 2, 0)


def test_the_state_holds_no_number_and_is_private(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    landing.put("uitkering", uitkering("D2,9988776655,PW,GM0268,20200231,,,"))
    settled(landing, FIRST)
    path = landing.workspace.findings_state
    assert path.stat().st_mode & 0o077 == 0
    assert "9988776655" not in str(state(landing))
    (before,) = {row["sleutel"] for row in state(landing)}
    landing.run(key=b"x" * 32)
    assert before not in {row["sleutel"] for row in landing.quarantine()}


def test_what_closed_longer_ago_than_its_source_is_kept_is_forgotten(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    landing.put("uitkering", uitkering(BAD), day="2026-01-15")
    settled(landing, FIRST)
    landing.put("uitkering", uitkering(MENDED), day="2026-02-15")
    settled(landing, SECOND)
    path = landing.workspace.findings_state
    prune(path, {"bron": 12}, date(2027, 2, 16))
    assert len(state(landing)) == 1
    prune(path, {"bron": 12}, date(2027, 3, 16))
    assert state(landing) == []


def test_a_later_monthly_message_with_the_key_closes_what_it_mends(tmp_path: Path) -> None:
    """The older file stays in the landing and its row in quarantine, but nobody has anything to do there any more."""
    landing = Landing(tmp_path, bron={"entiteiten": ["uitkering"], "soort_levering": "maandbestand"})
    end, code = "D3,C3,PW,GM0268,2020-01-01,20200231,,", "D4,C4,XX,GM0268,2020-01-01,,,"
    landing.put("uitkering", uitkering(GOOD, BAD, end, code), day="2026-01-15")
    assert settled(landing, FIRST) == Settled(3, 0, 3)
    later = [MENDED, end.replace("20200231", "20200229"), "D4,C5,PW,GM0268,2020-01-01,,,"]
    landing.put("uitkering", uitkering(*later), day="2026-02-15")
    assert settled(landing, SECOND) == Settled(0, 2, 1)
    assert [(row["rij"], row["hersteld"] is None) for row in landing.quarantine()] == [
        (3, False),
        (4, False),
        (5, True),
    ]
    assert [item.rijen for item in open_items(landing.night)] == ["5"]
    assert summary(landing.night) == "1 rij in quarantaine (telt niet mee)"
