"""What a run keeps beside its figures: terms, findings over runs, the register; and the commands that show them.

The night is real up to and including the intake; what computes and publishes is replaced.
"""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from werkmonitor import cli
from werkmonitor.core.types import Verdict
from werkmonitor.core.workspace import Workspace
from werkmonitor.night import Phases, Progress, run_night
from werkmonitor.settings import Settings, load_settings

KEY = b"k" * 64
CONFIG = """
[monitor]
naam = "WerkBedrijf Voorbeeld"
regio_code = "EIGEN"
gemeenten = ["GM0268"]
peildatum = 2025-12-31

[bronnen.u]
entiteiten = ["uitkering"]
bewaartermijn_maanden = 6
doel = "verantwoording"
volledig_tot = 2025-12-31
"""
HEADER = "dossier_id,persoon_id,regeling,gemeente_code,begindatum"
GOOD, BAD, MENDED = "D1,C1,PW,GM0268,2020-01-01", "D2,C2,PW,GM0268,2020-02-31", "D2,C2,PW,GM0268,2020-02-29"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "werkmonitor.toml").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "landing").mkdir()
    return load_settings(tmp_path / "werkmonitor.toml", {})


def deliver(settings: Settings, day: str, *rows: str) -> Path:
    path = settings.monitor.landing / "u" / day / "uitkering.csv"
    path.parent.mkdir(parents=True)
    path.write_text("\n".join([HEADER, *rows, ""]), encoding="utf-8")
    return path


def night(settings: Settings, today: date, **more: Any) -> str:
    """Runs a night and gives what it said."""
    said = io.StringIO()
    nothing: Any = lambda *_: None  # noqa: E731
    phases = Phases(
        already=nothing,
        transform=nothing,
        disclose=nothing,
        audit=lambda *_: [],
        settle=nothing,
        decide=lambda *_: Verdict(True, "gepubliceerd", ()),
        publish=lambda *_: SimpleNamespace(nieuw=True, path=Path("x"), bericht="gepubliceerd"),  # type: ignore[arg-type]
        record=nothing,
    )
    run_night(settings, KEY, phases=phases, progress=Progress(said), today=today, **more)
    return said.getvalue()


def call(settings: Settings, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = cli._guarded([*arguments, "--config", str(settings.monitor.landing.parent / "werkmonitor.toml")], False)
    streams = capsys.readouterr()
    return code, streams.out, streams.err


def test_over_two_deliveries(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    old = deliver(settings, "2025-01-15", GOOD, BAD)
    assert "1 nieuw; 1 open" in night(settings, date(2026, 1, 16))
    assert "Bevindingen sinds" not in night(settings, date(2026, 1, 17))
    code, out, _ = call(settings, capsys, "bevindingen", "--bron", "u", "--csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert (code, [(row["regel"], row["rij"]) for row in rows]) == (0, [("datum.onleesbaar", "3")])
    assert "Er staat niets open" in call(settings, capsys, "bevindingen", "--levering", "2024-01-01")[1]
    assert "Er staat niets open" in call(settings, capsys, "bevindingen", "--regel", "bsn.ongeldig")[1]
    assert "Er is nog niets hersteld" in call(settings, capsys, "bevindingen", "--gesloten")[1]

    deliver(settings, "2026-01-15", GOOD, MENDED)
    said = night(settings, date(2026, 1, 20))
    assert "1 hersteld; 0 open" in said
    assert "Bewaartermijn: 1 bestanden verwijderd (u/2025-01-15/uitkering.csv)" in said
    assert not old.exists()
    workspace = Workspace(settings.monitor.werkmap)
    assert len(list(workspace.snapshots.iterdir())) == 1
    assert "2026-01-20" in call(settings, capsys, "bevindingen", "--gesloten")[1]

    code, out, _ = call(settings, capsys, "verwerkingen")
    assert (code, out) == (0, workspace.processing_register.read_text(encoding="utf-8"))
    assert "1 bewaard, 1 verwijderd" in out
    found = json.loads(call(settings, capsys, "verwerkingen", "--json")[1])
    assert found["verwerkingen"][0]["doel"] == "verantwoording"


def test_a_rehearsal_and_a_look_back_keep_everything_as_it_was(settings: Settings) -> None:
    old = deliver(settings, "2025-01-15", GOOD, BAD)
    deliver(settings, "2026-01-15", GOOD)
    night(settings, date(2026, 1, 16), stop_after="ingest")
    night(settings, date(2026, 1, 16), until=date(2025, 2, 1))
    workspace = Workspace(settings.monitor.werkmap)
    assert old.exists()
    assert not any(path.exists() for path in (workspace.findings_state, workspace.inventory))


def test_an_unknown_source_is_wrong_use(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = call(settings, capsys, "bevindingen", "--bron", "x")
    assert (code, "Bekend zijn: u" in err) == (2, True)
