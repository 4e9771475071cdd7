"""Errors in a command line while it is typed, by RFC 5321 sections 4.1.1 to 4.1.3."""

from __future__ import annotations

import pytest
from heloscope.session.events import CLIENT, SERVER, ReplyReceived, Violation
from heloscope.session.protocol.command_syntax import faults, longest_line
from heloscope.session.protocol.conversation import Conversation
from heloscope.session.protocol.violations import RULES
from heloscope.session.verbs import verb_of
from hypothesis import given
from hypothesis import strategies as st
from support.rows import for_each
from support.scripts import observe


def found(line: str, *keywords: str) -> list[tuple[str, str]]:
    data = line.encode()
    return [(each.rule, each.detail) for each in faults(data, verb_of(data), keywords or None)]


@for_each(
    [
        "MAIL FROM:<you@example.org>",
        "mail from:<>",
        'MAIL FROM:<"a b > <c"@example.org> SIZE=100 BODY=8BITMIME',
        "MAIL FROM:<you@[192.0.2.1]>",
        "MAIL FROM:<you@[IPv6:2001:db8::1]> SMTPUTF8",
        "MAIL FROM:<@relay.example,@two.example:you@example.org>",
        "RCPT TO:<Postmaster>",
        "RCPT TO:<bob@example.org> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;bob@example.org",
        "RCPT TO:<bob+tag=x@xn--bcher-kva.example>",
        "RCPT TO:<böb@bücher.example>",
        "EHLO me",
        "EHLO mail-1.example.org",
        "HELO [192.0.2.1]",
        "EHLO [IPv6:2001:db8::19]",
        "LHLO [Tag:anything]",
        "VRFY alice",
        "DATA",
        "STARTTLS",
        "NOOP anything at all",
        "HELP",
    ]
)
def test_what_the_grammar_allows_has_no_fault(line: str):
    assert found(line) == []


@for_each(
    [
        ("  NOOP", "leading-blank", "NOOP"),
        ("MAIL FROM: you@example.org", "blank-at-colon", "MAIL FROM:<you@example.org>"),
        ("MAIL FROM :<you@example.org>", "blank-at-colon", "MAIL FROM:<you@example.org>"),
        ("RCPT TO:bob@example.org", "no-brackets", "RCPT TO:<bob@example.org>"),
        ("RCPT TO:bob@example.org NOTIFY=NEVER", "no-brackets", "RCPT TO:<bob@example.org>"),
        ("RCPT TO:<bob>", "no-domain", "RCPT TO:<bob@example.org>"),
        ("MAIL FROM:<postmaster>", "no-domain", "MAIL FROM:<postmaster@example.org>"),
        ("RCPT TO:<>", "empty-recipient", ""),
        ("RCPT TO:<@example.org>", "no-local-part", ""),
        ("RCPT TO:<bob@my_host>", "no-such-domain", "a host name must not contain an underscore"),
        ("RCPT TO:<bob@192.0.2.1.>", "no-such-domain", ""),
        ("RCPT TO:Bob <bob@example.org>", "display-name", "RCPT TO:<bob@example.org>"),
        ("RCPT TO:<a@example.org>,<b@example.org>", "one-path", ""),
        ("RCPT TO:<a@example.org> <b@example.org>", "one-path", ""),
        ("MAIL FROM:<a@example.org>SIZE=1", "behind-path", ""),
        ("MAIL FROM:<a@example.org> SIZE =1", "parameter", "=1"),
        ("MAIL FROM:<a@example.org", "bracket-open", ""),
        ("MAIL TO:<a@example.org>", "no-keyword", "MAIL FROM:<...>"),
        ("RCPT bob@example.org", "no-keyword", "RCPT TO:<...>"),
        ("MAIL FROM", "no-keyword", "MAIL FROM:<...>"),
        ("MAIL FROM:", "no-path", "MAIL FROM:<...>"),
        ("EHLO", "no-name", "EHLO client.example.org"),
        ("EHLO my host", "one-name", "EHLO my"),
        ("EHLO my_host", "not-a-name", "a host name must not contain an underscore"),
        ("EHLO http://example.org", "not-a-name", "omit the scheme, path and port"),
        ("EHLO me@example.org", "not-a-name", "this is an email address"),
        ("EHLO -x", "not-a-name", ""),
        ("EHLO 192.0.2.1", "bare-address", "[192.0.2.1]"),
        ("EHLO 2001:db8::19", "bare-address", "[IPv6:2001:db8::19]"),
        ("EHLO [2001:db8::19]", "untagged-ipv6", "[IPv6:2001:db8::19]"),
        ("EHLO [192.0.2.1", "literal-open", ""),
        ("EHLO [192.0.2.1000]", "not-a-literal", ""),
        ("VRFY", "no-argument", "VRFY NAME"),
        ("DATA now", "argument", "DATA"),
        ("STARTTLS please", "argument", "STARTTLS"),
    ]
)
def test_a_mistake_is_named_with_its_correction(line: str, rule: str, detail: str):
    rules = found(line)
    assert rule in dict(rules)
    if detail:
        assert (rule, detail) in rules
    assert RULES[rule].rfc.startswith("RFC ")


def test_a_parameter_needs_the_extension_that_offers_it():
    line = b"MAIL FROM:<a@example.org> SIZE=10 BODY=8BITMIME RET=HDRS"
    assert faults(line, "MAIL", None) == []
    assert faults(line, "MAIL", ["SIZE", "8BITMIME", "DSN"]) == []
    assert [each.detail for each in faults(line, "MAIL", [])] == [
        "SIZE", "8BITMIME or BINARYMIME", "DSN",
    ]  # fmt: skip
    later = b"RCPT TO:<a@example.org> RRVS=2014-04-03T23:01:00Z X-OWN=1"  # RFC 7293 5.1
    assert [each.detail for each in faults(later, "RCPT", ["DSN"])] == ["RRVS"]
    assert faults(later, "RCPT", ["RRVS"]) == []


@pytest.mark.parametrize(
    "line",
    ["MAIL FROM:<you@example.org>", "RCPT TO:<bob@example.org> NOTIFY=NEVER", "EHLO [IPv6:::1]"],
)
def test_a_right_line_has_no_lasting_fault_while_it_is_typed(line: str):
    for end in range(4, len(line)):
        typed = line[:end].encode()
        assert [each for each in faults(typed, line[:4]) if not each.open] == [], typed


@given(
    st.binary(max_size=300), st.sampled_from([b"MAIL FROM:", b"RCPT TO:<", b"EHLO [", b" ", b""])
)
def test_no_line_raises_and_each_fault_has_its_rule(rest: bytes, head: bytes):
    line = head + rest
    assert all(each.rule in RULES for each in faults(line, verb_of(line)))


@for_each([b'"', b"\\", b"<", b" ", b"a", b"=", b"[", b":"])
def test_the_longest_line_is_read_in_linear_time(octet: bytes):
    for head in (b"MAIL FROM:", b"RCPT TO:<", b"EHLO ", b"MAIL FROM:<a@b.example> "):
        faults(head + octet * 65_536, verb_of(head))


def test_what_is_sent_is_marked():
    talk = observe("""
        S: 220 ready
        C: EHLO my_host
        S: 250-hello
        S: 250 SIZE
        C: MAIL FROM: <a@example.org> BODY=8BITMIME
        S: 250 ok
        C: RCPT TO:bob@example.org
        S: 250 ok
        C: RCPT TO:<bob@example.org>
        S: 250 ok
        C:  NOOP
        S: 250 ok
        """)
    marks = [
        (each.row, each.rule) for each in talk.transcript.events() if isinstance(each, Violation)
    ]
    assert marks == [
        (1, "not-a-name"), (4, "blank-at-colon"), (4, "parameter-not-offered"),
        (6, "no-brackets"), (10, "leading-blank"),
    ]  # fmt: skip


def details(*said: bytes) -> list[tuple[str, str]]:
    """Return the rule and detail of each violation when `wonderland` is a known secret."""
    talk = Conversation()
    talk.transcript.secrets.add(b"wonderland")
    talk.feed(SERVER, b"220 ready\r\n", 0.0)
    for line in said:
        talk.feed(CLIENT, line + b"\r\n", 0.0)
        talk.feed(SERVER, b"500 no\r\n", 0.0)
    return [(e.rule, e.detail) for e in talk.transcript.events() if isinstance(e, Violation)]


def test_a_secret_that_a_quotation_would_cut_is_masked_too():
    [(rule, detail)] = details(b"EHLO " + b"x" * 50 + b"wonderland now")
    assert rule == "one-name"
    assert detail == f"EHLO {'x' * 50}********"


@pytest.mark.parametrize(
    "line", [b"smtp://alice:abc@example.org", b"password=abc", b" ftp://a:abc@b"]
)
def test_a_password_within_the_first_word_is_in_no_detail(line: bytes):
    assert "ABC" not in str(details(line)).upper()


def test_a_verb_that_is_none_is_quoted_short_and_without_control_characters():
    assert details(b"\x1b[31m\x07" + b"z" * 400) == [
        ("unknown-command", "\\x1b[31M\\x07" + "Z" * 54)
    ]


def test_what_was_sent_ahead_of_the_reply_to_data_is_quoted_no_more_than_any_command():
    said = observe("S: 220 ready\nC: EHLO me\nS: 250 ok")
    said.feed(CLIENT, b"DATA\r\nAUTH PLAIN\r\nftp://a:wonderland@b\r\n", 1.0)
    said.feed(SERVER, b"503 no\r\n535 no\r\n500 no\r\n", 2.0)
    found = [e for e in said.transcript.events() if isinstance(e, Violation | ReplyReceived)]
    assert "WONDERLAND" not in str(found).upper()
    assert [e.verb for e in found if isinstance(e, ReplyReceived)][-3:] == [
        "DATA", "AUTH", "(answer)",
    ]  # fmt: skip


# What each extension adds, as its RFC has it.
LONGER = [
    ("MAIL", "SIZE", 26),
    ("MAIL", "8BITMIME", 17),
    ("MAIL", "SMTPUTF8", 10),
    ("MAIL", "AUTH", 500),
    ("MAIL", "DELIVERBY", 17),
    ("MAIL", "FUTURERELEASE", 34),
    ("MAIL", "MT-PRIORITY", 15),
    ("MAIL", "REQUIRETLS", 11),
    ("RCPT", "SIZE", 0),
    ("RCPT", "AUTH", 0),
    ("VRFY", "DSN", 0),
]
LONGEST_PARAMETERS = [  # of those whose RFC says so by their grammar
    ("MAIL", "DSN", " RET=FULL ENVID=" + 100 * "e"),
    ("RCPT", "DSN", " NOTIFY=SUCCESS,FAILURE,DELAY ORCPT=" + 500 * "o"),
    ("MAIL", "DELIVERBY", " BY=-999999999;RT"),
    ("MAIL", "MT-PRIORITY", " MT-PRIORITY=-9"),
    ("MAIL", "REQUIRETLS", " REQUIRETLS"),
    ("MAIL", "SIZE", " SIZE=" + 20 * "9"),
    ("MAIL", "SMTPUTF8", " SMTPUTF8"),
    ("MAIL", "8BITMIME", " BODY=8BITMIME"),
    ("MAIL", "FUTURERELEASE", " HOLDUNTIL=2030-01-01T08:00:00Z"),
]


@for_each(LONGER)
def test_an_extension_lengthens_the_commands_that_it_adds_parameters_to(
    verb: str, keyword: str, octets: int
):
    assert longest_line(verb, (keyword,)) == 512 + octets
    assert longest_line(verb, ("PIPELINING", keyword, "SIZE")) >= 512 + octets
    assert longest_line(verb, None) == 512


@for_each(LONGEST_PARAMETERS)
def test_the_longest_parameters_of_an_extension_have_room(verb: str, keyword: str, parameters: str):
    assert longest_line(verb, (keyword,)) >= 512 + len(parameters)
