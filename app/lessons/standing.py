"""How far a connection has come, beside what a step that goes on with it takes for granted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...session.protocol.states import State

if TYPE_CHECKING:
    from ...session.aio.session import Session
    from .run import Run

_REACHED = {"EHLO": 1, "HELO": 1, "LHLO": 1, "MAIL": 2, "RCPT": 3, "DATA": 4, ".": 1}
_STANDS = {State.READY: 1, State.MAIL: 2, State.RCPT: 3, State.DATA: 4}


def falls_short(run: Run, session: Session | None) -> bool:
    """Whether the connection is not as far as the setup of the present step would bring it.

    That is so where the learner has hung up, or ended what the step before had begun.
    """
    setup = run.step.world.setup
    if run.step.is_question or run.step_done or not setup:
        return False
    wanted = _REACHED.get(setup[-1].split(" ", 1)[0].upper(), 0)
    stands = _STANDS.get(session.conversation.state, 0) if session is not None else 0
    return stands < wanted
