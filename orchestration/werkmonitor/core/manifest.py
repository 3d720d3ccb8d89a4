"""What a release says of itself: the digests that identify it, manifest.json and kwaliteit.json.

Only the making of these documents; writing files and switching releases is `release`. Nothing here may hold an
absolute path, the name of a person or an unmasked small count: all of it is published.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from werkmonitor.core.datapackage import sha256_of
from werkmonitor.core.gate import shown_count
from werkmonitor.core.types import CheckResult, Delivery, Outcome, Verdict
from werkmonitor.core.workspace import NightFolder
from werkmonitor.settings import Settings

COUNTS = ("aangeleverd", "aanvaard", "dubbel", "buiten_bereik", "quarantaine")
ROUND_TO = 5


# Settings that say where files are or who is told, and cannot alter what is published; peildatum and indeling_jaar are
# parts of their own. Roles are left out on purpose: giving somebody a role after a run was held must not turn the
# candidate into another one, or its waiver could never be approved. What a mapping says is part of the lists.
_NO_PART_OF_DIGEST: Any = {
    "monitor": {"landing", "werkmap", "releases", "bewaar_releases", "peildatum", "indeling_jaar"},
    "rollen": True,
    "meldingen": True,
    "site": {"toelichting"},
    "bronnen": {"__all__": {"mapping", "waarschuw"}},
}


@dataclass(frozen=True)
class RunInfo:
    """What identifies a run. `lists_digest` is over the dated lists and the contents of the mappings,
    `corrections_digest` over the corrections.

    peildatum and indeling_jaar are those that the run used, given or derived.
    """

    peildatum: date
    indeling_jaar: int
    deliveries: tuple[Delivery, ...]
    input_digest: str
    code_version: str
    definitions_version: str
    configuration_digest: str
    started: datetime
    corrections_digest: str = ""
    lists_digest: str = ""
    remarks_digest: str = ""

    @property
    def candidate_digest(self) -> str:
        """Identifies the candidate: everything that a figure can depend on. Approvals belong to it; waivers are no part
        of it."""
        return digest([self.digests(), self.peildatum.isoformat(), self.indeling_jaar])

    def digests(self) -> dict[str, str]:
        """The parts, by the name that the manifest gives them."""
        return {
            "invoer": self.input_digest,
            "code": self.code_version,
            "definities": self.definitions_version,
            "configuratie": self.configuration_digest,
            "correcties": self.corrections_digest,
            "lijsten": self.lists_digest,
            "toelichtingen": self.remarks_digest,
        }


def digest(value: Any) -> str:
    """sha256 of a value of plain types, independent of the order of keys."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()


def input_digest(deliveries: Iterable[Delivery]) -> str:
    """Digest of what was delivered: source, date, entity, kind of file and content; neither folders nor file times."""
    return digest(
        sorted([d.bron, d.leverdatum.isoformat(), d.entiteit, d.path.suffix.lower(), d.sha256] for d in deliveries)
    )


def configuration_digest(settings: Settings) -> str:
    """Digest of the configuration without paths, roles and notifications. The order of the sources counts: it decides
    ties."""
    values = settings.model_dump(mode="json", exclude=_NO_PART_OF_DIGEST)
    return digest([values, settings.source_order()])


def release_id_of(run: RunInfo, verdict: Verdict) -> str:
    """`<peildatum>-<12 hex>` over inputs, code, definitions, configuration, corrections, lists and the waivers used."""
    return f"{run.peildatum.isoformat()}-{digest([run.candidate_digest, list(verdict.waivers_used)])[:12]}"


def deliveries_of(run: RunInfo, night: NightFolder, threshold: int) -> list[dict[str, Any]]:
    """The deliveries with their counts as they may be published."""
    counted = _counts_by_file(night.counts)
    ordered = sorted(run.deliveries, key=lambda d: (d.bron_volgorde, d.bron, d.leverdatum, d.entiteit, d.relative))
    return [
        {
            "bron": delivery.bron,
            "leverdatum": delivery.leverdatum.isoformat(),
            "entiteit": delivery.entiteit,
            "bestand": delivery.relative,
            "sha256": delivery.sha256,
            **published_counts(counted.get((delivery.relative, delivery.entiteit), {}), threshold),
        }
        for delivery in ordered
    ]


def published_counts(counts: Mapping[str, int | None], threshold: int) -> dict[str, Any]:
    """The counts of one delivery; below the threshold as `<5`.

    Every row is counted once, so one masked count would follow from the others: when one is masked the others are
    rounded to a multiple of 5.
    """
    values = {name: counts.get(name) for name in COUNTS}
    shown = {name: shown_count(value, threshold) for name, value in values.items()}
    if not any(isinstance(value, str) for value in shown.values()):
        return {**shown, "afgerond": False}
    rounded = {n: (v + ROUND_TO // 2) // ROUND_TO * ROUND_TO if isinstance(v, int) else v for n, v in shown.items()}
    return {**rounded, "afgerond": True}


def quality_report(
    run: RunInfo, night: NightFolder, results: Sequence[CheckResult], settings: Settings
) -> dict[str, Any]:
    """kwaliteit.json: every check, masked counts, no row of anybody (so no examples and no free message)."""
    threshold = settings.geheimhouding.drempel
    ordered = sorted(results, key=lambda r: (r.layer, r.check_id, r.subject, r.outcome, r.fingerprint))
    return {
        "peildatum": run.peildatum.isoformat(),
        "drempel": threshold,
        "samenvatting": _outcome_counts(results),
        "controles": [_published_check(result, threshold) for result in ordered],
        "aanleveringen": deliveries_of(run, night, threshold),
        "metingen": measured(night),
    }


def measured(night: NightFolder) -> dict[str, Any]:
    """What the checks of the next night compare with. Without it a delivery of half the rows would pass in silence."""
    if not night.checks.exists():
        return {}
    content = json.loads(night.checks.read_text("utf-8"))
    return content.get("metingen", {}) if isinstance(content, dict) else {}


def build(
    settings: Settings,
    night: NightFolder,
    verdict: Verdict,
    results: Sequence[CheckResult],
    run: RunInfo,
    previous: str | None,
    publication: Mapping[str, str] | None = None,
    *,
    number: int = 1,
) -> dict[str, Any]:
    """manifest.json without its list of files, which `with_files` adds when they are written. `number`: the how
    manyeth release of this folder it is."""
    threshold = settings.geheimhouding.drempel
    return {
        "release_id": release_id_of(run, verdict),
        "vorige_release": previous,
        "organisatie": settings.monitor.naam,
        "regio_code": settings.monitor.regio_code,
        "peildatum": run.peildatum.isoformat(),
        "indeling_jaar": run.indeling_jaar,
        "gemaakt": run.started.isoformat(timespec="seconds"),
        "volgnummer": number,
        "kandidaat": run.candidate_digest,
        "code_versie": run.code_version,
        "definities_versie": run.definitions_version,
        "samenvattingen": run.digests(),
        "geheimhouding": {
            "methode": settings.geheimhouding.methode,
            "drempel": threshold,
            "drempel_noemer": settings.geheimhouding.drempel_noemer,
            "publiek": settings.geheimhouding.publiek,
        },
        "publicatie": dict(publication) if publication else {},
        "poort": {
            "uitkomst": verdict.outcome,
            "redenen": list(verdict.reasons),
            "blokkeren": settings.gate.blokkeren,
            "controles": _outcome_counts(results),
        },
        "waivers": [_published_waiver(waiver, threshold) for waiver in verdict.waivers_used],
        "aanleveringen": deliveries_of(run, night, threshold),
    }


def with_files(manifest: Mapping[str, Any], folder: Path, names: Sequence[str]) -> dict[str, Any]:
    """The manifest with sha256 and size of every other file of the release."""
    files = {
        name: {"sha256": sha256_of(folder / name), "bytes": (folder / name).stat().st_size} for name in sorted(names)
    }
    return {**manifest, "bestanden": files}


def as_json(value: Any) -> bytes:
    """Readable JSON; dates as JJJJ-MM-DD."""
    return (json.dumps(value, ensure_ascii=False, indent=1, default=_plain) + "\n").encode()


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, set | frozenset | tuple):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} heeft geen plaats in een gepubliceerd JSON-bestand")


def _outcome_counts(results: Sequence[CheckResult]) -> dict[str, int]:
    """Numbers of checks, not of persons: shown as they are."""
    return {str(outcome): sum(result.outcome is outcome for result in results) for outcome in Outcome}


def _published_check(result: CheckResult, threshold: int) -> dict[str, Any]:
    return {
        "controle": result.check_id,
        "laag": result.layer,
        "onderdeel": result.subject,
        "uitkomst": str(result.outcome),
        "ernst": str(result.severity),
        "fout": shown_count(result.failing, threshold),
        "onderzocht": shown_count(result.tested, threshold),
        "toelichting": result.explanation,
        "herstel": result.remedy,
    }


def _published_waiver(waiver: Mapping[str, Any], threshold: int) -> dict[str, Any]:
    return {**waiver, "hoogstens_rijen": shown_count(waiver["hoogstens_rijen"], threshold)}


def _counts_by_file(path: Path) -> dict[tuple[str, str], dict[str, Any]]:
    """One row a delivered file and entity read from it; absent when a test or an early phase made no counts."""
    if not path.exists():
        return {}
    return {(row["bestand"], row["entiteit"]): row for row in pq.read_table(path).to_pylist()}
