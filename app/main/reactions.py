"""Reacts to the events of a session, for example by opening the editor or keeping a draft.

The reactions run once per batch of events and never as part of a frame, so that painting changes
nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from ...session.events import Disconnected, Event, ReplyReceived, StateChanged, TlsFailed, Violation
from ...session.protocol.states import State
from ...session.verbs import AUTH_EXCHANGE, MESSAGE_ENDS
from ..auth.prompt import AuthPrompt
from ..connect.manager import ConnectionManager
from ..input.router import InputRouter
from ..input.sender import Sender
from ..plan.status import PlanStatus
from ..ui import CommandLine, Ui

if TYPE_CHECKING:
    from ...session.aio.session import Session

MOST_HELD = 1000  # pending events
MOST_VERBS = 100  # remembered as answered: a server may answer commands that were never sent


class Reactions:
    """Acts on the events of the current session.

    `end_edit` ends the edit of a plan step, if one is being edited. While `held` returns true, a
    reply is waiting to be shown, and reactions that would reveal it are delayed until `run` is
    called.
    """

    def __init__(
        self,
        ui: Ui,
        line: CommandLine,
        connections: ConnectionManager,
        sender: Sender,
        router: InputRouter,
        plan: PlanStatus,
        auth: AuthPrompt,
        end_edit: Callable[[], object],
        held: Callable[[], bool] = lambda: False,
    ) -> None:
        self._ui = ui
        self._line = line
        self._connections = connections
        self._sender = sender
        self._router = router
        self._plan = plan
        self._auth = auth
        self._end_edit = end_edit
        self._held = held
        self._unsubscribe: Callable[[], object] | None = None
        self._events: list[Event] = []  # events of this batch that cause a reaction
        self._due: asyncio.Handle | None = None
        self._verdict: ReplyReceived | None = None  # verdicts on the message, so far
        self._overdue: int | None = None  # the message whose late reply has been reported

    def session_began(self, session: Session) -> None:
        """Stop following the previous session, and start following this one."""
        self.end()
        self._sender.delivered = False
        self._sender.answered = set()
        self._sender.login_refused = False
        self._sender.refused = None
        self._unsubscribe = session.subscribe(self._on_event, blocks=True)

    def end(self) -> None:
        """Stop following the session."""
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None
        if self._due is not None:
            self._due.cancel()
            self._due = None
        self._events.clear()
        self._verdict = None
        self._overdue = None

    def _on_event(self, event: Event) -> None:
        if isinstance(event, StateChanged | Disconnected | TlsFailed):
            self._events.append(event)
        elif isinstance(event, Violation):
            if event.rule == "no-verdict":
                self._events.append(event)
        elif isinstance(event, ReplyReceived):
            if len(self._sender.answered) < MOST_VERBS:
                self._sender.answered.add(event.verb)
            self._sender.login_refused = event.verb in AUTH_EXCHANGE and event.code == 535
            refused = event.code >= 400 and bool(event.verb)
            self._sender.refused = event if refused else None
            if event.verb in MESSAGE_ENDS:
                self._heard_verdict(event)
        if self._due is None:
            self._due = asyncio.get_running_loop().call_soon(self.run)

    def _heard_verdict(self, event: ReplyReceived) -> None:
        """Record a reply to the end of the message.

        If there are several replies (LMTP, PRDR), the best one counts, once all have arrived.
        """
        best = self._verdict
        if event.code // 100 != 3 and (best is None or event.code < best.code):
            self._verdict = best = event
        if not event.left and best is not None:
            self._events.append(best)
            self._verdict = None

    def run(self) -> None:
        """Act on the pending events, unless they would reveal a reply that is held back."""
        self._due = None
        if len(self._events) < MOST_HELD and self._held():
            return
        events, self._events = self._events, []
        for event in events:
            self._act_on(event)
        self.follow_auth()
        self.tell_peer_hint()

    def follow_auth(self) -> None:
        """Follow a SASL exchange, and answer a challenge if the answer was typed in advance."""
        if not self._line.editing and not self._held():
            self._auth.follow()

    def tell_peer_hint(self) -> None:
        """Tell the user once if the peer does not seem to be a mail server."""
        hint = self._connections.peer_hint()
        if hint:
            session = self._connections.session
            self._ui.tell(
                hint,
                title="Not a mail server?",
                trouble=True,
                holds=lambda: self._connections.session is session,
            )

    def tell_overdue(self) -> None:
        """Tell the user once if the reply to the end of a message is overdue."""
        session = self._connections.session
        row = session.conversation.in_doubt if session is not None else None
        if session is None or row is None or row == self._overdue:
            return
        waiting = session.waiting
        if waiting is not None and waiting[0] in MESSAGE_ENDS and waiting[1] <= 0:
            self._overdue = row
            self._tell_doubt("The end of the message was not answered in time.")

    def _tell_doubt(self, why: str) -> None:
        from ...session.facts.disconnect_reasons import MESSAGE_IN_DOUBT

        self._ui.tell(f"{why} {MESSAGE_IN_DOUBT}", trouble=True)

    def _act_on(self, event: Event) -> None:
        match event:
            case StateChanged(state=State.DATA):
                self._message_due()
            case TlsFailed():
                self._ui.panel.turn_to("tls")
            case StateChanged():
                if self._line.writing and not self._sender.in_message and not self._line.editing:
                    self._close_editor()
            case ReplyReceived() if 200 <= event.code < 300:
                self._router.drop_draft()
                self._sender.delivered = True
            case ReplyReceived() if self._sender.draft:
                self._ui.tell("The message was not accepted; the draft is kept for the next DATA.")
            case Violation():
                self._tell_doubt("The end of the message was not answered.")
            case Disconnected():
                self._end_edit()
                if self._line.writing:
                    self._close_editor()
                if self._sender.draft:
                    self._ui.tell("The connection ended; the draft is kept for the next DATA.")
            case _:
                pass

    def _message_due(self) -> None:
        """Open the editor, unless pasted lines or the plan supply the message."""
        automatic = self._router.pasted is not None or self._plan.handles(".")
        if not automatic and self._sender.in_message:
            self._line.open_editor(self._sender.draft)
            self._line.move_to_editor()

    def _close_editor(self) -> None:
        self._router.keep_draft()
        self._line.close_editor()
