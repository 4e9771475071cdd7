"""The subscribers to the events of a transcript and of the transcripts that follow it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from types import FunctionType
from typing import TYPE_CHECKING

from ..events import Block, Event
from .rows import Rows

if TYPE_CHECKING:
    import logging

Subscriber = Callable[[Event], object]
Collector = Callable[[list[Event]], object]
_AWAITED = 0x80 | 0x200  # inspect.CO_COROUTINE and CO_ASYNC_GENERATOR
SLOW = 0.050  # seconds that a subscriber may take for an event before it is logged


def log() -> logging.Logger:
    """Return the logger for errors in subscribers."""
    import logging

    return logging.getLogger("heloscope.session")


class Subscription:
    """One subscriber. It is logged once if it raises an exception, and once if it is slow."""

    __slots__ = ("_blocks", "_callback", "_named_slow", "_reported", "_suspect", "ended")

    def __init__(self, callback: Subscriber, blocks: bool) -> None:
        self._callback = callback
        self._blocks = blocks
        self._reported = False
        self._named_slow = False
        self._suspect = False  # a batch took long: each event is timed from now on
        self.ended = False

    def silence(self) -> None:
        """Log nothing more about this subscriber."""
        self._reported = self._named_slow = True

    def tell(self, events: list[Event], rows: Rows) -> None:
        """Call the subscriber with each event. `rows` provides the lines of a block."""
        if self._suspect and len(events) > 1:
            for event in events:
                self.tell([event], rows)
            return
        callback = self._callback
        began = time.perf_counter()
        for event in events:
            try:
                if self.ended:
                    return
                if type(event) is not Block or self._blocks:
                    callback(event)
                    continue
                for number in range(event.row, event.row + event.count):
                    if not self.ended:
                        callback(rows[number])
            except Exception:
                if not self._reported:
                    self._reported = True
                    log().exception("exception in subscriber %r", callback)
        took = time.perf_counter() - began
        if took > SLOW and not self._named_slow:
            self._judge(took, events)

    def _judge(self, took: float, events: Sequence[Event]) -> None:
        """Log the subscriber if it was too slow; otherwise time each event from now on."""
        calls = len(events)
        if not self._blocks:
            calls += sum(event.count - 1 for event in events if type(event) is Block)
        self._named_slow = took > SLOW * calls
        self._suspect = not self._named_slow
        if self._named_slow:
            log().warning(
                "subscriber took more than %.0f ms for one event: %r", SLOW * 1000, self._callback
            )


class BatchSubscription(Subscription):
    """A subscriber that receives each batch of events in one call, and may keep them."""

    __slots__ = ("_collector",)

    def __init__(self, collector: Collector) -> None:
        super().__init__(lambda event: collector([event]), blocks=True)
        self._collector = collector

    def tell(self, events: list[Event], rows: Rows) -> None:
        if self.ended:
            return
        try:
            self._collector(events)
        except Exception:
            if not self._reported:
                self._reported = True
                log().exception("exception in subscriber %r", self._collector)


def _check(callback: object) -> None:
    function: object = getattr(callback, "__func__", callback)
    if isinstance(function, FunctionType) and not function.__dict__:
        code = function.__code__
        if not code.co_flags & _AWAITED:
            return  # the usual case, which does not need `inspect`, slow to import
    from inspect import isasyncgenfunction, iscoroutinefunction

    if not callable(callback):
        raise TypeError(f"a subscriber must be a function, not {type(callback).__name__}")
    for each in (callback, type(callback).__call__):
        if iscoroutinefunction(each) or isasyncgenfunction(each):
            raise TypeError(
                "a subscriber must not be an async function, because it is never "
                "awaited: use `async for event in session.events()`"
            )


class Subscriptions(list[Subscription]):
    """All subscriptions, in the order in which they began.

    It is a list, so that testing whether there are any costs almost nothing per row.
    """

    silent = False
    """Whether nothing is logged about subscriptions that begin from now on."""

    def __init__(self) -> None:
        super().__init__()
        self.present: tuple[Subscription, ...] = ()
        """The subscribers to call, one after the other.

        This tuple may still be in use when a subscription begins or ends, so it is replaced, not
        changed.
        """

    def begin(self, callback: Subscriber, *, blocks: bool = False) -> Callable[[], None]:
        """Add a subscriber, and return a function that ends the subscription.

        Raises TypeError if `callback` is not callable, or is an async function.
        """
        _check(callback)
        return self._begin(Subscription(callback, blocks))

    def collect(self, collector: Collector) -> Callable[[], None]:
        """Call `collector(events)` with each batch of events, including `Block`s.

        Returns a function that ends the subscription.
        """
        return self._begin(BatchSubscription(collector))

    def _begin(self, subscription: Subscription) -> Callable[[], None]:
        if self.silent:
            subscription.silence()
        self.append(subscription)
        self.present = tuple(self)

        def unsubscribe() -> None:
            subscription.ended = True
            if subscription in self:
                self.remove(subscription)
                self.present = tuple(self)

        return unsubscribe
