"""A command's options override the environment, the profile @name and the file, in that order."""

from __future__ import annotations

import base64
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from heloscope.app.cli.client import Client
from heloscope.app.cli.configured import ConfigurationError, configured
from heloscope.app.cli.options import ClientOptions, OptionError
from heloscope.app.config.model import SecretReference
from heloscope.session.events import Cause
from heloscope.session.net.dial_error import DialError
from heloscope.session.practice.server import PracticeServer
from heloscope.session.target import Target, TargetError
from support.commands import heloscope


async def run(*arguments: str, **environment: str) -> tuple[int, str, str]:
    """Run `heloscope`. Return the exit status, standard output and standard error."""
    return await heloscope(*arguments, environment=environment)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    named = tmp_path / "config.toml"
    named.touch(mode=0o600)
    monkeypatch.setenv("HELOSCOPE_CONFIG", str(named))
    yield named


def options(*given: str, **values: object) -> ClientOptions:
    made = ClientOptions(**values, given=frozenset((*given, *values)))  # pyright: ignore[reportArgumentType]
    return made


PROFILE = """
[connect]
ehlo = "file.example"
timeout = 4
[servers.mail]
target = "mail.example.org:587"
tls = "required"
user = "alice"
mechanism = "PLAIN"
timeout = 3
secret = {env = "MAIL_PASSWORD"}
"""


def test_a_name_stands_for_target_and_options(file: Path):
    file.write_text(PROFILE)
    place, found = configured(options(), "@mail")
    assert place == Target("mail.example.org", 587)
    assert (found.tls, found.login, found.mechanism, found.timeout, found.ehlo) == (
        "required", "alice", "PLAIN", 3, "file.example",
    )  # fmt: skip
    assert found.reference == SecretReference(env="MAIL_PASSWORD")


def test_an_option_counts_before_all_else(file: Path, monkeypatch: pytest.MonkeyPatch):
    file.write_text(PROFILE)
    monkeypatch.setenv("HELOSCOPE_EHLO", "variable.example")
    monkeypatch.setenv("HELOSCOPE_TIMEOUT", "2")
    _, found = configured(options(tls="offered", timeout=1.0), "@mail")
    assert (found.tls, found.timeout, found.ehlo) == ("offered", 1.0, "variable.example")
    _, found = configured(options(), "@mail")
    assert (found.tls, found.timeout) == ("required", 2.0)


def test_an_option_that_is_its_default_was_given_all_the_same(file: Path):
    file.write_text("[connect]\ntls = 'required'")
    assert configured(options("tls", tls="offered"), "host")[1].tls == "offered"
    assert configured(options(), "host")[1].tls == "required"


def test_what_is_said_for_all_is_so_for_any_target(file: Path):
    file.write_text(PROFILE)
    place, found = configured(options(), "host")
    assert place == Target("host", 25)
    assert (found.timeout, found.ehlo, found.login, found.reference) == (
        4, "file.example", "", None,
    )  # fmt: skip


def test_implicit_tls_of_a_profile_leads_to_its_port(file: Path):
    file.write_text("[servers.mail]\ntarget = 'h'\ntls = 'implicit'")
    assert configured(options(), "@mail")[0] == Target("h", 465, implicit=True)


def test_another_user_never_gets_the_secret_of_the_profile(file: Path):
    file.write_text(PROFILE)
    with pytest.raises(OptionError, match="--login needs --secret"):
        configured(options(login="bob"), "@mail")
    _, found = configured(options(login=""), "@mail")
    assert (found.login, found.reference) == ("", None)


def test_a_secret_of_the_command_line_counts_before_that_of_the_profile(
    file: Path, monkeypatch: pytest.MonkeyPatch
):
    file.write_text(PROFILE)
    monkeypatch.setenv("OTHER", "other secret")
    _, found = configured(options(secret="OTHER"), "@mail")
    assert (found.login, found.read_secret().reveal()) == ("alice", b"other secret")


def test_a_command_that_logs_nobody_in_needs_no_secret(file: Path):
    file.write_text("[servers.mail]\ntarget = 'h'\nuser = 'alice'")
    _, found = configured(options(), "@mail", login=False)
    assert not found.logs_in
    with pytest.raises(OptionError, match="@mail has a user name but no secret"):
        configured(options(), "@mail")


def test_no_record_in_the_file_is_undone_by_an_option(file: Path):
    file.write_text("record = false")
    assert configured(options(), "host")[1].no_record
    assert not configured(options(record="made.jsonl"), "host")[1].no_record


def test_a_mistake_in_the_file_ends_a_command(file: Path):
    file.write_text("theme = 1\nhistory = 1")
    with pytest.raises(ConfigurationError) as caught:
        configured(options(), "host")
    assert str(caught.value) == (
        f"{file}:1: theme: must be text in quotes, not 1. (1 more mistake: heloscope config check)"
    )


def test_a_name_that_is_not_there_is_told(file: Path):
    file.write_text(PROFILE)
    with pytest.raises(TargetError, match=r"Unknown server @mial.* Did you mean @mail\?"):
        configured(options(), "@mial")


# A whole run


async def test_a_message_goes_to_a_named_server_with_its_login_and_no_secret_is_kept(
    file: Path, tmp_path: Path
):
    secret = "wonderland"
    command = tmp_path / "pass.py"
    command.write_text(f"print({secret!r})")
    server = PracticeServer()
    await server.start()
    try:
        file.write_text(
            f"[servers.mail]\ntarget = '{server.host}:{server.port}'\ntls = 'required'\n"
            f"ca = '{server.ca_file()}'\nuser = 'alice'\n"
            f"secret = {{command = [{sys.executable!r}, {str(command)!r}]}}\n"
        )
        status, out, err = await run(
            "send", "@mail", "--from", "a@practice.test", "--to", "bob@practice.test",
            XDG_STATE_HOME=f"{tmp_path}/state",
        )  # fmt: skip
    finally:
        await server.stop()
    assert (status, err) == (0, "")
    assert "\nS: 235 " in out
    written = [path for path in (tmp_path / "state").rglob("*") if path.is_file()]
    assert written
    forms = [secret, base64.b64encode(f"\0alice\0{secret}".encode()).decode()]
    forms.append(base64.b64encode(secret.encode()).decode())
    for text in (out, err, *(path.read_text() for path in written)):
        assert not any(form in text for form in forms)


async def test_what_is_wrong_is_one_sentence_and_status_2(file: Path):
    file.write_text("x = 1")
    status, out, err = await run("send", "@mail", "--from", "a@b.example", "--to", "c@d.example")
    assert (status, out) == (2, "")
    assert err == (
        f"heloscope: send: {file}:1: the file has no key x. "
        "The keys are theme, history, record, panel, ladder, connect, servers, keys.\n"
    )


async def test_probe_takes_a_name_and_logs_nobody_in(file: Path):
    server = PracticeServer()
    await server.start()
    try:
        file.write_text(f"[servers.mail]\ntarget = '{server.host}:{server.port}'\nuser = 'alice'\n")
        status, out, err = await run("probe", "@mail", "--tls", "none", "--no-record")
    finally:
        await server.stop()
    assert (status, err) == (0, "")  # and so no secret was asked for
    assert f"{server.host}:{server.port}" in out


async def test_a_script_connects_to_a_name(file: Path, tmp_path: Path):
    server = PracticeServer()
    await server.start()
    script = tmp_path / "a.smtp"
    script.write_text(":connect @mail\nEHLO me.example\n:expect 250\n")
    try:
        file.write_text(f"[servers.mail]\ntarget = '{server.host}:{server.port}'\n")
        status, out, err = await run("run", str(script), "--no-record")
    finally:
        await server.stop()
    assert (status, err) == (0, ""), out
    assert f"{server.host}:{server.port}" in out


async def test_a_name_that_is_not_there_is_told_with_its_line_in_a_script(
    file: Path, tmp_path: Path
):
    file.write_text("[servers.mail]\ntarget = 'h'")
    script = tmp_path / "a.smtp"
    script.write_text("\n:connect @mial\n")
    status, out, err = await run("run", str(script))
    assert (status, out) == (2, "")
    assert (
        f"{script}:2: Unknown server @mial: {file} has no such profile. Did you mean @mail?" in err
    )


@pytest.mark.parametrize(
    ("host", "cause", "asked"),
    [
        ("mail", Cause.NAME_NOT_FOUND, "heloscope: Did you mean @mail?\n"),
        ("mail", Cause.NO_DNS, "heloscope: Did you mean @mail?\n"),
        ("mail", Cause.REFUSED, ""),
        ("post", Cause.NAME_NOT_FOUND, ""),
    ],
)
def test_a_host_that_is_not_found_may_be_a_profile_whose_mark_was_forgotten(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    host: str, cause: Cause, asked: str,
):  # fmt: skip
    def unknown(*_: object, **__: object) -> None:
        raise DialError(cause, "The name could not be found.")

    monkeypatch.setattr("heloscope.session.sync.link.dial", unknown)
    file.write_text(PROFILE)
    client = Client(Target(host), options(quiet=True, no_record=True), alone=True)

    async def task(_: object) -> int:
        raise AssertionError

    assert client.carry_out(task) == 3
    assert capsys.readouterr().err == f"heloscope: The name could not be found.\n{asked}"
