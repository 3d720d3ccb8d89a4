"""The registry of indicators: data (one YAML file a subject, beside this module), its typed form, and the rows that the
grid and the published metadata are made of.

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

from werkmonitor.core import documents

REGISTRY_FOLDER = Path(__file__).parent
PERIOD_KINDS = {"jaar": "JJ", "kwartaal": "KW", "maand": "MM"}
OWNER = "werkmonitor, redactie definities"


class Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Dimension(Entry):
    """`overlappend`: somebody may be in several categories, which therefore are never added up. `eigen_gemeenten`: the
    organisation's gemeenten are categories too, by their code. `uit_levering`: the categories are what was delivered
    (names of products, of who published prices), as it is written there."""

    naam: str
    categorieen: list[str] = []
    woorden: dict[str, str] = {}
    bereik: tuple[int, int] | None = None
    overlappend: bool = False
    eigen_gemeenten: bool = False
    uit_levering: bool = False

    def categories(self) -> list[str]:
        if self.bereik is None:
            return self.categorieen
        return [f"{month:02d}" for month in range(self.bereik[0], self.bereik[1] + 1)]

    def words(self, category: str) -> str:
        """A category as people read it."""
        return self.woorden.get(category, category.replace("_", " "))


class Population(Entry):
    naam: str
    werk_nodig: bool
    gemeenten: bool  # break-downs per gemeente as well as for the organisation


Openbaarmaking = Literal["aantal", "percentage", "curve", "gemiddelde", "som", "werkgevers", "vrij"]
# What disclosure control makes of a measure type where an entry does not say otherwise.
OPENBAARMAKING: dict[str, Openbaarmaking] = {
    "stand": "aantal",
    "stroom": "aantal",
    "uniek_in_periode": "aantal",
    "percentage": "percentage",
    "gemiddelde": "gemiddelde",
    "bedrag": "som",
    "curve": "curve",
}
# What a cell reads for which nothing was counted or computed.
LEEG: dict[Openbaarmaking, str] = {"gemiddelde": "nvt", "vrij": "niet_geleverd"}


Optelling = Literal["gelijk", "hoogstens", "minstens", "nee"]


class Sums(Entry):
    """What the counts of parts add up to: months and quarters to the year, gemeenten to the organisation, categories to
    the total. `hoogstens`: to at most it (a gemeente may be unknown), `minstens`: to at least it (somebody counts in
    two), `nee`: they say nothing of each other."""

    perioden: bool
    gemeenten: Optelling
    categorieen: Optelling


SUMS: dict[str, Sums] = {
    "stroom": Sums(perioden=True, gemeenten="gelijk", categorieen="gelijk"),
    "percentage": Sums(perioden=True, gemeenten="gelijk", categorieen="gelijk"),
    "stand": Sums(perioden=False, gemeenten="gelijk", categorieen="gelijk"),
}
NO_SUMS = Sums(perioden=False, gemeenten="nee", categorieen="nee")


class Alias(Entry):
    """A name that targets use for one cell of a break-down."""

    dimensie: str
    categorie: str


class IndicatorFamily(Entry):
    """One entry of the registry; with horizons and populations it stands for several published indicators.

    `thema`: what is counted (uitkering, lks, sw ...): of one thema all measures share the masks of `onderdrukken`.
    `openbaarmaking`: how disclosure control treats it, when that does not follow from meettype (a sum of hours,
    employers, accounts that are of no person). `leeg`: what a cell reads for which there is nothing. `taak`: the entity
    of [monitor.taken] whose gemeenten it has. `afgeleid`: made of published figures by core/derived, outside the grid.
    `uitsplitsingen_organisatie`: break-downs without gemeenten. `maandgemiddelde`: a count per month, of which quarter
    and year are the mean. `quotient_van`: a sum divided by a published number, from which that sum follows; it is
    shown only where the sum is.
    """

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
    uitsplitsingen_organisatie: list[str] = []
    entiteiten: list[str]
    thema: str = "uitkering"
    openbaarmaking: Openbaarmaking | None = None
    leeg: Literal["nul", "nvt", "niet_geleverd"] | None = None
    taak: str | None = None
    gemeenten: bool = True
    afgeleid: bool = False
    maandgemiddelde: bool = False
    quotient_van: str | None = None
    kan_boven_100: bool = False  # a percentage of which the teller is no part of the noemer
    telt_op: dict[str, bool | Optelling] = {}  # where it differs from what its meettype says
    aliassen: dict[str, Alias] = {}
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


class CategorySum(Entry):
    """A number of `indicator` (of its totals) that is the sum of these categories of a break-down of `van`."""

    indicator: str
    telling: Literal["teller", "noemer"]
    van: str
    dimensie: str
    categorieen: list[str]


class SameCategories(Entry):
    """Categories of `dimensie` that hold the same people as those of `ander`."""

    dimensie: str
    ander: str
    paren: dict[str, str]


class OtherTheme(Entry):
    """A share that holds a number of another thema: who masks it there must mask it here."""

    indicator: str
    thema: str


class Grade(Entry):
    """How well two definitions compare; the order of a and b has no meaning."""

    definitie_a: str
    definitie_b: str
    grade: Literal["gelijk", "vergelijkbaar", "niet_vergelijkbaar"]
    redenen: list[str]


class Registry(Entry):
    dimensies: dict[str, Dimension]
    kruisingen: list[tuple[str, str]]
    populaties: dict[str, Population]
    indicatoren: list[IndicatorFamily]
    vergelijkbaarheid: list[Grade] = []
    sommen: list[CategorySum] = []
    gelijke_categorieen: list[SameCategories] = []
    ook_van_thema: list[OtherTheme] = []


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
    def openbaarmaking(self) -> Openbaarmaking:
        """How disclosure control treats its rows."""
        return self.family.openbaarmaking or OPENBAARMAKING[self.family.meettype]

    @property
    def leeg(self) -> str:
        """What a cell reads for which nothing was counted: nul, nvt or niet_geleverd."""
        return self.family.leeg or LEEG.get(self.openbaarmaking, "nul")

    @property
    def sums(self) -> Sums:
        """What its counts add up to."""
        usual = SUMS.get(self.family.meettype, NO_SUMS)
        return Sums.model_validate(usual.model_dump() | self.family.telt_op)


@cache
def load_registry() -> Registry:
    """Read and validate the registry, all files as one; a mistake in it is a programming error and raises."""
    mappings = ("dimensies", "populaties")
    lists = ("kruisingen", "indicatoren", "vergelijkbaarheid", "sommen", "gelijke_categorieen", "ook_van_thema")
    merged: dict[str, Any] = {part: {} for part in mappings} | {part: [] for part in lists}
    for path in sorted(REGISTRY_FOLDER.glob("*.yml")):
        for part, content in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            merged[part] = merged[part] | content if isinstance(content, dict) else merged[part] + content
    registry = Registry.model_validate(merged)
    _check(registry)
    return registry


def _check(registry: Registry) -> None:
    """What a type cannot say: ids are unique, and break-downs and aliases name what exists."""
    ids = [indicator.indicator_id for indicator in indicators(registry)]
    if len(ids) != len(set(ids)):
        raise ValueError(f"twee keer in het register: {sorted({name for name in ids if ids.count(name) > 1})}")
    for family in registry.indicatoren:
        named = [*family.uitsplitsingen, *family.uitsplitsingen_organisatie]
        named += [alias.dimensie for alias in family.aliassen.values()]
        if unknown := sorted(set(named) - {*registry.dimensies, "totaal"}):
            raise ValueError(f"{family.indicator_id}: geen uitsplitsing in het register: {unknown}")
        if family.quotient_van is not None and family.quotient_van not in ids:
            raise ValueError(f"{family.indicator_id}: quotient_van staat niet in het register: {family.quotient_van}")
    own = {indicator.definitie_id for indicator in indicators(registry)}
    for grade in registry.vergelijkbaarheid:
        if not {grade.definitie_a.removeprefix("index_"), grade.definitie_b} & own:
            raise ValueError(f"vergelijkbaarheid zonder eigen definitie: {grade.definitie_a}, {grade.definitie_b}")
    _check_told_twice(registry)


def _check_told_twice(registry: Registry) -> None:
    """A relation that names what does not exist protects nothing, and nobody would see it."""
    families = {family.indicator_id: family for family in registry.indicatoren if not family.horizons}
    for one in registry.sommen:
        known = one.indicator in families and one.van in families and one.dimensie in families[one.van].uitsplitsingen
        if not known or families[one.indicator].thema != families[one.van].thema:
            raise ValueError(f"sommen: {one.indicator} en {one.van} naar {one.dimensie} horen niet bij elkaar")
    themes = {family.thema for family in registry.indicatoren}
    for other in registry.ook_van_thema:
        if other.indicator not in families or other.thema not in themes:
            raise ValueError(f"ook_van_thema: {other.indicator} of {other.thema} bestaat niet")
    pairs = [(one.dimensie, category) for one in registry.sommen for category in one.categorieen]
    for same in registry.gelijke_categorieen:
        pairs += [(same.dimensie, category) for category in same.paren]
        pairs += [(same.ander, category) for category in same.paren.values()]
    if unknown := sorted(set(pairs) - set(dimension_categories(registry))):
        raise ValueError(f"sommen en gelijke_categorieen: geen categorie in het register: {unknown}")


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
        for horizon in (family.horizons or (None,))
        for population in (family.populaties or (None,))
    ]


def meant_by(name: str) -> list[str]:
    """The indicators of the grid that a name stands for: that one, or of a measure all its horizons and populations."""
    return [
        one.indicator_id
        for one in indicators(load_registry())
        if not one.family.afgeleid and name in (one.indicator_id, one.family.indicator_id)
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
        uitsplitsing_gemeenten=family.gemeenten and (members is None or members.gemeenten),
    )


def breakdowns(registry: Registry, indicator: Indicator) -> list[tuple[str, bool]]:
    """The break-downs of an indicator: (dimensie, also per gemeente)."""
    rows = [(name, indicator.uitsplitsing_gemeenten) for name in indicator.family.uitsplitsingen]
    rows += [(name, False) for name in indicator.family.uitsplitsingen_organisatie]
    if indicator.family.kruisen:
        rows += [(crossed_name(pair), False) for pair in registry.kruisingen]
    return rows


def as_published() -> dict[str, Any]:
    """definities.json: the registry as used, one object per published indicator, in Dutch; and which kengetallen of the
    documents of the field they answer."""
    registry = load_registry()
    return {
        "dimensies": {
            name: {
                "naam": d.naam,
                "categorieen": d.categories(),
                "overlappend": d.overlappend,
                "eigen_gemeenten": d.eigen_gemeenten,
                "uit_levering": d.uit_levering,
            }
            for name, d in registry.dimensies.items()
        },
        "populaties": {name: p.naam for name, p in registry.populaties.items()},
        "indicatoren": [_published(registry, indicator) for indicator in indicators(registry)],
        "vergelijkbaarheid": [grade.model_dump() for grade in registry.vergelijkbaarheid],
    } | documents.as_published()


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
        "horizon": indicator.horizon,
        "eenheid": family.eenheid,
        "meettype": family.meettype,
        "thema": family.thema,
        "teller": _filled(family.teller, fill),
        "noemer": _filled(family.noemer, fill) if family.noemer else None,
        "richting": family.richting,
        "perioden": list(family.perioden),
        "uitsplitsingen": [name for name, _ in breakdowns(registry, indicator)],
        "categorieen_overlappen": family.categorieen_overlappen
        or any(registry.dimensies[name].overlappend for name in family.uitsplitsingen),
        "aliassen": {name: alias.model_dump() for name, alias in family.aliassen.items()},
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
