from .streams import read_input
"""The message of `heloscope send`: read from a file, a sample, or made of a few header fields.
from .streams import read_input

from .streams import read_input
RFC 5322 (the header), RFC 2045 to 2047 (MIME). Each message that is made has a Message-ID of its
from .streams import read_input
own.
from .streams import read_input
"""
from .streams import read_input

from .streams import read_input
from __future__ import annotations
from .streams import read_input

from .streams import read_input
import re
from .streams import read_input
import sys
from .streams import read_input
from collections.abc import Sequence
from .streams import read_input
from pathlib import Path
from .streams import read_input
from typing import NamedTuple
from .streams import read_input

from .streams import read_input
import msgspec
from .streams import read_input

from .streams import read_input
from ...session.private_file import read_all, reason
from .streams import read_input
from ...session.visible import visible_text
from .streams import read_input

from .streams import read_input
LARGEST = 1024**3  # octets of a message: all of it is read before connecting
from .streams import read_input
_SHORT = 78  # characters of a line that needs no folding: RFC 5322 section 2.1.1
from .streams import read_input
_FIELD = re.compile(r"([!-9;-~]+)[ \t]*:[ \t]*(.*)\Z", re.DOTALL)
from .streams import read_input
_HEADER_END = re.compile(rb"\r?\n\r?\n")
from .streams import read_input

from .streams import read_input

from .streams import read_input
class MessageError(ValueError):
from .streams import read_input
    """A message that cannot be read or made; one sentence."""
from .streams import read_input

from .streams import read_input

from .streams import read_input
class HeaderField(NamedTuple):
from .streams import read_input
    """A field of the header: its name, and its value without line ends but those of folding."""
from .streams import read_input

from .streams import read_input
    name: str
from .streams import read_input
    value: str
from .streams import read_input

from .streams import read_input

from .streams import read_input
class Attachment(NamedTuple):
from .streams import read_input
    """A file to attach, with its media type and name."""
from .streams import read_input

from .streams import read_input
    data: bytes
from .streams import read_input
    media_type: str
from .streams import read_input
    name: str
from .streams import read_input

from .streams import read_input

from .streams import read_input
class Draft(msgspec.Struct, frozen=True):
from .streams import read_input
    """What a message is made of: a `sample` by its name, or a few fields, a text and files."""
from .streams import read_input

from .streams import read_input
    sender: str = ""
from .streams import read_input
    to: Sequence[str] = ()
from .streams import read_input
    cc: Sequence[str] = ()
from .streams import read_input
    subject: str = "A test"
from .streams import read_input
    body: str = "Hello."
from .streams import read_input
    sample: str = ""
from .streams import read_input
    attachments: Sequence[Attachment] = ()
from .streams import read_input

from .streams import read_input
    def octets(self) -> bytes:
from .streams import read_input
        """The message, with CRLF."""
from .streams import read_input
        return self._sample() if self.sample else self._plain() or self._made()
from .streams import read_input

from .streams import read_input
    def _sample(self) -> bytes:
from .streams import read_input
        from email.utils import formatdate, make_msgid
from .streams import read_input

from .streams import read_input
        from ...session.procedures.samples import SAMPLES, Head
from .streams import read_input

from .streams import read_input
        date, message_id = formatdate(localtime=True), make_msgid(domain="heloscope.invalid")
from .streams import read_input
        head = Head(self.sender, (*self.to, *self.cc), date, message_id)
from .streams import read_input
        return SAMPLES[self.sample].build(head)
from .streams import read_input

from .streams import read_input
    def _plain(self) -> bytes:
from .streams import read_input
        """A message of printable ASCII in short lines, which needs no MIME; b"" for any other.
from .streams import read_input

from .streams import read_input
        `_made` does the same with `email.message`, which takes longer to import than to send.
from .streams import read_input
        """
from .streams import read_input
        from email.utils import formatdate, make_msgid
from .streams import read_input

from .streams import read_input
        lines = [
from .streams import read_input
            f"Date: {formatdate(localtime=True)}",
from .streams import read_input
            f"From: {self.sender or 'MAILER-DAEMON'}",
from .streams import read_input
            *([f"To: {', '.join(self.to)}"] if self.to else []),
from .streams import read_input
            *([f"Cc: {', '.join(self.cc)}"] if self.cc else []),
from .streams import read_input
            f"Subject: {self.subject}",
from .streams import read_input
            f"Message-ID: {make_msgid(domain='heloscope.invalid')}",
from .streams import read_input
            "",
from .streams import read_input
            *self.body.splitlines(),
from .streams import read_input
        ]
from .streams import read_input
        short = all(line.isascii() and line.isprintable() and len(line) <= _SHORT for line in lines)
from .streams import read_input
        if self.attachments or not short:
from .streams import read_input
            return b""
from .streams import read_input
        return "".join(f"{line}\r\n" for line in lines).encode("ascii")
from .streams import read_input

from .streams import read_input
    def _made(self) -> bytes:
from .streams import read_input
        from email.message import EmailMessage
from .streams import read_input
        from email.policy import SMTP, SMTPUTF8
from .streams import read_input
        from email.utils import formatdate, make_msgid
from .streams import read_input

from .streams import read_input
        addresses = (self.sender, *self.to, *self.cc)
from .streams import read_input
        plain = all(address.isascii() for address in addresses)
from .streams import read_input
        message = EmailMessage(policy=SMTP if plain else SMTPUTF8)  # RFC 6532
from .streams import read_input
        message["Date"] = formatdate(localtime=True)
from .streams import read_input
        message["From"] = self.sender or "MAILER-DAEMON"
from .streams import read_input
        if self.to:
from .streams import read_input
            message["To"] = ", ".join(self.to)
from .streams import read_input
        if self.cc:
from .streams import read_input
            message["Cc"] = ", ".join(self.cc)
from .streams import read_input
        message["Subject"] = self.subject
from .streams import read_input
        message["Message-ID"] = make_msgid(domain="heloscope.invalid")
from .streams import read_input
        message.set_content(self.body)
from .streams import read_input
        for each in self.attachments:
from .streams import read_input
            kind, _, subtype = each.media_type.partition("/")
from .streams import read_input
            message.add_attachment(each.data, maintype=kind, subtype=subtype, filename=each.name)
from .streams import read_input
        return message.as_bytes()
from .streams import read_input

from .streams import read_input

from .streams import read_input
def read_message(file: str) -> bytes:
from .streams import read_input
    """All of a file, or of standard input for `-`. Raises MessageError."""
from .streams import read_input
    if file == "-":
from .streams import read_input
        return read_input("send", LARGEST)
from .streams import read_input
    try:
from .streams import read_input
        return read_all(Path(file).expanduser(), LARGEST)
from .streams import read_input
    except OSError as error:
from .streams import read_input
        raise MessageError(f"the message cannot be read: {reason(error, file)}.") from None
from .streams import read_input

from .streams import read_input

from .streams import read_input
def attachment_of(given: str) -> Attachment:
from .streams import read_input
    """The attachment that FILE, or FILE;type=TYPE;name=NAME, names. Raises MessageError."""
from .streams import read_input
    path, *parameters = given.split(";")
from .streams import read_input
    named: dict[str, str] = {}
from .streams import read_input
    for word in parameters:
from .streams import read_input
        name, _, value = word.strip().partition("=")
from .streams import read_input
        named[name] = value
from .streams import read_input
    unknown = next((name for name in named if name not in ("type", "name")), None)
from .streams import read_input
    if unknown is not None:
from .streams import read_input
        shown = visible_text(unknown)
from .streams import read_input
        raise MessageError(f"--attach takes FILE;type=TYPE;name=NAME, and no {shown}.")
from .streams import read_input
    try:
from .streams import read_input
        data = read_all(Path(path).expanduser(), LARGEST)
from .streams import read_input
    except OSError as error:
from .streams import read_input
        raise MessageError(f"the attachment cannot be read: {reason(error, path)}.") from None
from .streams import read_input
    media_type = named.get("type") or _media_type(path)
from .streams import read_input
    if not re.fullmatch(r"[\w.+-]+/[\w.+-]+", media_type, re.ASCII):
from .streams import read_input
        raise MessageError(f"{visible_text(media_type)} is not a media type such as image/png.")
from .streams import read_input
    return Attachment(data, media_type, named.get("name") or Path(path).name)
from .streams import read_input

from .streams import read_input

from .streams import read_input
def _media_type(path: str) -> str:
from .streams import read_input
    from mimetypes import guess_type
from .streams import read_input

from .streams import read_input
    found, encoding = guess_type(path)
from .streams import read_input
    return found if found and not encoding else "application/octet-stream"
from .streams import read_input

from .streams import read_input

from .streams import read_input
def header_field(given: str) -> HeaderField:
from .streams import read_input
    r"""The field that 'NAME: VALUE' gives; `\n` in it begins a folded line. Raises MessageError."""
from .streams import read_input
    match = _FIELD.match(given.replace("\\n", "\n"))
from .streams import read_input
    if match is None:
from .streams import read_input
        shown = visible_text(given[:60])
from .streams import read_input
        raise MessageError(f"a header field is given as 'NAME: VALUE', not {shown!r} (RFC 5322).")
from .streams import read_input
    folded = re.sub(r"\r?\n[ \t]*", "\r\n ", match[2])
from .streams import read_input
    if re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\r(?!\n)", folded):
from .streams import read_input
        raise MessageError(f"the value of {match[1]} must not contain control characters.")
from .streams import read_input
    return HeaderField(match[1], folded)
from .streams import read_input

from .streams import read_input

from .streams import read_input
def with_fields(
from .streams import read_input
    message: bytes, replaced: Sequence[HeaderField], added: Sequence[HeaderField]
from .streams import read_input
) -> bytes:
from .streams import read_input
    """The message with these fields in its header: some instead of those there, some besides.
from .streams import read_input

from .streams import read_input
    A field that replaces none is added at the end of the header, as the others are. What is not
from .streams import read_input
    in the header is unchanged. A value that is not ASCII goes out as UTF-8 (RFC 6532).
from .streams import read_input
    """
from .streams import read_input
    for each in replaced:
from .streams import read_input
        message = _with_field(message, each, replaces=True)
from .streams import read_input
    for each in added:
from .streams import read_input
        message = _with_field(message, each, replaces=False)
from .streams import read_input
    return message
from .streams import read_input

from .streams import read_input

from .streams import read_input
def _with_field(message: bytes, field: HeaderField, *, replaces: bool) -> bytes:
from .streams import read_input
    line = f"{field.name}: {field.value}\r\n".encode("utf-8", "surrogateescape")
from .streams import read_input
    header, end, rest = _divided(message)
from .streams import read_input
    if replaces:
from .streams import read_input
        name = re.escape(field.name.encode())
from .streams import read_input
        pattern = rb"^%s[ \t]*:[^\n]*(?:\n|\Z)(?:[ \t][^\n]*(?:\n|\Z))*" % name
from .streams import read_input
        found = re.compile(pattern, re.IGNORECASE | re.MULTILINE)
from .streams import read_input
        match = found.search(header)
from .streams import read_input
        if match is not None:
from .streams import read_input
            before, after = header[: match.start()], found.sub(b"", header[match.end() :])
from .streams import read_input
            return before + line + after + end + rest
from .streams import read_input
    return header + line + end + rest
from .streams import read_input

from .streams import read_input

from .streams import read_input
def _divided(message: bytes) -> tuple[bytes, bytes, bytes]:
from .streams import read_input
    """(header with its last line end, empty line, body); a message may have no header."""
from .streams import read_input
    if message.startswith((b"\n", b"\r\n")):
from .streams import read_input
        end = message.index(b"\n") + 1
from .streams import read_input
        return b"", message[:end], message[end:]
from .streams import read_input
    match = _HEADER_END.search(message)
from .streams import read_input
    if match is None:
from .streams import read_input
        ended = b"" if message.endswith(b"\n") or not message else b"\r\n"
from .streams import read_input
        return message + ended, b"", b""
from .streams import read_input
    at = message.index(b"\n", match.start()) + 1
from .streams import read_input
    return message[:at], message[at : match.end()], message[match.end() :]
