"""From accepted rows to persons: the cut at the peildatum, and every person with benefit, work and traits together.
No outcomes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property
from typing import Any

from werkmonitor.core.reference.dates import aow_day
from werkmonitor.core.reference.model import History, Parameters, Row
from werkmonitor.core.reference.spells import BenefitRow, Days, JobRow, Spell, covers, cut_end, merge_benefit

ONBEKEND = "onbekend"
TRAITS = {
    "geslacht": ("M", "V", "X", ONBEKEND),
    "statushouder": ("ja", "nee", ONBEKEND),
    "arbeidsbeperking": ("ja", "nee", ONBEKEND),
    "arbeidsvermogen": (ONBEKEND, "tijdelijk_onbemiddelbaar", "onder_wml", "wml_met_hulp", "wml_zelfstandig"),
}
YES, NO = {"ja", "j", "1", "true"}, {"nee", "n", "0", "false"}


@dataclass(frozen=True)
class TraitRow:
    """One accepted row of `kenmerk` after the cut."""

    kenmerk: str
    waarde: str
    begin: date
    eind: date | None
    bron_volgorde: int


@dataclass(frozen=True)
class Person:
    """One person as known on the peildatum."""

    persoon: str
    geboortedatum: date | None
    overlijdensdatum: date | None
    vertrekdatum: date | None
    traits: dict[str, str]
    dated_traits: tuple[TraitRow, ...]
    spells: tuple[Spell, ...]
    return_spells: tuple[Spell, ...]
    jobs: tuple[JobRow, ...]
    lks: tuple[Days, ...]
    sheltered: tuple[Days, ...]
    bronfout: bool
    gemeente_code: str | None = None
    doelgroepregister_begin: date | None = None
    doelgroepregister_eind: date | None = None

    @cached_property
    def aow_day(self) -> date | None:
        """Lezing §3: 'No geboortedatum: no AOW day.'"""
        return None if self.geboortedatum is None else aow_day(self.geboortedatum)

    def trait(self, kenmerk: str, day: date) -> str:
        """Lezing §3: with history for the trait the kenmerk row that covers d (latest begin, then bron order), else
        onbekend; without history the value of persoon.
        """
        history = [row for row in self.dated_traits if row.kenmerk == kenmerk]
        if not history:
            return self.traits.get(kenmerk, ONBEKEND)
        rows = [row for row in history if covers(row, day)]
        return max(rows, key=lambda row: (row.begin, -row.bron_volgorde)).waarde if rows else ONBEKEND


def trait_category(kenmerk: str, value: Any) -> str:
    """A delivered value as a category of the grid; what is no category reads onbekend."""
    if isinstance(value, bool):
        value = "ja" if value else "nee"
    text = ONBEKEND if value is None else str(value)
    if kenmerk in ("statushouder", "arbeidsbeperking"):
        text = "ja" if text.lower() in YES else "nee" if text.lower() in NO else ONBEKEND
    return text if text in TRAITS[kenmerk] else ONBEKEND


def known_until(day: date | None, peildatum: date) -> date | None:
    """'A death, departure or trait after it is unknown.'"""
    return None if day is None or day > peildatum else day


def rows_by_person(rows: Iterable[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row["persoon"]].append(row)
    return found


def benefit_rows(rows: Iterable[Row], regelingen: tuple[str, ...], peildatum: date) -> list[BenefitRow]:
    """The rows of the counted regelingen after the cut. 'TOZO is accepted and never counts as benefit, inflow or
    return.'
    """
    found = []
    for row in rows:
        if row["regeling"] not in regelingen or row["regeling"] == "TOZO" or row["begindatum"] > peildatum:
            continue
        eind = cut_end(row.get("einddatum"), peildatum)
        found.append(
            BenefitRow(
                dossier_id=str(row["dossier_id"]),
                regeling=row["regeling"],
                gemeente=row["gemeente_code"],
                begin=row["begindatum"],
                eind=eind,
                reden=None if eind is None else row.get("reden_einde"),
                leefvorm=None if row.get("leefvorm") is None else str(row["leefvorm"]),
            )
        )
    return found


def day_rows(rows: Iterable[Row], peildatum: date) -> list[Days]:
    """Rows with begindatum and einddatum after the cut; a row that never began (begindatum empty) is no row."""
    return [
        Days(row["begindatum"], cut_end(row.get("einddatum"), peildatum))
        for row in rows
        if row["begindatum"] is not None and row["begindatum"] <= peildatum
    ]


def job_rows(rows: Iterable[Row], peildatum: date) -> list[JobRow]:
    return [
        JobRow(
            soort=row["soort"],
            begin=row["begindatum"],
            eind=cut_end(row.get("einddatum"), peildatum),
            dienstverband_id=row["dienstverband_id"],
            contract=row.get("contract"),
            uren=row.get("uren_per_week"),
        )
        for row in rows
        if row["begindatum"] <= peildatum
    ]


def trait_rows(rows: Iterable[Row], peildatum: date) -> list[TraitRow]:
    return [
        TraitRow(
            row["kenmerk"],
            trait_category(row["kenmerk"], row["waarde"]),
            row["begindatum"],
            cut_end(row.get("einddatum"), peildatum),
            row.get("bron_volgorde", 0),
        )
        for row in rows
        if row["kenmerk"] in TRAITS and row["begindatum"] <= peildatum
    ]


def build_person(persoon: str, found: dict[str, dict[str, list[Row]]], parameters: Parameters) -> Person:
    """Everything that is known of one person on the peildatum. Of several persoon rows, that of the first source
    counts.
    """
    cut = parameters.peildatum
    own: Row = min(found["persoon"].get(persoon, []), key=lambda row: row.get("bron_volgorde", 0), default={})
    benefits, lks = found["uitkering"].get(persoon, []), found["lks"].get(persoon, [])
    sheltered = [row for row in lks if row["nieuw_beschut"]] + found["nieuw_beschut"].get(persoon, [])
    tolerance = parameters.onderbreking_dagen
    return Person(
        persoon=persoon,
        geboortedatum=own.get("geboortedatum"),
        overlijdensdatum=known_until(own.get("overlijdensdatum"), cut),
        vertrekdatum=known_until(own.get("vertrekdatum"), cut),
        traits={kenmerk: trait_category(kenmerk, own.get(kenmerk)) for kenmerk in TRAITS},
        dated_traits=tuple(trait_rows(found["kenmerk"].get(persoon, []), cut)),
        spells=tuple(merge_benefit(benefit_rows(benefits, parameters.regelingen, cut), tolerance)),
        return_spells=tuple(merge_benefit(benefit_rows(benefits, parameters.return_regelingen, cut), tolerance)),
        jobs=tuple(job_rows(found["dienstverband"].get(persoon, []), cut)),
        lks=tuple(day_rows(lks, cut)),
        sheltered=tuple(day_rows(sheltered, cut)),
        bronfout=any(
            row["entiteit"] in ("uitkering", "dienstverband") for row in found["quarantaine"].get(persoon, [])
        ),
        gemeente_code=own.get("gemeente_code"),
        doelgroepregister_begin=known_until(own.get("doelgroepregister_begin"), cut),
        doelgroepregister_eind=known_until(own.get("doelgroepregister_eind"), cut),
    )


def build_persons(history: History, parameters: Parameters) -> list[Person]:
    """Every person with an accepted uitkering row, in the order of the pseudonym."""
    found = gather(history)
    return [build_person(persoon, found, parameters) for persoon in sorted(found["uitkering"])]


def build_everyone(history: History, parameters: Parameters) -> dict[str, Person]:
    """Every person whom a row of any entity is about."""
    found = gather(history)
    everyone = {row["persoon"] for f in fields(History) for row in history.rows_of(f.name) if row.get("persoon")}
    return {persoon: build_person(persoon, found, parameters) for persoon in sorted(everyone)}


def gather(history: History) -> dict[str, dict[str, list[Row]]]:
    """The rows of which a Person is made, per entity and person."""
    entities = ("uitkering", "dienstverband", "persoon", "kenmerk", "lks", "nieuw_beschut", "quarantaine")
    return {entiteit: rows_by_person(history.rows_of(entiteit)) for entiteit in entities}
