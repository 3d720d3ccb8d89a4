"""The asset of publishing: the release, or the Failure that says why the gate held it.

Not here: the decision (core/gate) and the files of a release (core/release).
"""

# No postponed annotations here: Dagster reads the types of an asset function's parameters as they stand.
from collections.abc import Iterator

import dagster as dg

from werkmonitor.assets.naming import CHECKS, GROUP_PUBLISH, OWNER_STEWARDS, RELEASE, SERIES, descriptions
from werkmonitor.assets.session import NightResource, failure
from werkmonitor.night import NightOutcome


def publish_assets() -> dg.AssetsDefinition:
    """Publish the candidate, or fail with the reasons of the gate while the previous release stays live."""

    @dg.multi_asset(
        name="publiceren",
        specs=[
            dg.AssetSpec(
                RELEASE,
                deps=[SERIES, CHECKS],
                description=descriptions().uitgave["release"],
                group_name=GROUP_PUBLISH,
                owners=[OWNER_STEWARDS],
                kinds={"python", "csv", "parquet"},
                skippable=True,
            )
        ],
    )
    def publiceren(nacht: NightResource) -> Iterator[dg.MaterializeResult]:
        with nacht.step() as run:
            run.publish()
        if run.result.exit_code:
            # Held is not broken: the night ended as it should, and its files say so.
            raise failure(run.result.message, run.result.exit_code)
        yield dg.MaterializeResult(asset_key=RELEASE, metadata=_facts(run.result))

    return publiceren


def _facts(outcome: NightOutcome) -> dict[str, dg.MetadataValue | str]:
    facts: dict[str, dg.MetadataValue | str] = {
        "uitkomst": outcome.outcome,
        "peildatum": outcome.peildatum.isoformat(),
        "bericht": outcome.message,
    }
    if outcome.release is not None:
        facts |= {"release_id": outcome.release.name, "map": dg.MetadataValue.path(str(outcome.release))}
    return facts
