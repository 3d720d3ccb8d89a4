"""Mistakes that real registrations make, planted on purpose: to see intake, checks and gate at work.

What belongs here: which mistake, on which rows, how many. What does not: what should happen to them; that is contract
1. Each mistake is planted on rows of its own, so that the counts can be held against what intake reports.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa

BENEFIT, PERSON, JOB = "uitkeringen/uitkering", "uitkeringen/persoon", "polis/dienstverband"


def plant(tables: dict[str, pa.Table], rng: np.random.Generator) -> tuple[dict[str, pa.Table], dict[str, int]]:
    """The tables with mistakes in them, and how many rows hold each."""
    frames = {name: _as_text(tables[name]) for name in (BENEFIT, PERSON, JOB)}
    planter = _Planter(frames, rng)
    planter.plant_all()
    planted = {name: pa.Table.from_pandas(frame, preserve_index=False) for name, frame in frames.items()}
    return tables | planted, planter.planted


def _as_text(table: pa.Table) -> pd.DataFrame:
    """All columns as text, empty for null: what stands in a CSV file."""
    texts = {
        name: table[name].cast(pa.string()).fill_null("").to_numpy(zero_copy_only=False) for name in table.column_names
    }
    return pd.DataFrame(texts, dtype=object)


class _Planter:
    def __init__(self, frames: dict[str, pd.DataFrame], rng: np.random.Generator) -> None:
        self.frames, self.rng = frames, rng
        self.planted: dict[str, int] = {}
        self.used: dict[str, set[str]] = {name: set() for name in frames}

    def plant_all(self) -> None:
        """Every mistake once, in a fixed order."""
        self._in_benefit_dates()
        self._in_benefit_codes()
        self._in_benefit_keys()
        self._between_entities()
        self._in_jobs()

    def _rows(self, name: str, number: int) -> list[int]:
        """Rows of persons who carry no other mistake, one a person; of benefit and jobs only rows that have ended."""
        frame = self.frames[name]
        candidates = frame if name == PERSON else frame[_recent_and_ended(frame)]
        free = candidates[~candidates["persoon_id"].isin(sorted(set().union(*self.used.values())))]
        one_each = free.drop_duplicates("persoon_id").index.to_numpy()
        chosen = sorted(int(i) for i in self.rng.permutation(one_each)[:number])
        self.used[name].update(frame.loc[chosen, "persoon_id"])
        return chosen

    def _set(self, mistake: str, name: str, column: str, values: str | pd.Series, rows: list[int]) -> None:
        self.frames[name].loc[rows, column] = values if isinstance(values, str) else values.loc[rows]
        self.planted[mistake] = len(rows)

    def _append(self, mistake: str, name: str, rows: pd.DataFrame, counted: int | None = None) -> None:
        self.frames[name] = pd.concat([self.frames[name], rows], ignore_index=True)
        self.planted[mistake] = len(rows) if counted is None else counted

    def _in_benefit_dates(self) -> None:
        self._set("datum die niet bestaat (31-02)", BENEFIT, "begindatum", "2019-02-31", self._rows(BENEFIT, 5))
        self._set("onbekende dag (JJJJMM00)", BENEFIT, "begindatum", "20190300", self._rows(BENEFIT, 4))
        rows = self._rows(BENEFIT, 6)
        self._set("einde voor begin", BENEFIT, "einddatum", self._days_before_begin(rows, 10), rows)
        rows = self._rows(BENEFIT, 3)
        self._set(
            "ingetrokken besluit (einde = begin - 1)", BENEFIT, "einddatum", self._days_before_begin(rows, 1), rows
        )

    def _days_before_begin(self, rows: list[int], number: int) -> pd.Series:
        begin = pd.to_datetime(self.frames[BENEFIT].loc[rows, "begindatum"])
        return (begin - pd.Timedelta(days=number)).dt.strftime("%Y-%m-%d")

    def _in_benefit_codes(self) -> None:
        self._set("onbekende regeling", BENEFIT, "regeling", "ZZZ", self._rows(BENEFIT, 3))
        self._set("onbekende reden", BENEFIT, "reden_einde", "77", self._rows(BENEFIT, 7))
        self._set("gemeente die nooit heeft bestaan", BENEFIT, "gemeente_code", "GM9999", self._rows(BENEFIT, 4))
        self._set("gemeente die toen niet meer bestond", BENEFIT, "gemeente_code", "GM0282", self._rows(BENEFIT, 3))
        self._set("onbekend geslacht", PERSON, "geslacht", "Q", self._rows(PERSON, 4))

    def _in_benefit_keys(self) -> None:
        self._append("dubbele rij", BENEFIT, self.frames[BENEFIT].loc[self._rows(BENEFIT, 8)])
        again = self.frames[BENEFIT].loc[self._rows(BENEFIT, 3)].copy()
        again["norm_bedrag"] = "1.00"
        self._append("zelfde sleutel, andere inhoud", BENEFIT, again, counted=2 * len(again))

    def _between_entities(self) -> None:
        overlap = self.frames[BENEFIT].loc[self._rows(BENEFIT, 5)].copy()
        overlap["dossier_id"] = overlap["dossier_id"] + "X"
        self._append("overlap met een ander dossier", BENEFIT, overlap)
        without = self.frames[BENEFIT].loc[self._rows(BENEFIT, 4), "persoon_id"]
        persons = self.frames[PERSON]
        self.frames[PERSON] = persons[~persons["persoon_id"].isin(without)].reset_index(drop=True)
        self.planted["persoon ontbreekt (personen)"] = len(without)
        running = self.frames[BENEFIT].loc[self._rows(BENEFIT, 3), "persoon_id"]
        rows = _row_numbers(self.frames[PERSON], running)
        self._set("begin na overlijden (personen)", PERSON, "overlijdensdatum", "2014-01-02", rows)

    def _in_jobs(self) -> None:
        self._set("dienstverband: einde voor begin", JOB, "einddatum", "2001-01-01", self._rows(JOB, 4))
        self._set("dienstverband: onbekende soort", JOB, "soort", "vrijwilliger", self._rows(JOB, 3))


def _recent_and_ended(frame: pd.DataFrame) -> pd.Series:
    """Rows of benefit that counts, or of jobs, with an end and with a begin after the last merger of gemeenten."""
    counted = frame["regeling"] == "PW" if "regeling" in frame else frame["soort"] == "loondienst"
    return counted & (frame["einddatum"] != "") & frame["begindatum"].between("2016-02-01", "2025-12-01")


def _row_numbers(persons: pd.DataFrame, wanted: pd.Series) -> list[int]:
    """Row numbers of these persons."""
    return [int(index) for index in persons.index[persons["persoon_id"].isin(wanted)]]
