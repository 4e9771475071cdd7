"""The messages delivered in a conversation, derived from its bytes.

Used for recordings and examples, which have no mailbox. Anything else that a server produces from a
message (a report, a second message) is not visible here.
"""

from __future__ import annotations

from ...session.events import MESSAGE_KINDS, Block, Connected, Event, Kind, Line, ReplyReceived
from ...session.practice.mailboxes import Message
from ...session.protocol.transparency import unstuff
from ...session.verbs import GREETINGS, MESSAGE_ENDS
from .facts import Delivered

MOST = 1024 * 1024  # octets kept of a message
RECIPIENTS = 1000


class Deliveries:
    """Collects the envelope and the message of each transaction that a server accepts."""

    def __init__(self) -> None:
        self._lines: dict[int, bytes] = {}  # of MAIL and RCPT, by their rows
        self._forget()

    def _forget(self) -> None:
        self._sender: str | None = None
        self._recipients: list[str] = []
        self._content = bytearray()
        self._chunked = False
        self._taken: list[str] = []

    def feed(self, event: Event) -> Delivered | None:
        """Process an event, and return the message that it delivers, or None."""
        if isinstance(event, Block):
            self._content += event.data[: max(0, MOST - len(self._content))]
        elif isinstance(event, Line):
            if event.sent:
                self._said(event)
        elif isinstance(event, ReplyReceived):
            return self._answered(event)
        elif isinstance(event, Connected):
            self._lines.clear()
            self._forget()
        return None

    def _said(self, line: Line) -> None:
        if line.kind in MESSAGE_KINDS:
            self._chunked = line.kind is Kind.CHUNK
            if len(self._content) < MOST:
                self._content += line.data
        elif len(self._lines) < RECIPIENTS:
            self._lines[line.row] = line.data[:1024]

    def _answered(self, reply: ReplyReceived) -> Delivered | None:
        line = self._lines.get(reply.answers) if reply.answers is not None else None
        good = 200 <= reply.code < 300
        if reply.verb in MESSAGE_ENDS:
            return self._ended(reply, good)
        if line is not None and not reply.left:
            del self._lines[reply.answers or 0]
        if good and (reply.verb in GREETINGS or reply.verb == "RSET"):
            self._forget()
        elif good and reply.verb == "MAIL" and line is not None:
            self._forget()
            self._sender = _path(line)
        elif good and reply.verb == "RCPT" and line is not None:
            if len(self._recipients) < RECIPIENTS:
                self._recipients.append(_path(line))
        elif reply.code == 354:
            self._content.clear()
        return None

    def _ended(self, reply: ReplyReceived, good: bool) -> Delivered | None:
        """Handle a reply to the end of a message: the only one, or one per recipient (LMTP).

        Return the delivery after the last such reply if a recipient was accepted, or else None.
        """
        place = len(self._recipients) - 1 - reply.left
        if good and reply.recipient is not None and 0 <= place < len(self._recipients):
            self._taken.append(self._recipients[place])
        elif good and reply.recipient is None:
            self._taken = self._recipients
        if reply.left:
            return None
        found = None
        if self._taken and self._sender is not None:
            content = bytes(self._content)
            found = Delivered(
                reply.at,
                self._sender,
                tuple(self._taken),
                content if self._chunked else unstuff(content),
            )
        self._forget()
        return found


def _path(line: bytes) -> str:
    """Return the address in a MAIL or RCPT line, without brackets."""
    text = line.decode("utf-8", "surrogateescape").partition(":")[2].strip()
    if text.startswith("<"):
        return text[1:].partition(">")[0]
    return text.partition(" ")[0]


def delivered(message: Message, at: float) -> Delivered:
    """Convert a message from a mailbox of the practice server to a Delivered fact."""
    return Delivered(at, message.sender, message.recipients, message.content, message.delivered)
