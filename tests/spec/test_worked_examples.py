"""The worked examples hold for the reference, cover every measure, and their pages are up to date."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from werkmonitor.core.examples import (
    PAGES_FOLDER,
    Example,
    check_example,
    load_examples,
    read_document,
    render_pages,
)
from werkmonitor.core.reference import compute, disclose
from werkmonitor.core.reference.dates import aow_day

EXAMPLES = load_examples()


@pytest.mark.parametrize("example", EXAMPLES, ids=[e.naam.replace(" ", "_") for e in EXAMPLES])
def test_reference_agrees(example: Example) -> None:
    wanted = {expected.place[0] for expected in example.expected}
    cells = disclose(compute(example.history, example.parameters, wanted), example.methode)
    assert check_example(example, cells) == []


def test_a_wrong_expectation_is_seen() -> None:
    """The checker itself: a value that is not there, and a cell that should not be there."""
    example = EXAMPLES[0]
    assert check_example(example, []) != []
    other = next(e for e in EXAMPLES if e.naam == "gat van 31 dagen")
    assert check_example(example, compute(other.history, other.parameters)) != []


def test_every_measure_has_an_example() -> None:
    asserted = {cell.place[0].split("__")[0] for example in EXAMPLES for cell in example.expected}
    example = EXAMPLES[0]
    computed = {cell.indicator_id.split("__")[0] for cell in compute(example.history, example.parameters)}
    missing = {name for name in computed if name not in asserted and not name.startswith("bestemming_")}
    assert missing <= {"duurzaam_werk_moment_18", "duurzaam_werk_onafgebroken_12"}


def test_names_are_unique_and_groups_known() -> None:
    document = read_document()
    assert [n for n, times in Counter(e["naam"] for e in document["voorbeelden"]).items() if times > 1] == []
    assert {e["groep"] for e in document["voorbeelden"]} == set(document["groepen"])


@pytest.mark.parametrize("name", sorted(render_pages()))
def test_pages_are_up_to_date(name: str) -> None:
    """Mend with: python -m werkmonitor.core.examples"""
    assert (PAGES_FOLDER / name).read_text(encoding="utf-8") == render_pages()[name]


def test_no_page_is_left_over() -> None:
    assert {path.name for path in PAGES_FOLDER.glob("*.md")} == set(render_pages())


@pytest.mark.parametrize(
    ("born", "reached"),
    [
        ("1947-12-31", "2012-12-31"),
        ("1948-01-01", "2013-02-01"),
        ("1949-11-30", "2015-02-28"),
        ("1952-12-31", "2018-12-31"),
        ("1953-01-01", "2019-05-01"),
        ("1955-08-31", "2021-12-31"),
        ("1955-09-01", "2022-04-01"),
        ("1957-02-28", "2023-12-28"),
        ("1957-03-01", "2024-03-01"),
        ("1960-12-31", "2027-12-31"),
        ("1961-01-01", "2028-04-01"),
    ],
)
def test_aow_day(born: str, reached: str) -> None:
    assert aow_day(date.fromisoformat(born)) == date.fromisoformat(reached)
