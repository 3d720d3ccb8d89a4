"""The entity `uitkering`: rows as a registration holds them, several to a spell, for both persons of a household.

What belongs here: how one spell becomes rows (moves, changes, short interruptions, new dossiers, the gemeenten of the
day). What does not: who is on benefit when (`population.py`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from werkmonitor.demo import aims, columns
from werkmonitor.demo.days import KNOWN_TO, OPEN, day
from werkmonitor.demo.people import People
from werkmonitor.demo.population import CODES, DEATH, PARTNER_WORKS, PENSION, WORK, YEAR, Ints, Spells

CHANGE, MOVE, INTERRUPTION, NEW_DOSSIER = range(4)
KIND_SHARES = (0.48, 0.22, 0.20, 0.10)  # of the moves those are kept for which a household can be found to change with
BREAKS_A_YEAR = 0.32
MERGER, RENAMING = day(2015, 1, 1), day(2016, 1, 1)  # Groesbeek, Millingen, Ubbergen; then renamed Berg en Dal
NORMS = {0: 1091.71, 1: 1091.71, 2: 1559.58, 3: 950.0}  # EUR a month at the level of 2022, by leefvorm 1-4
BETWEEN_REASONS = ("98", "32", "31", "98")
INTERRUPTION_REASONS = ("11", "31", "98", "19")
REGELINGEN = ("PW", "IOAW", "IOAZ", "BBZ", "TOZO")


@dataclass
class Rows:
    """One element a row of a household; `place` is where the household lives from a move on, `last` marks
    the row with which the spell ends."""

    spell: Ints
    household: Ints
    begin: Ints
    end: Ints
    kind: Ints
    place: Ints
    last: Ints


def uitkering(spells: Spells, people: People, rng: np.random.Generator) -> pa.Table:
    """All rows of the entity, sorted by dossier, person and begin."""
    rows = _rows(spells, people, rng)
    _move(rows, people)
    household = _describe(rows, spells, people, rng)
    both = pa.concat_tables([household, _of_partners(rows, household, spells, people, rng), _others(people, rng)])
    return both.sort_by([("dossier_id", "ascending"), ("persoon_id", "ascending"), ("begindatum", "ascending")])


def _breaks(spells: Spells, people: People, rng: np.random.Generator) -> tuple[Ints, Ints, Ints]:
    """Spell, last day of the earlier row and kind of each change inside a spell."""
    last = np.minimum(spells.end, KNOWN_TO)
    length = last - spells.begin + 1
    number = np.where(length > 90, np.minimum(rng.poisson(length / YEAR * BREAKS_A_YEAR), 6), 0)
    spell = np.repeat(np.arange(len(spells)), number)
    at = spells.begin[spell] + 20 + (rng.random(len(spell)) * (length[spell] - 80)).astype(np.int64)
    kind = columns.pick(rng, len(spell), KIND_SHARES)
    for first_of_new in (MERGER, RENAMING):
        code = _former_codes()[people.first_place[spells.household]]
        concerned = (code != "") & ((code != "GM0241") | (first_of_new == RENAMING))
        reissued = np.flatnonzero(
            concerned
            & (spells.begin + 20 < first_of_new)
            & (last > first_of_new + 20)
            & (rng.random(len(spells)) < 0.5)
        )
        spell = np.concatenate([spell, reissued])
        at = np.concatenate([at, np.full(len(reissued), first_of_new - 1)])
        kind = np.concatenate([kind, np.full(len(reissued), NEW_DOSSIER)])
    order = np.lexsort((at, spell))
    spell, at, kind = spell[order], at[order], kind[order]
    apart = np.append(True, (spell[1:] != spell[:-1]) | (at[1:] - at[:-1] > 60)) if len(spell) else np.zeros(0, bool)
    return spell[apart], at[apart], kind[apart]


def _rows(spells: Spells, people: People, rng: np.random.Generator) -> Rows:
    spell, at, kind = _breaks(spells, people, rng)
    gap = np.where(kind == INTERRUPTION, rng.integers(1, 31, len(spell)), 0)
    owner = np.concatenate([np.arange(len(spells)), spell])
    begin = np.concatenate([spells.begin, at + 1 + gap])
    kinds = np.concatenate([np.full(len(spells), -1), kind])
    until = np.concatenate([np.full(len(spells), OPEN), at])
    order = np.lexsort((begin, owner))
    owner, begin, kinds = owner[order], begin[order], kinds[order]
    # The row before a break ends at the break: take the break day from the row that comes after it.
    break_day = until[order]
    last = np.append(owner[1:] != owner[:-1], True)
    end = np.where(last, spells.end[owner], np.append(break_day[1:], OPEN))
    household = spells.household[owner]
    return Rows(owner, household, begin, end, kinds, people.first_place[household], last.astype(np.int64))


def _move(rows: Rows, people: People) -> None:
    """Households that move at about the same time change places, so that no gemeente grows or shrinks by it.

    At most one move a household; one without another to change with is a change of another kind.
    """
    moving = np.flatnonzero(rows.kind == MOVE)
    rows.kind[moving] = CHANGE
    moving = moving[np.unique(rows.household[moving], return_index=True)[1]]
    moving = moving[np.argsort(rows.begin[moving], kind="stable")]
    one, other = moving[0 : len(moving) // 2 * 2 : 2], moving[1::2]
    apart = people.gemeente[rows.household[one]] != people.gemeente[rows.household[other]]
    one, other = one[apart], other[apart]
    to_one, to_other = people.first_place[rows.household[other]], people.first_place[rows.household[one]]
    for moved, place in ((one, to_one), (other, to_other)):
        rows.kind[moved] = MOVE
        rows.place[moved] = place
        people.place[rows.household[moved]] = place


def _carried(event: Ints, household: Ints, values: Ints) -> Ints:
    """Each row takes the value of the latest event of its household (the first row of a household always is one)."""
    first = np.append(True, household[1:] != household[:-1])
    position = np.where(first | event.astype(bool), np.arange(len(household)), 0)
    return values[np.maximum.accumulate(position)]


def _describe(rows: Rows, spells: Spells, people: People, rng: np.random.Generator) -> pa.Table:
    number = len(rows.begin)
    first_of_household = np.append(True, rows.household[1:] != rows.household[:-1])
    first_of_spell = rows.kind < 0
    new_dossier = (rows.kind == MOVE) | (rows.kind == NEW_DOSSIER) | (first_of_spell & (rng.random(number) < 0.6))
    count = np.cumsum(new_dossier | first_of_household)
    sequence = count - np.maximum.accumulate(np.where(first_of_household, count, 0)) + 1
    place = _carried((rows.kind == MOVE).astype(np.int64), rows.household, rows.place)
    reason = _reasons(rows, spells, rng)
    leefvorm = _leefvorm(rows, people, rng)
    ended = rows.end != OPEN
    return pa.table(
        {
            "dossier_id": _dossier_ids(rows.household, sequence),
            "persoon_id": people.ids(2 * rows.household),
            "regeling": columns.texts(REGELINGEN, _regeling(rows, spells, people, rng)),
            "gemeente_code": gemeente_codes(place, rows.begin),
            "begindatum": columns.dates(rows.begin),
            "einddatum": columns.dates(rows.end, ended),
            "reden_einde": pa.array(np.where(ended, reason, ""), pa.string()),
            "leefvorm": pa.array((leefvorm + 1).astype(str), pa.string()),
            "kostendelers": pa.array(1 + columns.pick(rng, number, (0.78, 0.13, 0.06, 0.03)), pa.int64()),
            "norm_bedrag": _norms(leefvorm, rows.begin),
        }
    )


def _dossier_ids(household: Ints, sequence: Ints) -> pa.Array:
    """`DEMO-D0000012-3`: the third dossier of household 12."""
    return pc.binary_join_element_wise(columns.ids("D", household), pc.cast(pa.array(sequence), pa.string()), "-")


def _reasons(rows: Rows, spells: Spells, rng: np.random.Generator) -> np.ndarray:
    """The spell's own reason on its last row; on the rows before it what the next row makes likely."""
    final = CODES[np.maximum(spells.reason[rows.spell], 0)]
    following = np.append(rows.kind[1:], 0)
    between = np.array(BETWEEN_REASONS)[np.maximum(following, 0)]
    pause = np.array(INTERRUPTION_REASONS)[columns.pick(rng, len(rows.begin), (0.35, 0.30, 0.25, 0.10))]
    return np.where(rows.last == 1, final, np.where(following == INTERRUPTION, pause, between))


def _leefvorm(rows: Rows, people: People, rng: np.random.Generator) -> Ints:
    """Leefvorm less one: 2 (gehuwd/samenwonend) for couples; singles change now and then."""
    number = len(rows.begin)
    changes = (rows.kind == CHANGE) & (rng.random(number) < 0.4)
    single = _carried(changes.astype(np.int64), rows.household, columns.pick(rng, number, (0.68, 0.27, 0.0, 0.05)))
    return np.where(people.partner[rows.household], 2, single)


def _regeling(rows: Rows, spells: Spells, people: People, rng: np.random.Generator) -> Ints:
    """IOAW and IOAZ for some of those who came in at 50 or over, PW for the rest; one regeling a spell."""
    age = (spells.begin - people.birth[2 * spells.household]) / YEAR
    drawn = columns.pick(rng, len(spells), (0.83, 0.155, 0.015))
    return np.where(age >= 50, drawn, 0)[rows.spell]


def _former_codes() -> np.ndarray:
    return np.array([row["vroeger_code"] for row in aims.read("gemeenten")])


def gemeente_codes(place: Ints, begin: Ints) -> pa.Array:
    """The code that was valid on the day on which the row begins."""
    today = np.array([row["gemeente_code"] for row in aims.read("gemeenten")])[place]
    return codes_on_the_day(today, begin, _former_codes()[place])


def codes_on_the_day(today: np.ndarray, begin: Ints, former: np.ndarray | str = "GM0241") -> pa.Array:
    """Today's codes as they were on these days: Berg en Dal was three gemeenten, and then Groesbeek for a year."""
    merged = np.where(begin < MERGER, former, "GM0241")
    return pa.array(np.where((today == "GM1945") & (begin < RENAMING), merged, today), pa.string())


def _norms(leefvorm: Ints, begin: Ints) -> pa.Array:
    level = np.array([NORMS[key] for key in sorted(NORMS)])[leefvorm]
    return pa.array(np.round(level * 1.022 ** ((begin - day(2022, 1, 1)) / YEAR), 2))


def _of_partners(rows: Rows, household: pa.Table, spells: Spells, people: People, rng: np.random.Generator) -> pa.Table:
    """The rows of the second person: same dates, mostly the same dossier, until death or AOW."""
    mine = np.flatnonzero(people.partner[rows.household])
    number = people.partner_number(rows.household[mine])
    stop = np.minimum(people.death[number], people.aow[number] - 1)
    begun = rows.begin[mine] <= stop
    mine, number, stop = mine[begun], number[begun], stop[begun]
    table = household.take(pa.array(mine))
    cut = stop < np.minimum(rows.end[mine], KNOWN_TO + 1)
    end = np.where(cut, stop, rows.end[mine])
    why = np.where(people.death[number] <= stop, CODES[DEATH], CODES[PENSION])
    reason = np.where(cut, why, _partner_reason(rows, spells, mine, rng))
    own = people.own_dossier[rows.household[mine]]
    dossier = pa.array(
        np.where(own, _with_suffix(table["dossier_id"]), table["dossier_id"].to_numpy(zero_copy_only=False)),
        pa.string(),
    )
    replaced = {
        "dossier_id": dossier,
        "persoon_id": people.ids(number),
        "einddatum": columns.dates(end, end != OPEN),
        "reden_einde": pa.array(np.where(end != OPEN, reason, ""), pa.string()),
    }
    for name, values in replaced.items():
        table = table.set_column(table.schema.get_field_index(name), name, values)
    return table


def _with_suffix(dossiers: pa.ChunkedArray) -> np.ndarray:
    return pc.binary_join_element_wise(dossiers, "P", "").to_numpy(zero_copy_only=False)


def _partner_reason(rows: Rows, spells: Spells, mine: Ints, rng: np.random.Generator) -> np.ndarray:
    """Where the head finds work the partner's row mostly says 'oorzaak bij partner' (97)."""
    reason = spells.reason[rows.spell[mine]]
    final = rows.last[mine] == 1
    same_per_spell = rng.random(len(spells))[rows.spell[mine]] < PARTNER_WORKS
    by_work = final & np.isin(reason, WORK) & ~same_per_spell
    own = np.where(final, CODES[np.maximum(reason, 0)], "98")
    return np.where(by_work, "97", np.where(final & (reason == DEATH), "97", own))


def _others(people: People, rng: np.random.Generator) -> pa.Table:
    """TOZO of self-employed persons in 2020-21, and a few BBZ rows through the years: neither counts as benefit."""
    extra = people.extra
    number = len(extra.number)
    bbz = rng.random(number) < 0.25
    years = rng.choice(np.array([2014, 2015, 2016, 2017, 2022, 2023, 2024]), int(bbz.sum()))
    new_year = np.array([day(year, 1, 1) for year in range(2014, 2025)])
    begin_bbz = new_year[years - 2014] + rng.integers(0, 365, len(years))
    begin = np.concatenate([extra.begin, begin_bbz])
    end = np.concatenate([extra.end, begin_bbz + rng.integers(60, 500, len(years))])
    person = np.concatenate([extra.number, extra.number[bbz]])
    weights = [float(row["personen"]) for row in aims.read("gemeenten")]
    place = columns.pick(rng, len(person), weights)
    ended = end <= KNOWN_TO
    reason = np.array(["98", "13", "11"])[columns.pick(rng, len(person), (0.6, 0.3, 0.1))]
    return pa.table(
        {
            "dossier_id": columns.ids("Z", np.arange(len(person))),
            "persoon_id": people.ids(person),
            "regeling": columns.texts(REGELINGEN, np.where(np.arange(len(person)) < number, 4, 3)),
            "gemeente_code": gemeente_codes(place, begin),
            "begindatum": columns.dates(begin),
            "einddatum": columns.dates(end, ended),
            "reden_einde": pa.array(np.where(ended, reason, ""), pa.string()),
            "leefvorm": pa.array(np.full(len(person), "1"), pa.string()),
            "kostendelers": pa.array(np.ones(len(person), dtype=np.int64)),
            "norm_bedrag": pa.array(np.full(len(person), 1091.71)),
        }
    )
