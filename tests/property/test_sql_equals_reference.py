"""The SQL and the slow reference give the same cells: on the worked examples and on random organisations, before and
after rounding."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache

import pytest
from bundles import Bundle, bundles
from histories import histories, parameters_strategy
from hypothesis import HealthCheck, Phase, given, settings
from organisation import organisation, parameters
from services import NEIGHBOUR, full_organisation, full_parameters
from sql_adapter import sql_cells
from werkmonitor.core.examples import check_example, load_examples
from werkmonitor.core.reference import Cell, History, Parameters, compare, compute, disclose
from werkmonitor.core.reference.grid import OWN
from werkmonitor.core.reference.model import Row
from werkmonitor.core.registry import indicators, load_registry

BUNDLES = bundles(load_examples())
LATE = date(2020, 1, 1)
WITHOUT_JOBS = tuple(replace(s, dekking="alleen_eigen_plaatsingen") for s in full_parameters().sources)
TERUGKEER = ("PW", "IOAW", "IOAZ", "BBZ")
VARIANTS: dict[str, Parameters] = {
    "eind van een jaar": full_parameters(peildatum=date(2024, 12, 31), reeks_begin=date(2019, 4, 1), taken={}),
    "eind van een korte maand": full_parameters(peildatum=date(2025, 2, 28), reeks_begin=LATE),
    "BBZ als terugkeer": full_parameters(regelingen_terugkeer=TERUGKEER, reeks_begin=LATE, voltijd_uren=36),
    "alleen PW": full_parameters(regelingen=("PW",), regelingen_terugkeer=TERUGKEER, reeks_begin=LATE),
    "geen uitstel": full_parameters(
        onderbreking_dagen=0,
        werk_onderbreking_dagen=0,
        registratievertraging_maanden=0,
        toerekening_dagen=0,
        normale_arbeidsduur=36,
        reeks_begin=LATE,
        taken={"lks": (NEIGHBOUR,), "nieuw_beschut": ("GM0268", NEIGHBOUR), "plaatsing": ("GM0296",)},
    ),
    "banen niet volledig": full_parameters(sources=WITHOUT_JOBS, reeks_begin=LATE),
}
# Names with which the indicators of a subject begin; what is in none of them belongs to the benefits of items 1 and 2.
SUBJECTS: dict[str, tuple[str, ...]] = {
    "inkomsten": ("parttime_met_uitkering",),
    "begeleiding": (
        *(
            "kandidaten_",
            "aanmeldingen",
            "trajecten_",
            "terugmeldingen",
            "faseovergangen",
            "trajectduur_",
            "wachttijd_",
        ),
        *("verblijf_", "terugkeer_dienstverlening", "na_terugmelding", "jobcoaching", "uitkering_aangemeld"),
    ),
    "plaatsingen": (
        "plaatsingen_",
        "uitkering_bij_",
        "banen_25_5",
        "werken_met_behoud",
        "unieke_werkgevers",
        "proefplaatsingen_",
    ),
    "loonkostensubsidie": ("lks_", "gemiddelde_loonwaarde"),
    "nieuw_beschut": ("nieuw_beschut_",),
    "sw": ("sw_",),
    "kwaliteit": ("kwaliteit_baan", "ontwikkeling", "tevredenheid"),
    "geld": (
        *("saldo_", "baten", "lasten", "resultaat", "netto_", "operationeel_", "subsidieresultaat_", "afrekening"),
        *("normprijs", "kosten_tegen_"),
        "bijstandsdichtheid_",
    ),
    "toerekening": ("toerekening_",),
}
UITKERING = "uitkering"


@cache
def in_registry() -> frozenset[str]:
    """What the SQL makes cells of."""
    return frozenset(one.indicator_id for one in indicators(load_registry()) if not one.family.afgeleid)


@cache
def in_reference() -> frozenset[str]:
    """What the reference makes cells of, with one product and one price of another: without these there is no cell
    where only they are the categories."""
    named = {"jaar": 2023, "onderdeel": "werk", "product": "p", "post": "baten", "soort": "begroot", "bedrag": 1}
    price = {"bron": "x", "indicator_id": "normprijs", "definitie_id": "x@1", "regio_code": "NL01", "waarde": 1.0}
    price |= {"periode": "2023JJ00", "uitsplitsing": "product=p", "eenheid": "EUR", "status": "definitief"}
    cells = compute(History(financien=[named], reeks=[price]), full_parameters(reeks_begin=LATE))
    return frozenset(cell.indicator_id for cell in cells if cell.bron == OWN)


def subject_of(indicator: str) -> str:
    return next((name for name, starts in SUBJECTS.items() if indicator.startswith(starts)), UITKERING)


def differing(sql: list[Cell], mine: list[Cell]) -> list[str]:
    """`compare` for the few cells that are not the same to the last digit."""
    first, second = set(sql), set(mine)
    if (len(first), len(second)) != (len(sql), len(mine)):
        return compare(sql, mine)  # a cell is there twice
    return compare(first - second, second - first)


def differences(history: History, chosen: Parameters) -> list[str]:
    return differing(sql_cells(history, chosen), compute(history, chosen))


def test_both_sides_have_the_same_indicators() -> None:
    assert sorted(in_registry() ^ in_reference()) == []


@pytest.mark.parametrize("bundle", BUNDLES, ids=[bundle.name for bundle in BUNDLES])
def test_worked_examples_in_sql(bundle: Bundle) -> None:
    wanted = {expected.place[0] for example in bundle.examples for expected in example.expected}
    cells = sql_cells(bundle.history, bundle.examples[0].parameters, bundle.examples[0].methode, wanted)
    assert [problem for example in bundle.examples for problem in check_example(example, cells)] == []


@cache
def both_sides() -> tuple[list[Cell], list[Cell]]:
    """One organisation with everything, computed twice."""
    history, chosen = full_organisation(100, 150), full_parameters()
    return sql_cells(history, chosen), compute(history, chosen)


@pytest.mark.parametrize("subject", [UITKERING, *SUBJECTS])
def test_subject(subject: str) -> None:
    """One test a subject, so that one difference does not hide behind another."""
    sql, mine = ([cell for cell in cells if subject_of(cell.indicator_id) == subject] for cells in both_sides())
    assert differing(sql, mine) == []


@pytest.mark.parametrize(("seed", "name"), list(enumerate(VARIANTS, start=101)), ids=list(VARIANTS))
def test_random_organisation(seed: int, name: str) -> None:
    assert differences(full_organisation(seed, 90), VARIANTS[name]) == []


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
    assert differences(history, chosen) == []


def test_curves_of_a_large_organisation() -> None:
    """Enough outflow a year to keep 20 at risk for many months."""
    history, chosen = organisation(7, 1500), parameters(reeks_begin=date(2019, 1, 1))
    curves = {f"terugkeer_{kind}__{population}" for kind in ("cif", "km") for population in ("alle", "werk_reden")}
    mine = [cell for cell in compute(history, chosen, curves) if cell.indicator_id in curves]
    assert sum(1 for cell in mine if cell.ondergrens is not None) > 100
    assert differing(sql_cells(history, chosen, only=curves), mine) == []


@pytest.mark.parametrize(
    "missing",
    [
        ("uitkering", "financien"),
        ("dienstverband", "traject", "meting"),
        ("lks", "plaatsing", "voorziening", "nieuw_beschut", "tevredenheid"),
        ("inkomsten", "trajectfase", "sw", "reeks"),
    ],
    ids=" ".join,
)
def test_entities_not_delivered(missing: tuple[str, ...]) -> None:
    """What is not delivered reads niet_geleverd; where series begin is decided by what is."""
    sources = tuple(
        replace(s, entiteiten=tuple(e for e in s.entiteiten if e not in missing)) for s in full_parameters().sources
    )
    empty: dict[str, list[Row]] = {entiteit: [] for entiteit in missing}
    history, chosen = replace(full_organisation(5, 30), **empty), full_parameters(sources=sources)
    if "uitkering" not in missing:
        chosen = replace(chosen, reeks_begin=date(2023, 1, 1))
    assert any(cell.status == "niet_geleverd" for cell in compute(history, chosen))
    assert differences(history, chosen) == []


def test_rounded() -> None:
    """Counts (also the mean of those of months), rates and curves; of how many persons another mean or a sum is, the
    reference does not say."""
    history, chosen = full_organisation(11, 250), full_parameters(reeks_begin=LATE)
    by_count = [one for one in indicators(load_registry()) if one.openbaarmaking in ("aantal", "percentage", "curve")]
    rounded = {one.indicator_id for one in by_count}
    sql, mine = sql_cells(history, chosen, "afronden"), disclose(compute(history, chosen))
    first, second = ([cell for cell in cells if cell.indicator_id in rounded] for cells in (sql, mine))
    assert differing(first, second) == []
