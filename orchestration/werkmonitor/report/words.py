"""Dutch for figures: numbers, shares, dates, periods, statuses, codes. Plain words (B1), one wording for one thing.

No reading of releases and no layout here. A cell that cannot be shown has a word here for every status of contract 3.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date

from werkmonitor.core.headlines import MONTHS, dutch_number
from werkmonitor.core.regions import gemeenten
from werkmonitor.core.registry import load_registry

QUARTERS = ("eerste", "tweede", "derde", "vierde")
NEAR = 0.5  # percent points within which a round share is called by its name
NUMBER_WORDS = {2: "twee", 3: "drie", 4: "vier", 5: "vijf"}
FRACTIONS = ((50.0, "de helft van de"), (25.0, "1 op de 4"), (75.0, "3 van de 4"))

STATUS_WORDS = {
    "niet_geleverd": "niet geleverd",
    "geheim": "geheim bij de bron",
    "onbekend": "onbekend",
    "nog_niet_gepubliceerd": "nog niet gepubliceerd",
    "nvt": "niet van toepassing",
    "nog_niet_meetbaar": "nog niet meetbaar",
    "onderdrukt": "niet getoond",
    "voorlopig": "voorlopig",
    "nader_voorlopig": "nader voorlopig",
    "definitief": "definitief",
}

CAUSES = {
    "nieuwe_periode": "een nieuwe periode",
    "meetbaar_geworden": "nu te meten",
    "definitief_geworden": "niet langer voorlopig",
    "nieuwe_indicator": "een nieuw cijfer",
    "indicator_vervallen": "een vervallen cijfer",
    "nieuwe_bron": "een nieuwe bron",
    "bron_vervallen": "een vervallen bron",
    "nieuwe_levering": "een nieuwe levering",
    "correctie_gewijzigd": "een correctie",
    "definitie_gewijzigd": "een andere definitie",
    "indeling_gewijzigd": "een andere gemeentelijke indeling",
    "configuratie_gewijzigd": "andere instellingen",
    "lijst_gewijzigd": "een bijgewerkte lijst",
    "code_gewijzigd": "een nieuwere versie van het programma",
    "peildatum_gewijzigd": "een andere peildatum",
    "onbekend": "een oorzaak die niet bekend is",
}
OUTCOMES = {
    "PASS": "geslaagd",
    "FAIL": "niet geslaagd",
    "ERROR": "kon niet worden uitgevoerd",
    "NVT": "niet van toepassing",
}


ENTITIES = {
    "uitkering": "uitkeringen",
    "persoon": "personen",
    "kenmerk": "kenmerken van personen",
    "koppeling": "koppeling van nummers",
    "dienstverband": "banen",
    "inkomsten": "inkomsten",
    "traject": "trajecten",
    "trajectfase": "fasen van trajecten",
    "voorziening": "voorzieningen",
    "plaatsing": "plaatsingen",
    "lks": "loonkostensubsidies",
    "nieuw_beschut": "nieuw beschut werk",
    "sw": "sociale werkvoorziening",
    "verzuim": "ziekteverzuim",
    "meting": "metingen",
    "tevredenheid": "tevredenheid",
    "financien": "financiën",
    "doelstelling": "doelen",
    "reeks": "cijfers van anderen",
}
UNITS = {"momenten": "aantal keren", "personen": "mensen", "%": ""}
SINGULAR = {
    "personen": "persoon",
    "momenten": "moment",
    "uitkeringen": "uitkering",
    "plaatsingen": "plaatsing",
    "beschikkingen": "beschikking",
    "plekken": "plek",
    "banen": "baan",
    "werkgevers": "werkgever",
    "dagen": "dag",
}


def entity(code: str) -> str:
    """What a delivered file holds, in words; an unknown one as its code without underscores."""
    return ENTITIES.get(code, code.replace("_", " "))


def unit(code: str) -> str:
    """What is counted, to stand behind the name of a figure; nothing where the number says it (a percentage)."""
    return UNITS.get(code, code)


def category(dimension: str, code: str) -> str:
    """A category of a break-down in the words of the registry, a gemeente by its name; else its code without _."""
    known = load_registry().dimensies.get(dimension)
    if known and known.eigen_gemeenten and code in gemeenten():
        return gemeenten()[code].naam
    return known.words(code) if known else code.replace("_", " ")


def indicator(code: str) -> str:
    """The name of an indicator that the registry does not know: herinstroom_24__alle → herinstroom, 24 maanden."""
    name, _, population = code.partition("__")
    head, _, tail = name.rpartition("_")
    said = f"{head}, {tail} maanden" if tail.isdigit() else name
    return f"{said}{'' if population in ('', 'alle') else f', {population}'}".replace("_", " ")


def day(value: date | str | None) -> str:
    """31 maart 2026."""
    if not value:
        return "onbekend"
    found = date.fromisoformat(value[:10]) if isinstance(value, str) else value
    return f"{found.day} {MONTHS[found.month - 1]} {found.year}"


def period(code: str) -> str:
    """2024JJ00 → 2024; 2024KW02 → tweede kwartaal 2024; 2024MM05 → mei 2024."""
    year, kind, number = code[:4], code[4:6], int(code[6:8] or 0)
    if kind == "KW":
        return f"{QUARTERS[number - 1]} kwartaal {year}"
    return f"{MONTHS[number - 1]} {year}" if kind == "MM" else year


def number(value: float | int | None) -> str:
    """1234.5 → 1.234,5; nothing → onbekend."""
    return "onbekend" if value is None else dutch_number(value)


def number_word(value: int) -> str:
    """A small number as a word, as it stands in running text."""
    return NUMBER_WORDS.get(value, dutch_number(value))


def percent(value: float) -> str:
    """78 → 78%; decimals only where there are any, one at most."""
    return f"{dutch_number(round(value, 1))}%"


def euros(value: float) -> str:
    """-1234.5 → -€ 1.235: whole euros, kept on one line."""
    return f"{'-' if round(value) < 0 else ''}€\u00a0{dutch_number(abs(round(value)))}"


def price(value: float) -> str:
    """1150 → € 1.150; 12.5 → € 12,50: cents only where there are any."""
    if round(value, 2) == round(value):
        return euros(value)
    whole, cents = divmod(round(abs(value) * 100), 100)
    return f"{'-' if value < 0 else ''}€\u00a0{dutch_number(whole)},{cents:02d}"


def amount(value: float, code: str) -> str:
    """A number with its unit, as it stands in a sentence."""
    if code == "%":
        return percent(value)
    if code == "EUR":
        return euros(value)
    said = dutch_number(round(value, 1))
    if code in ("", "index", "rapportcijfer"):
        return said
    return f"{said} {SINGULAR.get(code, code) if value == 1 else code}"


def points(difference: float) -> str:
    return f"{dutch_number(abs(round(difference, 1)))} procentpunt"


def share(value: float, numerator: int | None, denominator: int | None, *, rounded: bool) -> str:
    """A share as people say it: bijna 8 van de 10. `rounded`: the counts were rounded, so 0 and 100 are not exact."""
    if numerator == 0 or (numerator is None and value == 0):
        return "geen van de"
    if numerator is not None and numerator == denominator:
        return "(bijna) alle" if rounded else "alle"
    if value < 4.5:
        return "minder dan 1 op de 20"
    if value < 9.5:
        return f"ongeveer 1 op de {round(100 / value)}"
    if value > 95:
        return "bijna alle"
    for exact, words in FRACTIONS:
        if abs(value - exact) <= NEAR:
            return words
    tenth = max(1, min(9, round(value / 10)))
    off = value - 10 * tenth
    nearly = "" if abs(off) <= NEAR else "ruim " if off > 0 else "bijna "
    return f"{nearly}{tenth} van de 10"


def capital(text: str) -> str:
    """The first letter as a capital, whatever stands before it."""
    for place, letter in enumerate(text):
        if letter.isalpha() or letter.isdigit():
            return text[:place] + letter.upper() + text[place + 1 :]
    return text


def file_name(text: str) -> str:
    """A name that every file system and browser takes: súdwest-fryslân → sudwest-fryslan."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")


def listed(items: Sequence[str], last: str = "en") -> str:
    """a, b en c."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def plural(count: int, one: str, many: str) -> str:
    return f"{dutch_number(count)} {one if count == 1 else many}"
