"""One conversation on the transcript pane, with what is needed to draw it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ...session.events import Direction
from ...session.record.row_index import RowIndex
from .layout import Layout

if TYPE_CHECKING:
    from ...session.record.transcript import Transcript

Pending = Callable[[Direction], bytes]
"""Returns, masked, the bytes of a direction that do not make a line yet."""


class TranscriptSection:
    """A conversation on the pane: its transcript, layout, row index and unfinished lines."""

    def __init__(self, transcript: Transcript, pending: Pending) -> None:
        self.transcript = transcript
        self.pending = pending
        self.layout = Layout(transcript)
        self.index = RowIndex(transcript)
