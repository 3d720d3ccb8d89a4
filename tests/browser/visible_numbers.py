"""What a table on a page says against rows of reeksen.csv: each function gives what is wrong, in words.

Written without the report's own code: a visible number is read back from its Dutch form and looked up in the file.
Only comparing here; which table is compared with what is for the tests.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

NUMBER = re.compile(r"^(-?)(€\s)?(\d{1,3}(?:\.\d{3})+|\d+)(,\d+)?%?(?: \((?:nader )?voorlopig\))?$")
MONTHS = (
    *("januari", "februari", "maart", "april", "mei", "juni"),
    *("juli", "augustus", "september", "oktober", "november", "december"),
)
SERIES = ("indicator_id", "definitie_id", "regio_code", "dimensie", "categorie", "bron")
MEASURES = {
    "Uit de uitkering": "duurzaam_uit_uitkering",
    "Aan het werk op de meetdag": "duurzaam_werk_moment",
    "Steeds aan het werk": "duurzaam_werk_onafgebroken",
}

Row = Mapping[str, str]
Table = Mapping[str, Any]


def number(text: str) -> float | None:
    """A visible Dutch number (1.234,5 or 78% or -€ 5 or 1.015 (voorlopig)); None when it is a word."""
    found = NUMBER.match(text)
    if found is None:
        return None
    return float(found[1] + found[3].replace(".", "") + (found[4] or "").replace(",", "."))


def same(text: str, value: str) -> bool:
    """Does a visible cell say what the file says: its number, or a word where there is none?"""
    seen = number(text)
    if not text or value == "geen rij":
        return False
    if value == "":
        return seen is None
    return seen is not None and abs(seen - float(value)) < (0.51 if "€" in text else 0.051)


def texts(table: Table) -> list[list[str]]:
    return [[cell["tekst"] for cell in row] for row in table["rijen"]]


def by_series(rows: Iterable[Row]) -> dict[tuple[str, ...], dict[str, Row]]:
    """Yearly rows by series and year."""
    found: dict[tuple[str, ...], dict[str, Row]] = defaultdict(dict)
    for row in rows:
        found[tuple(row[name] for name in SERIES)][row["periode"][:4]] = row
    return found


def wrong_series(seen: Mapping[str, str], rows: Sequence[Row]) -> list[str]:
    """`seen`: year to visible text. One and the same series must say all of it."""
    fits = [
        key
        for key, years in by_series(rows).items()
        if all(same(text, years[year]["waarde"] if year in years else "") for year, text in seen.items())
    ]
    return [] if fits else [f"geen reeks in het bestand zegt {dict(seen)}"]


def wrong_years(table: Table, rows: Sequence[Row]) -> list[str]:
    """A table with a year a row and a series a column."""
    lines = texts(table)
    columns = range(1, len(table["kolommen"]))
    return [fault for at in columns for fault in wrong_series({line[0]: line[at] for line in lines}, rows)]


def wrong_months(table: Table, rows: Sequence[Row]) -> list[str]:
    """A table with a month a row and one series."""
    said = {row["periode"]: row["waarde"] for row in rows}
    faults = []
    for month, text in texts(table):
        name, year = month.lower().split()
        if not same(text, said.get(f"{year}MM{MONTHS.index(name) + 1:02d}", "geen rij")):
            faults.append(f"{month}: '{text}' staat niet in het bestand")
    return faults


def wrong_categories(table: Table, rows: Sequence[Row]) -> list[str]:
    """A table with a series a row and a year a column."""
    years = table["kolommen"][1:]
    return [fault for line in texts(table) for fault in wrong_series(dict(zip(years, line[1:], strict=True)), rows)]


def wrong_shares(table: Table, rows: Sequence[Row]) -> list[str]:
    """A table of shares: name, share, numerator, denominator, margin; all three numbers come from one row."""

    def fits(line: Sequence[str], row: Row) -> bool:
        named = row["dimensie"] != "totaal" or row["regio_naam"] == line[0]
        if row["waarde"] == "":  # a page that shows no share shows no part of it either
            return named and all(text and number(text) is None for text in line[1:])
        return named and all(same(line[at], row[name]) for at, name in ((1, "waarde"), (2, "teller"), (3, "noemer")))

    return [
        f"{line[:4]} staat niet in het bestand" for line in texts(table) if not any(fits(line, row) for row in rows)
    ]


def wrong_horizons(table: Table, rows: Sequence[Row]) -> list[str]:
    """A table with 6, 12 and 18 months as columns: a measure a row, or a place where people are then."""
    groups: dict[tuple[str, str], dict[str, Row]] = defaultdict(dict)
    for row in rows:
        measure, months = row["indicator_id"].split("__")[0].rsplit("_", 1)
        groups[measure, row["categorie"]][months] = row
    faults = []
    for line in texts(table):
        seen = dict(zip((column.split()[0] for column in table["kolommen"][1:]), line[1:], strict=True))
        places = any(measure == "bestemming" for measure, _ in groups)
        meant = "bestemming" if places else MEASURES[line[0]]
        named = [group for (measure, _), group in groups.items() if measure == meant]
        if not any(all(_counted(text, group[months]) for months, text in seen.items()) for group in named):
            faults.append(f"{line} staat niet in het bestand")
    return faults


def _counted(text: str, row: Row) -> bool:
    """`67% (20 van 30)`, or a number alone, or a word."""
    parts = re.fullmatch(r"(\S+) \((\S+) van (\S+)\)", text)
    if parts is None:
        return same(text, row["waarde"])
    return all(same(parts[at], row[name]) for at, name in ((1, "waarde"), (2, "teller"), (3, "noemer")))


def wrong_curve(table: Table, rows: Sequence[Row]) -> list[str]:
    """A curve: the month, then per cohort the share, its interval and how many are still followed."""
    cells = {(row["periode"][:4], int(row["categorie"])): row for row in rows if row["dimensie"] != "totaal"}
    faults = []
    for line in texts(table):
        for at, column in enumerate(table["kolommen"][1:], start=1):
            year, what = column.split(": ")
            row = cells.get((year, int(line[0])))
            if row is None or not _says(line[at], what, row):
                faults.append(f"maand {line[0]}, {column}: '{line[at]}' staat niet in het bestand")
    return faults


def _says(text: str, what: str, row: Row) -> bool:
    if what == "interval":
        ends = re.fullmatch(r"(\d+) tot (\d+)%", text)
        if ends is None or not row["ondergrens"]:
            return ends is None and not row["ondergrens"] and bool(text)
        return all(
            abs(float(ends[at]) - float(row[name])) <= 0.51 for at, name in ((1, "ondergrens"), (2, "bovengrens"))
        )
    if what == "terug" and row["waarde"]:
        seen = number(text)
        return seen is not None and abs(seen - float(row["waarde"])) <= 0.51
    return same(text, row["waarde" if what == "terug" else "n_risico"])
