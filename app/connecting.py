"""Connecting: which session is the present one, how it came about and how it ends.

A plain object that knows no screen: whoever shows something of it is told through `Listener`.
It owns the practice server, the journal and the task that connects.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from ..session.events import SERVER, TlsFailed
from ..session.states import State
from ..session.target import Target, TargetError, parse_target
from ..session.timeouts import Timeouts

if TYPE_CHECKING:
    from ..session.journal import Journal
    from ..session.practice.server import PracticeServer
    from ..session.session import Session
    from ..session.tls import TlsSettings

PRACTICE = "practice"  # what one types to get the practice server
PRACTICE_TLS = "practice-tls"  # the same, with TLS from the first byte
PRACTICES = (PRACTICE, PRACTICE_TLS)
SILENCE = 3.0  # seconds without a greeting, after which a hint is due


class Listener(Protocol):
    """What a screen is told."""

    def session_began(self, session: Session) -> None:
        """A new session: its transcript is the one to show."""
        ...

    def tell(self, text: str, *, title: str = "", trouble: bool = False) -> None:
        """Something to be told in passing."""
        ...


class Connecting:
    """Connects, disconnects, connects again."""

    def __init__(
        self,
        listener: Listener,
        *,
        record: bool = True,
        timeouts: Timeouts | None = None,
        practice: PracticeServer | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._listener = listener
        self._record = record
        self._clock = clock
        self.timeouts = timeouts or Timeouts()
        self.session: Session | None = None
        self.practice: PracticeServer | None = None
        """The practice server, while it runs."""
        self._own_practice = practice
        self.wanted: str = PRACTICE
        """The target asked for last, as it was typed."""
        self.journals: list[Path] = []
        """The files that were written, the present one last."""
        self.last_words: list[str] = []
        """What the journals had to say when the screen was gone already."""
        self._closing = False
        self._journal: Journal | None = None
        self._task: asyncio.Task[None] | None = None
        self._began = 0.0
        self._hinted = False

    @property
    def connecting(self) -> tuple[str, float] | None:
        """(target, seconds left) while a connection is being made."""
        if self._task is None or self._task.done():
            return None
        left = self._began + self.timeouts.connect - asyncio.get_running_loop().time()
        return self.wanted, left

    def connect(self, text: str) -> None:
        """Begin to connect to `text`, a TARGET or one of PRACTICES. Raises TargetError."""
        text = text or PRACTICE
        target = None if text in PRACTICES else parse_target(text)
        self.give_up()
        self.wanted = text
        loop = asyncio.get_running_loop()
        self._began = loop.time()
        self._hinted = False
        before = self._task
        self._task = loop.create_task(self._connect(target, before))

    def give_up(self) -> bool:
        """Stop connecting. Returns whether anything was stopped."""
        if self._task is not None and not self._task.done():
            self._task.cancel()
            return True
        return False

    def handshake(self) -> None:
        """The server waits for TLS, after a STARTTLS that was typed: begin it."""
        self._task = asyncio.get_running_loop().create_task(self._handshake())

    async def _handshake(self) -> None:
        from ..session.errors import ConnectionLost

        session = self.session
        if session is None:
            return
        try:
            await session.handshake()
        except ConnectionLost:
            pass  # the transcript says so
        except (OSError, ValueError) as error:
            self._listener.tell(tls_trouble(session, error), title="No TLS", trouble=True)

    async def disconnect(self) -> None:
        """Close the connection, without QUIT."""
        self.give_up()
        if self.session is not None:
            await self.session.close()

    async def close(self) -> None:
        """End everything: before the program leaves."""
        self._closing = True
        self.give_up()
        if self._task is not None:
            await asyncio.wait([self._task])
        await self._end_session()
        if self.practice is not None:
            await self.practice.stop()
            self.practice = None

    def set_timeouts(self, timeouts: Timeouts) -> None:
        """Wait that long for each reply from now on."""
        self.timeouts = timeouts
        if self.session is not None:
            self.session.timeouts = timeouts

    @property
    def silent(self) -> bool:
        """Whether the server should have greeted by now, and has not said a byte."""
        session = self.session
        return (
            session is not None
            and session.connected
            and session.conversation.state is State.CONNECTED
            and session.elapsed >= SILENCE
            and not any(not line.sent for line in session.transcript)
            and not session.conversation.pending(SERVER)
        )

    @property
    def failed(self) -> bool:
        """Whether the last attempt came to no connection at all."""
        session = self.session
        return (
            session is not None
            and not session.connected
            and self.connecting is None
            and not len(session.transcript)
            and session.transcript.mark_count > 0
        )

    def hint(self) -> str:
        """A sentence about a server that does not behave like a mail server; once, else ""."""
        session = self.session
        if session is None or self._hinted or session.transcript.sequence > 40:
            return ""
        from ..session.facts.strangers import SILENT, recognise

        if self.silent:
            self._hinted = True
            return f"{SILENT.what}. {SILENT.hint}"
        talk = session.conversation
        first = next((line.data for line in session.transcript if not line.sent), b"")
        first = first or talk.pending(SERVER)
        stranger = recognise(first) if first else None
        if stranger is None:
            return ""
        self._hinted = True
        return f"{stranger.what}. {stranger.hint}"

    async def _connect(self, target: Target | None, before: asyncio.Task[None] | None) -> None:
        # Not before the first frame: the engine takes as long to import as half of Textual.
        from ..session.dial import DialError
        from ..session.errors import ConnectionLost
        from ..session.facts.causes import CAUSES
        from ..session.session import Session

        if before is not None and not before.done():
            await asyncio.wait([before])
        await self._end_session()
        try:
            if target is None:
                target = await self._practice_target()
            session = Session(target, timeouts=self.timeouts, tls=self._tls(), clock=self._clock)
            self.session = session
            self._start_journal(session)
            self._listener.session_began(session)
            await session.open()
        except DialError as error:
            hint = CAUSES[error.cause].try_next
            self._listener.tell(f"{error.detail} {hint}", title="No connection", trouble=True)
        except ConnectionLost:
            pass  # the transcript says so
        except (OSError, ValueError) as error:
            session = self.session
            if session is not None and session.transcript.mark_count:
                self._listener.tell(tls_trouble(session, error), title="No TLS", trouble=True)
                return
            self._listener.tell(
                f"The practice server did not start: {error}. Ctrl+O connects elsewhere.",
                trouble=True,
            )

    @property
    def practising(self) -> bool:
        """Whether the practice server is what was asked for last."""
        return self.wanted in PRACTICES

    def _tls(self) -> Callable[[], TlsSettings] | None:
        """The certificate of the practice server is trusted, and for that server alone.

        It is made when it is asked for: at the first handshake.
        """
        if not self.practising or self.practice is None:
            return None
        return self.practice.trusted

    async def _practice_target(self) -> Target:
        if self.practice is None:
            from ..session.practice.server import PracticeServer

            server = self._own_practice or PracticeServer()
            await server.start()
            self.practice = server
        host = self.practice.host
        if self.wanted == PRACTICE_TLS:
            return parse_target(f"smtps://{host}:{self.practice.tls_port}")
        return parse_target(f"{host}:{self.practice.port}")

    def _start_journal(self, session: Session) -> None:
        if not self._record:
            return
        from ..session.journal import Journal

        self._journal = Journal.begin(
            session.transcript,
            self.wanted,
            self._journal_says,
            soon=asyncio.get_running_loop().call_soon,
        )
        if self._journal.path is not None:
            self.journals.append(self._journal.path)

    def _journal_says(self, text: str) -> None:
        if self._closing:
            self.last_words.append(text)
        else:
            self._listener.tell(text, title="Journal", trouble=True)

    async def _end_session(self) -> None:
        if self.session is not None:
            await self.session.close()
        if self._journal is not None:
            self._journal.close()
            self._journal = None


def tls_trouble(session: Session, error: Exception) -> str:
    """Why there is no TLS, in a sentence: what the transcript noted of it, else the error."""
    transcript = session.transcript
    for number in range(transcript.mark_count - 1, -1, -1):
        event = transcript.mark(number)[1]
        if isinstance(event, TlsFailed):
            return event.detail
    return str(error)


def check_target(text: str) -> str | None:
    """What is wrong with a target, as a sentence; None if nothing is."""
    try:
        if text not in ("", *PRACTICES):
            parse_target(text)
    except TargetError as error:
        return str(error)
    return None
