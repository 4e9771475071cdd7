"""What is new in the plan since the last line: the next step, a refusal, or the end."""

from __future__ import annotations

from ..plan.status import PlanStatus
from .output import NEXT, NOTE, WARNING, Output


class PlanNews:
    """Reports the progress of a plan. `tell` writes what has changed."""

    def __init__(self, output: Output, plan: PlanStatus) -> None:
        self._output = output
        self._plan = plan
        self._told: object = None
        self._title = ""

    def tell(self) -> None:
        """Write what has changed in the plan, unless a step is in progress."""
        plan = self._plan
        if plan.title != self._title:
            self._title = plan.title
            if plan.title:
                self._output.say(NOTE, f"plan: {plan.heading}; :plan lists its steps")
        if plan.busy or not plan.title:
            return
        found = self._found()
        if found and found != self._told:
            for word, text in found:
                self._output.say(word, text)
        self._told = found

    def _found(self) -> list[tuple[str, str]]:
        from ..plan.hint import plan_hint
        from ..plan.text import line_of, stopped

        plan = self._plan
        if plan.trouble:  # an error has reported it
            return []
        if plan.end():
            return [(NOTE, f"plan: {plan.end()}")]
        found: list[tuple[str, str]] = []
        if plan.stop is not None:
            found.append((NOTE, f"stopped {stopped(plan.stop, plan.breakpoints)}"))
        hint = plan_hint(plan) if plan.active else None
        if hint is None:
            return found
        if hint.warning:
            found.append((WARNING, f"{hint.warning}. {hint.summary}".rstrip(". ")))
        if plan.next is not None:
            place = f"step {len(plan.done) + 1}"
            found.append((NEXT, f"{place}: {line_of(plan.next)}; an empty line performs it"))
        return found
