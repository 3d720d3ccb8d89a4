"""Terms: a delivered file goes after them and its hash stays; what the registration rests on stays."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ingest_kit import Landing, uitkering
from werkmonitor.core import retention
from werkmonitor.core.deliveries import file_sha256, find_deliveries
from werkmonitor.core.processing_register import as_json, as_markdown, register, write

ROW = "D1,C1,PW,GM0268,{},,,"


def monthly(tmp_path: Path, months: int, **more: Any) -> Landing:
    source = {"entiteiten": ["uitkering"], "soort_levering": "maandbestand", "bewaartermijn_maanden": months}
    return Landing(tmp_path, bron=source | more)


def applied(landing: Landing, today: date | None = None) -> retention.Outcome:
    outcome = retention.apply(landing.settings, landing.workspace, today)
    retention.note(landing.settings, landing.workspace, find_deliveries(landing.settings))
    return outcome


@pytest.mark.parametrize(
    ("day", "months", "after"),
    [
        (date(2020, 1, 31), 1, date(2020, 2, 29)),
        (date(2020, 11, 30), 3, date(2021, 2, 28)),
        (date(2020, 5, 15), 84, date(2027, 5, 15)),
    ],
)
def test_a_term_is_a_number_of_months_clamped(day: date, months: int, after: date) -> None:
    assert retention.months_after(day, months) == after


def test_a_file_goes_after_its_term_and_its_hash_stays(tmp_path: Path) -> None:
    landing = monthly(tmp_path, 12)
    old = landing.put("uitkering", uitkering(ROW.format("2020-01-01")), day="2025-01-14")
    kept = landing.put("uitkering", uitkering(ROW.format("2020-01-02")), day="2025-01-15")
    landing.put("uitkering", uitkering(ROW.format("2020-01-03")), day="2026-01-15")
    sha = file_sha256(old, "x")
    landing.run()
    assert (landing.workspace.snapshots / f"{sha}.csv").exists()
    outcome = applied(landing)
    assert outcome.verwijderd == ("bron/2025-01-14/uitkering.csv",)
    assert not old.parent.exists()
    assert kept.exists()
    assert not (landing.workspace.snapshots / f"{sha}.csv").exists()
    assert len(list(landing.workspace.snapshots.iterdir())) == 2
    (gone,) = [item for item in retention.inventory(landing.workspace) if item.verwijderd]
    assert (gone.sha256, gone.verwijderd, gone.bewaren_tot) == (sha, date(2026, 1, 15), date(2026, 1, 14))
    assert applied(landing) == retention.Outcome()
    assert len(retention.inventory(landing.workspace)) == 3


def test_the_newest_delivery_of_a_full_source_stays(tmp_path: Path) -> None:
    landing = monthly(tmp_path, 1, soort_levering="volledig")
    older = landing.put("uitkering", uitkering(), day="2020-01-15")
    newest = landing.put("uitkering", uitkering(ROW.format("2020-01-01")), day="2020-02-15")
    assert applied(landing, date(2026, 1, 1)).verwijderd == ("bron/2020-01-15/uitkering.csv",)
    assert (older.exists(), newest.exists()) == (False, True)


def test_a_copy_with_the_same_content_as_a_kept_file_stays(tmp_path: Path) -> None:
    landing = monthly(tmp_path, 12)
    for day in ("2020-01-15", "2026-01-15"):
        landing.put("uitkering", uitkering(ROW.format("2020-01-01")), day=day)
    landing.run()
    assert applied(landing, date(2020, 1, 15)) == retention.Outcome()
    assert len(applied(landing).verwijderd) == 1
    assert len(list(landing.workspace.snapshots.iterdir())) == 1


def test_the_copy_of_a_file_that_its_owner_removed_goes_after_its_term_too(tmp_path: Path) -> None:
    landing = monthly(tmp_path, 12)
    old = landing.put("uitkering", uitkering(ROW.format("2020-01-01")), day="2025-01-15")
    landing.put("uitkering", uitkering(ROW.format("2020-01-02")), day="2025-02-15")
    landing.run()
    applied(landing)
    old.unlink()
    assert applied(landing).verwijderd == ()
    assert len(list(landing.workspace.snapshots.iterdir())) == 2
    applied(landing, date(2026, 2, 1))
    assert len(list(landing.workspace.snapshots.iterdir())) == 1


def test_a_file_that_cannot_be_removed_is_said_and_not_noted_as_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    landing = monthly(tmp_path, 12)
    landing.put("uitkering", uitkering(), day="2020-01-15")
    landing.put("uitkering", uitkering(), day="2026-01-15")

    def refused(*_: object, **__: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "unlink", refused)
    outcome = retention.apply(landing.settings, landing.workspace)
    assert (outcome.verwijderd, outcome.mislukt) == ((), ("bron/2020-01-15/uitkering.csv",))
    assert "kon niet worden verwijderd" in outcome.sentences()[0]
    assert [item.verwijderd for item in retention.inventory(landing.workspace)] == [None]


def test_the_inventory_is_private(tmp_path: Path) -> None:
    landing = monthly(tmp_path, 12)
    landing.put("uitkering", uitkering(), day="2026-01-15")
    applied(landing)
    assert landing.workspace.inventory.stat().st_mode & 0o077 == 0


# ---- the register of processing


def test_the_register_says_purpose_ground_owner_and_term_of_each_source(tmp_path: Path) -> None:
    benefit = {
        "entiteiten": ["persoon", "uitkering"],
        "persoon_id_soort": "bsn",
        "eigenaar": "Inkomen | Zorg",
        "doel": "verantwoording",
        "grondslag": "Participatiewet art. 7",
        "bewaartermijn_maanden": 60,
    }
    landing = Landing(tmp_path, uitkeringen=benefit, cijfers={"entiteiten": ["reeks"]})
    landing.put("uitkering", uitkering(), bron="uitkeringen")
    applied(landing)
    found = register(landing.settings)
    first, second = found.verwerkingen
    assert (first.doel, first.grondslag, first.bewaartermijn_maanden) == (
        "verantwoording",
        "Participatiewet art. 7",
        60,
    )
    assert "BSN" in first.identificatie
    assert first.bijzondere_gegevens == (
        "persoon.doelgroepregister_begin",
        "persoon.doelgroepregister_eind",
        "persoon.arbeidsbeperking",
        "persoon.arbeidsvermogen",
    )
    assert (first.missing, first.aanwezig, first.verwijderd) == ((), 1, 0)
    assert second.identificatie == "geen personen"
    assert second.missing == ("eigenaar", "doel", "grondslag")
    text = as_markdown(found)
    assert "| Eigenaar | Inkomen / Zorg |" in text
    assert "**Nog invullen** bij [bronnen.cijfers]: eigenaar, doel, grondslag." in text
    assert json.loads(as_json(found))["verwerkingen"][0]["bron"] == "uitkeringen"


def test_the_register_names_what_says_something_about_health(tmp_path: Path) -> None:
    landing = Landing(tmp_path, werk={"entiteiten": ["kenmerk", "lks", "nieuw_beschut", "verzuim", "reeks"]})
    (found,) = register(landing.settings).verwerkingen
    assert found.bijzondere_gegevens == (
        "kenmerk.waarde",
        "lks.loonwaarde",
        "lks.nieuw_beschut",
        "nieuw_beschut.advies",
        "verzuim.verzuimdagen",
        "verzuim.meldingen",
    )


def test_the_register_is_written_into_the_werkmap(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    write(landing.settings)
    path = landing.workspace.processing_register
    assert path.read_text(encoding="utf-8").startswith("# Register van verwerkingen")
    assert path.with_suffix(".json").stat().st_mode & 0o077 == 0
