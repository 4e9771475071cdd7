"""The situation in which a reply came, read from the transcript up to that reply.

Derived from the rows alone, so that a recording and a live session are explained alike, and an
earlier reply by what was known then.
"""

from __future__ import annotations

from ..events import TLS, ReplyReceived, Unasked
from ..facts.explain.reply_text import ReplyText, read_replies
from ..facts.explain.situation import GREETING, Situation, answering
from ..record.row_index import RowIndex
from ..verbs import AUTH_EXCHANGE, GREETINGS, SENDER_VERBS
from .ehlo_keywords import parse_keywords

MOST_REPLIES = 400  # before this one, searched for EHLO, AUTH and the transaction
MOST_LINES = 20  # of a reply that are explained
_PIECES = 100  # of a line, put together


def reply_text(index: RowIndex, reply: ReplyReceived) -> ReplyText:
    """The text of a reply, secrets masked."""
    rows = range(reply.row, min(reply.last, reply.row + MOST_LINES - 1) + 1)
    data = b"\n".join(index.transcript.masked(row).rstrip(b"\r\n") for row in rows)
    if reply.code < 0:
        return ReplyText(-1, None, data)
    found = read_replies(data)
    # Lines with other codes are violations, and belong to this reply all the same.
    text = b"\n".join(one.text for one in found)
    return ReplyText(reply.code, found[0].enhanced, text)


def situation_at(index: RowIndex, reply: ReplyReceived) -> Situation:
    """What was known when `reply` came, and which line it answers."""
    transcript = index.transcript
    known = Situation(tls=transcript[reply.row].tls, greeting=_greeting(index))
    challenges: list[str] = []
    mechanism = ""
    before = reply
    in_exchange = reply.verb in AUTH_EXCHANGE
    in_transaction = True
    recipients: list[str] = []
    for _ in range(MOST_REPLIES):
        found = index.reply_beside(before.row, -1)
        if found is None or bool(transcript.flags(found.row) & TLS) is not known.tls:
            break  # what was learnt in clear is void inside TLS (RFC 3207 section 4.2)
        before = found
        good = 200 <= found.code < 300
        if in_exchange and found.verb in AUTH_EXCHANGE and found.code == 334:
            challenges.insert(0, _line(index, found.row)[4:].strip())
            if not mechanism and found.answers is not None:
                mechanism = answering(_line(index, found.answers)).mechanism
        else:
            in_exchange = False
        if found.verb in AUTH_EXCHANGE and found.code == 235:
            known = known._replace(authenticated=True)
        if found.verb in SENDER_VERBS or found.verb in ("RSET", *GREETINGS):
            in_transaction = False
        if in_transaction and found.verb == "RCPT" and good and found.answers is not None:
            recipients.insert(0, answering(_line(index, found.answers)).path)
        if found.verb in GREETINGS and good:
            known = known._replace(offered=_offered(index, found), helo=_name(index, found))
            break
    known = known._replace(
        challenges=tuple(challenges), mechanism=mechanism, recipients=tuple(recipients)
    )
    if reply.unasked is not None:
        verbs = {Unasked.GREETING: GREETING, Unasked.REMARK: "(remark)"}
        return known._replace(verb=verbs.get(reply.unasked, ""))
    if reply.answers is None:
        return known._replace(verb=reply.verb)
    line = _line(index, reply.answers)
    if reply.verb in (".", "(auth)"):
        bare = line.strip() if reply.verb == "(auth)" and line.strip() == "*" else ""
        return known._replace(verb=reply.verb, line=bare)
    said = answering(line, known)
    return said._replace(verb=reply.verb, length=_length(index, reply.answers))


def _greeting(index: RowIndex) -> str:
    """The text of the server's first line, if it is a greeting."""
    if not len(index.transcript) or index.transcript[0].sent:
        return ""
    return index.transcript.masked(0)[:200].decode("utf-8", "replace").strip()


def _offered(index: RowIndex, reply: ReplyReceived) -> dict[str, tuple[str, ...]]:
    if reply.verb == "HELO":
        return {}
    rows = range(reply.row + 1, min(reply.last, reply.row + MOST_REPLIES) + 1)
    return parse_keywords(index.transcript[row].data[4:].rstrip(b"\r\n") for row in rows)


def _name(index: RowIndex, reply: ReplyReceived) -> str:
    return answering(_line(index, reply.answers)).helo if reply.answers is not None else ""


def _first_piece(index: RowIndex, row: int) -> int:
    """The row in which the line that row `row` completes begins."""
    kind = index.transcript[row].kind
    first = row
    while first and row - first < _PIECES:
        before = index.transcript[first - 1]
        if not (before.piece and before.sent and before.kind is kind):
            break
        first -= 1
    return first


def _line(index: RowIndex, row: int) -> str:
    """The line that row `row` completes, secrets masked, without its line end."""
    rows = range(_first_piece(index, row), row + 1)
    data = b"".join(index.transcript.masked(number) for number in rows)
    return data[:8000].decode("utf-8", "surrogateescape").rstrip("\r\n")


def _length(index: RowIndex, row: int) -> int:
    rows = range(_first_piece(index, row), row + 1)
    return sum(len(index.transcript[number].data) for number in rows)
