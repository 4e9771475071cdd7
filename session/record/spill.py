"""An unnamed file for data too large to keep in memory.

The file is created in the state folder if possible, is readable only by the user (mode 0600), and
disappears when the program ends, even if it is killed.
"""

from __future__ import annotations

import os

from ..private_file import make_folder, unnamed


class Spill:
    """A file to which octets are appended, and from which any thread may read."""

    def __init__(self) -> None:
        self._fd: int | None = _open()
        self._size = 0
        if self._fd is not None:
            import weakref

            weakref.finalize(self, os.close, self._fd)

    def add(self, data: bytes) -> int | None:
        """Add `data` and return its position, or None if the disk does not accept it."""
        if self._fd is None:
            return None
        place, done = self._size, 0
        try:
            while done < len(data):
                done += os.pwrite(self._fd, data[done:] if done else data, place + done)
        except OSError:
            return None  # the written part will be overwritten
        self._size += len(data)
        return place

    def read(self, place: int, size: int) -> bytes:
        """Return `size` octets from position `place`. Raises OSError if the disk fails."""
        assert self._fd is not None
        parts: list[bytes] = []
        while size:
            part = os.pread(self._fd, size, place)
            if not part:
                raise OSError("the file that holds a long message has become shorter")
            parts.append(part)
            place += len(part)
            size -= len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)


def _open() -> int | None:
    """Return the descriptor of a new unnamed file, or None if none can be created."""
    from platformdirs import user_state_path

    for folder in (user_state_path("heloscope"), None):
        try:
            if folder is not None:
                make_folder(folder)
            return unnamed(folder)
        except OSError:
            continue
    return None
