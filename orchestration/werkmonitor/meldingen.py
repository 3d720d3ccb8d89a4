"""Sending what a night has to tell (mail, Teams, webhook: every kind of address that apprise knows), after every run,
by command line and by Dagster alike.

What is said is decided in core/notices, what was said before in core/mailbox. Whatever goes wrong here never fails a
run: it is reported in the log, in `werkmonitor status`, to the other operators, and tried again after the next run.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from werkmonitor.core import atomic, mailbox
from werkmonitor.core.mailbox import Mailbox
from werkmonitor.core.notices import OPERATOR, OWNER, Ending, Letter, address_key, digests, operator_letter
from werkmonitor.core.source_news import source_news
from werkmonitor.core.status import LateSource, late_sources, newest_deliveries
from werkmonitor.core.trouble import in_words
from werkmonitor.core.workspace import NightFolder, Workspace
from werkmonitor.settings import Settings

if TYPE_CHECKING:
    import apprise

# One address, title and text; whether it was accepted.
Send = Callable[[str, str, str], bool]


def after_night(settings: Settings, ending: Ending, folder: NightFolder | None, send: Send | None = None) -> list[str]:
    """Tell operators and owners what is new since they were last told. Gives sentences for the log of the run; never
    raises."""
    if not addresses(settings):
        return []
    try:
        return _after_night(settings, ending, folder, send or send_one)
    except Exception as error:
        why = in_words(error) if isinstance(error, OSError) else type(error).__name__
        return [
            f"De meldingen van deze nacht konden niet worden verstuurd ({why}). De volgende run probeert het opnieuw."
        ]


def _after_night(settings: Settings, ending: Ending, folder: NightFolder | None, send: Send) -> list[str]:
    workspace = Workspace(settings.monitor.werkmap).create()
    news = source_news(folder, workspace.findings_state, ending.today)
    late = _late(settings, ending)
    with atomic.exclusive(workspace.messages_lock):
        post = _Post(mailbox.load(workspace.messages), ending, send)
        post.box.keep_only(address_key(kind, address) for kind, address in addresses(settings))
        for letter in digests(settings, ending, news, late):
            post.hand_over(letter)
        for address in dict.fromkeys(settings.meldingen.beheer):
            post.hand_over(operator_letter(settings, ending, late, post.box.undelivered(), address))
        mailbox.save(post.box, workspace.messages)
    return post.sentences()


class _Post:
    """One round along all addresses."""

    def __init__(self, box: Mailbox, ending: Ending, send: Send) -> None:
        self.box, self._ending, self._send = box, ending, send
        self._sent: list[str] = []

    def hand_over(self, letter: Letter) -> None:
        today = self._ending.today
        due = self.box.due(letter, today)
        if due is None:
            return
        shown = without_secrets(letter.address)
        if self._send(due.address, due.title, due.body):
            self.box.delivered(due)
            self._sent.append(shown)
        else:
            self.box.failed(due, letter, shown, today)

    def sentences(self) -> list[str]:
        told = [f"Gemeld aan {', '.join(self._sent)}."] if self._sent else []
        return [*told, *self.box.undelivered().values()]


def _late(settings: Settings, ending: Ending) -> list[LateSource]:
    return late_sources(settings, newest_deliveries(settings), ending.today)


def addresses(settings: Settings) -> list[tuple[str, str]]:
    """Every configured address with its kind: (beheer or bron, address)."""
    owners = [(OWNER, address) for source in settings.bronnen.values() for address in source.waarschuw]
    return list(dict.fromkeys([*((OPERATOR, address) for address in settings.meldingen.beheer), *owners]))


def undelivered(settings: Settings) -> list[str]:
    """What could not be delivered, for `status`."""
    return list(mailbox.load(Workspace(settings.monitor.werkmap).messages).undelivered().values())


def try_addresses(settings: Settings, send: Send | None = None) -> list[tuple[str, bool]]:
    """Send a trial message to every address; each as it may be shown, with whether it was accepted."""
    title = f"{settings.monitor.naam}: proefbericht"
    body = "Dit is een proefbericht van werkmonitor. Komt het aan, dan komen de berichten over de nacht ook aan."
    deliver = send or send_one
    return [
        (without_secrets(address), deliver(address, title, body))
        for address in dict.fromkeys(address for _, address in addresses(settings))
    ]


def send_one(address: str, title: str, body: str) -> bool:
    """Hand one message to apprise, now, in plain text."""
    import apprise

    service = apprise.Apprise.instantiate(address, asset=_asset())
    if service is None:
        return False
    if service.notify_format == apprise.NotifyFormat.HTML:
        # Mail: as HTML apprise would make every space a hard one, and no line would fit a screen.
        service.notify_format = apprise.NotifyFormat.TEXT
    sender = apprise.Apprise(service, asset=_asset())
    kind = apprise.NotifyType.INFO
    return bool(sender.notify(body=body, title=title, notify_type=kind, body_format=apprise.NotifyFormat.TEXT))


def without_secrets(address: str) -> str:
    """An address as it may stand in a log: kind and host, without names, passwords and tokens."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.hostname or '...'}"


def _asset() -> apprise.AppriseAsset:
    """apprise under our name: nothing kept on disk, no pictures from elsewhere, one message after the other."""
    import apprise

    # Its warnings hold parts of addresses; whether it worked is what it gives back.
    logging.getLogger("apprise").setLevel(logging.CRITICAL + 1)
    return apprise.AppriseAsset(
        app_id="werkmonitor",
        app_desc="werkmonitor",
        app_url="",
        image_url_mask="",
        image_url_logo="",
        image_path_mask="",
        async_mode=False,
        storage_mode=apprise.PersistentStoreMode.MEMORY,
        secure_logging=True,
    )


def lines_of(results: Sequence[tuple[str, bool]]) -> list[str]:
    """The outcome of a trial, a line an address."""
    return [f"{shown}: {'aangenomen' if accepted else 'niet bezorgd'}" for shown, accepted in results]


__all__ = ["Send", "after_night", "lines_of", "send_one", "try_addresses", "undelivered", "without_secrets"]
