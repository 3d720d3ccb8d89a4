"""Tolerance, wording, fingerprint and examples of a result; nothing of a person gets into any of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from checks_example import build, person, settings
from werkmonitor.checks import outcomes
from werkmonitor.checks.definitions import CheckDefinition
from werkmonitor.checks.outcomes import Failing, judged
from werkmonitor.checks.rows import is_shareable
from werkmonitor.core.types import Outcome, Severity


def definition(absolute: float = 0, relative: float = 0) -> CheckDefinition:
    return CheckDefinition(
        "t.x", "levering", "t", Severity.BLOCKING, absolute, relative, "iets is mis", "uitleg", "herstel", "t"
    )


@pytest.mark.parametrize(
    ("absolute", "relative", "failing", "tested", "outcome"),
    [
        (0, 0, 0, 100, Outcome.PASS),
        (0, 0, 1, 100, Outcome.FAIL),
        (10, 0.01, 10, 100, Outcome.PASS),  # a small gemeente: the number counts
        (10, 0.01, 11, 100, Outcome.FAIL),
        (10, 0.01, 100, 10_000, Outcome.PASS),  # a large one: the share counts
        (10, 0.01, 101, 10_000, Outcome.FAIL),
        (10, 0.01, 11, None, Outcome.FAIL),
    ],
)
def test_the_larger_of_both_tolerances_counts(
    absolute: float, relative: float, failing: int, tested: int | None, outcome: Outcome
) -> None:
    assert judged(definition(absolute, relative), Failing(failing, "f"), tested, "rijen").outcome is outcome


def test_a_message_is_plain_dutch_with_its_numbers() -> None:
    found = judged(definition(10, 0.01), Failing(1250, "f"), 4000, "rijen")
    assert found.message == "Iets is mis: 1.250 van 4.000 rijen (31,2%). Toegestaan: hoogstens 40."
    few = judged(definition(), Failing(1, "f"), 40_000, "rijen")
    assert few.message == "Iets is mis: 1 van 40.000 rijen (minder dan 0,1%)."
    uncounted = judged(definition(), Failing(3, "f"), None, "rijen")
    assert uncounted.message == "Iets is mis: 3 keer."
    fine = judged(definition(10), Failing(3, "f"), 400, "rijen")
    assert fine.message == "In orde. 400 rijen bekeken. 3 gevonden, binnen de tolerantie: iets is mis."
    assert judged(definition(), Failing(0), None, "rijen").message == "In orde."


@pytest.mark.parametrize(("value", "text"), [(0, "0"), (1234567, "1.234.567"), (0.5, "0,5"), (1234.25, "1.234,25")])
def test_numbers_are_written_in_dutch(value: float, text: str) -> None:
    assert outcomes.number(value) == text


def test_a_reason_holds_no_number_of_a_person() -> None:
    text = outcomes.without_personal_data(
        f"Conversion Error: Could not convert string '123456782' of {person(3)}\n  LINE 1 [SQL: select '987654321']"
    )
    assert text == "Conversion Error: Could not convert string '…' of … LINE 1"


@pytest.mark.parametrize(
    ("column", "shown"),
    [
        ("bestand", True),
        ("rij", True),
        ("indicator_id", True),
        ("definitie_id", True),
        ("persoon", False),
        ("dossier_id", False),
        ("werkgever_id", False),
        ("bsn", False),
        ("clientnummer", False),
        ("geboortedatum", False),
    ],
)
def test_columns_that_lead_to_a_person_are_not_shown(column: str, shown: bool) -> None:
    assert is_shareable(column) is shown


def test_a_required_person_column_is_checked_without_showing_it(tmp_path: Path) -> None:
    example = build(tmp_path / "nacht")
    example.change("update invoer.uitkering set dossier_id = null where rij in (5, 3)")
    result = example.check("uitkering.dossier_id.gevuld")
    assert result.outcome is Outcome.FAIL
    file = "uitkeringen/2025-01-15/uitkering.csv"
    assert result.examples == ({"bestand": file, "rij": 3}, {"bestand": file, "rij": 5})


def test_the_fingerprint_is_of_the_rows_and_the_rule_whatever_their_order(tmp_path: Path) -> None:
    example = build(tmp_path / "een")
    other = example.copy(tmp_path / "twee")
    example.change("update invoer.uitkering set regeling = 'WWB' where rij in (5, 3)")
    other.change(
        "create or replace table invoer.uitkering as select * from invoer.uitkering order by rij desc",
        "update invoer.uitkering set regeling = 'anders' where rij in (5, 3)",
    )
    first = example.check("uitkering.regeling.bekend")
    assert len(first.fingerprint) == 64
    assert other.check("uitkering.regeling.bekend").fingerprint == first.fingerprint
    other.change("update invoer.uitkering set regeling = null where rij in (5, 3)")
    assert other.check("uitkering.regeling.gevuld").fingerprint != first.fingerprint
    example.change("update invoer.uitkering set regeling = 'WWB' where rij = 9")
    assert example.check("uitkering.regeling.bekend").fingerprint != first.fingerprint


def test_at_most_ten_examples(tmp_path: Path) -> None:
    example = build(tmp_path / "nacht", settings())
    example.change("update invoer.uitkering set regeling = 'WWB'")
    result = example.check("uitkering.regeling.bekend")
    assert (result.failing, len(result.examples)) == (200, 10)
    assert [row["rij"] for row in result.examples] == list(range(2, 12))
