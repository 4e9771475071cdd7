"""The preparation of a step's world on the practice server and in a session."""

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
"""The users that a lesson can log in."""


def scenario_of(world: World, *, clock: float = 0.0) -> Scenario:
    """The scenario of a step, with `clock` or else its own clock, under the name to show.

    A scenario shown under another name is a puzzle. Raises LookupError if there is none of that
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
    """The default scenario of the practice server."""
    return SCENARIOS[World().scenario]


def extensions_of(world: World) -> list[str]:
    """The extensions that the server of a step lists in reply to EHLO, unless an example lists
    them.
    """
    scenario = SCENARIOS.get(world.scenario)
    if scenario is None:
        return list(_EXTENSIONS)
    listed = [line for line in _EXTENSIONS if line.split()[0] not in scenario.without]
    if scenario.size:
        listed = [f"SIZE {scenario.size}" if each.startswith("SIZE") else each for each in listed]
    return [*listed, *scenario.offers]


def is_prepared(world: World) -> bool:
    """Whether commands have to be sent before the step begins; they are not part of it.

    Otherwise the step begins before the connection is made, so that the greeting belongs to it.
    """
    return bool(world.setup or world.login or world.continues)
