"""The source of an export: a conversation, its masking, and the data that the formats need."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ...session.events import SECRET
from ...session.record.masked_events import MaskedEvents
from ...session.record.masks import NOTHING_MORE, Masking
from ...session.sasl.decode import USERS
from ...session.sasl.in_transcript import parts_at

if TYPE_CHECKING:
    from ...session.protocol.conversation import Conversation
    from ...session.record.row_index import RowIndex
    from ...session.record.stand_ins import StandIns
    from ...session.record.transcript import Transcript
    from ...widgets.panels.line_explanation import LineExplanation
    from .replay import Replay


def masked_events(
    transcript: Transcript, masking: Masking, target: str = "", names: StandIns | None = None
) -> MaskedEvents:
    """Return the events of a transcript, masked. Names that occur in AUTH are masked throughout.

    `target` is the TARGET of the conversation. `names` holds pseudonyms used before, if any.
    """
    masked = MaskedEvents(transcript, masking, target, names)
    if masked.names is not None:
        for row in range(len(transcript)):
            if transcript.flags(row) & SECRET:
                for part in parts_at(transcript, row):
                    if part.label in USERS and not part.secret:
                        masked.names.learn_user(part.text.encode("utf-8", "surrogateescape"))
    return masked


def _nothing(_: RowIndex) -> Sequence[LineExplanation]:
    return ()


class ExportSource(NamedTuple):
    """A conversation to export, from a recording, another tool's log, or a live session.

    `target` is the TARGET of the conversation. `missing` describes the part that could not be read
    or is unknown, and `log` is the format of another tool's log. `explain` returns the explanation
    of a row, and `replay` returns the conversation as steps to repeat. `names` are the pseudonyms
    shared by conversations that are exported together. `others` returns explanations of what went
    wrong, apart from refusals.
    """

    conversation: Conversation
    target: str
    explain: Callable[[RowIndex, int], LineExplanation]
    replay: Callable[[], Replay]
    masking: Masking = NOTHING_MORE
    missing: str = ""
    log: str = ""
    lmtp: bool = False
    names: StandIns | None = None
    others: Callable[[RowIndex], Sequence[LineExplanation]] = _nothing

    @property
    def timed(self) -> bool:
        """Whether the times of the conversation are known."""
        return self.conversation.transcript.timed

    def masked(self) -> MaskedEvents:
        """Return the masked events. Call this once for each export."""
        transcript = self.conversation.transcript
        return masked_events(transcript, self.masking, self.target, self.names)
