"""The app connected to a scripted server over a loopback socket, without the stage."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable

from heloscope.app.app import HeloscopeApp
from textual.pilot import Pilot
from textual.widgets import Static

from support.driving import unpainted
from support.servers import script, serving

Person = Pilot[None]


@contextlib.asynccontextmanager
async def at_the_screen(
    conversation: str, size: tuple[int, int] = (80, 24), scheme: str = ""
) -> AsyncIterator[tuple[HeloscopeApp, Person]]:
    """Connect the app to a server that plays `conversation`, and wait for its first lines."""
    async with serving(script(conversation)) as port:
        app = HeloscopeApp(f"{scheme}127.0.0.1:{port}")
        with unpainted():
            async with app.run_test(size=size, notifications=True) as pilot:
                await until(pilot, lambda: connected(app))
                yield app, pilot


def connected(app: HeloscopeApp) -> bool:
    session = app.connections.session
    return session is not None and session.connected


async def until(pilot: Person, enough: Callable[[], object]) -> None:
    """Let the app run until `enough()` returns something true."""
    async with asyncio.timeout(30):
        while not enough():
            await pilot.pause()


async def typed(pilot: Person, text: str) -> None:
    """Type a line and press Enter."""
    await pilot.press(*text, "enter")


async def said(app: HeloscopeApp, pilot: Person, text: str) -> None:
    """Wait until a line with `text` has been sent or received."""
    data = text.encode()

    def there() -> bool:
        session = app.connections.session
        return session is not None and any(data in line.data for line in session.transcript)

    await until(pilot, there)
    await pilot.pause()


def hint(app: HeloscopeApp) -> str:
    """Return the line above the composer."""
    return str(app.main.query_one("#composer-hint", Static).content)


def told(app: HeloscopeApp) -> list[str]:
    """Return the texts of the notices that are still shown."""
    return [notice.text for notice in app.main.ui.standing]
