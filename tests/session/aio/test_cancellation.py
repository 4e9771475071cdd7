"""An aborted procedure leaves a state from which the next procedure can continue."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Coroutine
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPSenderRefused
from typing import Any

import pytest
from heloscope.session import Session
from heloscope.session.errors import ConnectionLost, ReplyTimedOut
from heloscope.session.events import Cause
from support.counting_server import CountingServer
from support.servers import VerbServer, connected, serving

pytestmark = [pytest.mark.asyncio, pytest.mark.every_loop]

FIRST = (
    "a@example.org",
    ("anna@example.org", "alan@example.org"),
    b"for Anna\r\n..\r\nand Alan\r\n",
)
SECOND = ("b@example.org", ("bert@example.org",), b"for Bert\r\n")


def session_at(port: int) -> Session:
    return Session("127.0.0.1", port, local_hostname="me.example", timeout=20)


def task_of(work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
    return asyncio.get_running_loop().create_task(work)


async def cancelled(task: asyncio.Task[Any], after: float = 0.05) -> None:
    await asyncio.sleep(after)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.parametrize("chunking", [False, True])
@pytest.mark.parametrize("pipelining", [False, True])
@pytest.mark.parametrize("unit", ["steps of the loop", "replies"])
async def test_a_cancelled_mail_does_not_affect_the_next_one(
    pipelining: bool, chunking: bool, unit: str
):
    """The mail is cancelled after each possible number of loop iterations, or of replies."""
    keywords = ("CHUNKING", *(("PIPELINING",) if pipelining else ()))
    steps = 0
    finished = False
    server = CountingServer(*keywords)
    while not finished:
        server = CountingServer(*keywords)
        async with serving(server) as port:
            session = session_at(port)
            await session.connect()
            replies = 0

            def count(event: Any) -> None:
                nonlocal replies
                replies += type(event).__name__ == "ReplyReceived"

            session.subscribe(count)
            task = task_of(session.sendmail(*FIRST, chunking=chunking))
            turned = 0
            while not task.done() and (replies if unit == "replies" else turned) < steps:
                await asyncio.sleep(0)
                turned += 1
            finished = task.done()
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
            worked = False
            try:
                await asyncio.wait_for(session.sendmail(*SECOND, chunking=chunking), 5)
                worked = True
            except ConnectionLost as error:
                assert "aborted" in str(error)
                assert not session.connected
            await session.close()
        assert set(server.queued) <= {FIRST, SECOND}, steps
        assert server.queued.count(FIRST) <= 1
        assert server.queued.count(SECOND) == worked, steps
        assert worked or FIRST not in server.queued
        steps += 1
    assert steps > 4
    assert server.queued == [FIRST, SECOND]


async def test_an_open_transaction_is_reset_before_the_next_procedure():
    server = VerbServer(RCPT=[(asyncio.Event(), "250 ok")])
    async with connected(server) as session:
        late = server.says["RCPT"][0][0]
        await cancelled(task_of(session.sendmail(*FIRST)))
        late.set()
        await session.mail("b@example.org")
    assert server.heard[-3:] == [
        b"RCPT TO:<anna@example.org>\r\n",
        b"RSET\r\n",
        b"MAIL FROM:<b@example.org>\r\n",
    ]


async def test_a_message_that_was_asked_for_after_the_end_drops_the_connection():
    late = asyncio.Event()
    server = VerbServer("PIPELINING", DATA=(late, "354 go on"))
    async with connected(server) as session:
        await cancelled(task_of(session.sendmail(*FIRST)))
        late.set()
        with pytest.raises(ConnectionLost, match="a message was aborted") as error:
            await session.sendmail(*SECOND)
        assert error.value.cause is Cause.CLOSED_BY_CLIENT
        assert not session.connected
    assert server.heard[-1] == b"DATA\r\n"


async def test_half_a_message_drops_the_connection():
    class Failing:
        def __init__(self) -> None:
            self.parts = [b"half\r\n"]

        def read(self, size: int = -1) -> bytes:
            if self.parts:
                return self.parts.pop()
            raise OSError("the disk is gone")

    server = CountingServer()
    async with serving(server) as port, session_at(port) as session:
        with pytest.raises(OSError, match="the disk is gone"):
            await session.sendmail("a@example.org", "anna@example.org", Failing())
        assert not session.connected
        with pytest.raises(ConnectionLost):
            await session.sendmail(*SECOND)
        await session.connect()
        assert await session.sendmail(*SECOND) == {}
    assert server.queued == [SECOND]


async def test_what_is_due_is_waited_for_within_the_timeouts():
    server = VerbServer(VRFY=[(asyncio.Event(), "250 ok")])
    late = server.says["VRFY"][0][0]
    async with connected(server) as session:
        patient = session.timeouts
        session.timeouts = type(patient).all(0.1)
        with pytest.raises(ReplyTimedOut):
            await session.verify("postmaster")
        with pytest.raises(ReplyTimedOut):
            await session.expn("staff")
        assert server.heard == [b"VRFY postmaster\r\n"]
        session.timeouts = patient
        late.set()
        assert (await session.expn("staff")).code == 250
    assert server.heard[:2] == [b"VRFY postmaster\r\n", b"EXPN staff\r\n"]


async def test_a_transaction_begun_manually_is_not_reset():
    server = VerbServer(VRFY=[(asyncio.Event(), "250 ok")])
    late = server.says["VRFY"][0][0]
    async with connected(server) as session:
        await session.docmd("MAIL FROM:<a@example.org>")
        await cancelled(task_of(session.verify("postmaster")))
        late.set()
        await session.rcpt("anna@example.org")
    assert b"RSET\r\n" not in server.heard


async def test_a_transaction_begun_manually_after_a_broken_one_is_not_reset():
    server = VerbServer(RCPT=[(asyncio.Event(), "250 ok")])
    late = server.says["RCPT"][0][0]
    async with connected(server) as session:
        await cancelled(task_of(session.sendmail(*FIRST)))
        late.set()
        await session.docmd("RSET")
        await session.docmd("MAIL FROM:<b@example.org>")
        await session.rcpt("bert@example.org")
    assert server.heard.count(b"RSET\r\n") == 1


async def test_a_refusal_breaks_nothing_off():
    server = VerbServer(RCPT="550 no")
    async with connected(server) as session:
        with pytest.raises(SMTPException):
            await session.sendmail(*SECOND)
        assert (await session.verify("postmaster")).code == 250
    assert server.heard.count(b"RSET\r\n") == 1


async def test_an_exchange_of_auth_that_was_cancelled_is_aborted():
    server = VerbServer("AUTH X", AUTH="334 ", answer="501 given up")
    forever = asyncio.Event()

    async def never(challenge: bytes | None = None) -> str:
        if challenge is not None:
            await forever.wait()
        return "me"

    async with connected(server) as session:
        await session.ehlo()
        await cancelled(task_of(session.auth("X", never)))
        assert (await session.verify("postmaster")).code == 250
    assert server.heard[-2:] == [b"*\r\n", b"VRFY postmaster\r\n"]


async def test_a_transaction_left_open_manually_gets_no_empty_mail():
    """The second MAIL is refused but RCPT and DATA are not; a dot would end the wrong envelope."""
    server = CountingServer("PIPELINING")
    async with serving(server) as port, session_at(port) as session:
        await session.ehlo()
        await session.docmd("MAIL FROM:<c@example.org>")
        await session.docmd("RCPT TO:<carl@example.org>")
        with pytest.raises(SMTPSenderRefused, match="the connection was closed"):
            await session.sendmail(*SECOND)
        assert not session.connected
    assert server.queued == []
    assert b".\r\n" not in server.heard


async def test_a_message_without_recipients_is_ended_with_a_lone_dot():
    """A lone dot is sent if MAIL was accepted, but no recipient (RFC 2920 section 3.1)."""
    server = VerbServer("PIPELINING", RCPT="550 no", **{".": "554 no valid recipients"})
    async with connected(server) as session:
        with pytest.raises(SMTPRecipientsRefused):
            await session.sendmail(*SECOND)
        assert session.connected
    assert server.heard[-3:] == [b"DATA\r\n", b".\r\n", b"RSET\r\n"]
