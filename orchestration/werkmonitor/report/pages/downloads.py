"""Downloads: every file of the release with what it is, and how to open it in Python, R and Excel."""

from __future__ import annotations

from werkmonitor.core.audiences import load_matrix
from werkmonitor.report import words
from werkmonitor.report.model import Block, Code, Link, Listing, Page, Paragraph, Section
from werkmonitor.report.pages import matrix
from werkmonitor.report.release_files import ReleaseFiles

FILES = (
    ("reeksen.parquet", "alle cijfers, klein en snel, voor wie rekent"),
    ("reeksen.csv", "alle cijfers, met komma's en een decimale punt"),
    ("reeksen-excel.csv", "alle cijfers, voor Excel: puntkomma's en een decimale komma"),
    ("definities.json", "wat elk cijfer betekent"),
    ("vergelijkbaarheid.csv", "hoe goed cijfers van verschillende bronnen te vergelijken zijn"),
    ("wijzigingen.csv", "elk cijfer dat verschilt van de vorige release, met de oorzaak"),
    ("kwaliteit.json", "elke controle met haar uitkomst"),
    ("datapackage.json", "beschrijving van kolommen, codes en eenheden (Frictionless Data Package)"),
    ("manifest.json", "waar deze release van gemaakt is, met vingerafdrukken"),
)
PYTHON = """import pandas as pd
reeksen = pd.read_parquet("reeksen.parquet")"""
R = """reeksen <- read.csv("reeksen.csv", fileEncoding = "UTF-8", na.strings = "")"""
POWER_QUERY = """let Pad = "C:\\pad\\reeksen-excel.csv",
    Bron = Csv.Document(File.Contents(Pad), [Delimiter = ";", Encoding = 65001]),
    Koppen = Table.PromoteHeaders(Bron, [PromoteAllScalars = true]),
    Getallen = Table.TransformColumnTypes(Koppen, {{"waarde", type number}}, "nl-NL")
in Getallen"""


def page(release: ReleaseFiles) -> Page:
    present = [(name, said) for name, said in FILES if (release.folder / name).exists()]
    items = tuple((Link(name, f"../{name}"), f"{said}{_size(release, name)}") for name, said in present)
    reading: tuple[Block, ...] = (
        Paragraph(
            "Eén rij is één cijfer. Staat er geen waarde, dan zegt de kolom status waarom: onderdrukt, nog niet "
            "meetbaar, niet geleverd. "
            "Lees een lege waarde nooit als nul."
        ),
        Code("Python", PYTHON),
        Code("R", R),
        Code("Excel (Power Query)", POWER_QUERY),
    )
    return Page(
        "downloads.html",
        "Downloads",
        "Alle gepubliceerde cijfers, vrij te gebruiken. Noem de peildatum en de release erbij.",
        (
            *_reports(release),
            Section("bestanden", "Bestanden van deze release", (Listing(items),)),
            Section("openen", "Zo opent u ze", reading),
            Section("citeren", "Zo verwijst u ernaar", (Paragraph(_citation(release)),)),
        ),
        "downloads",
    )


def _reports(release: ReleaseFiles) -> tuple[Section, ...]:
    """The reports to read and to print, where they were made."""
    named = [(release.report_file(), release.organisation)]
    named += [(release.report_file(code), name) for code, name in release.regions.items()]
    items = tuple(
        (Link(name, f"../{path}"), f"pdf{_size(release, path)}")
        for path, name in named
        if (release.folder / path).exists()
    )
    reports = Section("rapporten", "Evaluatierapporten", (Listing(items),) if items else ())
    of_roles = tuple(
        (Link(f"{words.capital(role.naam)}: {role.verslag.lower()}", f"../{path}"), f"pdf{_size(release, path)}")
        for role in load_matrix().rollen
        if (release.folder / (path := matrix.report_file(role))).exists()
    )
    roles = Section("berichten", "Berichten per rol", (Listing(of_roles),) if of_roles else ())
    return tuple(section for section in (reports, roles) if section.blocks)


def _size(release: ReleaseFiles, name: str) -> str:
    if name == "manifest.json":  # written last, with the fingerprints of these pages
        return ""
    size = (release.folder / name).stat().st_size
    shown = (
        f"{words.number(round(size / 1e6, 1))} MB" if size >= 1e5 else f"{words.number(max(1, round(size / 1e3)))} kB"
    )
    return f" ({shown})"


def _citation(release: ReleaseFiles) -> str:
    return (
        f"{release.organisation}, werkmonitor, peildatum {words.day(release.peildatum)}, release {release.release_id}."
    )
