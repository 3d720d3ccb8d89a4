"""Item 14 of contract 2: budget, baten and lasten, settlement, and benefits per household and inhabitant. Accounts are
of no person: numbers as they were delivered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction

from werkmonitor.core.reference.anderen import share_of_published
from werkmonitor.core.reference.grid import (
    BENEFIT,
    Dimensions,
    Needs,
    Number,
    Place,
    World,
    amount,
    break_downs,
    exact,
)
from werkmonitor.core.reference.model import Cell, Row

FINANCIEN: Needs = ("financien",)
PARTS: Dimensions = {"onderdeel": ("werk", "sw")}
ALL_PARTS = "totaal"
REALISED, BUDGETED = "realisatie", "begroot"
Amount = Fraction | None


def rows_of(world: World, place: Place, post: str, soort: str) -> list[Row]:
    year = place.periode.first.year
    return [r for r in world.history.financien if (r["jaar"], r["post"], r["soort"]) == (year, post, soort)]


def summed(rows: Iterable[Row], onderdeel: str | None, value: Callable[[Row], Fraction]) -> Amount:
    """The sum over products of one region: of one onderdeel, or 'totaal where present, else the sum of werk and sw'."""
    found = list(rows)
    chosen = [row for row in found if row["onderdeel"] == (onderdeel or ALL_PARTS)]
    if onderdeel is None and not chosen:
        chosen = found
    return sum((value(row) for row in chosen), Fraction(0)) if chosen else None


def of_region(
    world: World,
    place: Place,
    rows: list[Row],
    onderdeel: str | None,
    value: Callable[[Row], Fraction],
    task: str = "financien",
) -> Amount:
    """'Of a gemeente its rows; of the organisation the rows without gemeente_code, else the sum of the amounts of its
    gemeenten': those of the task of the indicator.
    """

    def of_gemeente(code: str | None) -> Amount:
        return summed((row for row in rows if row.get("gemeente_code") == code), onderdeel, value)

    if not world.is_organisation(place):
        return of_gemeente(place.regio)
    own = of_gemeente(None)
    if own is not None:
        return own
    parts = [of_gemeente(code) for code in world.parameters.gemeenten_of(task)]
    known = [part for part in parts if part is not None]
    return sum(known, Fraction(0)) if known else None


def post_amount(
    world: World,
    place: Place,
    post: str,
    soort: str = REALISED,
    onderdeel: str | None = None,
    task: str = "financien",
) -> Amount:
    """'Amount of a post.' None: absent."""
    return of_region(
        world, place, rows_of(world, place, post, soort), onderdeel, lambda row: exact(row["bedrag"]), task
    )


# -- what is made of them ---------------------------------------------------------------------------------------------


def plus(*parts: Amount) -> Amount:
    """Together, what is absent counting 0; None when all is absent."""
    known = [part for part in parts if part is not None]
    return sum(known, Fraction(0)) if known else None


def minus(first: Amount, *others: Amount) -> Amount:
    """None as soon as one of them is absent."""
    if first is None or any(other is None for other in others):
        return None
    return first - sum((other for other in others if other is not None), Fraction(0))


def baten(world: World, place: Place, soort: str, onderdeel: str | None) -> Amount:
    return post_amount(world, place, "baten", soort, onderdeel)


def lasten(world: World, place: Place, soort: str, onderdeel: str | None) -> Amount:
    """programmalasten + overhead."""
    return plus(*(post_amount(world, place, post, soort, onderdeel) for post in ("programmalasten", "overhead")))


def resultaat(world: World, place: Place, soort: str, onderdeel: str | None) -> Amount:
    """'The delivered row, else baten - lasten.'"""
    delivered = post_amount(world, place, "resultaat", soort, onderdeel)
    if delivered is not None:
        return delivered
    return minus(baten(world, place, soort, onderdeel), lasten(world, place, soort, onderdeel))


def saldo(world: World, place: Place) -> Amount:
    """buig_budget - (uitkeringslasten + lks_lasten - terugvordering); 'the other two 0 when absent'."""
    budget = minus(post_amount(world, place, "buig_budget"), post_amount(world, place, "uitkeringslasten"))
    subsidies = post_amount(world, place, "lks_lasten") or Fraction(0)
    reclaimed = post_amount(world, place, "terugvordering") or Fraction(0)
    return None if budget is None else budget - subsidies + reclaimed


def added_value(world: World, place: Place) -> Amount:
    return minus(post_amount(world, place, "omzet"), post_amount(world, place, "directe_kosten"))


def operating_result(world: World, place: Place) -> Amount:
    return minus(added_value(world, place), post_amount(world, place, "bedrijfskosten"))


def subsidy_result(world: World, place: Place) -> Amount:
    """'onderdeel sw, realisatie'."""
    return minus(
        post_amount(world, place, "rijksbijdrage_sw", REALISED, "sw"),
        post_amount(world, place, "loonkosten_sw", REALISED, "sw"),
    )


def pair_key(row: Row) -> tuple[object, ...]:
    return row["onderdeel"], row.get("product"), row["post"], row.get("gemeente_code")


def settlement(world: World, place: Place) -> Amount:
    """afrekening: 'max(hoeveelheid begroot, hoeveelheid realisatie) x prijs of begroot', per post as an amount."""
    posts = sorted({row["post"] for row in world.history.financien})
    return plus(*(settlement_of_post(world, place, post) for post in posts))


def settlement_of_post(world: World, place: Place, post: str) -> Amount:
    realised = {
        pair_key(row): exact(row["hoeveelheid"])
        for row in rows_of(world, place, post, REALISED)
        if row.get("hoeveelheid") is not None
    }
    budgeted = [
        row
        for row in rows_of(world, place, post, BUDGETED)
        if row.get("hoeveelheid") is not None and row.get("prijs") is not None and pair_key(row) in realised
    ]

    def settled(row: Row) -> Fraction:
        return max(exact(row["hoeveelheid"]), realised[pair_key(row)]) * exact(row["prijs"])

    return of_region(world, place, budgeted, None, settled)


def account(world: World, indicator: str, place: Place, value: Amount) -> Cell:
    number = Number("niet_geleverd") if value is None else amount(value, world.settled(place.periode.last))
    return world.cell(indicator, "EUR", place, world.missing(FINANCIEN) or number)


def account_cells(world: World) -> list[Cell]:
    """The accounts without a break-down."""
    simple = {
        "saldo_bijstandsbudget": saldo,
        "netto_toegevoegde_waarde": added_value,
        "operationeel_resultaat": operating_result,
        "subsidieresultaat_sw": subsidy_result,
        "afrekening": settlement,
    }
    return [
        account(world, indicator, place, value(world, place))
        for indicator, value in simple.items()
        for place in world.places("JJ", FINANCIEN)
    ]


def result_cells(world: World) -> list[Cell]:
    """baten, lasten, resultaat, realised and budgeted, in total and by onderdeel."""
    cells = []
    for suffix, soort in (("", REALISED), ("_begroot", BUDGETED)):
        for name, value in (("baten", baten), ("lasten", lasten), ("resultaat", resultaat)):
            for total in world.places("JJ", FINANCIEN):
                cells.append(account(world, f"{name}{suffix}", total, value(world, total, soort, None)))
                for place in break_downs(total, PARTS):
                    of_part = value(world, place, soort, place.categorie)
                    cells.append(account(world, f"{name}{suffix}", place, of_part))
    return cells


def density_cells(world: World) -> list[Cell]:
    """bijstandsdichtheid_huishoudens and bijstandsdichtheid_inwoners."""
    cells = []
    for place in world.places("JJ", BENEFIT):
        here = [s for s in world.standing(place.periode.last) if world.in_region(s.gemeente, place.regio)]
        for name, teller in (("huishoudens", len({s.dossier for s in here})), ("inwoners", len(here))):
            number = world.missing(BENEFIT) or share_of_published(world, teller, name, "uitkering", place)
            cells.append(world.cell(f"bijstandsdichtheid_{name}", "%", place, number))
    return cells
