"""The commands available while a recording is shown, and refusals of those that send something."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ...session.record.transcript import Transcript
from ...session.visible import visible_text
from ..actions import ACTIONS
from ..advice import do
from ..commands.copy import CopyCommand
from ..commands.recordings import RecordingCommands
from ..commands.registry import CommandTable
from ..connect.manager import ConnectionManager
from ..export.replay import Replay, replay_of
from ..export.source import ExportSource
from ..plan.status import PlanStatus
from ..ui import Application, Ui
from .opened import OpenedRecording
from .player import Player

if TYPE_CHECKING:
    from ...session.procedures.rerun import RerunStep
    from ...session.record.masking import KnownSecrets

Rerun = Callable[["list[RerunStep]", str], object]
"""Called with (steps, target); begins a plan of these steps."""
_SENDS_NOTHING = ("settings", "history", "timeout")
_OF_THE_SESSION = (
    f"{{}} applies to the session, but a recording is shown; {do('live')} returns to the session."
)
READ_ONLY = f"Nothing can be sent while a recording is shown. {do('live')} returns to the session."


class PlayingCommands:
    """The commands that play the recording, open another one, or leave it."""

    def __init__(
        self,
        ui: Ui,
        player: Player,
        application: Application,
        opened: OpenedRecording,
        leave: Callable[[], object],
        rerun: Rerun,
        secrets: KnownSecrets,
    ) -> None:
        self._ui = ui
        self._listed = RecordingCommands(ui, application, secrets, opened.path)
        self._rerun = rerun
        self._player = player
        self._application = application
        self._opened = opened
        self._leave = leave

    @property
    def table(self) -> CommandTable:
        """The commands of this group, keyed by action name."""
        return {
            "open": self._application.open_recording,
            "recordings": self._listed.recordings,
            "compare": self._listed.compare,
            "play": self.play,
            "run": self.play,
            "pause": self.pause,
            "step": self.step,
            "rewind": self.back,
            "rerun": self.rerun,
            "live": lambda _: self._leave(),
            "journal": self.journal,
        }

    def play(self, argument: str = "") -> None:
        """Play or pause the recording, or go to a position."""
        if not self._player.order(argument):
            self._ui.tell(
                f"{visible_text(argument)[:40]} is neither a speed (0.1 to 1000) nor a time. "
                f"The syntax is :play {ACTIONS['play'].argument}",
                trouble=True,
            )

    def pause(self, _: str = "") -> None:
        """Pause the recording."""
        if not self._player.pause():
            self._ui.tell(f"The recording is already paused. {do('run')} plays it.")

    def step(self, _: str = "") -> None:
        """Show the next line of the recording."""
        if self._player.move(1):
            return
        if self._player.playback.growing:
            self._ui.tell("The rest is still being read.")
        else:
            self._ui.tell(f"This is the end of the recording. {do('rewind')} goes back a line.")

    def back(self, _: str = "") -> None:
        """Go back one line."""
        if not self._player.move(-1):
            self._ui.tell("This is the start of the recording.")

    def rerun(self, target: str = "") -> None:
        """Leave the recording, and begin a plan that sends the recording's client lines."""
        from ...session.procedures.rerun_steps import rerun_steps

        steps = rerun_steps(self._opened.conversation.transcript)
        target = target.strip() or self._opened.target
        if len(steps) < 2:
            self._ui.tell("The client sends nothing in this recording.", trouble=True)
        elif not target:
            self._ui.tell(
                f"The recording does not name its server: use {do('rerun')} TARGET.", trouble=True
            )
        else:
            self._leave()
            self._rerun(steps, target)

    def journal(self, _: str = "") -> None:
        """Tell the user which file is shown."""
        self._ui.tell(f"Shown, read-only: {visible_text(str(self._opened.path))}", title="Journal")


class RecordedCopy(CopyCommand):
    """`:copy` for a recording, up to the current position."""

    def __init__(
        self,
        ui: Ui,
        connections: ConnectionManager,
        plan: PlanStatus,
        player: Player,
        opened: OpenedRecording,
    ) -> None:
        super().__init__(ui, connections, plan, lambda: "")
        self._player = player
        self._opened = opened

    def source(self) -> ExportSource | None:
        """Return the visible part of the recording for export, or None if nothing is visible."""
        from .source import source_of

        shown = self._player.playback.conversation
        return source_of(self._opened, shown) if shown.transcript.sequence else None

    def _transcript(self) -> Transcript:
        return self._player.playback.conversation.transcript

    def _replay(self, with_plan: bool) -> Replay | None:
        if with_plan:
            self._ui.tell("A recording has no plan.", trouble=True)
            return None
        transcript = self._transcript()
        if not len(transcript):
            self._ui.tell("Nothing to copy before this position.", trouble=True)
            return None
        from .source import target_of

        return replay_of(transcript, target_of(self._opened), self._opened.target)


def once_read(
    table: CommandTable, opened: OpenedRecording, tell: Callable[[str], object]
) -> CommandTable:
    """Return the commands of `table`, each refused until the whole recording has been read."""

    def guarded(run: Callable[[str], object]) -> Callable[[str], object]:
        def command(argument: str) -> None:
            reading = opened.reading
            if reading is None:
                run(argument)
            else:
                tell(
                    f"Only {reading.percent} % of the recording has been read, but this needs all "
                    f"of it. Try again in a moment."
                )

        return command

    return {name: guarded(run) for name, run in table.items()}


def refusals(taken: CommandTable, tell: Callable[[str], object]) -> CommandTable:
    """Return a refusal for each action that is not in `taken`."""

    def refused(name: str) -> Callable[[str], object]:
        said = _OF_THE_SESSION.format(do(name)) if name in _SENDS_NOTHING else READ_ONLY
        return lambda _: tell(said)

    return {name: refused(name) for name in ACTIONS if name not in taken}
