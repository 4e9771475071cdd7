"""BDAT (RFC 3030), groups of commands (RFC 2920) and DSN (RFC 3461) at the practice server."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from heloscope.session.aio.session import Session
from heloscope.session.practice.limits import SIZE
from heloscope.session.practice.server import PracticeServer
from support.practice_server import TRANSACTION, Client, practising, talking

ODD = b"Subject: x\r\n\r\nNUL \0, a bare \n, a bare \r\n.\r\n..\r\n\xff no end"


def kept(server: PracticeServer, name: str = "alice") -> Sequence[bytes]:
    return [message.content for message in server.mailboxes.of[name]]


async def chunk(client: Client, octets: bytes, last: str = "") -> str:
    await client.send(b"BDAT %d%s\r\n%s" % (len(octets), last.encode(), octets))
    [line] = await client.reply()
    return line.decode()[:9]


@pytest.mark.parametrize("size", [1, 7, 1000])
async def test_chunks_are_joined_byte_for_byte(size: int):
    async with practising() as server, talking(server, *TRANSACTION) as client:
        for at in range(0, len(ODD), size):
            assert await chunk(client, ODD[at : at + size]) == "250 2.0.0"
        assert await chunk(client, b"", " LAST") == "250 2.0.0"
        assert kept(server) == [ODD]
        assert await client.code("DATA") == "503 5.5.1"  # the transaction is over


async def test_one_last_chunk_is_enough_and_so_is_an_empty_message():
    async with practising() as server, talking(server, *TRANSACTION) as client:
        assert await chunk(client, ODD, " last") == "250 2.0.0"
        assert await client.code(*TRANSACTION, "BDAT 0 LAST") == "250 2.0.0"
        assert kept(server) == [ODD, b""]


async def test_the_octets_of_a_refused_chunk_are_not_commands():
    async with practising() as server, talking(server, "EHLO me.example") as client:
        assert await chunk(client, b"QUIT\r\n") == "503 5.5.1"
        assert await chunk(client, b"QUIT\r\n" * 20_000, " LAST") == "503 5.5.1"
        assert await client.code("NOOP") == "250 2.0.0"


async def test_data_and_bdat_do_not_mix_and_rset_discards_the_chunks():
    async with practising() as server, talking(server, *TRANSACTION) as client:
        assert await chunk(client, b"one") == "250 2.0.0"
        for line in ("DATA", "MAIL FROM:<b@example.org>", "RCPT TO:<bob@practice.test>"):
            assert await client.code(line) == "503 5.5.1"
        assert await client.code("RSET", *TRANSACTION[1:]) == "250 2.1.5"
        assert await chunk(client, b"two", " LAST") == "250 2.0.0"
        assert kept(server) == [b"two"]


async def test_what_is_too_big_is_read_refused_and_needs_rset():
    piece = b"x" * 998 + b"\r\n"
    async with practising() as server, talking(server, *TRANSACTION) as client:
        half = piece * (SIZE // 2000)
        assert await chunk(client, half) == "250 2.0.0"
        assert await chunk(client, half + piece * 900) == "552 5.3.4"
        assert await chunk(client, b"more") == "503 5.5.1"
        assert await chunk(client, b"", " LAST") == "503 5.5.1"
        assert await client.code("DATA") == "503 5.5.1"
        assert await client.code("RSET", *TRANSACTION[1:]) == "250 2.1.5"
        assert await chunk(client, half + half + piece * 900, " LAST") == "552 5.3.4"
        assert await client.code("NOOP") == "250 2.0.0"
        assert kept(server) == []


async def test_a_group_is_answered_command_by_command_even_after_a_message():
    async with practising() as server, talking(server, "EHLO me.example") as client:
        await client.send(
            b"MAIL FROM:<me@example.org>\r\nRCPT TO:<x@practice.test>\r\n"
            b"RCPT TO:<alice@practice.test>\r\nDATA\r\n..dot\r\n.\r\n"
            b"MAIL FROM:<>\r\nRCPT TO:<bob@practice.test>\r\nBDAT 3\r\nabcBDAT 2 LAST\r\n\r\n"
            b"NOOP\r\n"
        )
        replies = [(await client.reply())[-1][:9].decode() for _ in range(10)]
        assert replies == [
            "250 2.1.0", "550 5.1.1", "250 2.1.5", "354 Send ", "250 2.0.0",
            "250 2.1.0", "250 2.1.5", "250 2.0.0", "250 2.0.0", "250 2.0.0",
        ]  # fmt: skip
        assert kept(server) == [b".dot\r\n"]
        assert kept(server, "bob") == [b"abc\r\n"]


@pytest.mark.parametrize("how", [{"pipelining": True}, {"pipelining": False}, {"chunking": True}])
async def test_session_delivers_a_message_as_it_is(how: dict[str, Any]):
    text = b"Subject: hi\r\n\r\n.\r\n..dots\r\n8-bit: \xc3\xa9\r\n"
    async with (
        practising() as server,
        Session(server.host, server.port, timeout=10, local_hostname="me") as session,
    ):
        refused = await session.sendmail(
            "j\u00fcrgen@example.org", ["alice@practice.test", "x@practice.test"], text,
            ["BODY=8BITMIME", "SMTPUTF8"], **how,
        )  # fmt: skip
        assert [*refused] == ["x@practice.test"]
        assert kept(server) == [text]
        assert server.mailboxes.of["alice"][0].sender == "j\u00fcrgen@example.org"


async def test_dsn_parameters_are_kept_as_they_were_typed():
    async with practising() as server, talking(server, "EHLO me.example") as client:
        lines = (
            "MAIL FROM:<me@example.org> RET=hdrs ENVID=Qq+3D BODY=8BITMIME",
            'RCPT TO:<alice@practice.test> NOTIFY=Success,DELAY ORCPT=rfc822;"a+20b"@Example.org',
        )
        assert await client.code(*lines) == "250 2.1.5"
        assert await chunk(client, b"hi", " LAST") == "250 2.0.0"
        assert server.mailboxes.of["alice"][0].parameters == (
            "RET=hdrs", "ENVID=Qq+3D", "BODY=8BITMIME",
            "NOTIFY=Success,DELAY", 'ORCPT=rfc822;"a+20b"@Example.org',
        )  # fmt: skip


async def test_after_helo_there_are_no_parameters():
    async with practising() as server, talking(server, "HELO me.example") as client:
        assert await client.code("MAIL FROM:<me@example.org> RET=HDRS") == "555 5.5.4"
        assert await client.code("MAIL FROM:<me@example.org>") == "250 2.1.0"
        assert await client.code("RCPT TO:<alice@practice.test> NOTIFY=NEVER") == "555 5.5.4"
