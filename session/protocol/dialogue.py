"""A conversation as turns: each command with its replies, and the events in between.

The turns are computed from the transcript alone, so that a live session, a recording and another
program's log give the same result. Text is masked but still bytes; pass it through `visible` before
showing it.
"""

from __future__ import annotations

from bisect import bisect_left

import msgspec

from ..events import (
    MESSAGE_KINDS,
    SENT,
    TLS,
    Connected,
    Disconnected,
    Event,
    Kind,
    ReplyReceived,
    TlsFailed,
    TlsStarted,
    Unasked,
)
from ..record.row_index import RowIndex
from ..record.transcript import Transcript
from ..record.unseen import OFFERS, REPLY_TEXTS, unseen_in
from ..verbs import AUTH_RESPONSE, END_OF_DATA, GREETING, GREETINGS, verb_of

CONNECTED, HANDSHAKE, UNASKED, CLOSED = "(connect)", "(tls)", "(unasked)", "(end)"
"""The verbs of turns without a command. The greeting has the verb `GREETING`."""
MOST_TURNS = 100_000  # of a conversation, read at most
MOST_LINES = 1000  # of a reply
_COMMANDS = (Kind.COMMAND, Kind.AUTH, Kind.OTHER, Kind.DOUBT)
# A reply before the end of the message, or in a log that omits the message.
_UNASKED = {Unasked.GREETING: GREETING, Unasked.DURING_BODY: END_OF_DATA}


class TurnReply(msgspec.Struct, frozen=True):
    """A reply: its code, its enhanced status code, and its lines without codes.

    `code` is -1 if the reply does not begin with one. `row` is the row of the first line, and `at`
    the time of the last line in monotonic seconds. `known` is false if a log shows only the code,
    or only a part of the reply to EHLO.
    """

    code: int
    enhanced: str | None
    lines: tuple[bytes, ...]
    row: int
    at: float
    known: bool = True

    @property
    def text(self) -> bytes:
        """The lines of the reply, joined by LF."""
        return b"\n".join(self.lines)


class Turn(msgspec.Struct, frozen=True):
    """A command and its replies, or something that happened between two commands.

    `verb` is in upper case, "." for a message, "(auth)" for an AUTH response, or one of the
    constants above. `line` is the masked command without its line ending, or empty if there is no
    command. `tls` is true if the command was sent inside TLS, and `row` is the row of the command.
    `octets` and `digest` are the size and the SHA-256 digest of a message or chunk.
    """

    verb: str
    line: bytes
    replies: tuple[TurnReply, ...]
    tls: bool
    row: int
    at: float
    event: Connected | TlsStarted | TlsFailed | Disconnected | None = None
    octets: int = 0
    digest: str = ""

    @property
    def reply(self) -> TurnReply | None:
        """The first reply, or None."""
        return self.replies[0] if self.replies else None

    @property
    def code(self) -> int:
        """The code of the first reply, or 0 if there was no reply."""
        return self.replies[0].code if self.replies else 0


def dialogue(transcript: Transcript) -> list[Turn]:
    """Return the turns of a conversation in order, at most MOST_TURNS of them."""
    return _Reader(transcript).turns()


class _Reader:
    def __init__(self, transcript: Transcript) -> None:
        self._transcript = transcript
        self._index = RowIndex(transcript)
        self._starts = [body.first for body in transcript.bodies]
        self._unseen = unseen_in(transcript)

    def turns(self) -> list[Turn]:
        placed: list[tuple[int, int, Turn]] = []  # (row, order among those of that row, turn)
        answered: dict[int, str] = {}
        for number in range(self._transcript.mark_count):
            row, event = self._transcript.mark(number)
            if type(event) is ReplyReceived:
                if event.answers is None:
                    verb = _UNASKED.get(event.unasked, UNASKED) if event.unasked else UNASKED
                    placed.append((event.row, number, self._unasked(verb, event)))
                else:
                    answered.setdefault(event.answers, event.verb)
            elif turn := self._fact(row, event):
                placed.append((row, number - self._transcript.mark_count, turn))
            if len(placed) > MOST_TURNS:
                break
        for row, verb in self._commands(answered):
            placed.append((row, 0, self._command(row, verb)))
        placed.sort(key=lambda each: each[:2])
        return [turn for _, _, turn in placed[:MOST_TURNS]]

    def _commands(self, answered: dict[int, str]) -> list[tuple[int, str]]:
        """Return the (row, verb) pair of each command and of the end of each answered message."""
        transcript = self._transcript
        found = [
            (row, verb) for row, verb in answered.items()
            if transcript[row].kind in MESSAGE_KINDS
        ]  # fmt: skip
        row, last = 0, len(transcript)
        while row < last and len(found) < MOST_TURNS:
            at = bisect_left(self._starts, row)
            if at < len(self._starts) and self._starts[at] == row:
                row = transcript.bodies[at].last + 1
                continue
            flags = transcript.flags(row)
            if flags & SENT and transcript[row].kind in _COMMANDS:
                verb = answered.get(row) or self._verb(row)
                found.append((row, verb.removesuffix(" LAST")))
            row += 1
        return found

    def _verb(self, row: int) -> str:
        line = self._transcript[row]
        return AUTH_RESPONSE if line.kind is Kind.AUTH else verb_of(line.data)

    def _command(self, row: int, verb: str) -> Turn:
        line = self._transcript[row]
        replies = tuple(map(self._said, self._index.replies_to(row)))
        octets, digest = 0, ""
        said = b"" if verb == END_OF_DATA else self._transcript.masked(row).rstrip(b"\r\n")
        if verb in (END_OF_DATA, "BDAT"):
            octets, digest = self._content(row, verb)
        return Turn(verb, said, replies, bool(line.flags & TLS), row, line.at, None, octets, digest)

    def _content(self, row: int, verb: str) -> tuple[int, str]:
        """Return the size and digest of the message ending in `row`, or of the chunk after it."""
        bodies = self._transcript.bodies
        at = bisect_left(self._starts, row + 1)
        if verb == END_OF_DATA:
            at -= 1
        if not 0 <= at < len(bodies):
            return 0, ""
        body = bodies[at]
        if verb == END_OF_DATA and body.last < row - 1:
            return 0, ""
        import hashlib

        return body.size, hashlib.sha256(self._transcript.body(body)).hexdigest()

    def _unasked(self, verb: str, event: ReplyReceived) -> Turn:
        line = self._transcript[event.row]
        return Turn(verb, b"", (self._said(event),), bool(line.flags & TLS), event.row, line.began)

    def _said(self, event: ReplyReceived) -> TurnReply:
        rows = range(event.row, min(event.last, event.row + MOST_LINES - 1) + 1)
        transcript = self._transcript
        lines = tuple(
            masked[4:].strip() if event.code >= 0 else masked
            for masked in (transcript.masked(row).rstrip(b"\r\n") for row in rows
                           if not transcript.flags(row) & SENT)
        )  # fmt: skip
        known = any(lines) or REPLY_TEXTS not in self._unseen
        known = known and not (event.verb in GREETINGS and OFFERS in self._unseen)
        at = transcript.time(event.last)
        return TurnReply(event.code, event.enhanced, lines, event.row, at, known)

    def _fact(self, row: int, event: Event) -> Turn | None:
        if isinstance(event, Connected):
            return Turn(CONNECTED, b"", (), False, row, event.at, event)
        if isinstance(event, TlsStarted | TlsFailed):
            return Turn(HANDSHAKE, b"", (), True, row, event.at, event)
        if isinstance(event, Disconnected):
            return Turn(CLOSED, b"", (), False, row, event.at, event)
        return None
