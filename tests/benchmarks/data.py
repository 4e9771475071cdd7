"""Measures a message of 50 MB sent with DATA, in lines of 76 octets, and a file of 500 MB.

The message is given as bytes and as str. `SMTP` and `Session` record every line in a transcript;
smtplib and aiosmtplib record nothing. The server reads and replies, checking only for the end.
Target rates: as bytes, 2.2 times smtplib's with `SMTP` and 5 times aiosmtplib's with `Session`; as
str, 3 times smtplib's. For the file, the target is at most 32 MiB added to the peak of memory;
here, each round is a process of its own.
"""

from __future__ import annotations

import asyncio
import base64
import random
import resource
import smtplib
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import aiosmtplib
from harness import Bench, arguments, serving
from heloscope.session import SMTP, Session, Transcript

LINE = 78  # octets with the line end
SENDER, RECIPIENT = "a@bench.test", "b@bench.test"
MOST_ADDED = 32.0  # MiB


def lines(count: int) -> bytes:
    """Return a message body of this many lines of base64."""
    octets = random.Random(1).randbytes(count * 57)
    return base64.encodebytes(octets).replace(b"\n", b"\r\n")


def check(transcript: Transcript, count: int, message: bytes) -> None:
    """Check the number of lines in the transcript, and one line from the middle."""
    body = transcript.bodies[-1]
    assert body.last - body.first + 1 == count, (body.last - body.first, count)
    line = message[count // 2 * LINE :][:LINE]
    assert transcript[body.first + count // 2].data == line


def with_smtplib(port: int, message: bytes | str) -> float:
    with smtplib.SMTP("127.0.0.1", port, local_hostname="me") as client:
        began = time.perf_counter()
        client.sendmail(SENDER, RECIPIENT, message)
        return len(message) / (time.perf_counter() - began)


def with_smtp(port: int, message: bytes | str, octets: bytes) -> float:
    with SMTP("127.0.0.1", port, local_hostname="me") as client:
        began = time.perf_counter()
        client.sendmail(SENDER, RECIPIENT, message)
        took = time.perf_counter() - began
        check(client.transcript, len(message) // LINE, octets)
        return len(message) / took


async def with_aiosmtplib(port: int, message: bytes) -> float:
    client = aiosmtplib.SMTP(hostname="127.0.0.1", port=port, use_tls=False, start_tls=False)
    await client.connect()
    began = time.perf_counter()
    await client.sendmail(SENDER, [RECIPIENT], message)
    took = time.perf_counter() - began
    client.close()
    return len(message) / took


async def with_session(port: int, message: bytes) -> float:
    async with Session("127.0.0.1", port, local_hostname="me") as session:
        began = time.perf_counter()
        await session.sendmail(SENDER, RECIPIENT, message)
        took = time.perf_counter() - began
        check(session.transcript, len(message) // LINE, message)
        return len(message) / took


async def from_file(port: int, name: str) -> float:
    """Return by how many MiB a message in a file raises the peak of memory."""
    async with Session("127.0.0.1", port, local_hostname="me") as session:
        await session.sendmail(SENDER, RECIPIENT, b"one\r\n" * 1000)
        before = peak()
        with open(name, "rb") as file:
            await session.sendmail(SENDER, RECIPIENT, file)
        added = peak() - before
        body = session.transcript.bodies[-1]
        assert session.transcript[body.last].data.endswith(b"\r\n")
    return added


def peak() -> float:
    """Return the peak of this process's memory so far, in MiB."""
    try:  # getrusage tells what the process had before it began to run this program
        status = Path("/proc/self/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) / 1024
    except OSError:
        unit = 1024 * 1024 if sys.platform == "darwin" else 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def added(port: int, name: str) -> float:
    command = [sys.executable, __file__, "file", str(port), name]
    return float(subprocess.run(command, check=True, capture_output=True).stdout)


def main() -> None:
    bench = Bench("data", arguments(__doc__))
    message = lines(bench.size(50_000_000) // LINE)
    text = message.decode("ascii")
    cases: dict[str, Callable[[int], float]] = {
        "smtplib, bytes": lambda port: with_smtplib(port, message),
        "SMTP, bytes": lambda port: with_smtp(port, message, message),
        "aiosmtplib, bytes": lambda port: asyncio.run(with_aiosmtplib(port, message)),
        "Session, bytes": lambda port: asyncio.run(with_session(port, message)),
        "smtplib, str": lambda port: with_smtplib(port, text),
        "SMTP, str": lambda port: with_smtp(port, text, message),
    }
    with serving("mail") as port:
        bench.measure(" B/s", {name: lambda case=case: case(port) for name, case in cases.items()})
        bench.compare("SMTP, bytes", "smtplib, bytes", at_least=2.2)
        bench.compare("Session, bytes", "aiosmtplib, bytes", at_least=5)
        bench.compare("SMTP, str", "smtplib, str", at_least=3)
        with tempfile.NamedTemporaryFile(suffix=".eml") as file:
            for _ in range(10):
                file.write(message)
            file.flush()
            bench.measure(" MiB", {"added by a file": lambda: added(port, file.name)})
    bench.judge("added by a file", at_most=MOST_ADDED)


if __name__ == "__main__":
    if sys.argv[1:2] == ["file"]:
        print(asyncio.run(from_file(int(sys.argv[2]), sys.argv[3])))
    else:
        main()
