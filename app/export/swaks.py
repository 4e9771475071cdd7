"""Exports a replay as a command line for swaks, a widely used SMTP test tool.

swaks runs one transaction in a fixed order: connect, EHLO, STARTTLS, AUTH, MAIL, RCPT, DATA, QUIT.
Only the last transaction is exported; lines that swaks cannot send are listed in comments above it.
The message is piped in byte for byte: printf escapes every octet that a shell or terminal could
change. The password is passed in the environment, so that other users cannot see it as an argument.
"""

from __future__ import annotations

import ipaddress
import re
import shlex
from collections.abc import Sequence
from typing import NamedTuple

from ...session.plural import plural
from ...session.protocol.transparency import stuff
from ...session.verbs import GREETINGS
from ...session.visible import visible, visible_text
from .login import USER_NAME, AuthPartKind, secret_name
from .replay import Replay, ReplayStep, StepKind

SWAKS_MECHANISMS = ("PLAIN", "LOGIN", "CRAM-MD5", "DIGEST-MD5")  # without further modules
MOST_NAMED = 12  # omitted lines, listed at most
_PATH = re.compile(rb"(?:MAIL FROM|RCPT TO):\s*<([^<>]*)>\s*(.*)\Z", re.IGNORECASE | re.DOTALL)


class _Transaction(NamedTuple):
    sender: str | None
    recipients: list[str]
    message: bytes | None
    left_out: list[str]
    """Descriptions of everything that swaks does not send."""
    up_to_data: bool = False  # DATA was refused, or its message did not end
    chunks: bool = False  # the message was sent with BDAT
    together: bool = False  # its commands were sent without waiting for replies


def swaks(replay: Replay) -> str:
    """Return the shell command on several lines, preceded by comments."""
    made = _transaction(replay)
    login = next((d for d in reversed(replay.steps) if d.kind is StepKind.LOGIN and d.data), None)
    able = login is not None and _able(login)
    options = [*_server(replay), *_greeting(replay), *_security(replay)]
    if login is not None and able:
        options += _login(login)
    if made.sender is not None:
        options.append(_option("--from", made.sender or "<>"))
    if made.recipients:
        options.append(_option("--to", ",".join(made.recipients)))
    if made.together:
        options.append("--pipeline")
    if made.message is None and made.up_to_data:
        options.append("--drop-after DATA")
    elif made.message is None:
        options.append(f"--quit-after {_stop(replay, made, able)}")
    else:
        options.append("--data - --no-data-fixup")
    comments = [f"# A conversation with {visible_text(replay.where)}, for swaks."]
    comments += _comments(replay, made, login)
    command = " \\\n  ".join(["swaks", *options])
    if login is not None and able and _has_password(login):
        name = secret_name(login.data.decode("ascii", "replace"))
        command = f'SWAKS_OPT_auth_password="${{{name}:?}}" {command}'
    if made.message is not None:
        command = f"{_printed(stuff(made.message) + b'.')} |\n{command}"
    return "\n".join([*comments, command]) + "\n"


def _option(name: str, value: str) -> str:
    """Return an option with its value, quoted for a shell.

    A value that begins with a dash is joined to its option with `=`.
    """
    if value.startswith("-"):
        return shlex.quote(f"{name}={value}")
    return f"{name} {shlex.quote(value)}"


def _server(replay: Replay) -> list[str]:
    target = replay.target
    if target is None:
        return [_option("--server", replay.where)]
    if target.path:
        return [_option("--socket", target.path)]
    options = [_option("--server", target.host), f"--port {target.port}"]
    if replay.source:
        options.append(_option("--local-interface", replay.source))
    return options


def _greeting(replay: Replay) -> list[str]:
    commands = [step for step in replay.steps if step.kind is StepKind.COMMAND]
    greetings = [step for step in commands if step.verb in GREETINGS]
    options: list[str] = []
    if replay.lmtp:
        options.append("--protocol LMTP")
    elif greetings and all(step.verb == "HELO" for step in greetings):
        options.append("--protocol SMTP")
    if greetings:
        name = greetings[-1].data.partition(b" ")[2].strip()
        if name and visible(name) == name.decode("utf-8", "replace"):
            options.append(_option("--ehlo", name.decode()))
    return options


# TLS


def _security(replay: Replay) -> list[str]:
    tls = replay.tls
    options: list[str] = []
    if replay.implicit:
        options.append("--tls-on-connect")
    elif replay.encrypted:
        options.append("--tls")
    elif any(step.verb == "STARTTLS" for step in replay.steps):  # refused
        options.append("--tls-optional")
    if not options or not replay.encrypted:
        return options
    if replay.verified:
        options.append("--tls-verify")
        if tls.ca_file:
            options.append(_option("--tls-ca-path", tls.ca_file))
    name = _server_name(replay)
    if name:
        options.append(_option("--tls-sni", name))
    if tls.certfile:
        options.append(_option("--tls-cert", tls.certfile))
        options.append(_option("--tls-key", tls.keyfile or tls.certfile))
    if tls.ciphers:
        options.append(_option("--tls-cipher", tls.ciphers))
    return options


def _server_name(replay: Replay) -> str:
    """Return the name to send in the TLS handshake, or "" if there is none.

    An IP address is not returned, because swaks would send it as a name, too.
    """
    try:
        ipaddress.ip_address(replay.server_name)
    except ValueError:
        return replay.server_name
    return ""


def _tls_comments(replay: Replay) -> list[str]:
    tls = replay.tls
    lines: list[str] = []
    if not replay.encrypted:
        return lines
    if tls.pinned:
        lines.append(
            "# swaks does not verify the certificate here. heloscope accepted the one with this "
            "SHA-256:"
        )
        lines.append(f"# {visible_text(tls.pinned)}; --tls-get-peer-cert FILE saves the server's.")
    elif replay.verified:
        lines.append("# swaks versions before 2024 do not check the name in the certificate.")
        if not tls.ca_file:
            lines.append("# The system's CAs are trusted; --tls-ca-path FILE specifies others.")
    if tls.certfile and tls.key_password:
        lines.append("# OpenSSL will ask for the key's password.")
    if tls.minimum or tls.maximum:
        limits = " to ".join(filter(None, (tls.minimum, tls.maximum)))
        lines.append(f"# TLS versions were limited ({visible_text(limits)}): see --tls-protocol.")
    return lines


# AUTH


def _able(login: ReplayStep) -> bool:
    """Return whether swaks can log in with the mechanism or the password of this login."""
    return login.secret.startswith("PASSWORD") or login.data.decode("latin-1") in SWAKS_MECHANISMS


def _has_password(login: ReplayStep) -> bool:
    return bool(login.secret) or any(line.has(AuthPartKind.LEFT_OUT) for line in login.lines)


def _login(login: ReplayStep) -> list[str]:
    mechanism = login.data.decode("ascii", "replace")
    auth = "--auth" if login.codes[-1:] in ((235,), ()) else "--auth-optional"
    if mechanism not in SWAKS_MECHANISMS:
        mechanism = "CRAM-MD5"  # the others would give the password to the server
    options = [f"{auth} {mechanism}"]
    if login.user and visible_text(login.user) == login.user:
        options.append(_option("--auth-user", login.user))
    else:
        options.append('--auth-user "${USER_NAME:?}"')
    return options if _has_password(login) else [*options, "--auth-password '<>'"]


def _login_comments(login: ReplayStep) -> list[str]:
    mechanism = login.data.decode("ascii", "replace")
    shown = visible_text(mechanism)
    if not _able(login):
        return [f"# Not included: the login. swaks does not support {shown}."]
    name = secret_name(mechanism)
    if login.assumed and name:
        name = f"{USER_NAME} and {name}"
    lines = [f"# The credentials are omitted; set {name} first."] if _has_password(login) else []
    if mechanism not in SWAKS_MECHANISMS:
        lines.append(f"# swaks does not support {shown}; it uses CRAM-MD5 if that is offered.")
    elif not _as_swaks_does(login, mechanism):
        lines.append(f"# The AUTH {shown} exchange differed from the one that swaks uses.")
    return lines


def _as_swaks_does(login: ReplayStep, mechanism: str) -> bool:
    """Return whether swaks sends AUTH in the form of this login.

    swaks sends PLAIN with an initial response, and the other mechanisms without one.
    """
    first = login.lines[0] if login.lines else None
    if first is None or first.head.upper() != b"AUTH " + login.data:
        return False
    usual = {"PLAIN": 1, "LOGIN": 3, "CRAM-MD5": 2}.get(mechanism, len(login.lines))
    initial = first.parts is not None
    odd = any(
        line.has(AuthPartKind.LEFT_OUT, AuthPartKind.AS_SENT) for line in login.lines
    ) or _acts(login)
    return initial is (mechanism == "PLAIN") and len(login.lines) <= usual and not odd


def _acts(login: ReplayStep) -> bool:
    """Return whether a PLAIN login contains an authorisation identity, to act as another user."""
    parts = login.lines[0].parts or ()
    return (
        any(part.kind is AuthPartKind.TEXT and not part.data.startswith(b"\0") for part in parts)
        and login.data == b"PLAIN"
    )


def _stop(replay: Replay, made: _Transaction, logged_in: bool) -> str:
    """Return the point at which swaks has to stop if there is no message to send."""
    if made.sender is not None:
        return "RCPT" if made.recipients else "MAIL"
    if logged_in:
        return "AUTH"
    if replay.encrypted and not replay.implicit:
        return "HELO"
    verbs = [step.verb for step in replay.steps if step.kind is StepKind.COMMAND]
    if "STARTTLS" in verbs:
        return "HELO"
    return "FIRST-HELO" if set(GREETINGS) & set(verbs) else "CONNECT"


# The transaction


def _transaction(replay: Replay) -> _Transaction:
    """Return the last transaction, with descriptions of everything that swaks does not send."""
    steps = replay.steps
    at = len(steps)
    for number, step in enumerate(steps):
        if step.verb == "MAIL" and step.kind is StepKind.COMMAND:
            at = number
    said = _said_anyway(steps)
    left_out = [_shown(step) for number, step in enumerate(steps[:at]) if number not in said]
    sender: str | None = None
    recipients: list[str] = []
    message: bytes | None = None
    chunks = up_to_data = over = False  # over: swaks ends there
    taken = 0  # recipients
    for number, step in enumerate(steps[at:], at):
        match = _PATH.match(step.data) if step.kind is StepKind.COMMAND else None
        address = _address(match[1]) if match is not None else None
        if over or (step.verb not in ("MAIL", "RCPT") and recipients and not taken):
            over = True
            if number not in said:
                left_out.append(f"{_shown(step)} (swaks stops after a refusal)")
        elif step.kind is StepKind.MESSAGE and message is None and recipients:
            message = step.data
        elif step.kind is StepKind.CHUNK and recipients:
            message, chunks = (message or b"") + step.data, True
        elif step.data.upper() == b"DATA" and message is None and recipients:
            up_to_data = True
        elif match is None or address is None or "," in address:
            if number not in said:
                left_out.append(_shown(step))
        else:
            accepted = step.codes[:1] in ((250,), ())
            if step.verb == "MAIL":
                sender, over = address, not accepted
            else:
                recipients.append(address)
                taken += accepted
            if match[2]:
                left_out.append(f"{visible(match[2])} (of {step.verb} <{visible(match[1])}>)")
            elif not _as_it_was(step, address):
                left_out.append(f"the spelling of {_shown(step)}")
    if message == b"" and not chunks:
        left_out.append("the message, which is empty; swaks cannot send an empty message")
    together = any(step.together and step.verb in ("MAIL", "RCPT") for step in steps[at:])
    message = message or None
    if message and not message.endswith(b"\r\n"):
        message += b"\r\n"
        left_out.append("the lack of a line ending after the message, because DATA requires one")
    return _Transaction(sender, recipients, message, left_out, up_to_data, chunks, together)


def _as_it_was(step: ReplayStep, address: str) -> bool:
    path = "FROM" if step.verb == "MAIL" else "TO"
    wanted = f"{step.verb} {path}:<{address}>"
    return (
        step.data.upper() == wanted.upper().encode()
        or step.data.upper() == wanted.encode("utf-8", "surrogateescape").upper()
    )


def _address(path: bytes) -> str | None:
    """Return the address in a path as an argument for swaks, or None if this is impossible."""
    text = path.decode("utf-8", "replace")
    return text if visible(path) == text and text != "0" else None


def _said_anyway(steps: Sequence[ReplayStep]) -> set[int]:
    """Return the indices of the steps that swaks performs by itself or that become options."""
    found: set[int] = set()
    greeted = tls = False
    for number, step in enumerate(steps):
        if step.kind is StepKind.LOGIN:
            later = any(other.kind is StepKind.LOGIN for other in steps[number + 1 :])
            if not later:  # the last one is in the options, or listed separately
                found.add(number)
        elif step.kind is not StepKind.COMMAND:
            continue
        elif step.verb in GREETINGS:
            again = greeted and not (steps[number - 1].starts_tls or _fell_back(steps, number))
            if not again:
                found.add(number)
            greeted = True
        elif step.verb == "STARTTLS" and step.data.upper() == b"STARTTLS" and not tls:
            tls = True
            found.add(number)
        elif step.data.upper() == b"QUIT":
            found.add(number)
    return found


def _fell_back(steps: Sequence[ReplayStep], number: int) -> bool:
    """Return whether step `number` is a HELO that follows a refused EHLO."""
    before = steps[number - 1] if number else None
    return (
        before is not None
        and steps[number].verb == "HELO"
        and before.verb == "EHLO"
        and before.codes[:1] != (250,)
    )


def _shown(step: ReplayStep) -> str:
    match step.kind:
        case StepKind.MESSAGE | StepKind.CHUNK:
            return f"a message of {plural(len(step.data), '{} byte')}"
        case StepKind.RAW:
            return f"{len(step.data):,} raw bytes"
        case StepKind.LOGIN:
            return f"AUTH {visible(step.data[:70])}".rstrip()
        case _:
            return visible(step.data[:70])


def _comments(replay: Replay, made: _Transaction, login: ReplayStep | None) -> list[str]:
    lines = _login_comments(login) if login is not None else []
    if replay.masked:
        lines.append("# Secrets in the conversation were replaced by stars.")
    lines += [f"# {remark}" for remark in replay.remarks]
    lines += _tls_comments(replay)
    named = made.left_out[:MOST_NAMED]
    lines += [f"# Not included: {each}" for each in named]
    if len(made.left_out) > len(named):
        lines.append(f"# Not included: {len(made.left_out) - len(named)} more")
    if made.chunks and made.message is not None:
        lines.append("# The message was sent with BDAT; swaks uses DATA.")
    if made.up_to_data and made.message is None:
        lines.append("# No message was accepted, so swaks disconnects if DATA is accepted.")
    greetings = [
        step for step in replay.steps if step.kind is StepKind.COMMAND and step.verb in GREETINGS
    ]
    names = {step.data.partition(b" ")[2].strip() for step in greetings}
    for step in greetings:
        if b" ".join(step.data.split(b" ")) != b" ".join(step.data.split()):
            lines.append(f"# Not included: the spelling of {_shown(step)}")
    if len(names) > 1:
        lines.append("# The names in EHLO differed; swaks sends the last one each time.")
    if not replay.quits and not (made.up_to_data and made.message is None):
        lines.append("# The conversation has no QUIT; swaks sends one at the end.")
    return lines


def _printed(octets: bytes) -> str:
    """Return a printf command that prints exactly these octets in any POSIX shell."""
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
