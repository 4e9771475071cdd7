"""The commands that show something: help, panels, mailboxes, themes. And the one that leaves."""

from __future__ import annotations

from collections.abc import Callable

from ...session.visible import visible_text
from ..advice import do
from ..connect.manager import ConnectionManager
from ..input.sender import Sender
from ..ui import StateDrawing, Themes, Ui
from .confirmation import confirm
from .registry import CommandTable


class ViewCommands:
    """The commands for help, explanation, side panel, mailboxes and themes, and the one to quit."""

    def __init__(
        self,
        ui: Ui,
        connections: ConnectionManager,
        sender: Sender,
        themes: Themes,
        states: StateDrawing,
        explained: Callable[[], str],
    ) -> None:
        """`explained` returns the explanation of the line under the cursor."""
        self._ui = ui
        self._connections = connections
        self._sender = sender
        self._themes = themes
        self._states = states
        self._explained = explained

    @property
    def table(self) -> CommandTable:
        """The commands of this group, by the name of their action."""
        return {
            "help": self.help,
            "explain": self.explain,
            "panel": self.panel,
            "states": self.states,
            "glossary": self.glossary,
            "mailbox": self.mailbox,
            "theme": self.theme,
            "q": self.leave,
        }

    def help(self, _: str = "") -> None:
        """List every key and order."""
        from ..dialogs.help import HelpScreen

        self._ui.ask(HelpScreen(self._connections.confinement))

    def explain(self, _: str = "") -> None:
        """Explain the line under the cursor."""
        self._ui.clear_told()  # a notification would hide what was asked for
        if not self._ui.panel.toggle_explanation():
            self._ui.tell(
                "Meaning explains the line under the cursor; Ctrl+Up goes to the reply before it."
            )

    def panel(self, _: str = "") -> None:
        """Show or hide the side panel."""
        self._ui.clear_told()
        self._ui.panel.toggle()

    def glossary(self, word: str = "") -> None:
        """Look up a word; without one, list all terms, those of the explained line first."""
        from ...session.facts.glossary import terms_in
        from ..dialogs.glossary import GlossaryScreen
        from ..explain.words import entries_of, nearest_word

        if word and not entries_of(word):
            near = nearest_word(word)
            hint = f"Is {near} meant?" if near else f"{do('glossary')} lists the terms."
            self._ui.tell(f"The glossary does not have {visible_text(word)[:40]}. {hint}")
            return
        self._ui.clear_told()
        self._ui.ask(GlossaryScreen(word, terms_in(self._explained())))

    def states(self, _: str = "") -> None:
        """Show the diagram of the states, or the transcript again."""
        self._ui.clear_told()
        self._ui.panel.fold()
        self._states.toggle()

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

            files = self._connections.confinement.files
            self._ui.ask(MailboxScreen(practice.mailboxes, name, saves=files))

    def theme(self, name: str = "") -> None:
        """Change the colours."""
        names = sorted(self._themes.theme_names)
        if not name:
            self._themes.search_themes()
        elif name in names:
            self._themes.choose_theme(name)
        else:
            shown = visible_text(name)[:40]
            self._ui.tell(f"There is no theme {shown}. There are {', '.join(names)}.")

    def leave(self, _: str = "") -> None:
        """Quit heloscope."""
        confirm(self._ui, self._sender, "Leave?", "leave", self._ui.leave)
