"""The intake, one kind of wrong input at a time: counts, quarantine rows and messages. All persons are invented."""

from __future__ import annotations

import stat
from datetime import date
from pathlib import Path

import duckdb
import pytest
from ingest_kit import KEY, Landing, outcome, uitkering
from werkmonitor.core.contracts import contract, contracts, rules
from werkmonitor.core.deliveries import find_deliveries
from werkmonitor.core.ingest import LEFT_OUT_FILE, ingest
from werkmonitor.core.types import DeliveryUnreadable
from werkmonitor.settings import TaskSettings

GOOD = "D1,C1,PW,GM0268,2020-01-01,2020-06-30,11,1"


@pytest.fixture
def landing(tmp_path: Path) -> Landing:
    return Landing(tmp_path)


def test_a_good_row_comes_in_typed_with_its_place(landing: Landing) -> None:
    landing.put("uitkering", uitkering(GOOD))
    assert outcome(landing.run()) == (1, 1, 0, 0, 0)
    (row,) = landing.accepted()
    assert list(row) == list(contract("uitkering").accepted_schema())
    assert row["begindatum"] == date(2020, 1, 1) and row["einddatum"] == date(2020, 6, 30)
    assert (row["bron"], row["bron_volgorde"], row["leverdatum"]) == ("bron", 0, date(2026, 1, 15))
    assert (row["bestand"], row["rij"]) == ("bron/2026-01-15/uitkering.csv", 2)
    assert len(row["persoon"]) == 64 and row["kostendelers"] is None


def test_accepted_types_are_those_of_the_contract(landing: Landing) -> None:
    landing.put("uitkering", uitkering(GOOD))
    landing.run()
    path = landing.night.accepted_file("uitkering")
    described = duckdb.execute(f"DESCRIBE SELECT * FROM '{path}'").fetchall()
    found = {name: kind.replace(" ", "") for name, kind, *_ in described}
    assert found == {n: kind.replace(" ", "") for n, kind in contract("uitkering").accepted_schema().items()}


@pytest.mark.parametrize("open_end", ["", "00000000", "99991231", "9999-12-31", "31-12-9999", "  "])
def test_open_ends(landing: Landing, open_end: str) -> None:
    landing.put("uitkering", uitkering(f"D1,C1,PW,GM0268,2020-01-01,{open_end},,"))
    assert outcome(landing.run()) == (1, 1, 0, 0, 0)
    assert landing.accepted()[0]["einddatum"] is None


@pytest.mark.parametrize(
    ("row", "regel", "kolom", "waarde"),
    [
        ("D1,C1,PW,GM0268,2020-02-31,,,", "datum.onleesbaar", "begindatum", "2020-02-31"),
        ("D1,C1,PW,GM0268,20200200,,,", "datum.dag_onbekend", "begindatum", "20200200"),
        ("D1,C1,PW,GM0268,2020-01-01,20200000,,", "datum.dag_onbekend", "einddatum", "20200000"),
        ("D1,C1,PW,GM0268,2020-01-01,31-02-2021,,", "datum.onleesbaar", "einddatum", "31-02-2021"),
        ("D1,C1,PW,GM0268,2020-03-01,2020-02-28,,", "periode.einde_voor_begin", "einddatum", "2020-02-28"),
        ("D1,C1,WWB,GM0268,2020-01-01,,,", "code.onbekend", "regeling", "WWB"),
        ("D1,C1,PW,GM9999,2020-01-01,,,", "gemeente.onbekend", "gemeente_code", "GM9999"),
        ("D1,C1,PW,GM0241,2020-01-01,,,", "gemeente.niet_geldig", "gemeente_code", "GM0241"),
        ("D1,C1,PW,,2020-01-01,,,", "verplicht.leeg", "gemeente_code", None),
        (",C1,PW,GM0268,2020-01-01,,,", "verplicht.leeg", "dossier_id", None),
        ("D1,,PW,GM0268,2020-01-01,,,", "verplicht.leeg", "persoon_id", None),
        ("D1,C1,PW,GM0268", "rij.velden", None, "4 velden in plaats van 8"),
        ("D1,C1,PW,GM0268,2020-01-01,,,,extra", "rij.velden", None, "9 velden in plaats van 8"),
    ],
)
def test_a_bad_required_field_quarantines_its_row_and_no_other(
    landing: Landing, row: str, regel: str, kolom: str | None, waarde: str | None
) -> None:
    landing.put("uitkering", uitkering("D9,C9,PW,GM0268,2019-01-01,,,", row, "D8,C8,PW,GM0268,2019-01-01,,,"))
    assert outcome(landing.run()) == (3, 2, 0, 0, 1)
    assert landing.rules() == [(3, regel, kolom, waarde)]
    assert [r["rij"] for r in landing.accepted()] == [2, 4]
    assert regel in rules()


def test_quarantine_names_file_and_person(landing: Landing) -> None:
    landing.put("uitkering", uitkering(GOOD, "D2,C1,XX,GM0268,2020-01-01,,,", "D3,,PW,GM0268,2020-01-01,,,"))
    landing.run()
    first, second = landing.quarantine()
    assert first["bestand"] == "bron/2026-01-15/uitkering.csv"
    assert (first["bron"], first["entiteit"], first["leverdatum"]) == ("bron", "uitkering", date(2026, 1, 15))
    assert first["persoon"] == landing.accepted()[0]["persoon"]
    assert second["persoon"] is None


@pytest.mark.parametrize(
    ("row", "kolom", "waarde", "regel"),
    [
        ("D1,C1,PW,GM0268,2020-01-01,2020-02-01,12,1", "reden_einde", "12", "code.onbekend"),
        ("D1,C1,PW,GM0268,2020-01-01,2020-02-01,11,7", "leefvorm", "7", "code.onbekend"),
    ],
)
def test_a_bad_optional_field_becomes_unknown_with_a_finding(
    landing: Landing, row: str, kolom: str, waarde: str, regel: str
) -> None:
    landing.put("uitkering", uitkering(row))
    assert outcome(landing.run()) == (1, 1, 0, 0, 0)
    assert landing.accepted()[0][kolom] is None
    (finding,) = landing.findings()
    assert (finding["rij"], finding["regel"], finding["kolom"], finding["waarde"]) == (2, regel, kolom, waarde)


def test_an_unknown_day_quarantines_in_an_optional_date_too(landing: Landing) -> None:
    kop = "persoon_id,geboortedatum,overlijdensdatum"
    landing.put("persoon", f"{kop}\nC1,1980-01-01,20200100\nC2,1980-01-01,gisteren\nC3,1980-01-01,\n")
    assert outcome(landing.run()) == (3, 2, 0, 0, 1)
    assert landing.rules() == [(2, "datum.dag_onbekend", "overlijdensdatum", "20200100")]
    assert [(f["rij"], f["regel"], f["waarde"]) for f in landing.findings()] == [(3, "datum.onleesbaar", "gisteren")]
    assert [row["overlijdensdatum"] for row in landing.accepted("persoon")] == [None, None]


def test_withdrawn_decisions_and_foreign_gemeenten_are_left_out_by_name(landing: Landing) -> None:
    landing.put(
        "uitkering",
        uitkering(
            "D1,C1,PW,GM0268,2020-03-01,2020-02-29,,",
            "D2,C2,PW,GM0363,2020-03-01,,,",
            "D3,C3,XX,GM0268,2020-03-01,2020-02-29,,",
            GOOD,
        ),
    )
    result = landing.run()
    assert outcome(result) == (4, 1, 0, 3, 0)
    path = "bron/2026-01-15/uitkering.csv"
    assert result.left_out == {
        (path, "uitkering", "ingetrokken"): 2,
        (path, "uitkering", "gemeente_buiten_gebied"): 1,
    }
    assert landing.night.counts.with_name(LEFT_OUT_FILE).exists()


def test_only_a_benefit_can_be_withdrawn(tmp_path: Path) -> None:
    landing = Landing(tmp_path, bron={"entiteiten": ["dienstverband"]})
    kop = "dienstverband_id,persoon_id,begindatum,einddatum,soort"
    landing.put("dienstverband", f"{kop}\nW1,C1,2020-03-01,2020-02-29,loondienst\n")
    assert outcome(landing.run()) == (1, 0, 0, 0, 1)
    assert landing.rules() == [(2, "periode.einde_voor_begin", "einddatum", "2020-02-29")]


@pytest.mark.parametrize(
    ("code", "begin", "year", "counted"),
    [
        # Millingen and Ubbergen went into Groesbeek in 2015, which became Berg en Dal in 2016.
        ("265", "2014-12-31", 2026, "GM1945"),
        ("GM0282", "2014-06-01", 2015, "GM0241"),
        ("0241", "2015-06-01", 2026, "GM1945"),
        ("GM0265", "2015-01-01", 2026, None),  # it no longer was
        ("GM1945", "2015-12-31", 2026, None),  # it was not yet
        ("GM0268", "1990-01-01", 2026, "GM0268"),
    ],
)
def test_old_gemeente_codes_of_the_real_list(
    tmp_path: Path, code: str, begin: str, year: int, counted: str | None
) -> None:
    landing = Landing(tmp_path, gemeenten=["GM0241" if year < 2016 else "GM1945", "GM0268"])
    landing.put("uitkering", uitkering(f"D1,C1,PW,{code},{begin},,,"))
    ingest(landing.settings, b"k" * 32, find_deliveries(landing.settings), landing.workspace, landing.night, year)
    if counted is None:
        assert landing.rules() == [(2, "gemeente.niet_geldig", "gemeente_code", code)]
    else:
        assert [row["gemeente_code"] for row in landing.accepted()] == [counted]


def test_a_gemeente_counts_under_its_successor(landing: Landing) -> None:
    landing.put("uitkering", uitkering("D1,C1,PW,241,2014-01-01,,,"))
    landing.run()
    assert landing.accepted()[0]["gemeente_code"] == "GM1945"


def test_a_task_may_have_gemeenten_of_its_own(tmp_path: Path) -> None:
    landing = Landing(tmp_path, bron={"entiteiten": ["sw"]})
    tasks = {"sw": TaskSettings(gemeenten=["GM0668"])}
    monitor = landing.settings.monitor.model_copy(update={"taken": tasks})
    landing.settings = landing.settings.model_copy(update={"monitor": monitor})
    kop = "persoon_id,gemeente_code,begindatum,fte,werkvorm"
    landing.put("sw", f"{kop}\nC1,GM0668,2020-01-01,1,sw_beschut\nC2,GM0268,2020-01-01,1,sw_beschut\n")
    assert outcome(landing.run()) == (2, 1, 0, 1, 0)


def test_a_bad_optional_gemeente_keeps_the_row(landing: Landing) -> None:
    landing.put("persoon", "persoon_id,geboortedatum,gemeente_code\nC1,1980-01-01,GM9999\nC2,1980-01-01,GM0363\n")
    assert outcome(landing.run()) == (2, 2, 0, 0, 0)
    assert [row["gemeente_code"] for row in landing.accepted("persoon")] == [None, "GM0363"]
    assert [f["regel"] for f in landing.findings()] == ["gemeente.onbekend"]


def test_identical_rows_count_once_and_contradictory_ones_not_at_all(landing: Landing) -> None:
    landing.put(
        "uitkering",
        uitkering(
            GOOD,
            "D1, C1 ,PW,268,20200101,30-06-2020,11,1",
            "D2,C2,PW,GM0268,2020-01-01,,,",
            "D2,C2,PW,GM0268,2020-01-01,2020-05-31,11,",
            "D2,C2,PW,GM0268,2020-01-01,,,",
        ),
    )
    assert outcome(landing.run()) == (5, 1, 1, 0, 3)
    shown = "verschil in einddatum, reden_einde"
    key = "dossier_id, persoon_id, begindatum"
    assert landing.rules() == [(row, "sleutel.tegenstrijdig", key, shown) for row in (4, 5, 6)]
    assert [row["rij"] for row in landing.accepted()] == [2]


def test_the_same_key_in_two_sources_is_no_contradiction(tmp_path: Path) -> None:
    source = {"entiteiten": ["uitkering"]}
    landing = Landing(tmp_path, een=source, twee=source)
    landing.put("uitkering", uitkering(GOOD), bron="een")
    landing.put("uitkering", uitkering(GOOD.replace("06-30", "07-31")), bron="twee")
    assert outcome(landing.run()) == (2, 2, 0, 0, 0)
    assert [row["bron_volgorde"] for row in landing.accepted()] == [0, 1]


def test_optional_key_parts_may_be_empty_and_old_gemeenten_do_not_collide(tmp_path: Path) -> None:
    """Two gemeenten that merged have a row each; under their successor they are still two rows."""
    landing = Landing(tmp_path, bron={"entiteiten": ["financien"]})
    kop = "jaar,onderdeel,product,post,soort,bedrag,gemeente_code"
    rijen = [f"2014,werk,,baten,realisatie,{cell}" for cell in ("10,GM0241", "20,GM0265", "5,")]
    landing.put("financien", "\n".join([kop, *rijen, rijen[0], ""]))
    assert outcome(landing.run()) == (4, 3, 1, 0, 0)
    assert [row["gemeente_code"] for row in landing.accepted("financien")] == ["GM1945", "GM1945", None]


def test_numbers_follow_the_decimal_sign_of_the_source(tmp_path: Path) -> None:
    landing = Landing(tmp_path, bron={"entiteiten": ["inkomsten"], "scheiding": ";", "decimaal": ","})
    landing.put("inkomsten", "persoon_id;maand;bedrag;soort\nC1;2020-01;1100,50;loon\nC1;2020-02;1100.50;loon\n")
    assert outcome(landing.run()) == (2, 1, 0, 0, 1)
    assert float(landing.accepted("inkomsten")[0]["bedrag"]) == 1100.5
    assert landing.rules() == [(3, "getal.onleesbaar", "bedrag", "1100.50")]


def test_reeks_keeps_its_own_bron_and_its_digits(tmp_path: Path) -> None:
    landing = Landing(tmp_path, jaarstukken={"entiteiten": ["reeks"]})
    kop = "bron,indicator_id,definitie_id,regio_code,periode,uitsplitsing,waarde,eenheid,status"
    row = "Jaarstukken X,uitstroom,uitstroom@x,AM08,2020JJ00,totaal,33.333333333333336,%,definitief"
    bad = row.replace("2020JJ00", "2020").replace("totaal", "geslacht=M")
    landing.put("reeks", f"{kop}\n{row}\n{bad}\n", bron="jaarstukken")
    assert outcome(landing.run()) == (2, 1, 0, 0, 1)
    (accepted,) = landing.accepted("reeks")
    assert (accepted["bron"], accepted["levering_bron"]) == ("Jaarstukken X", "jaarstukken")
    assert accepted["waarde"] == 33.333333333333336
    assert landing.rules() == [(3, "periode.onleesbaar", "periode", "2020")]


def test_a_missing_column_is_named_with_what_it_may_be_called_now(landing: Landing) -> None:
    landing.put("uitkering", "dossier_id,persoon_id,regeling,gemeente_code,begin_datum\nD1,C1,PW,GM0268,2020-01-01\n")
    with pytest.raises(DeliveryUnreadable) as caught:
        landing.run()
    message = str(caught.value)
    assert "bron/2026-01-15/uitkering.csv: de verplichte kolom begindatum ontbreekt" in message
    assert "misschien heet begindatum nu begin_datum" in message
    assert caught.value.exit_code == 5


def test_a_file_without_a_header_shows_no_persons_number(landing: Landing) -> None:
    landing.put("persoon", "111222333,1980-01-01,M\n123456782,1980-01-01,V\n")
    with pytest.raises(DeliveryUnreadable, match="persoon_id, geboortedatum ontbreken") as caught:
        landing.run()
    assert "111222333" not in str(caught.value)


def test_an_extra_column_is_a_finding_and_is_not_read(landing: Landing) -> None:
    landing.put("persoon", "persoon_id,geboortedatum,achternaam\nC1,1980-01-01,Verzonnen\n")
    assert outcome(landing.run()) == (1, 1, 0, 0, 0)
    assert [(f["rij"], f["regel"], f["kolom"]) for f in landing.findings()] == [(None, "kolom.onbekend", "achternaam")]
    assert "achternaam" not in landing.accepted("persoon")[0]


def test_a_column_that_comes_twice_is_refused(landing: Landing) -> None:
    landing.put("persoon", "persoon_id,geboortedatum,Geboortedatum\nC1,1980-01-01,1980-01-01\n")
    with pytest.raises(DeliveryUnreadable, match="geboortedatum komt twee keer voor"):
        landing.run()


def test_headers_match_without_regard_to_case_and_blanks(landing: Landing) -> None:
    landing.put("persoon", " Persoon_ID ,GEBOORTEDATUM\nC1,1980-01-01\n")
    assert outcome(landing.run()) == (1, 1, 0, 0, 0)


def test_a_file_cut_off_in_the_middle_loses_nothing_unseen(landing: Landing) -> None:
    whole = uitkering(GOOD, "D2,C2,PW,GM0268,2020-01-01,,,")
    landing.put("uitkering", whole[: whole.index("D2") + 9])
    assert outcome(landing.run()) == (2, 1, 0, 0, 1)
    assert landing.rules()[0][:2] == (3, "rij.afgebroken")
    assert [f["regel"] for f in landing.findings()] == ["bestand.geen_regeleinde"]


def test_a_header_alone_is_an_empty_delivery(landing: Landing) -> None:
    landing.put("uitkering", uitkering())
    assert outcome(landing.run()) == (0, 0, 0, 0, 0)
    assert landing.accepted() == []
    assert landing.counts()[0]["aangeleverd"] == 0


def test_an_entity_that_was_not_delivered_has_no_file(landing: Landing) -> None:
    landing.put("uitkering", uitkering(GOOD))
    assert landing.run().entities == ("uitkering",)
    assert not landing.night.accepted_file("persoon").exists()


def test_findings_across_rows_keep_the_row(landing: Landing) -> None:
    landing.put(
        "uitkering",
        uitkering(
            "D1,C1,PW,GM0268,2020-01-01,2020-06-30,11,",
            "D2,C1,PW,GM0268,2020-06-30,,,",
            "D3,C2,PW,GM0268,2020-01-01,,,",
            "D4,C3,PW,GM0268,2020-05-02,,,",
            "D5,C3,PW,GM0268,2020-05-01,2020-05-01,,",
        ),
    )
    landing.put("persoon", "persoon_id,geboortedatum,overlijdensdatum\nC1,1980-01-01,\nC3,1980-01-01,2020-05-01\n")
    assert outcome(landing.run()) == (7, 7, 0, 0, 0)
    assert [(f["rij"], f["regel"]) for f in landing.findings()] == [
        (3, "periode.overlap"),
        (4, "persoon.ontbreekt"),
        (5, "begin_na_overlijden"),
    ]


def test_a_reference_to_nothing_is_a_finding(tmp_path: Path) -> None:
    landing = Landing(tmp_path, bron={"entiteiten": ["traject", "trajectfase"]})
    landing.put("traject", "traject_id,persoon_id,gemeente_code,aanmelddatum\nT1,C1,GM0268,2020-01-01\n")
    landing.put("trajectfase", "traject_id,fase,begindatum\nT1,jobready,2020-01-01\nT2,jobready,2020-01-01\n")
    assert outcome(landing.run()) == (3, 3, 0, 0, 0)
    found = [(f["entiteit"], f["rij"], f["regel"]) for f in landing.findings()]
    assert found == [("trajectfase", 3, "verwijzing.ontbreekt")]


def test_a_value_that_is_somebodys_number_is_masked_wherever_it_stands(landing: Landing) -> None:
    landing.put("uitkering", uitkering("D1,CL0034,PW,GM0268,2020-01-01,,,", "D2,CL0034,CL0034,GM0268,2020-01-01,,,"))
    landing.run()
    assert landing.rules() == [(3, "code.onbekend", "regeling", "…34")]


def test_what_the_intake_writes_can_be_read_by_its_owner_only(landing: Landing) -> None:
    landing.put("uitkering", uitkering(GOOD))
    landing.run()
    copies = landing.workspace.snapshots.iterdir()
    for path in (landing.night.counts, landing.night.accepted_file("uitkering"), *copies):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(landing.night.root.stat().st_mode) == 0o700
    assert not (landing.night.root / "tijdelijk").exists()


def test_the_same_intake_twice_writes_the_same_rows(landing: Landing) -> None:
    landing.put("uitkering", uitkering(GOOD, "D2,C2,PW,GM0268,2020-01-01,,,", "D3,C3,XX,GM0268,2020-01-01,,,"))
    landing.run()
    before = (landing.accepted(), landing.quarantine(), landing.findings(), landing.counts())
    landing.run()
    assert before == (landing.accepted(), landing.quarantine(), landing.findings(), landing.counts())


def test_every_entity_comes_in_from_its_contract_alone(tmp_path: Path) -> None:
    """One row of each entity with only its required columns, made from the contract: no entity needs code of "
    "its own."""
    values = {"text": "A1", "date": "2020-01-01", "int": "2020", "dec": "1.5", "bool": "ja", "month": "2020-01"}
    values |= {"period": "2020JJ00", "gemeente": "GM0268", "volgens": "M"}
    values |= {"persoon": "C1", "bsn": "111222333", "clientnummer": "C1"}
    landing = Landing(tmp_path, bron={"entiteiten": list(contracts())})
    for entiteit, entity in contracts().items():
        cells = []
        for n in entity.required:
            column = entity.kolommen[n]
            special = {"type": "05", "uitsplitsing": "totaal", "naamruimte": "organisatie"}
            cells.append(special.get(n) or (column.code_list()[0] if column.type == "code" else values[column.type]))
        landing.put(entiteit, ",".join(entity.required) + "\n" + ",".join(cells) + "\n")
    result = landing.run()
    assert landing.quarantine() == []
    assert outcome(result) == (19, 19, 0, 0, 0)
    for entiteit, entity in contracts().items():
        assert list(landing.accepted(entiteit)[0]) == list(entity.accepted_schema())
    assert KEY.decode() not in "".join(str(landing.accepted(e)) for e in contracts())


def test_no_death_is_written_like_an_open_end(tmp_path: Path) -> None:
    """Systems fill an empty date with zeros; a person is not refused over it. A day half known is."""
    landing = Landing(tmp_path, bron={"entiteiten": ["persoon"]})
    texts = ("00000000", "0000-00-00", "99991231", "9999-12-31", "")
    lines = [f"{number},1980-01-01,{text},{text}" for number, text in enumerate(texts)]
    lines += ["a,1980-01-01,20240300,", "b,1980-01-01,,20240000"]
    landing.put("persoon", "\n".join(["persoon_id,geboortedatum,overlijdensdatum,vertrekdatum", *lines, ""]))
    landing.run()
    assert [(row["overlijdensdatum"], row["vertrekdatum"]) for row in landing.accepted("persoon")] == [(None, None)] * 5
    assert [row[:3] for row in landing.rules()] == [
        (7, "datum.dag_onbekend", "overlijdensdatum"),
        (8, "datum.dag_onbekend", "vertrekdatum"),
    ]
    assert landing.findings() == []


def test_two_files_of_one_entity_are_read_and_noted(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    landing.put("uitkering", uitkering("D1,p,PW,GM0268,2020-01-01,,,"))
    landing.put("UITKERING.CSV", uitkering("D1,p,PW,GM0268,2020-01-01,,,", "D2,p,PW,GM0268,2019-01-01,2019-02-01,,"))
    assert outcome(landing.run()) == (3, 2, 1, 0, 0)
    assert [row["bestand"] for row in landing.findings() if row["regel"] == "bestand.meer_dan_een"] == [
        "bron/2026-01-15/uitkering.csv"
    ]
