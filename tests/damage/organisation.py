"""An organisation whose every source is one kind of damage, the real command line on it, and what came of each source.

Kinds that do not stop a run share a landing: each is a source with a naamruimte of its own, so that they do not meet.
Not here: what should come out (the library) and asserting it.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import pyarrow.parquet as pq
from integration import organisation_kit as kit
from integration.organisation_kit import Ended, Organisation
from werkmonitor.core import deliveries

from damage import build
from damage.library import DamagedFile, Kind

ENGLISH = (
    "Error",
    "error",
    "Traceback",
    "No such",
    "Invalid",
    "Permission",
    'File "',
    "not found",
    "corrupt",
    "xception",
)
OUTCOMES = ("aanvaard", "dubbel", "buiten_bereik", "quarantaine")
MONITOR = """
[monitor]
naam = "Proefbedrijf Schade"
regio_code = "PROEF"
gemeenten = ["GM0268", "GM0296", "GM1945"]
peildatum = 2023-12-31
"""


@dataclass(frozen=True)
class Seen:
    """What became of one source: its rows by outcome, and row, rule and column of everything a steward is told."""

    counts: tuple[dict[str, int], ...]
    left_out: dict[str, int]
    quarantine: list[str]
    findings: list[str]

    def total(self, outcome: str) -> int:
        return sum(count[outcome] for count in self.counts)


def make(root: Path, damages: Sequence[Kind]) -> Organisation:
    """An organisation with a source for each kind, its files delivered and nothing run."""
    organisation = Organisation(root)
    root.mkdir(parents=True)
    parts = [MONITOR]
    for kind in damages:
        own = {"entiteiten": kind.entities, "naamruimte": build.namespace(kind), **kind.bron}
        for name, settings in {kind.naam: own, **kind.andere_bronnen}.items():
            lines = [f"{key} = {_toml(value)}" for key, value in settings.items()]
            parts.append("\n".join([f"[bronnen.{name}]", *lines]))
        if kind.mapping:
            (root / kind.bron["mapping"]).write_text(kind.mapping, encoding="utf-8")
        for file in kind.files:
            _deliver(organisation, kind, file)
    organisation.config.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    return organisation


def _toml(value: Any) -> str:
    """Numbers came out of the library as text."""
    if isinstance(value, list):
        return "[" + ", ".join(_toml(item) for item in value) + "]"
    return value if value.isdigit() else json.dumps(value)


def _deliver(organisation: Organisation, kind: Kind, file: DamagedFile) -> None:
    day = organisation.landing / file.bron / file.dag
    path = day / file.naam
    if file.plaats == "dag_lus":
        day.parent.mkdir(parents=True, exist_ok=True)
        day.symlink_to(day)
        return
    day.mkdir(parents=True, exist_ok=True)
    match file.plaats:
        case "map":
            path.mkdir()
        case "lus":
            path.symlink_to(path)
        case "dood":
            path.symlink_to(path.with_name("nergens"))
        case "pijp":
            os.mkfifo(path)
        case _:
            path.write_bytes(build.content(kind, file))


def run(organisation: Organisation, *arguments: str) -> Ended:
    """`werkmonitor run --tot ingest`, or another command."""
    return kit.call(organisation, *(arguments or ("run", "--tot", "ingest")))


def message(kind: Kind, organisation: Organisation, ended: Ended) -> str:
    """What a run that was stopped said, without the places that are different for every test."""
    said = ended.err.splitlines()[-1]
    for file in kind.files:
        said = said.replace(f"{file.bron}/{file.dag}/", "")
    return said.replace(f"{organisation.root}/", "").replace(f"[bronnen.{kind.naam}]", "[bronnen.<bron>]")


@contextlib.contextmanager
def meddled(kind: Kind, organisation: Organisation) -> Iterator[None]:
    """What happens to the file of a kind between being listed and being read."""
    if not kind.tijdens:
        yield
        return
    path = next(organisation.landing.rglob(kind.files[0].naam))
    really = deliveries.file_sha256

    def listed(file: Path, relative: str) -> str:
        digest = really(file, relative)
        if kind.tijdens == "vervangen":
            path.write_bytes(path.read_bytes() + b"\n")
        else:
            path.unlink()
        return digest

    def refused(file: Path, *arguments: Any, **more: Any) -> Any:
        # Root may open everything, so the refusal of the system is played.
        if file == path:
            raise PermissionError(13, os.strerror(13), str(file))
        return opened(file, *arguments, **more)

    opened = Path.open
    if kind.tijdens == "geen_toegang":
        with mock.patch.object(Path, "open", refused):
            yield
    else:
        with mock.patch.object(deliveries, "file_sha256", listed):
            yield


def seen(organisation: Organisation, bron: str | None = None) -> Seen:
    """What the newest night says of a source; None: of everything."""
    night = organisation.newest_night()

    def rows(name: str) -> list[dict[str, Any]]:
        found = pq.read_table(night / f"{name}.parquet").to_pylist()
        return [row for row in found if bron is None or row["bron"] == bron]

    return Seen(
        counts=tuple({name: row[name] for name in ("aangeleverd", *OUTCOMES)} for row in rows("counts")),
        left_out={row["regel"]: row["aantal"] for row in rows("buiten_bereik")},
        quarantine=_told(rows("quarantine")),
        findings=_told(rows("findings")),
    )


def _told(rows: Iterable[dict[str, Any]]) -> list[str]:
    return sorted(f"{row['rij'] or '-'} {row['regel']} {row['kolom'] or ''}".strip() for row in rows)


def leaks(organisation: Organisation, *texts: str, but: str = "") -> list[str]:
    """Where a person's number stands that may not: in a text, or in a file of the werkmap or the releases.

    The snapshots are what was delivered; `but` names another folder that may have one.
    """
    found = [f"{number} in: {text[:300]}" for text in texts for number in build.NUMBERS if number in text]
    for folder in (organisation.werkmap, organisation.releases):
        for path in sorted(folder.rglob("*")) if folder.exists() else ():
            if path.is_file() and not path.is_symlink() and not {"momentopnamen", but} & set(path.parts):
                text = _text_of(path)
                found += [f"{number} in {path.name}" for number in build.NUMBERS if number in text]
    return found


def _text_of(path: Path) -> str:
    """Everything in a file; Parquet is compressed, so its rows are written out."""
    if path.suffix == ".parquet":
        return "\n".join(str(row) for row in pq.read_table(path).to_pylist())
    return path.read_bytes().decode("utf-8", errors="replace")
