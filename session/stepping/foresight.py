"""`Foresight`: the steps of a procedure that are still to come, if all goes well.

They are worked out by running the procedure again with good replies (Execution.foreseen), and kept
for as long as what happens is what was foreseen.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..procedures.execution import Execution
from ..procedures.steps import Dial, Send, StartTls, Step
from ..reply import Reply

# After these, with such a reply, the rest of a plan is what it was.
_AS_FORESEEN = {"MAIL": 250, "RCPT": 250, "DATA": 354}


class Foresight:
    """The latest forecast of the steps of one procedure."""

    def __init__(self) -> None:
        self.cut = False
        """Whether more steps follow than were last forecast."""
        self._ahead: list[Step] | None = None  # the present step first

    def steps(self, run: Execution, likely: Mapping[bool, Mapping[str, str]]) -> list[Step]:
        """The remaining steps, the current one first. `likely`: see Execution.foreseen."""
        if self._ahead is None:
            self._ahead = list(run.foreseen(likely))
            self.cut = run.cut
            if self._ahead and isinstance(run.step, Send | Dial | StartTls):
                self._ahead[0] = run.step  # of a message more is known by now
        return self._ahead

    @property
    def known(self) -> list[Step]:
        """What `steps` returned last, if that still holds; else nothing."""
        return self._ahead or []

    def took(self, verb: str, reply: Reply | None, run: Execution | None, *, same: bool) -> None:
        """Note that a step was taken; a forecast that came true is kept.

        `same` says whether the same is known of the server as before.
        """
        ahead = self._ahead
        good = same and reply is not None and reply.code == _AS_FORESEEN.get(verb)
        if ahead and good and run is not None and len(ahead) > 1 and _alike(ahead[1], run.step):
            del ahead[0]
        else:
            self._ahead = None

    def forget(self) -> None:
        """Discard the forecast, so that it is made again on next use."""
        self._ahead = None


def _alike(foreseen: Step, step: Step | None) -> bool:
    """Whether a step matches the forecast; two readings of one message match."""
    if isinstance(foreseen, Send) and isinstance(step, Send):
        return (foreseen.verb, foreseen.data) == (step.verb, step.data)
    return foreseen == step
