"""The process of one visitor, which the web server starts, feeds, reads and ends.

The server and the process speak the protocol of Textual's web driver. A packet consists of a letter
(D for data, M for facts about the session as JSON), the length in four octets, and the content. Of
the facts that the process may report, only its end matters here; downloads and opening links are
not supported. The process is started without a shell, in an environment made for it.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec

from .messages import Focused, FromBrowser, Resized, Typed

READY = b"__GANGLION__\n"  # written by Textual's driver before its first packet
PRELUDE = 10  # lines that may come before it
START = 60.0  # seconds until it comes
LARGEST = 8 * 1024 * 1024  # octets of a packet from the process
GRACE = 2.0  # seconds for an orderly end
LAST_WORDS = 4096  # octets kept of its standard error
KEPT = ("LANG", "LC_ALL", "LC_CTYPE", "TZ", "PATH", "PYTHONPATH", "VIRTUAL_ENV")
"""The environment variables that a visitor's process inherits.

Python needs the last three to find the program.
"""


def environment(home: str, size: Resized) -> dict[str, str]:
    """Return the environment variables for a visitor's process."""
    return {
        **{name: os.environ[name] for name in KEPT if name in os.environ},
        "HOME": home,
        "TMPDIR": home,
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "TEXTUAL_COLOR_SYSTEM": "truecolor",
        "TEXTUAL_FPS": "30",
        "COLUMNS": str(size.width),
        "ROWS": str(size.height),
        "PYTHONUTF8": "1",
        "MALLOC_ARENA_MAX": "2",  # otherwise each thread reserves address space, which is limited
    }


class _Fact(msgspec.Struct):
    """A fact that the process reports about its session. Only its type matters."""

    type: str = ""


class VisitorProcess:
    """A heloscope process for one visitor, running in a folder of its own.

    `start` creates the folder, and `end` removes it.
    """

    def __init__(self, process: asyncio.subprocess.Process, home: str) -> None:
        self._process = process
        self._home = home
        self._last = b""
        self._ended = False
        self._errors = asyncio.get_running_loop().create_task(self._read_errors())

    @classmethod
    async def start(cls, folder: Path, size: Resized, memory: int) -> VisitorProcess:
        """Start a process with a screen of this size and a memory limit in MiB. Raises OSError."""
        home = tempfile.mkdtemp(prefix="visitor-", dir=folder)  # mode 0700
        try:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-P", "-m", "heloscope.app.serve.visitor", str(memory),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                cwd=home,
                env=environment(home, size),
                start_new_session=True,
            )  # fmt: skip
        except BaseException:
            shutil.rmtree(home, ignore_errors=True)
            raise
        return cls(process, home)

    @property
    def pid(self) -> int:
        """The process ID."""
        return self._process.pid

    @property
    def last_words(self) -> str:
        """The last part of what the process wrote to standard error."""
        return self._last.decode("utf-8", "replace")

    # To the process

    async def take(self, message: FromBrowser) -> None:
        """Pass a message from the browser to the process. Does nothing if the process has ended."""
        match message:
            case Typed(data):
                await self._write(b"D", data)
            case Resized(width, height):
                await self._say({"type": "resize", "width": width, "height": height})
            case Focused(on):
                await self._say({"type": "focus" if on else "blur"})
            case _:
                pass

    async def _say(self, fact: dict[str, str | int]) -> None:
        await self._write(b"M", json.dumps(fact).encode())

    async def _write(self, kind: bytes, content: bytes) -> None:
        stdin = self._process.stdin
        assert stdin is not None
        with contextlib.suppress(OSError, RuntimeError):  # it has ended, which the reader notices
            stdin.write(b"%b%b%b" % (kind, len(content).to_bytes(4, "big"), content))
            await stdin.drain()

    # From the process

    async def screens(self) -> AsyncIterator[bytes]:
        """Yield the output for the terminal in the browser until the process ends."""
        out = self._process.stdout
        assert out is not None
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError, ValueError):
            async with asyncio.timeout(START):
                for _ in range(PRELUDE):
                    if await out.readline() in (READY, b""):
                        break
            while True:
                head = await out.readexactly(5)
                length = int.from_bytes(head[1:], "big")
                if length > LARGEST:
                    return
                content = await out.readexactly(length)
                if head[:1] == b"D":
                    yield content
                elif head[:1] == b"M" and _is_exit(content):
                    return

    async def _read_errors(self) -> None:
        errors = self._process.stderr
        assert errors is not None
        while part := await errors.read(LAST_WORDS):
            self._last = (self._last + part)[-LAST_WORDS:]

    # The end

    async def end(self) -> int:
        """End the process, remove its folder and return its exit status.

        A further call only returns the status.
        """
        if not self._ended:
            self._ended = True
            try:
                await self._end()
            finally:
                if self._process.returncode is None:
                    with contextlib.suppress(ProcessLookupError):
                        os.killpg(self._process.pid, signal.SIGKILL)
                self._errors.cancel()
                shutil.rmtree(self._home, ignore_errors=True)
        return self._process.returncode or 0

    async def _end(self) -> None:
        """Ask the process to end, and kill it if it does not.

        The output of the process is read until then, since it could not end otherwise.
        """
        out, stdin = self._process.stdout, self._process.stdin
        assert out is not None and stdin is not None
        stdin.close()
        try:
            async with asyncio.timeout(GRACE):
                while await out.read(65536):
                    pass
                await self._process.wait()
        except (TimeoutError, RuntimeError):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            await self._process.wait()


def _is_exit(content: bytes) -> bool:
    try:
        return msgspec.json.decode(content, type=_Fact).type == "exit"
    except msgspec.DecodeError:
        return False
