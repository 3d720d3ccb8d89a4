"""A landing in a temporary folder and one call of the intake on it. All persons in these tests are invented. No tests
here.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from werkmonitor.core.deliveries import find_deliveries
from werkmonitor.core.ingest import IngestResult, ingest
from werkmonitor.core.workspace import NightFolder, Workspace
from werkmonitor.settings import Settings

KEY = b"k" * 32
UITKERING = "dossier_id,persoon_id,regeling,gemeente_code,begindatum,einddatum,reden_einde,leefvorm"


class Landing:
    """Writes deliveries, runs the intake, reads back what it wrote."""

    def __init__(self, root: Path, gemeenten: list[str] | None = None, **bronnen: dict[str, Any]) -> None:
        self.root = root
        (root / "landing").mkdir(exist_ok=True)
        self.settings = Settings.model_validate(
            {
                "monitor": {
                    "naam": "Voorbeeld",
                    "regio_code": "EIGEN",
                    "gemeenten": gemeenten or ["GM0268", "GM0296", "GM1945"],
                    "landing": root / "landing",
                    "werkmap": root / "werk",
                    "releases": root / "releases",
                },
                "bronnen": bronnen or {"bron": {"entiteiten": ["uitkering", "persoon"]}},
            }
        )
        self.workspace = Workspace(root / "werk").create()
        self.night: NightFolder = self.workspace.night("nacht")

    def put(self, entiteit: str, content: str | bytes, bron: str = "bron", day: str = "2026-01-15") -> Path:
        """Writes a delivered file (csv unless the name has a suffix of its own)."""
        folder = self.root / "landing" / bron / day
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / (entiteit if "." in entiteit else f"{entiteit}.csv")
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def run(self, key: bytes = KEY, until: date | None = None) -> IngestResult:
        return ingest(self.settings, key, find_deliveries(self.settings, until), self.workspace, self.night, 2026)

    def accepted(self, entiteit: str = "uitkering") -> list[dict[str, Any]]:
        return pq.read_table(self.night.accepted_file(entiteit)).to_pylist()

    def quarantine(self) -> list[dict[str, Any]]:
        return pq.read_table(self.night.quarantine).to_pylist()

    def findings(self) -> list[dict[str, Any]]:
        return pq.read_table(self.night.findings).to_pylist()

    def counts(self) -> list[dict[str, Any]]:
        return pq.read_table(self.night.counts).to_pylist()

    def rules(self) -> list[tuple[int, str, str | None, str | None]]:
        """Row, rule, column and shown value of everything in quarantine."""
        return [(row["rij"], row["regel"], row["kolom"], row["waarde"]) for row in self.quarantine()]


def outcome(result: IngestResult) -> tuple[int, int, int, int, int]:
    """Delivered, accepted, dubbel, buiten_bereik, quarantaine."""
    names = ("aangeleverd", "aanvaard", "dubbel", "buiten_bereik", "quarantaine")
    totals = [result.total(n) for n in names]
    return (totals[0], totals[1], totals[2], totals[3], totals[4])


def uitkering(*rows: str) -> str:
    return "\n".join([UITKERING, *rows, ""])
