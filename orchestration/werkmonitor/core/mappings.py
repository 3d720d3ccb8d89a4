"""A mapping: how a source's own files, column names and codes become those of contract 1, dated, as data in YAML.

    naam: gws4all
    versies:
      - geldig_van: 2015-01-01          # by delivery date; left out: no bound
        geldig_tot: 2020-12-31
        ongebruikt: [NAAM]              # columns that are known and not read; else each one is a finding
        entiteiten:
          uitkering:
            bestand: ["gws*"]           # also read from files with such a name; uitkering.csv always is
            lengte: {REDEN: 2}          # zeros that a column of the file has lost, put back before anything looks at it
            kolommen: {CLIENTNR: persoon_id, REGELING_CD: regeling}      # name in the file: name in the contract
            codes: {regeling: {WWB: PW}}                                 # column of the contract: old: new
            afgeleid: {regeling: [{als: {STATCODE: "14", KLASSE: ["6"]}, dan: TOZO}]}   # the first that holds
            samengesteld: {dossier_id: [GEMEENTE, DOSSIER]}              # joined with a dash
            centen: {norm_bedrag: {kolom: NORM, teken: NORM_TEKEN}}      # whole cents with a sign beside them
            maanden: {maand: PERIODE_VAN}                                # the month of a date
            vast: {gemeente_code: GM0268}                                # a column that the file does not have
            weglaten:                                                    # rows left out by a named rule
              - {regel: bijzondere_bijstand, kolom: STATISTIEKCODE, waarden: ["11", "12"]}

docs/mappings.md explains each key. Here: the typed form, its loader, the mappings that come with the product and which
version counts. Not here: its application to the columns of a file (`columns.py`) and to rows (`ingest.py`).
"""

from __future__ import annotations

import fnmatch
from datetime import date
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from werkmonitor.core.contracts import ENTITIES, contract
from werkmonitor.core.trouble import in_words
from werkmonitor.core.types import ConfigurationError

SHIPPED = Path(__file__).resolve().parents[1] / "mappings"
NAME = r"[a-z][a-z0-9_]*"


def _several(value: object) -> object:
    """One value may stand without brackets."""
    return (value,) if isinstance(value, str) else value


Texts = Annotated[tuple[str, ...], BeforeValidator(_several), Field(min_length=1)]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class LeaveOut(Part):
    """Rows whose `kolom` (in the file or in the contract) holds one of `waarden` are left out under the name `regel`.

    `vervangt`: in a monthly file such a row takes the place of an earlier message with its key. Not so where the key
    is a person: who also gets something that is left out is still a person.
    """

    regel: str = Field(pattern=NAME)
    kolom: str
    waarden: Texts
    vervangt: bool = True


class Case(Part):
    """The value `dan` where every column of the file that `als` names holds one of its values; without `als` always."""

    als: dict[str, Texts] = {}
    dan: str


class Cents(Part):
    """An amount in whole cents; where `teken` holds one of `negatief` it is below zero."""

    kolom: str
    teken: str | None = None
    negatief: Texts = ("-",)


class EntityMapping(Part):
    bestand: Annotated[tuple[str, ...], BeforeValidator(_several)] = ()
    kolommen: dict[str, str] = {}
    lengte: dict[str, Annotated[int, Field(ge=1, le=40)]] = {}
    codes: dict[str, dict[str, str]] = {}
    afgeleid: dict[str, tuple[Case, ...]] = {}
    samengesteld: dict[str, Annotated[tuple[str, ...], Field(min_length=2)]] = {}
    centen: dict[str, Cents] = {}
    maanden: dict[str, str] = {}
    vast: dict[str, str] = {}
    weglaten: tuple[LeaveOut, ...] = ()
    sleutel_met: tuple[str, ...] = ()
    optellen: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _can_be_added(self) -> EntityMapping:
        if bool(self.sleutel_met) != bool(self.optellen):
            raise ValueError("sleutel_met en optellen horen bij elkaar")
        return self

    def contract_name(self, delivered: str) -> str:
        """The contract's name of a delivered column (compared without regard to case), else the name itself."""
        return self._lowered().get(lowered(delivered), lowered(delivered))

    def own_names(self, column: str | None) -> list[str]:
        """What the source itself calls a column of the contract; nothing where the names are the same."""
        names = [theirs for theirs, ours in self.kolommen.items() if ours == column]
        names += [theirs for theirs in self.looked_at(column or "") if theirs not in names]
        return [theirs for theirs in names if lowered(theirs) != column]

    def length_of(self, delivered: str) -> int | None:
        return {lowered(column): length for column, length in self.lengte.items()}.get(lowered(delivered))

    @property
    def made(self) -> set[str]:
        """Columns of the contract that are made of other columns of the file, or are the same on every row."""
        return {*self.afgeleid, *self.samengesteld, *self.centen, *self.maanden, *self.vast}

    def looked_at(self, column: str) -> list[str]:
        """Columns of the file, as the mapping writes them, of which a column of the contract is made."""
        cases = [theirs for case in self.afgeleid.get(column, ()) for theirs in case.als]
        amount = self.centen.get(column)
        cents = [theirs for theirs in (amount.kolom, amount.teken) if theirs] if amount else []
        month = [self.maanden[column]] if column in self.maanden else []
        return list(dict.fromkeys([*cases, *self.samengesteld.get(column, ()), *cents, *month]))

    def judged_by(self) -> list[str]:
        """Columns of the file that decide whether a row counts and with which it is added up."""
        return [*(rule.kolom for rule in self.weglaten), *self.sleutel_met]

    def every_column(self) -> list[str]:
        """Every column of the file that the mapping names for this entity."""
        made = [theirs for column in sorted(self.made) for theirs in self.looked_at(column)]
        return [*self.kolommen, *made, *self.judged_by()]

    def _lowered(self) -> dict[str, str]:
        return {lowered(theirs): ours for theirs, ours in self.kolommen.items()}


class Version(Part):
    geldig_van: date | None = None
    geldig_tot: date | None = None
    ongebruikt: tuple[str, ...] = ()
    entiteiten: dict[str, EntityMapping]

    @model_validator(mode="after")
    def _names_exist(self) -> Version:
        for entiteit, mapping in self.entiteiten.items():
            if entiteit not in ENTITIES:
                raise ValueError(f"onbekende entiteit {entiteit}")
            named = {*mapping.kolommen.values(), *mapping.codes, *mapping.made, *mapping.optellen}
            unknown = sorted(named - set(contract(entiteit).kolommen))
            if unknown:
                raise ValueError(f"{entiteit} heeft geen kolom {', '.join(unknown)}")
        return self

    def holds(self, day: date) -> bool:
        return (self.geldig_van or date.min) <= day <= (self.geldig_tot or date.max)

    def entities_of(self, stem: str) -> list[str]:
        """The entities that a file of this name (without its suffix) holds beside the one it is named after."""
        return [
            entiteit
            for entiteit, mapping in self.entiteiten.items()
            if any(fnmatch.fnmatchcase(stem.lower(), pattern.lower()) for pattern in mapping.bestand)
        ]

    def known(self, delivered: str) -> bool:
        """Whether a column of the file is read for some entity, or is known not to be."""
        column = lowered(delivered)
        used = (lowered(name) for part in self.entiteiten.values() for name in part.every_column())
        return any(column == lowered(name) for name in self.ongebruikt) or column in used


class Mapping(Part):
    naam: str = ""
    omschrijving: str = ""
    versies: tuple[Version, ...] = Field(min_length=1)

    def version(self, day: date) -> Version | None:
        """The one version of a delivery date; None where there is none or more than one."""
        found = [version for version in self.versies if version.holds(day)]
        return found[0] if len(found) == 1 else None


def lowered(column: str) -> str:
    """How names of columns are compared."""
    return column.strip().lower()


def shipped() -> dict[str, Path]:
    """The mappings that come with the product, by name."""
    return {path.stem: path for path in sorted(SHIPPED.glob("*.yml"))}


def located(base: Path, given: Path) -> Path:
    """Where a mapping of the configuration stands: beside the configuration, else one that comes with the product and
    is called by its name (`mapping = "bus"`).
    """
    beside = Path(base / given.expanduser()).absolute()
    if not beside.exists() and given.as_posix() in shipped():
        return shipped()[given.as_posix()]
    return beside


def load_mapping(path: Path) -> Mapping:
    """Reads and validates a mapping file. Not cached: a service that runs for weeks must see a change."""
    try:
        # BaseLoader: every value is text, so that 01 stays 01 and NO is not a yes or no.
        return Mapping.model_validate(yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader))
    except OSError as error:
        raise ConfigurationError(f"De mapping {path} kan niet worden gelezen: {in_words(error)}.") from error
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"De mapping {path} is geen UTF-8. Sla het bestand op als UTF-8.") from error
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


def version_for(path: Path | None, leverdatum: date) -> Version:
    """The version of a mapping on a delivery date; without a file nothing is renamed."""
    if path is None:
        return Version(entiteiten={})
    mapping = load_mapping(path)
    version = mapping.version(leverdatum)
    if version is None:
        how = "meer dan één" if any(version.holds(leverdatum) for version in mapping.versies) else "geen"
        raise ConfigurationError(
            f"De mapping {path} heeft {how} versie die op leverdatum {leverdatum} geldt. "
            "Verbeter geldig_van en geldig_tot, zodat er op elke leverdatum één geldt."
        )
    return version


def _reason(error: object) -> str:
    kind = error["type"]  # type: ignore[index]
    known = {"extra_forbidden": "deze sleutel bestaat niet", "missing": "deze sleutel ontbreekt"}
    if kind == "value_error":
        return str(error["ctx"]["error"])  # type: ignore[index]
    return known.get(kind, "de waarde heeft niet de goede vorm")
