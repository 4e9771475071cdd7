"""The first minutes of a new user: what the screen shows, what it suggests, and what goes wrong."""

from __future__ import annotations

import pytest
from heloscope.app.app import HeloscopeApp
from heloscope.app.dialogs.connect import ConnectScreen
from heloscope.app.dialogs.mailbox import MailboxScreen
from heloscope.app.dialogs.question import QuestionScreen
from heloscope.session.aio.session import Session
from heloscope.widgets.bars.status import StatusLine
from heloscope.widgets.base.message_text import MessageText
from heloscope.widgets.panels.explanation import ExplanationPanel
from heloscope.widgets.panels.extensions import ExtensionsPanel
from support.servers import script, serving
from support.stage_sockets import Person, at_the_screen, connected, hint, said, told, typed, until
from textual.widgets import OptionList, Static

GREETED = """
    S: 220 mail.test ESMTP
    C: EHLO me
    S: 250-mail.test
    S: 250-SIZE 52428800
    S: 250 HELP
"""
SENDING = (
    GREETED
    + """
    C: MAIL
    S: 250 ok
    C: RCPT
    S: 250 ok
    C: DATA
    S: 354 go on
"""
)


async def in_the_message(app: HeloscopeApp, pilot: Person) -> None:
    for line in ("EHLO me", "MAIL FROM:<>", "RCPT TO:<a@b>", "DATA"):
        app.main.router.take(line)
    await until(pilot, lambda: app.main.composer.writing)


async def test_it_says_what_to_try_first_and_whole_on_80_columns() -> None:
    async with at_the_screen(GREETED) as (app, pilot):
        await said(app, pilot, "220")
        assert hint(app).startswith("Try EHLO me")
        assert len(hint(app)) <= 76
        assert app.focused is not None and app.focused.id == "command"


async def test_lmtp_is_greeted_with_lhlo_wherever_a_greeting_is_named() -> None:
    async with at_the_screen("S: 220 mail.test LMTP\nC: x", (140, 40), "lmtp://") as (app, pilot):
        await said(app, pilot, "220")
        assert hint(app).startswith("Try LHLO me")
        assert "LHLO" in app.main.query_one(StatusLine).state
        assert "LHLO me" in str(app.main.query_one("#extensions-text", Static).content)
        app.main.panel.turn_to("state")
        state = str(app.main.query_one("#state-text", Static).content)
        assert "LHLO" in state and "EHLO" not in state and "HELO" not in state


async def test_while_it_connects_it_says_so_and_how_to_give_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import asyncio

    async def never(self: Session) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(Session, "open", never)
    app = HeloscopeApp("mail.test")
    async with app.run_test(notifications=True) as pilot:
        await until(pilot, lambda: app.connections.attempt)
        app.main.sync()
        assert app.main.view.empty_text == "Connecting to mail.test: connecting …\nEsc cancels."
        assert hint(app) == "Connecting to mail.test. Esc cancels"
        await pilot.press("ctrl+c")
        await until(pilot, lambda: app.connections.attempt is None)
        assert told(app) == ["Connecting was cancelled."]


async def test_where_there_is_no_connection_it_says_why_and_what_to_try() -> None:
    app = HeloscopeApp("unix:/no/such/socket")
    async with app.run_test(size=(140, 40), notifications=True) as pilot:
        await until(pilot, lambda: told(app))
        assert told(app)[0].startswith(
            "The socket /no/such/socket does not exist. Check the socket path"
        )
        await until(pilot, lambda: hint(app).startswith("No connection: F3 explains why, F9"))
        assert app.main.query_one(StatusLine).state == "*no connection*"
        await pilot.pause()
        meaning = str(app.main.query_one(ExplanationPanel).query_one("#reply-text", Static).content)
        assert "Try  Check the socket path" in meaning


async def test_a_server_that_says_nothing_is_explained() -> None:
    async with at_the_screen("C: never comes", (140, 40)) as (app, pilot):
        session = app.connections.session
        assert session is not None
        assert not hint(app).startswith("No greeting yet")
        session.connection._began -= 4  # as if four seconds had passed
        app.main._each_second()
        await until(pilot, lambda: told(app))
        assert hint(app).startswith("No greeting yet")
        assert "a mail server speaks first" in told(app)[0]
        app.main._each_second()
        await pilot.press("ctrl+c")
        assert len(told(app)) == 2
        assert "The greeting has not arrived yet" in told(app)[-1]


async def test_what_stands_there_already_is_not_told_again() -> None:
    async with at_the_screen(GREETED) as (app, pilot):
        for _ in range(3):
            await typed(pilot, ":conect")
            await pilot.pause()
        assert told(app) == ["Unknown order :conect. Did you mean :connect?"]


async def test_a_hang_up_in_the_middle_keeps_the_draft_and_says_so() -> None:
    async with at_the_screen(SENDING + "    S: 421 too slow") as (app, pilot):
        for line in ("EHLO me", "MAIL FROM:<>", "RCPT TO:<a@b>"):
            app.main.router.take(line)
        app.main.sender.draft = "Subject: kept"
        app.main.router.take("DATA")
        await until(pilot, lambda: not connected(app))
        await until(pilot, lambda: told(app))
        assert told(app) == ["The connection ended; the draft is kept for the next DATA."]
        assert not app.main.composer.writing
        assert app.main.sender.draft == "Subject: kept"
        assert hint(app) == "The draft is kept. F9 reconnects, Ctrl+O connects elsewhere"


async def test_after_a_message_it_says_where_to_see_it() -> None:
    app = HeloscopeApp()
    async with app.run_test(size=(80, 24)) as pilot:
        await said(app, pilot, "220")
        for line in ("EHLO me", "MAIL FROM:<a@b>", "RCPT TO:<bob@practice.test>", "DATA"):
            app.main.router.take(line)
        await until(pilot, lambda: app.main.composer.writing)
        await pilot.press("x", "ctrl+d")
        await said(app, pilot, "Message 1 delivered")
        assert hint(app).startswith("F4 shows what arrived")
        await pilot.press("f4")
        screen = app.screen
        assert isinstance(screen, MailboxScreen)
        envelope = str(screen.query_one("#envelope", Static).content)
        assert "<bob@practice.test>" in envelope
        assert screen.query_one(MessageText).lines == ["x"]
        assert app.connections.practice is not None
        boxes = app.connections.practice.mailboxes
        await pilot.press("delete")
        assert isinstance(app.screen, QuestionScreen)
        await pilot.press("escape")
        assert len(boxes.of["bob"]) == 1
        await pilot.press("delete", "y")
        assert boxes.of["bob"] == []


async def test_the_state_is_told_on_narrow_screens_too() -> None:
    app = HeloscopeApp()
    async with app.run_test(size=(50, 15)) as pilot:
        await said(app, pilot, "220")
        line = str(app.main.query_one(StatusLine).render())
        assert "EHLO comes next" in line


async def test_the_panel_of_a_narrow_screen_takes_the_focus_and_wraps_to_its_width() -> None:
    async with at_the_screen(GREETED, (60, 15)) as (app, pilot):
        await typed(pilot, "EHLO me")
        await said(app, pilot, "250 HELP")
        await pilot.press("f2")
        await pilot.pause()
        panel = app.main.query_one(ExtensionsPanel)
        assert panel.has_focus
        text = str(panel.query_one("#extensions-text", Static).content)
        assert "  Learn the size limit before sending, and have large\n" in text
        assert not app.main.query_one("#reply").display
        await pilot.press("right")
        assert app.main.query_one("#state").has_focus
        await pilot.press("f2")
        assert app.focused is not None and app.focused.id == "command"


@pytest.mark.parametrize("height", [15, 20, 24, 40])
async def test_the_editor_leaves_room_for_the_transcript(height: int) -> None:
    async with at_the_screen(SENDING + "    C: never", (60, height)) as (app, pilot):
        await in_the_message(app, pilot)
        await pilot.pause()
        assert app.main.view.size.height >= 4
        assert app.main.max_scroll_y == 0
        assert app.main.composer.region.bottom == app.size.height - 1


async def test_the_dialog_connects_to_nothing_that_was_not_chosen() -> None:
    async with at_the_screen(GREETED) as (app, pilot):
        await pilot.press("ctrl+o")
        assert isinstance(app.screen, ConnectScreen)
        recent = app.screen.query_one("#recent", OptionList)
        assert recent.highlighted is None
        await pilot.press("enter")
        problem = app.screen.query_one("#target-problem", Static)
        assert str(problem.content).startswith("Enter a server")
        await pilot.press("down")
        assert recent.has_focus and recent.highlighted == 0


async def test_ctrl_c_says_what_is_waited_for() -> None:
    async with at_the_screen("S: 220 hi\nC: NOOP\nC: never") as (app, pilot):
        await said(app, pilot, "220")
        await pilot.press("ctrl+c")
        assert told(app)[-1].startswith("Nothing to stop")
        await typed(pilot, "NOOP")
        await said(app, pilot, "NOOP")
        await pilot.press("ctrl+c")
        assert told(app)[-1].startswith("The reply to NOOP has not arrived yet")


async def test_the_palette_shows_every_order_with_its_arguments_and_key() -> None:
    async with serving(script(GREETED)) as port:
        app = HeloscopeApp(f"127.0.0.1:{port}")
        async with app.run_test():
            commands = {title: about for title, about, _, _ in app.get_system_commands(app.screen)}
    assert commands["connect: connect to a server"] == r":connect \[TARGET]   Ctrl+O"
    assert commands["q: quit heloscope"] == ":q   Ctrl+Q"
    assert commands["raw: send exactly these bytes"] == ":raw BYTES"


@pytest.mark.parametrize(
    ("reply", "head", "words"),
    [
        ("220 mail.test ESMTP", "220  the greeting: the server is ready", "Send EHLO"),
        ("554 5.7.1 blocked, see list.test", "554 5.7.1  refused permanently", "block list"),
        ("554 2.7.1 is a number", "554  refused permanently", "block list"),
    ],
)
async def test_a_greeting_is_explained_as_one(reply: str, head: str, words: str) -> None:
    async with at_the_screen(f"S: {reply}\nC: QUIT", (140, 40)) as (app, pilot):
        await said(app, pilot, reply)
        meaning = str(app.main.query_one("#reply-text", Static).content)
        assert meaning.startswith(head)
        assert words in meaning
        assert "the greeting\n" in meaning


async def test_an_explanation_does_not_stand_behind_what_was_told() -> None:
    async with at_the_screen(GREETED) as (app, pilot):
        for key in ("f3", "f3", "f2", "escape"):
            app.main.ui.tell(f"Before {key}")
            await until(pilot, lambda: told(app))
            await pilot.press(key)
            await until(pilot, lambda: not told(app))
