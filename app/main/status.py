"""Fills the status line: the peer, TLS, the user, the state, and what heloscope is waiting for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...session.events import ReplyReceived, TlsStarted
from ...widgets.bars.status import StatusLine, clock
from ...widgets.transcript.view import TranscriptView
from ..advice import do, key_of
from ..connect.manager import ConnectionManager
from ..connect.profile import FRIENDLY, PRACTICES
from ..explain.states import in_words
from ..input.sender import Sender
from .words import command_name, peer_name

if TYPE_CHECKING:
    from ...session.aio.session import Session

PATIENCE = 2.0  # seconds after which waiting is shown
NARROW = 80  # below this width, the address of the practice server is left out


class StatusPresenter:
    """Fills the status line, and the text shown while the transcript is empty."""

    def __init__(
        self,
        line: StatusLine,
        view: TranscriptView,
        connections: ConnectionManager,
        sender: Sender,
    ) -> None:
        self._line = line
        self._view = view
        self._connections = connections
        self._sender = sender
        # TLS version and user, with the session and its state that they belong to
        self._known: tuple[tuple[Session | None, bool, bool], tuple[str, str]]
        self._known = ((None, False, False), ("", ""))

    def show(self, width: int) -> None:
        """Update the status line. This is cheap enough to do in every frame."""
        line = self._line
        session = self._connections.session
        attempt = self._connections.attempt
        connected = self._connections.connected
        line.waiting = self._waiting(session)
        if attempt is not None and not connected:
            target, left = attempt
            stage = self._connections.stage
            line.peer = target if target not in PRACTICES else "practice server"
            line.address = ""
            line.tls, line.unverified = "", False
            line.state = f"{stage}, {max(0, left):.0f} s left, Esc cancels"
            self._view.say_when_empty(f"Connecting to {peer_name(target)}: {stage} …\nEsc cancels.")
            return
        self._view.say_when_empty(f"Not connected yet.\n{key_of('connect')} connects.")
        if session is None:
            line.peer, line.address, line.state = "", "", "not connected"
            return
        peer, address = session.target.shown if session.target else "", ""
        if self._connections.practising:
            name = "practice server"
            if self._connections.scenario != FRIENDLY:
                name = f"practice server ({self._connections.scenario})"
            peer, address = name, peer if width >= NARROW else ""
        line.peer, line.address = map(self._connections.secrets.mask_names, (peer, address))
        # Facts about a connection no longer apply once it has ended.
        line.tls, line.user = self._tls_and_user(session) if connected else ("", "")
        stand_ins = self._connections.secrets.stand_ins
        if line.user and stand_ins is not None:
            line.user = stand_ins.mask_user(line.user)
        line.unverified = connected and self._connections.accepted
        line.state = self._state(session, connected=connected)
        line.lines = len(session.transcript)
        line.elapsed = int(session.elapsed)

    def _state(self, session: Session, *, connected: bool) -> str:
        """Return the state of the conversation, or how the connection ended."""
        if session.flooded:
            more = f"{do('more')} continues, " if self._connections.more else ""
            return f"*paused*: {more}{do('disconnect')} closes"
        if connected:
            talk = session.conversation
            return in_words(talk.state, lmtp=session.lmtp, closing=talk.closing)
        return "*no connection*" if self._connections.failed else "*closed*"

    def _tls_and_user(self, session: Session) -> tuple[str, str]:
        """Return the TLS version and the logged-in user, with "" for whichever is missing.

        The transcript is searched again only if TLS, the login or the session has changed.
        """
        conversation = session.conversation
        tls, authenticated = conversation.tls, conversation.authenticated
        if self._known[0] != (session, tls, authenticated):
            version = user = ""
            if tls or authenticated:
                from ...session.sasl.in_transcript import user_at

                for event in session.transcript.marks_after(0):
                    if isinstance(event, TlsStarted):
                        version = event.version.replace("v", " ") or "TLS"
                    elif isinstance(event, ReplyReceived) and event.code == 235:
                        user = user_at(session.transcript, event.row) or "an unknown user"
            found = (version if tls else "", user if authenticated else "")
            self._known = ((session, tls, authenticated), found)
        return self._known[1]

    def _waiting(self, session: Session | None) -> str:
        progress = self._sender.progress
        if progress is not None:
            done, of = progress
            return f"sending {done * 100 // max(1, of)}%, Ctrl+C cancels"
        if session is None or not session.connected:
            return ""
        if session.flooded:
            return ""
        handshake = session.handshake_left
        if handshake is not None:
            return f"TLS handshake, {max(0, handshake):.0f} s left, Esc cancels"
        waiting = session.waiting
        if waiting is None:
            return ""
        verb, left = waiting
        limit = session.timeouts.reply_to(verb)
        if limit - left < PATIENCE:
            return ""
        if verb == "greeting":
            due = f"{clock(int(left))} left" if left > 0 else "overdue"
            return f"{due}, Esc cancels"
        if left <= 0:
            return f"no reply to {command_name(verb)} for {clock(int(limit - left))}"
        return f"no reply to {command_name(verb)} yet, {clock(int(left))} left"
