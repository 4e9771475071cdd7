"""A text that says what is refused but not why leaves the reason to the enhanced code."""

from __future__ import annotations

import pytest
from heloscope.session.facts.explain.explanation import Explanation
from heloscope.session.facts.explain.reading import explain
from heloscope.session.facts.explain.reply_text import read_replies
from heloscope.session.facts.explain.situation import answering
from support.rows import for_each


def said(reply: str, after: str) -> Explanation:
    return explain(read_replies(reply.encode()), answering(after))


@for_each(
    [
        ("554 5.3.4 Message rejected", ".", "message too large for the system"),
        ("550 5.7.20 Message rejected", ".", "no passing DKIM signature"),
        ("550 5.7.25 Mail rejected", ".", "reverse DNS failed"),
        ("550 5.2.2 Recipient refused", "RCPT TO:<a@b.example>", "mailbox full"),
        ("550 5.7.23 Recipient refused", "RCPT TO:<a@b.example>", "SPF failed"),
        ("550 5.1.8 Sender refused", "MAIL FROM:<a@b.example>", "bad sender domain"),
    ]
)
def test_a_specific_enhanced_code_gives_the_reason(reply: str, after: str, title: str):
    assert said(reply, after).title == f"refused permanently: {title}"


@for_each([
        ("550 5.2.0 Mail rejected by gateway", ".", "the message is not accepted"),
        ("550 5.7.1 Message refused, code 731", ".", "the message is not accepted"),
        ("554 4.3.4 Message refused, code 731", ".", "the message is not accepted"),  # other class
        ("554 5.3.2 Connections from your IP are refused", "RCPT TO:<a@b.example>",
         "the client is not accepted"),
        ("550 5.2.2 Message rejected: it is spam", ".", "classified as spam"),
    ])  # fmt: skip
def test_a_vague_code_gives_no_reason_so_the_wording_does(reply: str, after: str, title: str):
    assert said(reply, after).title == f"refused permanently: {title}"


@pytest.mark.parametrize(
    ("reply", "after", "title"),
    [
        ("503 mail transaction already ended", "DATA", "a recipient must come first"),
        ("500 5.5.1 HELO needs a domain", "HELO me", "the EHLO name is not a full host name"),
        ("502 EXPN not implemented", "EXPN staff", "EXPN is not supported"),
        ("550 Not a mail server for you", "EHLO me.example", "no service for this client"),
    ],
)
def test_words_used_in_another_sense_decide_nothing(reply: str, after: str, title: str):
    assert said(reply, after).title == f"refused permanently: {title}"
