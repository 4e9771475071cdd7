"""The exit status of a run whose lines came from a pipe, which is that of the first failure.

With a terminal, the status is 0, because the user may provoke a refusal on purpose.
"""

from __future__ import annotations

from ...session.events import Cause, Disconnected, Event, ReplyReceived, TlsFailed
from ...session.verbs import AUTH_EXCHANGE, AUTH_VERBS
from ..exit_status import BAD_INPUT, NO_CONNECTION, NO_LOGIN, NO_TLS, REFUSED

_BY_US = (Cause.CLOSED_BY_CLIENT,)


class Outcome:
    """The outcome of a run. `status` is 0 until something fails."""

    def __init__(self) -> None:
        self.status = 0
        self._goodbye = False  # whether QUIT was sent and accepted

    def _note(self, status: int) -> None:
        self.status = self.status or status

    def bad_input(self) -> None:
        """Record that an order was wrong or unknown."""
        self._note(BAD_INPUT)

    def not_as_expected(self) -> None:
        """Record that what a typed line asked for was refused or could not be done."""
        self._note(REFUSED)

    def no_connection(self) -> None:
        """Record that a connection was needed but there was none."""
        self._note(NO_CONNECTION)

    def on_event(self, event: Event) -> None:
        """Update the exit status if an event of a session is a failure."""
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
