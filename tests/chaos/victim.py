"""A night in a process of its own that meets with a mishap: killed at a step it takes on disk, or by the kernel in the
middle of a write; or from some step on its disk is full or cannot be written.

A step is anything that Python changes on disk (a file opened for writing, a rename, a folder, a link, a removal), seen
through the audit hook of the interpreter, so no place has to be named where it could break. They are counted per phase:
the point is the same on a quick and on a slow machine. The heavy libraries are loaded once, in a host process that
forks (it ends when its standard input does), so a night costs what it does and not what it imports. Not here: what must
hold afterwards.
"""

from __future__ import annotations

import errno
import gc
import importlib
import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any, NoReturn
from unittest.mock import patch

from integration import organisation_kit as kit
from integration.organisation_kit import Organisation
from werkmonitor import verkennen

BEFORE, AFTER = "begin", "einde"
PHASES = (BEFORE, "ingest", "transform", "geheimhouding", "audit", "publish", AFTER)
CHANGES = frozenset(
    {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.symlink", "os.link", "os.chmod", "os.utime", "os.truncate",
     "shutil.rmtree", "shutil.copyfile", "shutil.move"}
)  # fmt: skip
NEEDS_ROOM = ("open", "os.mkdir", "os.symlink", "os.link")
HEAVY = (
    "werkmonitor.cli", "werkmonitor.audit", "werkmonitor.core.release", "werkmonitor.core.ingest", "dbt.cli.main",
    "great_expectations", "werkmonitor.checks.runner", "werkmonitor.report.publishing", "dbt.adapters.duckdb",
    "dbt.task.run", "dbt.task.test", "duckdb_engine", "markdown_it", "sqlparse",
)  # fmt: skip
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT


@dataclass(frozen=True)
class Mishap:
    """What befalls a night at the `step`-th change that it makes on disk within a phase.

    Without `error` it is killed there: before the change, or (`after`) when it was made. With it every change from
    there on fails with that error: a disk that is full takes no new file, one that is read-only nothing. `asked`: it
    is asked to stop (SIGTERM) and not killed. `byte`: killed by the kernel in the write that lets a file grow beyond
    it, whatever the phase.
    """

    phase: str = ""
    step: int = 0
    after: bool = False
    error: int = 0
    byte: int | None = None
    asked: bool = False

    def __str__(self) -> str:
        if self.byte is not None:
            return f"byte-{self.byte}"
        what = errno.errorcode[self.error] if self.error else "na" if self.after else "voor"
        return f"{self.phase}-{self.step}-{what}" if self.phase else "ongemoeid"


@dataclass(frozen=True)
class Ended:
    """How it ended: the exit code (negative: the signal that killed it), what it said, and the steps of each phase."""

    code: int
    text: str
    steps: dict[str, int]


def night(organisation: Organisation, mishap: Mishap | None = None, *arguments: str, **more: str) -> Ended:
    """`werkmonitor run` on the organisation in a child; `more` is environment."""
    said, counted = organisation.root / "gezegd.txt", organisation.root / "stappen.txt"
    counted.unlink(missing_ok=True)
    asked = {
        "words": ["run", *arguments, "--config", str(organisation.config)],
        "mishap": asdict(mishap or Mishap()),
        "said": str(said),
        "counted": str(counted),
        "environment": kit.environment(**more),
    }
    host = _host()
    assert host.stdin is not None and host.stdout is not None
    host.stdin.write(json.dumps(asked) + "\n")
    host.stdin.flush()
    code = int(host.stdout.readline())
    return Ended(code, said.read_text(encoding="utf-8"), _steps(counted))


@cache
def _host() -> subprocess.Popen[str]:
    tests = Path(__file__).parents[1]
    path = os.pathsep.join([str(tests), *filter(None, [os.environ.get("PYTHONPATH")])])
    return subprocess.Popen(
        [sys.executable, "-m", "chaos.victim"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=tests, 
        env=os.environ | {"PYTHONPATH": path, "PYTHONWARNINGS": "ignore", "OPENBLAS_NUM_THREADS": "1"},
    )  # fmt: skip


def _steps(counted: Path) -> dict[str, int]:
    lines = counted.read_text(encoding="utf-8").splitlines() if counted.exists() else []
    return {phase: int(number) for phase, number in (line.split() for line in lines)}


# ---- in the host


def serve() -> None:
    """One night a line of standard input, each in a fork; its exit code (negative: the signal) on standard output."""
    for name in HEAVY:
        importlib.import_module(name)
    # Whether somebody builds verkennen in this checkout meanwhile makes no release another one.
    verkennen.CACHE = Path(__file__).parent / "zonder-verkennen"
    gc.freeze()  # nothing of it becomes garbage: a night need not search it
    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if child == 0:
            _live(**asked)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


def _live(words: list[str], mishap: dict[str, Any], said: str, counted: str, environment: dict[str, str]) -> NoReturn:
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    _say_into(Path(said))
    os.environ.clear()
    os.environ.update(environment)
    from werkmonitor.cli import main

    chosen = Mishap(**mishap)
    _limit(chosen.byte)
    steps = Steps(chosen, Path(said).parent)
    sys.addaudithook(steps.see)
    with steps.phases():
        code = _code_of(main, words)
    steps.counting = False
    lines = "".join(f"{phase} {number}\n" for phase, number in steps.taken.items())
    Path(counted).write_text(lines, encoding="utf-8")
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # nothing of the host's own is to be wound up here


def _code_of(main: Callable[[Sequence[str]], NoReturn], words: Sequence[str]) -> int:
    try:
        main(words)
    except SystemExit as end:
        return int(end.code or 0)


def _say_into(said: Path) -> None:
    handle = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(handle, 1)
    os.dup2(handle, 2)


def _limit(byte: int | None) -> None:
    if byte is not None:
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (byte, byte))


class Steps:
    """Counts the changes that a night makes below `root`, per phase, and lets the mishap befall it."""

    def __init__(self, mishap: Mishap, root: Path) -> None:
        self.mishap, self.root, self.phase, self.counting = mishap, str(root), BEFORE, True
        self.taken = dict.fromkeys(PHASES, 0)
        self.broken = False

    def see(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.counting or not (event in CHANGES or _opened_for_writing(event, arguments)):
            return
        if not any(str(_text(path)).startswith(self.root) for path in arguments[:2]):
            return
        self.taken[self.phase] += 1
        # An event comes before its change; that a change was made is known at the next event.
        if self.phase == self.mishap.phase and self.taken[self.phase] == self.mishap.step + self.mishap.after:
            if not self.mishap.error:
                os.kill(os.getpid(), signal.SIGTERM if self.mishap.asked else signal.SIGKILL)
            self.broken = bool(self.mishap.error)
        if self.broken and (self.mishap.error != errno.ENOSPC or event in NEEDS_ROOM):
            raise OSError(self.mishap.error, os.strerror(self.mishap.error), _text(arguments[0]))

    @contextmanager
    def phases(self) -> Iterator[None]:
        """Follow the night from phase to phase, by the mark that it gives of each."""
        from werkmonitor import night as product

        original = product._phase

        @contextmanager
        def followed(one: Any, progress: Any, name: str, label: str) -> Iterator[None]:
            self.phase = name
            with original(one, progress, name, label):
                yield
            self.phase = AFTER if name == "publish" else name

        with patch.object(product, "_phase", followed):
            yield


def _text(path: object) -> object:
    return os.fsdecode(path) if isinstance(path, bytes | os.PathLike) else path


def _opened_for_writing(event: str, arguments: tuple[Any, ...]) -> bool:
    return event == "open" and isinstance(arguments[2], int) and bool(arguments[2] & WRITES)


if __name__ == "__main__":
    serve()
