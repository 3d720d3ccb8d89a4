"""A dry run of one delivery for its owner: what would be refused and why, before it is delivered (`controleer`).

The delivery goes through the real intake, in a temporary folder and with a throw-away key, so nothing of it stays. Not
here: the intake itself and printing.
"""

from __future__ import annotations

import difflib
import secrets
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TextIO

from werkmonitor.core.contracts import rules
from werkmonitor.core.deliveries import SUFFIXES, find_deliveries
from werkmonitor.core.ingest import FileCount, IngestResult, ingest
from werkmonitor.core.mappings import EntityMapping, Version, load_mapping, version_for
from werkmonitor.core.types import ConfigurationError, Delivery, DeliveryUnreadable, HeldByGate
from werkmonitor.core.workspace import NightFolder, Workspace
from werkmonitor.settings import Settings, effective_indeling_jaar

SHOWN_PLACES = 5
OF_A_FILE = "levering."  # rules about files that are not read at all
FOUND = """
    SELECT bestand, entiteit, regel, kolom, count(*) AS aantal,
           list({'rij': rij, 'waarde': waarde} ORDER BY rij)[:$shown] AS plaatsen
    FROM read_parquet($path) GROUP BY ALL ORDER BY bestand, aantal DESC, regel, kolom
"""


@dataclass(frozen=True)
class Problem:
    """Rows of one file that break one rule in one column. `eigen_kolom`: what the owner calls that column."""

    bestand: str
    entiteit: str | None
    regel: str
    kolom: str | None
    aantal: int
    plaatsen: tuple[tuple[int | None, str | None], ...]
    eigen_kolom: str = ""

    def lines(self) -> Iterator[str]:
        rule = rules().get(self.regel)
        own = f"{self.eigen_kolom}, in het contract " if self.eigen_kolom else ""
        column = f" (kolom {own}{self.kolom})" if self.kolom else ""
        number = f"{self.aantal} {'rij' if self.aantal == 1 else 'rijen'}"
        shown = [f"{row}: {value}" if value else str(row) for row, value in self.plaatsen if row is not None]
        more = ", ..." if shown and self.aantal > len(shown) else ""
        yield f"    {number if shown else 'het bestand'}{column}: {rule.uitleg if rule else self.regel}"
        if shown:
            yield f"      rij {'; '.join(shown)}{more}"
        if rule:
            yield f"      Herstel: {rule.herstel}"


@dataclass(frozen=True)
class DryRun:
    """What would become of a delivery. `problems` would go to quarantine, `remarks` would not."""

    bron: str
    leverdatum: date
    counts: tuple[FileCount, ...]
    left_out: dict[tuple[str, str, str], int]
    problems: tuple[Problem, ...]
    remarks: tuple[Problem, ...]
    unreadable: tuple[str, ...]
    absent: tuple[str, ...]

    @property
    def exit_code(self) -> int:
        """0: nothing would be refused; 3: rows would; 5: a file could not be read."""
        if self.unreadable or not self.counts:
            return DeliveryUnreadable.exit_code
        return HeldByGate.exit_code if any(count.quarantaine for count in self.counts) else 0

    def lines(self) -> Iterator[str]:
        """The report for the owner of the source."""
        yield f"Proef van een levering van bron {self.bron}, leverdatum {self.leverdatum}. Er is niets bewaard."
        for message in self.unreadable:
            yield f"\nNiet te lezen: {message}"
        for count in self.counts:
            yield from self._of_file(count)
        for remark in self.remarks:
            if remark.regel.startswith(OF_A_FILE):
                yield f"\n{remark.bestand}"
                yield from remark.lines()
        if self.absent:
            yield f"\nNiet in deze levering: {', '.join(self.absent)}."
        yield f"\n{self.verdict()}"

    def verdict(self) -> str:
        if self.unreadable or not self.counts:
            return "Oordeel: zo kan de levering niet worden gelezen. Herstel wat hierboven staat en probeer opnieuw."
        refused = sum(count.quarantaine for count in self.counts)
        if refused:
            total = sum(count.aangeleverd for count in self.counts)
            return (
                f"Oordeel: {refused} van de {total} rijen zouden niet meetellen. "
                "Herstel ze in de bron en probeer opnieuw."
            )
        return "Oordeel: er zou niets worden geweigerd."

    def _of_file(self, count: FileCount) -> Iterator[str]:
        path, entiteit = Path(count.delivery.relative).name, count.delivery.entiteit
        yield (
            f"\n{path} als {entiteit}: {count.aangeleverd} rijen, waarvan {count.aanvaard} aanvaard, "
            f"{count.dubbel} dubbel, {count.buiten_bereik} buiten bereik, {count.quarantaine} geweigerd."
        )
        for (_, _, rule), number in self._left_out_of(count):
            known = rules().get(rule)
            yield f"    buiten bereik, {rule}: {number}{f' ({known.uitleg})' if known else ''}"
        for title, found in (("  Geweigerd:", self.problems), ("  Telt mee, met een opmerking:", self.remarks)):
            own = [item for item in found if (item.bestand, item.entiteit) == (count.delivery.relative, entiteit)]
            if own:
                yield title
            for item in own:
                yield from item.lines()

    def _left_out_of(self, count: FileCount) -> list[tuple[tuple[str, str, str], int]]:
        key = (count.delivery.relative, count.delivery.entiteit)
        return [item for item in self.left_out.items() if item[0][:2] == key]


def dry_run(
    settings: Settings,
    folder: Path,
    today: date,
    bron: str | None = None,
    leverdatum: date | None = None,
    rows_to: TextIO | None = None,
) -> DryRun:
    """Takes the files of a folder (or one file) in as a delivery of a source, and tells what became of them.

    The source is the one named, else the one the folder lies under, else the only one whose files these can be.
    `rows_to` gets the rows with something to mend, as CSV.
    """
    files = _files(folder)
    source = _source(settings, folder, files, bron)
    day = leverdatum or _day(files[0].resolve().parent.name) or today
    with tempfile.TemporaryDirectory(prefix="werkmonitor-proef-") as scratch:
        own = _settings_in(Path(scratch), settings, source)
        place = own.monitor.landing / source / day.isoformat()
        place.mkdir(parents=True, mode=0o700)
        for path in files:
            (place / path.name).symlink_to(path.resolve())
        return _taken_in(own, source, day, rows_to)


def _taken_in(settings: Settings, bron: str, day: date, rows_to: TextIO | None) -> DryRun:
    workspace = Workspace(settings.monitor.werkmap).create()
    key = secrets.token_bytes(32)
    year = effective_indeling_jaar(settings, settings.monitor.peildatum or day)

    def take(deliveries: Sequence[Delivery], name: str) -> tuple[IngestResult, NightFolder]:
        night = workspace.night(name)
        return ingest(settings, key, list(deliveries), workspace, night, year), night

    unreadable: list[str] = []
    try:
        deliveries = find_deliveries(settings)
    except DeliveryUnreadable as error:
        deliveries, unreadable = [], [str(error)]
    try:
        result, night = take(deliveries, "alles")
    except DeliveryUnreadable:
        # Every file on its own, so that the owner hears of all of them at once.
        deliveries, messages = _readable(deliveries, take)
        unreadable += messages
        result, night = take(deliveries, "leesbaar")
    if rows_to is not None:
        from werkmonitor.core.status import write_csv

        write_csv(night, rows_to)
    found = {delivery.entiteit for delivery in deliveries}
    version = version_for(settings.bronnen[bron].mapping, day)
    return DryRun(
        bron=bron,
        leverdatum=day,
        counts=result.counts,
        left_out=result.left_out,
        problems=tuple(_problems(night.quarantine, version)),
        remarks=tuple(_problems(night.findings, version)),
        unreadable=tuple(dict.fromkeys(unreadable)),
        absent=tuple(entiteit for entiteit in settings.bronnen[bron].entiteiten if entiteit not in found),
    )


def _readable(deliveries: Sequence[Delivery], take: Any) -> tuple[list[Delivery], list[str]]:
    good, messages = [], []
    for number, delivery in enumerate(deliveries):
        try:
            take([delivery], f"los-{number}")
            good.append(delivery)
        except DeliveryUnreadable as error:
            messages.append(str(error))
    return good, messages


def _problems(path: Path, version: Version) -> Iterator[Problem]:
    import duckdb

    with duckdb.connect() as connection:
        for bestand, entiteit, regel, kolom, aantal, places in connection.execute(
            FOUND, {"path": str(path), "shown": SHOWN_PLACES}
        ).fetchall():
            shown = tuple((place["rij"], place["waarde"]) for place in places)
            mapping = version.entiteiten.get(entiteit or "", EntityMapping())
            yield Problem(bestand or "", entiteit, regel, kolom, aantal, shown, " of ".join(mapping.own_names(kolom)))


# --- which files, of which source -------------------------------------------------------------------------------------


def _files(folder: Path) -> list[Path]:
    """The files of a delivery; of a folder of deliveries, those of the newest."""
    if folder.is_file():
        return [folder]
    if not folder.is_dir():
        raise ConfigurationError(
            f"De map {folder} bestaat niet. Noem de map waarin de bestanden van de levering staan."
        )
    files = [path for path in sorted(folder.iterdir()) if path.is_file() and not path.name.startswith(".")]
    dated = sorted(path for path in folder.iterdir() if path.is_dir() and _day(path.name))
    if not files and dated:
        return _files(dated[-1])
    if not files:
        raise ConfigurationError(f"In de map {folder} staan geen bestanden. Noem de map van de levering zelf.")
    return files


def _source(settings: Settings, folder: Path, files: Sequence[Path], bron: str | None) -> str:
    known = settings.bronnen
    if bron is not None:
        if bron not in known:
            near = difflib.get_close_matches(bron, known, n=1)
            hint = f" Bedoelde u {near[0]}?" if near else f" Bekend zijn: {', '.join(known)}."
            raise ConfigurationError(f"--bron {bron} staat niet in de configuratie.{hint}")
        return bron
    above = [part for part in reversed(folder.resolve().parts) if part in known]
    fitting = above[:1] or [name for name in known if any(_fits(settings, name, path) for path in files)]
    if len(fitting) != 1:
        several = f"Meer dan één bron kan dit zijn: {', '.join(fitting)}." if fitting else "De map past bij geen bron."
        raise ConfigurationError(f"{several} Noem haar met --bron; bekend zijn: {', '.join(known)}.")
    return fitting[0]


def _fits(settings: Settings, bron: str, path: Path) -> bool:
    source = settings.bronnen[bron]
    if path.suffix.lower() not in SUFFIXES:
        return False
    named = {path.stem.lower()}
    for version in load_mapping(source.mapping).versies if source.mapping else ():
        named |= set(version.entities_of(path.stem))
    return bool(named & set(source.entiteiten))


def _settings_in(scratch: Path, settings: Settings, bron: str) -> Settings:
    places = {"landing": scratch / "landing", "werkmap": scratch / "werk", "releases": scratch / "releases"}
    monitor = settings.monitor.model_copy(update=places)
    return settings.model_copy(update={"monitor": monitor, "bronnen": {bron: settings.bronnen[bron]}})


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(name) if len(name) == 10 else None
    except ValueError:
        return None
