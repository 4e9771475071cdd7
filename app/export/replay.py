"""Converts a conversation into steps that can be repeated, for the export formats.

The steps come from the transcript and from the remaining steps of a plan. They contain no secrets:
a login consists of the mechanism, the user and the final reply, and known secrets elsewhere are
masked.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ...session.events import Kind, ReplyReceived, TlsStarted, Unasked
from ...session.protocol.transparency import stuff, unstuff
from ...session.record.credentials import secret_spans_of
from ...session.record.masking import by_position
from ...session.target import Target
from ...session.verbs import auth_parts

if TYPE_CHECKING:
    from ...session.procedures.content import Content
    from ...session.record.transcript import Transcript
    from ...session.stepping.stepper import Planned


class StepKind(enum.Enum):
    """The kind of a step, which says what its `data` is."""

    COMMAND = "a command line"  # data: the line, without its CRLF
    LOGIN = "AUTH, to its final reply"  # data: the mechanism
    MESSAGE = "DATA, a message, and its end"  # data: the message, dots not doubled
    CHUNK = "BDAT and its octets"  # data: the octets
    RAW = "bytes that are none of these"  # data: exactly those


class ReplayStep(NamedTuple):
    """A step of the client, with the codes of the replies that it got, in order."""

    kind: StepKind
    data: bytes
    codes: tuple[int, ...] = ()
    user: str = ""
    answers: int = 0  # of a login: the number of the client's responses
    last: bool = False  # of a chunk: BDAT with LAST

    @property
    def verb(self) -> str:
        """The first word of the data, in upper case."""
        words = self.data.split(None, 1)
        return words[0].decode("ascii", "replace").upper() if words else ""


class Replay(NamedTuple):
    """A conversation as steps to repeat; `where` is the target as the user types it."""

    target: Target | None
    where: str
    greeting: int | None
    steps: list[ReplayStep]
    masked: bool = False
    """Whether a secret outside a login was replaced by stars."""
    verified: bool = False
    """Whether TLS was active with a certificate verified by the system's authorities."""


def replay_of(
    transcript: Transcript,
    target: Target | None,
    where: str = "",
    *,
    planned: Sequence[Planned] = (),
    content: Content | None = None,
    user: str = "",
    own_authority: bool = False,
) -> Replay:
    """The replay of a transcript, followed by the `planned` steps.

    `content` is the message that the plan sends, `user` the user whom it logs in. `own_authority`
    is true if certificates are verified with a CA file instead of the system's authorities.
    """
    read = _Reader(transcript)
    steps = read.steps()
    if planned:
        steps += _to_come(planned, content, user)
    where = where or (target.text if target is not None else "")
    verified = read.verified and not own_authority
    replay = Replay(target, where, read.greeting, steps, verified=verified)
    return _masked(replay, transcript)


def _masked(replay: Replay, transcript: Transcript) -> Replay:
    mask = transcript.secrets.mask
    steps = [
        step if step.kind is StepKind.LOGIN else step._replace(data=mask(step.data))
        for step in replay.steps
    ]
    return replay._replace(steps=steps, masked=steps != replay.steps)


class _Reader:
    """Reads the steps of the client from a transcript, row by row."""

    def __init__(self, transcript: Transcript) -> None:
        self._transcript = transcript
        self.greeting: int | None = None
        self.verified = False
        self._codes: dict[int, list[int]] = {}
        self._steps: list[ReplayStep] = []
        self._body: bytearray | None = None  # of a message that has begun
        for event in transcript.marks_after(0):
            if isinstance(event, TlsStarted):
                self.verified = event.verified and not event.pinned
            elif isinstance(event, ReplyReceived):
                if event.answers is not None:
                    self._codes.setdefault(event.answers, []).append(event.code)
                elif event.unasked is Unasked.GREETING:
                    self.greeting = event.code

    def steps(self) -> list[ReplayStep]:
        """All steps; to be called once."""
        transcript = self._transcript
        bodies = {body.first: body for body in transcript.bodies}
        row = 0
        while row < len(transcript):
            body = bodies.get(row)
            if body is not None:
                self._body_rows(transcript[row].kind, transcript.body(body))
                row = body.last + 1
                continue
            line = transcript[row]
            if line.sent:
                self._line(row, line.data, line.kind, secret=line.secret, piece=line.piece)
            row += 1
        self._body_broken_off()
        return [self._without_answers(step) for step in self._steps]

    @staticmethod
    def _without_answers(step: ReplayStep) -> ReplayStep:
        """A login without responses contains no secret, so it becomes a plain command."""
        if step.kind is not StepKind.LOGIN or step.answers:
            return step
        return ReplayStep(StepKind.COMMAND, b"AUTH " + step.data, step.codes)

    def _line(self, row: int, data: bytes, kind: Kind, *, secret: bool, piece: bool) -> None:
        codes = tuple(self._codes.get(row, ()))
        whole = data.endswith(b"\r\n") and b"\r" not in data[:-2]
        command = kind is Kind.COMMAND and whole and not piece
        if command and data == b".\r\n" and self._awaiting_message():
            self._message(bytes(self._body or b""), codes)
        elif secret and command and (auth := auth_parts(data)) is not None and auth[1]:
            answers = int(bool(auth[3].strip()))
            user = self._user(row)
            self._steps.append(ReplayStep(StepKind.LOGIN, auth[1].upper(), codes, user, answers))
        elif secret and command and secret_spans_of(data):  # it only looks like credentials
            masked = by_position(data, kind)
            self._steps.append(ReplayStep(StepKind.COMMAND, masked.rstrip(b"\r\n"), codes))
        elif secret:
            self._answer(row, codes)
        elif command:
            self._body_broken_off()
            self._steps.append(ReplayStep(StepKind.COMMAND, data[:-2], codes))
        else:
            self._raw(data, codes)

    # AUTH

    def _answer(self, row: int, codes: tuple[int, ...]) -> None:
        """Add a response to the current login."""
        if self._steps and self._steps[-1].kind is StepKind.LOGIN:
            login = self._steps[-1]
            user = login.user or self._user(row)
            self._steps[-1] = login._replace(codes=codes, user=user, answers=login.answers + 1)
        else:  # a response without a login
            self._steps.append(ReplayStep(StepKind.LOGIN, b"", codes, answers=1))

    def _user(self, row: int) -> str:
        from ...session.sasl.in_transcript import parts_at

        for part in parts_at(self._transcript, row):
            if part.label == "user" and not part.secret:
                return part.text
        return ""

    # Messages

    def _awaiting_message(self) -> bool:
        last = self._steps[-1] if self._steps else None
        return last is not None and last.verb == "DATA" and last.codes[:1] == (354,)

    def _body_rows(self, kind: Kind, data: bytes) -> None:
        last = self._steps[-1] if self._steps else None
        if kind is Kind.CHUNK and last is not None and last.verb == "BDAT":
            words = last.data.split()
            size = int(words[1]) if len(words) > 1 and words[1].isdigit() else -1
            if last.kind is StepKind.COMMAND and size == len(data):
                ends = words[2:3] != [] and words[2].upper() == b"LAST"
                self._steps[-1] = ReplayStep(StepKind.CHUNK, data, last.codes, last=ends)
                return
        if kind is Kind.BODY and (self._body is not None or self._awaiting_message()):
            self._body = (self._body or bytearray()) + data
            return
        self._raw(data, ())

    def _message(self, wire: bytes, codes: tuple[int, ...]) -> None:
        self._body = None
        content = unstuff(wire)
        if stuff(content) == wire:
            self._steps[-1] = ReplayStep(StepKind.MESSAGE, content, codes)
        else:
            self._raw(wire + b".\r\n", codes)

    def _body_broken_off(self) -> None:
        """Turn a message that was never finished into raw bytes."""
        if self._body is not None:
            wire, self._body = bytes(self._body), None
            self._raw(wire, ())

    def _raw(self, data: bytes, codes: tuple[int, ...]) -> None:
        last = self._steps[-1] if self._steps else None
        if last is not None and last.kind is StepKind.RAW and not last.codes:
            self._steps[-1] = ReplayStep(StepKind.RAW, last.data + data, codes)
        else:
            self._steps.append(ReplayStep(StepKind.RAW, data, codes))


# What is planned

_GOOD = {"DATA": 354, "STARTTLS": 220, "QUIT": 221}


def _to_come(planned: Iterable[Planned], content: Content | None, user: str) -> list[ReplayStep]:
    """The planned steps, each with the positive reply that it would get."""
    steps: list[ReplayStep] = []
    for step in planned:
        last = steps[-1] if steps else None
        match step.verb:
            case "connect" | "TLS" | "(auth)":
                pass  # part of the step before
            case "AUTH":
                words = step.data.split()
                mechanism = words[1] if len(words) > 1 else b""
                steps.append(ReplayStep(StepKind.LOGIN, mechanism, (235,), user, 1))
            case ".":
                whole = b"".join(content.parts()) if content is not None else None
                if whole is None:
                    whole = unstuff(step.data.removesuffix(b".\r\n"))
                if last is not None and last.verb == "DATA":
                    steps.pop()
                steps.append(ReplayStep(StepKind.MESSAGE, whole, (250,)))
            case "BDAT" | "BDAT LAST":
                octets = step.data.partition(b"\r\n")[2]
                whole = b"".join(content.parts()) if content is not None else octets
                if last is None or last.kind is not StepKind.CHUNK:
                    steps.append(ReplayStep(StepKind.CHUNK, whole, (250,), last=True))
            case verb:
                line = step.data.removesuffix(b"\r\n")
                steps.append(ReplayStep(StepKind.COMMAND, line, (_GOOD.get(verb, 250),)))
    return steps
