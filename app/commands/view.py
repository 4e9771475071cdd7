"""The commands for help, panels, the practice server, notices, themes, and quitting."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ...session.visible import visible_text
from ..advice import do
from ..connect.manager import ConnectionManager
from ..connect.other_clients import OtherClients
from ..input.sender import Sender
from ..ui import StateDrawing, Themes, Ui
from .confirmation import confirm
from .registry import CommandTable

if TYPE_CHECKING:
    from ...session.practice.server import PracticeServer
    from ...session.record.transcript import Transcript
    from ...session.target import Target


class ViewCommands:
    """The commands for help, panels, the practice server, notices, themes, and quitting."""

    def __init__(
        self,
        ui: Ui,
        connections: ConnectionManager,
        clients: OtherClients,
        sender: Sender,
        themes: Themes,
        states: StateDrawing,
        explained: Callable[[], str],
        saw: Callable[[str, str], object] = lambda what, name: None,
        shown: Callable[[], tuple[Transcript, Target | None] | None] | None = None,
    ) -> None:
        """Create the commands for a live session, or for a recording if `shown` is given.

        `explained` returns the explanation of the line under the cursor; `saw` is called with the
        kind and name of each thing that the user opens. `shown` returns the transcript shown and
        its server; by default, these are the session's.
        """
        self._saw = saw
        self._ui = ui
        self._connections = connections
        self._clients = clients
        self._sender = sender
        self._themes = themes
        self._states = states
        self._explained = explained
        self._shown = shown or self._of_session

    @property
    def table(self) -> CommandTable:
        """The commands of this group, keyed by action name."""
        return {
            "help": self.help,
            "explain": self.explain,
            "panel": self.panel,
            "states": self.states,
            "glossary": self.glossary,
            "mailbox": self.mailbox,
            "notices": self.notices,
            "findings": self.findings,
            "clients": self.clients,
            "theme": self.theme,
            "q": self.leave,
        }

    def help(self, _: str = "") -> None:
        """List every key and order."""
        from ..dialogs.requests import Help

        self._ui.ask(Help(self._connections.confinement))

    def explain(self, _: str = "") -> None:
        """Show the explanation of the line under the cursor, or its next part."""
        if not self._ui.panel.toggle_explanation():
            self._ui.tell(
                "Meaning explains the line under the cursor; Ctrl+Up goes to the reply before it."
            )

    def panel(self, _: str = "") -> None:
        """Show or hide the side panel."""
        self._ui.panel.toggle()

    def glossary(self, word: str = "") -> None:
        """Look up a word. Without one, list all terms, starting with those in the explanation."""
        from ...session.facts.glossary import terms_in
        from ..dialogs.requests import Glossary
        from ..explain.words import entries_of, nearest_word

        if word and not entries_of(word):
            near = nearest_word(word)
            hint = f"Did you mean {near}?" if near else f"{do('glossary')} lists the terms."
            self._ui.tell(f"Not in the glossary: {visible_text(word)[:40]}. {hint}")
            return
        self._ui.ask(Glossary(word, terms_in(self._explained())))

    def states(self, _: str = "") -> None:
        """Show the diagram of states, or return to the transcript."""
        self._states.toggle()

    def mailbox(self, name: str = "") -> None:
        """Show the mailboxes of the practice server; `clear` empties them."""
        practice = self._practice()
        if practice is None:
            return
        if name == "clear":
            practice.mailboxes.clear()
            self._ui.tell("The mailboxes are empty.")
        else:
            from ..dialogs.requests import MailboxList

            files = self._connections.confinement.files
            self._ui.ask(MailboxList(practice.mailboxes, name, saves=files, saw=self._saw))

    def notices(self, _: str = "") -> None:
        """List the notices of this run, including those no longer on the screen."""
        from ..dialogs.requests import NoticeList

        self._ui.ask(NoticeList(self._ui.notices))

    def findings(self, _: str = "") -> None:
        """List what the conversation shows about the server."""
        from ...session.findings.server import findings
        from ..dialogs.requests import FindingList

        shown = self._shown()
        found = findings([shown[0]], shown[1]) if shown is not None else ()
        if not found:
            self._ui.tell(f"Nothing has been sent yet. {do('probe')} asks what the server offers.")
            return
        target = shown[1] if shown is not None else None
        server = target.shown if target is not None else "this server"
        self._ui.ask(FindingList(self._connections.secrets.mask_names(server), found))

    def _of_session(self) -> tuple[Transcript, Target | None] | None:
        session = self._connections.session
        return None if session is None else (session.transcript, session.target)

    def clients(self, _: str = "") -> None:
        """List the other programs that are connected to the practice server."""
        practice = self._practice()
        if practice is not None:
            from ..dialogs.requests import ClientList

            where = (
                f"Connect a program to {practice.host}, port {practice.port} (SMTP, with STARTTLS) "
                f"or {practice.tls_port} (TLS from the first byte) to watch its lines here and see "
                f"why it hangs."
            )
            self._ui.ask(ClientList(lambda: self._clients.summaries, where))

    def _practice(self) -> PracticeServer | None:
        """Return the practice server. If it is not running, tell the user and return None."""
        practice = self._connections.practice
        if practice is None:
            self._ui.tell(
                f"The practice server is not running: {do('connect')} practice starts it."
            )
        return practice

    def theme(self, name: str = "") -> None:
        """Change the colour theme; without a name, offer a search."""
        names = sorted(self._themes.theme_names)
        if not name:
            self._themes.search_themes()
        elif name in names:
            self._themes.choose_theme(name)
        else:
            shown = visible_text(name)[:40]
            self._ui.tell(f"Theme not found: {shown}. Themes: {', '.join(names)}.", trouble=True)

    def leave(self, _: str = "") -> None:
        """Quit heloscope."""
        confirm(self._ui, self._sender, "Leave heloscope?", "leave", self._ui.leave)
