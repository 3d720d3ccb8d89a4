"""Small temporary tables that suites look at, beside the previous release: by delivery, source, column, gemeente, cell.

Each function makes one table, in one scan where it touches rows. What is wrong about their contents is said in
expectations/. The figures in `measurements` are published in kwaliteit.json: no persons, nothing under the threshold.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa

from werkmonitor.checks.previous import rules_digest
from werkmonitor.checks.session import Session
from werkmonitor.core.contracts import contract
from werkmonitor.core.reading import CUT_OFF

CELL_KEY = ("indicator_id", "definitie_id", "regio_code", "indeling_jaar", "periode", "dimensie", "categorie", "bron")
SOURCE = "controle_bron"
# After this many rows the linkage between sources is measured on a fixed part of the pseudonyms.
_SAMPLE_ABOVE = 2_000_000
_SAMPLE_PART = 16


def levering(session: Session) -> None:
    """Per configured source and entity: what was delivered, beside the newest delivery of the previous release."""
    settings = session.settings
    wanted = [
        (bron, entity, source.verplicht) for bron, source in settings.bronnen.items() for entity in source.entiteiten
    ]
    _table(session, "gevraagd", ["bron", "entiteit", "verplicht"], wanted)
    used = [(delivery.bron, delivery.entiteit, delivery.leverdatum) for delivery in session.deliveries]
    _table(session, "gebruikt", ["bron", "entiteit", "leverdatum"], used, {"leverdatum": pa.date32()})
    _previous_rows(session)
    session.connection.execute(
        f"""
        create temp table levering as
        with geteld as (
            select bron, entiteit, sum(aangeleverd) as aangeleverd, sum(aanvaard) as aanvaard,
                   sum(quarantaine) as quarantaine, arg_max(aangeleverd, leverdatum) as rijen
            from ({_counts(session)}) group by bron, entiteit
        ),
        nieuwste as (select bron, entiteit, max(leverdatum) as leverdatum from gebruikt group by bron, entiteit)
        select g.bron, g.entiteit, g.verplicht, n.leverdatum, n.leverdatum is not null as geleverd,
               coalesce(t.aangeleverd, 0) as aangeleverd, coalesce(t.aanvaard, 0) as aanvaard,
               coalesce(t.quarantaine, 0) as quarantaine, t.rijen,
               v.leverdatum as vorige_leverdatum, v.rijen as vorige_rijen
        from gevraagd g
        left join nieuwste n using (bron, entiteit)
        left join geteld t using (bron, entiteit)
        left join vorige_rijen v using (bron, entiteit)
        """
    )


def bestand(session: Session) -> None:
    """Per delivered file: how many of its rows were accepted and quarantined, and have a finding, and the row in which
    it was cut off."""
    session.connection.execute(
        f"""
        create temp table bestand as
        with bevinding as (
            select bestand, entiteit, count(distinct rij) as met_bevinding
            from read_parquet({_text(session.night.findings)}) group by bestand, entiteit
        ),
        einde as (
            select bestand, entiteit, max(rij) as afgebroken_op
            from read_parquet({_text(session.night.quarantine)}) where regel = '{CUT_OFF}' group by bestand, entiteit
        )
        select t.bron, t.entiteit, t.bestand, t.leverdatum, t.aangeleverd, t.aanvaard, t.dubbel, t.buiten_bereik,
               t.quarantaine, coalesce(b.met_bevinding, 0) as met_bevinding, e.afgebroken_op
        from ({_counts(session)}) t left join bevinding b using (bestand, entiteit)
        left join einde e using (bestand, entiteit)
        """
    )


def bron_stand(session: Session) -> None:
    """Per source: its newest delivery, when the next was due, and the day against which that is held.

    That day is `today` when the caller gives one; otherwise the newest delivery of all required sources, so that the
    same deliveries give the same outcome on any day.
    """
    months = {"maandelijks": 1, "kwartaal": 3, "jaarlijks": 12}
    days = {"dagelijks": 1, "wekelijks": 7}
    newest: dict[str, Any] = {}
    for delivery in session.deliveries:
        newest[delivery.bron] = max(newest.get(delivery.bron, delivery.leverdatum), delivery.leverdatum)
    sources = session.settings.bronnen
    reference = session.today or max((day for bron, day in newest.items() if sources[bron].verplicht), default=None)
    rows = [
        (bron, source.verwacht, months.get(source.verwacht, 0), days.get(source.verwacht, 0), newest[bron], reference)
        for bron, source in sources.items()
        if bron in newest
    ]
    names = ["bron", "verwacht", "maanden", "dagen", "leverdatum", "gemeten_op"]
    _table(session, "bron_dagen", names, rows, {"leverdatum": pa.date32(), "gemeten_op": pa.date32()})
    session.connection.execute(
        """
        create temp table bron_stand as
        select bron, verwacht, leverdatum, gemeten_op,
               (leverdatum + to_months(maanden::integer) + to_days(dagen::integer))::date as uiterlijk
        from bron_dagen
        """
    )


def vulling(session: Session) -> None:
    """Per source, entity and column: how many rows are filled, beside the share of the previous release. One scan."""
    parts = [_filled(session, entity) for entity in sorted(session.delivered) if _own_columns(entity)]
    now = " union all ".join(parts) or _empty_fill()
    previous = session.previous.metingen.get("vulgraad", []) if session.previous else []
    rows = [(item["bron"], item["entiteit"], item["kolom"], item["procent"]) for item in previous]
    _table(session, "vorige_vulling", ["bron", "entiteit", "kolom", "procent"], rows, {"procent": pa.int64()})
    session.connection.execute(
        f"""
        create temp table vulling as
        select n.bron, n.entiteit, n.kolom, n.rijen, n.gevuld, v.procent as vorig_procent
        from ({now}) n left join vorige_vulling v using (bron, entiteit, kolom)
        """
    )


def koppelgraad(session: Session) -> None:
    """Per pair of sources about persons: which share of the persons of the smaller one is known in the other.

    On many rows it is measured on the pseudonyms whose first hexadecimal digit is 0: they are spread evenly, and the
    same persons are taken every night.
    """
    selects = [
        f"select bron, persoon from invoer.{entity}"
        for entity in sorted(session.delivered)
        if contract(entity).about_persons
    ]
    union = " union all ".join(selects) or "select null::varchar as bron, null::varchar as persoon where false"
    rows = session.count(f"({union})")
    part = "where persoon[1] = '0'" if rows > _SAMPLE_ABOVE else ""
    factor = _SAMPLE_PART if rows > _SAMPLE_ABOVE else 1
    previous = session.previous.metingen.get("koppeling", []) if session.previous else []
    before = [(item["bron_a"], item["bron_b"], item["procent"]) for item in previous]
    _table(session, "vorige_koppeling", ["bron_a", "bron_b", "procent"], before, {"procent": pa.int64()})
    session.connection.execute(f"create temp table bron_persoon as select distinct bron, persoon from ({union}) {part}")
    session.connection.execute(
        f"""
        create temp table koppelgraad as
        with aantal as (select bron, count(*) as personen from bron_persoon group by bron),
        samen as (
            select a.bron as bron_a, b.bron as bron_b, count(*) as gekoppeld
            from bron_persoon a join bron_persoon b on a.persoon = b.persoon and a.bron < b.bron group by all
        )
        select a.bron as bron_a, b.bron as bron_b, coalesce(s.gekoppeld, 0) * {factor} as gekoppeld,
               least(a.personen, b.personen) * {factor} as personen, v.procent as vorig_procent
        from aantal a join aantal b on a.bron < b.bron
        left join samen s on s.bron_a = a.bron and s.bron_b = b.bron
        left join vorige_koppeling v on v.bron_a = a.bron and v.bron_b = b.bron
        """
    )


def gemeente(session: Session) -> None:
    """Per own gemeente: rows of uitkering, and of those that ended in the last two years how many have no reason."""
    previous = session.previous.metingen.get("gemeenten", []) if session.previous else []
    _table(session, "vorige_gemeente", ["gemeente_code"], [(code,) for code in previous])
    session.connection.execute(
        """
        create temp table gemeente as
        with geteld as (
            select gemeente_code, count(*) as rijen,
                   count(*) filter (where recent) as beeindigd,
                   count(*) filter (where recent and reden_einde is null) as zonder_reden
            from (
                select gemeente_code, reden_einde, regeling <> 'TOZO' and einddatum <= peildatum
                       and einddatum > peildatum - interval 24 month as recent
                from invoer.uitkering cross join instelling
            ) group by gemeente_code
        )
        select e.gemeente_code, coalesce(g.rijen, 0) as rijen, coalesce(g.beeindigd, 0) as beeindigd,
               coalesce(g.zonder_reden, 0) as zonder_reden, v.gemeente_code is not null as had_rijen
        from eigen_gemeente e left join geteld g using (gemeente_code) left join vorige_gemeente v using (gemeente_code)
        """
    )


def kenmerk_per_gemeente(session: Session) -> None:
    """Per own gemeente and trait: persons with an open uitkering of whom it is unknown, beside the other gemeenten."""
    traits = ("geslacht", "statushouder", "arbeidsbeperking", "arbeidsvermogen")
    known = ", ".join(f"max(nullif({trait}::varchar, 'onbekend')) as {trait}" for trait in traits)
    session.connection.execute(
        f"""
        create temp table kenmerk_per_gemeente as
        with loopt as (
            select distinct gemeente_code, persoon from invoer.uitkering cross join instelling
            where begindatum <= peildatum and (einddatum is null or einddatum > peildatum)
        ),
        bekend as (
            select persoon, kenmerk from (
                unpivot (select persoon, {known} from invoer.persoon group by persoon)
                on {", ".join(traits)} into name kenmerk value waarde
            )
            union
            select persoon, kenmerk from invoer.kenmerk where waarde <> 'onbekend'
        ),
        geteld as (
            select l.gemeente_code, k.kenmerk, count(*) as personen,
                   count(*) filter (where b.persoon is null) as onbekend
            from loopt l
            cross join (select unnest({list(traits)!r}) as kenmerk) k
            left join bekend b on b.persoon = l.persoon and b.kenmerk = k.kenmerk
            group by all
        )
        select gemeente_code, kenmerk, personen, onbekend,
               sum(onbekend) over (partition by kenmerk) - onbekend as elders_onbekend,
               sum(personen) over (partition by kenmerk) - personen as elders_personen
        from geteld join eigen_gemeente using (gemeente_code)
        """
    )


def vergelijking(session: Session) -> None:
    """Every cell of this candidate beside the same cell of the previous release, both as they are published."""
    connection = session.connection
    if session.previous is None:
        connection.execute("create temp view vorige_reeksen as select * from gepubliceerd.reeksen where false")
    else:
        path = _text(session.previous.figures)
        connection.execute(f"create temp view vorige_reeksen as select * from read_parquet({path})")
    key = ", ".join(CELL_KEY)
    connection.execute(
        f"""
        create temp table vergelijking as
        select {key}, n.eenheid, n.waarde, n.status, n.noemer, v.waarde as vorige_waarde, v.status as vorige_status,
               n.status is not null as aanwezig, v.status is not null as was_aanwezig
        from gepubliceerd.reeksen n full join vorige_reeksen v using ({key})
        """
    )


PREPARATIONS: dict[str, Callable[[Session], None]] = {
    function.__name__: function
    for function in (
        levering,
        bestand,
        bron_stand,
        vulling,
        koppelgraad,
        gemeente,
        kenmerk_per_gemeente,
        vergelijking,
    )
}


def prepare(session: Session, name: str) -> str | None:
    """Make a table once; the reason when that does not work, so that only the checks on it are in ERROR."""
    if name not in session.prepared:
        try:
            PREPARATIONS[name](session)
            session.prepared[name] = None
        except Exception as error:
            session.prepared[name] = f"de gegevens ervoor ({name}) waren niet te maken: {error}"
    return session.prepared[name]


def measurements(session: Session) -> dict[str, Any]:
    """What the next night compares with: rows, fill, linkage, gemeenten. It is published in kwaliteit.json, so: whole
    percents, nothing on few rows, and a handful of rows reads as none."""
    disclosure = session.settings.geheimhouding
    least = {"minst": disclosure.drempel_noemer}
    content: dict[str, Any] = {"versie": 1, "rekenregels": rules_digest(session.settings)}
    queries = {
        "rijen": (
            "levering",
            # Rounded as the other counts in kwaliteit.json are, so that no masked count follows from it.
            """select bron, entiteit, leverdatum::varchar as leverdatum, (5 * round(rijen / 5.0))::bigint as rijen
               from levering where rijen >= $minst""",
        ),
        "vulgraad": (
            "vulling",
            f"""select bron, entiteit, kolom, {_percent("gevuld", "rijen", disclosure.drempel)} as procent from vulling
               where rijen >= $minst""",
        ),
        "koppeling": (
            "koppelgraad",
            f"""select bron_a, bron_b, {_percent("gekoppeld", "personen", disclosure.drempel)} as procent
               from koppelgraad where personen >= $minst""",
        ),
    }
    for name, (table, query) in queries.items():
        if prepare(session, table) is None:
            content[name] = _dicts(session, f"select * from ({query}) order by all", least)
    if prepare(session, "gemeente") is None:
        found = _dicts(session, "select gemeente_code from gemeente where rijen >= $minst order by 1", least)
        content["gemeenten"] = [item["gemeente_code"] for item in found]
    return content


def _percent(part: str, whole: str, threshold: int) -> str:
    """A whole percent that gives no small count away: fewer than the threshold reads as none, all but those as all."""
    few = f"BETWEEN 1 AND {threshold - 1}"
    return (
        f"CASE WHEN {part} {few} THEN 0 WHEN {whole} - {part} {few} THEN 100"
        f" ELSE round(100.0 * {part} / {whole})::integer END"
    )


def _dicts(session: Session, query: str, parameters: dict[str, Any]) -> list[dict[str, Any]]:
    cursor = session.connection.execute(query, parameters)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _previous_rows(session: Session) -> None:
    previous = session.previous.metingen.get("rijen", []) if session.previous else []
    rows = [(item["bron"], item["entiteit"], item["leverdatum"], item["rijen"]) for item in previous]
    _table(session, "vorige_rijen_tekst", ["bron", "entiteit", "leverdatum", "rijen"], rows, {"rijen": pa.int64()})
    session.connection.execute(
        "create temp view vorige_rijen as select * replace (leverdatum::date as leverdatum) from vorige_rijen_tekst"
    )


def _counts(session: Session) -> str:
    return f"select * from read_parquet({_text(session.night.counts)})"


def _filled(session: Session, entity: str) -> str:
    """The query that counts the filled values of every column of an entity in one scan."""
    source = contract(entity).source_column
    columns = {name: kind for name, kind in session.columns(f"invoer.{entity}").items() if name in _own_columns(entity)}
    counts = ", ".join(f'{_present(name, kind)} as "{name}"' for name, kind in columns.items())
    names = ", ".join(f'"{name}"' for name in columns)
    return f"""
        select {SOURCE} as bron, '{entity}' as entiteit, kolom, rijen, gevuld from (
            unpivot (select {source} as {SOURCE}, count(*) as rijen, {counts} from invoer.{entity} group by {source})
            on {names} into name kolom value gevuld
        )"""


def _own_columns(entity: str) -> set[str]:
    """The columns of the contract that may be empty; a required one is never empty past the intake."""
    return {name for name, column in contract(entity).kolommen.items() if not column.verplicht}


def _present(name: str, kind: str) -> str:
    """'onbekend' is not a value."""
    return f"count(nullif(\"{name}\", 'onbekend'))" if kind == "VARCHAR" else f'count("{name}")'


def _empty_fill() -> str:
    return """select null::varchar as bron, null::varchar as entiteit, null::varchar as kolom, 0::bigint as rijen,
              0::bigint as gevuld where false"""


def _table(
    session: Session,
    name: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
    types: dict[str, pa.DataType] | None = None,
) -> None:
    """A temporary table from a handful of rows; columns are text unless said otherwise."""
    known = types or {}
    values = list(zip(*rows, strict=True)) or [()] * len(columns)
    arrays = {}
    for column, content in zip(columns, values, strict=True):
        default = pa.bool_() if content and isinstance(content[0], bool) else _number_or_text(content)
        arrays[column] = pa.array(list(content), type=known.get(column, default))
    arrow = pa.table(arrays)
    session.connection.register("_arrow", arrow)
    session.connection.execute(f"create temp table {name} as select * from _arrow")
    session.connection.unregister("_arrow")


def _number_or_text(content: Sequence[Any]) -> pa.DataType:
    return pa.int64() if content and isinstance(content[0], int) else pa.string()


def _text(path: Any) -> str:
    return "'" + str(path).replace("'", "''") + "'"
