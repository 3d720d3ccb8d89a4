"""Writes docs/runbooks/beschadigde-aanlevering.md from the library: what can be wrong with a delivery, what comes out
of it and what to do. Run `python tests/damage/runbook.py` after a change of the library.

Read by stewards and owners of sources, hence Dutch. Not here: any text that the library or the rules of the intake
already have.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
if __name__ == "__main__":
    sys.path.insert(0, str(ROOT / "tests"))

# Below the path, because run as a script this file is outside the tests that it imports.
from werkmonitor.core.contracts import rules  # noqa: E402

from damage import organisation as damaged  # noqa: E402
from damage.library import Kind, Result, chapters  # noqa: E402

TARGET = ROOT / "docs" / "runbooks" / "beschadigde-aanlevering.md"
ALL_COUNT, NOTHING_TO_DO = "Alle rijen tellen mee.", "Niets."
OPENING = """# Als een aanlevering beschadigd is

Deze bladzijde is gemaakt uit de bibliotheek van beschadigde aanleveringen (`tests/damage/`, `python
tests/damage/runbook.py`); elke regel is een bestand dat bij elke test door de inname gaat. Van iedere rij staat na
een run vast wat ermee gebeurd is: aanvaard, dubbel, buiten bereik of in quarantaine. Wat er open staat, met bestand,
rij en kolom, toont `werkmonitor bevindingen` (`--csv` voor de eigenaar van de bron). Een levering vooraf bekijken kan
met `werkmonitor controleer <map>`.

- **Niet gelezen**: het bestand als geheel is onbruikbaar. De run stopt met afsluitcode 5 (of 2, als een instelling of
  mapping niet klopt) en de vorige uitgave blijft staan; rechts staat wat de run dan zegt.
- **Quarantaine**: de rij telt niet mee tot ze is hersteld en opnieuw geleverd.
- **Buiten bereik**: de rij is met opzet weggelaten.
- **Bevinding**: de rij telt mee; wat niet te lezen was, is onbekend.
"""


def text() -> str:
    """The whole page. The kinds that stop a run are run, for what they say."""
    parts = [OPENING]
    for chapter in chapters():
        table = ["| wat er mis is | wat eruit komt | wat te doen |", "|---|---|---|"]
        table += [row(kind, _said(kind)) for kind in chapter.soorten]
        parts.append(f"## {chapter.titel}\n\n" + "\n".join(table))
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


def row(kind: Kind, message: str = "") -> str:
    """The line of a kind of damage; `message` is what a run that it stopped said."""
    if kind.uitkomst.code:
        cells = (kind.wat, f"Niet gelezen (afsluitcode {kind.uitkomst.code}).", message)
    else:
        cells = (kind.wat, _outcome(kind.uitkomst), _remedy(kind.uitkomst))
    return "| " + " | ".join(_cell(cell) for cell in cells) + " |"


def _said(kind: Kind) -> str:
    if not kind.uitkomst.code:
        return ""
    with tempfile.TemporaryDirectory() as folder:
        organisation = damaged.make(Path(folder) / "proef", [kind])
        with damaged.meddled(kind, organisation):
            return damaged.message(kind, organisation, damaged.run(organisation))


def _outcome(result: Result) -> str:
    parts = [*_refused(result), *_left_out(result), *_noted(result)]
    if result.dubbel:
        parts.insert(0, f"{_many(result.dubbel)} dubbel; wat er twee keer staat, telt één keer.")
    if result.aangeleverd == 0:
        parts.append("Er zijn geen rijen.")
    return " ".join([*(parts or [ALL_COUNT]), result.uitleg]).strip()


def _refused(result: Result) -> list[str]:
    return [f"{_many(number)} in quarantaine (`{rule}`)." for rule, number in _by_rule(result.quarantaine).items()]


def _left_out(result: Result) -> list[str]:
    return [f"{_many(number)} buiten bereik (`{rule}`)." for rule, number in result.buiten_bereik.items()]


def _noted(result: Result) -> list[str]:
    return [f"Bevinding `{rule}`." for rule in _by_rule(result.bevindingen)]


def _by_rule(told: tuple[str, ...]) -> Counter[str]:
    return Counter(line.split(" ")[1] for line in told)


def _many(number: int) -> str:
    return "1 rij" if number == 1 else f"{number} rijen"


def _remedy(result: Result) -> str:
    known = rules()
    found = [known[rule].herstel for rule in sorted(result.rules) if rule in known]
    return " ".join(dict.fromkeys(found)) or NOTHING_TO_DO


def _cell(value: str) -> str:
    """A cell of a Markdown table."""
    return value.replace("|", r"\|").replace("\n", " ")


if __name__ == "__main__":
    TARGET.write_text(text(), encoding="utf-8")
