"""One conversation on the transcript pane, with everything needed to draw it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from ...session.events import SENT, Direction
from ...session.record.row_index import RowIndex
from .layout import FOLD, ROW, Layout, LineSource
from .lines import LineText, fold_text, row_text, rule_text, with_recipient

if TYPE_CHECKING:
    from ...session.record.transcript import Transcript

Pending = Callable[[Direction], bytes]
"""A function that returns the unfinished line in one direction as bytes, with secrets masked."""


class TranscriptSection:
    """A conversation on the pane, with its transcript, layout, row index and unfinished lines."""

    def __init__(self, transcript: Transcript, pending: Pending) -> None:
        self.transcript = transcript
        self.pending = pending
        self.layout = Layout(transcript)
        self.index = RowIndex(transcript)

    def text(self, spot: LineSource, most: int | None = None, *, plain: bool = False) -> LineText:
        """Return the text of a line, made from at most `most` octets of a row.

        If a row replies to a message for one of several recipients, the recipient is appended,
        unless `plain` is true.
        """
        transcript = self.transcript
        if spot.kind == FOLD:
            return fold_text(transcript, spot.number, self.layout.is_open(spot.number))
        if spot.kind != ROW:
            return rule_text(transcript.mark(spot.number)[1], transcript.secrets.mask_names)
        text = row_text(transcript, spot.number, most)
        if plain or transcript.flags(spot.number) & SENT:
            return text
        reply = self.index.reply_at(spot.number)
        if reply is not None and reply.recipient is not None and reply.row == spot.number:
            return with_recipient(text, transcript, reply.recipient)
        return text
