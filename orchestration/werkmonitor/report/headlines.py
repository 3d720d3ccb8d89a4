"""The headlines: the answers to the questions that every council asks, for the organisation or a gemeente.

Which measures are headlines and how each is told stands here; the general sentences are in sentences.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from werkmonitor.report import sentences, words
from werkmonitor.report.model import Link, Statement
from werkmonitor.report.release_files import Cell, ReleaseFiles, latest_measured


@dataclass(frozen=True)
class Told:
    """How a share is told. `{jaar}` is the year of outflow; the sentence follows on '8 van de 10 mensen'."""

    key: str
    indicator: str
    title: str
    sentence: str
    unknown: str
    page: str


OUT = Told(
    "uit-uitkering",
    "duurzaam_uit_uitkering_12__alle",
    "Uit de uitkering gebleven",
    "die in {jaar} uit de uitkering gingen, bleven er minstens een jaar uit.",
    "Hoeveel mensen minstens een jaar uit de uitkering bleven",
    "duurzaamheid.html",
)
AT_WORK = Told(
    "aan-het-werk",
    "duurzaam_werk_onafgebroken_12__werk_polis",
    "Aan het werk gebleven",
    "die in {jaar} uit de uitkering in loondienst gingen werken, hadden een jaar later nog steeds werk, zonder "
    "onderbreking.",
    "Hoeveel mensen die gingen werken een jaar later nog steeds werk hadden",
    "duurzaamheid.html",
)
BACK = Told(
    "terug",
    "herinstroom_12__alle",
    "Terug in de uitkering",
    "die in {jaar} uit de uitkering gingen, kwamen binnen een jaar terug.",
    "Hoeveel mensen binnen een jaar terugkwamen in de uitkering",
    "uitstroom-en-herinstroom.html",
)
BACK_AFTER_WORK = Told(
    "terug-na-werk",
    "herinstroom_12__werk_polis",
    "Terug na werk",
    "die in {jaar} uit de uitkering in loondienst gingen werken, kwamen binnen een jaar terug in de uitkering.",
    "Hoeveel mensen die gingen werken binnen een jaar terugkwamen",
    "uitstroom-en-herinstroom.html",
)


def statement(told: Told, release: ReleaseFiles, region: str | None = None, *, link: bool = True) -> Statement | None:
    """The headline with its facts; None when the release does not have this measure at all."""
    cells = release.cells(told.indicator, region)
    if not cells:
        return None
    newest = latest_measured(cells)
    more = Link("Lees verder", told.page) if link else None
    if newest is None:
        return Statement(told.key, told.title, "Nog niet te zeggen", _not_measured(told, cells, release), (), more)
    if not newest.shown:
        said = f"{told.unknown}, is voor {newest.year} {sentences.reason_not_shown(newest, release)}."
        return Statement(told.key, told.title, "Niet getoond", said, _facts(cells, newest, release, region), more)
    share = sentences.share_in_words(newest, release)
    roughly = "ongeveer " if sentences.small(newest) and not share.startswith("ongeveer") else ""
    answer = f"{words.capital(roughly + share)} mensen"
    said = told.sentence.format(jaar=newest.year)
    return Statement(told.key, told.title, answer, said, _facts(cells, newest, release, region), more)


def in_short(told: Told, release: ReleaseFiles) -> str:
    """The answer as one running sentence; nothing when there is no figure to show."""
    newest = latest_measured(release.cells(told.indicator))
    if newest is None or not newest.shown:
        return ""
    share = words.capital(sentences.share_in_words(newest, release))
    return f"{share} mensen {told.sentence.format(jaar=newest.year)}"


def _not_measured(told: Told, cells: Sequence[Cell], release: ReleaseFiles) -> str:
    return f"{told.unknown}, is {sentences.reason_not_shown(cells[0], release)}."


def _facts(
    cells: Sequence[Cell], newest: Cell, release: ReleaseFiles, region: str | None
) -> tuple[tuple[str, str], ...]:
    """What stands beside the answer, in a fixed order; what there is nothing to say of is left out."""
    if region is None:
        beside = sentences.spread(release, newest.indicator_id, newest.periode)
    else:
        whole = next((c for c in release.cells(newest.indicator_id) if c.periode == newest.periode), None)
        beside = sentences.against_organisation(newest, whole, release)
    facts = (
        ("Aantallen", sentences.counts(newest, release) if newest.shown else ""),
        ("Toeval", sentences.margin(newest)),
        ("Ontwikkeling", sentences.trend(cells, release)),
        ("Vergelijking", beside),
        ("Doel", sentences.target(release, newest)),
        ("Status", sentences.state(cells, newest)),
    )
    return tuple((label, text) for label, text in facts if text)


KEY_COUNTS = (
    ("stand_personen", "Mensen met een uitkering, eind van het jaar"),
    ("instroom", "Keer dat een uitkering begon"),
    ("uitstroom", "Keer dat een uitkering eindigde"),
    ("uitstroom_werk_reden", "Daarvan met werk als reden"),
    ("uitstroom_werk_polis", "Daarvan een maand later in loondienst, zonder uitkering"),
)
KEY_SHARES = (
    ("duurzaam_uit_uitkering_6__alle", "Een half jaar uit de uitkering gebleven"),
    ("duurzaam_uit_uitkering_12__alle", "Een jaar uit de uitkering gebleven"),
    ("duurzaam_uit_uitkering_18__alle", "Anderhalf jaar uit de uitkering gebleven"),
    ("duurzaam_werk_moment_12__werk_polis", "Na werk: een jaar later aan het werk"),
    ("duurzaam_werk_onafgebroken_12__werk_polis", "Na werk: een jaar lang zonder onderbreking aan het werk"),
    ("herinstroom_12__alle", "Binnen een jaar terug in de uitkering"),
)


def change_in_words(cells: Sequence[Cell], newest: Cell, release: ReleaseFiles) -> str:
    """The newest year against the one before, in a few words."""
    before = [cell for cell in cells if cell.periode < newest.periode]
    if not before or not newest.shown or not before[-1].shown:
        return "niet te vergelijken"
    if newest.reeksbreuk:
        return "niet te vergelijken: breuk in de reeks"
    old = before[-1]
    if not sentences.by_chance(newest):
        found = sentences.apart(newest, old)
        return f"{found} dan in {old.year}" if found else f"gelijk aan {old.year}"
    difference = (newest.waarde or 0.0) - (old.waarde or 0.0)
    apart = sentences.differs(newest, old)
    if apart is None:
        return "te weinig mensen om te vergelijken"
    if not apart:
        return f"ongeveer gelijk aan {old.year}"
    rate = newest.eenheid == "%"
    more, less = ("hoger", "lager") if rate else ("meer", "minder")
    size = words.points(difference) if rate else words.number(abs(difference))
    return f"{size} {more if difference > 0 else less} dan in {old.year}"
