"""The assets of checking: the audit with the verdict of the gate, and every check as an asset check on its subject.

dbt's tests and the suites of expectations/ are run by the audit phase, once; here their results are only shown. PASS,
FAIL, ERROR and NVT stay apart in the metadata `uitkomst`, because Dagster itself knows passed and not passed only. No
check blocks in Dagster: severity, tolerance and waivers are the gate's.
"""

# No postponed annotations here: Dagster reads the types of an asset function's parameters as they stand.
from collections.abc import Iterator, Sequence
from dataclasses import replace

import dagster as dg

from werkmonitor.assets.naming import (
    CANDIDATE_FIGURES,
    CHECKS,
    COUNTS,
    FINDINGS,
    GROUP_PUBLISH,
    OWNER_STEWARDS,
    SERIES,
    check_name,
    descriptions,
    input_key,
)
from werkmonitor.assets.session import NightResource
from werkmonitor.assets.transform import Manifest, model_keys
from werkmonitor.audit import catalogue, counts_by_outcome
from werkmonitor.checks.dbt_results import RESULTS_ID, test_definition
from werkmonitor.checks.definitions import CheckDefinition, load_suites
from werkmonitor.core.contracts import contracts
from werkmonitor.core.types import CheckResult, Outcome, Severity

DBT_SUITE = "dbt"
_NOT_RUN = "Controle niet uitgevoerd."
_NO_RESULT = "De controle hoort bij deze nacht maar heeft geen uitslag."


def audit_assets() -> dg.AssetsDefinition:
    """Run every check on the candidate and let the gate decide."""

    @dg.multi_asset(
        name="controleren",
        specs=[
            dg.AssetSpec(
                CHECKS,
                deps=[SERIES, COUNTS, FINDINGS],
                description=descriptions().uitgave["controles"],
                group_name=GROUP_PUBLISH,
                owners=[OWNER_STEWARDS],
                kinds={"python", "duckdb"},
                skippable=True,
            )
        ],
    )
    def controleren(nacht: NightResource) -> Iterator[dg.MaterializeResult]:
        with nacht.step() as run:
            run.audit()
        verdict = run.verdict
        facts = {
            "oordeel": verdict.outcome if verdict else "",
            "redenen": dg.MetadataValue.md("\n".join(f"- {reason}" for reason in verdict.reasons) if verdict else ""),
        }
        yield dg.MaterializeResult(asset_key=CHECKS, metadata=facts | counts_by_outcome(run.results))

    return controleren


def check_results(manifest: Manifest, definitions: Sequence[CheckDefinition]) -> dg.AssetChecksDefinition:
    """Show the result of each of these checks on the asset that it is about."""
    keys = model_keys(manifest)
    specs = {definition.check_id: _spec(definition, keys) for definition in definitions}

    @dg.multi_asset_check(name="uitslagen", specs=list(specs.values()), can_subset=True)
    def uitslagen(context: dg.AssetCheckExecutionContext, nacht: NightResource) -> Iterator[dg.AssetCheckResult]:
        results = {result.check_id: result for result in nacht.current().results}
        unknown = sorted(set(results) - set(specs))
        if unknown:
            raise dg.Failure(f"Uitslagen van onbekende controles: {', '.join(unknown)}.", allow_retries=False)
        for definition in definitions:
            spec = specs[definition.check_id]
            if spec.key in context.selected_asset_check_keys:
                yield _shown(spec, results.get(definition.check_id) or _absent(definition))

    return uitslagen


def all_checks(manifest: Manifest) -> list[CheckDefinition]:
    """Every check of the suites and every dbt test, each with the id that its result has."""
    from_suites = [check for check in catalogue() if check.suite != DBT_SUITE]
    return [*from_suites, *(check for check in catalogue() if check.check_id == RESULTS_ID), *_dbt_checks(manifest)]


def _dbt_checks(manifest: Manifest) -> list[CheckDefinition]:
    """The dbt tests with the numbering of checks/dbt_results: a test on several columns may share one check id."""
    nodes = [node for node in manifest["nodes"].values() if node["resource_type"] == "test"]
    found = sorted((test_definition(node) for node in nodes), key=lambda check: (check.check_id, check.subject))
    seen: dict[str, int] = {}
    numbered = []
    for check in found:
        seen[check.check_id] = seen.get(check.check_id, 0) + 1
        repeat = seen[check.check_id]
        numbered.append(check if repeat == 1 else replace(check, check_id=f"{check.check_id}_{repeat}"))
    return numbered


def _spec(check: CheckDefinition, keys: dict[str, dg.AssetKey]) -> dg.AssetCheckSpec:
    return dg.AssetCheckSpec(
        check_name(check.check_id),
        asset=_target(check, keys),
        # Only that the audit comes first; what is checked is the asset above.
        additional_deps=[CHECKS],
        description=f"{check.explanation} Wat te doen: {check.remedy}",
        metadata={"controle": check.check_id, "ernst": str(check.severity), "laag": check.layer},
    )


def _target(check: CheckDefinition, keys: dict[str, dg.AssetKey]) -> dg.AssetKey:
    """The asset that a check is about: its entity or model; else what its layer comes down to."""
    if check.layer == "levering" and check.subject in contracts():
        return input_key(check.subject)
    if check.suite == DBT_SUITE and check.subject in keys:
        return keys[check.subject]
    if check.layer == "levering":
        return COUNTS
    on_published = check.suite in suites_on_series()
    return SERIES if on_published else CANDIDATE_FIGURES


def suites_on_series() -> set[str]:
    """The suites that look at what would be published, or compare that with the previous release."""
    return {suite.naam for suite in load_suites() if suite.laag == "cijfers" and "main." not in suite.tabel}


def _absent(check: CheckDefinition) -> CheckResult:
    """What to show of a check without a result: a check that did not run says nothing about the data."""
    if check.check_id == RESULTS_ID:
        # It has a result of its own only when dbt's results could not be read.
        return _result(check, Outcome.PASS, "In orde. De uitslagen van dbt zijn gelezen.")
    return _result(check, Outcome.ERROR, _NO_RESULT)


def _result(check: CheckDefinition, outcome: Outcome, message: str) -> CheckResult:
    return CheckResult(check.check_id, check.layer, check.subject, outcome, check.severity, message=message)


def _shown(spec: dg.AssetCheckSpec, result: CheckResult) -> dg.AssetCheckResult:
    """A result as Dagster shows it. Counts only: which rows it were is for `werkmonitor bevindingen`."""
    error = result.outcome is Outcome.ERROR
    facts = {
        "uitkomst": str(result.outcome),
        "controle": result.check_id,
        "onderwerp": result.subject,
        "ernst": str(result.severity),
        "gevonden": result.failing,
        "bekeken": result.tested,
    }
    blocks = error or result.severity is Severity.BLOCKING
    return dg.AssetCheckResult(
        asset_key=spec.asset_key,
        check_name=spec.name,
        passed=result.outcome in (Outcome.PASS, Outcome.NVT),
        severity=dg.AssetCheckSeverity.ERROR if blocks else dg.AssetCheckSeverity.WARN,
        description=f"{_NOT_RUN} {result.message}" if error else result.message,
        metadata={name: value for name, value in facts.items() if value is not None},
    )
