"""Calls functions that may hang, such as name lookups, with a time limit."""

from __future__ import annotations

import _thread
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def within(seconds: float, ask: Callable[[], T]) -> T:
    """Call `ask` in a thread. Return its result, or raise its exception.

    Raises TimeoutError after `seconds`. The thread may then continue without harm, because the
    program does not wait for it at exit. `threading` is not used because it would have to be
    imported, and is meant for threads that have to be waited for.
    """
    found: list[T] = []
    raised: list[BaseException] = []
    over = _thread.allocate_lock()
    over.acquire()

    def run() -> None:
        try:
            found.append(ask())
        except BaseException as error:
            raised.append(error)
        finally:
            over.release()

    _thread.start_new_thread(run, ())
    if not over.acquire(timeout=max(0.0, min(seconds, _thread.TIMEOUT_MAX))):
        raise TimeoutError
    if raised:
        raise raised[0]
    return found[0]
