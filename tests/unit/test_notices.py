"""What is told after a night, to whom, and never twice. Pure: no sending (tests/integration/test_messages.py does)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from werkmonitor import meldingen
from werkmonitor.core import mailbox
from werkmonitor.core.findings import COLUMNS
from werkmonitor.core.mailbox import Mailbox
from werkmonitor.core.notices import Ending, Letter, digests, ending_of_error, operator_letter
from werkmonitor.core.source_news import SourceNews, source_news
from werkmonitor.core.status import LateSource
from werkmonitor.core.types import AlreadyRunning, ConfigurationError, DeliveryUnreadable
from werkmonitor.core.workspace import NightFolder, Workspace
from werkmonitor.settings import MessageSettings, MonitorSettings, Settings, SourceSettings, load_settings

DAY, NEXT = date(2026, 1, 16), date(2026, 1, 17)
OPERATOR = "mailto://beheer:geheim@post.voorbeeld.nl?to=beheer@voorbeeld.nl"
INCOME = "mailto://post.voorbeeld.nl?to=inkomen@voorbeeld.nl"
RULE = "datum.onleesbaar"
GOOD, SAME = Ending("gepubliceerd", (), DAY), Ending("ongewijzigd", (), NEXT)
HELD = Ending("tegengehouden", ("De controle uitkering.overlap op uitkering mislukte (7 foute rijen of cellen).",), DAY)


def organisation(folder: Path = Path("/nergens"), *, operators: Sequence[str] = (OPERATOR,)) -> Settings:
    source: dict[str, Any] = {"entiteiten": ["uitkering"], "waarschuw": [INCOME]}
    return Settings(
        monitor=MonitorSettings(
            naam="Voorbeeld", regio_code="AM08", landing=folder / "landing", werkmap=folder / "werk"
        ),
        bronnen={
            "uitkeringen": SourceSettings(**source),
            "bus": SourceSettings(**source),
            "polis": SourceSettings(entiteiten=["dienstverband"], waarschuw=["json://polis.voorbeeld.nl/haak"]),
        },
        meldingen=MessageSettings(beheer=list(operators)),
    )


def late(bron: str = "polis") -> LateSource:
    return LateSource(bron, date(2025, 12, 1), date(2026, 1, 1), "UWV", ())


def operator(ending: Ending, late_ones: Sequence[LateSource] = (), failed: dict[str, str] | None = None) -> Letter:
    return operator_letter(organisation(), ending, late_ones, failed or {}, OPERATOR)


def told(box: Mailbox, letter: Letter, today: date = DAY) -> str | None:
    """What this address hears, when it arrives."""
    due = box.due(letter, today)
    if due is None:
        return None
    box.delivered(due)
    return due.body


# ---- what is told --------------------------------------------------------------------------------


def test_a_hold_names_the_reasons_and_what_stands() -> None:
    body = told(Mailbox(), operator(HELD)) or ""
    assert "De release is tegengehouden. De vorige release blijft staan." in body
    assert "uitkering.overlap" in body
    assert operator(HELD).title == "Voorbeeld: release tegengehouden"


def test_an_owner_gets_one_digest_about_all_sources_of_that_address() -> None:
    news = {
        "uitkeringen": SourceNews(
            "uitkeringen",
            date(2026, 1, 15),
            delivered=1000,
            accepted=990,
            refused=Counter({RULE: 10}),
            opened=Counter({("quarantaine", RULE): 4, ("bevinding", "uitkering.overlap"): 9}),
            closed=Counter({("quarantaine", RULE): 2}),
        )
    }
    income, polis = digests(organisation(), GOOD, news, [late("bus"), late("polis")])
    assert income.address == INCOME and "uitkeringen, bus" in income.title
    body = income.body
    assert "uitkeringen: nieuw gevonden op 2026-01-16:" in body
    assert f"- {RULE}, 4 rijen (geweigerd). De waarde is geen bestaande datum. Herstel:" in body
    assert "uitkering.overlap, 9 rijen (opmerking)" in body
    assert f"uitkeringen: hersteld op 2026-01-16:\n- {RULE}, 2 rijen" in body
    assert "Te laat: bus leverde voor het laatst op 2025-12-01" in body
    assert "1000 rijen gelezen, 990 aanvaard, 10 geweigerd (datum.onleesbaar)" in body
    assert [item.subject for item in polis.news] == ["polis/laat"]


def test_only_the_owner_of_an_unreadable_file_is_told_of_it() -> None:
    error = DeliveryUnreadable("uitkeringen/2026-01-15/uitkering.csv: het bestand is leeg. Lever het opnieuw.")
    ending = ending_of_error(error, DAY)
    assert ending.outcome == "onleesbaar" and ending.unreadable == "uitkeringen/2026-01-15/uitkering.csv"
    income, polis = digests(organisation(), ending, {}, [])
    assert "uitkeringen/2026-01-15/uitkering.csv: het bestand is leeg" in income.body
    assert polis.news == ()


def test_the_text_of_an_error_that_is_not_ours_goes_nowhere() -> None:
    ending = ending_of_error(ValueError("persoon 999911120"), DAY)
    assert ending.outcome == "fout" and "ValueError" in ending.reasons[0] and "9999" not in str(ending)


def test_no_long_number_leaves_whatever_a_message_holds() -> None:
    ending = Ending("fout", ("kolom 999911120 van 2026-01-15, 123456 rijen",), DAY)
    body = operator(ending).body
    assert "999911120" not in body and "2026-01-15, 123456 rijen" in body


# ---- never twice, and not forgotten --------------------------------------------------------------


def test_the_same_hold_is_told_once_another_one_is_told_again() -> None:
    box = Mailbox()
    assert told(box, operator(HELD))
    assert told(box, operator(HELD), NEXT) is None
    other = Ending("tegengehouden", ("Nu iets anders.",), NEXT)
    assert "Nu iets anders." in (told(box, operator(other), NEXT) or "")


def test_the_end_of_a_hold_is_told_to_whom_the_hold_was_told_and_a_new_one_is_news() -> None:
    box = Mailbox()
    assert told(box, operator(GOOD)) is None
    assert told(box, operator(HELD))
    assert "Opgelost: de nacht is weer in orde" in (told(box, operator(SAME), NEXT) or "")
    assert told(box, operator(SAME), NEXT) is None
    assert told(box, operator(HELD), NEXT)


def test_a_late_source_is_told_once_until_it_has_delivered() -> None:
    box = Mailbox()
    assert "polis leverde voor het laatst" in (told(box, operator(GOOD, [late()])) or "")
    assert told(box, operator(SAME, [late()]), NEXT) is None
    assert told(box, operator(SAME), NEXT) is None
    assert told(box, operator(GOOD, [late()]), NEXT)


def test_what_was_not_delivered_comes_along_with_the_next_news() -> None:
    box = Mailbox()
    first = digests(organisation(), GOOD, {"uitkeringen": opened(3)}, [])[0]
    fail(box, first, DAY)
    nothing = digests(organisation(), SAME, {}, [])[0]
    body = told(box, nothing, NEXT) or ""
    assert body.startswith("(Van 2026-01-16, eerder niet bezorgd.) uitkeringen: nieuw gevonden")
    assert told(box, nothing, NEXT) is None and not box.undelivered()


def test_what_waits_is_replaced_by_newer_news_and_lateness_that_is_over_is_dropped() -> None:
    box = Mailbox()
    fail(box, operator(HELD, [late()]), DAY)
    other = Ending("tegengehouden", ("Nu iets anders.",), NEXT)
    body = told(box, operator(other), NEXT) or ""
    assert "Nu iets anders." in body and "uitkering.overlap" not in body and "polis" not in body


def test_an_all_clear_that_was_not_delivered_is_told_the_next_night() -> None:
    box = Mailbox()
    assert told(box, operator(HELD))
    fail(box, operator(GOOD), DAY)
    assert (told(box, operator(SAME), NEXT) or "").startswith("Opgelost")


def test_what_waits_for_more_than_a_month_is_not_sent_any_more() -> None:
    box = Mailbox()
    letter = digests(organisation(), GOOD, {"uitkeringen": opened(3)}, [])[0]
    fail(box, letter, date(2025, 12, 1))
    assert box.due(digests(organisation(), SAME, {}, [])[0], NEXT) is None


def opened(rows: int) -> SourceNews:
    return SourceNews("uitkeringen", opened=Counter({("quarantaine", RULE): rows}))


def fail(box: Mailbox, letter: Letter, day: date) -> None:
    due = box.due(letter, day)
    assert due is not None
    box.failed(due, letter, "mailto://post.voorbeeld.nl", day)


def test_the_state_survives_on_disk_without_addresses_and_for_its_owner_only(tmp_path: Path) -> None:
    box, path = Mailbox(), tmp_path / "meldingen.json"
    assert told(box, operator(HELD))
    fail(box, digests(organisation(), GOOD, {"uitkeringen": opened(3)}, [])[0], DAY)
    mailbox.save(box, path)
    assert mailbox.load(path) == box
    assert path.stat().st_mode & 0o777 == 0o600
    assert "geheim" not in path.read_text() and "inkomen@" not in path.read_text()


@pytest.mark.parametrize("content", ["", "[]", '{"adressen": {"x": 1}}', "{"])
def test_a_damaged_state_is_begun_anew(tmp_path: Path, content: str) -> None:
    path = tmp_path / "meldingen.json"
    path.write_text(content)
    assert mailbox.load(path) == Mailbox()


# ---- the round along all addresses ---------------------------------------------------------------


class Post:
    """Accepts every message but those to the hosts in `down`."""

    def __init__(self, *down: str) -> None:
        self.down, self.sent = down, []  # type: ignore[var-annotated]

    def __call__(self, address: str, title: str, body: str) -> bool:
        if any(host in address for host in self.down):
            return False
        self.sent.append((address, title, body))
        return True


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    found = organisation(tmp_path, operators=[OPERATOR, "json://wacht.voorbeeld.nl"])
    for bron in found.bronnen:
        (found.monitor.landing / bron / "2026-01-15").mkdir(parents=True)
    return found


def test_a_failed_delivery_fails_nothing_is_reported_and_tried_again(settings: Settings) -> None:
    down, up = Post("beheer@voorbeeld.nl"), Post()
    said = meldingen.after_night(settings, HELD, None, down)
    assert [address for address, *_ in down.sent] == ["json://wacht.voorbeeld.nl"]
    assert any("Berichten aan mailto://post.voorbeeld.nl (beheer) komen sinds 2026-01-16 niet aan." in s for s in said)
    assert "komen sinds 2026-01-16 niet aan" in down.sent[0][2]
    assert "geheim" not in "".join(said) + down.sent[0][2]
    assert meldingen.undelivered(settings) == said[1:]

    assert meldingen.after_night(settings, HELD, None, up) == ["Gemeld aan mailto://post.voorbeeld.nl."]
    assert [address for address, *_ in up.sent] == [OPERATOR]
    assert meldingen.undelivered(settings) == []
    assert meldingen.after_night(settings, HELD, None, up) == []


def test_an_address_that_is_configured_no_more_is_forgotten(settings: Settings) -> None:
    meldingen.after_night(settings, HELD, None, Post("beheer@voorbeeld.nl"))
    fewer = settings.model_copy(update={"meldingen": MessageSettings(beheer=["json://wacht.voorbeeld.nl"])})
    meldingen.after_night(fewer, HELD, None, Post())
    assert meldingen.undelivered(fewer) == []
    assert len(mailbox.load(Workspace(settings.monitor.werkmap).messages).boxes) == 3


def test_trouble_with_the_messages_themselves_never_raises(settings: Settings) -> None:
    def broken(address: str, title: str, body: str) -> bool:
        raise RuntimeError("kapot")

    (sentence,) = meldingen.after_night(settings, HELD, None, broken)
    assert "konden niet worden verstuurd (RuntimeError)" in sentence


def test_without_addresses_nothing_is_made(tmp_path: Path) -> None:
    found = organisation(tmp_path, operators=[])
    quiet = {bron: source.model_copy(update={"waarschuw": []}) for bron, source in found.bronnen.items()}
    assert meldingen.after_night(found.model_copy(update={"bronnen": quiet}), HELD, None, Post()) == []
    assert not found.monitor.werkmap.exists()


def test_a_message_says_late_by_the_clock_of_today(settings: Settings) -> None:
    post = Post()
    meldingen.after_night(settings, Ending("gepubliceerd", (), date(2026, 3, 1)), None, post)
    assert all("Te laat" in body for _, _, body in post.sent) and len(post.sent) == 4


def test_an_error_of_a_second_run_names_who_runs() -> None:
    ending = ending_of_error(AlreadyRunning("Er loopt al een run in /werk (proces 12, sinds 02:30)."), DAY)
    assert "proces 12" in operator(ending).body
    assert ending_of_error(ConfigurationError("x"), DAY).outcome == "fout"


# ---- what a night meant for a source -------------------------------------------------------------


def test_source_news_counts_by_rule_what_opened_and_closed_today(tmp_path: Path) -> None:
    folder, state = NightFolder(tmp_path / "nacht").create(), tmp_path / "bevindingen.parquet"
    duckdb.execute(
        "copy (select 'u' bron, date '2026-01-15' leverdatum, 10 aangeleverd, 7 aanvaard) to "
        f"'{folder.counts}' (format parquet)"
    )
    duckdb.execute(f"copy (select 'u' bron, '{RULE}' regel from range(3)) to '{folder.quarantine}' (format parquet)")
    rows = [
        ("2026-01-16", None, 3),  # opened today
        ("2026-01-16", "2026-01-16", 5),  # opened and closed by two runs of one day: not worth a word
        ("2026-01-02", "2026-01-16", 2),  # closed today
        ("2026-01-02", None, 9),  # open for long
        ("2026-01-02", "2026-01-10", 4),  # closed before
    ]
    columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
    with duckdb.connect() as connection:
        connection.execute(f"create table s ({columns})")
        connection.executemany(
            "insert into s by name select 'quarantaine' soort, 'u' bron, 'uitkering' entiteit,"
            " 'datum.onleesbaar' regel, '' kolom, 'x' sleutel, ?::date geopend, ?::date gesloten, ? aantal",
            rows,
        )
        connection.execute(f"copy s to '{state}' (format parquet)")
    news = source_news(folder, state, DAY)["u"]
    assert (news.delivered, news.accepted, news.refused) == (10, 7, Counter({RULE: 3}))
    assert news.opened == Counter({("quarantaine", RULE): 3})
    assert news.closed == Counter({("quarantaine", RULE): 2})
    assert source_news(None, tmp_path / "geen.parquet", DAY) == {}


# ---- the addresses in the configuration ----------------------------------------------------------


@pytest.mark.parametrize(
    "lines",
    [
        '[meldingen]\nbeheer = ["jan:geheim@post.nl"]',
        '[meldingen]\nbeheer = "mailto://jan:geheim@post.nl"',
        "[meldingen]\nbeheer = [5, 'mailto://jan:geheim@post.nl']",
        '[bronnen.polis]\nentiteiten = ["dienstverband"]\nwaarschuw = ["jan:geheim@post.nl"]',
    ],
)
def test_a_wrong_address_is_refused_by_its_place_and_without_its_secret(tmp_path: Path, lines: str) -> None:
    file = tmp_path / "werkmonitor.toml"
    file.write_text(
        '[monitor]\nnaam = "X"\nregio_code = "AM08"\n[bronnen.u]\nentiteiten = ["uitkering"]\n' + lines, "utf-8"
    )
    with pytest.raises(ConfigurationError) as caught:
        load_settings(file, {})
    assert "geheim" not in str(caught.value)
    assert "waarschuw" in str(caught.value) or "beheer" in str(caught.value)
