"""The CONNECT method of an HTTP proxy (RFC 9110 section 9.3.6, RFC 9112 section 4).

Data after the header section of a successful response comes from the server. In SMTP the server
speaks first, so its greeting may arrive in the same segment as the response, and the header section
may arrive in several. The response is therefore read exactly up to its empty line.
"""

from __future__ import annotations

import asyncio
import base64
import re
import socket

LONGEST = 16 * 1024  # octets of a response
_STATUS = re.compile(rb"HTTP/1\.\d ([1-5]\d\d)(?: ([^\r\n]*))?\r?\n")
_HOST = re.compile(rb"[!-~]+")


class NotConnected(Exception):
    """Raised when the proxy did not connect to the server; the message gives the reason."""


async def http_connect(
    sock: socket.socket, host: str, port: int, user: str = "", password: bytes = b""
) -> None:
    """Ask the HTTP proxy at the other end of `sock` to connect to `host`, and wait until it has.

    `user` and `password` are for the proxy. Raises NotConnected, UnicodeError for an invalid host
    name, or OSError.
    """
    await asyncio.get_running_loop().sock_sendall(sock, _request(host, port, user, password))
    answer = _Answer(sock)
    status, reason = 100, ""
    while status < 200:  # interim responses come before the final one (RFC 9110 section 15.2)
        line = await answer.line()
        found = _STATUS.fullmatch(line)
        if found is None:
            raise NotConnected(f"its response is not HTTP: {_text(line)}")
        status, reason = int(found[1]), _text(found[2] or b"")
        while (await answer.line()).strip(b"\r\n"):
            pass
    if status >= 300:
        raise NotConnected(f"it replied {status} {reason}".rstrip())


def _request(host: str, port: int, user: str, password: bytes) -> bytes:
    name = host.encode("idna")
    if not _HOST.fullmatch(name):
        raise UnicodeError("no host name")
    where = b"[%s]:%d" % (name, port) if b":" in name else b"%s:%d" % (name, port)
    lines = [b"CONNECT %s HTTP/1.1" % where, b"Host: %s" % where]
    if user:  # RFC 7617
        credentials = base64.b64encode(b"%s:%s" % (user.encode(), password))
        lines.append(b"Proxy-Authorization: Basic %s" % credentials)
    return b"\r\n".join([*lines, b"", b""])


class _Answer:
    """A proxy's response, read line by line and never past its end."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._left = LONGEST

    async def line(self) -> bytes:
        """Return the next line, with its line ending. Raises NotConnected or OSError."""
        loop = asyncio.get_running_loop()
        line = bytearray()
        while not line.endswith(b"\n"):
            octet = await loop.sock_recv(self._sock, 1)
            if not octet:
                raise NotConnected("it closed the connection")
            self._left -= 1
            if self._left < 0:
                raise NotConnected(f"its response is longer than {LONGEST:,} octets")
            line += octet
        return bytes(line)


def _text(octets: bytes) -> str:
    return octets.strip()[:200].decode("utf-8", "surrogateescape")
