"""The observed blocking connection of the drop-in: connect, send, getreply and close.

It uses the socket as smtplib does, in the same order, so that programs that read or replace `sock`
or `file`, override `_get_socket`, `send` or `getreply`, or mock `socket`, work as expected. The
commands of smtplib.SMTP's methods are in smtp.py.

It is an smtplib.SMTP to `isinstance` and to type checkers, but runs none of its methods: each is
defined here or in smtp.py, as a test verifies.
"""

from __future__ import annotations

import datetime
import smtplib
import socket
import ssl
import sys
import time
from collections.abc import Callable
from smtplib import SMTP_PORT, SMTPResponseException, SMTPServerDisconnected
from typing import TYPE_CHECKING, Any, cast

from ..errors import PeerFlood
from ..events import FLOOD, Cause, Connected, Disconnected, Note
from ..flood import FLOOD_LIMIT, TALKS_EARLY, checked_flood_limit, flood_words
from ..net.addresses import explained, shown_address
from ..protocol.conversation import Conversation
from ..protocol.fast_path import BLANKS, REMEMBERED, SHORT
from ..protocol.states import State
from ..record.server_proof import server_proof
from ..record.transcript import Subscriber, Transcript
from .socket_reader import FileReader, SocketReader, is_ordinary

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

    Address = tuple[Any, ...] | str | ReadableBuffer
    """An address to which a socket can be bound, according to the type hints of smtplib."""

DEFAULT_TIMEOUT = cast(float, socket._GLOBAL_DEFAULT_TIMEOUT)  # type: ignore[attr-defined]
"""The default `timeout`, as in smtplib: the one set by `socket.setdefaulttimeout`."""
MAXLINE = 8192  # octets of a reply line
_TOO_LONG = MAXLINE + 1
Answer = tuple[int, bytes]
_now = time.monotonic
_audit = sys.audit


class BlockingConnection(smtplib.SMTP):
    """A blocking connection that sends lines and reads replies, with smtplib's names.

    Subclasses define the commands.
    """

    debuglevel = 0
    sock: socket.socket | None = None
    file: Any = None
    default_port = SMTP_PORT
    timeout: float
    source_address: Address | None

    def __init__(self, host: str, timeout: float | None, source_address: Address | None) -> None:
        self._host = host
        self.timeout = cast(float, timeout)  # None, too; type checkers know it so of smtplib
        self.debuglevel = self.debuglevel  # what a class has takes longer to find: twice a round
        self.command_encoding = "ascii"
        self.source_address = source_address
        self._conversation = Conversation()
        self._wire: SocketReader | FileReader | None = None
        self._file: Any = None  # what `file` is, unless a program has put another in its place
        self._flood_limit = FLOOD_LIMIT
        self._stands = False  # between Connected and Disconnected
        self._tls: Any = None  # what the last handshake showed
        self._met: Any = (None, "")  # the same, and the name looked for, once it is noted

    def __repr__(self) -> str:
        facts = (event for _, event in self.transcript.facts())
        place = next((f.peer for f in facts if isinstance(f, Connected)), self._host) or "no host"
        state = self._conversation.state if self._stands else "not connected"
        return f"<{type(self).__name__}: {place}, {state}>"

    # Watching

    @property
    def conversation(self) -> Conversation:
        """The state of the dialogue: its phase, the extensions and the unanswered commands."""
        return self._conversation

    @property
    def transcript(self) -> Transcript:
        """The record of the current connection or, if there is none, of the last connection."""
        return self._conversation.transcript

    def subscribe(self, callback: Subscriber, *, blocks: bool = False) -> Callable[[], None]:
        """Call `callback(event)` for every event from now on, even after a reconnection.

        Return a function that unsubscribes it. See `Transcript.subscribe`.
        """
        return self.transcript.subscribe(callback, blocks=blocks)

    @property
    def tls(self) -> bool:
        """Whether TLS is active on the current connection."""
        return self._conversation.tls

    def set_debuglevel(self, debuglevel: int) -> None:
        """Set how much is printed to standard error.

        Level 1 prints all data sent and received; level 2 adds the time of day.
        """
        self.debuglevel = debuglevel

    def _print_debug(self, *args: Any) -> None:
        if self.debuglevel > 1:
            args = (datetime.datetime.now().time(), *args)
        print(*args, file=sys.stderr)  # noqa: T201 (what set_debuglevel asks for)

    @property
    def flood_limit(self) -> int:
        """The most octets in one unfinished reply, or in replies that do not answer any command.

        If the server sends more, the connection is closed, and PeerFlood (an
        SMTPServerDisconnected) is raised. The overhead of storing many short lines counts too. The
        default is 64 MiB.
        """
        return self._flood_limit

    @flood_limit.setter
    def flood_limit(self, octets: int) -> None:
        octets = self._flood_limit = checked_flood_limit(octets)
        if isinstance(self._wire, SocketReader):
            self._wire.flood_limit = octets

    # The connection

    def connect(
        self,
        host: str = "localhost",
        port: int | str = 0,
        source_address: Address | None = None,
    ) -> Answer:
        """Connect, read the greeting, and return it as (code, text). Raises OSError.

        `host` may end in :port; the default port is `default_port`. TLS verifies the `host` of this
        call. smtplib verifies the first host even after a `connect` to another.
        """
        if source_address:
            self.source_address = source_address
        if not port and (host.find(":") == host.rfind(":")):
            at = host.rfind(":")
            if at >= 0:
                host, port = host[:at], host[at + 1 :]
                try:
                    port = int(port)
                except ValueError:
                    raise OSError("nonnumeric port") from None
        if not port:
            port = self.default_port
        sys.audit("smtplib.connect", self, host, port)
        self._host = host
        self._begin()
        try:
            self.sock = self._get_socket(host, port, self.timeout)
        except OSError as error:
            if self._conversation.state is not State.CLOSED:
                self._failed(error, f"{host}:{port}")
            raise
        return self._greeted(f"{host}:{port}")

    def _get_socket(self, host: str, port: Any, timeout: Any) -> Any:
        if timeout is not None and not timeout:
            raise ValueError("Non-blocking socket (timeout=0) is not supported")
        if self.debuglevel > 0:
            self._print_debug("connect: to", (host, port), self.source_address)
        return socket.create_connection((host, port), timeout, self.source_address)

    def _begin(self) -> None:
        """Start a new transcript with the last one's subscribers, unless the last one is empty."""
        if self.transcript.sequence:
            self._conversation = Conversation(Transcript(heard_by=self.transcript))

    def _greeted(self, peer: str) -> Answer:
        """Record that the socket is connected, then read the greeting and return it."""
        self.file = None
        if not self._stands:
            self._note_connected(peer)
        code, text = self.getreply()
        if self.debuglevel > 0:
            self._print_debug("connect:", repr(text))
        return code, text

    def _note_connected(self, peer: str) -> None:
        def address(name: str) -> str:
            try:
                return shown_address(getattr(self.sock, name)())
            except (OSError, AttributeError):
                return ""

        self._conversation.note(
            Connected(_now(), peer, address("getpeername"), address("getsockname"))
        )
        self._wire = None
        self._stands = True
        self._wired()

    def _wired(self) -> SocketReader | FileReader:
        """Return the object that reads from and writes to the current socket.

        A new object is created if a program has replaced the socket.
        """
        wire = self._wire
        if wire is None or wire.sock is not self.sock:
            if self.sock is None:
                raise AttributeError(
                    "'NoneType' object has no attribute 'makefile'"
                )  # as smtplib's
            reader = SocketReader if is_ordinary(self.sock) else FileReader
            wire = self._wire = reader(self.sock, self._conversation)
            if isinstance(wire, SocketReader):
                wire.flood_limit = self._flood_limit
            if isinstance(self.sock, ssl.SSLSocket) and not self._conversation.tls:
                self._note_tls()
        return wire

    def _readable(self) -> SocketReader | FileReader:
        """Return the object to read from, which reads through `file`.

        A new object is created if a program has replaced `file`.
        """
        wire = self._wired()
        if self.file is None:
            self.file = self._file = wire.file
        elif self.file is not self._file:
            wire = self._wire = FileReader(self.sock, self._conversation, self.file)
            self._file = self.file
        return wire

    def _in_tls(self, context: ssl.SSLContext) -> ssl.SSLSocket:
        """Perform the TLS handshake on the current socket, and return the TLS socket.

        A failure is recorded, then raised.
        """
        from ..tls.handshake import failed
        from ..tls.settings import TlsSettings, name_of

        try:
            name = name_of(TlsSettings(verify=context.check_hostname), self._host)
            return context.wrap_socket(cast(socket.socket, self.sock), server_hostname=name or None)
        except OSError as error:
            fact = failed(error, self._tls, self._host, _now())
            self._conversation.note(fact)
            self._over(Cause.TLS_FAILED, fact.detail)
            self.sock = None
            raise

    def _note_tls(self) -> None:
        from ..tls.handshake import started

        seen, self._tls = self._tls, None
        self._met = seen, self._host
        sock = cast(ssl.SSLSocket, self.sock)
        self._conversation.note(started(sock, seen, None, self._host, _now()))

    def _failed(self, error: OSError, where: str) -> None:
        """Record that no connection to `where` could be made, and why."""
        found = explained(error, where)
        self._conversation.note(Disconnected(_now(), found.cause, found.detail))

    def _over(self, cause: Cause, detail: str) -> None:
        """Record why the connection closed, unless that has already been recorded."""
        if self._stands:
            self._stands = False
            self._conversation.note(Disconnected(_now(), cause, detail))

    def close(self) -> None:
        """Close the connection, without QUIT."""
        file, self.file = self.file, None
        sock, self.sock = self.sock, None
        self._file = None
        try:
            if file:
                file.close()
        finally:
            if sock:
                self._over(Cause.CLOSED_BY_CLIENT, "closed by us")
                sock.close()

    # Lines

    def send(self, s: ReadableBuffer | str) -> None:
        """Send `s` to the server. A str is encoded in `command_encoding`; bytes are sent unchanged.

        Raises SMTPServerDisconnected if there is no connection, or if the connection breaks.
        """
        if self.debuglevel > 0:
            self._print_debug("send:", repr(self._shown(s)))
        sock = self.sock
        if not sock:
            raise SMTPServerDisconnected("please run connect() first")
        if isinstance(s, str):
            s = s.encode(self.command_encoding)
        elif not isinstance(s, bytes):
            s = bytes(s)
        _audit("smtplib.send", self, s)
        wire = self._wire
        try:
            if wire is None or wire.sock is not sock:
                wire = self._wired()
            wire.write(s)
        except PeerFlood:
            raise self._flood() from None
        except OSError as error:
            self._end(error)
            raise SMTPServerDisconnected("Server not connected") from error

    def _shown(self, s: ReadableBuffer | str) -> str | bytes:
        if not isinstance(s, str):
            return self._conversation.mask_next(bytes(s))
        octets = s.encode(errors="surrogatepass")
        masked = self._conversation.mask_next(octets)
        return s if masked == octets else masked.decode(errors="replace")

    def putcmd(self, cmd: str, args: str = "") -> None:
        """Send a command without waiting for the reply.

        Raises ValueError if the command contains CR or LF.
        """
        if args == "" and (bare := _BARE.get(cmd)) is not None:
            self.send(bare)
            return
        line = cmd if args == "" else f"{cmd} {args}"
        if "\r" in line or "\n" in line:
            shown = line.replace("\n", "\\n").replace("\r", "\\r")
            raise ValueError(
                f"command and arguments contain prohibited newline characters: {shown}"
            )
        self.send(f"{line}\r\n")

    def getreply(self) -> Answer:
        """Return the next reply as (code, text), with the lines of the text joined by LF.

        The code is -1 if the reply does not begin with a number. Raises SMTPServerDisconnected if
        the connection ends, and SMTPResponseException if a line is too long.
        """
        wire = self._wire
        if wire is None or wire is not self.file or wire.sock is not self.sock:
            wire = self._readable()
        try:
            line = wire.readline(_TOO_LONG)
        except OSError as error:
            raise self._lost(error) from error
        if (answer := _ANSWERS.get(line)) is not None and self.debuglevel <= 0:
            return answer  # the short way: it is a whole reply, and was read before
        return self._reply(wire, line)

    def _reply(self, wire: SocketReader | FileReader, line: bytes) -> Answer:
        """Return a whole reply. `line` is its first line; further lines are read from `wire`."""
        lines: list[bytes] = []
        while True:
            if not line:
                raise self._lost(None)
            if self.debuglevel > 0:
                shown = self.transcript.secrets.mask_reply_line(
                    server_proof(line), before=bool(lines), after=line[3:4] == b"-"
                )
                self._print_debug("reply:", repr(shown))
            if len(line) > MAXLINE:
                self.close()
                raise SMTPResponseException(500, "Line too long.")
            code, more, text = _reply_line(line)
            if not more:
                break
            lines.append(text)
            if self._conversation.flood > self._flood_limit:
                raise self._flood()
            try:
                line = wire.readline(_TOO_LONG)
            except OSError as error:
                raise self._lost(error) from error
        if lines:
            text = b"\n".join((*lines, text))
        elif len(line) <= SHORT:
            if len(_ANSWERS) >= REMEMBERED:
                _ANSWERS.clear()
            _ANSWERS[line] = code, text
        if self.debuglevel > 0:
            head = b"%d " % code
            proved = server_proof(head + text)[len(head) :]
            shown = self.transcript.secrets.mask_reply_text(proved)
            self._print_debug(f"reply: retcode ({code}); Msg: {shown!a}")
        return code, text

    def _flood(self) -> PeerFlood:
        """Close the connection to a server that sends endlessly. Return the error to raise."""
        early = self._conversation.talks_early
        error = PeerFlood(self._flood_limit, early)
        words = TALKS_EARLY if early else flood_words(error.limit)
        self._conversation.note(Note(_now(), FLOOD, f"closed the connection: {words}"))
        self._over(error.cause, str(error))
        self.close()
        return error

    def _lost(self, error: OSError | None) -> SMTPServerDisconnected:
        """Record that the connection broke while a reply was due. Return the error to raise."""
        self._end(error)
        why = "" if error is None else f": {error}"
        return SMTPServerDisconnected(f"Connection unexpectedly closed{why}")

    def _end(self, error: OSError | None) -> None:
        """Record why the connection broke, and close the connection."""
        if error is None:
            self._over(Cause.CLOSED_BY_SERVER, "the server closed the connection")
        elif isinstance(error, TimeoutError):
            self._over(Cause.TIMED_OUT, "no answer in time")
        elif isinstance(error, ConnectionError):
            self._over(Cause.RESET, "the server reset the connection")
        elif isinstance(error, ssl.SSLError) and self._conversation.tls:
            # In TLS 1.3 a server says only now that it does not like the client's certificate.
            from ..tls.handshake import failed

            seen, host = self._met
            fact = failed(error, seen, host, _now())
            self._conversation.note(fact)
            self._over(Cause.TLS_FAILED, fact.detail)
        else:
            self._over(Cause.OTHER, str(error))
        self.close()


_BARE = {command: f"{command}\r\n" for command in ("noop", "rset", "data", "quit", "QUIT")}
"""The lines of commands without arguments, as smtplib's methods write them."""

_ANSWERS: dict[bytes, Answer] = {}
"""One-line replies that have been read before, as (code, text), keyed by the line."""


def _reply_line(line: bytes) -> tuple[int, bool, bytes]:
    """Return the code of a reply line, whether more lines follow, and the text after the code.

    The results are those of smtplib. The code is -1 if it is not a number.
    """
    text = line[4:].strip(BLANKS)
    try:
        return int(line[:3]), line[3:4] == b"-", text
    except ValueError:
        return -1, False, text
