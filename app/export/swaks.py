"""Exports a replay as a command line for swaks, a widely used SMTP test tool.

swaks runs one transaction in a fixed order: connect, EHLO, STARTTLS, AUTH, MAIL, RCPT, DATA, QUIT.
Only the last transaction is exported; what swaks cannot send is listed in comments above it. The
message is piped in byte for byte: printf escapes every octet that a shell or terminal could change.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from typing import NamedTuple

from ...session.plural import plural
from ...session.protocol.transparency import stuff
from ...session.verbs import GREETINGS
from ...session.visible import visible, visible_text
from .replay import Replay, ReplayStep, StepKind
from .script import secret_name

SWAKS_MECHANISMS = ("PLAIN", "LOGIN", "CRAM-MD5", "DIGEST-MD5")  # without further modules
MOST_NAMED = 12  # omitted lines, listed at most
_PATH = re.compile(rb"(?:MAIL FROM|RCPT TO):\s*<([^<>]*)>\s*(.*)\Z", re.IGNORECASE | re.DOTALL)
# swaks sends these itself; EHLO and STARTTLS become options.
_BY_ITSELF = ("QUIT", "RSET", "DATA", "STARTTLS", *GREETINGS)


class _Transaction(NamedTuple):
    sender: str | None
    recipients: list[str]
    message: bytes | None
    left_out: list[str]


def swaks(replay: Replay) -> str:
    """The shell command, on several lines, preceded by comments."""
    made = _transaction(replay.steps)
    options = _server(replay)
    options += _greeting(replay)
    options += _security(replay)
    login = next((d for d in reversed(replay.steps) if d.kind is StepKind.LOGIN and d.data), None)
    if login is not None:
        options += _login(login)
    if made.sender is not None:
        options.append(_option("--from", made.sender or "<>"))
    if made.recipients:
        options.append(_option("--to", ",".join(made.recipients)))
    if made.message is None:
        options.append(f"--quit-after {_stop(replay, made, login is not None)}")
    else:
        options.append("--data - --no-data-fixup")
    comments = [f"# A conversation with {visible_text(replay.where)}, for swaks."]
    comments += _comments(replay, made, login)
    command = " \\\n  ".join(["swaks", *options])
    if made.message is not None:
        command = f"{_printed(stuff(made.message) + b'.')} |\n{command}"
    return "\n".join([*comments, command]) + "\n"


def _option(name: str, value: str) -> str:
    """An option with its value, quoted for a shell; a value that begins with a dash needs `=`."""
    if value.startswith("-"):
        return shlex.quote(f"{name}={value}")
    return f"{name} {shlex.quote(value)}"


def _server(replay: Replay) -> list[str]:
    target = replay.target
    if target is None:
        return [_option("--server", replay.where)]
    if target.path:
        return [_option("--socket", target.path)]
    return [_option("--server", target.host), f"--port {target.port}"]


def _greeting(replay: Replay) -> list[str]:
    commands = [step for step in replay.steps if step.kind is StepKind.COMMAND]
    greetings = [step for step in commands if step.verb in _BY_ITSELF[-3:]]
    options: list[str] = []
    if replay.target is not None and replay.target.lmtp:
        options.append("--protocol LMTP")
    elif greetings and greetings[-1].verb == "HELO":
        options.append("--protocol SMTP")
    if greetings:
        name = greetings[-1].data.partition(b" ")[2].strip()
        if name and visible(name) == name.decode("utf-8", "replace"):
            options.append(_option("--ehlo", name.decode()))
    return options


def _security(replay: Replay) -> list[str]:
    options: list[str] = []
    if replay.target is not None and replay.target.implicit:
        options.append("--tls-on-connect")
    elif any(d.verb == "STARTTLS" and d.codes == (220,) for d in replay.steps):
        options.append("--tls")
    if options and replay.verified:
        options.append("--tls-verify")
    return options


def _login(login: ReplayStep) -> list[str]:
    mechanism = login.data.decode("ascii", "replace")
    options = [f"--auth {mechanism}" if mechanism in SWAKS_MECHANISMS else "--auth"]
    if login.user and visible_text(login.user) == login.user:
        options.append(_option("--auth-user", login.user))
    else:
        options.append('--auth-user "$USER_NAME"')
    return [*options, f'--auth-password "${secret_name(mechanism)}"']


def _stop(replay: Replay, made: _Transaction, logged_in: bool) -> str:
    """The point at which swaks stops if there is no message."""
    if made.sender is not None:
        return "RCPT" if made.recipients else "MAIL"
    if logged_in:
        return "AUTH"
    verbs = [step.verb for step in replay.steps if step.kind is StepKind.COMMAND]
    if "STARTTLS" in verbs:
        return "HELO"
    return "FIRST-HELO" if set(GREETINGS) & set(verbs) else "CONNECT"


def _transaction(steps: Sequence[ReplayStep]) -> _Transaction:
    """The last transaction, and descriptions of everything outside it."""
    at = len(steps)
    for number, step in enumerate(steps):
        if step.verb == "MAIL" and step.kind is StepKind.COMMAND:
            at = number
    left_out = [_shown(step) for step in steps[:at] if not _said_anyway(step)]
    sender: str | None = None
    recipients: list[str] = []
    message: bytes | None = None
    for step in steps[at:]:
        match = _PATH.match(step.data) if step.kind is StepKind.COMMAND else None
        address = _address(match[1]) if match is not None else None
        if step.kind is StepKind.MESSAGE and message is None:
            message = step.data
        elif step.kind is StepKind.CHUNK:
            message = (message or b"") + step.data
        elif match is None or address is None or "," in address:
            if not _said_anyway(step):
                left_out.append(_shown(step))
        else:
            if step.verb == "MAIL":
                sender = address
            else:
                recipients.append(address)
            if match[2]:
                left_out.append(f"{visible(match[2])} (of {step.verb} <{visible(match[1])}>)")
    if not message:  # swaks takes no empty one
        message = None
    return _Transaction(sender, recipients, message, left_out)


def _address(path: bytes) -> str | None:
    """An address as an argument for swaks; None if it cannot be one."""
    text = path.decode("utf-8", "replace")
    return text if visible(path) == text else None


def _said_anyway(step: ReplayStep) -> bool:
    if step.kind is StepKind.COMMAND:
        return step.verb in _BY_ITSELF
    return step.kind is StepKind.LOGIN


def _shown(step: ReplayStep) -> str:
    match step.kind:
        case StepKind.MESSAGE | StepKind.CHUNK:
            return f"a message of {plural(len(step.data), '{} byte')}"
        case StepKind.RAW:
            return f"{len(step.data):,} raw bytes"
        case _:
            return visible(step.data[:70])


def _comments(replay: Replay, made: _Transaction, login: ReplayStep | None) -> list[str]:
    lines: list[str] = []
    if login is not None:
        mechanism = login.data.decode("ascii", "replace")
        lines.append(f"# Omitted: set {secret_name(mechanism)} first.")
        if mechanism not in SWAKS_MECHANISMS:
            lines.append(
                f"# swaks does not support {visible_text(mechanism)}: it chooses another mechanism."
            )
    if replay.masked:
        lines.append("# Secrets in the conversation were replaced by stars.")
    named = made.left_out[:MOST_NAMED]
    lines += [f"# Not included: {each}" for each in named]
    if len(made.left_out) > len(named):
        lines.append(f"# Not included: {len(made.left_out) - len(named)} more")
    if any(step.kind is StepKind.CHUNK for step in replay.steps) and made.message is not None:
        lines.append("# The message was sent with BDAT; swaks uses DATA.")
    return lines


def _printed(octets: bytes) -> str:
    """A printf command that prints exactly these octets, in any POSIX shell."""
    lines = octets.split(b"\n")
    words = [_escaped(line + b"\n") for line in lines[:-1]] + [_escaped(lines[-1])] * bool(
        lines[-1]
    )
    return " \\\n  ".join(["printf %b", *map(shlex.quote, words)])


def _escaped(octets: bytes) -> str:
    named = {0x0D: r"\r", 0x0A: r"\n", 0x5C: r"\\"}
    return "".join(
        named.get(octet) or (chr(octet) if 0x20 <= octet < 0x7F else f"\\0{octet:03o}")
        for octet in octets
    )
