"""Locks that show whether a recording is still being written, and removal of leftover copies."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import time
from typing import TYPE_CHECKING

from ..private_file import is_own

if TYPE_CHECKING:
    from pathlib import Path

_COPY = re.compile(r".+\.jsonl-[a-z0-9_]{8}")  # of a recording or its notes, by tempfile
_OLD = 60.0  # seconds: a younger copy may still be in use


def lock(fd: int) -> None:
    """Mark this file as being written until it is closed."""
    with contextlib.suppress(OSError):  # a network file system may have no locks
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)


def is_finished(path: str | Path) -> bool:
    """Return whether a journal belongs to the user and is no longer being written."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        if not is_own(fd):
            return False  # not one of our journals, whatever its name
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(fd)
    return True


def remove_copies(folder: str) -> None:
    """Remove the copies left by processes that were killed while masking a recording."""
    with contextlib.suppress(OSError), os.scandir(folder) as listed:
        for entry in listed:
            if _COPY.fullmatch(entry.name) is None:
                continue
            with contextlib.suppress(OSError):
                age = time.time() - entry.stat(follow_symlinks=False).st_mtime
                if age > _OLD and is_finished(entry.path):
                    os.unlink(entry.path)
