"""Leading the conversation by hand: what is typed goes out, a message is sent and kept.

A plain object that knows no widget. It sends over whatever session is the present one, and says
what could not be sent; nothing that was typed is lost on the way.
"""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

from ...session.events import Kind
from ...session.protocol.states import State
from ...session.protocol.transparency import stuff
from ..connect.manager import ConnectionManager
from .history import History

if TYPE_CHECKING:
    from ...session.aio.session import Session

_BDAT = re.compile(r"\s*BDAT(\s+LAST)?\s*\Z", re.IGNORECASE)
_IN_TRANSACTION = (State.MAIL, State.RCPT, State.DATA, State.BDAT)


class NotSent(Exception):
    """Nothing went out; the message says why and what to try."""


class Sender:
    """Sends what a person types."""

    def __init__(self, connecting: ConnectionManager, history: History) -> None:
        self._connecting = connecting
        self.history = history
        self.draft = ""
        """The message being written: kept until the server has taken it."""
        self.progress: tuple[int, int] | None = None
        """(octets sent, octets in all) while a message goes out."""
        self._sending: asyncio.Task[None] | None = None

    @property
    def in_transaction(self) -> bool:
        """True between MAIL and the end of the message."""
        session = self._connecting.session
        return (
            session is not None
            and session.connected
            and session.conversation.state in _IN_TRANSACTION
        )

    @property
    def in_message(self) -> bool:
        """True after 354: whatever is sent now is the message."""
        session = self._connecting.session
        return session is not None and session.connected and session.conversation.mode is Kind.BODY

    @property
    def chunk_left(self) -> int:
        """How many octets of a chunk, of a BDAT that was typed, are still to come."""
        session = self._connecting.session
        return session.conversation.chunk_left if session and session.connected else 0

    def chunk_begins(self, line: str) -> bool:
        """Whether `line` is a BDAT without a size, in its place: heloscope counts the octets."""
        session = self._connecting.session
        return (
            _BDAT.match(line) is not None
            and session is not None
            and session.connected
            and not session.conversation.waiting_for
            and session.conversation.state in (State.RCPT, State.BDAT)
        )

    @property
    def in_auth(self) -> bool:
        """True from AUTH to its final reply: what is typed is not to be shown nor kept."""
        session = self._connecting.session
        if session is None or not session.connected:
            return False
        talk = session.conversation
        return talk.mode is Kind.AUTH or talk.in_secret_doubt

    def send_line(self, text: str) -> None:
        """Send one typed line and CRLF. Raises NotSent."""
        line = text.encode("utf-8", "surrogateescape")
        session = self._connecting.session
        secret = session is not None and session.conversation.is_answer(line)
        message = self.in_message or self.chunk_left
        if not secret and not message:  # neither a secret nor a message is to be recalled
            self.history.add(text)
        if session is None or not session.connected:
            raise NotSent("Not connected, so nothing was sent. Ctrl+O connects; F9 reconnects.")
        if self._sending is not None and not self._sending.done():
            raise NotSent("The message is still going out. Ctrl+C gives it up.")
        if tls_begins(session):
            raise NotSent(
                "TLS is just beginning, so nothing was sent: it would go out in clear. Again, then."
            )
        from ...session.errors import ConnectionLost

        try:
            session.send_line(line)
        except ConnectionLost as error:
            raise NotSent(f"Nothing was sent: {error}.") from None

    async def quiet(self) -> None:
        """Wait until every reply has come that is due. Raises NotSent when none will."""
        while True:
            session = self._connecting.session
            if session is None or not session.connected:
                raise NotSent("The connection is over; the rest was not sent.")
            beginning = tls_begins(session)
            if not session.conversation.waiting_for and not beginning:
                return
            waiting = session.waiting
            if waiting is not None and waiting[1] < 0 and not beginning:
                raise NotSent(f"No reply to {waiting[0]}; the rest was not sent.")
            await session.news()

    async def send_raw(self, data: bytes) -> None:
        """Send exactly these bytes. Raises NotSent."""
        session = self._connecting.session
        if session is None or not session.connected:
            raise NotSent("Not connected, so nothing was sent. Ctrl+O connects; F9 reconnects.")
        from ...session.errors import ConnectionLost, ReplyTimedOut

        try:
            await session.send_raw(data)
        except (ConnectionLost, ReplyTimedOut) as error:
            raise NotSent(f"{error}.") from None

    async def send_message(self, content: bytes) -> None:
        """Send the text of a message, dots doubled, and the dot that ends it. Raises NotSent."""
        if not self.in_message:
            raise NotSent("The server does not wait for a message now. The draft is kept.")
        if content and not content.endswith(b"\r\n"):
            content += b"\r\n"
        await self._send_octets(stuff(content) + b".\r\n")

    async def send_chunk(self, content: bytes) -> None:
        """Send the text of a message as one chunk, the last one, its octets as they are.

        Raises NotSent.
        """
        if not self.chunk_begins("BDAT"):
            raise NotSent("BDAT is out of place now: MAIL and RCPT come first. The draft is kept.")
        if content and not content.endswith(b"\r\n"):
            content += b"\r\n"
        await self._send_octets(b"BDAT %d LAST\r\n" % len(content) + content)

    async def _send_octets(self, data: bytes) -> None:
        session = self._connecting.session
        assert session is not None
        from ...session.errors import ConnectionLost, ReplyTimedOut

        task = self._sending = asyncio.ensure_future(session.send_raw(data, self._sent))
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            if not task.done():
                task.cancel()
            raise NotSent("Given up in the middle of the message. The draft is kept.") from None
        except (ConnectionLost, ReplyTimedOut) as error:
            raise NotSent(f"{error}. The draft is kept.") from None
        finally:
            self.progress = None
            self._sending = None

    def _sent(self, octets: int, of: int) -> None:
        self.progress = (octets, of)

    def give_up(self) -> bool:
        """Stop sending a message. Returns whether anything was stopped."""
        if self._sending is not None and not self._sending.done():
            self._sending.cancel()
            return True
        return False


def tls_begins(session: Session) -> bool:
    """Whether what is sent now would go out in clear, into the handshake."""
    return session.conversation.state is State.TLS or session.handshake_left is not None
