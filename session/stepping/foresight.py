"""`Foresight`: the remaining steps of a procedure, if every reply is positive.

They are found by running the procedure again with positive replies (Execution.foreseen), and are
kept as long as events match the forecast.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..procedures.execution import Execution
from ..procedures.steps import Dial, Send, StartTls, Step
from ..reply import Reply

# After such a reply to one of these, the rest of a plan does not change.
_AS_FORESEEN = {"MAIL": 250, "RCPT": 250, "DATA": 354}


class Foresight:
    """The latest forecast of the steps of one procedure."""

    def __init__(self) -> None:
        self.cut = False
        """Whether more steps follow than the last forecast contained."""
        self._ahead: list[Step] | None = None  # the current step first

    def steps(self, run: Execution, likely: Mapping[bool, Mapping[str, str]]) -> list[Step]:
        """Return the remaining steps, the current step first.

        `likely` is what the EHLO reply is likely to list; see `Execution.foreseen`.
        """
        if self._ahead is None:
            self._ahead = list(run.foreseen(likely))
            self.cut = run.cut
            if self._ahead and isinstance(run.step, Send | Dial | StartTls):
                self._ahead[0] = run.step  # more of a message may be known now
        return self._ahead

    @property
    def known(self) -> list[Step]:
        """The last result of `steps` if it is still valid, otherwise an empty list."""
        return self._ahead or []

    def took(self, verb: str, reply: Reply | None, run: Execution | None, *, same: bool) -> None:
        """Record that a step was taken, and keep the forecast only if it came true.

        `verb` and `reply` are those of the step. `same` is true if nothing new was learnt about the
        server.
        """
        ahead = self._ahead
        good = same and reply is not None and reply.code == _AS_FORESEEN.get(verb)
        if ahead and good and run is not None and len(ahead) > 1 and _alike(ahead[1], run.step):
            del ahead[0]
        else:
            self._ahead = None

    def forget(self) -> None:
        """Discard the forecast, so that it is computed again when it is next used."""
        self._ahead = None


def _alike(foreseen: Step, step: Step | None) -> bool:
    """Return whether a step matches the forecast.

    Two `Send` steps match if they have the same verb and data.
    """
    if isinstance(foreseen, Send) and isinstance(step, Send):
        return (foreseen.verb, foreseen.data) == (step.verb, step.data)
    return foreseen == step
