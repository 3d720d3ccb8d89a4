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


def dates(days: NDArray[np.int64], present: NDArray[np.bool_] | None = None) -> pa.Array:
    """Dates; null where not `present`."""
    mask = None if present is None else ~present
    return pa.array(days.astype(np.int32), mask=mask).view(pa.date32())


def texts(labels: Sequence[str | None] | NDArray[Any], index: NDArray[np.int64]) -> pa.Array:
    """One label a row; None becomes empty."""
    return pa.array(list(labels), pa.string()).take(pa.array(index))


def pick(rng: np.random.Generator, number: int, shares: Sequence[float]) -> NDArray[np.int64]:
    """Index of a class for each row, drawn with these shares."""
    edges = np.cumsum(np.array(shares) / np.sum(shares))
    return np.minimum(np.searchsorted(edges, rng.random(number), side="right"), len(shares) - 1)
