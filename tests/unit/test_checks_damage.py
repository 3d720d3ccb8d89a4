"""Every check that is written in expectations/ has at least one damage that it finds, for the right reason and no more.

Each case starts from the example in which nothing is wrong (test_checks_base.py), damages it and runs that one check.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml
from checks_example import GEMEENTEN, LEVERDATUM, ORG, Example, build, cell, figures, insert, person, settings
from werkmonitor.checks.definitions import EXPECTATIONS, load_suite, load_suites
from werkmonitor.core.types import Outcome

OTHER = "bron <> 'eigen registratie'"


@dataclass(frozen=True)
class Case:
    """A damage in SQL, how many rows or cells the check must find, and what its examples must name."""

    check_id: str
    statements: tuple[str, ...]
    failing: int
    names: dict[str, Any] = field(default_factory=dict)
    previous: bool = False


def case(check_id: str, *statements: str, failing: int = 1, previous: bool = False, **names: Any) -> Case:
    return Case(check_id, statements, failing, names, previous)


def pub(change: str, where: str) -> str:
    return f"update main.pub_cijfers set {change} where {where}"


def out(change: str, where: str) -> str:
    return f"update gepubliceerd.reeksen set {change} where {where}"


def rows(entiteit: str, change: str, where: str) -> str:
    return f"update invoer.{entiteit} set {change} where {where}"


def sums(indicator: str, *cells: tuple[str, str, int]) -> tuple[str, ...]:
    """Published sums of the indicator: region, period and how many persons; on fewer than 5 they are masked."""
    rows = [
        f"""insert into {table} by name select * replace ('{indicator}' as indicator_id, '{region}' as regio_code,
            '{period}' as periode, {100.5 * persons} as waarde, null as teller{basis}) from {table} where {UIT}"""
        for region, period, persons in cells
        for table, basis in (
            ("main.pub_cijfers", f", 'som' as meettype, {persons} as n_personen"),
            ("gepubliceerd.reeksen", ""),
        )
    ]
    return (*rows, out("status = 'onderdrukt', waarde = null", f"indicator_id = '{indicator}' and waarde < 500"))


def mean_of_months(exact: float, shown: float) -> tuple[str, ...]:
    """A yearly mean of months beside the figures."""
    return tuple(
        f"""insert into {table} select * replace ('parttime_met_uitkering' as indicator_id, {value} as waarde,
            null as teller{kind}) from {table} where {UIT}"""
        for table, value, kind in (
            ("main.pub_cijfers", exact, ", 'gemiddelde' as meettype"),
            ("gepubliceerd.reeksen", shown, ""),
        )
    )


UITKERINGEN = "uitkeringen/2025-01-15/uitkering.csv"
DELIVERED = [
    # what holds for every entity, on uitkering
    case(
        "uitkering.sleutel.uniek",
        "insert into invoer.uitkering select * replace (900 as rij) from invoer.uitkering where rij = 7",
        failing=2,
        bestand=UITKERINGEN,
        rij=7,
    ),
    case("uitkering.regeling.gevuld", rows("uitkering", "regeling = null", "rij = 7"), rij=7),
    case("uitkering.regeling.bekend", rows("uitkering", "regeling = 'WWB'", "rij = 7"), rij=7, regeling="WWB"),
    case("uitkering.einddatum.na_begindatum", rows("uitkering", "einddatum = begindatum - 5", "rij = 7"), rij=7),
    case("uitkering.persoon_bekend", "delete from invoer.persoon where rij <= 12", failing=11, rij=2),
    # uitkering
    case(
        "uitkering.overlap",
        """insert into invoer.uitkering
           select * replace (dossier_id || 'X' as dossier_id, begindatum + 30 as begindatum, rij + 1000 as rij)
           from invoer.uitkering where rij < 13""",
        failing=22,
        rij=2,
    ),
    case(
        "uitkering.begindatum.aannemelijk",
        rows("uitkering", "begindatum = date '1901-01-01'", "rij = 7"),
        rows("uitkering", "begindatum = date '2027-01-01'", "rij = 8"),
        failing=2,
        begindatum="1901-01-01",
    ),
    case(
        "uitkering.einddatum.aannemelijk",
        rows("uitkering", "einddatum = date '2099-12-31'", "rij < 8"),
        failing=6,
        rij=2,
    ),
    case(
        "uitkering.leeftijd_te_jong", rows("persoon", "geboortedatum = date '2010-01-01'", "rij < 8"), failing=6, rij=2
    ),
    case(
        "uitkering.leeftijd_te_oud", rows("persoon", "geboortedatum = date '1900-01-01'", "rij < 8"), failing=6, rij=2
    ),
    case(
        "uitkering.begin_na_overlijden",
        rows("persoon", "overlijdensdatum = date '2020-01-01'", "rij < 8"),
        failing=6,
        rij=2,
    ),
    case("uitkering.reden_ontbreekt", rows("uitkering", "reden_einde = null", "rij < 60"), failing=29, rij=2),
    case("uitkering.reden_bij_open", rows("uitkering", "einddatum = null", "rij < 60"), failing=29, rij=2),
    case("uitkering.norm_bedrag.aannemelijk", rows("uitkering", "norm_bedrag = 13200", "rij < 8"), failing=6, rij=2),
    case("uitkering.kostendelers.aannemelijk", rows("uitkering", "kostendelers = 99", "rij < 8"), failing=6, rij=2),
    # persoon
    case(
        "persoon.geboortedatum.aannemelijk",
        rows("persoon", "geboortedatum = date '1800-01-01'", "rij < 5"),
        rows("persoon", "geboortedatum = date '2026-01-01'", "rij between 5 and 7"),
        failing=6,
    ),
    case(
        "persoon.geboortedatum.opvulwaarde",
        rows("persoon", "geboortedatum = date '1970-01-01'", "rij < 62"),
        failing=60,
    ),
    case(
        "persoon.overlijdensdatum.aannemelijk",
        rows("persoon", "overlijdensdatum = geboortedatum - 1", "rij < 6"),
        rows("persoon", "overlijdensdatum = date '2025-06-01'", "rij between 6 and 7"),
        failing=6,
    ),
    case("persoon.vertrekdatum.aannemelijk", rows("persoon", "vertrekdatum = geboortedatum - 1", "rij = 7"), rij=7),
    case(
        "persoon.bronnen_gelijk",
        """insert into invoer.persoon select * replace ('tweede' as bron, geboortedatum + 1 as geboortedatum)
           from invoer.persoon where rij < 8""",
        failing=12,
    ),
    # kenmerk
    case("kenmerk.waarde_bekend", rows("kenmerk", "waarde = 'misschien'", "rij < 8"), failing=6, waarde="misschien"),
    case(
        "kenmerk.overlap",
        """insert into invoer.kenmerk select * replace (begindatum + 10 as begindatum, rij + 1000 as rij)
           from invoer.kenmerk where rij < 23""",
        rows("kenmerk", "einddatum = begindatum + 20", "rij < 23"),
        failing=21,
        rij=1002,
    ),
    # dienstverband
    case(
        "dienstverband.persoon_bekend",
        rows("dienstverband", f"persoon = '{person(10**9)}'", "rij < 13"),
        failing=11,
        rij=2,
    ),
    case(
        "dienstverband.begindatum.aannemelijk",
        rows("dienstverband", "begindatum = date '1900-01-01'", "rij < 8"),
        failing=6,
    ),
    case(
        "dienstverband.uren_per_week.aannemelijk", rows("dienstverband", "uren_per_week = 140", "rij < 13"), failing=11
    ),
    case(
        "dienstverband.leeftijd_te_jong",
        rows("persoon", "geboortedatum = date '2015-01-01'", "rij % 2 = 0 and rij < 24"),
        failing=11,
        rij=2,
    ),
    case(
        "dienstverband.begin_na_overlijden",
        rows("persoon", "overlijdensdatum = date '2022-01-01'", "rij % 2 = 0 and rij < 14"),
        failing=6,
        rij=2,
    ),
    case(
        "dienstverband.soort_uwv_alleen", rows("dienstverband", "soort = 'uwv_uitkering'", "true"), failing=100, rij=2
    ),
    # reeks, doelstelling
    case("reeks.waarde_of_reden", rows("reeks", "reden_leeg = 'geheim'", "rij = 3"), rij=3, periode="2013JJ00"),
    case("reeks.leeg_zonder_reden", rows("reeks", "waarde = null", "rij < 8"), failing=6, rij=2),
    case("reeks.periode.vorm", rows("reeks", "periode = '2013KW05'", "rij = 3"), periode="2013KW05"),
    case("reeks.regio.vorm", rows("reeks", "regio_code = 'Nijmegen'", "rij = 3"), regio_code="Nijmegen"),
    case("reeks.uitsplitsing.vorm", rows("reeks", "uitsplitsing = 'vrouw'", "rij = 3"), uitsplitsing="vrouw"),
    case("reeks.aantal_niet_negatief", rows("reeks", "waarde = -99", "rij = 3"), waarde=-99.0),
    case("reeks.document_genoemd", rows("reeks", "document = null", "rij < 4"), failing=2, rij=2),
    case("doelstelling.periode.vorm", rows("doelstelling", "periode = '2020'", "rij = 3"), periode="2020"),
    case("doelstelling.waarde.aannemelijk", rows("doelstelling", "waarde = -1", "rij = 3"), rij=3),
    case("doelstelling.tolerantie_pct.aannemelijk", rows("doelstelling", "tolerantie_pct = 500", "rij = 3"), rij=3),
    # gemeente
    case(
        "gemeente.zonder_uitkeringen",
        "delete from invoer.uitkering where gemeente_code = 'GM0296'",
        gemeente_code="GM0296",
    ),
    case(
        "gemeente.weggevallen",
        "delete from invoer.uitkering where gemeente_code = 'GM0296'",
        gemeente_code="GM0296",
        previous=True,
    ),
    case(
        "gemeente.reden_onbekend",
        rows("uitkering", "reden_einde = null", "gemeente_code = 'GM0296'"),
        gemeente_code="GM0296",
        zonder_reden=50,
    ),
    case(
        "gemeente.kenmerk_onbekend",
        """update invoer.persoon set arbeidsbeperking = null where persoon in (
             select persoon from invoer.uitkering where gemeente_code = 'GM0268')""",
        gemeente_code="GM0268",
        kenmerk="arbeidsbeperking",
        onbekend=50,
    ),
    case(
        "gemeente.geslacht_onbekend",
        """update invoer.persoon set geslacht = null where persoon in (
             select persoon from invoer.uitkering where gemeente_code = 'GM0268')""",
        gemeente_code="GM0268",
    ),
    # bronnen
    case(
        "bronnen.koppelgraad_laag",
        rows("dienstverband", "persoon = 'a' || persoon[2:64]", "true"),
        bron_a="polis",
        bron_b="uitkeringen",
        gekoppeld=0,
    ),
    case(
        "bronnen.koppelgraad_gedaald",
        rows("dienstverband", "persoon = 'a' || persoon[2:64]", "rij < 62"),
        bron_a="polis",
        bron_b="uitkeringen",
        vorig_procent=100,
        previous=True,
    ),
    case(
        "vulling.kolom_leeggevallen",
        rows("uitkering", "leefvorm = null", "true"),
        kolom="leefvorm",
        procent=0,
        previous=True,
    ),
    case(
        "vulling.kolom_gedaald",
        rows("uitkering", "leefvorm = null", "rij < 52"),
        kolom="leefvorm",
        procent=75,
        previous=True,
    ),
]

UIT, DUUR, JAAR = cell("uitstroom"), "duurzaam_uit_uitkering_6__alle", "2023JJ00"
FIGURES = [
    case("cijfers.aanwezig", "delete from main.pub_cijfers"),
    case(
        "cijfers.sleutel.uniek",
        f"insert into main.pub_cijfers select * from main.pub_cijfers where {UIT}",
        indicator_id="uitstroom",
    ),
    case(
        "cijfers.raster_volledig", f"delete from main.pub_cijfers where {UIT}", indicator_id="uitstroom", regio_code=ORG
    ),
    case(
        "cijfers.raster_volledig",
        "delete from main.pub_cijfers where regio_code = 'GM0296' and indicator_id = 'instroom' "
        "and dimensie = 'totaal' and periode[5:6] = 'MM'",
        failing=24,
        regio_code="GM0296",
    ),
    case("cijfers.status.gevuld", pub("status = null", UIT), indicator_id="uitstroom"),
    case("cijfers.status.bekend", pub("status = 'onderdrukt'", UIT), status="onderdrukt"),
    case("cijfers.waarde_bij_status", pub("waarde = null", UIT), indicator_id="uitstroom"),
    case("cijfers.waarde_bij_status", pub("status = 'nvt'", UIT), status="nvt"),
    case(
        "cijfers.waarde_bij_status",
        pub("noemer = 40", cell(DUUR, period="2024JJ00")),
        status="nog_niet_meetbaar",
        periode="2024JJ00",
    ),
    case("cijfers.meetbaar_vanaf", pub("meetbaar_vanaf = null", cell(DUUR, period="2024JJ00")), periode="2024JJ00"),
    case(
        "cijfers.meetbaar_vanaf",
        pub("meetbaar_vanaf = date '2024-12-31'", cell(DUUR, period="2024JJ00")),
        meetbaar_vanaf="2024-12-31",
    ),
    case("cijfers.waarde_uit_teller", pub("waarde = waarde + 1", UIT), indicator_id="uitstroom"),
    case("cijfers.waarde_uit_teller", pub("waarde = waarde + 0.001", cell(DUUR)), indicator_id=DUUR),
    case("cijfers.niet_negatief", pub("teller = -1, waarde = -1", UIT), teller=-1),
    case("cijfers.teller_hoogstens_noemer", pub("teller = noemer + 1", cell(DUUR)), indicator_id=DUUR),
    case("cijfers.kans_tussen_0_en_100", pub("waarde = 100.5", cell(DUUR)), waarde=100.5),
    case(
        "cijfers.kans_tussen_0_en_100",
        pub("bovengrens = 1", "indicator_id = 'terugkeer_cif__alle' and categorie = '12'"),
        categorie="12",
        bovengrens=1.0,
    ),
    case("cijfers.gemeenten_tellen_op", pub("teller = teller + 1", UIT), indicator_id="uitstroom", regio_code=ORG),
    case("cijfers.gemeenten_tellen_op", pub("n_niet_volgbaar = 0", cell(DUUR)), indicator_id=DUUR),
    case(
        "cijfers.dossiers_per_gemeente",
        pub("teller = teller + 5", cell("stand_uitkeringen")),
        indicator_id="stand_uitkeringen",
    ),
    case("cijfers.dossiers_per_gemeente", pub("teller = 1", cell("stand_uitkeringen")), teller=1),
    case(
        "cijfers.uitsplitsing_telt_op",
        pub("teller = teller - 1", cell("uitstroom", dimension="geslacht", category="V")),
        dimensie="geslacht",
        regio_code=ORG,
    ),
    case(
        "cijfers.kwartalen_tellen_op",
        pub("teller = teller + 1", cell("uitstroom_werk_reden", period="2023KW02")),
        indicator_id="uitstroom_werk_reden",
        periode=JAAR,
    ),
    case(
        "cijfers.kwartalen_tellen_op",
        pub("noemer = noemer + 1", cell(DUUR, period="2023KW02")),
        indicator_id=DUUR,
        periode=JAAR,
    ),
    case(
        "cijfers.maanden_tellen_op",
        pub("teller = teller + 1", cell("instroom", period="2023MM05")),
        indicator_id="instroom",
        periode="2023KW02",
    ),
    case(
        "cijfers.stand_op_dezelfde_dag",
        pub("teller = teller + 1", cell("stand_personen")),
        indicator_id="stand_personen",
        periode=JAAR,
    ),
    case(
        "cijfers.stand_op_dezelfde_dag",
        pub("teller = teller + 1", cell("stand_uitkeringen", period="2023MM06")),
        periode="2023KW02",
    ),
    case(
        "cijfers.standrekening_organisatie",
        pub("teller = teller + 1", cell("instroom", period="2024MM03")),
        periode="2024MM03",
        regio_code=ORG,
    ),
    case(
        "cijfers.standrekening_gemeente",
        pub("teller = teller + 1", cell("verhuizing_in", "GM0296", "2024KW03")),
        periode="2024KW03",
        regio_code="GM0296",
    ),
    case(
        "cijfers.verhuizingen_gelijk", pub("teller = teller + 1", cell("verhuizing_in")), indicator_id="verhuizing_in"
    ),
    case(
        "cijfers.herinstroom_en_duurzaam",
        pub("teller = teller + 1", cell("herinstroom_6__alle")),
        indicator_id="herinstroom_6__alle",
    ),
    case(
        "cijfers.een_noemer",
        pub("noemer = noemer + 1", cell("duurzaam_werk_moment_6__alle")),
        indicator_id="duurzaam_werk_moment_6__alle",
    ),
    case(
        "cijfers.onafgebroken_hoogstens_moment",
        pub("teller = 1", cell("duurzaam_werk_moment_6__alle")),
        indicator_id="duurzaam_werk_onafgebroken_6__alle",
        moment=1,
    ),
    case(
        "cijfers.reden_niet_volgbaar_telt_op",
        pub("teller = teller + 1", cell(DUUR, dimension="reden_niet_volgbaar", category="overlijden")),
        indicator_id=DUUR,
    ),
    case(
        "cijfers.bestemming_is_uitstroom",
        pub("teller = teller + 1", cell("bestemming_6__alle")),
        indicator_id="bestemming_6__alle",
    ),
    case("cijfers.bestemming_en_noemer", pub("n_niet_volgbaar = 0", cell(DUUR)), indicator_id=DUUR, n_niet_volgbaar=0),
    case(
        "cijfers.kans_loopt_op",
        pub("waarde = 0.1", "indicator_id = 'terugkeer_km__alle' and categorie = '12'"),
        categorie="12",
        indicator_id="terugkeer_km__alle",
    ),
    case(
        "cijfers.kans_loopt_op",
        pub("n_risico = 399", "indicator_id = 'terugkeer_km__alle' and categorie = '12'"),
        categorie="12",
        n_risico=399,
    ),
    case(
        "cijfers.cif_hoogstens_km",
        pub("waarde = 50", "indicator_id = 'terugkeer_cif__alle' and categorie = '12'"),
        categorie="12",
        waarde=50.0,
    ),
    case(
        "cijfers.deel_hoogstens_geheel",
        f"""insert into main.pub_cijfers select * replace ('lks_verstrekkingen' as indicator_id, 10 as waarde)
            from main.pub_cijfers where {UIT}""",
        f"""insert into main.pub_cijfers select * replace ('lks_personen' as indicator_id, 11 as waarde)
            from main.pub_cijfers where {UIT}""",
        indicator_id="lks_personen",
        geheel=10.0,
    ),
    # A whole of two parts: 10 placements on work and 2 with retention of benefit, with 13 employers.
    case(
        "cijfers.deel_hoogstens_geheel",
        *(
            f"""insert into main.pub_cijfers select * replace ('{name}' as indicator_id, {value} as waarde)
                from main.pub_cijfers where {UIT}"""
            for name, value in (
                ("plaatsingen_werk", 10),
                ("werken_met_behoud_van_uitkering_plaatsingen", 2),
                ("unieke_werkgevers", 13),
            )
        ),
        indicator_id="unieke_werkgevers",
        geheel=12.0,
    ),
]

PUBLISHED = [
    case("uitgave.niet_leeg", "delete from gepubliceerd.reeksen where bron = 'eigen registratie'", regio_code=ORG),
    case("uitgave.sleutel.uniek", f"insert into gepubliceerd.reeksen select * from gepubliceerd.reeksen where {UIT}"),
    case("uitgave.zelfde_cellen", f"delete from gepubliceerd.reeksen where {UIT}", indicator_id="uitstroom"),
    case("uitgave.zelfde_cellen", f"delete from main.pub_cijfers where {UIT}", indicator_id="uitstroom"),
    case("uitgave.status.gevuld", out("status = null", UIT)),
    case("uitgave.status.bekend", out("status = 'geheimzinnig'", UIT), status="geheimzinnig"),
    case("uitgave.eenheid.gevuld", out("eenheid = null", UIT)),
    case("uitgave.regio_naam.gevuld", out("regio_naam = null", UIT)),
    case("uitgave.waarde_bij_status", out("status = 'onderdrukt'", UIT), status="onderdrukt"),
    case("uitgave.waarde_bij_status", out("waarde = null", UIT)),
    case(
        "uitgave.onder_de_drempel",
        pub("teller = 3, waarde = 3", UIT),
        indicator_id="uitstroom",
    ),
    case("uitgave.onder_de_drempel", pub("n_niet_volgbaar = 4", cell(DUUR)), indicator_id=DUUR),
    # The mean of months is a count, of which a quarter of 4.0 or 7.5 tells the sum of its months.
    case("uitgave.onder_de_drempel", *mean_of_months(exact=4.0, shown=4.0), indicator_id="parttime_met_uitkering"),
    case("uitgave.veelvoud_van_vijf", *mean_of_months(exact=7.5, shown=7.5), indicator_id="parttime_met_uitkering"),
    case("uitgave.afronding_klopt", *mean_of_months(exact=7.4, shown=10), indicator_id="parttime_met_uitkering"),
    case(
        "uitgave.som_niet_af_te_trekken",
        *sums("sw_fte", (ORG, JAAR, 33), (GEMEENTEN[0], JAAR, 3), (GEMEENTEN[1], JAAR, 30)),
        regio_code=GEMEENTEN[0],
    ),
    case(
        "uitgave.som_niet_af_te_trekken",
        *sums("banen_25_5", (ORG, JAAR, 33), (ORG, "2023KW01", 3), (ORG, "2023KW02", 9), (ORG, "2023KW03", 21)),
        periode="2023KW01",
    ),
    case("uitgave.veelvoud_van_vijf", out("teller = teller + 1", UIT)),
    case(
        "uitgave.veelvoud_van_vijf", out("n_risico = 399", "indicator_id = 'terugkeer_km__alle' and categorie = '12'")
    ),
    case("uitgave.afronding_klopt", out("teller = teller + 5", UIT), indicator_id="uitstroom"),
    case("uitgave.kleine_noemer", out("noemer = 5", cell(DUUR)), indicator_id=DUUR, noemer=5),
    case("uitgave.hele_procenten", out("waarde = waarde + 0.5", cell(DUUR)), indicator_id=DUUR),
    case(
        "uitgave.afgeleid_van_gepubliceerd",
        "insert into gepubliceerd.reeksen select * replace ('index_uitstroom' as indicator_id, 'index_uitstroom@1' as "
        f"definitie_id, 'index' as eenheid, 3 as noemer) from gepubliceerd.reeksen where {cell('uitstroom')}",
        indicator_id="index_uitstroom",
    ),
    case(
        "uitgave.onveranderd",
        out("waarde = waarde + 1", f"{OTHER} and eenheid <> 'index'"),
        bron="Jaarstukken Voorbeeld",
    ),
]

COMPARED = [
    case("vorige.definitief_sprong", out("waarde = waarde * 2", UIT), indicator_id="uitstroom", previous=True),
    case(
        "vorige.definitief_aantal",
        out("waarde = waarde + 15", cell("uitstroom", "GM0268")),
        regio_code="GM0268",
        previous=True,
    ),
    case("vorige.definitief_percentage", out("waarde = waarde + 4", cell(DUUR)), indicator_id=DUUR, previous=True),
    case(
        "vorige.definitief_verdwenen",
        f"delete from gepubliceerd.reeksen where {UIT}",
        indicator_id="uitstroom",
        previous=True,
    ),
    case("vorige.definitief_verdwenen", out("status = 'voorlopig'", UIT), status="voorlopig", previous=True),
    case(
        "vorige.aandeel_reden",
        out("waarde = waarde + 100", cell("uitstroom", dimension="reden_groep", category="onbekend")),
        failing=2,
        dimensie="reden_groep",
        previous=True,
    ),
    case(
        "vorige.reeks_van_ander_gewijzigd",
        out("waarde = waarde + 1", f"{OTHER} and eenheid <> 'index'"),
        bron="Jaarstukken Voorbeeld",
        previous=True,
    ),
]
CASES = [*DELIVERED, *FIGURES, *PUBLISHED, *COMPARED]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Example]:
    """The undamaged example, with the release that was made of it."""
    folder = tmp_path_factory.mktemp("controles")
    example = build(folder / "nacht")
    yield replace(example, previous=example.release(folder / "vorige"))


@pytest.mark.parametrize("one", CASES, ids=lambda one: one.check_id)
def test_damage_is_found_and_nothing_else(one: Case, sound: Example, tmp_path: Path) -> None:
    start = sound if one.previous else replace(sound, previous=None)
    assert start.check(one.check_id).outcome is Outcome.PASS
    damaged = start.copy(tmp_path / "nacht")
    damaged.change(*one.statements)
    result = damaged.check(one.check_id)
    assert result.outcome is Outcome.FAIL, result.message
    assert result.failing == one.failing, result.examples
    assert result.fingerprint and result.message and result.remedy
    assert one.names.items() <= result.examples[0].items()
    assert not any(person(0)[:50] in json.dumps(example) for example in result.examples)


@pytest.mark.parametrize(
    "cells",
    [
        # Stands: the quarters do not add up to the year.
        ("sw_fte", (ORG, JAAR, 33), (ORG, "2023KW01", 3), (ORG, "2023KW02", 9)),
        # Two masked parts cover each other; a sum of nobody covers nothing, and there is nothing in it to find.
        ("banen_25_5", (ORG, JAAR, 33), (ORG, "2023KW01", 3), (ORG, "2023KW02", 4), (ORG, "2023KW03", 26)),
        ("banen_25_5", (ORG, JAAR, 33), (GEMEENTEN[0], JAAR, 0), (GEMEENTEN[1], JAAR, 33)),
        # Nothing of the line is shown.
        ("banen_25_5", (ORG, JAAR, 3), (GEMEENTEN[0], JAAR, 0), (GEMEENTEN[1], JAAR, 0)),
    ],
)
def test_a_masked_sum_that_does_not_follow(cells: tuple[Any, ...], sound: Example, tmp_path: Path) -> None:
    damaged = sound.copy(tmp_path / "nacht")
    damaged.change(*sums(*cells))
    assert damaged.check("uitgave.som_niet_af_te_trekken").outcome is Outcome.PASS


def test_a_count_that_does_not_add_up_is_found(sound: Example, tmp_path: Path) -> None:
    damaged = sound.copy(tmp_path / "nacht")
    damaged.count("polis", "dienstverband", aangeleverd=101)
    result = damaged.check("bestand.rijen_geteld")
    assert (result.outcome, result.failing) == (Outcome.FAIL, 1)


@pytest.mark.parametrize(
    ("check_id", "quarantaine", "outcome"),
    [
        ("bestand.quarantaine", 20, Outcome.PASS),
        ("bestand.quarantaine", 21, Outcome.FAIL),
        ("bestand.quarantaine_let_op", 10, Outcome.PASS),
        ("bestand.quarantaine_let_op", 11, Outcome.FAIL),
    ],
)
def test_quarantine_is_held_against_rows_and_share(
    check_id: str, quarantaine: int, outcome: Outcome, sound: Example, tmp_path: Path
) -> None:
    damaged = sound.copy(tmp_path / "nacht")
    damaged.count("uitkeringen", "uitkering", quarantaine=quarantaine, aanvaard=200 - quarantaine)
    result = damaged.check(check_id)
    assert result.outcome is outcome
    assert result.failing == (outcome is Outcome.FAIL)


def test_a_file_that_was_cut_off_is_held_whatever_its_size(sound: Example, tmp_path: Path) -> None:
    damaged = sound.copy(tmp_path / "nacht")
    schema = pq.read_schema(damaged.night.quarantine)
    cut = {"bron": "uitkeringen", "entiteit": "uitkering", "bestand": UITKERINGEN, "rij": 201}
    for rule, outcome in (("rij.velden", Outcome.PASS), ("rij.afgebroken", Outcome.FAIL)):
        pq.write_table(pa.Table.from_pylist([cut | {"regel": rule}], schema), damaged.night.quarantine)
        result = damaged.check("bestand.afgebroken")
        assert result.outcome is outcome
    assert result.examples[0] == {"bestand": UITKERINGEN, "rij": 201}


def test_many_findings_in_one_file(sound: Example, tmp_path: Path) -> None:
    damaged = sound.copy(tmp_path / "nacht")
    schema = pq.read_schema(damaged.night.findings)
    found = [
        {
            "bron": "uitkeringen",
            "entiteit": "uitkering",
            "bestand": UITKERINGEN,
            "rij": row // 2,
            "regel": "code.onbekend",
        }
        for row in range(4, 46)
    ]
    pq.write_table(pa.Table.from_pylist(found, schema), damaged.night.findings)
    result = damaged.check("bestand.bevindingen")
    assert (result.outcome, result.examples[0]["met_bevinding"]) == (Outcome.FAIL, 21)


@pytest.mark.parametrize(
    ("rows_now", "check_id", "outcome"),
    [
        (160, "levering.rijen_gedaald", Outcome.PASS),
        (159, "levering.rijen_gedaald", Outcome.FAIL),
        (100, "levering.rijen_gedaald", Outcome.FAIL),
        (300, "levering.rijen_gestegen", Outcome.PASS),
        (301, "levering.rijen_gestegen", Outcome.FAIL),
        (100, "levering.rijen_gestegen", Outcome.PASS),
        (400, "levering.rijen_gedaald", Outcome.PASS),
    ],
)
def test_the_volume_is_held_against_the_previous_release(
    rows_now: int, check_id: str, outcome: Outcome, sound: Example, tmp_path: Path
) -> None:
    damaged = sound.copy(tmp_path / "nacht")
    damaged.count("uitkeringen", "uitkering", aangeleverd=rows_now, aanvaard=rows_now)
    result = damaged.check(check_id)
    assert result.outcome is outcome
    if outcome is Outcome.FAIL:
        assert {"entiteit": "uitkering", "rijen": rows_now, "vorige_rijen": 200}.items() <= result.examples[0].items()


def test_a_few_rows_less_of_a_small_delivery_is_no_fall(sound: Example, tmp_path: Path) -> None:
    damaged = sound.copy(tmp_path / "nacht")
    damaged.count("jaarstukken", "reeks", aangeleverd=6, aanvaard=6)
    assert damaged.check("levering.rijen_gedaald").outcome is Outcome.PASS


def test_an_older_delivery_is_no_fall_but_is_named(sound: Example, tmp_path: Path) -> None:
    earlier = [replace(delivery, leverdatum=date(2024, 12, 15)) for delivery in sound.deliveries]
    damaged = replace(sound.copy(tmp_path / "nacht"), deliveries=earlier)
    damaged.count("uitkeringen", "uitkering", aangeleverd=100, aanvaard=100)
    assert damaged.check("levering.rijen_gedaald").outcome is Outcome.PASS
    assert damaged.check("levering.ouder_dan_vorige").failing == 5


def test_a_required_entity_that_is_absent_fails_and_an_optional_one_does_not(sound: Example) -> None:
    without = replace(sound, deliveries=[d for d in sound.deliveries if d.entiteit not in ("dienstverband", "reeks")])
    result = without.check("levering.aanwezig")
    assert (result.outcome, result.failing) == (Outcome.FAIL, 1)
    assert result.examples[0] == {"bron": "polis", "entiteit": "dienstverband"}
    assert without.check("dienstverband.sleutel.uniek").outcome is Outcome.NVT


def test_an_empty_required_delivery_blocks_and_an_empty_other_warns(sound: Example, tmp_path: Path) -> None:
    damaged = sound.copy(tmp_path / "nacht")
    damaged.count("uitkeringen", "uitkering", aangeleverd=0, aanvaard=0)
    damaged.count("uitkeringen", "kenmerk", aangeleverd=0, aanvaard=0)
    blocking, warning = damaged.check("levering.niet_leeg"), damaged.check("levering.leeg_bestand")
    assert (blocking.outcome, blocking.examples[0]["entiteit"]) == (Outcome.FAIL, "uitkering")
    assert (warning.outcome, warning.failing, warning.examples[0]["entiteit"]) == (Outcome.FAIL, 1, "kenmerk")


@pytest.mark.parametrize(
    ("delivered", "today", "late"),
    [
        (date(2024, 12, 1), None, False),
        (date(2024, 12, 1), date(2025, 1, 15), False),
        (date(2024, 12, 1), date(2025, 1, 16), True),
        (date(2024, 11, 30), None, True),
    ],
)
def test_a_source_is_late_after_its_interval_and_two_weeks(
    delivered: date, today: date | None, late: bool, sound: Example
) -> None:
    """polis delivers monthly; the newest delivery of the required sources is of 15 January 2025."""
    deliveries = [replace(d, leverdatum=delivered) if d.bron == "polis" else d for d in sound.deliveries]
    result = replace(sound, deliveries=deliveries, today=today).check("bron.te_laat")
    assert result.outcome is (Outcome.FAIL if late else Outcome.PASS)
    if late:
        assert [example["bron"] for example in result.examples] == ["polis"]


def configured_for(example: Example, *entities: str) -> Example:
    """The example with one source that delivers other entities."""
    own = settings(bronnen={"participatie": {"entiteiten": list(entities)}})
    used = [replace(example.deliveries[0], bron="participatie", entiteit=name) for name in entities]
    return replace(example, settings=own, deliveries=used, previous=None)


def lay(example: Example, entiteit: str, rows_of: list[dict[str, Any]]) -> None:
    """Accepted rows of one entity."""
    where = {"bron": "participatie", "bestand": "p.csv", "leverdatum": LEVERDATUM}
    with duckdb.connect(str(example.night.candidate)) as connection:
        insert(connection, f"invoer.{entiteit}", [row | where for row in rows_of])


def test_lks_and_nieuw_beschut_are_looked_at_when_they_are_configured(sound: Example, tmp_path: Path) -> None:
    assert sound.check("lks.loonwaarde.aannemelijk").outcome is Outcome.NVT
    example = configured_for(sound.copy(tmp_path / "nacht"), "lks", "nieuw_beschut")
    good_lks, bad_lks = {"loonwaarde": 50, "uren_per_week": 20}, {"loonwaarde": 250, "uren_per_week": 99}
    good_plek = {"advies": "positief", "adviesdatum": date(2023, 1, 1), "begindatum": date(2024, 1, 1)}
    bad_plek = {"advies": "negatief", "adviesdatum": date(2024, 1, 1), "begindatum": date(2023, 1, 1)}
    checks = {
        "lks": ("lks.loonwaarde.aannemelijk", "lks.uren_per_week.aannemelijk"),
        "nieuw_beschut": ("nieuw_beschut.plek_zonder_advies", "nieuw_beschut.begin_voor_advies"),
    }
    for entiteit, good, bad in (("lks", good_lks, bad_lks), ("nieuw_beschut", good_plek, bad_plek)):
        lay(example, entiteit, [good | {"rij": 2}])
        assert [example.check(check_id).outcome for check_id in checks[entiteit]] == [Outcome.PASS] * 2
        lay(example, entiteit, [bad | {"rij": row} for row in range(3, 9)])
        for check_id in checks[entiteit]:
            result = example.check(check_id)
            assert (result.outcome, result.failing, result.examples[0]["rij"]) == (Outcome.FAIL, 6, 3), check_id


def test_a_figure_is_no_more_definitive_than_the_number_it_is_held_against(sound: Example, tmp_path: Path) -> None:
    """Of households or prices that are nader voorlopig, a share or a sum is too: no mistake of the calculation."""
    example = sound.copy(tmp_path / "nacht")
    example.change(pub("status = 'nader_voorlopig'", UIT))
    for check_id in ("cijfers.status.bekend", "cijfers.waarde_bij_status"):
        assert example.check(check_id).outcome is Outcome.PASS


def account(onderdeel: str, post: str, bedrag: float) -> dict[str, Any]:
    return {"jaar": 2023, "onderdeel": onderdeel, "post": post, "soort": "realisatie", "bedrag": bedrag}


SUMS = [account("werk", post, bedrag) for post, bedrag in (("baten", 100), ("programmalasten", 60), ("overhead", 30))]
SUMS += [account("werk", "resultaat", 10), account("sw", "baten", 50), account("totaal", "baten", 150)]
SUMS += [account("sw", "omzet", 7), account("totaal", "omzet", 9)]  # of one part alone nothing can be said


def bought(product: str, soort: str, **columns: Any) -> dict[str, Any]:
    """A row of a product with a number."""
    return account("werk", "baten", 8) | {"product": product, "soort": soort, "hoeveelheid": 2} | columns


BOUGHT = [bought("a", "begroot", prijs=4, prijspeil=2023), bought("a ", "realisatie")]
BOUGHT += [bought("c", "begroot", jaar=2024, prijs=4)]


@pytest.mark.parametrize(
    ("check_id", "good", "bad"),
    [
        ("sw.fte.aannemelijk", [{"fte": 1.2}], [{"fte": 36}] * 6),
        (
            "verzuim.meer_dan_beschikbaar",
            [{"maand": "2023-01", "verzuimdagen": 31, "beschikbare_dagen": 31}],
            [{"maand": "2023-01", "verzuimdagen": 31, "beschikbare_dagen": 27.9}] * 6,
        ),
        ("tevredenheid.score.aannemelijk", [{"score": 10}], [{"score": 73}]),
        (
            "tevredenheid.meer_antwoorden_dan_uitnodigingen",
            [{"n": 10, "uitgenodigd": 10}, {"n": 10, "uitgenodigd": None}],
            [{"n": 11, "uitgenodigd": 10}],
        ),
        # Half a euro a row: 2.00 of five rows is let through, 3.10 of six is not.
        ("financien.resultaat_klopt", [*SUMS, account("werk", "overhead", 2)], [account("werk", "overhead", 1.1)]),
        # 2.00 of four rows is let through, 2.60 of five is not.
        ("financien.totaal_klopt", [*SUMS, account("sw", "baten", 2)], [account("sw", "baten", 0.6)]),
        # A year of which only the budget is there has nothing to settle yet; a row without a number never has.
        ("financien.afrekening_volledig", [*BOUGHT, account("werk", "baten", 3)], [bought("b", "realisatie")]),
        ("financien.afrekening_volledig", BOUGHT, [bought("b", "begroot", prijs=4)]),
        (
            "financien.prijspeil",
            [*BOUGHT, bought("a", "realisatie", prijspeil=2020)],
            [bought("a", "begroot", prijs=4, prijspeil=2022)],
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_services_and_accounts_are_looked_at_when_they_are_configured(
    check_id: str, good: list[dict[str, Any]], bad: list[dict[str, Any]], sound: Example, tmp_path: Path
) -> None:
    entiteit = check_id.split(".")[0]
    assert sound.check(check_id).outcome is Outcome.NVT
    example = configured_for(sound.copy(tmp_path / "nacht"), entiteit)
    lay(example, entiteit, [row | {"rij": number} for number, row in enumerate(good, 2)])
    assert example.check(check_id).outcome is Outcome.PASS
    lay(example, entiteit, [row | {"rij": number} for number, row in enumerate(bad, 50)])
    result = example.check(check_id)
    assert (result.outcome, result.failing) == (Outcome.FAIL, len(bad))
    wrong = {"financien.resultaat_klopt": 5, "financien.totaal_klopt": 7}.get(check_id, 50)
    assert result.examples[0]["rij"] == wrong


def test_a_reference_to_another_entity_must_exist(sound: Example, tmp_path: Path) -> None:
    example = configured_for(sound.copy(tmp_path / "nacht"), "traject", "trajectfase")
    lay(example, "traject", [{"traject_id": "T1", "rij": 2}])
    lay(example, "trajectfase", [{"traject_id": "T1", "rij": 2}])
    assert example.check("trajectfase.traject_id.bestaat").outcome is Outcome.PASS
    lay(example, "trajectfase", [{"traject_id": "T2", "rij": row} for row in range(3, 14)])
    result = example.check("trajectfase.traject_id.bestaat")
    assert (result.outcome, result.failing) == (Outcome.FAIL, 11)


TESTED_APART = {
    "bestand.rijen_geteld",
    "bestand.afgebroken",
    "bestand.quarantaine",
    "bestand.quarantaine_let_op",
    "bestand.bevindingen",
    "levering.rijen_gedaald",
    "levering.rijen_gestegen",
    "levering.ouder_dan_vorige",
    "levering.aanwezig",
    "levering.niet_leeg",
    "levering.leeg_bestand",
    "bron.te_laat",
    "lks.loonwaarde.aannemelijk",
    "lks.uren_per_week.aannemelijk",
    "nieuw_beschut.plek_zonder_advies",
    "nieuw_beschut.begin_voor_advies",
    "trajectfase.traject_id.bestaat",
    "sw.fte.aannemelijk",
    "verzuim.meer_dan_beschikbaar",
    "tevredenheid.score.aannemelijk",
    "tevredenheid.meer_antwoorden_dan_uitnodigingen",
    "financien.resultaat_klopt",
    "financien.totaal_klopt",
    "financien.afrekening_volledig",
    "financien.prijspeil",
}


def test_every_written_check_has_a_damage() -> None:
    suites = [load_suite(path) for path in EXPECTATIONS.glob("*.yml") if not path.name.startswith("_")]
    written = {spec.id for suite in suites for spec in suite.controles}
    assert written - {one.check_id for one in CASES} - TESTED_APART == set()


def test_every_template_has_a_damage() -> None:
    templates = yaml.safe_load((EXPECTATIONS / "_standaard.yml").read_text(encoding="utf-8"))
    damaged = {
        "sleutel": "uitkering.sleutel.uniek",
        "gevuld": "uitkering.regeling.gevuld",
        "code": "uitkering.regeling.bekend",
        "volgorde": "uitkering.einddatum.na_begindatum",
        "persoon_bekend": "uitkering.persoon_bekend",
        "verwijzing": "trajectfase.traject_id.bestaat",
    }
    assert set(damaged) == set(templates)
    assert set(damaged.values()) <= {one.check_id for one in CASES} | TESTED_APART
    assert {one.check_id for one in CASES} <= {spec.id for suite in load_suites() for spec in suite.controles}


def test_the_example_has_both_gemeenten() -> None:
    assert {row["regio_code"] for row in figures()} >= {ORG, *GEMEENTEN}
