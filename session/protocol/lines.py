"""Bytes of one direction, cut into lines: the part that knows nothing of SMTP but CRLF.

CRLF ends a line, and so does a bare LF (RFC 5321 section 2.3.8 forbids it; telling is the
conversation's business); a bare CR stays inside. A line longer than LIMIT comes as pieces of
exactly LIMIT bytes, wherever the network cut it.
"""

from __future__ import annotations

LIMIT = 64 * 1024


class LineBuffer:
    """What one side has said of a line that is not complete yet."""

    __slots__ = ("began", "buffer", "head", "last")

    def __init__(self) -> None:
        self.buffer = bytearray()  # not in any row yet
        self.began = 0.0  # when its first byte came
        self.head = b""  # the rows that this line has had already, at most LIMIT bytes of them
        self.last = b""  # the last byte of those rows

    @property
    def between_lines(self) -> bool:
        """True when nothing of the next line has come."""
        return not self.buffer and not self.head

    def cut(self, piece: bytes) -> None:
        """Note that `piece`, without a line end, has become a row."""
        if len(self.head) < LIMIT:
            self.head += piece[: LIMIT - len(self.head)]
        self.last = piece[-1:]

    def ends_in_crlf(self, line: bytes) -> bool:
        """Whether the line that `line` completes ends in CRLF."""
        return line.endswith(b"\r\n") or (line == b"\n" and self.last == b"\r")


def longer_than(data: bytes, start: int, end: int, limit: int) -> bool:
    """Whether a line in `data[start:end]`, which ends in LF, has more than `limit` bytes."""
    while end - start > limit:
        found = data.rfind(b"\n", start, start + limit)
        if found < 0:
            return True
        start = found + 1
    return False


def count_longer(data: bytes, limit: int) -> int:
    """How many lines of `data`, which ends in LF, have more than `limit` bytes."""
    count, start, end = 0, 0, len(data)
    while end - start > limit:
        found = data.rfind(b"\n", start, start + limit)
        if found < 0:
            count += 1
            found = data.find(b"\n", start + limit)
        start = found + 1
    return count
