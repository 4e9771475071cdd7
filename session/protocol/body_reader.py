"""Reads messages as the client sends them: the body after DATA, and the chunks of BDAT.

transparency.py finds the end of a body. A chunk ends after the number of octets that BDAT
announced, regardless of their values (RFC 3030 section 2). Long bodies and chunks are stored as
blocks of many lines.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..events import KIND_BITS, KIND_MASK, SENT, TLS
from ..record.body import Body
from .connection_state import BODY, CHUNK, COMMAND, ConnectionState
from .lines import LIMIT, LineBuffer, longer_than
from .transparency import count_lines, ends_body, find_end

if TYPE_CHECKING:
    from .message_syntax import MessageReader

BLOCK = 256 * 1024  # bytes of a message body that are stored as one entry
BLOCK_FROM = 2048  # bytes above which this is worthwhile


class BodyReader:
    """Reads bodies and chunks, passing single lines to `lines`."""

    def __init__(self, known: ConnectionState, lines: LineBuffer) -> None:
        self._known = known
        self._lines = lines
        self.chunk_left = 0
        """The number of octets of the current chunk that are still to come."""
        self._last = False  # the current chunk ends the message
        self._after_crlf = True  # the last line of this body ended in CRLF
        self._reader: MessageReader | None = None  # of the message that is being read
        self._faults: dict[str, tuple[int, int]] = {}  # in that message: rule -> row, count

    def begin(self) -> None:
        """Start reading a body, because the server has replied 354."""
        self._known.mode = BODY
        self._after_crlf = True
        self._reader = self._new_reader(stuffed=True)

    def _new_reader(self, *, stuffed: bool) -> MessageReader:
        from .message_syntax import MessageReader, allowed_by  # with the first message

        return MessageReader(allowed_by(self._known.declared), stuffed=stuffed)

    def begin_chunk(self, size: int, *, last: bool, at: float) -> None:
        """Start reading a chunk of `size` octets. If `last` is true, it ends the message."""
        self.chunk_left = size
        self._last = last
        if self._reader is None:
            self._reader = self._new_reader(stuffed=False)
        if not size:
            self._end_chunk(at)

    def _end_chunk(self, at: float) -> None:
        self._known.mode = COMMAND
        if self._last:
            self.end(at)

    def is_end(self, line: bytes) -> bool:
        """Return whether `line` ends the body that is being read."""
        return ends_body(line, self._after_crlf)

    def give_up(self) -> None:
        """Stop reading a message, because the server reads its octets as commands."""
        self.chunk_left = 0
        self._reader = None
        self._faults = {}

    def take_back(self, bdat: int, most: int) -> tuple[list[tuple[int, bytes]], bytes]:
        """Treat the chunk after the BDAT in row `bdat` as commands instead of a message.

        Returns the (row, line) pairs of its first `most` lines, and the beginning of an unfinished
        line.
        """
        transcript = self._known.transcript
        rows: list[int] = []
        for row in range(bdat + 1, len(transcript)):
            flags = transcript.flags(row)
            if flags & SENT:
                if flags & KIND_MASK != KIND_BITS[CHUNK]:
                    break
                rows.append(row)
        lines: list[tuple[int, bytes]] = []
        head = b""
        for row in rows:
            transcript.set_kind(row, COMMAND)
            if len(lines) < most:
                line = transcript[row]
                head = (head + line.data)[:LIMIT]
                if not line.piece:
                    lines.append((row, head))
                    head = b""
        bodies = transcript.bodies
        bodies[:] = [body for body in bodies if not rows or not rows[0] <= body.first <= rows[-1]]
        return lines, head

    # Bytes

    def take_body(self, data: bytes, pos: int, at: float) -> int:
        """Process the body in `data` from position `pos`. Return the position to continue from."""
        end = find_end(data, pos, self._after_crlf)
        if end < 0:
            end = data.rfind(b"\n", pos) + 1
        pos = self._take_lines(data, pos, end, at)
        return self._lines.take(data, pos, at) if pos < len(data) else pos

    def take_chunk(self, data: bytes, pos: int, at: float) -> int:
        """Process the chunk in `data` from position `pos`. Return the position after it."""
        lines = self._lines
        part = data[pos : pos + self.chunk_left]
        self.chunk_left -= len(part)
        at_line = 0
        if lines.between_lines:
            at_line = self._take_lines(part, 0, part.rfind(b"\n") + 1, at)
        while at_line < len(part):
            at_line = lines.take(part, at_line, at)
        if not self.chunk_left:
            lines.flush(at)
            lines.forget()
            self._end_chunk(at)
        return pos + len(part)

    def _take_lines(self, data: bytes, pos: int, end: int, at: float) -> int:
        """Process complete lines of a body or chunk, as blocks if that is worthwhile.

        Returns the position of the first unprocessed octet.
        """
        known = self._known
        while pos < end:
            stop = end if end - pos <= BLOCK else data.rfind(b"\n", pos, pos + BLOCK) + 1
            if stop - pos < BLOCK_FROM or longer_than(data, pos, stop, LIMIT):
                pos = self._lines.take(data, pos, at)
                continue
            block = data[pos:stop]
            count = ends = count_lines(block)
            if count < 0:
                count = block.count(b"\n")
            flags = SENT | KIND_BITS[known.mode] | (TLS if known.tls else 0)
            row = known.transcript.append_block(block, count, flags, at)
            self.add_rows(row, len(block), count)
            self._check(row, block, tidy=ends >= 0)
            self._after_crlf = block.endswith(b"\r\n")
            pos = stop
        return pos

    # Rows

    def add_line(self, row: int, line: bytes, crlf: bool) -> None:
        """Process a line of a body. `row` is its row in the transcript."""
        self.add_rows(row, len(line))
        self._check(row, line)
        self._after_crlf = crlf

    def add_part(self, row: int, data: bytes) -> None:
        """Process a line of a chunk, or a piece of a long line, which is in row `row`."""
        self.add_rows(row, len(data))
        self._check(row, data)

    def add_doubtful(self, row: int, line: bytes, at: float) -> bytes:
        """Process a deferred line as part of a chunk. Return what follows the end of the chunk."""
        if self.chunk_left < len(line):
            rest = line[self.chunk_left :]
            self._check(row, line[: self.chunk_left])
            self.chunk_left = 0
            self._end_chunk(at)
            return rest
        self.chunk_left -= len(line)
        self._known.transcript.set_kind(row, CHUNK)
        self.add_part(row, line)
        if not self.chunk_left:
            self._end_chunk(at)
        return b""

    def add_rows(self, row: int, size: int, count: int = 1) -> None:
        """Add `count` rows from `row` on, with `size` octets in total, to the current body."""
        bodies = self._known.transcript.bodies
        if bodies and bodies[-1].last == row - 1:
            bodies[-1].last = row + count - 1
            bodies[-1].size += size
        else:
            bodies.append(Body(row, row + count - 1, size))

    # Checks

    def _check(self, row: int, data: bytes, *, tidy: bool = False) -> None:
        if self._reader is None:  # the server accepted an unsolicited message
            self._reader = self._new_reader(stuffed=True)
        for rule, count, at in self._reader.feed(data, tidy=tidy):
            first, seen = self._faults.get(rule, (row + data.count(b"\n", 0, at), 0))
            self._faults[rule] = (first, seen + count)

    @property
    def begun(self) -> bool:
        """Whether a message is in progress: a body, or chunks of which more are expected."""
        return self._reader is not None

    def end(self, at: float) -> None:
        """End the message, and report each rule that the message broke, once with a count."""
        known = self._known
        reader, self._reader = self._reader, None
        stuffed = reader is None or reader.stuffed
        faults, self._faults = self._faults, {}
        if reader is not None:
            for rule, count, _ in reader.end():
                row, seen = faults.get(rule, (len(known.transcript) - 1, 0))
                faults[rule] = (row, seen + count)
        known.loose = stuffed and ("bare-lf" in faults or "bare-cr" in faults)
        if not faults:
            return
        from .message_syntax import message_faults

        counts = {rule: count for rule, (_, count) in faults.items()}
        for rule, count, detail in message_faults(counts, known.declared, known.offered):
            known.violation(rule, faults[rule][0], at, count=count, detail=detail)
