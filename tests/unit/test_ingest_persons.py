"""Persons at the door: only pseudonyms go past it, and sources that are tied meet. All numbers are invented."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

import pytest
from ingest_kit import KEY, Landing, outcome, uitkering
from werkmonitor.core.pseudonyms import pseudonyms

JOB = "dienstverband_id,persoon_id,begindatum,soort\nW1,{},2020-01-01,loondienst\n"


def test_the_pseudonym_is_an_hmac_over_soort_naamruimte_and_id() -> None:
    expected = hmac.new(KEY, b"clientnummer\x1forganisatie\x1fC1", hashlib.sha256).hexdigest()
    assert pseudonyms(KEY, "clientnummer", "organisatie", ["C1"]) == [expected]


def test_a_bsn_has_no_naamruimte_and_fields_cannot_run_together() -> None:
    assert pseudonyms(KEY, "bsn", "een", ["111222333"]) == pseudonyms(KEY, "bsn", "twee", ["111222333"])
    assert pseudonyms(KEY, "clientnummer", "a", ["bc"]) != pseudonyms(KEY, "clientnummer", "ab", ["c"])
    assert pseudonyms(KEY, "bsn", "", ["1"]) != pseudonyms(b"x" * 32, "bsn", "", ["1"])


def two_sources(tmp_path: Path, **second: object) -> Landing:
    return Landing(
        tmp_path,
        een={"entiteiten": ["uitkering", "koppeling"], "naamruimte": "gws"},
        twee={"entiteiten": ["dienstverband"], **second},
    )


def meet(landing: Landing, first: str, second: str) -> bool:
    landing.put("uitkering", uitkering(f"D1,{first},PW,GM0268,2020-01-01,,,"), bron="een")
    landing.put("dienstverband", JOB.format(second), bron="twee")
    landing.run()
    return bool(landing.accepted()[0]["persoon"] == landing.accepted("dienstverband")[0]["persoon"])


def test_sources_with_one_naamruimte_meet(tmp_path: Path) -> None:
    assert meet(two_sources(tmp_path, naamruimte="gws"), "C1", "C1")


def test_a_number_means_nothing_in_another_naamruimte(tmp_path: Path) -> None:
    assert not meet(two_sources(tmp_path, naamruimte="compas"), "C1", "C1")


def test_a_koppeling_makes_a_clientnummer_and_a_bsn_meet(tmp_path: Path) -> None:
    landing = two_sources(tmp_path, persoon_id_soort="bsn")
    landing.put("koppeling", "clientnummer,naamruimte,bsn\nC1,gws,10000008\n", bron="een")
    assert meet(landing, "C1", "010000008")
    (tie,) = landing.accepted("koppeling")
    assert tie["bsn"] == landing.accepted()[0]["persoon"]
    assert tie["clientnummer"] == pseudonyms(KEY, "clientnummer", "gws", ["C1"])[0]


def test_two_naamruimten_that_are_tied_to_one_bsn_meet(tmp_path: Path) -> None:
    landing = two_sources(tmp_path, naamruimte="compas")
    landing.put("koppeling", "clientnummer,naamruimte,bsn\nC1,gws,111222333\nX9,compas,111222333\n", bron="een")
    assert meet(landing, "C1", "X9")


def test_without_a_koppeling_they_do_not(tmp_path: Path) -> None:
    assert not meet(two_sources(tmp_path, persoon_id_soort="bsn"), "111222333", "111222333")


def test_one_number_tied_to_two_persons_is_tied_to_nobody(tmp_path: Path) -> None:
    landing = two_sources(tmp_path, persoon_id_soort="bsn")
    landing.put("koppeling", "clientnummer,naamruimte,bsn\nC1,gws,111222333\nC1,gws,123456782\n", bron="een")
    assert not meet(landing, "C1", "111222333")
    assert [row["regel"] for row in landing.quarantine()] == ["sleutel.tegenstrijdig"] * 2


def test_two_sources_that_tie_one_number_differently_are_a_finding(tmp_path: Path) -> None:
    source = {"entiteiten": ["koppeling"], "naamruimte": "gws"}
    landing = Landing(tmp_path, een=source, twee=source)
    landing.put("koppeling", "clientnummer,naamruimte,bsn\nC1,gws,111222333\n", bron="een")
    landing.put("koppeling", "clientnummer,naamruimte,bsn\nC1,gws,123456782\n", bron="twee")
    assert outcome(landing.run()) == (2, 2, 0, 0, 0)
    assert [f["regel"] for f in landing.findings()] == ["koppeling.tegenstrijdig"] * 2


def test_two_numbers_of_one_person_are_one_key(tmp_path: Path) -> None:
    landing = Landing(tmp_path, bron={"entiteiten": ["koppeling", "persoon"], "naamruimte": "gws"})
    landing.put("koppeling", "clientnummer,naamruimte,bsn\nC1,gws,111222333\nC2,gws,111222333\n")
    landing.put("persoon", "persoon_id,geboortedatum\nC1,1980-01-01\nC2,1980-01-01\n")
    assert outcome(landing.run()) == (4, 3, 1, 0, 0)


@pytest.mark.parametrize(
    ("bsn", "regel", "waarde"),
    [("123456789", "bsn.ongeldig", "…89"), ("C12345", "bsn.ongeldig", "…45"), ("", "verplicht.leeg", None)],
)
def test_a_bad_bsn_is_quarantined_without_a_person(tmp_path: Path, bsn: str, regel: str, waarde: str | None) -> None:
    landing = Landing(tmp_path, bron={"entiteiten": ["dienstverband"], "persoon_id_soort": "bsn"})
    landing.put("dienstverband", JOB.format(bsn))
    assert outcome(landing.run()) == (1, 0, 0, 0, 1)
    assert landing.rules() == [(2, regel, "persoon_id", waarde)]
    assert landing.quarantine()[0]["persoon"] is None


def test_another_key_gives_other_pseudonyms_and_the_same_counts(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    landing.put("uitkering", uitkering("D1,C1,PW,GM0268,2020-01-01,,,"))
    first, before = outcome(landing.run()), landing.accepted()[0]["persoon"]
    assert outcome(landing.run(key=b"z" * 32)) == first
    assert landing.accepted()[0]["persoon"] != before
