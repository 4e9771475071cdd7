"""Finds faults in the message that a step of a plan sends, before it is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...session.protocol.message_syntax import MessageFault
    from .status import PlanStatus


def step_faults(plan: PlanStatus, place: int) -> list[MessageFault]:
    """Return the faults of the message in row `place`, given what MAIL declares before it.

    For the row of a MAIL, return the declarations that the message needs but MAIL lacks.
    """
    planned = plan.planned_at(place)
    if planned is None or planned.verb != "MAIL":
        return _message_faults(plan, place)
    for n in range(place + 1, len(plan.done) + len(plan.foreseen)):
        after = plan.planned_at(n)
        if after is not None and after.traits is not None:
            return [each for each in _message_faults(plan, n) if each.detail]
    return []


def _message_faults(plan: PlanStatus, place: int) -> list[MessageFault]:
    planned = plan.planned_at(place)
    if planned is None or planned.traits is None:
        return []
    from ...session.protocol.message_syntax import message_faults

    return message_faults(planned.traits.faults, *plan.declared_before(place))
