"""The main screen: transcript, side panel, composer. It composes and wires, and does no work.

The work is done by plain objects: `ConnectionManager` (which session), `InputRouter` and
`AuthPrompt` (what is typed), `Sender` (how it goes out), `PlanController` (the plan), `Presenter`
(what the panels say), `Doing` (what each order does), `RefreshScheduler` (when to draw).
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import Screen

from ...session.events import Disconnected, Event, ReplyReceived, StateChanged, TlsFailed
from ...session.protocol.states import State
from ...session.visible import visible_text
from ...widgets.bars.find import FindBar
from ...widgets.bars.keys import KeyBar
from ...widgets.bars.status import StatusLine
from ...widgets.input.command_line import CommandInput, Composer
from ...widgets.panels.explanation import ExplanationPanel
from ...widgets.panels.extensions import ExtensionsPanel
from ...widgets.panels.state import StatePanel
from ...widgets.panels.tabbed import TabbedPanel
from ...widgets.panels.tls import TlsPanel
from ...widgets.plan.list import PlanList
from ...widgets.plan.panel import PlanPanel
from ...widgets.transcript.view import TranscriptView
from ..actions import ACTIONS
from ..auth.prompt import AuthPrompt
from ..commands.registry import Doing
from ..connect.manager import ConnectionManager
from ..input.router import InputRouter
from ..input.sender import Sender
from ..plan.controller import PlanController
from .presenter import Presenter
from .refresh import RefreshScheduler

if TYPE_CHECKING:
    from ...session.aio.session import Session
    from ...widgets.input.message_editor import MessageEditor

NEWS_SHOWN = 4.0  # seconds for which something told in passing is shown ...
TROUBLE_SHOWN = 10.0  # ... and something that went wrong


class MainScreen(Screen[None]):
    """Everything that one sees of a conversation."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *(
            Binding(
                order.key,
                f"order('{order.name}')",
                order.label or order.name,
                show=bool(order.label),
                priority=order.priority,
                id=order.name,
            )
            for order in ACTIONS.values()
            if order.key
        ),
        Binding("ctrl+up", "reply(-1)", "the reply before", show=False),
        Binding("ctrl+down", "reply(1)", "the next reply", show=False),
        Binding("pageup", "page(-1)", "page up", show=False),
        Binding("pagedown", "page(1)", "page down", show=False),
        Binding("f6", "app.focus_next", "next pane", show=False, priority=True),
        Binding("ctrl+c", "stop", "copy, or stop what runs", show=False),
        Binding("escape", "home", "back to the composer", show=False),
    ]
    AUTO_FOCUS = "#command"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (32, "-high")]
    DEFAULT_CSS = """
    MainScreen {
        & #panes { height: 1fr; }
        & TranscriptView {
            width: 1fr; border: round $foreground 25%;
            border-title-color: $foreground; border-subtitle-color: $text-muted;
            &:focus { border: round $accent; border-title-color: $text-accent; }
        }
        & #side { width: 36%; min-width: 44; max-width: 72; }
        & #facts { height: 1fr; }
        & #facts.-plan { height: 1.5fr; }
        & #reply {
            height: 1fr; border: round $foreground 25%; border-title-color: $foreground;
            &:focus { border: round $accent; border-title-color: $text-accent; }
        }
        &.-no-panel #side { display: none; }
        &.-narrow #side { display: none; width: 1fr; max-width: 100%; }
        &.-narrow.-panel #side { display: block; }
        &.-narrow.-panel TranscriptView { display: none; }
        &.-narrow.-explain #facts { display: none; }
        &.-narrow.-low.-panel #reply { display: none; }
        &.-narrow.-explain.-panel #reply { display: block; }
    }
    """

    def __init__(self, connecting: ConnectionManager, leading: Sender, showing: Presenter) -> None:
        super().__init__()
        self.connecting = connecting
        self.leading = leading
        self.showing = showing
        self.frames = RefreshScheduler(self._draw)
        self.schedule = self.frames.schedule
        """See to what is new with the next frame."""
        self.stepping = PlanController(connecting, self.schedule, self.tell, self._plan_seen)
        self.doing = Doing(self)
        self.taking = InputRouter(self)
        self.auth = AuthPrompt(self)
        self.view = TranscriptView(id="transcript")
        self.composer = Composer(showing.complete, leading.history.recall, id="composer")
        self._unsubscribe = None
        self._following: asyncio.Task[None] | None = None
        self._told: dict[str, float] = {}  # what is being told, and until when
        self._fresh: list[Event] = []  # what the screen has to act on
        self._verdict: ReplyReceived | None = None  # on the message, so far

    @property
    def panel_shown(self) -> bool:
        """Whether the side panel can be seen."""
        if self.has_class("-narrow"):
            return self.has_class("-panel") and not self.has_class("-explain")
        return not self.has_class("-no-panel")

    def _plan_seen(self) -> bool:
        panel = self.query_one("#facts", TabbedPanel)
        return self.panel_shown and panel.page == panel.number("plan")

    def begin_at(self, width: int, height: int) -> None:
        """Have the classes of this size from the start: a change styles everything again."""
        for size, points in (
            (width, self.HORIZONTAL_BREAKPOINTS),
            (height, self.VERTICAL_BREAKPOINTS),
        ):
            names = [name for least, name in points or () if size >= least]
            self.set_class(True, *names[-1:])

    def compose(self) -> ComposeResult:
        yield StatusLine(id="status")
        with Horizontal(id="panes"):
            yield self.view
            with Vertical(id="side"):
                yield TabbedPanel(
                    (
                        "Extensions",
                        ExtensionsPanel(
                            self.showing.describe, self.showing.remark, id="extensions"
                        ),
                    ),
                    ("State", StatePanel(id="state")),
                    ("Plan", PlanPanel(id="plan")),
                    ("TLS", TlsPanel(id="tls")),
                    id="facts",
                )
                yield ExplanationPanel(id="reply")
        yield FindBar(id="find")
        yield self.composer
        yield KeyBar()

    def on_mount(self) -> None:
        self.view.border_title = "Transcript"
        self.query_one("#reply").border_title = "Meaning"
        self.set_interval(1.0, self._each_second)
        self.sync()

    def on_unmount(self) -> None:
        if self._following is not None:
            self._following.cancel()

    # From the session

    def session_began(self, session: Session) -> None:
        """Show a new session, below the ones before."""
        if self._unsubscribe is not None:
            self._unsubscribe()
        self.showing.session_began(session)
        self.end_edit()
        self.stepping.session_began(session)
        self._verdict = None
        self.view.add(session.transcript, session.conversation.pending_masked)
        self.view.action_last()
        self._unsubscribe = session.subscribe(self._heard, blocks=True)
        if self._following is not None:
            self._following.cancel()
        self._following = asyncio.get_running_loop().create_task(self._follow(session))
        self.schedule()

    async def _follow(self, session: Session) -> None:
        """See to what comes and is no event: the beginning of a line."""
        while self.connecting.session is session:
            await session.news()
            self.schedule()

    def tell(self, text: str, *, title: str = "", trouble: bool = False) -> None:
        """Say something in passing; what stands there already is said afresh, and not twice."""
        seconds = TROUBLE_SHOWN if trouble else NEWS_SHOWN
        now = time.monotonic()
        if self._told.get(text, 0.0) > now:
            self.clear_told()
        self._told = {said: until for said, until in self._told.items() if until > now}
        self._told[text] = now + seconds
        self.notify(
            visible_text(text),
            title=title,
            severity="error" if trouble else "information",
            timeout=seconds,
            markup=False,
        )

    def certificate_refused(self, text: str) -> None:
        """Show why in the TLS tab; where that cannot be seen, say it in passing."""
        panel = self.query_one("#facts", TabbedPanel)
        panel.page = panel.number("tls")
        if not panel.region:
            said = f"{text} F8 shows it; :trust goes on in spite of it."
            self.tell(said, title="No TLS", trouble=True)

    def clear_told(self) -> None:
        """Take away what was told in passing."""
        self._told.clear()
        self.app.clear_notifications()

    def _heard(self, event: Event) -> None:
        if isinstance(event, StateChanged | Disconnected | TlsFailed):
            self._fresh.append(event)
        elif isinstance(event, ReplyReceived) and event.verb in (".", "BDAT LAST"):
            self._heard_verdict(event)
        self.schedule()

    def _heard_verdict(self, event: ReplyReceived) -> None:
        """A reply to the message: of several (LMTP, PRDR) the best one counts, once all are in."""
        best = self._verdict
        if event.code // 100 != 3 and (best is None or event.code < best.code):
            self._verdict = best = event
        if not event.left and best is not None:
            self._fresh.append(best)
            self._verdict = None

    def _draw(self) -> None:
        if self.is_attached:
            self.sync()

    def sync(self) -> None:
        """Bring the screen up to date."""
        fresh, self._fresh = self._fresh, []
        for event in fresh:
            self._act_on(event)
        self.view.sync()
        self.showing.panels(self)
        self.hint()
        self._stranger()

    def _stranger(self) -> None:
        """Say that this is no mail server, if it looks like none."""
        hint = self.connecting.hint()
        if hint:
            self.tell(hint, title="No mail server?", trouble=True)

    def _act_on(self, event: Event) -> None:
        match event:
            case StateChanged(state=State.DATA):
                led = self.taking.pasted is not None or self.stepping.leads(".")
                if not led and self.leading.in_message:
                    self.composer.open_editor(self.leading.draft)
            case TlsFailed():
                panel = self.query_one("#facts", TabbedPanel)
                panel.page = panel.number("tls")
            case StateChanged() if (
                self.composer.writing and not self.leading.in_message and not self.composer.editing
            ):
                self.taking.keep_draft()
                self.composer.close_editor()
            case ReplyReceived() if 200 <= event.code < 300:
                self.leading.draft = ""
                if self.composer.draft:
                    self.composer.editor.put("")
                self.showing.delivered = True
            case ReplyReceived() if self.leading.draft:
                self.tell("The message was not taken; the draft is kept for the next DATA.")
            case Disconnected():
                self.end_edit()
                if self.composer.writing:
                    self.taking.keep_draft()
                    self.composer.close_editor()
                if self.leading.draft:
                    self.tell("The connection is over; the draft is kept for the next DATA.")
            case _:
                pass

    def _each_second(self) -> None:
        self.showing.status(self)
        self.hint()
        self._stranger()

    def hint(self) -> None:
        """Bring the line above the command line up to date."""
        if not self.composer.editing:
            self.auth.look()
        self.composer.show_hint(self.showing.hint(self))
        if self.composer.writing:
            self.composer.border_subtitle = self.showing.editor_note(self.composer)

    # From the person

    @on(Composer.Submitted)
    async def _typed(self, event: Composer.Submitted) -> None:
        if self.composer.editing:
            self.composer.end_edit()
            self.doing.edited(event.text)
        else:
            self.taking.take(event.text, event.secret)
        self.composer.handled()
        self.hint()

    @on(Composer.Changed)
    def _changed(self) -> None:
        self.hint()

    @on(CommandInput.LinesPasted)
    def _lines_pasted(self, event: CommandInput.LinesPasted) -> None:
        self.doing.ask_about_paste(event.text)

    @on(CommandInput.UnseenDropped)
    def _unseen_dropped(self, event: CommandInput.UnseenDropped) -> None:
        what = "A character" if event.count == 1 else f"{event.count} characters"
        self.tell(f"{what} that cannot be seen stayed out. :raw sends any byte, as \\t or \\x1b.")

    @on(CommandInput.EditLeft)
    def end_edit(self) -> None:
        """What was being edited stays as it was."""
        if self.composer.editing:
            self.composer.end_edit()
            self.doing.left_as_it_was()

    @on(CommandInput.EndPassed)
    def _end_passed(self) -> None:
        self.view.action_last()

    # The editor's messages, by name: its module is not imported before it is needed.

    def on_text_area_changed(self) -> None:
        if self.composer.writing:
            self.hint()

    def on_message_editor_ended(self, event: MessageEditor.Ended) -> None:
        if self.composer.editing:
            self.composer.end_edit()
            self.doing.message_edited(event.content)
            return
        self.taking.keep_draft()
        self.taking.send_message(event.content)

    def on_message_editor_left(self) -> None:
        if self.composer.editing:
            self.end_edit()
            return
        self.taking.keep_draft()
        self.composer.close_editor()
        self.hint()

    def type_order(self, name: str) -> None:
        """Have an order in the composer that needs an argument."""
        self.composer.text = f":{name} "
        self.composer.focus_line()

    # Keys

    def action_order(self, name: str) -> None:
        self.doing.run(name, "")

    def action_reply(self, by: int) -> None:
        self.view.action_reply(by)

    def action_page(self, by: int) -> None:
        rows = max(1, self.view.size.height - 1)
        self.view.scroll_relative(y=by * rows, animate=False)

    def action_home(self) -> None:
        """Back to the composer; from there, wait no longer for a server that is slow."""
        if self.auth.give_up():
            return
        at_home = self.composer.has_focus_within and not self.has_class("-panel")
        if at_home and self.doing.give_up_waiting():
            return
        self.remove_class("-panel", "-explain")
        self.clear_told()
        self.composer.focus_line()

    def action_stop(self) -> None:
        """Copy what is selected; else stop what runs; else say how to leave."""
        selected = self.get_selected_text()
        if selected:
            self.app.copy_to_clipboard(selected)
            self.clear_selection()
            self.tell("Copied.")
        elif not self.doing.stop():
            self.tell(self.showing.nothing_to_stop())

    @on(TlsPanel.Copied)
    def _fingerprint_copied(self, event: TlsPanel.Copied) -> None:
        self.doing.copy_fingerprint(event.number)

    @on(TlsPanel.Asked)
    def _asked_of_tls(self, event: TlsPanel.Asked) -> None:
        self.doing.run(event.order, "")

    @on(TranscriptView.Copied)
    def _copied(self, event: TranscriptView.Copied) -> None:
        self.app.copy_to_clipboard(event.text)
        if event.lines < event.selected:
            self.tell(f"Copied the first {event.lines:,} of {event.selected:,} lines; "
                      "Ctrl+S saves all of them.")  # fmt: skip
        else:
            self.tell("Copied." if event.lines == 1 else f"Copied {event.lines:,} lines.")

    @on(TranscriptView.CursorMoved)
    def _cursor_moved(self) -> None:
        self.showing.meaning(self)

    @on(TranscriptView.Tail)
    def _tail(self, event: TranscriptView.Tail) -> None:
        if event.following:
            note = "following"
        else:
            count = f"{event.new:,} new  " if event.new else ""
            note = f"{count}End follows"
        self.view.border_subtitle = note

    @on(PlanList.Asked)
    def _asked_of_plan(self, event: PlanList.Asked) -> None:
        self.doing.asked(event.order, event.place)

    @on(PlanList.CursorMoved)
    def _plan_cursor_moved(self) -> None:
        self.showing.plan(self)

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
        self.schedule()
