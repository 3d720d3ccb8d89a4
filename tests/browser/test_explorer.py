"""The pages that are explored, built for real, with the release of a night in them: filters, links, downloads, figures.

The build is that of the product, where it stands ready (`make run` makes it); otherwise one of our own, made at most
once in a checkout and anew when its sources change. Never a new one in the place of the product's: other tests run
nights at this moment, in processes of their own, and their releases would differ from one to the next.
"""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import site_kit
from browser import browser_kit as kit
from browser import visible_numbers as visible
from integration import organisation_kit
from werkmonitor import verkennen

PRODUCT, OWN = verkennen.SOURCE / ".bouw", kit.HERE / ".bouw"
READY = "figure.reeksen table"
STAND = "stand_uitkeringen"
FIRST_LOAD = 12_000_000  # bytes
FIGURES = "Uitstroom uit de uitkering"
LOOKS = ("toetsenbord", "stappen", "axe", "axeSmal", "smal")
LINKED = ("van", "naast")  # the views of which somebody else opens the link; the first has three filters
# What npm calls a network that is not there, as in klaarzetten.sh.
NETWORK = re.compile(
    r"code (E[A-Z]*TIMEDOUT|EAI_AGAIN|ECONN[A-Z]+|ENOTFOUND|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|E429|E5\d\d)"
)
CSV, EXCEL = "text=Download deze cijfers (csv)", "text=Download voor Excel (csv)"


def steps() -> list[dict[str, Any]]:
    """What a reader does: another indicator, a gemeente, a break-down, one group, later years; quarters; everybody."""
    return [
        {"als": "begin"},
        {"kies": "#keuze-indicator", "waarde": "uitstroom", "kop": FIGURES, "als": "indicator"},
        {"kies": "#keuze-gebied", "waarde": "GM0268", "kop": "Nijmegen", "als": "gebied"},
        {"kies": "#keuze-kenmerk", "waarde": "leeftijd", "kop": "naar leeftijd", "kolommen": 6, "als": "kenmerk"},
        {"download": CSV, "als": "csv"},
        {"download": EXCEL, "als": "excel"},
        {"kies": "#keuze-van", "waarde": "2021", "rij": "2021", "als": "van"},
        {"kies": "#keuze-kenmerk", "waarde": "totaal"},
        {"kies": "#keuze-naast", "waarde": "alle", "kop": "alle gemeenten", "kolommen": 4, "als": "naast"},
        {"kies": "#keuze-indicator", "waarde": "duurzaam_uit_uitkering_12", "kop": "12 maanden", "als": "aandeel"},
    ]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A folder with the site of a release and `verkennen/` in it, and the release."""
    base = tmp_path_factory.getbasetemp()
    release = organisation_kit.published(base).current()
    assert release is not None
    with kit.alone(kit.shared(base), "verkennen"):
        cache = _built()
    folder = tmp_path_factory.mktemp("verkennen") / "site"
    shutil.copytree(release / "site", folder, ignore=shutil.ignore_patterns(verkennen.FOLDER))
    assert verkennen.look(release, folder, cache=cache).aanwezig
    return folder, release


def _built() -> Path:
    """The cache with the built pages. Without a registry there is nothing to look at; with one, what cannot be built is
    a failure."""
    if verkennen.built(PRODUCT) is not None:
        return PRODUCT
    try:
        verkennen.build(OWN)
    except verkennen.PackagesUnreachable as error:
        said = (OWN / "bouw.log").read_text(encoding="utf-8", errors="replace")
        ping = subprocess.run(["npm", "ping", "--fetch-retries=0"], capture_output=True, check=False)
        # A network that fails now and then is no fault of the pages, even when it answers the next question.
        if ping.returncode == 0 and not NETWORK.search(said):
            raise
        pytest.skip(f"'Zelf zoeken' is niet in een browser bekeken. {error}")
    return OWN


@pytest.fixture(scope="module")
def seen(place: tuple[Path, Path]) -> Mapping[str, Any]:
    """What the browser saw; the link of a chosen view is opened by somebody else, in a fresh profile."""
    folder, release = place
    with kit.served(folder) as base:
        # The address that the report links to; the example below is asked for by its folder.
        start = {"adres": f"{base}verkennen/index.html", "wacht": READY}
        found = kit.look([{**start, "naam": "begin", "vers": True, "wat": LOOKS, "stappen": steps()}])
        links = {name: found["begin"]["stappen"][name]["adres"] for name in LINKED}
        again = [{"naam": name, "adres": address, "wacht": READY, "vers": True} for name, address in links.items()]
        example = {
            "naam": "gemeenten",
            "adres": f"{base}verkennen/gemeenten/",
            "wacht": "table",
            "wat": ["axe", "axeSmal", "smal", "stappen"],
            # The heading changes at once, the figures when they have been looked up: wait for one of them.
            "stappen": [
                {"kies": "#keuze-indicator", "waarde": f"{STAND}@1", "cel": _largest(release), "als": "anders"}
            ],
        }
        found |= kit.look([*again, example])
    return {"base": base, **found}


def visits(seen: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {name: value for name, value in seen.items() if name != "base"}


def view(seen: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = seen["begin"]["stappen"][name]
    return found


def table(page: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = page["tabellen"][0]
    return found


def rows(release: Path, indicator: str, dimension: str = "totaal") -> list[dict[str, str]]:
    return [
        row
        for row in site_kit.rows_of(release / "reeksen.csv")
        if (row["indicator_id"], row["dimensie"]) == (indicator, dimension)
        and row["bron"] == kit.OWN
        and row["periode"].endswith("JJ00")
    ]


def test_no_complaint_and_no_request_to_another_address(seen: Mapping[str, Any]) -> None:
    for name, visit in visits(seen).items():
        assert (visit["console"], visit["mislukt"], visit["beleid"]) == ([], [], []), name
        outside = [one for one in visit["verzoeken"] if not one.startswith((seen["base"], "blob:", "data:"))]
        assert outside == [] and len(visit["verzoeken"]) > 5, name


def test_everybody_can_use_it(seen: Mapping[str, Any]) -> None:
    nothing = {"teVeel": 0, "eruit": []}
    for name in ("begin", "gemeenten"):
        assert seen[name]["axe"] == [] == seen[name]["axeSmal"], name
        assert seen[name]["smal"] == {"gewoon": nothing, "ruim": nothing}, name
        assert len(seen[name]["pagina"]["h1"]) == 1 and seen[name]["pagina"]["taal"] == "nl", name
    keys = seen["begin"]["toetsenbord"]
    assert keys["eerste"]["wat"].startswith("a.overslaan") and keys["naSprong"]["wat"].startswith("main#inhoud")
    assert [step for step in keys["stappen"] if not (step["omlijnd"] and step["inBeeld"])] == []


def test_filters_filter_and_the_figures_are_those_of_the_release(
    seen: Mapping[str, Any], place: tuple[Path, Path]
) -> None:
    _, release = place
    own = [row for row in rows(release, "uitstroom") if row["regio_code"] == "GM0268"]
    assert _wrong(view(seen, "gebied"), own) == []
    ages = [row for row in rows(release, "uitstroom", "leeftijd") if row["regio_code"] == "GM0268"]
    assert _wrong(view(seen, "kenmerk"), ages) == []
    later = view(seen, "van")
    assert _wrong(later, ages) == [] and [line[0] for line in visible.texts(table(later))] == ["2023", "2022", "2021"]
    assert _wrong(view(seen, "naast"), rows(release, "uitstroom")) == []
    assert _wrong(view(seen, "aandeel"), rows(release, "duurzaam_uit_uitkering_12__alle")) == []


def _wrong(page: Mapping[str, Any], meant: Sequence[Mapping[str, str]]) -> list[str]:
    """Every column of a table with years against the series of the file."""
    found = table(page)
    assert meant and len(found["rijen"]) >= 3
    lines = visible.texts(found)
    assert any(visible.number(text) is not None for line in lines for text in line[1:])
    columns = range(1, len(found["kolommen"]))
    return [fault for at in columns for fault in visible.wrong_series({line[0]: line[at] for line in lines}, meant)]


def test_what_is_not_shown_is_said_in_words(seen: Mapping[str, Any], place: tuple[Path, Path]) -> None:
    _, release = place
    texts = [cell for line in visible.texts(table(view(seen, "aandeel"))) for cell in line]
    waiting = [row for row in rows(release, "duurzaam_uit_uitkering_12__alle") if row["status"] == "nog_niet_meetbaar"]
    assert waiting and sum(text.startswith("nog niet meetbaar (vanaf ") for text in texts) >= len(
        [row for row in waiting if row["regio_code"] == "PROEF"]
    )
    ages = [cell for line in visible.texts(table(view(seen, "kenmerk"))) for cell in line]
    own = [row for row in rows(release, "uitstroom", "leeftijd") if row["regio_code"] == "GM0268"]
    masked = [row for row in own if row["status"] == "onderdrukt"]
    assert masked and sum("onderdrukt" in text for text in ages) == len(masked)


def test_the_first_load_is_light_where_compressed_files_are_sent(
    seen: Mapping[str, Any], place: tuple[Path, Path]
) -> None:
    folder, _ = place
    asked = {kit.local(one, seen["base"], folder) for one in seen["begin"]["verzoeken"] if "/verkennen/" in one}
    files = [path for path in asked if path is not None and path.is_file()]
    small = [path.with_name(f"{path.name}.gz") for path in files]
    sent = sum((zipped if zipped.is_file() else path).stat().st_size for path, zipped in zip(files, small, strict=True))
    assert any(path.suffix == ".wasm" for path in files) and any(path.suffix == ".arrow" for path in files)
    assert 1_000_000 < sent < FIRST_LOAD


def _largest(release: Path) -> str:
    """The largest stand of a gemeente in the newest year, as it is written."""
    found = [row for row in rows(release, STAND) if row["regio_code"].startswith("GM") and row["waarde"]]
    newest = max(row["periode"] for row in found)
    return str(int(max(float(row["waarde"]) for row in found if row["periode"] == newest)))


def test_the_example_page_filters(seen: Mapping[str, Any], place: tuple[Path, Path]) -> None:
    after = seen["gemeenten"]["stappen"]["anders"]
    year = after["gekozen"]["keuze-jaar"]
    assert after["gekozen"]["keuze-indicator"] == f"{STAND}@1" and f"jaar={year}" in after["adres"]
    meant = {row["regio_naam"]: row for row in rows(place[1], STAND) if row["periode"].startswith(year)}
    lines = visible.texts(table(after))
    assert len(lines) == 2 and all(visible.same(line[1], meant[line[0]]["waarde"]) for line in lines)


def test_a_link_shows_exactly_the_same_to_somebody_else(seen: Mapping[str, Any]) -> None:
    for name in LINKED:
        here, there = view(seen, name), seen[name]["pagina"]
        assert visible.texts(table(there)) == visible.texts(table(here)), name
        assert table(there)["kolommen"] == table(here)["kolommen"], name
        assert "?" in here["adres"] and here["titel"] == there["titel"], name


def test_downloads_are_the_rows_of_the_release(seen: Mapping[str, Any], place: tuple[Path, Path]) -> None:
    _, release = place
    meant = [row for row in rows(release, "uitstroom", "leeftijd") if row["regio_code"] == "GM0268"]
    plain, excel = view(seen, "csv"), view(seen, "excel")
    got = list(csv.DictReader(io.StringIO(plain["inhoud"])))
    assert sorted(map(str, got)) == sorted(map(str, meant)) and len(got) > 8
    assert release.name in plain["naam"] and excel["inhoud"].startswith("\ufeff")
    again = list(csv.DictReader(io.StringIO(excel["inhoud"].removeprefix("\ufeff")), delimiter=";"))
    assert [row["waarde"] for row in again] == [row["waarde"].replace(".", ",") for row in got]


def test_every_link_leads_somewhere(seen: Mapping[str, Any], place: tuple[Path, Path]) -> None:
    folder, _ = place
    for name, visit in visits(seen).items():
        assert len(visit["pagina"]["links"]) > 3, name
        for link in visit["pagina"]["links"]:
            target = kit.local(link.split("#")[0].split("?")[0], seen["base"], folder)
            assert target is not None, f"{name}: {link}"
            assert target.is_file() or (target / "index.html").is_file(), f"{name}: {link}"


def test_the_first_chart_is_measured(seen: Mapping[str, Any]) -> None:
    assert seen["begin"]["totKlaar"] > 0
    print("verkennen: eerste tabel en grafiek na", seen["begin"]["totKlaar"], "ms, koud, van deze machine")
