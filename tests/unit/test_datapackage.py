"""The files are as they are described: Frictionless reads a whole release and finds nothing wrong."""

from __future__ import annotations

import csv
import json
import math
import struct
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
import release_example as example
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from release_example import PUBLISH, cell, count
from werkmonitor.core import comparability, datapackage, release
from werkmonitor.core.csvio import number_text, write_csv


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two releases after each other, so that wijzigingen.csv has rows; the second one."""
    folder = tmp_path_factory.mktemp("pakket")
    settings = example.settings(folder)
    for number in (1, 2):
        cells = [*example.FIGURES, count(20 * number, periode="2023JJ00"), count(40, periode=f"202{number}JJ00")]
        night = example.night_with(folder / f"nacht{number}", settings, cells)
        run = example.run_info(folder, invoer=str(number), minute=number)
        result = release.publish(settings, night, PUBLISH, [example.success()], run, registry=example.REGISTRY)
    return result.path


def test_frictionless_validates_the_package(published: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from frictionless import Package

    monkeypatch.chdir(published)
    report = Package.from_descriptor("datapackage.json").validate()
    assert report.valid, report.flatten(["name", "type", "message"])
    tables = {task.name: task.stats["rows"] for task in report.tasks if task.type == "table"}
    assert tables["reeksen-csv"] == tables["reeksen-excel-csv"] == len(example.FIGURES) + 2
    assert tables["wijzigingen-csv"] == 3 and tables["vergelijkbaarheid-csv"] == 1


def test_frictionless_sees_a_file_that_was_altered(
    published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from frictionless import Package

    for file in published.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes().replace(b",definitief,", b",verzonnen,"))
    monkeypatch.chdir(tmp_path)
    assert not Package.from_descriptor("datapackage.json").validate().valid


def test_every_other_file_is_described(published: Path) -> None:
    package = json.loads((published / "datapackage.json").read_text())
    described = {resource["path"] for resource in package["resources"]}
    assert described == {file.name for file in published.iterdir()} - {"manifest.json", "datapackage.json"}
    assert all(resource["description"] for resource in package["resources"])


def test_every_column_says_what_it_is(published: Path) -> None:
    package = json.loads((published / "datapackage.json").read_text())
    for resource in package["resources"]:
        for field in resource.get("schema", {}).get("fields", []):
            assert field["description"], field["name"]
    status = next(c for c in datapackage.REEKSEN if c.name == "status")
    assert [code for code, _ in status.codes][:2] == ["niet_geleverd", "geheim"]


def write(folder: Path, table: pa.Table, *, excel: bool = False) -> bytes:
    with duckdb.connect() as con:
        con.register("rijen", table)
        write_csv(con, "SELECT * FROM rijen", folder / "uit.csv", excel=excel)
    return (folder / "uit.csv").read_bytes()


def test_a_csv_looks_as_the_contract_says(tmp_path: Path) -> None:
    table = pa.table(
        {
            "naam": ["a,b", 'zeg "ja"', "é", None],
            "getal": [12.5, 3.0, -0.0, None],
            "aantal": pa.array([1, None, 0, 5], pa.int64()),
            "dag": [date(2026, 1, 31), None, None, None],
        }
    )
    expected = 'naam,getal,aantal,dag\n"a,b",12.5,1,2026-01-31\n"zeg ""ja""",3,,\né,0,0,\n,,5,\n'
    assert write(tmp_path, table) == expected.encode()


def test_the_excel_csv_has_semicolons_commas_and_a_mark(tmp_path: Path) -> None:
    table = pa.table({"naam": ["a;b"], "getal": [1234.5], "ander": [100.0]})
    assert write(tmp_path, table, excel=True) == '\ufeffnaam;getal;ander\n"a;b";1234,5;100\n'.encode()


def as_text(values: list[float]) -> list[str]:
    with duckdb.connect() as con:
        con.register("getallen", pa.table({"x": pa.array(values, pa.float64())}))
        return [row[0] for row in con.execute(f"SELECT {number_text('x')} FROM getallen").fetchall()]


def python_text(value: float) -> str:
    return repr(value + 0.0).removesuffix(".0")


def test_awkward_numbers_are_written_as_python_writes_them() -> None:
    values = [
        0.1 + 0.2,
        100.0 / 3,
        1e15,
        1e16,
        1e22,
        1e-4,
        1e-5,
        5e-324,
        1.7976931348623157e308,
        9007199254740993.0,
        -0.0,
    ]
    values += [numerator * 100.0 / denominator for numerator in range(1, 60) for denominator in range(1, 60)]
    values += [value for (value,) in struct.iter_unpack("d", bytes(range(256)) * 20) if math.isfinite(value)]
    assert as_text(values) == [python_text(value) for value in values]


@hypothesis_settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=200))
def test_any_number_reads_back_as_itself(values: list[float]) -> None:
    texts = as_text(values)
    assert [float(text) for text in texts] == values
    assert texts == [python_text(value) for value in values]


def compare_sources(cells: list[dict[str, Any]], grades: list[dict[str, Any]]) -> list[tuple[str, ...]]:
    with duckdb.connect() as con:
        example.load_figures(con, cells)
        return [tuple(row.values()) for row in comparability.build(con, "pub_cijfers", grades).to_pylist()]


def series(bron: str, definitie: str, **values: Any) -> dict[str, Any]:
    return cell(bron=bron, definitie_id=definitie, meettype="reeks", waarde=1.0, **values)


def test_the_same_definition_is_equal_and_a_named_pair_has_its_grade() -> None:
    cells = [series("A", "x@1"), series("B", "x@1"), series("C", "y@1")]
    grades = [
        {"definitie_a": "y@1", "definitie_b": "x@1", "grade": "vergelijkbaar", "redenen": ["andere maand", "klein"]}
    ]
    assert compare_sources(cells, grades) == [
        ("uitstroom", "A", "B", "gelijk", "zelfde definitie x@1"),
        ("uitstroom", "A", "C", "vergelijkbaar", "x@1 en y@1: andere maand, klein"),
        ("uitstroom", "B", "C", "vergelijkbaar", "x@1 en y@1: andere maand, klein"),
    ]


def test_what_the_registry_does_not_name_is_unknown_and_the_weakest_counts() -> None:
    cells = [series("A", "x@1"), series("A", "x@2"), series("B", "x@1")]
    ((_, _, _, grade, reasons),) = compare_sources(cells, [])
    assert grade == "onbekend"
    assert reasons == "x@1 en x@2: het register noemt geen graad; zelfde definitie x@1"


def test_sources_of_different_indicators_are_not_paired() -> None:
    assert compare_sources([series("A", "x@1"), series("B", "x@1", indicator_id="instroom")], []) == []


def test_a_grade_that_does_not_exist_is_a_fault() -> None:
    grades = [{"definitie_a": "x@1", "definitie_b": "y@1", "grade": "redelijk"}]
    with pytest.raises(ValueError, match="redelijk"):
        compare_sources([series("A", "x@1")], grades)


def test_the_published_csv_is_read_by_pythons_own_reader(published: Path) -> None:
    with (published / "reeksen.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["regio_naam"] for row in rows if row["bron"] != example.OWN] == ['Nijmegen, "stad"']
    assert {row["waarde"] for row in rows if row["status"] == "onderdrukt"} == {""}
