"""Small builders of Arrow columns: ids, optional days and texts from vectors. No knowledge of entities."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray


def ids(prefix: str, numbers: NDArray[np.int64], width: int = 7) -> pa.Array:
    """`DEMO-D0000012`: whoever meets one of these ids sees that it is invented."""
    digits = pc.utf8_lpad(pc.cast(pa.array(numbers), pa.string()), width=width, padding="0")
    return pc.binary_join_element_wise(f"DEMO-{prefix}", digits, "")


_HIGHEST_NUMBER = 99_999_999  # of the first eight digits
_NUMBERS_A_BLOCK = 80_000
_VALID = 10 / 11  # of eight digits the part for which a ninth can be found


def service_numbers(numbers: NDArray[np.int64], block: int) -> pa.Array:
    """A bsn that passes the eleven-test for each number (1 and up), from the highest down: nobody has been given one
    that high, and 999 is what test environments use. Those of other blocks differ."""
    upto = int(numbers.max(initial=1))
    eight = _HIGHEST_NUMBER - block * _NUMBERS_A_BLOCK - np.arange(round(upto / _VALID) + 32)
    digits = (eight[:, None] // 10 ** np.arange(7, -1, -1)) % 10
    check = (digits * np.arange(9, 1, -1)).sum(axis=1) % 11
    valid = (eight * 10 + check)[check < 10]
    return pc.cast(pa.array(valid[numbers - 1]), pa.string())


def dates(days: NDArray[np.int64], present: NDArray[np.bool_] | None = None) -> pa.Array:
    """Dates; null where not `present`."""
    mask = None if present is None else ~present
    return pa.array(days.astype(np.int32), mask=mask).view(pa.date32())


def months(index: NDArray[np.int64]) -> pa.Array:
    """`JJJJ-MM` of months counted from January 1970."""
    names = np.datetime_as_string(np.arange(index.min(initial=0), index.max(initial=0) + 1).astype("M8[M]"), unit="M")
    return pa.array(names.astype(object), pa.string()).take(pa.array(index - index.min(initial=0)))


def decimals(values: NDArray[np.float64], present: NDArray[np.bool_] | None = None, digits: int = 2) -> pa.Array:
    """Numbers with at most so many decimals; null where not `present`."""
    return pa.array(np.round(values, digits), mask=None if present is None else ~present)


def yes_no(flags: NDArray[np.bool_]) -> pa.Array:
    return pa.array(np.where(flags, "ja", "nee"), pa.string())


def texts(labels: Sequence[str | None] | NDArray[Any], index: NDArray[np.int64]) -> pa.Array:
    """One label a row; None becomes empty."""
    return pa.array(list(labels), pa.string()).take(pa.array(index))


def pick(rng: np.random.Generator, number: int, shares: Sequence[float]) -> NDArray[np.int64]:
    """Index of a class for each row, drawn with these shares."""
    edges = np.cumsum(np.array(shares) / np.sum(shares))
    return np.minimum(np.searchsorted(edges, rng.random(number), side="right"), len(shares) - 1)
