"""Where a check found something, as a steward reads it."""

from __future__ import annotations

from typing import Any

import pytest
from werkmonitor.core.places import place, places

CELL = {
    "indicator_id": "instroom",
    "definitie_id": "instroom@1",
    "regio_code": "GM0268",
    "indeling_jaar": 2023,
    "periode": "2022JJ00",
    "dimensie": "totaal",
    "categorie": "totaal",
    "bron": "eigen registratie",
}


@pytest.mark.parametrize(
    ("example", "text"),
    [
        (CELL, "instroom GM0268 2022JJ00"),
        (CELL | {"waarde": 25.0, "vorige_waarde": 10.0}, "instroom GM0268 2022JJ00 was 10, is 25"),
        (CELL | {"waarde": None, "vorige_waarde": 10.5}, "instroom GM0268 2022JJ00 was 10,5, is leeg"),
        (
            CELL | {"dimensie": "leefvorm", "categorie": "2", "bron": "CBS", "teller": 3},
            "instroom GM0268 2022JJ00 leefvorm 2 (CBS) teller 3",
        ),
        ({"bestand": "u/uitkering.csv", "rij": 12, "begindatum": "1901-01-01"},
         "u/uitkering.csv rij 12, begindatum 1901-01-01"),
        ({"bron": "polis", "entiteit": "dienstverband", "rijen": None}, "bron polis, entiteit dienstverband"),
    ],
)  # fmt: skip
def test_one_place(example: dict[str, Any], text: str) -> None:
    assert place(example) == text


def test_the_first_few_of_many() -> None:
    rows = [{"bestand": "u.csv", "rij": row} for row in (2, 3, 4)]
    assert places(rows, 2, 9) == "u.csv rij 2; u.csv rij 3; ..."
    assert places(rows, 5, 3) == "u.csv rij 2; u.csv rij 3; u.csv rij 4"
    assert places([], 5, 3) == ""
