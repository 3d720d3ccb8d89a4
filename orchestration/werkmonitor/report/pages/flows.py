"""Uitstroom en herinstroom: stand and flows, why people leave, three counts of work, who comes back, other regions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from werkmonitor.report import build, headlines, sentences, words
from werkmonitor.report.model import Figure, GridChart, GridRow, Page, Paragraph, Section, Table, Value
from werkmonitor.report.pages import targets
from werkmonitor.report.release_files import Cell, ReleaseFiles, latest_measured

WORK = (
    ("uitstroom_werk_reden", "reden is werk"),
    ("uitstroom_werk_polis", "in loondienst"),
    ("uitstroom_werk_inkomen", "ook eigen bedrijf"),
)


def page(release: ReleaseFiles) -> Page:
    sections = (
        _stand(release),
        _reasons(release),
        _to_work(release),
        _back(release),
        targets.of_region(release, release.region),
        _others(release),
    )
    return Page(
        "uitstroom-en-herinstroom.html",
        "Uitstroom en herinstroom",
        "Hoeveel mensen gaan de uitkering in en uit, waarom, en hoeveel komen er terug?",
        tuple(section for section in sections if section.blocks),
        "uitstroom",
    )


def flows(release: ReleaseFiles, region: str | None, key: str) -> Figure | None:
    """Inflow and outflow by year."""
    series = {"uitstroom": release.cells("uitstroom", region), "instroom": release.cells("instroom", region)}
    return build.trend_figure(key, "Instroom en uitstroom per jaar", _flow_sentence(series), series, release)


def _flow_sentence(series: dict[str, list[Cell]]) -> str:
    newest = latest_measured(series["uitstroom"])
    into = next((c for c in series["instroom"] if newest and c.periode == newest.periode), None)
    if newest is None or into is None or not (newest.shown and into.shown):
        return "Elk punt is het aantal keren in een jaar dat een uitkering begon of eindigde."
    how = "vaker" if (newest.waarde or 0) > (into.waarde or 0) else "minder vaak"
    if not sentences.differs(newest, into):
        return (
            f"In {newest.year} eindigde een uitkering {words.number(newest.waarde)} keer; er begonnen er "
            "ongeveer evenveel."
        )
    return (
        f"In {newest.year} eindigde een uitkering {words.number(newest.waarde)} keer. Dat is {how} dan er een begon "
        f"({words.number(into.waarde)} keer)."
    )


def _stand(release: ReleaseFiles) -> Section:
    stand = {"mensen": release.cells("stand_personen")}
    said = sentences.newest_with_trend(stand["mensen"], release)
    blocks = build.kept(
        build.trend_figure(
            "stand",
            "Mensen met een uitkering, eind van het jaar",
            said or "De stand op de laatste dag van het jaar.",
            stand,
            release,
        ),
        flows(release, None, "stromen"),
        _percentages(release),
    )
    return Section("stand", "Erin en eruit", blocks)


def _percentages(release: ReleaseFiles) -> Figure | None:
    series = {
        "Divosa": release.cells("uitstroompercentage_divosa"),
        "CBS": release.cells("uitstroompercentage_cbs"),
    }
    sentence = (
        "Twee manieren om te zeggen welk deel van de uitkeringen eindigde. Divosa deelt door de uitkeringen aan het "
        "eind van het jaar ervoor, "
        "CBS door de mensen aan het eind van het jaar plus wie uitstroomde. Vergelijk een cijfer alleen met een "
        "van dezelfde soort."
    )
    return build.trend_figure(
        "uitstroompercentage", "Uitstroom als deel van alle uitkeringen", sentence, series, release
    )


def _reasons(release: ReleaseFiles) -> Section:
    title = "Waarom eindigt een uitkering?"
    newest = latest_measured(release.cells("uitstroom"))
    if newest is None:
        return Section("redenen", title, ())
    figure = reasons(release, None, "redenen")
    return Section("redenen", title, build.kept(figure))


def reasons(release: ReleaseFiles, region: str | None, key: str) -> Figure | None:
    """Outflow of the newest year by reason, the largest first."""
    newest = latest_measured(release.cells("uitstroom", region))
    cells = release.cells("uitstroom", region, "reden_groep")
    if newest is None or not cells:
        return None
    here = [cell for cell in cells if cell.periode == newest.periode]
    here.sort(key=lambda cell: (cell.categorie == "onbekend", -(cell.waarde or 0.0), cell.categorie))
    total = newest.waarde or 0.0
    rows = tuple(
        GridRow(
            _reason(cell),
            (100.0 * (cell.waarde or 0.0) / total if cell.shown and total else None,),
            (_with_share(cell, total, release),),
            "werk" if cell.categorie == "werk" else "anders",
        )
        for cell in here
    )
    shown = any(cell.shown for cell in here)
    title = f"Reden van uitstroom in {newest.year}"
    years = sorted({cell.year for cell in cells}, reverse=True)[:6]
    found = {(cell.categorie, cell.year): cell for cell in cells}
    table_rows = tuple(
        (
            Value(words.capital(_reason(cell))),
            *(build.value(found.get((cell.categorie, year)), release) for year in years),
        )
        for cell in here
    )
    table = Table(f"{title} en eerder", ("Reden", *years), table_rows, frozenset(range(1, len(years) + 1)))
    work = next((cell for cell in here if cell.categorie == "werk"), None)
    said = "Redenen zoals de uitkeringsadministratie ze vastlegt."
    if work is not None and work.shown and total:
        said = f"Bij {round(100 * (work.waarde or 0) / total)}% van de uitstroom is werk als reden vastgelegd. {said}"
    return Figure(
        key,
        title,
        said,
        GridChart(("",), rows) if shown else None,
        table,
        build.source(release),
        (),
        build.csv_rows(cells),
    )


def _reason(cell: Cell) -> str:
    return "reden onbekend" if cell.categorie == "onbekend" else words.category("reden_groep", cell.categorie)


def _with_share(cell: Cell, total: float, release: ReleaseFiles) -> str:
    text = sentences.figure(cell, release)
    return f"{words.number(cell.waarde)} ({round(100 * (cell.waarde or 0) / total)}%)" if cell.shown and total else text


def _to_work(release: ReleaseFiles) -> Section:
    series = {name: release.cells(indicator) for indicator, name in WORK}
    sentence = (
        "De reden komt van de uitkeringsadministratie. De andere twee lijnen kijken of iemand een maand later "
        "werkt en geen uitkering "
        "heeft. Dat zijn andere vragen; zet ze niet in één reeks."
    )
    figure = build.trend_figure("naar-werk", "Uitstroom naar werk, op drie manieren geteld", sentence, series, release)
    apart = latest_measured(release.cells("uitstroom_werk_verschil"))
    said = ""
    if apart is not None and apart.shown:
        said = (
            f"Bij {words.percent(apart.waarde or 0.0)} van de uitstroom van {apart.year} spreken de reden en het "
            "inkomen elkaar tegen: "
            "werk als reden en geen inkomen, of andersom."
        )
    return Section("werk", "Hoeveel mensen gaan naar werk?", build.kept(figure, Paragraph(said) if said else None))


def _back(release: ReleaseFiles) -> Section:
    ahead = {f"{h} maanden": release.cells(f"herinstroom_{h}__alle") for h in (6, 12, 18)}
    behind = {"van de instroom": release.cells("herinstroom_terugkijkend")}
    blocks = build.kept(
        headlines.statement(headlines.BACK, release, link=False),
        build.trend_figure(
            "herinstroom",
            "Deel van de uitstroom dat terugkwam, per jaar van uitstroom",
            "Dit kijkt vooruit, zoals Divosa. Na 12 maanden "
            f"{_lower(sentences.newest_with_trend(ahead['12 maanden'], release))}",
            ahead,
            release,
        ),
        build.trend_figure(
            "herinstroom-terugkijkend",
            "Deel van de instroom dat korter dan een jaar geleden nog een uitkering had",
            "Dit kijkt terug, zoals CBS: van wie nu instroomt, wie was er kort geleden nog? Het is een ander "
            "cijfer dan hierboven.",
            behind,
            release,
        ),
    )
    return Section("herinstroom", "Hoeveel mensen komen terug?", blocks)


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _others(release: ReleaseFiles) -> Section:
    """Series that others published, each with how well it compares."""
    by_source: dict[tuple[str, str], list[Cell]] = {}
    for cell in release.others:
        region = cell.regio_naam or cell.regio_code
        name = cell.bron if region in cell.bron else f"{cell.bron} ({region})"
        by_source.setdefault((cell.indicator_id, name), []).append(cell)
    indicators = sorted({indicator for indicator, _ in by_source})
    blocks = [figure for indicator in indicators if (figure := _compared(release, indicator, by_source))]
    return Section("anderen", "Wat publiceren anderen?", tuple(blocks))


def _compared(release: ReleaseFiles, indicator: str, by_source: dict[tuple[str, str], list[Cell]]) -> Figure | None:
    name = words.capital(release.definition(indicator).get("naam", indicator))
    series = {source: cells for (found, source), cells in by_source.items() if found == indicator}
    own = [
        cell
        for cell in release.cells(indicator)
        if any(cell.periode == c.periode for cs in series.values() for c in cs)
    ]
    if own:
        series = {"eigen registratie": own, **series}
    grades = [row for row in release.grades() if row["indicator_id"] == indicator]
    cells = [cell for found in series.values() for cell in found]
    said = (
        _grade_sentence(grades)
        if len(series) > 1
        else "Hierover publiceert alleen deze bron; wij hebben geen eigen cijfer."
    )
    named = {_with_unit(source, found): found for source, found in series.items()}
    return Figure(
        f"anderen-{indicator.replace('_', '-')}", f"{name}: wat anderen publiceren", said, None,
        build.by_year(name, named, release), f"Bron: {words.listed(list(series))}.", (), build.csv_rows(cells), True,
    )  # fmt: skip


def _with_unit(source: str, cells: Sequence[Cell]) -> str:
    """A series with what it counts: sources don't all count the same."""
    unit = words.unit(cells[0].eenheid)
    return f"{source}, {unit}" if unit else source


def _grade_sentence(grades: list[dict[str, Any]]) -> str:
    found = {row["grade"] for row in grades}
    if found <= {"gelijk", "vergelijkbaar"} and found:
        return "Deze cijfers zijn volgens het register van definities goed te vergelijken."
    if "niet_vergelijkbaar" in found:
        return "Deze cijfers zijn niet met elkaar te vergelijken: zij meten iets anders. Kijk alleen naar de richting."
    return (
        "Of deze cijfers precies hetzelfde meten, is niet bekend. Vergelijk daarom niet de hoogte, maar hooguit "
        "de richting. "
        "Er staat met opzet geen grafiek bij."
    )
