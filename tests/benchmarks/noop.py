"""20,000 NOOPs, one after the other: what does it cost to record and to tell?

`Session` records every line and hands it to a subscriber; aiosmtplib records nothing. The limit
of both is an asyncio.Protocol and a future. Then those that block: `SMTP`, which records and
tells too, smtplib, and a bare socket as their limit. The server answers each line and understands
none. Wanted: 1.25 times aiosmtplib's rate.
"""

from __future__ import annotations

import asyncio
import smtplib
import socket
import time
from collections.abc import Awaitable, Callable

import aiosmtplib
from harness import Bench, arguments, serving
from heloscope.session import SMTP, Session, events

LINE = b"NOOP\r\n"


class Heard:
    """A subscriber that counts lines."""

    lines = 0

    def __call__(self, event: events.Event) -> None:
        if type(event) is events.Line:
            self.lines += 1


async def with_session(port: int, count: int) -> float:
    heard = Heard()
    async with Session("127.0.0.1", port) as session:
        session.subscribe(heard)
        began = time.perf_counter()
        for _ in range(count):
            code, _ = await session.noop()
            assert code == 250
        took = time.perf_counter() - began
        assert heard.lines == 2 * count and len(session.transcript) == 2 * count + 1
    return count / took


async def with_aiosmtplib(port: int, count: int) -> float:
    client = aiosmtplib.SMTP(hostname="127.0.0.1", port=port, use_tls=False, start_tls=False)
    await client.connect()
    await client.ehlo()
    began = time.perf_counter()
    for _ in range(count):
        code, _ = await client.noop()
        assert code == 250
    took = time.perf_counter() - began
    client.close()
    return count / took


async def with_protocol(port: int, count: int) -> float:
    loop = asyncio.get_running_loop()
    came: asyncio.Future[bytes] = loop.create_future()

    class Bare(asyncio.Protocol):
        def data_received(self, data: bytes) -> None:
            came.set_result(data)

    transport, _ = await loop.create_connection(Bare, "127.0.0.1", port)
    await came
    began = time.perf_counter()
    for _ in range(count):
        came = loop.create_future()
        transport.write(LINE)
        await came
    took = time.perf_counter() - began
    transport.close()
    return count / took


def with_smtp(port: int, count: int) -> float:
    heard = Heard()
    client = SMTP("127.0.0.1", port)
    client.subscribe(heard)
    took = blocking(client, count)
    assert heard.lines == 2 * count
    return count / took


def with_smtplib(port: int, count: int) -> float:
    return count / blocking(smtplib.SMTP("127.0.0.1", port), count)


def blocking(client: SMTP | smtplib.SMTP, count: int) -> float:
    """Seconds for so many NOOPs."""
    began = time.perf_counter()
    for _ in range(count):
        code, _ = client.noop()
        assert code == 250
    took = time.perf_counter() - began
    client.close()
    return took


def with_socket(port: int, count: int) -> float:
    with socket.create_connection(("127.0.0.1", port)) as sock:
        sock.recv(4096)
        began = time.perf_counter()
        for _ in range(count):
            sock.sendall(LINE)
            sock.recv(4096)
        return count / (time.perf_counter() - began)


def main() -> None:
    bench = Bench("noop", arguments(__doc__))
    count = bench.size(20_000)

    def running(case: Callable[[int, int], Awaitable[float]]) -> Callable[[], float]:
        async def run() -> float:
            return await case(port, count)

        return lambda: asyncio.run(run())

    with serving("replies") as port:
        bench.measure(
            "/s",
            {
                "aiosmtplib": running(with_aiosmtplib),
                "Session, recorded and told": running(with_session),
                "asyncio.Protocol and a future": running(with_protocol),
                "SMTP, recorded and told": lambda: with_smtp(port, count),
                "smtplib": lambda: with_smtplib(port, count),
                "bare socket": lambda: with_socket(port, count),
            },
        )
    bench.compare("Session, recorded and told", "aiosmtplib", at_least=1.25)
    bench.compare("asyncio.Protocol and a future", "aiosmtplib")
    bench.compare("SMTP, recorded and told", "smtplib")
    bench.compare("bare socket", "smtplib")


if __name__ == "__main__":
    main()
