"""Dot transparency: doubling the leading dots of a message for DATA, and finding its end.

See RFC 5321 sections 4.5.2 and 4.1.1.4. Only CRLF ends a line here, as for a server that follows
the standard. A dot after a bare LF is not doubled, because that would change the message for such a
server.
"""

from __future__ import annotations

import re

# Compiled with the first message.
_BARE = rb"\r\n|\r|\n"
_DOTS = rb"\n\."  # three times as fast as bytes.replace if there are many
_CRLF_DOTS = rb"\r\n\."
_CR_ALONE = rb"\r[^\n]"
_NOT_ENDS = bytes(octet for octet in range(256) if octet not in b"\r\n\0")
BODY_END = b".\r\n"
"""The line that ends a body."""


def ends_body(line: bytes, after_crlf: bool) -> bool:
    """Return whether `line` ends a body: only a dot and CRLF, after a line that ended in CRLF."""
    return after_crlf and line == BODY_END


def find_end(data: bytes, start: int, after_crlf: bool) -> int:
    """Return the position, from `start` on, of the line that ends a body in `data`, or -1.

    `after_crlf` is true if the line before `start` ended in CRLF.
    """
    if after_crlf and data.startswith(BODY_END, start):
        return start
    found = data.find(b"\r\n" + BODY_END, start) if b"." in data else -1
    return found + 2 if found >= 0 else -1


def count_lines(message: bytes) -> int:
    """Return the number of CRLFs in `message`, or -1 if it has a bare CR or LF, or a NUL.

    This takes half as long as counting CR, LF, CRLF and NUL separately.
    """
    ends = message.translate(None, _NOT_ENDS)
    count = len(ends) // 2
    return count if ends == b"\r\n" * count and not re.search(_CR_ALONE, message) else -1


def double_dots(message: bytes) -> bytes:
    """Return `message` with each dot after an LF doubled, as smtplib does."""
    return re.sub(_DOTS, b"\n..", message) if b"." in message else message


def stuff(message: bytes) -> bytes:
    """Return `message` with a second dot before each line that begins with a dot."""
    stuffed = double_crlf_dots(message)
    return b"." + stuffed if stuffed.startswith(b".") else stuffed


def double_crlf_dots(message: bytes) -> bytes:
    """Return `message` with the leading dots of all lines but the first doubled."""
    return re.sub(_CRLF_DOTS, b"\r\n..", message) if b"." in message else message


def unstuff(message: bytes) -> bytes:
    """Return `message` as a server stores it, with the first leading dot of each line removed."""
    plain = message.replace(b"\r\n.", b"\r\n")
    return plain[1:] if plain.startswith(b".") else plain


def normalise_line_ends(message: bytes) -> bytes:
    """Return `message` with every line ending, including a bare CR or LF, changed to CRLF."""
    if b"\r" not in message:
        return message.replace(b"\n", b"\r\n")
    if count_lines(message) >= 0:
        return message
    return re.sub(_BARE, b"\r\n", message)


def count_stuffed(message: bytes) -> int:
    """Return the number of lines of `message` that begin with a dot and need a second one."""
    return message.count(b"\r\n.") + message.startswith(b".")
