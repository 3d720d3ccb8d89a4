"""The example organisation on disk for `werkmonitor demo`: made once, made again only when asked for another one or
when its maker
changed. What is in it is demo/'s business."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from werkmonitor.core.types import ConfigurationError

if TYPE_CHECKING:
    from werkmonitor.demo import DemoReport

MARKER = "voorbeeld.json"


def nights(faults: bool) -> tuple[date | None, ...]:
    """Up to which delivery each night of the example goes (None: all of them): with mistakes the sound delivery first,
    so that there is a release to compare with, and one that stays."""
    from werkmonitor.demo.days import LEVERDATUM

    return (LEVERDATUM, None) if faults else (None,)


def measured_lines(folder: Path, release: Path) -> list[str]:
    """What was aimed at beside what the release says."""
    from werkmonitor.demo import aims_from_release
    from werkmonitor.demo.report import aim_lines

    asked = _content(folder / MARKER)
    persons = asked.get("personen") if isinstance(asked, dict) else None
    return aim_lines(aims_from_release(release, folder, persons)) if isinstance(persons, int) else []


def make_example(folder: Path, persons: int, seed: int, faults: bool) -> DemoReport | None:
    """Write the example into `folder`; None when the very same one is there already.

    A folder with other things in it is refused: an example never overwrites somebody's own deliveries or configuration.
    """
    from werkmonitor.core.digests import LISTS, PACKAGE, tree_digest

    asked = {
        "personen": persons,
        "seed": seed,
        "fouten": faults,
        "maker": tree_digest(PACKAGE / "demo"),
        "lijsten": tree_digest(LISTS),
    }
    marker = folder / MARKER
    if _content(marker) == asked and (folder / "werkmonitor.toml").exists() and (folder / "landing").is_dir():
        return None
    if folder.exists() and not folder.is_dir():
        raise ConfigurationError(f"{folder} is geen map. Kies een andere naam voor de voorbeeldorganisatie.")
    if folder.is_dir() and any(folder.iterdir()) and not marker.exists():
        raise ConfigurationError(
            f"De map {folder} is niet leeg. Kies voor de voorbeeldorganisatie een nieuwe of lege map."
        )

    from werkmonitor.demo import generate

    folder.mkdir(parents=True, exist_ok=True)
    # Before the files: a run killed half-way leaves a folder that is known to be ours and is made again.
    marker.write_text("{}\n", encoding="utf-8")
    report = generate(folder, persons, seed, faults)
    marker.write_text(json.dumps(asked, indent=1) + "\n", encoding="utf-8")
    return report


def _content(marker: Path) -> object:
    try:
        return json.loads(marker.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
