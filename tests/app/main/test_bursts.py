"""Keys that come in one read of the terminal: each reaches what it was meant for, or nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from heloscope.app.dialogs.connect import ConnectScreen
from heloscope.app.dialogs.question import QuestionScreen
from heloscope.app.dialogs.send import SendScreen
from heloscope.widgets.plan.list import PlanList
from support.stage import NARROW, TO_ALICE, WIDE, Stage, played
from textual import events
from textual.command import CommandPalette
from textual.widgets import Input

SIZES = pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])


def value(stage: Stage, field: str) -> str:
    """What stands in a field of the dialog."""
    return stage.app.screen.query_one(f"#{field}", Input).value


def focused(stage: Stage) -> str | None:
    """The id of what has the focus."""
    return stage.app.focused.id if stage.app.focused is not None else None


# A dialog that is closed twice


@pytest.mark.parametrize(
    "keys",
    [
        pytest.param(("ctrl+o", *"practice", "enter", "enter"), id="connect"),
        pytest.param(("ctrl+o", "escape", "escape"), id="connect-left"),
        pytest.param(("f12", "h", "h"), id="procedures"),
        pytest.param(("f12", "enter", "enter"), id="procedures-enter"),
        pytest.param((*":login", "enter", *"alice", "enter", "x", "enter", "enter"), id="login"),
        pytest.param((*":send", "enter", "ctrl+d", "ctrl+d"), id="send"),
        pytest.param(("ctrl+p", "enter", "enter"), id="palette"),
        pytest.param(("ctrl+p", "escape", "escape"), id="palette-left"),
        pytest.param(("f4", "q", "q"), id="mailbox"),
        pytest.param(("f1", "q", "q"), id="help"),
        pytest.param((*":theme", "enter", "enter", "enter"), id="theme"),
    ],
)
async def test_a_dialog_that_is_closed_twice_does_no_harm(keys: tuple[str, ...]) -> None:
    async with Stage().run() as stage:
        await stage.type("EHLO me")
        await stage.burst(*keys)
        assert stage.app._exception is None
        assert len(stage.app.screen_stack) <= 2


@pytest.mark.parametrize(
    "event",
    [
        events.Key("y", "y"),
        events.Key("escape", None),
        events.Paste("NOOP"),
        events.MouseDown(None, 1, 1, 0, 0, 1, False, False, False),
        events.MouseMove(None, 1, 1, 0, 0, 0, False, False, False),
    ],
    ids=lambda event: type(event).__name__,
)
async def test_what_is_typed_while_the_application_closes_reaches_nothing(
    event: events.Event,
) -> None:
    """Its screens are gone by then, one after the other."""
    async with Stage().run() as stage:
        await stage.greeted(1)
        screens = stage.app._screen_stack
        kept = screens[:]
        screens.clear()
        await stage.app.on_event(event)
        screens.extend(kept)


@pytest.mark.parametrize(
    ("opened", "typed", "left"),
    [
        (("f9",), "yy", ""),
        (("f9",), "yEHLO", "EHLO"),
        (("f9",), "yyEHLO", "EHLO"),
        (("f9",), "yyehlo", "ehlo"),
        (("f9",), "yes", ""),
        (("f9",), "yes:send", ":send"),
        (("f9",), "no", ""),
        (("f9",), "nnoop", "noop"),
        ((*":copy", "enter"), "11", ""),
        ((*":copy", "enter"), "1noop", "noop"),
        (("f12",), "hhX", "X"),
        (("f12",), "hh", ""),
        (("f1",), "qq", ""),
        (("f4",), "qq", ""),
    ],
    ids=lambda given: "".join(given) or "nothing",
)
async def test_a_key_pressed_twice_on_a_dialog_leaves_no_letter_in_the_line(
    opened: tuple[str, ...], typed: str, left: str
) -> None:
    async with Stage().run() as stage:
        await stage.type("EHLO me", TO_ALICE[0])
        await stage.burst(*opened, *typed)
        assert stage.app.screen is stage.main
        assert stage.composer.text == left


async def test_two_answers_to_the_question_about_pasted_lines_are_the_first() -> None:
    async with Stage().run() as stage:
        await stage.greeted(1)
        await stage.paste("NOOP\nRSET\n")
        await stage.burst(*"mc")
        assert stage.composer.text == ""
        assert stage.main.sender.draft == "NOOP\nRSET\n"
        await stage.paste("NOOP\nRSET\n")
        await stage.burst(*"cmail")
        assert stage.composer.text == "mail"


async def test_the_answer_to_a_question_does_not_close_the_dialog_behind_it() -> None:
    async with Stage().run() as stage:
        await stage.deliver("Subject: x", "", "Hello")
        await stage.burst("f4", "delete", *"yy")
        assert "No messages yet" in stage.screen


# What is typed after the key that opens a dialog


@SIZES
async def test_an_address_typed_behind_send_stands_in_one_field(size: tuple[int, int]) -> None:
    async with Stage().run(size) as stage:
        await stage.type("EHLO me")
        await stage.burst(*":send", "enter", *"a@b.example", "enter", *"c@d.example", "tab", "f6")
        assert value(stage, "from") == "a@b.example"
        assert value(stage, "to") == "c@d.example"


async def test_the_form_that_opens_again_takes_what_is_typed_as_the_sender() -> None:
    async with Stage().run() as stage:
        await stage.type("EHLO me")
        await stage.burst(*":send", "enter", *"a@x", "enter", *"b@x", "escape")
        await stage.burst(*":send", "enter", *"new@x")
        assert value(stage, "from") == "new@x"
        assert value(stage, "to") == "b@x"


async def test_a_password_typed_behind_the_user_is_nowhere_to_be_seen() -> None:
    async with Stage().run() as stage:
        await stage.type("EHLO me")
        await stage.burst(*":login", "enter", *"alice", "enter", *"wonder")
        assert value(stage, "user") == "alice"
        assert value(stage, "secret") == "wonder"
        assert "wonder" not in stage.screen


async def test_a_palette_runs_what_was_typed_not_what_was_listed_before() -> None:
    async with Stage().run() as stage:
        await stage.burst("ctrl+p", *"open the mailboxes", "enter")
        assert "Mailboxes of the practice server" in stage.screen
        await stage.burst("escape", "ctrl+p", *"connect to a server", "enter")
        assert isinstance(stage.app.screen, ConnectScreen)


async def test_keys_behind_the_end_of_a_dialog_go_to_the_command_line() -> None:
    async with Stage().run() as stage:
        await stage.type("EHLO me")
        await stage.burst("ctrl+o", *"nonsense", "escape", *"NOOP", "enter")
        await stage.quiet()
        assert stage.sent == b"EHLO me\r\nNOOP\r\n"


# Text typed in a pane


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


# The server's text beside its meaning


@SIZES
async def test_a_reply_is_seen_beside_its_meaning(size: tuple[int, int]) -> None:
    async with Stage().run(size) as stage:
        await stage.type("EHLO me", "MAIL FROM:<you@example.org>", "RCPT TO:<nobody@practice.test>")
        await stage.press("f3")
        reply = stage.session.transcript[-1].data.decode().rstrip()
        assert reply[:40] in stage.seen("#transcript")
        assert "refused for good" in stage.seen("#reply")
        await stage.burst("f6", "up", "up")
        assert "ready for RCPT" in stage.seen("#reply") or "250" in stage.seen("#reply")


async def test_f3_turns_the_pages_of_a_long_meaning_beside_the_transcript() -> None:
    async with Stage().run((140, 24)) as stage:
        await stage.type("EHLO me", "VRFY nobody")
        first = stage.seen("#reply")
        await stage.press("f3")
        assert stage.seen("#reply") != first
        for _ in range(20):
            await stage.press("f3")
            if stage.seen("#reply") == first:
                break
        else:
            pytest.fail("the first page did not come again")


# The message


async def test_tab_leads_out_of_the_message_of_the_form() -> None:
    async with Stage().run() as stage:
        await stage.type("EHLO me")
        await stage.burst(*":send", "enter", *"a@x", "tab", *"b@x", "tab", "tab")
        assert focused(stage) == "text"
        await stage.burst("tab")
        assert focused(stage) != "text"
        await stage.burst("shift+tab", *"Hi")
        assert isinstance(stage.app.screen, SendScreen)
        assert stage.app.screen.query_one("#text").text.endswith("Hi")  # type: ignore[attr-defined]


LATE = """
    S: 220 ready
    C: DATA
    S: 354 go on
    C: Subject: x
"""


async def test_text_typed_ahead_of_354_begins_the_message() -> None:
    async with played(LATE).run() as stage:
        await stage.burst(*"DATA", "enter", *"Subject")
        await stage.until(lambda: stage.composer.writing)
        await stage.burst(*": x")
        assert stage.editor.draft == "Subject: x"
        assert stage.composer.text == ""


# A connection that a plan would close


@pytest.mark.parametrize("answer", ["y", "escape"])
async def test_a_plan_that_connects_asks_before_it_closes_the_connection(answer: str) -> None:
    async with Stage().run() as stage:
        await stage.type("EHLO me")
        session = stage.session
        await stage.burst(*":dial practice-tls", "enter")
        assert isinstance(stage.app.screen, QuestionScreen)
        said = " ".join(stage.screen.replace("│", " ").split())
        assert "The plan begins by connecting, so the connection to practice is closed now." in said
        assert session.connected
        await stage.burst(answer)
        await stage.until(lambda: not stage.main.plan.status.busy)
        assert session.connected is (answer == "escape")
        assert (stage.session is session) is (answer == "escape")


async def test_without_a_connection_there_is_nothing_to_ask() -> None:
    async with Stage().run() as stage:
        await stage.type("EHLO me", "QUIT")
        await stage.until(lambda: not stage.session.connected)
        await stage.burst(*":dial practice", "enter")
        await stage.until(lambda: stage.main.plan.status.next is not None)
        assert stage.app.screen is stage.main


async def test_the_palette_that_is_left_leaves_no_key_behind() -> None:
    async with Stage().run() as stage:
        await stage.burst("ctrl+p", *"zzz", "escape", *"NOOP")
        assert not isinstance(stage.app.screen, CommandPalette)
        assert stage.composer.text == "NOOP"
