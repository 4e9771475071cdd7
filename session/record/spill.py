"""An unnamed file, for data too long to be kept in memory.

It is in the state folder, is readable by the user alone (mode 0600), and disappears when the
program ends, however it ends.
"""

from __future__ import annotations

import os

from ..private_file import make_folder, unnamed


class Spill:
    """Octets added at the end, read from anywhere, by any thread."""

    def __init__(self) -> None:
        self._fd: int | None = _open()
        self._size = 0
        if self._fd is not None:
            import weakref

            weakref.finalize(self, os.close, self._fd)

    def add(self, data: bytes) -> int | None:
        """Add `data`; returns its place, or None if the disk does not accept it."""
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
        """`size` octets from `place`. Raises OSError when the disk fails."""
        assert self._fd is not None
        parts: list[bytes] = []
        while size:
            part = os.pread(self._fd, size, place)
            if not part:
                raise OSError("the file of a long message has become shorter")
            parts.append(part)
            place += len(part)
            size -= len(part)
        return parts[0] if len(parts) == 1 else b"".join(parts)


def _open() -> int | None:
    """A new file that no longer has a name; None if it cannot be created."""
    from platformdirs import user_state_path

    for folder in (user_state_path("heloscope"), None):
        try:
            if folder is not None:
                make_folder(folder)
            return unnamed(folder)
        except OSError:
            continue
    return None
