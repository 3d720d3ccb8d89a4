"""Types that more than one room needs: errors with their exit code, deliveries, check results, verdicts. No behaviour
beyond that."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

OWN = "eigen registratie"  # the bron of figures that are no series of somebody else (contract 3)


class WerkmonitorError(Exception):
    """Something a user can mend. The message is plain Dutch and says what is wrong, where, and what to do."""

    exit_code = 1
    # Whether it may be over in a while without anybody mending anything (core/trouble.passes_by_itself asks).
    passes = False


class ConfigurationError(WerkmonitorError):
    """Wrong use or wrong configuration."""

    exit_code = 2


class HeldByGate(WerkmonitorError):
    """The gate held the release: at least one blocking check failed without a valid waiver."""

    exit_code = 3


class CheckDidNotRun(WerkmonitorError):
    """At least one check could not be carried out; that is never waived."""

    exit_code = 4


class DeliveryUnreadable(WerkmonitorError):
    """A delivered file could not be read at all."""

    exit_code = 5


class DeliveryChanging(DeliveryUnreadable):
    """A delivered file was written, replaced or taken away while it was read."""

    passes = True


class LandingGone(ConfigurationError):
    """The landing from which earlier runs read is not there: most likely a share that is not mounted."""

    passes = True


class AlreadyRunning(WerkmonitorError):
    """Another run holds the lock of this werkmap."""

    exit_code = 1
    passes = True


@dataclass(frozen=True)
class Delivery:
    """One delivered file of one entity: the unit of intake."""

    bron: str
    bron_volgorde: int
    leverdatum: date
    entiteit: str
    path: Path
    relative: str
    sha256: str


class Outcome(StrEnum):
    """Outcome of a check. ERROR: the check itself did not run. NVT: not applicable, listed and never blocking."""

    PASS = "PASS"
    FAIL = "FAIL"
    ERROR = "ERROR"
    NVT = "NVT"


class Severity(StrEnum):
    BLOCKING = "blokkerend"
    WARNING = "waarschuwing"


@dataclass(frozen=True)
class CheckResult:
    """What one check found. `fingerprint` identifies the failing rows (sha256 over their file, row and rule; no
    person's id).

    `failing` counts failing rows or cells, `tested` what was looked at (None where without meaning); `examples` holds
    at most ten places (`bestand`, `rij`, `kolom` or the key of a cell), never a person's id.
    """

    check_id: str
    layer: str  # levering, tabel, cijfers
    subject: str  # entity, model or indicator
    outcome: Outcome
    severity: Severity
    failing: int = 0
    tested: int | None = None
    message: str = ""
    explanation: str = ""
    remedy: str = ""
    fingerprint: str = ""
    examples: tuple[dict[str, Any], ...] = field(default_factory=tuple)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self) | {
            "outcome": str(self.outcome),
            "severity": str(self.severity),
            "examples": list(self.examples),
        }


@dataclass(frozen=True)
class Verdict:
    """The gate's decision over one candidate digest.

    `reasons` is read by outsiders; `details` says the same to the steward, with places and remedies, and is never
    published.
    """

    publish: bool
    outcome: str  # gepubliceerd, tegengehouden, controlefout
    reasons: tuple[str, ...]
    waivers_used: tuple[dict[str, Any], ...] = ()
    details: tuple[str, ...] = ()
