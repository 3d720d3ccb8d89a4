"""The checks on deliveries, tables and figures: how suites (expectations/*.yml) are read, run and turned into results.

What is checked, how severe it is and what a steward should do about it is data, in expectations/. Here is only how it
is carried out. Not here: the decision to publish or hold (core/gate.py), waivers, and how results are shown.
"""
