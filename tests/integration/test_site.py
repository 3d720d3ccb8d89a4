"""The site of a real night: in the release, after the gate, with its figures, and shown by the command."""

from __future__ import annotations

import json
import signal
import urllib.request
from pathlib import Path

import pytest
import site_kit
from integration import organisation_kit as kit
from integration.organisation_kit import Organisation

UNSIGNED = "---\nindicator: uitstroom\nperiode: 2023JJ00\n---\nZonder naam.\n"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Organisation:
    return kit.published(tmp_path_factory.getbasetemp())


def test_a_night_publishes_its_site_with_the_figures_of_the_release(published: Organisation) -> None:
    release = published.current()
    assert release is not None
    files = json.loads((release / "manifest.json").read_text(encoding="utf-8"))["bestanden"]
    assert {"site/index.html", "site/gemeenten/GM0268.html", "site/vorm/letters.css"} <= set(files)
    assert kit.whole(published) == [] and kit.leaked(published) == []
    downloads = site_kit.downloads(release)
    assert len(downloads) > 20
    for name, rows in downloads.items():
        for row, same in rows:
            assert row == same, name


def test_a_remark_without_a_name_stops_the_run_before_it_begins(published: Organisation, tmp_path: Path) -> None:
    organisation = kit.copy(published, tmp_path / "proef")
    (organisation.root / "toelichting").mkdir()
    (organisation.root / "toelichting" / "a.md").write_text(UNSIGNED, encoding="utf-8")
    before = organisation.current()
    ended = kit.call(organisation, "run")
    assert ended.code == 2 and "mist in de kop: auteur, datum" in ended.err
    assert organisation.current() == before


def test_the_command_says_the_address_and_ends_when_asked(published: Organisation) -> None:
    process = kit.start(published, "site", "--poort", "0")
    try:
        assert process.stdout is not None
        said = process.stdout.readline()
        assert "De site staat op http://127.0.0.1:" in said
        with urllib.request.urlopen(said.split()[4]) as answer:
            page = answer.read().decode("utf-8")
        assert "Proefbedrijf Twee Gemeenten" in page
    finally:
        process.send_signal(signal.SIGINT)
        ended = kit.finish(process)
    assert ended.code == 0, ended.text


def test_there_is_nothing_to_show_before_the_first_release(tmp_path: Path) -> None:
    ended = kit.call(kit.make(tmp_path / "proef"), "site")
    assert ended.code == 2 and "nog geen release" in ended.err
