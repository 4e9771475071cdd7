"""Creates all groups of commands from the objects that they work with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from ...session.events import Event
from ...session.record.notes import Notes
from ..advice import do
from ..auth.prompt import AuthPrompt
from ..connect.manager import ConnectionManager
from ..connect.other_clients import OtherClients
from ..connect.recent import RecentProfiles
from ..input.address_book import AddressBook
from ..input.router import InputRouter
from ..input.sender import Sender
from ..lessons.guide import Guide
from ..plan.controller import PlanController
from ..ui import (
    Application,
    CertificateList,
    CommandLine,
    Finder,
    Presenting,
    StateDrawing,
    TranscriptLines,
    Ui,
)
from .confirmation import confirm_closing
from .connection import ConnectionCommands
from .copy import CopyCommand
from .export import ExportCommand
from .input import InputCommands
from .lesson import LessonCommands
from .plan import PlanCommands
from .practice import PracticeCommands
from .presenting import PresentingCommands
from .procedures import ProcedureCommands
from .recordings import RecordingCommands
from .registry import Commands
from .rerun import RerunCommand
from .settings import SettingsCommands
from .swaks import SwaksCommand
from .tasks import TaskSet
from .tls import TlsCommands
from .transcript import TranscriptCommands
from .view import ViewCommands


class CommandGroups:
    """The groups of commands, and `all`, the registry that runs a command by its name.

    `explained` returns the explanation of the line under the cursor, `notes` the notes on the
    current session, and `handshakes` the TLS events of the current session. `history_switched` is
    called when the history is switched on or off.
    """

    def __init__(
        self,
        ui: Ui,
        line: CommandLine,
        *,
        connections: ConnectionManager,
        clients: OtherClients,
        sender: Sender,
        router: InputRouter,
        plan: PlanController,
        auth: AuthPrompt,
        addresses: AddressBook,
        recent: RecentProfiles,
        application: Application,
        guide: Guide,
        states: StateDrawing,
        presentation: Presenting,
        notes: Callable[[], Notes],
        explained: Callable[[], str],
        transcript: TranscriptLines,
        find_bar: Finder,
        tls_panel: CertificateList,
        handshakes: Callable[[], Sequence[Event]],
        history_switched: Callable[[], object],
    ) -> None:
        self._tasks = tasks = TaskSet()
        self.view = ViewCommands(
            ui, connections, clients, sender, application, states, explained, guide.saw
        )
        self.settings = SettingsCommands(
            ui, connections, sender, application, recent, history_switched
        )
        self.lesson = LessonCommands(ui, line, connections, sender, guide)
        router.replied = self.lesson.replied
        self.transcript = TranscriptCommands(ui, transcript, find_bar, connections, tasks)
        self.input = InputCommands(ui, line, sender, router, auth, recent, tasks, history_switched)
        self.connection = ConnectionCommands(ui, connections, sender, plan, recent, tasks)
        self.practice = PracticeCommands(ui, connections, sender)
        self.tls = TlsCommands(ui, connections, plan, tls_panel, handshakes, tasks)
        confirm_close = partial(confirm_closing, ui, connections, sender)
        self.plan = PlanCommands(ui, line, plan, confirm_close)
        self.procedures = ProcedureCommands(
            ui,
            line,
            connections,
            plan,
            addresses,
            confirm_close,
            lambda *order: self.all.run(*order),
        )
        self.rerun = RerunCommand(ui, connections, plan, recent, confirm_close)
        self.copy = CopyCommand(ui, connections, plan.status, lambda: self.procedures.user)
        self.export = ExportCommand(
            ui,
            transcript,
            self.copy.source,
            connections.secrets,
            connections.confinement,
            tasks,
            self.copy.sources,
        )
        presenting = PresentingCommands(
            ui,
            transcript,
            presentation,
            connections.secrets,
            notes,
            lambda: connections.profile.target,
        )
        groups = (
            SwaksCommand(ui, connections, plan, confirm_close),
            presenting,
            RecordingCommands(ui, application, connections.secrets),
            self.view,
            self.settings,
            self.transcript,
            self.input,
            self.connection,
            self.practice,
            self.tls,
            self.plan,
            self.procedures,
            self.copy,
            self.export,
            self.lesson,
        )
        self.all = Commands(
            ui, *(group.table for group in groups), confinement=connections.confinement
        )
        self._ui = ui
        self._stops: tuple[tuple[Callable[[], bool], str], ...] = (
            (self.transcript.stop_saving, ""),
            (self.export.stop, ""),
            (sender.give_up, ""),
            (router.stop, ""),
            (plan.pause, ""),
            (plan.give_up, f"The procedure was cancelled. {do('restart')} starts it again."),
            (connections.give_up, "Connecting was cancelled."),
        )

    @property
    def busy(self) -> bool:
        """Whether an order is in progress, such as writing a file or sending bytes."""
        return self._tasks.busy

    def stop(self) -> bool:
        """Stop one activity that is in progress, and return whether there was one."""
        for stop, told in self._stops:
            if stop():
                if told:
                    self._ui.tell(told)
                return True
        return False
