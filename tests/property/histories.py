"""Hypothesis strategies for small random histories, clustered on the edges of contract 2. All persons are invented."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st
from other_histories import ENTITIES as OTHER_ENTITIES
from other_histories import other_rows
from werkmonitor.core.reference import History, Parameters, Source
from werkmonitor.core.reference.dates import add_months

GEMEENTEN = ("GM0268", "GM0296", "GM0252")
PEILDATA = (date(2022, 12, 31), date(2022, 11, 30), date(2023, 2, 28), date(2022, 9, 29))
ANCHORS = (
    date(2019, 11, 30),
    date(2020, 2, 29),
    date(2020, 8, 31),
    date(2020, 12, 31),
    date(2021, 3, 31),
    date(2021, 10, 15),
)
REASONS = ("11", "13", "01", "14", "03", "04", "32", "06", "98", "77", None)
DAYS_BETWEEN = (-40, 0, 1, 2, 30, 31, 32, 33, 61, 184)
LENGTHS = (0, 1, 29, 30, 31, 89, 180, 365, 366)
JOB_GAPS = (0, 1, 2, 31, 32, 33, 34)
ALL_SOURCES = (
    Source("uitkeringen", ("uitkering", "persoon", "kenmerk"), historie_vanaf=date(2019, 1, 1)),
    Source("banen", ("dienstverband",), dekking="volledig", historie_vanaf=date(2019, 1, 1)),
    Source("regie", OTHER_ENTITIES, historie_vanaf=date(2019, 1, 1)),
)


def parameters_strategy() -> st.SearchStrategy[Parameters]:
    return st.builds(
        Parameters,
        peildatum=st.sampled_from(PEILDATA),
        regio_code=st.just("AM08"),
        gemeenten=st.just(GEMEENTEN),
        indeling_jaar=st.just(2022),
        sources=st.just(ALL_SOURCES),
        reeks_begin=st.just(date(2020, 1, 1)),
        regelingen_terugkeer=st.sampled_from((None, ("PW", "IOAW", "IOAZ", "BBZ"), ("PW",))),
        onderbreking_dagen=st.sampled_from((30, 30, 0)),
        werk_onderbreking_dagen=st.sampled_from((31, 31, 0)),
        registratievertraging_maanden=st.sampled_from((3, 3, 0)),
        toerekening_dagen=st.sampled_from((90, 0)),
        taken=st.sampled_from(({}, {"sw": ("GM0268", "GM0281")})),
    )


@st.composite
def a_day(draw: st.DrawFn) -> date:
    """An anchor, a horizon after it, a day before or after that."""
    day = add_months(draw(st.sampled_from(ANCHORS)), draw(st.sampled_from((0, 0, 1, 6, 12, 18))))
    return day + timedelta(days=draw(st.sampled_from((-1, 0, 0, 1, 2))))


@st.composite
def benefit_rows(draw: st.DrawFn, persoon: str) -> list[dict[str, Any]]:
    """One to four rows; the key [dossier_id, persoon_id, begindatum] is unique, as in what the intake accepts."""
    begin = draw(a_day())
    rows: dict[tuple[str, date], dict[str, Any]] = {}
    for _ in range(draw(st.integers(1, 4))):
        eind = draw(st.one_of(st.just(begin + timedelta(days=draw(st.sampled_from(LENGTHS)))), a_day()))
        eind = max(begin, eind)
        still_open = draw(st.integers(0, 7)) == 0
        dossier = draw(st.sampled_from(("D9", "D10", f"{persoon}-1")))
        rows[dossier, begin] = {
            "persoon": persoon,
            "dossier_id": dossier,
            "regeling": draw(st.sampled_from(("PW", "PW", "PW", "IOAW", "BBZ", "TOZO"))),
            "gemeente_code": draw(st.sampled_from(GEMEENTEN)),
            "begindatum": begin,
            "einddatum": None if still_open else eind,
            "reden_einde": None if still_open else draw(st.sampled_from(REASONS)),
            "leefvorm": draw(st.sampled_from(("1", "4", None))),
            "bron": "uitkeringen",
            "bron_volgorde": 0,
        }
        begin = eind + timedelta(days=draw(st.sampled_from(DAYS_BETWEEN)))
    return list(rows.values())


@st.composite
def job_rows(draw: st.DrawFn, persoon: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    begin = draw(a_day())
    for number in range(draw(st.integers(0, 3))):
        eind = max(begin, draw(st.one_of(st.just(begin + timedelta(days=draw(st.sampled_from(LENGTHS)))), a_day())))
        rows.append(
            {
                "persoon": persoon,
                "dienstverband_id": f"{persoon}-{number}",
                "soort": draw(st.sampled_from(("loondienst", "loondienst", "zelfstandig", "uwv_uitkering"))),
                "contract": draw(st.sampled_from(("vast", "oproep", None))),
                "uren_per_week": draw(st.sampled_from((None, 12, 12, 35))),
                "begindatum": begin,
                "einddatum": None if draw(st.integers(0, 4)) == 0 else eind,
                "bron": "banen",
                "bron_volgorde": 1,
            }
        )
        begin = eind + timedelta(days=draw(st.sampled_from(JOB_GAPS)))
    return rows


@st.composite
def person_rows(draw: st.DrawFn, persoon: str) -> list[dict[str, Any]]:
    """No row, or one with any of death, departure and an AOW day near the horizons."""
    if draw(st.integers(0, 5)) == 0:
        return []
    rarely = st.one_of(st.none(), st.none(), a_day())
    born = draw(st.sampled_from((None, date(1990, 5, 5), date(1994, 2, 28), date(1955, 2, 28), date(1954, 10, 31))))
    return [
        {
            "persoon": persoon,
            "geboortedatum": born,
            "geslacht": draw(st.sampled_from(("M", "V", None))),
            "gemeente_code": draw(st.sampled_from((*GEMEENTEN, "GM0281", None))),
            "doelgroepregister_begin": draw(rarely),
            "doelgroepregister_eind": None,
            "overlijdensdatum": draw(rarely),
            "vertrekdatum": draw(rarely),
            "statushouder": draw(st.sampled_from((True, False, None))),
            "arbeidsbeperking": None,
            "arbeidsvermogen": draw(st.sampled_from(("onder_wml", None))),
            "bron": "uitkeringen",
            "bron_volgorde": 0,
        }
    ]


@st.composite
def trait_rows(draw: st.DrawFn, persoon: str) -> list[dict[str, Any]]:
    if draw(st.integers(0, 2)):
        return []
    begin = draw(a_day())
    row = {"persoon": persoon, "kenmerk": "arbeidsvermogen", "waarde": "wml_met_hulp", "begindatum": begin}
    eind = draw(st.one_of(st.none(), st.just(begin + timedelta(days=200))))
    return [{**row, "einddatum": eind, "bron": "uitkeringen", "bron_volgorde": 0}]


@st.composite
def histories(draw: st.DrawFn, names: tuple[str, ...] = ("A", "B", "C"), others: bool = True) -> History:
    """The history of some persons, who may share a dossier as partners do. `others`: also what is no benefit or job."""
    history = History()
    for persoon in names[: draw(st.integers(1, len(names)))]:
        history.uitkering.extend(draw(benefit_rows(persoon)))
        history.dienstverband.extend(draw(job_rows(persoon)))
        history.persoon.extend(draw(person_rows(persoon)))
        history.kenmerk.extend(draw(trait_rows(persoon)))
        for entiteit, rows in draw(other_rows(persoon)).items() if others else ():
            history.rows_of(entiteit).extend(rows)
        if draw(st.integers(0, 9)) == 0:
            history.quarantaine.append(
                {"persoon": persoon, "entiteit": draw(st.sampled_from(("uitkering", "persoon")))}
            )
    return history
