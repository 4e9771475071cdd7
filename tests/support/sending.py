"""Runs `heloscope send` in its own process, against a server of a test."""

from __future__ import annotations

from support.commands import heloscope
from support.servers import VerbServer, serving

ENVELOPE = ("--from", "a@client.example", "--to", "b@example.org")


async def send(*arguments: str, given: bytes = b"", **environment: str) -> tuple[int, str, str]:
    """Run `heloscope send`, and return its exit status, standard output and standard error."""
    return await heloscope("send", *arguments, given=given, environment=environment)


async def sent_to(
    server: VerbServer, *arguments: str, given: bytes = b"", **environment: str
) -> tuple[int, str, str]:
    async with serving(server) as port:
        return await send(
            f"127.0.0.1:{port}", *arguments, "--no-record", given=given, **environment
        )
