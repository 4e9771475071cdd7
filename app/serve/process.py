"""Controls the process of one visitor for the web server: starts, feeds, reads and ends it.

It speaks the protocol of Textual's driver for the web: packets of a letter (D for data, M for
facts about the session as JSON), four octets of length, and the content. Of the facts that the
process may report, only its end has a meaning here: downloads and addresses to open are not
supported. The process is started without a shell, with an environment of its own making.
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
"""The variables that a visitor's process inherits. Python needs the last ones to find the
program.
"""


def environment(home: str, size: Resized) -> dict[str, str]:
    """The environment of a visitor's process."""
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
    """A fact that the process reports about its session; only the type matters."""

    type: str = ""


class VisitorProcess:
    """heloscope for one visitor, in an empty folder within `folder` that is removed with it."""

    def __init__(self, process: asyncio.subprocess.Process, home: str) -> None:
        self._process = process
        self._home = home
        self._last = b""
        self._ended = False
        self._errors = asyncio.get_running_loop().create_task(self._read_errors())

    @classmethod
    async def start(cls, folder: Path, size: Resized, memory: int) -> VisitorProcess:
        """Start a process with a screen of this size and this many MiB. Raises OSError."""
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
        """The number of the process."""
        return self._process.pid

    @property
    def last_words(self) -> str:
        """The end of its standard error output."""
        return self._last.decode("utf-8", "replace")

    # To the process

    async def take(self, message: FromBrowser) -> None:
        """Pass on a message of the browser. Does nothing if the process has ended."""
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
        """The output for the terminal in the browser, until the process ends."""
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
        """End the process and remove its folder. Returns its exit status; further calls do
        nothing.
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
        """Ask it to end; kill it if it does not. Its output is still read, so that it can end."""
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
