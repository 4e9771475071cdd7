"""What follows a typed STARTTLS, AUTH or DATA, over real sockets and without a screen."""

from __future__ import annotations

import asyncio
import ssl
from collections import deque

import pytest
from heloscope.session import (
    AnswersNotSent,
    Manual,
    Secret,
    Session,
    State,
    Stepper,
    TlsSettings,
    TlsSettingsError,
    events,
)
from heloscope.session.events import CLIENT
from support.practice_server import practising
from support.servers import VerbServer, serving
from support.typed_by_hand import Failures, by_hand, heard, quiet, typed, until

pytestmark = pytest.mark.every_loop

GIVEN = "AUTH LOGIN"


# STARTTLS


async def test_the_handshake_begins_when_a_typed_starttls_was_accepted():
    failures = Failures()
    async with practising() as server:
        target = f"{server.host}:{server.port}"
        async with Session(target, timeout=20, tls=server.trusted()) as session:
            manual = Manual(session, failures.append)
            await typed(session, "EHLO me.example", "STARTTLS")
            await manual.settled()
            assert session.tls
            assert session.state is State.GREETED
            await typed(session, "EHLO me.example")
            assert not session.has_extn("STARTTLS")
    assert failures == []


async def test_a_certificate_that_is_not_trusted_is_reported_and_ends_the_connection():
    failures = Failures()
    async with practising() as server:
        session = Session(f"{server.host}:{server.port}", timeout=20)
        await session.connect()
        manual = Manual(session, failures.append)
        await typed(session, "EHLO me.example", "STARTTLS")
        await manual.settled()
        assert failures.kinds() == [ssl.SSLCertVerificationError]
        assert not session.connected
        assert any(isinstance(event, events.TlsFailed) for event in session.transcript.events())


async def test_settings_that_cannot_be_used_are_reported():
    failures = Failures()
    async with practising() as server:
        target = f"{server.host}:{server.port}"
        session = Session(target, timeout=20, tls=TlsSettings(ca_file="/no/such/file"))
        await session.connect()
        manual = Manual(session, failures.append)
        await typed(session, "EHLO me.example", "STARTTLS")
        await manual.settled()
        assert failures.kinds() == [TlsSettingsError]


async def test_a_refused_starttls_starts_nothing():
    server = VerbServer("STARTTLS", STARTTLS="454 not now")
    async with by_hand(server) as (session, manual, failures):
        await typed(session, "EHLO me", "STARTTLS", "NOOP")
        assert not manual.busy
        assert heard(server) == [b"EHLO me", b"STARTTLS", b"NOOP"]
        assert failures == []


async def test_a_handshake_that_takes_too_long_can_be_aborted():
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 ready\r\n")
        await reader.readline()
        writer.write(b"220 go ahead\r\n")
        await reader.read()

    async with serving(serve) as port:
        failures = Failures()
        session = Session("127.0.0.1", port, timeout=20)
        await session.connect()
        manual = Manual(session, failures.append)
        await typed(session, "STARTTLS")
        await until(lambda: session.handshake_left is not None)
        assert manual.busy and manual.give_up()
        await manual.settled()
        assert not session.connected
        assert failures == []
        assert not manual.give_up()


async def test_a_stepper_begins_its_own_handshake():
    failures = Failures()
    async with practising() as server:
        target = f"{server.host}:{server.port}"
        async with Session(target, timeout=20, tls=server.trusted()) as session:
            manual = Manual(session, failures.append)
            await session.ehlo()
            stepper = Stepper(session, "starttls")
            await stepper.begin()
            await stepper.send()
            assert stepper.next is not None and stepper.next.verb == "TLS"
            await manual.settled()
            assert session.state is State.TLS and not session.tls
            await stepper.send()
            assert session.tls
    assert failures == []


async def test_a_procedure_and_docmd_are_followed_by_their_waiters():
    failures = Failures()
    async with practising() as server:
        target = f"{server.host}:{server.port}"
        async with Session(target, timeout=20, tls=server.trusted()) as session:
            manual = Manual(session, failures.append)
            await session.starttls()
            assert session.tls
        async with Session(target, timeout=20, tls=server.trusted()) as session:
            manual = Manual(session, failures.append)
            await session.ehlo()
            assert (await session.docmd("STARTTLS")).code == 220
            await manual.settled()
            assert not session.tls
            await session.handshake()
            assert session.tls
    assert failures == []


async def test_the_settings_outlast_a_reconnection():
    failures = Failures()
    async with practising() as server:
        session = Session(f"{server.host}:{server.port}", timeout=20, tls=server.trusted())
        manual = Manual(session, failures.append)
        for _ in range(2):
            await session.connect()
            await typed(session, "EHLO me.example", "STARTTLS")
            await manual.settled()
            assert session.tls
            await session.close()
    assert failures == []


# AUTH


async def test_answers_typed_ahead_are_sent_one_for_each_challenge():
    go = asyncio.Event()
    server = VerbServer(GIVEN, **{"AUTH LOGIN": (go, "334 VXNlcm5hbWU6")})
    server.says["answer"] = ["334 UGFzc3dvcmQ6", "235 welcome"]
    async with by_hand(server) as (session, manual, failures):
        await typed(session, "EHLO me")
        session.send_line(b"AUTH LOGIN")
        manual.answer("YWxpY2U=")
        manual.answer(Secret("d29uZGVybGFuZA=="))
        await asyncio.sleep(0)
        await manual.settled()
        assert session.transcript.joined(CLIENT) == b"EHLO me\r\nAUTH LOGIN\r\n"
        go.set()
        await until(lambda: session.conversation.authenticated)
        assert heard(server)[1:] == [b"AUTH LOGIN", b"YWxpY2U=", b"d29uZGVybGFuZA=="]
        assert failures == []


async def test_an_answer_is_sent_at_once_where_the_server_waits_for_it():
    server = VerbServer(GIVEN, **{"AUTH LOGIN": "334 VXNlcm5hbWU6"})
    server.says["answer"] = ["334 UGFzc3dvcmQ6", "235 welcome"]
    async with by_hand(server) as (session, manual, failures):
        await typed(session, "EHLO me", "AUTH LOGIN")
        manual.answer("YWxpY2U=")
        await until(lambda: len(server.heard) == 3)
        await quiet(session)
        manual.answer("d29uZGVybGFuZA==")
        await until(lambda: session.conversation.authenticated)
        assert failures == []


async def test_answers_that_auth_did_not_ask_for_are_not_sent_and_reported():
    server = VerbServer(GIVEN, **{"AUTH LOGIN": "334 VXNlcm5hbWU6"}, answer="535 no")
    async with by_hand(server) as (session, manual, failures):
        await typed(session, "EHLO me")
        for answer in ("YWxpY2U=", "d29uZGVybGFuZA==", "bW9yZQ=="):
            manual.answer(answer)
        await typed(session, "AUTH LOGIN")
        await until(lambda: not manual.answers)
        await typed(session, "NOOP")
        assert heard(server)[1:] == [b"AUTH LOGIN", b"YWxpY2U=", b"NOOP"]
        assert [str(error) for error in failures] == [
            "AUTH ended before the server asked for 2 answers, which were not sent"
        ]
        [error] = failures
        assert isinstance(error, AnswersNotSent) and error.count == 2


async def test_an_auth_that_is_refused_at_once_leaves_no_answer_for_later():
    server = VerbServer(GIVEN, AUTH="504 not that one")
    async with by_hand(server) as (session, manual, failures):
        await typed(session, "EHLO me")
        manual.answer("d29uZGVybGFuZA==")
        await typed(session, "AUTH NTLM")
        await until(lambda: not manual.answers)
        assert failures.kinds() == [AnswersNotSent]
        assert heard(server) == [b"EHLO me", b"AUTH NTLM"]


async def test_a_connection_that_ends_within_auth_leaves_no_answer_for_the_next():
    server = VerbServer(GIVEN, AUTH="")
    async with by_hand(server) as (session, manual, failures):
        await typed(session, "EHLO me", "AUTH LOGIN")
        manual.answer("d29uZGVybGFuZA==")
        await until(lambda: not session.connected)
        await manual.settled()
        assert failures.kinds() == [AnswersNotSent]
        assert not manual.answers


async def test_the_callback_gets_the_challenge_and_may_leave_it_to_the_user():
    challenges: list[bytes] = []

    def respond(challenge: bytes, answers: deque[Secret]) -> bytes | None:
        challenges.append(challenge)
        if len(answers) < 2:
            return None
        return b"+".join(answers.popleft().reveal() for _ in range(2))

    server = VerbServer(GIVEN, **{"AUTH LOGIN": "334 VXNlcm5hbWU6"}, answer="235 welcome")
    async with by_hand(server, respond=respond) as (session, manual, failures):
        await typed(session, "EHLO me", "AUTH LOGIN")
        manual.answer("one")
        await manual.settled()
        assert heard(server)[1:] == [b"AUTH LOGIN"]
        manual.answer("two")
        await until(lambda: session.conversation.authenticated)
        assert heard(server)[2:] == [b"one+two"]
        assert challenges == [b"VXNlcm5hbWU6"] * 2
        assert failures == []


async def test_an_error_in_the_callback_is_reported_and_nothing_is_sent():
    def respond(challenge: bytes, answers: deque[Secret]) -> bytes | None:
        raise ValueError("no such answer")

    server = VerbServer(GIVEN, **{"AUTH LOGIN": "334 VXNlcm5hbWU6"})
    async with by_hand(server, respond=respond) as (session, manual, failures):
        await typed(session, "EHLO me", "AUTH LOGIN")
        manual.answer("one")
        await manual.settled()
        assert failures.kinds() == [ValueError, AnswersNotSent]
        assert heard(server)[1:] == [b"AUTH LOGIN"]


async def test_a_login_answers_its_own_challenges():
    server = VerbServer(GIVEN, **{"AUTH LOGIN": "334 VXNlcm5hbWU6"})
    server.says["answer"] = ["334 UGFzc3dvcmQ6", "235 welcome"]
    async with by_hand(server) as (session, manual, _):
        manual.answer("bm90IG1pbmU=")
        await session.login("alice", "wonderland", mechanism="LOGIN", in_clear=True)
        assert b"bm90IG1pbmU=" not in heard(server)


async def test_a_stepper_sends_its_own_message():
    server = VerbServer(**{".": "250 queued"})
    async with by_hand(server) as (session, manual, failures):
        await session.ehlo()
        manual.message(b"somebody else's")
        await session.sendmail("a@example.org", "b@example.org", b"Subject: mine\r\n")
        assert heard(server)[-2:] == [b"Subject: mine", b"."]
        assert manual.body == b"somebody else's"
        stepper = Stepper(
            session, "sendmail", "a@example.org", ["b@example.org"], b"Subject: 2\r\n"
        )
        await stepper.begin()
        while stepper.next is None or stepper.next.verb != ".":
            await stepper.send()
        await manual.settled()
        assert heard(server)[-1] == b"DATA"
        await stepper.send()
        assert heard(server)[-2:] == [b"Subject: 2", b"."]
        assert failures == []


async def test_nothing_is_started_after_closing():
    server = VerbServer("STARTTLS", STARTTLS="220 go ahead")
    async with by_hand(server) as (session, manual, _):
        manual.close()
        await typed(session, "EHLO me", "STARTTLS")
        await manual.settled()
        assert session.connected and session.handshake_left is None


def test_the_repr_of_an_answer_shows_nothing():
    manual = Manual(Session(), Failures().append)
    manual.answers.append(Secret("wonderland"))
    assert "wonderland" not in repr(manual.answers)
