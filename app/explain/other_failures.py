"""Explanations of what went wrong in a conversation, apart from refusals, for its exports."""

from __future__ import annotations

from collections.abc import Callable

from ...session.record.row_index import RowIndex
from ...session.record.transcript import Transcript
from ...session.visible import visible
from ...widgets.panels.line_explanation import LineExplanation
from .failures import Failure, failures


def other_failures(index: RowIndex) -> list[LineExplanation]:
    """Explain failed handshakes, lost connections, errors in a log, and a missing reply."""
    transcript = index.transcript
    found = [each for each in failures(transcript) if not _is_row(each, transcript)]
    return [_shown(each, index.text) for each in found]


def _is_row(failure: Failure, transcript: Transcript) -> bool:
    """Return whether a failure is a reply in the conversation itself.

    This is false for a reply that an error message quotes.
    """
    row = failure.line - 1
    if not failure.reply or not 0 <= row < len(transcript):
        return False
    said = visible(transcript.masked(row).rstrip(b"\r\n"))
    return said.startswith(failure.reply[0])


def _shown(failure: Failure, mask: Callable[[str], str]) -> LineExplanation:
    said = (("The client sent", failure.said),) if failure.said else ()
    replied = (("The reply", " ".join(failure.reply)),) if failure.reply else ()
    sections = (
        *said,
        *replied,
        ("The log says", "; ".join(failure.log)),
        ("It means", failure.means),
        ("Usual causes", failure.causes),
        ("Try", failure.try_next),
    )
    return LineExplanation(
        "",
        mask(failure.title),
        "$text-error",
        tuple((name, mask(words)) for name, words in sections),
        failure.sources,
    )
