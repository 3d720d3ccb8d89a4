"""The headline figures of a release, in words: what a run prints and nothing more.

Reads release files only, never the database in which figures are computed. Which figures exist and what they are called
is the registry's.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq

from werkmonitor.core.types import OWN
from werkmonitor.settings import Settings

HEADLINES = (
    "uitstroom",
    "uitstroom_werk_polis",
    "duurzaam_uit_uitkering_6__alle",
    "duurzaam_uit_uitkering_12__alle",
    "duurzaam_uit_uitkering_18__alle",
    "herinstroom_12__alle",
)
YEARS = 2
COLUMNS = ["indicator_id", "periode", "waarde", "eenheid", "status", "meetbaar_vanaf"]
MONTHS = (
    *("januari", "februari", "maart", "april", "mei", "juni"),
    *("juli", "augustus", "september", "oktober", "november", "december"),
)


def headlines(release: Path, settings: Settings) -> list[str]:
    """One sentence a figure: the last complete years of the organisation, masked and unmeasurable ones in words."""
    names = _names(release)
    rows = _yearly_totals(release, settings.monitor.regio_code)
    # Only where each count is masked on its own does a masked one say that it is small.
    below = settings.geheimhouding.drempel if settings.geheimhouding.methode == "afronden" else None
    found = []
    for indicator in HEADLINES:
        own = sorted(
            (row for row in rows if row["indicator_id"] == indicator), key=lambda row: row["periode"], reverse=True
        )
        if own:
            found.append(f"{names.get(indicator, indicator)}: {_years(own, below)}")
    return found


def _names(release: Path) -> Mapping[str, str]:
    registry = json.loads((release / "definities.json").read_text(encoding="utf-8"))
    return {item["indicator_id"]: item["naam"] for item in registry["indicatoren"]}


def _yearly_totals(release: Path, region: str) -> list[dict[str, Any]]:
    wanted = (
        pc.field("indicator_id").isin(list(HEADLINES))
        & (pc.field("regio_code") == region)
        & (pc.field("dimensie") == "totaal")
        & (pc.field("bron") == OWN)
    )
    rows = pq.read_table(release / "reeksen.parquet", columns=[*COLUMNS], filters=wanted).to_pylist()
    return [row for row in rows if row["periode"].endswith("JJ00")]


def _years(rows: Sequence[Mapping[str, Any]], threshold: int | None) -> str:
    """The newest measured years, newest first, and from when the next one can be measured: a durability figure lags."""
    waiting = [row for row in rows if row["status"] == "nog_niet_meetbaar"]
    measured = [row for row in rows if row["status"] != "nog_niet_meetbaar"][:YEARS]
    parts = [f"{in_words(row, threshold)} in {row['periode'][:4]}" for row in measured]
    if waiting:
        parts.append(f"{waiting[-1]['periode'][:4]} is {in_words(waiting[-1], threshold)}")
    return "; ".join(parts)


def in_words(row: Mapping[str, Any], threshold: int | None) -> str:
    """A published cell in words; never an empty or a zero where there is none to show. Without a threshold a masked
    count is not called small: it may be large and hide another."""
    status, rate = row["status"], row["eenheid"] == "%"
    if status == "onderdrukt":
        if threshold is None:
            return "niet getoond om herleiding tot personen te voorkomen"
        return "te weinig mensen om te tonen" if rate else f"<{threshold}"
    if status == "nog_niet_meetbaar":
        day = row["meetbaar_vanaf"]
        return f"nog niet meetbaar (vanaf {day.day} {MONTHS[day.month - 1]} {day.year})" if day else "nog niet meetbaar"
    if row["waarde"] is None:
        return {"nvt": "niet van toepassing"}.get(status, status.replace("_", " "))
    value = dutch_number(row["waarde"]) + ("%" if rate else "")
    return value if status == "definitief" else f"{value} ({status.replace('_', ' ')})"


def dutch_number(value: float) -> str:
    """1234.5 → 1.234,5 ; whole numbers without decimals."""
    text = f"{value:,.1f}" if value != int(value) else f"{int(value):,}"
    return text.translate(str.maketrans(",.", ".,"))
