"""Definities: every indicator of the registry as the release has it, and the worked examples that decide."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from werkmonitor.core.types import OWN
from werkmonitor.report import words
from werkmonitor.report.model import Block, Facts, Link, Listing, Page, Paragraph, Section, Table, Value
from werkmonitor.report.release_files import ReleaseFiles

DIRECTIONS = {
    "hoger_is_beter": "hoger is beter",
    "lager_is_beter": "lager is beter",
    "geen": "niet beter of slechter",
}
# What every example shows of an entity, in this order; what its rows name besides, comes behind it.
EXAMPLE_COLUMNS = {
    "uitkering": ("persoon", "dossier_id", "gemeente_code", "begindatum", "einddatum", "reden_einde"),
    "dienstverband": ("persoon", "soort", "begindatum", "einddatum"),
    "persoon": ("persoon", "geboortedatum", "overlijdensdatum", "vertrekdatum", "statushouder", "arbeidsvermogen"),
    "kenmerk": ("persoon", "kenmerk", "waarde", "begindatum", "einddatum"),
    "lks": ("persoon", "begindatum", "einddatum", "nieuw_beschut"),
    "nieuw_beschut": ("persoon", "adviesdatum", "advies", "begindatum", "einddatum"),
    "reeks": ("bron", "indicator_id", "regio_code", "periode", "waarde", "reden_leeg"),
}


def page(release: ReleaseFiles) -> Page:
    found = families(release)
    contents = Listing(
        tuple((Link(title(members), f"definities.html#{family(members[0])}"), "") for members in found.values())
    )
    about = Paragraph(
        "Elke definitie heeft een versie. Verandert een definitie, dan krijgt zij een nieuwe versie en houdt de "
        "oude reeks de oude. "
        "Bij twijfel beslissen de uitgewerkte voorbeelden."
    )
    examples = Listing(
        ((Link("Uitgewerkte voorbeelden", "voorbeelden.html"), "verzonnen mensen, dag voor dag nagerekend"),)
    )
    return Page(
        "definities.html",
        "Definities",
        "Wat elk cijfer betekent, hoe het geteld wordt en wat het niet zegt.",
        (Section("alle-cijfers", "Alle cijfers", (about, contents, examples)), *_breaks(release), *sections(release)),
        "definities",
    )


def _breaks(release: ReleaseFiles) -> tuple[Section, ...]:
    """From which day on something is counted in another way, and what that is."""
    if not release.breaks:
        return ()
    rows = tuple(
        (
            Value(words.day(one["vanaf"])),
            Value(words.listed(_measures(release, one))),
            Value(words.listed(one["regio"]) if one["regio"] else "overal"),
            Value(one["toelichting"]),
            Value(one["id"]),
        )
        for one in release.breaks
    )
    about = Paragraph(
        "Bij een reeksbreuk wordt iets vanaf een dag anders geregistreerd of geteld. Cijfers van ervoor en erna zijn "
        "niet hetzelfde gemeten. In elke grafiek over de tijd staat daar een streep; in de gegevens staat de naam van "
        "de breuk in de kolom reeksbreuk."
    )
    columns = ("Vanaf", "Cijfers", "Waar", "Wat er verandert", "In de gegevens")
    return (Section("reeksbreuken", "Reeksbreuken", (about, Table("Breuken in de reeksen", columns, rows))),)


def _measures(release: ReleaseFiles, one: Mapping[str, Any]) -> list[str]:
    """The names of what breaks, each measure once; of a series of somebody else with who publishes it."""
    if one["bron"] != OWN:
        return [f"{words.indicator(name)} ({one['bron']})" for name in one["indicatoren"]]
    wanted = set(one["indicatoren"])
    return [
        title(members).lower()
        for members in families(release).values()
        if wanted & {item["indicator_id"] for item in members}
    ]


def sections(release: ReleaseFiles, wanted: Collection[str] | None = None) -> tuple[Section, ...]:
    """A section for each definition, the variants of one measure together; `wanted`: only of these indicators."""
    found = {
        key: [item for item in members if wanted is None or item["indicator_id"] in wanted]
        for key, members in families(release).items()
    }
    return tuple(_section(release, members) for members in found.values() if members)


def families(release: ReleaseFiles) -> dict[str, list[dict[str, Any]]]:
    """The indicators of the registry, those that differ in horizon and population only together."""
    found: dict[str, list[dict[str, Any]]] = {}
    for item in release.registry.get("indicatoren", []):
        found.setdefault(family(item), []).append(item)
    return found


def family(item: dict[str, Any]) -> str:
    """The id without horizon and population: where the definition stands on this page."""
    name = item["indicator_id"].partition("__")[0]
    return name.removesuffix(f"_{item['horizon']}") if item.get("horizon") else name


def title(members: list[dict[str, Any]]) -> str:
    """The name of a measure without its horizon, where it has several."""
    name = members[0]["naam"]
    return name.rsplit(",", 1)[0] if len(members) > 1 and "maanden" in name else name


def _section(release: ReleaseFiles, members: list[dict[str, Any]]) -> Section:
    first = members[0]
    several = len(members) > 1
    text = first.get("definitie", "")
    dimensions = release.registry.get("dimensies", {})
    broken = [dimensions.get(name, {}).get("naam", name.replace("_", " ")) for name in first.get("uitsplitsingen", [])]
    facts = [
        ("Vraag", first.get("vraag", "")),
        ("Teller", first.get("teller") or "bij een kans hoort geen teller"),
        (
            "Noemer",
            first.get("noemer") or f"geen: dit is een {'bedrag' if first.get('eenheid') == 'EUR' else 'aantal'}",
        ),
        ("Eenheid", "procent" if first.get("eenheid") == "%" else first.get("eenheid", "")),
        ("Richting", DIRECTIONS.get(first.get("richting", ""), "")),
        ("Per", words.listed(first.get("perioden", []))),
        ("Uit te splitsen naar", words.listed(broken) if broken else "niets"),
        ("Gemaakt van", words.listed([words.entity(code) for code in first.get("entiteiten", [])])),
        ("Let op", " ".join(first.get("beperkingen", []))),
        (
            "Geldig vanaf",
            f"{words.day(first['geldig_vanaf'])}, versie {first['versie']}" if first.get("geldig_vanaf") else "",
        ),
    ]
    if several:
        text += f" De tekst staat hier voor {_variant(first)}; de andere werken hetzelfde."
    blocks: list[Block] = [Paragraph(text), Facts(tuple((label, said) for label, said in facts if said))]
    blocks.append(Paragraph(f"In de gegevens: {words.listed([item['definitie_id'] for item in members])}.", "klein"))
    return Section(family(first), title(members), tuple(blocks))


def _variant(item: dict[str, Any]) -> str:
    tail = item["naam"].rsplit(", ", 1)[-1] if "maanden" in item["naam"] else ""
    return words.listed([part for part in (tail, item.get("populatie") or "") if part])


# ---- worked examples


def examples_page() -> Page:
    """The examples of docs/voorbeelden.yml: part of the program, so of the digest, as the registry is."""
    import yaml

    from werkmonitor.core.examples import EXAMPLES_FILE

    content = yaml.load(EXAMPLES_FILE.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    sections = []
    for group, about in content["groepen"].items():
        blocks: list[Block] = [Paragraph(about["inleiding"])]
        for example in content["voorbeelden"]:
            if example["groep"] == group:
                blocks.extend(_example(example, content["standaard"]))
        sections.append(Section(group, about["titel"], tuple(blocks)))
    return Page(
        "voorbeelden.html",
        "Uitgewerkte voorbeelden",
        "Verzonnen mensen, met de hand nagerekend. Deze voorbeelden beslissen hoe er geteld wordt.",
        tuple(sections),
        "definities",
    )


def _example(example: dict[str, Any], defaults: dict[str, Any]) -> list[Block]:
    blocks: list[Block] = [Facts(((words.capital(example["naam"]), example["waarom"]),), wide=True)]
    for entity in (*EXAMPLE_COLUMNS, *(code for code in words.ENTITIES if code not in EXAMPLE_COLUMNS)):
        rows = example.get(entity) or []
        columns = dict.fromkeys([*EXAMPLE_COLUMNS.get(entity, ()), *(column for row in rows for column in row)])
        used = [column for column in columns if any(row.get(column) not in (None, "") for row in rows)]
        if used:
            whole = [defaults.get(entity, {}) | row for row in rows]
            values = tuple(tuple(Value(_given(column, row.get(column))) for column in used) for row in whole)
            names = tuple(column.replace("_", " ") for column in used)
            blocks.append(Table(f"{words.capital(words.entity(entity))}: {example['naam']}", names, values))
    rows = tuple(_expected(cell) for cell in example["verwacht"])
    blocks.append(Table(f"Uitkomst: {example['naam']}", ("Cijfer", "Periode", "Uitsplitsing", "Uitkomst"), rows))
    return blocks


def _given(column: str, value: Any) -> str:
    """What an example has in a column; nothing as an end means that it is still going on."""
    if value in (None, ""):
        return "open" if column == "einddatum" else "niet ingevuld"
    return ("ja" if value else "nee") if isinstance(value, bool) else str(value)


def _expected(cell: dict[str, Any]) -> tuple[Value, ...]:
    place = {"indicator_id", "periode", "regio", "dimensie", "categorie", "bron"}
    said = ", ".join(
        f"{name.replace('_', ' ')} {value}" for name, value in cell.items() if name not in place and name != "afwezig"
    )
    broken = (
        f"{cell.get('dimensie', '').replace('_', ' ')}: {cell.get('categorie', '')}"
        if cell.get("dimensie")
        else "totaal"
    )
    where = f"{cell['regio']}, {broken}" if cell.get("regio") else broken
    return (
        Value(cell["indicator_id"]),
        Value(words.period(cell["periode"])),
        Value(where),
        Value(said or "deze cel bestaat niet"),
    )
