"""A stepper takes turns with other procedures; single commands are not sent within a message."""

from __future__ import annotations

import asyncio
import gc
from typing import Any

import pytest
from heloscope.session import ReplyTimedOut, Session, Stepper, Timeouts, parse_breakpoint
from heloscope.session.aio.driver import turns_of
from heloscope.session.errors import ConnectionLost
from support.counting_server import CountingServer
from support.servers import VerbServer, connected, serving

pytestmark = pytest.mark.asyncio

A = ("a@example.org", ("anna@example.org",), b"for Anna\r\n")
B = ("b@example.org", ("bert@example.org",), b"for Bert\r\n")
LONG = ("l@example.org", ("lisa@example.org",), b"a long line for Lisa\r\n" * 60_000)
BOTH = [(), ("PIPELINING",)]


def session_at(port: int) -> Session:
    return Session("127.0.0.1", port, local_hostname="me.example", timeout=20)


@pytest.mark.parametrize("keywords", BOTH)
@pytest.mark.parametrize("first", ["stepper", "mail"])
async def test_a_stepper_and_a_mail_take_turns(keywords: tuple[str, ...], first: str):
    server = CountingServer(*keywords)
    async with serving(server) as port, session_at(port) as session:
        stepper = Stepper(session, "sendmail", *A)
        await stepper.begin()
        calls = [stepper.run_to(), session.sendmail(*B)]
        await asyncio.gather(*(calls if first == "stepper" else reversed(calls)))
        assert stepper.result == {}
    assert server.queued == ([A, B] if first == "stepper" else [B, A])


@pytest.mark.parametrize("keywords", BOTH)
async def test_two_steppers_at_once(keywords: tuple[str, ...]):
    server = CountingServer(*keywords)
    async with serving(server) as port, session_at(port) as session:
        one, two = Stepper(session, "sendmail", *A), Stepper(session, "sendmail", *B)
        await one.begin()
        await two.begin()
        await asyncio.gather(one.run_to(), two.run_to())
        assert (one.result, two.result) == ({}, {})
    assert server.queued == [A, B]


async def test_a_mail_waits_until_an_idle_stepper_is_over():
    server = CountingServer()
    async with serving(server) as port, session_at(port) as session:
        stepper = Stepper(session, "sendmail", *A)
        await stepper.run_to(parse_breakpoint("before DATA"))
        other = asyncio.ensure_future(session.sendmail(*B))
        await asyncio.sleep(0.02)
        assert not other.done()
        await stepper.run_to()
        assert await other == {}
    assert server.queued == [A, B]


async def test_a_waiter_cancelled_as_the_turn_ends_is_cancelled():
    server = CountingServer()
    async with serving(server) as port, session_at(port) as session:
        turns = turns_of(session)
        first = turns.turn("sendmail")
        await turns.queue(first)
        waiting = asyncio.ensure_future(session.sendmail(*A))
        await asyncio.sleep(0)
        waiting.cancel()
        turns.next()  # passes over the one that is cancelled, before its task runs
        with pytest.raises(asyncio.CancelledError):
            await waiting
        assert await session.sendmail(*B) == {}
    assert server.queued == [B]


async def test_waiting_for_ones_own_stepper_is_refused_at_once():
    server = CountingServer()
    async with serving(server) as port, session_at(port) as session:
        stepper = Stepper(session, "sendmail", *A)
        await stepper.run_to(parse_breakpoint("before DATA"))
        with pytest.raises(RuntimeError, match="has stopped before DATA; finish it or abandon"):
            await session.sendmail(*B)
        with pytest.raises(RuntimeError, match="sendmail is being stepped through"):
            await Stepper(session, "sendmail", *B).run_to()
        assert (await session.noop()).code == 250
        await stepper.run_to()
        assert await session.sendmail(*B) == {}
    assert server.queued == [A, B]


async def test_waiting_is_also_refused_if_the_steps_had_a_time_limit():
    async with serving(CountingServer()) as port, session_at(port) as session:
        stepper = Stepper(session, "sendmail", *A)
        await asyncio.wait_for(stepper.run_to(parse_breakpoint("before DATA")), 5)
        with pytest.raises(RuntimeError, match="being stepped through"):
            await session.sendmail(*B)
        await stepper.abandon()


async def test_an_abandoned_stepper_gives_its_turn_back_and_the_transaction_is_reset():
    server = CountingServer()
    async with serving(server) as port, session_at(port) as session:
        stepper = Stepper(session, "sendmail", *A)
        await stepper.run_to(parse_breakpoint("before DATA"))
        await stepper.abandon()
        assert await session.sendmail(*B) == {}
    assert server.queued == [B]
    assert server.heard.count(b"RSET\r\n") == 1


async def test_a_forgotten_stepper_gives_its_turn_back():
    server = CountingServer()
    async with serving(server) as port, session_at(port) as session:
        await Stepper(session, "sendmail", *A).run_to(parse_breakpoint("before DATA"))
        gc.collect(0)
        assert await asyncio.wait_for(session.sendmail(*B), 5) == {}
    assert server.queued == [B]


async def test_a_waiter_continues_when_the_task_of_a_stepper_is_cancelled():
    server = CountingServer()
    async with serving(server) as port, session_at(port) as session:
        kept: list[Stepper] = []  # as a traceback would
        stopped = asyncio.Event()

        async def stepping() -> None:
            kept.append(Stepper(session, "sendmail", *A))
            await kept[0].run_to(parse_breakpoint("before DATA"))
            stopped.set()
            await asyncio.Event().wait()

        loop = asyncio.get_running_loop()
        stepped = loop.create_task(stepping())
        await stopped.wait()
        waiting = loop.create_task(session.sendmail(*B))
        await asyncio.sleep(0.02)
        assert not waiting.done()
        stepped.cancel()
        assert await asyncio.wait_for(waiting, 5) == {}
    assert server.queued == [B]


async def test_a_task_keeps_nothing_of_its_finished_steppers():
    async with serving(CountingServer()) as port, session_at(port) as session:
        task: Any = asyncio.current_task()
        before = len(task._callbacks or ())
        for stepper in [Stepper(session, "sendmail", *A) for _ in range(5)]:
            await stepper.run_to(parse_breakpoint("before DATA"))
            assert len(task._callbacks) == before + 1  # which hears of its end
            await stepper.run_to()
        assert len(task._callbacks or ()) == before


async def test_a_stepper_drops_a_connection_whose_message_was_aborted():
    late = asyncio.Event()
    server = VerbServer(DATA=(late, "354 go on"))
    async with connected(server) as session:
        task = asyncio.ensure_future(session.sendmail(*A))
        await asyncio.sleep(0.05)
        task.cancel()
        late.set()
        stepper = Stepper(session, "sendmail", *B)
        with pytest.raises(ConnectionLost, match="a message was aborted"):
            await stepper.run_to()
        assert not session.connected


async def test_a_stepper_resets_what_was_aborted_as_a_step_that_is_seen():
    server = VerbServer(RCPT=[(asyncio.Event(), "250 ok")])
    async with connected(server) as session:
        late = server.says["RCPT"][0][0]
        task = asyncio.ensure_future(session.sendmail(*A))
        await asyncio.sleep(0.05)
        task.cancel()
        late.set()
        stepper = Stepper(session, "sendmail", *B)
        await stepper.run_to()
        assert stepper.result == {}
        assert [done.planned.verb for done in stepper.done] == ["RSET", "MAIL", "RCPT", "DATA", "."]


async def test_two_calls_of_one_stepper_at_once_are_refused():
    async with serving(CountingServer(delay=0.01)) as port, session_at(port) as session:
        stepper = Stepper(session, "sendmail", *A)
        await stepper.begin()
        results = await asyncio.gather(
            stepper.run_to(), stepper.run_to(), stepper.wait(), stepper.skip(),
            return_exceptions=True,
        )  # fmt: skip
        assert [type(each) for each in results] == [type(None), *[RuntimeError] * 3]
        assert stepper.result == {}


@pytest.mark.parametrize("keywords", BOTH)
async def test_a_single_command_does_not_become_a_line_of_a_message(keywords: tuple[str, ...]):
    server = CountingServer(*keywords)
    async with serving(server) as port, session_at(port) as session:
        sending = asyncio.ensure_future(session.sendmail(*LONG))
        while not sending.done():
            assert (await session.noop()).code == 250
        assert await sending == {}
    assert server.queued == [LONG]
    assert b"NOOP\r\n" in server.heard


async def test_a_single_command_after_an_aborted_message_is_not_a_line_of_it():
    late = asyncio.Event()
    server = VerbServer("PIPELINING", DATA=(late, "354 go on"))
    async with connected(server) as session:
        task = asyncio.ensure_future(session.sendmail(*A))
        await asyncio.sleep(0.05)
        task.cancel()
        late.set()
        with pytest.raises(ConnectionLost, match="a message was aborted"):
            await asyncio.wait_for(session.noop(), 5)
    assert b"NOOP\r\n" not in server.heard


async def test_a_single_command_continues_when_the_message_that_it_waits_for_is_aborted():
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 ready\r\n")
        while not (line := await reader.readline()).startswith(b"DATA"):
            writer.write(b"250 ok\r\n" if line else b"")
        writer.write(b"354 go on\r\n")
        await asyncio.Event().wait()  # and reads no more

    async with serving(serve) as port:
        session = Session("127.0.0.1", port, timeout=20, local_hostname="me.example")
        await session.connect()
        mail = asyncio.ensure_future(session.sendmail(A[0], A[1], b"x" * 50_000_000))
        while not session.connection._protocol.paused:
            await session.news()
        command = asyncio.ensure_future(session.noop())
        await asyncio.sleep(0)
        mail.cancel()
        with pytest.raises(ConnectionLost, match="a message was aborted before its end"):
            await command


async def test_login_is_one_turn():
    server = VerbServer("AUTH PLAIN", AUTH="235 welcome")
    async with connected(server) as session:
        await asyncio.gather(
            session.login("alice", "wonderland", in_clear=True), session.verify("bob")
        )
    verbs = [line.split()[0] for line in server.heard]
    assert verbs == [b"EHLO", b"AUTH", b"VRFY"]


async def test_rset_waits_for_the_mail_that_is_on_its_way():
    server = CountingServer(delay=0.002)
    async with serving(server) as port, session_at(port) as session:
        await asyncio.gather(session.sendmail(*A), session.rset(), session.sendmail(*B))
    assert server.queued == [A, B]


async def test_everything_at_once_and_under_cancellation():
    server = CountingServer("PIPELINING", "CHUNKING")
    async with serving(server) as port, session_at(port) as session:
        mails = [(f"{n}@example.org", (f"to{n}@example.org",), b"%d\r\n" % n) for n in range(12)]
        async with asyncio.TaskGroup() as group:
            for mail in mails:
                group.create_task(session.sendmail(*mail, chunking=session.has_extn("CHUNKING")))
                group.create_task(session.noop())
                stray = group.create_task(session.sendmail(*A))
                group.create_task(session.check(*A[:2]))
                asyncio.get_running_loop().call_soon(stray.cancel)
    assert [mail for mail in server.queued if mail != A] == mails
    assert all(mail == A or mail in mails for mail in server.queued)


async def test_close_during_a_mail_and_connect_during_close():
    server = CountingServer(delay=0.002)
    async with serving(server) as port:
        session = session_at(port)
        await session.connect()
        sending = asyncio.ensure_future(session.sendmail(*A))
        await asyncio.sleep(0.005)
        closed, failed = await asyncio.gather(session.close(), sending, return_exceptions=True)
        assert closed is None and isinstance(failed, ConnectionLost)
        await session.connect()
        both = await asyncio.gather(session.close(), session.connect(), return_exceptions=True)
        assert both[0] is None
        assert isinstance(both[1], RuntimeError | tuple)
        await session.close()
        async with session:
            assert await session.sendmail(*B) == {}
    assert server.queued == [B]


async def test_a_stepper_that_ended_with_its_task_keeps_nobody_waiting():
    """This holds even if something keeps the stepper alive, such as a traceback."""
    async with serving(CountingServer(delay=0.2)) as port:
        session = Session("127.0.0.1", port, timeout=20)
        await session.connect()
        kept: list[Stepper] = []

        async def step() -> None:
            kept.append(Stepper(session, "sendmail", "a@b.example", ["c@d.example"], b"x"))
            await kept[0].run_to()

        task = asyncio.ensure_future(step())
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.wait_for(session.noop(), 5)
        await asyncio.wait_for(session.sendmail("a@b.example", ["e@f.example"], b"y"), 5)
        await session.close()


class SlowToRcpt(CountingServer):
    """Replies to RCPT long after the client's wait has timed out."""

    def __init__(self) -> None:
        super().__init__()
        self.hold_after = 3  # greeting, EHLO, MAIL


@pytest.mark.every_loop
@pytest.mark.parametrize("ends", ["it was looked at", "unseen"])
async def test_a_waiter_continues_after_a_step_timed_out_and_its_task_ended(ends: str):
    """This must not depend on garbage collection, because no code can wait for that."""
    server = SlowToRcpt()
    async with serving(server) as port:
        session = session_at(port)
        await session.connect()
        await session.ehlo()
        session.timeouts = Timeouts.all(0.05)

        async def step() -> str:
            stepper = Stepper(session, "sendmail", *A)
            try:
                await stepper.run_to()
            except ReplyTimedOut as error:
                if ends == "unseen":
                    raise
                return str(error)
            return ""

        gc.disable()
        try:
            stepped = asyncio.ensure_future(step())
            await asyncio.sleep(0)
            waiting = asyncio.ensure_future(session.sendmail(*B))
            await asyncio.wait([stepped])
            session.timeouts = Timeouts.all(20)
            server.release()
            assert await asyncio.wait_for(waiting, 5) == {}
        finally:
            gc.enable()
        error = stepped.exception() or stepped.result()
        assert str(error) == "no reply to RCPT within 0.05 seconds"
        await session.close()
    assert server.queued == [B]


async def test_a_forgotten_stepper_lets_its_waiters_continue():
    server = CountingServer()
    async with serving(server) as port, session_at(port) as session:
        stepper = Stepper(session, "sendmail", *A)
        await stepper.run_to(parse_breakpoint("before DATA"))
        waiting = asyncio.ensure_future(session.sendmail(*B))
        await asyncio.sleep(0.02)
        del stepper
        assert await asyncio.wait_for(waiting, 5) == {}
    assert server.queued == [B]
