"""The whole application on a stage: driven by keys, read as text, with a stopped clock.

    async with Stage().run() as stage:
        await stage.type("EHLO me")
        assert "EHLO me" in stage.screen

The practice server, or a scripted one, is at the other end of a pair of sockets, so that there is
no port, no name to look up, and nothing that differs between runs. The clock advances only when
something is typed, and a little before each reply.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from unittest import mock

from heloscope.app.app import HeloscopeApp
from heloscope.app.config.model import Configuration
from heloscope.app.confinement import FREE, Confinement
from heloscope.app.connect.profile import PRACTICE
from heloscope.app.input.history import History
from heloscope.app.main.screen import MainScreen
from heloscope.app.runtime.settings import Settings
from heloscope.session.aio.session import Session
from heloscope.session.events import Cause
from heloscope.session.net.dial import DialError
from heloscope.session.practice.server import PracticeServer
from heloscope.session.target import Target
from heloscope.widgets.input.composer import Composer
from heloscope.widgets.input.message_editor import MessageEditor
from heloscope.widgets.transcript.view import TranscriptView
from textual import events
from textual._compositor import Compositor
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from support import fixed_certificates as fixed
from support import known_handlers, matched_styles, quick_messages, quick_nodes
from support.driving import (
    PATIENCE,
    burst,
    handled,
    lay_out,
    press,
    render_update,
    turn,
    unpainted,
)
from support.parsed_styles import share
from support.screen_text import lines_of, text_in
from support.servers import Serve, script, script_in_tls

share()
matched_styles.keep()
known_handlers.keep()
quick_nodes.use()
quick_messages.use()

WIDE = (140, 40)
NARROW = (80, 24)
TYPING = 2.41  # seconds from one typed line to the next
ANSWER = 0.012  # seconds from a line to its answer
_PAUSE = 0.02  # seconds of real time after which a letter typed in a pane stands alone
_NEVER = 3600.0  # seconds: a stage updates its screen itself, once for all that changed


class Clock:
    """A clock that advances only when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class _Practice(PracticeServer):
    """A practice server that nobody else can reach, at a port that is always the same."""

    def __init__(self) -> None:
        super().__init__(clock=lambda: 1_790_000_000.0)

    async def start(self, port: int = 0) -> None:
        self.port, self.tls_port, self.second_port = 2525, 2465, 2526

    async def stop(self) -> None:
        for connection in self._connections:
            connection.end()


class Stage:
    """The application on a stage, with its servers and its clock.

    `serve` plays every server except the practice server. Without it, they refuse the connection,
    and silent.example.org never responds.
    """

    def __init__(
        self,
        target: str = PRACTICE,
        serve: Serve | None = None,
        *,
        history: Sequence[str] = (),
        keep_history: History | None = None,
        settings: Settings | None = None,
        keep: Callable[[Settings], object] | None = None,
        record: bool = False,
        now: float | None = None,
        trusted: Path | None = None,
        confinement: Confinement = FREE,
        configuration: Configuration | None = None,
    ) -> None:
        """Prepare an application, which starts when `run` is called.

        `now`, in seconds since the epoch, is what the wall clock always shows, and `trusted` is a
        file of CAs used instead of the system's.
        """
        self._now = now
        self._trusted = trusted
        self.clock = Clock()
        self.serve = serve
        self.practice = _Practice()
        kept = keep_history or History()
        kept.lines += history
        self.app = HeloscopeApp(
            target,
            settings=settings,
            history=kept,
            keep=keep,
            record=record,
            practice=self.practice,
            clock=self.clock,
            confinement=confinement,
            configuration=configuration,
        )
        self.app.animation_level = "none"
        self._plays: set[asyncio.Task[None]] = set()
        self.pilot: Pilot[None]

    # Putting it on

    @contextlib.asynccontextmanager
    async def run(self, size: tuple[int, int] = WIDE) -> AsyncIterator[Stage]:
        """Run the application, greeted by its server. It is painted when a test looks at it."""
        with self.set_up(), unpainted():
            async with self.app.run_test(size=size, notifications=True) as self.pilot:
                await self.settle()
                if self.serve is not None or self.app._target == PRACTICE:
                    await self.greeted()
                yield self
            await self._end_plays()

    def directed(
        self, steps: Callable[[Stage], Awaitable[object]]
    ) -> Callable[[Pilot[None]], Awaitable[None]]:
        """Return a `run_before` for `snap_compare`: wait for the greeting, then do `steps`."""

        async def run_before(pilot: Pilot[None]) -> None:
            self.pilot = pilot
            with unpainted():
                await self.settle()
                await self.greeted()
                await steps(self)
                await self.settle()
                self.app.main.sync()  # what else the next tick of a second would bring
                await self.settle()

        return run_before

    @contextlib.contextmanager
    def set_up(self) -> Iterator[None]:
        """Provide the sockets, and surroundings that look the same everywhere."""
        with contextlib.ExitStack() as stack:
            enter = stack.enter_context
            enter(mock.patch("heloscope.session.aio.connection.dial", self._dial))
            enter(mock.patch.multiple("heloscope.app.main.refresh", FRAME=0.0, BUSY_FRAME=0.0))
            enter(mock.patch("textual.screen.UPDATE_PERIOD", _NEVER))
            enter(mock.patch("heloscope.app.runtime.pane_letters.PAUSE", _PAUSE))
            enter(mock.patch.object(Input, "_toggle_cursor", lambda _: None))
            enter(mock.patch.object(TextArea, "_toggle_cursor_blink_visible", lambda _: None))
            enter(mock.patch.dict(os.environ, {"TZ": "UTC"}))
            self.app.main.guide._folder = Path(enter(tempfile.TemporaryDirectory()))
            if self._trusted is not None:
                os.environ["SSL_CERT_FILE"] = str(self._trusted)
            if self._now is not None:
                enter(mock.patch("time.time", lambda: self._now))
            os.environ.pop("NO_COLOR", None)
            time.tzset()
            yield
        time.tzset()

    async def _dial(
        self, target: Target, factory: Callable[[], asyncio.Protocol], **_: object
    ) -> object:
        practice = {
            self.practice.port: self.practice.connection,
            self.practice.second_port: self.practice.second_connection,
            self.practice.tls_port: self.practice.tls_connection,
        }
        practising = target.port in practice
        if target.host == "silent.example.org":
            await asyncio.Event().wait()
        if self.serve is None and not practising:
            raise DialError(Cause.REFUSED, f"{target.shown} refused the connection.")
        loop = asyncio.get_running_loop()
        ours, theirs = socket.socketpair()
        made = await loop.create_connection(factory, sock=ours)
        self.clock.now += ANSWER
        server = practice[target.port]() if practising else self.playing()
        hear = server.data_received

        def heard_later(data: bytes) -> None:
            self.clock.now += ANSWER
            hear(data)

        server.data_received = heard_later
        await loop.connect_accepted_socket(lambda: server, theirs)
        return made

    def playing(self) -> asyncio.StreamReaderProtocol:
        """Return a protocol for a new connection that is served by `serve`."""
        return asyncio.StreamReaderProtocol(asyncio.StreamReader(), self._play)

    async def _play(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert self.serve is not None
        task = asyncio.current_task()
        assert task is not None
        self._plays.add(task)
        try:
            await self.serve(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self._plays.discard(task)
            writer.close()

    async def _end_plays(self) -> None:
        """Cancel the servers that are still running."""
        plays = list(self._plays)
        for task in plays:
            task.cancel()
        await asyncio.gather(*plays, return_exceptions=True)
        for _ in range(3):  # until the transports are closed
            await asyncio.sleep(0)

    # What there is

    @property
    def main(self) -> MainScreen:
        return self.app.main

    @property
    def view(self) -> TranscriptView:
        return self.app.main.view

    @property
    def composer(self) -> Composer:
        return self.app.main.composer

    @property
    def editor(self) -> MessageEditor:
        return self.app.main.composer.editor

    @property
    def session(self) -> Session:
        session = self.app.connections.session
        assert session is not None
        return session

    @property
    def lines(self) -> list[str]:
        """The text on the terminal, line by line."""
        return lines_of(self.app.screen._compositor)

    @property
    def screen(self) -> str:
        """The text on the terminal."""
        return "\n".join(self.lines)

    def picture(self) -> str:
        """Return what is on the terminal, painted as SVG."""
        with mock.patch.object(Compositor, "render_update", render_update):
            return self.app.export_screenshot()

    def seen(self, part: str) -> str:
        """Return the text in the part of the terminal that a selector names."""
        region = self.app.screen.query_one(part).region
        return "\n".join(text_in(self.app.screen._compositor, region))

    @property
    def hint(self) -> str:
        """The line above the command line."""
        return self.seen("#composer-hint")

    @property
    def wire(self) -> list[str]:
        """Every row, with its side."""
        return [
            f"{'C' if row.sent else 'S'}: {row.data.decode().rstrip()}"
            for row in self.session.transcript
        ]

    @property
    def sent(self) -> bytes:
        """The bytes that the client has sent."""
        return b"".join(row.data for row in self.session.transcript if row.sent)

    @property
    def notices(self) -> list[str]:
        """The texts of the notices, oldest first."""
        return [notice.text for notice in self.app.main.ui.standing]

    # Driving it

    async def handled(self) -> None:
        """Wait until every message and its consequences are handled."""
        await handled(self.app)

    async def settle(self) -> None:
        """Wait until nothing is left to do: no message, no frame, no timer."""
        await self.handled()
        if self.main.frames.due is not None:
            await self.until(lambda: self.main.frames.due is None)
        if self.main.is_attached:
            self.main._each_second()
        await self.handled()

    async def until(self, condition: Callable[[], object], *, settled: bool = True) -> None:
        """Wait until `condition()` is true and, if `settled`, until every message is handled."""
        turns = 0
        async with asyncio.timeout(PATIENCE):
            while not condition():
                await turn(turns)
                turns += 1
                lay_out(self.app)
        if settled:
            await self.handled()

    async def greeted(self, times: int = 1) -> None:
        """Wait until this many connections have been made, and the last one has its greeting."""
        await self.until(
            lambda: (
                len(self.view.sections) == times
                and self.app.connections.attempt is None
                and self.session.connected
            )
        )
        await self.quiet()

    async def quiet(self) -> None:
        """Wait until every reply that is due has arrived and is shown."""
        async with asyncio.timeout(PATIENCE):
            await self.app.main.sender.quiet()
        await self.settle()

    async def press(self, *keys: str) -> None:
        """Press keys one after the other, named as in Pilot."""
        await press(self.app, *keys[:-1])
        burst(self.app, *keys[-1:])
        await self.settle()

    async def burst(self, *keys: str) -> None:
        """Press keys that arrive in one read of the terminal, named as in Pilot."""
        burst(self.app, *keys)
        await self.settle()

    async def write(self, text: str) -> None:
        """Type a text into the focused widget, faster than anything is drawn."""
        await self.burst(*text)

    async def put(self, line: str) -> None:
        """Put a line into the composer and press Enter, without waiting for the reply."""
        await self._enter(line)
        await self.settle()

    async def type(self, *lines: str) -> None:
        """Type lines into the composer, each after the reply to the previous one."""
        for line in lines:
            await self._enter(line)
            if self.session.connected:
                await self.quiet()
            else:
                await self.settle()

    async def _enter(self, line: str) -> None:
        self.clock.now += TYPING
        self.composer.text = line
        await press(self.app, "enter")

    async def paste(self, text: str) -> None:
        """Paste into the focused widget."""
        self.app.post_message(events.Paste(text))
        await self.settle()

    async def deliver(self, *lines: str) -> None:
        """Deliver a message with these lines, starting with EHLO."""
        await self.type("EHLO me", *TO_ALICE)
        await self.paste("\n".join(lines))
        await self.press("ctrl+d")
        await self.until(
            lambda: self.main.router.sending is None or self.main.router.sending.done()
        )
        await self.quiet()


def played(conversation: str, **options: Any) -> Stage:
    """Return a stage on which mail.example.org plays the `S:` lines of a conversation."""
    return Stage("mail.example.org", script(conversation), **options)


def in_tls(kind: str, settings: Settings) -> Stage:
    """Return a stage with mail.example.org, whose certificate is the same on each run.

    `kind` is "good", "expired", or "injected" for a good certificate and a reply that the server
    adds after the 220 to STARTTLS.
    """
    clear = _CLEAR
    if kind == "injected":
        kind, clear = "good", clear.rstrip() + r"\r\n250-mail.example.org\r\n250 AUTH PLAIN"
    serve = script_in_tls(clear, fixed.context(kind), _INSIDE)
    return Stage("mail.example.org:587", serve, settings=settings, now=fixed.NOW, trusted=fixed.CA)


TO_ALICE = ("MAIL FROM:<you@example.org>", "RCPT TO:<alice@practice.test>", "DATA")
_CLEAR = """
    S: 220 mail.example.org ESMTP
    C: EHLO
    S: 250-mail.example.org
    S: 250-SIZE 52428800
    S: 250 STARTTLS
    C: STARTTLS
    S: 220 2.0.0 go ahead
"""
_INSIDE = """
    C: EHLO
    S: 250-mail.example.org
    S: 250 AUTH PLAIN LOGIN
    C: QUIT
"""
