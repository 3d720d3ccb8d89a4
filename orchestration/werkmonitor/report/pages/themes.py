"""The pages of the other subjects: begeleiding, plaatsingen, loonkostensubsidie and nieuw beschut, sw, money.

One builder makes them all, from the registry and the cells of the release: what is said here of a subject is only which
figures stand together under which question. What does not belong here: how a figure is drawn (build.py, charts.py), the
benefit and what follows on it (durability.py, flows.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from werkmonitor.report import build, headlines, sentences, words
from werkmonitor.report.model import (
    Block,
    Figure,
    GridChart,
    GridRow,
    Link,
    Listing,
    Page,
    Paragraph,
    Section,
    Table,
    Value,
)  # fmt: skip
from werkmonitor.report.release_files import TOTAL, Cell, ReleaseFiles, latest_measured

YEARS_IN_TABLE = 6
HIDDEN = 0.5  # a group that is not shown stands behind those that are, before those with nobody
LONGEST_NAME = 34  # signs of a category beside its bar
SNAPSHOT = "op de laatste dag van het jaar"
# What one of a unit is. A number of one unit is never added to that of another.
UNITS: Mapping[tuple[str, str], str] = {
    ("personen", "stand"): f"Telt mensen, {SNAPSHOT}.",
    ("personen", "uniek_in_periode"): "Telt mensen: wie in het jaar vaker voorkomt, telt één keer.",
    ("personen", "gemiddelde"): "Telt mensen: het gemiddelde van de maanden.",
    ("momenten", "stroom"): "Telt keren, geen mensen: wie het twee keer meemaakt, telt twee keer.",
    ("plaatsingen", "stroom"): "Telt plaatsingen, geen mensen: iemand kan twee keer in een jaar geplaatst worden.",
    ("beschikkingen", "stroom"): "Telt beschikkingen, geen mensen: een verlenging telt opnieuw.",
    ("banen", "stroom"): "Telt banen van 25,5 uur: uren bij elkaar, geen mensen.",
    ("plekken", "stand"): f"Telt plekken van 31 uur, geen mensen, {SNAPSHOT}.",
    ("fte", "stand"): f"Telt voltijdbanen van 36 uur (fte), geen mensen, {SNAPSHOT}.",
    ("SE", "stand"): f"Telt standaardeenheden (fte, en 1,25 bij een ernstige beperking), geen mensen, {SNAPSHOT}.",
    ("werkgevers", "uniek_in_periode"): "Telt werkgevers: een werkgever met meer plaatsingen telt één keer.",
    ("rapportcijfer", "gemiddelde"): "Een gemiddeld rapportcijfer van 1 tot 10.",
    ("EUR", "bedrag"): "In euro's van het jaar zelf: niet omgerekend naar de prijzen van nu.",
    ("EUR", "gemiddelde"): "Gemiddeld, in euro's van het jaar zelf.",
}  # fmt: skip
PLAIN = {"EUR": "euro", "%": "percentage"}
PRODUCT = "product"
ACCOUNTS = {"financien", "reeks"}
NOT_SETTLED = (
    "Afgerekend wordt de grootste van de begrote en de geleverde hoeveelheid, tegen de begrote prijs. Een product "
    "zonder prijs of hoeveelheid is niet geleverd, geen 0 euro."
)
SIGNS = {
    "baten": "Verschil: geworden min begroot. Boven 0 kwam er meer binnen dan begroot.",
    "lasten": "Verschil: geworden min begroot. Boven 0 kostte het meer dan begroot.",
}
OVERLAP = "Iemand kan in meer groepen vallen: tel de groepen niet bij elkaar op."


@dataclass(frozen=True)
class Together:
    """Figures of one unit in one drawing, each with a short name."""

    title: str
    names: Mapping[str, str]


@dataclass(frozen=True)
class Budget:
    """One table of the newest year: of every product its price, what was budgeted, what it became, how far these are
    apart, and what is settled. Its indicators stand elsewhere on the page as well, in years."""

    title: str
    measure: str


@dataclass(frozen=True)
class Group:
    """A question with the indicators that answer it."""

    key: str
    title: str
    parts: tuple[str | Together | Budget, ...]

    def indicators(self) -> Iterable[str]:
        for part in self.parts:
            if not isinstance(part, Budget):
                yield from (part,) if isinstance(part, str) else part.names


@dataclass(frozen=True)
class Theme:
    """A page. `menu`: its name in the menu. `main`: the figures that stand on top, and per gemeente."""

    path: str
    nav: str
    menu: str
    title: str
    lead: str
    main: tuple[str, ...]
    groups: tuple[Group, ...]

    def indicators(self) -> list[str]:
        return [indicator for group in self.groups for indicator in group.indicators()]


SERVICE = Theme(
    "begeleiding.html",
    "begeleiding",
    "Begeleiding",
    "Begeleiding naar werk",
    "Wie wordt begeleid, hoe lang, hoe eindigt het, en wat gebeurt er daarna?",
    (
        *("kandidaten_in_dienstverlening", "aanmeldingen", "trajecten_beeindigd", "terugmeldingen"),
        *("faseovergangen", "terugkeer_dienstverlening_12"),
    ),
    (
        Group(
            "kandidaten",
            "Hoeveel mensen worden begeleid?",
            ("kandidaten_in_dienstverlening", "kandidaten_in_dienstverlening_uniek", "kandidaten_langer_dan_2_jaar"),
        ),
        Group("plaatsen", "Hoe vaak komt er een plaatsing?", ("kandidaten_geplaatst", "aanmeldingen_geplaatst_12")),
        Group(
            "aanmelden",
            "Aanmelden en wachten",
            ("uitkering_aangemeld", "aanmeldingen", "wachttijd_traject_mediaan"),
        ),
        Group(
            "fasen",
            "In welke fase zijn mensen?",
            ("kandidaten_per_fase", "kandidaten_met_activiteit", "verblijf_in_fase_mediaan"),
        ),
        Group("stappen", "Welke stappen zetten mensen?", ("faseovergangen", "ontwikkeling", "ontwikkeling_gemeten")),
        Group("jobcoach", "Wie heeft een jobcoach?", ("jobcoaching", "jobcoaching_duur_mediaan")),
        Group(
            "einde",
            "Hoe eindigt begeleiding?",
            ("trajecten_beeindigd", "terugmeldingen", "trajectduur_mediaan", "verblijf_gemiddeld"),
        ),
        Group(
            "daarna",
            "En daarna?",
            (
                "terugkeer_dienstverlening_12",
                Together(
                    "Een jaar na een terugmelding",
                    {"na_terugmelding_werk_12": "aan het werk", "na_terugmelding_uitkering_12": "in de uitkering"},
                ),
            ),
        ),
    ),
)
PLACEMENTS = Theme(
    "plaatsingen.html",
    "plaatsingen",
    "Plaatsingen",
    "Plaatsingen en werk",
    "Hoe vaak werd iemand op werk geplaatst, op wat voor werk, en wie werkt er naast de uitkering?",
    (
        *("plaatsingen_werk", "uitkering_bij_plaatsing", "plaatsingen_banenafspraak"),
        *("werken_met_behoud_van_uitkering_plaatsingen", "unieke_werkgevers", "parttime_met_uitkering"),
    ),
    (
        Group("plaatsingen", "Hoe vaak werd iemand geplaatst?", ("plaatsingen_werk", "uitkering_bij_plaatsing")),
        Group("banenafspraak", "De banenafspraak", ("plaatsingen_banenafspraak", "banen_25_5")),
        Group(
            "behoud",
            "Werken met behoud van uitkering",
            (
                *("werken_met_behoud_van_uitkering_plaatsingen", "werken_met_behoud_van_uitkering_personen"),
                "proefplaatsingen_werk",
            ),
        ),
        Group(
            "naast",
            "Werken naast de uitkering",
            ("parttime_met_uitkering", "parttime_met_uitkering_uniek", "parttime_met_uitkering_bedrag"),
        ),
        Group("baan", "Wat voor baan krijgt wie uitstroomt?", ("kwaliteit_baan",)),
        Group(
            "toerekening",
            "Ging er begeleiding aan vooraf?",
            ("toerekening__werk_reden", "toerekening__werk_polis"),
        ),
        Group(
            "werkgevers", "Werkgevers en tevredenheid", ("unieke_werkgevers", "tevredenheid", "tevredenheid_respons")
        ),
    ),
)
SUBSIDY = Theme(
    "loonkostensubsidie.html",
    "loonkostensubsidie",
    "Loonkostensubsidie",
    "Loonkostensubsidie en nieuw beschut werk",
    "Hoeveel mensen werken met loonkostensubsidie of op een plek nieuw beschut, en wie wacht er?",
    (
        *("lks_stand", "lks_verstrekkingen", "gemiddelde_loonwaarde", "nieuw_beschut_plekken"),
        *("nieuw_beschut_realisatie", "nieuw_beschut_wachtlijst"),
    ),
    (
        Group("lks", "Hoeveel mensen werken met subsidie op hun loon?", ("lks_stand", "lks_dichtheid")),
        Group("begonnen", "Hoe vaak begon een subsidie?", ("lks_verstrekkingen", "lks_personen")),
        Group(
            "loonwaarde",
            "Loonwaarde en kosten",
            (
                Together(
                    "Gemiddelde loonwaarde",
                    {"gemiddelde_loonwaarde": "per persoon", "gemiddelde_loonwaarde_uren": "gewogen naar uren"},
                ),
                "lks_bedrag",
            ),
        ),
        Group(
            "beschut",
            "Nieuw beschut werk en de taakstelling",
            (
                "nieuw_beschut_plekken",
                Together(
                    "Plekken nieuw beschut werk naast de taakstelling",
                    {"nieuw_beschut_plekken_31": "plekken", "nieuw_beschut_taakstelling": "taakstelling"},
                ),
                "nieuw_beschut_realisatie",
                "nieuw_beschut_per_uitkering",
                "nieuw_beschut_uitstroom",
            ),
        ),
        Group(
            "wachten",
            "Wie wacht op een plek nieuw beschut?",
            (
                "nieuw_beschut_adviezen",
                "nieuw_beschut_wachtlijst",
                Together(
                    "Wachttijd nieuw beschut werk",
                    {
                        "nieuw_beschut_wachttijd_mediaan": "tot een plek (mediaan)",
                        "nieuw_beschut_wachttijd_tot_nu": "wie nog wacht",
                    },
                ),
            ),
        ),
    ),
)
SHELTERED = Theme(
    "sw.html",
    "sw",
    "Sociale werkvoorziening",
    "Sociale werkvoorziening",
    "Hoeveel mensen werken onder de Wsw, waar werken zij, en hoeveel zijn er ziek?",
    ("sw_personen", "sw_fte", "sw_buiten_de_muren", "sw_verzuim"),
    (
        Group("omvang", "Hoeveel mensen, en hoeveel werk?", ("sw_personen", "sw_fte", "sw_se", "sw_uitstroom")),
        Group("waar", "Waar werken zij?", ("sw_buiten_de_muren", "sw_werkladder")),
        Group("verzuim", "Hoeveel is er verzuim?", ("sw_verzuim", "sw_meldingsfrequentie")),
        Group("waarde", "Wat levert het op?", ("sw_toegevoegde_waarde_per_fte",)),
    ),
)
BUDGETS = (
    Budget("Baten per product", "baten"),
    Budget("Lasten per product", "lasten"),
)
MONEY = Theme(
    "geld.html",
    "geld",
    "Geld",
    "Geld",
    "Wat kwam er binnen, wat ging eruit, en wat kost een uitstroom of een plaatsing?",
    ("baten", "lasten", "resultaat", "saldo_bijstandsbudget", "bijstandsdichtheid_huishoudens"),
    (
        Group(
            "resultaat",
            "Baten, lasten en resultaat",
            (
                Together("Baten", {"baten": "geworden", "baten_begroot": "begroot"}),
                Together("Lasten", {"lasten": "geworden", "lasten_begroot": "begroot"}),
                Together("Resultaat", {"resultaat": "geworden", "resultaat_begroot": "begroot"}),
            ),
        ),
        Group(
            "begroting",
            "Meer of minder dan begroot",
            (
                Together(
                    "Verschil met de begroting",
                    {"baten_verschil": "baten", "lasten_verschil": "lasten", "resultaat_verschil": "resultaat"},
                ),
                Together(
                    "Verschil met de begroting in procenten",
                    {"baten_verschil_pct": "baten", "lasten_verschil_pct": "lasten"},
                ),
                *BUDGETS,
            ),
        ),
        Group("prijzen", "Prijzen en afrekening", ("normprijs", "afrekening", "kosten_tegen_rekenprijs")),
        Group("kosten", "Wat kost het?", ("kosten_per_uitstroom", "kosten_per_plaatsing")),
        Group(
            "sw",
            "Het bedrijf en de sociale werkvoorziening",
            ("netto_toegevoegde_waarde", "operationeel_resultaat", "subsidieresultaat_sw"),
        ),
        Group(
            "bijstand",
            "Het bijstandsbudget en de bijstand",
            ("saldo_bijstandsbudget", "bijstandsdichtheid_huishoudens", "bijstandsdichtheid_inwoners"),
        ),
    ),
)
THEMES = (SERVICE, PLACEMENTS, SUBSIDY, SHELTERED, MONEY)
# What stands on the page of a gemeente.
OF_MUNICIPALITY = (
    *("kandidaten_in_dienstverlening", "aanmeldingen", "terugmeldingen", "plaatsingen_werk", "parttime_met_uitkering"),
    *(
        "lks_stand",
        "nieuw_beschut_plekken",
        "nieuw_beschut_wachtlijst",
        "sw_personen",
        "bijstandsdichtheid_huishoudens",
    ),
    *("saldo_bijstandsbudget",),
)


def pages(release: ReleaseFiles) -> tuple[Page, ...]:
    """A page for every subject; one of which nothing was delivered says so."""
    return tuple(_page(release, theme) for theme in THEMES)


def of_municipality(release: ReleaseFiles, code: str, name: str) -> Section:
    """The main counts of all subjects for one gemeente."""
    table = key_table(release, OF_MUNICIPALITY, f"Begeleiding, plaatsingen en regelingen in {name}", code)
    links = tuple((Link(theme.title, theme.path), "") for theme in THEMES)
    products = [block for part in BUDGETS for block in _budget(release, part, code)]
    found = (table, *products, Listing(links)) if table else tuple(products)
    return Section("regelingen", "Begeleiding, plaatsingen en regelingen", found)


def _page(release: ReleaseFiles, theme: Theme) -> Page:
    table = key_table(release, theme.main, f"{theme.title}: het nieuwste jaar")
    sections = [
        Section("in-het-kort", "In het kort", build.kept(table)),
        *(_section(release, group) for group in theme.groups),
        _per_municipality(release, theme),
        _missing(release, theme),
    ]
    found = tuple(section for section in sections if section.blocks)
    return Page(theme.path, theme.title, theme.lead, found, theme.nav)


def _section(release: ReleaseFiles, group: Group) -> Section:
    blocks: list[Block] = []
    for part in group.parts:
        if isinstance(part, Budget):
            blocks += _budget(release, part)
        elif isinstance(part, Together):
            blocks += build.kept(_together(release, part))
        else:
            blocks += _figures(release, part)
    return Section(group.key, group.title, tuple(blocks))


# ---- the newest year in a table


def key_table(
    release: ReleaseFiles, indicators: Sequence[str], caption: str, region: str | None = None
) -> Table | None:
    """The newest measured year of each indicator with its unit, and the change in words."""
    rows = tuple(
        row for indicator in indicators if (row := _key_row(release, indicator, release.cells(indicator, region)))
    )
    return Table(caption, ("", "Cijfer", "Jaar", "Ontwikkeling"), rows, frozenset({1})) if rows else None


def _key_row(release: ReleaseFiles, indicator: str, cells: Sequence[Cell]) -> tuple[Value, ...] | None:
    newest = latest_measured(cells)
    if not cells or (newest is None and cells[-1].status == "niet_geleverd"):
        return None  # said once, below on the page
    name = Value(with_unit(release, indicator))
    if newest is None:
        waiting = sentences.reason_not_shown(cells[-1], release)
        return name, Value(waiting, "woord"), Value(cells[-1].year), Value("niet te vergelijken")
    year = f"{newest.year}, {words.STATUS_WORDS[newest.status]}" if newest.provisional else newest.year
    change = headlines.change_in_words(cells, newest, release)
    return name, build.value(newest, release, status=False), Value(year), Value(change)


def with_unit(release: ReleaseFiles, indicator: str) -> str:
    """The name of an indicator with what it counts: Plaatsingen op werk (plaatsingen)."""
    definition = release.definition(indicator)
    unit = definition.get("eenheid", "")
    name = words.capital(definition["naam"])
    return name if unit in ("%", "EUR", "", "rapportcijfer") or unit in name.lower() else f"{name} ({unit})"


# ---- one indicator


def _figures(release: ReleaseFiles, indicator: str) -> Sequence[Block]:
    """The yearly series of the organisation, and the newest year of each break-down."""
    definition = release.definition(indicator)
    broken = [name for name in definition.get("uitsplitsingen", []) if " x " not in name]
    cells = release.cells(indicator)
    if not cells:
        return build.kept(*(_series_of_groups(release, definition, name) for name in broken))
    return build.kept(trend(release, indicator), *(_parts(release, definition, name) for name in broken))


def trend(release: ReleaseFiles, indicator: str) -> Figure | None:
    """The yearly series of the organisation with its question, its newest year and what its unit is."""
    definition, cells = release.definition(indicator), release.cells(indicator)
    newest = latest_measured(cells)
    if newest is None and all(cell.status == "niet_geleverd" for cell in cells):
        return None
    said = f"{definition.get('vraag', '')} {newest_in_words(cells, release)}".strip()
    name = PLAIN.get(definition["eenheid"]) or words.unit(definition["eenheid"])
    figure = build.trend_figure(
        _key(definition["indicator_id"]), words.capital(definition["naam"]), said, {name: cells}, release,
        build.kept_text(unit_in_words(definition)),
    )  # fmt: skip
    return _of_accounts(build.money(figure), definition)


def _together(release: ReleaseFiles, part: Together) -> Figure | None:
    """Several series of one unit in one drawing; those of which nothing was delivered are left out."""
    found = {name: release.cells(indicator) for indicator, name in part.names.items()}
    series = {name: cells for name, cells in found.items() if any(cell.status != "niet_geleverd" for cell in cells)}
    if not series:
        return None
    first = release.definition(next(iter(part.names)))
    parts = [f"{words.capital(name)}: {_lower(newest_in_words(cells, release))}" for name, cells in series.items()]
    figure = build.trend_figure(
        _key(first["indicator_id"]), part.title, " ".join(parts), series, release,
        build.kept_text(unit_in_words(first)),
    )  # fmt: skip
    return _of_accounts(build.money(figure), first)


def _of_accounts(figure: Figure | None, definition: Mapping[str, Any]) -> Figure | None:
    """Accounts and prices are of no person: nothing in them was rounded, so nothing is said of rounding."""
    made_of = set(definition.get("entiteiten", ()))
    if figure is None or not made_of or not made_of <= ACCOUNTS:
        return figure
    return replace(figure, source=figure.source.replace(build.ROUNDED, ""))


def newest_in_words(cells: Sequence[Cell], release: ReleaseFiles) -> str:
    """The newest measured year with its unit, and how it compares."""
    newest = latest_measured(cells)
    if newest is None:
        return words.capital(f"{sentences.reason_not_shown(cells[-1], release)}.") if cells else ""
    said = f"In {newest.year}: {sentences.with_unit(newest, release)}."
    return f"{said} {sentences.trend(cells, release)}".strip()


def unit_in_words(definition: Mapping[str, Any]) -> str:
    """What one of the unit is; of a share, of what it is a part."""
    unit, kind = definition["eenheid"], definition["meettype"]
    if unit == "%" and kind == "percentage" and definition.get("noemer"):
        return f"Een aandeel van: {definition['noemer'].replace('_', ' ')}."
    return UNITS.get((unit, kind), "")


def _key(indicator: str) -> str:
    return indicator.replace("_", "-")


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


# ---- break-downs


def _parts(release: ReleaseFiles, definition: Mapping[str, Any], dimension: str) -> Figure | None:
    """The newest year by category, the largest first: shares of one total, never added up where they overlap."""
    indicator = definition["indicator_id"]
    cells = release.cells(indicator, dimension=dimension)
    newest = latest_measured(release.cells(indicator))
    if newest is None or not any(cell.status != "niet_geleverd" for cell in cells):
        return None
    about = release.registry.get("dimensies", {}).get(dimension, {})
    here = [cell for cell in cells if cell.periode == newest.periode]
    title = f"{words.capital(definition['naam'])} naar {about.get('naam', dimension.replace('_', ' '))}"
    if definition["meettype"] == "percentage":
        named = {_name(release, cell): cell for cell in here}
        return build.dot_figure(
            _key(f"{indicator}-{dimension}"), f"{title}, {newest.year}", "Elke stip is een groep.", "Groep", named,
            newest, release,
        )  # fmt: skip
    here = _ordered(here, about.get("categorieen", []))
    counted = definition["meettype"] in ("stand", "stroom", "uniek_in_periode")
    said = _of_one_total(newest, release) if counted and newest.shown else f"In {newest.year}, per groep."
    notes = (OVERLAP,) if _overlaps(release, definition, dimension) else ()
    figure = Figure(
        _key(f"{indicator}-{dimension}"), f"{title}, {newest.year}", said,
        _bars(release, here, newest) if counted else None,
        _by_category(release, f"{title}, {newest.year} en eerder", cells, here), build.source(release), notes,
        build.csv_rows(cells),
    )  # fmt: skip
    return _of_accounts(figure, definition)


def _overlaps(release: ReleaseFiles, definition: Mapping[str, Any], dimension: str) -> bool:
    """May somebody be in two groups of this break-down? Of an indicator that overlaps by itself: in every one."""
    dimensions = release.registry.get("dimensies", {})
    of = {name for name in definition.get("uitsplitsingen", []) if dimensions.get(name, {}).get("overlappend")}
    return dimension in of or (bool(definition.get("categorieen_overlappen")) and not of)


def _ordered(cells: Sequence[Cell], categories: Sequence[str]) -> list[Cell]:
    """Classes of a number in their own order, other groups the largest first; what is not known comes last."""
    steps = all(category[:1].isdigit() for category in categories if category != "onbekend")

    def place(cell: Cell) -> tuple[bool, float, str]:
        size = HIDDEN if cell.waarde is None else cell.waarde
        by = categories.index(cell.categorie) if steps and cell.categorie in categories else -size
        return cell.categorie == "onbekend", by, cell.categorie

    return sorted(cells, key=place)


def _of_one_total(newest: Cell, release: ReleaseFiles) -> str:
    return f"In {newest.year}: {sentences.with_unit(newest, release)} in totaal. De percentages zijn delen daarvan."


def _bars(release: ReleaseFiles, here: Sequence[Cell], newest: Cell) -> GridChart | None:
    """Every category as a share of the total; one with nothing in it stands in the table only."""
    total = newest.waarde or 0.0
    rows = tuple(
        GridRow(
            _short(_name(release, cell)),
            (100.0 * (cell.waarde or 0.0) / total if cell.shown and total else None,),
            (_with_share(cell, total, release),),
        )
        for cell in here
        if cell.waarde != 0.0
    )
    return GridChart(("",), rows) if total and any(row.shares[0] is not None for row in rows) else None


def _with_share(cell: Cell, total: float, release: ReleaseFiles) -> str:
    if not cell.shown:
        return sentences.reason_not_shown(cell, release, short=True)
    return f"{sentences.plain_number(cell)} ({round(100 * (cell.waarde or 0.0) / total)}%)"


def _by_category(release: ReleaseFiles, caption: str, cells: Sequence[Cell], here: Sequence[Cell]) -> Table:
    years = sorted({cell.year for cell in cells}, reverse=True)[:YEARS_IN_TABLE]
    found = {(cell.categorie, cell.year): cell for cell in cells}
    rows = tuple(
        (
            Value(words.capital(_name(release, cell))),
            *(build.value(found.get((cell.categorie, year)), release) for year in years),
        )
        for cell in here
    )
    return Table(caption, ("Groep", *years), rows, frozenset(range(1, len(years) + 1)))


def _series_of_groups(release: ReleaseFiles, definition: Mapping[str, Any], dimension: str) -> Figure | None:
    """An indicator without a total: a line for every category, and the names of those of which there is nothing."""
    series: dict[str, list[Cell]] = {}
    empty: dict[str, None] = {}
    for cell in release.cells(definition["indicator_id"], dimension=dimension):
        if cell.status != "niet_geleverd":
            series.setdefault(_name(release, cell), []).append(cell)
        empty[_name(release, cell)] = None
    if not series:
        return None
    said = [f"{words.capital(name)}: {_lower(newest_in_words(cells, release))}" for name, cells in series.items()]
    without = [name for name in empty if name not in series]
    notes = [unit_in_words(definition), f"Niet geleverd: {words.listed(without)}." if without else ""]
    figure = build.trend_figure(
        _key(f"{definition['indicator_id']}-{dimension}"), words.capital(definition["naam"]), " ".join(said), series,
        release, [note for note in notes if note],
    )  # fmt: skip
    return _of_accounts(build.money(figure), definition)


def _name(release: ReleaseFiles, cell: Cell) -> str:
    """A category in words; one of the own gemeenten by its name."""
    if cell.categorie == "onbekend":
        return "niet bekend"
    return release.regions.get(cell.categorie) or words.category(cell.dimensie, cell.categorie)


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1].rstrip()}…"


# ---- budget beside what it became, by product


def _budget(release: ReleaseFiles, part: Budget, region: str | None = None) -> Sequence[Block]:
    """The table, with what its signs mean; nothing where no product was delivered."""
    measured = [cell for cell in release.cells(part.measure, region, PRODUCT) if cell.shown]
    if not measured:
        return ()
    year = max(cell.periode for cell in measured)
    names = [part.measure, f"{part.measure}_begroot", f"{part.measure}_verschil", f"{part.measure}_verschil_pct"]
    columns: dict[str, str] = {"normprijs": "Prijs", names[1]: "Begroot", names[0]: "Geworden"}
    columns |= {names[2]: "Verschil", names[3]: "In procenten", "afrekening": "Afrekening"}
    found = {
        (name, cell.categorie): cell
        for name in columns
        for cell in release.cells(name, region, PRODUCT)
        if cell.periode == year
    }
    kept = [name for name in columns if name in names or any(c.shown for (n, _), c in found.items() if n == name)]
    products = sorted({product for (name, product), cell in found.items() if name in names and cell.shown})
    rows = tuple(
        (Value(product), *(_money_value(found.get((name, product)), release) for name in kept)) for product in products
    )
    table = Table(
        f"{part.title}, {year[:4]}",
        ("Product", *(columns[name] for name in kept)),
        rows,
        frozenset(range(1, len(kept) + 1)),
    )
    said = (SIGNS[part.measure], NOT_SETTLED if "afrekening" in kept else "")
    return table, Paragraph(" ".join(said).strip(), "klein")


def _money_value(cell: Cell | None, release: ReleaseFiles) -> Value:
    if cell is not None and cell.shown and cell.indicator_id == "normprijs":
        return Value(words.price(cell.waarde or 0.0), "getal")
    return build.value(cell, release, status=False)


# ---- per gemeente, and what is not there


def _per_municipality(release: ReleaseFiles, theme: Theme) -> Section:
    """The main figures of the newest year for every gemeente for which the task is carried out."""
    newest = {indicator: latest_measured(release.cells(indicator)) for indicator in theme.main}
    regions = release.regions_of(theme.main)
    shown = [indicator for indicator in theme.main if newest[indicator] and _known(release, indicator, regions)]
    if not shown or not regions:
        return Section("gemeenten", "Per gemeente", ())
    rows = tuple(
        (
            Value(name, links=(Link(name, f"gemeenten/{code}.html"),) if code in release.regions else ()),
            *(
                build.value(_at(release, indicator, code, newest[indicator]), release, status=False)
                for indicator in shown
            ),
        )
        for code, name in regions.items()
    )
    columns = ("Gemeente", *(f"{with_unit(release, i)}, {getattr(newest[i], 'year', '')}" for i in shown))
    table = Table(f"{theme.title} per gemeente", columns, rows, frozenset(range(1, len(columns))))
    note = Paragraph(
        "De gemeenten samen kunnen minder zijn dan de hele organisatie: wie bij geen gemeente bekend is, telt alleen "
        "daar mee. Wie in twee gemeenten voorkomt, kan bij allebei tellen.",
        "klein",
    )
    return Section("gemeenten", "Per gemeente", (table, note))


def _known(release: ReleaseFiles, indicator: str, regions: Iterable[str]) -> bool:
    return any(release.cells(indicator, code) for code in regions)


def _at(release: ReleaseFiles, indicator: str, region: str, whole: Cell | None) -> Cell | None:
    periode = whole.periode if whole else ""
    return next((cell for cell in release.cells(indicator, region) if cell.periode == periode), None)


def _missing(release: ReleaseFiles, theme: Theme) -> Section:
    """The figures of this page for which nothing was delivered, by name."""
    names = [
        words.capital(release.definition(indicator)["naam"])
        for indicator in theme.indicators()
        if _not_delivered(release, indicator)
    ]
    if not names:
        return Section("ontbreekt", "Wat er niet is", ())
    listed = Listing(tuple((None, name) for name in names))
    return Section(
        "ontbreekt", "Wat er niet is", (Paragraph("Hiervoor is niets geleverd, dus zijn er geen cijfers:"), listed)
    )


def _not_delivered(release: ReleaseFiles, indicator: str) -> bool:
    dimensions = (TOTAL, *release.definition(indicator).get("uitsplitsingen", []))
    cells = [cell for dimension in dimensions for cell in release.cells(indicator, dimension=dimension)]
    return all(cell.status == "niet_geleverd" for cell in cells)
