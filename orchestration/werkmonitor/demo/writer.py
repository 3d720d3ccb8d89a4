"""Writes the example organisation: configuration, key and deliveries. The only module of the package that writes
files, but for the blocks of a large one (`large.py`).

What belongs here: the order of the steps, the folder's lay-out and the configuration's text. What does not: how
people are made up.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from pathlib import Path

import pyarrow as pa
from pyarrow import csv as arrow_csv

from werkmonitor.core.types import ConfigurationError
from werkmonitor.demo import faults as mistakes
from werkmonitor.demo import large, organisation, report, variants
from werkmonitor.demo.days import LATER, LEVERDATUM, PEILDATUM
from werkmonitor.demo.report import DemoReport

SMALLEST = 50  # fewer persons and the reasons and gemeenten can not all be there
SMALLEST_FAULTY = 300  # fewer and not every mistake finds rows of its own
CSV_TO = 100_000  # more persons than this are written as Parquet, in blocks
VARIANTS, FAULTS = "varianten", "fouten.csv"
WITHOUT_QUOTES_NEEDED = ("reeks", "doelstelling", "tevredenheid", "financien")

CONFIGURATION = f"""\
# De voorbeeldorganisatie: zeven bestaande gemeenten, verzonnen mensen. Gemaakt door `werkmonitor demo`.

[monitor]
naam = "Voorbeeldorganisatie Rijk van Nijmegen (verzonnen gegevens)"
regio_code = "AM08"
peildatum = {PEILDATUM}
landing = "landing"
werkmap = "werk"
releases = "releases"

# De sociale werkvoorziening is er wel voor West Maas en Waal en niet voor Mook en Middelaar.
[monitor.taken.sw]
gemeenten = ["GM0268", "GM0296", "GM0209", "GM0225", "GM0252", "GM1945", "GM0668"]

[geheimhouding]
methode = "afronden"
publiek = true

[bronnen.uitkeringen]
entiteiten = ["persoon", "kenmerk", "uitkering", "koppeling"]
persoon_id_soort = "clientnummer"
naamruimte = "organisatie"
historie_vanaf = 2014-01-01
volledig_tot = {PEILDATUM}
eigenaar = "Inkomen, voorbeeldorganisatie"
grondslag = "Participatiewet art. 7"
doel = "verantwoording"

[bronnen.polis]
entiteiten = ["dienstverband", "inkomsten"]
persoon_id_soort = "clientnummer"
naamruimte = "organisatie"
dekking = "volledig"
historie_vanaf = 2014-01-01
volledig_tot = {PEILDATUM}
eigenaar = "Gegevensbeheer, voorbeeldorganisatie"
grondslag = "Wet SUWI art. 62"
doel = "verantwoording"

# Het werkbedrijf heeft eigen nummers; `koppeling` verbindt ze met die van de uitkeringen.
[bronnen.werkbedrijf]
entiteiten = [
    "traject", "trajectfase", "meting", "plaatsing", "lks", "nieuw_beschut", "voorziening", "sw", "verzuim", "persoon",
    "koppeling",
]
persoon_id_soort = "clientnummer"
naamruimte = "werkbedrijf"
historie_vanaf = 2014-01-01
volledig_tot = {PEILDATUM}
eigenaar = "Bedrijfsbureau, voorbeeldorganisatie"
grondslag = "Participatiewet art. 7"
doel = "verantwoording"

[bronnen.jaarstukken]
entiteiten = ["reeks", "doelstelling", "financien", "tevredenheid"]
verplicht = false
verwacht = "jaarlijks"
eigenaar = "Onderzoek, voorbeeldorganisatie"
doel = "vergelijking met andere regio's"

[bronnen.cbs]
entiteiten = ["reeks"]
verplicht = false
verwacht = "maandelijks"
eigenaar = "Onderzoek, voorbeeldorganisatie"
doel = "vergelijking met Nederland"

# Vanaf deze dag wordt anders geregistreerd: grafieken tekenen een streep en zeggen waarom.
[[reeksbreuken]]
id = "registratie-2019"
vanaf = 2019-01-01
indicatoren = ["aanmeldingen", "terugmeldingen", "trajecten_beeindigd", "trajectduur_mediaan"]
toelichting = "Het werkbedrijf ging over op een nieuw registratiesysteem. Trajecten die wachtten, staan er anders in."
"""


def generate(folder: Path, persons: int = 10_000, seed: int = 1, faults: bool = False) -> DemoReport:
    """Writes the example organisation into `folder` and tells what was made.

    About `persons` people are on benefit at any time from 2014 to 2025; above `CSV_TO` as Parquet. The same size, seed
    and `faults` give the same bytes, but for the key: that is random, made once and kept. With `faults` a second
    delivery follows the sound one, full of mistakes, and beside it stand small organisations with an unusable one.
    """
    smallest, largest = (SMALLEST_FAULTY, CSV_TO) if faults else (SMALLEST, persons)
    if not smallest <= persons <= max(largest, smallest):
        bounds = f"met --fouten {smallest} tot {largest}" if faults else f"ten minste {smallest}"
        raise ConfigurationError(f"De voorbeeldorganisatie heeft {bounds} personen nodig; gevraagd zijn er {persons}.")
    folder.mkdir(parents=True, exist_ok=True)
    _clear(folder)
    _write_key(folder / "sleutel")
    write(folder / "werkmonitor.toml", CONFIGURATION.encode())
    planted: list[mistakes.Planted] = []
    if persons > CSV_TO:
        rows, tallies = large.write(folder / "landing", persons, seed)
    else:
        block = organisation.invent(persons, seed)
        tables = block.tables | organisation.without_persons(block.norm_paid, block.sw_fte, persons)
        write_csv(folder / "landing", tables, LEVERDATUM.isoformat())
        rows, tallies = {name: table.num_rows for name, table in tables.items()}, block.tallies
        if faults:
            planted = _write_faulty(folder, tables, seed)
    write(
        folder / report.TALLIES, json.dumps({name: values.tolist() for name, values in tallies.counts.items()}).encode()
    )
    return DemoReport(folder, persons, seed, rows, report.aims_from_rows(tallies, persons), tuple(planted))


def _clear(folder: Path) -> None:
    """Removes what an earlier example left: another one may have fewer deliveries or files of another kind."""
    for leverdatum in (LEVERDATUM, LATER):
        for delivery in (folder / "landing").glob(f"*/{leverdatum.isoformat()}"):
            shutil.rmtree(delivery)
    shutil.rmtree(folder / VARIANTS, ignore_errors=True)
    (folder / FAULTS).unlink(missing_ok=True)


def _write_faulty(folder: Path, tables: dict[str, pa.Table], seed: int) -> list[mistakes.Planted]:
    """The next delivery with its mistakes, the small organisations with an unusable one, and the list of them all."""
    later, planted = mistakes.plant(tables, seed)
    write_csv(folder / "landing", later, LATER.isoformat())
    bron, entiteit = mistakes.CUT_FILE.split("/")
    cut = folder / "landing" / bron / LATER.isoformat() / f"{entiteit}.csv"
    write(cut, cut.read_bytes()[:-12])
    for variant in variants.VARIANTS:
        root = folder / VARIANTS / variant.name
        write(root / "werkmonitor.toml", CONFIGURATION.encode())
        write_csv(root / "landing", variants.small(tables), LEVERDATUM.isoformat())
        variant.spoil(root / "landing")
        planted += variant.planted
    lines = ["waar;bron;entiteit;fout;rijen;controle;regel;kolom"]
    lines += [
        ";".join(
            (fault.where, *fault.entity.split("/"), fault.what, str(fault.rows), fault.check, fault.rule, fault.column)
        )
        for fault in planted
    ]
    write(folder / FAULTS, ("\ufeff" + "\r\n".join(lines) + "\r\n").encode())
    return planted


def write_csv(landing: Path, tables: dict[str, pa.Table], leverdatum: str) -> None:
    """Each table (`bron/entiteit`) as a delivered file: comma, LF, quotes only where a text needs them, empty for
    null."""
    for name, table in tables.items():
        bron, entiteit = name.split("/")
        quoting = "needed" if entiteit in WITHOUT_QUOTES_NEEDED else "none"
        typed = table.cast(pa.schema([field.with_type(_plain(field.type)) for field in table.schema]))
        sink = pa.BufferOutputStream()
        arrow_csv.write_csv(typed, sink, arrow_csv.WriteOptions(quoting_style=quoting, quoting_header="none"))
        write(landing / bron / leverdatum / f"{entiteit}.csv", sink.getvalue())


def _plain(kind: pa.DataType) -> pa.DataType:
    return pa.string() if pa.types.is_null(kind) else kind


def write(path: Path, content: bytes | pa.Buffer) -> None:
    """Beside it first, then renamed: an existing delivery is never seen half written."""
    path.parent.mkdir(parents=True, exist_ok=True)
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
