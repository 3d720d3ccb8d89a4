"""What a run depends on besides deliveries and configuration: code, definitions, lists, each as one sha256.

With the digests of core/manifest they make a RunInfo. No clock, no paths and no key go in: moving a folder, running a
day later or changing the key alters no figure.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path

from werkmonitor.core.manifest import RunInfo, configuration_digest, digest, input_digest
from werkmonitor.core.remarks import read_remarks
from werkmonitor.core.trouble import in_words
from werkmonitor.core.types import ConfigurationError, Delivery
from werkmonitor.settings import PROJECT_ROOT, Settings

PACKAGE = Path(__file__).resolve().parents[1]
REGISTRY = PACKAGE / "core" / "registry"
LISTS = PACKAGE / "core" / "lists"
# Made by running, not written by us: these differ between two machines with the same code.
GENERATED_FOLDERS = frozenset({"__pycache__", "target", "logs", "dbt_packages"})
GENERATED_FILES = frozenset({".user.yml"})
GENERATED_SUFFIXES = (".pyc", ".duckdb", ".wal")


def run_info(
    settings: Settings, deliveries: Sequence[Delivery], peildatum: date, indeling_jaar: int, started: datetime,
    explore: str = "",
) -> RunInfo:  # fmt: skip
    """Everything that identifies a run over these deliveries. `explore` names the built pages of verkennen that the
    release takes along, empty when there are none."""
    return RunInfo(
        peildatum=peildatum,
        indeling_jaar=indeling_jaar,
        deliveries=tuple(deliveries),
        input_digest=input_digest(deliveries),
        code_version=code_version(explore),
        definitions_version=tree_digest(REGISTRY),
        configuration_digest=configuration_digest(settings),
        started=started,
        lists_digest=lists_digest(settings),
        remarks_digest=digest(read_remarks(settings)),
    )


def code_version(explore: str = "") -> str:
    """Over the package, the dbt project, the expectations, what the report is made with and the locked dependencies;
    registry and lists are parts of their own."""
    parts = [
        tree_digest(PACKAGE, without=(REGISTRY, LISTS)),
        tree_digest(PROJECT_ROOT / "dbt"),
        tree_digest(PROJECT_ROOT / "expectations"),
        tree_digest(PROJECT_ROOT / "reports" / "templates"),
        tree_digest(PROJECT_ROOT / "reports" / "static"),
        tree_digest(PROJECT_ROOT / "reports" / "pdf"),
        _file_digest(PROJECT_ROOT / "docs" / "voorbeelden.yml"),
        _file_digest(PROJECT_ROOT / "uv.lock") if (PROJECT_ROOT / "uv.lock").exists() else "",
        explore,
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
            f"De mapping {path} is niet te lezen ({in_words(error)}). Controleer de naam in werkmonitor.toml."
        ) from error


def _file_digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _of_text(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
