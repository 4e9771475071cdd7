"""`News`: wakes the tasks that wait for the next event of a connection, of any kind."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

from ..driver.reply_waiters import ReplyWaiters
from ..events import Disconnected, Event
from ..record.transcript import Transcript
from ..reply import Reply

Waiters = ReplyWaiters[asyncio.Future[Reply]]
"""The waiters for replies, with asyncio futures."""


class News:
    """The tasks that wait for the next event of a connection."""

    def __init__(self) -> None:
        self.awaited = False
        """Whether any task is waiting. This is an attribute because it is read for every row."""
        self.closed = 0
        """The number of times that `close` has been called, even without a connection."""
        self._listeners: list[asyncio.Future[None]] = []

    async def come(self) -> None:
        """Return as soon as anything has happened on the connection."""
        news = asyncio.get_running_loop().create_future()
        self._listeners.append(news)
        self.awaited = True
        try:
            await news
        except asyncio.CancelledError:
            if news in self._listeners:
                self._listeners.remove(news)
            raise

    def tell(self) -> None:
        """Wake all waiting tasks."""
        listeners, self._listeners = self._listeners, []
        self.awaited = False
        for news in listeners:
            if not news.done() and not news.get_loop().is_closed():
                news.set_result(None)

    async def events(self, present: Callable[[], Transcript], after: int) -> AsyncIterator[Event]:
        """Yield the events of the current transcript until it ends, starting with number `after`.

        If the current transcript stays empty, the events of the next transcript are yielded
        instead. `present()` returns the transcript of the current connection, or of the last one.
        """
        transcript = present()
        closed = self.closed
        marks = 0
        ended = False
        while True:
            for event in transcript.events(after):
                after += 1
                yield event
            if after < transcript.sequence:
                continue
            ended = ended or any(
                type(event) is Disconnected for event in transcript.marks_after(marks)
            )
            marks = transcript.mark_count
            if ended:
                return
            if present() is not transcript:  # it had no connection
                transcript, after, marks = present(), 0, 0
            elif self.closed != closed and not transcript.sequence:
                return
            else:
                await self.come()


def reply_future() -> asyncio.Future[Reply]:
    """Create a future of the running event loop, at less cost than `create_future`."""
    return asyncio.Future(loop=asyncio.get_running_loop())
