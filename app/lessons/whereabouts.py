"""Checks whether the learner is connected to the right server, in the state a step expects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...session.protocol.states import State

if TYPE_CHECKING:
    from ...session.aio.session import Session
    from ..connect.manager import ConnectionManager
    from .run import Run

_REACHED = {"EHLO": 1, "HELO": 1, "LHLO": 1, "MAIL": 2, "RCPT": 3, "DATA": 4, ".": 1}
_STANDS = {State.READY: 1, State.MAIL: 2, State.RCPT: 3, State.DATA: 4}


def falls_short(run: Run, session: Session | None) -> bool:
    """Return whether the connection has not reached the state to which the step's setup leads.

    This happens if the learner has closed the connection, or ended what the previous step began.
    """
    setup = run.step.world.setup
    if run.step.is_question or run.step_done or not setup:
        return False
    wanted = _REACHED.get(setup[-1].split(" ", 1)[0].upper(), 0)
    stands = _STANDS.get(session.conversation.state, 0) if session is not None else 0
    return stands < wanted


def elsewhere(run: Run, connections: ConnectionManager) -> str:
    """Describe where the learner is instead of in the step's scenario.

    Return "" if the learner is in the right place.
    """
    if run.finished:
        return ""
    if not connections.practising:
        return "connected to another server"
    wanted = run.step.world.alias or run.step.world.scenario
    if (
        connections.session is not None
        and connections.scenario != wanted
        and not run.step.is_question
    ):
        return f"in the scenario {connections.scenario}"
    return ""
