"""Files for the user alone (mode 0600), in folders for the user alone (0700).

What heloscope writes may hold addresses, messages and what was typed, so no file of it is ever
readable by others, not even for the moment between creating it and changing its mode.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def create(path: Path) -> int:
    """Create `path` and return its descriptor. Raises FileExistsError if it exists, or OSError."""
    return _open(path, os.O_EXCL | os.O_APPEND)


def append(path: Path) -> int:
    """Open `path` for appending, create it if missing, and return its descriptor."""
    return _open(path, os.O_APPEND)


def replace(path: Path, data: bytes) -> None:
    """Replace the content of `path`, or create it: a reader sees the old or the new one, whole.

    Where `path` is a symbolic link, the file that it points to is replaced. Raises OSError.
    """
    path = Path(os.path.realpath(path))
    fd, fresh = tempfile.mkstemp(prefix=f"{path.name}-", dir=path.parent)  # 0600, O_CLOEXEC
    try:
        with os.fdopen(fd, "wb") as out:
            out.write(data)
        os.replace(fresh, path)
    except BaseException:
        os.unlink(fresh)
        raise


def unnamed(folder: Path | None) -> int:
    """Create a file that has no name, and so is gone once its descriptor is closed.

    It lies in `folder`, or where temporary files lie for None. Returns the descriptor, for reading
    and writing. Raises OSError.
    """
    fd, name = tempfile.mkstemp(prefix="message-", dir=folder)  # 0600, O_CLOEXEC
    os.unlink(name)
    return fd


def make_folder(folder: Path) -> None:
    """Create `folder`, and its parents, if missing. Raises OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)


def _open(path: Path, how: int) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC | how, 0o600)
