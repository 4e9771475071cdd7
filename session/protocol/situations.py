"""Derives the situation in which a reply arrived, using only the transcript up to that reply.

A recording and a live session are therefore explained alike, and an earlier reply is explained by
what was known at that time.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..events import TLS, ReplyReceived, Unasked
from ..facts.explain.reply_text import ReplyText, read_replies
from ..facts.explain.situation import GREETING, Situation, answering
from ..record.row_index import RowIndex
from ..record.unseen import OFFERS, REPLY_TEXTS, unseen_in
from ..verbs import (
    AUTH_EXCHANGE,
    AUTH_RESPONSE,
    END_OF_DATA,
    GREETINGS,
    MESSAGE_ENDS,
    SENDER_VERBS,
)
from .ehlo_keywords import parse_keywords

MOST_REPLIES = 400  # before this one, searched for the exchange or transaction it belongs to
MOST_LINES = 20  # of a reply that are explained
_PIECES = 100  # of a line, joined


def reply_text(index: RowIndex, reply: ReplyReceived) -> ReplyText:
    """Return the text of a reply, with secrets masked."""
    rows = range(reply.row, min(reply.last, reply.row + MOST_LINES - 1) + 1)
    data = b"\n".join(index.masked(row).rstrip(b"\r\n") for row in rows)
    if reply.code < 0:
        return ReplyText(-1, None, data)
    found = read_replies(data)
    # Lines with other codes are violations, but still belong to this reply.
    text = b"\n".join(one.text for one in found)
    known = bool(text.strip()) or REPLY_TEXTS not in unseen_in(index.transcript)
    return ReplyText(reply.code, found[0].enhanced, text, known)


def situation_at(index: RowIndex, reply: ReplyReceived) -> Situation:
    """Return the situation in which `reply` arrived, including the line that it answers."""
    transcript = index.transcript
    tls = transcript[reply.row].tls

    def counts(earlier: ReplyReceived | None) -> bool:
        # What was learned in clear is void inside TLS (RFC 3207 section 4.2).
        return earlier is not None and bool(transcript.flags(earlier.row) & TLS) is tls

    known = Situation(
        tls=tls,
        greeting=_greeting(index),
        authenticated=counts(index.login_before(reply.row)),
    )
    greeted = index.greeting_before(reply.row)
    if greeted is not None and counts(greeted):
        known = known._replace(offered=_offered(index, greeted), helo=_name(index, greeted))
    if reply.unasked is not None:
        verbs = {Unasked.GREETING: GREETING, Unasked.REMARK: "(remark)"}
        return known._replace(verb=verbs.get(reply.unasked, ""))
    if reply.verb in AUTH_EXCHANGE:
        mechanism, challenges = _exchange(index, reply)
        known = known._replace(mechanism=mechanism, challenges=challenges)
    elif reply.verb in MESSAGE_ENDS:
        known = known._replace(recipients=_recipients(index, reply))
    if reply.answers is None:
        return known._replace(verb=reply.verb)
    line = _line(index, reply.answers)
    if reply.verb in (END_OF_DATA, AUTH_RESPONSE):
        bare = line.strip() if reply.verb == AUTH_RESPONSE and line.strip() == "*" else ""
        return known._replace(verb=reply.verb, line=bare)
    said = answering(line, known)
    return said._replace(verb=reply.verb, length=_length(index, reply.answers))


def _before(index: RowIndex, reply: ReplyReceived) -> Iterator[ReplyReceived]:
    """Yield the replies before `reply`, newest first, at most MOST_REPLIES of them."""
    before: ReplyReceived | None = reply
    for _ in range(MOST_REPLIES):
        before = index.reply_beside(before.row, -1)
        if before is None:
            return
        yield before


def _exchange(index: RowIndex, reply: ReplyReceived) -> tuple[str, tuple[str, ...]]:
    """Return the mechanism of the SASL exchange that `reply` belongs to, and its challenges."""
    mechanism, challenges = "", list[str]()
    for found in _before(index, reply):
        if found.verb not in AUTH_EXCHANGE or found.code != 334:
            break
        challenges.append(_line(index, found.row)[4:].strip())
        if not mechanism and found.answers is not None:
            mechanism = answering(_line(index, found.answers)).mechanism
    return mechanism, tuple(reversed(challenges))


def _recipients(index: RowIndex, reply: ReplyReceived) -> tuple[str, ...]:
    """Return the accepted recipients, as paths, of the transaction that `reply` belongs to."""
    recipients: list[str] = []
    for found in _before(index, reply):
        if found.verb in SENDER_VERBS or found.verb in ("RSET", *GREETINGS):
            break
        if found.verb == "RCPT" and 200 <= found.code < 300 and found.answers is not None:
            recipients.append(answering(_line(index, found.answers)).path)
    return tuple(reversed(recipients))


def _greeting(index: RowIndex) -> str:
    """Return the text of the transcript's first line if the server sent it, else ""."""
    if not len(index.transcript) or index.transcript[0].sent:
        return ""
    return index.masked(0)[:200].decode("utf-8", "replace").strip()


def _offered(index: RowIndex, reply: ReplyReceived) -> dict[str, tuple[str, ...]] | None:
    """Return the keywords that the EHLO reply offers, or None if the log does not show them."""
    if reply.verb == "HELO":
        return {}
    if unseen_in(index.transcript) & {REPLY_TEXTS, OFFERS}:
        return None
    rows = range(reply.row + 1, min(reply.last, reply.row + MOST_REPLIES) + 1)
    return parse_keywords(index.transcript[row].data[4:].rstrip(b"\r\n") for row in rows)


def _name(index: RowIndex, reply: ReplyReceived) -> str:
    return answering(_line(index, reply.answers)).helo if reply.answers is not None else ""


def _first_piece(index: RowIndex, row: int) -> int:
    """Return the first row of the line that ends in row `row`."""
    kind = index.transcript[row].kind
    first = row
    while first and row - first < _PIECES:
        before = index.transcript[first - 1]
        if not (before.piece and before.sent and before.kind is kind):
            break
        first -= 1
    return first


def _line(index: RowIndex, row: int) -> str:
    """Return the masked line that ends in row `row`, without its line ending."""
    rows = range(_first_piece(index, row), row + 1)
    data = b"".join(index.masked(number) for number in rows)
    return data[:8000].decode("utf-8", "surrogateescape").rstrip("\r\n")


def _length(index: RowIndex, row: int) -> int:
    rows = range(_first_piece(index, row), row + 1)
    return sum(len(index.transcript[number].data) for number in rows)
