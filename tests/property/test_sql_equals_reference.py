"""The SQL and the slow reference give the same cells: on the worked examples and on random organisations, before and
after rounding."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from histories import histories, parameters_strategy
from hypothesis import HealthCheck, Phase, given, settings
from organisation import organisation, parameters
from sql_adapter import sql_cells
from werkmonitor.core.examples import Example, check_example, load_examples
from werkmonitor.core.reference import History, Parameters, compare, compute, disclose

EXAMPLES = load_examples()
LATE = date(2020, 1, 1)
WITHOUT_JOBS = tuple(replace(s, dekking="alleen_eigen_plaatsingen") for s in parameters().sources)
TERUGKEER = ("PW", "IOAW", "IOAZ", "BBZ")
VARIANTS: dict[str, Parameters] = {
    "standaard": parameters(),
    "eind van een jaar": parameters(peildatum=date(2024, 12, 31), reeks_begin=date(2019, 4, 1)),
    "eind van een korte maand": parameters(peildatum=date(2025, 2, 28), reeks_begin=LATE),
    "BBZ als terugkeer": parameters(regelingen_terugkeer=TERUGKEER, reeks_begin=LATE),
    "alleen PW": parameters(regelingen=("PW",), regelingen_terugkeer=TERUGKEER, reeks_begin=LATE),
    "geen uitstel": parameters(
        onderbreking_dagen=0, werk_onderbreking_dagen=0, registratievertraging_maanden=0, reeks_begin=LATE
    ),
    "banen niet volledig": parameters(sources=WITHOUT_JOBS, reeks_begin=LATE),
}


@pytest.mark.parametrize("example", EXAMPLES, ids=[e.naam.replace(" ", "_") for e in EXAMPLES])
def test_worked_example_in_sql(example: Example) -> None:
    wanted = {expected.place[0] for expected in example.expected}
    cells = sql_cells(example.history, example.parameters, example.methode, wanted)
    assert check_example(example, cells) == []


@pytest.mark.parametrize(("seed", "name"), list(enumerate(VARIANTS, start=100)), ids=list(VARIANTS))
def test_random_organisation(seed: int, name: str) -> None:
    history, chosen = organisation(seed, 150), VARIANTS[name]
    assert compare(sql_cells(history, chosen), compute(history, chosen)) == []


@settings(
    deadline=None,
    max_examples=8,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],  # shrinking by whole runs of the SQL takes minutes; compare() names the cells
)
@given(histories(("A", "B", "C", "D", "E", "F")), parameters_strategy())
def test_random_history(history: History, chosen: Parameters) -> None:
    """Few persons, but on every edge at once."""
    assert compare(sql_cells(history, chosen), compute(history, chosen)) == []


def test_curves_of_a_large_organisation() -> None:
    """Enough outflow a year to keep 20 at risk for many months."""
    history, chosen = organisation(7, 1500), parameters(reeks_begin=date(2019, 1, 1))
    curves = {f"terugkeer_{kind}__{population}" for kind in ("cif", "km") for population in ("alle", "werk_reden")}
    mine = [cell for cell in compute(history, chosen, curves) if cell.indicator_id in curves]
    assert sum(1 for cell in mine if cell.ondergrens is not None) > 100
    assert compare(sql_cells(history, chosen, only=curves), mine) == []


@pytest.mark.parametrize("missing", ["uitkering", "dienstverband", "lks"])
def test_entity_not_delivered(missing: str) -> None:
    """What is not delivered reads niet_geleverd; where series begin is decided by what is."""
    sources = tuple(replace(s, entiteiten=tuple(e for e in s.entiteiten if e != missing)) for s in parameters().sources)
    history, chosen = replace(organisation(5, 30), **{missing: []}), parameters(sources=sources)
    if missing != "uitkering":
        chosen = replace(chosen, reeks_begin=date(2023, 1, 1))
    mine = compute(history, chosen)
    assert any(cell.status == "niet_geleverd" for cell in mine)
    assert compare(sql_cells(history, chosen), mine) == []


def test_rounded() -> None:
    history, chosen = organisation(11, 250), parameters(reeks_begin=LATE)
    assert compare(sql_cells(history, chosen, "afronden"), disclose(compute(history, chosen))) == []
