"""Item 14 of contract 2: budget, baten and lasten, settlement, and benefits per household and inhabitant. Accounts are
of no person: numbers as they were delivered.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from werkmonitor.core.reference.anderen import Laid, share_of_published, weakest
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
ALL_PARTS, PRODUCT = "totaal", "product"
REALISED, BUDGETED = "realisatie", "begroot"
Amount = Fraction | None


def rows_of(world: World, place: Place, post: str, soort: str) -> list[Row]:
    year = place.periode.first.year
    return [r for r in world.history.financien if (r["jaar"], r["post"], r["soort"]) == (year, post, soort)]


def chosen(rows: Iterable[Row], onderdeel: str | None) -> list[Row]:
    """Of the rows of one region: those of one onderdeel, or 'totaal where present, else those of werk and sw'."""
    found = list(rows)
    own = [row for row in found if row["onderdeel"] == (onderdeel or ALL_PARTS)]
    return own if own or onderdeel is not None else found


def of_region(world: World, place: Place, rows: list[Row], onderdeel: str | None, task: str = "financien") -> list[Row]:
    """The rows that count: 'of a gemeente its rows; of the organisation the rows without gemeente_code, else those of
    its gemeenten': those of the task of the indicator.
    """

    def of_gemeente(code: str | None) -> list[Row]:
        return chosen((row for row in rows if row.get("gemeente_code") == code), onderdeel)

    if not world.is_organisation(place):
        return of_gemeente(place.regio)
    return of_gemeente(None) or [row for code in world.parameters.gemeenten_of(task) for row in of_gemeente(code)]


def name_of(row: Row) -> str | None:
    """The product of a row as it is shown; None where it has no name."""
    return (row.get("product") or "").strip() or None


def of_product(rows: list[Row], place: Place) -> list[Row]:
    """In the break-down by product 'its rows only'."""
    return [row for row in rows if place.dimensie != PRODUCT or name_of(row) == place.categorie]


def part_of(place: Place) -> str | None:
    return place.categorie if place.dimensie == "onderdeel" else None


def post_amount(
    world: World,
    place: Place,
    post: str,
    soort: str = REALISED,
    onderdeel: str | None = None,
    task: str = "financien",
) -> Amount:
    """'Amount of a post.' None: absent."""
    rows = of_region(world, place, of_product(rows_of(world, place, post, soort), place), onderdeel, task)
    return sum((exact(row["bedrag"]) for row in rows), Fraction(0)) if rows else None


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


def baten(world: World, place: Place, soort: str) -> Amount:
    return post_amount(world, place, "baten", soort, part_of(place))


def lasten(world: World, place: Place, soort: str) -> Amount:
    """programmalasten + overhead."""
    return plus(*(post_amount(world, place, post, soort, part_of(place)) for post in ("programmalasten", "overhead")))


def resultaat(world: World, place: Place, soort: str) -> Amount:
    """'The delivered row, else baten - lasten.'"""
    delivered = post_amount(world, place, "resultaat", soort, part_of(place))
    if delivered is not None:
        return delivered
    return minus(baten(world, place, soort), lasten(world, place, soort))


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


def with_number(world: World, place: Place) -> list[Row]:
    """Rows of budget and accounts with a hoeveelheid, in the place that is asked."""
    posts = {row["post"] for row in world.history.financien}
    rows = [row for post in posts for soort in (REALISED, BUDGETED) for row in rows_of(world, place, post, soort)]
    return of_product([row for row in rows if row.get("hoeveelheid") is not None], place)


def per_post(world: World, place: Place, rows: list[Row]) -> list[Row]:
    """'Per post by the rules of an amount for region.'"""
    posts = {row["post"] for row in rows}
    return [kept for post in posts for kept in of_region(world, place, [r for r in rows if r["post"] == post], None)]


def settlement(world: World, place: Place) -> Amount:
    """afrekening: 'max(hoeveelheid begroot, hoeveelheid realisatie) x prijs of begroot'; where one of the three is
    absent 'it is unknown, and so is every sum that it is in'.
    """
    groups: dict[tuple[object, ...], list[Row]] = {}
    for row in per_post(world, place, with_number(world, place)):
        key = (row["onderdeel"], name_of(row), row["post"], row.get("gemeente_code"))
        groups.setdefault(key, []).append(row)
    amounts = [settled(rows) for rows in groups.values()]
    known = [one for one in amounts if one is not None]
    return sum(known, Fraction(0)) if known and len(known) == len(amounts) else None


def settled(rows: list[Row]) -> Amount:
    """Of one onderdeel, product, post and gemeente."""
    budgeted, realised = ([row for row in rows if row["soort"] == soort] for soort in (BUDGETED, REALISED))
    prices = {exact(row["prijs"]) for row in budgeted if row.get("prijs") is not None}
    if not realised or len(prices) != 1:
        return None
    return max(total_number(budgeted), total_number(realised)) * prices.pop()


def total_number(rows: list[Row]) -> Fraction:
    return sum((exact(row["hoeveelheid"]) for row in rows), Fraction(0))


def agreed_price(world: World, place: Place) -> Number:
    """normprijs: 'one price: that; more than one: nvt; none: niet_geleverd'."""
    rows = [row for row in world.history.financien if row["soort"] == BUDGETED and row.get("prijs") is not None]
    rows = of_product([row for row in rows if row["jaar"] == place.periode.first.year], place)
    own = [row for row in rows if row.get("gemeente_code") == (None if world.is_organisation(place) else place.regio)]
    if world.is_organisation(place) and not own:
        own = [row for row in rows if row.get("gemeente_code") in world.parameters.gemeenten_of("financien")]
    prices = {exact(row["prijs"]) for row in own}
    if len(prices) == 1:
        return amount(prices.pop(), world.settled(place.periode.last))
    return Number("nvt" if prices else "niet_geleverd")


def at_prices_of(world: World, place: Place) -> Number:
    """kosten_tegen_rekenprijs: 'the realised hoeveelheid of each product x the price of the set'."""
    rows = [row for row in with_number(world, place) if row["soort"] == REALISED and name_of(row)]
    total, statuses = Fraction(0), [world.settled(place.periode.last)]
    for product in {name_of(row) for row in rows}:
        of_it = per_post(world, place, [row for row in rows if name_of(row) == product])
        if not of_it:
            continue
        price = price_of(world, place, str(product))
        if price is None:
            return Number("niet_geleverd")
        total += total_number(of_it) * price.waarde
        statuses.append(price.status)
    return amount(total, weakest(*statuses)) if len(statuses) > 1 else Number("niet_geleverd")


def price_of(world: World, place: Place, product: str) -> Laid | None:
    """The price of a set: 'that of the region itself, else that of the organisation, else that of NL01'."""
    for regio in (place.regio, world.parameters.regio_code, "NL01"):
        rows = [
            row
            for row in world.history.reeks
            if (row["indicator_id"], row["bron"]) == ("normprijs", place.categorie)
            and (row["regio_code"], row["periode"]) == (regio, place.periode.code)
            and row["uitsplitsing"] == f"{PRODUCT}={product}"
            and row.get("waarde") is not None
        ]
        if rows:
            row = min(rows, key=lambda r: r["definitie_id"])
            return Laid(exact(row["waarde"]), row["status"])
    return None


def account(world: World, indicator: str, place: Place, value: Amount) -> Cell:
    number = Number("niet_geleverd") if value is None else amount(value, world.settled(place.periode.last))
    return world.cell(indicator, "EUR", place, world.missing(FINANCIEN) or number)


def products(world: World) -> Dimensions:
    """'Every product name that financien delivers.'"""
    return {PRODUCT: tuple(sorted({name for row in world.history.financien if (name := name_of(row))}))}


def price_sets(world: World) -> Dimensions:
    """'The bron of every reeks with prices of products.'"""
    rows = [row for row in world.history.reeks if row["indicator_id"] == "normprijs"]
    return {"prijzenset": tuple(sorted({r["bron"] for r in rows if r["uitsplitsing"].startswith(f"{PRODUCT}=")}))}


def account_cells(world: World) -> list[Cell]:
    """The accounts without a break-down."""
    simple = {
        "saldo_bijstandsbudget": saldo,
        "netto_toegevoegde_waarde": added_value,
        "operationeel_resultaat": operating_result,
        "subsidieresultaat_sw": subsidy_result,
    }
    return [
        account(world, indicator, place, value(world, place))
        for indicator, value in simple.items()
        for place in world.places("JJ", FINANCIEN)
    ]


def result_cells(world: World) -> list[Cell]:
    """baten, lasten, resultaat, realised, budgeted and the difference: in total, by onderdeel, and by product."""
    cells = []
    for name, value in (("baten", baten), ("lasten", lasten), ("resultaat", resultaat)):
        dimensions = PARTS if name == "resultaat" else {**PARTS, **products(world)}
        for total in world.places("JJ", FINANCIEN):
            for place in (total, *break_downs(total, dimensions)):
                realised, budgeted = value(world, place, REALISED), value(world, place, BUDGETED)
                cells.append(account(world, name, place, realised))
                cells.append(account(world, f"{name}_begroot", place, budgeted))
                cells.append(account(world, f"{name}_verschil", place, minus(realised, budgeted)))
                if name != "resultaat":
                    number = world.missing(FINANCIEN) or in_percent(world, place, realised, budgeted)
                    cells.append(world.cell(f"{name}_verschil_pct", "%", place, number))
    return cells


def in_percent(world: World, place: Place, realised: Amount, budgeted: Amount) -> Number:
    """'100 x the difference / |begroot|; begroot 0: nvt.'"""
    difference = minus(realised, budgeted)
    if difference is None or budgeted is None:
        return Number("niet_geleverd")
    return amount(100 * difference / abs(budgeted) if budgeted else None, world.settled(place.periode.last))


def price_cells(world: World) -> list[Cell]:
    """afrekening, in total and by product; normprijs by product; kosten_tegen_rekenprijs by price set."""
    cells, missing = [], world.missing(FINANCIEN)
    for total in world.places("JJ", FINANCIEN):
        by_product = break_downs(total, products(world))
        for place in (total, *by_product):
            cells.append(account(world, "afrekening", place, settlement(world, place)))
        for place in by_product:
            cells.append(world.cell("normprijs", "EUR", place, missing or agreed_price(world, place)))
        for place in break_downs(total, price_sets(world)):
            number = world.missing((*FINANCIEN, "reeks")) or at_prices_of(world, place)
            cells.append(world.cell("kosten_tegen_rekenprijs", "EUR", place, number))
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
