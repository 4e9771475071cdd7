"""A recording repeated in the application: a plan of its lines stops at a different reply."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from heloscope.app.config.model import SecretReference, Server
from heloscope.app.dialogs.login import LoginScreen
from heloscope.app.recordings.screen import RecordingScreen
from heloscope.session.record.notes import Notes, handout
from support.recorded import TALK, open_in, recorded, settled
from support.scripts import observe
from support.servers import Serve, script
from support.stage import NARROW, WIDE, Stage
from textual.widgets import Checkbox

ANSWERS = "\n".join(
    f"{side.value}: {line}" for _, side, text in TALK for line in text.split("\r\n")
)
LOGIN = "S: 220 x\nC: AUTH LOGIN\nS: 334 VXNlcm5hbWU6\nC: YQ==\nS: 334 UGFzc3dvcmQ6\nC: Yg==\n"


@contextlib.asynccontextmanager
async def opened(
    path: Path, serve: Serve, *orders: str, size: tuple[int, int] = WIDE
) -> AsyncIterator[Stage]:
    """Yield a stage on which a recording is open, and on which these orders were typed."""
    async with Stage(serve=serve).run(size) as stage:
        screen = await open_in(stage, path)
        for order in orders:
            screen.composer.text = order
            await stage.press("enter")
        yield stage


async def run_plan(stage: Stage) -> None:
    """Agree to close the connection, and run the plan to its end."""
    await stage.press("y")
    await stage.until(lambda: stage.main.plan.status.next is not None)
    await stage.press("f5")
    await stage.until(lambda: not stage.main.plan.status.busy)
    await stage.settle()


async def test_the_same_answers_are_told_as_such(tmp_path: Path):
    async with opened(recorded(tmp_path), script(ANSWERS), ":rerun") as stage:
        assert not isinstance(stage.app.screen, RecordingScreen)
        assert "Close this connection?" in stage.screen
        await run_plan(stage)
        assert "Done: all replies are the same as before." in stage.seen("#facts")
        assert b"RCPT TO:<nobody@example.org>\r\n" in stage.sent


async def test_where_no_plan_is_in_view_a_notice_says_so(tmp_path: Path):
    async with opened(recorded(tmp_path), script(ANSWERS), ":rerun", size=NARROW) as stage:
        await run_plan(stage)
        assert "Done: all replies are the same as before." in stage.screen


async def test_nothing_is_sent_before_a_step_is_taken(tmp_path: Path):
    async with opened(recorded(tmp_path), script(ANSWERS), ":rerun") as stage:
        await stage.press("y")
        await stage.until(lambda: stage.main.plan.status.next is not None)
        assert [step.verb for step in stage.main.plan.status.foreseen] == [
            "connect", "EHLO", "MAIL", "RCPT", "RCPT", "DATA", ".", "QUIT",
        ]  # fmt: skip
        assert stage.sent == b""


async def test_it_stops_at_another_answer_and_one_goes_on_by_hand(tmp_path: Path):
    other = ANSWERS.replace("550 5.1.1 <nobody", "250 2.1.5 <nobody").replace("C: DATA", "C: NOOP")
    async with opened(recorded(tmp_path), script(other), ":rerun") as stage:
        await run_plan(stage)
        assert stage.main.plan.status.trouble == (
            "Different reply at line 8 (RCPT TO:<nobody@example.org>): expected 550 5.1.1 "
            "<nobody@example.org>: User unknown in local recipient table; got 250 2.1.5 "
            "<nobody@example.org>: User unknown in local recipient table."
        )
        assert "Different reply at line 8" in stage.seen("#facts")
        assert "recipient accepted" in stage.screen
        assert stage.session.connected
        await stage.put("NOOP")
        assert stage.sent.endswith(b"NOOP\r\n")


async def test_a_key_says_it_again_and_a_target_names_another_server(tmp_path: Path):
    async with opened(recorded(tmp_path), script(ANSWERS)) as stage:
        await stage.press("f9")
        await stage.press("y")
        await stage.until(lambda: stage.main.plan.status.next is not None)
        assert stage.main.connections.profile.target == "mail.example.org"
    async with opened(recorded(tmp_path), script(ANSWERS), ":rerun mx.example.net:26") as stage:
        await stage.press("y")
        await stage.until(lambda: stage.main.plan.status.next is not None)
        assert stage.main.connections.profile.target == "mx.example.net:26"


async def test_a_login_asks_for_user_and_password(tmp_path: Path):
    path = tmp_path / "login.jsonl"
    talk = observe(LOGIN + "S: 235 2.7.0 ok\nC: QUIT\nS: 221 bye")
    path.write_bytes(b"".join(handout(talk.transcript, "mail.example.org", Notes())))
    answers = LOGIN + "S: 535 5.7.8 wrong\nC: QUIT\nS: 221 bye"
    async with opened(path, script(answers), ":rerun") as stage:
        screen = stage.app.screen
        assert isinstance(screen, LoginScreen)
        await stage.write("alice")
        await stage.press("escape")
        assert stage.main.plan.status.next is None


async def test_a_profile_gives_its_login(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("REPLAYED_SECRET", "wonderland")
    path = tmp_path / "login.jsonl"
    talk = observe(LOGIN + "S: 235 2.7.0 ok\nC: QUIT\nS: 221 bye")
    path.write_bytes(b"".join(handout(talk.transcript, "mail.example.org", Notes())))
    async with opened(path, script(LOGIN + "S: 235 2.7.0 ok\nC: QUIT\nS: 221 bye")) as stage:
        servers = stage.main.connections.servers
        secret = SecretReference(env="REPLAYED_SECRET")
        server = Server(target="mx.example.net:26", user="alice", secret=secret)
        servers.configuration.servers["mail"] = server
        screen = stage.app.screen
        assert isinstance(screen, RecordingScreen)
        screen.composer.text = ":rerun @mail"
        await stage.press("enter")
        await stage.until(lambda: isinstance(stage.app.screen, LoginScreen))
        assert "alice" in stage.screen and "REPLAYED_SECRET" in stage.screen
        stage.app.screen.query_one("#in-clear", Checkbox).value = True
        await stage.press("enter")
        await stage.until(lambda: "Close this connection?" in stage.screen)
        await stage.press("y")
        await stage.until(lambda: stage.main.plan.status.next is not None)
        assert stage.main.connections.profile.target == "mx.example.net:26"


async def test_what_names_no_server_or_says_nothing_is_told(tmp_path: Path):
    path = tmp_path / "empty.jsonl"
    path.write_text('{"heloscope": 1, "began": 1790000500.0, "target": "mx.example.net"}\n')
    async with opened(path, script(ANSWERS), ":rerun") as stage:
        screen = stage.app.screen
        assert isinstance(screen, RecordingScreen)
        await settled(stage, screen)
        assert [notice.text for notice in screen.ui.standing] == [
            "The client sends nothing in this recording."
        ]


async def test_without_a_recording_it_says_how_to_open_one():
    async with Stage().run() as stage:
        await stage.put(":rerun")
        assert any("No recording is open." in notice for notice in stage.notices)
