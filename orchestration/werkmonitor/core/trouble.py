"""What the operating system says is wrong, in Dutch. Only the words; what to do about it is said by whoever met it."""

from __future__ import annotations

import errno

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
    errno.ENOTEMPTY: "de map is niet leeg",
}


def in_words(error: BaseException) -> str:
    """Why the operating system refused, without the name of the file."""
    code = error.errno if isinstance(error, OSError) else None
    if code is None:
        return f"onbekende fout ({type(error).__name__})"
    return _WORDS.get(code, f"fout {errno.errorcode.get(code, code)} van het besturingssysteem")
