"""Dated parameters of the money and the targets: minimum wage, factors of the loonkostensubsidie, taakstelling beschut.

The facts are data in `core/lists/*.csv` (sources and choices in its README); this module reads these three and nothing
else does. Regions, AOW ages and end reasons: `core/regions.py`. What an organisation chooses itself (the normal week)
is a setting. Nothing is computed here but the day on which a row ends: the day before the next one of its kind begins.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow as pa

LISTS = Path(__file__).resolve().parent / "lists"
EURO = pa.decimal128(9, 2)
FACTOR = pa.decimal128(9, 3)


def minimum_wages() -> pa.Table:
    """Minimum wage in EUR (`bedrag`) per `leeftijd`, in force from `geldig_van` up to and including `geldig_tm`.

    `per` is `maand` before 2024 and `uur` from then on. The highest `leeftijd` of a `geldig_van` is the adult wage;
    `geldig_tm` of the newest rows is null: they hold until a newer amount is known.
    """
    rows = _rows("wml")
    last = _last_days(row["geldig_van"] for row in rows)
    return pa.table(
        {
            "geldig_van": _days(rows),
            "geldig_tm": pa.array([last[row["geldig_van"]] for row in rows], pa.date32()),
            "leeftijd": pa.array([int(row["leeftijd"]) for row in rows], pa.int32()),
            "per": _texts(rows, "per"),
            "bedrag": pa.array([Decimal(row["bedrag"]) for row in rows], EURO),
            "bron": _texts(rows, "bron"),
        }
    )


def subsidy_factors() -> pa.Table:
    """Factors of the loonkostensubsidie: `naam`, `waarde`, `geldig_van` through `geldig_tm` (null: still)."""
    rows = _rows("lks_factor")
    last = {name: _last_days(row["geldig_van"] for row in rows if row["naam"] == name) for name in _names(rows)}
    return pa.table(
        {
            "naam": _texts(rows, "naam"),
            "geldig_van": _days(rows),
            "geldig_tm": pa.array([last[row["naam"]][row["geldig_van"]] for row in rows], pa.date32()),
            "waarde": pa.array([Decimal(row["waarde"]) for row in rows], FACTOR),
            "bron": _texts(rows, "bron"),
        }
    )


def sheltered_quotas() -> pa.Table:
    """Taakstelling beschut werk: `plekken` of 31 hours at the end of `jaar`, by gemeente code as it was printed."""
    rows = _rows("taakstelling_beschut")
    return pa.table(
        {
            "jaar": pa.array([int(row["jaar"]) for row in rows], pa.int32()),
            "gemeente_code": _texts(rows, "gemeente_code"),
            "plekken": pa.array([int(row["plekken"]) for row in rows], pa.int32()),
            "bron": _texts(rows, "bron"),
        }
    )


def _rows(name: str) -> list[dict[str, str]]:
    with (LISTS / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def _names(rows: list[dict[str, str]]) -> list[str]:
    return sorted({row["naam"] for row in rows})


def _texts(rows: list[dict[str, str]], column: str) -> pa.Array:
    return pa.array([row[column] for row in rows], pa.string())


def _days(rows: list[dict[str, str]]) -> pa.Array:
    return pa.array([date.fromisoformat(row["geldig_van"]) for row in rows], pa.date32())


def _last_days(begins: Iterable[str]) -> dict[str, date | None]:
    """Per begin the day before the next one; the newest has none."""
    days = sorted(set(begins))
    ends = [date.fromisoformat(later) - timedelta(days=1) for later in days[1:]]
    return dict(zip(days, [*ends, None], strict=True))
