"""Plain lines of a script are sent as replies arrive, and the event loop is not blocked."""

from __future__ import annotations

import asyncio

import pytest
from heloscope.app.script.connector import Ended
from heloscope.app.script.lines import Lines
from heloscope.session.aio.session import Session
from heloscope.session.errors import ConnectionLost
from heloscope.session.events import ReplyReceived
from heloscope.session.reply import Reply
from heloscope.session.script.expectation import parse_expectation
from heloscope.session.script.statements import (
    BeginMessage,
    Expect,
    Place,
    SendLine,
    Wait,
)
from support.servers import VerbServer, serving

HERE = Place("-", 1)
NOOP, WAIT = SendLine(HERE, b"NOOP"), Wait(HERE, 1.0)
EXPECT = Expect(HERE, parse_expectation("250"))
CLOSED = Expect(HERE, parse_expectation("closed"))


class Taken:
    """A record of what `Lines` does with a session."""

    def __init__(self, session: Session | None) -> None:
        self.done: list[object] = []
        self.limit = -1
        self._session = session
        self.lines = Lines(
            send=self._send,
            expect=lambda _: self.done.append("expect"),
            answered=self._answered,
            finish=self._finish,
            lost=lambda error: self.done.append(type(error)),
            taken=lambda: None,
        )

    def _send(self, statement: SendLine | BeginMessage) -> tuple[Session, int] | None:
        if self._session is None:
            return None
        self._session.send_line(statement.data)
        row = self._session.conversation.newest
        assert row is not None
        return self._session, row

    def _answered(self, reply: ReplyReceived) -> None:
        self.done.append(reply.code)
        if len(self.done) == self.limit:
            raise Ended

    async def _finish(self, _: Session, __: int, reply: Reply) -> None:
        self.done.append(f"finish {reply.code}")


async def test_lines_are_taken_up_to_a_statement_that_takes_longer():
    async with serving(VerbServer()) as port, Session("127.0.0.1", port) as session:
        taken = Taken(session)
        left = iter([NOOP, EXPECT, BeginMessage(HERE, b"RSET"), CLOSED, NOOP, WAIT])
        assert await taken.lines.run(left) is CLOSED
        assert taken.done == [250, "expect", 250]
        assert await taken.lines.run(left) is WAIT
        assert await taken.lines.run(left) is None
        assert taken.done == [250, "expect", 250, 250]


async def test_what_a_reply_raises_ends_the_run():
    async with serving(VerbServer()) as port, Session("127.0.0.1", port) as session:
        taken = Taken(session)
        taken.limit = 2
        with pytest.raises(Ended):
            await taken.lines.run(iter([NOOP] * 5))
        assert taken.done == [250, 250]
        assert (await session.noop()).code == 250


async def test_after_a_220_it_is_seen_whether_tls_begins():
    server = VerbServer(HELP="220 go ahead")
    async with serving(server) as port, Session("127.0.0.1", port) as session:
        taken = Taken(session)
        assert await taken.lines.run(iter([SendLine(HERE, b"HELP"), NOOP])) is None
        assert taken.done == [220, "finish 220", 250]


async def test_a_connection_that_is_lost_is_told_and_the_next_statement_follows():
    async with serving(VerbServer(NOOP="")) as port, Session("127.0.0.1", port) as session:
        taken = Taken(session)
        assert await taken.lines.run(iter([NOOP, EXPECT])) is None
        assert taken.done == [ConnectionLost, "expect"]


async def test_a_run_that_is_cancelled_sends_nothing_more():
    async with serving(server := VerbServer()) as port, Session("127.0.0.1", port) as session:
        taken = Taken(session)
        task = asyncio.ensure_future(taken.lines.run(iter([NOOP] * 5)))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert (await session.docmd("HELP")).code == 250
        assert (taken.done, server.heard) == ([], [b"NOOP\r\n", b"HELP\r\n"])


async def test_statements_that_wait_for_nothing_leave_the_event_loop_its_turns():
    taken, turns = Taken(None), list[int]()

    async def count() -> None:
        while True:
            turns.append(len(taken.done))
            await asyncio.sleep(0)

    counting = asyncio.ensure_future(count())
    assert await taken.lines.run(iter([EXPECT] * 1000)) is None
    counting.cancel()
    assert len(taken.done) == 1000
    assert len(turns) > 5
