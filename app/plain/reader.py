"""Reads lines from standard input: a terminal, with readline if possible, or a pipe.

A line is requested before it is read, so that the caller decides whether it is echoed. A secret is
read without echo. Waiting for a line can be interrupted; the next caller then gets the line.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import select
import sys
import termios
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from typing import Any, Protocol

PATIENCE = 1.0  # seconds allowed for completing a line
log = logging.getLogger("heloscope.app")
LONGEST = 1 << 20  # characters of a line
_ECHO, _WHOLE_LINES = termios.ECHO, termios.ICANON


class LineTooLong(ValueError):
    """Raised when a line has more than `LONGEST` characters. The rest of the line is not read."""


class Reader(Protocol):
    """The source of lines. `complete` returns the possible completions of a typed line."""

    complete: Callable[[str], Sequence[str]]

    @property
    def terminal(self) -> bool:
        """Whether the lines come from a terminal."""
        ...

    async def read(self, *, hidden: bool = False, prompt: str = "") -> str | None:
        """Return the next line without its line ending, or None at the end of input.

        If `hidden` is true, the line is read without echo, after `prompt`.
        """
        ...

    def remember(self, lines: Iterable[str]) -> None:
        """Make lines available for recall."""
        ...

    def drop_hidden(self) -> bool:
        """Drop the hidden line being typed. Return whether there was one."""
        ...

    def cover(self) -> None:
        """Stop echoing typed text until the next line that may be shown is read."""
        ...

    def take_covered(self) -> str:
        """Return the text typed since `cover` that has not been read, and discard it."""
        ...

    def close(self) -> None:
        """Restore the terminal's modes."""
        ...


class StandardInput:
    """Reads standard input, in a separate thread."""

    def __init__(self) -> None:
        self.terminal = sys.stdin.isatty()
        self._readline: Any = None
        self._before: Any = None
        self._pending: asyncio.Future[str | None] | None = None
        self._hidden = self._dropped = False  # of the line being read
        self._covered = False  # text typed between two lines is not echoed
        self._known: list[str] = []
        self.complete: Callable[[str], Sequence[str]] = lambda _: ()
        """A function called in the event loop when Tab is pressed, if readline is used."""
        self._loop: asyncio.AbstractEventLoop | None = None
        self._choices: Sequence[str] = ()
        if hasattr(sys.stdin, "reconfigure"):
            sys.stdin.reconfigure(encoding="utf-8", errors="surrogateescape")  # type: ignore[union-attr]
        if self.terminal:
            self._before = termios.tcgetattr(sys.stdin)
            self._use_readline()

    def _use_readline(self) -> None:
        """Edit lines with readline, unless the terminal cannot move its cursor."""
        if os.environ.get("TERM", "") in ("", "dumb") or not sys.stdout.isatty():
            return
        try:
            import readline
        except ImportError:
            return
        readline.set_auto_history(False)
        readline.parse_and_bind("set enable-bracketed-paste off")
        readline.parse_and_bind("set bell-style none")
        readline.parse_and_bind("set completion-ignore-case on")
        readline.parse_and_bind("set show-all-if-ambiguous on")
        readline.parse_and_bind("set completion-query-items 0")
        readline.parse_and_bind("set page-completions off")
        readline.set_completer_delims("")  # the whole line is completed
        readline.set_completer(self._completion)
        readline.parse_and_bind("tab: complete")
        self._readline = readline

    def _completion(self, text: str, number: int) -> str | None:
        """Return the completion with the index `number`, or None.

        readline calls this in the reading thread. If the line has no completion, Tab inserts a tab.
        """
        if number == 0:
            self._choices = self._completions(text) or (f"{text}\t",)
        return self._choices[number] if number < len(self._choices) else None

    def _completions(self, text: str) -> Sequence[str]:
        """Call `complete` in the event loop, and return its result.

        Return an empty sequence if the call fails or takes too long.
        """
        loop = self._loop
        if loop is None:
            return ()
        found: Future[Sequence[str]] = Future()

        def look() -> None:
            try:
                found.set_result(self.complete(text))
            except Exception as error:
                found.set_exception(error)

        try:
            loop.call_soon_threadsafe(look)
            return found.result(PATIENCE)
        except Exception as error:  # else readline drops it
            log.debug("no completion: %s", type(error).__name__)
            return ()

    def remember(self, lines: Iterable[str]) -> None:
        """Make lines available for recall with Up, if readline is used."""
        known = [line for line in lines if line.isprintable()]
        if self._readline is not None and known != self._known:
            self._readline.clear_history()
            for line in known:
                self._readline.add_history(line)
            self._known = known

    async def read(self, *, hidden: bool = False, prompt: str = "") -> str | None:
        """Return the next line without its line ending, or None at the end of input.

        Raises LineTooLong if the line is longer than `LONGEST` characters.
        """
        while True:
            if self._pending is None:
                self._hidden, self._dropped = hidden and self.terminal, False
                if not hidden:
                    self._uncover()
                self._pending = self._begin(hidden=self._hidden, prompt=prompt)
            line = await asyncio.shield(self._pending)
            self._pending = None
            if not self._dropped:
                break
        if line is not None and len(line) > LONGEST:
            raise LineTooLong(f"a line of standard input is longer than {LONGEST:,} characters.")
        return line

    def _begin(self, *, hidden: bool, prompt: str) -> asyncio.Future[str | None]:
        loop = self._loop = asyncio.get_running_loop()
        found: asyncio.Future[str | None] = loop.create_future()

        def give(line: str | None) -> None:
            if not found.done():
                found.set_result(line)

        def wait() -> None:
            line = self._unseen(prompt) if hidden else self._seen()
            with contextlib.suppress(RuntimeError):  # the loop is over
                loop.call_soon_threadsafe(give, line)

        # A non-daemon thread would keep the program from ending while it waits.
        threading.Thread(target=wait, name="standard input", daemon=True).start()
        return found

    def _seen(self) -> str | None:
        try:
            if self._readline is not None:
                return input()
            line = _typed_line() if self.terminal else sys.stdin.readline(LONGEST + 2)
        except (EOFError, OSError, ValueError):
            return None
        return line.removesuffix("\n").removesuffix("\r") if line else None

    def _unseen(self, prompt: str) -> str | None:
        """Read a line without echo, or return None at the end of input.

        This does not use getpass, which discards text that was typed ahead.
        """
        try:
            before = termios.tcgetattr(sys.stdin)
            _without(_ECHO)
            try:
                print(f"{prompt or 'not shown'}: ", end="", flush=True)
                line = _typed_line()
            finally:
                termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)
                print(flush=True)
        except (OSError, termios.error):
            return None
        return line.removesuffix("\n") if line else None

    def drop_hidden(self) -> bool:
        """Drop the hidden line being typed. Return whether there was one."""
        self._dropped = self._hidden and self._pending is not None
        return self._dropped

    def cover(self) -> None:
        """Stop echoing typed text until the next line that may be shown is read."""
        if self.terminal:
            self._covered = _without(_ECHO)

    def take_covered(self) -> str:
        """Return the text typed since `cover` that has not been read, and discard it."""
        if not self._covered or not _without(_ECHO | _WHOLE_LINES):
            return ""
        typed = b""
        while select.select([sys.stdin], [], [], 0)[0] and len(typed) < LONGEST:
            more = os.read(sys.stdin.fileno(), 65536)
            if not more:
                break
            typed += more
        self._uncover()
        return typed.decode("utf-8", "surrogateescape")

    def _uncover(self) -> None:
        if self._covered:
            self._covered = False
            self.close()

    def close(self) -> None:
        """Restore the terminal's modes, even if a thread is still reading from it."""
        if self._before is not None:
            with contextlib.suppress(termios.error):
                termios.tcsetattr(sys.stdin, termios.TCSADRAIN, self._before)


def _without(flags: int) -> bool:
    """Switch off the given local modes of the terminal. Return whether this succeeded."""
    try:
        modes = termios.tcgetattr(sys.stdin)
        modes[3] &= ~flags
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, modes)
    except (OSError, termios.error):
        return False
    return True


def _typed_line() -> str:
    """Read a line from the terminal. Return "" at the end of input.

    The terminal delivers one line at a time.
    """
    data = b""
    while not data.endswith(b"\n") and len(data) < LONGEST:
        more = os.read(sys.stdin.fileno(), 65536)
        if not more:
            break
        data += more
    return data.decode("utf-8", "surrogateescape")
