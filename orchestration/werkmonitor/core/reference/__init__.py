"""The slow, obvious implementation of contract 2: plain loops over dataclasses, written from the contract and
docs/lezing-van-het-contract.md.

It is the arbiter of the SQL and therefore knows nothing of it: nothing here imports duckdb, pandas or the registry,
and nothing in the run
imports this package. What does not belong here: speed, files, settings, frameworks.
"""

from werkmonitor.core.reference.comparison import compare
from werkmonitor.core.reference.figures import compute
from werkmonitor.core.reference.model import Cell, History, Parameters, Source
from werkmonitor.core.reference.rounding import disclose

__all__ = ["Cell", "History", "Parameters", "Source", "compare", "compute", "disclose"]
