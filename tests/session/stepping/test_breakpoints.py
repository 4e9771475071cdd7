"""Breakpoints: the forms that `:break` accepts, and the steps or replies that trigger them."""

from __future__ import annotations

import pytest
from heloscope.session.events import ReplyReceived, TlsStarted, Violation
from heloscope.session.stepping.breakpoints import (
    FORMS,
    Breakpoint,
    BreakpointError,
    parse_breakpoint,
)
from support.rows import for_each


@for_each(
    [
        ("before RCPT", Breakpoint("before", "RCPT")),
        ("Before  rcpt ", Breakpoint("before", "RCPT")),
        ("before .", Breakpoint("before", ".")),
        ("on 550", Breakpoint("reply", "550")),
        ("on 5XX", Breakpoint("reply", "5xx")),
        ("ON 5.7.1", Breakpoint("enhanced", "5.7.1")),
        ("on 4.1.10", Breakpoint("enhanced", "4.1.10")),
        ("to Bob@", Breakpoint("recipient", "Bob@")),
        ("recipient Bob@", Breakpoint("recipient", "Bob@")),
        ("TLS", Breakpoint("tls")),
        ("on TLS", Breakpoint("tls")),
        ("violation", Breakpoint("violation")),
        ("on violation", Breakpoint("violation")),
        ("on 5.7.X", Breakpoint("enhanced", "5.7.x")),
        ("before message", Breakpoint("before", ".")),
        ("before answer", Breakpoint("before", "(AUTH)")),
        ("before TLS", Breakpoint("before", "TLS")),
    ]
)
def test_each_form_is_read_in_any_letter_case_and_written_so_that_it_reads_the_same(
    text: str, parsed: Breakpoint
):
    assert parse_breakpoint(text) == parsed
    assert parse_breakpoint(str(parsed)) == parsed


@for_each(["", "before", "on", "on 55", "on 650", "on 5x0", "on 1.2.3", "on 5.7", "before RC PT",
     "before é", "recipient", "recipient a b", "on fire", "to", "tls now", "on 550 551",
     "after RCPT", "before \x1b[31m"])  # fmt: skip
def test_an_invalid_breakpoint_lists_the_forms_and_shows_no_control_characters(text: str):
    with pytest.raises(BreakpointError) as error:
        parse_breakpoint(text)
    assert FORMS in str(error.value)
    assert str(error.value).isprintable()


def received(code: int, enhanced: str | None = None) -> ReplyReceived:
    return ReplyReceived(0.0, 1, 1, code, enhanced)


TLS = TlsStarted(0.0, "TLSv1.3", "X")
BROKEN = Violation(0.0, "bare-lf", 1)


@for_each(
    [
        ("on 550", received(550), True),
        ("on 550", received(551), False),
        ("on 5xx", received(551), True),
        ("on 5xx", received(451), False),
        ("on 5xx", received(-1), False),
        ("on 5.7.1", received(550, "5.7.1"), True),
        ("on 5.7.1", received(550, "5.7.10"), False),
        ("on 5.7.1", received(571), False),
        ("on 5.7.x", received(550, "5.7.26"), True),
        ("on 5.7.x", received(550, "5.1.7"), False),
        ("on 5.7.x", received(550), False),
        ("on tls", TLS, True),
        ("on tls", received(220), False),
        ("on violation", BROKEN, True),
        ("on violation", TLS, False),
        ("before RCPT", received(550), False),
        ("recipient bob", received(550), False),
    ]
)
def test_what_has_happened_meets_a_breakpoint_or_not(text: str, event, met: bool):
    breakpoint = parse_breakpoint(text)
    assert breakpoint.met_by([received(250), event]) is (event if met else None)
    assert breakpoint.met_by([]) is None


@for_each(
    [
        ("before RCPT", "RCPT", b"RCPT TO:<bob@example.org>\r\n", True),
        ("before RCPT", "MAIL", b"MAIL FROM:<rcpt@example.org>\r\n", False),
        ("before BDAT", "BDAT LAST", b"BDAT 1 LAST\r\n", True),
        ("before .", ".", b"text\r\n.\r\n", True),
        ("before answer", "(auth)", b"Zm9v\r\n", True),
        ("before tls", "TLS", b"", True),
        ("before connect", "connect", b"", True),
        ("recipient bob", "RCPT", b"RCPT TO:<Bob@example.org>\r\n", True),
        ("recipient BOB@", "RCPT", b"RCPT TO:<bob@example.org>\r\n", True),
        ("recipient bob", "MAIL", b"MAIL FROM:<bob@example.org>\r\n", False),
        ("recipient jürgen", "RCPT", "RCPT TO:<JÜRGEN@example.org>\r\n".encode(), True),
        ("on 550", "RCPT", b"RCPT TO:<550@example.org>\r\n", False),
    ]
)
def test_what_comes_next_meets_a_breakpoint_or_not(text: str, verb: str, data: bytes, met: bool):
    assert parse_breakpoint(text).before(verb, data) is met


@pytest.mark.parametrize(
    ("made", "parsed"),
    [
        (Breakpoint("before", "rcpt"), "before RCPT"),
        (Breakpoint("reply", "5XX"), "on 5xx"),
        (Breakpoint("enhanced", "5.7.X"), "on 5.7.x"),
    ],
    ids=str,
)
def test_case_does_not_matter(made: Breakpoint, parsed: str):
    assert made == parse_breakpoint(parsed)
