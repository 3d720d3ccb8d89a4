"""The library of damaged deliveries: what can be wrong with a file, how its bytes are made, and what must come out.

The kinds are data (`soorten/*.yml`), read by `library.py`; `build.py` makes the bytes, `organisation.py` delivers them
to the real command line, `runbook.py` writes docs/runbooks/beschadigde-aanlevering.md. All persons are invented. No
tests here.
"""
