"""Scripted conversations with the practice server: `C:` is sent, `S:` is expected.

    C: EHLO me.example
    S: 250-practice.test      a line of the reply begins like this; others may precede it
    S: 250 HELP               the last line of the reply begins like this
    C- text                   sent with the next C: line, in one packet
    END                       the server has closed the connection

Python's escapes are interpreted in lines that are sent.
"""

from __future__ import annotations

import asyncio

from heloscope.session.practice.server import PracticeServer

from .practice_server import Client, practising

QUICK = 1000.0  # lesson seconds that pass in one


async def converse(client: Client, script: str) -> None:
    """Play a conversation. Raises AssertionError with the actual reply if an `S:` line is wrong."""
    ahead = b""
    reply: list[str] = []
    for line in script.strip().splitlines():
        what, _, text = line.strip().partition(" ")
        if not what:
            continue
        data = text.encode().decode("unicode_escape").encode("latin-1")
        if what == "C:":
            await client.send(ahead + data + b"\r\n")
            ahead = b""
        elif what == "C-":
            ahead += data + b"\r\n"
        elif what == "R:":
            await client.send(data)
        elif what == "END":
            assert reply == [] and await client.reply() == [], "the connection is still open"
        else:
            assert what == "S:", f"{line!r} is neither C: nor S:"
            if not reply:
                reply = [each.decode() for each in await asyncio.wait_for(client.reply(), 10)]
            whole = list(reply)
            if text[3:4] != "-":
                del reply[:-1]
            while reply and not reply[0].startswith(text):
                reply.pop(0)
            assert reply, f"wanted {text!r}, got {whole}"
            reply.pop(0)
    assert not reply, f"not looked at: {reply}"


async def play(scenario: str, script: str, **fields: object) -> PracticeServer:
    """Play a conversation, including the greeting, with a server that uses a scenario.

    `fields` replace fields of the scenario. Return the server.
    """
    from heloscope.session.practice.scenarios.table import named, with_fields

    async with practising() as server:
        server.use(with_fields(named(scenario), {"clock": QUICK, **fields}))
        await play_on(server, script)
    return server


async def play_on(server: PracticeServer, script: str, port: int = 0) -> None:
    """Play a conversation with a server, including the greeting."""
    reader, writer = await asyncio.open_connection(server.host, port or server.port)
    client = Client(reader, writer)
    try:
        await converse(client, script)
    finally:
        await client.close()
