"""The hint about the plan: what Enter does, and which other orders can be used."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..advice import do, key_of
from ..compose.faults import fault_lines
from ..input.hints import RESETS, Hint
from .status import PlanStatus
from .step_faults import step_faults
from .text import between_hint, line_of

if TYPE_CHECKING:
    from ...session.stepping.plan import Planned

_SECRET = re.compile(r"\*{9,}")


def plan_hint(plan: PlanStatus) -> Hint | None:
    """Return a hint about what Enter does on an empty line, or None if there is no next step."""
    planned = plan.next
    if planned is None:
        return None
    if plan.typed:
        return Hint(warning=between_hint(plan.typed, plan.restart))
    done = plan.done
    if plan.at < len(done) and not plan.why_not_again(plan.at):
        verb = done[plan.at].planned.verb
        code = done[plan.at].reply
        refused = f"{verb} refused: {code.code if code is not None else ''}"
        goes_on = f"{do('edit')} changes it; Enter continues: {_brief(planned)}"
        return Hint(warning=refused, summary=goes_on, more=f"{key_of('plan')} explains why")
    does = "sends it" if planned.data else "does it"
    runs = "runs to a breakpoint" if plan.breakpoints else "runs the rest"
    return Hint(
        _brief(planned),
        f"Enter {does}, {key_of('run')} {runs}",
        f"{key_of('plan')} shows the plan, {do('edit')}, {do('skip')}",
        _wrong_with(plan),
    )


def _brief(planned: Planned) -> str:
    """Return a step on one line, short enough to leave space for the effect of Enter."""
    return _SECRET.sub("*" * 8, line_of(planned))


def _wrong_with(plan: PlanStatus) -> str:
    """Return the problem with the next step, or "".

    The problem is a greeting that would end the transaction, or a fault of the message or of its
    MAIL command.
    """
    if plan.resets:
        return RESETS
    place = len(plan.done)
    found = step_faults(plan, place)
    if not found:
        return ""
    more = f", and {len(found) - 1} more" if len(found) > 1 else ""
    return f"{fault_lines(found)[0]}{more}"
