"""The command line: usage errors and every bad end in Dutch with its exit code, and what the commands print."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from werkmonitor import cli, example, night
from werkmonitor.core.types import AlreadyRunning, CheckResult, DeliveryUnreadable, Outcome, Severity, Verdict
from werkmonitor.core.workspace import Workspace

CONFIG = """
[monitor]
naam = "WerkBedrijf Voorbeeld"
regio_code = "AM08"

[bronnen.uitkeringen]
entiteiten = ["uitkering"]
eigenaar = "Inkomen"
"""
KEY = "k" * 64
ENGLISH = ("Error", "No such", "Missing", "Invalid", "Usage", "Try", "Traceback", "unexpected")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "werkmonitor.toml").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "landing").mkdir()
    monkeypatch.chdir(tmp_path)
    for name in ("WERKMONITOR_CONFIG", "WERKMONITOR_SLEUTEL_BESTAND"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("WERKMONITOR_SLEUTEL", KEY)
    return tmp_path


def call(capsys: pytest.CaptureFixture[str], *arguments: str, debug: bool = False) -> tuple[int, str, str]:
    code = cli._guarded(arguments, debug)
    streams = capsys.readouterr()
    return code, streams.out, streams.err


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["rnu"], "Onbekende opdracht 'rnu'. Bedoelde u run?"),
        (["run", "--peildatm", "x"], "Onbekende optie --peildatm. Bedoelde u --peildatum?"),
        (["run", "te", "veel"], "Te veel argumenten: te veel."),
        (["run", "--peildatum"], "--peildatum"),
        (["run", "--peildatum", "31-12-2025"], "--peildatum 31-12-2025 is geen datum"),
        (["run", "--tot", "klaar"], "Kies uit: ingest, transform, audit, publish"),
        (["demo"], "<map> ontbreekt"),
        (["demo", "x", "--personen", "veel"], "een geheel getal van 1 of meer"),
        (["waiver", "request", "uitkering.overlap", "--tot", "2026-01-01"], "--reden ontbreekt"),
        (["release", "weg"], "Onbekende opdracht 'weg'"),
        (["run", "--config", "weg.toml"], "weg.toml bestaat niet"),
    ],
)
def test_wrong_use_is_2_and_dutch(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], part: str
) -> None:
    code, out, err = call(capsys, *arguments)
    assert (code, out) == (2, "")
    assert part in err
    assert not [word for word in ENGLISH if word in err]


def test_no_command_shows_the_help_and_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = call(capsys)
    assert code == 2
    assert "Gebruik: werkmonitor" in err


def test_help_is_dutch(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = call(capsys, "run", "--help")
    assert code == 0
    assert "Opties:" in out
    assert "Toon deze uitleg." in out
    assert not [word for word in (*ENGLISH, "Options", "Show this") if word in out]


def test_the_configuration_may_be_named_before_or_after_the_command(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "werkmonitor.toml").rename(folder / "anders.toml")
    for arguments in (["--config", "anders.toml", "status"], ["status", "--config", "anders.toml"]):
        assert call(capsys, *arguments)[0] == 0


def test_a_missing_key_says_how_to_make_one(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WERKMONITOR_SLEUTEL")
    code, _, err = call(capsys, "run")
    assert code == 2
    assert "secrets.token_hex(32)" in err


def test_nothing_delivered(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = call(capsys, "run")
    assert code == 2
    assert "geen enkele aanlevering" in err


def ending(monkeypatch: pytest.MonkeyPatch, end: Callable[[], Any]) -> None:
    monkeypatch.setattr(night, "run_night", lambda *_, **__: end())


def raising(error: BaseException) -> Callable[[], Any]:
    def fail() -> Any:
        raise error

    return fail


@pytest.mark.parametrize(
    ("error", "code", "part"),
    [
        (DeliveryUnreadable("uitkering.csv, regel 3: afgebroken"), 5, "uitkering.csv, regel 3"),
        (AlreadyRunning("Er loopt al een run"), 1, "Er loopt al een run"),
        (RuntimeError("intern"), 1, "Onverwachte fout (RuntimeError). Herhaal de opdracht met --debug"),
        (PermissionError(13, "Permission denied", "/x"), 1, "/x: geen toegang"),
        (KeyboardInterrupt(), 1, "Afgebroken"),
    ],
)
def test_every_bad_end_has_its_code_and_no_stack_trace(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    error: BaseException,
    code: int,
    part: str,
) -> None:
    ending(monkeypatch, raising(error))
    found, _, err = call(capsys, "run")
    assert found == code
    assert part in err
    assert "Traceback" not in err


def test_debug_shows_the_stack_trace(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ending(monkeypatch, raising(RuntimeError("intern")))
    assert "Traceback" in call(capsys, "run", debug=True)[2]


@pytest.mark.parametrize(("outcome", "code"), [("tegengehouden", 3), ("controlefout", 4)])
def test_a_held_run_gives_its_reasons_and_its_code(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, outcome: Any, code: int
) -> None:
    held = night.NightOutcome(outcome, date(2025, 12, 31), 2025, message="\n".join(f"reden {n}" for n in range(100)))
    ending(monkeypatch, lambda: held)
    found, out, err = call(capsys, "run")
    assert (found, out) == (code, "")
    assert "reden 0" in err
    assert "en nog 88 regels" in err
    assert "werkmonitor bevindingen" in err


def test_a_rehearsal_tells_what_the_gate_would_say(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    verdict = Verdict(False, "tegengehouden", ("Te veel quarantaine.",))
    ending(monkeypatch, lambda: night.NightOutcome("gestopt", date(2025, 12, 31), 2025, verdict=verdict))
    code, out, _ = call(capsys, "run", "--tot", "audit")
    assert code == 0
    assert "zou niet worden gepubliceerd" in out
    assert "Te veel quarantaine." in out


class TestStatus:
    def test_before_the_first_run(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        code, out, _ = call(capsys, "status")
        assert code == 0
        assert "Er is nog geen run geweest." in out
        assert "uitkeringen heeft nog niets geleverd. Eigenaar: Inkomen." in out

    def test_the_newest_run_and_a_late_source(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (folder / "landing" / "uitkeringen" / "2020-01-15").mkdir(parents=True)
        (folder / "releases").mkdir()
        latest = {
            "uitkomst": "tegengehouden",
            "tijd": "2026-01-20T03:00:00+01:00",
            "reden": "Te veel quarantaine.",
            "peildatum": "2025-12-31",
            "huidige_release": None,
        }
        (folder / "releases" / "latest.json").write_text(json.dumps(latest))
        _, out, _ = call(capsys, "status")
        assert "2026-01-20T03:00:00+01:00, tegengehouden, peildatum 2025-12-31" in out
        assert "leverde voor het laatst op 2020-01-15; verwacht werd uiterlijk 2020-02-15" in out


class TestFindings:
    def failed_night(self, folder: Path) -> None:
        made = Workspace(folder / "werk").create().night("20260101T000000-x-1").create()
        made.state.write_text('{"uitkomst": "tegengehouden"}')
        results = [
            CheckResult(
                "uitkering.overlap",
                "levering",
                "uitkering",
                Outcome.FAIL,
                Severity.BLOCKING,
                failing=7,
                message="7 rijen overlappen.",
                explanation="Rijen van één persoon mogen niet overlappen.",
                remedy="Verbeter de begin- en einddatum in de bron.",
                examples=({"bestand": "uitkeringen/2026-01-15/uitkering.csv", "rij": 12},),
            ),
            CheckResult("persoon.aanwezig", "levering", "persoon", Outcome.PASS, Severity.BLOCKING),
        ]
        made.checks.write_text(json.dumps({"controles": [result.as_dict() for result in results]}))

    def test_rule_place_rows_and_remedy(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.failed_night(folder)
        _, out, _ = call(capsys, "bevindingen")
        for part in ("uitkering.overlap", "blokkerend", "7 fout", "rij 12", "Verbeter de begin- en einddatum"):
            assert part in out
        assert "persoon.aanwezig" not in out

    def test_csv(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.failed_night(folder)
        _, out, _ = call(capsys, "bevindingen", "--csv")
        lines = out.splitlines()
        assert lines[0] == "soort,ernst,regel,uitleg,bron,bestand,rij,kolom,waarde,aantal,herstel"
        assert lines[1].startswith("controle,blokkerend,uitkering.overlap,")
        assert len(lines) == 2

    def test_before_the_first_run(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        code, _, err = call(capsys, "bevindingen")
        assert code == 2
        assert "nog geen run" in err


class TestExample:
    def test_somebody_elses_folder_is_never_overwritten(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        before = (folder / "werkmonitor.toml").read_text()
        code, _, err = call(capsys, "demo", str(folder))
        assert code == 2
        assert "is niet leeg" in err
        assert (folder / "werkmonitor.toml").read_text() == before

    def test_the_same_example_is_made_once_and_another_one_again(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        import werkmonitor.demo

        made: list[int] = []

        def generate(target: Path, persons: int, seed: int, faults: bool) -> str:
            (target / "landing").mkdir(exist_ok=True)
            (target / "werkmonitor.toml").write_text(CONFIG)
            made.append(seed)
            return "verslag"

        monkeypatch.setattr(werkmonitor.demo, "generate", generate)
        target = folder / "voorbeeld"
        found = [example.make_example(target, 100, seed, False) for seed in (1, 1, 2)]
        assert found == ["verslag", None, "verslag"]
        assert made == [1, 2]


HELP = """
import sys
from werkmonitor.cli import main
heavy = ("duckdb", "pyarrow", "pandas", "dbt", "dagster", "great_expectations", "pydantic")
try:
    main(["--help"])
finally:
    print("GELADEN", *[name for name in heavy if name in sys.modules])
"""


def test_help_loads_nothing_heavy() -> None:
    result = subprocess.run([sys.executable, "-c", HELP], capture_output=True, text=True, check=True)
    assert result.stdout.splitlines()[-1] == "GELADEN"
