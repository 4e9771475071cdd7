"""How much a peer may send in one unfinished line or reply, or in unsolicited replies."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

FLOOD_LIMIT = 64 << 20
"""The default limit on an unfinished line or reply, and on unsolicited replies, in octets."""


class FloodLimit(msgspec.Struct):
    """A limit on endless data from a peer, and what happens when the limit is exceeded."""

    octets: int
    """The most octets in one unfinished line or reply, or in replies that answer no command."""
    ask: Callable[[], object] | None = None
    """The function to call when a peer exceeds the limit, or None.

    Reading is paused before the call, and stays paused until `Receiver.read_on` is called. Without
    a function, the connection is closed, and waiting calls raise PeerFlood.
    """


def checked_flood_limit(octets: object) -> int:
    """Return `octets` if it is a valid `flood_limit`. Otherwise, raise TypeError or ValueError."""
    if not isinstance(octets, int) or isinstance(octets, bool):
        raise TypeError(f"flood_limit must be a number of octets, not {type(octets).__name__}")
    if octets < 1:
        raise ValueError(f"flood_limit must be at least 1 octet, not {octets}")
    return octets


TALKS_EARLY = "the server keeps sending replies before the client has sent anything"
"""The description of a server that sends unsolicited replies without end after its greeting."""


def flood_words(limit: int) -> str:
    """Return a description of what a server did by exceeding a limit of `limit` octets."""
    most = octets_in_words(limit)
    return f"the server has sent more than {most} in one reply, or in unsolicited replies"


def octets_in_words(octets: int) -> str:
    """Return a number of octets for display, such as "64 MiB" or "1,000 octets"."""
    return f"{octets >> 20} MiB" if octets >= 1 << 20 else f"{octets:,} octets"
