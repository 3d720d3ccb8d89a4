"""The worked examples of docs/voorbeelden.yml as dbt unit tests, one a model and example: what stands between the rows
of an example and its cells.

`python -m werkmonitor.core.examples_dbt` writes dbt/models/intermediate/_voorbeelden_unit_tests.yml. What goes into a
model and what comes out is computed by the slow reference, which tests/spec holds to the expected cells of the same
examples: so one file drives documentation, reference and dbt. Not here: cases that no example tells (they stand beside
the models, in _unit_tests.yml), and running dbt.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from werkmonitor.core.examples import ROOT, Example, load_examples
from werkmonitor.core.reference.dates import ONE_DAY, add_months
from werkmonitor.core.reference.outcomes import HORIZONS, REASON_GROUPS, WORK, Outflow, reason_group, traits_of_day
from werkmonitor.core.reference.persons import ONBEKEND, Person, build_persons
from werkmonitor.core.reference.spells import BenefitRow, Days, JobRow, Spell, cut_end, merge_days, row_of_day

UNIT_TESTS_FILE = ROOT / "dbt" / "models" / "intermediate" / "_voorbeelden_unit_tests.yml"
NOTICE = (
    "# Gemaakt uit docs/voorbeelden.yml met `python -m werkmonitor.core.examples_dbt`; niet met de hand wijzigen.\n"
)
OPEN = date(9999, 12, 31)
# Which groups of examples say something about which model.
MERGING = ("uitkeringsperiode", "stroom")
SPEAKING = ("gemeente", "stand")
DURABLE = ("duurzaam", "duurzaam_werk", "bestemming")
ONLY_OVER_WORK = ("soort werk na uitstroom", "lks zonder werk, en nieuw beschut in lks")

Row = dict[str, Any]
Numbered = Sequence[tuple[int, Person]]


def unit_tests(examples: Iterable[Example]) -> list[dict[str, Any]]:
    """Every unit test that the examples give, in the order of the file."""
    found = []
    for example in examples:
        persons = list(enumerate(build_persons(example.history, example.parameters), 1))
        for build in _builders(example):
            found.append(_named(example, build(example, persons)))
    return found


def _builders(example: Example) -> Iterator[Callable[[Example, Numbered], dict[str, Any]]]:
    if example.groep in MERGING:
        yield merging_test
        yield spell_test
    if example.groep in SPEAKING:
        yield speaking_test
    if example.groep == "werk" or example.naam in ONLY_OVER_WORK:
        yield outflow_test
    if example.groep in DURABLE:
        yield durability_test


def _named(example: Example, test: dict[str, Any]) -> dict[str, Any]:
    plain = unicodedata.normalize("NFKD", example.naam).encode("ascii", "ignore").decode()
    words = "".join(letter if letter.isalnum() else " " for letter in plain.lower()).split()
    return {"name": "_".join(["voorbeeld", *words]), "description": example.waarom, **test}


def _test(model: str, given: Mapping[str, list[Row]], expected: list[Row]) -> dict[str, Any]:
    return {
        "model": model,
        "given": [{"input": name, "rows": [_plain(row) for row in rows]} for name, rows in given.items()],
        "expect": {"rows": [_plain(row) for row in expected]},
    }


def _plain(row: Row) -> Row:
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in row.items()}


def _last(eind: date | None) -> date:
    return OPEN if eind is None else eind


def _settings(example: Example) -> list[Row]:
    chosen = example.parameters
    return [{"onderbreking_dagen": chosen.onderbreking_dagen, "regelingen": f"[{', '.join(chosen.regelingen)}]"}]


# -- rows to spells ---------------------------------------------------------------------------------------------------


def merging_test(example: Example, persons: Numbered) -> dict[str, Any]:
    """int_uitkeringsrij: which rows count and which spell each of them belongs to."""
    expected = [
        {"persoon_nr": number, "dossier_id": row.dossier_id, "begindatum": row.begin, "volgnr": volgnr}
        for number, volgnr, spell in _spells(persons)
        for row in spell.rows
    ]
    given = {"ref('stg_uitkering')": _staged(example, persons), "source('invoer', 'instellingen')": _settings(example)}
    return _test("int_uitkeringsrij", given, expected)


def _staged(example: Example, persons: Numbered) -> list[Row]:
    """Rows of every regeling after the cut, as stg_uitkering gives them."""
    numbers, cut = {person.persoon: number for number, person in persons}, example.parameters.peildatum
    return [
        {
            "persoon_nr": numbers[row["persoon"]],
            "dossier_id": row["dossier_id"],
            "regeling": row["regeling"],
            "begindatum": row["begindatum"],
            "laatste_dag": _last(cut_end(row["einddatum"], cut)),
        }
        for row in example.history.uitkering
        if row["begindatum"] <= cut
    ]


def _spells(persons: Numbered) -> Iterator[tuple[int, int, Spell]]:
    for number, person in persons:
        for volgnr, spell in enumerate(person.spells, 1):
            yield number, volgnr, spell


def spell_test(example: Example, persons: Numbered) -> dict[str, Any]:
    """int_uitkeringsperiode: begin, end and reason of each spell."""
    expected = [
        {
            "persoon_nr": number,
            "volgnr": volgnr,
            "begindatum": spell.begin,
            "laatste_dag": _last(spell.eind),
            "geeindigd": spell.eind is not None,
            "reden_groep": None if spell.eind is None else reason_group(spell.reden),
            "rijen": len(spell.rows),
        }
        for number, volgnr, spell in _spells(persons)
    ]
    rows = _numbered_rows(persons)
    given = {"ref('int_uitkeringsrij')": rows, "source('invoer', 'reden_groep')": _reason_groups(rows)}
    return _test("int_uitkeringsperiode", given, expected)


def _reason_groups(rows: Sequence[Row]) -> list[Row]:
    """The part of the code list that these rows need."""
    used = {row["reden_einde"] for row in rows}
    return [{"code": code, "groep": group} for group, codes in REASON_GROUPS.items() for code in codes if code in used]


def _numbered_rows(persons: Numbered) -> list[Row]:
    return [
        _row_of(number, volgnr, row) | {"reden_einde": row.reden}
        for number, volgnr, spell in _spells(persons)
        for row in spell.rows
    ]


def _row_of(number: int, volgnr: int, row: BenefitRow) -> Row:
    return {
        "persoon_nr": number,
        "volgnr": volgnr,
        "dossier_id": row.dossier_id,
        "gemeente_code": row.gemeente,
        "leefvorm": row.leefvorm or ONBEKEND,
        "begindatum": row.begin,
        "laatste_dag": _last(row.eind),
    }


def speaking_test(example: Example, persons: Numbered) -> dict[str, Any]:
    """int_uitkeringsverloop: which row speaks for each day."""
    given = {
        "ref('int_uitkeringsrij')": [_row_of(n, v, row) for n, v, spell in _spells(persons) for row in spell.rows],
        "ref('int_uitkeringsperiode')": _spell_rows(persons),
    }
    return _test("int_uitkeringsverloop", given, _speaking_rows(persons))


def _spell_rows(persons: Numbered) -> list[Row]:
    return [
        {
            "periode_nr": nr,
            "persoon_nr": number,
            "volgnr": volgnr,
            "begindatum": spell.begin,
            "laatste_dag": _last(spell.eind),
            "geeindigd": spell.eind is not None,
            "reden_groep": None if spell.eind is None else reason_group(spell.reden),
            "rijen": len(spell.rows),
        }
        for nr, (number, volgnr, spell) in enumerate(_spells(persons), 1)
    ]


def _speaking_rows(persons: Numbered) -> list[Row]:
    of_spells = Counter(nr for _, _, spell in _spells(persons) for nr in {row.dossier_id for row in spell.rows})
    shared = {dossier for dossier, spells in of_spells.items() if spells > 1}
    return [
        row for nr, (number, _, spell) in enumerate(_spells(persons), 1) for row in _speaking(nr, number, spell, shared)
    ]


def _speaking(nr: int, number: int, spell: Spell, shared: set[str]) -> list[Row]:
    """The intervals between the days on which a row begins or has ended, each with the row that speaks."""
    last = _last(spell.eind)
    days = {row.begin for row in spell.rows}
    days |= {row.eind + ONE_DAY for row in spell.rows if row.eind is not None and row.eind < last}
    ordered = sorted(days)
    ends = [day - ONE_DAY for day in ordered[1:]] + [last]
    return [
        {
            "periode_nr": nr,
            "persoon_nr": number,
            "van": day,
            "tot": end,
            "gedeeld_dossier": dossier if (dossier := row_of_day(spell, day).dossier_id) in shared else None,
            "gemeente_code": row_of_day(spell, day).gemeente,
            "stand_tot": end - ONE_DAY if spell.eind is not None and end == last else end,
            "periode_begin": spell.begin,
            "periode_einde": last,
            "reden_groep": None if spell.eind is None else reason_group(spell.reden),
        }
        for day, end in zip(ordered, ends, strict=True)
    ]


# -- what became of an outflow ----------------------------------------------------------------------------------------


def _outflows(example: Example, persons: Numbered) -> Iterator[tuple[int, int, Outflow]]:
    """Number of the spell, number of the person, outflow."""
    by_number = dict(persons)
    for nr, (number, _, spell) in enumerate(_spells(persons), 1):
        if spell.eind is not None:
            gap = example.parameters.werk_onderbreking_dagen
            yield nr, number, Outflow(by_number[number], spell, spell.eind, gap)


def _days(persons: Numbered, stretches: Callable[[Person], Sequence[Days]]) -> list[Row]:
    return [
        {"persoon_nr": number, "begindatum": one.begin, "laatste_dag": _last(one.eind)}
        for number, person in persons
        for one in stretches(person)
    ]


def _returns(persons: Numbered) -> list[Row]:
    """Spells that count as a return, each with the last day of the one before."""
    rows = []
    for number, person in persons:
        before = date.min
        for spell in person.return_spells:
            last = _last(spell.eind)
            row = {"persoon_nr": number, "begindatum": spell.begin, "laatste_dag": last, "vorige_laatste_dag": before}
            rows.append(row)
            before = last
    return rows


def _jobs(person: Person, soorten: Sequence[str]) -> list[JobRow]:
    return [job for job in person.jobs if job.soort in soorten]


def outflow_test(example: Example, persons: Numbered) -> dict[str, Any]:
    """int_uitstroom: work and benefit a month later, population and kind of work."""
    outflows = list(_outflows(example, persons))
    given = {
        "ref('int_uitkeringsverloop')": _speaking_rows(persons),
        "ref('int_werk')": _days(persons, lambda person: merge_days(_jobs(person, WORK), 0)),
        "ref('int_loondienst')": _days(persons, lambda person: merge_days(_jobs(person, ("loondienst",)), 0)),
        "ref('int_werk_lks')": _days(persons, lambda person: merge_days(person.lks, 0)),
        "ref('int_werk_nieuw_beschut')": _days(persons, lambda person: merge_days(person.sheltered, 0)),
        "ref('int_terugkeerperiode')": _returns(persons),
        "ref('int_kenmerk_op_dag')": [{"persoon_nr": n, "dag": o.e, **_traits(o)} for _, n, o in outflows],
        "ref('stg_bronfout')": [{"persoon_nr": number} for number, person in persons if person.bronfout],
        "ref('stg_persoon')": [{"persoon_nr": number} for number, _ in persons],
        "ref('int_aow_dag')": [],
    }
    expected = [
        {
            "periode_nr": nr,
            "b": outflow.spell.begin,
            "e": outflow.e,
            "maand_later": outflow.month_later,
            "werk_maand_later": outflow.has_work(outflow.month_later),
            "uitkering_maand_later": outflow.has_benefit(outflow.month_later),
            "terugkeerdag": outflow.return_day,
            "werk_na_uitstroom": outflow.work_kind,
            "in_werk_reden": outflow.to_work_by_reason,
            "in_werk_polis": outflow.to_work_by_job,
            "in_werk_inkomen": outflow.to_work_by_income,
        }
        for nr, _, outflow in outflows
    ]
    return _test("int_uitstroom", given, expected)


def _traits(outflow: Outflow) -> Row:
    asked = ("geslacht", "statushouder", "arbeidsbeperking", "arbeidsvermogen")
    traits = traits_of_day(outflow.person, outflow.spell, outflow.e)
    return {name: traits[name] for name in asked}


def durability_test(example: Example, persons: Numbered) -> dict[str, Any]:
    """int_duurzaamheid: followable or not and why, return, work and destination at each horizon."""
    outflows = list(_outflows(example, persons))
    gap = example.parameters.werk_onderbreking_dagen
    given = {
        "source('invoer', 'indicator')": [{"horizon": h} for h in HORIZONS],
        "ref('int_uitstroom')": [_outflow_row(nr, number, outflow) for nr, number, outflow in outflows],
        "ref('int_terugkeerperiode')": _returns(persons),
        "ref('int_werk')": _days(persons, lambda person: merge_days(_jobs(person, WORK), 0)),
        "ref('int_werkperiode')": _days(persons, lambda person: merge_days(_jobs(person, WORK), gap)),
        "ref('int_uwv_uitkering')": _days(persons, lambda person: merge_days(_jobs(person, ("uwv_uitkering",)), 0)),
    }
    expected = [_durability_row(nr, outflow, h) for nr, _, outflow in outflows for h in HORIZONS]
    return _test("int_duurzaamheid", given, expected)


def _outflow_row(nr: int, number: int, outflow: Outflow) -> Row:
    return {
        "periode_nr": nr,
        "persoon_nr": number,
        "b": outflow.spell.begin,
        "e": outflow.e,
        "maand_later": outflow.month_later,
        "reden_groep": outflow.reason_group,
        "werk_maand_later": outflow.has_work(outflow.month_later),
        "terugkeerdag": outflow.return_day,
        "bronfout": outflow.person.bronfout,
        "overlijdensdatum": outflow.person.overlijdensdatum,
        "vertrekdatum": outflow.person.vertrekdatum,
        "aow_dag": outflow.person.aow_day,
    }


def _durability_row(nr: int, outflow: Outflow, h: int) -> Row:
    return {
        "periode_nr": nr,
        "horizon": h,
        "t": add_months(outflow.e, h),
        "reden_niet_volgbaar": outflow.not_followable(h) or "volgbaar",
        "uit_uitkering": outflow.stayed_out(h),
        "werk_moment": outflow.works_at(h),
        "werk_onafgebroken": outflow.worked_throughout(h),
        "bestemming": outflow.destination(h),
    }


# -- the file ---------------------------------------------------------------------------------------------------------


class _Flat(yaml.SafeDumper):
    """Rows on one line each, the rest as blocks; no references to rows that happen to be equal."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def render(examples: Iterable[Example] | None = None) -> str:
    """The text of the file with unit tests."""
    content = {"version": 2, "unit_tests": unit_tests(load_examples() if examples is None else examples)}
    return NOTICE + yaml.dump(
        content, Dumper=_Flat, default_flow_style=None, sort_keys=False, allow_unicode=True, width=10_000
    )


def write(path: Path = UNIT_TESTS_FILE) -> Path:
    path.write_text(render(), encoding="utf-8")
    return path


if __name__ == "__main__":
    print(write().relative_to(ROOT))
