"""Whether every source delivered in time, as a check on what owners deliver. Looks at the calendar of today, which no
figure does; how late is late is said by `verwacht` (core/status)."""

# No postponed annotations here: Dagster reads the types of an asset function's parameters as they stand.
from collections.abc import Iterator
from datetime import date

import dagster as dg

from werkmonitor.assets.naming import delivery_key
from werkmonitor.assets.session import NightResource
from werkmonitor.core.contracts import contracts
from werkmonitor.core.status import late_sources, newest_deliveries
from werkmonitor.settings import Settings

ON_TIME = "op_tijd"


def on_time_checks() -> dg.AssetChecksDefinition:
    """Per entity: has every source that delivers it done so as often as agreed?"""
    specs = [
        dg.AssetCheckSpec(
            ON_TIME,
            asset=delivery_key(entiteit),
            description="Levert elke bron hiervan zo vaak als is afgesproken (`verwacht`)? Houdt niets tegen.",
        )
        for entiteit in contracts()
    ]

    @dg.multi_asset_check(name="levertijd", specs=specs)
    def levertijd(nacht: NightResource) -> Iterator[dg.AssetCheckResult]:
        yield from results(nacht.settings(), date.today())

    return levertijd


def results(settings: Settings, today: date) -> Iterator[dg.AssetCheckResult]:
    """The outcome for every entity of the contract on a day; an entity that nobody delivers is not late."""
    newest = newest_deliveries(settings)
    late = {item.bron: item for item in late_sources(settings, newest, today)}
    for entiteit in contracts():
        sources = [bron for bron, source in settings.bronnen.items() if entiteit in source.entiteiten]
        tardy = [late[bron].sentence() for bron in sources if bron in late]
        yield dg.AssetCheckResult(
            asset_key=delivery_key(entiteit),
            check_name=ON_TIME,
            passed=not tardy,
            severity=dg.AssetCheckSeverity.WARN,
            description=" ".join(tardy) or ("Op tijd." if sources else "Niet van toepassing: geen bron levert dit."),
            metadata={
                **{f"nieuwste levering van {bron}": str(newest.get(bron, "geen")) for bron in sources},
                "uitkomst": "FAIL" if tardy else "PASS" if sources else "NVT",
            },
        )
