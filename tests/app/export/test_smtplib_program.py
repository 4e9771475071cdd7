"""The exported smtplib program runs and repeats the conversation."""

from __future__ import annotations

import ast
import asyncio
import os
import sys
from pathlib import Path

import pytest
from heloscope.app.export.replay import replay_of
from heloscope.app.export.smtplib_program import smtplib_program
from heloscope.session.aio.session import Session
from heloscope.session.events import CLIENT, SERVER, ReplyReceived, TlsStarted
from heloscope.session.practice.server import PracticeServer
from heloscope.session.target import Target
from support import made_certificates as made
from support.practice_server import practising
from support.replays import LOGIN, OPENED, PLACE, READY_FOR_DATA, replay, replay_of_session, sending
from support.scripts import observe
from support.servers import script as played
from support.servers import serving
from support.tls_servers import server_context

TO = ["alice@practice.test", "bob@practice.test", "nobody@practice.test"]
AWKWARD = (
    b"Subject: \xff\"'\\\r\n\r\n.dot\r\n..\r\n.\r\n\0\ttab %s {x} \\n\r\n"
    + "\u202e日本\r\n".encode()
    + b'"""\r\n'
)


async def run(program: str, **environment: str) -> tuple[int, str]:
    """Run a program. Return its exit status and what it printed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={**os.environ, **environment},
    )  # fmt: skip
    out, _ = await asyncio.wait_for(process.communicate(), 60)
    assert process.returncode is not None
    return process.returncode, out.decode()


async def led(server: PracticeServer, message: bytes, **how: object) -> str:
    """Send a message in a session that logs in, and return the program for it."""
    async with Session(server.host, server.port) as session:
        await session.ehlo("me.example")
        await session.login("alice", "wonderland", mechanism="CRAM-MD5")
        await session.sendmail(
            "a@example.org",
            TO,
            message,
            ["RET=HDRS"],
            ["NOTIFY=NEVER"],
            **how,  # type: ignore[arg-type]
        )
        await session.quit()
        return smtplib_program(replay_of_session(session))


@pytest.mark.parametrize("chunking", [False, True], ids=["DATA", "BDAT"])
async def test_it_sends_the_same_message_to_the_same_recipients(chunking: bool):
    async with practising() as server:
        program = await led(server, AWKWARD, chunking=chunking)
        assert "wonderland" not in program
        status, out = await run(program, PASSWORD="wonderland")
        assert (status, out.splitlines()[-1][:3]) == (0, "221"), out
        first, again = server.mailboxes.of["alice"]
        assert again.content == first.content == AWKWARD
        assert (again.sender, again.recipients, again.helo, again.parameters) == (
            first.sender, first.recipients, first.helo, first.parameters,
        )  # fmt: skip


@pytest.mark.parametrize("message", [b"", b"a\n.b\r\n", b"a\rb\n\r\n.\r\n"])
async def test_what_smtplib_would_change_is_sent_as_it_was(message: bytes):
    async with practising() as server:
        target = Target(server.host, server.port)
        talk = sending(message)
        program = smtplib_program(replay_of(talk.transcript, target))
        program = program.replace("b@example.org", "alice@practice.test")
        status, out = await run(program)
        assert status == 0, out
        [arrived] = server.mailboxes.of["alice"]
        assert arrived.content == message


async def test_it_ends_when_a_reply_is_another_one():
    async with practising() as server:
        program = await led(server, b"hi\r\n")
        status, out = await run(program, PASSWORD="looking-glass")
        assert status == 1
        assert out.splitlines()[-1] == "expected 235"


async def test_what_failed_before_is_to_fail_again():
    async with practising() as server, Session(server.host, server.port) as session:
        await session.ehlo("me")
        lines = ("VRFY nobody", "FROB", "MAIL FROM:<a@b> FROB=1", "AUTH FROB", "RCPT TO:<jürgen@x>")
        for line in lines:
            await session.docmd(line)
        program = smtplib_program(replay_of_session(session))
        assert "PASSWORD" not in program
        status, out = await run(program)
        assert status == 0, out
        assert [line[:3] for line in out.splitlines() if line[:3].isdigit()][1:] == [
            f"{event.code}"
            for event in session.transcript.events()
            if isinstance(event, ReplyReceived) and event.verb not in ("", "EHLO")
        ]


async def test_starttls_is_done_and_verified(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    authority = tmp_path / "ca.pem"
    made.authority().cert_pem.write_to_path(str(authority))
    context = server_context(made.by(made.authority(), "localhost"))

    async def server(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async def say(text: str) -> None:
            writer.write(text.encode() + b"\r\n")
            await writer.drain()

        await say("220 ready")
        while line := await reader.readline():
            heard.append(line)
            if line.upper().startswith(b"STARTTLS"):
                await say("220 go")
                await writer.start_tls(context)
            elif line.upper().startswith(b"QUIT"):
                await say("221 bye")
                return
            else:
                await say("250-server\r\n250 STARTTLS")

    heard: list[bytes] = []
    async with serving(server) as port:
        talk = observe(OPENED + "C: STARTTLS\nS: 220 go")
        talk.note(TlsStarted(50.0, "TLSv1.3", "TLS_AES_256_GCM_SHA384"))
        for side, line in ((CLIENT, "EHLO me"), (SERVER, "250 server"), (CLIENT, "QUIT"),
                           (SERVER, "221 bye")):  # fmt: skip
            talk.feed(side, line.encode() + b"\r\n", 51.0)
        program = smtplib_program(replay(talk, f"localhost:{port}"))
        assert "smtp.quit()" in program or 'docmd("QUIT")' in program  # its reply is waited for
        status, out = await run(program, SSL_CERT_FILE=str(authority))
        assert status == 0, out
        assert [line.split()[0].upper() for line in heard] == [
            b"EHLO", b"STARTTLS", b"EHLO", b"QUIT",
        ]  # fmt: skip
        status, out = await run(program)
        assert status == 1
        assert "CERTIFICATE_VERIFY_FAILED" in out


async def test_lmtp_has_a_reply_for_each_recipient():
    conversation = """
        S: 220 ready
        C: lhlo me
        S: 250 server
        C: mail FROM:<a@example.org>
        S: 250 ok
        C: rcpt TO:<b@example.org>
        S: 250 ok
        C: rcpt TO:<c@example.org>
        S: 250 ok
        C: data
        S: 354 go
        C: x
        C: .
        S: 250 b
        S: 452 c
        C: quit
        S: 221 bye
    """
    upper = conversation.replace("lhlo", "LHLO").replace("data", "DATA").replace("quit", "QUIT")
    upper = upper.replace("mail FROM", "MAIL FROM").replace("rcpt TO", "RCPT TO")
    async with serving(played(conversation)) as port:
        program = smtplib_program(replay(upper, f"lmtp://127.0.0.1:{port}"))
        status, out = await run(program)
        assert status == 0, out
        assert out.splitlines()[-3:] == ["250 b", "452 c", "221 bye"]


async def test_a_unix_socket_is_reached(tmp_path: Path):
    conversation = "S: 220 ready\nC: ehlo me\nS: 250 server\nC: quit\nS: 221 bye"
    for scheme, verb in (("unix", "LHLO"), ("smtp+unix", "EHLO")):
        path = tmp_path / scheme
        text = conversation.replace("ehlo", verb.lower())
        async with serving(played(text), path=path):
            spoken = text.replace(verb.lower(), verb).replace("quit", "QUIT")
            status, out = await run(smtplib_program(replay(spoken, f"{scheme}:{path}")))
            greeting = [] if scheme == "unix" else ["220", "ready"]  # smtplib reads it by itself
            assert (status, out.split()) == (0, [*greeting, "250", "server", "221", "bye"]), out


def test_it_is_a_program_that_one_can_read():
    message = b"Subject: x\r\n\r\nhi\r\n"
    envelope = READY_FOR_DATA.replace("C: MAIL", LOGIN.strip() + "\nC: MAIL")
    assert (
        smtplib_program(replay(sending(message, envelope=envelope)))
        == '''\
#!/usr/bin/env python3
"""A conversation with mail.example.org:587, recorded by heloscope."""

import base64
import getpass
import os
import smtplib

# The conversation has no QUIT, so the connection is closed without it.

PASSWORD = os.environ.get("PASSWORD") or getpass.getpass("Password for alice: ")
MESSAGE = (
    b'Subject: x\\r\\n'
    b'\\r\\n'
    b'hi\\r\\n'
)


def expect(reply, expected):
    """Print a reply and return its text. Exit if its code is not the expected one."""
    code, text = reply
    shown = text.decode("utf-8", "replace")
    print(code, "".join(c if c.isprintable() or c == "\\n" else "?" for c in shown))
    if code != expected:
        raise SystemExit(f"expected {expected}")
    return text


def encoded(*parts):
    """Return an AUTH response in base64."""
    octets = [p if isinstance(p, bytes) else p.encode("utf-8", "surrogateescape") for p in parts]
    return base64.b64encode(b"".join(octets)).decode()


smtp = smtplib.SMTP("mail.example.org", 587, timeout=60)
expect(smtp.ehlo("me"), 250)
expect(smtp.docmd("AUTH LOGIN"), 334)
expect(smtp.docmd(encoded("alice")), 334)
expect(smtp.docmd(encoded(PASSWORD)), 235)
expect(smtp.mail("a@example.org"), 250)
expect(smtp.rcpt("b@example.org"), 250)
expect(smtp.data(MESSAGE), 250)
smtp.close()
'''
    )


def test_no_name_and_no_address_can_become_code():
    hostile = '");import os;os.abort()#'
    talk = OPENED + f"C: MAIL FROM:<{hostile}>\nS: 553 no\nC: EHLO {hostile}\nS: 501 no\n"
    program = smtplib_program(replay(talk, PLACE)._replace(where=f'"""{hostile}\\'))
    calls = {ast.unparse(node.func) for node in ast.walk(ast.parse(program))
             if isinstance(node, ast.Call)}  # fmt: skip
    assert "os.abort" not in calls
