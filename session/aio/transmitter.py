"""`Transmitter`: writes data to the server, and feeds it to the conversation.

Each connection has one, along with a `Receiver`. Each command that is written is added to the
commands in flight, with the future for its reply. If the server does not read, `drain` waits.
"""

from __future__ import annotations

import asyncio
from asyncio import Future, get_running_loop
from collections.abc import Callable

from ..driver.reply_waiters import InFlight
from ..errors import ConnectionLost, ReplyTimedOut
from ..events import CLIENT
from ..protocol.connection_state import PendingCommand
from ..protocol.conversation import Conversation
from ..reply import Reply
from .news import News, Waiters
from .socket_protocol import SocketProtocol
from .watchdog import Watchdog

WRITTEN_AT_ONCE = 256 * 1024  # octets of a message that are passed to the transport together


class Transmitter:
    """Writes to the transport of a connection, and records the written data.

    `gone` returns the error that explains why nothing can be sent. `protocol` must be set before
    anything is written.
    """

    protocol: SocketProtocol

    def __init__(
        self,
        conversation: Conversation,
        waiters: Waiters,
        watchdog: Watchdog,
        news: News,
        clock: Callable[[], float],
        *,
        gone: Callable[[], ConnectionLost],
    ) -> None:
        self._conversation = conversation
        self._waiters = waiters
        self._watchdog = watchdog
        self._news = news
        self._clock = clock
        self._gone = gone

    def send_line(self, line: bytes) -> None:
        """Send `line` and CRLF without waiting for a reply. Raises ConnectionLost."""
        self.write(line + b"\r\n")

    async def send_raw(
        self, data: bytes, progress: Callable[[int, int], object] | None = None
    ) -> None:
        """Send exactly these bytes, and return when the system has accepted them.

        A remainder without a line ending is recorded as a piece. `progress` is called periodically
        with two numbers: the octets sent so far and their total. Raises ConnectionLost, or
        ReplyTimedOut if the server reads nothing for too long.
        """
        start, size = 0, len(data)
        while start < size:
            await self.drain()
            end = start + WRITTEN_AT_ONCE
            if end < size:  # cut at a line ending, so that the rows are complete lines
                end = data.rfind(b"\n", start, end) + 1 or end
            self.write(data[start:end])
            start = min(end, size)
            if progress is not None:
                progress(start, size)
        await self.drain()
        if not data.endswith(b"\n"):
            self._conversation.flush(CLIENT, self._clock())

    def write(
        self, data: bytes, commands: list[bytes] | None = None, in_flight: InFlight | None = None
    ) -> None:
        """Write `data`, and feed it to the conversation.

        With `in_flight`, the data is fed as the given `commands`, which are added to `in_flight`,
        each with the future for its reply. Otherwise, it is fed as a whole. Raises ConnectionLost.
        """
        protocol = self.protocol
        transport = protocol.transport
        if transport is None or transport.is_closing():
            raise self._gone()
        if protocol.loop is not get_running_loop():
            protocol.check_loop()
        now = self._clock()
        conversation, watchdog = self._conversation, self._watchdog
        if conversation.due is True or (conversation.oldest is None and conversation.greeting_seen):
            watchdog.since = now  # no reply is due: a new wait begins
        else:
            watchdog.sent_behind(now)
        transport.write(data)
        if in_flight is None or commands is None:
            conversation.feed(CLIENT, data, now)
        else:
            self._feed(commands, in_flight, now)
        if watchdog.timer is None:
            watchdog.watch()
        if self._news.awaited:
            self._news.tell()

    def ask(self, line: bytes) -> Future[Reply]:
        """Write a command, and return the future for its reply. Raises ConnectionLost."""
        self.write(line)
        command = self._conversation.due
        known = type(command) is PendingCommand
        return self._waiters.for_row(command.row if known else self._conversation.newest)

    def _feed(self, commands: list[bytes], in_flight: InFlight, now: float) -> None:
        """Feed the written commands to the conversation, and register a waiter for each reply."""
        conversation = self._conversation
        for command in commands:
            before = conversation.newest
            conversation.feed(CLIENT, command, now)
            row = conversation.newest
            if row is not None and row != before:
                in_flight.waiting.append((row, self._waiters.for_row(row)))

    async def taken(self, in_flight: InFlight) -> None:
        """Process received data even if there is no need to wait, then wait as `drain` does."""
        await asyncio.sleep(0)
        await self.drain(in_flight)

    async def drain(self, in_flight: InFlight | None = None) -> None:
        """Wait until the transport accepts more data, or until a reply to `in_flight` has arrived.

        A slow server does not time out as long as it keeps reading, but a server that reads nothing
        for too long does. Raises ConnectionLost or ReplyTimedOut.
        """
        protocol = self.protocol
        protocol.check_loop()
        while protocol.paused and protocol.transport is not None:
            if in_flight is not None and self._waiters.has_come(in_flight):
                return
            left = protocol.unsent
            try:
                await protocol.woken(self._watchdog.timeouts.block)
            except TimeoutError:
                if protocol.unsent >= left:
                    raise ReplyTimedOut(
                        "a block of the message", self._watchdog.timeouts.block
                    ) from None
        if protocol.transport is None:
            raise self._gone()
