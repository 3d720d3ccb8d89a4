"""What is told after a night, and to whom: one message for each operator, one digest for each owner of sources.

Pure: from how the night ended to the letters that could be sent. Counts, rules and names of files; never rows, values
or ids. Not here: what was told already (`mailbox.py`) and sending (`werkmonitor/meldingen.py`).
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from werkmonitor.core.contracts import rules
from werkmonitor.core.source_news import REFUSED, Rules, SourceNews
from werkmonitor.core.status import LateSource
from werkmonitor.core.types import DeliveryUnreadable, WerkmonitorError
from werkmonitor.settings import Settings

OPERATOR, OWNER = "beheer", "bron"
GOOD = ("gepubliceerd", "ongewijzigd")
SHOWN_RULES = 10
OUTCOME = "uitkomst"
_IN_WORDS = {
    "gepubliceerd": "De nacht is gepubliceerd.",
    "ongewijzigd": "De nacht is klaar; er was niets veranderd.",
    "tegengehouden": "De release is tegengehouden.",
    "controlefout": "Een controle kon niet worden uitgevoerd; er is niets gepubliceerd.",
    "onleesbaar": "Een aanlevering kon niet worden gelezen; er is niets gepubliceerd.",
    "fout": "De nacht is misgegaan; er is niets gepubliceerd.",
}
_TITLES = {
    "tegengehouden": "release tegengehouden",
    "controlefout": "controle niet uitgevoerd",
    "onleesbaar": "aanlevering niet te lezen",
    "fout": "nacht misgegaan",
}
# Seven digits or more in a row could be the number of a person. A date, a year or a count is shorter.
_LONG_NUMBER = re.compile(r"\d{7,}")


@dataclass(frozen=True)
class Ending:
    """How a night ended: `outcome` as in latest.json, and why, in words for an operator."""

    outcome: str
    reasons: tuple[str, ...]
    today: date
    unreadable: str = ""  # the path of the delivery that could not be read, relative to the landing

    @property
    def good(self) -> bool:
        return self.outcome in GOOD


@dataclass(frozen=True)
class News:
    """One thing that is told once. `subject` says what it is about, `text` what is the matter.

    `lasting`: it is true as long as it is said (a source that is late); otherwise it happened (rows were refused) and
    is kept until it has been delivered. `all_clear`: only for who was told that something was wrong.
    """

    subject: str
    text: str
    lasting: bool = False
    all_clear: bool = False

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(self.text.encode("utf-8")).hexdigest()[:16]


@dataclass(frozen=True)
class Letter:
    """Everything that could be told to one address tonight; `context` is said only beside news."""

    kind: str
    address: str
    title: str
    news: tuple[News, ...]
    context: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return address_key(self.kind, self.address)

    @property
    def body(self) -> str:
        return "\n\n".join([*(item.text for item in self.news), *self.context])


def address_key(kind: str, address: str) -> str:
    """What an address is known by where it may not stand itself: it may hold a password."""
    return f"{kind}:{hashlib.sha256(address.encode('utf-8')).hexdigest()[:16]}"


def ending_of_error(error: BaseException, today: date) -> Ending:
    """How a night ended that came to no verdict. Of an error that is not ours only the kind is told: its text could
    hold anything."""
    if not isinstance(error, WerkmonitorError):
        words = (
            f"Onverwachte fout ({type(error).__name__}). Het logboek van de nacht heeft de hele melding; herhaal zo "
            "nodig met: werkmonitor run --debug"
        )
        return Ending("fout", (words,), today)
    if isinstance(error, DeliveryUnreadable):
        place = re.match(r"[^:]+?\.[A-Za-z0-9]+(?=[,:])", str(error))
        return Ending("onleesbaar", (str(error),), today, place[0] if place else "")
    return Ending("fout", (str(error),), today)


def operator_letter(
    settings: Settings, ending: Ending, late: Sequence[LateSource], failed: Mapping[str, str], address: str
) -> Letter:
    """Holds, errors, late sources, and the letters to others that could not be delivered (`failed`, by their key)."""
    items = (
        _outcome(ending),
        *(News(f"laat/{item.bron}", f"Te laat: {item.sentence()}", lasting=True) for item in late),
        *(
            News(f"bezorging/{key}", line, lasting=True)
            for key, line in failed.items()
            if key != address_key(OPERATOR, address)
        ),
    )
    title = f"{settings.monitor.naam}: {_operator_title(ending, late)}"
    state = _IN_WORDS.get(ending.outcome, "") if ending.good else ""
    return _letter(OPERATOR, address, title, items, (state, "Meer: werkmonitor status, werkmonitor bevindingen."))


def digests(
    settings: Settings, ending: Ending, news: Mapping[str, SourceNews], late: Sequence[LateSource]
) -> list[Letter]:
    """For each address under `waarschuw` one letter about all of its sources."""
    owned: dict[str, list[str]] = {}
    for bron, source in settings.bronnen.items():
        for address in dict.fromkeys(source.waarschuw):
            owned.setdefault(address, []).append(bron)
    lateness = {item.bron: item for item in late}
    found = []
    for address, bronnen in owned.items():
        items = [
            item
            for bron in bronnen
            for item in _source_items(settings, bron, ending, news.get(bron), lateness.get(bron))
        ]
        context = [
            *(_standing(news[bron]) for bron in bronnen if bron in news and news[bron].delivered),
            _IN_WORDS.get(ending.outcome, ""),
            "Welke rijen het zijn, ziet de steward met: werkmonitor bevindingen --csv",
        ]
        title = f"{settings.monitor.naam}: over uw levering ({', '.join(bronnen)})"
        found.append(_letter(OWNER, address, title, items, context))
    return found


def _letter(kind: str, address: str, title: str, items: Iterable[News], context: Iterable[str]) -> Letter:
    kept = tuple(News(item.subject, _safe(item.text), item.lasting, item.all_clear) for item in items)
    return Letter(kind, address, title, kept, tuple(_safe(line) for line in context if line))


def _outcome(ending: Ending) -> News:
    if ending.good:
        words = "gepubliceerd" if ending.outcome == "gepubliceerd" else "in orde; er was niets meer te doen"
        return News(OUTCOME, f"Opgelost: de nacht is weer {words}.", all_clear=True)
    opening = _IN_WORDS.get(ending.outcome, _IN_WORDS["fout"])
    rest = "De vorige release blijft staan."
    return News(OUTCOME, "\n".join([f"{opening} {rest}", *(f"- {reason}" for reason in ending.reasons)]))


def _operator_title(ending: Ending, late: Sequence[LateSource]) -> str:
    parts = [_TITLES.get(ending.outcome, ""), f"te laat: {', '.join(item.bron for item in late)}" if late else ""]
    return "; ".join(part for part in parts if part) or "bericht over de nacht"


def _source_items(
    settings: Settings, bron: str, ending: Ending, news: SourceNews | None, late: LateSource | None
) -> Iterator[News]:
    if late is not None:
        yield News(f"{bron}/laat", f"Te laat: {late.sentence()}", lasting=True)
    if ending.unreadable.startswith(f"{bron}/"):
        yield News(f"{bron}/onleesbaar", f"Niet te lezen: {' '.join(ending.reasons)}", lasting=True)
    if news is None:
        return
    day = ending.today
    if news.opened:
        yield News(f"{bron}/geopend", _listing(f"{bron}: nieuw gevonden op {day}", news.opened))
    if news.closed:
        yield News(f"{bron}/gesloten", _listing(f"{bron}: hersteld op {day}", news.closed, remedy=False))


def _listing(opening: str, found: Rules, *, remedy: bool = True) -> str:
    """A line a rule, the most rows first; the first few of many."""
    texts = rules()
    ordered = sorted(found.items(), key=lambda item: (item[0][0] != REFUSED, -item[1], item[0]))
    lines = [f"{opening}:"]
    for (soort, regel), rows in ordered[:SHOWN_RULES]:
        text = texts.get(regel)
        what = "geweigerd" if soort == REFUSED else "opmerking"
        explained = f" {text.uitleg}" if text else ""
        mended = f" Herstel: {text.herstel}" if text and remedy else ""
        lines.append(f"- {regel}, {_many(rows)} ({what}).{explained}{mended}")
    more = len(ordered) - SHOWN_RULES
    if more > 0:
        lines.append(f"- en nog {more} {'regel' if more == 1 else 'regels'}")
    return "\n".join(lines)


def _standing(news: SourceNews) -> str:
    refused: Counter[str] = news.refused
    total = sum(refused.values())
    told = (
        f"{total} geweigerd ({', '.join(regel for regel, _ in refused.most_common(5))})" if total else "geen geweigerd"
    )
    day = f", nieuwste levering {news.leverdatum}" if news.leverdatum else ""
    return f"Stand van {news.bron}{day}: {_many(news.delivered)} gelezen, {news.accepted} aanvaard, {told}."


def _many(number: int) -> str:
    return f"{number} {'rij' if number == 1 else 'rijen'}"


def _safe(text: str) -> str:
    return _LONG_NUMBER.sub("…", text)
