"""The script for `heloscope run` sends the same bytes when it is read back."""

from __future__ import annotations

import base64

import msgspec
import pytest
from heloscope.app.export.script import script
from heloscope.app.script.orders import make_order
from heloscope.session.events import CLIENT, SERVER
from heloscope.session.protocol.transparency import stuff
from heloscope.session.script.escapes import raw_bytes, raw_text
from heloscope.session.script.grammar import Order, parse_typed
from heloscope.session.script.parser import Parser, parsed
from heloscope.session.script.sources import Sources
from heloscope.session.script.statements import (
    BeginMessage,
    Expect,
    MessageContent,
    OrderStatement,
    SendLine,
    SendRaw,
)
from heloscope.session.script.variables import Variables
from heloscope.session.tls.settings import TlsSettings
from hypothesis import given
from hypothesis import strategies as st
from support.hostile_text import TEXT
from support.replays import LOGIN, OPENED, READY_FOR_DATA, replay, sending
from support.rows import for_each
from support.scripts import observe


def said_by(text: str) -> bytes:
    """Return what a client sends when it runs a script without logins."""
    out = bytearray()
    parser = Parser("-", make_order, Variables(), Sources(), {})
    for statement in parsed(parser, text.encode("utf-8", "surrogateescape")):
        match statement:
            case SendLine(data=data):
                out += data + b"\r\n"
            case SendRaw(data=data):
                out += data
            case BeginMessage(data=data):
                out += data + b"\r\n"
            case MessageContent(content=content):
                out += stuff(content) + b".\r\n"
            case Expect() | OrderStatement(name="connect"):
                pass
            case _:
                raise AssertionError(statement)
    return bytes(out)


def test_dollar_signs_are_doubled_for_they_name_variables():
    talk = OPENED + "C: VRFY a$b\nS: 252 maybe\nC: NOOP $\xff\nS: 250 ok"
    text = script(replay(talk))
    assert "\nVRFY a$$b\n" in text and "NOOP $$" in text
    assert said_by(text).startswith(b"EHLO me\r\nVRFY a$b\r\nNOOP $")


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
# Omitted values, to be supplied by name: PASSWORD.
:connect mail.example.org:587
:expect 220
EHLO me
:expect 250
:auth LOGIN
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


def b64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


BEARER_END = "\1auth=Bearer wonderland\1\1"
BEARER = b64("n,a=alice," + BEARER_END)
PLAIN = b64("\0alice\0wonderland")


@for_each([
        ([f"AUTH PLAIN {PLAIN}"], [":auth PLAIN", ":answer alice", ":secret PASSWORD"]),
        ([f"auth plain {PLAIN}"], [":auth PLAIN", ":answer alice", ":secret PASSWORD"]),
        (
            ["AUTH PLAIN", PLAIN],
            [r":raw AUTH PLAIN\r\n", ":answer", ":answer alice", ":secret PASSWORD"],
        ),
        (
            [f"AUTH PLAIN {b64('bob' + chr(0) + 'alice' + chr(0) + 'wonderland')}"],
            ["AUTH PLAIN", ":answer bob", ":answer alice", ":secret PASSWORD"],
        ),
        (
            [f"AUTH LOGIN {b64('alice')}", b64("wonderland")],
            ["AUTH LOGIN", ":answer alice", ":secret PASSWORD"],
        ),
        (
            ["AUTH LOGIN", b64("alice"), b64("wonderland")],
            [":auth LOGIN", ":answer alice", ":secret PASSWORD"],
        ),
        (["AUTH LOGIN", b64("alice"), "*"], ["AUTH LOGIN", ":answer alice", ":answer *"]),
        (
            ["AUTH CRAM-MD5", b64("alice " + "0" * 32)],
            [":auth CRAM-MD5", ":answer alice", ":secret PASSWORD"],
        ),
        (
            [f"AUTH SCRAM-SHA-256 {b64('n,,n=alice,r=x')}", b64("c=biws,r=xy,p=eA=="), ""],
            [":auth SCRAM-SHA-256", ":answer alice", ":secret PASSWORD"],
        ),
        (
            ["AUTH SCRAM-SHA-256", b64("n,,n=alice,r=x"), b64("c=biws,r=xy,p=eA=="), ""],
            [r":raw AUTH SCRAM-SHA-256\r\n", ":answer alice", ":secret PASSWORD", ":answer"],
        ),
        (
            [f"AUTH XOAUTH2 {b64('user=alice' + chr(1) + 'auth=Bearer wonderland' + chr(1) * 2)}"],
            [":auth XOAUTH2", ":answer alice", ":secret TOKEN"],
        ),
        (
            [f"AUTH OAUTHBEARER {BEARER}"],
            [":auth OAUTHBEARER", ":answer alice", ":secret TOKEN"],
        ),
        (
            [f"AUTH OAUTHBEARER {b64('n,a=a=3D=2Cb,' + BEARER_END)}"],
            [":auth OAUTHBEARER", ":answer a=,b", ":secret TOKEN"],
        ),
        (
            [f"AUTH SCRAM-SHA-256 {b64('n,,n=a=3D=2Cb,r=x')}", b64("c=biws,r=xy,p=eA=="), ""],
            [":auth SCRAM-SHA-256", ":answer a=,b", ":secret PASSWORD"],
        ),
        (["AUTH EXTERNAL ="], [":auth EXTERNAL"]),
        ([f"AUTH EXTERNAL {b64('bob')}"], ["AUTH EXTERNAL", ":answer bob"]),
        ([f"AUTH ANONYMOUS {b64('alice')}"], [":auth ANONYMOUS", ":answer alice"]),
        ([f"X-EXPS PLAIN {PLAIN}"], ["X-EXPS PLAIN", ":answer", ":answer alice",
                                     ":secret PASSWORD"]),
        (["AUTH PLAIN wonderland"], ["AUTH PLAIN", ":secret ANSWER_1"]),
    ])  # fmt: skip
def test_a_login_says_what_its_secret_is(said: list[str], orders: list[str]):
    talk = observe(OPENED)
    for number, line in enumerate(said):
        talk.feed(CLIENT, line.encode() + b"\r\n", 50.0)
        end = number + 1 == len(said)
        talk.feed(SERVER, b"235 ok\r\n" if end else b"334 \r\n", 51.0)
    text = script(replay(talk))
    assert text.partition(":expect 250\n")[2].splitlines() == [*orders, ":expect 235"]
    assert "wonderland" not in text and PLAIN not in text
    for line in text.splitlines():
        parsed = parse_typed(line)
        assert line.startswith("#") or not isinstance(parsed, Order) or parsed.name in (
            "connect", "expect", "auth", "answer", "secret", "raw",
        )  # fmt: skip


def test_a_login_that_was_refused_is_still_the_same_login():
    refused = OPENED + f"C: AUTH PLAIN {PLAIN}\nS: 535 no"
    assert script(replay(refused)).endswith(
        ":auth PLAIN\n:answer alice\n:secret PASSWORD\n:expect 535\n"
    )
    token = b64("user=alice\1auth=Bearer wonderland\1\1")
    refused = OPENED + f"C: AUTH XOAUTH2 {token}\nS: 334 e30=\nC:\nS: 535 no"
    assert script(replay(refused)).endswith(
        ":auth XOAUTH2\n:answer alice\n:secret TOKEN\n:expect 535\n"
    )


@for_each(
    [
        ("mail.example.org", TlsSettings(), []),
        ("smtps://mail.example.org", TlsSettings(), []),
        (
            "smtps://mail.example.org",
            TlsSettings(ca_file="/my ca.pem", certfile="/own.pem", keyfile="/own.key"),
            ["# Options: --ca '/my ca.pem' --cert /own.pem --key /own.key"],
        ),
        ("smtps://mail.example.org", TlsSettings(verify=False), ["# Options: --no-verify"]),
        (
            "smtps://mail.example.org",
            TlsSettings(pinned="ab" * 32),
            [
                "# The server's certificate failed verification but was accepted. SHA-256:",
                f"# {'ab' * 32}. Accept it again with :trust.",
            ],
        ),
    ]
)
def test_how_tls_was_used_is_said_at_the_top(where: str, settings: TlsSettings, wanted: list[str]):
    lines = script(replay(OPENED, where).with_tls(settings)).splitlines()
    assert lines[1 : lines.index(f":connect {where}")] == wanted


def test_tls_at_once_and_a_source_that_no_target_can_say_are_options():
    of = replay(OPENED, "unix:/run/lmtp")
    assert of.target is not None
    target = msgspec.structs.replace(of.target, implicit=True)
    text = script(of._replace(target=target, source="192.0.2.1"))
    assert "\n# Options: --tls implicit --source 192.0.2.1\n" in text


def test_what_a_script_does_otherwise_is_said():
    text = script(replay("C: EHLO me\nC: NOOP\nS: 220 x\nS: 250 x\nS: 250 x"))
    assert "\n# The client did not wait for the greeting; this script does.\n" in text
    assert "\n# Commands were sent without waiting for replies; this script waits.\n" in text


@for_each(
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
    ]
)
def test_a_line_that_would_be_something_else_goes_out_raw(line: bytes, written: str):
    talk = observe(OPENED)
    talk.feed(CLIENT, line + b"\r\n", 50.0)
    talk.feed(SERVER, b"500 no\r\n", 51.0)
    text = script(replay(talk))
    assert text.endswith(f"\n{written}\n:expect 500\n")
    assert said_by(text) == talk.transcript.joined(CLIENT)


@for_each(TEXT)
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
