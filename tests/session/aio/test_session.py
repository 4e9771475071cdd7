"""`Session` over real sockets: what it returns, raises, and leaves behind."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Callable
from pathlib import Path
from smtplib import SMTPException

import pytest
from heloscope.session import Session
from heloscope.session.errors import ConnectionLost, ReplyTimedOut
from heloscope.session.events import CLIENT, SERVER, Cause, Connected, Disconnected, Line, Note
from heloscope.session.net.dial import DialError
from heloscope.session.target import Target
from heloscope.session.timeouts import Timeouts
from support.servers import VerbServer, script, serving

pytestmark = pytest.mark.every_loop


def last_cause(session: Session) -> Cause:
    return [e for e in session.transcript.events() if isinstance(e, Disconnected)][-1].cause


async def test_a_conversation_returns_replies_as_smtplib_does_and_records_every_line():
    async with serving(
        script("""
            S: 220 ready
            C: EHLO
            S: 250-server
            S: 250 SIZE 1000
            C: NOOP
            S: 250 2.0.0 ok
            C: QUIT
            S: 221 bye
        """)
    ) as port:
        session = Session("127.0.0.1", port, timeout=5)
        heard = []
        session.subscribe(heard.append)
        assert await session.connect() == (220, b"ready")
        code, text = await session.ehlo("me.example")
        assert (code, text) == (250, b"server\nSIZE 1000")
        assert session.has_extn("size")
        reply = await session.noop()
        assert reply == (250, b"2.0.0 ok")
        assert reply.enhanced == "2.0.0"
        assert await session.quit() == (221, b"bye")
    assert not session.connected
    assert session.transcript.joined(CLIENT) == b"EHLO me.example\r\nNOOP\r\nQUIT\r\n"
    rows = [event.data for event in heard if isinstance(event, Line)]
    assert b"".join(rows) == b"".join(row.data for row in session.transcript)
    assert isinstance(heard[0], Connected)
    assert isinstance(heard[-1], Disconnected | type(heard[-1]))


async def test_several_commands_in_flight_get_their_own_replies():
    async with serving(
        script("""
            S: 220 ready
            C: VRFY a
            C: VRFY b
            S: 250 a
            S: 550 b
            C: end
        """)
    ) as port:
        session = Session("127.0.0.1", port, timeout=5)
        await session.connect()
        first, second = await asyncio.gather(session.docmd("VRFY", "a"), session.docmd("VRFY b"))
        assert (first, second) == ((250, b"a"), (550, b"b"))
        await session.close()
        assert last_cause(session) is Cause.CLOSED_BY_CLIENT


async def test_a_timeout_does_not_close_and_a_late_reply_finds_its_command():
    late = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 ready\r\n")
        await reader.readline()
        await late.wait()
        writer.write(b"250 late\r\n")
        await reader.readline()
        writer.write(b"250 second\r\n")
        await reader.readline()

    async with serving(serve) as port:
        session = Session("127.0.0.1", port, timeouts=Timeouts(other=0.05))
        await session.connect()
        async with asyncio.timeout(20):  # the wait for the greeting was a longer one
            with pytest.raises(ReplyTimedOut) as error:
                await session.docmd("NOOP")
        assert error.value.verb == "NOOP"
        assert session.connected
        assert any(isinstance(e, Note) and e.kind == "timeout" for e in session.transcript.events())
        session.timeouts = Timeouts()
        late.set()
        assert await session.docmd("NOOP again") == (250, b"second")
        assert [r.data for r in session.transcript if not r.sent][1:] == [
            b"250 late\r\n",
            b"250 second\r\n",
        ]
        await session.close()


async def test_a_new_timeout_applies_to_the_current_wait_too():
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 ready\r\n")
        await reader.read()

    async with serving(serve) as port, Session("127.0.0.1", port) as session:
        waiting = asyncio.ensure_future(session.docmd("NOOP"))
        await session.news()
        session.timeouts = Timeouts(other=0.05)
        async with asyncio.timeout(20):
            with pytest.raises(ReplyTimedOut):
                await waiting
        await session.close()


async def test_a_cancelled_command_leaves_its_place_to_its_reply():
    answer = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 ready\r\n")
        await reader.readline()
        await answer.wait()
        writer.write(b"250 one\r\n")
        await reader.readline()
        writer.write(b"250 two\r\n")
        await reader.readline()

    async with serving(serve) as port:
        session = Session("127.0.0.1", port, timeout=5)
        await session.connect()
        task = asyncio.ensure_future(session.docmd("NOOP 1"))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        answer.set()
        assert await session.docmd("NOOP 2") == (250, b"two")
        await session.close()


async def test_a_server_that_closes_ends_the_wait_with_the_cause():
    async with serving(script("S: 220 ready\nC: NOOP")) as port:
        session = Session("127.0.0.1", port, timeout=5)
        await session.connect()
        with pytest.raises(ConnectionLost) as error:
            await session.docmd("NOOP")
        assert error.value.cause is Cause.CLOSED_BY_SERVER
        assert last_cause(session) is Cause.CLOSED_BY_SERVER
        with pytest.raises(ConnectionLost):
            session.send_line(b"NOOP")


async def test_a_reset_in_the_middle_of_a_line_keeps_the_bytes_and_says_reset():
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 ready\r\n")
        await reader.readline()
        writer.write(b"250 half a li")
        await writer.drain()
        await reader.readline()
        sock = writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()

    async with serving(serve) as port:
        session = Session("127.0.0.1", port, timeout=5)
        await session.connect()
        task = asyncio.ensure_future(session.docmd("NOOP"))
        while not session.conversation.pending(SERVER):
            await session.news()
        session.send_line(b"NOOP")
        with pytest.raises(ConnectionLost) as error:
            await task
        assert error.value.cause is Cause.RESET
        assert session.transcript.joined(SERVER) == b"220 ready\r\n250 half a li"
        assert session.transcript[-1].piece


async def test_a_reply_sent_before_disconnecting_is_read_although_writing_fails_first():
    """A server may refuse a message halfway; asyncio drops what has arrived but was not read."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        session = Session("127.0.0.1", listening.getsockname()[1])
        opening = asyncio.ensure_future(session.open())
        server, _ = await asyncio.get_running_loop().sock_accept(listening)
        await opening
        session.send_line(b"NOOP")  # which the server does not read: closing resets
        server.send(b"220 ready\r\n552 too big\r\n421 off")
        server.close()
        while session.connected:
            session.send_line(b"NOOP")
        async for _ in session.events():
            pass
    assert session.transcript.joined(SERVER) == b"220 ready\r\n552 too big\r\n421 off"
    assert last_cause(session) is Cause.RESET


async def test_refused_and_unknown_are_distinguished():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        session = Session("127.0.0.1", unused.getsockname()[1])
        with pytest.raises(DialError) as error:
            await session.connect()
    assert error.value.cause is Cause.REFUSED
    assert last_cause(session) is Cause.REFUSED
    with pytest.raises(DialError) as error:
        await Session("no-such-name.invalid", 25, timeout=5).connect()
    assert error.value.cause is Cause.NAME_NOT_FOUND


async def test_a_look_up_that_hangs_ends_with_the_timeout(monkeypatch: pytest.MonkeyPatch):
    import threading

    release = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: release.wait(5) and [])
    with pytest.raises(DialError) as error:
        await Session("slow.example", 25, timeout=0.05).connect()
    release.set()
    assert error.value.cause is Cause.TIMED_OUT


async def test_lmtp_over_a_unix_socket(tmp_path: Path):
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 lmtp\r\n")
        line = await reader.readline()
        writer.write(b"250 " + line)
        await reader.readline()
        writer.close()

    path = tmp_path / "lmtp"
    server = await asyncio.start_unix_server(serve, path)
    async with server:
        session = Session(f"unix:{path}", timeout=5)
        await session.connect()
        assert await session.ehlo("me") == (250, b"LHLO me")
        await session.close()


async def test_a_connected_socket_is_used_once():
    ours, theirs = socket.socketpair()
    reader, writer = await asyncio.open_connection(sock=theirs)
    session = Session(Target(path="a program"), sock=ours, timeout=5)
    writer.write(b"220 ready\r\n")
    assert await session.connect() == (220, b"ready")
    session.send_line(b"NOOP")
    assert await reader.readline() == b"NOOP\r\n"
    await session.close()
    writer.close()
    with pytest.raises(DialError, match="does not exist"):
        await session.connect()


async def test_raw_bytes_are_sent_as_they_are_and_a_rest_is_a_piece():
    got: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 ready\r\n")
        got.append(await reader.readexactly(7))
        writer.write(b"500 what\r\n")
        await reader.read()

    async with serving(serve) as port:
        session = Session("127.0.0.1", port, timeout=5)
        await session.connect()
        await session.send_raw(b"NO\x00\nOP")
        await session.send_raw(b"\r")
        async for event in session.events(session.transcript.sequence):
            if isinstance(event, Line) and not event.sent:
                break
        assert got == [b"NO\x00\nOP\r"]
        assert [row.data for row in session.transcript if row.sent] == [b"NO\x00\n", b"OP", b"\r"]
        await session.close()


async def test_a_server_that_does_not_read_times_out_and_the_session_can_be_closed():
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 ready\r\n")
        await asyncio.Event().wait()

    async with serving(serve) as port:
        session = Session("127.0.0.1", port, timeouts=Timeouts(block=0.1))
        await session.connect()
        with pytest.raises(ReplyTimedOut):
            await session.send_raw(b"x" * 30_000_000)
        await session.close()
        assert not session.connected


async def test_the_wait_for_a_reply_is_a_countdown():
    async with serving(script("S: 220 ready\nC: MAIL\nC: end")) as port:
        session = Session("127.0.0.1", port)
        await session.connect()
        assert session.waiting is None
        session.send_line(b"MAIL FROM:<>")
        verb, left = session.waiting or ("", 0.0)
        assert verb == "MAIL"
        assert 299 < left <= 300
        await session.close()


async def test_each_wait_counts_down_from_its_own_time_and_ends_where_it_was_changed_to():
    greet = asyncio.Event()
    server = VerbServer(greeting=(greet, "220 ready"), DATA=(asyncio.Event(), "354 go on"))
    async with serving(server) as port:
        times = Timeouts(greeting=100, mail=200, data=300)
        session = Session("127.0.0.1", port, timeouts=times, clock=lambda: 1000.0)
        task = asyncio.ensure_future(session.connect())
        while not session.connected:
            await session.news()
        assert session.waiting == ("greeting", 100.0)
        greet.set()
        await task
        session.send_line(b"DATA")
        assert session.waiting == ("DATA", 300.0)
        session.timeouts = Timeouts(data=7)
        assert session.waiting == ("DATA", 7.0)
        await session.close()
        assert session.waiting is None


async def test_a_shorter_timeout_applies_to_the_current_wait():
    async with serving(script("S: 220 ready\nC: NOOP\nC: end")) as port:
        session = Session("127.0.0.1", port)
        await session.connect()
        task = asyncio.ensure_future(session.docmd("NOOP"))
        while session.waiting is None:
            await session.news()
        session.timeouts = Timeouts.all(0.02)
        with pytest.raises(ReplyTimedOut) as error:
            await asyncio.wait_for(task, 30)
        assert (error.value.verb, error.value.seconds) == ("NOOP", 0.02)
        await session.close()


async def test_leaving_the_context_sends_quit():
    async with serving(script("S: 220 ready\nC: QUIT\nS: 221 bye")) as port:
        async with Session("127.0.0.1", port, timeout=5) as session:
            pass
        assert session.transcript.joined(CLIENT) == b"QUIT\r\n"


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: None, "The socket {} does not exist."),
        (lambda path: path.write_text(""), "No server is listening on the socket {}."),
        (lambda path: path.mkdir(), "No server is listening on the socket {}."),
    ],
    ids=["nothing", "a file", "a folder"],
)
async def test_a_path_without_a_listener_is_reported_as_such(
    make: Callable[[Path], object], words: str, tmp_path: Path
):
    make(tmp_path / "lmtp")
    with pytest.raises(DialError) as error:
        await Session(f"unix:{tmp_path}/lmtp").connect()
    assert error.value.cause is Cause.NO_SOCKET
    assert error.value.detail == words.format(f"{tmp_path}/lmtp")


@pytest.mark.parametrize(
    ("mechanism", "why"),
    [
        ("DIGEST-MD5", "DIGEST-MD5: heloscope does not implement it; you can type the responses"),
        ("PLAIN", "PLAIN: would expose the password to anyone on the network path: use TLS first"),
        ("CRAM-MD5", "CRAM-MD5 is not offered"),
    ],
)
async def test_a_mechanism_that_cannot_be_used_is_refused_with_a_reason(mechanism: str, why: str):
    async with serving(
        script("""
            S: 220 ready
            C: EHLO
            S: 250-server
            S: 250 AUTH PLAIN DIGEST-MD5
        """)
    ) as port:
        session = Session("127.0.0.1", port, timeout=5, local_hostname="me.example")
        await session.connect()
        with pytest.raises(SMTPException) as raised:
            await session.login("alice", "wonderland", mechanism=mechanism)
        assert str(raised.value) == f"No suitable authentication method found: {why}"
        await session.close()
    assert session.transcript.joined(CLIENT) == b"EHLO me.example\r\n"


async def test_a_line_is_refused_with_the_reason_while_the_connection_closes():
    async with serving(script("S: 220 ready")) as port:
        session = Session("127.0.0.1", port, timeout=5)
        await session.connect()
        while session.connected:  # noqa: ASYNC110 - the moment is what matters
            await asyncio.sleep(0)
        with pytest.raises(ConnectionLost) as raised:
            session.send_line(b"NOOP")
        assert raised.value.cause is Cause.CLOSED_BY_SERVER
        assert str(raised.value) == "the server closed the connection"
        await session.close()
