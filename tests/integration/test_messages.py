"""Messages as they really leave: over SMTP to a mail server and over HTTP to a webhook, both on this machine, after
real nights whose heavy phases are fakes."""

from __future__ import annotations

import email
import email.policy
import json
import socket
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from werkmonitor import cli, meldingen
from werkmonitor.core.lock import run_lock
from werkmonitor.core.types import AlreadyRunning, CheckResult, ConfigurationError, Outcome, Severity
from werkmonitor.core.workspace import Workspace
from werkmonitor.night import Night, Phases, Progress, run_night
from werkmonitor.settings import Settings, load_settings

KEY = b"k" * 64
DAY = date(2026, 1, 16)


class MailHandler(socketserver.StreamRequestHandler):
    """As much of SMTP as is needed to accept a message."""

    def handle(self) -> None:
        self.answer(220)
        while line := self.rfile.readline():
            word = line.strip().upper()
            if word.startswith(b"DATA"):
                self.answer(354)
                self.server.mails.append(b"".join(iter(self.rfile.readline, b".\r\n")))  # type: ignore[attr-defined]
            if word.startswith(b"QUIT"):
                return self.answer(221)
            self.answer(250)

    def answer(self, code: int) -> None:
        self.wfile.write(f"{code} goed\r\n".encode())


class MailServer(socketserver.ThreadingTCPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), MailHandler)
        self.mails: list[bytes] = []

    def read(self) -> list[EmailMessage]:
        return [email.message_from_bytes(mail, EmailMessage, policy=email.policy.default) for mail in self.mails]


def text_of(mail: EmailMessage) -> str:
    assert mail.get_content_type() == "text/plain"
    return str(mail.get_content())


class HookHandler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.calls.append(json.loads(body))  # type: ignore[attr-defined]
        self.send_response(self.server.status)  # type: ignore[attr-defined]
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        return None


class Hook(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), HookHandler)
        self.calls: list[dict[str, Any]] = []
        self.status = 200


@pytest.fixture
def post() -> Iterator[MailServer]:
    yield from _served(MailServer())


@pytest.fixture
def hook() -> Iterator[Hook]:
    yield from _served(Hook())


def _served(server: Any) -> Iterator[Any]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def settings(tmp_path: Path, post: MailServer, hook: Hook, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """An organisation whose operators have a mailbox and whose source has a webhook."""
    landing = tmp_path / "landing" / "uitkeringen" / "2026-01-15"
    landing.mkdir(parents=True)
    (landing / "uitkering.csv").write_text("dossier_id\n1\n", encoding="utf-8")
    mail = f"mailto://127.0.0.1:{post.server_address[1]}?from=werkmonitor@voorbeeld.nl&to=beheer@voorbeeld.nl"
    (tmp_path / "werkmonitor.toml").write_text(
        '[monitor]\nnaam = "Voorbeeld"\nregio_code = "AM08"\npeildatum = 2025-12-31\n'
        '[bronnen.uitkeringen]\nentiteiten = ["uitkering"]\n'
        f'waarschuw = ["json://127.0.0.1:{hook.server_address[1]}/geheim"]\n[meldingen]\nbeheer = ["{mail}"]\n',
        encoding="utf-8",
    )
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "127.0.0.1")
    return load_settings(tmp_path / "werkmonitor.toml", {})


class Lines(Progress):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def line(self, text: str) -> None:
        self.lines.append(text)


def nothing(*_: Any) -> None:
    return None


def held(night: Night) -> list[CheckResult]:
    return [CheckResult("uitkering.overlap", "levering", "uitkering", Outcome.FAIL, Severity.BLOCKING, 7)]


def night(settings: Settings, today: date = DAY, **phases: Any) -> list[str]:
    """Run a night with fakes; gives what its log says."""
    fakes = Phases(
        ingest=nothing, settle_findings=lambda night, day: "", transform=nothing, disclose=nothing, audit=held
    )
    log = Lines()
    run_night(settings, KEY, progress=log, phases=replace(fakes, **phases), today=today)
    return log.lines


def test_a_hold_is_mailed_once(settings: Settings, post: MailServer, hook: Hook) -> None:
    assert "Gemeld aan mailto://127.0.0.1." in night(settings)
    (mail,) = post.read()
    assert mail["to"] == "beheer@voorbeeld.nl" and mail["subject"] == "Voorbeeld: release tegengehouden"
    text = text_of(mail)
    assert "De release is tegengehouden. De vorige release blijft staan." in text
    assert "uitkering.overlap" in text
    assert hook.calls == []
    night(settings, date(2026, 1, 17))
    assert len(post.mails) == 1


def test_an_owner_hears_through_the_webhook_that_a_source_is_late(settings: Settings, hook: Hook) -> None:
    night(settings, date(2026, 2, 16))
    (call,) = hook.calls
    assert call["title"] == "Voorbeeld: over uw levering (uitkeringen)"
    assert "uitkeringen leverde voor het laatst op 2026-01-15; verwacht werd uiterlijk 2026-02-15." in call["message"]


def test_a_webhook_that_refuses_does_not_fail_the_night_and_is_tried_again(
    settings: Settings, post: MailServer, hook: Hook, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    hook.status = 500
    said = night(settings, date(2026, 2, 16))
    assert any("Berichten aan json://127.0.0.1 (bron) komen sinds 2026-02-16 niet aan." in line for line in said)
    assert "geheim" not in "".join(said)
    assert "komen sinds 2026-02-16 niet aan" in text_of(post.read()[0])
    assert status(tmp_path, capsys).count("komen sinds 2026-02-16 niet aan") == 1

    hook.status = 200
    night(settings, date(2026, 2, 17))
    assert len(hook.calls) == 2 and hook.calls[0]["message"] == hook.calls[1]["message"]
    assert "komen sinds" not in status(tmp_path, capsys)


def status(folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    with pytest.raises(SystemExit):
        cli.main(["status", "--config", str(folder / "werkmonitor.toml")])
    return capsys.readouterr().out


def test_a_mail_server_that_is_down_does_not_fail_the_night(settings: Settings, post: MailServer) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # bound and not listening: a connection is refused at once
        where = f"mailto://127.0.0.1:{nobody.getsockname()[1]}?from=a@voorbeeld.nl&to=b@voorbeeld.nl"
        down = settings.model_copy(update={"meldingen": settings.meldingen.model_copy(update={"beheer": [where]})})
        assert any("komen sinds 2026-01-16 niet aan" in line for line in night(down))


def test_an_error_is_told_and_its_text_only_when_it_is_ours(settings: Settings, post: MailServer) -> None:
    def broken(_: Night) -> None:
        raise ValueError("persoon 123456782")

    with pytest.raises(ValueError):
        night(settings, transform=broken)
    with pytest.raises(ConfigurationError):
        night(settings, transform=lambda _: (_ for _ in ()).throw(ConfigurationError("Zet het goed.")))
    first, second = (text_of(mail) for mail in post.read())
    assert "Onverwachte fout (ValueError)" in first and "123456782" not in first
    assert "Zet het goed." in second


def test_a_rehearsal_and_a_second_run_at_a_terminal_tell_nobody(settings: Settings, post: MailServer) -> None:
    fakes = Phases(ingest=nothing, settle_findings=lambda night, day: "")
    run_night(settings, KEY, stop_after="ingest", progress=Lines(), phases=fakes)
    with run_lock(Workspace(settings.monitor.werkmap).create().lock):
        with pytest.raises(AlreadyRunning):
            night(settings)
        assert post.mails == []
        # Started by a timer, it waited, and now somebody has to know.
        with pytest.raises(AlreadyRunning):
            run_night(settings, KEY, progress=Lines(), phases=fakes, today=DAY, waits=(0.0,))
    assert "Er loopt al een run" in text_of(post.read()[0])


def test_what_passes_is_tried_again_and_then_there_is_nothing_to_tell(settings: Settings, post: MailServer) -> None:
    tries = iter([OSError(116, "Stale file handle"), None])

    def ingest(_: Night) -> None:
        if error := next(tries):
            raise error

    fakes = Phases(
        ingest=ingest, settle_findings=lambda night, day: "", transform=nothing, disclose=nothing, audit=lambda _: []
    )
    log = Lines()
    with pytest.raises(FileNotFoundError):  # the fakes made nothing to publish: the second attempt came to the end
        run_night(settings, KEY, progress=log, phases=replace(fakes, decide=_publishes, publish=_missing), waits=(0.0,))
    assert sum("Nieuwe poging." in line for line in log.lines) == 1
    assert len(post.mails) == 1


def _publishes(*_: Any) -> Any:
    from werkmonitor.core.types import Verdict

    return Verdict(True, "gepubliceerd", ())


def _missing(*_: Any) -> Any:
    raise FileNotFoundError


def test_the_trial_says_per_address_whether_it_arrived(
    settings: Settings, post: MailServer, hook: Hook, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hook.status = 404
    with pytest.raises(SystemExit) as ended:
        cli.main(["meldingen", "--proef", "--config", str(tmp_path / "werkmonitor.toml")])
    assert ended.value.code == 1
    assert capsys.readouterr().out.splitlines() == [
        "mailto://127.0.0.1: aangenomen",
        "json://127.0.0.1: niet bezorgd",
    ]
    assert post.read()[0]["subject"] == "Voorbeeld: proefbericht"


@pytest.mark.parametrize("address", ["onbekend://ergens", "mailto://", "json://"])
def test_an_address_that_no_service_knows_is_not_delivered(address: str) -> None:
    assert meldingen.send_one(address, "titel", "tekst") is False


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("mailto://jan:geheim@post.voorbeeld.nl:587?to=x@y.nl", "mailto://post.voorbeeld.nl"),
        ("workflows://prod.logic.azure.com/abc/def", "workflows://prod.logic.azure.com"),
        ("json://:wachtwoord@haak.nl/token?x=1", "json://haak.nl"),
        ("mailto://", "mailto://..."),
    ],
)
def test_an_address_is_shown_without_its_secrets(address: str, shown: str) -> None:
    assert meldingen.without_secrets(address) == shown
