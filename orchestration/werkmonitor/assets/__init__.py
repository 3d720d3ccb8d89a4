"""The Dagster assets: the phases of one night shown as a graph, one module a phase (ingest, transform, audit, publish).

What belongs here: keys, groups, owners, descriptions and lineage, and handing each step to the one `NightRun` that the
command line drives too (`night.py`). What does not: any computing, checking or deciding; without Dagster the line must
do exactly the same.
"""
