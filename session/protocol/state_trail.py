"""The states that a conversation has passed through, and the causes of the transitions."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, NamedTuple

from ..events import Disconnected, ReplyReceived, StateChanged, TlsStarted, Unasked
from .state_graph import END, GREETING, HANDSHAKE
from .states import State

if TYPE_CHECKING:
    from ..events import Event
    from ..record.transcript import Transcript

MOST = 200  # visits that are kept
_UNSUPPORTED = (500, 502)  # RFC 5321 section 4.2.4: not recognised, not implemented


class Visit(NamedTuple):
    """A state that a conversation entered, and what led to it.

    `verb` is the command whose reply led to the state, or GREETING, HANDSHAKE or END from
    state_graph.py. `code` is the code of the reply, or 0 if no reply led to the state.
    """

    state: State
    verb: str = ""
    code: int = 0


class StateTrail:
    """The states that one transcript has passed through. `sync` processes new events."""

    def __init__(self, transcript: Transcript) -> None:
        self._transcript = transcript
        self._seen = 0
        self._cause = Visit(State.CONNECTED)
        self.visits: deque[Visit] = deque([self._cause], MOST)
        """The visits in order, the current one last."""
        self.taken: set[tuple[State, State]] = set()
        """The (from, to) pairs of states between which the conversation has moved."""
        self.rejected: dict[str, int] = {}
        """The verbs that the server does not support, each with the code of its reply."""

    def sync(self) -> None:
        """Process the events added since the last call."""
        if self._seen == self._transcript.mark_count:
            return
        news = self._transcript.marks_after(self._seen)
        self._seen += len(news)
        for event in news:
            self._take(event)

    def _take(self, event: Event) -> None:
        match event:
            case ReplyReceived(unasked=Unasked.GREETING):
                self._cause = Visit(State.CONNECTED, GREETING, event.code)
            case ReplyReceived():
                self._cause = Visit(State.CONNECTED, event.verb, event.code)
                if event.code in _UNSUPPORTED:
                    if event.verb:
                        self.rejected[event.verb] = event.code
                elif event.code > 0:
                    self.rejected.pop(event.verb, None)
            case TlsStarted():
                self._cause = Visit(State.CONNECTED, HANDSHAKE)
                self.rejected.clear()  # what was learnt in clear is void
            case Disconnected():
                self._cause = Visit(State.CONNECTED, END)
            case StateChanged():
                self.visits.append(self._cause._replace(state=State(event.state)))
                self.taken.add((State(event.before), State(event.state)))
                self._cause = Visit(State.CONNECTED)
            case _:
                pass
