"""A Dagster night whose heavy phases are quick fakes, and an invented organisation to run it on."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest
from dagster._core.execution.execute_in_process_result import ExecuteInProcessResult
from werkmonitor.assets.audit import all_checks, check_results
from werkmonitor.assets.session import NightResource
from werkmonitor.assets.transform import load_manifest_json
from werkmonitor.core.types import CheckResult, Outcome, Severity
from werkmonitor.definitions import JOB, build_definitions
from werkmonitor.night import Night, Phases, Progress

KEY = "k" * 64
CONFIGURATION = """
[monitor]
naam = "Voorbeeld"
regio_code = "AM08"
peildatum = 2025-12-31

[bronnen.uitkeringen]
entiteiten = ["uitkering"]
"""
DELIVERY = "dossier_id,persoon_id,regeling,gemeente_code,begindatum,einddatum\n1,1,PW,GM0268,2020-01-01,\n"
# The fakes show a few checks only: writing down hundreds of outcomes is most of the time of such a run.
FEW = ("uitkering.overlap", "persoon.sleutel.uniek", "lks.sleutel.uniek", "kenmerk.sleutel.uniek")


@cache
def manifest() -> Any:
    return load_manifest_json()


def make_organisation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configured organisation with one delivery."""
    landing = tmp_path / "landing" / "uitkeringen" / "2026-01-15"
    landing.mkdir(parents=True)
    (landing / "uitkering.csv").write_text(DELIVERY, encoding="utf-8")
    (tmp_path / "werkmonitor.toml").write_text(CONFIGURATION, encoding="utf-8")
    monkeypatch.setenv("WERKMONITOR_CONFIG", str(tmp_path / "werkmonitor.toml"))
    monkeypatch.setenv("WERKMONITOR_SLEUTEL", KEY)
    monkeypatch.delenv("WERKMONITOR_SLEUTEL_BESTAND", raising=False)
    return tmp_path


class Quiet(Progress):
    def line(self, text: str) -> None:
        return None


class FakeNight(NightResource):
    """The night with quick fakes in the place of its heavy phases; `faked` replaces more of them."""

    def phases(self) -> Phases:
        return Phases(
            ingest=_ingest,
            settle_findings=lambda night, today: "",
            transform=_transform,
            disclose=_disclose,
            audit=lambda night: [result(FEW[0])],
        )


def faked(**replaced: Any) -> FakeNight:
    # A class, because Dagster makes the resource anew for every run.
    class Replaced(FakeNight):
        def phases(self) -> Phases:
            return replace(super().phases(), **replaced)

    return Replaced()


def execute(resource: NightResource, **how: Any) -> ExecuteInProcessResult:
    overrides: dict[str, Any] = {"resources": {"nacht": resource}}
    if isinstance(resource, FakeNight):
        few = [check for check in all_checks(manifest()) if check.check_id in FEW]
        overrides["asset_checks"] = [check_results(manifest(), few)]
    definitions = build_definitions(overrides, manifest=manifest())
    return definitions.resolve_job_def(JOB).execute_in_process(raise_on_error=False, **how)


def failures(result: ExecuteInProcessResult) -> dict[str, str]:
    """The message of each step that failed, with that of its cause."""
    return {
        str(event.step_key): event.step_failure_data.error.to_string()
        for event in result.all_events
        if event.is_step_failure and event.step_failure_data.error
    }


def _ingest(night: Night) -> None:
    counted = "1 aangeleverd, 1 aanvaard, 0 dubbel, 0 buiten_bereik, 0 quarantaine"
    duckdb.execute(f"copy (select 'uitkering' entiteit, {counted}) to '{night.folder.counts}' (format parquet)")
    for path in (night.folder.quarantine, night.folder.findings):
        duckdb.execute(f"copy (select 1 rij where false) to '{path}' (format parquet)")


def _transform(night: Night) -> None:
    with duckdb.connect(str(night.folder.candidate)) as connection:
        connection.execute("create table pub_cijfers as select 1 waarde")
    night.folder.dbt_target.mkdir()
    (night.folder.dbt_target / "run_results.json").write_text('{"results": []}', encoding="utf-8")


def _disclose(night: Night) -> None:
    with duckdb.connect(str(night.folder.candidate)) as connection:
        connection.execute("create schema gepubliceerd")
        connection.execute("create table gepubliceerd.reeksen as select 1 waarde")


def result(check_id: str, outcome: Outcome = Outcome.PASS, severity: Severity = Severity.BLOCKING) -> CheckResult:
    failing = 3 if outcome is Outcome.FAIL else 0
    return CheckResult(check_id, "levering", "uitkering", outcome, severity, failing, message="Er is gekeken.")


def latest(organisation: Path) -> dict[str, Any]:
    return json.loads((organisation / "releases" / "latest.json").read_text(encoding="utf-8"))
