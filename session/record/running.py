"""Whether a recording is still being written, told by a lock on its file."""

from __future__ import annotations

import contextlib
import fcntl
import os
from typing import TYPE_CHECKING

from ..private_file import is_own

if TYPE_CHECKING:
    from pathlib import Path


def lock(fd: int) -> None:
    """Say that this file is being written, until it is closed."""
    with contextlib.suppress(OSError):  # a network file system may have no locks
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)


def is_finished(path: str | Path) -> bool:
    """Whether a journal is the user's, and no longer being written."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        if not is_own(fd):
            return False  # no journal of ours, whatever it is called
        fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(fd)
    return True
