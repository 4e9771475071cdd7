"""A server that sends without end: the screen reports it, offers choices, and handles keys."""

from __future__ import annotations

import asyncio
import contextlib

import pytest
from heloscope.app.connect import floods
from heloscope.session.aio.session import Session
from heloscope.session.events import SERVER, Note
from support.stage import NARROW, WIDE, Stage

FLOODS = {"a line": b"x" * 8000, "a reply": b"250-and on\r\n" * 500, "replies": b"250 x\r\n" * 900}


def flooding(flood: bytes):
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 flood.example.org ready\r\n")
        await reader.readline()
        with contextlib.suppress(asyncio.CancelledError, ConnectionError):
            while True:
                writer.write(flood)
                await writer.drain()

    return serve


@pytest.mark.parametrize("size", [WIDE, NARROW])
@pytest.mark.parametrize("kind", FLOODS)
async def test_a_flood_pauses_and_one_is_asked_whether_to_read_on(kind: str, size: tuple[int, int]):
    async with Stage().run(size) as stage:
        stage.serve = flooding(FLOODS[kind])
        await stage.put(":connect flood.example.org")
        await stage.until(lambda: len(stage.session.transcript) == 1)
        session = stage.session
        session.flood_limit = 100_000
        await stage.put("NOOP")
        await stage.until(lambda: session.flooded)
        [notice] = stage.notices
        assert (
            "The server has sent more than 100,000 octets in one reply, or in unsolicited replies."
            in notice
        )
        assert ":more reads up to 100,000 octets more, :disconnect closes the connection." in notice
        assert "paused: :more continues, :disconnect closes" in stage.lines[0]
        notes = [mark for mark in session.transcript.marks_after(0) if isinstance(mark, Note)]
        assert [note.kind for note in notes] == ["flood"]
        before = len(session.transcript.joined(SERVER))
        await stage.put(":more")
        await stage.until(lambda: session.flooded)
        assert len(session.transcript.joined(SERVER)) > before
        await stage.put(":disconnect")
        await stage.until(lambda: not session.connected)
        assert not session.flooded
        await stage.put(":more")
        assert "Reading is not paused" in stage.notices[-1]


async def all_that_was_read(session: Session) -> int:
    """Return the number of octets from the server, once that number no longer changes."""
    before, octets = -1, 0
    while octets != before:
        await asyncio.sleep(0.05)
        before, octets = octets, len(session.transcript.joined(SERVER))
    return octets


async def test_more_is_refused_once_no_more_is_kept(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(floods, "KEPT", 260_000)
    monkeypatch.setattr(floods, "LEAST", 10_000)
    async with Stage().run() as stage:
        stage.serve = flooding(FLOODS["a reply"])
        await stage.put(":connect flood.example.org")
        await stage.until(lambda: len(stage.session.transcript) == 1)
        session = stage.session
        session.flood_limit = 200_000
        await stage.put("NOOP")
        await stage.until(lambda: session.flooded)
        [notice] = stage.notices
        assert ":more reads " in notice
        await stage.put(":more")
        await stage.until(lambda: session.flooded and stage.notices[-1:] not in ([], [notice]))
        assert session.flood_limit < 60_000
        assert stage.notices[-1].endswith(
            "Reading is paused: at most 260,000 octets of floods are kept. "
            ":save (Ctrl+S) saves what was received, :disconnect closes the connection."
        )
        kept = await all_that_was_read(session)
        assert "paused: :disconnect closes" in stage.lines[0]
        await stage.put(":more")
        await stage.settle()
        assert session.flooded
        assert await all_that_was_read(session) == kept
        assert stage.notices[-1].startswith(
            "Reading remains paused: at most 260,000 octets of floods are kept."
        )
        await stage.put(":reconnect")
        await stage.until(lambda: stage.session is not session and stage.session.connected)
        assert stage.session.flood_limit == 10_000
