"""What every test shares. A conftest here also puts `tests/` on the import path, so that examples such as
`release_example` are written once and used by unit and integration tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from werkmonitor import verkennen


@pytest.fixture(autouse=True, scope="session")
def no_built_explorer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Whether somebody has built verkennen in this checkout alters no test: a release here has the page that says that
    it is not there. Tests of verkennen have a cache of their own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(verkennen, "CACHE", tmp_path_factory.mktemp("zonder-verkennen"))
        yield
