"""`practice` as the TARGET of a command: starts a practice server that ends with the command.

The server runs in its own thread, so that the command may block.
"""

from __future__ import annotations

import atexit
import logging
import sys
from typing import NamedTuple

from ...session.target import TargetError
from ..connect.profile import PRACTICE_LMTP, PRACTICE_TLS, PRACTICE_TWO, PRACTICES


class Practice(NamedTuple):
    """The TARGET at which the practice server can be reached, and its certificate file."""

    target: str
    ca: str


def is_practice(target: str) -> bool:
    """Return whether a TARGET is one of the names of the practice server."""
    return target in PRACTICES


def started(target: str, *, quiet: bool = False) -> Practice:
    """Start the practice server if it is not running yet, and return where to reach `target`.

    Unless `quiet` is true, a line on standard error announces the server. Raises TargetError if the
    server cannot be started.
    """
    global _running
    if _running is None:
        _running = _Running()
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


class _Running:
    """The practice server, running in a thread. Raises TargetError if it cannot be started."""

    def __init__(self) -> None:
        from ...session.practice.in_thread import ServerThread
        from ...session.practice.server import PracticeServer

        logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # aiosmtpd's holds secrets
        self.server = PracticeServer()
        try:
            thread = ServerThread(self.server.start, self.server.stop)
        except (OSError, TimeoutError) as error:
            why = str(error) or "it took too long"
            raise TargetError(f"The practice server did not start: {why}.") from None
        atexit.register(thread.end)


_running: _Running | None = None  # one for all the targets of a command
