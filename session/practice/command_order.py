"""Explains why a command is out of order, and which command may come next."""

from __future__ import annotations

from typing import NamedTuple

from ..protocol.states import State

_NEXT = {  # state -> what comes next
    State.GREETED: "Send EHLO first (in LMTP, LHLO).",
    State.READY: "Send MAIL FROM:<...> first.",
    State.MAIL: "A transaction has begun: send RCPT TO:<...> next, or RSET.",
    State.RCPT: "A transaction has begun: send RCPT, DATA or RSET next.",
    State.BDAT: "A message is being sent in chunks: send BDAT or RSET next.",
    State.BDAT_FAILED: "A chunk was refused: send RSET next.",
    State.REFUSED: "The server has refused the connection: send QUIT.",
    State.CLOSING: "Send nothing after QUIT.",
}
_BEFORE = {"RCPT": "MAIL", "DATA": "RCPT", "MAIL": "EHLO"}  # verb -> one that must come before


class Misplaced(NamedTuple):
    """Why a command is out of order, and what to try; None where the general text applies."""

    why: str | None
    advice: str | None
    ignored: bool = False
    """Whether the client continued although the previous command was refused."""


def misplaced(verb: str, detail: str, codes: dict[str, int]) -> Misplaced:
    """Explain why the command `verb` is out of order.

    `detail` is the detail of the violation: a State, or a reason in words. `codes` maps each verb
    to the code of its last reply.
    """
    before = _BEFORE.get(verb, "")
    code = codes.get(before, 0)
    if code >= 400:
        return Misplaced(
            f"{before} was refused with {code}, so this command is not allowed here. The client "
            f"continued as if {before} had been accepted.",
            "Check the code of each reply, and stop if it begins with 4 or 5.",
            ignored=True,
        )
    try:
        return Misplaced(None, _NEXT.get(State(detail)))
    except ValueError:  # a reason in words
        return Misplaced(f"{detail[:1].upper()}{detail[1:]}.", None)
