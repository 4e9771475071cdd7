"""The verdicts on a script: each expectation, and the reason the run ended."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from ...session.script.statements import Expect, Place, Statement


class Failure(msgspec.Struct, frozen=True):
    """A deviation from the script.

    `text` is a sentence that begins with FILE:LINE, and `means` is the meaning of the reply, or "".
    `status` is the exit status. `lost` is true if nothing could be compared because the connection,
    TLS or a login had failed.
    """

    place: Place
    text: str
    status: int
    means: str = ""
    lost: bool = False


class Case(msgspec.Struct, frozen=True, gc=False):
    """The verdict on an expectation. `failure` is None if the expectation was met.

    `wanted` is the text of the expectation, `after` is the name of the command that was answered,
    and `seconds` is the time since the previous expectation.
    """

    place: Place
    wanted: str
    after: str
    seconds: float
    failure: Failure | None = None


class Verdicts:
    """The cases of a run, in order.

    `wanted` lists all expectations of the script, each with the statement before it. The list is
    empty if the script is not known in advance.
    """

    def __init__(self, wanted: Sequence[tuple[Expect, Statement | None]] = ()) -> None:
        self.cases: list[Case] = []
        self.failures: list[Failure] = []
        """The failures after which the run continued (`--keep-going`), in order."""
        self.ended: Failure | None = None
        """The failure that ended the run early, or None."""
        self.wanted = wanted

    def failed_later(self, failure: Failure) -> None:
        """Record that an expectation met by an earlier reply was not met by a later reply.

        The expectation is that of the last case.
        """
        if self.cases and self.cases[-1].failure is None:
            self.cases[-1] = msgspec.structs.replace(self.cases[-1], failure=failure)

    @property
    def not_reached(self) -> Sequence[tuple[Expect, Statement | None]]:
        """The expectations that the run did not reach."""
        return self.wanted[len(self.cases) :]

    @property
    def status(self) -> int:
        """The exit status: that of the first failure, or 0 if there was none."""
        first = self.failures[0] if self.failures else self.ended
        return first.status if first is not None else 0

    @property
    def unassigned_failures(self) -> Sequence[Failure]:
        """The failures that belong to no expectation, in order."""
        places = {case.place for case in self.cases if case.failure is not None}
        found = [failure for failure in self.failures if failure.place not in places]
        ended = self.ended
        if ended is not None and not any(ended is case.failure for case in self.cases):
            found.append(ended)
        return found
