"""A session whose lines are typed, as by a user."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any

from heloscope.session import (
    Manual,
    Session,
)

from support.servers import VerbServer, connected


class Failures(list[Exception]):
    """A list of the exceptions passed to `failed`."""

    def kinds(self) -> list[type]:
        return [type(error) for error in self]


async def typed(session: Session, *lines: str) -> None:
    """Type lines, each after the reply to the previous one, when nothing is in progress."""
    for line in lines:
        session.send_line(line.encode())
        await quiet(session)


async def quiet(session: Session) -> None:
    async with asyncio.timeout(20):
        while session.connected and session.conversation.waiting_for:
            await session.news()


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        for _ in iter(condition, True):
            await asyncio.sleep(0)


@contextlib.asynccontextmanager
async def by_hand(
    server: VerbServer, **how: Any
) -> AsyncIterator[tuple[Session, Manual, Failures]]:
    failures = Failures()
    async with connected(server) as session:
        manual = Manual(session, failures.append, **how)
        yield session, manual, failures
        manual.close()


def heard(server: VerbServer) -> list[bytes]:
    return [line.rstrip(b"\r\n") for line in server.heard]
