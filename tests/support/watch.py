"""Waiting until a hostile server and a session have no more to say to each other.

Never for a time: what the server sent has been received, what the client sent has been read, and
the server waits for the client; or the connection is over.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from heloscope.session import Session
from heloscope.session.events import CLIENT, SERVER, Block, Direction, Disconnected, Event, Line

from support.play import Play


class Watch:
    """Watches one session and the play at its other end; `changed` is called when either moves."""

    def __init__(self, session: Session, play: Play) -> None:
        self.session = session
        self.play = play
        self.changed: Callable[[], object] = lambda: None
        self.over = False
        self._octets: dict[Direction, int] = {CLIENT: 0, SERVER: 0}
        self._news = asyncio.Event()
        for event in session.transcript.events():
            self._hear(event)
        self._unsubscribe = session.subscribe(self._hear, blocks=True)
        loop = asyncio.get_running_loop()
        self._tasks = [loop.create_task(self._follow(side)) for side in (session, play)]

    def _hear(self, event: Event) -> None:
        if isinstance(event, Line):
            self._octets[event.direction] += len(event.data)
        elif isinstance(event, Block):
            self._octets[CLIENT] += len(event.data)
        elif isinstance(event, Disconnected):
            self.over = True
        self._news.set()

    async def _follow(self, side: Session | Play) -> None:
        while True:
            self._news.set()  # the first time for what came before this was listening
            await side.news()
            self.changed()

    @property
    def quiet(self) -> bool:
        """Whether nothing will happen until the client says more."""
        play, pending = self.play, self.session.conversation.pending
        if self.over or play.ended or not play.resting or not self.session.connected:
            return self.over
        return self._octets[SERVER] + len(pending(SERVER)) == len(play.sent) and (
            play.deaf or self._octets[CLIENT] + len(pending(CLIENT)) == len(play.heard)
        )

    async def settle(self) -> None:
        """Return when it is quiet."""
        while True:
            while not self.quiet:
                self._news.clear()
                await self._news.wait()
            for _ in range(10):  # who was waiting for a reply goes on, and may say more
                await asyncio.sleep(0)
            if self.quiet:
                return

    def close(self) -> None:
        """Watch no more."""
        self._unsubscribe()
        for task in self._tasks:
            task.cancel()
