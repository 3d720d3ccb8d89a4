"""The checks that hold for every entity, generated from the contracts (core/contracts) and _standaard.yml.

So that a column, a key or a code list is written down once. Not here: checks of one entity alone, which are in
expectations/<entiteit>.yml.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from werkmonitor.checks.definitions import CheckSpec, Suite
from werkmonitor.core.contracts import Column, Entity, contracts

PERSON, PSEUDONYM = "persoon_id", "persoon"
IDENTITY = ["bestand", "rij"]


def with_standard_checks(written: list[Suite], templates_file: Path) -> list[Suite]:
    """The suites as written, each entity's with its standard checks first; entities without a file get a suite."""
    templates = yaml.safe_load(templates_file.read_text(encoding="utf-8"))
    generated = {name: list(standard_checks(entity, templates)) for name, entity in contracts().items()}
    by_name = {suite.naam: suite for suite in written}
    suites = [_merged(by_name.pop(name, None), name, checks) for name, checks in generated.items() if checks]
    return [*suites, *(suite for suite in written if suite.naam in by_name)]


def standard_checks(entity: Entity, templates: Mapping[str, Mapping[str, Any]]) -> Iterator[CheckSpec]:
    """Key, required columns, code lists, order of dates and references of one entity.

    `koppeling` has none: its columns are numbers of persons, and no row of it goes past the intake as delivered.
    """
    if any(column.type in ("bsn", "clientnummer") for column in entity.kolommen.values()):
        return
    key = [_accepted_name(name) for name in entity.sleutel]
    in_sql = ", ".join(f'"{name}"' for name in dict.fromkeys([entity.source_column, *key]))
    names = {"entiteit": entity.entiteit, "sleutel": in_sql, "sleutel_tekst": ", ".join(entity.sleutel)}
    yield _filled(templates["sleutel"], names)
    for name, column in entity.kolommen.items():
        values = names | {"kolom": _accepted_name(name), "omschrijving": column.omschrijving}
        if column.verplicht:
            yield _filled(templates["gevuld"], values)
        if codes := _codes(column):
            yield _filled(templates["code"], values, codes)
    for begin, end in entity.perioden:
        yield _filled(templates["volgorde"], names | {"begin": begin, "eind": end})
    if entity.about_persons and entity.entiteit != "persoon":
        yield _filled(templates["persoon_bekend"], names)
    for column_name, target in entity.verwijzingen.items():
        yield _filled(templates["verwijzing"], names | {"kolom": column_name, "doel": target})


def _merged(own: Suite | None, entiteit: str, checks: list[CheckSpec]) -> Suite:
    if own is None:
        return Suite(
            naam=entiteit,
            onderwerp=entiteit,
            laag="levering",
            tabel=f"invoer.{entiteit}",
            identiteit=IDENTITY,
            entiteit=entiteit,
            controles=checks,
        )
    replaced = {spec.id for spec in own.controles}
    kept = [spec for spec in checks if spec.id not in replaced]
    return own.model_copy(update={"controles": [*kept, *own.controles]})


def _codes(column: Column) -> list[str]:
    return list(column.code_list()) if column.type == "code" else []


def _accepted_name(name: str) -> str:
    """The name in the accepted rows: a person is a pseudonym there."""
    return PSEUDONYM if name == PERSON else name


def _filled(template: Mapping[str, Any], values: Mapping[str, str], codes: list[str] | None = None) -> CheckSpec:
    return CheckSpec.model_validate(_substituted(template, values, codes))


def _substituted(part: Any, values: Mapping[str, str], codes: list[str] | None) -> Any:
    """A template with its names filled in; `{batch}`, `{absoluut}` and `{relatief}` are left for the run."""
    if isinstance(part, Mapping):
        return {key: _substituted(value, values, codes) for key, value in part.items()}
    if isinstance(part, list):
        return [_substituted(value, values, codes) for value in part]
    if part == "{codes}":
        return codes
    if isinstance(part, str):
        for name, value in values.items():
            part = part.replace("{" + name + "}", value)
    return part
