"""What Dagster loads: the night as assets, checks and one job, put together by a factory so that a test can replace any
part.

Importing this needs no configuration, key or network; the run reads those (assets/session.py). It does need dbt's
manifest, which is parsed first when the project's files changed. Not here: schedules and sensors, and anything that
computes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import dagster as dg

from werkmonitor.assets.audit import all_checks, audit_assets, check_results
from werkmonitor.assets.ingest import delivery_specs, ingest_assets
from werkmonitor.assets.publish import publish_assets
from werkmonitor.assets.session import NightResource
from werkmonitor.assets.transform import Manifest, disclosure_assets, load_manifest_json, transform_assets

JOB = "nacht"


def build_definitions(
    overrides: Mapping[str, Any] | None = None, *, manifest: Manifest | None = None
) -> dg.Definitions:
    """Everything Dagster knows of werkmonitor. `overrides` replaces arguments of `Definitions` (`resources`, `assets`,
    `jobs`, ...); resources are merged by name."""
    parts = _parts(load_manifest_json() if manifest is None else manifest)
    replaced = dict(overrides or {})
    parts["resources"] |= replaced.pop("resources", {})
    return dg.Definitions(**(parts | replaced))


def _parts(manifest: Manifest) -> dict[str, Any]:
    ingest = ingest_assets()
    night = dg.define_asset_job(
        JOB,
        selection=dg.AssetSelection.all(),
        description=(
            "Een hele nacht: inlezen, rekenen, geheimhouding, controleren, en publiceren of tegenhouden. Doet "
            "hetzelfde als `werkmonitor run`."
        ),
    )
    return {
        "assets": [
            *delivery_specs(),
            ingest,
            transform_assets(manifest, set(ingest.keys)),
            disclosure_assets(),
            audit_assets(),
            publish_assets(),
        ],
        "asset_checks": [check_results(manifest, all_checks(manifest))],
        "jobs": [night],
        "resources": {"nacht": NightResource()},
        # The phases of a night share a lock and an open night: they run in one process, one after the other.
        "executor": dg.in_process_executor,
    }


defs = build_definitions()
