"""The contracts of what comes in (contract 1) as data: one YAML file an entity, and the rules of the intake in
`regels.yml`.

Here: the typed form of that data and its loader. Not here: how a value is converted (`conversion.py`), how a file is
read (`core/reading.py`) or how a delivery is taken in (`core/ingest.py`). A new entity is a new YAML file and nothing
else.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from werkmonitor.core.regions import reason_groups

FOLDER = Path(__file__).resolve().parent
RULES_FILE = "regels.yml"
# The order of contract 1; what others refer to (koppeling, persoon, traject) comes before what refers to it.
ENTITIES = (
    "koppeling",
    "persoon",
    "kenmerk",
    "uitkering",
    "dienstverband",
    "inkomsten",
    "traject",
    "trajectfase",
    "voorziening",
    "plaatsing",
    "lks",
    "nieuw_beschut",
    "sw",
    "verzuim",
    "meting",
    "tevredenheid",
    "financien",
    "doelstelling",
    "reeks",
)
PERSON = "persoon_id"
ColumnType = Literal[
    "text",
    "date",
    "int",
    "dec",
    "bool",
    "code",
    "month",
    "period",
    "gemeente",
    "persoon",
    "bsn",
    "clientnummer",
    "volgens",
]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Kind(Part):
    """A type with its code list: all that a value depends on."""

    type: ColumnType
    codes: tuple[str, ...] = ()


class Column(Kind):
    """One column of an entity.

    `einde`: an end date (empty, 00000000 and 9999-12-31 read as still open). `streng`: unreadable, it quarantines the
    row although the column is optional. `lengte`: zeros lost in front are put back to this length. `volgens` with
    `soorten`: the kind depends on the value of another column. `schaal`: digits after the point, or `vrij` for a
    double. `procent`: the unit is a percentage, so a sign % behind the number says nothing new.
    """

    omschrijving: str
    verplicht: bool = False
    einde: bool = False
    streng: bool = False
    lengte: int | None = Field(default=None, ge=1)
    patroon: str | None = None
    schaal: int | Literal["vrij"] = 4
    procent: bool = False
    codelijst: Literal["reden_einde"] | None = None
    volgens: str | None = None
    soorten: dict[str, Kind] = {}

    @model_validator(mode="after")
    def _consistent(self) -> Column:
        if (self.type == "code") == (not self.codes and self.codelijst is None):
            raise ValueError("a column of type code, and no other, has codes or a codelijst")
        if (self.type == "volgens") != bool(self.volgens and self.soorten):
            raise ValueError("a column of type volgens, and no other, names another column and its soorten")
        if self.einde and self.type != "date":
            raise ValueError("only a date can be an end")
        return self

    def code_list(self) -> tuple[str, ...]:
        """The allowed codes, from the contract or from the dated list it names."""
        if self.codelijst == "reden_einde":
            return tuple(reason_groups().column("code").to_pylist())
        return self.codes

    @property
    def identifies(self) -> bool:
        """Whether the value names a person: never shown, never stored but as a pseudonym."""
        return self.type in ("persoon", "bsn", "clientnummer")

    @property
    def quarantines(self) -> bool:
        """Whether a value that cannot be read keeps the row out."""
        return self.verplicht or self.streng

    @property
    def sql_type(self) -> str:
        """Type in the accepted Parquet file."""
        if self.type == "dec":
            return "DOUBLE" if self.schaal == "vrij" else f"DECIMAL(18, {self.schaal})"
        return {"date": "DATE", "int": "BIGINT", "bool": "BOOLEAN"}.get(self.type, "VARCHAR")


class Entity(Part):
    """One entity of contract 1.

    `begin`: the day on which a gemeente code must be valid and that is held against a death. `perioden`: pairs of
    begin and end. `gebied`: the column whose gemeente must be the organisation's. `ingetrokken`: an end on the day
    before the begin is a withdrawn decision. `overlap_anders`: rows of one person with another value here may not
    overlap.
    """

    entiteit: str
    omschrijving: str
    sleutel: tuple[str, ...]
    kolommen: dict[str, Column]
    begin: str | None = None
    perioden: tuple[tuple[str, str], ...] = ()
    gebied: str | None = None
    ingetrokken: bool = False
    overlap_anders: str | None = None
    verwijzingen: dict[str, str] = {}

    @model_validator(mode="after")
    def _names_exist(self) -> Entity:
        named = {*self.sleutel, *self.verwijzingen, *(name for pair in self.perioden for name in pair)}
        named |= {name for name in (self.begin, self.gebied, self.overlap_anders) if name}
        named |= {column.volgens for column in self.kolommen.values() if column.volgens}
        unknown = named - set(self.kolommen)
        if unknown:
            raise ValueError(f"{self.entiteit}: not a column: {sorted(unknown)}")
        return self

    @property
    def about_persons(self) -> bool:
        return PERSON in self.kolommen

    @property
    def required(self) -> list[str]:
        return [name for name, column in self.kolommen.items() if column.verplicht]

    @property
    def source_column(self) -> str:
        """Name of the provenance column that says which source delivered the row.

        `bron`, but where the contract has a `bron` of its own (reeks: who published the series) `levering_bron`.
        """
        return "levering_bron" if "bron" in self.kolommen else "bron"

    def accepted_schema(self) -> dict[str, str]:
        """Columns and SQL types of `accepted/<entiteit>.parquet`, in order."""
        own = {("persoon" if n == PERSON else n): column.sql_type for n, column in self.kolommen.items()}
        return own | {
            self.source_column: "VARCHAR",
            "bron_volgorde": "INTEGER",
            "leverdatum": "DATE",
            "bestand": "VARCHAR",
            "rij": "BIGINT",
        }


class Rule(Part):
    """A rule of the intake in the words of a steward."""

    uitleg: str
    herstel: str
    gevolg: Literal["quarantaine", "buiten_bereik", "bevinding"]


def _yaml(name: str) -> dict[str, Any]:
    return yaml.safe_load((FOLDER / name).read_text(encoding="utf-8"))


@cache
def contract(entiteit: str) -> Entity:
    """The contract of one entity. KeyError when contract 1 does not know it."""
    if entiteit not in ENTITIES:
        raise KeyError(entiteit)
    return Entity.model_validate(_yaml(f"{entiteit}.yml"))


def contracts() -> dict[str, Entity]:
    """Every contract, in the order of contract 1."""
    return {entiteit: contract(entiteit) for entiteit in ENTITIES}


@cache
def rules() -> dict[str, Rule]:
    """Every rule id of quarantine, findings and rows left out, with its explanation and remedy."""
    return {name: Rule.model_validate(body) for name, body in _yaml(RULES_FILE).items()}
