"""A replay with pseudonyms instead of its names, or without the content of its messages."""

from __future__ import annotations

import msgspec

from ...session.record.masked_events import MaskedEvents
from ...session.target import Target
from ...session.verbs import GREETINGS
from .login import AuthLine, AuthPart, AuthPartKind
from .replay import Replay, ReplayStep, StepKind

_BEFORE_A_MESSAGE = ("MAIL", "RSET", *GREETINGS)


def masked_replay(replay: Replay, masked: MaskedEvents) -> Replay:
    """Return the replay with its private data masked.

    An export makes its scripts, commands and programs from the masked replay.
    """
    masked.learn()
    steps = [_step(step, masked) for step in replay.steps]
    content = ("Message content was replaced with x.",) * masked.masking.content
    if masked.names is None:
        return replay._replace(steps=steps, remarks=(*replay.remarks, *content))
    tls = msgspec.structs.replace(replay.tls, server_name=masked.text(replay.tls.server_name))
    return replay._replace(
        steps=steps,
        target=None if replay.target is None else _target(replay.target, masked),
        where=masked.text(replay.where),
        source=masked.text(replay.source),
        tls=tls,
        remarks=(
            *replay.remarks,
            "Mailbox and host names were replaced with pseudonyms.",
            *content,
        ),
    )


def _target(target: Target, masked: MaskedEvents) -> Target:
    return msgspec.structs.replace(target, host=masked.text(target.host))


def _step(step: ReplayStep, masked: MaskedEvents) -> ReplayStep:
    match step.kind:
        case StepKind.MESSAGE | StepKind.CHUNK:
            data = masked.octets(step.data, chunk=step.kind is StepKind.CHUNK)
            if step.last:
                masked.end_message()
            return step._replace(data=data)
        case StepKind.LOGIN:
            user = masked.user(step.user) if step.user else ""
            lines = tuple(_auth_line(line, step.user, user, masked) for line in step.lines)
            return step._replace(user=user, lines=lines)
        case StepKind.COMMAND:
            if step.verb in _BEFORE_A_MESSAGE:
                masked.end_message()
            return step._replace(data=masked.command(step.data))
        case StepKind.RAW if step.of_message:
            return step._replace(data=_broken_off(step.data, masked))
        case StepKind.RAW:
            rows = step.data.splitlines(keepends=True)
            return step._replace(data=b"".join(map(masked.command, rows)))


def _broken_off(data: bytes, masked: MaskedEvents) -> bytes:
    """Return part of a message as it was sent, masked except for a final line with a dot."""
    end = b".\r\n" if data == b".\r\n" or data.endswith(b"\n.\r\n") else b""
    return masked.octets(data.removesuffix(end)) + end


def _auth_line(line: AuthLine, user: str, stand_in: str, masked: MaskedEvents) -> AuthLine:
    """Return a line of a login in which `stand_in` replaces the name `user`."""
    name, other = (each.encode("utf-8", "surrogateescape") for each in (user, stand_in))

    def part(one: AuthPart) -> AuthPart:
        if one.kind not in (AuthPartKind.TEXT, AuthPartKind.SCRAM_FIRST) or masked.names is None:
            return one
        data = one.data.replace(name, other) if name else one.data
        return one._replace(data=masked.command(data))

    parts = None if line.parts is None else tuple(map(part, line.parts))
    return line._replace(parts=parts, head=masked.command(line.head))
