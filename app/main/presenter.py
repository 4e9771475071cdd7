"""Fills the panels of one session: extensions, state and TLS.

Each session has its own presenter, so that several sessions could be shown side by side. A
presenter reads the conversation and the facts, and fills widgets. The tables of facts are imported
when they are needed, after the first frame.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from ...session.events import (
    Event,
    ExtensionsChanged,
    TlsFailed,
    TlsStarted,
    Violation,
)
from ...session.plural import plural
from ...session.protocol.ehlo_keywords import difference
from ...session.protocol.states import State
from ...session.visible import visible_text
from ...widgets.panels.extensions import AFTER_TLS, ExtensionsPanel
from ...widgets.panels.state import StatePanel
from ...widgets.panels.tls import TlsPanel
from ..explain.states import STATIONS, allowed_in

if TYPE_CHECKING:
    from ...session.protocol.view import SessionView

MOST_WAITING = 5  # commands without a reply that are listed


class SessionPanels(msgspec.Struct, frozen=True):
    """The widgets that a presenter fills."""

    extensions: ExtensionsPanel
    state: StatePanel
    tls: TlsPanel


class SessionPresenter:
    """Shows one session in its panels. `session` is None if there has been no session yet."""

    def __init__(self, session: SessionView | None, panels: SessionPanels) -> None:
        self._session = session
        self._panels = panels
        self._change: ExtensionsChanged | None = None
        self._in_clear: dict[str, tuple[str, ...]] | None = None  # the extensions listed before TLS
        self._seen = 0  # events of the transcript examined so far
        self.handshakes: list[Event] = []
        """The TLS handshakes, and the violations in which unencrypted data followed STARTTLS."""
        self._tls_shown: object = None

    @property
    def _lmtp(self) -> bool:
        return self._session is not None and self._session.lmtp

    @property
    def _connected(self) -> bool:
        return self._session is not None and self._session.connected

    def show(self, *, accepted: bool, own_certificate: str) -> None:
        """Update the panels.

        `accepted` is true if the user accepted a certificate that failed verification.
        `own_certificate` is the file with the client's certificate, or "".
        """
        self._look_at_events()
        self._show_extensions()
        self._show_state()
        self._show_tls(accepted, own_certificate)

    def _look_at_events(self) -> None:
        session = self._session
        if session is None:
            return
        for _, event in session.transcript.facts(self._seen):
            if type(event) is ExtensionsChanged:
                self._change = self._compared(event)
            elif isinstance(event, TlsStarted | TlsFailed) or (
                isinstance(event, Violation) and event.rule == "injected"
            ):
                self.handshakes.append(event)
        self._seen = session.transcript.mark_count

    def _compared(self, event: ExtensionsChanged) -> ExtensionsChanged:
        """Return `event` or, for the first list under TLS, a comparison with the last list before.

        If `event` reports that TLS has started, remember the last list.
        """
        if event.reason == "TLS":
            self._in_clear = self._change.keywords if self._change is not None else None
            return event
        before, self._in_clear = self._in_clear, None
        if before is None:
            return event
        added, removed, changed = difference(before, event.keywords)
        return ExtensionsChanged(event.at, event.keywords, added, removed, changed, AFTER_TLS)

    def _show_extensions(self) -> None:
        conversation = self._session.conversation if self._session else None
        used: set[str] = set()
        if conversation and conversation.tls:
            used.add("STARTTLS")
        if conversation and conversation.authenticated:
            used.add("AUTH")
        self._panels.extensions.show(
            conversation.keywords if conversation else None,
            self._change,
            greeted_with=conversation.greeted_with if conversation else "",
            connected=self._connected,
            used=frozenset(used),
            ask="LHLO" if self._lmtp else "EHLO",
        )

    def _show_state(self) -> None:
        conversation = self._session.conversation if self._session else None
        state = conversation.state if conversation else State.CLOSED
        stations = [
            ("LHLO" if self._lmtp and name == "EHLO" else name, words, state in states)
            for name, words, states in STATIONS
        ]
        notes: list[str] = []
        if conversation and self._connected and conversation.closing:
            notes.append(f"{conversation.closing}: the server will close the connection")
        if conversation and self._connected and conversation.recipients:
            notes.append(f"{plural(len(conversation.recipients), '{} recipient')} accepted so far")
        if conversation and conversation.unanswered:
            verbs = [visible_text(verb) for _, verb in conversation.unanswered[:MOST_WAITING]]
            words = "no reply yet to" if self._connected else "no reply to"
            notes.append(f"{words} {', '.join(verbs)}")
        self._panels.state.show(stations, allowed_in(state, lmtp=self._lmtp), notes)

    def _show_tls(self, accepted: bool, own_certificate: str) -> None:
        """Update the TLS panel if its content has changed."""
        session = self._session
        if session is None:
            return
        conversation = session.conversation
        stage = session.stage
        offered = conversation.has_extn("STARTTLS")
        key = (len(self.handshakes), accepted, stage, self._connected,
               conversation.keywords is None, offered, session.transcript.secrets.look)  # fmt: skip
        if key == self._tls_shown:
            return
        self._tls_shown = key
        from ..explain.certificates import empty_view, view_of

        view = None
        if self.handshakes:
            view = view_of(
                session.transcript, self.handshakes, accepted=accepted, own=own_certificate
            )
        if view is None:
            over = session.transcript.sequence > 0 and len(session.transcript) > 0
            view = empty_view(
                connected=self._connected,
                stage=stage,
                keywords=conversation.keywords,
                offered=offered,
                over=over,
            )
        self._panels.tls.show(view)

    def remark(self, keyword: str, added: bool) -> str:
        """Return a note on what it means in this session that an extension was added or removed."""
        from ...session.facts.extensions import change_note

        conversation = self._session.conversation if self._session else None
        return change_note(
            keyword,
            added,
            tls=conversation.tls if conversation else False,
            logged_in=conversation.authenticated if conversation else False,
        )
