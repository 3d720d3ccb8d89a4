"""Which deliveries count, what is named beside them, and that a file which changes under us cannot matter."""

from __future__ import annotations

import stat
from datetime import date
from pathlib import Path

import pytest
from ingest_kit import Landing, outcome, uitkering
from werkmonitor.core.deliveries import find_deliveries, landing_notes, snapshot
from werkmonitor.core.types import ConfigurationError, DeliveryUnreadable

ROW = "D1,C1,PW,GM0268,2020-01-01,{},,"
MONTHLY = {"entiteiten": ["uitkering"], "soort_levering": "maandbestand"}


def test_of_a_full_delivery_the_newest_that_holds_the_entity_counts(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    landing.put("uitkering", uitkering(ROW.format("")), day="2026-01-15")
    landing.put("uitkering", uitkering(ROW.format("2020-05-31")), day="2026-02-15")
    landing.put("persoon", "persoon_id,geboortedatum\nC1,1980-01-01\n", day="2026-01-15")
    found = find_deliveries(landing.settings)
    assert [(d.entiteit, d.leverdatum) for d in found] == [
        ("persoon", date(2026, 1, 15)),
        ("uitkering", date(2026, 2, 15)),
    ]
    assert found[0].relative == "bron/2026-01-15/persoon.csv"


def test_leveringen_tot_rebuilds_what_was_known_then(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    landing.put("uitkering", uitkering(ROW.format("")), day="2026-01-15")
    landing.put("uitkering", uitkering(), day="2026-02-15")
    assert outcome(landing.run(until=date(2026, 2, 14))) == (1, 1, 0, 0, 0)
    assert outcome(landing.run()) == (0, 0, 0, 0, 0)


def test_of_monthly_files_the_latest_message_of_a_key_wins(tmp_path: Path) -> None:
    landing = Landing(tmp_path, bron=MONTHLY)
    landing.put("uitkering", uitkering(ROW.format(""), "D2,C2,PW,GM0268,2020-01-01,,,"), day="2026-01-15")
    landing.put("uitkering", uitkering(ROW.format("2020-05-31")), day="2026-02-15")
    assert outcome(landing.run()) == (3, 2, 1, 0, 0)
    assert [(r["dossier_id"], r["einddatum"]) for r in landing.accepted()] == [("D2", None), ("D1", date(2020, 5, 31))]
    assert [(c["aanvaard"], c["dubbel"]) for c in landing.counts()] == [(1, 1), (1, 0)]


def test_the_same_monthly_file_delivered_twice_counts_once(tmp_path: Path) -> None:
    landing = Landing(tmp_path, bron=MONTHLY)
    for day in ("2026-01-15", "2026-02-15"):
        landing.put("uitkering", uitkering(ROW.format(""), "D2,C2,PW,GM0268,2020-01-01,,,"), day=day)
    assert outcome(landing.run()) == (4, 2, 2, 0, 0)


def test_a_withdrawal_supersedes_the_earlier_message(tmp_path: Path) -> None:
    landing = Landing(tmp_path, bron=MONTHLY)
    landing.put("uitkering", uitkering(ROW.format("")), day="2026-01-15")
    landing.put("uitkering", uitkering(ROW.format("2019-12-31")), day="2026-02-15")
    assert outcome(landing.run()) == (2, 0, 1, 1, 0)


def test_contradictory_messages_of_one_day_are_quarantined_and_the_older_one_stays_superseded(tmp_path: Path) -> None:
    landing = Landing(tmp_path, bron=MONTHLY)
    landing.put("uitkering", uitkering(ROW.format("")), day="2026-01-15")
    landing.put("uitkering", uitkering(ROW.format(""), ROW.format("2020-05-31")), day="2026-02-15")
    assert outcome(landing.run()) == (3, 0, 1, 0, 2)


def test_what_is_not_read_is_named(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    landing.put("uitkering", uitkering(ROW.format("")))
    landing.put("dienstverband", "x\n")
    landing.put("lees_mij.txt", "x\n")
    landing.put("uitkering", "x\n", bron="onbekend")
    landing.put("uitkering", "x\n", day="20260115")
    landing.put(".verborgen", "x\n")
    assert [(note.regel, note.bestand) for note in landing_notes(landing.settings)] == [
        ("levering.bestand_onbekend", "bron/2026-01-15/dienstverband.csv"),
        ("levering.bestand_onbekend", "bron/2026-01-15/lees_mij.txt"),
        ("levering.map_geen_datum", "bron/20260115"),
        ("levering.map_onbekend", "onbekend"),
    ]
    assert outcome(landing.run()) == (1, 1, 0, 0, 0)
    assert {f["regel"] for f in landing.findings()} == {
        "levering.bestand_onbekend",
        "levering.map_geen_datum",
        "levering.map_onbekend",
    }


def test_a_newer_excel_file_is_never_replaced_by_an_older_csv(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    landing.put("uitkering", uitkering(ROW.format("")), day="2026-01-15")
    landing.put("uitkering.xlsx", b"PK\x03\x04", day="2026-02-15")
    with pytest.raises(DeliveryUnreadable, match=r"2026-02-15/uitkering.xlsx: .*csv of Parquet"):
        landing.run()


def test_a_landing_that_is_not_there(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    (tmp_path / "landing").rmdir()
    with pytest.raises(ConfigurationError, match="landing"):
        find_deliveries(landing.settings)


def test_a_snapshot_is_made_once_and_is_private(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    path = landing.put("uitkering", uitkering(ROW.format("")))
    (delivery,) = find_deliveries(landing.settings)
    copy = snapshot(delivery, landing.workspace)
    assert copy.name == f"{delivery.sha256}.csv"
    assert copy.read_bytes() == path.read_bytes() and stat.S_IMODE(copy.stat().st_mode) == 0o600
    path.write_text("veranderd")
    assert snapshot(delivery, landing.workspace) == copy
    assert copy.read_text() != "veranderd"


def test_a_file_that_changes_while_it_is_read_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    path = landing.put("uitkering", uitkering(ROW.format("")))
    (delivery,) = find_deliveries(landing.settings)
    path.write_text("veranderd")
    with pytest.raises(DeliveryUnreadable, match="veranderde terwijl"):
        snapshot(delivery, landing.workspace)
    assert list(landing.workspace.snapshots.iterdir()) == []


def test_a_file_that_went_away(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    path = landing.put("uitkering", uitkering(ROW.format("")))
    (delivery,) = find_deliveries(landing.settings)
    path.unlink()
    with pytest.raises(DeliveryUnreadable, match="kan niet worden geopend"):
        snapshot(delivery, landing.workspace)


def test_a_parquet_delivery_counts_like_a_csv(tmp_path: Path) -> None:
    import io

    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.table(
        {
            "dossier_id": ["D1", "D2"],
            "persoon_id": [101, 102],
            "regeling": ["PW", "PW"],
            "gemeente_code": [268, 268],
            "begindatum": pa.array([date(2020, 1, 1), None]),
            "reden_einde": [1.0, None],
        }
    )
    buffer = io.BytesIO()
    pq.write_table(table, buffer)
    landing = Landing(tmp_path)
    landing.put("uitkering.parquet", buffer.getvalue())
    assert outcome(landing.run()) == (2, 1, 0, 0, 1)
    assert landing.rules() == [(3, "verplicht.leeg", "begindatum", None)]
    row = landing.accepted()[0]
    assert (row["gemeente_code"], row["reden_einde"], row["einddatum"]) == ("GM0268", "01", None)
