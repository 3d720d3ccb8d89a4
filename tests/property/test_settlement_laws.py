"""What settlement on the larger of two numbers means, whatever the numbers (studied with Werkom): never less than was
budgeted, more only by what was delivered beyond it, the gemeenten together the organisation, and unknown as soon as a
part of it is."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkmonitor.core.reference import Cell, History, Parameters, Source, compute

GEMEENTEN = ("GM0268", "GM0296")
ORGANISATION, YEAR = "AM08", "2023JJ00"
LAWS = settings(
    deadline=None, max_examples=50, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
PARAMETERS = Parameters(
    peildatum=date(2024, 12, 31),
    regio_code=ORGANISATION,
    gemeenten=GEMEENTEN,
    indeling_jaar=2024,
    sources=(Source("jaarstukken", ("financien",)),),
    reeks_begin=date(2023, 1, 1),
)
numbers = st.integers(0, 400).map(lambda quarters: quarters / 4)
prices = st.integers(0, 900_000).map(lambda cents: cents / 100)
bought = st.fixed_dictionaries({"begroot": numbers, "realisatie": numbers, "prijs": prices})
organisations = st.lists(
    st.tuples(st.sampled_from(GEMEENTEN), st.sampled_from(("traject", "plek")), bought),
    min_size=1,
    max_size=4,
    unique_by=lambda one: one[:2],
)


def rows(gemeente: str, product: str, one: dict[str, float]) -> list[dict[str, Any]]:
    base = {"jaar": 2023, "onderdeel": "werk", "post": "baten", "bedrag": 1, "product": product}
    base |= {"gemeente_code": gemeente, "bron": "jaarstukken"}
    return [
        base | {"soort": "begroot", "hoeveelheid": one["begroot"], "prijs": one["prijs"]},
        base | {"soort": "realisatie", "hoeveelheid": one["realisatie"]},
    ]


def settled(delivered: list[dict[str, Any]]) -> dict[tuple[str, str], Cell]:
    """The settlement of the year by region and product."""
    cells = compute(History(financien=delivered), PARAMETERS, {"afrekening"})
    mine = [cell for cell in cells if cell.indicator_id == "afrekening" and cell.periode == YEAR]
    return {(cell.regio_code, cell.categorie): cell for cell in mine}


@LAWS
@given(bought, numbers)
def test_flat_up_to_the_budget_and_by_the_price_above_it(one: dict[str, float], more: float) -> None:
    def amount(realised: float) -> float:
        found = settled(rows("GM0268", "traject", one | {"realisatie": realised}))["GM0268", "traject"].waarde
        assert found is not None
        return found

    budget = one["begroot"] * one["prijs"]
    assert amount(min(one["realisatie"], one["begroot"])) == pytest.approx(budget)
    assert amount(one["begroot"] + more) == pytest.approx(budget + more * one["prijs"])


@LAWS
@given(organisations)
def test_products_and_gemeenten_add_up(organisation: list[tuple[str, str, dict[str, float]]]) -> None:
    found = settled([row for one in organisation for row in rows(*one)])
    products = {product for _, product, _ in organisation}
    for region in (ORGANISATION, *{gemeente for gemeente, _, _ in organisation}):
        parts = [found[region, product].waarde for product in products]
        known = [part for part in parts if part is not None]
        assert found[region, "totaal"].waarde == pytest.approx(sum(known))
    whole = [found[gemeente, "totaal"].waarde or 0.0 for gemeente in GEMEENTEN]
    assert found[ORGANISATION, "totaal"].waarde == pytest.approx(sum(whole))


@LAWS
@given(organisations, st.sampled_from(("price", "budgeted number", "realised number")))
def test_unknown_as_soon_as_a_part_is(organisation: list[tuple[str, str, dict[str, float]]], lost: str) -> None:
    delivered = [row for one in organisation for row in rows(*one)]
    if lost == "realised number":
        delivered[1] |= {"hoeveelheid": None}
    else:
        delivered[0] |= {"prijs" if lost == "price" else "hoeveelheid": None}
    found, (gemeente, product, _) = settled(delivered), organisation[0]
    for region in (gemeente, ORGANISATION):
        for part in (product, "totaal"):
            cell = found[region, part]
            assert (cell.status, cell.waarde) == ("niet_geleverd", None), (region, part)
    other = [one for one in organisation[1:] if one[0] != gemeente]
    assert all(found[name, what].waarde is not None for name, what, _ in other)
