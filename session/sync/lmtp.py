"""`LMTP`: a drop-in replacement for smtplib.LMTP (RFC 2033), over TCP or a Unix socket."""

from __future__ import annotations

import smtplib
import socket
from smtplib import LMTP_PORT
from typing import TYPE_CHECKING

from ..verbs import MESSAGE_ENDS
from .connection import DEFAULT_TIMEOUT, Answer
from .smtp import SMTP

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

    from .connection import Address


class LMTP(SMTP, smtplib.LMTP):
    """A connection to an LMTP server; a `host` that begins with a slash is a Unix socket.

    As in smtplib.LMTP, the default port is 2003, and LHLO is sent instead of EHLO (RFC 2033 section
    4.1). After a message, `sendmail` reads the replies for all recipients. `data` reads only the
    reply for the first recipient, as in smtplib; `getreply` then returns those for the others, in
    order. Replies that are still unread when the next command is sent are read first, so that none
    of them is mistaken for the reply to that command.
    """

    ehlo_msg = "lhlo"
    lmtp = True
    _more_replies = False  # whether a message may have replies that were not read yet

    def __init__(
        self,
        host: str = "",
        port: int = LMTP_PORT,
        local_hostname: str | None = None,
        source_address: Address | None = None,
        timeout: float | None = DEFAULT_TIMEOUT,
    ) -> None:
        super().__init__(
            host,
            port,
            local_hostname=local_hostname,
            source_address=source_address,
            timeout=timeout,
        )

    def data(self, msg: ReadableBuffer | str) -> Answer:
        """Send DATA, the message and the final dot. Return the reply for the first recipient.

        `getreply` returns the replies for the others. Raises the same errors as `SMTP.data`.
        """
        reply = super().data(msg)
        self._more_replies = True
        return reply

    def putcmd(self, cmd: str, args: str = "") -> None:
        """Read the remaining replies to a message, then send a command.

        Raises ValueError if the command contains CR or LF.
        """
        self._read_rest()
        super().putcmd(cmd, args)

    def _read_rest(self) -> None:
        """Read the remaining replies to a message."""
        talk = self._conversation
        while self._more_replies and self.sock is not None:
            due = bool(talk.unanswered) and talk.unanswered[0][1] in MESSAGE_ENDS
            self._more_replies = due or (self._wire is not None and self._wire.unread)
            if self._more_replies:
                self.getreply()

    def connect(
        self,
        host: str = "localhost",
        port: int | str = 0,
        source_address: Address | None = None,
    ) -> Answer:
        """Connect, read the greeting, and return it as (code, text). Raises OSError."""
        if host[0] != "/":
            return super().connect(host, port, source_address=source_address)
        if self.timeout == 0:
            raise ValueError("Non-blocking socket (timeout=0) is not supported")
        self._begin()
        try:
            self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            if self.timeout is not DEFAULT_TIMEOUT:
                self.sock.settimeout(self.timeout)
            self.sock.connect(host)
        except OSError as error:
            if self.debuglevel > 0:
                self._print_debug("connect fail:", host)
            self._failed(error, host)
            if self.sock:
                self.sock.close()
            self.sock = None
            raise
        return self._greeted(host)
