"""From a delivered file to batches of text with their row numbers, in bounded memory. Csv and Parquet; Excel is
`workbook.py`.

A reader gives every row once: as text in a batch, or as a `Malformed` row when its fields do not match the header.
The row number is that of the line in the file (title rows and header count), so that a steward finds it. What a value
means is none of this module's business: no contract, no types. A file that cannot be read at all raises
DeliveryUnreadable.
"""

from __future__ import annotations

import csv
import io
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from werkmonitor.core.types import DeliveryUnreadable

BLOCK = 1 << 22  # bytes looked at in one go
PARSE_BLOCK = 1 << 24  # bytes parsed in one go; a row may not be longer
# Four row groups of DuckDB: with one and a bit, one thread has nearly all of it and what is over is copied once more.
PARQUET_ROWS = 4 * 122_880
BLANK_BEHIND = 20  # blank lines that may stand under a footer
LONGEST_RECORD = 200  # lines: a quoted text that runs on for longer has lost its closing quote
BOM = b"\xef\xbb\xbf"
BROKEN = b"\x01"  # stands in for a line with an open quote: one field, so the parser hands it back as malformed
ENCODINGS = {"utf-8": "utf-8", "windows-1252": "cp1252"}
ROW = "rij"

FIELDS, QUOTE, CUT_OFF = "rij.velden", "rij.aanhalingsteken", "rij.afgebroken"


@dataclass(frozen=True)
class Format:
    """How a source writes its csv files."""

    codering: str = "utf-8"
    scheiding: str = ","
    decimaal: str = "."
    kopregels_overslaan: int = 0
    voetregels_overslaan: int = 0
    bron: str = ""


@dataclass(frozen=True)
class Malformed:
    """A row that cannot be told apart in fields: its line and the rule it breaks, with a word about what was seen."""

    rij: int
    regel: str
    waarde: str


@dataclass
class RowReader(ABC):
    """One delivered file, opened: its header, and its rows as batches of text.

    `malformed` grows while `batches` is read and is complete when that ends. `notes` are rules about the file as a
    whole.
    """

    header: list[str] = field(default_factory=list)
    malformed: list[Malformed] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @abstractmethod
    def batches(self, columns: list[int]) -> Iterator[pa.Table]:
        """Tables with `rij` and, named `c<position>`, the text of the asked columns of the header."""


def open_rows(path: Path, relative: str, form: Format) -> RowReader:
    """Opens a delivered file by its suffix. `relative` is how a message names it."""
    suffix = path.suffix.lower()
    if suffix == ".csv":
        return CsvReader.open(path, relative, form)
    if suffix == ".parquet":
        return ParquetReader.open(path, relative, form)
    if suffix == ".xlsx":
        from werkmonitor.core.workbook import XlsxReader

        return XlsxReader.open(path, relative, form)
    raise DeliveryUnreadable(
        f"{relative}: een {suffix.lstrip('.') or 'bestand zonder soort'} kan deze versie niet lezen. "
        "Sla het bestand op als csv, xlsx of Parquet en lever het opnieuw."
    )


# --- csv -------------------------------------------------------------------------------------------------------------


@dataclass
class _Layout:
    """What a first look at a csv file finds: where its data lies, and the lines that are not the start of a row."""

    data_start: int = 0
    data_end: int = 0
    first_line: int = 1  # line number of the first line of data
    end_line: int = 1  # line number after the last line of data
    header: list[str] = field(default_factory=list)
    blank: list[int] = field(default_factory=list)  # line numbers
    open_quotes: list[tuple[int, int, int]] = field(default_factory=list)  # line number, start and end in bytes
    ends_with_newline: bool = True


@dataclass
class CsvReader(RowReader):
    path: Path = Path()
    relative: str = ""
    form: Format = Format()
    layout: _Layout = field(default_factory=_Layout)
    broken: list[tuple[int, int, int]] = field(default_factory=list)
    continued: list[int] = field(default_factory=list)

    @classmethod
    def open(cls, path: Path, relative: str, form: Format) -> CsvReader:
        """Looks the whole file over (encoding, quotes, blank lines, footer) before a row of it is read."""
        layout = _look_over(path, relative, form)
        reader = cls(header=layout.header, path=path, relative=relative, form=form, layout=layout)
        reader._settle_quotes()
        if not layout.ends_with_newline and form.voetregels_overslaan == 0:
            reader.notes.append("bestand.geen_regeleinde")
        return reader

    def _settle_quotes(self) -> None:
        """Tells a text that goes on over several lines from a quote that was never closed.

        A quote that is left open would make a parser swallow every row up to the next quote. So lines with an odd
        number of quotes are taken in pairs: together they must be exactly one row of the right number of fields.
        """
        lines = self.layout.open_quotes
        window = _Window(self)
        taken = 0
        for index, line in enumerate(lines):
            if line[0] <= taken or not self._ends_inside(window.text(line, line)):
                continue
            closing = lines[index + 1] if index + 1 < len(lines) else None
            if closing is not None and self._one_row(window, line, closing):
                self.continued.extend(range(line[0] + 1, closing[0] + 1))
                taken = closing[0]
            else:
                self.broken.append(line)
        inside = set(self.continued)
        self.layout.blank = [number for number in self.layout.blank if number not in inside]

    def _ends_inside(self, text: str) -> bool:
        """Whether a quote that opens a field is still open at the end. A quote inside bare text is just a character."""
        inside, at_start, position = False, True, 0
        while position < len(text):
            character = text[position]
            if inside:
                if character == '"':
                    if text[position + 1 : position + 2] == '"':
                        position += 1
                    else:
                        inside = False
            elif character == '"' and at_start:
                inside = True
            at_start = not inside and character == self.form.scheiding
            position += 1
        return inside

    def _one_row(self, window: _Window, first: tuple[int, int, int], last: tuple[int, int, int]) -> bool:
        if last[0] - first[0] > LONGEST_RECORD:
            return False
        text = window.text(first, last)
        try:
            rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=self.form.scheiding, strict=True))
        except csv.Error:
            return False
        between = text.split("\n")[1:-1]
        return len(rows) == 1 and len(rows[0]) == len(self.header) and not any(map(self._whole, between))

    def _whole(self, line: str) -> bool:
        """Whether a line is a row by itself: then a quote before it was never closed. In a row with two texts of
        several lines the line in between has as many separators, but it ends inside the second text.
        """
        if line.count(self.form.scheiding) + 1 < len(self.header) or self._ends_inside(line):
            return False
        return len(next(csv.reader([line], delimiter=self.form.scheiding), [])) == len(self.header)

    def batches(self, columns: list[int]) -> Iterator[pa.Table]:
        layout = self.layout
        if layout.data_end <= layout.data_start or self._records_expected() == 0:
            return
        starts = np.array(sorted([*layout.blank, *self.continued]), dtype=np.int64)
        handed_back: list[tuple[int, int]] = []

        def skip(row: pacsv.InvalidRow) -> str:
            handed_back.append((row.number, row.actual_columns))
            return "skip"

        stream = self._open_stream(columns, skip)
        good = 0
        while (batch := self._next(stream)) is not None:
            ordinals = _ordinals(good, batch.num_rows, handed_back)
            good += batch.num_rows
            rows = pa.array(self._lines(ordinals, starts))
            yield pa.table([rows, *batch.columns], names=[ROW, *batch.schema.names])
        if good + len(handed_back) != self._records_expected():
            raise DeliveryUnreadable(
                f"{self.relative}: de aanhalingstekens in het bestand kloppen niet; rijen lopen in elkaar over. "
                "Sluit elk aanhalingsteken, of lever een bestand zonder aanhalingstekens."
            )
        self._note_malformed(handed_back, starts)

    def _open_stream(self, columns: list[int], skip: object) -> pacsv.CSVStreamingReader:
        names = [f"c{position}" for position in range(len(self.header))]
        asked = [f"c{position}" for position in columns]
        try:
            return pacsv.open_csv(
                pa.PythonFile(_PlainText(self), mode="r"),
                read_options=pacsv.ReadOptions(use_threads=False, column_names=names, block_size=PARSE_BLOCK),
                parse_options=pacsv.ParseOptions(
                    delimiter=self.form.scheiding,
                    newlines_in_values=bool(self.continued),
                    ignore_empty_lines=True,
                    invalid_row_handler=skip,
                ),
                convert_options=pacsv.ConvertOptions(
                    column_types={name: pa.string() for name in names},
                    include_columns=asked,
                    strings_can_be_null=False,
                    check_utf8=False,  # seen to be right in the first look
                ),
            )
        except pa.ArrowInvalid as error:
            raise self._not_in_rows() from error

    def _next(self, stream: pacsv.CSVStreamingReader) -> pa.RecordBatch | None:
        try:
            return stream.read_next_batch()
        except StopIteration:
            return None
        except pa.ArrowInvalid as error:
            raise self._not_in_rows() from error

    def _not_in_rows(self) -> DeliveryUnreadable:
        """Without the parser's own words: they quote the row."""
        return DeliveryUnreadable(
            f"{self.relative}: het bestand kan niet in rijen worden verdeeld. "
            "Kijk of elke rij op een eigen regel staat en lever het bestand opnieuw."
        )

    def _records_expected(self) -> int:
        return self.layout.end_line - self.layout.first_line - len(self.layout.blank) - len(self.continued)

    def _lines(self, ordinals: np.ndarray, not_starting: np.ndarray) -> np.ndarray:
        """Line numbers of rows by their order: the lines that start no row are counted in between."""
        shifted = not_starting - self.layout.first_line - np.arange(len(not_starting))
        return self.layout.first_line + ordinals + np.searchsorted(shifted, ordinals, side="right")

    def _note_malformed(self, handed_back: list[tuple[int, int]], not_starting: np.ndarray) -> None:
        ordinals = np.array([number - 1 for number, _ in handed_back], dtype=np.int64)
        broken = {line[0] for line in self.broken}
        last = self.layout.end_line - 1
        expected = len(self.header)
        for line, (_, fields) in zip(self._lines(ordinals, not_starting).tolist(), handed_back, strict=True):
            if not self.layout.ends_with_newline and line == last:
                rule, seen = CUT_OFF, "laatste rij zonder regeleinde"
            elif line in broken:
                rule, seen = QUOTE, "aanhalingsteken niet gesloten"
            else:
                rule, seen = FIELDS, f"{fields} velden in plaats van {expected}"
            self.malformed.append(Malformed(line, rule, seen))


class _Window:
    """Text of a few lines of a csv file, asked for in the order of the file: one pass, a few blocks in memory."""

    def __init__(self, reader: CsvReader) -> None:
        self._blocks = _blocks(reader.path, reader.relative)
        self._encoding = ENCODINGS[reader.form.codering]
        self._start, self._held = 0, b""

    def text(self, first: tuple[int, int, int], last: tuple[int, int, int]) -> str:
        """The lines from `first` to `last` (number, start, end), without the last line ending."""
        while self._start + len(self._held) < last[2]:
            offset, block = next(self._blocks)
            keep = self._held[max(first[1] - self._start, 0) :]
            self._start, self._held = offset - len(keep), keep + block
        return self._held[first[1] - self._start : last[2] - self._start].decode(self._encoding)


def _ordinals(good: int, count: int, handed_back: list[tuple[int, int]]) -> np.ndarray:
    """Order in the file (from 0) of the next `count` good rows, after `good` earlier ones, with the bad ones in
    between.
    """
    bad = np.array([number - 1 for number, _ in handed_back], dtype=np.int64)
    index = np.arange(good, good + count, dtype=np.int64)
    return index + np.searchsorted(bad - np.arange(len(bad)), index, side="right")


class _PlainText(io.RawIOBase):
    """The data of a csv file as UTF-8 with LF: without title rows, header and footer, broken lines made "
    "recognisable."""

    def __init__(self, reader: CsvReader) -> None:
        super().__init__()
        self._pieces = _data_pieces(reader)
        self._buffer = bytearray()

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        while size < 0 or len(self._buffer) < size:
            piece = next(self._pieces, None)
            if piece is None:
                break
            self._buffer += piece
        size = len(self._buffer) if size < 0 else size
        taken = bytes(self._buffer[:size])
        del self._buffer[:size]
        return taken


def _data_pieces(reader: CsvReader) -> Iterator[bytes]:
    layout, recode = reader.layout, reader.form.codering != "utf-8"
    broken = sorted(reader.broken)
    for offset, block in _blocks(reader.path, reader.relative):
        lower, upper = max(layout.data_start - offset, 0), min(layout.data_end - offset, len(block))
        if lower >= upper:
            continue
        here = [(start - offset, end - offset) for _, start, end in broken if lower <= start - offset < upper]
        for piece in _without(block, lower, upper, here):
            yield piece.decode("cp1252").encode() if recode else piece


def _without(block: bytes, lower: int, upper: int, broken: list[tuple[int, int]]) -> Iterator[bytes]:
    for start, end in broken:
        yield block[lower:start]
        yield BROKEN
        lower = end
    yield block[lower:upper]


def _blocks(path: Path, relative: str) -> Iterator[tuple[int, bytes]]:
    """Whole lines with LF endings, a block at a time, with the offset at which the block begins (byte-order mark not
    counted).

    A lone carriage return would split a row for some parsers and not for others: it becomes a space.
    """
    offset, rest, first = 0, b"", True
    with path.open("rb") as handle:
        while piece := handle.read(BLOCK):
            if first and piece.startswith(BOM):
                piece = piece[len(BOM) :]
            first = False
            while piece.endswith(b"\r") and (more := handle.read(1)):
                piece += more
            if b"\r" in piece:
                piece = piece.replace(b"\r\n", b"\n").replace(b"\r", b" ")
            rest += piece
            cut = rest.rfind(b"\n") + 1
            if cut == 0 and len(rest) > PARSE_BLOCK:
                raise DeliveryUnreadable(
                    f"{relative}: het bestand heeft een regel van meer dan {PARSE_BLOCK >> 20} MB en is geen csv. "
                    "Kijk of dit het goede bestand is en of elke rij op een eigen regel staat."
                )
            if cut:
                yield offset, rest[:cut]
                offset, rest = offset + cut, rest[cut:]
    if rest:
        yield offset, rest


def _look_over(path: Path, relative: str, form: Format) -> _Layout:
    """The first look: every block is checked for encoding and NUL, and its lines, quotes and blank lines are noted."""
    _refuse_other_kinds(path, relative)
    layout = _Layout()
    line, seen_header, foreign = 1, False, False
    longest = form.voetregels_overslaan + BLANK_BEHIND
    tail: deque[tuple[int, int, bool]] = deque(maxlen=longest)  # line number, start, and whether it is blank
    for offset, block in _blocks(path, relative):
        foreign |= _check_encoding(block, line, relative, form)
        starts, ends = _line_bounds(block)
        begin = 0
        if not seen_header:
            begin = _find_header(block, starts, ends, line, offset, form, layout)
            seen_header = begin >= 0
            begin = begin if seen_header else len(starts)
        if form.voetregels_overslaan:
            keep = range(max(len(starts) - longest, 0), len(starts))
            tail.extend((line + i, offset + int(starts[i]), not block[starts[i] : ends[i]].strip()) for i in keep)
        _note_lines(block, starts, ends, begin, line, offset, layout)
        line += len(starts)
        layout.data_end = offset + len(block)
        layout.ends_with_newline = block.endswith(b"\n")
    layout.end_line = line
    _check_header(layout, seen_header, relative, form)
    if form.codering == "windows-1252" and foreign:
        _refuse_if_utf8(path, relative, form)
    if form.voetregels_overslaan and tail:
        _cut_footer(layout, _footer_start(list(tail), form.voetregels_overslaan))
    return layout


def _footer_start(tail: list[tuple[int, int, bool]], length: int) -> tuple[int, int]:
    """Line and place at which the footer begins. Where the last lines are all blank the footer stands above them."""
    filled = max((index for index, (_, _, blank) in enumerate(tail) if not blank), default=len(tail) - 1)
    end = filled + 1 if len(tail) - filled > length else len(tail)
    return tail[max(end - length, 0)][:2]


def _line_bounds(block: bytes) -> tuple[np.ndarray, np.ndarray]:
    """Start and end (before the LF) of each line of a block."""
    ends = np.flatnonzero(np.frombuffer(block, dtype=np.uint8) == 10)
    if not block.endswith(b"\n"):
        ends = np.append(ends, len(block))
    return np.concatenate(([0], ends[:-1] + 1)), ends


def _find_header(
    block: bytes, starts: np.ndarray, ends: np.ndarray, line: int, offset: int, form: Format, layout: _Layout
) -> int:
    """Index in the block of the first line after the header (the first line after the title rows that is not blank);
    else -1.
    """
    for index in range(max(form.kopregels_overslaan - (line - 1), 0), len(starts)):
        text = block[starts[index] : ends[index]]
        # A blank row of a spreadsheet is a row of separators.
        if text.strip(form.scheiding.encode() + b' \t"'):
            # Files that were put together bring their byte-order marks along: they belong to no name.
            decoded = text.decode(ENCODINGS[form.codering]).lstrip("\ufeff")
            layout.header = next(csv.reader([decoded], delimiter=form.scheiding), [])
            layout.data_start = offset + min(int(ends[index]) + 1, len(block))
            layout.first_line = line + index + 1
            return index + 1
    return -1


def _note_lines(
    block: bytes, starts: np.ndarray, ends: np.ndarray, begin: int, line: int, offset: int, layout: _Layout
) -> None:
    blank = begin + np.flatnonzero(starts[begin:] == ends[begin:])
    layout.blank.extend((blank + line).tolist())
    if b'"' not in block or begin >= len(starts):
        return
    quotes = np.flatnonzero(np.frombuffer(block, dtype=np.uint8) == 34)
    per_line = np.bincount(np.searchsorted(starts, quotes, side="right") - 1, minlength=len(starts))
    for index in (begin + np.flatnonzero(per_line[begin:] % 2)).tolist():
        layout.open_quotes.append((line + index, offset + int(starts[index]), offset + int(ends[index])))


def _cut_footer(layout: _Layout, first: tuple[int, int]) -> None:
    line, start = first
    if line < layout.first_line:
        line, start = layout.first_line, layout.data_start
    layout.end_line, layout.data_end, layout.ends_with_newline = line, start, True
    layout.blank = [number for number in layout.blank if number < line]
    layout.open_quotes = [item for item in layout.open_quotes if item[0] < line]


def _refuse_other_kinds(path: Path, relative: str) -> None:
    with path.open("rb") as handle:
        start = handle.read(1 << 16)
    if b"\r" in start and b"\n" not in start:
        raise DeliveryUnreadable(
            f"{relative}: de regels eindigen op een los CR-teken. Sla het bestand op met regeleinden LF of CRLF."
        )
    if not start or start == BOM:
        raise DeliveryUnreadable(
            f"{relative}: het bestand is leeg. Lever het opnieuw, met minstens een rij met kolomnamen."
        )
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise DeliveryUnreadable(
            f"{relative}: het bestand is UTF-16. Sla het op als csv in UTF-8 en lever het opnieuw."
        )
    if start.startswith((b"PK\x03\x04", b"PAR1", b"%PDF", b"\xd0\xcf\x11\xe0", b"\x1f\x8b")):
        raise DeliveryUnreadable(
            f"{relative}: dit is geen csv maar een ander soort bestand (Excel, Parquet, zip, gzip of pdf) met de naam "
            ".csv. Sla het op als csv, of geef het de juiste naam."
        )


def _check_encoding(block: bytes, line: int, relative: str, form: Format) -> bool:
    """Raises where a byte does not fit the configured encoding. Returns whether there is anything but ASCII."""
    if b"\x00" in block:
        where = line + block.count(b"\n", 0, block.index(b"\x00"))
        raise DeliveryUnreadable(
            f"{relative}, regel {where}: het bestand bevat nul-tekens; het is beschadigd of UTF-16. "
            "Maak de uitvoer opnieuw, als csv in UTF-8."
        )
    if block.isascii():
        return False
    try:
        block.decode(ENCODINGS[form.codering])
    except UnicodeDecodeError as error:
        where = line + block.count(b"\n", 0, error.start)
        other = "windows-1252" if form.codering == "utf-8" else "utf-8"
        raise DeliveryUnreadable(
            f"{relative}, regel {where}: het teken met byte 0x{block[error.start]:02X} past niet bij codering "
            f'"{form.codering}". Zet codering = "{other}" bij [bronnen.{form.bron}], of lever het bestand in '
            f"{form.codering}."
        ) from None
    return True


def _refuse_if_utf8(path: Path, relative: str, form: Format) -> None:
    """A file that is UTF-8 all through would be read as Windows-1252 without an error, and every é would be two
    signs.
    """
    try:
        for _, block in _blocks(path, relative):
            block.decode("utf-8")
    except UnicodeDecodeError:
        return
    raise DeliveryUnreadable(
        f'{relative}: het bestand is UTF-8, maar de codering staat op "windows-1252". '
        f'Zet codering = "utf-8" bij [bronnen.{form.bron}].'
    )


def _check_header(layout: _Layout, seen: bool, relative: str, form: Format) -> None:
    if not seen:
        raise DeliveryUnreadable(
            f"{relative}: het bestand heeft geen rij met kolomnamen. "
            f"Kijk ook naar kopregels_overslaan (nu {form.kopregels_overslaan}) bij [bronnen.{form.bron}]."
        )
    if len(layout.header) == 1:
        others = [sign for sign in (",", ";", "\t", "|") if sign != form.scheiding and sign in layout.header[0]]
        if others:
            shown = "\\t" if others[0] == "\t" else others[0]
            raise DeliveryUnreadable(
                f'{relative}: de kolommen zijn gescheiden door "{shown}" en niet door "{form.scheiding}". '
                f'Zet scheiding = "{shown}" bij [bronnen.{form.bron}].'
            )


# --- Parquet ---------------------------------------------------------------------------------------------------------


@dataclass
class ParquetReader(RowReader):
    path: Path = Path()
    relative: str = ""
    form: Format = Format()

    @classmethod
    def open(cls, path: Path, relative: str, form: Format) -> ParquetReader:
        if path.stat().st_size == 0:
            raise DeliveryUnreadable(f"{relative}: het bestand is leeg. Lever het opnieuw.")
        try:
            names = pq.ParquetFile(path).schema_arrow.names
        except (pa.ArrowException, OSError) as error:
            raise _not_parquet(relative) from error
        return cls(header=list(names), path=path, relative=relative, form=form)

    def batches(self, columns: list[int]) -> Iterator[pa.Table]:
        """The first row is row 2, as in a csv file with a header."""
        names = [self.header[position] for position in columns]
        done = 0
        try:
            with pq.ParquetFile(self.path, memory_map=False) as file:
                for batch in file.iter_batches(batch_size=PARQUET_ROWS, columns=names, use_threads=False):
                    rows = pa.array(np.arange(done + 2, done + 2 + batch.num_rows))
                    done += batch.num_rows
                    texts = [self._text(batch.column(name), name) for name in names]
                    yield pa.table([rows, *texts], names=[ROW, *(f"c{position}" for position in columns)])
        except (pa.ArrowException, OSError) as error:
            raise _not_parquet(self.relative) from error

    def _text(self, column: pa.Array, name: str) -> pa.Array:
        """Any type as the text that a csv file would hold; numbers with the decimal sign of the source."""
        kind = column.type
        if pa.types.is_dictionary(kind):
            return self._text(column.dictionary_decode(), name)
        if pa.types.is_nested(kind):
            raise DeliveryUnreadable(
                f"{self.relative}: kolom {name} bevat lijsten of structuren. Lever één waarde per veld."
            )
        if pa.types.is_timestamp(kind) and kind.tz is not None:
            column = pc.local_timestamp(column)
        if pa.types.is_floating(kind):
            column = pc.if_else(pc.is_nan(column), pa.scalar(None, kind), column)
        text = _positional(column) if pa.types.is_floating(kind) else column.cast(pa.string())
        if pa.types.is_decimal(kind) or pa.types.is_timestamp(kind):
            text = pc.replace_substring_regex(text, r"\.0+$", "")
        if (pa.types.is_decimal(kind) or pa.types.is_floating(kind)) and self.form.decimaal == ",":
            text = pc.replace_substring(text, ".", ",")
        return text


def _positional(column: pa.Array) -> pa.Array:
    """Numbers without an exponent: what a sum leaves behind (5.6e-17) is a number like any other."""
    text = column.cast(pa.string())
    odd = pc.fill_null(pc.match_substring(text, "e"), False)
    if not pc.any(odd).as_py():
        return text
    written = [np.format_float_positional(value, trim="-") for value in column.filter(odd).to_pylist()]
    return pc.replace_with_mask(text, odd, pa.array(written, pa.string()))


def _not_parquet(relative: str) -> DeliveryUnreadable:
    """Without the library's own words: they are English and may quote the file."""
    return DeliveryUnreadable(
        f"{relative}: dit is geen heel Parquet-bestand. Het is afgebroken, beschadigd of van een andere soort. "
        "Maak de uitvoer opnieuw en lever het hele bestand."
    )
