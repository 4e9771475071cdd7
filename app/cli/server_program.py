"""A program used as a server, speaking SMTP over its standard input and output."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import time

GRACE = 5.0  # seconds that it has to end by itself, once the conversation is over
_LOOKS = 0.02  # seconds between two checks whether it has


class ServerProgram:
    """A command line run by the shell. `socket` is connected to its standard input and output.

    The program has its own process group, so that the processes it starts can be ended with it.
    Raises OSError if it cannot be started.
    """

    def __init__(self, command: str) -> None:
        self.socket, its = socket.socketpair()
        try:
            with its:
                end = its.fileno()
                self._process = subprocess.Popen(
                    command, shell=True, stdin=end, stdout=end, process_group=0
                )
        except BaseException:
            self.socket.close()
            raise

    def close(self) -> None:
        """Wait a while for the program to end, then kill it and all processes it started."""
        self.socket.close()
        until = time.monotonic() + GRACE
        while not self._ended() and time.monotonic() < until:
            time.sleep(_LOOKS)
        with contextlib.suppress(ProcessLookupError, PermissionError):  # nothing of it is left
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def _ended(self) -> bool:
        """Return whether the program has ended, without collecting its exit status.

        Until `close` collects the status, the process ID is not reused, so that it is safe to kill
        the process group.
        """
        how = os.WEXITED | os.WNOHANG | os.WNOWAIT
        return os.waitid(os.P_PID, self._process.pid, how) is not None
