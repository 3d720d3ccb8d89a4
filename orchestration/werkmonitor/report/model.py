"""The report as data: pages made of blocks, before anything is drawn or written. Site and PDF render the same objects.

Only shapes live here: no reading, no wording, no HTML. A text is plain Dutch; a figure that cannot be shown is a word
in a text, never an empty string, a zero or a colour.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["tekst", "getal", "woord"]
Tone = Literal["goed", "let_op", "fout", "neutraal"]
Place = Literal["werk", "uitkering", "anders"]  # where somebody is after outflow


@dataclass(frozen=True)
class Link:
    """`href` is relative to the site's folder (`gemeenten/GM0268.html`); the renderer adds what the page needs."""

    text: str
    href: str


@dataclass(frozen=True)
class Value:
    """What stands in one cell of a table. `woord`: a status in words where a number would stand. `links`: where the
    cell leads; a reader of the site sees these instead of the text."""

    text: str
    kind: Kind = "tekst"
    links: tuple[Link, ...] = ()
    tone: Tone = "neutraal"


@dataclass(frozen=True)
class Table:
    """A table with a caption; the first value of a row is its header. `stacked`: cells hold sentences, so that on a
    narrow screen they come below each other, each with the name of its column."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    numeric: frozenset[int] = frozenset()
    stacked: bool = False


# ---- charts: what is to be seen, without how it is drawn (charts.py)


@dataclass(frozen=True)
class Point:
    """One point of a line. `value` None: not drawn as a number; `word` says why, and is drawn."""

    x: str
    value: float | None
    word: str = ""
    provisional: bool = False


@dataclass(frozen=True)
class Line:
    name: str
    points: tuple[Point, ...]
    emphasis: bool = True


@dataclass(frozen=True)
class LineChart:
    """Values over periods. `breaks`: the periods before which a series breaks, with what is said of it. `margins`:
    (period, low, high), what a value that is not there yet may be."""

    lines: tuple[Line, ...]
    unit: str
    from_zero: bool = True
    breaks: tuple[tuple[str, str], ...] = ()
    margins: tuple[tuple[str, float, float], ...] = ()


@dataclass(frozen=True)
class Dot:
    """One category on a percentage scale, with its 95% margin when there is one."""

    name: str
    value: float | None
    low: float | None = None
    high: float | None = None
    word: str = ""
    emphasis: bool = False


@dataclass(frozen=True)
class DotChart:
    dots: tuple[Dot, ...]
    unit: str
    reference: float | None = None
    reference_name: str = ""


@dataclass(frozen=True)
class GridRow:
    """One category with a share (0-100) in every column, and how each is written; `tone` groups rows by meaning."""

    name: str
    shares: tuple[float | None, ...]
    words: tuple[str, ...]
    tone: Place = "anders"


@dataclass(frozen=True)
class GridChart:
    """Bars in columns side by side, one row a category: readable without colours and without a legend."""

    columns: tuple[str, ...]
    rows: tuple[GridRow, ...]


@dataclass(frozen=True)
class CurvePoint:
    month: int
    value: float
    low: float | None
    high: float | None
    n_risk: int | None


@dataclass(frozen=True)
class Curve:
    name: str
    points: tuple[CurvePoint, ...]
    emphasis: bool = True


@dataclass(frozen=True)
class CurveChart:
    curves: tuple[Curve, ...]
    unit: str = "%"


Chart = LineChart | DotChart | GridChart | CurveChart


# ---- blocks of a page


@dataclass(frozen=True)
class Paragraph:
    text: str
    kind: Literal["gewoon", "inleiding", "klein"] = "gewoon"


@dataclass(frozen=True)
class Statement:
    """A headline: the answer in a few words, the sentence it stands in, and what a reader needs beside it.

    `facts`: (label, text) pairs in a fixed order: aantallen, toeval, trend, vergelijking, doel, status.
    """

    key: str
    title: str
    answer: str
    sentence: str
    facts: tuple[tuple[str, str], ...]
    more: Link | None = None


@dataclass(frozen=True)
class Figure:
    """A chart with everything that must go with it. `data`: header and rows of its own download."""

    key: str
    title: str
    sentence: str
    chart: Chart | None
    table: Table
    source: str
    notes: tuple[str, ...] = ()
    data: tuple[tuple[str, ...], ...] = ()
    table_open: bool = False


@dataclass(frozen=True)
class Listing:
    """A list of texts, each with an optional link in front."""

    items: tuple[tuple[Link | None, str], ...]


@dataclass(frozen=True)
class Facts:
    """Label and text, as a description list."""

    items: tuple[tuple[str, str], ...]
    wide: bool = False


@dataclass(frozen=True)
class Code:
    """A few lines to copy."""

    label: str
    text: str


@dataclass(frozen=True)
class Remark:
    """A signed and dated toelichting: the words of a person, apart from the figures. `html` was made safe."""

    title: str
    html: str
    signed: str


@dataclass(frozen=True)
class Notice:
    """Something that a reader must not miss, in words (a correction, a waiver in force)."""

    title: str
    text: str
    tone: Tone = "let_op"


Block = Paragraph | Statement | Figure | Table | Listing | Facts | Code | Remark | Notice


@dataclass(frozen=True)
class Section:
    key: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Page:
    """One page of the site and one chapter of the PDF. `path` is relative to the site's folder."""

    path: str
    title: str
    lead: str
    sections: tuple[Section, ...]
    nav: str
    kicker: str = ""

    @property
    def depth(self) -> int:
        return self.path.count("/")


@dataclass(frozen=True)
class Report:
    """All that is said of one release."""

    release_id: str
    organisation: str
    peildatum: str
    description: str
    pages: tuple[Page, ...]
    invented: bool = False
    regions: tuple[Link, ...] = field(default=())
