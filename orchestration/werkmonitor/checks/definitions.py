"""What a check is, read from expectations/*.yml: id, layer, severity, tolerance, the query or expectation, Dutch texts.

Also the overrides of `[controles]`. No database and no Great Expectations here, so that a misspelt check id in the
configuration is told at once.
"""

from __future__ import annotations

import difflib
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from werkmonitor.core.types import ConfigurationError, Severity
from werkmonitor.settings import PROJECT_ROOT, Settings

EXPECTATIONS = PROJECT_ROOT / "expectations"
DBT_PREFIX = "dbt."
ROWS = "rijen"
EXPECTATION_TYPES = (
    "expect_column_values_to_not_be_null",
    "expect_column_values_to_be_in_set",
    "expect_column_values_to_be_between",
    "expect_column_pair_values_a_to_be_greater_than_b",
)

Layer = Literal["levering", "tabel", "cijfers"]
# What of the previous release a check needs; without it the check is NVT.
Previous = Literal["nee", "metingen", "cijfers", "cijfers_zelfde_rekenregels"]
CheckId = Annotated[str, Field(pattern=r"^[a-z0-9_]+(\.[a-z0-9_]+)+$")]


class _Data(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Tolerance(_Data):
    """What is let through: the larger of a number and a share of what was looked at."""

    absoluut: float = Field(default=0, ge=0)
    relatief: float = Field(default=0, ge=0)


class CheckSpec(_Data):
    """One check as written in a suite.

    `type` is `rijen` (a query that returns what is wrong) or an expectation of Great Expectations with its `kwargs`.
    `toets: aantal` holds the tolerance against the number found; `toets: per_rij` means that the query itself uses
    `{absoluut}` and `{relatief}` per row, and one row is enough to fail.
    """

    id: CheckId
    type: str
    ernst: Literal["blokkerend", "waarschuwing"]
    wat: str
    uitleg: str
    herstel: str
    sql: str | None = None
    kwargs: dict[str, Any] = Field(default_factory=dict)
    tolerantie: Tolerance = Tolerance()
    toets: Literal["aantal", "per_rij"] = "aantal"
    basis: str | None = None
    vereist: list[str] = Field(default_factory=list)
    vorige: Previous = "nee"
    methode: list[str] = Field(default_factory=list)
    onderwerp: str | None = None

    @model_validator(mode="after")
    def _complete(self) -> CheckSpec:
        if self.type == ROWS:
            if not self.sql or "{batch}" not in self.sql:
                raise ValueError(f"{self.id}: een controle van het type rijen vraagt sql met {{batch}} erin")
        elif self.type not in EXPECTATION_TYPES:
            raise ValueError(f"{self.id}: onbekend type {self.type}")
        elif self.sql:
            raise ValueError(f"{self.id}: sql hoort alleen bij het type rijen")
        return self


class Suite(_Data):
    """The checks on one table: a delivered entity, a prepared table or the candidate's figures."""

    naam: str
    onderwerp: str
    laag: Layer
    tabel: str
    identiteit: list[str]
    eenheid: str = "rijen"
    entiteit: str | None = None
    voorbereiding: str | None = None
    leeg_is_nvt: bool = True
    controles: list[CheckSpec]


@dataclass(frozen=True)
class CheckDefinition:
    """One check as it will be run: the catalogue of checks is a list of these."""

    check_id: str
    layer: str
    subject: str
    severity: Severity
    absolute: float
    relative: float
    what: str
    explanation: str
    remedy: str
    suite: str
    spec: CheckSpec | None = field(default=None, compare=False, repr=False)

    def allowed(self, tested: int | None) -> float:
        """How many may be found before the check fails."""
        if self.spec is not None and self.spec.toets == "per_rij":
            return 0
        return max(self.absolute, self.relative * (tested or 0))


def definition(suite: Suite, spec: CheckSpec, settings: Settings | None = None) -> CheckDefinition:
    """The definition of one check, with the severity and tolerance of `[controles]` where given."""
    base = CheckDefinition(
        check_id=spec.id,
        layer=suite.laag,
        subject=spec.onderwerp or suite.onderwerp,
        severity=Severity(spec.ernst),
        absolute=spec.tolerantie.absoluut,
        relative=spec.tolerantie.relatief,
        what=spec.wat,
        explanation=spec.uitleg,
        remedy=spec.herstel,
        suite=suite.naam,
        spec=spec,
    )
    return base if settings is None else overridden(base, settings)


def overridden(base: CheckDefinition, settings: Settings) -> CheckDefinition:
    """`base` with what `[controles]` says about it."""
    override = settings.controles.get(base.check_id)
    if override is None:
        return base
    values = dict(base.__dict__)
    if override.ernst is not None:
        values["severity"] = Severity(override.ernst)
    if override.tolerantie_absoluut is not None:
        values["absolute"] = override.tolerantie_absoluut
    if override.tolerantie_relatief is not None:
        values["relative"] = override.tolerantie_relatief
    return CheckDefinition(**values)


def load_suite(path: Path) -> Suite:
    """One suite from its file; the name of the file is the name of the suite."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        return Suite(naam=path.stem, **content)
    except (yaml.YAMLError, ValidationError, TypeError) as error:
        raise ConfigurationError(f"De controles in {path.name} zijn niet te lezen: {error}") from error


@cache
def load_suites(folder: Path = EXPECTATIONS) -> tuple[Suite, ...]:
    """All suites, those generated from the contracts included. A check id that occurs twice is refused."""
    from werkmonitor.checks.standard import with_standard_checks

    written = [load_suite(path) for path in sorted(folder.glob("*.yml")) if not path.name.startswith("_")]
    suites = with_standard_checks(written, folder / "_standaard.yml")
    ids = Counter(spec.id for suite in suites for spec in suite.controles)
    double = sorted(check_id for check_id, number in ids.items() if number > 1)
    if double:
        raise ConfigurationError(f"Controles met dezelfde naam in {folder}: {', '.join(double)}.")
    return tuple(suites)


def suite_definitions(settings: Settings | None = None) -> list[CheckDefinition]:
    """Every check that is kept in expectations/."""
    return [definition(suite, spec, settings) for suite in load_suites() for spec in suite.controles]


def unknown_check(check_id: str, known: list[str]) -> ConfigurationError:
    """The message for a name in `[controles]` that is no check."""
    nearest = difflib.get_close_matches(check_id, known, n=1, cutoff=0.5)
    hint = (
        f" Bedoelde u '{nearest[0]}'?" if nearest else " `werkmonitor status` noemt de controles van de laatste nacht."
    )
    return ConfigurationError(f"Onbekende controle '{check_id}' in [controles].{hint}")
