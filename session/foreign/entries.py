"""The content of a log, in order: lines of the conversation, and facts.

The reader of each format yields an `Entry`; conversation.py converts it to rows and events.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

CLIENT, SERVER = "C", "S"
OUT, IN = ">", "<"
"""The directions in a log that does not say which side wrote it; `settle` decides by content."""
CONNECTED, TLS, CLOSED, NOTE = "connected", "tls", "disconnected", "note"

# Marks of a line: how it is known to differ from the line that was sent.
MASKED, CUT, JOINED, WRAPPED, DECODED = "masked", "cut", "joined", "wrapped", "decoded"
TEXTLESS = "textless"  # of a reply: the log has only its code
LOST = "lost"  # of a note: octets are missing in a capture
INFERRED = "inferred"  # not in the log, but proved by the next lines

# Kinds of a note.
OMITTED, ERROR, INFO, TIME = "omitted", "error", "info", "time"
ENCRYPTED_FROM_HERE = (
    "encrypted from here"  # the text of a note: the rest of a capture cannot be read
)


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
"""Reads the lines of a log, without LF and the prefixes added by pasting."""
Entries = Iterator[Entry]
