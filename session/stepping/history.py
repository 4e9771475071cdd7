"""`History`: the completed steps of a procedure, each with its replies so far."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import msgspec

from ..reply import Reply
from ..verbs import MESSAGE_ENDS
from .plan import Done, Planned


class History:
    """The completed steps, with a record of which of them still await a reply."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.done: list[Done] = []
        self.unanswered: deque[tuple[int, float]] = deque()
        """For each step whose reply is due, its position in `done` and the time of sending."""
        self.places: list[int | None] = []
        """For each step in `done`, the number of answers that the procedure had received before it.

        None for a step that does not belong to the procedure, or can no longer be repeated.
        """
        self.open = False
        """Whether a transaction of the procedure is in progress."""
        self._clock = clock
        self._answered = 0  # the place of the step answered last

    @property
    def last_verb(self) -> str:
        """The verb of the last step; "" before the first step."""
        return self.done[-1].planned.verb if self.done else ""

    def add(self, planned: Planned, place: int | None, *, skipped: bool = False) -> None:
        """Add a step that starts now, or a step that was skipped.

        `place` is the number of answers that the procedure had received before the step. It is None
        if the step cannot be repeated.
        """
        edited = planned.edited and not skipped
        self.done.append(Done(planned, edited=edited, skipped=skipped))
        self.places.append(place)

    def reply_is_due(self, began: float) -> None:
        """Record that the last step was sent at time `began` and awaits a reply."""
        self.unanswered.append((len(self.done) - 1, began))

    def took(self, seconds: float) -> None:
        """Record the duration of the last step, which has no reply, in seconds."""
        self.done[-1] = msgspec.structs.replace(self.done[-1], seconds=seconds)

    def failed(self, words: str) -> None:
        """Record `words` as the reason why the last step ended the procedure."""
        if self.done:
            self.done[-1] = msgspec.structs.replace(self.done[-1], error=words)

    def replied(self, reply: Reply, *, again: bool) -> None:
        """Record the arrival of a reply, and add it to the step that it answers.

        `again` is true for a further reply to the same step.
        """
        now = self._clock()
        if again or not self.unanswered:
            if self.done:
                done = self.done[self._answered]
                further = (*done.further, reply)
                self.done[self._answered] = msgspec.structs.replace(done, further=further)
            return
        self._answered, began = self.unanswered.popleft()
        done = self.done[self._answered]
        self.done[self._answered] = msgspec.structs.replace(done, reply=reply, seconds=now - began)
        verb = done.planned.verb
        if verb == "MAIL" and 200 <= reply.code <= 299:
            self.open = True
        elif verb == "RSET" or verb in MESSAGE_ENDS:
            self.open = False

    def back_to(self, place: int) -> None:
        """Record that the procedure goes back to the time when it had received `place` answers.

        Steps after that point can no longer be repeated, and no replies are due any more.
        """
        self.places = [at if at is None or at <= place else None for at in self.places]
        self.unanswered.clear()
