"""What a run depends on, as one sha256 a part: the same digest means the same figures, so a night can say that nothing
changed.

No clock, no paths and no key go in: moving a folder, running a day later or changing the key alters no figure.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from werkmonitor.core.types import ConfigurationError, Delivery
from werkmonitor.settings import PROJECT_ROOT, Settings, configuration_digest

PACKAGE = Path(__file__).resolve().parents[1]
REGISTRY = PACKAGE / "core" / "registry"
LISTS = PACKAGE / "core" / "lists"
# Made by running, not written by us: these differ between two machines with the same code.
GENERATED_FOLDERS = frozenset({"__pycache__", "target", "logs", "dbt_packages"})
GENERATED_FILES = frozenset({".user.yml"})
GENERATED_SUFFIXES = (".pyc", ".duckdb", ".wal")


@dataclass(frozen=True)
class Digests:
    """One sha256 per part of what decides a release (contract 3: release_id)."""

    invoer: str
    code: str
    definities: str
    configuratie: str
    correcties: str
    waivers: str
    lijsten: str

    @property
    def release(self) -> str:
        """Over all parts: the release id is made of it."""
        return _of_text(json.dumps(asdict(self), sort_keys=True))

    @property
    def candidate(self) -> str:
        """Over all parts but the waivers: an approval belongs to one candidate, and approving must not make it
        another."""
        parts = {name: value for name, value in asdict(self).items() if name != "waivers"}
        return _of_text(json.dumps(parts, sort_keys=True))


def compute_digests(settings: Settings, deliveries: Iterable[Delivery], approved: Callable[[str], object]) -> Digests:
    """The digests of a run over these deliveries. `settings` has its peildatum and indeling_jaar filled in
    (`settings.resolved`).

    `approved` gives, for a candidate digest, the waivers approved for that candidate.
    """
    digests = Digests(
        invoer=deliveries_digest(deliveries),
        code=code_version(),
        definities=tree_digest(REGISTRY),
        configuratie=configuration_digest(settings),
        correcties=_of_text(""),
        waivers="",
        lijsten=lists_digest(settings),
    )
    return with_waivers(digests, approved)


def with_waivers(digests: Digests, approved: Callable[[str], object]) -> Digests:
    """The same run with the waivers as they are now: the gate may have let one lapse."""
    return replace(digests, waivers=_of_text(json.dumps(approved(digests.candidate), sort_keys=True, default=str)))


def deliveries_digest(deliveries: Iterable[Delivery]) -> str:
    """Over source, date, entity and content of every delivered file; the name of a file says no more than these."""
    lines = sorted(
        f"{item.bron}\t{item.leverdatum}\t{item.entiteit}\t{item.path.suffix.lower()}\t{item.sha256}"
        for item in deliveries
    )
    return _of_text("\n".join(lines))


def code_version() -> str:
    """Over the package, the dbt project, the expectations and the locked dependencies; registry and lists are parts of
    their own."""
    parts = [
        tree_digest(PACKAGE, without=(REGISTRY, LISTS)),
        tree_digest(PROJECT_ROOT / "dbt"),
        tree_digest(PROJECT_ROOT / "expectations"),
        _file_digest(PROJECT_ROOT / "uv.lock") if (PROJECT_ROOT / "uv.lock").exists() else "",
    ]
    return _of_text("\n".join(parts))


def lists_digest(settings: Settings) -> str:
    """Over the dated lists and the content of the mappings: where a mapping stands does not matter, what it says
    does."""
    mappings = [
        f"{bron}\t{_mapping_digest(source.mapping)}" for bron, source in settings.bronnen.items() if source.mapping
    ]
    return _of_text("\n".join([tree_digest(LISTS), *mappings]))


def tree_digest(root: Path, without: Iterable[Path] = ()) -> str:
    """Over names and contents of the written files below a folder, in the order of their names."""
    skipped = tuple(without)
    lines = [
        f"{path.relative_to(root).as_posix()}\t{_file_digest(path)}"
        for path in _written_files(root)
        if not any(path.is_relative_to(folder) for folder in skipped)
    ]
    return _of_text("\n".join(sorted(lines)))


def _written_files(root: Path) -> Iterable[Path]:
    for path in root.rglob("*"):
        generated = set(path.relative_to(root).parts) & GENERATED_FOLDERS or path.name in GENERATED_FILES
        if path.is_file() and not generated and not path.name.endswith(GENERATED_SUFFIXES):
            yield path


def _mapping_digest(path: Path) -> str:
    try:
        return _file_digest(path)
    except OSError as error:
        raise ConfigurationError(
            f"De mapping {path} is niet te lezen ({error.strerror}). Controleer de naam in werkmonitor.toml."
        ) from error


def _file_digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _of_text(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
