"""The breakpoints of a script, and the one that was met."""

from __future__ import annotations

from ...session.events import Event
from ...session.stepping.breakpoints import Breakpoint


class Stops:
    """The breakpoints of a run: those that are set, in `all`, and the one that was met."""

    def __init__(self) -> None:
        self.all: list[Breakpoint] = []
        self._met: tuple[Breakpoint, Event] | None = None

    def set(self, breakpoint: Breakpoint | None) -> None:
        """Add a breakpoint, or remove all breakpoints if `breakpoint` is None."""
        if breakpoint is None:
            self.all.clear()
        else:
            self.all.append(breakpoint)

    def before(self, verb: str, data: bytes) -> Breakpoint | None:
        """Return the breakpoint before this command, or None."""
        return next((each for each in self.all if each.before(verb, data)), None)

    def heard(self, event: Event) -> None:
        """Record the first breakpoint that this event meets, unless one has been met already."""
        if self._met is None:
            for each in self.all:
                if each.met_by((event,)) is not None:
                    self._met = each, event
                    return

    @property
    def met(self) -> bool:
        """Whether a breakpoint has been met that `take` has not returned yet."""
        return self._met is not None

    def meet(self, breakpoint: Breakpoint, event: Event) -> None:
        """Record that a procedure has stopped at a breakpoint."""
        self._met = breakpoint, event

    def take(self) -> tuple[Breakpoint, Event]:
        """Return the breakpoint that was met and the event that met it. Forget both."""
        assert self._met is not None
        met, self._met = self._met, None
        return met
