"""Describes, in advance, the faults of a message and the changes that sending makes to it.

The form, the editor and the plan all use these words; the rules are in the session package.
"""

from __future__ import annotations

from collections.abc import Iterable

from ...session.plural import plural
from ...session.protocol.message_syntax import MessageFault, MessageTraits
from ...session.protocol.violations import RULES


def fault_lines(faults: Iterable[MessageFault]) -> list[str]:
    """Return a line about each fault: what is wrong, how often, and what the message needs."""
    return [_fault_line(fault) for fault in faults]


def _fault_line(fault: MessageFault) -> str:
    title = RULES[fault.rule].title
    said = f"{title[:1].upper()}{title[1:]}"
    if fault.rule == "line-too-long":
        said = plural(fault.times, "{} line longer than 1,000 octets",
                      "{} lines longer than 1,000 octets")  # fmt: skip
    elif fault.times > 1:
        said += f" ({fault.times:,} times)"
    return f"{said}: {fault.detail}" if fault.detail else said


def rewritten_words(traits: MessageTraits) -> str:
    """Return a sentence about the changes that sending makes to a file's line endings, or ""."""
    if traits.octets == traits.source_octets:
        return ""
    parts: list[str] = []
    if traits.rewritten:
        parts.append(plural(traits.rewritten, "{} line ending becomes CRLF",
                            "{} line endings become CRLF"))  # fmt: skip
    if traits.unended:
        parts.append("the last line gets a CRLF")
    words = ", ".join(parts)
    sizes = f"{traits.source_octets:,} octets become {traits.octets:,}"
    return f"{words[:1].upper()}{words[1:]}: {sizes}."
