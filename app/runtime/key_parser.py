"""Parses the terminal's input, recognising Esc as a separate key even if text follows immediately.

A terminal sends the same octets for Esc and x as for Alt+x, and sends Esc and further octets for a
key such as Up. Textual waits a tenth of a second for the rest, and treats any octets that arrive by
then as an unknown sequence: for Esc and a typed `:connect`, it reports the text without the Esc,
and for Esc, text and F8, it reports a `^` instead of the Esc. This parser makes Esc part of a
sequence only if that sequence can exist. Two octets that arrive alone are left to Textual, so that
Alt+x does not clear a line. A paste is one text even if it contains an Esc; Textual would report
the rest as typed keys, including Enter.

Private names of Textual used here: XTermParser, ANSI_SEQUENCES_KEYS, and Parser._timeout_time,
which is set so that a pending Esc becomes a key immediately.
"""

from __future__ import annotations

import os
import re
import select
import signal
import sys
import time
from collections.abc import Iterable
from typing import Any

from textual import events
from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual._xterm_parser import XTermParser
from textual.driver import Driver
from textual.message import Message

_AGAIN = 1.0  # seconds after which the signal is sent again
_PASTE, _PASTE_END = "\x1b[200~", "\x1b[201~"
_SS3_KEYS = [key[2] for key in ANSI_SEQUENCES_KEYS if key.startswith("\x1bO") and key[2:]]
_SS3 = re.escape("".join(_SS3_KEYS))
# The beginning of a paste, or an Esc that begins no sequence.
_FOUND = re.compile(f"(\x1b\\[200~)|\x1b(?=[^\x1b\\[O])|\x1b(?=O[^{_SS3}])")


class KeyParser(XTermParser):
    """Textual's parser, except that an Esc that does not begin a sequence is reported as a key."""

    _esc_last = False  # whether the last read ended with an Esc
    _paste: str | None = None  # the text of a paste that has not ended yet

    def feed(self, data: str) -> Iterable[Message]:
        """Parse what the terminal sent, and yield keys and other terminal events.

        LF counts as Enter, like CR, because the system turns an Enter typed before the screen has
        the terminal into LF. Treated as Ctrl+J, it would join the lines typed so far.
        """
        if not data:  # the end
            yield from super().feed(data)
        if self._esc_last and data[:1] not in ("\x1b", "[", "O"):
            yield from self._end_esc()
        self._esc_last = False
        alone = len(data) == 2
        while data:
            if self._paste is not None:
                text, end, data = (self._paste + data).partition(_PASTE_END)
                self._paste = None if end else text
                if end:
                    yield events.Paste(text.replace("\x00", ""))
                continue
            found = None if alone else _FOUND.search(data)
            if found is None:
                self._esc_last = data.endswith("\x1b")
                yield from super().feed(data.replace("\n", "\r"))
                return
            if found[1] is not None:
                self._paste = ""
                if found.start():
                    yield from super().feed(data[: found.start()].replace("\n", "\r"))
            else:
                yield from super().feed(data[: found.end()].replace("\n", "\r"))
                yield from self._end_esc()
            data = data[found.end() :]

    def _end_esc(self) -> Iterable[Message]:
        """If an Esc is waiting for the rest of a sequence, report it as a key."""
        if self._timeout_time is not None:
            self._timeout_time = 0.0
            yield from self.tick()


class TerminalParser(KeyParser):
    """The parser for a real terminal. It sends this program SIGHUP if the terminal is gone.

    Usually the system sends that signal. A program outside the terminal's session does not get it,
    however, and would read the end of the terminal's input again and again.
    """

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self._poll = select.poll()
        if sys.__stdin__ is not None:
            self._poll.register(sys.__stdin__.fileno(), 0)  # POLLHUP is always reported

    def tick(self) -> Iterable[Message]:
        """Handle timeouts while nothing arrives. Called ten times a second."""
        if any(mask & select.POLLHUP for _, mask in self._poll.poll(0)):
            os.kill(os.getpid(), signal.SIGHUP)
            time.sleep(_AGAIN)
        yield from super().tick()


def use_key_parser(driver: type[Driver]) -> None:
    """Make a Textual driver read its terminal with KeyParser."""
    module: Any = sys.modules[driver.__module__]
    if hasattr(module, "XTermParser"):
        terminal = driver.__module__ == "textual.drivers.linux_driver"
        module.XTermParser = TerminalParser if terminal else KeyParser
