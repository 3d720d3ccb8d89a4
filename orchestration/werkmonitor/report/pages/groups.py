"""Doelgroepen: for whom is outflow lasting? One figure a trait, shares with their margins beside everybody."""

from __future__ import annotations

from werkmonitor.report import build, sentences, words
from werkmonitor.report.model import Figure, Page, Paragraph, Section
from werkmonitor.report.release_files import Cell, ReleaseFiles, latest_measured

INDICATOR = "duurzaam_uit_uitkering_12__alle"
TRAITS = (
    ("leeftijd", "Leeftijd"),
    ("uitkeringsduur", "Hoelang de uitkering al liep"),
    ("arbeidsvermogen", "Arbeidsvermogen"),
    ("arbeidsbeperking", "Arbeidsbeperking"),
    ("statushouder", "Statushouders"),
    ("leefvorm", "Leefvorm"),
    ("geslacht", "Geslacht"),
    ("reden_groep", "Reden van uitstroom"),
)


def page(release: ReleaseFiles) -> Page:
    intro = Paragraph(
        "Elke stip is een groep mensen; de gestippelde lijn is iedereen samen. Een verschil tussen groepen zegt "
        "niet waardoor het komt: "
        "groepen verschillen ook in andere dingen, zoals leeftijd en gezondheid."
    )
    found = [figure for trait, title in TRAITS if (figure := _figure(release, trait, title)) is not None]
    sections = [Section("uitleg", "Hoe leest u dit?", (intro,))] if found else []
    sections += [Section(figure.key.removeprefix("groep-"), title, (figure,)) for figure, title in _titled(found)]
    return Page(
        "doelgroepen.html",
        "Doelgroepen",
        "Voor wie is de uitstroom duurzaam? Het deel dat minstens een jaar uit de uitkering bleef, per groep.",
        tuple(sections),
        "doelgroepen",
    )


def _titled(found: list[Figure]) -> list[tuple[Figure, str]]:
    titles = dict(TRAITS)
    return [(figure, titles[figure.key.removeprefix("groep-")]) for figure in found]


def _figure(release: ReleaseFiles, trait: str, title: str) -> Figure | None:
    whole = latest_measured(release.cells(INDICATOR))
    if whole is None:
        return None
    cells = [c for c in release.cells(INDICATOR, dimension=trait) if c.periode == whole.periode]
    order = release.registry.get("dimensies", {}).get(trait, {}).get("categorieen", [])
    cells.sort(key=lambda cell: order.index(cell.categorie) if cell.categorie in order else len(order))
    cells = [cell for cell in cells if not (cell.status == "nvt" and cell.noemer == 0)]
    named: dict[str, Cell | None] = {words.capital(_name(trait, cell.categorie)): cell for cell in cells}
    said = f"{_extremes(named, whole)} Uitstroom van {whole.year}."
    return build.dot_figure(
        f"groep-{trait}",
        f"Minstens een jaar uit de uitkering gebleven, naar {title.lower()}",
        said.strip(),
        title,
        named,
        whole,
        release,
    )


def _name(trait: str, code: str) -> str:
    return "niet bekend" if code == "onbekend" else words.category(trait, code)


def _extremes(named: dict[str, Cell | None], whole: Cell) -> str:
    """Only the groups whose difference from everybody is more than chance are named."""
    known = [
        (cell.waarde or 0.0, name)
        for name, cell in named.items()
        if cell is not None and cell.shown and sentences.differs(cell, whole)
    ]
    if not known:
        return "Geen groep wijkt meer van iedereen samen af dan door toeval kan."
    parts = [f"{name.lower()} ({words.percent(value)})" for value, name in sorted(known, reverse=True)]
    high = [
        part
        for (value, _), part in zip(sorted(known, reverse=True), parts, strict=True)
        if value > (whole.waarde or 0.0)
    ]
    low = [part for part in parts if part not in high]
    said = []
    if high:
        said.append(f"Hoger dan bij iedereen samen: {words.listed(high)}.")
    if low:
        said.append(f"Lager{'' if high else ' dan bij iedereen samen'}: {words.listed(low)}.")
    return " ".join(said)
