"""Kerncijfers: the four figures of the national guide (handreiking Organisatiemodellen), from 2015 on, beside the
country and per size of gemeente, with the line of the last years drawn on.

What belongs here: laying them side by side and saying what a projection is. What does not: computing one
(core/projection), the figures themselves (dbt).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from werkmonitor.core.projection import LEAST, WINDOW, Projected, trend
from werkmonitor.report import build, sentences, words
from werkmonitor.report.model import Figure, Line, LineChart, Link, Page, Paragraph, Point, Section, Table, Value
from werkmonitor.report.pages import elsewhere, themes
from werkmonitor.report.release_files import Cell, ReleaseFiles, latest_measured

FROM_YEAR = "2015"
HALF = 0.5  # what rounding to whole percents may take away or add
NOT_BEYOND = {"lks_dichtheid": 100.0, "bijstandsdichtheid_huishoudens": 100.0}
# Up to 15.000, 15.000 to 40.000 and beyond 40.000 the benefit budget is set in other ways; from 100.000 on the guide
# speaks of large gemeenten.
SIZES = ((15_000, "tot 15.000"), (40_000, "15.000 tot 40.000"), (100_000, "40.000 tot 100.000"))
LARGEST = "100.000 en meer"
UNKNOWN_SIZE = "niet bekend"


@dataclass(frozen=True)
class CoreFigure:
    """One of the four, with the question as the guide puts it."""

    indicator: str
    key: str
    title: str
    short: str


CORE = (
    CoreFigure(
        "lks_dichtheid",
        "lks",
        "Hoeveel mensen werken met subsidie op hun loon?",
        "Loonkostensubsidie",
    ),
    CoreFigure(
        "nieuw_beschut_realisatie",
        "beschut",
        "Hoeveel nieuw beschut werk is er, naast de taakstelling?",
        "Nieuw beschut",
    ),
    CoreFigure(
        "bijstandsdichtheid_huishoudens",
        "bijstand",
        "Hoeveel bijstand is er, naast het aantal huishoudens?",
        "Bijstand",
    ),
    CoreFigure("saldo_bijstandsbudget", "saldo", "Is het bijstandsbudget genoeg?", "Saldo bijstandsbudget"),
)


def page(release: ReleaseFiles) -> Page:
    sections = [Section("uitleg", "Hoe leest u dit?", (_how_to_read(),))]
    sections += [_section(release, figure) for figure in CORE]
    return Page(
        "kerncijfers.html",
        "Kerncijfers",
        "De vier cijfers van de landelijke handreiking voor sociaal ontwikkelbedrijven: waar staan wij, en waar gaat "
        "het heen als er niets verandert?",
        tuple(section for section in (*sections, _by_size(release)) if section.blocks),
        "kerncijfers",
    )


def _how_to_read() -> Paragraph:
    return Paragraph(
        "De onderbroken lijn is een rekensom, geen voorspelling: zij trekt de rechte lijn van de laatste "
        f"{words.number_word(WINDOW)} jaar twee jaar door. De grijze balk laat zien tussen welke waarden het cijfer "
        "dan met 95% zekerheid ligt, áls het op dezelfde manier blijft gaan. Nieuw beleid, een andere taakstelling of "
        "een andere economie zit er niet in."
    )


def _section(release: ReleaseFiles, told: CoreFigure) -> Section:
    cells = [cell for cell in release.cells(told.indicator) if cell.year >= FROM_YEAR]
    if latest_measured(cells) is None:
        name = words.capital(release.definition(told.indicator)["naam"])
        reason = sentences.reason_not_shown(cells[-1], release) if cells else "niet geleverd"
        return Section(told.key, told.title, (Paragraph(f"{name}: {reason}."),))
    ahead = projected(cells, NOT_BEYOND.get(told.indicator))
    said = f"{themes.newest_in_words(cells, release)} {projection_in_words(cells, ahead)}"
    return Section(told.key, told.title, build.kept(_figure(release, told, said, cells, ahead)))


# ---- the line drawn on


def projected(cells: Sequence[Cell], top: float | None = None) -> tuple[Projected, ...]:
    """The two years after the newest one from what is shown; a share stays between 0 and 100."""
    newest = latest_measured(cells)
    if newest is None or not newest.shown:
        return ()
    broken = [int(cell.year) for cell in cells if cell.reeksbreuk]
    shown = {int(cell.year): cell.waarde for cell in cells if cell.waarde is not None}
    rounding = HALF if newest.eenheid == "%" and _whole(cells) else 0.0
    found = trend(shown, since=max(broken, default=None), rounding=rounding)
    bottom = 0.0 if newest.eenheid == "%" else None
    return tuple(_within(one, bottom, top) for one in found)


def _within(one: Projected, bottom: float | None, top: float | None) -> Projected:
    def kept(value: float) -> float:
        value = value if bottom is None else max(bottom, value)
        return value if top is None else min(top, value)

    return replace(one, value=kept(one.value), low=kept(one.low), high=kept(one.high))


def projection_in_words(cells: Sequence[Cell], ahead: Sequence[Projected]) -> str:
    """What the line says of the coming years, said to be no more than that; or why there is none."""
    if not ahead:
        few = f"{words.number_word(LEAST)} van de laatste {words.number_word(WINDOW)} jaren"
        since = " van na de breuk in de reeks" if any(cell.reeksbreuk for cell in cells) else ""
        return f"Er is geen doorgetrokken lijn: daarvoor zijn {few} nodig{since}."
    parts = [f"in {one.year} ongeveer {_about(one.value, cells)}, tussen {_between(one, cells)}" for one in ahead]
    return (
        f"Als het beleid niet verandert, en de lijn van de laatste {words.number_word(WINDOW)} jaar doorloopt, dan is "
        f"het {words.listed(parts)}."
    )


def _whole(cells: Sequence[Cell]) -> bool:
    """Are these published without decimals?"""
    return all(cell.waarde is None or cell.waarde == round(cell.waarde) for cell in cells)


def _about(value: float, cells: Sequence[Cell]) -> str:
    """A number that is not there yet, no more exact than those that it is made of."""
    return words.amount(round(value) if _whole(cells) else value, cells[-1].eenheid)


def _between(one: Projected, cells: Sequence[Cell]) -> str:
    """The ends of the interval, outwards where they are rounded."""
    low, high = (math.floor(one.low), math.ceil(one.high)) if _whole(cells) else (one.low, one.high)
    return f"{words.amount(low, cells[-1].eenheid).removesuffix('%')} en {words.amount(high, cells[-1].eenheid)}"


# ---- chart and table


def _figure(
    release: ReleaseFiles, told: CoreFigure, said: str, cells: Sequence[Cell], ahead: Sequence[Projected]
) -> Figure | None:
    """Ours and the line drawn on; the country in the table, and in the drawing only where both count the same."""
    definition = release.definition(told.indicator)
    country = _country(release, told.indicator)
    alike = bool(country) and elsewhere.grade_of(release, told.indicator, country[0].bron) in elsewhere.COMPARABLE
    named = {f"Nederland ({country[0].bron})": country} if country else {}
    notes = build.kept_text(themes.unit_in_words(definition), "" if alike else _apart(release, country))
    title = words.capital(definition["naam"])
    series = {"hier": cells, **(named if alike else {})}
    figure = build.trend_figure(told.key, title, said, series, release, notes)
    if figure is None:
        return None
    table = _with_projection(build.by_year(title, {"hier": cells, **named}, release), ahead, cells)
    chart = figure.chart
    if isinstance(chart, LineChart) and ahead:
        margins = tuple((str(one.year), one.low, one.high) for one in ahead)
        chart = replace(chart, lines=(*chart.lines, _drawn_on(cells, ahead)), margins=margins)
    data = build.csv_rows([*cells, *country])
    return build.money(replace(figure, chart=chart, table=table, data=data))


def _drawn_on(cells: Sequence[Cell], ahead: Sequence[Projected]) -> Line:
    newest = latest_measured(cells)
    start = () if newest is None else (Point(newest.year, newest.waarde, provisional=newest.provisional),)
    return Line("doorgetrokken", (*start, *(Point(str(one.year), one.value, provisional=True) for one in ahead)), False)


def _with_projection(table: Table, ahead: Sequence[Projected], cells: Sequence[Cell]) -> Table:
    """The years that are not there yet on top, said to be drawn on, without a figure of anybody else."""
    rest = tuple(Value("nog niet bekend", "woord") for _ in table.columns[2:])
    rows = tuple(
        (
            Value(f"{one.year}, doorgetrokken"),
            Value(f"ongeveer {_about(one.value, cells)} ({_between(one, cells).replace(' en ', ' tot ')})", "woord"),
            *rest,
        )
        for one in reversed(ahead)
    )
    return replace(table, rows=(*rows, *table.rows))


# ---- beside the country and by size


def _country(release: ReleaseFiles, indicator: str) -> list[Cell]:
    """The national series of one source (the first by name), from 2015 on."""
    found = [
        cell
        for cell in release.others
        if cell.indicator_id == indicator and cell.regio_code == elsewhere.COUNTRY and cell.year >= FROM_YEAR
    ]
    first = min((cell.bron for cell in found), default="")
    return [cell for cell in found if cell.bron == first]


def _apart(release: ReleaseFiles, country: Sequence[Cell]) -> str:
    """Why the national figure is in the table and not in the drawing."""
    newest = latest_measured(country)
    if newest is None or not newest.shown:
        return ""
    return (
        f"Voor heel Nederland noemt {newest.bron} in {newest.year} {sentences.with_unit(newest, release)}. Of daar op "
        "dezelfde manier wordt geteld, is niet bekend: vergelijk de richting, niet de hoogte. Het staat in de tabel."
    )


def _by_size(release: ReleaseFiles) -> Section:
    """The own gemeenten by number of inhabitants: like beside like."""
    inhabitants = {code: _inhabitants(release, code) for code in release.regions}
    newest = {told.indicator: latest_measured(release.cells(told.indicator)) for told in CORE}
    shown = [told for told in CORE if newest[told.indicator] is not None]
    if not shown or len(release.regions) < 2:
        return Section("gemeenten", "Per gemeente, naar grootte", ())
    codes = sorted(release.regions, key=lambda code: (-(inhabitants[code] or 0.0), release.regions[code]))
    rows = tuple(
        (
            Value(release.regions[code], links=(Link(release.regions[code], f"gemeenten/{code}.html"),)),
            Value(size_class(inhabitants[code])),
            *(_value(release, told.indicator, code, newest[told.indicator]) for told in shown),
        )
        for code in codes
    )
    columns = ("Gemeente", "Inwoners", *(f"{told.short}, {_year(newest[told.indicator])}" for told in shown))
    table = Table("Kerncijfers per gemeente, de grootste eerst", columns, rows, frozenset(range(2, len(columns))))
    note = Paragraph(
        "Vergelijk een gemeente met een gemeente van dezelfde grootte. Tot 15.000, tot 40.000 en boven de 40.000 "
        "inwoners wordt het bijstandsbudget op een andere manier bepaald.",
        "klein",
    )
    return Section("gemeenten", "Per gemeente, naar grootte", (table, note))


def _value(release: ReleaseFiles, indicator: str, code: str, whole: Cell | None) -> Value:
    periode = whole.periode if whole else ""
    cell = next((found for found in release.cells(indicator, code) if found.periode == periode), None)
    return build.value(cell, release, status=False)


def _year(cell: Cell | None) -> str:
    return cell.year if cell else ""


def _inhabitants(release: ReleaseFiles, code: str) -> float | None:
    found = [
        cell
        for cell in release.others
        if cell.indicator_id == "inwoners" and cell.regio_code == code and cell.waarde is not None
    ]
    return max(found, key=lambda cell: cell.periode).waarde if found else None


def size_class(inhabitants: float | None) -> str:
    """The class of size of a gemeente."""
    if inhabitants is None:
        return UNKNOWN_SIZE
    return next((name for below, name in SIZES if inhabitants < below), LARGEST)
