"""What other bodies publish on the two front questions: beside our own figure only where vergelijkbaarheid.csv says
that the two compare, and else why they are not put side by side.

Not here: the page with every series of others (flows.py), how well two definitions compare (core/comparability).
"""

from __future__ import annotations

from collections.abc import Sequence

from werkmonitor.core.types import OWN
from werkmonitor.report import build, words
from werkmonitor.report.model import Block, Link, Listing, Paragraph, Table, Value
from werkmonitor.report.release_files import Cell, ReleaseFiles

COUNTRY = "NL01"
COMPARABLE = {"gelijk": "op dezelfde manier geteld", "vergelijkbaar": "bijna op dezelfde manier geteld"}
WHY_NOT = {
    "niet_vergelijkbaar": "daar wordt iets anders geteld",
    "onbekend": "het is niet bekend of daar op dezelfde manier wordt geteld",
}
OTHER_YEAR = "er is geen jaar waarvan wij allebei een cijfer hebben"
ALL_OF_THEM = Link("Wat anderen publiceren", "uitstroom-en-herinstroom.html#anderen")


def beside(release: ReleaseFiles, family: str) -> tuple[Block, ...]:
    """Ours and theirs for the indicators whose id begins with `family`, for the country and our own region."""
    theirs = _theirs(release, family)
    if not theirs:
        return ()
    rows, apart = [], dict[str, list[str]]()
    for (indicator, source), cells in theirs.items():
        grade = grade_of(release, indicator, source)
        pair = _newest_pair(release.cells(indicator), cells) if grade in COMPARABLE else None
        if pair:
            rows.append(_row(release, grade, *pair))
        else:
            reason = WHY_NOT.get(grade, OTHER_YEAR)
            apart[reason] = [*apart.get(reason, []), source]
    blocks: list[Block] = []
    if rows:
        columns = ("Cijfer", "Jaar", "Hier", "Elders", "Waar", "Te vergelijken")
        blocks.append(Table("Hier en elders", columns, tuple(rows), frozenset({2, 3})))
    if apart:
        blocks += [Paragraph(" ".join(_not_beside(reason, found) for reason, found in apart.items()), "klein")]
    return (*blocks, Listing(((ALL_OF_THEM, "met de jaren en de bron"),)))


def _theirs(release: ReleaseFiles, family: str) -> dict[tuple[str, str], list[Cell]]:
    """Shown yearly totals of others by indicator and source, in the order of the release."""
    found: dict[tuple[str, str], list[Cell]] = {}
    for cell in release.others:
        if cell.indicator_id.startswith(family) and cell.regio_code in (COUNTRY, release.region) and cell.shown:
            found.setdefault((cell.indicator_id, cell.bron), []).append(cell)
    return found


def grade_of(release: ReleaseFiles, indicator: str, source: str) -> str:
    """How well our own figure and that of a source compare; `onbekend` when the release does not say."""
    pair = {OWN, source}
    found = (
        row["grade"]
        for row in release.grades()
        if row["indicator_id"] == indicator and {row["bron_a"], row["bron_b"]} == pair
    )
    return next(found, "onbekend")


def _newest_pair(ours: Sequence[Cell], theirs: Sequence[Cell]) -> tuple[Cell, Cell] | None:
    """The newest year of which both have a figure."""
    here = {cell.periode: cell for cell in ours if cell.shown}
    both = [(here[cell.periode], cell) for cell in theirs if cell.periode in here and _alike(here[cell.periode], cell)]
    return max(both, key=lambda pair: pair[1].periode) if both else None


def _alike(ours: Cell, theirs: Cell) -> bool:
    """Only shares are laid side by side, or counts of our own region: a country is always larger."""
    return ours.eenheid == theirs.eenheid and (ours.eenheid == "%" or ours.regio_code == theirs.regio_code)


def _row(release: ReleaseFiles, grade: str, ours: Cell, theirs: Cell) -> tuple[Value, ...]:
    name = release.definition(ours.indicator_id).get("naam", ours.indicator_id)
    place = theirs.regio_naam or theirs.regio_code
    return (
        Value(words.capital(name)),
        Value(ours.year),
        build.value(ours, release),
        build.value(theirs, release),
        Value(place if place in theirs.bron else f"{place} ({theirs.bron})"),
        Value(COMPARABLE[grade]),
    )


def _not_beside(reason: str, sources: Sequence[str]) -> str:
    names = list(dict.fromkeys(sources))
    publish = "publiceert" if len(names) == 1 else "publiceren"
    if len(sources) == 1:
        return f"{names[0]} {publish} een cijfer dat hierop lijkt. Het staat niet naast het onze, want {reason}."
    return f"{words.listed(names)} {publish} cijfers die hierop lijken. Die staan niet naast de onze, want {reason}."
