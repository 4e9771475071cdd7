"""The servers in the settings are shown, added, changed and removed, without their secrets."""

from __future__ import annotations

from pathlib import Path

import pytest
from heloscope.app.config.model import Configuration, SecretReference, Server
from heloscope.app.config.reader import load
from heloscope.app.dialogs.question import QuestionScreen
from heloscope.app.dialogs.server import ServerScreen
from heloscope.app.dialogs.servers import ServersScreen
from heloscope.app.dialogs.settings import SettingsScreen
from support.stage import NARROW, Stage
from textual.containers import Vertical
from textual.widgets import Input

FILE = """\
# mine
[servers.mail]  # the office
target = "mail.example.org:587"  # submission
user = "alice"
secret = {env = "MAIL_PASSWORD"}

# the other one
[servers.mx]
target = "mx.example.net"
"""


@pytest.fixture
def configuration(tmp_path: Path) -> Configuration:
    file = tmp_path / "config.toml"
    file.write_text(FILE)
    file.chmod(0o600)
    return load(file)


async def opened(stage: Stage) -> ServersScreen:
    await stage.put(":settings servers")
    screen = stage.app.screen
    assert isinstance(screen, ServersScreen)
    return screen


async def fill(stage: Stage, **texts: str) -> None:
    for name, text in texts.items():
        stage.app.screen.query_one(f"#{name}", Input).value = text
    await stage.handled()


def said(stage: Stage) -> str:
    return " ".join(stage.screen.replace("│", " ").split())


async def test_they_are_listed_and_a_secret_is_named_by_its_place(configuration: Configuration):
    async with Stage(configuration=configuration).run(NARROW) as stage:
        await opened(stage)
        assert "@mail mail.example.org:587" in said(stage)
        assert "secret in the environment variable MAIL_PASSWORD" in said(stage)
        await stage.press("down")
        assert "target mx.example.net" in said(stage)


async def test_without_one_it_says_how_there_will_be_one(tmp_path: Path):
    async with Stage(configuration=load(tmp_path / "none.toml")).run() as stage:
        await opened(stage)
        assert "No servers yet. Press n to add one" in said(stage)
        box, words = stage.app.screen.query_one(Vertical), stage.app.screen.query_one("#server")
        await stage.until(lambda: words.region.y == box.content_region.y)  # nothing blank above
        await stage.press("n")
        assert isinstance(stage.app.screen, ServerScreen)


async def test_a_server_is_added_and_connected_to_by_its_name(configuration: Configuration):
    async with Stage(configuration=configuration).run() as stage:
        await opened(stage)
        await stage.press("n")
        await stage.press("b", "a", "n", "k", "down", *"mx.bank.example", "down", "right", "right")
        await stage.press("down", *"joe", "down", "right", "down", *"BANK_PW", "enter")
        assert isinstance(stage.app.screen, ServersScreen)
        assert "@bank mx.bank.example" in said(stage)
        await stage.press("escape")
        assert (
            stage.notices[-1]
            == "The servers are saved and can be used immediately: :connect @NAME."
        )
        assert stage.app.connections.servers.profile("@bank").target == "mx.bank.example"
    assert configuration.file.read_text() == (
        FILE + '\n[servers.bank]\ntarget = "mx.bank.example"\ntls = "offered"\nuser = "joe"\n'
        'secret = {env = "BANK_PW"}\n'
    )


async def test_a_change_keeps_the_comments(configuration: Configuration):
    async with Stage(configuration=configuration).run() as stage:
        await opened(stage)
        await stage.press("enter")
        await fill(stage, ehlo="me.example", target="mail.example.org:465")
        await stage.press("enter")
        assert isinstance(stage.app.screen, ServersScreen)
    changed = FILE.replace(":587", ":465").replace(
        'PASSWORD"}\n', 'PASSWORD"}\nehlo = "me.example"\n'
    )
    assert configuration.file.read_text() == changed


async def test_a_server_gets_another_name_in_its_place(configuration: Configuration):
    async with Stage(configuration=configuration).run() as stage:
        await opened(stage)
        await stage.press("enter")
        await fill(stage, name="@mx", user="bob")
        await stage.press("enter")
        assert "A server @mx already exists." in said(stage)
        await fill(stage, name="@post.office")
        await stage.press("enter")
        assert "@post.office mail.example.org:587" in said(stage)
    assert configuration.file.read_text() == FILE.replace("alice", "bob").replace(
        "[servers.mail]", '[servers."post.office"]'
    )


async def test_enter_without_a_change_writes_nothing(configuration: Configuration):
    before = configuration.file.stat().st_ino
    async with Stage(configuration=configuration).run() as stage:
        await opened(stage)
        await stage.press("enter", "enter", "escape")
        assert stage.notices == []
    assert configuration.file.stat().st_ino == before


async def test_a_command_and_a_keyring_are_written_as_the_reader_takes_them(
    configuration: Configuration,
):
    async with Stage(configuration=configuration).run() as stage:
        await opened(stage)
        await stage.press("enter", *["down"] * 3, "right")  # from a variable to a command
        await fill(stage, where="pass 'my mail'")
        await stage.press("enter")
        command = load(configuration.file).servers["mail"].secret
        await stage.press("enter", *["down"] * 3, "right")
        assert stage.app.screen.query_one("#where", Input).value == "pass 'my mail'"
        await fill(stage, where="mail.example.org")
        await stage.press("enter")
    assert command == SecretReference(command=("pass", "my mail"))
    secret = load(configuration.file).servers["mail"].secret
    assert secret == SecretReference(keyring="mail.example.org")


@pytest.mark.parametrize(
    ("kind", "typed", "told"),
    [
        pytest.param(0, "wonder land!", "A variable name must consist", id="as-a-variable"),
        pytest.param(
            1, "echo wonderland", "so the password would have to be in this file", id="echoed"
        ),
        pytest.param(1, "pass 'mail", "A quotation mark is missing.", id="unclosed"),
        pytest.param(2, "", "Empty.", id="nowhere"),
    ],
)
async def test_a_secret_itself_is_refused_and_the_reason_told(
    configuration: Configuration, kind: int, typed: str, told: str
):
    async with Stage(configuration=configuration).run() as stage:
        await opened(stage)
        await stage.press("enter", "down", "down", "down", *["right"] * kind)
        assert "The password itself is never stored in the file" in said(stage)
        await fill(stage, where=typed)
        await stage.press("enter")
        assert told in said(stage)
        assert stage.app.focused is stage.app.screen.query_one("#where")
        if kind < 2 and "'" not in typed:
            assert stage.app.mask_known(f"it is {typed.split()[-1]}") != f"it is {typed}"
    assert configuration.file.read_text() == FILE


async def test_a_password_in_the_target_is_refused_unseen(configuration: Configuration):
    async with Stage(configuration=configuration).run() as stage:
        await opened(stage)
        await stage.press("n")
        await fill(stage, name="x", target="smtp://joe:wonderland@mx.example")
        await stage.press("enter")
        assert "A target must not contain a" in said(stage) and "wonderland" not in stage.screen
    assert configuration.file.read_text() == FILE


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        pytest.param(
            {"name": "a b"}, "Enter a name that consists of letters, digits, - and _", id="name"
        ),
        pytest.param({"name": "mail"}, "A server @mail already exists.", id="taken"),
        pytest.param({"target": ""}, "Enter a server, such as mail.example.org:587.", id="target"),
        pytest.param(
            {"mechanism": "PLAIN"},
            "mechanism needs user, the user name to log in with",
            id="together",
        ),
        pytest.param({"ehlo": "a b"}, "must be one word", id="ehlo"),
    ],
)
async def test_a_mistake_is_told_at_its_field(
    configuration: Configuration, fields: dict[str, str], told: str
):
    async with Stage(configuration=configuration).run() as stage:
        await opened(stage)
        await stage.press("n")
        await fill(stage, **{"name": "new", "target": "h", **fields})
        await stage.press("enter")
        await stage.settle()
        assert told in said(stage)
    assert configuration.file.read_text() == FILE


async def test_removing_is_asked_for_and_leaves_the_comments_around(configuration: Configuration):
    async with Stage(configuration=configuration).run() as stage:
        await opened(stage)
        await stage.press("d", "escape")
        assert configuration.file.read_text() == FILE
        await stage.press("d")
        assert isinstance(stage.app.screen, QuestionScreen)
        await stage.press("y")
        assert "@mx mx.example.net" in said(stage) and "@mail" not in said(stage)
        await stage.press("escape")
        assert stage.app.connections.servers.names == ["@mx"]
    assert configuration.file.read_text() == "# mine\n" + FILE[FILE.index("\n# the other one") :]


async def test_a_server_with_a_mistake_is_named(configuration: Configuration):
    configuration.file.write_text(FILE + "[servers.bad]\nuser = 'x'\n")
    async with Stage(configuration=configuration).run() as stage:
        await opened(stage)
        assert "Ignored until corrected in the file:" in said(stage)
        assert "the server bad has no target" in said(stage)


async def test_the_settings_lead_to_the_list_and_back(configuration: Configuration):
    async with Stage(configuration=configuration).run() as stage:
        await stage.press("ctrl+backslash")
        assert isinstance(stage.app.screen, SettingsScreen)
        assert "@mail, @mx (Enter lists them)" in said(stage)
        await stage.press(*["down"] * 5, "enter", "down", "d", "y", "escape")
        assert isinstance(stage.app.screen, SettingsScreen)
        assert "@mail (Enter lists them)" in said(stage)
        await stage.press("escape")
        assert stage.notices[-1].startswith("The settings are saved.")
        assert stage.app.configuration.servers.keys() == {"mail"}


async def test_an_unknown_page_is_told():
    async with Stage().run() as stage:
        await stage.put(":settings colours")
        assert stage.notices[-1].endswith(
            "The syntax is :settings (Ctrl+\\) [servers | keys]."
        )  # fmt: skip


def test_what_is_written_is_what_was_meant(configuration: Configuration):
    assert configuration.servers["mx"] == Server(target="mx.example.net")
