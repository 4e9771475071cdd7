"""With addresses masked, explanations keep heloscope's own words and quote only stand-ins."""

from __future__ import annotations

import re
from html import unescape

import pytest
from heloscope.session.protocol.conversation import Conversation
from heloscope.session.record.masks import Masking
from support.exported import exported
from support.scripts import observe

OPENED = "S: 220 mail.verein.example ESMTP\nC: HELO pc\nS: 250 mail.verein.example\n"


def explained(talk: Conversation, form: str, target: str = "mail.verein.example") -> str:
    data = exported(talk, form, Masking(addresses=True), target).decode()
    return unescape(re.sub(r"<[^<>]+>", " ", data)) if form == "html" else data.replace("\\", "")


@pytest.mark.parametrize("form", ["markdown", "html"])
def test_section_numbers_times_and_examples_stay(form: str):
    talk = observe("S: 220 mail.verein.example ESMTP\nC: HELO\nS: 501 Syntax: HELO hostname\n")
    text = explained(talk, form)
    assert "RFC 5321 4.1.1.1, 4.1.3" in text
    assert "a full host name such as mail.example.org, or an address literal" in text
    assert re.search(r"answers HELO  [\d,]+ ms", text)
    assert "verein" not in text


def test_the_syntax_of_a_command_stays():
    talk = observe(OPENED + "C: MAIL FROM:<lisa@verein.example>\nS: 250 ok\n")
    html = exported(talk, "html", Masking(addresses=True), "").decode()
    assert "MAIL FROM:&lt;reverse-path&gt;" in html
    assert "lisa" not in html


def test_a_word_of_an_explanation_may_be_the_name_of_a_user():
    talk = observe(OPENED + "C: MAIL FROM:<client@verein.example>\nS: 250 ok\n"
                   "C: RCPT TO:<otto@gmx.example>\nS: 554 5.7.1 Service unavailable; Client host "
                   "[203.0.113.5] blocked using zen.spamhaus.org\n")  # fmt: skip
    text = explained(talk, "markdown")
    assert "the client's address is on a block list" in text
    assert "rejects clients listed on the DNS block list (DNSBL) zen.spamhaus.org" in text
    assert "C: MAIL FROM:<user1@host3.example>" in text


def test_what_an_explanation_quotes_is_a_stand_in():
    talk = observe(OPENED + "C: MAIL FROM:<lisa@verein.example>\nS: 250 ok\n"
                   "C: RCPT TO:<otto@gmx.example>\n"
                   "S: 551 5.1.6 User has moved; please try <otto.neu@web.example>\n")  # fmt: skip
    text = explained(talk, "markdown")
    assert "Send to user3@host5.example, the address given in the reply" in text
    assert "answers RCPT TO:&lt;user2@host4.example>  " in text
    assert not re.search("otto|lisa|web.example|gmx", text)


def test_a_decoded_challenge_and_login_are_masked():
    # PDE4OTYu... is <1896.697170952@postoffice.verein.example>, YW5uYSAw... begins with anna
    talk = observe("S: 220 mail.verein.example ESMTP\nC: EHLO pc\nS: 250-mail.verein.example\n"
                   "S: 250 AUTH CRAM-MD5\nC: AUTH CRAM-MD5\n"
                   "S: 334 PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UudmVyZWluLmV4YW1wbGU+\n"
                   "C: YW5uYSAwMTIzNDU2Nzg5YWJjZGVmMDEyMzQ1Njc4OWFiY2RlZg==\n"
                   "S: 535 5.7.8 anna: authentication failed\n")  # fmt: skip
    text = explained(talk, "html")
    assert "<user2@host3.example>" in text
    assert not re.search("anna|postoffice|verein", text)
