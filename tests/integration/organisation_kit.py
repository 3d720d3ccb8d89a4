"""A tiny invented organisation (two gemeenten, 150 persons, four years) that a test writes itself as CSV, and the real
command line to run on it.

Every number in it follows from the number of the person by arithmetic: no chance, no clock, so that its figures can be
kept as a golden copy. Not here: what should come out of it, and any case of something that goes wrong.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import io
import json
import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
from werkmonitor.core import release_store
from werkmonitor.core.csvio import sql_text
from werkmonitor.settings import Settings, load_settings

PERSONS = 150
DELIVERED = "2024-01-15"
LATER = "2024-02-15"
PEILDATUM = date(2023, 12, 31)
KEY = "een-sleutel-voor-de-proef-die-lang-genoeg-is"
# Every client number begins like this and nothing else does: one search finds any number that leaked.
NUMBER_MARK = "ZX41"

CONFIG = """
[monitor]
naam = "Proefbedrijf Twee Gemeenten"
regio_code = "PROEF"
gemeenten = ["GM0268", "GM0296"]
peildatum = 2023-12-31

[bronnen.uitkeringen]
entiteiten = ["persoon", "uitkering"]
historie_vanaf = 2020-01-01
eigenaar = "Inkomen, Proefbedrijf"

[bronnen.polis]
entiteiten = ["dienstverband"]
dekking = "volledig"
historie_vanaf = 2020-01-01
eigenaar = "Gegevensbeheer, Proefbedrijf"
"""

PERSOON = "persoon_id,geboortedatum,geslacht,gemeente_code,overlijdensdatum,vertrekdatum,statushouder"
UITKERING = (
    "dossier_id,persoon_id,regeling,gemeente_code,begindatum,einddatum,reden_einde,leefvorm,kostendelers,norm_bedrag"
)
DIENSTVERBAND = "dienstverband_id,persoon_id,begindatum,einddatum,soort,contract,uren_per_week"

GEMEENTEN = ("GM0268", "GM0296")
REASONS = ("11", "13", "11", "01", "14", "17", "04", "32", "06", "98", "", "03", "11", "13")
START, END = date(2019, 3, 1), date(2023, 12, 31)

Row = dict[str, str]


# ---- the deliveries ------------------------------------------------------------------------------


def number(person: int) -> str:
    """The client number of a person."""
    return f"{NUMBER_MARK}{person * 7919 % 1_000_000:06d}"


def _text(day: date | None) -> str:
    return day.isoformat() if day else ""


def persons() -> list[Row]:
    """One row a person; some died or left, some traits are unknown."""
    return [_person(i) for i in range(1, PERSONS + 1)]


def _person(i: int) -> Row:
    born = date(1956, 1, 1) + timedelta(days=i * 1_733 % 17_500)
    spells = _spells(i)
    last = spells[-1][1]
    died = last if last and REASONS[(i + len(spells) - 1) % len(REASONS)] == "04" else None
    left = last + timedelta(days=1) if last and REASONS[(i + len(spells) - 1) % len(REASONS)] == "32" else None
    values = (
        number(i),
        _text(born),
        "MVMVMVMX"[i % 8] if i % 19 else "",
        GEMEENTEN[i % 3 == 0],
        _text(died),
        _text(left),
        ("ja", "nee", "nee", "")[i % 4],
    )
    return dict(zip(PERSOON.split(","), values, strict=True))


def _spells(i: int) -> list[tuple[date, date | None]]:
    """The benefit periods of a person: one to three, with gaps from 5 days to nearly a year; the last may be open."""
    found: list[tuple[date, date | None]] = []
    begin = START + timedelta(days=i * 53 % 1_300)
    for nth in range(1 + i % 3):
        end = begin + timedelta(days=60 + (i * 37 + nth * 211) % 700)
        if end > END:
            return [*found, (begin, None)]
        found.append((begin, end))
        begin = end + timedelta(days=1 + (5, 30, 31, 45, 120, 340)[(i + nth) % 6])
        if begin > END:
            break
    return found


def benefits() -> list[Row]:
    """One row a period; every fifth period is two rows, a move to the other gemeente half-way."""
    rows: list[Row] = []
    for i in range(1, PERSONS + 1):
        for nth, (begin, end) in enumerate(_spells(i)):
            reason = REASONS[(i + nth) % len(REASONS)] if end else ""
            half = begin + timedelta(days=40)
            if (i + nth) % 5 == 0:
                rows.append(_benefit(i, nth, begin, half - timedelta(days=1), "97", GEMEENTEN[i % 3 == 0]))
                rows.append(_benefit(i, nth, half, end, reason, GEMEENTEN[i % 3 != 0]))
            else:
                rows.append(_benefit(i, nth, begin, end, reason, GEMEENTEN[i % 3 == 0]))
    return rows


def _benefit(i: int, nth: int, begin: date, end: date | None, reason: str, gemeente: str) -> Row:
    values = (
        f"D{i:04d}-{nth}",
        number(i),
        ("PW", "PW", "PW", "PW", "IOAW", "PW", "PW", "PW", "BBZ", "PW", "TOZO")[(i + nth) % 11],
        gemeente,
        _text(begin),
        _text(end),
        reason,
        str(1 + i % 4),
        str(i % 3),
        f"{900 + i}.{i % 100:02d}",
    )
    return dict(zip(UITKERING.split(","), values, strict=True))


def jobs() -> list[Row]:
    """Work after most outflows for work, sometimes with a hole in it; some of it is a UWV benefit or self-employed."""
    rows: list[Row] = []
    for i in range(1, PERSONS + 1):
        for nth, (_, end) in enumerate(_spells(i)):
            reason = REASONS[(i + nth) % len(REASONS)]
            if end is None or (reason not in ("11", "13", "14") and i % 7):
                continue
            first = end + timedelta(days=1 + i % 40)
            last = first + timedelta(days=100 + i * 29 % 600)
            rows.append(_job(i, f"{nth}a", first, last if last <= END else None))
            again = last + timedelta(days=1 + (1, 31, 32)[i % 3])
            if i % 2 and again <= END:
                rows.append(_job(i, f"{nth}b", again, None))
    return rows


def _job(i: int, name: str, begin: date, end: date | None) -> Row:
    kind = ("loondienst", "loondienst", "loondienst", "zelfstandig", "uwv_uitkering")[i % 5]
    contract = ("vast", "tijdelijk", "uitzend", "oproep")[i % 4]
    values = (f"J{i:04d}-{name}", number(i), _text(begin), _text(end), kind, contract, str(8 + i % 33))
    return dict(zip(DIENSTVERBAND.split(","), values, strict=True))


DELIVERIES = {
    "uitkeringen/persoon": persons,
    "uitkeringen/uitkering": benefits,
    "polis/dienstverband": jobs,
}


def csv_text(rows: Sequence[Row], columns: Sequence[str] | None = None) -> str:
    """Rows as a CSV text: comma, LF, no quotes (no value needs them)."""
    names = list(columns or rows[0])
    lines = [",".join(names), *(",".join(row.get(name, "") for name in names) for row in rows)]
    return "\n".join(lines) + "\n"


# ---- an organisation on disk ---------------------------------------------------------------------


@dataclass(frozen=True)
class Organisation:
    """A folder with a configuration, a landing and whatever runs made of it."""

    root: Path

    @property
    def config(self) -> Path:
        return self.root / "werkmonitor.toml"

    @property
    def landing(self) -> Path:
        return self.root / "landing"

    @property
    def werkmap(self) -> Path:
        return self.root / "werk"

    @property
    def releases(self) -> Path:
        return self.root / "releases"

    @property
    def settings(self) -> Settings:
        return load_settings(self.config, {})

    def file(self, name: str, day: str = DELIVERED, suffix: str = "csv") -> Path:
        """The path of a delivery: `uitkeringen/uitkering` of a day."""
        bron, entiteit = name.split("/")
        return self.landing / bron / day / f"{entiteit}.{suffix}"

    def deliver(self, name: str, content: str | bytes | Sequence[Row], day: str = DELIVERED) -> Path:
        """Put a delivery in the landing: rows, a text or bytes as they are."""
        path = self.file(name, day)
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content if isinstance(content, str) else csv_text(content), encoding="utf-8")
        return path

    def configure(self, old: str, new: str) -> None:
        """Change the configuration; the old text must be there."""
        text = self.config.read_text(encoding="utf-8")
        assert old in text
        self.config.write_text(text.replace(old, new, 1), encoding="utf-8")

    def latest(self) -> dict[str, Any]:
        """latest.json; empty before the first run."""
        path = self.releases / "latest.json"
        return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}

    def current(self) -> Path | None:
        """The current release; found without the configuration, which may be what is wrong."""
        path = (self.releases / "current").resolve()
        return path if (path / "manifest.json").is_file() else None

    def series(self) -> bytes:
        """reeksen.csv of the current release."""
        return (self.releases / "current" / "reeksen.csv").read_bytes()

    def newest_night(self) -> Path:
        """The folder of the newest night."""
        return max((self.werkmap / "nachten").iterdir(), key=lambda path: (path.name[:15], path.stat().st_mtime_ns))

    def counts(self) -> dict[str, dict[str, int]]:
        """Per delivered file of the newest night what became of its rows."""
        rows = table(self.newest_night() / "counts.parquet")
        names = ("aangeleverd", "aanvaard", "dubbel", "buiten_bereik", "quarantaine")
        return {row["bestand"]: {name: row[name] for name in names} for row in rows}


def make(root: Path, config: str = CONFIG) -> Organisation:
    """The organisation with its three deliveries, nothing run yet."""
    organisation = Organisation(root)
    root.mkdir(parents=True, exist_ok=True)
    organisation.config.write_text(config, encoding="utf-8")
    for name, rows in DELIVERIES.items():
        organisation.deliver(name, rows())
    return organisation


def copy(organisation: Organisation, root: Path) -> Organisation:
    """Another organisation with the same past; the figures do not depend on where the folder lies."""
    shutil.copytree(organisation.root, root, symlinks=True)
    return Organisation(root)


def published(base: Path) -> Organisation:
    """The organisation with its first release, made once for all tests and workers under `base`; only to be copied."""
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    with (shared / "proefbedrijf.slot").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        organisation = Organisation(shared / "proefbedrijf")
        if organisation.current() is None:
            shutil.rmtree(organisation.root, ignore_errors=True)
            ended = call(make(organisation.root), "run")
            assert ended.code == 0, ended.text
        return organisation


def table(path: Path) -> list[dict[str, Any]]:
    """The rows of a Parquet file."""
    with duckdb.connect() as connection:
        return connection.execute("SELECT * FROM read_parquet(?)", [str(path)]).to_arrow_table().to_pylist()


# ---- the command line ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def text(self) -> str:
        return self.out + self.err


def environment(key: str | None = KEY, **more: str) -> dict[str, str]:
    """The environment without anything of ours but the key."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("WERKMONITOR_")}
    return {**clean, **({"WERKMONITOR_SLEUTEL": key} if key is not None else {}), **more}


@contextlib.contextmanager
def _as_environment(values: dict[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def call(organisation: Organisation, *arguments: str, env: dict[str, str] | None = None) -> Ended:
    """A command in this process, as `main` runs it: a second is saved on every import."""
    from werkmonitor.cli import _guarded

    out, err = io.StringIO(), io.StringIO()
    logging.disable(logging.CRITICAL)
    try:
        with (
            _as_environment({**(env or environment()), "WERKMONITOR_CONFIG": str(organisation.config)}),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
        ):
            code = _guarded(list(arguments), False)
    finally:
        logging.disable(logging.NOTSET)
    return Ended(code, out.getvalue(), err.getvalue())


def start(
    organisation: Organisation, *arguments: str, env: dict[str, str] | None = None, **more: Any
) -> subprocess.Popen[str]:
    """A command in a process of its own, as somebody types it."""
    command = [str(Path(sys.executable).with_name("werkmonitor")), *arguments, "--config", str(organisation.config)]
    return subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env or environment(), **more
    )


def finish(process: subprocess.Popen[str]) -> Ended:
    """Wait for a process to end."""
    out, err = process.communicate()
    return Ended(process.returncode, out, err)


# ---- what must hold whatever went wrong ----------------------------------------------------------


def whole(organisation: Organisation) -> list[str]:
    """What is wrong with any release of the organisation; none means that each reads whole."""
    folders = organisation.releases.glob("????-??-??-*")
    return [problem for folder in folders for problem in release_store.verify(folder)]


# The contents of files that were looked into before in this process, by digest.
_WITHOUT_NUMBER: set[str] = set()


def leaked(organisation: Organisation, *texts: str) -> list[str]:
    """Where a client number stands that may not: in a text, in the werkmap outside the snapshots, in a release."""
    found = [f"tekst: {text[:200]}" for text in texts if NUMBER_MARK in text]
    for folder in (organisation.werkmap, organisation.releases):
        found += [str(path) for path in _files(folder) if _holds_number(path)]
    return found


def _files(folder: Path) -> Iterable[Path]:
    for path in folder.rglob("*") if folder.exists() else ():
        if path.is_file() and not path.is_symlink() and "momentopnamen" not in path.parts:
            yield path


def _holds_number(path: Path) -> bool:
    content = path.read_bytes()
    if NUMBER_MARK.encode() in content:
        return True
    if path.suffix not in (".parquet", ".duckdb"):
        return False
    # Most tests leave the files of the release that they began with as they were: each content is unpacked once.
    digest = hashlib.sha256(content).hexdigest()
    if digest not in _WITHOUT_NUMBER and not _unpacked_holds_number(path):
        _WITHOUT_NUMBER.add(digest)
    return digest not in _WITHOUT_NUMBER


def _unpacked_holds_number(path: Path) -> bool:
    if path.suffix == ".parquet":
        with duckdb.connect() as connection:
            return _in_relation(connection, f"read_parquet({sql_text(str(path))})")
    with duckdb.connect(str(path), read_only=True) as connection:
        tables = connection.execute(
            "SELECT schema_name, table_name FROM duckdb_tables() WHERE NOT temporary"
        ).fetchall()
        return any(_in_relation(connection, f'"{schema}"."{name}"') for schema, name in tables)


def _in_relation(connection: duckdb.DuckDBPyConnection, relation: str) -> bool:
    """Compressed files hold no text to search: every row is written out as text."""
    row = connection.execute(
        f"SELECT count(*) FROM {relation} AS t WHERE contains(CAST(t AS VARCHAR), '{NUMBER_MARK}')"
    ).fetchone()
    return bool(row and row[0])
