"""`Session`, `SMTP`, the stepper and `BlockingSession` record the same conversation."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from heloscope.session import LMTP, SMTP, Session, Transcript
from heloscope.session.events import CLIENT, SERVER, Kind, ReplyReceived, StateChanged
from heloscope.session.protocol.transparency import normalise_line_ends, unstuff
from heloscope.session.stepping.stepper import Stepper
from heloscope.session.sync.session import BlockingSession, at_once
from heloscope.session.target import Target
from support.smtplib_oracle import HANG_UP, Says, TableServer

A, B, C = "a@example.org", "b@example.org", "c@example.org"
NAME = "me.example"
MESSAGE = b"Subject: hi\r\n\r\n.dot\r\n..\r\n.\r\n\xff\x00 8-bit\r\n" + b"x" * 5000 + b"\r\n"


@pytest.fixture(scope="module")
def server() -> Iterator[TableServer]:
    made = TableServer()
    yield made
    made.close()


Drive = Callable[[int, bytes], Transcript]


def blocking(port: int, message: bytes) -> Transcript:
    smtp = SMTP("127.0.0.1", port, NAME, 10)
    try:
        smtp.sendmail(A, [B, C], message)
    except Exception:
        pass
    smtp.close()
    return smtp.transcript


def in_asyncio(port: int, message: bytes) -> Transcript:
    async def run() -> Transcript:
        session = Session("127.0.0.1", port, local_hostname=NAME, timeout=10)
        await session.connect()
        try:
            await session.sendmail(A, [B, C], message, pipelining=False)
        except Exception:
            pass
        await session.close()
        return session.transcript

    return asyncio.run(run())


def by_steps(port: int, message: bytes) -> Transcript:
    async def run() -> Transcript:
        session = Session(local_hostname=NAME, timeout=10)
        stepper = Stepper(session, "connect", Target("127.0.0.1", port))
        await stepper.begin()
        await stepper.run_to()
        stepper = Stepper(session, "sendmail", A, [B, C], message, pipelining=False)
        await stepper.begin()
        while not stepper.over:
            await stepper.send()
        await session.close()
        return session.transcript

    return asyncio.run(run())


def without_a_loop(port: int, message: bytes) -> Transcript:
    async def run() -> Transcript:
        session = BlockingSession(Target("127.0.0.1", port), local_hostname=NAME, timeout=10)
        await session.connect()
        try:
            await session.run("sendmail", A, [B, C], message, pipelining=False)
        except Exception:
            pass
        await session.close()
        return session.transcript

    return at_once(run())


def rows(transcript: Transcript) -> list[tuple[Any, ...]]:
    """Return every row in a form for comparison, with commands in upper case."""
    return [
        (row.direction, row.data.upper() if row.kind is Kind.COMMAND else row.data, row.kind,
         row.piece)
        for row in transcript
    ]  # fmt: skip


def facts(transcript: Transcript) -> list[tuple[Any, ...]]:
    """Return the replies and the changes of state that were derived from the rows."""
    found: list[tuple[Any, ...]] = []
    for event in transcript.events():
        if isinstance(event, ReplyReceived):
            found.append((event.row, event.last, event.code, event.answers, event.verb))
        elif isinstance(event, StateChanged):
            found.append((event.before, event.state))
    return found


SERVERS: dict[str, Says] = {
    "good": Says(),
    "pipelining": Says(EHLO=b"250-server\r\n250-SIZE\r\n250 PIPELINING\r\n"),
    "old": Says(EHLO=b"502 what\r\n"),
    "older": Says(EHLO=b"502 what\r\n", HELO=b"500 what\r\n"),
    "no sender": Says(MAIL=b"550 no\r\n"),
    "one recipient": Says(RCPT=[b"550-5.1.1 unknown\r\n550 5.1.1 here\r\n", b"250 ok\r\n"]),
    "no recipient": Says(RCPT=b"550 no\r\n"),
    "spam": Says(dot=b"554 spam\r\n"),
    "closing": Says(RCPT=b"421 closing\r\n"),
    "hang up": Says(dot=HANG_UP),
    "bare ends": Says(EHLO=b"250-server\n250-X\n250 \n", RCPT=b"250\n"),
}


@pytest.mark.parametrize("name", SERVERS)
@pytest.mark.parametrize(
    "message",
    [MESSAGE, b".\r\n" * 6000, (b"." + b"x" * 70 + b"\r\n") * 4_400],
    ids=["short", "long", "longest"],
)
def test_the_same_rows_and_what_follows_from_them(server: TableServer, name: str, message: bytes):
    seen: list[Any] = []
    for drive in (blocking, in_asyncio, by_steps, without_a_loop):
        with server.playing(SERVERS[name]) as got:
            transcript = drive(server.port, message)
        assert transcript.joined(CLIENT) == bytes(got)
        seen.append((rows(transcript), facts(transcript)))
    assert seen[0] == seen[1]
    assert seen[1] == seen[2]
    assert seen[2] == seen[3]


@pytest.mark.parametrize(
    "message",
    [b"", b".", b"\n", b".\n.\r.\r\n..", b"a\rb\n.c", b"\xff.\n\x00" * 3000, b"x" * 400_000,
     b"x\n" * 300_000, b"\r\n.\r\n" * 80_000],
    ids=["empty", "dot", "newline", "dots", "mixed", "8-bit", "long line", "many", "many dots"],
)  # fmt: skip
@pytest.mark.parametrize("drive", [in_asyncio, by_steps, without_a_loop])
def test_the_server_gets_the_message_with_crlf_line_endings(
    server: TableServer, drive: Drive, message: bytes
):
    with server.playing(Says()) as got:
        drive(server.port, message)
    head, _, taken = bytes(got).partition(b"DATA\r\n")
    wanted = normalise_line_ends(message)
    if wanted and not wanted.endswith(b"\r\n"):
        wanted += b"\r\n"
    assert taken.endswith(b".\r\n")
    assert unstuff(taken.removesuffix(b".\r\n")) == wanted
    assert f"SIZE={len(wanted)}\r\n".encode() in head


def test_in_lmtp_the_reply_for_each_recipient_is_read(server: TableServer):
    says = Says(dot=b"250 one\r\n452 two\r\n")
    with server.playing(says):
        lmtp = LMTP("127.0.0.1", server.port, NAME)
        assert lmtp.sendmail(A, [B, C], b"text\r\n") == {C: (452, b"two")}
        lmtp.close()

    async def run() -> Any:
        session = Session(Target("127.0.0.1", server.port, lmtp=True), local_hostname=NAME,
                          timeout=10)  # fmt: skip
        await session.connect()
        refused = await session.sendmail(A, [B, C], b"text\r\n")
        noop = await session.noop()
        await session.close()
        return refused, noop, session.transcript.joined(SERVER)

    with server.playing(says):
        refused, noop, said = asyncio.run(run())
    assert refused == {C: (452, b"two")}
    assert noop == (250, b"ok")
    assert said.endswith(b"250 one\r\n452 two\r\n250 ok\r\n")


def test_a_subclass_sees_a_long_message_and_its_end_in_one_piece(server: TableServer):
    class Watched(SMTP):
        sent: list[Any]

        def send(self, s: Any) -> None:
            self.sent.append(s)
            super().send(s)

    Watched.sent = []
    message = b"line\r\n" * 100_000
    with server.playing(Says()), Watched("127.0.0.1", server.port, NAME, 10) as smtp:
        smtp.data(message)
    assert Watched.sent[-2] == message + b".\r\n"
