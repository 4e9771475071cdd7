"""Runs a script with `heloscope run` in its own process."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import Any

from support.commands import heloscope
from support.servers import serving

NO_RECORD = "--no-record"


async def run(*arguments: str, given: bytes = b"", **environment: str) -> tuple[int, str, str]:
    """Run `heloscope run`, and return its exit status, standard output and standard error."""
    return await heloscope("run", *arguments, given=given, environment=environment)


async def run_on(
    server: Any, path: str, *arguments: str, given: bytes = b"", **environment: str
) -> tuple[int, str, str]:
    """Run a script against a temporary server, replacing the server's address with SERVER.

    Return the exit status, standard output and standard error.
    """
    async with serving(server) as port:
        target = f"127.0.0.1:{port}"
        status, *printed = await run(
            path, target, *arguments, NO_RECORD, given=given, **environment
        )
    out, err = (text.replace(target, "SERVER") for text in printed)
    return status, out, err


async def started(*arguments: str, **environment: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "heloscope.app", "run", *arguments,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE, env={**os.environ, **environment},
    )  # fmt: skip
