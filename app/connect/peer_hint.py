"""Signs that the peer is no mail server: it stays silent, or speaks another protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...session.events import SERVER
from ...session.protocol.states import State
from ..advice import do

if TYPE_CHECKING:
    from ...session.aio.session import Session

SILENCE = 3.0  # seconds without a greeting, after which a hint is due
EARLY = 40  # events of a transcript within which the first octets tell the protocol


def silent(session: Session | None) -> bool:
    """Whether the server should have greeted by now and has not sent a byte."""
    return (
        session is not None
        and session.connected
        and session.conversation.state is State.CONNECTED
        and session.elapsed >= SILENCE
        and not any(not line.sent for line in session.transcript)
        and not session.conversation.pending(SERVER)
    )


def no_connection(session: Session) -> bool:
    """Whether the attempt to connect failed: nothing was sent or received."""
    transcript = session.transcript
    return not session.connected and not len(transcript) and transcript.mark_count > 0


class PeerHint:
    """Recognises a peer that is no mail server, once for each session."""

    def __init__(self) -> None:
        self._told_of: Session | None = None

    def take(self, session: Session | None) -> str:
        """Return a sentence about the peer; "" if there is none, or it was returned before."""
        if session is None or session is self._told_of or session.transcript.sequence > EARLY:
            return ""
        hint = _hint(session)
        if hint:
            self._told_of = session
        return hint


def _hint(session: Session) -> str:
    from ...session.facts.other_protocols import SILENT, first_octets, recognise

    if silent(session):
        elsewhere = f"{do('connect')} connects elsewhere."
        return f"{SILENT.what} ({session.elapsed:.0f} s). {SILENT.hint} {elsewhere}"
    first = next((line.data for line in session.transcript if not line.sent), b"")
    first = first or session.conversation.pending(SERVER)
    protocol = recognise(first) if first else None
    if protocol is None:
        return ""
    return f"{protocol.what}. {protocol.hint} First received: {first_octets(first)}"
