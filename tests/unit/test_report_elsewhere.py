"""What others publish beside our own figures on the front page: only where the release says that the two compare."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from werkmonitor.core.types import OWN
from werkmonitor.report.model import Block, Listing, Paragraph, Table
from werkmonitor.report.pages import elsewhere
from werkmonitor.report.release_files import Cell, ReleaseFiles

BACK = "herinstroom_12__alle"


def cell(value: float | None, year: int = 2022, **more: Any) -> Cell:
    found: dict[str, Any] = {name: None for name in Cell.__slots__}
    found |= {"indicator_id": BACK, "definitie_id": f"{BACK}@1", "regio_code": "AM08", "regio_naam": "Onze regio"}
    found |= {"periode": f"{year}JJ00", "dimensie": "totaal", "categorie": "totaal", "waarde": value, "eenheid": "%"}
    return Cell(**(found | {"status": "definitief", "bron": OWN} | more))


def divosa(value: float | None, year: int = 2022, **more: Any) -> Cell:
    return cell(value, year, **({"regio_code": "NL01", "regio_naam": "Nederland", "bron": "Divosa"} | more))


@dataclass
class Release:
    """As much of a release as this part of the page reads."""

    others: list[Cell]
    ours: list[Cell]
    grade: str | None = "gelijk"
    region: str = "AM08"
    rounded: bool = True
    threshold: int = 5
    sources: tuple[str, str] = field(default=("Divosa", OWN))

    def cells(self, indicator: str) -> list[Cell]:
        return [cell for cell in self.ours if cell.indicator_id == indicator]

    def grades(self) -> list[dict[str, str]]:
        row = {"indicator_id": BACK, "bron_a": self.sources[0], "bron_b": self.sources[1], "grade": self.grade or ""}
        return [row] if self.grade else []

    def definition(self, indicator: str) -> dict[str, str]:
        return {"naam": "terug binnen 12 maanden"}


def shown(release: Release) -> tuple[Block, ...]:
    return elsewhere.beside(cast(ReleaseFiles, release), "herinstroom_")


def table(blocks: tuple[Block, ...]) -> list[list[str]]:
    return [[value.text for value in row] for block in blocks if isinstance(block, Table) for row in block.rows]


def said(blocks: tuple[Block, ...]) -> str:
    return " ".join(block.text for block in blocks if isinstance(block, Paragraph))


@pytest.mark.parametrize(
    ("grade", "words"),
    [("gelijk", "op dezelfde manier geteld"), ("vergelijkbaar", "bijna op dezelfde manier geteld")],
)
def test_what_compares_stands_side_by_side_for_the_newest_year_of_both(grade: str, words: str) -> None:
    ours = [cell(31.0, 2020), cell(30.0, 2021), cell(28.0, 2023)]
    blocks = shown(Release([divosa(24.0, 2020), divosa(22.0, 2021), divosa(20.0, 2022)], ours, grade))
    assert table(blocks) == [["Terug binnen 12 maanden", "2021", "30%", "22%", "Nederland (Divosa)", words]]
    assert said(blocks) == ""


@pytest.mark.parametrize(
    ("grade", "why"), [("niet_vergelijkbaar", "iets anders geteld"), ("onbekend", "niet bekend"), (None, "niet bekend")]
)
def test_what_does_not_compare_is_named_without_its_figure(grade: str | None, why: str) -> None:
    blocks = shown(Release([divosa(22.0)], [cell(30.0)], grade))
    assert table(blocks) == [] and why in said(blocks) and "22" not in said(blocks)
    assert said(blocks).startswith("Divosa publiceert een cijfer dat hierop lijkt.")
    assert isinstance(blocks[-1], Listing)


def test_the_grade_of_another_source_is_not_used() -> None:
    assert table(shown(Release([divosa(22.0)], [cell(30.0)], "gelijk", sources=("CBS", OWN)))) == []


def test_without_a_year_that_both_have_nothing_is_laid_side_by_side() -> None:
    for ours in ([], [cell(30.0, 2021)], [cell(None, 2022)]):
        blocks = shown(Release([divosa(22.0)], ours))
        assert table(blocks) == [] and "geen jaar waarvan wij allebei" in said(blocks)


def test_a_count_of_the_country_is_never_beside_ours() -> None:
    count: dict[str, Any] = {"eenheid": "momenten"}
    assert table(shown(Release([divosa(22.0, **count)], [cell(30.0, **count)]))) == []
    own_region = divosa(1240.0, regio_code="AM08", regio_naam="Onze regio", **count)
    assert table(shown(Release([own_region], [cell(1235.0, **count)])))[0][2:5] == [
        "1.235",
        "1.240",
        "Onze regio (Divosa)",
    ]


@pytest.mark.parametrize(
    "other", [divosa(22.0, regio_code="AM10"), divosa(None), divosa(22.0, indicator_id="uitstroom")]
)
def test_other_regions_hidden_figures_and_other_questions_are_left_out(other: Cell) -> None:
    assert shown(Release([other], [cell(30.0)])) == ()
