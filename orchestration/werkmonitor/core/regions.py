"""Regions and dated code lists: which gemeente code was valid when, where it counts, which form an organisation.

The facts are data in `core/lists/*.csv` (sources in its README); this module reads them and nothing else does. Names,
AOW ages and the groups of end reasons live there too. No deliveries, no persons and no figures here.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

import pyarrow as pa

from werkmonitor.core.types import ConfigurationError
from werkmonitor.settings import Settings

LISTS = Path(__file__).resolve().parent / "lists"
NEDERLAND = ("NL01", "Nederland")


@dataclass(frozen=True)
class Gemeente:
    """One code: first and last valid day (None: before the register, still valid) and the code that took its place."""

    code: str
    naam: str
    geldig_van: date | None
    geldig_tot: date | None
    opvolger: str | None

    def valid_on(self, day: date) -> bool:
        return (self.geldig_van is None or self.geldig_van <= day) and (
            self.geldig_tot is None or day <= self.geldig_tot
        )


def _rows(name: str) -> list[dict[str, str]]:
    with (LISTS / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@lru_cache(maxsize=1)
def gemeenten() -> dict[str, Gemeente]:
    """Every gemeente code there has been, by code."""
    return {
        row["code"]: Gemeente(
            row["code"], row["naam"], _day(row["geldig_van"]), _day(row["geldig_tot"]), row["opvolger"] or None
        )
        for row in _rows("gemeente")
    }


@lru_cache(maxsize=1)
def _labour_market_regions() -> dict[int, dict[str, tuple[str, str]]]:
    """Per year of the table: gemeente code to (AM code, AM name)."""
    table: dict[int, dict[str, tuple[str, str]]] = {}
    for row in _rows("arbeidsmarktregio"):
        table.setdefault(int(row["jaar"]), {})[row["gemeente_code"]] = (row["am_code"], row["am_naam"])
    return table


def counted_under(code: str, indeling_jaar: int) -> str:
    """The code under which `code` counts in the division of 1 January of `indeling_jaar`.

    The chain of successors is followed as long as a code had ended before that day. A code that is valid then, or that
    came into being later (an older division cannot hold it), counts under itself.
    """
    reference = date(indeling_jaar, 1, 1)
    known = gemeenten()
    while (row := known[code]).geldig_tot is not None and row.geldig_tot < reference and row.opvolger:
        code = row.opvolger
    return code


def gemeente_periods(indeling_jaar: int) -> pa.Table:
    """Per gemeente code its first and last valid day (null: open); `opvolger`: where it counts in `indeling_jaar`."""
    rows = list(gemeenten().values())
    return pa.table(
        {
            "code": pa.array([row.code for row in rows], pa.string()),
            "geldig_van": pa.array([row.geldig_van for row in rows], pa.date32()),
            "geldig_tot": pa.array([row.geldig_tot for row in rows], pa.date32()),
            "opvolger": pa.array([counted_under(row.code, indeling_jaar) for row in rows], pa.string()),
        }
    )


def _division_year(settings: Settings) -> int:
    """Without a division or peildatum in the settings (the deliveries are to tell it): that of the newest table."""
    monitor = settings.monitor
    if monitor.indeling_jaar is not None:
        return monitor.indeling_jaar
    return monitor.peildatum.year if monitor.peildatum is not None else max(_labour_market_regions())


def organisation_gemeenten(settings: Settings, indeling_jaar: int | None = None) -> list[str]:
    """The organisation's gemeenten in the division of `indeling_jaar`, sorted by code.

    `indeling_jaar` left out: that of the settings, else the year of their peildatum.

    As configured, else those of the arbeidsmarktregio. Configured codes that have ended count under their successor.
    """
    year = _division_year(settings) if indeling_jaar is None else indeling_jaar
    monitor = settings.monitor
    if monitor.gemeenten is not None:
        return _configured_gemeenten(monitor.gemeenten, year)
    return _region_gemeenten(monitor.regio_code, year)


def _configured_gemeenten(codes: list[str], year: int) -> list[str]:
    unknown = sorted(set(codes) - set(gemeenten()))
    if unknown:
        raise ConfigurationError(
            f"[monitor] gemeenten: {', '.join(unknown)} is geen gemeentecode die ooit heeft bestaan. "
            "Schrijf een code als GM gevolgd door vier cijfers, bijvoorbeeld GM0268."
        )
    return sorted({counted_under(code, year) for code in codes})


def _region_gemeenten(regio_code: str, year: int) -> list[str]:
    """Gemeenten of an arbeidsmarktregio in the division of a year, from the nearest year in the table.

    Where the table is of another year the codes are translated: a gemeente belongs to the region in which it, or what
    it became, lies.
    """
    table_year = _table_year(year)
    members = {code for code, (am_code, _) in _labour_market_regions()[table_year].items() if am_code == regio_code}
    if not members:
        raise ConfigurationError(
            f"[monitor] regio_code {regio_code} is geen bekende arbeidsmarktregio. Noem een code als AM08, "
            "of geef bij een eigen code ook [monitor] gemeenten op."
        )
    if year >= table_year:
        return sorted({counted_under(code, year) for code in members})
    first = date(year, 1, 1)
    return sorted(
        code for code, row in gemeenten().items() if row.valid_on(first) and counted_under(code, table_year) in members
    )


def _table_year(year: int) -> int:
    """The newest year of the region table that is not after `year`, else its oldest."""
    years = sorted(_labour_market_regions())
    return max((known for known in years if known <= year), default=years[0])


def region_names(indeling_jaar: int) -> pa.Table:
    """Names (`regio_code`, `regio_naam`) of gemeenten (ended ones too: no code is used twice), AM regions and NL01.

    The name of an organisation with a code of its own is in its settings, not here.
    """
    regions = dict(_labour_market_regions()[_table_year(indeling_jaar)].values())
    names = {code: row.naam for code, row in gemeenten().items()} | regions | dict([NEDERLAND])
    codes = sorted(names)
    return pa.table(
        {
            "regio_code": pa.array(codes, pa.string()),
            "regio_naam": pa.array([names[code] for code in codes], pa.string()),
        }
    )


def is_region(code: str) -> bool:
    """Whether `code` is a gemeente that has ever been, an arbeidsmarktregio of any year of the table, or NL01."""
    if code in gemeenten() or code == NEDERLAND[0]:
        return True
    return any(code == am_code for table in _labour_market_regions().values() for am_code, _ in table.values())


def reason_groups() -> pa.Table:
    """End reasons (BUS): `code`, `omschrijving`, `groep`, `geldig_van` (null: from the start of the list)."""
    rows = _rows("reden_einde")
    return pa.table(
        {
            "code": pa.array([row["code"] for row in rows], pa.string()),
            "omschrijving": pa.array([row["omschrijving"] for row in rows], pa.string()),
            "groep": pa.array([row["groep"] for row in rows], pa.string()),
            "geldig_van": pa.array([_day(row["geldig_van"]) for row in rows], pa.date32()),
        }
    )


def aow_ages() -> pa.Table:
    """AOW age in months (`maanden`) in force from `van_jaar` up to and including `tot_jaar` (0 and 9999: no bound)."""
    rows = _rows("aow_leeftijd")
    return pa.table(
        {name: pa.array([int(row[name]) for row in rows], pa.int32()) for name in ("van_jaar", "tot_jaar", "maanden")}
    )
