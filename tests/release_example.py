"""A small invented candidate to publish: settings, figures in `main.pub_cijfers`, check results and what identifies a
run.

Used by the tests of disclosure, gate and releases. Every figure is made up here; nothing comes from a real
organisation.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from werkmonitor.core import disclosure, release_store
from werkmonitor.core.manifest import RunInfo
from werkmonitor.core.types import CheckResult, Delivery, Outcome, Severity, Verdict
from werkmonitor.core.workspace import NightFolder
from werkmonitor.settings import Settings

OWN = "eigen registratie"
TODAY = date(2026, 1, 15)
PARTS = ("invoer", "code", "definities", "configuratie", "correcties", "lijsten")
REGISTRY: dict[str, Any] = {
    "indicatoren": [{"indicator_id": "uitstroom", "definitie_id": "uitstroom@1", "naam": "Uitstroom"}],
    "vergelijkbaarheid": [
        {
            "definitie_a": "cbs_uitstroom@1",
            "definitie_b": "uitstroom@1",
            "grade": "vergelijkbaar",
            "redenen": ["CBS telt per kwartaal"],
        }
    ],
}
_PUB_CIJFERS = """
    CREATE OR REPLACE TABLE pub_cijfers (
        indicator_id VARCHAR, definitie_id VARCHAR, regio_code VARCHAR, regio_naam VARCHAR, indeling_jaar INTEGER,
        periode VARCHAR, dimensie VARCHAR, categorie VARCHAR, waarde DOUBLE, ondergrens DOUBLE, bovengrens DOUBLE,
        eenheid VARCHAR, teller BIGINT, noemer BIGINT, n_niet_volgbaar BIGINT, n_risico BIGINT, status VARCHAR,
        meetbaar_vanaf DATE, bron VARCHAR, reeksbreuk VARCHAR, meettype VARCHAR, thema VARCHAR)
"""


def settings(folder: Path, **sections: Any) -> Settings:
    """Settings of an invented organisation below `folder`."""
    monitor = {
        "naam": "WerkBedrijf Voorbeeld",
        "regio_code": "AM08",
        "landing": folder / "landing",
        "werkmap": folder / "werk",
        "releases": folder / "releases",
    }
    rollen = {"anna": "steward", "bram": ["goedkeurder", "evaluator"], "cato": ["steward", "goedkeurder"]}
    values: dict[str, Any] = {
        "monitor": monitor,
        "bronnen": {"uitkeringen": {"entiteiten": ["uitkering"]}},
        "rollen": rollen,
    }
    values["monitor"] |= sections.pop("monitor", {})
    return Settings(**(values | sections))


def cell(**values: Any) -> dict[str, Any]:
    """One cell of pub_cijfers; what is left out is a definitive yearly total."""
    base: dict[str, Any] = {
        "indicator_id": "uitstroom",
        "regio_code": "GM0268",
        "regio_naam": "Nijmegen",
        "indeling_jaar": 2025,
        "periode": "2024JJ00",
        "dimensie": "totaal",
        "categorie": "totaal",
        "eenheid": "momenten",
        "status": "definitief",
        "bron": OWN,
        "meettype": "aantal",
    }
    merged = base | values
    return {"definitie_id": f"{merged['indicator_id']}@1"} | merged


def count(number: int, **values: Any) -> dict[str, Any]:
    return cell(waarde=number, teller=number, **values)


def rate(numerator: int, denominator: int, **values: Any) -> dict[str, Any]:
    value = None if denominator == 0 else numerator * 100.0 / denominator
    base = {"indicator_id": "duurzaam", "eenheid": "%", "meettype": "percentage"}
    state = {"status": "nvt"} if denominator == 0 else {}
    return cell(**(base | state | {"waarde": value, "teller": numerator, "noemer": denominator} | values))


def load_figures(con: duckdb.DuckDBPyConnection, cells: Iterable[Mapping[str, Any]]) -> None:
    """Write `cells` as pub_cijfers; a column that a cell does not name is empty."""
    con.execute(_PUB_CIJFERS)
    names = [row[0] for row in con.execute("DESCRIBE pub_cijfers").fetchall()]
    rows = [[item.get(name) for name in names] for item in cells]
    con.executemany(f"INSERT INTO pub_cijfers VALUES ({', '.join('?' for _ in names)})", rows)


FIGURES = (
    count(123),
    count(3, categorie="0-26", dimensie="leeftijd"),
    rate(30, 40),
    cell(indicator_id="duurzaam", eenheid="%", meettype="percentage", periode="2025JJ00", status="nog_niet_meetbaar",
         meetbaar_vanaf=date(2027, 3, 31)),
    cell(bron="CBS 85615NED", definitie_id="cbs_uitstroom@1", waarde=118.5, meettype="reeks",
         regio_naam='Nijmegen, "stad"'),
)  # fmt: skip


def night_with(folder: Path, chosen: Settings, cells: Iterable[Mapping[str, Any]] = FIGURES) -> NightFolder:
    """A night folder whose candidate is ready to publish, with the counts of one delivery."""
    night = NightFolder(folder).create()
    with duckdb.connect(str(night.candidate)) as con:
        load_figures(con, cells)
    disclosure.apply(chosen, night)
    counts = {
        "bron": ["uitkeringen"],
        "leverdatum": [date(2026, 1, 5)],
        "entiteit": ["uitkering"],
        "bestand": ["uitkeringen/2026-01-05/uitkering.csv"],
        "sha256": ["ab" * 32],
        "aangeleverd": [1000],
        "aanvaard": [997],
        "dubbel": [0],
        "buiten_bereik": [0],
        "quarantaine": [3],
    }
    pq.write_table(pa.table(counts), night.counts)
    return night


def delivery(folder: Path, sha256: str = "ab" * 32, entiteit: str = "uitkering") -> Delivery:
    relative = f"uitkeringen/2026-01-05/{entiteit}.csv"
    return Delivery("uitkeringen", 0, date(2026, 1, 5), entiteit, folder / "landing" / relative, relative, sha256)


def run_info(folder: Path, *, peildatum: date = date(2025, 12, 31), minute: int = 0, **parts: str) -> RunInfo:
    """What identifies a run; `parts` replaces one of the digests (invoer="b" is another delivery)."""
    part = {name: _digest(parts.get(name, "a")) for name in PARTS}
    return RunInfo(
        peildatum=peildatum,
        indeling_jaar=2025,
        deliveries=(delivery(folder, sha256=part["invoer"]),),
        input_digest=part["invoer"],
        code_version=part["code"],
        definitions_version=part["definities"],
        configuration_digest=part["configuratie"],
        corrections_digest=part["correcties"],
        lists_digest=part["lijsten"],
        started=datetime(2026, 1, 15, 3, minute, tzinfo=UTC),
    )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def failure(check_id: str = "uitkering.overlap", rows: int = 7, **values: Any) -> CheckResult:
    base: dict[str, Any] = {
        "layer": "tabel",
        "subject": "uitkering",
        "outcome": Outcome.FAIL,
        "severity": Severity.BLOCKING,
        "failing": rows,
        "tested": 1000,
        "message": "rij 12 van uitkering.csv overlapt",
        "explanation": "Uitkeringen van een persoon overlappen elkaar.",
        "remedy": "Laat de leverancier de einddatum herstellen.",
        "fingerprint": f"rows-{rows}",
        "examples": ({"bestand": "uitkering.csv", "rij": 12},),
    }
    return CheckResult(check_id=check_id, **(base | values))


def success(check_id: str = "cijfers.telt_op", **values: Any) -> CheckResult:
    return failure(
        check_id, 0, **({"outcome": Outcome.PASS, "fingerprint": "", "examples": (), "message": ""} | values)
    )


def age_releases(chosen: Settings, seconds: float = 2 * release_store.READING_SECONDS) -> None:
    """Let every release but the current one have stopped being current so many seconds ago: nobody may be in it."""
    current = release_store.current_id(chosen)
    for path in release_store.release_paths(chosen):
        if path.name != current:
            moment = time.time() - seconds
            os.utime(path, (moment, moment))


PUBLISH = Verdict(True, "gepubliceerd", ("1 van 1 controles geslaagd.",))
