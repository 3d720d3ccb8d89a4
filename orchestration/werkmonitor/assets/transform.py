"""The assets of computing: the run's own input tables, every dbt model with its lineage, and the figures after
disclosure control.

dbt runs in this process, in one call (werkmonitor.transform); dagster-dbt only translates the manifest to assets. Not
here: SQL, disclosure control.
"""

# No postponed annotations here: Dagster reads the types of an asset function's parameters as they stand.
import json
from collections.abc import Iterator, Mapping
from graphlib import TopologicalSorter
from typing import Any

import dagster as dg
import duckdb
from dagster_dbt import DagsterDbtTranslator, build_dbt_asset_specs

from werkmonitor.assets.naming import (
    CANDIDATE_FIGURES,
    GROUP_PUBLISH,
    GROUP_RUN_INPUT,
    OWNER_DEFINITIONS,
    OWNER_OPERATORS,
    OWNER_STEWARDS,
    SERIES,
    descriptions,
    input_key,
)
from werkmonitor.assets.session import NightResource
from werkmonitor.core.datapackage import REEKSEN
from werkmonitor.core.workspace import NightFolder
from werkmonitor.transform import manifest_folder

Manifest = Mapping[str, Any]


def load_manifest_json() -> Manifest:
    """dbt's manifest of the project as it is now, parsed first when that was not done yet."""
    content: Manifest = json.loads((manifest_folder() / "manifest.json").read_text(encoding="utf-8"))
    return content


class ModelTranslator(DagsterDbtTranslator):
    """A model is called by its name, grouped by its folder, and described in the language of stewards."""

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        if dbt_resource_props["resource_type"] == "source":
            return input_key(dbt_resource_props["name"])
        return dg.AssetKey([dbt_resource_props["name"]])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        return str(dbt_resource_props["fqn"][1])

    def get_description(self, dbt_resource_props: Mapping[str, Any]) -> str:
        name = dbt_resource_props["name"]
        return descriptions().modellen.get(name) or f"Stap in de berekening (dbt-model {name})."

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:
        return [OWNER_DEFINITIONS]


def model_keys(manifest: Manifest) -> dict[str, dg.AssetKey]:
    """The asset of each model and each source table, by name."""
    translator = ModelTranslator()
    models = [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]
    return {node["name"]: translator.get_asset_key(node) for node in [*manifest["sources"].values(), *models]}


def transform_assets(manifest: Manifest, made_by_ingest: set[dg.AssetKey]) -> dg.AssetsDefinition:
    """Compute every figure: lay the run's input ready and build all models, in one call of dbt."""
    laid = list(_run_input_specs(manifest, made_by_ingest))
    models = build_dbt_asset_specs(manifest=manifest, dagster_dbt_translator=ModelTranslator())
    specs = _in_order([*laid, *(_without_bookkeeping(spec) for spec in models)])

    @dg.multi_asset(name="rekenen", specs=specs)
    def rekenen(nacht: NightResource) -> Iterator[dg.MaterializeResult]:
        with nacht.step() as run:
            run.transform()
            rows, seconds = _rows(run.night.folder), _seconds(run.night.folder)
        for spec in specs:
            name = spec.key.path[-1]
            facts = {"dagster/row_count": rows.get(name), "seconden": seconds.get(name)}
            known = {label: value for label, value in facts.items() if value is not None}
            yield dg.MaterializeResult(asset_key=spec.key, metadata=known)

    return rekenen


def disclosure_assets() -> dg.AssetsDefinition:
    """Exactly what would be published: the figures after disclosure control."""
    columns = [dg.TableColumn(column.name, column.sql, description=column.description) for column in REEKSEN]

    @dg.multi_asset(
        name="geheimhouding",
        specs=[
            dg.AssetSpec(
                SERIES,
                deps=[CANDIDATE_FIGURES],
                description=descriptions().uitgave["reeksen"],
                group_name=GROUP_PUBLISH,
                owners=[OWNER_STEWARDS],
                kinds={"duckdb", "sql"},
                metadata={"dagster/column_schema": dg.TableSchema(columns)},
                skippable=True,
            )
        ],
    )
    def geheimhouding(nacht: NightResource) -> Iterator[dg.MaterializeResult]:
        with nacht.step() as run:
            run.disclose()
            rows = _rows(run.night.folder)["reeksen"]
        yield dg.MaterializeResult(asset_key=SERIES, metadata={"dagster/row_count": rows})

    return geheimhouding


def _run_input_specs(manifest: Manifest, made_by_ingest: set[dg.AssetKey]) -> Iterator[dg.AssetSpec]:
    """The tables of schema `invoer` that come from settings, lists and registry: every source that ingest does not
    make."""
    for source in manifest["sources"].values():
        key = input_key(source["name"])
        if key not in made_by_ingest:
            yield dg.AssetSpec(
                key,
                description=descriptions().instellingen.get(source["name"], source["description"]),
                group_name=GROUP_RUN_INPUT,
                owners=[OWNER_OPERATORS],
                kinds={"python", "duckdb"},
                skippable=True,
            )


def _in_order(specs: list[dg.AssetSpec]) -> list[dg.AssetSpec]:
    """Each asset after those it is made from, as Dagster wants them reported; the same order every time."""
    by_key = {spec.key: spec for spec in sorted(specs, key=lambda spec: spec.key)}
    made_from = {key: sorted({dep.asset_key for dep in spec.deps} & set(by_key)) for key, spec in by_key.items()}
    return [by_key[key] for key in TopologicalSorter(made_from).static_order()]


def _without_bookkeeping(spec: dg.AssetSpec) -> dg.AssetSpec:
    """Without the whole manifest and its translator in the metadata: they serve dagster-dbt's own runner, which is not
    used."""
    kept = {key: value for key, value in spec.metadata.items() if not key.startswith("dagster_dbt/")}
    return spec.replace_attributes(metadata=kept)


def _rows(folder: NightFolder) -> dict[str, int]:
    """Rows per table of the candidate. Views (the accepted Parquet files) are counted when they are taken in."""
    with duckdb.connect(str(folder.candidate), read_only=True) as connection:
        found = connection.execute("select table_name, estimated_size from duckdb_tables()").fetchall()
    return dict(found)


def _seconds(folder: NightFolder) -> dict[str, float]:
    """Seconds per model, as dbt measured them."""
    content = json.loads((folder.dbt_target / "run_results.json").read_text(encoding="utf-8"))
    return {result["unique_id"].split(".")[-1]: round(result["execution_time"], 2) for result in content["results"]}
