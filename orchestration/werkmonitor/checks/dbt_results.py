"""dbt's own tests as check results, from the artifacts that dbt leaves: run_results.json and manifest.json.

dbt is not imported or run here. dbt runs its tests with severity `warn`, so that a failing test does not stop the
models after it; here the severity of the test's `meta` counts. A test that was skipped or did not run is ERROR: it said
nothing.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from werkmonitor.checks import outcomes
from werkmonitor.checks.definitions import DBT_PREFIX, CheckDefinition, overridden
from werkmonitor.checks.outcomes import Failing
from werkmonitor.core.types import CheckResult, Severity
from werkmonitor.settings import PROJECT_ROOT, Settings

RESULTS_ID = "dbt.uitslagen"
_RAN = {"pass", "fail", "warn"}
_ID_IN_SQL = re.compile(r"""['"]check_id['"]\s*:\s*['"]([\w.]+)['"]""")
_DEFAULT_EXPLANATION = (
    "Een test op de tabellen waarmee wordt gerekend. Als die niet klopt, is er een fout in de berekening of de invoer."
)
_DEFAULT_REMEDY = (
    "Meld dit aan de beheerder; die vindt de rijen met de gecompileerde test in de werkmap (dbt/compiled)."
)


def dbt_results(target: Path, settings: Settings) -> list[CheckResult]:
    """One result for every dbt test of the run in `target`, in the order of their ids."""
    try:
        results = json.loads((target / "run_results.json").read_text(encoding="utf-8"))["results"]
        nodes = json.loads((target / "manifest.json").read_text(encoding="utf-8"))["nodes"]
    except (OSError, ValueError, KeyError) as error:
        reason = f"de uitslagen van dbt zijn niet te lezen ({type(error).__name__})"
        return [outcomes.did_not_run(overridden(_results_definition(), settings), reason)]
    by_node = {result["unique_id"]: result for result in results}
    tests = {node_id: node for node_id, node in nodes.items() if node.get("resource_type") == "test"}
    found = [
        _result(overridden(test_definition(node), settings), by_node.get(node_id, {}))
        for node_id, node in tests.items()
        if node.get("config", {}).get("enabled", True)
    ]
    return sorted(_with_unique_ids(found), key=lambda result: result.check_id)


def test_definition(node: Mapping[str, Any]) -> CheckDefinition:
    """The definition of a dbt test from its node in the manifest; without meta it blocks."""
    meta = {**node.get("meta", {}), **node.get("config", {}).get("meta", {})}
    return _definition(meta, node["name"], _subject(node))


def dbt_definitions(project: Path = PROJECT_ROOT / "dbt") -> list[CheckDefinition]:
    """The dbt tests that carry a check id in the project's files (without running dbt)."""
    found: dict[str, CheckDefinition] = {RESULTS_ID: _results_definition()}
    for path in sorted([*project.glob("**/*.yml"), *project.glob("**/*.yaml")]):
        if "target" in path.relative_to(project).parts:
            continue
        for meta in _metas(yaml.safe_load(path.read_text(encoding="utf-8"))):
            found[meta["check_id"]] = _definition(meta, meta["check_id"], meta.get("onderwerp", path.stem))
    for path in sorted(project.glob("tests/**/*.sql")):
        for check_id in _ID_IN_SQL.findall(path.read_text(encoding="utf-8")):
            found.setdefault(check_id, _definition({"check_id": check_id}, check_id, path.stem))
    return list(found.values())


def _metas(content: Any) -> Iterator[Mapping[str, Any]]:
    """Every mapping with a check_id, however deep."""
    if isinstance(content, Mapping):
        if "check_id" in content:
            yield content
        for value in content.values():
            yield from _metas(value)
    elif isinstance(content, list):
        for value in content:
            yield from _metas(value)


def _definition(meta: Mapping[str, Any], name: str, subject: str) -> CheckDefinition:
    tolerance = meta.get("tolerantie", {})
    return CheckDefinition(
        check_id=meta.get("check_id", DBT_PREFIX + name),
        layer=meta.get("laag", "tabel"),
        subject=subject,
        severity=Severity(meta.get("ernst", Severity.BLOCKING)),
        absolute=float(tolerance.get("absoluut", 0)),
        relative=float(tolerance.get("relatief", 0)),
        what=meta.get("wat", f"voldoen niet aan de test '{name}'"),
        explanation=meta.get("uitleg", _DEFAULT_EXPLANATION),
        remedy=meta.get("herstel", _DEFAULT_REMEDY),
        suite="dbt",
    )


def _results_definition() -> CheckDefinition:
    return _definition(
        {
            "check_id": RESULTS_ID,
            "uitleg": "Zonder de uitslagen van dbt is onbekend of de tabellen kloppen waarmee is gerekend.",
            "herstel": "Draai de nacht opnieuw. Blijft dit zo, meld het dan aan de beheerder.",
        },
        "uitslagen",
        "dbt",
    )


def _subject(node: Mapping[str, Any]) -> str:
    """The model or source that the test is attached to."""
    attached = node.get("attached_node")
    if attached:
        return str(attached).rsplit(".", 1)[-1]
    depends = node.get("depends_on", {}).get("nodes", [])
    return str(depends[0]).rsplit(".", 1)[-1] if depends else str(node["name"])


def _result(check: CheckDefinition, result: Mapping[str, Any]) -> CheckResult:
    status = result.get("status", "")
    if status not in _RAN:
        # dbt's own message may quote a value of the database: only its first line, cleaned, is kept.
        reason = str(result.get("message") or "dbt gaf geen uitslag").strip().splitlines()[0]
        return outcomes.did_not_run(check, f"dbt meldt '{status or 'geen uitslag'}': {reason}")
    number = 0 if status == "pass" else max(int(result.get("failures") or 0), 1)
    return outcomes.judged(check, Failing(number, _fingerprint(check, number)), None, "rijen")


def _fingerprint(check: CheckDefinition, number: int) -> str:
    """dbt keeps no failing rows: the test and their number stand for them, so that a waiver lapses when it changes."""
    return hashlib.sha256(f"{check.check_id}\x1f{number}".encode()).hexdigest() if number else ""


def _with_unique_ids(results: list[CheckResult]) -> list[CheckResult]:
    """A test on several columns may share one check id: the number of the second and later ones is added."""
    seen: dict[str, int] = {}
    unique = []
    for result in sorted(results, key=lambda item: (item.check_id, item.subject)):
        seen[result.check_id] = seen.get(result.check_id, 0) + 1
        repeat = seen[result.check_id]
        name = result.check_id if repeat == 1 else f"{result.check_id}_{repeat}"
        unique.append(CheckResult(**{**result.__dict__, "check_id": name}))
    return unique
