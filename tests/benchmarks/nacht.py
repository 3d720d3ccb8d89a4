"""A whole night at the size of the country, phase by phase: `make bench N=1000000`.

Makes an invented organisation (leveringen.py) and runs, each in a process of its own so that none counts in the memory
of another: the night; the night again, with nothing changed; the *floor*, which is the compiled SQL of the same figures
in one DuckDB connection on the same accepted Parquet; and a plain pandas script (pandas_duurzaam.py) that computes the
same durability table. The floor must give the same figures, cell by cell, and pandas the same counts: a quick wrong
answer is no benchmark.

Prints a table and writes JSON. Beside the wall clock stands processor time: on a machine that others use too, only that
tells something. Nothing here is run by pytest; the figures that were measured are in docs/snelheid.md.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import leveringen

CORES = 2
KEY = b"alleen voor de meting, en geen geheim ervan"
PARTS = ("nacht", "ongewijzigd", "vloer", "pandas")
# Seconds on two cores, by row of the table (issue 4). Those of a million persons grow with the rows and no faster.
BUDGETS = {"inname": 60.0, "rekenen": 60.0, "controleren": 60.0, "publiceren": 30.0}
PERSONS_OF_BUDGET = 1_000_000
WHOLE, UNCHANGED = "nacht in het geheel", "ongewijzigd"
SMALL, BUDGET_OF_SMALL, BUDGET_OF_UNCHANGED = 100_000, 60.0, 10.0
CHECKS = ("dbt-tests", "controles")
SITE = "  site"


# The table of pandas_duurzaam beside the same cells of the night; what has no outflow is no row of pandas.
COMPARE = """
    with echt as (
        select regio_code, left(periode, 4)::bigint as jaar, regexp_extract(indicator_id, '[0-9]+')::bigint as horizon,
            max(noemer) as noemer, max(teller) filter (indicator_id like 'duurzaam%') as uit_uitkering,
            max(teller) filter (indicator_id like 'herinstroom%') as terug, max(n_niet_volgbaar) as n_niet_volgbaar
        from echt.pub_cijfers
        where regexp_matches(indicator_id, '^(duurzaam_uit_uitkering|herinstroom)_[0-9]+__alle$')
            and dimensie = 'totaal' and periode like '____JJ00' and noemer + n_niet_volgbaar > 0
        group by all
    ), nagerekend as (select regio_code, jaar, horizon, noemer, uit_uitkering, terug, n_niet_volgbaar from tabel)
    select (select count(*) from echt), (select count(*) from nagerekend),
        (select count(*) from (from echt except from nagerekend))
"""


class Measurements:
    """What each step took: wall clock, processor time (children included) and the highest memory during it."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        _forget_peak()
        begin, cpu = time.monotonic(), _cpu()
        try:
            yield
        finally:
            self.rows.append(_step(name, time.monotonic() - begin, _cpu() - cpu, _peak_gb()))

    def measured(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, measured at every call."""

        def call(*arguments: Any, **named: Any) -> Any:
            with self.step(name):
                return function(*arguments, **named)

        return call


def _step(name: str, wall: float, cpu: float, peak: float) -> dict[str, Any]:
    return {"stap": name, "wand": round(wall, 2), "rekentijd": round(cpu, 2), "piek_gb": round(peak, 2)}


def _cpu() -> float:
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def _forget_peak() -> None:
    """Let the kernel count the highest memory from here on (Linux); elsewhere it is the highest until now."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return


def _peak_gb() -> float:
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024**2
    except (OSError, StopIteration):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


# ---- the parts, each in a process of its own


def _settings(folder: Path) -> Any:
    from werkmonitor.settings_loader import load

    return load(folder / "werkmonitor.toml", {})


def _measured_phases(measurements: Measurements) -> Any:
    """The phases of a night; computing and dbt's tests apart, because the tests belong to the checks."""
    from werkmonitor import transform
    from werkmonitor.night import Phases
    from werkmonitor.report import publishing

    plain = Phases()
    run_dbt = transform.run_dbt

    def dbt(night: Any, command: tuple[str, ...]) -> None:
        with measurements.step("dbt-tests" if command == transform.RUN_TESTS else "modellen"):
            run_dbt(night, command)

    transform.run_dbt = dbt
    publishing.add_report = measurements.measured(SITE, publishing.add_report)
    return replace(
        plain,
        ingest=measurements.measured("inname", plain.ingest),
        settle_findings=measurements.measured("bevindingen bijhouden", plain.settle_findings),
        disclose=measurements.measured("geheimhouding", plain.disclose),
        audit=measurements.measured("controles", plain.audit),
        publish=measurements.measured("publiceren", plain.publish),
    )


def run_the_night(folder: Path) -> dict[str, Any]:
    """The night as `werkmonitor run` does it."""
    from werkmonitor.night import run_night

    measurements = Measurements()
    begin, cpu = time.monotonic(), _cpu()
    outcome = run_night(_settings(folder), KEY, phases=_measured_phases(measurements))
    whole = {"wand": round(time.monotonic() - begin, 2), "rekentijd": round(_cpu() - cpu, 2)}
    return {
        "uitkomst": outcome.outcome,
        "bericht": outcome.message,
        "nacht": str(outcome.folder.root) if outcome.folder else None,
        "stappen": measurements.rows,
        "geheel": whole,
        **({"per_node": _nodes(outcome.folder)} if outcome.folder else {}),
    }


def _nodes(night: Any) -> dict[str, float]:
    """Seconds of each model and test, as dbt measured them."""
    results = json.loads((night.dbt_target / "run_results.json").read_text(encoding="utf-8"))["results"]
    found = {".".join(row["unique_id"].split(".")[::2][:2]): round(row["execution_time"], 2) for row in results}
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def _deliveries(settings: Any) -> list[Any]:
    from werkmonitor.core.deliveries import find_deliveries

    return find_deliveries(settings)


def _newest_night(folder: Path) -> Any:
    from werkmonitor.core.workspace import Workspace
    from werkmonitor.night import newest_night

    night = newest_night(Workspace(_settings(folder).monitor.werkmap))
    if night is None:
        raise SystemExit("Er is nog geen nacht gedraaid; laat --deel weg.")
    return night


def run_the_floor(folder: Path) -> dict[str, Any]:
    """The compiled SQL of every model, one after the other, in one connection."""
    from werkmonitor.compiled import compiled_models, lay_input_ready, open_memory_candidate, run_models

    settings, night, measurements = _settings(folder), _newest_night(folder), Measurements()
    peildatum = settings.monitor.peildatum
    compiled_models()
    with measurements.step("vloer"), open_memory_candidate() as connection:
        connection.execute("set enable_progress_bar = false")
        lay_input_ready(connection, settings, night, peildatum, peildatum.year, _deliveries(settings))
        run_models(connection)
        measurements_end = time.monotonic()
        connection.execute(f"attach '{night.candidate}' as echt (read_only)")
        differing = connection.execute(
            "select count(*) from ((from pub_cijfers except from echt.pub_cijfers)"
            " union all (from echt.pub_cijfers except from pub_cijfers))"
        ).fetchone()
    assert differing == (0,), f"De vloer geeft andere cijfers dan de nacht: {differing} cellen verschillen."
    comparing = time.monotonic() - measurements_end
    return {"stappen": measurements.rows, "waarvan_vergelijken": round(comparing, 2)}


def run_pandas(folder: Path) -> dict[str, Any]:
    """The durability table in pandas, held against the figures of the night."""
    import duckdb
    from pandas_duurzaam import durability

    settings, night, measurements = _settings(folder), _newest_night(folder), Measurements()
    lists = Path(sys.modules["werkmonitor.settings"].__file__ or "").parent / "core" / "lists"
    peildatum: date = settings.monitor.peildatum
    with measurements.step("pandas"):
        table = durability(night.accepted, night.quarantine, lists, peildatum, settings.monitor.regio_code)
    with duckdb.connect() as connection:
        connection.execute(f"attach '{night.candidate}' as echt (read_only)")
        connection.register("tabel", table)
        cells, recomputed, differing = connection.execute(COMPARE).fetchall()[0]
    assert cells > 0 and cells == recomputed and differing == 0, (
        f"pandas en de nacht verschillen: {differing} van {cells} cellen ({recomputed} nagerekend)."
    )
    return {"stappen": measurements.rows, "cellen_gelijk": cells}


RUNS: dict[str, Callable[[Path], dict[str, Any]]] = {
    "nacht": run_the_night,
    "ongewijzigd": run_the_night,
    "vloer": run_the_floor,
    "pandas": run_pandas,
}


def _in_a_process(part: str, folder: Path) -> dict[str, Any]:
    """Run one part; beside its own measurements what the whole process took, its start included."""
    target = folder / f"{part}.json"
    target.unlink(missing_ok=True)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begin = time.monotonic()
    subprocess.run([sys.executable, __file__, "--deel", part, "--map", str(folder)], check=True)
    wall = time.monotonic() - begin
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    found: dict[str, Any] = json.loads(target.read_text(encoding="utf-8"))
    return found | {"proces": {"wand": round(wall, 2), "rekentijd": round(cpu, 2)}}


# ---- the table


def _sum(name: str, steps: list[dict[str, Any]]) -> dict[str, Any]:
    peaks = [step["piek_gb"] for step in steps]
    return _step(name, sum(s["wand"] for s in steps), sum(s["rekentijd"] for s in steps), max(peaks, default=0.0))


def _budget(step: str, persons: int) -> float | None:
    if step == UNCHANGED:
        return BUDGET_OF_UNCHANGED
    if persons <= SMALL:
        return BUDGET_OF_SMALL if step == WHOLE else None
    return BUDGETS[step] * persons / PERSONS_OF_BUDGET if step in BUDGETS else None


def table(found: dict[str, Any], persons: int) -> list[dict[str, Any]]:
    """The rows that are printed, with the budget for this number of persons where there is one."""
    rows: list[dict[str, Any]] = []
    steps = found.get("nacht", {}).get("stappen", [])
    by_name = {name: [step for step in steps if step["stap"] == name] for name in {step["stap"] for step in steps}}
    if steps:
        rows += [_sum("inname", by_name.get("inname", [])), _sum("rekenen", by_name.get("modellen", []))]
        rows += [_sum(f"  {name}", by_name.get(name, [])) for name in CHECKS]
        rows.append(_sum("controleren", [step for name in CHECKS for step in by_name.get(name, [])]))
        site = _sum(SITE, by_name.get(SITE, []))
        publish = _sum("publiceren", by_name.get("publiceren", []))
        without = _step(
            "publiceren", publish["wand"] - site["wand"], publish["rekentijd"] - site["rekentijd"], publish["piek_gb"]
        )
        rows += [_sum("geheimhouding", by_name.get("geheimhouding", [])), without, site]
        whole = found["nacht"]["proces"]
        rows.append(_step(WHOLE, whole["wand"], whole["rekentijd"], max(s["piek_gb"] for s in steps)))
    if "ongewijzigd" in found:
        whole = found["ongewijzigd"]["proces"]
        rows.append(_step(UNCHANGED, whole["wand"], whole["rekentijd"], 0.0))
    rows += [_sum(name, found[name]["stappen"]) for name in ("vloer", "pandas") if name in found]
    for row in rows:
        row["budget"] = _budget(row["stap"], persons)
    return rows


def _dutch(number: float | None, digits: int = 1) -> str:
    return "" if not number else f"{number:.{digits}f}".replace(".", ",")


def show(rows: list[dict[str, Any]]) -> None:
    """Wall clock, processor time, the same over the cores (the best a quiet machine can do), memory, budget."""
    print(f"\n{'stap':24}{'wandklok':>10}{'rekentijd':>11}{f'/ {CORES} kernen':>12}{'piek GB':>9}{'budget':>9}")
    for row in rows:
        numbers = [_dutch(row["wand"]), _dutch(row["rekentijd"]), _dutch(row["rekentijd"] / CORES)]
        shown = [*numbers, _dutch(row["piek_gb"], 2), _dutch(row["budget"])]
        print(
            f"{row['stap']:24}"
            + "".join(f"{text:>{width}}" for text, width in zip(shown, (10, 11, 12, 9, 9), strict=True))
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--personen", type=int, default=100_000)
    parser.add_argument("--map", type=Path, help="where to work; kept, and deliveries that are there are used again")
    parser.add_argument("--json", type=Path, help="where the figures go (default: bench-<personen>.json in the folder)")
    parser.add_argument("--alleen", choices=PARTS, nargs="*", help="only these parts")
    parser.add_argument("--deel", choices=PARTS, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.deel:
        found = RUNS[given.deel](given.map)
        (given.map / f"{given.deel}.json").write_text(json.dumps(found), encoding="utf-8")
        return
    with tempfile.TemporaryDirectory(prefix="werkmonitor-bench-") as temporary:
        measure(given.map or Path(temporary), given.personen, given.alleen or list(PARTS), given.json)


def measure(folder: Path, persons: int, parts: list[str], target: Path | None) -> None:
    """Deliver (unless that was done), run the parts, print and write what was measured."""
    folder = folder.resolve()
    if not (folder / "landing").exists():
        begin = time.monotonic()
        rows = leveringen.deliver(folder, persons)
        made = ", ".join(f"{number:,} {entiteit}".replace(",", ".") for entiteit, number in rows.items())
        print(f"{made} gemaakt in {time.monotonic() - begin:.0f} s")
    found: dict[str, Any] = {"personen": persons, "kernen": os.cpu_count(), "belasting_voor": os.getloadavg()}
    for part in parts:
        found[part] = _in_a_process(part, folder)
        if part in ("nacht", "ongewijzigd"):
            print(f"{part}: {found[part]['uitkomst']}. {found[part]['bericht']}".strip())
    found["belasting_na"] = os.getloadavg()
    found["tabel"] = table(found, persons)
    show(found["tabel"])
    before, after = found["belasting_voor"][0], found["belasting_na"][0]
    print(f"\nBelasting van de machine: {before:.1f} bij het begin, {after:.1f} aan het eind.")
    (target or folder / f"bench-{persons}.json").write_text(json.dumps(found, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
