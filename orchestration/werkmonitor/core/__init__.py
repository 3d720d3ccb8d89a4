"""The domain of the monitor: deliveries, contracts, quarantine, gate, release, disclosure, registry and the slow
reference.

Nothing here imports Dagster, dbt, Great Expectations or Typer (import-linter holds it), so that its tests take
milliseconds.
"""
