"""The content of a log in order: the lines of the conversation, and facts.

The reader for each format yields `Entry` objects, which conversation.py converts to rows and
events.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

CLIENT, SERVER = "C", "S"
OUT, IN = ">", "<"
"""The directions in a log that does not show which side wrote it; `settle` infers the sides."""
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
    """One line or fact in a log.

    `what` is CLIENT, SERVER, OUT, IN, or a fact. `text` is the line as the log shows it, the words
    of a note, or the peer of a connection. `kind` is the kind of note, or the side that closed the
    connection. `at` is the time as written, and `conn` distinguishes connections; both may be
    empty.
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
        """Whether this is a line sent over the wire, not a fact."""
        return self.what in (CLIENT, SERVER, OUT, IN)


Lines = list[str]
Reader = Callable[[Lines], Iterable[Entry]]
"""A function that reads the lines of a log, without LF and without prefixes added by pasting."""
Entries = Iterator[Entry]
