"""Arguments with CR, LF or NUL are refused, and nothing is sent.

The grammar of commands allows at most %d32 to %d126 (RFC 5321 section 4.1.2). smtplib refuses CR
and LF, but sends NUL.
"""

from __future__ import annotations

from contextlib import closing
from typing import Any

import pytest
from heloscope.session import SMTP, Session
from support.rows import for_each
from support.smtplib_oracle import Says, TableServer

CALLS: list[tuple[str, tuple[Any, ...]]] = [
    ("docmd", ("NOOP", "a{}b")),
    ("docmd", ("NO{}OP",)),
    ("docmd", (b"NOOP a\x00b",)),
    ("ehlo", ("me{}.example",)),
    ("helo", ("me{}.example",)),
    ("mail", ("a{}@example.org",)),
    ("mail", ("a@example.org", ["BODY=8BIT{}MIME"])),
    ("rcpt", ("b{}@example.org",)),
    ("rcpt", ("b@example.org", ["NOTIFY={}"])),
    ("verify", ("b{}b",)),
    ("expn", ("list{}",)),
    ("help", ("MA{}IL",)),
    ("sendmail", ("a@example.org", ["b{}@example.org"], b"text")),
]


def filled(value: Any, character: str) -> Any:
    if isinstance(value, str):
        return value.format(character)
    return [filled(each, character) for each in value] if isinstance(value, list) else value


@for_each((*row, character) for row in CALLS for character in ["\r", "\n", "\0"])
async def test_a_session_sends_no_command_with_it(
    name: str, given: tuple[Any, ...], character: str
):
    with closing(TableServer()) as server, server.playing(Says()) as got:
        async with Session("127.0.0.1", server.port) as session:
            if name not in ("ehlo", "helo"):
                await session.ehlo("me.example")
            sent = bytes(got)
            with pytest.raises(ValueError, match=r"contain|control characters"):
                await getattr(session, name)(*(filled(each, character) for each in given))
            assert bytes(got) in (sent, sent + b"MAIL FROM:<a@example.org> SIZE=4\r\n")


def test_the_drop_in_sends_nul_as_smtplib_does():
    with closing(TableServer()) as server, server.playing(Says()) as got:
        smtp = SMTP("127.0.0.1", server.port)
        smtp.ehlo("me.example")
        smtp.docmd("NOOP", "a\0b")
        smtp.verify("b\0b")
        smtp.close()
    assert bytes(got) == b"ehlo me.example\r\nNOOP a\0b\r\nvrfy b\0b\r\n"
