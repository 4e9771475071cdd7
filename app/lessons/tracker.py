"""Tracks to what extent the facts so far have met a pattern.

A tracker is fed every fact once, in order, and keeps only counts, so that a lesson can last any
length of time.
"""

from __future__ import annotations

from collections.abc import Sequence

from ...session.events import Event
from .matching import matches, property_of
from .model import Pattern

DISTINCT_KEPT = 1000  # different values remembered


class Tracker:
    """Counts how often a fact that matches a single pattern has happened."""

    def __init__(self, pattern: Pattern) -> None:
        self.pattern = pattern
        self.count = 0
        self._values: set[str] = set()

    def feed(self, fact: Event) -> bool:
        """Process a fact, and return whether it counts."""
        pattern = self.pattern
        if not matches(pattern, fact):
            return False
        if pattern.distinct:
            value = property_of(fact, pattern.distinct)
            if value in self._values or len(self._values) >= DISTINCT_KEPT:
                return False
            self._values.add(value)
        self.count += 1
        return True

    @property
    def done(self) -> bool:
        """Whether the pattern is currently met."""
        return not self.count if self.pattern.never else self.pattern.times.holds(self.count)

    @property
    def spoiled(self) -> bool:
        """Whether a forbidden fact has happened, or a fact has happened too often."""
        most = self.pattern.times.most
        return self.count > (0 if self.pattern.never else most if most is not None else self.count)

    def reset(self) -> None:
        """Forget everything counted so far."""
        self.count = 0
        self._values.clear()


class AllTracker(Tracker):
    """A tracker that is met when all of its parts are met, in any order."""

    def __init__(self, pattern: Pattern) -> None:
        super().__init__(pattern)
        self.parts: Sequence[Tracker] = [tracker(part) for part in pattern.parts]

    def feed(self, fact: Event) -> bool:
        counted = [part.feed(fact) for part in self.parts]  # feed each of them
        return any(counted)

    @property
    def done(self) -> bool:
        return all(part.done for part in self.parts)

    @property
    def spoiled(self) -> bool:
        return any(part.spoiled for part in self.parts)

    def reset(self) -> None:
        for part in self.parts:
            part.reset()


class AnyTracker(AllTracker):
    """A tracker that is met when one of its parts is met."""

    @property
    def done(self) -> bool:
        return any(part.done for part in self.parts)

    @property
    def spoiled(self) -> bool:
        return all(part.spoiled for part in self.parts)


class ThenTracker(AllTracker):
    """A tracker that is met when its parts are met one after another.

    A part with `never` applies between the parts before and after it: if its fact happens there,
    the sequence starts again.
    """

    def __init__(self, pattern: Pattern) -> None:
        super().__init__(pattern)
        self._next = 0

    def feed(self, fact: Event) -> bool:
        for part in self.parts[self._next :]:
            if part.pattern.never:
                part.feed(fact)
                if part.count:
                    self.reset()
                    return False
                continue
            counted = part.feed(fact)
            if part.spoiled:
                self.reset()
                return False
            if part.done:
                self._next = self.parts.index(part) + 1
            return counted
        return False

    @property
    def done(self) -> bool:
        return all(part.pattern.never for part in self.parts[self._next :])

    @property
    def spoiled(self) -> bool:
        return False

    def reset(self) -> None:
        super().reset()
        self._next = 0


_JOINTS = {"all": AllTracker, "any": AnyTracker, "then": ThenTracker}


def tracker(pattern: Pattern) -> Tracker:
    """Create the tracker for a pattern, according to its kind."""
    return _JOINTS.get(pattern.kind, Tracker)(pattern)
