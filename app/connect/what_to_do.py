"""Advice after a failed connection or TLS handshake, whether typed manually or in a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..advice import ADVICE, do
from .profile import Profile, switched
from .servers import KnownServers
from .tls_upgrade import plain_server, refused_certificate

if TYPE_CHECKING:
    from ...session.aio.session import Session
    from ...session.net.dial_error import DialError


def without_connection(error: DialError, session: Session | None, servers: KnownServers) -> str:
    """Return advice after a failed connection attempt."""
    from ...session.facts.disconnect_causes import CAUSES
    from ...session.net.dial_error import NOT_FOUND

    if error.cause in NOT_FOUND and session is not None and session.target:
        meant = servers.meant(session.target.host)
        if meant:
            return meant
    return CAUSES[error.cause].try_next or ADVICE["connection refused"]


def without_tls(session: Session, profile: Profile) -> str:
    """Return advice after a failed handshake, or ""."""
    if refused_certificate(session) is not None:
        return ADVICE["certificate refused"]
    if plain_server(session):
        other = switched(profile)
        where = f": {other.target}" if other is not None else ""
        return f"{do('switch')} connects without TLS{where}."
    return ""
