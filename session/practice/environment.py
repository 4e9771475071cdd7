"""The state that connections share: mailboxes, certificates, scenario, and memory of clients."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from .certificate import ServerCertificate
from .events import PracticeEvent
from .greylist import Greylist
from .mailboxes import Mailboxes
from .scenarios.model import FRIENDLY, Scenario
from .scenarios.rules import RuleBook

log = logging.getLogger("heloscope.practice")


class Memory:
    """What one port remembers about clients until the next call of `PracticeServer.use`."""

    def __init__(self, scenario: Scenario = FRIENDLY) -> None:
        self.scenario = scenario
        self.book = RuleBook(scenario, time.monotonic)
        self.greylist = Greylist(scenario.seconds(scenario.greylist), time.monotonic)


@dataclass
class Environment:
    """What all connections of a server share. `clock` returns seconds since the epoch."""

    mailboxes: Mailboxes
    clock: Callable[[], float]
    certificate: ServerCertificate
    second_port: Callable[[], tuple[str, int]] = lambda: ("127.0.0.1", 0)
    """Returns the host and port of the second server, to which `next_hop` passes mail."""
    subscribers: list[Callable[[PracticeEvent], object]] = field(
        default_factory=list[Callable[[PracticeEvent], object]]
    )

    def tell(self, event: PracticeEvent) -> None:
        """Pass an event to every subscriber.

        An exception raised by a subscriber is logged, and does not end the subscription.
        """
        for subscriber in tuple(self.subscribers):
            try:
                subscriber(event)
            except Exception:
                log.exception("exception in a subscriber of the practice server")
