"""A live session for a projector: replies wait for a key, and names can be masked."""

from __future__ import annotations

from pathlib import Path

import pytest
from heloscope.app.main.presentation import LivePace
from heloscope.session.events import CLIENT, SERVER
from heloscope.session.protocol.conversation import Conversation
from heloscope.widgets.transcript.section import TranscriptSection
from support.stage import NARROW, TO_ALICE, WIDE, Stage, played


class View:
    """Stands in for a transcript pane, with its sections."""

    def __init__(self, talk: Conversation) -> None:
        self.sections = [TranscriptSection(talk.transcript, talk.pending_masked)]


@pytest.fixture
def talk() -> Conversation:
    talk = Conversation()
    talk.feed(SERVER, b"220 ready\r\n", 0.0)
    return talk


def pace_of(talk: Conversation, *, holds: bool = True) -> LivePace:
    pace = LivePace(View(talk))  # pyright: ignore[reportArgumentType]: as much of one as is needed
    pace.holds = holds
    pace.begin()
    return pace


def seen(pace: LivePace) -> int:
    shown = pace.shown()
    return 0 if shown is None else shown[1]


def test_what_was_said_before_is_seen_and_a_reply_waits(talk: Conversation):
    pace = pace_of(talk)
    assert seen(pace) == 1
    talk.feed(CLIENT, b"EHLO me\r\n", 1.0)
    assert (seen(pace), pace.due) == (2, None)
    talk.feed(SERVER, b"250-here\r\n250 SIZE\r\n", 2.0)
    assert (seen(pace), pace.due) == (2, SERVER)
    assert pace.move(1, turn=False)
    assert (seen(pace), pace.more) == (3, True)
    assert pace.move(1, turn=True)
    assert (seen(pace), pace.more) == (4, False)
    assert not pace.move(1, turn=False)


def test_who_goes_back_stays_there(talk: Conversation):
    pace = pace_of(talk)
    talk.feed(CLIENT, b"EHLO me\r\n", 1.0)
    talk.feed(SERVER, b"250-here\r\n250 SIZE\r\n", 2.0)
    assert seen(pace) == 2
    assert pace.move(1, turn=True)
    assert pace.move(-1, turn=True)
    assert seen(pace) == 2
    assert pace.move(-1, turn=True)
    assert (seen(pace), pace.due) == (1, CLIENT)
    assert pace.move(-1, turn=False)
    assert (seen(pace), pace.due) == (0, SERVER)
    assert not pace.move(-1, turn=False)
    assert pace.move(1, turn=True)
    assert seen(pace) == 1


def test_replies_that_need_not_wait_are_seen_at_once(talk: Conversation):
    pace = pace_of(talk, holds=False)
    talk.feed(CLIENT, b"NOOP\r\n", 1.0)
    talk.feed(SERVER, b"250 ok\r\n", 2.0)
    assert seen(pace) == 3


async def test_the_reply_waits_and_nothing_gives_it_away():
    async with Stage().run(NARROW) as stage:
        await stage.type("EHLO me", ":present")
        assert "practice server" not in stage.screen.split("\n")[0]
        assert "    250 HELP" in stage.screen
        await stage.type("MAIL FROM:<bob@example.org>")
        assert "What will the server answer?" in stage.screen
        assert "Sender accepted" not in stage.screen
        assert "RCPT TO" not in stage.hint
        await stage.press("enter")
        assert "S   250 2.1.0 Sender accepted" in stage.screen
        assert "A transaction is open." in stage.seen("#present-meaning")
        await stage.press("pageup")
        assert "Sender accepted" not in stage.screen
        await stage.press("pagedown", "escape")
        assert "C   MAIL FROM:<bob@example.org>" in stage.seen("#transcript")


async def test_the_editor_opens_once_the_reply_that_asks_for_the_message_is_shown():
    async with Stage().run(NARROW) as stage:
        await stage.type("EHLO me", *TO_ALICE[:2], ":present", "DATA")
        assert "What will the server answer?" in stage.screen
        assert not stage.composer.writing
        await stage.press("enter")
        assert "S   354 " in stage.screen
        assert stage.composer.writing


async def test_leaving_the_presentation_makes_up_for_what_waited():
    async with Stage().run(NARROW) as stage:
        await stage.type("EHLO me", *TO_ALICE[:2], ":present", "DATA")
        assert not stage.composer.writing
        await stage.press("escape")
        assert stage.composer.writing


async def test_a_note_is_kept_beside_the_recording_of_the_session(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    async with Stage(record=True).run(WIDE) as stage:
        await stage.type("NOOP", ":note What does NOOP do?")
        assert "What does NOOP do?" in stage.seen("#reply")
        (journal,) = stage.app.journals
        kept = journal.with_name(journal.name + ".notes.jsonl")
        assert kept.read_text() == '{"row":2,"text":"What does NOOP do?"}\n'
        assert kept.stat().st_mode & 0o777 == 0o600


NAMES = """
    S: 220 mx.secret.example ESMTP
    C: EHLO me
    S: 250 mx.secret.example Hello pleased
    C: RCPT TO:<bobby@secret.example>
    S: 550 5.1.1 <bobby@secret.example>: no such user, bobby
    C: QUIT
"""


async def test_names_are_masked_on_the_screen_and_kept_in_the_recording(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    async with played(NAMES, record=True).run(WIDE) as stage:
        await stage.type("EHLO me", "RCPT TO:<bobby@secret.example>")
        assert "mx.secret.example" in stage.screen
        await stage.type(":mask addresses on")
        stage.main.ui.clear_notices()
        await stage.settle()
        assert "bobby" not in stage.screen
        assert "secret" not in stage.screen
        assert "RCPT TO:<user1@host" in stage.screen
        stage.main.ui.copy("to bobby@secret.example")
        assert "bobby" not in stage.app.clipboard
        await stage.type("NOOP")
        (journal,) = stage.app.journals
        await stage.type(":mask addresses off")
        assert "RCPT TO:<bobby@secret.example>" in stage.screen
    assert "bobby@secret.example" in journal.read_text()
    assert "user1@" not in journal.read_text()


@pytest.mark.parametrize("order", [":mask names", ":mask addresses maybe", ":present now"])
async def test_an_argument_that_says_nothing_is_told_with_the_syntax(order: str):
    async with Stage().run(NARROW) as stage:
        await stage.type(order)
        assert "The syntax is :" in stage.notices[-1]
