"""How much memory and time a client can make the practice server spend."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable

import pytest
from heloscope.session.practice import limits
from heloscope.session.practice.server import PracticeServer
from hypothesis import given, settings
from hypothesis import strategies as st
from support.practice_server import TRANSACTION, practising, talking, unverified


def kept(server: PracticeServer) -> int:
    return server.mailboxes._kept


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not holds():  # noqa: ASYNC110 (the server has no event for it)
            await asyncio.sleep(0)


async def test_an_unfinished_message_counts_until_its_connection_is_gone():
    async with practising() as server:
        async with talking(server, *TRANSACTION, "DATA") as client:
            await client.send(b"x\r\n" * 10_000)
            await until(lambda: kept(server) >= 30_000)
        await until(lambda: kept(server) == 0)


async def test_the_total_size_of_unfinished_messages_is_limited(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "KEPT", 80_000)
    async with (
        practising() as server,
        talking(server, *TRANSACTION, "DATA") as one,
        talking(server, *TRANSACTION, "DATA") as two,
    ):
        await one.send(b"x\r\n" * 15_000)
        await until(lambda: kept(server) >= 30_000)
        assert await two.code("x\r\n" * 15_000 + ".") == "452 4.3.1"
        assert await one.code(".") == "250 2.0.0"
        assert await two.code(*TRANSACTION[1:], "DATA", "x\r\n" * 15_000 + ".") == "452 4.3.1"


async def test_an_envelope_counts_and_a_reset_gives_it_back(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "KEPT", 3000)
    rcpt = "RCPT TO:<alice@practice.test> ORCPT=rfc822;" + "x" * 400
    async with practising() as server, talking(server, *TRANSACTION[:2]) as client:
        codes = [await client.code(rcpt) for _ in range(6)]
        assert codes == ["250 2.1.5"] * 4 + ["452 4.3.1"] * 2
        await client.say("RSET")
        assert kept(server) == 0


async def test_chunks_count_too(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "KEPT", 5000)
    async with practising() as server, talking(server, *TRANSACTION) as client:
        assert await client.code("BDAT 4000\r\n" + "x" * 3998) == "250 2.0.0"
        assert await client.code("BDAT 4000\r\n" + "x" * 3998) == "452 4.3.1"
        await client.say("RSET")
        assert kept(server) == 0


async def test_the_number_of_lines_of_a_message_is_limited(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "LINES", 10)
    async with practising() as server, talking(server, *TRANSACTION, "DATA") as client:
        assert await client.code("x\r\n" * 10 + ".") == "250 2.0.0"
        assert await client.code(*TRANSACTION[1:], "DATA") == "354 Send"
        assert await client.code("x\r\n" * 11 + ".") == "552 5.3.4"
        await client.say(*TRANSACTION[1:])
        assert await client.code("BDAT 22 LAST\r\n" + "\r\n" * 10) == "552 5.3.4"
        assert len(server.mailboxes.of["alice"]) == 1


async def test_a_line_without_an_end_is_cut_off(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "ENDLESS", 100_000)
    async with practising() as server, talking(server) as client:
        await client.send(b"x" * 200_000)
        assert (await client.reply())[0].startswith(b"500 5.5.2 ")
        assert await client.reply() == []


async def test_a_chunk_is_not_a_line(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "ENDLESS", 100_000)
    async with practising() as server, talking(server, *TRANSACTION) as client:
        assert await client.code("BDAT 300000\r\n" + "x" * 299_998) == "250 2.0.0"


async def test_one_connection_too_many_is_reported_and_the_next_gets_its_place(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(limits, "CONNECTIONS", 2)
    async with practising() as server:
        async with talking(server) as one, talking(server):
            reader, writer = await asyncio.open_connection(server.host, server.port)
            assert (await reader.read()).startswith(b"421 practice.test ")
            writer.close()
            with pytest.raises(OSError):
                await asyncio.open_connection(server.host, server.tls_port, ssl=unverified())
            assert await one.code("NOOP") == "250 2.0.0"
        await until(lambda: not server._open())
        async with talking(server) as client:
            assert await client.code("NOOP") == "250 2.0.0"


async def test_a_client_that_stops_within_a_message_is_disconnected(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(limits, "MESSAGE_TIMEOUT", 0.05)
    async with practising() as server, talking(server, *TRANSACTION, "DATA") as client:
        await client.send(b"half a mess")
        assert (await client.reply())[0].startswith(b"421 4.4.2 ")
        assert await client.reply() == []


async def test_a_client_that_does_not_read_is_disconnected(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "UNREAD_TIMEOUT", 0.05)
    async with practising() as server:
        loop = asyncio.get_running_loop()
        with socket.socket() as deaf:
            deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            deaf.setblocking(False)
            await loop.sock_connect(deaf, (server.host, server.port))
            await loop.sock_recv(deaf, 100)
            [connection] = server._connections
            with pytest.raises(ConnectionError):
                while True:
                    await asyncio.wait_for(loop.sock_sendall(deaf, b"HELP\r\n" * 1000), 20)
            await connection.gone


async def test_unknown_commands_leave_nothing_in_memory():
    async with practising() as server, talking(server, "EHLO me") as client:
        [connection] = server._connections
        before = len(connection.command_size_limits)
        for number in range(50):
            await client.say(f"XX{number}")
        assert len(connection.command_size_limits) == before


@pytest.mark.parametrize(
    "path",
    ["(" * 1000, "<" + "(" * 1000, "<" * 1000, '"' * 999, "<[" * 400, "<@" * 400, "<a@" * 400,
     "<a@b> SIZE=\u00b2", "<" + "a." * 500 + ">", "\\" * 1000,
     "<=?utf-8?q?" + "?" * 900, "<>" * 500],
)  # fmt: skip
async def test_no_path_is_too_complex(path: str):
    async with practising() as server, talking(server, "EHLO me") as client:
        code = await client.code(f"MAIL FROM:{path}")
        assert code.startswith(("250 ", "5"))  # not 451, an internal error
        assert await client.code("RSET") == "250 2.0.0"


@settings(max_examples=60, deadline=None)
@given(
    words=st.lists(st.sampled_from('<>@"\\()[],.:;= a\t\u00e9\0'), max_size=200),
    times=st.integers(1, 9),
)
def test_no_argument_is_an_internal_error(words: list[str], times: int):
    async def run() -> None:
        async with practising() as server, talking(server, "EHLO me") as client:
            for command in ("MAIL FROM:", "RCPT TO:", "VRFY ", "EXPN ", "AUTH ", "BDAT ", "HELP "):
                code = await client.code(command + "".join(words) * times)
                assert not code.startswith("451")

    asyncio.run(run())


@pytest.mark.parametrize(
    ("lines", "least"),
    [(["NOOP"] * 2000, 2000), ([*TRANSACTION[1:], "DATA", *["x."] * 10_000, "."], 100)],
    ids=["commands", "lines of a message"],
)
async def test_what_is_sent_at_once_lets_the_others_have_their_turn(lines: list[str], least: int):
    async with practising() as server, talking(server, "EHLO me") as client:
        turns = 0

        async def other() -> None:
            nonlocal turns
            while True:
                await asyncio.sleep(0)
                turns += 1

        async with asyncio.TaskGroup() as group:
            task = group.create_task(other())
            await client.send("".join(f"{line}\r\n" for line in lines).encode())
            for _ in range(lines.count("NOOP") or 4):
                await client.reply()
            task.cancel()
        assert turns >= least
