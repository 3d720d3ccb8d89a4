"""Reading a file: every row once, with the number of its line; what cannot be read at all says why."""

from __future__ import annotations

import datetime
import decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from werkmonitor.core import reading
from werkmonitor.core.reading import Format, Malformed, open_rows
from werkmonitor.core.types import DeliveryUnreadable


def rows(path: Path, form: Format | None = None) -> tuple[list[list[object]], list[Malformed]]:
    """(line, texts) of the good rows, and the malformed ones."""
    reader = open_rows(path, path.name, form or Format(bron="bron"))
    tables = list(reader.batches(list(range(len(reader.header)))))
    good = [list(row.values()) for table in tables for row in table.to_pylist()]
    return good, reader.malformed


def csv(tmp_path: Path, content: bytes | str) -> Path:
    path = tmp_path / "uitkering.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize(
    "content",
    [b"a,b\n1,2\n3,4\n", b"a,b\r\n1,2\r\n3,4\r\n", b"\xef\xbb\xbfa,b\n1,2\n3,4", b'"a","b"\n"1","2"\n"3","4"\n'],
)
def test_line_endings_byte_order_mark_and_quotes(tmp_path: Path, content: bytes) -> None:
    path = csv(tmp_path, content)
    assert open_rows(path, "x", Format()).header == ["a", "b"]
    assert rows(path) == ([[2, "1", "2"], [3, "3", "4"]], [])


def test_title_rows_and_footer_count_as_lines_but_not_as_rows(tmp_path: Path) -> None:
    path = csv(tmp_path, 'Overzicht "2026"\n\na;b\n1;2\n3;4\n\nGeprint op 15-01-2026\n')
    form = Format(scheiding=";", kopregels_overslaan=2, voetregels_overslaan=2)
    assert rows(path, form) == ([[4, "1", "2"], [5, "3", "4"]], [])


def test_a_footer_longer_than_the_file_leaves_no_rows(tmp_path: Path) -> None:
    assert rows(csv(tmp_path, "a,b\n1,2\n"), Format(voetregels_overslaan=5)) == ([], [])


def test_rows_with_too_few_or_too_many_fields_keep_their_line(tmp_path: Path) -> None:
    good, bad = rows(csv(tmp_path, "a,b,c\n1,2,3\n4,5\n\n6,7,8,9\n1,2,3\n"))
    assert good == [[2, "1", "2", "3"], [6, "1", "2", "3"]]
    assert [(row.rij, row.regel, row.waarde) for row in bad] == [
        (3, "rij.velden", "2 velden in plaats van 3"),
        (5, "rij.velden", "4 velden in plaats van 3"),
    ]


def test_blank_lines_are_no_rows_but_empty_fields_are(tmp_path: Path) -> None:
    assert rows(csv(tmp_path, "a,b\n\n1,2\n\n\n,\n")) == ([[3, "1", "2"], [6, "", ""]], [])


def test_a_file_cut_off_in_a_row(tmp_path: Path) -> None:
    path = csv(tmp_path, "a,b,c\n1,2,3\n4,5")
    assert rows(path)[1] == [Malformed(3, "rij.afgebroken", "laatste rij zonder regeleinde")]
    assert open_rows(path, "x", Format()).notes == ["bestand.geen_regeleinde"]


def test_an_open_quote_costs_its_own_row_and_no_other(tmp_path: Path) -> None:
    good, bad = rows(csv(tmp_path, 'a,b,c\n1,2,3\n"4,5,6\n7,8,9\n10,"11",12\n13,14,15\n'))
    assert [row[0] for row in good] == [2, 4, 5, 6]
    assert [(row.rij, row.regel) for row in bad] == [(3, "rij.aanhalingsteken")]


def test_an_open_quote_on_the_last_row_cut_off(tmp_path: Path) -> None:
    good, bad = rows(csv(tmp_path, 'a,b,c\n1,2,3\n4,"5,6'))
    assert (len(good), [(row.rij, row.regel) for row in bad]) == (1, [(3, "rij.afgebroken")])


def test_two_texts_over_several_lines_in_one_row_are_one_row(tmp_path: Path) -> None:
    """The line in between has as many separators as a row, and quotes that come in pairs."""
    path = csv(tmp_path, 'a,b,c,d\n"een\ntwee",1,2,"drie\nvier"\n5,6,7,8\n')
    assert rows(path) == ([[2, "een\ntwee", "1", "2", "drie\nvier"], [5, "5", "6", "7", "8"]], [])


def test_text_over_several_lines_is_one_row_with_the_number_of_its_first_line(tmp_path: Path) -> None:
    good, bad = rows(csv(tmp_path, 'a,b,c\n1,"twee\n\nregels, echt",3\n4,5,6\n7,8\n'))
    assert good == [[2, "1", "twee\n\nregels, echt", "3"], [5, "4", "5", "6"]]
    assert [row.rij for row in bad] == [6]


def test_a_quote_inside_bare_text_is_a_character(tmp_path: Path) -> None:
    assert rows(csv(tmp_path, 'a,b\n3" buis,2\n1,2\n')) == ([[2, '3" buis', "2"], [3, "1", "2"]], [])


def test_quotes_that_hide_rows_from_the_parser_are_refused(tmp_path: Path) -> None:
    """Two quotes on one line, of which the second opens a field: an even number, and yet it would swallow the rest."""
    with pytest.raises(DeliveryUnreadable, match="aanhalingstekens"):
        rows(csv(tmp_path, 'a,b\nx"y,"z\n1,2\n3,4\n'))


def test_a_lone_carriage_return_does_not_split_a_row(tmp_path: Path) -> None:
    assert rows(csv(tmp_path, "a,b\n1,x\ry\n3,4\n")) == ([[2, "1", "x y"], [3, "3", "4"]], [])


def test_windows_1252_is_recoded(tmp_path: Path) -> None:
    path = csv(tmp_path, "a,b\n1,Café €\n".encode("cp1252"))
    assert rows(path, Format(codering="windows-1252")) == ([[2, "1", "Café €"]], [])


def test_blocks_smaller_than_the_file_give_the_same_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [f'{i},"t{i}"' if i % 7 else f"{i}" for i in range(2000)]
    path = csv(tmp_path, "a,b\r\n" + "\r\n\r\n".join(lines) + "\r\n")
    whole = rows(path)
    monkeypatch.setattr(reading, "BLOCK", 64)
    monkeypatch.setattr(reading, "PARSE_BLOCK", 256)
    assert rows(path) == whole
    assert (len(whole[0]), len(whole[1])) == (1714, 286)


@pytest.mark.parametrize(
    ("content", "form", "words"),
    [
        (b"", Format(), "leeg"),
        (b"\xef\xbb\xbf", Format(), "leeg"),
        (b"\n\n", Format(), "geen rij met kolomnamen"),
        (b"a,b\n1,Caf\xe9\n", Format(bron="gws"), r'regel 2: .*0xE9.*codering = "windows-1252" bij \[bronnen.gws\]'),
        ("a,b\n1,Café\n".encode(), Format(codering="windows-1252"), 'codering = "utf-8"'),
        (b"a,b\n1,\x81\n", Format(codering="windows-1252"), "regel 2"),
        ("a,b\n1,2\n".encode("utf-16"), Format(), "UTF-16"),
        ("a,b\n1,2\n".encode("utf-16-le"), Format(), "nul-tekens"),
        (b"a;b\n1;2\n", Format(), 'scheiding = ";"'),
        (b"PK\x03\x04rest", Format(), "ander soort bestand"),
        (b"a,b\r1,2\r", Format(), "CR"),
    ],
)
def test_files_that_cannot_be_read_say_why(tmp_path: Path, content: bytes, form: Format, words: str) -> None:
    path = csv(tmp_path, content)
    with pytest.raises(DeliveryUnreadable, match=words) as caught:
        open_rows(path, "bron/2026-01-15/uitkering.csv", form)
    assert str(caught.value).startswith("bron/2026-01-15/uitkering.csv")
    assert caught.value.exit_code == 5


def test_an_excel_file_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "uitkering.xlsx"
    path.write_bytes(b"PK")
    with pytest.raises(DeliveryUnreadable, match="csv of Parquet"):
        open_rows(path, path.name, Format())


def test_parquet_of_every_type_becomes_the_text_of_a_csv(tmp_path: Path) -> None:
    midnight = datetime.datetime(2020, 1, 31)
    utc = datetime.datetime(2020, 1, 30, 23, tzinfo=datetime.UTC)
    table = pa.table(
        {
            "date": pa.array([datetime.date(2020, 1, 31), None]),
            "stamp": pa.array([midnight, None], pa.timestamp("ns")),
            "zoned": pa.array([utc, None], pa.timestamp("us", "Europe/Amsterdam")),
            "bool": [True, None],
            "int": pa.array([268, None], pa.int16()),
            "whole": [1.0, float("nan")],
            "float": [1100.5, None],
            "dec": pa.array([decimal.Decimal("1100.50"), None], pa.decimal128(10, 2)),
            "round": pa.array([decimal.Decimal("1.00"), None], pa.decimal128(10, 2)),
            "cat": pa.array(["PW", None]).dictionary_encode(),
            "none": pa.nulls(2),
        }
    )
    path = tmp_path / "x.parquet"
    pq.write_table(table, path)
    good, _ = rows(path, Format(decimaal=","))
    assert good[0] == [
        2,
        "2020-01-31",
        "2020-01-31 00:00:00",
        "2020-01-31 00:00:00",
        "true",
        "268",
        "1",
        "1100,5",
        "1100,50",
        "1",
        "PW",
        None,
    ]
    assert good[1] == [3, *[None] * 11]


@pytest.mark.parametrize("keep", [0, 3, 60])
def test_parquet_that_is_empty_cut_off_or_something_else(tmp_path: Path, keep: int) -> None:
    path = tmp_path / "x.parquet"
    pq.write_table(pa.table({"a": ["1"] * 100}), path)
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(DeliveryUnreadable, match=r"leeg|geen heel Parquet-bestand"):
        open_rows(path, path.name, Format())


def test_parquet_with_lists_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    pq.write_table(pa.table({"a": [[1, 2]]}), path)
    with pytest.raises(DeliveryUnreadable, match="kolom a bevat lijsten"):
        rows(path)


def test_blank_lines_under_a_footer_do_not_count(tmp_path: Path) -> None:
    for content in ("a\n1\nAfgedrukt\n\n", "a\n1\nAfgedrukt\n", "a\n1\nAfgedrukt"):
        assert rows(csv(tmp_path, content), Format(voetregels_overslaan=1)) == ([[2, "1"]], [])
    assert rows(csv(tmp_path, "a\n1\n2\n\nAfgedrukt\n"), Format(voetregels_overslaan=2)) == ([[2, "1"], [3, "2"]], [])


def test_parquet_numbers_have_no_exponent(tmp_path: Path) -> None:
    path = tmp_path / "inkomsten.parquet"
    pq.write_table(pa.table({"bedrag": [5.551115123125783e-17, 1e17, 2.5, None]}), path)
    texts = [row[1] for row in rows(path)[0]]
    assert texts == ["0.00000000000000005551115123125783", "100000000000000000", "2.5", None]
