"""The example organisation: seven gemeenten, invented people, published aims. `generate` (in `writer.py`) writes a
complete folder to run.

What belongs here: making up deliveries and a configuration, always the same for the same size and seed, and saying what
was aimed at and what came out. What does not: taking in or computing anything; no module outside this package depends
on how the people were made up. Nobody in it exists.
"""

from werkmonitor.demo.report import DemoReport, aims_from_release
from werkmonitor.demo.writer import generate

__all__ = ["DemoReport", "aims_from_release", "generate"]
