"""Describes the faults of a message, and the changes that sending makes to it, beforehand.

The form, the editor and the plan all use these words; the rules are the engine's.
"""

from __future__ import annotations

from collections.abc import Iterable

from ...session.plural import plural
from ...session.protocol.message_syntax import MessageFault, MessageTraits
from ...session.protocol.violations import RULES


def faults_told(faults: Iterable[MessageFault]) -> list[str]:
    """A line for each fault: its kind, the number of lines that have it, and what they lack."""
    return [_told(fault) for fault in faults]


def _told(fault: MessageFault) -> str:
    title = RULES[fault.rule].title
    said = f"{title[:1].upper()}{title[1:]}"
    if fault.rule == "line-too-long":
        said = plural(fault.times, "{} line of more than 1,000 octets",
                      "{} lines of more than 1,000 octets")  # fmt: skip
    elif fault.times > 1:
        said += f" ({fault.times:,} times)"
    return f"{said}: {fault.detail}" if fault.detail else said


def rewritten_words(traits: MessageTraits) -> str:
    """The changes that sending makes to the line ends of a file, as a sentence; "" if none."""
    if traits.octets == traits.source_octets:
        return ""
    parts: list[str] = []
    if traits.rewritten:
        parts.append(plural(traits.rewritten, "{} line end becomes CRLF",
                            "{} line ends become CRLF"))  # fmt: skip
    if traits.unended:
        parts.append("the last line gets one")
    words = ", ".join(parts)
    sizes = f"{traits.source_octets:,} octets become {traits.octets:,}"
    return f"{words[:1].upper()}{words[1:]}: {sizes}."
