"""What else is registered about the persons of `organisation`: income, trajecten, placements, subsidies, sw, money,
full of edges. A generator of its own, so that the benefits of a seed stay what they were. All persons are invented."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import product as product_of
from typing import Any

from organisation import GEMEENTEN, organisation, parameters, some_day
from werkmonitor.core.reference import History, Parameters, Source
from werkmonitor.core.reference.dates import add_months
from werkmonitor.core.reference.model import Row

NEIGHBOUR = "GM0281"  # a gemeente that is not of the organisation, but of its sw
PLACES = (*GEMEENTEN, *GEMEENTEN, NEIGHBOUR)
HOURS = (*map(Decimal, ("0", "8", "11.99", "12", "23.9", "24", "25.5", "28", "32", "34.99", "35", "36", "40")), None)
SOORTEN = (
    *("regulier", "regulier", "detachering_individueel", "detachering_groep", "begeleid_werken", "nieuw_beschut"),
    *("proefplaatsing", "leerwerkplek", "ontwikkeltraject"),
)
END_REASONS = (
    *("geplaatst", "onderwijs", "overig", None, "terugmelding_tijdelijk", "terugmelding_structureel"),
    *("terugmelding_geen_doelgroep", "terugmelding_niet_verschenen", "terugmelding_zoekperiode"),
)
PHASES = ("intensieve_begeleiding", "op_weg_naar_werk", "jobready")
WERKVORMEN = ("sw_beschut", "werken_op_locatie", "detachering_groep", "detachering_individueel", "begeleid_werken")
POSTS = (
    *("baten", "programmalasten", "overhead", "omzet", "directe_kosten", "bedrijfskosten", "loonkosten_sw"),
    *("rijksbijdrage_sw", "uitkeringslasten", "lks_lasten", "terugvordering", "buig_budget", "toegevoegde_waarde"),
    "resultaat",
)
PRODUCTS = ("re-integratie", "beschut werk")
BOUGHT = ("baten", "programmalasten")
PRICES = (Decimal("1250"), Decimal("1250"), Decimal("1250"), Decimal("980.55"), Decimal("0"))
SERVICES = {
    "regie": (3, ("plaatsing", "traject", "trajectfase", "voorziening", "meting")),
    "sw_administratie": (4, ("sw", "verzuim")),
    "inkomen": (5, ("inkomsten",)),
    "jaarverslagen": (6, ("financien", "doelstelling", "tevredenheid")),
}
ORDER_OF = {entiteit: (bron, order) for bron, (order, entities) in SERVICES.items() for entiteit in entities}


def full_parameters(**changes: Any) -> Parameters:
    """The settings that go with `full_organisation`: a source for every entity, and sw for other gemeenten."""
    first, buurgemeente, polis, regie, _ = parameters().sources
    sources = (
        first,
        replace(buurgemeente, entiteiten=(*buurgemeente.entiteiten, "traject", "trajectfase")),
        polis,
        Source("regie", (*regie.entiteiten, *SERVICES["regie"][1])),
        Source("sw_administratie", SERVICES["sw_administratie"][1]),
        Source("inkomen", SERVICES["inkomen"][1], historie_vanaf=date(2016, 2, 1)),
        Source("jaarverslagen", ("reeks", *SERVICES["jaarverslagen"][1])),
    )
    return parameters(**({"sources": sources, "taken": {"sw": (GEMEENTEN[0], NEIGHBOUR)}} | changes))


def full_organisation(seed: int, persons: int = 300) -> History:
    """`organisation` with every other entity, and persons beside it who never had a benefit."""
    history, rng = organisation(seed, persons), random.Random(seed + 1)
    fill(history.persoon, lambda _: own_gemeente(rng))
    fill(history.dienstverband, lambda _: job_details(rng))
    names = [f"{number:064x}" for number in range(persons + persons // 5)]
    fill(history.lks, lambda _: subsidy_details(rng))
    fill(history.nieuw_beschut, lambda row: advice_details(rng, row))
    for persoon in names:
        add_services(rng, history, persoon)
    for rows in (history.traject, history.plaatsing, history.inkomsten, history.meting, history.lks, history.sw):
        rng.shuffle(rows)
    add_money(rng, history)
    add_denominators(rng, history)
    add_prices_of_others(rng, history)
    return history


def fill(rows: list[Row], more: Callable[[Row], dict[str, Any]]) -> None:
    """Give every row the columns that `more` makes for it."""
    rows[:] = [{**row, **more(row)} for row in rows]


def job_details(rng: random.Random) -> dict[str, Any]:
    return {"uren_per_week": rng.choice(HOURS), "contract": rng.choice(("vast", "tijdelijk", "oproep", None))}


def own_gemeente(rng: random.Random) -> dict[str, Any]:
    begin = some_day(rng) if rng.random() < 0.5 else None
    return {
        "gemeente_code": rng.choice((*PLACES, None)),
        "doelgroepregister_begin": begin,
        "doelgroepregister_eind": begin + timedelta(days=rng.randrange(2000)) if begin and rng.random() < 0.4 else None,
    }


def subsidy_details(rng: random.Random) -> dict[str, Any]:
    loonwaarde = rng.choice((*map(Decimal, ("0", "29.5", "30", "45.5", "60", "100", "110")), None))
    return {"loonwaarde": loonwaarde, "uren_per_week": rng.choice(HOURS)}


def advice_details(rng: random.Random, row: Row) -> dict[str, Any]:
    einde = row["adviesdatum"] + timedelta(days=rng.randrange(800)) if rng.random() < 0.4 else None
    advies = "negatief" if rng.random() < 0.15 else "positief"
    return {"einde_advies": einde, "advies": advies, "uren_per_week": rng.choice(HOURS)}


def tagged(entiteit: str, row: dict[str, Any]) -> dict[str, Any]:
    bron, order = ORDER_OF[entiteit]
    return row | {"bron": bron, "bron_volgorde": order}


def end_after(rng: random.Random, begin: date, open_share: float = 0.3) -> date | None:
    if rng.random() < open_share:
        return None
    return begin + timedelta(days=rng.choice((0, 1, 30, 89, 182, 365, 730, 731, 1100)) + rng.randrange(20))


def add_services(rng: random.Random, history: History, persoon: str) -> None:
    for _ in range(rng.choice((0, 0, 1, 2, 3))):
        add_traject(rng, history, persoon)
    add_placements(rng, history, persoon)
    add_help(rng, history, persoon)
    if rng.random() < 0.3:
        add_income(rng, history, persoon)
    if rng.random() < 0.3:
        add_measurements(rng, history, persoon)
    if rng.random() < 0.15:
        add_sw(rng, history, persoon)
    if rng.random() < 0.2:
        add_more_decisions(rng, history, persoon)


def add_traject(rng: random.Random, history: History, persoon: str) -> None:
    """Around the end of a benefit or of another traject, sometimes touching, with fases that change or not."""
    own = [r for r in history.traject if r["persoon"] == persoon]
    ends = [
        r["einddatum"] for r in (*own, *(r for r in history.uitkering if r["persoon"] == persoon)) if r["einddatum"]
    ]
    around = rng.choice(ends) + timedelta(days=rng.choice((-89, -91, -1, 0, 1, 2, 31))) if ends else None
    day = around if around and rng.random() < 0.6 else some_day(rng)
    begin = day + timedelta(days=rng.choice((-3, 0, 1, 14, 60))) if rng.random() < 0.8 else None
    eind = end_after(rng, begin or day)
    traject_id, neighbour = f"T{len(history.traject):05d}", {}
    if history.traject and rng.random() < 0.1:  # another source has a traject of the same number
        other = history.traject[-1]
        if other["bron"] == "regie":
            traject_id, neighbour = other["traject_id"], {"bron": "buurgemeente", "bron_volgorde": 1}
    row = {
        "traject_id": traject_id,
        "persoon": persoon,
        "gemeente_code": rng.choice(PLACES),
        "aanmelddatum": day,
        "begindatum": begin,
        "einddatum": None if eind is None else max(eind, day),
        "reden_einde": None if eind is None else rng.choice(END_REASONS),
    }
    history.traject.append(tagged("traject", row) | neighbour)
    start = begin or day
    for _ in range(rng.choice((0, 0, 1, 2, 4))):
        phase = {"traject_id": traject_id, "fase": rng.choice(PHASES), "begindatum": start}
        phase["einddatum"] = end_after(rng, start, 0.5)
        history.trajectfase.append(tagged("trajectfase", phase) | (neighbour if rng.random() < 0.7 else {}))
        start += timedelta(days=rng.choice((1, 30, 200)))


def add_help(rng: random.Random, history: History, persoon: str) -> None:
    """Voorzieningen around the begin or end of a traject, one after or over the other; some of them a jobcoach."""
    around = [r["begindatum"] or r["aanmelddatum"] for r in history.traject if r["persoon"] == persoon]
    begin = rng.choice(around) if around and rng.random() < 0.7 else some_day(rng)
    for _ in range(rng.choice((0, 0, 1, 2))):
        eind = end_after(rng, begin)
        row = {
            "voorziening_id": f"V{len(history.voorziening):05d}",
            "persoon": persoon,
            "type": rng.choice(("30", "30", "29", "99")),
            "begindatum": begin,
            "einddatum": eind,
        }
        history.voorziening.append(tagged("voorziening", row))
        begin = (eind or begin) + timedelta(days=rng.choice((-10, 0, 1, 2, 90)))


def add_placements(rng: random.Random, history: History, persoon: str) -> None:
    ends = [r["einddatum"] for r in history.uitkering if r["persoon"] == persoon and r["einddatum"] is not None]
    for _ in range(rng.choice((0, 0, 1, 2))):
        near = rng.choice(ends) + timedelta(days=rng.choice((-91, -90, -20, 0, 1, 2))) if ends else some_day(rng)
        row = {
            "plaatsing_id": f"P{len(history.plaatsing):05d}",
            "persoon": persoon,
            "werkgever_id": f"W{rng.randrange(40)}",
            "begindatum": near,
            "einddatum": end_after(rng, near),
            "soort": rng.choice(SOORTEN),
            "uren_per_week": rng.choice(HOURS),
            "gemeente_code_werk": rng.choice((*PLACES, None)),
        }
        history.plaatsing.append(tagged("plaatsing", row))


def add_income(rng: random.Random, history: History, persoon: str) -> None:
    """Some months in a row, with corrections that take all of it back and months that are not over."""
    month = some_day(rng, date(2015, 6, 1), date(2025, 8, 1)).replace(day=1)
    for _ in range(rng.choice((1, 3, 14))):
        for soort in {rng.choice(("loon", "onderneming", "overig")) for _ in range(2)}:
            bedrag = Decimal(rng.choice(("0", "0.01", "120.55", "640.10", "-120.55", "1800")))
            row = {"persoon": persoon, "maand": f"{month:%Y-%m}", "bedrag": bedrag, "soort": soort}
            history.inkomsten.append(tagged("inkomsten", row))
        month = add_months(month, 1)


def add_measurements(rng: random.Random, history: History, persoon: str) -> None:
    """About a year apart, on and around the edges of 9 and 15 months, and two that are as near to 12."""
    day = some_day(rng)
    instrument = rng.choice(("participatieladder", "zrm_werk", "doelladder"))
    days = {day, *(add_months(day, -n) + timedelta(days=rng.choice((-1, 0, 1))) for n in (9, 15) if rng.random() < 0.7)}
    distance = timedelta(days=rng.randrange(40))
    if rng.random() < 0.5:
        days |= {add_months(day, -12) - distance, add_months(day, -12) + distance}
    for one in sorted(days):
        row = {"persoon": persoon, "datum": one, "instrument": instrument, "score": Decimal(rng.randrange(1, 7))}
        history.meting.append(tagged("meting", row))


def add_sw(rng: random.Random, history: History, persoon: str) -> None:
    begin = some_day(rng, date(2014, 1, 1), date(2023, 12, 31))
    for _ in range(rng.choice((1, 1, 2, 3))):
        eind = end_after(rng, begin, 0.4)
        row = {
            "persoon": persoon,
            "gemeente_code": rng.choice(PLACES),
            "begindatum": begin,
            "einddatum": eind,
            "fte": Decimal(rng.choice(("0.5", "0.8889", "1"))),
            "arbeidshandicap": rng.choice(("matig", "ernstig", None)),
            "werkvorm": rng.choice(WERKVORMEN),
        }
        history.sw.append(tagged("sw", row))
        begin = (eind or begin + timedelta(days=500)) + timedelta(days=rng.choice((-10, 1, 1, 2, 40)))
        if any(r["persoon"] == persoon and r["begindatum"] == begin for r in history.sw):
            begin += timedelta(days=3)
    month = begin.replace(day=1)
    for _ in range(rng.choice((0, 5, 14))):
        days = Decimal(rng.choice(("30", "24.5", "0")))
        lost = Decimal(rng.choice(("0", "3.5", "12")))
        numbers = {"verzuimdagen": min(lost, days), "beschikbare_dagen": days, "meldingen": rng.choice((0, 1, 2, None))}
        history.verzuim.append(tagged("verzuim", {"persoon": persoon, "maand": f"{month:%Y-%m}", **numbers}))
        month = add_months(month, -1)


def add_more_decisions(rng: random.Random, history: History, persoon: str) -> None:
    """Decisions on and after each other, and a second advice."""
    begin = some_day(rng, date(2015, 1, 1), date(2024, 12, 31))
    for _ in range(rng.choice((1, 2, 3))):
        eind = end_after(rng, begin)
        row = {
            "persoon": persoon,
            "beschikking_id": f"M{len(history.lks):05d}",
            "begindatum": begin,
            "einddatum": eind,
            "forfaitair": rng.random() < 0.3,
            "nieuw_beschut": rng.random() < 0.3,
            **subsidy_details(rng),
        }
        history.lks.append(row | {"bron": "regie", "bron_volgorde": 3})
        begin = (eind or begin) + timedelta(days=rng.choice((-10, 0, 1, 1, 2)))
    if rng.random() < 0.6:
        advies = some_day(rng)
        start = advies + timedelta(days=rng.choice((-5, 0, 90, 300))) if rng.random() < 0.5 else None
        row = {
            "persoon": persoon,
            "gemeente_code": rng.choice(PLACES),
            "adviesdatum": advies,
            "begindatum": start,
            "einddatum": None if start is None else end_after(rng, start),
            "bron": "regie",
            "bron_volgorde": 3,
        }
        if not any(r["persoon"] == persoon and r["adviesdatum"] == advies for r in history.nieuw_beschut):
            history.nieuw_beschut.append(row | advice_details(rng, row))


# -- money and what others laid down ----------------------------------------------------------------------------------


def add_money(rng: random.Random, history: History) -> None:
    """Posts of some years: by onderdeel or as totaal, for the organisation or per gemeente, with parts left out.

    In some years any row may have a number and a price, in others the products of two posts all have.
    """
    for year in range(2017, 2026):
        complete, messy = rng.random() < 0.5, rng.random() < 0.3
        for post in POSTS:
            if not complete and rng.random() < 0.25:
                continue
            codes = rng.choice(((None,), GEMEENTEN, GEMEENTEN[:2], (None, *GEMEENTEN)))
            parts = rng.choice((("werk", "sw"), ("totaal",), ("werk", "sw", "totaal"), ("sw",)))
            products = rng.choice(((None,), PRODUCTS, (f" {PRODUCTS[0]}", None)))
            bought = 0.4 if messy else 0.97 if post in BOUGHT and products[0] else 0.0
            keys = [
                (soort, part, product) for soort in soorten(rng, complete) for part in parts for product in products
            ]
            for code in codes:
                history.financien.extend(
                    tagged("financien", money_row(rng, year, post, code, bought, *key)) for key in keys
                )
    for year in range(2018, 2026):
        for groep in ("kandidaat", "werkgever", "medewerker_sw"):
            for number in range(rng.choice((0, 1, 1, 2))):
                history.tevredenheid.append(survey(rng, year, groep, number))


def soorten(rng: random.Random, complete: bool) -> tuple[str, ...]:
    everything = ("begroot", "prognose", "realisatie")
    return (
        everything if complete else rng.choice((everything, ("begroot", "realisatie"), ("realisatie",), ("begroot",)))
    )


def money_row(
    rng: random.Random,
    year: int,
    post: str,
    code: str | None,
    bought: float,
    soort: str,
    part: str,
    product: str | None,
) -> dict[str, Any]:
    priced = rng.random() < bought
    return {
        "jaar": year,
        "onderdeel": part,
        "product": product,
        "post": post,
        "soort": soort,
        "bedrag": rng.choice((Decimal(rng.randrange(-10_000, 5_000_000)) / 100,) * 9 + (Decimal(0),)),
        "hoeveelheid": Decimal(rng.randrange(400)) / 4 if priced else None,
        "prijs": rng.choice(PRICES) if priced and rng.random() < 0.95 else None,
        "gemeente_code": code,
    }


def add_prices_of_others(rng: random.Random, history: History) -> None:
    """Prices of products, national, of the organisation or of a gemeente; some years or products without, some by two
    definitions."""
    for year in range(2017, 2026):
        for bron, product, regio in product_of(("Adviseur", "Branche"), PRODUCTS, ("NL01", "AM08", GEMEENTEN[0])):
            if rng.random() < (0.15 if regio == "NL01" else 0.7):
                continue
            for definitie in rng.choice((("prijs@1",), ("prijs@1",), ("prijs@2", "prijs@1"))):
                row = denominator(rng, "normprijs", regio, f"{year}JJ00")[0]
                price = {"bron": bron, "definitie_id": definitie, "uitsplitsing": f"product={product}"}
                history.reeks.append(row | price | {"eenheid": "EUR"})


def survey(rng: random.Random, year: int, groep: str, number: int) -> dict[str, Any]:
    n = rng.choice((0, 3, 8, 120))
    invited = None if rng.random() < 0.3 else n + rng.choice((0, 40))
    row = {"onderzoek_id": f"O{number}", "jaar": year, "groep": groep, "n": n, "uitgenodigd": invited}
    return tagged("tevredenheid", row | {"score": Decimal(rng.randrange(10, 100)) / 10})


def add_denominators(rng: random.Random, history: History) -> None:
    """What others count: the doelgroepregister, households, inhabitants, the taakstelling; sometimes of one region
    only, from two publishers, empty, 0 or not whole."""
    for name, kinds in (
        ("doelgroepregister", ("JJ00", "KW01", "KW02", "KW04")),
        ("huishoudens", ("JJ00",)),
        ("inwoners", ("JJ00",)),
        ("nieuw_beschut_taakstelling", ("JJ00",)),
    ):
        for year in range(2016, 2026):
            for kind in kinds:
                for regio in (*GEMEENTEN, "AM08"):
                    if rng.random() < (0.6 if regio == "AM08" else 0.15):
                        continue
                    history.reeks.extend(denominator(rng, name, regio, f"{year}{kind}"))
    for year in range(2016, 2026):
        for indicator in ("nieuw_beschut_plekken_31", "nieuw_beschut_plekken"):
            for regio in (*GEMEENTEN, "AM08"):
                if rng.random() < 0.4:
                    goal = {"indicator_id": indicator, "regio_code": regio, "periode": f"{year}JJ00"}
                    numbers = {"waarde": float(rng.randrange(20)), "soort": "norm", "richting": "hoger_is_beter"}
                    history.doelstelling.append(tagged("doelstelling", goal | numbers))


def denominator(rng: random.Random, name: str, regio: str, periode: str) -> list[dict[str, Any]]:
    found = []
    for bron in rng.choice((("cbs",), ("cbs",), ("atlas", "cbs"))):
        empty = rng.random() < 0.1
        found.append(
            {
                "bron": bron,
                "indicator_id": name,
                "definitie_id": f"{name}_{bron}@1",
                "regio_code": regio,
                "periode": periode,
                "uitsplitsing": "totaal",
                "waarde": None if empty else rng.choice((0.0, 12.0, 37.5, 410.0)),
                "eenheid": "aantal",
                "status": rng.choice(("definitief", "definitief", "nader_voorlopig", "voorlopig")),
                "reden_leeg": "geheim" if empty else None,
            }
        )
    return found
