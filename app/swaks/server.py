"""The server that a swaks command connects to, the source address and the timeout."""

from __future__ import annotations

import os
import re
import socket
from collections.abc import Sequence

from ...session.target import passwords_in, without_password
from ...session.visible import visible_text
from .steps import IMPLICIT
from .values import Values
from .words import SwaksError

TIMEOUT = 30.0  # seconds, the default of swaks
_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600}
_TRANSPORTS = ("server", "socket", "pipe")


def target_of(values: Values, greeting: str, tls: str, recipients: Sequence[str]) -> str:
    """Return the text of the TARGET, or "" for a program (see `pipe_of`). Raises SwaksError."""
    named = [name for name in _TRANSPORTS if values.has(name)]
    if len(named) > 1:
        names = " and ".join(f"--{name}" for name in named)
        raise SwaksError(f"{names} cannot be combined.")
    lmtp = greeting == "LHLO"
    if values.has("pipe"):
        return ""
    path, server = values.value("socket"), values.value("server")
    if path is not None:
        full = os.path.abspath(os.path.expanduser(path))
        return f"{'unix' if lmtp else 'smtp+unix'}:{full}"
    port = values.value("port")
    scheme = "lmtp://" if lmtp else "smtps://" if tls == IMPLICIT else "smtp://"
    if server is None:
        return _exchanger(values, recipients, scheme, port)
    if server.startswith("@"):
        raise SwaksError(
            f"{server} is a server in heloscope's configuration, which swaks does not read. Name "
            f"the host, or use heloscope send {server}."
        )
    host, own = _server(server)
    port = own if port is None else port
    host = f"[{host}]" if ":" in host else host
    return f"{scheme}{host}{_behind(port)}"


def pipe_of(values: Values) -> str:
    """Return the command line of the program used instead of a server, or ""."""
    return values.value("pipe") or ""


def _exchanger(values: Values, recipients: Sequence[str], scheme: str, port: str | None) -> str:
    """Return the target if no server is named, usually the MX of the last recipient's domain.

    Raises SwaksError.
    """
    address = values.value("copy-routing") or (recipients[-1] if recipients else "")
    if literal := re.search(r"@?\[(\d+\.\d+\.\d+\.\d+)\]\Z", address):
        return f"{scheme}{literal[1]}{_behind(port)}"
    domain = address.rpartition("@")[2]
    if not domain:
        return f"{scheme}localhost{_behind(port)}"
    if port not in (None, "25", "smtp") or scheme != "smtp://":
        raise SwaksError(
            "heloscope looks up an MX only for port 25; name the server with --server."
        )
    return f"mx:{domain}"


def source_of(values: Values) -> str:
    """Return the source address in the form of --source, or "" to let the system choose.

    Raises SwaksError.
    """
    interface, port = values.value("local-interface"), values.value("local-port")
    four, six = values.has("4"), values.has("6")
    if four and six:
        raise SwaksError("-4 and -6 cannot be combined.")
    host, own = _server(interface) if interface is not None else ("", "")
    if not host and (four or six or port):
        host = "::" if six else "0.0.0.0"
    if not host:
        return ""
    port = port or own
    if not port:
        return host
    return f"[{host}]{_behind(port)}" if ":" in host else f"{host}{_behind(port)}"


def timeout_of(values: Values) -> float:
    """Return the number of seconds to wait for each reply. Raises SwaksError."""
    text = values.value("timeout")
    if text is None:
        return TIMEOUT
    match = re.fullmatch(r"(\d{1,9})([hms]?)", text, re.IGNORECASE | re.ASCII)
    if match is None:
        raise SwaksError(
            f"--timeout must be a number with s, m or h, not {visible_text(text[:20])}."
        )
    return float(int(match[1]) * _UNITS[match[2].lower()]) or 7 * 24 * 3600.0


def _server(text: str) -> tuple[str, str]:
    """Split HOST, HOST:PORT, [HOST]:PORT or HOST/PORT into host and port. The port may be "".

    Raises SwaksError.
    """
    if passwords_in(text):
        shown = visible_text(without_password(text))
        raise SwaksError(
            f"--server must not contain a password: {shown}. Use --auth-user and --auth-password."
        )
    for pattern in (r"\[([^\]]+)\]:(.*)", r"([^:]+):([^:]+)", r"\[?([^/\]]*)\]?/(\w+)"):
        if match := re.fullmatch(pattern, text):
            return match[1], match[2]
    return text.removeprefix("[").removesuffix("]"), ""


def _behind(port: str | None) -> str:
    """Return `:PORT`, or "" if there is no port. Raises SwaksError for an unknown service name."""
    if not port:
        return ""
    if port.isascii() and port.isdigit():
        return f":{int(port[:6])}"
    try:
        return f":{socket.getservbyname(port, 'tcp')}"
    except (OSError, ValueError):  # ValueError: a NUL in it, or not text
        raise SwaksError(f"unknown service {visible_text(port[:30])}.") from None
