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

    def _rows(self, name: str, number: int, suited: pd.Series | None = None) -> list[int]:
        """Rows of persons who carry no other mistake, of one person each."""
        frame = self.frames[name]
        candidates = frame if suited is None else frame[suited]
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

    def _ended(self) -> pd.Series:
        frame = self.frames[BENEFIT]
        return (frame["einddatum"] != "") & (frame["begindatum"] >= "2016-02-01") & (frame["regeling"] == "PW")

    def _in_benefit_dates(self) -> None:
        ended = self._ended()
        self._set("datum die niet bestaat (31-02)", BENEFIT, "begindatum", "2019-02-31", self._rows(BENEFIT, 5, ended))
        self._set("onbekende dag (JJJJMM00)", BENEFIT, "begindatum", "20190300", self._rows(BENEFIT, 4, ended))
        earlier = (
            pd.to_datetime(self.frames[BENEFIT]["begindatum"].where(ended, "2016-01-01"), errors="coerce")
            - pd.Timedelta(days=10)
        ).dt.strftime("%Y-%m-%d")
        self._set("einde voor begin", BENEFIT, "einddatum", earlier, self._rows(BENEFIT, 6, ended))
        rows = self._rows(BENEFIT, 3, ended)
        frame = self.frames[BENEFIT]
        day_before = (pd.to_datetime(frame.loc[rows, "begindatum"]) - pd.Timedelta(days=1)).dt.strftime("%Y-%m-%d")
        self._set("ingetrokken besluit (einde = begin - 1)", BENEFIT, "einddatum", day_before, rows)

    def _in_benefit_codes(self) -> None:
        ended = self._ended()
        self._set("onbekende regeling", BENEFIT, "regeling", "ZZZ", self._rows(BENEFIT, 3, ended))
        self._set("onbekende reden", BENEFIT, "reden_einde", "77", self._rows(BENEFIT, 7, ended))
        self._set("gemeente die nooit heeft bestaan", BENEFIT, "gemeente_code", "GM9999", self._rows(BENEFIT, 4, ended))
        self._set(
            "gemeente die toen niet meer bestond", BENEFIT, "gemeente_code", "GM0282", self._rows(BENEFIT, 3, ended)
        )
        self._set("onbekend geslacht", PERSON, "geslacht", "Q", self._rows(PERSON, 4))

    def _in_benefit_keys(self) -> None:
        ended = self._ended()
        frame = self.frames[BENEFIT]
        self._append("dubbele rij", BENEFIT, frame.loc[self._rows(BENEFIT, 8, ended)])
        again = self.frames[BENEFIT].loc[self._rows(BENEFIT, 3, ended)].copy()
        again["norm_bedrag"] = "1.00"
        self._append("zelfde sleutel, andere inhoud", BENEFIT, again, counted=2 * len(again))

    def _between_entities(self) -> None:
        ended = self._ended()
        overlap = self.frames[BENEFIT].loc[self._rows(BENEFIT, 5, ended)].copy()
        overlap["dossier_id"] = overlap["dossier_id"] + "X"
        self._append("overlap met een ander dossier", BENEFIT, overlap)
        without = self.frames[BENEFIT].loc[self._rows(BENEFIT, 4, ended), "persoon_id"]
        persons = self.frames[PERSON]
        self.frames[PERSON] = persons[~persons["persoon_id"].isin(without)].reset_index(drop=True)
        self.planted["persoon ontbreekt"] = len(without)
        running = self.frames[BENEFIT].loc[self._rows(BENEFIT, 3, ended), "persoon_id"]
        rows = persons_rows(self.frames[PERSON], running)
        self._set("begin na overlijden", PERSON, "overlijdensdatum", "2014-01-02", rows)

    def _in_jobs(self) -> None:
        frame = self.frames[JOB]
        ended = (frame["einddatum"] != "") & (frame["begindatum"] >= "2016-02-01")
        self._set("dienstverband: einde voor begin", JOB, "einddatum", "2001-01-01", self._rows(JOB, 4, ended))
        self._set("dienstverband: onbekende soort", JOB, "soort", "vrijwilliger", self._rows(JOB, 3, ended))


def persons_rows(persons: pd.DataFrame, wanted: pd.Series) -> list[int]:
    """Row numbers of these persons."""
    return [int(index) for index in persons.index[persons["persoon_id"].isin(wanted)]]
