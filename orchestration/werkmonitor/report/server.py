"""A small web server for the site of the current release, for looking at it on one's own machine: `werkmonitor site`.

Serves published files only, without lists of folders and without hidden files. Who comes in at the front door stays in
one release: it is sent to the release by its own name, so that a switch in between never mixes two. Not for the
internet: docs/beheer.md shows a real web server.
"""

from __future__ import annotations

import errno
from collections.abc import Callable
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from werkmonitor.core import interrupt
from werkmonitor.core.release_store import CURRENT, LATEST, RELEASE_ID, current_id
from werkmonitor.core.types import ConfigurationError
from werkmonitor.settings import Settings

TYPES = {
    ".arrow": "application/vnd.apache.arrow.file",
    ".css": "text/css; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".parquet": "application/vnd.apache.parquet",
    ".pdf": "application/pdf",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".woff2": "font/woff2",
}


def make_server(settings: Settings, port: int) -> ThreadingHTTPServer:
    """A server on this machine only, ready to run. Port 0: any that is free."""
    if current_id(settings) is None:
        raise ConfigurationError("Er is nog geen release gepubliceerd. `werkmonitor run` maakt de eerste.")
    handler = partial(_Handler, settings.monitor.releases, lambda: current_id(settings))
    try:
        return _Server(("127.0.0.1", port), handler)
    except OSError as error:
        if error.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        raise ConfigurationError(f"Poort {port} is bezet of niet toegestaan. Kies een andere met --poort.") from error


def address_of(server: ThreadingHTTPServer) -> str:
    return f"http://127.0.0.1:{server.server_address[1]}/"


class _Server(ThreadingHTTPServer):
    def service_actions(self) -> None:
        """Between requests: an exception that a signal raised inside a library's clean-up is lost, the wish to stop is
        not."""
        interrupt.check()


class _Handler(SimpleHTTPRequestHandler):
    extensions_map = TYPES

    def __init__(self, root: Path, current: Callable[[], str | None], *arguments: Any) -> None:
        self.current = current
        super().__init__(*arguments, directory=str(root))

    def do_GET(self) -> None:
        self._answer(super().do_GET)

    def do_HEAD(self) -> None:
        self._answer(super().do_HEAD)

    def _answer(self, send: Callable[[], None]) -> None:
        path = unquote(urlsplit(self.path).path)
        if path in ("/", "/site", "/site/"):
            self.send_response(302)
            self.send_header("Location", f"/{self.current()}/site/index.html")
            self.end_headers()
        elif self._public(path):
            send()
        else:
            self.send_error(404, "Niet gevonden")

    def _public(self, path: str) -> bool:
        """A file of a release, a folder with a page, or latest.json; nothing hidden, nothing outside."""
        parts = [part for part in path.split("/") if part]
        if any(part.startswith(".") for part in parts):
            return False
        inside = len(parts) > 1 and (parts[0] == CURRENT or RELEASE_ID.fullmatch(parts[0]) is not None)
        found = Path(self.translate_path(path))
        return (inside or parts == [LATEST]) and (found.is_file() or (found / "index.html").is_file())

    def end_headers(self) -> None:
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: nobody is followed, here neither."""
