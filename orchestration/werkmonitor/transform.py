"""The transform phase: lay the accepted rows, the settings and the registry ready in a candidate database, then let
dbt compute the figures.

Everything that the SQL depends on is in the schema `invoer`; dbt reads no environment, no variable and no clock, so
the same input gives the same figures. Not here: how a measure is computed (dbt/models), disclosure control
(core/disclosure), checks (audit).
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import duckdb
import pyarrow as pa

from werkmonitor.core import breaks, dated_lists, regions
from werkmonitor.core.atomic import write_file
from werkmonitor.core.contracts import contracts
from werkmonitor.core.registry import (
    PERIOD_KINDS,
    Indicator,
    Registry,
    breakdowns,
    dimension_categories,
    indicators,
    load_registry,
)
from werkmonitor.core.trouble import chain, in_words
from werkmonitor.core.types import Delivery, WerkmonitorError
from werkmonitor.core.workspace import NightFolder
from werkmonitor.settings import PROJECT_ROOT, Settings

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest

DBT_PROJECT = PROJECT_ROOT / "dbt"
NO_WRITING = (errno.EACCES, errno.EPERM, errno.EROFS)
ALL_TASKS = "alle"
# What DuckDB may use under dbt; with Python and dbt it stays well below the 6 GB of a whole night (docs/snelheid.md).
MEMORY_LIMIT_MB = 4000
BUILD_MODELS = ("run",)
RUN_TESTS = ("test", "--exclude", "test_type:unit")
RUN_RESULTS = "run_results.json"
# The first day that a row of an entity tells of, for sources that do not say from when they are complete. An entity
# that is not here has no history: traits, links, targets and the series of others.
_OF_MONTH, _OF_YEAR = "strptime(maand || '-01', '%Y-%m-%d')::date", "make_date(jaar, 1, 1)"
FIRST_DAYS = {
    "uitkering": "begindatum",
    "dienstverband": "begindatum",
    "inkomsten": _OF_MONTH,
    "traject": "least(aanmelddatum, begindatum)",
    "trajectfase": "begindatum",
    "plaatsing": "begindatum",
    "lks": "begindatum",
    "voorziening": "begindatum",
    "nieuw_beschut": "least(adviesdatum, begindatum)",
    "sw": "begindatum",
    "verzuim": _OF_MONTH,
    "meting": "datum",
    "tevredenheid": _OF_YEAR,
    "financien": _OF_YEAR,
}
# The categories of the break-downs that the deliveries give.
DELIVERED_CATEGORIES = {
    "product": "select distinct trim(product) from invoer.financien where trim(product) <> ''",
    "prijzenset": "select distinct bron from invoer.reeks "
    "where indicator_id = 'normprijs' and starts_with(uitsplitsing, 'product=')",
}


def transform(
    settings: Settings, night: NightFolder, peildatum: date, indeling_jaar: int, deliveries: list[Delivery]
) -> None:
    """Compute every figure of the grid into `main.pub_cijfers` of a fresh candidate database.

    Raises WerkmonitorError when a model could not be built; what dbt's tests found is left in the night folder for
    the audit phase.
    """
    for leftover in night.root.glob(f"{night.candidate.name}*"):
        if leftover.is_dir():  # what DuckDB had put on disk for want of memory
            shutil.rmtree(leftover)
        else:
            leftover.unlink()
    with duckdb.connect(str(night.candidate)) as connection:
        lay_input_ready(connection, settings, night, peildatum, indeling_jaar, deliveries)
    build_and_test(night)


def build_and_test(night: NightFolder) -> None:
    """Build every model, then run every data test on what stands; the artifacts of both are left for the audit phase.

    Two calls, not one `dbt build`: there a test that raises (not: fails) makes dbt skip all models after it, and a
    check that did not run would read as a calculation that failed.
    """
    run_dbt(night, BUILD_MODELS)
    models = _results(night)
    run_dbt(night, RUN_TESTS)
    tests = _results(night)
    # The second call wrote over the first: one file again, as a single `dbt build` would have left it.
    tests["results"] = [*models["results"], *tests["results"]]
    write_file(night.dbt_target / RUN_RESULTS, json.dumps(tests).encode())


def _results(night: NightFolder) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((night.dbt_target / RUN_RESULTS).read_text(encoding="utf-8"))
    return content


def lay_input_ready(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    night: NightFolder,
    peildatum: date,
    indeling_jaar: int,
    deliveries: list[Delivery],
) -> None:
    """Create the schema `invoer`: accepted entities as views, settings, regions, lists and the registry as tables."""
    connection.execute("create schema invoer")
    _entities(connection, night)
    delivered = {delivery.entiteit for delivery in deliveries}
    work_delivered = any(
        delivery.entiteit == "dienstverband" and settings.bronnen[delivery.bron].dekking == "volledig"
        for delivery in deliveries
    )
    starts = _history_starts(connection, settings, deliveries)
    _table(connection, "instellingen", [_settings_row(settings, peildatum, indeling_jaar, delivered, work_delivered)])
    _regions(connection, settings, indeling_jaar)
    _lists(connection)
    _arrow_table(connection, "reeksbreuk", breaks.rows(settings))
    _registry(connection, settings, delivered, work_delivered, starts, peildatum)


def _entities(connection: duckdb.DuckDBPyConnection, night: NightFolder) -> None:
    for entiteit, contract in contracts().items():
        path = night.accepted_file(entiteit)
        if path.exists():
            connection.execute(f"create view invoer.{entiteit} as select * from read_parquet('{_quoted(path)}')")
        else:
            columns = ", ".join(f"{name} {sql_type}" for name, sql_type in contract.accepted_schema().items())
            connection.execute(f"create table invoer.{entiteit} ({columns})")
    quarantine = f"read_parquet('{_quoted(night.quarantine)}')"
    connection.execute(f"create table invoer.quarantaine as select distinct persoon, entiteit from {quarantine}")


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _history_starts(
    connection: duckdb.DuckDBPyConnection, settings: Settings, deliveries: list[Delivery]
) -> dict[str, date]:
    """Per entity with history: the latest first day from which one of its sources is complete."""
    starts: dict[str, date] = {}
    for entiteit, first_day in FIRST_DAYS.items():
        for bron in sorted({delivery.bron for delivery in deliveries if delivery.entiteit == entiteit}):
            start = settings.bronnen[bron].historie_vanaf
            if start is None:
                found = connection.execute(
                    f"select min({first_day}) from invoer.{entiteit} where bron = ?", [bron]
                ).fetchone()
                start = found[0] if found and found[0] else None
            if start is not None:
                starts[entiteit] = max(start, starts.get(entiteit, start))
    return starts


def _settings_row(
    settings: Settings, peildatum: date, indeling_jaar: int, delivered: set[str], work_delivered: bool
) -> dict[str, Any]:
    parameters = settings.parameters
    return {
        "peildatum": peildatum,
        "indeling_jaar": indeling_jaar,
        "organisatie_code": settings.monitor.regio_code,
        "lag_maanden": parameters.registratievertraging_maanden,
        "onderbreking_dagen": parameters.onderbreking_dagen,
        "werk_onderbreking_dagen": parameters.werk_onderbreking_dagen,
        "regelingen": list(parameters.regelingen),
        "regelingen_terugkeer": settings.return_regelingen,
        "index_basisjaar": parameters.index_basisjaar,
        "voltijd_uren": parameters.voltijd_uren,
        "toerekening_dagen": parameters.toerekening_dagen,
        "normale_arbeidsduur": parameters.normale_arbeidsduur,
        "werk_geleverd": work_delivered,
        "lks_geleverd": "lks" in delivered,
    }


def _regions(connection: duckdb.DuckDBPyConnection, settings: Settings, indeling_jaar: int) -> None:
    own = [{"regio_code": settings.monitor.regio_code, "is_organisatie": True}]
    own += [
        {"regio_code": code, "is_organisatie": False}
        for code in regions.organisation_gemeenten(settings, indeling_jaar)
    ]
    _table(connection, "regio", own)
    _table(connection, "taak_regio", _task_regions(settings, indeling_jaar, own))
    names = regions.region_names(indeling_jaar)
    if settings.monitor.regio_code not in names.column("regio_code").to_pylist():
        organisation = {"regio_code": [settings.monitor.regio_code], "regio_naam": [settings.monitor.naam]}
        names = pa.concat_tables([names, pa.table(organisation, schema=names.schema)])
    _arrow_table(connection, "regio_naam", names)


def _task_regions(settings: Settings, indeling_jaar: int, own: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The regions of every task: those of the organisation, and where a task has other gemeenten the organisation with
    these."""
    rows = [{"taak": ALL_TASKS, **region} for region in own]
    for taak, task in settings.monitor.taken.items():
        codes = sorted({regions.counted_under(code, indeling_jaar) for code in task.gemeenten})
        rows += [{"taak": taak, "regio_code": settings.monitor.regio_code, "is_organisatie": True}]
        rows += [{"taak": taak, "regio_code": code, "is_organisatie": False} for code in codes]
    return rows


def _lists(connection: duckdb.DuckDBPyConnection) -> None:
    _arrow_table(connection, "reden_groep", regions.reason_groups())
    _arrow_table(connection, "aow_leeftijd", regions.aow_ages())
    _arrow_table(connection, "wml", dated_lists.minimum_wages())
    _arrow_table(connection, "lks_factor", dated_lists.subsidy_factors())
    _arrow_table(connection, "taakstelling_beschut", dated_lists.sheltered_quotas())


def _registry(
    connection: duckdb.DuckDBPyConnection,
    settings: Settings,
    delivered: set[str],
    work_delivered: bool,
    starts: dict[str, date],
    peildatum: date,
) -> None:
    registry = load_registry()
    overlapping = {name for name, dimension in registry.dimensies.items() if dimension.overlappend}
    categories = [*dimension_categories(registry), *_own_gemeenten(connection, registry)]
    categories += _delivered(connection, registry)
    # What is made of published figures (core/derived) has no cells before that.
    published = [one for one in indicators(registry) if not one.family.afgeleid]
    _table(
        connection,
        "indicator",
        [_indicator_row(settings, one, delivered, work_delivered, starts, peildatum) for one in published],
    )
    _table(
        connection,
        "indicator_periode",
        [
            {"indicator_id": one.indicator_id, "periodesoort": PERIOD_KINDS[kind]}
            for one in published
            for kind in one.family.perioden
        ],
    )
    _table(
        connection,
        "indicator_uitsplitsing",
        [
            {"indicator_id": one.indicator_id, "dimensie": dimension, "gemeenten": per_gemeente}
            for one in published
            for dimension, per_gemeente in breakdowns(registry, one)
        ],
    )
    _table(
        connection,
        "uitsplitsing",
        [
            {"dimensie": dimension, "categorie": category, "overlappend": dimension in overlapping}
            for dimension, category in categories
        ],
    )
    _category_types(connection, registry)


def _category_types(connection: duckdb.DuckDBPyConnection, registry: Registry) -> None:
    """One type per break-down (`invoer.leeftijd` ...): reads and compares as text, is stored as one byte.

    Writing millions of short texts took more processor time than computing them did.
    """
    found: dict[str, list[str]] = {}
    for dimension, category in dimension_categories(registry):
        found.setdefault(dimension, []).append(category)
    for dimension, categories in found.items():
        if dimension.isidentifier():  # crossed ones are made after counting
            members = ", ".join(f"'{category}'" for category in categories)
            connection.execute(f"create type invoer.{dimension} as enum ({members})")


def _own_gemeenten(connection: duckdb.DuckDBPyConnection, registry: Registry) -> list[tuple[str, str]]:
    """The categories that the configuration gives: break-downs by the organisation's gemeenten."""
    codes = connection.execute("select regio_code from invoer.regio where not is_organisatie order by 1").fetchall()
    return [(name, code) for name, one in registry.dimensies.items() if one.eigen_gemeenten for (code,) in codes]


def _delivered(connection: duckdb.DuckDBPyConnection, registry: Registry) -> list[tuple[str, str]]:
    """The categories that the deliveries give: products, and who published prices."""
    return [
        (name, category)
        for name, one in registry.dimensies.items()
        if one.uit_levering
        for (category,) in connection.execute(f"{DELIVERED_CATEGORIES[name]} order by 1").fetchall()
    ]


def _indicator_row(
    settings: Settings,
    indicator: Indicator,
    delivered: set[str],
    work_delivered: bool,
    starts: dict[str, date],
    peildatum: date,
) -> dict[str, Any]:
    family = indicator.family
    taak = family.taak if family.taak in settings.monitor.taken else ALL_TASKS
    history = max((starts[entity] for entity in indicator.entities if entity in starts), default=None)
    limit = _plus_months(history, family.historie_maanden) if history and family.historie_maanden else None
    return {
        "indicator_id": indicator.indicator_id,
        "definitie_id": indicator.definitie_id,
        "maat": family.indicator_id,
        "horizon": indicator.horizon,
        "populatie": indicator.populatie,
        "eenheid": family.eenheid,
        "meettype": indicator.openbaarmaking,
        "thema": family.thema,
        "leeg": indicator.leeg,
        "perioden_tellen_op": indicator.sums.perioden,
        "gemeenten_tellen_op": indicator.sums.gemeenten,
        "categorieen_tellen_op": indicator.sums.categorieen,
        "maandgemiddelde": family.maandgemiddelde,
        "kan_boven_100": family.kan_boven_100,
        "taak": taak,
        "gemeenten": family.gemeenten,
        "meetbaar": family.meetbaar,
        "totaal": family.totaal,
        "reeks_begin": settings.monitor.reeks_begin or _series_start(indicator.entities, starts, peildatum),
        "historie_grens": limit,
        "geleverd": set(family.entiteiten) <= delivered and (work_delivered or not indicator.werk_nodig),
    }


def _series_start(entities: Iterable[str], starts: dict[str, date], peildatum: date) -> date:
    """The first 1 January on or after the latest start of the history of the entities; nothing delivered: this year."""
    known = [starts[entity] for entity in entities if entity in starts]
    latest = max(known, default=date(peildatum.year, 1, 1))
    return latest if (latest.month, latest.day) == (1, 1) else date(latest.year + 1, 1, 1)


def _plus_months(day: date, months: int) -> date:
    found = duckdb.execute("select cast(? + to_months(?) as date)", [day, months]).fetchone()
    assert found is not None
    result: date = found[0]
    return result


_TYPES: dict[str, pa.DataType] = {
    "horizon": pa.int32(),
    "populatie": pa.string(),
    "historie_grens": pa.date32(),
    "regelingen": pa.list_(pa.string()),
    "regelingen_terugkeer": pa.list_(pa.string()),
}


def _table(connection: duckdb.DuckDBPyConnection, name: str, rows: list[dict[str, Any]]) -> None:
    columns = {key: pa.array([row[key] for row in rows], _TYPES.get(key)) for key in rows[0]}
    _arrow_table(connection, name, pa.table(columns))


def _arrow_table(connection: duckdb.DuckDBPyConnection, name: str, table: pa.Table) -> None:
    connection.register("laad", table)
    connection.execute(f"create table invoer.{name} as select * from laad")
    connection.unregister("laad")


def run_dbt(night: NightFolder, command: tuple[str, ...]) -> None:
    """Run dbt in this process against the candidate of a night, with the manifest that was parsed once for this
    code."""
    from dbt.cli.main import dbtRunner

    manifest = load_manifest()
    night.dbt_target.mkdir(parents=True, exist_ok=True)
    arguments = [*command, *_common_arguments(night.dbt_target)]
    with _environment(
        WERKMONITOR_CANDIDATE=str(night.candidate),
        WERKMONITOR_REKENGEHEUGEN=_memory_limit(),
        DBT_SEND_ANONYMOUS_USAGE_STATS="false",
    ):
        result = dbtRunner(manifest=manifest).invoke(arguments)
    _release_candidate()
    if result.exception is not None and result.result is None:
        # With the error itself behind it: a full disk is recognised by its number.
        raise WerkmonitorError(
            f"De berekening kon niet beginnen: {_first_line(result.exception)}"
        ) from result.exception
    # The type of what dbt hands back depends on the command; these commands give one result a node.
    results = cast("Iterable[Any]", result.result or ())
    failed = [row for row in results if row.node.resource_type == "model" and row.status != "success"]
    if failed:
        first = next((row for row in failed if row.status == "error"), failed[0])
        raise WerkmonitorError(
            f"De berekening van {first.node.name} is mislukt: {_first_line(first.message)} "
            f"De volledige melding staat in {night.dbt_target / 'dbt.log'}."
        )


def _memory_limit() -> str:
    """As dbt's profile wants it; on a small machine half of what there is. What does not fit goes to disk."""
    there = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 1_000_000
    return f"{min(MEMORY_LIMIT_MB, there // 2)}MB"


def _release_candidate() -> None:
    """dbt-duckdb keeps the file open for the rest of the process; the phases after this one open it read-only."""
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager

    DuckDBConnectionManager.close_all_connections()


def _common_arguments(target: Path) -> list[str]:
    return [
        *("--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT)),
        *("--target-path", str(target), "--log-path", str(target)),
        "--quiet",
        "--no-version-check",
    ]


def _first_line(message: object) -> str:
    """What dbt or the database said, short; what the operating system said, in Dutch with the file."""
    links = chain(message) if isinstance(message, BaseException) else ()
    refused = next((link for link in links if isinstance(link, OSError)), None)
    if refused is not None:
        return f"{refused.filename or 'een bestand'}: {in_words(refused)}."
    lines = [line.strip() for line in str(message).splitlines() if line.strip()]
    return " ".join(lines[:2])


@contextmanager
def _environment(**values: str) -> Iterator[None]:
    before = {key: os.environ.get(key) for key in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for key, value in before.items():
            if value is None:
                os.environ.pop(key, None)
            else:
                os.environ[key] = value


def project_digest() -> str:
    """sha256 over the files of the dbt project: a parsed manifest belongs to exactly one."""
    digest = hashlib.sha256()
    for path in sorted(_project_files()):
        digest.update(path.relative_to(DBT_PROJECT).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _project_files() -> Iterator[Path]:
    for folder in ("models", "macros", "tests"):
        yield from (path for path in (DBT_PROJECT / folder).rglob("*") if path.is_file())
    yield from (DBT_PROJECT / "dbt_project.yml", DBT_PROJECT / "profiles.yml")


def manifest_folder() -> Path:
    """The folder with `manifest.json` and `partial_parse.msgpack` of the project as it is now; parsed when it is not
    there yet.

    Parsing costs seconds and its outcome depends on nothing but the project's files, so it is kept beside the project
    (or, where that is not writable, in the temporary folder) under the digest of those files.
    """
    digest = project_digest()[:16]
    roots = [DBT_PROJECT / "target", Path(tempfile.gettempdir()) / f"werkmonitor-dbt-{os.getuid()}"]
    for root in roots:
        if (root / digest / "partial_parse.msgpack").exists():
            return root / digest
    for root in roots:
        try:
            root.mkdir(parents=True, exist_ok=True)
            return _parse_into(root, digest)
        except OSError as error:
            if error.errno not in NO_WRITING:
                raise
    raise WerkmonitorError(f"Geen map om dbt in voor te bereiden: geef schrijfrecht op {roots[0]} of {roots[1]}.")


def _parse_into(root: Path, digest: str) -> Path:
    from dbt.cli.main import dbtRunner

    scratch = Path(tempfile.mkdtemp(prefix=".bezig-", dir=root))
    try:
        with _environment(
            DBT_SEND_ANONYMOUS_USAGE_STATS="false", WERKMONITOR_CANDIDATE=str(scratch / "candidate.duckdb")
        ):
            result = dbtRunner().invoke(["parse", *_common_arguments(scratch)])
        if not result.success:
            raise WerkmonitorError(f"Het dbt-project is niet te lezen: {_first_line(result.exception)}")
        try:
            scratch.rename(root / digest)
        except OSError:  # another run was first; what it parsed is the same
            if not (root / digest / "partial_parse.msgpack").exists():
                raise
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return root / digest


def load_manifest() -> Manifest:
    from dbt.contracts.graph.manifest import Manifest

    return Manifest.from_msgpack((manifest_folder() / "partial_parse.msgpack").read_bytes())
