"""Manages the current session: connecting, disconnecting, and reconnecting.

The manager knows the screen only as a `Ui`. It owns the practice server, the journal, and the task
that connects and, if the profile asks for it, starts TLS (tls_upgrade.py).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ...session.events import TlsFailed
from ...session.protocol.states import State
from ...session.record.masking import KnownSecrets
from ...session.target import Target, parse_target
from ...session.timeouts import Timeouts
from ..advice import do
from ..confinement import FREE, Confinement
from ..ui import Ui
from .floods import Floods
from .peer_hint import PeerHint, no_connection, silent
from .profile import (
    FRIENDLY,
    OFFERED,
    PRACTICE_LMTP,
    PRACTICE_TLS,
    PRACTICE_TWO,
    REQUIRED,
    Profile,
    target_of,
)
from .servers import KnownServers
from .tls_upgrade import (
    TlsUpgrade,
    lines_up_to_starttls,
    refused_certificate,
    tls_trouble,
)
from .what_to_do import without_connection, without_tls

if TYPE_CHECKING:
    from ...session.aio.manual import Manual, Respond
    from ...session.aio.session import Session
    from ...session.practice.scenarios.model import Scenario
    from ...session.practice.server import PracticeServer
    from ...session.record.journal import Journal
    from ...session.secret import Secret
    from ...session.tls.handshake import TlsSettings


class ConnectionManager:
    """Connects, disconnects and reconnects.

    `began` is called with each new session, before it connects. `record` is true if a journal is
    written. `practice` is a practice server to use instead of a new server. `clock` returns
    monotonic seconds. `secrets` are the secrets to mask, if any are known yet. `confinement`
    decides which servers may be reached.
    """

    def __init__(
        self,
        ui: Ui,
        began: Callable[[Session], object],
        *,
        record: bool = True,
        timeouts: Timeouts | None = None,
        practice: PracticeServer | None = None,
        clock: Callable[[], float] = time.monotonic,
        secrets: KnownSecrets | None = None,
        confinement: Confinement = FREE,
    ) -> None:
        self.confinement = confinement
        self.secrets = secrets or KnownSecrets()
        """The secrets known in this run. Those of one session are masked in all sessions."""
        self._ui = ui
        self._began = began
        self._record = record
        self._clock = clock
        self._usual_timeouts = self.timeouts = timeouts or Timeouts()
        self.session: Session | None = None
        """The current session, even if its connection has ended; None before the first."""
        self.made: list[tuple[Session, Profile]] = []
        """All sessions of this run, oldest first, each with the profile that it used."""
        self.practice: PracticeServer | None = None  # while it runs
        self._own_practice = practice
        self._scenario: Scenario | None = None  # of the practice server, if one was chosen
        self.scenario = FRIENDLY
        """The name of the scenario of the current session's practice server."""
        self.servers = KnownServers()
        """The servers of the configuration, which resolve @NAME."""
        self.profile = Profile()
        """The profile of the last requested connection."""
        self.key_password: Secret | None = None
        """The password of the client certificate's key, which is kept for this run only."""
        self._accepted: TlsSettings | None = None  # a certificate that the user accepted
        self._repeated: tuple[bytes, ...] = ()  # commands up to the handshake that failed
        self.journals: list[Path] = []
        """The journals written in this run, oldest first."""
        self.last_words: list[str] = []
        """Messages from the journals that arrived after the screen had closed."""
        self.paced = True  # whether events are shown with each frame, after `flush_journal`
        self._closing = False
        self._journal: Journal | None = None
        self._task: asyncio.Task[None] | None = None
        self._started = 0.0  # when the present attempt began, by the loop's clock
        self._upgrade: TlsUpgrade | None = None
        self._peer_hint = PeerHint()
        self._floods = Floods(ui)
        self.manual: Manual | None = None
        """Completes a STARTTLS or AUTH that was typed in the current session."""
        self.respond: Respond | None = None
        """Builds answers to AUTH from lines typed in advance; None sends the lines unchanged."""

    # The current session

    @property
    def attempt(self) -> tuple[str, float] | None:
        """The target and the seconds left while a connection is being made, or None."""
        handshaking = self.manual is not None and self.manual.busy
        if (self._task is None or self._task.done()) and not handshaking:
            return None
        left = self._started + self.timeouts.connect - asyncio.get_running_loop().time()
        return self.profile.target, left

    @property
    def connected(self) -> bool:
        """Whether the current session has a connection."""
        return self.session is not None and self.session.connected

    def present(self, session: Session) -> bool:
        """Return whether `session` is the current session and is connected."""
        return self.session is session and session.connected

    def cut_off(self) -> bool:
        """Return whether there is neither a connection nor a connection attempt."""
        return not self.connected and self.attempt is None

    @property
    def practising(self) -> bool:
        """Whether the last requested connection is to the practice server."""
        return self.profile.practising

    @property
    def stage(self) -> str:
        """The step that the connection attempt is waiting for, such as "connecting"."""
        return (self.session.stage if self.session is not None else "") or "connecting"

    @property
    def greeting_due(self) -> bool:
        """Whether the connection is established but the server has not greeted."""
        session = self.session
        return (
            session is not None
            and session.connected
            and session.conversation.state is State.CONNECTED
        )

    @property
    def accepted(self) -> bool:
        """Whether TLS is in use with an unverified certificate that the user accepted."""
        session = self.session
        return self._accepted is not None and session is not None and session.conversation.tls

    @property
    def refused(self) -> TlsFailed | None:
        """The failed handshake of the current session if the certificate was refused, or None."""
        return refused_certificate(self.session)

    @property
    def silent(self) -> bool:
        """Whether the server should have greeted by now but has not sent a byte."""
        return silent(self.session)

    @property
    def failed(self) -> bool:
        """Whether the last attempt to connect failed."""
        session = self.session
        return session is not None and self.attempt is None and no_connection(session)

    def peer_hint(self) -> str:
        """Return a sentence if the peer is not a mail server, once per session; otherwise ""."""
        return self._peer_hint.take(self.session, self.profile)

    def read_on(self) -> bool:
        """Resume reading after a flood, if there is space. Return whether reading was paused."""
        session = self.session
        if session is None or not session.flooded:
            return False
        self._floods.read_on(session)
        return True

    @property
    def more(self) -> int:
        """The number of further octets of a paused flood that could be read."""
        session = self.session
        return self._floods.more_of(session) if session is not None and session.flooded else 0

    def set_timeouts(self, timeouts: Timeouts) -> None:
        """Use these timeouts from now on, including in the current session."""
        self._usual_timeouts = self.timeouts = timeouts
        if self.session is not None:
            self.session.timeouts = timeouts

    # Connecting

    def choose(self, profile: Profile | str, key_password: Secret | None = None) -> None:
        """Set the profile for the next connection. A string is a TARGET, @NAME or one of PRACTICES.

        Raises TargetError.
        """
        profile = self.servers.resolved(profile)
        given = (profile.ca_file, profile.certfile, profile.keyfile, profile.source)
        self.confinement.check_server(profile.target, given)
        if not profile.practising:
            target_of(profile)
        self._accepted, self._repeated = None, ()
        self.profile, self.key_password = profile, key_password
        self.timeouts = Timeouts.all(profile.timeout) if profile.timeout else self._usual_timeouts

    def connect(self, profile: Profile | str, key_password: Secret | None = None) -> None:
        """Choose a profile, and start connecting. Raises TargetError."""
        self.choose(profile, key_password)
        self._begin()

    def reconnect(self) -> None:
        """Reconnect to the server. A certificate that the user has accepted remains accepted."""
        self._repeated = ()
        self._begin()

    def accept(self, failure: TlsFailed) -> None:
        """Accept exactly the certificate of this failure, starting with the next connection.

        Raises TlsSettingsError.
        """
        from ...session.tls.handshake import TlsSettings, accept

        session = self.session
        assert session is not None
        self._accepted = accept(session.tls_settings or TlsSettings(), failure)

    def repeat_handshake(self) -> None:
        """Reconnect, and repeat the commands that led to the failed handshake."""
        session = self.session
        assert session is not None
        by_policy = self.profile.policy in (OFFERED, REQUIRED)  # the policy sends them anyway
        self._repeated = () if by_policy else lines_up_to_starttls(session)
        self._begin()

    def give_up(self) -> bool:
        """Stop connecting. Return whether anything was stopped."""
        if self._task is not None and not self._task.done():
            self._task.cancel()
            return True
        return self.manual is not None and self.manual.give_up()

    async def settled(self) -> None:
        """Wait until the connection attempt in progress has ended."""
        if self._task is not None:
            await asyncio.wait([self._task])

    async def disconnect(self) -> None:
        """Close the connection without sending QUIT."""
        self.give_up()
        if self.session is not None:
            await self.session.close()

    async def close(self) -> None:
        """Close everything before the program ends."""
        self._closing = True
        self.give_up()
        if self._task is not None:
            await asyncio.wait([self._task])
        await self._end_session()
        if self.practice is not None:
            await self.practice.stop()
            self.practice = None

    async def prepare(self) -> Session:
        """Replace the current session with one that is not connected yet, and return it."""
        from ...session.aio.manual import Manual, in_order
        from ...session.aio.session import Session

        await self._end_session()
        profile = self.profile
        target = await self._practice_target() if profile.practising else target_of(profile)
        session = self.session = Session(
            target, timeouts=self.timeouts, local_hostname=profile.hello or None,
            source_address=(profile.source, 0) if profile.source else None,
            tls=self._tls, clock=self._clock,
        )  # fmt: skip
        session.transcript.secrets = self.secrets
        self.manual = Manual(
            session, lambda error: self._typed_line_failed(session, error),
            respond=self.respond or in_order,
        )  # fmt: skip
        session.connection.leaves_time = True
        self._floods.watch(session)
        self._start_journal(session)
        self.made.append((session, profile))
        self._began(session)
        return session

    def _begin(self) -> None:
        self.give_up()
        loop = asyncio.get_running_loop()
        self._started = loop.time()
        before = self._task
        self._task = loop.create_task(self._connect(before))

    async def _connect(self, before: asyncio.Task[None] | None) -> None:
        # Not before the first frame: the engine takes as long to import as half of Textual.
        from ...session.errors import ConnectionLost
        from ...session.net.dial_error import DialError

        if before is not None and not before.done():
            await asyncio.wait([before])
        policy = self.profile.policy
        try:
            session = await self.prepare()
            if policy in (OFFERED, REQUIRED) or self._repeated:
                self._upgrade = TlsUpgrade(session, policy, self._repeated, self._tell_trouble)
                await self._upgrade.run()
            else:
                await session.open()
        except DialError as error:
            hint = without_connection(error, self.session, self.servers)
            self._tell_trouble(f"{error.detail} {hint}", "No connection")
        except ConnectionLost:
            pass  # the transcript says so
        except (OSError, ValueError) as error:
            session = self.session
            if session is not None and session.transcript.mark_count:
                self._tell_tls_trouble(session, error)
                return
            self._tell_trouble(
                f"The practice server did not start: {error}. {do('connect')} connects elsewhere."
            )
        finally:
            self._upgrade = None

    # TLS

    def _typed_line_failed(self, session: Session, error: Exception) -> None:
        """Report what went wrong after a typed STARTTLS or AUTH."""
        from ...session.errors import AnswersNotSent, ConnectionLost

        if isinstance(error, AnswersNotSent):
            self._ui.tell(
                "AUTH ended before the answers typed in advance were due; they were not sent."
            )
        elif isinstance(error, ConnectionLost):
            pass  # the transcript says so
        elif isinstance(error, OSError | ValueError):
            self._tell_tls_trouble(session, error)
        else:
            raise error  # an internal error: the loop's exception handler reports it

    def _tell_tls_trouble(self, session: Session, error: Exception) -> None:
        """Show why TLS failed: in the TLS tab for a refused certificate, or else in a notice."""
        if self.refused is not None:
            self._ui.panel.turn_to("tls")
            if self._ui.panel.shows("tls"):
                return
        reason = f"{tls_trouble(session, error)} {without_tls(session, self.profile)}"
        self._tell_trouble(reason.rstrip(), "No TLS")

    def _tell_trouble(self, text: str, title: str = "") -> None:
        """Show a notice about a connection problem until the next connection attempt."""
        attempt = self._task
        self._ui.tell(text, title=title, trouble=True, holds=lambda: self._task is attempt)

    def _tls(self) -> TlsSettings:
        """Return the TLS settings. This is called at the first handshake.

        The practice server's certificate is created now, and trusted for that server only.
        """
        if self._accepted is not None:
            return self._accepted
        practice = self.practice if self.profile.practising else None
        return self.profile.tls_settings(
            self.key_password, practice.trusted() if practice is not None else None
        )

    # The practice server and the journal

    def use(self, scenario: Scenario) -> None:
        """Use a scenario for the practice server, starting with the next connection."""
        self._scenario = scenario
        if self.practice is not None:
            self.practice.use(scenario)

    async def _practice_target(self) -> Target:
        if self.practice is None:
            from ...session.practice.server import PracticeServer

            server = self._own_practice or PracticeServer()
            await server.start()
            self.practice = server
            if self._scenario is not None:
                server.use(self._scenario)
        host = self.practice.host
        self.scenario = self.practice.scenario.name
        if self.profile.practice == PRACTICE_TLS:
            return parse_target(f"smtps://{host}:{self.practice.tls_port}")
        if self.profile.practice == PRACTICE_TWO:
            return parse_target(f"{host}:{self.practice.second_port}")
        if self.profile.practice == PRACTICE_LMTP:
            return parse_target(f"lmtp://{host}:{self.practice.lmtp_port}")
        scheme = "lmtp://" if self.practice.scenario.lmtp else ""
        return parse_target(f"{scheme}{host}:{self.practice.port}")

    def _start_journal(self, session: Session) -> None:
        if not self._record:
            return
        from ...session.record.journal import Journal
        from ...session.record.pace import Paced

        loop, target = asyncio.get_running_loop(), self.profile.target
        soon = Paced(loop) if self.paced else loop.call_soon
        self._journal = Journal.begin(session.transcript, target, self._journal_says, soon=soon)
        if self._journal.path is not None:
            self.journals.append(self._journal.path)

    def flush_journal(self) -> None:
        """Write new events before they are shown, so that a crash loses nothing shown."""
        if self._journal is not None:
            self._journal.flush()

    def _journal_says(self, text: str) -> None:
        if self._closing:
            return self.last_words.append(text)
        self._ui.tell(text, title="Journal", trouble=True)

    async def _end_session(self) -> None:
        if self.manual is not None:
            self.manual.close()
            self.manual = None
        if self.session is not None:
            await self.session.close()
        if self._journal is not None:
            self._journal.close()
            self._journal = None
