"""Pseudonyms of persons: HMAC-SHA-256(key, soort, naamruimte, id). The only place where an id is turned into one.

The key comes in as bytes and stays in Python: it is never part of SQL text, a message or a file. Not here: where the
key is kept (`keys.py`) and which ids are valid (`contracts/conversion.py`).
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable

SEPARATOR = b"\x1f"
BSN = "bsn"
CLIENTNUMMER = "clientnummer"


def row_salt(key: bytes) -> str:
    """What the keys of rows are hashed with, so that a finding is known again and nobody can guess its key. Another
    key gives other hashes: the findings of before then close and open anew.
    """
    return hmac.digest(key, b"werkmonitor identiteit van een rij, versie 1", "sha256").hex()


def pseudonyms(key: bytes, soort: str, naamruimte: str, ids: Iterable[str]) -> list[str]:
    """The pseudonym of each id, as 64 hex. A bsn is the same everywhere and has no naamruimte.

    The fields are joined with a separator that no id holds, so that no two different triples give one message.
    """
    space = "" if soort == BSN else naamruimte
    prefix = SEPARATOR.join((soort.encode(), space.encode(), b""))
    return [hmac.digest(key, prefix + person.encode(), "sha256").hex() for person in ids]
