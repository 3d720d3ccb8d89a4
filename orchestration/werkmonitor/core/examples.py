"""The worked examples of docs/voorbeelden.yml: histories with expected cells, and the pages of docs/indicatoren/.

Read by the reference (tests/spec), by the SQL harness and by the generator below. No measure is computed here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from werkmonitor.core.reference.model import Cell, History, Parameters, Source

ROOT = Path(__file__).resolve().parents[3]
EXAMPLES_FILE = ROOT / "docs" / "voorbeelden.yml"
PAGES_FOLDER = ROOT / "docs" / "indicatoren"
EMPTY = "leeg"
TOLERANCE = 1e-6
SOURCES = {
    "uitkeringen": ("uitkering", "persoon", "kenmerk"),
    "banen": ("dienstverband",),
    "regie": (
        *("lks", "nieuw_beschut", "inkomsten", "traject", "trajectfase", "voorziening", "plaatsing", "sw", "verzuim"),
        *("meting", "tevredenheid"),
    ),
    "jaarverslagen": ("financien", "doelstelling", "reeks"),
}
ENTITIES = tuple(entiteit for entities in SOURCES.values() for entiteit in entities)
COLUMNS = {
    "uitkering": (
        "persoon",
        "dossier_id",
        "regeling",
        "gemeente_code",
        "begindatum",
        "einddatum",
        "reden_einde",
        "leefvorm",
    ),
    "dienstverband": (
        *("persoon", "dienstverband_id", "soort", "begindatum", "einddatum", "contract", "uren_per_week"),
    ),
    "persoon": (
        *("persoon", "geboortedatum", "geslacht", "gemeente_code", "overlijdensdatum", "vertrekdatum"),
        *("doelgroepregister_begin", "doelgroepregister_eind", "statushouder", "arbeidsbeperking", "arbeidsvermogen"),
    ),
    "kenmerk": ("persoon", "kenmerk", "waarde", "begindatum", "einddatum"),
    "lks": (
        *("persoon", "beschikking_id", "begindatum", "einddatum", "loonwaarde", "forfaitair", "uren_per_week"),
        "nieuw_beschut",
    ),
    "nieuw_beschut": (
        *("persoon", "gemeente_code", "adviesdatum", "advies", "einde_advies", "begindatum", "einddatum"),
        "uren_per_week",
    ),
    "inkomsten": ("persoon", "maand", "bedrag", "soort"),
    "traject": (*("traject_id", "persoon", "gemeente_code", "aanmelddatum", "begindatum", "einddatum", "reden_einde"),),
    "trajectfase": ("traject_id", "fase", "begindatum", "einddatum"),
    "voorziening": ("voorziening_id", "persoon", "type", "begindatum", "einddatum"),
    "plaatsing": (
        *("plaatsing_id", "persoon", "werkgever_id", "begindatum", "einddatum", "soort", "uren_per_week"),
        "gemeente_code_werk",
    ),
    "sw": ("persoon", "gemeente_code", "begindatum", "einddatum", "fte", "arbeidshandicap", "werkvorm"),
    "verzuim": ("persoon", "maand", "verzuimdagen", "beschikbare_dagen", "meldingen"),
    "meting": ("persoon", "datum", "instrument", "score"),
    "tevredenheid": ("onderzoek_id", "jaar", "groep", "score", "n", "uitgenodigd"),
    "financien": (
        *("jaar", "onderdeel", "product", "post", "soort", "bedrag", "hoeveelheid", "prijs", "gemeente_code"),
    ),
    "doelstelling": ("indicator_id", "regio_code", "periode", "waarde", "soort", "richting"),
    "reeks": (
        *("bron", "indicator_id", "definitie_id", "regio_code", "periode", "uitsplitsing", "waarde", "eenheid"),
        *("status", "reden_leeg"),
    ),
}
OWN_IDS = {
    "dienstverband": ("dienstverband_id", "J"),
    "lks": ("beschikking_id", "L"),
    "traject": ("traject_id", "T"),
    "voorziening": ("voorziening_id", "V"),
    "plaatsing": ("plaatsing_id", "P"),
}
PLACE_COLUMNS = ("indicator_id", "regio", "periode", "dimensie", "categorie", "bron")


@dataclass(frozen=True)
class Expected:
    """One asserted cell: its place, and the columns that are laid down (None: empty). `absent`: it does not exist."""

    place: tuple[str, str, str, str, str, str]  # PLACE_COLUMNS
    columns: Mapping[str, Any]
    absent: bool


@dataclass(frozen=True)
class Example:
    """One worked example, ready to be computed."""

    naam: str
    groep: str
    waarom: str
    methode: str
    history: History
    parameters: Parameters
    expected: tuple[Expected, ...]
    written: Mapping[str, Any]  # as it stands in the file, for the page


def read_document(path: Path = EXAMPLES_FILE) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return document


def load_examples(path: Path = EXAMPLES_FILE) -> list[Example]:
    """Every example of the file."""
    document = read_document(path)
    return [build_example(written, document["standaard"]) for written in document["voorbeelden"]]


def build_example(written: Mapping[str, Any], defaults: Mapping[str, Any]) -> Example:
    settings = {**defaults["parameters"], **written.get("parameters", {})}
    return Example(
        naam=written["naam"],
        groep=written["groep"],
        waarom=written["waarom"].strip(),
        methode=written.get("methode", "geen"),
        history=build_history(written, defaults),
        parameters=build_parameters(settings),
        expected=tuple(build_expected({**defaults["verwacht"], **cell}) for cell in written["verwacht"]),
        written=written,
    )


def build_parameters(settings: Mapping[str, Any]) -> Parameters:
    """The parameters of one example; `niet_geleverd`, `dekking` and `historie_vanaf` describe its sources."""
    rest = {key: value_of(value) for key, value in settings.items()}
    missing, dekking, begin = rest.pop("niet_geleverd", []), rest.pop("dekking"), rest.pop("historie_vanaf")
    sources = tuple(
        Source(
            naam=naam,
            entiteiten=tuple(e for e in entities if e not in missing),
            dekking=dekking if "dienstverband" in entities else "geen",
            historie_vanaf=begin,
        )
        for naam, entities in SOURCES.items()
    )
    lists: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in rest.items()}
    lists["taken"] = {taak: tuple(codes) for taak, codes in rest.get("taken", {}).items()}
    return Parameters(sources=sources, **lists)


def value_of(value: Any) -> Any:
    """`leeg` in the file is an empty value."""
    return None if value == EMPTY else value


def build_history(written: Mapping[str, Any], defaults: Mapping[str, Any]) -> History:
    copies: Mapping[str, int] = written.get("kopieen", {})
    history = History()
    for entiteit in ENTITIES:
        rows = [complete_row(entiteit, row, defaults[entiteit]) for row in written.get(entiteit, [])]
        for row in (copy for original in rows for copy in copied(original, copies)):
            number = len(history.rows_of(entiteit)) + 1
            if entiteit in OWN_IDS:
                column, letter = OWN_IDS[entiteit]
                row[column] = row[column] or f"{letter}{number}"
            history.rows_of(entiteit).append(row)
    for persoon in written.get("quarantaine", []):
        history.quarantaine.extend(copied({"persoon": persoon, "entiteit": "uitkering"}, copies))
    return history


def complete_row(entiteit: str, row: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """All columns of the accepted row: as written, else the default of the file, else empty."""
    unknown = set(row) - set(COLUMNS[entiteit])
    if unknown:
        raise ValueError(f"docs/voorbeelden.yml: {entiteit} kent de kolom {', '.join(sorted(unknown))} niet")
    full = {column: value_of(row.get(column, defaults.get(column))) for column in COLUMNS[entiteit]}
    if entiteit != "reeks":
        volgorde, bron = next((n, naam) for n, (naam, entities) in enumerate(SOURCES.items()) if entiteit in entities)
        full |= {"bron": bron, "bron_volgorde": volgorde}
    return full


def copied(row: dict[str, Any], copies: Mapping[str, int]) -> list[dict[str, Any]]:
    """The row as often as its person is copied, each copy with a person and dossier of its own."""
    persoon = str(row.get("persoon"))
    if persoon not in copies:
        return [row]
    found = []
    for number in range(1, copies[persoon] + 1):
        own = {column: f"{row[column]}#{number}" for column in ("persoon", "dossier_id") if column in row}
        found.append({**row, **own})
    return found


def build_expected(cell: Mapping[str, Any]) -> Expected:
    columns = {k: value_of(v) for k, v in cell.items() if k not in (*PLACE_COLUMNS, "afwezig")}
    indicator, regio, periode, dimensie, categorie, bron = (str(cell[column]) for column in PLACE_COLUMNS)
    place = (indicator, regio, periode, dimensie, categorie, bron)
    return Expected(place, {} if cell.get("afwezig") else columns, bool(cell.get("afwezig")))


def check_example(example: Example, cells: Iterable[Cell]) -> list[str]:
    """What in these cells differs from what the example lays down, in words; empty when all of it holds."""
    found = {(c.indicator_id, c.regio_code, c.periode, c.dimensie, c.categorie, c.bron): c for c in cells}
    problems = []
    for expected in example.expected:
        cell, name = found.get(expected.place), " ".join(expected.place)
        if expected.absent or cell is None:
            if (cell is None) != expected.absent:
                problems.append(
                    f"{example.naam}: {name}: de cel {'bestaat niet' if cell is None else 'hoort niet te bestaan'}"
                )
            continue
        for column, value in expected.columns.items():
            actual = getattr(cell, column)
            if not agrees(value, actual):
                problems.append(f"{example.naam}: {name}: {column} is {actual!r}, verwacht {value!r}")
    return problems


def agrees(expected: Any, actual: Any) -> bool:
    numbers = (int, float)
    if isinstance(expected, numbers) and isinstance(actual, numbers):
        return abs(expected - actual) <= TOLERANCE
    return bool(expected == actual)


# -- pages ------------------------------------------------------------------------------------------------------------

NOTICE = (
    "<!-- Gemaakt uit docs/voorbeelden.yml met `python -m werkmonitor.core.examples`; niet met de hand wijzigen. -->"
)
HEADINGS = {
    "uitkering": "Uitkeringen",
    "dienstverband": "Dienstverbanden",
    "persoon": "Personen",
    "kenmerk": "Kenmerken",
    "lks": "Loonkostensubsidies",
    "nieuw_beschut": "Nieuw beschut",
    "inkomsten": "Inkomsten",
    "traject": "Trajecten",
    "trajectfase": "Fasen van trajecten",
    "voorziening": "Voorzieningen",
    "plaatsing": "Plaatsingen",
    "sw": "Sociale werkvoorziening",
    "verzuim": "Verzuim",
    "meting": "Metingen",
    "tevredenheid": "Tevredenheid",
    "financien": "Financiën",
    "doelstelling": "Doelstellingen",
    "reeks": "Gepubliceerde reeks",
}


def render_pages(path: Path = EXAMPLES_FILE) -> dict[str, str]:
    """Every page by file name: one a group, and a README that lists them."""
    document = read_document(path)
    pages = {"README.md": render_index(document)}
    for groep, about in document["groepen"].items():
        examples = [e for e in document["voorbeelden"] if e["groep"] == groep]
        pages[f"{groep}.md"] = render_page(about, examples, document["standaard"])
    return pages


def render_index(document: Mapping[str, Any]) -> str:
    standard = "\n".join(f"- `{key}`: {shown(value)}" for key, value in document["standaard"]["parameters"].items())
    lines = [f"- [{about['titel']}]({groep}.md): {about['inleiding']}" for groep, about in document["groepen"].items()]
    return "\n".join(
        [
            NOTICE,
            "",
            "# Uitgewerkte voorbeelden per maat",
            "",
            "Kleine, verzonnen levenslopen met de uitkomst die er volgens de definities uit moet komen, en waarom.",
            "De berekening wordt er elke keer aan getoetst. Tenzij er iets anders staat geldt:",
            "",
            standard,
            "",
            *lines,
            "",
        ]
    )


def render_page(about: Mapping[str, str], examples: list[Mapping[str, Any]], defaults: Mapping[str, Any]) -> str:
    parts = [NOTICE, "", f"# {about['titel']}", "", about["inleiding"], ""]
    for example in examples:
        parts += render_example(example, defaults)
    return "\n".join(parts)


def render_example(example: Mapping[str, Any], defaults: Mapping[str, Any]) -> list[str]:
    title = example["naam"][0].upper() + example["naam"][1:]
    parts = [f"## {title}", "", example["waarom"].strip(), ""]
    if "parameters" in example:
        parts += [
            "Instellingen: " + "; ".join(f"`{k}` = {shown(v)}" for k, v in example["parameters"].items()) + ".",
            "",
        ]
    for entiteit in ENTITIES:
        if entiteit in example:
            rows = [{**defaults[entiteit], **row} for row in example[entiteit]]
            parts += [f"{HEADINGS[entiteit]}:", "", *table(rows, COLUMNS[entiteit]), ""]
    if "quarantaine" in example:
        parts += ["In quarantaine: een uitkeringsrij van " + ", ".join(example["quarantaine"]) + ".", ""]
    if "kopieen" in example:
        copies = ", ".join(f"{persoon} staat voor {number} personen" for persoon, number in example["kopieen"].items())
        parts += [copies + ".", ""]
    if example.get("methode") == "afronden":
        parts += ["Zoals gepubliceerd met `afronden`:", ""]
    expected = [render_expected({**defaults["verwacht"], **cell}) for cell in example["verwacht"]]
    parts += ["Uitkomst:", "", *table(expected, ("maat", "regio", "periode", "uitsplitsing", "uitkomst")), ""]
    return parts


def render_expected(cell: Mapping[str, Any]) -> dict[str, Any]:
    split = "totaal" if cell["dimensie"] == "totaal" else f"{cell['dimensie']}: {cell['categorie']}"
    asserted = {k: v for k, v in cell.items() if k not in (*PLACE_COLUMNS, "afwezig")}
    outcome = ", ".join(f"{k} {shown(v)}" for k, v in asserted.items())
    return {
        "maat": f"`{cell['indicator_id']}`",
        "regio": cell["regio"],
        "periode": cell["periode"],
        "uitsplitsing": split,
        "uitkomst": "deze cel bestaat niet" if cell.get("afwezig") else outcome,
    }


def table(rows: list[dict[str, Any]], columns: Iterable[str]) -> list[str]:
    """A Markdown table of the columns in which any row has a value."""
    used = [column for column in columns if any(row.get(column) is not None for row in rows)]
    lines = ["| " + " | ".join(used) + " |", "|" + "---|" * len(used)]
    return lines + ["| " + " | ".join(shown(row.get(column)) for column in used) + " |" for row in rows]


def shown(value: Any) -> str:
    """A value as a Dutch reader expects it; empty stays empty."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, float):
        return str(value).replace(".", ",")
    if isinstance(value, list):
        return ", ".join(shown(item) for item in value)
    if isinstance(value, dict):
        return "; ".join(f"{key}: {shown(item)}" for key, item in value.items())
    return value.isoformat() if isinstance(value, date) else str(value)


def write_pages(folder: Path = PAGES_FOLDER, path: Path = EXAMPLES_FILE) -> list[Path]:
    """Write every page; returns the files."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in render_pages(path).items():
        target = folder / name
        target.write_text(text, encoding="utf-8")
        written.append(target)
    return written


if __name__ == "__main__":
    for page in write_pages():
        print(page.relative_to(ROOT))
