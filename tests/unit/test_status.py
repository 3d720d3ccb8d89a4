"""Headlines in words, lateness, and open findings from the files of a night."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from werkmonitor.core import headlines, status
from werkmonitor.core.types import CheckResult, Outcome, Severity
from werkmonitor.core.workspace import NightFolder
from werkmonitor.settings import MonitorSettings, Settings, SourceSettings


def settings(landing: Path = Path("/nergens"), verwacht: Any = "maandelijks") -> Settings:
    monitor = MonitorSettings(naam="Voorbeeld", regio_code="AM08", landing=landing)
    return Settings(
        monitor=monitor, bronnen={"uitkeringen": SourceSettings(entiteiten=["uitkering"], verwacht=verwacht)}
    )


def cell(**values: Any) -> dict[str, Any]:
    base = {
        "indicator_id": "uitstroom",
        "regio_code": "AM08",
        "periode": "2024JJ00",
        "dimensie": "totaal",
        "waarde": 1235.0,
        "eenheid": "momenten",
        "status": "definitief",
        "meetbaar_vanaf": None,
        "bron": "eigen registratie",
    }
    return base | values


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (cell(), "1.235"),
        (cell(status="voorlopig"), "1.235 (voorlopig)"),
        (cell(waarde=None, status="onderdrukt"), "<5"),
        (cell(waarde=0.0), "0"),
        (cell(waarde=85.0, eenheid="%"), "85%"),
        (cell(waarde=12.5, eenheid="%"), "12,5%"),
        (cell(waarde=None, eenheid="%", status="onderdrukt"), "te weinig mensen om te tonen"),
        (
            cell(waarde=None, status="nog_niet_meetbaar", meetbaar_vanaf=date(2026, 9, 30)),
            "nog niet meetbaar (vanaf 30 september 2026)",
        ),
        (cell(waarde=None, status="niet_geleverd"), "niet geleverd"),
        (cell(waarde=None, status="nvt"), "niet van toepassing"),
    ],
)
def test_a_cell_in_words(row: dict[str, Any], expected: str) -> None:
    assert headlines.in_words(row, 5) == expected


def test_headlines_show_two_measured_years_and_what_cannot_be_measured_yet(tmp_path: Path) -> None:
    rows = [
        cell(periode="2025JJ00", waarde=None, status="nog_niet_meetbaar", meetbaar_vanaf=date(2026, 4, 30)),
        *[cell(periode=f"{year}JJ00", waarde=float(year)) for year in (2022, 2023, 2024)],
        cell(periode="2024KW01"),
        cell(regio_code="GM0268"),
        cell(dimensie="leeftijd"),
        cell(bron="Jaarstukken"),
    ]
    schema = pa.schema(
        [
            (name, pa.string())
            for name in ("indicator_id", "regio_code", "periode", "dimensie", "eenheid", "status", "bron")
        ]
        + [("waarde", pa.float64()), ("meetbaar_vanaf", pa.date32())]
    )
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), tmp_path / "reeksen.parquet")
    names = {"indicatoren": [{"indicator_id": "uitstroom", "naam": "Uitstroom uit de uitkering"}]}
    (tmp_path / "definities.json").write_text(json.dumps(names))
    assert headlines.headlines(tmp_path, settings()) == [
        "Uitstroom uit de uitkering: 2.024 in 2024; 2.023 in 2023; 2025 is nog niet meetbaar (vanaf 30 april 2026)"
    ]


@pytest.mark.parametrize(
    ("last", "expected", "due"),
    [
        (date(2026, 1, 31), "maandelijks", date(2026, 2, 28)),
        (date(2025, 12, 15), "maandelijks", date(2026, 1, 15)),
        (date(2025, 11, 30), "kwartaal", date(2026, 2, 28)),
        (date(2024, 2, 29), "jaarlijks", date(2025, 2, 28)),
        (date(2025, 12, 31), "dagelijks", date(2026, 1, 1)),
        (date(2025, 12, 31), "wekelijks", date(2026, 1, 7)),
    ],
)
def test_when_the_next_delivery_is_due(last: date, expected: str, due: date) -> None:
    assert status.due_after(last, expected) == due


def test_late_the_day_after_it_was_due(tmp_path: Path) -> None:
    for name in ("2025-12-15", "2025-11-15", "20260101", "geen datum"):
        (tmp_path / "uitkeringen" / name).mkdir(parents=True)
    found = settings(tmp_path)
    newest = status.newest_deliveries(found)
    assert newest == {"uitkeringen": date(2025, 12, 15)}
    assert status.late_sources(found, newest, date(2026, 1, 15)) == []
    assert [item.bron for item in status.late_sources(found, newest, date(2026, 1, 16))] == ["uitkeringen"]
    assert status.late_sources(found, {}, date(2026, 1, 1))[0].due is None


def test_open_items_group_rows_by_file_rule_and_column(tmp_path: Path) -> None:
    night = NightFolder(tmp_path / "nacht").create()
    rows = [
        {
            "bron": "u",
            "bestand": "u/2026-01-15/uitkering.csv",
            "rij": number,
            "regel": "datum.onleesbaar",
            "kolom": "begindatum",
            "waarde": f"2019-02-3{number}",
        }
        for number in range(9, 1, -1)
    ]
    rows.append(
        {"bron": "u", "bestand": "u/2026-01-15/uitkering.csv", "rij": None, "regel": "onbekende.regel", "kolom": None}
    )
    pq.write_table(pa.Table.from_pylist(rows), night.quarantine)
    items = status.open_items(night)
    assert [(item.regel, item.aantal) for item in items] == [("datum.onleesbaar", 8), ("onbekende.regel", 1)]
    assert items[0].rijen == "2, 3, 4, 5, 6, ..."
    assert items[0].uitleg == "De waarde is geen bestaande datum."
    assert "JJJJ-MM-DD" in items[0].herstel
    assert items[1].uitleg == "onbekende.regel"
    assert items[0].waarden == "2019-02-32, 2019-02-33, 2019-02-34"
    assert "het hele bestand" in items[1].text()
    assert status.summary(night) == "9 rijen in quarantaine (tellen niet mee)"


def test_one_cause_of_many_errors_is_said_once(tmp_path: Path) -> None:
    night = NightFolder(tmp_path / "nacht").create()
    message = f"{status.NOT_RUN_MESSAGE} Binder Error: kolom weg"
    errors = [
        CheckResult(f"reeks.controle_{n}", "cijfers", "x", Outcome.ERROR, Severity.BLOCKING, message=message)
        for n in range(120)
    ]
    failed = CheckResult("uitkering.overlap", "levering", "uitkering", Outcome.FAIL, Severity.WARNING, failing=7)
    night.checks.write_text(json.dumps({"controles": [item.as_dict() for item in [failed, *errors]]}))
    first, second = status.open_items(night)
    assert first.regel.startswith("reeks.controle_0, ") and first.regel.endswith(" en nog 112")
    assert first.uitleg == message and first.bestand == "120 controles"
    assert second.regel == "uitkering.overlap"
    assert status.summary(night) == "120 controles die niet konden worden uitgevoerd; 1 waarschuwing"


def test_csv_has_a_line_a_row_and_makes_formulas_harmless(tmp_path: Path) -> None:
    night = NightFolder(tmp_path / "nacht").create()
    place = {"bron": "u", "bestand": "u/2026-01-15/uitkering.csv", "regel": "datum.onleesbaar", "kolom": "begindatum"}
    values = {4: "31-02-2020", 3: "=HYPERLINK(1)", 2: "-5"}
    pq.write_table(
        pa.Table.from_pylist([place | {"rij": row, "waarde": v} for row, v in values.items()]), night.findings
    )
    stream = io.StringIO()
    status.write_csv(night, stream)
    found = list(csv.DictReader(io.StringIO(stream.getvalue())))
    shown = {row["rij"]: row["waarde"] for row in found}
    assert shown == {"2": "'-5", "3": "'=HYPERLINK(1)", "4": "31-02-2020"}
    assert found[0]["uitleg"] == "De waarde is geen bestaande datum."
    assert found[0]["ernst"] == "rij telt mee"
