"""A masked cell stays masked while its value is unchanged, and what was public before covers nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import release_example as example
from release_example import count, rate
from werkmonitor.core import changes, disclosure
from werkmonitor.core.suppression import MaskHistory
from werkmonitor.settings import DisclosureSettings

CHOSEN = DisclosureSettings(methode="onderdrukken")
KEY = b"k" * 32
LINES = {"GM0001": [3, 30, 40], "GM0002": [20, 35, 50], "GM0003": [60, 70, 80]}


def rows(lines: dict[str, list[int]]) -> list[dict[str, Any]]:
    whole = {**lines, "AM08": [sum(column) for column in zip(*lines.values(), strict=True)]}
    cells = []
    for region, line in whole.items():
        cells += [
            count(n, regio_code=region, dimensie="leeftijd", categorie=f"c{position}")
            for position, n in enumerate(line)
        ]
        cells.append(count(sum(line), regio_code=region))
    return cells


class Nights:
    """Candidates published after each other in one werkmap."""

    def __init__(self, folder: Path, key: bytes = KEY) -> None:
        self.folder, self.key = folder, key
        self.live: tuple[Path, ...] = ()
        self.number = 0

    def publish(self, lines: dict[str, list[int]], methode: str = "onderdrukken") -> set[tuple[str, str]]:
        """Region and category of what is masked."""
        hidden = self.publish_cells(rows(lines), methode)
        return {(row["regio_code"], row["categorie"]) for row in hidden}

    def publish_cells(self, cells: list[dict[str, Any]], methode: str = "onderdrukken") -> list[dict[str, Any]]:
        """The masked rows."""
        self.number += 1
        history = MaskHistory(self.folder / "maskers", self.key, f"kandidaat{self.number}", self.live)
        chosen = DisclosureSettings.model_validate({"methode": methode})
        with duckdb.connect() as con:
            example.load_figures(con, cells)
            disclosure.apply_to(con, chosen, history)
            if methode == "onderdrukken":
                history.remember(con, "main.pub_cijfers", "gepubliceerd.reeksen", [f"kandidaat{self.number - 1}"])
            found = con.execute("SELECT * FROM gepubliceerd.reeksen").to_arrow_table()
        self.live = (self._write(found, methode),)
        return [row for row in found.to_pylist() if row["status"] == "onderdrukt"]

    def _write(self, found: pa.Table, methode: str) -> Path:
        path = self.folder / f"release{self.number}"
        path.mkdir()
        pq.write_table(found, path / "reeksen.parquet")
        content = {"kandidaat": f"kandidaat{self.number}", "geheimhouding": {"methode": methode}}
        (path / "manifest.json").write_text(json.dumps(content))
        return path


BLOCK = {("GM0001", "c0"), ("GM0001", "c1"), ("GM0002", "c0"), ("GM0002", "c1")}
GROWN = {**LINES, "GM0001": [10, 30, 40]}


def test_unchanged_covers_stay_masked_when_the_small_one_has_grown(tmp_path: Path) -> None:
    nights = Nights(tmp_path)
    assert nights.publish(LINES) == BLOCK
    # 30, 20 and 35 are what they were: showing one of them now would tell the 3 of yesterday.
    hidden = nights.publish(GROWN)
    assert hidden >= BLOCK - {("GM0001", "c0")}


def test_what_another_thema_masks_of_a_share_masks_nothing_beside_it(tmp_path: Path) -> None:
    nights, cells = Nights(tmp_path), []
    for region, (benefits, small) in {"GM0001": (300, 3), "GM0002": (400, 40), "AM08": (700, 43)}.items():
        cells += [
            count(n, indicator_id=name, regio_code=region, thema="uitkering")
            for name, n in (("stand_uitkeringen", benefits), ("instroom", small))
        ]
        place = {"regio_code": region, "thema": "nieuw_beschut"}
        cells += [
            count(benefits // 10, indicator_id="nieuw_beschut_plekken", **place),
            rate(benefits // 10, benefits, indicator_id="nieuw_beschut_per_uitkering", **place),
        ]
    first = nights.publish_cells(cells)
    assert {row["indicator_id"] for row in first} == {"stand_uitkeringen", "instroom", "nieuw_beschut_per_uitkering"}
    assert nights.publish_cells(cells) == first


def test_a_changed_value_may_be_shown_again(tmp_path: Path) -> None:
    nights = Nights(tmp_path)
    nights.publish(LINES)
    changed = {"GM0001": [10, 31, 40], "GM0002": [21, 36, 50], "GM0003": [60, 70, 80]}
    assert nights.publish(changed) == set()


def test_without_the_fingerprints_everything_masked_stays_masked(tmp_path: Path) -> None:
    nights = Nights(tmp_path)
    nights.publish(LINES)
    for file in (tmp_path / "maskers").iterdir():
        file.unlink()
    changed = {"GM0001": [10, 31, 40], "GM0002": [21, 36, 50], "GM0003": [60, 70, 80]}
    assert nights.publish(changed) >= BLOCK


def test_another_key_cannot_tell_what_changed(tmp_path: Path) -> None:
    first = Nights(tmp_path)
    first.publish(LINES)
    second = Nights(tmp_path, b"z" * 32)
    second.live, second.number = first.live, first.number
    assert second.publish({**GROWN, "GM0002": [21, 36, 50]}) >= BLOCK


def test_what_was_shown_and_did_not_change_covers_nothing(tmp_path: Path) -> None:
    """Everything was public; then one cell becomes 3, with the totals of its row and column. The neighbours that cover
    it are known from yesterday, so the totals that changed must be masked as well."""
    nights = Nights(tmp_path)
    assert nights.publish(GROWN) == set()
    assert nights.publish(LINES) > BLOCK


def test_a_release_under_another_method_is_not_held_against_this_one(tmp_path: Path) -> None:
    nights = Nights(tmp_path)
    nights.publish(LINES, "afronden")
    assert nights.publish(LINES) == BLOCK


def test_the_fingerprints_hold_no_value_and_only_what_is_live_is_kept(tmp_path: Path) -> None:
    nights = Nights(tmp_path)
    for lines in (LINES, GROWN, LINES):
        nights.publish(lines)
    files = sorted((tmp_path / "maskers").iterdir())
    assert [file.name.split("-")[0] for file in files] == ["kandidaat2", "kandidaat3"]
    assert all(file.stat().st_mode & 0o077 == 0 for file in files)
    columns = pq.read_table(files[-1]).column_names
    assert not {"waarde", "teller", "noemer", "n_niet_volgbaar"} & set(columns)


# ---- wijzigingen.csv


def differences(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> list[dict[str, Any]]:
    manifest = {
        "peildatum": "2025-12-31", "indeling_jaar": 2025, "samenvattingen": {"invoer": "a"}, "aanleveringen": [],
        "geheimhouding": {"methode": "onderdrukken", "drempel": 5, "drempel_noemer": 10, "publiek": True},
    }  # fmt: skip
    context = changes.context_of(manifest, {**manifest, "samenvattingen": {"invoer": "b"}})
    with duckdb.connect() as con:
        for name, cells in (("oude", old), ("nieuwe", new)):
            example.load_figures(con, cells)
            disclosure.apply_to(con, CHOSEN)
            con.execute(f"CREATE TABLE {name} AS SELECT * FROM gepubliceerd.reeksen")
        return con.execute(changes.query(con, "oude", "nieuwe", context)).to_arrow_table().to_pylist()


def test_changes_tell_no_number_of_a_cell_that_either_release_masks() -> None:
    for old, new in (([count(50)], [count(3)]), ([count(3)], [count(50)])):
        (row,) = differences(old, new)
        assert (row["soort"], row["kolommen"]) == ("gewijzigd", "status")
        assert {row["status_oud"], row["status_nieuw"]} == {"definitief", "onderdrukt"}
        numbers = [row[f"{name}_{side}"] for name in ("waarde", "teller", "noemer") for side in ("oud", "nieuw")]
        assert numbers == [None] * 6


def test_a_change_inside_a_masked_cell_is_not_told() -> None:
    assert differences([count(3)], [count(4)]) == []
