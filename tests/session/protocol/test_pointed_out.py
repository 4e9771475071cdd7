"""What is reported although it is not an error of syntax or order."""

from __future__ import annotations

import pytest
from heloscope.session.events import Violation
from heloscope.session.facts.extensions import describe, is_overwritten
from support.rows import for_each
from support.scripts import OPENED, READY_FOR_DATA, observe


def found(script: str) -> list[tuple[str, str]]:
    talk = observe(script)
    return [(e.rule, e.detail) for e in talk.transcript.events() if isinstance(e, Violation)]


def rules(script: str) -> list[str]:
    return [rule for rule, _ in found(script)]


# A greeting within a transaction (RFC 5321 4.1.4)


@pytest.mark.parametrize("verb", ["EHLO", "HELO"])
def test_a_greeting_within_a_transaction_discards_it(verb: str):
    assert rules(READY_FOR_DATA + f"C: {verb} me") == ["greeting-in-transaction"]
    assert rules(OPENED + f"C: {verb} me") == []


# AUTH (RFC 4954 4)


def test_an_auth_command_has_512_octets_like_any_other():
    opened = "S: 220 ready\nC: EHLO me\nS: 250-server\nS: 250 AUTH PLAIN\n"
    fits, long = "AUTH PLAIN " + "A" * 499, "AUTH PLAIN " + "A" * 500
    assert [rule for rule in rules(opened + f"C: {fits}") if rule == "line-too-long"] == []
    assert ("line-too-long", "513 octets") in found(opened + f"C: {long}")


def test_an_answer_within_auth_has_12288_octets():
    opened = "S: 220 ready\nC: EHLO me\nS: 250-server\nS: 250 AUTH X\nC: AUTH X\nS: 334\n"
    assert found(opened + f"C: {'A' * 12286}") == []
    assert found(opened + f"C: {'A' * 12287}") == [("line-too-long", "12289 octets")]


# Replies in 8 bits (RFC 5321 2.4, RFC 6531 3.7.4)


def test_a_reply_in_8_bits_is_reported():
    assert rules(OPENED + r"C: VRFY x" + "\n" + r"S: 550 f\xfcr") == ["eight-bit-reply"]
    assert rules(OPENED + "C: VRFY x\n" + r"S: 550 f\xc3\xbcr") == ["eight-bit-reply"]


def test_with_smtputf8_some_replies_may_be_utf8_and_nothing_else():
    """UTF-8 is allowed for the address in 251 and 551 and in replies to VRFY and EXPN.

    See RFC 6531 sections 3.7.4.1 and 3.7.4.2.
    """
    opened = "S: 220 ready\nC: EHLO me\nS: 250-server\nS: 250 SMTPUTF8\n"
    mail = opened + "C: MAIL FROM:<a@example.org> SMTPUTF8\n"
    rcpt = mail + "S: 250 ok\nC: RCPT TO:<b@example.org>\n"
    assert rules(rcpt + r"S: 551 try <f\xc3\xbcr@example.org>") == []
    assert rules(rcpt + r"S: 251 goes to <f\xc3\xbcr@example.org>") == []
    assert rules(rcpt + r"S: 551 f\xfcr") == ["eight-bit-reply"]
    assert rules(mail + r"S: 250 f\xc3\xbcr") == ["eight-bit-reply"]
    assert rules(opened + "C: VRFY x SMTPUTF8\n" + r"S: 250 f\xc3\xbcr") == []
    assert rules(opened + "C: MAIL FROM:<a@example.org>\n" + r"S: 250 f\xc3\xbcr") == [
        "eight-bit-reply"
    ]


# The list of EHLO


def ehlo(*keywords: str, greeting: str = "220 ready") -> list[tuple[str, str]]:
    lines = "".join(f"S: 250-{keyword}\n" for keyword in keywords)
    return found(f"S: {greeting}\nC: EHLO me\nS: 250-server\n{lines}S: 250 HELP\n")


def test_a_keyword_that_is_listed_twice_is_reported_at_its_second_line():
    assert ehlo("AUTH PLAIN", "AUTH LOGIN", "auth cram-md5") == [
        ("repeated-keyword", "AUTH"),
        ("repeated-keyword", "AUTH"),
    ]
    assert ehlo("AUTH PLAIN", "AUTH=PLAIN") == []  # for old clients


def test_a_keyword_that_a_firewall_has_overwritten_is_reported():
    hidden = "; STARTTLS is not listed, so it was probably hidden here"
    assert ehlo("XXXXXXXA") == [("overwritten-keyword", "XXXXXXXA" + hidden)]
    assert ehlo("STARTTLX") == [("overwritten-keyword", "STARTTLX" + hidden)]
    assert ehlo("STARTTLS", "XXXXXXXXXX") == [("overwritten-keyword", "XXXXXXXXXX")]


def test_an_overwritten_keyword_is_described_as_such():
    assert "firewall" in describe("XXXXXXXA", ()).what
    assert "firewall" in describe("STARTTLX", ()).what


@for_each(["XCLIENT", "XFORWARD", "X-EXPS", "XXX", "STARTTLS", "TEXT"])
def test_a_keyword_with_an_x_is_not_overwritten(keyword: str):
    assert not is_overwritten(keyword)


def test_a_greeting_of_asterisks_is_reported():
    assert ehlo(greeting="220 ****************************") == [("masked-greeting", "")]
    assert ehlo(greeting="220 *****2******0*****0*****") == [("masked-greeting", "")]
    assert ehlo(greeting="220 *** Welcome to mx.example.org ***") == []
