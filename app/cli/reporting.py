"""What a command prints of a conversation, as it happens.

Each line of either side, secrets masked, and what failed with its explanation; or, as `--json`,
the lines of a recording. Colour only on a terminal, and not where NO_COLOR is set.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, TextIO

from ...session.events import (
    KIND_BITS,
    KIND_MASK,
    SENT,
    Block,
    Cause,
    Disconnected,
    Event,
    Kind,
    Line,
    Note,
    ReplyReceived,
    TlsFailed,
    Violation,
)
from ...session.plural import plural
from ...session.record import format as recording
from ...session.record.fact_words import fact_words, is_trouble
from ...session.visible import visible, visible_text

if TYPE_CHECKING:
    from ...session.record.row_index import RowIndex
    from ...session.record.transcript import Transcript

UNSAID = ("unexpected",)
"""Kinds of notes that are for a recording: standard error says them."""
MOST_LINES = 100  # of a message that are printed
_COLOURS = {ord("2"): "32", ord("3"): "36", ord("4"): "33", ord("5"): "31"}
_CLIENT, _ERROR = "34", "31"
_BODY = (KIND_BITS[Kind.BODY], KIND_BITS[Kind.CHUNK])
_IN_ORDER = (Cause.CLOSED_BY_CLIENT, Cause.CLOSED_BY_SERVER)  # after QUIT
_SELF_EXPLAINING = (Cause.TLS_FAILED, Cause.CANCELLED)  # TlsFailed has said it; it was asked for


def wants_colour(stream: TextIO) -> bool:
    """Whether what is written to `stream` may be coloured (https://no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


class Lines:
    """Writes a conversation as a recording: `write(line)` gets each line, in bytes.

    Of a message nothing is left out, as a journal does when it has reached its limit. Without
    `header` the lines go on with a recording that has begun.
    """

    def __init__(
        self,
        transcript: Transcript,
        target: str,
        write: Callable[[bytes], object],
        *,
        header: bool = True,
    ) -> None:
        self._transcript = transcript
        self._write = write
        if header:
            write(recording.header(transcript, target))
        transcript.subscribe(self._take, blocks=True)

    def _take(self, event: Event) -> None:
        rows, of = recording.rows, self._transcript
        if isinstance(event, Line):
            data = of.mask_secrets(event)
            self._write(rows(of, data, event.flags, event.at, 1, event.began))
        elif isinstance(event, Block):
            data = of.secrets.mask(event.data)
            self._write(rows(of, data, event.flags, event.at, event.count))
        elif line := recording.fact(of, event):
            self._write(of.secrets.mask(line))


class Report:
    """Prints a conversation for people, on `stream`. Never raises: `broken` says what failed."""

    def __init__(self, transcript: Transcript, stream: TextIO) -> None:
        self._transcript = transcript
        self._stream = stream
        self._index: RowIndex | None = None  # made for the first reply that is explained
        self._colour = wants_colour(stream)
        self._message = 0  # lines of the message that is being sent
        self._took_leave = False  # set by the reply to QUIT, if it was the last one
        self.told = ""  # what went wrong with the connection, as it was printed
        self.broken: OSError | None = None
        transcript.collect(self._take_all)

    def _take_all(self, events: list[Event]) -> None:
        for event in events:
            self._take(event)
        self._flush()

    def _take(self, event: Event) -> None:
        if type(event) is Line:
            self._line(self._transcript.mask_secrets(event), event)
        elif isinstance(event, Block):
            for data in self._transcript.secrets.mask(event.data).splitlines(keepends=True):
                self._body(data)
        elif isinstance(event, ReplyReceived):
            self._took_leave = event.verb == "QUIT" and 200 <= event.code <= 299
            if event.code >= 400 or event.code < 0:
                self._explain(event)
        else:
            self._fact(event)

    def _line(self, data: bytes, event: Line) -> None:
        sent = event.flags & SENT
        if sent and event.flags & KIND_MASK in _BODY:
            self._body(data)
            return
        if self._message:
            self._end_message()
        colour = _CLIENT if sent else _COLOURS.get(data[0] if data else 0, "")
        self._print(f"{'C' if sent else 'S'}: {_shown(data)}", colour)

    def _body(self, data: bytes) -> None:
        self._message += 1
        if self._message <= MOST_LINES:
            self._print(f"C: {_shown(data)}", _CLIENT)

    def _end_message(self) -> None:
        more, self._message = self._message - MOST_LINES, 0
        if more > 0:
            self._print(f"C: ({plural(more, '{} more line')} of the message)", _CLIENT)

    def _explain(self, reply: ReplyReceived) -> None:
        from ...session.facts.explain.reading import explain
        from ...session.protocol.situations import reply_text, situation_at
        from ...session.record.row_index import RowIndex

        index = self._index = self._index or RowIndex(self._transcript)
        meaning = explain(reply_text(index, reply), situation_at(index, reply))
        self._say("means", meaning.text)

    def _fact(self, event: Event) -> None:
        if isinstance(event, Violation):
            self._say("note", _told(event))
        elif isinstance(event, Disconnected) and event.cause is Cause.TLS_FAILED:
            pass  # TlsFailed has said it
        elif isinstance(event, Note) and event.kind in UNSAID:
            pass
        elif words := fact_words(event):
            trouble = is_trouble(event) and not isinstance(event, Note)
            self._say("error" if trouble else "note", words, _ERROR if trouble else "")
            if trouble:
                self.told = words
        if isinstance(event, (Disconnected, TlsFailed)):
            self._tell_why(event)

    def _tell_why(self, event: Disconnected | TlsFailed) -> None:
        """What the end of the connection means, where something is left to be done about it."""
        if isinstance(event, Disconnected) and event.cause in _SELF_EXPLAINING:
            return
        if isinstance(event, Disconnected) and self._took_leave and event.cause in _IN_ORDER:
            return  # this is how it should end
        from ...session.record.row_index import RowIndex
        from ..explain.ending import ending, no_tls

        index = self._index = self._index or RowIndex(self._transcript)
        means, try_next = no_tls(event) if isinstance(event, TlsFailed) else ending(index, event)
        if try_next:
            means = means.removeprefix(event.detail).lstrip()  # which has just been printed
            self._say("means", f"{means} {try_next}".strip())

    def _say(self, word: str, text: str, colour: str = "") -> None:
        self._end_message()
        known = self._transcript.secrets.mask(text.encode("utf-8", "surrogateescape"))
        self._print(f"{word}: {visible_text(known.decode('utf-8', 'surrogateescape'))}", colour)

    def _print(self, line: str, colour: str) -> None:
        if self.broken is not None:
            return
        if not line.isascii():
            encoding = self._stream.encoding or "utf-8"
            line = line.encode(encoding, "backslashreplace").decode(encoding)
        if colour and self._colour:
            line = f"\x1b[{colour}m{line}\x1b[m"
        try:
            self._stream.write(line + "\n")
        except OSError as error:
            self.broken = error

    def _flush(self) -> None:
        """Have what was printed be seen now."""
        if self.broken is None:
            try:
                self._stream.flush()
            except OSError as error:
                self.broken = error


def _told(violation: Violation) -> str:
    """What the standard forbids, and where it says so."""
    from ...session.protocol.violations import RULES

    rule = RULES[violation.rule]
    times = plural(violation.count, "", ", {} times") if violation.count > 1 else ""
    detail = f": {violation.words}" if violation.words else ""
    return f"{rule.title}{times}{detail} ({rule.rfc})"


def _shown(data: bytes) -> str:
    """A line without its CRLF; any other line end is shown."""
    return visible(data.removesuffix(b"\r\n"))
