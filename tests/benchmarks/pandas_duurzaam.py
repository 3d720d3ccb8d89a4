"""The durability table the plain way, in pandas: what an analyst would write who has only the accepted Parquet files.

`duurzaam_uit_uitkering_h` and `herinstroom_h` (h = 6, 12, 18, population alle) per year of outflow, for the
organisation and each gemeente: teller, noemer and n_niet_volgbaar. Written from contract 2 alone and sharing no code
with the product: the benchmark holds the two against one another, in figures and in seconds.
"""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

REGELINGEN = ("PW", "IOAW", "IOAZ")
GAP_DAYS = 30
LAG_MONTHS = 3
HORIZONS = (6, 12, 18)
OPEN = np.datetime64("9999-12-31", "D").astype(np.int64)
UNKNOWN = np.int64(2**40)  # later than any day: of something that did not happen
FIRST_YEAR = 2014


def _days(column: pd.Series) -> np.ndarray:
    """Days since 1970; what is empty lies later than any day."""
    values = column.to_numpy(dtype="datetime64[D]")
    return np.where(np.isnat(values), UNKNOWN, values.astype(np.int64))


def _plus_months(days: np.ndarray, months: int) -> np.ndarray:
    """The same day so many months later, clamped to the end of that month."""
    day = days.astype("datetime64[D]")
    month = day.astype("datetime64[M]")
    in_month = (day - month.astype("datetime64[D]")).astype(np.int64)
    target = month + months
    last = ((target + 1).astype("datetime64[D]") - target.astype("datetime64[D]")).astype(np.int64) - 1
    return target.astype("datetime64[D]").astype(np.int64) + np.minimum(in_month, last)


def _group_of_reason(lists: Path) -> dict[str, str]:
    with (lists / "reden_einde.csv").open(encoding="utf-8") as stream:
        return {row["code"]: row["groep"] for row in csv.DictReader(stream)}


def _aow_day(born: np.ndarray, lists: Path) -> np.ndarray:
    """The first day d with d >= birth + the age in force in the year of d."""
    with (lists / "aow_leeftijd.csv").open(encoding="utf-8") as stream:
        ages = [(int(row["van_jaar"]), int(row["tot_jaar"]), int(row["maanden"])) for row in csv.DictReader(stream)]
    found = np.full(len(born), UNKNOWN)
    known = born != UNKNOWN
    for first, last, months in ages:
        start = np.datetime64(f"{max(first, 1):04d}-01-01", "D").astype(np.int64)
        day = np.maximum(_plus_months(np.where(known, born, 0), months), start)
        year = day.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
        found = np.where(known & (year <= last), np.minimum(found, day), found)
    return found


def spells(accepted: Path, peildatum: date) -> pd.DataFrame:
    """Merged spells: person, begin, end (open: OPEN), reason code, and the gemeente of the last day."""
    columns = ["persoon", "dossier_id", "regeling", "gemeente_code", "begindatum", "einddatum", "reden_einde"]
    rows = pd.read_parquet(accepted / "uitkering.parquet", columns=columns)
    rows = rows[rows["regeling"].isin(REGELINGEN)]
    last_used = np.datetime64(peildatum, "D").astype(np.int64)
    begin, end = _days(rows["begindatum"]), _days(rows["einddatum"])
    ended = end <= last_used
    rows = pd.DataFrame(
        {
            "persoon": pd.factorize(rows["persoon"], sort=True)[0],
            "pseudoniem": rows["persoon"],
            "dossier": pd.factorize(rows["dossier_id"], sort=True)[0],
            "gemeente": rows["gemeente_code"],
            "begin": begin,
            "einde": np.where(ended, end, OPEN),
            "reden": rows["reden_einde"].where(ended, "").fillna(""),
        }
    )
    rows = rows[rows["begin"] <= last_used].sort_values(["persoon", "begin", "einde"])
    until = rows.groupby("persoon")["einde"].cummax().shift()
    first = rows["persoon"] != rows["persoon"].shift()
    rows["spell"] = (first | (rows["begin"] - until - 1 > GAP_DAYS)).cumsum()
    begins = rows.groupby("spell")["begin"].min()
    by_reason = rows.sort_values(["spell", "einde", "dossier", "reden"]).drop_duplicates("spell", keep="last")
    by_place = rows.sort_values(["spell", "einde", "dossier", "gemeente"]).drop_duplicates("spell", keep="last")
    found = by_reason.set_index("spell")[["persoon", "pseudoniem", "einde", "reden"]]
    return found.assign(begin=begins, gemeente=by_place.set_index("spell")["gemeente"]).sort_values(
        ["persoon", "begin"]
    )


def durability(accepted: Path, quarantine: Path, lists: Path, peildatum: date, organisation: str) -> pd.DataFrame:
    """Per horizon, regio_code and jaar: noemer, uit_uitkering, terug, n_niet_volgbaar; only what can be measured."""
    found = spells(accepted, peildatum)
    same = found["persoon"] == found["persoon"].shift(-1)
    found["terug"] = np.where(same, found["begin"].shift(-1), UNKNOWN).astype(np.int64)
    out = found[found["einde"] != OPEN].copy()
    out["reden"] = out["reden"].map(_group_of_reason(lists)).fillna("onbekend")
    persons = pd.read_parquet(
        accepted / "persoon.parquet", columns=["persoon", "geboortedatum", "overlijdensdatum", "vertrekdatum"]
    )
    last_used = np.datetime64(peildatum, "D").astype(np.int64)
    known = {"aow": _aow_day(_days(persons["geboortedatum"]), lists)}
    for name in ("overlijdensdatum", "vertrekdatum"):
        day = _days(persons[name])
        known[name] = np.where(day <= last_used, day, UNKNOWN)
    about = pd.DataFrame({"pseudoniem": persons["persoon"], **known})
    out = out.merge(about, how="left", on="pseudoniem").fillna({name: UNKNOWN for name in known})
    refused = pd.read_parquet(quarantine, columns=["persoon", "entiteit"])
    refused = refused[refused["entiteit"].isin(["uitkering", "dienstverband"])]["persoon"].dropna()
    broken = out["pseudoniem"].isin(refused)
    year = out["einde"].to_numpy().astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    parts = []
    for horizon in HORIZONS:
        t = _plus_months(out["einde"].to_numpy(), horizon)
        gone = broken | out["reden"].isin(["overlijden", "verhuizing", "pensioen"]) | (out["aow"] <= t)
        for name in ("overlijdensdatum", "vertrekdatum"):
            gone |= (out[name] > out["begin"]) & (out[name] <= t) & ~(out["terug"] < out[name])
        away = out["terug"] > t
        counted = pd.DataFrame(
            {
                "regio_code": out["gemeente"],
                "jaar": year,
                "noemer": ~gone,
                "uit_uitkering": ~gone & away,
                "terug": ~gone & ~away,
                "n_niet_volgbaar": gone,
            }
        )
        every = pd.concat([counted, counted.assign(regio_code=organisation)])
        parts.append(every.groupby(["regio_code", "jaar"], as_index=False).sum().assign(horizon=horizon))
    table = pd.concat(parts)
    last_day = np.array(
        [np.datetime64(f"{jaar}-12-31", "D").astype(np.int64) for jaar in table["jaar"]], dtype=np.int64
    )
    measurable = np.zeros(len(table), dtype=bool)
    for horizon in HORIZONS:
        rows = (table["horizon"] == horizon).to_numpy()
        measurable[rows] = _plus_months(_plus_months(last_day[rows], horizon), LAG_MONTHS) <= last_used
    return table[measurable & (table["jaar"] >= FIRST_YEAR).to_numpy()].reset_index(drop=True)
