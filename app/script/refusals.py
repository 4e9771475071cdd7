"""Explains why a procedure that ended without an error did not succeed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...session.reply import Reply
from ...session.visible import visible, visible_text

NAMED = 3  # refused recipients that are named with their replies


def refused(name: str, result: Any) -> str:
    """Return why the procedure `name` did not succeed although it raised no error, or "".

    `result` is what the procedure returned. The sentence is "" if the procedure succeeded.
    """
    if name == "sendmail" and result:
        return recipients_refused(result, len(result) + len(result.accepted))
    if name == "check":
        bad = {to: reply for to, reply in result.items() if not 200 <= reply[0] <= 299}
        return recipients_refused(bad, len(result)) if bad else ""
    if isinstance(result, Reply) and not 200 <= result.code <= 299:
        return said(result)
    return ""


def said(reply: tuple[int, bytes]) -> str:
    """Return a reply as quoted in a sentence."""
    return f"{reply[0]} {visible(reply[1])[:200]}".rstrip(".")


def recipients_refused(bad: Mapping[str, tuple[int, bytes]], count: int) -> str:
    """Return how many of `count` recipients were refused, and the first few with their replies.

    `bad` maps the refused recipients to the replies.
    """
    named = [f"{visible_text(to)[:100]} ({said(reply)})" for to, reply in bad.items()]
    more = [f"{len(bad) - NAMED:,} more"] if len(bad) > NAMED else []
    return f"{len(bad)} of {count} recipients refused: {', '.join(named[:NAMED] + more)}"
