"""Splits the bytes of one side into lines.

Apart from CRLF, this module knows nothing of SMTP. A line ends in CRLF or in a bare LF, which RFC
5321 section 2.3.8 forbids and the readers report. A bare CR stays inside the line. A line longer
than LIMIT is delivered in pieces of exactly LIMIT bytes, however the network split it.
"""

from __future__ import annotations

from collections.abc import Callable

LIMIT = 64 * 1024

TakeLine = Callable[[bytes, bytes, bool, float, float], object]
TakePiece = Callable[[bytes, float, float], object]


class LineBuffer:
    """Splits one side's bytes into lines and pieces, and keeps an unfinished line.

    `line(data, whole, crlf, at, began)` is called for each complete line: `data` is the line or its
    last piece, `whole` also includes the pieces before it, `crlf` is true if the line ends in CRLF,
    and `at` and `began` are the times of its last and first byte. `piece(data, at, began)` is
    called for each piece that is split off before the line ending. At most LIMIT bytes of the
    earlier pieces are included in `whole`.
    """

    __slots__ = ("_began", "_last", "_line", "_piece", "buffer", "head")

    def __init__(self, line: TakeLine, piece: TakePiece) -> None:
        self._line = line
        self._piece = piece
        self.buffer = bytearray()
        """The octets received that do not belong to a line or piece yet."""
        self.head = b""
        """The beginning of the current line, if pieces of it have been split off already."""
        self._last = b""  # the last byte of those pieces
        self._began = 0.0  # when the first byte in the buffer arrived

    @property
    def between_lines(self) -> bool:
        """Whether nothing of the next line has been received."""
        return not self.buffer and not self.head

    def take(self, data: bytes, pos: int, at: float) -> int:
        """Read one line of `data` from position `pos`, or as much of it as has arrived.

        Returns the position where the next line begins.
        """
        buffer = self.buffer
        end = data.find(b"\n", pos) + 1
        if end and not buffer and end - pos <= LIMIT:
            line = data[pos:end]
            if self.head:
                self._complete(line, at, at)
            else:
                self._line(line, line, line.endswith(b"\r\n"), at, at)
            return end
        if not buffer:
            self._began = at
        buffer += data[pos : end or len(data)]
        # A line that ends here may be exactly LIMIT long; an unfinished one becomes a piece.
        longest = LIMIT if end else LIMIT - 1
        while len(buffer) > longest:
            self._cut_off(LIMIT, at)
        if not end:
            return len(data)
        line = bytes(buffer)
        buffer.clear()
        self._complete(line, at, self._began)
        return end

    def _complete(self, line: bytes, at: float, began: float) -> None:
        head = self.head
        if not head:
            self._line(line, line, line.endswith(b"\r\n"), at, began)
            return
        self.head = b""
        crlf = line.endswith(b"\r\n") or (line == b"\n" and self._last == b"\r")
        self._line(line, head + line, crlf, at, began)

    def _cut_off(self, size: int, at: float) -> None:
        piece = bytes(self.buffer[:size])
        del self.buffer[:size]
        self._piece(piece, at, self._began)
        if len(self.head) < LIMIT:
            self.head += piece[: LIMIT - len(self.head)]
        self._last = piece[-1:]

    def flush(self, at: float) -> None:
        """Emit an unfinished line, if there is one, as a piece."""
        if self.buffer:
            self._cut_off(len(self.buffer), at)

    def resume(self, head: bytes) -> None:
        """Use `head`, already recorded as a piece, as the beginning of the next line.

        Does nothing if part of the next line has been received.
        """
        if self.between_lines:
            self.head = head

    def retire(self) -> None:
        """Drop the callbacks, to break the reference cycle between them and this object."""
        self._line = self._piece = _nobody

    def forget(self) -> None:
        """Forget the pieces of an unfinished line, so that the next data starts a new line."""
        self.head = b""


def _nobody(*_: object) -> None:
    """Ignore a call; used as the callback after `retire`."""


def longer_than(data: bytes, start: int, end: int, limit: int) -> bool:
    """Return whether any line in `data[start:end]`, which ends in LF, exceeds `limit` bytes."""
    while end - start > limit:
        found = data.rfind(b"\n", start, start + limit)
        if found < 0:
            return True
        start = found + 1
    return False


def count_longer(data: bytes, limit: int) -> int:
    """Return the number of lines in `data`, which ends in LF, that exceed `limit` bytes."""
    count, start, end = 0, 0, len(data)
    while end - start > limit:
        found = data.rfind(b"\n", start, start + limit)
        if found < 0:
            count += 1
            found = data.find(b"\n", start + limit)
        start = found + 1
    return count
