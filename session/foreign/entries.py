"""What a log contains, in its order: lines that were said, and facts.

An `Entry` is what a reader of one format yields; conversation.py makes rows and events of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

CLIENT, SERVER = "C", "S"
OUT, IN = ">", "<"
"""The arrows of a log that does not say which side it is on: `settle` finds out by content."""
CONNECTED, TLS, CLOSED, NOTE = "connected", "tls", "disconnected", "note"

# Marks of a line: what is known to differ from what was sent.
MASKED, CUT, JOINED, WRAPPED, DECODED = "masked", "cut", "joined", "wrapped", "decoded"
TEXTLESS = "textless"  # of a reply: the log has its code alone
LOST = "lost"  # of a note: a capture lacks octets there
INFERRED = "inferred"  # no line says it, but what follows shows it

# Kinds of a note.
OMITTED, ERROR, INFO, TIME = "omitted", "error", "info", "time"


class Entry(NamedTuple):
    """One line or fact.

    `what` is CLIENT, SERVER, OUT, IN, or a fact. `text` is the line as the log shows it, the
    words of a note, or the peer of a connection. `kind` is that of a note, or the side that
    closed. `at` is the time as written, `conn` what distinguishes connections; both may be empty.
    """

    what: str
    text: str = ""
    kind: str = ""
    at: str = ""
    marks: frozenset[str] = frozenset()
    conn: str = ""
    version: str = ""
    cipher: str = ""

    @property
    def said(self) -> bool:
        """Whether it is a line on the wire."""
        return self.what in (CLIENT, SERVER, OUT, IN)


Lines = list[str]
Reader = Callable[[Lines], Iterable[Entry]]
"""Reads the lines of a log, without their LF, prefixes of pasting taken away."""
Entries = Iterator[Entry]
