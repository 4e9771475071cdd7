"""The connection commands: connect, disconnect, reconnect, and set timeouts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...session.target import TargetError, passwords_in
from ...session.timeouts import Timeouts
from ...session.visible import visible_text
from ..advice import do
from ..connect.manager import ConnectionManager
from ..connect.profile import PRACTICE, Profile, switched
from ..connect.recent import RecentProfiles
from ..input.sender import Sender
from ..plan.controller import PlanController
from ..plan.status import Plan
from ..ui import Ui
from .confirmation import confirm, confirm_closing
from .registry import CommandTable
from .tasks import TaskSet

if TYPE_CHECKING:
    from ...session.secret import Secret

LONGEST_TIMEOUT = 86_400  # seconds of a timeout


class ConnectionCommands:
    """Connects, at once or step by step, disconnects, and sets the reply timeouts."""

    def __init__(
        self,
        ui: Ui,
        connections: ConnectionManager,
        sender: Sender,
        plan: PlanController,
        recent: RecentProfiles,
        tasks: TaskSet,
    ) -> None:
        self._ui = ui
        self._connections = connections
        self._sender = sender
        self._plan = plan
        self._recent = recent
        self._tasks = tasks

    @property
    def table(self) -> CommandTable:
        """The commands of this group, keyed by action name."""
        return {
            "connect": self.connect,
            "dial": self.dial,
            "disconnect": self.disconnect,
            "reconnect": self.reconnect,
            "more": self.more,
            "switch": self.switch,
            "timeout": self.timeout,
        }

    def connect(self, target: str = "") -> None:
        """Connect to a server; without a target, ask for one."""
        self._connect_to(target, stepping=False)

    def dial(self, target: str = "") -> None:
        """Connect to a server step by step; without a target, ask for one."""
        self._connect_to(target, stepping=True)

    def _connect_to(self, target: str, *, stepping: bool) -> None:
        if not target and self._connections.confinement.confined:
            target = PRACTICE
        if target:
            self._connect(target, stepping=stepping)
            return
        from ..dialogs.requests import ConnectForm, ConnectRequest

        def answered(asked: ConnectRequest | None) -> None:
            if asked is not None:
                profile, key_password, by_steps = asked
                self._connect(profile, key_password, stepping=by_steps)

        servers = self._connections.servers
        choices = self._recent.choices(self._sender.history.arguments(":connect"), servers.names)
        secrets = self._connections.secrets
        self._ui.ask(
            ConnectForm(
                choices,
                self._recent.forget,
                stepping=stepping,
                learn=lambda secret: secrets.add(secret.reveal()),
                servers=servers,
            ),
            answered,
        )

    def _connect(
        self, asked: Profile | str, key_password: Secret | None = None, *, stepping: bool
    ) -> None:
        """Connect with a profile, or to the TARGET or @NAME that the user typed.

        `stepping` is true to connect step by step.
        """
        connections = self._connections
        profile = Profile(asked) if isinstance(asked, str) else asked
        for password in passwords_in(profile.target):  # which is refused and not repeated
            connections.secrets.add(password)

        def go() -> None:
            try:
                if stepping:
                    connections.give_up()
                    connections.choose(asked, key_password)
                else:
                    connections.connect(asked, key_password)
            except TargetError as error:
                self._ui.tell(str(error), trouble=True)
                return
            if stepping:
                title = f"Connect to {visible_text(profile.target)}"
                self._plan.begin(Plan(title, connects=True))
            self._recent.note(profile)
            self._ui.refresh()

        if stepping:
            confirm_closing(self._ui, self._connections, self._sender, go)
        else:
            confirm(self._ui, self._sender, "Connect to another server?", "connect", go)

    def disconnect(self, _: str = "") -> None:
        """Close the connection without sending QUIT."""
        confirm(
            self._ui,
            self._sender,
            "Disconnect?",
            "disconnect",
            lambda: self._tasks.start(self._connections.disconnect()),
        )

    def reconnect(self, _: str = "") -> None:
        """Reconnect to the server."""

        def go() -> None:
            self._connections.reconnect()
            self._ui.refresh()

        confirm(self._ui, self._sender, "Reconnect?", "connect", go)

    def stop_waiting(self) -> bool:
        """Stop waiting for a server that is slow to accept the connection or to send its greeting.

        Return False if heloscope was not waiting for a server.
        """
        if self._connections.give_up():
            self._ui.tell("Connecting was cancelled.")
        elif self._connections.greeting_due:
            self._tasks.start(self._connections.disconnect())
            self._ui.tell("Connection closed: the server has not sent a greeting.")
        else:
            return False
        return True

    def switch(self, _: str = "") -> None:
        """Reconnect to the same port with implicit TLS.

        If the last connection used implicit TLS, reconnect without it.
        """
        connections = self._connections
        if connections.session is None:
            self._ui.tell(f"No server yet. {do('connect')} connects to one.")
            return
        other = switched(connections.profile)
        if other is None:
            self._ui.tell(
                "A Unix socket cannot use TLS from the first byte, so nothing was switched."
            )
            return
        self._connect(other, connections.key_password, stepping=False)

    def more(self, _: str = "") -> None:
        """Resume reading after a flood has paused it."""
        if not self._connections.read_on():
            self._ui.tell("Reading is not paused: the server has not sent a flood of data.")
        self._ui.refresh()

    def timeout(self, seconds: str) -> None:
        """Set the time to wait for each reply; `standard` restores the limits of RFC 5321."""
        if seconds == "standard":
            timeouts = Timeouts()
        else:
            try:
                number = float(seconds)
            except ValueError:
                number = 0.0
            if not 0 < number <= LONGEST_TIMEOUT:
                longest = f"{LONGEST_TIMEOUT:,}"
                self._ui.tell(
                    f"The timeout must be a number of seconds, at most {longest}, or the word "
                    "standard.",
                    trouble=True,
                )
                return
            timeouts = Timeouts.all(number)
        self._connections.set_timeouts(timeouts)
        unit = "" if seconds == "standard" else " s"
        self._ui.tell(f"Reply timeout: {seconds}{unit}.")
