"""Releases: this one, the ones before it, what changed between them, and what was withdrawn."""

from __future__ import annotations

from typing import Any

from werkmonitor.report import words
from werkmonitor.report.model import Block, Facts, Page, Paragraph, Section, Table, Value
from werkmonitor.report.pages import front
from werkmonitor.report.release_files import ReleaseFiles

KINDS = {"openbaar": "openbaar", "intern": "intern"}
DIGESTS = {
    "invoer": "Aanleveringen",
    "code": "Programma",
    "definities": "Definities",
    "configuratie": "Instellingen",
    "correcties": "Correcties",
    "lijsten": "Lijsten (regio's, codes, bedragen)",
    "toelichtingen": "Toelichtingen",
}


def page(release: ReleaseFiles) -> Page:
    sections = (
        Section("deze", "Deze release", _this(release)),
        front.changes(release),
        Section("eerdere", "Eerdere releases", _earlier(release)),
        Section("vast", "Waar een release aan te herkennen is", _digests(release)),
    )
    return Page(
        "releases.html",
        "Releases",
        "Elke keer dat er nieuwe cijfers zijn, komt er een nieuwe release. Wat gepubliceerd is, verandert daarna "
        "nooit meer.",
        sections,
        "releases",
    )


def _this(release: ReleaseFiles) -> tuple[Block, ...]:
    manifest = release.manifest
    facts = (
        ("Release", release.release_id),
        ("Peildatum", words.day(release.peildatum)),
        ("Voor wie", audience(release)),
        ("Gemeentelijke indeling", str(manifest["indeling_jaar"])),
        ("Vorige release", manifest.get("vorige_release") or "geen, dit is de eerste"),
    )
    return (Facts(facts), *front.corrections(release))


def audience(release: ReleaseFiles) -> str:
    """Whether everybody may read this release."""
    kind = release.manifest.get("publicatie", {}).get("soort", "")
    return "openbaar" if kind == "openbaar" else "intern: de openbare release volgt de publicatiekalender"


def _earlier(release: ReleaseFiles) -> tuple[Block, ...]:
    earlier: list[dict[str, Any]] = release.earlier.get("releases", [])
    if not earlier:
        return (Paragraph("Er zijn nog geen eerdere releases."),)
    withdrawn = {item["van"] for item in release.earlier.get("teruggedraaid", [])}
    rows = tuple(
        (
            Value(item["release_id"]),
            Value(words.day(item["peildatum"])),
            Value(words.day(item["gemaakt"])),
            Value(item["soort"]),
            Value("teruggedraaid", tone="fout") if item["release_id"] in withdrawn else Value("vervangen"),
        )
        for item in earlier
    )
    return (Table("De nieuwste boven", ("Release", "Peildatum", "Gemaakt", "Voor wie", "Nu"), rows),)


def _digests(release: ReleaseFiles) -> tuple[Block, ...]:
    text = (
        "Dezelfde aanleveringen, instellingen, definities en hetzelfde programma geven dezelfde cijfers. Van elk "
        "van die delen staat hier "
        "de vingerafdruk (SHA-256). Die van elk bestand staan in manifest.json."
    )
    found = release.manifest.get("samenvattingen", {})
    items = tuple((DIGESTS.get(name, name), value or "geen") for name, value in found.items())
    return (Paragraph(text), Facts(items))
