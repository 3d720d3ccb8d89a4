"""Series published by others (`reeks`) and the index made of them (lezing §5). Nothing of the own registrations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from werkmonitor.core.reference.dates import period_end
from werkmonitor.core.reference.model import Cell, Parameters, Row

COUNTED_UNITS = ("personen", "momenten", "uitkeringen", "plaatsingen", "banen", "huishoudens")
WEAKEST_FIRST = (
    "niet_geleverd",
    "geheim",
    "onbekend",
    "nog_niet_gepubliceerd",
    "nvt",
    "nog_niet_meetbaar",
    "onderdrukt",
    "voorlopig",
    "nader_voorlopig",
    "definitief",
)
SMALLEST_BASE = 20


def published_cells(rows: Iterable[Row], parameters: Parameters) -> list[Cell]:
    """'A row of reeks is a row of the release.' 'A period that ends after the peildatum is not used.'"""
    return [published_cell(row, parameters) for row in rows if period_end(row["periode"]) <= parameters.peildatum]


def published_cell(row: Row, parameters: Parameters) -> Cell:
    dimensie, _, categorie = row["uitsplitsing"].partition("=")
    value = row.get("waarde")
    return Cell(
        indicator_id=row["indicator_id"],
        definitie_id=row["definitie_id"],
        regio_code=row["regio_code"],
        indeling_jaar=parameters.indeling_jaar,
        periode=row["periode"],
        dimensie=dimensie,
        categorie=categorie or "totaal",
        waarde=None if value is None else float(value),
        ondergrens=None,
        bovengrens=None,
        eenheid=row["eenheid"],
        teller=None,
        noemer=None,
        n_niet_volgbaar=None,
        n_risico=None,
        status=row["status"] if value is not None else row.get("reden_leeg") or "onbekend",
        meetbaar_vanaf=None,
        bron=row["bron"],
    )


def index_cells(published: Iterable[Cell], parameters: Parameters) -> list[Cell]:
    """Lezing §5: the yearly totals of each counted series that has the base year, as 100.0 * value / base."""
    totals = [c for c in published if c.eenheid in COUNTED_UNITS and c.periode[4:] == "JJ00" and c.dimensie == "totaal"]
    base_period = f"{parameters.index_basisjaar}JJ00"
    bases = {series_of(cell): cell for cell in totals if cell.periode == base_period}
    return [index_cell(cell, bases[series_of(cell)]) for cell in totals if series_of(cell) in bases]


def series_of(cell: Cell) -> tuple[str, str, str, str]:
    return cell.bron, cell.indicator_id, cell.definitie_id, cell.regio_code


def index_cell(cell: Cell, base: Cell) -> Cell:
    """'nvt when the base is < 20 or absent'; an empty value keeps its own status; else the weaker status of value and
    base.
    """
    named = replace(
        cell,
        indicator_id=f"index_{cell.indicator_id}",
        definitie_id=f"index_{cell.definitie_id}",
        eenheid="index",
    )
    if cell.waarde is None:
        return named
    if base.waarde is None or base.waarde < SMALLEST_BASE:
        return replace(named, waarde=None, status="nvt")
    return replace(
        named,
        waarde=100.0 * cell.waarde / base.waarde,
        teller=whole(cell.waarde),
        noemer=whole(base.waarde),
        status=min(cell.status, base.status, key=WEAKEST_FIRST.index),
    )


def whole(value: float) -> int | None:
    """Teller and noemer are whole numbers in the release; a published number that is not whole has none."""
    return int(value) if value == int(value) else None
