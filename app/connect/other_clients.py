"""Watches other programs connected to the practice server, and posts notices of their problems.

This window's own connections are excluded, since hints and marks in the transcript already show
what is wrong with typed lines.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING

from ...session.events import Connected
from ..advice import do
from ..ui import Ui

if TYPE_CHECKING:
    from ...session.aio.session import Session
    from ...session.practice.client_summary import ClientSummary
    from ...session.practice.diagnosis import Diagnosis
    from ...session.practice.server import PracticeServer

OWN = 100  # connections of this window whose addresses are remembered
QUIET = 10.0  # seconds from one notice to the next
_FIRST_MARKS = 50  # events of a transcript within which the connection is recorded


class OtherClients:
    """Lists the connections of other programs to the practice server, and reports problems."""

    def __init__(self, ui: Ui) -> None:
        self._ui = ui
        self._practice: PracticeServer | None = None
        self._session: Session | None = None
        self._own: deque[str] = deque(maxlen=OWN)
        self._unsubscribe: Callable[[], object] | None = None
        self._noticed = 0  # the number of the last connection that a notice reported
        self._notice_at = 0.0

    def session_began(self, session: Session, practice: PracticeServer | None) -> None:
        """Follow the practice server if it is running; `session` is this window's new session."""
        self._remember()
        self._session = session
        if practice is not self._practice:
            self.end()
            self._practice = practice
            if practice is not None:
                self._unsubscribe = practice.clients.subscribe(self._diagnosed)

    def end(self) -> None:
        """Stop following the practice server."""
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None
        self._practice = None

    @property
    def summaries(self) -> list[ClientSummary]:
        """The connections of other programs, newest first."""
        if self._practice is None:
            return []
        self._remember()
        return [each for each in reversed(self._practice.clients.summaries) if self._other(each)]

    def _other(self, client: ClientSummary | Diagnosis) -> bool:
        return ":" in client.peer and client.peer not in self._own

    def _remember(self) -> None:
        """Remember the address that this window is connected from."""
        if self._session is None:
            return
        transcript = self._session.transcript
        for number in range(min(transcript.mark_count, _FIRST_MARKS)):
            _, event = transcript.mark(number)
            if isinstance(event, Connected) and event.local and event.local not in self._own:
                self._own.append(event.local)

    def _diagnosed(self, diagnosis: Diagnosis) -> None:
        """Report the first diagnosis of a connection, but not too often."""
        self._remember()
        if not self._other(diagnosis) or diagnosis.connection <= self._noticed:
            return
        if self._notice_at <= diagnosis.at < self._notice_at + QUIET:
            return
        self._noticed, self._notice_at = diagnosis.connection, diagnosis.at
        self._ui.tell(
            f"Client {diagnosis.connection}, {diagnosis.peer}: {diagnosis.seen}. {do('clients')} "
            f"shows details.",
            title="Another program at the practice server",
        )
