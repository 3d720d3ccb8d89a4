"""From cells to blocks: lines, dots, grids, tables and downloads, the same way on every page.

What belongs here: putting cells into the shapes of model.py. What does not: which figures a page shows (pages/), how a
sentence reads (sentences.py), how a chart is drawn (charts.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, replace

from werkmonitor.core.types import OWN
from werkmonitor.report import sentences, statistics, words
from werkmonitor.report.model import Block, Dot, DotChart, Figure, Line, LineChart, Point, Table, Value
from werkmonitor.report.release_files import COLUMNS, Cell, ReleaseFiles, broken

WHOLE = "hele organisatie"
ROUNDED = "; aantallen afgerond op vijftallen"
MILLION = 1_000_000.0


def source(release: ReleaseFiles, extra: str = "") -> str:
    """The source line under a figure."""
    rounded = ROUNDED if release.rounded else ""
    return f"Bron: {OWN}, peildatum {words.day(release.peildatum)}{rounded}.{extra}"


def csv_rows(cells: Iterable[Cell]) -> tuple[tuple[str, ...], ...]:
    """Cells as their own download: the columns of reeksen.csv, written the same way."""
    return (COLUMNS, *(tuple(_plain(value) for value in astuple(cell)) for cell in cells))


def _plain(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value == int(value) else repr(value)
    return str(value)


def line(name: str, cells: Sequence[Cell], release: ReleaseFiles) -> Line:
    """Yearly cells as a line; what is not shown carries its word."""
    return Line(
        name,
        tuple(
            Point(
                cell.year,
                cell.waarde,
                "" if cell.shown else sentences.reason_not_shown(cell, release, short=True),
                cell.provisional,
            )
            for cell in cells
        ),
    )


def breaks(series: Iterable[Sequence[Cell]]) -> tuple[tuple[str, str], ...]:
    """The years before which any of the series breaks."""
    years = sorted({cell.year for cells in series for cell in broken(cells)})
    return tuple((year, "reeksbreuk") for year in years)


def break_notes(series: Iterable[Sequence[Cell]], release: ReleaseFiles) -> tuple[str, ...]:
    """What was said of each of their breaks when it was declared."""
    found = {name for cells in series for cell in broken(cells) for name in (cell.reeksbreuk or "").split()}
    return tuple(
        f"Reeksbreuk vanaf {words.day(one['vanaf'])}: {one['toelichting']}"
        for one in release.breaks
        if one["id"] in found
    )


def line_chart(series: Mapping[str, Sequence[Cell]], release: ReleaseFiles) -> LineChart | None:
    """A chart of yearly series by name; None when not one number can be shown."""
    known = {name: cells for name, cells in series.items() if cells}
    if not any(cell.shown for cells in known.values() for cell in cells):
        return None
    unit = next(cell.eenheid for cells in known.values() for cell in cells)
    lines = tuple(line(name, cells, release) for name, cells in known.items())
    return LineChart(lines, unit, True, breaks(known.values()))


def by_year(
    caption: str, series: Mapping[str, Sequence[Cell]], release: ReleaseFiles, newest_first: bool = True
) -> Table:
    """A table of yearly series: a row a year, a column a series."""
    known = {name: {cell.year: cell for cell in cells} for name, cells in series.items() if cells}
    years = sorted({year for cells in known.values() for year in cells}, reverse=newest_first)
    rows = tuple((Value(year), *(value(cells.get(year), release) for cells in known.values())) for year in years)
    return Table(caption, ("Jaar", *known), rows, frozenset(range(1, len(known) + 1)))


def value(cell: Cell | None, release: ReleaseFiles, *, with_counts: bool = False, status: bool = True) -> Value:
    """One figure in a table, or the word that stands in its place. `status`: say that it is provisional."""
    if cell is None:
        return Value("geen cijfer", "woord")
    if cell.status == "nog_niet_meetbaar" and cell.meetbaar_vanaf:
        return Value(f"meetbaar vanaf {words.day(cell.meetbaar_vanaf)}", "woord")
    text = sentences.figure(cell, release) if status or not cell.shown else sentences.plain_number(cell)
    if with_counts and cell.shown and cell.pair:
        text = f"{text} ({words.number(cell.teller)} van {words.number(cell.noemer)})"
    return Value(text, "getal" if cell.shown else "woord")


def trend_figure(
    key: str,
    title: str,
    sentence: str,
    series: Mapping[str, Sequence[Cell]],
    release: ReleaseFiles,
    notes: Sequence[str] = (),
) -> Figure | None:
    """Yearly series as chart, table, download, source and notes; None when there is no such series."""
    cells = [cell for found in series.values() for cell in found]
    if not cells:
        return None
    waiting = sentences.not_yet(series)
    open_points = "Een open punt is een voorlopig cijfer." if any(cell.provisional for cell in cells) else ""
    return Figure(
        key,
        title,
        sentence,
        line_chart(series, release),
        by_year(title, series, release),
        source(release),
        kept_text(*notes, waiting, open_points, *break_notes(series.values(), release)),
        csv_rows(cells),
    )


def dot(name: str, cell: Cell | None, release: ReleaseFiles, *, emphasis: bool = False) -> Dot:
    """A share with its margin; a masked one in words."""
    if cell is None or not cell.shown:
        word = "geen cijfer" if cell is None else sentences.reason_not_shown(cell, release, short=True)
        return Dot(name, None, word=word, emphasis=emphasis)
    found = statistics.wilson(*cell.pair) if cell.pair else None
    low, high = found or (None, None)
    return Dot(name, cell.waarde, low, high, emphasis=emphasis)


def dot_table(caption: str, first: str, named: Mapping[str, Cell | None], release: ReleaseFiles) -> Table:
    """Share, numbers and margin by category."""
    rows = tuple((Value(name), *_share_values(cell, release)) for name, cell in named.items())
    return Table(caption, (first, "Aandeel", "Aantal", "Van", "Toevalsmarge"), rows, frozenset({1, 2, 3, 4}))


def _share_values(cell: Cell | None, release: ReleaseFiles) -> tuple[Value, ...]:
    if cell is None or not cell.shown or cell.pair is None:
        hidden = "niet getoond" if cell is not None and cell.status == "onderdrukt" else "geen aantal"
        return (value(cell, release), *(Value(hidden, "woord") for _ in range(3)))
    low, high = statistics.wilson(*cell.pair) or (0.0, 0.0)
    return (
        value(cell, release),
        Value(words.number(cell.teller), "getal"),
        Value(words.number(cell.noemer), "getal"),
        Value(f"{round(low)} tot {round(high)}%", "getal"),
    )


def dot_figure(
    key: str,
    title: str,
    sentence: str,
    first: str,
    named: Mapping[str, Cell | None],
    whole: Cell | None,
    release: ReleaseFiles,
    notes: Sequence[str] = (),
) -> Figure | None:
    """Shares by category beside the whole, with margins."""
    if not any(named.values()):
        return None
    reference = whole.waarde if whole is not None else None
    chart = DotChart(tuple(dot(name, cell, release) for name, cell in named.items()), "%", reference, WHOLE)
    shown = any(cell is not None and cell.shown for cell in named.values())
    cells = [cell for cell in named.values() if cell is not None]
    explained = "De streep door elke stip is de toevalsmarge (95%): hoe kleiner de groep, hoe langer de streep."
    return Figure(
        key, title, sentence, chart if shown else None, dot_table(title, first, named, release), source(release),
        (*notes, explained), csv_rows(cells if whole is None else [*cells, whole]),
    )  # fmt: skip


def kept(*blocks: Block | None) -> tuple[Block, ...]:
    """The blocks that are there."""
    return tuple(block for block in blocks if block is not None)


def kept_text(*texts: str) -> tuple[str, ...]:
    """The texts that say something."""
    return tuple(text for text in texts if text)


def money(figure: Figure | None) -> Figure | None:
    """Amounts as they can be read: drawn in whole euros, large ones in millions; the table keeps them whole. Accounts
    are of no person, so nothing is said of rounding."""
    if figure is None or not isinstance(figure.chart, LineChart) or figure.chart.unit != "EUR":
        return figure
    chart = figure.chart
    values = [point.value for line in chart.lines for point in line.points if point.value is not None]
    large = max(map(abs, values), default=0.0) >= MILLION
    lines = tuple(_line_of_money(line, large) for line in chart.lines)
    margins = tuple((x, _drawn(low, large), _drawn(high, large)) for x, low, high in chart.margins)
    return replace(
        figure, chart=replace(chart, lines=lines, margins=margins), source=figure.source.replace(ROUNDED, "")
    )


def _line_of_money(line: Line, large: bool) -> Line:
    name = line.name if not large else "mln euro" if line.name == "euro" else f"{line.name}, mln euro"
    points = (replace(p, value=None if p.value is None else _drawn(p.value, large)) for p in line.points)
    return Line(name, tuple(points), line.emphasis)


def _drawn(value: float, large: bool) -> float:
    return value / MILLION if large else float(round(value))
