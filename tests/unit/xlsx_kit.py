"""Writes small Excel workbooks for tests, cell by cell as Excel stores them. No tests here."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from xml.sax.saxutils import escape

EXCEL_EPOCH = date(1899, 12, 30)
TYPES = """<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/xl/workbook.xml"
 ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>
</Types>"""
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="0.0%"/></numFmts>'
    '<fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/>'
    '<xf numFmtId="9" applyNumberFormat="1"/><xf numFmtId="164" applyNumberFormat="1"/></cellXfs></styleSheet>'
)


@dataclass(frozen=True)
class Raw:
    """A cell exactly as it stands in the file: an error, for instance."""

    xml: str


Cell = str | int | float | bool | date | Raw | None


def workbook(*sheets: Sequence[Sequence[Cell]], names: Sequence[str] = (), hidden: Sequence[int] = ()) -> bytes:
    """A workbook of sheets of rows of cells."""
    titles = list(names) or [f"Blad{number}" for number in range(1, len(sheets) + 1)]
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("_rels/.rels", _relations([("rId1", "officeDocument", "xl/workbook.xml")]))
        state = ['state="hidden" ' if number in hidden else "" for number in range(len(sheets))]
        listed = "".join(
            f'<sheet name="{escape(title)}" sheetId="{n + 1}" {state[n]}r:id="rId{n + 1}"/>'
            for n, title in enumerate(titles)
        )
        archive.writestr(
            "xl/workbook.xml", f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{listed}</sheets></workbook>'
        )
        parts = [(f"rId{n + 1}", "worksheet", f"worksheets/sheet{n + 1}.xml") for n in range(len(sheets))]
        archive.writestr("xl/_rels/workbook.xml.rels", _relations([*parts, ("rId99", "styles", "styles.xml")]))
        archive.writestr("xl/styles.xml", STYLES)
        for number, rows in enumerate(sheets, start=1):
            archive.writestr(f"xl/worksheets/sheet{number}.xml", _sheet(rows))
    return stream.getvalue()


def _relations(parts: Sequence[tuple[str, str, str]]) -> str:
    listed = "".join(f'<Relationship Id="{n}" Type="{OFFICE}/{kind}" Target="{to}"/>' for n, kind, to in parts)
    return f'<Relationships xmlns="{PACKAGE}">{listed}</Relationships>'


def _sheet(rows: Sequence[Sequence[Cell]]) -> str:
    lines = "".join(
        f'<row r="{r}">{"".join(_cell(_place(r, c), value) for c, value in enumerate(row))}</row>'
        for r, row in enumerate(rows, start=1)
        if row
    )
    return f'<worksheet xmlns="{MAIN}"><sheetData>{lines}</sheetData></worksheet>'


def _place(row: int, column: int) -> str:
    letters = chr(65 + column) if column < 26 else chr(64 + column // 26) + chr(65 + column % 26)
    return f"{letters}{row}"


def _cell(place: str, value: Cell) -> str:
    match value:
        case None:
            return ""
        case Raw(xml):
            return xml.replace("<c ", f'<c r="{place}" ', 1)
        case bool():
            return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
        case date():
            return f'<c r="{place}" s="1"><v>{(value - EXCEL_EPOCH).days}</v></c>'
        case int() | float():
            return f'<c r="{place}"><v>{value!r}</v></c>'
        case _:
            return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
