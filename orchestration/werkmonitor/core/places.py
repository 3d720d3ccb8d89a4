"""Where a check found something, in words for a steward. An example of a check holds no person's id; this adds none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from werkmonitor.core.types import OWN

_CELL = ("indicator_id", "regio_code", "periode", "dimensie", "categorie")
# Told by the others: the definition by its indicator, the year of division by the run.
_SAID = {*_CELL, "definitie_id", "indeling_jaar", "bron", "bestand", "rij", "waarde", "vorige_waarde"}


def place(example: Mapping[str, Any]) -> str:
    """One example: a cell by its key with the old and new value, a row by its file and number, else name and value."""
    if example.get("indicator_id") and "regio_code" in example:
        return " ".join(part for part in (_cell(example), _change(example), _rest(example)) if part)
    if example.get("bestand") and example.get("rij") is not None:
        return ", ".join(part for part in (f"{example['bestand']} rij {example['rij']}", _rest(example)) if part)
    return ", ".join(f"{name} {_value(value)}" for name, value in example.items() if value is not None)


def places(examples: Iterable[Mapping[str, Any]], shown: int, found: int) -> str:
    """The first few examples on one line, with dots when more was found."""
    first = list(examples)[:shown]
    text = "; ".join(place(example) for example in first)
    return text + ("; ..." if first and found > len(first) else "")


def _cell(example: Mapping[str, Any]) -> str:
    parts = [example.get(name) for name in _CELL]
    dimension = parts[3:]
    named = parts[:3] if dimension == ["totaal", "totaal"] else parts
    own = example.get("bron") in (None, OWN)
    return " ".join(str(part) for part in named if part is not None) + ("" if own else f" ({example['bron']})")


def _change(example: Mapping[str, Any]) -> str:
    if "waarde" not in example:
        return ""
    now = _value(example["waarde"])
    return f"was {_value(example['vorige_waarde'])}, is {now}" if "vorige_waarde" in example else f"is {now}"


def _rest(example: Mapping[str, Any]) -> str:
    return ", ".join(
        f"{name} {_value(value)}" for name, value in example.items() if value is not None and name not in _SAID
    )


def _value(value: Any) -> str:
    if value is None:
        return "leeg"
    if isinstance(value, float):
        return (str(int(value)) if value.is_integer() else f"{value:.6g}").replace(".", ",")
    return str(value)
