"""`Hearing`: what has been heard, what is waited for, and for how long.

The side of a connection that has no socket: it holds the conversation, hands each reply to whoever
waits for it, and tells when one does not come in time. One watchdog looks after all timeouts (RFC
5321 section 4.5.3.2). A timeout does not close the connection: the command stays in the queue, and
a late reply still finds it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

from ..errors import ConnectionLost, ReplyTimedOut
from ..events import Cause, Event, Note, ReplyReceived
from ..protocol.conversation import Conversation
from ..record.transcript import Subscriber, Transcript
from ..reply import Reply
from ..timeouts import Timeouts
from .reply_waiters import ReplyWaiters


class Hearing:
    """What a driver hears, and what it waits for."""

    def __init__(self, timeouts: Timeouts, clock: Callable[[], float]) -> None:
        self.conversation = Conversation()
        self.clock = clock
        self._timeouts = timeouts
        self._transport: asyncio.Transport | None = None
        self._lost: ConnectionLost | None = None
        self._waiting = ReplyWaiters()
        self._seen = 0  # marks of the transcript that were looked at
        self._since = 0.0  # when the present wait for a reply began
        self._timed_out: float | None = None  # the wait that was told to be too long
        self._watchdog: asyncio.TimerHandle | None = None
        self._listeners: list[asyncio.Future[None]] = []
        self._paused = False  # the transport takes no more for now
        self._wake = asyncio.Event()  # for whoever waits until it does

    @property
    def transcript(self) -> Transcript:
        return self.conversation.transcript

    @property
    def connected(self) -> bool:
        """True from the moment the connection stands until it is over."""
        return self._transport is not None and not self._transport.is_closing()

    def subscribe(self, callback: Subscriber, *, blocks: bool = False) -> Callable[[], None]:
        """`Transcript.subscribe`, which lasts over reconnections."""
        return self.transcript.subscribe(callback, blocks=blocks)

    async def events(self, after: int = 0) -> AsyncIterator[Event]:
        """Every event from number `after` on, until the connection is over."""
        while True:
            for event in self.transcript.events(after):
                after += 1
                yield event
            if self._transport is None:
                return
            if after == self.transcript.sequence:
                await self.news()

    async def news(self) -> None:
        """Return when anything has happened: a line, a timeout, the end."""
        news = asyncio.get_running_loop().create_future()
        self._listeners.append(news)
        await news

    def note(self, fact: Event) -> None:
        """Take in a fact that is no bytes, such as a Note."""
        self.conversation.note(fact)
        self._look(fact.at)

    # How long

    @property
    def timeouts(self) -> Timeouts:
        """How long to wait for each reply; what is set holds for the present wait too."""
        return self._timeouts

    @timeouts.setter
    def timeouts(self, timeouts: Timeouts) -> None:
        self._timeouts = timeouts
        if self._transport is not None:
            self._watch()

    @property
    def waiting(self) -> tuple[str, float] | None:
        """(verb, seconds left) of the reply that is waited for; None when none is due."""
        verb = self.conversation.waiting_for
        if not verb or not self.connected:
            return None
        return verb, self._since + self.timeouts.reply_to(verb) - self.clock()

    def _watch(self) -> None:
        """The one timer: due when the present wait would be over; it looks again then."""
        if self._watchdog is not None:
            self._watchdog.cancel()
        self._watchdog = None
        verb = self._awaited()
        if verb is None or not self.connected:
            return
        now = self.clock()
        left = self._since + self.timeouts.reply_to(verb) - now
        if left <= 0:
            if self._timed_out != self._since:
                self._timed_out = self._since
                self._time_out(verb)
            if not self._waiting.any:
                return
            self._since = now  # the next has its time from now on
            left = self.timeouts.reply_to(self._awaited() or "")
        # No wait that begins from now on can be over before the shortest of them.
        soon = min(left + 0.01, self._timeouts.shortest)
        self._watchdog = asyncio.get_running_loop().call_later(soon, self._watch)

    def _awaited(self) -> str | None:
        """The verb whose reply is waited for first, "" for what is no command; None: there is none.

        Usually that is the one due next; but not when that has taken too long already.
        """
        talk = self.conversation
        row = self._waiting.first
        if row is None or row == talk.oldest or not talk.greeting_seen:
            return talk.waiting_for or ("" if self._waiting.any else None)
        return dict(talk.unanswered).get(row, "")

    def _time_out(self, verb: str) -> None:
        seconds = self.timeouts.reply_to(verb)
        error = ReplyTimedOut(verb, seconds)
        text = str(error)
        if verb == "greeting":
            text = f"no greeting within {seconds:g} seconds"
        self.note(Note(self.clock(), "timeout", f"{text}; the connection stands"))
        self._waiting.time_out(error)

    # Within

    async def _reply(self, future: asyncio.Future[Reply]) -> Reply:
        """What was promised, in time or never."""
        if not future.done():
            if self._transport is None:
                self._waiting.forget(future)
                raise self._lost or ConnectionLost(Cause.OTHER, "not connected")
            if self._watchdog is None:
                self._watch()
        return await future

    def _look(self, now: float) -> None:
        """Hand the replies that have come to whoever waits for them."""
        transcript = self.conversation.transcript
        news = transcript.marks_after(self._seen)
        self._seen += len(news)
        for event in news:
            if type(event) is ReplyReceived:
                self._since = now
                self._waiting.come(event, transcript)
        if self._paused:
            self._wake.set()  # whoever sends a message has to hear of it
        if self._listeners:
            self._tell()

    def _come(self, reply: ReplyReceived, text: bytes, now: float) -> None:
        """The short way of `_look`: this reply is the only news."""
        self._seen = self.conversation.transcript.mark_count
        self._since = now
        self._waiting.come_to_one(reply, text)
        if self._paused:
            self._wake.set()
        if self._listeners:
            self._tell()

    def _tell(self) -> None:
        listeners, self._listeners = self._listeners, []
        for news in listeners:
            if not news.done():
                news.set_result(None)
