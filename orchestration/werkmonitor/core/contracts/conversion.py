"""SQL expressions that turn a delivered text into a typed value, one small function a type. No table names and no
running of SQL.

Each takes an expression that is a trimmed text or NULL, and gives an expression that is NULL where the text cannot be
read. Whoever calls tells 'empty' from 'cannot be read' by looking at the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from werkmonitor.core.contracts import Column, Kind

OPEN_END = "DATE '9999-12-31'"
# '0' is 00000000 after a spreadsheet has eaten its zeros.
OPEN_TEXTS = "('00000000', '0', '0000-00-00', '00-00-0000')"
# A year 0000 is no year, though DuckDB would take it.
YEAR = r"(\d{3}[1-9]|\d{2}[1-9]\d|\d[1-9]\d{2}|[1-9]\d{3})"
ISO = YEAR + r"-\d{2}-\d{2}"
MIDNIGHT = r"([ T]0?0:00(:00(\.0+)?)?(Z|[+]00(:?00)?)?)?"
TRUE_TEXTS = ("1", "ja", "j", "true")
FALSE_TEXTS = ("0", "nee", "n", "false")

RULE_OF_TYPE: Mapping[str, str] = {
    "text": "tekst.vorm",
    "date": "datum.onleesbaar",
    "int": "getal.onleesbaar",
    "dec": "getal.onleesbaar",
    "bool": "janee.onleesbaar",
    "code": "code.onbekend",
    "volgens": "code.onbekend",
    "month": "maand.onleesbaar",
    "period": "periode.onleesbaar",
    "gemeente": "gemeente.onbekend",
    "bsn": "bsn.ongeldig",
    "persoon": "bsn.ongeldig",
    "clientnummer": "verplicht.leeg",
}


def literal(value: str) -> str:
    """A SQL string literal."""
    return "'" + value.replace("'", "''") + "'"


def name(identifier: str) -> str:
    """A quoted SQL identifier."""
    return '"' + identifier.replace('"', '""') + '"'


def in_list(values: Iterable[str]) -> str:
    return "(" + ", ".join(literal(value) for value in values) + ")"


def filled(expression: str) -> str:
    """Text that is not empty; empty reads as NULL."""
    return f"nullif({expression}, '')"


def date(t: str) -> str:
    """JJJJ-MM-DD, JJJJMMDD or DD-MM-JJJJ (a midnight behind it is fine); NULL when the calendar has no such day."""
    day = f"try_strptime(regexp_extract({t}, '^[0-9-]+'), '%d-%m-%Y')"
    return (
        # The usual form first, without a regular expression: millions of rows have it.
        f"CASE WHEN length({t}) = 10 AND {t}[5] = '-' AND {t}[8] = '-' AND {t} BETWEEN '0001-01-01' AND '9999-12-31'"
        f" THEN try_cast({t} AS DATE)"
        f" WHEN regexp_full_match({t}, '{ISO}') THEN try_cast({t} AS DATE)"
        f" WHEN regexp_full_match({t}, '{YEAR}\\d{{4}}')"
        f" THEN try_cast({t}[1:4] || '-' || {t}[5:6] || '-' || {t}[7:8] AS DATE)"
        f" WHEN regexp_full_match({t}, '\\d{{1,2}}-\\d{{1,2}}-{YEAR}{MIDNIGHT}') THEN try_cast({day} AS DATE)"
        f" WHEN regexp_full_match({t}, '{ISO}{MIDNIGHT}') THEN try_cast({t}[1:10] AS DATE) END"
    )


def unknown_day(t: str) -> str:
    """True for a date whose day (or day and month) is written as 00."""
    return rf"regexp_full_match({t}, '\d{{6}}00|\d{{4}}-\d{{2}}-00{MIDNIGHT}|00-\d{{2}}-\d{{4}}{MIDNIGHT}')"


def integer(t: str) -> str:
    return (
        f"CASE WHEN length({t}) = 1 AND {t} BETWEEN '0' AND '9' THEN CAST({t} AS BIGINT)"
        rf" WHEN regexp_full_match({t}, '[+-]?\d+([.,]0+)?')"
        rf" THEN try_cast(regexp_extract({t}, '^[+-]?\d+') AS BIGINT) END"
    )


def decimal(t: str, sql_type: str, sign: str, *, percentage: bool = False) -> str:
    """A number with the source's decimal sign and no other; an exponent only where nothing is rounded."""
    if percentage:
        t = rf"regexp_replace({t}, '\s*%$', '')"
    point = r"\." if sign == "." else ","
    exponent = r"([eE][+-]?\d+)?" if sql_type == "DOUBLE" else ""
    pattern = rf"[+-]?(\d+({point}\d*)?|{point}\d+){exponent}"
    plain = t if sign == "." else f"replace({t}, ',', '.')"
    return f"CASE WHEN regexp_full_match({t}, {literal(pattern)}) THEN try_cast({plain} AS {sql_type}) END"


def boolean(t: str) -> str:
    yes, no = in_list(TRUE_TEXTS), in_list(FALSE_TEXTS)
    return f"CASE WHEN lower({t}) IN {yes} THEN true WHEN lower({t}) IN {no} THEN false END"


def padded(t: str, length: int | None) -> str:
    """Puts lost zeros back in front of what is all digits."""
    if length is None:
        return t
    short = f"length({t}) < {length} AND regexp_full_match({t}, '\\d+')"
    return f"CASE WHEN {short} THEN lpad({t}, {length}, '0') ELSE {t} END"


def code(t: str, codes: Iterable[str], length: int | None = None) -> str:
    value = padded(t, length)
    return f"CASE WHEN {value} IN {in_list(codes)} THEN {value} END"


def text(t: str, pattern: str | None, length: int | None) -> str:
    value = padded(t, length)
    return value if pattern is None else f"CASE WHEN regexp_full_match({value}, {literal(pattern)}) THEN {value} END"


def month(t: str) -> str:
    """JJJJ-MM or JJJJMM; also the first day of a month, since a spreadsheet makes that of 2024-01."""
    return (
        rf"CASE WHEN regexp_full_match({t}, '\d{{4}}-?(0[1-9]|1[0-2])') THEN {t}[1:4] || '-' || right({t}, 2)"
        rf" WHEN regexp_full_match({t}, '\d{{4}}-(0[1-9]|1[0-2])-01{MIDNIGHT}') THEN {t}[1:7] END"
    )


def period(t: str) -> str:
    return rf"CASE WHEN regexp_full_match(upper({t}), '\d{{4}}(JJ00|KW0[1-4]|MM(0[1-9]|1[0-2]))') THEN upper({t}) END"


def gemeente(t: str) -> str:
    """268, 0268 and GM268 all mean GM0268; whether that has ever been a gemeente is looked up by the caller."""
    return (
        f"CASE WHEN length({t}) = 6 AND {t}[:2] = 'GM' THEN {t}"
        rf" WHEN regexp_full_match(upper({t}), '(GM)?\d{{1,4}}')"
        rf" THEN 'GM' || lpad(regexp_extract({t}, '\d+'), 4, '0') END"
    )


def bsn(t: str) -> str:
    """Nine digits, zeros put back in front, that pass the eleven-test (9a + 8b + ... + 2h - i divides by 11)."""
    number = f"try_cast({t} AS BIGINT)"
    total = " + ".join(f"{weight} * ({number} // {10 ** (weight - 1)} % 10)" for weight in range(9, 1, -1))
    passes = f"({total} - {number} % 10) % 11 = 0 AND {number} > 0"
    return rf"CASE WHEN regexp_full_match({t}, '\d{{1,9}}') AND {passes} THEN lpad({t}, 9, '0') END"


def by_other_column(t: str, other: str, kinds: Mapping[str, Kind]) -> str:
    """The kind follows the value of another column; what is a yes or no there is written as ja or nee."""
    cases = []
    for value, kind in kinds.items():
        if kind.type == "bool":
            truth = boolean(t)
            read = f"CASE ({truth}) WHEN true THEN 'ja' WHEN false THEN 'nee' END"
        else:
            read = code(t, kind.codes)
        cases.append(f"WHEN {literal(value)} THEN ({read})")
    return f"CASE {other} {' '.join(cases)} END"


def typed(column: Column, t: str, sign: str, id_kind: str, other: str) -> str:
    """The typed value of a column. `sign`: decimal sign; `id_kind`: bsn or clientnummer; `other`: value it depends
    on.
    """
    match column.type:
        case "date":
            return date(t)
        case "int":
            return integer(t)
        case "dec":
            return decimal(t, column.sql_type, sign, percentage=column.procent)
        case "bool":
            return boolean(t)
        case "code":
            return code(t, column.code_list(), column.lengte)
        case "month":
            return month(t)
        case "period":
            return period(t)
        case "gemeente":
            return gemeente(t)
        case "bsn":
            return bsn(t)
        case "persoon":
            return bsn(t) if id_kind == "bsn" else t
        case "volgens":
            return by_other_column(t, other, column.soorten)
        case _:
            return text(t, column.patroon, column.lengte)


def rule(column: Column, t: str) -> str:
    """The id of the rule that a text of this column breaks, given that it cannot be read."""
    if column.type == "date":
        return f"CASE WHEN {unknown_day(t)} THEN 'datum.dag_onbekend' ELSE 'datum.onleesbaar' END"
    return literal(RULE_OF_TYPE[column.type])


def shown(column: Column, t: str) -> str:
    """What a finding may show of an offending text: of a person's number the last two digits, and of any long number
    too.

    Nothing but an amount has five digits in a row, so that is long already (columns that were shifted); in an amount
    eight are, or five with a letter beside them. A date of eight digits, or a month of six, that could be one is shown
    whole: that is what the steward has to look for.
    """
    last_two = rf"'…' || CASE WHEN length({t}) <= 2 THEN '' ELSE regexp_extract({t}, '\d{{2}}$') END"
    if column.identifies:
        return last_two
    long_number = rf"regexp_matches({t}, '\d{{5}}')"
    if column.type in ("int", "dec"):
        long_number += rf" AND regexp_matches({t}, '\d{{8}}|[A-Za-z]')"
    if column.type in ("date", "month"):
        long_number += rf" AND NOT regexp_full_match({t}, '(0000|1[89]\d\d|2[01]\d\d|9999)(0\d|1[0-9])([0-3]\d)?')"
    return f"CASE WHEN {long_number} THEN {last_two} ELSE left({t}, 60) END"
