"""A delivered file against its contract and its mapping: which column is which, and the SQL text of each column.

Here: names, positions and expressions over the columns `c<position>` that a reader hands out. Not here: what a text
means (`contracts/conversion.py`), reading files and running SQL.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from werkmonitor.core.contracts import Entity
from werkmonitor.core.contracts import conversion as sql
from werkmonitor.core.contracts.conversion import literal
from werkmonitor.core.mappings import Case, Cents, EntityMapping, lowered
from werkmonitor.core.types import Delivery, DeliveryUnreadable

JOINED_BY = "-"
SEPARATOR = "chr(31)"
SHEET_READ = " Gelezen is het werkblad dat naar de entiteit heet, en anders het eerste zichtbare blad met rijen."
NO_TEXT = "CAST(NULL AS VARCHAR)"


@dataclass(frozen=True)
class FileColumns:
    """The columns of one file that are read for one entity.

    `ours`: position of each column of the contract; `theirs`: position of each column of the file, by its name in small
    letters.
    """

    entity: Entity
    mapping: EntityMapping
    ours: dict[str, int]
    theirs: dict[str, int]
    sign: str = "."

    @classmethod
    def bind(
        cls, entity: Entity, mapping: EntityMapping, header: Sequence[str], delivery: Delivery, sign: str
    ) -> FileColumns:
        """Finds every column that is needed; a required one that is not there makes the file unreadable."""
        ours = _own_names(entity, mapping, header, delivery)
        missing = [n for n in entity.required if n not in ours and n not in mapping.made]
        if missing:
            raise DeliveryUnreadable(_missing_columns(entity, mapping, header, delivery, missing))
        theirs: dict[str, int] = {}
        for position, name in enumerate(header):
            theirs.setdefault(lowered(name), position)
        bound = cls(entity, mapping, ours, theirs, sign)
        needed = [theirs for column in entity.required for theirs in mapping.looked_at(column)]
        for own in [*needed, *mapping.judged_by()]:
            if bound._position(own) is None:
                raise DeliveryUnreadable(_missing_own_column(own, mapping, delivery))
        return bound

    def positions(self) -> list[int]:
        """Which columns of the file have to be read."""
        named = [self._position(column) for column in self.mapping.every_column()]
        return sorted({*self.ours.values(), *(position for position in named if position is not None)})

    def text(self, column: str) -> str:
        """The text of a column of the contract: from the file or made as the mapping says, with its codes changed."""
        mapping = self.mapping
        if column in mapping.afgeleid:
            return self._first_case(column, mapping.afgeleid[column])
        if column in mapping.samengesteld:
            return self._joined(mapping.samengesteld[column])
        if column in mapping.centen:
            return self._amount(mapping.centen[column])
        if column in mapping.maanden:
            return self._month(mapping.maanden[column])
        return self._plain(column)

    def left_out(self) -> list[tuple[str, str]]:
        """Rule name and the expression that is true for a row it leaves out."""
        return [
            (rule.regel, f"{self._field(rule.kolom)} IN {sql.in_list(rule.waarden)}") for rule in self.mapping.weglaten
        ]

    def apart(self) -> str:
        """What tells rows with one key apart where the mapping says that they are to be added up; NULL where not."""
        if not self.mapping.sleutel_met:
            return NO_TEXT
        return f"concat_ws({SEPARATOR}, {', '.join(self._filled_field(c) for c in self.mapping.sleutel_met)})"

    def _position(self, column: str) -> int | None:
        """A column of the file by its own name, else by that of the contract."""
        return self.theirs.get(lowered(column), self.ours.get(lowered(column)))

    def _field(self, column: str) -> str:
        """The text of a column of the file, NULL when empty or not there, with the zeros that it has lost."""
        position = self._position(column)
        if position is None:
            return NO_TEXT
        return sql.padded(sql.filled(f"c{position}"), self.mapping.length_of(column))

    def _filled_field(self, column: str) -> str:
        return f"coalesce({self._field(column)}, '')"

    def _plain(self, column: str) -> str:
        if column in self.ours:
            delivered = next(name for name, position in self.theirs.items() if position == self.ours[column])
            return self._coded(column, self._field(delivered))
        if column in self.mapping.vast:
            return sql.filled(literal(self.mapping.vast[column]))
        return NO_TEXT

    def _coded(self, column: str, text: str) -> str:
        codes = self.mapping.codes.get(column)
        if not codes:
            return text
        changes = " ".join(f"WHEN {literal(old)} THEN {sql.filled(literal(new))}" for old, new in codes.items())
        return f"CASE {text} {changes} ELSE {text} END"

    def _first_case(self, column: str, cases: Sequence[Case]) -> str:
        """Where no case holds: the column itself, else the first column that was looked at, so that a finding shows
        what stood there.
        """
        changes = " ".join(f"WHEN {self._holds(case)} THEN {sql.filled(literal(case.dan))}" for case in cases)
        otherwise = self._plain(column)
        if otherwise == NO_TEXT and cases[0].als:
            otherwise = self._field(next(iter(cases[0].als)))
        return f"CASE {changes} ELSE {otherwise} END"

    def _holds(self, case: Case) -> str:
        parts = [f"{self._field(column)} IN {sql.in_list(values)}" for column, values in case.als.items()]
        return " AND ".join(parts) or "true"

    def _joined(self, columns: Sequence[str]) -> str:
        """Empty when the last part, which tells one from the other, is empty."""
        parts = ", ".join(self._field(column) for column in columns)
        return f"CASE WHEN {self._field(columns[-1])} IS NOT NULL THEN concat_ws({literal(JOINED_BY)}, {parts}) END"

    def _amount(self, part: Cents) -> str:
        """Whole cents as an amount with the decimal sign of the source; what is no whole number stays as it is."""
        text = self._field(part.kolom)
        minus = "''"
        if part.teken is not None:
            minus = f"CASE WHEN {self._field(part.teken)} IN {sql.in_list(part.negatief)} THEN '-' ELSE '' END"
        digits = f"lpad({text}, CAST(greatest(length({text}), 3) AS INTEGER), '0')"
        return (
            rf"CASE WHEN regexp_full_match({text}, '\d+') THEN {minus} || {digits}[:-3] || {literal(self.sign)}"
            f" || {digits}[-2:] ELSE {text} END"
        )

    def _month(self, column: str) -> str:
        """The month of a date; its day may be unknown (00), since it is not used."""
        text = self._field(column)
        compact = rf"regexp_full_match({text}, '\d{{8}}')"
        iso = rf"regexp_full_match({text}, '\d{{4}}-\d{{2}}-\d{{2}}')"
        dutch = rf"regexp_full_match({text}, '\d{{2}}-\d{{2}}-\d{{4}}')"
        return (
            f"CASE WHEN {compact} THEN {text}[:4] || '-' || {text}[5:6] WHEN {iso} THEN {text}[:7]"
            f" WHEN {dutch} THEN {text}[-4:] || '-' || {text}[4:5] ELSE {text} END"
        )


def presentable(header: str) -> str:
    """A column name as it may be shown; long numbers are no names."""
    return re.sub(r"\d{5,}", "…", header.strip())[:60] or "(zonder naam)"


def _own_names(entity: Entity, mapping: EntityMapping, header: Sequence[str], delivery: Delivery) -> dict[str, int]:
    found: dict[str, int] = {}
    for position, name in enumerate(header):
        column = mapping.contract_name(name)
        if column not in entity.kolommen:
            continue
        if column in found:
            raise DeliveryUnreadable(
                f"{delivery.relative}: de kolom {column} komt twee keer voor. Laat er één weg en lever het bestand "
                "opnieuw."
            )
        found[column] = position
    return found


def _missing_columns(
    entity: Entity, mapping: EntityMapping, header: Sequence[str], delivery: Delivery, missing: list[str]
) -> str:
    spare = [h.strip() for h in header if mapping.contract_name(h) not in entity.kolommen]
    # A file without a header has data where names should be: what looks like that is never shown.
    spare = [name for name in spare if name and presentable(name) == name]
    hints = []
    for column in missing:
        near = difflib.get_close_matches(column, [name.lower() for name in spare], n=1, cutoff=0.5)
        hints.append(f"misschien heet {column} nu {near[0]}" if near else "")
    shown = "; ".join(hint for hint in hints if hint)
    which = (
        f"de verplichte kolom {missing[0]} ontbreekt"
        if len(missing) == 1
        else (f"de verplichte kolommen {', '.join(missing)} ontbreken")
    )
    return (
        f"{delivery.relative}: {which}{f' ({shown})' if shown else ''}. Lever het bestand met de namen van het "
        "contract, "
        f"zet de namen om in een mapping bij [bronnen.{delivery.bron}], of kijk of de rij met kolomnamen er wel is."
        + (SHEET_READ if delivery.path.suffix.lower() == ".xlsx" else "")
    )


def _missing_own_column(column: str, mapping: EntityMapping, delivery: Delivery) -> str:
    rules = [rule.regel for rule in mapping.weglaten if rule.kolom == column]
    why = (
        f"waarmee de mapping bepaalt welke rijen buiten bereik vallen ({rules[0]})"
        if rules
        else "die de mapping gebruikt"
    )
    return f"{delivery.relative}: de kolom {column} ontbreekt, {why}. Lever de kolom mee of verbeter de mapping."
