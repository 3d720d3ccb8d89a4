"""The key of the pseudonyms: where it comes from and whether it is the one this werkmap was filled with.

What does not belong here: making pseudonyms (core/pseudonyms.py). The key itself never leaves memory: not in a log, a
message or a file.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from werkmonitor.core import atomic
from werkmonitor.core.trouble import in_words
from werkmonitor.core.types import ConfigurationError

MINIMUM = 32
_CONSTANT = b"werkmonitor vingerafdruk van de sleutel, versie 1"
_HOW = (
    "Maak er een met\n"
    "    (umask 077; python3 -c 'import secrets; print(secrets.token_hex(32))' > werkmonitor.sleutel)\n"
    "en zet WERKMONITOR_SLEUTEL_BESTAND=werkmonitor.sleutel in de omgeving. Bewaar de sleutel buiten de werkmap; "
    "deel hem met niemand."
)


def load_key(env: Mapping[str, str]) -> bytes:
    """The key from WERKMONITOR_SLEUTEL, else from the file that WERKMONITOR_SLEUTEL_BESTAND names. Raises
    ConfigurationError."""
    text, origin = _text(env)
    if len(text) < MINIMUM:
        raise ConfigurationError(
            f"De sleutel in {origin} heeft {len(text)} tekens; minstens {MINIMUM} zijn nodig. {_HOW}"
        )
    return text.encode("utf-8")


def _text(env: Mapping[str, str]) -> tuple[str, str]:
    if env.get("WERKMONITOR_SLEUTEL"):
        return env["WERKMONITOR_SLEUTEL"].strip(), "WERKMONITOR_SLEUTEL"
    name = env.get("WERKMONITOR_SLEUTEL_BESTAND")
    if not name:
        raise ConfigurationError(
            "Er is geen sleutel voor de pseudoniemen: WERKMONITOR_SLEUTEL en WERKMONITOR_SLEUTEL_BESTAND ontbreken. "
            f"{_HOW}"
        )
    return _read(Path(name)), f"het bestand {name} (WERKMONITOR_SLEUTEL_BESTAND)"


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = in_words(error) if isinstance(error, OSError) else "geen tekst"
        raise ConfigurationError(
            f"Het sleutelbestand {path} (WERKMONITOR_SLEUTEL_BESTAND) is niet te lezen: {reason}. {_HOW}"
        ) from None


def fingerprint(key: bytes) -> str:
    """What is kept to recognise a key; the key cannot be found from it."""
    return hmac.new(key, _CONSTANT, sha256).hexdigest()


def guard_key(key: bytes, path: Path, *, replace: bool = False) -> None:
    """Refuse a key other than the one whose fingerprint is at `path`, unless `replace`; keep the fingerprint of a first
    or new key."""
    found = fingerprint(key)
    kept = path.read_text(encoding="ascii", errors="replace").strip() if path.exists() else ""
    if kept and hmac.compare_digest(kept, found):
        return
    if kept and not replace:
        raise ConfigurationError(
            f"De sleutel is een andere dan die waarmee {path.parent} is gevuld. Zet de oude sleutel terug, "
            "of geef --nieuwe-sleutel als de wisseling bedoeld is: cijfers blijven gelijk, pseudoniemen niet."
        )
    _write(path, found)


def _write(path: Path, text: str) -> None:
    atomic.write_file(path, f"{text}\n".encode("ascii"), mode=0o600)
