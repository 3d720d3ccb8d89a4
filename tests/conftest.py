"""What every test shares. A conftest here also puts `tests/` on the import path, so that examples such as
`release_example` are written once and used by unit and integration tests."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from werkmonitor import verkennen

# `make test` hands out whole files, so that what a file lays ready is made once. Those that take longest come first,
# lest one worker still has minutes to go when the other is done; the rest follow in the order of their names.
LONG = (
    "browser/test_explorer.py",
    "property/test_sql_equals_reference.py",
    "chaos/test_killed.py",
    "integration/test_wrong_input.py",
    "integration/test_dagster.py",
    "integration/test_wrong_use.py",
    "browser/test_pages.py",
    "unit/test_demo.py",
    "property/test_laws.py",
    "integration/test_dbt.py",
)
HERE = Path(__file__).parent


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    turn = {HERE / name: place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: turn.get(item.path, len(LONG)))


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """What was imported stays: with a million objects that are never garbage, looking for some costs a tenth of all
    processor time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(autouse=True, scope="session")
def no_built_explorer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Whether somebody has built verkennen in this checkout alters no test: a release here has the page that says that
    it is not there. Tests of verkennen have a cache of their own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(verkennen, "CACHE", tmp_path_factory.mktemp("zonder-verkennen"))
        yield
