"""Transparency: how a message whose lines begin with a dot goes through DATA (RFC 5321 4.5.2).

Lines are ended by CRLF here; that is what a server looks at. A dot after a bare LF is left as it
is: doubling it would change the message for a server that keeps to the standard.
"""

from __future__ import annotations

import re

_BARE = re.compile(rb"\r\n|\r|\n")


def stuff(message: bytes) -> bytes:
    """`message` with a second dot before each line that begins with one."""
    stuffed = message.replace(b"\r\n.", b"\r\n..")
    return b"." + stuffed if stuffed.startswith(b".") else stuffed


def unstuff(message: bytes) -> bytes:
    """What a server makes of stuffed lines: one leading dot of each is taken away."""
    plain = message.replace(b"\r\n.", b"\r\n")
    return plain[1:] if plain.startswith(b".") else plain


def normalise_line_ends(message: bytes) -> bytes:
    """`message` with every line end, CR or LF alone too, made CRLF."""
    return _BARE.sub(b"\r\n", message)


def count_stuffed(message: bytes) -> int:
    """How many lines get a second dot."""
    return message.count(b"\r\n.") + message.startswith(b".")
