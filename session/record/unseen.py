"""The parts of a conversation that another program's log may omit, and the rules they affect.

A Note of one of these kinds records the omission. The rules listed with it need the missing part,
so violations of them are not reported.
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
        "the log does not show what the client sent",
        frozenset({"unasked-reply", "out-of-order", "mixed-codes"}),
    ),
    SERVER_SIDE: (
        "the log does not show what the server sent",
        frozenset({"before-greeting", "pipelined", "pipelined-past", "out-of-order"}),
    ),
    DOUBLED_DOTS: (
        "the log shows the message before its dots were doubled",
        frozenset({"dot-not-doubled"}),
    ),
    REPLY_TEXTS: (
        "the log has the reply codes but not the reply texts",
        frozenset({"parameter-not-offered", "pipelined"}),
    ),
    OFFERS: (
        "the log does not show everything that the server offers",
        frozenset({"parameter-not-offered", "pipelined"}),
    ),
}
"""For each kind of Note, its text and the rules that cannot be checked after it."""


def unseen_in(transcript: Transcript) -> frozenset[str]:
    """Return the kinds of the notes before the first row that record what a log omits."""
    found: set[str] = set()
    for number in range(transcript.mark_count):
        row, event = transcript.mark(number)
        if row:
            break
        if isinstance(event, Note) and event.kind in UNSEEN:
            found.add(event.kind)
    return frozenset(found)
