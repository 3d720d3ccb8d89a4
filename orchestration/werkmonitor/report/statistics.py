"""How far chance alone could move a share or a count: the margin beside a headline and the words of a trend.

A registration is no sample, but next year's people are others: a difference that chance makes by itself is not called a
trend. Computed from the published teller and noemer only. The definitive measures are computed in dbt, not here.
"""

from __future__ import annotations

import math

Z = 1.959963984540054


def wilson(numerator: int, denominator: int) -> tuple[float, float] | None:
    """The 95% interval of a share after Wilson, in percent; None without a denominator."""
    if denominator <= 0 or not 0 <= numerator <= denominator:
        return None
    share, square = numerator / denominator, Z * Z / denominator
    middle = (share + square / 2) / (1 + square)
    half = Z * math.sqrt(share * (1 - share) / denominator + square / (4 * denominator)) / (1 + square)
    return 100 * max(0.0, middle - half), 100 * min(1.0, middle + half)


def shares_differ(first: tuple[int, int], second: tuple[int, int]) -> bool:
    """Do two shares (numerator, denominator) differ more than chance explains (two proportions, 95%)?"""
    (a, n), (b, m) = first, second
    if min(n, m) <= 0:
        return False
    pooled = (a + b) / (n + m)
    variance = pooled * (1 - pooled) * (1 / n + 1 / m)
    return variance > 0 and abs(a / n - b / m) > Z * math.sqrt(variance)


def counts_differ(first: float, second: float) -> bool:
    """Do two counts of events differ more than chance explains (Poisson, 95%)?"""
    return first + second > 0 and abs(first - second) > Z * math.sqrt(first + second)
