"""The messages of a conversation as they were sent: the content of an .eml file.

The octets are those of the message that the client sent. Doubled dots are reduced to single ones
(RFC 5321 section 4.5.2), and BDAT chunks are joined (RFC 3030). Nothing is added, and no line
ending is changed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ...session.events import PIECE, Kind
from ...session.record.body import Body
from ...session.record.masked_message import continues
from ...session.record.transcript import Transcript
from .source import ExportSource


class MessageSpan(NamedTuple):
    """A message of the conversation, given as its parts in the transcript."""

    bodies: tuple[Body, ...]

    @property
    def size(self) -> int:
        """The number of octets as sent, including doubled dots."""
        return sum(body.size for body in self.bodies)


def messages(transcript: Transcript) -> list[MessageSpan]:
    """Return all messages that the client sent, including rejected and incomplete ones."""
    found: list[list[Body]] = []
    before: Body | None = None
    for body in list(transcript.bodies):
        if before is not None and continues(transcript, before, body):
            found[-1].append(body)
        else:
            found.append([body])
        before = body
    return [MessageSpan(tuple(bodies)) for bodies in found]


def eml(source: ExportSource, number: int = 1) -> Iterator[bytes]:
    """Yield the octets of message `number`, counted from 1.

    Raises IndexError if there is no such message.
    """
    span = messages(source.conversation.transcript)[number - 1]
    begins = True
    for line, data in source.masked().message(span.bodies):
        if begins and line.kind is Kind.BODY and data.startswith(b"."):
            data = data[1:]
        begins = not line.flags & PIECE
        yield data
