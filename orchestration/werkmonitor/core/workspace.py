"""Where a run keeps its files: the only place that knows the names inside werkmap. No reading or writing of their
contents."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class NightFolder:
    """The folder of one run. Persons live here (as pseudonyms), so it is made readable by its owner only."""

    root: Path

    @property
    def accepted(self) -> Path:
        return self.root / "accepted"

    def accepted_file(self, entiteit: str) -> Path:
        return self.accepted / f"{entiteit}.parquet"

    @property
    def quarantine(self) -> Path:
        return self.root / "quarantine.parquet"

    @property
    def findings(self) -> Path:
        return self.root / "findings.parquet"

    @property
    def counts(self) -> Path:
        return self.root / "counts.parquet"

    @property
    def candidate(self) -> Path:
        return self.root / "candidate.duckdb"

    @property
    def checks(self) -> Path:
        return self.root / "checks.json"

    @property
    def state(self) -> Path:
        return self.root / "night.json"

    @property
    def dbt_target(self) -> Path:
        return self.root / "dbt"

    def create(self) -> NightFolder:
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.accepted.mkdir(exist_ok=True, mode=0o700)
        return self


@dataclass(frozen=True)
class Workspace:
    """The werkmap: nights, snapshots, the lock, waivers and the state of findings."""

    root: Path

    def create(self) -> Workspace:
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.snapshots.mkdir(exist_ok=True, mode=0o700)
        self.nights.mkdir(exist_ok=True, mode=0o700)
        return self

    @property
    def lock(self) -> Path:
        return self.root / "slot"

    @property
    def snapshots(self) -> Path:
        return self.root / "momentopnamen"

    @property
    def nights(self) -> Path:
        return self.root / "nachten"

    @property
    def key_fingerprint(self) -> Path:
        return self.root / "sleutel.vingerafdruk"

    @property
    def waivers(self) -> Path:
        return self.root / "waivers.json"

    @property
    def masks(self) -> Path:
        """Keyed fingerprints of what the releases mask (core/suppression/history)."""
        return self.root / "maskers"

    @property
    def findings_state(self) -> Path:
        """Findings over runs: opened and closed (core/findings)."""
        return self.root / "bevindingen.parquet"

    @property
    def inventory(self) -> Path:
        """Every delivered file there has been, with its hash and its term (core/retention)."""
        return self.root / "leveringen.json"

    @property
    def processing_register(self) -> Path:
        """The register of processing (core/processing_register), as Markdown; beside it the same as JSON."""
        return self.root / "verwerkingsregister.md"

    @property
    def messages(self) -> Path:
        """What has been told to whom, and what could not be delivered (core/mailbox)."""
        return self.root / "meldingen.json"

    @property
    def messages_lock(self) -> Path:
        return self.root / "meldingen.slot"

    def night(self, night_id: str) -> NightFolder:
        return NightFolder(self.nights / night_id)
