"""The typed form of `soorten/*.yml`: one kind of damage, what it is made of and what must come out of it.

Not here: the making of bytes (`build.py`) and running (`organisation.py`). Everything in the YAML is text, so that 01
stays 01 and a date that does not exist stays what it is.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator

HERE = Path(__file__).resolve().parent
DAY = "2024-01-15"
Cells = dict[int, dict[str, str]]
Step = dict[str, Any]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DamagedFile(Part):
    """One file. Made of the valid rows of its entity: first cells (`rijen`, by row number, header = 1), then text,
    then bytes. `regels`: only the first so many lines. `maak` names a function of build.py.
    """

    entiteit: str = ""
    bron: str = ""
    naam: str = ""
    dag: str = DAY
    vorm: Literal["csv", "xlsx", "parquet"] = "csv"
    plaats: Literal["bestand", "map", "lus", "dood", "dag_lus", "pijp"] = "bestand"
    inhoud: str | None = None
    scheiding: str = ""
    aanhalingstekens: Literal["waar nodig", "overal"] = "waar nodig"
    kolommen: tuple[str, ...] = ()
    zonder: tuple[str, ...] = ()
    regels: int | None = None
    herhaal: tuple[int, ...] = ()
    rijen: Cells = {}
    cellen: dict[int, dict[str, dict[str, str]]] = {}
    typen: dict[str, Literal["tijdstip", "heel", "kommagetal"]] = {}
    maak: str = ""
    tekst: tuple[Step, ...] = ()
    bytes: tuple[Step, ...] = ()


class Result(Part):
    """What must come out. `quarantaine` and `bevindingen`: row, rule and column; `aangeleverd`: the number of rows of
    the undamaged files unless said otherwise. `melding`: two pieces of the message, what is wrong and what to do.
    """

    code: int = 0
    melding: tuple[str, ...] = ()
    aangeleverd: int | None = None
    dubbel: int = 0
    buiten_bereik: dict[str, int] = {}
    quarantaine: tuple[str, ...] = ()
    bevindingen: tuple[str, ...] = ()
    uitleg: str = ""

    @model_validator(mode="after")
    def _one_or_the_other(self) -> Result:
        if (self.code != 0) != (len(self.melding) == 2):
            raise ValueError("a run that ends with another code than 0 has a message of two pieces, and no other has")
        return self

    @property
    def rules(self) -> set[str]:
        """The rules of the intake that it shows."""
        return {text.split(" ")[1] for text in (*self.quarantaine, *self.bevindingen)} | set(self.buiten_bereik)


def _as_one(value: object) -> object:
    return value if isinstance(value, dict) else {}


class Kind(Part):
    """One kind of damage: a source (`bron`, its settings) with its files."""

    naam: str
    wat: str
    entiteit: str = "uitkering"
    bron: Annotated[dict[str, Any], BeforeValidator(_as_one)] = {}
    andere_bronnen: dict[str, dict[str, Any]] = {}
    mapping: str = ""
    bestand: DamagedFile = DamagedFile()
    bestanden: tuple[DamagedFile, ...] = ()
    tijdens: Literal["", "vervangen", "weg", "geen_toegang"] = ""
    uitkomst: Result

    @property
    def files(self) -> list[DamagedFile]:
        """The files with their entity, source and name filled in."""
        return [self._filled(file) for file in (self.bestanden or (self.bestand,))]

    @property
    def entities(self) -> list[str]:
        """The entities of the source."""
        return list(self.bron.get("entiteiten", [self.entiteit]))

    @property
    def alone(self) -> bool:
        """Whether it needs a landing of its own: it stops the run, is more than one source, or has the bsn's with which
        persons of other sources would meet."""
        outside = any(file.bron not in ("", self.naam) for file in self.bestanden)
        by_bsn = self.bron.get("persoon_id_soort") == "bsn"
        return self.uitkomst.code != 0 or bool(self.tijdens) or outside or by_bsn

    def _filled(self, file: DamagedFile) -> DamagedFile:
        entity = file.entiteit or self.entiteit
        name = file.naam or f"{entity}.{file.vorm}"
        return file.model_copy(update={"entiteit": entity, "naam": name, "bron": file.bron or self.naam})


class Chapter(Part):
    titel: str
    soorten: tuple[Kind, ...]


@cache
def chapters() -> tuple[Chapter, ...]:
    """All kinds, in the order of the runbook."""
    paths = sorted((HERE / "soorten").glob("*.yml"))
    return tuple(Chapter.model_validate(_yaml(path)) for path in paths)


def kinds() -> list[Kind]:
    """Every kind of damage."""
    return [kind for chapter in chapters() for kind in chapter.soorten]


@cache
def valid_deliveries() -> dict[str, str]:
    """Per entity a small valid csv, with @1 to @6 where a person's number belongs."""
    return dict(_yaml(HERE / "basis.yml"))


def _yaml(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
