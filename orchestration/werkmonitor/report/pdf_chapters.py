"""Which chapters a PDF has: the evaluation report of the organisation and the one of a gemeente.

What belongs here: choosing and ordering sections of the same pages as the site has, and what only a document on paper
needs (title page, the definitions that it uses, a shorter account of the checks). What does not: figures and sentences
(pages/), layout (reports/pdf), compiling (pdf.py).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from werkmonitor.core.audiences import Role, load_matrix
from werkmonitor.report import headlines, sentences, words
from werkmonitor.report.model import Block, Figure, Listing, Paragraph, Section, Statement
from werkmonitor.report.pages import (
    definitions,
    durability,
    flows,
    front,
    groups,
    matrix,
    municipality,
    quality,
    releases,
)
from werkmonitor.report.pages import remarks as remarks_page
from werkmonitor.report.release_files import ReleaseFiles

SUMMARY = "Samenvatting"
WAITING = "wachten"
CURVE_OF_FRONT = "terugkeer-voorpagina"  # stands in the chapter on durability


@dataclass(frozen=True)
class Chapter:
    """A chapter: numbered, and in the contents. A section without a title has no heading of its own."""

    title: str
    lead: str
    sections: tuple[Section, ...]
    new_page: bool = False
    appendix: bool = False  # many short sections: each kept together, none in the contents


@dataclass(frozen=True)
class Document:
    """One PDF. `path` is its file, relative to the release; `facts` stand on the title page."""

    path: str
    kicker: str
    title: str
    question: str
    release_id: str
    peildatum: date
    facts: tuple[tuple[str, str], ...]
    chapters: tuple[Chapter, ...]


def documents(release: ReleaseFiles) -> Iterator[Document]:
    """The report of the organisation, one for each gemeente, and one for each role of the information matrix."""
    yield organisation(release)
    for code, name in release.regions.items():
        yield of_municipality(release, code, name)
    for role in load_matrix().rollen:
        yield of_role(release, role)


def organisation(release: ReleaseFiles) -> Document:
    """The evaluation report of the whole organisation."""
    lasting, to_work = durability.page(release), flows.page(release)
    overview, traits = municipality.overview(release), groups.page(release)
    summary = front.page(release)
    figures = (
        Chapter(SUMMARY, summary.lead, _picked(summary.sections, ("duurzaam", "terug", "kerncijfers"))),
        Chapter(lasting.title, lasting.lead, _without(lasting.sections, (WAITING,))),
        Chapter(to_work.title, to_work.lead, to_work.sections),
        Chapter("De gemeenten naast elkaar", overview.lead, overview.sections),
        Chapter(traits.title, traits.lead, traits.sections),
    )
    return _document(
        release,
        release.report_file(),
        "Evaluatierapport",
        release.organisation,
        figures,
        _picked(quality.page(release).sections, ("gemeenten",)),
    )


def of_municipality(release: ReleaseFiles, code: str, name: str) -> Document:
    """The evaluation report of one gemeente."""
    page = municipality.page(release, code, name)
    figures = (
        Chapter(SUMMARY, page.lead, _picked(page.sections, ("antwoorden",))),
        Chapter("De cijfers", f"De cijfers van {name}, waar dat kan naast die van de hele organisatie.",
                _picked(page.sections, ("ontwikkeling", "bestemming", "stromen", "doelen"))),
    )  # fmt: skip
    of_data = _picked(page.sections, ("gegevens",))
    return _document(
        release, release.report_file(code), f"Evaluatierapport van {release.organisation}", name, figures, of_data
    )


def of_role(release: ReleaseFiles, role: Role) -> Document:
    """The report of one role: its figures, how far they can be trusted, and what they mean."""
    chapter = replace(
        _on_paper(Chapter(role.verslag, matrix.lead(release, role), matrix.sections(release, role))), new_page=True
    )
    chapters = (
        chapter, _account(release, ()), _about(release), _defined(release, set(role.named())),
    )  # fmt: skip
    return Document(
        matrix.report_file(role), f"{words.capital(role.naam)}: {role.verslag.lower()}", release.organisation,
        matrix.lead(release, role), release.release_id, release.peildatum, _facts(release),
        tuple(chapter for chapter in chapters if chapter.sections),
    )  # fmt: skip


def _document(
    release: ReleaseFiles,
    path: str,
    kicker: str,
    title: str,
    figures: tuple[Chapter, ...],
    of_data: tuple[Section, ...],
) -> Document:
    """What every report has: the figures, and the account of how they were made."""
    figures = tuple(replace(_on_paper(chapter), new_page=True) for chapter in figures)
    chapters = (
        *figures,
        _waiting(release),
        _remarks(release),
        _account(release, of_data),
        _about(release),
        _definitions(release, figures),
    )
    return Document(
        path,
        kicker,
        title,
        "Hoe duurzaam is de uitstroom uit de uitkering, en vallen mensen terug?",
        release.release_id,
        release.peildatum,
        _facts(release),
        tuple(chapter for chapter in chapters if chapter.sections),
    )


def _facts(release: ReleaseFiles) -> tuple[tuple[str, str], ...]:
    """What a reader must know before the first figure."""
    return (
        ("Peildatum", f"{words.day(release.peildatum)}: de laatste dag die meetelt"),
        ("Release", release.release_id),
        ("Oordeel over de gegevens", sentences.passed_and_failed(release.manifest["poort"].get("controles", {}))),
        ("Geheimhouding", front.protection(release)),
        ("Bron", "eigen registratie, tenzij er een andere bron bij staat"),
        ("Voor wie", releases.audience(release)),
    )


# ---- chapters that both reports have


def _waiting(release: ReleaseFiles) -> Chapter:
    found = _picked(durability.page(release).sections, (WAITING,))
    title = found[0].title if found else ""
    return Chapter(title, "", tuple(replace(section, title="") for section in found))


def _remarks(release: ReleaseFiles) -> Chapter:
    page = remarks_page.page(release)
    if release.remarks:
        return Chapter(page.title, page.lead, page.sections)
    return Chapter(page.title, "", tuple(replace(section, title="") for section in page.sections))


def _account(release: ReleaseFiles, of_data: tuple[Section, ...]) -> Chapter:
    """How far the figures can be trusted: checks, exceptions, deliveries, linkage, unknown reasons."""
    page = quality.page(release)
    sections = (
        Section("oordeel", "Controles", (*quality.verdict(release), *quality.in_short(release))),
        *of_data,
        *_picked(page.sections, ("leveringen",)),
    )
    chapter = Chapter(page.title, page.lead, sections)
    return _on_paper(chapter)


def _definitions(release: ReleaseFiles, figures: Iterable[Chapter]) -> Chapter:
    return _defined(release, _used(figures))


def _defined(release: ReleaseFiles, indicators: Collection[str]) -> Chapter:
    sections = definitions.sections(release, indicators)
    lead = (
        "Alleen de cijfers die in dit rapport staan. Elke definitie heeft een versie; alle andere staan op de website "
        "en in definities.json."
    )
    return Chapter("Definities", lead, sections, new_page=True, appendix=True)


def _about(release: ReleaseFiles) -> Chapter:
    sections = _picked(releases.page(release).sections, ("deze", "veranderd"))
    said = Paragraph(
        "Dit rapport is gemaakt van de bestanden van deze release en van niets anders. Alle cijfers ervan staan in "
        "reeksen.csv van dezelfde release."
    )
    found = tuple(replace(s, blocks=(said, *s.blocks)) if s.key == "deze" else s for s in sections)
    return _on_paper(Chapter("Over deze release", "", found))


def _used(chapters: Iterable[Chapter]) -> set[str]:
    """The indicators whose figures stand in these chapters: in a chart or a table with data, or in a key table."""
    told = (headlines.OUT, headlines.AT_WORK, headlines.BACK, headlines.BACK_AFTER_WORK)
    found = {item.indicator for item in told}
    found |= {indicator for indicator, _ in (*headlines.KEY_COUNTS, *headlines.KEY_SHARES)}
    for chapter in chapters:
        for section in chapter.sections:
            for block in section.blocks:
                if isinstance(block, Figure):
                    found |= {row[0] for row in block.data[1:]}
    return found


# ---- sections of the site on paper


def _picked(sections: Iterable[Section], keys: Collection[str]) -> tuple[Section, ...]:
    return tuple(section for section in sections if section.key in keys)


def _without(sections: Iterable[Section], keys: Collection[str]) -> tuple[Section, ...]:
    return tuple(section for section in sections if section.key not in keys)


def _on_paper(chapter: Chapter) -> Chapter:
    """Without lists that only lead elsewhere on the site, and with every answer and curve told once."""
    summary = chapter.title == SUMMARY
    found = (
        replace(section, blocks=_said_once(block for block in section.blocks if _belongs(block, summary)))
        for section in chapter.sections
    )
    return replace(chapter, sections=tuple(section for section in found if section.blocks))


def _said_once(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """Of tables that follow each other with the same sentence, only the first says it."""
    found: list[Block] = []
    said = ""
    for block in blocks:
        if isinstance(block, Figure) and block.chart is None:
            again, said = block.sentence == said, block.sentence
            found.append(replace(block, sentence="") if again else block)
        else:
            found.append(block)
    return tuple(found)


def _belongs(block: Block, summary: bool) -> bool:
    if isinstance(block, Listing):
        return not any(link for link, _ in block.items)
    if isinstance(block, Statement):
        return summary
    return not (isinstance(block, Figure) and block.key == CURVE_OF_FRONT)
