"""The practice server replies over real sockets as RFC 5321 requires, and is patient."""

from __future__ import annotations

import asyncio
import logging

import pytest
from heloscope.session.facts.commands import COMMANDS
from heloscope.session.practice import limits
from heloscope.session.practice.limits import IDLE_TIMEOUT, RECIPIENTS, SIZE, TEXT_LINE
from support.practice_clients import delivered, only, with_smtplib
from support.practice_server import TRANSACTION, practising, talking


@pytest.fixture(autouse=True)
def _nothing_is_logged_or_printed(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
):
    yield
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []
    assert capsys.readouterr() == ("", "")


# Who is there


async def test_the_greeting_comes_first_and_names_the_server():
    async with practising() as server:
        code, text = await with_smtplib(server, lambda c: c.docmd("NOOP"), hello=False)
        assert (code, text) == (250, b"2.0.0 OK")
        reader, writer = await asyncio.open_connection(server.host, server.port)
        assert (await reader.readline()).startswith(b"220 practice.test ESMTP ")
        writer.close()
        await writer.wait_closed()


async def test_ehlo_lists_what_the_server_can_do():
    async with practising() as server:
        found = await with_smtplib(server, lambda c: dict(c.esmtp_features))
    assert found == {
        "size": str(SIZE), "8bitmime": "", "smtputf8": "", "pipelining": "", "chunking": "",
        "dsn": "", "starttls": "", "auth": " CRAM-MD5 SCRAM-SHA-256",
        "enhancedstatuscodes": "", "expn": "", "help": "",
    }  # fmt: skip


async def test_helo_greets_without_extensions():
    async with practising() as server, talking(server) as client:
        assert await client.say("HELO me.example") == [b"250 practice.test greets me.example"]
        assert await client.code("MAIL FROM:<a@example.org> SIZE=10") == "555 5.5.4"
        assert await client.code("MAIL FROM:<a@example.org>") == "250 2.1.0"


@pytest.mark.parametrize("verb", ["EHLO", "HELO"])
async def test_a_greeting_needs_a_name(verb: str):
    async with practising() as server, talking(server) as client:
        assert await client.code(verb) == "501 5.5.4"
        assert await client.code("MAIL FROM:<a@example.org>") == "503 5.5.1"


@pytest.mark.parametrize(
    ("asked", "code", "text"),
    [
        ("alice", 250, b"2.1.5 Alice Smith <alice@practice.test>"),
        ("ALICE", 250, b"2.1.5 Alice Smith <alice@practice.test>"),
        ("<bob@practice.test>", 250, b"2.1.5 Bob Smith <bob@practice.test>"),
        ("carol@PRACTICE.TEST", 250, b"2.1.5 Carol Jones <carol@practice.test>"),
        ('"Bob Smith"', 250, b"2.1.5 Bob Smith <bob@practice.test>"),
        ("jones", 250, b"2.1.5 Carol Jones <carol@practice.test>"),
        ("postmaster", 250, b"2.1.5 Alice Smith <alice@practice.test>"),
        ("alice SMTPUTF8", 250, b"2.1.5 Alice Smith <alice@practice.test>"),
        ("nobody", 550, b"5.1.1 No such user: nobody"),
        ("alice@example.org", 550, b"5.1.1 No such user: alice@example.org"),
        ("@", 550, b"5.1.1 No such user: @"),
        ("j\u00fcrgen", 550, "5.1.1 No such user: j\u00fcrgen".encode()),
        (
            "friends", 550,
            b"5.2.0 This is a mailing list, not a user; EXPN lists its members",
        ),
        (
            "smith", 553,
            (b"5.1.4 Ambiguous; possible users are\n"
            b"5.1.4 Alice Smith <alice@practice.test>\n5.1.4 Bob Smith <bob@practice.test>"),
        ),
        ("", 501, b"5.5.4 Syntax: " + COMMANDS["VRFY"].syntax.encode()),
    ],
)  # fmt: skip
async def test_vrfy(asked: str, code: int, text: bytes):
    async with practising() as server, talking(server) as client:
        lines = await client.say(f"VRFY {asked}".strip())
    assert {line[:3] for line in lines} == {b"%d" % code}
    assert b"\n".join(line[4:] for line in lines) == text


@pytest.mark.parametrize(
    ("asked", "code", "text"),
    [
        (
            "friends", 250,
            (b"2.1.5 Alice Smith <alice@practice.test>\n2.1.5 Bob Smith <bob@practice.test>\n"
            b"2.1.5 Carol Jones <carol@practice.test>"),
        ),
        ("<friends@practice.test>", 250, b"2.1.5 Alice"),
        ("strangers", 550, b"5.1.1 No such list: strangers"),
        ("alice", 550, b"5.2.0 This is a user, not a mailing list; try VRFY"),
        ("", 501, b"5.5.4 Syntax"),
    ],
)  # fmt: skip
async def test_expn(asked: str, code: int, text: bytes):
    async with practising() as server:
        found, said = await with_smtplib(server, lambda c: c.docmd("EXPN", asked))
    assert found == code
    assert said.startswith(text)


async def test_help_lists_the_commands_and_says_more_on_each():
    async with practising() as server, talking(server) as client:
        lines = await client.say("HELP")
        assert {line[:3] for line in lines} == {b"214"}
        verbs = lines[1][10:].decode().split()
        assert set(verbs) == {
            "AUTH", "BDAT", "DATA", "EHLO", "EXPN", "HELO", "HELP", "MAIL", "NOOP", "QUIT", "RCPT",
            "RSET", "STARTTLS", "VRFY",
        }  # fmt: skip
        for verb in verbs:
            syntax, summary, rfc = await client.say(f"HELP {verb.lower()}")
            assert syntax == f"214-2.0.0 {COMMANDS[verb].syntax}".encode()
            assert summary == f"214-2.0.0 {COMMANDS[verb].summary}".encode()
            assert rfc == f"214 2.0.0 {COMMANDS[verb].rfc}".encode()
        assert await client.code("HELP FROB") == "504 5.5.4"


# What is wrong


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("FROB", "500 5.5.2"),
        (".", "500 5.5.2"),
        ("*", "500 5.5.2"),
        ("", "500 5.5.2"),
        (" NOOP", "500 5.5.2"),
        (b"\xff\xfe", "500 5.5.2"),
        ("BDAT", "501 5.5.4"),
        ("BDAT three", "501 5.5.4"),
        ("BDAT 0 FIRST", "501 5.5.4"),
        ("BDAT 0", "503 5.5.1"),
        ("LHLO me", "502 5.5.1"),
        ("AUTH", "501 5.5.4"),
        ("AUTH PLAIN AGEAYg==", "504 5.5.4"),
        ("AUTH login", "504 5.5.4"),
        ("AUTH GSSAPI", "504 5.5.4"),
        ("AUTH CRAM-MD5 YWxpY2U=", "501 5.7.0"),
        ("AUTH CRAM-MD5 = =", "501 5.5.4"),
        ("STARTTLS now", "501 5.5.4"),
        ("QUIT now", "501 5.5.4"),
        ("RSET now", "501 5.5.4"),
        ("NOOP whatever", "250 2.0.0"),
        ("noop", "250 2.0.0"),
        (b"NOOP \0", "501 5.5.2"),
        (b"NO\0OP", "500 5.5.2"),
        (b"NOOP \xff\xfe", "250 2.0.0"),
        ("RCPT TO:<alice@practice.test>", "503 5.5.1"),
        ("DATA", "503 5.5.1"),
        ("MAIL", "501 5.5.4"),
        ("MAIL TO:<a@example.org>", "501 5.5.4"),
        ("MAIL FROM:<a@example.org", "501 5.1.7"),
        ("MAIL FROM:<a@example.org> BODY=BINARYMIME", "501 5.5.4"),
        ("MAIL FROM:<a@example.org> SIZE=big", "501 5.5.4"),
        ("MAIL FROM:<a@example.org> =", "501 5.5.4"),
        ("MAIL FROM:<a@example.org> RET=HDRS ENVID=QQ+3D1 AUTH=<>", "250 2.1.0"),
        ("MAIL FROM:<a@example.org> RET=SOME", "501 5.5.4"),
        ("MAIL FROM:<a@example.org> RET=HDRS RET=FULL", "501 5.5.4"),
        ("MAIL FROM:<a@example.org> ENVID", "501 5.5.4"),
        ("MAIL FROM:<a@example.org> ENVID=a+b", "501 5.5.4"),
        ("MAIL FROM:<a@example.org> ENVID=" + "x" * 101, "501 5.5.4"),
        ("MAIL FROM:<a@example.org> NOTIFY=NEVER", "555 5.5.4"),
        ("MAIL FROM:<a@example.org> MT-PRIORITY=3", "555 5.5.4"),
        (f"MAIL FROM:<a@example.org> SIZE={SIZE + 1}", "552 5.3.4"),
        ("MAIL FROM:<\u00e9@example.org>", "550 5.6.7"),
        (b"MAIL FROM:<\xe9@example.org> SMTPUTF8", "501 5.1.7"),
        ("MAIL FROM:<\u00e9@example.org> SMTPUTF8", "250 2.1.0"),
        ("MAIL FROM:<>", "250 2.1.0"),
        (f"MAIL FROM:<a@example.org> SIZE={SIZE} BODY=8BITMIME", "250 2.1.0"),
    ],
)
async def test_each_command_has_an_answer_with_an_enhanced_code(line: str | bytes, answer: str):
    async with practising() as server, talking(server, "EHLO me.example") as client:
        assert await client.code(line) == answer
        assert await client.code("NOOP") == "250 2.0.0"


@pytest.mark.parametrize(
    ("recipient", "answer"),
    [
        ("TO:<alice@practice.test>", "250 2.1.5"),
        ("TO:<Postmaster>", "250 2.1.5"),
        ("TO:<friends@practice.test>", "250 2.1.5"),
        ("TO:<nobody@practice.test>", "550 5.1.1"),
        ("TO:<alice@example.org>", "550 5.7.1"),
        ("TO:<alice@practice.test", "501 5.1.3"),
        ("TO:<>", "501 5.1.3"),
        ("TO:<j\u00fcrgen@practice.test>", "553 5.6.7"),
        ("TO:<alice@practice.test> NOTIFY=success,DELAY ORCPT=rfc822;a+2Bb@c.d", "250 2.1.5"),
        ("TO:<alice@practice.test> NOTIFY=NEVER,DELAY", "501 5.5.4"),
        ("TO:<alice@practice.test> NOTIFY=", "501 5.5.4"),
        ("TO:<alice@practice.test> ORCPT=alice", "501 5.5.4"),
        ("TO:<alice@practice.test> RET=FULL", "555 5.5.4"),
        ("", "501 5.5.4"),
    ],
)
async def test_each_recipient_has_an_answer_and_a_refused_one_leaves_the_others(
    recipient: str, answer: str
):
    async with practising() as server, talking(server, *TRANSACTION) as client:
        assert await client.code(f"RCPT {recipient}".strip()) == answer
        assert await client.code("DATA") == "354 Send"


async def test_a_second_mail_is_refused_and_leaves_the_transaction():
    async with practising() as server, talking(server, *TRANSACTION) as client:
        assert await client.code("MAIL FROM:<b@example.org>") == "503 5.5.1"
        assert await client.code("DATA") == "354 Send"


async def test_unknown_commands_never_end_in_a_disconnection_and_the_nearest_is_named():
    async with practising() as server, talking(server) as client:
        for _ in range(100):
            assert await client.code("FROB") == "500 5.5.2"
        [line] = await client.say("NOPO")
        assert line.endswith(b"did you mean NOOP?")


# Limits


@pytest.mark.parametrize("octets", [600, 70_000, 3_000_000])
async def test_a_command_line_that_is_too_long_is_refused_and_the_next_one_is_received(octets: int):
    async with practising() as server, talking(server, "EHLO me.example") as client:
        assert await client.say(b"NOOP " + b"x" * octets) == [b"500 5.5.2 Line too long"]
        assert await client.code("NOOP") == "250 2.0.0"


async def test_a_command_line_of_512_octets_is_accepted_and_extensions_lengthen_mail():
    async with practising() as server, talking(server, "EHLO me.example") as client:
        assert await client.code(b"NOOP " + b"x" * (512 - 7)) == "250 2.0.0"
        path = "a@" + "x" * 470 + ".example"
        line = f"MAIL FROM:<{path}> SIZE=12345678901 BODY=8BITMIME SMTPUTF8"
        assert len(line) > 512
        assert await client.code(line) == "552 5.3.4"


async def test_a_line_without_an_end_costs_no_memory():
    async with practising() as server, talking(server) as client:
        for _ in range(64):
            await client.send(b"x" * 65536)
        [connection] = server._connections
        assert len(connection._reader._buffer) < 100_000  # pyright: ignore[reportAttributeAccessIssue]
        await client.send(b"\r\n")
        assert await client.reply() == [b"500 5.5.2 Line too long"]


async def test_a_line_of_the_message_may_have_1000_octets_and_its_doubled_dot():
    whole = b"." + b"x" * (TEXT_LINE - 3) + b"\r\n"
    assert len(whole) == TEXT_LINE
    assert await delivered(b"." + whole) == whole
    async with practising() as server, talking(server, *TRANSACTION, "DATA") as client:
        await client.send(b"x" * (TEXT_LINE - 1) + b"\r\n.\r\n")
        [reply] = await client.reply()
        assert reply.startswith(b"500 5.6.0 ")
        assert server.mailboxes.of["alice"] == []
        assert await client.code("MAIL FROM:<>") == "250 2.1.0"


async def test_a_message_of_100_mb_is_refused_and_the_conversation_continues():
    async with practising() as server, talking(server, *TRANSACTION, "DATA") as client:
        part = (b"x" * 76 + b"\r\n") * 13_000
        for _ in range(100):
            await client.send(part)
        await client.send(b".\r\n")
        assert await client.reply() == [
            b"552 5.3.4 Message too large: %d octets, the limit is %d" % (len(part) * 100, SIZE)
        ]
        assert server.mailboxes.of["alice"] == []
        assert await client.code("MAIL FROM:<>", "RCPT TO:<bob@practice.test>") == "250 2.1.5"


async def test_recipients_beyond_a_thousand_wait_for_the_next_transaction():
    async with practising() as server, talking(server, *TRANSACTION) as client:
        more = ["RCPT TO:<bob@practice.test>"] * (RECIPIENTS - 1)
        assert await client.code(*more) == "250 2.1.5"
        assert await client.code("RCPT TO:<carol@practice.test>") == "452 4.5.3"
        await client.say("DATA")
        assert await client.code("hello\r\n.") == "250 2.0.0"
        assert len(only(server, "bob").recipients) == RECIPIENTS
        assert server.mailboxes.of["carol"] == []


async def test_full_mailboxes_are_reported_and_can_be_emptied(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(limits, "KEPT", 3000)
    async with practising() as server, talking(server, *TRANSACTION, "DATA") as client:
        assert await client.code("x\r\n" * 1000 + "\r\n.") == "452 4.3.1"
        server.mailboxes.clear()
        await client.say(*TRANSACTION[1:], "DATA")
        assert await client.code("x" * 50 + "\r\n.") == "250 2.0.0"


async def test_an_idle_connection_is_not_disconnected():
    async with practising() as server, talking(server) as client:
        [connection] = server._connections
        timer = connection._timeout_handle
        assert timer is not None
        assert timer.when() - asyncio.get_running_loop().time() > IDLE_TIMEOUT / 2
        assert await client.code("NOOP") == "250 2.0.0"
