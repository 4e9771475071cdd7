"""Sends typed lines, raw bytes, messages and chunks, and keeps the draft of a message.

The sender is a plain object, independent of widgets. It sends over the current session, and raises
`NotSent` with the reason if that is impossible. Typed text is never lost.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from ...session.events import Kind
from ...session.protocol.states import TO_MESSAGE_END, State
from ..advice import NOTHING_SENT, STILL_CONNECTING
from ..connect.manager import ConnectionManager
from .history import History

if TYPE_CHECKING:
    from ...session.aio.manual import Manual
    from ...session.aio.session import Session
    from ...session.events import ReplyReceived

_BDAT = r"(?i)\s*BDAT(\s+LAST)?\s*\Z"


class NotSent(Exception):
    """Raised if text could not be sent completely. The message gives the reason and the remedy.

    `holds` returns whether the reason still applies, if it is a temporary state.
    """

    def __init__(self, reason: str, holds: Callable[[], bool] = lambda: True) -> None:
        super().__init__(reason)
        self.holds = holds


class Sender:
    """Sends over the current session, and shows how the server will interpret the next line."""

    def __init__(self, connections: ConnectionManager, history: History) -> None:
        self._connections = connections
        self.history = history
        self.draft = ""
        """The text of the message being written, kept until the server has accepted the message."""
        self.delivered = False
        """Whether the server has accepted a message and nothing has been typed since."""
        self.answered: set[str] = set()
        """The verbs that the server has answered in this session, up to a limit."""
        self.login_refused = False
        """Whether the last reply of this session rejected the user name or password."""
        self.refused: ReplyReceived | None = None
        """The last reply of this session if it refused a command, or None."""

    @property
    def progress(self) -> tuple[int, int] | None:
        """The octets sent and the total while a message is being sent, or None."""
        manual = self._connections.manual
        return manual.progress if manual is not None else None

    @property
    def in_transaction(self) -> bool:
        """Whether a mail transaction is open or about to be, until the message has been answered.

        The transaction stays open after a chunk has been refused, because only RSET ends it (RFC
        3030 section 2).
        """
        session = self._connections.session
        if session is None or not session.connected:
            return False
        talk = session.conversation
        return talk.state in TO_MESSAGE_END or talk.foreseen in TO_MESSAGE_END

    @property
    def in_message(self) -> bool:
        """Whether the server will read the next line as message content, having replied 354."""
        session = self._connections.session
        return session is not None and session.connected and session.conversation.mode is Kind.BODY

    @property
    def chunk_left(self) -> int:
        """The number of octets still missing from the chunk that a typed BDAT announced."""
        session = self._connections.session
        return session.conversation.chunk_left if session and session.connected else 0

    def chunk_begins(self, line: str) -> bool:
        """Return whether `line` is a BDAT without a size, in a state in which a chunk may be sent.

        heloscope then computes the size. A server that does not offer CHUNKING would read the chunk
        as commands.
        """
        session = self._connections.session
        return (
            re.match(_BDAT, line) is not None
            and session is not None
            and session.connected
            and not session.conversation.waiting_for
            and session.conversation.state in (State.RCPT, State.BDAT)
            and session.conversation.has_extn("CHUNKING")
        )

    @property
    def authenticated(self) -> bool:
        """Whether a login has succeeded in the current session."""
        session = self._connections.session
        return session is not None and session.conversation.authenticated

    @property
    def in_auth(self) -> bool:
        """Whether a SASL exchange is open, from AUTH to its final reply.

        During an exchange, a typed line is secret.
        """
        session = self._connections.session
        return session is not None and session.connected and session.conversation.in_auth

    def send_line(self, text: str) -> None:
        """Send a typed line followed by CRLF. Raises NotSent."""
        line = text.encode("utf-8", "surrogateescape")
        session = self._connections.session
        secret = session is not None and session.conversation.is_answer(line)
        message = self.in_message or self.chunk_left
        if not secret and not message:  # a secret or a message must not be recalled
            self.history.add(text)
        if session is None or not session.connected:
            raise self._not_connected()
        if self.progress is not None:
            raise NotSent(
                "The message is still being sent. Ctrl+C stops it.",
                lambda: self.progress is not None,
            )
        if tls_begins(session):
            raise NotSent(
                "The TLS handshake has begun, so nothing was sent. Try again once TLS is on.",
                lambda: self._connections.present(session) and tls_begins(session),
            )
        from ...session.errors import ConnectionLost

        try:
            session.send_line(line)
        except ConnectionLost as error:
            raise NotSent(f"Nothing was sent: {error}.") from None

    def _not_connected(self) -> NotSent:
        connections = self._connections
        if connections.attempt is None:
            return NotSent(NOTHING_SENT, connections.cut_off)
        return NotSent(STILL_CONNECTING, lambda: bool(connections.attempt))

    async def quiet(self) -> None:
        """Wait until no reply is due. Raises NotSent if the connection ends or a reply is late."""
        while True:
            session = self._connections.session
            if session is None or not session.connected:
                raise NotSent("The connection has ended; the rest was not sent.")
            beginning = tls_begins(session)
            if not session.conversation.waiting_for and not beginning:
                return
            waiting = session.waiting
            if waiting is not None and waiting[1] < 0 and not beginning:
                raise NotSent(f"No reply to {waiting[0]}; the rest was not sent.")
            await session.news()

    async def send_raw(self, data: bytes) -> None:
        """Send exactly these bytes. Raises NotSent."""
        session = self._connections.session
        if session is None or not session.connected:
            raise self._not_connected()
        from ...session.errors import ConnectionLost, ReplyTimedOut

        try:
            await session.send_raw(data)
        except (ConnectionLost, ReplyTimedOut) as error:
            raise NotSent(f"{error}.") from None

    async def send_message(self, content: bytes) -> None:
        """Send a message with dots doubled, followed by the dot that ends it. Raises NotSent."""
        if not self.in_message:
            raise NotSent(
                "The server is not waiting for a message (354). The draft is kept.",
                lambda: not self.in_message,
            )
        await self._send(lambda manual: manual.send_message(content))

    async def send_chunk(self, content: bytes) -> None:
        """Send a message as one chunk, with BDAT LAST. Raises NotSent."""
        if not self.chunk_begins("BDAT"):
            raise NotSent(
                "BDAT is out of order: send MAIL and RCPT first. The draft is kept.",
                lambda: not self.chunk_begins("BDAT"),
            )
        await self._send(lambda manual: manual.send_chunk(content))

    async def _send(self, send: Callable[[Manual], Awaitable[None]]) -> None:
        manual = self._connections.manual
        assert manual is not None
        from ...session.errors import ConnectionLost, ReplyTimedOut

        try:
            await send(manual)
        except asyncio.CancelledError:
            raise NotSent("Stopped in the middle of the message. The draft is kept.") from None
        except (ConnectionLost, ReplyTimedOut) as error:
            raise NotSent(f"{error}. The draft is kept.") from None

    def give_up(self) -> bool:
        """Stop sending a message. Return whether one was being sent."""
        manual = self._connections.manual
        return manual is not None and manual.progress is not None and manual.give_up()


def tls_begins(session: Session) -> bool:
    """Return whether a TLS handshake is due or in progress, so no plaintext may be sent."""
    return session.conversation.state is State.TLS or session.handshake_left is not None
