"""Sets up the controllers and commands of the main screen with a `Ui` that writes lines."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from ...session.events import Line, TlsFailed, TlsStarted
from ...session.record.notes import Notes, notes_file
from ..auth.prompt import AuthPrompt
from ..commands.groups import CommandGroups
from ..confinement import FREE, Confinement
from ..connect.manager import ConnectionManager
from ..connect.other_clients import OtherClients
from ..connect.recent import RecentProfiles
from ..input.address_book import AddressBook
from ..input.completer import Completer
from ..input.history import History
from ..input.router import InputRouter
from ..input.sender import Sender
from ..lessons.guide import Guide
from ..main.reactions import Reactions
from ..plan.controller import PlanController
from .compared import PlainComparison
from .lesson import PlainLesson
from .output import Output
from .pages import explanation_lines, extension_lines, plan_lines, state_lines, tls_lines
from .plan_news import PlanNews
from .transcript import PlainTranscript, Speaker
from .ui import PlainApplication, PlainLine, PlainStates, PlainUi

if TYPE_CHECKING:
    from ...session.aio.session import Session
    from ...session.events import Event
    from ...session.practice.server import PracticeServer


class Controllers:
    """The objects that act on typed lines and on the events of a session.

    `stir` is called when anything may have changed, and `on_event` with each event after the event
    has been written. `record` is true if a journal is kept. `practice` is a practice server to use
    instead of a new one. `history_switched` is called when the history is switched on or off.
    """

    def __init__(
        self,
        output: Output,
        history: History,
        recent: RecentProfiles,
        *,
        record: bool,
        stir: Callable[[], object],
        on_event: Callable[[Event], object],
        history_switched: Callable[[], object] = lambda: None,
        practice: PracticeServer | None = None,
        clock: Callable[[], float] = time.monotonic,
        confinement: Confinement = FREE,
    ) -> None:
        self._output = output
        self._stir = stir
        self._on_event = on_event
        self.ordering = False
        """Whether an order is being run."""
        self.ui = PlainUi(output, stir)
        self.line = PlainLine(output)
        self.transcript = PlainTranscript(output)
        self.speaker = Speaker(output, self._event)
        self.connections = ConnectionManager(
            self.ui,
            self._session_began,
            record=record,
            practice=practice,
            clock=clock,
            secrets=history.secrets,
            confinement=confinement,
        )
        self.connections.paced = False  # each event is written as it arrives
        output.mask = self.connections.secrets.mask_text
        self._clients = OtherClients(self.ui)
        self.sender = Sender(self.connections, history)
        self.plan = PlanController(self.ui, self.connections, lambda: self.reactions.follow_auth())
        self.auth = AuthPrompt(
            self.ui,
            self.line,
            self.connections,
            self.sender,
            lambda: self.plan.status.handles("(auth)"),
        )
        self.connections.respond = self.auth.respond
        self.router = InputRouter(
            self.ui,
            self.line,
            self.sender,
            self.auth,
            step=self._step,
            order=self.run,
        )
        self.guide = Guide(self.ui, self.connections, self.sender.quiet)
        self.lesson = PlainLesson(output, self.guide, self.plan.status)
        self._notes: Notes | None = None
        self.comparison = PlainComparison(self.ui, self.connections)
        application = PlainApplication(output, self.comparison.compare)
        addresses = AddressBook(history, lambda: self.connections.practising)
        self.complete = Completer(self.connections, history, addresses, recent, application)
        self.groups = CommandGroups(
            self.ui,
            self.line,
            connections=self.connections,
            clients=self._clients,
            sender=self.sender,
            router=self.router,
            plan=self.plan,
            auth=self.auth,
            addresses=addresses,
            recent=recent,
            application=application,
            presentation=application,
            notes=self._notes_kept,
            states=PlainStates(output, lambda: state_lines(self.connections.session)),
            guide=self.guide,
            explained=self._explained,
            transcript=self.transcript,
            find_bar=self.transcript,
            tls_panel=_FirstCertificate(),
            handshakes=self._handshakes,
            history_switched=history_switched,
        )
        self.reactions = Reactions(
            self.ui,
            self.line,
            self.connections,
            self.sender,
            self.router,
            self.plan.status,
            self.auth,
            self.groups.plan.end_edit,
        )
        self.groups.all.ran = self._ran
        self.ui.panel.explain = self._explain
        self.ui.panel.pages = {
            "extensions": ("Extensions", lambda: extension_lines(self.connections.session)),
            "state": ("State", lambda: state_lines(self.connections.session)),
            "tls": ("TLS", self._tls_lines),
            "plan": ("Plan", lambda: plan_lines(self.plan.status)),
        }
        self._plan_news = PlanNews(output, self.plan.status)

    def tell_news(self) -> None:
        """Write what is new in the plan and in the lesson."""
        self._plan_news.tell()
        self.lesson.tell()

    def each_second(self) -> None:
        """Perform the tasks that are due every second."""
        self.reactions.tell_peer_hint()
        self.reactions.tell_overdue()
        self.guide.tick()

    async def close(self) -> None:
        """Close everything before the program ends."""
        self.reactions.end()
        self.speaker.end()
        self._clients.end()
        self.guide.end()
        await self.connections.close()

    # Orders

    def run(self, name: str, argument: str = "") -> None:
        """Run an order by name."""
        self.ordering = True
        try:
            self.groups.all.run(name, argument)
        finally:
            self.ordering = False

    def _step(self) -> bool:
        """Perform the next step of the plan, or else continue the lesson.

        Return whether there was anything to continue.
        """
        return self.plan.step() or self.groups.lesson.resume()

    def _ran(self, name: str) -> None:
        """Report to the lesson what an order has shown to the learner."""
        match name:
            case "panel":
                self.guide.saw("panel", "extensions")
                self.guide.saw("panel", "state")
            case "tls" | "states":
                self.guide.saw("panel", name)
            case "plan":
                self.guide.saw("plan", name)
            case _:
                pass

    # The session

    def _notes_kept(self) -> Notes:
        """Return the notes on the current session, which are kept with its journal."""
        if self._notes is None:
            journals = self.connections.journals
            file = notes_file(journals[-1]) if journals else None
            self._notes = Notes(file, self.connections.secrets.mask_text)
        return self._notes

    def _session_began(self, session: Session) -> None:
        self._notes = None
        self.groups.plan.end_edit()
        self.plan.session_began(session)
        self.transcript.add(session)
        self.speaker.follow(session)
        self.reactions.session_began(session)
        self._clients.session_began(session, self.connections.practice)
        self.guide.session_began(session)
        self._stir()

    def _event(self, event: Event) -> None:
        if isinstance(event, Line):
            self.transcript.moved_on()
        self._on_event(event)
        self._stir()

    # Explanations

    def _explain(self) -> bool:
        found = self.transcript.explain_next()
        if found is None:
            return False
        meaning, row = found
        heading, *lines = explanation_lines(meaning)
        self._output.page(f"explain: {heading}", lines)
        if row is not None:
            self.guide.saw("row", row=row)
        return True

    def _explained(self) -> str:
        meaning = self.transcript.explained
        return "\n".join(explanation_lines(meaning)) if meaning is not None else ""

    def _handshakes(self) -> list[Event]:
        session = self.connections.session
        facts = session.transcript.facts() if session is not None else ()
        return [event for _, event in facts if isinstance(event, TlsStarted | TlsFailed)]

    def _tls_lines(self) -> Iterable[str]:
        connections = self.connections
        own = connections.profile.certfile
        return tls_lines(connections.session, accepted=connections.accepted, own=own)


class _FirstCertificate:
    """A certificate list for `:fingerprint` whose cursor is always on the server's certificate.

    Implements CertificateList.
    """

    cursor = 0
