"""`practice` as the TARGET of a command: a practice server of its own, until the command ends.

It runs in a thread of its own, so that the command may wait for it in any way.
"""

from __future__ import annotations

import asyncio
import atexit
import logging
import sys
import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING, NamedTuple

from ...session.target import TargetError
from ..connect.profile import PRACTICE_LMTP, PRACTICE_TLS, PRACTICE_TWO, PRACTICES

if TYPE_CHECKING:
    from ...session.practice.server import PracticeServer

_PATIENCE = 10.0  # seconds in which the server has started, or has stopped


class Practice(NamedTuple):
    """Where the practice server is reached, as a TARGET, and the file of its certificate."""

    target: str
    ca: str


def is_practice(target: str) -> bool:
    """Whether a TARGET is the practice server, by one of its names."""
    return target in PRACTICES


def started(target: str, *, quiet: bool = False) -> Practice:
    """Start the practice server, if it does not run yet, and say where `target` is.

    A line on standard error says that it is one, if not `quiet`. Raises TargetError if it cannot
    be started.
    """
    global _running
    if _running is None:
        _running = _Thread()
        if not quiet:
            print(
                f"heloscope: {target} is a practice server that ends with this command.",
                file=sys.stderr,
            )
    server = _running.server
    texts = {
        PRACTICE_TLS: f"smtps://{server.host}:{server.tls_port}",
        PRACTICE_TWO: f"{server.host}:{server.second_port}",
        PRACTICE_LMTP: f"lmtp://{server.host}:{server.lmtp_port}",
    }
    return Practice(texts.get(target, f"{server.host}:{server.port}"), server.ca_file())


class _Thread:
    """The practice server in a thread. Raises TargetError if it cannot be started."""

    def __init__(self) -> None:
        started: Future[tuple[PracticeServer, asyncio.AbstractEventLoop]] = Future()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._serve(started)), name="practice", daemon=True
        )
        self._thread.start()
        try:
            self.server, self._loop = started.result(_PATIENCE)
        except (OSError, TimeoutError) as error:
            why = str(error) or "it takes too long"
            raise TargetError(f"The practice server did not start: {why}.") from None
        atexit.register(self._stop)

    async def _serve(
        self, started: Future[tuple[PracticeServer, asyncio.AbstractEventLoop]]
    ) -> None:
        from ...session.practice.server import PracticeServer

        logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # aiosmtpd's holds secrets
        self._ended = asyncio.Event()
        server = PracticeServer()
        try:
            await server.start()
        except OSError as error:
            started.set_exception(error)
            return
        started.set_result((server, asyncio.get_running_loop()))
        await self._ended.wait()
        await server.stop()

    def _stop(self) -> None:
        self._loop.call_soon_threadsafe(self._ended.set)
        self._thread.join(_PATIENCE)


_running: _Thread | None = None  # one for all the targets of a command
