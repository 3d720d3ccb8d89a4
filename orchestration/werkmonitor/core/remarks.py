"""Toelichtingen: what a person says about a figure, one Markdown file each, signed and dated.

Here: reading and checking the files of the folder `[site] toelichting`. Part of what a release is made of (their digest
is in RunInfo). Not here: how they look (report/pages/remarks). A file begins with

    ---
    indicator: duurzaam_uit_uitkering_12__alle
    periode: 2023JJ00
    auteur: A. Jansen, beleidsonderzoek
    datum: 2026-02-01
    ---
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from werkmonitor.core.types import ConfigurationError
from werkmonitor.settings import Settings

_HEAD = re.compile(r"\A---[ \t]*\r?\n(.*?)\r?\n---[ \t]*\r?\n(.*)\Z", re.DOTALL)
_PERIOD = re.compile(r"\d{4}(JJ00|KW0[1-4]|MM(0[1-9]|1[0-2]))")
NEEDED = ("indicator", "periode", "auteur", "datum")


def read_remarks(settings: Settings) -> list[dict[str, Any]]:
    """Every toelichting, in the order of indicator, period (newest first) and date; none without the folder."""
    folder = settings.site.toelichting
    found = [_read(path) for path in sorted(folder.glob("*.md"))] if folder.is_dir() else []
    found.sort(key=lambda item: (item["datum"], item["tekst"]))
    found.sort(key=lambda item: item["periode"], reverse=True)
    return sorted(found, key=lambda item: item["indicator"])


def _read(path: Path) -> dict[str, Any]:
    where = f"De toelichting {path.name}"
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise ConfigurationError(
            f"{where} is geen UTF-8 (byte {error.start}). Sla het bestand op als UTF-8."
        ) from error
    match = _HEAD.match(text)
    if match is None:
        raise ConfigurationError(f"{where} heeft geen kop. Begin met '---', dan {', '.join(NEEDED)}, en weer '---'.")
    try:
        head = yaml.safe_load(match[1])
    except yaml.YAMLError as error:
        raise ConfigurationError(
            f"{where} heeft een kop die niet te lezen is. Schrijf elke regel als 'naam: waarde'."
        ) from error
    missing = [name for name in NEEDED if not isinstance(head, dict) or not head.get(name)]
    if missing:
        raise ConfigurationError(
            f"{where} mist in de kop: {', '.join(missing)}. Een toelichting is ondertekend en gedateerd."
        )
    if not isinstance(head["datum"], date):
        raise ConfigurationError(f"{where} heeft als datum '{head['datum']}'. Schrijf haar als JJJJ-MM-DD.")
    if not _PERIOD.fullmatch(str(head["periode"])):
        raise ConfigurationError(
            f"{where} heeft als periode '{head['periode']}'. Schrijf een jaar als 2023JJ00, een kwartaal als "
            "2023KW01, een maand als "
            "2023MM01."
        )
    return {
        "indicator": str(head["indicator"]).strip(),
        "periode": str(head["periode"]),
        "auteur": str(head["auteur"]).strip(),
        "datum": head["datum"].isoformat(),
        "tekst": match[2].strip(),
    }
