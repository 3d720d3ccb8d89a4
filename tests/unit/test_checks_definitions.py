"""Suites as data: what is refused, what is generated from the contracts, and what [controles] changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from checks_example import build, settings
from werkmonitor.audit import catalogue, validate_overrides
from werkmonitor.checks.definitions import EXPECTATIONS, load_suite, load_suites
from werkmonitor.core.contracts import contracts
from werkmonitor.core.types import ConfigurationError, Outcome, Severity
from werkmonitor.settings import CheckSettings

SUITE = """
onderwerp: x
laag: levering
tabel: invoer.x
identiteit: [bestand, rij]
controles:
  - {id: x.y, type: rijen, sql: "select * from {batch}", ernst: blokkerend, wat: a, uitleg: b, herstel: c}
"""


def test_every_check_says_what_it_means_and_what_to_do() -> None:
    checks = catalogue()
    assert len({check.check_id for check in checks}) == len(checks)
    for check in checks:
        assert check.what and check.explanation and check.remedy, check.check_id
        assert check.explanation[0].isupper() or check.explanation[0] in "'[", check.check_id
        assert check.explanation.rstrip().endswith((".", ")")), check.check_id
        assert check.remedy.rstrip().endswith("."), check.check_id


def test_every_entity_has_its_standard_checks() -> None:
    ids = {spec.id for suite in load_suites() for spec in suite.controles}
    for name, contract in contracts().items():
        if name == "koppeling":
            assert not any(check_id.startswith("koppeling.") for check_id in ids)
            continue
        assert f"{name}.sleutel.uniek" in ids
        required = {column.replace("persoon_id", "persoon") for column in contract.required}
        assert {f"{name}.{column}.gevuld" for column in required} <= ids


def test_no_placeholder_of_a_template_is_left() -> None:
    for suite in load_suites():
        for spec in suite.controles:
            for text in (spec.id, spec.wat, spec.uitleg, spec.herstel, str(spec.kwargs)):
                assert "{entiteit}" not in text and "{kolom}" not in text and "{sleutel" not in text, spec.id
            assert "{sleutel}" not in (spec.sql or ""), spec.id


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (("ernst: blokkerend", "ernst: fataal"), "ernst"),
        (("wat: a", "wta: a"), "wta"),
        (("{batch}", "invoer.x"), "batch"),
        (("type: rijen", "type: expect_column_values_to_match_regex"), "onbekend type"),
        (("id: x.y", "id: X"), "id"),
        (("laag: levering", "laag: elders"), "laag"),
    ],
)
def test_a_suite_with_a_mistake_is_refused(change: tuple[str, str], named: str, tmp_path: Path) -> None:
    path = tmp_path / "x.yml"
    path.write_text(SUITE, encoding="utf-8")
    assert load_suite(path).controles[0].id == "x.y"
    path.write_text(SUITE.replace(*change), encoding="utf-8")
    with pytest.raises(ConfigurationError, match=named):
        load_suite(path)


def test_a_check_id_is_used_once(tmp_path: Path) -> None:
    (tmp_path / "_standaard.yml").write_text((EXPECTATIONS / "_standaard.yml").read_text(encoding="utf-8"))
    for name in ("een", "twee"):
        (tmp_path / f"{name}.yml").write_text(SUITE, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"x\.y"):
        load_suites(tmp_path)


def test_overrides_change_severity_and_tolerance() -> None:
    chosen = settings(controles={"uitkering.overlap": {"ernst": "blokkerend", "tolerantie_absoluut": 0}})
    before = {check.check_id: check for check in catalogue()}["uitkering.overlap"]
    after = {check.check_id: check for check in catalogue(chosen)}["uitkering.overlap"]
    assert (before.severity, before.absolute, before.relative) == (Severity.WARNING, 20, 0.01)
    assert (after.severity, after.absolute, after.relative) == (Severity.BLOCKING, 0, 0.01)


def test_an_override_reaches_the_result(tmp_path: Path) -> None:
    relaxed = {"uitkering.regeling.bekend": CheckSettings(ernst="waarschuwing", tolerantie_absoluut=5)}
    strict = {"bestand.quarantaine": CheckSettings(tolerantie_absoluut=0, tolerantie_relatief=0)}
    example = build(tmp_path / "nacht", settings(controles=relaxed | strict))
    example.change("update invoer.uitkering set regeling = 'WWB' where rij < 7")
    result = example.check("uitkering.regeling.bekend")
    assert (result.outcome, result.failing, result.severity) == (Outcome.PASS, 5, Severity.WARNING)
    example.change("update invoer.uitkering set regeling = 'WWB' where rij < 8")
    assert example.check("uitkering.regeling.bekend").outcome is Outcome.FAIL
    example.count("uitkeringen", "uitkering", quarantaine=1, aanvaard=199)
    assert example.check("bestand.quarantaine").outcome is Outcome.FAIL


def test_an_unknown_check_names_the_nearest() -> None:
    validate_overrides(settings(controles={"uitkering.overlap": {"ernst": "waarschuwing"}}))
    validate_overrides(settings(controles={"dbt.not_null_int_uitstroom": {"ernst": "waarschuwing"}}))
    with pytest.raises(ConfigurationError, match=r"'uitkering\.overlp'.*Bedoelde u 'uitkering\.overlap'\?") as error:
        validate_overrides(settings(controles={"uitkering.overlp": {"ernst": "waarschuwing"}}))
    assert error.value.exit_code == 2
