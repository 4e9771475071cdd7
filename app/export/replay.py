"""Converts a conversation into steps that can be repeated, for the export formats.

The steps come from the transcript and from the remaining steps of a plan. They contain no secrets:
secrets are omitted from the lines of a login (see login.py), and masked elsewhere.
"""

from __future__ import annotations

import enum
import os
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from ...session.events import ExtensionsChanged, Kind, ReplyReceived, Unasked
from ...session.protocol.transparency import stuff, unstuff
from ...session.record.credentials import secret_spans_of
from ...session.record.masking import by_position
from ...session.target import Target
from ...session.tls.settings import TlsSettings, name_of
from ...session.verbs import TLS_VERBS, auth_parts, opens_auth
from ...session.visible import visible
from .login import (
    SECRET_KINDS,
    AuthLine,
    AuthPartKind,
    LoginReader,
    assumed_login,
    planned_login,
    secret_name,
)

if TYPE_CHECKING:
    from ...session.procedures.content import Content
    from ...session.record.transcript import Transcript
    from ...session.stepping.stepper import Planned


class StepKind(enum.Enum):
    """The kind of a step, which determines its `data`."""

    COMMAND = "a command line"  # data: the line, without its CRLF
    LOGIN = "AUTH, to its final reply"  # data: the mechanism
    MESSAGE = "DATA, a message, and its end"  # data: the message, dots not doubled
    CHUNK = "BDAT and its octets"  # data: the octets
    RAW = "bytes that are none of these"  # data: exactly those


class ReplayStep(NamedTuple):
    """A step of the client, with the codes of the replies to the step in order."""

    kind: StepKind
    data: bytes
    codes: tuple[int, ...] = ()
    user: str = ""
    answers: int = 0  # of a login: the number of the client's responses
    last: bool = False  # of a chunk: BDAT with LAST
    lines: tuple[AuthLine, ...] = ()  # of a login
    secret: str = ""  # of a login: the name of the password or token that is left out
    together: bool = False  # the next step was sent before the first reply to this one came
    assumed: bool = False  # of a login: it was masked, and is assumed to be the usual one
    offered: bool = True  # of STARTTLS: the server had listed it
    of_message: bool = False  # of raw bytes: they are part of a message

    @property
    def verb(self) -> str:
        """The first word of the data, in upper case."""
        words = self.data.split(None, 1)
        return words[0].decode("ascii", "replace").upper() if words else ""

    @property
    def starts_tls(self) -> bool:
        """Whether a TLS handshake follows this step."""
        return self.kind is StepKind.COMMAND and self.verb in TLS_VERBS and self.codes[:1] == (220,)

    @property
    def refused(self) -> bool:
        """Whether this is a login whose password or token was rejected."""
        return self.kind is StepKind.LOGIN and self.codes[-1:] == (535,)


class Replay(NamedTuple):
    """A conversation as steps to repeat. `where` is the target as the user would type it.

    `greeting` is the reply code of the greeting, if any.
    """

    target: Target | None
    where: str
    greeting: int | None
    steps: list[ReplayStep]
    masked: bool = False
    """Whether a secret outside a login was replaced by stars."""
    remarks: tuple[str, ...] = ()
    """Sentences about differences from the conversation, such as replaced names."""
    tls: TlsSettings = TlsSettings()
    """The TLS settings, with absolute file names."""
    source: str = ""
    """The source address of the connection; empty if the system chooses it."""
    early: bool = False
    """Whether the client sent something before the greeting."""

    @property
    def lmtp(self) -> bool:
        """Whether the target speaks LMTP."""
        return self.target is not None and self.target.lmtp

    @property
    def implicit(self) -> bool:
        """Whether TLS starts with the first byte of the connection."""
        return self.target is not None and self.target.implicit

    @property
    def encrypted(self) -> bool:
        """Whether the conversation contains a TLS handshake."""
        return self.implicit or any(step.starts_tls for step in self.steps)

    @property
    def verified(self) -> bool:
        """Whether the server's certificate is verified.

        False if verification is off, or if the certificate is only compared with an
        accepted one.
        """
        return self.tls.verify and not self.tls.pinned

    @property
    def server_name(self) -> str:
        """The name that heloscope sends in the TLS handshake; empty if it sends none."""
        try:
            return name_of(self.tls, self.target.host if self.target is not None else "")
        except ValueError:  # there was no handshake, then
            return ""

    @property
    def quits(self) -> bool:
        """Whether the conversation contains QUIT."""
        return any(step.verb == "QUIT" and step.kind is StepKind.COMMAND for step in self.steps)

    def with_tls(self, settings: TlsSettings | None) -> Replay:
        """Return this replay with these TLS settings, or with the default settings for None."""
        return self._replace(tls=_absolute(settings or TlsSettings()))


def replay_of(
    transcript: Transcript,
    target: Target | None,
    where: str = "",
    *,
    planned: Sequence[Planned] = (),
    content: Content | None = None,
    user: str = "",
    source: str = "",
) -> Replay:
    """Return the replay of a transcript, followed by the `planned` steps.

    `content` is the message that the plan sends, `user` the user whom the plan logs in, and
    `source` the source address of the connection, if one was chosen. `Replay.with_tls` adds the TLS
    settings.
    """
    read = _Reader(transcript)
    steps = [_assumed(step, target) for step in read.steps()]
    if planned:
        steps += _to_come(planned, content, user, target)
    where = where or (target.text if target is not None else "")
    replay = Replay(target, where, read.greeting, _named(steps), source=source, early=read.early)
    return _masked(replay, transcript)


def _assumed(step: ReplayStep, target: Target | None) -> ReplayStep:
    """Return a masked login as the usual login of its mechanism, and any other step unchanged."""
    if step.kind is not StepKind.LOGIN or not step.lines:
        return step
    host, port = (target.host, target.port) if target is not None else ("", 0)
    lines = assumed_login(step.data.decode("ascii", "replace"), step.lines, host, port)
    return step if lines is None else step._replace(lines=lines, assumed=True)


def _absolute(settings: TlsSettings) -> TlsSettings:
    """Return the settings with absolute file names, because a copy may run in another folder."""

    def absolute(name: str) -> str:
        return os.path.abspath(os.path.expanduser(name)) if name else ""

    return msgspec.structs.replace(
        settings,
        ca_file=absolute(settings.ca_file),
        certfile=absolute(settings.certfile),
        keyfile=absolute(settings.keyfile or settings.certfile),
    )


def _named(steps: Sequence[ReplayStep]) -> list[ReplayStep]:
    """Return the steps with a name for each omitted secret and for each omitted response.

    Two logins share the name of a secret if they are by the same user, and either both or neither
    of them were rejected.
    """
    names: dict[tuple[str, str, bool], str] = {}
    answers = 0
    found: list[ReplayStep] = []
    for step in steps:
        lines: list[AuthLine] = []
        for line in step.lines:
            if line.has(AuthPartKind.LEFT_OUT):
                answers += 1
                line = line._replace(answer=f"ANSWER_{answers}")
            lines.append(line)
        name = ""
        if any(line.has(*SECRET_KINDS) for line in lines):
            what = secret_name(step.data.decode("ascii", "replace")) or "PASSWORD"
            key = (what, step.user, step.refused)
            earlier = sum(known[0] == what for known in names)
            name = names.setdefault(key, f"{what}_{earlier + 1}" if earlier else what)
        found.append(step._replace(lines=tuple(lines), secret=name))
    return found


def _masked(replay: Replay, transcript: Transcript) -> Replay:
    mask = transcript.secrets.mask
    steps = [
        step._replace(
            data=mask(step.data),
            lines=tuple(line._replace(head=mask(line.head)) for line in step.lines),
        )
        for step in replay.steps
    ]
    assumed = dict.fromkeys(step.data for step in steps if step.assumed)
    remarks = tuple(
        f"The recorded login is masked; the usual {visible(mechanism)} login is assumed."
        for mechanism in assumed
    )
    return replay._replace(steps=steps, masked=steps != replay.steps, remarks=remarks)


class _Reader:
    """A reader that extracts the client's steps from a transcript, row by row."""

    def __init__(self, transcript: Transcript) -> None:
        self._transcript = transcript
        self.greeting: int | None = None
        self.early = False
        self._codes: dict[int, list[int]] = {}
        self._replied: dict[int, int] = {}  # row of a command -> row of its first reply
        self._offers: list[tuple[int, bool]] = []  # (row, whether STARTTLS is listed from it on)
        self._steps: list[ReplayStep] = []
        self._spans: list[list[int]] = []  # of each step: its first row, that of its last command
        self._login: LoginReader | None = None
        self._body: bytearray | None = None  # of a message that has begun
        self._greeted = len(transcript)  # the row of the greeting
        for number in range(transcript.mark_count):
            row, event = transcript.mark(number)
            if isinstance(event, ExtensionsChanged):
                self._offers.append((row, "STARTTLS" in (event.keywords or {})))
            elif isinstance(event, ReplyReceived):
                if event.answers is not None:
                    self._codes.setdefault(event.answers, []).append(event.code)
                    self._replied.setdefault(event.answers, event.row)
                elif event.unasked is Unasked.GREETING:
                    self.greeting = event.code
                    self._greeted = event.row

    def steps(self) -> list[ReplayStep]:
        """Read all steps and return them. Call this only once."""
        transcript = self._transcript
        bodies = {body.first: body for body in transcript.bodies}
        row = 0
        while row < len(transcript):
            body = bodies.get(row)
            if body is not None:
                self._body_rows(row, transcript[row].kind, transcript.body(body))
                row = body.last + 1
                continue
            line = transcript[row]
            if line.sent:
                self._line(row, line.data, line.kind, secret=line.secret, piece=line.piece)
            row += 1
        self._body_broken_off(len(transcript))
        self.early = bool(self._spans) and self._spans[0][0] < self._greeted
        return [self._finished(number) for number in range(len(self._steps))]

    def _add(self, row: int, step: ReplayStep) -> None:
        self._steps.append(step)
        self._spans.append([row, row])

    def _finished(self, number: int) -> ReplayStep:
        step = self._steps[number]
        first, last = self._spans[number]
        replied = self._replied.get(last)
        if replied is not None and number + 1 < len(self._spans):
            step = step._replace(together=self._spans[number + 1][0] < replied)
        if step.starts_tls:
            before = [offered for row, offered in self._offers if row <= first]
            step = step._replace(offered=bool(before and before[-1]))
        if step.kind is StepKind.LOGIN and not step.answers:  # it has no secret
            return ReplayStep(
                StepKind.COMMAND, step.lines[0].head, step.codes, together=step.together
            )
        return step

    def _line(self, row: int, data: bytes, kind: Kind, *, secret: bool, piece: bool) -> None:
        codes = tuple(self._codes.get(row, ()))
        whole = data.endswith(b"\r\n") and b"\r" not in data[:-2]
        command = kind is Kind.COMMAND and whole and not piece
        if command and data == b".\r\n" and self._awaiting_message():
            self._message(row, bytes(self._body or b""), codes)
        elif secret and command and auth_parts(data) is not None:
            self._auth(row, data[:-2], codes)
        elif secret and command and not opens_auth(data) and secret_spans_of(data):
            masked = by_position(data, kind)  # it only looks like credentials
            self._add(row, ReplayStep(StepKind.COMMAND, masked.removesuffix(b"\r\n"), codes))
        elif secret and not (command and opens_auth(data)):
            self._answer(row, data, codes)
        elif command:
            self._body_broken_off(row)
            self._add(row, ReplayStep(StepKind.COMMAND, data[:-2], codes))
        else:
            self._raw(row, data, codes)

    # AUTH

    def _auth(self, row: int, line: bytes, codes: tuple[int, ...]) -> None:
        """Record the AUTH command in `row`, which starts a login, with the codes of its replies."""
        verb, mechanism, _, response = auth_parts(line) or (b"", b"", b"", b"")
        name = mechanism.upper()
        self._login = LoginReader(name.decode("ascii", "replace"), self._transcript.secrets.mask)
        self._login.begin(verb + mechanism, response, codes)
        answers = int(bool(response))
        self._add(row, ReplayStep(StepKind.LOGIN, name, codes, answers=answers))
        self._keep_login(codes)

    def _answer(self, row: int, data: bytes, codes: tuple[int, ...]) -> None:
        """Add the response in row `row` to the current login, with the codes of its replies."""
        if self._login is None or self._steps[-1].kind is not StepKind.LOGIN:
            self._login = LoginReader("", self._transcript.secrets.mask)
            self._add(row, ReplayStep(StepKind.LOGIN, b""))
        before = self._transcript[row - 1] if row else None
        challenge = before.data[4:].rstrip(b"\r\n") if before and not before.sent else b""
        self._login.answer(data.removesuffix(b"\r\n"), challenge, codes)
        login = self._steps[-1]
        self._steps[-1] = login._replace(answers=login.answers + 1)
        self._spans[-1][1] = row
        self._keep_login(codes)

    def _keep_login(self, codes: tuple[int, ...]) -> None:
        assert self._login is not None
        self._steps[-1] = self._steps[-1]._replace(
            codes=codes, user=self._login.user, lines=tuple(self._login.lines)
        )

    # Messages

    def _awaiting_message(self) -> bool:
        last = self._steps[-1] if self._steps else None
        return last is not None and last.verb == "DATA" and last.codes[:1] == (354,)

    def _body_rows(self, row: int, kind: Kind, data: bytes) -> None:
        last = self._steps[-1] if self._steps else None
        if kind is Kind.CHUNK and last is not None and last.verb == "BDAT":
            words = last.data.split()
            digits = words[1] if len(words) > 1 else b""
            size = int(digits) if digits.isdigit() and len(digits) <= 20 else -1
            if last.kind is StepKind.COMMAND and size == len(data):
                ends = words[2:3] != [] and words[2].upper() == b"LAST"
                self._steps[-1] = ReplayStep(StepKind.CHUNK, data, last.codes, last=ends)
                return
        if kind is Kind.BODY and (self._body is not None or self._awaiting_message()):
            self._body = (self._body or bytearray()) + data
            return
        self._raw(row, data, ())

    def _message(self, row: int, wire: bytes, codes: tuple[int, ...]) -> None:
        self._body = None
        content = unstuff(wire)
        if stuff(content) == wire:
            self._steps[-1] = ReplayStep(StepKind.MESSAGE, content, codes)
            self._spans[-1][1] = row
        else:
            self._raw(row, wire + b".\r\n", codes, of_message=True)

    def _body_broken_off(self, row: int) -> None:
        """Turn a message that was never finished into raw bytes."""
        if self._body is not None:
            wire, self._body = bytes(self._body), None
            self._raw(row - 1, wire, (), of_message=True)

    def _raw(
        self, row: int, data: bytes, codes: tuple[int, ...], *, of_message: bool = False
    ) -> None:
        step = ReplayStep(StepKind.RAW, data, codes, of_message=of_message)
        last = self._steps[-1] if self._steps else None
        continues = last is not None and last.kind is StepKind.RAW and not last.codes
        if last is not None and continues and last.of_message is of_message:
            self._steps[-1] = step._replace(data=last.data + data)
            self._spans[-1][1] = row
        else:
            self._add(row, step)


# What is planned

_GOOD = {"DATA": 354, "STARTTLS": 220, "QUIT": 221}


def _to_come(
    planned: Iterable[Planned], content: Content | None, user: str, target: Target | None
) -> list[ReplayStep]:
    """Return the planned steps, each with the positive reply that is expected."""
    steps: list[ReplayStep] = []
    for step in planned:
        last = steps[-1] if steps else None
        match step.verb:
            case "connect" | "TLS" | "(auth)":
                pass  # part of the step before
            case "AUTH":
                words = step.data.split()
                mechanism = words[1].upper() if len(words) > 1 else b""
                host, port = (target.host, target.port) if target is not None else ("", 0)
                name = mechanism.decode("ascii", "replace")
                lines = planned_login(name, user, host, port)
                answers = sum(line.parts is not None for line in lines)
                login = ReplayStep(StepKind.LOGIN, mechanism, (235,), user, answers)
                steps.append(login._replace(lines=lines))
            case ".":
                whole = b"".join(content.parts()) if content is not None else None
                if whole is None:
                    whole = unstuff(step.data.removesuffix(b".\r\n"))
                if last is not None and last.verb == "DATA":
                    steps.pop()
                taken = 1
                if target is not None and target.lmtp:  # a reply for each recipient
                    taken = sum(each.verb == "RCPT" for each in steps) or 1
                steps.append(ReplayStep(StepKind.MESSAGE, whole, (250,) * taken))
            case "BDAT" | "BDAT LAST":
                octets = step.data.partition(b"\r\n")[2]
                whole = b"".join(content.parts()) if content is not None else octets
                if last is None or last.kind is not StepKind.CHUNK:
                    steps.append(ReplayStep(StepKind.CHUNK, whole, (250,), last=True))
            case verb:
                line = step.data.removesuffix(b"\r\n")
                steps.append(ReplayStep(StepKind.COMMAND, line, (_GOOD.get(verb, 250),)))
    return steps
