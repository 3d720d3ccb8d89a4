"""The site of a small release: what every page must hold, that it says what the release says, and nothing from
elsewhere. In a browser it is tested by tests/browser."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
import urllib.error
import urllib.request
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
import release_example as example
import report_example
import site_kit
import yaml
from werkmonitor import verkennen
from werkmonitor.core import release, release_store
from werkmonitor.core.audiences import load_matrix
from werkmonitor.core.digests import run_info
from werkmonitor.core.examples import EXAMPLES_FILE
from werkmonitor.core.remarks import read_remarks
from werkmonitor.core.types import OWN, ConfigurationError, HeldByGate, Verdict
from werkmonitor.report import charts, words
from werkmonitor.report.model import Figure, Line, LineChart, Point, Table
from werkmonitor.report.pages import definitions
from werkmonitor.report.publishing import build_site
from werkmonitor.report.release_files import ReleaseFiles
from werkmonitor.report.server import make_server
from werkmonitor.report.site_model import pages, report_of
from werkmonitor.settings import DisclosureSettings, Settings

VOID = {"wbr", "meta", "link", "br", "path", "line", "circle", "rect", "img", "hr", "input"}
LIMIT = 500_000


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, Path]:
    folder = tmp_path_factory.mktemp("site")
    chosen = report_example.settings(folder)
    (folder / "toelichting").mkdir()
    (folder / "toelichting" / "werkgever.md").write_text(report_example.REMARK, encoding="utf-8")
    return chosen, report_example.publish(folder, chosen)


@pytest.fixture(scope="module")
def published(made: tuple[Settings, Path]) -> Path:
    return made[1]


def test_an_indicator_that_no_page_knows_is_defined_and_can_be_looked_up(published: Path, tmp_path: Path) -> None:
    """New indicators come with the registry alone; one that even the registry lacks breaks nothing either."""
    folder = tmp_path / "release"
    shutil.copytree(published, folder, ignore=shutil.ignore_patterns("*.html", "*.pdf"))
    registry = json.loads((folder / "definities.json").read_text("utf-8"))
    known = next(item for item in registry["indicatoren"] if item["indicator_id"] == "uitstroom")
    extra = {"indicator_id": "kopjes_koffie", "definitie_id": "kopjes_koffie@1", "naam": "Kopjes koffie"}
    registry["indicatoren"].append(known | extra | {"definitie": "Hoeveel koffie er is geschonken."})
    (folder / "definities.json").write_text(json.dumps(registry), encoding="utf-8")
    whole = pq.read_table(folder / "reeksen.parquet")
    ours = whole.filter((pc.field("indicator_id") == "uitstroom") & (pc.field("bron") == OWN))
    new = [whole]
    for name in ("kopjes_koffie", "onbekend_cijfer__alle"):
        renamed = ours.to_pandas().assign(indicator_id=name, definitie_id=f"{name}@1")
        new.append(pa.Table.from_pandas(renamed, schema=whole.schema, preserve_index=False))
    pq.write_table(pa.concat_tables(new), folder / "reeksen.parquet")
    shown = {page.path: page for page in pages(ReleaseFiles(folder))}
    titles = [section.title for section in shown["definities.html"].sections]
    assert "Kopjes koffie" in titles and len(shown) == len(pages(ReleaseFiles(published)))
    assert {page.title for page in shown.values()} == {page.title for page in pages(ReleaseFiles(published))}
    listed = verkennen.release_tables(folder)["indicator"].to_pylist()
    assert {"Kopjes koffie", "Onbekend cijfer"} <= {row["naam"] for row in listed}


def test_every_entity_of_a_worked_example_is_shown() -> None:
    examples = yaml.safe_load(EXAMPLES_FILE.read_text(encoding="utf-8"))["voorbeelden"]
    meant = {(entity, one["naam"]) for one in examples for entity in words.ENTITIES if one.get(entity)}
    shown = {
        block.caption
        for section in definitions.examples_page().sections
        for block in section.blocks
        if isinstance(block, Table)
    }
    captions = {f"{words.capital(words.entity(entity))}: {name}" for entity, name in meant}
    assert len(meant) > 50 and captions <= shown


@pytest.fixture(scope="module")
def html(published: Path) -> dict[str, str]:
    site = published / "site"
    read = (path for path in sorted(site.rglob("*.html")) if "verkennen" not in path.parts)
    return {path.relative_to(site).as_posix(): _text(path) for path in read}


def _text(path: Path) -> str:
    """A page, without the places where a long code may be broken."""
    return path.read_text("utf-8").replace("<wbr>", "")


class Parsed(HTMLParser):
    """Elements of a page with their attributes, and whether every one is closed where it should be."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.cells: list[str] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)
        if tag in ("td", "th", "dd", "p", "h1", "h2", "h3", "caption"):
            self.cells.append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes something else"

    def handle_data(self, data: str) -> None:
        if self.cells:
            self.cells[-1] += data

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]


# ---- what every page holds


def test_the_pages_of_the_issue_are_there(html: dict[str, str]) -> None:
    assert set(html) == {
        *("index.html", "duurzaamheid.html", "uitstroom-en-herinstroom.html", "doelgroepen.html", "definities.html"),
        *("voorbeelden.html", "kwaliteit.html", "releases.html", "downloads.html", "toelichting.html"),
        "kengetallen.html",
        *("gemeenten/index.html", "gemeenten/GM0268.html", "gemeenten/GM0296.html"),
        *("begeleiding.html", "plaatsingen.html", "loonkostensubsidie.html", "sw.html", "geld.html", "doelen.html"),
        *("kerncijfers.html", "rollen/index.html"),
        *(f"rollen/{role.rol}.html" for role in load_matrix().rollen),
    }
    assert max(len(text.encode()) for text in html.values()) < LIMIT


def test_every_page_is_whole_and_can_be_read_by_everybody(html: dict[str, str]) -> None:
    for name, text in html.items():
        page = Parsed(text)
        ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
        assert [found for found, times in Counter(ids).items() if times > 1] == [], name
        assert page.all("html") == [{"lang": "nl"}]
        assert len(page.all("h1")) == 1 and len(page.all("main")) == 1
        assert page.all("a")[0]["href"] == "#inhoud" and "inhoud" in ids
        levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
        assert all(after - before <= 1 for before, after in pairwise(levels)), name
        assert text.count("<caption>") == len(page.all("table"))
        assert all(th.get("scope") in ("row", "col") for th in page.all("th"))
        for svg in page.all("svg"):
            assert svg["role"] == "img" and set(svg["aria-labelledby"].split()) <= set(ids)


def test_no_page_shows_an_empty_cell_or_the_inside_of_the_program(html: dict[str, str]) -> None:
    for name, text in html.items():
        for cell in Parsed(text).cells:
            assert cell.strip(), name
        body = re.sub(r"<(script|style)>.*?</\1>", "", text, flags=re.DOTALL)
        assert not re.search(r"\b(None|nan|NaN|undefined|Value\(|Cell\()", body), name


def test_nothing_comes_from_elsewhere_and_every_link_leads_somewhere(html: dict[str, str], published: Path) -> None:
    for name, text in html.items():
        here = published / "site" / name
        for _, attributes in Parsed(text).elements:
            for address in (attributes.get("href"), attributes.get("src")):
                if address is None:
                    continue
                parts = urlsplit(address)
                assert not parts.scheme and not parts.netloc and not address.startswith("/"), address
                target = here if not parts.path else (here.parent / parts.path).resolve()
                assert target.is_file() and target.is_relative_to(published.resolve()), f"{name}: {address}"
                if parts.fragment:
                    assert f'id="{parts.fragment}"' in target.read_text("utf-8"), f"{name}: {address}"
        assert " style=" not in text and " onclick" not in text


def test_the_policy_allows_this_style_and_this_script_and_nothing_else(html: dict[str, str]) -> None:
    for text in html.values():
        policy = _policy(text)
        assert policy.startswith("default-src 'none'") and "unsafe" not in policy
        for tag, directive in (("style", "style-src"), ("script", "script-src")):
            (content,) = re.findall(rf"<{tag}>(.*?)</{tag}>", text, flags=re.DOTALL)
            digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
            assert f"'sha256-{digest}'" in next(part for part in policy.split(";") if directive in part)


def test_the_address_of_latest_json_is_a_setting(published: Path, tmp_path: Path) -> None:
    folder = _copy(published, tmp_path / "kopie")
    build_site(folder, "https://cijfers.example.nl/latest.json")
    text = (folder / "site" / "gemeenten" / "GM0268.html").read_text("utf-8")
    assert 'data-laatste="https://cijfers.example.nl/latest.json"' in text
    assert "connect-src 'self' https://cijfers.example.nl;" in _policy(text)
    standard = (published / "site" / "gemeenten" / "GM0268.html").read_text("utf-8")
    assert 'data-laatste="../../../latest.json"' in standard and "connect-src 'self';" in _policy(standard)


def _policy(text: str) -> str:
    return next(m["content"] for m in Parsed(text).all("meta") if m.get("http-equiv") == "Content-Security-Policy")


def _copy(published: Path, target: Path) -> Path:
    """The release without its pages, with the inputs that the report had."""
    for source in published.rglob("*"):
        name = source.relative_to(published)
        if source.is_file() and (name.parts[0] != "site" or name.parts[:2] == ("site", "data")):
            if name.parts[0] == "site" and source.suffix == ".csv":
                continue
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            (target / name).write_bytes(source.read_bytes())
    return target


# ---- the same release, the same site; the site in the release


def test_the_same_release_gives_the_same_bytes(published: Path, tmp_path: Path) -> None:
    # Another chart before it: the renderer numbers its parts over the life of the process.
    charts.to_svg(LineChart((Line("x", (Point("2020", 1.0),)),), "%"), "anders", "t", "d")
    folder = _copy(published, tmp_path / "kopie")
    build_site(folder, "../../latest.json")
    explorer = {name: content for name, content in _bytes(published / "site").items() if name.startswith("verkennen/")}
    assert {**_bytes(folder / "site"), **explorer} == _bytes(published / "site")


def _bytes(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_site_is_a_part_of_the_release(published: Path) -> None:
    files = json.loads((published / "manifest.json").read_text("utf-8"))["bestanden"]
    assert {f"site/{name}" for name in _bytes(published / "site")} <= set(files)
    assert release_store.verify(published) == []


def test_a_release_that_is_held_has_no_site(tmp_path: Path) -> None:
    chosen = report_example.settings(tmp_path)
    night = example.night_with(tmp_path / "nacht", chosen, report_example.cells())
    verdict = Verdict(False, "tegengehouden", ("Controle x is niet geslaagd.",))

    def never(folder: Path) -> list[str]:
        raise AssertionError("a held release is not reported on")

    with pytest.raises(HeldByGate):
        release.publish(chosen, night, verdict, (), example.run_info(tmp_path), add_report=never)


# ---- what pages say is what the release says


def test_downloads_of_charts_are_rows_of_reeksen_csv(published: Path) -> None:
    found = site_kit.downloads(published)
    assert len(found) > 12
    for name, rows in found.items():
        assert rows, name
        for row, same in rows:
            assert row == same, name


def test_every_figure_has_a_sentence_a_source_a_table_and_a_download(published: Path) -> None:
    figures = [
        block
        for page in pages(ReleaseFiles(published))
        for section in page.sections
        for block in section.blocks
        if isinstance(block, Figure)
    ]
    assert len(figures) > 12
    for figure in figures:
        assert figure.sentence.endswith(".") and figure.source.startswith("Bron: ") and figure.table.rows, figure.key
        assert len(figure.data) > 1 and all(len(row) == len(figure.table.columns) for row in figure.table.rows)


def test_the_headline_says_the_newest_measured_year_in_words(html: dict[str, str]) -> None:
    front = html["index.html"]
    # 2023: 76 + 2023 % 3 = 77 of 100.
    assert "<strong>Bijna 8 van de 10 mensen</strong> die in 2023 uit de uitkering gingen" in front
    assert "770 van de 1.000 (77%), afgerond op vijftallen. Nog 25 waren niet te volgen" in front
    assert "2024 is nog niet meetbaar; dat kan vanaf 31 maart 2026." in front
    assert "breuk in de reeks in 2020" in front and ">reeksbreuk</text>" in front
    assert "Bijna alle" not in front


def test_a_break_is_told_where_it_is_drawn_and_where_definitions_are(html: dict[str, str]) -> None:
    said = "Een nieuw systeem &lt;b&gt;telt&lt;/b&gt; anders."
    assert f"Reeksbreuk vanaf 1 januari 2020: {said}" in html["index.html"]
    listed = html["definities.html"].partition('id="reeksbreuken"')[2].partition("</section>")[0]
    assert said in listed and "systeem-2020" in listed and "1 januari 2020" in listed and "AM08" in listed
    # Nothing is said of it where nothing breaks: in the flows.
    figures = html["uitstroom-en-herinstroom.html"]
    assert 'class="noot"' in figures and "reeksbreuk" not in figures.lower()


def test_numbers_inside_a_drawing_are_the_published_ones(html: dict[str, str]) -> None:
    front = html["index.html"]
    # Still followed after 0, 12 and 24 months, rounded to fives; thousands with a dot.
    for number in ("2.900", "2.660", "2.420"):
        assert f">{number}</text>" in front, number
    assert ">uit de uitkering 77%</text>" in front and not re.search(r'"-?\d+\.\d{3,}"', front)


def test_masked_provisional_and_not_yet_measurable_are_words(html: dict[str, str]) -> None:
    small = html["gemeenten/GM0296.html"]
    assert "<strong>Niet getoond</strong>" in small and "herleiding tot personen" in small
    assert "voorlopig" in small
    assert ">nog niet meetbaar</text>" in small and "meetbaar vanaf 31 maart 2026" in small
    assert "minder dan 5" in html["uitstroom-en-herinstroom.html"]
    assert "geheim bij de bron" in html["uitstroom-en-herinstroom.html"]
    assert "niet getoond" in html["doelgroepen.html"]


def test_a_source_that_was_not_delivered_is_named(tmp_path: Path) -> None:
    missing = [
        example.cell(indicator_id="duurzaam_werk_onafgebroken_12__werk_polis", regio_code="AM08", eenheid="%",
                     regio_naam="Rijk van Nijmegen", status="niet_geleverd", meettype="percentage")
    ]  # fmt: skip
    front = report_example.publish(tmp_path, report_example.settings(tmp_path), missing) / "site" / "index.html"
    assert "niet geleverd" in front.read_text("utf-8")


def test_targets_are_judged(html: dict[str, str]) -> None:
    text = html["uitstroom-en-herinstroom.html"]
    good = r"ten minste 900</td>\s*<td[^>]*>1\.000</td>\s*<td[^>]*><span class=\"oordeel goed\">behaald"
    bad = (
        r"ten minste 1\.500, met 5% speling</td>\s*<td[^>]*>1\.000</td>\s*<td[^>]*><span class=\"oordeel let_op\">"
        "niet behaald"
    )
    assert re.search(good, text) and re.search(bad, text)
    assert "ten minste 280" not in text, "an estimate of another region"


def test_every_target_is_on_its_page_and_so_is_what_does_not_meet(html: dict[str, str]) -> None:
    text = html["doelen.html"]
    assert "Van de 2 doelen voor 2024: 1 niet behaald en 1 niet te bepalen." in text
    assert re.search(r"Wijchen</td>.*?ten minste 280</td>\s*<td[^>]*>300<", text, flags=re.DOTALL), "the estimate"
    assert "Klachten: ten hoogste 10 in 2024 (Begroting)." in text and "er is geen cijfer voor" in text
    without = text.split("Cijfers zonder doel")[1]
    assert "definities.html#duurzaam_uit_uitkering" in without
    assert 'definities.html#uitstroom"' not in without, "it has one"
    assert 'definities.html#stand_personen"' in without and 'definities.html#gemiddelde_loonwaarde"' not in without


def test_checks_and_deliveries_are_on_the_page_of_quality(html: dict[str, str]) -> None:
    text = html["kwaliteit.html"]
    assert "Van de 2 uitgevoerde controles is er 1 niet geslaagd." in text
    assert "uitkering.overlap" in text and "Laat de leverancier de einddatum herstellen." in text
    assert "minder dan 5 van 700" in text and "minder dan 5</td>" in text
    assert "rij 12" not in "".join(html.values())


def test_earlier_releases_changes_and_corrections_are_told(tmp_path: Path) -> None:
    chosen = report_example.settings(tmp_path)
    first = report_example.publish(tmp_path, chosen)
    changed = [cell | ({"waarde": 940, "teller": 940} if _is_inflow(cell) else {}) for cell in report_example.cells()]
    second = report_example.publish(tmp_path, chosen, changed, invoer="b")
    text = (second / "site" / "releases.html").read_text("utf-8")
    assert first.name in text and "2 cijfers zijn gewijzigd door een nieuwe levering." in text, "instroom and its index"
    assert re.search(r"Keer dat een uitkering begon</th>.*?2024.*?960.*?940", text, flags=re.DOTALL)
    assert "Correctie</h3>" not in text
    release_store.rollback(chosen, first.name)
    third = report_example.publish(tmp_path, chosen, changed[:-1], invoer="c")
    front = (third / "site" / "index.html").read_text("utf-8")
    assert f"Release {second.name} is op" in front and "teruggedraaid" in front
    assert "uitkering.overlap" in _text(third / "site" / "kwaliteit.html")


def _is_inflow(cell: dict[str, object]) -> bool:
    return (cell["indicator_id"], cell["regio_code"], cell["periode"]) == ("instroom", "AM08", "2024JJ00")


def test_exact_figures_are_not_called_rounded(tmp_path: Path) -> None:
    inside = DisclosureSettings(methode="geen", publiek=False)
    path = report_example.publish(tmp_path, report_example.settings(tmp_path, geheimhouding=inside))
    report = report_of(path)
    said = str(report.pages[0])
    assert "vijftallen" not in said and "alleen voor intern gebruik" in said


# ---- toelichtingen


def test_a_remark_is_signed_dated_and_cannot_bring_a_script(html: dict[str, str]) -> None:
    text = html["toelichting.html"]
    assert "A. Voorbeeld, onderzoek, 1 februari 2026" in text and "<strong>grote werkgever</strong>" in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text and "<script>alert" not in text
    assert "grote werkgever" not in "".join(page for name, page in html.items() if name != "toelichting.html")


def test_a_changed_remark_is_another_candidate(made: tuple[Settings, Path], tmp_path: Path) -> None:
    chosen = report_example.settings(tmp_path)
    run = run_info(chosen, [], example.TODAY, 2025, example.run_info(tmp_path).started)
    (tmp_path / "toelichting").mkdir()
    (tmp_path / "toelichting" / "a.md").write_text(report_example.REMARK, encoding="utf-8")
    other = run_info(chosen, [], example.TODAY, 2025, run.started)
    assert run.remarks_digest != other.remarks_digest and run.candidate_digest != other.candidate_digest
    assert run.configuration_digest == other.configuration_digest


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("zonder kop", "geen kop"),
        (report_example.REMARK.replace("auteur: A. Voorbeeld, onderzoek\n", ""), "mist in de kop: auteur"),
        (report_example.REMARK.replace("2026-02-01", "februari"), "JJJJ-MM-DD"),
        (report_example.REMARK.replace("2023JJ00", "2023"), "2023JJ00"),
        (report_example.REMARK.replace("periode:", "periode"), "niet te lezen"),
    ],
)
def test_a_remark_that_is_not_complete_is_refused_in_dutch(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "toelichting").mkdir()
    (tmp_path / "toelichting" / "a.md").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=re.escape(said)):
        read_remarks(report_example.settings(tmp_path))


# ---- the server of `werkmonitor site`


def test_the_site_is_served_from_one_release_and_nothing_else_is(made: tuple[Settings, Path]) -> None:
    chosen, path = made
    with site_kit.served(chosen) as address:
        with urllib.request.urlopen(address) as answer:
            assert answer.url == f"{address}{path.name}/site/index.html"
            assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        with urllib.request.urlopen(f"{address}latest.json") as answer:
            assert json.load(answer)["uitkomst"] == "gepubliceerd"
        for folder in ("verkennen/", "verkennen", "gemeenten/"):  # a page of verkennen is known by its folder
            with urllib.request.urlopen(f"{address}{path.name}/site/{folder}") as answer:
                assert answer.url.endswith("/") and b"<h1" in answer.read()
        for hidden in (
            f"{path.name}/",
            f"{path.name}/site/data/",
            ".slot",
            "current/",
            "onzin.html",
            "..%2Fwerk%2Fwaivers.json",
            f"{path.name}/../.slot",
        ):
            with pytest.raises(urllib.error.HTTPError, match="404"):
                urllib.request.urlopen(address + hidden)


def test_a_port_that_is_taken_is_said_in_dutch(made: tuple[Settings, Path], tmp_path: Path) -> None:
    with make_server(made[0], 0) as server, pytest.raises(ConfigurationError, match="--poort"):
        make_server(made[0], server.server_address[1])
    with pytest.raises(ConfigurationError, match="nog geen release"):
        make_server(report_example.settings(tmp_path), 0)


def test_an_axis_writes_a_million_in_full() -> None:
    points = (Point("2020", -950_000.0), Point("2021", 940_000.0), Point("2022", 0.5))
    drawn = charts.to_svg(LineChart((Line("x", points),), "euro"), "miljoen", "t", "d")
    assert "1.000.000" in drawn and "−1.000.000" in drawn
    assert "e+6" not in drawn
