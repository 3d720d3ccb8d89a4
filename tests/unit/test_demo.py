"""The example organisation: same bytes for a seed, clean unless asked otherwise, near its aims, mistakes as counted."""

from __future__ import annotations

import hashlib
import stat
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from werkmonitor import cli
from werkmonitor.core import regions
from werkmonitor.core.contracts import contracts
from werkmonitor.core.types import ConfigurationError
from werkmonitor.demo import DemoReport, aims, aims_from_release, generate, key_figures, large, writer
from werkmonitor.demo.days import add_months, aow_day
from werkmonitor.settings import load_settings

SHARED = Path(__file__).resolve().parents[3] / "shared/data/rijk-van-nijmegen/tabellen.csv"
TWICE = ("persoon", "koppeling", "reeks")


def days(*texts: str) -> np.ndarray:
    return np.array(texts, dtype="M8[D]").astype(np.int64)


def texts(values: np.ndarray) -> list[str]:
    return [str(value) for value in values.astype("M8[D]")]


def file_of(report: DemoReport, name: str) -> Path:
    bron, entiteit = name.split("/")
    return report.folder / "landing" / bron / "2026-01-15" / f"{entiteit}.csv"


def digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "sleutel")
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def database(report: DemoReport) -> duckdb.DuckDBPyConnection:
    """The delivered files as tables of text, as they stand in the files; what two deliver has both names."""
    connection = duckdb.connect()
    for name in report.rows:
        path = file_of(report, name)
        table = (
            path.stem
            if name.startswith(("uitkeringen/", "polis/")) or path.stem not in TWICE
            else name.replace("/", "_")
        )
        connection.execute(
            f"create table {table} as select * from read_csv(?, header = true, all_varchar = true)", [str(path)]
        )
    return connection


def count(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    row = connection.execute(query).fetchone()
    assert row is not None
    return int(row[0])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> DemoReport:
    return generate(tmp_path_factory.mktemp("demo"), persons=2000, seed=3)


@pytest.fixture(scope="module")
def delivered(made: DemoReport) -> duckdb.DuckDBPyConnection:
    """The deliveries, with who is who: each candidate of the werkbedrijf beside the clientnummer and the benefits."""
    connection = database(made)
    connection.execute(
        """
        create table kandidaten as
        select w.clientnummer as kandidaat, u.clientnummer as client
        from werkbedrijf_koppeling w join koppeling u using (bsn)
        """
    )
    return connection


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    generate(tmp_path / "a", persons=120, seed=5)
    generate(tmp_path / "b", persons=120, seed=5)
    generate(tmp_path / "c", persons=120, seed=6)
    first, second, other = (digests(tmp_path / name) for name in "abc")
    assert first == second
    benefit = "landing/uitkeringen/2026-01-15/uitkering.csv"
    assert first[benefit] != other[benefit]
    assert {Path(name).stem for name in first if name.startswith("landing")} == set(contracts())


def test_the_key_is_random_for_its_owner_only_and_kept(tmp_path: Path) -> None:
    first = generate(tmp_path / "a", persons=60).key_file
    second = generate(tmp_path / "b", persons=60).key_file
    kept = first.read_text()
    assert len(kept.strip()) >= 32
    assert kept != second.read_text()
    assert stat.S_IMODE(first.stat().st_mode) == 0o600
    generate(tmp_path / "a", persons=60)
    assert first.read_text() == kept


def test_the_configuration_loads_and_means_the_gemeenten_that_are_delivered(
    made: DemoReport, delivered: duckdb.DuckDBPyConnection
) -> None:
    settings = load_settings(made.configuration, {})
    assert settings.monitor.peildatum == date(2025, 12, 31)
    assert settings.source_order() == ["uitkeringen", "polis", "werkbedrijf", "jaarstukken", "cbs"]
    codes = {code for (code,) in delivered.execute("select distinct gemeente_code from uitkering").fetchall()}
    assert {"GM0241", "GM0265", "GM0282", "GM1945"} <= codes
    counted = sorted({regions.counted_under(code, 2025) for code in codes})
    assert counted == regions.organisation_gemeenten(settings, 2025)


@pytest.mark.parametrize(
    ("what", "query"),
    [
        ("benefit of an unknown person", "select count(*) from uitkering anti join persoon using (persoon_id)"),
        ("job of an unknown person", "select count(*) from dienstverband anti join persoon using (persoon_id)"),
        ("trait of an unknown person", "select count(*) from kenmerk anti join persoon using (persoon_id)"),
        ("person twice", "select count(*) - count(distinct persoon_id) from persoon"),
        ("benefit key", "select count(*) - count(distinct (dossier_id, persoon_id, begindatum)) from uitkering"),
        ("job key", "select count(*) - count(distinct dienstverband_id) from dienstverband"),
        ("trait key", "select count(*) - count(distinct (persoon_id, kenmerk, begindatum)) from kenmerk"),
        ("benefit reversed", "select count(*) from uitkering where einddatum < begindatum"),
        ("job reversed", "select count(*) from dienstverband where einddatum < begindatum"),
        ("trait reversed", "select count(*) from kenmerk where einddatum < begindatum"),
        (
            "benefit overlaps",
            "select count(*) from (select begindatum, max(coalesce(einddatum, '9999')) over (partition by persoon_id"
            " order by begindatum rows between unbounded preceding and 1 preceding) as reach from uitkering)"
            " where begindatum <= reach",
        ),
        (
            "benefit after death or departure",
            "select count(*) from uitkering join persoon using (persoon_id)"
            " where coalesce(einddatum, '2026-01-12') > least(overlijdensdatum, vertrekdatum)",
        ),
        (
            "job after death",
            "select count(*) from dienstverband join persoon using (persoon_id) where begindatum > overlijdensdatum",
        ),
        (
            "open row with a reason",
            "select count(*) from uitkering where einddatum is null and reden_einde is not null",
        ),
        (
            "trait after death",
            "select count(*) from kenmerk join persoon using (persoon_id) where begindatum > overlijdensdatum",
        ),
        ("after the delivery", "select count(*) from uitkering where greatest(begindatum, einddatum) > '2026-01-15'"),
        ("id that does not look invented", "select count(*) from persoon where persoon_id not like 'DEMO-P%'"),
        ("bsn of somebody", "select count(*) from koppeling where bsn not like '99%'"),
        ("candidate of an unknown person", "select count(*) from kandidaten anti join persoon on persoon_id = client"),
        ("wages of an unknown person", "select count(*) from inkomsten anti join persoon using (persoon_id)"),
        ("wages without a job", "select count(*) from inkomsten anti join dienstverband using (persoon_id)"),
        (
            "traject of an unknown person",
            "select count(*) from traject anti join werkbedrijf_persoon using (persoon_id)",
        ),
        (
            "traject outside benefit",
            "select count(*) from traject anti join (select distinct traject_id from traject t"
            " join kandidaten k on k.kandidaat = t.persoon_id join uitkering u on u.persoon_id = k.client"
            " where u.begindatum <= t.aanmelddatum"
            " and coalesce(u.einddatum, '9999') >= (t.aanmelddatum::date - 31)::varchar)"
            " using (traject_id)",
        ),
        (
            "trajects of one person at the same time",
            "select count(*) from (select aanmelddatum, lag(coalesce(einddatum, '9999')) over (partition by persoon_id"
            " order by aanmelddatum) as vorige from traject) where aanmelddatum <= vorige",
        ),
        ("phase without a traject", "select count(*) from trajectfase anti join traject using (traject_id)"),
        (
            "phase outside its traject",
            "select count(*) from trajectfase f join traject t using (traject_id)"
            " where f.begindatum < t.begindatum or coalesce(f.einddatum, '9999') > coalesce(t.einddatum, '9999')",
        ),
        ("lks without a placement", "select count(*) from lks anti join plaatsing using (persoon_id)"),
        (
            "lks outside a placement at the same employer",
            "select count(*) from lks where not exists (from plaatsing p where p.persoon_id = lks.persoon_id"
            " and p.werkgever_id = lks.werkgever_id)",
        ),
        (
            "lks without a job",
            "select count(*) from lks join kandidaten k on k.kandidaat = lks.persoon_id"
            " anti join dienstverband d on d.persoon_id = k.client",
        ),
        (
            "lks of somebody without a disability",
            "select count(*) from lks join kandidaten k on k.kandidaat = lks.persoon_id"
            " join persoon p on p.persoon_id = k.client"
            " where arbeidsbeperking = 'nee' or doelgroepregister_begin is null"
            " or doelgroepregister_begin > lks.begindatum",
        ),
        (
            "sheltered place without a positive advice",
            "select count(*) from plaatsing p anti join (from nieuw_beschut where advies = 'positief') n"
            " on n.persoon_id = p.persoon_id and n.adviesdatum <= p.begindatum where p.soort = 'nieuw_beschut'",
        ),
        (
            "sw at the same time twice",
            "select count(*) from (select begindatum, lag(coalesce(einddatum, '9999')) over (partition by persoon_id"
            " order by begindatum) as vorige from sw) where begindatum <= vorige",
        ),
        (
            "somebody of the werkbedrijf without a gemeente",
            "select count(*) from werkbedrijf_persoon where gemeente_code is null",
        ),
        ("sw of an unknown person", "select count(*) from sw anti join werkbedrijf_persoon using (persoon_id)"),
        (
            "absent longer than employed",
            "select count(*) from verzuim where verzuimdagen::double > beschikbare_dagen::double",
        ),
        ("absence without sw", "select count(*) from verzuim anti join sw using (persoon_id)"),
        (
            "result that is not what is left",
            "select count(*) from (select sum(case post when 'baten' then bedrag::bigint when 'resultaat' then"
            " -bedrag::bigint else -bedrag::bigint end) as rest from financien where post in"
            " ('baten', 'programmalasten', 'overhead', 'resultaat') group by jaar, onderdeel, soort, gemeente_code)"
            " where rest <> 0",
        ),
        (
            "total that is not the sum of its parts",
            "select count(*) from (select sum(case onderdeel when 'totaal' then -bedrag::bigint else bedrag::bigint"
            " end) as rest from financien where post in ('baten', 'programmalasten', 'overhead', 'resultaat')"
            " and gemeente_code is null group by jaar, post, soort) where rest <> 0",
        ),
        (
            "gemeenten of werk that are not its total",
            "select count(*) from (select sum(case when gemeente_code is null then -bedrag::bigint else"
            " bedrag::bigint end) as rest from financien where onderdeel = 'werk' group by jaar, post, soort)"
            " where rest <> 0",
        ),
        (
            "product that is not number times price",
            "select count(*) from financien where hoeveelheid is not null"
            " and abs(bedrag::double - hoeveelheid::double * prijs::double) > 0.5",
        ),
        (
            "gemeenten that are not the total",
            "select count(*) from (select sum(case when gemeente_code is null then -bedrag::bigint else"
            " bedrag::bigint end) as rest from financien where post in ('uitkeringslasten', 'lks_lasten',"
            " 'terugvordering', 'buig_budget') group by jaar, post) where rest <> 0",
        ),
        (
            "added value that is not turnover less costs",
            "select count(*) from (select sum(case post when 'omzet' then bedrag::bigint else -bedrag::bigint end)"
            " as rest from financien where post in ('omzet', 'directe_kosten', 'toegevoegde_waarde')"
            " group by jaar, soort) where rest <> 0",
        ),
        (
            "gemeente of another day",
            "select count(*) from uitkering anti join gemeente on code = gemeente_code and begindatum"
            " between coalesce(geldig_van::varchar, '0000') and coalesce(geldig_tot::varchar, '9999')",
        ),
        (
            "unknown reason",
            "select count(*) from uitkering anti join reden on code = reden_einde where reden_einde is not null",
        ),
    ],
)
def test_without_mistakes_the_deliveries_are_clean(delivered: duckdb.DuckDBPyConnection, what: str, query: str) -> None:
    delivered.register("gemeente", regions.gemeente_periods(2025))
    delivered.register("reden", regions.reason_groups())
    assert count(delivered, query) == 0, what


def test_everything_that_real_life_has_is_there(delivered: duckdb.DuckDBPyConnection) -> None:
    def distinct(column: str, table: str) -> set[str]:
        return {value for (value,) in delivered.execute(f"select distinct {column} from {table}").fetchall()}

    assert distinct("regeling", "uitkering") == {"PW", "IOAW", "IOAZ", "BBZ", "TOZO"}
    assert distinct("soort", "dienstverband") == {"loondienst", "zelfstandig", "uwv_uitkering"}
    assert distinct("kenmerk", "kenmerk") == {"arbeidsvermogen", "statushouder", "arbeidsbeperking"}
    assert distinct("leefvorm", "uitkering") == {"1", "2", "3", "4"}
    reasons = set(regions.reason_groups()["groep"].to_pylist())
    delivered.register("reden", regions.reason_groups())
    assert distinct("groep", "uitkering join reden on code = reden_einde") == reasons
    tozo = delivered.execute("select min(begindatum), max(einddatum) from uitkering where regeling = 'TOZO'").fetchone()
    assert tozo is not None
    assert tozo[0] >= "2020-03-01"
    assert tozo[1] <= "2021-09-30"
    shared = "select count(*) from (select dossier_id from uitkering group by 1 having count(distinct persoon_id) = 2)"
    assert count(delivered, shared) > 100
    assert count(delivered, "select count(*) from uitkering where begindatum > '2025-12-31'") > 0


def test_what_the_indicators_of_the_field_need_is_there(delivered: duckdb.DuckDBPyConnection) -> None:
    """Not how many, but that there are any: of each kind of row that some indicator counts."""
    found = {
        "waiting for a sheltered place": "nieuw_beschut where advies = 'positief' and begindatum is null"
        " and einde_advies is null",
        "gave up waiting": "nieuw_beschut where begindatum is null and einde_advies is not null",
        "turned down": "nieuw_beschut where advies = 'negatief'",
        "in service for more than two years": "traject where begindatum < '2023-12-01' and einddatum is null",
        "never began": "traject where begindatum is null and einddatum is not null",
        "profit beside benefit": "inkomsten where soort = 'onderneming'",
        "something else beside benefit": "inkomsten where soort = 'overig'",
        "hours that nobody wrote down": "lks where uren_per_week is null",
        "work in another gemeente": "plaatsing where gemeente_code_werk = 'GM0202'",
        "a target with a tolerance": "doelstelling where tolerantie_pct is not null",
        "a target of a gemeente": "doelstelling where regio_code like 'GM%'",
        "a product with a number and a price": "financien where hoeveelheid is not null and prijs is not null",
        "more than was budgeted": "financien a join financien b using (jaar, onderdeel, product, post, gemeente_code)"
        " where a.soort = 'begroot' and b.soort = 'realisatie' and a.hoeveelheid::double < b.hoeveelheid::double",
        "a price of somebody else": "jaarstukken_reeks a join financien b on a.indicator_id = 'normprijs'"
        " and a.uitsplitsing = 'product=' || b.product and left(a.periode, 4) = b.jaar",
        "a product without a price of the second one": "financien anti join (select * from jaarstukken_reeks where"
        " bron = 'Adviesbureau Voorbeeld') a on a.uitsplitsing = 'product=' || product and left(a.periode, 4) = jaar"
        " where hoeveelheid is not null and jaar = '2025'",
        "measured again after about a year": "meting a join meting b on a.persoon_id = b.persoon_id"
        " and a.instrument = b.instrument and b.datum::date between a.datum::date - 456 and a.datum::date - 274"
        " and a.score > b.score",
    }
    assert [what for what, query in found.items() if not count(delivered, f"select count(*) from {query}")] == []
    phases = delivered.execute(
        "select distinct vorige, fase from (select fase, lag(fase) over (partition by traject_id order by begindatum)"
        " as vorige from trajectfase) where vorige <> fase"
    ).fetchall()
    assert len(phases) == 6, "every step from one phase to another, also back"


def test_key_figures_of_every_gemeente_and_what_was_printed_of_them() -> None:
    rows = key_figures.reeks(10_000).to_pylist()
    keys = [tuple(row[name] for name in contracts()["reeks"].sleutel) for row in rows]
    assert len(set(keys)) == len(keys)
    value = {(row["indicator_id"], row["regio_code"], row["periode"]): row["waarde"] for row in rows}
    printed = {(row["regio_code"], row["periode"]) for row in rows if "84799NED" in row["document"]}
    assert printed == {(code, "2020JJ00") for code in (*aims.gemeenten(), "NL01")}
    assert value["inwoners", "GM0268", "2020JJ00"] == 177659
    for code in aims.gemeenten():
        for indicator, first in (("inwoners", 2014), ("huishoudens", 2014), ("nieuw_beschut_taakstelling", 2017)):
            years = [year for year in aims.years() if (indicator, code, f"{year}JJ00") in value]
            assert years == [year for year in aims.years() if year >= first], (indicator, code)
        assert value["doelgroepregister", code, "2024KW04"] == value["doelgroepregister", code, "2024JJ00"]
    homes = [value["huishoudens", code, "2020JJ00"] for code in aims.gemeenten()]
    assert 0.04 < 9_000 / sum(homes) < 0.08, "benefits per household as they are in the Netherlands"
    scaled = {row["document"] for row in key_figures.reeks(2_000).to_pylist() if row["regio_code"] != "NL01"}
    assert scaled == {key_figures.INVENTED}


def test_the_report_reads_break_downs_from_a_release_and_counts_rows_where_it_holds_none(
    made: DemoReport, tmp_path: Path
) -> None:
    """The figures of a release come first; what it does not have is counted in the invented rows."""
    cells = [
        ("plaatsingen_werk", "totaal", "totaal", 355.0),
        ("plaatsingen_werk", "dienstverband_omvang", "parttime", 105.0),
        ("gemiddelde_loonwaarde", "totaal", "totaal", 57.5),
    ]
    names = ("indicator_id", "dimensie", "categorie", "waarde")
    table = pa.table({name: [cell[at] for cell in cells] for at, name in enumerate(names)})
    for name, same in (("regio_code", "AM08"), ("periode", "2020JJ00"), ("bron", "eigen registratie")):
        table = table.append_column(name, pa.array([same] * len(cells)))
    for name in ("teller", "noemer"):
        table = table.append_column(name, pa.nulls(len(cells), pa.int64()))
    pq.write_table(table, tmp_path / "reeksen.parquet")
    found = {
        (aim.name, aim.source): aim.came_out
        for aim in aims_from_release(tmp_path, made.folder, made.persons)
        if aim.period == "2020"
    }
    assert found["plaatsingen op werk", "release"] == 355.0
    assert found["waarvan parttime", "release"] == 105.0
    assert found["gemiddelde loonwaarde", "release"] == 57.5
    counted = {aim.name: aim.came_out for aim in made.aims if aim.period == "2020"}
    for name in ("waarvan statushouders", "medewerkers sw op 31-12", "verzuim sw", "kandidaten langer dan twee jaar"):
        assert found[name, "rijen"] == counted[name]


def test_what_came_out_is_near_what_was_aimed_at(made: DemoReport) -> None:
    far = [f"{aim.name} {aim.period}: {aim.aimed} / {aim.came_out}" for aim in made.aims if not aim.near]
    assert len(far) <= 6, far
    assert not [
        line for line in far if line.startswith(("met uitkering", "uitstroom naar werk (", "terug", "verstrekte"))
    ]
    work = {aim.period: aim.came_out or 0.0 for aim in made.aims if aim.name == "uitstroom naar werk"}
    assert work["2020"] < 0.75 * work["2018"]
    assert any("beoogd" in line.lower() for line in made.lines())


def test_stock_and_outflow_recounted_from_the_files(made: DemoReport, delivered: duckdb.DuckDBPyConnection) -> None:
    """The report computes from the invented spells; the files must tell the same."""
    aimed = {(aim.name, aim.period): aim.came_out for aim in made.aims}
    stock = count(
        delivered,
        "select count(distinct persoon_id) from uitkering where regeling in ('PW', 'IOAW', 'IOAZ')"
        " and begindatum <= '2022-12-31' and coalesce(einddatum, '9999') > '2022-12-31'",
    )
    assert stock == pytest.approx(aimed["met uitkering op 31-12", "2022"], rel=0.03)
    work = count(
        delivered,
        "select count(*) from uitkering where reden_einde in ('11', '13') and einddatum[:4] = '2018'"
        " and regeling in ('PW', 'IOAW', 'IOAZ')",
    )
    assert work == pytest.approx(aimed["uitstroom naar werk", "2018"], rel=0.25)


def test_the_published_figures_come_in_as_they_were_printed(delivered: duckdb.DuckDBPyConnection) -> None:
    def value(where: str) -> float:
        row = delivered.execute(f"select waarde::double from jaarstukken_reeks where {where}").fetchall()
        assert len(row) == 1
        return float(row[0][0])

    table = "definitie_id like 'uitstroom_betaald_werk_%'"
    rows = delivered.execute(f"select distinct bron, definitie_id from jaarstukken_reeks where {table}").fetchall()
    assert len(rows) == 4
    assert value(f"{table} and regio_code = 'AM08' and periode = '2017JJ00'") == 1256
    assert value("indicator_id = 'lks_verstrekkingen' and periode = '2020JJ00'") == 657
    assert value("indicator_id = 'index_stand_uitkeringen' and regio_code = 'GM0252' and periode = '2020JJ00'") == 79
    empty = delivered.execute("select distinct reden_leeg from jaarstukken_reeks where waarde is null").fetchall()
    assert empty == [("niet_geleverd",)]
    targets = delivered.execute(
        "select periode, waarde::double::int from doelstelling where indicator_id = 'uitstroom_werk_reden'"
        " and document like 'Evaluatie%' order by 1"
    ).fetchall()
    assert targets == [(f"{year}JJ00", 1100) for year in range(2016, 2021)]


def test_the_published_figures_against_the_tables_themselves(delivered: duckdb.DuckDBPyConnection) -> None:
    if not SHARED.exists():
        pytest.skip("de tabellen van de evaluatie zijn hier niet aanwezig")
    delivered.execute(
        "create or replace table gedrukt as from read_csv(?, header = true, all_varchar = true)", [str(SHARED)]
    )
    names = dict(zip(*regions.region_names(2025).to_pydict().values(), strict=True))
    printed = delivered.execute(
        "select regio, periode, waarde::int from gedrukt"
        " where tabel = 'A3.B10' and categorie = 'aantal personen' order by all"
    ).fetchall()
    ours = delivered.execute(
        "select regio_code, periode[:4], waarde::double::int from jaarstukken_reeks"
        " where definitie_id like 'uitstroom_betaald_werk_%'"
    ).fetchall()
    assert sorted((names[code], year, value) for code, year, value in ours) == printed
    names["AM08"] = "Totaal"
    for series in ("uitkeringen", "aanmeldingen", "terugmeldingen", "behoud", "plaatsingen", "uitstroom_werk", "sw"):
        rows = [row for row in aims.read("indexcijfers") if row["reeks"] == series]
        expected = delivered.execute(
            "select categorie, periode, waarde from gedrukt where tabel = ? order by all", ["A2." + rows[0]["tabel"]]
        ).fetchall()
        assert sorted((names[row["regio_code"]], row["jaar"], row["index"]) for row in rows) == expected, series


def test_a_large_organisation_is_the_same_in_blocks_of_parquet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small blocks instead of many people: every file once, ids that differ between blocks, sums over all of them."""
    monkeypatch.setattr(writer, "CSV_TO", 100)
    monkeypatch.setattr(large, "BLOCK", 60)
    found = generate(tmp_path / "a", persons=120, seed=2)
    files = sorted((tmp_path / "a/landing").rglob("*"))
    assert {path.stem for path in files if path.is_file()} == set(contracts())
    assert {path.suffix for path in files if path.is_file()} == {".parquet"}
    benefit = tmp_path / "a/landing/uitkeringen/2026-01-15/uitkering.parquet"
    assert pq.ParquetFile(benefit).num_row_groups == 2
    with duckdb.connect() as connection:
        rows, dossiers, persons = connection.execute(
            "select count(*), count(distinct (dossier_id, persoon_id, begindatum)), count(distinct persoon_id)"
            f" from '{benefit}'"
        ).fetchall()[0]
        assert rows == dossiers == found.rows["uitkeringen/uitkering"]
        known = f"select count(*) from '{benefit.with_stem('persoon')}' semi join '{benefit}' using (persoon_id)"
        assert count(connection, known) == persons
        twice = f"select count(*) - count(distinct bsn) from '{benefit.with_stem('koppeling')}'"
        assert count(connection, twice) == 0
    again = generate(tmp_path / "b", persons=120, seed=2)
    assert digests(tmp_path / "a") == digests(tmp_path / "b")
    assert again.aims == found.aims


def test_too_few_persons_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="50"):
        generate(tmp_path / "a", persons=49)
    with pytest.raises(ConfigurationError, match="300 tot 100000"):
        generate(tmp_path / "a", persons=200, faults=True)
    assert not (tmp_path / "a").exists()


def test_months_are_clamped() -> None:
    assert texts(add_months(days("2023-01-31", "2024-01-31", "2023-12-15"), 1)) == [
        "2023-02-28",
        "2024-02-29",
        "2024-01-15",
    ]


def test_aow_day_is_that_of_the_age_in_force() -> None:
    born = days("1950-01-01", "1951-10-15", "1953-01-01", "1958-06-30", "1961-02-01")
    # 65y3m, 65y9m, 66y4m (66 is reached on the first day on which it no longer is the age), 67y, 67y3m
    assert texts(aow_day(born)) == ["2015-04-01", "2017-07-15", "2019-05-01", "2025-06-30", "2028-05-01"]


@pytest.mark.parametrize(("options", "nights"), [([], [None]), (["--fouten"], [date(2026, 1, 15), None])])
def test_with_mistakes_the_sound_delivery_goes_first(
    options: list[str], nights: list[date | None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two nights: one to compare with, and the one that is held; the exit code is that of the last."""
    asked: list[date | None] = []

    def night(settings: object, environment: object, until: date | None = None) -> SimpleNamespace:
        asked.append(until)
        return SimpleNamespace(exit_code=3 if until is None and len(nights) == 2 else 0, release=None)

    monkeypatch.setattr(cli, "_run", night)
    with pytest.raises(SystemExit) as ended:
        cli.main(["demo", str(tmp_path / "x"), "--personen", "300", "--run", "--debug", *options])
    assert asked == nights
    assert ended.value.code == (3 if options else 0)


def test_an_example_without_mistakes_over_one_with_them_leaves_none_behind(tmp_path: Path) -> None:
    first = generate(tmp_path / "a", persons=300, faults=True)
    assert (tmp_path / "a/fouten.csv").exists()
    assert any("fouten.csv" in line for line in first.lines())
    generate(tmp_path / "a", persons=60)
    generate(tmp_path / "b", persons=60)
    assert digests(tmp_path / "a") == digests(tmp_path / "b")
