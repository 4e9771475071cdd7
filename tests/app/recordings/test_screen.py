"""A recording on the screen: the panes of a session, played both ways, while nothing is sent."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from heloscope.app.advice import do
from heloscope.app.recordings.commands import READ_ONLY
from heloscope.app.recordings.screen import RecordingScreen
from support.recorded import NOTES, REFUSED, STEPS, open_in, recorded, settled
from support.stage import NARROW, WIDE, Stage


class Theatre:
    """A stage on which a recording is shown."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage

    @property
    def screen(self) -> RecordingScreen:
        screen = self.stage.app.screen
        assert isinstance(screen, RecordingScreen)
        return screen

    async def settle(self) -> None:
        await settled(self.stage, self.screen)

    async def type(self, *lines: str) -> None:
        for line in lines:
            self.screen.composer.text = line
            await self.press("enter")

    async def press(self, *keys: str) -> None:
        await self.stage.press(*keys)
        await self.settle()

    @property
    def seen(self) -> str:
        return self.stage.screen

    @property
    def told(self) -> list[str]:
        return [notice.text for notice in self.screen.ui.standing]


@contextlib.asynccontextmanager
async def opened(path: Path, size: tuple[int, int] = WIDE) -> AsyncIterator[Theatre]:
    async with Stage().run(size) as stage:
        await open_in(stage, path)
        yield Theatre(stage)


async def test_it_is_shown_in_the_panes_and_played_both_ways(tmp_path: Path):
    async with opened(recorded(tmp_path)) as theatre:
        assert "recording of mail.example.org" in theatre.seen
        assert "── closed by the server ──" in theatre.seen
        assert "messages up to 9.8 MiB" in theatre.seen
        assert f"{STEPS} of {STEPS}  00:13 / 00:13" in theatre.seen
        await theatre.press("ctrl+b", "ctrl+b", "ctrl+b")
        assert "QUIT" not in theatre.stage.seen("#transcript")
        assert f"{STEPS - 3} of {STEPS}" in theatre.seen
        await theatre.press("enter")
        assert "C   QUIT" in theatre.seen
        await theatre.type(":play 0:01")
        assert theatre.stage.seen("#transcript").count("── connected") == 1
        assert "EHLO" not in theatre.stage.seen("#transcript")
        assert "greeted; EHLO comes next" in theatre.stage.seen("#status")
        assert "The extensions are not known yet." in theatre.stage.seen("#facts")


async def test_the_key_that_runs_a_plan_is_called_play_on_it(tmp_path: Path):
    async with Stage().run() as stage:
        await open_in(stage, recorded(tmp_path))
        assert "f5 play" in stage.lines[-1]


async def test_nothing_is_sent_and_the_session_goes_on_behind_it(tmp_path: Path):
    async with Stage().run() as stage:
        await stage.type("EHLO me")
        sent = stage.sent
        await open_in(stage, recorded(tmp_path))
        theatre = Theatre(stage)
        for line in ("MAIL FROM:<a@b.c>", ":hello", ":raw x", ":dial x", ":connect x", ":send"):
            theatre.screen.ui.clear_notices()
            await theatre.type(line)
            assert theatre.told == [READ_ONLY], line
        await stage.paste("NOOP\nNOOP\n")
        assert theatre.told[-1] == READ_ONLY
        assert stage.sent == sent
        theatre.screen.commands.run("live")
        await stage.until(lambda: stage.app.screen is stage.main)
        await stage.type("NOOP")
        assert stage.sent == sent + b"NOOP\r\n"


async def test_notes_are_shown_and_kept(tmp_path: Path):
    path = recorded(tmp_path)
    async with opened(path) as theatre:
        view = theatre.screen.view
        view.show_row(view.sections[-1], REFUSED)
        await theatre.settle()
        assert "Only this recipient is refused." in theatre.stage.seen("#reply")
        await theatre.type(":note Look at the code")
        assert "Look at the code" in theatre.stage.seen("#reply")
        view.show_row(view.sections[-1], NOTES[0][0])
        await theatre.type(":note")
        assert theatre.told[-1] == "The note was removed."
        await theatre.type(f":handout {tmp_path / 'all.jsonl'}", f":open {tmp_path / 'all.jsonl'}")
        await theatre.stage.until(lambda: theatre.screen._opened.path.name == "all.jsonl")
        assert list(theatre.screen._opened.notes) == [(REFUSED, "Look at the code")]


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_it_is_presented_line_by_line_and_turn_by_turn(tmp_path: Path, size: tuple[int, int]):
    async with opened(recorded(tmp_path), size) as theatre:
        await theatre.type(":play start", ":present")
        await theatre.settle()
        assert "Nothing has been sent yet." in theatre.seen
        await theatre.press("space", "space")
        assert "S   220 mail.example.org ESMTP Postfix" in theatre.seen
        assert "What does the client send next?" in theatre.seen
        await theatre.press("pagedown")
        assert "C   EHLO laptop.example.net" in theatre.seen
        assert "What will the server answer?" in theatre.seen
        assert "250-SIZE" not in theatre.seen
        await theatre.press("pagedown")
        assert "    250 STARTTLS" in theatre.seen
        await theatre.press("pageup", "pageup")
        assert "EHLO" not in theatre.stage.seen("#present-turns")
        await theatre.press(*["pagedown"] * 6)
        assert "550 5.1.1 <nobody@example.org>: User unknown in local" in theatre.seen
        assert "Only this recipient is refused." in theatre.stage.seen("#present-note")
        assert "no such user" in theatre.stage.seen("#present-meaning")
        widest = max(len(line.strip()) for line in theatre.stage.seen("#present-turns").split("\n"))
        assert widest <= 64
        before = theatre.stage.app.theme
        await theatre.press("t")
        assert theatre.stage.app.theme == "textual-light"
        await theatre.press("t")
        assert theatre.stage.app.theme == before
        await theatre.press("escape")
        assert "C   RCPT TO:<nobody@example.org>" in theatre.stage.seen("#transcript")


@pytest.mark.parametrize("order", [":settings", ":history off", ":timeout 5"])
async def test_what_sends_nothing_is_said_to_belong_to_the_session(tmp_path: Path, order: str):
    name = do(order[1:].split()[0])
    async with opened(recorded(tmp_path)) as theatre:
        await theatre.type(order)
        assert theatre.told[-1] == (
            f"{name} applies to the session, but a recording is shown; "
            ":live returns to the session."
        )


async def test_names_are_masked_everywhere_on_it_and_in_what_is_handed_out(tmp_path: Path):
    async with opened(recorded(tmp_path)) as theatre:
        await theatre.type(":mask addresses on", ":save " + str(tmp_path / "said.txt"))
        await theatre.stage.until(lambda: not theatre.screen._transcript.saving)
        await theatre.type(f":handout {tmp_path / 'all.jsonl'}")
        assert theatre.screen.ui.notices[-1].text.endswith("/all.jsonl")  # which is no host
        theatre.screen.ui.tell("Saved: mail.example.org.html, a.jsonl.example.org")
        assert "mail." not in theatre.screen.ui.notices[-1].text
        assert theatre.screen.ui.notices[-1].text.split(",")[0].endswith(".html")
        assert "a.jsonl" not in theatre.screen.ui.notices[-1].text
        await theatre.type(f":copy swaks {tmp_path / 'swaks'}")
        view = theatre.screen.view
        view.show_row(view.sections[-1], REFUSED)
        await theatre.settle()
        theatre.screen.ui.clear_notices()
        await theatre.settle()
        assert "RCPT TO:<user2@host" in theatre.seen
        kept = [(tmp_path / name).read_text() for name in ("said.txt", "all.jsonl", "swaks")]
        for text in (theatre.seen, *kept):
            for name in ("nobody", "alice", "bob@", "laptop", "mail.example.org", "203.0.113.7"):
                assert name not in text
        await theatre.type(":mask addresses off")
        assert "RCPT TO:<nobody@example.org>" in theatre.seen


async def test_a_torn_recording_says_what_is_missing(tmp_path: Path):
    path = recorded(tmp_path)
    path.write_bytes(path.read_bytes()[:-20])
    async with opened(path, NARROW) as theatre:
        assert "is incomplete." in theatre.seen
        assert "221 2.0.0 Bye" in theatre.seen


async def test_the_log_of_another_tool_says_its_format_and_that_times_are_unknown():
    path = Path(__file__).parents[2] / "session" / "foreign" / "samples" / "swaks.txt"
    async with opened(path) as theatre:
        assert "log (swaks) of mx.example.org:25" in theatre.seen
        assert "times unknown" in theatre.seen
        assert "+0.000" not in theatre.seen
        assert "Read as a log from swaks." in theatre.seen
        assert "221 2.0.0 Bye" in theatre.seen


async def test_what_cannot_be_opened_gets_a_sentence(tmp_path: Path):
    (tmp_path / "log").write_text("hello\n")
    async with Stage().run() as stage:
        await stage.put(f":open {tmp_path / 'log'}")
        await stage.until(lambda: stage.notices)
        assert "cannot be opened: it is not a heloscope recording" in stage.notices[-1]
        await stage.put(":rewind")
        assert stage.notices[-1] == (
            "No recording is open. :open FILE opens one, :recordings lists them."
        )
