"""What can be read of a conversation, whether its session is live or a recording."""

from __future__ import annotations

from typing import Protocol

from ..record.transcript import Transcript
from .conversation import Conversation


class SessionView(Protocol):
    """A conversation and its connection, to be read only."""

    @property
    def conversation(self) -> Conversation:
        """What is known about the dialogue."""
        ...

    @property
    def transcript(self) -> Transcript:
        """What crossed the wire."""
        ...

    @property
    def connected(self) -> bool:
        """Whether the connection is established."""
        ...

    @property
    def lmtp(self) -> bool:
        """Whether LMTP is spoken (RFC 2033)."""
        ...

    @property
    def stage(self) -> str:
        """What a connection being made waits for; "" when commands can be sent."""
        ...
