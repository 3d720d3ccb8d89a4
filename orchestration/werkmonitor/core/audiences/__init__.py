"""The information matrix: which role gets which figures how often, as data (rollen.yml) in a typed form.

What belongs here: reading it, and refusing one that names what does not exist. What does not: the pages and reports
made of it (report/pages/matrix.py), rights of people in this product (settings: [rollen]).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from werkmonitor.core.registry import indicators, load_registry

FILE = Path(__file__).with_name("rollen.yml")
Ritme = Literal["maand", "kwartaal", "jaar"]


class Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Role(Entry):
    """Who gets a report: `verslag` is what it is called, `ritme` how often it is read."""

    rol: Annotated[str, Field(pattern=r"^[a-z][a-z-]*$")]
    naam: str
    voor: str
    verslag: str
    ritme: Ritme
    prognose: bool = False
    cijfers: Annotated[list[str], Field(min_length=1)]
    maandcijfers: list[str] = []
    per_gemeente: list[str] = []
    grafieken: list[str] = []

    def named(self) -> set[str]:
        """Every indicator that it names."""
        return {*self.cijfers, *self.maandcijfers, *self.per_gemeente, *self.grafieken}


class Elsewhere(Entry):
    """A product of the matrix that is not made here, and why."""

    wat: str
    wie: str
    vaak: str
    waarom: str


class Matrix(Entry):
    rollen: Annotated[list[Role], Field(min_length=1)]
    elders: list[Elsewhere] = []


@cache
def load_matrix() -> Matrix:
    """Read and check the matrix; a mistake in it is a programming error and raises."""
    matrix = Matrix.model_validate(yaml.safe_load(FILE.read_text(encoding="utf-8")))
    check(matrix)
    return matrix


def check(matrix: Matrix) -> None:
    """What a type cannot say: roles are named once, and figures exist with the periods that they are wanted for."""
    names = [role.rol for role in matrix.rollen]
    if len(names) != len(set(names)):
        raise ValueError(
            f"twee keer in de informatiematrix: {sorted({name for name in names if names.count(name) > 1})}"
        )
    known = {one.indicator_id: one.family for one in indicators(load_registry())}
    for role in matrix.rollen:
        if unknown := sorted(role.named() - set(known)):
            raise ValueError(f"{role.rol}: geen cijfer in het register: {unknown}")
        if never := [name for name in role.maandcijfers if "maand" not in known[name].perioden]:
            raise ValueError(f"{role.rol}: geen maandcijfer: {never}")
        if role.maandcijfers and role.ritme != "maand":
            raise ValueError(f"{role.rol}: maandcijfers in een verslag per {role.ritme}")
