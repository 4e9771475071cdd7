"""The mail exchangers of a domain, looked up on our own DNS server on a loopback port.

RFC 5321 section 5.1; RFC 7505.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import dns.asyncresolver
import dns.message
import dns.rcode
import dns.rrset
import pytest
from heloscope.session import Session
from heloscope.session.aio import connection
from heloscope.session.events import Cause, Note
from heloscope.session.net import exchangers as module
from heloscope.session.net.dial import DialError
from heloscope.session.net.exchangers import Exchanger, exchangers
from heloscope.session.target import Target, parse_target
from support.servers import VerbServer, serving


class Names(asyncio.DatagramProtocol):
    """Answers MX queries from a table; domains that are not in it do not exist."""

    def __init__(self, table: dict[str, list[str]]) -> None:
        self._table = table
        self.transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def datagram_received(self, data: bytes, addr: Any) -> None:
        query = dns.message.from_wire(data)
        answer = dns.message.make_response(query)
        name = query.question[0].name
        records = self._table.get(name.to_text(omit_final_dot=True))
        if records is None:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        elif records:
            answer.answer.append(dns.rrset.from_text(name, 60, "IN", "MX", *records))
        assert self.transport is not None
        self.transport.sendto(answer.to_wire(), addr)


@contextlib.asynccontextmanager
async def resolving(table: dict[str, list[str]]) -> AsyncIterator[dns.asyncresolver.Resolver]:
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(
        lambda: Names(table), local_addr=("127.0.0.1", 0)
    )
    resolver = dns.asyncresolver.Resolver(configure=False)
    resolver.nameservers = ["127.0.0.1"]
    resolver.port = transport.get_extra_info("sockname")[1]
    try:
        yield resolver
    finally:
        transport.close()


async def found(table: dict[str, list[str]], domain: str) -> list[Exchanger]:
    async with resolving(table) as resolver:
        return await exchangers(domain, timeout=5, resolver=resolver)


async def test_the_lowest_preference_comes_first():
    table = {"example.org": ["20 b.example.", "10 a.example.", "30 c.example."]}
    assert await found(table, "example.org") == [
        (10, "a.example"), (20, "b.example"), (30, "c.example"),
    ]  # fmt: skip


async def test_a_domain_without_mx_is_its_own_exchanger():
    assert await found({"example.org": []}, "example.org") == [(None, "example.org")]


async def test_a_domain_in_another_script_is_asked_for_in_a_labels():
    table = {"xn--bcher-kva.example": ["10 a.example."]}
    assert await found(table, "bücher.example") == [(10, "a.example")]


@pytest.mark.parametrize(
    ("domain", "cause", "said"),
    [
        (
            "null.example",
            Cause.NO_EXCHANGER,
            "null.example does not accept mail: its MX is null (RFC 7505).",
        ),
        ("none.example", Cause.NO_EXCHANGER, "The domain none.example does not exist."),
        (f"{'a' * 64}.example", Cause.NOT_A_NAME, "is not a valid domain."),
    ],
)
async def test_a_domain_that_does_not_accept_mail(domain: str, cause: Cause, said: str):
    with pytest.raises(DialError) as error:
        await found({"null.example": ["0 ."]}, domain)
    assert said in error.value.detail
    assert error.value.cause is cause


async def test_a_dns_server_that_does_not_answer_is_reported():
    resolver = dns.asyncresolver.Resolver(configure=False)
    resolver.nameservers = ["127.0.0.1"]
    resolver.port = 1
    with pytest.raises(DialError) as error:
        await exchangers("example.org", timeout=0.2, resolver=resolver)
    assert "The MX of example.org could not be looked up" in error.value.detail
    assert error.value.cause is Cause.NO_DNS


async def test_a_session_connects_to_the_first_reachable_exchanger(monkeypatch: pytest.MonkeyPatch):
    async def both(domain: str, *, timeout: float) -> list[Exchanger]:
        return [Exchanger(10, "127.0.0.9"), Exchanger(20, "127.0.0.1")]

    monkeypatch.setattr(module, "exchangers", both)
    async with serving(VerbServer()) as port:
        session = Session(Target("example.org", port, mx=True), timeout=10)
        async with session:
            assert session.target == Target("127.0.0.1", port)
    notes = [m.text for m in session.transcript.marks_after(0) if isinstance(m, Note)]
    assert notes[0] == "MX 1 of 2: 127.0.0.9, preference 10"
    assert "MX 2 of 2: 127.0.0.1, preference 20" in notes


async def test_where_none_can_be_reached_the_domain_stays_the_target(
    monkeypatch: pytest.MonkeyPatch,
):
    async def one(domain: str, *, timeout: float) -> list[Exchanger]:
        return [Exchanger(10, "127.0.0.1")]

    monkeypatch.setattr(module, "exchangers", one)
    session = Session(Target("example.org", 1, mx=True), timeout=10)
    with pytest.raises(DialError):
        await session.connect()
    assert session.target == Target("example.org", 1, mx=True)

    async def many(domain: str, *, timeout: float) -> list[Exchanger]:
        return [Exchanger(10, "127.0.0.1")] * 500

    monkeypatch.setattr(module, "exchangers", many)
    with pytest.raises(DialError, match=r"refused.* Only 10 of the domain's 500 MX were tried\.$"):
        await session.connect()
    assert session.target == Target("example.org", 1, mx=True)
    notes = [m.text for m in session.transcript.marks_after(0) if isinstance(m, Note)]
    assert [n.split(":")[0] for n in notes if n.startswith("MX ")][-1] == "MX 10 of 500"


async def test_cancelled_while_an_exchanger_is_connected_to_the_domain_stays_the_target(
    monkeypatch: pytest.MonkeyPatch,
):
    async def one(domain: str, *, timeout: float) -> list[Exchanger]:
        return [Exchanger(10, "127.0.0.1")]

    dialling = asyncio.Event()

    async def never(*_: object, **__: object) -> None:
        dialling.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(module, "exchangers", one)
    monkeypatch.setattr(connection, "dial", never)
    session = Session(Target("example.org", 25, mx=True))
    async with asyncio.TaskGroup() as group:
        connecting = group.create_task(session.connect())
        await dialling.wait()
        assert session.target == Target("127.0.0.1", 25)
        connecting.cancel()
    assert connecting.cancelled()
    assert session.target == Target("example.org", 25, mx=True)


def test_an_mx_target_is_a_domain_and_port_25():
    assert parse_target("mx:example.org") == Target("example.org", 25, mx=True)
