"""A peer decides how much it sends; a driver limits how much it accepts, and reports any excess."""

from __future__ import annotations

import asyncio
import contextlib
import smtplib
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from heloscope.session import SMTP, PeerFlood, Session, TlsSettings
from heloscope.session.events import (
    CLIENT,
    SERVER,
    Disconnected,
    Note,
    ReplyReceived,
    Violation,
)
from heloscope.session.flood import TALKS_EARLY
from heloscope.session.protocol.conversation import Conversation
from support import made_certificates as made
from support.scripts import observe
from support.servers import serving
from support.tls_servers import server_context

LIMIT = 200_000
FLOODS = {
    "a line": b"x" * 8000,
    "a reply": b"250-and on and on\r\n" * 400,
    "replies to nothing": b"250 ok\r\n" * 1000,
    "challenges": b"334 VXNlcm5hbWU6\r\n" * 400,
    "keywords": b"".join(b"250-X-%d\r\n" % n for n in range(800)),
    "bare line feeds": b"\n" * 8000,
    "NULs": b"\0" * 8000,
}
COMMANDS = {"challenges": "AUTH LOGIN", "keywords": "EHLO me.example"}


def flooding(flood: bytes):
    """Return a server that greets, waits for a command, and then sends `flood` again and again."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 ready\r\n")
        await reader.readline()
        with contextlib.suppress(asyncio.CancelledError):  # the test is over
            while True:
                writer.write(flood)
                await writer.drain()

    return serve


def notes(session: Session) -> list[str]:
    marks = session.transcript.marks_after(0)
    return [mark.text for mark in marks if isinstance(mark, Note)]


async def flooded(session: Session) -> None:
    async with asyncio.timeout(10):
        while not session.flooded:
            await session.news()


async def take_all(session: Session) -> int:
    """Wait until nothing more arrives, and return the number of octets received."""
    before = -1
    while before != (now := len(session.transcript.joined(SERVER))):
        before = now
        await asyncio.sleep(0.05)
    return before


@pytest.mark.parametrize("kind", FLOODS)
async def test_reading_pauses_at_the_limit_and_continues_for_as_much_again(kind: str):
    async with serving(flooding(FLOODS[kind])) as port:
        session = Session("127.0.0.1", port, flood_limit=LIMIT)
        asked: list[int] = []
        session.ask_on_flood = lambda: asked.append(session.conversation.flood)
        await session.connect()
        session.send_line(COMMANDS.get(kind, "NOOP").encode())
        await flooded(session)
        first = await take_all(session)
        assert session.connected
        assert len(asked) == 1
        assert asked[0] > LIMIT
        assert first < LIMIT + 100_000
        [note] = notes(session)
        assert note.startswith("reading is paused: the server has sent more than 200,000 octets ")
        assert note.endswith("in one reply, or in unsolicited replies")
        session.read_on()
        assert not session.flooded
        await flooded(session)
        assert len(asked) == 2
        assert first < await take_all(session) < 2 * LIMIT + 200_000
        await session.close()
        assert not session.flooded


@pytest.mark.every_loop
async def test_a_flood_within_tls_is_treated_alike(tmp_path: Path):
    made.authority().cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    context = server_context(made.by(made.authority(), "localhost"))
    async with serving(flooding(FLOODS["a reply"]), tls=context) as port:
        settings = TlsSettings(ca_file=str(tmp_path / "ca.pem"))
        session = Session(f"smtps://localhost:{port}", tls=settings, flood_limit=LIMIT)
        session.ask_on_flood = lambda: None
        await session.connect()
        session.send_line(b"NOOP")
        await flooded(session)
        first = await take_all(session)
        assert first < LIMIT + 600_000
        session.read_on()
        await flooded(session)
        assert await take_all(session) > first
        await session.close()


@pytest.mark.parametrize("leaves_time", [False, True], ids=["at once", "in portions"])
@pytest.mark.parametrize("kind", FLOODS)
async def test_a_session_without_a_subscriber_disconnects(kind: str, leaves_time: bool):
    async with serving(flooding(FLOODS[kind])) as port:
        async with asyncio.timeout(10):
            session = Session("127.0.0.1", port, flood_limit=LIMIT)
            session.connection.leaves_time = leaves_time
            await session.connect()
            with pytest.raises(PeerFlood) as raised:
                while True:  # a reply to nothing may come in time for a command
                    await session.docmd(COMMANDS.get(kind, "NOOP"))
                    await asyncio.sleep(0.2)
        assert isinstance(raised.value, smtplib.SMTPServerDisconnected)
        assert str(raised.value) == (
            "closed the connection: the server has sent more than 200,000 octets in one reply, or "
            "in unsolicited replies (limit set by flood_limit)"
        )
        assert not session.connected and not session.flooded
        assert notes(session) == [str(raised.value).removesuffix(" (limit set by flood_limit)")]
        marks = session.transcript.marks_after(0)
        [end] = [mark for mark in marks if isinstance(mark, Disconnected)]
        assert end.detail == str(raised.value)
        with pytest.raises(PeerFlood):
            await session.noop()
        await session.close()


async def test_a_reply_that_was_requested_may_be_of_any_size():
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 ready\r\n")
        while await reader.readline():
            writer.write(b"214-help\r\n" * 2_000 + b"214 end\r\n")

    async with serving(serve) as port, Session("127.0.0.1", port, flood_limit=LIMIT) as session:
        for _ in range(10):
            assert (await session.docmd("HELP")).text.count(b"\n") == 2_000


# The blocking driver


@contextlib.contextmanager
def blocking(flood: bytes, *, waits: bool = True) -> Iterator[int]:
    """In a thread, run a server that sends `flood` without end after its greeting; yield its port.

    If `waits` is true, the server waits for a command before the flood.
    """
    listener = socket.create_server(("127.0.0.1", 0))

    def run() -> None:
        peer = listener.accept()[0]
        with listener, peer:
            try:
                peer.sendall(b"220 ready\r\n")
                if waits:
                    peer.recv(100)
                while True:
                    peer.sendall(flood)
            except OSError:
                pass

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        thread.join(10)


def test_the_drop_in_aborts_an_endless_reply():
    with blocking(FLOODS["keywords"]) as port:
        smtp = SMTP("127.0.0.1", port, timeout=10)
        assert smtp.flood_limit == 64 << 20
        smtp.flood_limit = LIMIT
        with pytest.raises(PeerFlood) as raised:
            smtp.ehlo()
        assert raised.value.limit == LIMIT
        assert smtp.sock is None
        marks = smtp.transcript.marks_after(0)
        assert [mark.detail for mark in marks if isinstance(mark, Disconnected)] == [
            str(raised.value)
        ]
        assert len(smtp.transcript.joined(SERVER)) < LIMIT + 100_000


def test_the_drop_in_aborts_if_the_server_talks_throughout_a_message():
    with blocking(b"250 ok\r\n" * 1000) as port:
        smtp = SMTP("127.0.0.1", port, timeout=10)
        smtp.flood_limit = LIMIT
        with pytest.raises(PeerFlood):
            smtp.send(b"x" * 60_000_000)
        assert len(smtp.transcript.joined(SERVER)) < LIMIT + 100_000


# What counts


def test_a_flood_is_counted_from_the_last_reply_that_was_asked_for():
    talk = observe("S: 220 hi\nC: NOOP\nS: 250 ok")
    talk.feed(SERVER, b"250-" + b"x" * 1000, 0.0)
    assert talk.flood == 1004
    talk.feed(SERVER, b"\r\n250-y\r\n", 0.0)
    assert 1010 < talk.flood < 1400
    talk.allow_more()
    assert talk.flood == 0
    observe("S: 250 ok\nC: RSET\nS: 250 ok\nC: NOOP", talk)
    talk.allow_more()
    talk.feed(SERVER, b"25", 0.0)
    assert talk.flood == 2


def test_short_lines_count_by_their_cost():
    talk = observe("S: 220 hi\nC: NOOP\nS: 250 ok")
    talk.feed(SERVER, b"\n" * 1000, 0.0)
    assert talk.flood > 200_000


def test_unsolicited_replies_count_even_between_answered_commands():
    talk = observe("S: 220 hi")
    for number in range(1, 11):
        observe("C: NOOP\nS: 250 ok\nS: 250 and\nS: 250 more\nC: NOOP\nS: 250 ok", talk)
        talk.feed(SERVER, b"25", 0.0)
        assert talk.flood == (number * 3 - 1) * (224 + 32) + 2
        talk.feed(SERVER, b"0 to nothing\r\n", 0.0)
    talk.allow_more()
    observe("C: NOOP\nS: 250 ok", talk)
    assert talk.flood == 0


async def test_a_server_that_sends_too_many_unsolicited_replies_is_disconnected():
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 ready\r\n")
        while await reader.readline():
            writer.write(b"250 ok\r\n" * 100)

    async with serving(serve) as port, Session("127.0.0.1", port, flood_limit=LIMIT) as session:
        with pytest.raises(PeerFlood):
            for _ in range(LIMIT):
                await session.noop()
        assert len(session.transcript) < LIMIT / 200


def test_the_clients_bytes_do_not_count_as_a_flood():
    talk = Conversation()
    talk.feed(CLIENT, b"x" * 1_000_000, 0.0)
    assert talk.flood == 0


# Before the client has sent anything


def test_after_a_thousand_unsolicited_replies_further_rows_are_not_replies():
    talk = Conversation()
    talk.feed(SERVER, b"y\n" * 2000, 1.0)
    assert talk.talks_early
    assert len(talk.transcript) == 2000
    marks = talk.transcript.marks_after(0)
    assert sum(isinstance(mark, ReplyReceived) for mark in marks) == 1002  # and the greeting
    assert [m.rule for m in marks if isinstance(m, Violation)].count("talks-early") == 1


@pytest.mark.parametrize("data", [b"220-and on\r\n" * 1000, b"220 " + b"x" * 100_000])
def test_an_endless_greeting_is_cut_off_long_before_the_limit_of_a_reply(data: bytes):
    talk = Conversation()
    while not talk.talks_early:
        talk.feed(SERVER, data, 1.0)
    assert talk.flood < (64 << 20) / 12


def test_a_greeting_is_not_cut_off_when_the_client_has_spoken():
    talk = Conversation()
    talk.feed(CLIENT, b"EHLO me\r\n", 1.0)
    talk.feed(SERVER, b"220-and on\r\n" * 100_000, 2.0)
    assert not talk.talks_early


def test_a_client_that_speaks_is_answered_even_then():
    talk = Conversation()
    talk.feed(SERVER, b"250 y\r\n" * 2000, 1.0)
    talk.feed(CLIENT, b"NOOP\r\n", 2.0)
    assert not talk.talks_early
    talk.feed(SERVER, b"250 ok\r\n", 3.0)
    assert talk.unanswered == ()


async def chatter(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Send "y" endlessly, as `yes` does; such a program is not a mail server at all."""
    with contextlib.suppress(asyncio.CancelledError, ConnectionError):
        while True:
            writer.write(b"y\n" * 2000)
            await writer.drain()


async def test_a_session_disconnects_from_a_server_that_does_not_let_it_speak():
    async with serving(chatter) as port:
        session = Session("127.0.0.1", port)
        asked: list[int] = []
        session.ask_on_flood = lambda: asked.append(1)
        await session.open()
        async with asyncio.timeout(10):
            while session.connected:
                await session.news()
    assert asked == []
    assert notes(session) == [f"closed the connection: {TALKS_EARLY}"]
    assert len(session.transcript) < 200_000
