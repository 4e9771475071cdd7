"""Keys that arrive in one read of the terminal each reach what they were meant for, or nothing."""

from __future__ import annotations

import pytest
from heloscope.app.dialogs.connect import ConnectScreen
from heloscope.app.dialogs.question import QuestionScreen
from heloscope.app.dialogs.send import SendScreen
from support.stage import NARROW, TO_ALICE, WIDE, Stage, played
from textual import events
from textual.command import CommandPalette
from textual.widgets import Input

SIZES = pytest.mark.parametrize("size", [NARROW, WIDE], ids=["narrow", "wide"])


def value(stage: Stage, field: str) -> str:
    """Return the content of a field of the dialog."""
    return stage.app.screen.query_one(f"#{field}", Input).value


def focused(stage: Stage) -> str | None:
    """Return the ID of the focused widget."""
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
    """The application's screens have been closed by then, one after another."""
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
        await stage.burst("ctrl+p", *"practice server's mailboxes", "enter")
        assert "Mailboxes of the practice server" in stage.screen
        await stage.burst("escape", "ctrl+p", *"connect to a server", "enter")
        assert isinstance(stage.app.screen, ConnectScreen)


async def test_keys_behind_the_end_of_a_dialog_go_to_the_command_line() -> None:
    async with Stage().run() as stage:
        await stage.type("EHLO me")
        await stage.burst("ctrl+o", *"nonsense", "escape", *"NOOP", "enter")
        await stage.quiet()
        assert stage.sent == b"EHLO me\r\nNOOP\r\n"


# The server's text beside its meaning


@SIZES
async def test_a_reply_is_seen_beside_its_meaning(size: tuple[int, int]) -> None:
    async with Stage().run(size) as stage:
        await stage.type("EHLO me", "MAIL FROM:<you@example.org>", "RCPT TO:<nobody@practice.test>")
        await stage.press("f3")
        reply = stage.session.transcript[-1].data.decode().rstrip()
        assert reply[:40] in stage.seen("#transcript")
        assert "refused permanently" in stage.seen("#reply")
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
        assert (
            "The plan starts by connecting, so the connection to practice will be closed first."
            in said
        )
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
