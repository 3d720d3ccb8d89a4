"""The key of the pseudonyms: where it comes from, what is refused, and that it never shows."""

from __future__ import annotations

from pathlib import Path

import pytest
from werkmonitor.core.keys import fingerprint, guard_key, load_key
from werkmonitor.core.types import ConfigurationError

KEY = "a1" * 32
OTHER = "b2" * 32


def test_from_the_environment_or_a_file(tmp_path: Path) -> None:
    file = tmp_path / "sleutel"
    file.write_text(KEY + "\n", encoding="utf-8")
    assert load_key({"WERKMONITOR_SLEUTEL": KEY}) == KEY.encode()
    assert load_key({"WERKMONITOR_SLEUTEL_BESTAND": str(file)}) == KEY.encode()


@pytest.mark.parametrize(
    ("env", "part"),
    [
        ({}, "ontbreken"),
        ({"WERKMONITOR_SLEUTEL": ""}, "ontbreken"),
        ({"WERKMONITOR_SLEUTEL": "x" * 31}, "31 tekens; minstens 32"),
        ({"WERKMONITOR_SLEUTEL_BESTAND": "/bestaat/niet"}, "/bestaat/niet"),
    ],
)
def test_a_missing_or_short_key_says_how_to_make_one(env: dict[str, str], part: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load_key(env)
    assert part in str(caught.value)
    assert "secrets.token_hex(32)" in str(caught.value)
    assert "x" * 31 not in str(caught.value)


def test_exactly_32_characters_will_do() -> None:
    assert load_key({"WERKMONITOR_SLEUTEL": "k" * 32}) == b"k" * 32


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    file = tmp_path / "sleutel"
    file.write_bytes(b"\xff\xfe\x00" * 20)
    with pytest.raises(ConfigurationError, match="niet te lezen"):
        load_key({"WERKMONITOR_SLEUTEL_BESTAND": str(file)})


def test_another_key_is_refused_unless_it_is_meant(tmp_path: Path) -> None:
    kept = tmp_path / "sleutel.vingerafdruk"
    guard_key(KEY.encode(), kept)
    guard_key(KEY.encode(), kept)
    with pytest.raises(ConfigurationError, match="--nieuwe-sleutel"):
        guard_key(OTHER.encode(), kept)
    assert kept.read_text().strip() == fingerprint(KEY.encode())
    guard_key(OTHER.encode(), kept, replace=True)
    guard_key(OTHER.encode(), kept)


def test_the_fingerprint_file_is_private_and_does_not_hold_the_key(tmp_path: Path) -> None:
    kept = tmp_path / "sleutel.vingerafdruk"
    guard_key(KEY.encode(), kept)
    assert kept.stat().st_mode & 0o077 == 0
    assert KEY not in kept.read_text()
    assert list(tmp_path.iterdir()) == [kept]
