"""From a release to PDFs: the chapters of pdf_chapters.py as data, the templates of reports/pdf, compiled by typst.

Only writing. A text goes in as data and is never read as markup. The bytes depend on the release and the templates
alone: the date in a file is the peildatum, fonts are our own, and no clock is asked. Every file is PDF/A-2a (to keep)
and PDF/UA-1 (for everybody to read): typst refuses one whose pictures have no words or whose headings skip a level.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

import typst

from werkmonitor.report import charts, words
from werkmonitor.report.model import Figure, Listing, Remark, Statement, Table, Value
from werkmonitor.report.pdf_chapters import Document, documents
from werkmonitor.report.pdf_markup import tree
from werkmonitor.report.release_files import REPORTS, ReleaseFiles
from werkmonitor.settings import PROJECT_ROOT

TEMPLATES = PROJECT_ROOT / "reports" / "pdf"
FONTS = TEMPLATES / "lettertypen"


def write_pdfs(release: ReleaseFiles, folder: Path) -> list[str]:
    """Write every report below `folder`; the names written, relative to it."""
    (folder / REPORTS).mkdir(exist_ok=True)
    names = []
    for document in documents(release):
        (folder / document.path).write_bytes(pdf_of(document))
        names.append(document.path)
    return sorted(names)


def pdf_of(document: Document) -> bytes:
    """One report as the bytes of a PDF."""
    moment = datetime.combine(document.peildatum, time(), UTC)
    made = _compiler().compile(
        sys_inputs={"rapport": json.dumps(as_data(document), ensure_ascii=False)},
        format="pdf",
        pdf_standards=["a-2a", "ua-1"],
        timestamp=int(moment.timestamp()),
    )
    if not isinstance(made, bytes):
        raise TypeError("typst gave no PDF")
    return made


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(
        input=str(TEMPLATES / "rapport.typ"), root=str(TEMPLATES), font_paths=[str(FONTS)], ignore_system_fonts=True
    )


# ---- as data for the templates


def as_data(value: Any) -> Any:
    """A document and everything in it as plain data; a block has its class in small letters as `soort`."""
    if isinstance(value, Figure):
        return _figure(value)
    if isinstance(value, Remark):
        return {"soort": "remark", "title": value.title, "text": tree(value.html), "signed": value.signed}
    if isinstance(value, Listing):
        return {"soort": "listing", "items": [text for _, text in value.items]}
    if isinstance(value, Statement):
        return _fields(value, without=("key", "more"))
    if isinstance(value, Value):
        return {"text": value.text, "kind": value.kind, "tone": value.tone}
    if isinstance(value, Table):
        return _fields(value) | {"numeric": sorted(value.numeric)}
    if isinstance(value, date):
        return {"year": value.year, "month": value.month, "day": value.day, "text": words.day(value)}
    if is_dataclass(value) and not isinstance(value, type):
        return _fields(value)
    return [as_data(item) for item in value] if isinstance(value, tuple | list) else value


def _fields(value: Any, without: Iterable[str] = ()) -> dict[str, Any]:
    found = {field.name: as_data(getattr(value, field.name)) for field in fields(value) if field.name not in without}
    return {"soort": type(value).__name__.lower(), **found}


def _figure(figure: Figure) -> dict[str, Any]:
    """A figure with its drawing as SVG; the words of the drawing are its title and its sentence."""
    drawn = ""
    if figure.chart is not None:
        drawn = charts.to_svg(figure.chart, f"grafiek-{figure.key}", figure.title, figure.sentence)
    return {
        "soort": "figure",
        "label": figure.key,
        "title": figure.title,
        "sentence": figure.sentence,
        "svg": drawn,
        "table": as_data(figure.table),
        "notes": list(figure.notes),
        "source": figure.source,
    }
