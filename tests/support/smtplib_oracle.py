r"""smtplib as an oracle: the same exchange with its classes and with ours, fully compared.

    both(Says(EHLO=b"250 me\r\n"), lambda smtp: smtp.ehlo())

A server follows a table, over a real socket. The comparison covers the result or exception of each
call, with every attribute; the octets that the server received; the object's attributes afterwards;
and the output on standard error. Calls continue after an error, and are compared as well.
"""

from __future__ import annotations

import contextlib
import io
import re
import smtplib
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from heloscope.session import LMTP, SMTP

HANG_UP = "hang up"
RESET = "reset"
SILENCE = "silence"

Call = Callable[[Any], Any]
PAIRS: dict[str, tuple[type[Any], type[Any]]] = {
    "SMTP": (smtplib.SMTP, SMTP),
    "LMTP": (smtplib.LMTP, LMTP),
}


class Says:
    """The replies of a server, keyed by verb (in upper case) or by whole line.

    Any other line gets 250. A value is octets, HANG_UP, RESET or SILENCE. It may also be a pair of
    octets and what follows: one of these three, or the SSLContext with which TLS starts. A list
    holds the values for successive commands. `greeting`, `dot` (the end of a message) and `answer`
    (in AUTH) are used instead of verbs.
    """

    def __init__(self, table: dict[str, Any] | None = None, **says: Any) -> None:
        self.table: dict[str, Any] = {
            "greeting": b"220 ready\r\n",
            "EHLO": b"250-server\r\n250-SIZE 1000\r\n250 8BITMIME\r\n",
            "LHLO": b"250 server\r\n",
            "DATA": b"354 go on\r\n",
            "QUIT": b"221 bye\r\n",
        }
        self.table |= (table or {}) | says

    def to(self, counts: dict[str, int], *names: str) -> Any:
        for name in names:
            if name in self.table:
                said = self.table[name]
                if isinstance(said, list):
                    number = counts[name] = counts.get(name, -1) + 1
                    return said[min(number, len(said) - 1)]
                return said
        return b"250 ok\r\n"


class TableServer:
    """One listening socket. Each call of `playing` serves one connection, in a thread."""

    def __init__(self, listening: socket.socket | None = None, path: str = "") -> None:
        self.port = 0
        if listening is not None:
            listening.bind(path)
            listening.listen()
            self.listening = listening
        else:
            self.listening = socket.create_server(("127.0.0.1", 0))
            self.port = self.listening.getsockname()[1]

    def close(self) -> None:
        self.listening.close()

    @contextlib.contextmanager
    def playing(self, says: Says, wrap: Callable[[Any], Any] | None = None) -> Iterator[bytearray]:
        got = bytearray()
        thread = threading.Thread(target=self._serve, args=(says, got, wrap), daemon=True)
        thread.start()
        try:
            yield got
        finally:
            thread.join(20)
            assert not thread.is_alive(), "the client did not close"

    def _serve(self, says: Says, got: bytearray, wrap: Callable[[Any], Any] | None) -> None:
        self.listening.settimeout(10)
        try:
            sock, _ = self.listening.accept()
        except TimeoutError:
            return
        sock.settimeout(10)
        held = [sock]
        with contextlib.suppress(OSError):
            if wrap is not None:
                sock = wrap(sock)
            held.append(sock)
            self._talk(held, says, got)
            sock = held[-1]
            if sock.fileno() >= 0:  # hang up, and hear the other side out
                encrypted = isinstance(sock, ssl.SSLSocket)
                sock.shutdown(socket.SHUT_WR)
                while data := sock.recv(65536):
                    if not encrypted:
                        got += data
        for sock in held:
            sock.close()

    def _talk(self, held: list[Any], says: Says, got: bytearray) -> None:
        """Play `says` to its end on the last socket in `held`, adding a socket there for TLS."""
        sock = held[-1]
        counts: dict[str, int] = {}
        said = says.to(counts, "greeting")
        lines = sock.makefile("rb")
        in_message = in_auth = False
        while True:
            if isinstance(said, tuple):  # half a reply, or more than one
                sock.sendall(said[0])
                said = said[1]
            if isinstance(said, ssl.SSLContext):
                sock = said.wrap_socket(sock, server_side=True)
                held.append(sock)
                lines = sock.makefile("rb")
                said = SILENCE
            if said is HANG_UP:
                return
            if said is RESET:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                lines.close()
                sock.close()
                return
            if isinstance(said, bytes):
                sock.sendall(said)
                in_message = said.startswith(b"354") and not in_message
                in_auth = said.startswith(b"334")
            while in_message:
                line = lines.readline()
                got += line
                if line == b".\r\n" or not line:
                    break
            else:
                line = lines.readline()
                got += line
            if not line:
                return
            text = line.rstrip(b"\r\n").decode("latin-1")
            if in_message:
                said = says.to(counts, "dot")
                in_message = False
            elif in_auth:
                said = says.to(counts, text, "answer")
            else:
                said = says.to(counts, text, text.partition(" ")[0].upper())


class OneByOne(socket.socket):
    """A socket that receives one octet at a time."""

    def recv(self, bufsize: int, flags: int = 0, /) -> bytes:
        return super().recv(1, flags)

    def recv_into(self, buffer: Any, nbytes: int = 0, flags: int = 0) -> int:
        return super().recv_into(memoryview(buffer)[:1], 1, flags)


def octet_by_octet(cls: type[Any]) -> type[Any]:
    """Return a subclass that receives replies one octet at a time."""

    class Slow(cls):
        def _get_socket(self, host: str, port: int, timeout: Any) -> socket.socket:
            whole = super()._get_socket(host, port, timeout)
            limit = whole.gettimeout()
            slow = OneByOne(fileno=whole.detach())
            slow.settimeout(limit)
            return slow

    return Slow


# Outcomes

ATTRIBUTES = (
    "esmtp_features", "ehlo_resp", "helo_resp", "does_esmtp", "command_encoding", "local_hostname",
    "default_port", "timeout", "source_address", "debuglevel", "ehlo_msg", "user", "password",
)  # fmt: skip
_TIME = re.compile(r"^\d\d:\d\d:\d\d(\.\d+)? ", re.MULTILINE)


def outcome_of(call: Call, smtp: Any) -> Any:
    try:
        return ("returned", call(smtp))
    except Exception as error:
        said = vars(error) | {"args": error.args}
        named = type(error).__mro__[0]
        if named.__module__.startswith("heloscope"):  # kin of smtplib's that says more
            named = type(error).__mro__[1]
        return ("raised", named, said)


class Outcome:
    """Everything observable about one exchange."""

    def __init__(
        self, server: TableServer, cls: type[Any], says: Says, calls: Sequence[Call], *,
        level: int = 0, timeout: Any = 10, wrap: Any = None, make: Callable[..., Any] | None = None,
    ) -> None:  # fmt: skip
        printed = io.StringIO()
        with server.playing(says, wrap) as got, contextlib.redirect_stderr(printed):
            smtp = (make or cls)(local_hostname="me.example", timeout=timeout)
            if level:
                smtp.set_debuglevel(level)
            all_calls: list[Call] = [lambda smtp: smtp.connect("127.0.0.1", server.port), *calls]
            try:
                self.outcomes = [outcome_of(call, smtp) for call in all_calls]
                self.after = {name: getattr(smtp, name, "none") for name in ATTRIBUTES}
                self.after["sock"] = smtp.sock is None
            finally:
                smtp.close()
        self.got = bytes(got)
        self.printed = _TIME.sub("TIME ", printed.getvalue())
        self.log = getattr(smtp, "log", [])
        self.smtp = smtp


def both(
    server: TableServer, says: Says, *calls: Call, pair: str = "SMTP", **how: Any
) -> tuple[Outcome, Outcome]:
    """Return smtplib's outcome and ours, after checking that they are the same."""
    theirs, ours = (Outcome(server, cls, says, calls, **how) for cls in PAIRS[pair])
    for what in ("outcomes", "got", "after"):
        wanted, found = getattr(theirs, what), getattr(ours, what)
        assert found == wanted, f"{what}:\nsmtplib: {wanted!r}\n   ours: {found!r}"
    return theirs, ours
