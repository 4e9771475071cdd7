"""The transcript pane in the app: what it shows of a conversation, and how to move through it."""

from __future__ import annotations

from pathlib import Path

import pytest
from heloscope.session.events import SERVER
from rich.color import Color
from support.stage import NARROW, Stage, played

MESSAGE = ("From: You <you@example.org>", "Subject: A message", "", "Hello Alice,", ".dot")
LONG = "VRFY " + "a very long name, " * 8 + "and its end"


def shown(stage: Stage) -> str:
    return stage.seen("#transcript")


def top(stage: Stage) -> list[str]:
    """Return the lines in the pane, without its border and scrollbar."""
    return [line[1:-2] for line in shown(stage).splitlines()[1:-1]]


def line_of(stage: Stage, text: str) -> int:
    """Return the row of the terminal on which the pane shows `text`."""
    found = [y for y, line in enumerate(shown(stage).splitlines()) if text in line]
    assert len(found) == 1, (text, stage.screen)
    return stage.view.region.y + found[0]


def colour(stage: Stage, text: str) -> Color | None:
    """Return the colour at the start of a line that contains `text`."""
    for y in range(stage.view.size.height):
        segments = list(stage.view.render_line(y))
        for segment in segments:
            if segment.text.startswith(text) and segment.style is not None:
                return segment.style.color
    raise AssertionError(f"{text} is not shown:\n{stage.screen}")


# What is shown


async def test_both_sides_are_shown_with_the_time_since_the_line_before():
    async with Stage().run() as stage:
        await stage.type("EHLO me", "NOOP")
        lines = shown(stage).splitlines()
        assert "+2.410  C   EHLO me" in lines[3]
        assert "+0.012  S   250-practice.test greets me" in lines[4]
        assert "+2.410  C   NOOP" in shown(stage)


async def test_the_lines_of_one_reply_have_one_time_and_stand_out_together():
    async with Stage().run() as stage:
        await stage.type("EHLO me")
        rows = [stage.view.render_line(y) for y in range(stage.view.height)]
        grounds = [next(s.style.bgcolor for s in row if s.style) for row in rows]
        times = [row.text[:9].strip() for row in rows]
        assert times[:4] == ["+0.000", "+0.012", "+2.410", "+0.012"]
        assert set(times[4:]) == {""}
        assert len(set(grounds[3:-1])) == 1  # the reply, up to the line with the cursor
        assert grounds[2] not in grounds[3:]  # the command


async def test_reply_classes_differ_in_colour():
    conversation = """
        S: 220 ready
        C: ONE
        S: 354 go on
        C: TWO
        S: 450 later
        C: THREE
        S: 550 never
        C: FOUR
    """
    async with played(conversation).run() as stage:
        await stage.type("NOOP", "NOOP", "NOOP")
        found = [colour(stage, code) for code in ("220", "354", "450", "550")]
        assert len(set(found)) == 4
        assert None not in found


async def test_what_has_come_of_a_line_is_shown_before_the_line_is_whole():
    conversation = """
        S: 220 ready
        C: NOOP
        S: 250 half a l\\
        C: NOOP
    """
    async with played(conversation).run() as stage:
        await stage.put("NOOP")
        await stage.until(lambda: stage.session.conversation.pending(SERVER))
        await stage.settle()
        assert "S   250 half a l▏" in shown(stage)
        assert len(stage.wire) == 2


async def test_control_characters_and_markup_from_the_wire_are_shown_as_text():
    conversation = "S: 220 \\x1b]0;title\\x07 [b]bold[/b] [@click=app.quit]x\nC: NOOP"
    async with played(conversation).run() as stage:
        assert r"220 \x1b]0;title\x07 [b]bold[/b] [@click=app.quit]x" in shown(stage)


# Following


async def test_the_last_line_stays_in_view():
    async with Stage().run(NARROW) as stage:
        await stage.type("EHLO me", "HELP", "EXPN friends", "NOOP the last one")
        assert "NOOP the last one" in shown(stage)
        assert "following" in shown(stage)


async def test_scrolled_up_it_stays_where_it_is_and_counts_what_is_new():
    async with Stage().run(NARROW) as stage:
        await stage.type("EHLO me", "HELP", "EXPN friends", "HELP")
        await stage.press("pageup")
        before = top(stage)
        assert "new" not in shown(stage)
        for _ in range(2):
            stage.session.send_line(b"NOOP")
            await stage.quiet()
        assert top(stage) == before
        assert "4 new  End follows" in shown(stage)

        await stage.press("f6", "end")
        assert "250 2.0.0 OK" in shown(stage)
        assert "following" in shown(stage)


async def test_paging_down_to_the_end_follows_again():
    async with Stage().run(NARROW) as stage:
        await stage.type("EHLO me", "HELP", "EXPN friends", "HELP")
        await stage.press("pageup", "pagedown")
        assert "following" in shown(stage)


async def test_what_one_types_brings_back_the_end():
    async with Stage().run(NARROW) as stage:
        await stage.type("EHLO me", "HELP", "EXPN friends")
        await stage.press("pageup")
        await stage.type("NOOP here")
        assert "NOOP here" in shown(stage)


# The message


async def test_a_message_is_folded_to_one_line_and_enter_unfolds_it():
    async with Stage().run() as stage:
        await stage.deliver(*MESSAGE)
        assert "▸ message, 5 lines, 72 bytes" in shown(stage)
        assert "Hello Alice" not in shown(stage)

        await stage.press("f6", "up", "up", "enter")
        assert "▾ message, 5 lines, 72 bytes" in shown(stage)
        assert "C   Hello Alice," in shown(stage)
        assert "C   ..dot" in shown(stage)
        assert "new" not in shown(stage)  # unfolding brings nothing new

        await stage.press("enter")
        assert "Hello Alice" not in shown(stage)


async def test_a_click_unfolds_a_message_too():
    async with Stage().run() as stage:
        await stage.deliver(*MESSAGE)
        row = line_of(stage, "▸ message")
        await stage.pilot.click(offset=(20, row))
        await stage.settle()
        assert "C   Hello Alice," in shown(stage)


# The cursor


async def test_the_cursor_moves_line_by_line_and_its_line_is_explained():
    async with Stage().run() as stage:
        await stage.type("EHLO me", "VRFY nobody")
        assert "550 5.1.1  refused permanently" in stage.seen("#reply")
        await stage.press("f6", "up")
        assert "VRFY  ask whether a mailbox exists" in stage.seen("#reply")
        await stage.press("up")
        assert "250  EHLO accepted" in stage.seen("#reply")
        await stage.press("j", "j")
        assert "550 5.1.1" in stage.seen("#reply")


async def test_the_cursor_moves_reply_by_reply_from_the_composer_too():
    async with Stage().run() as stage:
        await stage.type("EHLO me", "VRFY nobody")
        await stage.press("f6", "left_square_bracket")
        assert stage.view.cursor == line_of(stage, "250-practice.test") - 2
        await stage.press("left_square_bracket")
        assert stage.view.cursor == line_of(stage, "220 practice") - 2
        await stage.press("escape", "ctrl+down", "ctrl+down")
        assert stage.view.cursor == line_of(stage, "550 5.1.1") - 2


async def test_a_click_puts_the_cursor_on_a_line():
    async with Stage().run() as stage:
        await stage.type("EHLO me")
        await stage.pilot.click(offset=(40, line_of(stage, "250-SIZE")))
        await stage.settle()
        assert "250  EHLO accepted" in stage.seen("#reply")
        assert stage.view.cursor == 4


# Copying and saving


async def test_the_keyboard_copies_the_line_under_the_cursor():
    async with Stage().run() as stage:
        await stage.type("VRFY nobody")
        await stage.press("f6", "y")
        assert stage.app.clipboard == "550 5.1.1 No such user: nobody"
        assert stage.notices == ["Copied."]


async def test_the_keyboard_copies_several_lines_with_their_sides():
    async with Stage().run() as stage:
        await stage.type("VRFY nobody")
        await stage.press("f6", "shift+up", "y")
        wanted = "C: VRFY nobody\nS: 550 5.1.1 No such user: nobody"
        assert stage.app.clipboard == wanted


async def select(stage: Stage, first: tuple[int, int], last: tuple[int, int]) -> None:
    """Drag the mouse from one position to another."""
    await stage.pilot.mouse_down(offset=first)
    await stage.pilot.hover(offset=last)
    await stage.pilot.mouse_up(offset=last)
    await stage.settle()


async def test_the_mouse_selects_text_and_ctrl_c_copies_it():
    async with Stage().run() as stage:
        await stage.type("EHLO me")
        size = line_of(stage, "250-SIZE")
        await select(stage, (19, size), (24, size + 1))
        await stage.press("ctrl+c")
        assert stage.app.clipboard == "SIZE 52428800\n250-8BITMI"


async def test_a_selection_stands_while_lines_arrive():
    async with Stage().run(NARROW) as stage:
        await stage.type("HELO me", "HELP")
        row = line_of(stage, "HELO me")
        await select(stage, (15, row), (22, row))
        for _ in range(10):
            stage.session.send_line(b"NOOP")
        await stage.quiet()
        assert "HELO me" not in shown(stage)  # scrolled away
        await stage.press("ctrl+c")
        assert stage.app.clipboard == "HELO me"


async def test_a_selection_reads_only_its_own_rows(monkeypatch: pytest.MonkeyPatch):
    async with Stage().run() as stage:
        await stage.type("EHLO me", *["NOOP"] * 8)
        row = line_of(stage, "250 HELP")
        await select(stage, (15, row), (18, row + 1))
        read: list[int] = []
        kind = type(stage.session.transcript)
        original = kind.__getitem__

        def counted(self: object, number: int) -> object:
            read.append(number)
            return original(stage.session.transcript, number)

        monkeypatch.setattr(kind, "__getitem__", counted)
        assert stage.app.screen.get_selected_text() is not None
        assert len(set(read)) == 2


async def test_ctrl_s_saves_all_as_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    async with Stage().run() as stage:
        await stage.deliver(*MESSAGE)
        await stage.press("ctrl+s")
        await stage.until(lambda: stage.notices)
        [file] = tmp_path.iterdir()
        assert str(file) in stage.notices[0]
        lines = file.read_text().splitlines()
        said = len(stage.session.transcript)  # as the status line counts
        assert len(lines) == said + 1
        assert stage.notices[0].startswith(f"Saved {said} lines and 1 note on the connection with ")
        assert lines[:2] == [
            "  +0.000  ── connected to 127.0.0.1:2525 ──",
            "  +0.012  S: 220 practice.test ESMTP heloscope practice server",
        ]
        assert "          C: Hello Alice," in lines  # folded on the screen, whole in the file
        assert file.stat().st_mode & 0o777 == 0o600


async def test_what_is_saved_is_masked(tmp_path: Path):
    conversation = """
        S: 220 ready
        C: AUTH PLAIN
        S: 334
        C: the answer
        S: 235 accepted
        C: NOOP
    """
    async with played(conversation).run() as stage:
        await stage.type("AUTH PLAIN")
        await stage.press("ctrl+t", "ctrl+t")  # raw, as typed
        await stage.type("AGFsaWNlAHNlc2FtZTEyMw==", "AGFsaWNlAHNlc2FtZTEyMw==")
        await stage.put(f":save {tmp_path / 'saved.txt'}")
        await stage.until(lambda: stage.notices)
        text = (tmp_path / "saved.txt").read_text()
        assert "AUTH PLAIN" in text
        assert "235 accepted" in text
        assert "AGFsaWNl" not in text
        assert "AGFsaWNl" not in stage.screen


async def test_a_file_that_is_there_is_left_alone(tmp_path: Path):
    file = tmp_path / "mine.txt"
    file.write_text("mine")
    async with Stage().run() as stage:
        await stage.put(f":save {file}")
        await stage.until(lambda: stage.notices)
        assert file.read_text() == "mine"
        assert "already exists" in stage.notices[0]


# Long lines


async def test_a_line_too_long_for_the_pane_is_cut_with_a_mark_and_scrolls_sideways():
    async with Stage().run(NARROW) as stage:
        await stage.type(LONG)
        row = line_of(stage, "VRFY a very long")
        assert stage.lines[row].rstrip("│").endswith("›")
        await stage.press("f6", *["right"] * 7)
        assert "‹" in stage.lines[row]
        assert "and its end" in stage.lines[row]
        assert "220 practice.test" in shown(stage)  # what fits stays in place
        await stage.press(*["left"] * 7)
        assert "VRFY a very long" in stage.lines[row]


async def test_a_cut_line_is_whole_in_the_side_panel():
    async with Stage().run() as stage:
        await stage.type(LONG)
        await stage.press("f6", "up")
        stage.main.query_one("#reply").scroll_end(animate=False)
        await stage.settle()
        assert "and its end" not in shown(stage)
        assert "and its end" in stage.seen("#reply").replace("\n", " ")


async def test_a_line_that_fits_is_not_repeated_in_the_side_panel():
    async with Stage().run() as stage:
        await stage.type("VRFY nobody")
        assert "whole line" not in stage.seen("#reply")


# Finding


async def test_find_goes_to_what_is_typed_and_on_and_back():
    async with Stage().run() as stage:
        await stage.type("EHLO me", "VRFY nobody", "VRFY alice")
        await stage.press("f6", "home", "ctrl+f", *"vrfy")
        first = line_of(stage, "VRFY nobody") - 2
        second = line_of(stage, "VRFY alice") - 2
        assert stage.view.cursor == first
        await stage.press("enter")
        assert stage.view.cursor == second
        await stage.press("up")
        assert stage.view.cursor == first
        await stage.press("up")  # round the beginning
        assert stage.view.cursor == second


async def test_find_says_when_there_is_nothing_and_esc_goes_back_to_the_composer():
    async with Stage().run() as stage:
        await stage.press("ctrl+f", *"xyzzy")
        assert "not found" in stage.seen("#find")
        await stage.press("escape")
        assert "not found" not in stage.screen
        await stage.press(*"NOOP")
        assert stage.composer.text == "NOOP"


async def test_find_looks_into_a_folded_message_and_unfolds_it():
    async with Stage().run() as stage:
        await stage.deliver(*MESSAGE)
        await stage.put(":find hello alice")
        await stage.settle()
        assert "C   Hello Alice," in shown(stage)
