"""The name that a client sends in EHLO: a full name or an address literal, found quickly.

RFC 5321 section 4.1.4: a client without a meaningful name sends the address of the connection.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from itertools import product

import pytest
from heloscope.session import SMTP, Session
from heloscope.session.aio.dialling import host_name
from heloscope.session.net import hostname
from heloscope.session.net.hostname import address_literal, full_name, own_name, sendable
from support.rows import for_each
from support.servers import VerbServer, serving
from support.smtplib_oracle import Says, TableServer

NOT_SENDABLE = ["Дмитрий-ПК.local", "my pc.example.org", "a\x00.example", "x" * 256, ""]
NO_DOMAIN = [
    "me",
    "a\r\nb.example",
    "my_pc.example.org",
    "-a.example.org",
    "a..example.org",
    "x" * 64 + ".example",
]


def test_a_full_name_is_used_as_it_is(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(socket, "getfqdn", lambda: "me.example.org")
    assert own_name() == "me.example.org"


def test_without_a_full_name_the_address_is_sent_as_a_literal(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(socket, "getfqdn", lambda: "me")
    monkeypatch.setattr(socket, "gethostbyname", lambda name: "192.0.2.1")
    assert own_name() == "[192.0.2.1]"


@pytest.mark.parametrize("error", [socket.gaierror("no"), UnicodeError("no")])
def test_a_name_that_cannot_be_looked_up_is_replaced_by_loopback(
    monkeypatch: pytest.MonkeyPatch, error: Exception
):
    def fails(*_: object) -> str:
        raise error

    monkeypatch.setattr(socket, "getfqdn", lambda: "me")
    monkeypatch.setattr(socket, "gethostbyname", fails)
    assert own_name() == "[127.0.0.1]"


def test_the_full_name_is_that_of_getfqdn():
    assert full_name() == socket.getfqdn()


async def test_the_name_is_looked_up_in_a_thread(monkeypatch: pytest.MonkeyPatch):
    threads: list[str] = []

    def name() -> str:
        threads.append(threading.current_thread().name)
        return "me.example.org"

    monkeypatch.setattr(hostname, "full_name", name)
    assert await host_name() == "me.example.org"
    assert threads == ["own-name"]


async def test_a_resolver_that_hangs_is_not_waited_for(monkeypatch: pytest.MonkeyPatch):
    release = threading.Event()
    monkeypatch.setattr(hostname, "full_name", lambda: str(release.wait(10)) + ".late")
    try:
        assert await host_name(limit=0.01) == ""
    finally:
        release.set()


def test_a_name_found_after_the_end_of_the_loop_is_ignored(
    monkeypatch: pytest.MonkeyPatch,
):
    release = threading.Event()
    monkeypatch.setattr(hostname, "full_name", lambda: str(release.wait(10)) + ".late")
    assert asyncio.run(host_name(limit=0.01)) == ""
    release.set()
    for thread in threading.enumerate():
        if thread.name == "own-name":
            thread.join(10)


@for_each(
    [
        ("192.0.2.1:50000", "[192.0.2.1]"),
        ("[::1]:50000", "[IPv6:::1]"),
        ("[2001:db8::25]:50000", "[IPv6:2001:db8::25]"),
        ("[fe80::1%eth0]:50000", "[IPv6:fe80::1]"),
        ("[::ffff:192.0.2.1]:50000", "[192.0.2.1]"),
        ("/run/lmtp", "[127.0.0.1]"),
        ("", "[127.0.0.1]"),
    ]
)
def test_an_address_as_a_literal(local: str, literal: str):
    assert address_literal(local) == literal


@for_each(NOT_SENDABLE)
def test_a_name_that_cannot_be_sent_as_one_word(name: str):
    assert not sendable(name)


@pytest.mark.parametrize("name", ["me", "my_pc.example.org", "[192.0.2.1]", "a.example.org"])
def test_a_name_that_a_user_may_want_to_send(name: str):
    assert sendable(name)


async def greeted(host: str, name: str | None = None) -> bytes:
    """Return the EHLO line that a Session sends after connecting to `host`."""
    server = VerbServer()
    async with serving(server, host=host) as port:
        session = Session(host, port, timeout=20, local_hostname=name)
        await session.connect()
        await session.ehlo()
        await session.close()
    return server.heard[0]


@pytest.mark.parametrize(
    ("host", "literal"), [("127.0.0.1", b"[127.0.0.1]"), ("::1", b"[IPv6:::1]")]
)
@pytest.mark.parametrize("name", [*NOT_SENDABLE, *NO_DOMAIN])
async def test_a_session_without_a_proper_name_sends_the_address_of_this_connection(
    monkeypatch: pytest.MonkeyPatch, name: str, host: str, literal: bytes
):
    monkeypatch.setattr(hostname, "full_name", lambda: name)
    assert await greeted(host) == b"EHLO " + literal + b"\r\n"


@pytest.mark.parametrize("name", [name for name in NOT_SENDABLE if "\0" not in name])
async def test_a_name_given_that_cannot_be_sent_is_replaced_by_the_address(name: str):
    assert await greeted("::1", name) == b"EHLO [IPv6:::1]\r\n"


async def test_a_name_given_that_can_be_sent_is_sent():
    assert await greeted("127.0.0.1", "my_pc") == b"EHLO my_pc\r\n"


async def test_a_second_connection_sends_its_own_address(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(hostname, "full_name", lambda: "me")
    first, second = VerbServer(), VerbServer()
    async with serving(first) as port:
        session = Session(f"127.0.0.1:{port}", timeout=20)
        await session.connect()
        await session.ehlo()
        await session.close()
    async with serving(second, host="::1") as port:
        await session.connect("::1", port)
        await session.helo()
        await session.close()
    assert first.heard[0] == b"EHLO [127.0.0.1]\r\n"
    assert second.heard[0] == b"HELO [IPv6:::1]\r\n"


@for_each(product(NOT_SENDABLE, ["ehlo", "helo"]))
def test_the_drop_in_sends_the_address_only_if_the_name_cannot_be_sent(name: str, verb: str):
    server = TableServer()
    with server.playing(Says()) as got:
        smtp = SMTP("127.0.0.1", server.port, local_hostname=name)
        assert smtp.local_hostname == name, "as smtplib has it"
        assert getattr(smtp, verb)()[0] == 250
        smtp.close()
    server.close()
    assert bytes(got) == verb.encode() + b" [127.0.0.1]\r\n"


def test_a_name_with_a_line_ending_is_refused_as_smtplib_refuses_it():
    server = TableServer()
    with server.playing(Says()):
        smtp = SMTP("127.0.0.1", server.port, local_hostname="a\r\nRCPT TO:<x>")
        with pytest.raises(ValueError, match="prohibited newline"):
            smtp.ehlo()
        smtp.close()
    server.close()


def test_the_drop_in_sends_what_smtplib_sends_where_it_can_be_sent():
    server = TableServer()
    with server.playing(Says()) as got:
        smtp = SMTP("127.0.0.1", server.port, local_hostname="my_pc")
        smtp.ehlo()
        smtp.close()
    server.close()
    assert bytes(got) == b"ehlo my_pc\r\n"
