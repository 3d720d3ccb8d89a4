"""On random rows, good, bad and garbage: every row is counted once, and no person's number gets past the door."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ingest_kit import UITKERING, Landing, outcome
from werkmonitor.core.types import DeliveryUnreadable

# Invented, and of a shape that nothing else in these files has.
PERSONS = ["CLIENT-7700", "CLIENT-7711", "CLIENT-7722"]
DAYS = ["2020-01-01", "20200102", "03-01-2020", "2020-02-31", "20200100", "", "9999-12-31", "2019-12-31", "onzin"]
garbage = st.text(st.characters(codec="utf-8", exclude_characters="\n\r\x00"), max_size=8)
cells = st.tuples(
    st.sampled_from(["D1", "D2", "D3", ""]) | garbage,
    st.sampled_from([*PERSONS, ""]),
    st.sampled_from(["PW", "IOAW", "TOZO", "XX", *PERSONS]),
    st.sampled_from(["GM0268", "268", "GM0363", "GM9999", "GM0241", ""]) | garbage,
    st.sampled_from([*DAYS, *PERSONS]),
    st.sampled_from([*DAYS, *PERSONS]),
    st.sampled_from(["11", "1", "12", "", *PERSONS]),
    st.sampled_from(["1", "9", ""]) | garbage,
)


def _line(row: tuple[str, ...]) -> str:
    return ",".join('"' + cell.replace('"', '""') + '"' for cell in row)


lines = (
    cells.map(_line)
    | cells.map(",".join)
    | cells.map(lambda row: ",".join(row[:4]))
    | garbage.map(lambda g: f"{g},{g}")
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rows=st.lists(lines.filter(lambda text: text != ""), max_size=12), monthly=st.booleans())
def test_every_row_is_counted_once_and_no_number_gets_out(rows: list[str], monthly: bool) -> None:
    kind = "maandbestand" if monthly else "volledig"
    with tempfile.TemporaryDirectory() as folder:
        landing = Landing(Path(folder), bron={"entiteiten": ["persoon", "uitkering"], "soort_levering": kind})
        landing.put("persoon", "persoon_id,geboortedatum\n" + "".join(f"{p},1980-01-01\n" for p in PERSONS))
        landing.put("uitkering", "\n".join([UITKERING, *rows, ""]), day="2026-01-15")
        landing.put("uitkering", "\n".join([UITKERING, *rows[::2], ""]), day="2026-02-15")
        try:
            total, *parts = outcome(landing.run())
        except DeliveryUnreadable as error:
            # Quotes that hide rows make a file unreadable as a whole: then nothing is counted, and the message says so.
            assert "aanhalingstekens" in str(error)
            return
        delivered = len(PERSONS) + len(rows[::2]) + (len(rows) if monthly else 0)
        assert total == sum(parts) == delivered or '"' in "".join(rows)
        assert total == sum(parts)
        for count in landing.counts():
            assert count["aangeleverd"] == sum(count[k] for k in ("aanvaard", "dubbel", "buiten_bereik", "quarantaine"))
        keys = [(row["dossier_id"], row["persoon"], row["begindatum"]) for row in landing.accepted()]
        assert len(keys) == len(set(keys))
        _assert_no_number(landing)


def _assert_no_number(landing: Landing) -> None:
    """No number in what the intake wrote, but in a dossier_id that a source itself filled with one."""
    shown = [{**row, "dossier_id": None} for row in landing.accepted()]
    text = str([shown, landing.quarantine(), landing.findings(), landing.counts()])
    assert not any(person in text for person in PERSONS)
