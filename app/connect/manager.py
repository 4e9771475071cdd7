"""Connecting: which session is the present one, how it came about and how it ends.

A plain object that knows no screen: whoever shows something of it is told through `Listener`.
It owns the practice server, the journal and the task that connects, up to TLS where the way
(way.py) asks for that.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import msgspec

from ...session.events import SERVER, Kind, Note, TlsFailed, TlsStarted
from ...session.protocol.states import State
from ...session.target import Target, parse_target
from ...session.timeouts import Timeouts
from ...session.visible import visible, visible_text
from .profile import OFFERED, PRACTICE_TLS, REQUIRED, Profile, target_of

if TYPE_CHECKING:
    from ...session.aio.manual import Manual
    from ...session.aio.session import Session
    from ...session.practice.server import PracticeServer
    from ...session.record.journal import Journal
    from ...session.secret import Secret
    from ...session.tls.handshake import TlsSettings

LAST = 20  # events among which the last handshake is, when it has just failed
SILENCE = 3.0  # seconds without a greeting, after which a hint is due


class Listener(Protocol):
    """What a screen is told."""

    def session_began(self, session: Session) -> None:
        """A new session: its transcript is the one to show."""
        ...

    def tell(self, text: str, *, title: str = "", trouble: bool = False) -> None:
        """Something to be told in passing."""
        ...

    def certificate_refused(self, text: str) -> None:
        """The server's certificate was not accepted: `text` says why."""
        ...


class ConnectionManager:
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
        self.way = Profile()
        """The way asked for last."""
        self._key_password: Secret | None = None
        self._accepted: TlsSettings | None = None  # a certificate, by a decision of the user
        self._until_tls: tuple[bytes, ...] = ()  # what was sent before the handshake failed
        self.journals: list[Path] = []
        """The files that were written, the present one last."""
        self.last_words: list[str] = []
        """What the journals had to say when the screen was gone already."""
        self._closing = False
        self._journal: Journal | None = None
        self._task: asyncio.Task[None] | None = None
        self._began = 0.0
        self._hinted = False
        self._manual: Manual | None = None  # what a typed line sets going, of the present session

    @property
    def wanted(self) -> str:
        """The target asked for last, as it was typed."""
        return self.way.target

    @property
    def connecting(self) -> tuple[str, float] | None:
        """(target, seconds left) while a connection is being made."""
        handshaking = self._manual is not None and self._manual.busy
        if (self._task is None or self._task.done()) and not handshaking:
            return None
        left = self._began + self.timeouts.connect - asyncio.get_running_loop().time()
        return self.wanted, left

    @property
    def stage(self) -> str:
        """What is being waited for while a connection is being made, in words."""
        return (self.session.stage if self.session is not None else "") or "connecting"

    @property
    def accepted(self) -> bool:
        """Whether the present connection is in TLS with a certificate that failed its check, and
        was accepted by the user.
        """
        session = self.session
        return self._accepted is not None and session is not None and session.conversation.tls

    @property
    def key_password(self) -> Secret | None:
        """What opens the key of the client certificate: for this run, in no file."""
        return self._key_password

    def choose(self, way: Profile | str, key_password: Secret | None = None) -> None:
        """Connect there from now on. A text is a TARGET or one of PRACTICES. Raises TargetError."""
        if isinstance(way, str):
            way = Profile(way) if way else Profile()
        if not way.practising:
            target_of(way)
        self._accepted, self._until_tls = None, ()
        self.way, self._key_password = way, key_password

    def connect(self, way: Profile | str, key_password: Secret | None = None) -> None:
        """Choose a way, and begin to connect. Raises TargetError."""
        self.choose(way, key_password)
        self._begin()

    def reconnect(self) -> None:
        """The same once more; a certificate that was accepted for it is accepted again."""
        self._until_tls = ()
        self._begin()

    @property
    def refused(self) -> TlsFailed | None:
        """The handshake of the present session that failed for the certificate, if one did."""
        if self.session is None:
            return None
        from ...session.facts.tls_failures import REASONS

        transcript = self.session.transcript
        for event in reversed(transcript.marks_after(max(0, transcript.mark_count - LAST))):
            if isinstance(event, TlsStarted):
                return None
            if isinstance(event, TlsFailed):
                known = bool(event.chain) and REASONS[event.reason].certificate
                return event if known else None
        return None

    def accept(self, failure: TlsFailed) -> None:
        """From the next connection on, accept the very certificate that failed and no other.

        Raises TlsSettingsError.
        """
        from ...session.tls.handshake import TlsSettings, accept

        session = self.session
        assert session is not None
        self._accepted = accept(session.tls_settings or TlsSettings(), failure)

    def say_again(self) -> None:
        """Connect again, and say once more what led to the handshake that failed."""
        session = self.session
        assert session is not None
        led = self.way.policy in (OFFERED, REQUIRED)  # then it is led there again
        self._until_tls = () if led else _said_until_tls(session)
        self._begin()

    def _begin(self) -> None:
        self.give_up()
        loop = asyncio.get_running_loop()
        self._began = loop.time()
        self._hinted = False
        before = self._task
        self._task = loop.create_task(self._connect(before))

    def give_up(self) -> bool:
        """Stop connecting. Returns whether anything was stopped."""
        if self._task is not None and not self._task.done():
            self._task.cancel()
            return True
        return self._manual is not None and self._manual.give_up()

    @property
    def greeting_due(self) -> bool:
        """True while the connection stands and the server has not greeted."""
        session = self.session
        return (
            session is not None
            and session.connected
            and session.conversation.state is State.CONNECTED
        )

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
        from ...session.facts.other_protocols import SILENT, first_octets, recognise

        if self.silent:
            self._hinted = True
            return f"{SILENT.what} ({session.elapsed:.0f} s). {SILENT.hint}"
        talk = session.conversation
        first = next((line.data for line in session.transcript if not line.sent), b"")
        first = first or talk.pending(SERVER)
        stranger = recognise(first) if first else None
        if stranger is None:
            return ""
        self._hinted = True
        return f"{stranger.what}. {stranger.hint} First received: {first_octets(first)}"

    async def _connect(self, before: asyncio.Task[None] | None) -> None:
        # Not before the first frame: the engine takes as long to import as half of Textual.
        from ...session.errors import ConnectionLost
        from ...session.facts.disconnect_causes import CAUSES
        from ...session.net.dial import DialError

        if before is not None and not before.done():
            await asyncio.wait([before])
        way = self.way
        try:
            session = await self.prepare()
            if way.policy in (OFFERED, REQUIRED) or self._until_tls:
                await self._lead(session)
            else:
                await session.open()
        except DialError as error:
            hint = CAUSES[error.cause].try_next
            self._listener.tell(f"{error.detail} {hint}", title="No connection", trouble=True)
        except ConnectionLost:
            pass  # the transcript says so
        except (OSError, ValueError) as error:
            session = self.session
            if session is not None and session.transcript.mark_count:
                self._tell_trouble(session, error)
                return
            self._listener.tell(
                f"The practice server did not start: {error}. Ctrl+O connects elsewhere.",
                trouble=True,
            )

    async def prepare(self) -> Session:
        """A session that is not connected yet, in place of the present one."""
        from ...session.aio.manual import Manual
        from ...session.aio.session import Session

        await self._end_session()
        way = self.way
        target = await self._practice_target() if way.practising else target_of(way)
        session = self.session = Session(
            target,
            timeouts=self.timeouts,
            local_hostname=way.hello or None,
            source_address=(way.source, 0) if way.source else None,
            tls=self._tls,
            clock=self._clock,
        )
        self._manual = Manual(session, lambda error: self._typed_line_failed(session, error))
        self._start_journal(session)
        self._listener.session_began(session)
        return session

    def _typed_line_failed(self, session: Session, error: Exception) -> None:
        """What a typed line set going went wrong: the handshake after a STARTTLS."""
        from ...session.errors import ConnectionLost

        if not isinstance(error, ConnectionLost):  # else the transcript says so
            self._tell_trouble(session, error)

    def _tell_trouble(self, session: Session, error: Exception) -> None:
        """Why there is no TLS, and what can be done about it."""
        said = tls_trouble(session, error)
        if self.refused is not None:
            self._listener.certificate_refused(said)
        else:
            self._listener.tell(said, title="No TLS", trouble=True)

    # Up to TLS

    async def _lead(self, session: Session) -> None:
        """Connect, and lead the conversation up to TLS, as far as the way asks for it."""
        from smtplib import SMTPException

        from ...session.errors import ReplyTimedOut

        required = self.way.policy == REQUIRED or bool(self._until_tls)
        why = ""
        try:
            greeting = await session.connect()
            if greeting.code // 100 != 2:
                return  # what is left is QUIT, and the transcript says why
            if session.tls or not self._until_tls:
                if self.way.policy in (OFFERED, REQUIRED):
                    await session.run("secure", required=required)
            else:
                await self._say_again(session)
        except ReplyTimedOut as error:
            why = f"{error}"
        except SMTPException as error:
            why = _words(error)
        finally:
            clear = session.connected and not session.tls
            if clear and required:
                await session.close()
        if clear:
            self._tell_clear(session, required, why)

    async def _say_again(self, session: Session) -> None:
        """Say what was said before the handshake that failed, and begin TLS."""
        *greetings, starttls = self._until_tls
        for line in greetings:
            await session.docmd(line)
        reply = await session.docmd(starttls)
        if reply.code == 220:
            await session.handshake()

    def _tell_clear(self, session: Session, required: bool, why: str) -> None:
        """It is still in clear: why, and what that means."""
        if not why:
            why = "the server does not offer STARTTLS"
            if session.has_extn("STARTTLS"):
                why = "the server refused STARTTLS"
        if required:
            self._listener.tell(
                f"No TLS: {why}. STARTTLS was required, so heloscope hung up; nothing but the "
                "greeting was said.",
                title="No TLS",
                trouble=True,
            )
            return
        session.note(Note(session.clock(), "in-clear", f"{why}: it goes on in clear"))
        self._listener.tell(
            f"In clear: {why}. Whoever is on the way can read and change what is said.",
            title="No TLS",
            trouble=True,
        )

    @property
    def practising(self) -> bool:
        """Whether the practice server is what was asked for last."""
        return self.way.practising

    def _tls(self) -> TlsSettings:
        """How TLS is to be done; called at the first handshake.

        The certificate of the practice server is trusted, for that server alone, and made now.
        """
        from ...session.tls.handshake import TlsSettings

        if self._accepted is not None:
            return self._accepted
        way = self.way
        settings = TlsSettings(ca_file=way.ca_file)
        if way.practising and self.practice is not None:
            settings = self.practice.trusted()
        return msgspec.structs.replace(
            settings,
            certfile=way.certfile,
            keyfile=way.keyfile,
            key_password=self._key_password,
        )

    async def _practice_target(self) -> Target:
        if self.practice is None:
            from ...session.practice.server import PracticeServer

            server = self._own_practice or PracticeServer()
            await server.start()
            self.practice = server
        host = self.practice.host
        if self.way.practice == PRACTICE_TLS:
            return parse_target(f"smtps://{host}:{self.practice.tls_port}")
        return parse_target(f"{host}:{self.practice.port}")

    def _start_journal(self, session: Session) -> None:
        if not self._record:
            return
        from ...session.record.journal import Journal

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
        if self._manual is not None:
            self._manual.close()
            self._manual = None
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


def _said_until_tls(session: Session) -> tuple[bytes, ...]:
    """The last greeting and the STARTTLS of a conversation, without line ends; () without one.

    What else was said in clear is void in TLS (RFC 3207 section 4.2).
    """
    greeting: tuple[bytes, ...] = ()
    for line in session.transcript:
        if line.sent and line.kind is Kind.COMMAND and not line.secret:
            data = line.data.rstrip(b"\r\n")
            verb = data.split(None, 1)[0].upper() if data.strip() else b""
            if verb in (b"EHLO", b"HELO", b"LHLO"):
                greeting = (data,)
            elif verb == b"STARTTLS":
                return (*greeting, data)
    return ()


def _words(error: Exception) -> str:
    """What the server made of it."""
    code, text = getattr(error, "smtp_code", None), getattr(error, "smtp_error", None)
    if isinstance(code, int):
        said = visible(text) if isinstance(text, bytes) else visible_text(str(text))
        return f"the server answered {code} {said}".rstrip(".")
    return ""
