"""Excel deliveries: every kind of cell as the text of a csv, and every damaged workbook with a message."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ingest_kit import Landing, outcome
from werkmonitor.core.reading import Format, Malformed, RowReader, open_rows
from werkmonitor.core.types import DeliveryUnreadable
from werkmonitor.core.workbook import BATCH, MORE_SHEETS
from xlsx_kit import Raw, workbook

HEADER = [
    "dossier_id",
    "persoon_id",
    "regeling",
    "gemeente_code",
    "begindatum",
    "einddatum",
    "reden_einde",
    "norm_bedrag",
]
ERROR = Raw('<c t="e"><v>#N/A</v></c>')


def opened(tmp_path: Path, content: bytes, **form: Any) -> RowReader:
    path = tmp_path / "momentopname.xlsx"
    path.write_bytes(content)
    return open_rows(path, "bron/2026-01-15/uitkering.xlsx", Format(**form))


def rows(reader: RowReader) -> list[tuple[Any, ...]]:
    tables = list(reader.batches(list(range(len(reader.header)))))
    return [tuple(row.values()) for table in tables for row in table.to_pylist()]


def test_cells_become_the_text_of_a_csv(tmp_path: Path) -> None:
    cells = [268, 2.5, True, date(2020, 2, 29), date(9999, 12, 31), "00012", 20200101, None, ERROR]
    reader = opened(tmp_path, workbook([["a", "b", "c", "d", "e", "f", "g", "h", "i"], cells]), decimaal=",")
    texts = ("268", "2,5", "true", "2020-02-29", "9999-12-31", "00012", "20200101", "", "#FOUT")
    assert rows(reader) == [(2, *texts)]


def test_title_rows_empty_rows_and_a_footer(tmp_path: Path) -> None:
    sheet = [["Overzicht van"], [], [], ["a", "b"], ["1", "x"], [], ["2"], [None, "y"], ["Afgedrukt"], ["op"], []]
    reader = opened(tmp_path, workbook(sheet), kopregels_overslaan=1, voetregels_overslaan=2)
    assert reader.header == ["a", "b"]
    assert rows(reader) == [(5, "1", "x"), (7, "2", ""), (8, "", "y")]


def test_a_footer_longer_than_the_sheet_leaves_no_rows(tmp_path: Path) -> None:
    assert rows(opened(tmp_path, workbook([["a"], ["1"]]), voetregels_overslaan=5)) == []


def test_a_row_wider_than_the_header_is_malformed(tmp_path: Path) -> None:
    reader = opened(tmp_path, workbook([["a", "b"], ["1", "2", None, "opmerking"], ["3", "4"]]))
    assert rows(reader) == [(3, "3", "4")]
    assert reader.malformed == [Malformed(2, "rij.velden", "4 velden in plaats van 2")]


def test_the_sheet_with_the_name_of_the_file_counts_else_the_first_visible_one(tmp_path: Path) -> None:
    one, two = [["a"], ["een"]], [["a"], ["twee"]]
    named = opened(tmp_path, workbook(one, two, names=["Toelichting", "Uitkering"]))
    assert (rows(named), named.notes) == ([(2, "twee")], [MORE_SHEETS])
    shown = opened(tmp_path, workbook(one, two, [[]], names=["A", "B", "C"], hidden=[0]))
    assert (rows(shown), shown.notes) == ([(2, "twee")], [])


def test_more_rows_than_a_batch(tmp_path: Path) -> None:
    reader = opened(tmp_path, workbook([["a"], *([number] for number in range(BATCH + 5))]))
    found = rows(reader)
    assert (len(found), found[0], found[-1]) == (BATCH + 5, (2, "0"), (BATCH + 6, str(BATCH + 4)))


WHOLE = workbook([HEADER, ["D1"]])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "leeg"),
        (b"a,b\n1,2\n", "geen heel Excel-bestand"),
        (WHOLE[: len(WHOLE) // 2], "geen heel Excel-bestand"),
        (WHOLE.replace(b"sheetData", b"sheetDat\0"), "geen heel Excel-bestand|geen werkblad"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "wachtwoord"),
        (workbook([]), "geen werkblad met rijen"),
        (workbook([["a"]], hidden=[0]), "geen werkblad met rijen"),
        (workbook([["titel"], ["titel"]]), "geen rij met kolomnamen.*nu 3"),
    ],
)
def test_a_workbook_that_cannot_be_read_says_why(tmp_path: Path, content: bytes, words: str) -> None:
    with pytest.raises(DeliveryUnreadable, match=rf"uitkering.xlsx: .*({words})") as caught:
        opened(tmp_path, content, kopregels_overslaan=3)
    assert "Error" not in str(caught.value)


def test_an_excel_delivery_is_judged_like_a_csv(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    sheet = [
        HEADER,
        # What Excel makes of it: a gemeente and a reason without their zeros, dates as dates, 99991231 as a number.
        [12, 100200, "PW", 268, date(2020, 1, 1), date(2020, 2, 29), 1, 1038.52],
        ["D2", 100200, "PW", "GM0268", 20200301, 99991231, None, None],
        ["D3", 100200, "PW", 268, date(2020, 1, 1), 0, None, None],
        ["D4", 100200, "PW", 268, date(2020, 1, 1), ERROR, None, None],
        ["D5", 100200, "PW", 268, "20200100", None, None, None],
        [],
    ]
    landing.put("uitkering.xlsx", workbook(sheet))
    assert outcome(landing.run()) == (5, 3, 0, 0, 2)
    found = [
        (r["dossier_id"], r["gemeente_code"], r["einddatum"], r["reden_einde"], r["rij"]) for r in landing.accepted()
    ]
    assert found == [
        ("12", "GM0268", date(2020, 2, 29), "01", 2),
        ("D2", "GM0268", None, None, 3),
        ("D3", "GM0268", None, None, 4),
    ]
    assert landing.rules() == [
        (5, "datum.onleesbaar", "einddatum", "#FOUT"),
        (6, "datum.dag_onbekend", "begindatum", "20200100"),
    ]


def test_a_month_that_excel_made_a_date_is_a_month(tmp_path: Path) -> None:
    landing = Landing(tmp_path, bron={"entiteiten": ["inkomsten"]})
    header = ["persoon_id", "maand", "bedrag", "soort"]
    landing.put(
        "inkomsten.xlsx", workbook([header, ["C1", date(2024, 1, 1), 10, "loon"], ["C1", date(2024, 1, 2), 10, "loon"]])
    )
    assert outcome(landing.run()) == (2, 1, 0, 0, 1)
    assert landing.accepted("inkomsten")[0]["maand"] == "2024-01"


def test_a_bsn_that_lost_its_zero_gets_it_back(tmp_path: Path) -> None:
    landing = Landing(tmp_path, bron={"entiteiten": ["persoon"], "persoon_id_soort": "bsn"})
    landing.put("persoon.xlsx", workbook([["persoon_id", "geboortedatum"], [12345672, date(1980, 1, 1)]]))
    landing.put("persoon.csv", "persoon_id,geboortedatum\n012345672,1980-01-01\n")
    assert outcome(landing.run()) == (2, 1, 1, 0, 0)


def test_a_percentage_is_read_as_it_is_seen_and_only_where_the_unit_is_a_percentage(tmp_path: Path) -> None:
    header = [
        "beschikking_id",
        "persoon_id",
        "begindatum",
        "forfaitair",
        "nieuw_beschut",
        "loonwaarde",
        "uren_per_week",
    ]
    share, hours = Raw('<c s="3"><v>0.455</v></c>'), Raw('<c s="2"><v>0.8</v></c>')
    landing = Landing(tmp_path, bron={"entiteiten": ["lks"]})
    landing.put("lks.xlsx", workbook([header, ["b1", "1", date(2024, 1, 1), "nee", "nee", share, hours]]))
    landing.run()
    (row,) = landing.accepted("lks")
    assert (float(row["loonwaarde"]), row["uren_per_week"]) == (45.5, None)
    assert [(item["kolom"], item["waarde"]) for item in landing.findings()] == [("uren_per_week", "80%")]


def test_a_formula_that_was_never_computed_is_no_open_end(tmp_path: Path) -> None:
    never = Raw("<c ><f>DATE(2024,1,31)</f><v></v></c>")
    empty = Raw('<c t="str"><f>IF(TRUE,"","x")</f><v></v></c>')
    computed = Raw('<c s="1"><f>DATE(2024,1,31)</f><v>45322</v></c>')
    reader = opened(tmp_path, workbook([["a", "b", "c"], [never, empty, computed]]))
    assert rows(reader) == [(2, "#FORMULE", "", "2024-01-31")]


def test_numbers_have_no_exponent(tmp_path: Path) -> None:
    reader = opened(tmp_path, workbook([["a", "b"], [5.551115123125783e-17, 1e16]]), decimaal=",")
    assert rows(reader) == [(2, "0,00000000000000005551115123125783", "10000000000000000")]


def test_blank_rows_above_a_footer_are_counted_with_it(tmp_path: Path) -> None:
    sheet = [["a"], ["1"], ["2"], [], ["Afgedrukt"], []]
    assert rows(opened(tmp_path, workbook(sheet), voetregels_overslaan=2)) == [(2, "1"), (3, "2")]


def test_errors_stay_in_their_column_when_the_first_ones_are_empty(tmp_path: Path) -> None:
    """Else an end date that is #N/B would read as 'still open'."""
    reader = opened(tmp_path, workbook([[], [None, None, "a", "b", "c"], [None, None, "1", ERROR, "3"]]))
    assert (reader.header, rows(reader)) == (["a", "b", "c"], [(3, "1", "#FOUT", "3")])
