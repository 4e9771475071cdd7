"""`SendResult`: smtplib's dictionary of refused recipients, with further results."""

from __future__ import annotations

import copy
import json
import pickle
import smtplib

import pytest
from heloscope.session import LMTP, SMTP, SendResult, Session
from support.servers import VerbServer, connected, script, serving
from support.smtplib_oracle import Says, TableServer

A, B, C = "a@example.org", "b@example.org", "c@example.org"
TEXT = b"Subject: x\r\n\r\n"
QUEUED = "250 2.0.0 Ok: queued as 4ABC"
ONE_REFUSED = {f"RCPT TO:<{C}>": "550 5.1.1 no such user", ".": QUEUED}


@pytest.mark.parametrize("keywords", [(), ("PIPELINING",)])
async def test_a_session_reports_the_recipients_and_the_queue_id(
    keywords: tuple[str, ...],
):
    async with connected(VerbServer(*keywords, **ONE_REFUSED)) as session:
        result = await session.sendmail(A, [B, C], TEXT)
    assert result == {C: (550, b"5.1.1 no such user")}
    assert result.accepted == (B,)
    assert result.reply == (250, b"2.0.0 Ok: queued as 4ABC")
    assert result.replies == {B: (250, b"2.0.0 Ok: queued as 4ABC")}
    assert result.enhanced == "2.0.0"
    assert result.queue_id == "4ABC"


def test_the_blocking_driver_reports_the_same():
    server = TableServer()
    says = Says(RCPT=[b"250 ok\r\n", b"550 5.1.1 no\r\n"], dot=QUEUED.encode() + b"\r\n")
    with server.playing(says), SMTP("127.0.0.1", server.port) as smtp:
        result = smtp.sendmail(A, [B, C], TEXT)
    server.close()
    assert result == {C: (550, b"5.1.1 no")}
    assert (result.accepted, result.reply) == ((B,), (250, b"2.0.0 Ok: queued as 4ABC"))
    assert result.queue_id == "4ABC"


async def test_in_lmtp_each_recipient_has_its_own_reply():
    server = script("""
        S: 220 ready
        C: LHLO me.example
        S: 250 server
        C: MAIL FROM:<a@example.org>
        S: 250 ok
        C: RCPT TO:<b@example.org>
        S: 250 ok
        C: RCPT TO:<c@example.org>
        S: 250 ok
        C: DATA
        S: 354 go on
        C: Subject: x
        C:
        C: .
        S: 250 2.0.0 Ok: queued as 4ABC
        S: 452 4.2.2 over quota
    """)
    async with serving(server) as port:
        session = Session(f"lmtp://127.0.0.1:{port}", local_hostname="me.example", timeout=20)
        await session.connect()
        result = await session.sendmail(A, [B, C], TEXT)
        await session.close()
    assert result == {C: (452, b"4.2.2 over quota")}
    assert result.accepted == (B,)
    assert result.replies == {
        B: (250, b"2.0.0 Ok: queued as 4ABC"),
        C: (452, b"4.2.2 over quota"),
    }
    assert result.reply == (452, b"4.2.2 over quota")
    assert result.queue_id == "4ABC"


def test_a_result_is_the_dictionary_that_smtplib_returns():
    refused = {C: (550, b"no")}
    result = SendResult(refused, accepted=[B], reply=(250, b"ok"))
    assert isinstance(result, dict)
    assert result == refused
    assert refused == result
    assert not SendResult(accepted=[B], reply=(250, b"ok")), "nobody was refused: false, as ever"
    assert list(result.items()) == [(C, (550, b"no"))]
    assert json.dumps(SendResult()) == "{}"


def test_its_repr_shows_all_of_it():
    result = SendResult({C: (550, b"no")}, accepted=[B], reply=(250, b"OK id=1xW17P-0007s1-37"))
    assert repr(result) == (
        "SendResult({'c@example.org': (550, b'no')}, accepted=('b@example.org',), "
        "reply=(250, b'OK id=1xW17P-0007s1-37'), queue_id='1xW17P-0007s1-37')"
    )


async def test_it_can_be_pickled_and_copied():
    async with connected(VerbServer(**ONE_REFUSED)) as session:
        result = await session.sendmail(A, [B, C], TEXT)
    for same in (pickle.loads(pickle.dumps(result)), copy.deepcopy(result)):
        assert (same, same.accepted, same.reply) == (result, (B,), (250, QUEUED[4:].encode()))
        assert same.queue_id == "4ABC"


def test_a_message_without_accepted_recipients_is_refused_as_before():
    server = TableServer()
    with (
        server.playing(Says(RCPT=b"550 no\r\n")),
        LMTP("127.0.0.1", server.port) as lmtp,
        pytest.raises(smtplib.SMTPRecipientsRefused),
    ):
        lmtp.sendmail(A, [B], TEXT)
    server.close()
