"""`Watchdog`: one timer for all reply timeouts of a connection.

RFC 5321 section 4.5.3.2 sets a timeout for the reply to each command. A timer for each command
would cost as much as recording the command. Instead, one timer is set to the end of the current
wait, and checks again at that time. A timeout does not close the connection: the command stays in
the queue, and a late reply is still matched with it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from ..driver.ended import reply_begun
from ..errors import ReplyTimedOut
from ..protocol.conversation import Conversation
from ..timeouts import Timeouts
from .news import Waiters


class Watchdog:
    """Times the replies that are due on one connection, oldest first.

    `expired(error)` is called when a reply has not arrived in time, before the waiter for that
    reply is notified.
    """

    def __init__(
        self,
        conversation: Conversation,
        waiters: Waiters,
        timeouts: Timeouts,
        clock: Callable[[], float],
        expired: Callable[[ReplyTimedOut], None],
    ) -> None:
        self.timeouts = timeouts
        self.since = 0.0
        """The time at which the current wait for a reply began."""
        self.timer: asyncio.TimerHandle | None = None
        """The running timer, or None while no reply is timed."""
        self._conversation = conversation
        self._waiters = waiters
        self._clock = clock
        self._expired = expired
        self._reported: float | None = None  # the `since` of the wait whose end was reported

    def sent_behind(self, now: float) -> None:
        """Record that more data was sent while a reply is due, without extending the wait.

        If that wait has already been reported as timed out, a new wait begins.
        """
        if self._reported == self.since:
            self.since = now  # the reply after one that never came has its own timeout

    @property
    def left(self) -> tuple[str, float] | None:
        """The verb of the command whose reply is due next, and the seconds left for it, or None."""
        verb = self._conversation.waiting_for
        if not verb:
            return None
        return verb, self.since + self.timeouts.reply_to(verb) - self._clock()

    def watch(self) -> None:
        """Set the timer for the current wait; if that has expired, first report the timeout."""
        if self.timer is not None:
            self.timer.cancel()
        self.timer = None
        verb = self._waiters.verb_awaited(self._conversation)
        if verb is None:
            return
        now = self._clock()
        left = self.since + self.timeouts.reply_to(verb) - now
        if left <= 0:
            if self._reported != self.since:
                self._reported = self.since
                begun = reply_begun(self._conversation.transcript)
                error = ReplyTimedOut(verb, self.timeouts.reply_to(verb), begun)
                self._expired(error)
                self._waiters.time_out(error)
            if not self._waiters.any:
                return
            self.since = now  # the time for the next one begins now
            left = self.timeouts.reply_to(self._waiters.verb_awaited(self._conversation) or "")
        # No wait that begins from now on can end before the shortest timeout.
        soon = min(left + 0.01, self.timeouts.shortest)
        self.timer = asyncio.get_running_loop().call_later(soon, self.watch)

    def stop(self) -> None:
        """Stop the timer, so that no timeout is reported."""
        if self.timer is not None:
            self.timer.cancel()
            self.timer = None
