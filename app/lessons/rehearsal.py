"""Plays the examples of a lesson, feeding the lines of both sides through a conversation to a run.

No server is needed, because the `S:` lines are its replies. Therefore `heloscope lesson check`
needs no network, and an example gives the same result everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable

from ...session.events import (
    CLIENT,
    SERVER,
    Cause,
    Connected,
    Disconnected,
    Event,
    TlsFailed,
    TlsStarted,
)
from ...session.protocol.conversation import Conversation
from ...session.record.transcript import Transcript
from ...session.script.escapes import raw_bytes
from .changes import Change
from .deliveries import Deliveries
from .example_reader import envelope
from .facts import Delivered, Saw
from .model import Example, ExampleLine, Step
from .run import Run
from .values import Text
from .worlds import extensions_of, is_prepared

_PAUSE = 0.05  # seconds between two lines


class Rehearsal:
    """A step with its own conversation, starting in the step's world."""

    def __init__(self, run: Run, place: int) -> None:
        """Prepare the step at `place` as the program would, then begin it."""
        self.run = run
        self.changes: list[Change] = []
        self.unseen: list[ExampleLine] = []
        """The lines that refer to a row that does not exist."""
        self._at = 0.0
        self._derives = True
        self._deliveries = Deliveries()
        self._listening = False
        self._conversation = Conversation()
        self._told = 0  # number of its events passed on
        self._open = False
        step = run.lesson.steps[place]
        if is_prepared(step.world):
            self._prepare(step)
        self.changes = run.jump(place)
        run.ready()
        self._listening = True

    def play(self, example: Example) -> list[Change]:
        """Play an example, and return all changes."""
        self.changes = []
        self._derives = not any(line.sign == "got" for line in example.lines)
        lines = list(example.lines)
        while lines:
            line = lines.pop(0)
            if line.sign == "got":
                content: list[str] = []
                while lines and lines[0].sign == "|":
                    content.append(lines.pop(0).text)
                self._got(line, content)
            else:
                self._line(line)
        return self.changes

    def _prepare(self, step: Step) -> None:
        """Prepare the world of a step, with a server that accepts everything."""
        self._server(b"220 practice.test ready\r\n")
        for line in step.world.setup:
            self._client(line.encode() + b"\r\n")
            verb = line.split(None, 1)[0].upper() if line.strip() else ""
            if not self._conversation.waiting_for:
                pass  # a line of a message, which gets no reply
            elif verb in ("EHLO", "LHLO"):
                listed = ["practice.test", *extensions_of(step.world)]
                last = len(listed) - 1
                for place, each in enumerate(listed):
                    self._server(f"250{' -'[place < last]}{each}\r\n".encode())
            elif verb == "DATA":
                self._server(b"354 go ahead\r\n")
            elif verb == "STARTTLS":
                self._server(b"220 2.0.0 go ahead\r\n")
                self._note(TlsStarted(self._at, "TLSv1.3", "", verified=True))
            else:
                self._server(b"250 2.0.0 ok\r\n")
        if step.world.login:
            self._client(b"AUTH PLAIN AGEAYg==\r\n")
            self._server(b"235 2.7.0 logged in\r\n")

    # One line

    def _line(self, line: ExampleLine) -> None:
        text = line.text
        match line.sign:
            case "C":
                self._client(text.encode("utf-8", "surrogateescape") + b"\r\n")
            case "raw":
                self._client(raw_bytes(text))
            case "S":
                self._server(text.encode("utf-8", "surrogateescape") + b"\r\n")
            case "connect":
                self._connect()
            case "closed":
                cause = Cause(text.strip()) if text.strip() else Cause.CLOSED_BY_SERVER
                self._note(Disconnected(self._at, cause))
                self._open = False
            case "tls":
                self._tls(text.split())
            case "quiet":
                self._at += float(text)
                self.changes += self.run.tick(self._at)
            case "saw":
                self._saw(line)
            case "said":
                self._said(text.split())
            case _:
                pass

    def _client(self, data: bytes) -> None:
        self._feed(CLIENT, data)

    def _server(self, data: bytes) -> None:
        self._feed(SERVER, data)

    def _feed(self, direction: object, data: bytes) -> None:
        if not self._open:
            self._connect()
        self._at += _PAUSE
        self._conversation.feed(CLIENT if direction is CLIENT else SERVER, data, self._at)
        self._hear()

    def _connect(self) -> None:
        self._at += _PAUSE
        self._conversation = Conversation()
        self._told = 0
        self._open = True
        self._conversation.note(Connected(self._at, "practice", "127.0.0.1"))
        self._hear()

    def _note(self, event: Event) -> None:
        if not self._open:
            self._connect()
        self._conversation.note(event)
        self._hear()

    def _tls(self, words: list[str]) -> None:
        if words[:1] == ["failed"]:
            reason = words[1] if len(words) > 1 else "expired"
            self._note(TlsFailed(self._at, reason, ""))
        else:
            self._note(TlsStarted(self._at, "TLSv1.3", "", verified=True))

    def _hear(self) -> None:
        """Pass new events to the run, including those before the step begins."""
        transcript = self._conversation.transcript
        events = list(transcript.events(self._told))
        self._told = transcript.sequence
        for event in events:
            self._tell(event)
            message = self._deliveries.feed(event)
            if message is not None and self._derives:
                self._tell(message)

    def _tell(self, event: Event) -> None:
        changes = self.run.feed(event)
        if self._listening:
            self.changes += changes

    def _got(self, line: ExampleLine, content: Iterable[str]) -> None:
        sender, recipients = envelope(line.text)
        data = "".join(f"{each}\r\n" for each in content).encode("utf-8", "surrogateescape")
        self._tell(Delivered(self._at, sender, recipients, data))

    def _saw(self, line: ExampleLine) -> None:
        what, _, name = line.text.strip().partition(" ")
        row = None
        if what == "row":
            row = find_row(self._conversation.transcript, name.strip())
            if row is None:
                self.unseen.append(line)
        self._tell(Saw(self._at, what, name.strip() if row is None else "", row))

    def _said(self, words: list[str]) -> None:
        from .facts import Said

        if len(words) > 1:
            self._tell(Said(self._at, words[0], words[1]))
        else:
            self.changes += self.run.answer(words[0], self._at)


def find_row(transcript: Transcript, pattern: str) -> int | None:
    """Return the number of the last row whose text matches a pattern, or None."""
    wanted = Text(pattern)
    for row in range(len(transcript) - 1, -1, -1):
        text = transcript[row].data.decode("utf-8", "surrogateescape").rstrip("\r\n")
        if wanted.matches(text):
            return row
    return None
