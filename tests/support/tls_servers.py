"""TLS servers for tests, in a thread of their own, and ways of connecting to them."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from heloscope.session.events import TlsFailed
from heloscope.session.tls.handshake import (
    HandshakeRecord,
    TlsSettings,
    failed,
    make_context,
    name_of,
    started,
)

from support.made_certificates import HOST, Made

LIMIT = 10.0  # seconds after which a test that hangs fails

Peer = Callable[[socket.socket], None]


class Served:
    """A server on `port`. At the end, `received` has what came through TLS on all connections."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.received = b""


@contextlib.contextmanager
def serving(peer: Peer | ssl.SSLContext, connections: int = 1) -> Iterator[Served]:
    """Accept `connections` connections, one after the other, and yield the server.

    With a context, each connection uses TLS; otherwise `peer(socket)` is called for it.
    """
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(LIMIT)
    served = Served(listener.getsockname()[1])

    def run() -> None:
        with listener:
            for _ in range(connections):
                try:
                    sock = listener.accept()[0]
                except OSError:
                    return
                sock.settimeout(LIMIT)
                with sock, contextlib.suppress(OSError):
                    if isinstance(peer, ssl.SSLContext):
                        served.received += _read_all(peer, sock)
                    else:
                        peer(sock)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield served
    finally:
        thread.join(LIMIT * 2)
        assert not thread.is_alive()


def _read_all(context: ssl.SSLContext, sock: socket.socket) -> bytes:
    received = b""
    with context.wrap_socket(sock, server_side=True) as tls, contextlib.suppress(OSError):
        while data := tls.recv(4096):
            received += data
    return received


def server_context(made: Made) -> ssl.SSLContext:
    """Return the context of a server that presents this certificate, even if it is weak."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "server.pem")
        path.write_bytes(made.key + b"".join(made.certificates))
        context.load_cert_chain(path)
    return context


# The ways in. Each shakes hands, reads what the server has to say if `listen` is set, sends
# "EHLO me", and returns the fact.

Meet = Callable[..., object]
HELLO = b"EHLO me\r\n"


def blocking(
    port: int, settings: TlsSettings, host: str, seen: HandshakeRecord, *, listen: bool = False
):
    context = make_context(settings, seen)
    with (
        socket.create_connection(("127.0.0.1", port), LIMIT) as sock,
        context.wrap_socket(sock, server_hostname=name_of(settings, host) or None) as tls,
    ):
        fact = started(tls, seen, settings, host, 1.0)
        if listen:
            tls.recv(10)
        tls.sendall(HELLO)
        with contextlib.suppress(OSError):
            tls.unwrap()
        return fact


def asyncio_implicit(
    port: int, settings: TlsSettings, host: str, seen: HandshakeRecord, *, listen: bool = False
):
    async def meet():
        context = make_context(settings, seen)
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", port, ssl=context, server_hostname=name_of(settings, host)
        )
        return await _say(reader, writer, settings, host, seen, listen)

    return asyncio.run(meet())


def asyncio_start_tls(
    port: int, settings: TlsSettings, host: str, seen: HandshakeRecord, *, listen: bool = False
):
    async def meet():
        context = make_context(settings, seen)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            await writer.start_tls(context, server_hostname=name_of(settings, host))
        except BaseException:
            writer.close()
            raise
        return await _say(reader, writer, settings, host, seen, listen)

    return asyncio.run(meet())


async def _say(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    settings: TlsSettings,
    host: str,
    seen: HandshakeRecord,
    listen: bool,
):
    try:
        fact = started(writer.get_extra_info("ssl_object"), seen, settings, host, 1.0)
        if listen:
            await reader.read(10)
        writer.write(HELLO)
        await writer.drain()
        return fact
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


WAYS = (blocking, asyncio_implicit, asyncio_start_tls)


def failure_of(meet, port: int, settings: TlsSettings, host: str = HOST, **more) -> TlsFailed:
    """Return the event that a driver records for a handshake that must fail."""
    seen = HandshakeRecord()
    with pytest.raises(OSError) as error:
        meet(port, settings, host, seen, **more)
    return failed(error.value, seen, host, 2.0)
