"""Invented small organisations in the themes beside benefits, as rows of pub_cijfers, and what an attacker knows of
them: the numbers that a release holds twice, written down here once more on purpose and not taken from the registry.
Nobody in it exists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import release_example as example
from attack import Cell, Problem, numbers_of, tables_of_year

WHOLE, YEAR = "AM08", "2024"
QUARTERS = [f"{YEAR}KW{quarter:02d}" for quarter in range(1, 5)]
TOTAL = ("totaal", "totaal")
OUTSIDE = ("werken_op_locatie", "detachering_groep", "detachering_individueel", "begeleid_werken")
LONG = ("2-5", "5+")
SENT_BACK = tuple(
    f"terugmelding_{reason}"
    for reason in ("tijdelijk", "structureel", "geen_doelgroep", "niet_verschenen", "zoekperiode")
)
DIMENSIONS = {
    "werkvorm": ("sw_beschut", *OUTSIDE),
    "trajectduur": ("0-1", "1-2", *LONG),
    "reden_einde_traject": ("geplaatst", "onderwijs", "overig", "onbekend", *SENT_BACK),
    "lks_soort": ("regulier", "nieuw_beschut"),
    "advies": ("positief", "negatief"),
    "leeftijd": ("0-26", "27-34", "35-44", "45-54", "55+", "onbekend"),
}
STANDS = ("sw_", "kandidaten_", "lks_")
Categories = tuple[str, ...]
# A total, and the categories of a break-down of another indicator that it is the sum of.
SUMS: dict[str, tuple[str, str, Categories]] = {
    "sw_buiten_de_muren:t": ("sw_personen:t", "werkvorm", OUTSIDE),
    "sw_buiten_de_muren:n": ("sw_personen:t", "werkvorm", DIMENSIONS["werkvorm"]),
    "kandidaten_langer_dan_2_jaar:t": ("kandidaten_in_dienstverlening:t", "trajectduur", LONG),
    "kandidaten_langer_dan_2_jaar:n": ("kandidaten_in_dienstverlening:t", "trajectduur", DIMENSIONS["trajectduur"]),
    "terugmeldingen:t": ("trajecten_beeindigd:t", "reden_einde_traject", SENT_BACK),
    "lks_dichtheid:t": ("lks_stand:t", "lks_soort", ("regulier",)),
    "nieuw_beschut_wachttijd_mediaan:n": ("nieuw_beschut_adviezen:t", "advies", ("positief",)),
}
# The same people in two cells: family and dimensie of each, and the categories.
TWICE: list[tuple[tuple[str, str], tuple[str, str], dict[str, str]]] = [
    (
        ("terugmeldingen:t", "reden_terugmelding"),
        ("trajecten_beeindigd:t", "reden_einde_traject"),
        {name: name for name in SENT_BACK},
    ),
    (
        ("plaatsingen_werk:t", "prioriteitsgroep"),
        ("plaatsingen_werk:t", "leeftijd"),
        {"jongeren": "0-26", "55+": "55+"},
    ),
]
Event = tuple[str, int, str]  # region, quarter, category


class Counted:
    """Invented events of one break-down, counted in cells."""

    def __init__(self, seed: int, dimensie: str, events: int, regions: int) -> None:
        rng = np.random.default_rng(seed)
        self.dimensie, self.categories = dimensie, DIMENSIONS[dimensie]
        self.regions = [f"GM{number:04d}" for number in range(1, regions + 1)]
        shape = (regions, len(QUARTERS), len(self.categories))
        weight = (
            rng.dirichlet(np.full(regions, 2.0))[:, None, None]
            * rng.dirichlet(np.full(shape[2], 0.9), shape[:1])[:, None]
        )
        self.numbers = rng.poisson(events / 4 * np.broadcast_to(weight, shape))

    def total(self, categories: Iterable[str], stand: bool) -> dict[Cell, int]:
        """In every region and period. Of a stand the year reads what its last quarter does."""
        chosen = self.numbers[:, :, [self.categories.index(name) for name in categories]].sum(axis=2)
        found: dict[Cell, int] = {}
        for region, line in [*zip(self.regions, chosen, strict=True), (WHOLE, chosen.sum(axis=0))]:
            found |= {(region, period, *TOTAL): int(n) for period, n in zip(QUARTERS, line, strict=True)}
            found[region, f"{YEAR}JJ00", *TOTAL] = int(line[-1] if stand else line.sum())
        return found

    def broken_down(self, stand: bool, dimensie: str = "", names: Mapping[str, str] | None = None) -> dict[Cell, int]:
        """The year per category, by these names (category: name) where only some are wanted."""
        return {
            (region, period, dimensie or self.dimensie, name): number
            for category, name in (names or {one: one for one in self.categories}).items()
            for (region, period, *_), number in self.total([category], stand).items()
            if period == f"{YEAR}JJ00"
        }


def _counts(indicator: str, thema: str, *numbers: Mapping[Cell, int]) -> list[dict[str, Any]]:
    cells = [item for found in numbers for item in found.items()]
    return [example.count(n, indicator_id=indicator, thema=thema, **_place(cell)) for cell, n in cells]


def _rates(indicator: str, thema: str, teller: Mapping[Cell, int], noemer: Mapping[Cell, int]) -> list[dict[str, Any]]:
    return [
        example.rate(n, noemer[cell], indicator_id=indicator, thema=thema, **_place(cell)) for cell, n in teller.items()
    ]


def _place(cell: Cell) -> dict[str, str]:
    return dict(zip(("regio_code", "periode", "dimensie", "categorie"), cell, strict=True))


def sw(seed: int, events: int, regions: int) -> list[dict[str, Any]]:
    people = Counted(seed, "werkvorm", events, regions)
    everybody = people.total(people.categories, stand=True)
    rows = _counts("sw_personen", "sw", everybody, people.broken_down(stand=True))
    return rows + _rates("sw_buiten_de_muren", "sw", people.total(OUTSIDE, stand=True), everybody)


def begeleiding(seed: int, events: int, regions: int) -> list[dict[str, Any]]:
    people, ended = Counted(seed, "trajectduur", events, regions), Counted(seed, "reden_einde_traject", events, regions)
    everybody = people.total(people.categories, stand=True)
    rows = _counts("kandidaten_in_dienstverlening", "begeleiding", everybody, people.broken_down(stand=True))
    rows += _rates("kandidaten_langer_dan_2_jaar", "begeleiding", people.total(LONG, stand=True), everybody)
    rows += _counts(
        "trajecten_beeindigd", "begeleiding", ended.total(ended.categories, stand=False), ended.broken_down(stand=False)
    )
    reasons = ended.broken_down(False, "reden_terugmelding", {name: name for name in SENT_BACK})
    return rows + _counts("terugmeldingen", "begeleiding", ended.total(SENT_BACK, stand=False), reasons)


def lks(seed: int, events: int, regions: int) -> list[dict[str, Any]]:
    people = Counted(seed, "lks_soort", events, regions)
    rows = _counts("lks_stand", "lks", people.total(people.categories, stand=True), people.broken_down(stand=True))
    regular = people.total(["regulier"], stand=True)
    registered = {cell: 5 * events * (regions if cell[0] == WHOLE else 1) for cell in regular}
    return rows + _rates("lks_dichtheid", "lks", regular, registered)


def nieuw_beschut(seed: int, events: int, regions: int) -> list[dict[str, Any]]:
    advices = Counted(seed, "advies", events, regions)
    rows = _counts(
        "nieuw_beschut_adviezen", "nieuw_beschut", advices.total(advices.categories, stand=False),
        advices.broken_down(stand=False),
    )  # fmt: skip
    return rows + [
        example.cell(
            indicator_id="nieuw_beschut_wachttijd_mediaan", thema="nieuw_beschut", meettype="gemiddelde",
            eenheid="dagen", waarde=100.0, noemer=number, **_place(cell),
        )
        for cell, number in advices.total(["positief"], stand=False).items()
        if cell[1] == f"{YEAR}JJ00" and number
    ]  # fmt: skip


def plaatsingen(seed: int, events: int, regions: int) -> list[dict[str, Any]]:
    placed, status = Counted(seed, "leeftijd", events, regions), Counted(seed + 1, "advies", events // 2, regions)
    groups = placed.broken_down(False, "prioriteitsgroep", {"0-26": "jongeren", "55+": "55+"})
    groups |= status.broken_down(False, "prioriteitsgroep", {"positief": "statushouders"})
    total = placed.total(placed.categories, stand=False)
    return _counts("plaatsingen_werk", "plaatsingen", total, placed.broken_down(stand=False), groups)


THEMES = {one.__name__: one for one in (sw, begeleiding, lks, nieuw_beschut, plaatsingen)}
Variables = dict[tuple[str, Cell], int | None]


def variables_of(rows: Iterable[Mapping[str, Any]]) -> Variables:
    """Every number of these rows, None where it is masked."""
    rows = list(rows)
    found: Variables = {
        (family, cell): number for family, cells in numbers_of(rows).items() for cell, number in cells.items()
    }
    for row in rows:
        if row["eenheid"] == "dagen":
            cell = (row["regio_code"], row["periode"], row["dimensie"], row["categorie"])
            found.pop((f"{row['indicator_id']}:t", cell), None)
            found[f"{row['indicator_id']}:n", cell] = row["noemer"]
    return found


def theme_problem(shown: Variables) -> Problem:
    """All indicators of a thema at once: every sum, every share, and all that is told twice."""
    problem = Problem()
    families: dict[str, set[Cell]] = {}
    for (family, cell), number in shown.items():
        problem.number((family, cell), number)
        families.setdefault(family, set()).add(cell)
    for family, cells in families.items():
        for parts, total in tables_of_year(cells, YEAR, WHOLE):
            present = [(family, part) for part in parts if part in cells]
            if parts[0][1] != total[1] and (family.startswith(STANDS) or len(present) < 4):
                continue
            if (parts[0][2], total[2]) != ("prioriteitsgroep", "totaal"):
                problem.adds_up(present, (family, total))
        for region in {cell[0] for cell in cells if family.startswith(STANDS)}:
            problem.adds_up([(family, (region, f"{YEAR}KW04", *TOTAL))], (family, (region, f"{YEAR}JJ00", *TOTAL)))
        if family.endswith(":c"):
            for cell in cells:
                problem.adds_up([(family, cell), (family[:-1] + "t", cell)], (family[:-1] + "n", cell))
    for part, (whole, dimensie, categories) in SUMS.items():
        for cell in (one for one in families.get(part, set()) if one[2:] == TOTAL):
            if cell[1].endswith("JJ00"):
                problem.adds_up([(whole, (*cell[:2], dimensie, name)) for name in categories], (part, cell))
            if len(categories) == len(DIMENSIONS[dimensie]):
                problem.adds_up([(whole, cell)], (part, cell))
    for (one, dimensie), (other, elsewhere), names in TWICE:
        for cell in families.get(one, set()):
            if cell[2] == dimensie and cell[3] in names:
                problem.adds_up([(other, (*cell[:2], elsewhere, names[cell[3]]))], (one, cell))
    return problem
