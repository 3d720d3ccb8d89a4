"""The pages that are explored (`verkennen/`): building them once with Evidence, and putting them with a release's data
into its site.

What belongs here: the cache of built pages, the tables that pages load (from a release's own files and nothing else)
and the page that stands there when nothing was built. What does not: the pages themselves (reports/verkennen), the
pages that are read (report/), and publishing (core/release). decisions/0008 says why it is made so.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from werkmonitor.core import atomic, datapackage
from werkmonitor.core.csvio import sql_text
from werkmonitor.core.lock import run_lock
from werkmonitor.core.types import OWN, WerkmonitorError
from werkmonitor.report import words
from werkmonitor.settings import PROJECT_ROOT

SOURCE = PROJECT_ROOT / "reports" / "verkennen"
LOOK = PROJECT_ROOT / "reports" / "static"
CACHE = SOURCE / ".bouw"
FOLDER = "verkennen"
MAX_ROWS = 50_000
NODE = 20
KEPT_BUILDS = 3
SECONDS = 1800  # for a slow machine behind a slow proxy; 2 minutes on a quick one
ABSENT = (
    "De site heeft geen 'Zelf zoeken': die pagina's zijn niet gebouwd. Geef `werkmonitor verkennen bouwen` "
    f"(vraagt Node {NODE}); de volgende run zet ze erin."
)

# What a build is made of. Everything else in the folder (a guide, the test, what npm leaves) changes no page.
_PARTS = ("package.json", "package-lock.json", "opschonen.mjs", "evidence.config.yaml", "svelte.config.js", "app.css")
_FOLDERS = ("patches", "pages", "components", "static")
_PACKAGES = ("package.json", "package-lock.json", "opschonen.mjs", "patches")
# Evidence's own icons and what only its own pages ask for.
_UNUSED = ("favicon.ico", "icon.svg", "icon-192.png", "icon-512.png", "apple-touch-icon.png")
_COMPRESSED = {".js", ".css", ".html", ".json", ".svg", ".wasm", ".arrow"}
_SMALLEST = 1024  # bytes under which compressing saves no packet

# The lists of a series and where each comes from.
_LISTS = {
    "perioden": "CAST(left(periode, 4) || right(periode, 2) AS INTEGER)",
    "waarden": "waarde",
    "ondergrenzen": "ondergrens",
    "bovengrenzen": "bovengrens",
    "tellers": "CAST(teller AS INTEGER)",
    "noemers": "CAST(noemer AS INTEGER)",
    "niet_volgbaar": "CAST(n_niet_volgbaar AS INTEGER)",
    "risico": "CAST(n_risico AS INTEGER)",
    "statussen": "s.statusnummer",
    "vanaf": "meetbaar_vanaf",
    "breuken": "reeksbreuk",
}

Say = Callable[[str], None]


class PackagesUnreachable(WerkmonitorError):
    """npm could not fetch the packages that the pages are built with."""


@dataclass(frozen=True)
class Stamped:
    """What stands in a site's `verkennen/`. `aanwezig` False: only a page that says that it is not there, and why;
    `bericht` says it to an operator; `bestanden` are the names written, relative to the site."""

    aanwezig: bool
    bericht: str
    bestanden: tuple[str, ...]
    rijen: int = 0


# ---- building


def build_digest() -> str:
    """The digest of everything that the built pages are made of: the name of a build in the cache."""
    return _digest([*(SOURCE / name for name in (*_PARTS, *_FOLDERS)), LOOK])


def built(cache: Path | None = None) -> Path | None:
    """The built pages that fit the sources as they are now, or None when `bouwen` has to be run first."""
    folder = (cache or CACHE) / build_digest()
    return folder if folder.is_dir() else None


def explore_build(cache: Path | None = None) -> str:
    """What a release takes along: the name of the finished build, empty when there is none."""
    pages = built(cache)
    return pages.name if pages else ""


def build(cache: Path | None = None, say: Say = print) -> Path:
    """Build the pages, unless they are there already. Needs Node and, when packages changed, the npm registry.

    Raises WerkmonitorError, in Dutch, when that is not to be had; the rest of the site does without.
    """
    cache = cache or CACHE
    ready = built(cache)
    if ready is not None:
        say(f"Verkennen staat al klaar ({ready.name}).")
        return ready
    _require_node()
    cache.mkdir(parents=True, exist_ok=True)
    with run_lock(cache / "slot"):
        workshop, log = cache / "werkplaats", cache / "bouw.log"
        log.unlink(missing_ok=True)
        _copy_sources(workshop)
        _install(workshop, log, say)
        say("Pagina's bouwen …")
        _run(["npm", "run", "build"], workshop, log, "De pagina's van verkennen zijn niet te bouwen")
        target = cache / build_digest()
        _keep(workshop / "build", target)
        _forget_old(cache, target)
    say(f"Verkennen staat klaar ({target.name}). De volgende release krijgt het mee.")
    return target


def _require_node() -> None:
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        raise WerkmonitorError(
            f"node of npm is niet gevonden. Installeer Node {NODE} of nieuwer (nodejs.org, of het pakket nodejs) "
            "en geef opnieuw `werkmonitor verkennen bouwen`. De rest van de site werkt zonder."
        )
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    if not version.lstrip("v").split(".")[0].isdigit() or int(version.lstrip("v").split(".")[0]) < NODE:
        raise WerkmonitorError(f"Node {version or 'onbekend'} is te oud: verkennen vraagt Node {NODE} of nieuwer.")


def _copy_sources(workshop: Path) -> None:
    """A fresh copy of the sources beside the packages that an earlier build left."""
    workshop.mkdir(exist_ok=True)
    for name in (*_PARTS, *_FOLDERS, "build", ".evidence"):
        path = workshop / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    for name in _PARTS:
        shutil.copyfile(SOURCE / name, workshop / name)
    for name in _FOLDERS:
        if (SOURCE / name).is_dir():
            shutil.copytree(SOURCE / name, workshop / name)
    shutil.copytree(LOOK, workshop / "static" / "vorm")


def _install(workshop: Path, log: Path, say: Say) -> None:
    """`npm ci`, only when what is to be installed has changed."""
    wanted, noted = _digest([SOURCE / name for name in _PACKAGES]), workshop / "node_modules" / ".werkmonitor"
    if noted.is_file() and noted.read_text(encoding="utf-8") == wanted:
        return
    say("Pakketten ophalen (npm ci) …")
    command = ["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"]
    failed = "De pakketten voor verkennen zijn niet op te halen"
    _run(command, workshop, log, failed, PackagesUnreachable)
    noted.write_text(wanted, encoding="utf-8")


def _run(
    command: Sequence[str], folder: Path, log: Path, failed: str, error: type[WerkmonitorError] = WerkmonitorError
) -> None:
    """One npm command with its output in the log; it and its children end with us."""
    env = os.environ | {"SEND_ANONYMOUS_USAGE_STATS": "no", "DO_NOT_TRACK": "1", "npm_config_update_notifier": "false"}
    with log.open("ab") as stream:
        process = subprocess.Popen(
            command, cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=stream, stderr=stream, start_new_session=True
        )
        try:
            code = process.wait(timeout=SECONDS)
        except subprocess.TimeoutExpired:
            code = -1
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
    if code != 0:
        raise error(
            f"{failed}; wat npm zei, staat in {log}. Is de npm-registry bereikbaar (`npm ping`)? De rest van de site "
            "werkt zonder verkennen; probeer het later opnieuw."
        )


def _keep(found: Path, target: Path) -> None:
    """The built pages under their digest, each with its compressed form beside it, in one step."""
    if not (found / "index.html").is_file():
        raise WerkmonitorError(f"Het bouwen van verkennen gaf geen pagina's; zie {target.parent / 'bouw.log'}.")
    staging = target.with_name(f"{atomic.STAGING_PREFIX}{target.name}")
    shutil.rmtree(staging, ignore_errors=True)
    shutil.copytree(found, staging, ignore=shutil.ignore_patterns(*_UNUSED))
    for path in _files(staging):
        _compress(path)
    os.rename(staging, target)


def _forget_old(cache: Path, current: Path) -> None:
    """Earlier builds: releases have their own copy, so only the newest few stay."""
    others = [path for path in cache.iterdir() if len(path.name) == len(current.name) and path != current]
    for path in sorted(others, key=lambda path: path.stat().st_mtime, reverse=True)[KEPT_BUILDS - 1 :]:
        shutil.rmtree(path, ignore_errors=True)


# ---- putting it into a release


def stamp(release: Path, site: Path, *, cache: Path | None = None) -> Stamped:
    """Put `verkennen/` into a site folder, with the data of the release in `release` (its reeksen.parquet,
    definities.json and manifest.json). Never raises because nothing was built: then a page says so."""
    target = site / FOLDER
    pages = built(cache)
    if pages is None:
        target.mkdir(parents=True)
        (target / "index.html").write_text(_absent_page(release), encoding="utf-8")
        return Stamped(False, ABSENT, _names(target, site))
    shutil.copytree(pages, target, copy_function=_link_or_copy)
    rows = write_data(release, target / "data")
    return Stamped(True, f"Verkennen staat in de site, met {rows} rijen gegevens.", _names(target, site), rows)


def absence(release: Path) -> str:
    """What an operator has to know of a release whose site came without these pages; empty when they are there."""
    folder = release / "site" / FOLDER
    return ABSENT if (folder / "index.html").is_file() and not (folder / "data").is_dir() else ""


def _names(folder: Path, site: Path) -> tuple[str, ...]:
    return tuple(path.relative_to(site).as_posix() for path in _files(folder))


def look(release: Path, folder: Path, *, cache: Path | None = None) -> Stamped:
    """What `stamp` would put in a site, in a folder of one's own; for trying out a page."""
    if not (release / "reeksen.parquet").is_file():
        raise WerkmonitorError(f"{release} is geen map van een release: reeksen.parquet staat er niet in.")
    if (folder / FOLDER).exists():
        raise WerkmonitorError(f"{folder / FOLDER} bestaat al. Kies een lege map, of verwijder haar.")
    if built(cache) is None:
        raise WerkmonitorError(
            "De pagina's zijn niet gebouwd, of daarna gewijzigd. Geef `werkmonitor verkennen bouwen`."
        )
    folder.mkdir(parents=True, exist_ok=True)
    return stamp(release.resolve(), folder, cache=cache)


def _link_or_copy(source: str, target: str) -> str:
    """The pages are the same in every release: one copy on disk, where the disk can."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
    return target


def _absent_page(release: Path) -> str:
    name = escape(_json(release / "manifest.json").get("organisatie", "Werkmonitor"))
    return f"""<!doctype html>
<html lang="nl">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Zelf zoeken – {name}</title>
</head>
<body>
<main>
<h1>Zelf zoeken kan in deze uitgave niet</h1>
<p>De pagina's om zelf in de cijfers te zoeken zijn bij deze release niet meegekomen. Alle cijfers staan wel in het
rapport en bij de downloads.</p>
<p><a href="../index.html">Naar het rapport van {name}</a></p>
</main>
</body>
</html>
"""


# ---- the data of a release


def write_data(release: Path, folder: Path) -> int:
    """Write the tables of a release as the pages load them, with their list. Gives the number of rows together."""
    tables = release_tables(release)
    streams = {name: _stream(table) for name, table in tables.items()}
    digest = hashlib.sha256(b"".join(streams.values())).hexdigest()[:16]
    place = folder / "werkmonitor" / digest
    place.mkdir(parents=True)
    for name, stream in streams.items():
        (place / f"{name}.arrow").write_bytes(stream)
    listed = {"renderedFiles": {"werkmonitor": [f"/data/werkmonitor/{digest}/{name}.arrow" for name in streams]}}
    (folder / "manifest.json").write_text(json.dumps(listed, indent=1) + "\n", encoding="utf-8")
    for path in _files(folder):
        _compress(path)
    return sum(table.num_rows for table in tables.values())


def release_tables(release: Path) -> dict[str, pa.Table]:
    """The tables that pages ask. `cijferreeks` has one row a series, its periods as lists; when a release has more than
    fit, whole groups of series stay out and `release.weggelaten` says so to the reader."""
    manifest, registry = _json(release / "manifest.json"), _json(release / "definities.json")
    with duckdb.connect() as con:
        con.execute("SET threads = 2")
        con.execute(f"CREATE VIEW r AS SELECT * FROM read_parquet({sql_text(str(release / 'reeksen.parquet'))})")
        tables = {
            "indicator": _indicators(con, registry),
            "gebied": _regions(con, manifest),
            "uitsplitsing": _dimensions(con, registry),
            "categorie": _categories(con, registry),
            "status": _statuses(),
            "maand": pa.table({"maand": list(range(1, 13)), "naam": list(words.MONTHS)}),
        }
        for name, table in tables.items():
            con.register(f"_{name}", table)
        room = MAX_ROWS - sum(table.num_rows for table in tables.values()) - 1
        series, total = _series(con, manifest["regio_code"], room)
    tables["cijferreeks"] = series
    tables["release"] = _release(manifest, total - series.num_rows, total)
    return tables


def _series(con: duckdb.DuckDBPyConnection, region: str, room: int) -> tuple[pa.Table, int]:
    """The series that fit and how many there are. What goes in first: yearly totals, break-downs of the organisation,
    other totals, break-downs per gemeente of everybody, then the rest; of each, in the order of the registry."""
    con.execute(
        f"""
        CREATE TEMP TABLE reeks AS
        WITH bijeen AS (
            SELECT indicator_id, definitie_id, regio_code, indeling_jaar, dimensie, categorie, bron, eenheid,
                substr(periode, 5, 2) AS soort, list(struct_pack({_cells()}) ORDER BY periode) AS cellen
            FROM r JOIN _status s USING (status)
            GROUP BY ALL
        )
        SELECT * EXCLUDE (cellen), {_lists()} FROM bijeen
        """
    )
    chosen = f"""
        WITH groep AS (
            SELECT r.*, i.volgorde, CASE
                WHEN dimensie = 'totaal' AND soort = 'JJ' THEN 0
                WHEN dimensie <> 'totaal' AND regio_code = {sql_text(region)} THEN 1
                WHEN dimensie = 'totaal' THEN 2 WHEN i.populatie_id IN ('', 'alle') THEN 3 ELSE 4 END AS rang
            FROM reeks r JOIN _indicator i USING (definitie_id, indicator_id)
        ), telling AS (
            SELECT rang, volgorde, sum(count(*)) OVER (ORDER BY rang, volgorde) AS samen
            FROM groep GROUP BY rang, volgorde
        )
        SELECT g.* EXCLUDE (rang, volgorde) FROM groep g JOIN telling t USING (rang, volgorde) WHERE samen <= {room}
        ORDER BY g.volgorde, definitie_id, bron, regio_code, dimensie, categorie, soort, eenheid, indeling_jaar
    """
    total = con.execute("SELECT count(*) FROM reeks").fetchone()
    return con.execute(chosen).to_arrow_table(), int(total[0]) if total else 0


def _cells() -> str:
    return ", ".join(f"{name} := {value}" for name, value in _LISTS.items())


def _lists() -> str:
    """One list over the periods for each column; a list of nothing but NULL is NULL, which costs no room."""
    found = {name: f"list_transform(cellen, lambda cel: cel.{name})" for name in _LISTS}
    return ", ".join(
        f"CASE WHEN list_any_value({one}) IS NOT NULL THEN {one} END AS {name}" for name, one in found.items()
    )


def _indicators(con: duckdb.DuckDBPyConnection, registry: Mapping[str, Any]) -> pa.Table:
    """Every definition that has figures: the registry's in its order, then what only others publish or is derived."""
    query = f"SELECT indicator_id, definitie_id, bool_or(bron = '{OWN}') FROM r GROUP BY ALL ORDER BY ALL"
    known = {entry["definitie_id"]: (place, entry) for place, entry in enumerate(registry["indicatoren"])}
    by_id = {entry["indicator_id"]: (place, entry) for place, entry in enumerate(registry["indicatoren"])}
    populations = {name: code for code, name in registry["populaties"].items()}
    rows = []
    for indicator_id, definitie_id, own in con.execute(query).fetchall():
        place, entry = known.get(definitie_id) or _other(indicator_id, by_id)
        population = entry.get("populatie") or ""
        rows.append(
            {
                "indicator_id": indicator_id,
                "definitie_id": definitie_id,
                "onderwerp": indicator_id.split("__")[0],
                "naam": entry["naam"],
                "vraag": entry.get("vraag", ""),
                "definitie": entry["definitie"],
                "populatie_id": populations.get(population, ""),
                "populatie": population or None,
                "teller": entry.get("teller", ""),
                "noemer": entry.get("noemer"),
                "beperkingen": " ".join(entry.get("beperkingen", ())) or None,
                "eigen": own,
                "plaats": place,
            }
        )
    rows.sort(key=lambda row: (row["plaats"], row["definitie_id"]))
    kinds = {"eigen": pa.bool_(), "volgorde": pa.int32()}
    names = [*(name for name in rows[0] if name != "plaats"), "volgorde"] if rows else ["definitie_id", *kinds]
    schema = pa.schema([(name, kinds.get(name, pa.string())) for name in names])
    return pa.Table.from_pylist([{**row, "volgorde": number} for number, row in enumerate(rows)], schema=schema)


def _other(indicator_id: str, by_id: Mapping[str, tuple[int, dict[str, Any]]]) -> tuple[int, dict[str, Any]]:
    """A definition that the registry does not hold: of another body, or an index."""
    last = len(by_id)
    base = by_id.get(indicator_id.removeprefix("index_"))
    if base is not None and indicator_id.startswith("index_"):
        text = f"Het cijfer '{base[1]['naam']}' als percentage van dat in het basisjaar."
        return last, {"naam": f"Index: {base[1]['naam']}", "definitie": text, "teller": "het cijfer van het jaar",
                      "noemer": "dat van het basisjaar"}  # fmt: skip
    if base is not None:
        text = "Cijfer van een andere bron, volgens haar eigen definitie: niet zonder meer te vergelijken."
        return base[0], {**base[1], "definitie": text, "teller": "volgens de bron", "noemer": None}
    name = indicator_id.split("__")[0].replace("_", " ").capitalize()
    return last, {"naam": name, "definitie": "Cijfer van een andere bron, volgens haar eigen definitie."}


def _regions(con: duckdb.DuckDBPyConnection, manifest: Mapping[str, Any]) -> pa.Table:
    """The organisation first, then its gemeenten by name, then the regions of others."""
    return con.execute(
        f"""
        SELECT regio_code, max(regio_naam) AS regio_naam,
            row_number() OVER (ORDER BY regio_code <> {sql_text(manifest["regio_code"])}, NOT bool_or(bron = '{OWN}'),
                max(regio_naam), regio_code)::INTEGER AS volgorde
        FROM r GROUP BY regio_code ORDER BY volgorde
        """
    ).to_arrow_table()


def _dimensions(con: duckdb.DuckDBPyConnection, registry: Mapping[str, Any]) -> pa.Table:
    names = {"totaal": "geen (het totaal)"}
    names |= {code: entry["naam"].split(" (")[0] for code, entry in registry["dimensies"].items()}
    found = [row[0] for row in con.execute("SELECT DISTINCT dimensie FROM r ORDER BY 1").fetchall()]
    order = list(names)
    found.sort(key=lambda code: (order.index(code) if code in names else len(order), code))
    labels = [names.get(code) or " en ".join(names.get(part, part) for part in code.split(" x ")) for code in found]
    return pa.table({"dimensie": found, "dimensie_naam": labels, "volgorde": list(range(len(found)))})


def _categories(con: duckdb.DuckDBPyConnection, registry: Mapping[str, Any]) -> pa.Table:
    found = con.execute("SELECT DISTINCT dimensie, categorie FROM r").fetchall()
    rows = [(*_place(registry, dimension, code), dimension, code) for dimension, code in found]
    rows.sort(key=lambda row: (row[2], row[0], row[3]))
    return pa.table(
        {
            "dimensie": [row[2] for row in rows],
            "categorie": [row[3] for row in rows],
            "categorie_naam": [row[1] for row in rows],
            "volgorde": list(range(len(rows))),
        }
    )


def _place(registry: Mapping[str, Any], dimension: str, code: str) -> tuple[tuple[int, ...], str]:
    """Where a category stands in its break-down and what it is called; of a crossed pair, both parts."""
    parts = list(zip(dimension.split(" x "), code.split(" x "), strict=False))
    places, names = [], []
    for one, part in parts:
        known = registry["dimensies"].get(one, {}).get("categorieen", [])
        places.append(known.index(part) if part in known else len(known))
        names.append(part.lstrip("0") or "0" if one == "maanden_sinds_uitstroom" else words.category(one, part))
    return tuple(places), ", ".join(names)


def _statuses() -> pa.Table:
    codes = [code for code, _ in datapackage.STATUSES]
    names = [words.STATUS_WORDS[code] for code in codes]
    numbers = pa.array(range(len(codes)), pa.int8())
    return pa.table({"statusnummer": numbers, "status": codes, "status_naam": names})


def _release(manifest: Mapping[str, Any], missing: int, total: int) -> pa.Table:
    text = None
    if missing:
        text = (
            f"Niet alles past op deze pagina's: {words.number(missing)} van de {words.number(total)} reeksen, vooral "
            "uitsplitsingen per gemeente, staan alleen in reeksen.csv bij de downloads."
        )
    row = {
        "release_id": manifest["release_id"],
        "organisatie": manifest["organisatie"],
        "regio_code": manifest["regio_code"],
        "peildatum": manifest["peildatum"],
        "indeling_jaar": manifest["indeling_jaar"],
        "afgerond": manifest["geheimhouding"]["methode"] == "afronden",
        "drempel": manifest["geheimhouding"]["drempel"],
        "verzonnen": "verzonnen" in manifest["organisatie"],
        "weggelaten": text,
    }
    types = {name: pa.scalar(value).type for name, value in row.items()} | {"weggelaten": pa.string()}
    return pa.Table.from_pylist([row], schema=pa.schema(list(types.items())))


def _stream(table: pa.Table) -> bytes:
    """One Arrow IPC stream of one batch, repeated texts written once: what the engine in the browser takes."""
    columns = [_settled(table.column(name).combine_chunks()) for name in table.column_names]
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(
        sink, pa.schema(list(zip(table.column_names, [c.type for c in columns], strict=True)))
    ) as out:
        out.write_batch(pa.record_batch(columns, table.column_names))
    return sink.getvalue().to_pybytes()


def _settled(values: pa.Array) -> pa.Array:
    """The same values in memory that holds nothing else: what lies under a NULL differs from run to run, and a release
    must not."""
    if pa.types.is_list(values.type):
        lengths = pc.fill_null(pc.list_value_length(values), 0)
        offsets = pa.concat_arrays([pa.array([0], pa.int32()), pc.cumulative_sum(lengths).cast(pa.int32())])
        return pa.ListArray.from_arrays(offsets, _filled(values.flatten()), mask=pc.is_null(values))
    if pa.types.is_string(values.type):
        coded = values.dictionary_encode()
        return pa.DictionaryArray.from_arrays(_filled(coded.indices), coded.dictionary)
    return _filled(values)


def _filled(values: pa.Array) -> pa.Array:
    """Zero or no text under every NULL."""
    if values.null_count == 0:
        return pa.concat_arrays([values])
    nothing = pa.scalar("") if pa.types.is_string(values.type) else pa.scalar(0, pa.int32()).cast(values.type)
    validity = pc.is_valid(values).buffers()[1]
    return pa.Array.from_buffers(
        values.type, len(values), [validity, *pc.fill_null(values, nothing).buffers()[1:]], values.null_count
    )


# ---- files


def _compress(path: Path) -> None:
    """The gzip form beside a file, the same bytes every time, for a server that sends it as it lies there."""
    if path.suffix in _COMPRESSED and path.stat().st_size >= _SMALLEST:
        path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))


def _files(folder: Path) -> Iterator[Path]:
    yield from sorted(path for path in folder.rglob("*") if path.is_file())


def _digest(parts: Sequence[Path]) -> str:
    """One digest over files and folders: names and contents."""
    found = hashlib.sha256()
    for part in parts:
        for path in _files(part) if part.is_dir() else [part] if part.is_file() else []:
            name = f"{part.name}/{path.relative_to(part).as_posix()}" if part.is_dir() else part.name
            found.update(f"{name}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()[:16]


def _json(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))
