"""The practice server as a witness, which records each client's lines, and where TLS started.

It offers every mechanism that heloscope implements, and uses the certificate that a test supplies.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import contextlib
import re
import ssl
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from weakref import WeakKeyDictionary

import pytest
from heloscope.session.practice import sasl_server
from heloscope.session.practice.certificate import ServerCertificate
from heloscope.session.practice.server import Door, PracticeServer
from heloscope.session.practice.smtpd import PracticeSMTP

TOKEN = "ya29.t0ken-of-alice"
_SCRAM = re.compile(rb"(r=)[^,]+|(p=).+")


class GivenCertificate(ServerCertificate):
    """A certificate made by a test, used instead of the practice server's own."""

    def __init__(self, context: ssl.SSLContext) -> None:
        super().__init__()
        self._made = (context, "")  # how it is trusted, a test says


class Witness(PracticeSMTP):
    """A connection that stores what it receives in `heard`, a list in its server's `said`."""

    heard: list[bytes]

    def data_received(self, data: bytes) -> None:
        self.heard.append(data)
        super().data_received(data)

    async def _begin_tls(self, context: ssl.SSLContext) -> None:
        place = len(self.heard)  # data may come before this goes on
        self.heard.append(b"")
        await super()._begin_tls(context)
        assert self.transport is not None
        tls = self.transport.get_extra_info("ssl_object")
        shown = "with a certificate" if tls.getpeercert(binary_form=True) else "without one"
        name = names.get(tls.context, "")
        self.heard[place] = f"(TLS, {shown}, for {name})\r\n".encode()


# Of a context -> the server name that the last client sent.
names: WeakKeyDictionary[ssl.SSLContext, str] = WeakKeyDictionary()


class WitnessServer(PracticeServer):
    """A practice server that stores each connection's lines in `said`."""

    def __init__(self, context: ssl.SSLContext | None = None) -> None:
        super().__init__(clock=lambda: 1_790_000_000.0)
        self.said: list[list[bytes]] = []
        if context is not None:
            self._certificate = self._environment.certificate = GivenCertificate(context)

    def _new_connection(self, door: Door) -> PracticeSMTP:
        connection = Witness(self._environment, self._memory[door], implicit=door.implicit)
        connection.heard = []
        self.said.append(connection.heard)
        self._connections.append(connection)
        return connection

    async def listen_at(self, path: Path) -> asyncio.Server:
        """Also listen on a Unix socket."""
        loop = asyncio.get_running_loop()
        server = await loop.create_unix_server(self.connection, path)
        self._servers.append(server)
        return server

    async def all_gone(self) -> None:
        """Wait until no client is connected any more."""
        if self._connections:
            await asyncio.wait([connection.gone for connection in self._connections], timeout=10)

    def conversations(self) -> list[list[bytes]]:
        """Return each client's lines, with verbs in upper case and without anything random."""
        return [list(normal(b"".join(heard))) for heard in self.said]


@contextlib.asynccontextmanager
async def witnessing(context: ssl.SSLContext | None = None) -> AsyncIterator[WitnessServer]:
    """Run a witness, and stop it at the end."""
    if context is not None:

        def hello(_: object, name: str | None, of: ssl.SSLContext) -> None:
            names[of] = name or ""

        context.sni_callback = hello
    server = WitnessServer(context)
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


def normal(said: bytes) -> Iterator[bytes]:
    """Yield a client's lines in comparable form: upper-case verbs, no nonces or proofs."""
    body = False
    while said:
        line, end, said = said.partition(b"\n")
        line += end
        chunk = re.fullmatch(rb"(?i)BDAT (\d+)( LAST)?\r\n", line)
        if chunk is not None and not body:
            yield line.upper()
            yield said[: int(chunk[1])]
            said = said[int(chunk[1]) :]
        elif body:
            body = line != b".\r\n"
            yield line
        else:
            yield _normal_command(line)
            body = line.upper() == b"DATA\r\n"


def _normal_command(line: bytes) -> bytes:
    verb, blank, rest = line.partition(b" ")
    words = rest.split()
    if verb.upper() == b"AUTH" and len(words) > 1:
        return b" ".join((b"AUTH", words[0].upper(), _without_nonce(words[1])))
    found = line.strip() if blank else _without_nonce(line.strip())
    if found != line.strip():
        return found
    return (verb.upper() if blank or verb.strip().isalpha() else verb) + blank + rest


def _without_nonce(response: bytes) -> bytes:
    """Return a response without what always differs: the nonce and proof of SCRAM or CRAM-MD5."""
    try:
        text = base64.b64decode(response, validate=True)
    except (binascii.Error, ValueError):
        return response
    if b"r=" in text:
        return _SCRAM.sub(rb"\1\2...", text)
    return re.sub(rb" [0-9a-f]{32}\Z", b" ...", text) if len(text) > 33 else response


def offer_all(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the practice server offer all mechanisms, even without TLS."""
    own = sasl_server.exchange

    def exchange(mechanism: str) -> sasl_server.Login:
        if mechanism in ("XOAUTH2", "OAUTHBEARER"):
            return by_token()
        if mechanism in ("EXTERNAL", "ANONYMOUS"):
            return by_name()
        return own(mechanism)

    def by_token() -> sasl_server.Login:
        said = yield b""
        if f"auth=Bearer {TOKEN}\x01\x01".encode() not in said:
            yield b'{"status":"401"}'
            raise sasl_server.Denied
        return "alice"

    def by_name() -> sasl_server.Login:
        yield b""
        return "alice"

    mechanisms = (*sasl_server.MECHANISMS, "SCRAM-SHA-1", "XOAUTH2", "OAUTHBEARER", "EXTERNAL",
                  "ANONYMOUS")  # fmt: skip
    monkeypatch.setattr(sasl_server, "MECHANISMS", dict.fromkeys(mechanisms, False))
    monkeypatch.setattr(sasl_server, "CLIENT_FIRST", frozenset(mechanisms) - {"CRAM-MD5"})
    monkeypatch.setattr(sasl_server, "exchange", exchange)
