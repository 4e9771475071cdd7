"""The breakpoints of a script, and the one that was met."""

from __future__ import annotations

from ...session.events import Event
from ...session.stepping.breakpoints import Breakpoint


class Stops:
    """The breakpoints set; `met` is whether an event has met one."""

    def __init__(self) -> None:
        self.all: list[Breakpoint] = []
        self._met: tuple[Breakpoint, Event] | None = None

    def set(self, breakpoint: Breakpoint | None) -> None:
        """Add a breakpoint; None removes all of them."""
        if breakpoint is None:
            self.all.clear()
        else:
            self.all.append(breakpoint)

    def before(self, verb: str, data: bytes) -> Breakpoint | None:
        """The breakpoint before this command, if there is one."""
        return next((each for each in self.all if each.before(verb, data)), None)

    def heard(self, event: Event) -> None:
        """Process an event; the first breakpoint that it meets counts."""
        if self._met is None:
            for each in self.all:
                if each.met_by((event,)) is not None:
                    self._met = each, event
                    return

    @property
    def met(self) -> bool:
        """Whether a breakpoint was met and not taken yet."""
        return self._met is not None

    def meet(self, breakpoint: Breakpoint, event: Event) -> None:
        """Note that a procedure has stopped at a breakpoint."""
        self._met = breakpoint, event

    def take(self) -> tuple[Breakpoint, Event]:
        """Take the breakpoint that was met, with the event that met it."""
        assert self._met is not None
        met, self._met = self._met, None
        return met
