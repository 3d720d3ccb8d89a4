"""Kwaliteit: every check with its outcome, the outcomes of earlier releases, and a verdict per gemeente in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from werkmonitor.report import sentences, words
from werkmonitor.report.model import Block, Page, Paragraph, Section, Table, Tone, Value
from werkmonitor.report.pages import front
from werkmonitor.report.release_files import ReleaseFiles, latest_measured

LAYERS = (
    ("levering", "Controles op wat geleverd is"),
    ("tabel", "Controles op de berekening"),
    ("cijfers", "Controles op de cijfers die naar buiten gaan"),
)
SEVERITY = {"blokkerend": "houdt publicatie tegen", "waarschuwing": "waarschuwing"}
TONES: dict[str, Tone] = {"PASS": "goed", "FAIL": "fout", "ERROR": "fout", "NVT": "neutraal"}
CHECK_COLUMNS = ("Controle", "Uitkomst", "Gevonden", "Ernst", "Waarom dit ertoe doet")
SOME, MANY = 5.0, 10.0  # percent without a reason: from here matig, from here slecht
LINKED, HARDLY_LINKED = 90.0, 50.0  # percent of persons found in the other source: goed from, slecht below


def page(release: ReleaseFiles) -> Page:
    checks: list[dict[str, Any]] = release.quality.get("controles", [])
    sections = [
        Section("oordeel", "Het oordeel", verdict(release)),
        Section("gemeenten", "Per gemeente", _municipalities(release)),
        Section("leveringen", "Wat is er geleverd?", (front.deliveries(release),)),
    ]
    for layer, title in LAYERS:
        found = [check for check in checks if check["laag"] == layer]
        if found:
            sections.append(Section(f"laag-{layer}", title, _checks(found, title)))
    sections.append(Section("eerder", "Eerdere releases", _history(release)))
    return Page(
        "kwaliteit.html",
        "Kwaliteit van de gegevens",
        "Voor elke publicatie worden de leveringen, de berekening en de cijfers gecontroleerd. Dit is wat "
        "daaruit kwam.",
        tuple(section for section in sections if section.blocks),
        "kwaliteit",
    )


def verdict(release: ReleaseFiles) -> tuple[Block, ...]:
    """What came of all checks together, and which exceptions were made."""
    outcome = release.quality.get("samenvatting", {})
    said = (
        f"{sentences.passed_and_failed(outcome)} "
        f"{words.plural(outcome.get('NVT', 0), 'controle was', 'controles waren')} niet van toepassing, "
        "bijvoorbeeld omdat een "
        "registratie hier niet wordt geleverd. Een controle die publicatie tegenhoudt en niet slaagt, kan alleen "
        "worden doorgelaten "
        "door twee verschillende mensen, met een reden en een einddatum."
    )
    return (Paragraph(said), *front.waivers(release))


def in_short(release: ReleaseFiles) -> tuple[Block, ...]:
    """How many checks of each kind, and those that did not pass; what passed one by one is in kwaliteit.json."""
    checks: list[dict[str, Any]] = release.quality.get("controles", [])
    rows = []
    for layer, title in LAYERS:
        found = [check["uitkomst"] for check in checks if check["laag"] == layer]
        if found:
            counts = (Value(words.number(found.count(outcome)), "getal") for outcome in words.OUTCOMES)
            rows.append((Value(title), *counts))
    columns = ("Soort controle", *(words.capital(said) for said in words.OUTCOMES.values()))
    blocks: list[Block] = (
        [Table("Controles naar uitkomst", columns, tuple(rows), frozenset({1, 2, 3, 4}))] if rows else []
    )
    failed = [check for check in checks if check["uitkomst"] in ("FAIL", "ERROR")]
    if failed:
        failed.sort(key=lambda check: check["controle"])
        blocks.append(
            Table("Controles die niet slaagden", CHECK_COLUMNS, tuple(map(_check_row, failed)), frozenset({2}))
        )
    blocks.append(Paragraph("Elke controle afzonderlijk staat in kwaliteit.json en op de website.", "klein"))
    return tuple(blocks)


def _checks(found: list[dict[str, Any]], title: str) -> tuple[Block, ...]:
    ran = [check for check in found if check["uitkomst"] != "NVT"]
    skipped = [check for check in found if check["uitkomst"] == "NVT"]
    blocks: list[Block] = []
    if ran:
        ran.sort(key=lambda check: (check["uitkomst"] == "PASS", check["controle"]))
        rows = tuple(_check_row(check) for check in ran)
        blocks.append(Table(f"{title}: wat eruit kwam", CHECK_COLUMNS, rows, frozenset({2}), stacked=True))
    if skipped:
        names = words.listed(sorted({check["onderdeel"] for check in skipped}))
        said = f"Niet van toepassing: {words.plural(len(skipped), 'controle', 'controles')} op {names}."
        blocks.append(Paragraph(said, "klein"))
    return tuple(blocks)


def _check_row(check: Mapping[str, Any]) -> tuple[Value, ...]:
    outcome = check["uitkomst"]
    explained = check["toelichting"] if outcome == "PASS" else f"{check['toelichting']} Herstel: {check['herstel']}"
    return (
        Value(check["controle"]),
        Value(words.OUTCOMES.get(outcome, outcome), tone=TONES.get(outcome, "neutraal")),
        Value(_found(check["fout"]), "getal"),
        Value(SEVERITY.get(check["ernst"], check["ernst"])),
        Value(explained),
    )


def _found(count: int | str | None) -> str:
    if isinstance(count, str):
        return count.replace("<", "minder dan ")
    return "niets" if not count else words.number(count)


# ---- per gemeente


def _municipalities(release: ReleaseFiles) -> tuple[Block, ...]:
    if not release.regions:
        return ()
    text = (
        "Van elke gemeente staat hier van welk deel van de uitstroom de reden niet bekend is. Tot 5% is goed, "
        "tot 10% matig, daarboven "
        "slecht: dan is de uitstroom naar werk volgens de reden te laag. De koppeling geldt voor alle gemeenten "
        "samen: het deel van de "
        "personen van de kleinste bron dat ook in de andere bron bekend is."
    )
    return (Paragraph(text), badge_table(release, release.regions, "Gegevens per gemeente"), *_linkage_blocks(release))


def badge_table(release: ReleaseFiles, regions: Mapping[str, str], caption: str) -> Table:
    """Unknown reasons of outflow and linkage, with a verdict in words."""
    linked = linkage(release)
    rows = tuple((Value(name), *_unknown_reasons(release, code), linked) for code, name in regions.items())
    return Table(
        caption, ("Gemeente", "Reden onbekend", "Oordeel reden", "Koppeling van bronnen"), rows, frozenset({1})
    )


def _unknown_reasons(release: ReleaseFiles, code: str) -> tuple[Value, Value]:
    whole = latest_measured(release.cells("uitstroom", code))
    cells = release.cells("uitstroom", code, "reden_groep")
    unknown = next((c for c in cells if whole and c.periode == whole.periode and c.categorie == "onbekend"), None)
    if whole is None or unknown is None or not whole.waarde:
        return Value("geen cijfer", "woord"), Value("niet te zeggen")
    if not unknown.shown:
        share = 100.0 * (release.threshold - 1) / whole.waarde
        said = (
            f"minder dan {release.threshold} van {words.number(whole.waarde)} ({whole.year})"
            if release.rounded
            else "niet getoond"
        )
        return Value(said, "woord"), _judged(share) if release.rounded else Value("niet te zeggen")
    share = 100.0 * (unknown.waarde or 0.0) / whole.waarde
    said = f"{words.percent(round(share))} van {words.number(whole.waarde)} ({whole.year})"
    return Value(said, "getal"), _judged(share)


def _judged(share: float) -> Value:
    if share <= SOME:
        return Value("goed", tone="goed")
    return Value("matig", tone="let_op") if share <= MANY else Value("slecht", tone="fout")


def linkage(release: ReleaseFiles) -> Value:
    """The weakest linkage between two sources, in words."""
    pairs = release.quality.get("metingen", {}).get("koppeling", [])
    if not pairs:
        return Value("niet gemeten", "woord")
    weakest = min(pair["procent"] for pair in pairs)
    if weakest >= LINKED:
        return Value(f"goed ({weakest}%)", tone="goed")
    return (
        Value(f"matig ({weakest}%)", tone="let_op")
        if weakest >= HARDLY_LINKED
        else Value(f"slecht ({weakest}%)", tone="fout")
    )


def _linkage_blocks(release: ReleaseFiles) -> tuple[Block, ...]:
    pairs = release.quality.get("metingen", {}).get("koppeling", [])
    if not pairs:
        return ()
    rows = tuple((Value(f"{p['bron_a']} en {p['bron_b']}"), Value(f"{p['procent']}%", "getal")) for p in pairs)
    return (
        Table("Deel van de personen dat in beide bronnen bekend is", ("Bronnen", "Gekoppeld"), rows, frozenset({1})),
    )


# ---- earlier releases


def _history(release: ReleaseFiles) -> tuple[Block, ...]:
    earlier: list[dict[str, Any]] = release.earlier.get("releases", [])
    if not earlier:
        return (Paragraph("Dit is de eerste release. Vanaf de volgende staat hier hoe de controles verliepen."),)
    now = {
        "release_id": release.release_id,
        "peildatum": release.manifest["peildatum"],
        "controles": release.quality.get("samenvatting", {}),
        "niet_geslaagd": [c["controle"] for c in release.quality.get("controles", []) if c["uitkomst"] == "FAIL"],
    }
    rows = tuple(_history_row(item) for item in (now, *earlier))
    columns = ("Release", "Peildatum", "Geslaagd", "Niet geslaagd", "Welke niet")
    return (Table("Controles per release, de nieuwste boven", columns, rows, frozenset({2, 3})),)


def _history_row(item: Mapping[str, Any]) -> tuple[Value, ...]:
    checks = item["controles"]
    failed = sorted(set(item["niet_geslaagd"]))
    return (
        Value(item["release_id"]),
        Value(words.day(item["peildatum"])),
        Value(words.number(checks.get("PASS", 0)), "getal"),
        Value(words.number(checks.get("FAIL", 0)), "getal"),
        Value(words.listed(failed) if failed else "geen"),
    )
