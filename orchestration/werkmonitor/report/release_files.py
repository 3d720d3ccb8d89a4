"""A release as the report reads it: every file once, cells by indicator, region and break-down.

Only reading. The report's own inputs that no other file of a release holds (toelichtingen, targets, earlier releases)
stand in `site/data/` of the same release, written by publishing.py before anything is read here.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb

from werkmonitor.core.csvio import sql_text
from werkmonitor.core.types import OWN
from werkmonitor.report import words

TOTAL = "totaal"
SHOWN = ("voorlopig", "nader_voorlopig", "definitief")
INPUTS = "site/data"
REPORTS = "rapport"
REMARKS, TARGETS, EARLIER = "toelichting.json", "doelen.json", "releases.json"
# What pages show broken down, for the organisation; every other break-down is for `verkennen` and the downloads.
BROKEN_DOWN = ("uitstroom", "duurzaam_uit_uitkering_12__alle")
BENEFIT = "uitkering"
NORM = "norm"  # the kind of target that is one; estimates and benchmarks are no promise
NOT_BROKEN_DOWN = (BENEFIT, "afgeleid")
NO_INDEX = "indicator_id NOT LIKE 'index%'"


@dataclass(frozen=True, slots=True)
class Cell:
    """One published figure; the columns of contract 3 that a reader needs."""

    indicator_id: str
    definitie_id: str
    regio_code: str
    regio_naam: str
    periode: str
    dimensie: str
    categorie: str
    waarde: float | None
    ondergrens: float | None
    bovengrens: float | None
    eenheid: str
    teller: int | None
    noemer: int | None
    n_niet_volgbaar: int | None
    n_risico: int | None
    status: str
    meetbaar_vanaf: date | None
    bron: str
    reeksbreuk: str | None

    @property
    def year(self) -> str:
        return self.periode[:4]

    @property
    def shown(self) -> bool:
        return self.waarde is not None

    @property
    def provisional(self) -> bool:
        return self.status in ("voorlopig", "nader_voorlopig")

    @property
    def pair(self) -> tuple[int, int] | None:
        """(teller, noemer) where both are shown and the share means something."""
        return (self.teller, self.noemer) if self.teller is not None and self.noemer else None


COLUMNS = tuple(field.name for field in fields(Cell))


class ReleaseFiles:
    """The files of one release folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest: dict[str, Any] = _json(folder / "manifest.json", {})
        self.quality: dict[str, Any] = _json(folder / "kwaliteit.json", {})
        self.registry: dict[str, Any] = _json(folder / "definities.json", {})
        self.remarks: list[dict[str, Any]] = _json(folder / INPUTS / REMARKS, [])
        self.targets: list[dict[str, Any]] = _json(folder / INPUTS / TARGETS, [])
        self.earlier: dict[str, Any] = _json(folder / INPUTS / EARLIER, {})

    # ---- who and when

    @property
    def release_id(self) -> str:
        return self.manifest["release_id"]

    @property
    def organisation(self) -> str:
        return self.manifest["organisatie"]

    @property
    def region(self) -> str:
        return self.manifest["regio_code"]

    @property
    def rounded(self) -> bool:
        return self.manifest["geheimhouding"]["methode"] == "afronden"

    @property
    def threshold(self) -> int:
        return self.manifest["geheimhouding"]["drempel"]

    @property
    def peildatum(self) -> date:
        return date.fromisoformat(self.manifest["peildatum"])

    # ---- figures

    @cached_property
    def _index(self) -> Mapping[tuple[str, str, str], list[Cell]]:
        """Own figures by indicator, region and break-down, in the order of period and category."""
        found: dict[tuple[str, str, str], list[Cell]] = defaultdict(list)
        for cell in self._cells(f"bron = {sql_text(OWN)} AND {_wanted(self.region, self._of_other_themes)}"):
            found[cell.indicator_id, cell.regio_code, cell.dimensie].append(cell)
        return found

    @property
    def _of_other_themes(self) -> list[str]:
        """Indicators that are about something else than the benefit: every break-down of theirs is on a page."""
        return [name for name, found in self._definitions.items() if found.get("thema", BENEFIT) not in NOT_BROKEN_DOWN]

    def within_year(self, indicator: str, region: str | None = None) -> list[Cell]:
        """The totals of quarters and months of one series, in the order of time: quarters first, then months."""
        return self._short.get((indicator, region or self.region), [])

    @cached_property
    def _short(self) -> Mapping[tuple[str, str], list[Cell]]:
        """Totals of quarters and months: all of the organisation, of gemeenten the quarters of the last two years."""
        recent = f"(periode LIKE '____KW%' AND substr(periode, 1, 4) >= '{self.peildatum.year - 1}')"
        found: dict[tuple[str, str], list[Cell]] = defaultdict(list)
        for cell in self._cells(
            f"bron = {sql_text(OWN)} AND dimensie = 'totaal' AND periode NOT LIKE '%JJ00' AND {NO_INDEX} AND "
            f"(regio_code = {sql_text(self.region)} OR {recent})"
        ):
            found[cell.indicator_id, cell.regio_code].append(cell)
        return found

    @cached_property
    def others(self) -> list[Cell]:
        """Yearly totals that somebody else published, without the index made of them."""
        return self._cells(f"bron <> {sql_text(OWN)} AND periode LIKE '%JJ00' AND dimensie = 'totaal' AND {NO_INDEX}")

    @cached_property
    def regions(self) -> dict[str, str]:
        """The gemeenten of the organisation, code to name, in the order of their names; not those for which it only
        carries out another task."""
        other = set(self._of_other_themes)
        names = {indicator for indicator, _, _ in self._index}
        return self.regions_of(names - other or names)

    def regions_of(self, indicators: Collection[str]) -> dict[str, str]:
        """The gemeenten that any of these indicators has, code to name, in the order of their names."""
        found = {
            cell.regio_code: cell.regio_naam or cell.regio_code
            for (indicator, code, dimension), cells in self._index.items()
            if code != self.region and dimension == TOTAL and indicator in indicators
            for cell in cells[:1]
        }
        return dict(sorted(found.items(), key=lambda item: item[1]))

    def report_file(self, region: str | None = None) -> str:
        """The PDF of the organisation or a gemeente, relative to the release: a name that stays the same."""
        if region is None:
            return f"{REPORTS}/{words.file_name(self.organisation) or words.file_name(self.region)}.pdf"
        return f"{REPORTS}/{region}-{words.file_name(self.regions[region])}.pdf"

    def cells(self, indicator: str, region: str | None = None, dimension: str = TOTAL) -> list[Cell]:
        """The yearly cells of one series (a break-down: all categories of all years)."""
        return self._index.get((indicator, region or self.region, dimension), [])

    def definition(self, indicator: str) -> dict[str, Any]:
        return self._definitions.get(indicator, {"indicator_id": indicator, "naam": words.indicator(indicator)})

    @cached_property
    def _definitions(self) -> dict[str, dict[str, Any]]:
        return {item["indicator_id"]: item for item in self.registry.get("indicatoren", [])}

    def target(self, indicator: str, region: str, periode: str) -> dict[str, Any] | None:
        """The norm for one figure, with its verdict."""
        wanted = (indicator, region, periode)
        norms = (found for found in self.targets if found["soort"] == NORM)
        return next((t for t in norms if (t["indicator_id"], t["regio_code"], t["periode"]) == wanted), None)

    @property
    def breaks(self) -> list[dict[str, Any]]:
        """The breaks in series as they were declared, the oldest first, with what is said of them."""
        return sorted(self.registry.get("reeksbreuken", []), key=lambda one: (one["vanaf"], one["id"]))

    def changes(self) -> list[dict[str, Any]]:
        """How many cells changed, by kind and cause."""
        return self._rows(
            "SELECT soort, oorzaak, count(*) AS aantal, count(DISTINCT indicator_id) AS indicatoren FROM "
            f"{self._csv('wijzigingen.csv')} GROUP BY ALL ORDER BY aantal DESC, soort, oorzaak"
        )

    def changed_totals(self, indicators: Iterable[str]) -> list[dict[str, Any]]:
        """Yearly totals of the organisation that were a number before and are another now."""
        names = ", ".join(sql_text(name) for name in indicators)
        return self._rows(
            "SELECT indicator_id, periode, CAST(waarde_oud AS DOUBLE) AS oud, CAST(waarde_nieuw AS DOUBLE) AS nieuw, "
            f"oorzaak FROM {self._csv('wijzigingen.csv')} "
            f"WHERE soort = 'gewijzigd' AND regio_code = {sql_text(self.region)} AND periode LIKE '%JJ00' AND "
            "dimensie = "
            f"'totaal' AND CAST(waarde_oud AS DOUBLE) <> CAST(waarde_nieuw AS DOUBLE) AND "
            f"indicator_id IN ({names}) AND bron = {sql_text(OWN)} ORDER BY periode DESC, indicator_id"
        )

    def grades(self) -> list[dict[str, Any]]:
        """vergelijkbaarheid.csv."""
        return self._rows(f"SELECT * FROM {self._csv('vergelijkbaarheid.csv')}")

    @cached_property
    def _connection(self) -> duckdb.DuckDBPyConnection:
        return duckdb.connect(config={"threads": 1})

    def _cells(self, where: str) -> list[Cell]:
        path = sql_text(str(self.folder / "reeksen.parquet"))
        query = (
            f"SELECT {', '.join(COLUMNS)} FROM read_parquet({path}) WHERE {where} "
            "ORDER BY indicator_id, bron, regio_code, dimensie, periode, categorie"
        )
        return [Cell(*row) for row in self._connection.execute(query).fetchall()]

    def _csv(self, name: str) -> str:
        path = sql_text(str(self.folder / name))
        return f"read_csv({path}, header = true, delim = ',', quote = '\"', all_varchar = true)"

    def _rows(self, query: str) -> list[dict[str, Any]]:
        found = self._connection.execute(query)
        names = [item[0] for item in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def _wanted(organisation: str, of_other_themes: Iterable[str]) -> str:
    """The cells that pages show: hundreds of thousands are in a release, some thousands are read."""
    whole = f"regio_code = {sql_text(organisation)}"
    broken_down = ", ".join(sql_text(name) for name in (*BROKEN_DOWN, *of_other_themes))
    return (
        f"periode LIKE '%JJ00' AND {NO_INDEX} AND (dimensie IN ('totaal', 'bestemming', 'product') "
        "OR (indicator_id = 'uitstroom' AND dimensie = 'reden_groep') "
        f"OR ({whole} AND (dimensie = 'maanden_sinds_uitstroom' OR indicator_id IN ({broken_down}))))"
    )


def broken(cells: Sequence[Cell]) -> list[Cell]:
    """The cells of a series that another way of counting parts from those before; of the first one nothing is before
    it."""
    return [cell for cell in cells[1:] if cell.reeksbreuk]


def latest_measured(cells: Sequence[Cell]) -> Cell | None:
    """The newest cell that could be measured, shown or masked."""
    found = [cell for cell in cells if cell.status not in ("nog_niet_meetbaar", "niet_geleverd", "nvt")]
    return found[-1] if found else None


def _json(path: Path, default: Any) -> Any:
    return json.loads(path.read_text("utf-8")) if path.exists() else default
