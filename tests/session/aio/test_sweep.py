"""Every procedure, aborted at every await: the server queues only whole, requested messages.

The next procedure works, or reports at once why it does not.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import time
from collections.abc import Awaitable, Callable, Iterator
from smtplib import SMTPException, SMTPSenderRefused
from typing import Any

import pytest
from heloscope.session import SaslError, Session, Stepper, Target, TlsSettings
from heloscope.session.aio.driver import turns_of
from heloscope.session.errors import ConnectionLost
from support.counting_server import CountingServer
from support.made_certificates import authority, by
from support.servers import serving
from support.tls_servers import server_context

pytestmark = pytest.mark.asyncio

ALL = ("PIPELINING", "CHUNKING", "SIZE 1000000", "AUTH PLAIN LOGIN CRAM-MD5 SCRAM-SHA-256 X")
FIRST = ("a@example.org", ("anna@example.org", "alan@example.org"), b"for Anna\r\n..\r\nall\r\n")
LONG = ("l@example.org", ("lisa@example.org",), (b"a long line for Lisa" * 900 + b"\r\n") * 15)
NEXT = ("b@example.org", ("bert@example.org",), b"for Bert\r\n")

ONE_MAIL = ("sendmail", "sendmail by BDAT")  # sends FIRST, as one procedure

Work = Callable[[Session], Awaitable[Any]]


async def by_hand(session: Session) -> None:
    await session.mail(FIRST[0])
    for each in FIRST[1]:
        await session.rcpt(each)
    await session.data(FIRST[2])


async def stepped(session: Session) -> None:
    stepper = Stepper(session, "sendmail", *FIRST)
    await stepper.run_to()
    assert stepper.result == {}


async def from_the_start(session: Session) -> None:
    await session.close()
    assert session.target is not None
    await session.run("from_the_start", session.target, "sendmail", FIRST)


WORK: dict[str, Work] = {
    "sendmail": lambda s: s.sendmail(*FIRST),
    "sendmail by BDAT": lambda s: s.sendmail(*FIRST, chunking=s.has_extn("CHUNKING")),
    "a long mail": lambda s: s.sendmail(*LONG),
    "a long mail by BDAT": lambda s: s.sendmail(*LONG, chunking=s.has_extn("CHUNKING")),
    "by hand": by_hand,
    "bdat": lambda s: s.bdat(b"x", last=True),
    "check": lambda s: s.check(FIRST[0], FIRST[1]),
    "probe": lambda s: s.probe(),
    "verify": lambda s: s.verify("anna"),
    "expn": lambda s: s.expn("staff"),
    "help": lambda s: s.help(),
    "ehlo": lambda s: s.ehlo(),
    "rset": lambda s: s.rset(),
    "noop": lambda s: s.noop(),
    "quit": lambda s: s.quit(),
    "from the start": from_the_start,
    "stepper": stepped,
    **{
        mechanism: lambda s, m=mechanism: s.login("u", "wonderland", mechanism=m, in_clear=True)
        for mechanism in ("PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-256")
    },
}
KEYWORDS = {"plain": ALL[1:], "pipelining": ALL}


def session_at(port: int, *, lmtp: bool = False) -> Session:
    target = Target("127.0.0.1", port, lmtp=lmtp)
    return Session(target, local_hostname="me.example", timeout=20)


async def broken_off(work: Awaitable[Any], steps: int, how: str) -> bool:
    """Abort `work` after `steps` loop iterations, and return whether it had already completed."""
    task = asyncio.ensure_future(work)
    for _ in range(steps):
        if task.done():
            break
        await asyncio.sleep(0)
    done = task.done()
    if how == "cancelled":
        task.cancel()
    else:  # as asyncio.timeout does, from within
        with contextlib.suppress(TimeoutError, SMTPException, SaslError):
            async with asyncio.timeout(0):
                await task
    with contextlib.suppress(asyncio.CancelledError, SMTPException, SaslError):
        await task
    return done


async def next_one(session: Session) -> bool:
    """Return whether the next mail was sent. If not, check that the loss was reported at once."""
    began = time.monotonic()
    try:
        await asyncio.wait_for(session.sendmail(*NEXT), 5)
    except SMTPSenderRefused:  # a transaction that was begun by hand: it is reset now
        return await next_one(session)
    except ConnectionLost:
        assert time.monotonic() - began < 2
        assert not session.connected
        return False
    return True


class Current:
    """Passes each connection to the current server, so that one port is enough."""

    server: CountingServer

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self.server(reader, writer)


def turns() -> Iterator[int]:
    """Yield, without end, the numbers of loop iterations after which to abort something."""
    steps = 0
    while True:
        yield steps
        steps += 1 if steps < 40 else steps // 3


async def sweep(
    name: str, offered: str = "pipelining", how: str = "cancelled", **how_to: Any
) -> None:
    work = WORK[name]
    current = Current()
    async with serving(current) as port:
        for steps in turns():
            server = current.server = CountingServer(*KEYWORDS[offered])
            session = session_at(port, **how_to)
            await session.connect()
            await session.ehlo()
            done = await broken_off(work(session), steps, how)
            order = turns_of(session)
            assert not (order.quiet and order.guarded), steps  # a command may have to wait
            worked = await next_one(session)
            if not worked:  # a new connection is like any other
                if name in ONE_MAIL:
                    assert server.queued == [], steps
                await session.connect()
                assert await next_one(session)
            assert order.quiet and not order.guarded, steps
            await session.close()
            firsts = [mail for mail in server.queued if mail != NEXT]
            assert all(mail in (FIRST, LONG) for mail in firsts), steps
            assert len(firsts) <= 1, steps
            assert server.queued.count(NEXT) == 1, steps
            if done:
                break
        assert name not in ONE_MAIL or current.server.queued == [FIRST, NEXT]


@pytest.mark.every_loop
@pytest.mark.parametrize("offered", KEYWORDS)
@pytest.mark.parametrize("name", WORK)
async def test_each_procedure_can_be_cancelled_at_every_await(name: str, offered: str):
    await sweep(name, offered)


@pytest.mark.parametrize("name", ["sendmail", "a long mail", "check", "SCRAM-SHA-256", "stepper"])
async def test_a_procedure_can_time_out_at_every_await(name: str):
    await sweep(name, how="timed out")


@pytest.mark.parametrize("name", ["sendmail", "check", "stepper"])
@pytest.mark.parametrize("offered", KEYWORDS)
async def test_lmtp_procedures_can_be_cancelled_at_every_await(name: str, offered: str):
    await sweep(name, offered, lmtp=True)


@pytest.mark.parametrize("name", ["starttls", "probe", "secure"])
async def test_starttls_can_be_cancelled_at_every_await(name: str):
    """With or without TLS, the next mail is sent whole, or the connection has closed."""
    tls = server_context(by(authority()))
    work: dict[str, Work] = {
        "starttls": lambda s: s.starttls(),
        "probe": lambda s: s.probe(),
        "secure": lambda s: s.run("secure", required=True),
    }
    worked: list[bool] = []
    for steps in (*range(24), 30, 50, 100, 1000):
        server = CountingServer("STARTTLS", tls=tls)
        async with serving(server) as port:
            session = Session(
                f"127.0.0.1:{port}", local_hostname="me.example", timeout=20,
                tls=TlsSettings(verify=False),
            )  # fmt: skip
            await session.connect()
            await broken_off(work[name](session), steps, "cancelled")
            worked.append(await next_one(session))
            await session.close()
        assert server.queued == [NEXT] * worked[-1], steps
    assert worked[0]
    assert False in worked


@pytest.mark.parametrize("offered", KEYWORDS)
async def test_a_stepper_that_is_cancelled_anywhere_continues_where_it_was(offered: str):
    """Nothing is sent twice, and a reply that arrives at that very moment is kept."""
    current = Current()
    async with serving(current) as port:
        for steps in itertools.count():
            server = current.server = CountingServer(*KEYWORDS[offered])
            session = session_at(port)
            await session.connect()
            stepper = Stepper(session, "sendmail", *FIRST)
            done = await broken_off(stepper.run_to(), steps, "cancelled")
            while not stepper.over:
                await asyncio.wait_for(stepper.send(), 5)
            assert stepper.result == {}
            replies = [step.reply for step in stepper.done]
            assert all(reply is not None and reply.code < 400 for reply in replies), steps
            assert await next_one(session)
            await session.close()
            assert server.queued == [FIRST, NEXT], steps
            verbs = [line.split()[0] for line in server.heard]
            assert verbs.count(b"MAIL") == 2 and verbs.count(b"RCPT") == 3, steps
            if done:
                break


@pytest.mark.parametrize("offered", KEYWORDS)
async def test_a_stepper_that_is_cancelled_every_few_turns_of_the_loop(offered: str):
    server = CountingServer(*KEYWORDS[offered])
    async with serving(server) as port:
        session = session_at(port)
        await session.connect()
        stepper = Stepper(session, "sendmail", *LONG)
        await stepper.begin()
        while not stepper.over:
            await broken_off(stepper.send(), 3, "cancelled")
        assert stepper.result == {}
        await session.close()
    assert server.queued == [LONG]


async def test_a_stepper_that_is_abandoned_anywhere_leaves_a_state_that_is_known():
    for steps in range(7):
        server = CountingServer(*ALL)
        async with serving(server) as port:
            session = session_at(port)
            await session.connect()
            stepper = Stepper(session, "sendmail", *FIRST)
            await stepper.begin()
            for _ in range(steps):
                if not stepper.over:
                    await stepper.send()
            await stepper.abandon()
            if not await next_one(session):
                await session.connect()
                assert await next_one(session)
            await session.close()
        assert set(server.queued) <= {FIRST, NEXT}
        assert server.queued.count(NEXT) == 1


async def test_a_reply_that_times_out_does_not_affect_the_next_mail():
    """The server falls silent after its n-th reply for as long as the first mail waits."""
    for silent in range(1, 9):
        server = CountingServer(*ALL)
        server.hold_after = silent
        async with serving(server) as port:
            session = Session(f"127.0.0.1:{port}", local_hostname="me.example", timeout=5)
            await session.connect()
            session.timeouts = type(session.timeouts).all(0.05)
            try:
                await session.sendmail(*FIRST)
            except SMTPException:
                pass
            server.release()
            session.timeouts = type(session.timeouts).all(5)
            if session.connected and not await next_one(session):
                await session.connect()
                assert await next_one(session)
            await session.close()
        assert all(mail in (FIRST, NEXT) for mail in server.queued), silent
        assert server.queued.count(FIRST) <= 1
