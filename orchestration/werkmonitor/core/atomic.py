"""Writing that survives being killed: beside, synced, then renamed; symlinks replaced in one step; a lock between
processes.

Only primitives on files and folders live here. What is written, and when, is known by the modules that call this
one.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

STAGING_PREFIX = ".bezig-"
REMOVAL_PREFIX = ".weg-"


def fsync_path(path: Path) -> None:
    """Force a file's content, or a folder's list of names, to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def beside(path: Path) -> Path:
    """Where to write what is to become `path`: the name says whose it is and is recognised when it is left behind."""
    return path.with_name(f"{STAGING_PREFIX}{path.name}-{os.getpid()}")


@contextlib.contextmanager
def replacing(path: Path, *, mode: int = 0o600) -> Iterator[Path]:
    """A file beside `path` for a library to write, which takes its place, synced, when the block ends well."""
    file = beside(path)
    try:
        os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        yield file
        file.chmod(mode)
        fsync_path(file)
        put_in_place(file, path)
    except BaseException:
        file.unlink(missing_ok=True)
        raise


def write_beside(path: Path, data: bytes, *, mode: int = 0o644) -> Path:
    """Write `data`, synced, to a file beside `path`, and give that file; `put_in_place` makes it the real one."""
    file = beside(path)
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fchmod(stream.fileno(), mode)
            os.fsync(stream.fileno())
    except BaseException:
        file.unlink(missing_ok=True)
        raise
    return file


def put_in_place(file: Path, path: Path) -> None:
    """Let the file of `write_beside` take the place of `path` in one step."""
    os.replace(file, path)
    fsync_path(path.parent)


def write_file(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """Replace `path` by `data` in one step: a reader sees the old content or the new, also after a crash."""
    put_in_place(write_beside(path, data, mode=mode), path)


def point_symlink(link: Path, target: str) -> None:
    """Make `link` point at `target` (a name relative to its folder) in one step."""
    new = beside(link)
    new.unlink(missing_ok=True)
    os.symlink(target, new)
    try:
        os.replace(new, link)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
    fsync_path(link.parent)


def seal_folder(folder: Path) -> None:
    """Make the files below `folder` read-only and force everything to disk; the folders stay writable so that
    pruning works."""
    for directory, _, names in os.walk(folder, topdown=False):
        for name in names:
            path = Path(directory, name)
            path.chmod(stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH)
            fsync_path(path)
        fsync_path(Path(directory))


def remove_folder(folder: Path) -> None:
    """Take a folder away without ever leaving half of it under its own name."""
    doomed = folder.with_name(f"{REMOVAL_PREFIX}{folder.name}-{os.getpid()}")
    os.rename(folder, doomed)
    shutil.rmtree(doomed)


def clean_leftovers(folder: Path, *, spare_living: bool = False) -> list[str]:
    """Remove what a killed process left beside the real files. Call it while holding the lock on `folder`; where some
    write there without that lock, `spare_living` leaves alone what another process that lives may be writing."""
    removed = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if not path.name.startswith((STAGING_PREFIX, REMOVAL_PREFIX)) or (spare_living and _writer_lives(path)):
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
        removed.append(path.name)
    return removed


def _writer_lives(path: Path) -> bool:
    """A number that was given out again to another process only means that the leftover goes later."""
    writer = path.name.rpartition("-")[2]
    if not writer.isdigit() or int(writer) == os.getpid():
        return False
    try:
        os.kill(int(writer), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@contextlib.contextmanager
def exclusive(lock: Path) -> Iterator[None]:
    """Hold `lock` for the time of the block. The kernel lets go of it when the process dies, however it dies."""
    handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
