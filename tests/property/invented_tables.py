"""Invented organisations of any size as rows of pub_cijfers: events of persons counted in every cell of the grid, so
that all sums hold. Cheap (no dbt), for attacks on disclosure control. Nobody in it exists."""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import release_example as example

WHOLE = "AM08"
DIMENSIONS = {"leeftijd": 5, "geslacht": 3, "reden_groep": 6}
HORIZON = "12"


def organisation_rows(
    seed: int, events: int, regions: int = 5, years: tuple[int, ...] = (2023, 2024), late: int = 0
) -> list[dict[str, Any]]:
    """Rows of flows, stands, and durability of two populations for each year. `late`: so many events of each flow and
    year are not delivered yet."""
    rng = np.random.default_rng(seed)
    codes = [f"GM{number:04d}" for number in range(1, regions + 1)]
    weight = rng.dirichlet(np.full(regions, 0.7))
    flows = {year: {name: _events(rng, events, weight, late) for name in ("instroom", "uitstroom")} for year in years}
    rows = _stands(codes, rng.multinomial(events, weight) + rng.integers(0, 9, regions), flows)
    for year in years:
        for name, found in flows[year].items():
            rows += _count_rows(name, codes, year, found, np.ones(len(found["regio"]), dtype=bool))
        rows += _durability(codes, year, flows[year]["uitstroom"])
    return rows


def _events(rng: np.random.Generator, events: int, weight: np.ndarray, late: int) -> dict[str, np.ndarray]:
    number = int(rng.poisson(events))
    found: dict[str, np.ndarray] = {
        "regio": rng.choice(len(weight), number, p=weight),
        "maand": rng.integers(1, 13, number),
    }
    for name, size in DIMENSIONS.items():
        found[name] = rng.choice(size, number, p=rng.dirichlet(np.full(size, 0.6)))
    for name, share in (("volgbaar", 0.93), ("duurzaam", 0.7), ("werk", 0.4)):
        found[name] = rng.random(number) < share
    return {name: column[: max(0, number - late)] for name, column in found.items()}


def _places(codes: list[str], year: int, months: bool) -> list[tuple[str, str, str, str, dict[str, Any]]]:
    """Every cell and the condition on an event to count in it."""
    periods: list[tuple[str, dict[str, Any]]] = [(f"{year}JJ00", {})]
    periods += [(f"{year}KW{q:02d}", {"maand": (3 * q - 2, 3 * q)}) for q in range(1, 5)]
    if months:
        periods += [(f"{year}MM{m:02d}", {"maand": (m, m)}) for m in range(1, 13)]
    found = []
    for region, code in [*enumerate(codes), (None, WHOLE)]:
        where: dict[str, Any] = {} if region is None else {"regio": (region, region)}
        found += [(code, period, "totaal", "totaal", where | when) for period, when in periods]
        for name, size in DIMENSIONS.items():
            found += [(code, f"{year}JJ00", name, str(c), where | {name: (c, c)}) for c in range(size)]
    return found


def _counted(found: dict[str, np.ndarray], chosen: np.ndarray, condition: dict[str, Any]) -> int:
    keep = chosen.copy()
    for name, (low, high) in condition.items():
        keep &= (found[name] >= low) & (found[name] <= high)
    return int(keep.sum())


def _count_rows(
    name: str, codes: list[str], year: int, found: dict[str, np.ndarray], chosen: np.ndarray, months: bool = True
) -> list[dict[str, Any]]:
    rows = []
    for code, period, dimension, category, condition in _places(codes, year, months):
        place = {"regio_code": code, "periode": period, "dimensie": dimension, "categorie": category}
        rows.append(example.count(_counted(found, chosen, condition), indicator_id=name, **place))
    return rows


def _stands(
    codes: list[str], begin: np.ndarray, flows: dict[int, dict[str, dict[str, np.ndarray]]]
) -> list[dict[str, Any]]:
    """Stand at every month end by the balance of contract 2, from a begin large enough never to fall below 0."""
    change = [
        [
            _flow(found["instroom"], region, month) - _flow(found["uitstroom"], region, month)
            for region in range(len(codes))
        ]
        for found in flows.values()
        for month in range(1, 13)
    ]
    levels = begin + np.array(change).cumsum(axis=0)
    levels += np.maximum(0, -levels.min(axis=0))
    rows = []
    for position, level in enumerate(levels):
        year, month = list(flows)[position // 12], position % 12 + 1
        periods = [f"{year}MM{month:02d}"]
        periods += [f"{year}KW{month // 3:02d}"] if month % 3 == 0 else []
        periods += [f"{year}JJ00"] if month == 12 else []
        for code, number in [*zip(codes, level, strict=True), (WHOLE, level.sum())]:
            place = {"indicator_id": "stand_personen", "regio_code": code, "eenheid": "personen"}
            rows += [example.count(int(number), periode=period, **place) for period in periods]
    return rows


def _flow(found: dict[str, np.ndarray], region: int, month: int) -> int:
    return int(((found["regio"] == region) & (found["maand"] == month)).sum())


def _durability(codes: list[str], year: int, found: dict[str, np.ndarray]) -> list[dict[str, Any]]:
    followed, durable, work = found["volgbaar"], found["duurzaam"], found["werk"]
    rows = _count_rows("uitstroom_werk_polis", codes, year, found, work, months=False)
    # Only totals of this flow are in the grid.
    rows = [row for row in rows if row["dimensie"] == "totaal"]
    for population, chosen in (("alle", np.ones(len(work), dtype=bool)), ("werk_polis", work)):
        for name, good in (("duurzaam_uit_uitkering", durable), ("herinstroom", ~durable)):
            for code, period, dimension, category, condition in _places(codes, year, months=False):
                noemer = _counted(found, chosen & followed, condition)
                teller = _counted(found, chosen & followed & good, condition)
                rows.append(
                    example.rate(
                        teller, noemer, indicator_id=f"{name}_{HORIZON}__{population}", regio_code=code, periode=period,
                        dimensie=dimension, categorie=category,
                        n_niet_volgbaar=_counted(found, chosen & ~followed, condition),
                    )
                )  # fmt: skip
    return rows


def load_rows(con: duckdb.DuckDBPyConnection, rows: list[dict[str, Any]]) -> None:
    """The rows as main.pub_cijfers; by Arrow, because there are thousands."""
    example.load_figures(con, [example.count(0)])
    con.execute("DELETE FROM pub_cijfers")
    names = [row[0] for row in con.execute("DESCRIBE pub_cijfers").fetchall()]
    con.register("_rijen", pa.Table.from_pylist([{name: row.get(name) for name in names} for row in rows]))
    con.execute(f"INSERT INTO pub_cijfers SELECT {', '.join(names)} FROM _rijen")
    con.unregister("_rijen")
