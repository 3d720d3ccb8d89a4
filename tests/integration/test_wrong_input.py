"""Wrong deliveries through the command line: each is told in Dutch with its place and remedy, every row is counted, no
client number comes out, and the release that was there still reads whole.

Not here: wrong use, configuration, keys, disks and killed runs (test_wrong_use.py).
"""

from __future__ import annotations

import csv
import io
import itertools
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import organisation_kit as kit
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from organisation_kit import Ended, Organisation, Row
from werkmonitor.core import digests, waivers
from werkmonitor.core.status import check_results
from werkmonitor.night import read_json

PERSON, BENEFIT, JOB = "uitkeringen/persoon", "uitkeringen/uitkering", "polis/dienstverband"
BENEFIT_FILE = f"uitkeringen/{kit.DELIVERED}/uitkering.csv"
ENGLISH = ("Error", "error", "Traceback", "No such", "Invalid", "Permission", 'File "', "not found", "corrupt")

Change = Callable[[Organisation], Any]


@pytest.fixture
def organisation(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Organisation:
    """An organisation of its own for each test, with one release."""
    return kit.copy(kit.published(tmp_path_factory.getbasetemp()), tmp_path / "proef")


def unharmed(organisation: Organisation, ended: Ended) -> None:
    """What must hold after anything that went wrong."""
    assert not [word for word in ENGLISH if word in ended.err], ended.err
    assert kit.whole(organisation) == []
    assert kit.leaked(organisation, ended.text) == []


def benefits_text(change: Callable[[list[Row]], Any] = lambda rows: None) -> str:
    rows = kit.benefits()
    change(rows)
    return kit.csv_text(rows)


# ---- a file that cannot be read at all -----------------------------------------------------------


def _parquet(organisation: Organisation, keep: float) -> None:
    """The benefits as Parquet instead of CSV, cut off after a share of its bytes."""
    organisation.file(BENEFIT).unlink()
    sink = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(kit.benefits()), sink)
    content = sink.getvalue()
    organisation.file(BENEFIT, suffix="parquet").write_bytes(content[: int(len(content) * keep)])


def _named(name: str, content: str | bytes) -> Change:
    return lambda organisation: organisation.deliver(name, content)


TEXT = kit.csv_text(kit.benefits())
UNREADABLE: dict[str, tuple[Change, tuple[str, ...]]] = {
    "empty file": (_named(BENEFIT, b""), (BENEFIT_FILE, "is leeg", "Lever het opnieuw")),
    "only a byte-order mark": (_named(BENEFIT, b"\xef\xbb\xbf"), (BENEFIT_FILE, "is leeg")),
    "windows-1252 where utf-8 is configured": (
        _named(JOB, kit.csv_text(kit.jobs()).replace("vast", "v\xe1st").encode("cp1252")),
        ("dienstverband.csv, regel 8", "0xE1", 'codering = "windows-1252"', "[bronnen.polis]"),
    ),
    "utf-16": (_named(BENEFIT, TEXT.encode("utf-16")), (BENEFIT_FILE, "UTF-16", "UTF-8")),
    "utf-16 without a mark": (_named(BENEFIT, TEXT.encode("utf-16-le")), (BENEFIT_FILE, "nul-tekens", "UTF-8")),
    "required column missing": (
        _named(BENEFIT, kit.csv_text(kit.benefits(), [c for c in kit.UITKERING.split(",") if c != "begindatum"])),
        (BENEFIT_FILE, "de verplichte kolom begindatum ontbreekt", "mapping"),
    ),
    "required column renamed": (
        _named(BENEFIT, TEXT.replace("begindatum", "begin_datum", 1)),
        (BENEFIT_FILE, "misschien heet begindatum nu begin_datum"),
    ),
    "required column twice": (
        _named(BENEFIT, TEXT.replace("leefvorm", "begindatum", 1)),
        (BENEFIT_FILE, "begindatum komt twee keer voor", "Laat er één weg"),
    ),
    "no header": (_named(BENEFIT, TEXT.partition("\n")[2]), (BENEFIT_FILE, "ontbreken", "rij met kolomnamen")),
    "another separator": (_named(BENEFIT, TEXT.replace(",", ";")), (BENEFIT_FILE, 'Zet scheiding = ";"')),
    "not a csv": (_named(BENEFIT, b"PAR1" + bytes(range(1, 200))), (BENEFIT_FILE, "geen csv")),
    "a csv with the name of an Excel file": (
        lambda o: o.file(BENEFIT).rename(o.file(BENEFIT, suffix="xlsx")),
        ("uitkering.xlsx", "Excel"),
    ),
    "not a Parquet file": (
        lambda o: o.file(BENEFIT).rename(o.file(BENEFIT, suffix="parquet")),
        ("uitkering.parquet", "geen heel Parquet-bestand", "lever het hele bestand"),
    ),
    "truncated Parquet": (lambda o: _parquet(o, 0.6), ("uitkering.parquet", "geen heel Parquet-bestand")),
    "empty Parquet": (lambda o: _parquet(o, 0), ("uitkering.parquet", "is leeg")),
}


@pytest.mark.parametrize(("change", "words"), UNREADABLE.values(), ids=UNREADABLE)
def test_a_file_that_cannot_be_read_at_all_ends_the_run_with_5(
    organisation: Organisation, change: Change, words: tuple[str, ...]
) -> None:
    before = organisation.series()
    change(organisation)
    ended = kit.call(organisation, "run")
    assert ended.code == 5, ended.text
    for word in words:
        assert word in ended.err
    assert organisation.latest()["uitkomst"] == "onleesbaar"
    assert organisation.series() == before
    unharmed(organisation, ended)


def test_a_file_that_may_not_be_opened(organisation: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root may open everything, so the refusal of the system is played."""
    refused, real = organisation.file(BENEFIT), Path.open

    def guarded(path: Path, *arguments: Any, **more: Any) -> Any:
        if path == refused:
            raise PermissionError(13, os.strerror(13), str(path))
        return real(path, *arguments, **more)

    monkeypatch.setattr(Path, "open", guarded)
    ended = kit.call(organisation, "run")
    assert ended.code == 5
    assert f"{BENEFIT_FILE}: het bestand kan niet worden geopend (geen toegang)" in ended.err
    unharmed(organisation, ended)


# ---- rows that are wrong: what the intake makes of them ------------------------------------------


@dataclass(frozen=True)
class Case:
    """A change of a delivery, what must become of its rows, and the rule and column that a steward must see."""

    change: Change
    counts: dict[str, int]
    rule: str = ""
    column: str = ""
    name: str = BENEFIT


def _with(name: str, where: Callable[[Row], bool], column: str, value: str | Callable[[Row], str]) -> Change:
    """Change one column of the first row for which `where` holds."""

    def change(organisation: Organisation) -> None:
        rows = kit.DELIVERIES[name]()
        row = next(row for row in rows if where(row))
        row[column] = value(row) if callable(value) else value
        organisation.deliver(name, rows)

    return change


def _added(name: str, *lines: str) -> Change:
    """Lines added at the end, as they are."""

    def change(organisation: Organisation) -> None:
        path = organisation.file(name)
        path.write_text(path.read_text(encoding="utf-8") + "".join(lines), encoding="utf-8")

    return change


def _ended(row: Row) -> bool:
    return row["einddatum"] != ""


def _days_before_begin(days: int) -> Callable[[Row], str]:
    return lambda row: date.fromordinal(date.fromisoformat(row["begindatum"]).toordinal() - days).isoformat()


def _repeated(organisation: Organisation) -> None:
    organisation.deliver(BENEFIT, kit.benefits() * 2)


def _contradicted(organisation: Organisation) -> None:
    rows = kit.benefits()
    organisation.deliver(BENEFIT, [*rows, {**rows[3], "norm_bedrag": "1.00"}])


def _shifted(organisation: Organisation) -> None:
    """The columns of one row stand one place to the left: a client number lands under another name."""
    lines = TEXT.splitlines()
    dossier, rest = lines[5].split(",", 1)
    lines[5] = f"{rest},{dossier}"
    organisation.deliver(BENEFIT, "\n".join(lines) + "\n")


def _open_quote(organisation: Organisation) -> None:
    lines = TEXT.splitlines()
    lines[9] = '"' + lines[9]
    organisation.deliver(BENEFIT, "\n".join(lines) + "\n")


def _strange_landing(organisation: Organisation) -> None:
    landing = organisation.landing
    (landing / "oude_export" / kit.DELIVERED).mkdir(parents=True)
    (landing / "polis" / "15-01-2024").mkdir()
    (landing / "polis" / "2024-02-31").mkdir()
    organisation.file(BENEFIT).with_name("uitkeringen.csv").write_text("a\n", encoding="utf-8")
    (landing / "los.csv").write_text("a\n", encoding="utf-8")


ALL = len(kit.benefits())
ONE_AWAY = {"aanvaard": ALL - 1, "quarantaine": 1}
CASES: dict[str, Case] = {
    "a begin on 31-02": Case(
        _with(BENEFIT, _ended, "begindatum", "2021-02-31"), ONE_AWAY, "datum.onleesbaar", "begindatum"
    ),
    "an end on 31-02": Case(
        _with(BENEFIT, _ended, "einddatum", "31-02-2021"), ONE_AWAY, "datum.onleesbaar", "einddatum"
    ),
    "an unknown day": Case(
        _with(BENEFIT, _ended, "begindatum", "20210300"), ONE_AWAY, "datum.dag_onbekend", "begindatum"
    ),
    "a death on 31-02": Case(
        _with(PERSON, lambda row: True, "overlijdensdatum", "2021-02-31"),
        {"aanvaard": kit.PERSONS},
        "datum.onleesbaar",
        "overlijdensdatum",
        PERSON,
    ),
    "end before begin": Case(
        _with(BENEFIT, _ended, "einddatum", _days_before_begin(10)), ONE_AWAY, "periode.einde_voor_begin", "einddatum"
    ),
    "a withdrawn decision": Case(
        _with(BENEFIT, _ended, "einddatum", _days_before_begin(1)), {"aanvaard": ALL - 1, "buiten_bereik": 1}
    ),
    "every row twice": Case(_repeated, {"aangeleverd": 2 * ALL, "aanvaard": ALL, "dubbel": ALL}),
    "one key, two contents": Case(
        _contradicted,
        {"aangeleverd": ALL + 1, "aanvaard": ALL - 1, "quarantaine": 2},
        "sleutel.tegenstrijdig",
        "dossier_id, persoon_id, begindatum",
    ),
    "an unknown code in a required column": Case(
        _with(BENEFIT, _ended, "regeling", "WWB"), ONE_AWAY, "code.onbekend", "regeling"
    ),
    "an unknown code in an optional column": Case(
        _with(BENEFIT, _ended, "reden_einde", "77"), {"aanvaard": ALL}, "code.onbekend", "reden_einde"
    ),
    "a gemeente that never existed": Case(
        _with(BENEFIT, _ended, "gemeente_code", "GM9999"), ONE_AWAY, "gemeente.onbekend", "gemeente_code"
    ),
    "a gemeente outside the area": Case(
        _with(BENEFIT, _ended, "gemeente_code", "GM0363"), {"aanvaard": ALL - 1, "buiten_bereik": 1}
    ),
    "no client number": Case(_with(BENEFIT, _ended, "persoon_id", ""), ONE_AWAY, "verplicht.leeg", "persoon_id"),
    "an extra column": Case(
        _named(BENEFIT, TEXT.replace("norm_bedrag", "norm_bedrag,opmerking", 1).replace("\n", ",\n").replace(
            "opmerking,\n", "opmerking\n", 1)),
        {"aanvaard": ALL}, "kolom.onbekend", "opmerking",
    ),
    "a row with too many fields": Case(
        _added(BENEFIT, "D9,ZX41x,PW,GM0268,2021-01-01,,,1,0,1.00,2.00,3.00\n"),
        {"aangeleverd": ALL + 1, "aanvaard": ALL, "quarantaine": 1}, "rij.velden",
    ),
    "columns shifted": Case(_shifted, ONE_AWAY, "code.onbekend", "regeling"),
    "a quote that never closes": Case(_open_quote, ONE_AWAY, "rij.aanhalingsteken"),
    "cut off in a quoted field": Case(
        _added(BENEFIT, f'"D9","{kit.NUMBER_MARK}99'),
        {"aangeleverd": ALL + 1, "aanvaard": ALL, "quarantaine": 1}, "rij.afgebroken",
    ),
    "no line ending at the end": Case(
        _named(BENEFIT, TEXT.rstrip("\n")), {"aanvaard": ALL}, "bestand.geen_regeleinde"
    ),
    "a folder that is no source": Case(_strange_landing, {"aanvaard": ALL}, "levering.map_onbekend"),
    "a folder that is no date": Case(_strange_landing, {"aanvaard": ALL}, "levering.map_geen_datum"),
    "a file that is no entity": Case(_strange_landing, {"aanvaard": ALL}, "levering.bestand_onbekend"),
    "a folder named like a file": Case(
        lambda o: (o.landing / "polis" / kit.DELIVERED / "uitkering.csv").mkdir(),
        {"aanvaard": ALL}, "levering.bestand_onbekend",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_every_row_is_counted_once_and_the_steward_is_told(organisation: Organisation, case: Case) -> None:
    case.change(organisation)
    ended = kit.call(organisation, "run", "--tot", "ingest")
    assert ended.code == 0, ended.text
    relative = organisation.file(case.name).relative_to(organisation.landing).as_posix()
    found = organisation.counts()[relative]
    expected = {name: case.counts.get(name, 0) for name in ("aanvaard", "dubbel", "buiten_bereik", "quarantaine")}
    assert {name: found[name] for name in expected} == expected
    assert found["aangeleverd"] == case.counts.get("aangeleverd", sum(expected.values())) == sum(expected.values())
    shown = kit.call(organisation, "bevindingen")
    assert shown.code == 0, shown.text
    if case.rule:
        block = next(text for text in shown.out.split("\n\n") if f"] {case.rule}\n" in text)
        assert "Herstel: " in block
        assert f"kolom {case.column}:" in block if case.column else True
        listed = list(csv.DictReader(io.StringIO(kit.call(organisation, "bevindingen", "--csv").out)))
        assert case.rule in {row["regel"] for row in listed}
    unharmed(organisation, replace(ended, out=ended.out + shown.out))


# ---- runs that go on to the gate -----------------------------------------------------------------


def test_wrong_rows_are_left_out_and_the_rest_is_published(tmp_path: Path) -> None:
    """Also: who has a row in quarantine cannot be followed, and is counted as bronfout beside the shares."""
    private = '\n[geheimhouding]\nmethode = "geen"\npubliek = false\n'
    organisation = kit.make(tmp_path / "proef", kit.CONFIG + private)
    rows = kit.benefits()
    # A person with two periods, both over in 2020-2022: the second is lost, so the first cannot be followed.
    first, second = next(
        (a, b)
        for a, b in itertools.pairwise(rows)
        if a["persoon_id"] == b["persoon_id"]
        and (a["regeling"], b["regeling"]) == ("PW", "PW")
        and a["reden_einde"] not in ("97", "04", "03", "32")
        and "2020" <= a["einddatum"] < "2022"
    )
    second["einddatum"] = "2022-02-31"
    rows[-1] |= {"reden_einde": "77"}
    organisation.deliver(BENEFIT, rows)
    ended = kit.call(organisation, "run")
    assert ended.code == 0, ended.text
    assert organisation.counts()[BENEFIT_FILE] == {
        "aangeleverd": ALL, "aanvaard": ALL - 1, "dubbel": 0, "buiten_bereik": 0, "quarantaine": 1,
    }  # fmt: skip
    cells = {
        (row["periode"], row["categorie"]): row
        for row in csv.DictReader(io.StringIO(organisation.series().decode()))
        if row["indicator_id"] == "duurzaam_uit_uitkering_12__alle" and row["regio_code"] == "PROEF"
        and row["dimensie"] in ("totaal", "reden_niet_volgbaar")
    }  # fmt: skip
    year = f"{first['einddatum'][:4]}JJ00"
    assert cells[year, "bronfout"]["waarde"] == "1"
    assert int(cells[year, "totaal"]["n_niet_volgbaar"]) >= 1
    assert organisation.latest()["uitkomst"] == "gepubliceerd"
    assert "in quarantaine" in ended.err, "a release with rows left out says so"
    unharmed(organisation, ended)


def _halved(organisation: Organisation) -> None:
    rows = kit.benefits()
    organisation.deliver(BENEFIT, rows[: len(rows) // 2])


def _without_leefvorm(organisation: Organisation) -> None:
    organisation.deliver(BENEFIT, TEXT.replace("leefvorm", "leefvrm", 1))


HELD: dict[str, tuple[Change, tuple[str, ...]]] = {
    "only a header": (_named(BENEFIT, kit.UITKERING + "\n"), ("levering.niet_leeg", "entiteit uitkering")),
    "cut off in the middle of a line": (
        _named(BENEFIT, TEXT[: len(TEXT) * 9 // 10 - 12]), ("bestand.afgebroken", BENEFIT_FILE, "rij 288"),
    ),
    "an optional column renamed": (
        _without_leefvorm, ("vulling.kolom_leeggevallen", "kolom leefvorm", "bron uitkeringen"),
    ),
    "a required source without a delivery": (
        lambda o: shutil.rmtree(o.landing / "polis"), ("levering.aanwezig", "bron polis, entiteit dienstverband"),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("change", "words"), HELD.values(), ids=HELD)
def test_a_delivery_that_cannot_be_right_is_held_by_the_gate(
    organisation: Organisation, change: Change, words: tuple[str, ...]
) -> None:
    before, release = organisation.series(), organisation.current()
    change(organisation)
    ended = kit.call(organisation, "run")
    assert ended.code == 3, ended.text
    for word in (*words, "Wat te doen:", "werkmonitor bevindingen"):
        assert word in ended.err
    assert (organisation.series(), organisation.current()) == (before, release)
    assert organisation.latest()["uitkomst"] == "tegengehouden"
    unharmed(organisation, ended)


def test_half_a_delivery_is_held_until_two_people_let_it_through(
    organisation: Organisation, monkeypatch: pytest.MonkeyPatch
) -> None:
    # An approval belongs to one candidate, and whoever edits the code during the test makes it another one.
    monkeypatch.setattr(digests, "code_version", lambda: "proef")
    before = organisation.series()
    organisation.configure("[bronnen.uitkeringen]", '[rollen]\nanna = "steward"\nbram = "goedkeurder"\n\n'
                           "[bronnen.uitkeringen]")  # fmt: skip
    _halved(organisation)
    ended = kit.call(organisation, "run")
    assert ended.code == 3
    assert "levering.rijen_gedaald" in ended.err
    assert f"rijen {ALL // 2}, vorige_rijen" in ended.err
    assert organisation.series() == before
    unharmed(organisation, ended)

    # Two people have two accounts on the system, which a test has not: the functions behind the commands.
    settings, today = organisation.settings, date.today()
    night = organisation.newest_night()
    failed = [result for result in check_results(night / "checks.json") if result.outcome == "FAIL"]
    blocking = [result for result in failed if result.severity == "blokkerend"]
    candidate = str(read_json(night / "night.json")["kandidaat"])
    for result in blocking:
        asked = waivers.request(
            settings, result.check_id, "Oude dossiers zijn verwijderd.", today, None, "anna", failed,
            scope=result.subject,
        )  # fmt: skip
        with pytest.raises(Exception, match="de rol 'goedkeurder' nodig"):
            waivers.approve(settings, asked.waiver_id, "anna", candidate)
        waivers.approve(settings, asked.waiver_id, "bram", candidate)
    again = kit.call(organisation, "run")
    assert again.code == 0, again.text
    assert organisation.series() != before
    manifest = kit.release_store.manifest_of(organisation.releases / "current")
    assert [item["controle"] for item in manifest["waivers"]] == sorted(result.check_id for result in blocking)
    assert "anna" not in str(manifest) and "bram" not in str(manifest)
    unharmed(organisation, again)


def test_the_same_delivery_under_a_second_date_changes_no_figure(organisation: Organisation) -> None:
    before = organisation.series()
    for name, rows in kit.DELIVERIES.items():
        organisation.deliver(name, rows(), kit.LATER)
    ended = kit.call(organisation, "run")
    assert ended.code == 0, ended.text
    assert organisation.series() == before
    changes = (organisation.releases / "current" / "wijzigingen.csv").read_text(encoding="utf-8").splitlines()
    assert len(changes) == 1, "a header and no difference"
    assert set(organisation.counts()) == {f"{name.replace('/', f'/{kit.LATER}/')}.csv" for name in kit.DELIVERIES}
    unharmed(organisation, ended)
