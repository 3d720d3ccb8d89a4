"""The breaks in series that the configuration declares (`[[reeksbreuken]]`), for the calculation and for readers.

What belongs here: which indicators, regions and days a declared break is about. What does not: which period that is
and what follows for an index (dbt, core/derived), how it is drawn and told (report).
"""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from werkmonitor.core.registry import meant_by
from werkmonitor.core.types import OWN
from werkmonitor.settings import BreakSettings, Settings

_ROWS = pa.schema(
    {
        "reeksbreuk": pa.string(),
        "bron": pa.string(),
        "indicator_id": pa.string(),
        "regio_code": pa.string(),
        "vanaf": pa.date32(),
    }
)


def rows(settings: Settings) -> pa.Table:
    """One row a break, indicator and region; without a region it is about all of them."""
    found = [
        {"reeksbreuk": one.id, "bron": one.bron, "indicator_id": name, "regio_code": code, "vanaf": one.vanaf}
        for one in settings.reeksbreuken
        for name in broken(one)
        for code in one.regio or (None,)
    ]
    return pa.Table.from_pylist(found, schema=_ROWS)


def broken(one: BreakSettings) -> list[str]:
    """The indicators that a break is about, written out, each once."""
    if one.bron != OWN:
        return list(dict.fromkeys(one.indicatoren))
    return list(dict.fromkeys(indicator for name in one.indicatoren for indicator in meant_by(name)))


def as_published(settings: Settings) -> list[dict[str, Any]]:
    """The part of definities.json that says what the ids in the column reeksbreuk stand for."""
    return [one.model_dump(mode="json") | {"indicatoren": broken(one)} for one in settings.reeksbreuken]
