"""heloscope reads its own exports back with the same lines, sides, facts and times."""

from __future__ import annotations

import pytest
from heloscope.session.comparison.differences import Manner, compare
from heloscope.session.foreign.log import ForeignError, ForeignLog, read_log
from heloscope.session.protocol.dialogue import dialogue
from heloscope.session.protocol.replay import replay
from heloscope.session.record.masks import Masking
from support.exported import a_delivery, exported

NAMED = {
    "text": "heloscope (text)",
    "markdown": "heloscope (lines as shown)",
    "html": "heloscope (HTML)",
}
SAID = [
    ("S", "220 mail.example.org ESMTP Postfix"), ("C", "EHLO laptop"),
    ("S", "250-mail.example.org"), ("S", "250 STARTTLS"), ("C", "STARTTLS"),
    ("S", "220 2.0.0 go ahead"),
]  # fmt: skip


def read(form: str, masking: Masking | None = None) -> ForeignLog:
    return read_log(exported(a_delivery(), form, masking or Masking()))


@pytest.mark.parametrize("form", NAMED)
def test_lines_facts_and_times_are_read_back(form: str):
    log = read(form)
    assert (log.format, len(log.conversations)) == (NAMED[form], 1)
    talk = log.conversations[0].talk
    assert [(each.what, each.text) for each in talk if each.said][: len(SAID)] == SAID
    facts = [each for each in talk if each.what in ("connected", "tls", "disconnected")]
    assert [each.what for each in facts] == ["connected", "tls", "disconnected"]
    assert facts[0].text == "mail.example.org:587"
    assert facts[1].version == "TLSv1.3" and facts[1].cipher.endswith("AES_256_GCM_SHA384")
    assert facts[2].kind == "S"
    assert log.conversations[0].header.began == pytest.approx(1790000000.0, abs=1)
    body = ["From: Alice <alice@example.net>", 'Subject: 1 < 2 & "3"', "", "..dot", "```"]
    texts = [each.text for each in talk if each.said]
    assert texts[(first := texts.index("354 go on") + 1) : first + 5] == body
    assert "It does not show line endings." in log.unknown()


@pytest.mark.parametrize("form", NAMED)
def test_nothing_differs_from_what_was_exported(form: str):
    source = a_delivery()
    talk = read(form).conversations[0]
    rows = compare(dialogue(source.transcript), dialogue(replay(talk).transcript), Manner())
    assert [each for row in rows for each in row.differences] == []
    assert [row.turn.verb for row in rows][:3] == ["greeting", "EHLO", "STARTTLS"]


@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_a_message_that_was_masked_is_told_to_be_omitted(form: str):
    talk = read(form, Masking(addresses=True, content=True)).conversations[0].talk
    assert [each.text for each in talk if each.kind == "omitted"] == [
        "message, 6 lines, 108 bytes, not shown"
    ]


@pytest.mark.parametrize(
    ("form", "told"),
    [("script", "it is a script for heloscope run"), ("swaks", "it is a program that repeats"),
     ("smtplib", "it is a program that repeats"), ("svg", "it is a picture")],
)  # fmt: skip
def test_what_holds_no_conversation_says_what_it_is(form: str, told: str):
    with pytest.raises(ForeignError, match=told):
        read(form)
