"""Choosing so many of each group: weighted draws without replacement, for vectors.

What belongs here: drawing. What does not: who the groups are and how many are aimed at.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def ranks(group: Ints, key: Floats) -> Ints:
    """The place of each element within its group, by ascending key, from 0."""
    order = np.lexsort((key, group))
    sorted_group = group[order]
    first = np.append(True, sorted_group[1:] != sorted_group[:-1]) if len(group) else np.zeros(0, dtype=bool)
    start = np.maximum.accumulate(np.where(first, np.arange(len(group)), 0))
    found = np.empty(len(group), dtype=np.int64)
    found[order] = np.arange(len(group)) - start
    return found


def draw(rng: np.random.Generator, group: Ints, weight: Floats, quota: Ints) -> Flags:
    """`quota[g]` elements of each group g (all, where there are fewer), the heavier ones sooner. Weight 0: never."""
    possible = weight > 0
    key = np.where(possible, rng.standard_exponential(len(group)) / np.where(possible, weight, 1.0), np.inf)
    return possible & (ranks(group, key) < quota[group])


def whole(rng: np.random.Generator, wanted: Floats) -> Ints:
    """Whole numbers for wanted ones along the first axis, so that running totals stay within one of what was wanted."""
    start = rng.random(wanted.shape[1:])
    running = np.floor(np.cumsum(wanted, axis=0) + start)
    return np.diff(running, axis=0, prepend=np.floor(start)[None]).astype(np.int64)
