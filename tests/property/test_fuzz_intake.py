"""Random deliveries through the command line: bytes of good files changed at random, random csv structure, random cells
of every type. Whatever comes: a run ends with 0 or 5 and a Dutch sentence, every row is counted once, and nobody's
number stands in a message, a finding or any file but the delivered ones and the accepted rows.

`WERKMONITOR_FUZZ=50 pytest tests/property/test_fuzz_intake.py` looks fifty times as far, elsewhere each time; without
it the examples are always the same. Not here: damage with a known outcome (tests/integration/test_damage.py).
"""

from __future__ import annotations

import csv
import io
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from damage import build
from damage import organisation as damaged
from damage.library import DamagedFile, Kind, Result, valid_deliveries
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from integration.organisation_kit import Ended, Organisation
from werkmonitor.core.contracts import ENTITIES, Column, contract

TIMES = int(os.environ.get("WERKMONITOR_FUZZ", "1"))
SOURCE, DAY = "bron", DamagedFile(plaats="map", naam=".leeg", entiteit="uitkering")
NASTY = (
    *(b'"', b'""', b"\n", b"\r", b"\r\n", b",", b";", b"\t", b"\x00", b"\x01", b"\x1f", b"\xff", b"\xef\xbb\xbf"),
    *(b"'", b"=1+1", b"0" * 20, b"9999-12-31", "é".encode(), "é".encode("cp1252"), "\u2028".encode(), b" ", b"\\"),
)


def fuzzed(examples: int) -> Callable[[Any], Any]:
    """The same few examples on every machine; with WERKMONITOR_FUZZ many more, never the same."""
    # Looking for the smallest example takes minutes, and the files are small already.
    return settings(
        phases=(Phase.explicit, Phase.generate),
        max_examples=examples * TIMES,
        derandomize=TIMES == 1,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


# ---- what is delivered and what must hold --------------------------------------------------------


Counts = list[dict[str, Any]]


def taken_in(files: dict[str, bytes], source: dict[str, Any], entities: list[str]) -> tuple[Ended, Counts]:
    """Delivers files (a name, or `<day>/<name>`) as one source, runs the intake, asserts what always holds, and gives
    the counts per file."""
    kind = Kind(naam=SOURCE, wat="", bron={**source, "entiteiten": entities}, bestanden=(DAY,), uitkomst=Result())
    with tempfile.TemporaryDirectory(prefix="werkmonitor-fuzz-") as folder:
        organisation = damaged.make(Path(folder) / "proef", [kind])
        for name, content in files.items():
            path = organisation.landing / SOURCE / _dated(name)
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
        ended = damaged.run(organisation)
        assert ended.code in (0, 5), ended.text
        texts = [ended.text]
        counts: Counts = []
        if ended.code == 0:
            counts = pq.read_table(organisation.newest_night() / "counts.parquet").to_pylist()
            texts += [
                damaged.run(organisation, "bevindingen").text,
                damaged.run(organisation, "bevindingen", "--csv").text,
            ]
            holds(organisation, counts)
        else:
            assert any(f"{SOURCE}/{_dated(name)}" in ended.err for name in files), "a message names its file"
        assert not [word for word in damaged.ENGLISH if word in ended.text], ended.text
        assert damaged.leaks(organisation, *texts, but="accepted") == []
        return ended, counts


def _dated(name: str) -> str:
    return name if "/" in name else f"{DAY.dag}/{name}"


def holds(organisation: Organisation, counts: Counts) -> None:
    """Every row once, and what is told of a row is told of one that was refused, or of one that stays."""
    night = organisation.newest_night()
    for count in counts:
        assert count["aangeleverd"] == sum(count[name] for name in damaged.OUTCOMES), count
    kept_out = pq.read_table(night / "quarantine.parquet").to_pylist()
    places = [(row["bestand"], row["entiteit"], row["rij"]) for row in kept_out]
    assert len(places) == len(set(places)) == sum(count["quarantaine"] for count in counts)
    for path in (night / "accepted").iterdir():
        rows = pq.read_table(path).to_pylist()
        accepted = {(row["bestand"], path.stem, row["rij"]) for row in rows}
        key = ["persoon" if column == "persoon_id" else column for column in contract(path.stem).sleutel]
        # Two old gemeenten are two keys, and one afterwards.
        if "gemeente_code" not in key:
            assert len({tuple(row[column] for column in key) for row in rows}) == len(rows), "a key is accepted once"
        assert len(accepted) == len(rows) == sum(c["aanvaard"] for c in counts if c["entiteit"] == path.stem)
        assert not accepted & set(places)


# ---- bytes of good files, changed ----------------------------------------------------------------

somewhere = st.integers(0, 999)
Change = Callable[[bytes], bytes]


def _put(at: int, more: bytes, instead: int) -> Change:
    def change(content: bytes) -> bytes:
        start = len(content) * at // 1000
        return content[:start] + more + content[start + instead :]

    return change


def _copied(start: int, length: int, to: int) -> Change:
    def change(content: bytes) -> bytes:
        begin = len(content) * start // 1000
        return _put(to, content[begin : begin + length], 0)(content)

    return change


changes = st.one_of(
    st.builds(_put, somewhere, st.sampled_from(NASTY), st.integers(0, 3)),
    st.builds(_put, somewhere, st.binary(max_size=4), st.integers(0, 12)),
    st.builds(_put, somewhere, st.just(b""), st.integers(1, 200)),
    st.builds(_put, somewhere, st.just(b""), st.just(1 << 30)),  # cut off
    st.builds(_copied, somewhere, st.integers(1, 200), somewhere),
)


def _good(entity: str, form: Any = "csv", numbers: str = "clientnummer") -> bytes:
    kind = Kind(naam=SOURCE, wat="", entiteit=entity, bron={"persoon_id_soort": numbers}, uitkomst=Result())
    file = kind.files[0].model_copy(update={"vorm": form})
    return build.content(kind, file)


def _changed(content: bytes, made: list[Change]) -> bytes:
    for change in made:
        content = change(content)
    return content


@fuzzed(40)
@given(
    entity=st.sampled_from(sorted(valid_deliveries())),
    numbers=st.sampled_from(["bsn", "clientnummer"]),
    made=st.lists(changes, min_size=1, max_size=4),
    encoding=st.sampled_from(["utf-8", "windows-1252"]),
)
def test_a_csv_with_changed_bytes(entity: str, numbers: str, made: list[Change], encoding: str) -> None:
    content = _changed(_good(entity, numbers=numbers), made)
    source = {"persoon_id_soort": numbers, "codering": encoding}
    _, counts = taken_in({f"{entity}.csv": content}, source, [entity])
    for count in counts:
        lines, quoted = _lines(content)
        assert count["aangeleverd"] <= lines
        assert quoted or count["aangeleverd"] == lines


def _lines(content: bytes) -> tuple[int, bool]:
    """How many lines under the header could be rows, counted another way, and whether quotes may join some."""
    text = content.removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n").replace(b"\r", b" ")
    lines = text.split(b"\n")
    header = next(i for i, line in enumerate(lines) if line.strip(b' \t",'))
    under = [line for line in lines[header + 1 :] if line]
    return len(under), any(line.count(b'"') % 2 for line in under)


@fuzzed(25)
@given(form=st.sampled_from(["xlsx", "parquet"]), made=st.lists(changes, min_size=1, max_size=3), inside=st.booleans())
def test_a_workbook_or_parquet_file_with_changed_bytes(form: str, made: list[Change], inside: bool) -> None:
    content = _good("uitkering", form)
    if form == "xlsx" and inside:
        # Changes of the zip itself seldom come further than its checksums.
        content = build.changed_part(content, "xl/worksheets/sheet1.xml", lambda xml: _changed(xml, made))
    else:
        content = _changed(content, made)
    taken_in({f"uitkering.{form}": content}, {}, ["uitkering"])


# ---- random structure ----------------------------------------------------------------------------

COLUMNS = list(contract("uitkering").kolommen)
words = st.one_of(
    st.sampled_from([*build.CLIENT_NUMBERS, "PW", "GM0268", "2020-01-01", "", " ", '"', "1,5", "x\ny", "é"]),
    st.text(max_size=6),
)
lines = st.one_of(
    st.lists(words, max_size=12).map(lambda cells: cells),
    st.just(["D1", build.CLIENT_NUMBERS[0], "PW", "GM0268", "2019-01-01", "", "", "1", "0", "1.5"]),
)


@fuzzed(30)
@given(
    header=st.one_of(
        st.just(COLUMNS), st.permutations(COLUMNS), st.lists(st.sampled_from(COLUMNS) | words, max_size=14)
    ),
    rows=st.lists(lines, max_size=8),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, None]),
    ending=st.sampled_from(["\n", "\r\n", "\n\n"]),
    written=st.sampled_from([",", ";", "\t"]),
    source=st.fixed_dictionaries(
        {},
        optional={
            "scheiding": st.sampled_from([",", ";", "\t", "|"]),
            "codering": st.sampled_from(["utf-8", "windows-1252"]),
            "kopregels_overslaan": st.sampled_from(["0", "1", "2"]),
            "voetregels_overslaan": st.sampled_from(["0", "1", "9"]),
            "soort_levering": st.just("maandbestand"),
        },
    ),
)
def test_a_csv_of_random_structure(
    header: list[str], rows: list[list[str]], quoting: Any, ending: str, written: str, source: dict[str, str]
) -> None:
    if quoting is None:
        text = "".join(written.join(row) + ending for row in [header, *rows])
    else:
        out = io.StringIO()
        csv.writer(out, delimiter=written, lineterminator=ending, quoting=quoting).writerows([header, *rows])
        text = out.getvalue()
    taken_in({"uitkering.csv": text.encode(errors="replace")}, source, ["uitkering"])


# ---- random cells --------------------------------------------------------------------------------

DAYS = (
    *("2020-01-01", "20200102", "03-01-2020", "2020-02-31", "20200100", "0000-00-00", "00000000", "9999-12-31", "0"),
    *("2019-12-31", "31-12-9999", "44256", "1-1-20", "2020-01-01T00:00:00Z", "10000-01-01", "0001-01-01", "2020-1-1"),
)
NUMBERS_AS_TEXT = (
    *("0", "1", "-1", "1.5", "1,5", "1E5", "1e400", "NaN", "inf", "9" * 40, "-0", "+1", "1.", ".5", "1.000,5", "0x1F"),
)
OF_TYPE: dict[str, tuple[str, ...]] = {
    "date": DAYS,
    "int": NUMBERS_AS_TEXT,
    "dec": NUMBERS_AS_TEXT,
    "bool": ("1", "0", "ja", "NEE", "J", "true", "False", "waar"),
    "month": ("2020-01", "202001", "2020-13", "jan-20", "2020-01-01", "0000-01"),
    "period": ("2020JJ00", "2020KW01", "2020mm12", "2020KW05", "2020"),
    "gemeente": ("GM0268", "268", "gm296", "GM0241", "GM0363", "GM9999", "Nijmegen", "0", "00000"),
    "bsn": (*build.BSNS, "12345672", "900070019", "0", "1,23E+08"),
    "clientnummer": build.CLIENT_NUMBERS,
    "volgens": ("V", "ja", "nee", "1", "onder_wml"),
    "text": ("T1", "T2", "D1", "05", "totaal", "leeftijd=0-26"),
}
anything = st.sampled_from(["", " ", "-", "=1+1", "#N/B", *build.NUMBERS]) | st.text(
    st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=8
)


def cell(column: Column, numbers: tuple[str, ...]) -> st.SearchStrategy[str]:
    """Mostly a value of the kind that belongs there."""
    if column.type == "persoon":
        usual = numbers[:3]
    elif column.type == "code":
        usual = (*column.code_list()[:4], "xx")
    else:
        usual = OF_TYPE[column.type]
    return st.one_of(st.sampled_from(usual), st.sampled_from(usual), st.sampled_from(usual), anything)


@st.composite
def tables(draw: st.DrawFn, numbers: tuple[str, ...]) -> dict[str, list[list[str]]]:
    """Rows under their header, for a few entities of the contract."""
    made = {}
    for entity in draw(st.lists(st.sampled_from(ENTITIES), min_size=2, max_size=4, unique=True)):
        columns = contract(entity).kolommen
        row = st.tuples(*(cell(column, numbers) for column in columns.values())).map(list)
        rows = draw(st.lists(row, min_size=1, max_size=6))
        made[entity] = [list(columns), *rows, *rows[: draw(st.integers(0, 2))]]
    return made


@fuzzed(20)
@given(data=st.data(), kind=st.sampled_from(["bsn", "clientnummer"]), monthly=st.booleans(), sign=st.sampled_from(".,"))
def test_random_cells_of_every_type(data: st.DataObject, kind: str, monthly: bool, sign: str) -> None:
    made = data.draw(tables(build.BSNS if kind == "bsn" else build.CLIENT_NUMBERS))
    source = {
        "persoon_id_soort": kind,
        "soort_levering": "maandbestand" if monthly else "volledig",
        "decimaal": sign,
        "scheiding": ";",
    }
    files = {f"{DAY.dag}/{entity}.csv": _quoted(rows) for entity, rows in made.items()}
    files |= {f"2024-02-15/{entity}.csv": _quoted([rows[0], *rows[1::2]]) for entity, rows in made.items()}
    ended, counts = taken_in(files, source, list(made))
    assert ended.code == 0, ended.text
    delivered = {entity: len(rows[1::2]) + (len(rows) - 1 if monthly else 0) for entity, rows in made.items()}
    for entity, rows in delivered.items():
        assert sum(count["aangeleverd"] for count in counts if count["entiteit"] == entity) == rows


def _quoted(rows: list[list[str]]) -> bytes:
    """A csv in which every value is one line of text."""
    out = io.StringIO()
    flat = [[value.replace("\r", " ").replace("\n", " ") for value in row] for row in rows]
    csv.writer(out, delimiter=";", lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(flat)
    return out.getvalue().encode()
