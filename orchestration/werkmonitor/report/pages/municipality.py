"""A page per gemeente, beside the whole organisation, and the page that lists them."""

from __future__ import annotations

from werkmonitor.report import build, headlines, sentences
from werkmonitor.report.model import Block, Figure, Link, Listing, Page, Paragraph, Section, Table, Value
from werkmonitor.report.pages import durability, flows, front, quality, targets, themes
from werkmonitor.report.release_files import ReleaseFiles, latest_measured

OUT_12 = "duurzaam_uit_uitkering_12__alle"


def overview(release: ReleaseFiles) -> Page:
    """All gemeenten in one table, each with its page."""
    indicators = (
        ("stand_personen", "Mensen met uitkering"),
        ("uitstroom", "Uitstroom"),
        (OUT_12, "Een jaar eruit gebleven"),
        ("herinstroom_12__alle", "Binnen een jaar terug"),
    )
    newest = {indicator: latest_measured(release.cells(indicator)) for indicator, _ in indicators}
    rows = []
    for code, name in release.regions.items():
        values = []
        for indicator, _ in indicators:
            whole = newest[indicator]
            cell = durability.at(release, indicator, whole.periode if whole else None, code)
            values.append(build.value(cell, release))
        rows.append((Value(name, links=(Link(name, f"gemeenten/{code}.html"),)), *values))
    columns = ("Gemeente", *(f"{label}, {_year(newest[i])}" for i, label in indicators))
    table = Table("Gemeenten naast elkaar", columns, tuple(rows), frozenset(range(1, len(columns))))
    note = Paragraph(
        "Kleine gemeenten hebben kleine groepen: hun cijfers schommelen meer door toeval. Op de pagina van elke "
        "gemeente staat of een "
        "verschil met de hele organisatie groter is dan het toeval."
    )
    chart = front.by_municipality(release)
    return Page(
        "gemeenten/index.html",
        "Alle gemeenten",
        "Dezelfde cijfers voor elke gemeente, naast elkaar.",
        (
            Section("tabel", "Naast elkaar", (table, note)),
            Section("verschil", "Verschillen tussen gemeenten", build.kept(chart)),
        ),
        "gemeenten",
    )


def _year(cell: object) -> str:
    return getattr(cell, "year", "geen jaar")


def page(release: ReleaseFiles, code: str, name: str) -> Page:
    sections = (
        _answers(release, code),
        _development(release, code, name),
        _where(release, code),
        _flows(release, code, name),
        themes.of_municipality(release, code, name),
        targets.of_region(release, code),
        _data(release, code, name),
        _report(release, code, name),
    )
    others = tuple(
        (Link(other, f"gemeenten/{found}.html"), "") for found, other in release.regions.items() if found != code
    )
    more = Section("andere", "Andere gemeenten", (Listing(others),)) if others else None
    return Page(
        f"gemeenten/{code}.html",
        name,
        f"Hoe duurzaam is de uitstroom in {name}, en vallen mensen terug?",
        tuple(section for section in (*sections, more) if section is not None and section.blocks),
        "gemeenten",
        "Gemeente",
    )


def _report(release: ReleaseFiles, code: str, name: str) -> Section | None:
    """The same as a PDF, where it was made."""
    path = release.report_file(code)
    if not (release.folder / path).exists():
        return None
    link = Link(f"Evaluatierapport van {name}", f"../{path}")
    return Section("rapport", "Om te bewaren en te printen", (Listing(((link, "pdf"),)),))


def _answers(release: ReleaseFiles, code: str) -> Section:
    told = (headlines.OUT, headlines.AT_WORK, headlines.BACK, headlines.BACK_AFTER_WORK)
    found = (headlines.statement(item, release, code, link=False) for item in told)
    return Section("antwoorden", "De antwoorden", build.kept(*found))


def _development(release: ReleaseFiles, code: str, name: str) -> Section:
    series = {name: release.cells(OUT_12, code), build.WHOLE: release.cells(OUT_12)}
    figure: Figure | None = None
    if series[name]:
        newest = latest_measured(series[name])
        whole = durability.at(release, OUT_12, newest.periode if newest else None)
        said = sentences.against_organisation(newest, whole, release)
        figure = build.trend_figure(
            "duurzaam", "Minstens een jaar uit de uitkering gebleven", said or _masked(name), series, release
        )
    return Section("ontwikkeling", "Ontwikkeling", build.kept(figure))


def _masked(name: str) -> str:
    return f"Voor {name} is het nieuwste cijfer niet te tonen; in de tabel staat waarom."


def _where(release: ReleaseFiles, code: str) -> Section:
    return Section(
        "bestemming", "Waar zijn mensen daarna?", build.kept(durability.destinations(release, code, "bestemming"))
    )


def _flows(release: ReleaseFiles, code: str, name: str) -> Section:
    key = front.key_table(release, code, f"Kerncijfers van {name}")
    return Section(
        "stromen", "Erin en eruit", build.kept(key, flows.flows(release, code, "stromen"), _moves(release, code))
    )


def _moves(release: ReleaseFiles, code: str) -> Paragraph | None:
    came, went = (latest_measured(release.cells(indicator, code)) for indicator in ("verhuizing_in", "verhuizing_uit"))
    if came is None or went is None:
        return None
    return Paragraph(
        f"Verhuizingen binnen de organisatie met behoud van uitkering in {came.year}: hierheen "
        f"{sentences.figure(came, release)}, hiervandaan {sentences.figure(went, release)}. Dat telt niet als "
        "instroom of uitstroom.",
        "klein",
    )


def _data(release: ReleaseFiles, code: str, name: str) -> Section:
    blocks: list[Block] = [quality.badge_table(release, {code: name}, f"Hoe goed zijn de gegevens van {name}?")]
    blocks.append(Listing(((Link("Wat deze oordelen betekenen", "kwaliteit.html#gemeenten"), ""),)))
    return Section("gegevens", "Gegevens", tuple(blocks))
