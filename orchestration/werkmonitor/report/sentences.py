"""Sentences about figures: answers, trends, comparisons, targets and what cannot be shown, in plain Dutch.

A sentence says no more than the cells it is made of. Difference is called difference only when it is more than chance
makes (statistics.py). Numbers and codes in words are in words.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from werkmonitor.report import statistics, words
from werkmonitor.report.release_files import Cell, ReleaseFiles, latest_measured


def reason_not_shown(cell: Cell, release: ReleaseFiles, *, short: bool = False) -> str:
    """Why a cell has no figure, in words."""
    if cell.status == "onderdrukt":
        if release.rounded and cell.eenheid != "%":
            return f"minder dan {release.threshold}"
        return "niet getoond" if short else "niet getoond om herleiding tot personen te voorkomen"
    if cell.status == "nog_niet_meetbaar" and cell.meetbaar_vanaf and not short:
        return f"nog niet meetbaar, vanaf {words.day(cell.meetbaar_vanaf)} wel"
    if cell.status == "nvt" and cell.noemer == 0:
        return "niemand om te volgen" if short else "niet van toepassing: er was niemand om te volgen"
    return words.STATUS_WORDS.get(cell.status, cell.status.replace("_", " "))


def figure(cell: Cell, release: ReleaseFiles, *, short: bool = True) -> str:
    """A cell as a table shows it: the number with its unit, or the reason why there is none."""
    if cell.waarde is None:
        return reason_not_shown(cell, release, short=short)
    text = words.percent(cell.waarde) if cell.eenheid == "%" else words.number(cell.waarde)
    return f"{text} ({words.STATUS_WORDS[cell.status]})" if cell.provisional else text


def share_in_words(cell: Cell, release: ReleaseFiles) -> str:
    return words.share(cell.waarde or 0.0, cell.teller, cell.noemer, rounded=release.rounded)


def counts(cell: Cell, release: ReleaseFiles) -> str:
    """The numbers behind a share."""
    if cell.pair is None:
        return "De aantallen zijn niet getoond om herleiding tot personen te voorkomen."
    rounded = ", afgerond op vijftallen" if release.rounded else ""
    lost = ""
    if cell.n_niet_volgbaar:
        lost = f" Nog {words.number(cell.n_niet_volgbaar)} waren niet te volgen en tellen niet mee."
    return (
        f"{words.number(cell.teller)} van de {words.number(cell.noemer)} "
        f"({words.percent(cell.waarde or 0.0)}){rounded}.{lost}"
    )


def margin(cell: Cell) -> str:
    """The 95% margin of a share in words."""
    if cell.pair is None:
        return ""
    found = statistics.wilson(*cell.pair)
    if found is None:
        return ""
    low, high = (words.dutch_number(round(value)) for value in found)
    return (
        f"Bij een groep van deze grootte kan toeval het cijfer tussen {low} en {high}% brengen. Een verschil "
        "daarbinnen zegt weinig."
    )


def differs(first: Cell, second: Cell) -> bool | None:
    """Do two cells differ more than chance makes? None: that cannot be said."""
    if not (first.shown and second.shown):
        return None
    if first.eenheid == "%":
        return statistics.shares_differ(first.pair, second.pair) if first.pair and second.pair else None
    return statistics.counts_differ(first.waarde or 0.0, second.waarde or 0.0)


def trend(cells: Sequence[Cell], release: ReleaseFiles) -> str:
    """The newest measured year against the one before and against five years before."""
    newest = latest_measured(cells)
    if newest is None or not newest.shown:
        return ""
    measured = [cell for cell in cells if cell.periode < newest.periode]
    parts = []
    if measured:
        parts.append(_against(newest, measured[-1]))
    if len(measured) >= 5:
        parts.append(_against(newest, measured[-5]))
    broken = [cell for cell in cells if cell.reeksbreuk]
    if broken:
        years = words.listed([cell.year for cell in broken])
        parts.append(
            f"Let op: er is een breuk in de reeks in {years}; cijfers van voor en na de breuk zijn niet hetzelfde "
            "gemeten."
        )
    return " ".join(parts)


def _against(new: Cell, old: Cell) -> str:
    if not old.shown:
        return f"Het cijfer van {old.year} is niet getoond."
    difference = (new.waarde or 0.0) - (old.waarde or 0.0)
    was = words.percent(old.waarde or 0.0) if new.eenheid == "%" else words.number(old.waarde)
    if not differs(new, old):
        return f"Dat is ongeveer gelijk aan {old.year} ({was})."
    how = "meer" if difference > 0 else "minder"
    size = words.points(difference) if new.eenheid == "%" else words.number(abs(difference))
    return f"Dat is {size} {how} dan in {old.year} ({was})."


def spread(release: ReleaseFiles, indicator: str, periode: str) -> str:
    """How the gemeenten lie apart, naming the ends."""
    found = []
    for code, name in release.regions.items():
        cell = next((c for c in release.cells(indicator, code) if c.periode == periode), None)
        if cell is not None and cell.shown:
            found.append((cell.waarde or 0.0, name))
    if len(found) < 2:
        return ""
    low, high = min(found), max(found)
    if low[0] == high[0]:
        return f"In alle gemeenten met een cijfer is het {words.percent(low[0])}."
    hidden = len(release.regions) - len(found)
    rest = f" Van {words.plural(hidden, 'gemeente is', 'gemeenten is')} geen cijfer te tonen." if hidden else ""
    return (
        f"Per gemeente loopt het van {words.percent(low[0])} ({low[1]}) tot {words.percent(high[0])} ({high[1]}).{rest}"
    )


def against_organisation(cell: Cell | None, whole: Cell | None, release: ReleaseFiles) -> str:
    """A gemeente beside the whole organisation."""
    if cell is None or whole is None or not (cell.shown and whole.shown):
        return ""
    value = words.percent(whole.waarde or 0.0)
    apart = differs(cell, whole)
    if not apart:
        return f"Ongeveer gelijk aan de hele organisatie ({value}); het verschil valt binnen het toeval."
    how = "Hoger" if (cell.waarde or 0.0) > (whole.waarde or 0.0) else "Lager"
    return f"{how} dan in de hele organisatie ({value}); het verschil is groter dan het toeval."


def target(release: ReleaseFiles, cell: Cell) -> str:
    """The figure against its norm: behaald, niet behaald or niet te bepalen."""
    norm = release.target(cell.indicator_id, cell.regio_code, cell.periode)
    if norm is None:
        return "Voor dit cijfer is geen doel geleverd."
    return judged(cell, norm)


def judged(cell: Cell, norm: Mapping[str, Any]) -> str:
    aim, allowed = float(norm["waarde"]), float(norm.get("tolerantie_pct") or 0.0)
    unit = "%" if cell.eenheid == "%" else ""
    said = f"Het doel voor {cell.year} was {words.number(aim)}{unit}"
    if not cell.shown:
        return f"{said}. Of het gehaald is, is niet te bepalen."
    upward = norm["richting"] == "hoger_is_beter"
    border = aim * (1 - allowed / 100) if upward else aim * (1 + allowed / 100)
    reached = (cell.waarde or 0.0) >= border if upward else (cell.waarde or 0.0) <= border
    margin_said = f" (met {words.number(allowed)}% speling)" if allowed else ""
    return f"{said}{margin_said}: {'behaald' if reached else 'niet behaald'}."


def state(cells: Sequence[Cell], cell: Cell) -> str:
    """Status of a figure, and from when the next one can be measured."""
    said = {
        "definitief": "Definitief cijfer.",
        "voorlopig": "Voorlopig cijfer: registraties over deze periode kunnen nog wijzigen.",
        "nader_voorlopig": "Nader voorlopig cijfer: het kan nog wijzigen.",
        "onderdrukt": "Niet getoond om herleiding tot personen te voorkomen.",
    }.get(cell.status, "")
    waiting = [c for c in cells if c.status == "nog_niet_meetbaar" and c.periode > cell.periode]
    if waiting:
        next_one = waiting[0]
        said += f" {next_one.year} is nog niet meetbaar"
        said += f"; dat kan vanaf {words.day(next_one.meetbaar_vanaf)}." if next_one.meetbaar_vanaf else "."
    return said.strip()


def not_yet(series: Mapping[str, Sequence[Cell]]) -> str:
    """What in a chart is not there yet, in one sentence: '12 maanden: 2024 (vanaf 31 maart 2026)'."""
    parts = []
    for name, cells in series.items():
        waiting = [cell for cell in cells if cell.status == "nog_niet_meetbaar"]
        if waiting:
            said = [f"{cell.year} (vanaf {words.day(cell.meetbaar_vanaf)})" for cell in waiting]
            parts.append(f"{name}: {words.listed(said)}")
    return f"Nog niet meetbaar – {'; '.join(parts)}." if parts else ""
