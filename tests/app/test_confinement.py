"""Anything that a visitor to heloscope serve is not allowed to do is refused with a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
from heloscope.app import confinement
from heloscope.app.actions import ACTIONS
from heloscope.app.confinement import FREE, PRACTICE_ONLY
from heloscope.app.connect.manager import ConnectionManager
from heloscope.app.connect.profile import PRACTICES, Profile
from heloscope.session.target import TargetError
from heloscope.widgets.input.cycle import Cycle
from support.rows import for_each
from support.stage import Stage
from support.ui import FakeUi

SERVER = "Only the practice server can be reached from here"
WRITE = "Files cannot be written from here."
READ = "Files cannot be read from here."


def test_every_order_has_its_place_in_the_policy():
    """Every order belongs to one of the tables. An unlisted order is refused to visitors."""
    tables = (confinement.WITHIN, confinement.SERVERS, confinement.FILES, confinement.NEVER)
    placed = [name for table in tables for name in table]
    assert sorted(placed) == sorted(ACTIONS)


def test_an_order_without_a_place_is_refused():
    assert PRACTICE_ONLY.refusal("teleport") == "This order is not available here."
    assert not PRACTICE_ONLY.offers("teleport")
    assert FREE.refusal("teleport") == ""


def test_every_refusal_is_a_sentence():
    refused = [order for order in ACTIONS if order not in confinement.WITHIN]
    for order in refused:
        for argument in ("", "x /etc/passwd y"):
            words = PRACTICE_ONLY.refusal(order, argument)
            assert not words or words.endswith("."), order
            assert "{" not in words


@for_each(
    [
        ("connect", "", ""),
        ("connect", "practice-tls", ""),
        ("connect", "127.0.0.1:25", SERVER),
        ("connect", "unix:/run/docker.sock", SERVER),
        ("dial", "smtps://mail.example.org", SERVER),
        ("send", "", ""),
        ("send", "/etc/passwd", READ),
        ("send", "--as-is /etc/passwd <> alice@practice.test", READ),
        ("save", "", WRITE),
        ("pem", "x.pem", WRITE),
        ("copy", "", ""),
        ("copy", "script plan", ""),
        ("copy", "script x.txt", WRITE),
        ("copy", "script plan x.txt", WRITE),
        ("copy", "script 'plan x", WRITE),
        ("ladder", "", ""),
        ("ladder", "x.svg", WRITE),
        ("practice", "", ""),
        ("practice", "hang-up:text", ""),
        ("practice", "own.toml", READ),
        ("practice", "/etc/passwd", READ),
        ("practice", "~root/x", READ),
        ("journal", "", "Nothing is recorded here"),
        ("raw", r"NOOP\r\n", ""),
    ]
)
def test_an_order_is_refused_in_a_sentence(order: str, argument: str, said: str):
    refusal = PRACTICE_ONLY.refusal(order, argument)
    assert refusal.startswith(said) and bool(refusal) is bool(said)
    assert FREE.refusal(order, argument) == ""


@for_each(
    [
        Profile("example.org"),
        Profile("[::1]:25"),
        Profile("practice", ca_file="/etc/shadow"),
        Profile("practice", certfile="/etc/shadow"),
        Profile("practice", keyfile="/etc/shadow"),
        Profile("practice-tls", source="192.0.2.1"),
    ]
)
def test_the_connection_manager_refuses_whatever_asks_it(profile: Profile):
    manager = ConnectionManager(FakeUi(), lambda _: None, confinement=PRACTICE_ONLY)
    with pytest.raises(TargetError, match=SERVER):
        manager.choose(profile)
    assert manager.profile == Profile()


@pytest.mark.parametrize("target", PRACTICES)
def test_the_practice_server_can_be_reached(target: str):
    manager = ConnectionManager(FakeUi(), lambda _: None, confinement=PRACTICE_ONLY)
    manager.choose(target)
    assert manager.profile.target == target


async def test_what_is_refused_is_told_and_not_offered():
    async with Stage(confinement=PRACTICE_ONLY).run((140, 40)) as stage:
        await stage.type(":connect example.org")
        assert stage.notices[-1].startswith(SERVER)
        assert len(stage.view.sections) == 1
        complete = stage.app.main.complete
        assert complete(":sa") == [] and complete(":send /") == [] and complete(":send ") == []
        palette = [command.title for command in stage.app.get_system_commands(stage.app.screen)]
        assert not [title for title in palette if title.startswith(("save:", "pem:", "journal:"))]
        assert [title for title in palette if title.startswith("send:")]
        footer = stage.screen.splitlines()[-1]
        assert "find" in footer and "save" not in footer
        await stage.press("ctrl+s")
        assert stage.notices[-1].startswith(WRITE)


async def test_the_form_of_a_visitor_offers_no_file_and_the_mailbox_saves_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    async with Stage(confinement=PRACTICE_ONLY).run((140, 40)) as stage:
        for line in ("EHLO me", "MAIL FROM:<a@b.c>", "RCPT TO:<alice@practice.test>"):
            await stage.type(line)
        await stage.type(":send")
        source = stage.app.screen.query_one("#source", Cycle)
        source.focus()
        seen = {source.value}
        for _ in range(4):
            await stage.press("right")
            seen.add(source.value)
        assert seen == {"typed here", "a sample"}
        await stage.press("escape")
        stage.practice.mailboxes.deliver(
            0.0, "me", "a@b.c", ("alice@practice.test",), (), b"Subject: x\r\n\r\n"
        )
        await stage.type(":mailbox")
        assert "s: save" not in stage.screen and "Del: empty" in stage.screen
        await stage.press("s")
    assert list(tmp_path.iterdir()) == []


async def test_connecting_without_a_target_is_connecting_to_the_practice_server():
    async with Stage(confinement=PRACTICE_ONLY).run((140, 40)) as stage:
        await stage.type("QUIT")
        await stage.press("ctrl+o")
        await stage.type("NOOP")
        assert stage.app.connections.connected and stage.app.connections.practising


async def test_help_lists_the_keys_of_a_browser_and_no_order_that_is_refused():
    async with Stage(confinement=PRACTICE_ONLY).run((140, 40)) as stage:
        await stage.press("f1")
        assert "In a browser" in stage.screen and ":way" in stage.screen
        text = str(stage.app.screen.query_one("#help-text").render())
        assert ":journal" not in text and ":save" not in text and ":send" in text
