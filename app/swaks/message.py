"""The message of a swaks command: its template, tokens, header fields and attachments.

All values are octets, since that is how swaks reads its arguments. The changes that swaks makes to
a message although the standard does not require them are made here too, so that the same octets
are sent.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from ...session.version import VERSION

_TEMPLATE = (
    rb"Date: %DATE%\nTo: %TO_ADDRESS%\nFrom: %FROM_ADDRESS%\nSubject: test %DATE%\n"
    rb"Message-Id: <%MESSAGEID%>\nX-Mailer: heloscope v%SWAKS_VERSION%\n"
)
_DEFAULT_TYPE = b"application/octet-stream"
_TEXT = b"text/plain"


class Part(NamedTuple):
    """A part of a message: a body if `is_body` is true, and otherwise an attached file.

    `name` is the name of the file, and may be empty.
    """

    data: bytes
    media_type: bytes = _DEFAULT_TYPE
    name: bytes = b""
    is_body: bool = False


class Tokens(NamedTuple):
    """The values that replace the tokens of a template."""

    sender: bytes
    recipients: bytes
    date: bytes
    message_id: bytes


def default_data(parts: Sequence[Part], cc: bytes = b"") -> bytes:
    """Return the message template that is used without --data. `cc` is the Cc field, if any."""
    top = _TEMPLATE
    if cc:
        top = top.replace(rb"\nFrom:", rb"\nCc: " + cc + rb"\nFrom:", 1)
    if parts:
        bodies = sum(part.is_body for part in parts)
        rest = len(parts) - bodies
        kind = b"alternative" if not rest and bodies > 1 else b"mixed"
        top += rb"MIME-Version: 1.0\nContent-Type: multipart/" + kind + rb'; boundary="'
        top += _boundary(0) + rb'"\n'
    return top + rb"%NEW_HEADERS%\n%BODY%\n"


def body_of(text: bytes, parts: Sequence[Part]) -> bytes:
    """Return the value of %BODY%: `text`, or a MIME body if there are `parts`."""
    if not parts:
        return text
    bodies = [part for part in parts if part.is_body] or [Part(text, _TEXT, b"", True)]
    rest = [part for part in parts if not part.is_body]
    bound = _boundary(0)
    if rest and len(bodies) > 1:
        inner = _boundary(4)
        made = b'--%s\nContent-Type: multipart/alternative; boundary="%s"\n\n' % (bound, inner)
        made += b"".join(_encoded(part, inner) for part in bodies) + b"--%s--\n" % inner
    else:
        made = b"".join(_encoded(part, bound) for part in bodies)
    return made + b"".join(_encoded(part, bound) for part in rest) + b"--%s--\n" % bound


def _boundary(number: int) -> bytes:
    return b"----=_MIME_BOUNDARY_%03d_heloscope" % number


def _encoded(part: Part, bound: bytes) -> bytes:
    top = b"--%s\nContent-Type: %s" % (bound, part.media_type)
    if part.media_type.lower() == _TEXT and not part.name:
        return top + b"\n\n" + part.data + b"\n"
    if part.name:
        name = part.name
        top += b'; name="%s"\nContent-Description: %s\n' % (name, name)
        top += b'Content-Disposition: attachment; filename="%s"\n' % name
    else:
        top += b"\n"
        if not (part.is_body and part.media_type.lower().startswith(b"text/")):
            top += b"Content-Disposition: attachment\n"
    import base64

    return top + b"Content-Transfer-Encoding: BASE64\n\n" + base64.encodebytes(part.data) + b"\n"


def message_of(
    data: bytes,
    body: bytes,
    tokens: Tokens,
    *,
    replaced: Sequence[bytes] = (),
    added: Sequence[bytes] = (),
    strips_from: bool = True,
) -> bytes:
    r"""Return the message as swaks would send it, before its dots are doubled.

    `replaced` and `added` are header lines. One item may contain several lines, separated by `\n`.
    """
    text = data.replace(b"%BODY%", body).replace(rb"\n", b"\r\n")
    head, found, rest = _divided(text)
    new = list(added)
    fields = _fields(head)
    named = {_name(each[0]): each for each in fields}
    for line in (one for each in replaced for one in each.split(rb"\n")):
        name, colon, _ = line.partition(b":")
        if colon and name in named:
            named[name][:] = [line]
        else:
            new.append(line)
    head = b"".join(line + b"\r\n" for field in fields for line in field)
    lines = b"".join(line + b"\r\n" for line in new)
    if b"%NEW_HEADERS%" in head:
        head = head.replace(b"%NEW_HEADERS%", lines)  # its own line ending makes the empty line
    else:
        head += lines
    text = head + b"\r\n" + (rest if found else b"")
    text = text.replace(rb"\n", b"\r\n").replace(b"%NEWLINE%", b"\r\n")
    for token, value in (
        (b"%FROM_ADDRESS%", tokens.sender), (b"%TO_ADDRESS%", tokens.recipients),
        (b"%MESSAGEID%", tokens.message_id), (b"%SWAKS_VERSION%", VERSION.encode()),
        (b"%DATE%", tokens.date),
    ):  # fmt: skip
        text = text.replace(token, value)
    if strips_from:
        text = re.sub(rb"\AFrom [^\n]*\n", b"", text)
    text = re.sub(rb"\r?\n\.\r?\n?\Z", b"", text)
    return re.sub(rb"(?<!\r)\n", b"\r\n", text) + b"\r\n"


def _name(line: bytes) -> bytes:
    """Return the name of a field as swaks finds it, or the whole line if swaks finds none."""
    match = re.match(rb"(\S[^:]+):", line)
    return line if match is None else match[1]


def _divided(text: bytes) -> tuple[bytes, bool, bytes]:
    match = re.search(rb"\r?\n\r?\n", text)
    if match is None:
        return text, False, b""
    return text[: match.start()], True, text[match.end() :]


def _fields(head: bytes) -> list[list[bytes]]:
    """Return the fields of a header, each as a list of its lines without line endings."""
    fields: list[list[bytes]] = []
    for line in re.split(rb"\r?\n", head):
        if line[:1] in (b" ", b"\t") and fields:
            fields[-1].append(line)
        else:
            fields.append([line])
    while fields and fields[-1] == [b""]:
        fields.pop()
    return fields


def without_fixup(data: bytes) -> bytes | None:
    """Return the message from octets prepared for the wire, with doubled dots and a final dot.

    Return None if the octets do not end with a dot on a line of its own, since the server would
    wait for it.
    """
    if data != b"." and not data.endswith(b"\r\n."):
        return None
    return re.sub(rb"(\A|(?<=\r\n))\.\.", rb".", data[:-1])
