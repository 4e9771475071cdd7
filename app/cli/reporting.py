"""Prints a command's conversation as it happens.

Each line of either side is printed with secrets masked, and failures are explained. With `--json`,
the lines of a recording are printed instead. Colour is used only on a terminal, and not if NO_COLOR
is set.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, TextIO

from ...session.events import (
    CLOSED_BY_A_SIDE,
    PIECE,
    SECRET,
    SENT,
    Block,
    Cause,
    Disconnected,
    Event,
    Line,
    Note,
    ReplyReceived,
    StateChanged,
    TlsFailed,
    Violation,
)
from ...session.plural import plural
from ...session.record import format as recording
from ...session.record.fact_words import fact_words, is_trouble
from ...session.record.follower import EventFollower, Follower
from ...session.record.format import is_body
from ...session.record.rows import Stretch
from ...session.visible import visible, visible_text

if TYPE_CHECKING:
    from ...session.record.row_index import RowIndex
    from ...session.record.transcript import Transcript

UNSAID = ("unexpected",)
"""Kinds of notes that belong only in a recording, since they are reported on standard error."""
MOST_LINES = 100  # lines of a message that are printed
MOST_SAID = 256 * 1024  # octets printed of a server's reply to one command
MOST_UNASKED = 20  # unsolicited replies in a row whose meaning is printed
_COLOURS = {ord("2"): "32", ord("3"): "36", ord("4"): "33", ord("5"): "31"}
_CLIENT, _ERROR = "34", "31"
SHORT = 128  # octets of a row whose printed form is worth remembering
REMEMBERED = 1024  # rows
_PARTICULAR = PIECE | SECRET  # flags of rows that are masked because of their place
_SELF_EXPLAINING = (Cause.TLS_FAILED, Cause.CANCELLED)  # reported by TlsFailed; the user's wish


def wants_colour(stream: TextIO) -> bool:
    """Return whether output to `stream` may be coloured (https://no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


Soon = Callable[[Callable[[], object]], object]
"""A function that calls another function when it is time to print new rows."""


class Reader:
    """Reads new events of a transcript, and of the transcripts of later connections.

    Events are read immediately, or whenever `soon` calls back if that is given. `first` is called
    before anything is read, so that the recording is written before the events are shown.
    `follower` creates the follower of one transcript.
    """

    def __init__(
        self, transcript: Transcript, follower: Callable[[], Follower], soon: Soon | None,
        first: Callable[[], object] | None,
    ) -> None:  # fmt: skip
        self._transcript = transcript
        self._new_follower = follower
        self._follower = follower()
        self._soon = soon
        self._first = first
        self._due = False
        transcript.follow(self._grown)

    def _grown(self, transcript: Transcript) -> None:
        if transcript is not self._transcript:  # of another connection of the session
            self.read()
            self._transcript, self._follower = transcript, self._new_follower()
        if self._soon is None:
            self.read()
        elif not self._due:
            self._due = True
            self._soon(self.read)

    def read(self) -> None:
        """Read everything that has arrived so far."""
        self._due = False
        if self._first is not None:
            self._first()
        follower = self._follower
        for news in follower.news(self._transcript):
            if isinstance(news, Stretch):
                self._rows(follower.row - len(news.at), news)
            else:
                self._take(news)
        self._done()

    def _rows(self, row: int, found: Stretch) -> None:
        """Handle a stretch of rows, the first of which is number `row`."""
        for number, (at, flags, data) in enumerate(found.each(), row):
            self._take(Line(at, number, data, flags, at))

    def _take(self, event: Event) -> None:
        """Handle a row, a part of a message, or a fact."""

    def _done(self) -> None:
        """Finish a batch of events by writing what they produced. Does nothing by default."""


class Lines(Reader):
    """Writes a conversation as a recording: `write` is called with complete lines, as bytes.

    Messages are written in full, unlike in a journal that has reached its limit. If `header` is
    false, the lines continue a recording that has already begun.
    """

    def __init__(
        self,
        transcript: Transcript,
        target: str,
        write: Callable[[bytes], object],
        *,
        header: bool = True,
        soon: Soon | None = None,
        first: Callable[[], object] | None = None,
    ) -> None:
        self._write = write
        if header:
            write(recording.header(transcript, target))
        self._anchored = transcript  # all times count from the same moment
        super().__init__(transcript, Follower, soon, first)

    def _rows(self, row: int, found: Stretch) -> None:
        transcript = self._transcript
        if transcript.secrets.known or found.has_secret():
            super()._rows(row, found)
        else:
            self._write(recording.plain_rows(self._anchored, found))

    def _take(self, event: Event) -> None:
        rows, of, at = recording.rows, self._transcript, self._anchored
        if isinstance(event, Line):
            data = of.mask_secrets(event)
            self._write(rows(at, data, event.flags, event.at, 1, event.began))
        elif isinstance(event, Block):
            data = of.secrets.mask(event.data)
            self._write(rows(at, data, event.flags, event.at, event.count))
        elif line := recording.fact(at, event):
            self._write(of.secrets.mask(line))


class Report(Reader):
    """Prints a conversation as text on `stream`. An error is not raised but stored in `broken`."""

    def __init__(
        self, transcript: Transcript, stream: TextIO, *,
        soon: Soon | None = None, first: Callable[[], object] | None = None,
    ) -> None:  # fmt: skip
        self._stream = stream
        self._rows_of: RowIndex | None = None  # made for the first reply that is explained
        self._colour = wants_colour(stream)
        self._message = 0  # lines of the message that is being sent
        self._said = 0  # octets sent by the server since the last line of the client
        self._unprinted = 0  # lines of that, or pieces of a line, that were omitted ...
        self._latest = ""  # ... and the last of them
        self._unasked = 0  # replies in a row that answer no command
        self._printed: list[str] = []  # lines not yet written to the stream
        # The printed form of common rows, by flags and octets, until a secret is learnt.
        self._usual: dict[tuple[int, bytes], str] = {}
        self._known = 0
        self.told = ""  # the errors of the connection, as printed
        self.broken: OSError | None = None
        super().__init__(transcript, lambda: EventFollower(_is_printed), soon, first)

    def _rows(self, row: int, found: Stretch) -> None:
        known = self._transcript.secrets.known
        if known != self._known:
            self._known = known
            self._usual.clear()
        usual, printed = self._usual, self._printed
        cut = row > 0 and bool(self._transcript.flags(row - 1) & PIECE)
        for number, (at, flags, data) in enumerate(found.each(), row):
            shown = usual.get((flags, data))
            unusual = cut or self._message or self._said >= MOST_SAID
            if shown is not None and not unusual:
                self._said = 0 if flags & SENT else self._said + len(data)
                printed.append(shown)
                continue
            self._take(Line(at, number, data, flags, at))
            particular = cut or flags & _PARTICULAR or is_body(flags) or self._unprinted
            if not particular and len(data) <= SHORT:
                if len(usual) >= REMEMBERED:
                    usual.clear()
                usual[flags, data] = printed[-1]
            cut = bool(flags & PIECE)

    def _take(self, event: Event) -> None:
        if type(event) is Line:
            self._line(self._transcript.mask_secrets(event), event)
        elif isinstance(event, Block):
            for data in self._transcript.secrets.mask(event.data).splitlines(keepends=True):
                self._body(data)
        elif isinstance(event, ReplyReceived):
            self._explain(event)
        else:
            self._fact(event)

    def _line(self, data: bytes, event: Line) -> None:
        sent = event.flags & SENT
        if sent and is_body(event.flags):
            self._body(data)
            return
        if self._message:
            self._end_message()
        if sent:
            self._end_said()
        elif self._said >= MOST_SAID:
            self._unprinted += 1
            self._latest = f"S: {_shown(data)}"
            return
        else:
            self._said += len(data)
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

    def _end_said(self) -> None:
        more, self._unprinted, self._said = self._unprinted - 1, 0, 0
        if more > 0:
            self._print(f"S: ({plural(more, '{} more line')} from the server)", "")
        if more >= 0:
            self._print(self._latest, "")

    @property
    def _index(self) -> RowIndex:
        """The index of the current connection's rows."""
        from ...session.record.row_index import RowIndex

        if self._rows_of is None or self._rows_of.transcript is not self._transcript:
            self._rows_of = RowIndex(self._transcript)
        return self._rows_of

    def _explain(self, reply: ReplyReceived) -> None:
        if reply.unasked is None and reply.code >= 0:
            self._unasked = 0
        else:
            self._unasked += 1
            if self._unprinted or self._unasked > MOST_UNASKED:
                return
        self._end_said()
        from ...session.facts.explain.reading import explain
        from ...session.protocol.situations import reply_text, situation_at

        index = self._index
        meaning = explain(reply_text(index, reply), situation_at(index, reply))
        self._say("means", meaning.text)

    def _fact(self, event: Event) -> None:
        if isinstance(event, Disconnected):
            self._end_said()
        if isinstance(event, Violation):
            if not self._unprinted:  # else it is most likely about an omitted line
                self._say("note", _violation_text(event))
        elif isinstance(event, Disconnected) and event.cause is Cause.TLS_FAILED:
            pass  # TlsFailed has reported it
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
        """Print why the connection ended, if there is something the user can do about it."""
        if isinstance(event, Disconnected) and event.cause in _SELF_EXPLAINING:
            return
        left = isinstance(event, Disconnected) and event.cause in CLOSED_BY_A_SIDE
        if left and self._quit_accepted():
            return  # the proper end
        from ..explain.ending import ending, no_tls

        index = self._index
        cause = no_tls(event) if isinstance(event, TlsFailed) else ending(index, event)
        if cause.try_next:
            means = cause.means.removeprefix(event.detail).lstrip()  # which has just been printed
            self._say("means", f"{means} {cause.try_next}".strip())

    def _quit_accepted(self) -> bool:
        """Return whether the last reply was a 2xx reply to QUIT."""
        transcript = self._transcript
        for number in reversed(range(transcript.mark_count)):
            reply = transcript.marks.reply(number, transcript.time)
            if reply is not None:
                return reply.verb == "QUIT" and 200 <= reply.code <= 299
        return False

    def _say(self, word: str, text: str, colour: str = "") -> None:
        self._end_message()
        known = self._transcript.secrets.mask(text.encode("utf-8", "surrogateescape"))
        self._print(f"{word}: {visible_text(known.decode('utf-8', 'surrogateescape'))}", colour)

    def _print(self, line: str, colour: str) -> None:
        if not line.isascii():
            encoding = self._stream.encoding or "utf-8"
            line = line.encode(encoding, "backslashreplace").decode(encoding)
        if colour and self._colour:
            line = f"\x1b[{colour}m{line}\x1b[m"
        self._printed.append(line + "\n")

    def _done(self) -> None:
        printed = "".join(self._printed)
        self._printed.clear()
        if printed and self.broken is None:
            try:
                self._stream.write(printed)
                self._stream.flush()
            except OSError as error:
                self.broken = error


def _is_printed(event: Event) -> bool:
    """Return whether an event that is not a row may be worth printing."""
    if type(event) is ReplyReceived:
        return event.code >= 400 or event.code < 0
    return type(event) is not StateChanged


def _violation_text(violation: Violation) -> str:
    """Return a sentence about a violation of the standard, with the section of the RFC."""
    from ...session.protocol.violations import RULES

    rule = RULES[violation.rule]
    times = plural(violation.count, "", ", {} times") if violation.count > 1 else ""
    detail = f": {violation.words}" if violation.words else ""
    return f"{rule.title}{times}{detail} ({rule.rfc})"


def _shown(data: bytes) -> str:
    """Return a line as printed: without its CRLF, but with any other line ending visible."""
    return visible(data.removesuffix(b"\r\n"))
