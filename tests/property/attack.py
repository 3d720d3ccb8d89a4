"""An attacker on published tables: everything that a reader can compute with linear programming, and nothing else.

He reads rows of a release, knows which cells add up (contract 2 and 3, written down here once more on purpose and not
taken from `core/suppression`) and asks for each masked number how small and how large it can be. No expectations here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_array, csr_array, hstack, identity

Cell = tuple[str, str, str, str]  # regio_code, periode, dimensie, categorie
Variable = tuple[Any, ...]
Term = tuple[Variable, float]
SHOWN = ("definitief", "voorlopig", "nader_voorlopig")
REASONS = "reden_niet_volgbaar"


def cell_of(row: Mapping[str, Any]) -> Cell:
    return (row["regio_code"], row["periode"], row["dimensie"], row["categorie"])


def numbers_of(rows: Iterable[Mapping[str, Any]]) -> dict[str, dict[Cell, int | None]]:
    """Per family (indicator:t, n, c, v) the number of each cell, None where it is masked. A rate gives its numerator, a
    rate over nothing says 0."""
    found: dict[str, dict[Cell, int | None]] = defaultdict(dict)
    for row in rows:
        if row["status"] not in (*SHOWN, "onderdrukt", "nvt") or row["dimensie"] == "maanden_sinds_uitstroom":
            continue
        name, cell = row["indicator_id"], cell_of(row)
        if row["status"] == "nvt" and name == "herinstroom_terugkijkend":
            continue  # nvt because of the history, not because there was nobody
        teller, noemer = row.get("teller"), row.get("noemer")
        if row["eenheid"] == "%":
            nothing = row["status"] == "nvt"
            if teller is None and noemer is not None and row.get("waarde") is not None:
                teller = round(row["waarde"] * noemer / 100)
            found[f"{name}:n"][cell] = 0 if nothing else noemer
            found[f"{name}:t"][cell] = 0 if nothing else teller
            found[f"{name}:c"][cell] = 0 if nothing else None if teller is None or noemer is None else noemer - teller
        elif row["dimensie"] != REASONS:
            found[f"{name}:t"][cell] = teller
        if row["dimensie"] == REASONS or row.get("n_niet_volgbaar") is not None or row["eenheid"] == "%":
            found[f"{name}:v"][cell] = row.get("n_niet_volgbaar")
    return dict(found)


@dataclass
class Problem:
    """Linear equations over numbers, each of which lies between two bounds."""

    bounds: dict[Variable, tuple[float, float | None]] = field(default_factory=dict)
    equations: list[list[Term]] = field(default_factory=list)

    def number(self, variable: Variable, value: float | None) -> None:
        self.bounds[variable] = (0, None) if value is None else (value, value)

    def between(self, variable: Variable, low: float, high: float | None) -> None:
        self.bounds[variable] = (low, high)

    def adds_up(self, parts: Iterable[Variable], total: Variable) -> None:
        found = [part for part in parts if part in self.bounds]
        if found and total in self.bounds:
            self.equations.append([*((part, 1.0) for part in found), (total, -1.0)])

    def balance(self, *terms: Term) -> None:
        """These terms are 0 together, when all of them are numbers of this problem."""
        if all(variable in self.bounds for variable, _ in terms):
            self.equations.append(list(terms))

    def solver(self) -> Solver:
        """Who asks this problem its questions, one after another."""
        return Solver(self)


class Solver:
    """The smallest and largest value of the variables of a problem; raises when its equations contradict each other.

    What is known is no variable to the linear programme. Each answer is a point in which every equation holds: what it
    shows of the other variables is remembered, because most questions are answered by it (`can_be`).
    """

    def __init__(self, problem: Problem) -> None:
        names = list(problem.bounds)
        place = {variable: position for position, variable in enumerate(names)}
        entries = [(i, place[v], w) for i, terms in enumerate(problem.equations) for v, w in terms]
        rows, columns, weights = zip(*entries, strict=True) if entries else ((), (), ())
        matrix = coo_array((weights, (rows, columns)), shape=(len(problem.equations), len(names))).tocsc()
        low = np.array([problem.bounds[variable][0] for variable in names], dtype=float)
        high = np.array([np.inf if (to := problem.bounds[variable][1]) is None else to for variable in names])
        free = np.flatnonzero(low != high)
        known = np.where(low == high, low, 0.0)
        self.least, self.most = np.full(len(names), np.inf), np.full(len(names), -np.inf)
        self.least[low == high] = self.most[low == high] = low[low == high]
        self._place, self._free = place, free
        self._at = dict(zip(free.tolist(), range(len(free)), strict=True))
        unknown = matrix[:, free].tocsr()
        rest = -(matrix @ known)
        asked = np.diff(unknown.indptr) > 0
        assert np.abs(rest[~asked]).max(initial=0) < 1e-6, "what is known contradicts itself"
        self._matrix, self._rest = unknown[np.flatnonzero(asked)], rest[asked]
        self._limits = np.column_stack((low[free], high[free]))

    def can_be(self, variable: Variable, least: float = np.inf, most: float = -np.inf) -> bool:
        """Whether an answer so far had this variable at `least` or more, or at `most` or less."""
        position = self._place[variable]
        return bool(self.most[position] >= least or self.least[position] <= most)

    def __call__(self, variable: Variable, largest: bool) -> float:
        """The largest or the smallest value of a variable."""
        position = self._place[variable]
        if position not in self._at:
            return float(self.most[position])
        column = self._at[position]
        if not self._matrix.shape[0]:
            return float(self._limits[column, 1 if largest else 0])
        goal = np.zeros(len(self._free))
        goal[column] = -1.0 if largest else 1.0
        result = linprog(goal, A_eq=self._matrix, b_eq=self._rest, bounds=self._limits, method="highs")
        if result.status == 3:
            return np.inf if largest else -np.inf
        self._remember(result)
        return float(-result.fun if largest else result.fun)

    def many(self, variables: Iterable[Variable], least: float) -> None:
        """One answer in which as many of these as possible are `least` or more at once: it saves most questions."""
        columns = [self._at[place] for variable in variables if (place := self._place[variable]) in self._at]
        if not columns or not self._matrix.shape[0]:
            return
        number = len(columns)
        below = csr_array((-np.ones(number), (range(number), columns)), shape=(number, len(self._free)))
        result = linprog(
            np.concatenate((np.zeros(len(self._free)), -np.ones(number))),
            A_ub=hstack((below, identity(number)), format="csr"),
            b_ub=np.zeros(number),
            A_eq=hstack((self._matrix, csr_array((self._matrix.shape[0], number))), format="csr"),
            b_eq=self._rest,
            bounds=np.vstack((self._limits, np.tile((0.0, least), (number, 1)))),
            method="highs",
        )
        self._remember(result)

    def _remember(self, result: Any) -> None:
        assert result.status == 0, result.message
        point = result.x[: len(self._free)]
        np.maximum.at(self.most, self._free, point)
        np.minimum.at(self.least, self._free, point)


def tables_of_year(cells: Iterable[Cell], year: str, whole: str) -> list[tuple[list[Cell], Cell]]:
    """Every sum that a year of one family must satisfy: (parts, total). `whole` is the organisation."""
    mine = {cell for cell in cells if cell[1].startswith(year)}
    sums: list[tuple[list[Cell], Cell]] = []
    regions = sorted({cell[0] for cell in mine})
    for place in sorted({cell[1:] for cell in mine}):
        parts = [(region, *place) for region in regions if region != whole and (region, *place) in mine]
        sums.append((parts, (whole, *place)))
    for region in regions:
        total = (region, f"{year}JJ00", "totaal", "totaal")
        by_dimension: dict[str, list[Cell]] = defaultdict(list)
        for cell in sorted(mine):
            if cell[0] == region and cell[1] == f"{year}JJ00" and cell[2] != "totaal":
                by_dimension[cell[2]].append(cell)
        sums += [(parts, total) for dimension, parts in by_dimension.items() if " x " not in dimension]
        sums += _crossed(region, f"{year}JJ00", by_dimension)
        quarters = [(region, f"{year}KW{q:02d}", "totaal", "totaal") for q in range(1, 5)]
        sums.append((quarters, total))
        for q, quarter in enumerate(quarters):
            months = [(region, f"{year}MM{3 * q + m:02d}", "totaal", "totaal") for m in (1, 2, 3)]
            sums.append((months, quarter))
    return [(parts, total) for parts, total in sums if total in mine and parts]


def _crossed(region: str, period: str, by_dimension: Mapping[str, list[Cell]]) -> Iterable[tuple[list[Cell], Cell]]:
    for dimension, cells in by_dimension.items():
        if " x " not in dimension:
            continue
        for side, name in enumerate(dimension.split(" x ")):
            groups: dict[str, list[Cell]] = defaultdict(list)
            for cell in cells:
                groups[cell[3].split(" x ")[side]].append(cell)
            yield from ((parts, (region, period, name, category)) for category, parts in groups.items())


def family_problem(numbers: Mapping[Cell, int | None], year: str, whole: str, *, over_periods: bool = True) -> Problem:
    """One family, all linked tables of a year at once. A number that is no number yet (absent) takes part in no sum."""
    problem = Problem()
    mine = {cell: number for cell, number in numbers.items() if cell[1].startswith(year)}
    for cell, number in mine.items():
        problem.number(cell, number)
    for parts, total in tables_of_year(mine, year, whole):
        if not over_periods and parts[0][1] != total[1]:
            continue
        # A sum counts only when all of it is there: four quarters, every gemeente, every category.
        expected = (
            4 if "KW" in parts[0][1] and "JJ" in total[1] else 3 if "MM" in parts[0][1] and "KW" in total[1] else 0
        )
        present = [part for part in parts if part in mine]
        if len(present) >= max(expected, 1):
            problem.adds_up(present, total)
    return problem


def stand_problem(numbers: Mapping[str, Mapping[Cell, int | None]], years: Iterable[str], whole: str) -> Problem:
    """Stand, instroom and uitstroom of all years together: a stand is one number wherever it is shown, and every period
    begins where the one before it ended. Variables: ('stand', region, month) and (family, cell)."""
    problem = Problem()
    regions = sorted({cell[0] for cell in numbers["stand_personen:t"]})
    for cell, number in numbers["stand_personen:t"].items():
        if cell[2] == "totaal":
            variable = ("stand", cell[0], span_of(cell[1])[1])
            if number is not None or variable not in problem.bounds:
                problem.number(variable, number)
    for month in sorted({variable[2] for variable in problem.bounds}):
        stands: list[Variable] = [("stand", region, month) for region in regions if region != whole]
        problem.adds_up(stands, ("stand", whole, month))
    for family in ("instroom:t", "uitstroom:t"):
        for year in years:
            mine = {cell: n for cell, n in numbers[family].items() if cell[1].startswith(year) and cell[2] == "totaal"}
            for cell, number in mine.items():
                problem.number((family, cell), number)
            for parts, total in tables_of_year(mine, year, whole):
                problem.adds_up([(family, part) for part in parts], (family, total))
    for cell in numbers["instroom:t"]:
        if cell[2] == "totaal":
            first, last = span_of(cell[1])
            problem.balance(
                (("stand", cell[0], last), 1.0), (("stand", cell[0], first - 1), -1.0),
                (("instroom:t", cell), -1.0), (("uitstroom:t", cell), 1.0),
            )  # fmt: skip
    return problem


def span_of(period: str) -> tuple[int, int]:
    """First and last month of a period, counted from year 0."""
    year, kind, number = 12 * int(period[:4]), period[4:6], int(period[6:])
    if kind == "JJ":
        return year + 1, year + 12
    return (year + 3 * number - 2, year + 3 * number) if kind == "KW" else (year + number, year + number)
