"""Lines sent before the reply that gives them their meaning are masked while they may be secret."""

from __future__ import annotations

import pytest
from heloscope.session.events import CLIENT, SECRET, SERVER, Event, Kind, Line
from heloscope.session.protocol.conversation import Conversation
from heloscope.session.protocol.states import State
from support.scripts import observe, replies, violations

OPEN = """
    S: 220 ready
    C: EHLO me
    S: 250-hi
    S: 250 PIPELINING
    C: MAIL FROM:<a@b.example>
    S: 250 ok
    C: RCPT TO:<c@d.example>
    S: 250 ok
    C: DATA
"""
RESPONSE = "AGFubmEAaG9yc2UtYmF0dGVyeQ=="
SECRETS = {
    "an initial response": (f"AUTH PLAIN {RESPONSE}",),
    "an answer": ("AUTH LOGIN", "YW5uYQ==", "aG9yc2UtYmF0dGVyeQ=="),
    "X-EXPS": (f"X-EXPS PLAIN {RESPONSE}",),
    "an answer after another command": ("AUTH LOGIN", "NOOP", "aG9yc2UtYmF0dGVyeQ=="),
}


def shown(talk: Conversation) -> bytes:
    return b"".join(talk.transcript.masked(row) for row in range(len(talk.transcript)))


@pytest.mark.parametrize("kind", SECRETS)
def test_auth_after_data_is_masked_until_it_is_known_what_it_is(kind: str):
    talk = observe(OPEN)
    told: list[bytes] = []

    def hear(event: Event) -> None:
        if isinstance(event, Line):
            told.append(talk.transcript.mask(event))

    talk.transcript.subscribe(hear)
    for line in SECRETS[kind]:
        data = line.encode() + b"\r\n"
        talk.feed(CLIENT, data[:-4], 1.0)
        assert data[-16:-4] not in talk.pending_masked(CLIENT) or b"AUTH LOGIN" in data
        talk.feed(CLIENT, data[-4:], 1.0)
    secret = SECRETS[kind][-1].split()[-1].encode()
    assert secret not in shown(talk)
    assert secret not in b"".join(told)


@pytest.mark.parametrize("kind", SECRETS)
def test_auth_stays_masked_when_data_is_refused(kind: str):
    talk = observe(OPEN)
    for line in SECRETS[kind]:
        talk.feed(CLIENT, line.encode() + b"\r\n", 1.0)
    talk.feed(SERVER, b"503 no\r\n", 2.0)
    secret = SECRETS[kind][-1].split()[-1].encode()
    assert secret not in shown(talk)
    talk.feed(SERVER, b"535 no\r\n", 3.0)
    assert secret not in shown(talk)


def test_text_that_reads_as_auth_is_shown_once_it_is_known_to_be_text():
    talk = observe(OPEN)
    talk.feed(CLIENT, b"AUTH PLAIN is a mechanism\r\nand no secret\r\n", 1.0)
    assert b"no secret" not in shown(talk)
    talk.feed(SERVER, b"354 go on\r\n", 2.0)
    assert b"AUTH PLAIN is a mechanism\r\nand no secret\r\n" in shown(talk)
    rows = list(talk.transcript)[-3:-1]
    assert [row.kind for row in rows] == [Kind.BODY] * 2
    assert not any(row.flags & SECRET for row in rows)


def test_a_dot_outside_of_a_message_leaves_no_message_in_doubt():
    talk = observe("""
        S: 220 ready
        C: EHLO me
        S: 250 hi
        C: .
    """)
    assert talk.in_doubt is None
    observe("S: 500 what?", talk)
    assert "no-verdict" not in violations(talk)


def test_in_lmtp_it_has_one_reply_and_forgets_no_recipient():
    talk = observe("""
        S: 220 ready
        C: LHLO me
        S: 250 hi
        C: MAIL FROM:<a@b.example>
        S: 250 ok
        C: RCPT TO:<c@d.example>
        S: 250 ok
        C: RCPT TO:<e@f.example>
        S: 250 ok
        C: .
        S: 500 what?
        C: NOOP
        S: 250 ok
    """)
    assert [reply.verb for reply in replies(talk)][-2:] == [".", "NOOP"]
    assert len(talk.recipients) == 2
    assert talk.state is State.RCPT
