"""`Receiver`: feeds data from the server to the conversation, and delivers the replies.

Each connection has its own receiver. An ordinary reply takes a fast path. A peer that sends
endlessly is stopped here, at the `FloodLimit`.
"""

from __future__ import annotations

from collections.abc import Callable

from ..errors import PeerFlood
from ..events import FLOOD, SERVER, Event, Note, ReplyReceived
from ..flood import TALKS_EARLY, FloodLimit, flood_words
from ..protocol.conversation import Conversation
from ..protocol.states import State
from .news import News, Waiters
from .portions import Portions
from .socket_protocol import SocketProtocol
from .watchdog import Watchdog

_TLS_NEXT = State.TLS  # a lookup in its Enum costs as much as a row


class Receiver:
    """Feeds the server's data to the conversation, and wakes the tasks that wait for that data.

    `note` records a fact, and `hang_up` ends the connection because of a flood. `protocol` must be
    set before anything is received.
    """

    protocol: SocketProtocol

    def __init__(
        self,
        conversation: Conversation,
        waiters: Waiters,
        watchdog: Watchdog,
        news: News,
        limit: FloodLimit,
        clock: Callable[[], float],
        *,
        note: Callable[[Event], None],
        hang_up: Callable[[PeerFlood], None],
    ) -> None:
        self.flooded = False
        """True while reading is paused because the peer has exceeded the limit."""
        self._conversation = conversation
        self._waiters = waiters
        self._watchdog = watchdog
        self._news = news
        self._limit = limit
        self._clock = clock
        self._note = note
        self._hang_up = hang_up
        self._marks = conversation.transcript.marks
        self._seen = 0  # the number of events examined so far
        self._intake = self.received
        self._portions: Portions | None = None

    def entrance(self, *, implicit: bool, leaves_time: bool) -> Callable[[bytes], None]:
        """Return the function to call with all data read from the socket.

        With `implicit` TLS, that function holds back data that arrives before the handshake. With
        `leaves_time`, it processes large amounts of data in portions.
        """
        self._intake = self._received_in_tls if implicit else self.received
        if not leaves_time:
            return self._intake
        self._portions = Portions(self._take, self._pause, self._resume)
        return self._portions.received

    def received(self, data: bytes) -> None:
        """Process all of `data` now."""
        now = self._clock()
        conversation = self._conversation
        reply = conversation.feed(SERVER, data, now)
        if reply is None or reply is True:
            protocol = self.protocol
            if conversation.state is _TLS_NEXT and protocol.transport is not None:
                protocol.transport.pause_reading()  # further data belongs to the handshake
            protocol.read_longer(data)
            self.look(now)
            too_much = conversation.flood > self._limit.octets or conversation.talks_early
            if too_much and not self.flooded:
                self._flood(now)
            return
        # The usual case: this reply to a command is the only news.
        self._seen = len(self._marks)
        self._watchdog.since = now
        self._waiters.come_to_one(reply, data[4:-2])
        if self.protocol.paused:
            self.protocol.wake.set()
        if self._news.awaited:
            self._news.tell()

    def _received_in_tls(self, data: bytes) -> None:
        if self._conversation.tls:
            self.received(data)
        else:
            self.protocol.hold(data)

    def look(self, now: float) -> None:
        """Pass the replies that have arrived to their waiters, and wake all tasks that wait."""
        transcript = self._conversation.transcript
        news = transcript.marks_after(self._seen)
        self._seen += len(news)
        for event in news:
            if type(event) is ReplyReceived:
                self._watchdog.since = now
                self._waiters.come(event, transcript)
        if self.protocol.paused:
            self.protocol.wake.set()  # wakes the sender of a message
        if self._news.awaited:
            self._news.tell()

    def finish(self) -> None:
        """Process the remaining data, because the connection has ended."""
        if self._portions is not None:
            self._portions.finish()

    # Portions

    def _take(self, portion: bytes) -> bool:
        """Process a portion of the data. Return whether the remaining data may wait."""
        self._intake(portion)
        return self._conversation.state is not _TLS_NEXT

    def _pause(self) -> None:
        if self.protocol.transport is not None:
            self.protocol.transport.pause_reading()

    def _resume(self) -> None:
        """Resume reading, unless it is paused for a flood, a handshake or the next portion."""
        if self._portions is not None and self._portions.resumes():
            return
        transport = self.protocol.transport
        if transport is not None and not self.flooded and self._conversation.state is not _TLS_NEXT:
            transport.resume_reading()

    # Floods

    def _flood(self, now: float) -> None:
        """Handle a peer that exceeds the limit: pause reading and ask what to do, or disconnect."""
        limit = self._limit
        self.flooded = True  # also when disconnecting, so that the rest is not reported again
        early = self._conversation.talks_early
        words = TALKS_EARLY if early else flood_words(limit.octets)
        transport = self.protocol.transport
        if limit.ask is None or transport is None or early:
            self._note(Note(now, FLOOD, f"closed the connection: {words}"))
            self._hang_up(PeerFlood(limit.octets, early))
            return
        transport.pause_reading()
        self._watchdog.stop()  # a reply that is due may be in the data not read yet
        self._note(Note(now, FLOOD, f"reading is paused: {words}"))
        limit.ask()

    def read_on(self) -> None:
        """Resume reading after a flood, for another `flood_limit` octets.

        Do nothing if reading is not paused because of a flood.
        """
        if not self.flooded or self.protocol.transport is None:
            return
        self.flooded = False
        self._conversation.allow_more()
        self._watchdog.since = self._clock()
        self._watchdog.watch()
        self._resume()
        self._news.tell()
