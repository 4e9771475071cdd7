"""`practice` as the TARGET of a command: starts a practice server that ends with the command.

It runs in a thread of its own, so that the command may block.
"""

from __future__ import annotations

import atexit
import logging
import sys
from typing import NamedTuple

from ...session.target import TargetError
from ..connect.profile import PRACTICE_LMTP, PRACTICE_TLS, PRACTICE_TWO, PRACTICES


class Practice(NamedTuple):
    """The TARGET by which the practice server is reached, and the file of its certificate."""

    target: str
    ca: str


def is_practice(target: str) -> bool:
    """Whether a TARGET is the practice server, by one of its names."""
    return target in PRACTICES


def started(target: str, *, quiet: bool = False) -> Practice:
    """Start the practice server if it is not running yet, and return the place of `target`.

    Unless `quiet`, a line on standard error announces it. Raises TargetError if it cannot be
    started.
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
    """The practice server in a thread. Raises TargetError if it cannot be started."""

    def __init__(self) -> None:
        from ...session.practice.in_thread import ServerThread
        from ...session.practice.server import PracticeServer

        logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # aiosmtpd's holds secrets
        self.server = PracticeServer()
        try:
            thread = ServerThread(self.server.start, self.server.stop)
        except (OSError, TimeoutError) as error:
            why = str(error) or "it takes too long"
            raise TargetError(f"The practice server did not start: {why}.") from None
        atexit.register(thread.end)


_running: _Running | None = None  # one for all the targets of a command
