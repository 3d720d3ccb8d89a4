"""Disclosure control `afronden` and `geen` on the reference's cells (contract 3, lezing §6). No figures are computed
here but rounded ones.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace

from werkmonitor.core.reference.grid import OWN
from werkmonitor.core.reference.model import Cell

ROUND_TO = 5
COUNTED = ("personen", "momenten", "uitkeringen", "plaatsingen", "beschikkingen")


def disclose(
    cells: Iterable[Cell], methode: str = "afronden", drempel: int = 5, drempel_noemer: int = 10
) -> list[Cell]:
    """The cells as they are published. `geen`: as they are. `afronden`: own figures rounded, published series left
    alone.
    """
    if methode == "geen":
        return list(cells)
    if methode != "afronden":
        raise ValueError(f"onbekende methode: {methode}")
    return [cell if cell.bron != OWN else rounded_cell(cell, drempel, drempel_noemer) for cell in cells]


def rounded_cell(cell: Cell, drempel: int, drempel_noemer: int) -> Cell:
    if cell.eenheid in COUNTED:
        return rounded_count_cell(cell, drempel)
    if cell.dimensie == "maanden_sinds_uitstroom":
        return rounded_curve_cell(cell, drempel)
    return rounded_rate_cell(cell, drempel, drempel_noemer)


def rounded_count(number: int | None, drempel: int) -> int | None:
    """'A count c: 0 stays 0; 1..drempel-1: masked (None); else the nearest multiple of 5.'"""
    if number is None or 0 < number < drempel:
        return None
    return (2 * number + ROUND_TO) // (2 * ROUND_TO) * ROUND_TO


def rounded_mean_cell(cell: Cell, drempel: int) -> Cell:
    """A mean of counts of months is treated as a count: halves up, it need not be whole."""
    if cell.waarde is None:
        return cell
    if 0 < cell.waarde < drempel:
        return replace(cell, waarde=None, status="onderdrukt")
    return replace(cell, waarde=float(math.floor(cell.waarde / ROUND_TO + 0.5) * ROUND_TO))


def whole_percent(value: float | None) -> float | None:
    """'As whole percents, halves up.'"""
    return None if value is None else float(math.floor(value + 0.5))


def rounded_count_cell(cell: Cell, drempel: int) -> Cell:
    if cell.teller is None:
        return rounded_mean_cell(cell, drempel)
    teller = rounded_count(cell.teller, drempel)
    return replace(
        cell,
        waarde=None if teller is None else float(teller),
        teller=teller,
        n_niet_volgbaar=rounded_count(cell.n_niet_volgbaar, drempel),
        status="onderdrukt" if teller is None else cell.status,
    )


def rounded_rate_cell(cell: Cell, drempel: int, drempel_noemer: int) -> Cell:
    """'Rates from rounded counts, whole percents, and only where the rounded noemer >= drempel_noemer.' 'noemer 0
    stays nvt.'
    """
    teller, noemer = rounded_count(cell.teller, drempel), rounded_count(cell.noemer, drempel)
    shown = replace(cell, teller=teller, noemer=noemer, n_niet_volgbaar=rounded_count(cell.n_niet_volgbaar, drempel))
    if cell.waarde is None:
        return shown
    if teller is None or noemer is None or noemer < drempel_noemer:
        return replace(shown, waarde=None, status="onderdrukt")
    return replace(shown, waarde=float((200 * teller + noemer) // (2 * noemer)))


def rounded_curve_cell(cell: Cell, drempel: int) -> Cell:
    return replace(
        cell,
        waarde=whole_percent(cell.waarde),
        ondergrens=whole_percent(cell.ondergrens),
        bovengrens=whole_percent(cell.bovengrens),
        n_niet_volgbaar=rounded_count(cell.n_niet_volgbaar, drempel),
        n_risico=rounded_count(cell.n_risico, drempel),
    )
