"""What the files of a release look like: their columns, types, codes and meaning, and the Frictionless Data Package
made from them.

The columns of every published table are listed here once; disclosure, CSV, changes and the data package all read
this list. No figures and no reading of databases here. What an indicator means is in the registry
(`definities.json`), not here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

STATUSES: tuple[tuple[str, str], ...] = (
    ("niet_geleverd", "de registratie die hiervoor nodig is, is niet geleverd"),
    ("geheim", "door de bron geheimgehouden"),
    ("onbekend", "bij de bron onbekend"),
    ("nog_niet_gepubliceerd", "door de bron nog niet gepubliceerd"),
    ("nvt", "niet van toepassing"),
    ("nog_niet_meetbaar", "de waarnemingsperiode is nog niet om; zie meetbaar_vanaf"),
    ("onderdrukt", "niet getoond om herleiding tot personen te voorkomen"),
    ("voorlopig", "voorlopig cijfer"),
    ("nader_voorlopig", "nader voorlopig cijfer"),
    ("definitief", "definitief cijfer"),
)
VISIBLE = ("voorlopig", "nader_voorlopig", "definitief")
GRADES: tuple[tuple[str, str], ...] = (
    ("gelijk", "zelfde definitie"),
    ("vergelijkbaar", "andere definitie, volgens het register goed te vergelijken"),
    ("niet_vergelijkbaar", "andere definitie, volgens het register niet te vergelijken"),
    ("onbekend", "het register noemt voor deze definities geen graad"),
)
CHANGES: tuple[tuple[str, str], ...] = (
    ("nieuw", "de cel staat niet in de vorige release"),
    ("vervallen", "de cel staat alleen in de vorige release"),
    ("gewijzigd", "de cel staat in beide en verschilt"),
)
CAUSES: tuple[tuple[str, str], ...] = (
    ("nieuwe_periode", "een periode die de vorige release nog niet had"),
    ("meetbaar_geworden", "de waarnemingsperiode is nu om"),
    ("definitief_geworden", "hetzelfde cijfer, niet langer voorlopig"),
    ("nieuwe_indicator", "de vorige release had deze indicator niet"),
    ("indicator_vervallen", "deze release heeft de indicator niet meer"),
    ("nieuwe_bron", "de vorige release had van deze bron geen cijfers"),
    ("bron_vervallen", "deze release heeft van deze bron geen cijfers meer"),
    ("nieuwe_levering", "er is anders of meer geleverd"),
    ("correctie_gewijzigd", "een correctie op een geleverde rij is toegevoegd of vervallen"),
    ("definitie_gewijzigd", "de definitie is gewijzigd"),
    ("indeling_gewijzigd", "een ander jaar van de gemeentelijke indeling"),
    ("configuratie_gewijzigd", "de instellingen zijn gewijzigd"),
    ("lijst_gewijzigd", "een gedateerde lijst (regio's, codes, bedragen) is gewijzigd"),
    ("code_gewijzigd", "het programma is gewijzigd"),
    ("peildatum_gewijzigd", "de peildatum is verschoven"),
    ("onbekend", "geen verschil in invoer, programma of instellingen gevonden"),
)


@dataclass(frozen=True)
class Column:
    """One published column: its name, DuckDB type and meaning; `codes` when only these values occur."""

    name: str
    sql: str
    description: str
    codes: tuple[tuple[str, str], ...] = ()
    required: bool = False


def _key(name: str, sql: str, description: str) -> Column:
    return Column(name, sql, description, required=True)


REEKSEN: tuple[Column, ...] = (
    _key("indicator_id", "VARCHAR", "Indicator, met de populatie als achtervoegsel; omschreven in definities.json."),
    _key("definitie_id", "VARCHAR", "Indicator met de versie van de definitie."),
    _key("regio_code", "VARCHAR", "GMnnnn, AMnn, NL01 of de eigen code van de organisatie."),
    Column("regio_naam", "VARCHAR", "Naam van de regio in indeling_jaar."),
    _key("indeling_jaar", "INTEGER", "Jaar van de gemeentelijke indeling."),
    _key(
        "periode",
        "VARCHAR",
        "Periode als bij CBS: 2020JJ00 (jaar), 2020KW01 (kwartaal), 2020MM01 (maand); bij cohorten die van uitstroom.",
    ),
    _key("dimensie", "VARCHAR", "Uitsplitsing, of totaal."),
    _key("categorie", "VARCHAR", "Categorie van de uitsplitsing, of totaal."),
    Column(
        "waarde", "DOUBLE", "Het cijfer, in de eenheid van kolom eenheid; leeg als er geen te tonen is (zie status)."
    ),
    Column("ondergrens", "DOUBLE", "Ondergrens van het 95%-interval, in de eenheid van kolom eenheid."),
    Column("bovengrens", "DOUBLE", "Bovengrens van het 95%-interval, in de eenheid van kolom eenheid."),
    Column(
        "eenheid",
        "VARCHAR",
        "Eenheid van waarde: personen, momenten, uitkeringen, plaatsingen, %, EUR, dagen, index, ...",
        required=True,
    ),
    Column("teller", "BIGINT", "Teller (aantal); leeg zonder betekenis of als hij niet getoond wordt."),
    Column("noemer", "BIGINT", "Noemer (aantal); leeg zonder betekenis of als hij niet getoond wordt."),
    Column("n_niet_volgbaar", "BIGINT", "Aantal dat niet te volgen is en niet in de noemer telt."),
    Column("n_risico", "BIGINT", "Aantal dat aan het begin van de maand nog gevolgd wordt (bij curves)."),
    Column("status", "VARCHAR", "Status van het cijfer.", STATUSES, required=True),
    Column("meetbaar_vanaf", "DATE", "Eerste dag waarop de cel te meten is, bij status nog_niet_meetbaar."),
    _key("bron", "VARCHAR", "Bron van het cijfer, of 'eigen registratie'."),
    Column(
        "reeksbreuk",
        "VARCHAR",
        "Breuk tussen deze periode en de vorige, als die er is (van een index: elke breuk tussen het basisjaar en het "
        "jaar); wat een id betekent, staat in definities.json.",
    ),
)
REEKSEN_KEY = (
    "indicator_id",
    "definitie_id",
    "regio_code",
    "indeling_jaar",
    "periode",
    "dimensie",
    "categorie",
    "bron",
)  # fmt: skip
VERGELIJKBAARHEID: tuple[Column, ...] = (
    _key("indicator_id", "VARCHAR", "Indicator die beide bronnen publiceren."),
    _key("bron_a", "VARCHAR", "Eerste bron."),
    _key("bron_b", "VARCHAR", "Tweede bron."),
    Column("grade", "VARCHAR", "Mate waarin de cijfers van beide bronnen te vergelijken zijn.", GRADES, required=True),
    Column("reasons", "VARCHAR", "Waarom."),
)
VERGELIJKBAARHEID_KEY = ("indicator_id", "bron_a", "bron_b")
_CAUSE_TEXT = "Oorzaak; meer oorzaken die niet uiteen te houden zijn, gescheiden door ';'. " + " ".join(
    f"{code}: {text}." for code, text in CAUSES
)
_BEFORE_AND_AFTER = ("waarde", "teller", "noemer", "status")
WIJZIGINGEN: tuple[Column, ...] = (
    *(column for column in REEKSEN if column.name in REEKSEN_KEY),
    Column("soort", "VARCHAR", "Soort wijziging.", CHANGES, required=True),
    Column("oorzaak", "VARCHAR", _CAUSE_TEXT, required=True),
    *(
        Column(f"{column.name}_{moment}", column.sql, f"{column.name} in de {release} release.", column.codes)
        for column in REEKSEN
        if column.name in _BEFORE_AND_AFTER
        for moment, release in (("oud", "vorige"), ("nieuw", "deze"))
    ),
    Column("kolommen", "VARCHAR", "De kolommen die verschillen, gescheiden door ';'; leeg bij nieuw en vervallen."),
)

_FRICTIONLESS = {"VARCHAR": "string", "INTEGER": "integer", "BIGINT": "integer", "DOUBLE": "number", "DATE": "date"}
_MEDIA = {
    ".csv": "text/csv",
    ".json": "application/json",
    ".parquet": "application/vnd.apache.parquet",
    ".pdf": "application/pdf",
}


def build(release_id: str, title: str, peildatum: str, folder: Path, described: Sequence[str]) -> dict[str, Any]:
    """The data package of the files `described` in `folder`. Holds no time, so the same release gives the same
    bytes."""
    return {
        "profile": "data-package",
        "name": f"werkmonitor-{release_id}",
        "id": release_id,
        "title": f"Werkmonitor {title}, peildatum {peildatum}",
        "description": "Gepubliceerde cijfers na geheimhouding. Een niet getoond cijfer heeft een status in woorden.",
        "version": release_id,
        "resources": [_resource(folder / name) for name in described],
    }


def column_names(columns: Sequence[Column]) -> list[str]:
    """The names of a table's columns, in order."""
    return [column.name for column in columns]


def sha256_of(path: Path) -> str:
    """The sha256 of a file, read in pieces."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _resource(path: Path) -> dict[str, Any]:
    resource: dict[str, Any] = {
        "name": path.name.lower().replace(".", "-"),
        "path": path.name,
        "format": path.suffix[1:],
        "mediatype": _MEDIA[path.suffix],
        "bytes": path.stat().st_size,
        "hash": f"sha256:{sha256_of(path)}",
        "description": _DESCRIPTIONS.get(path.name, ""),
    }
    if path.name in _TABLES:
        return resource | _tabular(path.name)
    return resource | {"type": "file", "profile": "data-resource"}


def _tabular(name: str) -> dict[str, Any]:
    columns, key = _TABLES[name]
    excel = name.endswith("-excel.csv")
    dialect = {"delimiter": ";" if excel else ",", "lineTerminator": "\n", "quoteChar": '"', "header": True}
    return {
        "type": "table",
        "profile": "tabular-data-resource",
        "encoding": "utf-8-sig" if excel else "utf-8",
        "dialect": dialect,
        "schema": {
            "fields": [_field(column, excel=excel) for column in columns],
            "primaryKey": list(key),
            "missingValues": [""],
        },
    }


def _field(column: Column, *, excel: bool) -> dict[str, Any]:
    field: dict[str, Any] = {
        "name": column.name,
        "type": _FRICTIONLESS[column.sql],
        "description": column.description,
    }
    if excel and column.sql == "DOUBLE":
        field["decimalChar"] = ","
    constraints: dict[str, Any] = {"required": True} if column.required else {}
    if column.codes:
        constraints["enum"] = [code for code, _ in column.codes]
        field["codes"] = [{"code": code, "omschrijving": text} for code, text in column.codes]
    return field | ({"constraints": constraints} if constraints else {})


_TABLES: dict[str, tuple[tuple[Column, ...], tuple[str, ...]]] = {
    "reeksen.csv": (REEKSEN, REEKSEN_KEY),
    "reeksen-excel.csv": (REEKSEN, REEKSEN_KEY),
    "vergelijkbaarheid.csv": (VERGELIJKBAARHEID, VERGELIJKBAARHEID_KEY),
    "wijzigingen.csv": (WIJZIGINGEN, REEKSEN_KEY),
}
_DESCRIPTIONS = {
    "reeksen.parquet": "Elk gepubliceerd cijfer, een rij per cel; dezelfde rijen en kolommen als reeksen.csv.",
    "reeksen.csv": "Elk gepubliceerd cijfer, een rij per cel.",
    "reeksen-excel.csv": "Als reeksen.csv, voor Excel: puntkomma, decimale komma, byte-order mark.",
    "vergelijkbaarheid.csv": "Per indicator en paar van bronnen: hoe goed de cijfers te vergelijken zijn.",
    "definities.json": (
        "Het register van indicatoren zoals gebruikt, welke kengetallen van anderen het beantwoordt, en de "
        "reeksbreuken."
    ),
    "kwaliteit.json": "Elke controle met uitkomst, ernst en aantallen; aantallen onder de drempel als '<5'.",
    "wijzigingen.csv": "Elke cel die verschilt van de vorige release, met de oorzaak.",
}
