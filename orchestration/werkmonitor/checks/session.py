"""One read-only connection to the candidate, with what every check may need beside it.

Temporary tables live in the connection and leave no trace in the candidate. Not here: what is checked.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

import duckdb

from werkmonitor.checks.previous import PreviousRelease
from werkmonitor.core.datapackage import REEKSEN_KEY
from werkmonitor.core.types import Delivery
from werkmonitor.core.workspace import NightFolder
from werkmonitor.settings import Settings

if TYPE_CHECKING:
    from werkmonitor.core.registry import Indicator


@dataclass
class Session:
    """What a suite is run on."""

    connection: duckdb.DuckDBPyConnection
    settings: Settings
    night: NightFolder
    deliveries: list[Delivery]
    peildatum: date
    today: date | None
    previous: PreviousRelease | None
    prepared: dict[str, str | None] = field(default_factory=dict)

    @cached_property
    def configured(self) -> set[str]:
        """Entities that at least one source is to deliver."""
        return {entity for source in self.settings.bronnen.values() for entity in source.entiteiten}

    @cached_property
    def delivered(self) -> set[str]:
        """Entities of which at least one file is used."""
        return {delivery.entiteit for delivery in self.deliveries}

    @cached_property
    def gemeenten(self) -> list[str]:
        """The organisation's own gemeenten in the division that is used."""
        from werkmonitor.core.regions import organisation_gemeenten

        return organisation_gemeenten(self.settings, self.settings.monitor.indeling_jaar or self.peildatum.year)

    def count(self, table: str) -> int:
        row = self.connection.execute(f"select count(*) from {table}").fetchall()[0]
        return int(row[0])

    def columns(self, table: str) -> dict[str, str]:
        """Column name to type."""
        return {row[0]: row[1] for row in self.connection.execute(f"describe select * from {table}").fetchall()}


@contextmanager
def open_session(
    settings: Settings,
    night: NightFolder,
    deliveries: list[Delivery],
    peildatum: date,
    today: date | None,
    previous: PreviousRelease | None,
) -> Iterator[Session]:
    """Open the candidate read-only and close it again."""
    connection = duckdb.connect(str(night.candidate), read_only=True)
    try:
        connection.execute("set preserve_insertion_order = false")
        connection.execute("set enable_progress_bar = false")
        session = Session(connection, settings, night, deliveries, peildatum, today, previous)
        _parameters(session)
        yield session
    finally:
        connection.close()


def _parameters(session: Session) -> None:
    """What queries in expectations/ may join: one row `instelling`, the organisation's gemeenten, the cells that were
    made of published ones (`afgeleid`), and from the registry what adds up to what (`telregel`, `overlappend`,
    `taakgemeente`)."""
    disclosure, monitor = session.settings.geheimhouding, session.settings.monitor
    session.connection.execute(
        """
        create temp table instelling as
        select $peildatum::date as peildatum, $regio::varchar as organisatie, $methode::varchar as methode,
               $drempel::integer as drempel, $noemer::integer as drempel_noemer
        """,
        {
            "peildatum": session.peildatum,
            "regio": monitor.regio_code,
            "methode": disclosure.methode,
            "drempel": disclosure.drempel,
            "noemer": disclosure.drempel_noemer,
        },
    )
    session.connection.execute(
        "create temp table eigen_gemeente as select unnest($codes::varchar[]) as gemeente_code",
        {"codes": session.gemeenten},
    )
    _derived_cells(session)
    _rules_of_counting(session)


def _derived_cells(session: Session) -> None:
    """`afgeleid`: key of the cells that core/derived made of published ones; none where nothing is published yet."""
    keys = ", ".join(REEKSEN_KEY)
    none = ", ".join(f"null::{'integer' if name == 'indeling_jaar' else 'varchar'} as {name}" for name in REEKSEN_KEY)
    found = session.connection.execute(
        "select count(*) from duckdb_tables() where schema_name = 'gepubliceerd' and table_name = 'afgeleid'"
    ).fetchall()
    source = f"{keys} from gepubliceerd.afgeleid" if found[0][0] else f"{none} where false"
    session.connection.execute(f"create temp table afgeleid as select {source}")


def _rules_of_counting(session: Session) -> None:
    """`telregel`: per indicator of the registry what its counts add up to; `overlappend`: break-downs whose categories
    are never added up; `taakgemeente`: the gemeenten of indicators whose task has others than the organisation."""
    from werkmonitor.core.regions import counted_under
    from werkmonitor.core.registry import indicators, load_registry

    registry = load_registry()
    published = indicators(registry)
    rules = [
        (
            one.indicator_id,
            *one.sums.model_dump().values(),
            _is_stand(one),
            one.family.kan_boven_100,
            one.family.maandgemiddelde,
        )
        for one in published
    ]
    tasks = session.settings.monitor.taken
    elsewhere = [
        (one.indicator_id, counted_under(code, session.settings.monitor.indeling_jaar or session.peildatum.year))
        for one in published
        if one.family.taak in tasks
        for code in tasks[one.family.taak].gemeenten
    ]
    overlapping = [(name,) for name, dimension in registry.dimensies.items() if dimension.overlappend]
    tables = (
        ("telregel (indicator_id varchar, perioden boolean, gemeenten varchar, categorieen varchar, is_stand boolean, "
         "boven_100 boolean, maandgemiddelde boolean)", rules),
        ("overlappend (dimensie varchar)", overlapping),
        ("taakgemeente (indicator_id varchar, gemeente_code varchar)", sorted(set(elsewhere))),
    )  # fmt: skip
    for definition, rows in tables:
        session.connection.execute(f"create temp table {definition}")
        if rows:
            marks = ", ".join("?" for _ in rows[0])
            session.connection.executemany(f"insert into {definition.split()[0]} values ({marks})", rows)


def _is_stand(indicator: Indicator) -> bool:
    """Whether its figure of a year is that of the last day; a mean of months is not."""
    return indicator.family.meettype == "stand" and not indicator.family.maandgemiddelde
