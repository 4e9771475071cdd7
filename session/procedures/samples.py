"""Sample messages, each of which tests one thing that a server may get wrong.

The octets are made here rather than by a library, so that a sample is the same on every Python
version, down to the last line ending. The forms are those of RFC 5322 (the header), 2045 and 2046
(MIME), 6152 (8-bit), 6532 (UTF-8 in the header), and 5321 section 4.5.3.1.6 (the longest line).
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable
from typing import NamedTuple

LONGEST_LINE = 998  # octets of a line, without its CRLF
BIG = 10 * 1024 * 1024  # octets of the biggest sample


class Head(NamedTuple):
    """The header values of a sample, with addresses as in the envelope and an RFC 5322 date."""

    sender: str
    recipients: tuple[str, ...]
    date: str
    message_id: str


class Sample(NamedTuple):
    """A sample message: `label` names it in a list, `words` say what it tests, `build` makes it."""

    name: str
    label: str
    words: str
    build: Callable[[Head], bytes]


def _lines(lines: Iterable[str | bytes]) -> bytes:
    return b"".join(
        (line.encode("utf-8", "surrogateescape") if isinstance(line, str) else line) + b"\r\n"
        for line in lines
    )


def _header(head: Head, subject: str, *more: str) -> list[str | bytes]:
    """Return the header and the empty line after it. CR and LF are removed from each value."""
    sender = _one_line(head.sender) or "nobody@invalid"
    to = ", ".join(map(_one_line, head.recipients)) or "undisclosed-recipients:;"
    return [
        f"From: <{sender}>",
        *_folded("To", to),
        f"Subject: {subject}",
        f"Date: {head.date}",
        f"Message-ID: {head.message_id}",
        *more,
        "",
    ]


def _one_line(text: str) -> str:
    return text.replace("\r", "").replace("\n", "")


def _folded(name: str, addresses: str) -> list[str]:
    """Return a field of many addresses, folded to lines of 78 characters.

    See RFC 5322 section 2.2.3.
    """
    found = [f"{name}:"]
    words = addresses.split(", ")
    for number, word in enumerate(words):
        comma = "," if number + 1 < len(words) else ""
        if len(found[-1]) + len(word) + 2 > 78 and found[-1] != f"{name}:":
            found.append("")
        found[-1] += f" {word}{comma}"
    return found


def _mime(kind: str, encoding: str) -> tuple[str, str, str]:
    return (
        "MIME-Version: 1.0",
        f"Content-Type: {kind}",
        f"Content-Transfer-Encoding: {encoding}",
    )


def _plain(head: Head) -> bytes:
    return _lines([
        *_header(head, "A plain message"),
        "Hello,",
        "",
        "this is a message of seven-bit text, which every server accepts.",
    ])  # fmt: skip


# The smallest possible PNG: one pixel.
_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000"
    "000a4944415478da63f80f00010101001cb08c990000000049454e44ae426082"
)


def _html(head: Head) -> bytes:
    picture = base64.b64encode(_PIXEL).decode()
    return _lines([
        *_header(
            head,
            "HTML, and an attachment",
            "MIME-Version: 1.0",
            'Content-Type: multipart/mixed; boundary="=_outer"',
        ),
        "This is a message of several parts (RFC 2046).",
        "--=_outer",
        'Content-Type: multipart/alternative; boundary="=_inner"',
        "",
        "--=_inner",
        "Content-Type: text/plain; charset=us-ascii",
        "",
        "Hello, in plain text.",
        "--=_inner",
        "Content-Type: text/html; charset=us-ascii",
        "",
        "<!DOCTYPE html>",
        "<html><body><p>Hello, in <b>HTML</b>.</p></body></html>",
        "--=_inner--",
        "--=_outer",
        'Content-Type: image/png; name="pixel.png"',
        "Content-Transfer-Encoding: base64",
        'Content-Disposition: attachment; filename="pixel.png"',
        "",
        *(picture[at : at + 76] for at in range(0, len(picture), 76)),
        "--=_outer--",
    ])  # fmt: skip


def _eight_bit(head: Head) -> bytes:
    return _lines([
        *_header(
            head, "Eight bits in the body", *_mime("text/plain; charset=iso-8859-1", "8bit")
        ),
        "café, naïve: one octet per letter, as in ISO 8859-1.".encode("latin-1"),
    ])  # fmt: skip


def _utf8(head: Head) -> bytes:
    return _lines([
        *_header(
            head,
            "Grüße, 日本語, Привет",
            *_mime("text/plain; charset=utf-8", "8bit"),
        ),
        "The subject contains unencoded UTF-8, which requires SMTPUTF8.",
        "Grüße, 日本語, Привет, caffè.",
    ])  # fmt: skip


def _dots(head: Head) -> bytes:
    return _lines([
        *_header(head, "Lines that begin with a dot"),
        ".one dot",
        "..two dots",
        "The next line is a single dot, and the message continues after it:",
        ".",
        "A dot. In the middle.",
        "The last line is a single dot too:",
        ".",
    ])  # fmt: skip


def _line_of(length: int) -> Callable[[Head], bytes]:
    def build(head: Head) -> bytes:
        digits = "0123456789" * (length // 10 + 1)
        return _lines([
            *_header(head, f"A line of {length} characters"),
            "The next line is long.",
            digits[:length],
            "The last line is short.",
        ])  # fmt: skip

    return build


def _big(head: Head) -> bytes:
    """Return a message of exactly `BIG` octets, in numbered lines of 78 characters."""
    top = _lines(_header(head, "Ten megabytes"))
    fill = b"x" * 67
    rows, rest = divmod(BIG - len(top), 80)
    body = b"".join(b"%010d %s\r\n" % (number, fill) for number in range(rows - 1))
    last = 80 + rest - 2  # in one line, of up to 157 characters
    return top + body + b"x" * last + b"\r\n"


SAMPLES: dict[str, Sample] = {
    sample.name: sample
    for sample in (
        Sample("plain", "plain text", "seven-bit text, a form that every server accepts", _plain),
        Sample("html", "HTML and a file", "text, HTML and a 67-byte picture, in MIME", _html),
        Sample("8-bit", "8-bit", "ISO 8859-1 in the body; needs BODY=8BITMIME", _eight_bit),
        Sample("utf-8", "UTF-8", "UTF-8 in the subject and body; needs SMTPUTF8", _utf8),
        Sample("dots", "dots", "lines that begin with a dot, and lines with only a dot", _dots),
        Sample(
            "long",
            f"a line of {LONGEST_LINE}",
            f"a line of {LONGEST_LINE} characters: the longest allowed",
            _line_of(LONGEST_LINE),
        ),
        Sample(
            "too-long",
            f"a line of {LONGEST_LINE + 1}",
            f"a line of {LONGEST_LINE + 1} characters: one more than allowed; servers truncate "
            "it, or refuse the message",
            _line_of(LONGEST_LINE + 1),
        ),
        Sample("big", "10 MB", "10 MiB of short lines, to test SIZE, quotas and timeouts", _big),
    )
}
