"""`heloscope send` in a process of its own, against a server of a test."""

from __future__ import annotations

import asyncio
import os
import sys

from support.servers import VerbServer, serving

ENVELOPE = ("--from", "a@client.example", "--to", "b@example.org")


async def send(*arguments: str, given: bytes = b"", **environment: str) -> tuple[int, str, str]:
    """Returns (exit status, standard output, standard error)."""
    return await run("send", *arguments, given=given, **environment)


async def run(*arguments: str, given: bytes = b"", **environment: str) -> tuple[int, str, str]:
    """Run heloscope. Returns (exit status, standard output, standard error)."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "heloscope.app", *arguments,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE, env={**os.environ, **environment},
    )  # fmt: skip
    out, err = await asyncio.wait_for(process.communicate(given), 60)
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


async def sent_to(
    server: VerbServer, *arguments: str, given: bytes = b"", **environment: str
) -> tuple[int, str, str]:
    async with serving(server) as port:
        return await send(
            f"127.0.0.1:{port}", *arguments, "--no-record", given=given, **environment
        )
