"""A program that stands for a server: SMTP is spoken with its standard input and output."""

from __future__ import annotations

import socket
import subprocess

GRACE = 5.0  # seconds in which it may end by itself, once nobody speaks to it


class ServerProgram:
    """A command line, run by the shell; `socket` is connected to what it reads and writes.

    Raises OSError where it cannot be started.
    """

    def __init__(self, command: str) -> None:
        self.socket, its = socket.socketpair()
        try:
            with its:
                end = its.fileno()
                self._process = subprocess.Popen(command, shell=True, stdin=end, stdout=end)
        except BaseException:
            self.socket.close()
            raise

    def close(self) -> None:
        """Wait until it has ended; after a while, end it."""
        self.socket.close()
        try:
            self._process.wait(GRACE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
