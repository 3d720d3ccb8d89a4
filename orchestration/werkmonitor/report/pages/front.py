"""De voorpagina: the two questions of every council, key figures, gemeenten, what changed, the state of the data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from werkmonitor.report import build, headlines, sentences, words
from werkmonitor.report.model import Block, Facts, Figure, Link, Listing, Notice, Page, Paragraph, Section, Table, Value
from werkmonitor.report.pages import elsewhere
from werkmonitor.report.pages.durability import return_curve
from werkmonitor.report.release_files import ReleaseFiles, latest_measured

OUT_12 = "duurzaam_uit_uitkering_12__alle"


def page(release: ReleaseFiles) -> Page:
    sections = (
        _lasting(release),
        _returning(release),
        _key_figures(release),
        _municipalities(release),
        changes(release),
        state_of_data(release),
    )
    return Page(
        "index.html",
        "Hoe duurzaam is de uitstroom, en vallen mensen terug?",
        _in_short(release),
        tuple(section for section in sections if section.blocks),
        "index",
    )


def _in_short(release: ReleaseFiles) -> str:
    """Both answers in two sentences; without them, what the page is."""
    found = [headlines.in_short(told, release) for told in (headlines.OUT, headlines.BACK)]
    return " ".join(said for said in found if said) or "Uitstroom uit de uitkering, en wat er daarna gebeurt."


def _lasting(release: ReleaseFiles) -> Section:
    series = {
        "uit de uitkering": release.cells(OUT_12),
        "aan het werk": release.cells("duurzaam_werk_onafgebroken_12__werk_polis"),
    }
    figure = build.trend_figure(
        "duurzaam-per-jaar",
        "Een jaar na uitstroom, per jaar van uitstroom",
        "'Uit de uitkering' gaat over iedereen die uitstroomde; 'aan het werk' over wie in loondienst ging "
        "werken en dat steeds "
        "bleef doen.",
        series,
        release,
    )
    blocks = build.kept(
        headlines.statement(headlines.OUT, release), headlines.statement(headlines.AT_WORK, release), figure
    )
    beside = elsewhere.beside(release, "duurzaam_") if blocks else ()
    return Section("duurzaam", "Hoe duurzaam is de uitstroom?", (*blocks, *beside))


def _returning(release: ReleaseFiles) -> Section:
    blocks = build.kept(
        headlines.statement(headlines.BACK, release),
        headlines.statement(headlines.BACK_AFTER_WORK, release),
        return_curve(release, "terugkeer-voorpagina"),
    )
    beside = elsewhere.beside(release, "herinstroom_") if blocks else ()
    return Section("terug", "Vallen mensen terug?", (*blocks, *beside))


def _key_figures(release: ReleaseFiles) -> Section:
    table = key_table(release, None, "Kerncijfers: het nieuwste jaar dat te meten is")
    return Section("kerncijfers", "Hoeveel mensen gaan erin en eruit?", build.kept(table))


def key_table(release: ReleaseFiles, region: str | None, caption: str) -> Table | None:
    """The newest measured year of each key figure, with the change in words."""
    rows = []
    for indicator, name in (*headlines.KEY_COUNTS, *headlines.KEY_SHARES):
        cells = release.cells(indicator, region)
        newest = latest_measured(cells)
        if newest is None:
            if cells:
                rows.append(
                    (
                        Value(name),
                        Value(sentences.reason_not_shown(cells[-1], release), "woord"),
                        Value("–"),
                        Value("–"),
                    )
                )
            continue
        change = headlines.change_in_words(cells, newest, release)
        # The status goes with the year: the number stays short enough for a phone.
        year = f"{newest.year}, {words.STATUS_WORDS[newest.status]}" if newest.provisional else newest.year
        rows.append((Value(name), build.value(newest, release, status=False), Value(year), Value(change)))
    if not rows:
        return None
    return Table(caption, ("", "Cijfer", "Jaar", "Ontwikkeling"), tuple(rows), frozenset({1}))


def _municipalities(release: ReleaseFiles) -> Section:
    if len(release.regions) < 2:
        return Section("gemeenten", "Per gemeente", ())
    blocks: list[Block] = list(build.kept(by_municipality(release)))
    links = tuple((Link(name, f"gemeenten/{code}.html"), "") for code, name in release.regions.items())
    blocks.append(Listing(links))
    return Section("gemeenten", "Per gemeente", tuple(blocks))


def by_municipality(release: ReleaseFiles) -> Figure | None:
    """Staying out for a year by gemeente, with margins, beside the organisation."""
    whole = latest_measured(release.cells(OUT_12))
    if whole is None or len(release.regions) < 2:
        return None
    periode = whole.periode
    named = {
        name: next((c for c in release.cells(OUT_12, code) if c.periode == periode), None)
        for code, name in release.regions.items()
    }
    spread = sentences.spread(release, OUT_12, periode)
    title = f"Minstens een jaar uit de uitkering gebleven, uitstroom {periode[:4]}"
    return build.dot_figure(
        "per-gemeente", title, spread or "Elke stip is een gemeente.", "Gemeente", named, whole, release
    )


def changes(release: ReleaseFiles) -> Section:
    """What differs from the previous release, by cause, and which headline figures are others now."""
    previous = release.manifest.get("vorige_release")
    title = "Wat is er veranderd sinds de vorige release?"
    if not previous:
        return Section(
            "veranderd", title, (Paragraph("Dit is de eerste release: er is nog niets om mee te vergelijken."),)
        )
    found = release.changes()
    if not found:
        return Section(
            "veranderd", title, (Paragraph(f"Geen enkel cijfer verschilt van de vorige release ({previous})."),)
        )
    items = tuple((None, _change(row)) for row in found[:6])
    blocks: list[Block] = [Listing(items), *_changed_headlines(release)]
    return Section("veranderd", title, tuple(blocks))


def _change(row: dict[str, Any]) -> str:
    causes = words.listed([words.CAUSES.get(code, code) for code in row["oorzaak"].split(";")], "of")
    kinds = {"nieuw": ("is nieuw", "zijn nieuw"), "vervallen": ("is vervallen", "zijn vervallen")}
    one, many = kinds.get(row["soort"], ("is gewijzigd", "zijn gewijzigd"))
    count = row["aantal"]
    return f"{words.plural(count, 'cijfer', 'cijfers')} {one if count == 1 else many} door {causes}."


def _changed_headlines(release: ReleaseFiles) -> Sequence[Block]:
    wanted = {indicator: name for indicator, name in (*headlines.KEY_COUNTS, *headlines.KEY_SHARES)}
    rows = []
    for row in release.changed_totals(wanted)[:20]:
        unit = "%" if release.definition(row["indicator_id"]).get("eenheid") == "%" else ""
        values = [Value(f"{words.number(row[side])}{unit}", "getal") for side in ("oud", "nieuw")]
        causes = words.listed([words.CAUSES.get(code, code) for code in row["oorzaak"].split(";")], "of")
        rows.append((Value(wanted[row["indicator_id"]]), Value(row["periode"][:4]), *values, Value(causes)))
    if not rows:
        return (Paragraph("Geen van de kerncijfers van de hele organisatie is daarbij een ander getal geworden."),)
    columns = ("Kerncijfer", "Jaar", "Was", "Is", "Door")
    return (Table("Kerncijfers die een ander getal zijn geworden", columns, tuple(rows), frozenset({2, 3})),)


def state_of_data(release: ReleaseFiles) -> Section:
    """Peildatum, sources and their dates, the verdict and what was waived."""
    manifest = release.manifest
    facts = (
        ("Peildatum", f"{words.day(release.peildatum)}: de laatste dag die meetelt"),
        ("Oordeel", sentences.passed_and_failed(manifest.get("poort", {}).get("controles", {}))),
        ("Geheimhouding", protection(release)),
        ("Release", release.release_id),
    )
    blocks: list[Block] = [Facts(facts), sources(release)]
    blocks.extend(waivers(release))
    blocks.extend(corrections(release))
    links = (
        (Link("Alle controles", "kwaliteit.html"), "en wat zij vonden"),
        (Link("Alle leveringen", "kwaliteit.html#leveringen"), "en hoeveel ervan meetelde"),
        (Link("Alle releases", "releases.html"), "en wat er per release veranderde"),
    )
    return Section("gegevens", "Hoe staat het met de gegevens?", (*blocks, Listing(links)))


def protection(release: ReleaseFiles) -> str:
    """Disclosure control in words."""
    method = release.manifest["geheimhouding"]["methode"]
    if method == "afronden":
        return (
            f"Aantallen zijn afgerond op vijftallen; onder de {release.threshold} staat er 'minder dan "
            f"{release.threshold}'. "
            "Een bedrag of andere som van te weinig mensen is niet getoond, en soms ook een tweede, omdat de eerste "
            "anders met aftrekken te vinden is. Zo is niemand te herkennen."
        )
    if method == "onderdrukken":
        return (
            "Cijfers over kleine groepen zijn niet getoond, zodat niemand te herkennen is. Wat wel getoond "
            "is, is exact."
        )
    return "Geen: deze release is alleen voor intern gebruik."


def sources(release: ReleaseFiles) -> Table:
    """Every source with what it delivered, and when last."""
    found: dict[str, list[dict[str, Any]]] = {}
    for item in release.manifest.get("aanleveringen", []):
        found.setdefault(item["bron"], []).append(item)
    rows = tuple(
        (
            Value(source),
            Value(words.listed(list(dict.fromkeys(words.entity(item["entiteit"]) for item in items)))),
            Value(words.day(max(item["leverdatum"] for item in items))),
        )
        for source, items in found.items()
    )
    return Table("Waar de cijfers van gemaakt zijn", ("Bron", "Wat", "Laatste levering"), rows)


def deliveries(release: ReleaseFiles) -> Table:
    """Every delivered file with what became of its rows."""
    rows = []
    for item in release.manifest.get("aanleveringen", []):
        shown = [Value(_count(item.get(name)), "getal") for name in ("aangeleverd", "aanvaard", "quarantaine")]
        rows.append(
            (Value(item["bron"]), Value(words.entity(item["entiteit"])), Value(words.day(item["leverdatum"])), *shown)
        )
    columns = ("Bron", "Wat", "Geleverd op", "Rijen", "Meegeteld", "Apart gezet")
    return Table("Wat er van elke levering meetelde", columns, tuple(rows), frozenset({3, 4, 5}))


def _count(found: int | str | None) -> str:
    if isinstance(found, str):
        return f"minder dan {found.lstrip('<')}" if found.startswith("<") else found
    return words.number(found)


def waivers(release: ReleaseFiles) -> list[Block]:
    """Checks that failed and were let through by two persons, in force for this release."""
    used = release.manifest.get("waivers", [])
    if not used:
        return [Paragraph("Er gold geen enkele uitzondering op een controle.", "klein")]
    return [
        Notice(
            f"Uitzondering op controle {item['controle']}",
            f"Deze controle is niet geslaagd en toch doorgelaten. Reden: {item['reden']} Aangevraagd door een "
            f"{item['aangevraagd_door']}, "
            f"goedgekeurd door een {item['goedgekeurd_door']}; geldig tot en met {words.day(item['tot_en_met'])}.",
        )
        for item in used
    ]


def corrections(release: ReleaseFiles) -> list[Block]:
    """Releases that were withdrawn before this one was made."""
    return [
        Notice(
            "Correctie",
            f"Release {item['van']} is op {words.day(item['tijd'])} teruggedraaid. Gebruik de cijfers van die "
            "release niet meer.",
        )
        for item in release.earlier.get("teruggedraaid", [])[-3:]
    ]
