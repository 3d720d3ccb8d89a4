"""Writes the example organisation: configuration, key and deliveries. The only module of the package that writes
files.

What belongs here: the order of the steps, the folder's lay-out and the configuration's text. What does not: how
people are made up.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

import numpy as np
import pyarrow as pa
from pyarrow import csv as arrow_csv

from werkmonitor.core.types import ConfigurationError
from werkmonitor.demo import aims, benefit, faults, jobs, people, population, report
from werkmonitor.demo.days import LEVERDATUM, PEILDATUM
from werkmonitor.demo.report import DemoReport

SMALLEST = 50  # fewer persons and the reasons and gemeenten can not all be there
EVALUATION = "Evaluatie WerkBedrijf Rijk van Nijmegen 2016-2020, tabel B10"

CONFIGURATION = f"""\
# De voorbeeldorganisatie: zeven bestaande gemeenten, verzonnen mensen. Gemaakt door `werkmonitor demo`.

[monitor]
naam = "Voorbeeldorganisatie Rijk van Nijmegen (verzonnen gegevens)"
regio_code = "AM08"
peildatum = {PEILDATUM}
landing = "landing"
werkmap = "werk"
releases = "releases"

[geheimhouding]
methode = "afronden"
publiek = true

[bronnen.uitkeringen]
entiteiten = ["persoon", "kenmerk", "uitkering"]
persoon_id_soort = "clientnummer"
naamruimte = "organisatie"
historie_vanaf = 2014-01-01
volledig_tot = {PEILDATUM}
eigenaar = "Inkomen, voorbeeldorganisatie"
grondslag = "Participatiewet art. 7"
doel = "verantwoording"

[bronnen.polis]
entiteiten = ["dienstverband"]
persoon_id_soort = "clientnummer"
naamruimte = "organisatie"
dekking = "volledig"
historie_vanaf = 2014-01-01
volledig_tot = {PEILDATUM}
eigenaar = "Gegevensbeheer, voorbeeldorganisatie"
grondslag = "Wet SUWI art. 62"
doel = "verantwoording"

[bronnen.jaarstukken]
entiteiten = ["reeks", "doelstelling"]
verplicht = false
verwacht = "jaarlijks"
eigenaar = "Onderzoek, voorbeeldorganisatie"
doel = "vergelijking met andere regio's"
"""


def generate(folder: Path, persons: int = 10_000, seed: int = 1, faults: bool = False) -> DemoReport:
    """Writes the example organisation into `folder` and tells what was made.

    About `persons` people are on benefit at any time from 2014 to 2025. The same size, seed and `faults` give the same
    bytes, but for the key: that is random, made once and kept.
    """
    if persons < SMALLEST:
        raise ConfigurationError(
            f"De voorbeeldorganisatie heeft ten minste {SMALLEST} personen nodig; gevraagd zijn er {persons}."
        )
    tables, aimed = _invent(persons, seed)
    planted: dict[str, int] = {}
    if faults:
        tables, planted = _plant(tables, seed)
    folder.mkdir(parents=True, exist_ok=True)
    _write_key(folder / "sleutel")
    _write(folder / "werkmonitor.toml", CONFIGURATION.encode())
    for name, table in tables.items():
        _write_csv(folder / "landing" / _delivery(name), table)
    rows = {name: table.num_rows for name, table in tables.items()}
    return DemoReport(folder, persons, seed, rows, aimed, planted)


def _invent(persons: int, seed: int) -> tuple[dict[str, pa.Table], tuple[report.Aim, ...]]:
    """All entities as tables, by `bron/entiteit`. Every part has a stream of chance of its own."""
    streams = [np.random.default_rng(part) for part in np.random.SeedSequence(seed).spawn(6)]
    households, spells = population.simulate(persons, streams[0])
    everybody = people.make(households, spells, persons, streams[1])
    persoon, kenmerk = people.persoon_and_kenmerk(everybody, spells, streams[2])
    careers = jobs.simulate(spells, everybody, streams[3])
    tables = {
        "uitkeringen/persoon": persoon,
        "uitkeringen/kenmerk": kenmerk,
        "uitkeringen/uitkering": benefit.uitkering(spells, everybody, streams[4]),
        "polis/dienstverband": jobs.dienstverband(careers, everybody, streams[5]),
        "jaarstukken/reeks": published_series(),
        "jaarstukken/doelstelling": published_targets(),
    }
    return tables, report.compute_aims(spells, everybody, careers, persons)


def _plant(tables: dict[str, pa.Table], seed: int) -> tuple[dict[str, pa.Table], dict[str, int]]:
    return faults.plant(tables, np.random.default_rng([seed, 7]))


def published_series() -> pa.Table:
    """The yearly figures of four regions as a `reeks` delivery; each organisation has a definition of its own."""
    rows = aims.read("jaarstukken")
    return pa.Table.from_pylist(
        [
            {
                "bron": f"Jaarstukken {row['organisatie']}",
                "indicator_id": "uitstroom_werk_reden",
                "definitie_id": f"uitstroom_betaald_werk_{row['definitie']}@1",
                "regio_code": row["regio_code"],
                "periode": f"{row['jaar']}JJ00",
                "uitsplitsing": "totaal",
                "waarde": int(row["waarde"]),
                "eenheid": "personen",
                "status": "definitief",
                "reden_leeg": None,
                "document": EVALUATION,
                "pagina": None,
            }
            for row in rows
        ]
    )


def published_targets() -> pa.Table:
    """The target for outflow to work. Its tolerance was never put in a number, so there is none here."""
    return pa.Table.from_pylist(
        [
            {
                "indicator_id": "uitstroom_werk_reden",
                "regio_code": "AM08",
                "periode": f"{year}JJ00",
                "waarde": aims.WORK_TARGET,
                "soort": "norm",
                "richting": "hoger_is_beter",
                "tolerantie_pct": None,
                "document": EVALUATION,
                "pagina": None,
            }
            for year in aims.WORK_TARGET_YEARS
        ]
    )


def _delivery(name: str) -> Path:
    bron, entiteit = name.split("/")
    return Path(bron) / LEVERDATUM.isoformat() / f"{entiteit}.csv"


def _write_csv(path: Path, table: pa.Table) -> None:
    """Comma, LF, quotes only where a text needs them, empty for null."""
    path.parent.mkdir(parents=True, exist_ok=True)
    quoting = "needed" if path.stem in ("reeks", "doelstelling") else "none"
    typed = table.cast(pa.schema([field.with_type(_plain(field.type)) for field in table.schema]))
    sink = pa.BufferOutputStream()
    arrow_csv.write_csv(typed, sink, arrow_csv.WriteOptions(quoting_style=quoting, quoting_header="none"))
    _write(path, sink.getvalue())


def _plain(kind: pa.DataType) -> pa.DataType:
    return pa.string() if pa.types.is_null(kind) else kind


def _write(path: Path, content: bytes | pa.Buffer) -> None:
    """Beside it first, then renamed: an existing delivery is never seen half written."""
    beside = path.with_name(path.name + ".nieuw")
    with beside.open("wb") as handle:
        handle.write(content)
    os.replace(beside, path)


def _write_key(path: Path) -> None:
    """The key of the pseudonyms: random, readable by its owner only, kept when it is there. It alters no figure."""
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "w") as handle:
        handle.write(secrets.token_hex(32) + "\n")
