"""Recognises a peer that is not a mail server, because it stays silent or uses another protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...session.events import SERVER, Cause, Connected, Disconnected
from ...session.protocol.states import State
from ...session.visible import visible_text
from ..advice import do
from .profile import Profile, switched

if TYPE_CHECKING:
    from ...session.aio.session import Session

SILENCE = 3.0  # seconds without a greeting after which a hint is due
EARLY = 40  # events of a transcript within which the first octets reveal the protocol


def silent(session: Session | None) -> bool:
    """Return whether the server should have greeted by now but has not sent a byte."""
    return (
        session is not None
        and session.connected
        and session.conversation.state is State.CONNECTED
        and session.elapsed >= SILENCE
        and not any(not line.sent for line in session.transcript)
        and not session.conversation.pending(SERVER)
    )


def no_connection(session: Session) -> bool:
    """Return whether the attempt to connect failed, so that nothing was sent or received."""
    transcript = session.transcript
    return not session.connected and not len(transcript) and transcript.mark_count > 0


class PeerHint:
    """Recognises a peer that is not a mail server, once per session."""

    def __init__(self) -> None:
        self._told_of: Session | None = None

    def take(self, session: Session | None, profile: Profile) -> str:
        """Return a sentence if the peer is not a mail server, once per session; otherwise "".

        `profile` is the profile used to connect.
        """
        if session is None or session is self._told_of or session.transcript.sequence > EARLY:
            return ""
        hint = _hint(session, profile)
        if hint:
            self._told_of = session
        return hint


def closed_silently(session: Session) -> bool:
    """Return whether a server contacted without TLS closed the connection before sending a byte."""
    if session.connected or session.tls or (session.target is not None and session.target.implicit):
        return False
    transcript = session.transcript
    if transcript.sequence > EARLY or any(not line.sent for line in transcript):
        return False
    marks = transcript.marks_after(0)
    ended = any(
        isinstance(mark, Disconnected) and mark.cause in (Cause.CLOSED_BY_SERVER, Cause.RESET)
        for mark in marks
    )
    return ended and any(isinstance(mark, Connected) for mark in marks)


def _other_way(session: Session, profile: Profile) -> str:
    """Return how to try the same port with implicit TLS; "" if that is not possible."""
    other = None
    if session.target is not None and not session.target.implicit and not profile.practising:
        other = switched(profile)
    return f"{do('switch')} tries {visible_text(other.target)}." if other is not None else ""


def _hint(session: Session, profile: Profile) -> str:
    from ...session.facts.other_protocols import CLOSED, SILENT, first_octets, recognise, speaks_tls

    if silent(session):
        elsewhere = f"{do('connect')} connects elsewhere."
        tls = _other_way(session, profile)
        told = f"{SILENT.what} ({session.elapsed:.0f} s). {SILENT.hint} {tls} {elsewhere}"
        return told.replace("  ", " ")
    if closed_silently(session):
        return f"{CLOSED.what}. {CLOSED.hint} {_other_way(session, profile)}".rstrip()
    first = next((line.data for line in session.transcript if not line.sent), b"")
    first = first or session.conversation.pending(SERVER)
    protocol = recognise(first) if first else None
    if protocol is None:
        return ""
    tls = _other_way(session, profile) if speaks_tls(first) else ""
    told = f"{protocol.what}. {protocol.hint} {tls} First received: {first_octets(first)}"
    return told.replace("  ", " ", 1) if not tls else told
