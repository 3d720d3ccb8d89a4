"""The slow, obvious implementation of contract 2: plain loops over dataclasses, written from the contract,
docs/lezing-van-het-contract.md and docs/lezing-van-de-indicatoren.md. One module a subject, on the grid of `grid.py`.

It is the arbiter of the SQL and therefore knows nothing of it: nothing here imports duckdb, pandas or the registry,
and nothing in the run imports this package. What is made of published figures (index, doelbereik, kosten_per_*) is not
computed here. What does not belong here either: speed, settings, frameworks, and files but those of core/lists.
"""

from werkmonitor.core.reference.comparison import compare
from werkmonitor.core.reference.figures import compute
from werkmonitor.core.reference.model import Cell, History, Parameters, Source
from werkmonitor.core.reference.rounding import disclose

__all__ = ["Cell", "History", "Parameters", "Source", "compare", "compute", "disclose"]
