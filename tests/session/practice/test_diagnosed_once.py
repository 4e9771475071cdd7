"""A client's mistake is diagnosed once, without further diagnoses of its consequences."""

from __future__ import annotations

import pytest
from support.observed_clients import BYE, DELIVERED, ENVELOPE, GREETED, HEADER, observed
from support.rows import for_each

HELLO = "S: 220 hi\nC: HELO client.example\nS: 250 hi\n"
FROM = "C: MAIL FROM:<a@b.example>\n"
TO = "C: RCPT TO:<c@d.example>\n"

FAULTS = {
    "every line ends in LF": (
        ("S: 220 hi\nc: HELO client.example\\n\nS: 250 hi\nc: MAIL FROM:<a@b.example>\\n\n"
        "S: 250 ok\nc: RCPT TO:<c@d.example>\\n\nS: 250 ok\nc: QUIT\\n\nS: 221 bye\n"),
        ["bare-lf"],
    ),
    "no reply is waited for": (
        ("S: 220 hi\nc: HELO client.example\\r\\nMAIL FROM:<a@b.example>\\r\\n\n"
        "c: RCPT TO:<c@d.example>\\r\\nNOOP\\r\\nQUIT\\r\\n\n"
        "S: 250 hi\nS: 250 ok\nS: 250 ok\nS: 250 ok\nS: 221 bye\n"),
        ["pipelined"],
    ),
    "a refused MAIL is not noticed": (
        "S: 220 hi\n" + FROM + "S: 503 no\n" + TO + "S: 503 no\nC: DATA\nS: 503 no\n"
        "c: Subject: x\\r\\n\\r\\nHi there\\r\\n.\\r\\n\nS: 500 ?\nC: QUIT\nS: 500 ?\nS: 500 ?\n"
        "S: 500 ?\nS: 221 bye\n",
        ["out-of-order", "out-of-order", "text-without-354"],
    ),
    "a second line end behind each command": (
        "S: 220 hi\nc: HELO client.example\\r\\n\\r\\n\nS: 250 hi\n"
        "c: MAIL FROM:<a@b.example>\\r\\n\\r\\n\nS: 500 ?\nc: RCPT TO:<c@d.example>\\r\\n\\r\\n\n"
        "S: 250 ok\nS: 500 ?\nS: 250 ok\nS: 500 ?\n" + BYE,
        ["empty-command"],
    ),
    "the message before the end of a reply that does not come": (
        GREETED + FROM + "S: 250-ok\n" + TO + "C: DATA\n" + HEADER + "C: .\n"
        "S: 250 ok\nS: 250 ok\nS: 354 go\nS: 250 ok\n" + BYE,
        ["text-before-354"],
    ),
    "a user's name": (
        "S: 220 hi\nC: HELO Alice\nS: 250 hi\n" + BYE,
        ["name-without-dot"],
    ),
    "an empty line first": (
        ENVELOPE + "C: DATA\nS: 354 go\nC: \nC: I love networks!\nC: .\nS: 250 ok\n" + BYE,
        ["no-header"],
    ),
}  # fmt: skip


@for_each(FAULTS.values())
def test_each_fault_is_reported_once(script: str, rules: list[str]):
    assert observed(script).hang_up().rules == rules


CORRECT = {
    "a lone dot for nobody": GREETED
    + "c: MAIL FROM:<a@b.example>\\r\\nRCPT TO:<c@d.example>\\r\\nDATA\\r\\n\n"
    + "S: 250 ok\nS: 550 no\nS: 354 go\nC: .\nS: 250 ok\n" + BYE,
    "an address literal": "S: 220 hi\nC: EHLO [192.0.2.1]\nS: 250 hi\n" + BYE,
    "a full name": HELLO + BYE,
    "two deliveries": DELIVERED + BYE,
}  # fmt: skip


@pytest.mark.parametrize("script", CORRECT.values(), ids=CORRECT.keys())
def test_what_is_not_reported(script: str):
    assert observed(script).hang_up().seen == []


def test_an_empty_message_with_a_recipient_is_reported():
    told = observed(ENVELOPE + "C: DATA\nS: 354 go\nC: .\nS: 250 ok\n" + BYE)
    assert told.seen == ["the message is empty"]


def test_an_empty_first_line_is_reported_as_empty():
    told = observed(ENVELOPE + "C: DATA\nS: 354 go\nC: \nC: Hi\nC: .\nS: 250 ok\n" + BYE)
    assert told.seen == ["the message begins with an empty line, which ends the header section"]
