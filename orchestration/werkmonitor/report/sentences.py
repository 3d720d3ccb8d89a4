"""Sentences about figures: answers, trends, comparisons, targets and what cannot be shown, in plain Dutch.

A sentence says no more than the cells it is made of. Difference is called difference only when it is more than chance
makes (statistics.py). Numbers and codes in words are in words.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from werkmonitor.report import statistics, words
from werkmonitor.report.release_files import Cell, ReleaseFiles, broken, latest_measured

SMALL_GROUP = 30  # fewer people than this: no comparison, and a warning beside the figure
# Units of counts that are masked because they are small, and of which chance makes some more or less. An amount, a
# sum of hours or a number of employers is hidden for other reasons, and differs without chance.
COUNTED = ("personen", "momenten", "uitkeringen", "plaatsingen", "beschikkingen")


def reason_not_shown(cell: Cell, release: ReleaseFiles, *, short: bool = False) -> str:
    """Why a cell has no figure, in words."""
    if cell.status == "onderdrukt":
        if release.rounded and cell.eenheid in COUNTED:
            return f"minder dan {release.threshold}"
        return "niet getoond" if short else "niet getoond om herleiding tot personen te voorkomen"
    if cell.status == "nog_niet_meetbaar" and cell.meetbaar_vanaf and not short:
        return f"nog niet meetbaar, vanaf {words.day(cell.meetbaar_vanaf)} wel"
    if cell.status == "nvt" and cell.noemer == 0:
        return "niemand om te volgen" if short else "niet van toepassing: er was niemand om te volgen"
    return words.STATUS_WORDS.get(cell.status, cell.status.replace("_", " "))


def newest_with_trend(cells: Sequence[Cell], release: ReleaseFiles) -> str:
    """The newest measured year and how it compares with years before."""
    newest = latest_measured(cells)
    if newest is None:
        return ""
    return f"In {newest.year}: {figure(newest, release)}. {trend(cells, release)}".strip()


def figure(cell: Cell, release: ReleaseFiles, *, short: bool = True) -> str:
    """A cell as a table shows it: the number with its unit, or the reason why there is none."""
    if cell.waarde is None:
        return reason_not_shown(cell, release, short=short)
    text = plain_number(cell)
    return f"{text} ({words.STATUS_WORDS[cell.status]})" if cell.provisional else text


def plain_number(cell: Cell) -> str:
    """A shown figure as a number; only percent and euro stand beside it."""
    value = cell.waarde or 0.0
    return words.amount(value, cell.eenheid if cell.eenheid in ("%", "EUR") else "")


def with_unit(cell: Cell, release: ReleaseFiles) -> str:
    """A figure with what it counts, and whether it may still change; or the reason why there is none."""
    if cell.waarde is None:
        return reason_not_shown(cell, release)
    said = words.amount(cell.waarde, cell.eenheid)
    return f"{said} ({words.STATUS_WORDS[cell.status]})" if cell.provisional else said


def by_chance(cell: Cell) -> bool:
    """Is this a count or a share of people, that chance makes somewhat more or less? A mean or an amount is not."""
    return cell.eenheid in COUNTED or (cell.eenheid == "%" and cell.teller is not None)


def apart(new: Cell, old: Cell) -> str:
    """How far two figures are apart, without a word on chance: 12 dagen meer; nothing when they read the same."""
    difference = (new.waarde or 0.0) - (old.waarde or 0.0)
    if plain_number(new) == plain_number(old):
        return ""
    high = new.eenheid in ("%", "rapportcijfer")
    more, less = ("hoger", "lager") if high else ("meer", "minder")
    size = words.points(difference) if new.eenheid == "%" else words.amount(abs(difference), new.eenheid)
    return f"{size} {more if difference > 0 else less}"


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
    if small(cell):
        return (
            f"Dit is een kleine groep: door toeval en afronding kan het cijfer ergens tussen {low} en {high}% liggen. "
            "Trek er geen conclusie uit."
        )
    return (
        f"Bij een groep van deze grootte kan toeval het cijfer tussen {low} en {high}% brengen. Een verschil "
        "daarbinnen zegt weinig."
    )


def small(cell: Cell) -> bool:
    """Is this a share of so few that rounding and chance decide what it is?"""
    return cell.eenheid == "%" and cell.noemer is not None and cell.noemer < SMALL_GROUP


def differs(first: Cell, second: Cell) -> bool | None:
    """Do two cells differ more than chance makes? None: that cannot be said."""
    if not (first.shown and second.shown) or small(first) or small(second):
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
    if parted := broken(cells):
        years = words.listed([cell.year for cell in parted])
        parts.append(
            f"Let op: er is een breuk in de reeks in {years}; cijfers van voor en na de breuk zijn niet hetzelfde "
            "gemeten."
        )
    return " ".join(parts)


def _against(new: Cell, old: Cell) -> str:
    if not old.shown:
        return f"Het cijfer van {old.year} is niet getoond."
    if not by_chance(new):
        return _plainly_against(new, old)
    difference = (new.waarde or 0.0) - (old.waarde or 0.0)
    rate = new.eenheid == "%"
    was = words.percent(old.waarde or 0.0) if rate else words.number(old.waarde)
    apart = differs(new, old)
    if apart is None:
        return f"Te weinig mensen om met {old.year} te vergelijken ({was})."
    if not apart:
        return f"Ongeveer gelijk aan {old.year} ({was})."
    more, less = ("hoger", "lager") if rate else ("meer", "minder")
    size = words.points(difference) if rate else words.number(abs(difference))
    return f"{size} {more if difference > 0 else less} dan in {old.year} ({was})."


def _plainly_against(new: Cell, old: Cell) -> str:
    """A mean or an amount beside an earlier one; of very few people nothing is said."""
    was = words.amount(old.waarde or 0.0, old.eenheid)
    if any(cell.noemer is not None and cell.noemer < SMALL_GROUP for cell in (new, old)):
        return f"Te weinig mensen om met {old.year} te vergelijken ({was})."
    found = apart(new, old)
    return f"Dat is {found} dan in {old.year} ({was})." if found else f"Gelijk aan {old.year} ({was})."


def spread(release: ReleaseFiles, indicator: str, periode: str) -> str:
    """How the gemeenten lie apart, naming the ends."""
    whole = next((c for c in release.cells(indicator) if c.periode == periode), None)
    found, apart = [], []
    for code, name in release.regions.items():
        cell = next((c for c in release.cells(indicator, code) if c.periode == periode), None)
        if cell is not None and cell.shown:
            found.append((cell.waarde or 0.0, name))
            if whole is not None and differs(cell, whole):
                apart.append(name)
    if len(found) < 2:
        return ""
    low, high = min(found), max(found)
    if low[0] == high[0]:
        return f"In alle gemeenten met een cijfer is het {words.percent(low[0])}."
    hidden = len(release.regions) - len(found)
    rest = f" Van {words.plural(hidden, 'gemeente is', 'gemeenten is')} geen cijfer te tonen." if hidden else ""
    ends = f"van {words.percent(low[0])} ({low[1]}) tot {words.percent(high[0])} ({high[1]})"
    return f"Per gemeente loopt het {ends}. {_apart(apart)}{rest}"


def _apart(names: Sequence[str]) -> str:
    """Which gemeenten differ more than chance makes."""
    if not names:
        return "Die verschillen kunnen toeval zijn."
    return f"Meer dan door toeval wijkt af: {words.listed(names)}."


def against_organisation(cell: Cell | None, whole: Cell | None, release: ReleaseFiles) -> str:
    """A gemeente beside the whole organisation."""
    if cell is None or whole is None or not (cell.shown and whole.shown):
        return ""
    value = words.percent(whole.waarde or 0.0)
    apart = differs(cell, whole)
    if apart is None:
        return f"De groep is te klein om met de hele organisatie ({value}) te vergelijken."
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
    """A target with the verdict that the release gives (core/derived): given once, said wherever it matters."""
    said = f"Het doel voor {cell.year} was {words.amount(norm['doel'], cell.eenheid if cell.eenheid == '%' else '')}"
    if norm["waarde"] is None:
        return f"{said}. Of het gehaald is, is niet te bepalen."
    allowed = norm.get("tolerantie_pct") or 0.0
    margin_said = f" (met {words.number(allowed)}% speling)" if allowed else ""
    return f"{said}{margin_said}: {norm['uitkomst']}."


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
    """What in a chart is not there yet, in one sentence; series that wait for the same days are told together."""
    waiting = {name: [c for c in cells if c.status == "nog_niet_meetbaar"] for name, cells in series.items() if cells}
    days = {tuple((cell.year, cell.meetbaar_vanaf) for cell in cells) for cells in waiting.values()}
    if len(days) == 1:
        together = next(iter(days))
        said = [f"{year} (dat kan vanaf {words.day(day)})" for year, day in together]
        return f"Nog niet meetbaar: {words.listed(said)}." if together else ""
    parts = [f"{name} van {words.listed([c.year for c in cells])}" for name, cells in waiting.items() if cells]
    return f"Nog niet meetbaar: {'; '.join(parts)}. In de tabel staat vanaf wanneer wel."


def passed_and_failed(outcome: Mapping[str, int]) -> str:
    """How many checks were carried out and what came of them."""
    passed, failed = outcome.get("PASS", 0), outcome.get("FAIL", 0)
    if not failed:
        return f"Alle {words.number(passed)} uitgevoerde controles zijn geslaagd."
    return f"Van de {words.number(passed + failed)} uitgevoerde controles {_did_not(failed)}."


def _did_not(failed: int) -> str:
    return "is er 1 niet geslaagd" if failed == 1 else f"zijn er {words.number(failed)} niet geslaagd"
