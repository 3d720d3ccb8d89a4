"""What the operating system says is wrong: in Dutch, and whether it can pass by itself.

What to do about it is said by whoever met it. How long to wait is known by `patience.py`.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator

from werkmonitor.core.types import WerkmonitorError

_WORDS = {
    errno.ENOENT: "het bestaat niet",
    errno.EACCES: "geen toegang",
    errno.EPERM: "geen toegang",
    errno.EISDIR: "het is een map",
    errno.ENOTDIR: "een deel van het pad is geen map",
    errno.EEXIST: "er staat al iets met die naam",
    errno.ENOSPC: "de schijf is vol",
    errno.EDQUOT: "de toegestane ruimte is op",
    errno.EFBIG: "het bestand wordt groter dan is toegestaan",
    errno.EROFS: "de schijf is alleen te lezen",
    errno.ENAMETOOLONG: "de naam is te lang",
    errno.ELOOP: "een verwijzing loopt in een kring",
    errno.EMFILE: "er staan te veel bestanden open",
    errno.ENFILE: "er staan te veel bestanden open",
    errno.EIO: "de schijf geeft een leesfout of schrijffout",
    errno.ESTALE: "de netwerkschijf is niet bereikbaar",
    errno.ETIMEDOUT: "de netwerkschijf antwoordt niet",
    errno.EBUSY: "een ander programma gebruikt het",
    errno.ENOLCK: "de schijf kent geen sloten",
    errno.EOPNOTSUPP: "de schijf kan dat niet",
    errno.ENOTEMPTY: "de map is niet leeg",
}

# A share that is away for a while, or a file that another program holds. Not here: a full disk (nobody makes room at
# night, and the next run would fill it again), no access, not enough memory.
_PASSING = frozenset(
    {
        *(errno.EBUSY, errno.ETXTBSY, errno.EAGAIN, errno.EDEADLK, errno.EINTR, errno.ENFILE),
        *(errno.EIO, errno.ESTALE, errno.EREMOTEIO, errno.ENOLINK, errno.ETIMEDOUT, errno.ENOTCONN),
        *(errno.EHOSTDOWN, errno.EHOSTUNREACH, errno.ENETDOWN, errno.ENETUNREACH, errno.ENETRESET),
        *(errno.ECONNRESET, errno.ECONNREFUSED, errno.ECONNABORTED),
    }
)
# DuckDB and dbt pass on what the operating system said in words only.
_PASSING_IN_WORDS = (
    "could not set lock on file",
    "device or resource busy",
    "resource temporarily unavailable",
    "stale file handle",
    "input/output error",
    "connection timed out",
    "host is down",
    "no route to host",
    "transport endpoint is not connected",
)


def passes_by_itself(error: BaseException) -> bool:
    """Whether the same run may succeed in a while although nobody mended anything; everything else is permanent.

    This is the one place that tells them apart: a lock that is held, a share that is away and a file that is being
    written pass; wrong configuration, an unreadable delivery, a full disk and a mistake of ours do not. A held
    release is no error at all.
    """
    return any(_passes(link) for link in chain(error))


def _passes(error: BaseException) -> bool:
    if isinstance(error, WerkmonitorError):
        return error.passes
    if isinstance(error, OSError) and error.errno is not None:
        return error.errno in _PASSING
    words = str(error).lower()
    return any(sign in words for sign in _PASSING_IN_WORDS)


def chain(error: BaseException) -> Iterator[BaseException]:
    """The error and everything that was behind it, also what was hidden with `from None`."""
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        yield link
        link = link.__cause__ or link.__context__


def in_words(error: BaseException) -> str:
    """Why the operating system refused, without the name of the file."""
    code = error.errno if isinstance(error, OSError) else None
    if code is None:
        return f"onbekende fout ({type(error).__name__})"
    return _WORDS.get(code, f"fout {errno.errorcode.get(code, code)} van het besturingssysteem")
