"""Sends everything in a script other than plain lines (see lines.py), and waits for the replies."""

from __future__ import annotations

from collections.abc import Callable
from smtplib import SMTPException
from typing import Protocol

from ...session.aio.session import Session
from ...session.protocol.states import State
from ...session.protocol.transparency import stuff
from ...session.reply import Reply
from ...session.verbs import END_OF_DATA
from .judging import Judge


class StopBefore(Protocol):
    """A function that raises Ended if there is a breakpoint before a command.

    The command is given as a line (`data`) or as a verb (`verb`).
    """

    def __call__(self, data: bytes = b"", *, verb: str = "") -> object: ...


class Talk:
    """Sends answers, octets and messages, waits for the replies, and notifies `judge`.

    `lost` is called with the error if there is no reply or TLS fails.
    """

    def __init__(
        self, judge: Judge, stop_before: StopBefore, lost: Callable[[Exception], object]
    ) -> None:
        self._judge = judge
        self._stop_before = stop_before
        self._lost = lost

    async def answer(self, session: Session, line: bytes, shown: str) -> None:
        """Send a line that contains a secret and is shown as `shown`, and wait for its reply."""
        self._stop_before(verb="AUTH" if shown == "AUTH" else "(AUTH)")
        self._judge.begin(shown)
        try:
            session.send_line(line)
            await self._replied(session)
        except (SMTPException, OSError, ValueError) as error:
            self._lost(error)

    async def raw(self, session: Session, data: bytes) -> None:
        """Send exactly these octets, and wait for the replies to the commands in them."""
        self._stop_before(data)
        self._judge.begin(data)
        try:
            await session.send_raw(data)
            await self._replied(session)
        except (SMTPException, OSError, ValueError) as error:
            self._lost(error)

    async def message(self, session: Session, content: bytes) -> None:
        """Send a message, with dots doubled and the final dot added, and wait for its replies."""
        self._stop_before(verb=END_OF_DATA)
        if content and not content.endswith(b"\r\n"):
            content += b"\r\n"
        self._judge.begin("the message")
        try:
            await session.send_raw(stuff(content) + b".\r\n")
            await self._replied(session)
        except (SMTPException, OSError, ValueError) as error:
            self._lost(error)

    async def _replied(self, session: Session) -> None:
        """Wait for all replies that are due, and for the handshake that follows a 220 to STARTTLS.

        No reply is due while a message or chunk is incomplete.
        """
        conversation, connection = session.conversation, session.connection
        row = conversation.newest
        if row is None:
            return
        reply = await connection.reply(connection.waiters.for_row(row))
        await self._finished(session, row, reply)

    async def finish(self, session: Session, row: int, reply: Reply) -> None:
        """Wait for what follows the first reply to `row`: more replies or a TLS handshake."""
        try:
            await self._finished(session, row, reply)
        except (SMTPException, OSError, ValueError) as error:
            self._lost(error)

    async def _finished(self, session: Session, row: int, reply: Reply) -> None:
        connection = session.connection
        while reply.event.left:  # LMTP: one for each recipient
            reply = await connection.reply(connection.waiters.for_more(row))
        if session.conversation.state is State.TLS and session.connected:
            self._stop_before(verb="TLS")
            await session.handshake()
