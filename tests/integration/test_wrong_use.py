"""Wrong use and bad luck through the command line: configuration, key, full disks, a check that raises. Each is told
in Dutch with a remedy, and the release that was there still reads whole.

Not here: what is wrong in a delivery (test_wrong_input.py).
"""

from __future__ import annotations

import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import organisation_kit as kit
import pytest
from organisation_kit import Ended, Organisation
from werkmonitor import audit
from werkmonitor.checks import definitions

BENEFIT = "uitkeringen/uitkering"
ENGLISH = ("Error:", "Traceback", "No such", "Invalid", "Permission", 'File "', "No space", "too large")


@pytest.fixture
def organisation(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Organisation:
    """An organisation of its own for each test, with one release."""
    return kit.copy(kit.published(tmp_path_factory.getbasetemp()), tmp_path / "proef")


def unharmed(organisation: Organisation, ended: Ended) -> None:
    """What must hold after anything that went wrong."""
    assert not [word for word in ENGLISH if word in ended.text], ended.text
    assert kit.whole(organisation) == []
    assert kit.leaked(organisation, ended.text) == []


def twelve_more(organisation: Organisation) -> None:
    """A delivery that gives other figures: without it a run has nothing to do."""
    rows = kit.benefits()
    new = {**rows[0], "regeling": "PW", "begindatum": "2022-05-01", "einddatum": "", "reden_einde": ""}
    more = [{**new, "dossier_id": f"D9{n:03d}-0", "persoon_id": kit.number(900 + n)} for n in range(12)]
    organisation.deliver(BENEFIT, [*rows, *more])


# ---- commands and configuration ------------------------------------------------------------------

COMMANDS: dict[str, tuple[list[str], str]] = {
    "unknown command": (["rnu"], "Bedoelde u run?"),
    "unknown option": (["run", "--peildatm", "2023-12-31"], "Bedoelde u --peildatum?"),
    "peildatum in another order": (["run", "--peildatum", "31-12-2023"], "Schrijf haar als JJJJ-MM-DD"),
    "peildatum that does not exist": (["run", "--peildatum", "2023-02-31"], "is geen datum"),
    "peildatum after volledig_tot": (
        ["run", "--peildatum", "2024-03-31"],
        "bron 'polis' is volledig tot en met 2024-01-15",
    ),
    "leveringen-tot malformed": (["run", "--leveringen-tot", "gisteren"], "--leveringen-tot gisteren is geen datum"),
    "unknown phase": (["run", "--tot", "het eind"], "Kies uit: ingest, transform, audit, publish"),
    "configuration that is not there": (["run", "--config", "nergens.toml"], "nergens.toml bestaat niet"),
    "release that is not there": (["release", "show", "2020-12-31-aaaaaaaaaaaa"], "De nieuwste releases: 2023-12-31-"),
    "waiver that nobody may approve": (["waiver", "approve", "W1"], "daarvoor is de rol 'goedkeurder' nodig"),
}


@pytest.mark.parametrize(("arguments", "words"), COMMANDS.values(), ids=COMMANDS)
def test_wrong_use_is_2(organisation: Organisation, arguments: list[str], words: str) -> None:
    before = organisation.series()
    ended = kit.call(organisation, *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert words in ended.err
    assert organisation.series() == before
    unharmed(organisation, ended)


CONFIGURATION: dict[str, tuple[str, str, str]] = {
    "misspelt key": ("peildatum =", "pijldatum =", "Onbekende sleutel 'pijldatum' in [monitor]"),
    "misspelt key names the nearest": ("historie_vanaf", "historie_vannaf", "Bedoelde u 'historie_vanaf'?"),
    "misspelt table": ("[monitor]", "[moniter]", "Bedoelde u 'monitor'?"),
    "misspelt check": ("[monitor]", '[controles]\n"uitkering.overlop" = "waarschuwing"\n[monitor]',
                       "Bedoelde u 'uitkering.overlap'?"),
    "wrong type": ("peildatum = 2023-12-31", "peildatum = 20231231", "toegestaan is een datum als 2025-12-31"),
    "text for a list": ('entiteiten = ["dienstverband"]', 'entiteiten = "dienstverband"', "een lijst"),
    "no TOML": ('naam = "Proef', "naam = Proef", "fout op regel 3, kolom 8"),
    "unknown entity": ('"dienstverband"', '"dienstverbanden"', "Bedoelde u 'dienstverband'?"),
    "gemeente that never existed": ("GM0296", "GM9999", "GM9999 in [monitor] gemeenten heeft nooit bestaan"),
    "gemeente that merged": ("GM0296", "GM0282", "Noem haar opvolger GM1945"),
    "peildatum after volledig_tot": ("peildatum = 2023-12-31", "peildatum = 2024-12-31", "Kies een peildatum tot en"),
    "no landing": ("[bronnen.polis]", "[bronnen.polis]", "de map"),
    "mapping that is not there": ("[bronnen.polis]", '[bronnen.polis]\nmapping = "weg.yml"', "weg.yml"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "change"), CONFIGURATION.items(), ids=CONFIGURATION)
def test_a_wrong_configuration_is_2(organisation: Organisation, name: str, change: tuple[str, str, str]) -> None:
    old, new, words = change
    organisation.configure(old, new)
    if name == "no landing":
        shutil.rmtree(organisation.landing)
    before = organisation.series()
    ended = kit.call(organisation, "run")
    assert (ended.code, ended.out) == (2, ""), ended.text
    assert words in ended.err
    assert organisation.series() == before
    unharmed(organisation, ended)


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("WERKMONITOR_PARAMETERS__VOLTIJD_UUREN", "36", "Bedoelde u 'voltijd_uren'?"),
        ("WERKMONITOR_PARAMETERS__VOLTIJD_UREN", "veel", "toegestaan is een getal"),
        ("WERKMONITOR_SLEUTL", "geheim-dat-niemand-mag-zien-0000000", "Bedoelde u WERKMONITOR_SLEUTEL?"),
    ],
)
def test_a_wrong_variable_is_2_and_its_value_is_no_secret_lost(
    organisation: Organisation, variable: str, value: str, words: str
) -> None:
    ended = kit.call(organisation, "run", env=kit.environment(**{variable: value}))
    assert ended.code == 2
    assert words in ended.err
    assert "geheim-dat" not in ended.text
    unharmed(organisation, ended)


# ---- the key -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("env", "words"),
    [
        (kit.environment(None), "Er is geen sleutel voor de pseudoniemen"),
        (kit.environment("te kort"), "minstens 32 zijn nodig"),
        (kit.environment(None, WERKMONITOR_SLEUTEL_BESTAND="/nergens/sleutel"), "niet te lezen: het bestaat niet"),
        (kit.environment("een-heel-andere-sleutel-van-veertig-tekens"), "--nieuwe-sleutel"),
    ],
    ids=["missing", "too short", "file missing", "changed"],
)
def test_a_wrong_key_is_refused(organisation: Organisation, env: dict[str, str], words: str) -> None:
    twelve_more(organisation)
    before = organisation.series()
    ended = kit.call(organisation, "run", env=env)
    assert (ended.code, ended.out) == (2, "")
    assert words in ended.err
    assert organisation.series() == before
    unharmed(organisation, ended)


def test_another_key_gives_other_pseudonyms_and_the_same_figures(organisation: Organisation, tmp_path: Path) -> None:
    other = kit.make(tmp_path / "andere-sleutel")
    env = kit.environment("een-heel-andere-sleutel-van-veertig-tekens")
    assert kit.call(other, "run", "--tot", "ingest").code == 0
    first = _pseudonyms(other)
    refused = kit.call(other, "run", env=env)
    assert refused.code == 2
    ended = kit.call(other, "run", "--nieuwe-sleutel", env=env)
    assert ended.code == 0, ended.text
    assert other.series() == organisation.series()
    second = _pseudonyms(other)
    assert len(first) == len(second) == kit.PERSONS
    assert first.isdisjoint(second)
    unharmed(other, ended)


def _pseudonyms(organisation: Organisation) -> set[str]:
    return {row["persoon"] for row in kit.table(organisation.newest_night() / "accepted" / "persoon.parquet")}


# ---- damaged files of our own --------------------------------------------------------------------


def _broken(path: Path) -> None:
    path.touch()
    path.chmod(0o644)
    path.write_text("{half", encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "arguments", "words"),
    [
        ("releases/latest.json", ["status"], "latest.json is beschadigd"),
        ("releases/current/manifest.json", ["run"], "manifest.json is niet te lezen"),
        ("releases/current/manifest.json", ["release", "show"], "Er is nog geen hele release"),
        ("werk/waivers.json", ["waiver", "list"], "Zet de laatste goede versie terug"),
        ("werk/sleutel.vingerafdruk", ["run"], "--nieuwe-sleutel"),
    ],
)
def test_a_damaged_file_is_named(organisation: Organisation, file: str, arguments: list[str], words: str) -> None:
    _broken(organisation.root / file)
    ended = kit.call(organisation, *arguments)
    assert ended.code in (1, 2)
    assert words in ended.err or "is beschadigd" in ended.err
    assert not [word for word in ENGLISH if word in ended.text]
    assert "Onverwachte fout" not in ended.err


# ---- a check that raises -------------------------------------------------------------------------


def test_a_check_that_raises_is_4_and_never_publishes(
    organisation: Organisation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "expectations"
    shutil.copytree(definitions.EXPECTATIONS, folder)
    suite = folder / "uitkering.yml"
    text = suite.read_text(encoding="utf-8")
    assert text.count("begindatum < date '1965-01-01'") == 1
    suite.write_text(text.replace("begindatum < date '1965-01-01'", "geen_kolom < 3"), encoding="utf-8")
    twelve_more(organisation)
    before = organisation.series()
    real = definitions.load_suites
    with monkeypatch.context() as patch:
        patch.setattr(audit, "load_suites", lambda: real(folder))
        ended = kit.call(organisation, "run")
    assert ended.code == 4, ended.text
    assert "uitkering.begindatum.aannemelijk: De controle kon niet worden uitgevoerd" in ended.err
    assert organisation.latest()["uitkomst"] == "controlefout"
    assert organisation.series() == before
    shown = kit.call(organisation, "bevindingen")
    assert "Een waiver kan dit niet opheffen" in shown.out
    # The reason is the database's own and English; it is for whoever keeps the checks.
    assert "Traceback" not in ended.text and "[SQL" not in ended.text and "LINE 1" not in ended.text
    assert kit.whole(organisation) == []
    assert kit.leaked(organisation, ended.text, shown.text) == []


# ---- a disk that is full -------------------------------------------------------------------------


def _limit(megabytes: float) -> Callable[[], None]:
    """No file may grow beyond this: what a full disk does to whoever writes."""

    def apply() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        size = int(megabytes * 1_000_000)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return apply


@pytest.mark.parametrize("megabytes", [0.000_01, 0.01, 0.5], ids=["lock", "snapshot", "candidate"])
def test_no_room_for_a_file(organisation: Organisation, megabytes: float) -> None:
    twelve_more(organisation)
    before, release = organisation.series(), organisation.current()
    ended = kit.finish(kit.start(organisation, "run", preexec_fn=_limit(megabytes)))
    assert ended.code == 1, ended.text
    assert "Maak ruimte" in ended.err
    assert (organisation.series(), organisation.current()) == (before, release)
    unharmed(organisation, ended)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[Path, str], None]]:
    """Puts a folder on a disk of its own, of a given size. Only root may; elsewhere the limit above must do."""
    mounted: list[Path] = []

    def mount(folder: Path, size: str) -> None:
        kept = tmp_path / f"inhoud{len(mounted)}"
        shutil.move(folder, kept) if folder.exists() else kept.mkdir()
        folder.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
        if shutil.which("mount") is None or subprocess.run(command, capture_output=True).returncode != 0:
            pytest.skip("mounting a disk needs root")
        mounted.append(folder)
        shutil.copytree(kept, folder, symlinks=True, dirs_exist_ok=True)

    yield mount
    for folder in mounted:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize("folder", ["werk", "releases"])
def test_a_disk_that_is_full(organisation: Organisation, small_disk: Callable[[Path, str], None], folder: str) -> None:
    """Too small for a night, or large enough for the release that is there and not for a second one."""
    twelve_more(organisation)
    before = organisation.series()
    there = sum(path.lstat().st_size for path in organisation.releases.rglob("*"))
    size = "600k" if folder == "werk" else f"{there * 3 // 2 // 1024}k"
    if folder == "werk":
        shutil.rmtree(organisation.werkmap)
    small_disk(organisation.root / folder, size)
    ended = kit.finish(kit.start(organisation, "run"))
    assert ended.code == 1, ended.text
    assert f"De schijf van {organisation.root / folder}" in ended.err
    assert "Maak ruimte en begin opnieuw" in ended.err
    assert organisation.series() == before
    assert not [path for path in organisation.releases.iterdir() if path.name.startswith(".bezig")]
    unharmed(organisation, ended)


# ---- as a process of its own (killed and asked to stop: tests/chaos) -------------------------------


def test_the_command_itself_ends_with_the_code_and_no_trace(organisation: Organisation) -> None:
    """Once as somebody types it: the code of the process, figures on the one stream and messages on the other."""
    organisation.deliver(BENEFIT, b"")
    ended = kit.finish(kit.start(organisation, "run"))
    assert (ended.code, ended.out) == (5, "")
    assert "uitkering.csv: het bestand is leeg" in ended.err
    unharmed(organisation, ended)
    environment: dict[str, Any] = {"env": kit.environment()}
    command = [str(Path(sys.executable).with_name("werkmonitor"))]
    bare = subprocess.run(command, capture_output=True, text=True, check=False, **environment)
    assert (bare.returncode, bare.stdout) == (2, "")
    assert "Gebruik: werkmonitor" in bare.stderr
