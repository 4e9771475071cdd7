"""A regular expression search with a time limit.

Some expressions, such as `(x*)*y`, take time that doubles with each character. A lesson's file must
not be able to block the program, so the search is interrupted by a timer. Python checks for signals
during a search, but only in the main thread, which is where lessons run.
"""

from __future__ import annotations

import re
import signal
import threading

PATIENCE = 1.0  # seconds for one search


class TooSlow(Exception):
    """Raised when a search takes longer than PATIENCE."""


def search(pattern: re.Pattern[str], text: str) -> bool:
    """Return whether the pattern is found in a text. Raises TooSlow after PATIENCE seconds."""
    if threading.current_thread() is not threading.main_thread():
        return pattern.search(text) is not None
    before = signal.signal(signal.SIGALRM, _too_slow)
    signal.setitimer(signal.ITIMER_REAL, PATIENCE)
    try:
        return pattern.search(text) is not None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _too_slow(_number: int, _frame: object) -> None:
    raise TooSlow
