"""The conversation, line by line: what each side sends as it arrives, and other events.

`Speaker` writes the events of a session. `PlainTranscript` keeps the conversations of this run, so
that they can be searched, saved and explained.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from ...session.events import (
    FACTS,
    KIND_BITS,
    KIND_MASK,
    MESSAGE_KINDS,
    SENT,
    Block,
    Cause,
    Connected,
    Disconnected,
    Event,
    Kind,
    Line,
    Note,
    ReplyReceived,
    TlsFailed,
    TlsStarted,
    Violation,
)
from ...session.plural import plural
from ...session.protocol.violations import RULES
from ...widgets.transcript.layout import ROW, RULE, LineSource
from ...widgets.transcript.lines import exported, octets, row_text, rule_text
from ...widgets.transcript.section import TranscriptSection
from ..advice import do
from .output import ERROR, NOTE, WARNING, Output, no_screen

if TYPE_CHECKING:
    from ...session.aio.session import Session
    from ...widgets.panels.line_explanation import LineExplanation

NEAR = 1000  # lines at the end among which the last reply is searched
WIDEST = 1000  # characters of a line that an explanation need not repeat
MOST_FOUND = 200  # lines that :find writes
_QUIET_NOTES = ("lesson",)  # kinds of notes that belong only in a recording


class Speaker:
    """Writes the events of the current session. A warning about a typed line is not repeated."""

    def __init__(self, output: Output, on_event: Callable[[Event], object]) -> None:
        self._output = output
        self._on_event = on_event
        self._session: Session | None = None
        self._unsubscribe: Callable[[], object] | None = None
        self._message = (0, 0)  # lines and octets of a message being sent
        self.warned = False
        """Whether a warning about the next command was written before the command was sent."""

    def follow(self, session: Session) -> None:
        """Stop following any other session, and write the events of this session from now on."""
        self.end()
        self._session = session
        self._unsubscribe = session.subscribe(self._write, blocks=True)

    def end(self) -> None:
        """Stop following the session."""
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None
        self._message = (0, 0)

    def _write(self, event: Event) -> None:
        session = self._session
        assert session is not None
        if isinstance(event, Block):
            self._add(event.count, len(event.data))
        elif isinstance(event, Line):
            if event.sent and event.kind in MESSAGE_KINDS:
                self._add(1, len(event.data))
            else:
                self._message_over()
                side = "C" if event.flags & SENT else "S"
                self._output.line(side, row_text(session.transcript, event.row).text)
        elif isinstance(event, ReplyReceived):
            self._message_over()
            if event.recipient is not None:
                text = row_text(session.transcript, event.recipient).text
                self._output.say(NOTE, f"this reply is about {text.partition(':')[2].strip()}")
        elif isinstance(event, Violation):
            self._violation(event)
        elif isinstance(event, FACTS) and not _is_omitted(event):
            self._message_over()
            self._output.say(_word_for(event), rule_text(event).text.strip("─ "))
        self._on_event(event)

    def _add(self, lines: int, size: int) -> None:
        self._message = (self._message[0] + lines, self._message[1] + size)

    def _message_over(self) -> None:
        """Write the size of a message once it has been sent."""
        lines, size = self._message
        if lines:
            self._message = (0, 0)
            self._output.line("C", f"(message, {plural(lines, '{} line')}, {octets(size)})")

    def _violation(self, event: Violation) -> None:
        session = self._session
        assert session is not None
        rows = session.transcript
        sent = event.row < len(rows) and bool(rows.flags(event.row) & SENT)
        if sent and self.warned and rows.flags(event.row) & KIND_MASK == KIND_BITS[Kind.COMMAND]:
            return
        self._message_over()
        often = f" ({event.count:,} times)" if event.count > 1 else ""
        detail = f": {event.words}" if event.words else ""
        self._output.say(WARNING, f"{RULES[event.rule].title}{often}{detail}")


def _is_omitted(event: Event) -> bool:
    """Return whether an event is not written here, because it is shown elsewhere or not at all."""
    match event:
        case Note():
            return event.kind in _QUIET_NOTES
        case TlsFailed() | Disconnected(cause=Cause.TLS_FAILED):
            return True
        case _:
            return False


def _word_for(event: Event) -> str:
    match event:
        case Connected() | TlsStarted() | Note():
            return NOTE
        case Disconnected():
            closed = event.cause in (Cause.CLOSED_BY_CLIENT, Cause.CLOSED_BY_SERVER)
            return NOTE if closed else ERROR
        case _:
            return ERROR


class PlainTranscript:
    """The conversations of this run. Implements ui.TranscriptLines and ui.Finder.

    The line found last is explained first, or the last reply if nothing was found. After that, each
    further request explains the line above, until something else is typed.
    """

    def __init__(self, output: Output) -> None:
        self._output = output
        self.sections: list[TranscriptSection] = []
        self.needle = ""
        self._found: tuple[TranscriptSection, int] | None = None  # and its line
        self._explained: tuple[TranscriptSection, int] | None = None

    def add(self, session: Session) -> None:
        """Keep the conversation of a new session."""
        conversation = session.conversation
        self.sections.append(TranscriptSection(session.transcript, conversation.pending_masked))
        self.moved_on()

    def moved_on(self) -> None:
        """Forget the line found or explained last, because the conversation has continued."""
        self._found = self._explained = None

    def _synced(self) -> list[TranscriptSection]:
        for section in self.sections:
            section.layout.sync()
        return self.sections

    @property
    def height(self) -> int:
        """The number of lines, counting a message as one."""
        return sum(section.layout.height for section in self._synced())

    def text_lines(self) -> Iterator[str]:
        """Yield the lines as they are saved to a file."""
        for section in self._synced():
            for line in range(section.layout.height):
                yield from exported(section.layout, line)

    def toggle_ladder(self) -> None:
        """Report that drawing a ladder needs a screen, and how to save the ladder as text."""
        self._output.say(ERROR, f"{no_screen('ladder')} {do('ladder')} FILE.txt saves it as text.")

    def show_saving(self, count: int | None, unit: str = "lines") -> None:
        """Do nothing, since each progress report would be a line of its own."""

    # Finding

    def open(self, text: str) -> None:
        """Write the lines that contain `text` (ignoring case), newest last."""
        if not text:
            self._output.say(ERROR, f"Find what? The syntax is {do('find')} TEXT.")
            return
        self.needle = text
        self.moved_on()
        count = 0
        for section in self._synced():
            for line in range(section.layout.height):
                for said in exported(section.layout, line):
                    if text.casefold() in said[10:].casefold():
                        count += 1
                        self._found = (section, line)
                        if count <= MOST_FOUND:
                            self._output.page_line(said.strip())
        if not count:
            self._output.say(NOTE, f"No line contains {text[:60]}.")
        elif count > MOST_FOUND:
            self._output.say(NOTE, f"{count - MOST_FOUND:,} more lines contain it.")
        else:
            self._output.say(
                NOTE, f"{plural(count, '{} line')}; {do('explain')} explains the last one."
            )

    # Explaining

    @property
    def _in_turn(self) -> tuple[TranscriptSection, int] | None:
        """The line explained last, or else the line to explain first, or None."""
        return self._explained or self._found or self._last()

    @property
    def present(self) -> tuple[TranscriptSection, LineSource] | None:
        """The section and the source of the line that is explained last or first, or None."""
        line = self._in_turn
        return None if line is None else (line[0], line[0].layout.at(line[1]))

    def explain_next(self) -> tuple[LineExplanation, int | None] | None:
        """Explain the line found last or the last reply; further calls explain the lines above.

        Return the explanation, and the line's row if it is in the current session (otherwise None).
        Return None if no line is left.
        """
        line = self._above(self._explained) if self._explained else self._found or self._last()
        if line is None:
            return None
        self._explained = line
        section, number = line
        spot = section.layout.at(number)
        own = spot.kind == ROW and section is self.sections[-1]
        return _meaning(line), spot.number if own else None

    @property
    def explained(self) -> LineExplanation | None:
        """The explanation of the line that `present` returns, or None."""
        line = self._in_turn
        return _meaning(line) if line is not None else None

    def _above(self, line: tuple[TranscriptSection, int]) -> tuple[TranscriptSection, int] | None:
        section, number = line
        if number:
            return section, number - 1
        before = self.sections[: self.sections.index(section)]
        return next(
            ((each, each.layout.height - 1) for each in reversed(before) if each.layout.height),
            None,
        )

    def _last(self) -> tuple[TranscriptSection, int] | None:
        """Return the last line that the client did not send (a reply or an event), or None."""
        for section in reversed(self._synced()):
            layout = section.layout
            for line in range(layout.height - 1, max(-1, layout.height - 1 - NEAR), -1):
                spot = layout.at(line)
                if spot.kind == RULE or (
                    spot.kind == ROW and not section.transcript.flags(spot.number) & SENT
                ):
                    return section, line
        return None


def _meaning(line: tuple[TranscriptSection, int]) -> LineExplanation:
    from ..explain.line import meaning_of, meaning_of_message

    section, number = line
    spot = section.layout.at(number)
    if spot.kind == ROW:
        return meaning_of(section.index, spot.number, room=WIDEST)
    if spot.kind == RULE:
        return meaning_of(section.index, None, section.transcript.mark(spot.number)[1])
    body = section.transcript.bodies[spot.number]
    return meaning_of_message(body.first, body.last, body.size, section.index)
