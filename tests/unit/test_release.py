"""What a release holds, that it never alters, and how releases follow each other."""

from __future__ import annotations

import csv
import errno
import json
import os
import re
import stat
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest
import release_example as example
from release_example import PUBLISH, count, failure, success
from werkmonitor.core import atomic, release
from werkmonitor.core.manifest import RunInfo, configuration_digest, published_counts
from werkmonitor.core.release_store import READING_SECONDS, locked, prune
from werkmonitor.core.types import (
    CheckDidNotRun,
    CheckResult,
    ConfigurationError,
    HeldByGate,
    Verdict,
    WerkmonitorError,
)
from werkmonitor.settings import Settings

FILES = {
    "manifest.json",
    "reeksen.parquet",
    "reeksen.csv",
    "reeksen-excel.csv",
    "vergelijkbaarheid.csv",
    "definities.json",
    "kwaliteit.json",
    "wijzigingen.csv",
    "datapackage.json",
}


def publish(
    settings: Settings,
    folder: Path,
    run: RunInfo,
    cells: Sequence[Mapping[str, Any]] = example.FIGURES,
    results: Sequence[CheckResult] = (success(),),
    verdict: Verdict = PUBLISH,
) -> release.PublishedRelease:
    night = example.night_with(folder / f"nacht-{time.monotonic_ns()}", settings, cells)
    return release.publish(settings, night, verdict, results, run, registry=example.REGISTRY)


def several(settings: Settings, folder: Path, number: int) -> list[str]:
    """Releases of one day after another, oldest first."""
    return [
        publish(settings, folder, example.run_info(folder, invoer=str(n), minute=n), [count(20 + 5 * n)]).release_id
        for n in range(number)
    ]


def current(settings: Settings) -> str | None:
    path = release.current_release(settings)
    return path.name if path else None


def latest(settings: Settings) -> dict[str, Any]:
    return json.loads((settings.monitor.releases / "latest.json").read_text())


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return example.settings(tmp_path)


# ---- what is in it


def test_a_release_is_whole_and_read_only(settings: Settings, tmp_path: Path) -> None:
    result = publish(settings, tmp_path, example.run_info(tmp_path))
    assert result.nieuw and release.current_release(settings) == result.path
    assert {file.name for file in result.path.iterdir()} == FILES
    assert {stat.S_IMODE(file.stat().st_mode) for file in result.path.iterdir()} == {0o444}
    assert release.verify(result.path) == []
    assert os.readlink(settings.monitor.releases / "current") == result.release_id
    assert [name for name in os.listdir(settings.monitor.releases) if name.startswith((".bezig", ".weg"))] == []


def test_csv_and_parquet_hold_the_same_cells(settings: Settings, tmp_path: Path) -> None:
    path = publish(settings, tmp_path, example.run_info(tmp_path)).path
    table = pq.read_table(path / "reeksen.parquet")
    with (path / "reeksen.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert list(rows[0]) == table.column_names and len(rows) == table.num_rows == len(example.FIGURES)
    for text, typed in zip(rows, table.to_pylist(), strict=True):
        for name, value in typed.items():
            expected = (
                "" if value is None else repr(value).removesuffix(".0") if isinstance(value, float) else str(value)
            )
            assert text[name] == expected
    excel = (path / "reeksen-excel.csv").read_bytes()
    assert excel.startswith(b"\xef\xbb\xbfindicator_id;") and b";118,5;" in excel


def test_the_manifest_names_everything_but_persons_and_places(settings: Settings, tmp_path: Path) -> None:
    waived = failure(rows=3)
    verdict = Verdict(True, "gepubliceerd", ("Alles in orde.",), ({"controle": waived.check_id, "hoogstens_rijen": 3},))
    path = publish(settings, tmp_path, example.run_info(tmp_path), results=[waived], verdict=verdict).path
    manifest = release.manifest_of(path)
    assert manifest["peildatum"] == "2025-12-31" and manifest["vorige_release"] is None
    assert set(manifest["bestanden"]) == FILES - {"manifest.json"}
    assert manifest["poort"]["controles"] == {"PASS": 0, "FAIL": 1, "ERROR": 0, "NVT": 0}
    assert manifest["waivers"][0]["hoogstens_rijen"] == "<5"
    (delivery,) = manifest["aanleveringen"]
    assert delivery["bestand"] == "uitkeringen/2026-01-05/uitkering.csv" and len(delivery["sha256"]) == 64
    everything = b"".join(file.read_bytes() for file in path.iterdir()).decode("utf-8", "replace")
    assert str(tmp_path) not in everything
    assert not re.search(r"\b(anna|bram|cato)\b", everything)


def test_small_counts_of_a_delivery_do_not_follow_from_the_others(settings: Settings, tmp_path: Path) -> None:
    path = publish(settings, tmp_path, example.run_info(tmp_path)).path
    quality = json.loads((path / "kwaliteit.json").read_text())
    (delivery,) = quality["aanleveringen"]
    assert (delivery["aangeleverd"], delivery["aanvaard"], delivery["quarantaine"]) == (1000, 995, "<5")
    assert delivery["afgerond"] is True
    whole = {"aangeleverd": 1001, "aanvaard": 991, "dubbel": 10, "buiten_bereik": 0, "quarantaine": 0}
    assert published_counts(whole, 5) == {**whole, "afgerond": False}


def test_quality_names_every_check_and_no_row(settings: Settings, tmp_path: Path) -> None:
    results = [success(), failure(rows=3), failure("persoon.leeftijd", rows=12)]
    path = publish(settings, tmp_path, example.run_info(tmp_path), results=results).path
    text = (path / "kwaliteit.json").read_text()
    checks = {item["controle"]: item for item in json.loads(text)["controles"]}
    assert checks["uitkering.overlap"]["fout"] == "<5" and checks["persoon.leeftijd"]["fout"] == 12
    assert checks["cijfers.telt_op"] | {"toelichting": "", "herstel": ""} == {
        "controle": "cijfers.telt_op",
        "laag": "tabel",
        "onderdeel": "uitkering",
        "uitkomst": "PASS",
        "ernst": "blokkerend",
        "fout": 0,
        "onderzocht": 1000,
        "toelichting": "",
        "herstel": "",
    }
    assert "rij 12" not in text and '"rij"' not in text


def test_the_same_inputs_give_the_same_bytes(tmp_path: Path) -> None:
    found = []
    for place in ("hier", "daar"):
        chosen = example.settings(tmp_path / place)
        path = publish(chosen, tmp_path / place, example.run_info(tmp_path / place)).path
        found.append({file.name: file.read_bytes() for file in path.iterdir()} | {"id": path.name.encode()})
    assert found[0] == found[1]


def test_what_identifies_a_release_is_in_its_name(tmp_path: Path) -> None:
    run = example.run_info(tmp_path)
    plain = release.release_id_of(run, PUBLISH)
    changes: list[dict[str, Any]] = [{part: "b"} for part in example.PARTS]
    others = [release.release_id_of(example.run_info(tmp_path, **change), PUBLISH) for change in changes]
    waived = Verdict(True, "gepubliceerd", (), ({"controle": "x"},))
    others.append(release.release_id_of(run, waived))
    assert plain.startswith("2025-12-31-") and len(plain) == 10 + 1 + 12
    assert len({plain, *others}) == len(others) + 1
    assert release.release_id_of(example.run_info(tmp_path, minute=9), PUBLISH) == plain


def test_the_configuration_counts_without_paths_roles_and_peildatum(tmp_path: Path) -> None:
    base = configuration_digest(example.settings(tmp_path))
    assert configuration_digest(example.settings(tmp_path / "elders")) == base
    assert configuration_digest(example.settings(tmp_path, rollen={"dirk": "steward"})) == base
    assert configuration_digest(example.settings(tmp_path, monitor={"peildatum": date(2025, 1, 1)})) == base
    assert configuration_digest(example.settings(tmp_path, parameters={"onderbreking_dagen": 31})) != base
    assert configuration_digest(example.settings(tmp_path, geheimhouding={"drempel": 6})) != base
    sources = {"a": {"entiteiten": ["persoon"]}, "b": {"entiteiten": ["persoon"]}}
    turned = dict(reversed(sources.items()))
    assert configuration_digest(example.settings(tmp_path, bronnen=sources)) != configuration_digest(
        example.settings(tmp_path, bronnen=turned)
    )


# ---- one after another


def test_the_second_release_differs_from_the_first_and_says_why(settings: Settings, tmp_path: Path) -> None:
    first, second = several(settings, tmp_path, 2)
    path = settings.monitor.releases / second
    assert current(settings) == second and release.manifest_of(path)["vorige_release"] == first
    with (path / "wijzigingen.csv").open(newline="") as stream:
        (row,) = csv.DictReader(stream)
    assert (row["waarde_oud"], row["waarde_nieuw"], row["oorzaak"]) == ("20", "25", "nieuwe_levering")
    assert release.verify(settings.monitor.releases / first) == []
    table = release.diff(settings, second, first)
    assert table.column("waarde_nieuw").to_pylist() == [20.0]


def test_the_same_inputs_again_do_nothing_and_say_so(settings: Settings, tmp_path: Path) -> None:
    run = example.run_info(tmp_path)
    assert release.already_published(settings, run) is None
    first = publish(settings, tmp_path, run)
    before = {file.name: file.stat().st_mtime_ns for file in first.path.iterdir()}
    again = publish(settings, tmp_path, example.run_info(tmp_path, minute=5))
    assert (again.nieuw, again.release_id, latest(settings)["uitkomst"]) == (False, first.release_id, "ongewijzigd")
    assert "Niets veranderd" in again.bericht and release.already_published(settings, run) is not None
    assert {file.name: file.stat().st_mtime_ns for file in first.path.iterdir()} == before


def test_earlier_inputs_after_others_choose_the_earlier_release_again(settings: Settings, tmp_path: Path) -> None:
    first = publish(settings, tmp_path, example.run_info(tmp_path, invoer="1"))
    publish(settings, tmp_path, example.run_info(tmp_path, invoer="2", minute=1))
    again = publish(settings, tmp_path, example.run_info(tmp_path, invoer="1", minute=2))
    assert again.nieuw and again.path == first.path and current(settings) == first.release_id


def test_an_earlier_release_that_was_damaged_is_not_chosen(settings: Settings, tmp_path: Path) -> None:
    first, second = several(settings, tmp_path, 2)
    file = settings.monitor.releases / first / "reeksen.csv"
    file.chmod(0o644)
    file.write_text("kapot")
    with pytest.raises(WerkmonitorError, match="niet heel"):
        publish(settings, tmp_path, example.run_info(tmp_path, invoer="0", minute=9))
    with pytest.raises(WerkmonitorError, match="niet heel"):
        release.rollback(settings, first)
    assert current(settings) == second


@pytest.mark.parametrize(
    ("verdict", "error"),
    [
        (Verdict(False, "tegengehouden", ("De controle x mislukte.",)), HeldByGate),
        (Verdict(False, "controlefout", ("De controle x liep niet.",)), CheckDidNotRun),
    ],
)
def test_what_is_held_leaves_the_last_good_release(
    settings: Settings, tmp_path: Path, verdict: Verdict, error: type[WerkmonitorError]
) -> None:
    (first,) = several(settings, tmp_path, 1)
    with pytest.raises(error, match="De controle x"):
        publish(settings, tmp_path, example.run_info(tmp_path, invoer="b"), verdict=verdict)
    written = latest(settings)
    assert current(settings) == first == written["huidige_release"]
    assert (written["uitkomst"], written["release_id"], written["reden"]) == (verdict.outcome, None, verdict.reasons[0])
    assert [info.release_id for info in release.list_releases(settings)] == [first]


def test_a_run_that_ended_otherwise_is_recorded_without_folders(settings: Settings) -> None:
    time_ = datetime(2026, 1, 15, 3, 4, 5, tzinfo=UTC)
    message = f"{settings.monitor.landing}/uitkeringen/2026-01-05/uitkering.csv: leeg bestand"
    release.record_run(settings, "onleesbaar", message, time_, None, None)
    written = latest(settings)
    assert written["reden"] == "landing/uitkeringen/2026-01-05/uitkering.csv: leeg bestand"
    assert (written["tijd"], written["huidige_release"]) == ("2026-01-15T03:04:05+00:00", None)
    assert release.latest_run(settings) == written


def test_the_newest_are_kept_and_the_current_one_always(tmp_path: Path) -> None:
    settings = example.settings(tmp_path, monitor={"bewaar_releases": 2})
    known = several(settings, tmp_path, 4)
    example.age_releases(settings)
    assert _pruned(settings) == {known[0], known[1]}
    release.rollback(settings, known[2])
    newest = publish(settings, tmp_path, example.run_info(tmp_path, invoer="x", minute=8)).release_id
    example.age_releases(settings)
    assert _pruned(settings) == {known[2]}
    assert {info.release_id for info in release.list_releases(settings)} == {newest, known[3]}


def test_a_release_that_was_current_within_the_hour_is_not_taken_from_under_its_readers(tmp_path: Path) -> None:
    settings = example.settings(tmp_path, monitor={"bewaar_releases": 1})
    first, second, third = several(settings, tmp_path, 3)
    assert _pruned(settings) == set()
    example.age_releases(settings, READING_SECONDS - 60)
    assert _pruned(settings) == set()
    # Back to the first and on to a new one: what counts is when it stopped being current, not when it was made.
    example.age_releases(settings)
    release.rollback(settings, first)
    newest = publish(settings, tmp_path, example.run_info(tmp_path, invoer="x", minute=8)).release_id
    assert {info.release_id for info in release.list_releases(settings)} == {newest, first, third}
    example.age_releases(settings)
    assert _pruned(settings) == {first, third} and second not in os.listdir(settings.monitor.releases)


def test_a_release_that_left_in_the_future_goes_an_hour_after_it_was_seen(tmp_path: Path) -> None:
    """The clock was a year ahead and was set back: nobody can tell how long ago that was."""
    settings = example.settings(tmp_path, monitor={"bewaar_releases": 1})
    first, _ = several(settings, tmp_path, 2)
    example.age_releases(settings, -365 * 86400)
    assert _pruned(settings) == set()
    path = settings.monitor.releases / first
    assert path.stat().st_mtime <= time.time()
    example.age_releases(settings)
    assert _pruned(settings) == {first}


def _pruned(settings: Settings) -> set[str]:
    with locked(settings):
        return set(prune(settings))


# ---- back and forth


def test_rollback_switches_and_is_recorded(settings: Settings, tmp_path: Path) -> None:
    first, second = several(settings, tmp_path, 2)
    release.rollback(settings, first)
    assert current(settings) == first and latest(settings)["uitkomst"] == "teruggedraaid"
    (line,) = (settings.monitor.releases / "herstel.jsonl").read_text().splitlines()
    assert (json.loads(line)["van"], json.loads(line)["naar"]) == (second, first)
    assert {info.release_id: (info.huidig, info.teruggedraaid) for info in release.list_releases(settings)} == {
        first: (True, False),
        second: (False, True),
    }
    assert release.show(settings)["release_id"] == first and release.show(settings, second)["huidig"] is False


def test_the_same_inputs_do_not_bring_back_what_was_rolled_back(settings: Settings, tmp_path: Path) -> None:
    """First, second, third; back to the first: neither the third nor the second comes back by itself."""
    first, second, third = several(settings, tmp_path, 3)
    release.rollback(settings, first)
    for number, name in ((2, third), (1, second)):
        again = publish(settings, tmp_path, example.run_info(tmp_path, invoer=str(number), minute=10))
        assert not again.nieuw and again.release_id == first and name in again.bericht
        assert current(settings) == first and "teruggedraaid" in latest(settings)["reden"]


def test_new_inputs_are_published_after_a_rollback(settings: Settings, tmp_path: Path) -> None:
    first, _ = several(settings, tmp_path, 2)
    release.rollback(settings, first)
    result = publish(settings, tmp_path, example.run_info(tmp_path, invoer="nieuw", minute=10))
    assert result.nieuw and release.manifest_of(result.path)["vorige_release"] == first


def test_a_second_rollback_brings_a_release_back(settings: Settings, tmp_path: Path) -> None:
    first, second = several(settings, tmp_path, 2)
    release.rollback(settings, first)
    release.rollback(settings, second)
    run = example.run_info(tmp_path, invoer="1")
    assert current(settings) == second
    again = release.already_published(settings, run)
    assert again is not None and "Niets veranderd" in again.bericht
    # And the first is now what was moved away from.
    left = release.already_published(settings, example.run_info(tmp_path, invoer="0"))
    assert left is not None and "teruggedraaid" in left.bericht


@pytest.mark.parametrize("name", ["2025-12-31-000000000000", "../../etc", "current", ""])
def test_a_release_that_does_not_exist_is_wrong_use(settings: Settings, tmp_path: Path, name: str) -> None:
    (first,) = several(settings, tmp_path, 1)
    with pytest.raises(ConfigurationError, match=first):
        release.rollback(settings, name)
    with pytest.raises(ConfigurationError, match="al de huidige"):
        release.rollback(settings, first)


def test_before_the_first_release_there_is_nothing_to_show(settings: Settings) -> None:
    assert release.current_release(settings) is None and release.list_releases(settings) == []
    with pytest.raises(ConfigurationError, match="nog geen release"):
        release.show(settings)


def test_verify_sees_what_is_missing_altered_or_added(settings: Settings, tmp_path: Path) -> None:
    path = publish(settings, tmp_path, example.run_info(tmp_path)).path
    (path / "kwaliteit.json").unlink()
    (path / "definities.json").chmod(0o644)
    (path / "definities.json").write_text("{}")
    (path / "erbij.txt").write_text("x")
    problems = " ".join(release.verify(path))
    assert all(word in problems for word in ("kwaliteit.json: ontbreekt", "definities.json: wijkt af", "erbij.txt"))


# ---- what goes wrong


def full_disk(*_: Any, **__: Any) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize(
    ("owner", "name"),
    [
        (release, "_write_json"),
        (atomic, "seal_folder"),
        (release.os, "rename"),
        (atomic, "write_beside"),
        (atomic, "point_symlink"),
    ],
)
def test_a_full_disk_leaves_the_old_release_and_no_half_one(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, owner: Any, name: str
) -> None:
    (first,) = several(settings, tmp_path, 1)
    with monkeypatch.context() as patch:
        patch.setattr(owner, name, full_disk)
        with pytest.raises(WerkmonitorError, match="de schijf is vol"):
            publish(settings, tmp_path, example.run_info(tmp_path, invoer="b", minute=1))
    assert current(settings) == first and latest(settings)["release_id"] == first
    assert not list(settings.monitor.releases.glob(".bezig*"))
    for info in release.list_releases(settings):
        assert release.verify(settings.monitor.releases / info.release_id) == []
    # And with room again the same run publishes.
    assert publish(settings, tmp_path, example.run_info(tmp_path, invoer="b", minute=1)).nieuw


def test_a_disk_that_fills_while_duckdb_writes_is_said_in_words(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(con: duckdb.DuckDBPyConnection, _: Path) -> None:
        con.execute(f"COPY (SELECT 1) TO '{tmp_path}/bestaat/niet.csv'")

    monkeypatch.setattr(release, "_write_series", fail)
    with pytest.raises(WerkmonitorError, match="niet worden weggeschreven"):
        publish(settings, tmp_path, example.run_info(tmp_path))
    assert release.current_release(settings) is None and not list(settings.monitor.releases.glob(".bezig*"))


def test_what_a_killed_run_left_is_cleaned(settings: Settings, tmp_path: Path) -> None:
    (first,) = several(settings, tmp_path, 1)
    left = settings.monitor.releases / ".bezig-2025-12-31-abcdefabcdef-1"
    left.mkdir()
    (left / "reeksen.csv").write_text("half")
    (settings.monitor.releases / ".bezig-latest.json-1").write_text("{")
    (settings.monitor.releases / ".bezig-current-1").symlink_to("nergens")
    assert len(release.clean_staging(settings)) == 3
    assert sorted(p.name for p in settings.monitor.releases.iterdir()) == [".slot", first, "current", "latest.json"]
