"""The SELECT that judges delivered rows one by one: text in, typed values and the first rule each row breaks out.

Made from the contract alone, so that an entity needs no SQL of its own. Not here: what needs other rows (keys,
overlaps, references) and every statement that writes; that is `core/ingest.py`.

Names in the result: `v_<kolom>` typed value (of a gemeente the code as delivered), `s_<kolom>` the gemeente it counts
under, `id` the person's number as the pseudonym wants it, `regel`/`kolom`/`waarde` why the row is quarantined,
`buiten` the rule by which it is left out, `opm` what was wrong in optional columns of a row that stays, `apart` what
tells it from other rows with its key that are to be added to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from werkmonitor.core.contracts import Column, Entity
from werkmonitor.core.contracts import conversion as sql
from werkmonitor.core.contracts.conversion import literal, name

WITHDRAWN = "ingetrokken"
OUTSIDE = "gemeente_buiten_gebied"
END_BEFORE_BEGIN = "periode.einde_voor_begin"
UNKNOWN_DAY = "datum.dag_onbekend"
REMARKS_TYPE = "STRUCT(regel VARCHAR, kolom VARCHAR, waarde VARCHAR)[]"


def value_columns(entity: Entity) -> dict[str, str]:
    """The columns of the result that hold values, with their SQL types. A person's number is no value: it is `id`."""
    values = {f"v_{n}": column.sql_type for n, column in entity.kolommen.items() if column.type != "persoon"}
    return values | {f"s_{n}": "VARCHAR" for n, column in entity.kolommen.items() if column.type == "gemeente"}


@dataclass(frozen=True)
class Judging:
    """What the judging of one delivery depends on beside the contract.

    `raw`: per contract column the SQL expression of its text (NULL when the file has no such column). `left_out`:
    rule name and the expression that is true for a row it leaves out. `own`: gemeenten of the organisation in the
    division used.
    """

    entity: Entity
    raw: dict[str, str]
    left_out: Sequence[tuple[str, str]]
    apart: str
    sign: str
    id_kind: str
    own: Sequence[str]

    def select(self, source: str) -> str:
        """The SELECT over a relation with `rij` and the delivered texts. Needs a table `gemeente` (code, van, tot,
        opvolger).
        """
        return (
            f"WITH teksten AS (SELECT *, {self._texts()} FROM {source}), "
            f"waarden AS (SELECT *, {self._values()} FROM teksten), "
            f"fouten AS (SELECT waarden.*, {self._faults()} FROM waarden {self._lookups()}), "
            f"bereik AS (SELECT *, {self._buiten()} AS buiten FROM fouten) "
            f"SELECT rij, {self._id()} AS id, {self._results()}, {self._verdict()}, {self.apart} AS apart FROM bereik"
        )

    def _columns(self) -> list[tuple[str, Column]]:
        return list(self.entity.kolommen.items())

    def _of_type(self, kind: str) -> list[str]:
        return [n for n, column in self._columns() if column.type == kind]

    def _texts(self) -> str:
        return ", ".join(f"{self.raw[n]} AS {name('t_' + n)}" for n, _ in self._columns())

    def _values(self) -> str:
        return ", ".join(f"{self._typed(n, column)} AS {name('v_' + n)}" for n, column in self._columns())

    def _typed(self, n: str, column: Column) -> str:
        other = "NULL"
        if column.volgens:
            other = self._typed(column.volgens, self.entity.kolommen[column.volgens])
        return sql.typed(column, name("t_" + n), self.sign, self.id_kind, other)

    def _lookups(self) -> str:
        """The register of gemeenten, once for each column that holds one."""
        joins = (
            f"LEFT JOIN gemeente AS {name('g_' + n)} ON {name('g_' + n)}.code = {name('v_' + n)}"
            for n in self._of_type("gemeente")
        )
        return " ".join(joins)

    def _valid(self, n: str) -> str:
        """Whether a gemeente code was in force on the row's begin (unknown begin: cannot be told, so no fault of the
        code).
        """
        if self.entity.begin is None:
            return "true"
        begin, known = name("v_" + self.entity.begin), name("g_" + n)
        return f"coalesce({begin} BETWEEN coalesce({known}.van, {begin}) AND coalesce({known}.tot, {begin}), true)"

    def _faults(self) -> str:
        """`f_<kolom>`: the rule that the column breaks; `s_<kolom>`: where a gemeente counts."""
        parts = [f"{self._fault(n, column)} AS {name('f_' + n)}" for n, column in self._columns()]
        parts += [
            f"CASE WHEN {self._valid(n)} THEN {name('g_' + n)}.opvolger END AS {name('s_' + n)}"
            for n in self._of_type("gemeente")
        ]
        return ", ".join(parts)

    def _fault(self, n: str, column: Column) -> str:
        t, v = name("t_" + n), name("v_" + n)
        empty = "'verplicht.leeg'" if column.verplicht else "NULL"
        cases = [f"WHEN {t} IS NULL THEN {empty}"]
        if column.einde:
            cases.append(f"WHEN {t} IN {sql.OPEN_TEXTS} THEN NULL")
        cases.append(f"WHEN {v} IS NULL THEN {sql.rule(column, t)}")
        if column.type == "gemeente":
            cases.append(f"WHEN {name('g_' + n)}.code IS NULL THEN 'gemeente.onbekend'")
            cases.append(f"WHEN NOT {self._valid(n)} THEN 'gemeente.niet_geldig'")
        return f"CASE {' '.join(cases)} END"

    def _end(self, n: str) -> str:
        """An end date, with the last day of the calendar read as open."""
        return f"nullif({name('v_' + n)}, {sql.OPEN_END})" if self.entity.kolommen[n].einde else name("v_" + n)

    def _results(self) -> str:
        values = [f"{self._end(n)} AS {name('v_' + n)}" for n, column in self._columns() if column.type != "persoon"]
        return ", ".join([*values, *(name("s_" + n) for n in self._of_type("gemeente"))])

    def _id(self) -> str:
        """The person's number; in koppeling, which has no persoon_id, the bsn."""
        for kind in ("persoon", "bsn"):
            for n in self._of_type(kind):
                return name("v_" + n)
        return "CAST(NULL AS VARCHAR)"

    def _verdict(self) -> str:
        faults = self._quarantine_cases()
        rule = " ".join(f"WHEN {when} THEN {rule}" for when, rule, _, _ in faults)
        column = " ".join(f"WHEN {when} THEN {literal(n)}" for when, _, n, _ in faults)
        value = " ".join(f"WHEN {when} THEN {shown}" for when, _, _, shown in faults)
        chosen = {"regel": rule, "kolom": column, "waarde": value}
        parts = ["buiten"]
        parts += [f"CASE WHEN buiten IS NOT NULL THEN NULL {cases} END AS {n}" for n, cases in chosen.items()]
        return ", ".join([*parts, f"{self._remarks()} AS opm"])

    def _buiten(self) -> str:
        """The first rule that leaves the row out; a rule that cannot be read leaves nothing out."""
        cases = [f"WHEN {condition} THEN {literal(rule)}" for rule, condition in self.left_out]
        if self.entity.ingetrokken:
            for begin, end in self.entity.perioden:
                cases.append(f"WHEN {self._end(end)} = {name('v_' + begin)} - 1 THEN {literal(WITHDRAWN)}")
        if self.entity.gebied:
            counted = name("s_" + self.entity.gebied)
            known_begin = f"{name('v_' + self.entity.begin)} IS NOT NULL AND " if self.entity.begin else ""
            cases.append(f"WHEN {known_begin}{counted} NOT IN {sql.in_list(self.own)} THEN {literal(OUTSIDE)}")
        return f"CASE {' '.join(cases)} END" if cases else "CAST(NULL AS VARCHAR)"

    def _quarantine_cases(self) -> list[tuple[str, str, str, str]]:
        """(condition, rule, column, what may be shown), the first that holds counts: columns in order, then periods."""
        cases = []
        for n, column in self._columns():
            fault, shown = name("f_" + n), sql.shown(column, name("t_" + n))
            if column.quarantines:
                cases.append((f"{fault} IS NOT NULL", fault, n, shown))
            elif column.type == "date":
                # All zeros say nothing at all: that is an optional value that cannot be read, not a day half known.
                half_known = f"{fault} = {literal(UNKNOWN_DAY)} AND {name('t_' + n)} NOT IN {sql.OPEN_TEXTS}"
                cases.append((half_known, fault, n, shown))
        for begin, end in self.entity.perioden:
            shown = sql.shown(self.entity.kolommen[end], name("t_" + end))
            cases.append((f"{self._end(end)} < {name('v_' + begin)}", literal(END_BEFORE_BEGIN), end, shown))
        return cases

    def _remarks(self) -> str:
        """What was wrong in optional columns, NULL for nothing; only rows that stay will be asked for it."""
        optional = [(n, column) for n, column in self._columns() if not column.quarantines]
        if not optional:
            return f"CAST(NULL AS {REMARKS_TYPE})"
        wrong = " OR ".join(f"{name('f_' + n)} IS NOT NULL" for n, _ in optional)
        items = ", ".join(
            f"{{'regel': {name('f_' + n)}, 'kolom': {literal(n)}, 'waarde': {sql.shown(column, name('t_' + n))}}}"
            for n, column in optional
        )
        return f"CASE WHEN {wrong} THEN list_filter([{items}], lambda x: x.regel IS NOT NULL) END"
