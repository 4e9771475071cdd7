"""The parts of a conversation that another program's log may omit, and the rules they affect.

A Note of one of these kinds records the omission. The rules listed with it need the missing part,
so no violation of them is reported.
"""

from __future__ import annotations

BEGINNING, CLIENT_SIDE, SERVER_SIDE, DOUBLED_DOTS = (
    "no-beginning", "no-client", "no-server", "no-doubled-dots",
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
}
"""Kind of a Note -> (its text, the rules that cannot be judged after it)."""
