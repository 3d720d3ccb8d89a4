"""Mistakes that real registrations make, planted on purpose: to see intake, checks and gate at work.

What belongs here: which mistake, on which rows, how many, and what finds it: every mistake is more than its check
lets through. What does not: what should happen to them (contract 1), the mistakes that make a file unusable
(`variants.py`). The mistakes that are the same for every entity follow from its contract.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from werkmonitor.checks.definitions import CheckDefinition, suite_definitions
from werkmonitor.core.contracts import Entity, contract
from werkmonitor.demo import key_figures

BENEFIT, PERSON, JOB = "uitkeringen/uitkering", "uitkeringen/persoon", "polis/dienstverband"
TRAIT, SUBSIDY, SHELTERED = "uitkeringen/kenmerk", "werkbedrijf/lks", "werkbedrijf/nieuw_beschut"
CANDIDATE, TIE = "werkbedrijf/persoon", "werkbedrijf/koppeling"
SERIES, TARGET = "jaarstukken/reeks", "jaarstukken/doelstelling"
ACCOUNTS, SURVEY = "jaarstukken/financien", "jaarstukken/tevredenheid"
SW, ABSENCE = "werkbedrijf/sw", "werkbedrijf/verzuim"
GONE_GEMEENTE = "GM0944"  # falls away in the second delivery
UNKNOWN_GEMEENTE = "GM0209"  # whose traits fall away
GONE_YEAR, CHANGED_YEAR = "2023", "2024"
STILL_TIED = 0.05  # part of the koppeling that is left
CUT_FILE = "werkbedrijf/voorziening"
LATE = "cbs/reeks"
UNKNOWN_DAY = "20190300"
SAMPLE = 4000  # rows of a table that are looked at to copy from
MORE = 1.25  # times what a check lets through


@dataclass(frozen=True)
class Planted:
    """One kind of mistake: what, in which delivery, on how many rows, and what finds it: a check, or at the door a rule
    on a column (so that the check behind it never sees the row). `where`: the second delivery, or the variant."""

    what: str
    entity: str
    rows: int
    check: str
    rule: str = ""
    column: str = ""
    where: str = "tweede levering"


def plant(tables: dict[str, pa.Table], seed: int) -> tuple[dict[str, pa.Table], list[Planted]]:
    """The tables as the next delivery brings them, and what is wrong in it. The tables that were given stay as they
    are."""
    planter = _Planter({name: _as_text(table) for name, table in tables.items()}, np.random.default_rng([seed, 7]))
    for step in (
        _since_the_last,
        _in_benefit,
        _in_persons,
        _in_traits,
        _in_jobs,
        _in_services,
        _in_sw,
        _in_accounts,
        _in_published,
        _unknown,
    ):
        step(planter)
    del planter.tables[LATE]
    planter.note("niet opnieuw geleverd", LATE, 0, "bron.te_laat")
    for name in sorted(planter.tables):
        _at_the_door(planter, name)
    # The row that will be cut off is a good one: what is wrong with the others is told by other mistakes.
    planter.append(CUT_FILE, planter.with_new_keys(CUT_FILE, planter.some(CUT_FILE, np.zeros(1, dtype=np.int64))))
    planter.note("het bestand is afgebroken", CUT_FILE, 1, "bestand.afgebroken")
    return planter.tables, planter.planted


def _as_text(table: pa.Table) -> pa.Table:
    """All columns as text, empty for null: what stands in a CSV file."""
    return pa.table({name: pc.fill_null(table[name].cast(pa.string()), "") for name in table.column_names})


@cache
def _checks() -> dict[str, CheckDefinition]:
    return {check.check_id: check for check in suite_definitions()}


def beyond(check_id: str, tested: int) -> int:
    """More than the check lets through of what it looks at."""
    check = _checks()[check_id]
    return int(MORE * max(check.absolute, check.relative * tested)) + 3


class _Planter:
    """Changes columns of rows and appends rows, and remembers what was done."""

    def __init__(self, tables: dict[str, pa.Table], rng: np.random.Generator) -> None:
        self.tables, self.rng = tables, rng
        self.planted: list[Planted] = []
        self._numbered = 0

    def column(self, name: str, column: str) -> np.ndarray:
        values: np.ndarray = self.tables[name][column].to_numpy(zero_copy_only=False)
        return values

    def rows(self, name: str, number: int, among: np.ndarray | None = None) -> np.ndarray:
        """Row numbers drawn at random, of those that are meant."""
        possible = np.arange(self.tables[name].num_rows) if among is None else np.flatnonzero(among)
        chosen: np.ndarray = np.sort(self.rng.permutation(possible)[:number])
        return chosen

    def set(self, name: str, column: str, rows: np.ndarray, values: str | np.ndarray) -> None:
        table = self.tables[name]
        changed = self.column(name, column).copy()
        changed[rows] = values
        position = table.schema.get_field_index(column)
        self.tables[name] = table.set_column(position, column, pa.array(changed, pa.string()))

    def keep(self, name: str, kept: np.ndarray) -> None:
        self.tables[name] = self.tables[name].filter(pa.array(kept))

    def some(self, name: str, rows: np.ndarray) -> pd.DataFrame:
        """A copy of these rows, to be changed and appended."""
        return self.tables[name].take(pa.array(rows)).to_pandas().astype(object)

    def append(self, name: str, frame: pd.DataFrame) -> None:
        table = self.tables[name]
        self.tables[name] = pa.concat_tables([table, pa.Table.from_pandas(frame, table.schema, preserve_index=False)])

    def note(self, what: str, name: str, rows: int, check: str, rule: str = "", column: str = "") -> None:
        self.planted.append(Planted(what, name, rows, check, rule, column))

    def change(self, what: str, check: str, name: str, column: str, rows: np.ndarray, values: str | np.ndarray) -> None:
        """Changes one column of the rows: the mistake that the check finds."""
        self.set(name, column, rows, values)
        self.note(what, name, len(rows), check)

    def fresh(self, number: int) -> list[str]:
        """Ids that nothing else has."""
        first = self._numbered + 1
        self._numbered += number
        return [f"DEMO-F{value:06d}" for value in range(first, first + number)]

    def with_new_keys(self, name: str, frame: pd.DataFrame) -> pd.DataFrame:
        """The same rows under keys of their own: the first text of the key is a new one."""
        entity = contract(name.split("/")[1])
        frame[_free_key(entity)] = self.fresh(len(frame))
        return frame


def _free_key(entity: Entity) -> str:
    """The column of the key that may hold any text."""
    free = [name for name in entity.sleutel if entity.kolommen[name].type in ("text", "persoon", "clientnummer")]
    return next(name for name in free if not entity.kolommen[name].patroon)


def _days_later(days: pd.Series, number: int) -> pd.Series:
    return (pd.to_datetime(days) + pd.Timedelta(days=number)).dt.strftime("%Y-%m-%d")


def _present(values: np.ndarray) -> np.ndarray:
    present: np.ndarray = values != ""
    return present


# ---- rows that are accepted, and doubtful --------------------------------------------------------


def _in_benefit(planter: _Planter) -> None:
    number = planter.tables[BENEFIT].num_rows
    end, begin = planter.column(BENEFIT, "einddatum"), planter.column(BENEFIT, "begindatum")
    counted = np.isin(planter.column(BENEFIT, "regeling"), ("PW", "IOAW", "IOAZ"))
    ended, recent = _present(end), begin >= "2016-02-01"
    places = planter.column(BENEFIT, "gemeente_code")
    check = "uitkering.einddatum.aannemelijk"
    rows = planter.rows(BENEFIT, beyond(check, int(ended.sum())), ended & counted)
    planter.change("einddatum in 2099", check, BENEFIT, "einddatum", rows, "2099-12-31")
    check = "uitkering.reden_bij_open"
    rows = planter.rows(BENEFIT, beyond(check, int((~ended).sum())), ~ended)
    planter.change("reden terwijl de uitkering loopt", check, BENEFIT, "reden_einde", rows, "11")
    check = "uitkering.reden_ontbreekt"
    rows = planter.rows(BENEFIT, beyond(check, int(ended.sum())), ended & counted)
    planter.change("reden van beëindiging ontbreekt", check, BENEFIT, "reden_einde", rows, "")
    check = "gemeente.reden_onbekend"
    late = (end >= "2024-01-01") & (places == "GM0268")
    rows = planter.rows(BENEFIT, beyond(check, int(late.sum())), late)
    planter.change("één gemeente levert vaak geen reden", check, BENEFIT, "reden_einde", rows, "")
    check = "uitkering.norm_bedrag.aannemelijk"
    planter.change(
        "jaarbedrag als norm", check, BENEFIT, "norm_bedrag", planter.rows(BENEFIT, beyond(check, number)), "13200"
    )
    check = "uitkering.kostendelers.aannemelijk"
    planter.change(
        "99 kostendelers", check, BENEFIT, "kostendelers", planter.rows(BENEFIT, beyond(check, number)), "99"
    )
    check = "uitkering.begindatum.aannemelijk"
    frame = planter.some(BENEFIT, planter.rows(BENEFIT, 5, counted))
    frame = planter.with_new_keys(
        BENEFIT, frame.assign(begindatum="1950-05-01", einddatum="1950-06-30", gemeente_code="GM0268")
    )
    planter.append(BENEFIT, frame)
    planter.note("begindatum in 1950", BENEFIT, len(frame), check)
    check = "uitkering.overlap"
    frame = planter.some(BENEFIT, planter.rows(BENEFIT, beyond(check, number), ended & counted & recent))
    frame["dossier_id"] = frame["dossier_id"] + "X"
    planter.append(BENEFIT, frame)
    planter.note("tweede dossier in dezelfde tijd", BENEFIT, len(frame), check)
    frame = planter.some(BENEFIT, planter.rows(BENEFIT, 8, counted & ended & recent))
    planter.append(BENEFIT, frame)
    planter.note("dezelfde rij nog eens", BENEFIT, len(frame), "", "dubbel")
    rows = planter.rows(BENEFIT, 3, ended & counted & recent & (end < "2024-01-01"))
    before = _days_later(pd.Series(begin[rows]), -1).to_numpy()
    planter.set(BENEFIT, "einddatum", rows, before)
    planter.note("ingetrokken besluit (einde = begin - 1)", BENEFIT, len(rows), "", "ingetrokken", "einddatum")


def _in_persons(planter: _Planter) -> None:
    number = planter.tables[PERSON].num_rows
    everybody = number + planter.tables[CANDIDATE].num_rows
    ids = planter.column(PERSON, "persoon_id")
    working = np.isin(ids, planter.column(JOB, "persoon_id")) & np.isin(ids, planter.column(BENEFIT, "persoon_id"))
    used = np.zeros(number, dtype=bool)

    def draw(count: int, among: np.ndarray) -> np.ndarray:
        rows = planter.rows(PERSON, count, among & ~used)
        used[rows] = True
        return rows

    rows_of = {name: planter.tables[name].num_rows for name in (BENEFIT, JOB)}
    for what, date_of, column, checks in (
        (
            "geboren in 2015 en toch een uitkering en werk",
            "2015-07-01",
            "geboortedatum",
            (("uitkering.leeftijd_te_jong", BENEFIT), ("dienstverband.leeftijd_te_jong", JOB)),
        ),
        ("geboren in 1901", "1901-03-05", "geboortedatum", (("uitkering.leeftijd_te_oud", BENEFIT),)),
        (
            "overleden voor uitkering en werk begonnen",
            "1990-01-02",
            "overlijdensdatum",
            (("uitkering.begin_na_overlijden", BENEFIT), ("dienstverband.begin_na_overlijden", JOB)),
        ),
    ):
        rows = draw(max(beyond(check, rows_of[name]) for check, name in checks), working)
        planter.set(PERSON, column, rows, date_of)
        for check, _ in checks:
            planter.note(what, PERSON, len(rows), check)
    check = "persoon.geboortedatum.aannemelijk"
    planter.change(
        "geboren voor 1900", check, PERSON, "geboortedatum", draw(beyond(check, everybody), ~used), "1850-01-01"
    )
    check = "persoon.geboortedatum.opvulwaarde"
    rows = draw(int(MORE * max(50, 0.02 * everybody)), ~used)
    planter.change(
        "heel veel mensen zijn op 1 januari 1970 geboren", check, PERSON, "geboortedatum", rows, "1970-01-01"
    )
    check = "persoon.overlijdensdatum.aannemelijk"
    dead = int(_present(planter.column(PERSON, "overlijdensdatum")).sum())
    planter.change(
        "overlijdt over vijf jaar", check, PERSON, "overlijdensdatum", draw(beyond(check, dead), ~used), "2031-01-01"
    )
    check = "persoon.vertrekdatum.aannemelijk"
    planter.change("vertrokken voor de geboorte", check, PERSON, "vertrekdatum", draw(4, ~used), "1899-12-31")
    _of_one_gemeente(planter)
    _tied(planter, everybody)


def _of_one_gemeente(planter: _Planter) -> None:
    """The traits of everybody in one gemeente are unknown, and the sex of many others."""
    here = planter.column(PERSON, "gemeente_code") == UNKNOWN_GEMEENTE
    for column in ("statushouder", "arbeidsbeperking"):
        planter.set(PERSON, column, np.flatnonzero(here), "")
    ids = planter.column(PERSON, "persoon_id")[here]
    planter.keep(TRAIT, ~np.isin(planter.column(TRAIT, "persoon_id"), ids))
    planter.note("kenmerken van één gemeente ontbreken", PERSON, int(here.sum()), "gemeente.kenmerk_onbekend")
    check = "gemeente.geslacht_onbekend"
    centre = planter.column(PERSON, "gemeente_code") == "GM0268"
    rows = planter.rows(PERSON, int(0.2 * centre.sum()) + 1, centre)
    planter.change("geslacht van velen ontbreekt", check, PERSON, "geslacht", rows, "")


def _tied(planter: _Planter, everybody: int) -> None:
    """The koppeling of the werkbedrijf names other people; of those that are left the two sources name another day of
    birth."""
    number = planter.tables[TIE].num_rows
    broken = planter.rng.random(number) >= STILL_TIED
    check = "persoon.bronnen_gelijk"
    enough = beyond(check, everybody)
    broken[planter.rng.permutation(number)[:enough]] = False
    tied = np.isin(planter.column(CANDIDATE, "persoon_id"), planter.column(TIE, "clientnummer")[~broken])
    rows = planter.rows(CANDIDATE, enough, tied)
    days = _days_later(pd.Series(planter.column(CANDIDATE, "geboortedatum")[rows]), 1).to_numpy()
    planter.change("bronnen noemen een andere geboortedatum", check, CANDIDATE, "geboortedatum", rows, days)
    planter.keep(TIE, ~broken)
    for check in ("bronnen.koppelgraad_laag", "bronnen.koppelgraad_gedaald"):
        planter.note("bijna de hele koppeling is weg", TIE, int(broken.sum()), check)


def _in_traits(planter: _Planter) -> None:
    check = "kenmerk.overlap"
    begin, end = planter.column(TRAIT, "begindatum"), planter.column(TRAIT, "einddatum")
    long = _present(end) & (begin < "2024-01-01")
    frame = planter.some(TRAIT, planter.rows(TRAIT, beyond(check, planter.tables[TRAIT].num_rows), long))
    frame["begindatum"] = _days_later(frame["begindatum"], 3)
    planter.append(TRAIT, frame)
    planter.note("twee waarden op dezelfde dag", TRAIT, len(frame), check)


def _in_jobs(planter: _Planter) -> None:
    number = planter.tables[JOB].num_rows
    check = "dienstverband.begindatum.aannemelijk"
    planter.change(
        "begindatum in 1901", check, JOB, "begindatum", planter.rows(JOB, beyond(check, number)), "1901-01-01"
    )
    check = "dienstverband.uren_per_week.aannemelijk"
    planter.change("400 uur per week", check, JOB, "uren_per_week", planter.rows(JOB, beyond(check, number)), "400")
    rows = planter.rows(JOB, 4, _present(planter.column(JOB, "contract")))
    planter.set(JOB, "contract", rows, "vrijwillig")
    planter.note("onbekend contract", JOB, len(rows), "dienstverband.contract.bekend", "code.onbekend", "contract")


def _in_services(planter: _Planter) -> None:
    number = planter.tables[SUBSIDY].num_rows
    worth = _present(planter.column(SUBSIDY, "loonwaarde"))
    check = "lks.loonwaarde.aannemelijk"
    planter.change(
        "loonwaarde van 130%", check, SUBSIDY, "loonwaarde", planter.rows(SUBSIDY, beyond(check, number), worth), "130"
    )
    check = "lks.uren_per_week.aannemelijk"
    planter.change(
        "99 uur per week", check, SUBSIDY, "uren_per_week", planter.rows(SUBSIDY, beyond(check, number)), "99"
    )
    check = "bestand.bevindingen"
    rows = planter.rows(SUBSIDY, beyond(check, number), planter.column(SUBSIDY, "uren_per_week") != "99")
    planter.change("uren met een eenheid erachter", check, SUBSIDY, "uren_per_week", rows, "24 uur")
    begun = _present(planter.column(SHELTERED, "begindatum"))
    check = "nieuw_beschut.plek_zonder_advies"
    rows = planter.rows(SHELTERED, 3, begun)
    planter.change("een plek bij een negatief advies", check, SHELTERED, "advies", rows, "negatief")
    check = "nieuw_beschut.begin_voor_advies"
    rows = planter.rows(SHELTERED, beyond(check, int(begun.sum())), begun)
    early = _days_later(pd.Series(planter.column(SHELTERED, "adviesdatum")[rows]), -30).to_numpy()
    planter.change("de plek begint voor het advies", check, SHELTERED, "begindatum", rows, early)
    rows = planter.rows(SW, beyond("bestand.quarantaine", planter.tables[SW].num_rows))
    planter.set(SW, "begindatum", rows, UNKNOWN_DAY)
    for check in ("bestand.quarantaine", "bestand.quarantaine_let_op"):
        planter.note("dag onbekend (JJJJMM00)", SW, len(rows), check)


def _in_sw(planter: _Planter) -> None:
    check = "sw.fte.aannemelijk"
    rows = planter.rows(SW, beyond(check, planter.tables[SW].num_rows), planter.column(SW, "begindatum") != UNKNOWN_DAY)
    planter.change("uren in plaats van fte", check, SW, "fte", rows, "36")
    check = "verzuim.meer_dan_beschikbaar"
    rows = planter.rows(ABSENCE, beyond(check, planter.tables[ABSENCE].num_rows))
    planter.change("meer verzuimd dan er dagen zijn", check, ABSENCE, "verzuimdagen", rows, "45")


def _in_accounts(planter: _Planter) -> None:
    """Sums that do not add up, and answers that nobody was asked for."""
    post, part = planter.column(ACCOUNTS, "post"), planter.column(ACCOUNTS, "onderdeel")
    check = "financien.resultaat_klopt"
    rows = planter.rows(ACCOUNTS, beyond(check, len(post)), (post == "resultaat") & (part == "werk"))
    planter.change("een resultaat dat niet klopt", check, ACCOUNTS, "bedrag", rows, "123456789")
    check = "financien.totaal_klopt"
    rows = planter.rows(ACCOUNTS, beyond(check, len(post)), (post == "baten") & (part == "totaal"))
    planter.change("een totaal dat niet klopt", check, ACCOUNTS, "bedrag", rows, "987654321")
    kind, year = planter.column(ACCOUNTS, "soort"), planter.column(ACCOUNTS, "jaar")
    priced = (kind == "begroot") & _present(planter.column(ACCOUNTS, "prijs"))
    check = "financien.afrekening_volledig"
    rows = planter.rows(ACCOUNTS, 2, priced & (year == GONE_YEAR))
    planter.change("een product zonder prijs", check, ACCOUNTS, "prijs", rows, "")
    check = "financien.prijspeil"
    rows = planter.rows(ACCOUNTS, 2, priced & (year == CHANGED_YEAR))
    planter.change("een prijs van een ander jaar", check, ACCOUNTS, "prijspeil", rows, "2014")
    rows = planter.rows(SURVEY, 2)
    planter.change("een score op een schaal tot 100", "tevredenheid.score.aannemelijk", SURVEY, "score", rows, "73")
    check = "tevredenheid.meer_antwoorden_dan_uitnodigingen"
    rows = planter.rows(SURVEY, 2, _present(planter.column(SURVEY, "uitgenodigd")))
    planter.change("meer antwoorden dan uitnodigingen", check, SURVEY, "uitgenodigd", rows, "1")


def _in_published(planter: _Planter) -> None:
    for what, check, values in (
        ("een negatief doel", "doelstelling.waarde.aannemelijk", {"waarde": "-5"}),
        ("een tolerantie van 250%", "doelstelling.tolerantie_pct.aannemelijk", {"tolerantie_pct": "250"}),
    ):
        _appended(planter, TARGET, what, check, 2, values)
    printed = _nobody_divides_by(planter)
    number = planter.tables[SERIES].num_rows + planter.tables[LATE].num_rows
    for what, check, rows, values in (
        (
            "een waarde en een reden waarom zij leeg is",
            "reeks.waarde_of_reden",
            2,
            {"waarde": "12", "reden_leeg": "geheim"},
        ),
        (
            "leeg zonder reden",
            "reeks.leeg_zonder_reden",
            beyond("reeks.leeg_zonder_reden", number),
            {"waarde": "", "reden_leeg": ""},
        ),
        ("een naam in plaats van een regiocode", "reeks.regio.vorm", 2, {"regio_code": "Nijmegen"}),
        ("een negatief aantal", "reeks.aantal_niet_negatief", 2, {"waarde": "-12", "eenheid": "personen"}),
        ("zonder document", "reeks.document_genoemd", beyond("reeks.document_genoemd", number), {"document": ""}),
    ):
        _appended(planter, SERIES, what, check, rows, values, printed)


def _nobody_divides_by(planter: _Planter) -> np.ndarray:
    """Series that are published only: a mistake in a denominator or a price would be seen in our figures as well."""
    return ~np.isin(planter.column(SERIES, "indicator_id"), [*key_figures.DENOMINATORS, "normprijs"])


def _appended(
    planter: _Planter,
    name: str,
    what: str,
    check: str,
    number: int,
    values: dict[str, str],
    among: np.ndarray | None = None,
) -> None:
    if among is not None:  # rows that were appended since are not meant
        among = np.append(among, np.zeros(planter.tables[name].num_rows - len(among), dtype=bool))
    frame = planter.with_new_keys(name, planter.some(name, planter.rows(name, number, among)))
    planter.append(name, frame.assign(**values))
    planter.note(what, name, len(frame), check)


# ---- what changed since the last delivery --------------------------------------------------------


def _since_the_last(planter: _Planter) -> None:
    """Compared with the sound delivery before: rows, columns, a gemeente and a year fell away; figures changed."""
    name = "werkbedrijf/verzuim"
    kept = planter.rng.random(planter.tables[name].num_rows) < 0.6
    planter.keep(name, kept)
    planter.note("vier van de tien rijen ontbreken", name, int((~kept).sum()), "levering.rijen_gedaald")
    name = "werkbedrijf/meting"
    frame = planter.some(name, planter.rows(name, beyond("levering.rijen_gestegen", planter.tables[name].num_rows)))
    frame["datum"] = _days_later(frame["datum"], -1)
    planter.append(name, frame.drop_duplicates(["persoon_id", "datum", "instrument"]))
    planter.note("veel meer rijen dan eerst", name, len(frame), "levering.rijen_gestegen")
    table = planter.tables[JOB]
    planter.tables[JOB] = table.rename_columns(
        ["gemeente_werk" if n == "gemeente_code_werk" else n for n in table.column_names]
    )
    planter.note("een kolom is hernoemd", JOB, table.num_rows, "vulling.kolom_leeggevallen")
    name = "werkbedrijf/plaatsing"
    rows = planter.rows(name, int(0.4 * planter.tables[name].num_rows))
    planter.change("uren zijn vaak niet gevuld", "vulling.kolom_gedaald", name, "uren_per_week", rows, "")
    gone = planter.column(BENEFIT, "gemeente_code") == GONE_GEMEENTE
    planter.keep(BENEFIT, ~gone)
    for check in ("gemeente.weggevallen", "gemeente.zonder_uitkeringen", "vorige.definitief_verdwenen"):
        planter.note("een gemeente ontbreekt", BENEFIT, int(gone.sum()), check)
    gone = np.char.startswith(planter.column(BENEFIT, "einddatum").astype(str), GONE_YEAR)
    planter.keep(BENEFIT, ~gone)
    for check in ("vorige.definitief_sprong", "vorige.definitief_aantal"):
        planter.note(f"wat in {GONE_YEAR} eindigde, ontbreekt", BENEFIT, int(gone.sum()), check)
    changed = np.char.startswith(planter.column(BENEFIT, "einddatum").astype(str), CHANGED_YEAR)
    changed &= ~np.isin(planter.column(BENEFIT, "reden_einde"), ("11", "13"))
    planter.set(BENEFIT, "reden_einde", np.flatnonzero(changed), "34")
    for check in ("vorige.aandeel_reden", "vorige.definitief_percentage"):
        planter.note(f"in {CHANGED_YEAR} is bijna elke reden 'niet verschenen'", BENEFIT, int(changed.sum()), check)
    final = (planter.column(SERIES, "status") == "definitief") & _present(planter.column(SERIES, "waarde"))
    final &= (planter.column(SERIES, "eenheid") == "personen") & _nobody_divides_by(planter)
    rows = planter.rows(SERIES, 3, final)
    planter.change(
        "een gepubliceerd cijfer is veranderd", "vorige.reeks_van_ander_gewijzigd", SERIES, "waarde", rows, "777"
    )


def _unknown(planter: _Planter) -> None:
    """People who are not in `persoon`, and phases of a traject that is not there."""
    for name in sorted(planter.tables):
        entity = contract(name.split("/")[1])
        check = f"{entity.entiteit}.persoon_bekend"
        if check in _checks():
            number = beyond(check, planter.tables[name].num_rows)
            rows = np.resize(planter.rows(name, number), number)  # some tables have fewer rows than that
            frame = planter.some(name, rows).assign(persoon_id=planter.fresh(number))
            if "persoon_id" not in entity.sleutel:
                frame = planter.with_new_keys(name, frame)
            planter.append(name, frame)
            planter.note("mensen zonder rij in persoon", name, number, check)
    name = "werkbedrijf/trajectfase"
    number = beyond("trajectfase.traject_id.bestaat", planter.tables[name].num_rows)
    planter.append(name, planter.with_new_keys(name, planter.some(name, planter.rows(name, number))))
    planter.note("fasen van een traject dat er niet is", name, number, "trajectfase.traject_id.bestaat")


# ---- rows that do not get past the door ----------------------------------------------------------


def _at_the_door(planter: _Planter, name: str) -> None:
    """What the contract of the entity refuses: empty, an unknown code, an end before its begin, a key with two
    contents."""
    entity = contract(name.split("/")[1])
    table = planter.tables[name]
    among = np.arange(table.num_rows) < SAMPLE
    if "gemeente_code" in table.column_names:
        # Of a gemeente that exists on every day, so that a day that is put in its row does not spoil that too.
        settled = among & (planter.column(name, "gemeente_code") == "GM0268")
        among = settled if settled.sum() >= 2 else among
    sample = planter.some(name, planter.rows(name, 2, among))
    parts = []
    for what, check, rule, column, values in _refused(entity, table.column_names):
        parts.append(planter.with_new_keys(name, sample.copy()).assign(**values))
        planter.note(what, name, len(sample), check if check in _checks() else "", rule, column)
    planter.append(name, pd.concat(parts, ignore_index=True))
    twice = planter.with_new_keys(name, sample.copy())
    column, contents = _other_content(entity, table.column_names)
    for content in contents:
        planter.append(name, twice.assign(**{column: content}))
    check = f"{entity.entiteit}.sleutel.uniek"
    check = check if check in _checks() else ""
    planter.note("zelfde sleutel, andere inhoud", name, 2 * len(twice), check, "sleutel.tegenstrijdig")


def _refused(entity: Entity, names: list[str]) -> Iterator[tuple[str, str, str, str, dict[str, str]]]:
    """What is wrong, the check behind the door, the rule, its column and the values that are wrong."""
    name = entity.entiteit
    for column, kind in entity.kolommen.items():
        if column in names and kind.verplicht:
            check = f"{name}.{'persoon' if kind.type == 'persoon' else column}.gevuld"
            yield f"'{column}' is leeg", check, "verplicht.leeg", column, {column: ""}
        if column in names and kind.code_list():
            yield (
                f"'{column}' heeft een onbekende code",
                f"{name}.{column}.bekend",
                "code.onbekend",
                column,
                {column: "ZZ"},
            )
    for begin, end in (pair for pair in entity.perioden if set(pair) <= set(names)):
        dates = {begin: "2019-05-10", end: "2019-05-01"}
        yield f"'{end}' voor '{begin}'", f"{name}.{end}.na_{begin}", "periode.einde_voor_begin", end, dates
    for what, rule, column, wrong in _SHAPES.get(name, ()):
        yield what, _BEHIND.get((name, column), ""), rule, column, {column: wrong} | _TOGETHER.get((name, column), {})


# Shapes that one entity asks for, and the checks that stand behind them.
_SHAPES: dict[str, tuple[tuple[str, str, str, str], ...]] = {
    "uitkering": (
        ("datum die niet bestaat (31-02)", "datum.onleesbaar", "begindatum", "2019-02-31"),
        ("onbekende dag (JJJJMM00)", "datum.dag_onbekend", "begindatum", "20190300"),
        ("gemeente die nooit heeft bestaan", "gemeente.onbekend", "gemeente_code", "GM9999"),
    ),
    "kenmerk": (("de waarde hoort niet bij het kenmerk", "code.onbekend", "waarde", "misschien"),),
    "verzuim": (
        ("geen maand", "maand.onleesbaar", "maand", "2019-13"),
        ("geen getal", "getal.onleesbaar", "verzuimdagen", "veel"),
    ),
    "reeks": (
        ("geen periode", "periode.onleesbaar", "periode", "2019-01"),
        ("uitsplitsing zonder categorie", "tekst.vorm", "uitsplitsing", "leeftijd"),
    ),
    "doelstelling": (("geen periode", "periode.onleesbaar", "periode", "begin 2019"),),
    "koppeling": (("geen bsn", "bsn.ongeldig", "bsn", "999999999"),),
    "lks": (("geen ja of nee", "janee.onleesbaar", "forfaitair", "soms"),),
}
_TOGETHER = {("kenmerk", "waarde"): {"kenmerk": "arbeidsvermogen"}}  # what decides which values are known
_BEHIND = {
    ("kenmerk", "waarde"): "kenmerk.waarde_bekend",
    ("reeks", "periode"): "reeks.periode.vorm",
    ("reeks", "uitsplitsing"): "reeks.uitsplitsing.vorm",
    ("doelstelling", "periode"): "doelstelling.periode.vorm",
}


def _other_content(entity: Entity, names: list[str]) -> tuple[str, tuple[str, str]]:
    """A column outside the key and two values for it, both acceptable."""
    free = [name for name in names if name in entity.kolommen and name not in entity.sleutel]
    for kind, values in _TWO_VALUES.items():
        for name in free:
            if kind in (entity.kolommen[name].type, name):
                return name, values
    raise LookupError(f"{entity.entiteit} has no column of which the content may differ")


_TWO_VALUES = {
    "dec": ("1", "2"),
    "int": ("1", "2"),
    "bsn": ("999990019", "999990020"),
    "geboortedatum": ("1980-01-01", "1980-01-02"),
    "einddatum": ("2033-01-01", "2033-01-02"),
}
