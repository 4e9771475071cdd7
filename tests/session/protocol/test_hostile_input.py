"""`Session` against every hostile server: it reports what happened, without losing any bytes."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Coroutine
from smtplib import SMTPConnectError, SMTPException
from typing import Any

import pytest
from heloscope.session import Session
from heloscope.session.errors import ConnectionLost, ReplyTimedOut
from heloscope.session.events import (
    CLIENT,
    SERVER,
    Direction,
    Disconnected,
    Event,
    Line,
    Violation,
)
from heloscope.session.protocol.violations import RULES
from heloscope.session.secret import Secret
from heloscope.session.target import Target
from support.hostile_play import Play, Watch, playing
from support.hostile_servers import LOGIN, PASSWORD, SECRETS, SERVERS, HostileServer, Raw, of_group
from support.rows import for_each


class Talk:
    """A client that sends its lines one by one, each after the server has finished replying."""

    def __init__(self, server: HostileServer, play: Play, port: int) -> None:
        self.server = server
        target = Target("127.0.0.1", port, lmtp=server.lmtp)
        self.session = Session(target, local_hostname="me")
        self.heard: list[Event] = []
        self.session.subscribe(self.heard.append)
        self.watch = Watch(self.session, play)
        self._tasks: list[asyncio.Task[object]] = []

    async def run(self, deliver: bool = False) -> None:
        """Run the whole conversation: the lines of the table, or a login and a message.

        Raises any error that is not documented.
        """
        await self._do(self._deliver() if deliver else self.session.connect())
        await self.watch.settle()
        for said in () if deliver else self.server.client:
            if self.watch.over:
                break
            raw = isinstance(said, Raw)
            await self._do(self.session.send_raw(said) if raw else self.session.docmd(said))
            await self.watch.settle()
        await self.session.close()
        self.watch.close()
        for task in self._tasks:
            task.cancel()
        for result in await asyncio.gather(*self._tasks, return_exceptions=True):
            documented = (ConnectionLost, ReplyTimedOut, SMTPConnectError, asyncio.CancelledError)
            if deliver:
                documented += (SMTPException,)
            if isinstance(result, BaseException) and not isinstance(result, documented):
                raise result

    async def _deliver(self) -> None:
        session = self.session
        await session.connect()
        with contextlib.suppress(SMTPException):
            await session.login("alice", Secret(PASSWORD), in_clear=True)
        to = ["alice@example.org", "bob@example.org"]
        with contextlib.suppress(SMTPException):
            await session.sendmail("you@example.org", to, b"Subject: hello\r\n\r\n.\r\n")
        with contextlib.suppress(SMTPException):
            await session.sendmail("you@example.org", to, b"again", chunking=True)
        await session.quit()

    async def _do(self, work: Coroutine[Any, Any, object]) -> None:
        self._tasks.append(asyncio.get_running_loop().create_task(work))
        await asyncio.sleep(0)  # it begins: what it sends at once is sent


@for_each(SERVERS, lambda server: server.name)
async def test_every_byte_is_kept_and_nothing_but_the_documented_is_raised(
    server: HostileServer, *, caplog: pytest.LogCaptureFixture
):
    caplog.clear()
    troubles: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, trouble: troubles.append(trouble))
    async with playing(server.steps) as (play, port):
        talk = Talk(server, play, port)
        await talk.run()
    transcript = talk.session.transcript
    assert transcript.joined(SERVER) == play.sent
    assert transcript.joined(CLIENT).startswith(play.heard)
    if play.read_all:
        assert transcript.joined(CLIENT) == play.heard
    rows = [event for event in talk.heard if isinstance(event, Line)]
    assert b"".join(row.data for row in rows if not row.sent) == play.sent
    assert [row.row for row in rows] == list(range(len(transcript)))
    assert [type(event) for event in talk.heard] == [type(e) for e in transcript.events()]
    assert {event.rule for event in talk.heard if isinstance(event, Violation)} <= set(RULES)
    assert sum(isinstance(event, Disconnected) for event in talk.heard) == 1
    assert not troubles
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


@for_each(SERVERS, lambda server: server.name)
async def test_a_login_and_a_message_end_with_an_answer_or_a_documented_exception(
    server: HostileServer,
):
    async with playing(server.steps) as (play, port):
        talk = Talk(server, play, port)
        await talk.run(deliver=True)
    assert play.sent.startswith(talk.session.transcript.joined(SERVER))  # QUIT ends the listening
    assert talk.session.transcript.joined(CLIENT).startswith(play.heard)
    assert not talk.session.connected


@for_each(of_group("echo"), lambda server: server.name)
async def test_a_secret_that_the_server_repeats_is_masked(server: HostileServer):
    shown: list[bytes] = []
    async with playing(server.steps) as (play, port):
        talk = Talk(server, play, port)

        def look() -> None:
            conversation = talk.session.conversation
            shown.extend(conversation.pending_masked(direction) for direction in Direction)

        talk.watch.changed = look
        await talk.run()
    transcript = talk.session.transcript
    shown += [transcript.masked(row) for row in range(len(transcript))]
    told = b"\n".join(shown)
    if server.name != "echo: bare":  # whose greeting is the EHLO: that ends the connection
        assert transcript.joined(CLIENT) == b"".join(said + b"\r\n" for said in LOGIN)
    assert not [secret for secret in SECRETS if secret in told]
