"""Plays the hostile servers that `hostile_servers.py` describes, over a real socket.

A `Play` serves one connection by following a list of steps, and logs it: `sent` is every byte that
the system accepted for sending, and `heard` every byte that was read. It signals when it has
nothing more to do until the client sends something, so that tests wait for this and never for a
fixed time.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections.abc import AsyncIterator, Callable
from typing import NamedTuple

from heloscope.session import Session
from heloscope.session.events import CLIENT, SERVER, Block, Direction, Disconnected, Event, Line

LONGEST = 120  # seconds that any of it may take on a busy machine: a test that hangs has failed


class Say(NamedTuple):
    """A step that sends `data` as many times as `times` says.

    The segments have `cut` octets each, or any size if `cut` is 0.
    """

    data: bytes
    times: int = 1
    cut: int = 0


class Hear(NamedTuple):
    """A step that reads until the octets `until` have been received once more."""

    until: bytes = b"\n"


class Answer(NamedTuple):
    """A step that replies with `data` to each of the next `lines` lines from the client."""

    data: bytes
    lines: int = 100


class Echo(NamedTuple):
    """A step that echoes each client line, transformed by `how`, between `before` and `after`."""

    before: bytes = b""
    after: bytes = b"\r\n"
    how: Callable[[bytes], bytes] = bytes
    cut: int = 0


class End(NamedTuple):
    """The last step, which ends the connection in the way that `how` names.

    This is close, reset, half (close for sending only), stay (keep open), or deaf (stop reading).
    """

    how: str


Step = Say | Hear | Answer | Echo | End


class Play:
    """One connection, served by `steps`, and then kept open until the client has gone."""

    def __init__(self, steps: tuple[Step, ...]) -> None:
        self.steps = steps
        self.sent = bytearray()
        self.heard = bytearray()
        self.resting = False
        """Whether the server will send nothing more until it receives something from the client."""
        self.ended = False
        """Whether the server has closed the connection, which the client will notice."""
        self.deaf = False
        """Whether the server has stopped reading."""
        self.read_all = False
        """Whether the server has read everything that the client sent, up to the end."""
        self._read = 0  # of what was heard, how much the steps have seen
        self._waiting: list[asyncio.Future[None]] = []

    async def news(self) -> None:
        """Wait until the server starts or stops waiting for the client, or the connection ends."""
        news = asyncio.get_running_loop().create_future()
        self._waiting.append(news)
        await news

    def _tell(self) -> None:
        waiting, self._waiting = self._waiting, []
        for news in waiting:
            if not news.done():
                news.set_result(None)

    async def serve(self, sock: socket.socket) -> None:
        """Play the steps, to the end of the connection."""
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            with contextlib.suppress(ConnectionError, EOFError):
                for step in (*self.steps, End("stay")):
                    await self._step(step, sock)
        finally:
            sock.close()
            self.ended = True
            self._tell()

    async def _step(self, step: Step, sock: socket.socket) -> None:
        match step:
            case Say(data, times, cut):
                await self._say(sock, data, times, cut)
            case Hear(until):
                await self._hear(sock, until)
            case Answer(data, lines):
                for _ in range(lines):
                    await self._hear(sock, b"\n")
                    await self._say(sock, data)
            case Echo(before, after, how, cut):
                while True:
                    line = await self._hear(sock, b"\n")
                    await self._say(sock, before + how(line.rstrip(b"\r\n")) + after, cut=cut)
            case End("reset"):
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                raise EOFError
            case End("close"):
                raise EOFError
            case End("half"):
                sock.shutdown(socket.SHUT_WR)
                self.ended = True
            case End("deaf"):
                self.deaf = self.resting = True
                self._tell()
                await asyncio.Event().wait()
            case _:
                while True:
                    await self._more(sock)

    async def _say(self, sock: socket.socket, data: bytes, times: int = 1, cut: int = 0) -> None:
        if times > 1:  # as large as the system may take, but never all of it in memory
            once = max(1, min(times, (1 << 18) // len(data)))
            while times > 0:
                await self._say(sock, data * min(once, times))
                times -= once
            return
        for start in range(0, len(data), cut or len(data) or 1):
            part = memoryview(data)[start : start + (cut or len(data))]
            while part:
                try:
                    done = sock.send(part)
                except BlockingIOError:
                    await _writable(sock)
                    continue
                self.sent += part[:done]
                part = part[done:]
            await asyncio.sleep(0)  # the client's turn

    async def _hear(self, sock: socket.socket, until: bytes) -> bytes:
        while (end := self.heard.find(until, self._read)) < 0:
            await self._more(sock)
        end += len(until)
        said = bytes(self.heard[self._read : end])
        self._read = end
        return said

    async def _more(self, sock: socket.socket) -> None:
        self.resting = True
        self._tell()
        data = await asyncio.get_running_loop().sock_recv(sock, 1 << 18)
        self.resting = False
        self.heard += data
        self._tell()
        if not data:
            self.read_all = True
            raise EOFError


async def _writable(sock: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    ready = loop.create_future()
    loop.add_writer(sock, lambda: ready.done() or ready.set_result(None))
    try:
        await ready
    finally:
        loop.remove_writer(sock)


@contextlib.asynccontextmanager
async def playing(steps: tuple[Step, ...]) -> AsyncIterator[tuple[Play, int]]:
    """Play `steps` for the first client that connects, and yield the `Play` and the port."""
    play = Play(steps)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)

        async def accept() -> None:
            sock, _ = await asyncio.get_running_loop().sock_accept(listening)
            await play.serve(sock)

        task = asyncio.get_running_loop().create_task(accept())
        try:
            async with asyncio.timeout(LONGEST):
                yield play, listening.getsockname()[1]
        finally:
            if play.deaf or not task.done():
                task.cancel()
            await asyncio.gather(task, return_exceptions=True)


class Watch:
    """Watches a session and the play at its other end, and waits until neither has more to send.

    This is the case when the client has received what the server sent, the server has read what the
    client sent, and the server is waiting for the client, or when the connection is over. There are
    no fixed waiting times. `changed` is called when the session or the play progresses.
    """

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
        """Whether nothing will happen until the client sends more."""
        play, pending = self.play, self.session.conversation.pending
        if self.over or play.ended or not play.resting or not self.session.connected:
            return self.over
        return self._octets[SERVER] + len(pending(SERVER)) == len(play.sent) and (
            play.deaf or self._octets[CLIENT] + len(pending(CLIENT)) == len(play.heard)
        )

    async def settle(self) -> None:
        """Wait until nothing more will happen."""
        while True:
            while not self.quiet:
                self._news.clear()
                await self._news.wait()
            for _ in range(10):  # who was waiting for a reply goes on, and may say more
                await asyncio.sleep(0)
            if self.quiet:
                return

    def close(self) -> None:
        """Stop watching."""
        self._unsubscribe()
        for task in self._tasks:
            task.cancel()
