"""The five documents of the field: every kengetal that they name (one YAML file a document, beside this module), where
it stands in this monitor, what differs, or why it is not there.

Not here: what an indicator means (core/registry) and how the page looks (report/pages/documents). Nothing here reads
the registry, which publishes this list with its definitions; that every name exists in it is held by a test.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, model_validator

DOCUMENTS_FOLDER = Path(__file__).parent
OWN_FILE = "eigen.yml"
# The order in which they are shown: the reference evaluation, the national guide, then the organisations.
ORDER = ("rijk-van-nijmegen", "handreiking", "zoetermeer", "werkom", "werksaam")


class Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Pointer(Entry):
    """Where to look: an indicator or a family of them, a break-down of it, or one category of that.

    Written in one string: `uitstroom`, `uitstroom/reden_groep`, `uitstroom/reden_groep=onderwijs`.
    """

    indicator: str
    uitsplitsing: str | None = None
    categorie: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        indicator, _, place = value.partition("/")
        dimension, _, category = place.partition("=")
        return {"indicator": indicator, "uitsplitsing": dimension or None, "categorie": category or None}


class Kengetal(Entry):
    """One kengetal of a document. Either it is here (`indicatoren`, and `verschil` where ours is not quite the same;
    `deels` where only a part of what was asked is here), or it is not (`waarom_niet`, and what would have to be
    delivered: `wat_nodig`)."""

    code: str
    naam: str
    vindplaats: str
    omschrijving: str
    indicatoren: tuple[Pointer, ...] = ()
    deels: bool = False
    verschil: str = ""
    waarom_niet: str = ""
    wat_nodig: str = ""

    @model_validator(mode="after")
    def _either_or(self) -> Kengetal:
        here, not_here = bool(self.indicatoren), bool(self.waarom_niet and self.wat_nodig)
        stray = bool(self.waarom_niet or self.wat_nodig) if here else bool(self.verschil or self.deels)
        if here == not_here or stray:
            raise ValueError(f"{self.code}: noem of indicatoren, of waarom_niet en wat_nodig; niet beide, niet geen")
        if self.deels and not self.verschil:
            raise ValueError(f"{self.code}: zeg in verschil welk deel er niet is")
        return self


class Theme(Entry):
    naam: str
    kengetallen: tuple[Kengetal, ...]


class Document(Entry):
    """One document, with its kengetallen as it groups them itself. `kort`: its name where the title is too long."""

    document: str
    kort: str
    titel: str
    over: str
    themas: tuple[Theme, ...]

    @property
    def kengetallen(self) -> tuple[Kengetal, ...]:
        return tuple(item for theme in self.themas for item in theme.kengetallen)

    @model_validator(mode="after")
    def _codes_once(self) -> Document:
        codes = [item.code for item in self.kengetallen]
        if twice := sorted({code for code in codes if codes.count(code) > 1}):
            raise ValueError(f"{self.document}: twee keer dezelfde code: {twice}")
        return self


@cache
def load_documents() -> tuple[Document, ...]:
    """Read and validate the documents; a mistake in one is a programming error and raises."""
    return tuple(Document.model_validate(_read(f"{name}.yml")) for name in ORDER)


@cache
def load_own() -> dict[str, str]:
    """Families of the registry that no document asks for, each with the reason why it is there."""
    return dict(_read(OWN_FILE))


def _read(name: str) -> Any:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load((DOCUMENTS_FOLDER / name).read_text(encoding="utf-8"), Loader=loader)


def as_published() -> dict[str, Any]:
    """The part of definities.json that says where the kengetallen of the documents are, and what none of them asks."""
    return {
        "documenten": [document.model_dump(mode="json") for document in load_documents()],
        "buiten_documenten": [{"indicator": family, "waarom": why} for family, why in load_own().items()],
    }
