"""The practice server starts and stops, and leaves nothing behind."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import pytest
from heloscope.session.practice import limits
from heloscope.session.practice.server import PracticeServer
from support.practice_server import TRANSACTION, practising, talking


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


async def test_stopping_does_not_wait_for_a_client_that_takes_nothing(
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


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"clock": "greylist"}, "clock must be a function, not str; scenario= takes a scenario"),
        ({"clock": 5}, "clock must be a function, not int"),
        ({"scenario": 5}, "a scenario is a name or a Scenario, not int"),
    ],
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
