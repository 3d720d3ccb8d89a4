"""The registry of indicators: data (`indicatoren.yml`), its typed form, and the rows that the grid and the published
metadata are made of.

Not here: how a measure is computed (dbt/models) and which cells are shown (core/disclosure).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict

REGISTRY_FILE = Path(__file__).with_name("indicatoren.yml")
PERIOD_KINDS = {"jaar": "JJ", "kwartaal": "KW", "maand": "MM"}
OWNER = "werkmonitor, redactie definities"


class Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Dimension(Entry):
    naam: str
    categorieen: list[str] = []
    bereik: tuple[int, int] | None = None

    def categories(self) -> list[str]:
        if self.bereik is None:
            return self.categorieen
        return [f"{month:02d}" for month in range(self.bereik[0], self.bereik[1] + 1)]


class Population(Entry):
    naam: str
    werk_nodig: bool
    gemeenten: bool  # break-downs per gemeente as well as for the organisation


class IndicatorFamily(Entry):
    """One entry of the registry; with horizons and populations it stands for several published indicators."""

    indicator_id: str
    naam: str
    vraag: str
    definitie: str
    eenheid: str
    meettype: Literal["stand", "stroom", "uniek_in_periode", "percentage", "gemiddelde", "bedrag", "curve"]
    teller: str
    noemer: str | None = None
    richting: Literal["hoger_is_beter", "lager_is_beter", "geen"]
    perioden: list[Literal["jaar", "kwartaal", "maand"]]
    uitsplitsingen: list[str]
    entiteiten: list[str]
    totaal: bool = True
    kruisen: bool = False
    horizons: list[int] = []
    populaties: list[str] = []
    werk_nodig: bool = False
    meetbaar: Literal["direct", "werk", "horizon"] = "direct"
    historie_maanden: int = 0
    categorieen_overlappen: bool = False
    parameters: list[str] = []
    beperkingen: list[str] = []
    versie: int = 1
    geldig_vanaf: str = "2026-11-01"
    eigenaar: str = OWNER


class Registry(Entry):
    dimensies: dict[str, Dimension]
    kruisingen: list[tuple[str, str]]
    populaties: dict[str, Population]
    indicatoren: list[IndicatorFamily]


@dataclass(frozen=True)
class Indicator:
    """One published indicator: a family at one horizon for one population."""

    indicator_id: str
    definitie_id: str
    family: IndicatorFamily
    horizon: int | None
    populatie: str | None
    werk_nodig: bool
    uitsplitsing_gemeenten: bool

    @property
    def entities(self) -> set[str]:
        extra = {"dienstverband"} if self.werk_nodig else set()
        return set(self.family.entiteiten) | extra

    @property
    def meettype(self) -> str:
        """How disclosure control treats the row: aantal, percentage or curve."""
        return self.family.meettype if self.family.meettype in ("percentage", "curve") else "aantal"


@cache
def load_registry() -> Registry:
    """Read and validate the registry; a mistake in it is a programming error and raises."""
    return Registry.model_validate(yaml.safe_load(REGISTRY_FILE.read_text(encoding="utf-8")))


def crossed_name(pair: tuple[str, str]) -> str:
    return f"{pair[0]} x {pair[1]}"


def dimension_categories(registry: Registry) -> Iterator[tuple[str, str]]:
    """Every (dimensie, categorie) that can occur, the crossed pairs included, without totaal."""
    for name, dimension in registry.dimensies.items():
        for category in dimension.categories():
            yield name, category
    for first, second in registry.kruisingen:
        for one in registry.dimensies[first].categories():
            for other in registry.dimensies[second].categories():
                yield crossed_name((first, second)), f"{one} x {other}"


def indicators(registry: Registry) -> list[Indicator]:
    """Every published indicator, families written out over horizons and populations."""
    return [
        _indicator(registry, family, horizon, population)
        for family in registry.indicatoren
        for horizon in (family.horizons or [None])
        for population in (family.populaties or [None])
    ]


def _indicator(registry: Registry, family: IndicatorFamily, horizon: int | None, population: str | None) -> Indicator:
    indicator_id = family.indicator_id
    indicator_id += f"_{horizon}" if horizon is not None else ""
    indicator_id += f"__{population}" if population is not None else ""
    members = registry.populaties[population] if population is not None else None
    return Indicator(
        indicator_id=indicator_id,
        definitie_id=f"{indicator_id}@{family.versie}",
        family=family,
        horizon=horizon,
        populatie=population,
        werk_nodig=family.werk_nodig or bool(members and members.werk_nodig),
        uitsplitsing_gemeenten=members is None or members.gemeenten,
    )


def breakdowns(registry: Registry, indicator: Indicator) -> list[tuple[str, bool]]:
    """The break-downs of an indicator: (dimensie, also per gemeente)."""
    rows = [(name, indicator.uitsplitsing_gemeenten) for name in indicator.family.uitsplitsingen]
    if indicator.family.kruisen:
        rows += [(crossed_name(pair), False) for pair in registry.kruisingen]
    return rows


def as_published() -> dict[str, Any]:
    """definities.json: the registry as used, one object per published indicator, in Dutch."""
    registry = load_registry()
    return {
        "dimensies": {name: {"naam": d.naam, "categorieen": d.categories()} for name, d in registry.dimensies.items()},
        "populaties": {name: p.naam for name, p in registry.populaties.items()},
        "indicatoren": [_published(registry, indicator) for indicator in indicators(registry)],
    }


def _published(registry: Registry, indicator: Indicator) -> dict[str, Any]:
    family = indicator.family
    fill = {"{h}": str(indicator.horizon)}
    population = registry.populaties[indicator.populatie].naam if indicator.populatie else None
    return {
        "indicator_id": indicator.indicator_id,
        "definitie_id": indicator.definitie_id,
        "naam": family.naam + (f", {indicator.horizon} maanden" if indicator.horizon else ""),
        "vraag": _filled(family.vraag, fill),
        "definitie": _filled(family.definitie, fill),
        "populatie": population,
        "eenheid": family.eenheid,
        "meettype": family.meettype,
        "teller": _filled(family.teller, fill),
        "noemer": _filled(family.noemer, fill) if family.noemer else None,
        "richting": family.richting,
        "perioden": list(family.perioden),
        "uitsplitsingen": [name for name, _ in breakdowns(registry, indicator)],
        "categorieen_overlappen": family.categorieen_overlappen,
        "entiteiten": sorted(indicator.entities),
        "parameters": list(family.parameters),
        "versie": family.versie,
        "geldig_vanaf": family.geldig_vanaf,
        "eigenaar": family.eigenaar,
        "beperkingen": list(family.beperkingen),
    }


def _filled(text: str, values: dict[str, str]) -> str:
    for mark, value in values.items():
        text = text.replace(mark, value)
    return text
