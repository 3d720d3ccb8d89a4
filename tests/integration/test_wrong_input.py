"""Wrong deliveries up to the release: what the gate makes of them, what is said in Dutch, no client number comes out,
and the release that was there still reads whole.

Not here: what the intake makes of every kind of damage (test_damage.py), wrong use, configuration, keys, disks and
killed runs (test_wrong_use.py).
"""

from __future__ import annotations

import csv
import io
import itertools
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import organisation_kit as kit
import pytest
from organisation_kit import Ended, Organisation
from werkmonitor.core import digests, waivers
from werkmonitor.core.status import check_results
from werkmonitor.night import read_json

BENEFIT = "uitkeringen/uitkering"
BENEFIT_FILE = f"uitkeringen/{kit.DELIVERED}/uitkering.csv"
ENGLISH = ("Error", "error", "Traceback", "No such", "Invalid", "Permission", 'File "', "not found", "corrupt")

TEXT = kit.csv_text(kit.benefits())
ALL = len(kit.benefits())

Change = Callable[[Organisation], Any]


@pytest.fixture
def organisation(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Organisation:
    """An organisation of its own for each test, with one release."""
    return kit.copy(kit.published(tmp_path_factory.getbasetemp()), tmp_path / "proef")


def unharmed(organisation: Organisation, ended: Ended) -> None:
    """What must hold after anything that went wrong."""
    assert not [word for word in ENGLISH if word in ended.err], ended.err
    assert kit.whole(organisation) == []
    assert kit.leaked(organisation, ended.text) == []


# ---- a file that cannot be read at all -----------------------------------------------------------


def test_a_file_that_cannot_be_read_ends_the_run_with_5_and_the_release_stays(organisation: Organisation) -> None:
    before = organisation.series()
    organisation.deliver(BENEFIT, TEXT.encode("utf-16"))
    ended = kit.call(organisation, "run")
    assert ended.code == 5, ended.text
    assert f"{BENEFIT_FILE}: het bestand is UTF-16" in ended.err
    assert organisation.latest()["uitkomst"] == "onleesbaar"
    assert organisation.series() == before
    unharmed(organisation, ended)


# ---- runs that go on to the gate -----------------------------------------------------------------


def test_wrong_rows_are_left_out_and_the_rest_is_published(tmp_path: Path) -> None:
    """Also: who has a row in quarantine cannot be followed, and is counted as bronfout beside the shares."""
    private = '\n[geheimhouding]\nmethode = "geen"\npubliek = false\n'
    organisation = kit.make(tmp_path / "proef", kit.CONFIG + private)
    rows = kit.benefits()
    # A person with two periods, both over in 2020-2022: the second is lost, so the first cannot be followed.
    first, second = next(
        (a, b)
        for a, b in itertools.pairwise(rows)
        if a["persoon_id"] == b["persoon_id"]
        and (a["regeling"], b["regeling"]) == ("PW", "PW")
        and a["reden_einde"] not in ("97", "04", "03", "32")
        and "2020" <= a["einddatum"] < "2022"
    )
    second["einddatum"] = "2022-02-31"
    rows[-1] |= {"reden_einde": "77"}
    organisation.deliver(BENEFIT, rows)
    ended = kit.call(organisation, "run")
    assert ended.code == 0, ended.text
    assert organisation.counts()[BENEFIT_FILE] == {
        "aangeleverd": ALL, "aanvaard": ALL - 1, "dubbel": 0, "buiten_bereik": 0, "quarantaine": 1,
    }  # fmt: skip
    cells = {
        (row["periode"], row["categorie"]): row
        for row in csv.DictReader(io.StringIO(organisation.series().decode()))
        if row["indicator_id"] == "duurzaam_uit_uitkering_12__alle" and row["regio_code"] == "PROEF"
        and row["dimensie"] in ("totaal", "reden_niet_volgbaar")
    }  # fmt: skip
    year = f"{first['einddatum'][:4]}JJ00"
    assert cells[year, "bronfout"]["waarde"] == "1"
    assert int(cells[year, "totaal"]["n_niet_volgbaar"]) >= 1
    assert organisation.latest()["uitkomst"] == "gepubliceerd"
    assert "in quarantaine" in ended.err, "a release with rows left out says so"
    unharmed(organisation, ended)


def _named(name: str, content: str | bytes) -> Change:
    return lambda organisation: organisation.deliver(name, content)


def _halved(organisation: Organisation) -> None:
    rows = kit.benefits()
    organisation.deliver(BENEFIT, rows[: len(rows) // 2])


def _without_leefvorm(organisation: Organisation) -> None:
    organisation.deliver(BENEFIT, TEXT.replace("leefvorm", "leefvrm", 1))


HELD: dict[str, tuple[Change, tuple[str, ...]]] = {
    "only a header": (_named(BENEFIT, kit.UITKERING + "\n"), ("levering.niet_leeg", "entiteit uitkering")),
    "cut off in the middle of a line": (
        _named(BENEFIT, TEXT[: len(TEXT) * 9 // 10 - 12]), ("bestand.afgebroken", BENEFIT_FILE, "rij 288"),
    ),
    "an optional column renamed": (
        _without_leefvorm, ("vulling.kolom_leeggevallen", "kolom leefvorm", "bron uitkeringen"),
    ),
    "a required source without a delivery": (
        lambda o: shutil.rmtree(o.landing / "polis"), ("levering.aanwezig", "bron polis, entiteit dienstverband"),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("change", "words"), HELD.values(), ids=HELD)
def test_a_delivery_that_cannot_be_right_is_held_by_the_gate(
    organisation: Organisation, change: Change, words: tuple[str, ...]
) -> None:
    before, release = organisation.series(), organisation.current()
    change(organisation)
    ended = kit.call(organisation, "run")
    assert ended.code == 3, ended.text
    for word in (*words, "Wat te doen:", "werkmonitor bevindingen"):
        assert word in ended.err
    assert (organisation.series(), organisation.current()) == (before, release)
    assert organisation.latest()["uitkomst"] == "tegengehouden"
    unharmed(organisation, ended)


def test_half_a_delivery_is_held_until_two_people_let_it_through(
    organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    # An approval belongs to one candidate, and whoever edits the code during the test makes it another one.
    monkeypatch.setattr(digests, "code_version", lambda explore="": "proef")
    before = organisation.series()
    organisation.configure("[bronnen.uitkeringen]", '[rollen]\nanna = "steward"\nbram = "goedkeurder"\n\n'
                           "[bronnen.uitkeringen]")  # fmt: skip
    _halved(organisation)
    ended = kit.call(organisation, "run")
    assert ended.code == 3
    assert "levering.rijen_gedaald" in ended.err
    assert f"rijen {ALL // 2}, vorige_rijen" in ended.err
    assert organisation.series() == before
    unharmed(organisation, ended)

    # Two people have two accounts on the system, which a test has not: the functions behind the commands.
    settings, today = organisation.settings, date.today()
    night = organisation.newest_night()
    failed = [result for result in check_results(night / "checks.json") if result.outcome == "FAIL"]
    blocking = [result for result in failed if result.severity == "blokkerend"]
    candidate = str(read_json(night / "night.json")["kandidaat"])
    for result in blocking:
        asked = waivers.request(
            settings, result.check_id, "Oude dossiers zijn verwijderd.", today, None, "anna", failed,
            scope=result.subject,
        )  # fmt: skip
        with pytest.raises(Exception, match="de rol 'goedkeurder' nodig"):
            waivers.approve(settings, asked.waiver_id, "anna", candidate)
        waivers.approve(settings, asked.waiver_id, "bram", candidate)
    again = kit.call(organisation, "run")
    assert again.code == 0, again.text
    assert organisation.series() != before
    manifest = kit.release_store.manifest_of(organisation.releases / "current")
    assert [item["controle"] for item in manifest["waivers"]] == sorted(result.check_id for result in blocking)
    assert "anna" not in str(manifest) and "bram" not in str(manifest)
    unharmed(organisation, again)


def test_the_same_delivery_under_a_second_date_changes_no_figure(organisation: Organisation) -> None:
    before = organisation.series()
    for name, rows in kit.DELIVERIES.items():
        organisation.deliver(name, rows(), kit.LATER)
    ended = kit.call(organisation, "run")
    assert ended.code == 0, ended.text
    assert organisation.series() == before
    changes = (organisation.releases / "current" / "wijzigingen.csv").read_text(encoding="utf-8").splitlines()
    assert len(changes) == 1, "a header and no difference"
    assert set(organisation.counts()) == {f"{name.replace('/', f'/{kit.LATER}/')}.csv" for name in kit.DELIVERIES}
    unharmed(organisation, ended)
