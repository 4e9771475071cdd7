"""The state diagram in the application follows the session, can be explored, and can be closed."""

from __future__ import annotations

from heloscope.widgets.panels.state_diagram import StateDiagram
from support.stage import NARROW, TO_ALICE, WIDE, Stage
from textual.widgets import Static


def diagram(stage: Stage) -> StateDiagram:
    return stage.app.screen.query_one(StateDiagram)


def words(stage: Stage) -> str:
    return str(stage.app.screen.query_one("#state-words", Static).content)


async def test_it_follows_what_is_typed_while_it_is_shown():
    async with Stage().run(NARROW) as stage:
        await stage.type("EHLO me", ":states")
        assert diagram(stage).has_focus
        assert words(stage).startswith("▶ ready")
        await stage.press(*"MAIL FROM:<a@example.org>")
        assert stage.composer.text == "MAIL FROM:<a@example.org>"
        await stage.press("enter")
        await stage.quiet()
        assert words(stage).startswith("▶ mail")
        assert "─MAIL 250→ mail" in words(stage).replace("\N{NO-BREAK SPACE}", " ")
        await stage.put("QUIT")
        await stage.until(lambda: not stage.session.connected)
        await stage.settle()
        assert words(stage).startswith("▶ closed")


async def test_the_arrow_keys_move_to_a_state_and_home_follows_again():
    async with Stage().run(NARROW) as stage:
        await stage.type("EHLO me", *TO_ALICE[:2], ":states")
        way = (
            "left mail, left ready, down auth, left tls, right auth, right bdat, down bdat-failed, "
            "left turned, left closed, left closing, up refused, up connected, up connected"
        )
        steps = [step.split() for step in way.split(", ")]
        for key, state in steps:
            await stage.press(key)
            assert words(stage).startswith(f"{state} "), (key, words(stage)[:40])
        await stage.press("home")
        assert words(stage).startswith("▶ rcpt")


async def test_a_click_moves_to_a_state():
    async with Stage().run(NARROW) as stage:
        await stage.type(":states")
        await stage.pilot.click("#state-diagram", offset=(59, 1))
        await stage.settle()
        assert words(stage).startswith("rcpt ")


async def test_esc_brings_the_transcript_back_and_so_does_the_order():
    async with Stage().run(NARROW) as stage:
        await stage.type("EHLO me", ":states")
        assert "250 HELP" not in stage.screen
        await stage.press("escape")
        assert "250 HELP" in stage.screen
        assert stage.composer.has_focus_within
        await stage.type(":states")
        await stage.press(*":states", "enter")
        assert "250 HELP" in stage.screen


async def test_esc_at_the_command_line_closes_it_before_anything_else():
    async with Stage().run(NARROW) as stage:
        await stage.type(":states")
        stage.composer.focus_line()
        await stage.press("escape")
        assert not stage.main.states.shown
        assert stage.session.connected


async def test_a_wide_screen_keeps_the_side_panel_and_one_of_100_columns_does_not():
    async with Stage().run(WIDE) as stage:
        await stage.type(":states")
        assert "Meaning" in stage.screen
        assert "╭──▼──╮" in stage.screen
    async with Stage().run((100, 30)) as stage:
        await stage.type(":states")
        assert "Meaning" not in stage.screen
        await stage.press("escape")
        assert "Meaning" in stage.screen


async def test_a_terminal_too_narrow_for_the_diagram_lists_the_states():
    async with Stage().run((60, 30)) as stage:
        await stage.type(":states")
        assert "▶ greeted" in stage.screen
        await stage.press("down")
        assert words(stage).startswith("ready ")


async def test_the_words_scroll_where_there_is_no_room_for_all():
    async with Stage().run((80, 18)) as stage:
        await stage.type("EHLO me", *TO_ALICE[:2], ":states")
        assert "so far" not in stage.screen
        await stage.press("pagedown", "pagedown")
        assert "so far" in stage.screen
        await stage.press("pageup", "pageup")
        assert "▶ rcpt" in stage.screen


async def test_a_panel_that_is_asked_for_is_not_hidden_by_it():
    async with Stage().run(NARROW) as stage:
        await stage.type("EHLO me", ":states")
        await stage.press("f2")
        assert "RFC 1870" in stage.screen
        await stage.press("f2")
        assert "250 HELP" in stage.screen
        await stage.type(":states")
        await stage.press("f3")
        assert "250 HELP" in stage.screen
        assert "It means" in stage.screen
        await stage.type(":states")
        await stage.press("ctrl+f", *"help")
        assert "250 HELP" in stage.screen
    async with Stage().run((110, 30)) as stage:
        await stage.type(":states")
        await stage.press("f2")
        assert "Extensions" in stage.screen
        assert stage.composer.has_focus_within
