"""What was said within AUTH, found in the transcript and decoded: for the meaning of its lines,
and for who is logged in. Secrets stay masked."""

from __future__ import annotations

from typing import NamedTuple

from ..events import Kind, Line
from ..facts.verbs import auth_parts
from ..record.transcript import Transcript
from .decode import Part, decode

MOST_ROWS = 64  # rows of one exchange


class _Said(NamedTuple):
    """A message of one side: `number` counts that side's, `asked` is the challenge before it."""

    number: int
    sent: bool
    data: bytes
    asked: bytes | None = None


class OpenExchange(NamedTuple):
    """An exchange up to now: its mechanism, and what was said, as (sent, base64)."""

    mechanism: str
    said: list[tuple[bool, bytes]]
    row: int
    """The last row of it."""

    @property
    def ours(self) -> int:
        """How many messages the client has said."""
        return sum(sent for sent, _ in self.said)

    @property
    def challenge(self) -> bytes:
        """What is to be answered, as on the wire."""
        return self.said[-1][1] if self.said and not self.said[-1][0] else b""


def open_exchange(transcript: Transcript) -> OpenExchange | None:
    """The exchange that the end of the transcript belongs to; None when there is none."""
    last = len(transcript) - 1
    first = _begin(transcript, last)
    if first is None:
        return None
    mechanism, said = _said(transcript, first, last)
    return OpenExchange(mechanism, said, last)


def parts_at(transcript: Transcript, row: int) -> tuple[Part, ...]:
    """The parts of the message in row `row`; none when it is not one of an exchange."""
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
    """Who logged in by the exchange that ends before row `row`; empty where it does not say."""
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
    """The row of the AUTH to which `row` may belong."""
    for first in range(row, max(-1, row - MOST_ROWS), -1):
        line = transcript[first]
        if line.sent and line.kind is Kind.COMMAND:
            return first if auth_parts(line.data) is not None else None
    return None


def _said(transcript: Transcript, first: int, last: int) -> tuple[str, list[tuple[bool, bytes]]]:
    """(mechanism, the messages of both sides as (sent, base64)), from row `first` to `last`."""
    mechanism = transcript[first].data.split()[1].decode("ascii", "replace").upper()
    texts = (_text(transcript[at], at == first) for at in range(first, last + 1))
    return mechanism, [text for text in texts if text is not None]


def _message(transcript: Transcript, row: int) -> tuple[str, _Said | None]:
    """(mechanism, the message in `row`)."""
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
    """(sent, the base64 of a message of AUTH); None when the line holds none."""
    if begins:
        words = line.data.split(None, 2)
        return (True, words[2]) if len(words) > 2 else None
    if line.sent:
        return (True, line.data) if line.kind is Kind.AUTH else None
    return (False, line.data[4:]) if line.data.startswith(b"334") else None
