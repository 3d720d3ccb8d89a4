"""`controleer`: what the owner of a source reads before delivering, the exit code, and that nothing is kept."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ingest_kit import UITKERING, Landing, uitkering
from werkmonitor import cli
from werkmonitor.core.dry_run import DryRun, dry_run
from werkmonitor.core.types import ConfigurationError
from xlsx_kit import workbook

GOOD = "D1,C1,PW,GM0268,2020-01-01,,,1"
BAD = "D2,C2,PW,GM0268,20200231,,,1"
TODAY = date(2026, 2, 1)


def delivery(tmp_path: Path, **files: str | bytes) -> Path:
    folder = tmp_path / "klaar"
    folder.mkdir()
    for name, content in files.items():
        (folder / name.replace("__", ".")).write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def tried(tmp_path: Path, folder: Path, **more: Any) -> DryRun:
    return dry_run(Landing(tmp_path).settings, folder, TODAY, **more)


def test_a_sound_delivery_would_be_taken(tmp_path: Path) -> None:
    found = tried(tmp_path, delivery(tmp_path, uitkering__csv=uitkering(GOOD)))
    text = "\n".join(found.lines())
    assert found.exit_code == 0
    assert (found.bron, found.leverdatum, found.absent) == ("bron", TODAY, ("persoon",))
    assert "uitkering.csv als uitkering: 1 rijen, waarvan 1 aanvaard" in text
    assert "er zou niets worden geweigerd" in text


def test_what_would_be_refused_is_said_with_its_remedy(tmp_path: Path) -> None:
    rows = uitkering(GOOD, GOOD, BAD, "D3,C3,PW,GM0363,2020-01-01,,,1", "D4,C4,PW,GM0268,2020-01-01,,77,1")
    rows_to = io.StringIO()
    found = tried(tmp_path, delivery(tmp_path, uitkering__csv=rows), rows_to=rows_to)
    text = "\n".join(found.lines())
    assert found.exit_code == 3
    assert "5 rijen, waarvan 2 aanvaard, 1 dubbel, 1 buiten bereik, 1 geweigerd" in text
    assert "1 rij (kolom begindatum): De waarde is geen bestaande datum." in text
    assert "rij 4: 20200231" in text
    assert "Herstel: Schrijf een bestaande datum als JJJJ-MM-DD" in text
    assert "buiten bereik, gemeente_buiten_gebied: 1" in text
    assert "rij 6: 77" in text
    assert "Oordeel: 1 van de 5 rijen zouden niet meetellen." in text
    assert [line.split(",")[2] for line in rows_to.getvalue().splitlines()[1:]] == ["datum.onleesbaar", "code.onbekend"]


def test_an_owner_reads_the_column_names_of_the_own_export(tmp_path: Path) -> None:
    mapping = tmp_path / "eigen.yml"
    kolommen = (
        "{DOSSIERNR: dossier_id, KLANT: persoon_id, INGANG: begindatum, SOORT: regeling, GEMEENTE: gemeente_code}"
    )
    mapping.write_text(f"naam: eigen\nversies:\n  - entiteiten:\n      uitkering: {{kolommen: {kolommen}}}\n")
    landing = Landing(tmp_path, bron={"entiteiten": ["uitkering"], "mapping": mapping})
    content = (
        "DOSSIERNR,KLANT,SOORT,GEMEENTE,INGANG,einddatum\nD1,C1,PW,GM0268,20200231,\nD2,C2,PW,GM0268,2020-01-01,x\n"
    )
    text = "\n".join(dry_run(landing.settings, delivery(tmp_path, uitkering__csv=content), TODAY).lines())
    assert "1 rij (kolom INGANG, in het contract begindatum): De waarde is geen bestaande datum." in text
    assert "1 rij (kolom einddatum): De waarde is geen bestaande datum." in text


def test_every_file_that_cannot_be_read_is_named_and_the_others_are_still_judged(tmp_path: Path) -> None:
    files = {
        "uitkering__csv": "",
        "persoon__csv": "persoon_id\nC1\n",
        "persoon__xlsx": workbook([["persoon_id", "geboortedatum"], ["C1", date(1980, 1, 1)]]),
        "overig__csv": "a\n1\n",
    }
    found = tried(tmp_path, delivery(tmp_path, **files))
    text = "\n".join(found.lines())
    assert found.exit_code == 5
    assert len(found.unreadable) == 2
    assert "uitkering.csv: het bestand is leeg" in text
    assert "de verplichte kolom geboortedatum ontbreekt" in text
    assert "persoon.xlsx als persoon: 1 rijen, waarvan 1 aanvaard" in text
    assert "overig.csv" in text
    assert "zo kan de levering niet worden gelezen" in text


def test_a_folder_in_which_nothing_is_a_delivery_is_unreadable(tmp_path: Path) -> None:
    found = tried(tmp_path, delivery(tmp_path, uitkeringen__csv=uitkering(GOOD)), bron="bron")
    assert (found.exit_code, found.counts) == (5, ())


def test_a_file_or_a_source_folder_may_be_named_as_well(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    landing.put("uitkering", uitkering(BAD), day="2026-01-15")
    path = landing.put("uitkering", uitkering(GOOD), day="2026-02-15")
    for folder in (path, path.parent, path.parent.parent):
        found = dry_run(landing.settings, folder, TODAY)
        assert (found.exit_code, found.leverdatum) == (0, date(2026, 2, 15))


def test_nothing_stays_and_no_number_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scratch = tmp_path / "tijdelijk"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    source = {"entiteiten": ["persoon"], "persoon_id_soort": "bsn"}
    landing = Landing(tmp_path, bron=source)
    folder = delivery(tmp_path, persoon__csv="persoon_id,geboortedatum\n123456789,1980-01-01\n")
    before = sorted(tmp_path.rglob("*"))
    found = dry_run(landing.settings, folder, TODAY)
    assert found.exit_code == 3
    assert "12345" not in "\n".join(found.lines())
    assert "…89" in "\n".join(found.lines())
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    ("name", "bron", "words"),
    [
        ("klaar", "bronn", "Bedoelde u bron"),
        ("weg", None, "bestaat niet"),
        ("leeg", None, "staan geen bestanden"),
        ("vreemd", None, "past bij geen bron"),
    ],
)
def test_wrong_use_says_what_to_do(tmp_path: Path, name: str, bron: str | None, words: str) -> None:
    delivery(tmp_path, uitkering__csv=uitkering(GOOD))
    (tmp_path / "leeg").mkdir()
    (tmp_path / "vreemd").mkdir()
    (tmp_path / "vreemd" / "brief.docx").write_text("x")
    with pytest.raises(ConfigurationError, match=words):
        tried(tmp_path, tmp_path / name, bron=bron)


def test_the_command_needs_no_key(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WERKMONITOR_SLEUTEL", raising=False)
    (tmp_path / "w.toml").write_text(
        '[monitor]\nnaam = "x"\nregio_code = "AM08"\n[bronnen.u]\nentiteiten = ["uitkering"]\n'
    )
    folder = delivery(tmp_path, uitkering__csv=f"{UITKERING}\n{BAD}\n")
    arguments = ["controleer", str(folder), "--config", str(tmp_path / "w.toml")]
    assert cli._guarded(arguments, False) == 3
    assert "geen bestaande datum" in capsys.readouterr().out
    assert cli._guarded([*arguments, "--csv"], False) == 3
    streams = capsys.readouterr()
    assert streams.out.startswith("soort,ernst,regel")
    assert "Oordeel: 1 van de 1 rijen" in streams.err
