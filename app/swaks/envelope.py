"""The envelope of a swaks command: its sender and recipients."""

from __future__ import annotations

import os
import re
import socket

from ...session.visible import visible_text
from .steps import BEFORE_RECIPIENTS
from .values import Values
from .words import SwaksError

_FIELDS = {"MAIL FROM": "From", "RCPT TO": "To"}
_QUOTED = re.compile(r'"(?:[^"\\\x00-\x1f\x7f]|\\[ -~])*"')  # a local part, RFC 5321 section 4.1.2


def recipients_of(values: Values, until: str) -> tuple[str, ...]:
    """Return the recipients of the message. Raises SwaksError.

    `until` is the step after which the conversation ends, or "".
    """
    to = values.value("to")
    named = any(values.has(name) for name in ("server", "socket", "pipe"))
    needed = until not in BEFORE_RECIPIENTS or not named
    if to is None and needed:
        to = values.asked("to")
    words = [to, values.value("cc"), values.value("bcc")]
    found: list[str] = []
    for text in words:
        if text is None:
            continue
        for address in text.rstrip(",").split(","):
            if address != address.strip():
                values.notes.append(
                    "swaks also sends the spaces around an address, but heloscope does not."
                )
            if address.strip():
                found.append(_address("RCPT TO", address.strip()))
            elif text:
                values.notes.append("swaks sends RCPT TO:<> for a missing address.")
    return tuple(found)


def sender_of(values: Values) -> str:
    """Return the sender of the message, or "" for <>. Raises SwaksError."""
    return _address("MAIL FROM", values.value("from") or _default_sender())


def _address(verb: str, text: str) -> str:
    if text in ("", "<>"):
        return ""
    if re.search(r"[<>\s\x00-\x1f\x7f]", _QUOTED.sub("", text)):
        raise SwaksError(
            f"swaks would send {verb}:<{visible_text(text[:60])}>, which is not a valid path. Use "
            f"only the address; for a name, add --header '{_FIELDS[verb]}: NAME <ADDRESS>'."
        )
    return text


def _default_sender() -> str:
    import getpass

    try:
        name = os.environ.get("LOGNAME") or getpass.getuser()
    except (KeyError, OSError):  # a user without a name
        raise SwaksError("this system has no name for the user; use --from.") from None
    return f"{name}@{socket.getfqdn()}"
