"""Connecting, disconnecting and reconnecting."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from heloscope.app.app import HeloscopeApp
from heloscope.session.events import Disconnected, Event, StateChanged
from heloscope.session.record import journal
from heloscope.session.record.pace import Paced
from heloscope.session.record.transcript import Transcript
from support.stage import TO_ALICE, Stage, played

ELSEWHERE = """
    S: 220 elsewhere ready
    C: EHLO
    S: 250 elsewhere
    C: QUIT
"""


def last(transcript: Transcript) -> Event:
    """Return the last event."""
    return [event for event in transcript.events() if not isinstance(event, StateChanged)][-1]


async def test_without_a_target_it_is_connected_to_its_own_server_on_loopback():
    app = HeloscopeApp()
    async with app.run_test() as pilot:
        async with asyncio.timeout(20):
            while not (app.connections.session and len(app.connections.session.transcript)):
                await pilot.pause(0)
        session, server = app.connections.session, app.connections.practice
        assert session is not None and server is not None
        assert server.host == "127.0.0.1"
        assert server.port > 0
        assert session.transcript[0].data.startswith(b"220 practice.test ")
        assert app.focused is app.main.query_one("#command")


async def test_the_dialog_connects_elsewhere_below_the_old_transcript():
    stage = Stage()
    async with stage.run() as stage:
        await stage.type("EHLO me")
        stage.serve = played(ELSEWHERE).serve
        await stage.press("ctrl+o", *"mail.example.org:587", "enter")
        await stage.greeted(2)
        assert "220 practice.test" in stage.screen
        assert "\u2500\u2500 closed by us \u2500\u2500" in stage.screen
        assert "\u2500\u2500 connected to mail.example.org:587 \u2500\u2500" in stage.screen
        assert "220 elsewhere ready" in stage.screen
        assert stage.lines[0].startswith(" mail.example.org:587  greeted")
        assert "The extensions are not known yet." in stage.seen("#extensions")  # of the new server


async def test_a_target_that_cannot_be_understood_is_told_in_the_dialog():
    async with Stage().run() as stage:
        await stage.press("ctrl+o", *"you@example.org", "enter")
        assert "is an email address, not a server" in stage.screen
        await stage.press("escape")
        assert stage.session.connected
        assert len(stage.view.sections) == 1


async def test_the_dialog_offers_where_one_was_before():
    async with Stage(history=[":connect old.example.org"]).run() as stage:
        stage.serve = played(ELSEWHERE).serve
        await stage.press("ctrl+o", "down", "enter")
        await stage.greeted(2)
        assert stage.app.connections.profile.target == "old.example.org"


async def test_a_refused_connection_is_told_with_what_to_try():
    async with Stage().run() as stage:
        await stage.put(":connect mail.example.org")
        await stage.until(lambda: stage.notices)
        assert "mail.example.org:25 refused the connection. Check the port" in stage.notices[0]
        refused = "mail.example.org:25 refused the connection"
        assert refused in stage.seen("#transcript")
        await stage.press("f9")
        await stage.until(lambda: stage.seen("#transcript").count(refused) == 2)


async def test_ctrl_c_gives_up_connecting():
    async with Stage().run() as stage:
        await stage.put(":connect silent.example.org")
        await stage.until(lambda: "s left, Esc cancels" in stage.lines[0])
        await stage.press("ctrl+c")
        await stage.until(lambda: "cancelled" in stage.seen("#transcript"))
        assert "Connecting was cancelled." in stage.notices


async def test_disconnect_closes_and_what_was_said_stays():
    async with Stage().run() as stage:
        await stage.type("EHLO me")
        await stage.put(":disconnect")
        await stage.until(lambda: not stage.session.connected)
        await stage.settle()
        assert "closed by us" in stage.seen("#transcript")
        assert "C   EHLO me" in stage.seen("#transcript")
        assert "closed" in stage.lines[0]
        assert "F9 reconnects" in stage.hint
        assert b"QUIT" not in stage.sent


async def test_reconnect_begins_anew_below_the_old_transcript():
    async with Stage().run() as stage:
        await stage.type("EHLO me", "QUIT")
        await stage.until(lambda: not stage.session.connected)
        await stage.press("f9")
        await stage.greeted(2)
        text = stage.seen("#transcript")
        assert text.count("220 practice.test") == 2
        assert text.index("221 2.0.0") < text.rindex("connected to") < text.rindex("220 ")
        assert "greeted; EHLO comes next" in stage.lines[0]


@pytest.mark.parametrize("order", [":connect practice", ":disconnect", ":reconnect"])
async def test_in_the_middle_of_a_transaction_it_asks_once(order: str):
    async with Stage().run() as stage:
        await stage.type("EHLO me", TO_ALICE[0])
        await stage.put(order)
        assert "A mail transaction is open." in stage.screen
        await stage.press("escape")
        assert stage.session.connected
        assert stage.app.screen is stage.main
        await stage.put(order)
        await stage.press("y")
        first = stage.view.sections[0].transcript
        await stage.until(lambda: isinstance(last(first), Disconnected))


async def test_a_server_that_hangs_up_is_told():
    async with played("S: 220 ready\nC: NOOP").run() as stage:
        await stage.put("NOOP")
        await stage.until(lambda: not stage.session.connected)
        await stage.settle()
        assert "the server closed the connection" in stage.seen("#transcript")


async def test_a_server_that_is_none_is_recognised():
    async with played("S: HTTP/1.1 400 Bad Request\nC: NOOP").run() as stage:
        await stage.until(lambda: stage.notices)
        assert "web server" in stage.notices[0]


async def test_a_late_reply_is_counted_down_to_and_told_and_nothing_is_closed():
    async with played("S: 220 ready\nC: NOOP\nC: NOOP").run() as stage:
        await stage.put(":timeout 30")
        await stage.put("NOOP")
        stage.clock.now += 19.5
        await stage.until(lambda: "no reply to NOOP yet, 00:10 left" in stage.lines[0])
        stage.clock.now += 20
        await stage.put(":timeout 30")  # which looks at the clock
        await stage.until(lambda: "no reply to NOOP within 30 seconds" in stage.screen)
        assert stage.session.connected


async def test_every_conversation_is_recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(journal, "folder_name", lambda: str(tmp_path))
    async with Stage(record=True).run() as stage:
        await stage.type("EHLO me")
        await stage.put(":journal")
        [file] = tmp_path.iterdir()
        assert str(file) in stage.notices[0]
        # handed to the system as it happens, not at the end
        rows = [json.loads(line) for line in file.read_text().splitlines()]
        assert rows[0]["heloscope"] == 1
        assert [row["text"] for row in rows if row.get("from") == "C"] == ["EHLO me\r\n"]
        assert stage.app.journals == [file]


async def test_what_is_shown_has_been_recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(journal, "folder_name", lambda: str(tmp_path))
    monkeypatch.setattr(Paced, "__call__", lambda *_: None)  # as if the time never came
    async with played("S: 220 ready\nC: NOOP\nS: 250 2.0.0 fine", record=True).run() as stage:
        await stage.type("NOOP")
        assert "250 2.0.0 fine" in stage.seen("#transcript")
        (file,) = stage.app.journals
        assert "250 2.0.0 fine" in file.read_text()
