"""Measures 20,000 NOOPs, one after the other: the cost of recording and notifying.

`Session` records every line and passes it to a subscriber; aiosmtplib records nothing. The limit of
both is an asyncio.Protocol with a future. Then come the blocking clients: `SMTP`, which also
records every line, smtplib, which records nothing, and a bare socket as their limit. The server
replies to each line without parsing it. Target: 1.25 times aiosmtplib's rate, 0.95 times smtplib's.

Each case runs in a fresh process, as a program would; then, for asyncio, all run in this process.
The difference is due to asyncio, which reads into 256 KiB of new memory. glibc maps and unmaps this
for each read until something of that size has been freed. `Session` requests 16 KiB at a time,
aiosmtplib the full size.
"""

from __future__ import annotations

import asyncio
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Callable

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
    client = SMTP("127.0.0.1", port)
    took = blocking(client, count)
    assert len(client.transcript) == 2 * count + 1
    return count / took


def with_smtplib(port: int, count: int) -> float:
    return count / blocking(smtplib.SMTP("127.0.0.1", port), count)


def blocking(client: SMTP | smtplib.SMTP, count: int) -> float:
    """Return the seconds that this many NOOPs take."""
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


CASES: dict[str, Callable[[int, int], float]] = {
    "aiosmtplib": lambda port, count: asyncio.run(with_aiosmtplib(port, count)),
    "Session": lambda port, count: asyncio.run(with_session(port, count)),
    "Protocol": lambda port, count: asyncio.run(with_protocol(port, count)),
    "smtplib": with_smtplib,
    "SMTP": with_smtp,
    "socket": with_socket,
}


def alone(name: str, port: int, count: int) -> float:
    """Return the figure of a case that runs in its own process."""
    command = [sys.executable, __file__, "case", name, str(port), str(count)]
    return float(subprocess.run(command, check=True, capture_output=True).stdout)


def main() -> None:
    bench = Bench("noop", arguments(__doc__))
    count = bench.size(20_000)
    with serving("replies") as port:
        bench.measure("/s", {name: lambda n=name: alone(n, port, count) for name in CASES})
        bench.compare("Session", "aiosmtplib", at_least=1.25)
        bench.compare("Protocol", "aiosmtplib")
        bench.compare("SMTP", "smtplib", at_least=0.95)
        bench.compare("socket", "smtplib")
        here = ("aiosmtplib", "Session", "Protocol")
        bench.measure(
            "/s",
            {f"{name}, one process": lambda n=name: CASES[n](port, count) for name in here},
        )
    bench.compare("Session, one process", "aiosmtplib, one process", at_least=1.25)
    bench.compare("Protocol, one process", "aiosmtplib, one process")


if __name__ == "__main__":
    if sys.argv[1:2] == ["case"]:
        print(CASES[sys.argv[2]](int(sys.argv[3]), int(sys.argv[4])))
    else:
        main()
