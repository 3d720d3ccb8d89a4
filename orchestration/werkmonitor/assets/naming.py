"""Names of the graph: asset keys, groups, owners, and how a check of ours is called in Dagster.

No assets and no Dutch sentences here (`beschrijvingen.yml` has those).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml
from dagster import AssetKey
from pydantic import BaseModel, ConfigDict

GROUP_DELIVERY = "aanlevering"
GROUP_INPUT = "invoer"
GROUP_RUN_INPUT = "instellingen"
GROUP_PUBLISH = "uitgave"  # dbt has a folder, so a group, publication

OWNER_SOURCES = "team:bronhouders"
OWNER_STEWARDS = "team:stewards"
OWNER_DEFINITIONS = "team:redactie-definities"
OWNER_OPERATORS = "team:beheerders"

COUNTS = AssetKey(["invoer", "verantwoording"])
QUARANTINE = AssetKey(["invoer", "quarantaine"])
FINDINGS = AssetKey(["invoer", "bevindingen"])
CANDIDATE_FIGURES = AssetKey(["pub_cijfers"])
SERIES = AssetKey(["gepubliceerd", "reeksen"])
CHECKS = AssetKey(["controles"])
RELEASE = AssetKey(["release"])


class Descriptions(BaseModel):
    """The Dutch sentence of every asset that has none elsewhere (an entity has one in its contract)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    invoer: Mapping[str, str]
    instellingen: Mapping[str, str]
    modellen: Mapping[str, str]
    uitgave: Mapping[str, str]


@cache
def descriptions() -> Descriptions:
    """What `beschrijvingen.yml` says."""
    text = Path(__file__).with_name("beschrijvingen.yml").read_text(encoding="utf-8")
    return Descriptions.model_validate(yaml.safe_load(text))


def delivery_key(entiteit: str) -> AssetKey:
    """The files of one entity as their owner delivered them."""
    return AssetKey(["aanlevering", entiteit])


def input_key(table: str) -> AssetKey:
    """A table of the schema `invoer`: the same key that dbt's source of that name has."""
    return AssetKey(["invoer", table])


def check_name(check_id: str) -> str:
    """Dagster allows letters, digits and underscores: `uitkering.overlap` reads `uitkering__overlap`."""
    return re.sub(r"[^A-Za-z0-9_]", "_", check_id.replace(".", "__"))
