"""The data of `verkennen` against the release it comes from, and what happens when there are no built pages.

No Node and no browser: a small script stands in for npm, and the view of the pages runs in DuckDB itself.
"""

from __future__ import annotations

import gzip
import json
import re
import shutil
from datetime import date
from pathlib import Path
from typing import Any, Protocol

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from werkmonitor import verkennen
from werkmonitor.core import datapackage, registry
from werkmonitor.core.types import WerkmonitorError

OWN = "eigen registratie"
TYPES = {
    "VARCHAR": pa.string(),
    "INTEGER": pa.int32(),
    "BIGINT": pa.int64(),
    "DOUBLE": pa.float64(),
    "DATE": pa.date32(),
}
SCHEMA = pa.schema([(column.name, TYPES[column.sql]) for column in datapackage.REEKSEN])
COLUMNS = ", ".join(SCHEMA.names)


def cell(**values: Any) -> dict[str, Any]:
    indicator = values.get("indicator_id", "uitstroom")
    base = {name: None for name in SCHEMA.names} | {
        "indicator_id": indicator,
        "definitie_id": f"{indicator}@1",
        "regio_code": "AM08",
        "regio_naam": "Rijk van Nijmegen",
        "indeling_jaar": 2025,
        "periode": "2023JJ00",
        "dimensie": "totaal",
        "categorie": "totaal",
        "eenheid": "momenten",
        "status": "definitief",
        "bron": OWN,
    }
    return base | values


def cells() -> list[dict[str, Any]]:
    """Every status, kind of period, break-down and column that a release can have."""
    nijmegen = {"regio_code": "GM0268", "regio_naam": "Nijmegen"}
    share = {"indicator_id": "duurzaam_uit_uitkering_12__alle", "eenheid": "%"}
    masked = {**nijmegen, "status": "onderdrukt", "dimensie": "leeftijd"}
    curve = {
        "indicator_id": "terugkeer_km__alle",
        "eenheid": "%",
        "dimensie": "maanden_sinds_uitstroom",
        "categorie": "01",
    }
    others = {"definitie_id": "uitstroom_elders@1", "bron": "Jaarstukken, Elders", "regio_code": "AM23"}
    return [
        cell(waarde=120.0, teller=120),
        cell(waarde=115.0, teller=115, periode="2024JJ00", status="voorlopig", reeksbreuk="nieuw systeem"),
        cell(waarde=30.0, teller=30, periode="2023KW04"),
        cell(waarde=10.0, teller=10, periode="2023MM12"),
        cell(waarde=0.0, teller=0, **nijmegen),
        cell(categorie="0-26", **masked),
        cell(categorie="55+", waarde=25.0, teller=25, **nijmegen | {"dimensie": "leeftijd"}),
        cell(**share, waarde=78.0, teller=225, noemer=290, n_niet_volgbaar=45),
        cell(**share, periode="2025JJ00", status="nog_niet_meetbaar", meetbaar_vanaf=date(2027, 3, 31)),
        cell(**share, **masked | {"categorie": "0-26"}),
        cell(**share, **nijmegen, status="nvt", noemer=0, teller=0),
        cell(**share, dimensie="uitkeringsduur x arbeidsvermogen", categorie="0-1 x onder_wml", status="niet_geleverd"),
        cell(**curve, waarde=3.0, ondergrens=2.5, bovengrens=4.0, n_risico=280),
        cell(**curve | {"categorie": "36"}, status="nvt"),
        cell(**others, regio_naam="Drechtsteden", waarde=1097.5, eenheid="personen"),
        cell(**others, regio_naam="Drechtsteden", periode="2024JJ00", status="geheim"),
    ]


@pytest.fixture
def release(tmp_path: Path) -> Path:
    folder = tmp_path / "release"
    folder.mkdir()
    pq.write_table(pa.Table.from_pylist(cells(), schema=SCHEMA), folder / "reeksen.parquet")
    (folder / "definities.json").write_text(json.dumps(registry.as_published()), encoding="utf-8")
    manifest = {
        "release_id": "2025-12-31-0123456789ab",
        "organisatie": "Voorbeeld & Zoon (verzonnen)",
        "regio_code": "AM08",
        "peildatum": "2025-12-31",
        "indeling_jaar": 2025,
        "geheimhouding": {"methode": "afronden", "drempel": 5},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def as_the_pages_see_it(data: Path) -> duckdb.DuckDBPyConnection:
    """The files that data/manifest.json names, in tables, with the view of the pages over them."""
    con = duckdb.connect()
    con.execute("CREATE SCHEMA werkmonitor")
    for address in json.loads((data / "manifest.json").read_text("utf-8"))["renderedFiles"]["werkmonitor"]:
        with pa.ipc.open_stream(data.parent / address.removeprefix("/")) as reader:
            table = reader.read_all()
        con.register("gelezen", table)
        con.execute(f'CREATE TABLE werkmonitor."{Path(address).stem}" AS SELECT * FROM gelezen')
    script = (verkennen.SOURCE / "components" / "gegevens.js").read_text(encoding="utf-8")
    view = re.search(r"const CIJFERS = `(.*?)`", script, re.DOTALL)
    assert view is not None
    con.execute(view.group(1))
    return con


def pages(cache: Path) -> Path:
    """Built pages as a build leaves them."""
    folder = cache / verkennen.build_digest()
    folder.mkdir(parents=True)
    (folder / "index.html").write_text("<!doctype html><title>Verkennen</title>", encoding="utf-8")
    return folder


def test_every_cell_of_the_release_is_in_the_pages_exactly(release: Path, tmp_path: Path) -> None:
    verkennen.write_data(release, tmp_path / "data")
    con = as_the_pages_see_it(tmp_path / "data")
    columns = COLUMNS.replace("meetbaar_vanaf", "CAST(meetbaar_vanaf AS DATE) AS meetbaar_vanaf")
    ordered = "SELECT {} FROM {} ORDER BY ALL"
    shown = con.execute(ordered.format(columns, "cijfers")).fetchall()
    published = con.execute(ordered.format(COLUMNS, f"read_parquet('{release / 'reeksen.parquet'}')")).fetchall()
    assert shown == published and len(shown) == len(cells())


def test_what_has_no_number_says_why(release: Path, tmp_path: Path) -> None:
    verkennen.write_data(release, tmp_path / "data")
    con = as_the_pages_see_it(tmp_path / "data")
    found = con.execute("SELECT status, eenheid, waarom FROM cijfers WHERE waarde IS NULL").fetchall()
    assert sorted(found) == [
        ("geheim", "momenten", "geheim bij de bron"),
        ("niet_geleverd", "%", "niet geleverd"),
        ("nog_niet_meetbaar", "%", "nog niet meetbaar (vanaf 31 maart 2027)"),
        ("nvt", "%", "minder dan 20 mensen nog gevolgd"),
        ("nvt", "%", "niemand om te volgen"),
        ("onderdrukt", "%", "onderdrukt"),
        ("onderdrukt", "momenten", "onderdrukt (minder dan 5)"),
    ]
    assert con.execute("SELECT count(*) FROM cijfers WHERE waarde IS NOT NULL AND waarom IS NOT NULL").fetchone() == (
        0,
    )


def test_names_and_order_come_with_the_data(release: Path) -> None:
    tables = verkennen.release_tables(release)
    assert tables["gebied"]["regio_naam"].to_pylist() == ["Rijk van Nijmegen", "Nijmegen", "Drechtsteden"]
    own = {row["definitie_id"]: row for row in tables["indicator"].to_pylist()}
    assert own["duurzaam_uit_uitkering_12__alle@1"]["onderwerp"] == "duurzaam_uit_uitkering_12"
    assert own["duurzaam_uit_uitkering_12__alle@1"]["populatie"] == "alle uitstroom"
    assert "eigen definitie" in own["uitstroom_elders@1"]["definitie"] and not own["uitstroom_elders@1"]["eigen"]
    names = {(row["dimensie"], row["categorie"]): row["categorie_naam"] for row in tables["categorie"].to_pylist()}
    assert names["uitkeringsduur x arbeidsvermogen", "0-1 x onder_wml"] == "korter dan 1 jaar, onder het minimumloon"
    assert names["maanden_sinds_uitstroom", "01"] == "1"
    assert tables["release"]["weggelaten"].to_pylist() == [None]


def test_more_than_fits_leaves_whole_groups_out_and_says_so(release: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    everything = verkennen.release_tables(release)
    number = everything["cijferreeks"].num_rows
    room = sum(table.num_rows for table in everything.values()) - 2
    monkeypatch.setattr(verkennen, "MAX_ROWS", room)
    fewer = verkennen.release_tables(release)
    assert sum(table.num_rows for table in fewer.values()) <= room
    kept = fewer["cijferreeks"].to_pylist()
    left = [row for row in everything["cijferreeks"].to_pylist() if row not in kept]
    assert left and all(row["dimensie"] != "totaal" and row["regio_code"] == "GM0268" for row in left)
    text = fewer["release"]["weggelaten"][0].as_py()
    assert f"{len(left)} van de {number} reeksen" in text and "reeksen.csv" in text


def test_the_same_release_gives_the_same_files(release: Path, tmp_path: Path) -> None:
    for name in ("een", "twee"):
        verkennen.write_data(release, tmp_path / name)
    files = {path.relative_to(tmp_path / "een"): path.read_bytes() for path in verkennen._files(tmp_path / "een")}
    assert files == {
        path.relative_to(tmp_path / "twee"): path.read_bytes() for path in verkennen._files(tmp_path / "twee")
    }
    packed = [path for path in files if path.suffix == ".gz"]
    assert packed and all(gzip.decompress(files[path]) == files[path.with_suffix("")] for path in packed)


def test_without_built_pages_a_page_says_so(release: Path, tmp_path: Path) -> None:
    stamped = verkennen.stamp(release, tmp_path / "site", cache=tmp_path / "cache")
    assert not stamped.aanwezig and "werkmonitor verkennen bouwen" in stamped.bericht
    assert stamped.bestanden == ("verkennen/index.html",)
    assert verkennen.absence(tmp_path) == stamped.bericht
    page = (tmp_path / "site" / "verkennen" / "index.html").read_text(encoding="utf-8")
    assert "Voorbeeld &amp; Zoon (verzonnen)" in page and "default-src 'none'" in page and "<script" not in page


def test_each_release_has_the_pages_with_its_own_data(release: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    built = pages(cache)
    stamped = verkennen.stamp(release, tmp_path / "een", cache=cache)
    shutil.copytree(tmp_path / "een", tmp_path / "site")
    assert verkennen.absence(tmp_path) == verkennen.absence(tmp_path / "nergens") == ""
    assert stamped.aanwezig and stamped.rijen <= verkennen.MAX_ROWS
    assert all((tmp_path / "een" / name).is_file() for name in stamped.bestanden) and len(stamped.bestanden) > 8
    pq.write_table(pa.Table.from_pylist(cells()[:3], schema=SCHEMA), release / "reeksen.parquet")
    verkennen.stamp(release, tmp_path / "twee", cache=cache)
    counts = []
    for site in ("een", "twee"):
        folder = tmp_path / site / "verkennen"
        assert (folder / "index.html").read_bytes() == (built / "index.html").read_bytes()
        counts.append(as_the_pages_see_it(folder / "data").execute("SELECT count(*) FROM cijfers").fetchone())
    assert counts == [(len(cells()),), (3,)]
    assert not (built / "data").exists()


def test_looking_wants_a_release_a_free_folder_and_built_pages(release: Path, tmp_path: Path) -> None:
    cache, folder = tmp_path / "cache", tmp_path / "proef"
    with pytest.raises(WerkmonitorError, match="geen map van een release"):
        verkennen.look(tmp_path, folder, cache=cache)
    with pytest.raises(WerkmonitorError, match="zijn niet gebouwd, of daarna gewijzigd"):
        verkennen.look(release, folder, cache=cache)
    pages(cache)
    assert verkennen.look(release, folder, cache=cache).aanwezig
    with pytest.raises(WerkmonitorError, match="bestaat al"):
        verkennen.look(release, folder, cache=cache)


def test_a_changed_page_asks_for_a_new_build_a_changed_guide_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "verkennen"
    shutil.copytree(
        verkennen.SOURCE, source, ignore=shutil.ignore_patterns(".bouw", "node_modules", ".evidence", "build")
    )
    monkeypatch.setattr(verkennen, "SOURCE", source)
    pages(tmp_path / "cache")
    (source / "README.md").write_text("anders", encoding="utf-8")
    assert verkennen.built(tmp_path / "cache") is not None
    (source / "pages" / "index.md").write_text("# Anders", encoding="utf-8")
    assert verkennen.built(tmp_path / "cache") is None


class Npm(Protocol):
    """Makes the stand-ins; gives the file in which npm notes its calls."""

    def __call__(self, script: str, node: str = ...) -> Path: ...


@pytest.fixture
def npm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Npm:
    """A stand-in for node and npm on the path: npm notes what it was called for, then does `script`."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")

    def make(script: str, node: str = "echo v20.1.0") -> Path:
        calls = tmp_path / "aangeroepen"
        for name, lines in (("node", node), ("npm", f'echo "$1" >> {calls}\nmkdir -p node_modules build\n{script}')):
            (folder / name).write_text(f"#!/bin/sh\n{lines}\n", encoding="utf-8")
            (folder / name).chmod(0o755)
        return calls

    return make


def test_a_build_is_made_once_and_packages_are_fetched_once(npm: Npm, tmp_path: Path) -> None:
    calls = npm("printf '%2000s' x > build/index.html")
    said: list[str] = []
    target = verkennen.build(tmp_path / "cache", said.append)
    assert verkennen.built(tmp_path / "cache") == target == verkennen.build(tmp_path / "cache", said.append)
    assert calls.read_text("utf-8").split() == ["ci", "run"] and "staat al klaar" in said[-1]
    assert gzip.decompress((target / "index.html.gz").read_bytes()) == (target / "index.html").read_bytes()
    shutil.rmtree(target)
    verkennen.build(tmp_path / "cache", said.append)
    assert calls.read_text("utf-8").split() == ["ci", "run", "run"]


def test_a_registry_that_does_not_answer_is_said_in_words_and_leaves_no_half_build(npm: Npm, tmp_path: Path) -> None:
    npm("echo geen netwerk >&2; exit 1")
    with pytest.raises(WerkmonitorError, match=r"niet op te halen; wat npm zei, staat in .*bouw\.log"):
        verkennen.build(tmp_path / "cache", lambda _: None)
    assert "geen netwerk" in (tmp_path / "cache" / "bouw.log").read_text(encoding="utf-8")
    assert verkennen.built(tmp_path / "cache") is None


def test_a_build_that_gives_nothing_is_no_build(npm: Npm, tmp_path: Path) -> None:
    npm("exit 0")
    with pytest.raises(WerkmonitorError, match="gaf geen pagina's"):
        verkennen.build(tmp_path / "cache", lambda _: None)
    assert verkennen.built(tmp_path / "cache") is None


def test_an_old_or_missing_node_is_named(npm: Npm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    npm("exit 0", node="echo v16.4.0")
    with pytest.raises(WerkmonitorError, match=r"Node v16\.4\.0 is te oud"):
        verkennen.build(tmp_path / "cache", lambda _: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(WerkmonitorError, match="node of npm is niet gevonden"):
        verkennen.build(tmp_path / "cache", lambda _: None)


def test_the_pages_name_no_address_outside() -> None:
    folders = ("pages", "components", "app.css", "svelte.config.js")
    files = [path for name in folders for path in [verkennen.SOURCE / name, *(verkennen.SOURCE / name).rglob("*")]]
    found = [path for path in files if path.is_file() and re.search(r"(https?:)?//\w", path.read_text("utf-8"))]
    assert files and not [path for path in found if re.search(r"https?://|[\"'(]//", path.read_text("utf-8"))]
