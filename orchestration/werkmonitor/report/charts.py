"""From a chart of the model to SVG: Altair describes each form once, vl-convert draws it, and the SVG is made fit to
stand in a page (its own ids, a title and a description, no script).

Only drawing. Which figures are in a chart, and every word in it, comes from the model. A form is compiled once a
process and gets its data, its size and its domains afterwards: that halves the time, which at 35 gemeenten is seconds.
"""

from __future__ import annotations

import html
import json
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any, Literal

import altair as alt
import vl_convert

from werkmonitor.core.headlines import dutch_number
from werkmonitor.report.model import Chart, CurveChart, DotChart, GridChart, LineChart

WIDTH = 440  # at 390 pixels of screen the letters must still be read
FONT = "Source Sans 3 Variable, Source Sans 3, Segoe UI, Helvetica, Arial, sans-serif"
INK, SOFT, GRID = "#1d2b33", "#53646e", "#d9dfe1"
# Told apart by lightness and by dash as well as by hue: a page printed in grey must say the same.
STROKES = (("#0b4f6c", [1, 0]), ("#b4520e", [7, 3]), ("#5d5a88", [2, 3]), ("#53646e", [9, 3, 2, 3]))
TONES = {"werk": "#0b4f6c", "uitkering": "#b4520e", "anders": "#8b989e"}
TEXT_SIZE = 13
SIDES: tuple[tuple[Literal["left", "right"], Literal[400, 600]], ...] = (("left", 400), ("left", 600), ("right", 400))
CHARACTER = 6.6  # pixels of a character at TEXT_SIZE with room to spare: other fonts are wider
SAMPLE = 30  # pixels of a piece of a line before its name, with the room before it

Rows = list[dict[str, Any]]
Form = alt.LayerChart | alt.FacetChart  # what alt.layer says that it gives


@dataclass(frozen=True)
class Drawing:
    """A form with what belongs to one chart: its data, its domains and the room around the plot in pixels."""

    form: str
    height: int
    data: dict[str, Rows]
    domains: dict[str, list[Any]]
    left: int = 0
    right: int = 0
    top: int = 0
    bottom: int = 0


@lru_cache(maxsize=2048)
def to_svg(chart: Chart, key: str, title: str, description: str) -> str:
    """The chart as an SVG element. `key` must be unique on its page. Kept: page and PDF show the same drawing."""
    drawing = _drawing(chart)
    vega = json.loads(_compiled(drawing.form))
    room = {side: getattr(drawing, side) for side in ("left", "right", "top", "bottom")}
    vega |= {"width": WIDTH - drawing.left - drawing.right, "height": drawing.height, "padding": room}
    for source in vega["data"]:
        if source["name"] in drawing.data:
            source["values"] = drawing.data[source["name"]]
    for scale in vega.get("scales", []):
        if scale["name"] in drawing.domains:
            scale["domain"] = drawing.domains[scale["name"]]
    return _fit_for_page(vl_convert.vega_to_svg(vega), key, title, description)


def _drawing(chart: Chart) -> Drawing:
    if isinstance(chart, LineChart):
        return _lines(chart)
    if isinstance(chart, DotChart):
        return _dots(chart)
    if isinstance(chart, GridChart):
        return _grid(chart)
    return _curves(chart)


# ---- lines over years


def _lines(chart: LineChart) -> Drawing:
    height = 230
    periods = list(dict.fromkeys(point.x for line in chart.lines for point in line.points))
    values = [point.value for line in chart.lines for point in line.points if point.value is not None]
    ends = [end for _, low, high in chart.margins for end in (low, high)]
    low, high = nice_domain([*values, *ends], chart.unit, chart.from_zero)
    points: Rows = []
    for place, line in enumerate(chart.lines):
        colour, dash = STROKES[place % len(STROKES)]
        for point, part in zip(line.points, _parts(line.points, chart.breaks), strict=True):
            if point.value is None:
                continue
            points.append({"x": point.x, "y": point.value, "lijn": f"{place}-{part}", "kleur": colour, "streep": dash,
                           "vulling": "white" if point.provisional else colour})  # fmt: skip
    domains: dict[str, list[Any]] = {"x": periods, "y": [low, high]}
    names = _names_at_end(chart, low, high, height)
    words = _words_instead(chart, periods)
    right = max((len(row["tekst"]) for row in names), default=0) * CHARACTER + 14 + SAMPLE
    breaks = [{"x": period, "tekst": text} for period, text in chart.breaks if period in periods]
    margins = [{"x": period, "laag": bottom, "hoog": top} for period, bottom, top in chart.margins]
    data: dict[str, Rows] = {
        "punten": points, "namen": names, "woorden": words, "breuken": breaks, "marges": margins
    }  # fmt: skip
    left = _room_for_numbers(low, high, chart.unit)
    return Drawing(_form("lijnen", chart.unit), height, data, domains, left, int(right), 18, 30)


def _parts(points: Sequence[Any], breaks: Sequence[tuple[str, str]]) -> list[int]:
    """The stretch that each point belongs to: a break or a missing value begins another one."""
    starts, part, found = {period for period, _ in breaks}, 0, []
    for point in points:
        part += point.x in starts or point.value is None
        found.append(part)
    return found


def _names_at_end(chart: LineChart, low: float, high: float, height: int) -> Rows:
    """The name of each line behind its last point, moved apart where they would overlap."""
    rows: Rows = []
    for place, line in enumerate(chart.lines):
        shown = [point for point in line.points if point.value is not None]
        if shown:
            text = f"{line.name} {written(shown[-1].value, chart.unit)}".strip()
            colour, dash = STROKES[place % len(STROKES)]
            rows.append({"y": shown[-1].value, "tekst": text, "kleur": colour, "streep": dash})
    gap = (high - low) * 17 / height
    return _moved_apart(rows, gap)


def _moved_apart(rows: Rows, gap: float) -> Rows:
    """Names from low to high, each at least `gap` above the one below."""
    rows.sort(key=lambda row: row["y"])
    for below, above in pairwise(rows):
        above["y"] = max(above["y"], below["y"] + gap)
    return rows


def _words_instead(chart: LineChart, periods: Sequence[str]) -> Rows:
    """Periods in which no line has a number: why not, in words, where the numbers would have stood."""
    rows: Rows = []
    for period in periods:
        here = [point for line in chart.lines for point in line.points if point.x == period]
        if here and all(point.value is None for point in here):
            rows.append({"x": period, "tekst": next((point.word for point in here if point.word), "onbekend")})
    return rows


def _lines_form(unit: str) -> Form:
    x = alt.X("x:O", axis=alt.Axis(labelAngle=0, labelOverlap="greedy", title=None, ticks=False, labelPadding=8))
    y = alt.Y("y:Q", axis=_value_axis(unit))
    ink, fill = alt.Color("kleur:N", scale=None), alt.Fill("vulling:N", scale=None)
    points = alt.Chart(_data("punten"))
    lines = points.mark_line(strokeWidth=2.4).encode(
        x=x, y=y, color=ink, strokeDash=alt.StrokeDash("streep:N", scale=None), detail="lijn:N"
    )
    marks = points.mark_point(size=46, strokeWidth=2, opacity=1).encode(
        x=x, y=y, stroke=alt.Stroke("kleur:N", scale=None), fill=fill
    )
    samples, names = _names(y)
    words = alt.Chart(_data("woorden"))
    veil = words.mark_bar(color="#eef1f1", width=alt.RelativeBandSize(0.9)).encode(
        x=x, y=alt.value(0), y2=alt.value("height")
    )
    why = words.mark_text(angle=270, fontSize=12, color=SOFT, fontStyle="italic").encode(
        x=x, y=alt.value(alt.ExprRef("height / 2")), text="tekst:N"
    )
    breaks = alt.Chart(_data("breuken"))
    rule = breaks.mark_rule(color=INK, strokeDash=[3, 3], strokeWidth=1.5).encode(x=alt.X("x:O", bandPosition=-0.0))
    said = breaks.mark_text(align="left", baseline="top", dx=4, dy=-12, fontSize=12, color=INK).encode(
        x=alt.X("x:O"), y=alt.value(0), text="tekst:N"
    )
    margins = (
        alt.Chart(_data("marges"))
        .mark_rule(color=SOFT, strokeWidth=9, opacity=0.35)
        .encode(x=x, y=alt.Y("laag:Q", axis=_value_axis(unit)), y2="hoog:Q")
    )
    return alt.layer(veil, margins, lines, marks, samples, names, why, rule, said)


# ---- categories on a percentage scale


def _dots(chart: DotChart) -> Drawing:
    height = 28 * len(chart.dots)
    ends = [v for dot in chart.dots for v in (dot.value, dot.high) if v is not None]
    low, high = nice_domain([*ends, *([chart.reference] if chart.reference else [])], chart.unit, True)
    rows: Rows = [
        {"naam": dot.name, "x": dot.value, "laag": dot.low, "hoog": dot.high, "tekst": written(dot.value, chart.unit),
         "kleur": INK if dot.emphasis else STROKES[0][0]}
        for dot in chart.dots if dot.value is not None
    ]  # fmt: skip
    words: Rows = [{"naam": dot.name, "x": low, "tekst": dot.word} for dot in chart.dots if dot.value is None]
    reference = [] if chart.reference is None else [{"x": chart.reference, "tekst": chart.reference_name}]
    domains: dict[str, list[Any]] = {"x": [low, high], "y": [dot.name for dot in chart.dots]}
    data: dict[str, Rows] = {"punten": rows, "woorden": words, "lijn": reference}
    left = min(220, int(max(len(dot.name) for dot in chart.dots) * CHARACTER) + 16)
    return Drawing(_form("stippen", chart.unit), height, data, domains, left, 52, 22 if reference else 6, 26)


def _dots_form(unit: str) -> Form:
    y = alt.Y(
        "naam:N", sort=None, axis=alt.Axis(title=None, ticks=False, domain=False, labelPadding=10, labelLimit=210)
    )
    x = alt.X("x:Q", axis=_value_axis(unit, count=5))
    ink = alt.Color("kleur:N", scale=None)
    points = alt.Chart(_data("punten"))
    margins = points.mark_rule(strokeWidth=2.5, opacity=0.45).encode(x=alt.X("laag:Q"), x2="hoog:Q", y=y, color=ink)
    marks = points.mark_point(size=80, filled=True, opacity=1).encode(x=x, y=y, color=ink)
    values = points.mark_text(align="left", fontSize=TEXT_SIZE, fontWeight=600, color=INK, dx=8).encode(
        x=alt.value("width"), y=y, text="tekst:N"
    )
    words = (
        alt.Chart(_data("woorden"))
        .mark_text(align="left", dx=6, fontSize=12, fontStyle="italic", color=SOFT)
        .encode(x=x, y=y, text="tekst:N")
    )
    line = alt.Chart(_data("lijn"))
    rule = line.mark_rule(strokeDash=[4, 3], color=SOFT, strokeWidth=1.5).encode(x=x)
    said = line.mark_text(fontSize=12, color=SOFT, dy=-9).encode(x=x, y=alt.value(0), text="tekst:N")
    return alt.layer(rule, said, margins, marks, values, words)


# ---- bars in columns


def _grid(chart: GridChart) -> Drawing:
    """Everything in pixels: the names left, then a column of bars with their number behind them."""
    step, top = 30, 30 if any(chart.columns) else 6
    left = min(230.0, max(len(row.name) for row in chart.rows) * CHARACTER + 14)
    column = (WIDTH - left) / len(chart.columns)
    beside = [len(word) for row in chart.rows for share, word in zip(row.shares, row.words, strict=True) if share]
    label = max(beside, default=0) * CHARACTER + 8
    largest = max([share for row in chart.rows for share in row.shares if share is not None] or [1.0]) or 1.0
    scale = max(10.0, column - label - 14) / largest
    texts: Rows = [
        {"x": left + place * column, "y": top - 12, "tekst": name, "kleur": INK, "dik": 600, "kant": "left"}
        for place, name in enumerate(chart.columns)
    ]
    bars: Rows = []
    for line, row in enumerate(chart.rows):
        middle = top + step * line + step / 2
        texts.append({"x": left - 10, "y": middle, "tekst": row.name, "kleur": INK, "dik": 400, "kant": "right"})
        for place, (share, word) in enumerate(zip(row.shares, row.words, strict=True)):
            begin = left + place * column
            length = max(1.0, scale * share) if share else 0.0
            if length:
                bars.append(
                    {"x": begin, "x2": begin + length, "y": middle - 9, "y2": middle + 9, "kleur": TONES[row.tone]}
                )
            ink = SOFT if share is None else INK
            texts.append(
                {"x": begin + length + 6, "y": middle, "tekst": word, "kleur": ink, "dik": 400, "kant": "left"}
            )
    baselines: Rows = [
        {"x": left + place * column, "y": top, "y2": top + step * len(chart.rows)}
        for place in range(len(chart.columns))
    ]
    data = {"staven": bars, "teksten": texts, "lijnen": baselines}
    return Drawing("raster", top + step * len(chart.rows) + 4, data, {})


def _grid_form(_: str) -> Form:
    def pixel(channel: Any, name: str) -> Any:
        return channel(f"{name}:Q", scale=None, axis=None)

    x, y = pixel(alt.X, "x"), pixel(alt.Y, "y")
    bars = (
        alt.Chart(_data("staven"))
        .mark_rect()
        .encode(x=x, x2="x2:Q", y=y, y2="y2:Q", color=alt.Color("kleur:N", scale=None))
    )
    base = alt.Chart(_data("lijnen")).mark_rule(color=SOFT).encode(x=x, y=y, y2="y2:Q")
    texts = [
        alt.Chart(_data("teksten"))
        .transform_filter((alt.datum.kant == side) & (alt.datum.dik == weight))
        .mark_text(align=side, baseline="middle", fontSize=TEXT_SIZE, fontWeight=weight)
        .encode(x=x, y=y, text="tekst:N", color=alt.Color("kleur:N", scale=None))
        for side, weight in SIDES
    ]
    return alt.layer(bars, base, *texts)


# ---- the chance of return by month


def _curves(chart: CurveChart) -> Drawing:
    points: Rows = []
    bands: Rows = []
    names: Rows = []
    risk: Rows = []
    risk_names: Rows = []
    height = 230
    tops = [p.high if p.high is not None else p.value for curve in chart.curves for p in curve.points]
    low, high = nice_domain(tops, chart.unit, True)
    for place, curve in enumerate(chart.curves):
        colour, dash = STROKES[place % len(STROKES)]
        for point in curve.points:
            points.append({"x": point.month, "y": point.value, "lijn": str(place), "kleur": colour, "streep": dash})
            if place == 0 and point.low is not None:
                bands.append({"x": point.month, "y": point.low, "y2": point.high})
            if point.month % 6 == 0 and point.n_risk is not None:
                risk.append(
                    {
                        "x": point.month,
                        "y": height + 80 + 17 * place,
                        "tekst": dutch_number(point.n_risk),
                        "kleur": colour,
                    }
                )
        risk_names.append({"y": height + 80 + 17 * place, "tekst": curve.name, "kleur": colour})
        if curve.points:
            last = curve.points[-1]
            text = f"{curve.name}: {written(last.value, chart.unit)}"
            names.append({"y": last.value, "tekst": text, "kleur": colour, "streep": dash})
    names = _moved_apart(names, (high - low) * 17 / height)
    data = {"punten": points, "band": bands, "namen": names, "risico": risk, "risiconamen": risk_names}
    right = int(max((len(row["tekst"]) for row in names), default=0) * CHARACTER) + 10 + SAMPLE
    left = max(30, _room_for_numbers(low, high, chart.unit))
    return Drawing(
        "curve", height, data, {"x": [0, 36], "y": [low, high]}, left, right, 12, 80 + 17 * len(chart.curves)
    )


def _curves_form(_: str) -> Form:
    x = alt.X(
        "x:Q", axis=alt.Axis(values=list(range(0, 37, 6)), title="maanden na uitstroom", grid=False, titlePadding=6)
    )
    y = alt.Y("y:Q", axis=_value_axis("%"))
    ink = alt.Color("kleur:N", scale=None)
    band = (
        alt.Chart(_data("band"))
        .mark_area(color=STROKES[0][0], opacity=0.16, interpolate="step-after")
        .encode(x=x, y=y, y2="y2:Q")
    )
    lines = (
        alt.Chart(_data("punten"))
        .mark_line(interpolate="step-after", strokeWidth=2.4)
        .encode(x=x, y=y, color=ink, strokeDash=alt.StrokeDash("streep:N", scale=None), detail="lijn:N")
    )
    samples, names = _names(y)
    risk = (
        alt.Chart(_data("risico"))
        .mark_text(fontSize=12)
        .encode(x=x, y=alt.Y("y:Q", scale=None, axis=None), text="tekst:N", color=ink)
    )
    # Behind the numbers, because a colour alone does not say to which line they belong.
    risk_names = (
        alt.Chart(_data("risiconamen"))
        .mark_text(align="left", dx=6, fontSize=12)
        .encode(x=alt.value("width"), y=alt.Y("y:Q", scale=None, axis=None), text="tekst:N", color=ink)
    )
    heading = (
        alt.Chart(alt.InlineData(values=[{"x": 0, "tekst": "mensen die dan nog gevolgd worden:"}]))
        .mark_text(fontSize=12, align="left", dx=-14, color=SOFT)
        .encode(x=x, y=alt.value(alt.ExprRef("height + 62")), text="tekst:N")
    )
    return alt.layer(band, lines, samples, names, risk, risk_names, heading)


# ---- shared by the forms


def _form(name: str, unit: str) -> str:
    """Only a percentage is written with its unit on the axis; every other unit is drawn, and compiled, as one."""
    return f"{name} {'%' if unit == '%' else ''}"


def nice_domain(values: Sequence[float | None], unit: str, from_zero: bool) -> tuple[float, float]:
    """A scale that holds the values and ends on a round number; a share of at most 100 ends there."""
    known = [value for value in values if value is not None]
    if not known:
        return 0.0, 100.0 if unit == "%" else 1.0
    low, top = (min(0.0, *known), max(0.0, *known)) if from_zero else (min(known), max(known))
    span = (top - low) or abs(top) or 1.0
    size = 10.0 ** math.floor(math.log10(span))
    step = next(size * part for part in (0.1, 0.2, 0.25, 0.5, 1.0, 2.0) if span / (size * part) <= 6)
    high = math.ceil(top * 1.02 / step) * step
    low = math.floor(low / step) * step
    return low, min(high, 100.0) if unit == "%" and top <= 100 else high


def written(value: float | None, unit: str) -> str:
    """A number with its unit, as it stands beside a mark."""
    text = "onbekend" if value is None else dutch_number(round(value, 1))
    return f"{text}%" if unit == "%" else text


def _value_axis(unit: str, count: int = 6) -> alt.Axis:
    # Dutch thousands and decimals, a million in full and not as 1e+6; the unit at every number, because an axis title
    # is read by nobody.
    text = (
        "replace(replace(replace(format(datum.value, ',~r'), regexp(',', 'g'), '#'), '.', ','), regexp('#', 'g'), '.')"
    )
    expression = f"{text} + '%'" if unit == "%" else text
    return alt.Axis(title=None, labelExpr=expression, tickCount=count, domain=False, ticks=False, labelPadding=6)


def _names(y: alt.Y) -> tuple[alt.Chart, alt.Chart]:
    """The name of each line behind the plot, after a piece of that line: in grey the colour of a name says nothing."""
    rows, ink = alt.Chart(_data("namen")), alt.Color("kleur:N", scale=None)
    sample = rows.mark_rule(strokeWidth=2.4).encode(
        x=alt.value(alt.ExprRef("width + 8")), x2=alt.value(alt.ExprRef(f"width + {SAMPLE}")), y=y, color=ink,
        strokeDash=alt.StrokeDash("streep:N", scale=None),
    )  # fmt: skip
    name = rows.mark_text(align="left", dx=SAMPLE + 6, fontSize=TEXT_SIZE, fontWeight=600).encode(
        x=alt.value("width"), y=y, text="tekst:N", color=ink
    )
    return sample, name


def _data(name: str) -> alt.InlineData:
    return alt.InlineData(values=[{}], name=name)


def _room_for_numbers(low: float, high: float, unit: str) -> int:
    return int(max(len(written(low, unit)), len(written(high, unit))) * CHARACTER) + 12


FORMS: dict[str, Callable[[str], Form]] = {
    "lijnen": _lines_form,
    "stippen": _dots_form,
    "raster": _grid_form,
    "curve": _curves_form,
}


@cache
def _compiled(form: str) -> str:
    """The Vega of a form, without data, as JSON."""
    name, _, unit = form.partition(" ")
    chart = (
        FORMS[name](unit)
        .properties(width=WIDTH, height=200, autosize="none")
        .configure(background="transparent", font=FONT, aria=False)
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=SOFT, labelFontSize=TEXT_SIZE, gridColor=GRID, domainColor=SOFT, titleColor=SOFT,
            titleFontSize=TEXT_SIZE, titleFontWeight="normal",
        )
    )  # fmt: skip
    return json.dumps(vl_convert.vegalite_to_vega(chart.to_json(validate=False)))


# The drawing is one picture to a screen reader: the parts need no roles of their own.
_ROLES = re.compile(r' (?:role="[^"]*"|aria-[a-z]+="[^"]*")')
# Coordinates only, so inside tags: 2.820 between them is a number of people.
_TAG = re.compile(r"<[^>]+>")
_LONG_NUMBER = re.compile(r"-?\d+\.\d{3,}(?:e-?\d+)?")
_NUMBERED = re.compile(r'(id="|url\(#|href="#)((?:clip|gradient)_?\d+)')


def _shortened(tag: re.Match[str]) -> str:
    """Coordinates to a hundredth of a pixel."""
    return _LONG_NUMBER.sub(lambda number: f"{float(number[0]):.2f}", tag[0])


def _fit_for_page(svg: str, key: str, title: str, description: str) -> str:
    """Ids of its own (the renderer counts on over charts), a name for a screen reader, and no white background."""
    seen: dict[str, str] = {}

    def renamed(match: re.Match[str]) -> str:
        return match[1] + seen.setdefault(match[2], f"{key}-{len(seen)}")

    svg = _TAG.sub(_shortened, _ROLES.sub("", _NUMBERED.sub(renamed, svg)))
    opening = re.match(r"<svg[^>]*>", svg)
    size = re.search(r'viewBox="([^"]+)"', svg)
    if opening is None or size is None:
        raise ValueError("the renderer gave no SVG")
    width, height = size[1].split()[2:]
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{size[1]}" width="{width}" height="{height}" role="img" '
        f'aria-labelledby="{key}-t {key}-d" class="grafiek"><title id="{key}-t">{html.escape(title)}</title>'
        f'<desc id="{key}-d">{html.escape(description)}</desc>'
    )
    body = svg[opening.end() :].replace(' xmlns:xlink="http://www.w3.org/1999/xlink"', "")
    return head + body
