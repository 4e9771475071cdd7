"""Messages and transactions at the practice server, over real sockets."""

from __future__ import annotations

import asyncio
import logging
import socket

import pytest
from support.practice_clients import delivered, only, with_smtplib
from support.practice_server import TRANSACTION, practising, talking


@pytest.fixture(autouse=True)
def _nothing_is_logged_or_printed(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
):
    yield
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []
    assert capsys.readouterr() == ("", "")


MESSAGES = {
    "a dot alone": (b"..\r\n", b".\r\n"),
    "dots": (b"..\r\n...two\r\n..one\r\nmid.dle\r\n", b".\r\n..two\r\n.one\r\nmid.dle\r\n"),
    "empty": (b"", b""),
    "a bare LF": (b"one\n.\ntwo\n\r\n", b"one\n.\ntwo\n\r\n"),
    "a dot between LF and CRLF": (b"a\n.\r\nb\r\n", b"a\n.\r\nb\r\n"),
    "a bare CR": (b"a\r.\r\rb\r\n", b"a\r.\r\rb\r\n"),
    "all octets": (bytes(range(256)) + b"\r\n", bytes(range(256)) + b"\r\n"),
    "headers": (b"Subject: x\r\n\r\nbody\r\n", b"Subject: x\r\n\r\nbody\r\n"),
}


@pytest.mark.parametrize(("sent", "kept"), MESSAGES.values(), ids=list(MESSAGES))
async def test_a_message_is_kept_byte_for_byte_and_doubled_dots_are_removed(
    sent: bytes, kept: bytes
):
    assert await delivered(sent) == kept


async def test_smtplib_sends_a_message_that_arrives_in_every_mailbox_with_its_envelope():
    text = b"Subject: hi\r\n\r\n.\r\n..dots\r\n8-bit: \xc3\xa9\r\n"
    async with practising() as server:
        refused = await with_smtplib(
            server,
            lambda c: c.sendmail(
                "me@example.org", ["friends@practice.test", "x@practice.test"], text,
                ["BODY=8BITMIME"],
            ),
        )  # fmt: skip
        assert refused == {"x@practice.test": (550, b"5.1.1 No such mailbox")}
        for name in ("alice", "bob", "carol"):
            message = only(server, name)
            assert message.content == text
            assert message.sender == "me@example.org"
            assert message.recipients == ("friends@practice.test",)
            assert message.parameters == (f"size={len(text)}", "BODY=8BITMIME")
            assert message.helo == "me.example"
            assert message.at == 1_790_000_000.0


async def test_a_message_and_its_end_may_come_an_octet_at_a_time():
    async with practising() as server, talking(server, *TRANSACTION, "DATA") as client:
        [connection] = server._connections
        for octet in b"..hello\r\n.\nno\r\n.\r\n":
            connection.data_received(bytes([octet]))
            await asyncio.sleep(0)
        assert (await client.reply())[0].startswith(b"250 ")
        assert only(server).content == b".hello\r\n\nno\r\n"


async def test_what_is_sent_in_one_packet_is_answered_in_order():
    async with practising() as server, talking(server) as client:
        await client.send(
            b"EHLO me\r\nMAIL FROM:<>\r\nRCPT TO:<bob@practice.test>\r\nDATA\r\n"
            b"one\r\n.\r\nNOOP\nVRFY bob\r\nQUIT\r\n"
        )
        codes = [(await client.reply())[-1][:3] for _ in range(8)]
        assert codes == [b"250", b"250", b"250", b"354", b"250", b"250", b"250", b"221"]
        assert await client.reply() == []
        assert only(server, "bob").content == b"one\r\n"
        assert only(server, "bob").sender == ""


async def test_what_came_before_the_clients_end_is_answered():
    def run(port: int) -> bytes:
        with socket.create_connection(("127.0.0.1", port), 10) as sock:
            sock.sendall(b"EHLO me\r\n" + b"NOOP\r\n" * 500)
            sock.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: sock.recv(65536), b""))

    async with practising() as server:
        said = await asyncio.to_thread(run, server.port)
    assert said.count(b"250 2.0.0 OK\r\n") == 500


async def test_a_client_that_leaves_in_the_middle_of_a_message_leaves_nothing():
    async with practising() as server:
        async with talking(server, *TRANSACTION, "DATA") as client:
            await client.send(b"half a mess")
        async with talking(server, *TRANSACTION) as client:
            assert server.mailboxes.of["alice"] == []


# Transactions


@pytest.mark.parametrize("command", ["RSET", "EHLO me.example", "HELO me.example"])
async def test_a_transaction_can_be_aborted(command: str):
    async with practising() as server, talking(server, *TRANSACTION) as client:
        assert (await client.say(command))[-1].startswith(b"250 ")
        assert await client.code("DATA") == "503 5.5.1"
        assert await client.code("RCPT TO:<alice@practice.test>") == "503 5.5.1"
        assert await client.code("MAIL FROM:<>") == "250 2.1.0"


@pytest.mark.parametrize("command", ["NOOP", "VRFY alice", "EXPN friends", "HELP", "FROB"])
async def test_questions_leave_a_transaction_alone(command: str):
    async with practising() as server, talking(server, *TRANSACTION) as client:
        await client.say(command)
        assert await client.code("DATA") == "354 Send"


async def test_data_needs_a_recipient_and_no_argument():
    async with practising() as server, talking(server, *TRANSACTION[:2]) as client:
        assert await client.say("DATA") == [b"503 5.5.1 Send RCPT first"]
        await client.say(TRANSACTION[2])
        assert await client.code("DATA now") == "501 5.5.4"
        assert await client.code("DATA") == "354 Send"


async def test_quit_is_answered_and_then_the_server_closes():
    async with practising() as server, talking(server) as client:
        assert await client.say("QUIT") == [b"221 2.0.0 Goodbye"]
        assert await client.reply() == []


async def test_two_clients_at_once_do_not_see_each_others_transaction():
    async with (
        practising() as server,
        talking(server, *TRANSACTION) as one,
        talking(server, "EHLO you.example") as two,
    ):
        assert await two.code("DATA") == "503 5.5.1"
        await one.say("DATA")
        assert await two.code("MAIL FROM:<b@example.org>", "RCPT TO:<bob@practice.test>", "DATA") \
            == "354 Send"  # fmt: skip
        assert await two.code("two\r\n.") == "250 2.0.0"
        assert await one.code("one\r\n.") == "250 2.0.0"
        assert (only(server).content, only(server, "bob").content) == (b"one\r\n", b"two\r\n")


async def test_an_error_of_the_servers_own_is_reported_and_logged(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    def broken(*_: object) -> bool:
        raise ZeroDivisionError

    async with practising() as server, talking(server, *TRANSACTION, "DATA") as client:
        monkeypatch.setattr(server.mailboxes, "deliver", broken)
        assert await client.code("x\r\n.") == "451 4.3.0"
        assert await client.code("NOOP") == "250 2.0.0"
    assert "internal error" in caplog.text
    caplog.clear()
