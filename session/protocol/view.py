"""The read-only view of a conversation, whether live or recorded."""

from __future__ import annotations

from typing import Protocol

from ..record.transcript import Transcript
from .conversation import Conversation


class SessionView(Protocol):
    """A read-only view of a conversation and its connection."""

    @property
    def conversation(self) -> Conversation:
        """The conversation, with its current state."""
        ...

    @property
    def transcript(self) -> Transcript:
        """The record of everything sent and received."""
        ...

    @property
    def connected(self) -> bool:
        """Whether the connection is established."""
        ...

    @property
    def lmtp(self) -> bool:
        """Whether the protocol is LMTP (RFC 2033)."""
        ...

    @property
    def stage(self) -> str:
        """The current stage of connecting, or "" once commands can be sent."""
        ...
