"""Worked examples that have nothing to do with each other, put together: one run of the SQL judges several. Nothing is
expected here, and nothing tested."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from werkmonitor.core.examples import ENTITIES, Example
from werkmonitor.core.reference import History
from werkmonitor.core.registry import indicators, load_registry

# Rows that say something of their own person only.
OF_ONE_PERSON = ("persoon", "kenmerk")


@dataclass(frozen=True)
class Bundle:
    """Examples with the same settings, of which none has a row that a figure of another is made of."""

    examples: tuple[Example, ...]

    @property
    def name(self) -> str:
        first, others = self.examples[0], sorted({example.groep for example in self.examples[1:]})
        return "_".join([first.groep, *first.naam.split(), *others])

    def takes(self, example: Example) -> bool:
        return all(apart(own, example) for own in self.examples)

    @property
    def history(self) -> History:
        """All rows together; a person keeps a name of his own."""
        together = History()
        for number, example in enumerate(self.examples):
            for entiteit in (*ENTITIES, "quarantaine"):
                together.rows_of(entiteit).extend(renamed(row, number) for row in example.history.rows_of(entiteit))
        return together


def renamed(row: Any, number: int) -> dict[str, Any]:
    return {**row, "persoon": f"{number}.{row['persoon']}"} if "persoon" in row else dict(row)


@cache
def needed() -> dict[str, set[str]]:
    """The entities of which each indicator is made."""
    return {one.indicator_id: set(one.entities) for one in indicators(load_registry())}


def filled(example: Example) -> set[str]:
    """Entities with rows."""
    return {entiteit for entiteit in ENTITIES if example.history.rows_of(entiteit)} - set(OF_ONE_PERSON)


def reach(example: Example) -> set[str]:
    """Every entity that its expected cells depend on."""
    found = filled(example)
    for expected in example.expected:
        found |= needed().get(expected.place[0], {"reeks"})
    return found


def apart(one: Example, other: Example) -> bool:
    same = (one.parameters, one.methode) == (other.parameters, other.methode)
    return same and not reach(one) & filled(other) and not reach(other) & filled(one)


def bundles(examples: Iterable[Example]) -> list[Bundle]:
    """Each example in the first bundle that takes it."""
    found: list[Bundle] = []
    for example in examples:
        number = next((n for n, bundle in enumerate(found) if bundle.takes(example)), None)
        if number is None:
            found.append(Bundle((example,)))
        else:
            found[number] = replace(found[number], examples=(*found[number].examples, example))
    return found
