"""Completes the command line with data from the current session.

The tables of facts are imported with the first completion, not before the first frame.
"""

from __future__ import annotations

from ...session.protocol.states import State
from ..connect.manager import ConnectionManager
from ..connect.profile import PRACTICES
from ..connect.recent import RecentProfiles
from ..ui import Themes
from .address_book import AddressBook
from .history import History


class Completer:
    """Completes a typed line: calling it with a text returns the lines that the text may become."""

    def __init__(
        self,
        connections: ConnectionManager,
        history: History,
        addresses: AddressBook,
        recent: RecentProfiles,
        themes: Themes,
    ) -> None:
        self._connections = connections
        self._history = history
        self._addresses = addresses
        self._recent = recent
        self._themes = themes

    def __call__(self, text: str) -> list[str]:
        from .completion import complete

        session = self._connections.session
        conversation = session.conversation if session is not None else None
        return complete(
            text,
            state=conversation.foreseen if conversation is not None else State.CLOSED,
            keywords=conversation.keywords if conversation is not None else None,
            lmtp=session is not None and session.lmtp,
            history=self._history,
            addresses=self._addresses.addresses(),
            targets=[*self._connections.servers.names, *PRACTICES, *self._recent.targets],
            themes=self._themes.theme_names,
            confinement=self._connections.confinement,
        )
