"""The parts of a conversation that another program's log may omit, and the rules they affect.

A Note of one of these kinds records the omission. The rules listed with it need the missing part,
so no violation of them is reported.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..events import Note

if TYPE_CHECKING:
    from .transcript import Transcript

BEGINNING, CLIENT_SIDE, SERVER_SIDE, DOUBLED_DOTS, REPLY_TEXTS, OFFERS = (
    "no-beginning", "no-client", "no-server", "no-doubled-dots", "no-texts", "no-offers",
)  # fmt: skip
UNSEEN: dict[str, tuple[str, frozenset[str]]] = {
    BEGINNING: (
        "the log begins after the greeting",
        frozenset({"out-of-order", "unasked-reply"}),
    ),
    CLIENT_SIDE: (
        "the log does not show what the client said",
        frozenset({"unasked-reply", "out-of-order", "mixed-codes"}),
    ),
    SERVER_SIDE: (
        "the log does not show what the server said",
        frozenset({"before-greeting", "pipelined", "pipelined-past", "out-of-order"}),
    ),
    DOUBLED_DOTS: (
        "the log shows the message as it was before dots were doubled",
        frozenset({"dot-not-doubled"}),
    ),
    REPLY_TEXTS: (
        "the log has the codes of the replies, and not their texts",
        frozenset({"parameter-not-offered", "pipelined"}),
    ),
    OFFERS: (
        "the log does not show all that the server offers",
        frozenset({"parameter-not-offered", "pipelined"}),
    ),
}
"""Kind of a Note -> (its text, the rules that cannot be judged after it)."""


def unseen_in(transcript: Transcript) -> frozenset[str]:
    """The kinds of what a conversation does not show, of the notes before its first line."""
    found: set[str] = set()
    for number in range(transcript.mark_count):
        row, event = transcript.mark(number)
        if row:
            break
        if isinstance(event, Note) and event.kind in UNSEEN:
            found.add(event.kind)
    return frozenset(found)
