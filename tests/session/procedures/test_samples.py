"""The sample messages, byte for byte."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage
from smtplib import SMTPDataError

import pytest
from heloscope.session.aio.session import Session
from heloscope.session.procedures.samples import BIG, LONGEST_LINE, SAMPLES, Head
from support.practice_server import practising
from support.rows import for_each

HEAD = Head(
    "you@example.org",
    ("alice@practice.test", "bob@practice.test"),
    "Thu, 01 Oct 2026 12:00:00 +0000",
    "<1@example.org>",
)
TO = ["alice@practice.test"]
TOP = """\
From: <you@example.org>
To: alice@practice.test, bob@practice.test
Subject: {subject}
Date: Thu, 01 Oct 2026 12:00:00 +0000
Message-ID: <1@example.org>
"""
GOLDEN = {
    "plain": TOP.format(subject="A plain message") + """
Hello,

this is a message of seven-bit text, which every server accepts.
""",
    "8-bit": TOP.format(subject="Eight bits in the body") + """\
MIME-Version: 1.0
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: 8bit

café, naïve: one octet per letter, as in ISO 8859-1.
""",
    "utf-8": TOP.format(subject="Grüße, 日本語, Привет") + """\
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

The subject contains unencoded UTF-8, which requires SMTPUTF8.
Grüße, 日本語, Привет, caffè.
""",
    "dots": TOP.format(subject="Lines that begin with a dot") + """
.one dot
..two dots
The next line is a single dot, and the message continues after it:
.
A dot. In the middle.
The last line is a single dot too:
.
""",
    "long": TOP.format(subject="A line of 998 characters") + """
The next line is long.
""" + "0123456789" * 99 + """01234567
The last line is short.
""",
    "too-long": TOP.format(subject="A line of 999 characters") + """
The next line is long.
""" + "0123456789" * 99 + """012345678
The last line is short.
""",
}  # fmt: skip


@for_each(GOLDEN)
def test_a_sample_is_these_octets(name: str):
    encoding = "latin-1" if name == "8-bit" else "utf-8"
    golden = GOLDEN[name].replace("\n", "\r\n").encode(encoding)
    assert SAMPLES[name].build(HEAD) == golden


@pytest.mark.parametrize("name", SAMPLES)
def test_every_line_ends_with_crlf_and_only_one_is_too_long(name: str):
    octets = SAMPLES[name].build(HEAD)
    assert octets.endswith(b"\r\n")
    lines = octets.split(b"\r\n")
    assert not any(b"\r" in line or b"\n" in line for line in lines)
    longest = {"long": LONGEST_LINE, "too-long": LONGEST_LINE + 1}
    assert max(map(len, lines)) == longest.get(name, max(map(len, lines))) <= LONGEST_LINE + 1
    assert (max(map(len, lines)) > LONGEST_LINE) == (name == "too-long")


def test_the_big_one_has_ten_megabytes():
    octets = SAMPLES["big"].build(HEAD)
    assert len(octets) == BIG == 10 * 1024 * 1024
    assert b"\r\n\r\n0000000000 xxx" in octets


@pytest.mark.parametrize("spare", range(0, 90, 7))
def test_the_big_one_has_exactly_that_size_whatever_its_header(spare: int):
    head = HEAD._replace(sender="y" * spare + "@example.org")
    octets = SAMPLES["big"].build(head)
    assert len(octets) == BIG
    assert max(map(len, octets.split(b"\r\n"))) <= LONGEST_LINE


def test_html_and_its_attachment_are_read_as_what_they_are():
    message = email.message_from_bytes(SAMPLES["html"].build(HEAD), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None and text.get_content() == "Hello, in plain text."
    assert html is not None and "<b>HTML</b>" in html.get_content()
    [picture] = message.iter_attachments()
    assert picture.get_filename() == "pixel.png"
    assert picture.get_content().startswith(b"\x89PNG\r\n")


def test_the_seven_bit_samples_contain_no_other_octets():
    eight = {name for name in SAMPLES if not SAMPLES[name].build(HEAD).isascii()}
    assert eight == {"8-bit", "utf-8"}


def test_addresses_stay_within_their_line_of_the_header():
    many = tuple(f"somebody-{number}@example.org" for number in range(60))
    octets = SAMPLES["plain"].build(HEAD._replace(recipients=many))
    message = email.message_from_bytes(octets, policy=email.policy.default)
    assert [str(a) for a in message["To"].addresses] == list(many)
    assert max(map(len, octets.split(b"\r\n"))) <= 78
    nasty = HEAD._replace(sender="a\r\nBcc: x@example.org", recipients=())
    octets = SAMPLES["plain"].build(nasty)
    assert b"\nBcc" not in octets
    assert b"\r\nTo: undisclosed-recipients:;\r\n" in octets


@pytest.mark.parametrize("chunking", [False, True], ids=["DATA", "BDAT"])
async def test_they_arrive_byte_for_byte(chunking: bool):
    async with practising() as server, Session(server.host, server.port) as session:
        for sample in SAMPLES.values():
            octets = sample.build(HEAD)
            if sample.name == "too-long":
                with pytest.raises(SMTPDataError):
                    await session.sendmail("a@example.org", TO, octets, chunking=chunking)
                continue
            await session.sendmail("a@example.org", TO, octets, chunking=chunking)
            assert server.mailboxes.of["alice"][-1].content == octets
