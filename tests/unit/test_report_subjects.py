"""The pages of the other subjects, of the core figures and of the roles: what they say of a small invented release, and
that they say what is not there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import release_example as example
import report_example
from werkmonitor.core import registry
from werkmonitor.core.audiences import Role, load_matrix
from werkmonitor.core.registry import indicators, load_registry
from werkmonitor.report import build
from werkmonitor.report.model import Block, Figure, GridChart, LineChart, Listing, Page, Paragraph, Section, Table
from werkmonitor.report.pages import core_figures, matrix, targets, themes
from werkmonitor.report.publishing import add_inputs
from werkmonitor.report.release_files import Cell, ReleaseFiles

REGIONS = report_example.REGIONS
# Placements by quarter: 2020 to 2024 whole, of 2025 two quarters. The second half is each year as the first one.
QUARTER = {2020: 100, 2021: 110, 2022: 100, 2023: 100, 2024: 120, 2025: 60}
PEILDATUM = date(2025, 6, 30)


def named(region: str) -> dict[str, str]:
    return {"regio_code": region, "regio_naam": REGIONS[region]}


def amount(indicator: str, value: float, unit: str, periode: str, region: str = "AM08", **more: Any) -> dict[str, Any]:
    return example.cell(indicator_id=indicator, periode=periode, waarde=value, eenheid=unit, meettype="vrij",
                        **named(region), **more)  # fmt: skip


def cells() -> list[dict[str, Any]]:
    found = report_example.cells()
    for year, number in QUARTER.items():
        quarters = range(1, 3 if year == 2025 else 5)
        found += [
            example.count(number, indicator_id="plaatsingen_werk", periode=f"{year}KW0{q}", eenheid="plaatsingen",
                          status="voorlopig" if year == 2025 else "definitief", **named("AM08")) for q in quarters
        ]  # fmt: skip
        if year < 2025:
            found += _placements(year, 4 * number)
            found += [amount("saldo_bijstandsbudget", 1_000_000.0 * (year - 2022), "EUR", f"{year}JJ00")]
            found += [amount("baten", 69_000_000.0 + year, "EUR", f"{year}JJ00")]
            found += [amount("baten_begroot", 70_000_000.0, "EUR", f"{year}JJ00")]
            found += _products(year, "AM08")
            found += [report_example.rate("lks_dichtheid", "AM08", year, 6 * (year - 2015), 600)]
    found += _products(2023, "GM0268")
    months = (("2025MM06", 70), ("2025MM05", 75), ("2024MM06", 90))
    found += [example.count(n, indicator_id="instroom", periode=p, **named("AM08")) for p, n in months]
    found += [amount("sw_personen", 1100, "personen", "2024JJ00")]
    found += [example.cell(indicator_id="sw_verzuim", periode="2024JJ00", eenheid="%", status="niet_geleverd",
                           meettype="vrij", **named("AM08"))]  # fmt: skip
    # A gemeente for which only the sw is carried out.
    found += [example.cell(indicator_id="sw_personen", periode="2024JJ00", waarde=55, eenheid="personen",
                           meettype="vrij", regio_code="GM0668", regio_naam="West Maas en Waal")]  # fmt: skip
    found += [
        example.cell(indicator_id="lks_dichtheid", definitie_id="lks_dichtheid_divosa@1", bron="Divosa", eenheid="%",
                     regio_code="NL01", regio_naam="Nederland", waarde=12.2, meettype="reeks"),
        example.cell(indicator_id="inwoners", definitie_id="inwoners_cbs@1", bron="CBS", eenheid="personen",
                     waarde=180_000.0, meettype="reeks", **named("GM0268")),
    ]  # fmt: skip
    return found


def _products(year: int, region: str) -> Iterator[dict[str, Any]]:
    """Jobcoaching came in below its budget; scholing was not budgeted and has no price."""
    coaching = {"normprijs": 1150.5, "baten_begroot": 120_000.0, "baten": 90_000.0, "baten_verschil": -30_000.0}
    for product, values in (("Jobcoaching", coaching), ("Scholing", {"baten": 5_000.0})):
        for indicator in ("normprijs", "baten_begroot", "baten", "baten_verschil", "baten_verschil_pct", "afrekening"):
            place = {"dimensie": "product", "categorie": product}
            unit = "%" if indicator.endswith("_pct") else "EUR"
            status = "definitief" if indicator in values else "niet_geleverd"
            found = values.get(indicator)
            if indicator.endswith("_pct") and product == "Jobcoaching":
                found, status = -25.0, "definitief"
            yield example.cell(indicator_id=indicator, periode=f"{year}JJ00", waarde=found, eenheid=unit, status=status,
                               meettype="vrij", **named(region), **place)  # fmt: skip


def _placements(year: int, total: int) -> Iterator[dict[str, Any]]:
    def one(number: int, region: str = "AM08", **more: Any) -> dict[str, Any]:
        return report_example.count("plaatsingen_werk", region, year, number, eenheid="plaatsingen", **more)

    yield one(total)
    yield one(total - 100, "GM0268")
    yield one(3, "GM0296")
    groups = {"jongeren": total // 2, "55+": total // 2 + 40, "statushouders": 3, "arbeidsbeperking": 0}
    yield one(total, dimensie="soort_plaatsing", categorie="regulier")
    for name, number in groups.items():
        yield one(number, dimensie="prioriteitsgroep", categorie=name)


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> ReleaseFiles:
    folder = tmp_path_factory.mktemp("onderwerpen")
    return made(folder, cells())


def made(folder: Path, figures: list[dict[str, Any]]) -> ReleaseFiles:
    chosen = report_example.settings(folder)
    return ReleaseFiles(report_example.publish(folder, chosen, figures, report=add_inputs, peildatum=PEILDATUM))


@pytest.fixture(scope="module")
def pages(release: ReleaseFiles) -> dict[str, Page]:
    found = (*themes.pages(release), core_figures.page(release), *matrix.pages(release))
    return {page.path: page for page in found}


def blocks(page: Page | tuple[Section, ...], kind: type) -> list[Any]:
    sections = page.sections if isinstance(page, Page) else page
    return [block for section in sections for block in section.blocks if isinstance(block, kind)]


def figure(page: Page, key: str) -> Figure:
    return next(block for block in blocks(page, Figure) if block.key == key)


def texts(table: Table) -> dict[str, list[str]]:
    return {row[0].text: [value.text for value in row[1:]] for row in table.rows}


# ---- the subjects


def test_every_figure_of_the_registry_that_is_not_of_the_benefit_is_on_a_page() -> None:
    on_a_page = {indicator for theme in themes.THEMES for indicator in theme.indicators()}
    wanted = {
        one.indicator_id
        for one in indicators(load_registry())
        if one.family.thema not in ("uitkering", "afgeleid") or one.indicator_id.startswith(("kosten_", "bijstandsd"))
    }
    assert wanted - on_a_page == set()
    assert on_a_page <= {one.indicator_id for one in indicators(load_registry())}
    for theme in themes.THEMES:
        assert set(theme.main) <= set(theme.indicators()), theme.path
        assert len(theme.indicators()) == len(set(theme.indicators())), theme.path


def test_every_unit_of_those_figures_is_said_in_words() -> None:
    about = {item["indicator_id"]: item for item in registry.as_published()["indicatoren"]}
    for theme in themes.THEMES:
        for indicator in theme.indicators():
            item = about[indicator]
            if item["eenheid"] not in ("%", "dagen", "meldingen per medewerker"):
                assert themes.unit_in_words(item), (indicator, item["eenheid"], item["meettype"])


def test_a_subject_tells_its_newest_year_the_trend_and_what_it_counts(pages: dict[str, Page]) -> None:
    told = figure(pages["plaatsingen.html"], "plaatsingen-werk")
    assert told.sentence == (
        "Hoe vaak werd iemand op werk geplaatst? In 2024: 480 plaatsingen. 80 meer dan in 2023 (400)."
    )
    assert "geen mensen" in told.notes[0] and isinstance(told.chart, LineChart)
    assert texts(told.table)["2024"] == ["480"] and len(told.data) == 6


def test_overlapping_groups_are_shares_of_one_total_and_never_added_up(pages: dict[str, Page]) -> None:
    told = figure(pages["plaatsingen.html"], "plaatsingen-werk-prioriteitsgroep")
    assert themes.OVERLAP in told.notes and "480 plaatsingen in totaal" in told.sentence
    assert isinstance(told.chart, GridChart)
    bars = {row.name: row.words[0] for row in told.chart.rows}
    assert list(bars.values()) == ["280 (58%)", "240 (50%)", "minder dan 5"]
    rows = texts(told.table)
    assert [values[0] for values in rows.values()] == ["280", "240", "minder dan 5", "0"]
    assert "Totaal" not in rows
    apart = figure(pages["plaatsingen.html"], "plaatsingen-werk-soort-plaatsing")
    assert themes.OVERLAP not in apart.notes, "one placement is of one kind"


def test_classes_of_a_number_keep_their_order() -> None:
    def cell(category: str, value: float) -> Cell:
        base: dict[str, Any] = dict.fromkeys(Cell.__slots__)
        return Cell(**(base | {"categorie": category, "waarde": value}))

    ages = [cell("onbekend", 9.0), cell("55+", 5.0), cell("0-26", 1.0)]
    assert [c.categorie for c in themes._ordered(ages, ["0-26", "55+", "onbekend"])] == ["0-26", "55+", "onbekend"]
    groups = [cell("a", 1.0), cell("onbekend", 9.0), cell("b", 5.0)]
    assert [c.categorie for c in themes._ordered(groups, ["a", "b", "onbekend"])] == ["b", "a", "onbekend"]


def test_large_amounts_are_drawn_in_millions_and_stay_whole_in_the_table(pages: dict[str, Page]) -> None:
    told = figure(pages["geld.html"], "baten")
    assert isinstance(told.chart, LineChart)
    assert [line.name for line in told.chart.lines] == ["geworden, mln euro", "begroot, mln euro"]
    assert told.chart.lines[1].points[-1].value == 70.0
    assert texts(told.table)["2024"] == ["€\u00a069.002.024", "€\u00a070.000.000"]
    assert build.ROUNDED not in told.source, "accounts are not rounded"
    assert "1.000 meer" not in told.sentence and "€\u00a01 meer dan in 2023" in told.sentence


def test_a_product_stands_with_its_budget_what_it_became_and_why_there_is_no_figure(
    pages: dict[str, Page], release: ReleaseFiles
) -> None:
    found = next(t for t in blocks(pages["geld.html"], Table) if t.caption.startswith("Baten per product"))
    assert found.caption == "Baten per product, 2024"
    assert found.columns == ("Product", "Prijs", "Begroot", "Geworden", "Verschil", "In procenten")
    euro = "€\u00a0"
    rows = texts(found)
    assert rows["Jobcoaching"] == [f"{euro}1.150,50", f"{euro}120.000", f"{euro}90.000", f"-{euro}30.000", "-25%"]
    assert rows["Scholing"][2] == f"{euro}5.000" and not any("0" in rows["Scholing"][n] for n in (0, 1, 3, 4))
    said = [block.text for block in blocks(pages["geld.html"], Paragraph)]
    assert any("Boven 0 kwam er meer binnen dan begroot" in text for text in said)
    assert not any(t.caption.startswith("Lasten per product") for t in blocks(pages["geld.html"], Table))
    mine = themes.of_municipality(release, "GM0268", "Nijmegen").blocks
    assert [block.caption for block in mine if isinstance(block, Table)][1] == "Baten per product, 2023"
    assert len([b for b in themes.of_municipality(release, "GM0296", "Wijchen").blocks if isinstance(b, Table)]) == 1


def test_gemeenten_stand_side_by_side_with_those_of_another_task(pages: dict[str, Page], release: ReleaseFiles) -> None:
    placed = next(t for t in blocks(pages["plaatsingen.html"], Table) if "per gemeente" in t.caption)
    assert texts(placed) == {"Nijmegen": ["380"], "Wijchen": ["minder dan 5"]}
    sheltered = next(t for t in blocks(pages["sw.html"], Table) if "per gemeente" in t.caption)
    assert texts(sheltered) == {"West Maas en Waal": ["55"]} and not sheltered.rows[0][0].links, "it has no page"
    assert set(release.regions) == {"GM0268", "GM0296"}


def test_what_was_not_delivered_is_said(pages: dict[str, Page]) -> None:
    missing = next(section for section in pages["sw.html"].sections if section.key == "ontbreekt")
    listing = missing.blocks[1]
    assert isinstance(listing, Listing)
    said = [text for _, text in listing.items]
    assert "Verzuim in de sociale werkvoorziening" in " ".join(said) or any("erzuim" in text for text in said)
    assert not any("Mensen in de sociale" in text for text in said)
    assert "sw-verzuim" not in {block.key for block in blocks(pages["sw.html"], Figure)}


def test_the_page_of_a_gemeente_has_the_main_counts(release: ReleaseFiles) -> None:
    section = themes.of_municipality(release, "GM0268", "Nijmegen")
    table = section.blocks[0]
    assert isinstance(table, Table)
    assert texts(table)["Plaatsingen op werk"][:2] == ["380", "2024"]


# ---- targets


@pytest.mark.parametrize(
    ("periode", "over"),
    [("2024JJ00", True), ("2025JJ00", False), ("2025KW02", True), ("2025KW03", False), ("2025MM06", True)],
)
def test_a_target_of_a_year_that_is_not_over_is_not_judged(release: ReleaseFiles, periode: str, over: bool) -> None:
    """The peildatum is the last of June."""
    assert targets.is_over(periode, release) is over
    found = {"periode": periode, "waarde": None, "status": None, "meetbaar_vanaf": None}
    assert targets.became(release, found).text == ("geen cijfer over deze periode" if over else "nog niet om")


# ---- the core figures


def test_the_line_is_drawn_on_and_said_to_be_no_more_than_that(pages: dict[str, Page]) -> None:
    """5, 6, 7, 8 and 9% go on as 10 and 11%; published whole, they may be half a percent off."""
    told = figure(pages["kerncijfers.html"], "lks")
    assert (
        "Als het beleid niet verandert, en de lijn van de laatste vijf jaar doorloopt, dan is het in 2025 ongeveer "
        "10%, tussen 9 en 11% en in 2026 ongeveer 11%, tussen 10 en 12%."
    ) in told.sentence
    assert isinstance(told.chart, LineChart)
    assert [line.name for line in told.chart.lines] == ["hier", "doorgetrokken"]
    assert told.chart.margins == (("2025", pytest.approx(9.5), pytest.approx(10.5)),
                                  ("2026", pytest.approx(10.5), pytest.approx(11.5)))  # fmt: skip
    assert texts(told.table)["2026, doorgetrokken"] == ["ongeveer 11% (10 tot 12%)", "nog niet bekend"]


def test_the_country_is_beside_it_and_not_in_the_drawing_unless_both_count_the_same(pages: dict[str, Page]) -> None:
    told = figure(pages["kerncijfers.html"], "lks")
    assert told.table.columns == ("Jaar", "hier", "Nederland (Divosa)")
    assert texts(told.table)["2024"] == ["9%", "12,2%"]
    assert any("12,2%" in note and "is niet bekend" in note for note in told.notes)


def test_a_balance_is_drawn_on_in_euros(pages: dict[str, Page]) -> None:
    told = figure(pages["kerncijfers.html"], "saldo")
    assert "in 2025 ongeveer €\u00a03.000.000" in told.sentence
    assert isinstance(told.chart, LineChart) and told.chart.margins[0][1] == pytest.approx(3.0)


def test_no_line_over_a_break_or_through_too_few_years(release: ReleaseFiles) -> None:
    found = release.cells("lks_dichtheid")
    assert len(core_figures.projected(found)) == 2
    broken = [replace(cell, reeksbreuk="nieuw systeem" if cell.year == "2022" else None) for cell in found]
    assert core_figures.projected(broken) == ()
    assert "van na de breuk in de reeks" in core_figures.projection_in_words(broken, ())
    masked = [
        replace(cell, waarde=None, status="onderdrukt") if cell.year in ("2020", "2022") else cell for cell in found
    ]
    assert core_figures.projected(masked) == ()
    newest = [*found[:-1], replace(found[-1], waarde=None, status="onderdrukt")]
    assert core_figures.projected(newest) == (), "nothing is drawn on from a year that is masked"


def test_a_share_stays_between_nothing_and_everything() -> None:
    assert core_figures.NOT_BEYOND == {"lks_dichtheid": 100.0, "bijstandsdichtheid_huishoudens": 100.0}
    one = core_figures.Projected(2026, -3.0, -9.0, 120.0)
    within = core_figures._within(one, 0.0, 100.0)
    assert (within.value, within.low, within.high) == (0.0, 0.0, 100.0)


def test_gemeenten_stand_by_their_size(pages: dict[str, Page]) -> None:
    table = next(t for t in blocks(pages["kerncijfers.html"], Table) if "de grootste eerst" in t.caption)
    assert [(row[0].text, row[1].text) for row in table.rows] == [
        ("Nijmegen", "100.000 en meer"), ("Wijchen", "niet bekend")
    ]  # fmt: skip
    sizes = [core_figures.size_class(n) for n in (14_999, 15_000, 40_000, 100_000)]
    assert sizes == ["tot 15.000", "15.000 tot 40.000", "40.000 tot 100.000", "100.000 en meer"]


# ---- the roles


def role(name: str) -> Role:
    return next(one for one in load_matrix().rollen if one.rol == name)


def table(pages: dict[str, Page], name: str, key: str) -> Table:
    section = next(section for section in pages[f"rollen/{name}.html"].sections if section.key == key)
    return next(block for block in section.blocks if isinstance(block, Table))


def test_a_quarter_stands_beside_the_same_one_of_the_year_before(pages: dict[str, Page]) -> None:
    rows = texts(table(pages, "opdrachtgever", "kwartaal"))
    assert rows["Plaatsingen op werk"] == ["60", "120", "60 plaatsingen minder", "2e kwartaal 2025, voorlopig"]


def test_the_end_of_the_year_is_expected_with_its_interval(pages: dict[str, Page], release: ReleaseFiles) -> None:
    """So far 120, the rest of last year 240 times 120/240: 240. The rule was right in each of the four years before."""
    found = matrix.expected(release, "plaatsingen_werk", 2025, 2)
    assert found is not None and (found.so_far, found.expected, found.tried) == (120.0, 240.0, 4)
    year = table(pages, "opdrachtgever", "jaar")
    assert year.columns == ("", "2025 tot nu toe", "Heel 2024", "Doel 2025", "Heel 2025, verwacht", "Tussen")
    assert texts(year)["Plaatsingen op werk"] == ["120", "480", "geen", "ongeveer 240", "240 en 240"]
    said = " ".join(block.text for block in blocks(pages["rollen/opdrachtgever.html"], Paragraph))
    assert "rekensom, geen voorspelling" in said


def test_a_report_without_a_prognosis_has_none(pages: dict[str, Page]) -> None:
    for name in ("eigenaar", "gemeenteraad", "evaluator"):
        page = pages[f"rollen/{name}.html"]
        assert "verwacht" not in " ".join(column for t in blocks(page, Table) for column in t.columns)


def test_nothing_is_expected_where_a_quarter_is_masked(tmp_path: Path) -> None:
    figures = cells()
    for cell in figures:
        if (cell["indicator_id"], cell["periode"]) == ("plaatsingen_werk", "2025KW01"):
            cell |= {"waarde": 3, "teller": 3}
    section = next(s for s in matrix.page(made(tmp_path, figures), role("opdrachtgever")).sections if s.key == "jaar")
    found = next(block for block in section.blocks if isinstance(block, Table))
    assert texts(found)["Plaatsingen op werk"] == [
        "een deel is niet getoond", "480", "geen", "niet te zeggen", "niet te zeggen"
    ]  # fmt: skip


def test_the_month_stands_beside_the_one_before_and_that_of_a_year_ago(pages: dict[str, Page]) -> None:
    rows = texts(table(pages, "directeur", "maand"))
    assert rows == {"Instroom in de uitkering (momenten)": ["70", "75", "90", "juni 2025"]}
    drawn = figure(pages["rollen/directeur.html"], "maand-instroom")
    assert isinstance(drawn.chart, LineChart)
    assert [point.x for point in drawn.chart.lines[0].points] == ["06-2024", "05-2025", "06-2025"]


def test_a_yearly_report_has_targets_gemeenten_and_what_is_missing(pages: dict[str, Page]) -> None:
    assert "Uitstroom uit de uitkering" in texts(table(pages, "gemeenteraad", "doelen"))
    assert set(texts(table(pages, "gemeenteraad", "gemeenten"))) == {"Nijmegen", "Wijchen"}
    said = [block.text for block in blocks(pages["rollen/gemeenteraad.html"], Paragraph)]
    assert any("Hiervoor is niets geleverd" in text and "bijstandsdichtheid" in text for text in said)


def test_the_overview_leads_to_every_report_and_says_what_is_made_elsewhere(pages: dict[str, Page]) -> None:
    found, other = blocks(pages["rollen/index.html"], Table)
    assert [row[0].links[0].href for row in found.rows] == [matrix.path_of(one) for one in load_matrix().rollen]
    assert {row[-1].text for row in found.rows} == {"niet gemaakt"}, "no PDF here; test_report_pdf has them"
    assert len(other.rows) == len(load_matrix().elders)


def test_no_block_says_nothing(pages: dict[str, Page]) -> None:
    kinds: set[type[Block]] = set()
    for page in pages.values():
        for section in page.sections:
            assert section.blocks and section.title, page.path
            kinds |= {type(block) for block in section.blocks}
            for block in section.blocks:
                if isinstance(block, Table):
                    assert block.rows and all(value.text for row in block.rows for value in row), page.path
    assert {Figure, Table, Paragraph} <= kinds
