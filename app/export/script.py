"""Exports a replay as a script for `heloscope run`, in lines as typed in the composer.

Each command is followed by the reply that it got (`:expect 250`). A message is a block from `DATA`
to a line with only a dot, in which dots are not doubled. A login with a mechanism that heloscope
implements is `:auth MECHANISM`, then `:answer USER` and `:secret PASSWORD`; any other login is the
AUTH line and a response to each challenge. What a line of text cannot contain is sent with `:raw`.
"""

from __future__ import annotations

from ...session.sasl.selection import SPOKEN, TOKEN_MECHANISMS
from ...session.script.escapes import raw_text
from ...session.visible import visible_text
from .replay import Replay, ReplayStep, StepKind


def script(replay: Replay) -> str:
    """The script as text, each line with its line end."""
    lines = [f"# A conversation with {visible_text(replay.where)}, for heloscope run."]
    names = _names(replay)
    if names:
        lines.append(f"# Omitted, to be supplied by name: {', '.join(names)}.")
    if replay.masked:
        lines.append("# Secrets in the conversation were replaced by stars.")
    lines.append(f":connect {visible_text(replay.where)}")
    if replay.greeting is not None:
        lines.append(f":expect {replay.greeting}")
    for step in replay.steps:
        lines += _step(step)
    return "\n".join(lines) + "\n"


def secret_name(mechanism: str) -> str:
    """The name by which the secret for a mechanism is requested."""
    return "TOKEN" if mechanism in TOKEN_MECHANISMS else "PASSWORD"


def _names(replay: Replay) -> list[str]:
    found = [
        line.removeprefix(":secret ")
        for step in replay.steps
        for line in _step(step)
        if step.kind is StepKind.LOGIN and line.startswith(":secret ")
    ]
    return list(dict.fromkeys(found))


def _step(step: ReplayStep) -> list[str]:
    match step.kind:
        case StepKind.COMMAND:
            lines = [_command(step)]
        case StepKind.LOGIN:
            lines = _login(step)
        case StepKind.MESSAGE:
            lines = _message(step.data)
        case StepKind.CHUNK:
            head = f"BDAT {len(step.data)}{' LAST' if step.last else ''}\r\n".encode()
            lines = [_raw(head + step.data)]
        case StepKind.RAW:
            lines = [_raw(step.data)]
    return [*lines, *(f":expect {code:03}" for code in step.codes if code >= 0)]


def _command(step: ReplayStep) -> str:
    text = _text(step.data)
    if text is None or step.verb == "DATA":  # would begin a message
        return _raw(step.data + b"\r\n")
    return f":{text}" if text.startswith(":") else text


def _login(step: ReplayStep) -> list[str]:
    mechanism = step.data.decode("ascii", "replace")
    if mechanism in SPOKEN:
        user = _text(step.user.encode("utf-8", "surrogateescape"))
        return [
            f":auth {mechanism}",
            ":secret USER" if user is None else f":answer {user}",
            f":secret {secret_name(mechanism)}",
        ]
    line = _text(b"AUTH " + step.data)
    begins = [line if line is not None else _raw(b"AUTH " + step.data + b"\r\n")]
    answers = [f":secret ANSWER_{number}" for number in range(1, step.answers + 1)]
    return [*begins, *answers] if step.data else answers


def _message(content: bytes) -> list[str]:
    lines = content.split(b"\r\n")[:-1]  # it ends with a line end
    texts = [_body_line(line) for line in lines]
    if any(text is None for text in texts):
        return [
            _raw(b"DATA\r\n"),
            ":expect 354",
            *(_raw(_stuffed(line) + b"\r\n") for line in lines),
            _raw(b".\r\n"),
        ]
    return ["DATA", *(text for text in texts if text is not None), "."]


def _body_line(line: bytes) -> str | None:
    """A line of a message as text; None if it cannot be written so, as a line with only a dot."""
    if line == b".":
        return None
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return text if visible_text(text.replace("\t", " ")) == text.replace("\t", " ") else None


def _stuffed(line: bytes) -> bytes:
    return b"." + line if line.startswith(b".") else line


def _text(line: bytes) -> str | None:
    """A command line as text; None if it cannot be typed."""
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        return None
    plain = visible_text(text) == text == text.strip() != ""
    return text if plain and not text.startswith("#") else None


def _raw(data: bytes) -> str:
    return f":raw {raw_text(data)}"
