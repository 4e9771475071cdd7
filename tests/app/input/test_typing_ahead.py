"""Many keys that arrive together, as over a slow line, take effect one after another."""

from __future__ import annotations

import asyncio

from heloscope.app.app import HeloscopeApp
from heloscope.session.events import CLIENT
from support.driving import handled
from support.servers import serving
from textual import events

KEYS = {"\r": "enter", "\t": "tab", "\b": "backspace", "\v": "up", "\x01": "home", "\x1b": "escape"}


async def polite(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Act as a server that replies 250 to everything."""
    writer.write(b"220 mail.test\r\n")
    while await reader.readline():
        writer.write(b"250 ok\r\n")


async def type_at_once(*bursts: str) -> bytes:
    """Type each burst at once, waiting for all replies before the next. Return what was sent."""
    async with serving(polite) as port:
        app = HeloscopeApp(f"127.0.0.1:{port}")
        async with app.run_test() as pilot:
            while (session := app.connections.session) is None or not session.connected:
                await pilot.pause()
            for burst in bursts:
                await app.main.sender.quiet()
                for char in burst:
                    key = KEYS.get(char)
                    app.post_message(events.Key(key or char, None if key else char))
                await handled(app)
            await app.main.sender.quiet()
            return session.transcript.joined(CLIENT)


async def test_lines_typed_in_one_go_stay_apart() -> None:
    assert await type_at_once("HELO me\rNOOP\rVRFY x\r") == b"HELO me\r\nNOOP\r\nVRFY x\r\n"


async def test_a_letter_taken_back_in_between_is_the_one_before() -> None:
    assert await type_at_once("NOOX\bP\r") == b"NOOP\r\n"


async def test_going_to_the_start_and_clearing_keep_their_place() -> None:
    assert await type_at_once("OOP\x01N\r", "wrong\x1bNOOP\r") == b"NOOP\r\nNOOP\r\n"


async def test_a_line_recalled_and_lengthened_goes_out_as_it_stood() -> None:
    assert await type_at_once("NOOP one\r", "\v two\r") == b"NOOP one\r\nNOOP one two\r\n"


async def test_a_completion_taken_in_between_is_what_goes_out() -> None:
    assert await type_at_once("QUI\t\r") == b"QUIT\r\n"
