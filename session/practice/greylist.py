"""Greylisting (RFC 6647): a sender that is new to a recipient must try again later."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

MOST = 10_000  # triples that are remembered
WINDOW = 1440.0  # times the wait, after which a triple is forgotten: a day for a minute


class Greylist:
    """Remembers (client, sender, first recipient) triples. A new one waits `wait` seconds."""

    def __init__(self, wait: float, clock: Callable[[], float]) -> None:
        self._wait = wait
        self._clock = clock
        self._seen: OrderedDict[tuple[str, str, str], float] = OrderedDict()

    def waits(self, client: str, sender: str, recipient: str) -> float:
        """Return how many seconds this triple must still wait, or 0.

        The first call for a triple records the triple, which starts the wait.
        """
        if not self._wait:
            return 0.0
        triple = (client, sender.lower(), recipient.lower())
        now = self._clock()
        first = self._seen.get(triple)
        if first is None or now - first > self._wait * WINDOW:
            self._seen[triple] = now
            if len(self._seen) > MOST:
                self._seen.popitem(last=False)
            return self._wait
        return max(0.0, self._wait - (now - first))
