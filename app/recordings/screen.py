"""The read-only screen of a recording: the panes of a session, and a position bar."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.content import Content

from ...session.events import Direction
from ...session.plural import plural
from ...session.protocol.playback import Playback
from ...session.script.grammar import Nothing, Order, parse_typed
from ...session.target import TargetError, parse_target
from ...widgets.bars.find import FindBar
from ...widgets.bars.keys import KeyBar
from ...widgets.bars.notices import NoticeBar
from ...widgets.bars.position import PositionBar
from ...widgets.bars.status import StatusLine
from ...widgets.input.command_line import CommandInput
from ...widgets.input.composer import Composer
from ...widgets.panels.tls import TlsPanel
from ...widgets.transcript.section import TranscriptSection
from ...widgets.transcript.view import TranscriptView
from ..actions import ACTIONS
from ..advice import do, key_of
from ..commands.export import ExportCommand
from ..commands.presenting import PresentingCommands
from ..commands.registry import Commands, CommandTable
from ..commands.tasks import TaskSet
from ..commands.transcript import TranscriptCommands
from ..commands.view import ViewCommands
from ..explain.states import in_words
from ..main.panel_layout import PanelLayout
from ..main.panes import Panes
from ..main.presentation import Presentation
from ..main.presenter import SessionPanels, SessionPresenter
from ..main.refresh import RefreshScheduler
from ..main.screen_ui import ScreenUi
from ..main.session_screen import SessionScreen
from ..main.state_drawing import StateDrawing
from .commands import READ_ONLY, PlayingCommands, RecordedCopy, once_read, refusals
from .compared import Side, title_of
from .opened import OpenedRecording
from .player import Player
from .reading import Reading
from .view import RecordedView

if TYPE_CHECKING:
    from collections.abc import Callable

    from ...session.procedures.rerun import RerunStep
    from ...session.record.transcript import Transcript
    from ...session.target import Target
    from ..main.screen import MainScreen
    from ..ui import Application

_WHOLE = ("save", "handout", "export", "copy", "rerun", "reconnect")  # need the complete recording
_USEFUL = ("help", "step", "rewind", "run", "explain", "find", "save", "panel", "q")


class RecordingPace:
    """The pace of a recording being presented: everything up to the position is shown."""

    def __init__(self, player: Player, view: TranscriptView) -> None:
        self._player = player
        self._view = view

    def shown(self) -> tuple[TranscriptSection, int] | None:
        """Return the conversation up to the position, and the number of its lines."""
        section = self._view.sections[-1]
        return section, section.layout.height

    @property
    def more(self) -> bool:
        """Whether the recording continues after the position."""
        return self._player.playback.position < len(self._player.playback)

    @property
    def due(self) -> Direction | None:
        """The side that sends the next line; None if no line follows or the line is an event."""
        playback = self._player.playback
        return playback.side(playback.position) if self.more else None

    def move(self, by: int, *, turn: bool) -> bool:
        """Go forward (`by` = 1) or back (-1), and return whether that was possible.

        If `turn` is true, go to the end of the turn rather than a single line.
        """
        return self._player.move(by, turn=turn)


class RecordingScreen(SessionScreen):
    """The screen that shows a recording; `main` is the screen to return to."""

    DEFAULT_CSS = """
    RecordingScreen.-present #composer { display: none; }
    """

    def __init__(
        self,
        opened: OpenedRecording,
        main: MainScreen,
        application: Application,
        clock: Callable[[], float],
    ) -> None:
        super().__init__()
        self._opened = opened
        self._connections = main.connections
        self.player = Player(self._playback(opened), self._moved)
        self._rest: asyncio.Task[None] | None = None  # the task that reads the rest
        self.frames = RefreshScheduler(self._draw)
        self._status = StatusLine(id="status")
        self._presenter: SessionPresenter
        self._panes = Panes(
            lambda keyword, added: self._presenter.remark(keyword, added), lambda: None, id="panes"
        )
        self._panes.notes = opened.notes
        self.view = self._panes.view
        self._panels: SessionPanels = self._panes.panels
        self._position = PositionBar(id="position")
        self._notices = NoticeBar(do("notices"), "Esc", id="notices")
        self._find_bar = FindBar(id="find")
        secrets = self._connections.secrets
        self.composer = Composer(
            _orders, lambda _typed, _back: None, secrets.mask_text, id="composer"
        )
        self._keys = KeyBar()
        self._keys.labels = {"run": "play", "reconnect": "again"}
        self.panel = PanelLayout(
            self, self._panes.tabs, self._panes.explanation, self.view, self.composer.focus_line
        )
        self.ui = ScreenUi(self, self.panel, self.view, self._notices, clock, self.frames.schedule)
        self.ui.mask, self.ui.mask_names = secrets.mask_text, secrets.mask_names
        self.states = StateDrawing(self, self._panes, lambda: self._shown, self.composer.focus_line)
        self.presentation = Presentation(
            self,
            self._panes,
            RecordingPace(self.player, self.view),
            self.composer.focus_line,
            starts=True,
        )
        self.commands = self._make_commands(main, application)
        self._shown = RecordedView(opened, self.player.playback)
        self._presenter = SessionPresenter(self._shown, self._panels)
        self._show_conversation()

    def _make_commands(self, main: MainScreen, application: Application) -> Commands:
        view = ViewCommands(
            self.ui,
            main.connections,
            main.clients,
            main.sender,
            application,
            self.states,
            lambda: self._panes.explanation.text,
            shown=self._shown_now,
        )
        self._transcript = TranscriptCommands(
            self.ui, self.view, self._find_bar, main.connections, TaskSet()
        )
        presenting = PresentingCommands(
            self.ui,
            self.view,
            self.presentation,
            main.connections.secrets,
            lambda: self._opened.notes,
            lambda: self._opened.target,
        )

        def rerun(steps: list[RerunStep], target: str) -> None:
            # On the main screen: a dialog's answer goes to the screen that asked.
            main.call_later(main.groups.rerun.begin, steps, target)

        playing = PlayingCommands(
            self.ui,
            self.player,
            application,
            self._opened,
            self._leave,
            rerun,
            main.connections.secrets,
        )
        copy = RecordedCopy(self.ui, main.connections, main.plan.status, self.player, self._opened)
        self._export = ExportCommand(
            self.ui,
            self.view,
            copy.source,
            main.connections.secrets,
            main.connections.confinement,
            TaskSet(),
        )
        taken: CommandTable = {
            **view.table, **self._transcript.table, **presenting.table, **playing.table,
            **copy.table, **self._export.table, "reconnect": lambda _: playing.rerun(),
            "tls": lambda _: self.panel.toggle_page("tls"),
        }  # fmt: skip
        whole = {name: taken[name] for name in _WHOLE}
        taken = {**taken, **once_read(whole, self._opened, self._refuse)}
        return Commands(
            self.ui, {**taken, **refusals(taken, self._refuse)},
            confinement=main.connections.confinement,
        )  # fmt: skip

    def _shown_now(self) -> tuple[Transcript, Target | None]:
        try:
            target = parse_target(self._opened.target)
        except TargetError:
            target = None  # possible in the log of another tool
        return self.transcript, target

    @property
    def transcript(self) -> Transcript:
        """The transcript of the recording, up to the current position."""
        return self.player.playback.conversation.transcript

    @property
    def side(self) -> Side:
        """The recording as one side of a comparison, up to the current position."""
        transcript = self.transcript
        title = title_of(self._opened, transcript, self._connections.secrets)
        return Side(title, transcript)

    def compose(self) -> ComposeResult:
        yield self._status
        yield self._panes
        yield self._position
        yield self._notices
        yield self._find_bar
        yield self.composer
        yield self._keys

    def on_mount(self) -> None:
        self._keys.useful = ("live", *_USEFUL)
        if self._opened.reading is not None:
            self._rest = asyncio.get_running_loop().create_task(self._read_on(self._opened.reading))
        self._tell_missing()
        self.set_interval(1.0, self.ui.expire_notices)
        self.sync()

    def on_unmount(self) -> None:
        self.player.pause()
        if self._rest is not None:
            self._rest.cancel()

    # The recording

    @staticmethod
    def _playback(opened: OpenedRecording) -> Playback:
        growing = opened.reading is not None
        return Playback(opened.conversation, opened.checkpoints, growing=growing)

    async def _read_on(self, reading: Reading) -> None:
        """Read the rest of the recording while the first part is shown."""

        def grown() -> None:
            self.player.playback.grow()
            self._moved()

        await reading.take_rest(grown)
        self._opened.all_read()
        self.player.playback.grow(ended=True)
        self._moved()
        self._tell_missing()

    async def whole(self) -> bool:
        """Wait until the recording has been read. Return False if the screen was left first."""
        if self._rest is not None:
            await asyncio.wait([self._rest])
        return self._opened.reading is None

    def _tell_missing(self) -> None:
        if self._opened.missing:
            foreign = self._opened.format
            title = "Another tool's log" if foreign else "Incomplete"
            self.ui.tell(self._opened.missing, title=title, trouble=not foreign)

    def _moved(self) -> None:
        self.frames.schedule()

    def _draw(self) -> None:
        if self.is_attached and self.composer.children:
            self.sync()

    def _show_conversation(self) -> None:
        """Show the conversation at the current position.

        After a step back, the conversation is a new object.
        """
        shown = self.player.playback.conversation
        if not self.view.sections or self.view.sections[-1].transcript is not shown.transcript:
            self._shown = RecordedView(self._opened, self.player.playback)
            self._presenter = SessionPresenter(self._shown, self._panels)
            self.view.replace(shown.transcript, shown.pending_masked)

    def sync(self) -> None:
        """Update the screen."""
        playback = self.player.playback
        self._show_conversation()
        self.view.sync()
        self.states.sync()
        self.presentation.sync()
        self._presenter.show(accepted=False, own_certificate="")
        bar = self._position
        bar.playing, bar.speed = self.player.playing, self.player.speed
        bar.way = self.player.way
        bar.position, bar.steps = playback.position, len(playback)
        bar.timed = self._opened.timed
        reading = self._opened.reading
        bar.percent = 100 if reading is None else reading.percent
        bar.elapsed, bar.duration = playback.elapsed, playback.duration
        talk = playback.conversation
        status = self._status
        name = self._connections.secrets.mask_names(self._opened.target)
        sort = self._opened.sort
        status.peer = f"{sort} of {name}" if name else sort
        status.tls = "TLS" if talk.tls else ""
        status.state = in_words(talk.state, lmtp=talk.lmtp, closing=talk.closing)
        status.lines = len(talk.transcript)
        status.elapsed = int(playback.elapsed)
        self._show_hint()

    def _show_hint(self) -> None:
        notes = len(self._opened.notes)
        kept = f"  {plural(notes, '{} note')}" if notes else ""
        self.composer.show_hint(
            Content.assemble(
                (f"Enter: next line, {key_of('rewind')}: back, {key_of('run')}: play, ", "dim"),
                (f"{key_of('reconnect')}: again, {do('live')} leaves", "dim"),
                (kept, "$text-accent"),
            )
        )

    def _leave(self) -> None:
        self.player.pause()
        if self.is_current:
            self.dismiss()

    def _refuse(self, words: str) -> None:
        self.ui.tell(words, trouble=True)

    # Typed input

    @on(Composer.Submitted)
    def _typed(self, event: Composer.Submitted) -> None:
        self.ui.line_submitted()
        match parse_typed(event.text):
            case Nothing():
                self.commands.run("step")
            case Order(name=name, argument=argument):
                self.commands.run(name, argument)
            case _:
                self._refuse(READ_ONLY)
        self.composer.handled()

    @on(CommandInput.LinesPasted)
    def _lines_pasted(self) -> None:
        self._refuse(READ_ONLY)

    @on(CommandInput.EndPassed)
    def _end_passed(self) -> None:
        self.view.action_last()

    # Keys

    def action_command(self, name: str) -> None:
        """Run the action assigned to a key."""
        self.commands.run(name)

    def action_page(self, by: int) -> None:
        """Scroll by a page or, in the presentation, go forward or back by a turn."""
        if self.presentation.on:
            self.presentation.move(by, True)
        else:
            self.scroll_page(by)

    def action_home(self) -> None:
        """Return to the command line."""
        self.panel.fold()
        self.ui.clear_notices()
        self.composer.focus_line()

    def action_stop(self) -> None:
        """Copy the selection, or else stop what is in progress, or else explain how to leave."""
        selected = self.get_selected_text()
        if selected:
            self.ui.copy(selected)
            self.clear_selection()
            self.ui.tell("Copied.")
        elif not (self._transcript.stop_saving() or self._export.stop() or self.player.pause()):
            self.ui.tell(f"Nothing is playing. {do('live')} leaves the recording.")

    def action_lesson(self) -> None:
        """Go to the previous pane, since a recording has no lesson."""
        self.focus_previous()

    # The panes

    @on(TlsPanel.ActionRequested)
    def _asked_of_tls(self, event: TlsPanel.ActionRequested) -> None:
        self.commands.run(event.order)

    @on(TranscriptView.Copied)
    def _copied(self, event: TranscriptView.Copied) -> None:
        self.ui.copy(event.text)
        self.ui.tell(plural(event.lines, "Copied.", "Copied {} lines."))

    @on(FindBar.Sought)
    def _sought(self, event: FindBar.Sought) -> None:
        found = self.view.find(event.text, backwards=event.by < 0, again=event.again)
        event.bar.say(found or not event.text)

    @on(FindBar.Closed)
    def _find_closed(self) -> None:
        self.view.needle = ""
        self.composer.focus_line()


def _orders(text: str) -> list[str]:
    """Return the orders that a text may become."""
    if not text.startswith(":"):
        return []
    return [f":{name}" for name in ACTIONS if f":{name}".startswith(text)]
