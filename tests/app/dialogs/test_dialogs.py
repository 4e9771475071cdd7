"""Keys, the command palette, help, themes, sizes, Ctrl+C and quitting."""

from __future__ import annotations

import pytest
from heloscope.app.actions import ACTIONS, key_name
from heloscope.app.dialogs.help import HelpScreen
from heloscope.app.dialogs.key_table import sections
from heloscope.app.dialogs.mailbox import MailboxScreen
from heloscope.app.main.screen import MainScreen
from heloscope.app.runtime.settings import Settings
from heloscope.widgets.bars.find import FindBar
from heloscope.widgets.input.command_line import CommandInput
from heloscope.widgets.input.message_editor import MessageEditor
from heloscope.widgets.panels.tabbed import TabbedPanel
from heloscope.widgets.transcript.view import TranscriptView
from support.stage import TO_ALICE, Stage, played
from textual.app import SystemCommand
from textual.binding import Binding
from textual.command import CommandPalette
from textual.widgets import Static

KEYED = (
    MainScreen,
    CommandInput,
    MessageEditor,
    TranscriptView,
    FindBar,
    TabbedPanel,
    MailboxScreen,
)


def test_no_key_is_given_twice_and_none_that_terminals_cannot_tell():
    keys = [key for order in ACTIONS.values() for key in order.key.split(",") if key]
    assert len(keys) == len(set(keys))
    untold = {"ctrl+h", "ctrl+i", "ctrl+j", "ctrl+m", "shift+enter", "ctrl+enter", "alt+enter"}
    for widget in KEYED:
        for binding in widget.BINDINGS:
            assert isinstance(binding, Binding)
            assert not untold & set(binding.key.split(","))


def test_help_lists_every_key():
    listed = " ".join(entry.name for _, entries in sections() for entry in entries).split()
    missing = [
        f"{widget.__name__}: {key_name(key)}"
        for widget in KEYED
        for binding in widget.BINDINGS
        if isinstance(binding, Binding)
        for key in binding.key.split(",")
        if key_name(key) not in listed
    ]
    assert missing == []


def test_every_key_has_a_meaning():
    assert [one.name for _, entries in sections() for one in entries if not one.meaning] == []


async def test_the_help_screen_shows_keys_and_orders_and_scrolls():
    async with Stage().run((80, 24)) as stage:
        await stage.press("f1")
        assert isinstance(stage.app.screen, HelpScreen)
        text = str(stage.app.screen.query_one("#help-text", Static).content)
        for order in ACTIONS.values():
            assert f":{order.name}" in text
        before = stage.screen
        await stage.press("pagedown")
        await stage.until(lambda: stage.screen != before)
        await stage.press("escape")
        assert stage.app.screen is stage.main


def named(command: SystemCommand) -> str:
    """Return the order that a title in the command palette begins with."""
    return command.title.split()[0].strip(":")


async def test_the_palette_has_every_order():
    async with Stage().run() as stage:
        commands = list(stage.app.get_system_commands(stage.main))
        assert {named(command) for command in commands} == set(ACTIONS)
        await stage.press("ctrl+p")
        assert isinstance(stage.app.screen, CommandPalette)


async def test_an_order_from_the_palette_is_carried_out_or_waits_for_its_argument():
    async with Stage().run() as stage:
        commands = {named(c): c for c in stage.app.get_system_commands(stage.main)}
        commands["raw"].callback()
        await stage.settle()
        assert stage.composer.text == ":raw "
        commands["mailbox"].callback()
        await stage.settle()
        assert isinstance(stage.app.screen, MailboxScreen)


async def test_the_footer_names_the_frequent_keys():
    async with Stage().run((80, 24)) as stage:
        for name in ("help", "explain", "begin", "mailbox", "connect", "find", "save"):
            assert ACTIONS[name].label in stage.lines[-1]
        assert stage.lines[-1].endswith("^p palette")


async def test_a_theme_is_chosen_and_kept_for_the_next_run():
    kept: list[str] = []
    async with Stage(keep=lambda settings: kept.append(settings.theme)).run() as stage:
        await stage.type(":theme nord")
        assert stage.app.theme == "nord"
        assert kept == ["nord"]
        await stage.type(":theme mud")
        assert "Theme not found: mud. Themes: " in stage.notices[-1]
    async with Stage(settings=Settings(theme="nord")).run() as stage:
        assert stage.app.theme == "nord"


async def test_a_theme_that_is_gone_is_no_reason_not_to_start():
    async with Stage(settings=Settings(theme="gone")).run() as stage:
        assert stage.session.connected


async def test_it_can_be_resized_at_any_time():
    async with Stage().run() as stage:
        await stage.deliver("Subject: x", "", "Hello")
        for size in ((80, 24), (20, 10), (200, 50), (1, 1), (99, 30), (140, 40)):
            await stage.pilot.resize_terminal(*size)
            await stage.settle()
        assert "250 2.0.0 Message 1 delivered" in stage.seen("#transcript")
        assert "following" in stage.screen
        await stage.pilot.resize_terminal(80, 24)
        await stage.settle()
        assert "250 2.0.0 Message 1 delivered" in stage.seen("#transcript")
        assert "Extensions" not in stage.screen


@pytest.mark.parametrize("keys", [("f1",), ("f4",), ("ctrl+o",), ("ctrl+q",), ("ctrl+f",)])
async def test_every_screen_fits_a_small_terminal(keys: tuple[str, ...]):
    async with Stage().run((20, 10)) as stage:
        await stage.type("EHLO me", TO_ALICE[0])
        await stage.press(*keys)
        await stage.pilot.resize_terminal(140, 40)
        await stage.settle()
        await stage.press("escape")
        assert stage.app.screen is stage.main


# Ctrl+C and leaving


async def test_ctrl_c_with_nothing_to_copy_or_stop_says_how_to_leave():
    async with Stage().run() as stage:
        await stage.press("ctrl+c")
        assert stage.notices == ["Nothing to stop. Ctrl+Q leaves heloscope."]
        assert stage.app.is_running


@pytest.mark.parametrize("way", [":q", ":quit", "ctrl+q"])
async def test_outside_of_a_transaction_one_leaves_at_once(way: str):
    async with Stage().run() as stage:
        await stage.type("EHLO me")
        if way.startswith(":"):
            stage.composer.text = way
        stage.app.simulate_key("enter" if way.startswith(":") else way)
        await stage.until(lambda: stage.app._exit)


async def test_in_the_middle_of_a_transaction_leaving_asks_once():
    async with Stage().run() as stage:
        await stage.type("EHLO me", TO_ALICE[0])
        await stage.press("ctrl+q")
        assert "Leave heloscope?" in stage.screen
        await stage.press("escape")
        assert not stage.app._exit
        await stage.press("ctrl+q")
        stage.app.simulate_key("y")
        await stage.until(lambda: stage.app._exit)


async def test_after_a_refused_chunk_leaving_asks():
    talk = """
        S: 220 ready
        C: EHLO
        S: 250-mail.example.org
        S: 250 CHUNKING
        C: MAIL
        S: 250 ok
        C: RCPT
        S: 250 ok
        C: BDAT
        C: x
        S: 554 no
        C: more
    """
    async with played(talk).run() as stage:
        await stage.type("EHLO me", *TO_ALICE[:2])
        stage.session.send_line(b"BDAT 3\r\nx")
        await stage.quiet()
        assert stage.session.state == "bdat-failed"
        await stage.press("ctrl+q")
        assert "Leave heloscope?" in stage.screen
        assert "A mail transaction is open." in stage.screen
        assert not stage.app._exit


async def test_with_a_message_that_was_not_accepted_leaving_asks():
    async with Stage().run() as stage:
        stage.main.sender.draft = "Dear Bob"
        await stage.press("ctrl+q")
        assert "Leave heloscope?" in stage.screen
        assert "A message was written but not accepted." in stage.screen


async def test_where_only_tokens_are_taken_the_login_asks_for_one():
    talk = "S: 220 ready\nC: EHLO\nS: 250-hello\nS: 250 AUTH XOAUTH2 OAUTHBEARER NTLM\nC: more"
    async with played(talk).run() as stage:
        await stage.type("EHLO me")
        await stage.put(":login alice")
        assert "Token, not shown" in stage.screen
        assert "Send the token unencrypted anyway" in stage.screen
        assert "assword" not in stage.screen


async def test_a_password_is_taken_where_one_can_be():
    talk = "S: 220 ready\nC: EHLO\nS: 250-hello\nS: 250 AUTH XOAUTH2 PLAIN\nC: more"
    async with played(talk).run() as stage:
        await stage.type("EHLO me")
        await stage.put(":login alice")
        assert "Password, not shown" in stage.screen


async def test_the_password_of_a_form_is_not_copied_and_is_known_once_typed():
    async with Stage().run() as stage:
        await stage.type("EHLO me")
        await stage.put(":login alice")
        await stage.press(*"looking-glass", "shift+home", "ctrl+x")
        assert stage.app.clipboard == ""
        await stage.press(*"looking-glass", "escape")
        stage.main.sender.history.add("VRFY looking-glass")
        assert stage.main.sender.history.lines[-1] == "VRFY ********"


@pytest.mark.parametrize(
    "order",
    [":login alice looking-glass", ":login alice:looking-glass", ":auth PLAIN looking-glass"],
)
async def test_a_password_behind_a_login_is_refused_and_not_kept(order: str):
    async with Stage().run() as stage:
        await stage.type("EHLO me")
        await stage.put(order)
        assert (
            "a password typed here would be visible, so a dialog asks for it" in stage.notices[-1]
        )
        assert stage.main.sender.history.lines[-1] == order[: -len(" looking-glass")]
        assert stage.main.ui.dialog is None
        await stage.put(":find looking-glass")
        assert "so it cannot be found" in stage.notices[-1]
        assert "looking-glass" not in stage.screen


async def test_a_target_with_a_password_is_refused_and_nowhere_repeated():
    async with Stage().run() as stage:
        await stage.press(*":connect smtp://joe:looking-glass@host")
        assert "smtp://joe:•••••••••••••@host" in stage.seen("#command")
        await stage.press("enter")
        assert stage.notices[-1].startswith(
            "A target must not contain a password: smtp://joe:********@host."
        )
        assert stage.main.sender.history.lines[-1] == ":connect smtp://joe:********@host"
        assert stage.app.recent.profiles == []
        await stage.type("EHLO looking-glass")
        assert "looking-glass" not in stage.screen


async def test_quit_is_smtp_s_and_leaves_the_app_where_it_is():
    async with Stage().run() as stage:
        await stage.type("QUIT")
        await stage.until(lambda: not stage.session.connected)
        await stage.settle()
        assert stage.app.is_running
        assert "221 2.0.0 Goodbye" in stage.screen


async def test_esc_goes_back_to_the_command_line_from_everywhere():
    async with Stage().run() as stage:
        for keys in (("f6",), ("f6", "f6"), ("shift+tab",), ("f11",)):
            await stage.press(*keys)
            assert stage.app.focused is not stage.main.query_one("#command")
            await stage.press("escape")
            assert stage.app.focused is stage.main.query_one("#command")
