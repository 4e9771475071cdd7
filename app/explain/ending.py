"""Explanations for the end of a connection or a failed handshake, with suggestions.

The explanations name no key or order of the app, because commands use them, too, and not only the
explanation panel.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from ...session.events import MESSAGE_KINDS, Cause, Connected, Disconnected, TlsFailed, Violation
from ...session.facts.disconnect_causes import CAUSES, CauseFact
from ...session.facts.disconnect_reasons import (
    IN_DOUBT,
    NO_MORE_ANSWERS,
    client_close_reason,
    server_close_reason,
)
from ...session.facts.tls_failures import REASONS
from ...session.protocol.states import SHUTTING_DOWN
from ...session.record.row_index import RowIndex

MARKS = 200  # events searched for the cause of a connection's end


def ending(index: RowIndex, event: Disconnected) -> CauseFact:
    """Explain why the connection was closed, from the last lines of the conversation if possible.

    If that is not possible, return the usual explanation for the cause.
    """
    return _said(index, event) or CAUSES.get(event.cause, CAUSES[Cause.OTHER])


def no_tls(
    event: TlsFailed, now: float | None = None, shown: Callable[[str], str] | None = None
) -> CauseFact:
    """Explain why the handshake failed.

    `now` is in seconds since the epoch; `shown` masks names.
    """
    from ...session.tls.certificates import parse_chain  # the module takes a while to import
    from ...session.tls.diagnosis import problems

    fact = REASONS[event.reason]
    found = problems(
        parse_chain(event.chain), event.server_name, time.time() if now is None else now,
        verify_code=event.verify_code or None, verify_message=event.said, reason=event.reason,
        shown=shown,
    )  # fmt: skip
    first = next((p for one in found for p in one if p.key == event.reason), None)
    if first is not None:
        return CauseFact(first.text, first.try_next)
    detail = event.detail if shown is None else shown(event.detail)
    means = f"{detail} {fact.means}" if "{" not in fact.means else detail
    return CauseFact(means, fact.try_next if "{" not in fact.try_next else "")


def _said(index: RowIndex, event: Disconnected) -> CauseFact | None:
    rows = len(index.transcript)
    if _in_doubt(index):
        return IN_DOUBT
    if event.cause is Cause.TIMED_OUT and _was_open(index):
        return NO_MORE_ANSWERS
    if event.cause not in (Cause.CLOSED_BY_SERVER, Cause.CLOSED_BY_CLIENT, Cause.RESET):
        return None
    last = index.reply_beside(rows, -1) if rows else None
    if last is None or (event.cause is Cause.RESET and last.code != SHUTTING_DOWN):
        return None  # a reset means nothing, unless it was announced: RFC 5321 section 3.8
    line = index.transcript[rows - 1]
    if event.cause is Cause.CLOSED_BY_CLIENT:
        return client_close_reason(last.code, last.verb, unanswered=line.sent)
    in_message = line.kind in MESSAGE_KINDS
    return server_close_reason(last.code, last.verb, unanswered=line.sent, in_message=in_message)


def _in_doubt(index: RowIndex) -> bool:
    """Return whether a message has ended but its final reply never arrived."""
    marks = index.transcript.marks_after(max(0, index.transcript.mark_count - MARKS))
    return any(isinstance(mark, Violation) and mark.rule == "no-verdict" for mark in marks)


def _was_open(index: RowIndex) -> bool:
    """Return whether a connection had been established."""
    marks = index.transcript.marks_after(max(0, index.transcript.mark_count - MARKS))
    return len(index.transcript) > 0 or any(isinstance(mark, Connected) for mark in marks)
