"""From a delivered Excel workbook (xlsx) to batches of text with their row numbers, as `reading.py` does for csv.

A cell becomes the text that a csv file would hold: a real date in ISO form, a number without `.0` and with the decimal
sign of the source, a percentage as it is seen (45%). The row number is that of Excel. Empty rows are no rows. Not here:
what a text means.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pyarrow as pa
import python_calamine as calamine
from numpy import format_float_positional

from werkmonitor.core.reading import FIELDS, ROW, Format, Malformed, RowReader
from werkmonitor.core.types import DeliveryUnreadable

BATCH = 1 << 15  # rows turned into text in one go
LARGEST = 4 << 30  # bytes a workbook may be when unpacked; more is damage or malice
CHUNK = 1 << 20
LONGEST_TAG = 1 << 14  # a formula is at most 8192 signs
MORE_SHEETS = "bestand.werkbladen"
ERROR_TEXT = "#FOUT"  # what a cell with an error in it reads as; the library would give an empty text
PERCENT = "%"
NOT_COMPUTED = "#FORMULE"  # a formula whose outcome was not saved with it: a program wrote it and never computed it
PERCENT_FORMATS = {9, 10}  # those that every workbook has; others are in its styles
_ERROR_CELL = re.compile(rb'<c\b[^>]*\bt="e"[^>]*>')
_FORMULA_CELL = re.compile(rb"<c\b(?P<c>[^>]*)>\s*<f\b(?:[^>]*/>|[^>]*>[^<]*</f>)\s*(?:<v\s*/>|<v\b[^>]*>\s*</v>|</c>)")
_LITERAL = re.compile(r'"[^"]*"|\\.')  # signs of a number format that stand for themselves
_TEXT_OUTCOME = re.compile(rb'\bt="str"')
_PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d+)"')
_OFFICE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"


@dataclass
class XlsxReader(RowReader):
    path: Path = Path()
    relative: str = ""
    form: Format = field(default_factory=Format)
    sheet: Any = None
    marks: dict[int, dict[int, str]] = field(default_factory=dict)  # row → column (both from 0) → what it is
    first_column: int = 0  # the library leaves empty columns at the left out of its rows, and empty rows above not
    header_row: int = 0

    @classmethod
    def open(cls, path: Path, relative: str, form: Format) -> XlsxReader:
        """Chooses the sheet and reads its header. The sheet named after the file counts, else the first visible one."""
        _refuse_what_is_no_workbook(path, relative)
        with _in_words(relative):
            book = calamine.CalamineWorkbook.from_path(str(path))
            filled = _filled_sheets(book)
            if not filled:
                raise DeliveryUnreadable(f"{relative}: het bestand heeft geen werkblad met rijen. Lever het opnieuw.")
            named = [
                index for index in filled if book.sheet_names[index].strip().lower() == Path(relative).stem.lower()
            ]
            chosen = (named or list(filled))[0]
            reader = cls(path=path, relative=relative, form=form, sheet=filled[chosen])
            reader.marks = _marked_cells(path, book.sheet_names[chosen])
            reader.first_column = filled[chosen].start[1]
            reader._find_header()
        if len(filled) > 1:
            reader.notes.append(MORE_SHEETS)
        return reader

    def batches(self, columns: list[int]) -> Iterator[pa.Table]:
        """The rows under the header, but for the footer."""
        with _in_words(self.relative):
            numbers: list[int] = []
            rows: list[list[Any]] = []
            for index, row in enumerate(islice(self.sheet.iter_rows(), self._rows_before_footer())):
                if index <= self.header_row or not (row := self._cells(index, row)):
                    continue
                if any(value != "" for value in row[len(self.header) :]):
                    self.malformed.append(self._too_wide(index, row))
                    continue
                numbers.append(index + 1)
                rows.append(row)
                if len(rows) == BATCH:
                    yield self._table(numbers, rows, columns)
                    numbers, rows = [], []
            if rows:
                yield self._table(numbers, rows, columns)

    def _cells(self, index: int, row: list[Any]) -> list[Any]:
        """The cells of a row with its errors and percentages; nothing for an empty row."""
        for place, mark in self.marks.get(index, {}).items():
            column = place - self.first_column
            if not 0 <= column < len(row):
                continue
            if mark != PERCENT:
                row[column] = mark
            elif isinstance(row[column], float):
                row[column] = f"{_text(round(row[column] * 100, 10), self.form.decimaal)}%"
        return row if any(value != "" for value in row) else []

    def _find_header(self) -> None:
        for index, row in enumerate(self.sheet.iter_rows()):
            if index >= self.form.kopregels_overslaan and any(str(value).strip() for value in row):
                texts = [_text(value, self.form.decimaal) or "" for value in row]
                while texts and not texts[-1].strip():
                    texts.pop()
                self.header, self.header_row = texts, index
                return
        raise DeliveryUnreadable(
            f"{self.relative}: het bestand heeft geen rij met kolomnamen. "
            f"Kijk ook naar kopregels_overslaan (nu {self.form.kopregels_overslaan}) bij [bronnen.{self.form.bron}]."
        )

    def _rows_before_footer(self) -> int:
        """How many rows of the sheet come before the footer; empty rows at the end are no footer."""
        filled = [index for index, row in enumerate(self.sheet.iter_rows()) if self._cells(index, row)]
        last = filled[-1] + 1 if filled else 0
        return max(last - self.form.voetregels_overslaan, self.header_row + 1)

    def _too_wide(self, index: int, row: Sequence[Any]) -> Malformed:
        used = max(column for column, value in enumerate(row) if value != "") + 1
        return Malformed(index + 1, FIELDS, f"{used} velden in plaats van {len(self.header)}")

    def _table(self, numbers: list[int], rows: list[list[Any]], columns: list[int]) -> pa.Table:
        texts = [
            pa.array(
                [_text(row[position] if position < len(row) else "", self.form.decimaal) for row in rows], pa.string()
            )
            for position in columns
        ]
        return pa.table([pa.array(numbers, pa.int64()), *texts], names=[ROW, *(f"c{position}" for position in columns)])


def _text(value: Any, sign: str) -> str | None:
    """A cell as the text that a csv file would hold."""
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float():
            # Never with an exponent: what a sum leaves behind (5.6e-17) is a number like any other.
            return format_float_positional(value, trim="-").replace(".", sign)
        case datetime():
            midnight = value.hour == value.minute == value.second == value.microsecond == 0
            return value.date().isoformat() if midnight else value.isoformat(" ")
        case date():
            return value.isoformat()
        case _:
            return str(value)


def _filled_sheets(book: Any) -> dict[int, Any]:
    """The visible worksheets with something on them, by their place."""
    visible = [
        index
        for index, sheet in enumerate(book.sheets_metadata)
        if sheet.typ == calamine.SheetTypeEnum.WorkSheet and sheet.visible == calamine.SheetVisibleEnum.Visible
    ]
    sheets = {index: book.get_sheet_by_index(index) for index in visible}
    return {index: sheet for index, sheet in sheets.items() if sheet.height > 0}


def _refuse_what_is_no_workbook(path: Path, relative: str) -> None:
    with path.open("rb") as handle:
        start = handle.read(8)
    if not start:
        raise DeliveryUnreadable(f"{relative}: het bestand is leeg. Lever het opnieuw.")
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise DeliveryUnreadable(
            f"{relative}: het bestand is beveiligd met een wachtwoord of is een oude xls. "
            "Haal de beveiliging eraf, sla het op als xlsx en lever het opnieuw."
        )
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(part.file_size for part in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise _not_xlsx(relative) from error
    if size > LARGEST:
        raise DeliveryUnreadable(
            f"{relative}: het bestand is uitgepakt {size >> 30} GB groot. Lever zoveel rijen als csv of Parquet."
        )


def _marked_cells(path: Path, sheet: str) -> dict[int, dict[int, str]]:
    """Which cells are not what the library makes of them.

    An error such as #N/B and a formula that was never computed read as empty, and an empty end date would say 'still
    open'; 45% reads as 0.45, and only the column knows which of the two is meant.
    """
    found: dict[int, dict[int, str]] = {}
    with zipfile.ZipFile(path) as archive:
        percentages = _percent_cell(archive)
        with archive.open(_part_of(archive, sheet)) as stream:
            rest = b""
            while piece := stream.read(CHUNK):
                piece = rest + piece
                for cell in percentages.finditer(piece) if percentages else ():
                    _mark(found, cell.group(), PERCENT)
                for cell in _FORMULA_CELL.finditer(piece) if b"<f" in piece else ():
                    if not _TEXT_OUTCOME.search(cell["c"]):
                        _mark(found, cell["c"], NOT_COMPUTED)
                for cell in _ERROR_CELL.finditer(piece):
                    _mark(found, cell.group(), ERROR_TEXT)
                rest = piece[-LONGEST_TAG:]
    return found


def _mark(found: dict[int, dict[int, str]], cell: bytes, mark: str) -> None:
    place = _PLACE.search(cell)
    if place is None:
        raise ValueError("a cell without a place")
    found.setdefault(int(place.group(2)) - 1, {})[_column(place.group(1))] = mark


def _percent_cell(archive: zipfile.ZipFile) -> re.Pattern[bytes] | None:
    """What a cell looks like that is shown as a percentage; None where no style does so."""
    if "xl/styles.xml" not in archive.namelist():
        return None
    parts = list(ElementTree.fromstring(archive.read("xl/styles.xml")).iter())
    own = {
        int(part.get("numFmtId", "0"))
        for part in parts
        if part.tag.rpartition("}")[2] == "numFmt" and "%" in _LITERAL.sub("", part.get("formatCode", ""))
    }
    cells = next((list(part) for part in parts if part.tag.rpartition("}")[2] == "cellXfs"), [])
    styles = [n for n, style in enumerate(cells) if int(style.get("numFmtId", "0")) in own | PERCENT_FORMATS]
    if not styles:
        return None
    return re.compile(rb'<c\b[^>]*\bs="(?:' + "|".join(map(str, styles)).encode() + rb')"[^>]*>')


def _part_of(archive: zipfile.ZipFile, sheet: str) -> str:
    """The file in the workbook that holds a sheet."""
    workbook = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    listed = [element for element in workbook.iter() if element.tag.rpartition("}")[2] == "sheet"]
    wanted = next(element for element in listed if element.get("name") == sheet)
    key = wanted.get(f"{_OFFICE}id") or next(v for k, v in wanted.items() if k.rpartition("}")[2] == "id")
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    target = next(element.get("Target", "") for element in relations if element.get("Id") == key)
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


@contextmanager
def _in_words(relative: str) -> Iterator[None]:
    """Every way in which a damaged workbook can fail, without the library's own words. A panic of the library (it is
    written in Rust) is no Exception.
    """
    try:
        yield
    except (DeliveryUnreadable, MemoryError):
        raise
    except Exception as error:
        raise _not_xlsx(relative) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise _not_xlsx(relative) from None


def _not_xlsx(relative: str) -> DeliveryUnreadable:
    return DeliveryUnreadable(
        f"{relative}: dit is geen heel Excel-bestand (xlsx). Het is afgebroken, beschadigd of van een andere soort. "
        "Sla het bestand op als csv of Parquet, of in Excel opnieuw als xlsx, en lever het hele bestand."
    )
