"""The report as a part of publishing: its own inputs into the staged release, then the site made of that release.

Called by core/release through `night.py`, after the gate and before the release gets its name. What goes in here is
what no other file of a release holds: toelichtingen, targets with their verdict, and which releases there were before.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from werkmonitor.core import release_store as store
from werkmonitor.core.remarks import read_remarks
from werkmonitor.core.workspace import NightFolder
from werkmonitor.report.release_files import EARLIER, INPUTS, REMARKS, TARGETS
from werkmonitor.settings import Settings

SITE = "site"
SHOWN_RELEASES = 24
TARGET_COLUMNS = (
    *("indicator_id", "regio_code", "regio_naam", "periode", "soort", "richting", "doel", "tolerantie_pct", "document"),
    *("pagina", "gemeten_met", "dimensie", "categorie", "waarde", "status", "meetbaar_vanaf", "uitkomst"),
)


def add_report(settings: Settings, night: NightFolder, folder: Path) -> list[str]:
    """Write `site/` and `rapport/` into the staged release `folder`; the names written, relative to the release."""
    # The PDFs first: the site links to them.
    return [
        *add_inputs(settings, night, folder),
        *build_pdfs(folder),
        *build_site(folder, settings.site.laatste_run),
        *add_explorer(folder),
    ]


def add_inputs(settings: Settings, night: NightFolder, folder: Path) -> list[str]:
    """What the report reads besides the figures, and no other file of a release holds."""
    (folder / INPUTS).mkdir(parents=True)
    found = {REMARKS: read_remarks(settings), TARGETS: _targets(night), EARLIER: _earlier(settings)}
    for name, content in found.items():
        _write(folder / INPUTS / name, content)
    return [f"{INPUTS}/{name}" for name in found]


def build_pdfs(folder: Path) -> list[str]:
    """The PDF reports of the release in `folder`, from its own files."""
    from werkmonitor.report.pdf import write_pdfs
    from werkmonitor.report.release_files import ReleaseFiles

    return write_pdfs(ReleaseFiles(folder), folder)


def build_site(folder: Path, latest_address: str) -> list[str]:
    """The site of the release in `folder`, from its own files."""
    from werkmonitor.report.render import write_site
    from werkmonitor.report.site_model import report_of

    names = write_site(report_of(folder), folder / SITE, latest_address)
    return [f"{SITE}/{name}" for name in names]


def add_explorer(folder: Path) -> list[str]:
    """The pages that are explored, when they are built; else one page that says that they are not there."""
    from werkmonitor.verkennen import stamp

    return [f"{SITE}/{name}" for name in stamp(folder, folder / SITE).bestanden]


def _write(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _targets(night: NightFolder) -> list[dict[str, Any]]:
    """Every target with the published figure it is about and the verdict (core/derived); no personal data."""
    with duckdb.connect(str(night.candidate), read_only=True) as con:
        rows = con.execute(f"SELECT {', '.join(TARGET_COLUMNS)} FROM gepubliceerd.doelen").fetchall()
    return [{name: _plain(value) for name, value in zip(TARGET_COLUMNS, row, strict=True)} for row in rows]


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _earlier(settings: Settings) -> dict[str, Any]:
    """The releases before this one, newest first, and what was withdrawn."""
    releases = [_summary(path) for path in store.release_paths(settings)[:SHOWN_RELEASES]]
    return {"releases": releases, "teruggedraaid": store.withdrawals(settings)}


def _summary(path: Path) -> dict[str, Any]:
    manifest = store.manifest_of(path)
    return {
        "release_id": manifest["release_id"],
        "peildatum": manifest["peildatum"],
        "gemaakt": manifest["gemaakt"],
        "soort": manifest.get("publicatie", {}).get("soort", "intern"),
        "controles": manifest.get("poort", {}).get("controles", {}),
        "niet_geslaagd": _failed(path),
    }


def _failed(path: Path) -> Sequence[str]:
    try:
        checks = json.loads((path / "kwaliteit.json").read_text("utf-8"))["controles"]
    except (OSError, ValueError, KeyError, TypeError):
        return []  # a release of another version, or damaged: its line in the list is without them
    return sorted({check["controle"] for check in checks if check["uitkomst"] == "FAIL"})
