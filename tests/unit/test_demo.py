"""The example organisation: same bytes for a seed, clean unless asked otherwise, near its aims, mistakes as counted."""

from __future__ import annotations

import hashlib
import stat
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pytest
from werkmonitor.core import regions
from werkmonitor.core.types import ConfigurationError
from werkmonitor.demo import DemoReport, generate
from werkmonitor.demo.days import add_months, aow_day
from werkmonitor.settings import load_settings

SHARED = Path(__file__).resolve().parents[3] / "shared/data/rijk-van-nijmegen/tabellen.csv"
BENEFIT = "uitkeringen/uitkering"


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
    """The delivered files as tables of text, as they stand in the files."""
    connection = duckdb.connect()
    for name in report.rows:
        path = file_of(report, name)
        connection.execute(
            f"create table {path.stem} as select * from read_csv(?, header = true, all_varchar = true)", [str(path)]
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
def faulty(tmp_path_factory: pytest.TempPathFactory) -> DemoReport:
    return generate(tmp_path_factory.mktemp("fouten"), persons=2000, seed=3, faults=True)


@pytest.fixture(scope="module")
def delivered(made: DemoReport) -> duckdb.DuckDBPyConnection:
    return database(made)


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    generate(tmp_path / "a", persons=120, seed=5)
    generate(tmp_path / "b", persons=120, seed=5)
    generate(tmp_path / "c", persons=120, seed=6)
    first, second, other = (digests(tmp_path / name) for name in "abc")
    assert first == second
    benefit = "landing/uitkeringen/2026-01-15/uitkering.csv"
    assert first[benefit] != other[benefit]
    assert set(first) == {
        "werkmonitor.toml",
        benefit,
        "landing/uitkeringen/2026-01-15/persoon.csv",
        "landing/uitkeringen/2026-01-15/kenmerk.csv",
        "landing/polis/2026-01-15/dienstverband.csv",
        "landing/jaarstukken/2026-01-15/reeks.csv",
        "landing/jaarstukken/2026-01-15/doelstelling.csv",
    }


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
    assert settings.source_order() == ["uitkeringen", "polis", "jaarstukken"]
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


def test_what_came_out_is_near_what_was_aimed_at(made: DemoReport) -> None:
    for aim in made.aims:
        tolerance = 5.0 if aim.unit == "%" else 0.02 * aim.aimed if aim.unit == "personen" else 0.25 * aim.aimed
        assert abs(aim.came_out - aim.aimed) <= tolerance, aim
    dip = {aim.name[-4:]: aim.came_out for aim in made.aims if aim.name.startswith("uitstroom naar werk")}
    assert dip["2020"] < 0.85 * dip["2018"]


def test_stock_and_outflow_recounted_from_the_files(made: DemoReport, delivered: duckdb.DuckDBPyConnection) -> None:
    """The report computes from the invented spells; the files must tell the same."""
    aimed = {aim.name: aim.came_out for aim in made.aims}
    stock = count(
        delivered,
        "select count(distinct persoon_id) from uitkering where regeling in ('PW', 'IOAW', 'IOAZ')"
        " and begindatum <= '2022-12-31' and coalesce(einddatum, '9999') > '2022-12-31'",
    )
    assert stock == pytest.approx(aimed["personen met uitkering 31-12-2022"], rel=0.03)
    work = count(
        delivered,
        "select count(*) from uitkering where reden_einde in ('11', '13') and einddatum[:4] = '2018'"
        " and regeling in ('PW', 'IOAW', 'IOAZ')",
    )
    assert work == pytest.approx(aimed["uitstroom naar werk 2018"], rel=0.25)


def test_the_published_figures_come_in_as_they_were_printed(delivered: duckdb.DuckDBPyConnection) -> None:
    rows = delivered.execute("select regio_code, periode, waarde::int, definitie_id, bron from reeks").fetchall()
    assert len(rows) == 16
    values = {(region, period): value for region, period, value, _, _ in rows}
    assert values["AM08", "2017JJ00"] == 1256
    assert round(100 * values["AM08", "2020JJ00"] / values["AM08", "2017JJ00"]) == 68
    assert len({definition for *_, definition, _ in rows}) == 4
    assert len({source for *_, source in rows}) == 4
    targets = delivered.execute("select periode, waarde::int, regio_code from doelstelling order by 1").fetchall()
    assert targets == [(f"{year}JJ00", 1100, "AM08") for year in range(2016, 2021)]


def test_the_published_figures_against_the_table_itself(delivered: duckdb.DuckDBPyConnection) -> None:
    if not SHARED.exists():
        pytest.skip("de tabellen van de evaluatie zijn hier niet aanwezig")
    printed = delivered.execute(
        "select regio, periode, waarde::int from read_csv(?, header = true, all_varchar = true)"
        " where tabel = 'A3.B10' and categorie = 'aantal personen' order by all",
        [str(SHARED)],
    ).fetchall()
    names = dict(zip(*regions.region_names(2025).to_pydict().values(), strict=True))
    ours = delivered.execute("select regio_code, periode[:4], waarde::int from reeks").fetchall()
    assert sorted((names[code], year, value) for code, year, value in ours) == printed


@pytest.mark.parametrize(
    ("mistake", "query"),
    [
        ("datum die niet bestaat (31-02)", "select count(*) from uitkering where begindatum = '2019-02-31'"),
        ("onbekende dag (JJJJMM00)", "select count(*) from uitkering where begindatum = '20190300'"),
        (
            "einde voor begin",
            "select count(*) from uitkering where try_cast(einddatum as date) < try_cast(begindatum as date) - 1",
        ),
        (
            "ingetrokken besluit (einde = begin - 1)",
            "select count(*) from uitkering where try_cast(einddatum as date) = try_cast(begindatum as date) - 1",
        ),
        ("onbekende regeling", "select count(*) from uitkering where regeling = 'ZZZ'"),
        ("onbekende reden", "select count(*) from uitkering where reden_einde = '77'"),
        ("gemeente die nooit heeft bestaan", "select count(*) from uitkering where gemeente_code = 'GM9999'"),
        (
            "gemeente die toen niet meer bestond",
            "select count(*) from uitkering where gemeente_code = 'GM0282' and begindatum >= '2015'",
        ),
        ("onbekend geslacht", "select count(*) from persoon where geslacht = 'Q'"),
        ("dubbele rij", "select count(*) - (select count(*) from (select distinct * from uitkering)) from uitkering"),
        (
            "zelfde sleutel, andere inhoud",
            "select 2 * count(*) from (select dossier_id from uitkering group by dossier_id, persoon_id, begindatum"
            " having count(distinct norm_bedrag) > 1)",
        ),
        ("overlap met een ander dossier", "select count(*) from uitkering where dossier_id like '%X'"),
        (
            "persoon ontbreekt (personen)",
            "select count(distinct persoon_id) from uitkering anti join persoon using (persoon_id)",
        ),
        ("begin na overlijden (personen)", "select count(*) from persoon where overlijdensdatum = '2014-01-02'"),
        ("dienstverband: einde voor begin", "select count(*) from dienstverband where einddatum < begindatum"),
        ("dienstverband: onbekende soort", "select count(*) from dienstverband where soort = 'vrijwilliger'"),
    ],
)
def test_planted_mistakes_are_as_many_as_the_report_says(faulty: DemoReport, mistake: str, query: str) -> None:
    connection = database(faulty)
    assert faulty.faults[mistake] > 0
    assert count(connection, query) == faulty.faults[mistake]


def test_every_planted_mistake_is_reported_and_tested(faulty: DemoReport, made: DemoReport) -> None:
    assert made.faults == {}
    assert len(faulty.faults) == 16
    assert any("31-02" in line for line in faulty.lines())
    assert not any("fouten" in line for line in made.lines())


def test_too_few_persons_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="50"):
        generate(tmp_path / "a", persons=49)
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
