"""Connecting through a SOCKS5 or HTTP proxy, each a real one on a loopback port."""

from __future__ import annotations

import asyncio
import contextlib
from asyncio import StreamReader as Reader
from asyncio import StreamWriter as Writer
from collections.abc import AsyncIterator

import pytest
from heloscope.session import Session
from heloscope.session.events import Cause
from heloscope.session.net.dial import DialError
from heloscope.session.net.outgoing_proxy import OutgoingProxy, parse_proxy
from heloscope.session.secret import Secret
from heloscope.session.target import TargetError
from support.servers import VerbServer, serving


class Proxy:
    """A SOCKS5 proxy (RFC 1928, RFC 1929) and an HTTP proxy, which record their requests."""

    def __init__(self, *, password: bytes = b"", refuses: bool = False) -> None:
        self.asked: list[object] = []
        self._password = password
        self._refuses = refuses

    async def __call__(self, reader: Reader, writer: Writer) -> None:
        first = await reader.readexactly(1)
        place = await (self._socks if first == b"\x05" else self._http)(reader, writer)
        if place is None:
            return
        self.asked.append(place)
        there, back = await asyncio.open_connection("127.0.0.1", place[1])
        await asyncio.gather(_copy(reader, back), _copy(there, writer))

    async def _socks(self, reader: Reader, writer: Writer) -> tuple[str, int] | None:
        methods = await reader.readexactly((await reader.readexactly(1))[0])
        if self._password:
            assert 2 in methods
            writer.write(b"\x05\x02")
            _, size = await reader.readexactly(2)
            user = await reader.readexactly(size)
            password = await reader.readexactly((await reader.readexactly(1))[0])
            self.asked.append((user, password))
            writer.write(b"\x01\x00" if password == self._password else b"\x01\x01")
            if password != self._password:
                return None
        else:
            writer.write(b"\x05\x00")
        _, _, _, kind = await reader.readexactly(4)
        size = (await reader.readexactly(1))[0] if kind == 3 else 4
        host = await reader.readexactly(size)
        port = int.from_bytes(await reader.readexactly(2))
        name = host.decode() if kind == 3 else ".".join(map(str, host))
        writer.write(b"\x05\x05\x00\x01" if self._refuses else b"\x05\x00\x00\x01")
        writer.write(b"\0" * 6)
        return None if self._refuses else (name, port)

    async def _http(self, reader: Reader, writer: Writer) -> tuple[str, int] | None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        host, _, port = head.split()[1].rpartition(":")
        if self._refuses:
            writer.write(b"HTTP/1.1 403 Forbidden\r\n\r\n")
            return None
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        return host, int(port)


async def _copy(reader: Reader, writer: Writer) -> None:
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
        writer.close()


@contextlib.asynccontextmanager
async def through(proxy: Proxy, url: str, **password: Secret) -> AsyncIterator[Session]:
    server = VerbServer()
    async with serving(proxy) as at, serving(server) as port:
        made = parse_proxy(url.replace("PORT", str(at)), **password)
        yield Session("mail.invalid", port, proxy=made, local_hostname="me.example", timeout=10)


@pytest.mark.parametrize("url", ["socks5://127.0.0.1:PORT", "http://127.0.0.1:PORT"])
async def test_the_proxy_looks_up_the_name_and_connects(url: str):
    proxy = Proxy()
    async with through(proxy, url) as session:
        async with session:
            assert (await session.ehlo()).code == 250
            port = session.target.port if session.target else 0
        said = [str(row.data, "ascii") for row in session.transcript]
    assert proxy.asked == [("mail.invalid", port)]
    assert said[:2] == ["220 ready\r\n", "EHLO me.example\r\n"]


async def test_the_proxy_receives_the_user_name_and_password():
    proxy = Proxy(password=b"Tr0ub4dor")
    url = "socks5://bob@127.0.0.1:PORT"
    async with through(proxy, url, password=Secret("Tr0ub4dor")) as session, session:
        pass
    assert proxy.asked[0] == (b"bob", b"Tr0ub4dor")


@pytest.mark.parametrize(
    ("proxy", "url", "said"),
    [
        (Proxy(refuses=True), "socks5://127.0.0.1:PORT", "did not connect to mail.invalid:"),
        (Proxy(refuses=True), "http://127.0.0.1:PORT", "did not connect to mail.invalid:"),
        (Proxy(password=b"x"), "socks5://bob@127.0.0.1:PORT", "did not connect to mail.invalid:"),
        (Proxy(), "socks5://127.0.0.1:1", "cannot be reached: connection refused."),
    ],
)
async def test_an_error_names_the_proxy(proxy: Proxy, url: str, said: str):
    async with through(proxy, url, password=Secret("wrong")) as session:
        with pytest.raises(DialError) as error:
            await session.connect()
    assert said in error.value.detail
    assert error.value.cause is Cause.PROXY_FAILED
    assert error.value.detail.startswith(f"The proxy {url[: url.index(':')]}://127.0.0.1:")
    assert "wrong" not in error.value.detail


@pytest.mark.parametrize(
    ("text", "proxy"),
    [
        ("socks5://proxy.example", OutgoingProxy("socks5", "proxy.example", 1080)),
        ("http://[::1]:3128/", OutgoingProxy("http", "::1", 3128)),
        ("socks4://bob@10.0.0.1:99", OutgoingProxy("socks4", "10.0.0.1", 99, "bob")),
    ],
)
def test_the_url_of_a_proxy(text: str, proxy: OutgoingProxy):
    assert parse_proxy(text) == proxy


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("proxy.example:1080", "is not a proxy. Use socks5://HOST:PORT"),
        ("https://proxy.example", "is not a proxy"),
        ("socks5://bob:secret@proxy.example", "must not contain a password"),
        ("socks5://h:99999", "A port must be a number from 1 to 65535, not 99999."),
    ],
)
def test_an_invalid_proxy_is_refused(text: str, said: str):
    with pytest.raises(TargetError) as error:
        parse_proxy(text)
    assert said in str(error.value)
    assert "secret" not in str(error.value)
