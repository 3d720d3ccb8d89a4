"""A small invented candidate that every check accepts, and ways to damage it: shared by the tests of the checks.

The organisation EIGEN has two gemeenten, figures over 2023 and 2024 and the peildatum 2024-12-31. Persons are
made up. No tests here.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from werkmonitor.checks.definitions import Suite, load_suites
from werkmonitor.checks.preparation import measurements
from werkmonitor.checks.previous import read_previous
from werkmonitor.checks.runner import run_suite
from werkmonitor.checks.session import Session, open_session
from werkmonitor.core import disclosure
from werkmonitor.core.contracts import contracts
from werkmonitor.core.types import CheckResult, Delivery
from werkmonitor.core.workspace import NightFolder
from werkmonitor.settings import Settings

PEILDATUM = date(2024, 12, 31)
LEVERDATUM = date(2025, 1, 15)
ORG, GEMEENTEN = "EIGEN", ("GM0268", "GM0296")
SOURCES = {
    "uitkeringen": ["persoon", "kenmerk", "uitkering"],
    "polis": ["dienstverband"],
    "jaarstukken": ["reeks", "doelstelling"],
}
OWN = "eigen registratie"
KEY = ("indicator_id", "definitie_id", "regio_code", "indeling_jaar", "periode", "dimensie", "categorie", "bron")
NUMBERS = ("waarde", "ondergrens", "bovengrens", "teller", "noemer", "n_niet_volgbaar", "n_risico")
Cell = dict[str, Any]


def settings(**sections: Any) -> Settings:
    """The configuration of the example; sections given replace those of the example."""
    sources = {
        "uitkeringen": {"entiteiten": SOURCES["uitkeringen"], "historie_vanaf": "2020-01-01"},
        "polis": {"entiteiten": SOURCES["polis"], "dekking": "volledig"},
        "jaarstukken": {"entiteiten": SOURCES["jaarstukken"], "verplicht": False, "verwacht": "jaarlijks"},
    }
    base: dict[str, Any] = {
        "monitor": {"naam": "Voorbeeld", "regio_code": ORG, "gemeenten": list(GEMEENTEN), "peildatum": PEILDATUM},
        "bronnen": sources,
    }
    return Settings.model_validate(base | sections)


@dataclass(frozen=True)
class Example:
    """One night folder with its candidate, and the deliveries it was made of."""

    settings: Settings
    night: NightFolder
    deliveries: list[Delivery]
    previous: Path | None = None
    today: date | None = None
    peildatum: date = PEILDATUM

    def copy(self, folder: Path) -> Example:
        shutil.copytree(self.night.root, folder)
        return replace(self, night=NightFolder(folder))

    def change(self, *statements: str) -> None:
        """Damage the candidate."""
        with duckdb.connect(str(self.night.candidate)) as connection:
            for statement in statements:
                connection.execute(statement)

    def count(self, bron: str, entiteit: str, **changes: int) -> None:
        """Change what the intake counted of one delivery."""
        rows = pq.read_table(self.night.counts).to_pylist()
        for row in rows:
            if (row["bron"], row["entiteit"]) == (bron, entiteit):
                row |= changes
        pq.write_table(pa.Table.from_pylist(rows), self.night.counts)

    @contextmanager
    def session(self) -> Iterator[Session]:
        with open_session(
            self.settings, self.night, self.deliveries, self.peildatum, self.today, read_previous(self.previous)
        ) as session:
            yield session

    def check(self, check_id: str) -> CheckResult:
        """The result of one check."""
        suite = only(check_id)
        with self.session() as session:
            return run_suite(session, suite)[0]

    def release(self, folder: Path) -> Path:
        """What a release made of this candidate leaves for the checks of the next night."""
        folder.mkdir()
        with self.session() as session:
            content = {"controles": [], "metingen": measurements(session)}
            path = folder / "reeksen.parquet"
            session.connection.execute(f"copy (from gepubliceerd.reeksen) to '{path}' (format parquet)")
        (folder / "kwaliteit.json").write_text(json.dumps(content), encoding="utf-8")
        return folder


def only(check_id: str) -> Suite:
    """The suite of a check with that check alone."""
    for suite in load_suites():
        for spec in suite.controles:
            if spec.id == check_id:
                return suite.model_copy(update={"controles": [spec]})
    raise KeyError(check_id)


def build(folder: Path, configuration: Settings | None = None) -> Example:
    """A candidate in which nothing is wrong."""
    chosen = configuration or settings()
    night = NightFolder(folder).create()
    with duckdb.connect(str(night.candidate)) as connection:
        connection.execute("create schema invoer")
        for entiteit, contract in contracts().items():
            columns = ", ".join(f'"{name}" {kind}' for name, kind in contract.accepted_schema().items())
            connection.execute(f"create table invoer.{entiteit} ({columns})")
        for entiteit, rows in accepted_rows().items():
            insert(connection, f"invoer.{entiteit}", rows)
        _figures_table(connection, figures())
        disclosure.apply_to(connection, chosen.geheimhouding)
    _counted(night)
    dbt_artifacts(night.dbt_target, {"uniek": ("pass", {"check_id": "tabel.uniek", "ernst": "blokkerend"})})
    return Example(chosen, night, deliveries())


def deliveries() -> list[Delivery]:
    found = []
    for order, (bron, entities) in enumerate(SOURCES.items()):
        for entiteit in entities:
            relative = f"{bron}/{LEVERDATUM}/{entiteit}.csv"
            found.append(Delivery(bron, order, LEVERDATUM, entiteit, Path("/landing") / relative, relative, "0" * 64))
    return found


def person(number: int) -> str:
    """An invented pseudonym."""
    return f"{number:064x}"


def insert(connection: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, Any]]) -> None:
    connection.register("_rijen", pa.Table.from_pylist(rows))
    connection.execute(f"insert into {table} by name select * from _rijen")
    connection.unregister("_rijen")


def accepted_rows() -> dict[str, list[dict[str, Any]]]:
    """Two hundred persons with a uitkering, half of them with a job after it."""
    persons, benefits, jobs, traits = [], [], [], []
    for number in range(200):
        begin, end = date(2021, 1 + number % 12, 1), date(2023, 1 + number % 12, 20)
        closed = number % 2 == 0
        persons.append(
            {
                "persoon": person(number),
                "geboortedatum": date(1960 + number % 40, 1 + number % 12, 1 + number % 28),
                "geslacht": "MV"[number % 2],
                "statushouder": False,
                "arbeidsbeperking": number % 3 == 0,
                "arbeidsvermogen": "wml_zelfstandig",
            }
        )
        benefits.append(
            {
                "dossier_id": f"D{number}",
                "persoon": person(number),
                "regeling": "PW",
                "gemeente_code": GEMEENTEN[(number // 2) % 2],
                "begindatum": begin,
                "einddatum": end if closed else None,
                "reden_einde": "11" if closed else None,
                "leefvorm": "1",
                "kostendelers": 1,
                "norm_bedrag": 1100,
            }
        )
        traits.append(
            {
                "persoon": person(number),
                "kenmerk": "statushouder",
                "waarde": "nee",
                "begindatum": begin,
                "einddatum": None,
            }
        )
        if closed:
            jobs.append(
                {
                    "dienstverband_id": f"J{number}",
                    "persoon": person(number),
                    "begindatum": date(2023, 1 + number % 12, 25),
                    "einddatum": None,
                    "soort": "loondienst",
                    "contract": "vast",
                    "uren_per_week": 32,
                }
            )
    return {
        "persoon": _delivered("uitkeringen", "persoon", persons),
        "kenmerk": _delivered("uitkeringen", "kenmerk", traits),
        "uitkering": _delivered("uitkeringen", "uitkering", benefits),
        "dienstverband": _delivered("polis", "dienstverband", jobs),
        "reeks": _delivered("jaarstukken", "reeks", _series()),
        "doelstelling": _delivered("jaarstukken", "doelstelling", _targets()),
    }


def _series() -> list[dict[str, Any]]:
    return [
        {
            "bron": "Jaarstukken Voorbeeld",
            "indicator_id": "uitstroom_werk_reden",
            "definitie_id": "uitstroom_jaarstukken@1",
            "regio_code": "AM08",
            "periode": f"{year}JJ00",
            "uitsplitsing": "totaal",
            "waarde": 1000.0 + year - 2017,
            "eenheid": "personen",
            "status": "definitief",
            "document": "Jaarstukken",
            "pagina": "10",
        }
        for year in range(2012, 2024)
    ]


def _targets() -> list[dict[str, Any]]:
    return [
        {
            "indicator_id": "uitstroom_werk_reden",
            "regio_code": ORG,
            "periode": f"{year}JJ00",
            "waarde": 1100.0,
            "soort": "norm",
            "richting": "hoger_is_beter",
            "tolerantie_pct": 5,
        }
        for year in range(2020, 2025)
    ]


def _delivered(bron: str, entiteit: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    source = contracts()[entiteit].source_column
    file = f"{bron}/{LEVERDATUM}/{entiteit}.csv"
    return [
        row | {source: bron, "bron_volgorde": 0, "leverdatum": LEVERDATUM, "bestand": file, "rij": position}
        for position, row in enumerate(rows, start=2)
    ]


def _counted(night: NightFolder) -> None:
    rows = accepted_rows()
    counts = [
        {
            "bron": delivery.bron,
            "leverdatum": delivery.leverdatum,
            "entiteit": delivery.entiteit,
            "bestand": delivery.relative,
            "sha256": delivery.sha256,
            "aangeleverd": len(rows[delivery.entiteit]),
            "aanvaard": len(rows[delivery.entiteit]),
            "dubbel": 0,
            "buiten_bereik": 0,
            "quarantaine": 0,
        }
        for delivery in deliveries()
    ]
    pq.write_table(pa.Table.from_pylist(counts), night.counts)
    names = ("bron", "entiteit", "bestand", "regel", "kolom", "waarde")
    findings = pa.schema([*((name, pa.string()) for name in names), ("leverdatum", pa.date32()), ("rij", pa.int64())])
    pq.write_table(findings.empty_table(), night.findings)
    pq.write_table(findings.append(pa.field("persoon", pa.string())).empty_table(), night.quarantine)


# --- the figures ---------------------------------------------------------------------------------------------------


def _periods(month: int, year: int) -> tuple[str, str, str]:
    return f"{year}MM{month:02d}", f"{year}KW{(month + 2) // 3:02d}", f"{year}JJ00"


def figures() -> list[Cell]:
    """Every cell of a small grid, consistent with itself."""
    cells: dict[tuple[str, ...], Cell] = {}
    for gemeente, start in zip(GEMEENTEN, (300, 200), strict=True):
        for region in (gemeente, ORG):
            _flows(cells, gemeente, region, start)
    rows = [_finished(cell) for cell in cells.values()]
    return [*rows, *_curves(), *_published()]


def _flows(cells: dict[tuple[str, ...], Cell], gemeente: str, region: str, stock: int) -> None:
    sign = 1 if gemeente == GEMEENTEN[0] else -1
    for year in (2023, 2024):
        for month in range(1, 13):
            came, left, moved = 30 + month % 3, 27 + month % 5, int(month % 3 == 0)
            stock += came - left - sign * moved
            periods = _periods(month, year)
            for period in periods:
                _flow(cells, region, period, came, left)
                if period[4:6] != "MM":
                    _moves(cells, region, period, moved, sign)
                    _durability(cells, region, period, left)
            for period in periods:
                if period[4:6] == "MM" or (period[4:6] == "KW" and month % 3 == 0) or month == 12:
                    _add(cells, "stand_personen", region, period, teller=stock)
                    # In each gemeente one dossier holds two persons, and one dossier is known in both.
                    _add(cells, "stand_uitkeringen", region, period, teller=stock - 1)
                    if period[4:6] == "JJ":
                        _halves(cells, "stand_personen", region, period, stock)


def _flow(cells: dict[tuple[str, ...], Cell], region: str, period: str, came: int, left: int) -> None:
    _add(cells, "instroom", region, period, teller=came)
    _add(cells, "uitstroom", region, period, teller=left)
    if period[4:6] == "JJ":
        _halves(cells, "instroom", region, period, came)
        _halves(cells, "uitstroom", region, period, left)
        for reason, part in (("werk", left // 3), ("verhuizing", left - left // 3), ("onbekend", 0)):
            _add(cells, "uitstroom", region, period, "reden_groep", reason, teller=part)
    if period[4:6] != "MM":
        _add(cells, "uitstroom_werk_reden", region, period, teller=left // 3)
        _add(cells, "bestemming_6__alle", region, period, teller=left)


def _moves(cells: dict[tuple[str, ...], Cell], region: str, period: str, moved: int, sign: int) -> None:
    both = region == ORG
    _add(cells, "verhuizing_uit", region, period, teller=moved if sign > 0 else 0)
    _add(cells, "verhuizing_in", region, period, teller=moved if sign < 0 or (both and sign < 0) else 0)


def _durability(cells: dict[tuple[str, ...], Cell], region: str, period: str, left: int) -> None:
    lost = left // 10
    known = left - lost
    measures = {"duurzaam_uit_uitkering": known * 3 // 4, "duurzaam_werk_moment": known // 2, "herinstroom": 0}
    measures |= {"herinstroom": known - measures["duurzaam_uit_uitkering"], "duurzaam_werk_onafgebroken": known // 3}
    for measure, part in measures.items():
        numbers = {"teller": part, "noemer": known, "n_niet_volgbaar": lost}
        _add(cells, f"{measure}_6__alle", region, period, **numbers)
        if period[4:6] == "JJ":
            for reason, amount in (("bronfout", 0), ("overlijden", lost)):
                _add(
                    cells, f"{measure}_6__alle", region, period, "reden_niet_volgbaar", reason,
                    teller=amount, n_niet_volgbaar=amount,
                )  # fmt: skip


def _halves(cells: dict[tuple[str, ...], Cell], indicator: str, region: str, period: str, total: int) -> None:
    for category, part in (("M", total // 2), ("V", total - total // 2), ("X", 0), ("onbekend", 0)):
        _add(cells, indicator, region, period, "geslacht", category, teller=part)


def _add(
    cells: dict[tuple[str, ...], Cell],
    indicator: str,
    region: str,
    period: str,
    dimension: str = "totaal",
    category: str = "totaal",
    **numbers: int,
) -> None:
    key = (indicator, region, period, dimension, category)
    cell = cells.setdefault(key, _cell(indicator, region, period, dimension, category))
    for name, amount in numbers.items():
        cell[name] = (cell[name] or 0) + amount


def _cell(indicator: str, region: str, period: str, dimension: str, category: str) -> Cell:
    cell: Cell = dict.fromkeys(NUMBERS)
    return cell | {
        "indicator_id": indicator,
        "definitie_id": f"{indicator}@1",
        "regio_code": region,
        "regio_naam": f"Naam van {region}",
        "indeling_jaar": 2024,
        "periode": period,
        "dimensie": dimension,
        "categorie": category,
        "eenheid": "momenten",
        "status": "definitief",
        "meetbaar_vanaf": None,
        "bron": OWN,
        "reeksbreuk": None,
        "meettype": "aantal",
    }


def _finished(cell: Cell) -> Cell:
    """Value, unit and status; what is not measurable yet loses its numbers."""
    durable = "_6__" in cell["indicator_id"]
    if durable and cell["noemer"] is not None:
        cell |= {"eenheid": "%", "meettype": "percentage", "waarde": cell["teller"] * 100.0 / cell["noemer"]}
    else:
        cell |= {"waarde": float(cell["teller"])}
    if durable and cell["periode"] in ("2024JJ00", "2024KW02", "2024KW03", "2024KW04"):
        cell |= dict.fromkeys(NUMBERS) | {"status": "nog_niet_meetbaar", "meetbaar_vanaf": date(2025, 9, 30)}
    elif cell["periode"] in ("2024JJ00", "2024KW04", "2024MM10", "2024MM11", "2024MM12"):
        cell["status"] = "voorlopig"
    return cell


def _curves() -> list[Cell]:
    rows = []
    for indicator, slope in (("terugkeer_cif__alle", 0.8), ("terugkeer_km__alle", 0.9)):
        for month in range(37):
            cell = _cell(indicator, ORG, "2023JJ00", "maanden_sinds_uitstroom", f"{month:02d}")
            cell |= {"eenheid": "%", "meettype": "curve"}
            if month < 30:
                estimate = slope * month
                cell |= {
                    "waarde": estimate,
                    "ondergrens": estimate * 0.9 if month else None,
                    "bovengrens": estimate * 1.1 if month else None,
                    "n_risico": 400 - 10 * month,
                    "n_niet_volgbaar": 0,
                    "status": "voorlopig" if month > 9 else "definitief",
                }
            else:
                cell["status"] = "nvt"
            rows.append(cell)
    return rows


def _published() -> list[Cell]:
    """A figure that somebody else published, and its index."""
    cell = _cell("uitstroom_werk_reden", "AM08", "2023JJ00", "totaal", "totaal")
    series = cell | {
        "definitie_id": "uitstroom_jaarstukken@1",
        "bron": "Jaarstukken Voorbeeld",
        "waarde": 1003.0,
        "eenheid": "personen",
        "meettype": "reeks",
    }
    index = series | {
        "indicator_id": "index_uitstroom_werk_reden",
        "definitie_id": "index_uitstroom_jaarstukken@1",
        "waarde": 100.3,
        "teller": 1003,
        "noemer": 1000,
        "eenheid": "index",
        "meettype": "index",
    }
    return [series, index]


def _figures_table(connection: duckdb.DuckDBPyConnection, cells: list[Cell]) -> None:
    connection.execute(
        """
        create table main.pub_cijfers (
            indicator_id varchar, definitie_id varchar, regio_code varchar, regio_naam varchar, indeling_jaar integer,
            periode varchar, dimensie varchar, categorie varchar, waarde double, ondergrens double, bovengrens double,
            eenheid varchar, teller bigint, noemer bigint, n_niet_volgbaar bigint, n_risico bigint, status varchar,
            meetbaar_vanaf date, bron varchar, reeksbreuk varchar, meettype varchar, n_personen bigint)
        """
    )
    insert(connection, "main.pub_cijfers", [one | {"n_personen": None} for one in cells])


def cell(
    indicator: str, region: str = ORG, period: str = "2023JJ00", dimension: str = "totaal", category: str = "totaal"
) -> str:
    """The condition that names one own cell."""
    return (
        f"indicator_id = '{indicator}' and regio_code = '{region}' and periode = '{period}' "
        f"and dimensie = '{dimension}' and categorie = '{category}' and bron = '{OWN}'"
    )


# --- dbt -----------------------------------------------------------------------------------------------------------


def dbt_artifacts(target: Path, tests: dict[str, tuple[str | None, dict[str, Any]]]) -> None:
    """What dbt leaves of a run with these tests: name to (status, meta); no status: the test is not in the results."""
    target.mkdir(parents=True, exist_ok=True)
    nodes, results = {}, []
    for name, (status, meta) in tests.items():
        node_id = f"test.werkmonitor.{name}.abc"
        nodes[node_id] = {
            "resource_type": "test",
            "name": name,
            "config": {"enabled": True, "meta": meta},
            "attached_node": "model.werkmonitor.int_uitstroom",
            "depends_on": {"nodes": ["model.werkmonitor.int_uitstroom"]},
        }
        if status is not None:
            failures = 3 if status in ("fail", "warn") else 0
            results.append(
                {"unique_id": node_id, "status": status, "failures": failures, "message": "Got 3 results\nx"}
            )
    (target / "manifest.json").write_text(json.dumps({"nodes": nodes}), encoding="utf-8")
    (target / "run_results.json").write_text(json.dumps({"results": results}), encoding="utf-8")
