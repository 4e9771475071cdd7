"""`heloscope config` prints the settings, any mistakes, the file's path and a default file."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from heloscope.app.cli.config import command
from heloscope.app.config.environment import mistyped, unknown
from heloscope.app.config.fields import FOR_ALL, SETTINGS, Field
from heloscope.app.config.model import Configuration
from heloscope.app.config.reader import load
from support.commands import heloscope


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    named = tmp_path / "config.toml"
    named.touch(mode=0o600)
    monkeypatch.setenv("HELOSCOPE_CONFIG", str(named))
    return named


def run(*words: str, status: int = 0) -> Result:
    result = CliRunner().invoke(command, words)
    assert result.exit_code == status, result.output
    return result


def test_the_path_is_that_of_the_variable(file: Path):
    assert run("path").stdout == f"{file}\n"


def test_the_path_can_be_written_to_where_its_folder_was_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    named = tmp_path / "config" / "heloscope" / "config.toml"
    monkeypatch.setenv("HELOSCOPE_CONFIG", str(named))
    assert run("path").stdout == f"{named}\n"
    named.write_text(run("default").stdout)
    assert run("check").stdout == f"{named}: no mistakes found.\n"


def test_the_default_file_is_valid_and_says_nothing(file: Path):
    text = run("default").stdout
    assert tomllib.loads(text) == {"connect": {}, "keys": {}}
    file.write_text(text)
    assert run("check").stdout == f"{file}: no mistakes found.\n"


@pytest.mark.parametrize("field", [*SETTINGS, *FOR_ALL], ids=lambda field: field.name)
def test_every_key_stands_in_the_default_file_and_can_be_uncommented(file: Path, field: Field):
    (line,) = [line for line in run("default").stdout.partition("# [servers.mail]")[0].splitlines()
               if line.startswith(f"# {field.name} = ")]  # fmt: skip
    table = "" if field in SETTINGS else "[connect]\n"
    extra = 'cert = "c"\n' if field.name == "key" else ""
    file.write_text(f"{table}{extra}{line.removeprefix('# ')}\n")
    found = load(file)
    assert found.problems == []
    assert found != Configuration(place=str(file)) or field.default in line


def test_the_profile_of_the_default_file_can_be_uncommented(file: Path):
    text = run("default").stdout
    example = text[text.index("# [servers.mail]") : text.index("\n# The keys")]
    for secret in ("env", "command", "keyring"):
        lines = [line.removeprefix("# ") for line in example.splitlines()
                 if not line.startswith("# secret") or secret in line.split("=")[1]]  # fmt: skip
        file.write_text("\n".join(lines))
        found = load(file)
        assert found.problems == []
        reference = found.servers["mail"].secret
        assert reference is not None and getattr(reference, secret)


def test_of_many_mistakes_the_first_are_told_and_how_many_there_are_besides(file: Path):
    file.write_text("".join(f"key{n} = 1\n" for n in range(21)))
    for words in (("check",), ("show",)):
        told = run(*words, status=2).stderr.splitlines()
        assert told[19].startswith(f"{file}:20: the file has no key key19.")
        assert told[20:] == ["One more mistake is not shown."]


def test_a_mistake_is_told_with_its_line_and_status_2(file: Path):
    file.write_text("theme = 'nord'\nhistory = 1\n[servers.a]\n")
    result = run("check", status=2)
    assert (result.stdout, result.stderr) == (
        "",
        (
            f"{file}:2: history: must be true or false, not 1.\n"
            f"{file}:3: the server a has no target.\n"
        ),
    )


def test_a_theme_that_is_not_there_is_told_with_the_nearest(file: Path):
    file.write_text("theme = 'nrod'")
    assert run("check", status=2).stderr == (
        f"{file}:1: theme: unknown theme nrod; did you mean nord?\n"
    )


def test_a_missing_file_of_a_profile_is_told(file: Path):
    file.write_text("[servers.mail]\ntarget = 'h'\nca = 'ca.pem'")
    assert run("check", status=2).stderr == (
        f"{file}:3: [servers.mail] ca: file not found: {file.parent}/ca.pem.\n"
    )


def test_a_variable_that_means_nothing_is_told(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HELOSCOPE_TIMEOT", "3")
    assert run("check", status=2).stderr == (
        "environment variable HELOSCOPE_TIMEOT: heloscope has no such setting. "
        "Did you mean HELOSCOPE_TIMEOUT?\n"
    )


@pytest.mark.parametrize(("name", "meant"), [
    ("HELOSCOPE_TIMEOT", "HELOSCOPE_TIMEOUT"), ("HELOSCOPE_TSL", "HELOSCOPE_TLS"),
    ("HELOSCOPE_NO_RECORD", "HELOSCOPE_RECORD"), ("HELOSCOPE_LOGKEYS", "HELOSCOPE_LOG_KEYS"),
])  # fmt: skip
def test_a_variable_is_mistyped_if_its_name_is_nearly_that_of_a_setting(name: str, meant: str):
    [problem] = mistyped({name: "3", "HELOSCOPE_THEME": "nord"})
    assert problem.sentence == (
        f"environment variable {name}: heloscope has no such setting. Did you mean {meant}?"
    )


@pytest.mark.parametrize("name", ["HELOSCOPE_PASSWORD", "HELOSCOPE_KEY_SEED", "HELOSCOPE_MY_TOKEN"])
def test_a_variable_with_another_name_is_that_of_another_program(name: str):
    assert mistyped({name: "3"}) == []
    [problem] = unknown({name: "3"})
    assert problem.text == "heloscope has no such setting."


async def test_each_command_says_once_that_a_variable_is_mistyped():
    environment = {"HELOSCOPE_TIMEOT": "3"}
    told = (
        "environment variable HELOSCOPE_TIMEOT: heloscope has no such setting. "
        "Did you mean HELOSCOPE_TIMEOUT?\n"
    )
    status, out, err = await heloscope("explain", "550", environment=environment)
    assert (status, out[:4], err) == (0, "550:", f"heloscope: {told}")
    status, _, err = await heloscope("config", "check", environment=environment)
    assert (status, err) == (2, told)


def test_what_is_set_is_listed_with_where_it_comes_from(
    file: Path, monkeypatch: pytest.MonkeyPatch
):
    file.write_text(
        "theme = 'nord'\n[connect]\nehlo = 'me.example'\n[servers.mail]\ntarget = 'h:587'\n"
        "user = 'alice'\nsecret = {command = ['pass', 'show', 'mail']}\n[keys]\ntrust = 'f13'\n"
    )
    monkeypatch.setenv("HELOSCOPE_TIMEOUT", "30")
    assert run().stdout == (
        f"file: {file}\ntheme: nord\nhistory: true\nrecord: true\npanel: true\nladder: false\n"
        "connect ehlo: me.example\nconnect timeout: 30  from HELOSCOPE_TIMEOUT\n@mail: h:587\n"
        "key of trust: f13\n"
    )
    assert run("show", "mail").stdout == (
        "@mail\ntarget: h:587\nuser: alice\nsecret: from the command pass\n"
    )


def test_a_server_that_is_not_there_is_one_sentence(file: Path):
    file.write_text("[servers.mail]\ntarget = 'h'")
    assert run("show", "@mial", status=2).stderr == (
        f"heloscope: config: Unknown server @mial: {file} has no such profile. "
        "Did you mean @mail?\n"
    )


def test_a_word_that_is_not_there_is_one_sentence():
    assert run("chekc", status=2).stderr == (
        "heloscope: config: no such subcommand: chekc; did you mean check?\n"
    )
    assert run("zzz", status=2).stderr == (
        "heloscope: config: no such subcommand: zzz; expected show, check, path or default.\n"
    )
