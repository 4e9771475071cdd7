"""Makes an export source from an opened recording."""

from __future__ import annotations

from ...session.protocol.conversation import Conversation
from ...session.record.masks import NOTHING_MORE, Masking
from ...session.target import Target, TargetError, parse_target
from ..explain.line import meaning_of
from ..explain.other_failures import other_failures
from ..export.replay import Replay, replay_of
from ..export.source import ExportSource
from .opened import OpenedRecording


def source_of(
    opened: OpenedRecording,
    conversation: Conversation | None = None,
    masking: Masking = NOTHING_MORE,
) -> ExportSource:
    """Return the recording, or only the part `conversation` of it, as an export source."""
    talk = opened.conversation if conversation is None else conversation
    target = target_of(opened)

    def replay() -> Replay:
        return replay_of(talk.transcript, target, opened.target)

    return ExportSource(
        talk,
        opened.target,
        meaning_of,
        replay,
        masking,
        opened.missing,
        opened.format,
        talk.lmtp or (target is not None and target.lmtp),
        others=other_failures,
    )


def target_of(opened: OpenedRecording) -> Target | None:
    """Return the TARGET of a recording, or None for the practice server or an unknown TARGET."""
    try:
        return parse_target(opened.target)
    except TargetError:
        return None
