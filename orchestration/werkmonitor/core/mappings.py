"""A mapping: how a source's own column names and codes become those of contract 1, dated, as data in a YAML file.

    naam: gws4all
    versies:
      - geldig_van: 2015-01-01          # by delivery date; left out: no bound
        geldig_tot: 2020-12-31
        entiteiten:
          uitkering:
            kolommen: {CLIENTNR: persoon_id, REGELING_CD: regeling}      # name in the file: name in the contract
            codes: {regeling: {WWB: PW}}                                 # column of the contract: old: new
            vast: {gemeente_code: GM0268}                                # a column that the file does not have
            weglaten:                                                    # rows left out by a named rule
              - {regel: bijzondere_bijstand, kolom: STATISTIEKCODE, waarden: ["11", "12"]}

Here: the typed form, its loader and which version counts. Not here: its application to rows (`ingest.py`).
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from werkmonitor.core.contracts import ENTITIES, contract
from werkmonitor.core.trouble import in_words
from werkmonitor.core.types import ConfigurationError


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)


class LeaveOut(Part):
    """Rows whose `kolom` (in the file or in the contract) holds one of `waarden` are left out under the name "
    "`regel`."""

    regel: str = Field(pattern=r"[a-z][a-z0-9_]*")
    kolom: str
    waarden: tuple[str, ...] = Field(min_length=1)


class EntityMapping(Part):
    kolommen: dict[str, str] = {}
    codes: dict[str, dict[str, str]] = {}
    vast: dict[str, str] = {}
    weglaten: tuple[LeaveOut, ...] = ()

    def contract_name(self, delivered: str) -> str:
        """The contract's name of a delivered column (compared without regard to case), else the name itself."""
        return self._lowered().get(delivered.strip().lower(), delivered.strip().lower())

    def _lowered(self) -> dict[str, str]:
        return {theirs.strip().lower(): ours for theirs, ours in self.kolommen.items()}


class Version(Part):
    geldig_van: date | None = None
    geldig_tot: date | None = None
    entiteiten: dict[str, EntityMapping]

    @model_validator(mode="after")
    def _names_exist(self) -> Version:
        for entiteit, mapping in self.entiteiten.items():
            if entiteit not in ENTITIES:
                raise ValueError(f"onbekende entiteit {entiteit}")
            named = {*mapping.kolommen.values(), *mapping.codes, *mapping.vast}
            unknown = sorted(named - set(contract(entiteit).kolommen))
            if unknown:
                raise ValueError(f"{entiteit} heeft geen kolom {', '.join(unknown)}")
        return self

    def holds(self, day: date) -> bool:
        return (self.geldig_van or date.min) <= day <= (self.geldig_tot or date.max)


class Mapping(Part):
    naam: str = ""
    versies: tuple[Version, ...] = Field(min_length=1)


def load_mapping(path: Path) -> Mapping:
    """Reads and validates a mapping file. Not cached: a service that runs for weeks must see a change."""
    try:
        return Mapping.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise ConfigurationError(f"De mapping {path} kan niet worden gelezen: {in_words(error)}.") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" op regel {mark.line + 1}" if mark else ""
        raise ConfigurationError(f"De mapping {path} is geen geldige YAML{where}.") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise ConfigurationError(
            f"De mapping {path} klopt niet bij {place or 'het begin'}: {_reason(first)}."
        ) from error


def mapping_for(path: Path | None, entiteit: str, leverdatum: date) -> EntityMapping:
    """The mapping of an entity on a delivery date; without a file, or without the entity in it, nothing is renamed."""
    if path is None:
        return EntityMapping()
    versions = [version for version in load_mapping(path).versies if version.holds(leverdatum)]
    if len(versions) != 1:
        how = "geen" if not versions else "meer dan één"
        raise ConfigurationError(
            f"De mapping {path} heeft {how} versie die op leverdatum {leverdatum} geldt. "
            "Verbeter geldig_van en geldig_tot, zodat er op elke leverdatum één geldt."
        )
    return versions[0].entiteiten.get(entiteit, EntityMapping())


def _reason(error: object) -> str:
    kind = error["type"]  # type: ignore[index]
    known = {"extra_forbidden": "deze sleutel bestaat niet", "missing": "deze sleutel ontbreekt"}
    if kind == "value_error":
        return str(error["ctx"]["error"])  # type: ignore[index]
    return known.get(kind, "de waarde heeft niet de goede vorm")
