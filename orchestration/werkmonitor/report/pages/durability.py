"""Duurzaamheid: cohorts at 6, 12 and 18 months under each definition, where people are, the curve of return, what is
not yet measurable."""

from __future__ import annotations

from collections.abc import Sequence

from werkmonitor.report import build, sentences, words
from werkmonitor.report.model import (
    Block,
    Curve,
    CurveChart,
    CurvePoint,
    Figure,
    GridChart,
    GridRow,
    Page,
    Paragraph,
    Place,
    Section,
    Table,
    Value,
)
from werkmonitor.report.release_files import Cell, ReleaseFiles, latest_measured

HORIZONS = (6, 12, 18)
MEASURES = (
    ("duurzaam_uit_uitkering", "uit de uitkering", "geen dag terug in de uitkering"),
    ("duurzaam_werk_moment", "aan het werk op de meetdag", "op de meetdag werk en geen uitkering"),
    ("duurzaam_werk_onafgebroken", "steeds aan het werk", "de hele tijd werk, zonder onderbreking en zonder uitkering"),
)
POPULATIONS = (
    ("alle", "alle uitstroom"),
    ("werk_reden", "uitstroom met werk als reden"),
    ("werk_polis", "uitstroom naar loondienst"),
    ("werk_onderneming_onderwijs", "werk, eigen bedrijf of onderwijs"),
)
DESTINATIONS: tuple[tuple[str, Place], ...] = (
    ("werk_onafgebroken", "werk"),
    ("werk_met_onderbreking", "werk"),
    ("geen_van_deze", "anders"),
    ("uwv_uitkering", "anders"),
    ("uitkering_met_werk", "uitkering"),
    ("uitkering", "uitkering"),
    ("niet_volgbaar", "anders"),
)
SHORT = {
    "werk_met_onderbreking": "werk, met onderbreking",
    "geen_van_deze": "geen werk, geen uitkering",
    "uitkering_met_werk": "in de uitkering, met werk",
    "uitkering": "in de uitkering",
}
CURVES = 3


def page(release: ReleaseFiles) -> Page:
    sections = (
        _definitions(release),
        _over_years(release),
        _where(release),
        _lost(release),
        _return(release),
        _waiting(release),
    )
    return Page(
        "duurzaamheid.html",
        "Hoe duurzaam is de uitstroom?",
        "Blijven mensen uit de uitkering, en hebben zij werk? Gemeten 6, 12 en 18 maanden nadat zij uitstroomden.",
        tuple(section for section in sections if section.blocks),
        "duurzaamheid",
    )


def cohort(release: ReleaseFiles, region: str | None = None) -> str | None:
    """The newest year that is measured at all three horizons (its cells may be masked)."""
    newest = latest_measured(release.cells("duurzaam_uit_uitkering_18__alle", region))
    return newest.periode if newest else None


def at(release: ReleaseFiles, indicator: str, periode: str | None, region: str | None = None) -> Cell | None:
    return next((cell for cell in release.cells(indicator, region) if cell.periode == periode), None)


def _definitions(release: ReleaseFiles) -> Section:
    periode = cohort(release)
    if periode is None:
        return Section("maten", "Drie manieren van meten", ())
    blocks: tuple[Block, ...] = (
        Paragraph(
            "Duurzaam kan van alles betekenen. Daarom staan drie manieren van meten naast elkaar, van ruim naar "
            "streng, en voor "
            "vier groepen. Wie is overleden, verhuisd of met pensioen telt niet mee, want die is niet te volgen."
        ),
        *(found for key, name in POPULATIONS if (found := _measures(release, key, name, periode))),
    )
    return Section("maten", "Drie manieren van meten", blocks)


def _measures(release: ReleaseFiles, population: str, name: str, periode: str) -> Figure | None:
    cells = {
        (measure, horizon): at(release, f"{measure}_{horizon}__{population}", periode)
        for measure, _, _ in MEASURES
        for horizon in HORIZONS
    }
    present = [cell for cell in cells.values() if cell is not None]
    if not present:
        return None
    rows = tuple(
        GridRow(
            label,
            tuple(_share(cells[measure, horizon]) for horizon in HORIZONS),
            tuple(_word(cells[measure, horizon], release) for horizon in HORIZONS),
            "anders" if measure == "duurzaam_uit_uitkering" else "werk",
        )
        for measure, label, _ in MEASURES
    )
    title = f"{words.capital(name)} in {periode[:4]}"
    shown = any(cell.shown for cell in present)
    table_rows = tuple(
        (Value(words.capital(label)), *(build.value(cells[measure, h], release, with_counts=True) for h in HORIZONS))
        for measure, label, _ in MEASURES
    )
    table = Table(title, ("Maat", *(f"{h} maanden" for h in HORIZONS)), table_rows, frozenset({1, 2, 3}))
    return Figure(
        f"maten-{population}", title, _measures_sentence(cells, release),
        GridChart(tuple(f"{h} maanden" for h in HORIZONS), rows) if shown else None,
        table, build.source(release), (), build.csv_rows(present),
    )  # fmt: skip


def _share(cell: Cell | None) -> float | None:
    return cell.waarde if cell is not None else None


def _word(cell: Cell | None, release: ReleaseFiles) -> str:
    return "geen cijfer" if cell is None else sentences.figure(cell, release)


def _measures_sentence(cells: dict[tuple[str, int], Cell | None], release: ReleaseFiles) -> str:
    out, strict = cells["duurzaam_uit_uitkering", 12], cells["duurzaam_werk_onafgebroken", 12]
    parts = []
    if out is not None and out.shown:
        parts.append(f"Na een jaar was {words.percent(out.waarde or 0.0)} niet terug geweest in de uitkering")
    if strict is not None and strict.shown:
        parts.append(f"{words.percent(strict.waarde or 0.0)} had het hele jaar werk")
    return f"{'; '.join(parts)}." if parts else "Deze cijfers zijn niet te tonen; in de tabel staat waarom."


def _over_years(release: ReleaseFiles) -> Section:
    blocks: list[Block] = []
    for measure, label, meaning in MEASURES:
        series = {f"{h} maanden": release.cells(f"{measure}_{h}__alle") for h in HORIZONS}
        newest = latest_measured(series["12 maanden"])
        said = sentences.trend(series["12 maanden"], release)
        sentence = f"Wat dit meet: {meaning}."
        if newest is not None and newest.shown:
            sentence += (
                f" Na 12 maanden: {words.percent(newest.waarde or 0.0)} van de uitstroom van {newest.year}. {said}"
            )
        figure = build.trend_figure(
            f"jaren-{measure.replace('_', '-')}", words.capital(label), sentence, series, release
        )
        if figure is not None:
            blocks.append(figure)
    return Section("jaren", "Per jaar van uitstroom", tuple(blocks))


# ---- where people are


def _where(release: ReleaseFiles) -> Section:
    figure = destinations(release, None, "bestemming")
    return Section("bestemming", "Waar zijn mensen na 6, 12 en 18 maanden?", build.kept(figure))


def destinations(release: ReleaseFiles, region: str | None, key: str) -> Figure | None:
    """Where the outflow of one year is at each horizon; shares of all outflow, numbers in the table."""
    periode = _destination_year(release, region)
    if periode is None:
        return None
    cells = {
        h: {
            c.categorie: c for c in release.cells(f"bestemming_{h}__alle", region, "bestemming") if c.periode == periode
        }
        for h in HORIZONS
    }
    totals = {h: at(release, f"bestemming_{h}__alle", periode, region) for h in HORIZONS}
    rows = []
    for code, tone in DESTINATIONS:
        found = [_part(cells[h].get(code), totals[h], release) for h in HORIZONS]
        name = SHORT.get(code, words.category("bestemming", code))
        rows.append(GridRow(name, tuple(s for s, _ in found), tuple(w for _, w in found), tone))
    columns = tuple(f"{h} maanden" for h in HORIZONS)
    table_rows = tuple(
        (
            Value(words.capital(words.category("bestemming", code))),
            *(build.value(cells[h].get(code), release) for h in HORIZONS),
        )
        for code, _ in DESTINATIONS
    )
    total_row = (Value("Alle uitstroom"), *(build.value(totals[h], release) for h in HORIZONS))
    title = f"Waar de uitstroom van {periode[:4]} is"
    table = Table(f"{title}, in aantallen", ("Plaats", *columns), (*table_rows, total_row), frozenset({1, 2, 3}))
    flat = [cell for h in HORIZONS for cell in cells[h].values()]
    shown = any(cell.shown for cell in flat)
    notes = (
        "De staven tonen het deel van alle uitstroom, ook van wie niet te volgen is. De eerste plaats die past, telt.",
    )
    return Figure(
        key, title, _destination_sentence(rows), GridChart(columns, tuple(rows)) if shown else None, table,
        build.source(release), notes, build.csv_rows([*flat, *(cell for cell in totals.values() if cell is not None)]),
    )  # fmt: skip


def _destination_year(release: ReleaseFiles, region: str | None) -> str | None:
    newest = latest_measured(release.cells("bestemming_18__alle", region))
    return newest.periode if newest else None


def _part(cell: Cell | None, total: Cell | None, release: ReleaseFiles) -> tuple[float | None, str]:
    if cell is None:
        return None, "geen cijfer"
    if not cell.shown or total is None or not total.waarde:
        return None, sentences.reason_not_shown(cell, release, short=True)
    share = 100.0 * (cell.waarde or 0.0) / total.waarde
    return share, f"{round(share)}%"


def _destination_sentence(rows: Sequence[GridRow]) -> str:
    at_work = [row.shares[1] for row in rows if row.tone == "werk"]
    back = [row.shares[1] for row in rows if row.tone == "uitkering"]
    if any(share is None for share in (*at_work, *back)):
        return "Van een deel van de plaatsen is het aantal te klein om te tonen."
    return (
        f"Een jaar na uitstroom werkt {round(sum(s or 0.0 for s in at_work))}% zonder uitkering en zit "
        f"{round(sum(s or 0.0 for s in back))}% weer in de uitkering."
    )


# ---- who cannot be followed


def _lost(release: ReleaseFiles) -> Section:
    """Outflow outside every denominator, by reason and year."""
    cells = release.cells("duurzaam_uit_uitkering_12__alle", dimension="reden_niet_volgbaar")
    found = {(cell.categorie, cell.year): cell for cell in cells}
    years = sorted({cell.year for cell in cells if cell.status != "nog_niet_meetbaar"}, reverse=True)[:5]
    codes = list(dict.fromkeys(cell.categorie for cell in cells))
    title = "Wie is niet te volgen?"
    if not years:
        return Section("niet-te-volgen", title, ())
    rows = tuple(
        (
            Value(words.capital(words.category("reden_niet_volgbaar", code))),
            *(build.value(found.get((code, year)), release) for year in years),
        )
        for code in codes
    )
    text = (
        "Wie is overleden, verhuisd of met pensioen, kan niet terugkomen of blijven werken. Die mensen tellen in "
        "geen enkel "
        "percentage mee, ook niet als zij wel terugkwamen. Zo blijft de noemer voor alle maten dezelfde."
    )
    table = Table("Niet te volgen na 12 maanden, per jaar van uitstroom", ("Reden", *years), rows,
                  frozenset(range(1, len(years) + 1)))  # fmt: skip
    return Section("niet-te-volgen", title, (Paragraph(text), table))


# ---- the curve of return


def _return(release: ReleaseFiles) -> Section:
    figures = build.kept(
        return_curve(release, "terugkeer"),
        return_curve(release, "terugkeer-werk", "terugkeer_cif__werk_reden", "uitgestroomd met werk als reden"),
    )
    return Section("terugkeer", "Wanneer komen mensen terug?", figures)


def return_curve(
    release: ReleaseFiles,
    key: str,
    indicator: str = "terugkeer_cif__alle",
    who: str = "alle uitstroom",
    region: str | None = None,
) -> Figure | None:
    """The chance of return by month since outflow, newest cohort first, with the number still followed."""
    by_year: dict[str, list[Cell]] = {}
    for cell in release.cells(indicator, region, "maanden_sinds_uitstroom"):
        by_year.setdefault(cell.year, []).append(cell)
    followed = [year for year, cells in sorted(by_year.items(), reverse=True) if _length(cells) >= 12][:CURVES]
    if not followed:
        return None
    chart = CurveChart(tuple(Curve(year, _points(by_year[year])) for year in followed))
    newest = [cell for cell in by_year[followed[0]] if cell.shown]
    year_on = next((cell for cell in newest if cell.categorie == "12"), newest[-1])
    title = f"Deel dat is teruggekomen, per maand na uitstroom ({who})"
    notes = (
        "De band hoort bij de doorgetrokken lijn en is het 95%-interval. Worden minder dan 20 mensen nog gevolgd, dan "
        "stopt de lijn.",
        "Hier telt iedereen mee die uitstroomde, ook wie daarna overleed, verhuisde of met pensioen ging. Daarom is "
        "dit percentage lager dan het deel dat terugkwam van wie te volgen is.",
    )
    return Figure(
        key, title, _curve_sentence(year_on), chart, _curve_table(title, {y: by_year[y] for y in followed}, release),
        build.source(release), notes, build.csv_rows(cell for year in followed for cell in by_year[year]),
    )  # fmt: skip


def _length(cells: Sequence[Cell]) -> int:
    return max((int(cell.categorie) for cell in cells if cell.shown), default=-1)


def _points(cells: Sequence[Cell]) -> tuple[CurvePoint, ...]:
    return tuple(
        CurvePoint(int(cell.categorie), cell.waarde, cell.ondergrens, cell.bovengrens, cell.n_risico)
        for cell in cells
        if cell.waarde is not None
    )


def _curve_sentence(cell: Cell) -> str:
    months = int(cell.categorie)
    said = (
        f"Van wie in {cell.year} uitstroomde, was na {months} maanden {words.percent(cell.waarde or 0.0)} "
        "terug in de uitkering"
    )
    if cell.ondergrens is not None and cell.bovengrens is not None:
        said += f" (toevalsmarge {words.number(cell.ondergrens)} tot {words.percent(cell.bovengrens)})"
    return f"{said}."


def _curve_table(caption: str, by_year: dict[str, list[Cell]], release: ReleaseFiles) -> Table:
    columns = ["Maanden na uitstroom"]
    for year in by_year:
        columns += [f"{year}: terug", f"{year}: interval", f"{year}: nog gevolgd"]
    found = {year: {int(cell.categorie): cell for cell in cells} for year, cells in by_year.items()}
    rows = []
    for month in range(0, 37, 3):
        values = [value for year in by_year for value in _curve_values(found[year].get(month), release)]
        rows.append((Value(str(month)), *values))
    return Table(caption, tuple(columns), tuple(rows), frozenset(range(1, len(columns))))


def _curve_values(cell: Cell | None, release: ReleaseFiles) -> tuple[Value, Value, Value]:
    if cell is None or not cell.shown:
        none = Value("te weinig mensen gevolgd" if cell is None or cell.status == "nvt" else "niet getoond", "woord")
        return none, Value("–", "woord"), Value("–", "woord")
    interval = (
        Value(f"{words.number(cell.ondergrens)} tot {words.percent(cell.bovengrens)}", "getal")
        if cell.ondergrens is not None and cell.bovengrens is not None
        else Value("geen interval", "woord")
    )
    risk = Value(words.number(cell.n_risico), "getal") if cell.n_risico is not None else Value("niet getoond", "woord")
    return build.value(cell, release), interval, risk


# ---- what cannot be measured yet


def _waiting(release: ReleaseFiles) -> Section:
    title = "Wat nog niet te meten is, en vanaf wanneer wel"
    rows = []
    years = sorted(
        {cell.year for h in HORIZONS for cell in release.cells(f"duurzaam_uit_uitkering_{h}__alle")}, reverse=True
    )
    for year in years[:4]:
        values = [_from_when(at(release, f"duurzaam_uit_uitkering_{h}__alle", f"{year}JJ00")) for h in HORIZONS]
        rows.append((Value(year), *values))
    if not rows:
        return Section("wachten", title, ())
    text = (
        "Wie na 18 maanden nog uit de uitkering is, is pas 18 maanden later te weten. Daarna wachten wij nog op "
        "registraties die te "
        "laat binnenkomen. Een jaar wordt getoond als alle dagen ervan te meten zijn."
    )
    columns = ("Uitstroom in", *(f"na {h} maanden" for h in HORIZONS))
    return Section("wachten", title, (Paragraph(text), Table("Meetbaar vanaf", columns, tuple(rows))))


def _from_when(cell: Cell | None) -> Value:
    if cell is None:
        return Value("geen cijfer", "woord")
    if cell.status == "nog_niet_meetbaar":
        return Value(f"vanaf {words.day(cell.meetbaar_vanaf)}", "woord")
    return Value("gemeten" if cell.shown else words.STATUS_WORDS.get(cell.status, cell.status))
