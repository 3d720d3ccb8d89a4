"""Item 7 of contract 2: loonkostensubsidie as decisions, as stand, in loonwaarde and in euro per calendar day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from werkmonitor.core.reference.anderen import read_list, share_of_published
from werkmonitor.core.reference.dates import ONE_DAY, Period, add_months
from werkmonitor.core.reference.grid import Dimensions, Needs, Number, Place, World, amount, exact, mean
from werkmonitor.core.reference.kinds import (
    Counted,
    KindRow,
    Members,
    counted_cells,
    kind_rows,
    number_cells,
    person_cells,
    stand,
)
from werkmonitor.core.reference.model import Cell

LKS: Needs = ("lks",)
SOORT: Dimensions = {"lks_soort": ("regulier", "nieuw_beschut")}
MONTHS_OF_AN_HOURLY_WAGE = 12 / 52


def decisions(world: World) -> list[KindRow]:
    return kind_rows(world.history.lks, "beschikking_id", world.parameters.peildatum)


def counted(world: World, row: KindRow, day: date) -> Counted:
    """A decision, where its person lives on that day."""
    soort = "nieuw_beschut" if row["nieuw_beschut"] else "regulier"
    return Counted(world.gemeente_of(row.persoon, day), row.persoon, {"lks_soort": soort}, row)


def granted(world: World) -> Members:
    found = [counted(world, row, row.begin) for row in decisions(world)]
    return lambda periode: [one for one in found if periode.holds(one.item.begin)]


def standing(world: World, rows: list[KindRow]) -> Members:
    return lambda periode: [counted(world, one.row, periode.last) for one in stand(rows, periode.last)]


def decision_cells(world: World) -> list[Cell]:
    """lks_verstrekkingen, lks_personen, lks_stand, lks_dichtheid."""
    rows, begun = decisions(world), granted(world)
    outside = standing(world, [row for row in rows if not row["nieuw_beschut"]])

    def density(place: Place, here: list[Counted]) -> Number:
        return share_of_published(world, len(here), "doelgroepregister", "lks", place)

    return [
        *counted_cells(world, "lks_verstrekkingen", "beschikkingen", "JJ KW", LKS, begun, SOORT),
        *person_cells(world, "lks_personen", "JJ", LKS, begun),
        *counted_cells(world, "lks_stand", "personen", "JJ KW", LKS, standing(world, rows), SOORT),
        *number_cells(world, "lks_dichtheid", "%", "JJ KW", LKS, outside, density),
    ]


def wage_value_cells(world: World) -> list[Cell]:
    """gemiddelde_loonwaarde, plain and weighted by hours: 'of these the stand of persons and the row of P'."""
    rows = [
        row
        for row in decisions(world)
        if not row["forfaitair"] and not row["nieuw_beschut"] and row["loonwaarde"] is not None
    ]

    def plain(place: Place, here: list[Counted]) -> Number:
        return mean((exact(one.item["loonwaarde"]) for one in here), world.settled(place.periode.last))

    def weighted(place: Place, here: list[Counted]) -> Number:
        used = [one.item for one in here if one.item["uren_per_week"]]
        if not used:
            return Number("nvt")
        hours = [exact(row["uren_per_week"]) for row in used]
        total = sum(exact(row["loonwaarde"]) * uren for row, uren in zip(used, hours, strict=True))
        return Number(world.settled(place.periode.last), waarde=float(total / sum(hours)), noemer=len(used))

    members = standing(world, rows)
    return [
        *number_cells(world, "gemiddelde_loonwaarde", "%", "JJ KW", LKS, members, plain),
        *number_cells(world, "gemiddelde_loonwaarde_uren", "%", "JJ KW", LKS, members, weighted),
    ]


# -- euro a day -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Wage:
    """One row of the list of minimum wages."""

    geldig_van: date
    leeftijd: int
    per: str
    bedrag: float


@cache
def wages() -> tuple[Wage, ...]:
    rows = read_list("wml")
    return tuple(
        Wage(date.fromisoformat(r["geldig_van"]), int(r["leeftijd"]), r["per"], float(r["bedrag"])) for r in rows
    )


@cache
def factor(naam: str, day: date) -> float:
    """The factor of this name in force on a day; before the first one of the list: none, so 0."""
    rows = [r for r in read_list("lks_factor") if r["naam"] == naam and date.fromisoformat(r["geldig_van"]) <= day]
    return float(max(rows, key=lambda r: r["geldig_van"])["waarde"]) if rows else 0.0


def age_on(born: date | None, day: date) -> int | None:
    """Whole years: the largest n with `born + 12 n months <= day`."""
    if born is None:
        return None
    years = day.year - born.year
    return years if add_months(born, years * 12) <= day else years - 1


@cache
def wages_of(day: date) -> tuple[Wage, ...]:
    """The list in force on a day, youngest first."""
    known = [wage for wage in wages() if wage.geldig_van <= day]
    newest = max((wage.geldig_van for wage in known), default=day)
    return tuple(sorted((w for w in known if w.geldig_van == newest), key=lambda wage: wage.leeftijd))


def hourly_wage(day: date, age: int | None, normal_week: float) -> float | None:
    """'The row of the list with the highest age not above it (unknown: the highest; younger than 15: as 15); before
    2024 WML per month x 12 / 52 / normale_arbeidsduur.'
    """
    of_day = wages_of(day)
    if not of_day:
        return None
    not_above = [wage for wage in of_day if age is None or wage.leeftijd <= age]
    wage = not_above[-1] if not_above else of_day[0]
    return wage.bedrag if wage.per == "uur" else wage.bedrag * MONTHS_OF_AN_HOURLY_WAGE / normal_week


def subsidy_share(row: KindRow, day: date) -> float | None:
    """'min(0.70, 1 - loonwaarde/100), not below 0; forfaitair 0.50.' None: neither is known."""
    if row["forfaitair"]:
        return factor("forfaitair", day)
    if row["loonwaarde"] is None:
        return None
    return max(0.0, min(factor("maximum", day), 1 - float(row["loonwaarde"]) / 100))


def amount_of_day(world: World, row: KindRow, day: date) -> float | None:
    """'uurloon x uren_per_week x 52 / 365 x 1.08 x share x 1.235.' None: 'no amount'."""
    age = age_on(world.people[row.persoon].geboortedatum, day)
    wage, share = hourly_wage(day, age, world.parameters.normale_arbeidsduur), subsidy_share(row, day)
    if wage is None or share is None or row["uren_per_week"] is None:
        return None
    base = wage * float(row["uren_per_week"]) * factor("weken", day) / factor("dagen", day)
    return base * factor("vakantietoeslag", day) * share * factor("werkgeverslasten", day)


def amounts_per_month(world: World) -> dict[tuple[int, int], list[Counted]]:
    """Year and month → what is paid on each of its days, by gemeente of the person on that day."""
    found: dict[tuple[int, int], list[Counted]] = {}
    for row in decisions(world):
        day, last = row.begin, row.eind or world.parameters.peildatum
        while day <= last:
            paid = amount_of_day(world, row, day)
            if paid is not None:
                one = Counted(world.gemeente_of(row.persoon, day), row.persoon, item=paid)
                found.setdefault((day.year, day.month), []).append(one)
            day += ONE_DAY
    return found


def amount_cells(world: World) -> list[Cell]:
    """lks_bedrag: 'over every day of the period on which a row runs'."""
    paid = amounts_per_month(world)

    def members(periode: Period) -> list[Counted]:
        return [
            one
            for (year, month), days in paid.items()
            if periode.first <= date(year, month, 1) <= periode.last
            for one in days
        ]

    def number_of(place: Place, here: list[Counted]) -> Number:
        return amount(exact(sum(one.item for one in here)), world.settled(place.periode.last))

    return number_cells(world, "lks_bedrag", "EUR", "JJ KW", LKS, members, number_of)
