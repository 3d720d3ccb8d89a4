"""A mapping brings in a source's own names and codes, dated, without code."""

from __future__ import annotations

from pathlib import Path

import pytest
from ingest_kit import Landing, outcome
from werkmonitor.core.types import ConfigurationError, DeliveryUnreadable

MAPPING = """
naam: voorbeeld
versies:
  - geldig_tot: 2025-12-31
    entiteiten:
      uitkering:
        kolommen: {OUD_DOSSIER: dossier_id}
        vast: {persoon_id: C1, regeling: PW, gemeente_code: GM0268, begindatum: "2020-01-01"}
  - geldig_van: 2026-01-01
    entiteiten:
      uitkering:
        kolommen: {Dossiernr: dossier_id, CLIENTNR: persoon_id, Regeling_CD: regeling, INGANG: begindatum}
        codes: {regeling: {WWB: PW, "01": PW}}
        vast: {gemeente_code: GM0268}
        weglaten:
          - {regel: bijzondere_bijstand, kolom: STATISTIEKCODE, waarden: ["11", "12"]}
          - {regel: aio, kolom: regeling, waarden: [AIO]}
"""
HEADER = "dossiernr;clientnr;REGELING_CD;ingang;Statistiekcode"


def mapped(tmp_path: Path, text: str = MAPPING) -> Landing:
    path = tmp_path / "mapping.yml"
    path.write_text(text)
    return Landing(tmp_path, bron={"entiteiten": ["uitkering"], "scheiding": ";", "mapping": path})


def test_names_codes_constants_and_rows_left_out(tmp_path: Path) -> None:
    landing = mapped(tmp_path)
    landing.put(
        "uitkering",
        f"{HEADER}\nD1;C1;WWB;20200101;01\nD2;C2;01;20200101;11\nD3;C3;AIO;20200101;01\nD4;C4;X;20200101;01\n",
    )
    result = landing.run()
    assert outcome(result) == (4, 1, 0, 2, 1)
    path = "bron/2026-01-15/uitkering.csv"
    assert result.left_out == {(path, "uitkering", "bijzondere_bijstand"): 1, (path, "uitkering", "aio"): 1}
    (row,) = landing.accepted()
    assert (row["dossier_id"], row["regeling"], row["gemeente_code"]) == ("D1", "PW", "GM0268")
    assert landing.findings() == []


def test_the_version_is_that_of_the_delivery_date(tmp_path: Path) -> None:
    landing = mapped(tmp_path)
    landing.put("uitkering", "oud_dossier;overig\nD1;x\n", day="2025-12-31")
    assert outcome(landing.run()) == (1, 1, 0, 0, 0)
    assert landing.accepted()[0]["dossier_id"] == "D1"


def test_a_leave_out_rule_that_cannot_be_applied_stops_the_intake(tmp_path: Path) -> None:
    landing = mapped(tmp_path)
    landing.put("uitkering", "dossiernr;clientnr;regeling_cd;ingang\nD1;C1;WWB;20200101\n")
    with pytest.raises(DeliveryUnreadable, match=r"STATISTIEKCODE ontbreekt.*bijzondere_bijstand"):
        landing.run()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("versies: [", "geen geldige YAML"),
        ("versies: []", "versies"),
        ("versies: [{entiteiten: {uitkering: {kolomen: {}}}}]", "kolomen.*bestaat niet"),
        ("versies: [{entiteiten: {uitkering: {kolommen: {A: nergens}}}}]", "geen kolom nergens"),
        ("versies: [{entiteiten: {uitkeringen: {}}}]", "onbekende entiteit uitkeringen"),
        ("versies: [{geldig_van: 2027-01-01, entiteiten: {}}]", "geen versie"),
        ("versies: [{entiteiten: {}}, {entiteiten: {}}]", "meer dan één versie"),
    ],
)
def test_a_mapping_that_is_wrong_says_where(tmp_path: Path, text: str, words: str) -> None:
    landing = mapped(tmp_path, text)
    landing.put("uitkering", f"{HEADER}\n")
    with pytest.raises(ConfigurationError, match=words) as caught:
        landing.run()
    assert caught.value.exit_code == 2
