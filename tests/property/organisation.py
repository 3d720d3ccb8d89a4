"""A random organisation by seed, without Hypothesis: for one big comparison. All persons are invented."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

from werkmonitor.core.reference import History, Parameters, Source

GEMEENTEN = ("GM0268", "GM0296", "GM0252")
REASONS = (
    *("01", "02", "03", "04", "05", "06", "07", "11", "11", "11", "13", "13", "14", "15", "17", "18", "19"),
    *("31", "32", "33", "34", "35", "97", "98", "99", None, None),
)
REGELINGEN = ("PW",) * 8 + ("IOAW", "IOAZ", "BBZ", "TOZO")
VERMOGEN = ("onbekend", "tijdelijk_onbemiddelbaar", "onder_wml", "wml_met_hulp", "wml_zelfstandig", None)
GAPS = (0, 0, 1, 2, 14, 29, 30, 31, 32, 33, 60, 90, 182, 365, 366, 700)
SOURCES = {
    "sociaal": (0, ("uitkering", "persoon")),
    "buurgemeente": (1, ("uitkering", "persoon", "kenmerk")),
    "polis": (2, ("dienstverband", "persoon")),
    "regie": (3, ("lks", "nieuw_beschut", "kenmerk")),
}


def parameters(**changes: Any) -> Parameters:
    """The settings that go with `organisation`: three gemeenten, five sources, ten years."""
    defaults: dict[str, Any] = {
        "peildatum": date(2025, 6, 30),
        "regio_code": "AM08",
        "gemeenten": GEMEENTEN,
        "indeling_jaar": 2025,
        "sources": (
            Source("sociaal", ("uitkering", "persoon"), historie_vanaf=date(2014, 1, 1)),
            Source("buurgemeente", ("uitkering", "persoon", "kenmerk"), historie_vanaf=date(2014, 3, 1)),
            Source("polis", ("dienstverband", "persoon"), dekking="volledig", historie_vanaf=date(2015, 7, 1)),
            Source("regie", ("lks", "nieuw_beschut", "kenmerk")),
            Source("jaarverslagen", ("reeks",)),
        ),
    }
    return Parameters(**(defaults | changes))


def organisation(seed: int, persons: int = 300) -> History:
    """About `persons` persons with benefit, work, lks, traits and quarantine, 2014-2025, full of edges."""
    rng = random.Random(seed)
    history = History()
    for number in range(persons):
        add_person(rng, history, f"{number:064x}")
    for entiteit in ("uitkering", "dienstverband", "persoon", "kenmerk", "lks", "nieuw_beschut"):
        rng.shuffle(history.rows_of(entiteit))
    add_published(rng, history)
    return history


def some_day(rng: random.Random, first: date = date(2014, 1, 1), last: date = date(2025, 9, 30)) -> date:
    """A day, more often than chance the first or last of a month or around 29 February."""
    day = first + timedelta(days=rng.randrange((last - first).days + 1))
    kind = rng.random()
    if kind < 0.15:
        return day.replace(day=1)
    if kind < 0.40:
        return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    if kind < 0.45:
        return date(rng.choice((2016, 2020, 2024)), 2, 29)
    return day


def add_person(rng: random.Random, history: History, persoon: str) -> None:
    bron = rng.choice(("sociaal", "sociaal", "buurgemeente"))
    if rng.random() < 0.95:
        history.persoon.append(person_row(rng, persoon, bron))
        if rng.random() < 0.1:
            history.persoon.append(person_row(rng, persoon, "polis"))
    add_benefits(rng, history, persoon, bron)
    add_jobs(rng, history, persoon)
    for _ in range(rng.choice((0, 0, 1, 2))):
        history.kenmerk.append(trait_row(rng, persoon))
    if rng.random() < 0.15:
        history.lks.append(lks_row(rng, persoon, len(history.lks)))
    if rng.random() < 0.05:
        history.nieuw_beschut.append(sheltered_row(rng, persoon))
    if rng.random() < 0.03:
        entiteit = rng.choice(("uitkering", "dienstverband", "persoon"))
        history.quarantaine.append({"persoon": persoon, "entiteit": entiteit})


def tagged(bron: str, row: dict[str, Any]) -> dict[str, Any]:
    return row | {"bron": bron, "bron_volgorde": SOURCES[bron][0]}


def person_row(rng: random.Random, persoon: str, bron: str) -> dict[str, Any]:
    near_aow = rng.random() < 0.15
    born = (
        some_day(rng, date(1948, 1, 1), date(1959, 12, 31))
        if near_aow
        else some_day(rng, date(1955, 1, 1), date(2003, 1, 1))
    )
    return tagged(
        bron,
        {
            "persoon": persoon,
            "geboortedatum": born if rng.random() < 0.97 else None,
            "geslacht": rng.choice(("M", "V", "X", None)),
            "overlijdensdatum": some_day(rng) if rng.random() < 0.08 else None,
            "vertrekdatum": some_day(rng) if rng.random() < 0.08 else None,
            "statushouder": rng.choice((True, False, None)),
            "arbeidsbeperking": rng.choice((True, False, None)),
            "arbeidsvermogen": rng.choice(VERMOGEN),
        },
    )


def add_benefits(rng: random.Random, history: History, persoon: str, bron: str) -> None:
    """One to six rows with gaps around the tolerance, sometimes overlapping or in a second dossier."""
    begin = some_day(rng, date(2013, 1, 1), date(2023, 6, 1))
    dossier = f"D{len(history.uitkering):05d}"
    if history.uitkering and rng.random() < 0.1:
        dossier = history.uitkering[-1]["dossier_id"]
    for number in range(rng.choice((1, 1, 2, 2, 3, 4, 6))):
        if number and rng.random() < 0.3:
            dossier = f"D{len(history.uitkering):05d}{rng.choice('aZ')}"
        eind = begin + timedelta(days=rng.choice((0, 1, 20, 100, 364, 365, 366, 730, 1200)) + rng.randrange(40))
        if rng.random() < 0.3:
            eind = (eind.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        still_open = rng.random() < 0.12
        source = "buurgemeente" if rng.random() < 0.1 else bron
        if not any(
            r["persoon"] == persoon and r["dossier_id"] == dossier and r["begindatum"] == begin
            for r in history.uitkering
        ):
            history.uitkering.append(
                tagged(
                    source,
                    {
                        "persoon": persoon,
                        "dossier_id": dossier,
                        "regeling": rng.choice(REGELINGEN),
                        "gemeente_code": rng.choice(GEMEENTEN),
                        "begindatum": begin,
                        "einddatum": None if still_open else max(begin, eind),
                        "reden_einde": None if still_open else rng.choice(REASONS),
                        "leefvorm": rng.choice(("1", "2", "3", "4", None)),
                    },
                )
            )
        begin = max(begin, eind) + timedelta(days=1 + rng.choice(GAPS))
        if rng.random() < 0.15:
            begin -= timedelta(days=rng.randrange(60))


def add_jobs(rng: random.Random, history: History, persoon: str) -> None:
    """Jobs that often begin around the end of a benefit row, with gaps around 31 days."""
    ends = [r["einddatum"] for r in history.uitkering if r["persoon"] == persoon and r["einddatum"] is not None]
    for _ in range(rng.choice((0, 0, 1, 1, 2))):
        near = rng.choice(ends) + timedelta(days=rng.choice((-20, 0, 1, 15, 31, 32, 60))) if ends else some_day(rng)
        begin = near
        for _ in range(rng.choice((1, 1, 2, 3))):
            eind = begin + timedelta(days=rng.choice((0, 29, 30, 31, 90, 180, 183, 364, 365, 548, 900)))
            still_open = rng.random() < 0.2
            history.dienstverband.append(
                tagged(
                    "polis",
                    {
                        "persoon": persoon,
                        "dienstverband_id": f"J{len(history.dienstverband):05d}",
                        "soort": rng.choice(("loondienst", "loondienst", "loondienst", "zelfstandig", "uwv_uitkering")),
                        "begindatum": begin,
                        "einddatum": None if still_open else eind,
                    },
                )
            )
            begin = eind + timedelta(days=1 + rng.choice((0, 0, 1, 30, 31, 32, 90)))


def trait_row(rng: random.Random, persoon: str) -> dict[str, Any]:
    kenmerk, values = rng.choice(
        (
            ("geslacht", ("M", "V", "X")),
            ("statushouder", ("ja", "nee")),
            ("arbeidsbeperking", ("ja", "nee")),
            ("arbeidsvermogen", [v for v in VERMOGEN if v is not None]),
        )
    )
    begin = some_day(rng)
    return tagged(
        rng.choice(("buurgemeente", "regie")),
        {
            "persoon": persoon,
            "kenmerk": kenmerk,
            "waarde": rng.choice(list(values)),
            "begindatum": begin,
            "einddatum": None if rng.random() < 0.5 else begin + timedelta(days=rng.randrange(1500)),
        },
    )


def lks_row(rng: random.Random, persoon: str, number: int) -> dict[str, Any]:
    begin = some_day(rng)
    return tagged(
        "regie",
        {
            "persoon": persoon,
            "beschikking_id": f"L{number:05d}",
            "begindatum": begin,
            "einddatum": None if rng.random() < 0.5 else begin + timedelta(days=rng.randrange(1500)),
            "forfaitair": rng.random() < 0.3,
            "nieuw_beschut": rng.random() < 0.3,
        },
    )


def sheltered_row(rng: random.Random, persoon: str) -> dict[str, Any]:
    advies = some_day(rng)
    begin = advies + timedelta(days=rng.randrange(300)) if rng.random() < 0.7 else None
    return tagged(
        "regie",
        {
            "persoon": persoon,
            "gemeente_code": rng.choice(GEMEENTEN),
            "adviesdatum": advies,
            "advies": "positief",
            "begindatum": begin,
            "einddatum": None if begin is None or rng.random() < 0.5 else begin + timedelta(days=rng.randrange(900)),
        },
    )


def add_published(rng: random.Random, history: History) -> None:
    """Two published series, one of them with masked and missing years and one too small for an index."""
    for definitie, scale in (("gepubliceerd_a@1", 1000), ("gepubliceerd_b@1", 15)):
        for year in range(2015, 2027):
            empty = rng.random() < 0.15 and year != 2017
            history.reeks.append(
                {
                    "bron": "jaarverslag",
                    "indicator_id": definitie[:-2],
                    "definitie_id": definitie,
                    "regio_code": "AM08",
                    "periode": f"{year}JJ00",
                    "uitsplitsing": "totaal",
                    "waarde": None if empty else float(rng.randrange(scale // 2, scale)),
                    "eenheid": "personen",
                    "status": "voorlopig" if year == 2024 else "definitief",
                    "reden_leeg": rng.choice(("geheim", None)) if empty else None,
                }
            )
    split = {"uitsplitsing": "leeftijd=0-26", "waarde": 12.5, "eenheid": "%", "status": "nader_voorlopig"}
    history.reeks.append({**history.reeks[0], **split})
