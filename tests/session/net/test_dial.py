"""From a target to a connection, or to a sentence that explains why there is none."""

from __future__ import annotations

import asyncio
import errno
import os
import re
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from heloscope.session import Session
from heloscope.session.events import TRIED, Cause, Connected, Note
from heloscope.session.net import dial as module
from heloscope.session.net.addresses import explained
from heloscope.session.net.dial import DialError, dial
from heloscope.session.target import Target
from support.rows import for_each
from support.servers import script, serving

Address = tuple[str, int]
HOLE = ("192.0.2.1", 25)  # no packet to it is sent: sock_connect is in our hands


def found(*addresses: Address) -> Callable[..., list[tuple[Any, ...]]]:
    """Return a substitute for getaddrinfo that finds these addresses."""

    def look_up(*_: object, **__: object) -> list[tuple[Any, ...]]:
        return [
            (socket.AF_INET6 if ":" in where[0] else socket.AF_INET, socket.SOCK_STREAM, 6, "",
             where)
            for where in addresses
        ]  # fmt: skip

    return look_up


@pytest.fixture
def connects(
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[dict[Address, OSError | asyncio.Event | None]], list]:
    """Set what connecting to each address leads to: an error, or silence.

    Silence is None, or an event that is then set. Return the list of the addresses tried, which
    grows.
    """

    def decide(outcomes: dict[Address, OSError | asyncio.Event | None]) -> list[Address]:
        tried: list[Address] = []
        loop = asyncio.get_running_loop()
        really = loop.sock_connect

        async def sock_connect(sock: socket.socket, where: Address) -> None:
            tried.append(where)
            if where not in outcomes:
                return await really(sock, where)
            outcome = outcomes[where]
            if isinstance(outcome, OSError):
                raise outcome
            if outcome is not None:
                outcome.set()
            await asyncio.Event().wait()

        monkeypatch.setattr(loop, "sock_connect", sock_connect)
        return tried

    return decide


async def ended(transport: asyncio.BaseTransport) -> None:
    transport.close()
    await asyncio.sleep(0)


async def test_a_silent_first_address_does_not_prevent_the_second(
    monkeypatch: pytest.MonkeyPatch, connects: Callable[..., list]
):
    monkeypatch.setattr(module, "EYEBALLS", 0.01)
    async with serving(script("S: 220 hi\nC: x")) as port:
        monkeypatch.setattr(socket, "getaddrinfo", found(HOLE, ("127.0.0.1", port)))
        tried = connects({HOLE: None})
        transport, _ = await dial(Target("two.example", 25), asyncio.Protocol, timeout=10)
        assert transport.get_extra_info("peername") == ("127.0.0.1", port)
        assert tried == [HOLE, ("127.0.0.1", port)]
        await ended(transport)


async def test_an_address_that_refuses_is_followed_by_the_next_at_once(
    monkeypatch: pytest.MonkeyPatch, connects: Callable[..., list]
):
    monkeypatch.setattr(module, "EYEBALLS", 3600.0)
    async with serving(script("S: 220 hi\nC: x")) as port:
        monkeypatch.setattr(socket, "getaddrinfo", found(HOLE, ("127.0.0.1", port)))
        connects({HOLE: ConnectionRefusedError(errno.ECONNREFUSED, "refused")})
        transport, _ = await dial(Target("two.example", 25), asyncio.Protocol, timeout=10)
        await ended(transport)


async def test_a_failed_address_is_recorded_although_another_answers(
    monkeypatch: pytest.MonkeyPatch, connects: Callable[..., list]
):
    async with serving(script("S: 220 hi\nC: x")) as port:
        monkeypatch.setattr(socket, "getaddrinfo", found(HOLE, ("127.0.0.1", port)))
        connects({HOLE: ConnectionRefusedError(errno.ECONNREFUSED, "refused")})
        async with Session("two.example", port) as session:
            first, second, *_ = session.transcript.events()
        assert isinstance(first, Note) and first.kind == TRIED
        assert re.fullmatch(
            rf"tried {re.escape('192.0.2.1:25')}: refused after [\d,]+ ms", first.text
        )
        assert isinstance(second, Connected)


async def test_ipv6_and_ipv4_are_tried_alternately(
    monkeypatch: pytest.MonkeyPatch, connects: Callable[..., list]
):
    six = [("2001:db8::1", 25), ("2001:db8::2", 25)]
    four = [("192.0.2.1", 25), ("192.0.2.2", 25), ("192.0.2.3", 25)]
    monkeypatch.setattr(socket, "getaddrinfo", found(*six, *four))
    refused = ConnectionRefusedError(errno.ECONNREFUSED, "refused")
    tried = connects(dict.fromkeys((*six, *four), refused))
    with pytest.raises(DialError):
        await dial(Target("many.example", 25), asyncio.Protocol, timeout=10)
    assert tried == [six[0], four[0], six[1], four[1], four[2]]


@pytest.mark.parametrize(
    ("six", "four", "cause"),
    [
        (errno.ENETUNREACH, errno.ECONNREFUSED, Cause.REFUSED),
        (errno.ECONNREFUSED, errno.ENETUNREACH, Cause.REFUSED),
        (errno.EADDRNOTAVAIL, errno.ETIMEDOUT, Cause.TIMED_OUT),
        (errno.ENETUNREACH, errno.EHOSTUNREACH, Cause.UNREACHABLE),
    ],
)
async def test_of_several_errors_the_most_informative_is_reported(
    monkeypatch: pytest.MonkeyPatch,
    connects: Callable[..., list],
    six: int,
    four: int,
    cause: Cause,
):
    where = [("2001:db8::1", 25), ("192.0.2.1", 25)]
    monkeypatch.setattr(socket, "getaddrinfo", found(*where))
    connects({where[0]: OSError(six, "six"), where[1]: OSError(four, "four")})
    with pytest.raises(DialError) as error:
        await dial(Target("two.example", 25), asyncio.Protocol, timeout=10)
    assert error.value.cause is cause


async def test_silence_everywhere_ends_with_the_timeout_and_closes_every_socket(
    monkeypatch: pytest.MonkeyPatch, connects: Callable[..., list]
):
    monkeypatch.setattr(module, "EYEBALLS", 0.001)
    other = ("192.0.2.2", 25)
    monkeypatch.setattr(socket, "getaddrinfo", found(HOLE, other))
    connects({HOLE: None, other: None})
    before = os.listdir("/dev/fd")
    tasks = asyncio.all_tasks()
    with pytest.raises(DialError) as error:
        await dial(Target("silent.example", 25), asyncio.Protocol, timeout=0.05)
    assert error.value.cause is Cause.TIMED_OUT
    assert error.value.detail == "silent.example:25 did not answer within 0.05 seconds."
    assert len(os.listdir("/dev/fd")) == len(before)
    assert asyncio.all_tasks() == tasks


async def test_every_address_that_was_tried_is_reported_with_its_outcome(
    monkeypatch: pytest.MonkeyPatch, connects: Callable[..., list]
):
    monkeypatch.setattr(module, "EYEBALLS", 0.01)
    refusing = ("192.0.2.2", 25)
    monkeypatch.setattr(socket, "getaddrinfo", found(HOLE, refusing))
    connects({HOLE: None, refusing: ConnectionRefusedError(errno.ECONNREFUSED, "refused")})
    with pytest.raises(DialError) as failed:
        await dial(Target("mail.example.org", 25), asyncio.Protocol, timeout=0.5)
    assert failed.value.cause is Cause.TIMED_OUT
    outcomes = {attempt.address: attempt.outcome for attempt in failed.value.attempts}
    assert outcomes == {"192.0.2.1:25": "no answer", "192.0.2.2:25": "refused"}
    silent = next(a for a in failed.value.attempts if a.address == "192.0.2.1:25")
    assert silent.seconds > 0
    assert str(silent).startswith("192.0.2.1:25: no answer after ")


async def test_without_an_address_nothing_was_tried(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(socket, "getaddrinfo", found())
    with pytest.raises(DialError) as failed:
        await dial(Target("mail.example.org", 25), asyncio.Protocol, timeout=1)
    assert failed.value.attempts == ()


async def test_ipv6():
    if not socket.has_ipv6:
        pytest.skip("this system has no IPv6")
    try:
        server = await asyncio.start_server(lambda r, w: w.close(), "::1", 0)
    except OSError:
        pytest.skip("this machine has no IPv6 address")
    async with server:
        port = server.sockets[0].getsockname()[1]
        transport, _ = await dial(Target("::1", port), asyncio.Protocol, timeout=10)
        assert transport.get_extra_info("peername")[:2] == ("::1", port)
        await ended(transport)


async def test_the_source_address_and_port_can_be_chosen():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        own = unused.getsockname()
    async with serving(script("S: 220 hi\nC: x")) as port:
        target = Target("127.0.0.1", port)
        transport, _ = await dial(target, asyncio.Protocol, timeout=10, source_address=own)
        assert transport.get_extra_info("sockname") == own
        await ended(transport)
        with pytest.raises(DialError) as error:
            await dial(target, asyncio.Protocol, timeout=10, source_address=("192.0.2.1", 0))
        assert error.value.cause is Cause.SOURCE_ADDRESS
        assert error.value.detail == "The source address 192.0.2.1 does not belong to this machine."


async def test_from_an_address_only_those_of_its_kind_are_tried(
    monkeypatch: pytest.MonkeyPatch, connects: Callable[..., list]
):
    """Otherwise bind() would fail for the other family, and the name would be called unknown."""
    refused = OSError(errno.ECONNREFUSED, "no")
    addresses = ("2001:db8::1", 25), HOLE
    monkeypatch.setattr(socket, "getaddrinfo", found(*addresses))
    tried = connects(dict.fromkeys(addresses, refused))
    with pytest.raises(DialError) as error:
        await dial(
            Target("both.example", 25), asyncio.Protocol, timeout=10,
            source_address=("127.0.0.1", 0),
        )  # fmt: skip
    assert error.value.cause is Cause.REFUSED
    assert tried == [HOLE]


async def test_a_source_address_of_a_family_that_the_server_lacks(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(socket, "getaddrinfo", found(HOLE))
    with pytest.raises(DialError) as error:
        await dial(
            Target("four.example", 25), asyncio.Protocol, timeout=10, source_address=("::1", 0)
        )
    assert error.value.detail == (
        "four.example:25 has no IPv6 address, so the source address ::1 cannot be used."
    )


async def test_each_stage_is_reported(monkeypatch: pytest.MonkeyPatch):
    stages: list[str] = []
    async with serving(script("S: 220 hi\nC: x")) as port:
        monkeypatch.setattr(socket, "getaddrinfo", found(("127.0.0.1", port)))
        transport, _ = await dial(
            Target("mail.example", port), asyncio.Protocol, timeout=10, stage=stages.append
        )
        await ended(transport)
    assert stages == ["looking up the name", "connecting"]


def gai(number: int) -> Callable[..., Iterator[object]]:
    def fails(*_: object, **__: object) -> Iterator[object]:
        raise socket.gaierror(number, "no")

    return fails


@pytest.mark.parametrize(
    ("number", "cause", "said"),
    [
        (socket.EAI_NONAME, Cause.NAME_NOT_FOUND, "The name lost.example could not be found."),
        (
            socket.EAI_AGAIN,
            Cause.NO_DNS,
            "The name lost.example could not be looked up because no DNS server answered.",
        ),
    ],
)
async def test_a_name_that_is_not_found(
    monkeypatch: pytest.MonkeyPatch, number: int, cause: Cause, said: str
):
    monkeypatch.setattr(socket, "getaddrinfo", gai(number))
    with pytest.raises(DialError) as error:
        await dial(Target("lost.example", 25), asyncio.Protocol, timeout=10)
    assert (error.value.cause, error.value.detail) == (cause, said)


@pytest.mark.parametrize("host", ["a" * 70 + ".example", "a..b", "\u00df" * 80])
async def test_an_invalid_name(host: str):
    with pytest.raises(DialError) as error:
        await dial(Target(host, 25), asyncio.Protocol, timeout=10)
    assert error.value.cause is Cause.NOT_A_NAME


async def test_a_name_without_an_address(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(socket, "getaddrinfo", found())
    with pytest.raises(DialError) as error:
        await dial(Target("empty.example", 25), asyncio.Protocol, timeout=10)
    assert error.value.cause is Cause.NAME_NOT_FOUND


async def test_a_fault_of_a_socket_file_is_explained(tmp_path: Path):
    (tmp_path / "file").write_text("")
    gone = tmp_path / "gone"
    with socket.socket(socket.AF_UNIX) as left_behind:
        left_behind.bind(str(gone))
    datagrams = tmp_path / "datagrams"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as other:
        other.bind(str(datagrams))
        told: dict[str, tuple[Cause, str]] = {}
        for name in ("nothing", "file/under", "file", "gone", "datagrams", "x" * 200):
            with pytest.raises(DialError) as error:
                await dial(Target(path=f"{tmp_path}/{name}"), asyncio.Protocol, timeout=10)
            told[name] = (error.value.cause, error.value.detail.replace(f"{tmp_path}/", ""))
    assert told == {
        "nothing": (Cause.NO_SOCKET, "The socket nothing does not exist."),
        "file/under": (Cause.NO_SOCKET, "The socket file/under does not exist."),
        "file": (Cause.NO_SOCKET, "No server is listening on the socket file."),
        "gone": (Cause.NO_SOCKET, "No server is listening on the socket gone."),
        "datagrams": (Cause.NO_SOCKET, "datagrams is a socket of a different type."),
        "x" * 200: (Cause.NO_SOCKET, f"The path of the socket is too long: {'x' * 200}."),
    }


async def test_a_socket_file(tmp_path: Path):
    path = str(tmp_path / "socket")
    server = await asyncio.start_unix_server(lambda r, w: w.close(), path)
    async with server:
        transport, _ = await dial(Target(path=path), asyncio.Protocol, timeout=10)
        await ended(transport)


@for_each(
    [
        (errno.ECONNREFUSED, Cause.REFUSED),
        (errno.ETIMEDOUT, Cause.TIMED_OUT),
        (errno.ECONNRESET, Cause.RESET),
        (errno.ENETUNREACH, Cause.UNREACHABLE),
        (errno.EHOSTUNREACH, Cause.UNREACHABLE),
        (errno.EACCES, Cause.NOT_PERMITTED),
        (errno.EMFILE, Cause.OTHER),
        (errno.EIO, Cause.OTHER),
    ]
)
def test_every_error_of_the_system_becomes_one_sentence(number: int, cause: Cause):
    error = explained(OSError(number, os.strerror(number)), "mail.example:25")
    assert error.cause is cause
    assert error.detail.endswith(".")
    assert not error.detail.endswith("..")
    assert "[Errno" not in error.detail


async def test_cancelling_closes_every_socket(
    monkeypatch: pytest.MonkeyPatch, connects: Callable[..., list]
):
    monkeypatch.setattr(socket, "getaddrinfo", found(HOLE))
    reached = asyncio.Event()
    connects({HOLE: reached})
    before = os.listdir("/dev/fd")
    task = asyncio.ensure_future(dial(Target("silent.example", 25), asyncio.Protocol, timeout=10))
    await reached.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert len(os.listdir("/dev/fd")) == len(before)
