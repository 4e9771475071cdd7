"""The message of `heloscope send`: from a file, from a sample, or made from header fields.

See RFC 5322 (the header) and RFC 2045 to 2047 (MIME). Each message made here has its own
Message-ID.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from ...session.private_file import read_named, reason
from ...session.protocol.message_syntax import HEADER_END
from ...session.visible import visible_text
from .streams import read_input

LARGEST = 1024**3  # octets of a message: all of it is read before connecting
_DOMAIN = "heloscope.invalid"  # random characters of a Message-ID
_SHORT = 78  # characters of a line that needs no folding: RFC 5322 section 2.1.1
_FIELD = re.compile(r"([!-9;-~]+)[ \t]*:[ \t]*(.*)\Z", re.DOTALL)


class MessageError(ValueError):
    """Raised for a message that cannot be read or made, with the reason as a sentence."""


class HeaderField(NamedTuple):
    """A header field: its name and its value, which has no line endings except for folding."""

    name: str
    value: str


class Attachment(NamedTuple):
    """A file to attach: its contents, media type and name."""

    data: bytes
    media_type: str
    name: str


class Draft(msgspec.Struct, frozen=True):
    """The parts of a message: the name of a `sample`, or a few fields, a text and files."""

    sender: str = ""
    to: Sequence[str] = ()
    cc: Sequence[str] = ()
    subject: str = "A test"
    body: str = "Hello."
    sample: str = ""
    attachments: Sequence[Attachment] = ()

    def octets(self) -> bytes:
        """Return the message, with CRLF line endings."""
        return self._sample() if self.sample else self._plain() or self._made()

    def _sample(self) -> bytes:
        from ...session.procedures.date_and_id import local_date, message_id
        from ...session.procedures.samples import SAMPLES, Head

        recipients = (*self.to, *self.cc)
        head = Head(self.sender, recipients, local_date(), message_id(_DOMAIN))
        return SAMPLES[self.sample].build(head)

    def _plain(self) -> bytes:
        """Return the message, or b"" if it needs MIME.

        A message of printable ASCII in short lines needs no MIME. `_made` could build it with
        `email.message`, but importing that package takes longer than sending.
        """
        from ...session.procedures.date_and_id import local_date, message_id

        lines = [
            f"Date: {local_date()}",
            f"From: {self.sender or 'MAILER-DAEMON'}",
            *([f"To: {', '.join(self.to)}"] if self.to else []),
            *([f"Cc: {', '.join(self.cc)}"] if self.cc else []),
            f"Subject: {self.subject}",
            f"Message-ID: {message_id(_DOMAIN)}",
            "",
            *self.body.splitlines(),
        ]
        short = all(line.isascii() and line.isprintable() and len(line) <= _SHORT for line in lines)
        if self.attachments or not short:
            return b""
        return "".join(f"{line}\r\n" for line in lines).encode("ascii")

    def _made(self) -> bytes:
        from email.message import EmailMessage
        from email.policy import SMTP, SMTPUTF8

        from ...session.procedures.date_and_id import local_date, message_id

        addresses = (self.sender, *self.to, *self.cc)
        plain = all(address.isascii() for address in addresses)
        message = EmailMessage(policy=SMTP if plain else SMTPUTF8)  # RFC 6532
        message["Date"] = local_date()
        message["From"] = self.sender or "MAILER-DAEMON"
        if self.to:
            message["To"] = ", ".join(self.to)
        if self.cc:
            message["Cc"] = ", ".join(self.cc)
        message["Subject"] = self.subject
        message["Message-ID"] = message_id(_DOMAIN)
        message.set_content(self.body)
        for each in self.attachments:
            kind, _, subtype = each.media_type.partition("/")
            message.add_attachment(each.data, maintype=kind, subtype=subtype, filename=each.name)
        return message.as_bytes()


def read_message(file: str) -> bytes:
    """Read a file, or standard input if `file` is "-". Raises MessageError."""
    if file == "-":
        return read_input("send", LARGEST)
    try:
        return read_named(os.path.expanduser(file), LARGEST)
    except OSError as error:
        raise MessageError(f"cannot read the message: {reason(error, file)}.") from None


def attachment_of(given: str) -> Attachment:
    """Read the attachment described by FILE or FILE;type=TYPE;name=NAME. Raises MessageError."""
    path, *parameters = given.split(";")
    named: dict[str, str] = {}
    for word in parameters:
        name, _, value = word.strip().partition("=")
        named[name] = value
    unknown = next((name for name in named if name not in ("type", "name")), None)
    if unknown is not None:
        shown = visible_text(unknown)
        raise MessageError(f"--attach must be FILE;type=TYPE;name=NAME, not {shown}.")
    try:
        data = read_named(os.path.expanduser(path), LARGEST)
    except OSError as error:
        raise MessageError(f"cannot read the attachment: {reason(error, path)}.") from None
    media_type = named.get("type") or _media_type(path)
    if not re.fullmatch(r"[\w.+-]+/[\w.+-]+", media_type, re.ASCII):
        raise MessageError(f"{visible_text(media_type)} is not a media type such as image/png.")
    return Attachment(data, media_type, named.get("name") or os.path.basename(path.rstrip("/")))


def _media_type(path: str) -> str:
    from mimetypes import guess_type

    found, encoding = guess_type(path)
    return found if found and not encoding else "application/octet-stream"


def header_field(given: str) -> HeaderField:
    r"""Parse a header field given as 'NAME: VALUE', in which \n starts a folded line.

    Raises MessageError.
    """
    match = _FIELD.match(given.replace("\\n", "\n"))
    if match is None:
        shown = visible_text(given[:60])
        raise MessageError(f"a header field must be 'NAME: VALUE', not {shown!r} (RFC 5322).")
    folded = re.sub(r"\r?\n[ \t]*", "\r\n ", match[2])
    if re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)", folded):
        raise MessageError(f"the value of {match[1]} must not contain control characters.")
    return HeaderField(match[1], folded)


def with_fields(
    message: bytes, replaced: Sequence[HeaderField], added: Sequence[HeaderField]
) -> bytes:
    """Return the message after replacing the fields in `replaced` and adding those in `added`.

    A field in `replaced` that does not exist is added at the end of the header, like those in
    `added`. The body is unchanged. A value that is not ASCII is sent as UTF-8 (RFC 6532).
    """
    for each in replaced:
        message = _with_field(message, each, replaces=True)
    for each in added:
        message = _with_field(message, each, replaces=False)
    return message


def _with_field(message: bytes, field: HeaderField, *, replaces: bool) -> bytes:
    line = f"{field.name}: {field.value}\r\n".encode("utf-8", "surrogateescape")
    header, end, rest = _divided(message)
    if replaces:
        name = re.escape(field.name.encode())
        pattern = rb"^%s[ \t]*:[^\n]*(?:\n|\Z)(?:[ \t][^\n]*(?:\n|\Z))*" % name
        found = re.compile(pattern, re.IGNORECASE | re.MULTILINE)
        match = found.search(header)
        if match is not None:
            before, after = header[: match.start()], found.sub(b"", header[match.end() :])
            return before + line + after + end + rest
    return header + line + end + rest


def _divided(message: bytes) -> tuple[bytes, bytes, bytes]:
    """Split a message, which may have no header, into header, empty line and body.

    The header includes its last line ending.
    """
    if message.startswith((b"\n", b"\r\n")):
        end = message.index(b"\n") + 1
        return b"", message[:end], message[end:]
    match = re.search(HEADER_END, message)
    if match is None:
        ended = b"" if message.endswith(b"\n") or not message else b"\r\n"
        return message + ended, b"", b""
    at = message.index(b"\n", match.start()) + 1
    return message[:at], message[at : match.end()], message[match.end() :]
