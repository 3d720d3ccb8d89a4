"""The graph that Dagster shows, kept as text: a change in keys, lineage, groups, owners or checks is seen in review.

After a change that is meant: `pytest tests/golden/test_asset_graph.py --snapshot-update`.
"""

from __future__ import annotations

from typing import Any

import dagster as dg
from syrupy.assertion import SnapshotAssertion
from werkmonitor.definitions import build_definitions


def test_asset_graph(snapshot: SnapshotAssertion) -> None:
    definitions = build_definitions()
    graph = definitions.resolve_asset_graph()
    assert {key.to_user_string(): _asset(graph, key) for key in sorted(graph.get_all_asset_keys())} == snapshot


def test_jobs(snapshot: SnapshotAssertion) -> None:
    definitions = build_definitions()
    jobs = definitions.resolve_all_job_defs()
    assert {job.name: [node.name for node in job.nodes_in_topological_order] for job in jobs} == snapshot


def _asset(graph: dg.AssetGraph, key: dg.AssetKey) -> dict[str, Any]:
    node = graph.get(key)
    return {
        "beschrijving": node.description,
        "groep": node.group_name,
        "eigenaren": sorted(node.owners),
        "soorten": sorted(node.kinds),
        "gemaakt": node.is_executable,
        "van": sorted(parent.to_user_string() for parent in node.parent_keys),
        "controles": sorted(check.name for check in node.check_keys),
    }
