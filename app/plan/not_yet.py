"""Explains why no plan can begin yet, and what to do first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...session.protocol.states import State
from ..advice import do

if TYPE_CHECKING:
    from ...session.aio.session import Session

_FIRST: dict[State, str] = {
    State.DATA: f"{do('message')} opens the editor.",
    State.AUTH: "A single * cancels the login.",
    State.TLS: f"{do('disconnect')} closes the connection.",
}


def not_yet(session: Session) -> str:
    """Return why no plan can begin yet and what to do first, or "" if a plan can begin."""
    from ...session.stepping.interleaving import held

    why = held(session)
    return f"Not yet: {why}. {_FIRST[session.conversation.state]}" if why else ""
