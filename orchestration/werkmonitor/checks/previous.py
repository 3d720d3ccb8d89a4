"""The previous release as the checks see it: its figures and what was measured of its deliveries (`metingen`).

Reads release files only. Not here: which release is the previous one (core/release.py) and what a difference means
(expectations/vorige_uitgave.yml).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from werkmonitor.settings import Settings


@dataclass(frozen=True)
class PreviousRelease:
    """`metingen` is empty when the release does not carry them (it was made by another version).

    `defect` says why the release cannot be read; checks that compare with it are then in ERROR, the others go on.
    """

    release_id: str
    figures: Path
    metingen: dict[str, Any] = field(default_factory=dict)
    defect: str | None = None


def read_previous(folder: Path | None) -> PreviousRelease | None:
    """The previous release, or None when there is none yet. The folder is resolved once: `current` may be switched."""
    if folder is None or not folder.exists():
        return None
    release = folder.resolve()
    figures = release / "reeksen.parquet"
    try:
        content = json.loads((release / "kwaliteit.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        return PreviousRelease(
            release.name, figures, defect=f"kwaliteit.json is niet te lezen ({type(error).__name__})"
        )
    metingen = content.get("metingen", {}) if isinstance(content, dict) else {}
    return PreviousRelease(release.name, figures, metingen)


def rules_digest(settings: Settings) -> str:
    """A hash over the settings that decide what a figure means; when it differs, figures may differ without a fault."""
    sources = {
        name: {
            "entiteiten": source.entiteiten,
            "dekking": source.dekking,
            "historie_vanaf": str(source.historie_vanaf),
            "naamruimte": source.naamruimte,
        }
        for name, source in settings.bronnen.items()
    }
    monitor = settings.monitor
    rules = {
        "parameters": settings.parameters.model_dump(mode="json"),
        "geheimhouding": settings.geheimhouding.model_dump(mode="json"),
        "regio": [monitor.regio_code, monitor.gemeenten, monitor.indeling_jaar, str(monitor.reeks_begin)],
        "bronnen": sources,
    }
    return hashlib.sha256(json.dumps(rules, sort_keys=True).encode()).hexdigest()[:12]
