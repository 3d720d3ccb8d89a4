"""The audit phase whole: on the invented example, and on a candidate that the real intake and models made."""

from __future__ import annotations

import json
import stat
from dataclasses import replace
from datetime import date
from pathlib import Path

import audit_organisation
import pytest
from checks_example import PEILDATUM, Example, build, person, settings
from werkmonitor.audit import audit, counts_by_outcome, read_checks
from werkmonitor.checks import gx
from werkmonitor.core.types import CheckResult, ConfigurationError, Outcome, Severity

HALF = {"aangeleverd": 100, "aanvaard": 100}


def run(example: Example) -> dict[str, CheckResult]:
    results = audit(
        example.settings, example.night, example.previous, example.deliveries, PEILDATUM, today=example.today
    )
    return {result.check_id: result for result in results}


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Example:
    folder = tmp_path_factory.mktemp("audit")
    example = build(folder / "nacht")
    return replace(example, previous=example.release(folder / "vorige"))


def blocking(results: dict[str, CheckResult]) -> set[str]:
    return {r.check_id for r in results.values() if r.outcome is Outcome.FAIL and r.severity is Severity.BLOCKING}


def test_a_sound_night_beside_its_own_release(sound: Example, tmp_path: Path) -> None:
    example = sound.copy(tmp_path / "nacht")
    results = run(example)
    assert {r.check_id: r.message for r in results.values() if r.outcome in (Outcome.FAIL, Outcome.ERROR)} == {}
    assert results["levering.rijen_gedaald"].outcome is Outcome.PASS
    assert results["vorige.definitief_sprong"].outcome is Outcome.PASS
    assert results["tabel.uniek"].outcome is Outcome.PASS
    assert results["lks.sleutel.uniek"].message == "Niet van toepassing: geen bron levert 'lks'."


def test_what_is_written_can_be_read_back_and_names_nobody(sound: Example, tmp_path: Path) -> None:
    example = sound.copy(tmp_path / "nacht")
    example.change("update invoer.uitkering set dossier_id = null", "update invoer.persoon set geslacht = null")
    results = run(example)
    controls, metingen = read_checks(example.night)
    assert [item["check_id"] for item in controls] == list(results)
    assert stat.S_IMODE(example.night.checks.stat().st_mode) == 0o600
    text = example.night.checks.read_text(encoding="utf-8")
    assert not any(person(number) in text for number in range(200))
    assert {"bron": "uitkeringen", "entiteit": "uitkering", "leverdatum": "2025-01-15", "rijen": 200} in metingen[
        "rijen"
    ]
    assert {"bron": "uitkeringen", "entiteit": "persoon", "kolom": "geslacht", "procent": 0} in metingen["vulgraad"]
    assert metingen["koppeling"] == [{"bron_a": "polis", "bron_b": "uitkeringen", "procent": 100}]
    assert metingen["gemeenten"] == ["GM0268", "GM0296"]
    assert not any(item["entiteit"] == "doelstelling" for item in metingen["rijen"]), "fewer than drempel_noemer rows"


def test_half_a_delivery_blocks_and_says_so(sound: Example, tmp_path: Path) -> None:
    example = sound.copy(tmp_path / "nacht")
    example.count("uitkeringen", "uitkering", **HALF)
    example.change("delete from invoer.uitkering where rij > 101")
    results = run(example)
    assert blocking(results) == {"levering.rijen_gedaald"}
    example_of = results["levering.rijen_gedaald"].examples[0]
    assert example_of == {"bron": "uitkeringen", "entiteit": "uitkering", "rijen": 100, "vorige_rijen": 200}


def test_the_first_night_has_nothing_to_compare_with(sound: Example, tmp_path: Path) -> None:
    example = replace(sound.copy(tmp_path / "nacht"), previous=None)
    example.count("uitkeringen", "uitkering", **HALF)
    results = run(example)
    assert blocking(results) == set()
    for check_id in ("levering.rijen_gedaald", "vulling.kolom_leeggevallen", "vorige.definitief_sprong"):
        assert results[check_id].outcome is Outcome.NVT
        assert "nog geen vorige uitgave" in results[check_id].message


def test_changed_rules_are_no_jump_of_a_definitive_figure(sound: Example, tmp_path: Path) -> None:
    example = sound.copy(tmp_path / "nacht")
    example.change(
        "update gepubliceerd.reeksen set waarde = waarde * 3 where indicator_id = 'uitstroom' and dimensie = 'totaal'"
    )
    assert "vorige.definitief_sprong" in blocking(run(example))
    other = settings(parameters={"onderbreking_dagen": 7})
    results = run(replace(example, settings=other))
    assert results["vorige.definitief_sprong"].outcome is Outcome.NVT
    assert results["vorige.definitief_aantal"].outcome is Outcome.FAIL


def test_an_old_release_without_measurements(sound: Example, tmp_path: Path) -> None:
    release = tmp_path / "oud"
    release.mkdir()
    assert sound.previous is not None
    (release / "reeksen.parquet").write_bytes((sound.previous / "reeksen.parquet").read_bytes())
    (release / "kwaliteit.json").write_text(json.dumps({"controles": []}), encoding="utf-8")
    results = run(replace(sound.copy(tmp_path / "nacht"), previous=release))
    assert results["levering.rijen_gedaald"].outcome is Outcome.NVT
    assert results["vorige.definitief_aantal"].outcome is Outcome.PASS


@pytest.mark.parametrize(("seed", "methode"), [(11, "afronden"), (12, "geen")])
def test_the_figures_of_a_random_organisation_agree_with_themselves(seed: int, methode: str, tmp_path: Path) -> None:
    """The real models on histories full of edges: a check that fails here is wrong, or has found a fault in the SQL."""
    example = audit_organisation.build(tmp_path / "nacht", seed, persons=120, methode=methode)
    results = audit(example.settings, example.night, None, example.deliveries, example.peildatum)
    figures = {r.check_id: r.message for r in results if r.layer == "cijfers" and r.outcome is Outcome.FAIL}
    errors = {r.check_id: r.message for r in results if r.outcome is Outcome.ERROR}
    assert (figures, errors) == ({}, {})
    assert sum(result.layer == "cijfers" and result.outcome is Outcome.PASS for result in results) >= 30


def test_one_check_that_raises_leaves_the_others_alone(
    sound: Example, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = gx.query

    def broken(check: gx.CheckDefinition) -> str:
        if check.check_id == "uitkering.overlap":
            raise RuntimeError("een controle die stukgaat")
        return real(check)

    monkeypatch.setattr(gx, "query", broken)
    results = run(sound.copy(tmp_path / "nacht"))
    errors = {check_id for check_id, result in results.items() if result.outcome is Outcome.ERROR}
    assert errors == {"uitkering.overlap"}
    assert "stukgaat" in results["uitkering.overlap"].message
    assert counts_by_outcome(results.values())["ERROR"] == 1


def test_without_dbt_results_the_night_is_in_error(sound: Example, tmp_path: Path) -> None:
    example = sound.copy(tmp_path / "nacht")
    (example.night.dbt_target / "run_results.json").unlink()
    results = run(example)
    assert {r.check_id for r in results.values() if r.outcome is Outcome.ERROR} == {"dbt.uitslagen"}


def test_a_misspelt_override_stops_before_anything_is_checked(sound: Example, tmp_path: Path) -> None:
    example = sound.copy(tmp_path / "nacht")
    wrong = settings(controles={"levering.rijen_gedaalt": {"ernst": "waarschuwing"}})
    with pytest.raises(ConfigurationError, match=r"levering\.rijen_gedaald"):
        run(replace(example, settings=wrong))
    assert not example.night.checks.exists()


def test_the_same_candidate_gives_the_same_results_on_any_day(sound: Example, tmp_path: Path) -> None:
    example = sound.copy(tmp_path / "nacht")
    example.change("update invoer.uitkering set reden_einde = null, leefvorm = null")
    first = run(example)
    assert run(example) == first
    assert run(replace(example, today=date(2025, 1, 20))) == first
    later = run(replace(example, today=date(2026, 3, 1)))
    assert {check_id for check_id in later if later[check_id] != first[check_id]} == {"bron.te_laat"}
    assert [found["bron"] for found in later["bron.te_laat"].examples] == ["jaarstukken", "polis", "uitkeringen"]
