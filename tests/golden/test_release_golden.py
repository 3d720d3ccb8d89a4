"""The golden release: a fixed little organisation, run whole, gives the figures that are kept here, cell by cell.

Any change in what is published is seen in review. After a change that is meant: run this file with
VERNIEUW_GOUDEN_UITGAVE=1 in the environment, look at what git says, and commit it.

The pages of the site have tests of their own (integration/test_site.py).

Kept: `reeksen.csv.xz` (exact figures), `afgerond.json` (a digest per indicator of the rounded ones), `uitgave.json`
(files, manifest and checks, without what differs by moment or version of the code).
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import lzma
import os
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from integration import organisation_kit as kit
from integration.organisation_kit import Organisation
from werkmonitor.core.datapackage import REEKSEN_KEY
from werkmonitor.core.reference import Cell, History, Parameters, Source, compare, compute
from werkmonitor.core.registry import load_registry

KEPT = Path(__file__).parent / "uitgave"
RENEW = os.environ.get("VERNIEUW_GOUDEN_UITGAVE") == "1"
SHOWN = 25
# Logarithms differ in the last digits between processors.
DIGITS = 10
FLOATS = ("waarde", "ondergrens", "bovengrens")
# What differs with the moment of the run, the code or the lists; the figures that follow from them are compared.
VOLATILE = {
    "release_id",
    "gemaakt",
    "kandidaat",
    "code_versie",
    "definities_versie",
    "samenvattingen",
    "poort",
    "bestanden",
}

CONFIG = (
    kit.CONFIG.replace('["persoon", "uitkering"]', '["persoon", "kenmerk", "uitkering"]')
    + """
[bronnen.jaarstukken]
entiteiten = ["reeks", "doelstelling"]
verplicht = false
verwacht = "jaarlijks"

[parameters]
index_basisjaar = 2020

[geheimhouding]
methode = "geen"
publiek = false
"""
)
SERIES = """\
bron,indicator_id,definitie_id,regio_code,periode,uitsplitsing,waarde,eenheid,status,reden_leeg,document,pagina
Buurbedrijf,uitstroom_werk_reden,uitstroom_buur@1,AM07,2020JJ00,totaal,400,personen,definitief,,Jaarverslag,12
Buurbedrijf,uitstroom_werk_reden,uitstroom_buur@1,AM07,2021JJ00,totaal,450,personen,definitief,,Jaarverslag,12
Buurbedrijf,uitstroom_werk_reden,uitstroom_buur@1,AM07,2022JJ00,totaal,,personen,voorlopig,geheim,Jaarverslag,13
"""
TARGETS = """indicator_id,regio_code,periode,waarde,soort,richting,tolerantie_pct,document,pagina
uitstroom_werk_reden,PROEF,2022JJ00,20,norm,hoger_is_beter,5,Begroting,3
"""


def _traits() -> list[dict[str, str]]:
    """A trait with history: everybody's ability to work, for every third person changed on 1 July 2021."""
    names = ("persoon_id", "kenmerk", "waarde", "begindatum", "einddatum")
    values = ("onder_wml", "wml_met_hulp", "wml_zelfstandig", "tijdelijk_onbemiddelbaar")
    rows = []
    for i in range(1, kit.PERSONS + 1, 2):
        change = i % 3 == 0
        first = (kit.number(i), "arbeidsvermogen", values[i % 4], "2019-01-01", "2021-06-30" if change else "")
        rows.append(dict(zip(names, first, strict=True)))
        if change:
            second = (kit.number(i), "arbeidsvermogen", values[(i + 1) % 4], "2021-07-01", "")
            rows.append(dict(zip(names, second, strict=True)))
    return rows


def _with_mistakes(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """One row for each thing that can become of a row: twice, withdrawn, outside the area, quarantine, a finding."""
    rows[20] |= {"begindatum": "2021-02-31"}
    rows[40] |= {"einddatum": "2019-01-01"}
    rows[60] |= {"gemeente_code": "GM0363"}
    rows[80] |= {"begindatum": "2022-03-01", "einddatum": "2022-02-28"}
    rows[100] |= {"reden_einde": "77"}
    return [*rows, dict(rows[0])]


@pytest.fixture(scope="module")
def exact(tmp_path_factory: pytest.TempPathFactory) -> Organisation:
    """The organisation with exact figures, for inside use."""
    organisation = kit.make(tmp_path_factory.mktemp("goud") / "proef", CONFIG)
    organisation.deliver("uitkeringen/uitkering", _with_mistakes(kit.benefits()))
    organisation.deliver("uitkeringen/kenmerk", _traits())
    organisation.deliver("jaarstukken/reeks", SERIES)
    organisation.deliver("jaarstukken/doelstelling", TARGETS)
    ended = kit.call(organisation, "run")
    assert ended.code == 0, ended.text
    return organisation


@pytest.fixture(scope="module")
def rounded(tmp_path_factory: pytest.TempPathFactory) -> Organisation:
    """The organisation of the other tests, as it is published by default."""
    return kit.published(tmp_path_factory.getbasetemp())


# ---- the figures ---------------------------------------------------------------------------------


def test_the_exact_figures(exact: Organisation) -> None:
    found = _cells(exact.series().decode("utf-8"))
    path = KEPT / "reeksen.csv.xz"
    if RENEW:
        path.write_bytes(lzma.compress(_as_csv(found).encode("utf-8"), preset=9))
    kept = _cells(lzma.decompress(path.read_bytes()).decode("utf-8"))
    assert path.stat().st_size < 200_000
    differences = list(_differences(kept, found))
    assert not differences, _report(differences)


def test_the_exact_figures_are_those_of_the_reference(exact: Organisation) -> None:
    """A golden copy keeps mistakes as faithfully as truth: the slow reference computes the published release again."""
    night, release = exact.newest_night(), exact.releases / "current"
    files = {path.stem: path for path in (night / "accepted").glob("*.parquet")}
    rows = {field.name: kit.table(files[field.name]) for field in fields(History) if field.name in files}
    sources = tuple(
        Source(bron, tuple(name for name in source.entiteiten if name in files), source.dekking, source.historie_vanaf)
        for bron, source in exact.settings.bronnen.items()
    )
    parameters = Parameters(
        peildatum=kit.PEILDATUM,
        regio_code="PROEF",
        gemeenten=kit.GEMEENTEN,
        indeling_jaar=kit.PEILDATUM.year,
        sources=sources,
        index_basisjaar=2020,
    )
    expected = compute(History(**rows, quarantaine=kit.table(night / "quarantine.parquet")), parameters)
    names = [field.name for field in fields(Cell)]
    counted = [row for row in kit.table(release / "reeksen.parquet") if not _derived(row)]
    published = [Cell(**{name: row[name] for name in names}) for row in counted]
    assert compare(published, expected) == []


def _derived(row: dict[str, Any]) -> bool:
    """Made of published figures afterwards (tests/unit/test_derived.py), not counted."""
    own_index = row["indicator_id"].startswith("index_") and row["bron"] == "eigen registratie"
    return own_index or row["indicator_id"] in {one.indicator_id for one in load_registry().indicatoren if one.afgeleid}


def test_the_rounded_figures(rounded: Organisation) -> None:
    found: dict[str, Any] = {}
    for row in _cells(rounded.series().decode("utf-8")).values():
        found.setdefault(row["indicator_id"], hashlib.sha256()).update("\x1f".join(row.values()).encode())
    digests = {indicator: digest.hexdigest()[:16] for indicator, digest in found.items()}
    kept = _kept("afgerond.json", digests)
    changed = sorted(name for name in kept.keys() | digests.keys() if kept.get(name) != digests.get(name))
    assert not changed, f"changed, gone or new: {changed}"


def _cells(text: str) -> dict[tuple[str, ...], dict[str, str]]:
    """Every row by its key, numbers as far as they are the same everywhere."""
    rows = list(csv.DictReader(io.StringIO(text)))
    for row in rows:
        for column in FLOATS:
            row[column] = f"{float(row[column]):.{DIGITS}g}" if row[column] else ""
    return {tuple(row[column] for column in REEKSEN_KEY): row for row in rows}


def _as_csv(cells: dict[tuple[str, ...], dict[str, str]]) -> str:
    stream = io.StringIO()
    rows = list(cells.values())
    writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def _differences(
    kept: dict[tuple[str, ...], dict[str, str]], found: dict[tuple[str, ...], dict[str, str]]
) -> Iterator[str]:
    """One line a cell: what it was and what it is."""
    for key in sorted(kept.keys() | found.keys()):
        before, after = kept.get(key), found.get(key)
        if before == after:
            continue
        name = " ".join(key)
        if before is None or after is None:
            yield f"{name}: {'new' if before is None else 'gone'}"
            continue
        changed = [f"{column} {before[column]!r} -> {after.get(column)!r}" for column in before
                   if before[column] != after.get(column)]  # fmt: skip
        yield f"{name}: {', '.join(changed)}"


def _report(differences: list[str]) -> str:
    more = len(differences) - SHOWN
    return "\n".join([f"{len(differences)} cells differ from the golden copy:", *differences[:SHOWN],
                      *([f"... and {more} more"] if more > 0 else [])])  # fmt: skip


# ---- the documents beside them -------------------------------------------------------------------


def _kept(name: str, found: Any) -> Any:
    """What is kept under this name; renewed first when that is asked."""
    path = KEPT / name
    if RENEW:
        path.write_text(json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return json.loads(path.read_text(encoding="utf-8"))


def test_files_manifest_and_checks(exact: Organisation) -> None:
    release = exact.releases / "current"
    manifest = json.loads((release / "manifest.json").read_text(encoding="utf-8"))
    quality = json.loads((release / "kwaliteit.json").read_text(encoding="utf-8"))
    files = sorted(path.relative_to(release).as_posix() for path in release.rglob("*") if path.is_file())
    found = {
        "bestanden": [name for name in files if not name.startswith("site/")],
        "manifest": {name: value for name, value in manifest.items() if name not in VOLATILE},
        "controles": {item["controle"]: item["uitkomst"] for item in quality["controles"]},
        "metingen": {name: value for name, value in quality["metingen"].items() if name != "rekenregels"},
    }
    kept = _kept("uitgave.json", found)
    for part, content in found.items():
        assert content == kept[part], f"{part} differs from the golden copy"
    assert manifest.keys() >= VOLATILE
    assert set(manifest["bestanden"]) == set(files) - {"manifest.json"}


def test_the_release_is_whole_and_names_nobody(exact: Organisation) -> None:
    assert kit.whole(exact) == []
    assert kit.leaked(exact) == []


def test_frictionless_validates_the_package(exact: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    from frictionless import Package

    monkeypatch.chdir(exact.releases / "current")
    report = Package.from_descriptor("datapackage.json").validate()
    assert report.valid, report.flatten(["title", "note"])[:10]
