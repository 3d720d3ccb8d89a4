"""The whole report of one release: every page in the order of the menu."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from werkmonitor.report import words
from werkmonitor.report.model import Link, Page, Report
from werkmonitor.report.pages import (
    core_figures,
    definitions,
    documents,
    downloads,
    durability,
    flows,
    front,
    groups,
    matrix,
    municipality,
    quality,
    releases,
    remarks,
    targets,
    themes,
)
from werkmonitor.report.release_files import ReleaseFiles


@dataclass(frozen=True)
class Entry:
    """A part of the menu: where it leads, and the pages in it by the key that a page has. Without a name of its own it
    is one page. Two levels of plain links: they work on a phone, by keyboard and without script."""

    title: str
    pages: tuple[tuple[str, Link], ...]

    @property
    def href(self) -> str:
        return self.pages[0][1].href

    def holds(self, nav: str) -> bool:
        return any(key == nav for key, _ in self.pages)


MENU: tuple[Entry, ...] = (
    Entry("Voorpagina", (("index", Link("Voorpagina", "index.html")),)),
    Entry(
        "Uitstroom",
        (
            ("duurzaamheid", Link("Duurzaamheid", "duurzaamheid.html")),
            ("uitstroom", Link("Uitstroom en herinstroom", "uitstroom-en-herinstroom.html")),
            ("doelgroepen", Link("Doelgroepen", "doelgroepen.html")),
        ),
    ),
    Entry("Meer cijfers", tuple((theme.nav, Link(theme.menu, theme.path)) for theme in themes.THEMES)),
    Entry("Gemeenten", (("gemeenten", Link("Gemeenten", "gemeenten/index.html")),)),
    Entry(
        "Doelen en berichten",
        (
            ("doelen", Link("Doelen", "doelen.html")),
            ("kerncijfers", Link("Kerncijfers", "kerncijfers.html")),
            (matrix.NAV, Link("Berichten per rol", f"{matrix.FOLDER}/index.html")),
        ),
    ),
    Entry(
        "Uitleg en kwaliteit",
        (
            ("toelichting", Link("Toelichting", "toelichting.html")),
            ("definities", Link("Definities", "definities.html")),
            ("kengetallen", Link("Kengetallen", "kengetallen.html")),
            ("kwaliteit", Link("Kwaliteit", "kwaliteit.html")),
            ("releases", Link("Releases", "releases.html")),
        ),
    ),
    Entry("Zelf zoeken", (("verkennen", Link("Zelf zoeken", "verkennen/index.html")),)),
    Entry("Downloads", (("downloads", Link("Downloads", "downloads.html")),)),
)


def report_of(folder: Path) -> Report:
    """The report of the release in `folder`, made of its own files and nothing else."""
    release = ReleaseFiles(folder)
    return Report(
        release.release_id,
        release.organisation,
        words.day(release.peildatum),
        f"Werkmonitor van {release.organisation}: hoe duurzaam is de uitstroom uit de uitkering, en vallen mensen "
        "terug?",
        pages(release),
        "verzonnen" in release.organisation.lower(),
        tuple(Link(name, f"gemeenten/{code}.html") for code, name in release.regions.items()),
    )


def pages(release: ReleaseFiles) -> tuple[Page, ...]:
    per_region = (municipality.page(release, code, name) for code, name in release.regions.items())
    return (
        front.page(release),
        durability.page(release),
        flows.page(release),
        municipality.overview(release),
        *per_region,
        groups.page(release),
        *themes.pages(release),
        core_figures.page(release),
        targets.page(release),
        *matrix.pages(release),
        remarks.page(release),
        definitions.page(release),
        definitions.examples_page(),
        documents.page(release),
        quality.page(release),
        releases.page(release),
        downloads.page(release),
    )
