"""The sites that every browser test looks at, and what the browser saw of their pages: made once for all workers."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import report_example
from browser import browser_kit as kit
from integration import organisation_kit
from werkmonitor.core import release_store

ALL = ("toetsenbord", "afdruk", "downloads", "axe", "axeSmal", "smal")
# The second release has the same kinds of pages with other content: all are read, those that differ most looked at.
CONTENT = ("downloads", "axe", "smal")
LOOKED_AT_AGAIN = ("index.html", "duurzaamheid.html", "gemeenten/GM0268.html", "kwaliteit.html")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A ceiling for a browser, or a build of verkennen with its packages, on a machine that is slow and busy."""
    for item in items:
        if kit.HERE in item.path.parents:
            item.add_marker(pytest.mark.timeout(3 * kit.SECONDS))


@pytest.fixture(scope="session", autouse=True)
def browser() -> None:
    """A browser, or a failure that says what to install; skipped only when somebody asked for that."""
    if os.environ.get(kit.WITHOUT) == "1":
        pytest.skip(f"{kit.WITHOUT}=1: de site is niet in een browser bekeken")
    lacking = kit.missing()
    if lacking:
        pytest.fail(f"{lacking} Zonder browser testen kan met {kit.WITHOUT}=1.", pytrace=False)


@dataclass(frozen=True)
class Looked:
    """A folder of releases as a browser saw it: `seen` by page, `base` the address that `releases` had then."""

    releases: Path
    release: Path
    base: str
    seen: Mapping[str, Any]

    @property
    def site(self) -> Path:
        return self.release / "site"

    def file(self, address: str) -> Path | None:
        return kit.local(address, self.base, self.releases)

    def figures(self) -> dict[tuple[str, ...], dict[str, str]]:
        return kit.figures(self.release)


def _looked(folder: Path, name: str, releases: Path, release: Path, ways: Sequence[str]) -> Looked:
    """Every page of the release, looked at in these ways, over http below a base path."""

    def visits() -> dict[str, Any]:
        with kit.served(releases) as base:
            address = f"{base}{release.name}/site/"
            pages = kit.pages_of(release / "site")
            found = kit.look([{"naam": page, "adres": address + page, "wat": _ways(page, ways)} for page in pages])
        return {"base": base, "seen": found}

    told = kit.once(folder, f"gezien-{name}.json", visits)
    return Looked(releases, release, told["base"], told["seen"])


def _ways(page: str, ways: Sequence[str]) -> Sequence[str]:
    return ways if ways is ALL or page in LOOKED_AT_AGAIN else ()


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Looked:
    """The invented release in which every status stands."""
    folder = kit.shared(tmp_path_factory.getbasetemp())
    root = folder / "voorbeeldrapport"
    chosen = report_example.settings(root)
    with kit.alone(folder, "voorbeeldrapport"):
        if release_store.current_release(chosen) is None:
            (root / "toelichting").mkdir(parents=True)
            (root / "toelichting" / "werkgever.md").write_text(report_example.REMARK, encoding="utf-8")
            report_example.publish(root, chosen)
    current = release_store.current_release(chosen)
    assert current is not None
    return _looked(folder, "klein", chosen.monitor.releases, current, ALL)


@pytest.fixture(scope="session")
def night(tmp_path_factory: pytest.TempPathFactory) -> Looked:
    """The release of a whole night."""
    base = tmp_path_factory.getbasetemp()
    organisation = organisation_kit.published(base)
    current = organisation.current()
    assert current is not None
    return _looked(kit.shared(base), "nacht", organisation.releases, current, CONTENT)


@pytest.fixture(scope="session", params=["klein", "nacht"])
def looked(request: pytest.FixtureRequest) -> Looked:
    found: Looked = request.getfixturevalue({"klein": "small", "nacht": "night"}[request.param])
    return found
