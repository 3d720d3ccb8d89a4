"""The entities without persons: `financien`, `tevredenheid`, `doelstelling` and `reeks`.

What belongs here: accounts whose sums are right, surveys, targets, and the series that others published, as printed.
What does not: anything about a person.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from werkmonitor.demo import aims, columns

REGION = "AM08"
BUDGETED = 1.015  # the budget beside what came out of it
SURVEYS = (
    ("kandidaat", 7.3, 0.025, 900, 0.31),
    ("werkgever", 7.6, 0.03, 400, 0.27),
    ("medewerker_sw", 6.4, 0.045, 1500, 0.55),
)


@dataclass
class _Ledger:
    """Rows of `financien`, gathered as dictionaries: a few hundred, whatever the size of the organisation."""

    rows: list[dict[str, object]] = field(default_factory=list)

    def add(self, year: int, part: str, post: str, kind: str, euros: float, **more: object) -> int:
        amount = round(euros)
        empty = {"product": None, "hoeveelheid": None, "prijs": None, "prijspeil": year, "gemeente_code": None}
        row = {"jaar": year, "onderdeel": part, "post": post, "soort": kind, "bedrag": amount}
        self.rows.append(empty | row | more)
        return amount


def financien(norm_paid: np.ndarray, sw_fte: np.ndarray, persons: int) -> pa.Table:
    """Budget, and what came out: a total is the sum of its parts and a result is what its own rows leave.

    `norm_paid`: year x gemeente, the benefits paid in EUR; `sw_fte`: fte of the sw at each year's end.
    """
    ledger = _Ledger()
    size = persons / aims.PUBLISHED_PERSONS
    for index, row in enumerate(aims.read("financien")):
        year = int(row["jaar"])
        for kind in ("begroot", "realisatie"):
            factor = size * (BUDGETED if kind == "begroot" else 1.0)
            _exploitation(ledger, year, kind, row, factor)
            _production(
                ledger, year, kind, float(sw_fte[index]), float(row["toegevoegde_waarde_per_fte"]), factor / size
            )
        _budgets(ledger, year, norm_paid[index])
    names = (
        "jaar",
        "onderdeel",
        "product",
        "post",
        "soort",
        "bedrag",
        "hoeveelheid",
        "prijs",
        "prijspeil",
        "gemeente_code",
    )
    return pa.table({name: _typed(name, [row[name] for row in ledger.rows]) for name in names})


def _typed(name: str, values: list[object]) -> pa.Array:
    kinds = {"jaar": pa.int64(), "bedrag": pa.int64(), "prijspeil": pa.int64(), "hoeveelheid": pa.float64()}
    return pa.array(values, kinds.get(name, pa.float64() if name == "prijs" else pa.string()))


def _exploitation(ledger: _Ledger, year: int, kind: str, row: dict[str, str], factor: float) -> None:
    """Income, programme costs, overhead and result of work, of sw, and of both together."""
    posts = ("baten", "programmalasten", "overhead")
    total = dict.fromkeys(posts, 0)
    for part in ("werk", "sw"):
        amounts = {
            post: ledger.add(year, part, post, kind, 1000 * factor * float(row[f"{part}_{post}"])) for post in posts
        }
        ledger.add(year, part, "resultaat", kind, amounts["baten"] - amounts["programmalasten"] - amounts["overhead"])
        total = {post: total[post] + amounts[post] for post in posts}
    for post in posts:
        ledger.add(year, "totaal", post, kind, total[post])
    ledger.add(year, "totaal", "resultaat", kind, total["baten"] - total["programmalasten"] - total["overhead"])


def _production(ledger: _Ledger, year: int, kind: str, fte: float, per_fte: float, factor: float) -> None:
    """Of the sw: turnover less direct costs is the added value; wages and subsidy as number x price."""
    added = round(fte * per_fte * factor)
    direct = round(0.22 * added)
    ledger.add(year, "sw", "omzet", kind, added + direct)
    ledger.add(year, "sw", "directe_kosten", kind, direct)
    ledger.add(year, "sw", "toegevoegde_waarde", kind, added)
    ledger.add(year, "sw", "bedrijfskosten", kind, 0.9 * added)
    number = round(fte, 2)
    for post, price in (("loonkosten_sw", 28_500 * 1.02 ** (year - 2014)), ("rijksbijdrage_sw", 26_000.0)):
        price = round(price * factor, 2)
        ledger.add(year, "sw", post, kind, number * price, hoeveelheid=number, prijs=price)


def _budgets(ledger: _Ledger, year: int, paid: np.ndarray) -> None:
    """Per gemeente what benefits cost and what the state gives for them, and the same for all gemeenten together."""
    share = {"uitkeringslasten": 1.0, "lks_lasten": 0.004 * max(0, year - 2014), "terugvordering": 0.018}
    rich = 1.0 + 0.02 * np.sin(year * 1.7 + np.arange(len(paid)))
    for post, factor in (*share.items(), ("buig_budget", 0.985 + 0.004 * max(0, year - 2014))):
        weight = rich if post == "buig_budget" else 1.0
        parts = [
            ledger.add(year, "totaal", post, "realisatie", euros, gemeente_code=code)
            for code, euros in zip(aims.gemeenten(), paid * factor * weight, strict=True)
        ]
        ledger.add(year, "totaal", post, "realisatie", sum(parts))


def tevredenheid() -> pa.Table:
    """Surveys of candidates, employers and employees of the sw, each every second year."""
    rows = [
        {
            "onderzoek_id": f"DEMO-TO-{groep}-{year}",
            "jaar": year,
            "groep": groep,
            "score": round(score + yearly * (year - 2016) / 2, 1),
            "n": round(invited * response),
            "uitgenodigd": invited,
        }
        for groep, score, yearly, invited, response in SURVEYS
        for year in range(2017 if groep != "kandidaat" else 2016, 2026, 2)
    ]
    return pa.Table.from_pylist(rows)


def doelstelling() -> pa.Table:
    """The printed targets. Their tolerance was never put in a number, so there is none here."""
    return pa.Table.from_pylist(
        [
            {
                "indicator_id": row["indicator_id"],
                "regio_code": REGION,
                "periode": f"{row['jaar']}JJ00",
                "waarde": float(row["waarde"]),
                "soort": row["soort"],
                "richting": row["richting"],
                "tolerantie_pct": None,
                "document": row["document"],
                "pagina": None,
            }
            for row in aims.read("doelen")
        ]
    )


def reeks() -> pa.Table:
    """What others published, each with a definition of its own and where it was printed."""
    rows = aims.read("gepubliceerd")
    table = {name: pa.array([row[name] or None for row in rows], pa.string()) for name in rows[0]}
    table["waarde"] = columns.decimals(
        np.array([float(row["waarde"] or 0) for row in rows]), np.array([row["waarde"] != "" for row in rows])
    )
    return pa.table(table).append_column("pagina", pa.nulls(len(rows), pa.string()))
