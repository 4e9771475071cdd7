"""The script for `heloscope run`: read back, it says the same bytes."""

from __future__ import annotations

import pytest
from heloscope.app.export.script import script
from heloscope.session.events import CLIENT, SERVER
from heloscope.session.protocol.transparency import stuff
from heloscope.session.script.escapes import raw_bytes, raw_text
from heloscope.session.script.grammar import Nothing, Order, WireLine, parse_typed
from hypothesis import given
from hypothesis import strategies as st
from support.hostile_text import TEXT
from support.replays import LOGIN, OPENED, READY_FOR_DATA, replay, sending
from support.scripts import observe


def said_by(text: str) -> bytes:
    """What a client says that is led by a script without logins."""
    out = bytearray()
    lines = iter(text.removesuffix("\n").split("\n"))
    for line in lines:
        if line.startswith("#"):
            continue
        match parse_typed(line):
            case WireLine(text="DATA"):
                block = bytearray()
                while (inside := next(lines)) != ".":
                    block += inside.encode() + b"\r\n"
                out += b"DATA\r\n" + stuff(bytes(block)) + b".\r\n"
            case WireLine(text=typed):
                out += typed.encode() + b"\r\n"
            case Order(name="raw", argument=argument):
                out += raw_bytes(argument)
            case Order(name=name):
                assert name in ("connect", "expect")
            case Nothing():
                raise AssertionError("an empty line says nothing")
    return bytes(out)


def test_it_is_what_one_would_type():
    talk = sending(
        b"Subject: x\r\n\r\n.dot\r\n# no comment\r\n:no order\r\n",
        envelope=OPENED + LOGIN + "C: MAIL FROM:<a@b>\nS: 250 ok\nC: RCPT TO:<c@d>\nS: 550 no\n"
        "C: RCPT TO:<c@e>\nS: 250 ok",
    )
    assert (
        script(replay(talk))
        == """\
# A conversation with mail.example.org:587, for heloscope run.
# Omitted, to be supplied by name: PASSWORD.
:connect mail.example.org:587
:expect 220
EHLO me
:expect 250
AUTH LOGIN
:answer alice
:secret PASSWORD
:expect 235
MAIL FROM:<a@b>
:expect 250
RCPT TO:<c@d>
:expect 550
RCPT TO:<c@e>
:expect 250
DATA
Subject: x

.dot
# no comment
:no order
.
:expect 250
"""
    )


def test_a_mechanism_that_is_not_spoken_has_an_answer_to_each_challenge():
    text = script(replay(OPENED + "C: AUTH FROB\nS: 334 eHh4\nC: eXl5eXl5\nS: 235 ok"))
    assert text.endswith("AUTH FROB\n:secret ANSWER_1\n:expect 235\n")
    assert "eXl5" not in text
    token = OPENED + "C: AUTH XOAUTH2 dXNlcj1hbGljZQFhdXRoPUJlYXJlciBhYmNkZWYBAQ==\nS: 235 ok"
    text = script(replay(token))
    assert text.endswith(":auth XOAUTH2\n:answer alice\n:secret TOKEN\n:expect 235\n")


@pytest.mark.parametrize(
    ("line", "written"),
    [
        (b":x", "::x"),
        (b"::x", ":::x"),
        (b"#x", r":raw #x\r\n"),
        (b" NOOP", r":raw \x20NOOP\r\n"),
        (b"", r":raw \r\n"),
        (b"DATA", r":raw DATA\r\n"),
        (b"data x", r":raw data x\r\n"),
        (b"VRFY \xff\x1b", r":raw VRFY \xff\x1b\r\n"),
        (b"VRFY \xe2\x80\xaex", r":raw VRFY \xe2\x80\xaex\r\n"),
        ("VRFY jürgen".encode(), "VRFY jürgen"),
    ],
)
def test_a_line_that_would_be_something_else_goes_out_raw(line: bytes, written: str):
    talk = observe(OPENED)
    talk.feed(CLIENT, line + b"\r\n", 50.0)
    talk.feed(SERVER, b"500 no\r\n", 51.0)
    text = script(replay(talk))
    assert text.endswith(f"\n{written}\n:expect 500\n")
    assert said_by(text) == talk.transcript.joined(CLIENT)


@pytest.mark.parametrize("name", TEXT)
def test_hostile_messages_and_lines_are_said_again_to_the_byte(name: str):
    talk = sending(b"Subject: x\r\n\r\n" + TEXT[name] + b"\r\n")
    talk.feed(CLIENT, b"VRFY " + TEXT[name] + b"\r\n", 100.0)
    text = script(replay(talk))
    assert said_by(text) == talk.transcript.joined(CLIENT)
    assert text.replace("\n", "").replace("\t", "").isprintable()


@pytest.mark.parametrize("message", [b"", b"a\r\n.\r\n\r\nb\r\n", b"a\n.\nb\r\n", b"a\rb\r\n"])
def test_messages_that_no_block_can_hold_are_said_again_to_the_byte(message: bytes):
    talk = sending(message)
    assert said_by(script(replay(talk))) == talk.transcript.joined(CLIENT)


def test_chunks_and_refused_messages_are_said_again():
    for rest in (
        "C: BDAT 5\nC: abc\nS: 250 ok\nC: BDAT 3 LAST\nC: x\nS: 250 ok",
        "C: DATA\nS: 554 no\nC: RSET\nS: 250 ok",
        "C: DATA\nS: 354 go\nC: never\nC: ended",
    ):
        talk = observe(READY_FOR_DATA + rest)
        assert said_by(script(replay(talk))) == talk.transcript.joined(CLIENT)


@given(st.binary(min_size=1, max_size=60))
def test_raw_text_is_the_same_bytes_again(data: bytes):
    [order] = [parse_typed(f":raw {raw_text(data)}")]
    assert isinstance(order, Order)
    assert raw_bytes(order.argument) == data
    assert raw_text(data).isprintable() and raw_text(data).isascii()
