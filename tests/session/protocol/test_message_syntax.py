"""Faults in a message, found by the same reader before it is sent and in the conversation."""

from __future__ import annotations

import pytest
from heloscope.session.events import CLIENT, SERVER, Violation
from heloscope.session.protocol.conversation import Conversation
from heloscope.session.protocol.message_syntax import (
    MessageReader,
    declared_in,
    message_faults,
    traits_of,
)
from heloscope.session.protocol.violations import RULES
from hypothesis import given
from hypothesis import strategies as st
from support.scripts import observe

HEAD = b"Subject: x\r\n\r\n"
LONG = b"x" * 999 + b"\r\n"  # 1,001 octets
FITS = b"x" * 998 + b"\r\n"


def said(message: bytes, *offered: str, mail: str = "") -> list[tuple[str, int, str]]:
    """Return (rule, count, first word of the row) for each fault in a message sent with DATA."""
    talk = opened(*offered, mail=mail)
    talk.feed(CLIENT, b"DATA\r\n", 5.0)
    talk.feed(SERVER, b"354 go on\r\n", 6.0)
    talk.feed(CLIENT, message + b".\r\n", 7.0)
    return found(talk)


def opened(*offered: str, mail: str = "") -> Conversation:
    lines = "".join(f"S: 250-{keyword}\n" for keyword in offered)
    return observe(
        f"S: 220 ready\nC: EHLO me\nS: 250-server\n{lines}S: 250 HELP\n"
        f"C: MAIL FROM:<a@example.org>{mail}\nS: 250 ok\n"
        "C: RCPT TO:<b@example.org>\nS: 250 ok\n"
    )


def found(talk: Conversation) -> list[tuple[str, int, str]]:
    return [
        (
            event.rule,
            event.count,
            talk.transcript[event.row].data.decode("utf-8", "replace").split()[0][:12],
        )
        for event in talk.transcript.events()
        if isinstance(event, Violation)
    ]


# 8-bit characters (RFC 5321 2.4, RFC 6152 3)


def test_an_ascii_message_has_no_faults():
    assert said(HEAD + b"text\r\n") == []


@pytest.mark.parametrize("offered", [(), ("8BITMIME",)])
def test_eight_bit_characters_are_reported_unless_mail_declares_them(offered: tuple[str, ...]):
    message = HEAD + "one\r\nzwölf\r\nthree\r\nfünf\r\n".encode()
    assert said(message, *offered) == [("eight-bit-body", 2, "zwölf")]
    assert said(message, "8BITMIME", mail=" BODY=8BITMIME") == []
    assert said(message, "8BITMIME", mail=" body=8bitmime") == []
    assert said(message, "8BITMIME", mail=" BODY=7BIT") == [("eight-bit-body", 2, "zwölf")]


def test_what_is_lacking_is_named():
    def detail(*offered: str) -> str:
        talk = opened(*offered)
        talk.feed(CLIENT, b"DATA\r\n", 5.0)
        talk.feed(SERVER, b"354 go on\r\n", 6.0)
        talk.feed(CLIENT, HEAD + b"\xe4\r\n.\r\n", 7.0)
        return next(e.detail for e in talk.transcript.events() if isinstance(e, Violation))

    assert detail() == "8BITMIME is not offered"
    assert detail("8BITMIME") == "MAIL lacks BODY=8BITMIME"


# The header (RFC 6531 3.2, RFC 6532 3.1)


def test_utf8_in_the_header_needs_smtputf8():
    message = "From: a@b\r\nSubject: Grüße\r\n aus Köln\r\n\r\ntext\r\n".encode()
    assert said(message) == [("utf8-header", 2, "Subject:")]
    assert said(message, "8BITMIME", mail=" BODY=8BITMIME") == [("utf8-header", 2, "Subject:")]
    assert said(message, "SMTPUTF8", mail=" SMTPUTF8") == []  # BODY is for the content: 3.6


def test_the_name_of_a_field_is_ascii_even_with_smtputf8():
    """See RFC 6532 section 3."""
    message = "From: a@b\r\nBetreff-Größe: x\r\nSubject: Grüße\r\n\r\nGröße: y\r\n".encode()
    assert said(message, "SMTPUTF8", "8BITMIME", mail=" SMTPUTF8 BODY=8BITMIME") == [
        ("header-name", 1, "Betreff-Größ")
    ]


def test_a_header_in_another_character_set_is_never_allowed():
    message = b"Subject: Gr\xfc\xdfe\r\n\r\ntext\r\n"
    assert said(message) == [("header-charset", 1, "Subject:")]
    assert said(message, "SMTPUTF8", "8BITMIME", mail=" SMTPUTF8 BODY=8BITMIME") == [
        ("header-charset", 1, "Subject:")
    ]


def test_the_header_ends_at_the_first_line_that_is_not_a_field():
    assert said("Grüße\r\nSubject: ü\r\n".encode()) == [("eight-bit-body", 2, "Grüße")]
    assert said("\r\nSubject: ü\r\n".encode()) == [("eight-bit-body", 1, "Subject:")]


# Length, dots, line ends


def test_a_line_of_the_message_has_a_thousand_octets_at_most():
    assert said(HEAD + FITS) == []
    assert said(HEAD + FITS + LONG + b"short\r\n" + LONG) == [("line-too-long", 2, "xxxxxxxxxxxx")]


def test_a_doubled_dot_does_not_count_for_the_length():
    """RFC 5321 section 4.5.3.1.6 does not count the leading dot duplicated for transparency."""
    assert said(HEAD + b".." + b"x" * 997 + b"\r\n") == []
    assert said(HEAD + b".." + b"x" * 998 + b"\r\n") == [("line-too-long", 1, "..xxxxxxxxxx")]


def test_a_dot_that_was_not_doubled_is_reported_with_its_line():
    message = HEAD + b"one\r\n.two\r\n..three\r\n"
    assert said(message) == [("dot-not-doubled", 1, ".two")]
    assert said(b".a: b\r\n" + message) == [("dot-not-doubled", 2, ".a:")]
    assert said(HEAD + b"..\r\n..x\r\n") == []


def test_a_fault_in_a_long_message_is_reported_at_its_line():
    """A long message is stored in blocks of many lines."""
    plain = b"the quick brown fox\r\n" * 5000
    message = HEAD + plain + b".lost\r\n" + plain + "größer\r\n".encode() + LONG + plain
    assert sorted(said(message)) == [
        ("dot-not-doubled", 1, ".lost"),
        ("eight-bit-body", 1, "größer"),
        ("line-too-long", 1, "xxxxxxxxxxxx"),
    ]


def test_a_line_of_many_pieces_is_one_line():
    message = HEAD + b"x" * 200_000 + b"\xe4" + b"\r\n"
    assert [(rule, count) for rule, count, _ in said(message)] == [
        ("line-too-long", 1),
        ("eight-bit-body", 1),
    ]


# Chunks (RFC 3030)


def chunked(*chunks: bytes, mail: str = "") -> list[tuple[str, int, str]]:
    talk = opened("CHUNKING", "8BITMIME", "BINARYMIME", "PIPELINING", mail=mail)
    for number, chunk in enumerate(chunks, 1):
        last = " LAST" if number == len(chunks) else ""
        talk.feed(CLIENT, f"BDAT {len(chunk)}{last}\r\n".encode() + chunk, 5.0 + number)
        talk.feed(SERVER, b"250 ok\r\n", 6.0 + number)
    return found(talk)


def test_a_message_in_chunks_is_examined_too():
    assert chunked(HEAD, b"a\nb\r\n" + LONG, b"\xe4\r\n") == [
        ("bare-lf", 1, "a"),
        ("line-too-long", 1, "xxxxxxxxxxxx"),
        ("eight-bit-body", 1, "\ufffd"),
    ]
    assert chunked(HEAD + b".x\r\n") == []  # no dot is removed there


def test_a_line_may_be_divided_between_chunks():
    assert chunked(HEAD + b"x" * 600, b"x" * 390 + b"\r", b"\ntext\r\n") == []
    assert chunked(HEAD + b"x" * 600, b"x" * 410 + b"\r\n") == [
        ("line-too-long", 1, "xxxxxxxxxxxx")
    ]


def test_binary_content_has_no_lines():
    assert chunked(HEAD + b"\0\n\r\xff" + LONG, mail=" BODY=BINARYMIME") == []


def test_each_message_is_reported_separately():
    talk = opened("CHUNKING")
    talk.feed(CLIENT, b"BDAT 3\r\na\n\n", 5.0)
    talk.feed(SERVER, b"250 ok\r\n", 6.0)
    talk.feed(CLIENT, b"RSET\r\n", 7.0)
    assert [(rule, count) for rule, count, _ in found(talk)] == [("bare-lf", 2)]
    observe(
        "S: 250 ok\nC: MAIL FROM:<a@example.org>\nS: 250 ok\nC: RCPT TO:<b@example.org>\n"
        "S: 250 ok\nC: DATA\nS: 354 go on\nC: text\nC: .\nS: 250 ok",
        talk,
    )
    assert [(rule, count) for rule, count, _ in found(talk)] == [("bare-lf", 2)]


# Before it is sent

PIECES = [b"\r\n", b"\n", b"\r", b".", b"a: b", b"\0", "ä".encode(), b"\xe4", b"x" * 600]
MESSAGES = st.lists(st.sampled_from(PIECES), max_size=20)


@given(MESSAGES)
def test_however_a_message_is_divided_the_same_is_found(parts: list[bytes]):
    whole = traits_of([b"".join(parts)])
    divided = traits_of(parts)
    assert divided.faults == whole.faults
    assert divided.octets == whole.octets


def test_the_traits_of_a_message():
    traits = traits_of([b"Subject: x\r\n\r\n.a\r\n..b\r\n\xe4\r\n"])
    assert (traits.octets, traits.dots, traits.eight_bit, traits.utf8_header) == (
        26,
        2,
        True,
        False,
    )
    assert traits_of(["Subject: ä\r\n".encode()]).utf8_header
    assert traits_of([b"one\ntwo\r\nthree"]).faults == {"bare-lf": 1}


def test_what_mail_declares_is_not_a_fault_of_the_message():
    counts = {"eight-bit-body": 3, "line-too-long": 1}
    line = b"MAIL FROM:<a@example.org> SIZE=10 BODY=8BITMIME\r\n"
    assert [each.rule for each in message_faults(counts, declared_in(line), {})] == [
        "line-too-long"
    ]
    assert message_faults(counts, (), None)[0] == ("eight-bit-body", 3, "")


def test_each_rule_has_its_text():
    reader = MessageReader(stuffed=True)
    rules = {each.rule for each in reader.feed(b"\xe4: \xe4\r\n\0\n\xe4\r\n.x\r\r\n" + LONG)}
    assert rules >= {"header-charset", "nul", "bare-lf", "bare-cr", "dot-not-doubled"}
    assert rules <= set(RULES)


def test_each_line_of_the_header_is_judged_by_itself():
    header = b"a: b\xe4\r\na: b\xc3\xa4\r\n"
    for parts in ([header], [header[:7], header[7:]], [header[:4], header[4:9], header[9:]]):
        assert traits_of(parts).faults == {"header-charset": 1, "utf8-header": 1}
