"""Every mistake of the example is found by what it was planted for, and every check of the product has a mistake.

The list of checks is read from the product: a new check without a planted mistake fails here, unless no delivery can
bring about what it looks for; then it is damaged in another test, which is named with the reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from checks_example import Example
from werkmonitor.audit import catalogue
from werkmonitor.checks.definitions import load_suites
from werkmonitor.checks.runner import run_suite
from werkmonitor.compiled import lay_input_ready, run_models
from werkmonitor.core import disclosure
from werkmonitor.core.contracts import contracts, rules
from werkmonitor.core.deliveries import find_deliveries
from werkmonitor.core.ingest import ingest
from werkmonitor.core.types import CheckResult, DeliveryUnreadable, Outcome, Severity
from werkmonitor.core.workspace import Workspace
from werkmonitor.demo import DemoReport, generate
from werkmonitor.demo.days import LEVERDATUM, PEILDATUM
from werkmonitor.demo.faults import Planted
from werkmonitor.demo.variants import VARIANTS, Variant
from werkmonitor.example import nights
from werkmonitor.settings import Settings, load_settings

TESTS = Path(__file__).parents[1]
KEY = b"k" * 32
SECOND = "tweede levering"
# A shorter series than the example has: the year that falls away and the one that changes are in it.
SHORT = {"WERKMONITOR_MONITOR__REEKS_BEGIN": "2023-01-01"}

# Checks for which no delivery can bring about what they look for: why not, and the test that damages them.
COMPUTED = "holds computed tables against each other: only an error in the calculation breaks it"
INSIDE: dict[str, tuple[str, str]] = {
    "cijfers": (COMPUTED, "unit/test_checks_damage.py"),
    "uitgave": (COMPUTED, "unit/test_checks_damage.py"),
    "dbt": (COMPUTED, "integration/dbt_damages.yml"),
}
ALONE: dict[str, tuple[str, str]] = {
    "bestand.rijen_geteld": ("holds the intake against itself", "unit/test_checks_damage.py"),
    "levering.ouder_dan_vorige": ("a delivery was taken away, none came", "unit/test_checks_damage.py"),
    "dbt.uitslagen": ("dbt itself did not run", "integration/test_audit.py"),
}


@dataclass(frozen=True)
class Night:
    """What the intake and the checks found in one night."""

    example: Example
    results: dict[str, CheckResult]
    refused: Counter[tuple[str, str, str]]
    counts: list[dict[str, object]]

    def failing(self) -> set[str]:
        return {check for check, result in self.results.items() if result.outcome is Outcome.FAIL}


def night(settings: Settings, folder: Path, until: date | None = None, previous: Path | None = None) -> Night:
    """A night up to the gate with the product's own phases; the models by dbt's compiled SQL, without dbt's own tests
    (those look at computed tables)."""
    example = taken_in(settings, folder, until, previous)
    with duckdb.connect(str(example.night.candidate)) as connection:
        run_models(connection)
        disclosure.apply_to(connection, settings.geheimhouding)
    return checked(example, lambda layer: True)


def taken_in(settings: Settings, folder: Path, until: date | None = None, previous: Path | None = None) -> Example:
    workspace = Workspace(folder).create()
    files = workspace.night("nacht").create()
    deliveries = find_deliveries(settings, until)
    ingest(settings, KEY, deliveries, workspace, files, PEILDATUM.year)
    with duckdb.connect(str(files.candidate)) as connection:
        lay_input_ready(connection, settings, files, PEILDATUM, PEILDATUM.year, deliveries)
    return Example(settings, files, deliveries, previous, peildatum=PEILDATUM)


def checked(example: Example, wanted: Callable[[str], bool]) -> Night:
    with example.session() as session:
        results = [result for suite in load_suites() if wanted(suite.laag) for result in run_suite(session, suite)]
    rows = [*pq.read_table(example.night.quarantine).to_pylist(), *pq.read_table(example.night.findings).to_pylist()]
    refused = Counter((f"{row['bron']}/{row['entiteit']}", row["kolom"] or "", row["regel"]) for row in rows)
    counts = pq.read_table(example.night.counts).to_pylist()
    return Night(example, {result.check_id: result for result in results}, refused, counts)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> DemoReport:
    return generate(tmp_path_factory.mktemp("fouten"), persons=500, seed=1, faults=True)


@pytest.fixture(scope="module")
def sound(made: DemoReport, tmp_path_factory: pytest.TempPathFactory) -> Night:
    settings = load_settings(made.configuration, SHORT)
    return night(settings, tmp_path_factory.mktemp("goed") / "werk", until=nights(True)[0])


@pytest.fixture(scope="module")
def faulty(made: DemoReport, sound: Night, tmp_path_factory: pytest.TempPathFactory) -> Night:
    folder = tmp_path_factory.mktemp("fout")
    previous = sound.example.release(folder / "vorige")
    return night(load_settings(made.configuration, SHORT), folder / "werk", until=nights(True)[1], previous=previous)


def test_every_check_has_a_mistake_or_a_reason_why_no_delivery_can_bring_one(made: DemoReport) -> None:
    planted = {fault.check for fault in made.faults}
    checks = {check.check_id: check for check in catalogue()}
    without = {check_id for check_id in checks if check_id not in planted}
    assert {check_id for check_id in without if check_id not in ALONE and checks[check_id].suite not in INSIDE} == set()
    assert planted - {""} <= set(checks)
    # The short list says nothing that is not so: what it names is not planted, and is damaged in the test it names.
    assert set(ALONE) <= without
    for check_id in without:
        _, test = ALONE.get(check_id) or INSIDE[checks[check_id].suite]
        assert check_id in (TESTS / test).read_text(encoding="utf-8"), f"{check_id} is not damaged in {test}"


def test_every_entity_and_every_rule_of_the_contracts_is_spoilt(made: DemoReport) -> None:
    assert {fault.entity.split("/")[1] for fault in made.faults} == set(contracts())
    for name, entity in contracts().items():
        own = [fault for fault in made.faults if fault.entity.endswith(f"/{name}")]
        empty = {fault.column for fault in own if fault.rule == "verplicht.leeg"}
        assert empty == set(entity.required), name
        assert any(fault.rule == "sleutel.tegenstrijdig" for fault in own), name
    assert {fault.rule for fault in made.faults} - {"", "dubbel"} <= set(rules())


def test_the_sound_delivery_has_nothing_to_mend(sound: Night) -> None:
    wrong = {check: sound.results[check].message for check in sound.failing()}
    errors = {check: r.message for check, r in sound.results.items() if r.outcome is Outcome.ERROR}
    assert (wrong, errors, sound.refused) == ({}, {}, Counter())


def test_what_passes_the_door_is_found_by_its_check(made: DemoReport, faulty: Night) -> None:
    expected = {fault.check for fault in made.faults if fault.where == SECOND and fault.check and not fault.rule}
    assert faulty.failing() == expected
    assert {check for check, result in faulty.results.items() if result.outcome is Outcome.ERROR} == set()
    for check in expected:
        assert faulty.results[check].failing > 0
        assert faulty.results[check].remedy


def test_what_does_not_is_refused_by_its_rule_and_never_reaches_the_check_behind(
    made: DemoReport, faulty: Night
) -> None:
    at_the_door = [fault for fault in made.faults if fault.where == SECOND and fault.rule in rules()]
    refused = [fault for fault in at_the_door if rules()[fault.rule].gevolg != "buiten_bereik"]
    assert len(refused) > 100
    missed = [fault for fault in refused if not _seen(faulty, fault)]
    assert missed == []
    assert {faulty.results[fault.check].outcome for fault in refused if fault.check} == {Outcome.PASS}
    totals = {name: sum(int(row[name]) for row in faulty.counts) for name in ("dubbel", "buiten_bereik")}  # type: ignore[call-overload]
    rows = {fault.rule: fault.rows for fault in made.faults}
    assert totals == {"dubbel": rows["dubbel"], "buiten_bereik": rows["ingetrokken"]}


def _seen(found: Night, fault: Planted) -> bool:
    """At least as many rows of that file were refused, or noted, by that rule."""
    columns = {column for entity, column, _ in found.refused if entity == fault.entity}
    wanted = {fault.column} if fault.column else columns
    return sum(found.refused[fault.entity, column, fault.rule] for column in wanted) >= fault.rows


def test_the_release_would_be_held(faulty: Night) -> None:
    blocking = {check for check in faulty.failing() if faulty.results[check].severity is Severity.BLOCKING}
    assert {"bestand.afgebroken", "bestand.quarantaine", "gemeente.weggevallen", "vorige.definitief_sprong"} <= blocking


def test_nobody_is_named_in_what_a_steward_reads(faulty: Night) -> None:
    told = repr([result.as_dict() for result in faulty.results.values()])
    assert "DEMO-P" not in told
    assert "DEMO-K" not in told


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.name)
def test_a_variant_ends_as_it_should(variant: Variant, made: DemoReport, tmp_path: Path) -> None:
    settings = load_settings(made.folder / "varianten" / variant.name / "werkmonitor.toml", {})
    assert {file.leverdatum for file in find_deliveries(settings, None)} == {LEVERDATUM}
    if variant.exit_code == DeliveryUnreadable.exit_code:
        with pytest.raises(DeliveryUnreadable, match=variant.planted[0].entity.split("/")[1]):
            taken_in(settings, tmp_path / "werk")
        return
    found = checked(taken_in(settings, tmp_path / "werk"), lambda layer: layer == "levering")
    assert {fault.check for fault in variant.planted} <= found.failing()
    blocking = any(found.results[check].severity is Severity.BLOCKING for check in found.failing())
    assert blocking == (variant.exit_code == 3)
