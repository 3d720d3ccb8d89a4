"""Small organisations with a delivery of which a file is missing, empty or unusable: one that cannot be held together
with other mistakes in one night.

What belongs here: what is done to the files, and what must come of it. What does not: mistakes in rows (`faults.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from werkmonitor.core.contracts import contract
from werkmonitor.demo.days import LEVERDATUM
from werkmonitor.demo.faults import BENEFIT, JOB, TRAIT, Planted

PERSONS = 150  # of a variant


@dataclass(frozen=True)
class Variant:
    """A name, what is wrong, what is done to the landing for it and the exit code of a run."""

    name: str
    planted: tuple[Planted, ...]
    spoil: Callable[[Path], None]
    exit_code: int


def small(tables: dict[str, pa.Table]) -> dict[str, pa.Table]:
    """The same deliveries about a few persons: those of both administrations whom the koppeling ties."""
    ties = {name: tables[f"{name}/koppeling"] for name in ("uitkeringen", "werkbedrijf")}
    numbers = ties["uitkeringen"]["bsn"].slice(0, PERSONS)
    kept = pa.chunked_array(
        [
            *(
                chunk
                for tie in ties.values()
                for chunk in tie.filter(pc.is_in(tie["bsn"], numbers))["clientnummer"].chunks
            )
        ]
    )
    found = {}
    trajects = tables["werkbedrijf/traject"].filter(pc.is_in(tables["werkbedrijf/traject"]["persoon_id"], kept))
    for name, table in tables.items():
        entity = contract(name.split("/")[1])
        column = next((c for c in ("persoon_id", "clientnummer") if c in entity.kolommen), "")
        if column:
            table = table.filter(pc.is_in(table[column], kept))
        elif "traject_id" in entity.kolommen:
            table = table.filter(pc.is_in(table["traject_id"], trajects["traject_id"]))
        found[name] = table
    return found


def _file(landing: Path, name: str) -> Path:
    bron, entiteit = name.split("/")
    return landing / bron / LEVERDATUM.isoformat() / f"{entiteit}.csv"


def _header_only(landing: Path, name: str) -> None:
    path = _file(landing, name)
    path.write_bytes(path.read_bytes().split(b"\n")[0] + b"\n")


def _missing_and_empty(landing: Path) -> None:
    _file(landing, TRAIT).unlink()
    _header_only(landing, JOB)
    _header_only(landing, "werkbedrijf/nieuw_beschut")


def _only_uwv(landing: Path) -> None:
    path = _file(landing, JOB)
    lines = path.read_bytes().split(b"\n")
    path.write_bytes(
        b"\n".join(
            line.replace(b",loondienst,", b",uwv_uitkering,").replace(b",zelfstandig,", b",uwv_uitkering,")
            for line in lines
        )
    )


def _no_bytes(landing: Path) -> None:
    _file(landing, BENEFIT).write_bytes(b"")


def _no_csv(landing: Path) -> None:
    path = _file(landing, JOB)
    path.with_suffix(".parquet").write_bytes(path.read_bytes())
    path.unlink()


def _without_column(landing: Path) -> None:
    path = _file(landing, BENEFIT)
    head, rest = path.read_bytes().split(b"\n", 1)
    path.write_bytes(head.replace(b"regeling", b"soort_uitkering") + b"\n" + rest)


def _other_encoding(landing: Path) -> None:
    path = _file(landing, "werkbedrijf/traject")
    path.write_bytes(path.read_bytes().replace(b"Arbeidsbemiddeling", "Arbeidsbemiddeling café".encode("cp1252")))


def _one(name: str, entity: str, what: str, check: str, rows: int = 0) -> Planted:
    return Planted(what, entity, rows, check, where=name)


VARIANTS = (
    Variant(
        "ontbreekt_of_leeg",
        (
            _one("ontbreekt_of_leeg", TRAIT, "een verplichte entiteit is niet geleverd", "levering.aanwezig"),
            _one("ontbreekt_of_leeg", JOB, "alleen een kop", "levering.niet_leeg"),
            _one("ontbreekt_of_leeg", "werkbedrijf/nieuw_beschut", "alleen een kop", "levering.leeg_bestand"),
        ),
        _missing_and_empty,
        3,
    ),
    Variant(
        "alleen_uwv",
        (_one("alleen_uwv", JOB, "alleen UWV-uitkeringen, geen werk", "dienstverband.soort_uwv_alleen"),),
        _only_uwv,
        0,
    ),
    Variant("leeg_bestand", (_one("leeg_bestand", BENEFIT, "een bestand van 0 bytes", ""),), _no_bytes, 5),
    Variant("geen_parquet", (_one("geen_parquet", JOB, "csv met de naam van Parquet", ""),), _no_csv, 5),
    Variant(
        "kolom_ontbreekt",
        (_one("kolom_ontbreekt", BENEFIT, "een verplichte kolom heet anders", ""),),
        _without_column,
        5,
    ),
    Variant(
        "andere_codering",
        (_one("andere_codering", "werkbedrijf/traject", "Windows-1252 waar UTF-8 is afgesproken", ""),),
        _other_encoding,
        5,
    ),
)
