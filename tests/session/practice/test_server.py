"""The practice server starts and stops, and leaves nothing behind."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from typing import Any

import pytest
from heloscope.session.practice import limits
from heloscope.session.practice.server import PracticeServer
from heloscope.session.sync.smtp import SMTP
from support.practice_server import TRANSACTION, practising, talking
from support.rows import for_each


async def test_it_listens_on_loopback_only_on_a_port_of_the_systems_choosing():
    async with practising() as one, practising() as two:
        assert one.host == "127.0.0.1"
        assert len({one.port, one.tls_port, two.port, two.tls_port} - {0}) == 4
        listening = [socket for server in one._servers for socket in server.sockets]
        assert [s.getsockname()[0] for s in listening] == ["127.0.0.1"] * 4


async def test_stopping_ends_every_connection_and_leaves_no_task():
    before = asyncio.all_tasks()
    server = PracticeServer()
    await server.start()
    async with (
        talking(server) as idle,
        talking(server, *TRANSACTION, "DATA") as in_a_message,
        talking(server) as within_a_line,
    ):
        await in_a_message.send(b"half a mess")
        await within_a_line.send(b"NO")
        await server.stop()
        assert asyncio.all_tasks() == before
        for client in (idle, in_a_message, within_a_line):
            assert await client.reply() == []
    with pytest.raises(OSError):
        await asyncio.open_connection(server.host, server.port)
    await server.stop()


async def test_stopping_does_not_wait_for_a_client_that_does_not_read(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(limits, "CLOSE_TIMEOUT", 0.05)
    server = PracticeServer()
    await server.start()
    before = asyncio.all_tasks()
    loop = asyncio.get_running_loop()
    with socket.socket() as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        deaf.setblocking(False)
        await loop.sock_connect(deaf, (server.host, server.port))
        await loop.sock_recv(deaf, 100)
        [connection] = server._connections
        transport = connection.transport
        assert isinstance(transport, asyncio.Transport)
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        while not transport.get_write_buffer_size():
            await loop.sock_sendall(deaf, b"HELP\r\n" * 100)
            await asyncio.sleep(0)
        await server.stop()
        assert asyncio.all_tasks() == before


async def test_it_is_not_started_twice():
    async with practising() as server:
        with pytest.raises(RuntimeError) as refused:
            await server.start()
        assert str(refused.value) == (
            f"this server is already listening on port {server.port}; stop it first"
        )
        async with talking(server) as client:  # and goes on
            assert await client.code("NOOP") == "250 2.0.0"


def test_a_program_without_asyncio_has_it_in_a_thread():
    received: list[bytes] = []
    before = threading.active_count()
    with PracticeServer() as server:
        server.mailboxes.subscribe(lambda message: received.append(message.content))
        with SMTP(server.host, server.port) as smtp:
            smtp.starttls(context=ssl.create_default_context(cafile=server.ca_file()))
            smtp.sendmail("you@example.org", "alice@practice.test", b"Subject: hello\r\n")
        assert [m.content for m in server.mailboxes.of["alice"]] == [b"Subject: hello\r\n"]
    assert received == [b"Subject: hello\r\n"]
    assert threading.active_count() == before
    with pytest.raises(ConnectionRefusedError):
        SMTP(server.host, server.port)


def test_a_server_in_a_thread_can_be_started_again():
    server = PracticeServer()
    for _ in range(2):
        with server, SMTP(server.host, server.port) as smtp:
            assert smtp.noop() == (250, b"2.0.0 OK")


def test_what_keeps_it_from_starting_in_a_thread_is_raised_in_the_program():
    before = threading.active_count()
    with pytest.raises(OSError), PracticeServer(host="192.0.2.1"):
        pass
    assert threading.active_count() == before


async def test_the_server_reports_its_addresses():
    server = PracticeServer(scenario="greylist")
    assert repr(server) == "<PracticeServer: not started, greylist>"
    async with server:
        assert repr(server) == f"<PracticeServer: 127.0.0.1:{server.port}, greylist>"


@for_each(
    [
        ({"clock": "greylist"}, "clock must be a function, not str; pass a scenario as scenario="),
        ({"clock": 5}, "clock must be a function, not int"),
        ({"scenario": 5}, "scenario must be a name or a Scenario, not int"),
        ({"host": 5}, "host must be a string, not int"),
        ({"patience": "5"}, "patience must be a number of seconds, not str"),
    ]
)
def test_what_is_of_another_type_is_refused(wrong: dict[str, Any], said: str):
    with pytest.raises(TypeError) as refused:
        PracticeServer(**wrong)
    assert str(refused.value) == said


async def test_async_with_starts_it_unless_it_was_started_and_stops_it():
    async with PracticeServer() as server:
        port = server.port
        async with server as same, talking(same) as client:
            assert same.port == port
            assert await client.code("NOOP") == "250 2.0.0"
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection(server.host, port)


async def test_it_can_be_started_again_and_its_mailboxes_outlive_it():
    server = PracticeServer()
    await server.start()
    async with talking(server, *TRANSACTION, "DATA") as client:
        await client.say("hello\r\n.")
    await server.stop()
    await server.start()
    async with talking(server) as client:
        assert await client.code("NOOP") == "250 2.0.0"
    await server.stop()
    assert [message.content for message in server.mailboxes.of["alice"]] == [b"hello\r\n"]
