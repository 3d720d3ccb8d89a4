"""Every page of two releases in a real browser: whole, on its own, for everybody, with the figures of its release."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
import site_kit
from browser import visible_numbers as visible
from browser.conftest import Looked
from werkmonitor.report import headlines

Figures = Mapping[tuple[str, ...], Mapping[str, str]]
LIMIT = 500_000


def pages(looked: Looked) -> Mapping[str, Mapping[str, Any]]:
    assert len(looked.seen) > 10
    return looked.seen


# ---- whole, and on its own


def test_every_page_is_there_and_named(looked: Looked) -> None:
    for name, seen in pages(looked).items():
        page = seen["pagina"]
        assert seen["status"] == 200 and page["taal"] == "nl", name
        assert len(page["h1"]) == 1 and page["h1"][0] and page["h1"][0] in page["titel"], name
        assert len(page["hoofdtekst"]) > 100, name
        assert not page["dubbeleIds"], name
        assert page["koppen"][0] == 1 and all(
            b - a <= 1 for a, b in zip(page["koppen"], page["koppen"][1:], strict=False)
        )
    titles = [seen["pagina"]["titel"] for seen in looked.seen.values()]
    assert len(set(titles)) == len(titles)


def test_no_page_complains_in_the_console_or_breaks_its_policy(looked: Looked) -> None:
    for name, seen in pages(looked).items():
        assert (seen["console"], seen["mislukt"], seen["beleid"]) == ([], [], []), name


def test_no_page_asks_anything_of_another_address(looked: Looked) -> None:
    for name, seen in pages(looked).items():
        assert len(seen["verzoeken"]) > 3, name
        assert [one for one in seen["verzoeken"] if not one.startswith(looked.base)] == [], name


def test_every_link_inside_the_site_leads_somewhere(looked: Looked) -> None:
    for name, seen in pages(looked).items():
        links = seen["pagina"]["links"]
        assert len(links) > 10, name
        for link in links:
            target = looked.file(link.split("#")[0])
            assert target is not None and target.is_file(), f"{name}: {link}"


def test_every_page_is_light_and_quick_to_show(looked: Looked, record_property: Any) -> None:
    for name, seen in pages(looked).items():
        assert 0 < seen["bytes"] < LIMIT, name
        assert seen["eersteBeeld"] >= 0, name  # the browser measured it; how long depends on what else is running
    told = {name: seen["eersteBeeld"] for name, seen in looked.seen.items()}
    record_property("eerste beeld (ms)", told)
    print("eerste beeld in ms, koud, van deze machine:", told)


# ---- for everybody


def seen_in(looked: Looked, way: str) -> dict[str, Mapping[str, Any]]:
    """The pages that were looked at in this way."""
    found = {name: seen for name, seen in pages(looked).items() if way in seen}
    assert len(found) > 3
    return found


def test_axe_finds_nothing(looked: Looked) -> None:
    for name, seen in seen_in(looked, "axe").items():
        assert seen["axe"] == [], name


def test_axe_finds_nothing_on_a_narrow_screen(small: Looked) -> None:
    for name, seen in pages(small).items():
        assert seen["axeSmal"] == [], name


def test_no_page_scrolls_sideways_on_a_narrow_screen_or_with_wide_spacing(looked: Looked) -> None:
    nothing = {"teVeel": 0, "eruit": []}
    for name, seen in seen_in(looked, "smal").items():
        assert seen["smal"] == {"gewoon": nothing, "ruim": nothing}, name


def test_the_keyboard_skips_the_menu_and_its_place_is_always_seen(small: Looked) -> None:
    for name, seen in pages(small).items():
        keys = seen["toetsenbord"]
        assert keys["eerste"]["wat"] == "a.overslaan" and keys["eerste"]["inBeeld"], name
        assert keys["naSprong"]["wat"] == "main#inhoud", name
        menu = seen["pagina"]["menu"]
        assert len(menu) > 7 and [step["tekst"] for step in keys["stappen"][2 : 2 + len(menu)]] == menu, name
        assert keys["volgende"]["tekst"] not in menu and len(keys["stappen"]) > len(menu) + 2, name
        assert [step for step in keys["stappen"] if not (step["omlijnd"] and step["inBeeld"])] == [], name


def test_on_paper_the_menu_is_gone_and_folded_tables_stand_open(small: Looked) -> None:
    folded = [shown for seen in pages(small).values() for shown in seen["afdruk"]["dichteTabellen"]]
    assert len(folded) > 8 and all(folded)
    for name, seen in small.seen.items():
        assert seen["afdruk"]["kop"] and not seen["afdruk"]["menu"] and seen["afdruk"]["pdf"] > 10_000, name


def test_every_chart_has_a_name_a_sentence_a_table_and_a_source(looked: Looked) -> None:
    figures = [figure for seen in pages(looked).values() for figure in seen["pagina"]["figuren"]]
    assert len(figures) > 12
    for figure in figures:
        assert figure["zin"].endswith(".") and figure["tabel"] and figure["bron"].startswith("Bron: "), figure
        assert all(figure["tekeningen"]), figure


# ---- figures


def test_downloads_download_and_are_rows_of_reeksen_csv(looked: Looked) -> None:
    whole = site_kit.downloads(looked.release)
    got = {
        address: file for seen in seen_in(looked, "downloads").values() for address, file in seen["downloads"].items()
    }
    assert len(got) > 10
    for address, file in got.items():
        source = looked.file(address)
        assert source is not None and source.name == file["naam"]
        assert source.read_text(encoding="utf-8") == file["inhoud"]
        for row, same in whole[source.name]:
            assert row == same, address


def test_the_headlines_say_the_newest_measured_figures(looked: Looked) -> None:
    told = {f"antwoord-{one.key}": one.indicator for one in (headlines.OUT, headlines.AT_WORK, headlines.BACK)}
    regions = {"index.html": _organisation(looked)}
    regions |= {name: name[10:-5] for name in looked.seen if re.fullmatch(r"gemeenten/GM\d{4}\.html", name)}
    assert len(regions) == 3
    read = 0
    for name, region in regions.items():
        answers = {one["id"]: one for one in looked.seen[name]["pagina"]["antwoorden"]}
        for key, indicator in told.items():
            if key in answers:
                assert _wrong_headline(answers[key], looked.figures(), indicator, region) == "", f"{name}, {key}"
                read += 1
    assert read >= 5


def _organisation(looked: Looked) -> str:
    return next(key[1] for key in looked.figures() if not key[1].startswith("GM"))


def _wrong_headline(
    answer: Mapping[str, Any], figures: Mapping[tuple[str, ...], Any], indicator: str, region: str
) -> str:
    measured = [
        key[2]
        for key, row in figures.items()
        if key[:2] == (indicator, region) and key[3] == "totaal" and row["status"] not in ("nog_niet_meetbaar", "nvt")
    ]
    if not measured:
        return "" if not re.search(r"\d+ van de", answer["feiten"].get("Aantallen", "")) else "er is niets gemeten"
    row = figures[indicator, region, max(measured), "totaal", "totaal"]
    said = re.match(r"([\d.]+) van de ([\d.]+) \(([\d,]+%)\)", answer["feiten"].get("Aantallen", ""))
    if said is None:
        return "" if row["teller"] == "" else f"de aantallen ontbreken: {answer}"
    fits = all(visible.same(said[at], row[part]) for at, part in ((1, "teller"), (2, "noemer"), (3, "waarde")))
    return "" if fits and max(measured) in answer["zin"] else f"{answer} tegen {row}"


def test_the_key_figures_are_those_of_the_release(looked: Looked) -> None:
    names = {name: indicator for indicator, name in (*headlines.KEY_COUNTS, *headlines.KEY_SHARES)}
    figures, read = looked.figures(), 0
    for page, region in (("index.html", _organisation(looked)), ("gemeenten/GM0268.html", "GM0268")):
        (table,) = (one for one in looked.seen[page]["pagina"]["tabellen"] if one["naam"].startswith("Kerncijfers"))
        for name, shown, year, _ in visible.texts(table):
            if re.match(r"\d{4}", year):
                row = figures[names[name], region, year[:4], "totaal", "totaal"]
                assert visible.same(shown, row["waarde"]), f"{page}: {name}"
                assert ("voorlopig" in year) == (row["status"] == "voorlopig"), f"{page}: {name}"
                read += 1
    assert read >= 10


def test_gemeenten_beside_each_other_have_their_own_figures(looked: Looked) -> None:
    meant = {
        "Mensen met uitkering": "stand_personen",
        "Uitstroom": "uitstroom",
        "Een jaar eruit gebleven": "duurzaam_uit_uitkering_12__alle",
        "Binnen een jaar terug": "herinstroom_12__alle",
    }
    figures = looked.figures()
    codes = {row["regio_naam"]: key[1] for key, row in figures.items()}
    table = looked.seen["gemeenten/index.html"]["pagina"]["tabellen"][0]
    lines = visible.texts(table)
    assert len(lines) == 2
    for column, at in ((column, at) for at, column in enumerate(table["kolommen"]) if at):
        name, year = column.rsplit(", ", 1)
        for line in lines:
            row = figures[meant[name], codes[line[0]], year, "totaal", "totaal"]
            assert visible.same(line[at], row["waarde"]), f"{line[0]}, {column}"


def wrong_tables(looked: Looked, seen: Mapping[str, Any]) -> tuple[list[str], int]:
    """What any table beside a chart says otherwise than its rows of reeksen.csv, and how many tables were read."""
    faults: list[str] = []
    tables = [table for table in seen["pagina"]["tabellen"] if table["download"]]
    for table in tables:
        path = looked.file(table["download"])
        assert path is not None
        faults += [f"{table['naam']}: {fault}" for fault in _wrong(table, site_kit.rows_of(path))]
    return faults, len(tables)


def _wrong(table: Mapping[str, Any], rows: Sequence[Mapping[str, str]]) -> list[str]:
    columns = table["kolommen"]
    if columns[0] == "Jaar":
        return visible.wrong_years(table, rows)
    if columns[0] == "Maand":
        return visible.wrong_months(table, rows)
    if columns[0] == "Maanden na uitstroom":
        return visible.wrong_curve(table, rows)
    if columns[1:4] == ["Aandeel", "Aantal", "Van"]:
        return visible.wrong_shares(table, rows)
    if columns[0] in ("Maat", "Plaats"):
        return visible.wrong_horizons(table, rows)
    if all(re.fullmatch(r"\d{4}", column) for column in columns[1:]):
        return visible.wrong_categories(table, rows)
    return [f"een tabel die deze test niet kent: {columns}"]


def test_every_table_beside_a_chart_says_what_reeksen_csv_says(looked: Looked) -> None:
    read = 0
    for name, seen in pages(looked).items():
        faults, tables = wrong_tables(looked, seen)
        assert faults == [], name
        read += tables
    assert read > 10


@pytest.mark.parametrize("page", ["index.html", "doelgroepen.html", "uitstroom-en-herinstroom.html"])
def test_one_changed_number_is_found(small: Looked, page: str) -> None:
    seen = copy.deepcopy(small.seen[page])
    for table in seen["pagina"]["tabellen"]:
        shown = [cell for row in table["rijen"] for cell in row[1:2] if visible.number(cell["tekst"]) is not None]
        if table["download"] and shown:
            before, shown[-1]["tekst"] = shown[-1]["tekst"], "87.654"
            faults, _ = wrong_tables(small, seen)
            assert any(table["naam"] in fault for fault in faults), table["naam"]
            shown[-1]["tekst"] = before


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.234,5", 1234.5),
        ("78%", 78),
        ("4.025 (voorlopig)", 4025),
        ("€\u00a069.002.024", 69002024),
        ("-€\u00a0400 (voorlopig)", -400),
        ("minder dan 5", None),
        ("12 van 20", None),
        ("", None),
    ],
)
def test_a_visible_number_is_read_as_a_reader_does(text: str, value: float | None) -> None:
    assert visible.number(text) == value
