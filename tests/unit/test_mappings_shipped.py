"""The mappings that come with the product, each on a small export of its shape. All persons are invented."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from ingest_kit import Landing, outcome
from werkmonitor.core.mappings import load_mapping, located, shipped
from werkmonitor.core.types import DeliveryUnreadable

BUS_COLUMNS = [
    *("STATISTIEKJAAR", "STATISTIEKMAAND", "BERICHTGEVERCODE", "GEMEENTECODE (CBS)", "SOFTWAREPAKKET", "RELEASE"),
    *("REGISTRATIENUMMER UITKERING", "STATISTIEKCODE", "BBZ-CLASSIFICATIE", "LEEFVORM", "AANTAL KOSTENDELERS", "NORM"),
    *("VERMINDERING", "BEDRAG INKOMSTEN UITKERING", "BETAALBAAR GESTELD", "DATUM INVOERING ADMINISTRATIE"),
    *("CLUSTER BIJZONDERE BIJSTAND", "BSN", "GEBOORTEDATUM", "GESLACHT", "HUISVESTING"),
    *("AANVANGSDATUM UITKERING PERSOON", "EINDDATUM UITKERING PERSOON", "ONTHEFFING ARBEIDSVERPLICHTING"),
    *("EINDDATUM ONTHEFFING", "REDEN BEEINDIGING ONTHEFFING", "TEGENPRESTATIE", "AFSTEMMING (28-30)"),
    *("SOORT INKOMSTEN", "BEDRAG INKOMSTEN PERSOON", "VRIJLATING", "REDEN BEEINDIGING UITKERING PERSOON"),
]


def bus_row(**values: str) -> dict[str, str]:
    """One row; the names of the arguments are the beginnings of the column names."""
    usual = {
        "SOFTWAREPAKKET": "gws",
        "GEMEENTECODE (CBS)": "0268",
        "REGISTRATIENUMMER UITKERING": "77",
        "STATISTIEKCODE": "01",
        "LEEFVORM": "1",
        "NORM": "1038",
        "BSN": "123456782",
        "GEBOORTEDATUM": "19800229",
        "GESLACHT": "1",
        "AANVANGSDATUM UITKERING PERSOON": "20180101",
        "EINDDATUM UITKERING PERSOON": "00000000",
    }
    full = {next(c for c in BUS_COLUMNS if c.startswith(key)): value for key, value in values.items()}
    return usual | full


def bus_file(*rows: dict[str, str], columns: list[str] | None = None) -> str:
    names = columns or BUS_COLUMNS
    return "\r\n".join([";".join(names), *(";".join(row.get(n, "") for n in names) for row in rows), ""])


def bus(tmp_path: Path) -> Landing:
    source = {
        "entiteiten": ["persoon", "uitkering"],
        "scheiding": ";",
        "soort_levering": "maandbestand",
        "persoon_id_soort": "bsn",
        "mapping": shipped()["bus"],
    }
    return Landing(tmp_path, bron=source)


def test_every_shipped_mapping_can_be_loaded_and_is_found_by_its_name(tmp_path: Path) -> None:
    assert set(shipped()) == {"bus", "gws4all", "suwi_ikv"}
    for name, path in shipped().items():
        mapping = load_mapping(path)
        assert mapping.naam == name
        assert all(mapping.version(day) for day in (date(2014, 6, 1), date(2019, 6, 1), date(2026, 6, 1)))
        assert located(tmp_path, Path(name)) == path
    (tmp_path / "bus").write_text("")
    assert located(tmp_path, Path("bus")) == tmp_path / "bus"
    assert located(tmp_path, Path("eigen.yml")) == tmp_path / "eigen.yml"


def test_bus_gives_persons_and_benefits_from_one_file(tmp_path: Path) -> None:
    landing = bus(tmp_path)
    landing.put("bus_0268", bus_file(bus_row()), day="2026-01-15")
    result = landing.run()
    assert outcome(result) == (2, 2, 0, 0, 0)
    assert result.entities == ("persoon", "uitkering")
    (person,), (benefit,) = landing.accepted("persoon"), landing.accepted("uitkering")
    assert (person["geslacht"], person["geboortedatum"]) == ("M", date(1980, 2, 29))
    assert person["persoon"] == benefit["persoon"]
    assert (benefit["dossier_id"], benefit["regeling"], benefit["einddatum"]) == ("0268-77", "PW", None)
    assert benefit["norm_bedrag"] == Decimal(1038)
    assert landing.findings() == []


def test_bus_fills_what_does_not_apply_with_zeros(tmp_path: Path) -> None:
    landing = bus(tmp_path)
    landing.put("bus", bus_file(bus_row(LEEFVORM="0", **{"REDEN BEEINDIGING UITKERING": "00"})))
    landing.run()
    (benefit,) = landing.accepted("uitkering")
    assert (benefit["leefvorm"], benefit["reden_einde"], landing.findings()) == (None, None, [])


def test_bus_leaves_out_bijzondere_bijstand_and_aio_and_tells_tozo_from_bbz(tmp_path: Path) -> None:
    landing = bus(tmp_path)
    rows = [
        bus_row(STATISTIEKCODE="1", REGISTRATIENUMMER="1"),  # its zero lost in Excel
        bus_row(STATISTIEKCODE="02", REGISTRATIENUMMER="2"),
        bus_row(STATISTIEKCODE="3", REGISTRATIENUMMER="3"),
        bus_row(STATISTIEKCODE="14", REGISTRATIENUMMER="4", **{"BBZ-CLASSIFICATIE": "1"}),
        bus_row(STATISTIEKCODE="14", REGISTRATIENUMMER="5", **{"BBZ-CLASSIFICATIE": "6"}),
        bus_row(STATISTIEKCODE="11", REGISTRATIENUMMER="6"),
        bus_row(STATISTIEKCODE="12", REGISTRATIENUMMER="7"),
        bus_row(SOFTWAREPAKKET="aio", REGISTRATIENUMMER="8"),
        bus_row(STATISTIEKCODE="99", REGISTRATIENUMMER="9"),
    ]
    landing.put("bus", bus_file(*rows))
    result = landing.run()
    assert [row["regeling"] for row in landing.accepted()] == ["PW", "IOAW", "IOAZ", "BBZ", "TOZO"]
    path = "bron/2026-01-15/bus.csv"
    assert result.left_out[path, "uitkering", "bijzondere_bijstand"] == 2
    assert result.left_out[path, "uitkering", "aio"] == 1
    assert landing.rules() == [(10, "code.onbekend", "regeling", "99")]


def test_of_two_bus_months_the_latest_message_of_a_benefit_counts(tmp_path: Path) -> None:
    landing = bus(tmp_path)
    end = {"EINDDATUM UITKERING": "20260131", "REDEN BEEINDIGING UITKERING": "1"}
    landing.put("bus_01", bus_file(bus_row()), day="2026-01-31")
    landing.put("bus_02", bus_file(bus_row(**end)), day="2026-02-28")
    result = landing.run()
    assert outcome(result) == (4, 2, 2, 0, 0)
    (row,) = landing.accepted()
    assert (row["einddatum"], row["reden_einde"], row["leverdatum"]) == (date(2026, 1, 31), "01", date(2026, 2, 28))


def test_who_gets_bijzondere_bijstand_next_month_is_still_a_person(tmp_path: Path) -> None:
    landing = bus(tmp_path)
    landing.put("bus_01", bus_file(bus_row()), day="2026-01-31")
    landing.put("bus_02", bus_file(bus_row(STATISTIEKCODE="12", REGISTRATIENUMMER="78")), day="2026-02-28")
    assert outcome(landing.run()) == (4, 2, 0, 2, 0)
    assert len(landing.accepted("persoon")) == len(landing.accepted("uitkering")) == 1


def test_a_bus_file_of_before_2015_has_no_kostendelers(tmp_path: Path) -> None:
    landing = bus(tmp_path)
    columns = [column for column in BUS_COLUMNS if column not in ("AANTAL KOSTENDELERS", "BBZ-CLASSIFICATIE")]
    row = bus_row(AANVANGSDATUM="20140101")
    landing.put("bus", bus_file(row, columns=columns), day="2014-06-30")
    assert outcome(landing.run()) == (2, 2, 0, 0, 0)
    assert landing.findings() == []


def test_a_bus_file_without_the_column_that_leaves_rows_out_is_not_read(tmp_path: Path) -> None:
    landing = bus(tmp_path)
    landing.put("bus", bus_file(bus_row(), columns=[c for c in BUS_COLUMNS if c != "SOFTWAREPAKKET"]))
    with pytest.raises(DeliveryUnreadable, match=r"SOFTWAREPAKKET ontbreekt.*\(aio\)"):
        landing.run()


GWS = "Clientnummer;Dossiernummer;Regeling;Gemeente;Ingangsdatum;Einddatum;Reden einde;Leefvorm;Normbedrag;Naam"


def gws(tmp_path: Path, **more: Any) -> Landing:
    source: dict[str, Any] = {
        "entiteiten": ["persoon", "uitkering"],
        "scheiding": ";",
        "decimaal": ",",
        "codering": "windows-1252",
        "voetregels_overslaan": 1,
        "mapping": shipped()["gws4all"],
    }
    return Landing(tmp_path, bron=source | more)


@pytest.mark.parametrize("blank", ["", ";" * 9])
def test_gws4all_with_a_blank_first_row_a_footer_and_local_reason_codes(tmp_path: Path, blank: str) -> None:
    landing = gws(tmp_path)
    rows = [
        blank,
        GWS,
        "C1;D1;PW-ALG;268;01-01-2020;31-03-2020;W02;ALL;1.038,52;Jansen",
        "C1;D2;PW-ALG;268;01-04-2020;;;ALL;1038,52;Jansén",
        "C2;D3;BB-PER;268;01-01-2020;;;ALL;;Pietersen",
        "C3;D4;IOAW;268;01-01-2020;31-12-2020;W01;SAM;;De Vries",
        "C4;D5;PW-LO;268;01-01-2020;31-12-2020;Q99;GEH;;Bakker",
        "Afgedrukt op 15-01-2026 om 08:12 door PJANSEN",
        "",
    ]
    landing.put("gws_uitkeringen_2026", "\r\n".join(rows).encode("cp1252"))
    result = landing.run()
    assert outcome(result) == (5, 4, 0, 1, 0)
    found = [(row["dossier_id"], row["regeling"], row["reden_einde"], row["leefvorm"]) for row in landing.accepted()]
    assert found == [
        ("D1", "PW", "11", "1"),
        ("D2", "PW", None, "1"),
        ("D4", "IOAW", "11", "3"),
        ("D5", "PW", None, "3"),
    ]
    assert [(f["regel"], f["kolom"], f["waarde"]) for f in landing.findings()] == [
        ("getal.onleesbaar", "norm_bedrag", "1.038,52"),
        ("code.onbekend", "reden_einde", "Q99"),
    ]


def test_gws4all_of_before_2019_had_other_names(tmp_path: Path) -> None:
    landing = gws(tmp_path, voetregels_overslaan=0)
    header = "CLIENTNR;DOSSIERNR;REGELING_CD;GEMEENTE_CD;INGANG_DAT;EIND_DAT;REDEN_CD"
    landing.put("uitkering", f"{header}\nC1;D1;WWB;0268;20120101;20121231;W05\n", day="2018-01-15")
    landing.put("gws_personen", "CLIENTNR;GEB_DAT;GESLACHT\nC1;01-02-1970;2\n", day="2018-01-15")
    assert outcome(landing.run()) == (2, 2, 0, 0, 0)
    assert landing.accepted()[0]["reden_einde"] == "13"
    assert landing.accepted("persoon")[0]["geslacht"] == "V"


def suwi(tmp_path: Path) -> Landing:
    source = {
        "entiteiten": ["dienstverband", "inkomsten"],
        "scheiding": ";",
        "persoon_id_soort": "bsn",
        "dekking": "volledig",
        "mapping": shipped()["suwi_ikv"],
    }
    return Landing(tmp_path, bron=source)


def test_suwi_jobs_and_uwv_benefits(tmp_path: Path) -> None:
    landing = suwi(tmp_path)
    header = "IKVID;BSN;LHNR;DATAANVIKV;DATEINDIKV;CDSRTIKV;CDAARDARBVERH;INDOPROEP;INDONBEPTIJD"
    rows = [
        "1;123456782;900L01;20240115;00000000;15;1;N;J",
        "2;123456782;900L02;20240115;20240630;15;11;N;N",
        "3;123456782;;20240701;99991231;33;;;",  # WW
        "4;123456782;;20240701;;43;;;",  # bijstand
        "5;123456782;;20240701;;57;;;",  # pensioen
        "6;123456782;900L01;20240100;;15;1;N;N",
        "7;123456782;900L01;20240101;20240000;15;1;N;N",
        "8;123456782;900L01;20240101;;16;1;N;N",
    ]
    landing.put("ikv_2026", "\n".join([header, *rows, ""]))
    result = landing.run()
    assert outcome(result) == (8, 3, 0, 2, 3)
    assert [(row["soort"], row["contract"]) for row in landing.accepted("dienstverband")] == [
        ("loondienst", "vast"),
        ("loondienst", "uitzend"),
        ("uwv_uitkering", None),
    ]
    assert landing.rules() == [
        (7, "datum.dag_onbekend", "begindatum", "20240100"),
        (8, "datum.dag_onbekend", "einddatum", "20240000"),
        (9, "code.onbekend", "soort", "16"),
    ]
    assert landing.findings() == []


def test_suwi_incomes_in_cents_with_a_sign_are_added_up_over_the_jobs_of_a_month(tmp_path: Path) -> None:
    landing = suwi(tmp_path)
    header = "IKVID;BSN;DATAANVIKO;CDSRTIKV;BEDRLOON;CDPOSNEG"
    rows = [
        "1;123456782;20240101;15;123456;+",
        "2;123456782;20240100;15;4;+",  # the day is unknown, the month is not
        "1;123456782;20240101;15;123456;+",  # the same row again
        "1;123456782;20240129;15;1000;-",  # a second period of four weeks in the month, a correction
        "3;123456782;20240101;33;50000;",
        "1;123456782;20240201;15;1 000;+",
        "1;123456782;20240000;15;1000;+",
        "4;123456782;20240101;43;100000;+",
        "1;123456782;20240301;15;100;+",
        "1;123456782;20240301;15;200;+",  # contradicts the row above: one job, one period, two amounts
    ]
    landing.put("iko", "\n".join([header, *rows, ""]))
    result = landing.run()
    assert outcome(result) == (10, 4, 1, 1, 4)
    found = [(row["maand"], row["soort"], row["bedrag"], row["rij"]) for row in landing.accepted("inkomsten")]
    assert found == [("2024-01", "loon", Decimal("1224.6000"), 2), ("2024-01", "overig", Decimal(500), 6)]
    assert [(row, rule) for row, rule, _, _ in landing.rules()] == [
        (7, "getal.onleesbaar"),
        (8, "maand.onleesbaar"),
        (10, "sleutel.tegenstrijdig"),
        (11, "sleutel.tegenstrijdig"),
    ]
