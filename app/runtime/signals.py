"""Ends the program on a signal: SIGINT, SIGTERM, or SIGHUP from a closed terminal.

The exit status is 128 plus the number of the signal, as in a shell: 130 for SIGINT.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable

from ...session.visible import visible_text

STATUS = 128  # plus the number of the signal
EXIT_GRACE = 3.0  # seconds for an orderly shutdown

_TOLD = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def listen(leave: Callable[[int], object]) -> None:
    """Call `leave(exit status)` in the running loop on a signal that asks the program to end.

    Writing to a terminal that is gone can block, so the program always ends after `EXIT_GRACE`
    seconds. Anything recorded by then is in its file.
    """
    loop = asyncio.get_running_loop()

    def told(number: int, _: object) -> None:
        # In the signal handler, which runs even if the loop is blocked in a write.
        status = STATUS + number
        last = threading.Timer(EXIT_GRACE, os._exit, (status,))
        last.daemon = True
        last.start()
        if not loop.is_closed():
            loop.call_soon_threadsafe(leave, status)

    for number in _TOLD:
        signal.signal(number, told)


def say(text: str) -> None:
    """Print a last line, with control characters made visible, unless the terminal is gone.

    Characters that the terminal's encoding lacks are written as escapes.
    """
    line = visible_text(text)
    encoding = sys.stdout.encoding or "ascii"
    try:
        print(line.encode(encoding, "backslashreplace").decode(encoding), flush=True)
    except OSError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for stream in (sys.stdout, sys.stderr):  # else Python reports an error when it flushes them
            os.dup2(nowhere, stream.fileno())
