"""The main screen: transcript, side panel and command line.

The screen only creates and connects objects. The work is done by plain objects that know nothing
about the screen, such as `ConnectionManager`, `InputRouter`, `PlanController` and `Reactions`.
Presenters fill the widgets when `RefreshScheduler` calls for a frame.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from textual import events, on
from textual.app import ComposeResult

from ...session.plural import plural
from ...session.record.notes import Notes, notes_file
from ...widgets.bars.find import FindBar
from ...widgets.bars.keys import KeyBar
from ...widgets.bars.notices import NoticeBar
from ...widgets.bars.status import StatusLine
from ...widgets.input.command_line import CommandInput
from ...widgets.input.composer import Composer
from ...widgets.panels.tls import TlsPanel
from ...widgets.plan.list import PlanList
from ...widgets.transcript.view import TranscriptView
from ..advice import do
from ..auth.prompt import AuthPrompt
from ..commands.groups import CommandGroups
from ..confinement import Confinement
from ..connect.manager import ConnectionManager
from ..connect.other_clients import OtherClients
from ..connect.recent import RecentProfiles
from ..input.address_book import AddressBook
from ..input.completer import Completer
from ..input.history import History
from ..input.router import InputRouter
from ..input.sender import Sender
from ..lessons.guide import Guide
from ..plan.controller import PlanController
from ..ui import Application
from .footer import FooterPresenter
from .hint import HintPresenter
from .lesson import LessonPresenter
from .panel_layout import PanelLayout
from .panels import show_plan
from .panes import Panes
from .presentation import LivePace, Presentation
from .presenter import SessionPanels, SessionPresenter
from .reactions import Reactions
from .refresh import RefreshScheduler
from .screen_ui import ScreenUi
from .session_screen import SessionScreen
from .state_drawing import StateDrawing
from .status import StatusPresenter
from .words import nothing_to_stop

if TYPE_CHECKING:
    from ...session.aio.session import Session
    from ...session.practice.server import PracticeServer
    from ...widgets.input.message_editor import MessageEditor


class MainScreen(SessionScreen):
    """The screen that shows a conversation and accepts typed input.

    `history_switched` is called when the history is switched on or off; the other arguments are
    passed on to the objects that the screen creates.
    """

    def __init__(
        self,
        application: Application,
        history: History,
        recent: RecentProfiles,
        history_switched: Callable[[], object],
        *,
        record: bool,
        practice: PracticeServer | None,
        clock: Callable[[], float],
        confinement: Confinement,
    ) -> None:
        super().__init__()
        self.frames = RefreshScheduler(self._draw)
        self._following: asyncio.Task[None] | None = None
        self._make_widgets()
        self.ui = ScreenUi(self, self.panel, self.view, self._notices, clock, self.frames.schedule)
        self.connections = ConnectionManager(
            self.ui,
            self.session_began,
            record=record,
            practice=practice,
            clock=clock,
            secrets=history.secrets,
            confinement=confinement,
        )
        self.ui.mask, self.ui.mask_names = history.secrets.mask_text, history.secrets.mask_names
        self.clients = OtherClients(self.ui)
        self.sender = Sender(self.connections, history)
        self._addresses = AddressBook(history, lambda: self.connections.practising)
        self.complete = Completer(self.connections, history, self._addresses, recent, application)
        self.plan = PlanController(self.ui, self.connections, lambda: self.reactions.follow_auth())
        self.auth = AuthPrompt(
            self.ui, self.composer, self.connections, self.sender,
            lambda: self.plan.status.handles("(auth)"),
        )  # fmt: skip
        self.connections.respond = self.auth.respond
        self.router = InputRouter(
            self.ui,
            self.composer,
            self.sender,
            self.auth,
            step=lambda: self.plan.step() or self.groups.lesson.resume() or self.lesson.enter(),
            order=lambda name, argument: self.commands.run(name, argument),
        )
        self.states = StateDrawing(
            self, self._panes, lambda: self.connections.session, self.composer.focus_line
        )
        self.presentation = Presentation(
            self,
            self._panes,
            LivePace(self.view),
            self.composer.focus_line,
            moved=lambda: self.reactions.run(),
        )
        self.guide = Guide(self.ui, self.connections, self.sender.quiet)
        self.lesson = LessonPresenter(
            self, self._panes, self.guide, self.plan.status, self.composer
        )
        self.groups = CommandGroups(
            self.ui,
            self.composer,
            connections=self.connections,
            clients=self.clients,
            sender=self.sender,
            router=self.router,
            plan=self.plan,
            auth=self.auth,
            addresses=self._addresses,
            recent=recent,
            application=application,
            states=self.states,
            presentation=self.presentation,
            notes=self._notes,
            guide=self.guide,
            explained=lambda: self._panes.explanation.text,
            transcript=self.view,
            find_bar=self._find_bar,
            tls_panel=self._panels.tls,
            handshakes=lambda: self.presenter.handshakes,
            history_switched=history_switched,
        )
        self.commands = self.groups.all
        self.lesson.follow(self.commands)
        self.lesson.resume = self.groups.lesson.resume
        self.lesson.drop_draft = self.router.drop_draft
        self.ui.asked = lambda name: self.guide.saw("dialog", name)
        self.reactions = Reactions(
            self.ui,
            self.composer,
            self.connections,
            self.sender,
            self.router,
            self.plan.status,
            self.auth,
            self.groups.plan.end_edit,
            lambda: self.presentation.waits,
        )
        self.presenter = SessionPresenter(None, self._panels)
        self._status = StatusPresenter(self._status_line, self.view, self.connections, self.sender)
        told = (self.connections, self.sender, self.plan.status, self.auth)
        self._hint = HintPresenter(self.composer, *told, self.lesson.hint)
        self._footer = FooterPresenter(self._key_bar, *told, self.guide)

    def _make_widgets(self) -> None:
        """Create the widgets, and the object that shows and hides the side panel."""
        self._status_line = StatusLine(id="status")
        self._panes: Panes = Panes(
            lambda keyword, added: self.presenter.remark(keyword, added),
            lambda: self.plan.status.refusal_before_reset,
            id="panes",
        )
        self.view: TranscriptView = self._panes.view
        self._panels: SessionPanels = self._panes.panels
        self._find_bar = FindBar(id="find")
        self._key_bar = KeyBar()
        self._notices = NoticeBar(do("notices"), "Esc", id="notices")
        self.composer = Composer(
            lambda text: self.complete(text),
            lambda typed, back: self.sender.history.recall(typed, back),
            lambda text: self.connections.secrets.mask_text(text),
            id="composer",
        )
        self.panel = PanelLayout(
            self, self._panes.tabs, self._panes.explanation, self.view, self.composer.focus_line
        )

    def compose(self) -> ComposeResult:
        yield self._status_line
        yield self._panes
        yield self._notices
        yield self._find_bar
        yield self.composer
        yield self._key_bar

    def on_mount(self) -> None:
        self.set_interval(1.0, self._each_second)
        self.sync()

    def on_unmount(self) -> None:
        self.reactions.end()
        self.clients.end()
        self.guide.end()
        if self._following is not None:
            self._following.cancel()

    # The session

    def session_began(self, session: Session) -> None:
        """Show a new session below the previous ones."""
        self.groups.plan.end_edit()
        self.plan.session_began(session)
        self._panes.notes = None
        self.presenter = SessionPresenter(session, self._panels)
        self.view.add(session.transcript, session.conversation.pending_masked)
        self.view.action_last()
        self.reactions.session_began(session)
        self.clients.session_began(session, self.connections.practice)
        self.guide.session_began(session)
        if self._following is not None:
            self._following.cancel()
        self._following = asyncio.get_running_loop().create_task(self._follow(session))
        self.ui.refresh()

    def _notes(self) -> Notes:
        """Return the notes on the current session, kept in a file next to its journal."""
        if self._panes.notes is None:
            made, mask = self.connections.journals, self.connections.secrets.mask_text
            self._panes.notes = Notes(notes_file(made[-1]) if made else None, mask)
        return self._panes.notes

    async def _follow(self, session: Session) -> None:
        """Draw a frame whenever the session changes, even if only part of a line has arrived."""
        while self.connections.session is session:
            await session.news()
            self.ui.refresh()

    # Painting

    def _draw(self) -> None:
        """Draw a frame, after writing the journal so that a crash loses nothing that was shown."""
        self.connections.flush_journal()
        if self.is_attached and self.composer.children:  # they are gone first when the program ends
            self.sync()

    def sync(self) -> None:
        """Update the screen."""
        self.view.sync()
        self.states.sync()
        self.presentation.sync()
        self.lesson.sync()
        self._status.show(self.size.width)
        self._show_plan()
        connections = self.connections
        self.presenter.show(
            accepted=connections.accepted, own_certificate=connections.profile.certfile
        )
        self._footer.show()
        self._show_hint()
        self.ui.expire_notices()

    def _each_second(self) -> None:
        self.reactions.tell_peer_hint()
        self.reactions.tell_overdue()
        self.ui.expire_notices()
        self.lesson.tick()
        self._status.show(self.size.width)
        self._show_hint()

    def _show_plan(self) -> None:
        brief = not self.has_class("-narrow")  # there the meaning of replies is shown below
        show_plan(self._panes.plan, self.plan.status, self.connections.secrets, brief=brief)

    def _show_hint(self) -> None:
        self._hint.show(low=self.has_class("-low"), hold=self.presentation.waits)

    # The command line

    @on(Composer.Submitted)
    async def _typed(self, event: Composer.Submitted) -> None:
        self.ui.line_submitted()
        nothing = not (event.text or event.secret or self.composer.editing)
        if nothing and self.presentation.on and self.presentation.move(1, False):
            pass
        elif self.composer.editing:
            if self.composer.secret:
                self.auth.learn(event.text)
            self.composer.end_edit()
            self.groups.plan.edited(event.text)
        else:
            self.router.take(event.text, event.secret)
        self.composer.handled()
        self.reactions.follow_auth()
        self._show_hint()

    @on(Composer.Changed)
    def _changed(self) -> None:
        self.frames.typed()
        self.reactions.follow_auth()
        self._show_hint()

    @on(CommandInput.LinesPasted)
    def _lines_pasted(self, event: CommandInput.LinesPasted) -> None:
        self.groups.input.ask_about_paste(event.text, hidden=event.hidden)

    @on(CommandInput.UnseenDropped)
    def _unseen_dropped(self, event: CommandInput.UnseenDropped) -> None:
        what = plural(event.count, "An invisible character was", "{} invisible characters were")
        self.ui.tell(f"{what} removed. {do('raw')} sends any byte, written as \\t or \\x1b.")

    @on(CommandInput.SecretCleared)
    def _secret_cleared(self, event: CommandInput.SecretCleared) -> None:
        self.auth.learn(event.text.reveal().decode("utf-8", "surrogateescape"), begun=True)

    @on(CommandInput.SecretErased)
    def _secret_erased(self, event: CommandInput.SecretErased) -> None:
        self.auth.erased(event.text.reveal().decode("utf-8", "surrogateescape"))

    @on(CommandInput.KeysDropped)
    def _keys_dropped(self) -> None:
        self.ui.tell("The text typed after erasing the password was discarded. Nothing was sent.")
        self._show_hint()

    @on(CommandInput.LineDoubted)
    def _line_doubted(self, event: CommandInput.LineDoubted) -> None:
        self.auth.doubted(event.text.reveal().decode("utf-8", "surrogateescape"))

    @on(CommandInput.EditLeft)
    def _edit_left(self) -> None:
        self.groups.plan.end_edit()

    @on(CommandInput.EndPassed)
    def _end_passed(self) -> None:
        self.view.action_last()

    # The editor's messages, by name: its module is not imported before it is needed.

    def on_text_area_changed(self) -> None:
        if self.composer.writing:
            self._show_hint()

    def on_message_editor_ended(self, event: MessageEditor.Ended) -> None:
        if self.composer.editing:
            self.composer.end_edit()
            self.groups.plan.message_edited(event.content)
            return
        self.router.keep_draft()
        self.router.send_message(event.content)

    def on_message_editor_left(self) -> None:
        if self.composer.editing:
            self.groups.plan.end_edit()
            return
        self.router.keep_draft()
        self.composer.close_editor()
        self._show_hint()

    # Keys

    def action_command(self, name: str) -> None:
        self.commands.run(name)

    def action_lesson(self) -> None:
        if not self.lesson.focus():
            self.focus_previous()

    def action_page(self, by: int) -> None:
        if self.presentation.on:
            self.presentation.move(by, True)
        else:
            self.scroll_page(by)

    def action_home(self) -> None:
        """Cancel an unsent AUTH, or from the command line stop waiting, or else return to it."""
        if self.auth.give_up():
            return
        at_home = self.composer.has_focus_within and self.panel.folded
        if at_home and self.groups.connection.stop_waiting():
            return
        self.panel.fold()
        self.reactions.run()
        self.ui.clear_notices()
        self.composer.focus_line()

    def action_stop(self) -> None:
        """Copy the selection, or else stop the running task, or else tell the user how to quit."""
        selected = self.get_selected_text()
        if selected:
            self.ui.copy(selected)
            self.clear_selection()
            self.ui.tell("Copied.")
        elif not self.groups.stop():
            self.ui.tell(nothing_to_stop(self.connections.session))

    # The panes

    @on(TlsPanel.Copied)
    def _fingerprint_copied(self, event: TlsPanel.Copied) -> None:
        self.groups.tls.copy_fingerprint(event.number)

    @on(TlsPanel.ActionRequested)
    def _asked_of_tls(self, event: TlsPanel.ActionRequested) -> None:
        self.commands.run(event.order)

    @on(TranscriptView.Copied)
    def _copied(self, event: TranscriptView.Copied) -> None:
        self.ui.copy(event.text)
        if event.lines < event.selected:
            self.ui.tell(
                f"Copied the first {event.lines:,} of {event.selected:,} lines; "
                f"{do('save')} saves all of them."
            )
        else:
            self.ui.tell(plural(event.lines, "Copied.", "Copied {} lines."))

    @on(PlanList.ActionRequested)
    def _asked_of_plan(self, event: PlanList.ActionRequested) -> None:
        self.groups.plan.asked(event.order, event.place)

    @on(PlanList.CursorMoved)
    def _plan_cursor_moved(self) -> None:
        self._show_plan()

    @on(FindBar.Sought)
    def _sought(self, event: FindBar.Sought) -> None:
        found = self.view.find(event.text, backwards=event.by < 0, again=event.again)
        event.bar.say(found or not event.text)

    @on(FindBar.Closed)
    def _find_closed(self) -> None:
        self.view.needle = ""
        self.composer.focus_line()

    @on(events.ScreenResume)
    def _resumed(self) -> None:
        self.ui.clear_toasts()
        self.ui.refresh()
