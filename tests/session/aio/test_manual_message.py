"""What follows a typed DATA or BDAT, over real sockets and without a screen."""

from __future__ import annotations

import asyncio

import pytest
from heloscope.session import (
    Manual,
    Session,
    State,
    events,
)
from heloscope.session.events import CLIENT
from support.servers import VerbServer, script, serving
from support.typed_by_hand import Failures, by_hand, heard, typed, until

pytestmark = pytest.mark.every_loop


# DATA


async def to_data(session: Session) -> None:
    await typed(session, "EHLO me", "MAIL FROM:<a@example.org>", "RCPT TO:<b@example.org>")


MESSAGE = b"Subject: hello\r\n\r\n.dot\r\n..two\r\nend"
STUFFED = [b"Subject: hello", b"", b"..dot", b"...two", b"end", b"."]


async def test_a_message_handed_in_ahead_is_sent_after_354_and_not_before():
    go = asyncio.Event()
    server = VerbServer(DATA=(go, "354 go on"), **{".": "250 queued"})
    async with by_hand(server) as (session, manual, failures):
        await to_data(session)
        session.send_line(b"DATA")
        manual.message(MESSAGE)
        await manual.settled()
        assert session.transcript.joined(CLIENT).endswith(b"\r\nDATA\r\n")
        go.set()
        await until(lambda: manual.body is None)
        assert session.transcript.joined(CLIENT).endswith(
            b"DATA\r\nSubject: hello\r\n\r\n..dot\r\n...two\r\nend\r\n.\r\n"
        )
        assert failures == []


async def test_a_message_is_sent_at_once_where_the_server_waits_for_it():
    server = VerbServer(**{".": "250 queued"})
    async with by_hand(server) as (session, manual, failures):
        await to_data(session)
        await typed(session, "DATA")
        manual.message(MESSAGE)
        await until(lambda: session.state is State.READY)
        assert heard(server)[-6:] == STUFFED
        assert manual.body is None and manual.progress is None
        assert failures == []


async def test_a_message_is_kept_where_data_is_refused_and_is_sent_for_the_next():
    server = VerbServer(**{".": "250 queued"})
    server.says["DATA"] = ["451 later", "354 go on"]
    async with by_hand(server) as (session, manual, failures):
        await to_data(session)
        manual.message(MESSAGE)
        await typed(session, "DATA")
        await manual.settled()
        assert manual.body == MESSAGE
        assert heard(server)[-1] == b"DATA"
        await typed(session, "DATA")
        await until(lambda: session.state is State.READY)
        assert heard(server)[-7:] == [b"DATA", *STUFFED]
        assert manual.body is None
        assert failures == []


async def test_a_message_supplied_while_another_is_sent_is_kept_for_the_next_data():
    server = VerbServer(**{".": "250 queued"})
    async with by_hand(server) as (session, manual, failures):
        await to_data(session)
        await typed(session, "DATA")

        def supply(event: events.Event) -> None:
            if isinstance(event, events.Line) and event.data == b"end\r\n":
                manual.message(b"the next\r\n")

        session.subscribe(supply)
        manual.message(MESSAGE)
        await until(lambda: session.state is State.READY)
        await manual.settled()
        assert heard(server)[-6:] == STUFFED
        assert manual.body == b"the next\r\n"
        await to_data(session)
        await typed(session, "DATA")
        await until(lambda: session.state is State.READY)
        assert heard(server)[-3:] == [b"DATA", b"the next", b"."]
        assert manual.body is None and failures == []


async def test_a_message_is_kept_if_the_connection_ends_before_it_is_sent():
    async with serving(script("S: 220 ready\nC: DATA\nS: 354 go on")) as port:
        failures = Failures()
        session = Session("127.0.0.1", port, timeout=20)
        await session.connect()
        manual = Manual(session, failures.append)
        message = b"0123456789abcde\r\n" * 1_000_000  # more than the system takes at once
        manual.message(message)
        session.send_line(b"DATA")
        await until(lambda: not session.connected)
        await manual.settled()
        assert manual.body == message
        assert len(failures) == 1
        assert isinstance(failures[0], OSError)


async def test_a_message_is_sent_at_once_as_a_body_or_as_one_chunk():
    server = VerbServer(DATA="354 go on", **{".": "250 queued"})
    async with by_hand(server) as (session, manual, failures):
        session.send_line(b"DATA")
        await until(lambda: not session.conversation.waiting_for)
        sending = asyncio.ensure_future(manual.send_message(b".a"))
        await asyncio.sleep(0)
        assert manual.progress == (0, len(b"..a\r\n.\r\n"))
        await sending
        assert manual.progress is None
        await until(lambda: not session.conversation.waiting_for)
        assert heard(server)[-2:] == [b"..a", b"."]
        await manual.send_chunk(b".b")
        await until(lambda: heard(server)[-1] == b".b")
        assert heard(server)[-2:] == [b"BDAT 4 LAST", b".b"]
        assert failures == []


async def test_sending_a_message_can_be_aborted_and_it_is_kept():
    async def deaf(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 ready\r\n")
        await reader.readline()
        writer.write(b"354 go on\r\n")
        reader._transport.pause_reading()  # pyright: ignore[reportAttributeAccessIssue] (private)
        await asyncio.Event().wait()

    async with serving(deaf) as port:
        failures = Failures()
        session = Session("127.0.0.1", port, timeout=20)
        await session.connect()
        manual = Manual(session, failures.append)
        message = b"0123456789abcde\r\n" * 1_000_000
        manual.message(message)
        session.send_line(b"DATA")
        await until(lambda: manual.progress is not None)
        assert manual.busy and manual.progress is not None and manual.progress[1] > len(message)
        assert manual.give_up()
        await manual.settled()
        assert manual.body == message and manual.progress is None
        assert failures == []
        await session.close()
