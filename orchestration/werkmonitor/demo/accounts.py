"""The entities without persons: `financien`, `tevredenheid`, `doelstelling` and `reeks`.

What belongs here: accounts whose sums are right, surveys, targets, and the series that others published, as printed.
What does not: anything about a person.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from werkmonitor.demo import aims

REGION = "AM08"
BUDGETED = 1.015  # the budget beside what came out of it, and by how much the posts of a year are further apart
MISJUDGED = {"baten": (0.02, 1.9), "programmalasten": (0.03, 2.7), "overhead": (0.015, 1.1)}
# What the gemeenten buy of `werk`: price in 2014, its share of the income and by how much more or less than
# budgeted is delivered in good and bad years. What is left of the income is a contribution without a number.
PRODUCTS = (
    ("Re-integratietraject", 3_100.0, 0.42, 0.07),
    ("Plaatsing op werk", 2_400.0, 0.16, 0.12),
    ("Begeleiding beschut werk", 8_600.0, 0.03, 0.05),
    ("Jobcoaching", 1_150.0, 0.08, 0.10),
)
CONTRIBUTION = "Bijdrage in vaste kosten"
DEARER = 1.024  # prices a year
SURVEYS = (
    ("kandidaat", 7.3, 0.025, 900, 0.31),
    ("werkgever", 7.6, 0.03, 400, 0.27),
    ("medewerker_sw", 6.4, 0.045, 1500, 0.55),
)


@dataclass
class _Ledger:
    """Rows of `financien`, gathered as dictionaries: a few hundred, whatever the size of the organisation."""

    rows: list[dict[str, object]] = field(default_factory=list)

    def add(
        self,
        year: int,
        part: str,
        post: str,
        kind: str,
        euros: float,
        product: str | None = None,
        number: float | None = None,
        price: float | None = None,
        gemeente_code: str | None = None,
    ) -> int:
        """One row in whole euros; gives the amount."""
        amount = round(euros)
        self.rows.append(
            {
                "jaar": year,
                "onderdeel": part,
                "product": product,
                "post": post,
                "soort": kind,
                "bedrag": amount,
                "hoeveelheid": number,
                "prijs": price,
                "prijspeil": year,
                "gemeente_code": gemeente_code,
            }
        )
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
            factors = {post: size * _judged(year, kind, post) for post in MISJUDGED}
            _exploitation(ledger, year, kind, row, factors)
            whole = BUDGETED if kind == "begroot" else 1.0
            _production(ledger, year, kind, float(sw_fte[index]), float(row["toegevoegde_waarde_per_fte"]), whole)
            _products(ledger, index, kind, row, factors)
        _budgets(ledger, year, norm_paid[index])
    return pa.table({name: _typed(name, [row[name] for row in ledger.rows]) for name in ledger.rows[0]})


def _judged(year: int, kind: str, post: str) -> float:
    """The budget of a post beside what came out of it: some years too high, others too low."""
    swing, pace = MISJUDGED[post]
    return BUDGETED + swing * float(np.sin(pace * year)) if kind == "begroot" else 1.0


def _typed(name: str, values: list[object]) -> pa.Array:
    kinds = {"jaar": pa.int64(), "bedrag": pa.int64(), "prijspeil": pa.int64(), "hoeveelheid": pa.float64()}
    return pa.array(values, kinds.get(name, pa.float64() if name == "prijs" else pa.string()))


def _exploitation(ledger: _Ledger, year: int, kind: str, row: dict[str, str], factors: Mapping[str, float]) -> None:
    """Income, programme costs, overhead and result of work, of sw, and of both together."""
    posts = ("baten", "programmalasten", "overhead")
    total = dict.fromkeys(posts, 0)
    for part in ("werk", "sw"):
        amounts = {
            post: ledger.add(year, part, post, kind, 1000 * factors[post] * float(row[f"{part}_{post}"]))
            for post in posts
        }
        ledger.add(year, part, "resultaat", kind, amounts["baten"] - amounts["programmalasten"] - amounts["overhead"])
        total = {post: total[post] + amounts[post] for post in posts}
    for post in posts:
        ledger.add(year, "totaal", post, kind, total[post])
    ledger.add(year, "totaal", "resultaat", kind, total["baten"] - total["programmalasten"] - total["overhead"])


def _production(ledger: _Ledger, year: int, kind: str, fte: float, per_fte: float, factor: float) -> None:
    """Of the sw: turnover less direct costs is the added value; wages and subsidy follow the fte."""
    added = round(fte * per_fte * factor)
    direct = round(0.22 * added)
    ledger.add(year, "sw", "omzet", kind, added + direct)
    ledger.add(year, "sw", "directe_kosten", kind, direct)
    ledger.add(year, "sw", "toegevoegde_waarde", kind, added)
    ledger.add(year, "sw", "bedrijfskosten", kind, 0.9 * added)
    for post, price in (("loonkosten_sw", 28_500 * 1.02 ** (year - 2014)), ("rijksbijdrage_sw", 26_000.0)):
        ledger.add(year, "sw", post, kind, fte * price * factor)


def _products(ledger: _Ledger, index: int, kind: str, row: dict[str, str], factors: Mapping[str, float]) -> None:
    """Of `werk` by gemeente: the products at the price that was agreed for the year, and the rest of income and costs.

    The gemeenten add up to the rows without gemeente. Price and year of a product are the same in budget and outcome;
    the numbers are not.
    """
    year = int(row["jaar"])
    shares = aims.shares(aims.STOCK)[index]
    amounts = {
        post: _divided(round(1000 * factors[post] * float(row[f"werk_{post}"])), shares)
        for post in ("baten", "programmalasten", "overhead")
    }
    for place, code in enumerate(aims.gemeenten()):
        mine = {post: parts[place] for post, parts in amounts.items()}
        sold = sum(
            ledger.add(year, "werk", "baten", kind, number * price, product, number, price, code)
            for product, number, price in _bought(place, year, kind, mine["baten"])
        )
        ledger.add(year, "werk", "baten", kind, mine["baten"] - sold, CONTRIBUTION, gemeente_code=code)
        for post in ("programmalasten", "overhead"):
            ledger.add(year, "werk", post, kind, mine[post], gemeente_code=code)
        left = mine["baten"] - mine["programmalasten"] - mine["overhead"]
        ledger.add(year, "werk", "resultaat", kind, left, gemeente_code=code)


def _bought(place: int, year: int, kind: str, income: int) -> Iterator[tuple[str, int, float]]:
    """Product, number and price for a gemeente: in the outcome more or less of it than in the budget."""
    for rank, (product, price, share, swing) in enumerate(PRODUCTS):
        agreed = round(price * DEARER ** (year - 2014), 2)
        differs = 1.0 + swing * np.sin(1.3 * year + 0.9 * place + 2.1 * rank) if kind == "realisatie" else 1.0
        yield product, round(share * income / agreed * differs), agreed


def _divided(total: int, shares: np.ndarray) -> list[int]:
    """Whole parts that add up to the total; the first takes what rounding leaves."""
    parts = [round(total * share) for share in shares.tolist()]
    return [total - sum(parts[1:]), *parts[1:]]


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
    """The printed targets, whose tolerance was never put in a number, and those of the invented budgets after them.

    Some are for one gemeente, one is for something that the monitor does not measure.
    """
    return pa.Table.from_pylist(
        [
            {
                "indicator_id": row["indicator_id"],
                "regio_code": row["regio_code"],
                "periode": f"{row['jaar']}JJ00",
                "waarde": float(row["waarde"]),
                "soort": row["soort"],
                "richting": row["richting"],
                "tolerantie_pct": float(row["tolerantie_pct"]) if row["tolerantie_pct"] else None,
                "document": row["document"],
                "pagina": None,
            }
            for row in aims.read("doelen")
        ]
    )


def reeks() -> pa.Table:
    """What others published, each with a definition of its own and where it was printed; and invented prices."""
    published = [row | {"waarde": float(row["waarde"]) if row["waarde"] else None} for row in aims.read("gepubliceerd")]
    return series_table([*published, *_prices()])


def _prices() -> Iterator[dict[str, object]]:
    """Prices of products by two others, one of which has none for one of the products."""
    for row in aims.read("prijzen"):
        name = row["bron"].lower().replace(" ", "_")
        yield {
            "bron": row["bron"],
            "indicator_id": "normprijs",
            "definitie_id": f"normprijs_{name}@1",
            "regio_code": "NL01",
            "periode": f"{row['jaar']}JJ00",
            "uitsplitsing": f"product={row['product']}",
            "waarde": float(row["prijs"]),
            "eenheid": "EUR",
            "status": "definitief",
            "document": row["document"],
        }


def series_table(rows: Sequence[Mapping[str, object]]) -> pa.Table:
    """Rows of `reeks`, typed; what a row does not name, and what is empty, is null."""
    names = (
        *("bron", "indicator_id", "definitie_id", "regio_code", "periode", "uitsplitsing", "waarde", "eenheid"),
        *("status", "reden_leeg", "document", "pagina"),
    )
    kinds = {name: pa.float64() if name == "waarde" else pa.string() for name in names}
    values = {name: [row.get(name) for row in rows] for name in names}
    return pa.table(
        {name: pa.array([None if v == "" else v for v in values[name]], kind) for name, kind in kinds.items()}
    )
