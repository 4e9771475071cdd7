"""Finds AUTH exchanges in a transcript, and decodes them with their secrets masked.

This is used to explain the lines of an exchange, and to show who is logged in.
"""

from __future__ import annotations

from typing import NamedTuple

from ..events import Kind, Line
from ..record.transcript import Transcript
from ..verbs import auth_parts
from .decode import Part, decode

MOST_ROWS = 64  # rows of one exchange, searched at most


class _Said(NamedTuple):
    """One message of an AUTH exchange.

    `number` counts the messages of one side from 0, and `asked` is the challenge that the message
    answers, if any.
    """

    number: int
    sent: bool
    data: bytes
    asked: bytes | None = None


class OpenExchange(NamedTuple):
    """An AUTH exchange in progress: its mechanism, and its messages so far as (sent, base64)."""

    mechanism: str
    said: list[tuple[bool, bytes]]
    row: int
    """The last row of the exchange."""

    @property
    def ours(self) -> int:
        """The number of messages that the client has sent."""
        return sum(sent for sent, _ in self.said)

    @property
    def challenge(self) -> bytes:
        """The challenge to respond to, as on the wire, or b"" if none is pending."""
        return self.said[-1][1] if self.said and not self.said[-1][0] else b""


def open_exchange(transcript: Transcript) -> OpenExchange | None:
    """Return the exchange to which the last row of the transcript belongs, or None."""
    last = len(transcript) - 1
    first = _begin(transcript, last)
    if first is None:
        return None
    mechanism, said = _said(transcript, first, last)
    return OpenExchange(mechanism, said, last)


def parts_at(transcript: Transcript, row: int) -> tuple[Part, ...]:
    """Return the decoded parts of the message in row `row`, or () if it is not in an exchange."""
    mechanism, said = _message(transcript, row)
    if said is None:
        return ()
    return decode(
        mechanism,
        said.number,
        said.sent,
        said.data,
        asked=said.asked,
        known=transcript.secrets.mask,
    )


def user_at(transcript: Transcript, row: int) -> str:
    """Return the user named in the exchange that ends before `row`, or "" if there is none."""
    for before in range(row - 1, max(-1, row - MOST_ROWS), -1):
        line = transcript[before]
        if line.sent:
            for part in parts_at(transcript, before):
                if part.label == "user" and not part.secret:
                    return part.text
            if line.kind is Kind.COMMAND:
                return ""
    return ""


def _begin(transcript: Transcript, row: int) -> int | None:
    """Return the row of the AUTH command to which `row` may belong, or None."""
    for first in range(row, max(-1, row - MOST_ROWS), -1):
        line = transcript[first]
        if line.sent and line.kind is Kind.COMMAND:
            return first if auth_parts(line.data) is not None else None
    return None


def _said(transcript: Transcript, first: int, last: int) -> tuple[str, list[tuple[bool, bytes]]]:
    """Return the mechanism and all messages, as (sent, base64), from row `first` to `last`."""
    parts = auth_parts(transcript[first].data)
    mechanism = parts[1].decode("ascii", "replace").upper() if parts is not None else ""
    texts = (_text(transcript[at], at == first) for at in range(first, last + 1))
    return mechanism, [text for text in texts if text is not None]


def _message(transcript: Transcript, row: int) -> tuple[str, _Said | None]:
    """Return the mechanism of the exchange at `row`, and the message in that row.

    The mechanism is "" outside an exchange. The message is None if the row contains no message.
    """
    first = _begin(transcript, row)
    if first is None:
        return "", None
    mechanism, said = _said(transcript, first, row)
    if not said or _text(transcript[row], row == first) is None:
        return mechanism, None
    sent, text = said.pop()
    number = sum(side is sent for side, _ in said)
    asked = said[-1][1] if sent and said and not said[-1][0] else None
    return mechanism, _Said(number, sent, text, asked)


def _text(line: Line, begins: bool) -> tuple[bool, bytes] | None:
    """Return the message in a line as (sent, base64), or None if the line contains none.

    `begins` is true for the AUTH command itself.
    """
    if begins:
        parts = auth_parts(line.data)
        return (True, parts[3]) if parts is not None and parts[3].strip() else None
    if line.sent:
        return (True, line.data) if line.kind is Kind.AUTH else None
    return (False, line.data[4:]) if line.data.startswith(b"334") else None
