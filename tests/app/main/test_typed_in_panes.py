"""What is typed in a pane is either a key of the pane, or text for the command line."""

from __future__ import annotations

from pathlib import Path
from unittest import mock

import pytest
from heloscope.app.dialogs.connect import ConnectScreen
from heloscope.widgets.lesson.pane import LessonPane
from heloscope.widgets.plan.list import PlanList
from support.stage import NARROW, TO_ALICE, WIDE, Stage
from textual.message import Message
from textual.widgets import Input

SIZES = pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])


def value(stage: Stage, field: str) -> str:
    """Return the content of a field of the dialog."""
    return stage.app.screen.query_one(f"#{field}", Input).value


def focused(stage: Stage) -> str | None:
    """Return the ID of the focused widget."""
    return stage.app.focused.id if stage.app.focused is not None else None


@SIZES
async def test_an_order_typed_in_a_pane_is_an_order(size: tuple[int, int]) -> None:
    async with Stage().run(size) as stage:
        for keys in (
            ("f8",), ("f8", "ctrl+o", "escape"), ("f11",), ("f2",), ("f3",), ("f6",), ("f6", "f6"),
        ):  # fmt: skip
            await stage.burst(*keys, *":connect")
            assert stage.app.screen is stage.main, keys
            assert stage.composer.text == ":connect", keys
            assert focused(stage) == "command", keys
            await stage.burst("enter", "x")
            assert isinstance(stage.app.screen, ConnectScreen), keys
            assert value(stage, "target") == "x", keys
            await stage.press("escape", "escape", "escape")  # back to how it began


async def test_orders_typed_while_the_plan_has_the_focus_are_no_keys_of_it() -> None:
    async with Stage().run() as stage:
        await stage.type(":hello me")
        await stage.burst("f11", *":break before QUIT", "enter", *":abandon", "enter")
        assert [str(point) for point in stage.main.plan.status.breakpoints] == ["before QUIT"]
        assert not stage.main.plan.status.active
        assert stage.sent == b""


async def test_a_key_of_the_plan_works_behind_the_one_that_leads_there() -> None:
    async with Stage().run() as stage:
        await stage.type(":hello me")
        await stage.until(lambda: stage.main.plan.status.next is not None)
        await stage.burst("f11", "e")
        await stage.burst(*"X", "enter")
        await stage.burst("b")
        assert isinstance(stage.app.focused, PlanList)
        assert stage.sent == b""
        assert [str(point) for point in stage.main.plan.status.breakpoints] == ["before EHLO"]


@SIZES
@pytest.mark.parametrize("keys", [("f3",), ("f3", "f3"), ("f2", "f2")])
async def test_what_is_typed_after_f3_stands_in_the_line_it_was_begun_in(
    size: tuple[int, int], keys: tuple[str, ...]
) -> None:
    async with Stage().run(size) as stage:
        await stage.burst(*"VRFX", *keys, "backspace", *"Y al")
        assert stage.composer.text == "VRFY al"


async def test_a_line_is_mended_from_the_pane_it_was_left_for() -> None:
    async with Stage().run(NARROW) as stage:
        await stage.burst(*"VRFX", "f2", "backspace", *"Y")
        assert stage.composer.text == "VRFY"


@SIZES
async def test_the_transcript_has_the_focus_again_after_panel_and_meaning(
    size: tuple[int, int],
) -> None:
    async with Stage().run(size) as stage:
        await stage.type("EHLO me")
        await stage.press("f6", "home")
        for keys in (("f3", "f3"), ("f8", "f8"), ("f2", "f2")):
            await stage.burst(*keys)
            assert focused(stage) == "transcript", keys
        await stage.burst("f3", "down")
        assert stage.view.cursor == 1
        assert stage.composer.text == ""


async def test_a_blank_typed_in_a_pane_does_not_begin_a_line() -> None:
    async with Stage().run() as stage:
        await stage.burst("f8", "space", *"RSET now")
        assert stage.composer.text == "RSET now"


async def test_text_typed_in_a_pane_goes_into_the_message_while_one_is_written() -> None:
    async with Stage().run() as stage:
        await stage.type("EHLO me", *TO_ALICE)
        await stage.burst(*"Hi", "f8", *" there")
        assert stage.editor.draft == "Hi there"


@SIZES
@pytest.mark.parametrize(
    ("pane", "typed", "line"),
    [
        ("f6", "auth plain", "auth plain"),  # a would select all lines of the transcript
        ("f6", "help", "help"),
        ("f6", "lhlo me", "lhlo me"),
        ("f6", "cat", "cat"),  # c would copy; no command begins with it
        ("f6", "Lhlo", "Lhlo"),  # L would draw a ladder
        ("f6", "mail from:<>", "mail from:<>"),
        ("f8", "ehlo me", "ehlo me"),
        ("f8", "starttls", "starttls"),
        ("f2", "noop", "noop"),
        ("f8", "test", "test"),  # t would trust a certificate
        ("f11", ":send", ":send"),
    ],
)
async def test_a_command_typed_in_a_pane_stands_whole_in_the_command_line(
    size: tuple[int, int], pane: str, typed: str, line: str, monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    async with Stage().run(size) as stage:
        await stage.type("EHLO me")
        await stage.burst(pane, *typed)
        assert stage.composer.text == line
        assert focused(stage) == "command"


async def test_a_word_typed_in_a_pane_does_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with Stage().run() as stage:
        await stage.type("EHLO me", "STARTTLS", ":mask on", ":mask off")
        before = len(stage.notices)
        for word in ("starttls", "cat", "test"):
            await stage.burst("f8", *word, "ctrl+u")
        await stage.burst("f6")
        selected = stage.view.selected_lines
        for word in ("Last", "again"):
            await stage.burst(*word, "ctrl+u", "f6")
        assert [*tmp_path.iterdir()] == []
        assert len(stage.notices) == before
        assert not stage.view.ladder
        assert stage.view.selected_lines == selected


@pytest.mark.parametrize("typed", ["next", "spec", "break", "rcpt", "exit", "quit", "no", "abc"])
async def test_a_word_typed_in_the_plan_takes_no_step(typed: str) -> None:
    async with Stage().run() as stage:
        await stage.type(":hello me")
        await stage.until(lambda: stage.main.plan.status.next is not None)
        await stage.burst("f11", *typed)
        await stage.quiet()
        assert stage.composer.text == typed
        assert stage.sent == b""
        assert not stage.main.plan.status.breakpoints
        assert stage.main.plan.status.active


async def test_a_word_with_a_typing_error_is_text_too() -> None:
    async with Stage().run() as stage:
        await stage.type(":hello me")
        await stage.until(lambda: stage.main.plan.status.next is not None)
        await stage.burst("f11", "s", "backspace")
        assert stage.composer.text == ""
        assert stage.sent == b""


async def test_a_word_typed_in_the_lesson_is_text() -> None:
    async with Stage().run() as stage:
        await stage.type(":lesson 1")
        await stage.burst("shift+tab")
        assert stage.main.guide.run is not None
        await stage.burst(*"rset")
        assert stage.composer.text == "rset"
        assert stage.main.guide.run.index == 0


class Chosen(Message):
    """Posted when an answer was chosen."""


async def test_a_word_that_begins_with_an_answer_of_the_lesson_is_text() -> None:
    chosen: list[str] = []
    async with Stage().run() as stage:
        await stage.type(":lesson 1")
        await stage.burst("shift+tab")
        with (
            mock.patch.object(LessonPane, "answer_keys", ("a", "b")),
            mock.patch.object(LessonPane, "Chosen", lambda *of: chosen.append(of[-1]) or Chosen()),
        ):
            await stage.burst(*"auth")
            assert stage.composer.text == "auth"
            assert chosen == []
            await stage.burst("ctrl+u", "shift+tab")
            await stage.burst("a")
            assert chosen == ["a"]


async def test_a_key_of_a_pane_that_is_repeated_acts_each_time() -> None:
    async with Stage().run() as stage:
        await stage.type(":hello me")
        await stage.until(lambda: stage.main.plan.status.next is not None)
        await stage.burst("f11", *"bbb")
        assert stage.composer.text == ""
        assert [str(point) for point in stage.main.plan.status.breakpoints] == ["before EHLO"]


async def test_keys_of_a_pane_that_were_meant_as_such_begin_no_line() -> None:
    async with Stage().run() as stage:
        await stage.type("EHLO me")
        await stage.burst("f6", *"h", "up", *"elo")  # to the left, then up
        assert stage.composer.text == "elo"
