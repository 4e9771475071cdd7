"""How the program ends when it is told to from outside: Ctrl+C, SIGTERM, a closed terminal.

The exit status is 128 and the number of the signal, as a shell has it: 130 for Ctrl+C.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable

STATUS = 128  # and the number of the signal
EXIT_GRACE = 3.0  # seconds for an orderly end, once told to leave

_TOLD = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def listen(leave: Callable[[int], object]) -> None:
    """Have `leave(exit status)` called in the running loop when the program is told to end.

    A terminal that is gone can block whoever writes to it: after `EXIT_GRACE` seconds the program
    ends, orderly or not. What was recorded by then is in its file.
    """
    loop = asyncio.get_running_loop()

    def told(number: int, _: object) -> None:
        # In the signal's own handler, which runs even where the loop is stuck in a write.
        status = STATUS + number
        last = threading.Timer(EXIT_GRACE, os._exit, (status,))
        last.daemon = True
        last.start()
        if not loop.is_closed():
            loop.call_soon_threadsafe(leave, status)

    for number in _TOLD:
        signal.signal(number, told)


def say(text: str) -> None:
    """Print a last line; a terminal that is gone is not told."""
    try:
        print(text, flush=True)
    except OSError:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for stream in (sys.stdout, sys.stderr):  # or Python complains when it flushes them
            os.dup2(nowhere, stream.fileno())
