"""Detects relaying: recipients in other domains accepted from a client that has not logged in."""

from __future__ import annotations

from collections.abc import Iterator

from ..events import Connected, ReplyReceived
from ..facts.open_relay import other_domain
from ..record.row_index import RowIndex

MOST = 1000  # replies that are looked at
_MARKS = 20  # events, searched for the name that was connected to


def relayed_domain(index: RowIndex, reply: ReplyReceived) -> str:
    """Return the recipient's domain, safe to show, if `reply` accepts the recipient for relaying.

    Returns "" otherwise. The server relays if the client has not logged in and, judging by the
    server's names, the domain is not one of the server's. LMTP has no relaying.
    """
    if reply.verb != "RCPT" or reply.answers is None or not 200 <= reply.code < 300:
        return ""
    greeted = index.greeting_before(reply.row)
    if greeted is None or greeted.verb == "LHLO" or index.login_before(reply.row) is not None:
        return ""
    from ..facts.explain.situation import answering

    line = index.transcript[reply.answers].data.decode("utf-8", "replace")
    return index.text(other_domain(answering(line).path, _names(index, greeted)))


def first_relayed(index: RowIndex) -> str:
    """Return the domain of the first recipient accepted for relaying, or "".

    Only the first MOST replies are checked.
    """
    reply = index.reply_beside(-1, 1)
    for _ in range(MOST):
        if reply is None:
            return ""
        if domain := relayed_domain(index, reply):
            return domain
        reply = index.reply_beside(reply.row, 1)
    return ""


def _names(index: RowIndex, greeted: ReplyReceived) -> Iterator[str]:
    """Yield the server's names in its greeting, in its EHLO reply, and in `Connected`."""
    transcript = index.transcript
    for row in {0, greeted.row}:
        line = transcript[row]
        if not line.sent:
            yield from line.data[4:200].decode("utf-8", "replace").split()[:1]
    for number in range(min(transcript.mark_count, _MARKS)):
        event = transcript.mark(number)[1]
        if isinstance(event, Connected):
            yield event.peer.rpartition(":")[0] or event.peer
