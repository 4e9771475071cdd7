"""The observed blocking socket to which the drop-in writes and from which it reads.

It never blocks on writing without reading: while a long message is sent, the server's data is
received, so that neither side can block the other. All data is fed to the conversation. An object
that merely acts as a socket needs only what smtplib uses: `sendall`, and a `makefile` whose result
has `readline`.
"""

from __future__ import annotations

import select
import socket
import ssl
import sys
import time
from typing import Any

from ..errors import PeerFlood
from ..events import CLIENT, SERVER
from ..flood import FLOOD_LIMIT
from ..protocol.conversation import Conversation
from ..protocol.fast_path import SHORT

SMALL = 16 * 1024  # octets that a socket's buffer accepts at once
READ = 64 * 1024
REPLY = 479  # octets in which most replies fit; for more, Python asks the C library for memory
LAST_READS = 64  # reads after the connection broke: a peer may send endlessly
FEED = 256 * 1024  # octets of a message fed at once
REFUSAL_GRACE = 30.0  # seconds for a server that has refused a message and reads no further

_now = time.monotonic
_SENDALL = (socket.socket.sendall, ssl.SSLSocket.sendall)
_REPLACED = {"sendall", "makefile"}
_NOT_NOW = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


def is_ordinary(sock: Any) -> bool:
    """Return whether `sock` is a real socket with its original `sendall` and `makefile`."""
    if not isinstance(sock, socket.socket):
        return False
    kind = type(sock)
    return (
        kind.sendall in _SENDALL
        and kind.makefile is socket.socket.makefile
        and not _REPLACED & getattr(sock, "__dict__", {}).keys()
    )


class SocketReader:
    """Reads lines from one ordinary socket, and writes octets to it."""

    def __init__(self, sock: Any, conversation: Conversation) -> None:
        self.sock = sock
        self.conversation = conversation
        conversation.returns_replies = False
        self.flood_limit = FLOOD_LIMIT
        """The most octets to receive while a message is sent; PeerFlood is raised for more."""
        self._received = b""
        self._at = 0  # octets before it have been returned
        self._meanwhile: list[bytes] = []  # data received while a message is sent

    @property
    def file(self) -> SocketReader:
        """The value of `SMTP.file`: this reader, which can be read like a file."""
        return self

    @property
    def unread(self) -> bool:
        """Whether anything has been received that `readline` has not returned yet."""
        return bool(self._received)

    def close(self) -> None:
        """Do nothing, because the owner of the socket closes it."""

    def readline(self, limit: int = sys.maxsize) -> bytes:
        """Read one line with its line ending, or the remainder at the end of the data.

        At most `limit` octets are returned. Raises OSError.
        """
        if self._received:
            return self._rest(limit)
        received = self.sock.recv(REPLY)
        if received:
            reply = self.conversation.feed(SERVER, received, now := _now())
            if reply is not None and limit >= SHORT:
                return received  # the short way: it is known to be one line, of no more than SHORT
            if len(received) == REPLY and (more := self._more()):
                self.conversation.feed(SERVER, more, now)
                received += more
        self._received, self._at = received, 0
        return self._rest(limit)

    def _more(self) -> bytes:
        """Return the data that arrived beyond the REPLY octets already read.

        Return b"" if there is none.
        """
        sock = self.sock
        timeout: float | None = sock.gettimeout()
        try:
            sock.setblocking(False)
            return sock.recv(READ)
        except OSError:
            return b""  # nothing yet; if the connection broke, the next read says so
        finally:
            sock.settimeout(timeout)

    def _rest(self, limit: int) -> bytes:
        """Read a line as `readline` does, in the general case.

        The unread data may hold several lines, or only part of a line.
        """
        received, at = self._received, self._at
        end = received.find(b"\n", at) + 1
        while not end and len(received) - at < limit:
            data = self.sock.recv(READ)
            if not data:
                break
            self.conversation.feed(SERVER, data, _now())
            searched = len(received) - at
            received = received[at:] + data if searched else data
            at = 0
            end = received.find(b"\n", searched) + 1
        end = end or len(received)
        if end - at > limit:
            end = at + limit
        if end == len(received):
            self._received, self._at = b"", 0
            return received[at:] if at else received
        self._received, self._at = received, end
        return received[at:end]

    def discard(self) -> None:
        """Discard received data that has not been read yet; it is already recorded."""
        self._received, self._at = b"", 0

    def write(self, data: bytes) -> None:
        """Send all of `data`, and record it.

        Raises OSError, after recording what was sent and received before the error. Raises
        PeerFlood if more than `flood_limit` octets are received in the meantime.
        """
        size = len(data)
        try:
            if size > SMALL:
                self._pump(data)
                return
            sent = self.sock.send(data)
            if sent == size:
                if self.conversation.feed(CLIENT, data, _now()):
                    return  # the short way: it is known to end a line
            else:
                self.conversation.feed(CLIENT, data[:sent], _now())
                self._pump(data[sent:])
        except PeerFlood:
            raise
        except OSError:
            self._last_words()
            raise
        if data[-1:] != b"\n":
            self.conversation.flush(CLIENT, _now())

    def _last_words(self) -> None:
        """Read what the server sent before it disconnected within a message, usually the reason."""
        try:
            self.sock.setblocking(False)
            for _ in range(LAST_READS):
                if not self._take():
                    break
        except OSError:
            pass
        self._gather()

    def _pump(self, data: bytes) -> None:
        sock = self.sock
        timeout: float | None = sock.gettimeout()
        poll = select.poll()
        poll.register(sock, select.POLLIN | select.POLLOUT)
        view = memoryview(data)
        sent = fed = 0
        refused = False  # set if the server replied early: it may read no further
        sock.setblocking(False)
        try:
            while sent < len(data):
                stuck = False
                try:
                    sent += sock.send(view[sent : sent + 4 * FEED])
                except _NOT_NOW:
                    stuck = True
                fed = self._feed(data, fed, sent)
                wait = 0.0
                if stuck:
                    wait = REFUSAL_GRACE if refused and timeout is None else timeout
                ready = poll.poll(None if wait is None else wait * 1000)
                if any(flags & ~select.POLLOUT for _, flags in ready):
                    fed = self._feed(data, fed, sent, whole=True)
                    said = self._take()
                    refused = refused or bool(said)
                    if said == b"":  # the end of its output, not of its input
                        poll.modify(sock, select.POLLOUT)
                elif stuck and not ready:
                    raise TimeoutError("timed out")
        finally:
            self._feed(data, fed, sent, whole=True)
            self._gather()
            sock.settimeout(timeout)

    def _feed(self, data: bytes, fed: int, sent: int, *, whole: bool = False) -> int:
        """Feed the data sent so far, if possible in long blocks of whole lines.

        Return the number of octets fed.
        """
        while fed < sent:
            if whole and sent - fed <= FEED:
                end = sent
            else:
                if sent - fed < FEED:
                    break
                end = data.rfind(b"\n", fed, fed + FEED) + 1 or fed + FEED
            self.conversation.feed(CLIENT, data[fed:end], _now())
            fed = end
        return fed

    def _take(self) -> bytes | None:
        """Process server data that arrives in the middle of a message, and return it.

        Return b"" at the end of the data, or None if no data has arrived yet. In TLS, there may be
        none even though the socket can be read, because TLS has messages of its own.
        """
        try:
            data = self.sock.recv(READ)
        except _NOT_NOW:
            return None
        if data:
            self.conversation.feed(SERVER, data, _now())
            self._meanwhile.append(data)
            early = self.conversation.talks_early
            if early or self.conversation.flood > self.flood_limit:
                raise PeerFlood(self.flood_limit, early)
        return data

    def _gather(self) -> None:
        """Append the data received while sending to the unread data."""
        if self._meanwhile:
            self._received = b"".join((self._received[self._at :], *self._meanwhile))
            self._at = 0
            self._meanwhile = []


class FileReader:
    """Reads lines and writes octets over an object with `sendall` and `makefile`, such as a mock.

    If `file` is given, lines are read from it.
    """

    def __init__(self, sock: Any, conversation: Conversation, file: Any = None) -> None:
        self.sock = sock
        self.conversation = conversation
        self._file = file
        self.unread = False  # data buffered by a file is unknown, and not recorded

    @property
    def file(self) -> Any:
        """The value of `SMTP.file`: the file of the socket."""
        if self._file is None:
            self._file = self.sock.makefile("rb")
        return self._file

    def readline(self, limit: int) -> bytes:
        """Read one line with its line ending, at most `limit` octets. Return b"" at the end.

        Raises OSError.
        """
        line = self.file.readline(limit)
        if line:
            self.conversation.feed(SERVER, line, _now())
        return line

    def discard(self) -> None:
        """Forget the file, so that data received before STARTTLS is not read after it."""
        self._file = None

    def write(self, data: bytes) -> None:
        """Send all of `data`, and record it.

        Raises OSError; how much was sent is then unknown, and is not recorded.
        """
        self.sock.sendall(data)
        self.conversation.feed(CLIENT, data, _now())
        if data[-1:] != b"\n":
            self.conversation.flush(CLIENT, _now())
