"""What is open: the newest run, which sources are late, and what a steward can mend. Read only, for `status` and
`bevindingen`.

Here the clock may be read: being late is about today. No figure depends on this module.
"""

from __future__ import annotations

import calendar
import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from werkmonitor.core.open_rows import unmended
from werkmonitor.core.places import places
from werkmonitor.core.types import CheckResult, Outcome, Severity, WerkmonitorError
from werkmonitor.core.workspace import NightFolder
from werkmonitor.settings import Settings

if TYPE_CHECKING:
    import pyarrow as pa

    from werkmonitor.core.contracts import Rule

# When the next delivery is due after the newest one, in (months, days).
EXPECTED = {"dagelijks": (0, 1), "wekelijks": (0, 7), "maandelijks": (1, 0), "kwartaal": (3, 0), "jaarlijks": (12, 0)}
SHOWN_ROWS = 5
SHOWN_CHECKS = 8
NOT_RUN = "controle kon niet worden uitgevoerd"
NOT_RUN_MESSAGE = "De controle kon niet worden uitgevoerd:"
NOT_RUN_REMEDY = (
    "Een waiver kan dit niet opheffen. Meld de oorzaak aan de beheerder, of herstel haar, en draai opnieuw."
)
CONSEQUENCE = {"quarantaine": "rij telt niet mee", "bevinding": "rij telt mee"}
CSV_COLUMNS = (
    *("soort", "ernst", "regel", "uitleg", "bron", "bestand"),
    *("rij", "kolom", "waarde", "aantal", "herstel"),
)
# A spreadsheet must not read a delivered text (names of folders, files and columns too) as a formula: such a text gets
# an apostrophe in front.
_INERT = "case when regexp_matches({0}, '^[=+@\\t\\r-]') then chr(39) || {0} else {0} end"
_ROWS = f"""
    select $soort as soort, $ernst as ernst, r.regel, coalesce(t.uitleg, r.regel), {_INERT.format("r.bron")},
           {_INERT.format("r.bestand")}, r.rij, {_INERT.format("r.kolom")}, {_INERT.format("r.waarde")}, 1, t.herstel
    from ({{rows}}) r left join regel_tekst t using (regel)
    order by r.bron, r.bestand, r.rij, r.regel, r.kolom
"""


@dataclass(frozen=True)
class Selection:
    """Which rows to show: of one source, one rule, one delivery; left out, all of them. The checks of a run belong to
    no source, so any choice leaves them out.
    """

    bron: str | None = None
    regel: str | None = None
    levering: date | None = None

    @property
    def everything(self) -> bool:
        return self == Selection()

    def rows(self) -> str:
        """The SELECT of the chosen rows over the parameter `path`."""
        return (
            f"select * from ({unmended('$path')}) where coalesce(bron = $bron, true) and coalesce(regel = $regel, true)"
            " and coalesce(bestand like $levering, true)"
        )

    def parameters(self, path: Path) -> dict[str, str | None]:
        # A delivered file lies under <bron>/<leverdatum>/.
        day = f"%/{self.levering}/%" if self.levering else None
        return {"path": str(path), "bron": self.bron, "regel": self.regel, "levering": day}


@dataclass(frozen=True)
class LateSource:
    """A source whose next delivery should have come. `newest` None: it never delivered."""

    bron: str
    newest: date | None
    due: date | None
    eigenaar: str
    waarschuw: tuple[str, ...]

    def sentence(self) -> str:
        """In words: which source, since when, and whose it is."""
        owner = f" Eigenaar: {self.eigenaar}." if self.eigenaar else ""
        if self.newest is None:
            return f"{self.bron} heeft nog niets geleverd.{owner}"
        return f"{self.bron} leverde voor het laatst op {self.newest}; verwacht werd uiterlijk {self.due}.{owner}"


@dataclass(frozen=True)
class OpenItem:
    """One thing for a steward: rows of one file that break one rule, or a check that failed."""

    soort: str  # quarantaine, bevinding, controle
    ernst: str
    regel: str
    uitleg: str
    bron: str
    bestand: str
    kolom: str
    aantal: int
    rijen: str
    herstel: str
    waarden: str = ""

    def text(self) -> str:
        """A few lines for a steward."""
        column = f", kolom {self.kolom}" if self.kolom else ""
        lines = [
            f"[{self.soort}: {self.ernst}] {self.regel}",
            f"  {self.uitleg}",
            f"  {self.bestand}{column}: {self._found()}",
            f"  Gevonden: {self.waarden}" if self.waarden else "",
            f"  Herstel: {self.herstel}" if self.herstel else "",
        ]
        return "\n".join(line for line in lines if line)

    def _found(self) -> str:
        if self.soort == "controle":
            return f"{self.aantal} fout" + (f" ({self.rijen})" if self.rijen else "")
        if not self.rijen:
            return "het hele bestand"
        return f"{_many(self.aantal, 'rij', 'rijen')} (rij {self.rijen})"


def newest_deliveries(settings: Settings) -> dict[str, date]:
    """Per source the newest delivery date in landing, from the names of the folders alone."""
    found = {}
    for bron in settings.bronnen:
        folder = settings.monitor.landing / bron
        days = [day for path in folder.glob("*/") if (day := _day(path.name))] if folder.is_dir() else []
        if days:
            found[bron] = max(days)
    return found


def late_sources(settings: Settings, newest: Mapping[str, date], today: date) -> list[LateSource]:
    """Sources whose next delivery was due before today, the longest late first; those that never delivered come
    first."""
    late = []
    for bron, source in settings.bronnen.items():
        last = newest.get(bron)
        due = due_after(last, source.verwacht) if last else None
        if due is None or due < today:
            late.append(LateSource(bron, last, due, source.eigenaar, tuple(source.waarschuw)))
    return sorted(late, key=lambda item: (item.due or date.min, item.bron))


def due_after(last: date, expected: str) -> date:
    """The day on which the next delivery should be there."""
    months, days = EXPECTED[expected]
    year, month = divmod(last.year * 12 + last.month - 1 + months, 12)
    return date(year, month + 1, min(last.day, calendar.monthrange(year, month + 1)[1])) + timedelta(days=days)


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(name) if len(name) == 10 else None
    except ValueError:
        return None


# ---- open findings


def open_items(night: NightFolder, chosen: Selection | None = None) -> list[OpenItem]:
    """What the newest night left to mend: failed checks first, then quarantine, then findings; the most rows first."""
    from werkmonitor.core.contracts import rules

    texts, chosen = rules(), chosen or Selection()
    return [
        *(_condensed(list(_checks(night.checks))) if chosen.everything else ()),
        *_rows(night.quarantine, "quarantaine", texts, chosen),
        *_rows(night.findings, "bevinding", texts, chosen),
    ]


def _rows(path: Path, soort: str, texts: Mapping[str, Rule], chosen: Selection) -> Iterator[OpenItem]:
    if not path.exists():
        return
    for bron, bestand, regel, kolom, aantal, rijen, waarden in _grouped(path, chosen):
        text = texts.get(regel)
        yield OpenItem(
            soort=soort,
            ernst=CONSEQUENCE[soort],
            regel=regel,
            uitleg=text.uitleg if text else regel,
            bron=bron,
            bestand=bestand,
            kolom=kolom or "",
            aantal=aantal,
            rijen=_row_list(rijen, aantal),
            herstel=text.herstel if text else "",
            waarden=", ".join(str(waarde) for waarde in waarden or ()),
        )


def _grouped(path: Path, chosen: Selection) -> list[tuple[Any, ...]]:
    import duckdb

    with duckdb.connect() as connection:
        return connection.execute(
            f"""
            select bron, bestand, regel, kolom, count(*) as aantal, min(rij, {SHOWN_ROWS}) as rijen,
                   list_sort(list(distinct waarde))[:3] as waarden
            from ({chosen.rows()}) group by all order by aantal desc, bron, bestand, regel, kolom
            """,
            chosen.parameters(path),
        ).fetchall()


def _row_list(rows: Iterable[int | None] | None, count: int) -> str:
    """The first rows, and dots when there are more; nothing for a finding about a whole file, which has no row."""
    named = [str(row) for row in rows or () if row is not None]
    return ", ".join(named) + (", ..." if named and count > len(named) else "")


def _checks(path: Path) -> Iterator[OpenItem]:
    order = {"ERROR": 0, "FAIL": 1}
    failed = [check for check in read_checks(path) if check["outcome"] in order]
    for check in sorted(failed, key=lambda item: (order[item["outcome"]], item["severity"], item["check_id"])):
        broken = check["outcome"] == "ERROR"
        yield OpenItem(
            soort="controle",
            ernst=NOT_RUN if broken else check["severity"],
            regel=check["check_id"],
            uitleg=" ".join(part for part in (check.get("explanation"), check.get("message")) if part),
            bron="",
            bestand=str(check.get("subject", "")),
            kolom="",
            aantal=int(check.get("failing") or 0),
            rijen=places(check.get("examples") or [], SHOWN_ROWS, int(check.get("failing") or 0)),
            herstel=check.get("remedy", ""),
        )


def _condensed(items: list[OpenItem]) -> Iterator[OpenItem]:
    """One cause often stops a hundred checks: said once, with the checks that it stopped (the CSV has a line each)."""
    stopped: dict[str, list[OpenItem]] = {}
    for item in items:
        if item.ernst == NOT_RUN:
            stopped.setdefault(item.uitleg.rpartition(NOT_RUN_MESSAGE)[2], []).append(item)
    for cause, same in stopped.items():
        first, more = same[0], len(same) - SHOWN_CHECKS
        names = ", ".join(item.regel for item in same[:SHOWN_CHECKS]) + (f" en nog {more}" if more > 0 else "")
        text = f"{NOT_RUN_MESSAGE}{cause}".strip()
        checks = _many(len(same), "controle", "controles")
        yield replace(
            first, regel=names, uitleg=text, bestand=checks, aantal=len(same), rijen="", herstel=NOT_RUN_REMEDY
        )
    yield from (item for item in items if item.ernst != NOT_RUN)


def summary(night: NightFolder) -> str:
    """What is open, in one sentence; empty when nothing is."""
    checks = read_checks(night.checks)
    errors = sum(check["outcome"] == "ERROR" for check in checks)
    failed = sum(check["outcome"] == "FAIL" and check["severity"] == Severity.BLOCKING for check in checks)
    warned = sum(check["outcome"] == "FAIL" and check["severity"] != Severity.BLOCKING for check in checks)
    kept_out, remarked = _number_of_rows(night.quarantine), _number_of_rows(night.findings)
    parts = [
        _many(errors, "controle die niet kon worden uitgevoerd", "controles die niet konden worden uitgevoerd")
        if errors
        else "",
        _many(failed, "mislukte controle", "mislukte controles") if failed else "",
        _many(warned, "waarschuwing", "waarschuwingen") if warned else "",
        "1 rij in quarantaine (telt niet mee)" if kept_out == 1 else "",
        f"{kept_out} rijen in quarantaine (tellen niet mee)" if kept_out > 1 else "",
        f"{_many(remarked, 'bevinding', 'bevindingen')} bij rijen of bestanden die wel meetellen" if remarked else "",
    ]
    return "; ".join(part for part in parts if part)


def _number_of_rows(path: Path) -> int:
    import duckdb

    if not path.exists():
        return 0
    with duckdb.connect() as connection:
        found = connection.execute(f"select count(*) from ({unmended('$path')})", {"path": str(path)}).fetchone()
    return int(found[0]) if found else 0


def _many(number: int, one: str, more: str) -> str:
    return f"{number} {one if number == 1 else more}"


def read_checks(path: Path) -> list[dict[str, Any]]:
    """The check results of a night; none when the night did not come that far."""
    if not path.exists():
        return []
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        raise WerkmonitorError(f"{path} is beschadigd en niet te lezen. Draai opnieuw: werkmonitor run") from None
    return content["controles"] if isinstance(content, dict) else content


def check_results(path: Path) -> list[CheckResult]:
    """The check results of a night in their typed form."""
    return [
        CheckResult(
            **{
                **check,
                "outcome": Outcome(check["outcome"]),
                "severity": Severity(check["severity"]),
                "examples": tuple(check.get("examples", ())),
            }
        )
        for check in read_checks(path)
    ]


def write_csv(night: NightFolder, stream: TextIO, chosen: Selection | None = None) -> None:
    """What is open as CSV (UTF-8, comma, LF): a line a failed check, a line a row in quarantine or with a finding."""
    import duckdb

    chosen = chosen or Selection()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(CSV_COLUMNS)
    writer.writerows(
        (
            item.soort,
            item.ernst,
            item.regel,
            item.uitleg,
            "",
            item.bestand,
            "",
            "",
            item.rijen,
            item.aantal,
            item.herstel,
        )
        for item in (_checks(night.checks) if chosen.everything else ())
    )
    with duckdb.connect() as connection:
        connection.register("regel_tekst", _rule_table())
        for path, soort in ((night.quarantine, "quarantaine"), (night.findings, "bevinding")):
            if path.exists():
                values = {"soort": soort, "ernst": CONSEQUENCE[soort], **chosen.parameters(path)}
                writer.writerows(connection.execute(_ROWS.format(rows=chosen.rows()), values).fetchall())


def _rule_table() -> pa.Table:
    import pyarrow as pa

    from werkmonitor.core.contracts import rules

    texts = rules()
    return pa.table(
        {
            "regel": list(texts),
            "uitleg": [text.uitleg for text in texts.values()],
            "herstel": [text.herstel for text in texts.values()],
        }
    )
