"""The read-only view of a conversation, for a live session or a recording."""

from __future__ import annotations

from typing import Protocol

from ..record.transcript import Transcript
from .conversation import Conversation


class SessionView(Protocol):
    """A conversation and its connection, read-only."""

    @property
    def conversation(self) -> Conversation:
        """The state of the dialogue."""
        ...

    @property
    def transcript(self) -> Transcript:
        """The record of everything that crossed the wire."""
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
        """The stage of connecting that is in progress; "" if commands can be sent."""
        ...
