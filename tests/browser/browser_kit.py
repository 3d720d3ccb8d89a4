"""A browser for tests: sites served under a base path, looked at by kijk.mjs, once for all workers.

What belongs here: serving, calling the browser, sharing what it saw. What does not: any expectation (the test files),
how a page is looked at (kijk.mjs), which sites there are (conftest.py).
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import site_kit
from werkmonitor.report.server import TYPES

HERE = Path(__file__).parent
WITHOUT = "WERKMONITOR_ZONDER_BROWSER"
BASE = "/een/pad/van/de%20raad/"  # sites must work wherever they lie
OWN = "eigen registratie"
SECONDS = 1800  # a ceiling for a hung browser on a busy machine, never a measure

Seen = dict[str, Any]
Visit = dict[str, Any]


# ---- the browser


def missing() -> str:
    """What there is not, with what to do about it; empty when everything is there."""
    if shutil.which("node") is None:
        return "node is niet gevonden. Installeer Node 20 of nieuwer (apt-get install nodejs npm)."
    if not Path(chromium()).is_file():
        return f"{chromium()} is niet gevonden. Installeer het (apt-get install chromium), of noem het in CHROMIUM."
    if not (HERE / "node_modules" / "playwright-core").is_dir():
        return "De pakketten van de browsertests ontbreken. Geef `tests/browser/klaarzetten.sh`."
    return ""


def chromium() -> str:
    return os.environ.get("CHROMIUM") or "/usr/bin/chromium"


def look(visits: Sequence[Visit]) -> dict[str, Seen]:
    """What the browser saw at every visit, by its name. One browser, a fresh profile a visit."""
    ended = subprocess.run(
        ["node", str(HERE / "kijk.mjs")],
        input=json.dumps({"bezoeken": list(visits)}),
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
        env={**os.environ, "CHROMIUM": chromium()},
    )
    assert ended.returncode == 0, ended.stderr[-4000:]
    found: dict[str, Seen] = json.loads(ended.stdout)
    return found


def shared(base: Path) -> Path:
    """The folder that all workers of this run of the tests have in common."""
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@contextmanager
def alone(folder: Path, name: str) -> Iterator[Path]:
    """Alone with `folder`/`name`: what one worker makes there, the others find."""
    with (folder / f"{name}.slot").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder / name


# ---- serving


@contextmanager
def served(folder: Path, base: str = BASE) -> Iterator[str]:
    """`folder` at an address of this machine below a base path; nothing above it."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, base, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}{base}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, base: str, *arguments: Any, **more: Any) -> None:
        self.base, self.extensions_map = base, {**TYPES, "": "application/octet-stream"}
        super().__init__(*arguments, **more)

    def do_GET(self) -> None:
        if not self.path.startswith(self.base):
            self.send_error(404)
            return
        self.path = "/" + self.path.removeprefix(self.base)
        super().do_GET()

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


# ---- what stands where


def figures(release: Path) -> dict[tuple[str, ...], dict[str, str]]:
    """Own yearly figures of reeksen.csv: (indicator, region, year, dimension, category) to the row."""
    return {
        (row["indicator_id"], row["regio_code"], row["periode"][:4], row["dimensie"], row["categorie"]): row
        for row in site_kit.rows_of(release / "reeksen.csv")
        if row["bron"] == OWN and row["periode"].endswith("JJ00")
    }


def local(address: str, base: str, folder: Path) -> Path | None:
    """The file that an address of a served folder stands for; None when it lies outside."""
    whole = urlsplit(address)
    start = urlsplit(base)
    if (whole.scheme, whole.netloc) != (start.scheme, start.netloc) or not whole.path.startswith(start.path):
        return None
    return folder / unquote(whole.path.removeprefix(start.path))


def pages_of(site: Path) -> list[str]:
    """Every read page of a site, relative to it."""
    names = (path.relative_to(site).as_posix() for path in site.rglob("*.html"))
    return sorted(name for name in names if not name.startswith("verkennen/"))


def once(folder: Path, name: str, make: Any) -> Mapping[str, Any]:
    """What `make()` gives, as JSON, made by whoever comes first."""
    with alone(folder, name) as path:
        if not path.is_file():
            path.write_text(json.dumps(make()), encoding="utf-8")
        found: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return found
