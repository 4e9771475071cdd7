"""The exit status of a run whose lines came from a pipe: the first thing that went wrong in it.

With a terminal, where somebody may provoke a refusal on purpose, the status is 0.
"""

from __future__ import annotations

from ...session.events import Cause, Disconnected, Event, ReplyReceived, TlsFailed
from ...session.verbs import AUTH_EXCHANGE, AUTH_VERBS
from ..exit_status import BAD_INPUT, NO_CONNECTION, NO_LOGIN, NO_TLS, REFUSED

_BY_US = (Cause.CLOSED_BY_CLIENT,)


class Outcome:
    """Follows a run. `status` is 0 as long as nothing went wrong."""

    def __init__(self) -> None:
        self.status = 0
        self._goodbye = False  # whether the server has been told QUIT, and agreed

    def _note(self, status: int) -> None:
        self.status = self.status or status

    def bad_input(self) -> None:
        """An order was wrong or unknown."""
        self._note(BAD_INPUT)

    def not_as_expected(self) -> None:
        """Something was not done."""
        self._note(REFUSED)

    def no_connection(self) -> None:
        """There was no connection when one was needed."""
        self._note(NO_CONNECTION)

    def heard(self, event: Event) -> None:
        """Take in an event of a session."""
        match event:
            case TlsFailed():
                self._note(NO_TLS)
            case ReplyReceived(code=221):
                self._goodbye = True
            case ReplyReceived(verb=verb) if event.code >= 400 and (
                verb in AUTH_VERBS or verb in AUTH_EXCHANGE
            ):
                self._note(NO_LOGIN)
            case ReplyReceived() if event.code >= 400 or event.code < 0:
                self._note(REFUSED)
            case Disconnected(cause=Cause.TLS_FAILED):
                self._note(NO_TLS)
            case Disconnected():
                if event.cause not in _BY_US and not self._goodbye:
                    self._note(NO_CONNECTION)
                self._goodbye = False
            case _:
                pass
