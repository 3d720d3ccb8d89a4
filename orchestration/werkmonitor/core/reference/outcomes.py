"""What became of one outflow: population, traits, followable or not, durable or not, destination. One outflow at a
time, no counting.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from werkmonitor.core.reference.dates import ONE_DAY, add_months
from werkmonitor.core.reference.persons import ONBEKEND, TRAITS, Person
from werkmonitor.core.reference.spells import Spell, any_covers, merge_days, row_of_day, touches

REASON_GROUPS = {
    "werk": ("11", "13"),
    "onderwijs": ("01",),
    "andere_uitkering": ("14", "15"),
    "ander_inkomen": ("17", "18", "19"),
    "pensioen": ("03",),
    "overlijden": ("04",),
    "verhuizing": ("32", "33"),
    "handhaving": ("06", "07", "31", "34", "35"),
    "overig": ("02", "05", "97", "98"),
}
HORIZONS = (6, 12, 18)
POPULATIONS = ("alle", "werk_reden", "werk_polis", "werk_onderneming_onderwijs")
AGE_CLASSES = (("55+", 55), ("45-54", 45), ("35-44", 35), ("27-34", 27))
DURATION_CLASSES = (("5+", 60), ("2-5", 24), ("1-2", 12))
WORK = ("loondienst", "zelfstandig")


def reason_group(reden: str | None) -> str:
    """The reden-groep of a BUS code; 'empty or unknown: onbekend'."""
    for group, codes in REASON_GROUPS.items():
        if reden in codes:
            return group
    return ONBEKEND


def age_class(born: date | None, day: date) -> str:
    """Lezing §3: 27 or older when `geboortedatum + 324 months <= d`. Unknown geboortedatum: onbekend."""
    if born is None:
        return ONBEKEND
    for name, years in AGE_CLASSES:
        if add_months(born, years * 12) <= day:
            return name
    return "0-26"


def duration_class(begin: date, day: date) -> str:
    """'1-2: b + 12 months <= e + 1 day < b + 24 months', the others likewise."""
    for name, months in DURATION_CLASSES:
        if add_months(begin, months) <= day + ONE_DAY:
            return name
    return "0-1"


def traits_of_day(person: Person, spell: Spell, day: date) -> dict[str, str]:
    """The categories of the break-downs that stand, instroom and uitstroom share, on this day of the spell."""
    leefvorm = row_of_day(spell, day).leefvorm
    return {
        "leeftijd": age_class(person.geboortedatum, day),
        "uitkeringsduur": duration_class(spell.begin, day),
        "leefvorm": leefvorm if leefvorm in ("1", "2", "3", "4") else ONBEKEND,
        **{kenmerk: person.trait(kenmerk, day) for kenmerk in TRAITS},
    }


@dataclass(frozen=True)
class Outflow:
    """A merged spell that ended, with the person it belongs to."""

    person: Person
    spell: Spell
    e: date
    work_gap: int

    @cached_property
    def gemeente(self) -> str:
        """'Outflow for that on e.'"""
        return row_of_day(self.spell, self.e).gemeente

    @cached_property
    def dossier(self) -> str:
        return row_of_day(self.spell, self.e).dossier_id

    @cached_property
    def reason_group(self) -> str:
        return reason_group(self.spell.reden)

    @cached_property
    def month_later(self) -> date:
        return add_months(self.e, 1)

    @cached_property
    def traits(self) -> dict[str, str]:
        """The category of this outflow for each break-down of uitstroom and durability."""
        shared = traits_of_day(self.person, self.spell, self.e)
        return {
            **shared,
            "reden_groep": self.reason_group,
            "werk_na_uitstroom": self.work_kind,
            "uitkeringsduur x arbeidsvermogen": f"{shared['uitkeringsduur']} x {shared['arbeidsvermogen']}",
        }

    # -- work and benefit on a day ------------------------------------------------------------------------------------

    def has_work(self, day: date, soorten: tuple[str, ...] = WORK) -> bool:
        """'Rows of soort loondienst or zelfstandig, merged with gap 0': covered by one of them."""
        return any_covers([job for job in self.person.jobs if job.soort in soorten], day)

    def has_benefit(self, day: date) -> bool:
        """'For "no benefit" in the work measures, spells of regelingen_terugkeer count' (a filled gap counts)."""
        return any_covers(self.person.return_spells, day)

    def benefit_between(self, first: date, last: date) -> bool:
        return any(touches(spell, first, last) for spell in self.person.return_spells)

    # -- outflow to work ----------------------------------------------------------------------------------------------

    @cached_property
    def to_work_by_reason(self) -> bool:
        """uitstroom_werk_reden: reason group werk."""
        return self.reason_group == "werk"

    @cached_property
    def to_work_by_job(self) -> bool:
        """uitstroom_werk_polis: 'on e + 1 month the person has work in loondienst and no benefit, whatever the
        reason'.
        """
        return self.has_work(self.month_later, ("loondienst",)) and not self.has_benefit(self.month_later)

    @cached_property
    def to_work_by_income(self) -> bool:
        """uitstroom_werk_inkomen: loondienst or zelfstandig."""
        return self.has_work(self.month_later) and not self.has_benefit(self.month_later)

    @cached_property
    def reason_and_income_disagree(self) -> bool:
        """uitstroom_werk_verschil: 'outflow on which reden and inkomen disagree'."""
        return self.to_work_by_reason != self.to_work_by_income

    @cached_property
    def work_kind(self) -> str:
        """werk_na_uitstroom, lezing §3: on e + 1 month; without work onbekend, then nieuw_beschut, lks, regulier."""
        if not self.has_work(self.month_later):
            return ONBEKEND
        if any_covers(self.person.sheltered, self.month_later):
            return "nieuw_beschut"
        return "lks" if any_covers(self.person.lks, self.month_later) else "regulier"

    @cached_property
    def populations(self) -> frozenset[str]:
        member = {
            "alle": True,
            "werk_reden": self.to_work_by_reason,
            "werk_polis": self.to_work_by_job,
            "werk_onderneming_onderwijs": self.reason_group in ("werk", "onderwijs"),
        }
        return frozenset(name for name, belongs in member.items() if belongs)

    # -- return and what makes an outflow impossible to follow --------------------------------------------------------

    @cached_property
    def return_day(self) -> date | None:
        """Lezing §3: `greatest(begin, e + 1)` of the first spell of regelingen_terugkeer with an end after e."""
        later = [spell.begin for spell in self.person.return_spells if spell.eind is None or spell.eind > self.e]
        return max(min(later), self.e + ONE_DAY) if later else None

    def returned_before(self, day: date) -> bool:
        """'The person returned after e and before d.'"""
        return self.return_day is not None and self.return_day < day

    def lost_on(self, day: date | None, t: date) -> bool:
        """'On a day d with b < d <= t unless the person returned after e and before d.'"""
        return day is not None and self.spell.begin < day <= t and not self.returned_before(day)

    def not_followable(self, h: int) -> str | None:
        """reden_niet_volgbaar, the first that applies; None when the outflow can be followed to t."""
        t = add_months(self.e, h)
        aow = self.person.aow_day
        reasons = (
            ("bronfout", self.person.bronfout),
            ("overlijden", self.reason_group == "overlijden"),
            ("verhuizing", self.reason_group == "verhuizing"),
            ("pensioen", self.reason_group == "pensioen" or (aow is not None and aow <= t)),
            ("overlijden", self.lost_on(self.person.overlijdensdatum, t)),
            ("verhuizing", self.lost_on(self.person.vertrekdatum, t)),
        )
        return next((name for name, applies in reasons if applies), None)

    # -- durability ---------------------------------------------------------------------------------------------------

    def stayed_out(self, h: int) -> bool:
        """duurzaam_uit_uitkering_h: 'no merged spell of the person has a day in (e, t]'."""
        return not self.benefit_between(self.e + ONE_DAY, add_months(self.e, h))

    def works_at(self, h: int) -> bool:
        """duurzaam_werk_moment_h: 'on t the person has work and no benefit'."""
        t = add_months(self.e, h)
        return self.has_work(t) and not self.has_benefit(t)

    def worked_throughout(self, h: int) -> bool:
        """duurzaam_werk_onafgebroken_h: 'has work on e + 1 month and on t (gap 0), every day between lies in a
        werkperiode
        merged at werk_onderbreking_dagen, and no benefit day lies there'."""
        first, t = self.month_later, add_months(self.e, h)
        work = [job for job in self.person.jobs if job.soort in WORK]
        one_period = any(
            touches(period, first, first) and touches(period, t, t) for period in merge_days(work, self.work_gap)
        )
        return self.has_work(first) and self.has_work(t) and one_period and not self.benefit_between(first, t)

    def destination(self, h: int) -> str:
        """bestemming_h: 'where the outflow is on t, the first that applies'."""
        t = add_months(self.e, h)
        places = (
            ("niet_volgbaar", self.not_followable(h) is not None),
            ("uitkering_met_werk", self.has_benefit(t) and self.has_work(t)),
            ("uitkering", self.has_benefit(t)),
            ("werk_onafgebroken", self.worked_throughout(h)),
            ("werk_met_onderbreking", self.has_work(t)),
            ("uwv_uitkering", self.has_work(t, ("uwv_uitkering",))),
            ("geen_van_deze", True),
        )
        return next(name for name, applies in places if applies)


def durable(outflow: Outflow, measure: str, h: int) -> bool:
    """The numerator of the four durability measures, for an outflow that can be followed."""
    if measure == "duurzaam_uit_uitkering":
        return outflow.stayed_out(h)
    if measure == "duurzaam_werk_moment":
        return outflow.works_at(h)
    if measure == "duurzaam_werk_onafgebroken":
        return outflow.worked_throughout(h)
    return not outflow.stayed_out(h)
