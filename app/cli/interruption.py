"""Ends the conversation of a command on Ctrl+C or another signal, and records the reason.

Without this, the process would end at once, leaving its recording in the middle of a session.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Generator
from contextlib import contextmanager
from typing import NoReturn

_BY = {signal.SIGINT: "Ctrl+C", signal.SIGTERM: "SIGTERM", signal.SIGHUP: "SIGHUP"}
_come: list[int] = []  # the signals received; signals belong to the process, and so does this list


class Interrupted(KeyboardInterrupt):
    """Raised when a signal asks the program to end."""

    def __init__(self, number: int) -> None:
        super().__init__(words_for(number))
        self.status = 128 + number


def words_for(number: int) -> str:
    """Return the reason to record for a conversation that the signal `number` has ended."""
    return f"interrupted by {_BY[signal.Signals(number)]}"


def interrupted_by() -> str:
    """Return the reason to record if a signal has ended the conversation, or ""."""
    return words_for(_come[-1]) if _come else ""


@contextmanager
def interruptible() -> Generator[None]:
    """Raise Interrupted on the first signal within this context; end the process on the second.

    Once all `finally` blocks have run, the program exits with 128 plus the number of the signal. A
    signal that is ignored, such as SIGHUP under nohup, stays ignored.
    """

    def first(number: int, _: object) -> None:
        for each in before:
            signal.signal(each, _second)
        _come.append(number)
        raise Interrupted(number)

    handlers = {each: signal.getsignal(each) for each in _BY}
    before = {each: handler for each, handler in handlers.items() if handler != signal.SIG_IGN}
    for each in before:
        signal.signal(each, first)
    try:
        yield
    except Interrupted as error:
        sys.exit(error.status)
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _second(number: int, _: object) -> NoReturn:
    os._exit(128 + number)
