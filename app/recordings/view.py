"""A recording as the panels of a session see it: its state at the current position."""

from __future__ import annotations

from ...session.protocol.conversation import Conversation
from ...session.protocol.playback import Playback
from ...session.protocol.states import State
from ...session.record.transcript import Transcript
from .opened import OpenedRecording


class RecordedView:
    """The data of a recording for the panels. Implements session.protocol.view.SessionView."""

    def __init__(self, opened: OpenedRecording, playback: Playback) -> None:
        self._opened = opened
        self._playback = playback

    @property
    def conversation(self) -> Conversation:
        """The conversation as it is at the current position."""
        return self._playback.conversation

    @property
    def transcript(self) -> Transcript:
        """The transcript of the conversation."""
        return self.conversation.transcript

    @property
    def connected(self) -> bool:
        """Whether the connection is open at the current position."""
        return self.conversation.state is not State.CLOSED

    @property
    def lmtp(self) -> bool:
        """Whether the protocol is LMTP."""
        return self.conversation.lmtp or self._opened.target.startswith(("lmtp:", "unix:"))

    @property
    def stage(self) -> str:
        """The stage of a connection attempt, which is always "" for a recording."""
        return ""
