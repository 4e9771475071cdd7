"""`Intake`: feeds the server's data to the conversation, and delivers the replies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..driver.reply_waiters import ReplyWaiters
from ..events import SERVER, ReplyReceived
from ..protocol.conversation import Conversation


class Intake:
    """Feeds the received data of one connection to its conversation."""

    def __init__(
        self, conversation: Conversation, waiters: ReplyWaiters[Any], clock: Callable[[], float]
    ) -> None:
        self.since = 0.0
        """The time at which the current wait for a reply began."""
        self._conversation = conversation
        self._waiters = waiters
        self._clock = clock
        self._seen = 0  # marks of the transcript that were looked at

    def received(self, data: bytes) -> None:
        """Feed `data` to the conversation, and deliver the replies in it."""
        now = self._clock()
        self._conversation.feed(SERVER, data, now)
        self.look(now)

    def look(self, now: float) -> None:
        """Pass the replies that have arrived to their waiters."""
        transcript = self._conversation.transcript
        news = transcript.marks_after(self._seen)
        self._seen += len(news)
        for event in news:
            if type(event) is ReplyReceived:
                self.since = now
                self._waiters.come(event, transcript)
