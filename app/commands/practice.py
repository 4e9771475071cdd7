"""The command that connects to the practice server, running one of its scenarios."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ...session.private_file import UnsafeFile
from ...session.visible import visible_text
from ..connect.manager import ConnectionManager
from ..connect.profile import PRACTICE, Profile
from ..input.sender import Sender
from ..ui import Ui
from .confirmation import confirm
from .registry import CommandTable

if TYPE_CHECKING:
    from ...session.practice.scenarios.model import Scenario


class PracticeCommands:
    """The command `:practice`, which connects to the practice server with a given scenario."""

    def __init__(self, ui: Ui, connections: ConnectionManager, sender: Sender) -> None:
        self._ui = ui
        self._connections = connections
        self._sender = sender

    @property
    def table(self) -> CommandTable:
        """The commands of this group, keyed by action name."""
        return {"practice": self.practice}

    def practice(self, name: str = "") -> None:
        """Connect to the practice server with a scenario; without a name, offer a list."""
        if not name:
            from ..dialogs.requests import ScenarioList

            def answered(chosen: str | None) -> None:
                if chosen:
                    self.practice(chosen)

            self._ui.ask(ScenarioList(self._connections.scenario), answered)
            return
        try:
            scenario = _scenario(name)
        except (LookupError, ValueError) as error:
            self._ui.tell(str(error.args[0]), title="Scenario", trouble=True)
            return

        def go() -> None:
            connections = self._connections
            connections.use(scenario)
            profile = connections.profile
            connections.connect(profile if profile.practising else Profile(PRACTICE))
            self._ui.refresh()

        confirm(self._ui, self._sender, "Start the scenario?", "start", go)


def _scenario(name: str) -> Scenario:
    """Return the scenario with this name, or from this file.

    Raises LookupError or ValueError, whose argument is a sentence for the user.
    """
    from ...session.practice.scenarios import table

    if not (name.endswith(".toml") or "/" in name):
        return table.named(name)
    file = Path(name).expanduser()
    try:
        return table.read_scenario(file)
    except UnsafeFile as error:
        raise ValueError(str(error)) from None
    except table.ScenarioError as error:
        told = error.told()
        more = f" (and {len(told) - 1} more; heloscope practice --scenario FILE lists all)"
        raise ValueError(told[0] + (more if len(told) > 1 else "")) from None
    except OSError as error:
        shown = visible_text(name)[:60]
        raise ValueError(f"Cannot read {shown}: {error.strerror or error}.") from None
