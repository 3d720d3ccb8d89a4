"""The reports of the information matrix (core/audiences): a page a role, with the figures of its month, quarter or
year, and what the year's end is likely to be.

What belongs here: laying the newest period beside the one a year before, the target of the year and the expectation.
What does not: who gets what (core/audiences), the rule of the expectation (core/projection).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from werkmonitor.core.audiences import Role, load_matrix
from werkmonitor.core.projection import LOOKED_BACK, YearEnd, year_end
from werkmonitor.report import build, sentences, words
from werkmonitor.report.model import (
    Block,
    Figure,
    Line,
    LineChart,
    Link,
    Listing,
    Page,
    Paragraph,
    Point,
    Section,
    Table,
    Value,
)
from werkmonitor.report.pages import targets, themes
from werkmonitor.report.release_files import REPORTS, Cell, ReleaseFiles, broken, latest_measured

FOLDER = "rollen"
NAV = "rollen"
MONTHS_SHOWN = 25
THOUSAND = 1000  # euros: an expectation is not exact
SUMS = ("stroom", "bedrag")  # measure types of which the quarters make up the year
EVERY = {"maand": "elke maand", "kwartaal": "elk kwartaal", "jaar": "elk jaar"}
NOTHING = Value("niet te zeggen", "woord")


def pages(release: ReleaseFiles) -> tuple[Page, ...]:
    """The overview, then a page for every role."""
    return (overview(release), *(page(release, role) for role in load_matrix().rollen))


def path_of(role: Role) -> str:
    return f"{FOLDER}/{role.rol}.html"


def report_file(role: Role) -> str:
    """The PDF of a role, relative to the release: a name that stays the same."""
    return f"{REPORTS}/rol-{role.rol}.pdf"


def overview(release: ReleaseFiles) -> Page:
    """Who gets what how often, and what the matrix names that is not made here."""
    rows = tuple(_role_row(release, role) for role in load_matrix().rollen)
    table = Table("Wie krijgt welk bericht", ("Voor wie", "Bericht", "Hoe vaak", "Verwachting", "Pdf"), rows)
    about = Paragraph(
        "Ieder krijgt de cijfers die bij de eigen taak horen, niet meer. Alle berichten zijn van dezelfde cijfers "
        "gemaakt: wat in twee berichten staat, is gelijk."
    )
    elsewhere = tuple(
        (Value(words.capital(item.wat)), Value(item.wie), Value(item.vaak), Value(item.waarom))
        for item in load_matrix().elders
    )
    columns = ("Wat", "Voor wie", "Hoe vaak", "Waarom niet hier")
    other = Table("Wat niet uit deze cijfers te maken is", columns, elsewhere, stacked=True)
    return Page(
        f"{FOLDER}/index.html",
        "Berichten per rol",
        "Een vast bericht voor wie opdracht geeft, leidt, toezicht houdt, controleert of onderzoekt.",
        (
            Section("berichten", "Wie krijgt wat?", (about, table)),
            Section("elders", "Wat staat hier niet in?", (other,) if elsewhere else ()),
        ),
        NAV,
    )


def _role_row(release: ReleaseFiles, role: Role) -> tuple[Value, ...]:
    pdf = report_file(role)
    made = (release.folder / pdf).exists()
    return (
        Value(words.capital(role.naam), links=(Link(words.capital(role.naam), path_of(role)),)),
        Value(role.verslag),
        Value(EVERY[role.ritme]),
        Value("einde van het jaar" if role.prognose else "geen"),
        Value("pdf", links=(Link(f"{role.verslag} (pdf)", f"../{pdf}"),)) if made else Value("niet gemaakt", "woord"),
    )


def page(release: ReleaseFiles, role: Role) -> Page:
    """The report of one role."""
    return Page(
        path_of(role),
        f"{role.verslag}",
        f"{lead(release, role)}",
        (*sections(release, role), *_more(release, role)),
        NAV,
        words.capital(role.naam),
    )


def lead(release: ReleaseFiles, role: Role) -> str:
    """For whom, how often and over what."""
    until = f"Gemeten tot en met {words.day(release.peildatum)}."
    return f"Voor {role.voor}, {EVERY[role.ritme]}. {until}"


def sections(release: ReleaseFiles, role: Role) -> tuple[Section, ...]:
    """What the report holds, the same on paper."""
    within = [name for name in role.cijfers if _quarters(release, name)] if role.ritme != "jaar" else []
    yearly = [name for name in role.cijfers if name not in within]
    title = "Het nieuwste jaar" if role.ritme == "jaar" else "Alleen per jaar"
    found = (
        Section("maand", "De maand", _months(release, role)),
        Section("kwartaal", "Het kwartaal", build.kept(_quarter_table(release, within))),
        _year(release, role, within),
        Section("jaarcijfers", title, build.kept(themes.key_table(release, yearly, f"{role.verslag}: jaarcijfers"))),
        Section("ontwikkeling", "Ontwikkeling", _drawn(release, role)),
        _targets(release, role),
        _per_municipality(release, role),
        _missing(release, role),
    )
    return tuple(section for section in found if section.blocks)


def _more(release: ReleaseFiles, role: Role) -> tuple[Section, ...]:
    """The PDF where it was made, and the other reports."""
    blocks: list[Block] = []
    pdf = report_file(role)
    if (release.folder / pdf).exists():
        blocks.append(Listing(((Link(f"{role.verslag} als pdf", f"../{pdf}"), "om te bewaren en te printen"),)))
    others = tuple(
        (Link(f"{words.capital(other.naam)}: {other.verslag.lower()}", path_of(other)), "")
        for other in load_matrix().rollen
        if other.rol != role.rol
    )
    return (Section("meer", "Meer berichten", (*blocks, Listing(others))),)


# ---- the month


def _months(release: ReleaseFiles, role: Role) -> tuple[Block, ...]:
    """The newest month beside the one before and the same one a year before, then each as a line."""
    series = {name: _of_kind(release.within_year(name), "MM") for name in role.maandcijfers}
    rows = tuple(row for name, cells in series.items() if (row := _month_row(release, name, cells)))
    if not rows:
        return ()
    table = Table(
        "De nieuwste maand", ("", "Cijfer", "Maand ervoor", "Jaar ervoor", "Maand"), rows, frozenset({1, 2, 3})
    )
    return (table, *build.kept(*(_month_figure(release, name, cells) for name, cells in series.items())))


def _month_row(release: ReleaseFiles, name: str, cells: Sequence[Cell]) -> tuple[Value, ...] | None:
    newest = latest_measured(cells)
    if newest is None:
        return None
    before, year_before = _before(cells, newest, months=1), _before(cells, newest, months=12)
    return (
        Value(themes.with_unit(release, name)),
        build.value(newest, release, status=False),
        build.value(before, release, status=False),
        build.value(year_before, release, status=False),
        Value(_period(newest)),
    )


def _before(cells: Sequence[Cell], newest: Cell, *, months: int) -> Cell | None:
    """The cell of so many months before."""
    count = 12 * int(newest.year) + int(newest.periode[6:8]) - 1 - months
    wanted = f"{count // 12}MM{count % 12 + 1:02d}"
    return next((cell for cell in cells if cell.periode == wanted), None)


def _month_figure(release: ReleaseFiles, name: str, cells: Sequence[Cell]) -> Figure | None:
    """Two years and a month, so that the same month stands at both ends."""
    shown = cells[-MONTHS_SHOWN:]
    if not any(cell.shown for cell in shown):
        return None
    definition = release.definition(name)
    points = tuple(
        Point(
            _month_label(cell),
            cell.waarde,
            "" if cell.shown else sentences.reason_not_shown(cell, release, short=True),
            cell.provisional,
        )
        for cell in shown
    )
    rows = tuple((Value(words.capital(words.period(c.periode))), build.value(c, release)) for c in reversed(shown))
    title = f"{words.capital(definition['naam'])} per maand"
    unit = words.unit(definition["eenheid"])
    said = f"{definition.get('vraag', '')} {_newest_month(release, shown)}".strip()
    breaks = tuple((_month_label(cell), "reeksbreuk") for cell in broken(shown))
    open_points = "Een open punt is een voorlopig cijfer." if any(c.provisional for c in shown) else ""
    return Figure(
        f"maand-{name.replace('_', '-')}", title, said,
        LineChart((Line(unit, points),), definition["eenheid"], breaks=breaks),
        Table(title, ("Maand", words.capital(unit)), rows, frozenset({1})), build.source(release),
        build.kept_text(open_points, *build.break_notes([shown], release)),
        build.csv_rows(shown),
    )  # fmt: skip


def _month_label(cell: Cell) -> str:
    return f"{cell.periode[6:8]}-{cell.year}"


def _newest_month(release: ReleaseFiles, cells: Sequence[Cell]) -> str:
    newest = latest_measured(cells)
    return f"In {words.period(newest.periode)}: {sentences.with_unit(newest, release)}." if newest else ""


# ---- the quarter


def _of_kind(cells: Iterable[Cell], kind: str) -> list[Cell]:
    return [cell for cell in cells if cell.periode[4:6] == kind]


def _quarters(release: ReleaseFiles, name: str, region: str | None = None) -> list[Cell]:
    return _of_kind(release.within_year(name, region), "KW")


def _quarter_table(release: ReleaseFiles, names: Sequence[str]) -> Table | None:
    """The newest measured quarter of each beside the same one a year before."""
    rows = tuple(row for name in names if (row := _quarter_row(release, name)))
    columns = ("", "Cijfer", "Jaar ervoor", "Verschil", "Kwartaal")
    return Table("Het nieuwste kwartaal, naast hetzelfde kwartaal van een jaar eerder", columns, rows,
                 frozenset({1, 2})) if rows else None  # fmt: skip


def _quarter_row(release: ReleaseFiles, name: str) -> tuple[Value, ...] | None:
    cells = _quarters(release, name)
    newest = latest_measured(cells)
    if newest is None:
        return None
    before = _year_before(cells, newest)
    return (
        Value(themes.with_unit(release, name)),
        build.value(newest, release, status=False),
        build.value(before, release, status=False),
        Value(_difference(newest, before)),
        Value(_period(newest)),
    )


def _year_before(cells: Sequence[Cell], newest: Cell) -> Cell | None:
    wanted = f"{int(newest.year) - 1}{newest.periode[4:]}"
    return next((cell for cell in cells if cell.periode == wanted), None)


def _difference(newest: Cell, before: Cell | None) -> str:
    """In a few words; of what chance makes it is said that it is about the same."""
    if before is None or not (newest.shown and before.shown):
        return "niet te vergelijken"
    if not sentences.by_chance(newest):
        return sentences.apart(newest, before) or "gelijk"
    differs = sentences.differs(newest, before)
    if differs is None:
        return "te weinig mensen om te vergelijken"
    return sentences.apart(newest, before) if differs else "ongeveer gelijk"


def _period(cell: Cell) -> str:
    kind, number = cell.periode[4:6], cell.periode[6:8].lstrip("0")
    said = f"{number}e kwartaal {cell.year}" if kind == "KW" else words.period(cell.periode)
    return f"{said}, {words.STATUS_WORDS[cell.status]}" if cell.provisional else said


# ---- the year so far, and its end


def _year(release: ReleaseFiles, role: Role, names: Sequence[str]) -> Section:
    """What came of the year so far, its target, and where it ends if it goes on as last year did."""
    rows, worst = [], 0.0
    year, known = _so_far(release, names)
    for name in names:
        if release.definition(name)["meettype"] not in SUMS:
            continue
        found = expected(release, name, year, known) if role.prognose and known < 4 else None
        worst = max(worst, found.worst if found else 0.0)
        rows.append(_year_row(release, role, name, year, known, found))
    if not rows:
        return Section("jaar", "Het jaar", ())
    outlook = (f"Heel {year}, verwacht", "Tussen") if role.prognose and known < 4 else ()
    columns = ("", f"{year} tot nu toe" if known < 4 else f"Heel {year}", f"Heel {year - 1}", f"Doel {year}", *outlook)
    table = Table(f"{year}: {_progress(known)}", columns, tuple(rows), frozenset({1, 2, 4}) & {*range(len(columns))})
    return Section("jaar", f"Het jaar {year}", (table, *_about_outlook(role, known, worst)))


def _so_far(release: ReleaseFiles, names: Iterable[str]) -> tuple[int, int]:
    """The year of the newest quarter that there is a row of, and how many quarters of it there are."""
    newest = max((cells[-1].periode for name in names if (cells := _quarters(release, name))), default="0000KW04")
    return int(newest[:4]), int(newest[6:8])


def _progress(known: int) -> str:
    return "het hele jaar" if known == 4 else f"{words.plural(known, 'kwartaal', 'kwartalen')} van de 4"


def _year_row(
    release: ReleaseFiles, role: Role, name: str, year: int, known: int, found: YearEnd | None
) -> tuple[Value, ...]:
    outlook: tuple[Value, ...] = ()
    if role.prognose and known < 4:
        outlook = _outlook(release, name, found) if found else (NOTHING, NOTHING)
    return (
        Value(themes.with_unit(release, name)),
        _sum(release, name, year, known),
        build.value(_of_year(release, name, year - 1), release, status=False),
        _aim(release, name, year),
        *outlook,
    )


def _sum(release: ReleaseFiles, name: str, year: int, known: int) -> Value:
    """The year where it is there; else its quarters added up, where each of them is shown."""
    if known == 4:
        return build.value(_of_year(release, name, year), release, status=False)
    parts = [cell for cell in _quarters(release, name) if cell.year == str(year)]
    if len(parts) < known or not all(cell.shown for cell in parts):
        return Value("een deel is niet getoond", "woord")
    unit = release.definition(name)["eenheid"]
    return Value(words.amount(sum(cell.waarde or 0.0 for cell in parts), unit if unit == "EUR" else ""), "getal")


def _of_year(release: ReleaseFiles, name: str, year: int) -> Cell | None:
    return next((cell for cell in release.cells(name) if cell.periode == f"{year}JJ00"), None)


def _aim(release: ReleaseFiles, name: str, year: int) -> Value:
    for target in release.targets:
        about = (target["gemeten_met"], target["dimensie"], target["regio_code"], target["periode"])
        if about == (name, "totaal", release.region, f"{year}JJ00"):
            kind = {"begroot_aantal": " (geschat)", "benchmark": " (benchmark)"}.get(target["soort"], "")
            return Value(f"{targets.aim(release, target)}{kind}")
    return Value("geen", "woord")


def expected(release: ReleaseFiles, name: str, year: int, known: int) -> YearEnd | None:
    """The year's end by the rule of core/projection, from the quarters that are shown."""
    shown = {
        (int(cell.year), int(cell.periode[6:8])): cell.waarde
        for cell in _quarters(release, name)
        if cell.waarde is not None
    }
    return year_end(shown, year, known)


def _outlook(release: ReleaseFiles, name: str, found: YearEnd) -> tuple[Value, Value]:
    low, middle, high = (_written(release, name, value) for value in (found.low, found.expected, found.high))
    return Value(f"ongeveer {middle}", "getal"), Value(f"{low} en {high}")


def _written(release: ReleaseFiles, name: str, value: float) -> str:
    """An expectation, no more exact than the figures that it is made of."""
    unit = release.definition(name)["eenheid"]
    step = THOUSAND if unit == "EUR" else 5 if release.rounded and unit in sentences.COUNTED else 1
    return words.amount(step * round(value / step), unit if unit == "EUR" else "")


def _about_outlook(role: Role, known: int, worst: float) -> tuple[Paragraph, ...]:
    if not role.prognose:
        return ()
    if known == 4:
        return (
            Paragraph("Het jaar is om: er is niets meer te verwachten. Cijfers kunnen nog wel veranderen.", "klein"),
        )
    rule = (
        "De verwachting is een rekensom, geen voorspelling: wat er tot nu toe is, en voor de rest van het jaar "
        "hetzelfde als vorig jaar, in de verhouding van dit jaar tot nu toe. De grenzen volgen uit hoever die som er "
        f"in de {words.number_word(LOOKED_BACK)} jaren ervoor naast zat"
    )
    said = f"{rule} (hooguit {words.percent(worst)})." if worst else f"{rule}."
    return (Paragraph(f"{said} Waar een deel niet getoond is, of waar te weinig jaren zijn, staat geen verwachting."),)


# ---- what every report may hold


def _drawn(release: ReleaseFiles, role: Role) -> tuple[Block, ...]:
    return build.kept(*(themes.trend(release, name) for name in role.grafieken))


def _targets(release: ReleaseFiles, role: Role) -> Section:
    """The targets of the newest year with one that are about the figures of this role."""
    about = [target for target in release.targets if target["gemeten_met"] in role.cijfers and target["status"]]
    newest = max((target["periode"][:4] for target in about), default="")
    found = [target for target in about if target["periode"][:4] == newest]
    title = "Zijn de doelen gehaald?"
    if not found:
        return Section("doelen", title, ())
    several = any(target["regio_code"] != release.region for target in found)
    return Section("doelen", title, (targets.table(release, f"Doelen van {newest}", found, with_region=several),))


def _per_municipality(release: ReleaseFiles, role: Role) -> Section:
    """The newest quarter or year that the organisation has, for every gemeente."""
    newest = {name: _newest(release, role, name) for name in role.per_gemeente}
    shown = [name for name in role.per_gemeente if newest[name] is not None]
    regions = release.regions_of(shown)
    if not shown or len(regions) < 2:
        return Section("gemeenten", "Per gemeente", ())
    rows = tuple(
        (Value(name), *(_of_region(release, role, indicator, code, newest[indicator]) for indicator in shown))
        for code, name in regions.items()
    )
    periods = {_when(newest[name]) for name in shown}
    together = f", {periods.pop()}" if len(periods) == 1 else ""
    heads = (themes.with_unit(release, name) + ("" if together else f", {_when(newest[name])}") for name in shown)
    columns = ("Gemeente", *heads)
    table = Table(f"{role.verslag}: per gemeente{together}", columns, rows, frozenset(range(1, len(columns))))
    return Section("gemeenten", "Per gemeente", (table,))


def _newest(release: ReleaseFiles, role: Role, name: str) -> Cell | None:
    within = _quarters(release, name) if role.ritme != "jaar" else []
    return latest_measured(within or release.cells(name))


def _of_region(release: ReleaseFiles, role: Role, name: str, code: str, whole: Cell | None) -> Value:
    periode = whole.periode if whole else ""
    cells = _quarters(release, name, code) if periode[4:6] == "KW" else release.cells(name, code)
    return build.value(next((cell for cell in cells if cell.periode == periode), None), release, status=False)


def _when(cell: Cell | None) -> str:
    return words.period(cell.periode) if cell else ""


def _missing(release: ReleaseFiles, role: Role) -> Section:
    """Figures that this role should get and that nothing was delivered for."""
    names = [_name(release.definition(name)) for name in role.cijfers if _absent(release, name)]
    if not names:
        return Section("ontbreekt", "Wat er niet is", ())
    said = f"Hiervoor is niets geleverd, dus zijn er geen cijfers: {words.listed(names)}."
    return Section("ontbreekt", "Wat er niet is", (Paragraph(said),))


def _absent(release: ReleaseFiles, name: str) -> bool:
    return all(cell.status == "niet_geleverd" for cell in (*release.cells(name), *_quarters(release, name)))


def _name(definition: Mapping[str, Any]) -> str:
    name = str(definition["naam"])
    return name[:1].lower() + name[1:]
