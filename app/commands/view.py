"""The commands that show help, panels, mailboxes, notices and themes, and the one that leaves."""

from __future__ import annotations

from ...session.visible import visible_text
from ..advice import do
from ..connect.manager import ConnectionManager
from ..input.sender import Sender
from ..ui import Themes, Ui
from .confirmation import confirm
from .registry import CommandTable


class ViewCommands:
    """The commands for help, panels, mailboxes, notices and themes, and the one to quit."""

    def __init__(
        self, ui: Ui, connections: ConnectionManager, sender: Sender, themes: Themes
    ) -> None:
        self._ui = ui
        self._connections = connections
        self._sender = sender
        self._themes = themes

    @property
    def table(self) -> CommandTable:
        """The commands of this group, by the name of their action."""
        return {
            "help": self.help,
            "explain": self.explain,
            "panel": self.panel,
            "mailbox": self.mailbox,
            "notices": self.notices,
            "theme": self.theme,
            "q": self.leave,
        }

    def help(self, _: str = "") -> None:
        """List every key and order."""
        from ..dialogs.help import HelpScreen

        self._ui.ask(HelpScreen())

    def explain(self, _: str = "") -> None:
        """Explain the line under the cursor."""
        if not self._ui.panel.toggle_explanation():
            self._ui.tell(
                "Meaning explains the line under the cursor; Ctrl+Up goes to the reply before it."
            )

    def panel(self, _: str = "") -> None:
        """Show or hide the side panel."""
        self._ui.panel.toggle()

    def mailbox(self, name: str = "") -> None:
        """Show the mailboxes of the practice server; `clear` empties them."""
        practice = self._connections.practice
        if practice is None:
            self._ui.tell(
                f"The practice server is not running: {do('connect')} practice starts it."
            )
        elif name == "clear":
            practice.mailboxes.clear()
            self._ui.tell("The mailboxes are empty.")
        else:
            from ..dialogs.mailbox import MailboxScreen

            self._ui.ask(MailboxScreen(self._ui, practice.mailboxes, name))

    def notices(self, _: str = "") -> None:
        """List what was told, also what is no longer shown."""
        from ..dialogs.notices import NoticesScreen

        self._ui.ask(NoticesScreen(self._ui.notices))

    def theme(self, name: str = "") -> None:
        """Change the colours."""
        names = sorted(self._themes.theme_names)
        if not name:
            self._themes.search_themes()
        elif name in names:
            self._themes.choose_theme(name)
        else:
            shown = visible_text(name)[:40]
            self._ui.tell(f"There is no theme {shown}. There are {', '.join(names)}.", trouble=True)

    def leave(self, _: str = "") -> None:
        """Quit heloscope."""
        confirm(self._ui, self._sender, "Leave?", "leave", self._ui.leave)
