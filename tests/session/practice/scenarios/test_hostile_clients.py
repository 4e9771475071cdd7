"""No client can break a scenario: whatever it sends, the server logs no error and continues."""

from __future__ import annotations

import asyncio
import logging
import random

import pytest
from heloscope.session.practice.scenarios.table import SCENARIOS, named, with_fields
from support.practice_server import Client, practising, talking

PIECES = (
    b"EHLO x", b"HELO y.example", b"LHLO z", b"MAIL FROM:<a@b.example>", b"MAIL FROM:<>",
    b"RCPT TO:<alice@practice.test>", b"RCPT TO:<late@practice.test>", b"RCPT TO:", b"DATA",
    b"BDAT 3 LAST\r\nabc", b"BDAT 2\r\nab", b"RSET", b"NOOP", b"VRFY alice", b"EXPN friends",
    b"HELP",
    b"AUTH PLAIN", b"*", b"AUTH PLAIN AGFsaWNlAHg=", b"AUTH CRAM-MD5", b".", b".\n.", b"\r.\r", b"",
    b"\xff\xfe\x00", b"MAIL FROM:<alice@practice.test> NOTIFY=NEVER RET=HDRS", b"x" * 2000,
    b"RCPT TO:<full@practice.test> NOTIFY=SUCCESS", b"MAIL FROM:<dot550@x.example>", b"\xc3\xa9",
    b"RCPT TO:<r421@x.example>", b"EHLO helo500.x", b"MAIL FROM:\xff<a",
    b"RCPT TO:<\xff@practice.test>",
)  # fmt: skip


@pytest.mark.parametrize("name", SCENARIOS)
async def test_nothing_that_a_client_sends_is_an_error_of_the_server(
    name: str, caplog: pytest.LogCaptureFixture
):
    chance = random.Random(name)
    async with practising() as server:
        server.use(with_fields(named(name), {"clock": 100_000}))
        for _ in range(2):
            reader, writer = await asyncio.open_connection(server.host, server.port)
            client = Client(reader, writer)
            lines = chance.choices(PIECES, k=40)
            ends = chance.choices((b"\r\n", b"\n"), weights=(9, 1), k=len(lines))
            data = b"".join(line + end for line, end in zip(lines, ends, strict=True))
            for at in range(0, len(data), 400):
                try:
                    await client.send(data[at : at + 400])
                except ConnectionError:
                    break
            if writer.can_write_eof():
                writer.write_eof()
            try:
                await asyncio.wait_for(reader.read(), 20)
            except ConnectionError:
                pass
            await client.close()
        server.use("friendly")
        async with talking(server) as client:
            assert await client.code("NOOP") == "250 2.0.0"
        assert [r for r in caplog.records if r.levelno >= logging.WARNING] == []
