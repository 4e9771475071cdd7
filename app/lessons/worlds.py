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
"""The user names with which a lesson can log in."""


def scenario_of(world: World, *, clock: float = 0.0) -> Scenario:
    """Return the scenario of a step, with the name and the clock that the step uses.

    `clock` overrides the step's own clock unless it is 0. A scenario shown under another name is
    treated as a puzzle. Raises LookupError if the scenario is unknown.
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
    """Return the default scenario of the practice server."""
    return SCENARIOS[World().scenario]


def extensions_of(world: World) -> list[str]:
    """Return the extensions in the server's EHLO reply, for an example that does not list them."""
    scenario = SCENARIOS.get(world.scenario)
    if scenario is None:
        return list(_EXTENSIONS)
    listed = [line for line in _EXTENSIONS if line.split()[0] not in scenario.without]
    if scenario.size:
        listed = [f"SIZE {scenario.size}" if each.startswith("SIZE") else each for each in listed]
    return [*listed, *scenario.offers]


def is_prepared(world: World) -> bool:
    """Return whether the world must be prepared by sending commands before the step begins.

    Those commands are not part of the step. If there are none, the step begins before the
    connection is made, so that the greeting belongs to it.
    """
    return bool(world.setup or world.login or world.continues)
