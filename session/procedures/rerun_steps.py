"""Reads the client side of a transcript as the steps of a rerun (rerun.py).

The exact octets of each line are kept, even if the line is invalid. Anything that a recording or
log does not contain cannot be repeated: secrets, omitted parts, and incomplete lines.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..events import (
    Cause,
    Connected,
    Disconnected,
    Kind,
    Note,
    ReplyReceived,
    TlsFailed,
    TlsStarted,
    Unasked,
)
from ..protocol.ehlo_keywords import parse_keywords
from ..protocol.replay import LEFT_OUT
from ..secret import MASK
from ..verbs import (
    AUTH_RESPONSE,
    CHUNK_VERBS,
    END_OF_DATA,
    GREETINGS,
    auth_parts,
    is_last_chunk,
    opens_auth,
    verb_of,
)
from .rerun import CONNECT, RerunReply, RerunStep

if TYPE_CHECKING:
    from ..record.transcript import Transcript

OMITTED = "omitted"
"""The kind of a Note about something that another tool's log omits."""
_OTHERWISE = ("cut", "masked", "joined")  # kinds of a Note about the line before it
_NOT_AS_SAID = "the log does not show it as it was sent"
_HIDDEN = "it contains a secret, and secrets are not recorded"
_NOT_HELD = "part of it is missing from the recording"
_MESSAGE_NOT_HELD = "all or part of the message that follows is missing from the recording"
_MASK = MASK.encode()


def rerun_steps(transcript: Transcript) -> list[RerunStep]:
    """Return the client side of the first connection in a transcript as steps.

    The first step connects.
    """
    return _Reader(transcript).steps()


class _Reader:
    def __init__(self, transcript: Transcript) -> None:
        self._transcript = transcript
        self._replies: dict[int, list[ReplyReceived]] = {}
        self._greeting: ReplyReceived | None = None
        self._missing: list[int] = []  # rows before which something is missing
        self._handshakes: list[tuple[int, bool]] = []  # (row that follows it, whether it succeeded)
        self._otherwise: set[int] = set()  # rows that differ from what was sent
        self._end = len(transcript)
        self._closed = False
        self._steps: list[RerunStep] = []
        self._spans: list[tuple[int, int]] = []  # each step's first row and reply row
        self._read_marks()

    def _read_marks(self) -> None:
        connected = False
        for number in range(self._transcript.mark_count):
            row, event = self._transcript.mark(number)
            match event:
                case Connected():
                    if connected:  # only the first connection counts
                        self._end = min(self._end, row)
                    connected = True
                case ReplyReceived(answers=None, unasked=Unasked.GREETING):
                    self._greeting = self._greeting or event
                case ReplyReceived(answers=command) if command is not None:
                    self._replies.setdefault(command, []).append(event)
                case TlsStarted() | TlsFailed():
                    self._handshakes.append((row, isinstance(event, TlsStarted)))
                case Note(kind=kind) if kind in (LEFT_OUT, OMITTED):
                    self._missing.append(row)
                case Note(kind=kind) if kind in _OTHERWISE:
                    self._otherwise.add(row - 1)
                case Disconnected(cause=cause):
                    self._closed = cause in (Cause.CLOSED_BY_SERVER, Cause.RESET)
                case _:
                    pass

    def steps(self) -> list[RerunStep]:
        """Return all steps. May be called only once."""
        greeting = self._greeting
        row = greeting.row if greeting is not None else 0
        first = -1
        wanted = (self._wanted(greeting),) if greeting is not None else ()
        self._steps.append(RerunStep(row, CONNECT, wanted=wanted))
        self._spans.append((first, row))
        transcript = self._transcript
        bodies = {body.first: body for body in transcript.bodies}
        row = 0
        while row < self._end:
            body = bodies.get(row)
            if body is not None:
                chunk = transcript[row].kind is Kind.CHUNK
                self._body(row, body.last, transcript.body(body), chunk=chunk)
                row = body.last + 1
                continue
            line = transcript[row]
            if line.sent:
                self._line(row, line.data, secret=line.secret)
            row += 1
        return self._without_cut_messages(
            [self._finished(place) for place in range(len(self._steps))]
        )

    def _without_cut_messages(self, steps: list[RerunStep]) -> list[RerunStep]:
        """Return the steps, marking each DATA whose message is missing as not repeatable.

        After the 354 to such a DATA, nothing could be sent except the missing message.
        """
        found: list[RerunStep] = []
        for place, step in enumerate(steps):
            if step.verb == "DATA" and any(reply.code == 354 for reply in step.wanted):
                later = steps[place + 1] if place + 1 < len(steps) else None
                there = later is not None and later.verb == END_OF_DATA
                end = self._spans[place + 1][there] if later is not None else self._end
                if any(step.row < row <= end for row in self._missing):
                    step = step._replace(untold=_MESSAGE_NOT_HELD)
            found.append(step)
        return found

    def _add(self, first: int, step: RerunStep) -> None:
        self._steps.append(step)
        self._spans.append((first, step.row))

    def _line(self, row: int, data: bytes, *, secret: bool) -> None:
        last = self._steps[-1]
        unanswered = last.verb == "" and not self._replies.get(last.row)
        if secret and opens_auth(data):
            self._auth(row, data)
        elif secret and last.mechanism:
            cancels = data == b"*\r\n"
            step = RerunStep(
                row, AUTH_RESPONSE, data if cancels else b"", mechanism=last.mechanism,
                responds=not cancels,
            )  # fmt: skip
            self._add(row, step)
        elif secret or _MASK in data:
            self._add(row, RerunStep(row, verb_of(data), b"", untold=_HIDDEN))
        elif row in self._otherwise:
            self._add(row, RerunStep(row, verb_of(data), data, untold=_NOT_AS_SAID))
        elif data == b".\r\n" and last.verb == END_OF_DATA and not last.data.endswith(b"\n.\r\n"):
            first = self._spans[-1][0]
            self._steps[-1] = RerunStep(row, END_OF_DATA, last.data + data)
            self._spans[-1] = (first, row)
        elif data == b".\r\n" and self._awaits_message():
            self._add(row, RerunStep(row, END_OF_DATA, data))
        elif unanswered:  # an incomplete line
            first = self._spans[-1][0]
            self._steps[-1] = RerunStep(row, "", last.data + data)
            self._spans[-1] = (first, row)
        else:
            whole = data.endswith(b"\n")
            self._add(row, RerunStep(row, verb_of(data) if whole else "", data))

    def _auth(self, row: int, data: bytes) -> None:
        verb, mechanism, _, response = auth_parts(data) or (data, b"", b"", b"")
        name = mechanism.decode("ascii", "replace").upper()
        line = (verb + mechanism).rstrip() + b"\r\n"
        responds = bool(response.strip())
        untold = "" if name else _HIDDEN
        self._add(
            row, RerunStep(row, "AUTH", line, mechanism=name, responds=responds, untold=untold)
        )

    def _awaits_message(self) -> bool:
        last = self._steps[-1]
        replies = self._replies.get(last.row, ())
        return last.verb == "DATA" and any(reply.code == 354 for reply in replies)

    def _body(self, first: int, last: int, data: bytes, *, chunk: bool) -> None:
        step = self._steps[-1]
        if chunk and step.verb in CHUNK_VERBS:
            verb = f"{step.verb} LAST" if is_last_chunk(step.data) else step.verb
            self._steps[-1] = step._replace(verb=verb, data=step.data + data)
            self._spans[-1] = (self._spans[-1][0], last)
        elif chunk and step.verb.endswith(" LAST"):
            self._steps[-1] = step._replace(data=step.data + data)
        else:
            self._add(first, RerunStep(last, END_OF_DATA, data))

    def _finished(self, place: int) -> RerunStep:
        step = self._steps[place]
        first, end = self._spans[place]
        replies = self._replies.get(step.row, []) if step.verb != CONNECT else []
        wanted = step.wanted or tuple(map(self._wanted, replies))
        after = self._spans[place + 1][0] if place + 1 < len(self._spans) else self._end
        answered = replies[0].row if replies else step.row if step.verb == CONNECT else None
        is_last = place + 1 == len(self._steps)
        together = not is_last and (answered is None or after < answered)
        untold = step.untold
        if verb_of(step.data) in CHUNK_VERBS:  # its octets should follow
            end = after
        if not untold and any(first < row <= end for row in self._missing):
            untold = _NOT_HELD
        return step._replace(
            wanted=wanted,
            together=together,
            handshake=self._handshake(step, replies, after),
            closed=is_last and self._closed and not wanted,
            untold=untold,
        )

    def _handshake(self, step: RerunStep, replies: list[ReplyReceived], after: int) -> bool | None:
        """Return whether the handshake after a step succeeded, or None if there was none."""
        if step.verb == CONNECT or not replies or replies[-1].code != 220:
            return None
        last = replies[-1].last
        found = [good for row, good in self._handshakes if last < row <= after]
        return found[0] if found else None

    def _wanted(self, reply: ReplyReceived) -> RerunReply:
        lines = [self._transcript[row].data for row in range(reply.row, reply.last + 1)]
        keywords = None
        if reply.verb in GREETINGS and reply.code == 250:
            keywords = parse_keywords(line[4:] for line in lines[1:])
        return RerunReply(reply.code, reply.enhanced, keywords, lines[0])
