"""`ReplyWaiters`: the futures for replies on one connection, found by the command's row."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from ..events import ReplyReceived, Unasked
from ..record.transcript import Transcript
from ..reply import Reply, made_reply

if TYPE_CHECKING:
    from ..errors import ConnectionLost
    from ..protocol.conversation import Conversation

KEPT = 64  # replies whose waiter was cancelled at the moment of their arrival
MOST_TEXT = 4 << 20  # octets of a reply that are copied; its rows contain all of it
_IN_THE_WAY = (Unasked.DURING_BODY, Unasked.UNSOLICITED_421)


class Pending(Protocol):
    """The interface that a future for a reply must have; `asyncio.Future` provides it."""

    def done(self) -> bool: ...
    def cancelled(self) -> bool: ...
    def result(self) -> Reply: ...
    def exception(self) -> BaseException | None: ...
    def set_result(self, result: Reply, /) -> None: ...
    def set_exception(self, exception: Exception, /) -> None: ...


Future = TypeVar("Future", bound=Pending)


class ReplyWaiters(Generic[Future]):
    """The futures for replies; the sender of a command requests one right after sending it.

    `made` creates a future of the driver's own kind.
    """

    def __init__(self, made: Callable[[], Future]) -> None:
        self._made = made
        self._by_row: dict[int, Future] = {}
        self._next: list[Future] = []  # of data that may not be a command
        self._greeting: Future | None = None
        # LMTP, PRDR: replies to one command that arrived before anything waited for them, and the
        # rows of the commands that have several.
        self._again: dict[int, deque[Reply]] = {}
        self._several: set[int] = set()
        # Replies that arrived when their waiter had just been cancelled or timed out, and may wait
        # again. By the row of the command, newest last.
        self._late: dict[int, Reply] = {}
        self._timed_out: int | None = None  # the row whose waiter timed out last
        self.early: Reply | None = None
        """The first reply to arrive in the middle of a message since this was last set to None."""

    def for_greeting(self) -> Future:
        """Return a future for the greeting, even if the greeting has already arrived."""
        if self._greeting is None or _given_up(self._greeting):
            self._greeting = self._made()
        return self._greeting

    def for_row(self, row: int | None, future: Future | None = None) -> Future:
        """Return a future for the reply to the command in `row`.

        If `row` is None, the future receives the next reply that no other waiter claims. If
        `future` is given, it is used instead of a new one.
        """
        future = self._made() if future is None else future
        if row is None or row in self._by_row:
            self._next.append(future)
        else:
            self._by_row[row] = future
        return future

    def for_more(self, row: int) -> Future:
        """Return a future for a further reply to the command in `row`, after its first reply."""
        come = self._again.get(row)
        if not come:
            return self.for_row(row)
        return self._done(come.popleft())

    def has_come(self, in_flight: InFlight) -> bool:
        """Return whether the server has replied to data that is still being sent."""
        if self.early is not None:
            return True
        return bool(in_flight.waiting) and in_flight.waiting[0][1].done()

    @property
    def first(self) -> int | None:
        """The row of the oldest command with a pending waiter, or None."""
        return min(self._by_row, default=None)

    def awaited(self, row: int) -> bool:
        """Return whether the reply to the command in `row` has a pending waiter."""
        return row in self._by_row

    @property
    def any(self) -> bool:
        """Whether any waiter is pending."""
        greeting = self._greeting is not None and not self._greeting.done()
        return greeting or bool(self._by_row or self._next)

    def verb_awaited(self, talk: Conversation) -> str | None:
        """Return the verb of the oldest command still awaiting a reply; "" if it has no verb.

        This is normally the command whose reply is due next, unless its wait has already timed out.
        Return None if no reply is awaited.
        """
        row = self.first
        if row is None or row == talk.oldest or not talk.greeting_seen:
            return talk.waiting_for or ("" if self.any else None)
        return dict(talk.unanswered).get(row, "")

    def taken_back(self, row: int | None, future: Future, again: bool) -> Future | None:
        """Record that the wait for `future` was cancelled or timed out, and may be repeated.

        `again` is true if `future` is for a further reply to the command in `row`. Return the
        future to use for the next wait, or None if `for_more` or `for_row` will return it.
        """
        self.forget(future)
        if not _given_up(future) and future.done():  # the reply came at this very moment
            if not again or row is None:
                return future
            self._again.setdefault(row, deque()).appendleft(future.result())
        elif row is not None and not again:
            late = self._late.pop(row, None)
            if late is None:
                return self.for_row(row)
            return self._done(late)
        return None

    def forget(self, future: Future) -> None:
        """Drop the waiter `future`, so that its reply is not delivered."""
        for row, waiter in list(self._by_row.items()):
            if waiter is future:
                del self._by_row[row]
        if future in self._next:
            self._next.remove(future)

    def come_to_one(self, event: ReplyReceived, text: bytes) -> None:
        """Deliver a reply that is the only one to its command."""
        row = event.answers
        future = self._by_row.pop(row, None) if row is not None else None
        if future is None and self._next:
            future = self._next.pop(0)
        if future is not None and not future.done():
            future.set_result(made_reply(event.code, text, event))
        elif row is not None and (future is not None or row == self._timed_out):
            self._keep(row, made_reply(event.code, text, event))

    def come(self, event: ReplyReceived, transcript: Transcript) -> None:
        """Deliver a reply to its waiter. The text of the reply is read only if it may be needed."""
        future = None
        row = event.answers
        if row is not None:
            future = self._by_row.pop(row, None)
            if event.left:
                self._several.add(row)
            if future is None and (event.recipient is not None or row in self._several):
                self._again.setdefault(row, deque()).append(_reply(event, transcript))
                return
        elif event.unasked is Unasked.GREETING:
            if self._greeting is None or _given_up(self._greeting):
                self._greeting = self._made()
            future = self._greeting
        elif event.unasked in _IN_THE_WAY and self.early is None:
            self.early = _reply(event, transcript)
        if future is None and self._next:
            future = self._next.pop(0)
        if future is not None and not future.done():
            future.set_result(_reply(event, transcript))
        elif row is not None and (future is not None or row == self._timed_out):
            if event.recipient is not None:
                self._again.setdefault(row, deque()).append(_reply(event, transcript))
            else:
                self._keep(row, _reply(event, transcript))

    def _keep(self, row: int, reply: Reply) -> None:
        self._late[row] = reply
        while len(self._late) > KEPT:
            del self._late[next(iter(self._late))]

    def _done(self, reply: Reply) -> Future:
        future = self._made()
        future.set_result(reply)
        return future

    def time_out(self, error: Exception) -> None:
        """Fail the oldest waiter with `error`, because its reply timed out."""
        if self._greeting is not None and not self._greeting.done():
            _fail(self._greeting, error)
        elif self._by_row:
            self._timed_out = min(self._by_row)
            _fail(self._by_row.pop(self._timed_out), error)
        elif self._next:
            _fail(self._next.pop(0), error)

    def end(self, error: ConnectionLost) -> None:
        """Fail all waiters with `error`, because no more replies will arrive."""
        waiting = [*self._by_row.values(), *self._next, self._greeting]
        self._by_row.clear()
        self._next.clear()
        for future in waiting:
            _fail(future, error)


def _given_up(future: Pending) -> bool:
    """Return whether the wait ended without a reply, because it was cancelled or timed out."""
    return future.done() and (future.cancelled() or future.exception() is not None)


def _reply(event: ReplyReceived, transcript: Transcript) -> Reply:
    text = transcript.reply_text(event.row, event.last, MOST_TEXT)
    return made_reply(event.code, text, event)


def _fail(future: Pending | None, error: Exception) -> None:
    if future is not None and not future.done():
        future.set_exception(error)
        future.exception()  # mark it as retrieved, since there may be no waiter left


class InFlight:
    """The commands of one procedure that await their replies, in order."""

    __slots__ = ("held", "last", "waiting")

    def __init__(self) -> None:
        self.held: list[bytes] = []  # to be written with the next data
        self.waiting: deque[tuple[int | None, Any]] = deque()
        self.last: int | None = None  # the last command that was answered
