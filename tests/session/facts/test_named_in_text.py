"""What an explanation finds in a reply's text: fields, lists, sizes, the fate of a message."""

from __future__ import annotations

import pytest
from heloscope.session.facts.explain.explanation import Explanation
from heloscope.session.facts.explain.reading import explain
from heloscope.session.facts.explain.reply_text import read_replies
from heloscope.session.facts.explain.situation import Situation, answering
from support.rows import for_each


def said(reply: str, after: str, situation: Situation | None = None) -> Explanation:
    return explain(read_replies(reply.encode()), answering(after, situation))


@for_each(
    [
        ("550 5.7.1 Missing Message-ID header", "the field Message-ID:, which"),
        ("550 5.7.1 Malformed From: field", "the field From:, which"),
        ("550 header To: and Cc: malformed", "the fields To: and Cc:, which"),
        ("550 5.6.0 Bad header", "most often From:, Date: or Message-ID:"),
        ("550 bad header, see http://mx.example/from:", "most often From:, Date: or Message-ID:"),
    ]
)
def test_the_fields_that_a_text_names_are_reported(text: str, named: str):
    assert named in said(text, ".").means


def test_the_clock_is_suspected_only_if_the_time_is_wrong():
    assert "clock" in said("554 5.6.0 Date header is in the future", ".").try_next
    assert "clock" not in said("554 5.6.0 Missing Date header", ".").try_next


@for_each(
    [
        ("550 5.7.1 You are on a blacklist", "(DNSBL), which the reply does not name"),
        ("550 192.0.2.1 listed at bl.example.net", "(DNSBL) bl.example.net"),
        ("550 blacklisted, see https://bl.example.net/", "(DNSBL) that the reply names"),
        ("550 blacklisted by SpamCop", "(DNSBL) that the reply names"),
        ("550 blacklisted (SBL)", "(DNSBL) that the reply names"),
        ("550 blacklisted (DNSBL)", "(DNSBL), which the reply does not name"),
    ]
)
def test_a_block_list_is_mentioned_only_if_the_text_names_it(text: str, where: str):
    assert where in said(text, "(greeting)").means


def test_a_size_in_the_text_comes_before_the_one_of_ehlo():
    offered = Situation(offered={"SIZE": ("10240000",)})
    assert (
        "The reply states the limit: 25 MB."
        in said("552 The message is larger than 25 MB", ".", offered).means
    )
    assert "10,240,000" in said("552 5.3.4 Message too large", ".", offered).means


@for_each(
    [
        ("250 2.7.0 Ok, discarded, id=01234-07 - spam", "accepted, but discarded"),
        ("250 2.6.0 Held for moderation", "accepted, but held back"),
        ("250 Ok, delivered to the junk folder", "accepted, but classified as spam"),
        ("250 Ok, will not be held or discarded", "message accepted"),
        ("250 2.0.0 Ok: queued as 4ABC", "message accepted"),
        ("250 OK via held.spam.example", "message accepted"),
    ]
)
def test_the_fate_of_an_accepted_message_is_explained(text: str, title: str):
    assert said(text, ".").title == title


def test_only_the_end_of_a_message_has_a_fate():
    assert said("250 2.1.5 bob, held", "RCPT TO:<bob@example.org>").title == "recipient accepted"


@pytest.mark.parametrize(
    ("reply", "after", "absent"),
    [
        ("501 5.5.4 Syntax: STARTTLS", "STARTTLS now", "RFC 4954"),
        ("553 5.7.1 relaying denied", "RCPT TO:<a@b.example>", "RFC 6531"),
        ("530 5.7.0 Must issue a STARTTLS command first", "MAIL FROM:<a@b.example>", "RFC 2645"),
        ("513 Relaying denied.", "RCPT TO:<a@b.example>", "no RFC"),
    ],
)
def test_a_document_that_defines_a_code_for_other_commands_is_not_cited(
    reply: str, after: str, absent: str
):
    assert not any(absent in one for one in said(reply, after).sources)
    assert said(reply, after).sources


def test_a_reply_about_mail_is_not_mistaken_for_one_about_rcpt():
    found = said("503 Sender already specified", "RCPT TO:<a@b.example>")
    assert "a second MAIL" in found.means
    assert "a second MAIL" not in said("503 Sender already specified", "MAIL FROM:<>").means


def test_only_postmaster_is_said_to_be_mandatory():
    assert "4.5.1" in said("550 5.1.1 User unknown", "RCPT TO:<Postmaster@a.example>").means
    assert "4.5.1" not in said("550 5.1.1 User unknown", "RCPT TO:<post@a.example>").means
