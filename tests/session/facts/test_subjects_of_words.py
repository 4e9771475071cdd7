"""The meaning of a word such as "expired" depends on its subject: account, message or session."""

from __future__ import annotations

import pytest
from heloscope.session.facts.explain.explanation import Explanation
from heloscope.session.facts.explain.reading import explain
from heloscope.session.facts.explain.reply_text import read_replies
from heloscope.session.facts.explain.situation import Situation, answering

MAIL, RCPT = "MAIL FROM:<ann@example.net>", "RCPT TO:<bob@example.org>"
NEXT, LOCKED = "the next server could not be reached", "the account is locked"
NEXT_TLS = "the next server's TLS could not be verified"
FILTERED = "Message from karin@kunde.example rejected by filter on gw1 (203.0.113.77)"


def explained(after: str, reply: str) -> Explanation:
    known = Situation(mechanism="PLAIN") if after == "(auth)" else Situation()
    situation = answering(after, known) if after else known
    return explain(read_replies(reply.encode()), situation)


@pytest.mark.parametrize(
    ("after", "reply", "title"),
    [
        ("", "550 4.4.7 QUEUE.Expired; message expired", NEXT),
        (".", "554 5.4.7 message expired in queue", NEXT),
        ("", "550 5.4.7 Delivery expired (message too old)", NEXT),
        ("", "550 5.4.317 Message expired, 'Failed due to certificate validation'", NEXT_TLS),
        ("", "550 5.4.317 Message expired, tlsa-invalid", NEXT_TLS),
        ("(auth)", "535 5.7.8 account expired", LOCKED),
        ("(auth)", "535 5.7.8 The session has expired", "the server's own session has expired"),
        ("(auth)", "535 5.7.8 token expired", "the access token is not accepted"),
        ("(auth)", "535 5.7.8 Password expired", "the password has expired"),
        ("(auth)", "535 client certificate expired", "a certificate was rejected during the login"),
        (MAIL, "550 sender domain suspended", "the sender address is not accepted"),
        (MAIL, "550 5.7.1 account suspended", LOCKED),
        (RCPT, "550 5.2.1 mailbox locked", "the mailbox is disabled"),
        (RCPT, "450 greylist expired, come back later", "greylisting"),
        (RCPT, "550 5.2.2 account limit exceeded", "mailbox full"),
        ("", "421 4.4.2 session expired", "a limit for this connection has been reached"),
        ("", "421 4.3.2 connection closed", "system not accepting mail"),
        ("", "550 5.6.0 message invalid", "the message is malformed"),
    ],
)  # fmt: skip
def test_the_subject_of_a_word_decides(after: str, reply: str, title: str):
    assert explained(after, reply).title.partition(": ")[2] == title


@pytest.mark.parametrize("reply", ["550 5.4.1 account frozen", "550 5.6.0 account terminated"])
def test_a_word_does_not_decide_against_the_enhanced_code(reply: str):
    assert "account" not in explained("(auth)", reply).title


@pytest.mark.parametrize(
    ("after", "text"),
    [
        (".", FILTERED),
        ("", FILTERED),
        (".", "Message rejected by policy on mx.example.org [203.0.113.7]"),
        (RCPT, "rejected by gw1 (203.0.113.7): policy"),
    ],
)
def test_the_servers_address_in_a_text_is_not_taken_for_the_clients(after: str, text: str):
    said = explained(after, f"554 5.7.1 {text}").text
    assert "the client is not accepted" not in said
    assert "not at fault" not in said


@pytest.mark.parametrize(
    "text",
    [
        "Your IP 203.0.113.7 is blocked by policy",
        "Message refused: 203.0.113.7 is blocked",
        "Access denied for [203.0.113.7] by filter rule",
        "Client [203.0.113.7] rejected by policy",
    ],
)
def test_an_address_called_the_clients_by_the_text_is_the_clients(text: str):
    assert explained(RCPT, f"554 5.7.1 {text}").title == (
        "refused permanently: the client is not accepted"
    )
