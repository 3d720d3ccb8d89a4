"""From a kind of damage to the bytes of its files: cells, then text, then bytes, each step a small function.

A step that changes nothing raises: a damage that has silently become a good file would prove nothing. Not here: where
the files go and what comes of them.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from unit import xlsx_kit
from unit.xlsx_kit import Cell, Raw

from damage.library import DamagedFile, Kind, Step, valid_deliveries

# Invented. Nothing else begins like the client numbers, so a search finds any that leaked.
CLIENT_NUMBERS = tuple(f"ZX41001{person}" for person in range(1, 7))
BSNS = ("123456782", "111222333", "900070018", "900070031", "900070043", "900070055")
# Also in the files: a bsn that fails the eleven-test, and one that begins with a zero.
NUMBERS = (*CLIENT_NUMBERS, *BSNS, "900070019", "012345672", "12345672")


@dataclass
class Table:
    """Rows of text under their names; the row number of the first is 2."""

    columns: list[str]
    rows: list[list[str]]

    def cell(self, row: int, column: str, value: str) -> None:
        position = self.columns.index(column)
        if self.rows[row - 2][position] == value:
            raise AssertionError(f"row {row}: {column} already is {value!r}")
        self.rows[row - 2][position] = value


def content(kind: Kind, file: DamagedFile) -> bytes:
    """The bytes of a file of a kind of damage."""
    if file.vorm == "xlsx":
        made = _workbook(_table(kind, file), file)
    elif file.vorm == "parquet":
        made = _parquet(_table(kind, file), file)
    else:
        made = _text_file(kind, file)
    for step in file.bytes:
        made = _applied(BYTES, made, step)
    return made


def _text_file(kind: Kind, file: DamagedFile) -> bytes:
    text = _csv(_table(kind, file), kind, file) if file.inhoud is None else _numbered(file.inhoud, kind)
    for step in file.tekst:
        text = _applied(TEXT, text, _numbered_step(step, kind))
    made = MADE[file.maak](text) if file.maak else text
    return made.encode() if isinstance(made, str) else made


def numbers_of(kind: Kind) -> tuple[str, ...]:
    """The numbers that @1 to @6 stand for."""
    return BSNS if kind.bron.get("persoon_id_soort") == "bsn" else CLIENT_NUMBERS


def namespace(kind: Kind) -> str:
    """The naamruimte of its source; one of its own, so that kinds in one landing do not meet."""
    return str(kind.bron.get("naamruimte", f"ruimte_{kind.naam}"))


def _numbered(text: str, kind: Kind) -> str:
    numbers = numbers_of(kind)
    text = text.replace("%naamruimte%", namespace(kind))
    return re.sub(r"@([1-6])", lambda found: numbers[int(found.group(1)) - 1], text)


def _numbered_step(step: Step, kind: Kind) -> Step:
    def filled(value: Any) -> Any:
        return [filled(item) for item in value] if isinstance(value, list) else _numbered(value, kind)

    return {name: filled(value) for name, value in step.items()}


def _applied(steps: dict[str, Callable[..., Any]], made: Any, step: Step) -> Any:
    (name, argument), *more = step.items()
    assert not more, step
    changed = steps[name](made, *argument) if isinstance(argument, list) else steps[name](made, argument)
    if changed == made:
        raise AssertionError(f"{step} changes nothing")
    return changed


def _table(kind: Kind, file: DamagedFile) -> Table:
    header, *lines = list(csv.reader(io.StringIO(_numbered(valid_deliveries()[file.entiteit], kind))))
    table = Table(header, lines[: file.regels - 1 if file.regels is not None else None])
    table.rows += [list(table.rows[row - 2]) for row in file.herhaal]
    for row, cells in file.rijen.items():
        for column, value in cells.items():
            table.cell(row, column, _numbered(value, kind))
    wanted = file.kolommen or tuple(column for column in header if column not in file.zonder)
    order = [header.index(column) for column in wanted]
    return Table(list(wanted), [[row[position] for position in order] for row in table.rows])


def _csv(table: Table, kind: Kind, file: DamagedFile) -> str:
    out = io.StringIO()
    quoting: Any = csv.QUOTE_ALL if file.aanhalingstekens == "overal" else csv.QUOTE_MINIMAL
    delimiter = file.scheiding or kind.bron.get("scheiding", ",")
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n", quoting=quoting)
    writer.writerows([table.columns, *table.rows])
    return out.getvalue()


# ---- steps on text -------------------------------------------------------------------------------


def _on_line(text: str, line: str, change: Callable[[str], str | None]) -> str:
    lines = text.splitlines(keepends=True)
    changed = change(lines[int(line) - 1].rstrip("\n"))
    lines[int(line) - 1] = "" if changed is None else changed + "\n"
    return "".join(lines)


def _replaced(text: str, old: str, new: str) -> str:
    assert old in text, old
    return text.replace(old, new, 1)


def _on_lines(text: str, change: Callable[[str], str], first: int = 1) -> str:
    lines = text.splitlines()
    return "\n".join([*lines[: first - 1], *(change(line) for line in lines[first - 1 :])]) + "\n"


TEXT: dict[str, Callable[..., str]] = {
    "vervang": _replaced,
    "voor": lambda text, more: more + text,
    "erbij": lambda text, more: text + more,
    "regel": lambda text, line, new: _on_line(text, line, lambda _: new),
    "zonder_regel": lambda text, line: _on_line(text, line, lambda _: None),
    "achter_regel": lambda text, line, more: _on_line(text, line, lambda old: old + more),
    "tussen": lambda text, line, new: _on_line(text, line, lambda old: f"{new}\n{old}"),
    "kop": lambda text, new: _on_line(text, "1", lambda _: new),
    "achter_elke_regel": lambda text, more: _on_lines(text, lambda line: line + more),
    "achter_elke_rij": lambda text, more: _on_lines(text, lambda line: line + more, first=2),
    "elk_veld": lambda text, mark: _on_lines(text, lambda line: ",".join(f"{mark}{f}{mark}" for f in line.split(","))),
    "regeleinde": lambda text, ending: text.replace("\n", ending),
    "regeleinde_van": lambda text, line, ending: _on_line(text, line, lambda old: old + ending[:-1]),
}


# ---- steps on bytes ------------------------------------------------------------------------------


def _recoded_line(made: bytes, line: str, encoding: str) -> bytes:
    lines = made.split(b"\n")
    lines[int(line) - 1] = lines[int(line) - 1].decode().encode(encoding)
    return b"\n".join(lines)


BYTES: dict[str, Callable[..., bytes]] = {
    "codeer": lambda made, encoding: made.decode().encode(encoding),
    "codeer_regel": _recoded_line,
    "knip": lambda made, count: made[: -int(count)],
    "voor_hex": lambda made, more: bytes.fromhex(more) + made,
    "vervang_hex": lambda made, old, new: made.replace(bytes.fromhex(old), bytes.fromhex(new), 1),
}


# ---- whole files that are made another way -------------------------------------------------------

MANY_COLUMNS = 5_000
LONG_VALUE = 100_000


def _one_line(text: str) -> str:
    """More than a block of the reader without a line ending."""
    return text.replace("\n", " ") * ((17 << 20) // len(text))


def _many_columns(text: str) -> str:
    header, *lines = text.splitlines()
    extra = "".join(f",extra_{number}" for number in range(MANY_COLUMNS))
    return "\n".join([header + extra, *(line + "," * MANY_COLUMNS for line in lines)]) + "\n"


def _gzip(text: str) -> bytes:
    return gzip.compress(text.encode(), mtime=0)


MADE: dict[str, Callable[[str], str | bytes]] = {
    "gzip": _gzip,
    "een_regel": _one_line,
    "duizenden_kolommen": _many_columns,
    "lange_waarde": lambda text: _replaced(text, "PW,GM0268,2019-03-01", f"{'P' * LONG_VALUE},GM0268,2019-03-01"),
    # How an encrypted workbook and an old xls begin.
    "ole": lambda text: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + text.encode(),
}


# ---- Excel ---------------------------------------------------------------------------------------


def _excel_cell(kind: str, value: str) -> Cell:
    match kind:
        case "getal":
            return float(value) if "." in value else int(value)
        case "datum":
            return date.fromisoformat(value)
        case "waar":
            return value == "1"
        case "fout":
            return Raw(f'<c t="e"><v>{value}</v></c>')
    raise AssertionError(kind)


def _workbook(table: Table, file: DamagedFile) -> bytes:
    rows: list[list[Cell]] = [list(table.columns), *(list[Cell](row) for row in table.rows)]
    for row, cells in file.cellen.items():
        for column, told in cells.items():
            ((kind, value),) = told.items()
            rows[row - 1][table.columns.index(column)] = _excel_cell(kind, value)
    return SHEETS[file.maak](rows)


def changed_part(made: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """The workbook with one of its parts changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(made)) as old, zipfile.ZipFile(out, "w") as new:
        for item in old.infolist():
            content = old.read(item)
            new.writestr(item.filename, change(content) if item.filename == part else content)
    return out.getvalue()


def _bit_rot(made: bytes) -> bytes:
    middle = made.index(b"<sheetData>") + 200
    return made[:middle] + b"\x00\xff\x00" + made[middle + 3 :]


def _wrong_code(row: list[Cell]) -> list[Cell]:
    return [*row[:2], "XX", *row[3:]]


SHEETS: dict[str, Callable[[list[list[Cell]]], bytes]] = {
    "": lambda rows: xlsx_kit.workbook(rows),
    "xlsx_zonder_rijen": lambda rows: xlsx_kit.workbook([]),
    "xlsx_tweede_blad": lambda rows: xlsx_kit.workbook(rows, [["toelichting"], ["afgedrukt"]]),
    "xlsx_lege_rijen": lambda rows: xlsx_kit.workbook(
        [[], rows[0], [], *rows[1:4], [], _wrong_code(rows[4]), *rows[5:]]
    ),
    "xlsx_aantekening": lambda rows: xlsx_kit.workbook([*rows[:2], [*rows[2], None, "klopt dit?"], *rows[3:]]),
    "xlsx_kapot_blad": lambda rows: changed_part(
        xlsx_kit.workbook(rows), "xl/worksheets/sheet1.xml", lambda xml: xml[: len(xml) // 2]
    ),
    "xlsx_byte_veranderd": lambda rows: _bit_rot(xlsx_kit.workbook(rows)),
}


# ---- Parquet -------------------------------------------------------------------------------------


def _arrow(values: list[str], kind: str) -> pa.Array:
    filled = [value or None for value in values]
    match kind:
        case "tijdstip":
            return pa.array([datetime.fromisoformat(v) if v else None for v in filled], pa.timestamp("ns"))
        case "heel":
            return pa.array([int(v) if v else None for v in filled], pa.int64())
        case "kommagetal":
            return pa.array([float(v) if v else None for v in filled], pa.float64())
    return pa.array(filled, pa.string())


def _parquet(table: Table, file: DamagedFile) -> bytes:
    columns = {
        column: _arrow([row[position] for row in table.rows], file.typen.get(column, "tekst"))
        for position, column in enumerate(table.columns)
    }
    return ARROW[file.maak](columns)


def _written(names: list[str], arrays: list[pa.Array]) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table(arrays, names=names), sink)
    return sink.getvalue()


def _plain(columns: dict[str, pa.Array]) -> bytes:
    return _written(list(columns), list(columns.values()))


def _with(columns: dict[str, pa.Array], name: str, change: Callable[[list[Any]], pa.Array]) -> bytes:
    return _plain({**columns, name: change(columns[name].to_pylist())})


def _twice(columns: dict[str, pa.Array], name: str) -> bytes:
    extra = columns["leefvorm"]
    return _written([*columns, name, name], [*columns.values(), extra, extra])


def _rotten_pages(columns: dict[str, pa.Array]) -> bytes:
    made = _plain(columns)
    return made[:10] + bytes(255 - byte for byte in made[10:200]) + made[200:]


def _dates_as_numbers(texts: list[str]) -> pa.Array:
    numbers = [int(text.replace("-", "")) for text in texts]
    numbers[1] = 20190300  # the second has no day
    return pa.array(numbers, pa.int32())


ARROW: dict[str, Callable[[dict[str, pa.Array]], bytes]] = {
    "": _plain,
    "parquet_bytes_veranderd": _rotten_pages,
    "parquet_genest": lambda c: _with(c, "leefvorm", lambda v: pa.array([[text] for text in v])),
    "parquet_dubbele_kolom": lambda c: _written([*c, "leefvorm"], [*c.values(), c["leefvorm"]]),
    "parquet_onbekend_dubbel": lambda c: _twice(c, "x"),
    "parquet_geen_tekst": lambda c: _with(c, "leefvorm", lambda v: pa.array([b"\xff\xfe" for _ in v], pa.binary())),
    "parquet_datum_heel": lambda c: _with(c, "begindatum", _dates_as_numbers),
}
