"""The PDF reports of a small release: what is in them, that their figures are those of reeksen.csv, that everybody can
read them and that the same release gives the same bytes. Read back by pypdf; how they look was looked at."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import pytest
import report_example
from pypdf import PdfReader
from pypdf.generic import DictionaryObject
from werkmonitor.core.audiences import load_matrix
from werkmonitor.core.types import OWN
from werkmonitor.report import words
from werkmonitor.report.model import Facts, Figure, Notice, Paragraph, Remark, Section, Table, Value
from werkmonitor.report.pdf import pdf_of
from werkmonitor.report.pdf_chapters import Chapter, Document, documents
from werkmonitor.report.pdf_markup import tree
from werkmonitor.report.publishing import build_pdfs
from werkmonitor.report.release_files import ReleaseFiles

WHOLE = "rapport/werkbedrijf-voorbeeld.pdf"
NIJMEGEN, WIJCHEN = "rapport/GM0268-nijmegen.pdf", "rapport/GM0296-wijchen.pdf"
ALL = (WHOLE, NIJMEGEN, WIJCHEN)
ROLES = tuple(f"rapport/rol-{role.rol}.pdf" for role in load_matrix().rollen)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pdf")
    chosen = report_example.settings(folder)
    (folder / "toelichting").mkdir()
    (folder / "toelichting" / "werkgever.md").write_text(report_example.REMARK, encoding="utf-8")
    return report_example.publish(folder, chosen)


@pytest.fixture(scope="module")
def release(published: Path) -> ReleaseFiles:
    return ReleaseFiles(published)


@cache
def reader(path: Path) -> PdfReader:
    return PdfReader(path)


@cache
def pages(path: Path) -> tuple[str, ...]:
    """The text of each page; a line that was broken in the middle is joined again."""
    return tuple(_plain(page.extract_text()) for page in reader(path).pages)


def _plain(text: str) -> str:
    """On one line, without the places where a long code may be broken."""
    return re.sub(r"\s+", " ", text.replace("\u200b", "")).strip()


def whole(path: Path) -> str:
    return " ".join(pages(path))


# ---- what is there


def test_every_region_has_its_report_under_a_name_that_stays_and_the_site_leads_to_it(published: Path) -> None:
    files = json.loads((published / "manifest.json").read_text("utf-8"))["bestanden"]
    assert sorted(name for name in files if name.startswith("rapport/")) == sorted((*ALL, *ROLES))
    downloads = (published / "site" / "downloads.html").read_text("utf-8")
    assert all(f'href="../{name}"' in downloads for name in (*ALL, *ROLES))
    of_wijchen = (published / "site" / "gemeenten" / "GM0296.html").read_text("utf-8")
    assert f'href="../../{WIJCHEN}"' in of_wijchen and NIJMEGEN not in of_wijchen


def test_a_name_of_a_file_is_one_that_every_system_takes() -> None:
    assert words.file_name("Súdwest-Fryslân / 's-Hertogenbosch") == "sudwest-fryslan-s-hertogenbosch"
    assert words.file_name("…") == ""


@pytest.mark.parametrize("name", ALL)
def test_the_first_page_says_what_this_is_and_the_others_where_they_belong(
    published: Path, release: ReleaseFiles, name: str
) -> None:
    title = {WHOLE: release.organisation, NIJMEGEN: "Nijmegen", WIJCHEN: "Wijchen"}[name]
    first, *others = pages(published / name)
    for said in (title, words.day(release.peildatum), release.release_id, "geslaagd", "vijftallen"):
        assert said in first
    assert others[0].startswith(f"{title} Peildatum {words.day(release.peildatum)} Inhoud 1 Samenvatting")
    for number, text in enumerate(others, start=2):
        assert text.startswith(f"{title} Peildatum"), "the running header"
        assert text.endswith(f"Release {release.release_id} Bladzijde {number} van {len(others) + 1}")
        assert len(text) > 250, f"page {number} is as good as empty"


@pytest.mark.parametrize("name", ALL)
def test_the_chapters_that_a_council_asks_for(published: Path, name: str) -> None:
    outline = [_plain(item.title) for item in _flat(reader(published / name).outline)]
    chapters = [title for title in outline if re.match(r"\d+ ", title)]
    wanted = ["Samenvatting", "Toelichting", "Kwaliteit van de gegevens", "Over deze release", "Definities",
              "De cijfers in tabellen"]  # fmt: skip
    assert [title.split(" ", 1)[1] for title in chapters if title.split(" ", 1)[1] in wanted] == wanted
    text = whole(published / name)
    assert "bleven er minstens een jaar uit" in text
    assert "Er gold geen enkele uitzondering op een controle." in text
    assert "duurzaam_uit_uitkering_12__alle@1" in text, "the definition that is used, by its id"
    assert "lks_dichtheid" not in text, "and none that is not"


def _flat(items: Any) -> Iterator[Any]:
    for item in items:
        if isinstance(item, list):
            yield from _flat(item)
        else:
            yield item


# ---- figures


def test_every_row_of_every_table_stands_in_the_text(published: Path, release: ReleaseFiles) -> None:
    for document in documents(release):
        text = whole(published / document.path)
        for table in _tables(document):
            assert _plain(table.caption) in text
            for row in table.rows:
                said = _plain(" ".join(value.text for value in row))
                assert said in text or all(_plain(value.text) in text for value in row), f"{table.caption}: {said}"


def _tables(document: Document) -> Iterator[Table]:
    for chapter in document.chapters:
        for section in chapter.sections:
            for block in section.blocks:
                if isinstance(block, Table | Figure):
                    yield block if isinstance(block, Table) else block.table


@pytest.mark.parametrize(("name", "regions"), [(WHOLE, ["AM08"]), (NIJMEGEN, ["GM0268", "AM08"])])
def test_the_figures_are_those_of_the_series(published: Path, name: str, regions: list[str]) -> None:
    with (published / "reeksen.csv").open(encoding="utf-8", newline="") as handle:
        cells = {
            (row["regio_code"], row["periode"][:4]): row
            for row in csv.DictReader(handle)
            if row["indicator_id"] == "duurzaam_uit_uitkering_12__alle" and row["dimensie"] == "totaal"
            and row["bron"] == OWN
        }  # fmt: skip
    caption = "Uit de uitkering Jaar" if name == WHOLE else "Minstens een jaar uit de uitkering gebleven Jaar"
    table = next(text for text in pages(published / name) if caption in text).split(caption)[1]
    for year in map(str, report_example.YEARS):
        found = []
        for region in regions:
            cell = cells[region, year]
            waiting = f"meetbaar vanaf {words.day(cell['meetbaar_vanaf'])}"
            found.append(waiting if cell["status"] == "nog_niet_meetbaar" else f"{cell['waarde']}%")
        assert f"{year} {' '.join(found)}" in table


def test_what_has_no_figure_says_why_in_words(published: Path) -> None:
    text = whole(published / WIJCHEN)
    assert "Niet getoond Hoeveel mensen binnen een jaar terugkwamen" in text
    assert "meetbaar vanaf 31 maart 2026" in text and "(voorlopig)" in text
    assert "reeksbreuk" in whole(published / WHOLE) and "geheim bij de bron" in whole(published / WHOLE)
    for name in ALL:
        assert not re.search(r"\b(None|nan|undefined)\b", whole(published / name))


# ---- for everybody, and to keep


@pytest.mark.parametrize("name", ALL)
def test_a_report_is_tagged_dutch_titled_and_dated_by_its_peildatum(
    published: Path, release: ReleaseFiles, name: str
) -> None:
    found = reader(published / name)
    root: Any = found.root_object
    assert root["/MarkInfo"]["/Marked"] and root["/Lang"] == "nl-NL"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    about = root["/Metadata"].get_object().get_data().decode()
    assert "<pdfuaid:part>1<" in about and "<pdfaid:part>2<" in about
    assert found.metadata is not None and found.metadata.creation_date is not None
    assert found.metadata.creation_date.date() == release.peildatum
    assert found.metadata.title
    assert {(round(page.mediabox.width), round(page.mediabox.height)) for page in found.pages} == {(595, 842)}, "A4"


def test_every_picture_has_words_and_every_table_has_headers(published: Path, release: ReleaseFiles) -> None:
    document = next(documents(release))
    drawn = [block for chapter in document.chapters for section in chapter.sections for block in section.blocks
             if isinstance(block, Figure) and block.chart is not None]  # fmt: skip
    elements = list(_structure(reader(published / WHOLE).root_object["/StructTreeRoot"]))
    said = [_plain(str(element["/Alt"])) for element in elements if "/Alt" in element]
    assert [_plain(f"{figure.title}. {figure.sentence}") for figure in drawn] == said
    kinds = [element.get("/S") for element in elements]
    assert kinds.count("/Table") == len(list(_tables(document))) and "/TH" in kinds and "/H1" in kinds


def _structure(element: Any) -> Iterator[DictionaryObject]:
    element = element.get_object()
    if isinstance(element, list):
        for child in element:
            yield from _structure(child)
    elif isinstance(element, DictionaryObject):
        if "/S" in element:
            yield element
        if "/K" in element:
            yield from _structure(element["/K"])


def test_every_letter_is_ours_and_in_the_file(published: Path) -> None:
    names = set()
    for page in reader(published / WHOLE).pages:
        fonts = cast(DictionaryObject, page["/Resources"]).get("/Font", {})
        for font in fonts.values():
            inside = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            assert {"/FontFile2", "/FontFile3"} & set(inside)
            names.add(str(inside["/FontName"]).split("+")[1].split("-")[0])
    assert names == {"SourceSans3", "SourceSerif4"}


def test_the_same_release_gives_the_same_bytes(published: Path, tmp_path: Path) -> None:
    again = tmp_path / "elders"
    shutil.copytree(published, again, ignore=shutil.ignore_patterns("rapport"))
    again.chmod(0o755)
    assert build_pdfs(again) == sorted((*ALL, *ROLES))
    for name in ALL:
        assert (again / name).read_bytes() == (published / name).read_bytes()


# ---- any text, any length


def _document(*blocks: Any, title: str = "Proef") -> Document:
    chapter = Chapter("Hoofdstuk", "", (Section("deel", "Deel", blocks),))
    return Document(
        "rapport/proef.pdf", "Rapport", title, "Vraag?", "2025-12-31-abc", date(2025, 12, 31), (), (chapter,)
    )


def _read(document: Document) -> list[str]:
    return [_plain(page.extract_text()) for page in PdfReader(BytesIO(pdf_of(document))).pages]


def test_what_looks_like_markup_is_text() -> None:
    nasty = r'#panic("x") *vet* _schuin_ $a^2$ @bron <label> // weg \ = kop'
    text = " ".join(_read(_document(Paragraph(nasty), Facts(((nasty, nasty),)), Notice(nasty, nasty), title=nasty)))
    assert text.count(nasty) >= 6


def test_a_remark_keeps_its_form_and_loses_its_markup(published: Path) -> None:
    text = whole(published / WHOLE)
    assert "Over 2023 In 2023 sloot een grote werkgever. <script>alert(1)</script>" in text
    assert "A. Voorbeeld, onderzoek, 1 februari 2026" in text


def test_the_words_of_a_person_become_a_tree() -> None:
    html = (
        "<h2>Kop</h2>\n<p>Een <em>woord</em> &amp; <a href='x'>nog</a> een.<br>\nRegel</p>\n"
        "<ul>\n<li>punt</li>\n</ul>\n"
    )
    assert tree(html) == [
        ["kop", ["Kop"]],
        ["p", ["Een ", ["em", ["woord"]], " & ", ["a", ["nog"]], " een.", ["br", []], "\nRegel"]],
        ["ul", [["li", ["punt"]]]],
    ]


def test_every_form_of_a_remark_can_be_set() -> None:
    html = (
        "<p>Tekst met <strong>nadruk</strong> en <code>code</code>.</p><ul><li>eerste punt</li>"
        "<li><p>tweede punt</p></li>"
        "</ul><ol><li>stap</li></ol><blockquote><p>citaat</p></blockquote><hr /><pre><code>regel een</code></pre>"
        "<table><thead><tr><th>Jaar</th><th>Aantal</th></tr></thead><tbody><tr><td>2023</td><td>12</td></tr></tbody></table>"
    )
    text = " ".join(_read(_document(Remark("Over 2023", html, "A. Voorbeeld"))))
    for said in (
        "Tekst met nadruk en code.",
        "eerste punt",
        "tweede punt",
        "stap",
        "citaat",
        "regel een",
        "Jaar Aantal 2023 12",
    ):
        assert said in text


def test_a_long_table_goes_on_under_its_own_head_and_a_short_one_stays_whole() -> None:
    rows = tuple((Value(f"rij {number:03d}"), Value(str(number), "getal")) for number in range(120))
    table = Table("Lange tabel", ("Naam", "Aantal"), rows, frozenset({1}))
    found = [page for page in _read(_document(table)) if "rij 0" in page or "rij 1" in page]
    assert len(found) > 1 and all("Naam Aantal" in page for page in found)
    assert [number for page in found for number in re.findall(r"rij (\d{3})", page)] == [f"{n:03d}" for n in range(120)]
    short = replace(table, caption="Korte tabel", rows=rows[:20])
    parts = [page for page in _read(_document(table, short)) if "Korte tabel" in page]
    assert len(parts) == 1 and "rij 019" in parts[0].split("Korte tabel")[1]


def test_a_wide_table_and_a_long_code_stay_within_the_margins() -> None:
    code = "levering.uitkeringen.einddatum_na_vertrek_uit_het_gebied.per_gemeente_en_per_maand.volledig"
    wide = Table(
        "Breed", tuple(f"Kolom {n}" for n in range(10)), ((Value("x"), *(Value("te weinig mensen") for _ in range(9))),)
    )
    made = PdfReader(
        BytesIO(pdf_of(_document(Table("Codes", ("Code", "Nog een"), ((Value(code), Value(code)),)), wide)))
    )
    places: list[float] = []
    for page in made.pages:
        page.extract_text(visitor_text=lambda text, cm, tm, *_: places.append(cm[4] + tm[4]) if text.strip() else None)
    assert max(places) < 595 - 71 and min(places) >= 70
