"""Every kind of damage of the library through the command line: the message, the counts, what a steward is told and
the exit code are those of the library; no row is uncounted, no trace of Python and nobody's number comes out.

Not here: what the gate makes of it (test_wrong_input.py) and random damage (tests/property/test_fuzz_intake.py).
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from damage import organisation as damaged
from damage import runbook
from damage.library import Kind, chapters, kinds, valid_deliveries
from integration.organisation_kit import Ended, Organisation
from werkmonitor.core.contracts import rules

ALONE = {kind.naam: kind for kind in kinds() if kind.alone}
# A persoon that is delivered makes everybody without one a finding: those kinds have a landing of their own.
PERSONS = {kind.naam: kind for kind in kinds() if not kind.alone and "persoon" in kind.entities}
OTHERS = {kind.naam: kind for kind in kinds() if not kind.alone and "persoon" not in kind.entities}


def _taken_in(base: Path, together: dict[str, Kind]) -> tuple[Organisation, Ended]:
    organisation = damaged.make(base / "proef", list(together.values()))
    ended = damaged.run(organisation)
    assert ended.code == 0, ended.text
    return organisation, ended


@pytest.fixture(scope="module")
def persons(tmp_path_factory: pytest.TempPathFactory) -> tuple[Organisation, Ended]:
    return _taken_in(tmp_path_factory.mktemp("personen"), PERSONS)


@pytest.fixture(scope="module")
def others(tmp_path_factory: pytest.TempPathFactory) -> tuple[Organisation, Ended]:
    return _taken_in(tmp_path_factory.mktemp("overige"), OTHERS)


def rows_without_damage(kind: Kind) -> int:
    return sum(valid_deliveries()[file.entiteit].count("\n") - 1 for file in kind.files)


def as_expected(kind: Kind, seen: damaged.Seen) -> None:
    result = kind.uitkomst
    assert seen.quarantine == sorted(result.quarantaine)
    assert seen.findings == sorted(result.bevindingen)
    assert seen.left_out == result.buiten_bereik
    delivered = rows_without_damage(kind) if result.aangeleverd is None else result.aangeleverd
    left_out = sum(result.buiten_bereik.values())
    counted = {name: seen.total(name) for name in ("aangeleverd", *damaged.OUTCOMES)}
    assert counted == {
        "aangeleverd": delivered,
        "aanvaard": delivered - result.dubbel - left_out - len(result.quarantaine),
        "dubbel": result.dubbel,
        "buiten_bereik": left_out,
        "quarantaine": len(result.quarantaine),
    }
    assert all(count["aangeleverd"] == sum(count[name] for name in damaged.OUTCOMES) for count in seen.counts)


def clean(organisation: Organisation, *ended: Ended) -> None:
    for one in ended:
        assert not [word for word in damaged.ENGLISH if word in one.text], one.text
    assert damaged.leaks(organisation, *(one.text for one in ended)) == []


@pytest.mark.parametrize("name", PERSONS)
def test_damage_to_persons_costs_only_its_own_rows(name: str, persons: tuple[Organisation, Ended]) -> None:
    as_expected(PERSONS[name], damaged.seen(persons[0], name))


@pytest.mark.parametrize("name", OTHERS)
def test_damage_costs_only_its_own_rows(name: str, others: tuple[Organisation, Ended]) -> None:
    as_expected(OTHERS[name], damaged.seen(others[0], name))


@pytest.mark.parametrize("name", ALONE)
def test_damage_that_stops_a_run_or_needs_a_landing_of_its_own(name: str, tmp_path: Path) -> None:
    kind = ALONE[name]
    organisation = damaged.make(tmp_path / "proef", [kind])
    with damaged.meddled(kind, organisation):
        ended = damaged.run(organisation)
    assert ended.code == kind.uitkomst.code, ended.text
    for words in kind.uitkomst.melding:
        assert words in ended.err
    if kind.uitkomst.code == 5:
        assert f"{name}/{kind.files[0].dag}/{kind.files[0].naam}" in ended.err, "a message names its file"
    if kind.uitkomst.code == 0:
        as_expected(kind, damaged.seen(organisation))
    else:
        line = runbook.row(kind, damaged.message(kind, organisation, ended))
        assert line in runbook.TARGET.read_text(encoding="utf-8"), "run python tests/damage/runbook.py"
    clean(organisation, ended)


def test_nothing_of_a_person_comes_out_and_a_spreadsheet_runs_nothing(
    persons: tuple[Organisation, Ended], others: tuple[Organisation, Ended]
) -> None:
    for organisation, ended in (persons, others):
        shown = damaged.run(organisation, "bevindingen")
        listed = damaged.run(organisation, "bevindingen", "--csv")
        assert (shown.code, listed.code) == (0, 0)
        clean(organisation, ended, shown, listed)
        lines = list(csv.reader(io.StringIO(listed.out)))
        told = damaged.seen(organisation)
        blocks = {block.partition("] ")[2].partition("\n")[0]: block for block in shown.out.split("\n\n")}
        assert {line[2] for line in lines[1:]} == {rule for rule in blocks if rule}
        assert all("\n  Herstel: " in block for rule, block in blocks.items() if rule)
        assert len(lines) == 1 + len(told.quarantine) + len(told.findings)
        dangerous = [cell for line in lines for cell in line if cell[:1] in tuple("=+-@\t\r")]
        assert dangerous == []
    assert any("=cmd" in cell for line in lines for cell in line), "the formulas were there to be found"


def test_the_library_shows_every_rule_of_the_intake() -> None:
    assert set(rules()) - {rule for kind in kinds() for rule in kind.uitkomst.rules} == set()
    names = [kind.naam for kind in kinds()]
    assert len(names) == len(set(names))


def test_the_runbook_tells_every_kind() -> None:
    lines = runbook.TARGET.read_text(encoding="utf-8").splitlines()
    told = [runbook.row(kind) for kind in kinds() if not kind.uitkomst.code]
    assert [line for line in told if line not in lines] == [], "run python tests/damage/runbook.py"
    heads = 2 * len(chapters())
    assert sum(line.startswith("|") for line in lines) - heads == len(kinds())
