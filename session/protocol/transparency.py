"""Transparency: doubling the dots of a message for DATA, and finding its end.

RFC 5321 sections 4.5.2 and 4.1.1.4. Only CRLF ends a line here, as for a server that follows the
standard. A dot after a bare LF is not doubled: that would change the message for such a server.
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
    """Whether `line` ends a body: a dot and CRLF alone, after a line that ended in CRLF."""
    return after_crlf and line == BODY_END


def find_end(data: bytes, start: int, after_crlf: bool) -> int:
    """The position of the line that ends a body in `data`, from `start` on; -1 if there is none.

    `after_crlf` says whether the line before `start` ended in CRLF.
    """
    if after_crlf and data.startswith(BODY_END, start):
        return start
    found = data.find(b"\r\n" + BODY_END, start) if b"." in data else -1
    return found + 2 if found >= 0 else -1


def count_lines(message: bytes) -> int:
    """The number of CRLFs in `message`; -1 if it has a bare CR or LF, or a NUL.

    This takes half as long as counting CR, LF, CRLF and NUL separately.
    """
    ends = message.translate(None, _NOT_ENDS)
    count = len(ends) // 2
    return count if ends == b"\r\n" * count and not re.search(_CR_ALONE, message) else -1


def double_dots(message: bytes) -> bytes:
    """`message` with a second dot after every LF and dot, as in smtplib."""
    return re.sub(_DOTS, b"\n..", message) if b"." in message else message


def stuff(message: bytes) -> bytes:
    """`message` with a second dot before each line that begins with one."""
    stuffed = double_crlf_dots(message)
    return b"." + stuffed if stuffed.startswith(b".") else stuffed


def double_crlf_dots(message: bytes) -> bytes:
    """`message` with a second dot before each line, except the first, that begins with one."""
    return re.sub(_CRLF_DOTS, b"\r\n..", message) if b"." in message else message


def unstuff(message: bytes) -> bytes:
    """`message` as a server stores it: without the first of each line's leading dots."""
    plain = message.replace(b"\r\n.", b"\r\n")
    return plain[1:] if plain.startswith(b".") else plain


def normalise_line_ends(message: bytes) -> bytes:
    """`message` with every line end, including bare CR and LF, changed to CRLF."""
    if b"\r" not in message:
        return message.replace(b"\n", b"\r\n")
    if count_lines(message) >= 0:
        return message
    return re.sub(_BARE, b"\r\n", message)


def count_stuffed(message: bytes) -> int:
    """The number of lines that get a second dot."""
    return message.count(b"\r\n.") + message.startswith(b".")
