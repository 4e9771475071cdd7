"""Every key does what the help screen says, wherever it says that the key works."""

from __future__ import annotations

import pytest
from heloscope.app.actions import ACTIONS
from heloscope.app.app import HeloscopeApp
from heloscope.app.commands.registry import Commands
from heloscope.app.dialogs.question import QuestionScreen
from support.driving import press
from support.stage_sockets import Person, at_the_screen, said, until

SENDING = """
    S: 220 hi
    C: MAIL
    S: 250 ok
    C: RCPT
    S: 250 ok
    C: DATA
    S: 354 go on
    C: never
"""
PLACES = ("command", "transcript", "extensions", "reply", "message")
KEYS = [(key, order.name) for order in ACTIONS.values() for key in order.key.split(",") if key]


async def go_to(app: HeloscopeApp, pilot: Person, place: str) -> None:
    if place == "message":
        for line in ("MAIL FROM:<>", "RCPT TO:<a@b>", "DATA"):
            app.main.router.take(line)
        await until(pilot, lambda: app.main.composer.writing)
    app.main.query_one(f"#{place}").focus()
    await pilot.pause()


@pytest.mark.parametrize("place", PLACES)
async def test_the_key_of_an_order_works_from_everywhere(
    place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    async with at_the_screen(SENDING, (140, 40)) as (app, pilot):
        await said(app, pilot, "220")
        await go_to(app, pilot, place)
        monkeypatch.setattr(Commands, "run", lambda self, name, argument="": done.append(name))
        for key, name in KEYS:
            done.clear()
            await press(app, key)
            assert done == [name], f"{key} from {place}"


@pytest.mark.parametrize("place", PLACES)
async def test_the_focus_goes_round_both_ways_from_everywhere(place: str) -> None:
    async with at_the_screen(SENDING, (140, 40)) as (app, pilot):
        await said(app, pilot, "220")
        await go_to(app, pilot, place)
        for key in ("f6", "shift+tab"):
            seen: list[str | None] = []
            for _ in range(4):
                await press(app, key)
                assert app.focused is not None
                seen.append(app.focused.id)
            assert len(set(seen)) == 4, f"{key}: {seen}"
            assert seen[-1] == place


@pytest.mark.parametrize("place", PLACES)
async def test_pages_and_replies_are_gone_through_from_everywhere(place: str) -> None:
    async with at_the_screen("S: 220 a\n" * 100 + SENDING, (140, 40)) as (app, pilot):
        await said(app, pilot, "220 hi")
        await go_to(app, pilot, place)
        if place in ("command", "transcript"):
            await press(app, "pageup")
            assert not app.main.view.following
        await press(app, "ctrl+up")
        before = app.main.view.cursor
        assert before is not None
        await press(app, "ctrl+up")
        assert app.main.view.cursor is not None and app.main.view.cursor < before
        await press(app, "ctrl+down")
        assert app.main.view.cursor == before


async def test_from_a_reply_that_is_explained_the_key_leads_to_the_one_before() -> None:
    talk = "S: 220 a\nC: E\nS: 250-b\nS: 250-SIZE\nS: 250 HELP\nC: H\nS: 214-c\nS: 214 d\nC: more"
    async with at_the_screen(talk, (140, 40)) as (app, pilot):
        await said(app, pilot, "220 a")
        await pilot.press(*"EHLO me", "enter")
        await said(app, pilot, "250 HELP")
        await pilot.press(*"HELP", "enter")
        await said(app, pilot, "214 d")
        found: list[bytes] = []
        for _ in range(3):
            await press(app, "ctrl+up")
            section, spot = app.main.view.present or pytest.fail("no line")
            found.append(section.transcript[spot.number].data)
        assert found == [b"250-b\r\n", b"220 a\r\n", b"220 a\r\n"]


@pytest.mark.parametrize("place", ["transcript", "extensions", "reply", "message"])
async def test_esc_leads_back_to_the_command_line(place: str) -> None:
    async with at_the_screen(SENDING, (140, 40)) as (app, pilot):
        await said(app, pilot, "220")
        await go_to(app, pilot, place)
        await press(app, "escape")
        await until(pilot, lambda: app.focused is not None and app.focused.id == "command")


async def test_esc_in_the_line_clears_it_and_then_goes_home() -> None:
    async with at_the_screen(SENDING, (60, 20)) as (app, pilot):
        await said(app, pilot, "220")
        await press(app, "f2")
        app.main.composer.focus_line()
        await press(app, "x", "escape")
        assert app.main.composer.text == ""
        assert app.main.has_class("-panel")
        await press(app, "escape")
        assert not app.main.has_class("-panel")


async def test_leaving_in_a_transaction_asks_once() -> None:
    async with at_the_screen(SENDING) as (app, pilot):
        app.main.router.take("MAIL FROM:<>")
        await said(app, pilot, "250 ok")
        await press(app, "ctrl+q")
        assert isinstance(app.screen, QuestionScreen)
        await press(app, "escape")
        assert app.is_running and app.screen is app.main
        await press(app, "ctrl+q", "ctrl+q")
        assert app._exit


async def test_pasted_commands_with_a_message_among_them_go_out_as_they_are() -> None:
    conversation = """
        S: 220 hi
        C: DATA
        S: 354 go on
        C: Subject: x
        C:
        C: :not an order
        C: .
        S: 250 ok
        C: NOOP
        S: 250 noop
    """
    async with at_the_screen(conversation) as (app, pilot):
        await said(app, pilot, "220")
        app.main.router.type_lines(["DATA", "Subject: x", "", ":not an order", ".", "NOOP"])
        await said(app, pilot, "250 noop")
        session = app.connections.session
        assert session is not None
        sent = [line.data for line in session.transcript if line.sent]
        assert sent == [
            b"DATA\r\n", b"Subject: x\r\n", b"\r\n", b":not an order\r\n", b".\r\n", b"NOOP\r\n",
        ]  # fmt: skip
        assert not app.main.composer.writing
        assert app.main.sender.history.lines == ["DATA", "NOOP"]
