"""Exports a replay as a script for `heloscope run`, in lines as typed in the composer.

Each command is followed by the reply that it received (`:expect 250`). A message is a block from
`DATA` to a line with only a dot; dots in the block are not doubled. A login that heloscope itself
can perform is written as `:auth MECHANISM`, then `:answer USER` and `:secret PASSWORD`. Any other
login is written as the AUTH line and an answer to each challenge, in parts. Bytes that a line of
text cannot contain are sent with `:raw`. Connection options that TARGET does not imply are at the
top.
"""

from __future__ import annotations

import shlex

from ...session.sasl.exchange import from_saslname
from ...session.sasl.prompts import BUILT, PASSWORD, USER, fields
from ...session.sasl.selection import SPOKEN, TOKEN_MECHANISMS
from ...session.script.escapes import raw_text
from ...session.target import TargetError, parse_target
from ...session.visible import visible_text
from ..connect.profile import PRACTICE_TLS, PRACTICES
from .login import USER_NAME, AuthLine, AuthPartKind, planned_login, with_user_left_out
from .replay import Replay, ReplayStep, StepKind

_THE_USER = f":answer ${USER_NAME}"
_NAMES_USER = (AuthPartKind.USER, AuthPartKind.SCRAM_FIRST)


def script(replay: Replay) -> str:
    """Return the script as text, with a line ending after each line."""
    lines = [f"# A conversation with {visible_text(replay.where)}, for heloscope run."]
    names = _names(replay)
    if names:
        lines.append(f"# Omitted values, to be supplied by name: {', '.join(names)}.")
    lines += _comments(replay)
    if USER_NAME in names:
        lines.append(f":env {USER_NAME}")
    lines.append(f":connect {_escaped(visible_text(replay.where))}")
    if replay.greeting is not None:
        lines.append(f":expect {replay.greeting:03}")
    for step in replay.steps:
        lines += _step(step)
    return "\n".join(lines) + "\n"


def _comments(replay: Replay) -> list[str]:
    """Return the comments: options for `heloscope run`, and differences from the conversation."""
    lines: list[str] = []
    options = _options(replay)
    if options:
        lines.append(f"# Options: {' '.join(options)}")
    tls = replay.tls
    if tls.pinned and replay.encrypted and not _practising(replay):
        lines.append("# The server's certificate failed verification but was accepted. SHA-256:")
        lines.append(f"# {visible_text(tls.pinned)}. Accept it again with :trust.")
    if replay.masked:
        lines.append("# Secrets in the conversation were replaced by stars.")
    lines += [f"# {remark}" for remark in replay.remarks]
    for step in replay.steps:
        acting = next((name for line in step.lines if (name := _acting(line))), b"")
        mechanism = step.data.decode("ascii", "replace")
        if step.kind is StepKind.LOGIN and acting and mechanism.startswith("SCRAM-"):
            other = visible_text(from_saslname(acting).decode("utf-8", "surrogateescape"))
            lines.append(
                f"# The login with {visible_text(mechanism)} asked to act as {other}. A script"
            )
            lines.append("# cannot do that with SCRAM, so this one acts as the user who logs in.")
    if replay.early:
        lines.append("# The client did not wait for the greeting; this script does.")
    if any(step.together for step in replay.steps):
        lines.append("# Commands were sent without waiting for replies; this script waits.")
    return lines


def _practising(replay: Replay) -> bool:
    return replay.where in PRACTICES


def _options(replay: Replay) -> list[str]:
    tls = replay.tls
    options: list[str] = []
    if replay.implicit and not _says_implicit(replay):
        options.append("--tls implicit")
    if replay.encrypted and not _practising(replay):
        if tls.ca_file and replay.verified:
            options.append(f"--ca {_quoted(tls.ca_file)}")
        if not tls.verify and not tls.pinned:
            options.append("--no-verify")
        if tls.server_name:
            options.append(f"--server-name {_quoted(tls.server_name)}")
    if replay.encrypted and tls.certfile:
        options.append(f"--cert {_quoted(tls.certfile)}")
        options.append(f"--key {_quoted(tls.keyfile or tls.certfile)}")
    if replay.source:
        options.append(f"--source {_quoted(replay.source)}")
    return options


def _quoted(text: str) -> str:
    return visible_text(shlex.quote(text))


def _says_implicit(replay: Replay) -> bool:
    """Return whether the TARGET by itself means that TLS starts with the first byte."""
    if _practising(replay):
        return replay.where == PRACTICE_TLS
    try:
        return parse_target(replay.where).implicit
    except TargetError:
        return False


def _names(replay: Replay) -> list[str]:
    found = [
        USER_NAME if line == _THE_USER else line.removeprefix(":secret ")
        for step in replay.steps
        for line in _step(step)
        if step.kind is StepKind.LOGIN and (line == _THE_USER or line.startswith(":secret "))
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
    return _escaped(f":{text}" if text.startswith(":") else text)


def _login(step: ReplayStep) -> list[str]:
    mechanism = step.data.decode("ascii", "replace")
    if _by_heloscope(step, mechanism) and step.assumed:
        asked = [_THE_USER] * any(line.has(*_NAMES_USER) for line in step.lines)
        return [f":auth {mechanism}", *asked, *([f":secret {step.secret}"] * bool(step.secret))]
    if _by_heloscope(step, mechanism):
        answered = step.user or mechanism != "EXTERNAL"
        answer = [_answer(step.user.encode("utf-8", "surrogateescape"))] if answered else []
        return [f":auth {mechanism}", *answer, *([f":secret {step.secret}"] * bool(step.secret))]
    head = step.lines[0].head
    begin: list[str] = []
    if head:
        text = _text(head)
        alone = step.lines[0].parts is None and mechanism in BUILT  # would be completed
        begin = [_raw(head + b"\r\n") if text is None or alone else _escaped(text)]
    number = 0
    for line in step.lines:
        if line.parts is not None:
            begin += _answers(step, line, mechanism, number)
            number += 1
    return begin


def _by_heloscope(step: ReplayStep, mechanism: str) -> bool:
    """Return whether a login, as far as it went, is what `:auth` sends for this mechanism."""
    if mechanism not in SPOKEN:
        return False
    planned = planned_login(mechanism, step.user)
    usual = _shape(with_user_left_out(mechanism) if step.assumed else planned)
    said = _shape(step.lines)
    after_failure = said[len(usual) :] if mechanism in TOKEN_MECHANISMS else []
    return said == usual[: len(said)] or (
        said[: len(usual)] == usual and len(after_failure) == 1 and step.codes[-1:] != (235,)
    )


def _shape(lines: tuple[AuthLine, ...]) -> list[object]:
    """Return what has to be equal in two logins of the same form.

    For each line, this is the command, the kinds of its parts, and the authorisation identity.
    """
    return [
        (line.head.upper(), line.parts and [part.kind for part in line.parts], _acting(line))
        for line in lines
    ]


def _acting(line: AuthLine) -> bytes:
    """Return the authorisation identity in the first message of PLAIN or SCRAM, or b"" if none."""
    for part in line.parts or ():
        if part.kind is AuthPartKind.SCRAM_FIRST:
            return part.data.removesuffix(b",").partition(b",a=")[2]
        if part.kind is AuthPartKind.TEXT and part.data.count(b"\0") == 2:
            return part.data.partition(b"\0")[0]
    return b""


def _answers(step: ReplayStep, line: AuthLine, mechanism: str, number: int) -> list[str]:
    """Return the script lines (`:answer` or `:secret`) that produce one response of a login."""
    if line.has(AuthPartKind.LEFT_OUT):
        return [f":secret {line.answer}"]
    if line.has(AuthPartKind.AS_SENT):
        return [_answer(part.data) for part in line.parts or ()]
    texts = b"".join(part.data for part in line.parts or () if part.kind is AuthPartKind.TEXT)
    values = {
        "authzid": texts if mechanism == "EXTERNAL" else _acting(line),
        "user": step.user.encode("utf-8", "surrogateescape"),
    }
    asked = fields(mechanism, number, None, ()) or ()
    if mechanism == "LOGIN" and line.parts is not None:
        asked = (PASSWORD,) if line.has(AuthPartKind.PASSWORD) or not line.parts else (USER,)
    elif mechanism.startswith("SCRAM-") and number == 1:
        asked = (PASSWORD,)
    if not asked:
        return [_answer(b"")]
    return [
        f":secret {step.secret or 'PASSWORD'}"
        if field.secret
        else _THE_USER
        if step.assumed and field.key == "user"
        else _answer(values[field.key])
        for field in sorted(asked, key=lambda field: not field.optional)
    ]


def _answer(text: bytes) -> str:
    if not text:
        return ":answer"
    shown = _text(text)
    return _THE_USER if shown is None else f":answer {_escaped(shown)}"


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
    """Return a line of a message as text, or None if a script cannot contain the line as text.

    A line with only a dot cannot be text, since it would end the message.
    """
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
    """Return a command line as text, or None if it cannot be typed."""
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        return None
    plain = visible_text(text) == text == text.strip() != ""
    return text if plain and not text.startswith("#") else None


def _raw(data: bytes) -> str:
    return f":raw {_escaped(raw_text(data))}"


def _escaped(text: str) -> str:
    """Return the text with dollar signs doubled, so that none of them introduces a variable."""
    return text.replace("$", "$$")
