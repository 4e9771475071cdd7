"""The world of a step, as the practice server and a session have to prepare it."""

from __future__ import annotations

import msgspec

from ...session.practice.mailboxes import PASSWORDS
from ...session.practice.scenarios.model import Scenario
from ...session.practice.scenarios.table import SCENARIOS, named
from .model import World

_EXTENSIONS = (
    "SIZE 1048576", "8BITMIME", "SMTPUTF8", "PIPELINING", "CHUNKING", "ENHANCEDSTATUSCODES",
    "DSN", "STARTTLS", "AUTH PLAIN LOGIN SCRAM-SHA-256", "VRFY", "EXPN", "HELP",
)  # fmt: skip
USERS = tuple(PASSWORDS)
"""The users as whom a lesson can have heloscope log in."""


def scenario_of(world: World, *, clock: float = 0.0) -> Scenario:
    """The scenario of a step, by `clock` or else its own clock, under the name it is shown by.

    With a name that is not its own it is a puzzle. Raises LookupError if there is none of that
    name.
    """
    found = named(world.scenario)
    name = world.alias or found.name
    return msgspec.structs.replace(
        found,
        name=name,
        clock=clock or world.clock or found.clock,
        puzzle=found.puzzle or bool(world.alias),
    )


def friendly() -> Scenario:
    """What the practice server does where nothing else was asked for."""
    return SCENARIOS[World().scenario]


def extensions_of(world: World) -> list[str]:
    """What the server of a step lists in reply to EHLO, where an example does not say it."""
    scenario = SCENARIOS.get(world.scenario)
    if scenario is None:
        return list(_EXTENSIONS)
    listed = [line for line in _EXTENSIONS if line.split()[0] not in scenario.without]
    if scenario.size:
        listed = [f"SIZE {scenario.size}" if each.startswith("SIZE") else each for each in listed]
    return [*listed, *scenario.offers]


def is_prepared(world: World) -> bool:
    """Whether there is something to be said before the step begins, which is then not a part of it.

    Otherwise the step begins before the connection is made, so that the greeting belongs to it.
    """
    return bool(world.setup or world.login or world.continues)
