"""Runs `heloscope` in its own process, forked from one that has already done the imports.

Starting Python and importing the modules takes four times as long as a typical command. What
happens at the very start of a process (imports, signals, closed streams) is tested with `python -m
heloscope.app`.
"""

from __future__ import annotations

import asyncio
import atexit
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryFile

_PATIENCE = 60  # seconds, after which a command that has not ended has failed
_FORKER = Path(__file__).with_name("command_forker.py")


async def heloscope(
    *arguments: str,
    given: bytes = b"",
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> tuple[int, str, str]:
    """Run heloscope in `folder`, with `given` on standard input.

    The variables in `environment` are added to the environment. Return the exit status, standard
    output and standard error.
    """
    asked = {
        "arguments": arguments,
        "environment": {**os.environ, **(environment or {})},
        "folder": str(folder or Path.cwd()),
    }
    status, out, err = await asyncio.to_thread(_forker().run, asked, given)
    return status, out.decode(), err.decode()


class _Forker:
    """The process that forks itself for each command, one command at a time."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._socket, theirs = socket.socketpair()
        self._socket.settimeout(_PATIENCE)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", str(_FORKER)], stdin=theirs.fileno()
            )
        atexit.register(self.end)

    def run(self, asked: Mapping[str, object], given: bytes) -> tuple[int, bytes, bytes]:
        """Run a command, and return its exit status, standard output and standard error."""
        with self._turn, TemporaryFile() as out, TemporaryFile() as err:
            read, write = os.pipe()
            with open(read, "rb") as end, open(write, "wb", buffering=0) as start:
                streams = [stream.fileno() for stream in (end, out, err)]
                socket.send_fds(self._socket, [json.dumps(asked).encode() + b"\n"], streams)
                end.close()
                try:
                    start.write(given)
                except BrokenPipeError:
                    pass  # a command need not read
            status = self._socket.recv(16)
            out.seek(0)
            err.seek(0)
            return int(status), out.read(), err.read()

    def end(self) -> None:
        """End the process by closing its socket."""
        self._socket.close()
        self._process.wait()


@cache
def _forker() -> _Forker:
    return _Forker()
