"""Doelen: every target with what became of it, the targets that no figure answers, and the figures without a target.

What belongs here: putting targets and their verdicts (core/derived, by way of the release) in words. What does not:
judging; a verdict is given once, in the release.
"""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from werkmonitor.report import words
from werkmonitor.report.model import Block, Link, Listing, Page, Paragraph, Section, Table, Value
from werkmonitor.report.pages import definitions
from werkmonitor.report.release_files import NORM, ReleaseFiles

Target = Mapping[str, Any]
KINDS = (
    (NORM, "normen", "Doelen", "Afgesproken doelen: wat de organisatie of haar gemeenten wilden halen."),
    (
        "begroot_aantal",
        "schattingen",
        "Geschatte aantallen in een begroting",
        "Een geschat aantal is geen doel: de begroting rekende ermee. Behaald betekent hier dat het aantal niet "
        "ongunstiger werd dan geschat.",
    ),
    (
        "benchmark",
        "vergelijking",
        "Vergelijking met anderen",
        "Een cijfer van anderen waarmee de organisatie zich vergelijkt. Behaald betekent hier: even goed of beter.",
    ),
)
AT_LEAST = {"hoger_is_beter": "ten minste", "lager_is_beter": "ten hoogste"}
TONES: dict[str, Value] = {
    "behaald": Value("behaald", tone="goed"),
    "niet behaald": Value("niet behaald", tone="let_op"),
    "niet te bepalen": Value("niet te bepalen", "woord"),
}


def page(release: ReleaseFiles) -> Page:
    measured = [target for target in release.targets if target["gemeten_met"]]
    sections = [_of_kind(release, measured, *kind) for kind in KINDS]
    return Page(
        "doelen.html",
        "Doelen",
        in_short(release) or "Welke doelen er zijn, en wat ervan geworden is.",
        tuple(section for section in (*sections, _unanswered(release), _without_target(release)) if section.blocks),
        "doelen",
    )


def in_short(release: ReleaseFiles) -> str:
    """How many norms of the newest year were reached, in one sentence."""
    norms = [target for target in release.targets if target["soort"] == NORM and is_over(target["periode"], release)]
    if not norms:
        return ""
    year = max(target["periode"][:4] for target in norms)
    found = Counter(target["uitkomst"] for target in norms if target["periode"][:4] == year)
    total = sum(found.values())
    if total == 1:
        return f"In {year} was er 1 doel: {next(iter(found))}."
    parts = [f"{words.number(found[outcome])} {outcome}" for outcome in TONES if found[outcome]]
    return f"Van de {words.number(total)} doelen voor {year}: {words.listed(parts)}."


def of_region(release: ReleaseFiles, region: str) -> Section:
    """The norms of one region beside what became of them, for the pages that tell its figures."""
    norms = [
        target
        for target in release.targets
        if target["regio_code"] == region and target["soort"] == NORM and target["status"] is not None
    ]
    found = table(release, "Doelen en wat ervan geworden is", norms, with_region=False)
    more = Listing(((Link("Alle doelen", "doelen.html"), "ook de geschatte aantallen en wat niet te meten is"),))
    return Section("doelen", "Zijn de doelen gehaald?", (found, more) if norms else ())


def _of_kind(release: ReleaseFiles, targets: Sequence[Target], kind: str, key: str, title: str, about: str) -> Section:
    found = [target for target in targets if target["soort"] == kind]
    several = any(target["regio_code"] != release.region for target in found)
    told = table(release, f"{title} en wat ervan geworden is", found, with_region=several)
    return Section(key, title, (Paragraph(about), told) if found else ())


def table(release: ReleaseFiles, caption: str, targets: Sequence[Target], *, with_region: bool) -> Table:
    """Targets with what became of them, the newest period first; within it by name."""
    ordered = sorted(targets, key=lambda target: (name_of(release, target), target["regio_code"]))
    ordered.sort(key=lambda target: target["periode"], reverse=True)
    place = ("Waar",) if with_region else ()
    columns = ("Cijfer", *place, "Periode", "Doel", "Geworden", "Oordeel", "Staat in")
    rows = tuple(_row(release, target, with_region) for target in ordered)
    return Table(caption, columns, rows, frozenset({columns.index("Geworden")}))


def _row(release: ReleaseFiles, target: Target, with_region: bool) -> tuple[Value, ...]:
    place = (Value(_place(release, target)),) if with_region else ()
    return (
        Value(name_of(release, target)),
        *place,
        Value(words.period(target["periode"])),
        Value(f"{aim(release, target)}{_allowed(target)}"),
        became(release, target),
        TONES[target["uitkomst"]],
        Value(_document(target)),
    )


def aim(release: ReleaseFiles, target: Target) -> str:
    """What was to be reached: ten minste 1.850, ten hoogste 22%."""
    return f"{AT_LEAST[target['richting']]} {_written(target['doel'], _unit(release, target))}"


def is_over(periode: str, release: ReleaseFiles) -> bool:
    """Has the last day of a period been counted?"""
    kind, number = periode[4:6], int(periode[6:8])
    month = {"JJ": 12, "KW": 3 * number, "MM": number}[kind]
    last = date(int(periode[:4]), month, monthrange(int(periode[:4]), month)[1])
    return last <= release.peildatum


def _allowed(target: Target) -> str:
    """How far beside the target is good enough."""
    return f", met {words.number(target['tolerantie_pct'])}% speling" if target["tolerantie_pct"] else ""


def became(release: ReleaseFiles, target: Target) -> Value:
    """The published figure that the target is about, or why there is none."""
    if target["waarde"] is not None:
        said = _written(target["waarde"], _unit(release, target))
        provisional = target["status"] in ("voorlopig", "nader_voorlopig")
        return Value(f"{said} ({words.STATUS_WORDS[target['status']]})" if provisional else said, "getal")
    if not is_over(target["periode"], release):
        return Value("nog niet om", "woord")
    if target["status"] is None:
        return Value("geen cijfer over deze periode", "woord")
    if target["status"] == "nog_niet_meetbaar" and target["meetbaar_vanaf"]:
        return Value(f"meetbaar vanaf {words.day(target['meetbaar_vanaf'])}", "woord")
    return Value(words.STATUS_WORDS[target["status"]], "woord")


def name_of(release: ReleaseFiles, target: Target) -> str:
    """The figure that a target is about, with the group where it is about one."""
    if not target["gemeten_met"]:
        return words.capital(words.indicator(target["indicator_id"]))
    name = words.capital(str(release.definition(target["gemeten_met"])["naam"]))
    if target["dimensie"] in (None, "totaal"):
        return name
    return f"{name}: {words.category(target['dimensie'], target['categorie'])}"


def _unit(release: ReleaseFiles, target: Target) -> str:
    return str(release.definition(target["gemeten_met"] or "").get("eenheid", ""))


def _written(value: float, unit: str) -> str:
    return words.amount(value, unit if unit in ("%", "EUR") else "")


def _place(release: ReleaseFiles, target: Target) -> str:
    if target["regio_code"] == release.region:
        return "hele organisatie"
    return str(target["regio_naam"] or release.regions.get(target["regio_code"], target["regio_code"]))


def _document(target: Target) -> str:
    page_of = f", {target['pagina']}" if target["pagina"] else ""
    return f"{target['document'] or 'niet genoemd'}{page_of}"


# ---- what does not meet


def _unanswered(release: ReleaseFiles) -> Section:
    """Targets without a figure: said, so that nobody thinks that they were forgotten or reached."""
    found: dict[str, list[Target]] = {}
    for target in release.targets:
        if not target["gemeten_met"]:
            found.setdefault(name_of(release, target), []).append(target)
    items = tuple((None, f"{name}: {_said_of(release, targets)}") for name, targets in sorted(found.items()))
    about = Paragraph(
        "Deze doelen zijn geleverd, maar er is geen cijfer voor. Of ze gehaald zijn, is hier niet te zeggen."
    )
    return Section("zonder-cijfer", "Doelen zonder cijfer", (about, Listing(items)) if items else ())


def _said_of(release: ReleaseFiles, targets: Sequence[Target]) -> str:
    parts = [f"{aim(release, target)} in {words.period(target['periode'])}" for target in targets]
    return f"{words.listed(parts)} ({words.listed(sorted({_document(target) for target in targets}))})."


def _without_target(release: ReleaseFiles) -> Section:
    """Measures that have a good and a bad side, of which nobody said how much is enough."""
    aimed = {target["gemeten_met"] for target in release.targets}
    blocks: list[Block] = []
    links = tuple(
        (Link(definitions.title(members), f"definities.html#{family}"), "")
        for family, members in definitions.families(release).items()
        if not aimed & {item["indicator_id"] for item in members}
        and members[0]["richting"] != "geen"
        and members[0].get("thema") != "afgeleid"
    )
    if links:
        blocks = [
            Paragraph("Van deze cijfers is te zeggen welke kant de goede is, maar er is geen doel voor geleverd."),
            Listing(links),
        ]
    return Section("zonder-doel", "Cijfers zonder doel", tuple(blocks))
