"""The program made by `:copy` sends the same lines to the same server."""

from __future__ import annotations

from pathlib import Path

import pytest
from heloscope.session.aio.session import Session
from heloscope.session.target import parse_target
from support.copied_program import (
    MESSAGE,
    again,
    one_message,
)
from support.witness_server import witnessing


async def said_again(*lines: str | bytes, where: str = "127.0.0.1:{}") -> str:
    """Send lines to a witness server one by one, then run the program and return it."""
    async with witnessing() as server:
        session = Session(where.format(server.port), timeout=10)
        await session.connect()
        for line in lines:
            await session.docmd(line)
        return await again(server, session)


async def test_parameters_addresses_and_other_commands():
    program = await said_again(
        "ehlo me.example",
        "VRFY alice",
        "NOOP with words",
        "FROB",
        "",
        " EHLO x",
        "MAIL FROM:<jürgen@example.org> SMTPUTF8 BODY=8BITMIME SIZE=100",
        "RSET",
        "mail from: <a@example.org>",
        "RSET",
        "MAIL FROM:<a@example.org> RET=HDRS ENVID=x+2By BODY=8BITMIME",
        "RCPT TO:<alice@practice.test> NOTIFY=SUCCESS,FAILURE ORCPT=rfc822;alice@practice.test",
        "RCPT TO:<nobody@practice.test>",
        b"RCPT TO:<\xff@practice.test>",
        "RCPT TO:<bob@practice.test>  NOTIFY=NEVER",
        "DATA x",
        "HELP",
        "HELO [127.0.0.1]",
        "MAIL FROM:<>",
        "QUIT",
    )
    assert 'smtp.docmd("FROB")' in program
    assert "smtp.mail(\"a@example.org\", ['RET=HDRS', 'ENVID=x+2By', 'BODY=8BITMIME'])" in program


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"\r\n",
        b".\r\n",
        MESSAGE,
        b"bare\n.\nCR \r. \r\n.\r\n",
        b"\xe4\xf6\xfc 8 bits\r\n" * 3,
        b"no line end",
    ],
)
@pytest.mark.parametrize("way", ["DATA", "BDAT", "pipelining"])
async def test_messages_arrive_as_they_did(message: bytes, way: str):
    async with witnessing() as server:
        session = Session("127.0.0.1", server.port, timeout=10)
        await session.connect()
        await session.ehlo("me.example")
        to = ["alice@practice.test", "nobody@practice.test"]
        for _ in range(2):
            await session.sendmail(
                "a@example.org", to, message, pipelining=way == "pipelining", chunking=way == "BDAT"
            )
        await session.mail("a@example.org")
        await session.rcpt("bob@practice.test")
        if way == "BDAT" and message:
            await session.bdat(message[:3])
            await session.bdat(message[3:], last=True)
        await session.quit()
        program = await again(server, session)
        assert ("smtp.send(" in program) or way == "DATA" or not message
        one, two, three, four = server.mailboxes.of["alice"]
        assert one.content == two.content == three.content == four.content


async def test_commands_sent_without_waiting_are_sent_so_again():
    async with witnessing() as server:
        session = Session("127.0.0.1", server.port, timeout=10)
        await session.connect()
        await session.send_raw(
            b"EHLO me\r\nMAIL FROM:<a@example.org>\r\nRCPT TO:<alice@practice.test>\r\nDATA\r\n"
        )
        while session.waiting is not None:
            await session.news()
        await session.send_raw(b"x\r\n.\r\nNOOP\r\nQUIT\r\n")
        while session.connected:
            await session.news()
        program = await again(server, session)
        assert (
            """\
smtp.send(
    b"EHLO me\\r\\n"
    + b"MAIL FROM:<a@example.org>\\r\\n"
    + b"RCPT TO:<alice@practice.test>\\r\\n"
    + b"DATA\\r\\n"
)
expect(smtp.getreply(), 250)
"""
            in program
        )


async def test_what_was_sent_in_clear_behind_starttls_is_sent_so_again():
    async with witnessing() as server:
        session = Session("127.0.0.1", server.port, timeout=10, tls=server.trusted())
        await session.connect()
        await session.docmd("EHLO me")
        await session.send_raw(b"STARTTLS\r\nRSET\r\n")
        while session.state.name != "TLS":
            await session.news()
        await session.handshake()
        for line in ("STARTTLS", "EHLO me", "STARTTLS", "QUIT"):
            await session.docmd(line)
        await again(server, session)
        assert server.conversations()[1][1:4] == [
            b"STARTTLS\r\n", b"RSET\r\n", b"(TLS, without one, for )\r\n",
        ]  # fmt: skip


@pytest.mark.parametrize("part", [b"", b"Subject: x\r\n\r\nhalf a line", b"x\r\n..\r\n"])
async def test_a_message_that_was_broken_off(part: bytes):
    async with witnessing() as server:
        session = Session("127.0.0.1", server.port, timeout=10)
        await session.connect()
        for line in (
            "EHLO me", "MAIL FROM:<a@b>", "RCPT TO:<alice@practice.test>", "RCPT TO:<c@d>", "DATA",
        ):  # fmt: skip
            await session.docmd(line)
        await session.send_raw(part)
        await again(server, session)
        assert not server.mailboxes.of["alice"]


async def test_bytes_that_are_no_lines():
    async with witnessing() as server:
        session = Session("127.0.0.1", server.port, timeout=10)
        await session.connect()
        await session.docmd("EHLO me")
        await session.send_raw(b"NOOP\n")
        while session.waiting is not None:
            await session.news()
        await session.send_raw(b"VRFY a\rb\r\n")
        while session.waiting is not None:
            await session.news()
        await session.send_raw(b"half a li")
        await again(server, session)


async def test_a_socket_an_address_and_lmtp(tmp_path: Path):
    async with witnessing() as server:
        await server.listen_at(tmp_path / "socket")
        session = Session(
            parse_target(f"smtp+unix:{tmp_path}/socket"), timeout=10, tls=server.trusted()
        )
        await session.connect()
        await session.ehlo("me.example")
        await session.starttls()
        await one_message(session)
        await again(server, session)
    async with witnessing() as server:
        session = Session("127.0.0.1", server.port, timeout=10, source_address=("127.0.0.2", 0))
        await session.connect()
        await one_message(session)
        program = await again(server, session)
        assert 'source_address=("127.0.0.2", 0)' in program
