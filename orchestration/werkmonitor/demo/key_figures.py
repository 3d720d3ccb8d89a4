"""Rows of `reeks` by which others' key figures come in: the denominators of several indicators, and the country beside
them.

What belongs here: inhabitants, households, register of the doelgroep and taakstelling beschut of each gemeente, made up
around the one year that was printed (`data/kerncijfers.csv`, `data/landelijk.csv`). Each row says in `document` whether
it was printed or made up. What does not: series as printed (`accounts.py`), anything about a person.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from werkmonitor.demo import aims
from werkmonitor.demo.accounts import series_table

PRINTED_YEAR = 2020
PRINTED = "CBS StatLine 84799NED, Kerncijfers wijken en buurten 2020"
INVENTED = "verzonnen voor de voorbeeldorganisatie"
FIRST_YEAR, FIRST_TARGET = 2015, 2017  # the law of 2015; the first year for which the ministry set a taakstelling
SMALLER_HOUSEHOLDS = 0.003  # a year
# The register and the taakstelling beside their level in 2020.
REGISTER = ((2014, 2017, 2020, 2025), (0.55, 0.8, 1.0, 1.24))
TARGET = ((2017, 2018, 2020, 2025), (0.4, 0.6, 1.0, 1.4))
COUNTRY = "NL01"


@dataclass(frozen=True)
class _Series:
    """A key figure: who publishes it, its unit and what comes behind its name in `definitie_id`."""

    indicator: str
    bron: str
    unit: str

    def row(self, region: str, period: str, value: float, document: str, last: bool) -> dict[str, object]:
        return {
            "bron": self.bron,
            "indicator_id": self.indicator,
            "definitie_id": f"{self.indicator}_{self.bron.split()[0].lower()}@1",
            "regio_code": region,
            "periode": period,
            "uitsplitsing": "totaal",
            "waarde": value,
            "eenheid": self.unit,
            "status": "voorlopig" if last else "definitief",
            "document": document,
        }


INHABITANTS = _Series("inwoners", "CBS", "personen")
HOUSEHOLDS = _Series("huishoudens", "CBS", "huishoudens")
REGISTERED = _Series("doelgroepregister", "UWV", "personen")
QUOTA = _Series("nieuw_beschut_taakstelling", "SZW", "plekken")
DENOMINATORS = tuple(series.indicator for series in (INHABITANTS, HOUSEHOLDS, REGISTERED, QUOTA))


def reeks(persons: int) -> pa.Table:
    """The key figures of every gemeente and of the country, at the size of the organisation."""
    size = persons / aims.PUBLISHED_PERSONS
    rows: list[dict[str, object]] = []
    for region in aims.read("kerncijfers"):
        scale = 1.0 if region["regio_code"] == COUNTRY else size
        for year in aims.years():
            rows += _population(region, year, scale)
            if year >= FIRST_YEAR:
                rows += _register(region, year, scale)
            if year >= FIRST_TARGET and region["taakstelling"]:
                rows.append(_quota(region, year, scale))
    return series_table([*rows, *_country()])


def _population(region: dict[str, str], year: int, scale: float) -> list[dict[str, object]]:
    people = scale * float(region["inwoners"]) * (1 + float(region["groei"])) ** (year - PRINTED_YEAR)
    homes = people / float(region["per_huishouden"]) * (1 + SMALLER_HOUSEHOLDS) ** (year - PRINTED_YEAR)
    code, period, last = region["regio_code"], f"{year}JJ00", year == aims.years()[-1]
    known = PRINTED if scale == 1.0 and year == PRINTED_YEAR else INVENTED
    return [
        INHABITANTS.row(code, period, max(1, round(people)), known, last),
        HOUSEHOLDS.row(code, period, max(1, round(homes)), INVENTED, last),
    ]


def _register(region: dict[str, str], year: int, scale: float) -> list[dict[str, object]]:
    """At the end of each quarter, and of the year."""
    level = scale * float(region["doelgroepregister"])
    ends = [(f"{year}KW{quarter:02d}", year + quarter / 4 - 1) for quarter in (1, 2, 3, 4)]
    return [
        REGISTERED.row(
            region["regio_code"],
            period,
            max(1, round(level * float(np.interp(moment, *REGISTER)))),
            INVENTED,
            year == aims.years()[-1],
        )
        for period, moment in [*ends, (f"{year}JJ00", float(year))]
    ]


def _quota(region: dict[str, str], year: int, scale: float) -> dict[str, object]:
    wanted = scale * float(region["taakstelling"]) * float(np.interp(year, *TARGET))
    return QUOTA.row(region["regio_code"], f"{year}JJ00", max(1, round(wanted)), INVENTED, False)


def _country() -> list[dict[str, object]]:
    """What the country as a whole came to."""
    return [
        _Series(row["indicator_id"], row["bron"], "%").row(
            COUNTRY, f"{row['jaar']}JJ00", float(row["waarde"]), INVENTED, int(row["jaar"]) == aims.years()[-1]
        )
        for row in aims.read("landelijk")
    ]
