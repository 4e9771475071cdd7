"""`Floods`: limits how much is read from a server that sends without end, and offers choices.

Nothing that was shown is ever discarded, so reading has a limit: 64 MiB of one reply, and then as
much as `:more` adds. A flood is measured by what it costs to keep its lines, in memory and on disk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..advice import do
from ..ui import Ui

if TYPE_CHECKING:
    from ...session.aio.session import Session

KEPT = 96 << 20  # octets of all floods of a run together
LEAST = 1 << 20  # octets that are read of a flood in any case


class Floods:
    """The floods of all sessions in a run."""

    def __init__(self, ui: Ui) -> None:
        self._ui = ui
        self._octets = 0

    def watch(self, session: Session) -> None:
        """Set the limit for a new session, and report to the user when the limit is exceeded."""
        from ...session.flood import FLOOD_LIMIT

        session.flood_limit = max(LEAST, min(FLOOD_LIMIT, self._room))
        session.ask_on_flood = lambda: self._came(session)

    def more_of(self, session: Session) -> int:
        """Return how many more octets of a paused flood could be read; 0 if there is no space."""
        return min(session.flood_limit, self._room) if self._room >= LEAST else 0

    def read_on(self, session: Session) -> None:
        """Resume reading or, if there is no space for more, tell the user so."""
        octets = self.more_of(session)
        if octets:
            session.flood_limit = octets
            session.read_on()
        else:
            words = f"Reading remains paused: {self._offers(session)}"
            self._ui.tell(words, title="Flood", trouble=True)

    @property
    def _room(self) -> int:
        return KEPT - self._octets

    def _came(self, session: Session) -> None:
        from ...session.flood import flood_words

        self._octets += session.conversation.flood
        words = flood_words(session.flood_limit)
        self._ui.tell(
            f"{words[0].upper()}{words[1:]}. Reading is paused: {self._offers(session)}",
            title="Flood",
            trouble=True,
            holds=lambda: session.connected,
        )

    def _offers(self, session: Session) -> str:
        from ...session.flood import octets_in_words

        octets = self.more_of(session)
        if octets:
            return (
                f"{do('more')} reads up to {octets_in_words(octets)} more, "
                f"{do('disconnect')} closes the connection."
            )
        return (
            f"at most {octets_in_words(KEPT)} of floods are kept. {do('save')} saves what "
            f"was received, {do('disconnect')} closes the connection."
        )
