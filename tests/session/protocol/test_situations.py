"""The situation of a reply, read from the transcript: what was known when the reply arrived."""

from __future__ import annotations

from heloscope.session.events import TlsStarted
from heloscope.session.facts.explain.situation import Situation
from heloscope.session.protocol.conversation import Conversation
from heloscope.session.protocol.situations import situation_at
from heloscope.session.record.row_index import RowIndex
from support.scripts import observe, replies

LOGGED_IN = """
    S: 220 mx.example.org ESMTP
    C: EHLO me.example
    S: 250-mx.example.org
    S: 250-SIZE 1000
    S: 250 AUTH PLAIN
    C: AUTH PLAIN
    S: 334
    C: AGEAYg==
    S: 235 2.7.0 ok
"""
LMTP = """
    S: 220 mx.example.org LMTP
    C: LHLO me.example
    S: 250 mx.example.org
    C: MAIL FROM:<old@example.org>
    S: 250 ok
    C: RCPT TO:<old@example.org>
    S: 250 ok
    C: RSET
    S: 250 ok
    C: MAIL FROM:<a@example.org>
    S: 250 ok
    C: RCPT TO:<b@example.org>
    S: 250 ok
    C: RCPT TO:<nobody@example.org>
    S: 550 no
    C: RCPT TO:<c@example.org>
    S: 250 ok
    C: DATA
    S: 354 go on
    C: text
    C: .
    S: 250 ok
    S: 452 full
"""


def last(talk: Conversation) -> Situation:
    """Return the situation of the last reply."""
    return situation_at(RowIndex(talk.transcript), replies(talk)[-1])


def test_nothing_is_offered_before_ehlo():
    known = last(observe("S: 220 mx.example.org ESMTP\nC: NOOP\nS: 250 ok"))
    assert known.offered is None
    assert known.greeting == "220 mx.example.org ESMTP"
    assert not known.authenticated


def test_a_refused_ehlo_offers_nothing():
    assert last(observe("S: 220 x\nC: EHLO me\nS: 502 no\nC: NOOP\nS: 250 ok")).offered is None


def test_what_was_offered_is_known_after_a_thousand_replies():
    talk = observe(LOGGED_IN)
    observe("C: NOOP\nS: 250 ok\n" * 1000, talk)
    known = last(talk)
    assert known.offered == {"SIZE": ("1000",), "AUTH": ("PLAIN",)}
    assert known.authenticated
    assert known.helo == "me.example"


def test_a_login_lasts_over_a_new_greeting():
    talk = observe("C: EHLO me.example\nS: 250 mx.example.org", observe(LOGGED_IN))
    observe("C: NOOP\nS: 250 ok", talk)
    known = last(talk)
    assert known.authenticated
    assert known.offered == {}


def test_an_earlier_reply_knows_nothing_of_what_came_later():
    talk = observe(LOGGED_IN)
    index, (greeting, ehlo, challenge, verdict) = RowIndex(talk.transcript), replies(talk)
    assert situation_at(index, verdict).offered is not None
    assert situation_at(index, greeting).offered is None
    assert situation_at(index, ehlo).offered is None
    assert not situation_at(index, challenge).authenticated
    assert not situation_at(index, verdict).authenticated


def test_an_index_follows_later_lines():
    talk = observe("S: 220 x\nC: NOOP\nS: 250 ok")
    index = RowIndex(talk.transcript)
    assert situation_at(index, replies(talk)[-1]).offered is None
    observe("C: EHLO me\nS: 250-x\nS: 250 DSN\nC: NOOP\nS: 250 ok", talk)
    assert situation_at(index, replies(talk)[-1]).offered == {"DSN": ()}


def test_what_was_learned_in_cleartext_is_void_inside_tls():
    talk = observe(LOGGED_IN)
    observe("C: STARTTLS\nS: 220 go", talk)
    talk.note(TlsStarted(100.0, "TLSv1.3", "TLS_AES_256_GCM_SHA384"))
    observe("C: NOOP\nS: 250 ok", talk)
    known = last(talk)
    assert known.tls
    assert known.offered is None
    assert not known.authenticated


def test_a_verdict_knows_the_mechanism_and_the_challenges():
    talk = observe("""
        S: 220 x
        C: AUTH LOGIN
        S: 334 VXNlcm5hbWU6
        C: YQ==
        S: 334 UGFzc3dvcmQ6
        C: Yg==
        S: 535 no
    """)
    known = last(talk)
    assert known.mechanism == "LOGIN"
    assert known.challenges == ("VXNlcm5hbWU6", "UGFzc3dvcmQ6")


def test_a_reply_after_the_message_knows_the_recipients_of_its_transaction():
    known = last(observe(LMTP))
    assert known.recipients == ("<b@example.org>", "<c@example.org>")
