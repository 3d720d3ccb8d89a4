"""Kengetallen: what the five documents of the field steer by, where it stands in this monitor, and else why not.

All of it is read from definities.json of the release (core/documents wrote it there). What an indicator means is on
the page of definitions, to which every row leads.
"""

from __future__ import annotations

from typing import Any

from werkmonitor.report import words
from werkmonitor.report.model import Block, Link, Page, Paragraph, Section, Table, Value
from werkmonitor.report.pages import definitions
from werkmonitor.report.release_files import ReleaseFiles

PATH = "kengetallen.html"
COLUMNS = ("Kengetal", "Wat het document zegt", "In deze monitor", "Wat anders is, of waarom niet")
COUNTS = ("Document", "Kengetallen", "Zoals in het document", "Met een verschil", "Voor een deel", "Niet")
NUMBERS = frozenset({1, 2, 3, 4, 5})


def page(release: ReleaseFiles) -> Page:
    listed: list[dict[str, Any]] = release.registry["documenten"]
    return Page(
        PATH,
        "Kengetallen",
        "Waar stuurt het veld op, en staat het hier? Van elk kengetal uit vijf documenten staat waar het in deze "
        "monitor te vinden is, en anders waarom niet.",
        (
            Section("overzicht", "In het kort", _overview(listed)),
            *(_document(release, document) for document in listed),
            Section("eigen", "Alleen in deze monitor", _own(release)),
        ),
        "kengetallen",
    )


# ---- counts


def _items(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [item for theme in document["themas"] for item in theme["kengetallen"]]


def _counts(items: list[dict[str, Any]]) -> tuple[int, int, int, int, int]:
    """All; those that are here as the document has them, with a difference, in part; those that are not here."""
    here = [item for item in items if item["indicatoren"]]
    exact = [item for item in here if not item["verschil"]]
    partly = [item for item in here if item["deels"]]
    return len(items), len(exact), len(here) - len(exact) - len(partly), len(partly), len(items) - len(here)


def _said(whole: str, items: list[dict[str, Any]]) -> str:
    total, exact, different, partly, absent = _counts(items)
    kinds = (
        (exact, "zoals in het document"),
        (different, "met een verschil dat erbij staat"),
        (partly, "voor een deel"),
    )
    said = words.listed([f"{words.number(count)} {how}" for count, how in kinds if count])
    text = f"Van de {words.number(total)} {whole} staan er {words.number(total - absent)} in deze monitor: {said}."
    if absent:
        text += f" Van de andere {words.number(absent)} staat er waarom niet, en wat ervoor nodig is."
    return text


def _overview(documents: list[dict[str, Any]]) -> tuple[Block, ...]:
    everything = [item for document in documents for item in _items(document)]
    rows = tuple(
        (
            Value(document["titel"], links=(Link(document["titel"], f"{PATH}#{document['document']}"),)),
            *(Value(words.number(count), "getal") for count in _counts(_items(document))),
        )
        for document in documents
    )
    how = (
        "Zoekt u een bepaald kengetal, gebruik dan het zoeken van uw browser op deze pagina. Regels, tabellen en "
        "figuren zijn die van het document zelf; de codes zijn van ons. De naam van een cijfer leidt naar wat het "
        "betekent. Of de registraties ervoor zijn aangeleverd, staat bij het cijfer."
    )
    return (
        Paragraph(_said("kengetallen uit de documenten", everything)),
        Table("Kengetallen per document", COUNTS, rows, NUMBERS, stacked=True),
        Paragraph(how),
    )


# ---- one document


def _document(release: ReleaseFiles, document: dict[str, Any]) -> Section:
    said = _said("kengetallen van dit document", _items(document))
    tables = (_table(release, document, theme) for theme in document["themas"])
    return Section(document["document"], document["titel"], (Paragraph(document["over"]), Paragraph(said), *tables))


def _table(release: ReleaseFiles, document: dict[str, Any], theme: dict[str, Any]) -> Table:
    rows = tuple(_row(release, item) for item in theme["kengetallen"])
    return Table(f"{theme['naam']} ({document['kort']})", COLUMNS, rows, stacked=True)


def _row(release: ReleaseFiles, item: dict[str, Any]) -> tuple[Value, ...]:
    links = tuple(_link(release, pointer) for pointer in item["indicatoren"])
    if links:
        where = Value(words.listed([link.text for link in links]), links=links)
        explained = f"{'Alleen een deel. ' if item['deels'] else ''}{item['verschil'] or 'Zoals in het document.'}"
    else:
        where = Value("staat er niet in", "woord")
        explained = f"{item['waarom_niet']} Nodig: {item['wat_nodig'][0].lower()}{item['wat_nodig'][1:]}"
    return (
        Value(f"{item['code']}. {item['naam']}"),
        Value(f"{item['omschrijving']} ({words.capital(item['vindplaats'])}.)"),
        where,
        Value(explained),
    )


def _link(release: ReleaseFiles, pointer: dict[str, Any]) -> Link:
    """The name of an indicator, or of a family of them, with what it is broken down by; it leads to its definition."""
    wanted = pointer["indicator"]
    named = [item for item in release.registry["indicatoren"] if item["indicator_id"] == wanted]
    members = named or [item for item in release.registry["indicatoren"] if definitions.family(item) == wanted]
    if not members:
        return Link(words.capital(words.indicator(wanted)), "definities.html")
    name = words.capital(_variant(named[0]) if named else definitions.title(members))
    return Link(name + _broken_down(release, pointer), f"definities.html#{definitions.family(members[0])}")


def _variant(item: dict[str, Any]) -> str:
    return f"{item['naam']} ({item['populatie']})" if item.get("populatie") else item["naam"]


def _broken_down(release: ReleaseFiles, pointer: dict[str, Any]) -> str:
    dimension, category = pointer["uitsplitsing"], pointer["categorie"]
    if not dimension:
        return ""
    if category:
        return f": {words.category(dimension, category)}"
    dimensions = release.registry["dimensies"]
    return ", naar " + words.listed([dimensions[part]["naam"] for part in dimension.split(" x ")])


# ---- what only we have


def _own(release: ReleaseFiles) -> tuple[Block, ...]:
    rows = []
    for item in release.registry["buiten_documenten"]:
        link = _link(release, item | {"uitsplitsing": None, "categorie": None})
        rows.append((Value(link.text, links=(link,)), Value(item["waarom"])))
    about = "Deze cijfers vraagt geen van de documenten. Zij zijn er om een reden die erbij staat."
    return (Paragraph(about), Table("Cijfers die geen document noemt", ("Cijfer", "Waarom"), tuple(rows), stacked=True))
