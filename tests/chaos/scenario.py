"""An organisation half-way its life, for nights that go wrong: a release that is live and masks cells, findings and a
quarantine, a delivery that the gate held, and a waiver that two persons gave for it. Its next night publishes.

And what there is to see of such an organisation, so that two of them can be held side by side. Not here: what goes
wrong.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
from chaos import victim
from integration import organisation_kit as kit
from integration.organisation_kit import Organisation
from werkmonitor.core import clock, release_store, waivers
from werkmonitor.core.status import check_results
from werkmonitor.core.workspace import Workspace
from werkmonitor.night import newest_night, read_json

CHECK = "uitkering.persoon_bekend"
CONFIG = (
    kit.CONFIG.replace("[bronnen.uitkeringen]", '[bronnen.uitkeringen]\nwaarschuw = ["json://127.0.0.1:9/"]')
    + f"""
[geheimhouding]
methode = "onderdrukken"

[controles]
"{CHECK}" = "blokkerend"

[rollen]
anna = "steward"
bram = "goedkeurder"
"""
)
# What differs with the moment of a run and says nothing of its outcome.
MOMENTS = ("gemaakt", "tijd", "begonnen", "klaar", "fasen", "seconden", "bestanden")


def half_way(root: Path) -> Organisation:
    """The organisation just before the night that is to go wrong."""
    organisation = kit.make(root, CONFIG)
    rows = kit.benefits()
    organisation.deliver("uitkeringen/uitkering", [{**rows[0], "begindatum": "2021-02-31"}, *rows[1:]])
    first = victim.night(organisation)
    assert first.code == 0, first.text
    organisation.deliver("uitkeringen/uitkering", _later(rows), kit.LATER)
    organisation.deliver("uitkeringen/persoon", kit.persons(), kit.LATER)
    held = victim.night(organisation)
    assert held.code == 3, held.text
    _waive(organisation)
    return organisation


def _later(rows: list[kit.Row]) -> list[kit.Row]:
    """One mistake is mended, another made; twelve persons more, whom nobody delivered."""
    new = {**rows[0], "regeling": "PW", "begindatum": "2022-05-01", "einddatum": "", "reden_einde": ""}
    more = [{**new, "dossier_id": f"D9{n:03d}-0", "persoon_id": kit.number(900 + n)} for n in range(12)]
    return [*rows[:5], {**rows[5], "begindatum": "2022-06-31"}, *rows[6:], *more]


def _waive(organisation: Organisation) -> None:
    settings = organisation.settings
    night = newest_night(Workspace(organisation.werkmap))
    assert night is not None
    until = clock.today() + timedelta(days=30)
    asked = waivers.request(
        settings, CHECK, "Bekend bij de leverancier, wordt in maart hersteld", until, None, "anna",
        check_results(night.checks),
    )  # fmt: skip
    waivers.approve(settings, asked.waiver_id, "bram", read_json(night.state)["kandidaat"])


@dataclass(frozen=True)
class Seen:
    """Everything a night leaves for somebody to read, without what differs by its moment."""

    release_id: str
    release: dict[str, str]
    manifest: dict[str, Any]
    latest: dict[str, Any]
    states: dict[str, Any]
    night: dict[str, Any]


def seen(organisation: Organisation) -> Seen:
    """What there is to see after a night."""
    release = organisation.current()
    assert release is not None
    files = {
        path.relative_to(release).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in release.rglob("*")
        if path.is_file()
    }
    manifest = _timeless(json.loads((release / "manifest.json").read_text(encoding="utf-8")))
    night = newest_night(Workspace(organisation.werkmap))
    assert night is not None
    tables = {path.name: rows(path) for path in (night.quarantine, night.findings, night.counts)}
    return Seen(
        release_id=release.name,
        release={name: digest for name, digest in files.items() if name != "manifest.json"},
        manifest=manifest,
        latest=_timeless(organisation.latest()),
        states=states(organisation),
        night={**tables, "night.json": _timeless(read_json(night.state))},
    )


def states(organisation: Organisation) -> dict[str, Any]:
    """Everything in the werkmap that outlives a night, by name."""
    found: dict[str, Any] = {}
    for path in sorted(organisation.werkmap.rglob("*")):
        name = path.relative_to(organisation.werkmap).as_posix()
        if not path.is_file() or name.startswith("nachten/") or name in ("slot", "meldingen.json"):
            continue
        found[name] = rows(path) if path.suffix == ".parquet" else _content(path)
    return found


def rows(path: Path) -> list[tuple[Any, ...]]:
    """The rows of a Parquet file in an order of their own: a database may write them in another."""
    with duckdb.connect() as connection:
        return connection.execute("SELECT * FROM read_parquet(?) AS t ORDER BY ALL", [str(path)]).fetchall()


def _content(path: Path) -> Any:
    text = path.read_bytes()
    return _timeless(json.loads(text)) if path.suffix == ".json" else hashlib.sha256(text).hexdigest()


def _timeless(content: Any) -> Any:
    if isinstance(content, dict):
        return {key: _timeless(value) for key, value in content.items() if key not in MOMENTS}
    return [_timeless(item) for item in content] if isinstance(content, list) else content


def incoherent(organisation: Organisation) -> list[str]:
    """What is wrong with what a killed night left, before anybody mends it: none of it may be half."""
    found = kit.whole(organisation)
    settings = organisation.settings
    current = release_store.current_release(settings)
    if current is None or release_store.current_id(settings) not in {
        info.release_id for info in release_store.list_releases(settings)
    }:
        found.append("current wijst niet naar een release")
    latest = release_store.latest_run(settings)
    if latest is None or not (organisation.releases / str(latest["huidige_release"])).is_dir():
        found.append(f"latest.json noemt een release die er niet is: {latest}")
    waivers.load(settings)
    states(organisation)
    return found


def left_behind(organisation: Organisation) -> list[str]:
    """Files that a killed night left and that its successor should have cleaned."""
    return [
        str(path.relative_to(organisation.root))
        for folder in (organisation.werkmap, organisation.releases)
        for path in folder.rglob(".*")
        if re.match(r"\.(bezig|weg)-|.*\.\d+$", path.name)
    ]
