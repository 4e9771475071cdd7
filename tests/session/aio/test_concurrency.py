"""Several procedures at once on one session, over real sockets."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest
from heloscope.session import Session
from heloscope.session.stepping.stepper import Stepper
from support.counting_server import CountingServer
from support.servers import VerbServer, connected, serving

pytestmark = [pytest.mark.asyncio, pytest.mark.every_loop]

ANNA, BERT = "anna@example.org", "bert@example.org"


def task_of(work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
    return asyncio.get_running_loop().create_task(work)


def session_at(port: int) -> Session:
    return Session("127.0.0.1", port, local_hostname="me.example", timeout=20)


@pytest.mark.parametrize("keywords", [(), ("PIPELINING",), ("PIPELINING", "CHUNKING")])
async def test_two_mails_at_once_each_go_to_their_own_recipients(keywords: tuple[str, ...]):
    server = CountingServer(*keywords)
    chunking = "CHUNKING" in keywords
    async with serving(server) as port, session_at(port) as session:
        await asyncio.gather(
            session.sendmail("a@example.org", ANNA, b"for Anna\r\n", chunking=chunking),
            session.sendmail("b@example.org", BERT, b"for Bert\r\n", chunking=chunking),
        )
    assert server.queued == [
        ("a@example.org", (ANNA,), b"for Anna\r\n"),
        ("b@example.org", (BERT,), b"for Bert\r\n"),
    ]


async def test_procedures_run_in_the_order_of_their_calls():
    server = CountingServer()
    async with serving(server) as port, session_at(port) as session:
        await session.ehlo()
        await asyncio.gather(
            *(session.sendmail("a@example.org", f"{n}@example.org", b"x") for n in range(8))
        )
    assert [recipients for _, recipients, _ in server.queued] == [
        (f"{n}@example.org",) for n in range(8)
    ]


async def test_a_procedure_cancelled_while_waiting_sends_nothing_and_delays_nobody():
    server = CountingServer(delay=0.01)
    async with serving(server) as port, session_at(port) as session:
        first = task_of(session.sendmail("a@example.org", ANNA, b"one\r\n"))
        second = task_of(session.sendmail("b@example.org", BERT, b"two\r\n"))
        third = task_of(session.sendmail("c@example.org", ANNA, b"three\r\n"))
        await asyncio.sleep(0.005)
        second.cancel()
        await asyncio.gather(first, third)
        with pytest.raises(asyncio.CancelledError):
            await second
    assert [text for _, _, text in server.queued] == [b"one\r\n", b"three\r\n"]
    assert b"MAIL FROM:<b@example.org>\r\n" not in server.heard


async def test_a_single_command_is_sent_between_the_steps_of_a_procedure():
    go_on = asyncio.Event()
    server = VerbServer(MAIL=(go_on, "250 ok"))
    async with connected(server) as session:
        sending = task_of(session.sendmail("a@example.org", ANNA, b"text"))
        await asyncio.sleep(0.05)
        assert session.conversation.unanswered[-1][1] == "MAIL"
        noop = task_of(session.noop())
        await asyncio.sleep(0.01)
        assert session.conversation.unanswered[-1][1] == "NOOP"
        go_on.set()
        assert (await noop).code == 250
        assert await sending == {}


async def test_closing_does_not_wait_for_a_procedure():
    server = VerbServer(MAIL=(asyncio.Event(), "250 ok"))
    async with connected(server) as session:
        sending = task_of(session.sendmail("a@example.org", ANNA, b"text"))
        await asyncio.sleep(0.05)
        await asyncio.wait_for(session.close(), 5)
        with pytest.raises(OSError, match="closed by us"):
            await sending


async def test_the_second_of_two_connects_at_once_is_refused():
    server = CountingServer(delay=0.01)
    async with serving(server) as port:
        session = session_at(port)
        greeting, refusal = await asyncio.gather(
            session.connect(), session.connect(), return_exceptions=True
        )
        await session.close()
    assert not isinstance(greeting, BaseException) and greeting.code == 220
    assert isinstance(refusal, RuntimeError) and "already connecting" in str(refusal)
    assert server.connections == 1


async def test_the_second_of_two_opens_at_once_is_refused_and_leaves_the_first_alone():
    server = CountingServer(delay=0.01)
    async with serving(server) as port:
        session = session_at(port)
        opened, refusal = await asyncio.gather(
            session.open(), session.open(), return_exceptions=True
        )
        greeting = await session.greeting()
        await session.close()
    assert opened is None and greeting.code == 220
    assert isinstance(refusal, RuntimeError) and "already connecting" in str(refusal)
    assert server.connections == 1


async def test_a_callback_of_a_procedure_may_run_another_one():
    server = VerbServer("AUTH X", AUTH="235 welcome")
    async with connected(server) as session:

        async def answers(challenge: bytes | None = None) -> str:
            await session.verify("postmaster")
            return "me"

        await session.ehlo()
        assert (await asyncio.wait_for(session.auth("X", answers), 5)).code == 235


async def test_two_runs_of_one_stepper_at_once_are_refused():
    server = CountingServer(delay=0.01)
    async with serving(server) as port, session_at(port) as session:
        await session.ehlo()
        stepper = Stepper(session, "sendmail", "a@example.org", [ANNA], b"text\r\n")
        await stepper.begin()
        run, refusal = await asyncio.gather(
            stepper.run_to(), stepper.send(), return_exceptions=True
        )
    assert run is None and stepper.over
    assert isinstance(refusal, RuntimeError) and "already in progress" in str(refusal)
    assert server.queued == [("a@example.org", (ANNA,), b"text\r\n")]
