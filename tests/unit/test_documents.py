"""The kengetallen of the five documents: each leads to something that exists, or says why it is not here; and the page
shows them all."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from pydantic import ValidationError
from werkmonitor.core import documents, registry
from werkmonitor.core.documents import Document, Kengetal, Pointer
from werkmonitor.report.model import Page, Paragraph, Table
from werkmonitor.report.pages import definitions
from werkmonitor.report.pages import documents as kengetallen
from werkmonitor.report.release_files import ReleaseFiles

EVERYTHING = [(document.document, item) for document in documents.load_documents() for item in document.kengetallen]
POINTERS = {(item.code, pointer) for _, item in EVERYTHING for pointer in item.indicatoren}
BASE = {"code": "K1", "naam": "Uitstroom", "vindplaats": "regel 1", "omschrijving": "Zonder definitie."}
ABSENT = {"waarom_niet": "Het wordt niet geleverd.", "wat_nodig": "Een levering."}


def families() -> dict[str, list[registry.Indicator]]:
    found: dict[str, list[registry.Indicator]] = {}
    for indicator in registry.indicators(registry.load_registry()):
        found.setdefault(indicator.family.indicator_id, []).append(indicator)
    return found


def meant(pointer: Pointer) -> list[registry.Indicator]:
    """The indicators that a pointer names: a family of them, or one."""
    known = families()
    one = [found for members in known.values() for found in members if found.indicator_id == pointer.indicator]
    return one or known.get(pointer.indicator, [])


# ---- the list


def test_every_file_is_a_document_that_is_shown() -> None:
    files = {path.name for path in documents.DOCUMENTS_FOLDER.glob("*.yml")} - {documents.OWN_FILE}
    assert files == {f"{name}.yml" for name in documents.ORDER}
    assert [document.document for document in documents.load_documents()] == list(documents.ORDER)
    assert len(EVERYTHING) > 250


def test_every_indicator_that_is_named_exists_with_its_break_down_and_category() -> None:
    chosen = registry.load_registry()
    wrong = []
    for code, pointer in POINTERS:
        members = meant(pointer)
        broken = {name for member in members for name, _ in registry.breakdowns(chosen, member)}
        if not members or (pointer.uitsplitsing and pointer.uitsplitsing not in broken):
            wrong.append((code, pointer))
        elif pointer.categorie and pointer.uitsplitsing:
            categories = chosen.dimensies[pointer.uitsplitsing].categories()
            wrong += [(code, pointer)] if pointer.categorie not in categories else []
    assert wrong == []


def test_every_family_of_the_registry_is_asked_for_by_a_document_or_is_said_to_be_our_own() -> None:
    asked = {found.family.indicator_id for _, pointer in POINTERS for found in meant(pointer)}
    own = documents.load_own()
    assert set(families()) - asked == set(own)
    assert all(why.endswith(".") for why in own.values())


@pytest.mark.parametrize("name", ["omschrijving", "verschil", "waarom_niet", "wat_nodig"])
def test_texts_are_whole_sentences(name: str) -> None:
    texts = [(item.code, text) for _, item in EVERYTHING if (text := getattr(item, name))]
    assert [code for code, text in texts if not text.endswith(".") or text != " ".join(text.split())] == []
    assert [code for code, text in texts if not (text[0].isupper() or text[0].isdigit() or text[0] == "'")] == []


# ---- what may be written


@pytest.mark.parametrize(
    "rest",
    [
        {},
        {"indicatoren": ["uitstroom"], **ABSENT},
        {"indicatoren": ["uitstroom"], "wat_nodig": "Niets."},
        {"waarom_niet": "Het wordt niet geleverd."},
        {"verschil": "Andere eenheid.", **ABSENT},
        {"indicatoren": ["uitstroom"], "deels": True},
        {"indicatoren": ["uitstroom"], "onbekend_veld": "x"},
    ],
)
def test_a_kengetal_is_here_or_says_why_not_and_never_both(rest: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Kengetal.model_validate(BASE | rest)


def test_a_pointer_is_an_indicator_a_break_down_or_one_category() -> None:
    assert Pointer.model_validate("uitstroom") == Pointer(indicator="uitstroom")
    assert Pointer.model_validate("uitstroom/leefvorm") == Pointer(indicator="uitstroom", uitsplitsing="leefvorm")
    whole = Pointer(indicator="faseovergangen", uitsplitsing="faseovergang", categorie="a > b")
    assert Pointer.model_validate("faseovergangen/faseovergang=a > b") == whole


def test_a_code_is_used_once_in_a_document() -> None:
    themes = [{"naam": "Geld", "kengetallen": [BASE | ABSENT]}, {"naam": "Werk", "kengetallen": [BASE | ABSENT]}]
    with pytest.raises(ValidationError, match="twee keer dezelfde code"):
        Document.model_validate({"document": "x", "kort": "X", "titel": "X", "over": "X.", "themas": themes})


# ---- the page, made of what the release holds


@dataclass
class Release:
    """As much of a release as this page reads."""

    registry: dict[str, Any] = field(default_factory=registry.as_published)
    breaks: tuple[dict[str, Any], ...] = ()


def pages() -> tuple[Page, Page]:
    release = cast(ReleaseFiles, Release())
    return kengetallen.page(release), definitions.page(release)


def rows_of(page: Page, document: str) -> list[tuple[str, ...]]:
    found = next(section for section in page.sections if section.key == document)
    tables = (block for block in found.blocks if isinstance(block, Table))
    return [tuple(value.text for value in row) for table in tables for row in table.rows]


def test_the_page_shows_every_kengetal_with_its_difference_or_its_reason() -> None:
    page, _ = pages()
    for document in documents.load_documents():
        rows = rows_of(page, document.document)
        assert [row[0] for row in rows] == [f"{item.code}. {item.naam}" for item in document.kengetallen]
        for row, item in zip(rows, document.kengetallen, strict=True):
            assert row[1].startswith(item.omschrijving)
            assert (row[2] == "staat er niet in") == (not item.indicatoren)
            assert item.verschil in row[3] and item.waarom_niet in row[3]
            assert row[3].startswith("Alleen een deel.") == item.deels


def test_every_name_leads_to_its_definition() -> None:
    page, explained = pages()
    there = {f"definities.html#{section.key}" for section in explained.sections}
    tables = [block for section in page.sections for block in section.blocks if isinstance(block, Table)]
    links = [link for table in tables for row in table.rows for value in row for link in value.links]
    sections = {f"kengetallen.html#{section.key}" for section in page.sections}
    assert {link.href for link in links} <= there | sections and len(links) > 300


def test_the_page_counts_what_it_shows() -> None:
    page, _ = pages()
    here = [item for _, item in EVERYTHING if item.indicatoren]
    said = next(block for block in page.sections[0].blocks if isinstance(block, Paragraph)).text
    assert said.startswith(
        f"Van de {len(EVERYTHING)} kengetallen uit de documenten staan er {len(here)} in deze monitor"
    )
    counted = [[int(text) for text in row[1:]] for row in rows_of(page, "overzicht")]
    assert [row[0] for row in counted] == [len(document.kengetallen) for document in documents.load_documents()]
    assert all(whole == sum(parts) for whole, *parts in counted)
    assert sum(row[3] for row in counted) == sum(item.deels for item in here)


def test_a_name_that_the_release_does_not_define_is_said_in_words() -> None:
    release = Release()
    release.registry["indicatoren"] = [
        item for item in release.registry["indicatoren"] if item["indicator_id"] != "aanmeldingen"
    ]
    page = kengetallen.page(cast(ReleaseFiles, release))
    row = next(row for row in rows_of(page, "rijk-van-nijmegen") if row[0].startswith("I02"))
    assert row[2] == "Aanmeldingen"
