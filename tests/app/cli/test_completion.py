"""bash, zsh and fish complete commands, options, values, files, servers and recordings."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from heloscope.app.cli.completing import completer
from heloscope.app.cli.completion import command
from heloscope.app.cli.main import COMMANDS, cli
from heloscope.session.record.label import Label, put_label
from support.recorded import recorded

ASK = "from heloscope.app.__main__ import main; main()"


def offered(*words: str) -> list[str]:
    """Return the completions of the last word, with `(files)` where the shell lists files."""
    items = completer("bash", cli, COMMANDS).get_completions(list(words[:-1]), words[-1])
    return ["(files)" if item.type == "file" else item.value for item in items]


def test_commands_are_offered_and_servers():
    assert offered("ex") == ["explain", "export"]
    assert set(COMMANDS) <= set(offered(""))
    assert "practice-tls" in offered("")


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (("--pl",), ["--plain"]),
        (("export", "--m"), ["--mask", "--message"]),
        (("export", "--to", "s"), ["svg", "script", "swaks", "smtplib"]),
        (("export", "--mask", "a"), ["addresses", "addresses,content"]),
        (("export", "x.jsonl", "-o", ""), ["(files)"]),
        (("open", ""), ["(files)"]),
        (("send", "mail.example.org", ""), ["(files)"]),
        (("send", "--tls", "re"), ["required"]),
        (("history", "se"), ["search"]),
        (("history", "search", "--si"), ["--since"]),
        (("completion", ""), ["bash", "zsh", "fish"]),
        (("mail.example.org", "--no-"), ["--no-record"]),
        (("explain", "--nothing", "--tl"), ["--tls"]),
        (("practice", "--scenario", "greylist"), ["greylist", "greylist-two"]),
        (("practice", "--scenario", "./my"), ["(files)"]),
        (("config", "de"), ["default"]),
        (("lesson", "gr"), ["grade", "greeting", "greylisting"]),
        (("swaks", "--to", "a@example.org", "--ser"), ["--server"]),
    ],
)
def test_options_and_their_values_are_offered(words: tuple[str, ...], wanted: list[str]):
    assert offered(*words) == wanted


POLICIES = ["none", "offered", "required", "implicit"]


@pytest.mark.parametrize(
    ("shell", "words", "current", "wanted"),
    [
        ("bash", "heloscope run --tls = of", "4", ["offered"]),  # it splits the word
        ("bash", "heloscope run --tls = ", "3", POLICIES),
        ("zsh", "heloscope run --tls=of", "2", ["--tls=offered"]),
        ("fish", "heloscope run --tls=of", "--tls=of", ["--tls=offered"]),
    ],
)
def test_a_value_after_an_equals_sign_is_completed(
    shell: str, words: str, current: str, wanted: list[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", current)
    found = completer(shell, cli, COMMANDS)
    completions = found.get_completions(*found.get_completion_args())
    assert [item.value for item in completions] == wanted


def test_every_command_can_be_asked():
    for name in COMMANDS:
        if name != "swaks":  # which takes the options of swaks
            assert "--help" in offered(name, "--")


def test_profiles_of_servers_are_offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    file = tmp_path / "config.toml"
    file.write_text('[servers.office]\ntarget = "mail.example.org:587"\n')
    monkeypatch.setenv("HELOSCOPE_CONFIG", str(file))
    assert offered("send", "@") == ["@office"]
    assert offered("@o") == ["@office"]
    file.write_text("[[[")
    assert offered("send", "@") == []


def test_names_of_recordings_are_offered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    where = tmp_path / "heloscope" / "journal"
    where.mkdir(parents=True)
    put_label(recorded(where), Label("greylisting", pinned=False))
    assert offered("history", "show", "g") == ["greylisting"]


def test_the_program_answers_a_shell_without_textual():
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", ASK],
        env={**os.environ, "_HELOSCOPE_COMPLETE": "bash_complete",
             "COMP_WORDS": "heloscope export --to pc", "COMP_CWORD": "3"},
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert done.stdout == "plain,pcapng\n"
    assert "textual" not in done.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_takes_its_script(shell: str, tmp_path: Path):
    script = CliRunner().invoke(command, [shell])
    assert script.exit_code == 0
    assert f"_HELOSCOPE_COMPLETE={shell}_complete" in script.stdout
    if shutil.which(shell) is not None:
        file = tmp_path / "script"
        file.write_text(script.stdout)
        subprocess.run([shell, "-n", str(file)], check=True, timeout=30)


def test_another_shell_is_refused():
    result = CliRunner().invoke(command, ["tcsh"])
    assert result.exit_code == 2
    assert result.stderr.endswith("'tcsh' is not one of 'bash', 'zsh', 'fish'.\n")


def test_a_description_for_fish_goes_on_behind_its_first_comma():
    source = completer("fish", cli, COMMANDS).source()
    assert 'string split -m 1 "," $completion' in source
    assert 'string split ","' not in source
