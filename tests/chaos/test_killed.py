"""Killed at any moment: the real night dies at seeded points of every phase, again and again on the same organisation.

After each death the old release or the new one is live and whole and no state is half; the night after the last one
leaves what an undisturbed night leaves: the same release, byte for byte, the same findings, quarantine, masks, waivers
and inventory. A short selection here; `make chaos` takes many more (CHAOS_ZADEN).
"""

from __future__ import annotations

import errno
import os
import random
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from chaos import scenario, victim
from chaos.scenario import Seen
from chaos.victim import Mishap
from integration import organisation_kit as kit
from integration.organisation_kit import Organisation

FIRST = 20261122
# Six nights, on a machine that may have a hundred other things to do.
pytestmark = pytest.mark.timeout(3600)

SEEDS = range(FIRST, FIRST + int(os.environ.get("CHAOS_ZADEN", "1")))
# Of every phase so many mishaps a seed; the figures are there at the end of transform, the switch is in publish.
SHORT = {"ingest": 1, "publish": 1}
LONG = {victim.BEFORE: 3, "ingest": 4, "transform": 3, "geheimhouding": 2, "audit": 2, "publish": 6, victim.AFTER: 2}
MISHAPS = SHORT if len(SEEDS) == 1 else LONG
ERRORS = (errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EIO)
ENGLISH = ("Error", "Traceback", "No such", "Invalid", "Permission", 'File "', "No space", "Read-only", "failed")
# Whatever somebody may have called the folder: a blank, an accent, quotes, and what is a pattern elsewhere.
NAME = "Súdwest-Fryslân [proef] d'Organisaasje 100% *"


@dataclass(frozen=True)
class Example:
    """The organisation before the night, what an undisturbed night leaves of it, and how many steps that took."""

    before: Organisation
    undisturbed: Seen
    steps: dict[str, int]


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Example]:
    folder = tmp_path_factory.mktemp("chaos")
    before = scenario.half_way(folder / "proef")
    calm = kit.copy(before, folder / "ongestoord")
    ended = victim.night(calm)
    assert ended.code == 0, ended.text
    after = scenario.seen(calm)
    assert after.release_id != scenario.seen(before).release_id
    yield Example(before, after, ended.steps)


def mishaps(steps: dict[str, int], seed: int) -> list[Mishap]:
    """Mishaps in every phase at steps that the seed chooses, early phases first so that each night comes further. The
    first of a phase is a death, of the others some are a disk that fails."""
    chance = random.Random(seed)
    chosen = [
        Mishap(
            phase,
            chance.randint(1, steps[phase]),
            after=chance.random() < 0.3,
            error=chance.choice(ERRORS) if nth and chance.random() < 0.6 else 0,
        )
        for phase, number in MISHAPS.items()
        for nth in range(number)
    ]
    in_a_write = Mishap(byte=chance.randrange(3_000, 1_500_000))
    return [*chosen[:4], in_a_write, *chosen[4:]]


@pytest.mark.parametrize("seed", SEEDS)
def test_after_any_mishap_the_next_night_leaves_what_an_undisturbed_one_leaves(
    example: Example, seed: int, tmp_path: Path
) -> None:
    organisation = kit.copy(example.before, tmp_path / NAME)
    _link_the_landing(organisation, tmp_path / "aangeleverd elders")
    old, new = organisation.current(), example.undisturbed.release_id
    assert old is not None
    killed = 0
    for mishap in mishaps(example.steps, seed):
        ended = victim.night(organisation, mishap)
        # A step that is not there this time (half of the work was done before) is passed by, and the night ends well.
        assert ended.code in (0, 1, -signal.SIGKILL, -signal.SIGXFSZ), f"{mishap}: {ended.text}"
        assert ended.code != 1 or mishap.error, f"{mishap}: {ended.text}"
        assert not [word for word in ENGLISH if word in ended.text], f"{mishap}: {ended.text}"
        killed += ended.code < 0
        assert scenario.incoherent(organisation) == [], mishap
        live = organisation.current()
        assert live is not None and live.name in (old.name, new), mishap
    assert killed >= 2
    ended = victim.night(organisation)
    assert ended.code == 0, ended.text
    _same(organisation, example.undisturbed)
    assert kit.leaked(organisation, ended.text) == []


def test_asked_to_stop_it_says_so_and_leaves_nothing_half(example: Example, tmp_path: Path) -> None:
    """SIGTERM in the middle of what dbt does, which makes a failed model of it."""
    organisation = kit.copy(example.before, tmp_path / "proef")
    old = organisation.current()
    ended = victim.night(organisation, Mishap("transform", example.steps["transform"] // 2, asked=True))
    assert (ended.code, organisation.current() == old) == (1, True), ended.text
    assert "Afgebroken. Wat gepubliceerd was, staat er nog." in ended.text
    assert organisation.latest()["uitkomst"] == "afgebroken"
    assert scenario.incoherent(organisation) == [] and scenario.left_behind(organisation) == []


def _link_the_landing(organisation: Organisation, elsewhere: Path) -> None:
    """The landing is a link to where a share is mounted."""
    organisation.landing.rename(elsewhere)
    organisation.landing.symlink_to(elsewhere)


def _same(organisation: Organisation, undisturbed: Seen) -> None:
    """Compared part by part, so that a difference says where it is."""
    after = scenario.seen(organisation)
    assert after.release_id == undisturbed.release_id
    assert after.release == undisturbed.release
    assert after.manifest == undisturbed.manifest
    assert after.states.keys() == undisturbed.states.keys()
    for name, state in after.states.items():
        assert state == undisturbed.states[name], name
    assert after.night == undisturbed.night
    assert after.latest["huidige_release"] == undisturbed.latest["huidige_release"]
    assert scenario.left_behind(organisation) == []
