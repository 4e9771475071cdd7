"""@NAME in the application: what it stands for, where its secret is sent, and how it is saved."""

from __future__ import annotations

from pathlib import Path

import pytest
from heloscope.app.config.model import Configuration
from heloscope.app.config.reader import load
from heloscope.app.connect.profile import Profile
from heloscope.session.timeouts import Timeouts
from support.stage import NARROW, WIDE, Stage, played
from textual.widgets import Input

TALK = "S: 220 ready\nC: EHLO"
FILE = """\
[connect]
ehlo = "me.example"
[servers.mail]
target = "mail.example.org:587"
timeout = 7
user = "alice"
mechanism = "PLAIN"
secret = {env = "MAIL_PASSWORD"}  # mine
"""


@pytest.fixture
def configuration(tmp_path: Path) -> Configuration:
    file = tmp_path / "config.toml"
    file.write_text(FILE)
    file.chmod(0o600)
    return load(file)


def on(configuration: Configuration, talk: str = TALK, target: str = "practice") -> Stage:
    stage = Stage(target, configuration=configuration)
    stage.serve = played(talk).serve
    return stage


MAIL = Profile(
    "mail.example.org:587", hello="me.example", timeout=7.0, user="alice", mechanism="PLAIN",
    server="mail",
)  # fmt: skip


async def test_connect_takes_a_name(configuration: Configuration):
    async with on(configuration).run() as stage:
        await stage.put(":connect @mail")
        await stage.greeted(2)
        connections = stage.app.connections
        assert connections.profile == MAIL
        assert connections.timeouts == Timeouts.all(7)
        assert stage.app.recent.profiles == [Profile("@mail")]
        await stage.put(":connect other.example.org")
        await stage.greeted(3)
        assert connections.profile == Profile("other.example.org", hello="me.example")
        assert connections.timeouts == Timeouts()


async def test_the_program_begins_on_a_named_server(configuration: Configuration):
    async with on(configuration, target="@mail").run() as stage:
        assert stage.app.connections.profile == MAIL


async def test_a_name_that_is_not_there_is_told(configuration: Configuration):
    async with on(configuration).run(WIDE) as stage:
        await stage.put(":connect @mial")
        assert "Unknown server @mial" in stage.screen
        assert stage.app.connections.profile.practising


async def test_names_are_completed(configuration: Configuration):
    async with on(configuration).run() as stage:
        assert ":connect @mail" in stage.app.main.complete(":connect @")


async def test_what_is_said_for_every_server_is_no_concern_of_the_practice_server(
    configuration: Configuration,
):
    async with on(configuration).run() as stage:
        assert stage.app.connections.profile == Profile("practice")


async def test_the_dialog_lists_names_and_connects_to_one(configuration: Configuration):
    async with on(configuration).run(NARROW) as stage:
        await stage.press("ctrl+o")
        assert stage.seen("#recent").split()[0] == "@mail"
        await stage.press(*"@mail")
        assert "The profile of mail.example.org:587, user alice." in stage.screen
        await stage.press("enter")
        await stage.greeted(2)
        assert stage.app.connections.profile == MAIL


async def test_the_dialog_saves_a_profile_and_keeps_the_rest_of_the_file(
    configuration: Configuration,
):
    async with on(configuration).run(NARROW) as stage:
        await stage.press("ctrl+o", *"new.example.org")
        assert stage.app.screen.query_one("#hello", Input).value == "me.example"
        stage.app.screen.query_one("#save_as", Input).value = "new"
        await stage.press("enter")
        await stage.greeted(2)
        await stage.put(":connect @new")
        await stage.greeted(3)
    assert configuration.file.read_text() == (
        FILE + '\n[servers.new]\ntarget = "new.example.org"\ntls = "none"\nehlo = "me.example"\n'
    )


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("a b", "A name must consist of letters, digits, - and _"),
        ("x" * 80, "A name must consist of letters"),
    ],
)
async def test_a_name_that_cannot_be_is_told_at_its_field(
    configuration: Configuration, name: str, wanted: str
):
    async with on(configuration).run(NARROW) as stage:
        await stage.press("ctrl+o", *"new.example.org")
        stage.app.screen.query_one("#save_as", Input).value = name
        await stage.press("enter")
        assert wanted in stage.screen
    assert configuration.file.read_text() == FILE


async def test_an_edited_server_has_not_the_user_of_the_old_one(configuration: Configuration):
    async with on(configuration).run(NARROW) as stage:
        await stage.press("ctrl+o", "tab", "right")
        field = stage.app.screen.query_one("#target", Input)
        assert field.value == "mail.example.org:587"
        field.value = "elsewhere.example.org"
        await stage.press("enter")
        await stage.greeted(2)
        found = stage.app.connections.profile
        assert (found.target, found.user, found.server) == ("elsewhere.example.org", "", "")


LOGIN = """
    S: 220 hi
    C: EHLO x
    S: 250-hi
    S: 250 AUTH PLAIN
    C: never
"""


async def test_login_takes_user_and_secret_from_the_profile(
    configuration: Configuration, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("MAIL_PASSWORD", "wonderland")
    async with on(configuration, LOGIN).run(WIDE) as stage:
        await stage.put(":connect @mail")
        await stage.greeted(2)
        await stage.put("EHLO x")
        await stage.put(":login")
        assert stage.app.screen.query_one("#user", Input).value == "alice"
        assert "leave empty to use the environment variable MAIL_PASSWORD" in stage.screen
        await stage.press("tab", "space", "shift+tab", "enter")  # in clear
        await stage.settle()
        status = stage.app.main.plan.status
        assert status.title == "Log in as alice"
        assert "wonderland" not in stage.app.mask_known("the password is wonderland")
        assert "wonderland" not in stage.screen


async def test_a_secret_that_is_not_to_be_had_is_told(
    configuration: Configuration, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("MAIL_PASSWORD", raising=False)
    async with on(configuration, LOGIN).run(WIDE) as stage:
        await stage.put(":connect @mail")
        await stage.greeted(2)
        await stage.put("EHLO x")
        await stage.put(":login")
        await stage.press("enter")
        await stage.settle()
        assert "no secret in the environment variable" in " ".join(stage.screen.split())
