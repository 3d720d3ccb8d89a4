"""The assets of taking in: what owners deliver (outside Dagster) and the accepted rows of every entity of the contract.

Not here: reading a file, the contract, pseudonyms (core/ingest).
"""

# No postponed annotations here: Dagster reads the types of an asset function's parameters as they stand.
from collections.abc import Iterable, Iterator

import dagster as dg
import duckdb

from werkmonitor.assets.naming import (
    COUNTS,
    FINDINGS,
    GROUP_DELIVERY,
    GROUP_INPUT,
    OWNER_SOURCES,
    OWNER_STEWARDS,
    QUARANTINE,
    delivery_key,
    descriptions,
    input_key,
)
from werkmonitor.assets.session import NightResource, selected_keys
from werkmonitor.core.contracts import Entity, contracts
from werkmonitor.core.workspace import NightFolder

_COUNTED = ("aangeleverd", "aanvaard", "dubbel", "buiten_bereik", "quarantaine")


def delivery_specs() -> list[dg.AssetSpec]:
    """The files as delivered: outside Dagster, so only shown. A delivery is never changed."""
    return [
        dg.AssetSpec(
            delivery_key(entiteit),
            description=f"{entity.omschrijving} Zoals aangeleverd in <landing>/<bron>/<leverdatum>/{entiteit}.*",
            group_name=GROUP_DELIVERY,
            owners=[OWNER_SOURCES],
            kinds={"file"},
        )
        for entiteit, entity in contracts().items()
    ]


def ingest_assets() -> dg.AssetsDefinition:
    """Take in every delivery: accepted rows per entity, quarantine, findings, and the count of every row."""

    @dg.multi_asset(name="inlezen", specs=[*_entity_specs(), *_account_specs()])
    def inlezen(context: dg.AssetExecutionContext, nacht: NightResource) -> Iterator[dg.MaterializeResult]:
        with nacht.patient(context.retry_number):
            nacht.begin(selected_keys(context))
            with nacht.step(first=True) as run:
                if run.unchanged:
                    # Nothing is materialised, so Dagster skips all that comes after.
                    context.log.info(run.unchanged.bericht)
                    return
                run.ingest()
                counted = _counts(run.night.folder)
        yield from _materialized(counted, run.night.folder)

    return inlezen


def _entity_specs() -> Iterator[dg.AssetSpec]:
    for entiteit, entity in contracts().items():
        yield _input_spec(
            input_key(entiteit),
            f"{entity.omschrijving} Aanvaarde rijen van alle bronnen samen, met pseudoniemen in plaats van personen.",
            [delivery_key(entiteit)],
            {"dagster/column_schema": _columns(entity)},
        )


def _account_specs() -> Iterator[dg.AssetSpec]:
    every_delivery = [delivery_key(entiteit) for entiteit in contracts()]
    for key in (QUARANTINE, FINDINGS, COUNTS):
        yield _input_spec(key, descriptions().invoer[key.path[-1]], every_delivery, {})


def _input_spec(
    key: dg.AssetKey, description: str, deps: Iterable[dg.AssetKey], metadata: dict[str, object]
) -> dg.AssetSpec:
    return dg.AssetSpec(
        key,
        deps=deps,
        description=description,
        group_name=GROUP_INPUT,
        owners=[OWNER_STEWARDS],
        kinds={"python", "parquet"},
        metadata=metadata,
        skippable=True,
    )


def _columns(entity: Entity) -> dg.TableSchema:
    described = {
        "persoon" if column.identifies and name == "persoon_id" else name: column.omschrijving
        for name, column in entity.kolommen.items()
    }
    return dg.TableSchema(
        [dg.TableColumn(name, kind, description=described.get(name)) for name, kind in entity.accepted_schema().items()]
    )


def _counts(folder: NightFolder) -> dict[str, dict[str, int]]:
    """Per entity how many rows came and where they went."""
    sums = ", ".join(f"sum({name})::bigint" for name in _COUNTED)
    rows = duckdb.execute(
        f"select entiteit, {sums} from read_parquet(?) group by entiteit", [str(folder.counts)]
    ).fetchall()
    return {row[0]: dict(zip(_COUNTED, row[1:], strict=True)) for row in rows}


def _materialized(counted: dict[str, dict[str, int]], folder: NightFolder) -> Iterator[dg.MaterializeResult]:
    for entiteit in contracts():
        found = counted.get(entiteit)
        if found is None:
            yield dg.MaterializeResult(asset_key=input_key(entiteit), metadata={"geleverd": False})
        else:
            accepted = {"dagster/row_count": found["aanvaard"], "geleverd": True}
            yield dg.MaterializeResult(asset_key=input_key(entiteit), metadata=accepted | found)
    for key, path in ((QUARANTINE, folder.quarantine), (FINDINGS, folder.findings), (COUNTS, folder.counts)):
        rows = duckdb.execute("select count(*) from read_parquet(?)", [str(path)]).fetchall()[0][0]
        yield dg.MaterializeResult(asset_key=key, metadata={"dagster/row_count": rows})
