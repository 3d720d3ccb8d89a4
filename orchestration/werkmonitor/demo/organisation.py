"""Puts the example organisation together: one block of people with all that is delivered about them.

What belongs here: the order in which things follow from each other, and which source delivers what. What does not: how
anything is made up (the other modules) and files (`writer.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from werkmonitor.demo import (
    accounts,
    aims,
    benefit,
    income,
    jobs,
    key_figures,
    people,
    placements,
    population,
    report,
    sheltered,
    trajectories,
)
from werkmonitor.demo.days import OPEN, day

CBS = "CBS"
STREAMS = 16  # of chance: every part has its own, so that a change in one leaves the others as they are


@dataclass
class Block:
    """The tables about persons of one block by `bron/entiteit`, its sums for the accounts and what came out of it."""

    tables: dict[str, pa.Table]
    norm_paid: np.ndarray
    sw_fte: np.ndarray
    tallies: report.Tallies = field(default_factory=report.Tallies)


def invent(persons: int, seed: int, block: int = 0) -> Block:
    """One block of the organisation. The same persons, seed and block give the same tables; ids of blocks differ."""
    streams = [np.random.default_rng(part) for part in np.random.SeedSequence([seed, block]).spawn(STREAMS)]
    households, spells = population.simulate(persons, streams[0])
    everybody = people.make(households, spells, persons, streams[1])
    uitkering = benefit.uitkering(spells, everybody, streams[4])
    careers = jobs.simulate(spells, everybody, streams[3])
    trajects = trajectories.simulate(spells, everybody, persons, streams[6])
    places = placements.simulate(careers, everybody, trajects, persons, streams[7])
    subsidies = placements.subsidise(places, everybody, persons, streams[8])
    placements.note_disability(places, subsidies, everybody)
    employees = sheltered.simulate(persons, streams[9])
    numbers = everybody.employees(len(employees))
    known = np.unique(np.concatenate([trajects.person, places.person]))
    homes = [aims.sw_gemeenten()[number] for number in employees.gemeente.tolist()]
    persoon, kenmerk = people.persoon_and_kenmerk(everybody, spells, streams[2])
    of_clients, of_candidates = people.koppeling(everybody, known, block)
    tables = {
        "uitkeringen/persoon": persoon,
        "uitkeringen/kenmerk": kenmerk,
        "uitkeringen/uitkering": uitkering,
        "uitkeringen/koppeling": of_clients,
        "polis/dienstverband": jobs.dienstverband(careers, everybody, streams[5]),
        "polis/inkomsten": income.inkomsten(careers, everybody, streams[10]),
        "werkbedrijf/persoon": people.persons_of_the_werkbedrijf(everybody, known, numbers, employees.birth, homes),
        "werkbedrijf/koppeling": of_candidates,
        "werkbedrijf/traject": trajectories.traject(trajects, everybody),
        "werkbedrijf/trajectfase": trajectories.trajectfase(trajects, streams[11]),
        "werkbedrijf/meting": trajectories.meting(trajects, everybody, streams[12]),
        "werkbedrijf/plaatsing": placements.plaatsing(places, everybody, streams[13]),
        "werkbedrijf/lks": placements.lks(places, subsidies, everybody, streams[13]),
        "werkbedrijf/nieuw_beschut": placements.nieuw_beschut(places, everybody, trajects, streams[14]),
        "werkbedrijf/voorziening": placements.voorziening(places, subsidies, everybody, trajects, streams[15]),
        "werkbedrijf/sw": sheltered.sw(employees, numbers, streams[9]),
        "werkbedrijf/verzuim": sheltered.verzuim(employees, numbers, streams[9]),
    }
    tallies = report.tally(spells, everybody, careers, trajects, places, subsidies)
    report.tally_employees(tallies, employees, tables["werkbedrijf/verzuim"])
    named = {name: _in_block(table, block) for name, table in tables.items()}
    return Block(named, _norm_paid(uitkering), _sw_fte(employees), tallies)


def without_persons(norm_paid: np.ndarray, sw_fte: np.ndarray, persons: int) -> dict[str, pa.Table]:
    """What is delivered about the organisation as a whole."""
    published = pa.concat_tables([accounts.reeks(), key_figures.reeks(persons)])
    return {
        "jaarstukken/financien": accounts.financien(norm_paid, sw_fte, persons),
        "jaarstukken/tevredenheid": accounts.tevredenheid(),
        "jaarstukken/doelstelling": accounts.doelstelling(),
        "jaarstukken/reeks": published.filter(pc.field("bron") != CBS),
        "cbs/reeks": published.filter(pc.field("bron") == CBS),
    }


def _in_block(table: pa.Table, block: int) -> pa.Table:
    """Ids of later blocks carry the number of the block."""
    if block == 0:
        return table
    for position, name in enumerate(table.column_names):
        if name.endswith("_id") or name == "clientnummer":
            marked = pc.replace_substring(table[name], "DEMO-", f"DEMO-{block}-", max_replacements=1)
            table = table.set_column(position, name, marked)
    return table


def _norm_paid(uitkering: pa.Table) -> np.ndarray:
    """Year x gemeente: what the benefits cost by the norms of the rows (a couple has its norm in both its rows)."""
    codes = uitkering["gemeente_code"].combine_chunks().dictionary_encode()
    today = {row["vroeger_code"]: row["gemeente_code"] for row in aims.read("gemeenten") if row["vroeger_code"]}
    place = np.array([aims.gemeenten().index(today.get(code, code)) for code in codes.dictionary.to_pylist()])
    gemeente = place[codes.indices.to_numpy()]
    begin = uitkering["begindatum"].cast(pa.int32()).to_numpy().astype(np.int64)
    end = uitkering["einddatum"].cast(pa.int32()).fill_null(OPEN).to_numpy().astype(np.int64)
    monthly = uitkering["norm_bedrag"].to_numpy() * np.where(
        pc.equal(uitkering["leefvorm"], "3").to_numpy(zero_copy_only=False), 0.5, 1.0
    )
    counts = ~np.isin(uitkering["regeling"].to_numpy(zero_copy_only=False), ("TOZO", "BBZ"))
    found = []
    for year in aims.years():
        days = np.minimum(end, day(year, 12, 31)) - np.maximum(begin, day(year, 1, 1)) + 1
        paid = np.maximum(days, 0) / 365.25 * 12 * monthly * counts
        found.append(np.bincount(gemeente, paid, len(aims.gemeenten())))
    return np.array(found)


def _sw_fte(employees: sheltered.Employees) -> np.ndarray:
    """Fte of the sw at the end of each year."""
    return np.array([employees.fte[employees.end > day(year, 12, 31)].sum() for year in aims.years()])
