"""What a reader is told of the newest run, and that pages stand on their own: held, unreachable, withdrawn, from disk,
without script, and through the product's own server."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import release_example as example
import report_example
import site_kit
from browser import browser_kit as kit
from browser.conftest import Looked
from werkmonitor.core import release, release_store
from werkmonitor.core.types import HeldByGate, Verdict
from werkmonitor.settings import Settings

FRONT, DEEP = "index.html", "gemeenten/GM0268.html"
HELD = "Controle uitkering.overlap is niet geslaagd (7 rijen)."
SHOWN = "#melding:not([hidden])"


@dataclass(frozen=True)
class States:
    """What the browser saw in every state of latest.json."""

    seen: dict[str, Any]
    first: str
    second: str

    def said(self, name: str) -> str:
        text: str = self.seen[name]["pagina"]["melding"]
        return text


@pytest.fixture(scope="module")
def states(small: Looked, tmp_path_factory: pytest.TempPathFactory) -> States:
    """Made with the product itself: a run that is held and a release that is withdrawn write their own latest.json."""
    root = tmp_path_factory.mktemp("standen")
    held, chosen = _copied(small, root / "tegengehouden")
    _hold(root / "nacht", chosen)
    back, chosen = _copied(small, root / "teruggedraaid")
    second = report_example.publish(root / "tweede", chosen, report_example.cells()[:-1], invoer="b")
    release_store.rollback(chosen, small.release.name)
    gone, _ = _copied(small, root / "weg")
    (gone / "latest.json").unlink()
    broken, _ = _copied(small, root / "stuk")
    (broken / "latest.json").write_text("<!doctype html><p>Even geen toegang</p>", encoding="utf-8")
    with kit.served(root) as base:

        def visit(state: Path, page: str, name: str = small.release.name, **more: Any) -> dict[str, Any]:
            address = f"{base}{state.relative_to(root).as_posix()}/{name}/site/{page}"
            return {"naam": f"{state.parent.name} {page} {name}", "adres": address, "wacht": SHOWN, **more}

        visits = [visit(state, page) for state in (held, gone, broken, back) for page in (FRONT, DEEP)]
        visits.append(visit(back, FRONT, second.name))
        visits.append({**visit(held, FRONT), "naam": "onbereikbaar", "onbereikbaar": "**/latest.json"})
        seen = kit.look(visits)
    return States(seen, small.release.name, second.name)


def _copied(small: Looked, root: Path) -> tuple[Path, Settings]:
    chosen = report_example.settings(root)
    shutil.copytree(small.releases, chosen.monitor.releases, symlinks=True)
    return chosen.monitor.releases, chosen


def _hold(folder: Path, chosen: Settings) -> None:
    night = example.night_with(folder, chosen, report_example.cells())
    verdict = Verdict(False, "tegengehouden", (HELD,))
    with pytest.raises(HeldByGate):
        release.publish(chosen, night, verdict, (example.failure(),), example.run_info(folder, invoer="c"))


@pytest.mark.parametrize("page", [FRONT, DEEP])
def test_a_held_run_is_told_with_day_and_reason(states: States, page: str) -> None:
    said = states.said(f"tegengehouden {page} {states.first}")
    assert "niet gepubliceerd" in said and "U leest de vorige release." in said
    assert HELD in said and "onbekende datum" not in said


@pytest.mark.parametrize("state", ["weg", "stuk"])
@pytest.mark.parametrize("page", [FRONT, DEEP])
def test_without_a_readable_latest_json_the_state_is_unknown(states: States, state: str, page: str) -> None:
    assert states.said(f"{state} {page} {states.first}").startswith("Status van de laatste run onbekend.")


def test_unreachable_reads_unknown(states: States) -> None:
    assert states.said("onbereikbaar").startswith("Status van de laatste run onbekend.")


@pytest.mark.parametrize("page", [FRONT, DEEP])
def test_a_correction_is_told_on_the_release_that_was_put_back(states: States, page: str) -> None:
    said = states.said(f"teruggedraaid {page} {states.first}")
    assert said.startswith("Correctie. Op ") and "is een eerdere release teruggezet" in said
    assert "niet de nieuwste" not in said


def test_a_withdrawn_release_says_that_it_is_not_the_current_one(states: States) -> None:
    said = states.said(f"teruggedraaid {FRONT} {states.second}")
    assert "Dit is niet de nieuwste release." in said and states.first in said


def test_a_release_that_is_current_and_not_held_has_no_banner(small: Looked) -> None:
    assert [seen["pagina"]["melding"] for seen in small.seen.values()] == [""] * len(small.seen)


def test_figures_do_not_depend_on_the_state(states: States, small: Looked) -> None:
    meant = small.seen[FRONT]["pagina"]["tabellen"]
    for state in ("tegengehouden", "weg", "stuk", "teruggedraaid"):
        found = states.seen[f"{state} {FRONT} {states.first}"]["pagina"]["tabellen"]
        assert _texts(found) == _texts(meant), state


def _texts(tables: list[dict[str, Any]]) -> list[Any]:
    return [(table["naam"], table["kolommen"], table["rijen"]) for table in tables]


# ---- from disk, without script


@pytest.fixture(scope="module")
def plain(small: Looked) -> dict[str, Any]:
    """Every page opened from disk, and two without any script."""
    pages = kit.pages_of(small.site)
    disk = [{"naam": page, "adres": (small.site / page).as_uri(), "wacht": SHOWN} for page in pages]
    scriptless = [
        {"naam": f"kaal {page}", "adres": (small.site / page).as_uri(), "script": False} for page in (FRONT, DEEP)
    ]
    return kit.look([*disk, *scriptless])


def test_pages_open_from_disk_with_the_same_content(small: Looked, plain: dict[str, Any]) -> None:
    for name, served in small.seen.items():
        seen = plain[name]
        assert (seen["console"], seen["beleid"]) == ([], []), name
        assert all(one.startswith("file://") for one in seen["verzoeken"]), name
        assert seen["pagina"]["melding"].startswith("Status van de laatste run onbekend."), name
        assert seen["pagina"]["hoofdtekst"] == served["pagina"]["hoofdtekst"], name
        for link in seen["pagina"]["links"]:
            assert link.startswith(small.releases.as_uri()), f"{name}: {link}"


@pytest.mark.parametrize("page", [FRONT, DEEP])
def test_no_script_is_needed_to_read(small: Looked, plain: dict[str, Any], page: str) -> None:
    assert plain[f"kaal {page}"]["pagina"]["hoofdtekst"] == small.seen[page]["pagina"]["hoofdtekst"]


# ---- through the product's own server


def test_the_command_site_shows_the_same_page(small: Looked, tmp_path: Path) -> None:
    _, chosen = _copied(small, tmp_path)
    with site_kit.served(chosen) as address:
        seen = kit.look([{"naam": FRONT, "adres": address, "wat": ["downloads"]}])[FRONT]
    assert (seen["console"], seen["mislukt"], seen["beleid"]) == ([], [], [])
    assert all(one.startswith(address) for one in seen["verzoeken"])
    assert seen["pagina"]["hoofdtekst"] == small.seen[FRONT]["pagina"]["hoofdtekst"]
    assert len(seen["downloads"]) == len(small.seen[FRONT]["downloads"]) > 2
