"""What Dagster loads: the night as assets, checks and one job, put together by a factory so that a test can replace any
part.

Importing this needs no configuration, key or network; the run reads those (assets/session.py). It does need dbt's
manifest, which is parsed first when the project's files changed. The schedule and the sensors are there only where
WERKMONITOR_OMGEVING says `productie`: elsewhere nothing runs by itself. Not here: anything that computes.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from typing import Any

import dagster as dg

from werkmonitor.assets.audit import all_checks, audit_assets, check_results
from werkmonitor.assets.delivery import on_time_checks
from werkmonitor.assets.ingest import delivery_specs, ingest_assets
from werkmonitor.assets.publish import publish_assets
from werkmonitor.assets.session import NightResource
from werkmonitor.assets.transform import Manifest, disclosure_assets, load_manifest_json, transform_assets
from werkmonitor.schedules import NOTHING_BY_ITSELF, nightly, runs_by_itself
from werkmonitor.sensors import broken_nights, new_deliveries

JOB = "nacht"
# One at a time also where the queue allows more runs (dagster.yaml); a retry begins at the beginning, because the
# phases of a night share one process.
JOB_TAGS = {"werkmonitor/nacht": "ja", "dagster/retry_strategy": "ALL_STEPS"}


def build_definitions(
    overrides: Mapping[str, Any] | None = None,
    *,
    manifest: Manifest | None = None,
    environment: Mapping[str, str] | None = None,
) -> dg.Definitions:
    """Everything Dagster knows of werkmonitor. `overrides` replaces arguments of `Definitions` (`resources`, `assets`,
    `jobs`, ...); resources are merged by name. `environment` (default: that of the process) says where we run."""
    by_itself = runs_by_itself(os.environ if environment is None else environment)
    parts = _parts(load_manifest_json() if manifest is None else manifest, by_itself)
    replaced = dict(overrides or {})
    parts["resources"] |= replaced.pop("resources", {})
    return dg.Definitions(**(parts | replaced))


def _parts(manifest: Manifest, by_itself: bool) -> dict[str, Any]:
    ingest = ingest_assets()
    night = dg.define_asset_job(
        JOB,
        selection=dg.AssetSelection.all() | dg.AssetSelection.all_asset_checks(),
        description=(
            "Een hele nacht: inlezen, rekenen, geheimhouding, controleren, en publiceren of tegenhouden. Doet "
            "hetzelfde als `werkmonitor run`."
        ),
        tags=JOB_TAGS,
    )
    if not by_itself:
        logging.getLogger(__name__).warning(NOTHING_BY_ITSELF)
    return {
        "assets": [
            *delivery_specs(),
            ingest,
            transform_assets(manifest, set(ingest.keys)),
            disclosure_assets(),
            audit_assets(),
            publish_assets(),
        ],
        "asset_checks": [on_time_checks(), check_results(manifest, all_checks(manifest))],
        "jobs": [night],
        "schedules": [nightly(JOB)] if by_itself else [],
        "sensors": [new_deliveries(JOB), broken_nights(night)] if by_itself else [],
        "resources": {"nacht": NightResource()},
        # The phases of a night share a lock and an open night: they run in one process, one after the other.
        "executor": dg.in_process_executor,
    }


defs = build_definitions()
