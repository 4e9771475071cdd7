"""Prepares the world of a step: the server's scenario, a connection, and the first commands.

An existing connection is closed first. Events do not count until the world is ready.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from ...session.events import ReplyReceived
from ..connect.manager import ConnectionManager
from ..connect.profile import PRACTICE, PRACTICE_LMTP, PRACTICE_TLS, PRACTICE_TWO, Profile
from .model import World
from .worlds import is_prepared, scenario_of

DOORS = {"tls": PRACTICE_TLS, "lmtp": PRACTICE_LMTP, "second": PRACTICE_TWO}


class NotPrepared(Exception):
    """Raised when a step's world could not be prepared. The message is a clause with the reason."""


async def prepare(
    world: World,
    connections: ConnectionManager,
    quiet: Callable[[], Awaitable[None]],
    ready: Callable[[], object],
) -> str:
    """Prepare a world, and call `ready` when events begin to count.

    Return a sentence about what was done, or "". `quiet` waits until no reply is due. Raises
    NotPrepared if the setup or the login fails.
    """
    was_connected = connections.connected
    await connections.disconnect()
    connections.use(scenario_of(world))
    profile = Profile(DOORS.get(str(world.connect), PRACTICE))
    if not is_prepared(world):
        ready()
        if world.connect:
            connections.connect(profile)
            return ""
        connections.choose(profile)
        closed = "heloscope has closed the connection, because you connect yourself in this step."
        return closed if was_connected else ""
    connections.connect(profile)
    await connections.settled()
    try:
        await quiet()
        for line in world.setup:
            await _say(line, connections, quiet)
        if world.login:
            await _log_in(world.login, connections)
    except NotPrepared:
        raise
    except Exception as error:  # refused, timed out or lost: the message says which
        raise NotPrepared(f"{error}".rstrip(".") or type(error).__name__) from error
    finally:
        ready()
    done = [f"sent {_listed(world.setup)}"] if world.setup else []
    done += [f"logged in as {world.login}"] if world.login else []
    return f"heloscope has connected for you, and {' and '.join(done)}." if done else ""


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


async def _say(
    line: str, connections: ConnectionManager, quiet: Callable[[], Awaitable[None]]
) -> None:
    session = connections.session
    if session is None or not session.connected:
        raise NotPrepared("heloscope is not connected")
    seen = session.transcript.mark_count
    session.send_line(line.encode())
    await quiet()
    for event in session.transcript.marks_after(seen):
        if isinstance(event, ReplyReceived) and event.code >= 400:
            raise NotPrepared(f"{line} was refused with {event.code}")


async def _log_in(user: str, connections: ConnectionManager) -> None:
    from ...session.practice.mailboxes import PASSWORDS

    session = connections.session
    if session is None or not session.connected:
        raise NotPrepared("heloscope is not connected")
    password = PASSWORDS.get(user, "")
    connections.secrets.add(password.encode())
    await session.login(user, password)
