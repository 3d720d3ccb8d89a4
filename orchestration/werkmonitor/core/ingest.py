"""Intake: every delivered row becomes accepted, `dubbel`, `buiten_bereik` or quarantined, exactly once, with
pseudonyms for persons.

One entity after the other: its files are read in batches into one table (each row judged by the SELECT that its
contract gives), persons get their pseudonym, keys are compared, and the results are written to the night folder. Not
here: how a file is read (`reading.py`), what makes a value good (`contracts/`), and every check that only counts or
compares (`checks/`).

The working tables hold persons' numbers. They live in memory, spill into the night folder (readable by its owner
only), and are gone when the intake ends.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from werkmonitor.core import pseudonyms as hiding
from werkmonitor.core import regions
from werkmonitor.core.columns import FileColumns, presentable
from werkmonitor.core.contracts import ENTITIES, PERSON, Entity, contract
from werkmonitor.core.contracts import conversion as sql
from werkmonitor.core.contracts.conversion import literal, name
from werkmonitor.core.contracts.staging import REMARKS_TYPE, Judging, value_columns
from werkmonitor.core.deliveries import landing_notes, snapshot
from werkmonitor.core.mappings import EntityMapping, Version, version_for
from werkmonitor.core.reading import Format, RowReader, open_rows
from werkmonitor.core.types import Delivery, WerkmonitorError
from werkmonitor.core.workspace import NightFolder, Workspace
from werkmonitor.settings import Settings, SourceSettings

MEMORY_LIMIT = "2GB"
BSN_SPACE = 0  # number of the one space in which bsn's live; namespaces of clientnummers count from 1
PIECE = 1 << 15  # rows a thread takes at a time
IDENTIFIED = 100_000  # rows of one entity that break one rule: with more it is one finding, not so many
NAMED_COLUMNS = 20  # columns of a file that nobody asked for; with more, the rest is one finding
MASK_FROM = 5  # a shown value of this length or longer that equals somebody's number is masked
# What is known of a row by itself: nothing wrong, left out, refused, left out without superseding an earlier message.
GOOD, LEFT_OUT, REFUSED, QUIET = range(4)
OUTCOMES = ("aanvaard", "dubbel", "buiten_bereik", "quarantaine")
LEFT_OUT_FILE = "buiten_bereik.parquet"


@dataclass(frozen=True)
class FileCount:
    """What became of the rows of one file, read for one entity. The four outcomes add up to `aangeleverd`: that is the
    law of the intake.
    """

    delivery: Delivery
    aangeleverd: int
    aanvaard: int
    dubbel: int
    buiten_bereik: int
    quarantaine: int


@dataclass(frozen=True)
class IngestResult:
    """Counts per file and entity, and per file, entity and rule how many rows were left out on purpose."""

    counts: tuple[FileCount, ...]
    left_out: dict[tuple[str, str, str], int]
    findings: int

    @property
    def entities(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(count.delivery.entiteit for count in self.counts))

    def total(self, outcome: str) -> int:
        """Rows over all files: aangeleverd, aanvaard, dubbel, buiten_bereik or quarantaine."""
        return sum(getattr(count, outcome) for count in self.counts)


def ingest(
    settings: Settings,
    key: bytes,
    deliveries: list[Delivery],
    workspace: Workspace,
    night: NightFolder,
    indeling_jaar: int,
    progress: Callable[[str], None] | None = None,
) -> IngestResult:
    """Takes the deliveries in and writes accepted/, quarantine, findings and counts to the night folder."""
    night.create()
    with _working_database(night) as connection:
        intake = _Intake(settings, key, workspace, night, indeling_jaar, connection)
        for entiteit in ENTITIES:
            files = [delivery for delivery in deliveries if delivery.entiteit == entiteit]
            if files:
                if progress is not None:
                    progress(entiteit)
                intake.take_in(contract(entiteit), files)
        return intake.finish()


@contextmanager
def _working_database(night: NightFolder) -> Iterator[duckdb.DuckDBPyConnection]:
    spill = night.root / "tijdelijk"
    spill.mkdir(exist_ok=True, mode=0o700)
    connection = duckdb.connect(config={"memory_limit": MEMORY_LIMIT, "temp_directory": str(spill)})
    try:
        # Rows carry their file and number; keeping them in order as well would cost memory and a thread.
        connection.execute("SET enable_progress_bar = false; SET preserve_insertion_order = false")
        yield connection
    finally:
        connection.close()
        shutil.rmtree(spill, ignore_errors=True)


class _Intake:
    """The state of one intake: the connection, the files by number, and what is known of persons."""

    def __init__(
        self,
        settings: Settings,
        key: bytes,
        workspace: Workspace,
        night: NightFolder,
        indeling_jaar: int,
        connection: duckdb.DuckDBPyConnection,
    ) -> None:
        self.settings, self.key, self.workspace, self.night = settings, key, workspace, night
        self.sql = connection
        self.own = regions.organisation_gemeenten(settings, indeling_jaar)
        self.files: list[Delivery] = []
        self.delivered: list[int] = []
        self.added_up: tuple[str, ...] = ()  # columns of the entity that a mapping adds up within a key
        self.spaces = self._number_spaces()
        self._make_tables(regions.gemeente_periods(indeling_jaar))

    def _number_spaces(self) -> dict[str, int]:
        """A number for every naamruimte; 0 is for bsn's, which mean the same person everywhere."""
        named = [
            source.naamruimte for source in self.settings.bronnen.values() if source.persoon_id_soort != hiding.BSN
        ]
        return {space: number for number, space in enumerate(dict.fromkeys(named), start=BSN_SPACE + 1)}

    def _make_tables(self, periods: pa.Table) -> None:
        self.sql.register("gemeente_register", periods)
        self.sql.execute(
            "CREATE TABLE gemeente AS SELECT code, geldig_van AS van, geldig_tot AS tot, opvolger FROM "
            "gemeente_register"
        )
        self.sql.unregister("gemeente_register")
        self.sql.execute("CREATE TABLE naamruimte (ruimte_nr INTEGER, naamruimte VARCHAR)")
        if self.spaces:
            self.sql.executemany(
                "INSERT INTO naamruimte VALUES (?, ?)", [(nr, space) for space, nr in self.spaces.items()]
            )
        self.sql.execute(
            "CREATE TABLE bestand (bestand_nr INTEGER, bron VARCHAR, bron_nr INTEGER, leverdatum DATE, entiteit "
            "VARCHAR,"
            " bestand VARCHAR, sha256 VARCHAR, aangeleverd BIGINT);"
            "CREATE TABLE telling (bestand_nr INTEGER, uitslag VARCHAR, regel VARCHAR, aantal BIGINT);"
            "CREATE TABLE quarantaine (bestand_nr INTEGER, rij BIGINT, regel VARCHAR, kolom VARCHAR, waarde VARCHAR,"
            " persoon_nr INTEGER);"
            "CREATE TABLE bevinding (bestand_nr INTEGER, bron VARCHAR, leverdatum DATE, bestand VARCHAR, rij BIGINT,"
            " regel VARCHAR, kolom VARCHAR, waarde VARCHAR);"
            "CREATE TABLE persoon (persoon_nr INTEGER, ruimte_nr INTEGER, id VARCHAR, persoon VARCHAR);"
            "CREATE TABLE nummer (ruimte_nr INTEGER, id VARCHAR, persoon_nr INTEGER);"
            "CREATE TABLE band (ruimte_nr INTEGER, id VARCHAR, bsn VARCHAR);"
            "CREATE TABLE hersteld (bestand_nr INTEGER, rij BIGINT, leverdatum DATE);"
            "CREATE TABLE identiteit (bestand_nr INTEGER, rij BIGINT, sleutel VARCHAR);"
            "CREATE TABLE zout (zout VARCHAR);"
        )
        self.sql.execute("INSERT INTO zout VALUES (?)", [hiding.row_salt(self.key)])

    # --- one entity ---------------------------------------------------------------------------------------------------

    def take_in(self, entity: Entity, files: list[Delivery]) -> None:
        """Reads every file of the entity, judges its rows and writes what is accepted."""
        self.added_up = ()
        values = "".join(f", {name(n)} {kind}" for n, kind in value_columns(entity).items())
        # Of what is wrong with a row only a few have anything: that lies apart, or five million rows would carry it.
        self.sql.execute(
            "CREATE TABLE stapel (bestand_nr INTEGER, bron_nr INTEGER, leverdatum DATE, rij BIGINT, persoon_nr INTEGER,"
            f" staat UTINYINT, apart UBIGINT{values});"
            "CREATE TABLE gebrek (bestand_nr INTEGER, rij BIGINT, buiten VARCHAR, regel VARCHAR, kolom VARCHAR,"
            f" waarde VARCHAR, opm {REMARKS_TYPE});"
            "CREATE TABLE opgeteld (r BIGINT)"
        )
        for delivery in files:
            self._read(entity, delivery)
        self._note_second_files(entity)
        self._compare_keys(entity)
        self._judge()
        self._check_law()
        self._note_mended(entity)
        self._add_up(entity)
        self._note_across(entity)
        self._write_accepted(entity)
        self._remember(entity)
        self._identify(entity)
        self.sql.execute("DROP TABLE stapel; DROP TABLE gebrek; DROP TABLE uitval; DROP TABLE opgeteld")

    def _read(self, entity: Entity, delivery: Delivery) -> None:
        source = self.settings.bronnen[delivery.bron]
        number = len(self.files)
        self.files.append(delivery)
        reader = open_rows(snapshot(delivery, self.workspace), delivery.relative, _format(delivery.bron, source))
        version = version_for(source.mapping, delivery.leverdatum)
        mapping = version.entiteiten.get(entity.entiteit, EntityMapping())
        columns = FileColumns.bind(entity, mapping, reader.header, delivery, source.decimaal)
        self.added_up = mapping.optellen or self.added_up
        self._note_file(number, entity, columns, version, reader)
        total = self._judge_batches(reader, columns, number, delivery, source)
        self._keep_malformed(reader, number, delivery)
        self.delivered.append(total + len(reader.malformed))
        self.sql.execute(
            "INSERT INTO bestand VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                number,
                delivery.bron,
                delivery.bron_volgorde,
                delivery.leverdatum,
                delivery.entiteit,
                delivery.relative,
                delivery.sha256,
                self.delivered[-1],
            ],
        )

    def _space(self, entity: Entity, source: SourceSettings) -> int:
        if PERSON not in entity.kolommen or source.persoon_id_soort == hiding.BSN:
            return BSN_SPACE
        return self.spaces[source.naamruimte]

    def _judging(self, columns: FileColumns, source: SourceSettings) -> Judging:
        task = self.settings.monitor.taken.get(columns.entity.entiteit)
        return Judging(
            entity=columns.entity,
            raw={n: columns.text(n) for n in columns.entity.kolommen},
            left_out=columns.left_out(),
            apart=columns.apart(),
            sign=source.decimaal,
            id_kind=source.persoon_id_soort,
            own=self.own if task is None else self._counted_under(task.gemeenten),
        )

    def _counted_under(self, codes: list[str]) -> list[str]:
        found = self.sql.execute(
            f"SELECT DISTINCT opvolger FROM gemeente WHERE code IN {sql.in_list(codes)} ORDER BY 1"
        )
        return [row[0] for row in found.fetchall()]

    def _judge_batches(
        self, reader: RowReader, columns: FileColumns, number: int, delivery: Delivery, source: SourceSettings
    ) -> int:
        select = self._judging(columns, source).select("partij")
        space = self._space(columns.entity, source)
        quiet = [rule.regel for rule in columns.mapping.weglaten if not rule.vervangt]
        state = f"CASE WHEN buiten IN {sql.in_list(quiet)} THEN {QUIET} " if quiet else "CASE "
        state += f"WHEN buiten IS NOT NULL THEN {LEFT_OUT} WHEN regel IS NOT NULL THEN {REFUSED} ELSE {GOOD} END"
        values = "".join(f", {name(n)}" for n in value_columns(columns.entity))
        fixed = f"{number}, {delivery.bron_volgorde}, DATE '{delivery.leverdatum}'"
        total = 0
        for batch in reader.batches(columns.positions()):
            self.sql.register("partij", pa.Table.from_batches(_trimmed(batch).to_batches(max_chunksize=PIECE)))
            self.sql.execute(f"CREATE OR REPLACE TEMP TABLE beoordeeld AS {select}")
            self.sql.unregister("partij")
            if columns.entity.about_persons or _tie_columns(columns.entity):
                self._learn_persons(space)
            self.sql.execute(
                f"INSERT INTO stapel SELECT {fixed}, rij, n.persoon_nr, {state},"
                f" CASE WHEN apart IS NOT NULL THEN hash(apart) END{values}"
                f" FROM beoordeeld AS b LEFT JOIN nummer AS n ON n.ruimte_nr = {space} AND n.id = b.id;"
                f"INSERT INTO gebrek SELECT {number}, rij, buiten, regel, kolom, waarde, opm FROM beoordeeld"
                " WHERE buiten IS NOT NULL OR regel IS NOT NULL OR opm IS NOT NULL"
            )
            total += batch.num_rows
        self.sql.execute("DROP TABLE IF EXISTS beoordeeld")
        return total

    def _keep_malformed(self, reader: RowReader, number: int, delivery: Delivery) -> None:
        if not reader.malformed:
            return
        rows = pa.table(
            {
                "rij": pa.array([row.rij for row in reader.malformed], pa.int64()),
                "regel": pa.array([row.regel for row in reader.malformed], pa.string()),
                "waarde": pa.array([row.waarde for row in reader.malformed], pa.string()),
            }
        )
        self.sql.register("partij", rows)
        self.sql.execute(
            f"INSERT INTO stapel BY NAME SELECT {number} AS bestand_nr, {delivery.bron_volgorde} AS bron_nr,"
            f" DATE '{delivery.leverdatum}' AS leverdatum, rij, {REFUSED} AS staat FROM partij;"
            f"INSERT INTO gebrek BY NAME SELECT {number} AS bestand_nr, rij, regel, waarde FROM partij"
        )
        self.sql.unregister("partij")

    def _note_file(
        self, number: int, entity: Entity, columns: FileColumns, version: Version, reader: RowReader
    ) -> None:
        """Findings about the file as a whole: columns that nobody asked for, an end without a line ending."""
        unknown = [
            presentable(delivered)
            for delivered in reader.header
            if columns.mapping.contract_name(delivered) not in entity.kolommen and not version.known(delivered)
        ]
        if len(unknown) > NAMED_COLUMNS:
            unknown[NAMED_COLUMNS:] = [f"en {len(unknown) - NAMED_COLUMNS} andere kolommen"]
        notes: list[tuple[str, str | None]] = [(rule, None) for rule in reader.notes]
        notes += [("kolom.onbekend", column) for column in unknown]
        for rule, column in notes:
            self.sql.execute(
                "INSERT INTO bevinding BY NAME SELECT ? AS bestand_nr, ? AS regel, ? AS kolom", [number, rule, column]
            )

    def _note_second_files(self, entity: Entity) -> None:
        """Findings about a file that stands beside another of its entity and day. Files that a mapping finds by a
        pattern are several on purpose.
        """
        seen: set[tuple[str, date]] = set()
        for number, delivery in enumerate(self.files):
            named = delivery.entiteit == entity.entiteit == Path(delivery.relative).stem.lower()
            if named and (delivery.bron, delivery.leverdatum) in seen:
                self.sql.execute(
                    "INSERT INTO bevinding BY NAME SELECT ? AS bestand_nr, 'bestand.meer_dan_een' AS regel", [number]
                )
            if named:
                seen.add((delivery.bron, delivery.leverdatum))

    # --- persons ------------------------------------------------------------------------------------------------------

    def _learn_persons(self, space: int) -> None:
        """Gives every new number of the batch its person. A number that is tied to a bsn is the person with that
        bsn.
        """
        self.sql.execute(
            f"CREATE TABLE nieuw AS SELECT n.id, CASE WHEN b.bsn IS NULL THEN {space} ELSE {BSN_SPACE} END AS wiens,"
            " coalesce(b.bsn, n.id) AS eigenlijk FROM (SELECT DISTINCT id FROM beoordeeld WHERE id IS NOT NULL) AS n"
            f" ANTI JOIN nummer AS m ON m.ruimte_nr = {space} AND m.id = n.id"
            f" LEFT JOIN band AS b ON b.ruimte_nr = {space} AND b.id = n.id"
        )
        self._add_persons(BSN_SPACE, hiding.BSN, "")
        if space != BSN_SPACE:
            naamruimte = next(named for named, number in self.spaces.items() if number == space)
            self._add_persons(space, hiding.CLIENTNUMMER, naamruimte)
        self.sql.execute(
            f"INSERT INTO nummer SELECT {space}, n.id, p.persoon_nr FROM nieuw AS n"
            " JOIN persoon AS p ON p.ruimte_nr = n.wiens AND p.id = n.eigenlijk; DROP TABLE nieuw"
        )

    def _add_persons(self, space: int, soort: str, naamruimte: str) -> None:
        found = self.sql.execute(
            "SELECT DISTINCT eigenlijk FROM nieuw AS n ANTI JOIN persoon AS p"
            " ON p.ruimte_nr = n.wiens AND p.id = n.eigenlijk WHERE wiens = ? ORDER BY 1",
            [space],
        ).to_arrow_table()
        ids = found.column(0)
        if len(ids) == 0:
            return
        hidden = hiding.pseudonyms(self.key, soort, naamruimte, ids.to_pylist())
        self.sql.register("erbij", pa.table({"id": ids, "persoon": pa.array(hidden, pa.string())}))
        self.sql.execute(
            "INSERT INTO persoon SELECT (SELECT count(*) FROM persoon) + row_number() OVER (), ?, id, persoon "
            "FROM erbij",
            [space],
        )
        self.sql.unregister("erbij")

    # --- keys and verdicts --------------------------------------------------------------------------------------------

    def _compare_keys(self, entity: Entity) -> None:
        """Rows with one key within one source: identical, superseded by a later message, or contradictory.

        Only the newest delivery date of a key is looked at for contradictions (there is only one in a full delivery). A
        message that is left out, such as a withdrawn decision, does supersede an earlier one.
        """
        key = ", ".join([*(_staged(n) for n in entity.sleutel), "apart"])
        content = ", ".join(_staged(n) for n in entity.kolommen)
        self.sql.execute(
            f"CREATE TABLE sleutel AS SELECT rowid AS r, hash(bron_nr, {key}) AS k, hash({content}) AS h, leverdatum,"
            f" bestand_nr, rij, staat = {GOOD} AS telt FROM stapel WHERE staat IN ({GOOD}, {LEFT_OUT})"
        )
        self.sql.execute(
            "CREATE TABLE meervoud AS SELECT *, max(leverdatum) OVER (PARTITION BY k) AS laatste FROM sleutel"
            " WHERE k IN (SELECT k FROM sleutel GROUP BY k HAVING count(*) > 1)"
        )
        self.sql.execute(
            "CREATE TABLE dubbelen AS WITH nu AS (SELECT r, k, min(h) OVER sleutel <> max(h) OVER sleutel AS strijdig,"
            " row_number() OVER (PARTITION BY k ORDER BY bestand_nr, rij) AS nr"
            " FROM meervoud WHERE telt AND leverdatum = laatste WINDOW sleutel AS (PARTITION BY k))"
            " SELECT r, k, CASE WHEN strijdig THEN 'quarantaine' ELSE 'dubbel' END AS uitslag FROM nu WHERE "
            "strijdig OR nr > 1"
            " UNION ALL SELECT r, k, 'dubbel' FROM meervoud WHERE telt AND leverdatum < laatste"
        )
        differing = ", ".join(
            f"CASE WHEN count(DISTINCT coalesce(CAST(s.{_staged(n)} AS VARCHAR), '')) > 1 THEN {literal(n)} END"
            for n in entity.kolommen
            if n not in entity.sleutel
        )
        self.sql.execute(
            f"CREATE TABLE strijd AS SELECT d.k, 'verschil in ' || concat_ws(', ', {differing or 'NULL'}) AS waarde"
            " FROM dubbelen AS d JOIN stapel AS s ON s.rowid = d.r WHERE d.uitslag = 'quarantaine' GROUP BY d.k"
        )
        shown = literal(", ".join(entity.sleutel))
        self.sql.execute(
            "CREATE TABLE tweede AS SELECT d.r, d.uitslag, CASE WHEN d.uitslag = 'quarantaine' THEN "
            "'sleutel.tegenstrijdig' END"
            f" AS regel, {shown} AS kolom, t.waarde FROM dubbelen AS d LEFT JOIN strijd AS t ON t.k = d.k"
            " AND d.uitslag = 'quarantaine'; DROP TABLE sleutel; DROP TABLE meervoud; DROP TABLE dubbelen; DROP "
            "TABLE strijd"
        )

    def _judge(self) -> None:
        """One outcome a row, and with it the quarantine, the findings of rows that stay and the counts. `uitval` holds
        the rows that are not accepted.
        """
        self.sql.execute(
            "CREATE TABLE uitval AS SELECT s.rowid AS r, s.bestand_nr, s.rij, s.persoon_nr, CASE s.staat"
            f" WHEN {REFUSED} THEN 'quarantaine' ELSE 'buiten_bereik' END AS uitslag, coalesce(g.buiten, g.regel)"
            " AS regel, CASE WHEN g.buiten IS NULL THEN g.kolom END AS kolom,"
            " CASE WHEN g.buiten IS NULL THEN g.waarde END AS waarde"
            f" FROM stapel AS s JOIN gebrek AS g USING (bestand_nr, rij) WHERE s.staat <> {GOOD}"
            " UNION ALL SELECT t.r, s.bestand_nr, s.rij, s.persoon_nr, t.uitslag, t.regel, t.kolom, t.waarde"
            " FROM tweede AS t JOIN stapel AS s ON s.rowid = t.r; DROP TABLE tweede"
        )
        self.sql.execute(
            "INSERT INTO quarantaine SELECT bestand_nr, rij, regel, kolom, waarde, persoon_nr FROM uitval"
            " WHERE uitslag = 'quarantaine';"
            "INSERT INTO telling SELECT bestand_nr, uitslag, CASE WHEN uitslag = 'buiten_bereik' THEN regel END,"
            f" count(*) FROM uitval GROUP BY ALL UNION ALL SELECT bestand_nr, 'aanvaard', NULL, count(*) FROM"
            f" {self._accepted()} GROUP BY ALL;"
            "INSERT INTO bevinding BY NAME SELECT bestand_nr, rij, o.regel, o.kolom, o.waarde FROM"
            " (SELECT bestand_nr, rij, unnest(opm) AS o FROM gebrek ANTI JOIN uitval USING (bestand_nr, rij)"
            " WHERE opm IS NOT NULL)"
        )

    def _check_law(self) -> None:
        """Delivered = accepted + dubbel + buiten_bereik + quarantaine, for every file; else nothing may be believed."""
        wrong = self.sql.execute(
            "SELECT b.bestand, b.aangeleverd, coalesce(sum(t.aantal), 0) FROM bestand AS b LEFT JOIN telling AS t"
            " USING (bestand_nr) GROUP BY b.bestand_nr, b.bestand, b.aangeleverd"
            " HAVING b.aangeleverd <> coalesce(sum(t.aantal), 0)"
        ).fetchone()
        if wrong is not None:
            raise WerkmonitorError(
                f"{wrong[0]}: er zijn {wrong[1]} rijen aangeleverd en {wrong[2]} geteld. De inname is gestopt; "
                "er is niets "
                "gepubliceerd. Dit is een fout in de werkmonitor: meld haar met deze tekst."
            )

    def _note_mended(self, entity: Entity) -> None:
        """Which quarantined messages of a monthly file were mended by a later one, that counts, with their key. Of the
        key only the begin may have been unreadable.
        """
        if len({delivery.leverdatum for delivery in self._files_of(entity)}) < 2:
            return
        same = [f"n.{_staged(n)} = s.{_staged(n)}" for n in entity.sleutel if n != entity.begin]
        if entity.begin in entity.sleutel:
            begin = _staged(entity.begin)
            same.append(f"coalesce(n.{begin} = s.{begin}, s.{begin} IS NULL)")
        self.sql.execute(
            "INSERT INTO hersteld SELECT q.bestand_nr, q.rij, min(n.leverdatum) FROM quarantaine AS q JOIN stapel AS s"
            " USING (bestand_nr, rij) JOIN (SELECT t.* FROM stapel AS t ANTI JOIN quarantaine USING (bestand_nr, rij))"
            f" AS n ON n.bron_nr = s.bron_nr AND n.leverdatum > s.leverdatum AND {' AND '.join(same)} GROUP BY ALL"
        )

    # --- what contradicts other rows ----------------------------------------------------------------------------------

    def _accepted(self) -> str:
        """The accepted rows: what is not in `uitval`, and was not added to another row."""
        return (
            "(SELECT s.*, s.rowid AS r FROM stapel AS s ANTI JOIN uitval AS u ON u.r = s.rowid"
            " ANTI JOIN opgeteld AS o ON o.r = s.rowid)"
        )

    def _add_up(self, entity: Entity) -> None:
        """Rows that a mapping tells apart within one key of the contract become one: the first, with the sums. Each
        of them counts as accepted.
        """
        if not self.added_up:
            return
        key = ", ".join(_staged(n) for n in entity.sleutel)
        sums = ", ".join(f"sum({name('v_' + n)}) OVER sleutel AS {name('v_' + n)}" for n in self.added_up)
        changes = ", ".join(f"{name('v_' + n)} = samen.{name('v_' + n)}" for n in self.added_up)
        self.sql.execute(
            "CREATE TABLE samen AS SELECT r, row_number() OVER (sleutel ORDER BY bestand_nr, rij) AS nr,"
            f" count(*) OVER sleutel AS aantal, {sums} FROM {self._accepted()}"
            f" WHERE apart IS NOT NULL WINDOW sleutel AS (PARTITION BY bron_nr, {key});"
            f"UPDATE stapel SET {changes} FROM samen WHERE stapel.rowid = r AND nr = 1 AND aantal > 1;"
            "INSERT INTO opgeteld SELECT r FROM samen WHERE nr > 1; DROP TABLE samen"
        )

    def _note_across(self, entity: Entity) -> None:
        if entity.about_persons and entity.entiteit != "persoon" and self._has_table("bekend"):
            self._note_unknown_persons()
            if entity.begin:
                self._note_begin_after_death(entity.begin)
        if entity.overlap_anders and entity.perioden:
            self._note_overlaps(entity, *entity.perioden[0])
        for column, other in entity.verwijzingen.items():
            if self._has_table(f"sleutel_{other}"):
                self._note_missing_references(column, other)

    def _has_table(self, table: str) -> bool:
        found = self.sql.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name = ?", [table]).fetchone()
        return bool(found and found[0])

    def _note_unknown_persons(self) -> None:
        """One finding a person and file, at the first row: a person without a persoon row would else fill the list."""
        self.sql.execute(
            "INSERT INTO bevinding BY NAME SELECT bestand_nr, min(rij) AS rij, 'persoon.ontbreekt' AS regel,"
            f" {literal(PERSON)} AS kolom FROM {self._accepted()} WHERE persoon_nr NOT IN"
            " (SELECT persoon_nr FROM bekend) GROUP BY bestand_nr, persoon_nr"
        )

    def _note_begin_after_death(self, begin: str) -> None:
        value = f"CAST({name('v_' + begin)} AS VARCHAR)"
        self.sql.execute(
            "INSERT INTO bevinding BY NAME SELECT a.bestand_nr, a.rij, 'begin_na_overlijden' AS regel,"
            f" {literal(begin)} AS kolom, {value} AS waarde FROM {self._accepted()} AS a JOIN bekend AS b"
            f" USING (persoon_nr) WHERE {name('v_' + begin)} > b.overleden"
        )

    def _note_overlaps(self, entity: Entity, begin: str, end: str) -> None:
        """Of two rows of one person that overlap, the one that begins last (both on one day: both)."""
        b, e, other = name("v_" + begin), name("v_" + end), name("v_" + str(entity.overlap_anders))
        # Who has one row overlaps with nobody; of the others, first what begins before some other row has ended.
        self.sql.execute(
            f"CREATE TEMP TABLE perioden AS SELECT bestand_nr, rij, persoon_nr, {b} AS b,"
            f" coalesce({e}, {sql.OPEN_END}) AS e, hash({other}) AS ander FROM {self._accepted()};"
            "CREATE TEMP TABLE verdacht AS SELECT persoon_nr FROM (SELECT persoon_nr, b, max(e) OVER"
            " (PARTITION BY persoon_nr ORDER BY b ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS eerder"
            " FROM perioden) WHERE b <= eerder GROUP BY persoon_nr;"
            "INSERT INTO bevinding BY NAME SELECT DISTINCT a.bestand_nr, a.rij, 'periode.overlap' AS regel,"
            f" {literal(begin)} AS kolom, CAST(a.b AS VARCHAR) AS waarde FROM perioden AS a SEMI JOIN verdacht"
            " USING (persoon_nr) JOIN perioden AS z ON z.persoon_nr = a.persoon_nr AND z.ander <> a.ander"
            " AND z.b <= a.b AND a.b <= z.e; DROP TABLE perioden; DROP TABLE verdacht"
        )

    def _note_missing_references(self, column: str, other: str) -> None:
        self.sql.execute(
            "INSERT INTO bevinding BY NAME SELECT a.bestand_nr, a.rij, 'verwijzing.ontbreekt' AS regel,"
            f" {literal(column)} AS kolom FROM {self._accepted()} AS a WHERE {name('v_' + column)} NOT IN"
            f" (SELECT waarde FROM {name('sleutel_' + other)})"
        )

    def _remember(self, entity: Entity) -> None:
        """Keeps of this entity what later ones are held against: persons and deaths, keys referred to, ties."""
        if entity.entiteit == "persoon":
            self.sql.execute(
                "CREATE TABLE bekend AS SELECT persoon_nr, arg_min(v_overlijdensdatum, bron_nr) AS overleden"
                f" FROM {self._accepted()} GROUP BY persoon_nr"
            )
        if any(entity.entiteit in contract(other).verwijzingen.values() for other in ENTITIES):
            self.sql.execute(
                f"CREATE TABLE {name('sleutel_' + entity.entiteit)} AS SELECT DISTINCT {name('v_' + entity.sleutel[0])}"
                f" AS waarde FROM {self._accepted()}"
            )
        if _tie_columns(entity):
            self._tie(*_tie_columns(entity))

    def _tie(self, number: str, bsn: str) -> None:
        """Ties of clientnummers to a bsn. Two sources that tie one number to two persons tie it to nobody."""
        self.sql.execute(
            f"CREATE TEMP TABLE banden AS SELECT a.bestand_nr, a.rij, r.ruimte_nr, a.{name('v_' + number)} AS id,"
            f" a.{name('v_' + bsn)} AS bsn FROM {self._accepted()} AS a JOIN naamruimte AS r"
            " ON r.naamruimte = a.v_naamruimte;"
            "CREATE TEMP TABLE oneens AS SELECT ruimte_nr, id FROM banden GROUP BY ALL HAVING count(DISTINCT bsn) > 1;"
            "INSERT INTO bevinding BY NAME SELECT bestand_nr, rij, 'koppeling.tegenstrijdig' AS regel FROM banden"
            " SEMI JOIN oneens USING (ruimte_nr, id);"
            "INSERT INTO band SELECT DISTINCT ruimte_nr, id, bsn FROM banden ANTI JOIN oneens USING (ruimte_nr, id);"
            "DROP TABLE banden; DROP TABLE oneens"
        )

    def _identify(self, entity: Entity) -> None:
        """By which each row with a finding is known over deliveries: a keyed hash of what can be read of its key."""
        number = "coalesce(p.id, '')"
        values = {n: f"coalesce(CAST(s.{name('v_' + n)} AS VARCHAR), '')" for n in entity.sleutel if n != PERSON}
        parts = ", ".join(values.get(n, number) for n in entity.sleutel)
        salted = f"concat_ws(chr(31), (SELECT zout FROM zout), {literal(entity.entiteit)}, {parts})"
        first = len(self.delivered) - len(self._files_of(entity))
        self.sql.execute(
            "CREATE TEMP TABLE gevonden AS SELECT bestand_nr, rij, regel FROM quarantaine UNION ALL"
            " SELECT bestand_nr, rij, regel FROM bevinding;"
            f"INSERT INTO identiteit SELECT s.bestand_nr, s.rij, sha256({salted})[:32] FROM stapel AS s"
            " LEFT JOIN persoon AS p USING (persoon_nr) SEMI JOIN (FROM gevonden SEMI JOIN (SELECT regel FROM gevonden"
            f" WHERE bestand_nr >= {first} GROUP BY regel HAVING count(*) <= {IDENTIFIED}) USING (regel)) AS f"
            " ON f.bestand_nr = s.bestand_nr AND f.rij = s.rij; DROP TABLE gevonden"
        )

    def _files_of(self, entity: Entity) -> list[Delivery]:
        return [delivery for delivery in self.files if delivery.entiteit == entity.entiteit]

    # --- writing ------------------------------------------------------------------------------------------------------

    def _write_accepted(self, entity: Entity) -> None:
        """The accepted rows with pseudonyms, gemeenten under their successor, and where each row came from."""
        columns = ", ".join(self._accepted_column(n, column.type) for n, column in entity.kolommen.items())
        hidden = ""
        if _tie_columns(entity):
            self._hide_client_numbers(_tie_columns(entity)[0])
            hidden = (
                f" LEFT JOIN verborgen AS h ON h.id = a.{name('v_' + _tie_columns(entity)[0])}"
                " AND h.naamruimte = a.v_naamruimte"
            )
        self._copy(
            f"SELECT {columns}, b.bron AS {entity.source_column}, b.bron_nr AS bron_volgorde, b.leverdatum, "
            "b.bestand, a.rij"
            f" FROM {self._accepted()} AS a JOIN bestand AS b USING (bestand_nr)"
            f" LEFT JOIN persoon AS p ON p.persoon_nr = a.persoon_nr{hidden} ORDER BY a.bestand_nr, a.rij",
            self.night.accepted_file(entity.entiteit),
        )

    def _accepted_column(self, column: str, kind: str) -> str:
        match kind:
            case "persoon":
                return "p.persoon AS persoon"
            case "bsn":
                return f"p.persoon AS {name(column)}"
            case "clientnummer":
                return f"h.persoon AS {name(column)}"
            case "gemeente":
                return f"a.{name('s_' + column)} AS {name(column)}"
            case _:
                return f"a.{name('v_' + column)} AS {name(column)}"

    def _hide_client_numbers(self, column: str) -> None:
        """Pseudonyms of the numbers that a koppeling ties, each in the naamruimte that its row names."""
        found = self.sql.execute(
            f"SELECT DISTINCT v_naamruimte, {name('v_' + column)} FROM {self._accepted()} ORDER BY ALL"
        ).fetchall()
        spaces: dict[str, list[str]] = {}
        for space, number in found:
            spaces.setdefault(space, []).append(number)
        hidden = [
            (space, number, pseudonym)
            for space, numbers in spaces.items()
            for number, pseudonym in zip(
                numbers, hiding.pseudonyms(self.key, hiding.CLIENTNUMMER, space, numbers), strict=True
            )
        ]
        columns = list(zip(*hidden, strict=True)) or [(), (), ()]
        table = pa.table(
            {n: pa.array(v, pa.string()) for n, v in zip(("naamruimte", "id", "persoon"), columns, strict=True)}
        )
        self.sql.register("verborgen_partij", table)
        self.sql.execute("CREATE OR REPLACE TABLE verborgen AS SELECT * FROM verborgen_partij")
        self.sql.unregister("verborgen_partij")

    def finish(self) -> IngestResult:
        """Writes quarantine, findings and counts, and gives the counts back."""
        for note in landing_notes(self.settings):
            self.sql.execute(
                "INSERT INTO bevinding BY NAME SELECT ? AS bron, ? AS leverdatum, ? AS bestand, ? AS regel",
                [note.bron or None, note.leverdatum, note.bestand, note.regel],
            )
        self._mask_numbers()
        self._copy(
            "SELECT b.bron, b.leverdatum, b.entiteit, b.bestand, q.rij, q.regel, q.kolom, q.waarde, p.persoon,"
            " i.sleutel, h.leverdatum AS hersteld FROM quarantaine AS q JOIN bestand AS b USING (bestand_nr)"
            " LEFT JOIN persoon AS p USING (persoon_nr) LEFT JOIN hersteld AS h USING (bestand_nr, rij)"
            " LEFT JOIN identiteit AS i USING (bestand_nr, rij) ORDER BY bestand_nr, rij",
            self.night.quarantine,
        )
        self._copy(
            "SELECT coalesce(b.bron, f.bron) AS bron, coalesce(b.leverdatum, f.leverdatum) AS leverdatum, b.entiteit,"
            " coalesce(b.bestand, f.bestand) AS bestand, f.rij, f.regel, f.kolom, f.waarde, i.sleutel"
            " FROM bevinding AS f LEFT JOIN bestand AS b USING (bestand_nr)"
            " LEFT JOIN identiteit AS i USING (bestand_nr, rij)"
            " ORDER BY f.bestand_nr NULLS LAST, bestand, rij NULLS FIRST, regel, kolom",
            self.night.findings,
        )
        self._copy(self._counts_sql(), self.night.counts)
        self._copy(
            "SELECT b.bron, b.leverdatum, b.entiteit, b.bestand, t.regel, t.aantal FROM telling AS t"
            " JOIN bestand AS b USING (bestand_nr) WHERE t.uitslag = 'buiten_bereik' ORDER BY bestand_nr, t.regel",
            self.night.counts.with_name(LEFT_OUT_FILE),
        )
        return self._result()

    def _mask_numbers(self) -> None:
        """Of a value that is somebody's number (columns that were shifted), no more than the last two digits are
        kept.
        """
        for table in ("quarantaine", "bevinding"):
            self.sql.execute(
                rf"UPDATE {table} SET waarde = '…' || regexp_extract(waarde, '\d{{2}}$') WHERE length(waarde) >= "
                rf"{MASK_FROM}"
                " AND waarde IN (SELECT id FROM nummer UNION ALL SELECT id FROM band)"
            )

    def _counts_sql(self) -> str:
        sums = ", ".join(
            f"CAST(coalesce(sum(t.aantal) FILTER (t.uitslag = '{outcome}'), 0) AS BIGINT) AS {outcome}"
            for outcome in OUTCOMES
        )
        return (
            "SELECT b.bron, b.leverdatum, b.entiteit, b.bestand, b.sha256, b.aangeleverd, "
            f"{sums} FROM bestand AS b LEFT JOIN telling AS t USING (bestand_nr) GROUP BY b.bestand_nr, b.bron, "
            "b.leverdatum, b.entiteit, b.bestand, b.sha256, b.aangeleverd ORDER BY b.bestand_nr"
        )

    def _result(self) -> IngestResult:
        counts = self.sql.execute(f"SELECT {', '.join(OUTCOMES)} FROM ({self._counts_sql()})").fetchall()
        left_out = self.sql.execute(
            "SELECT b.bestand, b.entiteit, t.regel, t.aantal FROM telling AS t JOIN bestand AS b USING (bestand_nr)"
            " WHERE t.uitslag = 'buiten_bereik' ORDER BY ALL"
        ).fetchall()
        findings = self.sql.execute("SELECT count(*) FROM bevinding").fetchone()
        return IngestResult(
            counts=tuple(
                FileCount(delivery, delivered, *row)
                for delivery, delivered, row in zip(self.files, self.delivered, counts, strict=True)
            ),
            left_out={(path, entity, rule): rows for path, entity, rule, rows in left_out},
            findings=findings[0] if findings else 0,
        )

    def _copy(self, select: str, target: Path) -> None:
        self.sql.execute(f"COPY ({select}) TO {literal(str(target))} (FORMAT parquet, COMPRESSION snappy)")
        target.chmod(0o600)


# --- a file against its contract --------------------------------------------------------------------------------------


def _format(bron: str, source: SourceSettings) -> Format:
    return Format(
        codering=source.codering,
        scheiding=source.scheiding,
        decimaal=source.decimaal,
        kopregels_overslaan=source.kopregels_overslaan,
        voetregels_overslaan=source.voetregels_overslaan,
        bron=bron,
    )


def _trimmed(batch: pa.Table) -> pa.Table:
    """Texts without blanks around them, hard spaces included (Arrow does this ten times as fast as SQL)."""
    columns = [batch.column(0), *(pc.utf8_trim_whitespace(column) for column in batch.columns[1:])]
    return pa.table(columns, names=batch.column_names)


def _staged(column: str) -> str:
    """Where the pile holds a column of the contract."""
    return "persoon_nr" if column == PERSON else name("v_" + column)


def _tie_columns(entity: Entity) -> tuple[str, ...]:
    """The columns of an entity that ties a clientnummer to a bsn, in that order; empty for every other entity."""
    kinds = {column.type: n for n, column in entity.kolommen.items()}
    return (kinds["clientnummer"], kinds["bsn"]) if {"clientnummer", "bsn"} <= set(kinds) else ()
