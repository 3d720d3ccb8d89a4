"""Hypothesis strategies for what else is registered about a person (traject, placement, subsidy, sw, income), clustered
on the edges of items 3 to 15. All persons are invented."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from werkmonitor.core.reference.dates import add_months

GEMEENTEN = ("GM0268", "GM0296", "GM0252", "GM0281")
ENDS = (date(2020, 12, 31), date(2021, 3, 31), date(2021, 12, 31), date(2022, 6, 30), date(2022, 12, 31))
HOURS = (None, *map(Decimal, ("0", "11.99", "12", "24", "25.5", "34.99", "35")))
TRAJECT_ENDS = ("geplaatst", "terugmelding_tijdelijk", "terugmelding_zoekperiode", "overig", None)
PHASES = ("intensieve_begeleiding", "op_weg_naar_werk", "jobready")
SOORTEN = ("regulier", "detachering_groep", "nieuw_beschut", "proefplaatsing", "leerwerkplek")
WERKVORMEN = ("sw_beschut", "werken_op_locatie", "begeleid_werken")
REGIE = {"bron": "regie", "bron_volgorde": 2}
ENTITIES = (
    *("traject", "trajectfase", "voorziening", "plaatsing", "sw", "verzuim", "meting", "inkomsten", "lks"),
    "nieuw_beschut",
)


@st.composite
def an_edge(draw: st.DrawFn) -> date:
    """The last day of a period, some months before it, a day before or after that."""
    day = add_months(draw(st.sampled_from(ENDS)), -draw(st.sampled_from((0, 0, 1, 9, 12, 15, 24))))
    return day + timedelta(days=draw(st.sampled_from((-90, -1, 0, 0, 1, 2))))


@st.composite
def stretches(draw: st.DrawFn, most: int) -> list[tuple[date, date | None]]:
    """Stretches of days that overlap, touch or lie a day apart; some are open."""
    begin, found = draw(an_edge()), []
    for _ in range(draw(st.integers(0, most))):
        eind = max(begin, draw(st.one_of(st.just(begin), an_edge())))
        found.append((begin, None if draw(st.integers(0, 3)) == 0 else eind))
        begin = eind + timedelta(days=draw(st.sampled_from((-5, 1, 1, 2, 40))))
    return found


def row(persoon: str, days: tuple[date | None, date | None], **columns: Any) -> dict[str, Any]:
    return {"persoon": persoon, "begindatum": days[0], "einddatum": days[1], **REGIE, **columns}


@st.composite
def guidance(draw: st.DrawFn, persoon: str) -> dict[str, list[dict[str, Any]]]:
    trajecten, phases = [], []
    for number, (begin, eind) in enumerate(draw(stretches(3))):
        announced = begin + timedelta(days=draw(st.sampled_from((-30, -1, 0, 3))))
        days = (begin if draw(st.integers(0, 4)) else None, None if eind is None else max(eind, announced))
        traject_id, where = f"T{persoon}{number}", draw(st.sampled_from(GEMEENTEN))
        reason = None if eind is None else draw(st.sampled_from(TRAJECT_ENDS))
        details: dict[str, Any] = {"gemeente_code": where, "aanmelddatum": announced, "reden_einde": reason}
        trajecten.append(row(persoon, days, traject_id=traject_id, **details))
        for step in range(draw(st.integers(0, 3))):
            first = begin + timedelta(days=step * 45)
            last = first + timedelta(days=draw(st.sampled_from((0, 43, 44, 100)))) if draw(st.booleans()) else None
            phase = {"traject_id": traject_id, "fase": draw(st.sampled_from(PHASES)), "einddatum": last}
            phases.append({**phase, "begindatum": first, **REGIE})
    return {"traject": trajecten, "trajectfase": phases}


@st.composite
def help_rows(draw: st.DrawFn, persoon: str) -> list[dict[str, Any]]:
    return [
        row(persoon, days, voorziening_id=f"V{persoon}{number}", type=draw(st.sampled_from(("30", "99"))))
        for number, days in enumerate(draw(stretches(3)))
    ]


@st.composite
def placement_rows(draw: st.DrawFn, persoon: str) -> list[dict[str, Any]]:
    return [
        row(
            persoon,
            days,
            plaatsing_id=f"P{persoon}{number}",
            werkgever_id=draw(st.sampled_from(("W1", "W2"))),
            soort=draw(st.sampled_from(SOORTEN)),
            uren_per_week=draw(st.sampled_from(HOURS)),
            gemeente_code_werk=draw(st.sampled_from((*GEMEENTEN, None))),
        )
        for number, days in enumerate(draw(stretches(2)))
    ]


@st.composite
def decision_rows(draw: st.DrawFn, persoon: str) -> list[dict[str, Any]]:
    return [
        row(
            persoon,
            days,
            beschikking_id=f"L{persoon}{number}",
            loonwaarde=draw(st.sampled_from((None, *map(Decimal, ("0", "30", "62.5", "110"))))),
            forfaitair=draw(st.integers(0, 3)) == 0,
            uren_per_week=draw(st.sampled_from(HOURS)),
            nieuw_beschut=draw(st.integers(0, 3)) == 0,
        )
        for number, days in enumerate(draw(stretches(3)))
    ]


@st.composite
def advice_rows(draw: st.DrawFn, persoon: str) -> list[dict[str, Any]]:
    found: dict[date, dict[str, Any]] = {}
    for begin, eind in draw(stretches(2)):
        advised = begin + timedelta(days=draw(st.sampled_from((-200, -1, 0, 3))))
        placed = draw(st.booleans())
        found[advised] = row(
            persoon,
            (begin, eind) if placed else (None, None),
            gemeente_code=draw(st.sampled_from(GEMEENTEN)),
            adviesdatum=advised,
            advies=draw(st.sampled_from(("positief", "positief", "positief", "negatief"))),
            einde_advies=max(advised, draw(an_edge())) if draw(st.integers(0, 2)) == 0 else None,
            uren_per_week=draw(st.sampled_from(HOURS)),
        )
    return list(found.values())


@st.composite
def sw_rows(draw: st.DrawFn, persoon: str) -> dict[str, list[dict[str, Any]]]:
    jobs = {
        days[0]: row(
            persoon,
            days,
            gemeente_code=draw(st.sampled_from(GEMEENTEN)),
            fte=draw(st.sampled_from((Decimal("0.5"), Decimal("0.8889"), Decimal(1)))),
            arbeidshandicap=draw(st.sampled_from(("matig", "ernstig", None))),
            werkvorm=draw(st.sampled_from(WERKVORMEN)),
        )
        for days in draw(stretches(3))
    }
    months = draw(st.sets(an_edge().map(lambda day: f"{day:%Y-%m}"), max_size=3)) if jobs else set()
    absence = [
        {
            "persoon": persoon,
            "maand": maand,
            "verzuimdagen": draw(st.sampled_from((Decimal(0), Decimal("3.5")))),
            "beschikbare_dagen": draw(st.sampled_from((Decimal("24.5"), Decimal(30)))),
            "meldingen": draw(st.sampled_from((0, 1, None))),
            **REGIE,
        }
        for maand in sorted(months)
    ]
    return {"sw": list(jobs.values()), "verzuim": absence}


@st.composite
def measurement_rows(draw: st.DrawFn, persoon: str) -> list[dict[str, Any]]:
    last = draw(an_edge())
    beside = st.sampled_from((-2, -1, 0, 1, 2))
    months = draw(st.one_of(st.just(()), st.sampled_from(((15, 9), (12,), (12, 12), (9,), (15,)))))
    days = {add_months(last, -ago) + timedelta(days=draw(beside)) for ago in months} | ({last} if months else set())
    return [
        {"persoon": persoon, "datum": day, "instrument": "zrm_werk", "score": Decimal(draw(st.integers(1, 3))), **REGIE}
        for day in sorted(days)
    ]


@st.composite
def income_rows(draw: st.DrawFn, persoon: str) -> list[dict[str, Any]]:
    months = draw(st.sets(an_edge().map(lambda day: f"{day:%Y-%m}"), max_size=4))
    amounts = st.sampled_from((Decimal("-100"), Decimal(0), Decimal("100"), Decimal("250.5")))
    kinds = st.sets(st.sampled_from(("loon", "onderneming", "overig")), max_size=3)
    return [
        {"persoon": persoon, "maand": maand, "soort": soort, "bedrag": draw(amounts), **REGIE}
        for maand in sorted(months)
        for soort in sorted(draw(kinds))
    ]


@st.composite
def other_rows(draw: st.DrawFn, persoon: str) -> dict[str, list[dict[str, Any]]]:
    """Every other entity of one person."""
    return {
        **draw(guidance(persoon)),
        **draw(sw_rows(persoon)),
        "voorziening": draw(help_rows(persoon)),
        "plaatsing": draw(placement_rows(persoon)),
        "lks": draw(decision_rows(persoon)),
        "nieuw_beschut": draw(advice_rows(persoon)),
        "meting": draw(measurement_rows(persoon)),
        "inkomsten": draw(income_rows(persoon)),
    }
