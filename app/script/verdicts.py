"""What became of a script: each expectation, and what ended the run."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from ...session.script.statements import Expect, Place


class Failure(msgspec.Struct, frozen=True):
    """Something that is not as the script says.

    `text` is a sentence that begins with FILE:LINE, `means` what the reply means, "" without one.
    `status` is the exit status; `lost` says that nothing could be compared, since the connection,
    TLS or a login had failed.
    """

    place: Place
    text: str
    status: int
    means: str = ""
    lost: bool = False


class Case(msgspec.Struct, frozen=True, gc=False):
    """An expectation: what it is about, `seconds` since the one before, and its failure if any."""

    place: Place
    wanted: str
    after: str
    seconds: float
    failure: Failure | None = None


class Verdicts:
    """The cases of a run, in order; `wanted` are all expectations, if they are known in advance."""

    def __init__(self, wanted: Sequence[Expect] = ()) -> None:
        self.cases: list[Case] = []
        self.ended: Failure | None = None
        """What ended the run before its end."""
        self._wanted = wanted

    @property
    def not_reached(self) -> Sequence[Expect]:
        """The expectations to which the run did not come."""
        return self._wanted[len(self.cases) :]

    @property
    def status(self) -> int:
        """The exit status: that of the first failure, 0 without one."""
        failures = [case.failure for case in self.cases if case.failure is not None]
        first = failures[0] if failures else self.ended
        return first.status if first is not None else 0
